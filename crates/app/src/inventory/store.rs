//! The tables `stock`, `stock_moves` and `reservations`.

use std::collections::BTreeSet;

use domain::catalog::Variant;
use domain::id::Id;
use domain::inventory::{Cause, Reservation, Stock};
use domain::moment::Moment;
use domain::order::Order;

use super::{MoveView, Reserved, Source, StockView, Why};
use crate::db::{Insert, Row, Tx, Value};
use crate::failure::Failure;

/// The most variants in one query.
const MOST_AT_ONCE: usize = 128;

/// Moves units if there are enough; the row count decides.
pub fn shift(tx: &mut Tx, variant: Id<Variant>, change: Stock) -> Result<bool, Failure> {
    planted!("stock_check_then_act", return check_then_act(tx, variant, change));
    let changed = tx.run(
        "update stock set received = received + $2, available = available + $3,
                set_aside = set_aside + $4, reserved = reserved + $5, sold = sold + $6,
                lost = lost + $7
         where variant_id = $1 and received + $2 >= 0 and available + $3 >= 0
           and set_aside + $4 >= 0 and reserved + $5 >= 0 and sold + $6 >= 0 and lost + $7 >= 0",
        &[
            variant.into(),
            change.received.into(),
            change.available.into(),
            change.set_aside.into(),
            change.reserved.into(),
            change.sold.into(),
            change.lost.into(),
        ],
    )?;
    Ok(changed == 1)
}

/// Looks how many there are, thinks, and writes down what it thought.
#[cfg(feature = "planted")]
fn check_then_act(tx: &mut Tx, variant: Id<Variant>, change: Stock) -> Result<bool, Failure> {
    let seen = find(tx, variant)?;
    let (available, reserved) =
        (seen.available + change.available, seen.reserved + change.reserved);
    let (received, set_aside) =
        (seen.received + change.received, seen.set_aside + change.set_aside);
    let (sold, lost) = (seen.sold + change.sold, seen.lost + change.lost);
    let after = [received, available, set_aside, reserved, sold, lost];
    if after.iter().any(|number| *number < 0) {
        return Ok(false);
    }
    let mut params = vec![variant.into()];
    params.extend(after.map(crate::db::Value::from));
    tx.run(
        "update stock set received = $2, available = $3, set_aside = $4, reserved = $5,
                sold = $6, lost = $7 where variant_id = $1",
        &params,
    )?;
    Ok(true)
}

pub fn add_move(
    tx: &mut Tx,
    variant: Id<Variant>,
    cause: Cause,
    n: i64,
    why: &Why,
) -> Result<(), Failure> {
    static MOVES: Insert = Insert::new(
        "stock_moves (id, variant_id, cause, d_received, d_available, d_set_aside, d_reserved,
                      d_sold, d_lost, order_id, actor_id, reason, at)",
        13,
    );
    let change = cause.change(n);
    let id: Id<Reservation> = tx.id();
    let now = tx.now;
    tx.add(
        &MOVES,
        vec![
            id.into(),
            variant.into(),
            cause.code().into(),
            change.received.into(),
            change.available.into(),
            change.set_aside.into(),
            change.reserved.into(),
            change.sold.into(),
            change.lost.into(),
            why.order.into(),
            why.actor.into(),
            (&why.reason).into(),
            now.into(),
        ],
    )
}

fn stock(row: &Row, from: usize) -> Stock {
    Stock {
        received: row.get(from),
        available: row.get(from + 1),
        set_aside: row.get(from + 2),
        reserved: row.get(from + 3),
        sold: row.get(from + 4),
        lost: row.get(from + 5),
    }
}

pub fn find(tx: &mut Tx, variant: Id<Variant>) -> Result<Stock, Failure> {
    tx.one(
        "select received, available, set_aside, reserved, sold, lost from stock
         where variant_id = $1",
        &[variant.into()],
        |row| stock(row, 0),
    )
}

/// The stock of these variants, locked in their fixed order.
pub fn find_all_locked(
    tx: &mut Tx,
    variants: &BTreeSet<Id<Variant>>,
) -> Result<Vec<(Id<Variant>, Stock)>, Failure> {
    let mut found = Vec::new();
    for some in Vec::from_iter(variants).chunks(MOST_AT_ONCE) {
        // Padded, so that few shapes of the statement are prepared.
        let padded = some.len().next_power_of_two();
        let last = some[some.len() - 1];
        let ids = some.iter().copied().chain(std::iter::repeat(last)).take(padded);
        let params: Vec<Value> = ids.map(|id| id.0.into()).collect();
        let marks: Vec<String> = (1..=padded).map(|n| format!("${n}")).collect();
        let sql = format!(
            "select variant_id, received, available, set_aside, reserved, sold, lost from stock
             where variant_id in ({}) order by variant_id{}",
            marks.join(", "),
            tx.lock()
        );
        found.extend(tx.all(&sql, &params, |row| (row.get(0), stock(row, 1)))?);
    }
    Ok(found)
}

pub fn find_locked(tx: &mut Tx, variant: Id<Variant>) -> Result<Stock, Failure> {
    let sql = format!(
        "select received, available, set_aside, reserved, sold, lost from stock
         where variant_id = $1{}",
        tx.lock()
    );
    tx.one(&sql, &[variant.into()], |row| stock(row, 0))
}

pub fn add_reservation(
    tx: &mut Tx,
    order: Id<Order>,
    reserved: &Reserved,
    expires_at: Moment,
) -> Result<(), Failure> {
    static RESERVATIONS: Insert = Insert::new(
        "reservations (id, variant_id, order_id, quantity, source, status, expires_at,
                       created_at)",
        8,
    );
    let id: Id<Reservation> = tx.id();
    let now = tx.now;
    tx.add(
        &RESERVATIONS,
        vec![
            id.into(),
            reserved.variant.into(),
            order.into(),
            reserved.quantity.into(),
            reserved.source.code().into(),
            "active".into(),
            expires_at.into(),
            now.into(),
        ],
    )
}

fn reserved(row: &Row) -> Reserved {
    Reserved {
        variant: row.get(0),
        quantity: row.get(1),
        source: Source::parse(&row.get::<String>(2)),
    }
}

/// Ends an order's active reservations, in the fixed order of their variants.
pub fn end_reservations(
    tx: &mut Tx,
    order: Id<Order>,
    status: &str,
) -> Result<Vec<Reserved>, Failure> {
    let mut ended = tx.all(
        "update reservations set status = $2 where order_id = $1 and status = 'active'
         returning variant_id, quantity, source",
        &[order.into(), status.into()],
        reserved,
    )?;
    ended.sort_by_key(|reserved| reserved.variant);
    Ok(ended)
}

/// What an order claimed and has not given back.
pub fn claimed(tx: &mut Tx, order: Id<Order>) -> Result<Vec<Reserved>, Failure> {
    tx.all(
        "select l.variant_id, l.quantity - l.restocked,
                coalesce((select max(r.source) from reservations r where r.order_id = l.order_id
                          and r.variant_id = l.variant_id and r.status = 'claimed'), 'available')
         from order_lines l where l.order_id = $1 and l.quantity > l.restocked
         order by l.variant_id",
        &[order.into()],
        reserved,
    )
}

pub fn mark_restocked(tx: &mut Tx, order: Id<Order>) -> Result<(), Failure> {
    tx.run("update order_lines set restocked = quantity where order_id = $1", &[order.into()])?;
    Ok(())
}

/// Counts units for "popular".
pub fn add_sold(tx: &mut Tx, variant: Id<Variant>, n: i64) -> Result<(), Failure> {
    tx.run(
        "update products set sold = sold + $2
         where id = (select product_id from variants where id = $1)",
        &[variant.into(), n.into()],
    )?;
    Ok(())
}

const VIEW: &str = "select v.id, p.id, p.handle, p.title, v.option1, v.option2, v.option3, v.sku,
    v.tracked, s.received, s.available, s.set_aside, s.reserved, s.sold, s.lost
    from stock s join variants v on v.id = s.variant_id join products p on p.id = v.product_id";

fn view_of(row: &Row) -> StockView {
    let options: Vec<String> =
        (4..7).map(|column| row.get::<String>(column)).filter(|text| !text.is_empty()).collect();
    let variant_title = options.join(" / ");
    let plain = variant_title == "Default Title";
    StockView {
        variant: row.get(0),
        product: row.get(1),
        handle: row.get(2),
        title: row.get(3),
        variant_title: if plain { String::new() } else { variant_title },
        sku: row.get(7),
        tracked: row.get(8),
        stock: stock(row, 9),
    }
}

pub fn view(tx: &mut Tx, variant: Id<Variant>) -> Result<StockView, Failure> {
    tx.one(&format!("{VIEW} where v.id = $1"), &[variant.into()], view_of)
}

pub fn list(
    tx: &mut Tx,
    query: &str,
    after: Option<Id<Variant>>,
    limit: i64,
) -> Result<Vec<StockView>, Failure> {
    let like = format!("%{}%", query.trim().to_lowercase());
    let sql = format!(
        "{VIEW} where v.archived = 0 and v.id > $1
         and ($2 = '%%' or p.search like $2 or lower(v.sku) like $2) order by v.id limit $3"
    );
    tx.all(&sql, &[after.map_or(0, |id| id.0).into(), like.into(), limit.into()], view_of)
}

pub fn moves(
    tx: &mut Tx,
    variant: Option<Id<Variant>>,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<MoveView>, Failure> {
    tx.all(
        "select m.id, m.variant_id, p.title, m.cause, m.d_received, m.d_available, m.d_set_aside,
                m.d_reserved, m.d_sold, m.d_lost, m.order_id, a.name, m.reason, m.at
         from stock_moves m join variants v on v.id = m.variant_id
         join products p on p.id = v.product_id left join people a on a.id = m.actor_id
         where (cast($1 as bigint) = 0 or m.variant_id = $1) and m.id < $2
         order by m.id desc limit $3",
        &[variant.map_or(0, |id| id.0).into(), before.unwrap_or(i64::MAX).into(), limit.into()],
        |row| {
            let code: String = row.get(3);
            let cause = Cause::ALL.into_iter().find(|cause| cause.code() == code);
            MoveView {
                id: row.get::<i64>(0).to_string(),
                variant: row.get(1),
                title: row.get(2),
                cause: cause.expect("the table holds known causes"),
                change: stock(row, 4),
                order: row.get(10),
                actor: row.get(11),
                reason: row.get(12),
                at: row.get(13),
            }
        },
    )
}
