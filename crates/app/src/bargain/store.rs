//! The tables `bargains`, `bargain_cuts`, `bargain_helpers` and `bargain_keys`.

use domain::bargain::{Helped, Launch, Status};
use domain::campaign::Campaign;
use domain::catalog::{Product, Variant};
use domain::id::Id;
use domain::moment::Moment;
use domain::money::{Currency, Money};
use domain::order::Order;
use domain::person::Person;
use domain::quantity::Quantity;
use domain::seed::Seed;
use domain::text::masked;

use super::{BargainHelperView, Kept};
use crate::db::{Row, Tx};
use crate::failure::Failure;

/// Writes a bargain with its cuts; whether this person bargained for nothing of the kind yet.
pub fn add(
    tx: &mut Tx,
    begun: &Launch,
    (campaign, floor, seed): (Id<Campaign>, Money, &Seed),
) -> Result<bool, Failure> {
    let cut: i64 = begun.cuts[..begun.taken].iter().sum();
    let added = tx.run(
        "insert into bargains (id, campaign_id, person_id, variant_id, quantity, currency, start,
                               floor, seed, cuts, taken, cut, status, ends_at, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'running', $13, $14)
         on conflict (campaign_id, person_id, variant_id) where status in ('running', 'reached')
         do nothing",
        &[
            begun.id.into(),
            campaign.into(),
            begun.person.into(),
            begun.variant.into(),
            begun.quantity.count().into(),
            begun.start.currency.code().into(),
            begun.start.minor.into(),
            floor.minor.into(),
            seed.hex().into(),
            (begun.cuts.len() as i64).into(),
            (begun.taken as i64).into(),
            cut.into(),
            begun.deadline.into(),
            tx.now.into(),
        ],
    )?;
    if added != 1 {
        return Ok(false);
    }
    for (at, amount) in begun.cuts.iter().enumerate() {
        let own = (at < begun.taken).then_some(begun.person);
        tx.run(
            "insert into bargain_cuts (bargain_id, number, amount, person_id)
             values ($1, $2, $3, $4)",
            &[begun.id.into(), (at as i64 + 1).into(), (*amount).into(), own.into()],
        )?;
    }
    Ok(true)
}

const COLUMNS: &str = "id, campaign_id, person_id, variant_id, quantity, currency, start, floor,
    seed, taken, status, ends_at, reached_at, order_id, seq, created_at";

fn kept(row: &Row) -> Kept {
    let currency = Currency::parse(&row.get::<String>(5)).expect("the table holds known ones");
    let status: String = row.get(10);
    let reached_at: Option<Moment> = row.get(12);
    let bargain = Launch {
        id: row.get(0),
        person: row.get(2),
        variant: row.get(3),
        quantity: Quantity::new(row.get(4)).expect("the table holds at least one"),
        start: Money::new(row.get(6), currency),
        cuts: Vec::new(),
        taken: usize::try_from(row.get::<i64>(9)).unwrap_or(0),
        helpers: Vec::new(),
        deadline: row.get(11),
        reached_at,
        order: row.get(13),
        bought: status == Status::Bought.code(),
    };
    Kept {
        bargain,
        campaign: row.get(1),
        floor: Money::new(row.get(7), currency),
        seed: Seed::parse(&row.get::<String>(8)).expect("the table holds seeds"),
        seq: row.get(14),
        created_at: row.get(15),
    }
}

fn read(tx: &mut Tx, id: Id<Launch>, lock: &str) -> Result<Kept, Failure> {
    let sql = format!("select {COLUMNS} from bargains where id = $1{lock}");
    let mut found = tx.one(&sql, &[id.into()], kept)?;
    found.bargain.cuts = tx.all(
        "select amount from bargain_cuts where bargain_id = $1 order by number",
        &[id.into()],
        |row| row.get(0),
    )?;
    found.bargain.helpers = tx.all(
        "select person_id from bargain_helpers where bargain_id = $1 order by at, person_id",
        &[id.into()],
        |row| row.get(0),
    )?;
    Ok(found)
}

pub fn find(tx: &mut Tx, id: Id<Launch>) -> Result<Kept, Failure> {
    read(tx, id, "")
}

pub fn find_to_change(tx: &mut Tx, id: Id<Launch>) -> Result<Kept, Failure> {
    planted!("bargain_unlocked", return read(tx, id, ""));
    let lock = tx.lock();
    read(tx, id, lock)
}

/// What one costs in a campaign at the very least.
pub fn floor(
    tx: &mut Tx,
    campaign: Id<Campaign>,
    variant: Id<Variant>,
) -> Result<Option<i64>, Failure> {
    let sql = "select price from campaign_stock where campaign_id = $1 and variant_id = $2";
    Ok(tx.maybe(sql, &[campaign.into(), variant.into()], |row| row.get(0))?.flatten())
}

/// Those of this person for this variant whose time is over and that no order uses.
pub fn over(
    tx: &mut Tx,
    campaign: Id<Campaign>,
    person: Id<Person>,
    variant: Id<Variant>,
) -> Result<Vec<Id<Launch>>, Failure> {
    tx.all(
        "select id from bargains where campaign_id = $1 and person_id = $2 and variant_id = $3
           and status in ('running', 'reached') and order_id is null and ends_at <= $4",
        &[campaign.into(), person.into(), variant.into(), tx.now.into()],
        |row| row.get(0),
    )
}

/// What this person bargains for just now.
pub fn open(
    tx: &mut Tx,
    campaign: Id<Campaign>,
    person: Id<Person>,
    variant: Id<Variant>,
) -> Result<Option<Id<Launch>>, Failure> {
    tx.maybe(
        "select id from bargains where campaign_id = $1 and person_id = $2 and variant_id = $3
           and status in ('running', 'reached') and (order_id is not null or ends_at > $4)",
        &[campaign.into(), person.into(), variant.into(), tx.now.into()],
        |row| row.get(0),
    )
}

/// Takes the next cuts in one step; whether they were still there.
pub fn take(
    tx: &mut Tx,
    bargain: &Launch,
    (person, helped): (Id<Person>, &Helped),
) -> Result<bool, Failure> {
    let (first, n) = (bargain.taken as i64, helped.cuts as i64);
    let id = bargain.id;
    let ends = helped.reached.unwrap_or(bargain.deadline);
    let reached = helped.reached.map(|_| tx.now);
    let status = if reached.is_some() { Status::Reached } else { Status::Running };
    let guard = if cfg!(feature = "planted") && unguarded() { "" } else { "and taken = $2" };
    let sql = format!(
        "update bargains set taken = $2 + $3, cut = cut + $4, ends_at = $5, reached_at = $6,
                status = $7
         where id = $1 and status = 'running' and order_id is null {guard}"
    );
    let taken = tx.run(
        &sql,
        &[
            id.into(),
            first.into(),
            n.into(),
            helped.off.minor.into(),
            ends.into(),
            reached.into(),
            status.code().into(),
        ],
    )?;
    if taken != 1 {
        return Ok(false);
    }
    tx.run(
        "update bargain_cuts set person_id = $4
         where bargain_id = $1 and number > $2 and number <= $3",
        &[id.into(), first.into(), (first + n).into(), person.into()],
    )?;
    tx.run(
        "insert into bargain_helpers (bargain_id, person_id, cuts, cut, at)
         values ($1, $2, $3, $4, $5)",
        &[id.into(), person.into(), n.into(), helped.off.minor.into(), tx.now.into()],
    )?;
    Ok(true)
}

/// A planted fault: nobody looks whether the part is still there.
fn unguarded() -> bool {
    planted!("bargain_unlocked", return true);
    false
}

/// A planted fault: somebody cuts who may not.
#[cfg(feature = "planted")]
pub fn take_anyway(tx: &mut Tx, bargain: &Launch) -> Result<(), Failure> {
    let amount = bargain.cuts.get(bargain.taken).copied().unwrap_or(0);
    tx.run(
        "update bargains set taken = taken + 1, cut = cut + $2 where id = $1",
        &[bargain.id.into(), amount.into()],
    )?;
    Ok(())
}

/// The number of a change, and the state after it.
pub fn next_seq(tx: &mut Tx, id: Id<Launch>) -> Result<(i64, Status), Failure> {
    tx.run("update bargains set seq = seq + 1 where id = $1", &[id.into()])?;
    tx.one("select seq, status from bargains where id = $1", &[id.into()], |row| {
        let status = Status::parse(&row.get::<String>(1)).expect("the table holds known states");
        (row.get(0), status)
    })
}

/// Whether it was not expired, bought or in use.
pub fn set_expired(tx: &mut Tx, id: Id<Launch>) -> Result<bool, Failure> {
    let expired = tx.run(
        "update bargains set status = 'expired'
         where id = $1 and status in ('running', 'reached') and order_id is null",
        &[id.into()],
    )?;
    Ok(expired == 1)
}

/// Whether no other order uses it.
pub fn set_order(tx: &mut Tx, id: Id<Launch>, order: Id<Order>) -> Result<bool, Failure> {
    let set = tx.run(
        "update bargains set order_id = $2
         where id = $1 and order_id is null and status in ('running', 'reached')",
        &[id.into(), order.into()],
    )?;
    Ok(set == 1)
}

pub fn set_free(tx: &mut Tx, id: Id<Launch>) -> Result<(), Failure> {
    tx.run(
        "update bargains set order_id = null where id = $1 and status <> 'bought'",
        &[id.into()],
    )?;
    Ok(())
}

/// Whether it was not bought before, nor with another order.
pub fn set_bought(tx: &mut Tx, id: Id<Launch>, order: Id<Order>) -> Result<bool, Failure> {
    let set = tx.run(
        "update bargains set status = 'bought', order_id = $2
         where id = $1 and (order_id is null or order_id = $2)
           and status in ('running', 'reached')",
        &[id.into(), order.into()],
    )?;
    Ok(set == 1)
}

/// The bargain that an order was placed with.
pub fn of_order(tx: &mut Tx, order: Id<Order>) -> Result<Option<Id<Launch>>, Failure> {
    let sql = "select bargain_id from order_campaigns where order_id = $1";
    Ok(tx.maybe(sql, &[order.into()], |row| row.get(0))?.flatten())
}

/// Whether any order was ever placed with a bargain.
pub fn any_sold(tx: &mut Tx) -> Result<bool, Failure> {
    let sql = "select 1 from order_campaigns where bargain_id is not null limit 1";
    Ok(tx.maybe(sql, &[], |row| row.get::<i64>(0))?.is_some())
}

/// What one cost in an order.
pub fn paid_price(tx: &mut Tx, order: Id<Order>) -> Result<Option<i64>, Failure> {
    let sql = "select price from order_campaigns where order_id = $1";
    tx.maybe(sql, &[order.into()], |row| row.get(0))
}

pub fn add_keys(tx: &mut Tx, id: Id<Launch>, keys: &[String]) -> Result<(), Failure> {
    for key in keys {
        tx.run(
            "insert into bargain_keys (bargain_id, key) values ($1, $2)
             on conflict (bargain_id, key) do nothing",
            &[id.into(), key.into()],
        )?;
    }
    Ok(())
}

/// Whether any of these keys is known of whoever takes part.
pub fn knows(tx: &mut Tx, id: Id<Launch>, keys: &[String]) -> Result<bool, Failure> {
    for key in keys {
        let found = tx.maybe(
            "select 1 from bargain_keys where bargain_id = $1 and key = $2",
            &[id.into(), key.into()],
            |row| row.get::<i64>(0),
        )?;
        if found.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Who helped, the latest first, with names as they show them.
pub fn helpers(
    tx: &mut Tx,
    kept: &Kept,
    reader: Option<Id<Person>>,
) -> Result<Vec<BargainHelperView>, Failure> {
    let currency = kept.floor.currency;
    tx.all(
        "select p.name, h.cuts, h.cut, h.at, h.person_id
         from bargain_helpers h join people p on p.id = h.person_id
         where h.bargain_id = $1 order by h.at desc, h.person_id desc",
        &[kept.bargain.id.into()],
        |row| BargainHelperView {
            name: masked(&row.get::<String>(0)),
            cuts: row.get(1),
            cut: Money::new(row.get(2), currency),
            at: row.get(3),
            you: Some(row.get(4)) == reader,
        },
    )
}

pub fn name(tx: &mut Tx, person: Id<Person>) -> Result<String, Failure> {
    let sql = "select name from people where id = $1";
    Ok(masked(&tx.one(sql, &[person.into()], |row| row.get::<String>(0))?))
}

/// Somebody's bargains, the latest first.
pub fn mine(
    tx: &mut Tx,
    person: Id<Person>,
    before: i64,
    limit: i64,
) -> Result<Vec<Id<Launch>>, Failure> {
    tx.all(
        "select id from bargains where person_id = $1 and id < $2 order by id desc limit $3",
        &[person.into(), before.into(), limit.into()],
        |row| row.get(0),
    )
}

/// The latest bargains of a campaign.
pub fn latest(tx: &mut Tx, campaign: Id<Campaign>) -> Result<Vec<Id<Launch>>, Failure> {
    tx.all(
        "select id from bargains where campaign_id = $1 order by id desc limit 50",
        &[campaign.into()],
        |row| row.get(0),
    )
}

/// How many there are in each state.
pub fn states(tx: &mut Tx, campaign: Id<Campaign>) -> Result<Vec<(String, i64)>, Failure> {
    tx.all(
        "select status, count(*) from bargains where campaign_id = $1 group by status",
        &[campaign.into()],
        |row| (row.get(0), row.get(1)),
    )
}

/// How many people helped, how often, and how many ever came to the floor.
pub fn helped(tx: &mut Tx, campaign: Id<Campaign>) -> Result<(i64, i64, i64), Failure> {
    tx.one(
        "select (select count(distinct h.person_id) from bargain_helpers h
                 join bargains b on b.id = h.bargain_id where b.campaign_id = $1),
                (select count(*) from bargain_helpers h
                 join bargains b on b.id = h.bargain_id where b.campaign_id = $1),
                (select count(*) from bargains b
                 where b.campaign_id = $1 and b.reached_at is not null)",
        &[campaign.into()],
        |row| (row.get(0), row.get(1), row.get(2)),
    )
}

/// Variant, floor, and what is left of what was set aside.
pub type Offered = (Id<Variant>, i64, Option<i64>);

/// What a campaign bargains for.
pub fn offered(tx: &mut Tx, campaign: Id<Campaign>) -> Result<Vec<Offered>, Failure> {
    tx.all(
        "select variant_id, price, left_over from campaign_stock
         where campaign_id = $1 and price is not null order by variant_id",
        &[campaign.into()],
        |row| (row.get(0), row.get(1), row.get(2)),
    )
}

/// The lowest price that variants of a product can be bargained down to in a campaign.
pub fn lowest(
    tx: &mut Tx,
    campaign: Id<Campaign>,
    product: Id<Product>,
) -> Result<Option<Money>, Failure> {
    tx.maybe(
        "select s.price, v.currency from campaign_stock s join variants v on v.id = s.variant_id
         where s.campaign_id = $1 and v.product_id = $2 and v.archived = 0
           and s.price is not null order by s.price limit 1",
        &[campaign.into(), product.into()],
        |row| crate::reward::money(row, 0, 1),
    )
}
