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
    // The lowest group price may be of another variant than the first: the pair that belongs
    // together is shown, and alone is what this visitor pays alone.
    let alone = first.map_or(product.price, |variant| variant.price);
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

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::Id;
    use domain::moment::Moment;
    use domain::money::{Currency, Money};

    fn yuan(n: i64) -> Money {
        Money::new(n * 100, Currency::Cny)
    }

    fn variant(id: i64, options: &[&str], available: i64) -> VariantView {
        VariantView {
            id: Id::new(id),
            title: options.join(" / "),
            options: options.iter().map(|option| option.to_string()).collect(),
            sku: String::new(),
            price: yuan(59),
            compare_at: None,
            ordinary_price: None,
            because: domain::price::list::Why::Ordinary,
            tiers: Vec::new(),
            for_sale: true,
            available,
            tracked: true,
            oversell: false,
            sold_out: available <= 0,
            ships: true,
            picture: None,
        }
    }

    fn product() -> ProductView {
        let size = |name: &str, values: &[&str]| app::catalog::OptionView {
            name: name.into(),
            values: values.iter().map(|value| value.to_string()).collect(),
        };
        ProductView {
            seller: None,
            id: Id::new(1),
            handle: "tea".into(),
            title: "Tea".into(),
            body_html: String::new(),
            vendor: String::new(),
            product_type: String::new(),
            tags: Vec::new(),
            options: vec![size("Weight", &["50 g", "100 g"]), size("Packing", &["bag", "tin"])],
            variants: vec![
                variant(1, &["50 g", "bag"], 0),
                variant(2, &["50 g", "tin"], 3),
                variant(3, &["100 g", "bag"], 40),
            ],
            pictures: Vec::new(),
            categories: Vec::new(),
            seo_title: String::new(),
            seo_description: String::new(),
            price: yuan(59),
            price_to: yuan(59),
            sold_out: false,
            sold: 0,
            updated_at: Moment(0),
        }
    }

    #[test]
    fn the_form_names_a_variant_by_its_options() {
        let product = product();
        let pick = |o1, o2| chosen(&product, &Form::of(&[("o1", o1), ("o2", o2)]));
        assert_eq!(pick("50 g", "tin").map(|v| v.id), Some(Id::new(2)));
        assert!(pick("100 g", "tin").is_none(), "there is no such combination");
    }

    #[test]
    fn what_can_be_had_is_chosen_first_and_little_is_said_of_plenty() {
        let all = product();
        let c = chooser(&all, &[], 0, Purpose::Buy, "/x".into(), Locale::English);
        assert_eq!((c.chosen.as_str(), c.most), ("50 g · tin", 3));
        assert_eq!(c.stock, "3 left");
        assert!(c.together.is_none() && !c.can_open && !c.none_left);
    }

    #[test]
    fn a_team_offers_only_what_its_group_buy_does() {
        let all = product();
        let together = GroupPrice {
            variant: Id::new(3),
            alone: yuan(59),
            together: yuan(39),
            left: Some(2),
            sold_out: false,
        };
        let c = chooser(&all, &[together], 3, Purpose::Join, "/x".into(), Locale::English);
        assert_eq!((c.chosen.as_str(), c.most), ("100 g · bag", 2));
        assert!(c.can_join && !c.can_buy);
        let offered: Vec<usize> = c.options.iter().map(|option| option.choices.len()).collect();
        assert_eq!(offered, [1, 1]);
    }
}
