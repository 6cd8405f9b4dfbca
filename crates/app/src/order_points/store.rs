//! The tables `order_points` and `line_points`.

use domain::id::Id;
use domain::order::Order;
use domain::payment::Refund;
use domain::point::Lot;

use super::{Kept, Line};
use crate::db::Tx;
use crate::failure::Failure;
use crate::order::Found;

/// Whether an order has anything to do with points.
pub fn is_known(tx: &mut Tx, order: Id<Order>) -> Result<bool, Failure> {
    let sql = "select order_id from order_points where order_id = $1";
    Ok(tx.maybe(sql, &[order.into()], |_| ())?.is_some())
}

pub fn has_earned(tx: &mut Tx, order: Id<Order>) -> Result<bool, Failure> {
    planted!("points_twice", return Ok(false));
    let sql = "select 1 from order_points where order_id = $1 and earned_at is not null";
    Ok(tx.maybe(sql, &[order.into()], |_| ())?.is_some())
}

pub fn order_of(tx: &mut Tx, refund: Id<Refund>) -> Result<Id<Order>, Failure> {
    tx.one("select order_id from refunds where id = $1", &[refund.into()], |row| row.get(0))
}

pub fn kept(tx: &mut Tx, order: Id<Order>) -> Result<Option<Kept>, Failure> {
    tx.maybe(
        "select person_id, taken_back, lot_id, growth, growth_back, spent, returned
         from order_points where order_id = $1",
        &[order.into()],
        |row| Kept {
            order,
            person: row.get(0),
            taken_back: row.get(1),
            lot: row.get(2),
            growth: row.get(3),
            growth_back: row.get(4),
            spent: row.get(5),
            returned: row.get(6),
        },
    )
}

pub fn lines(tx: &mut Tx, order: Id<Order>) -> Result<Vec<Line>, Failure> {
    tx.all(
        "select l.id, l.total, l.refunded, l.quantity, l.in_returns, coalesce(p.earned, 0),
                coalesce(p.paid, 0), coalesce(p.was_back, 0), coalesce(p.spent, 0)
         from order_lines l left join line_points p on p.line_id = l.id
         where l.order_id = $1 order by l.position",
        &[order.into()],
        |row| Line {
            id: row.get(0),
            total: row.get(1),
            refunded: row.get(2),
            quantity: row.get(3),
            in_returns: row.get(4),
            earned: row.get(5),
            paid: row.get(6),
            was_back: row.get(7),
            spent: row.get(8),
        },
    )
}

pub fn keep_line(tx: &mut Tx, order: Id<Order>, line: &Line) -> Result<(), Failure> {
    tx.run(
        "insert into line_points (line_id, order_id, earned, paid, was_back)
         values ($1, $2, $3, $4, $5)
         on conflict (line_id) do update set earned = excluded.earned, paid = excluded.paid,
           was_back = excluded.was_back",
        &[line.id.into(), order.into(), line.earned.into(), line.paid.into(), line.was_back.into()],
    )?;
    Ok(())
}

pub fn keep_earned(
    tx: &mut Tx,
    order: &Found,
    (earned, growth): (i64, i64),
    lot: Option<Id<Lot>>,
) -> Result<(), Failure> {
    tx.run(
        "insert into order_points (order_id, person_id, earned, growth, lot_id, earned_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (order_id) do update set earned = excluded.earned,
           growth = excluded.growth, lot_id = excluded.lot_id, earned_at = excluded.earned_at",
        &[
            order.id.into(),
            order.person.into(),
            earned.into(),
            growth.into(),
            lot.map(|lot| lot.0).into(),
            tx.now.into(),
        ],
    )?;
    Ok(())
}

pub fn add_taken_back(tx: &mut Tx, order: Id<Order>, points: i64) -> Result<(), Failure> {
    let sql = "update order_points set taken_back = taken_back + $2 where order_id = $1";
    tx.run(sql, &[order.into(), points.into()])?;
    Ok(())
}

pub fn add_growth_back(tx: &mut Tx, order: Id<Order>, growth: i64) -> Result<(), Failure> {
    let sql = "update order_points set growth_back = growth_back + $2 where order_id = $1";
    tx.run(sql, &[order.into(), growth.into()])?;
    Ok(())
}

pub fn set_returned(tx: &mut Tx, order: Id<Order>, points: i64) -> Result<(), Failure> {
    let sql = "update order_points set returned = $2 where order_id = $1 and returned <> $2";
    tx.run(sql, &[order.into(), points.into()])?;
    Ok(())
}
