//! Gifts: the giver's page with the link to send, and whoever has the link unwraps it and says
//! where it goes. Nothing here tells a price.

use app::address as book;
use app::failure::Failure;
use app::gift::{self, GiftCard, GiftView, Side, Take};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::campaign::Mechanic;
use domain::gift::Gift;
use domain::id::Id;
use domain::place::Address;
use serde::Deserialize;

use crate::answer::Fault;
use crate::form::{Errors, Form};
use crate::page::{Page, render, render_with};
use crate::storefront::address::{self, Row};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::goods;
use crate::storefront::order_page;
use crate::storefront::sharing::Sharing;
use crate::storefront::view::{Clock, Face, Picture};
use crate::visitor::{Anyone, SignedIn};
use crate::{Shop, act, link};

#[derive(Template)]
#[template(path = "storefront/gift/show.html")]
struct Show {
    p: Frame,
    problem: String,
    href: String,
    sign_in: String,
    guest: bool,
    /// It is opened already: its taker's, or something typed was wrong.
    open: bool,
    from: Face,
    from_line: String,
    card: String,
    goods: Vec<Goods>,
    clock: Option<Clock>,
    state: String,
    more: String,
    look: &'static str,
    /// The way back to the order: its giver's.
    order: String,
    share: Sharing,
    may_take: bool,
    may_take_back: bool,
    secret: String,
    key: String,
    address: Vec<Row>,
    goes_to: String,
    parcels: Vec<String>,
}

struct Goods {
    name: String,
    chosen: String,
    picture: Picture,
}

#[derive(Template)]
#[template(path = "storefront/gift/list.html")]
struct List {
    p: Frame,
    given: Vec<Line>,
    received: Vec<Line>,
}

struct Line {
    href: String,
    name: String,
    picture: Picture,
    with: String,
    state: String,
}

/// What the link of a gift ends in.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    k: String,
}

fn parse(id: &str) -> Result<Id<Gift>, Failure> {
    Id::parse(id).ok_or(Failure::NotFound)
}

fn href(id: Id<Gift>) -> String {
    format!("/gifts/{id}")
}

/// `GET /gifts`
pub async fn list(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
) -> Result<Response, Fault> {
    let gifts = act(&shop, move |app| gift::mine(app, &visitor)).await?;
    let rows = |cards: &[GiftCard], side: &str| -> Vec<Line> {
        let row = |card: &GiftCard| Line {
            href: href(card.id),
            name: card.title.clone(),
            picture: goods::small(&card.picture),
            with: match card.with.is_empty() {
                true => String::new(),
                false => page.t1(&format!("gift-{side}"), "name", &card.with),
            },
            state: match card.state.as_str() {
                "taken" => order_page::state(card.status, &page),
                state => page.t(&format!("gift-state-{state}")),
            },
        };
        cards.iter().map(row).collect()
    };
    let (given, received) = (rows(&gifts.given, "to"), rows(&gifts.received, "from"));
    let title = page.t("gift-mine");
    let p = Frame::new(page, Here::Me, &["account", "order", "gift"]).titled(title);
    Ok(render(&List { p, given, received }))
}

/// `GET /gifts/{id}`
pub async fn show(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let id = parse(&id)?;
    let secret = asked.k.clone();
    let (view, last) = act(&shop, move |app| {
        let view = gift::get(app, &visitor, id, &secret)?;
        let known = match view.may_take && visitor.person.is_some() {
            true => book::list(app, &visitor)?,
            false => Vec::new(),
        };
        Ok((view, known.into_iter().next().map(|entry| entry.address)))
    })
    .await?;
    let typed = last.unwrap_or_default();
    let none = Form::default();
    Ok(render(&draw(page, &view, &asked.k, &none, &typed, &Errors::none())))
}

/// `POST /gifts/{id}`: takes it.
pub async fn take(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Fault> {
    let id = parse(&id)?;
    let (secret, typed) = (form.get("k").to_string(), address::read(&form));
    let errors = match address::pause(&form, &page) {
        Some(errors) => errors,
        None => {
            let keyed = form.keyed(visitor.clone())?;
            let taking = Take { secret: secret.clone(), address: typed.clone() };
            match act(&shop, move |app| gift::take(app, &keyed, id, &taking)).await {
                Ok(_) => return Ok(Redirect::to(&href(id)).into_response()),
                Err(failure) => Errors::of(failure, page.locale)?,
            }
        }
    };
    let asked = secret.clone();
    let view = act(&shop, move |app| gift::get(app, &visitor, id, &asked)).await?;
    let status = match errors.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(render_with(status, &draw(page, &view, &secret, &form, &typed, &errors)))
}

/// `POST /gifts/{id}/take-back`
pub async fn take_back(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let id = parse(&id)?;
    let asker = visitor.clone();
    match act(&shop, move |app| gift::take_back(app, &asker, id)).await {
        Ok(_) => Ok(Redirect::to(&href(id)).into_response()),
        Err(failure) => {
            let errors = Errors::of(failure, page.locale)?;
            let view = act(&shop, move |app| gift::get(app, &visitor, id, "")).await?;
            let (none, nowhere) = (Form::default(), Address::default());
            let again = draw(page, &view, "", &none, &nowhere, &errors);
            Ok(render_with(StatusCode::CONFLICT, &again))
        }
    }
}

fn draw(
    page: Page,
    view: &GiftView,
    secret: &str,
    form: &Form,
    typed: &Address,
    errors: &Errors,
) -> Show {
    let here = href(view.id);
    let to_here = link::with_query(&here, "k", secret);
    let side = match view.side {
        Side::Giver => "giver",
        Side::Taker => "taker",
        Side::Guest => "guest",
    };
    let says = |part: &str| {
        let id = format!("gift-{side}-{}{part}", view.state);
        let name = view.taker.clone().unwrap_or_default();
        if page.locale.has(&id) { page.t1(&id, "name", name) } else { String::new() }
    };
    let mut summary = errors.summary.clone();
    let shown = ["name", "phone", "country", "region", "city", "district", "line1", "line2"];
    if summary.is_empty() && !errors.is_empty() && !shown.iter().any(|field| errors.has(field)) {
        summary = errors.all().join(" ");
    }
    let lines = view.goods.iter().map(|one| {
        let pieces = if one.quantity > 1 { format!("× {}", one.quantity) } else { String::new() };
        Goods {
            name: one.title.clone(),
            chosen: format!("{} {pieces}", one.variant_title).trim().to_string(),
            picture: goods::small(&one.picture),
        }
    });
    let parcels = view.parcels.iter();
    let open = view.state == "open";
    let clock = view.deadline.filter(|_| open);
    Show {
        problem: summary,
        sign_in: link::sign_in(&to_here),
        guest: !page.signed_in,
        open: view.side != Side::Guest || !errors.is_empty() || form.get("do") == "places",
        from: Face::of(&view.giver),
        from_line: match view.side {
            Side::Giver => page.t("gift-yours"),
            _ => page.t1("gift-from-line", "name", &view.giver),
        },
        card: view.card.clone(),
        goods: lines.collect(),
        clock: clock.map(|at| Clock::until(at, page.now, page.locale.exact(at))),
        state: says(""),
        more: match view.status.filter(|_| view.state == "taken") {
            Some(status) => order_page::state(status, &page),
            None => says("-more"),
        },
        look: match view.state.as_str() {
            "taken" => "good",
            "returned" => "",
            _ => "waiting",
        },
        order: view.order.map_or(String::new(), link::order),
        share: view.link.as_ref().map_or_else(Sharing::default, |link| {
            let words = page.t1("gift-share-words", "name", &view.giver);
            // What is in it stays wrapped.
            Sharing::address(&page, link, words).of(&page, Mechanic::Gift, &page.t("gift-for-you"))
        }),
        may_take: view.may_take,
        may_take_back: view.may_take_back,
        secret: secret.to_string(),
        key: match form.key() {
            "" => page.new_key.clone(),
            key => key.to_string(),
        },
        address: address::rows(typed, errors, &page, true),
        goes_to: view.address.as_ref().map_or(String::new(), |address| {
            let (who, at) = address::in_short(address, &page);
            format!("{who} · {at}")
        }),
        parcels: parcels.map(|one| format!("{} {}", one.carrier, one.tracking)).collect(),
        p: {
            let title = match view.side {
                Side::Giver => page.t("gift-yours"),
                _ => page.t("gift-for-you"),
            };
            Frame::new(page, Here::Elsewhere, &["checkout", "team", "gift", "share"]).titled(title)
        },
        href: here,
    }
}
