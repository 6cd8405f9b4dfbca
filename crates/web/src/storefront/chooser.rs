//! Choosing a variant. The form sends the options themselves, so that it works without script.

use app::catalog::{ProductView, VariantView};
use app::product_page::GroupPrice;
use serde_json::json;

use crate::form::Form;
use crate::locale::{Locale, Price};
use crate::storefront::goods::{self, IN_GRID};
use crate::storefront::view::Picture;

/// The fields of the three options a product can have.
const FIELDS: [&str; 3] = ["o1", "o2", "o3"];
/// From how many units on nobody has to be told how many are left.
const PLENTY: i64 = 20;

/// What the chooser's template draws.
pub struct Chooser {
    pub action: String,
    /// `phone` when a wide screen shows it on the page itself.
    pub sheet_on: &'static str,
    pub picture: Picture,
    pub together: Option<Price>,
    pub alone: Price,
    pub chosen: String,
    pub options: Vec<Choices>,
    pub stock: String,
    pub most: i64,
    pub size: i64,
    pub can_join: bool,
    pub can_open: bool,
    pub can_buy: bool,
    pub none_left: bool,
    /// The variants as JSON, for the script.
    pub variants: String,
}

/// One option with its values.
pub struct Choices {
    pub name: String,
    pub field: &'static str,
    pub choices: Vec<Choice>,
}

/// One value of an option.
pub struct Choice {
    pub value: String,
    pub chosen: bool,
    pub gone: bool,
}

/// What can be done with what is chosen.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// On a product's page: alone, or by opening a team.
    Buy,
    /// On a team's page.
    Join,
}

/// The chooser of a product, with its prices in a group of `size`; empty when there is none.
pub fn chooser(
    product: &ProductView,
    group: &[GroupPrice],
    size: i64,
    purpose: Purpose,
    action: String,
    locale: Locale,
) -> Chooser {
    let offered =
        |variant: &&VariantView| purpose == Purpose::Buy || price_of(group, variant).is_some();
    let variants: Vec<&VariantView> = product.variants.iter().filter(offered).collect();
    let left = |variant: &VariantView| left(variant, group, purpose);
    let first = variants.iter().find(|variant| left(variant) > 0).or(variants.first()).copied();
    let chosen: &[String] = first.map_or(&[], |variant| &variant.options);
    let together = first.and_then(|variant| price_of(group, variant));
    // The lowest group price may be of another variant than the first: show the pair that belongs
    // together.
    let alone = together.map_or(first.map_or(product.price, |v| v.price), |price| price.alone);
    let options = product.options.iter().zip(FIELDS).enumerate().map(|(i, (option, field))| {
        let is_offered =
            |value: &&String| variants.iter().any(|v| v.options.get(i) == Some(*value));
        Choices {
            name: option.name.clone(),
            field,
            choices: option
                .values
                .iter()
                .filter(is_offered)
                .map(|value| Choice {
                    chosen: chosen.get(i) == Some(value),
                    gone: !variants.iter().any(|v| v.options.get(i) == Some(value) && left(v) > 0),
                    value: value.clone(),
                })
                .collect(),
        }
    });
    let shown: Vec<_> = variants
        .iter()
        .map(|variant| {
            let price = price_of(group, variant);
            let picture = variant.picture.as_ref().map(|picture| picture.thumb.clone());
            json!({
                "options": variant.options,
                "alone": parts(&Price::of(variant.price)),
                "together": price.map(|price| parts(&Price::of(price.together))),
                "left": left(variant),
                "stock": stock(left(variant), locale),
                "picture": picture,
            })
        })
        .collect();
    let none_left = variants.iter().all(|variant| left(variant) <= 0);
    let picture = first.and_then(|variant| variant.picture.as_ref());
    Chooser {
        action,
        sheet_on: if purpose == Purpose::Buy { "phone" } else { "" },
        picture: goods::picture(picture.or(product.pictures.first()), &product.title, IN_GRID),
        together: together.map(|price| Price::of(price.together)),
        alone: Price::of(alone),
        chosen: chosen.join(" · "),
        options: options.collect(),
        stock: first.map_or(String::new(), |variant| stock(left(variant), locale)),
        most: first.map_or(1, |variant| left(variant).clamp(1, 99)),
        size,
        can_join: purpose == Purpose::Join,
        can_open: purpose == Purpose::Buy && together.is_some(),
        can_buy: purpose == Purpose::Buy,
        none_left,
        variants: json!(shown).to_string().replace('<', "\\u003c"),
    }
}

/// The variant a form chose.
pub fn chosen<'a>(product: &'a ProductView, form: &Form) -> Option<&'a VariantView> {
    let values: Vec<&str> = FIELDS.iter().filter_map(|field| form.maybe(field)).collect();
    if product.options.is_empty() || values.is_empty() {
        return product.variants.first();
    }
    product.variants.iter().find(|variant| variant.options.iter().eq(values.iter()))
}

/// What a variant costs in a group buy, when it is part of it.
pub fn price_of<'a>(group: &'a [GroupPrice], variant: &VariantView) -> Option<&'a GroupPrice> {
    group.iter().find(|price| price.variant == variant.id)
}

/// How many units can be chosen: set aside for a group, or from the shelf.
fn left(variant: &VariantView, group: &[GroupPrice], purpose: Purpose) -> i64 {
    let shelf = match variant {
        VariantView { sold_out: true, .. } => 0,
        VariantView { tracked: true, oversell: false, available, .. } => *available,
        _ => 9_999,
    };
    let set_aside = price_of(group, variant).map(|price| match price {
        GroupPrice { sold_out: true, .. } => 0,
        GroupPrice { left: Some(left), .. } => *left,
        _ => shelf,
    });
    match (purpose, set_aside) {
        (Purpose::Join, set_aside) => set_aside.unwrap_or(0),
        (Purpose::Buy, set_aside) => set_aside.map_or(shelf, |left| left.max(shelf)),
    }
}

fn stock(left: i64, locale: Locale) -> String {
    match left {
        ..=0 => locale.say("store-sold-out"),
        1..=PLENTY => locale.with("store-stock-left", "n", left),
        _ => String::new(),
    }
}

/// A price as the script draws it.
fn parts(price: &Price) -> serde_json::Value {
    json!([price.cur, price.int, price.dec])
}
