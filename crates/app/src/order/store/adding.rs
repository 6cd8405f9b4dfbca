//! An order as it is written: with its lines, how each price came about, and its first move.

use domain::catalog::Product;
use domain::event::Fact;
use domain::group_buy::{GroupBuy, Team};
use domain::id::Id;
use domain::moment::Moment;
use domain::money::Money;
use domain::order::{Line, Order, Status};
use domain::person::Person;
use domain::place::Address;
use domain::price::Quote;
use domain::price::list::Chosen;
use domain::rate::Rate;
use domain::seller::Seller;
use domain::shipping::Method;

use super::MOVES;
use crate::db::{Insert, Tx, Value};
use crate::failure::Failure;
use crate::order::{By, gathered};
use crate::shop;

/// An order about to be written.
pub struct NewOrder<'a> {
    pub id: Id<Order>,
    pub person: Id<Person>,
    pub quote: &'a Quote,
    pub lines: &'a [NewLine],
    /// What took something off, in its order.
    pub steps: &'a [NewStep],
    pub group_buy: Option<Id<GroupBuy>>,
    pub team: Option<Id<Team>>,
    pub address: &'a Address,
    pub shipping_method: Option<Id<Method>>,
    pub note: &'a str,
    pub gift_message: Option<&'a str>,
    pub visit: Option<Id<domain::share::Visit>>,
    pub pay_by: Moment,
    pub by: By<'a>,
    /// Whose it is, and the commission it is placed at.
    pub seller: Option<(Id<Seller>, Rate)>,
}

/// What a line keeps of the goods as they are now.
pub struct NewLine {
    pub product: Id<Product>,
    pub title: String,
    pub variant_title: String,
    pub sku: String,
    pub picture: String,
    pub ships: bool,
    /// How its price came about.
    pub chosen: Chosen,
    /// It comes along for nothing.
    pub gift: bool,
    /// What each step took off it: the step's place and the amount.
    pub off: Vec<(i64, i64)>,
}

/// What took something off an order.
pub struct NewStep {
    /// `domain::quote::Cause`, `shipping_coupon` or `gift`.
    pub cause: &'static str,
    /// The promotion or coupon; 0 where there is none.
    pub about: i64,
    /// In the shop's language and in English.
    pub name: (String, String),
    /// What it was for cost before it, what it took off, and what is left of everything.
    pub matched: Money,
    pub off: Money,
    pub remains: Money,
}

/// Writes an order with its lines and first move, and tells it.
pub fn add(tx: &mut Tx, new: &NewOrder) -> Result<(), Failure> {
    static ORDERS: Insert = Insert::new(
        "orders (id, person_id, status, currency, subtotal, discount, shipping, tax, total,
                 group_buy_id, team_id, address, shipping_method_id, note, gift_message, visit_id,
                 created_at, pay_by, seq, tax_inside, shipping_tax_rate, shipping_tax_added,
                 shipping_tax_inside, terms, seller_id, commission_rate)",
        26,
    );
    static LINES: Insert = Insert::new(
        "order_lines (id, order_id, position, variant_id, product_id, title, variant_title, sku,
                      picture, ships, quantity, unit_price, discount, total, price_why,
                      price_list_id, ordinary_price, tax_rate, tax_added, tax_inside,
                      gift)",
        21,
    );
    if tx.gathers() && new.quote.total.is_zero() {
        gathered::know_new(tx, new);
    }
    let (quote, now) = (new.quote, tx.now);
    // Whoever orders agrees to what holds now.
    let terms = shop::get(tx)?.terms;
    tx.add(
        &ORDERS,
        vec![
            new.id.into(),
            new.person.into(),
            Status::PendingPayment.code().into(),
            quote.total.currency.code().into(),
            quote.subtotal.minor.into(),
            quote.discount.minor.into(),
            quote.shipping.minor.into(),
            quote.tax.minor.into(),
            quote.total.minor.into(),
            new.group_buy.into(),
            new.team.into(),
            serde_json::to_string(new.address)?.into(),
            new.shipping_method.into(),
            new.note.into(),
            new.gift_message.into(),
            new.visit.into(),
            now.into(),
            new.pay_by.into(),
            1_i64.into(),
            quote.tax_inside.minor.into(),
            quote.shipping_tax.rate.basis_points().into(),
            quote.shipping_tax.added.minor.into(),
            quote.shipping_tax.inside.minor.into(),
            terms.into(),
            new.seller.map(|(seller, _)| seller).into(),
            new.seller.map(|(_, rate)| rate.basis_points()).into(),
        ],
    )?;
    for (position, (line, priced)) in new.lines.iter().zip(&quote.lines).enumerate() {
        let id: Id<Line> = tx.id();
        tx.add(
            &LINES,
            vec![
                id.into(),
                new.id.into(),
                (position as i64).into(),
                priced.variant.into(),
                line.product.into(),
                (&line.title).into(),
                (&line.variant_title).into(),
                (&line.sku).into(),
                (&line.picture).into(),
                line.ships.into(),
                priced.quantity.count().into(),
                priced.unit.minor.into(),
                priced.discount.minor.into(),
                priced.total.minor.into(),
                line.chosen.why.code().into(),
                line.chosen.list.into(),
                line.chosen.ordinary.map(|money| money.minor).into(),
                priced.tax.rate.basis_points().into(),
                priced.tax.added.minor.into(),
                priced.tax.inside.minor.into(),
                line.gift.into(),
            ],
        )?;
        keep_shares(tx, id, line)?;
    }
    keep_steps(tx, new)?;
    tx.add(
        &MOVES,
        vec![
            new.id.into(),
            1_i64.into(),
            Value::Null,
            Status::PendingPayment.code().into(),
            new.by.actor.code().into(),
            new.by.person.into(),
            new.by.reason.into(),
            now.into(),
        ],
    )?;
    tx.tell(Fact::OrderMoved {
        order: new.id,
        person: new.person,
        seq: 1,
        from: None,
        to: Status::PendingPayment,
    })
}

/// What each step took off a line.
fn keep_shares(tx: &mut Tx, id: Id<Line>, line: &NewLine) -> Result<(), Failure> {
    static SHARES: Insert = Insert::new("order_line_discounts (line_id, position, amount)", 3);
    planted!("discount_shares_forgotten", return Ok(()));
    for (position, amount) in &line.off {
        tx.add(&SHARES, vec![id.into(), (*position).into(), (*amount).into()])?;
    }
    Ok(())
}

fn keep_steps(tx: &mut Tx, new: &NewOrder) -> Result<(), Failure> {
    static STEPS: Insert = Insert::new(
        "order_steps (order_id, position, cause, about_id, name, name_en, matched, off, remains)",
        9,
    );
    for (position, step) in new.steps.iter().enumerate() {
        tx.add(
            &STEPS,
            vec![
                new.id.into(),
                (position as i64).into(),
                step.cause.into(),
                step.about.into(),
                (&step.name.0).into(),
                (&step.name.1).into(),
                step.matched.minor.into(),
                step.off.minor.into(),
                step.remains.minor.into(),
            ],
        )?;
    }
    Ok(())
}
