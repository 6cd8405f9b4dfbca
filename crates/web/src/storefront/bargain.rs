//! Bargains: what can be bargained for, and somebody's bargain, which friends open to cut it down.

use app::bargain::{self, BargainHall, BargainView, BeginBargain};
use app::campaign;
use app::failure::Failure;
use app::share;
use app::{App, Visitor};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::bargain::{Launch, Status};
use domain::campaign::{Campaign, Channel, Mechanic};
use domain::id::Id;
use domain::share::Object;
use serde::Deserialize;

use crate::answer::Fault;
use crate::form::{Errors, Form};
use crate::locale::Price;
use crate::page::{Page, render, render_with};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::goods;
use crate::storefront::sharing::Sharing;
use crate::storefront::view::{Clock, Face, Picture, When, short};
use crate::visitor::{Anyone, SignedIn};
use crate::{Shop, act, link, live};

#[derive(Template)]
#[template(path = "storefront/bargain/show.html")]
struct Show {
    p: Frame,
    problem: String,
    card: Card,
    helpers: Vec<Helper>,
    facts: Vec<String>,
    rules: String,
    hash: String,
    seed: String,
    share: Sharing,
}

#[derive(Template)]
#[template(path = "storefront/bargain/part.html")]
struct Part {
    p: Frame,
    card: Card,
}

/// What changes while one looks at it.
struct Card {
    href: String,
    seq: i64,
    state: &'static str,
    heading: String,
    say: String,
    picture: Picture,
    product: String,
    name: String,
    variant: String,
    start: String,
    floor: String,
    price: Price,
    /// How far the price came down, of how far it can.
    cut: i64,
    gap: i64,
    gone: String,
    clock: Option<Clock>,
    /// What the visitor cut off just now, as it flies off.
    stamp: String,
    /// The one button that cuts.
    helps: String,
    /// A guest signs in first.
    sign_in: String,
    key: String,
    main: Option<Link>,
    second: Option<Link>,
    announce: String,
}

struct Link {
    href: String,
    label: String,
}

struct Helper {
    face: Face,
    name: String,
    cut: String,
    when: When,
}

#[derive(Template)]
#[template(path = "storefront/bargain/hall.html")]
struct Hall {
    p: Frame,
    problem: String,
    title: String,
    copy: String,
    say: String,
    until: String,
    rules: String,
    href: String,
    key: String,
    goods: Vec<Goods>,
}

struct Goods {
    variant: String,
    picture: Picture,
    product: String,
    name: String,
    variant_title: String,
    start: String,
    floor: Price,
    left: String,
    /// The visitor's own bargain for it.
    mine: String,
    /// It can be begun.
    open: bool,
}

/// What an address names: a campaign, or somebody's bargain.
enum Named {
    Hall(Id<Campaign>),
    Bargain(Id<Launch>),
}

fn named(text: &str) -> Result<Named, Failure> {
    match (Id::parse(text), Id::parse(text)) {
        (Some(campaign), _) => Ok(Named::Hall(campaign)),
        (_, Some(bargain)) => Ok(Named::Bargain(bargain)),
        _ => Err(Failure::NotFound),
    }
}

fn launch(text: &str) -> Result<Id<Launch>, Failure> {
    Id::parse(text).ok_or(Failure::NotFound)
}

/// Where somebody comes from.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    cut: String,
}

/// `GET /bargains/{id}`
pub async fn show(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    match named(&id)? {
        Named::Hall(id) => {
            let hall = act(&shop, move |app| bargain::hall(app, &visitor, id)).await?;
            Ok(render(&hall_of(page, &hall, String::new())))
        }
        Named::Bargain(id) => {
            let seen = act(&shop, move |app| see(app, &visitor, id)).await?;
            let fresh = !asked.cut.is_empty();
            Ok(render(&draw(page, &seen, fresh, String::new())))
        }
    }
}

/// `POST /bargains/{id}`: begins a bargain in a campaign, or helps with somebody's.
pub async fn act_on(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Fault> {
    let keyed = form.keyed(visitor.clone())?;
    match named(&id)? {
        Named::Hall(id) => {
            let asked = BeginBargain { variant: form.id("variant")? };
            match act(&shop, move |app| bargain::begin(app, &keyed, id, &asked)).await {
                Ok(begun) => {
                    Ok(Redirect::to(&format!("/bargains/{}?cut=1", begun.id)).into_response())
                }
                Err(failure) => {
                    let problem = Errors::of(failure, page.locale)?.all().join(" ");
                    let hall = act(&shop, move |app| bargain::hall(app, &visitor, id)).await?;
                    let again = hall_of(page, &hall, problem);
                    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &again))
                }
            }
        }
        Named::Bargain(id) => match act(&shop, move |app| bargain::help(app, &keyed, id)).await {
            Ok(_) => Ok(Redirect::to(&format!("/bargains/{id}?cut=1")).into_response()),
            Err(failure) => {
                let problem = Errors::of(failure, page.locale)?.all().join(" ");
                let seen = act(&shop, move |app| see(app, &visitor, id)).await?;
                let again = draw(page, &seen, false, problem);
                Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &again))
            }
        },
    }
}

/// `GET /bargains/{id}/card`: the card alone, as it is now for this visitor.
pub async fn card(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let id = launch(&id)?;
    let seen = act(&shop, move |app| see(app, &visitor, id)).await?;
    let card = card_of(&page, &seen, false);
    Ok(render(&Part { p: Frame::new(page, Here::Elsewhere, &[]), card }))
}

/// `GET /bargains/{id}/live`: says when the bargain changed.
pub async fn changes(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let id = launch(&id)?;
    act(&shop, move |app| bargain::get(app, &visitor, id)).await?;
    Ok(live::bargain_events(&shop.live, id))
}

/// A bargain with the visitor's link to it.
struct Seen {
    view: BargainView,
    link: Option<share::LinkView>,
    silent: Option<Channel>,
}

fn see(app: &App, visitor: &Visitor, id: Id<Launch>) -> Result<Seen, Failure> {
    let view = bargain::get(app, visitor, id)?;
    let asks = view.own && view.status == Status::Running;
    let link = match asks {
        true => Some(share::link(app, visitor, Object::Bargain, id.0)?),
        false => None,
    };
    let silent = campaign::silent_in(app, visitor, view.campaign)?;
    Ok(Seen { view, link, silent })
}

fn price(money: domain::money::Money) -> String {
    short(&Price::of(money))
}

fn card_of(page: &Page, seen: &Seen, fresh: bool) -> Card {
    let view = &seen.view;
    let name = match view.name.as_str() {
        "" => page.t("store-somebody"),
        name => name.to_string(),
    };
    let (start, now, floor) = (price(view.start), price(view.price), price(view.floor));
    let left = price(view.left);
    let heading = match (view.own, view.status) {
        (true, Status::Running) => page.t1("bargain-left", "price", &left),
        (true, Status::Reached) => page.t1("bargain-reached", "price", &now),
        (false, Status::Running) => page.t1("bargain-for", "name", &name),
        (false, Status::Reached) => page.t1("bargain-reached-for", "name", &name),
        (_, Status::Expired) => page.t("bargain-over"),
        (_, Status::Bought) => page.t1("bargain-bought", "price", &now),
    };
    let say = match (view.own, view.status, view.helped) {
        (false, _, Some(cut)) => page.t1("bargain-helped", "price", price(cut)),
        (true, Status::Running, _) if view.order.is_some() => page.t("bargain-waits"),
        (_, Status::Running, _) => page.n("bargain-missing", view.missing),
        (true, Status::Reached, _) if view.order.is_some() => page.t("bargain-waits"),
        (true, Status::Reached, _) => page.t("bargain-pay-in-time"),
        _ => String::new(),
    };
    let just = if view.own { view.own_cut.filter(|_| view.taken == 1) } else { view.helped };
    let href = format!("/bargains/{}", view.id);
    let hall = format!("/bargains/{}", view.campaign);
    let goes_on = matches!(view.status, Status::Running | Status::Reached);
    let to_hall = |id: &str| Link { href: hall.clone(), label: page.t(id) };
    let buy = || Link {
        href: format!("/checkout?bargain={}", view.id),
        label: page.t1("bargain-buy", "price", &now),
    };
    let order = |order, id: &str| Link { href: link::order(order), label: page.t(id) };
    let share = || Link { href: "#share".into(), label: page.t("bargain-ask-friends") };
    let (main, second) = match (view.own, view.status, view.order) {
        (true, Status::Bought, Some(id)) => (Some(order(id, "store-my-order")), None),
        (true, _, Some(id)) => (Some(order(id, "store-pay-now")), None),
        (true, Status::Reached, None) => (Some(buy()), None),
        (true, Status::Running, None) => (Some(share()), view.may_buy.then(buy)),
        (true, ..) => (Some(to_hall("bargain-again")), None),
        (false, ..) if view.may_help => (None, Some(to_hall("bargain-mine-too"))),
        (false, ..) => (Some(to_hall("bargain-mine-too")), None),
    };
    let helps =
        if view.may_help && seen.silent.is_none() { page.t("bargain-help") } else { String::new() };
    let clock =
        goes_on.then(|| Clock::until(view.ends_at, page.now, page.locale.exact(view.ends_at)));
    let gone = view.start.minus(view.price);
    Card {
        seq: view.seq,
        state: view.status.code(),
        heading,
        say,
        picture: goods::small(&view.picture),
        product: if view.handle.is_empty() { String::new() } else { link::product(&view.handle) },
        name: view.product_title.clone(),
        variant: match view.quantity {
            1 => view.variant_title.clone(),
            n => format!("{} × {n}", view.variant_title),
        },
        announce: page.t1("bargain-now", "price", &now),
        start,
        floor,
        price: Price::of(view.price),
        cut: gone.minor,
        gap: view.start.minus(view.floor).minor,
        gone: page.t1("bargain-gone", "price", price(gone)),
        clock,
        stamp: just.filter(|_| fresh).map_or(String::new(), |cut| format!("−{}", price(cut))),
        sign_in: match page.signed_in {
            true => String::new(),
            false => link::sign_in(&href),
        },
        helps,
        key: page.new_key.clone(),
        main,
        second,
        href,
    }
}

fn draw(page: Page, seen: &Seen, fresh: bool, problem: String) -> Show {
    let view = &seen.view;
    let card = card_of(&page, seen, fresh);
    let mut helpers: Vec<Helper> = Vec::new();
    for helper in &view.helpers {
        let name = match helper.name.as_str() {
            "" => page.t("store-somebody"),
            name => name.to_string(),
        };
        let when = goods::when(helper.at, page.now, page.locale);
        let cut = format!("−{}", Price::of(helper.cut));
        helpers.push(Helper { face: Face::of(&name), name, cut, when });
    }
    let mut facts = vec![page.locale.tell(
        "bargain-progress",
        &[("taken", &view.taken), ("cuts", &view.cuts), ("left", &price(view.left))],
    )];
    if let Some(own) = view.own_cut {
        facts.push(page.t1("bargain-own-cut", "price", price(own)));
    }
    let words = page.t2("bargain-words", ("name", &card.name), ("price", &card.floor));
    let picture = view.picture.clone();
    let title = if view.own { card.heading.clone() } else { words.clone() };
    let share = seen.link.as_ref().map_or_else(Sharing::default, |link| {
        Sharing::own(&page, link, words.clone())
            .of(&page, Mechanic::Bargain, &card.name)
            .pictured(goods::small(&picture))
            .worth(card.floor.clone())
            .instead_of(card.start.clone())
    });
    let share = share.silent_in(&page, seen.silent);
    let p = Frame::new(page, Here::Elsewhere, &["team", "bargain", "share"])
        .titled(title)
        .public(&words, &picture);
    Show {
        problem,
        helpers,
        facts,
        rules: format!("/campaigns/{}/rules", view.campaign),
        hash: view.hash.clone(),
        seed: view.seed.clone().unwrap_or_default(),
        share,
        card,
        p,
    }
}

fn hall_of(page: Page, hall: &BargainHall, problem: String) -> Hall {
    let goods = hall.goods.iter().map(|one| Goods {
        variant: one.variant.to_string(),
        picture: goods::small(&one.picture),
        product: link::product(&one.handle),
        name: one.product_title.clone(),
        variant_title: one.variant_title.clone(),
        start: price(one.start),
        floor: Price::of(one.floor),
        left: one.left.map_or(String::new(), |left| page.n("bargain-units-left", left)),
        mine: one.mine.map_or(String::new(), |id| format!("/bargains/{id}")),
        open: hall.open && one.left.is_none_or(|left| left > 0),
    });
    let goods = goods.collect();
    let (title, copy) = (hall.card.title.clone(), hall.card.creative.copy.clone());
    let say = match hall.open {
        true => page.n("bargain-how", hall.cuts),
        false => page.t("store-campaign-over"),
    };
    let when = page.locale.exact_near(hall.card.ends_at, page.now);
    let id = hall.card.id;
    let key = page.new_key.clone();
    let p = Frame::new(page, Here::Elsewhere, &["team", "bargain"])
        .titled(title.clone())
        .public(&copy, "");
    Hall {
        problem,
        title,
        copy,
        say,
        until: p.t1("store-campaign-until", "when", when),
        rules: format!("/campaigns/{id}/rules"),
        href: format!("/bargains/{id}"),
        key,
        goods,
        p,
    }
}
