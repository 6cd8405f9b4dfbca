//! The tables `payments` and `payment_notices`.

use domain::catalog::Variant;
use domain::id::Id;
use domain::money::{Currency, Money};
use domain::order::Order;
use domain::payment::{Meaning, Payment, Status};

use super::{News, gathered};
use crate::db::{Insert, Row, Tx};
use crate::failure::Failure;
use crate::order;

/// A payment as its row says.
#[derive(Clone, Debug)]
pub struct Found {
    pub id: Id<Payment>,
    pub order: Id<Order>,
    pub reference: String,
    pub status: Status,
    pub amount: Money,
}

/// The order's payment that is not over, or a new one; with its amount and page.
pub fn open_attempt(
    tx: &mut Tx,
    order: &order::Found,
    provider: &str,
) -> Result<(Id<Payment>, Money, String), Failure> {
    let open = tx.maybe(
        "select id, pay_url from payments
         where order_id = $1 and provider = $2 and status in ('pending', 'failed')",
        &[order.id.into(), provider.into()],
        |row| (row.get(0), row.get(1)),
    )?;
    if let Some((id, url)) = open {
        return Ok((id, order.total, url));
    }
    let id: Id<Payment> = tx.id();
    tx.run(
        "insert into payments (id, order_id, provider, reference, pay_url, status, purpose,
                               currency, amount, captured, created_at, updated_at)
         values ($1, $2, $3, $4, '', 'pending', 'order', $5, $6, 0, $7, $7)",
        &[
            id.into(),
            order.id.into(),
            provider.into(),
            id.to_string().into(),
            order.currency.code().into(),
            order.total.minor.into(),
            tx.now.into(),
        ],
    )?;
    Ok((id, order.total, String::new()))
}

pub fn set_url(tx: &mut Tx, id: Id<Payment>, url: &str) -> Result<(), Failure> {
    tx.run("update payments set pay_url = $2 where id = $1", &[id.into(), url.into()])?;
    Ok(())
}

const FOUND: &str = "select id, order_id, reference, status, amount, currency from payments";

fn found(row: &Row) -> Found {
    let currency = Currency::parse(&row.get::<String>(5)).expect("the table holds known ones");
    Found {
        id: row.get(0),
        order: row.get(1),
        reference: row.get(2),
        status: Status::parse(&row.get::<String>(3)).expect("the table holds known states"),
        amount: Money::new(row.get(4), currency),
    }
}

pub fn by_reference(
    tx: &mut Tx,
    provider: &str,
    reference: &str,
) -> Result<Option<Found>, Failure> {
    if tx.gathers() {
        return gathered::by_reference(tx, provider, reference);
    }
    let sql = format!("{FOUND} where provider = $1 and reference = $2");
    tx.maybe(&sql, &[provider.into(), reference.into()], found)
}

/// The payments with these references.
pub fn of_references(
    tx: &mut Tx,
    provider: &str,
    references: &[String],
) -> Result<Vec<Found>, Failure> {
    let sql = format!("{FOUND} where provider = $1 and reference in");
    tx.all_in((&sql, &[provider.into()]), references, "", found)
}

pub fn find_all(tx: &mut Tx, payments: &[i64]) -> Result<Vec<Found>, Failure> {
    tx.all_in((&format!("{FOUND} where id in"), &[]), payments, "", found)
}

pub fn find(tx: &mut Tx, id: Id<Payment>) -> Result<Found, Failure> {
    if tx.gathers() {
        return gathered::find(tx, id);
    }
    tx.one(&format!("{FOUND} where id = $1"), &[id.into()], found)
}

/// Payments of an order that the provider could still take.
pub fn open_attempts(tx: &mut Tx, order: Id<Order>) -> Result<Vec<Found>, Failure> {
    let sql = format!("{FOUND} where order_id = $1 and status in ('pending', 'failed')");
    tx.all(&sql, &[order.into()], found)
}

pub fn set_status(tx: &mut Tx, payment: &Found, status: Status) -> Result<(), Failure> {
    if tx.gathers() {
        return gathered::change(tx, payment, status, "order");
    }
    tx.run(
        "update payments set status = $2, updated_at = $3 where id = $1 and status <> 'captured'",
        &[payment.id.into(), status.code().into(), tx.now.into()],
    )?;
    Ok(())
}

pub fn set_captured(tx: &mut Tx, payment: &Found, purpose: &str) -> Result<(), Failure> {
    if tx.gathers() {
        return gathered::change(tx, payment, Status::Captured, purpose);
    }
    let changed = tx.run(
        "update payments set status = 'captured', captured = amount, purpose = $2, updated_at = $3
         where id = $1 and status <> 'captured'",
        &[payment.id.into(), purpose.into(), tx.now.into()],
    )?;
    assert!(changed == 1, "a payment is captured once");
    Ok(())
}

/// Writes a notice down. Whether it is new.
pub fn add_notice(tx: &mut Tx, news: &News, meaning: Option<Meaning>) -> Result<bool, Failure> {
    static NOTICES: Insert = Insert {
        end: "on conflict (provider, event_id) do nothing",
        must_count: true,
        ..Insert::new(
            "payment_notices (provider, event_id, reference, body, state, meaning, received_at)",
            7,
        )
    };
    let state = if meaning.is_some() { "done" } else { "ignored" };
    let row = vec![
        (&news.provider).into(),
        (&news.sent.id).into(),
        (&news.body.reference).into(),
        (&news.sent.body).into(),
        state.into(),
        meaning.map(|meaning| format!("{meaning:?}")).into(),
        tx.now.into(),
    ];
    if tx.gathers() {
        let new = gathered::is_new(tx, &news.provider, &news.sent.id);
        if new {
            tx.add(&NOTICES, row)?;
        }
        return Ok(new);
    }
    Ok(tx.run(&NOTICES.sql(1), &row)? == 1)
}

/// Which of these events of a provider are written down.
pub fn known_events(
    tx: &mut Tx,
    provider: &str,
    events: &[String],
) -> Result<Vec<String>, Failure> {
    let sql = "select event_id from payment_notices where provider = $1 and event_id in";
    tx.all_in((sql, &[provider.into()]), events, "", |row| row.get(0))
}

/// An order's variants with their quantities and whether their stock is counted, in fixed order.
pub fn goods(tx: &mut Tx, order: Id<Order>) -> Result<Vec<(Id<Variant>, i64, bool)>, Failure> {
    tx.all(
        "select l.variant_id, l.quantity, v.tracked = 1 and v.oversell = 0
         from order_lines l join variants v on v.id = l.variant_id
         where l.order_id = $1 order by l.variant_id",
        &[order.into()],
        |row| (row.get(0), row.get(1), row.get(2)),
    )
}

/// Whether the order's place in its team was freed under it.
pub fn place_gone(tx: &mut Tx, order: Id<Order>) -> Result<bool, Failure> {
    let status =
        tx.maybe("select status from places where order_id = $1", &[order.into()], |row| {
            row.get::<String>(0)
        })?;
    Ok(status.is_some_and(|status| status == "freed"))
}
