//! The tables `carts` and `cart_lines`.

use domain::catalog::Variant;
use domain::id::Id;
use domain::person::{Person, Session};

use super::{Cart, Owner};
use crate::db::{Tx, Value};
use crate::failure::Failure;
use crate::inventory;

fn column(owner: Owner) -> (&'static str, Value) {
    match owner {
        Owner::Person(id) => ("person_id", id.into()),
        Owner::Session(id) => ("session_id", id.into()),
    }
}

/// The owner's cart, made when it is first needed.
pub fn open(tx: &mut Tx, owner: Owner) -> Result<Id<Cart>, Failure> {
    let (column, value) = column(owner);
    let id: Id<Cart> = tx.id();
    tx.one(
        &format!(
            "insert into carts (id, {column}, updated_at) values ($1, $2, $3)
             on conflict ({column}) do update set updated_at = excluded.updated_at returning id"
        ),
        &[id.into(), value, tx.now.into()],
        |row| row.get(0),
    )
}

pub fn lines(tx: &mut Tx, owner: Owner) -> Result<Vec<(Id<Variant>, i64)>, Failure> {
    let (column, value) = column(owner);
    tx.all(
        &format!(
            "select l.variant_id, l.quantity from cart_lines l join carts c on c.id = l.cart_id
             where c.{column} = $1 order by l.added_at, l.variant_id"
        ),
        &[value],
        |row| (row.get(0), row.get(1)),
    )
}

/// A variant in somebody's cart, and how many.
type Line = (Id<Person>, Id<Cart>, (Id<Variant>, i64));

/// The lines of these people's carts, in the order they were put there.
pub fn lines_of_all(tx: &mut Tx, people: &[i64]) -> Result<Vec<Line>, Failure> {
    let sql = "select c.person_id, c.id, l.variant_id, l.quantity
               from cart_lines l join carts c on c.id = l.cart_id where c.person_id in";
    tx.all_in((sql, &[]), people, "order by l.added_at, l.variant_id", |row| {
        (row.get(0), row.get(1), (row.get(2), row.get(3)))
    })
}

pub fn quantity(tx: &mut Tx, cart: Id<Cart>, variant: Id<Variant>) -> Result<i64, Failure> {
    let found = tx.maybe(
        "select quantity from cart_lines where cart_id = $1 and variant_id = $2",
        &[cart.into(), variant.into()],
        |row| row.get(0),
    )?;
    Ok(found.unwrap_or(0))
}

pub fn put(
    tx: &mut Tx,
    cart: Id<Cart>,
    variant: Id<Variant>,
    quantity: i64,
) -> Result<(), Failure> {
    tx.run(
        "insert into cart_lines (cart_id, variant_id, quantity, added_at) values ($1, $2, $3, $4)
         on conflict (cart_id, variant_id) do update set quantity = excluded.quantity",
        &[cart.into(), variant.into(), quantity.into(), tx.now.into()],
    )?;
    Ok(())
}

pub fn remove(tx: &mut Tx, cart: Id<Cart>, variant: Id<Variant>) -> Result<(), Failure> {
    tx.run(
        "delete from cart_lines where cart_id = $1 and variant_id = $2",
        &[cart.into(), variant.into()],
    )?;
    Ok(())
}

pub fn drop_session(tx: &mut Tx, session: Id<Session>) -> Result<(), Failure> {
    tx.run(
        "delete from cart_lines where cart_id in (select id from carts where session_id = $1)",
        &[session.into()],
    )?;
    tx.run("delete from carts where session_id = $1", &[session.into()])?;
    Ok(())
}

/// How many units of each variant are available.
pub fn available(
    tx: &mut Tx,
    variants: &[Id<Variant>],
) -> Result<Vec<(Id<Variant>, i64)>, Failure> {
    let mut found = Vec::new();
    for variant in variants {
        if let Some(left) = inventory::gathered(tx, *variant) {
            found.push((*variant, left));
            continue;
        }
        let left = tx.maybe(
            "select available from stock where variant_id = $1",
            &[(*variant).into()],
            |row| row.get(0),
        )?;
        found.push((*variant, left.unwrap_or(0)));
    }
    Ok(found)
}
