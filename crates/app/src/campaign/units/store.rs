//! The table `campaign_people`, and what is left of `campaign_stock`.

use domain::campaign::Campaign;
use domain::catalog::Variant;
use domain::id::Id;
use domain::money::Money;
use domain::person::Person;

use crate::db::Tx;
use crate::failure::Failure;
use crate::reward;

/// Whether units were set aside, and whether its stock is counted.
pub fn source(
    tx: &mut Tx,
    id: Id<Campaign>,
    variant: Id<Variant>,
) -> Result<(bool, bool), Failure> {
    tx.one(
        "select s.quota is not null, v.tracked = 1 and v.oversell = 0
         from campaign_stock s join variants v on v.id = s.variant_id
         where s.campaign_id = $1 and s.variant_id = $2",
        &[id.into(), variant.into()],
        |row| (row.get(0), row.get(1)),
    )
}

pub fn price(
    tx: &mut Tx,
    id: Id<Campaign>,
    variant: Id<Variant>,
) -> Result<Option<Money>, Failure> {
    tx.maybe(
        "select s.price, v.currency from campaign_stock s join variants v on v.id = s.variant_id
         where s.campaign_id = $1 and s.variant_id = $2 and s.price is not null",
        &[id.into(), variant.into()],
        |row| reward::money(row, 0, 1),
    )
}

const LEFT: &str = "select left_over from campaign_stock
    where campaign_id = $1 and variant_id = $2";

pub fn left_over(
    tx: &mut Tx,
    id: Id<Campaign>,
    variant: Id<Variant>,
) -> Result<Option<i64>, Failure> {
    Ok(tx.maybe(LEFT, &[id.into(), variant.into()], |row| row.get(0))?.flatten())
}

pub fn hold_left_over(
    tx: &mut Tx,
    id: Id<Campaign>,
    variant: Id<Variant>,
) -> Result<Option<i64>, Failure> {
    let sql = format!("{LEFT}{}", tx.lock());
    Ok(tx.maybe(&sql, &[id.into(), variant.into()], |row| row.get(0))?.flatten())
}

/// A variant, and how many units of it are left of what was set aside.
pub type LeftOver = (Id<Variant>, Option<i64>);

/// What is left of everything of these campaigns, held in a fixed order.
pub fn left_overs_held(tx: &mut Tx, id: Id<Campaign>) -> Result<Vec<LeftOver>, Failure> {
    let sql = format!(
        "select variant_id, left_over from campaign_stock where campaign_id = $1
         order by variant_id{}",
        tx.lock()
    );
    tx.all(&sql, &[id.into()], |row| (row.get(0), row.get(1)))
}

/// Takes units if there are enough; the row count decides.
pub fn take_left_over(
    tx: &mut Tx,
    id: Id<Campaign>,
    variant: Id<Variant>,
    n: i64,
) -> Result<bool, Failure> {
    let taken = tx.run(
        "update campaign_stock set left_over = left_over - $3
         where campaign_id = $1 and variant_id = $2 and left_over >= $3",
        &[id.into(), variant.into(), n.into()],
    )?;
    Ok(taken == 1)
}

pub fn put_back(
    tx: &mut Tx,
    id: Id<Campaign>,
    variant: Id<Variant>,
    n: i64,
) -> Result<(), Failure> {
    tx.run(
        "update campaign_stock set left_over = left_over + $3
         where campaign_id = $1 and variant_id = $2",
        &[id.into(), variant.into(), n.into()],
    )?;
    Ok(())
}

pub fn holds(tx: &mut Tx, id: Id<Campaign>, person: Id<Person>) -> Result<i64, Failure> {
    let held = tx.maybe(
        "select quantity from campaign_people where campaign_id = $1 and person_id = $2",
        &[id.into(), person.into()],
        |row| row.get(0),
    )?;
    Ok(held.unwrap_or(0))
}

/// What these people have of a campaign, held in a fixed order.
pub fn holds_held(
    tx: &mut Tx,
    id: Id<Campaign>,
    people: &[i64],
) -> Result<Vec<(Id<Person>, i64)>, Failure> {
    let sql = "select person_id, quantity from campaign_people
               where campaign_id = $1 and person_id in";
    let end = format!("order by person_id{}", tx.lock());
    tx.all_in((sql, &[id.into()]), people, &end, |row| (row.get(0), row.get(1)))
}

/// Counts `n` more for the person, if their limit allows it.
pub fn count(
    tx: &mut Tx,
    id: Id<Campaign>,
    person: Id<Person>,
    n: i64,
    most: i64,
) -> Result<bool, Failure> {
    if n > most {
        return Ok(false);
    }
    planted!("naive_counter", {
        let quantity = holds(tx, id, person)? + n;
        let sql = "insert into campaign_people (campaign_id, person_id, quantity, most)
             values ($1, $2, $3, $4)
             on conflict (campaign_id, person_id) do update set quantity = excluded.quantity";
        tx.run(sql, &[id.into(), person.into(), quantity.into(), most.into()])?;
        return Ok(quantity <= most);
    });
    let counted = tx.run(
        "insert into campaign_people (campaign_id, person_id, quantity, most)
         values ($1, $2, $3, $4)
         on conflict (campaign_id, person_id) do update
         set quantity = campaign_people.quantity + $3, most = $4
         where campaign_people.quantity + $3 <= $4",
        &[id.into(), person.into(), n.into(), most.into()],
    )?;
    Ok(counted == 1)
}

/// So many units count no more for the person.
pub fn uncount(tx: &mut Tx, id: Id<Campaign>, person: Id<Person>, n: i64) -> Result<(), Failure> {
    tx.run(
        "update campaign_people set quantity = quantity - $2
         where campaign_id = $1 and person_id = $3",
        &[id.into(), n.into(), person.into()],
    )?;
    Ok(())
}
