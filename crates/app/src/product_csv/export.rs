//! Writing the product file: what an import of it brings back, byte for byte.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use domain::id::Id;

use super::Generation;
use super::header::{self, Column};
use super::store;
use crate::App;
use crate::catalog::goods::{self, DEFAULT_TITLE, Goods, Pic, Unit};
use crate::failure::Failure;

const BATCH: i64 = 200;

/// Writes every product, in the order they were made. How many rows that took.
pub fn run(app: &App, generation: Generation, writer: &mut dyn Write) -> Result<u64, Failure> {
    let columns = match generation {
        Generation::Legacy => header::legacy(),
        Generation::Current => header::current(),
    };
    let mut extra: BTreeSet<String> = BTreeSet::new();
    app.read(|tx| {
        store::extras(tx, &mut |json| {
            let kept: BTreeMap<String, String> = serde_json::from_str(json).unwrap_or_default();
            extra.extend(kept.into_keys());
        })
    })?;
    let mut file = csv::Writer::from_writer(writer);
    let names = columns.iter().map(|(_, name)| *name).chain(extra.iter().map(String::as_str));
    file.write_record(names).map_err(Failure::broken)?;
    let page = Page { generation, columns, extra, base_url: &app.config.base_url };
    let (mut cursor, mut rows) = (Id::new(-1), 0);
    loop {
        // A transaction a batch: a long export holds nobody up.
        let batch = app.read(|tx| {
            let ids = goods::after(tx, cursor, BATCH)?;
            goods::load(tx, &ids)
        })?;
        let Some(last) = batch.last().and_then(|goods| goods.id) else { break };
        cursor = last;
        for goods in &batch {
            for row in 0..goods.variants.len().max(goods.pictures.len()).max(1) {
                file.write_record(page.row(goods, row)).map_err(Failure::broken)?;
                rows += 1;
            }
        }
    }
    file.flush().map_err(Failure::broken)?;
    Ok(rows)
}

struct Page<'a> {
    generation: Generation,
    columns: Vec<(Column, &'static str)>,
    extra: BTreeSet<String>,
    base_url: &'a str,
}

fn flag(on: bool) -> String {
    if on { "true" } else { "false" }.to_string()
}

impl Page<'_> {
    /// The row with the product's variant and picture of this number; the first carries the rest.
    fn row(&self, goods: &Goods, number: usize) -> Vec<String> {
        let unit = goods.variants.get(number);
        let pic = goods.pictures.get(number);
        let first = number == 0;
        let mut cells: Vec<String> = Vec::with_capacity(self.columns.len() + self.extra.len());
        for (column, _) in &self.columns {
            let cell = match *column {
                Column::Handle => Some(goods.handle.clone()),
                _ => unit
                    .and_then(|unit| self.of_variant(*column, goods, unit))
                    .or_else(|| pic.and_then(|pic| self.of_picture(*column, pic, number)))
                    .or_else(|| if first { self.of_product(*column, goods) } else { None }),
            };
            cells.push(cell.unwrap_or_default());
        }
        for name in &self.extra {
            let own = unit.and_then(|unit| unit.extra.get(name));
            let of_product = if first { goods.extra.get(name) } else { None };
            cells.push(own.or(of_product).cloned().unwrap_or_default());
        }
        cells
    }

    fn of_product(&self, column: Column, goods: &Goods) -> Option<String> {
        let current = self.generation == Generation::Current;
        Some(match column {
            Column::Title => goods.title.clone(),
            Column::Body => goods.body_html.clone(),
            Column::Vendor => goods.vendor.clone(),
            Column::Category => goods.product_category.clone(),
            Column::Type => goods.product_type.clone(),
            Column::Tags => goods.tags.join(", "),
            Column::Published => flag(goods.published),
            Column::Status => {
                let code = goods.status.code();
                if current { capital(code) } else { code.to_string() }
            }
            Column::OptionName(i) => match goods.options.get(i) {
                Some(name) => name.clone(),
                None if i == 0 => "Title".to_string(),
                None => String::new(),
            },
            Column::GiftCard => flag(goods.gift_card),
            Column::SeoTitle => goods.seo_title.clone(),
            Column::SeoDescription => goods.seo_description.clone(),
            _ => return None,
        })
    }

    fn of_variant(&self, column: Column, goods: &Goods, unit: &Unit) -> Option<String> {
        let money =
            |money: Option<domain::money::Money>| money.map_or(String::new(), |m| m.decimal());
        Some(match column {
            Column::OptionValue(0) if goods.options.is_empty() => DEFAULT_TITLE.to_string(),
            Column::OptionValue(i) => unit.options[i].clone(),
            Column::Sku => unit.sku.clone(),
            Column::Barcode => unit.barcode.clone(),
            Column::Grams => unit.grams.to_string(),
            Column::Tracker => if unit.tracked { "shopify" } else { "" }.to_string(),
            Column::Quantity => unit.available.to_string(),
            Column::Policy => {
                let policy = if unit.oversell { "continue" } else { "deny" };
                match self.generation {
                    Generation::Legacy => policy.to_string(),
                    Generation::Current => policy.to_uppercase(),
                }
            }
            Column::Fulfillment => unit.fulfillment.clone(),
            Column::Price => unit.price.decimal(),
            Column::CompareAt => money(unit.compare_at),
            Column::Cost => money(unit.cost),
            Column::Ships => flag(unit.ships),
            Column::Taxable => flag(unit.taxable),
            Column::TaxCode => unit.tax_code.clone(),
            Column::WeightUnit => unit.weight_unit.clone(),
            Column::VariantImage => self.address(&unit.picture_src),
            _ => return None,
        })
    }

    fn of_picture(&self, column: Column, pic: &Pic, number: usize) -> Option<String> {
        Some(match column {
            Column::Image => self.address(&pic.src),
            Column::ImagePosition => (number + 1).to_string(),
            Column::ImageAlt => pic.alt.clone(),
            _ => return None,
        })
    }

    /// Uploaded pictures are written with the shop's address, so that another shop can fetch them.
    fn address(&self, src: &str) -> String {
        if src.starts_with("/files/") { format!("{}{src}", self.base_url) } else { src.to_string() }
    }
}

fn capital(code: &str) -> String {
    let mut letters = code.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}
