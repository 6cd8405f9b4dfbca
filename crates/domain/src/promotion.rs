//! Promotions: what a merchant takes off when enough is bought, what goes together for one price,
//! and what comes with it as a gift.
//!
//! A price for a while and a price for a level are *price lists* (`price::list`): they decide what
//! one unit costs, and nothing else does. A promotion looks at the whole cart after that. It is for
//! what its *scope* matches, judged by published groups of customers and nothing else about a
//! person (RULES CN-PRO-11). Promotions of one *stack* never share a line: each line gets the one
//! that saves most; those of different stacks follow each other (MECHANICS §1.5).

use serde::{Deserialize, Serialize};

use crate::catalog::{Category, Product, Variant};
use crate::id::{Id, Kind};
use crate::moment::Moment;
use crate::money::Money;
use crate::price::list::{CustomerGroup, Goods};
use crate::quantity::Quantity;
use crate::rate::Rate;

mod bundle;
mod saving;

pub use bundle::{Sets, sets};
pub use saving::{Saving, saving};

/// A promotion.
pub struct Promotion;
impl Kind for Promotion {
    const PREFIX: &'static str = "prm";
}
crate::id::described!(Promotion);

/// The most steps of one promotion, kinds of goods of one bundle, and entries of a scope.
pub const MOST_STEPS: usize = 10;
pub const MOST_KINDS: usize = 20;
pub const MOST_SELECTORS: usize = 500;
/// The most a bundle costs, in minor units: as many as an order may hold stay an amount.
pub const DEAREST_BUNDLE: i64 = crate::money::LARGEST / Quantity::MOST;

/// Something goods are told by.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Selector {
    Product {
        product: Id<Product>,
    },
    Variant {
        variant: Id<Variant>,
    },
    /// What is below the category counts too.
    Category {
        category: Id<Category>,
    },
    Tag {
        tag: String,
    },
}

/// Which goods something is for: all that `include` names (everything when it is empty) but what
/// `exclude` names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = GoodsScope))]
pub struct Scope {
    #[serde(default)]
    pub include: Vec<Selector>,
    #[serde(default)]
    pub exclude: Vec<Selector>,
}

/// One thing a scope is held against.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    pub product: Id<Product>,
    pub variant: Id<Variant>,
    pub goods: &'a Goods,
}

impl Selector {
    pub fn names(&self, item: &Item) -> bool {
        match self {
            Selector::Product { product } => *product == item.product,
            Selector::Variant { variant } => *variant == item.variant,
            Selector::Category { category } => item.goods.categories.contains(category),
            Selector::Tag { tag } => item.goods.tags.contains(tag),
        }
    }
}

impl Scope {
    pub fn holds_for(&self, item: &Item) -> bool {
        let named = |list: &[Selector]| list.iter().any(|selector| selector.names(item));
        (self.include.is_empty() || named(&self.include)) && !named(&self.exclude)
    }

    pub fn is_small_enough(&self) -> bool {
        self.include.len() <= MOST_SELECTORS && self.exclude.len() <= MOST_SELECTORS
    }
}

/// What a campaign's price goes together with. Unless it says so: with nothing (MECHANICS §1.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Combines {
    #[serde(default)]
    pub promotions: bool,
    #[serde(default)]
    pub coupons: bool,
    #[serde(default)]
    pub points: bool,
    /// Whether whoever brought the buyer gets a commission for it.
    #[serde(default)]
    pub commissions: bool,
}

impl Combines {
    /// What ordinary goods go together with.
    pub const ALL: Combines =
        Combines { promotions: true, coupons: true, points: true, commissions: true };
}

/// How much has to be bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Threshold {
    /// So many minor units of matched goods, as they cost at this step of the price order.
    Amount { minor: i64 },
    /// So many pieces of them.
    Pieces { count: i64 },
}

impl Threshold {
    fn size(self) -> i64 {
        match self {
            Threshold::Amount { minor: size } | Threshold::Pieces { count: size } => size,
        }
    }
}

/// What is taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Off {
    /// So many minor units.
    Amount { minor: i64 },
    /// A part of the matched goods, in basis points, and at most so much.
    Part {
        #[cfg_attr(feature = "schema", schema(value_type = i64))]
        rate: Rate,
        #[serde(default)]
        most: Option<i64>,
    },
}

impl Off {
    /// What it takes off goods that cost `amount`: never more than they do.
    pub fn of(self, amount: Money) -> Money {
        let off = match self {
            Off::Amount { minor } => Money::new(minor, amount.currency),
            Off::Part { rate, most } => {
                let off = rate.of(amount);
                most.map_or(off, |most| off.least(Money::new(most, amount.currency)))
            }
        };
        off.least(amount)
    }

    /// Whether it takes something off, and not everything by a slip of the pen.
    pub fn is_sensible(self) -> bool {
        match self {
            Off::Amount { minor } => (1..=crate::money::LARGEST).contains(&minor),
            Off::Part { rate, most } => {
                (1..10_000).contains(&rate.basis_points()) && most.is_none_or(|most| most > 0)
            }
        }
    }
}

/// One step of a promotion: from so much on, so much less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = SavingStep))]
pub struct Step {
    pub from: Threshold,
    pub off: Off,
}

/// So many of one variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = PromotionPart))]
pub struct Part {
    pub variant: Id<Variant>,
    #[cfg_attr(feature = "schema", schema(value_type = i64))]
    pub quantity: Quantity,
}

/// What a promotion does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = PromotionEffect))]
pub enum Effect {
    /// Spend and save (满减, 满折): the highest step that is reached holds. A single step may hold
    /// once for every so much (每满).
    SpendAndSave {
        steps: Vec<Step>,
        #[serde(default)]
        for_every: bool,
    },
    /// These together cost `price` in minor units, as often as they are all there, at most so many
    /// times an order.
    Bundle { parts: Vec<Part>, price: i64, most: i64 },
    /// From so much on, these come along for nothing; `most` times an order when for every so much.
    Gift { from: Threshold, parts: Vec<Part>, most: i64 },
}

/// A promotion as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub id: Id<Promotion>,
    pub scope: Scope,
    pub starts_at: Moment,
    pub ends_at: Moment,
    /// Whose it is; everybody's when empty.
    pub groups: Vec<Id<CustomerGroup>>,
    /// Promotions of the same stack never share a line.
    pub stack: String,
    /// The higher comes first.
    pub priority: i64,
    pub effect: Effect,
}

/// Which setting of a promotion cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadPromotion {
    /// The end comes after the start.
    Dates,
    /// One to ten steps of one kind, each larger and no less generous than the one before.
    Steps,
    /// *For every* goes with a single step that takes an amount off.
    ForEvery,
    /// Two to twenty different variants make a bundle, one to twenty a gift.
    Parts,
    /// A bundle costs something.
    Price,
    /// One to 9,999 times an order.
    Most,
    /// At most five hundred entries.
    Scope,
}

impl Rule {
    /// Whether it holds at this moment for somebody of these groups: from its beginning until just
    /// before its end.
    pub fn is_on(&self, groups: &[Id<CustomerGroup>], now: Moment) -> bool {
        let mine = self.groups.is_empty() || self.groups.iter().any(|one| groups.contains(one));
        mine && self.starts_at <= now && now < self.ends_at
    }

    /// Whether these settings make a promotion.
    pub fn check(&self) -> Result<(), BadPromotion> {
        if self.starts_at >= self.ends_at {
            return Err(BadPromotion::Dates);
        }
        if !self.scope.is_small_enough() {
            return Err(BadPromotion::Scope);
        }
        match &self.effect {
            Effect::SpendAndSave { steps, for_every } => check_steps(steps, *for_every),
            Effect::Bundle { parts, price, most } => {
                check_parts(parts, 2)?;
                check_most(*most)?;
                let right = (1..=DEAREST_BUNDLE).contains(price);
                if right { Ok(()) } else { Err(BadPromotion::Price) }
            }
            Effect::Gift { from, parts, most } => {
                check_parts(parts, 1)?;
                check_most(*most)?;
                if from.size() < 1 { Err(BadPromotion::Steps) } else { Ok(()) }
            }
        }
    }
}

fn check_steps(steps: &[Step], for_every: bool) -> Result<(), BadPromotion> {
    let sensible = |step: &Step| step.from.size() >= 1 && step.off.is_sensible() && affords(step);
    if !(1..=MOST_STEPS).contains(&steps.len()) || !steps.iter().all(sensible) {
        return Err(BadPromotion::Steps);
    }
    if for_every && !matches!(steps, [Step { off: Off::Amount { .. }, .. }]) {
        return Err(BadPromotion::ForEvery);
    }
    let grows = |pair: &[Step]| {
        let alike = std::mem::discriminant(&pair[0].from) == std::mem::discriminant(&pair[1].from);
        let more = match (pair[0].off, pair[1].off) {
            (Off::Amount { minor: less }, Off::Amount { minor: more }) => less < more,
            (Off::Part { rate: less, .. }, Off::Part { rate: more, .. }) => less < more,
            _ => false,
        };
        alike && more && pair[0].from.size() < pair[1].from.size()
    };
    if steps.windows(2).all(grows) { Ok(()) } else { Err(BadPromotion::Steps) }
}

/// Whoever spends an amount saves less than it.
fn affords(step: &Step) -> bool {
    match (step.from, step.off) {
        (Threshold::Amount { minor }, Off::Amount { minor: off }) => off < minor,
        _ => true,
    }
}

fn check_parts(parts: &[Part], least: usize) -> Result<(), BadPromotion> {
    let twice = |at: usize| parts[..at].iter().any(|part| part.variant == parts[at].variant);
    let right = (least..=MOST_KINDS).contains(&parts.len()) && !(0..parts.len()).any(twice);
    if right { Ok(()) } else { Err(BadPromotion::Parts) }
}

fn check_most(most: i64) -> Result<(), BadPromotion> {
    if (1..=Quantity::MOST).contains(&most) { Ok(()) } else { Err(BadPromotion::Most) }
}

#[cfg(test)]
mod tests;
