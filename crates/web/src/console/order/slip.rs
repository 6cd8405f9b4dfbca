//! What is printed for an order: the slip that lies in its parcel, and the label on it.

use app::failure::Failure;
use app::order::OrderView;
use app::order_desk;
use askama::Template;
use axum::extract::Path;
use domain::id::Id;
use domain::money::Money;
use domain::order::Order;

use super::show::written;
use crate::console::fields::percent;
use crate::console::{Answer, Desk, Frame};

#[derive(Template)]
#[template(path = "console/order/slip.html")]
struct Slip {
    p: Frame,
    number: String,
    placed: String,
    /// Where it goes, a line each.
    to: Vec<String>,
    method: String,
    lines: Vec<Line>,
    note: String,
    /// A gift's slip tells its card and no prices.
    gift: Option<String>,
    total: String,
    /// What of the total is tax, each rate with its sum.
    tax: Vec<String>,
}

struct Line {
    title: String,
    variant: String,
    sku: String,
    quantity: String,
    total: String,
}

/// `GET /console/orders/{id}/slip`
pub async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    let id: Id<Order> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let order = desk.act(move |app, visitor| order_desk::get(app, visitor, id)).await?.order;
    let p = desk.frame(super::HERE);
    let mut to: Vec<String> = written(&order.address).lines().map(str::to_string).collect();
    if let Some(pickup) = &order.pickup {
        to.extend([pickup.name.clone(), pickup.address.clone()]);
    }
    let lines = order.lines.iter().map(|line| Line {
        title: line.title.clone(),
        variant: line.variant_title.clone(),
        sku: line.sku.clone(),
        quantity: p.num(line.quantity),
        total: p.money(line.total),
    });
    desk.show(Slip {
        number: order.id.to_string(),
        placed: p.locale.date(order.created_at),
        to,
        method: match p.is_chinese() {
            true => order.shipping_method.clone(),
            false => order.shipping_method_en.clone(),
        },
        lines: lines.collect(),
        note: order.note.clone(),
        gift: order.gift_message.clone(),
        total: p.money(order.total),
        tax: taxes(&p, &order),
        p,
    })
}

/// `Tax 13 %: ¥13.00`, for each rate of the lines, and for shipping.
fn taxes(p: &Frame, order: &OrderView) -> Vec<String> {
    let mut rates: Vec<(i64, Money)> = Vec::new();
    for line in order.lines.iter().filter(|line| !line.tax.is_zero()) {
        match rates.iter_mut().find(|(rate, _)| *rate == line.tax_rate) {
            Some((_, sum)) => *sum = sum.plus(line.tax),
            None => rates.push((line.tax_rate, line.tax)),
        }
    }
    let goods =
        rates.iter().fold(Money::zero(order.total.currency), |sum, (_, tax)| sum.plus(*tax));
    let shipping = order.tax.plus(order.tax_inside).minus(goods);
    let mut said: Vec<String> = rates
        .into_iter()
        .map(|(rate, tax)| {
            let rate = percent(rate);
            p.tell("console-slip-tax", &[("rate", &rate), ("amount", &p.money(tax))])
        })
        .collect();
    if !shipping.is_zero() {
        said.push(p.t1("console-slip-tax-shipping", "amount", p.money(shipping)));
    }
    said
}
