//! Sessions in the database.

use domain::id::Id;
use domain::moment::Moment;
use domain::person::{Person, Session};

use super::{SessionFound, SessionView, Started};
use crate::Known;
use crate::db::Tx;
use crate::failure::Failure;

pub fn find(tx: &mut Tx, hash: &str) -> Result<Option<SessionFound>, Failure> {
    tx.maybe(
        "select s.id, s.csrf, s.expires_at, p.id, p.name,
         case when p.seller_id is null then coalesce(p.staff_role, p.role)
            else 'seller' end, coalesce(cast(p.seller_id as text), r.grants)
         from sessions s left join people p on p.id = s.person_id
           left join roles r on r.id = p.role_id
         where s.token_hash = $1 and s.expires_at > $2",
        &[hash.into(), tx.now.into()],
        |row| SessionFound {
            session: row.get(0),
            csrf: row.get(1),
            expires_at: row.get(2),
            person: row.get::<Option<i64>>(3).map(|_| Known::read(row, 3)),
            renewed: false,
        },
    )
}

pub fn renew(tx: &mut Tx, session: Id<Session>, until: Moment) -> Result<(), Failure> {
    tx.run(
        "update sessions set expires_at = $2 where id = $1 and expires_at < $2",
        &[session.into(), until.into()],
    )?;
    Ok(())
}

pub fn add(
    tx: &mut Tx,
    started: &Started,
    hash: &str,
    person: Option<Id<Person>>,
) -> Result<(), Failure> {
    tx.run(
        "insert into sessions (id, token_hash, csrf, person_id, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6)",
        &[
            started.session.into(),
            hash.into(),
            (&started.csrf).into(),
            person.into(),
            tx.now.into(),
            started.expires_at.into(),
        ],
    )?;
    Ok(())
}

/// Makes a guest's session `person`'s. Whether it still was a guest's.
pub fn take_over(
    tx: &mut Tx,
    started: &Started,
    hash: &str,
    person: Id<Person>,
) -> Result<bool, Failure> {
    let changed = tx.run(
        "update sessions set token_hash = $2, csrf = $3, person_id = $4, expires_at = $5
         where id = $1 and person_id is null and expires_at > $6",
        &[
            started.session.into(),
            hash.into(),
            (&started.csrf).into(),
            person.into(),
            started.expires_at.into(),
            tx.now.into(),
        ],
    )?;
    Ok(changed == 1)
}

pub fn end(tx: &mut Tx, session: Id<Session>) -> Result<(), Failure> {
    tx.run("delete from sessions where id = $1", &[session.into()])?;
    Ok(())
}

pub fn end_all(tx: &mut Tx, person: Id<Person>) -> Result<(), Failure> {
    tx.run("delete from sessions where person_id = $1", &[person.into()])?;
    Ok(())
}

pub fn end_others(
    tx: &mut Tx,
    person: Id<Person>,
    keep: Option<Id<Session>>,
) -> Result<u64, Failure> {
    let keep = keep.map_or(0, |keep| keep.0);
    tx.run("delete from sessions where person_id = $1 and id <> $2", &[person.into(), keep.into()])
}

pub fn list(
    tx: &mut Tx,
    person: Id<Person>,
    here: Option<Id<Session>>,
) -> Result<Vec<SessionView>, Failure> {
    tx.all(
        "select id, created_at, expires_at from sessions
         where person_id = $1 and expires_at > $2 order by created_at desc, id desc limit 100",
        &[person.into(), tx.now.into()],
        |row| SessionView {
            here: here == Some(row.get(0)),
            began_at: row.get(1),
            expires_at: row.get(2),
        },
    )
}

pub fn purge(tx: &mut Tx) -> Result<u64, Failure> {
    tx.run("delete from sessions where expires_at <= $1", &[tx.now.into()])
}
