//! One order: what to do next on top, facts on the left, what happened on the right.

use app::after_sale::{self, ReturnCard};
use app::failure::Failure;
use app::order::{LineView, MoveView, OrderView};
use app::order_desk::{self, DeskView};
use app::team::{self, TeamView};
use askama::Template;
use axum::extract::Path;
use domain::id::Id;
use domain::money::Money;
use domain::order::{Order, Status};
use domain::place::Address;

use super::{HERE, short, tone};
use crate::answer::Fault;
use crate::console::part::{Fact, When};
use crate::console::{Answer, Desk, Frame};
use crate::form::Form;

#[derive(Template)]
#[template(path = "console/order/show.html")]
pub struct Show {
    p: Frame,
    number: String,
    href: String,
    tone: &'static str,
    status: String,
    summary: String,
    can_cancel: bool,
    can_refund: bool,
    can_ship: bool,
    next: Next,
    /// What is not in a parcel yet.
    left: Vec<LeftRow>,
    ship_carrier: String,
    ship_tracking: String,
    carriers: Vec<String>,
    lines: Vec<LineRow>,
    sums: Vec<Sum>,
    facts: Vec<Fact>,
    events: Vec<EventRow>,
    refund_title: String,
    refund_act: String,
    refund_effects: Vec<String>,
    cancel_effects: Vec<String>,
}

/// What to do, or what is going on.
#[derive(Default)]
struct Next {
    tone: &'static str,
    title: String,
    text: String,
    action: String,
    href: String,
}

struct LineRow {
    picture: String,
    title: String,
    variant: String,
    href: String,
    unit: String,
    quantity: String,
    total: String,
}

/// Units that can be put into a parcel.
struct LeftRow {
    line: String,
    title: String,
    most: i64,
}

struct Sum {
    label: String,
    value: String,
    strong: bool,
}

struct EventRow {
    tone: &'static str,
    text: String,
    detail: String,
    who: String,
    at: When,
}

/// Carriers offered while typing; any other name will do.
const CARRIERS: [&str; 6] = ["顺丰", "中通", "圆通", "京东", "EMS", "DHL"];

/// The order.
pub async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    let id = Id::parse(&id).ok_or(Failure::NotFound)?;
    desk.show(page(&desk, id, &Form::default(), String::new()).await?)
}

/// The order's page, with what was typed and what was wrong with it.
pub async fn page(desk: &Desk, id: Id<Order>, form: &Form, problem: String) -> Result<Show, Fault> {
    let (view, team, returns) = desk
        .act(move |app, visitor| {
            let view = order_desk::get(app, visitor, id)?;
            let team = view.order.team.map(|team| team::get(app, visitor, team)).transpose()?;
            let returns = after_sale::of_order_at_desk(app, visitor, id)?;
            Ok((view, team, returns))
        })
        .await?;
    let p = match problem.is_empty() {
        true => desk.frame(HERE),
        false => desk.frame_with(HERE, problem),
    };
    let order = &view.order;
    let unpaid = order.status == Status::PendingPayment;
    let owed = order.total.minus(order.refunded);
    let (amount, total) = (p.money(owed), p.money(order.total));
    let shopper = &view.buyer_name;
    let stock = match order.status {
        Status::AwaitingTeam | Status::ToShip => "console-order-refund-effect-stock",
        _ => "console-order-refund-effect-shipped",
    };
    let mut refund_effects =
        vec![p.t1("console-order-refund-effect-money", "amount", owed), p.t(stock)];
    if order.team.is_some() {
        refund_effects.push(p.t("console-order-refund-effect-team"));
    }
    refund_effects.push(p.t("console-order-refund-effect-told"));
    Ok(Show {
        number: short(id),
        href: format!("{HERE}/{id}"),
        tone: tone(order.status),
        status: p.t(&format!("console-status-{}", order.status.code())),
        summary: p.tell(
            "console-order-summary",
            &[
                ("shopper", shopper),
                ("when", &p.locale.ago(order.created_at, p.now)),
                ("total", &total),
            ],
        ),
        can_cancel: view.may_refund && unpaid,
        can_refund: view.may_refund && !unpaid,
        can_ship: view.may_ship,
        next: next(&p, &view, team.as_ref()),
        left: left(order),
        ship_carrier: form.get("carrier").to_string(),
        ship_tracking: form.get("tracking").to_string(),
        carriers: CARRIERS.map(str::to_string).to_vec(),
        lines: order.lines.iter().map(|line| line_row(&p, line)).collect(),
        sums: sums(&p, &view),
        facts: facts(&p, &view, team.as_ref(), &returns),
        events: order.moves.iter().rev().map(|one| event(&p, one)).collect(),
        refund_title: p
            .tell("console-order-refund-title", &[("amount", &amount), ("shopper", shopper)]),
        refund_act: p.t1("console-order-refund-act", "amount", owed),
        refund_effects,
        cancel_effects: vec![
            p.t("console-order-cancel-effect-stock"),
            p.t("console-order-cancel-effect-pay"),
            p.t("console-order-cancel-effect-told"),
        ],
        p,
    })
}

fn next(p: &Frame, view: &DeskView, team: Option<&TeamView>) -> Next {
    let order = &view.order;
    let say = |tone, name: &str, text: String| Next {
        tone,
        title: p.t(&format!("console-order-next-{name}")),
        text,
        ..Next::default()
    };
    let text = |name: &str| format!("console-order-next-{name}-text");
    let ago = |at| p.locale.ago(at, p.now);
    match order.status {
        Status::PendingPayment => {
            say("waiting", "unpaid", p.t1(&text("unpaid"), "when", ago(order.pay_by)))
        }
        Status::ToShip if order.pickup.is_some() => say("waiting", "fetch", p.t(&text("fetch"))),
        Status::Paid | Status::ToShip => {
            let paid = order.paid_at.unwrap_or(order.created_at);
            say("", "ship", p.t1(&text("ship"), "when", ago(paid)))
        }
        Status::AwaitingTeam => {
            let (missing, deadline) = team.map_or((0, None), |team| (team.missing, team.deadline));
            let deadline = deadline.map_or(String::new(), |at| p.locale.exact_near(at, p.now));
            let said = p.tell(&text("team"), &[("missing", &missing), ("deadline", &deadline)]);
            Next {
                action: p.t("console-order-next-team-act"),
                href: order.team.map_or(String::new(), |team| format!("/teams/{team}")),
                ..say("waiting", "team", said)
            }
        }
        Status::Shipped | Status::Delivered => {
            let parcel = order.shipments.last();
            let said = parcel.map_or(String::new(), |parcel| {
                let args: [(&str, &dyn crate::locale::Arg); 2] =
                    [("carrier", &parcel.carrier), ("tracking", &parcel.tracking)];
                p.tell(&text("shipped"), &args)
            });
            let name = if order.status == Status::Shipped { "shipped" } else { "delivered" };
            say("info", name, said)
        }
        Status::Completed => say("good", "completed", p.t(&text("completed"))),
        Status::Cancelled => say("quiet", "cancelled", p.t(&text("cancelled"))),
        Status::Refunding | Status::LatePaid => {
            say("waiting", "refunding", p.t1(&text("refunding"), "amount", order.total))
        }
        Status::Refunded => {
            say("quiet", "refunded", p.t1(&text("refunded"), "amount", order.refunded))
        }
    }
}

fn line_row(p: &Frame, line: &LineView) -> LineRow {
    let variant = [line.variant_title.as_str(), line.sku.as_str()];
    let variant: Vec<&str> = variant.into_iter().filter(|part| !part.is_empty()).collect();
    LineRow {
        picture: line.picture.clone(),
        title: line.title.clone(),
        variant: variant.join(" · "),
        href: format!("/console/stock/{}", line.variant),
        unit: p.money(line.unit_price),
        quantity: p.num(line.quantity),
        total: p.money(line.total),
    }
}

fn sums(p: &Frame, view: &DeskView) -> Vec<Sum> {
    let order = &view.order;
    let sum = |name: &str, value: Money, strong| Sum {
        label: p.t(&format!("console-sum-{name}")),
        value: p.money(value),
        strong,
    };
    let mut sums = vec![sum("goods", order.subtotal, false)];
    if !order.discount.is_zero() {
        sums.push(sum("discount", order.discount.negated(), false));
    }
    sums.push(sum("shipping", order.shipping, false));
    if !order.tax.is_zero() {
        sums.push(sum("tax", order.tax, false));
    }
    sums.push(sum("total", order.total, true));
    if !order.refunded.is_zero() {
        sums.push(sum("refunded", order.refunded.negated(), false));
    }
    sums
}

fn facts(p: &Frame, view: &DeskView, team: Option<&TeamView>, returns: &[ReturnCard]) -> Vec<Fact> {
    let order = &view.order;
    let fact = |name: &str, value: String| Fact::new(p.t(&format!("console-fact-{name}")), value);
    let bought = p.t1("console-fact-orders", "count", view.buyer_orders);
    let mut facts = vec![
        fact("shopper", format!("{} · {bought}", view.buyer_name)),
        fact("contact", view.buyer_contact.clone()),
        fact("address", written(&order.address)),
        fact(
            "shipping",
            if p.is_chinese() {
                order.shipping_method.clone()
            } else {
                order.shipping_method_en.clone()
            },
        ),
    ];
    for parcel in &order.shipments {
        let units: i64 = parcel.lines.iter().map(|line| line.quantity).sum();
        let units = p.t1("console-parcel-units", "count", units);
        facts.push(fact("shipment", format!("{} · {} · {units}", parcel.carrier, parcel.tracking)));
    }
    if let Some(pickup) = &order.pickup {
        facts.push(fact("pickup", format!("{} · {}", pickup.name, pickup.address)));
    }
    if let Some(card) = &order.gift_message {
        let said = if card.is_empty() { p.t("console-gift-no-card") } else { card.clone() };
        facts.push(fact("gift", said));
    }
    if let Some(team) = team {
        let people = format!("{} · {}/{}", team.group_buy_title, team.confirmed, team.need);
        facts.push(Fact::link(p.t("console-fact-team"), people, format!("/teams/{}", team.id)));
    }
    for payment in &view.payments {
        let state = p.t(&format!("console-payment-{}", payment.status.code()));
        let said = format!("{} · {state} · {}", p.money(payment.amount), payment.provider);
        facts.push(fact("payment", said));
    }
    for refund in &order.refunds {
        let state = p.t(&format!("console-refund-{}", refund.status));
        let why = why(p, &refund.reason);
        facts.push(fact("refund", format!("{} · {state} · {why}", p.money(refund.amount))));
    }
    for one in returns {
        let kind = p.t(&format!("return-kind-{}", one.kind.code().replace('_', "-")));
        let state = p.t(&format!("return-state-{}", one.status.code().replace('_', "-")));
        let said = format!("{kind} · {state} · {}", p.money(one.amount));
        let href = format!("/console/returns/{}", one.id);
        facts.push(Fact::link(p.t("console-return"), said, href));
    }
    if let Some(sharer) = &view.sharer {
        facts.push(fact("shared", sharer.clone()));
    }
    if !order.note.is_empty() {
        facts.push(fact("note", order.note.clone()));
    }
    facts.push(fact("number", order.id.to_string()));
    facts.retain(|fact| !fact.value.is_empty());
    facts
}

/// What can be put into a parcel; nothing to choose when it is one unit.
fn left(order: &OrderView) -> Vec<LeftRow> {
    let left = order.lines.iter().filter(|line| line.ships && line.shipped < line.quantity);
    let rows = left.map(|line| LeftRow {
        line: line.id.to_string(),
        title: [line.title.as_str(), &line.variant_title].join(" ").trim().to_string(),
        most: line.quantity - line.shipped,
    });
    let rows: Vec<LeftRow> = rows.collect();
    if rows.iter().map(|row| row.most).sum::<i64>() > 1 { rows } else { Vec::new() }
}

/// An address as it stands on a parcel.
pub fn written(to: &Address) -> String {
    let who = format!("{} {}", to.name, to.phone);
    let place = [&to.region, &to.city, &to.district].map(String::as_str);
    let place: Vec<&str> = place.into_iter().filter(|part| !part.is_empty()).collect();
    let lines = [who, place.join(" "), to.line1.clone(), to.line2.clone(), to.postcode.clone()];
    let lines: Vec<String> = lines.into_iter().filter(|line| !line.trim().is_empty()).collect();
    lines.join("\n")
}

/// A reason in words: ours by its code, a person's as they wrote it.
fn why(p: &Frame, reason: &str) -> String {
    let id = format!("console-why-{reason}");
    if p.locale.has(&id) { p.t(&id) } else { reason.to_string() }
}

fn event(p: &Frame, one: &MoveView) -> EventRow {
    let text = p.t(&format!("console-event-{}", one.to.code()));
    let detail = why(p, &one.reason);
    let who = match &one.staff {
        Some(name) => name.clone(),
        None => p.t(&format!("console-who-{}", one.actor.code())),
    };
    EventRow {
        tone: match one.to {
            Status::Paid | Status::Completed | Status::Delivered => "good",
            Status::Cancelled | Status::Refunding | Status::LatePaid => "bad",
            Status::AwaitingTeam => "waiting",
            _ => "",
        },
        detail: if detail == text { String::new() } else { detail },
        text,
        who,
        at: p.when(one.at),
    }
}
