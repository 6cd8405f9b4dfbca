//! What shoppers will see of a group buy that is still being made, and what the check says of it.

use app::catalog::{ProductDetail, VariantDetail};
use app::failure::Failure;
use app::group_buy::rules_of;
use askama::Template;
use domain::money::Money;

use super::make::{currency, settings, typed};
use crate::answer;
use crate::console::fields::{amount, whole};
use crate::console::part::Check;
use crate::console::{Frame, chart};
use crate::form::Form;
use crate::locale::{Price, from_local};
use crate::storefront::rules;

#[derive(Template)]
#[template(path = "console/group_buy/preview.html")]
pub struct PreviewPart {
    pub p: Frame,
    pub v: Preview,
}

/// The phone's view, the check and the rules.
#[derive(Default)]
pub struct Preview {
    pub picture: String,
    /// Markup: currency and decimals smaller.
    pub price: String,
    pub alone: String,
    pub saving: String,
    pub title: String,
    pub together: String,
    pub faces: String,
    pub state: String,
    pub button: String,
    pub checks: Vec<Check>,
    pub rules: Vec<String>,
    pub other_rules: Vec<String>,
}

/// A variant with what it is offered for.
struct Offered<'a> {
    variant: &'a VariantDetail,
    price: Money,
    quota: Option<i64>,
}

impl Preview {
    /// Drawn from whatever the form holds so far.
    pub fn of(p: &Frame, product: &ProductDetail, form: &Form) -> Preview {
        let currency = currency(product);
        let rows = typed(form);
        let offered: Vec<Offered> = product
            .variants
            .iter()
            .filter_map(|variant| {
                let row = rows.iter().find(|row| row.id == variant.id.to_string())?;
                let price = amount(&row.price, currency)?;
                Some(Offered { variant, price, quota: whole(&row.quota) })
            })
            .collect();
        let settings = settings(form, currency);
        let terms = settings.terms();
        let need = settings.need.clamp(0, 100);
        let cheapest = offered.iter().min_by_key(|offer| offer.price.minor);
        let (price, alone) = match cheapest {
            Some(offer) => (offer.price, offer.variant.price),
            None => (Money::zero(currency), Money::zero(currency)),
        };
        let saving = alone.minor - price.minor;
        let off = if alone.minor > 0 { saving * 100 / alone.minor } else { 0 };
        let hours = settings.life_minutes / 60;
        let each = p.money(Money::new(saving.max(0), currency));
        let first = product.pictures.iter().find(|one| !one.picture.src.is_empty());
        let mut checks = Vec::new();
        if let Err(refusal) = &terms {
            checks.push(Check::wrong(answer::words(&Failure::from(*refusal), p.locale)));
        }
        checks.extend(check_prices(p, &offered, need, off));
        checks.extend(check_stock(p, &offered, settings.tiers.last().map_or(need, |t| t.size)));
        checks.extend(check_time(p, form, hours));
        let sentences = |locale| match &terms {
            Ok(terms) => rules::sentences(&rules_of(terms), currency, locale),
            Err(_) => Vec::new(),
        };
        Preview {
            picture: first.map_or(String::new(), |one| one.picture.thumb.clone()),
            price: large(price),
            alone: p.money(alone),
            saving: if off > 0 { format!("−{off}%") } else { String::new() },
            title: product.title.clone(),
            together: p.tell("console-gb-phone-together", &[("size", &need), ("saving", &each)]),
            faces: chart::seats(1, need.max(2), false),
            state: p.tell(
                "console-gb-phone-state",
                &[("missing", &(need - 1).max(0)), ("hours", &hours)],
            ),
            button: p.t1("console-gb-phone-button", "price", price),
            checks,
            rules: sentences(p.locale),
            other_rules: sentences(p.locale.other()),
        }
    }
}

/// A price with its parts in their sizes.
pub fn large(money: Money) -> String {
    let price = Price::of(money);
    format!("<small>{}</small>{}<small>{}</small>", price.cur, price.int, price.dec)
}

fn check_prices(p: &Frame, offered: &[Offered], need: i64, off: i64) -> Vec<Check> {
    let Some(cheapest) = offered.iter().min_by_key(|offer| offer.price.minor) else {
        return vec![Check::wrong(p.t("console-gb-check-no-price"))];
    };
    let high = |offer: &&Offered| offer.price.minor >= offer.variant.price.minor;
    if offered.iter().any(|offer| high(&offer) || offer.price.minor <= 0) {
        return vec![Check::wrong(p.t("console-gb-check-price-high"))];
    }
    let cost = cheapest.variant.price.minus(cheapest.price).times(need.max(0));
    let off = format!("{off}%");
    let args: [(&str, &dyn crate::locale::Arg); 3] =
        [("off", &off), ("size", &need), ("cost", &cost)];
    let mut checks = vec![Check::good(p.tell("console-gb-check-price", &args))];
    let budget = offered.iter().filter(|offer| offer.quota.is_some_and(|n| n > 0));
    let (mut given, mut sales) = (0_i64, 0_i64);
    for offer in budget {
        let units = offer.quota.unwrap_or(0).min(1_000_000);
        given = given.saturating_add((offer.variant.price.minor - offer.price.minor) * units);
        sales = sales.saturating_add(offer.price.minor.saturating_mul(units));
    }
    if sales > 0 && sales < domain::money::LARGEST {
        let currency = cheapest.price.currency;
        let (given, sales) = (Money::new(given, currency), Money::new(sales, currency));
        let args: [(&str, &dyn crate::locale::Arg); 2] = [("cost", &given), ("sales", &sales)];
        checks.push(Check::told(p.tell("console-gb-check-budget", &args)));
    }
    checks
}

fn check_stock(p: &Frame, offered: &[Offered], most: i64) -> Vec<Check> {
    let mut checks = Vec::new();
    for offer in offered.iter().filter(|offer| offer.variant.tracked) {
        let available = offer.variant.available;
        if offer.quota.is_some_and(|quota| quota > available) {
            checks.push(Check::wrong(p.t1("console-gb-check-stock-more", "available", available)));
        }
    }
    let units: i64 = offered.iter().filter_map(|offer| offer.quota).sum();
    let plain = offered.iter().any(|offer| offer.quota.is_none());
    if units > 0 && most > 0 {
        let teams = units / most;
        checks.push(match teams {
            0 => Check::careful(
                p.tell("console-gb-check-stock-few", &[("units", &units), ("size", &most)]),
            ),
            _ => Check::good(
                p.tell("console-gb-check-stock", &[("units", &units), ("teams", &teams)]),
            ),
        });
    }
    if plain && !offered.is_empty() {
        checks.push(Check::told(p.t("console-gb-check-stock-plain")));
    }
    checks
}

fn check_time(p: &Frame, form: &Form, hours: i64) -> Vec<Check> {
    let mut checks = Vec::new();
    let starts = from_local(form.get("starts_at")).unwrap_or(p.now);
    if let Some(ends) = from_local(form.get("ends_at")) {
        let life = domain::moment::Span::hours(hours.clamp(0, 1_000));
        if ends <= starts || ends <= p.now {
            checks.push(Check::wrong(p.t("console-gb-check-time-over")));
        } else if ends.since(starts) < life {
            checks.push(Check::careful(p.t("console-gb-check-time-short")));
        } else {
            let until = p.locale.exact_near(ends.plus(life), p.now);
            checks.push(Check::good(p.t1("console-gb-check-time", "until", until)));
        }
    }
    if hours > 48 {
        checks.push(Check::careful(p.t("console-gb-check-long-life")));
    }
    checks
}
