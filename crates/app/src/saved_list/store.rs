//! The tables `saved_lists` and `saved_list_people`.

use domain::campaign::audience::SavedList;
use domain::id::Id;
use domain::person::Person;
use domain::text::masked;

use super::{ListView, MemberView};
use crate::db::{Row, Tx};
use crate::failure::Failure;

const LIST: &str = "select l.id, l.name, l.created_at,
    (select count(*) from saved_list_people m join people p on p.id = m.person_id
       where m.list_id = l.id and p.merged_into is null)
    from saved_lists l";

fn list(row: &Row) -> ListView {
    ListView { id: row.get(0), name: row.get(1), created_at: row.get(2), people: row.get(3) }
}

pub fn all(tx: &mut Tx) -> Result<Vec<ListView>, Failure> {
    tx.all(&format!("{LIST} order by l.id desc"), &[], list)
}

pub fn one(tx: &mut Tx, id: Id<SavedList>) -> Result<ListView, Failure> {
    tx.one(&format!("{LIST} where l.id = $1"), &[id.into()], list)
}

/// Whether its name was free.
pub fn add(tx: &mut Tx, id: Id<SavedList>, name: &str, by: Id<Person>) -> Result<bool, Failure> {
    let added = tx.run(
        "insert into saved_lists (id, name, created_by, created_at) values ($1, $2, $3, $4)
         on conflict (name) do nothing",
        &[id.into(), name.into(), by.into(), tx.now.into()],
    )?;
    Ok(added == 1)
}

pub fn rename(tx: &mut Tx, id: Id<SavedList>, name: &str) -> Result<(), Failure> {
    tx.run("update saved_lists set name = $2 where id = $1", &[id.into(), name.into()])?;
    Ok(())
}

/// Whether a campaign that is not over is for it.
pub fn is_named(tx: &mut Tx, id: Id<SavedList>) -> Result<bool, Failure> {
    let named = format!("%\"{id}\"%");
    let sql = "select id from campaigns where frame like $1
        and status not in ('ended', 'evaluated')";
    Ok(tx.maybe(sql, &[named.into()], |row| row.get::<i64>(0))?.is_some())
}

pub fn remove(tx: &mut Tx, id: Id<SavedList>) -> Result<(), Failure> {
    tx.run("delete from saved_list_people where list_id = $1", &[id.into()])?;
    tx.run("delete from saved_lists where id = $1", &[id.into()])?;
    Ok(())
}

pub fn people(
    tx: &mut Tx,
    id: Id<SavedList>,
    skip: i64,
    limit: i64,
) -> Result<Vec<MemberView>, Failure> {
    tx.all(
        "select p.id, p.name, coalesce(p.email, p.phone, '') from saved_list_people m
         join people p on p.id = m.person_id
         where m.list_id = $1 and p.merged_into is null order by p.id desc limit $3 offset $2",
        &[id.into(), skip.into(), limit.into()],
        |row| MemberView {
            person: row.get(0),
            name: row.get(1),
            contact: masked(&row.get::<String>(2)),
        },
    )
}

/// Whether they were not on it before.
pub fn put_in(tx: &mut Tx, id: Id<SavedList>, person: Id<Person>) -> Result<bool, Failure> {
    let added = tx.run(
        "insert into saved_list_people (list_id, person_id) values ($1, $2)
         on conflict (list_id, person_id) do nothing",
        &[id.into(), person.into()],
    )?;
    Ok(added == 1)
}

/// Whether they were on it.
pub fn take_out(tx: &mut Tx, id: Id<SavedList>, person: Id<Person>) -> Result<bool, Failure> {
    let sql = "delete from saved_list_people where list_id = $1 and person_id in
                 (select id from people where id = $2 or merged_into = $2)";
    Ok(tx.run(sql, &[id.into(), person.into()])? > 0)
}
