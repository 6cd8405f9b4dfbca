//! Stock: where units come from and go, and that each is in one place.

use super::*;
use proptest::prelude::*;

#[test]
fn the_last_unit_is_promised_once() {
    let stock = Stock::default().moved(Cause::Receive, 1).unwrap();
    let stock = stock.moved(Cause::Reserve, 1).unwrap();
    assert_eq!(stock.moved(Cause::Reserve, 1), Err(Refusal::OnlyLeft(0)));
    let stock = stock.moved(Cause::Claim, 1).unwrap();
    assert_eq!(stock.moved(Cause::Claim, 1), Err(Refusal::OnlyLeft(0)));
    assert_eq!((stock.sold, stock.available), (1, 0));
}

/// Places as letters: received, available, set aside, reserved, sold, lost.
fn moves(cause: Cause) -> String {
    let change = cause.change(3);
    let places = [
        ('r', change.received),
        ('a', change.available),
        ('s', change.set_aside),
        ('p', change.reserved),
        ('d', change.sold),
        ('l', change.lost),
    ];
    let said = places.iter().filter(|(_, units)| *units != 0);
    said.map(|(place, units)| format!("{place}{units:+}")).collect::<Vec<_>>().join(" ")
}

#[test]
fn every_cause_moves_units_from_one_place_to_another() {
    for (code, moved) in [
        ("receive", "r+3 a+3"),
        ("lose", "a-3 l+3"),
        ("reserve", "a-3 p+3"),
        ("reserve_set_aside", "s-3 p+3"),
        ("release", "a+3 p-3"),
        ("release_set_aside", "s+3 p-3"),
        ("claim", "p-3 d+3"),
        ("restock", "a+3 d-3"),
        ("restock_set_aside", "s+3 d-3"),
        ("spoil", "d-3 l+3"),
        ("set_aside", "a-3 s+3"),
        ("return_aside", "a+3 s-3"),
        ("make", "r+3 p+3"),
        ("unmake", "r-3 p-3"),
    ] {
        let cause = Cause::ALL.into_iter().find(|cause| cause.code() == code).expect(code);
        assert_eq!(moves(cause), moved, "{code}");
    }
}

#[test]
fn who_asks_for_too_much_hears_what_is_left_where_they_asked() {
    let stock = Stock { received: 15, available: 1, set_aside: 2, reserved: 3, sold: 4, lost: 5 };
    assert!(stock.adds_up());
    for (cause, left) in [
        (Cause::Reserve, 1),
        (Cause::Lose, 1),
        (Cause::SetAside, 1),
        (Cause::ReserveSetAside, 2),
        (Cause::ReturnAside, 2),
        (Cause::Release, 3),
        (Cause::Claim, 3),
        (Cause::Unmake, 3),
        (Cause::Restock, 4),
        (Cause::RestockSetAside, 4),
        (Cause::Spoil, 4),
    ] {
        assert!(stock.moved(cause, left).is_ok_and(Stock::adds_up), "{cause:?}");
        assert_eq!(stock.moved(cause, left + 1), Err(Refusal::OnlyLeft(left)), "{cause:?}");
    }
    assert!(std::panic::catch_unwind(|| stock.moved(Cause::Receive, 0)).is_err());
}

#[test]
fn a_unit_that_is_nowhere_is_noticed() {
    let stock = Stock { received: 15, available: 1, set_aside: 2, reserved: 3, sold: 4, lost: 5 };
    let one = Stock { received: 1, ..Stock::default() };
    assert!(!stock.plus(one).adds_up());
    for cause in Cause::ALL {
        assert!(stock.plus(cause.change(1)).adds_up(), "{cause:?}");
    }
}

proptest! {
    #[test]
    fn every_unit_is_in_one_place(
        moves in proptest::collection::vec((0usize..13, 1i64..50), 0..80)
    ) {
        let mut stock = Stock::default();
        for (cause, n) in moves {
            let cause = Cause::ALL[cause];
            if let Ok(after) = stock.moved(cause, n) {
                stock = after;
            }
            prop_assert!(stock.adds_up());
            prop_assert!(stock.available >= 0 && stock.reserved >= 0 && stock.sold >= 0);
        }
    }
}
