//! Promotions and coupons in words: what they do, said once for shoppers and staff.

use domain::coupon::Gives;
use domain::money::{Currency, Money};
use domain::promotion::{Effect, Off, Step, Threshold};

use crate::locale::{Locale, Price};

/// An amount as short as it can be said.
pub fn money(minor: i64, currency: Currency) -> String {
    let price = Price::of(Money::new(minor, currency));
    let whole = price.to_string();
    match whole.strip_suffix(&price.dec) {
        Some(round) if price.dec.bytes().all(|byte| matches!(byte, b'.' | b'0')) => round.into(),
        _ => whole,
    }
}

fn percent(points: i64) -> String {
    let text = format!("{}.{:02}", points / 100, points % 100);
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// A part of the price in figures: Chinese says what is paid, of ten; English says what is not.
pub fn figure(locale: Locale, off: i64) -> String {
    match locale {
        Locale::Chinese => percent((10_000 - off) / 10),
        Locale::English => percent(off),
    }
}

fn off(locale: Locale, off: Off, currency: Currency) -> String {
    match off {
        Off::Amount { minor } => locale.with("offer-off-amount", "price", money(minor, currency)),
        Off::Part { rate, most: None } => {
            locale.with("offer-off-part", "figure", figure(locale, rate.basis_points()))
        }
        Off::Part { rate, most: Some(most) } => {
            let figure = figure(locale, rate.basis_points());
            let price = money(most, currency);
            locale.tell("offer-off-part-most", &[("figure", &figure), ("price", &price)])
        }
    }
}

fn from(locale: Locale, from: Threshold, currency: Currency) -> String {
    match from {
        Threshold::Amount { minor } => {
            locale.with("offer-from-amount", "price", money(minor, currency))
        }
        Threshold::Pieces { count } => locale.with("offer-from-pieces", "count", count),
    }
}

/// What a promotion does.
pub fn effect(locale: Locale, effect: &Effect, currency: Currency) -> String {
    match effect {
        Effect::SpendAndSave { steps, for_every } => {
            let id = if *for_every { "offer-every-step" } else { "offer-step" };
            let step = |step: &Step| {
                let from = from(locale, step.from, currency);
                let off = off(locale, step.off, currency);
                locale.tell(id, &[("from", &from), ("off", &off)])
            };
            let steps: Vec<String> = steps.iter().map(step).collect();
            steps.join(&locale.say("offer-comma"))
        }
        Effect::Bundle { parts, price, .. } => locale.tell(
            "offer-bundle",
            &[("count", &(parts.len() as i64)), ("price", &money(*price, currency))],
        ),
        Effect::Gift { from: threshold, .. } => {
            locale.with("offer-gift-from", "from", from(locale, *threshold, currency))
        }
    }
}

/// What a coupon that takes no fixed amount off the goods is, in very few letters.
pub fn worth(locale: Locale, gives: &Gives, currency: Currency) -> String {
    match gives {
        Gives::Goods { off: Off::Amount { minor } } => money(*minor, currency),
        Gives::Goods { off: Off::Part { rate, .. } } => {
            locale.with("coupon-worth-part", "figure", figure(locale, rate.basis_points()))
        }
        Gives::Shipping { most: None } => locale.say("coupon-worth-shipping"),
        Gives::Shipping { most: Some(most) } => money(*most, currency),
        Gives::Gift { .. } => locale.say("coupon-worth-gift"),
    }
}

/// What a coupon gives, and from how much on.
pub fn gives(locale: Locale, gives: &Gives, threshold: i64, currency: Currency) -> String {
    let what = match gives {
        Gives::Goods { off: amount } => off(locale, *amount, currency),
        Gives::Shipping { most: None } => locale.say("offer-free-shipping"),
        Gives::Shipping { most: Some(most) } => {
            locale.with("offer-shipping-off", "price", money(*most, currency))
        }
        Gives::Gift { .. } => locale.say("offer-a-gift"),
    };
    match threshold {
        0 => what,
        minor => {
            let from = locale.with("offer-from-amount", "price", money(minor, currency));
            locale.tell("offer-step", &[("from", &from), ("off", &what)])
        }
    }
}

/// Why a coupon is not used, by its code.
pub fn refusal(locale: Locale, code: &str) -> String {
    let id = format!("offer-why-{}", code.trim_start_matches("coupon.").replace('_', "-"));
    if locale.has(&id) { locale.say(&id) } else { locale.say("offer-why-not-held") }
}
