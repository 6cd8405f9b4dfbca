//! Flash sales as they are looked at.

use std::collections::HashMap;

use describe::ToSchema;
use domain::campaign::{Campaign, Mechanic, Status};
use domain::catalog::{Product, Variant};
use domain::flash_sale::Phase;
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::money::Money;
use serde::{Deserialize, Serialize};

use super::{phase, seen, slots, store, terms};
use crate::campaign;
use crate::catalog::variants_for_sale;
use crate::db::Tx;
use crate::failure::Failure;
use crate::flash_sale::wait::{WaitView, waits};
use crate::{App, Visitor};

/// Where a flash sale stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FlashStage {
    /// Its next slot is not announced yet.
    Before,
    /// Its next slot is announced.
    Preheat,
    On,
    Paused,
    Over,
}

/// Hours in which it sells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = FlashSlotView)]
pub struct SlotView {
    pub from: Moment,
    pub until: Moment,
    pub on: bool,
    /// The visitor is told when it begins.
    pub reminded: bool,
}

/// What a flash sale offers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FlashGoods {
    pub variant: Id<Variant>,
    pub product: Id<Product>,
    pub handle: String,
    pub title: String,
    pub variant_title: String,
    pub picture: String,
    pub price: Money,
    pub ordinary_price: Money,
    /// How many were set aside for it; none where it sells from the ordinary stock.
    pub quota: Option<i64>,
    /// How many of them are free now, those kept for whoever's turn it is not counted.
    pub left: Option<i64>,
    /// The visitor's place among those who wait.
    pub waiting: Option<WaitView>,
}

/// A flash sale as everybody sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = FlashSale)]
pub struct FlashSaleView {
    pub campaign: Id<Campaign>,
    pub title: String,
    pub copy: String,
    pub picture: String,
    pub stage: FlashStage,
    pub starts_at: Moment,
    pub ends_at: Moment,
    /// The slot that is on and those that come.
    pub slots: Vec<SlotView>,
    pub per_order: i64,
    pub per_person: i64,
    /// How long an order is held for its payment, in microseconds.
    #[schema(value_type = i64)]
    pub pay_window: Span,
    /// Whether those who come too late may wait.
    pub queue: bool,
    /// How many units the visitor has of it.
    pub has: i64,
    pub goods: Vec<FlashGoods>,
    pub server_time: Moment,
}

/// How many slots are shown.
const SHOWN: usize = 6;

/// A flash sale, for whoever may see it.
pub fn get(app: &App, visitor: &Visitor, id: Id<Campaign>) -> Result<FlashSaleView, Failure> {
    let person = visitor.reader().ok();
    app.read(|tx| {
        let found = seen(tx, id, person)?;
        let terms = terms(&found)?;
        let now = tx.now;
        let (phase, _) = phase(&found, now)?;
        let stage = match (found.campaign.status_at(now), phase) {
            (Status::Paused, _) => FlashStage::Paused,
            (_, Phase::Before(_)) => FlashStage::Before,
            (_, Phase::Preheat(_)) => FlashStage::Preheat,
            (_, Phase::On(_)) => FlashStage::On,
            (_, Phase::Over) => FlashStage::Over,
        };
        let (reminded, mut waiting, has) = match person {
            Some(person) => (
                store::reminded(tx, id, person)?,
                waits(tx, id, person)?,
                campaign::units::holds(tx, id, person)?,
            ),
            None => (Vec::new(), Vec::new(), 0),
        };
        let times = match stage {
            FlashStage::Over => Vec::new(),
            _ => slots(&found, now, SHOWN)?,
        };
        let slot = |(from, until): (Moment, Moment)| {
            let (on, reminded) = (from <= now, reminded.contains(&from));
            SlotView { from, until, on, reminded }
        };
        let offered = store::goods(tx, id)?;
        let variants: Vec<Id<Variant>> = offered.iter().map(|one| one.variant).collect();
        let for_sale = variants_for_sale(tx, &variants, &visitor.locale)?;
        let goods = offered.into_iter().filter_map(|one| {
            let goods = for_sale.iter().find(|goods| goods.variant == one.variant)?;
            let at = waiting.iter().position(|row| row.variant == one.variant);
            Some(FlashGoods {
                variant: one.variant,
                product: goods.product,
                handle: goods.handle.clone(),
                title: goods.title.clone(),
                variant_title: goods.variant_title.clone(),
                picture: goods.picture.clone(),
                price: one.price,
                ordinary_price: goods.price,
                quota: one.quota,
                left: one.left.map(|left| left.max(0)),
                waiting: at.map(|at| waiting.remove(at)),
            })
        });
        Ok(FlashSaleView {
            campaign: id,
            title: found.campaign.frame.title.clone(),
            copy: found.creative.copy.clone(),
            picture: found.creative.picture.clone(),
            stage,
            starts_at: found.campaign.starts_at,
            ends_at: found.campaign.ends_at,
            slots: times.into_iter().map(slot).collect(),
            per_order: terms.per_order,
            per_person: terms.per_person,
            pay_window: terms.pay_window,
            queue: terms.queue,
            has,
            goods: goods.collect(),
            server_time: now,
        })
    })
}

/// What changes on everybody's page of a sale: where it stands and what is left. Looked at once for
/// all who ask within a moment.
pub fn figures(app: &App, id: Id<Campaign>) -> Result<Vec<i64>, Failure> {
    let name = format!("flash figures {}", id.0);
    app.read_prepared(&Visitor::default(), &name, |tx| {
        let found = campaign::find(tx, id)?;
        let now = tx.now;
        let (stage, slot) = phase(&found, now)?;
        let on = i64::from(matches!(stage, Phase::On(_)));
        let mut figures = vec![on, slot.0.0, i64::from(found.is_running(now))];
        figures.extend(store::goods(tx, id)?.iter().map(|one| one.left.unwrap_or(-1)));
        figures.push(store::last_moved(tx, id)?);
        Ok(figures)
    })
}

/// A price of a flash sale that is on.
#[derive(Clone, Debug, PartialEq)]
pub struct RunningPrice {
    pub campaign: Id<Campaign>,
    pub price: Money,
    pub until: Moment,
    pub left: Option<i64>,
}

/// What these variants cost in flash sales that are on now, for a visitor: the lowest of each.
pub fn running_prices(
    app: &App,
    visitor: &Visitor,
    variants: &[Id<Variant>],
) -> Result<HashMap<Id<Variant>, RunningPrice>, Failure> {
    if !app.has_campaigns(visitor, Mechanic::FlashSale)? {
        return Ok(HashMap::new());
    }
    app.read(|tx| offered_at(tx, visitor, variants))
}

/// The same inside a transaction.
pub fn offered_at(
    tx: &mut Tx,
    visitor: &Visitor,
    variants: &[Id<Variant>],
) -> Result<HashMap<Id<Variant>, RunningPrice>, Failure> {
    let person = visitor.person.as_ref().map(|person| person.id);
    let mut prices: HashMap<Id<Variant>, RunningPrice> = HashMap::new();
    for found in campaign::open(tx, Mechanic::FlashSale)? {
        let (Phase::On(until), true) = (phase(&found, tx.now)?.0, campaign::sees(&found, person))
        else {
            continue;
        };
        for one in store::goods(tx, found.id())? {
            let sold_out = one.left.is_some_and(|left| left < 1);
            let known = prices.get(&one.variant);
            let better = known.is_none_or(|known| one.price.minor < known.price.minor);
            if variants.contains(&one.variant) && better && !sold_out {
                let (campaign, price) = (found.id(), one.price);
                let running = RunningPrice { campaign, price, until, left: one.left };
                prices.insert(one.variant, running);
            }
        }
    }
    Ok(prices)
}
