//! The sandbox payment provider: pays, fails, delays, repeats itself and talks out of turn, on
//! demand.
//!
//! In spirit it is another company. The shop calls it like any provider (create, query, close,
//! refund) and hears from it by signed notices over HTTP; a buyer sees its own pages.

use domain::event::Event;
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::money::{Currency, Money};
use domain::payment::{Refusal, Said};
use domain::reconciliation::{Day, Kind, Line, State};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use crate::App;
use crate::db::{Row, Tx};
use crate::failure::Failure;
use crate::outside::gateway::{About, Envelope, Share, Told};
use crate::outside::{Charge, ProviderState, Trouble};
use crate::shop;

/// Its name as a provider.
pub const NAME: &str = "sandbox";
const LATE: Span = Span::seconds(10);
/// How far a notice's time may be from ours.
const NOTICE_AGE: Span = Span::minutes(5);

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

impl From<&Notice> for Envelope {
    fn from(notice: &Notice) -> Envelope {
        let header = |name: &str, value: &String| (name.to_string(), value.clone());
        let headers = vec![
            header("webhook-id", &notice.id),
            header("webhook-timestamp", &notice.timestamp),
            header("webhook-signature", &notice.signature),
        ];
        Envelope { headers, body: notice.body.clone().into_bytes() }
    }
}

/// Reads a notice: its signature over the raw bytes first.
pub fn read(now: Moment, shop: &shop::Shop, sent: &Envelope) -> Result<Told, Refusal> {
    let (id, timestamp) = (sent.header("webhook-id"), sent.header("webhook-timestamp"));
    let text = std::str::from_utf8(&sent.body).map_err(|_| Refusal::BadSignature)?;
    let check = || {
        planted!("signature_unchecked", return Ok(()));
        let expected = signature(shop, id, timestamp, text);
        let given = sent.header("webhook-signature").as_bytes();
        let same: bool = expected.as_bytes().ct_eq(given).into();
        let seconds: i64 = timestamp.parse().map_err(|_| Refusal::BadSignature)?;
        let age = now.since(Moment(seconds.saturating_mul(1_000_000))).0.unsigned_abs();
        let right = same && age <= NOTICE_AGE.0.unsigned_abs();
        if right { Ok(()) } else { Err(Refusal::BadSignature) }
    };
    check()?;
    let body: Body = serde_json::from_str(text).map_err(|_| Refusal::BadNotice)?;
    let in_range = body.amount.unsigned_abs() <= domain::money::LARGEST.unsigned_abs();
    if body.event_id != id || !in_range {
        return Err(Refusal::BadNotice);
    }
    let said = match body.status.as_str() {
        "paid" => Some(Said::Paid(Money::new(body.amount, body.currency))),
        "failed" => Some(Said::Failed),
        "closed" => Some(Said::Closed),
        // A kind we do not know (yet) is kept and passed over.
        _ => None,
    };
    let reference = body.reference;
    let about = match said {
        Some(said) => About::Payment { reference, said },
        None => About::Other { reference },
    };
    Ok(Told { event: body.event_id, about, kept: text.to_string() })
}

/// What it did on a day (of UTC), as its statement says.
pub fn statement(app: &App, day: Day) -> Result<Vec<Line>, Failure> {
    let (from, to) = (day.start(Span(0)), day.plus(1).start(Span(0)));
    let rows = app.read(|tx| {
        tx.all(
            "select 'payment', reference, amount, currency, paid_at from sandbox_payments
             where paid_at >= $1 and paid_at < $2
             union all select 'refund', r.key, r.amount, p.currency, r.created_at
             from sandbox_refunds r join sandbox_payments p on p.reference = r.reference
             where r.created_at >= $1 and r.created_at < $2
             order by 5, 2",
            &[from.into(), to.into()],
            |row| {
                let kind: String = row.get(0);
                (kind, row.get::<String>(1), row.get(2), row.get(3), row.get(4))
            },
        )
    })?;
    let lines = rows.into_iter().zip(1..);
    Ok(lines
        .map(|((kind, reference, minor, currency, at), number)| Line {
            number,
            kind: Kind::parse(&kind).unwrap_or(Kind::Odd),
            theirs: format!("sbx_{reference}"),
            reference,
            minor,
            currency,
            fee: None,
            rate: None,
            at,
            state: State::Done,
        })
        .collect())
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
        // What is not there yet is not known: made between the two, it would be found open.
        load(tx, reference)?;
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
        "update sandbox_payments set status = $2,
             paid_at = case when $2 = 'paid' then cast($3 as bigint) end
         where reference = $1 and status in ('open', 'failed')",
        &[reference.into(), status.into(), tx.now.into()],
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

/// Splits a receiver's part off a payment, once per key: never more than was paid.
pub fn split(app: &App, share: &Share) -> Result<String, Trouble> {
    let key = &share.key;
    let done = app.write(|tx| {
        let payment = load(tx, &share.of.reference)?;
        let known = "select 1 from sandbox_splits where key = $1";
        if tx.maybe(known, &[key.into()], |_| ())?.is_some() {
            return Ok(true);
        }
        let added = tx.run(
            "insert into sandbox_splits (key, reference, receiver, amount, created_at)
             select $1, p.reference, $3, cast($4 as bigint), cast($5 as bigint)
             from sandbox_payments p
             where p.reference = $2 and p.status = 'paid' and p.amount >= cast($4 as bigint)
                 + (select cast(coalesce(sum(s.amount), 0) as bigint) from sandbox_splits s
                    where s.reference = p.reference)
             on conflict (key) do nothing",
            &[
                key.into(),
                (&payment.reference).into(),
                (&share.receiver).into(),
                share.amount.minor.into(),
                tx.now.into(),
            ],
        )?;
        Ok(added == 1 && payment.amount.currency == share.amount.currency)
    });
    match done {
        Ok(true) => Ok(format!("sbx_{key}")),
        Ok(false) => Err(Trouble::Refused("more than was paid, or never paid".into())),
        Err(Failure::NotFound) => Err(Trouble::Refused("no such payment".into())),
        Err(other) => Err(away(other)),
    }
}

/// A buyer has the sandbox take a payment back, and the shop hears nothing of it: for the demo,
/// whose statements would have nothing to show otherwise.
pub fn take_back(app: &App, before: Moment) -> Result<(), Failure> {
    app.write(|tx| {
        tx.run(
            "insert into sandbox_refunds (key, reference, amount, created_at)
             select 'dispute_' || reference, reference, amount, paid_at + 60000000
             from sandbox_payments where status = 'paid' and refunded = 0 and paid_at < $1
             order by paid_at desc limit 1",
            &[before.into()],
        )?;
        Ok(())
    })
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
