//! Who may be the same person twice: one contact in two writings, or one name at one address.

use std::collections::BTreeMap;

use describe::ToSchema;
use domain::customer::alike;
use domain::id::Id;
use domain::person::{Permission, Person};
use domain::place::Address;
use serde::{Deserialize, Serialize};

use super::shown;
use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor};

/// So many are shown.
const MOST: usize = 100;
/// More than so many with one likeness are no duplicates but a company, or a mistake.
const CROWD: usize = 6;

/// In what two are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CustomerLikeness)]
pub enum Likeness {
    /// Their contacts are one in two writings.
    Contact,
    /// The phone on a parcel of the one is the other's contact.
    ParcelPhone,
    /// Their parcels go to the same name at the same address.
    NameAndAddress,
}

impl Likeness {
    pub fn code(self) -> &'static str {
        match self {
            Likeness::Contact => "contact",
            Likeness::ParcelPhone => "parcel_phone",
            Likeness::NameAndAddress => "name_and_address",
        }
    }
}

/// Two who may be one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CustomerSuggestion)]
pub struct Suggestion {
    pub why: Likeness,
    /// The one who was there first.
    pub one: Alike,
    pub other: Alike,
}

/// One of two who may be one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CustomerAlike)]
pub struct Alike {
    pub id: Id<Person>,
    pub name: String,
    /// Masked.
    pub contact: String,
}

/// Who may be the same person twice.
pub fn suggestions(app: &App, visitor: &Visitor) -> Result<Vec<Suggestion>, Failure> {
    visitor.staff_reader(Permission::Customers)?;
    app.read(found)
}

/// What people have in common, and who has it.
type Shared = BTreeMap<(Likeness, String), Vec<Id<Person>>>;

fn found(tx: &mut Tx) -> Result<Vec<Suggestion>, Failure> {
    let mut people: BTreeMap<Id<Person>, Alike> = BTreeMap::new();
    let mut shared: Shared = BTreeMap::new();
    let mut phones: BTreeMap<String, Id<Person>> = BTreeMap::new();
    tx.all(
        "select id, name, email, phone from people
         where role = 'shopper' and merged_into is null and erased_at is null",
        &[],
        |row| {
            let (id, email, phone): (Id<Person>, Option<String>, Option<String>) =
                (row.get(0), row.get(2), row.get(3));
            for contact in [&email, &phone].into_iter().flatten() {
                shared.entry((Likeness::Contact, alike(contact))).or_default().push(id);
            }
            if let Some(phone) = &phone {
                phones.insert(alike(phone), id);
            }
            let contact = shown(email.or(phone));
            people.insert(id, Alike { id, name: row.get(1), contact });
        },
    )?;
    let sql = "select person_id, address from addresses";
    tx.all(sql, &[], |row| {
        let id: Id<Person> = row.get(0);
        let Ok(to) = serde_json::from_str::<Address>(&row.get::<String>(1)) else { return };
        let place = format!("{}\n{}\n{}", to.name, to.city, to.line1).to_lowercase();
        let place: String = place.chars().filter(|c| !c.is_whitespace()).collect();
        shared.entry((Likeness::NameAndAddress, place)).or_default().push(id);
        let phone = alike(&to.phone);
        if let Some(owner) = phones.get(&phone).filter(|owner| **owner != id) {
            let both = shared.entry((Likeness::ParcelPhone, format!("{phone} {id}"))).or_default();
            both.extend([*owner, id]);
        }
    })?;
    let mut found: Vec<Suggestion> = Vec::new();
    for ((why, _), mut ids) in shared {
        ids.sort_unstable();
        ids.dedup();
        if !(2..CROWD).contains(&ids.len()) {
            continue;
        }
        let (one, others) = (ids[0], &ids[1..]);
        for other in others {
            let known = |of: &Suggestion| of.one.id == one && of.other.id == *other;
            if found.iter().any(known) {
                continue;
            }
            // Addresses of staff and of those who are gone have nobody here.
            if let (Some(one), Some(other)) = (people.get(&one), people.get(other)) {
                found.push(Suggestion { why, one: one.clone(), other: other.clone() });
            }
        }
        if found.len() >= MOST {
            break;
        }
    }
    Ok(found)
}
