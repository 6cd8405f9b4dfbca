//! What stands in the place of a template's names.

use domain::letter::{Channel, Field, Letter, Template, fill};
use domain::money::{Currency, Money};
use serde_json::{Value, json};

use super::words;

/// Stands for a code until the letter leaves: the outbox opens no door.
pub const HIDDEN: &str = "••••••••";

/// A letter's words, filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    pub subject: String,
    pub body: String,
}

/// What is known of one fact and its reader.
#[derive(Clone, Copy, Debug)]
pub struct Filling<'a> {
    pub shop: &'a str,
    pub base_url: &'a str,
    pub name: &'a str,
    /// What it is about, as addresses show it.
    pub about: (&'a str, &'a str),
    pub args: &'a Value,
}

impl Filling<'_> {
    /// Fills in words; those that came with the shop where these name what is not known any more.
    pub fn fill(&self, letter: &Letter, words: &Template, built_in: &Template) -> Filled {
        let filled = |words: &Template| {
            let subject = fill(letter, &words.subject, |field| self.value(letter, field)).ok()?;
            let body = fill(letter, &words.body, |field| self.value(letter, field)).ok()?;
            // What a product is called may have lines; a subject may not.
            let subject = subject.split_whitespace().collect::<Vec<&str>>().join(" ");
            Some(Filled { subject, body })
        };
        let nothing = Filled { subject: String::new(), body: String::new() };
        filled(words).or_else(|| filled(built_in)).unwrap_or(nothing)
    }

    fn value(&self, letter: &Letter, field: Field) -> String {
        match field {
            Field::Shop => self.shop.to_string(),
            Field::Name => self.name.to_string(),
            Field::Link => format!("{}{}", self.base_url, path(letter, self.about)),
            Field::Code => HIDDEN.to_string(),
            Field::Amount => money(&self.args[field.name()]),
            _ => match &self.args[field.name()] {
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                _ => String::new(),
            },
        }
    }
}

fn money(value: &Value) -> String {
    let currency = value["currency"].as_str().and_then(Currency::parse);
    let amount = value["minor"].as_i64().zip(currency).map(|(minor, of)| Money::new(minor, of));
    amount.map_or(String::new(), said)
}

fn said(amount: Money) -> String {
    format!("{}{}", amount.currency.symbol(), amount.decimal())
}

/// What a letter is about, as addresses show it.
pub fn shown(about: &str, number: i64) -> String {
    match crate::notice::shown(about, number) {
        bare if bare == number.to_string() => crate::events::about(about, number),
        shown => shown,
    }
}

/// Where a letter leads.
pub fn path(letter: &Letter, (about, id): (&str, &str)) -> String {
    let staff = letter.group.is_staff();
    match (about, staff) {
        ("order", false) => format!("/orders/{id}"),
        ("order", true) => format!("/console/orders/{id}"),
        ("return", false) => format!("/returns/{id}"),
        ("return", true) => format!("/console/returns/{id}"),
        ("team", _) => format!("/teams/{id}"),
        ("review", _) => format!("/account/reviews/{id}"),
        ("wallet", _) => "/account/wallet".to_string(),
        ("coupon", _) => "/account/coupons".to_string(),
        ("data", _) => "/account/data".to_string(),
        ("account", _) => "/account".to_string(),
        ("case", _) => "/console/cases".to_string(),
        ("stock", _) => "/console/stock".to_string(),
        _ => "/inbox".to_string(),
    }
}

/// What a letter might say, to look at its words.
pub fn sample(letter: &Letter, locale: &str) -> Value {
    let english = locale == "en";
    let say = |en: &str, zh: &str| json!(if english { en } else { zh });
    let mut args = json!({});
    for field in letter.fields {
        args[field.name()] = match field {
            Field::Product => say("Longjing green tea, 250 g", "明前龙井 250 克"),
            Field::Amount => json!({ "minor": 12_900, "currency": "CNY" }),
            Field::Carrier => say("SF Express", "顺丰速运"),
            Field::Tracking => json!("SF1029384756"),
            Field::Number => json!("INV2026-00000042"),
            Field::Missing => json!(1),
            Field::People => json!(3),
            Field::Hours => json!(2),
            Field::Reason | Field::Why => say("Thank you for your patience.", "感谢你的耐心。"),
            Field::Coupon => say("10 off from 99", "满 99 减 10"),
            Field::Place => say("the shop on Lakeside Road", "湖滨路门店"),
            Field::Goods => say("Longjing green tea: 3", "明前龙井：3"),
            _ => json!(""),
        };
    }
    args
}

/// The words in force: the merchant's, or those that came with the shop.
pub fn in_force(
    own: Option<&Template>,
    letter: &Letter,
    channel: Channel,
    locale: &str,
) -> Template {
    planted!("letter_words_ignored", return words::built_in(letter.code, channel, locale));
    own.cloned().unwrap_or_else(|| words::built_in(letter.code, channel, locale))
}
