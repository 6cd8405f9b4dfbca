//! The price order as a table, what a cart never does, and what partial refunds give back.

use super::*;
use crate::after_sale;
use crate::coupon::{Gives, Issuer, Life, Refusal, Stacks};
use crate::moment::Span;
use crate::promotion::{Effect, Off, Scope, Selector, Step as Level, Threshold};

mod manual;
mod properties;

const NOW: Moment = Moment(50);

fn yuan(minor: i64) -> Money {
    Money::new(minor, Currency::Cny)
}

fn rate(points: i64) -> Rate {
    Rate::from_basis_points(points).unwrap()
}

fn tagged(tag: &str) -> Goods {
    Goods { tags: vec![tag.into()], ..Goods::default() }
}

fn listed(unit: i64) -> Base {
    let unit = yuan(unit);
    let ordinary = Some(unit);
    Base::Listed(Chosen { unit, ordinary, why: Why::Ordinary, list: None, from: 1 })
}

fn line(variant: i64, count: i64, base: Base, goods: &Goods) -> Line<'_> {
    Line {
        product: Id::new(variant),
        variant: Id::new(variant),
        quantity: Quantity::new(count).unwrap(),
        base,
        benefit: yuan(0),
        goods,
        tax: Rate::NONE,
    }
}

fn applies<'a>() -> Applies<'a> {
    Applies {
        currency: Currency::Cny,
        now: NOW,
        groups: &[],
        promotions: &[],
        coupons: &[],
        points: None,
        wallet: Funds::default(),
        taxing: Taxing::default(),
    }
}

fn promotion(id: i64, stack: &str, scope: Scope, effect: Effect) -> Rule {
    Rule {
        id: Id::new(id),
        scope,
        starts_at: Moment(0),
        ends_at: Moment(100),
        groups: Vec::new(),
        stack: stack.into(),
        priority: 0,
        effect,
    }
}

fn spend(from: i64, off: i64) -> Effect {
    let (from, off) = (Threshold::Amount { minor: from }, Off::Amount { minor: off });
    Effect::SpendAndSave { steps: vec![Level { from, off }], for_every: false }
}

fn only(tag: &str) -> Scope {
    Scope { include: vec![Selector::Tag { tag: tag.into() }], exclude: Vec::new() }
}

fn template(issuer: Issuer, gives: Gives, threshold: i64, group: &str) -> Template {
    Template {
        id: Id::new(1),
        issuer,
        currency: Currency::Cny,
        gives,
        threshold,
        scope: Scope::default(),
        stacks: Stacks::InGroup { group: group.into() },
        life: Life::After { span: Span::days(7) },
        claim_from: Moment(0),
        claim_until: Moment(100),
        total: None,
        per_person: 1,
        per_cluster: 1,
        back_on_refund: true,
    }
}

fn less(minor: i64) -> Gives {
    Gives::Goods { off: Off::Amount { minor } }
}

fn shown(id: i64, template: &Template) -> Presented<'_> {
    Presented { coupon: Id::new(id), template }
}

fn free(_: Money) -> Money {
    yuan(0)
}

fn steps(reckoned: &Reckoned) -> Vec<(&'static str, i64, i64)> {
    let tell = |step: &Step| (step.cause.code(), step.off.minor, step.left.minor);
    reckoned.steps.iter().map(tell).collect()
}

/// Everything at once, in the order of MECHANICS §1.5.
#[test]
fn the_order_of_the_steps() {
    let goods = tagged("tea");
    let lines = [line(1, 2, listed(10_000), &goods), line(2, 1, listed(5_000), &goods)];
    let parts = [1, 2].map(|id| Part { variant: Id::new(id), quantity: Quantity::ONE });
    let bundle = Effect::Bundle { parts: parts.to_vec(), price: 13_000, most: 1 };
    let promotions = [
        promotion(1, "b", Scope::default(), bundle),
        promotion(2, "s", Scope::default(), spend(20_000, 3_000)),
    ];
    let platform = template(Issuer::Platform, less(1_500), 10_000, "platform");
    let tenth = Off::Part { rate: rate(1_000), most: None };
    let merchant = template(Issuer::Merchant, Gives::Goods { off: tenth }, 0, "shop");
    let freight = template(Issuer::Merchant, Gives::Shipping { most: Some(500) }, 0, "freight");
    // However they are presented, the platform's comes before the merchant's.
    let coupons = [shown(12, &merchant), shown(13, &freight), shown(11, &platform)];
    let terms = Spending { points: 100, minor: 100, most: rate(5_000), least: 1 };
    let applies = Applies {
        promotions: &promotions,
        coupons: &coupons,
        points: Some(Points { wanted: 550, there: 600, terms: &terms }),
        wallet: Funds { credit: 1_000, prepaid: 500 },
        taxing: Taxing { inclusive: false, shipping: Rate::NONE },
        ..applies()
    };
    let fee = |goods: Money| yuan(if goods.minor < 20_000 { 800 } else { 0 });
    let reckoned = reckon(&lines, &applies, fee);
    assert_eq!(
        steps(&reckoned),
        [
            ("bundle", 2_000, 23_000),
            ("spend_and_save", 3_000, 20_000),
            ("platform_coupon", 1_500, 18_500),
            ("merchant_coupon", 1_850, 16_650),
            ("points", 550, 16_100),
        ]
    );
    assert_eq!((reckoned.fee.minor, reckoned.quote.shipping.minor), (800, 300));
    assert_eq!(reckoned.fee_off, [(Id::new(13), yuan(500))]);
    assert_eq!((reckoned.quote.subtotal.minor, reckoned.quote.total.minor), (16_100, 16_400));
    assert_eq!((reckoned.wallet.total(), reckoned.to_pay.minor), (1_500, 14_900));
    assert_eq!(reckoned.points, Ok(550));
    assert_eq!(reckoned.used, [Id::new(11), Id::new(12), Id::new(13)]);
    assert_eq!(reckoned.refused, []);
    assert_eq!(reckoned.fee_after(yuan(1_200), &coupons).minor, 700);
    assert_eq!(reckoned.fee_after(yuan(300), &coupons).minor, 0);
}

#[test]
fn a_campaign_s_price_takes_nothing_more_unless_it_says_so() {
    let goods = tagged("tea");
    let promotions = [promotion(1, "s", Scope::default(), spend(100, 50))];
    let coupon = template(Issuer::Merchant, less(100), 0, "shop");
    let coupons = [shown(1, &coupon)];
    let terms = Spending { points: 1, minor: 1, most: rate(10_000), least: 1 };
    let applies = Applies {
        promotions: &promotions,
        coupons: &coupons,
        points: Some(Points { wanted: 10, there: 10, terms: &terms }),
        ..applies()
    };
    let check = |combines: Combines, want: &[(&str, i64, i64)]| {
        let base = Base::Campaign { unit: yuan(1_000), combines };
        let lines = [Line { benefit: yuan(200), ..line(1, 1, base, &goods) }];
        let reckoned = reckon(&lines, &applies, free);
        assert_eq!(steps(&reckoned), want);
        reckoned
    };
    let none = check(Combines::default(), &[("benefit", 200, 800)]);
    assert_eq!(none.refused, [(Id::new(1), Refusal::NoMatch)]);
    assert_eq!(none.points, Err(crate::point::Refusal::NotHere));
    assert_eq!(none.lines[0].why, Why::Campaign);
    let coupons_too = Combines { coupons: true, ..Combines::default() };
    check(coupons_too, &[("benefit", 200, 800), ("merchant_coupon", 100, 700)]);
    check(
        Combines::ALL,
        &[
            ("benefit", 200, 800),
            ("spend_and_save", 50, 750),
            ("merchant_coupon", 100, 650),
            ("points", 10, 640),
        ],
    );
    // Beside it, ordinary goods go on as ever, and thresholds count them alone.
    let base = Base::Campaign { unit: yuan(1_000), combines: Combines::default() };
    let lines = [line(1, 1, base, &goods), line(2, 1, listed(300), &goods)];
    let reckoned = reckon(&lines, &applies, free);
    assert_eq!(reckoned.quote.lines[0].total.minor, 1_000);
    assert_eq!(reckoned.quote.lines[1].total.minor, 300 - 50 - 100 - 10);
}

#[test]
fn what_staff_agreed_is_the_price() {
    let goods = tagged("tea");
    let unit = yuan(900);
    let chosen = Chosen { unit, ordinary: None, why: Why::Agreed, list: None, from: 1 };
    let promotions = [promotion(1, "s", Scope::default(), spend(100, 50))];
    let applies = Applies { promotions: &promotions, ..applies() };
    let reckoned = reckon(&[line(1, 1, Base::Listed(chosen), &goods)], &applies, free);
    assert_eq!((reckoned.quote.total.minor, reckoned.steps.len()), (900, 0));
}

#[test]
fn each_line_gets_the_best_promotion_of_a_stack() {
    let (tea, cup) = (tagged("tea"), tagged("cup"));
    let lines = [line(1, 1, listed(30_000), &tea), line(2, 1, listed(10_000), &cup)];
    let promotions = [
        promotion(1, "s", Scope::default(), spend(20_000, 2_000)),
        promotion(2, "s", only("tea"), spend(30_000, 5_000)),
        promotion(3, "s", only("cup"), spend(10_000, 1_000)),
        promotion(4, "later", Scope::default(), spend(30_000, 100)),
    ];
    let applies = Applies { promotions: &promotions, ..applies() };
    let reckoned = reckon(&lines, &applies, free);
    let causes: Vec<Cause> = reckoned.steps.iter().map(|step| step.cause).collect();
    let saved = |id| Cause::SpendAndSave(Id::new(id));
    assert_eq!(causes, [saved(2), saved(3), saved(4)]);
    assert_eq!(reckoned.quote.total.minor, 40_000 - 5_000 - 1_000 - 100);
    assert_eq!(reckoned.lines[1].off[0], (saved(3), yuan(1_000)));
}

/// A unit that is in one bundle is in no other, whatever their stacks.
#[test]
fn a_unit_is_in_one_bundle() {
    let tea = tagged("tea");
    let lines = [line(1, 1, listed(10_000), &tea), line(2, 2, listed(5_000), &tea)];
    let bundle = |price| {
        let parts = [1, 2].map(|id| Part { variant: Id::new(id), quantity: Quantity::ONE });
        Effect::Bundle { parts: parts.to_vec(), price, most: 9 }
    };
    let promotions = [
        promotion(1, "a", Scope::default(), bundle(13_000)),
        promotion(2, "b", Scope::default(), bundle(12_000)),
    ];
    let applies = Applies { promotions: &promotions, ..applies() };
    let taken = |lines: &[Line]| -> Vec<i64> {
        reckon(lines, &applies, free).steps.iter().map(|step| step.off.minor).collect()
    };
    assert_eq!(taken(&lines), [2_000]);
    let two = [line(1, 2, listed(10_000), &tea), line(2, 2, listed(5_000), &tea)];
    assert_eq!(taken(&two), [4_000]);
}

#[test]
fn coupons_say_why_they_are_not_used() {
    let tea = tagged("tea");
    let lines = [line(1, 1, listed(10_000), &tea)];
    let check = |edit: &dyn Fn(&mut Template), want: Refusal| {
        let mut coupon = template(Issuer::Merchant, less(1_000), 0, "shop");
        edit(&mut coupon);
        let coupons = [shown(1, &coupon)];
        let reckoned = reckon(&lines, &Applies { coupons: &coupons, ..applies() }, free);
        assert_eq!(reckoned.refused, [(Id::new(1), want)]);
        assert_eq!((reckoned.used.len(), reckoned.quote.total.minor), (0, 10_000));
    };
    check(&|c| c.threshold = 10_001, Refusal::BelowThreshold(yuan(1)));
    check(&|c| c.scope = only("cup"), Refusal::NoMatch);
    check(&|c| c.currency = Currency::Usd, Refusal::OtherCurrency(Currency::Usd));
    check(&|c| c.gives = Gives::Shipping { most: None }, Refusal::NothingLeft);
    // The same one twice, two of a group, and a second when nothing is left.
    let one = template(Issuer::Merchant, less(10_000), 0, "shop");
    let other = template(Issuer::Merchant, less(10), 0, "more");
    let coupons = [shown(1, &one), shown(1, &one), shown(2, &one), shown(3, &other)];
    let reckoned = reckon(&lines, &Applies { coupons: &coupons, ..applies() }, free);
    let refused: Vec<Refusal> = reckoned.refused.iter().map(|(_, why)| *why).collect();
    assert_eq!(refused, [Refusal::NotHeld, Refusal::NotTogether, Refusal::NothingLeft]);
    assert_eq!(reckoned.quote.total.minor, 0);
}

/// Two coupons do not take each other's threshold away; promotions come before both.
#[test]
fn thresholds_look_at_what_goods_cost_after_promotions() {
    let tea = tagged("tea");
    let lines = [line(1, 1, listed(10_000), &tea)];
    let one = template(Issuer::Platform, less(1_000), 9_500, "platform");
    let two = template(Issuer::Merchant, less(1_000), 9_500, "shop");
    let coupons = [shown(1, &one), shown(2, &two)];
    let with = Applies { coupons: &coupons, ..applies() };
    assert_eq!(reckon(&lines, &with, free).quote.total.minor, 8_000);
    let promotions = [promotion(1, "s", Scope::default(), spend(10_000, 600))];
    let reckoned = reckon(&lines, &Applies { promotions: &promotions, ..with }, free);
    assert_eq!(reckoned.quote.total.minor, 9_400);
    assert_eq!(reckoned.refused[0].1, Refusal::BelowThreshold(yuan(100)));
}

#[test]
fn gifts_come_along_for_nothing() {
    let tea = tagged("tea");
    let part = Part { variant: Id::new(9), quantity: Quantity::new(2).unwrap() };
    let from = Threshold::Amount { minor: 4_000 };
    let gift = Effect::Gift { from, parts: vec![part], most: 2 };
    let promotions = [promotion(1, "g", Scope::default(), gift)];
    let coupon = template(Issuer::Merchant, Gives::Gift { part }, 0, "shop");
    let coupons = [shown(5, &coupon)];
    let applies = Applies { promotions: &promotions, coupons: &coupons, ..applies() };
    let gifts = |unit| {
        let reckoned = reckon(&[line(1, 1, listed(unit), &tea)], &applies, free);
        assert_eq!(reckoned.quote.total.minor, unit);
        reckoned.gifts.iter().map(|gift| gift.quantity).collect::<Vec<_>>()
    };
    assert_eq!(gifts(3_999), [2]);
    assert_eq!(gifts(4_000), [2, 2]);
    assert_eq!(gifts(80_000), [4, 2]);
}

#[test]
fn the_best_coupons_are_found() {
    let tea = tagged("tea");
    let lines = [line(1, 1, listed(10_000), &tea)];
    let alone =
        Template { stacks: Stacks::Alone, ..template(Issuer::Merchant, less(2_500), 0, "") };
    let big = template(Issuer::Merchant, less(2_000), 0, "shop");
    let small = template(Issuer::Merchant, less(500), 0, "shop");
    let platform = template(Issuer::Platform, less(600), 0, "platform");
    let never = template(Issuer::Platform, less(9_000), 99_999, "platform");
    let held = [shown(1, &alone), shown(2, &small), shown(3, &big), shown(4, &platform)];
    let held = [held.as_slice(), &[shown(5, &never)]].concat();
    let mut found = best(&lines, &applies(), &held, free);
    found.sort();
    assert_eq!(found, [Id::new(3), Id::new(4)]);
    assert_eq!(best(&lines, &applies(), &held[..2], free), [Id::new(1)]);
    assert_eq!(best(&lines, &applies(), &[], free), []);
    // A gift makes nothing cheaper, and is worth having.
    let part = Part { variant: Id::new(9), quantity: Quantity::ONE };
    let gift = template(Issuer::Merchant, Gives::Gift { part }, 0, "shop");
    let more = template(Issuer::Merchant, Gives::Gift { part }, 0, "gifts");
    assert_eq!(best(&lines, &applies(), &[shown(6, &gift)], free), [Id::new(6)]);
    let held = [shown(6, &gift), shown(7, &more), shown(3, &big)];
    let mut found = best(&lines, &applies(), &held, free);
    found.sort();
    assert_eq!(found, [Id::new(3), Id::new(7)]);
}

/// Whoever asks, the same cart costs the same: a quote is told groups, and nothing else about a
/// person (CN-PRO-11). What is left to check is that only groups that promotions name count.
#[test]
fn groups_that_nothing_names_change_nothing() {
    let tea = tagged("tea");
    let lines = [line(1, 1, listed(10_000), &tea)];
    let gold = Id::new(5);
    let mine = Rule { groups: vec![gold], ..promotion(1, "s", Scope::default(), spend(100, 50)) };
    let promotions = [mine];
    let total = |groups: &[Id<CustomerGroup>]| {
        let applies = Applies { groups, promotions: &promotions, ..applies() };
        reckon(&lines, &applies, free).quote.total.minor
    };
    assert_eq!((total(&[]), total(&[Id::new(6)]), total(&[gold])), (10_000, 10_000, 9_950));
}
