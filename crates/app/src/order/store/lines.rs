//! What of an order's lines goes back: units that are asked for, money that is promised. Each is a
//! guarded update whose row count decides.

use domain::catalog::{Product, Variant};
use domain::id::Id;
use domain::money::{Currency, Money};
use domain::order::{Line, Order};
use domain::tax::back_so_far;

use crate::db::Tx;
use crate::failure::Failure;
use crate::order::LineFound;

/// The lines of an order as their rows say.
pub fn all(tx: &mut Tx, order: Id<Order>, currency: Currency) -> Result<Vec<LineFound>, Failure> {
    tx.all(
        "select id, variant_id, product_id, title, quantity, in_returns, total + tax_added,
                refunded + case when tax_added > 0 then tax_back else 0 end,
                unit_price, shipped, removed
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
            unit: row.get(8),
            shipped: row.get(9),
            removed: row.get(10),
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

/// Whether so many units of the line were in no parcel and no return; staff took them out.
pub fn take_out(tx: &mut Tx, line: Id<Line>, n: i64) -> Result<bool, Failure> {
    let taken = tx.run(
        "update order_lines set removed = removed + $2, in_returns = in_returns + $2
         where id = $1 and shipped + removed + $2 <= quantity and in_returns + $2 <= quantity",
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

/// What something cost, how much of that is tax, and what of both went back: all with the tax that
/// was added.
struct Paid {
    paid: i64,
    tax: i64,
    adds: bool,
    back: i64,
    tax_back: i64,
}

impl Paid {
    /// How much of its tax goes back with `minor` more; none where there is not so much left.
    fn tax_of(&self, minor: i64, currency: Currency) -> Option<i64> {
        let of = |minor| Money::new(minor, currency);
        let after = self.back + minor;
        if after > self.paid {
            return None;
        }
        planted!("tax_stays_on_refund", return Some(0));
        Some(back_so_far(of(self.tax), of(self.paid), of(after)).minor - self.tax_back)
    }
}

/// Gives back so much of what the line cost, tax and all, if so much is left: how much of it is
/// tax. It is promised now.
pub fn give_back(tx: &mut Tx, line: Id<Line>, minor: i64) -> Result<Option<i64>, Failure> {
    // A line without tax is decided by one statement; with tax by another that says what was read.
    let plain = tx.run(
        "update order_lines set refunded = refunded + $2
         where id = $1 and refunded + $2 <= total and tax_added = 0 and tax_inside = 0",
        &[line.into(), minor.into()],
    )?;
    if plain == 1 {
        return Ok(Some(0));
    }
    let (found, refunded, currency) = tx.one(
        "select l.total, l.tax_added, l.tax_inside, l.refunded, l.tax_back, o.currency
         from order_lines l join orders o on o.id = l.order_id where l.id = $1",
        &[line.into()],
        |row| {
            let (added, inside): (i64, i64) = (row.get(1), row.get(2));
            let (refunded, tax_back): (i64, i64) = (row.get(3), row.get(4));
            let adds = added > 0;
            let back = refunded + if adds { tax_back } else { 0 };
            let paid = row.get::<i64>(0) + added;
            let found = Paid { paid, tax: added + inside, adds, back, tax_back };
            (found, refunded, super::currency(row, 5))
        },
    )?;
    let Some(tax) = found.tax_of(minor, currency).filter(|_| found.tax > 0) else {
        return Ok(None);
    };
    let goods = if found.adds { minor - tax } else { minor };
    let given = tx.run(
        "update order_lines set refunded = refunded + $2, tax_back = tax_back + $3
         where id = $1 and refunded = $4 and tax_back = $5",
        &[line.into(), goods.into(), tax.into(), refunded.into(), found.tax_back.into()],
    )?;
    Ok((given == 1).then_some(tax))
}

/// The same for what the goods travelled for.
pub fn give_back_shipping(
    tx: &mut Tx,
    order: Id<Order>,
    minor: i64,
) -> Result<Option<i64>, Failure> {
    let (found, currency) = tx.one(
        "select shipping, shipping_tax_added, shipping_tax_inside, shipping_refunded,
                shipping_tax_back, currency from orders where id = $1",
        &[order.into()],
        |row| {
            let (added, inside): (i64, i64) = (row.get(1), row.get(2));
            let paid = row.get::<i64>(0) + added;
            let (tax, back) = (added + inside, row.get(3));
            let found = Paid { paid, tax, adds: added > 0, back, tax_back: row.get(4) };
            (found, super::currency(row, 5))
        },
    )?;
    let Some(tax) = found.tax_of(minor, currency) else { return Ok(None) };
    let given = tx.run(
        "update orders set shipping_refunded = shipping_refunded + $2,
             shipping_tax_back = shipping_tax_back + $3
         where id = $1 and shipping_refunded = $4 and shipping_tax_back = $5",
        &[order.into(), minor.into(), tax.into(), found.back.into(), found.tax_back.into()],
    )?;
    Ok((given == 1).then_some(tax))
}

/// All that is left of the order is promised.
pub fn give_back_rest(tx: &mut Tx, order: Id<Order>) -> Result<(), Failure> {
    tx.run(
        "update order_lines set refunded = total, tax_back = tax_added + tax_inside
         where order_id = $1",
        &[order.into()],
    )?;
    tx.run(
        "update orders set shipping_refunded = shipping + shipping_tax_added,
             shipping_tax_back = shipping_tax_added + shipping_tax_inside
         where id = $1",
        &[order.into()],
    )?;
    Ok(())
}

/// What of the shipping fee, with its tax, was not promised yet.
pub fn shipping_left(tx: &mut Tx, order: Id<Order>) -> Result<i64, Failure> {
    tx.one(
        "select shipping + shipping_tax_added - shipping_refunded from orders where id = $1",
        &[order.into()],
        |row| row.get(0),
    )
}

/// How much of the order's tax is in no refund.
pub fn tax_left(tx: &mut Tx, order: Id<Order>) -> Result<i64, Failure> {
    tx.one(
        "select o.tax + o.tax_inside - coalesce((select cast(sum(r.tax) as bigint) from refunds r
             where r.order_id = o.id and r.status <> 'failed'), 0)
         from orders o where o.id = $1",
        &[order.into()],
        |row| row.get(0),
    )
}

/// So much less for the goods of an order, with the tax that was added to it.
pub fn with_tax(tx: &mut Tx, order: Id<Order>, less: Money) -> Result<Money, Failure> {
    let (goods, tax): (i64, i64) = tx.one(
        "select cast(sum(total) as bigint), cast(sum(tax_added) as bigint)
         from order_lines where order_id = $1",
        &[order.into()],
        |row| (row.get(0), row.get(1)),
    )?;
    let of = |minor| Money::new(minor, less.currency);
    Ok(less.plus(back_so_far(of(tax), of(goods), less.least(of(goods)))))
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
