//! The cart: what is in it, and changing how much.

use app::cart::{self, CartLine, CartView, SetLine};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::Id;
use domain::money::Money;
use domain::seller::{Seller, by_seller};

use crate::answer::{self, Fault};
use crate::form::Form;
use crate::locale::Price;
use crate::page::{Page, render, render_with};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::goods;
use crate::storefront::view::LineView;
use crate::visitor::{Anyone, Remembered};
use crate::{Shop, act, link};

#[derive(Template)]
#[template(path = "storefront/cart/show.html")]
struct Show {
    p: Frame,
    problem: String,
    groups: Vec<Group>,
    total: Price,
    /// Where everything goes to the checkout; empty where each group goes by itself.
    checkout: String,
}

/// What is ordered together: one seller's, or the shop's own.
struct Group {
    sold: Option<goods::Sold>,
    name: String,
    lines: Vec<LineView>,
    total: Price,
    /// Where it goes to the checkout, where there is more than one; empty otherwise.
    checkout: String,
}

/// `GET /cart`
pub async fn show(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
) -> Result<Response, Fault> {
    let view = act(&shop, move |app| cart::view(app, &visitor)).await?;
    let sent_back = page.path.ends_with("?why=several_sellers");
    let several = app::failure::Failure::from(domain::seller::Refusal::SeveralSellers);
    let problem = if sent_back { answer::words(&several, page.locale) } else { String::new() };
    Ok(render(&draw(page, &view, problem)))
}

/// `POST /cart/lines/{variant}`: another quantity; none takes it out.
pub async fn change(
    State(shop): State<Shop>,
    Remembered(visitor): Remembered,
    page: Page,
    Path(variant): Path<String>,
    form: Form,
) -> Result<Response, Fault> {
    let variant = Id::parse(&variant).ok_or(app::failure::Failure::NotFound)?;
    let quantity: i64 = form.parse("quantity").unwrap_or(1);
    let line = SetLine { variant, quantity, add: false };
    let asker = visitor.clone();
    match act(&shop, move |app| cart::set(app, &asker, line)).await {
        Ok(_) if quantity == 0 => Ok(Redirect::to("/cart?done=removed").into_response()),
        Ok(_) => Ok(Redirect::to("/cart").into_response()),
        Err(failure) => {
            let view = act(&shop, move |app| cart::view(app, &visitor)).await?;
            let problem = answer::words(&failure, page.locale);
            let status = Fault::from(failure).status();
            Ok(render_with(status, &draw(page, &view, problem)))
        }
    }
}

fn draw(page: Page, view: &CartView, problem: String) -> Show {
    let groups = by_seller(view.lines.iter(), |line| line.seller);
    let many = groups.len() > 1;
    let groups = groups.into_iter().map(|(seller, lines)| group(&page, view, seller, &lines, many));
    let groups: Vec<Group> = groups.collect();
    let title = page.t("store-cart");
    Show {
        problem,
        groups,
        total: Price::of(view.subtotal),
        checkout: if view.buyable && !many { "/checkout".into() } else { String::new() },
        p: Frame::new(page, Here::Elsewhere, &["checkout", "product"]).titled(title),
    }
}

fn group(
    page: &Page,
    view: &CartView,
    seller: Option<Id<Seller>>,
    lines: &[&CartLine],
    many: bool,
) -> Group {
    let sold = view.sellers.iter().find(|card| Some(card.id) == seller).map(goods::Sold::by);
    let zero = Money::zero(view.subtotal.currency);
    let buyable = || lines.iter().filter(|line| line.buyable);
    let total = buyable().fold(zero, |sum, line| sum.plus(line.total));
    let of = seller.map_or(goods::SHOP.to_string(), |id| id.to_string());
    Group {
        name: match (&sold, many) {
            (Some(sold), _) => sold.name.clone(),
            (None, true) => page.shop.clone(),
            (None, false) => String::new(),
        },
        sold,
        lines: lines.iter().map(|line| shown(line, page)).collect(),
        total: Price::of(total),
        checkout: match many && buyable().next().is_some() {
            true => link::with_query("/checkout", "seller", &of),
            false => String::new(),
        },
    }
}

fn shown(line: &CartLine, page: &Page) -> LineView {
    let left = line.available.unwrap_or(9_999);
    let warning = match left {
        _ if !line.in_currency => {
            let code = page.currency.map_or("", |currency| currency.code());
            page.t1("store-not-in-currency", "code", code)
        }
        left if line.buyable || left <= 0 => match left {
            1..=5 => page.n("store-left-few", left),
            _ => String::new(),
        },
        left => page.n("store-left-few", left),
    };
    LineView {
        variant: line.variant.to_string(),
        href: link::product(&line.handle),
        name: line.title.clone(),
        chosen: line.variant_title.clone(),
        picture: goods::small(&line.picture),
        quantity: line.quantity,
        most: left.clamp(1, 99),
        sum: Price::of(line.total),
        gone: !line.buyable && left <= 0,
        warning,
    }
}
