//! The points shop: what can be had for points, one thing with its button, and what one had.

use app::address::{self as book, EntryView};
use app::failure::Failure;
use app::points_shop::{self, Ask, ExchangeView, ItemView, ShopView};
use app::{App, Visitor};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::campaign::{Campaign, Mechanic};
use domain::id::Id;
use domain::place::Address;
use domain::points_shop::Gives;

use crate::answer::Fault;
use crate::form::{Errors, Form};
use crate::locale::Price;
use crate::page::{Page, render, render_with};
use crate::storefront::address::{self, Row};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::goods;
use crate::storefront::order_page;
use crate::storefront::sharing::Sharing;
use crate::storefront::view::{Picture, When, short};
use crate::visitor::{Anyone, SignedIn};
use crate::{Shop, act, link};

/// Where it is.
const HERE: &str = "/points-shop";
/// How many exchanges are shown.
const MOST: i64 = 100;

#[derive(Template)]
#[template(path = "storefront/points_shop/list.html")]
struct List {
    p: Frame,
    points: String,
    guest: bool,
    items: Vec<Item>,
}

#[derive(Template)]
#[template(path = "storefront/points_shop/show.html")]
struct Show {
    p: Frame,
    share: Sharing,
    problem: String,
    key: String,
    points: String,
    x: Item,
    /// The buyer's address book, and whether something else is typed; goods alone are sent.
    sent: bool,
    known: Vec<Known>,
    typing: bool,
    address: Vec<Row>,
    guest: bool,
    sign_in: String,
}

#[derive(Template)]
#[template(path = "storefront/points_shop/mine.html")]
struct Mine {
    p: Frame,
    rows: Vec<Had>,
}

/// Something to be had.
struct Item {
    href: String,
    name: String,
    /// The page of the goods themselves.
    more: String,
    picture: Picture,
    /// What stands in the place of a picture: what a coupon takes off.
    worth: String,
    is_coupon: bool,
    /// What it costs: points, and money besides.
    cost: String,
    alone: String,
    left: String,
    limit: String,
    can: bool,
    why: String,
    until: String,
}

struct Known {
    id: String,
    who: String,
    at: String,
    chosen: bool,
}

struct Had {
    name: String,
    href: String,
    cost: String,
    state: String,
    tone: &'static str,
    when: When,
}

fn cost(page: &Page, points: i64, money: Option<domain::money::Money>) -> String {
    let count = page.locale.number(points);
    match money.filter(|money| money.minor > 0) {
        Some(money) => {
            let price = short(&Price::of(money));
            page.t2("points-shop-cost-both", ("points", &count), ("price", &price))
        }
        None => page.t1("points-shop-cost", "points", count),
    }
}

fn named<'a>(page: &Page, own: &'a str, english: &'a str) -> &'a str {
    if page.is_chinese() { own } else { english }
}

fn item(page: &Page, one: &ItemView) -> Item {
    let is_coupon = matches!(one.gives, Gives::Coupon { .. });
    let price = |money| short(&Price::of(money));
    let why = match one.why.as_deref() {
        Some("points_shop.sold_out") => page.t("points-shop-sold-out"),
        Some("points_shop.enough") => page.t("points-shop-had"),
        Some("points_shop.level_too_low") => page.t("points-shop-level"),
        Some(_) => page.t("points-shop-missing"),
        None => String::new(),
    };
    Item {
        href: format!("{HERE}/{}/{}", one.campaign, one.item),
        name: named(page, &one.name, &one.name_en).to_string(),
        more: match one.handle.as_str() {
            "" => String::new(),
            handle => link::product(handle),
        },
        picture: goods::small(&one.picture),
        worth: match (is_coupon, one.worth) {
            (true, Some(worth)) => price(worth),
            (true, None) => page.t("points-shop-coupon"),
            (false, _) => String::new(),
        },
        is_coupon,
        cost: cost(page, one.points, one.money),
        alone: one.worth.filter(|_| !is_coupon).map_or(String::new(), price),
        left: one.left.map_or(String::new(), |left| page.n("points-shop-left", left)),
        limit: page.n("points-shop-limit", one.per_person),
        can: one.can,
        why,
        until: page.t1(
            "store-campaign-until",
            "when",
            page.locale.exact_near(one.ends_at, page.now),
        ),
    }
}

/// `GET /points-shop`
pub async fn list(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
) -> Result<Response, Fault> {
    let found: ShopView = act(&shop, move |app| points_shop::show(app, &visitor)).await?;
    let title = page.t("points-shop");
    let says = page.t("points-shop-sub");
    Ok(render(&List {
        points: page.t1("points-shop-have", "points", page.locale.number(found.points)),
        guest: !page.signed_in,
        items: found.items.iter().map(|one| item(&page, one)).collect(),
        p: Frame::new(page, Here::Elsewhere, &["coupon", "point"]).titled(title).public(&says, ""),
    }))
}

struct Seen {
    item: ItemView,
    points: i64,
    known: Vec<EntryView>,
}

fn see(app: &App, visitor: &Visitor, id: Id<Campaign>, place: i64) -> Result<Seen, Failure> {
    let (item, points) = points_shop::get(app, visitor, id, place)?;
    let known = match visitor.person {
        Some(_) => book::list(app, visitor)?,
        None => Vec::new(),
    };
    Ok(Seen { item, points, known })
}

fn at(path: &(String, i64)) -> Result<(Id<Campaign>, i64), Failure> {
    Ok((Id::parse(&path.0).ok_or(Failure::NotFound)?, path.1))
}

/// `GET /points-shop/{campaign}/{item}`
pub async fn show(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
    Path(path): Path<(String, String)>,
) -> Result<Response, Fault> {
    let (id, place) = at(&numbered(path)?)?;
    let seen = act(&shop, move |app| see(app, &visitor, id, place)).await?;
    let near = address::near(seen.known.first().map(|entry| &entry.address));
    Ok(render(&draw(page, &seen, &Form::default(), &near, &Errors::none())))
}

fn numbered((id, place): (String, String)) -> Result<(String, i64), Failure> {
    Ok((id, place.parse().map_err(|_| Failure::NotFound)?))
}

/// `POST /points-shop/{campaign}/{item}`: exchanges.
pub async fn exchange(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(path): Path<(String, String)>,
    form: Form,
) -> Result<Response, Fault> {
    let (id, place) = at(&numbered(path)?)?;
    let sent = form.is_on("sent");
    let asked = address::pause(&form, &page).filter(|_| sent && form.maybe("address").is_none());
    if let Some(errors) = asked {
        return again(&shop, visitor, page, (id, place), &form, &errors).await;
    }
    let to = match form.maybe("address") {
        _ if !sent => None,
        Some(entry) => {
            let entry = Id::parse(entry).ok_or(Failure::NotFound)?;
            let asker = visitor.clone();
            Some(act(&shop, move |app| book::get(app, &asker, entry)).await?.address)
        }
        None => Some(address::read(&form)),
    };
    let ask = Ask {
        campaign: id,
        item: place,
        quantity: form.parse("quantity").unwrap_or(1),
        address: to,
        expected_points: None,
    };
    let keyed = form.keyed(visitor.clone())?;
    match act(&shop, move |app| points_shop::exchange(app, &keyed, ask)).await {
        Ok(done) => {
            let to = match done.value.order.filter(|_| done.value.to_pay) {
                Some(order) => link::order(order),
                None => link::with_query("/account/exchanges", "done", "exchanged"),
            };
            Ok(Redirect::to(&to).into_response())
        }
        Err(failure) => {
            let errors = Errors::of(failure, page.locale)?;
            again(&shop, visitor, page, (id, place), &form, &errors).await
        }
    }
}

/// The page as it was, with what is wrong.
async fn again(
    shop: &Shop,
    visitor: Visitor,
    page: Page,
    (id, place): (Id<Campaign>, i64),
    form: &Form,
    errors: &Errors,
) -> Result<Response, Fault> {
    let status = match errors.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let seen = act(shop, move |app| see(app, &visitor, id, place)).await?;
    Ok(render_with(status, &draw(page, &seen, form, &address::read(form), errors)))
}

fn draw(page: Page, seen: &Seen, form: &Form, typed: &Address, errors: &Errors) -> Show {
    let x = item(&page, &seen.item);
    let chose = form.fields().any(|(name, _)| name == "address");
    let known = seen.known.iter().enumerate().map(|(n, entry)| {
        let (who, at) = address::in_short(&entry.address, &page);
        let id = entry.id.to_string();
        let chosen = if chose { form.get("address") == id } else { n == 0 };
        Known { id, who, at, chosen }
    });
    let known: Vec<Known> = known.collect();
    let shown = ["name", "phone", "country", "region", "city", "district", "line1", "line2"];
    let summary = match errors.is_empty() || shown.iter().any(|field| errors.has(field)) {
        true => errors.summary.clone(),
        false => errors.all().join(" "),
    };
    Show {
        problem: summary,
        key: match form.key() {
            "" => page.new_key.clone(),
            key => key.to_string(),
        },
        points: page.t1("points-shop-have", "points", page.locale.number(seen.points)),
        sent: !x.is_coupon,
        typing: known.iter().all(|one| !one.chosen),
        address: address::rows(typed, errors, &page, known.is_empty()),
        known,
        guest: !page.signed_in,
        sign_in: link::sign_in(&x.href),
        share: {
            let words = page.t2("points-shop-share", ("name", &x.name), ("cost", &x.cost));
            Sharing::address(&page, &page.absolute(&x.href), words)
                .of(&page, Mechanic::PointsShop, &x.name)
                .pictured(x.picture.clone())
                .worth(x.cost.clone())
        },
        p: {
            let title = x.name.clone();
            Frame::new(page, Here::Elsewhere, &["coupon", "point", "checkout", "share"])
                .titled(title)
        },
        x,
    }
}

/// `GET /account/exchanges`
pub async fn mine(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
) -> Result<Response, Fault> {
    let found = act(&shop, move |app| points_shop::mine(app, &visitor, None, MOST)).await?;
    let rows = found.iter().map(|one| had(&page, one)).collect();
    let title = page.t("points-shop-mine");
    Ok(render(&Mine { rows, p: Frame::new(page, Here::Me, &["account", "order"]).titled(title) }))
}

fn had(page: &Page, one: &ExchangeView) -> Had {
    let name = named(page, &one.name, &one.name_en);
    let (state, tone) = match (one.undone, one.order_status) {
        (true, _) => (page.t("points-shop-undone"), ""),
        (false, Some(status)) => (order_page::state(status, page), order_page::look(status)),
        (false, None) => (page.t("points-shop-given"), "good"),
    };
    Had {
        name: match one.quantity {
            1 => name.to_string(),
            quantity => format!("{name} × {quantity}"),
        },
        href: one.order.map_or("/account/coupons".to_string(), link::order),
        cost: cost(page, one.points, Some(one.money)),
        state,
        tone,
        when: goods::when(one.at, page.now, page.locale),
    }
}
