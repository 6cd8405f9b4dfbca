//! Points behind the counter: what the shop owes in them, who has some, giving and taking.

use app::level::StandingView;
use app::person;
use app::point::{self, GivePoints, PointEntry, PointsCard, PointsView};
use app::{failure::Failure, level};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect};
use axum::routing::{get, post};
use domain::id::Id;
use domain::person::Person;
use serde::Deserialize;

use super::level as settled;
use super::part::When;
use super::{Answer, Desk, Frame, fields};
use crate::Shop;
use crate::answer::Fault;
use crate::form::Form;
use crate::storefront::point::name_of;

/// Its entry in the rail.
const HERE: &str = "/console/points";
const ROWS: i64 = 100;

/// The routes of points and levels.
pub fn routes() -> Router<Shop> {
    Router::new()
        .route("/console/points", get(index))
        .route("/console/points/{id}", get(show).post(give))
        .route("/console/levels", get(settled::show).post(settled::update))
        .route("/console/levels/points", post(settled::settings))
}

#[derive(Template)]
#[template(path = "console/point/list.html")]
struct List {
    p: Frame,
    query: String,
    nobody: bool,
    facts: Vec<(String, String)>,
    rows: Vec<Row>,
}

struct Row {
    name: String,
    href: String,
    points: String,
    owed: String,
}

#[derive(Template)]
#[template(path = "console/point/show.html")]
struct Show {
    p: Frame,
    name: String,
    href: String,
    key: String,
    parts: Vec<(String, String)>,
    points: String,
    reason: String,
    entries: Vec<Entry>,
}

struct Entry {
    at: When,
    what: String,
    points: String,
    more: String,
    href: String,
}

/// Whom one looks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
}

/// Who has points; somebody's by their contact.
pub async fn index(desk: Desk, Query(asked): Query<Asked>) -> Answer {
    let query = asked.q.trim().to_string();
    let (wanted, looked) = (query.clone(), !query.is_empty());
    let (found, cards, out) = desk
        .act(move |app, visitor| {
            let cards = point::list(app, visitor, ROWS)?;
            let out = point::liability(app, visitor)?;
            let found = match looked {
                true => point::owner(app, visitor, &wanted)?,
                false => None,
            };
            Ok((found, cards, out))
        })
        .await?;
    if let Some(person) = found {
        return Ok(Redirect::to(&format!("{HERE}/{person}")).into_response());
    }
    let p = desk.frame(HERE);
    let count = |count: i64| p.locale.number(count);
    let mut facts = vec![
        (p.t("console-points-out"), count(out.points)),
        (p.t("console-points-people"), count(out.people)),
        (p.t("console-points-expiring"), count(out.expiring)),
    ];
    if let Some(worth) = out.worth {
        facts.insert(1, (p.t("console-points-worth"), p.money(worth)));
    }
    let rows = cards.iter().map(|card| row(&p, card)).collect();
    desk.show(List { query, nobody: looked, facts, rows, p })
}

fn row(p: &Frame, card: &PointsCard) -> Row {
    Row {
        name: card.name.clone(),
        href: format!("{HERE}/{}", card.person),
        points: p.locale.number(card.points),
        owed: if card.owed == 0 { String::new() } else { p.locale.number(card.owed) },
    }
}

/// Somebody's points.
pub async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    let id = Id::parse(&id).ok_or(Failure::NotFound)?;
    let page = page(&desk, id, &Form::default(), String::new()).await?;
    desk.show(page)
}

async fn page(desk: &Desk, id: Id<Person>, form: &Form, problem: String) -> Result<Show, Fault> {
    let (name, seen, stands, entries) = desk
        .act(move |app, visitor| {
            let seen = point::of(app, visitor, id)?;
            let stands = level::of(app, visitor, id)?;
            let entries = point::statement_of(app, visitor, id, None, ROWS)?;
            let person = app.read(|tx| person::find(tx, id))?;
            Ok((person.name, seen, stands, entries))
        })
        .await?;
    let p = desk.frame_with(HERE, problem);
    Ok(Show {
        href: format!("{HERE}/{id}"),
        key: match form.key() {
            "" => p.new_key.clone(),
            key => key.to_string(),
        },
        parts: parts(&p, &seen, &stands),
        points: form.get("points").to_string(),
        reason: form.get("reason").to_string(),
        entries: entries.iter().map(|one| entry(&p, one)).collect(),
        name,
        p,
    })
}

fn parts(p: &Frame, seen: &PointsView, stands: &StandingView) -> Vec<(String, String)> {
    let count = |count: i64| p.locale.number(count);
    let mut parts = vec![
        (p.t("point-available"), count(seen.available)),
        (p.t("console-point-owed"), count(seen.owed)),
        (p.t("console-points-expiring"), count(seen.expiring)),
    ];
    let rank = usize::try_from(stands.rank).unwrap_or(0);
    if let Some(level) = stands.ladder.get(rank) {
        parts.push((p.t("console-level"), name_of(p, level)));
        parts.push((p.t("console-level-growth"), count(stands.growth)));
    }
    parts
}

fn entry(p: &Frame, one: &PointEntry) -> Entry {
    let owed = match one.owed {
        0 => String::new(),
        owed if owed > 0 => p.t1("point-now-owed", "points", p.locale.number(owed)),
        owed => p.t1("point-repaid", "points", p.locale.number(-owed)),
    };
    Entry {
        at: p.when(one.at),
        what: p.t(&format!("point-kind-{}", one.kind.replace('_', "-"))),
        points: p.locale.number(one.points),
        more: if one.reason.is_empty() { owed } else { one.reason.clone() },
        href: one.order.map_or(String::new(), |order| format!("/console/orders/{order}")),
    }
}

/// Gives points, or takes them.
pub async fn give(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id: Id<Person> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let typed = fields::whole(form.get("points")).filter(|points| *points > 0);
    let reason = form.get("reason").to_string();
    let takes = form.get("do") == "take";
    let done = desk
        .act_once(&form, move |app, visitor| {
            let points = typed.ok_or(domain::point::Refusal::BadAmount)?;
            let points = if takes { -points } else { points };
            point::give(app, visitor, id, GivePoints { points, reason })
        })
        .await;
    match done {
        Ok(_) => desk.on(&format!("{HERE}/{id}"), "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let page = page(&desk, id, &form, problem).await?;
            desk.show_again(page)
        }
    }
}
