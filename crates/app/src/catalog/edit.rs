//! Staff make and change products.

use std::collections::BTreeSet;

use describe::ToSchema;
use domain::catalog::{
    Category, MOST_OPTIONS, MOST_VARIANTS, Picture, Product, Refusal, Status, Variant,
};
use domain::id::Id;
use domain::money::{Currency, LARGEST, Money};
use domain::person::Permission;
use domain::seller::Seller;
use domain::tax::Class;
use domain::text::{Name, Slug, one_line};
use serde::{Deserialize, Serialize};

use super::goods::{self, Goods, Unit};
use super::view::ProductDetail;
use super::{body, categories, desk};
use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor, seller, staff_act};

/// A product as staff write it: the whole of it, each time.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct ProductInput {
    pub title: String,
    /// The readable part of its address; made from the title when empty.
    #[serde(default)]
    pub handle: String,
    #[serde(default)]
    pub body_html: String,
    #[serde(default)]
    pub vendor: String,
    #[serde(default)]
    pub product_category: String,
    #[serde(default)]
    pub product_type: String,
    #[serde(default)]
    pub tags: Vec<String>,
    pub status: Status,
    #[serde(default = "yes")]
    pub published: bool,
    /// Names of up to three options; none for a product with one variant only.
    #[serde(default)]
    pub options: Vec<String>,
    /// Those of a product that are not named here are archived.
    pub variants: Vec<VariantInput>,
    /// Those of a product that are not named here are removed. `None` leaves them all.
    #[serde(default)]
    pub pictures: Option<Vec<PictureInput>>,
    /// `None` leaves them.
    #[serde(default)]
    pub categories: Option<Vec<Id<Category>>>,
    #[serde(default)]
    pub seo_title: String,
    #[serde(default)]
    pub seo_description: String,
    /// Whose it shall be, as long as nobody ordered it. Left out, it stays whose it was: the shop's
    /// own, or their own when somebody of a seller's makes it.
    #[serde(default)]
    pub seller: Option<Id<Seller>>,
    /// The version that was seen; needed to edit.
    #[serde(default)]
    pub version: Option<i64>,
}

fn yes() -> bool {
    true
}

/// A variant as staff write it. Its stock is received through the stock pages.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct VariantInput {
    /// None for a new one.
    #[serde(default)]
    pub id: Option<Id<Variant>>,
    /// One value for each option of the product.
    #[serde(default)]
    pub options: Vec<String>,
    #[serde(default)]
    pub sku: String,
    #[serde(default)]
    pub barcode: String,
    /// In the shop's currency.
    pub price: Money,
    #[serde(default)]
    pub compare_at: Option<Money>,
    #[serde(default)]
    pub cost: Option<Money>,
    #[serde(default)]
    pub grams: i64,
    #[serde(default = "yes")]
    pub tracked: bool,
    #[serde(default)]
    pub oversell: bool,
    #[serde(default = "yes")]
    pub ships: bool,
    /// How it is taxed; left out, as it was.
    #[serde(default)]
    pub tax: Option<Class>,
    /// Where the picture that shows it came from; empty for none.
    #[serde(default)]
    pub picture_src: String,
}

/// A picture the product has, with its text.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct PictureInput {
    pub id: Id<Picture>,
    pub alt: String,
}

/// Makes a product.
pub fn create(app: &App, visitor: &Visitor, input: ProductInput) -> Result<ProductDetail, Failure> {
    let counter = visitor.counter(Permission::Goods)?;
    let actor = counter.person;
    app.write_for(visitor, |tx| {
        let currency = crate::shop::get(tx)?.currency;
        let blank = Goods {
            id: None,
            handle: String::new(),
            title: String::new(),
            body_html: String::new(),
            vendor: String::new(),
            product_category: String::new(),
            product_type: String::new(),
            status: Status::Draft,
            published: true,
            gift_card: false,
            options: Vec::new(),
            tags: Vec::new(),
            seo_title: String::new(),
            seo_description: String::new(),
            extra: Default::default(),
            variants: Vec::new(),
            pictures: Vec::new(),
            version: 0,
        };
        let mut goods = written(&blank, &input, currency)?;
        if input.handle.is_empty() {
            goods.handle = free_handle(tx, &goods.title)?;
        }
        check_handle(tx, &goods)?;
        goods::save(tx, None, &mut goods)?;
        let id = goods.id.ok_or_else(|| Failure::broken("a saved product has an id"))?;
        if let Some(seller) = counter.seller.or(input.seller) {
            put_seller(tx, id, seller)?;
        }
        if let Some(categories) = &input.categories {
            categories::put(tx, id, categories)?;
        }
        staff_act::record(tx, actor, "product.create", ("product", id.0), &goods.title)?;
        desk::detail_in(tx, id, &visitor.locale)
    })
}

/// Changes a product to what `input` says.
pub fn edit(
    app: &App,
    visitor: &Visitor,
    id: Id<Product>,
    input: ProductInput,
) -> Result<ProductDetail, Failure> {
    let counter = visitor.counter(Permission::Goods)?;
    let actor = counter.person;
    app.write_for(visitor, |tx| {
        goods::lock(tx, &[id])?;
        let before = goods::load(tx, &[id])?.pop().ok_or(Failure::NotFound)?;
        let was = seller::of_product(tx, id)?;
        counter.sees(was)?;
        if input.version != Some(before.version) {
            return Err(Failure::Stale);
        }
        if let Some(seller) = input.seller.filter(|seller| Some(*seller) != was) {
            counter.sees(Some(seller))?;
            put_seller(tx, id, seller)?;
        }
        let currency = crate::shop::get(tx)?.currency;
        let mut after = written(&before, &input, currency)?;
        if input.handle.is_empty() {
            after.handle.clone_from(&before.handle);
        }
        check_handle(tx, &after)?;
        if let Some(categories) = &input.categories {
            categories::put(tx, id, categories)?;
        }
        if goods::save(tx, Some(&before), &mut after)? {
            staff_act::record(tx, actor, "product.edit", ("product", id.0), &after.title)?;
        }
        desk::detail_in(tx, id, &visitor.locale)
    })
}

/// Gives many products a status. How many changed.
pub fn set_status(
    app: &App,
    visitor: &Visitor,
    ids: &[Id<Product>],
    status: Status,
) -> Result<u64, Failure> {
    let counter = visitor.counter(Permission::Goods)?;
    let actor = counter.person;
    let ids = &ids[..ids.len().min(200)];
    app.write_for(visitor, |tx| {
        goods::lock(tx, ids)?;
        let mut changed = 0;
        for before in goods::load(tx, ids)? {
            let id = before.id.ok_or_else(|| Failure::broken("a product without an id"))?;
            counter.sees(seller::of_product(tx, id)?)?;
            changed += u64::from(move_to(tx, actor, &before, status)?);
        }
        Ok(changed)
    })
}

/// Takes a product out of sale for good; it is kept for the record.
pub fn archive(
    app: &App,
    visitor: &Visitor,
    id: Id<Product>,
    version: i64,
) -> Result<ProductDetail, Failure> {
    let counter = visitor.counter(Permission::Goods)?;
    let actor = counter.person;
    app.write_for(visitor, |tx| {
        goods::lock(tx, &[id])?;
        let before = goods::load(tx, &[id])?.pop().ok_or(Failure::NotFound)?;
        counter.sees(seller::of_product(tx, id)?)?;
        if before.version != version {
            return Err(Failure::Stale);
        }
        move_to(tx, actor, &before, Status::Archived)?;
        desk::detail_in(tx, id, &visitor.locale)
    })
}

/// Whether a campaign that is on, or about to be, offers a product at a price of its own.
fn in_campaign(tx: &mut Tx, id: Id<Product>) -> Result<bool, Failure> {
    let sql = "select 1 from campaign_stock s join variants v on v.id = s.variant_id
        join campaigns c on c.id = s.campaign_id
        where v.product_id = $1 and c.status in ('checked', 'scheduled', 'running', 'paused')
        limit 1";
    Ok(tx.maybe(sql, &[id.into()], |row| row.get::<i64>(0))?.is_some())
}

/// Gives a product to a seller. One that was ordered stays whose it was: its orders are; and one
/// that a campaign of the shop's offers is the shop's.
fn put_seller(tx: &mut Tx, id: Id<Product>, seller: Id<Seller>) -> Result<(), Failure> {
    seller::find(tx, seller)?;
    if in_campaign(tx, id)? {
        return Err(domain::seller::Refusal::InCampaign.into());
    }
    let given = tx.run(
        "update products set seller_id = $2 where id = $1 and not exists
           (select 1 from order_lines l where l.product_id = products.id)",
        &[id.into(), seller.into()],
    )?;
    if given == 0 {
        return Err(domain::seller::Refusal::Ordered.into());
    }
    tx.tell(domain::event::Fact::ProductChanged { product: id })
}

fn move_to(
    tx: &mut Tx,
    actor: Id<domain::person::Person>,
    before: &Goods,
    status: Status,
) -> Result<bool, Failure> {
    let mut after = Goods { status, ..before.clone() };
    let changed = goods::save(tx, Some(before), &mut after)?;
    if let (true, Some(id)) = (changed, before.id) {
        let detail = format!("{} → {}", before.status.code(), status.code());
        staff_act::record(tx, actor, "product.status", ("product", id.0), &detail)?;
    }
    Ok(changed)
}

/// The product `before` becomes, or why it cannot.
fn written(before: &Goods, input: &ProductInput, currency: Currency) -> Result<Goods, Failure> {
    let title = Name::new(&input.title).map_err(|_| Refusal::BadTitle)?;
    let body_html = body::clean(&input.body_html);
    if body_html.len() > body::LONGEST {
        return Err(Failure::field("catalog.bad_title", "body_html"));
    }
    let mut tags: Vec<String> = Vec::new();
    for tag in input.tags.iter().map(|tag| short(tag)).filter(|tag| !tag.is_empty()) {
        if !tags.contains(&tag) && tags.len() < 250 {
            tags.push(tag);
        }
    }
    let options: Vec<String> =
        input.options.iter().map(|name| short(name)).filter(|name| !name.is_empty()).collect();
    let names: BTreeSet<_> = options.iter().map(|name| name.to_lowercase()).collect();
    if options.len() > MOST_OPTIONS || names.len() != options.len() {
        return Err(Refusal::BadOptions.into());
    }
    Ok(Goods {
        handle: input.handle.clone(),
        title: title.as_str().to_string(),
        body_html,
        vendor: short(&input.vendor),
        product_category: one_line(&input.product_category),
        product_type: short(&input.product_type),
        status: input.status,
        published: input.published,
        tags,
        variants: units(before, &options, input, currency)?,
        options,
        seo_title: short(&input.seo_title),
        seo_description: one_line(&input.seo_description).chars().take(1_000).collect(),
        pictures: pictures(before, input)?,
        ..before.clone()
    })
}

fn short(text: &str) -> String {
    one_line(text).chars().take(Name::LONGEST).collect()
}

fn units(
    before: &Goods,
    options: &[String],
    input: &ProductInput,
    currency: Currency,
) -> Result<Vec<Unit>, Failure> {
    let count = input.variants.len();
    if count == 0 || count > MOST_VARIANTS || (options.is_empty() && count > 1) {
        return Err(Refusal::BadOptions.into());
    }
    let amount = |money: Money| {
        let fits = money.currency == currency && (0..=LARGEST).contains(&money.minor);
        if fits { Ok(money) } else { Err(Failure::from(Refusal::BadPrice)) }
    };
    let mut units = Vec::with_capacity(count);
    let mut seen = BTreeSet::new();
    for given in &input.variants {
        let mut values: [String; 3] = Default::default();
        for (i, value) in given.options.iter().enumerate() {
            match values.get_mut(i) {
                Some(place) => *place = short(value),
                None if value.trim().is_empty() => {}
                None => return Err(Refusal::BadOptions.into()),
            }
        }
        let filled = values.iter().enumerate().all(|(i, v)| v.is_empty() == (i >= options.len()));
        if !filled || !seen.insert(values.clone()) || !(0..=100_000_000).contains(&given.grams) {
            return Err(Refusal::BadOptions.into());
        }
        let old = match given.id {
            None => None,
            Some(id) => {
                let found = before.variants.iter().find(|unit| unit.id == Some(id));
                Some(found.ok_or(Failure::NotFound)?.clone())
            }
        };
        let old = old.unwrap_or_else(|| Unit { weight_unit: "g".into(), ..Unit::new(given.price) });
        let was = Class::of_goods(old.taxable, &old.tax_code);
        let (taxable, tax_code) = match given.tax.filter(|tax| *tax != was) {
            Some(Class::Standard) => (true, String::new()),
            Some(Class::Reduced) => (true, Class::Reduced.code().to_string()),
            Some(Class::Zero) => (false, old.tax_code.clone()),
            None => (old.taxable, old.tax_code.clone()),
        };
        units.push(Unit {
            taxable,
            tax_code,
            options: values,
            sku: short(&given.sku),
            barcode: short(&given.barcode),
            price: amount(given.price)?,
            compare_at: given.compare_at.map(amount).transpose()?.filter(|was| was.minor > 0),
            cost: given.cost.map(amount).transpose()?,
            grams: given.grams,
            tracked: given.tracked,
            oversell: given.oversell,
            ships: given.ships,
            picture_src: given.picture_src.trim().to_string(),
            ..old
        });
    }
    let ids: Vec<_> = units.iter().filter_map(|unit| unit.id).collect();
    let distinct: BTreeSet<_> = ids.iter().collect();
    if distinct.len() == ids.len() { Ok(units) } else { Err(Refusal::BadOptions.into()) }
}

fn pictures(before: &Goods, input: &ProductInput) -> Result<Vec<goods::Pic>, Failure> {
    let Some(given) = &input.pictures else { return Ok(before.pictures.clone()) };
    let kept = |picture: &PictureInput| {
        let old = before.pictures.iter().find(|pic| pic.id == Some(picture.id));
        let old = old.ok_or(Failure::from(Refusal::BadPicture))?;
        let alt = one_line(&picture.alt).chars().take(512).collect();
        Ok(goods::Pic { alt, ..old.clone() })
    };
    given.iter().map(kept).collect()
}

fn check_handle(tx: &mut Tx, goods: &Goods) -> Result<(), Failure> {
    Slug::new(&goods.handle).map_err(|_| Refusal::BadHandle)?;
    let taken = goods::find_ids(tx, std::slice::from_ref(&goods.handle))?;
    match taken.get(&goods.handle) {
        Some(id) if Some(*id) != goods.id => Err(Refusal::HandleTaken.into()),
        _ => Ok(()),
    }
}

/// The handle of a title, with a number behind it when somebody has it already.
fn free_handle(tx: &mut Tx, title: &str) -> Result<String, Failure> {
    let plain = Slug::of_title(title).map_or("product".to_string(), |slug| slug.to_string());
    let plain: String = plain.chars().take(Slug::LONGEST - 6).collect();
    let mut handle = plain.clone();
    for number in 2..10_000 {
        if goods::find_ids(tx, std::slice::from_ref(&handle))?.is_empty() {
            break;
        }
        handle = format!("{plain}-{number}");
    }
    Ok(handle)
}
