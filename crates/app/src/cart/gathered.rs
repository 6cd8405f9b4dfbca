//! Carts in a batch of decisions: read together, emptied together.

use std::collections::{BTreeMap, BTreeSet};

use domain::catalog::Variant;
use domain::id::Id;
use domain::person::Person;

use super::{Cart, store};
use crate::db::{Change, Tx};
use crate::failure::Failure;

/// A cart with its lines in the order they were put there.
type Held = (Id<Cart>, Vec<(Id<Variant>, i64)>);

fn name(person: Id<Person>) -> String {
    format!("cart {}", person.0)
}

/// Reads the carts of these people. The variants that are in them.
pub(crate) fn gather(
    tx: &mut Tx,
    people: &BTreeSet<Id<Person>>,
) -> Result<BTreeSet<Id<Variant>>, Failure> {
    let mut carts: BTreeMap<Id<Person>, Held> = BTreeMap::new();
    let mut variants = BTreeSet::new();
    let ids: Vec<i64> = people.iter().map(|person| person.0).collect();
    for (person, cart, line) in store::lines_of_all(tx, &ids)? {
        variants.insert(line.0);
        carts.entry(person).or_insert_with(|| (cart, Vec::new())).1.push(line);
    }
    for person in people {
        tx.keep_in_mind(name(*person), carts.remove(person));
    }
    Ok(variants)
}

fn held(tx: &mut Tx, person: Id<Person>) -> Result<Option<Held>, Failure> {
    tx.recall::<Option<Held>>(&name(person)).ok_or_else(|| tx.alone())
}

pub(super) fn lines(tx: &mut Tx, person: Id<Person>) -> Result<Vec<(Id<Variant>, i64)>, Failure> {
    Ok(held(tx, person)?.map(|(_, lines)| lines).unwrap_or_default())
}

pub(super) fn take_out(
    tx: &mut Tx,
    person: Id<Person>,
    variants: &[Id<Variant>],
) -> Result<(), Failure> {
    static GONE: Change = Change {
        key: 2,
        // Whoever emptied their cart meanwhile has ordered all the same.
        must_count: false,
        ..Change::new("cart_lines", &[("cart_id", "bigint"), ("variant_id", "bigint")], &[])
    };
    let Some((cart, mut lines)) = held(tx, person)? else { return Ok(()) };
    lines.retain(|(variant, _)| !variants.contains(variant));
    tx.keep_in_mind(name(person), Some((cart, lines)));
    for variant in variants {
        tx.change(&GONE, vec![cart.into(), (*variant).into()])?;
    }
    Ok(())
}
