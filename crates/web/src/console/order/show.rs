//! One order: what to do next on top, facts on the left, what happened on the right.

use app::after_sale::{self, ReturnCard};
use app::failure::Failure;
use app::order::{LineView, OrderView};
use app::order_desk::{self, DeskView, timeline};
use app::team::{self, TeamView};
use askama::Template;
use axum::extract::Path;
use domain::id::Id;
use domain::money::Money;
use domain::order::{Order, Status};
use domain::payment::OFFLINE;
use domain::person::{Level, Permission};
use domain::place::Address;
use domain::price::list::Why;
use domain::wallet::Purse;

use super::narrow::hint_id;
use super::{HERE, happening, short, tag_said, tone};
use crate::answer::Fault;
use crate::console::part::{Fact, When};
use crate::console::{Answer, Desk, Frame};
use crate::form::Form;
use crate::link;

#[derive(Template)]
#[template(path = "console/order/show.html")]
pub struct Show {
    p: Frame,
    number: String,
    id: String,
    href: String,
    tone: &'static str,
    status: String,
    summary: String,
    can_cancel: bool,
    can_refund: bool,
    can_ship: bool,
    /// Whether the reader writes notes and tags.
    can_write: bool,
    hand: Hand,
    next: Next,
    /// What is not in a parcel yet.
    left: Vec<LeftRow>,
    ship_carrier: String,
    ship_tracking: String,
    carriers: Vec<String>,
    lines: Vec<LineRow>,
    sums: Vec<Sum>,
    facts: Vec<Fact>,
    events: Vec<happening::EventRow>,
    tags: Vec<(String, String)>,
    notes: Vec<NoteRow>,
    /// What is odd about it.
    hints: Vec<String>,
    /// Whether anything of it can be changed.
    can_edit: bool,
    refund_title: String,
    refund_act: String,
    refund_effects: Vec<String>,
    cancel_effects: Vec<String>,
}

/// Money that comes or goes without a provider.
#[derive(Default)]
struct Hand {
    /// What is due, as it is typed; empty when nothing is.
    due: String,
    key: String,
    order: String,
    back: Vec<BackRow>,
}

/// A refund that must be carried back.
struct BackRow {
    said: String,
    href: String,
    key: String,
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
    /// How many of it staff took out; empty for none.
    removed: String,
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

/// What staff wrote down.
struct NoteRow {
    text: String,
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
    let (view, team, returns, happened) = desk
        .act(move |app, visitor| {
            let view = order_desk::get(app, visitor, id)?;
            let happened = timeline::get(app, visitor, id)?;
            let team = view.order.team.map(|team| team::get(app, visitor, team)).transpose()?;
            let returns = after_sale::of_order_at_desk(app, visitor, id)?;
            Ok((view, team, returns, happened))
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
        Status::AwaitingTeam | Status::AwaitingTaker | Status::ToShip => {
            "console-order-refund-effect-stock"
        }
        _ => "console-order-refund-effect-shipped",
    };
    let mut refund_effects =
        vec![p.t1("console-order-refund-effect-money", "amount", owed), p.t(stock)];
    if order.team.is_some() {
        refund_effects.push(p.t("console-order-refund-effect-team"));
    }
    refund_effects.push(p.t("console-order-refund-effect-told"));
    let grants = p.grants;
    let may = |permission| grants.may(permission, Level::Change);
    Ok(Show {
        number: short(id),
        id: id.to_string(),
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
        can_cancel: view.may_refund && unpaid && may(Permission::Refunds),
        can_refund: view.may_refund && !unpaid && may(Permission::Refunds),
        can_ship: view.may_ship && may(Permission::Shipping),
        can_write: may(Permission::Orders),
        hand: if may(Permission::Refunds) { hand(&p, &view) } else { Hand::default() },
        next: next(&p, &view, team.as_ref()),
        left: left(order),
        ship_carrier: form.get("carrier").to_string(),
        ship_tracking: form.get("tracking").to_string(),
        carriers: CARRIERS.map(str::to_string).to_vec(),
        lines: order.lines.iter().map(|line| line_row(&p, line)).collect(),
        sums: sums(&p, &view),
        facts: facts(&p, &view, team.as_ref(), &returns),
        events: happened.iter().filter_map(|one| happening::row(&p, one)).collect(),
        tags: view.tags.iter().map(|tag| (tag.clone(), tag_said(&p, tag))).collect(),
        notes: view
            .notes
            .iter()
            .map(|note| NoteRow {
                text: note.text.clone(),
                who: note.author.clone(),
                at: p.when(note.at),
            })
            .collect(),
        hints: view
            .hints
            .iter()
            .map(|hint| p.t1(&format!("{}-why", hint_id(hint.kind)), "n", hint.n))
            .collect(),
        can_edit: (view.may_reprice || view.may_edit || view.may_readdress)
            && may(Permission::Orders),
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

fn hand(p: &Frame, view: &DeskView) -> Hand {
    let order = &view.order;
    let by_hand = order.refunds.iter().filter(|one| one.provider == OFFLINE);
    let waiting = by_hand.filter(|one| one.status == "pending");
    let back = waiting.enumerate().map(|(n, one)| BackRow {
        said: p.t1("console-hand-back", "amount", p.money(one.amount)),
        href: format!("/console/refunds/{}/sent", one.id),
        key: format!("{}-{n}", p.new_key),
    });
    Hand {
        due: match order.status {
            Status::PendingPayment if !view.due.is_zero() => view.due.decimal(),
            _ => String::new(),
        },
        key: p.new_key.clone(),
        order: order.id.to_string(),
        back: back.collect(),
    }
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
        Status::AwaitingTaker => {
            let until = view.gift.as_ref().and_then(|gift| gift.deadline);
            let until = until.map_or(String::new(), |at| p.locale.exact_near(at, p.now));
            say("waiting", "gift", p.t1(&text("gift"), "when", until))
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
    let mut variant: Vec<String> =
        variant.into_iter().filter(|part| !part.is_empty()).map(str::to_string).collect();
    if line.because != Why::Ordinary {
        // Why it cost this, and what it would have.
        let why = p.t(&format!("console-price-why-{}", line.because.code()));
        variant.push(match line.ordinary_price.filter(|was| *was != line.unit_price) {
            Some(was) => {
                p.tell("console-price-instead", &[("why", &why), ("price", &p.money(was))])
            }
            None => why,
        });
    }
    LineRow {
        picture: line.picture.clone(),
        title: line.title.clone(),
        variant: variant.join(" · "),
        href: format!("/console/stock/{}", line.variant),
        unit: p.money(line.unit_price),
        quantity: p.num(line.quantity),
        total: p.money(line.total),
        removed: match line.removed {
            0 => String::new(),
            n => p.t1("console-taken-out", "count", n),
        },
    }
}

fn sums(p: &Frame, view: &DeskView) -> Vec<Sum> {
    let order = &view.order;
    let sum = |name: &str, value: Money, strong| Sum {
        label: p.t(&format!("console-sum-{name}")),
        value: p.money(value),
        strong,
    };
    let mut sums = vec![sum("goods", order.subtotal.plus(order.discount), false)];
    if !order.discount.is_zero() {
        sums.push(sum("discount", order.discount.negated(), false));
    }
    sums.push(sum("shipping", order.shipping, false));
    if !order.tax.is_zero() {
        sums.push(sum("tax", order.tax, false));
    }
    sums.push(sum("total", order.total, true));
    if !order.tax_inside.is_zero() {
        sums.push(sum("tax-inside", order.tax_inside, false));
    }
    if order.status == Status::PendingPayment && view.due != order.total {
        let promised = Money::new(view.due.minor - order.total.minor, order.total.currency);
        sums.push(sum("promised", promised, false));
        sums.push(sum("due", view.due, true));
    }
    if !order.refunded.is_zero() {
        sums.push(sum("refunded", order.refunded.negated(), false));
    }
    sums
}

/// The gift an order is, with who took it; empty for what is none.
fn gift_fact(p: &Frame, view: &DeskView) -> Fact {
    let label = p.t("console-fact-gift-taker");
    let Some(gift) = &view.gift else { return Fact::new(label, String::new()) };
    let state = p.t(&format!("gift-state-{}", gift.state));
    match gift.taker.filter(|_| p.grants.may(Permission::Customers, Level::View)) {
        Some(taker) => {
            let said = format!("{state} · {}", gift.taker_name);
            Fact::link(label, said, link::console("customers", taker))
        }
        None => Fact::new(label, format!("{state} {}", gift.taker_name).trim().to_string()),
    }
}

fn facts(p: &Frame, view: &DeskView, team: Option<&TeamView>, returns: &[ReturnCard]) -> Vec<Fact> {
    let order = &view.order;
    let fact = |name: &str, value: String| Fact::new(p.t(&format!("console-fact-{name}")), value);
    let bought = p.t1("console-fact-orders", "count", view.buyer_orders);
    let mut facts = vec![
        match p.grants.may(Permission::Customers, Level::View) {
            true => Fact::link(
                p.t("console-fact-shopper"),
                view.buyer_name.clone(),
                link::console("customers", view.buyer),
            ),
            false => fact("shopper", view.buyer_name.clone()),
        },
        Fact::link(p.t("console-orders"), bought, format!("{HERE}?buyer={}", view.buyer)),
        fact("contact", view.buyer_contact.clone()),
        fact("seller", order.seller.as_ref().map_or(String::new(), |one| one.name.clone())),
        gift_fact(p, view),
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
        let by = paid_by(p, &payment.provider);
        let said = format!("{} · {state} · {by}", p.money(payment.amount));
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
    let waits = |line: &&LineView| line.ships && line.shipped + line.removed < line.quantity;
    let left = order.lines.iter().filter(waits);
    let rows = left.map(|line| LeftRow {
        line: line.id.to_string(),
        title: [line.title.as_str(), &line.variant_title].join(" ").trim().to_string(),
        most: line.quantity - line.shipped - line.removed,
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

/// What paid, in words.
pub(super) fn paid_by(p: &Frame, provider: &str) -> String {
    let id = match Purse::parse(provider) {
        Some(purse) => format!("wallet-purse-{}", purse.code().replace('_', "-")),
        None => format!("store-p-{provider}"),
    };
    if p.locale.has(&id) { p.t(&id) } else { provider.to_string() }
}

/// A reason in words: ours by its code, a person's as they wrote it.
pub(super) fn why(p: &Frame, reason: &str) -> String {
    // Refunds of several changes are told apart by a number.
    let reason = if reason.starts_with("edited_") { "edited" } else { reason };
    let id = format!("console-why-{reason}");
    if p.locale.has(&id) { p.t(&id) } else { reason.to_string() }
}
