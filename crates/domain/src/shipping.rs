//! Ways to get goods to their buyer, and what they cost where.
//!
//! A way to ship has rates, each for some areas. The rate that names an address most exactly holds;
//! of two that name it alike, the first. An address that no rate names is not served, nor is one
//! whose rate says so.

use serde::{Deserialize, Serialize};

use crate::id::Kind;
use crate::money::Money;
use crate::place::Address;
use crate::region::Area;

/// A way to ship.
pub struct Method;
impl Kind for Method {
    const PREFIX: &'static str = "shm";
}
crate::id::described!(Method);

/// Where buyers fetch their goods themselves.
pub struct PickupPoint;
impl Kind for PickupPoint {
    const PREFIX: &'static str = "pup";
}
crate::id::described!(PickupPoint);

/// How goods get there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = ShippingKind))]
pub enum How {
    /// A parcel goes to an address.
    #[default]
    Delivery,
    /// The buyer fetches them and shows a code.
    Pickup,
}

impl How {
    pub fn code(self) -> &'static str {
        match self {
            How::Delivery => "delivery",
            How::Pickup => "pickup",
        }
    }

    pub fn parse(code: &str) -> Option<How> {
        [How::Delivery, How::Pickup].into_iter().find(|how| how.code() == code)
    }
}

/// What a fee is reckoned by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = ShippingBasis))]
pub enum Basis {
    /// One fee for an order.
    #[default]
    Order,
    /// By weight, in grams.
    Weight,
    /// By the number of units.
    Piece,
}

impl Basis {
    pub const ALL: [Basis; 3] = [Basis::Order, Basis::Weight, Basis::Piece];

    pub fn code(self) -> &'static str {
        match self {
            Basis::Order => "order",
            Basis::Weight => "weight",
            Basis::Piece => "piece",
        }
    }

    pub fn parse(code: &str) -> Option<Basis> {
        Basis::ALL.into_iter().find(|basis| basis.code() == code)
    }
}

/// What a way to ship costs in some areas. Amounts are minor units of the shop's currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = ShippingRate))]
pub struct Rate {
    /// `*`, `CN`, `CN/浙江`, `CN/浙江/杭州` or `CN/浙江/杭州/西湖` each.
    #[cfg_attr(feature = "schema", schema(value_type = Vec<String>))]
    pub areas: Vec<Area>,
    /// False: nothing is delivered there.
    pub delivers: bool,
    pub basis: Basis,
    /// How many grams or units the first fee covers.
    pub first: i64,
    pub first_fee: i64,
    /// Each further `step` grams or units that are begun cost `step_fee`.
    pub step: i64,
    pub step_fee: i64,
    /// Free for goods worth as much.
    pub free_from: Option<i64>,
    /// Free for as many units.
    pub free_pieces: Option<i64>,
}

/// What is carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// What all goods of the order cost after discounts.
    pub goods: Money,
    pub grams: i64,
    pub pieces: i64,
}

/// Why there is no fee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing is delivered to this address in this way.
    NotDelivered,
    /// A rate says something that cannot be: the name of the field.
    BadRate(&'static str),
}

/// The largest amount or number a rate may say.
const MOST: i64 = 1_000_000_000;

impl Rate {
    /// One fee everywhere, nothing from a certain goods total.
    pub fn flat(fee: i64, free_from: Option<i64>) -> Rate {
        Rate {
            areas: vec![Area::everywhere()],
            delivers: true,
            basis: Basis::Order,
            first: 1,
            first_fee: fee,
            step: 1,
            step_fee: 0,
            free_from,
            free_pieces: None,
        }
    }

    /// The rate, if it can be one.
    pub fn checked(self) -> Result<Rate, Refusal> {
        let within = |number: i64, least: i64| (least..=MOST).contains(&number);
        let maybe = |number: Option<i64>| number.is_none_or(|number| within(number, 1));
        let wrong = [
            (!self.areas.is_empty() && self.areas.len() <= 200, "areas"),
            (within(self.first, 1), "first"),
            (within(self.first_fee, 0), "first_fee"),
            (within(self.step, 1), "step"),
            (within(self.step_fee, 0), "step_fee"),
            (maybe(self.free_from), "free_from"),
            (maybe(self.free_pieces), "free_pieces"),
        ];
        match wrong.into_iter().find(|(right, _)| !right) {
            Some((_, field)) => Err(Refusal::BadRate(field)),
            None => Ok(self),
        }
    }

    /// What it costs to carry `load`. Nothing for nothing.
    pub fn fee(&self, load: &Load) -> Money {
        let of = |minor| Money::new(minor, load.goods.currency);
        let worth = self.free_from.is_some_and(|from| load.goods.minor >= from);
        let many = self.free_pieces.is_some_and(|from| load.pieces >= from);
        if load.pieces == 0 || worth || many {
            return of(0);
        }
        let more = match self.basis {
            Basis::Order => 0,
            Basis::Weight => steps(load.grams, self.first, self.step),
            Basis::Piece => steps(load.pieces, self.first, self.step),
        };
        of(self.first_fee).plus(of(self.step_fee).times(more))
    }
}

/// How many steps are begun beyond the first part.
fn steps(all: i64, first: i64, step: i64) -> i64 {
    let beyond = (all - first).max(0);
    beyond / step + i64::from(beyond % step > 0)
}

/// The rate that holds at an address.
pub fn rate_at<'a>(rates: &'a [Rate], address: &Address) -> Result<&'a Rate, Refusal> {
    let mut best: Option<(u8, &Rate)> = None;
    for rate in rates {
        let exactly = rate.areas.iter().filter_map(|area| area.covers(address)).max();
        if let Some(exactly) = exactly
            && best.is_none_or(|(before, _)| exactly > before)
        {
            best = Some((exactly, rate));
        }
    }
    match best {
        Some((_, rate)) if rate.delivers => Ok(rate),
        _ => Err(Refusal::NotDelivered),
    }
}

#[cfg(test)]
mod tests;
