//! Reviews: which wait for an answer, which are hidden, and what can be done about one.

use crate::Shop;
use app::review::desk::{self, Counts, DeskLook, DeskReview};
use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::routing::{get, post};
use domain::id::Id;
use serde::Deserialize;

use super::part::{Empty, Filter, Pager, ViewLink, When};
use super::{Answer, Desk, Frame, address};
use crate::locale::Arg;

pub mod show;

/// The routes of reviews.
pub fn routes() -> Router<Shop> {
    Router::new()
        .route("/console/reviews", get(index))
        .route("/console/reviews/{id}", get(show::show))
        .route("/console/reviews/{id}/answer", post(show::answer))
        .route("/console/reviews/{id}/hiding", post(show::hide))
        .route("/console/reviews/{id}/showing", post(show::unhide))
}

/// Its entry in the rail.
const HERE: &str = "/console/reviews";
const ROWS: i64 = 30;

#[derive(Template)]
#[template(path = "console/review/list.html")]
struct List {
    p: Frame,
    filter: Filter,
    empty: Option<Empty>,
    rows: Vec<Row>,
    pager: Pager,
}

struct Row {
    href: String,
    stars: String,
    stars_said: String,
    title: String,
    text: String,
    who: String,
    tone: &'static str,
    state: String,
    at: When,
}

/// Which reviews, and where on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    view: String,
    stars: String,
    cursor: String,
}

/// The list.
pub async fn index(desk: Desk, Query(asked): Query<Asked>) -> Answer {
    let look = DeskLook {
        unanswered: asked.view == "unanswered",
        hidden: asked.view == "hidden",
        stars: asked.stars.parse().ok().filter(|stars| (1..=5).contains(stars)),
        before: Id::parse(&asked.cursor),
        limit: ROWS,
    };
    let (found, counts) = desk
        .act(move |app, visitor| {
            Ok((desk::list(app, visitor, &look)?, desk::counts(app, visitor)?))
        })
        .await?;
    let p = desk.frame(HERE);
    let later = !asked.cursor.is_empty();
    let empty = (found.is_empty() && !later).then(|| Empty {
        title: p.t("console-review-none"),
        text: p.t("console-review-none-text"),
        ..Empty::default()
    });
    let next =
        found.last().filter(|_| found.len() as i64 == ROWS).map(|last| last.review.id.to_string());
    let pairs = [("view", asked.view.as_str()), ("stars", asked.stars.as_str())];
    let pager = p.pager(HERE, &pairs, found.len(), later, next);
    let filter = filter(&p, &asked, counts);
    let rows = found.iter().map(|one| row(&p, one)).collect();
    desk.show(List { p, filter, empty, rows, pager })
}

fn filter(p: &Frame, asked: &Asked, counts: Counts) -> Filter {
    let link = |view: &str, stars: &str, label: String, count: Option<i64>| ViewLink {
        href: address(HERE, &[("view", view), ("stars", stars)]),
        label,
        count: count.map_or(String::new(), |count| p.num(count)),
        current: asked.view == view && asked.stars == stars,
    };
    let mut views = vec![
        link("", "", p.t("console-review-all"), Some(counts.all)),
        link("unanswered", "", p.t("console-review-unanswered"), Some(counts.unanswered)),
        link("hidden", "", p.t("console-review-hidden"), Some(counts.hidden)),
    ];
    views.extend(
        (1..=5).rev().map(|stars: i64| link("", &stars.to_string(), format!("{stars} ★"), None)),
    );
    Filter { action: HERE.into(), views, ..Filter::default() }
}

/// Where a review stands, in a word and its colour.
fn state(p: &Frame, one: &DeskReview) -> (&'static str, String) {
    match (&one.hidden, &one.review.answer) {
        (Some(_), _) => ("", p.t("console-review-is-hidden")),
        (None, Some(_)) => ("good", p.t("console-review-answered")),
        (None, None) => ("waiting", p.t("console-review-waits")),
    }
}

fn stars(stars: i64) -> String {
    let full = usize::try_from(stars.clamp(0, 5)).unwrap_or(0);
    format!("{}{}", "★".repeat(full), "☆".repeat(5 - full))
}

fn row(p: &Frame, one: &DeskReview) -> Row {
    let (tone, state) = state(p, one);
    let text = match one.review.text.as_str() {
        "" => p.t("console-review-no-text"),
        text => text.lines().next().unwrap_or("").chars().take(120).collect(),
    };
    Row {
        href: format!("{HERE}/{}", one.review.id),
        stars: stars(one.review.stars),
        stars_said: p.tell("store-review-stars", &[("n", &one.review.stars as &dyn Arg)]),
        title: one.review.title.clone(),
        text,
        who: one.name.clone(),
        tone,
        state,
        at: p.when(one.review.written_at),
    }
}
