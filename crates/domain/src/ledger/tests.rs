//! The books' rules: what balances, what is held, what a hash covers.

use proptest::prelude::*;

use super::*;

fn escrow() -> Account {
    Account { kind: AccountKind::Escrow, currency: Currency::Cny, balance: 0, held: 0 }
}

fn posting(account: i64, minor: i64, currency: Currency) -> Posting {
    Posting { account: Id::new(account), amount: Money::new(minor, currency) }
}

#[test]
fn a_journal_sums_to_nothing_in_each_currency() {
    use Currency::{Cny, Usd};
    assert_eq!(balanced(&[posting(1, -5, Cny), posting(2, 5, Cny)]), Ok(()));
    assert_eq!(balanced(&[posting(1, -5, Cny), posting(2, 4, Cny)]), Err(Refusal::Unbalanced));
    assert_eq!(balanced(&[posting(1, -5, Cny), posting(2, 5, Usd)]), Err(Refusal::Unbalanced));
    assert_eq!(balanced(&[posting(1, 0, Cny), posting(2, 0, Cny)]), Err(Refusal::Unbalanced));
    assert_eq!(balanced(&[]), Err(Refusal::Unbalanced));
}

#[test]
fn what_is_held_cannot_be_spent_twice() {
    let mut account = escrow();
    account.post(100).unwrap();
    account.hold(60).unwrap();
    assert_eq!(account.hold(41), Err(Refusal::BelowFloor));
    assert_eq!(account.post(-41), Err(Refusal::BelowFloor));
    account.settle(60).unwrap();
    assert_eq!(account.settle(1), Err(Refusal::HoldSpent));
    assert_eq!((account.balance, account.held), (40, 0));
}

#[test]
fn any_change_of_a_journal_changes_its_hash() {
    let postings = [posting(1, -5, Currency::Cny), posting(2, 5, Currency::Cny)];
    let sealed = |kind, about, at, postings: &[Posting]| {
        let journal =
            Sealed { id: Id::new(7), kind, about: ("payment", about), at: Moment(at), postings };
        seal("", &journal)
    };
    let first = sealed("capture", 1, 1, &postings);
    assert_eq!(first.len(), 64);
    assert_eq!(first, sealed("capture", 1, 1, &postings));
    assert_ne!(first, sealed("refund", 1, 1, &postings));
    assert_ne!(first, sealed("capture", 2, 1, &postings));
    assert_ne!(first, sealed("capture", 1, 2, &postings));
    assert_ne!(first, sealed("capture", 1, 1, &postings[..1]));
}

proptest! {
    /// Whatever is tried, an escrow account keeps its floor, and holds never exceed the balance.
    #[test]
    fn floors_hold(steps in proptest::collection::vec((0u8..4, 1i64..1000), 1..60)) {
        let mut account = escrow();
        for (verb, amount) in steps {
            let before = (account.balance, account.held);
            let done = match verb {
                0 => account.post(amount),
                1 => account.hold(amount),
                2 => account.settle(amount),
                _ => account.release(amount),
            };
            if done.is_err() {
                prop_assert_eq!(before, (account.balance, account.held));
            }
            prop_assert!(account.held >= 0);
            prop_assert!(account.balance - account.held >= 0);
        }
    }
}
