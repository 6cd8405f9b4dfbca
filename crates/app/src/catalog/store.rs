//! The tables `products`, `product_tags`, `variants` and `pictures`: whole products in and out.

use std::collections::HashMap;

use domain::catalog::{Picture, Product, Status, Variant};
use domain::id::Id;
use domain::money::{Currency, Money};

use super::goods::{Goods, Pic, Unit};
use crate::db::{Row, Tx, Value};
use crate::failure::Failure;

pub mod shown;

/// `$from, $from+1, …` for as many values, filled up by repeating the last one, so that lists of
/// many lengths share few statements.
pub(super) fn among(values: impl Iterator<Item = Value>, from: usize) -> (String, Vec<Value>) {
    let mut values: Vec<Value> = values.collect();
    let last = values.last().cloned().unwrap_or(Value::Int(0));
    let room = [1, 4, 16, 64, 256].into_iter().find(|room| values.len() <= *room);
    values.resize(room.unwrap_or(values.len().next_power_of_two()), last);
    let marks: Vec<String> = (from..from + values.len()).map(|n| format!("${n}")).collect();
    (marks.join(", "), values)
}

pub(super) fn ids<T>(ids: &[Id<T>]) -> impl Iterator<Item = Value> + '_ {
    ids.iter().map(|id| Value::Int(id.0))
}

/// Holds these products until the transaction ends, so that nobody else changes them meanwhile.
pub fn lock(tx: &mut Tx, products: &[Id<Product>]) -> Result<(), Failure> {
    if products.is_empty() {
        return Ok(());
    }
    let (marks, params) = among(ids(products), 1);
    let sql = format!("select id from products where id in ({marks}) order by id{}", tx.lock());
    tx.all(&sql, &params, |_| ())?;
    Ok(())
}

/// Which of these handles products have.
pub fn find_ids(tx: &mut Tx, handles: &[String]) -> Result<HashMap<String, Id<Product>>, Failure> {
    if handles.is_empty() {
        return Ok(HashMap::new());
    }
    let (marks, params) = among(handles.iter().map(Value::from), 1);
    let sql = format!("select handle, id from products where handle in ({marks})");
    Ok(tx.all(&sql, &params, |row| (row.get(0), row.get(1)))?.into_iter().collect())
}

/// The ids of the products after `cursor`, in the order they were made.
pub fn after(tx: &mut Tx, cursor: Id<Product>, limit: i64) -> Result<Vec<Id<Product>>, Failure> {
    tx.all(
        "select id from products where id > $1 order by id limit $2",
        &[cursor.into(), limit.into()],
        |row| row.get(0),
    )
}

/// These products whole, in the order of their ids.
pub fn load(tx: &mut Tx, products: &[Id<Product>]) -> Result<Vec<Goods>, Failure> {
    if products.is_empty() {
        return Ok(Vec::new());
    }
    let (marks, params) = among(ids(products), 1);
    let sql = format!(
        "select id, handle, title, body_html, vendor, product_category, product_type, status,
                published, gift_card, options, seo_title, seo_description, extra, version
         from products where id in ({marks}) order by id"
    );
    let rows = tx.all(&sql, &params, goods)?;
    let mut goods = rows.into_iter().collect::<Result<Vec<Goods>, _>>()?;
    let places: HashMap<i64, usize> =
        goods.iter().enumerate().filter_map(|(i, goods)| Some((goods.id?.0, i))).collect();
    let sql = format!(
        "select product_id, tag from product_tags where product_id in ({marks})
         order by product_id, position"
    );
    for (product, tag) in tx.all(&sql, &params, |row| (row.get::<i64>(0), row.get(1)))? {
        goods[places[&product]].tags.push(tag);
    }
    let sql = format!(
        "select v.product_id, v.id, v.option1, v.option2, v.option3, v.sku, v.barcode, v.price,
                v.compare_at, v.cost, v.currency, v.grams, v.weight_unit, v.tracked, v.oversell,
                v.ships, v.taxable, v.tax_code, v.fulfillment, v.picture_src, v.extra,
                coalesce(s.available, 0), v.former
         from variants v left join stock s on s.variant_id = v.id
         where v.product_id in ({marks}) and v.archived = 0
         order by v.product_id, v.position, v.id"
    );
    for (product, unit) in tx.all(&sql, &params, |row| (row.get::<i64>(0), unit(row)))? {
        goods[places[&product]].variants.push(unit?);
    }
    let sql = format!(
        "select product_id, id, src, alt, state, file, thumb, width, height, color, error
         from pictures where product_id in ({marks}) order by product_id, position, id"
    );
    for (product, pic) in tx.all(&sql, &params, |row| (row.get::<i64>(0), pic(row)))? {
        goods[places[&product]].pictures.push(pic);
    }
    Ok(goods)
}

fn goods(row: &Row) -> Result<Goods, Failure> {
    Ok(Goods {
        id: Some(row.get(0)),
        handle: row.get(1),
        title: row.get(2),
        body_html: row.get(3),
        vendor: row.get(4),
        product_category: row.get(5),
        product_type: row.get(6),
        status: Status::parse(&row.get::<String>(7)).unwrap_or(Status::Draft),
        published: row.get(8),
        gift_card: row.get(9),
        options: serde_json::from_str(&row.get::<String>(10))?,
        tags: Vec::new(),
        seo_title: row.get(11),
        seo_description: row.get(12),
        extra: serde_json::from_str(&row.get::<String>(13))?,
        variants: Vec::new(),
        pictures: Vec::new(),
        version: row.get(14),
    })
}

fn unit(row: &Row) -> Result<Unit, Failure> {
    let currency = Currency::parse(&row.get::<String>(10)).unwrap_or(Currency::Cny);
    let money = |minor| Money { minor, currency };
    Ok(Unit {
        id: Some(row.get(1)),
        options: [row.get(2), row.get(3), row.get(4)],
        sku: row.get(5),
        barcode: row.get(6),
        price: money(row.get(7)),
        compare_at: row.get::<Option<i64>>(8).map(money),
        former: row.get::<Option<i64>>(22).map(money),
        cost: row.get::<Option<i64>>(9).map(money),
        grams: row.get(11),
        weight_unit: row.get(12),
        tracked: row.get(13),
        oversell: row.get(14),
        ships: row.get(15),
        taxable: row.get(16),
        tax_code: row.get(17),
        fulfillment: row.get(18),
        picture_src: row.get(19),
        extra: serde_json::from_str(&row.get::<String>(20))?,
        available: row.get(21),
    })
}

fn pic(row: &Row) -> Pic {
    Pic {
        id: Some(row.get(1)),
        src: row.get(2),
        alt: row.get(3),
        state: row.get(4),
        file: row.get(5),
        thumb: row.get(6),
        width: row.get(7),
        height: row.get(8),
        color: row.get(9),
        error: row.get(10),
    }
}

fn product_params(goods: &Goods, search: &str) -> Result<Vec<Value>, Failure> {
    Ok(vec![
        (&goods.handle).into(),
        (&goods.title).into(),
        (&goods.body_html).into(),
        (&goods.vendor).into(),
        (&goods.product_category).into(),
        (&goods.product_type).into(),
        goods.status.code().into(),
        goods.published.into(),
        goods.gift_card.into(),
        serde_json::to_string(&goods.options)?.into(),
        (&goods.seo_title).into(),
        (&goods.seo_description).into(),
        serde_json::to_string(&goods.extra)?.into(),
        search.into(),
        goods.low_price().into(),
        goods.version.into(),
    ])
}

pub fn insert_product(
    tx: &mut Tx,
    id: Id<Product>,
    goods: &Goods,
    search: &str,
) -> Result<(), Failure> {
    let mut params = product_params(goods, search)?;
    params.extend([id.into(), tx.now.into()]);
    tx.run(
        "insert into products (handle, title, body_html, vendor, product_category, product_type,
             status, published, gift_card, options, seo_title, seo_description, extra, search,
             low_price, version, id, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
             $18)",
        &params,
    )?;
    Ok(())
}

/// Writes a product unless somebody else has meanwhile.
pub fn update_product(
    tx: &mut Tx,
    id: Id<Product>,
    goods: &Goods,
    search: &str,
) -> Result<(), Failure> {
    let mut params = product_params(goods, search)?;
    params.extend([id.into(), tx.now.into()]);
    let changed = tx.run(
        "update products set handle = $1, title = $2, body_html = $3, vendor = $4,
             product_category = $5, product_type = $6, status = $7, published = $8, gift_card = $9,
             options = $10, seo_title = $11, seo_description = $12, extra = $13, search = $14,
             low_price = $15, version = $16, updated_at = $18
         where id = $17 and version = $16 - 1",
        &params,
    )?;
    if changed == 1 { Ok(()) } else { Err(Failure::Stale) }
}

pub fn put_search(tx: &mut Tx, id: Id<Product>, search: &str) -> Result<(), Failure> {
    tx.run("update products set search = $2 where id = $1", &[id.into(), search.into()])?;
    Ok(())
}

pub fn put_tags(tx: &mut Tx, id: Id<Product>, tags: &[String]) -> Result<(), Failure> {
    tx.run("delete from product_tags where product_id = $1", &[id.into()])?;
    for (position, tag) in tags.iter().enumerate() {
        tx.run(
            "insert into product_tags (product_id, tag, position) values ($1, $2, $3)",
            &[id.into(), tag.into(), (position as i64).into()],
        )?;
    }
    Ok(())
}

fn variant_params(position: i64, unit: &Unit) -> Result<Vec<Value>, Failure> {
    let [option1, option2, option3] = &unit.options;
    Ok(vec![
        position.into(),
        option1.into(),
        option2.into(),
        option3.into(),
        (&unit.sku).into(),
        (&unit.barcode).into(),
        unit.price.minor.into(),
        unit.compare_at.map(|money| money.minor).into(),
        unit.cost.map(|money| money.minor).into(),
        unit.price.currency.code().into(),
        unit.grams.into(),
        (&unit.weight_unit).into(),
        unit.tracked.into(),
        unit.oversell.into(),
        unit.ships.into(),
        unit.taxable.into(),
        (&unit.tax_code).into(),
        (&unit.fulfillment).into(),
        (&unit.picture_src).into(),
        serde_json::to_string(&unit.extra)?.into(),
        unit.former.map(|money| money.minor).into(),
    ])
}

/// A new variant and its stock, of which there is none yet.
pub fn insert_variant(
    tx: &mut Tx,
    product: Id<Product>,
    id: Id<Variant>,
    position: i64,
    unit: &Unit,
) -> Result<(), Failure> {
    let mut params = variant_params(position, unit)?;
    params.extend([id.into(), product.into()]);
    tx.run(
        "insert into variants (position, option1, option2, option3, sku, barcode, price,
             compare_at, cost, currency, grams, weight_unit, tracked, oversell, ships, taxable,
             tax_code, fulfillment, picture_src, extra, former, id, product_id, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
             $19, $20, $21, $22, $23, 1)",
        &params,
    )?;
    tx.run(
        "insert into stock (variant_id, received, available, set_aside, reserved, sold, lost)
         values ($1, 0, 0, 0, 0, 0, 0)",
        &[id.into()],
    )?;
    Ok(())
}

pub fn update_variant(
    tx: &mut Tx,
    id: Id<Variant>,
    position: i64,
    unit: &Unit,
) -> Result<(), Failure> {
    let mut params = variant_params(position, unit)?;
    params.push(id.into());
    tx.run(
        "update variants set position = $1, option1 = $2, option2 = $3, option3 = $4, sku = $5,
             barcode = $6, price = $7, compare_at = $8, cost = $9, currency = $10, grams = $11,
             weight_unit = $12, tracked = $13, oversell = $14, ships = $15, taxable = $16,
             tax_code = $17, fulfillment = $18, picture_src = $19, extra = $20, former = $21,
             version = version + 1
         where id = $22",
        &params,
    )?;
    Ok(())
}

/// Gives a variant options nobody else has, until it gets its new ones.
pub fn step_aside(tx: &mut Tx, id: Id<Variant>) -> Result<(), Failure> {
    let aside = format!("\u{1}{id}");
    tx.run("update variants set option3 = $2 where id = $1", &[id.into(), aside.into()])?;
    Ok(())
}

pub fn archive_variant(tx: &mut Tx, id: Id<Variant>) -> Result<(), Failure> {
    tx.run("update variants set archived = 1, version = version + 1 where id = $1", &[id.into()])?;
    Ok(())
}

fn picture_params(id: Id<Picture>, position: i64, pic: &Pic) -> Vec<Value> {
    vec![
        id.into(),
        position.into(),
        (&pic.src).into(),
        (&pic.alt).into(),
        (&pic.state).into(),
        pic.file.clone().into(),
        pic.thumb.clone().into(),
        pic.width.into(),
        pic.height.into(),
        pic.color.clone().into(),
        pic.error.clone().into(),
    ]
}

pub fn insert_picture(
    tx: &mut Tx,
    product: Id<Product>,
    id: Id<Picture>,
    position: i64,
    pic: &Pic,
) -> Result<(), Failure> {
    let mut params = picture_params(id, position, pic);
    params.push(product.into());
    tx.run(
        "insert into pictures (id, position, src, alt, state, file, thumb, width, height, color,
             error, product_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        &params,
    )?;
    Ok(())
}

pub fn update_picture(
    tx: &mut Tx,
    id: Id<Picture>,
    position: i64,
    pic: &Pic,
) -> Result<(), Failure> {
    tx.run(
        "update pictures set position = $2, src = $3, alt = $4, state = $5, file = $6, thumb = $7,
             width = $8, height = $9, color = $10, error = $11
         where id = $1",
        &picture_params(id, position, pic),
    )?;
    Ok(())
}

pub fn remove_picture(tx: &mut Tx, id: Id<Picture>) -> Result<(), Failure> {
    tx.run("delete from pictures where id = $1", &[id.into()])?;
    Ok(())
}

/// Which product a picture belongs to, its address and its state.
pub fn picture(tx: &mut Tx, id: Id<Picture>) -> Result<(Id<Product>, String, String), Failure> {
    tx.one("select product_id, src, state from pictures where id = $1", &[id.into()], |row| {
        (row.get(0), row.get(1), row.get(2))
    })
}

/// Notes how the fetching of a picture stands.
pub fn mark(tx: &mut Tx, id: Id<Picture>, state: &str, why: Option<&str>) -> Result<(), Failure> {
    tx.run(
        "update pictures set state = $2, error = $3 where id = $1 and state <> 'stored'",
        &[id.into(), state.into(), why.into()],
    )?;
    Ok(())
}

/// A picture was fetched.
pub fn fill_picture(tx: &mut Tx, id: Id<Picture>, pic: &Pic) -> Result<(), Failure> {
    tx.run(
        "update pictures set state = 'stored', file = $2, thumb = $3, width = $4, height = $5,
             color = $6, error = null
         where id = $1 and state = 'remote'",
        &[
            id.into(),
            pic.file.clone().into(),
            pic.thumb.clone().into(),
            pic.width.into(),
            pic.height.into(),
            pic.color.clone().into(),
        ],
    )?;
    Ok(())
}
