//! The tables `point_settings`, `point_people`, `point_lots`, `point_moves` and `point_parts`.

use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::order::Order;
use domain::person::Person;
use domain::point::{Earning, Lot, Spending, Taken};
use domain::rate::Rate;

use super::{Move, PointEntry, PointsCard, PutSettings, SettingsView, What};
use crate::db::Tx;
use crate::failure::Failure;

pub fn settings(tx: &mut Tx) -> Result<SettingsView, Failure> {
    let currency = crate::shop::get(tx)?.currency;
    tx.one(
        "select earn_points, earn_per, earn_life, spend_points, spend_minor, spend_most,
                spend_least, growth_per, version
         from point_settings",
        &[],
        |row| {
            let (earns, per): (Option<i64>, i64) = (row.get(0), row.get(1));
            let life: Option<i64> = row.get(2);
            let (spends, minor): (Option<i64>, i64) = (row.get(3), row.get(4));
            let most = Rate::from_basis_points(row.get(5)).unwrap_or(Rate::NONE);
            let least = row.get(6);
            SettingsView {
                earning: earns.map(|points| Earning { points, per, life: life.map(Span) }),
                spending: spends.map(|points| Spending { points, minor, most, least }),
                growth_per: row.get(7),
                currency,
                version: row.get(8),
            }
        },
    )
}

/// Whether nobody else changed them meanwhile. What is switched off keeps its figures.
pub fn set(tx: &mut Tx, put: &PutSettings, seen: &SettingsView) -> Result<bool, Failure> {
    let (earning, spending) = (put.earning, put.spending);
    let life = earning.and_then(|earning| earning.life).map(|life| life.0);
    let changed = tx.run(
        "update point_settings set earn_points = $1, earn_per = coalesce($2, earn_per),
             earn_life = $3, spend_points = $4, spend_minor = coalesce($5, spend_minor),
             spend_most = coalesce($6, spend_most), spend_least = coalesce($7, spend_least),
             growth_per = $8, version = version + 1
         where version = $9",
        &[
            earning.map(|earning| earning.points).into(),
            earning.map(|earning| earning.per).into(),
            life.into(),
            spending.map(|spending| spending.points).into(),
            spending.map(|spending| spending.minor).into(),
            spending.map(|spending| spending.most.basis_points()).into(),
            spending.map(|spending| spending.least).into(),
            put.growth_per.into(),
            seen.version.into(),
        ],
    )?;
    Ok(changed == 1)
}

/// What somebody owes; their row is locked, and made when it is first needed.
pub fn person_to_change(tx: &mut Tx, person: Id<Person>) -> Result<i64, Failure> {
    tx.run(
        "insert into point_people (person_id, debt) values ($1, 0)
         on conflict (person_id) do nothing",
        &[person.into()],
    )?;
    let sql = format!("select debt from point_people where person_id = $1{}", tx.lock());
    tx.one(&sql, &[person.into()], |row| row.get(0))
}

/// Whether somebody ever had any.
pub fn is_known(tx: &mut Tx, person: Id<Person>) -> Result<bool, Failure> {
    let sql = "select debt from point_people where person_id = $1";
    Ok(tx.maybe(sql, &[person.into()], |_| ())?.is_some())
}

pub fn debt(tx: &mut Tx, person: Id<Person>) -> Result<i64, Failure> {
    let sql = "select debt from point_people where person_id = $1";
    Ok(tx.maybe(sql, &[person.into()], |row| row.get(0))?.unwrap_or(0))
}

/// Whether so much more (or, negative, less) is owed; never less than nothing.
pub fn change_debt(tx: &mut Tx, person: Id<Person>, by: i64) -> Result<bool, Failure> {
    let changed = tx.run(
        "update point_people set debt = debt + $2 where person_id = $1 and debt + $2 >= 0",
        &[person.into(), by.into()],
    )?;
    Ok(changed == 1)
}

/// Somebody's lots that are not empty.
pub fn lots(tx: &mut Tx, person: Id<Person>) -> Result<Vec<Lot>, Failure> {
    tx.all(
        "select id, remaining, expires_at from point_lots
         where person_id = $1 and remaining > 0 order by id",
        &[person.into()],
        |row| Lot { id: row.get(0), left: row.get(1), expires_at: row.get(2) },
    )
}

/// A new lot, still empty.
pub fn add_lot(
    tx: &mut Tx,
    person: Id<Person>,
    points: i64,
    expires_at: Option<Moment>,
) -> Result<Id<Lot>, Failure> {
    let id: Id<Lot> = tx.id();
    tx.run(
        "insert into point_lots (id, person_id, points, remaining, expires_at, created_at)
         values ($1, $2, $3, 0, $4, $5)",
        &[id.into(), person.into(), points.into(), expires_at.map(|at| at.0).into(), tx.now.into()],
    )?;
    Ok(id)
}

/// Puts into a lot, or (negative) takes out of it, and keeps that with the move. Whether it could.
pub fn change_lot(tx: &mut Tx, id: Id<Move>, part: &Taken) -> Result<bool, Failure> {
    let changed = tx.run(
        "update point_lots set remaining = remaining + $2
         where id = $1 and remaining + $2 between 0 and points",
        &[part.lot.into(), part.points.into()],
    )?;
    tx.run(
        "insert into point_parts (move_id, lot_id, points) values ($1, $2, $3)",
        &[id.into(), part.lot.into(), part.points.into()],
    )?;
    Ok(changed == 1)
}

pub fn set_expiry(tx: &mut Tx, lot: Id<Lot>, at: Option<Moment>) -> Result<(), Failure> {
    let sql = "update point_lots set expires_at = $2 where id = $1";
    tx.run(sql, &[lot.into(), at.map(|at| at.0).into()])?;
    Ok(())
}

pub fn is_moved(tx: &mut Tx, what: &What) -> Result<bool, Failure> {
    planted!("points_twice", return Ok(false));
    let found = tx.maybe(
        "select id from point_moves where kind = $1 and about = $2 and about_id = $3",
        &[what.kind.into(), what.about.0.into(), what.about.1.into()],
        |row| row.get::<i64>(0),
    )?;
    Ok(found.is_some())
}

pub fn add_move(
    tx: &mut Tx,
    id: Id<Move>,
    person: Id<Person>,
    what: &What,
    (points, owed): (i64, i64),
) -> Result<(), Failure> {
    tx.run(
        "insert into point_moves (id, person_id, kind, points, owed, about, about_id, order_id,
                                  reason, by_id, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        &[
            id.into(),
            person.into(),
            what.kind.into(),
            points.into(),
            owed.into(),
            what.about.0.into(),
            what.about.1.into(),
            what.order.map(|order| order.0).into(),
            what.reason.into(),
            what.by.map(|by| by.0).into(),
            tx.now.into(),
        ],
    )?;
    Ok(())
}

/// What an order's points were taken from and have not gone back to, with when those lots expire.
pub fn spent_on(tx: &mut Tx, order: Id<Order>) -> Result<Vec<(Taken, Option<Moment>)>, Failure> {
    tx.all(
        "select l.id, cast(-sum(p.points) as bigint), l.expires_at
         from point_moves m join point_parts p on p.move_id = m.id
         join point_lots l on l.id = p.lot_id
         where m.order_id = $1 and m.kind in ('spent', 'spent_again', 'returned')
         group by l.id, l.expires_at having sum(p.points) < 0 order by l.id",
        &[order.into()],
        |row| (Taken { lot: row.get(0), points: row.get(1) }, row.get(2)),
    )
}

/// Keeps how many of the points an order was paid with are each line's.
pub fn keep_spent(
    tx: &mut Tx,
    order: Id<Order>,
    person: Id<Person>,
    points: i64,
) -> Result<(), Failure> {
    tx.run(
        "insert into order_points (order_id, person_id, spent) values ($1, $2, $3)",
        &[order.into(), person.into(), points.into()],
    )?;
    let lines: Vec<(i64, i64)> = tx.all(
        "select l.id, coalesce((select d.amount from order_line_discounts d
             join order_steps s on s.order_id = l.order_id and s.position = d.position
             where d.line_id = l.id and s.cause = 'points'), 0)
         from order_lines l where l.order_id = $1 order by l.position",
        &[order.into()],
        |row| (row.get(0), row.get(1)),
    )?;
    // As what they took off was shared.
    let weights: Vec<i64> = lines.iter().map(|(_, off)| *off).collect();
    for ((line, _), share) in lines.iter().zip(super::amount(points).split(&weights)) {
        tx.run(
            "insert into line_points (line_id, order_id, spent) values ($1, $2, $3)",
            &[(*line).into(), order.into(), share.minor.into()],
        )?;
    }
    Ok(())
}

/// Somebody's moves before one, the latest first.
pub fn statement(
    tx: &mut Tx,
    person: Id<Person>,
    before: i64,
    limit: i64,
) -> Result<Vec<PointEntry>, Failure> {
    tx.all(
        "select id, kind, points, owed, order_id, reason, at from point_moves
         where person_id = $1 and id < $2 order by id desc limit $3",
        &[person.into(), before.into(), limit.into()],
        |row| PointEntry {
            id: row.get(0),
            kind: row.get(1),
            points: row.get(2),
            owed: row.get(3),
            order: row.get(4),
            reason: row.get(5),
            at: row.get(6),
        },
    )
}

pub fn list(tx: &mut Tx, limit: i64) -> Result<Vec<PointsCard>, Failure> {
    tx.all(
        "select p.id, p.name, coalesce(a.balance, 0), c.debt
         from point_people c join people p on p.id = c.person_id
         left join accounts a on a.kind = 'points_held' and a.owner_id = p.id
         where c.debt > 0 or a.balance > 0
         order by coalesce(a.balance, 0) desc, p.id limit $1",
        &[limit.into()],
        |row| PointsCard {
            person: row.get(0),
            name: row.get(1),
            points: row.get(2),
            owed: row.get(3),
        },
    )
}

/// All points that are out, how many people have some, and how many are gone by then.
pub fn out(tx: &mut Tx, soon: Moment) -> Result<(i64, i64, i64), Failure> {
    tx.one(
        "select coalesce(cast(sum(remaining) as bigint), 0), count(distinct person_id),
                coalesce(cast(sum(case when expires_at < $2 then remaining else 0 end)
                  as bigint), 0)
         from point_lots where remaining > 0 and (expires_at is null or expires_at > $1)",
        &[tx.now.into(), soon.into()],
        |row| (row.get(0), row.get(1), row.get(2)),
    )
}

/// People who have points that have expired.
pub fn with_expired(tx: &mut Tx, limit: i64) -> Result<Vec<Id<Person>>, Failure> {
    tx.all(
        "select distinct person_id from point_lots
         where remaining > 0 and expires_at <= $1 limit $2",
        &[tx.now.into(), limit.into()],
        |row| row.get(0),
    )
}
