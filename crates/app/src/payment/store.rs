//! The tables `payments` and `payment_notices`.

use domain::catalog::Variant;
use domain::id::Id;
use domain::money::{Currency, Money};
use domain::order::Order;
use domain::payment::{Meaning, Payment, Status};

use crate::db::{Row, Tx};
use crate::failure::Failure;
use crate::{order, sandbox};

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
    let sql = format!("{FOUND} where provider = $1 and reference = $2");
    tx.maybe(&sql, &[provider.into(), reference.into()], found)
}

pub fn find(tx: &mut Tx, id: Id<Payment>) -> Result<Found, Failure> {
    tx.one(&format!("{FOUND} where id = $1"), &[id.into()], found)
}

/// Payments of an order that the provider could still take.
pub fn open_attempts(tx: &mut Tx, order: Id<Order>) -> Result<Vec<Found>, Failure> {
    let sql = format!("{FOUND} where order_id = $1 and status in ('pending', 'failed')");
    tx.all(&sql, &[order.into()], found)
}

pub fn set_status(tx: &mut Tx, id: Id<Payment>, status: Status) -> Result<(), Failure> {
    tx.run(
        "update payments set status = $2, updated_at = $3 where id = $1 and status <> 'captured'",
        &[id.into(), status.code().into(), tx.now.into()],
    )?;
    Ok(())
}

pub fn set_captured(tx: &mut Tx, id: Id<Payment>, purpose: &str) -> Result<(), Failure> {
    let changed = tx.run(
        "update payments set status = 'captured', captured = amount, purpose = $2, updated_at = $3
         where id = $1 and status <> 'captured'",
        &[id.into(), purpose.into(), tx.now.into()],
    )?;
    assert!(changed == 1, "a payment is captured once");
    Ok(())
}

/// Writes a notice down. Whether it is new.
pub fn add_notice(
    tx: &mut Tx,
    provider: &str,
    sent: &sandbox::Notice,
    body: &sandbox::Body,
    meaning: Option<Meaning>,
) -> Result<bool, Failure> {
    let state = if meaning.is_some() { "done" } else { "ignored" };
    let new = tx.run(
        "insert into payment_notices
         (provider, event_id, reference, body, state, meaning, received_at)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (provider, event_id) do nothing",
        &[
            provider.into(),
            (&sent.id).into(),
            (&body.reference).into(),
            (&sent.body).into(),
            state.into(),
            meaning.map(|meaning| format!("{meaning:?}")).into(),
            tx.now.into(),
        ],
    )?;
    Ok(new == 1)
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
