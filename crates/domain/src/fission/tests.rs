//! Fission coupons: exact totals, one part each, and who takes none.

use proptest::prelude::*;

use super::*;

fn terms() -> Terms {
    Terms::usual(2_000)
}

const SEEN: Seen = Seen {
    mine: None,
    starter: false,
    left: 3,
    deadline: Moment(100),
    closed: false,
    has_bought: false,
    taken: 0,
    same_cluster: false,
};

#[test]
fn whoever_may_takes_the_next_part() {
    let check = |terms: Terms, seen: Seen, now, want| {
        assert_eq!(may_take(&terms, &seen, Moment(now)), want, "{terms:?} {seen:?} {now}");
    };
    check(terms(), SEEN, 0, Ok(()));
    check(terms(), SEEN, 99, Ok(()));
    check(terms(), SEEN, 100, Err(Refusal::Expired));
    check(terms(), Seen { closed: true, ..SEEN }, 0, Err(Refusal::Expired));
    check(terms(), Seen { left: 0, ..SEEN }, 0, Err(Refusal::AllTaken));
    // Whoever has one hears it, also when it is over.
    let has = Seen { mine: Some(300), left: 0, ..SEEN };
    check(terms(), has, 500, Err(Refusal::AlreadyTaken(300)));
    check(terms(), Seen { taken: 1, ..SEEN }, 0, Err(Refusal::Enough(1)));
    check(Terms { per_taker: 2, ..terms() }, Seen { taken: 1, ..SEEN }, 0, Ok(()));
    check(terms(), Seen { same_cluster: true, ..SEEN }, 0, Err(Refusal::SameCluster));
}

#[test]
fn a_starter_and_new_customers_are_asked_for_as_the_terms_say() {
    let starter = Seen { starter: true, has_bought: true, taken: 9, ..SEEN };
    let starter = Seen { same_cluster: true, ..starter };
    let new = Terms { takers: Takers::NewCustomers, ..terms() };
    let friends = Terms { own_part: false, ..terms() };
    let bought = Seen { has_bought: true, ..SEEN };
    assert_eq!(may_take(&new, &starter, Moment(0)), Ok(()));
    assert_eq!(may_take(&friends, &starter, Moment(0)), Err(Refusal::ForFriends));
    assert_eq!(may_take(&new, &bought, Moment(0)), Err(Refusal::NewCustomersOnly));
    assert_eq!(may_take(&new, &SEEN, Moment(0)), Ok(()));
    assert_eq!(may_take(&terms(), &bought, Moment(0)), Ok(()));
}

#[test]
fn settings_that_cannot_be_say_which() {
    let bad = |terms: Terms| terms.check().unwrap_err();
    assert_eq!(terms().check(), Ok(()));
    assert_eq!(bad(Terms { count: 1, ..terms() }), BadTerms::Count);
    assert_eq!(bad(Terms { count: 51, ..terms() }), BadTerms::Count);
    assert_eq!(bad(Terms { least: 0, ..terms() }), BadTerms::Total);
    assert_eq!(bad(Terms { least: 401, ..terms() }), BadTerms::Total);
    assert_eq!(bad(Terms { least: i64::MAX, ..terms() }), BadTerms::Total);
    assert_eq!(bad(Terms { total: LARGEST + 1, ..terms() }), BadTerms::Total);
    assert_eq!(bad(Terms { per_taker: 0, ..terms() }), BadTerms::Taker);
    assert_eq!(bad(Terms { life: Span::minutes(9), ..terms() }), BadTerms::Life);
    assert_eq!(bad(Terms { life: Span::days(31), ..terms() }), BadTerms::Life);
    // ¥20 in five of ¥1 at least: one is ¥16 at most.
    assert_eq!(terms().largest(), 1_600);
    assert_eq!(terms().check_threshold(0), Ok(()));
    assert_eq!(terms().check_threshold(1_600), Err(BadTerms::Threshold));
    assert_eq!(terms().check_threshold(1_601), Ok(()));
    assert_eq!(Terms { split: Split::Equal, count: 3, ..terms() }.largest(), 667);
}

#[test]
fn the_luckiest_is_known_when_all_are_taken() {
    assert_eq!(luckiest(&[500, 900, 900, 100], 3), None);
    assert_eq!(luckiest(&[500, 900, 900, 100], 4), Some(2));
}

#[test]
fn it_ends_with_its_campaign() {
    let now = Moment(0);
    assert_eq!(terms().deadline(now, now.plus(Span::days(2))), now.plus(Span::hours(24)));
    assert_eq!(terms().deadline(now, now.plus(Span::hours(3))), now.plus(Span::hours(3)));
}

proptest! {
    #[test]
    fn every_division_is_exact(
        count in 2_i64..=50, least in 1_i64..=300, more in 0_i64..100_000, random: bool,
        bytes: [u8; 32],
    ) {
        let split = if random { Split::Random } else { Split::Equal };
        let terms = Terms { total: count * least + more, count, least, split, ..terms() };
        prop_assert_eq!(terms.check(), Ok(()));
        let parts = terms.divide(&Seed::new(bytes));
        prop_assert_eq!(parts.len() as i64, count);
        prop_assert_eq!(parts.iter().sum::<i64>(), terms.total);
        prop_assert!(parts.iter().all(|part| (least..=terms.largest()).contains(part)));
        prop_assert_eq!(&parts, &terms.divide(&Seed::new(bytes)));
    }
}
