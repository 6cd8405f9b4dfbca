//! What promotions hold for, what they save, and which settings make one.

use proptest::prelude::*;

use super::*;
use crate::money::Currency;

fn yuan(minor: i64) -> Money {
    Money::new(minor, Currency::Cny)
}

fn part(variant: i64, count: i64) -> Part {
    Part { variant: Id::new(variant), quantity: Quantity::new(count).unwrap() }
}

fn rate(points: i64) -> Rate {
    Rate::from_basis_points(points).unwrap()
}

/// `200 -20` in units of money, `3p -10%` from three pieces.
fn step(text: &str) -> Step {
    let (from, off) = text.split_once(" -").unwrap();
    let from = match from.strip_suffix('p') {
        Some(count) => Threshold::Pieces { count: count.parse().unwrap() },
        None => Threshold::Amount { minor: from.parse().unwrap() },
    };
    let off = match off.strip_suffix('%') {
        Some(part) => Off::Part { rate: rate(part.parse::<i64>().unwrap() * 100), most: None },
        None => Off::Amount { minor: off.parse().unwrap() },
    };
    Step { from, off }
}

fn steps(text: &str) -> Vec<Step> {
    text.split(", ").map(step).collect()
}

fn rule(effect: Effect) -> Rule {
    Rule {
        id: Id::new(1),
        scope: Scope::default(),
        starts_at: Moment(10),
        ends_at: Moment(20),
        groups: Vec::new(),
        stack: "store".into(),
        priority: 0,
        effect,
    }
}

#[test]
fn a_scope_is_all_that_is_named_but_what_is_excepted() {
    let goods = Goods {
        categories: vec![Id::new(7), Id::new(8)],
        tags: vec!["green".into()],
        ..Goods::default()
    };
    let item = Item { product: Id::new(1), variant: Id::new(2), goods: &goods };
    let tag = |tag: &str| Selector::Tag { tag: tag.into() };
    let category = |id| Selector::Category { category: Id::new(id) };
    let check = |include: &[Selector], exclude: &[Selector], holds: bool| {
        let scope = Scope { include: include.to_vec(), exclude: exclude.to_vec() };
        assert_eq!(scope.holds_for(&item), holds, "{scope:?}");
    };
    check(&[], &[], true);
    check(&[tag("green")], &[], true);
    check(&[tag("red")], &[], false);
    check(&[tag("red"), category(8)], &[], true);
    check(&[], &[category(9)], true);
    check(&[category(8)], &[tag("green")], false);
    check(&[Selector::Product { product: Id::new(1) }], &[], true);
    check(&[Selector::Variant { variant: Id::new(3) }], &[], false);
    check(&[], &[Selector::Variant { variant: Id::new(2) }], false);
}

#[test]
fn the_highest_step_that_is_reached_holds() {
    let check = |text, for_every, amount, pieces, off| {
        let effect = Effect::SpendAndSave { steps: steps(text), for_every };
        let saved = saving(&effect, yuan(amount), pieces);
        assert_eq!((saved.off.minor, saved.gifts), (off, 0), "{text} {amount} {pieces}");
    };
    let three = "20000 -2000, 30000 -4000, 50000 -9000";
    check(three, false, 19_999, 9, 0);
    check(three, false, 20_000, 1, 2_000);
    check(three, false, 29_999, 1, 2_000);
    check(three, false, 30_000, 1, 4_000);
    check(three, false, 999_999, 1, 9_000);
    check("2p -10%, 3p -20%", false, 10_001, 1, 0);
    check("2p -10%, 3p -20%", false, 10_001, 2, 1_000);
    check("2p -10%, 3p -20%", false, 10_001, 5, 2_000);
    check("10000 -1000", true, 9_999, 1, 0);
    check("10000 -1000", true, 39_999, 1, 3_000);
    check("2p -300", true, 500, 5, 500);
}

#[test]
fn a_gift_comes_as_often_as_its_threshold_is_reached() {
    let check = |from, most, amount, pieces, gifts| {
        let effect = Effect::Gift { from, parts: vec![part(9, 1)], most };
        let saved = saving(&effect, yuan(amount), pieces);
        assert_eq!((saved.gifts, saved.off.minor), (gifts, 0));
    };
    check(Threshold::Amount { minor: 9_900 }, 1, 9_899, 1, 0);
    check(Threshold::Amount { minor: 9_900 }, 1, 50_000, 1, 1);
    check(Threshold::Amount { minor: 9_900 }, 3, 50_000, 1, 3);
    check(Threshold::Pieces { count: 2 }, 9, 1, 5, 2);
}

#[test]
fn a_part_has_a_most_and_nothing_takes_more_than_there_is() {
    let half = |most| Off::Part { rate: rate(5_000), most };
    let check = |off: Off, amount, taken| assert_eq!(off.of(yuan(amount)).minor, taken);
    check(half(None), 999, 500);
    check(half(Some(300)), 999, 300);
    check(half(Some(300)), 100, 50);
    check(Off::Amount { minor: 500 }, 300, 300);
    check(Off::Amount { minor: 500 }, 500, 500);
    check(Off::Amount { minor: 500 }, 0, 0);
}

#[test]
fn bundles_are_found_as_often_as_they_are_whole() {
    let line = |variant, free, unit| (Id::new(variant), free, yuan(unit * free));
    let check = |parts: &[Part], price, most, lines: &[_], want: Option<(i64, Vec<i64>, i64)>| {
        let found = sets(parts, yuan(price), most, lines);
        let found = found.map(|sets| {
            let shares: i64 = sets.shares.iter().map(|share| share.minor).sum();
            assert_eq!(shares, sets.off.minor);
            (sets.count, sets.units, sets.off.minor)
        });
        assert_eq!(found, want);
    };
    let tea_and_cup = [part(1, 1), part(2, 2)];
    let cart = [line(1, 3, 5_000), line(2, 5, 1_000)];
    check(&tea_and_cup, 6_000, 9, &cart, Some((2, vec![2, 4], 2_000)));
    check(&tea_and_cup, 6_000, 1, &cart, Some((1, vec![1, 2], 1_000)));
    // Together they must be cheaper than one by one.
    check(&tea_and_cup, 7_000, 9, &cart, None);
    check(&tea_and_cup, 6_999, 9, &cart, Some((2, vec![2, 4], 2)));
    check(&tea_and_cup, 6_000, 9, &cart[..1], None);
    // A variant on two lines is taken from the first one first.
    let twice = [line(2, 1, 1_000), line(1, 1, 5_000), line(2, 1, 1_000)];
    check(&tea_and_cup, 6_000, 9, &twice, Some((1, vec![1, 1, 1], 1_000)));
    check(&tea_and_cup, 6_000, 9, &[line(1, 1, 5_000), line(2, 1, 1_000)], None);
}

#[test]
fn a_promotion_is_on_for_its_groups_in_its_time() {
    let spend = Effect::SpendAndSave { steps: steps("100 -10"), for_every: false };
    let gold = Id::new(5);
    let all = rule(spend.clone());
    let some = Rule { groups: vec![gold], ..rule(spend) };
    for (now, on) in [(9, false), (10, true), (19, true), (20, false)] {
        assert_eq!(all.is_on(&[], Moment(now)), on, "{now}");
        assert_eq!(some.is_on(&[gold], Moment(now)), on, "{now}");
        assert!(!some.is_on(&[Id::new(6)], Moment(now)));
    }
}

#[test]
fn settings_that_cannot_be_are_named() {
    let spend = |text: &str, for_every| {
        rule(Effect::SpendAndSave { steps: steps(text), for_every }).check()
    };
    use BadPromotion::*;
    assert_eq!(spend("100 -10", false), Ok(()));
    assert_eq!(spend("100 -10, 200 -30", false), Ok(()));
    assert_eq!(spend("100 -10", true), Ok(()));
    assert_eq!(spend("100 -99", false), Ok(()));
    assert_eq!(spend("100 -100", false), Err(Steps));
    assert_eq!(spend("0 -1", false), Err(Steps));
    assert_eq!(spend("100 -10, 200 -10", false), Err(Steps));
    assert_eq!(spend("100 -10, 100 -20", false), Err(Steps));
    assert_eq!(spend("100 -10, 3p -20", false), Err(Steps));
    assert_eq!(spend("100 -10, 200 -20%", false), Err(Steps));
    assert_eq!(spend("100 -100%", false), Err(Steps));
    assert_eq!(spend("100 -10, 200 -30", true), Err(ForEvery));
    assert_eq!(spend("100 -10%", true), Err(ForEvery));
    let many = vec![step("100 -10"); 11];
    assert_eq!(rule(Effect::SpendAndSave { steps: many, for_every: false }).check(), Err(Steps));
    let bundle =
        |parts: Vec<Part>, price, most| rule(Effect::Bundle { parts, price, most }).check();
    assert_eq!(bundle(vec![part(1, 1), part(2, 1)], 1, 1), Ok(()));
    assert_eq!(bundle(vec![part(1, 1)], 1, 1), Err(Parts));
    assert_eq!(bundle(vec![part(1, 1), part(1, 2)], 1, 1), Err(Parts));
    assert_eq!(bundle(vec![part(1, 1), part(2, 1)], 0, 1), Err(Price));
    assert_eq!(bundle(vec![part(1, 1), part(2, 1)], DEAREST_BUNDLE + 1, 1), Err(Price));
    assert_eq!(bundle(vec![part(1, 1), part(2, 1)], 1, 0), Err(Most));
    let from = Threshold::Pieces { count: 0 };
    let gift = Effect::Gift { from, parts: vec![part(1, 1)], most: 1 };
    assert_eq!(rule(gift.clone()).check(), Err(Steps));
    assert_eq!(Rule { ends_at: Moment(10), ..rule(gift) }.check(), Err(Dates));
}

proptest! {
    #[test]
    fn a_saving_is_within_what_is_bought_and_grows_with_it(
        amount in 0i64..10_000_000, more in 0i64..1_000_000, from in 1i64..100_000,
        off in 1i64..100_000, for_every: bool,
    ) {
        let off = Off::Amount { minor: off };
        let steps = vec![Step { from: Threshold::Amount { minor: from }, off }];
        let effect = Effect::SpendAndSave { steps, for_every };
        let less = saving(&effect, yuan(amount), 1).off.minor;
        let same_or_more = saving(&effect, yuan(amount + more), 1).off.minor;
        prop_assert!(0 <= less && less <= amount);
        prop_assert!(less <= same_or_more);
    }

    #[test]
    fn bundles_use_no_unit_that_is_not_there(
        lines in proptest::collection::vec((1i64..4, 0i64..9, 1i64..9_999), 1..6),
        price in 1i64..20_000, most in 1i64..5, one in 1i64..3, two in 1i64..3,
    ) {
        let parts = [part(1, one), part(2, two)];
        let lines: Vec<_> =
            lines.into_iter().map(|(v, n, unit)| (Id::new(v), n, yuan(unit * n))).collect();
        if let Some(found) = sets(&parts, yuan(price), most, &lines) {
            prop_assert!(found.count >= 1 && found.count <= most && found.off.minor > 0);
            for ((units, share), (_, free, cost)) in
                found.units.iter().zip(&found.shares).zip(&lines)
            {
                prop_assert!((0..=*free).contains(units));
                prop_assert!((0..=cost.minor).contains(&share.minor));
            }
            let all: i64 = found.units.iter().sum();
            prop_assert_eq!(all, found.count * (one + two));
        }
    }
}
