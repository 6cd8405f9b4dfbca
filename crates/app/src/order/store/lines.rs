//! What of an order's lines goes back: units that are asked for, money that is promised. Each is a
//! guarded update whose row count decides.

use domain::catalog::{Product, Variant};
use domain::id::Id;
use domain::money::{Currency, Money};
use domain::order::{Line, Order};

use crate::db::Tx;
use crate::failure::Failure;
use crate::order::LineFound;

/// The lines of an order as their rows say.
pub fn all(tx: &mut Tx, order: Id<Order>, currency: Currency) -> Result<Vec<LineFound>, Failure> {
    tx.all(
        "select id, variant_id, product_id, title, quantity, in_returns, total, refunded
         from order_lines where order_id = $1 order by position",
        &[order.into()],
        |row| LineFound {
            id: row.get::<Id<Line>>(0),
            variant: row.get::<Id<Variant>>(1),
            product: row.get::<Id<Product>>(2),
            title: row.get(3),
            quantity: row.get(4),
            in_returns: row.get(5),
            total: Money::new(row.get(6), currency),
            refunded: row.get(7),
        },
    )
}

/// Whether so many units of the line were free to be asked for; they are not any more.
pub fn take_units(tx: &mut Tx, line: Id<Line>, n: i64) -> Result<bool, Failure> {
    planted!("return_unlocked", {
        let sql = "update order_lines set in_returns = in_returns + $2 where id = $1";
        return Ok(tx.run(sql, &[line.into(), n.into()])? == 1);
    });
    let taken = tx.run(
        "update order_lines set in_returns = in_returns + $2
         where id = $1 and in_returns + $2 <= quantity",
        &[line.into(), n.into()],
    )?;
    Ok(taken == 1)
}

/// They can be asked for again.
pub fn free_units(tx: &mut Tx, line: Id<Line>, n: i64) -> Result<(), Failure> {
    tx.run(
        "update order_lines set in_returns = in_returns - $2 where id = $1",
        &[line.into(), n.into()],
    )?;
    Ok(())
}

/// Whether so much of what the line cost was left to be given back; it is promised now.
pub fn give_back(tx: &mut Tx, line: Id<Line>, minor: i64) -> Result<bool, Failure> {
    let given = tx.run(
        "update order_lines set refunded = refunded + $2
         where id = $1 and refunded + $2 <= total",
        &[line.into(), minor.into()],
    )?;
    Ok(given == 1)
}

/// The same for what was not for goods.
pub fn give_back_shipping(tx: &mut Tx, order: Id<Order>, minor: i64) -> Result<bool, Failure> {
    let given = tx.run(
        "update orders set shipping_refunded = shipping_refunded + $2
         where id = $1 and shipping_refunded + $2 <= shipping + tax",
        &[order.into(), minor.into()],
    )?;
    Ok(given == 1)
}

/// All that is left of the order is promised.
pub fn give_back_rest(tx: &mut Tx, order: Id<Order>) -> Result<(), Failure> {
    tx.run("update order_lines set refunded = total where order_id = $1", &[order.into()])?;
    tx.run("update orders set shipping_refunded = shipping + tax where id = $1", &[order.into()])?;
    Ok(())
}

/// What of the shipping fee and tax was not promised yet.
pub fn shipping_left(tx: &mut Tx, order: Id<Order>) -> Result<i64, Failure> {
    tx.one(
        "select shipping + tax - shipping_refunded from orders where id = $1",
        &[order.into()],
        |row| row.get(0),
    )
}

/// When the order arrived, if it did.
pub fn delivered_at(
    tx: &mut Tx,
    order: Id<Order>,
) -> Result<Option<domain::moment::Moment>, Failure> {
    tx.maybe(
        "select at from order_moves where order_id = $1 and to_status = 'delivered'",
        &[order.into()],
        |row| row.get(0),
    )
}
