//! The shop itself: its name, currency, language and secret.

use domain::id::Kind;
use domain::moment::{Moment, Span};
use domain::money::Currency;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::config::Config;
use crate::db::Tx;
use crate::failure::Failure;

/// The one shop.
#[derive(Clone, Debug)]
pub struct Shop {
    pub name: String,
    pub currency: Currency,
    /// The language its texts are written in.
    pub locale: String,
    secret: Vec<u8>,
    /// A shop of invented people: anybody may sign in as one of the cast.
    pub demo: bool,
    pub created_at: Moment,
    pub pricing: Pricing,
    /// Which version of the terms holds for new orders; none while nothing was published.
    pub terms: Option<i64>,
}

/// How the shop's prices are made, as far as every order needs to know it.
#[derive(Clone, Debug)]
pub struct Pricing {
    /// Whether prices include tax.
    pub tax_inclusive: bool,
    /// Whether shipping is taxed.
    pub tax_shipping: bool,
    /// Where the shop is taxed itself; an area, or empty.
    pub tax_home: String,
    /// How many there are: what there is none of is not asked for.
    pub price_lists: i64,
    pub tax_rules: i64,
    pub currencies: i64,
    pub promotions: i64,
    /// Kinds of coupons.
    pub coupons: i64,
    /// Counts changes of all this.
    pub version: i64,
}

impl Kind for Shop {
    const PREFIX: &'static str = "shop";
}
domain::id::described!(Shop);

/// The shop.
pub fn get(tx: &mut Tx) -> Result<Shop, Failure> {
    tx.read_once("shop".into(), read)
}

fn read(tx: &mut Tx) -> Result<Shop, Failure> {
    let sql = "select name, currency, locale, secret, demo, created_at, tax_inclusive,
        tax_shipping, tax_home, price_lists, tax_rules, currencies, pricing_version, terms,
        promotions, coupons from shop";
    tx.one(sql, &[], |row| Shop {
        name: row.get(0),
        // It was written from a `Currency`; an unknown one cannot be served at all.
        currency: Currency::parse(&row.get::<String>(1)).unwrap_or(Currency::Cny),
        locale: row.get(2),
        secret: row.get(3),
        demo: row.get(4),
        created_at: row.get(5),
        pricing: Pricing {
            tax_inclusive: row.get(6),
            tax_shipping: row.get(7),
            tax_home: row.get(8),
            price_lists: row.get(9),
            tax_rules: row.get(10),
            currencies: row.get(11),
            promotions: row.get(14),
            coupons: row.get(15),
            version: row.get(12),
        },
        terms: row.get(13),
    })
}

/// Holds what the shop says of itself until the transaction ends, so that nobody else changes it.
pub fn lock(tx: &mut Tx) -> Result<(), Failure> {
    let sql = format!("select id from shop{}", tx.lock());
    tx.one(&sql, &[], |row| row.get::<i64>(0))?;
    Ok(())
}

/// Lists, tax or currencies changed: they are counted anew, and what was prepared is old.
pub fn pricing_changed(tx: &mut Tx) -> Result<(), Failure> {
    tx.run(
        "update shop set pricing_version = pricing_version + 1,
            price_lists = (select count(*) from price_lists where active = 1),
            tax_rules = (select count(*) from tax_rules),
            currencies = (select count(*) from shop_currencies),
            promotions = (select count(*) from promotions where active = 1),
            coupons = (select count(*) from coupon_templates)",
        &[],
    )?;
    tx.shows();
    Ok(())
}

/// Makes the shop if there is none yet: its row and the ends of its chains. Whether it is new.
pub fn ensure(tx: &mut Tx, config: &Config) -> Result<bool, Failure> {
    let mut secret = vec![0; 32];
    tx.dice().fill(&mut secret);
    let made = tx.run(
        "insert into shop (id, name, currency, locale, secret, demo, created_at)
         values (1, $1, $2, $3, $4, 0, $5) on conflict (id) do nothing",
        &[
            (&config.shop_name).into(),
            config.currency.code().into(),
            (&config.locale).into(),
            secret.into(),
            tx.now.into(),
        ],
    )?;
    if made == 0 {
        return Ok(false);
    }
    for chain in ["journals", "staff_acts"] {
        tx.run("insert into chain_heads (name, hash, length) values ($1, '', 0)", &[chain.into()])?;
    }
    Ok(true)
}

/// The zone the shop's days are in.
pub const ZONE: &str = "Asia/Shanghai";

/// How far the shop's clocks are ahead of UTC at a moment.
pub fn zone_at(at: Moment) -> Result<Span, Failure> {
    let moment = jiff::Timestamp::from_microsecond(at.0).map_err(Failure::broken)?;
    let there = moment.in_tz(ZONE).map_err(Failure::broken)?;
    Ok(Span::seconds(i64::from(there.offset().seconds())))
}

/// The day of the shop a moment falls on, counted from the first of 1970.
pub fn day(at: Moment) -> Result<i64, Failure> {
    Ok(at.plus(zone_at(at)?).0.div_euclid(Span::days(1).0))
}

/// Where goods are sent back to, as it stands on a parcel; empty before it was said.
pub fn return_address(tx: &mut Tx) -> Result<String, Failure> {
    tx.one("select return_address from shop", &[], |row| row.get(0))
}

pub fn set_return_address(tx: &mut Tx, address: &str) -> Result<(), Failure> {
    tx.run("update shop set return_address = $1", &[address.into()])?;
    Ok(())
}

/// Marks the shop as a demo.
pub fn become_demo(tx: &mut Tx) -> Result<(), Failure> {
    tx.run("update shop set demo = 1", &[])?;
    Ok(())
}

impl Shop {
    /// HMAC-SHA256 of `text` under the shop's secret, for one `purpose`.
    pub fn sign(&self, purpose: &str, text: &str) -> Vec<u8> {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.secret).expect("HMAC takes keys of any length");
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().to_vec()
    }

    /// The same in hexadecimal.
    pub fn sign_hex(&self, purpose: &str, text: &str) -> String {
        self.sign(purpose, text).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
