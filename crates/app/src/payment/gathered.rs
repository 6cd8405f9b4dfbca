//! Notices in a batch of decisions: what they are about is locked and read together.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::Id;
use domain::order::Order;
use domain::payment::{Payment, Status};

use super::store::{self, Found};
use super::{News, Spending};
use crate::db::{Change, Tx};
use crate::failure::Failure;
use crate::{inventory, ledger, order, team, wallet};

fn event_name(provider: &str, event: &str) -> String {
    format!("event {provider} {event}")
}

fn reference_name(provider: &str, reference: &str) -> String {
    format!("reference {provider} {reference}")
}

fn payment_name(payment: Id<Payment>) -> String {
    format!("payment {}", payment.0)
}

/// Reads what the notices of a batch are about, and locks it in the fixed order: teams, their
/// orders, stock. The books come when all is decided.
pub(super) fn gather(tx: &mut Tx, news: &[News]) -> Result<(), Failure> {
    let (mut orders, mut payments) = (BTreeSet::new(), BTreeSet::new());
    let providers: BTreeSet<&str> = news.iter().map(|one| one.provider.as_str()).collect();
    for provider in providers {
        let of = || news.iter().filter(|one| one.provider == provider);
        let events: BTreeSet<String> = of().map(|one| one.told.event.clone()).collect();
        for event in &events {
            tx.keep_in_mind(event_name(provider, event), false);
        }
        for event in store::known_events(tx, provider, &Vec::from_iter(events))? {
            tx.keep_in_mind(event_name(provider, &event), true);
        }
        let references: BTreeSet<String> =
            of().map(|one| one.told.about.reference().to_string()).collect();
        for reference in &references {
            tx.keep_in_mind(reference_name(provider, reference), None::<Id<Payment>>);
        }
        for found in store::of_references(tx, provider, &Vec::from_iter(references))? {
            tx.keep_in_mind(reference_name(provider, &found.reference), Some(found.id));
            orders.insert(found.order);
            payments.insert(found.id);
        }
    }
    lock(tx, &orders)?;
    // A payment changes under the lock of its order: now it is as it stays.
    let ids: Vec<i64> = payments.iter().map(|payment| payment.0).collect();
    for found in store::find_all(tx, &ids)? {
        tx.keep_in_mind(payment_name(found.id), found);
    }
    inventory::gather_promised(tx, &orders)?;
    ledger::gather(tx, &orders, &payments)
}

/// Reads what orders that are paid from wallets need, and locks it in the fixed order.
pub(super) fn gather_spending(tx: &mut Tx, all: &[Spending]) -> Result<(), Failure> {
    let orders: BTreeSet<Id<Order>> = all.iter().map(|one| one.order).collect();
    lock(tx, &orders)?;
    inventory::gather_promised(tx, &orders)?;
    ledger::gather(tx, &orders, &BTreeSet::new())?;
    wallet::gather(tx, &all.iter().map(|one| one.person).collect())
}

/// Locks the orders' teams, then the orders, with those of a team that may be complete with them.
fn lock(tx: &mut Tx, orders: &BTreeSet<Id<Order>>) -> Result<(), Failure> {
    let mut paying = BTreeMap::new();
    for team in order::teams_of(tx, orders)? {
        *paying.entry(team).or_insert(0_i64) += 1;
    }
    team::gather(tx, &paying.keys().copied().collect())?;
    let mut all = team::orders_of_full(tx, &paying)?;
    all.extend(orders);
    order::gather(tx, &all)
}

pub(super) fn by_reference(
    tx: &mut Tx,
    provider: &str,
    reference: &str,
) -> Result<Option<Found>, Failure> {
    let known = tx.recall::<Option<Id<Payment>>>(&reference_name(provider, reference));
    let known = known.ok_or_else(|| tx.alone())?;
    known.map(|payment| find(tx, payment)).transpose()
}

pub(super) fn find(tx: &mut Tx, payment: Id<Payment>) -> Result<Found, Failure> {
    tx.recall(&payment_name(payment)).ok_or_else(|| tx.alone())
}

/// Whether a notice came for the first time.
pub(super) fn is_new(tx: &mut Tx, provider: &str, event: &str) -> bool {
    let name = event_name(provider, event);
    let new = tx.recall::<bool>(&name) == Some(false);
    tx.keep_in_mind(name, true);
    new
}

/// A payment that is not captured yet is in another state.
pub(super) fn change(
    tx: &mut Tx,
    payment: &Found,
    status: Status,
    purpose: &str,
) -> Result<(), Failure> {
    static PAYMENTS: Change = Change::new(
        "payments",
        &[("id", "bigint"), ("status", "text")],
        &[
            ("status", "text"),
            ("captured", "bigint"),
            ("purpose", "text"),
            ("updated_at", "bigint"),
        ],
    );
    assert!(payment.status != Status::Captured, "a payment is captured once");
    let captured = if status == Status::Captured { payment.amount.minor } else { 0 };
    let now = tx.now;
    tx.keep_in_mind(payment_name(payment.id), Found { status, ..payment.clone() });
    tx.change(
        &PAYMENTS,
        vec![
            payment.id.into(),
            payment.status.code().into(),
            status.code().into(),
            captured.into(),
            purpose.into(),
            now.into(),
        ],
    )
}
