//! Orders: the list with its filter sentence, and the acts of staff.

use app::App;
use app::failure::Failure;
use app::order::ParcelLine;
use app::order_desk::{self, DeskRow, Ship, label, looks};
use app::pickup::{self, Collect};
use app::{delivery, order_csv};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query};
use axum::routing::{get, post};
use domain::id::Id;
use domain::order::{Line, Order, Status};
use domain::person::{Level, Permission, Role};
use serde::Deserialize;

use super::part::{Empty, Filter, Pager, When};
use super::{Answer, Desk, Frame, address, fields};
use crate::form::Form;
use crate::{Shop, download, link};

mod narrow;
mod happening;
pub mod by_hand;
pub mod show;
pub mod slip;
pub mod label_form;
pub mod edit;
pub mod many;
pub mod print;
pub mod price;

use narrow::{Asked, More};

#[derive(Template)]
#[template(path = "console/order/list.html")]
struct List {
    p: Frame,
    /// What the reader may change, and whether they may take contacts out.
    orders: bool,
    shipping: bool,
    refunds: bool,
    contacts: bool,
    /// Whether they keep views for everybody.
    owner: bool,
    empty: Option<Empty>,
    filter: Filter,
    more: More,
    /// Kept views that can be taken away.
    kept: Vec<Kept>,
    /// Tags that are offered while typing.
    tags: Vec<String>,
    /// What the list is narrowed to, for forms that mean all of it.
    here: Vec<(&'static str, String)>,
    export: String,
    export_lines: String,
    key: String,
    rows: Vec<Row>,
    pager: Pager,
}

/// A kept view.
struct Kept {
    href: String,
    name: String,
}

struct Row {
    id: String,
    tags: Vec<String>,
    hints: i64,
    noted: bool,
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

/// Where the list is.
pub const HERE: &str = "/console/orders";
const ROWS: i64 = 50;

/// The routes of orders.
pub fn routes() -> Router<Shop> {
    Router::new()
        .route("/console/orders", get(index))
        .route("/console/pickups", post(collect))
        .route("/console/orders/{id}", get(show::show))
        .route("/console/orders/{id}/shipments", post(ship))
        .route("/console/orders/{id}/slip", get(slip::show))
        .route("/console/orders/{id}/refunds", post(refund))
        .route("/console/orders/{id}/cancellation", post(cancel))
        .route("/console/orders/{id}/receipt", post(by_hand::received))
        .route("/console/refunds/{id}/sent", post(by_hand::sent))
        .route("/console/orders/export.csv", get(export))
        .route("/console/orders/views", post(label_form::keep))
        .route("/console/orders/views/{id}/removal", post(label_form::forget))
        .route("/console/orders/bulks", post(many::start))
        .route("/console/orders/bulks/{id}", get(many::show))
        .route("/console/orders/parcels", get(many::file).post(many::ship))
        .route("/console/orders/print", get(print::show))
        .route("/console/orders/{id}/notes", post(label_form::note))
        .route("/console/orders/{id}/tags", post(label_form::tag))
        .route("/console/orders/{id}/edit", get(edit::show))
        .route("/console/orders/{id}/price", get(price::show).post(edit::price))
        .route("/console/orders/{id}/removals", post(edit::take_out))
        .route("/console/orders/{id}/swaps", post(edit::swap))
        .route("/console/orders/{id}/address", post(edit::address))
        .route("/console/orders/{id}/pay-link", post(edit::link))
}

/// The list.
pub async fn index(desk: Desk, Query(asked): Query<Asked>) -> Answer {
    list(&desk, &asked, String::new()).await
}

async fn list(desk: &Desk, asked: &Asked, problem: String) -> Answer {
    let before = Id::parse(&asked.cursor);
    let wish = asked.clone();
    let (found, counts, looks, ways, tags, currency) = desk
        .act(move |app, visitor| {
            let currency = app::draft::currency(app)?;
            let filter = wish.filter(currency);
            let found = order_desk::list(app, visitor, &filter, before, ROWS)?;
            let counts = order_desk::counts(app, visitor)?;
            // What the shop's staff keep for themselves is not for those of sellers.
            let looks = super::where_allowed(looks::list(app, visitor))?.unwrap_or_default();
            // Whoever may not say how goods travel narrows by nothing of it.
            let ways = delivery::methods(app, visitor).unwrap_or_default();
            let tags = super::where_allowed(label::all_tags(app, visitor))?.unwrap_or_default();
            Ok((found, counts, looks, ways, tags, currency))
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
        second: p.t("console-draft-new"),
        second_href: "/console/drafts/new".into(),
    });
    let here = asked.pairs();
    let next = found.last().filter(|_| found.len() as i64 == ROWS).map(|last| last.id.to_string());
    let pager = p.pager(HERE, &here, found.len(), later, next);
    let rows = found.iter().map(|order| row(&p, order)).collect();
    let name = |way: &delivery::MethodView| match p.is_chinese() {
        true => way.name.clone(),
        false => way.name_en.clone(),
    };
    let ways: Vec<(String, String)> =
        ways.iter().map(|way| (way.code.clone(), name(way))).collect();
    let here = narrow::Asked { cursor: String::new(), ..asked.clone() };
    let mine = looks.iter().filter(|look| look.mine).map(|look| Kept {
        href: format!("{HERE}/views/{}/removal", look.id),
        name: look.name.clone(),
    });
    let grants = p.grants;
    // What is done to many at once is for those of the shop.
    let theirs = p.role == Role::Seller;
    let may = |permission| !theirs && grants.may(permission, Level::Change);
    let page = List {
        orders: may(Permission::Orders),
        shipping: may(Permission::Shipping),
        refunds: may(Permission::Refunds),
        contacts: grants.may(Permission::Contacts, Level::View) || p.role == Role::Seller,
        owner: p.role == Role::Owner,
        empty,
        more: narrow::more(&p, asked, &ways),
        filter: narrow::sentence(&p, asked, &counts, &looks, currency),
        kept: mine.collect(),
        tags: tags.into_iter().map(|(tag, _)| tag).collect(),
        here: here.pairs().into_iter().map(|(name, value)| (name, value.to_string())).collect(),
        export: address(&format!("{HERE}/export.csv"), &here.pairs()),
        export_lines: link::with_query(
            &address(&format!("{HERE}/export.csv"), &here.pairs()),
            "rows",
            "lines",
        ),
        key: p.new_key.clone(),
        rows,
        pager,
        p,
    };
    if refused { desk.show_again(page) } else { desk.show(page) }
}

fn row(p: &Frame, order: &DeskRow) -> Row {
    let goods = match order.units {
        1 => order.title.clone(),
        units => format!("{} × {}", order.title, p.num(units)),
    };
    Row {
        id: order.id.to_string(),
        tags: order.tags.iter().map(|tag| tag_said(p, tag)).collect(),
        hints: order.hints,
        noted: order.noted,
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

/// A tag in the reader's words, where it is one of ours.
pub fn tag_said(p: &Frame, tag: &str) -> String {
    if tag == domain::order_desk::PACKING { p.t("console-tag-packing") } else { tag.to_string() }
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
        Status::Paid
        | Status::AwaitingTeam
        | Status::AwaitingTaker
        | Status::Refunding
        | Status::LatePaid => "waiting",
        Status::Shipped => "info",
        Status::Delivered | Status::Completed => "good",
        Status::PendingPayment | Status::Cancelled | Status::Refunded => "",
    }
}

/// What the filter finds, as a file.
pub async fn export(desk: Desk, Query(asked): Query<Asked>, Query(how): Query<How>) -> Answer {
    let visitor = desk.visitor().clone();
    let write = move |app: &App, out: &mut dyn std::io::Write| {
        let filter = asked.filter(app::draft::currency(app)?);
        let want = order_csv::Want { filter, per_line: how.rows == "lines", mark: true };
        order_csv::export(app, &visitor, &want, out, &mut |_, _| {}).map(|_| ())
    };
    download::csv(&desk.shop, "orders.csv", write).await
}

/// What a row of the file is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct How {
    rows: String,
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
