//! Passkeys and what they are given to sign, in the database.
//!
//! Whoever was merged into somebody has their keys still: they open that person's account.

use domain::id::Id;
use domain::moment::Moment;
use domain::person::Person;

use super::ceremony::{Made, Said};
use super::{Passkey, PasskeyView};
use crate::db::{Row, Tx};
use crate::failure::Failure;

/// Whose keys are `$1`'s.
const OWN: &str = "person_id in (select id from people where id = $1 or merged_into = $1)";

/// A key as it is kept.
pub struct Kept {
    pub id: Id<Passkey>,
    /// Whose it was when it was made.
    pub person: Id<Person>,
    /// Whose it is now.
    pub now: Id<Person>,
    pub public_key: Vec<u8>,
    pub sign_count: i64,
}

const VIEW: &str = "select id, name, synced, created_at, last_used_at from passkeys";

fn view(row: &Row) -> PasskeyView {
    PasskeyView {
        id: row.get(0),
        name: row.get(1),
        synced: row.get::<i64>(2) == 1,
        created_at: row.get(3),
        last_used_at: row.get(4),
    }
}

pub fn list(tx: &mut Tx, person: Id<Person>) -> Result<Vec<PasskeyView>, Failure> {
    let sql = format!("{VIEW} where {OWN} order by created_at desc, id desc");
    tx.all(&sql, &[person.into()], view)
}

/// One of somebody's keys; anybody else's is not found.
pub fn get(tx: &mut Tx, id: Id<Passkey>, person: Id<Person>) -> Result<PasskeyView, Failure> {
    planted!("passkey_of_others", return anybodys(tx, id));
    let sql = format!("{VIEW} where {OWN} and id = $2");
    tx.maybe(&sql, &[person.into(), id.into()], view)?.ok_or(Failure::NotFound)
}

/// A key, whosever it is.
#[cfg(feature = "planted")]
fn anybodys(tx: &mut Tx, id: Id<Passkey>) -> Result<PasskeyView, Failure> {
    tx.one(&format!("{VIEW} where id = $1"), &[id.into()], view)
}

pub fn names(tx: &mut Tx, person: Id<Person>) -> Result<Vec<Vec<u8>>, Failure> {
    let sql = format!("select credential_id from passkeys where {OWN} order by id");
    tx.all(&sql, &[person.into()], |row| row.get(0))
}

pub fn count(tx: &mut Tx, person: Id<Person>) -> Result<i64, Failure> {
    tx.one(&format!("select count(*) from passkeys where {OWN}"), &[person.into()], |row| {
        row.get(0)
    })
}

/// What somebody comes in with otherwise.
pub fn contact(tx: &mut Tx, person: Id<Person>) -> Result<String, Failure> {
    tx.one(
        "select coalesce(email, phone, name) from people where id = $1",
        &[person.into()],
        |row| row.get(0),
    )
}

/// Keeps a key. Whether nobody has it.
pub fn add(
    tx: &mut Tx,
    id: Id<Passkey>,
    person: Id<Person>,
    name: &str,
    said: &Said,
    made: &Made,
) -> Result<bool, Failure> {
    let changed = tx.run(
        "insert into passkeys
           (id, person_id, credential_id, public_key, sign_count, name, synced, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (credential_id) do nothing",
        &[
            id.into(),
            person.into(),
            made.id.as_slice().into(),
            made.public_key.as_slice().into(),
            i64::from(said.sign_count).into(),
            name.into(),
            i64::from(said.synced).into(),
            tx.now.into(),
        ],
    )?;
    Ok(changed == 1)
}

pub fn rename(tx: &mut Tx, id: Id<Passkey>, person: Id<Person>, name: &str) -> Result<(), Failure> {
    let sql = format!("update passkeys set name = $3 where {OWN} and id = $2");
    tx.run(&sql, &[person.into(), id.into(), name.into()])?;
    Ok(())
}

pub fn remove(tx: &mut Tx, id: Id<Passkey>) -> Result<(), Failure> {
    tx.run("delete from passkeys where id = $1", &[id.into()])?;
    Ok(())
}

/// The key of this name, held until the transaction ends: two signatures are judged one by one.
pub fn find(tx: &mut Tx, credential: &[u8]) -> Result<Option<Kept>, Failure> {
    let sql = format!(
        "select k.id, k.person_id, k.public_key, k.sign_count from passkeys k
         where k.credential_id = $1{}",
        tx.lock()
    );
    let found = tx.maybe(&sql, &[credential.into()], |row| Kept {
        id: row.get(0),
        person: row.get(1),
        now: row.get(1),
        public_key: row.get(2),
        sign_count: row.get(3),
    })?;
    let Some(mut kept) = found else { return Ok(None) };
    let sql = "select coalesce(merged_into, id) from people where id = $1";
    kept.now = tx.one(sql, &[kept.person.into()], |row| row.get(0))?;
    Ok(Some(kept))
}

pub fn used(tx: &mut Tx, id: Id<Passkey>, said: &Said) -> Result<(), Failure> {
    tx.run(
        "update passkeys set sign_count = $2, synced = $3, last_used_at = $4 where id = $1",
        &[
            id.into(),
            i64::from(said.sign_count).into(),
            i64::from(said.synced).into(),
            tx.now.into(),
        ],
    )?;
    Ok(())
}

pub fn forget(tx: &mut Tx, person: Id<Person>) -> Result<(), Failure> {
    tx.run("delete from passkey_challenges where person_id = $1", &[person.into()])?;
    tx.run("delete from passkeys where person_id = $1", &[person.into()])?;
    Ok(())
}

pub fn add_challenge(
    tx: &mut Tx,
    hash: &str,
    person: Option<Id<Person>>,
    expires_at: Moment,
) -> Result<(), Failure> {
    tx.run(
        "insert into passkey_challenges (challenge_hash, person_id, expires_at)
         values ($1, $2, $3)",
        &[hash.into(), person.into(), expires_at.into()],
    )?;
    Ok(())
}

/// Whose challenge: nobody's is `0`.
const ITS: &str = "challenge_hash = $1 and coalesce(person_id, 0) = $2 and expires_at > $3";

/// Takes a challenge. Whether it was there, for them, and not too old.
pub fn take_challenge(
    tx: &mut Tx,
    hash: &str,
    person: Option<Id<Person>>,
) -> Result<bool, Failure> {
    let person = person.map_or(0, |person| person.0);
    let sql = format!("delete from passkey_challenges where {ITS}");
    Ok(tx.run(&sql, &[hash.into(), person.into(), tx.now.into()])? == 1)
}

/// Whether a challenge is there, for them, and not too old.
#[cfg(feature = "planted")]
pub fn there(tx: &mut Tx, hash: &str, person: Option<Id<Person>>) -> Result<bool, Failure> {
    let person = person.map_or(0, |person| person.0);
    let sql = format!("select 1 from passkey_challenges where {ITS}");
    Ok(tx.maybe(&sql, &[hash.into(), person.into(), tx.now.into()], |_| ())?.is_some())
}

pub fn purge(tx: &mut Tx) -> Result<u64, Failure> {
    tx.run("delete from passkey_challenges where expires_at <= $1", &[tx.now.into()])
}
