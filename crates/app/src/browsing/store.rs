//! The tables `browsed` and `browsing_pauses`.

use domain::catalog::Product;
use domain::id::Id;
use domain::moment::Moment;
use domain::person::Person;

use crate::db::Tx;
use crate::failure::Failure;

pub fn list(
    tx: &mut Tx,
    person: Id<Person>,
    limit: i64,
) -> Result<Vec<(Id<Product>, Moment)>, Failure> {
    tx.all(
        "select product_id, at from browsed where person_id = $1
         order by at desc, product_id desc limit $2",
        &[person.into(), limit.into()],
        |row| (row.get(0), row.get(1)),
    )
}

pub fn keep(tx: &mut Tx, person: Id<Person>, product: Id<Product>) -> Result<(), Failure> {
    tx.run(
        "insert into browsed (person_id, product_id, at) values ($1, $2, $3)
         on conflict (person_id, product_id) do update set at = excluded.at",
        &[person.into(), product.into(), tx.now.into()],
    )?;
    Ok(())
}

/// Forgets all but the latest.
pub fn trim(tx: &mut Tx, person: Id<Person>, most: i64) -> Result<(), Failure> {
    tx.run(
        "delete from browsed where person_id = $1 and product_id not in
           (select product_id from browsed where person_id = $1
            order by at desc, product_id desc limit $2)",
        &[person.into(), most.into()],
    )?;
    Ok(())
}

pub fn is_paused(tx: &mut Tx, person: Id<Person>) -> Result<bool, Failure> {
    let sql = "select 1 from browsing_pauses where person_id = $1";
    Ok(tx.maybe(sql, &[person.into()], |_| ())?.is_some())
}

pub fn pause(tx: &mut Tx, person: Id<Person>, paused: bool) -> Result<(), Failure> {
    if paused {
        tx.run(
            "insert into browsing_pauses (person_id, since) values ($1, $2)
             on conflict (person_id) do nothing",
            &[person.into(), tx.now.into()],
        )?;
    } else {
        tx.run("delete from browsing_pauses where person_id = $1", &[person.into()])?;
    }
    Ok(())
}

pub fn forget(
    tx: &mut Tx,
    person: Id<Person>,
    product: Option<Id<Product>>,
) -> Result<(), Failure> {
    let one = product.map_or(0, |product| product.0);
    tx.run(
        "delete from browsed where person_id = $1 and (product_id = $2 or cast($2 as bigint) = 0)",
        &[person.into(), one.into()],
    )?;
    Ok(())
}
