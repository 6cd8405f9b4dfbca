//! Goods in another language than the shop's own.

use std::collections::BTreeMap;

use describe::ToSchema;
use domain::catalog::{Product, Refusal};
use domain::event::Fact;
use domain::id::Id;
use domain::person::Permission;
use domain::text::{Name, one_line};
use serde::{Deserialize, Serialize};

use super::view::ProductText;
use super::{body, goods};
use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor};

/// A translation as staff write it. An empty title removes it.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(default)]
pub struct ProductTextInput {
    /// `zh-CN` or `en`.
    pub locale: String,
    pub title: String,
    pub body_html: String,
    /// The shop's words and this language's: option names and values, tags, vendor, picture texts.
    pub words: BTreeMap<String, String>,
}

/// Gives a product its texts in another language.
pub fn translate(
    app: &App,
    visitor: &Visitor,
    id: Id<Product>,
    input: ProductTextInput,
) -> Result<(), Failure> {
    let counter = visitor.counter(Permission::Goods)?;
    app.write_for(visitor, |tx| {
        counter.sees(crate::seller::of_product(tx, id)?)?;
        put(tx, id, &input)
    })
}

/// `translate` in a transaction, for the demo.
pub fn put(tx: &mut Tx, id: Id<Product>, input: &ProductTextInput) -> Result<(), Failure> {
    goods::lock(tx, &[id])?;
    tx.one("select id from products where id = $1", &[id.into()], |row| row.get::<i64>(0))?;
    if input.title.trim().is_empty() {
        tx.run(
            "delete from product_texts where product_id = $1 and locale = $2",
            &[id.into(), (&input.locale).into()],
        )?;
    } else {
        let title = Name::new(&input.title).map_err(|_| Refusal::BadTitle)?;
        let story = body::clean(&input.body_html);
        let too_long = story.len() > body::LONGEST || input.words.len() > 5_000;
        if !["zh-CN", "en"].contains(&input.locale.as_str()) || too_long {
            return Err(Failure::field("catalog.bad_title", "locale"));
        }
        let words: BTreeMap<String, String> = input
            .words
            .iter()
            .map(|(own, other)| (one_line(own), one_line(other)))
            .filter(|(own, other)| !own.is_empty() && !other.is_empty())
            .collect();
        tx.run(
            "insert into product_texts (product_id, locale, title, body_html, words)
             values ($1, $2, $3, $4, $5)
             on conflict (product_id, locale) do update
             set title = excluded.title, body_html = excluded.body_html, words = excluded.words",
            &[
                id.into(),
                (&input.locale).into(),
                title.as_str().into(),
                story.into(),
                serde_json::to_string(&words)?.into(),
            ],
        )?;
    }
    goods::refresh_search(tx, id)?;
    tx.tell(Fact::ProductChanged { product: id })
}

/// The translations of a product.
pub(super) fn of(tx: &mut Tx, id: Id<Product>) -> Result<Vec<ProductText>, Failure> {
    let rows = tx.all(
        "select locale, title, body_html, words from product_texts where product_id = $1
         order by locale collate \"C\"",
        &[id.into()],
        |row| (row.get(0), row.get(1), row.get(2), row.get::<String>(3)),
    )?;
    rows.into_iter()
        .map(|(locale, title, body_html, words)| {
            Ok(ProductText { locale, title, body_html, words: serde_json::from_str(&words)? })
        })
        .collect()
}
