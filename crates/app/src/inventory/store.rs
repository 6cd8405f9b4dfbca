//! The tables `stock`, `stock_moves` and `reservations`.

use std::collections::{BTreeMap, BTreeSet};

use domain::catalog::Variant;
use domain::id::Id;
use domain::inventory::{Cause, Reservation, Stock};
use domain::moment::Moment;
use domain::order::{Line, Order};
use domain::seller::Seller;

use super::{MoveView, Reserved, Source, StockView, Why};
use crate::db::{Change, Insert, Row, Sum, Tx, Value};
use crate::failure::Failure;

/// Moves units if there are enough; the row count decides.
const SHIFT: &str = "update stock set received = received + $2, available = available + $3,
        set_aside = set_aside + $4, reserved = reserved + $5, sold = sold + $6, lost = lost + $7
    where variant_id = $1 and received + $2 >= 0 and available + $3 >= 0
      and set_aside + $4 >= 0 and reserved + $5 >= 0 and sold + $6 >= 0 and lost + $7 >= 0";

fn numbers(change: Stock) -> [i64; 6] {
    let Stock { received, available, set_aside, reserved, sold, lost } = change;
    [received, available, set_aside, reserved, sold, lost]
}

pub fn shift(tx: &mut Tx, variant: Id<Variant>, change: Stock) -> Result<bool, Failure> {
    planted!("stock_check_then_act", return check_then_act(tx, variant, change));
    let params: Vec<Value> =
        [variant.0].into_iter().chain(numbers(change)).map(Value::from).collect();
    Ok(tx.run(SHIFT, &params)? == 1)
}

/// The same for a batch of decisions, which knows that there are enough.
pub fn add_up(tx: &mut Tx, variant: Id<Variant>, change: Stock) {
    static STOCK: Sum = Sum { rank: 2, update: SHIFT };
    tx.add_up(&STOCK, &[variant.0], &numbers(change));
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

/// Whose variant it is.
pub fn seller_of(tx: &mut Tx, variant: Id<Variant>) -> Result<Option<Id<Seller>>, Failure> {
    let sql = "select p.seller_id from variants v join products p on p.id = v.product_id
               where v.id = $1";
    tx.one(sql, &[variant.into()], |row| row.get(0))
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
    let ids: Vec<i64> = variants.iter().map(|id| id.0).collect();
    let sql = "select variant_id, received, available, set_aside, reserved, sold, lost from stock
               where variant_id in";
    let end = format!("order by variant_id{}", tx.lock());
    tx.all_in((sql, &[]), &ids, &end, |row| (row.get(0), stock(row, 1)))
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
    if tx.gathers() {
        let mut active = tx.recall::<Active>(&active_name(order)).unwrap_or_default();
        active.push((id, reserved.clone()));
        tx.keep_in_mind(active_name(order), active);
    }
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

/// The active reservations of an order.
type Active = Vec<(Id<Reservation>, Reserved)>;

fn active_name(order: Id<Order>) -> String {
    format!("active {}", order.0)
}

/// Reads the active reservations of the orders of a batch. The variants they are of.
pub fn gather_active(
    tx: &mut Tx,
    orders: &BTreeSet<Id<Order>>,
) -> Result<BTreeSet<Id<Variant>>, Failure> {
    let mut active: BTreeMap<Id<Order>, Active> =
        orders.iter().map(|order| (*order, Vec::new())).collect();
    let sql = "select variant_id, quantity, source, id, order_id from reservations
               where status = 'active' and order_id in";
    let orders: Vec<i64> = orders.iter().map(|order| order.0).collect();
    for (order, id, reserved) in tx.all_in((sql, &[]), &orders, "", |row| {
        (row.get::<Id<Order>>(4), row.get(3), reserved(row))
    })? {
        active.entry(order).or_default().push((id, reserved));
    }
    let of = |active: &Active| active.iter().map(|(_, reserved)| reserved.variant).collect();
    let variants = active.values().flat_map(|active| -> Vec<Id<Variant>> { of(active) }).collect();
    for (order, active) in active {
        tx.keep_in_mind(active_name(order), active);
    }
    Ok(variants)
}

/// Ends an order's active reservations, in the fixed order of their variants.
pub fn end_reservations(
    tx: &mut Tx,
    order: Id<Order>,
    status: &str,
) -> Result<Vec<Reserved>, Failure> {
    if tx.gathers() {
        return end_gathered(tx, order, status);
    }
    let mut ended = tx.all(
        "update reservations set status = $2 where order_id = $1 and status = 'active'
         returning variant_id, quantity, source",
        &[order.into(), status.into()],
        reserved,
    )?;
    ended.sort_by_key(|reserved| reserved.variant);
    Ok(ended)
}

fn end_gathered(tx: &mut Tx, order: Id<Order>, status: &str) -> Result<Vec<Reserved>, Failure> {
    static ENDS: Change =
        Change::new("reservations", &[("id", "bigint"), ("status", "text")], &[("status", "text")]);
    let active = tx.recall::<Active>(&active_name(order)).ok_or_else(|| tx.alone())?;
    for (id, _) in &active {
        tx.change(&ENDS, vec![(*id).into(), "active".into(), status.into()])?;
    }
    tx.keep_in_mind(active_name(order), Active::new());
    let mut ended: Vec<Reserved> = active.into_iter().map(|(_, reserved)| reserved).collect();
    ended.sort_by_key(|reserved| reserved.variant);
    Ok(ended)
}

/// What an order claimed and has not given back.
pub fn claimed(tx: &mut Tx, order: Id<Order>) -> Result<Vec<Reserved>, Failure> {
    tx.all(
        "select l.variant_id, l.quantity - l.restocked - l.spoiled,
                coalesce((select max(r.source) from reservations r where r.order_id = l.order_id
                          and r.variant_id = l.variant_id and r.status = 'claimed'), 'available')
         from order_lines l where l.order_id = $1 and l.quantity > l.restocked + l.spoiled
         order by l.variant_id",
        &[order.into()],
        reserved,
    )
}

pub fn mark_restocked(tx: &mut Tx, order: Id<Order>) -> Result<(), Failure> {
    tx.run(
        "update order_lines set restocked = quantity - spoiled where order_id = $1",
        &[order.into()],
    )?;
    Ok(())
}

/// Where a line's units came from when the order was paid.
pub fn source_of(tx: &mut Tx, order: Id<Order>, variant: Id<Variant>) -> Result<Source, Failure> {
    let source = tx.maybe(
        "select source from reservations
         where order_id = $1 and variant_id = $2 and status = 'claimed'",
        &[order.into(), variant.into()],
        |row| Source::parse(&row.get::<String>(0)),
    )?;
    Ok(source.unwrap_or(Source::Available))
}

/// What an order claimed of a variant is of another one.
pub fn move_claimed(
    tx: &mut Tx,
    order: Id<Order>,
    (from, to): (Id<Variant>, Id<Variant>),
    source: Source,
) -> Result<(), Failure> {
    tx.run(
        "update reservations set variant_id = $3, source = $4
         where order_id = $1 and variant_id = $2 and status = 'claimed'",
        &[order.into(), from.into(), to.into(), source.code().into()],
    )?;
    Ok(())
}

/// Counts units of a line that came back. Whether so many had not come back yet.
pub fn add_back(tx: &mut Tx, line: Id<Line>, sellable: i64, damaged: i64) -> Result<bool, Failure> {
    let counted = tx.run(
        "update order_lines set restocked = restocked + $2, spoiled = spoiled + $3
         where id = $1 and restocked + spoiled + $2 + $3 <= quantity",
        &[line.into(), sellable.into(), damaged.into()],
    )?;
    Ok(counted == 1)
}

/// Whether a variant's units are counted and must be there.
pub fn is_counted(tx: &mut Tx, variant: Id<Variant>) -> Result<bool, Failure> {
    tx.one("select tracked, oversell from variants where id = $1", &[variant.into()], |row| {
        row.get::<bool>(0) && !row.get::<bool>(1)
    })
}

/// Counts units for "popular".
pub fn add_sold(tx: &mut Tx, variant: Id<Variant>, n: i64) -> Result<(), Failure> {
    static SOLD: Sum = Sum {
        rank: 3,
        update: "update products set sold = sold + $2
                 where id = (select product_id from variants where id = $1)",
    };
    if tx.gathers() {
        tx.add_up(&SOLD, &[variant.0], &[n]);
        return Ok(());
    }
    tx.run(SOLD.update, &[variant.into(), n.into()])?;
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
    seller: Option<Id<Seller>>,
    after: Option<Id<Variant>>,
    limit: i64,
) -> Result<Vec<StockView>, Failure> {
    let like = format!("%{}%", query.trim().to_lowercase());
    let sql = format!(
        "{VIEW} where v.archived = 0 and v.id > $1
         and ($2 = '%%' or p.search like $2 or lower(v.sku) like $2)
         and (cast($4 as bigint) = 0 or p.seller_id = $4) order by v.id limit $3"
    );
    let seller = seller.map_or(0, |id| id.0);
    let after = after.map_or(0, |id| id.0);
    tx.all(&sql, &[after.into(), like.into(), limit.into(), seller.into()], view_of)
}

pub fn moves(
    tx: &mut Tx,
    variant: Option<Id<Variant>>,
    seller: Option<Id<Seller>>,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<MoveView>, Failure> {
    tx.all(
        "select m.id, m.variant_id, p.title, m.cause, m.d_received, m.d_available, m.d_set_aside,
                m.d_reserved, m.d_sold, m.d_lost, m.order_id, a.name, m.reason, m.at
         from stock_moves m join variants v on v.id = m.variant_id
         join products p on p.id = v.product_id left join people a on a.id = m.actor_id
         where (cast($1 as bigint) = 0 or m.variant_id = $1) and m.id < $2
           and (cast($4 as bigint) = 0 or p.seller_id = $4)
         order by m.id desc limit $3",
        &[
            variant.map_or(0, |id| id.0).into(),
            before.unwrap_or(i64::MAX).into(),
            limit.into(),
            seller.map_or(0, |id| id.0).into(),
        ],
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
