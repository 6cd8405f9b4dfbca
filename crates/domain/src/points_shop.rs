//! The points shop: goods and coupons for points, perhaps with some money besides.
//!
//! Points are taken from the lot that expires first (`point::spend`), the item from its own stock;
//! both in the transaction of the exchange. Nothing is exchanged for cash or store credit.

use serde::{Deserialize, Serialize};

use crate::catalog::Variant;
use crate::coupon::Template;
use crate::id::{Id, Kind};
use crate::money::{Currency, Money};

/// Something somebody had for points.
pub struct Exchange;
impl Kind for Exchange {
    const PREFIX: &'static str = "pte";
}
crate::id::described!(Exchange);

/// Something that can be had for points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    pub gives: Gives,
    pub points: i64,
    /// To be paid besides, as an ordinary order.
    pub money: Option<Money>,
    pub per_person: i64,
    /// From this rank of the levels up.
    pub from_rank: usize,
}

/// The same as a merchant offers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = PointsItem))]
pub struct Offered {
    pub gives: Gives,
    pub points: i64,
    /// To be paid besides, in minor units of the shop's currency; goods alone.
    #[serde(default)]
    pub money: Option<i64>,
    /// How many there are; a coupon needs no end.
    #[serde(default)]
    pub stock: Option<i64>,
    pub per_person: i64,
    /// From this rank of the levels up.
    #[serde(default)]
    pub from_rank: usize,
}

impl Offered {
    /// What it is in a shop that sells in this.
    pub fn item(&self, currency: Currency) -> Item {
        Item {
            gives: self.gives,
            points: self.points,
            money: self.money.map(|minor| Money::new(minor, currency)),
            per_person: self.per_person,
            from_rank: self.from_rank,
        }
    }

    fn check(&self) -> Result<(), BadTerms> {
        let most = 1..=1_000_000;
        if !(1..=1_000_000_000).contains(&self.points) {
            return Err(BadTerms::Points);
        }
        if !most.contains(&self.per_person) || self.from_rank > 19 {
            return Err(BadTerms::PerPerson);
        }
        match self.gives {
            Gives::Goods { .. } if !self.stock.is_some_and(|stock| most.contains(&stock)) => {
                Err(BadTerms::Stock)
            }
            Gives::Coupon { .. } if self.stock.is_some_and(|stock| !most.contains(&stock)) => {
                Err(BadTerms::Stock)
            }
            // What its goods cost alone is asked with them.
            _ if self.item(Currency::Cny).is_sensible() => Ok(()),
            _ => Err(BadTerms::Money),
        }
    }
}

/// What a merchant says about the whole shop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = PointsShopTerms))]
pub struct Terms {
    /// In the order they are shown in; an item is known by its place, from nought up.
    pub items: Vec<Offered>,
}

/// What of the settings cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BadTerms {
    /// Nothing, or more than a hundred things.
    Items,
    Points,
    PerPerson,
    /// Goods that have no number, or a number that cannot be.
    Stock,
    /// Money that cannot be asked besides.
    Money,
}

/// How many things a points shop may offer.
const MOST_ITEMS: usize = 100;

impl Terms {
    pub fn check(&self) -> Result<(), BadTerms> {
        if self.items.is_empty() || self.items.len() > MOST_ITEMS {
            return Err(BadTerms::Items);
        }
        self.items.iter().try_for_each(Offered::check)
    }
}

/// What it gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = PointsItemGives))]
pub enum Gives {
    Goods { variant: Id<Variant> },
    Coupon { template: Id<Template> },
}

/// Why nothing is exchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Fewer are left than that.
    SoldOut(i64),
    /// A person may have so many.
    EnoughForPerson(i64),
    /// It is for higher levels.
    LevelTooLow,
    /// So many points are missing.
    PointsMissing(i64),
    /// None, or less.
    BadQuantity,
}

impl Item {
    /// Points of one or more; money above nothing; and a coupon costs no money besides.
    pub fn is_sensible(&self) -> bool {
        let coupon = matches!(self.gives, Gives::Coupon { .. });
        let money = self.money.is_none_or(|money| money.minor > 0 && !coupon);
        (1..=1_000_000_000).contains(&self.points) && self.per_person >= 1 && money
    }
}

/// Somebody who wants some.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    pub quantity: i64,
    /// How many they have had.
    pub has: i64,
    pub rank: usize,
    /// How many points they can spend,
    pub points: i64,
    /// and how many of the item are left.
    pub left: i64,
}

/// What an exchange costs, if it may be.
pub fn exchange(item: &Item, wanted: &Wanted) -> Result<(i64, Option<Money>), Refusal> {
    if wanted.quantity < 1 {
        return Err(Refusal::BadQuantity);
    }
    if wanted.rank < item.from_rank {
        return Err(Refusal::LevelTooLow);
    }
    if wanted.has.saturating_add(wanted.quantity) > item.per_person {
        return Err(Refusal::EnoughForPerson(item.per_person));
    }
    if wanted.quantity > wanted.left {
        return Err(Refusal::SoldOut(wanted.left.max(0)));
    }
    // So many fit, since nobody has more points than that.
    let points = item.points.saturating_mul(wanted.quantity);
    if points > wanted.points {
        return Err(Refusal::PointsMissing(points - wanted.points));
    }
    Ok((points, item.money.map(|money| money.times(wanted.quantity))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item() -> Item {
        Item {
            gives: Gives::Coupon { template: Id::new(1) },
            points: 300,
            money: None,
            per_person: 3,
            from_rank: 1,
        }
    }

    #[test]
    fn what_can_be_offered() {
        let coupon = Offered {
            gives: Gives::Coupon { template: Id::new(1) },
            points: 300,
            money: None,
            stock: None,
            per_person: 1,
            from_rank: 0,
        };
        let goods = Offered {
            gives: Gives::Goods { variant: Id::new(1) },
            money: Some(990),
            stock: Some(5),
            ..coupon
        };
        let check = |one: Offered, want| {
            assert_eq!(Terms { items: vec![one] }.check(), want, "{one:?}");
        };
        check(coupon, Ok(()));
        check(Offered { stock: Some(1), ..coupon }, Ok(()));
        check(Offered { stock: Some(0), ..coupon }, Err(BadTerms::Stock));
        check(Offered { money: Some(1), ..coupon }, Err(BadTerms::Money));
        check(Offered { points: 0, ..coupon }, Err(BadTerms::Points));
        check(Offered { per_person: 0, ..coupon }, Err(BadTerms::PerPerson));
        check(Offered { from_rank: 20, ..coupon }, Err(BadTerms::PerPerson));
        check(goods, Ok(()));
        check(Offered { money: None, ..goods }, Ok(()));
        check(Offered { money: Some(0), ..goods }, Err(BadTerms::Money));
        check(Offered { stock: None, ..goods }, Err(BadTerms::Stock));
        check(Offered { stock: Some(1_000_001), ..goods }, Err(BadTerms::Stock));
        assert_eq!(Terms { items: vec![coupon; 100] }.check(), Ok(()));
        assert_eq!(Terms { items: vec![coupon; 101] }.check(), Err(BadTerms::Items));
        assert_eq!(Terms { items: Vec::new() }.check(), Err(BadTerms::Items));
        assert_eq!(goods.item(Currency::Eur).money, Some(Money::new(990, Currency::Eur)));
    }

    #[test]
    fn what_an_exchange_costs() {
        let check = |quantity, has, rank, points, left, want| {
            let wanted = Wanted { quantity, has, rank, points, left };
            assert_eq!(exchange(&item(), &wanted).map(|cost| cost.0), want, "{wanted:?}");
        };
        check(2, 1, 1, 600, 2, Ok(600));
        check(2, 1, 1, 599, 2, Err(Refusal::PointsMissing(1)));
        check(2, 1, 1, 600, 1, Err(Refusal::SoldOut(1)));
        check(2, 2, 1, 600, 9, Err(Refusal::EnoughForPerson(3)));
        check(1, 0, 0, 600, 9, Err(Refusal::LevelTooLow));
        check(0, 0, 1, 600, 9, Err(Refusal::BadQuantity));
        check(-2, 0, 1, 600, 9, Err(Refusal::BadQuantity));
        let money = Money::new(990, Currency::Cny);
        let with = Item { money: Some(money), ..item() };
        let wanted = Wanted { quantity: 2, has: 0, rank: 1, points: 600, left: 2 };
        assert_eq!(exchange(&with, &wanted), Ok((600, Some(money.times(2)))));
        assert!(!with.is_sensible(), "a coupon costs no money besides");
        assert!(item().is_sensible() && !Item { points: 0, ..item() }.is_sensible());
    }
}
