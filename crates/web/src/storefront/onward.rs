//! The way to the provider: a code for the buyer's phone to read, on to the provider's page, or how
//! to pay by hand; and beside it the other ways to pay.
//!
//! A form of ours may lead nowhere but to us (the content security policy says so, and browsers
//! look at every redirect), so that whoever pays elsewhere gets a page between, which leads on by
//! itself.

use app::failure::Failure;
use app::pay_link;
use app::payment::{self, Begun, Choice, PayView};
use app::top_up::{self, TopUpView};
use app::{App, Visitor};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::Id;
use domain::moment::Moment;
use domain::money::Money;
use domain::order::Order;
use domain::payment::OFFLINE;
use domain::wallet::TopUp;
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

use super::frame::{Frame, Here};
use super::goods;
use super::paying::{self, Ways};
use super::view::Clock;
use crate::answer::Fault;
use crate::form::Form;
use crate::locale::Price;
use crate::page::{Page, render};
use crate::visitor::SignedIn;
use crate::{Shop, act, link};

#[derive(Template)]
#[template(path = "storefront/order/paying.html")]
struct Paying {
    p: Frame,
    heading: String,
    text: String,
    price: Price,
    clock: Clock,
    /// The picture of a code, the provider's address, or how to pay by hand under which number.
    code: String,
    url: String,
    how: String,
    number: String,
    /// Where it shows whether the money came; nothing while nothing was begun.
    paid_href: String,
    back_href: String,
    back: String,
    /// The ways to pay an order.
    ways: Option<Ways>,
    /// Whether one of them was begun already.
    begun: bool,
    /// What is seen, in minor units: nothing else is paid.
    total: Option<i64>,
    pay_href: String,
}

/// What is to be paid, and how.
struct Bill {
    provider: String,
    /// The provider's page, or what a code is made of.
    url: String,
    amount: Money,
    pay_by: Moment,
}

impl Bill {
    fn is_coded(&self) -> bool {
        !self.url.is_empty() && !self.url.starts_with("http")
    }

    /// The page as it is for every kind of bill.
    fn draw(&self, page: Page, own: &str) -> Paying {
        let name = page.t(&format!("provider-{}", self.provider));
        let (heading, text) = match (self.provider.as_str(), self.is_coded()) {
            (OFFLINE, _) => (page.t("store-by-hand-title"), page.t("store-by-hand-text")),
            (_, true) => (page.t("store-code-title"), page.t("store-code-text")),
            _ => (page.t1("store-going-title", "name", name), page.t("store-going-text")),
        };
        Paying {
            price: Price::of(self.amount),
            clock: goods::clock(self.pay_by, page.now, page.locale),
            code: if self.is_coded() { format!("{own}/code.svg") } else { String::new() },
            url: if self.is_coded() { String::new() } else { self.url.clone() },
            how: String::new(),
            number: String::new(),
            paid_href: String::new(),
            back_href: String::new(),
            back: page.t("store-code-other"),
            ways: None,
            begun: true,
            total: None,
            pay_href: format!("{own}/pay"),
            p: Frame::new(page, Here::Me, &["checkout", "order"]).titled(heading.clone()),
            heading,
            text,
        }
    }
}

/// A page that nobody keeps, and that leads on by itself where it has an address to lead to.
fn leading_on(page: &Paying) -> Response {
    let mut answer = render(page);
    let onward = HeaderValue::from_str(&format!("0;url={}", page.url));
    if let Some(onward) = onward.ok().filter(|_| !page.url.is_empty()) {
        answer.headers_mut().insert(header::REFRESH, onward);
    }
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

/// Where a form leads: to `pay_url` when that is ours, or else to the page between.
fn ours_or(shop: &Shop, pay_url: &str, between: String) -> String {
    let ours = pay_url.strip_prefix(&shop.app.config.base_url).unwrap_or(pay_url);
    if ours.starts_with('/') { pay_url.to_string() } else { between }
}

/// Where a form leads that began a payment.
pub fn way(shop: &Shop, begun: &PayView) -> String {
    ours_or(shop, &begun.pay_url, format!("{}/pay", link::order(begun.order)))
}

/// The same for whoever pays by a link.
pub fn way_by_link(shop: &Shop, begun: &PayView, own: &str) -> String {
    ours_or(shop, &begun.pay_url, format!("{own}/onward"))
}

/// Where a form leads that began a top-up, or went on with it.
pub fn top_up_way(shop: &Shop, begun: &TopUpView) -> String {
    if begun.pay_url.is_empty() {
        return link::WALLET.to_string();
    }
    ours_or(shop, &begun.pay_url, format!("{}/pay", link::top_up(begun.id)))
}

fn order_of(id: &str) -> Result<Id<Order>, Fault> {
    Ok(Id::parse(id).ok_or(Failure::NotFound)?)
}

/// What was begun of an order, if anything was, and what else there is to choose.
fn till(app: &App, visitor: &Visitor, id: Id<Order>) -> Result<(Option<Begun>, Choice), Failure> {
    let choice = payment::choice_for(app, visitor, id)?;
    match payment::begun(app, visitor, id) {
        Ok(begun) => Ok((Some(begun), choice)),
        Err(Failure::NotFound) => Ok((None, choice)),
        Err(other) => Err(other),
    }
}

/// `GET /orders/{id}/pay`: the code, on to the provider, or how to pay by hand; and the other ways.
pub async fn show(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let id = order_of(&id)?;
    let (begun, choice) = match act(&shop, move |app| till(app, &visitor, id)).await {
        // It is paid, or over.
        Err(Failure::Refused(_)) => return Ok(Redirect::to(&link::paid(id)).into_response()),
        other => other?,
    };
    let ways = paying::ways(&page, &choice, &Form::default());
    let how = ways.methods.iter().find(|way| way.code == OFFLINE).map(|way| way.more.clone());
    let choose = page.t("store-choose-title");
    let is_begun = begun.is_some();
    let bill = match begun {
        Some(begun) => {
            let Begun { provider, amount, url, pay_by } = begun;
            Bill { provider, url, amount, pay_by }
        }
        None => Bill {
            provider: String::new(),
            url: String::new(),
            amount: choice.total.unwrap_or(choice.wallet),
            pay_by: choice.pay_by.unwrap_or(page.now),
        },
    };
    let by_hand = bill.provider == OFFLINE;
    let mut drawn = bill.draw(page, &link::order(id));
    if by_hand {
        drawn.how = how.unwrap_or_default();
        drawn.number = id.to_string();
    } else if !is_begun {
        drawn.p = drawn.p.titled(choose.clone());
        (drawn.heading, drawn.text) = (choose, String::new());
    }
    if is_begun && !by_hand {
        drawn.paid_href = link::paid(id);
    }
    drawn.back_href = link::order(id);
    drawn.total = choice.total.map(|total| total.minor);
    drawn.begun = is_begun;
    // Whoever has but one way, and is on it, has nothing to choose.
    let one = is_begun && ways.methods.len() < 2 && ways.wallet.is_none();
    drawn.ways = Some(ways).filter(|_| !one);
    Ok(leading_on(&drawn))
}

/// `GET /orders/{id}/code.svg`: the code itself, for whoever pays.
pub async fn code(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let id = order_of(&id)?;
    let begun = act(&shop, move |app| payment::begun(app, &visitor, id)).await?;
    drawn_code(&begun.url)
}

/// `GET /pay/{token}/onward`: the code, or on to the provider, for whoever pays by a link.
pub async fn show_by_link(
    State(shop): State<Shop>,
    page: Page,
    Path(token): Path<String>,
) -> Result<Response, Fault> {
    let own = format!("/pay/{token}");
    let begun = match act(&shop, move |app| pay_link::begun(app, &token)).await {
        // It is paid, or over, or agreed to be paid by hand: the link's own page says so.
        Ok(begun) if begun.url.is_empty() => return Ok(Redirect::to(&own).into_response()),
        Err(Failure::NotFound) => return Ok(Redirect::to(&own).into_response()),
        other => other?,
    };
    let Begun { provider, amount, url, pay_by } = begun;
    let mut drawn = Bill { provider, url, amount, pay_by }.draw(page, &own);
    (drawn.paid_href, drawn.back_href) = (own.clone(), own);
    Ok(leading_on(&drawn))
}

/// `GET /pay/{token}/code.svg`: the code itself.
pub async fn code_by_link(
    State(shop): State<Shop>,
    Path(token): Path<String>,
) -> Result<Response, Fault> {
    let begun = act(&shop, move |app| pay_link::begun(app, &token)).await?;
    drawn_code(&begun.url)
}

fn drawn_code(text: &str) -> Result<Response, Fault> {
    let missing = || Fault::from(Failure::NotFound);
    if text.is_empty() || text.starts_with("http") {
        return Err(missing());
    }
    let drawn = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M)
        .map_err(|_| missing())?
        .render::<svg::Color>()
        .min_dimensions(232, 232)
        .quiet_zone(true)
        .build();
    let headers = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, drawn).into_response())
}

async fn top_up(shop: &Shop, visitor: Visitor, id: &str) -> Result<TopUpView, Fault> {
    let id: Id<TopUp> = Id::parse(id).ok_or(Failure::NotFound)?;
    Ok(act(shop, move |app| top_up::see(app, &visitor, id)).await?)
}

/// `GET /account/wallet/top-ups/{id}/pay`: the same for a top-up.
pub async fn show_top_up(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let view = top_up(&shop, visitor, &id).await?;
    let wallet = link::with_query(link::WALLET, "paid", &view.id.to_string());
    if view.pay_url.is_empty() {
        return Ok(Redirect::to(&wallet).into_response());
    }
    let back = page.t("wallet-back-to");
    let bill = Bill {
        provider: view.provider,
        url: view.code.unwrap_or(view.pay_url),
        amount: view.amount,
        pay_by: view.pay_by,
    };
    let mut drawn = bill.draw(page, &link::top_up(view.id));
    (drawn.paid_href, drawn.back_href, drawn.back) = (wallet, link::WALLET.to_string(), back);
    Ok(leading_on(&drawn))
}

/// `GET /account/wallet/top-ups/{id}/code.svg`: the code itself.
pub async fn code_of_top_up(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let view = top_up(&shop, visitor, &id).await?;
    drawn_code(&view.code.unwrap_or_default())
}
