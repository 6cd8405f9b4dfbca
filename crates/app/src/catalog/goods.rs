//! A product whole, as it is read, compared and written: by the console and by the product file.

use std::collections::{BTreeMap, BTreeSet};

use domain::catalog::{Picture, Product, Status, Variant};
use domain::event::Fact;
use domain::id::Id;
use domain::money::Money;

use super::store;
use crate::db::Tx;
use crate::failure::Failure;
use crate::price_history;

pub use store::load;
pub use store::{after, find_ids, lock};

/// What the only variant of a product without options is called in product files.
pub const DEFAULT_TITLE: &str = "Default Title";

/// A product with its variants and pictures.
#[derive(Clone, Debug, PartialEq)]
pub struct Goods {
    /// None until it is first saved.
    pub id: Option<Id<Product>>,
    pub handle: String,
    pub title: String,
    /// Cleaned.
    pub body_html: String,
    pub vendor: String,
    pub product_category: String,
    pub product_type: String,
    pub status: Status,
    pub published: bool,
    pub gift_card: bool,
    /// None for a product with one variant only.
    pub options: Vec<String>,
    pub tags: Vec<String>,
    pub seo_title: String,
    pub seo_description: String,
    pub extra: BTreeMap<String, String>,
    /// Those that are not archived, in order; never none.
    pub variants: Vec<Unit>,
    pub pictures: Vec<Pic>,
    pub version: i64,
}

/// A variant.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// None until it is first saved.
    pub id: Option<Id<Variant>>,
    /// One value for each option of the product, the others empty.
    pub options: [String; 3],
    pub sku: String,
    pub barcode: String,
    pub price: Money,
    /// What is claimed as the price before.
    pub compare_at: Option<Money>,
    /// What of that may be shown; follows from the evidence.
    pub former: Option<Money>,
    pub cost: Option<Money>,
    pub grams: i64,
    pub weight_unit: String,
    pub tracked: bool,
    pub oversell: bool,
    pub ships: bool,
    pub taxable: bool,
    pub tax_code: String,
    pub fulfillment: String,
    pub picture_src: String,
    pub extra: BTreeMap<String, String>,
    /// As it was read; stock is changed through `inventory` alone.
    pub available: i64,
}

/// A picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Pic {
    /// None until it is first saved.
    pub id: Option<Id<Picture>>,
    /// Where it came from: an address, or `/demo/…` or `/files/…` of our own.
    pub src: String,
    pub alt: String,
    pub state: String,
    pub file: Option<String>,
    pub thumb: Option<String>,
    pub width: Option<i64>,
    pub height: Option<i64>,
    pub color: Option<String>,
    pub error: Option<String>,
}

impl Goods {
    /// The lowest price of its variants.
    pub fn low_price(&self) -> i64 {
        self.variants.iter().map(|unit| unit.price.minor).min().unwrap_or(0)
    }

    /// What the search box looks in: its own words, and those of its translations.
    fn search(&self, texts: &[super::ProductText]) -> String {
        let own = [&self.title, &self.vendor, &self.product_type, &self.handle];
        let mut words: Vec<&str> = own.into_iter().map(String::as_str).collect();
        words.extend(self.tags.iter().map(String::as_str));
        for text in texts {
            words.push(&text.title);
            let named = [&self.vendor, &self.product_type].into_iter().chain(&self.tags);
            words.extend(named.filter_map(|word| text.words.get(word)).map(String::as_str));
        }
        words.retain(|word| !word.is_empty());
        words.join("\n").to_lowercase()
    }
}

impl Unit {
    /// A variant with nothing but a price.
    pub fn new(price: Money) -> Unit {
        Unit {
            id: None,
            options: Default::default(),
            sku: String::new(),
            barcode: String::new(),
            price,
            compare_at: None,
            former: None,
            cost: None,
            grams: 0,
            weight_unit: String::new(),
            tracked: false,
            oversell: false,
            ships: true,
            taxable: true,
            tax_code: String::new(),
            fulfillment: "manual".to_string(),
            picture_src: String::new(),
            extra: BTreeMap::new(),
            available: 0,
        }
    }

    /// `50 g / tin`; empty without options.
    pub fn title(&self) -> String {
        title_of(&self.options)
    }
}

/// `50 g / tin`; empty without options.
pub fn title_of(options: &[String; 3]) -> String {
    let values: Vec<&str> = options.iter().map(String::as_str).filter(|v| !v.is_empty()).collect();
    values.join(" / ")
}

impl Pic {
    /// A picture by its address: one of ours is there, another is still to be fetched.
    pub fn new(src: &str, alt: &str) -> Pic {
        let state = if src.starts_with("/demo/") { "stored" } else { "remote" };
        Pic {
            id: None,
            src: src.to_string(),
            alt: alt.to_string(),
            state: state.to_string(),
            file: None,
            thumb: None,
            width: None,
            height: None,
            color: None,
            error: None,
        }
    }
}

/// Writes what `after` changes of `before`, gives new parts their ids, and tells. Nothing is
/// written when nothing changed.
pub fn save(tx: &mut Tx, before: Option<&Goods>, after: &mut Goods) -> Result<bool, Failure> {
    let Some(before) = before else {
        insert(tx, after)?;
        return Ok(true);
    };
    if before == after {
        return Ok(false);
    }
    // A product that was read has its id.
    let id = before.id.ok_or_else(|| Failure::broken("a product without an id"))?;
    let texts = super::text::of(tx, id)?;
    after.version = before.version + 1;
    store::update_product(tx, id, after, &after.search(&texts))?;
    if before.tags != after.tags {
        store::put_tags(tx, id, &after.tags)?;
    }
    save_variants(tx, id, &before.variants, &mut after.variants)?;
    save_pictures(tx, id, &before.pictures, &mut after.pictures)?;
    tx.tell(Fact::ProductChanged { product: id })?;
    Ok(true)
}

fn insert(tx: &mut Tx, goods: &mut Goods) -> Result<(), Failure> {
    let id: Id<Product> = tx.id();
    goods.id = Some(id);
    goods.version = 1;
    store::insert_product(tx, id, goods, &goods.search(&[]))?;
    store::put_tags(tx, id, &goods.tags)?;
    save_variants(tx, id, &[], &mut goods.variants)?;
    save_pictures(tx, id, &[], &mut goods.pictures)?;
    tx.tell(Fact::ProductChanged { product: id })
}

fn save_variants(
    tx: &mut Tx,
    product: Id<Product>,
    before: &[Unit],
    after: &mut [Unit],
) -> Result<(), Failure> {
    let kept: BTreeSet<_> = after.iter().filter_map(|unit| unit.id).collect();
    for gone in before.iter().filter_map(|unit| unit.id).filter(|id| !kept.contains(id)) {
        store::archive_variant(tx, gone)?;
        price_history::ended(tx, gone)?;
    }
    let old = |id: Option<Id<Variant>>| before.iter().position(|unit| unit.id == id);
    // Two variants may swap their options: none may hold the other's meanwhile.
    for unit in after.iter() {
        if let (Some(id), Some(was)) = (unit.id, old(unit.id))
            && before[was].options != unit.options
        {
            store::step_aside(tx, id)?;
        }
    }
    for (position, unit) in after.iter_mut().enumerate() {
        let position = position as i64;
        match (unit.id, unit.id.and_then(|id| old(Some(id)))) {
            (Some(id), Some(was)) => {
                let old = &before[was];
                if (old.price, old.compare_at) != (unit.price, unit.compare_at) {
                    let had = Some(old.price);
                    let former = price_history::changed(tx, id, unit.price, unit.compare_at, had)?;
                    unit.former = former.map(|minor| Money::new(minor, unit.price.currency));
                }
                if before[was] != *unit || was as i64 != position {
                    store::update_variant(tx, id, position, unit)?;
                }
            }
            _ => {
                let id = tx.id();
                unit.id = Some(id);
                unit.former = None;
                store::insert_variant(tx, product, id, position, unit)?;
                price_history::changed(tx, id, unit.price, unit.compare_at, None)?;
            }
        }
    }
    Ok(())
}

fn save_pictures(
    tx: &mut Tx,
    product: Id<Product>,
    before: &[Pic],
    after: &mut [Pic],
) -> Result<(), Failure> {
    let kept: BTreeSet<_> = after.iter().filter_map(|pic| pic.id).collect();
    for gone in before.iter().filter_map(|pic| pic.id).filter(|id| !kept.contains(id)) {
        store::remove_picture(tx, gone)?;
    }
    for (position, pic) in after.iter_mut().enumerate() {
        let was = before.iter().position(|old| old.id.is_some() && old.id == pic.id);
        match (pic.id, was) {
            (Some(id), Some(was)) => {
                if before[was] != *pic || was != position {
                    store::update_picture(tx, id, position as i64, pic)?;
                }
            }
            _ => {
                let id: Id<Picture> = tx.id();
                pic.id = Some(id);
                store::insert_picture(tx, product, id, position as i64, pic)?;
                if pic.state == "remote" {
                    tx.ask("picture.fetch", id.0, tx.now)?;
                }
            }
        }
    }
    Ok(())
}

/// Brings the words of the search box up to date after a translation.
pub(super) fn refresh_search(tx: &mut Tx, id: Id<Product>) -> Result<(), Failure> {
    let goods = load(tx, &[id])?.pop().ok_or(Failure::NotFound)?;
    let texts = super::text::of(tx, id)?;
    store::put_search(tx, id, &goods.search(&texts))
}
