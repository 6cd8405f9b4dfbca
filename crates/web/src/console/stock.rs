//! Stock: what is there, what is promised, what can be sold; every change with its reason.

use app::failure::Failure;
use app::inventory::{self, Adjust, MoveView, StockView};
use askama::Template;
use axum::extract::{Path, Query};
use domain::catalog::Variant;
use domain::id::Id;
use domain::inventory::Stock;
use serde::Deserialize;

use super::fields::whole;
use super::part::{Empty, Filter, Pager, Tally, When};
use super::{Answer, Desk, Frame, chart};
use crate::answer::Fault;
use crate::form::Form;

pub mod file;

#[derive(Template)]
#[template(path = "console/stock/list.html")]
struct List {
    p: Frame,
    empty: Option<Empty>,
    filter: Filter,
    rows: Vec<Row>,
    pager: Pager,
}

struct Row {
    href: String,
    title: String,
    variant: String,
    sku: String,
    on_hand: String,
    set_aside: String,
    reserved: String,
    available: String,
    low: bool,
    bar: String,
}

#[derive(Template)]
#[template(path = "console/stock/show.html")]
struct Show {
    p: Frame,
    heading: String,
    sub: String,
    product_href: String,
    tally: Vec<Tally>,
    moves: Vec<Move>,
    next: String,
    adjust_action: String,
    key: String,
    by: String,
    reason: String,
}

struct Move {
    at: When,
    cause: String,
    about: String,
    href: String,
    on_hand: String,
    set_aside: String,
    reserved: String,
    available: String,
}

const HERE: &str = "/console/stock";
const ROWS: i64 = 50;
/// Fewer than this are nearly gone.
const LOW: i64 = 5;

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
    cursor: String,
}

/// Every variant with its stock.
pub async fn index(desk: Desk, Query(asked): Query<Asked>) -> Answer {
    let (q, after) = (asked.q.clone(), Id::parse(&asked.cursor));
    let found =
        desk.act(move |app, visitor| inventory::list(app, visitor, &q, after, ROWS)).await?;
    let p = desk.frame(HERE);
    let next = (found.len() as i64 == ROWS).then(|| found.last()).flatten();
    let next = next.map(|last| last.variant.to_string());
    let later = !asked.cursor.is_empty();
    let nothing = found.is_empty() && asked.q.is_empty() && !later;
    let empty = nothing.then(|| Empty {
        title: p.t("console-stock-empty"),
        text: p.t("console-stock-empty-text"),
        action: p.t("console-import-act"),
        href: "/console/import".into(),
        second: p.t("console-product-new"),
        second_href: "/console/products/new".into(),
    });
    let filter = Filter {
        action: HERE.into(),
        search_label: p.t("console-stock-search"),
        narrowed: !asked.q.is_empty(),
        q: asked.q.clone(),
        ..Filter::default()
    };
    let pager = p.pager(HERE, &[("q", &asked.q)], found.len(), later, next);
    let rows = found.iter().map(|view| row(&p, view)).collect();
    desk.show(List { p, empty, filter, rows, pager })
}

fn on_hand(stock: Stock) -> i64 {
    stock.available + stock.set_aside + stock.reserved
}

fn row(p: &Frame, view: &StockView) -> Row {
    let stock = view.stock;
    let low = view.tracked && stock.available < LOW;
    let tone = if low { "bad" } else { "good" };
    let parts = [(tone, stock.available), ("waiting", stock.set_aside), ("held", stock.reserved)];
    Row {
        href: format!("{HERE}/{}", view.variant),
        title: view.title.clone(),
        variant: view.variant_title.clone(),
        sku: view.sku.clone(),
        on_hand: p.num(on_hand(stock)),
        set_aside: p.num(stock.set_aside),
        reserved: p.num(stock.reserved),
        available: if view.tracked { p.num(stock.available) } else { "∞".into() },
        low,
        bar: if view.tracked { chart::meter(&parts, on_hand(stock)) } else { String::new() },
    }
}

/// Where in the movements one is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Before {
    before: String,
}

/// One variant: its stock, what moved, and a form to change it.
pub async fn show(desk: Desk, Path(id): Path<String>, Query(from): Query<Before>) -> Answer {
    let id: Id<Variant> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let page = page(&desk, id, from.before.parse().ok(), &Form::default(), String::new()).await?;
    desk.show(page)
}

/// Changes the stock by so many, with a reason.
pub async fn adjust(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id: Id<Variant> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let typed = form.get("by");
    let Some(change) = whole(typed) else {
        let said = desk.tell("console-stock-bad-number", &[("text", &typed)]);
        return desk.show_again(page(&desk, id, None, &form, said).await?);
    };
    let adjust = Adjust { variant: id, change, reason: form.get("reason").to_string() };
    match desk.act_once(&form, move |app, visitor| inventory::adjust(app, visitor, adjust)).await {
        Ok(_) => desk.on_with(&format!("{HERE}/{id}"), "stock-done", change),
        Err(failure) => {
            let said = match &failure {
                // What shoppers are told of sold-out goods would not help here.
                Failure::Refused(refused) if refused.code == "inventory.only_left" => {
                    let left = refused.args["left"].as_i64().unwrap_or(0);
                    desk.tell("console-stock-only-left", &[("left", &left)])
                }
                _ => desk.complaint(failure)?,
            };
            desk.show_again(page(&desk, id, None, &form, said).await?)
        }
    }
}

async fn page(
    desk: &Desk,
    id: Id<Variant>,
    before: Option<i64>,
    form: &Form,
    problem: String,
) -> Result<Show, Fault> {
    let (view, moves) = desk
        .act(move |app, visitor| {
            let view = inventory::get(app, visitor, id)?;
            Ok((view, inventory::moves(app, visitor, Some(id), before, ROWS)?))
        })
        .await?;
    let p = match problem.is_empty() {
        true => desk.frame(HERE),
        false => desk.frame_with(HERE, problem),
    };
    let stock = view.stock;
    let low = view.tracked && stock.available < LOW;
    let tally = |tone, label: &str, n: i64| Tally::new(tone, p.t(label), p.num(n));
    let sub = [view.variant_title.as_str(), view.sku.as_str()];
    let sub: Vec<&str> = sub.into_iter().filter(|part| !part.is_empty()).collect();
    let here = format!("{HERE}/{id}");
    let last = moves.last().filter(|_| moves.len() as i64 == ROWS);
    Ok(Show {
        heading: view.title.clone(),
        sub: sub.join(" · "),
        product_href: format!("/console/products/{}", view.product),
        tally: vec![
            tally("", "console-on-hand", on_hand(stock)),
            tally("", "console-set-aside", stock.set_aside),
            tally("", "console-reserved", stock.reserved),
            tally(if low { "bad" } else { "good" }, "console-available", stock.available),
            tally("", "console-sold", stock.sold),
            tally("", "console-lost", stock.lost),
        ],
        next: last.map_or(String::new(), |entry| format!("{here}?before={}", entry.id)),
        moves: moves.iter().map(|entry| moved(&p, entry)).collect(),
        adjust_action: here,
        key: p.new_key.clone(),
        by: form.get("by").to_string(),
        reason: form.get("reason").to_string(),
        p,
    })
}

fn moved(p: &Frame, entry: &MoveView) -> Move {
    let signed = |n: i64| match n {
        0 => String::new(),
        n if n > 0 => format!("+{}", p.num(n)),
        n => p.num(n),
    };
    let reason = [entry.reason.as_str(), entry.actor.as_deref().unwrap_or("")];
    let reason: Vec<&str> = reason.into_iter().filter(|part| !part.is_empty()).collect();
    let order = entry.order.map(|order| order.to_string());
    Move {
        at: p.when(entry.at),
        cause: p.t(&format!("console-cause-{}", entry.cause.code())),
        href: order.as_ref().map_or(String::new(), |order| format!("/console/orders/{order}")),
        about: order.unwrap_or_else(|| reason.join(" · ")),
        on_hand: signed(on_hand(entry.change)),
        set_aside: signed(entry.change.set_aside),
        reserved: signed(entry.change.reserved),
        available: signed(entry.change.available),
    }
}
