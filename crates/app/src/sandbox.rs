//! The sandbox payment provider: pays, fails, delays, repeats itself and talks out of turn, on
//! demand.
//!
//! In spirit it is another company. The shop calls it like any provider (create, query, close,
//! refund) and hears from it by signed notices over HTTP; a buyer sees its own pages.

use domain::event::Event;
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::money::{Currency, Money};
use serde::{Deserialize, Serialize};

use crate::App;
use crate::db::{Row, Tx};
use crate::failure::Failure;
use crate::outside::{Charge, ProviderState, Trouble};
use crate::shop;

/// Its name as a provider.
pub const NAME: &str = "sandbox";
const LATE: Span = Span::seconds(10);

/// What the buyer does on its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    Pay,
    /// Pays; the shop hears of it ten seconds later.
    PayLate,
    /// Pays; the shop is told twice.
    PayTwice,
    /// Pays after a failed try, of which the shop hears last.
    PayOutOfOrder,
    Fail,
    Close,
}

/// A payment as its page shows it.
#[derive(Clone, Debug)]
pub struct Shown {
    pub reference: String,
    pub amount: Money,
    pub description: String,
    /// open, paid, failed, closed.
    pub status: String,
    pub return_url: String,
}

/// What a notice says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Body {
    pub event_id: String,
    pub reference: String,
    /// paid, failed, closed.
    pub status: String,
    pub amount: i64,
    pub currency: Currency,
}

/// A notice as it is sent: three headers and a body.
#[derive(Clone, Debug)]
pub struct Notice {
    pub id: String,
    /// Seconds since 1970.
    pub timestamp: String,
    /// `v1,` and the HMAC-SHA256 of `id.timestamp.body` in hexadecimal.
    pub signature: String,
    pub body: String,
}

fn away(failure: Failure) -> Trouble {
    Trouble::Away(failure.to_string())
}

/// Makes a payment known; the address where the buyer pays.
pub fn create(app: &App, charge: &Charge) -> Result<String, Trouble> {
    let write = app.write(|tx| {
        tx.run(
            "insert into sandbox_payments
             (reference, currency, amount, description, return_url, status, created_at)
             values ($1, $2, $3, $4, $5, 'open', $6) on conflict (reference) do nothing",
            &[
                (&charge.reference).into(),
                charge.amount.currency.code().into(),
                charge.amount.minor.into(),
                (&charge.description).into(),
                (&charge.return_url).into(),
                tx.now.into(),
            ],
        )
    });
    write.map_err(away)?;
    Ok(format!("{}/sandbox/pay/{}", app.config.base_url, charge.reference))
}

fn shown(row: &Row) -> Shown {
    let currency = Currency::parse(&row.get::<String>(1)).expect("it was written from one");
    Shown {
        reference: row.get(0),
        amount: Money::new(row.get(2), currency),
        description: row.get(3),
        status: row.get(4),
        return_url: row.get(5),
    }
}

fn load(tx: &mut Tx, reference: &str) -> Result<Shown, Failure> {
    let lock = tx.lock();
    tx.one(
        &format!(
            "select reference, currency, amount, description, status, return_url
             from sandbox_payments where reference = $1{lock}"
        ),
        &[reference.into()],
        shown,
    )
}

fn state(payment: &Shown) -> ProviderState {
    match payment.status.as_str() {
        "paid" => ProviderState::Paid(payment.amount),
        "failed" => ProviderState::Failed,
        "closed" => ProviderState::Closed,
        _ => ProviderState::Open,
    }
}

/// What became of a payment.
pub fn query(app: &App, reference: &str) -> Result<ProviderState, Trouble> {
    match find(app, reference) {
        Ok(payment) => Ok(state(&payment)),
        Err(Failure::NotFound) => Ok(ProviderState::Unknown),
        Err(other) => Err(away(other)),
    }
}

/// Closes a payment unless it is paid.
pub fn close(app: &App, reference: &str) -> Result<ProviderState, Trouble> {
    let closed = app.write(|tx| {
        set_status(tx, reference, "closed")?;
        load(tx, reference)
    });
    match closed {
        Ok(payment) => Ok(state(&payment)),
        Err(Failure::NotFound) => Ok(ProviderState::Unknown),
        Err(other) => Err(away(other)),
    }
}

/// Moves a payment that is not paid or closed. Whether it did.
fn set_status(tx: &mut Tx, reference: &str, status: &str) -> Result<bool, Failure> {
    let changed = tx.run(
        "update sandbox_payments set status = $2
         where reference = $1 and status in ('open', 'failed')",
        &[reference.into(), status.into()],
    )?;
    Ok(changed == 1)
}

/// Pays back, once per key.
pub fn refund(app: &App, reference: &str, key: &str, amount: Money) -> Result<String, Trouble> {
    let paid_back = app.write(|tx| {
        let payment = load(tx, reference)?;
        let new = tx.run(
            "insert into sandbox_refunds (key, reference, amount, created_at)
             values ($1, $2, $3, $4) on conflict (key) do nothing",
            &[key.into(), reference.into(), amount.minor.into(), tx.now.into()],
        )?;
        if new == 0 {
            return Ok(true);
        }
        let changed = tx.run(
            "update sandbox_payments set refunded = refunded + $2
             where reference = $1 and status = 'paid' and refunded + $2 <= amount
               and currency = $3",
            &[reference.into(), amount.minor.into(), payment.amount.currency.code().into()],
        )?;
        // An error would be taken for an outage: the refusal is an answer, and nothing is kept.
        if changed == 0 {
            tx.run("delete from sandbox_refunds where key = $1", &[key.into()])?;
        }
        Ok(changed == 1)
    });
    match paid_back {
        Ok(true) => Ok(format!("sbx_{key}")),
        Ok(false) => Err(Trouble::Refused("more than was paid, or never paid".into())),
        Err(Failure::NotFound) => Err(Trouble::Refused("no such payment".into())),
        Err(other) => Err(away(other)),
    }
}

/// The payment for its page.
pub fn find(app: &App, reference: &str) -> Result<Shown, Failure> {
    app.read(|tx| {
        tx.one(
            "select reference, currency, amount, description, status, return_url
             from sandbox_payments where reference = $1",
            &[reference.into()],
            shown,
        )
    })
}

/// The buyer acts; says where to send them back to.
pub fn act(app: &App, reference: &str, act: Act) -> Result<String, Failure> {
    if !app.config.sandbox {
        return Err(Failure::NotFound);
    }
    app.write(|tx| {
        let payment = load(tx, reference)?;
        let (status, notices): (&str, &[(&str, Span)]) = match act {
            Act::Pay => ("paid", &[("paid", Span(0))]),
            Act::PayLate => ("paid", &[("paid", LATE)]),
            Act::PayTwice => ("paid", &[("paid", Span(0)), ("paid", Span::seconds(1))]),
            Act::PayOutOfOrder => ("paid", &[("paid", Span(0)), ("failed", Span::seconds(1))]),
            Act::Fail => ("failed", &[("failed", Span(0))]),
            Act::Close => ("closed", &[("closed", Span(0))]),
        };
        if !set_status(tx, reference, status)? {
            return Ok(payment.return_url);
        }
        // Told twice, a notice keeps its event's id; another event has its own.
        let first: Id<Event> = tx.id();
        for (said, after) in notices {
            let event = if act == Act::PayTwice { first } else { tx.id() };
            plan(tx, &payment, event, said, tx.now.plus(*after))?;
        }
        Ok(payment.return_url)
    })
}

fn plan(
    tx: &mut Tx,
    payment: &Shown,
    event: Id<Event>,
    said: &str,
    at: Moment,
) -> Result<(), Failure> {
    let body = Body {
        event_id: event.to_string(),
        reference: payment.reference.clone(),
        status: said.to_string(),
        amount: payment.amount.minor,
        currency: payment.amount.currency,
    };
    let id: Id<Event> = tx.id();
    tx.run(
        "insert into sandbox_notices (id, event_id, reference, body, deliver_at)
         values ($1, $2, $3, $4, $5)",
        &[
            id.into(),
            (&body.event_id).into(),
            (&payment.reference).into(),
            serde_json::to_string(&body)?.into(),
            at.into(),
        ],
    )?;
    tx.ask("sandbox.notify", id.0, at)
}

/// Job: sends a notice to the shop, again and again until it answers 200.
pub fn notify(app: &App, id: i64) -> Result<(), Failure> {
    let Some(notice) = app.read(|tx| due(tx, id))? else { return Ok(()) };
    let url = format!("{}/hooks/payments/{NAME}", app.config.base_url);
    let headers = [
        ("content-type", "application/json"),
        ("webhook-id", notice.id.as_str()),
        ("webhook-timestamp", notice.timestamp.as_str()),
        ("webhook-signature", notice.signature.as_str()),
    ];
    match app.outside.fetch.post(&url, &headers, &notice.body) {
        Ok(200) => app.write(|tx| delivered(tx, id)),
        Ok(other) => Err(Failure::Broken(format!("the shop answered {other}"))),
        Err(trouble) => Err(Failure::Broken(trouble.to_string())),
    }
}

/// Takes the notices that are due, for tests and the demo, which deliver them by hand.
pub fn take_due(app: &App) -> Result<Vec<Notice>, Failure> {
    app.write(|tx| {
        let due_ids = tx.all(
            "select id from sandbox_notices where delivered_at is null and deliver_at <= $1
             order by deliver_at, id",
            &[tx.now.into()],
            |row| row.get::<i64>(0),
        )?;
        let mut notices = Vec::new();
        for id in due_ids {
            if let Some(notice) = due(tx, id)? {
                delivered(tx, id)?;
                notices.push(notice);
            }
        }
        Ok(notices)
    })
}

fn due(tx: &mut Tx, id: i64) -> Result<Option<Notice>, Failure> {
    let found = tx.maybe(
        "select event_id, body from sandbox_notices where id = $1 and delivered_at is null",
        &[id.into()],
        |row| (row.get::<String>(0), row.get::<String>(1)),
    )?;
    let Some((event_id, body)) = found else { return Ok(None) };
    Ok(Some(signed(tx, event_id, body)?))
}

fn delivered(tx: &mut Tx, id: i64) -> Result<(), Failure> {
    tx.run(
        "update sandbox_notices set delivered_at = $2, tries = tries + 1 where id = $1",
        &[id.into(), tx.now.into()],
    )?;
    Ok(())
}

/// A notice with its signature.
pub fn signed(tx: &mut Tx, id: String, body: String) -> Result<Notice, Failure> {
    let timestamp = tx.now.0.div_euclid(1_000_000).to_string();
    let signature = signature(&shop::get(tx)?, &id, &timestamp, &body);
    Ok(Notice { id, timestamp, signature, body })
}

/// What the provider signs, and the shop checks.
pub fn signature(shop: &shop::Shop, id: &str, timestamp: &str, body: &str) -> String {
    format!("v1,{}", shop.sign_hex("sandbox notices", &format!("{id}.{timestamp}.{body}")))
}
