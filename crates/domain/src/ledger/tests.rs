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
fn a_hold_is_settled_or_released_for_no_more_than_it_keeps() {
    let mut account = escrow();
    account.post(100).unwrap();
    account.hold(100).unwrap();
    assert_eq!(account.release(101), Err(Refusal::HoldSpent));
    account.release(40).unwrap();
    assert_eq!((account.balance, account.held), (100, 60));
    assert_eq!(account.settle(61), Err(Refusal::HoldSpent));
    account.release(60).unwrap();
    assert_eq!((account.balance, account.held), (100, 0));
    account.hold(100).unwrap();
    account.settle(100).unwrap();
    assert_eq!((account.balance, account.held), (0, 0));
    let nothing = std::panic::catch_unwind(|| escrow().hold(0));
    assert!(nothing.is_err(), "a hold of nothing is a mistake");
}

#[test]
fn only_what_is_kept_for_somebody_has_a_floor() {
    let floors = [
        ("psp_clearing", false),
        ("escrow", true),
        ("sales", false),
        ("seller_payable", false),
        ("commission", false),
        ("tax_payable", false),
        ("store_credit", true),
        ("prepaid", true),
        ("credit_given", false),
        ("offline_clearing", false),
        ("campaign_fund", true),
        ("campaign_escrow", true),
        ("campaign_spent", true),
        ("points_held", true),
        ("points_issued", false),
        ("suspense", false),
    ];
    for (code, floored) in floors {
        let kind = AccountKind::parse(code).unwrap();
        assert_eq!(kind.code(), code);
        let mut account = Account { kind, ..escrow() };
        assert_eq!(account.post(-1).is_err(), floored, "{code}");
        assert_eq!(account.balance, if floored { 0 } else { -1 });
    }
    assert_eq!(AccountKind::parse("wallet"), None);
    assert_eq!(AccountKind::ALL.len(), floors.len());
}

#[test]
fn two_postings_are_the_fewest_and_none_is_of_nothing() {
    use Currency::{Cny, Usd};
    assert_eq!(balanced(&[posting(1, 0, Cny)]), Err(Refusal::Unbalanced));
    let with_nothing = [posting(1, -5, Cny), posting(2, 5, Cny), posting(3, 0, Cny)];
    assert_eq!(balanced(&with_nothing), Err(Refusal::Unbalanced));
    let two = [posting(1, -5, Cny), posting(2, 5, Cny), posting(1, 7, Usd), posting(2, -7, Usd)];
    assert_eq!(balanced(&two), Ok(()));
    assert_eq!(balanced(&two[..3]), Err(Refusal::Unbalanced));
}

/// What is in the books of shops must be recomputed alike by every later version.
#[test]
fn hashes_are_those_of_every_version() {
    let postings = [posting(1, -5, Currency::Cny), posting(2, 5, Currency::Cny)];
    let about = ("payment", 3);
    let journal =
        Sealed { id: Id::new(7), kind: "capture", about, at: Moment(9), postings: &postings };
    let first = seal("", &journal);
    // SHA-256 of "\n7\ncapture\npayment\n3\n9\n1 -5 CNY\n2 5 CNY\n".
    assert_eq!(first, "b1403b7553e003e7f8928ccb8bef5c2f0888c8c900527c6ffc0aed5a3c245ecf");
    assert_ne!(seal(&first, &journal), first, "each covers the one before");
    assert_ne!(seal("", &Sealed { id: Id::new(8), ..journal }), first);
    // SHA-256 of "a\nb\n".
    assert_eq!(
        seal_text("a", "b"),
        "911169ddaaf146aff539f58c26c489af3b892dff0fe283c1c264c65ae5aa59a2"
    );
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
