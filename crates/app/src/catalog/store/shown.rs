//! Goods as people look through them: lists, cards and what trade asks, in the visitor's language.

use std::collections::{BTreeMap, HashMap};

use domain::catalog::{Product, Status, Variant};
use domain::id::Id;
use domain::moment::Moment;
use domain::money::{Currency, Money};
use domain::seller::Seller;
use domain::tax::Class;

use super::{among, ids};
use crate::catalog::view::PictureView;
use crate::db::{Row, Tx, Value};
use crate::failure::Failure;

/// What shoppers may see, of the table `p`.
pub const SHOWN: &str = "p.status = 'active' and p.published = 1";

/// A translation of a product.
#[derive(Clone, Debug, Default)]
pub struct Text {
    pub title: String,
    pub body_html: String,
    pub words: BTreeMap<String, String>,
}

impl Text {
    /// A word in this language, if it was translated.
    pub fn word(&self, word: &str) -> String {
        self.words.get(word).cloned().unwrap_or_else(|| word.to_string())
    }
}

/// The translations of these products into one language.
pub fn texts(
    tx: &mut Tx,
    products: &[Id<Product>],
    locale: &str,
) -> Result<HashMap<Id<Product>, Text>, Failure> {
    let (marks, mut params) = among(ids(products), 2);
    params.insert(0, locale.into());
    let sql = format!(
        "select product_id, title, body_html, words from product_texts
         where locale = $1 and product_id in ({marks})"
    );
    let rows = tx.all(&sql, &params, |row| {
        let words: Result<_, _> = serde_json::from_str(&row.get::<String>(3));
        (row.get(0), words.map(|words| Text { title: row.get(1), body_html: row.get(2), words }))
    })?;
    rows.into_iter().map(|(id, text)| Ok((id, text?))).collect()
}

/// The titles of these products in whatever other language they have one.
pub fn any_texts(
    tx: &mut Tx,
    products: &[Id<Product>],
) -> Result<HashMap<Id<Product>, String>, Failure> {
    let (marks, params) = among(ids(products), 1);
    let sql = format!("select product_id, title from product_texts where product_id in ({marks})");
    Ok(tx.all(&sql, &params, |row| (row.get(0), row.get(1)))?.into_iter().collect())
}

/// When these products were made, and how many units were sold.
pub fn ages(
    tx: &mut Tx,
    products: &[Id<Product>],
) -> Result<Vec<(Id<Product>, Moment, i64)>, Failure> {
    let (marks, params) = among(ids(products), 1);
    let sql = format!("select id, created_at, sold from products where id in ({marks})");
    tx.all(&sql, &params, |row| (row.get(0), row.get(1), row.get(2)))
}

/// A product without its parts.
pub struct Head {
    pub id: Id<Product>,
    pub handle: String,
    pub title: String,
    pub vendor: String,
    pub product_type: String,
    pub status: Status,
    pub published: bool,
    pub sold: i64,
    pub updated_at: Moment,
    pub version: i64,
}

pub fn heads(tx: &mut Tx, products: &[Id<Product>]) -> Result<Vec<Head>, Failure> {
    let (marks, params) = among(ids(products), 1);
    let sql = format!(
        "select id, handle, title, vendor, product_type, status, published, sold, updated_at,
                version
         from products where id in ({marks})"
    );
    tx.all(&sql, &params, |row| Head {
        id: row.get(0),
        handle: row.get(1),
        title: row.get(2),
        vendor: row.get(3),
        product_type: row.get(4),
        status: Status::parse(&row.get::<String>(5)).unwrap_or(Status::Draft),
        published: row.get(6),
        sold: row.get(7),
        updated_at: row.get(8),
        version: row.get(9),
    })
}

/// What lists need of a variant.
pub struct Priced {
    pub variant: Id<Variant>,
    pub product: Id<Product>,
    pub price: Money,
    pub former: Option<Money>,
    pub tracked: bool,
    pub oversell: bool,
    pub available: i64,
}

impl Priced {
    pub fn sold_out(&self) -> bool {
        self.tracked && !self.oversell && self.available <= 0
    }
}

pub fn prices(tx: &mut Tx, products: &[Id<Product>]) -> Result<Vec<Priced>, Failure> {
    let (marks, params) = among(ids(products), 1);
    let sql = format!(
        "select v.product_id, v.price, v.former, v.currency, v.tracked, v.oversell,
                coalesce(s.available, 0), v.id
         from variants v left join stock s on s.variant_id = v.id
         where v.product_id in ({marks}) and v.archived = 0"
    );
    tx.all(&sql, &params, |row| {
        let currency = currency(row, 3);
        Priced {
            product: row.get(0),
            price: Money { minor: row.get(1), currency },
            former: row.get::<Option<i64>>(2).map(|minor| Money { minor, currency }),
            variant: row.get(7),
            tracked: row.get(4),
            oversell: row.get(5),
            available: row.get(6),
        }
    })
}

fn currency(row: &Row, column: usize) -> Currency {
    Currency::parse(&row.get::<String>(column)).unwrap_or(Currency::Cny)
}

/// The first picture we have a copy of, of each of these products.
pub fn first_pictures(
    tx: &mut Tx,
    products: &[Id<Product>],
) -> Result<HashMap<Id<Product>, PictureView>, Failure> {
    let (marks, params) = among(ids(products), 1);
    let sql = format!(
        "select c.id, c.src, c.alt, c.state, c.file, c.thumb, c.width, c.height, c.color,
                c.product_id
         from pictures c
         where c.product_id in ({marks}) and c.state = 'stored' and not exists
             (select 1 from pictures b where b.product_id = c.product_id and b.state = 'stored'
              and (b.position < c.position or (b.position = c.position and b.id < c.id)))"
    );
    Ok(tx.all(&sql, &params, |row| (row.get(9), picture(row)))?.into_iter().collect())
}

/// A picture from a row that begins id, src, alt, state, file, thumb, width, height, color.
fn picture(row: &Row) -> PictureView {
    let kept = |hash: Option<String>, src: &str| match hash {
        Some(hash) => format!("/files/{hash}"),
        None if src.starts_with("/demo/") => src.to_string(),
        None => String::new(),
    };
    let from: String = row.get(1);
    let src = kept(row.get(4), &from);
    let thumb = kept(row.get(5), &from);
    PictureView {
        id: row.get(0),
        alt: row.get(2),
        state: row.get(3),
        thumb: if thumb.is_empty() { src.clone() } else { thumb },
        src,
        width: row.get(6),
        height: row.get(7),
        color: row.get::<Option<String>>(8).unwrap_or_default(),
    }
}

/// What narrows a list, as parts of a condition on `p` with the values they need.
#[derive(Default)]
pub struct Narrow {
    parts: Vec<String>,
    params: Vec<Value>,
}

impl Narrow {
    pub fn by(&mut self, part: &str) {
        self.parts.push(part.to_string());
    }

    /// Adds a part in which `$$` stands for the value.
    pub fn with(&mut self, part: &str, value: Value) {
        self.params.push(value);
        self.parts.push(part.replace("$$", &format!("${}", self.params.len())));
    }

    /// Every word must be somewhere in what the search box looks in.
    pub fn search(&mut self, q: &str) {
        for word in q.to_lowercase().split_whitespace().take(6) {
            let word = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            self.with("p.search like $$ escape '\\'", format!("%{word}%").into());
        }
    }

    /// In this category or below it.
    pub fn category(&mut self, slug: &str) {
        self.with(
            "p.id in (with recursive below (id) as (
                 select id from categories where slug = $$
                 union all
                 select c.id from categories c join below b on c.parent_id = b.id)
              select pc.product_id from product_categories pc join below b
                  on b.id = pc.category_id)",
            slug.into(),
        );
    }

    fn condition(&self) -> String {
        if self.parts.is_empty() { "1 = 1".to_string() } else { self.parts.join(" and ") }
    }
}

/// How many products there are.
pub fn count(tx: &mut Tx, narrow: &Narrow) -> Result<i64, Failure> {
    let sql = format!("select count(*) from products p where {}", narrow.condition());
    tx.one(&sql, &narrow.params, |row| row.get(0))
}

/// The ids of products after a place in the list, with the number they are sorted by.
pub fn list(
    tx: &mut Tx,
    mut narrow: Narrow,
    by: (&str, bool),
    after: Option<(i64, i64)>,
    limit: i64,
) -> Result<Vec<(i64, Id<Product>)>, Failure> {
    let (column, rising) = by;
    let (beyond, order) = if rising { (">", "asc") } else { ("<", "desc") };
    if let Some((value, id)) = after {
        narrow.with(&format!("(p.{column} {beyond}= $$"), value.into());
        let number = narrow.params.len();
        narrow.params.push(id.into());
        // The second half of the same part: beyond it, or as far and with a later id.
        let part = narrow.parts.pop().unwrap_or_default();
        narrow.parts.push(format!(
            "{part} and (p.{column} {beyond} ${number} or p.id {beyond} ${}))",
            number + 1
        ));
    }
    narrow.params.push(limit.into());
    let sql = format!(
        "select p.{column}, p.id from products p where {} order by p.{column} {order}, p.id {order}
         limit ${}",
        narrow.condition(),
        narrow.params.len()
    );
    tx.all(&sql, &narrow.params, |row| (row.get(0), row.get(1)))
}

/// The tags of what is shown, the most used first.
pub fn tags(tx: &mut Tx, most: i64) -> Result<Vec<String>, Failure> {
    let sql = format!(
        "select t.tag from product_tags t join products p on p.id = t.product_id
         where {SHOWN} group by t.tag order by count(*) desc, t.tag collate \"C\" limit $1"
    );
    tx.all(&sql, &[most.into()], |row| row.get(0))
}

/// The id of a product with this handle, that shoppers may see.
pub fn shown_id(
    tx: &mut Tx,
    handle: &str,
    id: Option<Id<Product>>,
) -> Result<Id<Product>, Failure> {
    let sql = format!("select p.id from products p where {SHOWN} and (p.handle = $1 or p.id = $2)");
    tx.one(&sql, &[handle.into(), id.map_or(-1, |id| id.0).into()], |row| row.get(0))
}

/// A variant as trade needs it, in the shop's own language.
pub struct Selling {
    pub variant: Id<Variant>,
    pub product: Id<Product>,
    pub handle: String,
    pub title: String,
    pub options: [String; 3],
    pub sku: String,
    pub price: Money,
    pub tracked: bool,
    pub oversell: bool,
    pub ships: bool,
    pub grams: i64,
    pub on_sale: bool,
    pub picture_src: String,
    pub tax: Class,
    pub seller: Option<Id<Seller>>,
}

pub fn selling(tx: &mut Tx, variants: &[Id<Variant>]) -> Result<Vec<Selling>, Failure> {
    let (marks, params) = among(ids(variants), 1);
    let sql = format!(
        "select v.id, p.id, p.handle, p.title, v.option1, v.option2, v.option3, v.sku, v.price,
                v.currency, v.tracked, v.oversell, v.ships, p.status, p.published, v.archived,
                v.picture_src, v.grams, v.taxable, v.tax_code, p.seller_id,
                coalesce((select s.status from sellers s where s.id = p.seller_id), 'active')
         from variants v join products p on p.id = v.product_id where v.id in ({marks})"
    );
    tx.all(&sql, &params, |row| Selling {
        variant: row.get(0),
        product: row.get(1),
        handle: row.get(2),
        title: row.get(3),
        options: [row.get(4), row.get(5), row.get(6)],
        sku: row.get(7),
        price: Money { minor: row.get(8), currency: currency(row, 9) },
        tracked: row.get(10),
        oversell: row.get(11),
        ships: row.get(12),
        on_sale: row.get::<String>(13) == "active"
            && row.get(14)
            && !row.get::<bool>(15)
            && row.get::<String>(21) == "active",
        seller: row.get(20),
        picture_src: row.get(16),
        grams: row.get(17),
        tax: Class::of_goods(row.get(18), &row.get::<String>(19)),
    })
}

/// The pictures we have a copy of, by product and by where they came from.
pub fn pictures(
    tx: &mut Tx,
    products: &[Id<Product>],
) -> Result<Vec<(Id<Product>, String, PictureView)>, Failure> {
    let (marks, params) = among(ids(products), 1);
    let sql = format!(
        "select id, src, alt, state, file, thumb, width, height, color, product_id from pictures
         where product_id in ({marks}) order by product_id, position, id"
    );
    tx.all(&sql, &params, |row| (row.get(9), row.get(1), picture(row)))
}

/// How many products are in each status: of a seller's, or all.
pub fn statuses(tx: &mut Tx, seller: Option<Id<Seller>>) -> Result<Vec<(String, i64)>, Failure> {
    let sql = "select status, count(*) from products where cast($1 as bigint) = 0 or seller_id = $1
               group by status";
    tx.all(sql, &[seller.map_or(0, |id| id.0).into()], |row| (row.get(0), row.get(1)))
}

/// When a product was made and changed, and how many of it were paid for.
pub fn dates(tx: &mut Tx, id: Id<Product>) -> Result<(Moment, Moment, i64), Failure> {
    tx.one("select created_at, updated_at, sold from products where id = $1", &[id.into()], |row| {
        (row.get(0), row.get(1), row.get(2))
    })
}
