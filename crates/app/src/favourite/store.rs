//! The table `favourites`.

use domain::catalog::Product;
use domain::id::Id;
use domain::moment::Moment;
use domain::money::{Currency, Money};
use domain::person::{Person, Session};

use super::{MOST, Owner};
use crate::db::{Row, Tx, Value};
use crate::failure::Failure;

/// One liked product as it is kept.
pub struct Kept {
    pub product: Id<Product>,
    pub price: Money,
    pub sold_out: bool,
    pub added_at: Moment,
}

fn column(owner: Owner) -> (&'static str, Value) {
    match owner {
        Owner::Person(id) => ("person_id", id.into()),
        Owner::Session(id) => ("session_id", id.into()),
    }
}

fn currency(row: &Row, column: usize) -> Currency {
    Currency::parse(&row.get::<String>(column)).expect("the table holds known currencies")
}

pub fn list(tx: &mut Tx, owner: Owner) -> Result<Vec<Kept>, Failure> {
    let (column, value) = column(owner);
    let sql = format!(
        "select product_id, price, currency, sold_out, added_at from favourites
         where {column} = $1 order by id desc limit {MOST}"
    );
    tx.all(&sql, &[value], |row| Kept {
        product: row.get(0),
        price: Money::new(row.get(1), currency(row, 2)),
        sold_out: row.get(3),
        added_at: row.get(4),
    })
}

pub fn count(tx: &mut Tx, owner: Owner) -> Result<i64, Failure> {
    let (column, value) = column(owner);
    let sql = format!("select count(*) from favourites where {column} = $1");
    tx.one(&sql, &[value], |row| row.get(0))
}

pub fn add(
    tx: &mut Tx,
    owner: Owner,
    product: Id<Product>,
    price: Money,
    sold_out: bool,
) -> Result<(), Failure> {
    let (column, value) = column(owner);
    let id: Id<Product> = tx.id();
    tx.run(
        &format!(
            "insert into favourites (id, {column}, product_id, price, currency, sold_out, added_at)
             values ($1, $2, $3, $4, $5, $6, $7) on conflict ({column}, product_id) do nothing"
        ),
        &[
            id.into(),
            value,
            product.into(),
            price.minor.into(),
            price.currency.code().into(),
            sold_out.into(),
            tx.now.into(),
        ],
    )?;
    Ok(())
}

/// Takes a product off, named by its id or its handle.
pub fn remove(tx: &mut Tx, owner: Owner, key: &str) -> Result<(), Failure> {
    let (column, value) = column(owner);
    let id = Id::<Product>::parse(key).map_or(0, |id| id.0);
    tx.run(
        &format!(
            "delete from favourites where {column} = $1 and product_id in
               (select id from products where id = $2 or handle = $3)"
        ),
        &[value, id.into(), key.into()],
    )?;
    Ok(())
}

pub fn drop_oldest(tx: &mut Tx, owner: Owner) -> Result<(), Failure> {
    let (column, value) = column(owner);
    let sql = format!(
        "delete from favourites where id in
           (select id from favourites where {column} = $1 order by id limit 1)"
    );
    tx.run(&sql, &[value])?;
    Ok(())
}

pub fn adopt(tx: &mut Tx, session: Id<Session>, person: Id<Person>) -> Result<(), Failure> {
    tx.run(
        "update favourites set person_id = $2, session_id = null
         where session_id = $1 and product_id not in
           (select product_id from favourites where person_id = $2)",
        &[session.into(), person.into()],
    )?;
    tx.run("delete from favourites where session_id = $1", &[session.into()])?;
    Ok(())
}

pub fn purge(tx: &mut Tx) -> Result<u64, Failure> {
    tx.run(
        "delete from favourites where session_id is not null and not exists
           (select 1 from sessions s where s.id = favourites.session_id)",
        &[],
    )
}
