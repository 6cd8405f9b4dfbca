//! What a search looks at: everything of a product that somebody may type, in one language.

use std::collections::HashMap;

use domain::catalog::{Product, is_shown};
use domain::id::Id;
use domain::moment::Moment;

use super::categories;
use super::goods::{Goods, load};
use super::store::shown::{self, Text};
use super::view::CategoryRef;
use crate::db::Tx;
use crate::failure::Failure;

/// A product as it is looked for.
pub struct Sought {
    pub id: Id<Product>,
    pub title: String,
    /// Its title in the shop's own language, when that is another.
    pub other_title: String,
    pub vendor: String,
    pub tags: Vec<String>,
    /// Its category and those above, outermost first.
    pub category: Vec<String>,
    /// What variants differ in: `("Colour", "Red")`.
    pub options: Vec<(String, String)>,
    pub skus: Vec<String>,
    /// Its story without markup.
    pub story: String,
    /// The lowest and the highest price, in minor units.
    pub price: (i64, i64),
    pub in_stock: bool,
    pub added: Moment,
    pub sold: i64,
}

/// So much of a story is looked at.
const STORY: usize = 2_000;

/// These products as they are looked for in a language, those that shoppers may see.
pub fn sought(tx: &mut Tx, ids: &[Id<Product>], locale: &str) -> Result<Vec<Sought>, Failure> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let texts = shown::texts(tx, ids, locale)?;
    let others = shown::any_texts(tx, ids)?;
    let mut heads: HashMap<Id<Product>, (Moment, i64)> = HashMap::new();
    for (id, added, sold) in shown::ages(tx, ids)? {
        heads.insert(id, (added, sold));
    }
    let paths = categories::paths(tx, ids, locale)?;
    let mut found = Vec::new();
    for goods in load(tx, ids)? {
        let Some(id) = goods.id.filter(|_| is_shown(goods.status, goods.published)) else {
            continue;
        };
        let none = Text::default();
        let text = texts.get(&id).unwrap_or(&none);
        let (added, sold) = heads.get(&id).copied().unwrap_or((Moment(0), 0));
        let path = paths.get(&id).map_or(&[][..], Vec::as_slice);
        let other = others.get(&id).cloned().unwrap_or_default();
        found.extend(of(id, &goods, text, (other, added, sold), path));
    }
    Ok(found)
}

fn of(
    id: Id<Product>,
    goods: &Goods,
    text: &Text,
    (other, added, sold): (String, Moment, i64),
    path: &[CategoryRef],
) -> Option<Sought> {
    let prices = || goods.variants.iter().map(|unit| unit.price.minor);
    let translated = !text.title.is_empty();
    let story = if text.body_html.is_empty() { &goods.body_html } else { &text.body_html };
    let mut options: Vec<(String, String)> = Vec::new();
    for (n, name) in goods.options.iter().enumerate().take(3) {
        for unit in &goods.variants {
            let option = (text.word(name), text.word(&unit.options[n]));
            if !options.contains(&option) {
                options.push(option);
            }
        }
    }
    let skus = goods.variants.iter().flat_map(|unit| [&unit.sku, &unit.barcode]);
    Some(Sought {
        id,
        title: if translated { text.title.clone() } else { goods.title.clone() },
        other_title: if translated { goods.title.clone() } else { other },
        vendor: text.word(&goods.vendor),
        tags: goods.tags.iter().map(|tag| text.word(tag)).collect(),
        category: path.iter().map(|category| category.name.clone()).collect(),
        options,
        skus: skus.filter(|sku| !sku.is_empty()).cloned().collect(),
        story: plain(story),
        price: (prices().min()?, prices().max()?),
        in_stock: goods
            .variants
            .iter()
            .any(|unit| !unit.tracked || unit.oversell || unit.available > 0),
        added,
        sold,
    })
}

/// The words of a story, without its markup.
fn plain(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for letter in html.chars() {
        match letter {
            '<' => inside = true,
            '>' => {
                inside = false;
                text.push(' ');
            }
            letter if !inside => text.push(letter),
            _ => (),
        }
        if text.len() >= STORY {
            break;
        }
    }
    text.replace("&amp;", "&").replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">")
}
