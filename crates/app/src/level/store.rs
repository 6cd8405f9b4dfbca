//! The tables `levels`, `level_standings` and `level_moves`.

use domain::id::Id;
use domain::level::Standing;
use domain::person::Person;
use domain::price::list::CustomerGroup;

use super::{LevelView, Move, PutLevel};
use crate::db::{Row, Tx};
use crate::failure::Failure;

const LEVEL: &str = "select id, name, name_en, from_growth, group_id, boost from levels
    order by position";

fn level(row: &Row) -> LevelView {
    LevelView {
        id: row.get(0),
        name: row.get(1),
        name_en: row.get(2),
        from: row.get(3),
        group: row.get(4),
        boost: row.get(5),
    }
}

pub fn all(tx: &mut Tx) -> Result<Vec<LevelView>, Failure> {
    tx.all(LEVEL, &[], level)
}

/// The same, for whoever changes it: nobody else does meanwhile.
pub fn all_locked(tx: &mut Tx) -> Result<Vec<LevelView>, Failure> {
    crate::shop::lock(tx)?;
    all(tx)
}

pub fn has_group(tx: &mut Tx, group: Id<CustomerGroup>) -> Result<bool, Failure> {
    let sql = "select 1 from customer_groups where id = $1";
    Ok(tx.maybe(sql, &[group.into()], |_| ())?.is_some())
}

/// Writes one step, in place of the one that was there.
pub fn put(
    tx: &mut Tx,
    known: Option<Id<domain::level::Level>>,
    position: i64,
    put: &PutLevel,
) -> Result<(), Failure> {
    let id = known.unwrap_or_else(|| tx.id());
    tx.run(
        "insert into levels (id, position, name, name_en, from_growth, group_id, boost)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (position) do update set name = excluded.name, name_en = excluded.name_en,
           from_growth = excluded.from_growth, group_id = excluded.group_id,
           boost = excluded.boost",
        &[
            id.into(),
            position.into(),
            (&put.name).into(),
            (&put.name_en).into(),
            put.from.into(),
            put.group.map(|group| group.0).into(),
            put.boost.into(),
        ],
    )?;
    Ok(())
}

/// What is above the last step goes.
pub fn cut(tx: &mut Tx, count: i64) -> Result<(), Failure> {
    tx.run("delete from levels where position >= $1", &[count.into()])?;
    Ok(())
}

pub fn counts(tx: &mut Tx) -> Result<Vec<(i64, i64)>, Failure> {
    let sql = "select rank, count(*) from level_standings group by rank";
    tx.all(sql, &[], |row| (row.get(0), row.get(1)))
}

fn stands(row: &Row, from: usize) -> Standing {
    let rank: i64 = row.get(from);
    // The table allows no rank below nothing.
    let rank = usize::try_from(rank).unwrap_or(0);
    Standing { rank, growth: row.get(from + 1), until: row.get(from + 2) }
}

pub fn standing(tx: &mut Tx, person: Id<Person>, lock: &str) -> Result<Option<Standing>, Failure> {
    let sql = format!("select rank, growth, until from level_standings where person_id = $1{lock}");
    tx.maybe(&sql, &[person.into()], |row| stands(row, 0))
}

pub fn standings(tx: &mut Tx, people: &[i64]) -> Result<Vec<(Id<Person>, Standing)>, Failure> {
    let sql = "select person_id, rank, growth, until from level_standings where person_id in";
    tx.all_in((sql, &[]), people, "order by person_id", |row| (row.get(0), stands(row, 1)))
}

/// Where somebody stands; their row is locked, and made when it is first needed.
pub fn standing_to_change(
    tx: &mut Tx,
    person: Id<Person>,
    begin: Standing,
) -> Result<Standing, Failure> {
    tx.run(
        "insert into level_standings (person_id, rank, growth, until) values ($1, $2, $3, $4)
         on conflict (person_id) do nothing",
        &[person.into(), (begin.rank as i64).into(), begin.growth.into(), begin.until.into()],
    )?;
    let lock = tx.lock();
    standing(tx, person, lock)?.ok_or(Failure::NotFound)
}

pub fn is_moved(tx: &mut Tx, cause: (&str, i64)) -> Result<bool, Failure> {
    let sql = "select 1 from level_moves where kind = $1 and about_id = $2";
    Ok(tx.maybe(sql, &[cause.0.into(), cause.1.into()], |_| ())?.is_some())
}

pub fn change(
    tx: &mut Tx,
    person: Id<Person>,
    cause: (&str, i64),
    by: i64,
    (before, after): (Standing, Standing),
) -> Result<(), Failure> {
    let id: Id<Move> = tx.id();
    tx.run(
        "insert into level_moves (id, person_id, kind, about_id, growth, from_rank, to_rank,
                                  stands, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            id.into(),
            person.into(),
            cause.0.into(),
            cause.1.into(),
            by.into(),
            (before.rank as i64).into(),
            (after.rank as i64).into(),
            after.growth.into(),
            tx.now.into(),
        ],
    )?;
    tx.run(
        "update level_standings set rank = $2, growth = $3, until = $4 where person_id = $1",
        &[person.into(), (after.rank as i64).into(), after.growth.into(), after.until.into()],
    )?;
    Ok(())
}

/// Whose period has ended.
pub fn due(tx: &mut Tx, limit: i64) -> Result<Vec<Id<Person>>, Failure> {
    let sql = "select person_id from level_standings where until <= $1 and exists
                 (select 1 from levels) order by until limit $2";
    tx.all(sql, &[tx.now.into(), limit.into()], |row| row.get(0))
}
