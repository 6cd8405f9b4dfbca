//! People and their sign-in codes in the database.

use domain::id::Id;
use domain::moment::Moment;
use domain::person::{CODE_TRIES, Person, Role};

use super::{Code, Contact, PersonView};
use crate::Known;
use crate::db::{Row, Tx};
use crate::failure::Failure;

/// A code as it is kept.
pub struct Kept {
    pub id: Id<Code>,
    pub hash: String,
    pub expires_at: Moment,
    pub tries: i64,
    pub used: bool,
}

pub fn add_code(
    tx: &mut Tx,
    id: Id<Code>,
    contact: &Contact,
    hash: &str,
    expires_at: Moment,
) -> Result<(), Failure> {
    tx.run(
        "insert into sign_in_codes (id, contact, code_hash, expires_at, created_at)
         values ($1, $2, $3, $4, $5)",
        &[id.into(), contact.as_str().into(), hash.into(), expires_at.into(), tx.now.into()],
    )?;
    Ok(())
}

/// The code sent last: only that one lets in.
pub fn last_code(tx: &mut Tx, contact: &Contact) -> Result<Option<Kept>, Failure> {
    let sql = format!(
        "select id, code_hash, expires_at, tries, used_at from sign_in_codes where contact = $1
         order by created_at desc, id desc limit 1{}",
        tx.lock()
    );
    tx.maybe(&sql, &[contact.as_str().into()], |row| Kept {
        id: row.get(0),
        hash: row.get(1),
        expires_at: row.get(2),
        tries: row.get(3),
        used: row.get::<Option<i64>>(4).is_some(),
    })
}

/// Spends a code. Whether it was still to be spent.
pub fn spend_code(tx: &mut Tx, id: Id<Code>) -> Result<bool, Failure> {
    let changed = tx.run(
        "update sign_in_codes set used_at = $2
         where id = $1 and used_at is null and tries < $3 and expires_at > $2",
        &[id.into(), tx.now.into(), CODE_TRIES.into()],
    )?;
    Ok(changed == 1)
}

pub fn count_try(tx: &mut Tx, id: Id<Code>) -> Result<(), Failure> {
    tx.run("update sign_in_codes set tries = tries + 1 where id = $1", &[id.into()])?;
    Ok(())
}

/// Forgets codes that nobody can use any more.
pub fn forget_codes(tx: &mut Tx, before: Moment) -> Result<u64, Failure> {
    tx.run("delete from sign_in_codes where expires_at < $1", &[before.into()])
}

const VIEW: &str = "select id, name, email, phone, locale, role, created_at from people";

fn view(row: &Row) -> PersonView {
    PersonView {
        id: row.get(0),
        name: row.get(1),
        email: row.get(2),
        phone: row.get(3),
        locale: row.get(4),
        role: role(row, 5),
        created_at: row.get(6),
    }
}

/// The table allows no other role than ours.
fn role(row: &Row, column: usize) -> Role {
    Role::parse(&row.get::<String>(column)).unwrap_or(Role::Shopper)
}

fn known(row: &Row) -> Known {
    Known { id: row.get(0), name: row.get(1), role: role(row, 2) }
}

pub fn get(tx: &mut Tx, person: Id<Person>) -> Result<PersonView, Failure> {
    tx.one(&format!("{VIEW} where id = $1"), &[person.into()], view)
}

pub fn find_by_contact(tx: &mut Tx, contact: &Contact) -> Result<Option<Known>, Failure> {
    let column = match contact {
        Contact::Email(_) => "email",
        Contact::Phone(_) => "phone",
    };
    let sql = format!("select id, name, role from people where {column} = $1");
    tx.maybe(&sql, &[contact.as_str().into()], known)
}

/// Adds a shopper. Whether nobody had the contact.
pub fn add(
    tx: &mut Tx,
    id: Id<Person>,
    contact: &Contact,
    name: &str,
    locale: &str,
) -> Result<bool, Failure> {
    let (email, phone) = match contact {
        Contact::Email(email) => (Some(email.as_str()), None),
        Contact::Phone(phone) => (None, Some(phone.as_str())),
    };
    let added = tx.run(
        "insert into people (id, name, email, phone, locale, role, created_at)
         values ($1, $2, $3, $4, $5, 'shopper', $6) on conflict do nothing",
        &[id.into(), name.into(), email.into(), phone.into(), locale.into(), tx.now.into()],
    )?;
    Ok(added == 1)
}

pub fn rename(tx: &mut Tx, person: Id<Person>, name: &str) -> Result<(), Failure> {
    tx.run("update people set name = $2 where id = $1", &[person.into(), name.into()])?;
    Ok(())
}

/// Makes somebody staff with a password. Whether they were not yet.
pub fn promote(
    tx: &mut Tx,
    person: Id<Person>,
    role: Role,
    password_hash: &str,
) -> Result<bool, Failure> {
    let changed = tx.run(
        "update people set role = $2, password_hash = $3 where id = $1 and role = 'shopper'",
        &[person.into(), role.code().into(), password_hash.into()],
    )?;
    Ok(changed == 1)
}

/// Makes staff a shopper again, unless they are the last owner. Whether they were staff.
pub fn demote(tx: &mut Tx, person: Id<Person>) -> Result<bool, Failure> {
    // Two owners who remove each other at once meet at these locks, in one order.
    let sql = format!("select id from people where role = 'owner' order by id{}", tx.lock());
    tx.all(&sql, &[], |_| ())?;
    let changed = tx.run(
        "update people set role = 'shopper', password_hash = null
         where id = $1 and role <> 'shopper'
           and exists (select 1 from people other where other.role = 'owner' and other.id <> $1)",
        &[person.into()],
    )?;
    Ok(changed == 1)
}

pub fn set_password(tx: &mut Tx, person: Id<Person>, hash: &str) -> Result<(), Failure> {
    tx.run(
        "update people set password_hash = $2 where id = $1 and role <> 'shopper'",
        &[person.into(), hash.into()],
    )?;
    Ok(())
}

/// Staff by contact or by the name they are called, with their password's hash. A name that two of
/// them have lets nobody in.
pub fn staff_by_name(tx: &mut Tx, name: &str) -> Result<Option<(Known, String)>, Failure> {
    let contact = Contact::new(name).map(|contact| contact.as_str().to_string());
    let contact = contact.unwrap_or_default();
    let mut found = tx.all(
        "select id, name, role, password_hash from people
         where role <> 'shopper' and password_hash is not null
           and (email = $1 or phone = $1 or name = $2)
         order by id limit 2",
        &[contact.into(), name.into()],
        |row| (known(row), row.get::<String>(3)),
    )?;
    Ok(if found.len() == 1 { found.pop() } else { None })
}

pub fn staff(tx: &mut Tx) -> Result<Vec<PersonView>, Failure> {
    tx.all(&format!("{VIEW} where role <> 'shopper' order by id"), &[], view)
}
