//! Stock: promising units to orders, and what staff change.

use std::collections::BTreeSet;

use describe::ToSchema;
use domain::catalog::Variant;
use domain::event::Fact;
use domain::id::Id;
use domain::inventory::{Cause, Refusal, Stock};
use domain::moment::Moment;
use domain::order::Order;
use domain::person::{Permission, Person};
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor, staff_act};

mod store;

/// Who or what moves units.
#[derive(Clone, Debug, Default)]
pub struct Why {
    pub order: Option<Id<Order>>,
    pub actor: Option<Id<Person>>,
    pub reason: String,
}

/// Where an order's units come from, and go back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The ordinary stock.
    Available,
    /// What a campaign has set aside.
    SetAside,
    /// A variant whose stock is not counted.
    Made,
}

impl Source {
    fn code(self) -> &'static str {
        match self {
            Source::Available => "available",
            Source::SetAside => "set_aside",
            Source::Made => "made",
        }
    }

    fn parse(code: &str) -> Source {
        match code {
            "set_aside" => Source::SetAside,
            "made" => Source::Made,
            _ => Source::Available,
        }
    }
}

/// A promise of units to an order.
#[derive(Clone, Debug)]
pub struct Reserved {
    pub variant: Id<Variant>,
    pub quantity: i64,
    pub source: Source,
}

/// Moves `n` units in one conditional statement, or says how many there are.
pub fn shift(
    tx: &mut Tx,
    variant: Id<Variant>,
    cause: Cause,
    n: i64,
    why: &Why,
) -> Result<(), Failure> {
    assert!(n > 0, "moving nothing is no move");
    if tx.gathers() {
        let known = stock_name(variant);
        let stock = match tx.recall::<Stock>(&known) {
            Some(stock) => stock,
            None => store::find_locked(tx, variant)?,
        };
        let after = stock.moved(cause, n);
        planted!("lane_looks_away", {
            if after.is_err() {
                return store::add_move(tx, variant, cause, n, why);
            }
        });
        tx.keep_in_mind(known, after?);
        store::add_up(tx, variant, cause.change(n));
    } else if !store::shift(tx, variant, cause.change(n))? {
        let stock = store::find(tx, variant)?;
        let left = match stock.moved(cause, n) {
            Err(Refusal::OnlyLeft(left)) => left,
            _ => stock.available,
        };
        return Err(Refusal::OnlyLeft(left).into());
    }
    store::add_move(tx, variant, cause, n, why)
}

fn stock_name(variant: Id<Variant>) -> String {
    format!("stock {}", variant.0)
}

/// Locks the stock of these variants, in their fixed order, for a batch of decisions.
pub(crate) fn gather(tx: &mut Tx, variants: &BTreeSet<Id<Variant>>) -> Result<(), Failure> {
    for (variant, stock) in store::find_all_locked(tx, variants)? {
        tx.keep_in_mind(stock_name(variant), stock);
    }
    Ok(())
}

/// The same for what is promised to these orders.
pub(crate) fn gather_promised(tx: &mut Tx, orders: &BTreeSet<Id<Order>>) -> Result<(), Failure> {
    let variants = store::gather_active(tx, orders)?;
    gather(tx, &variants)
}

/// How many units of a variant are available, as far as a batch of decisions knows.
pub(crate) fn gathered(tx: &Tx, variant: Id<Variant>) -> Option<i64> {
    tx.recall::<Stock>(&stock_name(variant)).map(|stock| stock.available)
}

/// Promises units to an order until `expires_at`.
pub fn reserve(
    tx: &mut Tx,
    order: Id<Order>,
    reserved: &Reserved,
    expires_at: Moment,
) -> Result<(), Failure> {
    let cause = match reserved.source {
        Source::Available => Cause::Reserve,
        Source::SetAside => Cause::ReserveSetAside,
        Source::Made => Cause::Make,
    };
    let why = Why { order: Some(order), ..Why::default() };
    shift(tx, reserved.variant, cause, reserved.quantity, &why)?;
    store::add_reservation(tx, order, reserved, expires_at)
}

/// The order was paid: what was promised is sold.
pub fn claim(tx: &mut Tx, order: Id<Order>) -> Result<(), Failure> {
    let why = Why { order: Some(order), ..Why::default() };
    for reserved in store::end_reservations(tx, order, "claimed")? {
        shift(tx, reserved.variant, Cause::Claim, reserved.quantity, &why)?;
        store::add_sold(tx, reserved.variant, reserved.quantity)?;
    }
    Ok(())
}

/// The order ended unpaid: what was promised is free again. What was set aside goes back there
/// while `campaign_on`, else to everybody. Says what was released.
pub fn release(tx: &mut Tx, order: Id<Order>, campaign_on: bool) -> Result<Vec<Reserved>, Failure> {
    let why = Why { order: Some(order), ..Why::default() };
    let released = store::end_reservations(tx, order, "released")?;
    planted!("stock_kept_at_expiry", return Ok(released));
    for reserved in &released {
        let cause = match reserved.source {
            Source::Made => Cause::Unmake,
            Source::SetAside if campaign_on => Cause::ReleaseSetAside,
            _ => Cause::Release,
        };
        shift(tx, reserved.variant, cause, reserved.quantity, &why)?;
    }
    Ok(released)
}

/// A paid order is refunded before it was shipped: its units can be sold again. Says what came
/// back.
pub fn restock(tx: &mut Tx, order: Id<Order>, campaign_on: bool) -> Result<Vec<Reserved>, Failure> {
    let why = Why { order: Some(order), ..Why::default() };
    let back = store::claimed(tx, order)?;
    for reserved in &back {
        let cause = match reserved.source {
            Source::SetAside if campaign_on => Cause::RestockSetAside,
            _ => Cause::Restock,
        };
        shift(tx, reserved.variant, cause, reserved.quantity, &why)?;
        store::add_sold(tx, reserved.variant, -reserved.quantity)?;
    }
    store::mark_restocked(tx, order)?;
    Ok(back)
}

/// How units of a line came back.
pub(crate) struct Back {
    pub variant: Id<Variant>,
    pub line: Id<domain::order::Line>,
    pub sellable: i64,
    pub damaged: i64,
}

/// Units of a shipped order are back: those that are fine can be sold again, by the campaign they
/// came from while it is on; those that are not are lost. Says where they came from.
pub(crate) fn take_back(
    tx: &mut Tx,
    back: &Back,
    campaign_on: bool,
    why: &Why,
) -> Result<Source, Failure> {
    let order = why.order.ok_or(Failure::NotFound)?;
    if !store::add_back(tx, back.line, back.sellable, back.damaged)? {
        return Err(Refusal::BadQuantity.into());
    }
    let source = store::source_of(tx, order, back.variant)?;
    if back.sellable > 0 {
        let cause = match source {
            Source::SetAside if campaign_on => Cause::RestockSetAside,
            _ => Cause::Restock,
        };
        shift(tx, back.variant, cause, back.sellable, why)?;
    }
    planted!("damaged_goods_sold_again", {
        if back.damaged > 0 {
            shift(tx, back.variant, Cause::Restock, back.damaged, why)?;
        }
        return Ok(source);
    });
    if back.damaged > 0 {
        shift(tx, back.variant, Cause::Spoil, back.damaged, why)?;
    }
    store::add_sold(tx, back.variant, -(back.sellable + back.damaged))?;
    Ok(source)
}

/// Keeps units that are to be sent instead of others.
pub(crate) fn keep(tx: &mut Tx, variant: Id<Variant>, n: i64, why: &Why) -> Result<(), Failure> {
    let counted = store::is_counted(tx, variant)?;
    shift(tx, variant, if counted { Cause::Reserve } else { Cause::Make }, n, why)
}

/// They are not sent after all.
pub(crate) fn let_go(tx: &mut Tx, variant: Id<Variant>, n: i64, why: &Why) -> Result<(), Failure> {
    let counted = store::is_counted(tx, variant)?;
    shift(tx, variant, if counted { Cause::Release } else { Cause::Unmake }, n, why)
}

/// They are sent.
pub(crate) fn send(tx: &mut Tx, variant: Id<Variant>, n: i64, why: &Why) -> Result<(), Failure> {
    shift(tx, variant, Cause::Claim, n, why)?;
    store::add_sold(tx, variant, n)
}

/// What was paid for is of another variant from now on: `n` units of `to` are sold instead.
pub(crate) fn swap(
    tx: &mut Tx,
    order: Id<Order>,
    (from, to): (Id<Variant>, Id<Variant>),
    n: i64,
    actor: Id<Person>,
) -> Result<(), Failure> {
    gather(tx, &BTreeSet::from([from, to]))?;
    let why = Why { order: Some(order), actor: Some(actor), reason: String::new() };
    keep(tx, to, n, &why)?;
    send(tx, to, n, &why)?;
    shift(tx, from, Cause::Restock, n, &why)?;
    store::add_sold(tx, from, -n)?;
    let source = if store::is_counted(tx, to)? { Source::Available } else { Source::Made };
    store::move_claimed(tx, order, (from, to), source)
}

/// How many units are available, which nobody changes meanwhile.
pub(crate) fn level(tx: &mut Tx, variant: Id<Variant>) -> Result<i64, Failure> {
    Ok(store::find_locked(tx, variant)?.available)
}

/// Sets how many units are available, as a product file says it. Nothing moves when it is so.
pub fn set_level(
    tx: &mut Tx,
    variant: Id<Variant>,
    level: i64,
    actor: Option<Id<Person>>,
    reason: &str,
) -> Result<bool, Failure> {
    let change = level - store::find_locked(tx, variant)?.available;
    if change == 0 {
        return Ok(false);
    }
    let why = Why { order: None, actor, reason: reason.to_string() };
    let cause = if change > 0 { Cause::Receive } else { Cause::Lose };
    shift(tx, variant, cause, change.abs(), &why)?;
    Ok(true)
}

/// A correction by staff.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Adjust {
    pub variant: Id<Variant>,
    /// How many came (positive) or are gone (negative).
    pub change: i64,
    pub reason: String,
}

/// Stock of one variant.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct StockView {
    pub variant: Id<Variant>,
    pub product: Id<domain::catalog::Product>,
    pub handle: String,
    pub title: String,
    pub variant_title: String,
    pub sku: String,
    pub tracked: bool,
    pub stock: Stock,
}

/// One move of units.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = StockMove)]
pub struct MoveView {
    /// Its number, for paging.
    pub id: String,
    pub variant: Id<Variant>,
    pub title: String,
    pub cause: Cause,
    pub change: Stock,
    pub order: Option<Id<Order>>,
    pub actor: Option<String>,
    pub reason: String,
    pub at: Moment,
}

/// Corrects the stock of a variant.
pub fn adjust(app: &App, visitor: &Visitor, adjust: Adjust) -> Result<StockView, Failure> {
    let counter = visitor.counter(Permission::Stock)?;
    let actor = counter.person;
    let reason = domain::text::one_line(&adjust.reason);
    if reason.is_empty() {
        return Err(Refusal::NoReason.into());
    }
    if adjust.change == 0 || adjust.change.abs() > 1_000_000 {
        return Err(Refusal::BadQuantity.into());
    }
    let answer = app.once(visitor, "stock.adjust", |tx| {
        store::find(tx, adjust.variant)?;
        counter.sees(store::seller_of(tx, adjust.variant)?)?;
        let why = Why { order: None, actor: Some(actor), reason: reason.clone() };
        let cause = if adjust.change > 0 { Cause::Receive } else { Cause::Lose };
        shift(tx, adjust.variant, cause, adjust.change.abs(), &why)?;
        let detail = format!("{:+} {reason}", adjust.change);
        staff_act::record(tx, actor, "stock.adjust", ("variant", adjust.variant.0), &detail)?;
        tx.tell(Fact::StockChanged { variant: adjust.variant })?;
        let effect: Id<domain::event::Event> = tx.id();
        Ok((store::view(tx, adjust.variant)?, effect.0))
    })?;
    Ok(answer.value)
}

/// Stock of one variant.
pub fn get(app: &App, visitor: &Visitor, variant: Id<Variant>) -> Result<StockView, Failure> {
    let counter = visitor.counter_reader(Permission::Stock)?;
    app.read(|tx| {
        let view = store::view(tx, variant)?;
        counter.sees(store::seller_of(tx, variant)?)?;
        Ok(view)
    })
}

/// Stock of every variant whose title, SKU or handle contains `query`, after `after` in the list.
pub fn list(
    app: &App,
    visitor: &Visitor,
    query: &str,
    after: Option<Id<Variant>>,
    limit: i64,
) -> Result<Vec<StockView>, Failure> {
    let counter = visitor.counter_reader(Permission::Stock)?;
    app.read(|tx| store::list(tx, query, counter.seller, after, limit))
}

/// The latest moves, of one variant or all, before `before`.
pub fn moves(
    app: &App,
    visitor: &Visitor,
    variant: Option<Id<Variant>>,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<MoveView>, Failure> {
    let counter = visitor.counter_reader(Permission::Stock)?;
    app.read(|tx| {
        if let (Some(_), Some(variant)) = (counter.seller, variant) {
            counter.sees(store::seller_of(tx, variant)?)?;
        }
        store::moves(tx, variant, counter.seller, before, limit)
    })
}
