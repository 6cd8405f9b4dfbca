//! How an order's price came about, for staff.

use app::price_story;
use askama::Template;
use axum::extract::Path;
use domain::id::Id;
use domain::order::Order;

use super::HERE;
use crate::console::{Answer, Desk, Frame};
use crate::link;
use crate::locale::Price;
use crate::storefront::offers::{self, StepRow};
use crate::storefront::price::{Row, row, sums};
use crate::storefront::view::Sum;

#[derive(Template)]
#[template(path = "console/order/price.html")]
struct Show {
    p: Frame,
    back: String,
    agreed: bool,
    lines: Vec<Row>,
    story: Vec<StepRow>,
    sums: Vec<Sum>,
    total: String,
}

/// `GET /console/orders/{id}/price`
pub async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    let id: Id<Order> = Id::parse(&id).ok_or(app::failure::Failure::NotFound)?;
    let story = desk.act(move |app, visitor| price_story::at_desk(app, visitor, id)).await?;
    let p = desk.frame(HERE);
    desk.show(Show {
        back: link::console_order(id),
        agreed: story.agreed,
        lines: story.lines.iter().map(|line| row(&p, line)).collect(),
        story: offers::story_of(&p, &story),
        sums: sums(&p, &story),
        total: Price::of(story.total).to_string(),
        p,
    })
}
