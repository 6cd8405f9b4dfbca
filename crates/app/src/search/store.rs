//! The table `synonyms`, and what changed as the log and the stock's moves tell it.

use domain::id::Id;
use engine::search::Group;

use super::{Synonym, SynonymView};
use crate::db::{Row, Tx};
use crate::failure::Failure;

/// The products that changed after an event, each with its last one. All of them: what is read
/// again is always at the beginning, so that a limit could keep the rest out for ever.
pub fn changed(tx: &mut Tx, after: i64) -> Result<Vec<(i64, i64)>, Failure> {
    tx.all(
        "select max(id), about_id from events where name = 'product.changed' and id > $1
         group by about_id",
        &[after.into()],
        |row| (row.get(0), row.get(1)),
    )
}

/// The products whose stock moved after another move: the last of each, and whether it has units.
pub fn moved(tx: &mut Tx, after: i64) -> Result<Vec<(i64, i64, bool)>, Failure> {
    tx.all(
        "select max(m.id), v.product_id,
                (select max(case when w.tracked = 0 or w.oversell = 1 or s.available > 0
                                 then 1 else 0 end)
                 from variants w left join stock s on s.variant_id = w.id
                 where w.product_id = v.product_id and w.archived = 0)
         from stock_moves m join variants v on v.id = m.variant_id
         where m.id > $1 group by v.product_id",
        &[after.into()],
        |row| (row.get(0), row.get(1), row.get::<Option<i64>>(2) == Some(1)),
    )
}

pub fn last_event(tx: &mut Tx) -> Result<i64, Failure> {
    tx.one("select coalesce(max(id), 0) from events", &[], |row| row.get(0))
}

pub fn last_move(tx: &mut Tx) -> Result<i64, Failure> {
    tx.one("select coalesce(max(id), 0) from stock_moves", &[], |row| row.get(0))
}

fn view_of(row: &Row) -> Result<SynonymView, Failure> {
    Ok(SynonymView {
        id: row.get(0),
        words: serde_json::from_str(&row.get::<String>(1))?,
        one_way: row.get(2),
    })
}

pub fn synonyms(tx: &mut Tx) -> Result<Vec<SynonymView>, Failure> {
    let sql = "select id, words, one_way from synonyms order by id desc";
    tx.all(sql, &[], view_of)?.into_iter().collect()
}

/// Tells one state of the groups from another.
pub fn newest_synonyms(tx: &mut Tx) -> Result<(i64, i64), Failure> {
    let sql = "select coalesce(max(id), 0), count(*) from synonyms";
    tx.one(sql, &[], |row| (row.get(0), row.get(1)))
}

pub fn groups(tx: &mut Tx) -> Result<Vec<Group>, Failure> {
    let group = |one: SynonymView| match one.words.split_first() {
        Some((first, others)) if one.one_way => Group::Also(first.clone(), others.to_vec()),
        _ => Group::Same(one.words),
    };
    Ok(synonyms(tx)?.into_iter().map(group).collect())
}

pub fn add_synonyms(tx: &mut Tx, made: &SynonymView) -> Result<(), Failure> {
    tx.run(
        "insert into synonyms (id, words, one_way, made_at) values ($1, $2, $3, $4)",
        &[
            made.id.into(),
            serde_json::to_string(&made.words)?.into(),
            i64::from(made.one_way).into(),
            tx.now.into(),
        ],
    )?;
    Ok(())
}

/// Whether it was there.
pub fn remove_synonyms(tx: &mut Tx, id: Id<Synonym>) -> Result<bool, Failure> {
    Ok(tx.run("delete from synonyms where id = $1", &[id.into()])? == 1)
}
