//! One delivery: what was sent, every try of it, and sending it again.

use app::failure::Failure;
use app::webhook::{self, AttemptView, DeliveryState, DeliveryView};
use askama::Template;
use axum::extract::Path;
use domain::event::Event;
use domain::id::Id;
use domain::webhook::Webhook;

use super::HERE;
use crate::console::part::{Fact, When};
use crate::console::{Answer, Desk, Frame};

#[derive(Template)]
#[template(path = "console/webhook/delivery.html")]
struct Show {
    p: Frame,
    back: String,
    url: String,
    name: String,
    tone: &'static str,
    state: String,
    can_replay: bool,
    replay: String,
    facts: Vec<Fact>,
    body: String,
    tries: Vec<Try>,
}

struct Try {
    tone: &'static str,
    title: String,
    said: String,
    at: When,
}

/// A delivery as a line of a list.
pub struct Row {
    pub href: String,
    pub name: String,
    pub about: String,
    pub tone: &'static str,
    pub state: String,
    pub tries: String,
    pub last: String,
    pub at: When,
}

/// A delivery as a line of a list.
pub fn row(p: &Frame, endpoint: &str, told: &DeliveryView) -> Row {
    let href = format!("{endpoint}/deliveries/{}", told.event);
    let (tone, state) = state(p, told);
    let said = told.last_said.clone().unwrap_or_default();
    let last = match told.last_status {
        Some(status) => format!("{status} {said}").trim().to_string(),
        None => said,
    };
    Row {
        name: told.name.clone(),
        about: told.about.clone(),
        tone,
        state,
        tries: p.num(told.attempts),
        last,
        at: p.when(told.happened_at),
        href,
    }
}

fn state(p: &Frame, told: &DeliveryView) -> (&'static str, String) {
    let tone = match told.state {
        DeliveryState::Sent => "good",
        DeliveryState::Dead => "bad",
        DeliveryState::Waiting if told.tries > 0 => "waiting",
        DeliveryState::Waiting => "",
    };
    (tone, p.t(&format!("console-webhook-view-{}", told.state.code())))
}

/// What came of a try, in words.
pub fn answer(p: &Frame, tried: &AttemptView) -> String {
    match tried.status {
        Some(status) => p.tell(
            "console-webhook-answer",
            // A status is a name, not a number: no separators in it.
            &[("status", &status.to_string()), ("took", &p.num(tried.took_ms))],
        ),
        None => p.t1("console-webhook-no-answer", "took", p.num(tried.took_ms)),
    }
}

/// JSON for people.
pub fn pretty(body: &str) -> String {
    let value: Result<serde_json::Value, _> = serde_json::from_str(body);
    value.ok().and_then(|value| serde_json::to_string_pretty(&value).ok()).unwrap_or_default()
}

fn ids(webhook: &str, event: &str) -> Result<(Id<Webhook>, Id<Event>), Failure> {
    let webhook = Id::parse(webhook).ok_or(Failure::NotFound)?;
    Ok((webhook, Id::parse(event).ok_or(Failure::NotFound)?))
}

/// The page.
pub async fn show(desk: Desk, Path((id, event)): Path<(String, String)>) -> Answer {
    let (id, event) = ids(&id, &event)?;
    let (one, found) = desk
        .act(move |app, visitor| {
            let one = webhook::get(app, visitor, id)?;
            Ok((one, webhook::delivery(app, visitor, id, event)?))
        })
        .await?;
    let p = desk.frame(HERE);
    let told = &found.delivery;
    let (tone, word) = state(&p, told);
    let back = format!("{HERE}/{id}");
    let mut facts = vec![
        Fact::new(p.t("console-webhook-id"), told.event.to_string()),
        Fact::new(p.t("console-webhook-happened"), p.locale.exact(told.happened_at)),
    ];
    let about = match told.about.get(..3) {
        Some("ord") => Fact::link(
            p.t("console-webhook-about"),
            told.about.clone(),
            format!("/console/orders/{}", told.about),
        ),
        _ => Fact::new(p.t("console-webhook-about"), told.about.clone()),
    };
    facts.push(about);
    if let Some(at) = told.next_at {
        facts.push(Fact::new(p.t("console-webhook-next"), p.locale.exact(at)));
    }
    if let Some(at) = told.ended_at {
        facts.push(Fact::new(p.t("console-webhook-ended"), p.locale.exact(at)));
    }
    let tries = found.tries.iter().map(|tried| Try {
        tone: match tried.meaning.as_str() {
            "done" => "good",
            "busy" => "waiting",
            _ => "bad",
        },
        title: p.tell(
            "console-webhook-try",
            &[("number", &tried.number.to_string()), ("answer", &answer(&p, tried))],
        ),
        said: tried.said.clone(),
        at: p.when(tried.at),
    });
    desk.show(Show {
        url: one.url,
        name: told.name.clone(),
        tone,
        state: word,
        can_replay: one.on,
        replay: format!("{back}/deliveries/{event}/replays"),
        facts,
        body: pretty(&found.body),
        tries: tries.collect(),
        back,
        p,
    })
}

/// Sends it again.
pub async fn replay(desk: Desk, Path((id, event)): Path<(String, String)>) -> Answer {
    let (id, event) = ids(&id, &event)?;
    desk.act(move |app, visitor| webhook::replay(app, visitor, id, event)).await?;
    desk.on_with(&format!("{HERE}/{id}/deliveries/{event}"), "webhook-replayed", 1)
}
