//! What shoppers look through: lists, one product, and what trade asks of variants.

use std::collections::{HashMap, HashSet};

use describe::ToSchema;
use domain::catalog::{Product, Variant};
use domain::id::Id;
use domain::price::list::Why;
use serde::{Deserialize, Serialize};

use super::goods::{Goods, Unit, load, title_of};
use super::store::shown::{self, Narrow, Priced, SHOWN, Text};
use super::view::{
    ForSale, OptionView, PictureView, ProductCard, ProductCards, ProductView, VariantView,
};
use super::{body, categories};
use crate::db::Tx;
use crate::failure::Failure;
use crate::price_list::{self, Shopper, Shown, ToShow};
use crate::{App, Visitor, seller};

/// What to look for. Everything given narrows the list.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(default)]
pub struct Browse {
    /// Words in the title, the brand or a tag, in any language.
    pub q: String,
    /// The slug of a category; what is below it counts too.
    pub category: String,
    pub tag: String,
    pub sort: Sort,
    pub cursor: Option<String>,
    /// 1 to 100; 24 when it is not said.
    pub limit: Option<i64>,
}

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    #[default]
    Popular,
    New,
    /// Cheapest first.
    Price,
    /// Dearest first.
    PriceDown,
}

impl Sort {
    /// The column, and whether it rises.
    fn by(self) -> (&'static str, bool) {
        match self {
            Sort::Popular => ("sold", false),
            Sort::New => ("id", false),
            Sort::Price => ("low_price", true),
            Sort::PriceDown => ("low_price", false),
        }
    }
}

/// Products a shopper may see, page by page.
pub fn browse(app: &App, visitor: &Visitor, browse: Browse) -> Result<ProductCards, Failure> {
    let shopper = price_list::shopper_of(app, visitor)?;
    app.read(|tx| page(tx, &browse, &visitor.locale, &shopper))
}

/// `browse` in a transaction.
pub fn page(
    tx: &mut Tx,
    browse: &Browse,
    locale: &str,
    shopper: &Shopper,
) -> Result<ProductCards, Failure> {
    let narrow = || {
        let mut narrow = Narrow::default();
        narrow.by(SHOWN);
        narrow.search(&browse.q);
        if !browse.category.is_empty() {
            narrow.category(&browse.category);
        }
        if !browse.tag.is_empty() {
            narrow.with(
                "p.id in (select product_id from product_tags where tag = $$)",
                browse.tag.as_str().into(),
            );
        }
        narrow
    };
    let count = shown::count(tx, &narrow())?;
    let limit = browse.limit.unwrap_or(24).clamp(1, 100);
    let after = read_cursor(&browse.cursor);
    let mut found = shown::list(tx, narrow(), browse.sort.by(), after, limit + 1)?;
    let next = next_cursor(&mut found, limit);
    let ids: Vec<Id<Product>> = found.into_iter().map(|(_, id)| id).collect();
    Ok(ProductCards { items: cards(tx, &ids, locale, shopper)?, count, next })
}

/// A cursor is the place of the last row: what it is sorted by and its id. One that was made up
/// begins at the beginning.
pub(super) fn read_cursor(cursor: &Option<String>) -> Option<(i64, i64)> {
    let (value, id) = cursor.as_deref()?.split_once('.')?;
    Some((value.parse().ok()?, id.parse().ok()?))
}

/// Cuts a list of one too many to `limit` and says where the next page begins.
pub(super) fn next_cursor(found: &mut Vec<(i64, Id<Product>)>, limit: i64) -> Option<String> {
    let more = found.len() as i64 > limit;
    found.truncate(limit as usize);
    found.last().filter(|_| more).map(|(value, id)| format!("{value}.{}", id.0))
}

/// One product by handle or id, if shoppers may see it.
pub fn find_product(app: &App, visitor: &Visitor, key: &str) -> Result<ProductView, Failure> {
    let locale = visitor.locale.as_str();
    let shopper = price_list::shopper_of(app, visitor)?;
    let name = format!("goods {locale} {} {key}", shopper.key());
    app.read_prepared(visitor, &name, |tx| product(tx, key, locale, &shopper))
}

/// `find_product` in a transaction.
pub fn product(
    tx: &mut Tx,
    key: &str,
    locale: &str,
    shopper: &Shopper,
) -> Result<ProductView, Failure> {
    let id = shown::shown_id(tx, key, Id::parse(key))?;
    let goods = load(tx, &[id])?.pop().ok_or(Failure::NotFound)?;
    let text = shown::texts(tx, &[id], locale)?.remove(&id).unwrap_or_default();
    let (_, updated_at, sold) = shown::dates(tx, id)?;
    let mut pictures = Vec::new();
    let mut by_src = HashMap::new();
    for (_, src, mut picture) in shown::pictures(tx, &[id])? {
        if picture.state == "stored" {
            picture.alt = text.word(&picture.alt);
            by_src.insert(src, picture.clone());
            pictures.push(picture);
        }
    }
    let to_show =
        |unit: &Unit| Some(ToShow { variant: unit.id?, base: unit.price, former: unit.former });
    let to_show: Vec<ToShow> = goods.variants.iter().filter_map(to_show).collect();
    let shown = price_list::shown(tx, shopper, &to_show)?;
    let units = goods.variants.iter().filter(|unit| unit.id.is_some()).zip(shown);
    let variants: Vec<VariantView> =
        units.filter_map(|(unit, shown)| variant(&goods, unit, shown, &text, &by_src)).collect();
    // Those that are for sale, or all of them where none is: in the shop's own currency then.
    let any = variants.iter().any(|variant| variant.for_sale);
    let prices = || variants.iter().filter(|v| v.for_sale == any).map(|v| v.price);
    let cheapest = prices().min_by_key(|price| price.minor);
    let dearest = prices().max_by_key(|price| price.minor);
    let (Some(price), Some(price_to)) = (cheapest, dearest) else { return Err(Failure::NotFound) };
    let seller = match seller::of_product(tx, id)? {
        Some(seller) => Some(seller::find(tx, seller)?),
        None => None,
    };
    Ok(ProductView {
        id,
        title: translated(&text.title, &goods.title),
        body_html: body::shown(if text.body_html.is_empty() {
            &goods.body_html
        } else {
            &text.body_html
        }),
        vendor: text.word(&goods.vendor),
        product_type: text.word(&goods.product_type),
        tags: goods.tags.iter().map(|tag| text.word(tag)).collect(),
        options: options(&goods, &text),
        categories: categories::of_product(tx, id, locale)?,
        seo_title: text.word(&goods.seo_title),
        seo_description: text.word(&goods.seo_description),
        sold_out: variants.iter().all(|variant| variant.sold_out),
        handle: goods.handle,
        variants,
        pictures,
        price,
        price_to,
        sold,
        seller,
        updated_at,
    })
}

fn translated(text: &str, own: &str) -> String {
    if text.is_empty() { own.to_string() } else { text.to_string() }
}

fn options(goods: &Goods, text: &Text) -> Vec<OptionView> {
    let option = |(i, name): (usize, &String)| {
        let mut values: Vec<String> = Vec::new();
        for unit in &goods.variants {
            let value = text.word(&unit.options[i]);
            if !values.contains(&value) {
                values.push(value);
            }
        }
        OptionView { name: text.word(name), values }
    };
    goods.options.iter().enumerate().take(3).map(option).collect()
}

fn variant(
    goods: &Goods,
    unit: &Unit,
    shown: Option<Shown>,
    text: &Text,
    pictures: &HashMap<String, PictureView>,
) -> Option<VariantView> {
    let for_sale = shown.is_some();
    let price = shown.as_ref().map_or(unit.price, |shown| shown.chosen.unit);
    let because = shown.as_ref().map_or(Why::Ordinary, |shown| shown.chosen.why);
    let ordinary = shown.as_ref().and_then(|shown| shown.chosen.ordinary);
    let ordinary = ordinary.filter(|other| other.minor > price.minor && because == Why::Level);
    let worded = unit.options.clone().map(|value| text.word(&value));
    Some(VariantView {
        id: unit.id?,
        title: title_of(&worded),
        options: worded.into_iter().take(goods.options.len()).collect(),
        sku: unit.sku.clone(),
        price,
        compare_at: shown.as_ref().and_then(|shown| shown.former),
        ordinary_price: ordinary,
        because,
        tiers: shown.map_or(Vec::new(), |shown| shown.tiers),
        for_sale,
        available: unit.available,
        tracked: unit.tracked,
        oversell: unit.oversell,
        sold_out: !for_sale || (unit.tracked && !unit.oversell && unit.available <= 0),
        ships: unit.ships,
        picture: pictures.get(&unit.picture_src).cloned(),
    })
}

/// The cards of these products in this order, leaving out what shoppers may not see.
pub fn cards(
    tx: &mut Tx,
    ids: &[Id<Product>],
    locale: &str,
    shopper: &Shopper,
) -> Result<Vec<ProductCard>, Failure> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let texts = shown::texts(tx, ids, locale)?;
    let mut pictures = shown::first_pictures(tx, ids)?;
    let mut prices: HashMap<Id<Product>, Vec<Priced>> = HashMap::new();
    let priced = shown::prices(tx, ids)?;
    let to_show: Vec<ToShow> = priced
        .iter()
        .map(|one| ToShow { variant: one.variant, base: one.price, former: one.former })
        .collect();
    let shown = price_list::shown(tx, shopper, &to_show)?;
    let any: HashSet<Id<Product>> = priced
        .iter()
        .zip(&shown)
        .filter_map(|(one, shown)| shown.is_some().then_some(one.product))
        .collect();
    for (mut priced, shown) in priced.into_iter().zip(shown) {
        match shown {
            Some(shown) => (priced.price, priced.former) = (shown.chosen.unit, shown.former),
            // It is not for sale in this currency: nor is the product, where no variant is.
            None if any.contains(&priced.product) => continue,
            None => (priced.tracked, priced.oversell, priced.available) = (true, false, 0),
        }
        prices.entry(priced.product).or_default().push(priced);
    }
    let none = Text::default();
    let mut cards: HashMap<Id<Product>, ProductCard> = HashMap::new();
    for head in shown::heads(tx, ids)? {
        let prices = prices.remove(&head.id).unwrap_or_default();
        let Some(cheapest) = prices.iter().min_by_key(|priced| priced.price.minor) else {
            continue;
        };
        if !domain::catalog::is_shown(head.status, head.published) {
            continue;
        }
        let text = texts.get(&head.id).unwrap_or(&none);
        let mut picture = pictures.remove(&head.id);
        if let Some(picture) = &mut picture {
            picture.alt = text.word(&picture.alt);
        }
        let dearest = prices.iter().map(|priced| priced.price).max_by_key(|price| price.minor);
        let card = ProductCard {
            id: head.id,
            title: translated(&text.title, &head.title),
            vendor: text.word(&head.vendor),
            picture,
            price: cheapest.price,
            price_to: dearest.unwrap_or(cheapest.price),
            compare_at: cheapest.former.filter(|was| was.minor > cheapest.price.minor),
            sold_out: prices.iter().all(Priced::sold_out),
            sold: head.sold,
            handle: head.handle,
        };
        cards.insert(head.id, card);
    }
    Ok(ids.iter().filter_map(|id| cards.remove(id)).collect())
}

/// The tags of what can be seen, the most used first.
pub fn tags(app: &App, _visitor: &Visitor, most: i64) -> Result<Vec<String>, Failure> {
    app.read(|tx| shown::tags(tx, most.clamp(1, 200)))
}

/// What trade needs to know of these variants, in the order they were asked for; unknown ones are
/// left out.
pub fn variants_for_sale(
    tx: &mut Tx,
    ids: &[Id<Variant>],
    locale: &str,
) -> Result<Vec<ForSale>, Failure> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found: HashMap<Id<Variant>, shown::Selling> =
        shown::selling(tx, ids)?.into_iter().map(|selling| (selling.variant, selling)).collect();
    let products: Vec<Id<Product>> = found.values().map(|selling| selling.product).collect();
    if products.is_empty() {
        return Ok(Vec::new());
    }
    let texts = shown::texts(tx, &products, locale)?;
    let pictures = shown::pictures(tx, &products)?;
    let none = Text::default();
    let for_sale = |id: &Id<Variant>| {
        let selling = found.get(id)?;
        let text = texts.get(&selling.product).unwrap_or(&none);
        let mut own = pictures.iter().filter(|(product, _, picture)| {
            *product == selling.product && picture.state == "stored"
        });
        let first = own.clone().next();
        let picture = own.find(|(_, src, _)| *src == selling.picture_src).or(first);
        Some(ForSale {
            variant: selling.variant,
            product: selling.product,
            handle: selling.handle.clone(),
            title: translated(&text.title, &selling.title),
            variant_title: title_of(&selling.options.clone().map(|value| text.word(&value))),
            sku: selling.sku.clone(),
            picture: picture.map(|(_, _, view)| view.thumb.clone()).unwrap_or_default(),
            price: selling.price,
            tax: selling.tax,
            ships: selling.ships,
            grams: selling.grams,
            counted: selling.tracked && !selling.oversell,
            on_sale: selling.on_sale,
            seller: selling.seller,
        })
    };
    Ok(ids.iter().filter_map(for_sale).collect())
}
