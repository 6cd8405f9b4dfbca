//! How the price of an order came about, line by line.

use app::price_story::{self, LineStory};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::id::Id;
use domain::order::Order;

use crate::answer::Fault;
use crate::locale::Price;
use crate::page::{Page, render};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::offers::{self, StepRow};
use crate::storefront::view::Sum;
use crate::visitor::SignedIn;
use crate::{Shop, act, link};

#[derive(Template)]
#[template(path = "storefront/order/price.html")]
struct Show {
    p: Frame,
    back: String,
    agreed: bool,
    lines: Vec<Row>,
    story: Vec<StepRow>,
    sums: Vec<Sum>,
    total: String,
}

/// One line before anything was taken off.
pub struct Row {
    pub name: String,
    pub how: String,
    pub sum: String,
}

/// A line of an order as its price begins.
pub fn row(page: &Page, line: &LineStory) -> Row {
    let name = match line.variant_title.as_str() {
        "" => line.title.clone(),
        variant => format!("{} · {variant}", line.title),
    };
    let mut how = format!("{} × {}", Price::of(line.unit_price), line.quantity);
    if line.gift {
        how = format!("{} × {}", page.t("offer-gift"), line.quantity);
    } else if line.because.code() != "ordinary" {
        let why = page.t(&format!("offer-because-{}", line.because.code()));
        how = format!("{how} · {why}");
    }
    Row { name, how, sum: Price::of(line.unit_price.times(line.quantity)).to_string() }
}

/// Freight and tax, after the goods.
pub fn sums(page: &Page, story: &price_story::Story) -> Vec<Sum> {
    let mut sums = vec![
        ("offer-goods-now", story.goods),
        ("store-shipping", story.shipping),
        ("store-tax", story.tax),
    ];
    sums.retain(|(id, amount)| *id != "store-tax" || !amount.is_zero());
    let sum = |(id, amount): (&str, domain::money::Money)| Sum {
        label: page.t(id),
        amount: Price::of(amount).to_string(),
        off: false,
        why: String::new(),
    };
    sums.into_iter().map(sum).collect()
}

/// `GET /orders/{id}/price`
pub async fn show(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let id: Id<Order> = Id::parse(&id).ok_or(app::failure::Failure::NotFound)?;
    let story = act(&shop, move |app| price_story::mine(app, &visitor, id)).await?;
    let title = page.t("offer-story");
    Ok(render(&Show {
        back: link::order(id),
        agreed: story.agreed,
        lines: story.lines.iter().map(|line| row(&page, line)).collect(),
        story: offers::story_of(&page, &story),
        sums: sums(&page, &story),
        total: Price::of(story.total).to_string(),
        p: Frame::new(page, Here::Elsewhere, &["checkout"]).titled(title),
    }))
}
