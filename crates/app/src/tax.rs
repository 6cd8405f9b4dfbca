//! Tax: what the shop says about it, and what holds for an order.

use std::sync::Arc;

use describe::ToSchema;
use domain::id::Id;
use domain::person::Permission;
use domain::place::Address;
use domain::price::Taxing;
use domain::rate::Rate;
use domain::region::Area;
use domain::tax::{Class, Rule, TaxRate, rate_at};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor, shop, staff_act};

/// What the shop says about tax.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = TaxSettings)]
pub struct TaxView {
    /// Whether prices include tax; otherwise it is added to them.
    pub inclusive: bool,
    /// Whether shipping is taxed, at the standard rate.
    pub shipping: bool,
    /// Where the shop is taxed itself: an area such as `CN/浙江省`, or empty. It counts for what is
    /// fetched, and where it is not known yet where goods go.
    pub home: String,
    /// The one that names an address most exactly holds; of two alike, the first.
    pub rules: Vec<Rule>,
    /// Grows with each change of prices, tax or currencies.
    pub version: i64,
}

/// Tax as staff want it: all of it, each time.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PutTaxSettings)]
pub struct PutTax {
    pub inclusive: bool,
    #[serde(default)]
    pub shipping: bool,
    #[serde(default)]
    pub home: String,
    #[serde(default)]
    pub rules: Vec<Rule>,
    #[serde(default)]
    pub version: Option<i64>,
}

/// The most rules a shop may have.
const MOST: usize = 500;

/// What holds for one order: asked once for each of its lines.
pub(crate) struct Here {
    rules: Arc<Vec<Rule>>,
    place: Address,
    taxing: Taxing,
}

impl Here {
    /// What these goods are taxed with.
    pub fn rate(&self, class: Class) -> Rate {
        match self.rules.is_empty() {
            true => Rate::NONE,
            false => rate_at(&self.rules, &self.place, class),
        }
    }

    pub fn taxing(&self) -> Taxing {
        self.taxing
    }
}

/// What holds for goods that go to `address`, or are fetched. Nothing is asked of a shop without
/// tax.
pub(crate) fn at(tx: &mut Tx, address: &Address, fetched: bool) -> Result<Here, Failure> {
    let pricing = shop::get(tx)?.pricing;
    let inclusive = pricing.tax_inclusive;
    if pricing.tax_rules == 0 {
        let taxing = Taxing { inclusive, shipping: Rate::NONE };
        return Ok(Here { rules: Arc::default(), place: Address::default(), taxing });
    }
    let rules = tx.read_once("tax rules".into(), |tx| rules(tx).map(Arc::new))?;
    let place = match fetched || address.country.is_empty() {
        true => home(&pricing.tax_home),
        false => address.clone(),
    };
    let shipping = match pricing.tax_shipping {
        true => rate_at(&rules, &place, Class::Standard),
        false => Rate::NONE,
    };
    Ok(Here { rules, place, taxing: Taxing { inclusive, shipping } })
}

/// Somewhere in the area.
fn home(area: &str) -> Address {
    let mut parts = area.split('/').map(str::to_string);
    let mut next = || parts.next().unwrap_or_default();
    let (country, region, city, district) = (next(), next(), next(), next());
    Address { country, region, city, district, ..Address::default() }
}

fn rules(tx: &mut Tx) -> Result<Vec<Rule>, Failure> {
    let sql = "select area, postcode, class, rate from tax_rules order by position";
    let rows = tx.all(sql, &[], |row| {
        let class = Class::parse(&row.get::<String>(2)).unwrap_or_default();
        // The table allows no rate that is none.
        let rate = Rate::from_basis_points(row.get(3)).unwrap_or(Rate::NONE);
        let area = Area::parse(&row.get::<String>(0)).unwrap_or(Area::everywhere());
        Rule { area, postcode: row.get(1), class, rate }
    })?;
    Ok(rows)
}

fn view(tx: &mut Tx) -> Result<TaxView, Failure> {
    let pricing = shop::get(tx)?.pricing;
    Ok(TaxView {
        inclusive: pricing.tax_inclusive,
        shipping: pricing.tax_shipping,
        home: pricing.tax_home,
        rules: rules(tx)?,
        version: pricing.version,
    })
}

/// What the shop says about tax.
pub fn get(app: &App, visitor: &Visitor) -> Result<TaxView, Failure> {
    visitor.staff_reader(Permission::Prices)?;
    app.read(view)
}

/// Says how the shop is taxed. Orders keep what held when they were placed.
pub fn put(app: &App, visitor: &Visitor, put: &PutTax) -> Result<TaxView, Failure> {
    let actor = visitor.staff(Permission::Prices)?;
    let bad = |field| Failure::field("price.bad_tax", field);
    let home = match put.home.trim() {
        "" => String::new(),
        text => Area::parse(text).map_err(|_| bad("home"))?.to_string(),
    };
    if put.rules.len() > MOST {
        return Err(bad("rules"));
    }
    let fits = |rule: &Rule| {
        let letters = |c: char| c.is_ascii_alphanumeric() || c == ' ' || c == '-';
        rule.class != Class::Zero && rule.postcode.len() <= 20 && rule.postcode.chars().all(letters)
    };
    if !put.rules.iter().all(fits) {
        return Err(bad("rules"));
    }
    app.write_for(visitor, |tx| {
        shop::lock(tx)?;
        let before = view(tx)?;
        if put.version.is_some_and(|version| version != before.version) {
            return Err(Failure::Stale);
        }
        tx.run(
            "update shop set tax_inclusive = $1, tax_shipping = $2, tax_home = $3",
            &[
                i64::from(put.inclusive).into(),
                i64::from(put.shipping).into(),
                home.as_str().into(),
            ],
        )?;
        tx.run("delete from tax_rules", &[])?;
        for (position, rule) in put.rules.iter().enumerate() {
            let id: Id<TaxRate> = tx.id();
            tx.run(
                "insert into tax_rules (id, position, area, postcode, class, rate)
                 values ($1, $2, $3, $4, $5, $6)",
                &[
                    id.into(),
                    (position as i64).into(),
                    rule.area.to_string().into(),
                    rule.postcode.trim().into(),
                    rule.class.code().into(),
                    rule.rate.basis_points().into(),
                ],
            )?;
        }
        shop::pricing_changed(tx)?;
        let after = view(tx)?;
        let detail = json!({ "before": before, "after": after }).to_string();
        staff_act::record(tx, actor, "shop.tax", ("shop", 1), &detail)?;
        Ok(after)
    })
}
