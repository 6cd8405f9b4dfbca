//! Stripe: hosted pages (Checkout Sessions), refunds, signed events, and the list of what moved.

use std::sync::Arc;

use domain::moment::{Moment, Span};
use domain::money::Currency;
use domain::payment::Refusal;
use domain::reconciliation::{Day, Line};
use serde_json::Value;
use subtle::ConstantTimeEq;

use super::wire::{Answer, Ask, Wire, form};
use super::{
    About, Back, Backed, Charge, Envelope, Gateway, Known, Made, ProviderState, Share, Told,
    is_fresh, keys, paid, said,
};
use crate::config::payments::Stripe as Settings;
use crate::outside::Trouble;

mod split;
mod statement;

/// Which version of the protocol we speak, whatever the account's own is.
const VERSION: &str = "2024-06-20";
/// The shortest life of a page, with a minute for clocks that differ.
const SHORTEST: Span = Span::minutes(31);

/// Stripe as one account sees it.
pub struct Stripe {
    settings: Settings,
    wire: Arc<dyn Wire>,
}

impl Stripe {
    pub fn new(settings: &Settings, wire: Arc<dyn Wire>) -> Stripe {
        Stripe { settings: settings.clone(), wire }
    }

    fn call(&self, method: &'static str, path: &str, body: &str, key: &str) -> Result<Value, No> {
        let mut ask = Ask { method, url: format!("{}{path}", self.settings.url), ..Ask::default() };
        ask.headers.push(("authorization", format!("Bearer {}", self.settings.secret_key.0)));
        ask.headers.push(("stripe-version", VERSION.into()));
        if method == "POST" {
            ask.headers.push(("content-type", "application/x-www-form-urlencoded".into()));
            ask.headers.push(("idempotency-key", key.into()));
            ask.body = body.as_bytes().to_vec();
        }
        let answer = self.wire.call(&ask).map_err(No::of)?;
        let found = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
        if (200..300).contains(&answer.status) && found.is_object() {
            return Ok(found);
        }
        Err(No { status: answer.status, trouble: trouble(&answer, &found) })
    }

    fn session(&self, known: &Known) -> Result<Option<Value>, Trouble> {
        if known.theirs.is_empty() {
            // Nobody was ever told where to pay: it cannot have been paid.
            return Ok(None);
        }
        let path = format!("/v1/checkout/sessions/{}", known.theirs);
        match self.call("GET", &path, "", "") {
            Ok(session) if text(&session, "client_reference_id") == known.reference => {
                Ok(Some(session))
            }
            Ok(_) => Err(Trouble::Refused("the session is another payment's".into())),
            Err(no) if no.status == 404 => Ok(None),
            Err(no) => Err(no.trouble),
        }
    }

    /// A refund of this payment that carries our key, which they may have forgotten the request of.
    fn refund_with(&self, intent: &str, key: &str) -> Result<Option<Value>, Trouble> {
        let query = form(&[("payment_intent", intent), ("limit", "100")]);
        let found = self.call("GET", &format!("/v1/refunds?{query}"), "", "");
        let found = found.map_err(|no| no.trouble)?;
        let mut all = found["data"].as_array().into_iter().flatten();
        Ok(all.find(|one| text(&one["metadata"], "reference") == key).cloned())
    }
}

/// Why a call was not answered as asked.
struct No {
    status: u16,
    trouble: Trouble,
}

impl No {
    fn of(trouble: Trouble) -> No {
        No { status: 0, trouble }
    }
}

fn trouble(answer: &Answer, found: &Value) -> Trouble {
    let error = &found["error"];
    let why = format!("{} {} {}", answer.status, text(error, "code"), text(error, "message"));
    if answer.is_later() || answer.is_stranger() || answer.status < 400 {
        Trouble::Away(why)
    } else {
        Trouble::Refused(why)
    }
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or("")
}

fn state(session: &Value) -> ProviderState {
    match (text(session, "status"), text(session, "payment_status")) {
        (_, "paid") => paid(session["amount_total"].as_i64(), text(session, "currency")),
        ("expired", _) => ProviderState::Closed,
        _ => ProviderState::Open,
    }
}

fn backed(refund: &Value) -> Result<Backed, Trouble> {
    let name = text(refund, "id").to_string();
    match text(refund, "status") {
        "succeeded" => Ok(Backed::Done(name)),
        "pending" | "requires_action" => Ok(Backed::Underway(name)),
        other => {
            let why = text(refund, "failure_reason");
            Err(Trouble::Refused(format!("the refund {name} is {other} {why}")))
        }
    }
}

impl Gateway for Stripe {
    fn name(&self) -> &'static str {
        "stripe"
    }

    fn takes(&self, _: Currency) -> bool {
        // All of ours, and its smallest unit is ours: a yen has no decimals there either.
        true
    }

    /// As it publishes for the currencies it names; others are about as much.
    fn least(&self, currency: Currency) -> i64 {
        match currency {
            Currency::Gbp => 30,
            Currency::Usd | Currency::Eur | Currency::Sgd | Currency::Jpy => 50,
            Currency::Cny | Currency::Hkd => 400,
            // Nobody pays in points.
            Currency::Points => i64::MAX,
        }
    }

    fn create(&self, charge: &Charge) -> Result<Made, Trouble> {
        let minor = charge.amount.minor.to_string();
        let currency = charge.amount.currency.code().to_ascii_lowercase();
        // Counted from when it began, so that every try asks for the same.
        let ends = charge.began_at.plus(SHORTEST).max(charge.pay_by);
        let ends = ends.0.div_euclid(1_000_000).to_string();
        let body = form(&[
            ("mode", "payment"),
            ("client_reference_id", &charge.reference),
            ("success_url", &charge.return_url),
            ("cancel_url", &charge.return_url),
            ("expires_at", &ends),
            ("line_items[0][quantity]", "1"),
            ("line_items[0][price_data][currency]", &currency),
            ("line_items[0][price_data][unit_amount]", &minor),
            ("line_items[0][price_data][product_data][name]", &charge.description),
            ("metadata[reference]", &charge.reference),
            ("payment_intent_data[metadata][reference]", &charge.reference),
        ]);
        let made = self.call("POST", "/v1/checkout/sessions", &body, &charge.reference);
        let session = made.map_err(|no| no.trouble)?;
        let (url, theirs) = (text(&session, "url"), text(&session, "id"));
        if url.is_empty() || theirs.is_empty() {
            return Err(Trouble::Refused("a session without its page".into()));
        }
        Ok(Made { url: url.into(), theirs: theirs.into() })
    }

    fn query(&self, known: &Known) -> Result<ProviderState, Trouble> {
        Ok(self.session(known)?.map_or(ProviderState::Unknown, |session| state(&session)))
    }

    fn close(&self, known: &Known) -> Result<ProviderState, Trouble> {
        if known.theirs.is_empty() {
            return Ok(ProviderState::Unknown);
        }
        let path = format!("/v1/checkout/sessions/{}/expire", known.theirs);
        match self.call("POST", &path, "", &format!("{}-close", known.reference)) {
            Ok(session) => Ok(state(&session)),
            // It is paid, being paid, or over already.
            Err(no) if matches!(no.status, 400 | 404) => self.query(known),
            Err(no) => Err(no.trouble),
        }
    }

    fn refund(&self, back: &Back) -> Result<Backed, Trouble> {
        if !back.theirs.is_empty() {
            let path = format!("/v1/refunds/{}", back.theirs);
            return backed(&self.call("GET", &path, "", "").map_err(|no| no.trouble)?);
        }
        let session = self.session(&back.of)?;
        let session = session.ok_or_else(|| Trouble::Refused("no such session".into()))?;
        let intent = text(&session, "payment_intent");
        // They forget keys after a day, and this refund may be older.
        if let Some(refund) = self.refund_with(intent, &back.key)? {
            return backed(&refund);
        }
        let minor = back.amount.minor.to_string();
        let body = form(&[
            ("payment_intent", intent),
            ("amount", &minor),
            ("metadata[reference]", &back.key),
        ]);
        let made = self.call("POST", "/v1/refunds", &body, &back.key);
        backed(&made.map_err(|no| no.trouble)?)
    }

    fn splits(&self) -> bool {
        true
    }

    fn split(&self, share: &Share) -> Result<Backed, Trouble> {
        self.transfer(share)
    }

    fn read(&self, now: Moment, sent: &Envelope) -> Result<Told, Refusal> {
        check_signature(&self.settings.webhook_secret.0, now, sent)?;
        let event: Value = serde_json::from_slice(&sent.body).map_err(|_| Refusal::BadNotice)?;
        // Another account's (of a platform), or of the other world of tests.
        let live = self.settings.secret_key.0.contains("_live_");
        let foreign = event["account"].is_string() || event["livemode"].as_bool() != Some(live);
        let id = text(&event, "id");
        if foreign || id.is_empty() || id.len() > 200 {
            return Err(Refusal::BadNotice);
        }
        let (kind, object) = (text(&event, "type"), &event["data"]["object"]);
        let about = about(kind, object);
        let kept = serde_json::json!({
            "type": kind,
            "reference": about.reference(),
            "theirs": object["id"],
            "status": object["status"],
            "payment_status": object["payment_status"],
            "amount": object.get("amount_total").unwrap_or(&object["amount"]),
            "currency": object["currency"],
            "created": event["created"],
        });
        Ok(Told { event: id.to_string(), about, kept: kept.to_string() })
    }

    fn statement(&self, day: Day) -> Result<Vec<Line>, Trouble> {
        let (from, to) = (day.start(Span(0)), day.plus(1).start(Span(0)));
        let seconds = |at: Moment| at.0.div_euclid(1_000_000).to_string();
        let (mut lines, mut after) = (Vec::new(), String::new());
        loop {
            let (from, to) = (seconds(from), seconds(to));
            let mut query = vec![
                ("created[gte]", from.as_str()),
                ("created[lt]", &to),
                ("limit", "100"),
                ("expand[]", "data.source"),
            ];
            if !after.is_empty() {
                query.push(("starting_after", &after));
            }
            let path = format!("/v1/balance_transactions?{}", form(&query));
            let page = self.call("GET", &path, "", "").map_err(|no| no.trouble)?;
            let rows = page["data"].as_array().cloned().unwrap_or_default();
            for row in &rows {
                lines.extend(statement::row(lines.len(), row));
            }
            let last = rows.last().map(|row| text(row, "id").to_string());
            match last.filter(|last| page["has_more"] == true && !last.is_empty()) {
                Some(last) => after = last,
                None => return Ok(lines),
            }
        }
    }

    fn read_statement(&self, file: &[u8]) -> Result<Vec<Line>, String> {
        statement::read(file)
    }

    fn zone(&self) -> Span {
        Span(0)
    }
}

fn about(kind: &str, object: &Value) -> About {
    let reference = text(object, "client_reference_id").to_string();
    let state = match kind {
        "checkout.session.completed" | "checkout.session.async_payment_succeeded" => state(object),
        "checkout.session.async_payment_failed" => ProviderState::Failed,
        "checkout.session.expired" => ProviderState::Closed,
        "refund.created" | "refund.updated" | "refund.failed" | "charge.refund.updated" => {
            let key = text(&object["metadata"], "reference").to_string();
            let failed = matches!(text(object, "status"), "failed" | "canceled");
            return About::Refund { key, failed };
        }
        _ => ProviderState::Unknown,
    };
    match said(state) {
        Some(said) if !reference.is_empty() => About::Payment { reference, said },
        _ => About::Other { reference },
    }
}

/// `t=…,v1=…,v1=…`: one of the signatures must be right under one of our secrets, of which there
/// are two while they are changed.
fn check_signature(secrets: &str, now: Moment, sent: &Envelope) -> Result<(), Refusal> {
    let pairs = || sent.header("stripe-signature").split(',').filter_map(|one| one.split_once('='));
    let time = pairs().find(|(name, _)| name.trim() == "t").map_or("", |(_, value)| value);
    let seconds: i64 = time.parse().map_err(|_| Refusal::BadSignature)?;
    let mut right = false;
    for secret in secrets.split(',').map(str::trim).filter(|secret| !secret.is_empty()) {
        let expected = keys::hmac_hex(secret, &[time.as_bytes(), b".", &sent.body]);
        for (_, given) in pairs().filter(|(name, _)| name.trim() == "v1") {
            right |= bool::from(expected.as_bytes().ct_eq(given.as_bytes()));
        }
    }
    planted!("stripe_signature_unchecked", return Ok(()));
    if right && is_fresh(now, seconds) { Ok(()) } else { Err(Refusal::BadSignature) }
}
