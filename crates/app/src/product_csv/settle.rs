//! From the rows of one product and the product the shop has to the product it becomes.
//!
//! A row with a fault is left out whole; a product whose own fields are faulty is left out with all
//! its rows. What the file does not say stays: variants and pictures that are not in it are kept,
//! unless the product gets other options, which makes its old variants meaningless.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::catalog::{MOST_VARIANTS, Status};
use domain::money::Money;
use domain::text::Slug;

use super::header::Column;
use super::parse::{Cells, Fields, GivenPicture, GivenVariant, Group, Reading};
use super::{Fault, RowFault};
use crate::catalog::goods::{Goods, Pic, Unit};
use crate::catalog::pictures::MOST as MOST_PICTURES;

/// What became of the rows of one product.
pub struct Settled {
    pub line: u64,
    /// The product as it will be; none when all of it was left out.
    pub goods: Option<Goods>,
    /// Places of variants and how many units they shall have.
    pub levels: Vec<(usize, i64)>,
    pub faults: Vec<RowFault>,
    /// How many rows were left out.
    pub rejected: u64,
}

/// Settles what the rows of one product lead to.
pub fn settle(reading: &Reading, group: &Group, existing: Option<&Goods>) -> Settled {
    let line = group.rows.first().map_or(0, |row| row.line);
    let mut faults = Vec::new();
    let mut rows = Vec::new();
    for row in &group.rows {
        match reading.cells(&group.handle, row) {
            Ok(cells) => rows.push(cells),
            Err(fault) => faults.push(*fault),
        }
    }
    let found = settle_rows(&mut rows, existing, line, &group.handle);
    let (goods, levels) = found.unwrap_or((None, Vec::new()));
    for mut row in rows {
        faults.append(&mut row.faults);
    }
    faults.sort_by_key(|fault| fault.line);
    let bad: HashSet<u64> = faults.iter().map(|fault| fault.line).collect();
    Settled { line, goods, levels, rejected: bad.len() as u64, faults }
}

type Found = (Option<Goods>, Vec<(usize, i64)>);

fn settle_rows(
    rows: &mut [Cells],
    existing: Option<&Goods>,
    first: u64,
    handle: &str,
) -> Option<Found> {
    let naming = rows.iter().position(|row| row.filled(Column::Title)).unwrap_or(0);
    let naming_line = rows.get(naming)?.line;
    if existing.is_none() && !rows[naming].filled(Column::Title) {
        if naming_line == first {
            rows[naming].fault(Column::Title, Fault::TitleMissing);
        }
        leave_out(rows, first);
        return None;
    }
    if Slug::new(handle).is_err() {
        rows[naming].fault(Column::Handle, Fault::Handle { found: handle.to_string() });
    }
    let fields = rows[naming].fields();
    let named = rows[naming].option_names();
    if !rows[naming].faults.is_empty() {
        leave_out(rows, naming_line);
        return None;
    }
    let known = existing.map_or(Vec::new(), |goods| goods.options.clone());
    let options = named.unwrap_or(known);
    let (variants, pictures) = parts(rows, naming, &options, existing);
    let mut goods = existing.cloned().unwrap_or_else(|| blank(handle));
    // A rejected row changes nothing, but a new product cannot be made without its first row.
    if existing.is_none() || rows[naming].faults.is_empty() {
        apply(&mut goods, fields);
    }
    let levels = put_variants(&mut goods, options, variants);
    if goods.variants.is_empty() {
        leave_out(rows, naming_line);
        return None;
    }
    put_pictures(&mut goods, pictures);
    Some((Some(goods), levels))
}

/// The other rows go with the one on this line.
fn leave_out(rows: &mut [Cells], line: u64) {
    for row in rows {
        if row.faults.is_empty() {
            row.fault(Column::Handle, Fault::Product { line });
        }
    }
}

fn blank(handle: &str) -> Goods {
    Goods {
        id: None,
        handle: handle.to_string(),
        title: String::new(),
        body_html: String::new(),
        vendor: String::new(),
        product_category: String::new(),
        product_type: String::new(),
        status: Status::Active,
        published: true,
        gift_card: false,
        options: Vec::new(),
        tags: Vec::new(),
        seo_title: String::new(),
        seo_description: String::new(),
        extra: BTreeMap::new(),
        variants: Vec::new(),
        pictures: Vec::new(),
        version: 0,
    }
}

/// A variant of the file, with the one of the shop it is.
struct Matched {
    given: GivenVariant,
    existing: Option<usize>,
}

/// The good rows' variants and pictures.
fn parts(
    rows: &mut [Cells],
    naming: usize,
    options: &[String],
    existing: Option<&Goods>,
) -> (Vec<Matched>, Vec<GivenPicture>) {
    let mut variants: Vec<Matched> = Vec::new();
    let mut pictures: Vec<GivenPicture> = Vec::new();
    let mut lines: HashMap<[String; 3], u64> = HashMap::new();
    let mut taken = HashSet::new();
    let by_options = |values: &[String; 3]| {
        existing.and_then(|goods| goods.variants.iter().position(|unit| unit.options == *values))
    };
    for (i, row) in rows.iter_mut().enumerate() {
        let tells = row.is_variant() || (i == naming && existing.is_none());
        let given = tells.then(|| row.variant(options));
        let picture = row.picture();
        if pictures.len() >= MOST_PICTURES && picture.is_some() {
            row.fault(Column::Image, Fault::TooManyPictures { most: MOST_PICTURES });
        }
        if !row.faults.is_empty() {
            continue;
        }
        if let Some(given) = given {
            let values = given.options.clone().unwrap_or_default();
            let place = match &given.options {
                Some(values) => by_options(values).or_else(|| by_sku(existing, &given.sku)),
                None => by_sku(existing, &given.sku).or_else(|| only(existing)),
            };
            let place = place.filter(|place| !taken.contains(place));
            let twice = given.options.is_some() || existing.is_none();
            if let (true, Some(line)) = (twice, lines.get(&values)) {
                let found = crate::catalog::goods::title_of(&values);
                row.fault(Column::OptionValue(0), Fault::Twice { line: *line, found });
            } else if place.is_none() && given.price.is_none() {
                row.fault(Column::Price, Fault::PriceMissing);
            } else if variants.len() >= MOST_VARIANTS {
                row.fault(Column::OptionValue(0), Fault::TooManyVariants { most: MOST_VARIANTS });
            }
            if !row.faults.is_empty() {
                continue;
            }
            taken.extend(place);
            lines.insert(values, given.line);
            variants.push(Matched { given, existing: place });
        }
        pictures.extend(picture);
    }
    (variants, pictures)
}

/// The one variant of the shop's product with this SKU.
fn by_sku(existing: Option<&Goods>, sku: &Option<String>) -> Option<usize> {
    let sku = sku.as_ref().filter(|sku| !sku.is_empty())?;
    let variants = &existing?.variants;
    let mut same = variants.iter().enumerate().filter(|(_, unit)| unit.sku == *sku);
    let found = same.next()?.0;
    same.next().is_none().then_some(found)
}

fn only(existing: Option<&Goods>) -> Option<usize> {
    existing.filter(|goods| goods.variants.len() == 1).map(|_| 0)
}

fn apply(goods: &mut Goods, fields: Fields) {
    let put = |place: &mut String, text: Option<String>| {
        if let Some(text) = text {
            *place = text;
        }
    };
    put(&mut goods.title, fields.title.filter(|title| !title.is_empty()));
    put(&mut goods.body_html, fields.body);
    put(&mut goods.vendor, fields.vendor);
    put(&mut goods.product_category, fields.category);
    put(&mut goods.product_type, fields.kind);
    put(&mut goods.seo_title, fields.seo_title);
    put(&mut goods.seo_description, fields.seo_description);
    goods.tags = fields.tags.unwrap_or(std::mem::take(&mut goods.tags));
    goods.published = fields.published.unwrap_or(goods.published);
    goods.status = fields.status.unwrap_or(goods.status);
    goods.gift_card = fields.gift_card.unwrap_or(goods.gift_card);
    put_extra(&mut goods.extra, fields.extra);
}

fn put_extra(kept: &mut BTreeMap<String, String>, given: BTreeMap<String, String>) {
    for (name, value) in given {
        if value.trim().is_empty() {
            kept.remove(&name);
        } else {
            kept.insert(name, value);
        }
    }
}

/// Puts the file's variants into the product, first and in their order, and says what stock they
/// shall have.
fn put_variants(goods: &mut Goods, options: Vec<String>, given: Vec<Matched>) -> Vec<(usize, i64)> {
    if given.is_empty() {
        return Vec::new();
    }
    let same_options = goods.options.len() == options.len();
    let before = std::mem::take(&mut goods.variants);
    goods.options = options;
    let named: HashSet<usize> = given.iter().filter_map(|variant| variant.existing).collect();
    let mut levels = Vec::new();
    for Matched { given, existing } in given {
        let old = existing.map(|place| before[place].clone());
        // A variant without a price is one the shop has: the rows were checked for it.
        let price = given.price.or(old.as_ref().map(|unit| unit.price));
        let Some(price) = price else { continue };
        if let Some(level) = given.quantity {
            levels.push((goods.variants.len(), level));
        }
        goods.variants.push(unit(old, given, price));
    }
    if same_options {
        let mut kept: HashSet<[String; 3]> =
            goods.variants.iter().map(|unit| unit.options.clone()).collect();
        let others = before.into_iter().enumerate().filter(|(place, _)| !named.contains(place));
        for (_, unit) in others {
            if kept.insert(unit.options.clone()) {
                goods.variants.push(unit);
            }
        }
    }
    levels
}

fn unit(old: Option<Unit>, given: GivenVariant, price: Money) -> Unit {
    let mut unit = old.unwrap_or_else(|| Unit::new(price));
    put_extra(&mut unit.extra, given.extra);
    Unit {
        options: given.options.unwrap_or(unit.options),
        sku: given.sku.unwrap_or(unit.sku),
        barcode: given.barcode.unwrap_or(unit.barcode),
        price,
        compare_at: given.compare_at.unwrap_or(unit.compare_at),
        cost: given.cost.unwrap_or(unit.cost),
        grams: given.grams.unwrap_or(unit.grams),
        weight_unit: given.weight_unit.unwrap_or(unit.weight_unit),
        tracked: given.tracked.unwrap_or(unit.tracked),
        oversell: given.oversell.unwrap_or(unit.oversell),
        ships: given.ships.unwrap_or(unit.ships),
        taxable: given.taxable.unwrap_or(unit.taxable),
        tax_code: given.tax_code.unwrap_or(unit.tax_code),
        fulfillment: given.fulfillment.unwrap_or(unit.fulfillment),
        picture_src: given.picture.unwrap_or(unit.picture_src),
        ..unit
    }
}

/// Puts the file's pictures first, in the order of their positions, and variants' own after them.
fn put_pictures(goods: &mut Goods, mut given: Vec<GivenPicture>) {
    // Rows without a position stand where they are: after those before them.
    let mut last = 0;
    for picture in &mut given {
        last = picture.position.unwrap_or(last);
        picture.position = Some(last);
    }
    given.sort_by_key(|picture| picture.position);
    let mut before = std::mem::take(&mut goods.pictures);
    for picture in given {
        if let Some(at) = goods.pictures.iter().position(|pic| pic.src == picture.src) {
            // Twice in the file: the first place counts.
            goods.pictures[at].alt =
                picture.alt.unwrap_or(std::mem::take(&mut goods.pictures[at].alt));
            continue;
        }
        let old = before.iter().position(|pic| pic.src == picture.src);
        let mut pic = match old {
            Some(old) => before.remove(old),
            None => Pic::new(&picture.src, ""),
        };
        pic.alt = picture.alt.unwrap_or(pic.alt);
        goods.pictures.push(pic);
    }
    goods.pictures.append(&mut before);
    for unit in &goods.variants {
        let src = &unit.picture_src;
        let starts = ["http://", "https://", "/demo/"];
        let elsewhere = !starts.iter().any(|start| src.starts_with(start));
        let known = elsewhere || goods.pictures.iter().any(|pic| pic.src == *src);
        if !known && goods.pictures.len() < MOST_PICTURES {
            goods.pictures.push(Pic::new(src, ""));
        }
    }
}
