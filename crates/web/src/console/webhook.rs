//! Webhooks: every endpoint, and a new one.

use app::webhook::{self, NewWebhook, WebhookView};
use askama::Template;
use axum::Router;
use axum::routing::{get, post};
use domain::event::Fact;

use super::part::{Empty, When};
use super::{Answer, Desk, Frame};
use crate::Shop;
use crate::answer::Fault;
use crate::form::Form;

mod delivery;
mod show;

/// Its entry in the rail.
const HERE: &str = "/console/webhooks";

/// The routes of webhooks.
pub fn routes() -> Router<Shop> {
    Router::new()
        .route("/console/webhooks", get(index).post(create))
        .route("/console/webhooks/new", get(new))
        .route("/console/webhooks/{id}", get(show::show).post(show::update))
        .route("/console/webhooks/{id}/state", post(show::switch))
        .route("/console/webhooks/{id}/secrets", post(show::rotate))
        .route("/console/webhooks/{id}/tests", post(show::test))
        .route("/console/webhooks/{id}/removal", post(show::remove))
        .route("/console/webhooks/{id}/replays", post(show::replay_since))
        .route("/console/webhooks/{id}/deliveries/{event}", get(delivery::show))
        .route("/console/webhooks/{id}/deliveries/{event}/replays", post(delivery::replay))
}

#[derive(Template)]
#[template(path = "console/webhook/list.html")]
struct List {
    p: Frame,
    empty: Option<Empty>,
    rows: Vec<Row>,
}

struct Row {
    href: String,
    url: String,
    detail: String,
    tone: &'static str,
    state: String,
    waiting: String,
    dead: String,
    dead_tone: &'static str,
    last: Option<When>,
}

/// A group of names with a box each.
struct Names {
    label: String,
    boxes: Vec<Name>,
}

struct Name {
    name: String,
    on: bool,
}

/// What is asked of an endpoint, as it was typed.
struct Fields {
    url: String,
    description: String,
    /// Only the chosen names, instead of all.
    some: bool,
    groups: Vec<Names>,
}

#[derive(Template)]
#[template(path = "console/webhook/new.html")]
struct New {
    p: Frame,
    f: Fields,
    play: bool,
}

/// The list.
pub async fn index(desk: Desk) -> Answer {
    let found = desk.act(webhook::list).await?;
    let p = desk.frame(HERE);
    let empty = found.is_empty().then(|| Empty {
        title: p.t("console-webhooks-empty"),
        text: p.t("console-webhooks-empty-text"),
        action: p.t("console-webhook-new"),
        href: format!("{HERE}/new"),
        second: p.t("console-webhooks-docs"),
        second_href: "/api#group-staff-webhooks".into(),
    });
    let rows = found.iter().map(|one| row(&p, one)).collect();
    desk.show(List { p, empty, rows })
}

fn row(p: &Frame, one: &WebhookView) -> Row {
    let (tone, state) = state(p, one);
    let wants = match one.events.len() {
        0 => p.t("console-webhook-wants-all"),
        count => p.t1("console-webhook-wants", "count", count),
    };
    let detail = [one.description.clone(), wants];
    let detail: Vec<String> = detail.into_iter().filter(|part| !part.is_empty()).collect();
    Row {
        href: format!("{HERE}/{}", one.id),
        url: one.url.clone(),
        detail: detail.join(" · "),
        tone,
        state,
        waiting: p.num(one.waiting),
        dead: p.num(one.dead),
        dead_tone: if one.dead > 0 { "bad" } else { "" },
        last: one.last_sent_at.map(|at| p.when(at)),
    }
}

/// How an endpoint is, in a word.
fn state(p: &Frame, one: &WebhookView) -> (&'static str, String) {
    let (tone, state) = match (one.on, one.why_off.as_deref(), one.failing_since) {
        (true, _, None) => ("good", "on"),
        (true, _, Some(_)) => ("waiting", "failing"),
        (false, Some("staff"), _) => ("", "off"),
        (false, ..) => ("bad", "off"),
    };
    (tone, p.t(&format!("console-webhook-{state}")))
}

/// The names there are, in groups of what they are about; `chosen` are ticked.
fn groups(p: &Frame, chosen: &[String]) -> Vec<Names> {
    let mut groups: Vec<(String, Vec<Name>)> = Vec::new();
    for name in Fact::names() {
        let about = name.split('.').next().unwrap_or_default().to_string();
        let on = chosen.contains(&name);
        match groups.iter_mut().find(|(known, _)| *known == about) {
            Some((_, boxes)) => boxes.push(Name { name, on }),
            None => groups.push((about, vec![Name { name, on }])),
        }
    }
    let named = |(about, boxes): (String, Vec<Name>)| {
        let id = format!("console-webhook-about-{about}");
        Names { label: if p.locale.has(&id) { p.t(&id) } else { about }, boxes }
    };
    groups.into_iter().map(named).collect()
}

fn fields(p: &Frame, form: &Form) -> Fields {
    Fields {
        url: form.get("url").to_string(),
        description: form.get("description").to_string(),
        some: form.get("which") == "some",
        groups: groups(p, &chosen(form)),
    }
}

fn chosen(form: &Form) -> Vec<String> {
    form.all("event").into_iter().map(str::to_string).collect()
}

/// What the form wants told: nothing chosen of "only these" is no wish at all.
fn wanted(desk: &Desk, form: &Form) -> Result<Vec<String>, String> {
    let chosen = chosen(form);
    match form.get("which") {
        "some" if chosen.is_empty() => Err(desk.tell("console-webhook-none-chosen", &[])),
        "some" => Ok(chosen),
        _ => Ok(Vec::new()),
    }
}

/// A form for a new one.
pub async fn new(desk: Desk) -> Answer {
    let play = plays(&desk).await?;
    let p = desk.frame(HERE);
    let f = fields(&p, &Form::default());
    desk.show(New { f, play, p })
}

async fn plays(desk: &Desk) -> Result<bool, Fault> {
    Ok(desk.act(|app, _| Ok(app.config.sandbox)).await?)
}

/// Makes one; its secret is shown this once.
pub async fn create(desk: Desk, form: Form) -> Answer {
    let problem = match wanted(&desk, &form) {
        Err(problem) => problem,
        Ok(events) => {
            let new = NewWebhook {
                url: form.get("url").to_string(),
                description: form.get("description").to_string(),
                events,
            };
            match desk.act(move |app, visitor| webhook::create(app, visitor, new)).await {
                // No redirect here: an address is no place for a secret.
                Ok(made) => return show::fresh(&desk, made).await,
                Err(failure) => desk.complaint(failure)?,
            }
        }
    };
    let play = plays(&desk).await?;
    let p = desk.frame_with(HERE, problem);
    let f = fields(&p, &form);
    desk.show_again(New { f, play, p })
}
