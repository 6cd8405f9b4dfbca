//! The tables `price_lists`, `price_list_groups` and `price_list_prices`.

use domain::catalog::Variant;
use domain::id::Id;
use domain::money::{Currency, Money};
use domain::price::list::{CustomerGroup, List, PriceList, Tier};

use super::desk::{ListView, PriceRow, PutList};
use crate::db::{Row, Tx};
use crate::failure::Failure;

/// `50 g / tin`; empty without options.
fn title_of(options: &[String; 3]) -> String {
    let values: Vec<&str> = options.iter().map(String::as_str).filter(|v| !v.is_empty()).collect();
    values.join(" / ")
}

pub fn currency(row: &Row, column: usize) -> Currency {
    Currency::parse(&row.get::<String>(column)).expect("the table holds known currencies")
}

/// The lists that are switched on, and whether any of them has fixed prices.
pub fn active(tx: &mut Tx) -> Result<(Vec<List>, bool), Failure> {
    let rows = tx.all(
        "select id, currency, starts_at, ends_at, priority, cuts from price_lists
         where active = 1 order by id",
        &[],
        |row| {
            let list = List {
                id: row.get(0),
                currency: currency(row, 1),
                groups: Vec::new(),
                starts_at: row.get(2),
                ends_at: row.get(3),
                priority: row.get(4),
                cuts: Vec::new(),
            };
            (list, row.get::<String>(5))
        },
    )?;
    let mut lists = Vec::with_capacity(rows.len());
    for (mut list, cuts) in rows {
        list.cuts = serde_json::from_str(&cuts)?;
        lists.push(list);
    }
    for (list, group) in groups(tx)? {
        if let Some(list) = lists.iter_mut().find(|known| known.id == list) {
            list.groups.push(group);
        }
    }
    let sql = "select l.id from price_lists l where l.active = 1
        and exists (select 1 from price_list_prices p where p.list_id = l.id) limit 1";
    let has_fixed = tx.maybe(sql, &[], |row| row.get::<i64>(0))?.is_some();
    Ok((lists, has_fixed))
}

/// A list and a group it is for.
type For = (Id<PriceList>, Id<CustomerGroup>);

fn groups(tx: &mut Tx) -> Result<Vec<For>, Failure> {
    let sql = "select list_id, group_id from price_list_groups order by list_id, group_id";
    tx.all(sql, &[], |row| (row.get(0), row.get(1)))
}

/// A fixed price: of which variant, in which list.
pub type Fixed = (Id<Variant>, Id<PriceList>, Tier);

/// The fixed prices lists that are switched on have for these.
pub fn fixed(tx: &mut Tx, variants: &[Id<Variant>]) -> Result<Vec<Fixed>, Failure> {
    let ids: Vec<i64> = variants.iter().map(|variant| variant.0).collect();
    let sql = "select p.variant_id, p.list_id, p.from_quantity, p.price
        from price_list_prices p join price_lists l on l.id = p.list_id
        where l.active = 1 and p.variant_id in";
    tx.all_in((sql, &[]), &ids, "", |row| {
        (row.get(0), row.get(1), Tier { from: row.get(2), price: row.get(3) })
    })
}

const LIST: &str = "select l.id, l.name, l.currency, l.starts_at, l.ends_at, l.priority, l.active,
    l.cuts, l.version, (select count(*) from price_list_prices p where p.list_id = l.id)
    from price_lists l";

fn view(row: &Row) -> (ListView, String) {
    let view = ListView {
        id: row.get(0),
        name: row.get(1),
        currency: currency(row, 2),
        groups: Vec::new(),
        starts_at: row.get(3),
        ends_at: row.get(4),
        priority: row.get(5),
        active: row.get(6),
        cuts: Vec::new(),
        prices: row.get(9),
        version: row.get(8),
    };
    (view, row.get(7))
}

pub fn all(tx: &mut Tx) -> Result<Vec<ListView>, Failure> {
    let rows = tx.all(&format!("{LIST} order by l.id desc"), &[], view)?;
    let groups = groups(tx)?;
    let whole = |(mut view, cuts): (ListView, String)| {
        view.cuts = serde_json::from_str(&cuts)?;
        let own = groups.iter().filter(|(list, _)| *list == view.id);
        view.groups = own.map(|(_, group)| *group).collect();
        Ok(view)
    };
    rows.into_iter().map(whole).collect()
}

pub fn one(tx: &mut Tx, id: Id<PriceList>) -> Result<ListView, Failure> {
    all(tx)?.into_iter().find(|list| list.id == id).ok_or(Failure::NotFound)
}

/// Holds a list until the transaction ends, so that nobody else changes it meanwhile.
pub fn lock(tx: &mut Tx, id: Id<PriceList>) -> Result<(), Failure> {
    let sql = format!("select id from price_lists where id = $1{}", tx.lock());
    tx.one(&sql, &[id.into()], |row| row.get::<i64>(0))?;
    Ok(())
}

/// Whether its name was free.
pub fn add(tx: &mut Tx, id: Id<PriceList>, put: &PutList, own: Currency) -> Result<bool, Failure> {
    let added = tx.run(
        "insert into price_lists (id, name, currency, starts_at, ends_at, priority, active, cuts,
                                  created_at, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1) on conflict (name) do nothing",
        &[
            id.into(),
            (&put.name).into(),
            put.currency.unwrap_or(own).code().into(),
            put.starts_at.into(),
            put.ends_at.into(),
            put.priority.into(),
            i64::from(put.active).into(),
            serde_json::to_string(&put.cuts)?.into(),
            tx.now.into(),
        ],
    )?;
    Ok(added == 1)
}

/// Whether nobody changed it meanwhile.
pub fn change(tx: &mut Tx, before: &ListView, put: &PutList) -> Result<bool, Failure> {
    let changed = tx.run(
        "update price_lists set name = $3, currency = $4, starts_at = $5, ends_at = $6,
             priority = $7, active = $8, cuts = $9, version = version + 1
         where id = $1 and version = $2",
        &[
            before.id.into(),
            before.version.into(),
            (&put.name).into(),
            put.currency.unwrap_or(before.currency).code().into(),
            put.starts_at.into(),
            put.ends_at.into(),
            put.priority.into(),
            i64::from(put.active).into(),
            serde_json::to_string(&put.cuts)?.into(),
        ],
    )?;
    Ok(changed == 1)
}

/// Counts a change of its prices.
pub fn touch(tx: &mut Tx, id: Id<PriceList>) -> Result<(), Failure> {
    tx.run("update price_lists set version = version + 1 where id = $1", &[id.into()])?;
    Ok(())
}

pub fn put_groups(
    tx: &mut Tx,
    id: Id<PriceList>,
    groups: &[Id<CustomerGroup>],
) -> Result<(), Failure> {
    tx.run("delete from price_list_groups where list_id = $1", &[id.into()])?;
    for group in groups {
        tx.run(
            "insert into price_list_groups (list_id, group_id) values ($1, $2)
             on conflict (list_id, group_id) do nothing",
            &[id.into(), (*group).into()],
        )?;
    }
    Ok(())
}

pub fn is_group(tx: &mut Tx, group: Id<CustomerGroup>) -> Result<bool, Failure> {
    let sql = "select id from customer_groups where id = $1";
    Ok(tx.maybe(sql, &[group.into()], |row| row.get::<i64>(0))?.is_some())
}

/// Whether any order was made at one of its prices.
pub fn was_used(tx: &mut Tx, id: Id<PriceList>) -> Result<bool, Failure> {
    let sql = "select l.id from order_lines l where l.price_list_id = $1
        union all select h.id from price_history h where h.list_id = $1
        union all select c.list_id from price_cut_history c where c.list_id = $1 limit 1";
    Ok(tx.maybe(sql, &[id.into()], |row| row.get::<i64>(0))?.is_some())
}

pub fn remove(tx: &mut Tx, id: Id<PriceList>) -> Result<(), Failure> {
    for sql in [
        "delete from price_list_prices where list_id = $1",
        "delete from price_list_groups where list_id = $1",
        "delete from price_lists where id = $1",
    ] {
        tx.run(sql, &[id.into()])?;
    }
    Ok(())
}

pub fn prices(
    tx: &mut Tx,
    list: &ListView,
    skip: i64,
    limit: i64,
) -> Result<Vec<PriceRow>, Failure> {
    let sql = "select p.variant_id, v.sku, d.handle, d.title, v.option1, v.option2, v.option3,
            p.from_quantity, p.price, v.price, v.currency
        from price_list_prices p join variants v on v.id = p.variant_id
        join products d on d.id = v.product_id
        where p.list_id = $1 order by d.handle, v.position, v.id, p.from_quantity
        limit $2 offset $3";
    tx.all(sql, &[list.id.into(), limit.into(), skip.into()], |row| PriceRow {
        variant: row.get(0),
        sku: row.get(1),
        handle: row.get(2),
        title: row.get(3),
        variant_title: title_of(&[row.get(4), row.get(5), row.get(6)]),
        from: row.get(7),
        price: Money::new(row.get(8), list.currency),
        ordinary: Money::new(row.get(9), currency(row, 10)),
    })
}

/// All fixed prices of a list.
pub fn fixed_of(tx: &mut Tx, id: Id<PriceList>) -> Result<Vec<(Id<Variant>, Tier)>, Failure> {
    let sql = "select variant_id, from_quantity, price from price_list_prices where list_id = $1
        order by variant_id, from_quantity";
    tx.all(sql, &[id.into()], |row| (row.get(0), Tier { from: row.get(1), price: row.get(2) }))
}

pub fn put_price(
    tx: &mut Tx,
    id: Id<PriceList>,
    variant: Id<Variant>,
    tier: Tier,
) -> Result<(), Failure> {
    tx.run(
        "insert into price_list_prices (list_id, variant_id, from_quantity, price)
         values ($1, $2, $3, $4)
         on conflict (list_id, variant_id, from_quantity) do update set price = excluded.price",
        &[id.into(), variant.into(), tier.from.into(), tier.price.into()],
    )?;
    Ok(())
}

pub fn remove_price(
    tx: &mut Tx,
    id: Id<PriceList>,
    variant: Id<Variant>,
    from: i64,
) -> Result<(), Failure> {
    tx.run(
        "delete from price_list_prices
         where list_id = $1 and variant_id = $2 and from_quantity = $3",
        &[id.into(), variant.into(), from.into()],
    )?;
    Ok(())
}

/// A variant as staff name it: what it costs, and what it is called.
pub struct Named {
    pub variant: Id<Variant>,
    pub handle: String,
    pub title: String,
    pub variant_title: String,
    pub sku: String,
    pub price: Money,
    pub compare_at: Option<Money>,
    pub former: Option<Money>,
}

const NAMED: &str = "select v.id, p.handle, p.title, v.option1, v.option2, v.option3, v.sku,
    v.price, v.currency, v.compare_at, v.former
    from variants v join products p on p.id = v.product_id where v.archived = 0 and";

fn named(row: &Row) -> Named {
    let of = |minor| Money::new(minor, currency(row, 8));
    Named {
        variant: row.get(0),
        handle: row.get(1),
        title: row.get(2),
        variant_title: title_of(&[row.get(3), row.get(4), row.get(5)]),
        sku: row.get(6),
        price: of(row.get(7)),
        compare_at: row.get::<Option<i64>>(9).map(of),
        former: row.get::<Option<i64>>(10).map(of),
    }
}

pub fn variant(tx: &mut Tx, id: Id<Variant>) -> Result<Named, Failure> {
    tx.one(&format!("{NAMED} v.id = $1"), &[id.into()], named)
}

/// The variants with this stock number, or the product's with this handle.
pub fn by_name(tx: &mut Tx, name: &str) -> Result<Vec<Named>, Failure> {
    let found = tx.all(&format!("{NAMED} v.sku = $1 order by v.id"), &[name.into()], named)?;
    if !found.is_empty() {
        return Ok(found);
    }
    let sql = format!("{NAMED} p.handle = $1 order by v.position, v.id");
    tx.all(&sql, &[name.into()], named)
}
