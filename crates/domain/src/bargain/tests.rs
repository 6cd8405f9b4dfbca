//! Bargains: the totals are exact for all orders of helpers, and the cases 26–28 of RULES §8.3.

use proptest::prelude::*;

use super::*;
use crate::money::Currency;

const ANN: Id<Person> = Id::new(1);

fn yuan(minor: i64) -> Money {
    Money::new(minor, Currency::Cny)
}

fn terms() -> Terms {
    Terms {
        cuts: 4,
        own_first: true,
        new_takes: 2,
        per_helper: 3,
        per_helper_day: 2,
        life: Span::hours(24),
        pay_window: Span(50),
        any_price: false,
        quantity: 1,
    }
}

/// From 100.00 down to 60.00 in cuts of 20.00, 10.00, 6.00 and 4.00, the first taken by ann.
fn launch() -> Launch {
    Launch {
        id: Id::new(1),
        person: ANN,
        variant: Id::new(5),
        quantity: Quantity::ONE,
        start: yuan(10_000),
        cuts: vec![2_000, 1_000, 600, 400],
        taken: 1,
        helpers: Vec::new(),
        deadline: Moment(100),
        reached_at: None,
        order: None,
        bought: false,
    }
}

fn helper(person: i64, is_new: bool) -> Helper {
    Helper { person: Id::new(person), is_new, helped: 0, helped_today: 0, same_cluster: false }
}

fn after(launch: &Launch, person: i64, helped: &Helped, now: Moment) -> Launch {
    let mut after = launch.clone();
    after.taken += helped.cuts;
    after.helpers.push(Id::new(person));
    after.reached_at = helped.reached.map(|_| now);
    after
}

#[test]
fn a_helper_takes_the_next_cut() {
    let began = launch();
    assert_eq!((began.price().minor, began.left().minor, began.missing()), (8_000, 2_000, 3));
    let bob = help(&terms(), &began, &helper(2, false), Moment(10)).unwrap();
    assert_eq!((bob.cuts, bob.off.minor, bob.price.minor), (1, 1_000, 7_000));
    assert_eq!(bob.reached, None);
    let later = after(&began, 2, &bob, Moment(10));
    let eve = help(&terms(), &later, &helper(3, true), Moment(99)).unwrap();
    assert_eq!((eve.cuts, eve.off.minor, eve.price.minor), (2, 1_000, 6_000));
    assert_eq!(eve.reached, Some(Moment(149)));
    let reached = after(&later, 3, &eve, Moment(99));
    assert_eq!(reached.status(&terms(), Moment(148)), Status::Reached);
    assert_eq!(reached.status(&terms(), Moment(149)), Status::Expired);
    // Somebody new takes no more than is left (27).
    let one_left = Launch { taken: 3, ..launch() };
    let new = help(&terms(), &one_left, &helper(4, true), Moment(0)).unwrap();
    assert_eq!((new.cuts, new.off.minor, new.price.minor), (1, 400, 6_000));
}

#[test]
fn who_may_not_help() {
    let check = |edit: &dyn Fn(&mut Launch, &mut Helper), now, want| {
        let (mut launch, mut helper) = (launch(), helper(2, false));
        edit(&mut launch, &mut helper);
        let came = help(&terms(), &launch, &helper, Moment(now)).map(|helped| helped.cuts);
        assert_eq!(came, want);
    };
    check(&|_, _| (), 99, Ok(1));
    check(&|_, _| (), 100, Err(Refusal::Expired));
    check(&|_, h| h.person = ANN, 10, Err(Refusal::OwnLaunch));
    // The same person, whatever they call themselves (26).
    check(&|l, _| l.helpers = vec![Id::new(2)], 10, Err(Refusal::AlreadyHelped));
    check(&|l, _| (l.taken, l.reached_at) = (4, Some(Moment(5))), 10, Err(Refusal::Reached));
    check(&|l, _| l.bought = true, 10, Err(Refusal::Bought));
    check(&|l, _| l.order = Some(Id::new(9)), 10, Err(Refusal::InUse));
    check(&|_, h| h.helped = 3, 10, Err(Refusal::EnoughHelp(3)));
    check(&|_, h| h.helped_today = 2, 10, Err(Refusal::EnoughToday(2)));
}

#[test]
fn it_buys_what_it_was_begun_for_once() {
    let any = Terms { any_price: true, ..terms() };
    let wanted = Wanted { person: ANN, variant: Id::new(5), quantity: Quantity::ONE };
    let at_floor = Launch { taken: 4, reached_at: Some(Moment(80)), ..launch() };
    let check = |terms: &Terms, launch: &Launch, wanted: Wanted, now, want| {
        let came = buy(terms, launch, &wanted, Moment(now)).map(|price| price.minor);
        assert_eq!(came, want);
    };
    check(&terms(), &launch(), wanted, 10, Err(Refusal::NotReached(yuan(2_000))));
    check(&any, &launch(), wanted, 10, Ok(8_000));
    check(&any, &launch(), wanted, 100, Err(Refusal::Expired));
    check(&terms(), &at_floor, wanted, 129, Ok(6_000));
    check(&terms(), &at_floor, wanted, 130, Err(Refusal::Expired));
    let other = Wanted { variant: Id::new(6), ..wanted };
    check(&terms(), &at_floor, other, 90, Err(Refusal::OtherGoods));
    let more = Wanted { quantity: Quantity::new(2).unwrap(), ..wanted };
    check(&terms(), &at_floor, more, 90, Err(Refusal::OtherGoods));
    let eve = Wanted { person: Id::new(3), ..wanted };
    check(&terms(), &at_floor, eve, 90, Err(Refusal::NotYours));
    // One order; should it close unpaid, again until its time is over.
    let order = Id::new(9);
    let used = Launch { order: Some(order), ..at_floor };
    check(&terms(), &used, wanted, 90, Err(Refusal::InUse));
    assert_eq!(freed(&used, Id::new(8)), None);
    let again = freed(&used, order).unwrap();
    check(&terms(), &again, wanted, 90, Ok(6_000));
    check(&terms(), &again, wanted, 130, Err(Refusal::Expired));
    let paid = Launch { bought: true, ..used };
    assert_eq!(freed(&paid, order), None);
    check(&terms(), &paid, wanted, 90, Err(Refusal::Bought));
    assert_eq!(paid.status(&terms(), Moment(999)), Status::Bought);
}

#[test]
fn settings_that_cannot_be_are_named() {
    let check = |edit: fn(&mut Terms), start, floor, want| {
        let mut terms = Terms { pay_window: Span::minutes(30), ..terms() };
        edit(&mut terms);
        assert_eq!(terms.check(yuan(start), yuan(floor)), want);
    };
    check(|_| (), 100, 0, Ok(()));
    check(|_| (), 100, 96, Ok(()));
    check(|_| (), 100, 97, Err(BadTerms::Cuts));
    check(|_| (), 100, 100, Err(BadTerms::Price));
    check(|_| (), 100, -1, Err(BadTerms::Price));
    check(|t| t.cuts = 1, 100, 0, Err(BadTerms::Cuts));
    check(|t| t.cuts = 201, 1_000, 0, Err(BadTerms::Cuts));
    check(|t| t.new_takes = 0, 100, 0, Err(BadTerms::NewTakes));
    check(|t| t.new_takes = 4, 100, 0, Err(BadTerms::NewTakes));
    check(|t| t.per_helper_day = 4, 100, 0, Err(BadTerms::Helper));
    check(|t| t.per_helper_day = 0, 100, 0, Err(BadTerms::Helper));
    check(|t| t.life = Span::minutes(9), 100, 0, Err(BadTerms::Life));
    check(|t| t.pay_window = Span::days(3), 100, 0, Err(BadTerms::PayWindow));
}

proptest! {
    /// Whoever helps in whatever order, new or not: every step is exact and above nothing (28), the
    /// floor is reached by as many as are said to be needed at most, and never undercut.
    #[test]
    fn totals_are_exact_for_every_order_of_helpers(
        byte: u8, start in 1_000i64..1_000_000, floor in 0i64..900, cuts in 2i64..60,
        own_first: bool, news in proptest::collection::vec(any::<bool>(), 60),
        order in Just((2..62i64).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let terms = Terms { cuts, own_first, new_takes: 1 + i64::from(cuts > 2), ..terms() };
        let terms = Terms { pay_window: Span::minutes(30), ..terms };
        prop_assert_eq!(terms.check(yuan(start), yuan(floor)), Ok(()));
        let (parts, taken) = begin(&terms, yuan(start - floor), &Seed::new([byte; 32]));
        prop_assert_eq!(parts.iter().sum::<i64>(), start - floor);
        let mut launch = Launch {
            start: yuan(start), cuts: parts, taken, helpers: Vec::new(), ..launch()
        };
        let most = launch.missing();
        let mut helpers = 0;
        for (person, is_new) in order.into_iter().zip(news) {
            let before = launch.price().minor;
            let Ok(helped) = help(&terms, &launch, &helper(person, is_new), Moment(1)) else {
                break;
            };
            helpers += 1;
            prop_assert!(helped.off.minor > 0);
            launch = after(&launch, person, &helped, Moment(1));
            prop_assert_eq!(launch.price().minor, before - helped.off.minor);
            prop_assert_eq!(launch.price().minor, helped.price.minor);
            prop_assert_eq!(launch.price().minor - launch.left().minor, floor);
        }
        prop_assert!(helpers <= most);
        prop_assert_eq!(launch.price().minor, floor);
        prop_assert!(launch.reached_at.is_some());
    }
}
