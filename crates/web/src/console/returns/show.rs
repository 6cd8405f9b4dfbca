//! One return: what to do next on top, what is asked and shown on the left, what happened on the
//! right.

use app::after_sale::{self, DeskReturn, ReturnLine, ReturnMove};
use app::failure::Failure;
use askama::Template;
use axum::extract::Path;
use domain::after_sale::{AfterSale, Kind, Status};
use domain::id::Id;

use super::{HERE, short, state, tone};
use crate::answer::Fault;
use crate::console::part::{Fact, When};
use crate::console::{Answer, Desk, Frame};
use crate::form::Form;

#[derive(Template)]
#[template(path = "console/return/show.html")]
pub struct Show {
    p: Frame,
    number: String,
    href: String,
    tone: &'static str,
    status: String,
    summary: String,
    next_tone: &'static str,
    next_title: String,
    next_text: String,
    due: Option<When>,
    /// What can be done.
    may_answer: bool,
    may_decide: bool,
    may_receive: bool,
    may_replace: bool,
    may_pay_instead: bool,
    /// The goods are here already, and the owner says how they are.
    is_back: bool,
    exchange: bool,
    no_address: bool,
    shipping_left: String,
    lines: Vec<Row>,
    total: String,
    text: String,
    pictures: Vec<(String, String)>,
    facts: Vec<Fact>,
    events: Vec<EventRow>,
    /// As it was typed.
    reason: String,
    shipping: String,
    carrier: String,
    tracking: String,
}

struct Row {
    id: String,
    picture: String,
    title: String,
    variant: String,
    quantity: i64,
    worth: String,
    asked: String,
    amount: String,
    sellable: String,
    damaged: String,
    outcome: String,
    instead: String,
}

struct EventRow {
    tone: &'static str,
    text: String,
    detail: String,
    who: String,
    at: When,
}

/// The return.
pub async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    let id = super::parse(&id)?;
    desk.show(page(&desk, id, &Form::default(), String::new()).await?)
}

/// The return's page, with what was typed and what was wrong with it.
pub async fn page(
    desk: &Desk,
    id: Id<AfterSale>,
    form: &Form,
    problem: String,
) -> Result<Show, Fault> {
    let found: Result<DeskReturn, Failure> =
        desk.act(move |app, visitor| after_sale::show(app, visitor, id)).await;
    let found = found?;
    let p = match problem.is_empty() {
        true => desk.frame(HERE),
        false => desk.frame_with(HERE, problem),
    };
    let view = &found.after_sale;
    let status = view.status;
    let dashed = status.code().replace('_', "-");
    let kind = p.t(&format!("return-kind-{}", view.kind.code().replace('_', "-")));
    let when = p.locale.ago(view.created_at, p.now);
    let text = format!("console-return-next-{dashed}-text");
    let due = view.due_at.filter(|_| !status.is_settled());
    Ok(Show {
        number: short(id),
        href: format!("{HERE}/{id}"),
        tone: tone(status),
        status: state(&p, status),
        summary: p.tell(
            "console-return-summary",
            &[("kind", &kind), ("shopper", &found.buyer_name), ("when", &when)],
        ),
        next_tone: match status {
            Status::Requested | Status::Escalated | Status::Returned => "",
            Status::Received if view.kind == Kind::Exchange => "",
            Status::Refunded | Status::Replaced => "good",
            Status::Closed | Status::Withdrawn => "quiet",
            _ => "waiting",
        },
        next_title: p.t(&format!("console-return-next-{dashed}")),
        next_text: if p.locale.has(&text) { p.t(&text) } else { String::new() },
        due: due.map(|due| p.when(due)),
        may_answer: found.may_answer,
        may_decide: found.may_decide,
        may_receive: found.may_receive,
        may_replace: found.may_replace,
        may_pay_instead: found.may_pay_instead,
        is_back: view.parcel.is_some(),
        exchange: view.kind == Kind::Exchange,
        no_address: view.kind.sends_back() && !found.has_address,
        shipping_left: match found.shipping_left.is_zero() {
            true => String::new(),
            false => p.money(found.shipping_left),
        },
        lines: view.lines.iter().map(|line| row(&p, line, view.kind, form)).collect(),
        total: p.money(view.amount),
        text: view.text.clone(),
        pictures: view.pictures.iter().map(|one| (one.file.clone(), one.thumb.clone())).collect(),
        facts: facts(&p, &found),
        events: view.moves.iter().rev().map(|one| event(&p, one)).collect(),
        reason: form.get("reason").to_string(),
        shipping: form.get("shipping").to_string(),
        carrier: form.get("carrier").to_string(),
        tracking: form.get("tracking").to_string(),
        p,
    })
}

fn row(p: &Frame, line: &ReturnLine, kind: Kind, form: &Form) -> Row {
    let typed = |what: &str, otherwise: String| {
        let field = format!("{what}-{}", line.line);
        form.maybe(&field).map_or(otherwise, str::to_string)
    };
    let outcome = match (line.sellable, line.damaged) {
        (0, 0) => String::new(),
        (fine, not) => p.tell("console-return-outcome", &[("sellable", &fine), ("damaged", &not)]),
    };
    Row {
        id: line.line.to_string(),
        picture: line.picture.clone(),
        title: line.title.clone(),
        variant: line.variant_title.clone(),
        quantity: line.quantity,
        worth: p.money(line.worth),
        asked: p.money(line.agreed.unwrap_or(line.asked)),
        amount: typed("amount", line.agreed.unwrap_or(line.asked).decimal()),
        sellable: typed("sellable", line.quantity.to_string()),
        damaged: typed("damaged", "0".into()),
        outcome,
        instead: match kind {
            Kind::Exchange if line.exchange_title.is_empty() => p.t("return-the-same"),
            Kind::Exchange => p.t1("return-instead", "name", &line.exchange_title),
            _ => String::new(),
        },
    }
}

fn facts(p: &Frame, found: &DeskReturn) -> Vec<Fact> {
    let view = &found.after_sale;
    let fact = |id: &str, value: String| Fact::new(p.t(id), value);
    let reason = p.t(&format!("return-reason-{}", view.reason.code().replace('_', "-")));
    let bought = p.t1("console-fact-orders", "count", found.buyer_orders);
    let asked = p.t1("console-return-buyer-returns", "count", found.buyer_returns);
    let order = p.tell(
        "console-return-order-sums",
        &[("total", &p.money(found.order_total)), ("refunded", &p.money(found.order_refunded))],
    );
    let mut facts = vec![
        fact("return-reason", reason),
        fact("console-fact-shopper", format!("{} · {bought} · {asked}", found.buyer_name)),
        fact("console-fact-contact", found.buyer_contact.clone()),
        Fact::link(p.t("console-order"), order, format!("/console/orders/{}", view.order)),
    ];
    if let Some(parcel) = &view.parcel {
        let said = format!("{} · {}", parcel.carrier, parcel.tracking);
        facts.push(fact("return-parcel-back", said));
    }
    if let Some(parcel) = &view.sent {
        let said = format!("{} · {}", parcel.carrier, parcel.tracking);
        facts.push(fact("return-parcel-instead", said));
    }
    if !view.shipping.is_zero() {
        facts.push(fact("console-sum-shipping", p.money(view.shipping)));
    }
    facts.push(fact("console-return-address", view.return_to.clone()));
    facts.push(fact("console-fact-number", view.id.to_string()));
    facts.retain(|fact| !fact.value.is_empty());
    facts
}

fn event(p: &Frame, one: &ReturnMove) -> EventRow {
    let because = format!("return-because-{}", one.reason.replace('_', "-"));
    EventRow {
        tone: match one.to {
            Status::Refunded | Status::Replaced | Status::Received => "good",
            Status::Refused | Status::Closed | Status::Withdrawn => "bad",
            Status::Requested | Status::Escalated => "waiting",
            _ => "",
        },
        text: if p.locale.has(&because) { p.t(&because) } else { state(p, one.to) },
        detail: one.text.clone(),
        who: match &one.staff {
            Some(name) => name.clone(),
            None => p.t(&format!("console-who-{}", one.actor.code())),
        },
        at: p.when(one.at),
    }
}
