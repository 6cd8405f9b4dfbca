//! How an order gets to its buyer: the ways that go to an address, and the one that is taken.

use domain::id::Id;
use domain::money::Money;
use domain::order::Refusal;
use domain::place::Address;
use domain::shipping::{How, Load, PickupPoint, Rate, rate_at};

use super::gift;
use crate::db::Tx;
use crate::delivery::{self, MethodView};
use crate::failure::Failure;

/// How it is to get where.
pub struct Going<'a> {
    /// The code of the way to ship; the first one when empty.
    pub method: &'a str,
    pub address: &'a Address,
    /// Whether it is to go there, and is not just asked about.
    pub placing: bool,
    /// Whether it is a gift, which goes wherever its taker says.
    pub gift: bool,
}

/// A way to ship with the rate that holds at the address; none where it does not go.
pub struct Way<'a> {
    pub method: &'a MethodView,
    pub rate: Option<&'a Rate>,
    /// What a gift costs in this way, wherever it goes.
    flat: Option<i64>,
}

impl Way<'_> {
    /// What it costs to send this; none where the way does not go.
    pub fn fee(&self, load: &Load) -> Option<Money> {
        let rate = self.rate?;
        let flat = self.flat.map(|fee| Money::new(fee, self.method.currency));
        Some(flat.unwrap_or_else(|| rate.fee(load)))
    }
}

/// Of these, every way that can be taken, at this address.
pub fn ways<'a>(
    tx: &mut Tx,
    methods: &'a [MethodView],
    going: &Going,
) -> Result<Vec<Way<'a>>, Failure> {
    let fetched = methods.iter().any(|method| method.kind == How::Pickup);
    let can_fetch = fetched && !delivery::points_offered(tx)?.is_empty();
    let ways = methods.iter().filter(|method| method.kind == How::Delivery || can_fetch);
    let ways = ways.filter(|method| !going.gift || gift::is_offered(method));
    let known = !going.address.country.is_empty() && !going.gift;
    let way = |method: &'a MethodView| {
        planted!("nowhere_served", return Way { rate: method.rates.first(), method, flat: None });
        let rate = match method.kind {
            How::Delivery if known => rate_at(&method.rates, going.address).ok(),
            // Where it would go is not known yet, or does not matter.
            _ => method.rates.iter().find(|rate| rate.delivers),
        };
        Way { rate, method, flat: method.gift_fee.filter(|_| going.gift) }
    };
    Ok(ways.map(way).collect())
}

/// The way that is taken. Who only asks is shown another where the one they named does not go.
pub fn choose<'w, 'a>(
    ways: &'w [Way<'a>],
    going: &Going,
    ships: bool,
) -> Result<Option<&'w Way<'a>>, Failure> {
    let goes = || ways.iter().find(|way| way.rate.is_some());
    let named = ways.iter().find(|way| way.method.code == going.method);
    if !going.method.is_empty() && named.is_none() {
        return Err(Refusal::BadShipping.into());
    }
    let chosen = match named {
        Some(way) if way.rate.is_some() || going.placing => Some(way),
        Some(_) => goes(),
        // Nobody is sent to fetch something who did not say so.
        None => {
            let mut delivered = ways.iter().filter(|way| way.method.kind == How::Delivery);
            delivered.find(|way| way.rate.is_some()).or_else(goes)
        }
    };
    match chosen {
        Some(way) if ships && going.placing && way.rate.is_none() => {
            Err(Refusal::NotDelivered.into())
        }
        None if ships && going.placing => Err(match ways.is_empty() {
            true => Refusal::BadShipping.into(),
            false => Refusal::NotDelivered.into(),
        }),
        chosen => Ok(chosen),
    }
}

/// Where an order is fetched, when it is; the way to ship and the place must fit.
pub fn fetched_at(
    tx: &mut Tx,
    how: Option<How>,
    point: Option<Id<PickupPoint>>,
) -> Result<Option<Id<PickupPoint>>, Failure> {
    match (how, point) {
        (Some(How::Pickup), Some(point)) => {
            let known = delivery::points_offered(tx)?;
            let known = known.iter().any(|offered| offered.id == point);
            if known { Ok(Some(point)) } else { Err(Refusal::BadShipping.into()) }
        }
        (Some(How::Pickup), None) | (Some(How::Delivery), Some(_)) => {
            Err(Refusal::BadShipping.into())
        }
        _ => Ok(None),
    }
}
