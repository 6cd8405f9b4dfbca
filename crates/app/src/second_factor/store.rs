//! Second factors, the codes that replace them, and tickets in the database.

use domain::id::Id;
use domain::moment::Moment;
use domain::person::Person;

use super::Standing;
use crate::db::Tx;
use crate::failure::Failure;

/// A second factor as it is kept.
pub struct Kept {
    pub secret: Vec<u8>,
    pub confirmed: bool,
}

pub fn get(tx: &mut Tx, person: Id<Person>) -> Result<Option<Kept>, Failure> {
    tx.maybe(
        "select secret, confirmed_at from second_factors where person_id = $1",
        &[person.into()],
        |row| Kept { secret: row.get(0), confirmed: row.get::<Option<i64>>(1).is_some() },
    )
}

pub fn standing(tx: &mut Tx, person: Id<Person>) -> Result<Standing, Failure> {
    let since = tx.maybe(
        "select confirmed_at from second_factors where person_id = $1",
        &[person.into()],
        |row| row.get::<Option<Moment>>(0),
    )?;
    let recovery_left = tx.one(
        "select count(*) from recovery_codes where person_id = $1 and used_at is null",
        &[person.into()],
        |row| row.get(0),
    )?;
    Ok(Standing { since: since.flatten(), recovery_left })
}

/// Keeps a secret that is still to be confirmed. Whether none was confirmed before.
pub fn begin(tx: &mut Tx, person: Id<Person>, secret: &[u8]) -> Result<bool, Failure> {
    let changed = tx.run(
        "insert into second_factors (person_id, secret, created_at) values ($1, $2, $3)
         on conflict (person_id) do update set secret = $2, created_at = $3
         where second_factors.confirmed_at is null",
        &[person.into(), secret.into(), tx.now.into()],
    )?;
    Ok(changed == 1)
}

pub fn confirm(tx: &mut Tx, person: Id<Person>, step: i64) -> Result<bool, Failure> {
    let changed = tx.run(
        "update second_factors set confirmed_at = $2, last_step = $3
         where person_id = $1 and confirmed_at is null",
        &[person.into(), tx.now.into(), step.into()],
    )?;
    Ok(changed == 1)
}

/// Takes the code of a step. Whether neither it nor a later one was taken before.
pub fn take_step(tx: &mut Tx, person: Id<Person>, step: i64) -> Result<bool, Failure> {
    let changed = tx.run(
        "update second_factors set last_step = $2
         where person_id = $1 and confirmed_at is not null and last_step < $2",
        &[person.into(), step.into()],
    )?;
    Ok(changed == 1)
}

pub fn add_recovery(tx: &mut Tx, person: Id<Person>, hash: &str) -> Result<(), Failure> {
    tx.run(
        "insert into recovery_codes (person_id, code_hash) values ($1, $2)",
        &[person.into(), hash.into()],
    )?;
    Ok(())
}

/// Takes a code that was written down. Whether it was still good.
pub fn take_recovery(tx: &mut Tx, person: Id<Person>, hash: &str) -> Result<bool, Failure> {
    let changed = tx.run(
        "update recovery_codes set used_at = $3
         where person_id = $1 and code_hash = $2 and used_at is null",
        &[person.into(), hash.into(), tx.now.into()],
    )?;
    Ok(changed == 1)
}

pub fn forget(tx: &mut Tx, person: Id<Person>) -> Result<(), Failure> {
    take_tickets(tx, person)?;
    tx.run("delete from recovery_codes where person_id = $1", &[person.into()])?;
    tx.run("delete from second_factors where person_id = $1", &[person.into()])?;
    Ok(())
}

pub fn add_ticket(
    tx: &mut Tx,
    hash: &str,
    person: Id<Person>,
    expires_at: Moment,
) -> Result<(), Failure> {
    tx.run(
        "insert into sign_in_tickets (token_hash, person_id, expires_at) values ($1, $2, $3)",
        &[hash.into(), person.into(), expires_at.into()],
    )?;
    Ok(())
}

pub fn holder(tx: &mut Tx, hash: &str) -> Result<Option<Id<Person>>, Failure> {
    tx.maybe(
        "select person_id from sign_in_tickets where token_hash = $1 and expires_at > $2",
        &[hash.into(), tx.now.into()],
        |row| row.get(0),
    )
}

/// Spends a ticket. Whether it was still good.
pub fn spend_ticket(tx: &mut Tx, hash: &str, person: Id<Person>) -> Result<bool, Failure> {
    let changed = tx.run(
        "delete from sign_in_tickets
         where token_hash = $1 and person_id = $2 and expires_at > $3",
        &[hash.into(), person.into(), tx.now.into()],
    )?;
    Ok(changed == 1)
}

pub fn take_tickets(tx: &mut Tx, person: Id<Person>) -> Result<(), Failure> {
    tx.run("delete from sign_in_tickets where person_id = $1", &[person.into()])?;
    Ok(())
}

pub fn purge(tx: &mut Tx) -> Result<u64, Failure> {
    tx.run("delete from sign_in_tickets where expires_at <= $1", &[tx.now.into()])
}
