//! The currencies the shop sells in beside its own, and how amounts are turned into them.

use std::sync::{Arc, Mutex};

use describe::ToSchema;
use domain::money::{Currency, Money};
use domain::person::Permission;
use domain::price::list::Conversion;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor, shop, staff_act};

/// A currency beside the shop's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ShopCurrency)]
pub struct Other {
    pub currency: Currency,
    /// How much of it one of the shop's own buys, as a decimal of at most six places: `0.1389`.
    /// Left out, only goods with a written price in it are for sale in it.
    #[serde(default)]
    pub rate: Option<String>,
    /// What is converted is rounded half up to a multiple of so many minor units.
    #[serde(default = "one")]
    pub step: i64,
}

fn one() -> i64 {
    1
}

/// The shop's currencies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ShopCurrencies)]
pub struct CurrenciesView {
    pub own: Currency,
    pub others: Vec<Other>,
    /// Grows with each change of prices, tax or currencies.
    pub version: i64,
}

/// The currencies as staff want them: instead of those there are.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PutShopCurrencies)]
pub struct Put {
    pub others: Vec<Other>,
    #[serde(default)]
    pub version: Option<i64>,
}

/// A currency as prices are made in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rated {
    pub currency: Currency,
    pub conversion: Option<Conversion>,
}

impl Rated {
    /// An amount of the shop's own currency in this one, if it can be said.
    pub fn of(&self, amount: Money) -> Option<Money> {
        match amount.currency == self.currency {
            true => Some(amount),
            false => self.conversion?.of(amount, self.currency),
        }
    }
}

/// A rate in millionths.
fn micros(text: &str) -> Option<i64> {
    let text = text.trim();
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 6 || part.len() > 6 || !digits(whole) || !digits(part) {
        return None;
    }
    format!("{whole}{part:0<6}").parse().ok().filter(|micros| *micros > 0)
}

/// `0.1389` for 138,900 millionths.
fn decimal(micros: i64) -> String {
    let text = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

fn read(tx: &mut Tx) -> Result<Vec<Rated>, Failure> {
    let sql = "select currency, micros, step from shop_currencies order by position";
    let rows = tx.all(sql, &[], |row| {
        let (code, micros, step): (String, Option<i64>, i64) = (row.get(0), row.get(1), row.get(2));
        let conversion = micros.map(|micros| Conversion { micros, step });
        (Currency::parse(&code), conversion)
    })?;
    let rated = |(currency, conversion): (Option<Currency>, _)| {
        Some(Rated { currency: currency?, conversion })
    };
    Ok(rows.into_iter().filter_map(rated).collect())
}

/// The other currencies; asked for nothing where there are none.
fn others(tx: &mut Tx) -> Result<Arc<Vec<Rated>>, Failure> {
    if shop::get(tx)?.pricing.currencies == 0 {
        return Ok(Arc::default());
    }
    tx.read_once("currencies".into(), |tx| read(tx).map(Arc::new))
}

/// The currency somebody buys in who chose `wanted`: the shop's own unless it sells in that one.
pub(crate) fn bought_in(tx: &mut Tx, wanted: Option<Currency>) -> Result<Rated, Failure> {
    let own = shop::get(tx)?.currency;
    let none = Rated { currency: own, conversion: None };
    match wanted {
        Some(wanted) if wanted != own => {
            let others = others(tx)?;
            Ok(others.iter().find(|other| other.currency == wanted).copied().unwrap_or(none))
        }
        _ => Ok(none),
    }
}

/// What visitors can choose among, the shop's own first.
pub(crate) fn choices(tx: &mut Tx) -> Result<Arc<Vec<Currency>>, Failure> {
    let own = shop::get(tx)?.currency;
    let others = others(tx)?;
    Ok(Arc::new([own].into_iter().chain(others.iter().map(|one| one.currency)).collect()))
}

/// The choices as they were read last, for whoever draws a page: nobody asks the database for the
/// few words at its end.
#[derive(Clone, Debug, Default)]
pub struct Known(Arc<Mutex<Arc<Vec<Currency>>>>);

impl Known {
    pub fn get(&self) -> Arc<Vec<Currency>> {
        Arc::clone(&self.0.lock().unwrap_or_else(|gone| gone.into_inner()))
    }

    pub(crate) fn put(&self, choices: &Arc<Vec<Currency>>) {
        *self.0.lock().unwrap_or_else(|gone| gone.into_inner()) = Arc::clone(choices);
    }
}

/// The shop's currencies, for staff.
pub fn get(app: &App, visitor: &Visitor) -> Result<CurrenciesView, Failure> {
    visitor.staff_reader(Permission::Prices)?;
    app.read(view)
}

fn view(tx: &mut Tx) -> Result<CurrenciesView, Failure> {
    let shop = shop::get(tx)?;
    let other = |rated: Rated| Other {
        currency: rated.currency,
        rate: rated.conversion.map(|conversion| decimal(conversion.micros)),
        step: rated.conversion.map_or(1, |conversion| conversion.step),
    };
    let others = read(tx)?.into_iter().map(other).collect();
    Ok(CurrenciesView { own: shop.currency, others, version: shop.pricing.version })
}

/// Says which currencies the shop sells in. Orders keep theirs.
pub fn put(app: &App, visitor: &Visitor, put: Put) -> Result<CurrenciesView, Failure> {
    let actor = visitor.staff(Permission::Prices)?;
    let bad = |field| Failure::field("price.bad_currency", field);
    app.write_for(visitor, |tx| {
        shop::lock(tx)?;
        let before = view(tx)?;
        if put.version.is_some_and(|version| version != before.version) {
            return Err(Failure::Stale);
        }
        tx.run("delete from shop_currencies", &[])?;
        let mut seen = vec![before.own];
        for (position, other) in put.others.iter().enumerate() {
            if seen.contains(&other.currency) || !other.currency.is_money() {
                return Err(bad("currency"));
            }
            seen.push(other.currency);
            let said = other.rate.as_deref().map(str::trim).filter(|rate| !rate.is_empty());
            let rate = match said {
                Some(rate) => Some(micros(rate).ok_or_else(|| bad("rate"))?),
                None => None,
            };
            let conversion = Conversion { micros: rate.unwrap_or(1), step: other.step };
            if !conversion.is_possible() {
                return Err(bad("step"));
            }
            tx.run(
                "insert into shop_currencies (currency, micros, step, position)
                 values ($1, $2, $3, $4)",
                &[
                    other.currency.code().into(),
                    rate.into(),
                    other.step.into(),
                    (position as i64).into(),
                ],
            )?;
        }
        shop::pricing_changed(tx)?;
        let after = view(tx)?;
        let detail = json!({ "before": before.others, "after": after.others }).to_string();
        staff_act::record(tx, actor, "shop.currencies", ("shop", 1), &detail)?;
        Ok(after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_read_and_written() {
        for (text, millionths) in [("0.1389", 138_900), ("20.5", 20_500_000), ("1", 1_000_000)] {
            assert_eq!(micros(text), Some(millionths));
            assert_eq!(decimal(millionths), text);
        }
        for text in ["", "0", "-1", ".5", "1.2345678", "1e3", "9999999"] {
            assert_eq!(micros(text), None, "{text}");
        }
    }
}
