//! The table `addresses`.

use domain::id::Id;
use domain::person::Person;
use domain::place::Address;

use super::{Entry, EntryView};
use crate::db::{Insert, Row, Tx};
use crate::failure::Failure;

const ENTRY: &str = "select id, address, usual from addresses where person_id = $1";

fn entry_of(row: &Row) -> Result<EntryView, Failure> {
    let address = serde_json::from_str(&row.get::<String>(1))?;
    Ok(EntryView { id: row.get(0), address, usual: row.get(2) })
}

pub fn list(tx: &mut Tx, person: Id<Person>, most: i64) -> Result<Vec<EntryView>, Failure> {
    let sql = format!("{ENTRY} order by usual desc, used_at desc, id desc limit $2");
    tx.all(&sql, &[person.into(), most.into()], entry_of)?.into_iter().collect()
}

pub fn find(tx: &mut Tx, person: Id<Person>, id: Id<Entry>) -> Result<EntryView, Failure> {
    tx.one(&format!("{ENTRY} and id = $2"), &[person.into(), id.into()], entry_of)?
}

pub fn count(tx: &mut Tx, person: Id<Person>) -> Result<i64, Failure> {
    let sql = "select count(*) from addresses where person_id = $1";
    tx.one(sql, &[person.into()], |row| row.get(0))
}

/// Keeps an address that was just used; its entry, when there is one already, was used last.
pub(crate) fn keep(tx: &mut Tx, person: Id<Person>, address: &Address) -> Result<(), Failure> {
    static ADDRESSES: Insert = Insert {
        end: "on conflict (person_id, address) do update set used_at = excluded.used_at",
        unique: &[1, 2],
        ..Insert::new("addresses (id, person_id, address, usual, used_at)", 5)
    };
    let (id, now): (Id<Entry>, _) = (tx.id(), tx.now);
    let address = serde_json::to_string(address)?;
    tx.add(&ADDRESSES, vec![id.into(), person.into(), address.into(), 0.into(), now.into()])
}

pub fn add(tx: &mut Tx, person: Id<Person>, address: &Address) -> Result<Id<Entry>, Failure> {
    let id = tx.id();
    put(tx, person, id, address)
}

/// Keeps an address under `id`; the entry that has it, when there is one already.
pub fn put(
    tx: &mut Tx,
    person: Id<Person>,
    id: Id<Entry>,
    address: &Address,
) -> Result<Id<Entry>, Failure> {
    let address = serde_json::to_string(address)?;
    tx.run(
        "insert into addresses (id, person_id, address, usual, used_at)
         values ($1, $2, $3, 0, $4)
         on conflict (person_id, address) do update set used_at = excluded.used_at",
        &[id.into(), person.into(), address.as_str().into(), tx.now.into()],
    )?;
    tx.one(
        "select id from addresses where person_id = $1 and address = $2",
        &[person.into(), address.into()],
        |row| row.get(0),
    )
}

pub fn make_usual(tx: &mut Tx, person: Id<Person>, id: Id<Entry>) -> Result<(), Failure> {
    tx.run("update addresses set usual = 0 where person_id = $1 and usual = 1", &[person.into()])?;
    tx.run(
        "update addresses set usual = 1 where person_id = $1 and id = $2",
        &[person.into(), id.into()],
    )?;
    Ok(())
}

/// Whether it was there.
pub fn remove(tx: &mut Tx, person: Id<Person>, id: Id<Entry>) -> Result<bool, Failure> {
    let removed = tx.run(
        "delete from addresses where person_id = $1 and id = $2",
        &[person.into(), id.into()],
    )?;
    Ok(removed == 1)
}
