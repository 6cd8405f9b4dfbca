//! Invoices behind the counter: what was asked for, issuing one or many, declining, taking back,
//! and how they are issued.

use app::failure::Failure;
use app::invoice::desk::{self, Because, IssueMany, RequestCard, Wanted};
use app::invoice::{InvoiceView, Seller, SettingsView, settings};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query};
use axum::routing::{get, post};
use domain::id::Id;
use domain::invoice::{Invoice, InvoiceRequest, State};
use serde::Deserialize;

use super::part::{Empty, Filter, Pager, ViewLink, When};
use super::{Answer, Desk, Frame, address};
use crate::answer::Fault;
use crate::form::Form;
use crate::invoice_sheet::{self, Sheet};
use crate::{Shop, download};

/// Its entry in the rail.
const HERE: &str = "/console/invoices";
const ROWS: i64 = 50;

/// The routes of invoices.
pub fn routes() -> Router<Shop> {
    Router::new()
        .route("/console/invoices", get(index).post(issue_many))
        .route("/console/invoices/settings", get(show_settings).post(set_settings))
        .route("/console/invoices/requests/{id}", get(show_request))
        .route("/console/invoices/requests/{id}/invoice", post(issue))
        .route("/console/invoices/requests/{id}/decline", post(decline))
        .route("/console/invoices/{id}", get(show))
        .route("/console/invoices/{id}/file", get(file))
        .route("/console/invoices/{id}/red", post(red))
}

#[derive(Template)]
#[template(path = "console/invoice/list.html")]
struct List {
    p: Frame,
    offered: bool,
    filter: Filter,
    empty: Option<Empty>,
    rows: Vec<Row>,
    key: String,
    pager: Pager,
}

struct Row {
    id: String,
    waits: bool,
    href: String,
    name: String,
    more: String,
    number: String,
    amount: String,
    state: String,
    tone: &'static str,
    at: When,
}

#[derive(Template)]
#[template(path = "console/invoice/request.html")]
struct Request {
    p: Frame,
    href: String,
    key: String,
    key_decline: String,
    state: String,
    tone: &'static str,
    waits: bool,
    /// What would be on it.
    amount: String,
    order: String,
    order_href: String,
    title: String,
    tax_number: String,
    place: String,
    reason: String,
    typed: String,
    at: When,
    invoices: Vec<Issued>,
}

struct Issued {
    href: String,
    number: String,
    what: String,
    amount: String,
    at: When,
}

#[derive(Template)]
#[template(path = "console/invoice/show.html")]
struct Show {
    p: Frame,
    href: String,
    back: String,
    key: String,
    typed: String,
    may_red: bool,
    x: Sheet,
}

#[derive(Template)]
#[template(path = "console/invoice/settings.html")]
struct Settings {
    p: Frame,
    put: SettingsView,
}

/// Which requests, and where on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    state: String,
    q: String,
    cursor: String,
}

async fn index(desk: Desk, Query(asked): Query<Asked>) -> Answer {
    let page = list(&desk, &asked, String::new()).await?;
    desk.show(page)
}

async fn list(desk: &Desk, asked: &Asked, problem: String) -> Result<List, Fault> {
    let wanted = Wanted {
        state: State::parse(&asked.state),
        order: Id::parse(asked.q.trim()),
        text: if asked.q.trim().starts_with("ord_") { String::new() } else { asked.q.clone() },
        before: Id::parse(&asked.cursor),
        limit: ROWS,
    };
    let (found, waiting, offered) = desk
        .act(move |app, visitor| {
            let found = desk::list(app, visitor, &wanted)?;
            let settings = settings::get(app, visitor)?;
            Ok((found, desk::waiting(app, visitor)?, settings.offered()))
        })
        .await?;
    let p = desk.frame_with(HERE, problem);
    let later = !asked.cursor.is_empty();
    let empty = (found.is_empty() && !later).then(|| Empty {
        title: p.t("console-invoice-none"),
        text: p.t("console-invoice-none-text"),
        ..Empty::default()
    });
    let next =
        found.last().filter(|_| found.len() as i64 == ROWS).map(|last| last.request.id.to_string());
    let pairs = [("state", asked.state.as_str()), ("q", asked.q.as_str())];
    let pager = p.pager(HERE, &pairs, found.len(), later, next);
    Ok(List {
        offered,
        filter: filter(&p, asked, waiting),
        empty,
        rows: found.iter().map(|card| row(&p, card)).collect(),
        key: p.new_key.clone(),
        pager,
        p,
    })
}

fn filter(p: &Frame, asked: &Asked, waiting: i64) -> Filter {
    let link = |state: &str, label: String, count: String| ViewLink {
        href: address(HERE, &[("state", state), ("q", &asked.q)]),
        label,
        count,
        current: asked.state == state,
    };
    let mut views = vec![link("", p.t("console-invoice-all"), String::new())];
    views.extend(State::ALL.into_iter().map(|state| {
        let count = if state == State::Asked { p.num(waiting) } else { String::new() };
        link(state.code(), p.t(&format!("invoice-state-{}", state.code())), count)
    }));
    Filter {
        action: HERE.into(),
        views,
        hidden: vec![("state", asked.state.clone())],
        search_label: p.t("console-invoice-find"),
        q: asked.q.clone(),
        ..Filter::default()
    }
}

fn tone(state: State) -> &'static str {
    match state {
        State::Asked => "waiting",
        State::Issued => "good",
        State::Red => "bad",
        State::Declined | State::Withdrawn => "",
    }
}

fn row(p: &Frame, card: &RequestCard) -> Row {
    let request = &card.request;
    let name = match request.title.name.as_str() {
        "" => card.buyer_name.clone(),
        name => name.to_string(),
    };
    Row {
        id: request.id.to_string(),
        waits: request.state == State::Asked,
        href: format!("{HERE}/requests/{}", request.id),
        more: match request.title.tax_number.as_str() {
            "" => card.buyer_name.clone(),
            number => format!("{number} · {}", card.buyer_name),
        },
        name,
        number: card.number.clone().unwrap_or_default(),
        amount: p.money(card.total.unwrap_or(card.order_total)),
        state: p.t(&format!("invoice-state-{}", request.state.code())),
        tone: tone(request.state),
        at: p.when(request.asked_at),
    }
}

fn parse<T: domain::id::Kind>(id: &str) -> Result<Id<T>, Fault> {
    Id::parse(id).ok_or(Failure::NotFound.into())
}

async fn show_request(desk: Desk, Path(id): Path<String>) -> Answer {
    let page = request(&desk, parse(&id)?, &Form::default(), String::new()).await?;
    desk.show(page)
}

async fn request(
    desk: &Desk,
    id: Id<InvoiceRequest>,
    form: &Form,
    problem: String,
) -> Result<Request, Fault> {
    let (found, seen) = desk
        .act(move |app, visitor| {
            let found = desk::request(app, visitor, id)?;
            let seen = desk::of_order(app, visitor, found.order)?;
            Ok((found, seen))
        })
        .await?;
    let p = desk.frame_with(HERE, problem);
    let of_it = seen.invoices.iter().filter(|one| one.request == id);
    Ok(Request {
        href: format!("{HERE}/requests/{id}"),
        key: p.new_key.clone(),
        key_decline: format!("{}d", p.new_key),
        state: p.t(&format!("invoice-state-{}", found.state.code())),
        tone: tone(found.state),
        waits: found.state == State::Asked,
        amount: seen.invoiceable.map_or(String::new(), |left| p.money(left)),
        order: found.order.to_string(),
        order_href: format!("/console/orders/{}", found.order),
        title: found.title.name.clone(),
        tax_number: found.title.tax_number.clone(),
        place: found.title.address.clone(),
        reason: because(&p, &found.reason),
        typed: form.get("reason").to_string(),
        at: p.when(found.asked_at),
        invoices: of_it.map(|one| issued(&p, one)).collect(),
        p,
    })
}

fn because(p: &Frame, reason: &str) -> String {
    match reason {
        "refund" => p.t("invoice-because-refund"),
        said => said.to_string(),
    }
}

fn issued(p: &Frame, one: &InvoiceView) -> Issued {
    let id = match (one.reverses.is_some(), one.reversed_by.is_some()) {
        (true, _) => "invoice-red",
        (false, true) => "invoice-taken-back",
        (false, false) => "invoice",
    };
    Issued {
        href: format!("{HERE}/{}", one.id),
        number: one.number.clone(),
        what: p.t(id),
        amount: p.money(one.sums.total),
        at: p.when(one.issued_at),
    }
}

async fn issue(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id = parse(&id)?;
    let done = desk.act_once(&form, move |app, visitor| desk::issue(app, visitor, id)).await;
    match done {
        Ok(done) => desk.on(&format!("{HERE}/{}", done.value.id), "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let page = request(&desk, id, &form, problem).await?;
            desk.show_again(page)
        }
    }
}

async fn decline(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id = parse(&id)?;
    let why = Because { reason: form.get("reason").to_string() };
    let done =
        desk.act_once(&form, move |app, visitor| desk::decline(app, visitor, id, &why)).await;
    match done {
        Ok(_) => desk.on(&format!("{HERE}/requests/{id}"), "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let page = request(&desk, id, &form, problem).await?;
            desk.show_again(page)
        }
    }
}

/// Issues all that were ticked, and says how many that were.
async fn issue_many(desk: Desk, form: Form) -> Answer {
    let requests = form.all("request").into_iter().filter_map(Id::parse).collect();
    let many = IssueMany { requests };
    let done =
        desk.act_once(&form, move |app, visitor| desk::issue_many(app, visitor, &many)).await;
    match done {
        Ok(done) => {
            let count = done.value.iter().filter(|one| one.invoice.is_some()).count();
            desk.on_with(HERE, "invoices-issued", count as i64)
        }
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let page = list(&desk, &Asked::default(), problem).await?;
            desk.show_again(page)
        }
    }
}

async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    let page = one(&desk, parse(&id)?, &Form::default(), String::new()).await?;
    desk.show(page)
}

async fn one(desk: &Desk, id: Id<Invoice>, form: &Form, problem: String) -> Result<Show, Fault> {
    let found = desk.act(move |app, visitor| desk::get(app, visitor, id)).await?;
    let p = desk.frame_with(HERE, problem);
    Ok(Show {
        href: format!("{HERE}/{id}"),
        back: format!("{HERE}/requests/{}", found.request),
        key: p.new_key.clone(),
        typed: form.get("reason").to_string(),
        may_red: found.reverses.is_none() && found.reversed_by.is_none(),
        x: invoice_sheet::sheet(&p, &found),
        p,
    })
}

async fn file(desk: Desk, Path(id): Path<String>) -> Answer {
    let id = parse(&id)?;
    let (number, bytes) = desk
        .act(move |app, visitor| {
            let found = desk::get(app, visitor, id)?;
            Ok((found.number.clone(), app::invoice::pdf::file(&found)?))
        })
        .await?;
    Ok(download::pdf(&number, bytes))
}

async fn red(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id = parse(&id)?;
    let why = Because { reason: form.get("reason").to_string() };
    let done = desk.act_once(&form, move |app, visitor| desk::red(app, visitor, id, &why)).await;
    match done {
        Ok(done) => desk.on(&format!("{HERE}/{}", done.value.id), "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let page = one(&desk, id, &form, problem).await?;
            desk.show_again(page)
        }
    }
}

async fn show_settings(desk: Desk) -> Answer {
    let put = desk.act(settings::get).await?;
    desk.show(Settings { p: desk.frame(HERE), put })
}

async fn set_settings(desk: Desk, form: Form) -> Answer {
    let put = SettingsView {
        seller: Seller {
            name: form.get("name").to_string(),
            tax_number: form.get("tax_number").to_string(),
            address: form.get("address").to_string(),
            bank: form.get("bank").to_string(),
        },
        prefix: form.get("prefix").to_string(),
        automatic: form.is_on("automatic"),
        version: form.parse("version").unwrap_or(0),
    };
    let new = put.clone();
    match desk.act(move |app, visitor| settings::put(app, visitor, &new)).await {
        Ok(_) => desk.on(&format!("{HERE}/settings"), "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            desk.show_again(Settings { p: desk.frame_with(HERE, problem), put })
        }
    }
}
