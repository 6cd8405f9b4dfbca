//! The tables `data_exports` and `erasures`, and what stands in the way of an erasure.

use domain::customer::{DataExport, Erasure};
use domain::id::Id;
use domain::moment::Moment;
use domain::person::Person;

use super::{ErasureView, ExportView};
use crate::db::{Row, Tx};
use crate::failure::Failure;

/// Two who ask for the same person go one after the other.
pub fn lock(tx: &mut Tx, person: Id<Person>) -> Result<(), Failure> {
    let sql = format!(
        "select 1 from people where id = $1 and merged_into is null and erased_at is null{}",
        tx.lock()
    );
    tx.one(&sql, &[person.into()], |_| ())
}

const EXPORT: &str = "select id, state, asked_at, ready_at, expires_at,
                             coalesce(length(bytes), 0) from data_exports where person_id = $1";

fn export_of(row: &Row) -> ExportView {
    ExportView {
        id: row.get(0),
        state: row.get(1),
        asked_at: row.get(2),
        ready_at: row.get(3),
        expires_at: row.get(4),
        bytes: row.get(5),
    }
}

pub fn exports(tx: &mut Tx, person: Id<Person>) -> Result<Vec<ExportView>, Failure> {
    tx.all(&format!("{EXPORT} order by id desc limit 10"), &[person.into()], export_of)
}

pub fn export(tx: &mut Tx, person: Id<Person>, id: Id<DataExport>) -> Result<ExportView, Failure> {
    tx.one(&format!("{EXPORT} and id = $2"), &[person.into(), id.into()], export_of)
}

pub fn add_export(tx: &mut Tx, id: Id<DataExport>, person: Id<Person>) -> Result<(), Failure> {
    tx.run(
        "insert into data_exports (id, person_id, state, asked_at) values ($1, $2, 'asked', $3)",
        &[id.into(), person.into(), tx.now.into()],
    )?;
    Ok(())
}

/// Who waits for a copy; nobody when it was made already.
pub fn asked_by(tx: &mut Tx, id: Id<DataExport>) -> Result<Option<Id<Person>>, Failure> {
    let sql = "select person_id from data_exports where id = $1 and state = 'asked'";
    tx.maybe(sql, &[id.into()], |row| row.get(0))
}

/// Whether it was still waited for.
pub fn ready(
    tx: &mut Tx,
    id: Id<DataExport>,
    bytes: &[u8],
    until: Moment,
) -> Result<bool, Failure> {
    let changed = tx.run(
        "update data_exports set state = 'ready', ready_at = $2, expires_at = $3, bytes = $4
         where id = $1 and state = 'asked'",
        &[id.into(), tx.now.into(), until.into(), bytes.into()],
    )?;
    Ok(changed == 1)
}

pub fn bytes(
    tx: &mut Tx,
    person: Id<Person>,
    id: Id<DataExport>,
) -> Result<Option<Vec<u8>>, Failure> {
    tx.maybe(
        "select bytes from data_exports
         where id = $1 and person_id = $2 and state = 'ready' and expires_at > $3",
        &[id.into(), person.into(), tx.now.into()],
        |row| row.get(0),
    )
}

pub fn purge(tx: &mut Tx) -> Result<u64, Failure> {
    tx.run(
        "update data_exports set state = 'gone', bytes = null
         where state = 'ready' and expires_at <= $1",
        &[tx.now.into()],
    )
}

/// Somebody's wish that was not taken back.
pub fn erasure(tx: &mut Tx, person: Id<Person>) -> Result<Option<ErasureView>, Failure> {
    tx.maybe(
        "select id, state, asked_at, due_at, keep_until from erasures
         where person_id = $1 and state <> 'cancelled'",
        &[person.into()],
        |row| ErasureView {
            id: row.get(0),
            state: row.get(1),
            asked_at: row.get(2),
            due_at: row.get(3),
            keep_until: row.get(4),
        },
    )
}

pub fn add_erasure(
    tx: &mut Tx,
    id: Id<Erasure>,
    person: Id<Person>,
    actor: Option<Id<Person>>,
    due_at: Moment,
) -> Result<(), Failure> {
    tx.run(
        "insert into erasures (id, person_id, state, actor_id, asked_at, due_at)
         values ($1, $2, 'asked', $3, $4, $5)",
        &[id.into(), person.into(), actor.into(), tx.now.into(), due_at.into()],
    )?;
    Ok(())
}

/// Whether there was a wish that could be taken back.
pub fn cancel(tx: &mut Tx, person: Id<Person>) -> Result<bool, Failure> {
    let changed = tx.run(
        "update erasures set state = 'cancelled', cancelled_at = $2
         where person_id = $1 and state = 'asked'",
        &[person.into(), tx.now.into()],
    )?;
    Ok(changed == 1)
}

/// Orders and returns of somebody's that are not at their end.
pub fn open(tx: &mut Tx, person: Id<Person>) -> Result<(i64, i64), Failure> {
    tx.one(
        "select (select count(*) from orders where person_id = $1
                 and status not in ('completed', 'cancelled', 'refunded'))
              + (select count(*) from gift_takers t join gifts g on g.id = t.gift_id
                 join orders o on o.id = g.order_id where t.person_id = $1
                 and o.status not in ('completed', 'cancelled', 'refunded')),
                (select count(*) from after_sales where person_id = $1
                 and status not in ('refunded', 'replaced', 'closed', 'withdrawn'))",
        &[person.into()],
        |row| (row.get(0), row.get(1)),
    )
}
