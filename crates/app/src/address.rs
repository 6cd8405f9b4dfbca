//! A person's address book. Where a parcel goes is in it by itself; one address is the usual one.

use describe::ToSchema;
use domain::id::{Id, Kind};
use domain::person::Person;
use domain::place::Address;
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor, shop};

mod store;

pub(crate) use store::keep;

/// An address in somebody's book.
pub struct Entry;
impl Kind for Entry {
    const PREFIX: &'static str = "adr";
}
domain::id::described!(Entry);

/// How many addresses a book shows and takes.
pub const MOST: i64 = 50;

/// An address in the visitor's book.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = BookEntry)]
pub struct EntryView {
    pub id: Id<Entry>,
    pub address: Address,
    /// What checkout begins with.
    pub usual: bool,
}

/// An address to be kept.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PutBookEntry)]
pub struct PutEntry {
    pub address: Address,
    #[serde(default)]
    pub usual: bool,
}

/// The visitor's addresses: the usual one, then those used last.
pub fn list(app: &App, visitor: &Visitor) -> Result<Vec<EntryView>, Failure> {
    let person = visitor.reader()?;
    app.read(|tx| store::list(tx, person, MOST))
}

/// A person's whole book, for staff and for the copy of their data.
pub(crate) fn book(tx: &mut Tx, person: Id<Person>, most: i64) -> Result<Vec<EntryView>, Failure> {
    store::list(tx, person, most)
}

/// Where a person's parcels usually go, or went last.
pub(crate) fn first(tx: &mut Tx, person: Id<Person>) -> Result<Option<Address>, Failure> {
    Ok(store::list(tx, person, 1)?.pop().map(|entry| entry.address))
}

/// What two addresses have in common when parcels for both arrive at one door. Only a mark of it:
/// nobody can be found by it.
pub(crate) fn likeness(tx: &mut Tx, address: &Address) -> Result<String, Failure> {
    let parts = [&address.region, &address.city, &address.district, &address.line1, &address.line2];
    let text: String =
        parts.iter().flat_map(|part| part.chars()).filter(|c| c.is_alphanumeric()).collect();
    Ok(shop::get(tx)?.sign_hex("address", &text.to_lowercase()).chars().take(32).collect())
}

/// One address of the visitor's.
pub fn get(app: &App, visitor: &Visitor, id: Id<Entry>) -> Result<EntryView, Failure> {
    let person = visitor.reader()?;
    app.read(|tx| store::find(tx, person, id))
}

/// Keeps an address. One that is in the book already stays the same entry.
pub fn add(app: &App, visitor: &Visitor, put: PutEntry) -> Result<EntryView, Failure> {
    let person = visitor.shopper()?;
    let address = put.address.checked()?;
    app.write_for(visitor, |tx| {
        if store::count(tx, person)? >= MOST {
            return Err(Failure::with("address.too_many", serde_json::json!({ "most": MOST })));
        }
        let id = store::add(tx, person, &address)?;
        if put.usual {
            store::make_usual(tx, person, id)?;
        }
        store::find(tx, person, id)
    })
}

/// Changes an address; orders that were placed with it keep what it was.
pub fn change(
    app: &App,
    visitor: &Visitor,
    id: Id<Entry>,
    put: PutEntry,
) -> Result<EntryView, Failure> {
    let person = visitor.shopper()?;
    let address = put.address.checked()?;
    app.write_for(visitor, |tx| {
        let before = store::find(tx, person, id)?;
        // What it becomes may be in the book already: then the two are one.
        store::remove(tx, person, id)?;
        let id = store::put(tx, person, id, &address)?;
        if put.usual || before.usual {
            store::make_usual(tx, person, id)?;
        }
        store::find(tx, person, id)
    })
}

/// Takes an address out.
pub fn remove(app: &App, visitor: &Visitor, id: Id<Entry>) -> Result<(), Failure> {
    let person = visitor.shopper()?;
    app.write_for(visitor, |tx| {
        if store::remove(tx, person, id)? { Ok(()) } else { Err(Failure::NotFound) }
    })
}
