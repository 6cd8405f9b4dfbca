//! The queries behind the overview: they read what trade wrote, and write nothing.

use std::collections::BTreeMap;

use domain::id;
use domain::moment::{Moment, Span};
use domain::money::{Currency, Money};

use super::{Figures, LowStock, Needs, TopProduct};
use crate::catalog::LOW;
use crate::db::{Tx, Value};
use crate::failure::Failure;

/// Series are counted in quarters of an hour: every zone is some number of them from UTC.
pub const SLOT: Span = Span::minutes(15);
/// An order may be paid this long after it was placed and still be found.
const LATEST_PAYMENT: Span = Span::days(14);

/// What happened in one slot.
#[derive(Clone, Copy, Debug, Default)]
pub struct Slot {
    pub number: i64,
    pub orders: i64,
    pub paid: i64,
    pub gmv: i64,
    pub refunded: i64,
    pub people: i64,
    pub teams_opened: i64,
    pub teams_succeeded: i64,
    pub teams_failed: i64,
}

impl Slot {
    pub fn add(&mut self, other: &Slot) {
        self.orders += other.orders;
        self.paid += other.paid;
        self.gmv += other.gmv;
        self.refunded += other.refunded;
        self.people += other.people;
        self.teams_opened += other.teams_opened;
        self.teams_succeeded += other.teams_succeeded;
        self.teams_failed += other.teams_failed;
    }
}

/// Ids grow with time, so that the orders of a stretch are found by the primary key.
fn first_id(from: Moment) -> i64 {
    id::number(from.minus(Span::seconds(1)), 0)
}

/// A paid order: its money was taken and kept, even if it went back later. Money that came too late
/// never bought anything.
/// Only in the currency that is counted: amounts of others are no part of its sum.
const PAID: &str = "paid_at >= $1 and paid_at < $2 and id >= $3 and currency = $4
    and status <> 'late_paid'";
/// Money that went back for orders; surplus and late money was never counted as paid.
const REFUNDED: &str = "status = 'succeeded' and reason not in ('surplus', 'late')
    and updated_at >= $1 and updated_at < $2 and currency = $3";

pub fn figures(
    tx: &mut Tx,
    currency: Currency,
    from: Moment,
    to: Moment,
) -> Result<Figures, Failure> {
    let window: [Value; 2] = [from.into(), to.into()];
    let placed: [Value; 3] = [from.into(), to.into(), first_id(from).into()];
    let early = first_id(from.minus(LATEST_PAYMENT));
    let early: [Value; 4] = [from.into(), to.into(), early.into(), currency.code().into()];
    let sent: [Value; 3] = [from.into(), to.into(), currency.code().into()];
    let orders = tx.one(
        "select count(*) from orders where created_at >= $1 and created_at < $2 and id >= $3",
        &placed,
        |row| row.get(0),
    )?;
    let sql = format!(
        "select count(*), cast(coalesce(sum(total), 0) as bigint), count(distinct person_id),
                count(visit_id)
         from orders where {PAID}"
    );
    let (paid, gmv, buyers, shared_orders) =
        tx.one(&sql, &early, |row| (row.get(0), row.get(1), row.get(2), row.get(3)))?;
    let sql = format!(
        "select count(*), cast(coalesce(sum(amount), 0) as bigint) from refunds where {REFUNDED}"
    );
    let (refunds, refunded): (i64, i64) = tx.one(&sql, &sent, |row| (row.get(0), row.get(1)))?;
    let mut count = |sql: &str| tx.one(sql, &window, |row| row.get::<i64>(0));
    let money = |minor| Money { minor, currency };
    Ok(Figures {
        orders,
        paid,
        gmv: money(gmv),
        refunded: money(refunded),
        net: money(gmv - refunded),
        refunds,
        people: count(
            "select count(*) from people
             where role = 'shopper' and created_at >= $1 and created_at < $2",
        )?,
        buyers,
        teams_opened: count(
            "select count(*) from teams where status not in ('forming', 'abandoned')
             and created_at >= $1 and created_at < $2",
        )?,
        teams_succeeded: count(
            "select count(*) from teams
             where status = 'succeeded' and closed_at >= $1 and closed_at < $2",
        )?,
        teams_failed: count(
            "select count(*) from teams
             where status = 'failed' and closed_at >= $1 and closed_at < $2",
        )?,
        visits: count("select count(*) from visits where bot = 0 and at >= $1 and at < $2")?,
        shared_orders,
    })
}

/// What happened since `from`, by quarters of an hour.
pub fn slots(
    tx: &mut Tx,
    currency: Currency,
    from: Moment,
    to: Moment,
) -> Result<Vec<Slot>, Failure> {
    let mut slots: BTreeMap<i64, Slot> = BTreeMap::new();
    let window: [Value; 2] = [from.into(), to.into()];
    let placed: [Value; 3] = [from.into(), to.into(), first_id(from).into()];
    let early = first_id(from.minus(LATEST_PAYMENT));
    let early: [Value; 4] = [from.into(), to.into(), early.into(), currency.code().into()];
    let sent: [Value; 3] = [from.into(), to.into(), currency.code().into()];
    let mut each = |at: &str, rest: &str, params: &[Value], put: fn(&mut Slot, i64, i64)| {
        let width = SLOT.0;
        let (sum, from) = rest.split_once('|').unwrap_or(("0", rest));
        let sql = format!(
            "select {at} / {width}, count(*), cast(coalesce(sum({sum}), 0) as bigint) from {from}
             group by {at} / {width}"
        );
        let rows = tx.all(&sql, params, |row| (row.get(0), row.get(1), row.get(2)))?;
        for (number, count, sum) in rows {
            put(slots.entry(number).or_default(), count, sum);
        }
        Ok::<(), Failure>(())
    };
    each(
        "created_at",
        "orders where created_at >= $1 and created_at < $2 and id >= $3",
        &placed,
        |slot, count, _| slot.orders += count,
    )?;
    each("paid_at", &format!("total|orders where {PAID}"), &early, |slot, count, sum| {
        slot.paid += count;
        slot.gmv += sum;
    })?;
    each("updated_at", &format!("amount|refunds where {REFUNDED}"), &sent, |slot, _, sum| {
        slot.refunded += sum;
    })?;
    each(
        "created_at",
        "people where role = 'shopper' and created_at >= $1 and created_at < $2",
        &window,
        |slot, count, _| slot.people += count,
    )?;
    each(
        "created_at",
        "teams where status not in ('forming', 'abandoned')
             and created_at >= $1 and created_at < $2",
        &window,
        |slot, count, _| slot.teams_opened += count,
    )?;
    each(
        "closed_at",
        "teams where status = 'succeeded' and closed_at >= $1 and closed_at < $2",
        &window,
        |slot, count, _| slot.teams_succeeded += count,
    )?;
    each(
        "closed_at",
        "teams where status = 'failed' and closed_at >= $1 and closed_at < $2",
        &window,
        |slot, count, _| slot.teams_failed += count,
    )?;
    Ok(slots.into_iter().map(|(number, slot)| Slot { number, ..slot }).collect())
}

pub fn needs(tx: &mut Tx, now: Moment, soon: Moment) -> Result<Needs, Failure> {
    let (to_ship, oldest_to_ship) =
        tx.one("select count(*), min(paid_at) from orders where status = 'to_ship'", &[], |row| {
            (row.get(0), row.get(1))
        })?;
    let mut count = |sql: &str| tx.one(sql, &[], |row| row.get::<i64>(0));
    let open_cases = count("select count(*) from cases where state = 'open'")?;
    let dead_jobs = count("select count(*) from jobs where state = 'dead'")?;
    let failed_refunds = count("select count(*) from refunds where status = 'failed'")?;
    let failed_pictures = count("select count(*) from pictures where state = 'failed'")?;
    let teams_ending = tx.one(
        "select count(*) from teams where status = 'open' and deadline > $1 and deadline < $2",
        &[now.into(), soon.into()],
        |row| row.get(0),
    )?;
    let few = "from stock s join variants v on v.id = s.variant_id
         join products p on p.id = v.product_id
         where v.archived = 0 and v.tracked = 1 and v.oversell = 0 and s.available < $1
           and p.status = 'active' and p.published = 1";
    let low = tx.one(&format!("select count(*) {few}"), &[LOW.into()], |row| row.get(0))?;
    let sql = format!(
        "select p.id, v.id, p.title, v.option1, v.option2, v.option3, s.available {few}
         order by s.available, p.sold desc, v.id limit 8"
    );
    let low_stock = tx.all(&sql, &[LOW.into()], |row| LowStock {
        product: row.get(0),
        variant: row.get(1),
        title: row.get(2),
        variant_title: crate::catalog::goods::title_of(&[row.get(3), row.get(4), row.get(5)]),
        available: row.get(6),
    })?;
    Ok(Needs {
        to_ship,
        oldest_to_ship,
        open_cases,
        dead_jobs,
        failed_refunds,
        failed_pictures,
        teams_ending,
        low,
        low_stock,
    })
}

/// What was paid for most since `from`, refunded or not.
pub fn top(tx: &mut Tx, currency: Currency, from: Moment) -> Result<Vec<TopProduct>, Failure> {
    tx.all(
        "select p.id, p.handle, p.title, cast(sum(l.quantity) as bigint),
                cast(sum(l.total) as bigint)
         from orders o join order_lines l on l.order_id = o.id
         join products p on p.id = l.product_id
         where o.paid_at >= $1 and o.id >= $2 and o.currency = $3 and o.status <> 'late_paid'
         group by p.id, p.handle, p.title order by sum(l.total) desc, p.id limit 8",
        &[from.into(), first_id(from.minus(LATEST_PAYMENT)).into(), currency.code().into()],
        |row| TopProduct {
            product: row.get(0),
            handle: row.get(1),
            title: row.get(2),
            units: row.get(3),
            gmv: Money { minor: row.get(4), currency },
        },
    )
}
