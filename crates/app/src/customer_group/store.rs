//! The tables `customer_groups` and `customer_group_members`.

use std::collections::BTreeSet;

use domain::id::Id;
use domain::person::Person;
use domain::price::list::CustomerGroup;
use domain::text::masked;

use super::{GroupView, MemberView, PutGroup};
use crate::db::{Row, Tx};
use crate::failure::Failure;

pub fn of(tx: &mut Tx, person: Id<Person>) -> Result<Vec<Id<CustomerGroup>>, Failure> {
    let sql = "select group_id from customer_group_members where person_id = $1 order by group_id";
    tx.all(sql, &[person.into()], |row| row.get(0))
}

/// Somebody and a group they are in.
type Membership = (Id<Person>, Id<CustomerGroup>);

/// Who of these is in which group.
pub fn of_all(tx: &mut Tx, people: &BTreeSet<Id<Person>>) -> Result<Vec<Membership>, Failure> {
    let ids: Vec<i64> = people.iter().map(|person| person.0).collect();
    let sql = "select person_id, group_id from customer_group_members where person_id in";
    tx.all_in((sql, &[]), &ids, "order by person_id, group_id", |row| (row.get(0), row.get(1)))
}

const GROUP: &str = "select g.id, g.name, g.name_en, g.level, g.version,
    (select count(*) from customer_group_members m join people p on p.id = m.person_id
       where m.group_id = g.id and p.merged_into is null)
    from customer_groups g";

fn group(row: &Row) -> GroupView {
    GroupView {
        id: row.get(0),
        name: row.get(1),
        name_en: row.get(2),
        level: row.get(3),
        version: row.get(4),
        members: row.get(5),
    }
}

pub fn all(tx: &mut Tx) -> Result<Vec<GroupView>, Failure> {
    tx.all(&format!("{GROUP} order by g.level desc, g.id"), &[], group)
}

pub fn one(tx: &mut Tx, id: Id<CustomerGroup>) -> Result<GroupView, Failure> {
    tx.one(&format!("{GROUP} where g.id = $1"), &[id.into()], group)
}

/// Whether its name was free.
pub fn add(tx: &mut Tx, id: Id<CustomerGroup>, put: &PutGroup) -> Result<bool, Failure> {
    let added = tx.run(
        "insert into customer_groups (id, name, name_en, level, created_at, version)
         values ($1, $2, $3, $4, $5, 1) on conflict (name) do nothing",
        &[id.into(), (&put.name).into(), (&put.name_en).into(), put.level.into(), tx.now.into()],
    )?;
    Ok(added == 1)
}

/// Whether nobody changed it meanwhile.
pub fn change(
    tx: &mut Tx,
    id: Id<CustomerGroup>,
    version: i64,
    put: &PutGroup,
) -> Result<bool, Failure> {
    let changed = tx.run(
        "update customer_groups set name = $3, name_en = $4, level = $5, version = version + 1
         where id = $1 and version = $2",
        &[id.into(), version.into(), (&put.name).into(), (&put.name_en).into(), put.level.into()],
    )?;
    Ok(changed == 1)
}

/// Whether a price list is for it.
pub fn is_named(tx: &mut Tx, id: Id<CustomerGroup>) -> Result<bool, Failure> {
    let sql = "select list_id from price_list_groups where group_id = $1
               union all select id from levels where group_id = $1";
    Ok(tx.maybe(sql, &[id.into()], |row| row.get::<i64>(0))?.is_some())
}

pub fn remove(tx: &mut Tx, id: Id<CustomerGroup>) -> Result<(), Failure> {
    tx.run("delete from customer_group_members where group_id = $1", &[id.into()])?;
    tx.run("delete from customer_groups where id = $1", &[id.into()])?;
    Ok(())
}

const MEMBER: &str = "select p.id, p.name, coalesce(p.email, p.phone, ''), m.added_at
    from customer_group_members m join people p on p.id = m.person_id
    where m.group_id = $1 and p.merged_into is null";

fn member_of(row: &Row) -> MemberView {
    let contact = masked(&row.get::<String>(2));
    MemberView { person: row.get(0), name: row.get(1), contact, added_at: row.get(3) }
}

pub fn members(
    tx: &mut Tx,
    id: Id<CustomerGroup>,
    skip: i64,
    limit: i64,
) -> Result<Vec<MemberView>, Failure> {
    let sql = format!("{MEMBER} order by m.added_at desc, p.id limit $3 offset $2");
    tx.all(&sql, &[id.into(), skip.into(), limit.into()], member_of)
}

pub fn member(
    tx: &mut Tx,
    id: Id<CustomerGroup>,
    person: Id<Person>,
) -> Result<MemberView, Failure> {
    tx.one(&format!("{MEMBER} and p.id = $2"), &[id.into(), person.into()], member_of)
}

/// Whether they were not in it before.
pub fn put_in(
    tx: &mut Tx,
    id: Id<CustomerGroup>,
    person: Id<Person>,
    by: Id<Person>,
) -> Result<bool, Failure> {
    let added = tx.run(
        "insert into customer_group_members (group_id, person_id, added_at, added_by)
         values ($1, $2, $3, $4) on conflict (group_id, person_id) do nothing",
        &[id.into(), person.into(), tx.now.into(), by.into()],
    )?;
    Ok(added == 1)
}

/// Whether they were in it.
pub fn take_out(tx: &mut Tx, id: Id<CustomerGroup>, person: Id<Person>) -> Result<bool, Failure> {
    let sql = "delete from customer_group_members where group_id = $1 and person_id in
                 (select id from people where id = $2 or merged_into = $2)";
    Ok(tx.run(sql, &[id.into(), person.into()])? > 0)
}

/// Who is known by this number: whoever they were made one with; nobody who was forgotten.
pub fn who_stands_for(tx: &mut Tx, id: Id<Person>) -> Result<Option<Id<Person>>, Failure> {
    let sql = "select coalesce(merged_into, id) from people where id = $1 and erased_at is null";
    tx.maybe(sql, &[id.into()], |row| row.get(0))
}
