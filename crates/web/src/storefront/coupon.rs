//! Coupons for shoppers: the claim centre, a coupon's own link, and what one has.

use app::coupon::{self, CouponView, Offered};
use app::coupon_drop::{self, DropView};
use app::failure::Failure;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::coupon::Gives;
use domain::moment::Moment;
use domain::money::Currency;

use crate::answer::{self, Fault};
use crate::form::Form;
use crate::locale::Price;
use crate::offer_words as words;
use crate::page::{Page, render, render_with};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::sharing::Sharing;
use crate::visitor::{Anyone, SignedIn};
use crate::{Shop, act, link};

#[derive(Template)]
#[template(path = "storefront/coupon/centre.html")]
struct Centre {
    p: Frame,
    problem: String,
    rows: Vec<Ticket>,
    /// Whether this is the page of one link.
    alone: bool,
    share: Sharing,
}

#[derive(Template)]
#[template(path = "storefront/coupon/mine.html")]
struct Mine {
    p: Frame,
    problem: String,
    code: String,
    held: Vec<Ticket>,
    gone: Vec<Ticket>,
}

/// A coupon as it is drawn: what it is worth on the left, its terms on the right.
struct Ticket {
    id: String,
    worth: String,
    name: String,
    terms: String,
    until: String,
    /// Where it is taken; empty where it cannot be.
    href: String,
    /// What stands in the place of the button.
    said: String,
    key: String,
    left: String,
    /// The page of its drop; empty for a plain one.
    see: String,
}

pub fn name<'a>(page: &Page, own: &'a str, english: &'a str) -> &'a str {
    if page.is_chinese() { own } else { english }
}

pub fn until(page: &Page, at: Moment) -> String {
    page.t1("offer-until", "until", page.locale.exact_near(at, page.now))
}

/// What stands large on it, in very few letters: its terms stand beside it.
pub fn worth(page: &Page, gives: &Gives, currency: Currency) -> String {
    match coupon::amount(gives, currency) {
        Some(amount) => crate::storefront::view::short(&Price::of(amount)),
        None => words::worth(page.locale, gives, currency),
    }
}

fn offered(page: &Page, one: &Offered, href: &str) -> Ticket {
    let full = one.has >= one.per_person;
    Ticket {
        id: one.template.to_string(),
        worth: worth(page, &one.gives, one.currency),
        name: name(page, &one.name, &one.name_en).to_string(),
        terms: words::gives(page.locale, &one.gives, one.threshold, one.currency),
        until: until(page, one.usable_until),
        href: if one.can { href.to_string() } else { String::new() },
        said: match full {
            true => page.t("coupon-have"),
            false => page.t("coupon-none-left"),
        },
        key: format!("{}{}", page.new_key, one.template),
        left: match one.left {
            Some(left) if !full && left <= 100 => page.n("coupon-left", left),
            _ => String::new(),
        },
        see: String::new(),
    }
}

/// One of a drop, that leads to its page.
fn dropped(page: &Page, one: &DropView) -> Ticket {
    let href = format!("/drops/{}", one.campaign);
    let full = one.has >= one.per_person;
    Ticket {
        id: one.template.to_string(),
        worth: worth(page, &one.gives, one.currency),
        name: one.title.clone(),
        terms: words::gives(page.locale, &one.gives, one.threshold, one.currency),
        until: until(page, one.usable_until),
        href: if one.can { href.clone() } else { String::new() },
        said: page.t(if full { "coupon-have" } else { "coupon-none-left" }),
        key: format!("{}{}", page.new_key, one.campaign),
        left: if one.can { page.n("coupon-left", one.left) } else { String::new() },
        see: href,
    }
}

fn own(page: &Page, one: &CouponView) -> Ticket {
    Ticket {
        id: one.id.to_string(),
        worth: worth(page, &one.gives, one.currency),
        name: name(page, &one.name, &one.name_en).to_string(),
        terms: words::gives(page.locale, &one.gives, one.threshold, one.currency),
        until: until(page, one.usable_until),
        href: one.order.map_or(String::new(), link::order),
        said: page.t(&format!("coupon-state-{}", one.state.replace('_', "-"))),
        key: String::new(),
        left: String::new(),
        see: String::new(),
    }
}

/// `GET /coupons`
pub async fn centre(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
) -> Result<Response, Fault> {
    let found = act(&shop, move |app| all(app, &visitor)).await?;
    Ok(render(&draw(page, &found, String::new())))
}

/// The drops that are on, and what everybody can take.
type All = (Vec<DropView>, Vec<Offered>);

fn all(app: &app::App, visitor: &app::Visitor) -> Result<All, Failure> {
    Ok((coupon_drop::list(app, visitor)?, coupon::centre(app, visitor)?))
}

fn draw(page: Page, (drops, found): &All, problem: String) -> Centre {
    let rows = drops.iter().map(|one| dropped(&page, one));
    let rows = rows.chain(found.iter().map(|one| offered(&page, one, "/coupons"))).collect();
    let title = page.t("coupon-centre");
    let p = Frame::new(page, Here::Elsewhere, &["coupon"]).titled(title);
    Centre { p, problem, rows, alone: false, share: Sharing::default() }
}

/// `POST /coupons`: takes one.
pub async fn claim(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    form: Form,
) -> Result<Response, Fault> {
    let template = form.id("template")?;
    let keyed = form.keyed(visitor.clone())?;
    match act(&shop, move |app| coupon::claim(app, &keyed, template)).await {
        Ok(_) => Ok(Redirect::to("/coupons?done=coupon").into_response()),
        Err(failure) => {
            let problem = answer::words(&failure, page.locale);
            let status = Fault::from(failure).status();
            let found = act(&shop, move |app| all(app, &visitor)).await?;
            Ok(render_with(status, &draw(page, &found, problem)))
        }
    }
}

/// `GET /coupons/{link}`
pub async fn by_link(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
    Path(to): Path<String>,
) -> Result<Response, Fault> {
    let drawn = alone(&shop, visitor, page, to, String::new()).await?;
    Ok(render(&drawn))
}

async fn alone(
    shop: &Shop,
    visitor: app::Visitor,
    page: Page,
    to: String,
    problem: String,
) -> Result<Centre, Fault> {
    let asked = to.clone();
    let found = act(shop, move |app| coupon::offered(app, &visitor, &asked)).await?;
    let href = link::coupon(&to);
    let rows = vec![offered(&page, &found, &href)];
    let title = name(&page, &found.name, &found.name_en).to_string();
    let worth = worth(&page, &found.gives, found.currency);
    let words = page.t2("coupon-share", ("worth", &worth), ("name", &title));
    let share = Sharing::address(&page, &page.absolute(&href), words).titled(&title).worth(worth);
    let p = Frame::new(page, Here::Elsewhere, &["coupon", "share"]).titled(title);
    Ok(Centre { p, problem, rows, alone: true, share })
}

/// `POST /coupons/{link}`: takes the one a link leads to.
pub async fn claim_by_link(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(to): Path<String>,
    form: Form,
) -> Result<Response, Fault> {
    let keyed = form.keyed(visitor.clone())?;
    let asked = to.clone();
    match act(&shop, move |app| coupon::claim_by_link(app, &keyed, &asked)).await {
        Ok(_) => Ok(Redirect::to("/account/coupons?done=coupon").into_response()),
        Err(Failure::NotFound) => Err(Failure::NotFound.into()),
        Err(failure) => {
            let problem = answer::words(&failure, page.locale);
            let status = Fault::from(failure).status();
            let drawn = alone(&shop, visitor, page, to, problem).await?;
            Ok(render_with(status, &drawn))
        }
    }
}

/// `GET /account/coupons`
pub async fn mine(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
) -> Result<Response, Fault> {
    let found = act(&shop, move |app| coupon::mine(app, &visitor)).await?;
    Ok(render(&draw_mine(page, &found, String::new(), String::new())))
}

fn draw_mine(page: Page, found: &[CouponView], code: String, problem: String) -> Mine {
    let (held, gone): (Vec<&CouponView>, Vec<&CouponView>) =
        found.iter().partition(|one| one.state == "held");
    let title = page.t("coupon-mine");
    Mine {
        held: held.into_iter().map(|one| own(&page, one)).collect(),
        gone: gone.into_iter().take(30).map(|one| own(&page, one)).collect(),
        code,
        problem,
        p: Frame::new(page, Here::Me, &["account", "coupon"]).titled(title),
    }
}

/// `POST /account/coupons`: a code is typed in.
pub async fn redeem(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    form: Form,
) -> Result<Response, Fault> {
    let keyed = form.keyed(visitor.clone())?;
    let code = form.get("code").to_string();
    let typed = code.clone();
    match act(&shop, move |app| coupon::redeem(app, &keyed, &typed)).await {
        Ok(_) => Ok(Redirect::to("/account/coupons?done=coupon").into_response()),
        Err(failure @ (Failure::Refused(_) | Failure::TooMany { .. })) => {
            let problem = answer::words(&failure, page.locale);
            let found = act(&shop, move |app| coupon::mine(app, &visitor)).await?;
            let drawn = draw_mine(page, &found, code, problem);
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &drawn))
        }
        Err(failure) => Err(failure.into()),
    }
}
