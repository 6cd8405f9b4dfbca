//! Delivery: the ways to ship, what each costs where, and where goods can be fetched.

use std::sync::Arc;

use describe::ToSchema;
use domain::id::Id;
use domain::money::{Currency, Money};
use domain::person::Permission;
use domain::shipping::{How, Method, PickupPoint, Rate, Refusal};
use domain::text::one_line;
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::currency::Rated;
use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor, shop, staff_act};

mod store;

/// A way to ship, with what it costs where.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ShippingMethod)]
pub struct MethodView {
    pub id: Id<Method>,
    /// What orders name it by.
    pub code: String,
    pub kind: How,
    /// In the shop's language and in English.
    pub name: String,
    pub name_en: String,
    pub currency: Currency,
    pub active: bool,
    pub rates: Vec<Rate>,
    /// What a gift costs in this way wherever it goes, in minor units; none where it sends none.
    pub gift_fee: Option<i64>,
    pub version: i64,
}

/// A way to ship as staff want it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PutShippingMethod)]
pub struct PutMethod {
    /// 2 to 30 small letters, digits or hyphens; another way may not have it.
    pub code: String,
    #[serde(default)]
    pub kind: How,
    pub name: String,
    #[serde(default)]
    pub name_en: String,
    #[serde(default = "yes")]
    pub active: bool,
    pub rates: Vec<Rate>,
    /// What a gift costs in this way wherever it goes, in minor units; left out where it sends
    /// no gifts.
    #[serde(default)]
    pub gift_fee: Option<i64>,
    /// The version that was seen: should it be another by now, nothing is changed.
    #[serde(default)]
    pub version: Option<i64>,
}

fn yes() -> bool {
    true
}

/// Where buyers fetch their goods.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PickupPoint)]
pub struct PointView {
    pub id: Id<PickupPoint>,
    pub name: String,
    pub address: String,
    pub phone: String,
    /// When it is open, in words.
    pub hours: String,
    pub active: bool,
    pub version: i64,
}

/// A place to fetch goods as staff want it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PutPickupPoint)]
pub struct PutPoint {
    pub name: String,
    pub address: String,
    #[serde(default)]
    pub phone: String,
    #[serde(default)]
    pub hours: String,
    #[serde(default = "yes")]
    pub active: bool,
    #[serde(default)]
    pub version: Option<i64>,
}

/// How many ways, and how many places, a shop may have.
const MOST: i64 = 50;
/// How many rates a way may have.
const MOST_RATES: usize = 40;

impl PutMethod {
    fn checked(mut self) -> Result<PutMethod, Failure> {
        let bad = |field| Failure::field("delivery.bad_method", field);
        let letters = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if !(2..=30).contains(&self.code.len()) || !self.code.bytes().all(letters) {
            return Err(bad("code"));
        }
        (self.name, self.name_en) = (one_line(&self.name), one_line(&self.name_en));
        if self.name_en.is_empty() {
            self.name_en.clone_from(&self.name);
        }
        let long = |name: &str| name.chars().count() > 60;
        if self.name.is_empty() || long(&self.name) || long(&self.name_en) {
            return Err(bad("name"));
        }
        let dear = |fee: i64| !(0..=1_000_000_000).contains(&fee);
        if self.gift_fee.is_some_and(dear) || (self.gift_fee.is_some() && self.kind == How::Pickup)
        {
            return Err(bad("gift_fee"));
        }
        if self.rates.is_empty() || self.rates.len() > MOST_RATES {
            return Err(bad("rates"));
        }
        self.rates = self.rates.into_iter().map(Rate::checked).collect::<Result<_, Refusal>>()?;
        Ok(self)
    }
}

impl PutPoint {
    fn checked(self) -> Result<PutPoint, Failure> {
        let put = PutPoint {
            name: one_line(&self.name),
            address: one_line(&self.address),
            phone: one_line(&self.phone),
            hours: one_line(&self.hours),
            ..self
        };
        let texts = [("name", &put.name), ("address", &put.address)];
        let missing = texts.into_iter().find(|(_, text)| text.is_empty());
        let others = [("phone", &put.phone), ("hours", &put.hours)];
        let long = texts.into_iter().chain(others).find(|(_, text)| text.chars().count() > 200);
        match missing.or(long) {
            Some((field, _)) => Err(Failure::field("delivery.bad_point", field)),
            None => Ok(put),
        }
    }
}

/// The ways in force, as checkout offers them.
pub(crate) fn offered(tx: &mut Tx) -> Result<Arc<Vec<MethodView>>, Failure> {
    tx.read_once("methods".into(), |tx| store::methods(tx, true).map(Arc::new))
}

/// The ways in force with their fees in another currency; free ones only where nothing converts.
pub(crate) fn offered_in(tx: &mut Tx, rated: &Rated) -> Result<Arc<Vec<MethodView>>, Failure> {
    let own = offered(tx)?;
    if own.iter().all(|method| method.currency == rated.currency) {
        return Ok(own);
    }
    let rated = *rated;
    tx.read_once(format!("methods {}", rated.currency.code()), |_| {
        let method = |method: &MethodView| {
            let of = |minor| rated.of(Money::new(minor, method.currency)).map(|fee| fee.minor);
            let fee = |minor: i64| if minor == 0 { Some(0) } else { of(minor) };
            let rate = |rate: &Rate| match (fee(rate.first_fee), fee(rate.step_fee)) {
                (Some(first_fee), Some(step_fee)) => {
                    let free_from = rate.free_from.and_then(of);
                    Rate { first_fee, step_fee, free_from, ..rate.clone() }
                }
                _ => Rate { delivers: false, ..rate.clone() },
            };
            let rates = method.rates.iter().map(rate).collect();
            let gift_fee = method.gift_fee.and_then(fee);
            MethodView { rates, gift_fee, currency: rated.currency, ..method.clone() }
        };
        Ok(Arc::new(own.iter().map(method).collect()))
    })
}

/// The way an order was paid for, in force or not.
pub(crate) fn method_of_order(tx: &mut Tx, id: Id<Method>) -> Result<MethodView, Failure> {
    store::method(tx, id)
}

/// The places in force.
pub(crate) fn points_offered(tx: &mut Tx) -> Result<Arc<Vec<PointView>>, Failure> {
    tx.read_once("points".into(), |tx| store::points(tx, true).map(Arc::new))
}

/// Every way to ship.
pub fn methods(app: &App, visitor: &Visitor) -> Result<Vec<MethodView>, Failure> {
    visitor.staff_reader(Permission::Delivery)?;
    app.read(|tx| store::methods(tx, false))
}

/// Adds a way to ship.
pub fn add_method(app: &App, visitor: &Visitor, put: PutMethod) -> Result<MethodView, Failure> {
    let actor = visitor.staff(Permission::Delivery)?;
    let put = put.checked()?;
    let answer = app.once(visitor, "delivery.add_method", |tx| {
        let id: Id<Method> = tx.id();
        let currency = shop::get(tx)?.currency;
        let known = store::methods(tx, false)?;
        if known.len() as i64 >= MOST {
            return Err(Failure::refused("delivery.too_many"));
        }
        if !store::add_method(tx, id, &put, currency)? {
            return Err(Failure::field("delivery.code_taken", "code"));
        }
        store::put_rates(tx, id, &put.rates)?;
        let about = ("shipping_method", id.0);
        staff_act::record(tx, actor, "delivery.add_method", about, &detail(&put)?)?;
        Ok((store::method(tx, id)?, id.0))
    })?;
    Ok(answer.value)
}

/// Makes a way to ship what `put` says.
pub fn change_method(
    app: &App,
    visitor: &Visitor,
    id: Id<Method>,
    put: PutMethod,
) -> Result<MethodView, Failure> {
    let actor = visitor.staff(Permission::Delivery)?;
    let put = put.checked()?;
    app.write_for(visitor, |tx| {
        let before = store::method(tx, id)?;
        if put.kind != before.kind {
            // Orders on their way would be told to go elsewhere.
            return Err(Failure::field("delivery.bad_method", "kind"));
        }
        if put.version.is_some_and(|version| version != before.version) {
            return Err(Failure::Stale);
        }
        let known = store::methods(tx, false)?;
        if known.iter().any(|other| other.code == put.code && other.id != id) {
            return Err(Failure::field("delivery.code_taken", "code"));
        }
        if !store::change_method(tx, &before, &put)? {
            return Err(Failure::Stale);
        }
        store::put_rates(tx, id, &put.rates)?;
        let about = ("shipping_method", id.0);
        staff_act::record(tx, actor, "delivery.change_method", about, &detail(&put)?)?;
        store::method(tx, id)
    })
}

fn detail(put: &impl Serialize) -> Result<String, Failure> {
    Ok(serde_json::to_string(put)?)
}

/// Every place where goods can be fetched.
pub fn points(app: &App, visitor: &Visitor) -> Result<Vec<PointView>, Failure> {
    visitor.staff_reader(Permission::Delivery)?;
    app.read(|tx| store::points(tx, false))
}

/// Adds a place.
pub fn add_point(app: &App, visitor: &Visitor, put: PutPoint) -> Result<PointView, Failure> {
    let actor = visitor.staff(Permission::Delivery)?;
    let put = put.checked()?;
    let answer = app.once(visitor, "delivery.add_point", |tx| {
        let id: Id<PickupPoint> = tx.id();
        if store::points(tx, false)?.len() as i64 >= MOST {
            return Err(Failure::refused("delivery.too_many"));
        }
        store::add_point(tx, id, &put)?;
        let about = ("pickup_point", id.0);
        staff_act::record(tx, actor, "delivery.add_point", about, &detail(&put)?)?;
        Ok((store::point(tx, id)?, id.0))
    })?;
    Ok(answer.value)
}

/// Makes a place what `put` says.
pub fn change_point(
    app: &App,
    visitor: &Visitor,
    id: Id<PickupPoint>,
    put: PutPoint,
) -> Result<PointView, Failure> {
    let actor = visitor.staff(Permission::Delivery)?;
    let put = put.checked()?;
    app.write_for(visitor, |tx| {
        let before = store::point(tx, id)?;
        let seen = put.version.unwrap_or(before.version);
        if !store::change_point(tx, id, seen, &put)? {
            return Err(Failure::Stale);
        }
        let about = ("pickup_point", id.0);
        staff_act::record(tx, actor, "delivery.change_point", about, &detail(&put)?)?;
        store::point(tx, id)
    })
}

/// Makes the shop if there is none yet, with two ways to ship.
pub fn found(tx: &mut Tx, config: &Config) -> Result<(), Failure> {
    if !shop::ensure(tx, config)? {
        return Ok(());
    }
    let currency = config.currency;
    let unit = 10_i64.pow(currency.decimals());
    let ways = [
        ("standard", "标准快递", "Standard delivery", 8 * unit, Some(99 * unit)),
        ("express", "特快专递", "Express delivery", 18 * unit, None),
    ];
    for (code, name, name_en, fee, free_from) in ways {
        let id: Id<Method> = tx.id();
        let put = PutMethod {
            code: code.into(),
            kind: How::Delivery,
            name: name.into(),
            name_en: name_en.into(),
            active: true,
            rates: vec![Rate::flat(fee, free_from)],
            gift_fee: None,
            version: None,
        };
        store::add_method(tx, id, &put, currency)?;
        store::put_rates(tx, id, &put.rates)?;
    }
    Ok(())
}
