//! Price lists: which price holds for somebody, for so many, now, and why.
//!
//! A campaign's price stands alone. Otherwise the lowest holds of the ordinary price and of what
//! every list in force says to this buyer for this quantity; of two alike, the list of the higher
//! priority, then the older one. Nothing is taken off twice.

use serde::{Deserialize, Serialize};

use crate::catalog::Category;
use crate::id::{Id, Kind};
use crate::moment::Moment;
use crate::money::{Currency, Money};
use crate::rate::Rate;

/// A list of prices.
pub struct PriceList;
impl Kind for PriceList {
    const PREFIX: &'static str = "prl";
}
crate::id::described!(PriceList);

/// Customers who have prices of their own.
pub struct CustomerGroup;
impl Kind for CustomerGroup {
    const PREFIX: &'static str = "cgr";
}
crate::id::described!(CustomerGroup);

/// What a percentage is taken off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = PriceCut))]
pub enum Over {
    Everything,
    /// What is below the category counts too.
    Category {
        category: Id<Category>,
    },
    Tag {
        tag: String,
    },
}

/// A percentage off the ordinary price, from so many of one variant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = PriceListCut))]
pub struct Cut {
    pub over: Over,
    /// In basis points: 1000 is 10 %.
    #[cfg_attr(feature = "schema", schema(value_type = i64))]
    pub off: Rate,
    #[serde(default = "one")]
    pub from: i64,
}

fn one() -> i64 {
    1
}

/// What one costs from so many of a variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = QuantityPrice))]
pub struct Tier {
    pub from: i64,
    /// In minor units of the list's currency.
    pub price: i64,
}

/// A list without its fixed prices, which are read for what is bought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    pub id: Id<PriceList>,
    pub currency: Currency,
    /// Whose prices they are; everybody's when empty.
    pub groups: Vec<Id<CustomerGroup>>,
    pub starts_at: Option<Moment>,
    pub ends_at: Option<Moment>,
    pub priority: i64,
    pub cuts: Vec<Cut>,
}

/// What kind of list it is, by what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = PriceBecause))]
pub enum Why {
    /// The price the product itself has, or its own price in another currency.
    Ordinary,
    /// A list for everybody, for as long as it is there.
    List,
    /// A list for some groups of customers.
    Level,
    /// A list for everybody, for a while.
    Limited,
    /// A group buy's price.
    Campaign,
    /// What a member of staff agreed with the buyer.
    Agreed,
}

impl Why {
    pub const ALL: [Why; 6] =
        [Why::Ordinary, Why::List, Why::Level, Why::Limited, Why::Campaign, Why::Agreed];

    pub fn code(self) -> &'static str {
        match self {
            Why::Ordinary => "ordinary",
            Why::List => "list",
            Why::Level => "level",
            Why::Limited => "limited",
            Why::Campaign => "campaign",
            Why::Agreed => "agreed",
        }
    }

    pub fn parse(code: &str) -> Option<Why> {
        Why::ALL.into_iter().find(|why| why.code() == code)
    }
}

impl List {
    /// Whether it says anything at this moment: from its beginning, until just before its end.
    pub fn is_on(&self, now: Moment) -> bool {
        self.starts_at.is_none_or(|from| from <= now) && self.ends_at.is_none_or(|end| now < end)
    }

    /// Whether it is for somebody who is in these groups.
    pub fn is_for(&self, groups: &[Id<CustomerGroup>]) -> bool {
        self.groups.is_empty() || self.groups.iter().any(|group| groups.contains(group))
    }

    pub fn why(&self) -> Why {
        match (self.groups.is_empty(), self.starts_at.is_none() && self.ends_at.is_none()) {
            (false, _) => Why::Level,
            (true, false) => Why::Limited,
            (true, true) => Why::List,
        }
    }

    /// Whether a fixed price in it is what goods ordinarily cost in its currency.
    fn is_ordinary(&self) -> bool {
        self.why() == Why::List
    }
}

/// What lists can tell a variant by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Goods {
    /// Its product's categories with all that is above them.
    pub categories: Vec<Id<Category>>,
    pub tags: Vec<String>,
    /// The fixed prices lists have for it.
    pub fixed: Vec<(Id<PriceList>, Tier)>,
}

impl Cut {
    /// Whether it is taken off these goods.
    pub fn holds_for(&self, goods: &Goods) -> bool {
        match &self.over {
            Over::Everything => true,
            Over::Category { category } => goods.categories.contains(category),
            Over::Tag { tag } => goods.tags.contains(tag),
        }
    }
}

/// Somebody who asks what something costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asking<'a> {
    pub groups: &'a [Id<CustomerGroup>],
    pub currency: Currency,
    pub now: Moment,
}

/// The price that holds, and how it came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen {
    pub unit: Money,
    /// What it costs without any list for some or for a while.
    pub ordinary: Option<Money>,
    pub why: Why,
    pub list: Option<Id<PriceList>>,
    /// The quantity from which the list says so.
    pub from: i64,
}

/// What goods ordinarily cost in a currency: the price `base` they have in it, or for another
/// currency than the shop's own the fixed price for one that a list for everybody and always has.
fn ordinary(
    base: Option<Money>,
    own: bool,
    lists: &[List],
    goods: &Goods,
    asking: &Asking,
) -> Option<Money> {
    if own {
        return base;
    }
    let always = |list: &&List| list.currency == asking.currency && list.is_ordinary();
    let fixed = |list: &List| {
        let tiers = goods.fixed.iter().filter(|(id, tier)| *id == list.id && tier.from <= 1);
        tiers.map(|(_, tier)| tier.price).min()
    };
    let written = lists.iter().filter(always).filter_map(fixed).min();
    written.map(|minor| Money::new(minor, asking.currency)).or(base)
}

/// The price for `quantity` of one variant. `base` is what the product itself says, in the asked
/// currency: its price, or its price as converted, for which `own` is false. None where nothing
/// gives it a price in that currency: it is not for sale in it.
pub fn choose(
    base: Option<Money>,
    own: bool,
    lists: &[List],
    goods: &Goods,
    quantity: i64,
    asking: &Asking,
) -> Option<Chosen> {
    let ordinary = ordinary(base, own, lists, goods, asking);
    let mut best = ordinary.map(|unit| Chosen {
        unit,
        ordinary: Some(unit),
        why: Why::Ordinary,
        list: None,
        from: 1,
    });
    let mut rank = (i64::MIN, i64::MIN);
    for list in lists.iter().filter(|list| list.is_on(asking.now) && list.is_for(asking.groups)) {
        for (from, unit) in said(list, goods, ordinary, quantity, asking.currency) {
            // Its priority, and of two alike the older list.
            let this = (list.priority, -list.id.0);
            let better = match &best {
                None => true,
                Some(best) if unit.minor != best.unit.minor => unit.minor < best.unit.minor,
                Some(best) => best.list.is_some() && this > rank,
            };
            if better {
                let list_id = Some(list.id);
                best = Some(Chosen { unit, ordinary, why: list.why(), list: list_id, from });
                rank = this;
            }
        }
    }
    best
}

/// What a list says one costs: its fixed price for this quantity, and what it takes off.
fn said(
    list: &List,
    goods: &Goods,
    ordinary: Option<Money>,
    quantity: i64,
    currency: Currency,
) -> Vec<(i64, Money)> {
    let fits = |from: i64| from <= quantity;
    let fixed = goods
        .fixed
        .iter()
        .filter(|(id, tier)| list.currency == currency && *id == list.id && fits(tier.from));
    let fixed = fixed.max_by_key(|(_, tier)| tier.from);
    let fixed = fixed.map(|(_, tier)| (tier.from, Money::new(tier.price, currency)));
    let cuts = list.cuts.iter().filter(|cut| fits(cut.from) && cut.holds_for(goods));
    let cuts = cuts.filter_map(|cut| Some((cut.from, cut.off, ordinary?)));
    let cuts = cuts.map(|(from, off, price)| (from, price.minus(off.of(price))));
    fixed.into_iter().chain(cuts).collect()
}

/// What one costs from which quantity on, for as long as more makes it cheaper; begins at one.
pub fn tiers(
    base: Option<Money>,
    own: bool,
    lists: &[List],
    goods: &Goods,
    asking: &Asking,
) -> Vec<(i64, Chosen)> {
    let cuts = lists.iter().flat_map(|list| list.cuts.iter().map(|cut| cut.from));
    let fixed = goods.fixed.iter().map(|(_, tier)| tier.from);
    let mut steps: Vec<i64> = fixed.chain(cuts).chain([1]).filter(|from| *from >= 1).collect();
    steps.sort_unstable();
    steps.dedup();
    let mut tiers: Vec<(i64, Chosen)> = Vec::new();
    for from in steps {
        let Some(chosen) = choose(base, own, lists, goods, from, asking) else { continue };
        if tiers.last().is_none_or(|(_, before)| chosen.unit.minor < before.unit.minor) {
            tiers.push((from, chosen));
        }
    }
    tiers
}

/// How amounts of the shop's own currency are turned into another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = ConversionRate))]
pub struct Conversion {
    /// How much of the other currency one of the shop's own buys, in millionths.
    pub micros: i64,
    /// The result is rounded half up to a multiple of so many minor units.
    pub step: i64,
}

impl Conversion {
    pub fn is_possible(&self) -> bool {
        (1..=1_000_000_000_000).contains(&self.micros) && (1..=1_000_000).contains(&self.step)
    }

    /// The amount in the other currency; what costs something never becomes free. None where it is
    /// too large.
    pub fn of(&self, amount: Money, to: Currency) -> Option<Money> {
        let ten = |n: u32| 10_i128.pow(n);
        let up = i128::from(amount.minor) * i128::from(self.micros) * ten(to.decimals());
        let step = i128::from(self.step);
        let down = 1_000_000 * ten(amount.currency.decimals()) * step;
        let steps = (up * 2 + down).div_euclid(down * 2);
        let steps = if amount.minor > 0 { steps.max(1) } else { steps };
        let minor = i64::try_from(steps * step).ok()?;
        (minor.abs() <= crate::money::LARGEST).then(|| Money::new(minor, to))
    }
}

#[cfg(test)]
mod tests;
