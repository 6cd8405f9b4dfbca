//! Coupons: who takes one, who uses one, when it comes back, and the abuse cases 2–8 and 12 of
//! RULES §8.3 as far as a rule can judge them.

use proptest::prelude::*;

use super::*;
use crate::rate::Rate;

fn template() -> Template {
    Template {
        id: Id::new(1),
        issuer: Issuer::Merchant,
        currency: Currency::Cny,
        gives: Gives::Goods { off: Off::Amount { minor: 1_000 } },
        threshold: 5_000,
        scope: Scope::default(),
        stacks: Stacks::InGroup { group: "shop".into() },
        life: Life::After { span: Span::days(7) },
        claim_from: Moment(0),
        claim_until: Moment(0).plus(Span::days(30)),
        total: Some(100),
        per_person: 1,
        per_cluster: 2,
        back_on_refund: true,
    }
}

const ANN: Id<Person> = Id::new(1);
const EVE: Id<Person> = Id::new(2);
const ORDER: Id<Order> = Id::new(9);

fn coupon(state: State) -> Coupon {
    Coupon { id: Id::new(5), owner: ANN, state, usable_from: Moment(10), usable_until: Moment(100) }
}

#[test]
fn taking_one() {
    let day = |n: i64| Moment(0).plus(Span::days(n));
    let check = |has, cluster_has, taken, may, now, want: Result<i64, Refusal>| {
        let claimant = Claimant { may, has, cluster_has, taken };
        let came = claim(&template(), &claimant, now).map(|claimed| claimed.usable_until);
        assert_eq!(came, want.map(day), "{claimant:?} {now:?}");
    };
    check(0, 0, 0, true, day(0), Ok(7));
    check(0, 1, 99, true, day(29), Ok(36));
    check(0, 0, 0, true, day(30), Err(Refusal::NotNow));
    check(0, 0, 0, true, Moment(-1), Err(Refusal::NotNow));
    check(0, 0, 0, false, day(0), Err(Refusal::NotForYou));
    check(1, 1, 1, true, day(0), Err(Refusal::EnoughForPerson(1)));
    check(0, 2, 2, true, day(0), Err(Refusal::EnoughForCluster(2)));
    check(0, 0, 100, true, day(0), Err(Refusal::AllTaken));
    // Dates that are over by now are not given out.
    let dated = Template { life: Life::Dates { from: day(1), until: day(2) }, ..template() };
    let claimant = Claimant { may: true, has: 0, cluster_has: 0, taken: 0 };
    assert_eq!(claim(&dated, &claimant, day(1)).unwrap().usable_from, day(1));
    assert_eq!(claim(&dated, &claimant, day(2)), Err(Refusal::NotNow));
}

#[test]
fn using_one() {
    let check = |state, person, now, want| {
        assert_eq!(may_use(&coupon(state), person, Moment(now)), want, "{state:?} {now}");
    };
    check(State::Held, ANN, 10, Ok(()));
    check(State::Held, ANN, 99, Ok(()));
    // By the shop's clock, whatever the client's says (case 6).
    check(State::Held, ANN, 100, Err(Refusal::Expired));
    check(State::Held, ANN, 9, Err(Refusal::TooEarly(Moment(10))));
    // Another's, before anything else about it (case 7).
    check(State::Expired, EVE, 50, Err(Refusal::NotYours));
    // Twice (cases 1 and 2).
    check(State::Used(ORDER), ANN, 50, Err(Refusal::NotHeld));
    check(State::TakenBack, ANN, 50, Err(Refusal::NotHeld));
    check(State::Expired, ANN, 50, Err(Refusal::Expired));
    assert_eq!(redeem(&coupon(State::Held), ANN, ORDER, Moment(50)), Ok(State::Used(ORDER)));
}

#[test]
fn it_comes_back_to_whoever_held_it() {
    let check = |state, undone, on_refund, now, want| {
        let template = Template { back_on_refund: on_refund, ..template() };
        let came = give_back(&coupon(state), &template, ORDER, undone, Moment(now));
        assert_eq!(came, want, "{state:?} {undone:?} {now}");
    };
    let used = State::Used(ORDER);
    check(used, Undone::Unpaid, false, 50, Some(State::Held));
    check(used, Undone::Unpaid, false, 100, Some(State::Expired));
    check(used, Undone::Refunded { last: false }, true, 50, None);
    check(used, Undone::Refunded { last: true }, true, 50, Some(State::Held));
    check(used, Undone::Refunded { last: true }, true, 100, Some(State::Expired));
    check(used, Undone::Refunded { last: true }, false, 50, None);
    // What another order used, or was given back already, stays as it is.
    check(State::Used(Id::new(8)), Undone::Unpaid, true, 50, None);
    check(State::Held, Undone::Unpaid, true, 50, None);
    check(State::TakenBack, Undone::Unpaid, true, 50, None);
}

#[test]
fn time_and_the_shop_end_it() {
    assert_eq!(overdue(&coupon(State::Held), Moment(99)), None);
    assert_eq!(overdue(&coupon(State::Held), Moment(100)), Some(State::Expired));
    assert_eq!(overdue(&coupon(State::Used(ORDER)), Moment(100)), None);
    assert_eq!(take_back(&coupon(State::Held)), Ok(State::TakenBack));
    assert_eq!(take_back(&coupon(State::Used(ORDER))), Err(Refusal::NotHeld));
    let days = |n| Moment(0).plus(Span::days(n));
    let lives = Coupon { usable_from: days(0), usable_until: days(7), ..coupon(State::Held) };
    assert_eq!(remind_at(&lives, days(0)), Some(days(5)));
    // Nobody is reminded of what they have only just got.
    assert_eq!(remind_at(&lives, days(5)), None);
    assert_eq!(remind_at(&Coupon { state: State::Expired, ..lives }, days(0)), None);
}

#[test]
fn one_of_a_group_and_none_beside_one_that_stands_alone() {
    let group = |name: &str| Stacks::InGroup { group: name.into() };
    let check = |stacks: &Stacks, used: &[&Stacks], fits: bool| {
        assert_eq!(goes_with(stacks, used).is_ok(), fits, "{stacks:?} {used:?}");
    };
    check(&group("shop"), &[], true);
    check(&group("shop"), &[&group("shop")], false);
    check(&group("shop"), &[&group("platform"), &group("freight")], true);
    check(&Stacks::Alone, &[], true);
    check(&Stacks::Alone, &[&group("shop")], false);
    check(&group("shop"), &[&Stacks::Alone], false);
}

#[test]
fn settings_that_cannot_be_are_named() {
    let check = |edit: fn(&mut Template), want| {
        let mut template = template();
        edit(&mut template);
        assert_eq!(template.check(), want);
    };
    let part = |points| Rate::from_basis_points(points).unwrap();
    assert_eq!(part(10_000), part(10_000));
    check(|_| (), Ok(()));
    check(|t| t.gives = Gives::Goods { off: Off::Amount { minor: 0 } }, Err(BadTemplate::Gives));
    check(|t| t.gives = Gives::Shipping { most: Some(0) }, Err(BadTemplate::Gives));
    check(|t| t.gives = Gives::Shipping { most: None }, Ok(()));
    let whole = Off::Part { rate: Rate::from_basis_points(10_000).unwrap(), most: None };
    let free = Template { gives: Gives::Goods { off: whole }, ..template() };
    assert_eq!(free.check(), Err(BadTemplate::Gives));
    check(|t| t.threshold = 1_000, Err(BadTemplate::Threshold));
    check(|t| t.threshold = 1_001, Ok(()));
    check(|t| t.threshold = 0, Ok(()));
    check(|t| t.threshold = -1, Err(BadTemplate::Threshold));
    check(|t| t.stacks = Stacks::InGroup { group: String::new() }, Err(BadTemplate::Group));
    check(|t| t.life = Life::After { span: Span::minutes(59) }, Err(BadTemplate::Life));
    check(|t| t.life = Life::After { span: Span::hours(1) }, Ok(()));
    check(|t| t.claim_until = t.claim_from, Err(BadTemplate::Life));
    check(|t| t.per_person = 0, Err(BadTemplate::Limits));
    check(|t| t.per_person = 3, Err(BadTemplate::Limits));
    check(|t| t.total = Some(1), Err(BadTemplate::Limits));
    check(|t| t.total = None, Ok(()));
}

/// A shared coupon's part is judged like any other.
#[test]
fn a_part_of_a_shared_coupon_is_a_coupon() {
    let part = template().of_amount(380);
    assert_eq!(part.gives, Gives::Goods { off: Off::Amount { minor: 380 } });
    assert_eq!((part.check(), part.id), (Ok(()), template().id));
    assert_eq!(template().of_amount(0).check(), Err(BadTemplate::Gives));
}

#[test]
fn codes_forgive_what_eyes_confuse_and_nothing_else() {
    let code = Code::of(0x0123_4567_89AB_CDEF);
    let printed = code.to_string();
    assert_eq!(printed.len(), 14);
    assert_eq!(Code::parse(&printed), Some(code.clone()));
    assert_eq!(Code::parse(&printed.to_lowercase().replace('-', " ")), Some(code.clone()));
    let confused = printed.replace('0', "O").replace('1', "l");
    assert_eq!(Code::parse(&confused), Some(code.clone()));
    for wrong in ["", "ABCD", "UUUU-UUUU-UUUU", "中文中文中文", &format!("{printed}0")] {
        assert_eq!(Code::parse(wrong), None, "{wrong}");
    }
}

proptest! {
    #[test]
    fn a_wrong_digit_or_two_that_changed_places_are_no_code(
        bits: u64, at in 0usize..12, by in 1u8..32,
    ) {
        let code = Code::of(bits);
        prop_assert_eq!(Code::parse(code.as_str()), Some(code.clone()));
        let alphabet = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let mut digits = code.as_str().as_bytes().to_vec();
        let place = alphabet.iter().position(|d| *d == digits[at]).unwrap();
        digits[at] = alphabet[(place + by as usize) % 32];
        prop_assert_eq!(Code::parse(std::str::from_utf8(&digits).unwrap()), None);
        let mut digits = code.as_str().as_bytes().to_vec();
        if at < 11 && digits[at] != digits[at + 1] {
            digits.swap(at, at + 1);
            prop_assert_eq!(Code::parse(std::str::from_utf8(&digits).unwrap()), None);
        }
    }

    /// Whatever is asked of a coupon in whatever order, it serves at most one order at a time, and
    /// never once its time is over.
    #[test]
    fn a_coupon_serves_one_order(steps in proptest::collection::vec((0u8..5, 1i64..4), 1..40)) {
        let mut held = coupon(State::Held);
        let mut serves: Option<Id<Order>> = None;
        for (n, (verb, order)) in steps.into_iter().enumerate() {
            let now = Moment(10 + 3 * n as i64);
            let order = Id::new(order);
            match verb {
                0 | 1 => if let Ok(state) = redeem(&held, ANN, order, now) {
                    prop_assert!(serves.is_none() && now < held.usable_until);
                    (held.state, serves) = (state, Some(order));
                },
                2 => {
                    let undone = Undone::Refunded { last: true };
                    if let Some(state) = give_back(&held, &template(), order, undone, now) {
                        prop_assert_eq!(serves, Some(order));
                        (held.state, serves) = (state, None);
                    }
                }
                3 => if let Some(state) = overdue(&held, now) { held.state = state },
                _ => if let Ok(state) = take_back(&held) { held.state = state },
            }
            prop_assert_eq!(matches!(held.state, State::Used(_)), serves.is_some());
        }
    }
}
