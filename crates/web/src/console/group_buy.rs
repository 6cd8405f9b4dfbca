//! Group buys: the list, and the steps of one's life.

use app::failure::Failure;
use app::group_buy::{self, GroupBuyView, Step};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query};
use axum::routing::{get, post};
use domain::campaign::Status;
use domain::group_buy::GroupBuy;
use domain::id::Id;
use domain::moment::Span;
use serde::Deserialize;

use super::campaign::tone;
use super::part::{Empty, Filter, Pager, ViewLink, When};
use super::{Answer, Desk, Frame, address, chart};
use crate::Shop;
use crate::form::Form;

pub mod make;
pub mod show;
mod preview;
mod suggested;
mod team_row;

/// The routes of group buys.
pub fn routes() -> Router<Shop> {
    Router::new()
        .route("/console/group-buys", get(index).post(make::create))
        .route("/console/group-buys/new", get(make::new))
        .route("/console/group-buys/preview", post(make::preview))
        .route("/console/group-buys/{id}", get(show::show))
        .route("/console/group-buys/{id}/steps", post(step))
}

#[derive(Template)]
#[template(path = "console/group_buy/list.html")]
struct List {
    p: Frame,
    empty: Option<Empty>,
    filter: Filter,
    rows: Vec<Row>,
    pager: Pager,
}

struct Row {
    href: String,
    picture: String,
    title: String,
    detail: String,
    tone: &'static str,
    status: String,
    price: String,
    alone: String,
    open: String,
    ratio: String,
    won_lost: String,
    left: String,
    at: When,
}

const HERE: &str = "/console/group-buys";
const ROWS: i64 = 50;

/// What the list is narrowed to.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    status: String,
    cursor: String,
}

/// The list.
pub async fn index(desk: Desk, Query(asked): Query<Asked>) -> Answer {
    let (status, before) = (Status::parse(&asked.status), Id::parse(&asked.cursor));
    let found =
        desk.act(move |app, visitor| group_buy::list(app, visitor, status, before, ROWS)).await?;
    let p = desk.frame(HERE);
    let view = |status: &str, label: &str| ViewLink {
        href: address(HERE, &[("status", status)]),
        label: p.t(label),
        count: String::new(),
        current: asked.status == status,
    };
    let states = [Status::Running, Status::Scheduled, Status::Paused, Status::Draft, Status::Ended];
    let mut views = vec![view("", "console-orders-all")];
    views.extend(states.map(|s| view(s.code(), &format!("console-campaign-status-{}", s.code()))));
    let later = !asked.cursor.is_empty();
    let nothing = found.is_empty() && asked.status.is_empty() && !later;
    let empty = nothing.then(|| Empty {
        title: p.t("console-group-buys-empty"),
        text: p.t("console-group-buys-empty-text"),
        action: p.t("console-group-buy-new"),
        href: format!("{HERE}/new"),
        ..Empty::default()
    });
    let filter = Filter { action: HERE.into(), views, ..Filter::default() };
    let next = found.last().filter(|_| found.len() as i64 == ROWS).map(|last| last.id.to_string());
    let pager = p.pager(HERE, &[("status", &asked.status)], found.len(), later, next);
    let rows = found.iter().map(|view| row(&p, view)).collect();
    desk.show(List { p, empty, filter, rows, pager })
}

fn row(p: &Frame, view: &GroupBuyView) -> Row {
    let cheapest = view.variants.iter().min_by_key(|variant| variant.price.minor);
    let results = &view.results;
    let parts = [("good", results.succeeded), ("held", results.failed)];
    let closed = results.succeeded + results.failed;
    Row {
        href: format!("{HERE}/{}", view.id),
        picture: view.picture.clone(),
        title: view.title.clone(),
        detail: format!("{} · {}", view.product_title, size_and_life(p, view)),
        tone: tone(view.status),
        status: p.t(&format!("console-campaign-status-{}", view.status.code())),
        price: cheapest.map_or(String::new(), |variant| p.money(variant.price)),
        alone: cheapest.map_or(String::new(), |variant| p.money(variant.ordinary_price)),
        open: p.num(results.open),
        ratio: chart::meter(if closed == 0 { &[] } else { &parts }, closed),
        won_lost: format!("{} / {}", p.num(results.succeeded), p.num(results.failed)),
        left: left(p, view),
        // One that was ended before its time has no end to wait for.
        at: match view.status {
            Status::Ended | Status::Evaluated if view.ends_at > p.now => When::default(),
            _ => p.when(view.ends_at),
        },
    }
}

fn size_and_life(p: &Frame, view: &GroupBuyView) -> String {
    let people = p.t1("console-gb-people", "count", view.settings.need);
    let life = Span::minutes(view.settings.life_minutes);
    format!("{people} · {}", p.locale.span(life))
}

/// What is left of what was set aside; of the ordinary stock nothing is said here.
fn left(p: &Frame, view: &GroupBuyView) -> String {
    let quota: i64 = view.variants.iter().filter_map(|variant| variant.quota).sum();
    let set_aside = view.variants.iter().filter(|variant| variant.quota.is_some());
    let left: i64 = set_aside.filter_map(|variant| variant.left).sum();
    if quota == 0 { "–".into() } else { format!("{} / {}", p.num(left), p.num(quota)) }
}

/// A step in its life.
pub async fn step(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id: Id<GroupBuy> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let (step, said) = match form.get("step") {
        "launch" => (Step::Launch, "gb-launched"),
        "pause" => (Step::Pause, "gb-pause-done"),
        "resume" => (Step::Resume, "gb-resume-done"),
        "end" => (Step::End, "gb-end-done"),
        "fail" => (Step::EndAndFail, "gb-fail-done"),
        _ => return Err(Failure::NotFound.into()),
    };
    let word = desk.tell("console-gb-end-word", &[]);
    if step == Step::EndAndFail && form.get("confirm") != word {
        let said = desk.tell("console-gb-end-unsure", &[("word", &word)]);
        return desk.show_again(show::page(&desk, id, &show::Asked::default(), said).await?);
    }
    match desk.act(move |app, visitor| group_buy::step(app, visitor, id, step)).await {
        Ok(_) => desk.on(&format!("{HERE}/{id}"), said),
        Err(failure) => {
            let said = desk.complaint(failure)?;
            desk.show_again(show::page(&desk, id, &show::Asked::default(), said).await?)
        }
    }
}
