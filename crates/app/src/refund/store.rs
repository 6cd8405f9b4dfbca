//! The table `refunds`.

use domain::after_sale::AfterSale;
use domain::id::Id;
use domain::moment::Moment;
use domain::money::{Currency, Money};
use domain::order::Order;
use domain::payment::{Payment, Refund};
use domain::person::Person;

use super::Why;
use crate::db::{Row, Tx};
use crate::failure::Failure;

/// A refund with what the provider needs.
pub struct Sending {
    pub order: Id<Order>,
    pub provider: String,
    pub reference: String,
    pub amount: Money,
    pub reason: String,
    /// Whether the payment was for the order or a second one.
    pub purpose: String,
    /// The provider's name for the payment, and how much that was.
    pub theirs: String,
    pub paid: Money,
    /// The provider's name for the refund, once it has taken it on.
    pub underway: String,
    pub asked_at: Moment,
}

/// Whether it is new.
pub fn add(
    tx: &mut Tx,
    id: Id<Refund>,
    order: Id<Order>,
    payment: Id<Payment>,
    (amount, tax): (Money, i64),
    why: Why,
    asked_by: Option<Id<Person>>,
) -> Result<bool, Failure> {
    let new = tx.run(
        "insert into refunds (id, order_id, payment_id, reason, currency, amount, status,
                              asked_by, created_at, updated_at, after_sale_id, tax)
         values ($1, $2, $3, $4, $5, $6, 'pending', $7, $8, $8, $9, $10)
         on conflict (payment_id, reason, after_sale_id) do nothing",
        &[
            id.into(),
            order.into(),
            payment.into(),
            why.reason.into(),
            amount.currency.code().into(),
            amount.minor.into(),
            asked_by.into(),
            tx.now.into(),
            why.after_sale.map_or(0, |id| id.0).into(),
            tax.into(),
        ],
    )?;
    Ok(new == 1)
}

/// The return a refund is for.
pub fn after_sale_of(tx: &mut Tx, id: Id<Refund>) -> Result<Option<Id<AfterSale>>, Failure> {
    tx.maybe(
        "select after_sale_id from refunds where id = $1 and after_sale_id <> 0",
        &[id.into()],
        |row| row.get(0),
    )
}

/// Whether some of what goes back for a return has not arrived yet.
pub fn waits_for(tx: &mut Tx, id: Id<AfterSale>) -> Result<bool, Failure> {
    let sql = "select count(*) from after_sales a join refunds r on r.order_id = a.order_id
               where a.id = $1 and r.after_sale_id = a.id and r.status <> 'succeeded'";
    Ok(tx.one(sql, &[id.into()], |row| row.get::<i64>(0))? > 0)
}

/// The payments an order was paid with, and what of each did not go back yet.
pub fn paid_by(tx: &mut Tx, order: Id<Order>) -> Result<Vec<(Id<Payment>, i64)>, Failure> {
    tx.all(
        "select y.id, y.captured - coalesce((select cast(sum(r.amount) as bigint) from refunds r
           where r.payment_id = y.id and r.status in ('pending', 'succeeded')), 0)
         from payments y
         where y.order_id = $1 and y.status = 'captured' and y.purpose = 'order' order by y.id",
        &[order.into()],
        |row| (row.get(0), row.get(1)),
    )
}

/// How much of an order is on its way back already.
pub fn pending(tx: &mut Tx, order: Id<Order>) -> Result<i64, Failure> {
    tx.one(
        "select coalesce(cast(sum(r.amount) as bigint), 0) from refunds r
         join payments p on p.id = r.payment_id
         where r.order_id = $1 and r.status = 'pending' and p.purpose = 'order'",
        &[order.into()],
        |row| row.get(0),
    )
}

fn sending_of(row: &Row) -> Sending {
    let currency = Currency::parse(&row.get::<String>(3)).expect("the table holds known ones");
    Sending {
        order: row.get(0),
        reference: row.get(1),
        amount: Money::new(row.get(2), currency),
        reason: row.get(4),
        purpose: row.get(5),
        provider: row.get(6),
        theirs: row.get(7),
        paid: Money::new(row.get(8), currency),
        underway: row.get::<Option<String>>(9).unwrap_or_default(),
        asked_at: row.get(10),
    }
}

const SENDING: &str = "select r.order_id, p.reference, r.amount, r.currency, r.reason, p.purpose,
    p.provider, p.theirs, p.amount, r.provider_reference, r.created_at
    from refunds r join payments p on p.id = r.payment_id where r.id = $1";

/// The refund, if it has not ended yet.
pub fn sending(tx: &mut Tx, id: Id<Refund>) -> Result<Option<Sending>, Failure> {
    tx.maybe(&format!("{SENDING} and r.status = 'pending'"), &[id.into()], sending_of)
}

pub fn find(tx: &mut Tx, id: Id<Refund>) -> Result<Sending, Failure> {
    tx.one(SENDING, &[id.into()], sending_of)
}

/// Ends a pending refund. Whether it was pending.
pub fn finish(
    tx: &mut Tx,
    id: Id<Refund>,
    status: &str,
    provider_reference: Option<&str>,
) -> Result<bool, Failure> {
    let changed = tx.run(
        "update refunds set status = $2, provider_reference = $3, updated_at = $4
         where id = $1 and status = 'pending'",
        &[id.into(), status.into(), provider_reference.into(), tx.now.into()],
    )?;
    Ok(changed == 1)
}

/// The provider has taken a refund on, under this name.
pub fn set_underway(tx: &mut Tx, id: Id<Refund>, theirs: &str) -> Result<(), Failure> {
    let theirs = (!theirs.is_empty()).then_some(theirs);
    tx.run(
        "update refunds set provider_reference = $2, updated_at = $3
         where id = $1 and status = 'pending'",
        &[id.into(), theirs.into(), tx.now.into()],
    )?;
    Ok(())
}

/// Where a refund stands; `None` when there is none.
pub fn status(tx: &mut Tx, id: Id<Refund>) -> Result<Option<String>, Failure> {
    tx.maybe("select status from refunds where id = $1", &[id.into()], |row| row.get(0))
}
