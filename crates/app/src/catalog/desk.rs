//! Goods as staff find them.

use std::collections::HashMap;

use describe::ToSchema;
use domain::catalog::{Product, Status};
use domain::id::Id;
use domain::person::Permission;
use domain::seller::Seller;
use domain::tax::Class;
use serde::{Deserialize, Serialize};

use super::browse::{next_cursor, read_cursor};
use super::goods::{Goods, load};
use super::store::shown::{self, Narrow, Priced};
use super::view::{
    PictureDetail, ProductDetail, StaffProduct, StaffProducts, StatusCounts, VariantDetail,
};
use super::{categories, text};
use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor, seller};

/// Fewer units than this of a counted variant are few.
pub const LOW: i64 = 5;

/// What staff look for.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(default)]
pub struct StaffBrowse {
    pub q: String,
    /// `active`, `draft`, `archived`, or empty for all.
    pub status: String,
    /// The slug of a category.
    pub category: String,
    /// Only those of which a counted variant is nearly gone.
    pub low: bool,
    /// Only this seller's.
    pub seller: Option<Id<Seller>>,
    pub cursor: Option<String>,
    pub limit: Option<i64>,
}

/// Products in any status, the last changed first.
pub fn staff_list(
    app: &App,
    visitor: &Visitor,
    browse: StaffBrowse,
) -> Result<StaffProducts, Failure> {
    let counter = visitor.counter_reader(Permission::Goods)?;
    app.read(|tx| {
        let mut narrow = Narrow::default();
        if let Some(seller) = counter.seller.or(browse.seller) {
            narrow.with("p.seller_id = $$", seller.into());
        }
        narrow.search(&browse.q);
        if let Some(status) = Status::parse(&browse.status) {
            narrow.with("p.status = $$", status.code().into());
        }
        if !browse.category.is_empty() {
            narrow.category(&browse.category);
        }
        if browse.low {
            narrow.with(
                "p.id in (select v.product_id from variants v join stock s on s.variant_id = v.id
                  where v.archived = 0 and v.tracked = 1 and v.oversell = 0 and s.available < $$)",
                LOW.into(),
            );
        }
        let limit = browse.limit.unwrap_or(50).clamp(1, 100);
        let after = read_cursor(&browse.cursor);
        let mut found = shown::list(tx, narrow, ("updated_at", false), after, limit + 1)?;
        let next = next_cursor(&mut found, limit);
        let ids: Vec<Id<Product>> = found.into_iter().map(|(_, id)| id).collect();
        let items = rows(tx, &ids, &visitor.locale)?;
        Ok(StaffProducts { items, next, counts: counts(tx, counter.seller)? })
    })
}

fn counts(tx: &mut Tx, seller: Option<Id<Seller>>) -> Result<StatusCounts, Failure> {
    let mut counts = StatusCounts::default();
    for (status, count) in shown::statuses(tx, seller)? {
        match Status::parse(&status) {
            Some(Status::Active) => counts.active = count,
            Some(Status::Draft) => counts.draft = count,
            Some(Status::Archived) => counts.archived = count,
            None => {}
        }
    }
    Ok(counts)
}

fn rows(tx: &mut Tx, ids: &[Id<Product>], locale: &str) -> Result<Vec<StaffProduct>, Failure> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let currency = crate::shop::get(tx)?.currency;
    let mut pictures = shown::first_pictures(tx, ids)?;
    let mut prices: HashMap<Id<Product>, Vec<Priced>> = HashMap::new();
    for priced in shown::prices(tx, ids)? {
        prices.entry(priced.product).or_default().push(priced);
    }
    let mut names: HashMap<Id<Product>, Vec<String>> = HashMap::new();
    for (product, category) in categories::of_products(tx, ids, locale)? {
        names.entry(product).or_default().push(category.name);
    }
    let mut rows: HashMap<Id<Product>, StaffProduct> = HashMap::new();
    for head in shown::heads(tx, ids)? {
        let prices = prices.remove(&head.id).unwrap_or_default();
        let minors = || prices.iter().map(|priced| priced.price.minor);
        let money = |minor| domain::money::Money { minor, currency };
        let counted = || prices.iter().filter(|priced| priced.tracked && !priced.oversell);
        let row = StaffProduct {
            id: head.id,
            picture: pictures.remove(&head.id),
            price: money(minors().min().unwrap_or(0)),
            price_to: money(minors().max().unwrap_or(0)),
            variants: prices.len() as i64,
            available: counted().next().map(|_| counted().map(|priced| priced.available).sum()),
            low: counted().any(|priced| priced.available < LOW),
            categories: names.remove(&head.id).unwrap_or_default(),
            handle: head.handle,
            title: head.title,
            vendor: head.vendor,
            product_type: head.product_type,
            status: head.status,
            published: head.published,
            sold: head.sold,
            updated_at: head.updated_at,
            version: head.version,
        };
        rows.insert(head.id, row);
    }
    Ok(ids.iter().filter_map(|id| rows.remove(id)).collect())
}

/// One product with all that staff may change.
pub fn detail(app: &App, visitor: &Visitor, id: Id<Product>) -> Result<ProductDetail, Failure> {
    let counter = visitor.counter_reader(Permission::Goods)?;
    app.read(|tx| {
        counter.sees(seller::of_product(tx, id)?)?;
        detail_in(tx, id, &visitor.locale)
    })
}

/// `detail` in a transaction.
pub(super) fn detail_in(
    tx: &mut Tx,
    id: Id<Product>,
    locale: &str,
) -> Result<ProductDetail, Failure> {
    let goods = load(tx, &[id])?.pop().ok_or(Failure::NotFound)?;
    let (created_at, updated_at, sold) = shown::dates(tx, id)?;
    let views = shown::pictures(tx, &[id])?;
    let picture = |(_, src, picture): (_, String, super::PictureView)| {
        let error = goods.pictures.iter().find(|pic| pic.src == src).and_then(|p| p.error.clone());
        PictureDetail { picture, src, error }
    };
    Ok(ProductDetail {
        id,
        pictures: views.into_iter().map(picture).collect(),
        variants: variants(&goods),
        categories: categories::of_products(tx, &[id], locale)?
            .into_iter()
            .map(|(_, category)| category)
            .collect(),
        texts: text::of(tx, id)?,
        handle: goods.handle,
        title: goods.title,
        body_html: goods.body_html,
        vendor: goods.vendor,
        product_category: goods.product_category,
        product_type: goods.product_type,
        status: goods.status,
        published: goods.published,
        gift_card: goods.gift_card,
        tags: goods.tags,
        options: goods.options,
        seo_title: goods.seo_title,
        seo_description: goods.seo_description,
        seller: seller::of_product(tx, id)?,
        sold,
        created_at,
        updated_at,
        version: goods.version,
    })
}

fn variants(goods: &Goods) -> Vec<VariantDetail> {
    let detail = |unit: &super::goods::Unit| {
        Some(VariantDetail {
            id: unit.id?,
            title: unit.title(),
            options: unit.options.iter().take(goods.options.len()).cloned().collect(),
            sku: unit.sku.clone(),
            barcode: unit.barcode.clone(),
            price: unit.price,
            compare_at: unit.compare_at,
            cost: unit.cost,
            grams: unit.grams,
            weight_unit: unit.weight_unit.clone(),
            tracked: unit.tracked,
            oversell: unit.oversell,
            ships: unit.ships,
            tax: Class::of_goods(unit.taxable, &unit.tax_code),
            available: unit.available,
            picture_src: unit.picture_src.clone(),
        })
    };
    goods.variants.iter().filter_map(detail).collect()
}
