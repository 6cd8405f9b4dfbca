//! The shop before its first visitor: staff, categories, goods in two languages.

use std::collections::{BTreeMap, HashMap};
use std::io::Cursor;

use domain::catalog::{Category, Product, Variant};
use domain::id::Id;
use domain::money::Money;
use domain::person::Role;

use super::content::{self, Goods};
use crate::catalog::categories::{self, CategoryInput, CategoryTextInput};
use crate::catalog::{self, ProductTextInput};
use crate::failure::Failure;
use crate::payment::offline::{self, Terms};
use crate::wallet::{self, GiveCredit};
use crate::{App, Visitor, person, product_csv};

/// What staff of the demo sign in with, beside the one click.
pub const PASSWORD: &str = "pinwheel-demo";

/// Those who run the demo shop.
pub struct Staff {
    /// Runs it.
    pub zoe: Visitor,
    /// Packs.
    pub mo: Visitor,
}

/// A product as the demo's shoppers think of it.
pub struct Ware {
    pub id: Id<Product>,
    pub handle: String,
    /// The number of its top category.
    pub taste: usize,
    /// Its variants with their prices.
    pub variants: Vec<(Id<Variant>, i64)>,
}

/// The owner and the manager.
pub fn hire(app: &App) -> Result<Staff, Failure> {
    let hire = |name: &str, role: Role| -> Result<Visitor, Failure> {
        let contact = format!("{name}@example.com");
        let view = person::add_staff_from_terminal(app, name, &contact, role, PASSWORD)?;
        Ok(Visitor::of(view.id, name, role))
    };
    Ok(Staff { zoe: hire("zoe", Role::Owner)?, mo: hire("mo", Role::Manager)? })
}

/// Who has no card pays by transfer.
pub fn take_transfers(app: &App, owner: &Visitor) -> Result<(), Failure> {
    let terms = Terms {
        active: true,
        how: "转账到：云桥银行 6222 0000 0000 1234，户名「风车演示店」".to_string(),
        how_en: "Transfer to: Yunqiao Bank 6222 0000 0000 1234, “Pinwheel demo shop”".to_string(),
        days: 3,
    };
    offline::set(app, owner, terms).map(|_| ())
}

/// Ann, as whom one looks around first, finds something in her wallet.
pub fn welcome(app: &App, owner: Visitor) -> Result<(), Failure> {
    let Some(ann) = wallet::owner(app, &owner, "ann@example.com")? else { return Ok(()) };
    let currency = app.read(|tx| Ok(crate::shop::get(tx)?.currency))?;
    let amount = Money::new(2_000, currency);
    let owner = owner.with_key("demo-welcome-ann", "a gift")?;
    let give = GiveCredit { amount, reason: "欢迎回来，请您喝茶".to_string() };
    wallet::give(app, &owner, ann, give).map(|_| ())
}

/// Categories and goods, through the same actions a merchant's own file goes through.
pub fn furnish(app: &App, owner: &Visitor) -> Result<Vec<Ware>, Failure> {
    let tree = plant(app, owner)?;
    let file = Cursor::new(content::products_csv());
    let report = product_csv::import(app, owner, "products.csv", file, false, &mut |_| {})?;
    if report.rejected_rows > 0 {
        let why = format!("the demo's own goods were refused: {:?}", report.rejected);
        return Err(Failure::Broken(why));
    }
    translate_all(app, owner)?;
    let mut wares = Vec::new();
    for row in content::chinese().iter().filter(|row| !row.title.is_empty()) {
        let product = catalog::find_product(app, owner, &row.handle)?;
        let Some((category, taste)) = tree.get(&row.kind) else { continue };
        categories::assign(app, owner, product.id, &[*category])?;
        wares.push(Ware {
            id: product.id,
            handle: row.handle.clone(),
            taste: *taste,
            variants: product.variants.iter().map(|one| (one.id, one.price.minor)).collect(),
        });
    }
    Ok(wares)
}

/// Makes the categories. By name: which it is, and the number of the top one it is below.
fn plant(app: &App, owner: &Visitor) -> Result<HashMap<String, (Id<Category>, usize)>, Failure> {
    let mut by_name: HashMap<String, (Id<Category>, usize)> = HashMap::new();
    let mut by_slug: HashMap<String, (Id<Category>, usize)> = HashMap::new();
    let mut tops = 0;
    for row in content::categories() {
        let above = by_slug.get(&row.parent).copied();
        let english =
            CategoryTextInput { locale: "en".into(), name: row.name_en, blurb: row.blurb_en };
        let made = categories::create(
            app,
            owner,
            CategoryInput {
                name: row.name_zh.clone(),
                slug: row.slug.clone(),
                blurb: row.blurb_zh,
                parent: above.map(|(id, _)| id),
                position: row.position,
                texts: vec![english],
            },
        )?;
        let top = above.map_or(tops, |(_, top)| top);
        if above.is_none() {
            tops += 1;
        }
        by_name.insert(row.name_zh, (made.id, top));
        by_slug.insert(row.slug, (made.id, top));
    }
    Ok(by_name)
}

fn translate_all(app: &App, owner: &Visitor) -> Result<(), Failure> {
    let (chinese, english) = (content::chinese(), content::english());
    let mut texts: BTreeMap<String, ProductTextInput> = BTreeMap::new();
    for (zh, en) in chinese.iter().zip(&english) {
        let text = texts.entry(zh.handle.clone()).or_insert_with(|| ProductTextInput {
            locale: "en".into(),
            title: en.title.clone(),
            body_html: en.body_html.clone(),
            words: BTreeMap::new(),
        });
        add_words(&mut text.words, zh, en);
    }
    for (handle, text) in texts {
        let product = catalog::find_product(app, owner, &handle)?;
        catalog::translate(app, owner, product.id, text)?;
    }
    Ok(())
}

fn add_words(words: &mut BTreeMap<String, String>, zh: &Goods, en: &Goods) {
    let mut add = |zh: &str, en: &str| {
        let (zh, en) = (zh.trim(), en.trim());
        if !zh.is_empty() && !en.is_empty() && zh != en {
            words.insert(zh.to_string(), en.to_string());
        }
    };
    add(&zh.vendor, &en.vendor);
    add(&zh.kind, &en.kind);
    add(&zh.alt, &en.alt);
    for (zh, en) in zh.tags.split(',').zip(en.tags.split(',')) {
        add(zh, en);
    }
    for (zh, en) in zh.options.iter().zip(&en.options) {
        add(zh, en);
    }
}
