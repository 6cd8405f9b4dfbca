//! Orders on paper: slips for parcels, labels, and the order itself on A4; one or many.

use app::failure::Failure;
use app::order_desk::{self, DeskView};
use askama::Template;
use domain::id::Id;
use domain::order::Order;

use super::HERE;
use super::show::written;
use crate::console::{Answer, Desk, Frame};
use crate::page::Page;

/// How many are printed at once.
const MOST: usize = 100;

#[derive(Template)]
#[template(path = "console/order/print.html")]
struct Print {
    p: Frame,
    title: String,
    back: String,
    sheets: Vec<Sheet>,
    label: bool,
    prices: bool,
    whole: bool,
}

struct Sheet {
    number: String,
    placed: String,
    paid: String,
    buyer: String,
    to: Vec<String>,
    method: String,
    lines: Vec<Line>,
    sums: Vec<(String, String)>,
    total: String,
    note: String,
    gift: Option<String>,
    parcels: Vec<String>,
}

struct Line {
    title: String,
    variant: String,
    sku: String,
    quantity: String,
    unit: String,
    total: String,
}

/// `GET /console/orders/print?as=slips|labels|orders&order=…&order=…`
pub async fn show(desk: Desk, page: Page) -> Answer {
    let query = page.path.split_once('?').map_or("", |(_, query)| query);
    let (mut how, mut ids) = (String::new(), Vec::new());
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "as" => how = value.into_owned(),
            "order" => ids.extend(Id::<Order>::parse(&value)),
            _ => {}
        }
    }
    ids.truncate(MOST);
    if ids.is_empty() {
        return Err(Failure::NotFound.into());
    }
    let back = if let [one] = ids.as_slice() { format!("{HERE}/{one}") } else { HERE.to_string() };
    let found = desk
        .act(move |app, visitor| {
            ids.iter().map(|id| order_desk::get(app, visitor, *id)).collect::<Result<Vec<_>, _>>()
        })
        .await?;
    let p = desk.frame(HERE);
    let how = match how.as_str() {
        "labels" => "labels",
        "orders" => "orders",
        _ => "slips",
    };
    let sheets = found.iter().map(|view| sheet(&p, view)).collect();
    desk.show(Print {
        title: p.t(&format!("console-print-{how}")),
        back,
        sheets,
        label: how == "labels",
        prices: how == "orders",
        whole: how == "orders",
        p,
    })
}

fn sheet(p: &Frame, view: &DeskView) -> Sheet {
    let order = &view.order;
    let mut to: Vec<String> = written(&order.address).lines().map(str::to_string).collect();
    if let Some(pickup) = &order.pickup {
        to.extend([pickup.name.clone(), pickup.address.clone()]);
    }
    let lines = order.lines.iter().filter(|line| line.quantity > line.removed).map(|line| Line {
        title: line.title.clone(),
        variant: line.variant_title.clone(),
        sku: line.sku.clone(),
        quantity: p.num(line.quantity - line.removed),
        unit: p.money(line.unit_price),
        total: p.money(line.total),
    });
    let sum = |name: &str, money| (p.t(&format!("console-sum-{name}")), p.money(money));
    let mut sums = vec![sum("goods", order.subtotal), sum("shipping", order.shipping)];
    if !order.tax.is_zero() {
        sums.push(sum("tax", order.tax));
    }
    if !order.refunded.is_zero() {
        sums.push(sum("refunded", order.refunded.negated()));
    }
    let parcels = order.shipments.iter();
    Sheet {
        number: order.id.to_string(),
        placed: p.locale.date(order.created_at),
        paid: order.paid_at.map_or(String::new(), |at| p.locale.date(at)),
        buyer: view.buyer_name.clone(),
        to,
        method: match p.is_chinese() {
            true => order.shipping_method.clone(),
            false => order.shipping_method_en.clone(),
        },
        lines: lines.collect(),
        sums,
        total: p.money(order.total),
        note: order.note.clone(),
        gift: order.gift_message.clone(),
        parcels: parcels.map(|one| format!("{} {}", one.carrier, one.tracking)).collect(),
    }
}
