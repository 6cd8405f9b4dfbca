//! The page of one order.

use app::after_sale::ReturnCard;
use app::order::{MoveView, OrderView};
use app::order_edit::ChangeView;
use app::payment::Choice;
use app::review::Reviewable;
use app::team::TeamView;
use askama::Template;
use domain::group_buy::TeamStatus;
use domain::moment::Moment;
use domain::order::Status;

use crate::form::Form;
use crate::link;
use crate::locale::{Arg, Price};
use crate::page::Page;
use crate::storefront::frame::{Frame, Here};
use crate::storefront::goods;
use crate::storefront::my_review;
use crate::storefront::paying::{self, Ways};
use crate::storefront::returns::{self, Card};
use crate::storefront::view::{Act, Clock, LineView, Sum, When, short};

/// What the order's template draws.
#[derive(Template)]
#[template(path = "storefront/order/show.html")]
pub struct OrderPage {
    p: Frame,
    problem: String,
    state: String,
    number: String,
    when: When,
    look: &'static str,
    icon: &'static str,
    steps: Vec<Step>,
    line: String,
    more: String,
    clock: Option<Clock>,
    parcels: Vec<Parcel>,
    acts: Vec<Act>,
    pay: Option<Paying>,
    ending: Option<Ending>,
    history: Vec<Moved>,
    lines: Vec<LineView>,
    seller: Option<goods::Sold>,
    /// Where something of it is asked to be returned; empty when nothing can be.
    return_href: String,
    /// What was asked for already.
    returns: Vec<Card>,
    sums: Vec<Sum>,
    total_label: String,
    total: Price,
    /// The tax inside the total, when prices include it.
    tax_inside: String,
    /// Where its invoice is asked for and read; empty as long as it is not paid.
    price_href: String,
    invoice_href: String,
    address: Vec<String>,
    pickup: Option<Fetched>,
    gift_message: String,
    reviews: Vec<ToReview>,
}

/// How it can be paid.
struct Paying {
    href: String,
    /// What is seen, in minor units: nothing else is paid.
    total: i64,
    label: String,
    /// What was agreed on when it is paid without a provider.
    how: String,
    ways: Ways,
}

/// A line that can be reviewed, or was.
struct ToReview {
    name: String,
    href: String,
    done: bool,
}

/// Where it is fetched, and what is shown there.
struct Fetched {
    name: String,
    more: Vec<String>,
    /// In two groups, as it is read out.
    code: String,
}

struct Step {
    label: String,
    done: bool,
    now: bool,
}

struct Parcel {
    carrier: String,
    number: String,
    /// What is in it, when it is not everything.
    holds: String,
}

/// How the buyer can end it, with what that means.
struct Ending {
    label: String,
    says: String,
    href: String,
    confirm: String,
}

struct Moved {
    said: String,
    when: When,
}

/// The colour a state is told in, always beside its word.
pub fn look(status: Status) -> &'static str {
    match status {
        Status::PendingPayment
        | Status::AwaitingTeam
        | Status::AwaitingTaker
        | Status::Refunding => "waiting",
        Status::Delivered | Status::Completed => "good",
        Status::Paid | Status::ToShip | Status::Shipped => "info",
        Status::Cancelled | Status::Refunded | Status::LatePaid => "",
    }
}

/// A state in a word.
pub fn state(status: Status, page: &Page) -> String {
    page.t(&format!("store-state-{}", dashed(status)))
}

fn dashed(status: Status) -> String {
    status.code().replace('_', "-")
}

fn icon(status: Status) -> &'static str {
    match status {
        Status::PendingPayment => "wallet",
        Status::AwaitingTeam => "teams",
        Status::AwaitingTaker => "gift",
        Status::Paid | Status::ToShip => "box",
        Status::Shipped => "truck",
        Status::Delivered | Status::Completed => "check",
        Status::Cancelled => "cross",
        Status::Refunding | Status::Refunded | Status::LatePaid => "refund",
    }
}

/// Returns, reviews and changes of the order.
type Beside<'a> = (&'a [ReturnCard], &'a [Reviewable], &'a [ChangeView]);

impl OrderPage {
    /// The page of an order, with what was refused a moment ago.
    pub fn draw(
        page: Page,
        view: &OrderView,
        team: Option<&TeamView>,
        (beside, choice): (Beside, Option<&Choice>),
        problem: String,
    ) -> OrderPage {
        let (returns, reviews, changes) = beside;
        let status = view.status;
        let (line, more) = line(&page, view);
        let history = view.moves.iter().rev().filter(|one| one.to != Status::Paid);
        let sums = sums(&page, view);
        let end = match (status, team) {
            (Status::PendingPayment, _) => Some(view.pay_by),
            (Status::AwaitingTeam, Some(team)) => team.deadline,
            _ => None,
        };
        let title = state(status, &page);
        let total_label =
            if status.is_paid() { page.t("store-paid-sum") } else { page.t("store-total") };
        OrderPage {
            problem,
            state: title.clone(),
            number: view.id.to_string(),
            when: goods::when(view.created_at, page.now, page.locale),
            look: look(status),
            icon: icon(status),
            steps: steps(&page, view),
            line,
            more,
            clock: end.map(|end| goods::clock(end, page.now, page.locale)),
            parcels: view.shipments.iter().map(|sent| parcel(view, sent)).collect(),
            acts: acts(&page, view, team),
            pay: choice.map(|choice| paying(&page, view, choice)),
            ending: ending(&page, view),
            history: with_changes(history.map(|one| (one.at, moved(one, &page))), changes, &page),
            lines: view.lines.iter().map(|line| order_line(&page, line)).collect(),
            seller: view.seller.as_ref().map(goods::Sold::by),
            return_href: match view.may_return {
                true => format!("{}/return", link::order(view.id)),
                false => String::new(),
            },
            returns: returns.iter().map(|one| returns::card(one, &page)).collect(),
            sums,
            total_label,
            total: Price::of(view.total),
            tax_inside: super::offers::tax_inside(&page, view.tax_inside),
            price_href: format!("{}/price", link::order(view.id)),
            invoice_href: match view.paid_at {
                Some(_) => super::invoice::href(view.id),
                None => String::new(),
            },
            address: address(view),
            pickup: view.pickup.as_ref().map(fetched),
            reviews: reviews.iter().filter_map(to_review).collect(),
            gift_message: view.gift_message.clone().unwrap_or_default(),
            p: Frame::new(page, Here::Me, &["order", "checkout"]).titled(title),
        }
    }
}

fn to_review(line: &Reviewable) -> Option<ToReview> {
    let name = line.title.clone();
    match line.review {
        Some(id) => Some(ToReview { name, href: my_review::href(id), done: true }),
        None if line.may_write => {
            Some(ToReview { name, href: my_review::write_href(line.order, line.line), done: false })
        }
        None => None,
    }
}

fn parcel(view: &OrderView, shipment: &app::order::ShipmentView) -> Parcel {
    let whole = view.lines.iter().filter(|line| line.ships).all(|line| {
        let held = shipment.lines.iter().find(|held| held.line == line.id);
        held.is_some_and(|held| held.quantity == line.quantity)
    });
    let named = shipment.lines.iter().filter_map(|held| {
        let line = view.lines.iter().find(|line| line.id == held.line)?;
        Some(format!("{} × {}", line.title, held.quantity))
    });
    Parcel {
        carrier: shipment.carrier.clone(),
        number: shipment.tracking.clone(),
        holds: if whole { String::new() } else { named.collect::<Vec<_>>().join(" · ") },
    }
}

fn fetched(pickup: &app::order::PickupView) -> Fetched {
    let more = [&pickup.address, &pickup.hours, &pickup.phone];
    let code = pickup.code.as_deref().unwrap_or("");
    let (first, second) = code.split_at_checked(4).unwrap_or((code, ""));
    Fetched {
        name: pickup.name.clone(),
        more: more.into_iter().filter(|part| !part.is_empty()).cloned().collect(),
        code: format!("{first} {second}").trim().to_string(),
    }
}

fn line(page: &Page, view: &OrderView) -> (String, String) {
    let id = format!("store-line-{}", dashed(view.status));
    let more = format!("{id}-more");
    let more = match page.locale.has(&more) {
        true => page.t1(&more, "price", Price::of(view.total)),
        false => String::new(),
    };
    (page.t(&id), more)
}

/// The way of an order that goes well; none for one that ended otherwise.
fn steps(page: &Page, view: &OrderView) -> Vec<Step> {
    let at = match view.status {
        Status::PendingPayment => 0,
        Status::Paid | Status::AwaitingTeam | Status::AwaitingTaker => 1,
        Status::ToShip => 2,
        Status::Shipped => 3,
        Status::Delivered => 4,
        Status::Completed => 5,
        _ => return Vec::new(),
    };
    let mut names =
        vec!["store-step-placed", "store-step-paid", "store-step-shipped", "store-step-received"];
    let mut at = match at {
        // Without a team, paid is at once being packed.
        2 if view.team.is_none() => 1,
        n if view.team.is_none() && n > 2 => n - 1,
        n => n,
    };
    if view.team.is_some() {
        names.insert(2, "store-step-team");
    }
    // What is done is behind; being packed is the step before shipping.
    at = at.min(names.len());
    let step = |(i, id): (usize, &str)| Step { label: page.t(id), done: i < at, now: i == at };
    names.into_iter().enumerate().map(step).collect()
}

fn acts(page: &Page, view: &OrderView, team: Option<&TeamView>) -> Vec<Act> {
    let order = link::order(view.id);
    let mut acts = Vec::new();
    if view.may_confirm {
        acts.push(Act {
            label: page.t("store-confirm-receipt"),
            href: format!("{order}/confirm"),
            look: "primary",
            post: true,
            ..Act::default()
        });
    }
    if let Some(gift) = view.gift.filter(|_| view.status.is_paid()) {
        acts.push(Act {
            label: page.t("gift-see"),
            href: format!("/gifts/{gift}"),
            look: if view.status == Status::AwaitingTaker { "primary" } else { "" },
            ..Act::default()
        });
    }
    if let Some(team) = team {
        let open = team.status == TeamStatus::Open && view.status == Status::AwaitingTeam;
        acts.push(match open {
            true => Act {
                label: page.n("store-invite-n", team.missing.max(1)),
                href: format!("{}#share", link::team(team.id)),
                look: "primary",
                ..Act::default()
            },
            false => {
                Act { label: page.t("store-see-team"), href: link::team(team.id), ..Act::default() }
            }
        });
    }
    acts
}

fn paying(page: &Page, view: &OrderView, choice: &Choice) -> Paying {
    let ways = paying::ways(page, choice, &Form::default());
    let agreed = choice.chosen.as_deref() == Some("offline");
    let how = ways.methods.iter().find(|way| agreed && way.code == "offline");
    Paying {
        href: format!("{}/pay", link::order(view.id)),
        total: view.total.minor,
        label: page.t1("store-pay-order", "price", short(&Price::of(view.total))),
        how: how.map_or(String::new(), |way| way.more.clone()),
        ways,
    }
}

fn ending(page: &Page, view: &OrderView) -> Option<Ending> {
    let id = match (view.may_cancel, view.may_leave_team, view.may_refund) {
        (true, _, _) => "store-cancel",
        (_, true, _) => "store-leave",
        (_, _, true) => "store-refund",
        _ => return None,
    };
    let price = Price::of(view.total);
    Some(Ending {
        label: page.t(id),
        says: page.t1(&format!("{id}-says"), "price", &price),
        confirm: page.t1(&format!("{id}-confirm"), "price", &price),
        href: format!("{}/cancel", link::order(view.id)),
    })
}

fn moved(one: &MoveView, page: &Page) -> Moved {
    let because = format!("store-because-{}", one.reason.replace('_', "-"));
    let known = page.locale.has(&because);
    let id = if known { because } else { format!("store-move-{}", dashed(one.to)) };
    Moved { said: page.t(&id), when: goods::when(one.at, page.now, page.locale) }
}

/// What happened with what staff changed, the last first.
fn with_changes(
    moves: impl Iterator<Item = (Moment, Moved)>,
    changes: &[ChangeView],
    page: &Page,
) -> Vec<Moved> {
    let changed = changes.iter().map(|one| {
        let args: [(&str, &dyn Arg); 4] = [
            ("before", &Price::of(one.total_before).to_string()),
            ("after", &Price::of(one.total_after).to_string()),
            ("amount", &Price::of(one.refund).to_string()),
            ("reason", &one.reason),
        ];
        let said = page.locale.tell(&format!("store-changed-{}", one.kind), &args);
        (one.at, Moved { said, when: goods::when(one.at, page.now, page.locale) })
    });
    let mut all: Vec<(Moment, Moved)> = changed.chain(moves).collect();
    all.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    all.into_iter().map(|(_, moved)| moved).collect()
}

fn order_line(page: &Page, line: &app::order::LineView) -> LineView {
    let back = Price::of(line.refunded);
    LineView {
        // What is asked about is the line, of which one variant may have two.
        variant: if line.in_returns < line.quantity { line.id.to_string() } else { String::new() },
        href: link::product(&line.handle),
        name: line.title.clone(),
        chosen: line.variant_title.clone(),
        picture: goods::small(&line.picture),
        quantity: line.quantity,
        most: line.quantity,
        sum: Price::of(line.total),
        gone: false,
        warning: match (line.removed, line.refunded.is_zero()) {
            (0, true) => String::new(),
            (0, false) => page.t1("return-of-line", "price", back),
            (n, _) => page.n("store-taken-out", n),
        },
    }
}

fn sums(page: &Page, view: &OrderView) -> Vec<Sum> {
    let row = |id: &str, amount: domain::money::Money| Sum {
        label: page.t(id),
        amount: Price::of(amount).to_string(),
        off: amount.minor < 0,
        why: String::new(),
    };
    let mut rows = vec![row("store-goods-sum", view.subtotal.plus(view.discount))];
    if !view.discount.is_zero() {
        let why = if view.group_buy.is_some() { "store-leader-off" } else { "store-shop-off" };
        rows.push(row(why, view.discount.negated()));
    }
    let mut shipping = row("store-shipping", view.shipping);
    if view.shipping.is_zero() {
        shipping.amount = page.t("store-free");
    }
    rows.push(shipping);
    if !view.tax.is_zero() {
        rows.push(row("store-tax", view.tax));
    }
    if !view.refunded.is_zero() {
        rows.push(row("store-refunded-sum", view.refunded.negated()));
    }
    rows
}

fn address(view: &OrderView) -> Vec<String> {
    let to = &view.address;
    let join = |parts: &[&str]| {
        let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
        parts.join(" ")
    };
    let lines = [
        join(&[&to.name, &to.phone]),
        join(&[&to.region, &to.city, &to.district]),
        join(&[&to.line1, &to.line2]),
        join(&[&to.postcode]),
    ];
    lines.into_iter().filter(|line| !line.is_empty()).collect()
}
