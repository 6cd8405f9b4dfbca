//! The tables `flash_waiting` and `flash_reminders`.

use std::collections::HashSet;

use domain::campaign::Campaign;
use domain::catalog::Variant;
use domain::flash_sale::Waiting;
use domain::id::Id;
use domain::moment::Moment;
use domain::money::Money;
use domain::person::Person;

use super::wait::{WaitFlash, WaitView};
use crate::db::Tx;
use crate::failure::Failure;
use crate::reward;

/// Somebody whose turn it is.
pub struct Offered {
    pub row: i64,
    pub person: Id<Person>,
    pub quantity: i64,
    pub until: Moment,
}

/// Who waits for a variant of a sale.
pub struct Queue {
    /// How many wait whose turn it is not yet.
    pub waiting: i64,
    pub offered: Vec<Offered>,
}

pub fn queue(tx: &mut Tx, id: Id<Campaign>, variant: Id<Variant>) -> Result<Queue, Failure> {
    let waiting = tx.one(
        "select count(*) from flash_waiting
         where campaign_id = $1 and variant_id = $2 and status = 'waiting'",
        &[id.into(), variant.into()],
        |row| row.get(0),
    )?;
    let offered = tx.all(
        "select id, person_id, quantity, offered_until from flash_waiting
         where campaign_id = $1 and variant_id = $2 and status = 'offered'",
        &[id.into(), variant.into()],
        |row| Offered {
            row: row.get(0),
            person: row.get(1),
            quantity: row.get(2),
            until: row.get(3),
        },
    )?;
    Ok(Queue { waiting, offered })
}

/// Somebody bought what was kept for them. Whether it still was.
pub fn bought(tx: &mut Tx, row: i64) -> Result<bool, Failure> {
    let sql = "update flash_waiting set status = 'bought', updated_at = $2
               where id = $1 and status = 'offered'";
    Ok(tx.run(sql, &[row.into(), tx.now.into()])? == 1)
}

/// What a sale offers, with what of it is free.
pub struct Goods {
    pub variant: Id<Variant>,
    pub price: Money,
    pub quota: Option<i64>,
    pub left: Option<i64>,
}

pub fn goods(tx: &mut Tx, id: Id<Campaign>) -> Result<Vec<Goods>, Failure> {
    tx.all(
        "select s.variant_id, s.price, v.currency, s.quota, s.left_over - coalesce(
           (select cast(sum(w.quantity) as bigint) from flash_waiting w
            where w.campaign_id = s.campaign_id and w.variant_id = s.variant_id
              and w.status = 'offered' and w.offered_until > $2), 0)
         from campaign_stock s join variants v on v.id = s.variant_id
         where s.campaign_id = $1 and s.price is not null order by s.variant_id",
        &[id.into(), tx.now.into()],
        |row| Goods {
            variant: row.get(0),
            price: reward::money(row, 1, 2),
            quota: row.get(3),
            left: row.get(4),
        },
    )
}

/// Those who have an order of it, at most so many.
pub fn buyers(tx: &mut Tx, id: Id<Campaign>, most: i64) -> Result<HashSet<i64>, Failure> {
    let sql = "select distinct person_id from order_campaigns where campaign_id = $1 limit $2";
    let found = tx.all(sql, &[id.into(), most.into()], |row| row.get(0))?;
    Ok(found.into_iter().collect())
}

/// A new place at the end of the line; whoever has one keeps it.
pub fn wait(
    tx: &mut Tx,
    id: Id<Campaign>,
    person: Id<Person>,
    wish: &WaitFlash,
) -> Result<(), Failure> {
    let row: Id<Campaign> = tx.id();
    tx.run(
        "insert into flash_waiting (id, campaign_id, variant_id, person_id, quantity, status,
                                    created_at, updated_at)
         values ($1, $2, $3, $4, $5, 'waiting', $6, $6)
         on conflict (campaign_id, variant_id, person_id)
           where status in ('waiting', 'offered') do nothing",
        &[
            row.into(),
            id.into(),
            wish.variant.into(),
            person.into(),
            wish.quantity.into(),
            tx.now.into(),
        ],
    )?;
    Ok(())
}

/// Whether they waited.
pub fn leave(
    tx: &mut Tx,
    (id, variant): (Id<Campaign>, Id<Variant>),
    person: Id<Person>,
) -> Result<bool, Failure> {
    let sql = "update flash_waiting set status = 'left', updated_at = $4
         where campaign_id = $1 and variant_id = $2 and person_id = $3
           and status in ('waiting', 'offered')";
    let left = tx.run(sql, &[id.into(), variant.into(), person.into(), tx.now.into()])?;
    Ok(left > 0)
}

pub fn places(tx: &mut Tx, id: Id<Campaign>, person: Id<Person>) -> Result<Vec<WaitView>, Failure> {
    tx.all(
        "select w.variant_id, w.quantity, case when w.status = 'offered' then w.offered_until end,
                (select count(*) from flash_waiting o where o.campaign_id = w.campaign_id
                   and o.variant_id = w.variant_id and o.status = 'waiting' and o.id < w.id)
         from flash_waiting w where w.campaign_id = $1 and w.person_id = $2
           and (w.status = 'waiting' or (w.status = 'offered' and w.offered_until > $3))
         order by w.id",
        &[id.into(), person.into(), tx.now.into()],
        |row| WaitView {
            campaign: id,
            variant: row.get(0),
            quantity: row.get(1),
            yours_until: row.get(2),
            ahead: row.get(3),
        },
    )
}

pub fn anybody_waits(tx: &mut Tx, id: Id<Campaign>) -> Result<bool, Failure> {
    let sql = "select id from flash_waiting
         where campaign_id = $1 and status in ('waiting', 'offered') limit 1";
    Ok(tx.maybe(sql, &[id.into()], |row| row.get::<i64>(0))?.is_some())
}

/// The variants somebody waits for, in their fixed order.
pub fn waited_for(tx: &mut Tx, id: Id<Campaign>) -> Result<Vec<Id<Variant>>, Failure> {
    let sql = "select distinct variant_id from flash_waiting
         where campaign_id = $1 and status in ('waiting', 'offered') order by variant_id";
    tx.all(sql, &[id.into()], |row| row.get(0))
}

/// Those whose turn went by are passed. How many.
pub fn pass(tx: &mut Tx, id: Id<Campaign>, variant: Id<Variant>) -> Result<u64, Failure> {
    tx.run(
        "update flash_waiting set status = 'missed', updated_at = $3
         where campaign_id = $1 and variant_id = $2 and status = 'offered'
           and offered_until <= $3",
        &[id.into(), variant.into(), tx.now.into()],
    )
}

/// The front of the line.
pub fn line(
    tx: &mut Tx,
    id: Id<Campaign>,
    variant: Id<Variant>,
) -> Result<Vec<(i64, Waiting)>, Failure> {
    tx.all(
        "select id, person_id, quantity from flash_waiting
         where campaign_id = $1 and variant_id = $2 and status = 'waiting'
         order by id limit 500",
        &[id.into(), variant.into()],
        |row| (row.get(0), Waiting { person: row.get(1), quantity: row.get(2) }),
    )
}

/// It is somebody's turn.
pub fn offer(tx: &mut Tx, row: i64, until: Moment) -> Result<(), Failure> {
    tx.run(
        "update flash_waiting set status = 'offered', offered_until = $2, updated_at = $3
         where id = $1 and status = 'waiting'",
        &[row.into(), until.into(), tx.now.into()],
    )?;
    Ok(())
}

/// When the next turn goes by.
pub fn next_turn(tx: &mut Tx, id: Id<Campaign>) -> Result<Option<Moment>, Failure> {
    let sql = "select min(offered_until) from flash_waiting
         where campaign_id = $1 and status = 'offered'";
    tx.one(sql, &[id.into()], |row| row.get(0))
}

/// Nobody waits any more.
pub fn end(tx: &mut Tx, id: Id<Campaign>) -> Result<(), Failure> {
    tx.run(
        "update flash_waiting set status = 'over', updated_at = $2
         where campaign_id = $1 and status in ('waiting', 'offered')",
        &[id.into(), tx.now.into()],
    )?;
    Ok(())
}

/// What a variant is called.
pub fn title(tx: &mut Tx, variant: Id<Variant>) -> Result<String, Failure> {
    let sql = "select p.title from products p join variants v on v.product_id = p.id
         where v.id = $1";
    tx.one(sql, &[variant.into()], |row| row.get(0))
}

pub fn remind(
    tx: &mut Tx,
    id: Id<Campaign>,
    person: Id<Person>,
    slot: Moment,
) -> Result<(), Failure> {
    tx.run(
        "insert into flash_reminders (campaign_id, person_id, slot_at, created_at)
         values ($1, $2, $3, $4) on conflict (campaign_id, person_id, slot_at) do nothing",
        &[id.into(), person.into(), slot.into(), tx.now.into()],
    )?;
    Ok(())
}

/// The slots somebody is to be told of.
pub fn reminded(tx: &mut Tx, id: Id<Campaign>, person: Id<Person>) -> Result<Vec<Moment>, Failure> {
    let sql = "select slot_at from flash_reminders where campaign_id = $1 and person_id = $2";
    tx.all(sql, &[id.into(), person.into()], |row| row.get(0))
}

/// Those who are to be told now, some of them.
pub fn to_remind(tx: &mut Tx, id: Id<Campaign>) -> Result<Vec<(Id<Person>, Moment)>, Failure> {
    tx.all(
        "select person_id, slot_at from flash_reminders
         where campaign_id = $1 and slot_at <= $2 and told_at is null
         order by slot_at, person_id limit 200",
        &[id.into(), tx.now.into()],
        |row| (row.get(0), row.get(1)),
    )
}

pub fn reminded_now(
    tx: &mut Tx,
    id: Id<Campaign>,
    person: Id<Person>,
    slot: Moment,
) -> Result<(), Failure> {
    tx.run(
        "update flash_reminders set told_at = $4
         where campaign_id = $1 and person_id = $2 and slot_at = $3",
        &[id.into(), person.into(), slot.into(), tx.now.into()],
    )?;
    Ok(())
}

/// When somebody is to be told next.
pub fn next_reminder(tx: &mut Tx, id: Id<Campaign>) -> Result<Option<Moment>, Failure> {
    let sql = "select min(slot_at) from flash_reminders where campaign_id = $1 and told_at is null";
    tx.one(sql, &[id.into()], |row| row.get(0))
}

/// When anybody's place in the line changed last.
pub fn last_moved(tx: &mut Tx, id: Id<Campaign>) -> Result<i64, Failure> {
    let sql = "select coalesce(max(updated_at), 0) from flash_waiting where campaign_id = $1";
    tx.one(sql, &[id.into()], |row| row.get(0))
}
