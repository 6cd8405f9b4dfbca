//! The tables `payments` and `payment_notices`.

use domain::catalog::Variant;
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::money::{Currency, Money};
use domain::order::Order;
use domain::payment::{Meaning, Payment, Status};
use domain::wallet::TopUp;

use super::desk::{Health, OpenPaymentView};
use super::{News, gathered};
use crate::db::{Insert, Row, Tx};
use crate::failure::Failure;
use crate::order;
use crate::outside::gateway::{Known, Made};

/// A payment as its row says.
#[derive(Clone, Debug)]
pub struct Found {
    pub id: Id<Payment>,
    pub order: Id<Order>,
    pub provider: String,
    pub reference: String,
    /// The provider's own name for it.
    pub theirs: String,
    /// Where the buyer pays; empty before the provider said so.
    pub url: String,
    pub status: Status,
    pub amount: Money,
    pub began_at: Moment,
}

impl Found {
    /// What the provider is asked about.
    pub fn known(&self) -> Known {
        let Found { reference, theirs, amount, .. } = self;
        Known { reference: reference.clone(), theirs: theirs.clone(), amount: *amount }
    }
}

/// A payment that is not over, as it goes on.
pub struct Attempt {
    pub id: Id<Payment>,
    pub provider: String,
    pub amount: Money,
    pub url: String,
    pub url_at: Option<Moment>,
    pub began_at: Moment,
}

impl Attempt {
    /// Whether the provider must be asked (again) where to pay.
    pub fn is_stale(&self, now: Moment, lives: Option<Span>) -> bool {
        let age = self.url_at.map(|at| now.since(at));
        self.url.is_empty() || lives.is_some_and(|lives| age.is_none_or(|age| age >= lives))
    }
}

/// The order's payment at this provider that is not over, or a new one.
pub fn open_attempt(tx: &mut Tx, order: &order::Found, provider: &str) -> Result<Attempt, Failure> {
    let (name, amount) = (provider.to_string(), order.due());
    let open = tx.maybe(
        "select id, pay_url, url_at, created_at from payments
         where order_id = $1 and provider = $2 and amount = $3 and status in ('pending', 'failed')",
        &[order.id.into(), provider.into(), amount.minor.into()],
        |row| (row.get(0), row.get(1), row.get(2), row.get(3)),
    )?;
    if let Some((id, url, url_at, began_at)) = open {
        return Ok(Attempt { id, provider: name, amount, url, url_at, began_at });
    }
    let id: Id<Payment> = tx.id();
    tx.run(
        "insert into payments (id, order_id, provider, reference, pay_url, status, purpose,
                               currency, amount, captured, created_at, updated_at)
         values ($1, $2, $3, $4, '', 'pending', 'order', $5, $6, 0, $7, $7)",
        &[
            id.into(),
            order.id.into(),
            provider.into(),
            id.to_string().into(),
            order.currency.code().into(),
            amount.minor.into(),
            tx.now.into(),
        ],
    )?;
    let (url, url_at, began_at) = (String::new(), None, tx.now);
    Ok(Attempt { id, provider: name, amount, url, url_at, began_at })
}

/// Keeps where the buyer pays. Whether it still can be.
pub fn set_made(tx: &mut Tx, id: Id<Payment>, made: &Made) -> Result<bool, Failure> {
    let kept = tx.run(
        "update payments set pay_url = $2, theirs = $3, url_at = $4
         where id = $1 and status in ('pending', 'failed')",
        &[id.into(), (&made.url).into(), (&made.theirs).into(), tx.now.into()],
    )?;
    Ok(kept == 1)
}

const FOUND: &str = "select id, order_id, reference, status, amount, currency, provider, theirs,
    pay_url, created_at from payments";

fn found(row: &Row) -> Found {
    let currency = Currency::parse(&row.get::<String>(5)).expect("the table holds known ones");
    Found {
        id: row.get(0),
        order: row.get(1),
        reference: row.get(2),
        status: Status::parse(&row.get::<String>(3)).expect("the table holds known states"),
        amount: Money::new(row.get(4), currency),
        provider: row.get(6),
        theirs: row.get(7),
        url: row.get(8),
        began_at: row.get(9),
    }
}

pub fn by_reference(
    tx: &mut Tx,
    provider: &str,
    reference: &str,
) -> Result<Option<Found>, Failure> {
    if tx.gathers() {
        return gathered::by_reference(tx, provider, reference);
    }
    let sql = format!("{FOUND} where provider = $1 and reference = $2");
    tx.maybe(&sql, &[provider.into(), reference.into()], found)
}

/// The payments with these references.
pub fn of_references(
    tx: &mut Tx,
    provider: &str,
    references: &[String],
) -> Result<Vec<Found>, Failure> {
    let sql = format!("{FOUND} where provider = $1 and reference in");
    tx.all_in((&sql, &[provider.into()]), references, "", found)
}

pub fn find_all(tx: &mut Tx, payments: &[i64]) -> Result<Vec<Found>, Failure> {
    tx.all_in((&format!("{FOUND} where id in"), &[]), payments, "", found)
}

pub fn find(tx: &mut Tx, id: Id<Payment>) -> Result<Found, Failure> {
    if tx.gathers() {
        return gathered::find(tx, id);
    }
    tx.one(&format!("{FOUND} where id = $1"), &[id.into()], found)
}

/// Payments of an order that a provider, or staff, could still take.
pub fn open_attempts(tx: &mut Tx, order: Id<Order>) -> Result<Vec<Found>, Failure> {
    let sql = format!(
        "{FOUND} where order_id = $1 and status in ('pending', 'failed')
           and provider not in ('store_credit', 'prepaid')"
    );
    tx.all(&sql, &[order.into()], found)
}

pub fn set_status(tx: &mut Tx, payment: &Found, status: Status) -> Result<(), Failure> {
    if tx.gathers() {
        return gathered::change(tx, payment, status, "order");
    }
    tx.run(
        "update payments set status = $2, updated_at = $3 where id = $1 and status <> 'captured'",
        &[payment.id.into(), status.code().into(), tx.now.into()],
    )?;
    Ok(())
}

pub fn set_captured(tx: &mut Tx, payment: &Found, purpose: &str) -> Result<(), Failure> {
    if tx.gathers() {
        return gathered::change(tx, payment, Status::Captured, purpose);
    }
    let changed = tx.run(
        "update payments set status = 'captured', captured = amount, purpose = $2, updated_at = $3
         where id = $1 and status <> 'captured'",
        &[payment.id.into(), purpose.into(), tx.now.into()],
    )?;
    assert!(changed == 1, "a payment is captured once");
    Ok(())
}

/// Writes a notice down. Whether it is new.
pub fn add_notice(tx: &mut Tx, news: &News, meaning: Option<Meaning>) -> Result<bool, Failure> {
    static NOTICES: Insert = Insert {
        end: "on conflict (provider, event_id) do nothing",
        must_count: true,
        ..Insert::new(
            "payment_notices (provider, event_id, reference, body, state, meaning, received_at)",
            7,
        )
    };
    let state = if meaning.is_some() { "done" } else { "ignored" };
    let row = vec![
        (&news.provider).into(),
        (&news.told.event).into(),
        news.told.about.reference().into(),
        (&news.told.kept).into(),
        state.into(),
        meaning.map(|meaning| format!("{meaning:?}")).into(),
        tx.now.into(),
    ];
    if tx.gathers() {
        let new = gathered::is_new(tx, &news.provider, &news.told.event);
        if new {
            tx.add(&NOTICES, row)?;
        }
        return Ok(new);
    }
    Ok(tx.run(&NOTICES.sql(1), &row)? == 1)
}

/// Which of these events of a provider are written down.
pub fn known_events(
    tx: &mut Tx,
    provider: &str,
    events: &[String],
) -> Result<Vec<String>, Failure> {
    let sql = "select event_id from payment_notices where provider = $1 and event_id in";
    tx.all_in((sql, &[provider.into()]), events, "", |row| row.get(0))
}

/// An order's variants with their quantities and whether their stock is counted, in fixed order.
pub fn goods(tx: &mut Tx, order: Id<Order>) -> Result<Vec<(Id<Variant>, i64, bool)>, Failure> {
    tx.all(
        "select l.variant_id, l.quantity, v.tracked = 1 and v.oversell = 0
         from order_lines l join variants v on v.id = l.variant_id
         where l.order_id = $1 order by l.variant_id",
        &[order.into()],
        |row| (row.get(0), row.get(1), row.get(2)),
    )
}

/// Whether the order's place in its team was freed under it.
pub fn place_gone(tx: &mut Tx, order: Id<Order>) -> Result<bool, Failure> {
    let status =
        tx.maybe("select status from places where order_id = $1", &[order.into()], |row| {
            row.get::<String>(0)
        })?;
    Ok(status.is_some_and(|status| status == "freed"))
}

/// Payments that were begun before `began` and not asked about since `asked`, the longest first.
pub fn long_open(
    tx: &mut Tx,
    began: Moment,
    asked: Moment,
    most: i64,
) -> Result<Vec<Found>, Failure> {
    let sql = format!(
        "{FOUND} where status in ('pending', 'failed') and created_at < $1 and pay_url <> ''
           and provider not in ('store_credit', 'prepaid', 'offline')
           and (asked_at is null or asked_at < $2)
         order by coalesce(asked_at, 0), id limit $3"
    );
    tx.all(&sql, &[began.into(), asked.into(), most.into()], found)
}

pub fn set_asked(tx: &mut Tx, id: Id<Payment>) -> Result<(), Failure> {
    tx.run("update payments set asked_at = $2 where id = $1", &[id.into(), tx.now.into()])?;
    Ok(())
}

/// How a provider answered last.
pub fn health(tx: &mut Tx, provider: &str) -> Result<Health, Failure> {
    let found = tx.maybe(
        "select well_at, trouble_at, trouble from provider_health where provider = $1",
        &[provider.into()],
        |row| Health { well_at: row.get(0), trouble_at: row.get(1), trouble: row.get(2) },
    )?;
    Ok(found.unwrap_or_default())
}

/// What a provider holds for the shop, a currency each: its clearing, the other way round.
pub fn clearing(tx: &mut Tx, number: i64) -> Result<Vec<Money>, Failure> {
    tx.all(
        "select currency, balance from accounts
         where kind = 'psp_clearing' and owner_id = $1 order by currency collate \"C\"",
        &[number.into()],
        |row| {
            let currency = Currency::parse(&row.get::<String>(0));
            let currency = currency.expect("the table holds known ones");
            Money::new(row.get(1), currency).negated()
        },
    )
}

pub fn last_notice(tx: &mut Tx, provider: &str) -> Result<Option<Moment>, Failure> {
    let sql = "select max(received_at) from payment_notices where provider = $1";
    tx.one(sql, &[provider.into()], |row| row.get(0))
}

pub fn count_open(tx: &mut Tx, provider: &str) -> Result<i64, Failure> {
    tx.one(
        "select (select count(*) from payments
                 where status in ('pending', 'failed') and provider = $1)
              + (select count(*) from top_ups where status = 'pending' and provider = $1)",
        &[provider.into()],
        |row| row.get(0),
    )
}

/// Payments and top-ups that are begun and not over, the newest first. What a wallet has promised
/// waits for its order alone, and nobody for it.
pub fn open_views(
    tx: &mut Tx,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<OpenPaymentView>, Failure> {
    tx.all(
        "select p.id, p.order_id, p.provider, p.amount, p.currency, p.status, p.created_at,
                p.asked_at, o.pay_by
         from payments p join orders o on o.id = p.order_id
         where p.status in ('pending', 'failed') and p.id < $1
           and p.provider not in ('store_credit', 'prepaid')
         union all select id, cast(null as bigint), provider, amount, currency, status, created_at,
                asked_at, close_at
         from top_ups where status = 'pending' and id < $1
         order by 1 desc limit $2",
        &[before.unwrap_or(i64::MAX).into(), limit.into()],
        |row| {
            let currency = Currency::parse(&row.get::<String>(4));
            let currency = currency.expect("the table holds known ones");
            let status = Status::parse(&row.get::<String>(5));
            let (id, order): (i64, Option<Id<Order>>) = (row.get(0), row.get(1));
            OpenPaymentView {
                payment: order.map(|_| Id::new(id)),
                top_up: order.is_none().then(|| Id::<TopUp>::new(id)),
                order,
                provider: row.get(2),
                amount: Money::new(row.get(3), currency),
                status: status.expect("the table holds known states"),
                began_at: row.get(6),
                asked_at: row.get(7),
                pay_by: row.get(8),
            }
        },
    )
}
