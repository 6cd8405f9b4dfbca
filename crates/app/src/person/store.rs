//! People and their sign-in codes in the database.

use domain::id::Id;
use domain::moment::Moment;
use domain::person::{CODE_TRIES, CustomRole, Person, Role};

use super::roles::Place;
use super::{Code, Contact, OwnRole, PersonView};
use crate::Known;
use crate::db::{Row, Tx, Value};
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

const VIEW: &str = "select p.id, p.name,
     case when p.seller_id is null then coalesce(p.staff_role, p.role)
        else 'seller' end, coalesce(cast(p.seller_id as text), r.grants), p.email, p.phone,
    p.locale, p.created_at, r.id, r.name
    from people p left join roles r on r.id = p.role_id";

fn view(row: &Row) -> PersonView {
    let Known { id, name, role, grants, seller } = Known::read(row, 0);
    PersonView {
        id,
        name,
        email: row.get(4),
        phone: row.get(5),
        locale: row.get(6),
        role,
        grants: grants.codes(),
        own_role: row.get::<Option<Id<CustomRole>>>(8).map(|id| OwnRole { id, name: row.get(9) }),
        seller,
        created_at: row.get(7),
    }
}

pub fn get(tx: &mut Tx, person: Id<Person>) -> Result<PersonView, Failure> {
    tx.one(&format!("{VIEW} where p.id = $1"), &[person.into()], view)
}

pub fn find_by_contact(tx: &mut Tx, contact: &Contact) -> Result<Option<Known>, Failure> {
    let column = match contact {
        Contact::Email(_) => "email",
        Contact::Phone(_) => "phone",
    };
    // A contact of somebody who was made one with another leads to that other.
    let sql = format!(
        "select p.id, p.name,
         case when p.seller_id is null then coalesce(p.staff_role, p.role)
            else 'seller' end, coalesce(cast(p.seller_id as text), r.grants) from people c
         join people p on p.id = coalesce(c.merged_into, c.id)
         left join roles r on r.id = p.role_id where c.{column} = $1"
    );
    tx.maybe(&sql, &[contact.as_str().into()], |row| Known::read(row, 0))
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

/// Whether staff keep somebody from coming in.
pub fn may_not_come_in(tx: &mut Tx, person: Id<Person>) -> Result<bool, Failure> {
    let sql = "select 1 from customer_blocks where person_id = $1 and sign_in = 1";
    Ok(tx.maybe(sql, &[person.into()], |_| ())?.is_some())
}

pub fn rename(tx: &mut Tx, person: Id<Person>, name: &str) -> Result<(), Failure> {
    tx.run("update people set name = $2 where id = $1", &[person.into(), name.into()])?;
    Ok(())
}

/// Whether they had no contact of this kind, and nobody else has it.
pub fn add_contact(tx: &mut Tx, person: Id<Person>, contact: &Contact) -> Result<bool, Failure> {
    let column = match contact {
        Contact::Email(_) => "email",
        Contact::Phone(_) => "phone",
    };
    let sql = format!(
        "update people set {column} = $2 where id = $1 and {column} is null and not exists
           (select 1 from people o where o.{column} = $2)"
    );
    Ok(tx.run(&sql, &[person.into(), contact.as_str().into()])? == 1)
}

/// Somebody who has been here keeps the name they go by.
pub fn rename_imported(tx: &mut Tx, person: Id<Person>, name: &str) -> Result<bool, Failure> {
    let changed = tx.run(
        "update people set name = $2 where id = $1 and name <> $2 and not exists
           (select 1 from events e where e.about = 'person' and e.about_id = $1
            and e.name = 'person.signed_in')",
        &[person.into(), name.into()],
    )?;
    Ok(changed == 1)
}

/// How a role is kept: the rank, the narrower role if it is one, which of the shop's own, and whose
/// seller's they are.
fn kept(role: Place) -> [Value; 4] {
    let (rank, narrow) = match role.role {
        Role::Shopper | Role::Owner => (role.role, None),
        Role::Manager => (Role::Manager, None),
        Role::Seller => (Role::Manager, Some(Role::Viewer.code())),
        narrower => (Role::Manager, Some(narrower.code())),
    };
    [rank.code().into(), narrow.into(), role.own.map(|own| own.id).into(), role.seller.into()]
}

/// Makes somebody staff with a password. Whether they were not yet.
pub fn promote(
    tx: &mut Tx,
    person: Id<Person>,
    place: Place,
    password_hash: &str,
) -> Result<bool, Failure> {
    let [rank, narrow, own, seller] = kept(place);
    let changed = tx.run(
        "update people set role = $2, staff_role = $3, role_id = $4, password_hash = $5,
                           seller_id = $6
         where id = $1 and role = 'shopper'",
        &[person.into(), rank, narrow, own, password_hash.into(), seller],
    )?;
    Ok(changed == 1)
}

/// Gives a member of staff another role, unless they are the last owner. Whether that was done.
pub fn replace(tx: &mut Tx, person: Id<Person>, place: Place) -> Result<bool, Failure> {
    lock_owners(tx)?;
    let [rank, narrow, own, seller] = kept(place);
    let changed = tx.run(
        "update people set role = $2, staff_role = $3, role_id = $4, seller_id = $5
         where id = $1 and role <> 'shopper' and ($2 = 'owner' or exists
            (select 1 from people other where other.role = 'owner' and other.id <> $1))",
        &[person.into(), rank, narrow, own, seller],
    )?;
    Ok(changed == 1)
}

/// Two owners who remove each other at once meet at these locks, in one order.
fn lock_owners(tx: &mut Tx) -> Result<(), Failure> {
    let sql = format!("select id from people where role = 'owner' order by id{}", tx.lock());
    tx.all(&sql, &[], |_| ())?;
    Ok(())
}

/// Makes staff a shopper again, unless they are the last owner. Whether they were staff.
pub fn demote(tx: &mut Tx, person: Id<Person>) -> Result<bool, Failure> {
    lock_owners(tx)?;
    let changed = tx.run(
        "update people set role = 'shopper', staff_role = null, role_id = null,
                           seller_id = null, password_hash = null
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
        "select p.id, p.name,
         case when p.seller_id is null then coalesce(p.staff_role, p.role)
            else 'seller' end, coalesce(cast(p.seller_id as text), r.grants), p.password_hash
         from people p left join roles r on r.id = p.role_id
         where p.role <> 'shopper' and p.password_hash is not null
           and (p.email = $1 or p.phone = $1 or p.name = $2)
         order by p.id limit 2",
        &[contact.into(), name.into()],
        |row| (Known::read(row, 0), row.get::<String>(4)),
    )?;
    Ok(if found.len() == 1 { found.pop() } else { None })
}

pub fn staff(tx: &mut Tx) -> Result<Vec<PersonView>, Failure> {
    tx.all(&format!("{VIEW} where p.role <> 'shopper' order by p.id"), &[], view)
}
