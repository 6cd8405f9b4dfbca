//! The tables `task_deeds` and `task_claims`.

use domain::campaign::Campaign;
use domain::id::Id;
use domain::person::Person;
use domain::task::{Progress, Task};

use crate::db::Tx;
use crate::failure::Failure;

pub fn progress(
    tx: &mut Tx,
    id: Id<Campaign>,
    task: &Task,
    person: Id<Person>,
    period: i64,
) -> Result<Progress, Failure> {
    let of = [id.into(), task.id.into(), person.into(), period.into()];
    let done = tx.all(
        "select key from task_deeds
         where campaign_id = $1 and task = $2 and person_id = $3 and period = $4 order by at, key",
        &of,
        |row| row.get(0),
    )?;
    let claimed = tx.maybe(
        "select at from task_claims
         where campaign_id = $1 and task = $2 and person_id = $3 and period = $4",
        &of,
        |row| row.get::<i64>(0),
    )?;
    Ok(Progress { period, done, claimed: claimed.is_some() })
}

pub fn add_deed(
    tx: &mut Tx,
    id: Id<Campaign>,
    task: &Task,
    person: Id<Person>,
    period: i64,
    key: &str,
) -> Result<(), Failure> {
    tx.run(
        "insert into task_deeds (campaign_id, task, person_id, period, key, at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (campaign_id, task, person_id, period, key) do nothing",
        &[id.into(), task.id.into(), person.into(), period.into(), key.into(), tx.now.into()],
    )?;
    Ok(())
}

/// Whether nobody took it before.
pub fn claim(
    tx: &mut Tx,
    id: Id<Campaign>,
    task: &Task,
    person: Id<Person>,
    period: i64,
) -> Result<bool, Failure> {
    let added = tx.run(
        "insert into task_claims (campaign_id, task, person_id, period, at)
         values ($1, $2, $3, $4, $5) on conflict (campaign_id, task, person_id, period) do nothing",
        &[id.into(), task.id.into(), person.into(), period.into(), tx.now.into()],
    )?;
    Ok(added == 1)
}

pub fn author(tx: &mut Tx, review: i64) -> Result<Id<Person>, Failure> {
    tx.one("select person_id from reviews where id = $1", &[review.into()], |row| row.get(0))
}

/// Who came last by somebody's links: the same visitor is the same key.
pub fn last_visitor(tx: &mut Tx, sharer: Id<Person>) -> Result<String, Failure> {
    tx.one(
        "select coalesce(v.person_id, v.session_id, v.id) from visits v
         join share_links l on l.id = v.link_id
         where l.person_id = $1 order by v.id desc limit 1",
        &[sharer.into()],
        |row| row.get::<i64>(0).to_string(),
    )
}
