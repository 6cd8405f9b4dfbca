//! Returns: what waits for an answer, for a parcel or for the owner, and what staff do about it.

use app::after_sale::{
    self, AgreedLine, ApproveReturn, DecideReturn, DeskReturn, ParcelView, Queue, ReceiveReturn,
    ReceivedLine, ReturnCard,
};
use app::failure::Failure;
use app::{App, Visitor};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query};
use axum::routing::{get, post};
use domain::after_sale::{AfterSale, Status};
use domain::id::Id;
use domain::money::Money;
use serde::Deserialize;

use super::part::{Empty, Filter, Pager, ViewLink, When};
use super::{Answer, Desk, Frame, address, fields};
use crate::Shop;
use crate::answer::Fault;
use crate::form::Form;

pub mod show;

/// The routes of returns.
pub fn routes() -> Router<Shop> {
    Router::new()
        .route("/console/returns", get(index))
        .route("/console/returns/{id}", get(show::show))
        .route("/console/returns/{id}/approval", post(approve))
        .route("/console/returns/{id}/refusal", post(refuse))
        .route("/console/returns/{id}/receipt", post(receive))
        .route("/console/returns/{id}/dispute", post(dispute))
        .route("/console/returns/{id}/replacement", post(replace))
        .route("/console/returns/{id}/payment-instead", post(pay_instead))
        .route("/console/returns/{id}/decision", post(decide))
}

#[derive(Template)]
#[template(path = "console/return/list.html")]
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
    kind: String,
    tone: &'static str,
    status: String,
    amount: String,
    at: When,
    /// Until when something is to happen, and whether that is over.
    due: Option<When>,
    late: bool,
}

pub const HERE: &str = "/console/returns";
const ROWS: i64 = 50;

/// What the list is narrowed to, as its address says it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    queue: String,
    cursor: String,
}

/// The list.
pub async fn index(desk: Desk, Query(asked): Query<Asked>) -> Answer {
    let queue = Queue::ALL.into_iter().find(|queue| queue.code() == asked.queue);
    let queue = queue.unwrap_or_default();
    let before = Id::parse(&asked.cursor);
    let (found, counts) = desk
        .act(move |app, visitor| {
            let found = after_sale::list(app, visitor, queue, before, ROWS)?;
            Ok((found, after_sale::counts(app, visitor)?))
        })
        .await?;
    let p = desk.frame(HERE);
    let empty = counts.iter().all(|(_, n)| *n == 0).then(|| Empty {
        title: p.t("console-returns-empty"),
        text: p.t("console-returns-empty-text"),
        action: p.t("console-orders"),
        href: "/console/orders".into(),
        second: p.t("console-return-address"),
        second_href: "/console/settings#returns".into(),
    });
    let views = counts.iter().map(|(one, count)| ViewLink {
        href: address(HERE, &[("queue", one.code())]),
        label: p.t(&format!("console-returns-{}", one.code())),
        count: p.num(*count),
        current: *one == queue,
    });
    let filter = Filter { action: HERE.into(), views: views.collect(), ..Filter::default() };
    let next = found.last().filter(|_| found.len() as i64 == ROWS).map(|last| last.id.to_string());
    let here = [("queue", asked.queue.as_str())];
    let pager = p.pager(HERE, &here, found.len(), !asked.cursor.is_empty(), next);
    let rows = found.iter().map(|one| row(&p, one)).collect();
    desk.show(List { p, empty, filter, rows, pager })
}

fn row(p: &Frame, one: &ReturnCard) -> Row {
    let due = one.due_at.filter(|_| !one.status.is_settled());
    Row {
        href: format!("{HERE}/{}", one.id),
        number: short(one.id),
        shopper: one.buyer_name.clone(),
        goods: match one.units {
            1 => one.title.clone(),
            units => format!("{} × {}", one.title, p.num(units)),
        },
        kind: p.t(&format!("return-kind-{}", one.kind.code().replace('_', "-"))),
        tone: tone(one.status),
        status: state(p, one.status),
        amount: p.money(one.amount),
        at: p.when(one.created_at),
        late: due.is_some_and(|due| due <= p.now),
        due: due.map(|due| p.when(due)),
    }
}

fn state(p: &Frame, status: Status) -> String {
    p.t(&format!("return-state-{}", status.code().replace('_', "-")))
}

/// The end of a return's id, which is what tells it from others.
pub fn short(id: Id<AfterSale>) -> String {
    let id = id.to_string();
    let tail = id.len().saturating_sub(8);
    format!("#{}", id.get(tail..).unwrap_or(&id).to_uppercase())
}

/// The colour a state is said in.
pub fn tone(status: Status) -> &'static str {
    match status {
        Status::Requested | Status::Escalated => "accent",
        Status::Returned | Status::Received => "info",
        Status::Approved | Status::AwaitingReturn | Status::Refused => "waiting",
        Status::Refunded | Status::Replaced => "good",
        Status::Closed | Status::Withdrawn => "",
    }
}

fn parse(id: &str) -> Result<Id<AfterSale>, Failure> {
    Id::parse(id).ok_or(Failure::NotFound)
}

/// The amounts of a form, in the currency of the return; what is no amount is refused as too much.
async fn amounts(
    desk: &Desk,
    id: Id<AfterSale>,
    form: &Form,
) -> Result<(Vec<AgreedLine>, i64), Fault> {
    let found = desk.act(move |app, visitor| after_sale::show(app, visitor, id)).await?;
    let currency = found.order_total.currency;
    let read = |field: &str| match form.maybe(field) {
        Some(text) => fields::amount(text, currency).map_or(-1, |money: Money| money.minor),
        None => -2,
    };
    let mut lines = Vec::new();
    for line in &found.after_sale.lines {
        let minor = read(&format!("amount-{}", line.line));
        if minor != -2 {
            lines.push(AgreedLine { line: line.line, amount: minor });
        }
    }
    let shipping = read("shipping");
    Ok((lines, if shipping == -2 { 0 } else { shipping }))
}

/// What was counted of each line.
async fn received(desk: &Desk, id: Id<AfterSale>, form: &Form) -> Result<Vec<ReceivedLine>, Fault> {
    let found = desk.act(move |app, visitor| after_sale::show(app, visitor, id)).await?;
    let count = |what: &str, line| fields::whole(form.get(&format!("{what}-{line}"))).unwrap_or(0);
    let lines = found.after_sale.lines.iter().map(|line| ReceivedLine {
        line: line.line,
        sellable: count("sellable", line.line),
        damaged: count("damaged", line.line),
    });
    Ok(lines.collect())
}

/// Agrees, as it was asked or for less.
pub async fn approve(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id = parse(&id)?;
    let (lines, shipping) = amounts(&desk, id, &form).await?;
    let reason = form.get("reason").to_string();
    let as_refund = form.is_on("as_refund");
    let what = ApproveReturn { lines, shipping, reason, as_refund };
    does(&desk, id, &form, "return-approved", move |app, visitor| {
        after_sale::approve(app, visitor, id, &what)
    })
    .await
}

/// Says no.
pub async fn refuse(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id = parse(&id)?;
    let reason = form.get("reason").to_string();
    does(&desk, id, &form, "return-refused", move |app, visitor| {
        after_sale::refuse(app, visitor, id, &reason)
    })
    .await
}

/// The goods are here.
pub async fn receive(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id = parse(&id)?;
    let what = ReceiveReturn { lines: received(&desk, id, &form).await? };
    does(&desk, id, &form, "return-received", move |app, visitor| {
        after_sale::receive(app, visitor, id, &what)
    })
    .await
}

/// Something else came.
pub async fn dispute(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id = parse(&id)?;
    let reason = form.get("reason").to_string();
    does(&desk, id, &form, "return-disputed", move |app, visitor| {
        after_sale::dispute(app, visitor, id, &reason)
    })
    .await
}

/// Others are on their way.
pub async fn replace(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id = parse(&id)?;
    let carrier = form.get("carrier").to_string();
    let parcel = ParcelView { carrier, tracking: form.get("tracking").to_string() };
    does(&desk, id, &form, "return-replaced", move |app, visitor| {
        after_sale::replace(app, visitor, id, parcel)
    })
    .await
}

/// There are no others: the money goes back.
pub async fn pay_instead(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id = parse(&id)?;
    let reason = form.get("reason").to_string();
    does(&desk, id, &form, "return-paid-instead", move |app, visitor| {
        after_sale::cannot_supply(app, visitor, id, &reason)
    })
    .await
}

/// The owner's last word.
pub async fn decide(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id = parse(&id)?;
    let grant = form.get("grant") == "yes";
    let (lines, shipping) = match grant {
        true => amounts(&desk, id, &form).await?,
        false => (Vec::new(), 0),
    };
    let here = form.fields().any(|(name, _)| name.starts_with("sellable-"));
    let received = if grant && here { received(&desk, id, &form).await? } else { Vec::new() };
    let reason = form.get("reason").to_string();
    let as_refund = form.is_on("as_refund");
    let what = DecideReturn { grant, reason, lines, shipping, as_refund, received };
    does(&desk, id, &form, "return-decided", move |app, visitor| {
        after_sale::decide(app, visitor, id, &what)
    })
    .await
}

/// On to the page that says so, or the form again with what was refused.
async fn does(
    desk: &Desk,
    id: Id<AfterSale>,
    form: &Form,
    said: &str,
    work: impl FnOnce(&App, &Visitor) -> Result<DeskReturn, Failure> + Send + 'static,
) -> Answer {
    match desk.act(work).await {
        Ok(_) => desk.on(&format!("{HERE}/{id}"), said),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            desk.show_again(show::page(desk, id, form, problem).await?)
        }
    }
}
