//! The table `order_changes`, and what changes write into orders and their lines.

use domain::catalog::Variant;
use domain::id::Id;
use domain::money::Money;
use domain::order::{Line, Order};
use domain::order_desk::Change;
use domain::person::Person;
use domain::place::Address;
use domain::shipping::Method;
use serde_json::{Value, json};

use super::price::{LineOf, Prices};
use super::{ChangeView, Changed, SwapChoice};
use crate::catalog::ForSale;
use crate::db::Tx;
use crate::failure::Failure;
use crate::order::Found;
use crate::shop;

pub fn add_change(
    tx: &mut Tx,
    actor: Id<Person>,
    order: Id<Order>,
    what: &Changed,
) -> Result<(), Failure> {
    let id: Id<Change> = tx.id();
    tx.run(
        "insert into order_changes (id, order_id, kind, actor_id, reason, before, after,
                                    total_before, total_after, refund, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        &[
            id.into(),
            order.into(),
            what.kind.into(),
            actor.into(),
            what.reason.into(),
            what.before.to_string().into(),
            what.after.to_string().into(),
            what.totals.0.into(),
            what.totals.1.into(),
            what.refund.into(),
            tx.now.into(),
        ],
    )?;
    Ok(())
}

pub fn count_changes(tx: &mut Tx, order: Id<Order>) -> Result<i64, Failure> {
    let sql = "select count(*) from order_changes where order_id = $1";
    tx.one(sql, &[order.into()], |row| row.get(0))
}

pub fn changes(tx: &mut Tx, found: &Found) -> Result<Vec<ChangeView>, Failure> {
    let money = |minor| Money::new(minor, found.currency);
    tx.all(
        "select kind, reason, total_before, total_after, refund, at from order_changes
         where order_id = $1 order by id desc",
        &[found.id.into()],
        |row| ChangeView {
            kind: row.get(0),
            reason: row.get(1),
            total_before: money(row.get(2)),
            total_after: money(row.get(3)),
            refund: money(row.get(4)),
            at: row.get(5),
        },
    )
}

/// What of an order is promised to go back, or went.
pub fn given_back(tx: &mut Tx, order: Id<Order>) -> Result<i64, Failure> {
    tx.one(
        "select coalesce(cast(sum(l.refunded
                    + case when l.tax_added > 0 then l.tax_back else 0 end) as bigint), 0)
              + (select shipping_refunded from orders where id = $1)
         from order_lines l where l.order_id = $1",
        &[order.into()],
        |row| row.get(0),
    )
}

pub fn prices(tx: &mut Tx, found: &Found) -> Result<Prices, Failure> {
    let by_default = shop::get(tx)?.pricing.tax_inclusive;
    let (shipping, tax, inside, points): (i64, i64, i64, i64) = tx.one(
        "select shipping, tax, tax_inside, shipping_tax_rate from orders where id = $1",
        &[found.id.into()],
        |row| (row.get(0), row.get(1), row.get(2), row.get(3)),
    )?;
    let lines = tx.all(
        "select id, title, quantity, unit_price, discount, total, tax_rate, price_why
         from order_lines where order_id = $1 order by position",
        &[found.id.into()],
        |row| LineOf {
            line: row.get(0),
            title: row.get(1),
            quantity: row.get(2),
            unit: row.get(3),
            discount: row.get(4),
            total: row.get(5),
            tax_rate: row.get(6),
            why: row.get(7),
        },
    )?;
    // An order keeps how it was taxed; where no tax came of it, either is as good.
    let inclusive = inside > 0 || (tax == 0 && by_default);
    let (currency, shipping_tax_rate) = (found.currency, points);
    Ok(Prices { currency, lines, shipping, shipping_tax_rate, inclusive })
}

/// Writes what an unpaid order costs. Whether it still cost what was found. What changed of a line
/// was agreed: no list says so any more.
pub fn set_prices(
    tx: &mut Tx,
    found: &Found,
    before: &Prices,
    prices: &Prices,
) -> Result<bool, Failure> {
    let discount: i64 = prices.lines.iter().map(|line| line.discount).sum();
    let taxes = prices.taxes();
    let changed = tx.run(
        "update orders set subtotal = $3, discount = $4, shipping = $5, tax = $6, total = $7,
                tax_inside = $8, shipping_tax_added = $9, shipping_tax_inside = $10
         where id = $1 and total = $2 and status = 'pending_payment'",
        &[
            found.id.into(),
            found.total.minor.into(),
            prices.goods().into(),
            discount.into(),
            prices.shipping.into(),
            taxes.added.minor.into(),
            prices.total().into(),
            taxes.inside.minor.into(),
            taxes.shipping.added.minor.into(),
            taxes.shipping.inside.minor.into(),
        ],
    )?;
    for ((line, tax), was) in prices.lines.iter().zip(taxes.lines).zip(&before.lines) {
        tx.run(
            "update order_lines set unit_price = $2, discount = $3, total = $4, tax_added = $5,
                    tax_inside = $6, price_why = $7,
                    price_list_id = case when $8 = 1 then null else price_list_id end
             where id = $1",
            &[
                line.line.into(),
                line.unit.into(),
                line.discount.into(),
                line.total.into(),
                tax.added.minor.into(),
                tax.inside.minor.into(),
                (&line.why).into(),
                (line != was).into(),
            ],
        )?;
    }
    Ok(changed == 1)
}

/// What is carried for an order, and what that cost.
pub struct Carried {
    pub method: Option<Id<Method>>,
    pub fee: i64,
    pub goods: i64,
    pub grams: i64,
    pub pieces: i64,
}

pub fn carried(tx: &mut Tx, found: &Found) -> Result<Carried, Failure> {
    tx.one(
        "select o.shipping_method_id, o.shipping, o.subtotal,
                coalesce(cast(sum(case when l.ships = 1
                    then (l.quantity - l.removed) * v.grams else 0 end) as bigint), 0),
                coalesce(cast(sum(case when l.ships = 1
                    then l.quantity - l.removed else 0 end) as bigint), 0)
         from orders o join order_lines l on l.order_id = o.id
         join variants v on v.id = l.variant_id
         where o.id = $1 group by o.id, o.shipping_method_id, o.shipping, o.subtotal",
        &[found.id.into()],
        |row| Carried {
            method: row.get(0),
            fee: row.get(1),
            goods: row.get(2),
            grams: row.get(3),
            pieces: row.get(4),
        },
    )
}

pub fn address(tx: &mut Tx, order: Id<Order>) -> Result<Address, Failure> {
    let sql = "select address from orders where id = $1";
    let text: String = tx.one(sql, &[order.into()], |row| row.get(0))?;
    Ok(serde_json::from_str(&text)?)
}

pub fn set_address(tx: &mut Tx, order: Id<Order>, address: &Address) -> Result<(), Failure> {
    tx.run(
        "update orders set address = $2 where id = $1",
        &[order.into(), serde_json::to_string(address)?.into()],
    )?;
    Ok(())
}

pub fn line_ships(tx: &mut Tx, line: Id<Line>) -> Result<bool, Failure> {
    let sql = "select ships from order_lines where id = $1";
    tx.one(sql, &[line.into()], |row| row.get(0))
}

/// What a line is of, as its change is kept.
pub fn line_says(tx: &mut Tx, line: Id<Line>) -> Result<Value, Failure> {
    tx.one(
        "select variant_id, title, variant_title, sku, quantity from order_lines where id = $1",
        &[line.into()],
        |row| {
            json!({
                "variant": row.get::<Id<Variant>>(0),
                "title": row.get::<String>(1),
                "variant_title": row.get::<String>(2),
                "sku": row.get::<String>(3),
                "quantity": row.get::<i64>(4),
            })
        },
    )
}

pub fn set_variant(tx: &mut Tx, line: Id<Line>, goods: &ForSale) -> Result<(), Failure> {
    tx.run(
        "update order_lines set variant_id = $2, variant_title = $3, sku = $4, picture = $5
         where id = $1",
        &[
            line.into(),
            goods.variant.into(),
            (&goods.variant_title).into(),
            (&goods.sku).into(),
            (&goods.picture).into(),
        ],
    )?;
    Ok(())
}

/// Variants of the same product and price that can be sent instead.
pub fn swap_choices(tx: &mut Tx, order: Id<Order>) -> Result<Vec<SwapChoice>, Failure> {
    tx.all(
        "select l.id, v.id, v.option1, v.option2, v.option3, s.available
         from order_lines l join variants own on own.id = l.variant_id
         join variants v on v.product_id = own.product_id and v.id <> own.id
         join stock s on s.variant_id = v.id
         where l.order_id = $1 and l.shipped = 0 and l.removed < l.quantity
           and l.in_returns = l.removed and v.archived = 0 and v.price = own.price
           and v.ships = l.ships
         order by l.position, v.position",
        &[order.into()],
        |row| {
            let options: Vec<String> = (2..5).map(|n| row.get::<String>(n)).collect();
            let options: Vec<&str> =
                options.iter().map(String::as_str).filter(|one| !one.is_empty()).collect();
            SwapChoice {
                line: row.get(0),
                variant: row.get(1),
                title: options.join(" / "),
                available: row.get(5),
            }
        },
    )
}
