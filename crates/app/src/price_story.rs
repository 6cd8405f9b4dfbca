//! How an order's price came about, line by line: for its buyer and for staff.

use describe::ToSchema;
use domain::id::Id;
use domain::money::Money;
use domain::order::{Line, Order};
use domain::person::Permission;
use domain::price::list::Why;
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::failure::Failure;
use crate::order::{Found, OrderView};
use crate::{App, Visitor, order, order_desk};

/// What took something off an order, in the order it did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PriceStep)]
pub struct StepView {
    /// `benefit`, `bundle`, `spend_and_save`, `platform_coupon`, `merchant_coupon`, `points`,
    /// `shipping_coupon` or `gift`.
    pub cause: String,
    /// What it was called then, in the shop's language and in English.
    pub name: String,
    pub name_en: String,
    /// What it was for cost before it, what it took off, and what was left of everything.
    pub matched: Money,
    pub off: Money,
    pub remains: Money,
}

/// One line with each step's share of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PriceOfLine)]
pub struct LineStory {
    pub line: Id<Line>,
    pub title: String,
    pub variant_title: String,
    pub quantity: i64,
    pub unit_price: Money,
    /// What one cost without a list or a campaign.
    pub ordinary_price: Option<Money>,
    pub because: Why,
    /// What each step took off it, in the order of the steps.
    pub shares: Vec<Money>,
    pub total: Money,
    pub tax: Money,
    pub gift: bool,
}

/// How an order's price came about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = OrderPrice)]
pub struct Story {
    pub order: Id<Order>,
    pub lines: Vec<LineStory>,
    pub steps: Vec<StepView>,
    pub goods: Money,
    pub shipping: Money,
    /// The tax that was added, and the tax inside the prices.
    pub tax: Money,
    pub tax_inside: Money,
    pub total: Money,
    /// Staff agreed another price afterwards: the steps say what it was before.
    pub agreed: bool,
}

/// The price of one of the visitor's orders.
pub fn mine(app: &App, visitor: &Visitor, id: Id<Order>) -> Result<Story, Failure> {
    let view = order::get(app, visitor, id)?;
    app.read(|tx| story(tx, view))
}

/// The price of any order, for staff.
pub fn at_desk(app: &App, visitor: &Visitor, id: Id<Order>) -> Result<Story, Failure> {
    visitor.staff_reader(Permission::Orders)?;
    let view = order_desk::get(app, visitor, id)?.order;
    app.read(|tx| story(tx, view))
}

fn story(tx: &mut Tx, view: OrderView) -> Result<Story, Failure> {
    let found: Found = order::find(tx, view.id)?;
    let of = |minor: i64| Money::new(minor, found.currency);
    let steps = tx.all(
        "select cause, name, name_en, matched, off, remains from order_steps
         where order_id = $1 order by position",
        &[view.id.into()],
        |row| StepView {
            cause: row.get(0),
            name: row.get(1),
            name_en: row.get(2),
            matched: of(row.get(3)),
            off: of(row.get(4)),
            remains: of(row.get(5)),
        },
    )?;
    let shares: Vec<(Id<Line>, i64, i64)> = tx.all(
        "select d.line_id, d.position, d.amount from order_line_discounts d
         join order_lines l on l.id = d.line_id where l.order_id = $1",
        &[view.id.into()],
        |row| (row.get(0), row.get(1), row.get(2)),
    )?;
    let agreed = view.lines.iter().any(|line| line.because == Why::Agreed);
    let lines = view.lines.into_iter().map(|line| {
        let share = |position: usize| {
            let own = shares.iter().find(|(id, at, _)| *id == line.id && *at == position as i64);
            of(own.map_or(0, |(.., amount)| *amount))
        };
        LineStory {
            shares: (0..steps.len()).map(share).collect(),
            line: line.id,
            title: line.title,
            variant_title: line.variant_title,
            quantity: line.quantity,
            unit_price: line.unit_price,
            ordinary_price: line.ordinary_price,
            because: line.because,
            total: line.total,
            tax: line.tax,
            gift: line.gift,
        }
    });
    Ok(Story {
        order: view.id,
        lines: lines.collect(),
        steps,
        goods: view.subtotal,
        shipping: view.shipping,
        tax: view.tax,
        tax_inside: view.tax_inside,
        total: view.total,
        agreed,
    })
}
