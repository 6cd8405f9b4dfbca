//! The log of deliveries: what an endpoint was told, every try of it, and telling it again.

use describe::ToSchema;
use domain::event::{Event, Fact};
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::person::Permission;
use domain::webhook::{self as rules, Refusal, Webhook};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{letter, send, store};
use crate::failure::Failure;
use crate::outside::Letter;
use crate::{App, Visitor, staff_act, tries};

/// Test events an endpoint may be sent in an hour: nobody's door is to be hammered at with us.
const TESTS: i64 = 60;

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    Waiting,
    Sent,
    /// Given up: the schedule was used up, or the endpoint was switched off.
    Dead,
}

impl DeliveryState {
    pub const ALL: [DeliveryState; 3] =
        [DeliveryState::Waiting, DeliveryState::Sent, DeliveryState::Dead];

    pub fn code(self) -> &'static str {
        match self {
            DeliveryState::Waiting => "waiting",
            DeliveryState::Sent => "sent",
            DeliveryState::Dead => "dead",
        }
    }

    pub fn parse(code: &str) -> Option<DeliveryState> {
        DeliveryState::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// An event on its way to an endpoint.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DeliveryView {
    /// The event, and the `webhook-id` of every try.
    pub event: Id<Event>,
    pub name: String,
    /// What it is about: `ord_…`.
    pub about: String,
    pub state: DeliveryState,
    /// Tries since it was last asked for, and in all.
    pub tries: i64,
    pub attempts: i64,
    pub next_at: Option<Moment>,
    pub happened_at: Moment,
    pub created_at: Moment,
    pub ended_at: Option<Moment>,
    /// The status of the last answer, and the beginning of what it said (or why none came).
    pub last_status: Option<i64>,
    pub last_said: Option<String>,
}

/// One try.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AttemptView {
    pub number: i64,
    pub at: Moment,
    pub took_ms: i64,
    /// None when nothing came.
    pub status: Option<i64>,
    /// `done`, `failed`, `busy` (later, please) or `gone`.
    pub meaning: String,
    /// The beginning of the answer, or why none came.
    pub said: String,
}

/// A delivery with its body and its tries.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DeliveryShown {
    pub delivery: DeliveryView,
    /// The body of every try.
    pub body: String,
    /// The latest first.
    pub tries: Vec<AttemptView>,
}

/// Since when everything is to be told again.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct ReplaySince {
    pub since: Moment,
}

/// How many deliveries will be made again.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct Replayed {
    pub count: i64,
}

/// A test event.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct TryOut {
    /// The name of the event it looks like; `webhook.test` when it is left out.
    #[serde(default)]
    pub event: Option<String>,
    /// Only show what would be sent.
    #[serde(default)]
    pub dry_run: bool,
}

/// What was sent, or would be, and what came back.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TriedOut {
    pub url: String,
    /// Names and values, the signature among them.
    pub headers: Vec<(String, String)>,
    pub body: String,
    /// None in a dry run.
    pub answer: Option<AttemptView>,
}

/// The deliveries of an endpoint, the latest event first.
pub fn deliveries(
    app: &App,
    visitor: &Visitor,
    id: Id<Webhook>,
    state: Option<DeliveryState>,
    before: Option<Id<Event>>,
    limit: i64,
) -> Result<Vec<DeliveryView>, Failure> {
    visitor.staff_reader(Permission::Webhooks)?;
    app.read(|tx| {
        store::address(tx, id)?.ok_or(Failure::NotFound)?;
        store::deliveries(tx, id, state, before, limit)
    })
}

/// One delivery, with its body and its tries.
pub fn delivery(
    app: &App,
    visitor: &Visitor,
    id: Id<Webhook>,
    event: Id<Event>,
) -> Result<DeliveryShown, Failure> {
    visitor.staff_reader(Permission::Webhooks)?;
    app.read(|tx| {
        let delivery = store::find(tx, id, event)?;
        let (name, fact, at) = store::event_of(tx, event)?;
        let body = letter::body(&name, at, &letter::data(&fact)?)?;
        Ok(DeliveryShown { delivery, body, tries: store::attempts(tx, id, event)? })
    })
}

/// Makes one delivery again, from the beginning of the schedule.
pub fn replay(
    app: &App,
    visitor: &Visitor,
    id: Id<Webhook>,
    event: Id<Event>,
) -> Result<DeliveryView, Failure> {
    let actor = visitor.staff(Permission::Webhooks)?;
    app.write_for(visitor, |tx| {
        let found = store::lock(tx, id)?;
        store::find(tx, id, event)?;
        if !found.on {
            return Err(Refusal::IsOff.into());
        }
        store::again(tx, id, event)?;
        tx.ask(send::SEND, id.0, tx.now)?;
        staff_act::record(tx, actor, "webhook.replay", ("webhook", id.0), &event.to_string())?;
        store::find(tx, id, event)
    })
}

/// Tells an endpoint everything again that happened since a moment and that it wants, also what
/// happened while it was off. Its `webhook-id`s are the same, so what it has already it knows.
pub fn replay_since(
    app: &App,
    visitor: &Visitor,
    id: Id<Webhook>,
    replay: ReplaySince,
) -> Result<Replayed, Failure> {
    let actor = visitor.staff(Permission::Webhooks)?;
    app.write_for(visitor, |tx| {
        if !store::lock(tx, id)?.on {
            return Err(Refusal::IsOff.into());
        }
        let wanted = store::Wanted { webhook: id, since: replay.since };
        let count = store::count_since(tx, wanted)?;
        if count > rules::MOST_REPLAYED {
            return Err(Refusal::TooManyAgain(rules::MOST_REPLAYED).into());
        }
        store::again_since(tx, wanted)?;
        tx.ask(send::SEND, id.0, tx.now)?;
        let detail = format!("{count} since {}", replay.since.rfc3339());
        staff_act::record(tx, actor, "webhook.replay", ("webhook", id.0), &detail)?;
        Ok(Replayed { count })
    })
}

/// Sends a test event now and says what came back, or only shows it. It is signed like any other,
/// its ids are examples, and it is kept in no log.
pub fn try_out(
    app: &App,
    visitor: &Visitor,
    id: Id<Webhook>,
    what: TryOut,
) -> Result<TriedOut, Failure> {
    visitor.staff(Permission::Webhooks)?;
    let (name, data) = match &what.event {
        None => ("webhook.test".to_string(), json!({ "webhook": id })),
        Some(name) => {
            let fact = Fact::examples().into_iter().find(|fact| fact.name() == *name);
            (name.clone(), letter::data(&fact.ok_or(Refusal::NoSuchEvent)?)?)
        }
    };
    let letter = app.write_for(visitor, |tx| {
        if !what.dry_run {
            tries::count(tx, &format!("webhook test {id}"), Span::hours(1), TESTS)?;
        }
        store::address(tx, id)?.ok_or(Failure::NotFound)?;
        let to = send::addressee(app, tx, id)?.ok_or(Refusal::IsOff)?;
        let body = letter::body(&name, tx.now, &data)?;
        let id = tx.id::<Event>().to_string();
        let letter = letter::write(to, id, body, visitor.request_id.clone(), tx.now);
        Ok(Letter { hurry: true, ..letter })
    })?;
    let mut answer = None;
    if !what.dry_run {
        let at = app.now();
        let reply = app.outside.fetch.tell(&letter);
        let (heard, _, said) = send::read(&reply, app.now());
        answer = Some(AttemptView {
            number: 1,
            at,
            took_ms: app.now().since(at).0 / 1_000,
            status: match heard {
                rules::Heard::Status(status) => Some(i64::from(status)),
                rules::Heard::Nothing => None,
            },
            meaning: rules::meaning(heard).code().to_string(),
            said,
        });
    }
    Ok(TriedOut { url: letter.url, headers: letter.headers, body: letter.body, answer })
}
