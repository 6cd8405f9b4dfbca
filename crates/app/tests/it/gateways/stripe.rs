//! A double of Stripe: sessions, refunds, events, balance transactions; the same request under the
//! same key is the same answer, another request under it is none.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use app::clock::{Clock, Held};
use app::config::payments::{Secret, Stripe as Settings};
use app::outside::Gateway;
use app::outside::gateway::stripe::Stripe;
use app::outside::gateway::wire::Http;
use app::outside::gateway::{Envelope, keys};
use domain::moment::Span;
use serde_json::{Value, json};

use super::server::{Request, Response, get, serve};
use super::{Double, Paid, Row, Twist};

const KEY: &str = "sk_test_double";
const SECRET: &str = "whsec_double";

#[derive(Clone)]
struct Session {
    id: String,
    reference: String,
    minor: i64,
    currency: String,
    status: &'static str,
    paid: bool,
    url: String,
}

#[derive(Default)]
struct State {
    away: bool,
    /// Where its pages are.
    page: String,
    sessions: Vec<Session>,
    refunds: Vec<Value>,
    transfers: Vec<Value>,
    keys: BTreeMap<String, (Vec<u8>, Response)>,
    moved: Vec<Row>,
    /// What refunds are at first.
    refund_state: Option<&'static str>,
    events: i64,
}

pub struct StripeDouble {
    state: Arc<Mutex<State>>,
    clock: Arc<Held>,
    gateway: Arc<dyn Gateway>,
}

impl StripeDouble {
    pub fn open(clock: Arc<Held>) -> StripeDouble {
        let state = Arc::new(Mutex::new(State::default()));
        let (kept, time) = (Arc::clone(&state), Arc::clone(&clock));
        let url = serve(move |request| {
            let mut state = kept.lock().unwrap();
            if state.away { None } else { Some(handle(&mut state, &time, request)) }
        });
        state.lock().unwrap().page = format!("{url}/pay");
        let settings = Settings {
            secret_key: Secret(KEY.into()),
            webhook_secret: Secret(format!("whsec_old,{SECRET}")),
            fee: None,
            url,
        };
        let gateway = Arc::new(Stripe::new(&settings, Arc::new(Http::new())));
        StripeDouble { state, clock, gateway }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn seconds(&self) -> i64 {
        self.clock.now().0 / 1_000_000
    }

    /// An event about a session, with its signatures.
    fn event(&self, kind: &str, object: &Value, twist: Twist, id: &str) -> Envelope {
        let mut event = json!({
            "id": id,
            "object": "event",
            "type": kind,
            "livemode": false,
            "created": self.seconds(),
            "data": { "object": object },
        });
        match twist {
            Twist::OtherMerchant => event["account"] = json!("acct_somebody"),
            // An event of the other world: there are payments for trying out, and real ones.
            Twist::OtherApp => event["livemode"] = json!(true),
            Twist::OtherCurrency => event["data"]["object"]["currency"] = json!("usd"),
            Twist::StrangeCurrency => event["data"]["object"]["currency"] = json!("krw"),
            Twist::WrongAmount => {
                let total = &mut event["data"]["object"]["amount_total"];
                *total = json!(total.as_i64().unwrap() - 1);
            }
            _ => (),
        }
        let body = event.to_string();
        let age = if twist == Twist::Old { 600 } else { 0 };
        let time = (self.seconds() - age).to_string();
        let secret = if twist == Twist::Forged { "whsec_somebody" } else { SECRET };
        let right = keys::hmac_hex(secret, &[time.as_bytes(), b".", body.as_bytes()]);
        // While a secret is changed there are two, the first of a secret we no longer know.
        let other = "0".repeat(64);
        let header = format!("t={time},v1={other},v1={right},v0={other}");
        let altered = twist == Twist::Altered;
        let body = if altered { body.replacen("session", "sessiom", 1) } else { body };
        Envelope { headers: vec![("stripe-signature".into(), header)], body: body.into_bytes() }
    }
}

fn session_of(session: &Session) -> Value {
    json!({
        "id": session.id,
        "object": "checkout.session",
        "client_reference_id": session.reference,
        "amount_total": session.minor,
        "currency": session.currency,
        "status": session.status,
        "payment_status": if session.paid { "paid" } else { "unpaid" },
        "payment_intent": format!("pi_{}", session.reference),
        "url": session.url,
    })
}

fn no(status: u16, code: &str) -> Response {
    Response::json(status, &json!({ "error": { "code": code, "message": "no" } }))
}

fn handle(state: &mut State, clock: &Held, request: &Request) -> Response {
    if request.path.starts_with("/pay/") {
        return Response::page("Stripe");
    }
    if request.header("authorization") != format!("Bearer {KEY}") {
        return no(401, "unauthenticated");
    }
    assert_eq!(request.header("stripe-version"), "2024-06-20");
    if request.method == "GET" {
        return look(state, request);
    }
    let key = request.header("idempotency-key").to_string();
    assert!(!key.is_empty(), "{}: a key is needed", request.path);
    if let Some((body, answer)) = state.keys.get(&key) {
        let same = *body == request.body;
        return if same { answer.clone() } else { no(400, "idempotency_error") };
    }
    let answer = change(state, clock, request);
    state.keys.insert(key, (request.body.clone(), answer.clone()));
    answer
}

fn change(state: &mut State, clock: &Held, request: &Request) -> Response {
    let form = request.form();
    let now = clock.now().0 / 1_000_000;
    let path: Vec<&str> = request.bare_path().trim_start_matches('/').split('/').collect();
    match path[..] {
        ["v1", "checkout", "sessions"] => {
            let ends: i64 = get(&form, "expires_at").parse().unwrap();
            let right = get(&form, "mode") == "payment"
                && ends - now >= 30 * 60
                && ends - now <= 24 * 3_600;
            let minor: i64 = get(&form, "line_items[0][price_data][unit_amount]").parse().unwrap();
            let cny = get(&form, "line_items[0][price_data][currency]") == "cny";
            if cny && minor < 400 {
                return no(400, "amount_too_small");
            }
            if !right || get(&form, "line_items[0][quantity]") != "1" {
                return no(400, "parameter_invalid");
            }
            let id = format!("cs_test_{}", state.sessions.len());
            let session = Session {
                url: format!("{}/{id}", state.page),
                id,
                reference: get(&form, "client_reference_id").into(),
                minor,
                currency: get(&form, "line_items[0][price_data][currency]").into(),
                status: "open",
                paid: false,
            };
            let answer = Response::json(200, &session_of(&session));
            state.sessions.push(session);
            answer
        }
        ["v1", "checkout", "sessions", id, "expire"] => {
            let Some(session) = state.sessions.iter_mut().find(|one| one.id == id) else {
                return no(404, "resource_missing");
            };
            if session.status != "open" {
                return no(400, "session_not_open");
            }
            session.status = "expired";
            Response::json(200, &session_of(session))
        }
        ["v1", "refunds"] => {
            let intent = get(&form, "payment_intent");
            let paid = state.sessions.iter().find(|one| format!("pi_{}", one.reference) == intent);
            let Some(paid) = paid.filter(|one| one.paid).cloned() else {
                return no(400, "charge_not_captured");
            };
            let minor: i64 = get(&form, "amount").parse().unwrap();
            let of = |refund: &&Value| refund["payment_intent"] == intent;
            let before: i64 =
                state.refunds.iter().filter(of).map(|one| one["amount"].as_i64().unwrap()).sum();
            if before + minor > paid.minor {
                return no(400, "amount_too_large");
            }
            let status = state.refund_state.unwrap_or("succeeded");
            let refund = json!({
                "id": format!("re_{}", state.refunds.len()),
                "object": "refund",
                "amount": minor,
                "currency": paid.currency,
                "payment_intent": intent,
                "metadata": { "reference": get(&form, "metadata[reference]") },
                "status": status,
            });
            state.refunds.push(refund.clone());
            state.moved.push(Row {
                reference: get(&form, "metadata[reference]").into(),
                theirs: format!("re_{}", state.refunds.len() - 1),
                currency: paid.currency.to_uppercase(),
                ..Row::new("refund", minor, 0, clock.now())
            });
            Response::json(200, &refund)
        }
        ["v1", "transfers"] => {
            let charge = get(&form, "source_transaction");
            let paid = state.sessions.iter().find(|one| format!("ch_{}", one.reference) == charge);
            let Some(paid) = paid.filter(|one| one.paid) else {
                return no(400, "no_such_charge");
            };
            let minor: i64 = get(&form, "amount").parse().unwrap();
            let before: i64 = state
                .transfers
                .iter()
                .filter(|one| one["source_transaction"] == charge)
                .map(|one| one["amount"].as_i64().unwrap())
                .sum();
            let right = get(&form, "destination").starts_with("acct_")
                && get(&form, "currency") == paid.currency
                && get(&form, "transfer_group") == paid.reference;
            if !right || before + minor > paid.minor {
                return no(400, "balance_insufficient");
            }
            let transfer = json!({
                "id": format!("tr_{}", state.transfers.len()),
                "object": "transfer",
                "amount": minor,
                "destination": get(&form, "destination"),
                "source_transaction": charge,
                "transfer_group": get(&form, "transfer_group"),
                "metadata": { "reference": get(&form, "metadata[reference]") },
                "reversed": false,
            });
            state.transfers.push(transfer.clone());
            Response::json(200, &transfer)
        }
        _ => no(404, "unknown"),
    }
}

/// A row of the list of what moved.
fn row(n: usize, row: &Row) -> Value {
    let (category, sign) = match row.kind {
        "payment" => ("charge", 1),
        "refund" => ("refund", -1),
        _ => ("dispute", -1),
    };
    let currency = row.currency.to_lowercase();
    json!({
        "id": format!("txn_{n}"),
        "amount": sign * row.minor,
        "fee": row.fee,
        "net": sign * row.minor - row.fee,
        "currency": currency,
        "created": row.at.0 / 1_000_000,
        "reporting_category": category,
        "source": {
            "id": row.theirs,
            "amount": row.minor,
            "currency": currency,
            "metadata": { "reference": row.reference },
        },
    })
}

fn look(state: &State, request: &Request) -> Response {
    let path: Vec<&str> = request.bare_path().trim_start_matches('/').split('/').collect();
    let query = request.query();
    match path[..] {
        ["v1", "checkout", "sessions", id] => {
            let found = state.sessions.iter().find(|one| one.id == id);
            found.map_or_else(
                || no(404, "resource_missing"),
                |one| Response::json(200, &session_of(one)),
            )
        }
        ["v1", "refunds", id] => {
            let found = state.refunds.iter().find(|one| one["id"] == id);
            found.map_or_else(|| no(404, "resource_missing"), |one| Response::json(200, one))
        }
        ["v1", "refunds"] => {
            let intent = get(&query, "payment_intent");
            let of = |one: &&Value| one["payment_intent"] == intent;
            let data: Vec<&Value> = state.refunds.iter().filter(of).collect();
            Response::json(200, &json!({ "data": data, "has_more": false }))
        }
        ["v1", "payment_intents", intent] => {
            let found = state.sessions.iter().find(|one| format!("pi_{}", one.reference) == intent);
            let charge = |one: &Session| one.paid.then(|| format!("ch_{}", one.reference));
            found.map_or_else(
                || no(404, "resource_missing"),
                |one| Response::json(200, &json!({ "id": intent, "latest_charge": charge(one) })),
            )
        }
        ["v1", "transfers"] => {
            let group = get(&query, "transfer_group");
            let of = |one: &&Value| one["transfer_group"] == group;
            let data: Vec<&Value> = state.transfers.iter().filter(of).collect();
            Response::json(200, &json!({ "data": data, "has_more": false }))
        }
        ["v1", "balance_transactions"] => {
            assert_eq!(get(&query, "expand[]"), "data.source");
            let number = |name| get(&query, name).parse::<i64>().unwrap();
            let (from, to) = (number("created[gte]"), number("created[lt]"));
            let on = |row: &&Row| (from..to).contains(&(row.at.0 / 1_000_000));
            let on = state.moved.iter().filter(on).enumerate();
            let all: Vec<Value> = on.map(|(n, one)| row(n, one)).collect();
            let after = get(&query, "starting_after");
            let begin = all.iter().position(|one| one["id"] == after).map_or(0, |at| at + 1);
            // Small pages, so that a day has several.
            let page: Vec<&Value> = all[begin..].iter().take(3).collect();
            let more = begin + page.len() < all.len();
            Response::json(200, &json!({ "data": page, "has_more": more }))
        }
        _ => no(404, "unknown"),
    }
}

impl Double for StripeDouble {
    fn name(&self) -> &'static str {
        "stripe"
    }

    fn gateway(&self) -> Arc<dyn Gateway> {
        Arc::clone(&self.gateway)
    }

    fn set_away(&self, away: bool) {
        self.state().away = away;
    }

    fn pay(&self, reference: &str, url: &str) -> Paid {
        let mut state = self.state();
        let at = state.sessions.iter().position(|one| url.ends_with(&one.id)).unwrap();
        let session = &mut state.sessions[at];
        assert_eq!(session.reference, reference);
        if session.status != "open" {
            return Paid::TooLate;
        }
        (session.status, session.paid) = ("complete", true);
        let (minor, currency) = (session.minor, session.currency.clone());
        state.moved.push(Row {
            reference: reference.into(),
            theirs: format!("ch_{at}"),
            currency: currency.to_uppercase(),
            ..Row::new("payment", minor, minor * 29 / 1_000, self.clock.now())
        });
        Paid::Now
    }

    fn pay_behind(&self, reference: &str, minor: i64) {
        let mut state = self.state();
        let session = state.sessions.iter_mut().find(|one| one.reference == reference).unwrap();
        (session.status, session.paid, session.minor) = ("complete", true, minor);
    }

    fn notice(&self, reference: &str, twist: Twist) -> Envelope {
        let (session, count) = {
            let mut state = self.state();
            state.events += i64::from(twist != Twist::Again);
            let found = state.sessions.iter().find(|one| one.reference == reference);
            (found.cloned().unwrap(), state.events)
        };
        let mut object = session_of(&session);
        let kind = match twist {
            Twist::Failed => "checkout.session.async_payment_failed",
            Twist::Closed => "checkout.session.expired",
            Twist::Unheard => "customer.created",
            _ => {
                (object["status"], object["payment_status"]) = (json!("complete"), json!("paid"));
                "checkout.session.completed"
            }
        };
        self.event(kind, &object, twist, &format!("evt_{count}"))
    }

    fn slow_refunds(&self, slow: bool) {
        self.state().refund_state = slow.then_some("pending");
    }

    fn end_refund(&self, key: &str, well: bool) -> Envelope {
        let mut state = self.state();
        let refund =
            state.refunds.iter_mut().find(|one| one["metadata"]["reference"] == key).unwrap();
        refund["status"] = json!(if well { "succeeded" } else { "failed" });
        let refund = refund.clone();
        drop(state);
        self.event("refund.updated", &refund, Twist::Right, &format!("evt_{key}"))
    }

    fn refunded(&self, reference: &str) -> i64 {
        let intent = format!("pi_{reference}");
        let state = self.state();
        let of = state.refunds.iter().filter(|one| one["payment_intent"] == intent);
        of.map(|one| one["amount"].as_i64().unwrap()).sum()
    }

    fn split(&self, reference: &str) -> (i64, String) {
        let state = self.state();
        let of = state.transfers.iter().filter(|one| one["transfer_group"] == reference);
        of.fold((0, String::new()), |(sum, _), one| {
            let to = one["destination"].as_str().unwrap().to_string();
            (sum + one["amount"].as_i64().unwrap(), to)
        })
    }

    fn damage(&self, change: &mut dyn FnMut(&mut Vec<Row>)) {
        change(&mut self.state().moved);
    }

    fn zone(&self) -> Span {
        Span(0)
    }
}
