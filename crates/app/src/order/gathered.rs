//! Orders in a batch of decisions: read together under their locks, kept in mind, changed together.

use std::collections::{BTreeMap, BTreeSet};

use domain::catalog::Variant;
use domain::id::Id;
use domain::moment::Moment;
use domain::order::{Order, Status};
use domain::person::Person;

use super::store::{self, NewOrder};
use super::{By, Found};
use crate::db::{Change, Tx};
use crate::failure::Failure;

/// One variant of an order, how many, and whether it is carried.
type Contents = Vec<(Id<Variant>, i64, bool)>;

fn order_name(order: Id<Order>) -> String {
    format!("order {}", order.0)
}

fn contents_name(order: Id<Order>) -> String {
    format!("contents {}", order.0)
}

fn last_name(order: Id<Order>) -> String {
    format!("last move {}", order.0)
}

fn bought_name(person: Id<Person>) -> String {
    format!("bought {}", person.0)
}

/// Locks these orders in the fixed order of their ids, and reads what their decisions need.
pub(crate) fn gather(tx: &mut Tx, orders: &BTreeSet<Id<Order>>) -> Result<(), Failure> {
    let ids: Vec<i64> = orders.iter().map(|order| order.0).collect();
    for found in store::find_all_locked(tx, &ids)? {
        tx.keep_in_mind(order_name(found.id), found);
    }
    let mut contents: BTreeMap<Id<Order>, Contents> = BTreeMap::new();
    let sql = "select order_id, variant_id, quantity, ships from order_lines where order_id in";
    let lines = tx.all_in((sql, &[]), &ids, "order by order_id, variant_id", |row| {
        (row.get::<Id<Order>>(0), (row.get(1), row.get(2), row.get(3)))
    })?;
    for (order, line) in lines {
        contents.entry(order).or_default().push(line);
    }
    for (order, contents) in contents {
        tx.keep_in_mind(contents_name(order), contents);
    }
    let sql = "select order_id, max(at) from order_moves where order_id in";
    let last = tx.all_in((sql, &[]), &ids, "group by order_id", |row| {
        (row.get::<Id<Order>>(0), row.get::<Moment>(1))
    })?;
    for (order, at) in last {
        tx.keep_in_mind(last_name(order), at);
    }
    Ok(())
}

/// Reads who of these people have bought something.
pub(crate) fn gather_buyers(tx: &mut Tx, people: &BTreeSet<Id<Person>>) -> Result<(), Failure> {
    let ids: Vec<i64> = people.iter().map(|person| person.0).collect();
    for person in people {
        tx.keep_in_mind(bought_name(*person), false);
    }
    for person in store::buyers(tx, &ids)? {
        tx.keep_in_mind(bought_name(person), true);
    }
    Ok(())
}

/// The teams of these orders, as far as they have one; nothing is locked.
pub(crate) fn teams_of(
    tx: &mut Tx,
    orders: &BTreeSet<Id<Order>>,
) -> Result<Vec<Id<domain::group_buy::Team>>, Failure> {
    let ids: Vec<i64> = orders.iter().map(|order| order.0).collect();
    let sql = "select team_id from orders where team_id is not null and id in";
    tx.all_in((sql, &[]), &ids, "", |row| row.get(0))
}

pub(super) fn find(tx: &mut Tx, order: Id<Order>) -> Result<Found, Failure> {
    tx.recall(&order_name(order)).ok_or_else(|| tx.alone())
}

pub(super) fn contents(tx: &mut Tx, order: Id<Order>) -> Result<Contents, Failure> {
    tx.recall(&contents_name(order)).ok_or_else(|| tx.alone())
}

pub(super) fn has_bought(tx: &mut Tx, person: Id<Person>) -> Result<bool, Failure> {
    tx.recall(&bought_name(person)).ok_or_else(|| tx.alone())
}

/// An order that costs nothing goes on in the batch that it came in.
pub(super) fn know_new(tx: &mut Tx, new: &NewOrder) {
    let found = Found {
        // A gift is never decided together with others.
        gift: false,
        id: new.id,
        person: new.person,
        status: Status::PendingPayment,
        currency: new.quote.total.currency,
        total: new.quote.total,
        refunded: 0,
        promised: 0,
        group_buy: new.group_buy,
        team: new.team,
        pay_by: new.pay_by,
        created_at: tx.now,
        paid_at: None,
        cancelled_by: None,
        seq: 1,
        seller: new.seller,
    };
    let lines = new.quote.lines.iter().zip(new.lines);
    let contents: Contents =
        lines.map(|(priced, line)| (priced.variant, priced.quantity.count(), line.ships)).collect();
    let now = tx.now;
    tx.keep_in_mind(order_name(new.id), found);
    tx.keep_in_mind(contents_name(new.id), contents);
    tx.keep_in_mind(last_name(new.id), now);
}

/// Writes with the others what an order is now; `seq` is what it was.
fn save(tx: &mut Tx, order: &Found, seq: i64) -> Result<(), Failure> {
    static ORDERS: Change = Change::new(
        "orders",
        &[("id", "bigint"), ("seq", "bigint")],
        &[("status", "text"), ("seq", "bigint"), ("paid_at", "bigint")],
    );
    let status = order.status.code();
    let row =
        vec![order.id.into(), seq.into(), status.into(), order.seq.into(), order.paid_at.into()];
    tx.keep_in_mind(order_name(order.id), order.clone());
    tx.change(&ORDERS, row)
}

/// An order is in another state.
pub(super) fn moved(tx: &mut Tx, order: &Found, from: Status, by: By) -> Result<(), Failure> {
    save(tx, order, order.seq - 1)?;
    let last: Moment = tx.recall(&last_name(order.id)).ok_or_else(|| tx.alone())?;
    // An order's history never goes back in time, whatever the clock does.
    let at = last.max(tx.now);
    store::put_move(tx, order, from, by, at)?;
    tx.keep_in_mind(last_name(order.id), at);
    if order.status == Status::Paid {
        tx.keep_in_mind(bought_name(order.person), true);
    }
    Ok(())
}

pub(super) fn set_paid(tx: &mut Tx, order: &Found) -> Result<(), Failure> {
    save(tx, order, order.seq)
}
