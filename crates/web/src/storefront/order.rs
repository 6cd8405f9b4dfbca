//! My orders: where each is now, what happens next, and everything that happened before.

use app::after_sale::{self, ReturnCard};
use app::order::{OrderCard, OrderView, Shelf};
use app::order_edit::{self, ChangeView};
use app::payment::Choice;
use app::review::{self, Reviewable};
use app::team::TeamView;
use app::{order, order_desk, payment, share, team};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::campaign::Mechanic;
use domain::group_buy::TeamStatus;
use domain::id::Id;
use domain::order::{Order, Status};
use domain::share::Object;
use serde::Deserialize;

use crate::answer::{self, Fault};
use crate::form::Form;
use crate::locale::Price;
use crate::page::{Page, render, render_with};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::goods;
use crate::storefront::order_page::{self, OrderPage};
use crate::storefront::sharing::Sharing;
use crate::storefront::view::{Clock, Picture, Tab, When, short};
use crate::storefront::{onward, paying};
use crate::visitor::SignedIn;
use crate::{Shop, act, link};

/// Orders on one page.
const MOST: i64 = 20;
/// How often a payment is looked for before it is said that none came.
const LOOKS: i64 = 6;

#[derive(Template)]
#[template(path = "storefront/order/list.html")]
struct List {
    p: Frame,
    tabs: Vec<Tab>,
    orders: Vec<Shown>,
    next: String,
}

struct Shown {
    when: When,
    look: &'static str,
    state: String,
    picture: Picture,
    href: String,
    name: String,
    chosen: String,
    total: Price,
    next_label: String,
    next_line: String,
    next_look: &'static str,
    next_href: String,
    clock: Option<Clock>,
}

#[derive(Template)]
#[template(path = "storefront/order/paid.html")]
struct Paid {
    p: Frame,
    /// How often this page looked already, while there is something to wait for.
    look_again: Option<i64>,
    look: &'static str,
    icon: &'static str,
    heading: String,
    more: String,
    clock: Option<Clock>,
    retry: String,
    share: Sharing,
    team_href: String,
    order_href: String,
}

/// Which orders, and from where on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wish {
    shelf: Shelf,
    before: String,
}

/// `GET /orders`
pub async fn list(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Query(wish): Query<Wish>,
) -> Result<Response, Fault> {
    let (shelf, before) = (wish.shelf, Id::parse(&wish.before));
    let some = act(&shop, move |app| order::mine(app, &visitor, shelf, before, MOST)).await?;
    let shelves = [
        (Shelf::All, "all", "store-tab-all"),
        (Shelf::ToPay, "to_pay", "store-tab-unpaid"),
        (Shelf::InTeam, "in_team", "store-tab-team"),
        (Shelf::ToReceive, "to_receive", "store-tab-shipped"),
        (Shelf::Ended, "ended", "store-tab-ended"),
    ];
    let tabs = shelves.into_iter().map(|(one, code, id)| Tab {
        label: page.t(id),
        href: if one == Shelf::All { "/orders".into() } else { format!("/orders?shelf={code}") },
        here: one == shelf,
    });
    let last = some.last().filter(|_| some.len() as i64 == MOST);
    let next = last
        .map_or(String::new(), |last| link::with_query(&page.path, "before", &last.id.to_string()));
    let (tabs, title) = (tabs.collect(), page.t("store-my-orders"));
    let orders = some.iter().map(|card| shown(card, &page)).collect();
    let p = Frame::new(page, Here::Me, &["order"]).titled(title);
    Ok(render(&List { p, tabs, orders, next }))
}

fn shown(card: &OrderCard, page: &Page) -> Shown {
    let order = link::order(card.id);
    let (label, line, look, href) = match (card.status, card.team) {
        (Status::PendingPayment, _) => {
            let label = page.t1("store-pay-order", "price", short(&Price::of(card.total)));
            (label, page.t("store-time-left"), "primary", order.clone())
        }
        (Status::AwaitingTeam, Some(team)) => (
            page.t("store-invite-friends"),
            page.t("store-line-awaiting-team-more"),
            "soft",
            format!("{}#share", link::team(team)),
        ),
        (Status::Shipped, _) => {
            (page.t("store-track"), page.t("store-line-shipped"), "", order.clone())
        }
        _ => (String::new(), String::new(), "", String::new()),
    };
    let more = if card.units > 1 { page.n("store-pieces", card.units) } else { String::new() };
    let chosen = [card.variant_title.as_str(), &more];
    Shown {
        when: goods::when(card.created_at, page.now, page.locale),
        look: order_page::look(card.status),
        state: order_page::state(card.status, page),
        picture: goods::small(&card.picture),
        href: order,
        name: card.title.clone(),
        chosen: chosen.into_iter().filter(|one| !one.is_empty()).collect::<Vec<_>>().join(" · "),
        total: Price::of(card.total),
        next_label: label,
        next_line: line,
        next_look: look,
        next_href: href,
        clock: (card.status == Status::PendingPayment)
            .then(|| goods::clock(card.pay_by, page.now, page.locale)),
    }
}

/// `GET /orders/{id}`
pub async fn show(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let id = parse(&id)?;
    let whole = act(&shop, move |app| whole(app, &visitor, id)).await?;
    Ok(render(&whole.draw(page, String::new())))
}

fn parse(id: &str) -> Result<Id<Order>, Fault> {
    Id::parse(id).ok_or(app::failure::Failure::NotFound.into())
}

type Both = (OrderView, Option<TeamView>);

fn with_team(
    app: &app::App,
    visitor: &app::Visitor,
    id: Id<Order>,
) -> Result<Both, app::failure::Failure> {
    let view = order::get(app, visitor, id)?;
    // Somebody who left an abandoned team does not see it any more.
    let team = view.team.and_then(|team| team::get(app, visitor, team).ok());
    Ok((view, team))
}

/// An order with everything that stands beside it on its page.
struct Whole {
    view: OrderView,
    team: Option<TeamView>,
    returns: Vec<ReturnCard>,
    reviews: Vec<Reviewable>,
    changes: Vec<ChangeView>,
    /// How it can be paid, while it can.
    choice: Option<Choice>,
}

impl Whole {
    fn draw(&self, page: Page, problem: String) -> OrderPage {
        let beside = (&self.returns[..], &self.reviews[..], &self.changes[..]);
        let choice = self.choice.as_ref();
        OrderPage::draw(page, &self.view, self.team.as_ref(), (beside, choice), problem)
    }
}

fn whole(
    app: &app::App,
    visitor: &app::Visitor,
    id: Id<Order>,
) -> Result<Whole, app::failure::Failure> {
    let (view, team) = with_team(app, visitor, id)?;
    let returns = after_sale::of_order(app, visitor, id)?;
    let changes = order_edit::changes(app, visitor, id)?;
    let reviews = review::of_order(app, visitor, id)?;
    let choice = match view.may_pay {
        true => payment::choice_for(app, visitor, id).ok(),
        false => None,
    };
    Ok(Whole { view, team, returns, reviews, changes, choice })
}

/// `POST /orders/{id}/cancel`: cancelled, left or refunded, as its state allows.
pub async fn cancel(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let id = parse(&id)?;
    let asker = visitor.clone();
    let done = act(&shop, move |app| order_desk::cancel(app, &asker, id)).await;
    finish(&shop, visitor, page, id, done.map(|_| link::order(id))).await
}

/// `POST /orders/{id}/confirm`: the goods are there.
pub async fn confirm(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let id = parse(&id)?;
    let asker = visitor.clone();
    let done = act(&shop, move |app| order_desk::confirm_receipt(app, &asker, id)).await;
    let to = link::with_query(&link::order(id), "done", "received");
    finish(&shop, visitor, page, id, done.map(|_| to)).await
}

/// `POST /orders/{id}/pay`: on to the provider.
pub async fn pay(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Fault> {
    let id = parse(&id)?;
    let (asker, pay) = (visitor.clone(), paying::read(&form));
    let begun = act(&shop, move |app| payment::begin_with(app, &asker, id, pay)).await;
    finish(&shop, visitor, page, id, begun.map(|begun| onward::way(&shop, &begun))).await
}

/// On to where it leads, or the order again with what was refused.
async fn finish(
    shop: &Shop,
    visitor: app::Visitor,
    page: Page,
    id: Id<Order>,
    done: Result<String, app::failure::Failure>,
) -> Result<Response, Fault> {
    match done {
        Ok(to) => Ok(Redirect::to(&to).into_response()),
        Err(failure @ app::failure::Failure::Refused(_)) => {
            let problem = answer::words(&failure, page.locale);
            let whole = act(shop, move |app| whole(app, &visitor, id)).await?;
            let again = whole.draw(page, problem);
            Ok(render_with(Fault::from(failure).status(), &again))
        }
        Err(failure) => Err(failure.into()),
    }
}

/// How often the page of a payment has looked.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Looked {
    look: i64,
}

/// `GET /orders/{id}/paid`: where the provider sends the buyer back to.
pub async fn paid(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(id): Path<String>,
    Query(looked): Query<Looked>,
) -> Result<Response, Fault> {
    let (id, look) = (parse(&id)?, looked.look);
    let (view, team, link) = act(&shop, move |app| {
        let (view, team) = with_team(app, &visitor, id)?;
        let open = team.as_ref().filter(|team| team.status == TeamStatus::Open);
        let link = match open.filter(|_| view.status == Status::AwaitingTeam) {
            Some(team) => Some(share::link(app, &visitor, Object::Team, team.id.0)?),
            None => None,
        };
        Ok((view, team, link))
    })
    .await?;
    // The link is what is wanted now.
    if let Some(gift) = view.gift.filter(|_| view.status == Status::AwaitingTaker) {
        return Ok(Redirect::to(&format!("/gifts/{gift}")).into_response());
    }
    let said = said(&page, &view, team.as_ref(), look);
    let price = team.as_ref().map_or(view.total, |team| team.price);
    let name = view.lines.first().map_or(String::new(), |line| line.title.clone());
    let missing = team.as_ref().map_or(0, |team| team.missing).max(1);
    let price = short(&Price::of(price));
    let share_words = page
        .locale
        .tell("store-share-words", &[("n", &missing), ("name", &name), ("price", &price)]);
    let picture = view.lines.first().map_or("", |line| line.picture.as_str());
    let waits = link.is_some();
    let share = link.as_ref().map_or_else(Sharing::default, |link| {
        Sharing::own(&page, link, share_words)
            .of(&page, Mechanic::GroupBuy, &name)
            .pictured(goods::small(picture))
            .worth(price)
    });
    let end = team.as_ref().and_then(|team| team.deadline).filter(|_| waits);
    Ok(render(&Paid {
        look_again: said.waiting.then_some(look),
        look: said.look,
        icon: said.icon,
        clock: end.map(|end| goods::clock(end, page.now, page.locale)),
        retry: if view.may_pay && !said.waiting {
            format!("{}/pay", link::order(id))
        } else {
            String::new()
        },
        share,
        team_href: team.map_or(String::new(), |team| crate::link::team(team.id)),
        order_href: crate::link::order(id),
        p: Frame::new(page, Here::Me, &["order", "team", "share"]).titled(said.heading.clone()),
        heading: said.heading,
        more: said.more,
    }))
}

/// What came of paying.
struct Said {
    look: &'static str,
    icon: &'static str,
    heading: String,
    more: String,
    waiting: bool,
}

fn said(page: &Page, view: &OrderView, team: Option<&TeamView>, look: i64) -> Said {
    let price = Price::of(view.total);
    let said = |look, icon, heading: String, more: String| Said {
        look,
        icon,
        heading,
        more,
        waiting: false,
    };
    match (view.status, team) {
        (Status::AwaitingTeam, Some(team)) => {
            let heading = page.n("store-paid-team", team.missing.max(1));
            said("", "check", heading, page.t1("store-paid-team-more", "price", price))
        }
        // Back from the provider before its notice came: a moment of patience.
        (Status::PendingPayment, _) if view.may_pay && look < LOOKS => Said {
            waiting: true,
            ..said("waiting", "clock", page.t("store-checking"), page.t("store-checking-more"))
        },
        (Status::PendingPayment, _) => {
            said("waiting", "clock", page.t("store-unpaid-title"), page.t("store-unpaid-more"))
        }
        (Status::ToShip, Some(team)) if team.status == TeamStatus::Succeeded => {
            said("", "check", page.t("store-paid-full"), page.t("store-paid-full-more"))
        }
        (Status::Cancelled, _) => {
            said("bad", "cross", page.t("store-ended-title"), page.t("store-line-cancelled-more"))
        }
        (Status::Refunding | Status::Refunded | Status::LatePaid, _) => {
            let more = page.t1("store-line-refunding-more", "price", price);
            said("waiting", "refund", page.t("store-line-late-paid"), more)
        }
        _ => {
            let more = page.t1("store-paid-more", "price", price);
            said("", "check", page.t("store-paid-title"), more)
        }
    }
}
