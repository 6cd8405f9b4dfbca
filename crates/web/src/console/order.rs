//! Orders: the list with its filter sentence, and the acts of staff.

use app::failure::Failure;
use app::order::ParcelLine;
use app::order_desk::{self, DeskRow, Ship};
use app::pickup::{self, Collect};
use askama::Template;
use axum::extract::{Path, Query};
use domain::id::Id;
use domain::moment::Span;
use domain::order::{Line, Order, Status};
use serde::Deserialize;

use super::part::{Choice, Empty, Filter, FilterPart, Pager, ViewLink, When};
use super::{Answer, Desk, Frame, address, fields};
use crate::form::Form;

pub mod show;
pub mod slip;

#[derive(Template)]
#[template(path = "console/order/list.html")]
struct List {
    p: Frame,
    empty: Option<Empty>,
    filter: Filter,
    rows: Vec<Row>,
    pager: Pager,
}

struct Row {
    href: String,
    number: String,
    shopper: String,
    goods: String,
    tone: &'static str,
    status: String,
    team: bool,
    total: String,
    at: When,
}

const HERE: &str = "/console/orders";
const ROWS: i64 = 50;

/// What the list is narrowed to, as its address says it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    status: String,
    q: String,
    team: String,
    days: String,
    cursor: String,
}

/// The list.
pub async fn index(desk: Desk, Query(asked): Query<Asked>) -> Answer {
    list(&desk, &asked, String::new()).await
}

async fn list(desk: &Desk, asked: &Asked, problem: String) -> Answer {
    let days: Option<i64> = asked.days.parse().ok().filter(|days| (1..=3_650).contains(days));
    let filter = order_desk::Filter {
        status: Status::parse(&asked.status),
        in_team: match asked.team.as_str() {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
        query: asked.q.clone(),
        placed_after: days.map(|days| desk.now().minus(Span::days(days))),
    };
    let before = Id::parse(&asked.cursor);
    let (found, counts) = desk
        .act(move |app, visitor| {
            let found = order_desk::list(app, visitor, &filter, before, ROWS)?;
            Ok((found, order_desk::counts(app, visitor)?))
        })
        .await?;
    let refused = !problem.is_empty();
    let p = desk.frame_with(HERE, problem);
    let later = !asked.cursor.is_empty();
    let empty = counts.iter().all(|(_, n)| *n == 0).then(|| Empty {
        title: p.t("console-orders-empty"),
        text: p.t("console-orders-empty-text"),
        action: p.t("console-group-buy-new"),
        href: "/console/group-buys/new".into(),
        second: p.t("console-view-shop"),
        second_href: "/".into(),
    });
    let here = [
        ("status", asked.status.as_str()),
        ("q", &asked.q),
        ("team", &asked.team),
        ("days", &asked.days),
    ];
    let next = found.last().filter(|_| found.len() as i64 == ROWS).map(|last| last.id.to_string());
    let pager = p.pager(HERE, &here, found.len(), later, next);
    let rows = found.iter().map(|order| row(&p, order)).collect();
    let filter = sentence(&p, asked, &counts);
    let page = List { p, empty, filter, rows, pager };
    if refused { desk.show_again(page) } else { desk.show(page) }
}

fn sentence(p: &Frame, asked: &Asked, counts: &[(Status, i64)]) -> Filter {
    let count = |status| counts.iter().find(|(s, _)| *s == status).map_or(0, |(_, n)| *n);
    let view = |status: Option<Status>| {
        let code = status.map_or("", Status::code);
        ViewLink {
            href: address(
                HERE,
                &[("status", code), ("q", &asked.q), ("team", &asked.team), ("days", &asked.days)],
            ),
            label: match status {
                Some(status) => p.t(&format!("console-status-{}", status.code())),
                None => p.t("console-orders-all"),
            },
            count: status.map_or(String::new(), |status| p.num(count(status))),
            current: asked.status == code,
        }
    };
    let always = [Status::ToShip, Status::AwaitingTeam, Status::PendingPayment, Status::Shipped];
    let rare = [
        Status::Delivered,
        Status::Completed,
        Status::Refunding,
        Status::Refunded,
        Status::LatePaid,
        Status::Cancelled,
    ];
    let mut views = vec![view(None)];
    views.extend(always.map(|status| view(Some(status))));
    views.extend(rare.into_iter().filter(|s| count(*s) > 0).map(|status| view(Some(status))));
    let part = |label: &str, name, value: &str, options: &[(&str, &str)]| FilterPart {
        label: p.t(label),
        name,
        set: !value.is_empty(),
        options: Choice::among(value, options.iter().map(|(v, id)| (v.to_string(), p.t(id)))),
    };
    Filter {
        action: HERE.into(),
        views,
        parts: vec![
            part(
                "console-placed",
                "days",
                &asked.days,
                &[
                    ("", "console-days-any"),
                    ("1", "console-days-1"),
                    ("7", "console-days-7"),
                    ("30", "console-days-30"),
                ],
            ),
            part(
                "console-order-kind",
                "team",
                &asked.team,
                &[
                    ("", "console-order-kind-any"),
                    ("yes", "console-order-kind-team"),
                    ("no", "console-order-kind-alone"),
                ],
            ),
        ],
        hidden: vec![("status", asked.status.clone())],
        search_label: p.t("console-order-search"),
        q: asked.q.clone(),
        narrowed: !asked.q.is_empty() || !asked.team.is_empty() || !asked.days.is_empty(),
    }
}

fn row(p: &Frame, order: &DeskRow) -> Row {
    let goods = match order.units {
        1 => order.title.clone(),
        units => format!("{} × {}", order.title, p.num(units)),
    };
    Row {
        href: format!("{HERE}/{}", order.id),
        number: short(order.id),
        shopper: order.buyer_name.clone(),
        goods,
        tone: tone(order.status),
        status: p.t(&format!("console-status-{}", order.status.code())),
        team: order.team.is_some(),
        total: p.money(order.total),
        at: p.when(order.created_at),
    }
}

/// The end of an order's id, which is what tells it from others.
pub fn short(id: Id<Order>) -> String {
    let id = id.to_string();
    let tail = id.len().saturating_sub(8);
    format!("#{}", id.get(tail..).unwrap_or(&id).to_uppercase())
}

/// The colour a state is said in.
pub fn tone(status: Status) -> &'static str {
    match status {
        Status::ToShip => "accent",
        Status::Paid | Status::AwaitingTeam | Status::Refunding | Status::LatePaid => "waiting",
        Status::Shipped => "info",
        Status::Delivered | Status::Completed => "good",
        Status::PendingPayment | Status::Cancelled | Status::Refunded => "",
    }
}

/// Ships it.
pub async fn ship(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id: Id<Order> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let ship =
        Ship { lines: parcel(&form), ..Ship::all(form.get("carrier"), form.get("tracking")) };
    let done = desk.act(move |app, visitor| order_desk::ship(app, visitor, id, ship)).await;
    finish(&desk, id, &form, done, "order-ship-done").await
}

/// How many units of which lines the form puts into the parcel; none when it does not say.
fn parcel(form: &Form) -> Option<Vec<ParcelLine>> {
    let lines = form.all("line").into_iter().filter_map(Id::<Line>::parse);
    let quantity = |line: Id<Line>| fields::whole(form.get(&format!("units-{line}"))).unwrap_or(0);
    let lines: Vec<ParcelLine> =
        lines.map(|line| ParcelLine { line, quantity: quantity(line) }).collect();
    Some(lines).filter(|lines| !lines.is_empty())
}

/// Gives out the goods of the order whose code was shown.
pub async fn collect(desk: Desk, form: Form) -> Answer {
    let shown = Collect { code: form.get("code").to_string() };
    match desk.act(move |app, visitor| pickup::collect(app, visitor, &shown)).await {
        Ok(id) => desk.on(&format!("{HERE}/{id}"), "order-collect-done"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            list(&desk, &Asked::default(), problem).await
        }
    }
}

/// Ends it: unpaid it is cancelled, paid it is refunded in full.
pub async fn refund(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id: Id<Order> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let reason = form.get("reason").to_string();
    let done = desk.act(move |app, visitor| order_desk::refund(app, visitor, id, &reason)).await;
    finish(&desk, id, &form, done, "order-refund-done").await
}

/// The same for an order nobody has paid for.
pub async fn cancel(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id: Id<Order> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let reason = form.get("reason").to_string();
    let done = desk.act(move |app, visitor| order_desk::refund(app, visitor, id, &reason)).await;
    finish(&desk, id, &form, done, "order-cancel-done").await
}

async fn finish<T>(
    desk: &Desk,
    id: Id<Order>,
    form: &Form,
    done: Result<T, Failure>,
    said: &str,
) -> Answer {
    match done {
        Ok(_) => desk.on(&format!("{HERE}/{id}"), said),
        Err(failure) => {
            let problem = match failure.code() {
                "inventory.no_reason" => desk.tell("console-reason-needed", &[]),
                _ => desk.complaint(failure)?,
            };
            desk.show_again(show::page(desk, id, form, problem).await?)
        }
    }
}
