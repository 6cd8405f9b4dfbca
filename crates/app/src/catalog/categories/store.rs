//! The tables `categories`, `category_texts` and `product_categories`.

use std::collections::HashMap;

use domain::catalog::{Category, Product};
use domain::id::Id;

use super::CategoryInput;
use crate::catalog::store::shown::SHOWN;
use crate::catalog::store::{among, ids};
use crate::catalog::view::CategoryRef;
use crate::db::Tx;
use crate::failure::Failure;

/// A category as it is kept, in one language.
pub struct Kept {
    pub id: Id<Category>,
    pub slug: String,
    pub name: String,
    pub blurb: String,
    pub parent: Option<Id<Category>>,
    pub position: i64,
}

pub fn all(tx: &mut Tx, locale: &str) -> Result<Vec<Kept>, Failure> {
    tx.all(
        "select c.id, c.slug, coalesce(nullif(t.name, ''), c.name),
                coalesce(nullif(t.blurb, ''), c.blurb), c.parent_id, c.position
         from categories c left join category_texts t on t.category_id = c.id and t.locale = $1
         order by c.position, c.id",
        &[locale.into()],
        |row| Kept {
            id: row.get(0),
            slug: row.get(1),
            name: row.get(2),
            blurb: row.get(3),
            parent: row.get(4),
            position: row.get(5),
        },
    )
}

const WITHIN: &str = "with recursive within (id, root) as (
     select id, id from categories
     union all
     select c.id, w.root from categories c join within w on c.parent_id = w.id)";

/// How many products are shown in each category and below it.
pub fn counts(tx: &mut Tx) -> Result<HashMap<Id<Category>, i64>, Failure> {
    let sql = format!(
        "{WITHIN} select w.root, count(distinct p.id) from within w
         join product_categories pc on pc.category_id = w.id
         join products p on p.id = pc.product_id where {SHOWN} group by w.root"
    );
    Ok(tx.all(&sql, &[], |row| (row.get(0), row.get(1)))?.into_iter().collect())
}

/// The most bought product with a picture in any of these categories.
pub fn favourite(tx: &mut Tx, categories: &[Id<Category>]) -> Result<Option<Id<Product>>, Failure> {
    let (marks, params) = among(ids(categories), 1);
    let sql = format!(
        "select p.id from products p
         where {SHOWN} and p.id in
             (select product_id from product_categories where category_id in ({marks}))
           and exists (select 1 from pictures c
                       where c.product_id = p.id and c.state = 'stored')
         order by p.sold desc, p.id desc limit 1"
    );
    tx.maybe(&sql, &params, |row| row.get(0))
}

pub fn lock(tx: &mut Tx, id: Id<Category>) -> Result<(), Failure> {
    let sql = format!("select id from categories where id = $1{}", tx.lock());
    tx.one(&sql, &[id.into()], |_| ())
}

pub fn by_slug(tx: &mut Tx, slug: &str) -> Result<Option<Id<Category>>, Failure> {
    tx.maybe("select id from categories where slug = $1", &[slug.into()], |row| row.get(0))
}

pub fn by_name(
    tx: &mut Tx,
    parent: Option<Id<Category>>,
    name: &str,
) -> Result<Option<Id<Category>>, Failure> {
    tx.maybe(
        "select id from categories where name = $1 and coalesce(parent_id, 0) = $2
         order by position, id limit 1",
        &[name.into(), parent.map_or(0, |id| id.0).into()],
        |row| row.get(0),
    )
}

pub fn next_position(tx: &mut Tx, parent: Option<Id<Category>>) -> Result<i64, Failure> {
    tx.one(
        "select coalesce(max(position), 0) + 1 from categories where coalesce(parent_id, 0) = $1",
        &[parent.map_or(0, |id| id.0).into()],
        |row| row.get(0),
    )
}

pub fn parent(tx: &mut Tx, id: Id<Category>) -> Result<Option<Id<Category>>, Failure> {
    tx.one("select parent_id from categories where id = $1", &[id.into()], |row| row.get(0))
}

pub fn insert(
    tx: &mut Tx,
    id: Id<Category>,
    slug: &str,
    name: &str,
    input: &CategoryInput,
) -> Result<(), Failure> {
    tx.run(
        "insert into categories (id, slug, name, blurb, parent_id, position)
         values ($1, $2, $3, $4, $5, $6)",
        &[
            id.into(),
            slug.into(),
            name.into(),
            domain::text::one_line(&input.blurb).into(),
            input.parent.into(),
            input.position.into(),
        ],
    )?;
    Ok(())
}

pub fn update(
    tx: &mut Tx,
    id: Id<Category>,
    slug: &str,
    name: &str,
    input: &CategoryInput,
) -> Result<(), Failure> {
    tx.run(
        "update categories set slug = $2, name = $3, blurb = $4, parent_id = $5, position = $6
         where id = $1",
        &[
            id.into(),
            slug.into(),
            name.into(),
            domain::text::one_line(&input.blurb).into(),
            input.parent.into(),
            input.position.into(),
        ],
    )?;
    Ok(())
}

pub fn put_text(
    tx: &mut Tx,
    id: Id<Category>,
    locale: &str,
    name: &str,
    blurb: &str,
) -> Result<(), Failure> {
    tx.run(
        "insert into category_texts (category_id, locale, name, blurb) values ($1, $2, $3, $4)
         on conflict (category_id, locale) do update
         set name = excluded.name, blurb = excluded.blurb",
        &[id.into(), locale.into(), name.into(), blurb.into()],
    )?;
    Ok(())
}

pub fn remove(tx: &mut Tx, id: Id<Category>) -> Result<(), Failure> {
    let above = parent(tx, id)?;
    tx.run("delete from product_categories where category_id = $1", &[id.into()])?;
    tx.run("delete from category_texts where category_id = $1", &[id.into()])?;
    tx.run(
        "update categories set parent_id = $2 where parent_id = $1",
        &[id.into(), above.into()],
    )?;
    tx.run("delete from categories where id = $1", &[id.into()])?;
    Ok(())
}

pub fn all_exist(tx: &mut Tx, categories: &[Id<Category>]) -> Result<bool, Failure> {
    if categories.is_empty() {
        return Ok(true);
    }
    let (marks, params) = among(ids(categories), 1);
    let sql = format!("select id from categories where id in ({marks})");
    let found: Vec<Id<Category>> = tx.all(&sql, &params, |row| row.get(0))?;
    Ok(categories.iter().all(|id| found.contains(id)))
}

pub fn assign(
    tx: &mut Tx,
    product: Id<Product>,
    categories: &[Id<Category>],
) -> Result<(), Failure> {
    tx.run("delete from product_categories where product_id = $1", &[product.into()])?;
    for id in categories {
        tx.run(
            "insert into product_categories (product_id, category_id) values ($1, $2)
             on conflict (product_id, category_id) do nothing",
            &[product.into(), (*id).into()],
        )?;
    }
    Ok(())
}

pub fn of_product(tx: &mut Tx, product: Id<Product>) -> Result<Vec<Id<Category>>, Failure> {
    tx.all(
        "select c.id from product_categories pc join categories c on c.id = pc.category_id
         where pc.product_id = $1 order by c.position, c.id",
        &[product.into()],
        |row| row.get(0),
    )
}

pub fn of_products(
    tx: &mut Tx,
    products: &[Id<Product>],
    locale: &str,
) -> Result<Vec<(Id<Product>, CategoryRef)>, Failure> {
    let (marks, mut params) = among(ids(products), 2);
    params.insert(0, locale.into());
    let sql = format!(
        "select pc.product_id, c.id, c.slug, coalesce(nullif(t.name, ''), c.name)
         from product_categories pc join categories c on c.id = pc.category_id
         left join category_texts t on t.category_id = c.id and t.locale = $1
         where pc.product_id in ({marks}) order by c.position, c.id"
    );
    tx.all(&sql, &params, |row| {
        (row.get(0), CategoryRef { id: row.get(1), slug: row.get(2), name: row.get(3) })
    })
}
