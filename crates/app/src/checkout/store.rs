//! What checkout reads beside its contexts: ways to ship and the last address.

use domain::group_buy::{GroupBuy, Team};
use domain::id::Id;
use domain::money::{Currency, Money};
use domain::person::Person;
use domain::place::Address;
use domain::shipping::{Method, Terms};

use crate::db::{Insert, Tx};
use crate::failure::Failure;

/// A way to ship.
#[derive(Clone)]
pub struct Found {
    pub id: Id<Method>,
    pub code: String,
    pub name: String,
    pub name_en: String,
    pub terms: Terms,
}

pub fn methods(tx: &mut Tx) -> Result<Vec<Found>, Failure> {
    tx.all(
        "select id, code, name, name_en, currency, fee, free_from from shipping_methods
         where active = 1 order by position",
        &[],
        |row| {
            let currency = Currency::parse(&row.get::<String>(4)).expect("it is a known one");
            let of = |minor| Money::new(minor, currency);
            let free_from: Option<i64> = row.get(6);
            Found {
                id: row.get(0),
                code: row.get(1),
                name: row.get(2),
                name_en: row.get(3),
                terms: Terms { fee: of(row.get(5)), free_from: free_from.map(of) },
            }
        },
    )
}

pub fn group_buy_of(tx: &mut Tx, team: Id<Team>) -> Result<Id<GroupBuy>, Failure> {
    tx.read_once(format!("offer of {}", team.0), |tx| {
        tx.one("select group_buy_id from teams where id = $1", &[team.into()], |row| row.get(0))
    })
}

pub fn last_address(tx: &mut Tx, person: Id<Person>) -> Result<Option<Address>, Failure> {
    let found = tx.maybe(
        "select address from last_addresses where person_id = $1",
        &[person.into()],
        |row| row.get::<String>(0),
    )?;
    Ok(match found {
        Some(text) => Some(serde_json::from_str(&text)?),
        None => None,
    })
}

pub fn keep_address(tx: &mut Tx, person: Id<Person>, address: &Address) -> Result<(), Failure> {
    static ADDRESSES: Insert = Insert {
        end: "on conflict (person_id) do update set address = excluded.address",
        unique: &[0],
        ..Insert::new("last_addresses (person_id, address)", 2)
    };
    tx.add(&ADDRESSES, vec![person.into(), serde_json::to_string(address)?.into()])
}
