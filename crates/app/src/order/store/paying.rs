//! What of an order's row says how it is paid.

use domain::id::Id;
use domain::moment::Moment;
use domain::order::Order;

use crate::db::Tx;
use crate::failure::Failure;

pub fn set_paid(tx: &mut Tx, order: Id<Order>) -> Result<(), Failure> {
    tx.run("update orders set paid_at = $2 where id = $1", &[order.into(), tx.now.into()])?;
    Ok(())
}

pub fn set_promised(tx: &mut Tx, order: Id<Order>, minor: i64) -> Result<(), Failure> {
    tx.run("update orders set promised = $2 where id = $1", &[order.into(), minor.into()])?;
    Ok(())
}

pub fn set_pay_by(tx: &mut Tx, order: Id<Order>, until: Moment) -> Result<(), Failure> {
    tx.run("update orders set pay_by = $2 where id = $1", &[order.into(), until.into()])?;
    tx.run(
        "update reservations set expires_at = $2 where order_id = $1 and status = 'active'",
        &[order.into(), until.into()],
    )?;
    Ok(())
}

pub fn add_refunded(tx: &mut Tx, order: Id<Order>, amount: i64) -> Result<(), Failure> {
    tx.run(
        "update orders set refunded = refunded + $2 where id = $1",
        &[order.into(), amount.into()],
    )?;
    Ok(())
}
