//! Staff acts and the end of their chain in the database.

use domain::id::Id;

use super::{Act, StaffAct, StaffActView};
use crate::db::Tx;
use crate::failure::Failure;

const CHAIN: &str = "staff_acts";

/// The hash of the last act, locked until the next is written.
pub fn lock_head(tx: &mut Tx) -> Result<String, Failure> {
    tx.run(
        "insert into chain_heads (name, hash, length) values ($1, '', 0)
         on conflict (name) do nothing",
        &[CHAIN.into()],
    )?;
    let sql = format!("select hash from chain_heads where name = $1{}", tx.lock());
    tx.one(&sql, &[CHAIN.into()], |row| row.get(0))
}

/// The hash of the last act and how many there are.
pub fn head(tx: &mut Tx) -> Result<(String, i64), Failure> {
    let head =
        tx.maybe("select hash, length from chain_heads where name = $1", &[CHAIN.into()], |row| {
            (row.get(0), row.get(1))
        })?;
    Ok(head.unwrap_or_default())
}

/// Moves the end of the chain from `from` to `to`. Whether it was there.
pub fn move_head(tx: &mut Tx, from: &str, to: &str) -> Result<bool, Failure> {
    let changed = tx.run(
        "update chain_heads set hash = $3, length = length + 1 where name = $1 and hash = $2",
        &[CHAIN.into(), from.into(), to.into()],
    )?;
    Ok(changed == 1)
}

pub fn add(tx: &mut Tx, act: &Act, previous: &str, hash: &str) -> Result<(), Failure> {
    tx.run(
        "insert into staff_acts
         (id, actor_id, action, about, about_id, detail, at, prev_hash, hash, salt, seal)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        &[
            act.id.into(),
            act.actor.into(),
            (&act.action).into(),
            (&act.about).into(),
            act.about_id.into(),
            (&act.detail).into(),
            act.at.into(),
            previous.into(),
            hash.into(),
            act.salt.clone().into(),
            act.seal.clone().into(),
        ],
    )?;
    Ok(())
}

/// Takes away the words of acts about one thing, with what they were sealed with. What was done
/// before there were seals keeps its words: they are in the chain.
pub fn forget_words(tx: &mut Tx, about: &str, id: i64) -> Result<(), Failure> {
    tx.run(
        "update staff_acts set detail = '', salt = null
         where about = $1 and about_id = $2 and seal is not null",
        &[about.into(), id.into()],
    )?;
    Ok(())
}

/// Every act with the hash before it and its own.
pub fn all(tx: &mut Tx) -> Result<Vec<(Act, String, String)>, Failure> {
    tx.all(
        "select id, actor_id, action, about, about_id, detail, at, prev_hash, hash, salt, seal
         from staff_acts",
        &[],
        |row| {
            let act = Act {
                id: row.get(0),
                actor: row.get(1),
                action: row.get(2),
                about: row.get(3),
                about_id: row.get(4),
                detail: row.get(5),
                at: row.get(6),
                salt: row.get(9),
                seal: row.get(10),
            };
            (act, row.get(7), row.get(8))
        },
    )
}

pub fn list(
    tx: &mut Tx,
    before: Option<Id<StaffAct>>,
    limit: i64,
) -> Result<Vec<StaffActView>, Failure> {
    let before = before.map_or(i64::MAX, |id| id.0);
    tx.all(
        "select a.id, a.actor_id, p.name, a.action, a.about, a.about_id, a.detail, a.at, a.hash
         from staff_acts a left join people p on p.id = a.actor_id
         where a.id < $1 order by a.id desc limit $2",
        &[before.into(), limit.into()],
        |row| StaffActView {
            id: row.get(0),
            actor: row.get(1),
            actor_name: row.get::<Option<String>>(2).unwrap_or_default(),
            action: row.get(3),
            about: row.get(4),
            about_id: row.get::<i64>(5).to_string(),
            detail: row.get(6),
            at: row.get(7),
            hash: row.get(8),
        },
    )
}
