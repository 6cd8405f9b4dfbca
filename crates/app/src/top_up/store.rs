//! The tables `top_ups` and `top_up_refunds`.

use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::money::{Currency, Money};
use domain::person::Person;
use domain::wallet::{TopUp, TopUpRefund};

use crate::db::{Row, Tx};
use crate::failure::Failure;
use crate::outside::gateway::{Known, Made};

/// A top-up as its row says.
#[derive(Clone, Debug)]
pub struct Found {
    pub id: Id<TopUp>,
    pub person: Id<Person>,
    pub provider: String,
    pub pay_url: String,
    pub status: String,
    pub amount: Money,
    pub returned: i64,
    pub created_at: Moment,
    pub close_at: Moment,
    /// The provider's own name for it.
    pub theirs: String,
    pub url_at: Option<Moment>,
}

impl Found {
    /// What the provider is asked about.
    pub fn known(&self) -> Known {
        let (reference, theirs) = (self.id.to_string(), self.theirs.clone());
        Known { reference, theirs, amount: self.amount }
    }

    /// Whether the provider must be asked (again) where to pay.
    pub fn is_stale(&self, now: Moment, lives: Option<Span>) -> bool {
        let age = self.url_at.map(|at| now.since(at));
        self.pay_url.is_empty() || lives.is_some_and(|lives| age.is_none_or(|age| age >= lives))
    }
}

fn currency(row: &Row, column: usize) -> Currency {
    Currency::parse(&row.get::<String>(column)).expect("the table holds known currencies")
}

fn found(row: &Row) -> Found {
    Found {
        id: row.get(0),
        person: row.get(1),
        provider: row.get(2),
        pay_url: row.get(3),
        status: row.get(4),
        amount: Money::new(row.get(5), currency(row, 6)),
        returned: row.get(7),
        created_at: row.get(8),
        close_at: row.get(9),
        theirs: row.get(10),
        url_at: row.get(11),
    }
}

const FOUND: &str = "select id, person_id, provider, pay_url, status, amount, currency, returned,
    created_at, close_at, theirs, url_at from top_ups where id = $1";
const OPEN: &str = "select id, person_id, provider, pay_url, status, amount, currency, returned,
    created_at, close_at, theirs, url_at from top_ups
    where status = 'pending' and created_at < $1 and pay_url <> ''
      and (asked_at is null or asked_at < $2)
    order by coalesce(asked_at, 0), id limit $3";

pub fn find(tx: &mut Tx, id: Id<TopUp>) -> Result<Found, Failure> {
    tx.one(FOUND, &[id.into()], found)
}

pub fn find_to_change(tx: &mut Tx, id: Id<TopUp>) -> Result<Found, Failure> {
    let sql = format!("{FOUND}{}", tx.lock());
    tx.one(&sql, &[id.into()], found)
}

/// Whether a provider knows a top-up of ours by this name.
pub fn is_known(tx: &mut Tx, provider: &str, id: Id<TopUp>) -> Result<bool, Failure> {
    let found = tx.maybe(
        "select id from top_ups where id = $1 and provider = $2",
        &[id.into(), provider.into()],
        |row| row.get::<i64>(0),
    )?;
    Ok(found.is_some())
}

/// How many of somebody's top-ups wait to be paid, and what they come to.
pub fn open_of(tx: &mut Tx, person: Id<Person>) -> Result<(i64, i64), Failure> {
    tx.one(
        "select count(*), coalesce(cast(sum(amount) as bigint), 0) from top_ups
         where person_id = $1 and status = 'pending'",
        &[person.into()],
        |row| (row.get(0), row.get(1)),
    )
}

pub fn add(
    tx: &mut Tx,
    id: Id<TopUp>,
    person: Id<Person>,
    provider: &str,
    amount: Money,
    close_at: Moment,
) -> Result<(), Failure> {
    tx.run(
        "insert into top_ups (id, person_id, provider, reference, pay_url, status, currency,
                              amount, close_at, created_at, updated_at)
         values ($1, $2, $3, $4, '', 'pending', $5, $6, $7, $8, $8)",
        &[
            id.into(),
            person.into(),
            provider.into(),
            id.to_string().into(),
            amount.currency.code().into(),
            amount.minor.into(),
            close_at.into(),
            tx.now.into(),
        ],
    )?;
    Ok(())
}

/// Keeps where it is paid.
pub fn set_made(tx: &mut Tx, id: Id<TopUp>, made: &Made) -> Result<(), Failure> {
    tx.run(
        "update top_ups set pay_url = $2, theirs = $3, url_at = $4 where id = $1",
        &[id.into(), (&made.url).into(), (&made.theirs).into(), tx.now.into()],
    )?;
    Ok(())
}

/// Top-ups that were begun before `began` and not asked about since `asked`, the longest first.
pub fn long_open(
    tx: &mut Tx,
    began: Moment,
    asked: Moment,
    most: i64,
) -> Result<Vec<Found>, Failure> {
    tx.all(OPEN, &[began.into(), asked.into(), most.into()], found)
}

pub fn set_asked(tx: &mut Tx, id: Id<TopUp>) -> Result<(), Failure> {
    tx.run("update top_ups set asked_at = $2 where id = $1", &[id.into(), tx.now.into()])?;
    Ok(())
}

pub fn set_status(tx: &mut Tx, id: Id<TopUp>, status: &str) -> Result<(), Failure> {
    let changed = tx.run(
        "update top_ups set status = $2, updated_at = $3,
             captured_at = case when $2 = 'captured' then cast($3 as bigint) end
         where id = $1 and status <> 'captured'",
        &[id.into(), status.into(), tx.now.into()],
    )?;
    assert!(changed == 1, "a top-up is captured once");
    Ok(())
}

pub fn of(tx: &mut Tx, person: Id<Person>, limit: i64) -> Result<Vec<Id<TopUp>>, Failure> {
    tx.all(
        "select id from top_ups where person_id = $1 order by id desc limit $2",
        &[person.into(), limit.into()],
        |row| row.get(0),
    )
}

/// Promises a part of a top-up to go back.
pub fn add_refund(
    tx: &mut Tx,
    id: Id<TopUpRefund>,
    top_up: Id<TopUp>,
    reason: &str,
    amount: Money,
) -> Result<(), Failure> {
    tx.run(
        "insert into top_up_refunds (id, top_up_id, reason, amount, status, created_at, updated_at)
         values ($1, $2, $3, $4, 'pending', $5, $5)",
        &[id.into(), top_up.into(), reason.into(), amount.minor.into(), tx.now.into()],
    )?;
    let changed = tx.run(
        "update top_ups set returned = returned + $2, updated_at = $3
         where id = $1 and status = 'captured' and returned + $2 <= amount",
        &[top_up.into(), amount.minor.into(), tx.now.into()],
    )?;
    assert!(changed == 1, "no more goes back than came, under the top-up's lock");
    Ok(())
}

/// A refund that is on its way.
pub struct Sending {
    pub top_up: Found,
    pub amount: Money,
    /// The provider's name for it, once it has taken it on.
    pub underway: String,
    pub asked_at: Moment,
}

pub fn sending(tx: &mut Tx, id: Id<TopUpRefund>) -> Result<Option<Sending>, Failure> {
    let pending = tx.maybe(
        "select top_up_id, amount, provider_reference, created_at from top_up_refunds
         where id = $1 and status = 'pending'",
        &[id.into()],
        |row| (row.get(0), row.get::<i64>(1), row.get::<Option<String>>(2), row.get(3)),
    )?;
    let Some((top_up, minor, underway, asked_at)) = pending else { return Ok(None) };
    let top_up = find(tx, top_up)?;
    let amount = Money::new(minor, top_up.amount.currency);
    Ok(Some(Sending { top_up, amount, underway: underway.unwrap_or_default(), asked_at }))
}

/// The provider has taken a refund on, under this name.
pub fn set_underway(tx: &mut Tx, id: Id<TopUpRefund>, theirs: &str) -> Result<(), Failure> {
    let theirs = (!theirs.is_empty()).then_some(theirs);
    tx.run(
        "update top_up_refunds set provider_reference = $2, updated_at = $3
         where id = $1 and status = 'pending'",
        &[id.into(), theirs.into(), tx.now.into()],
    )?;
    Ok(())
}

/// Where a refund stands; `None` when there is none.
pub fn refund_status(tx: &mut Tx, id: Id<TopUpRefund>) -> Result<Option<String>, Failure> {
    let sql = "select status from top_up_refunds where id = $1";
    tx.maybe(sql, &[id.into()], |row| row.get(0))
}

/// Ends a refund. How much it was, if it was on its way.
pub fn finish_refund(
    tx: &mut Tx,
    id: Id<TopUpRefund>,
    provider_reference: &str,
    currency: Currency,
) -> Result<Option<Money>, Failure> {
    tx.maybe(
        "update top_up_refunds
         set status = 'succeeded', provider_reference = $2, updated_at = $3
         where id = $1 and status = 'pending' returning amount",
        &[id.into(), provider_reference.into(), tx.now.into()],
        |row| Money::new(row.get(0), currency),
    )
}
