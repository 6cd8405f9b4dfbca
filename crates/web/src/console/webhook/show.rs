//! One endpoint: how it is, what it was told, and what can be done about it.

use app::failure::Failure;
use app::webhook::{
    self, ChangeWebhook, DeliveryState, FreshWebhook, ReplaySince, TriedOut, TryOut, WebhookView,
};
use askama::Template;
use axum::extract::{Path, Query};
use domain::event::{Event, Fact};
use domain::id::Id;
use domain::moment::Span;
use domain::webhook::Webhook;
use serde::Deserialize;

use super::delivery::{self, Row};
use super::{Fields, HERE, fields, groups, state, wanted};
use crate::answer::Fault;
use crate::console::part::{Choice, Pager, ViewLink};
use crate::console::{Answer, Desk, Frame, address};
use crate::form::Form;
use crate::locale::{from_local, to_local};

#[derive(Template)]
#[template(path = "console/webhook/show.html")]
struct Show {
    p: Frame,
    href: String,
    url: String,
    tone: &'static str,
    state: String,
    on: bool,
    next_tone: &'static str,
    next_title: String,
    next_text: String,
    /// Shown once, right after it was made.
    fresh: String,
    secrets: Vec<String>,
    views: Vec<ViewLink>,
    rows: Vec<Row>,
    pager: Pager,
    since: String,
    tests: Vec<Choice>,
    tried: Option<Tried>,
    f: Fields,
    version: i64,
}

/// A test event that was sent or shown.
struct Tried {
    tone: &'static str,
    title: String,
    said: String,
    headers: Vec<(String, String)>,
    body: String,
}

const ROWS: i64 = 30;

/// Which deliveries are shown.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    state: String,
    cursor: String,
}

/// What a page shows beside the endpoint itself.
#[derive(Default)]
struct Extra {
    asked: Asked,
    fresh: String,
    tried: Option<TriedOut>,
    test: String,
    problem: String,
    /// The form as it was typed, when it was refused.
    form: Option<Form>,
}

fn id_of(text: &str) -> Result<Id<Webhook>, Failure> {
    Id::parse(text).ok_or(Failure::NotFound)
}

/// The page.
pub async fn show(desk: Desk, Path(id): Path<String>, Query(asked): Query<Asked>) -> Answer {
    let extra = Extra { asked, ..Extra::default() };
    desk.show(page(&desk, id_of(&id)?, extra).await?)
}

/// The page with a secret that is shown this once.
pub async fn fresh(desk: &Desk, made: FreshWebhook) -> Answer {
    let extra = Extra { fresh: made.secret, ..Extra::default() };
    desk.show(page(desk, made.webhook.id, extra).await?)
}

async fn page(desk: &Desk, id: Id<Webhook>, extra: Extra) -> Result<Show, Fault> {
    let chosen_state = DeliveryState::parse(&extra.asked.state);
    let before: Option<Id<Event>> = Id::parse(&extra.asked.cursor);
    let (one, told) = desk
        .act(move |app, visitor| {
            let one = webhook::get(app, visitor, id)?;
            let told = webhook::deliveries(app, visitor, id, chosen_state, before, ROWS)?;
            Ok((one, told))
        })
        .await?;
    let p = match extra.problem.is_empty() {
        true => desk.frame(HERE),
        false => desk.frame_with(HERE, extra.problem),
    };
    let href = format!("{HERE}/{id}");
    let view = |name: &str| ViewLink {
        href: address(&href, &[("state", name)]),
        label: p.t(&format!("console-webhook-view-{}", if name.is_empty() { "all" } else { name })),
        count: match name {
            "waiting" => p.num(one.waiting),
            "dead" => p.num(one.dead),
            _ => String::new(),
        },
        current: extra.asked.state == name,
    };
    let next = told.last().filter(|_| told.len() as i64 == ROWS).map(|last| last.event.to_string());
    let later = !extra.asked.cursor.is_empty();
    let (tone, word) = state(&p, &one);
    let (next_tone, next_title, next_text) = how_it_is(&p, &one);
    let tests = std::iter::once(String::new()).chain(Fact::names()).map(|name| {
        let label = if name.is_empty() { p.t("console-webhook-test-plain") } else { name.clone() };
        (name, label)
    });
    Ok(Show {
        tone,
        state: word,
        on: one.on,
        next_tone,
        next_title,
        next_text,
        fresh: extra.fresh,
        secrets: one.secrets.iter().map(|secret| secret_line(&p, secret)).collect(),
        views: ["", "waiting", "dead", "sent"].map(view).into(),
        rows: told.iter().map(|told| delivery::row(&p, &href, told)).collect(),
        pager: p.pager(&href, &[("state", &extra.asked.state)], told.len(), later, next),
        since: to_local(p.now.minus(Span::days(1))),
        tests: Choice::among(&extra.test, tests),
        tried: extra.tried.map(|tried| shown(&p, tried)),
        f: match &extra.form {
            Some(form) => fields(&p, form),
            None => Fields {
                url: one.url.clone(),
                description: one.description.clone(),
                some: !one.events.is_empty(),
                groups: groups(&p, &one.events),
            },
        },
        version: one.version,
        url: one.url,
        href,
        p,
    })
}

/// What there is to say first.
fn how_it_is(p: &Frame, one: &WebhookView) -> (&'static str, String, String) {
    let since = |at| p.locale.ago(at, p.now);
    if let Some(why) = &one.why_off {
        let title = p.t(&format!("console-webhook-off-{why}"));
        return (
            if why == "staff" { "quiet" } else { "bad" },
            title,
            p.t("console-webhook-off-text"),
        );
    }
    match (one.failing_since, one.last_sent_at) {
        (Some(at), _) => (
            "waiting",
            p.t1("console-webhook-failing-title", "when", since(at)),
            p.t1("console-webhook-failing-text", "count", one.waiting),
        ),
        (None, Some(at)) => (
            "good",
            p.t("console-webhook-fine"),
            p.t1("console-webhook-fine-text", "when", since(at)),
        ),
        (None, None) => ("info", p.t("console-webhook-quiet"), p.t("console-webhook-quiet-text")),
    }
}

fn secret_line(p: &Frame, secret: &webhook::SecretView) -> String {
    let made = p.t1("console-webhook-secret-made", "when", p.locale.ago(secret.created_at, p.now));
    let end =
        secret.ends_at.map(|at| p.t1("console-webhook-secret-ends", "when", p.locale.exact(at)));
    let parts = [Some(secret.hint.clone()), Some(made), end];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn shown(p: &Frame, tried: TriedOut) -> Tried {
    let (tone, title, said) = match &tried.answer {
        None => ("info", p.t("console-webhook-dry"), p.t("console-webhook-dry-text")),
        Some(answer) => {
            let tone = if answer.meaning == "done" { "good" } else { "bad" };
            (tone, delivery::answer(p, answer), answer.said.clone())
        }
    };
    Tried { tone, title, said, headers: tried.headers, body: delivery::pretty(&tried.body) }
}

/// Changes what it is and wants.
pub async fn update(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id = id_of(&id)?;
    let problem = match wanted(&desk, &form) {
        Err(problem) => problem,
        Ok(events) => {
            let change = ChangeWebhook {
                url: Some(form.get("url").to_string()),
                description: Some(form.get("description").to_string()),
                events: Some(events),
                on: None,
                version: form.parse("version"),
            };
            match desk.act(move |app, visitor| webhook::change(app, visitor, id, change)).await {
                Ok(_) => return desk.on(&format!("{HERE}/{id}"), "saved"),
                Err(failure) => desk.complaint(failure)?,
            }
        }
    };
    let extra = Extra { problem, form: Some(form), ..Extra::default() };
    desk.show_again(page(&desk, id, extra).await?)
}

/// Switches it on or off.
pub async fn switch(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id = id_of(&id)?;
    let on = form.is_on("on");
    let change = ChangeWebhook { on: Some(on), ..ChangeWebhook::default() };
    desk.act(move |app, visitor| webhook::change(app, visitor, id, change)).await?;
    let said = if on { "webhook-switched-on" } else { "webhook-switched-off" };
    desk.on(&format!("{HERE}/{id}"), said)
}

/// Gives it a new secret, which is shown this once.
pub async fn rotate(desk: Desk, Path(id): Path<String>) -> Answer {
    let id = id_of(&id)?;
    let made = desk.act(move |app, visitor| webhook::rotate(app, visitor, id)).await?;
    fresh(&desk, made).await
}

/// Removes it.
pub async fn remove(desk: Desk, Path(id): Path<String>) -> Answer {
    let id = id_of(&id)?;
    desk.act(move |app, visitor| webhook::remove(app, visitor, id)).await?;
    desk.on(HERE, "webhook-removed")
}

/// Sends it a test event, or shows what would be sent.
pub async fn test(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id = id_of(&id)?;
    let test = form.get("test").to_string();
    let event = form.maybe("test").map(str::to_string);
    let what = TryOut { event, dry_run: form.get("how") == "dry" };
    match desk.act(move |app, visitor| webhook::try_out(app, visitor, id, what)).await {
        Ok(tried) => {
            let extra = Extra { tried: Some(tried), test, ..Extra::default() };
            desk.show(page(&desk, id, extra).await?)
        }
        Err(failure) => {
            let extra = Extra { problem: desk.complaint(failure)?, test, ..Extra::default() };
            desk.show_again(page(&desk, id, extra).await?)
        }
    }
}

/// Tells it everything again since a moment.
pub async fn replay_since(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id = id_of(&id)?;
    let replayed = match from_local(form.get("since")) {
        None => Err(Fault::BadRequest("since is a date and a time".into())),
        Some(since) => {
            let since = ReplaySince { since };
            let again = move |app: &app::App, visitor: &app::Visitor| {
                webhook::replay_since(app, visitor, id, since)
            };
            match desk.act(again).await {
                Ok(replayed) => Ok(replayed),
                Err(failure) => {
                    let problem = desk.complaint(failure)?;
                    let extra = Extra { problem, ..Extra::default() };
                    return desk.show_again(page(&desk, id, extra).await?);
                }
            }
        }
    }?;
    desk.on_with(&format!("{HERE}/{id}"), "webhook-replayed", replayed.count)
}
