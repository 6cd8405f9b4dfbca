//! The tables `price_history` and `price_cut_history`.

use std::collections::HashMap;

use domain::catalog::{Category, Variant};
use domain::id::Id;
use domain::moment::Moment;
use domain::money::{Currency, Money};
use domain::price::history::Charged;
use domain::price::list::{Cut, Goods, PriceList};

use crate::db::Tx;
use crate::failure::Failure;

/// A price somebody could buy at: a product's own, or a list's.
#[derive(Clone, Debug)]
pub struct Past {
    pub variant: Id<Variant>,
    pub list: Option<Id<PriceList>>,
    pub claimed: Option<i64>,
    pub charged: Charged,
}

/// What these variants cost in a currency since a moment, in the order it began. What lists take
/// off is reckoned on what the goods cost then and where they belong now.
pub fn past(
    tx: &mut Tx,
    variants: &[Id<Variant>],
    currency: Currency,
    since: Moment,
) -> Result<Vec<Past>, Failure> {
    let ids: Vec<i64> = variants.iter().map(|variant| variant.0).collect();
    let sql = "select variant_id, list_id, price, compare_at, from_at, until_at
        from price_history where currency = $1 and (until_at is null or until_at > $2)
          and (until_at is null or until_at > from_at) and variant_id in";
    let first = [currency.code().into(), since.into()];
    let mut past = tx.all_in((sql, &first), &ids, "order by from_at, id", |row| {
        let list: i64 = row.get(1);
        let (price, from, until) = (row.get(2), row.get(4), row.get(5));
        Past {
            variant: row.get(0),
            list: (list != 0).then(|| Id::new(list)),
            claimed: row.get(3),
            charged: Charged { price, from, until },
        }
    })?;
    let taken = taken_off(tx, since)?;
    if taken.is_empty() {
        return Ok(past);
    }
    let goods = goods(tx, variants)?;
    let own: Vec<Past> = past.iter().filter(|one| one.list.is_none()).cloned().collect();
    for (list, cuts, from, until) in taken {
        for one in &own {
            let Some(goods) = goods.get(&one.variant) else { continue };
            let holds = cuts.iter().filter(|cut| cut.from <= 1 && cut.holds_for(goods));
            let Some(off) = holds.map(|cut| cut.off).max() else { continue };
            let price = Money::new(one.charged.price, currency);
            let ends = [until, one.charged.until].into_iter().flatten().min();
            let charged = Charged {
                price: price.minus(off.of(price)).minor,
                from: one.charged.from.max(from),
                until: ends,
            };
            if ends.is_none_or(|ends| charged.from < ends) {
                past.push(Past { list: Some(list), claimed: None, charged, ..one.clone() });
            }
        }
    }
    past.sort_by_key(|one| one.charged.from);
    Ok(past)
}

/// A list, what it took off, from when until when.
type TakenOff = (Id<PriceList>, Vec<Cut>, Moment, Option<Moment>);

fn taken_off(tx: &mut Tx, since: Moment) -> Result<Vec<TakenOff>, Failure> {
    let rows = tx.all(
        "select list_id, cuts, from_at, until_at from price_cut_history
         where until_at is null or (until_at > $1 and until_at > from_at)",
        &[since.into()],
        |row| (row.get(0), row.get::<String>(1), row.get(2), row.get(3)),
    )?;
    let read = |(list, cuts, from, until): (Id<PriceList>, String, Moment, Option<Moment>)| {
        Ok((list, serde_json::from_str(&cuts)?, from, until))
    };
    rows.into_iter().map(read).collect()
}

/// Where goods belong, as lists ask for it: their categories with all above them, their tags.
pub fn goods(
    tx: &mut Tx,
    variants: &[Id<Variant>],
) -> Result<HashMap<Id<Variant>, Goods>, Failure> {
    let ids: Vec<i64> = variants.iter().map(|variant| variant.0).collect();
    let mut goods: HashMap<Id<Variant>, Goods> =
        variants.iter().map(|variant| (*variant, Goods::default())).collect();
    let sql = "select v.id, t.tag from variants v
        join product_tags t on t.product_id = v.product_id where v.id in";
    let tags = tx.all_in((sql, &[]), &ids, "", |row| (row.get(0), row.get::<String>(1)))?;
    for (variant, tag) in tags {
        goods.entry(variant).or_default().tags.push(tag);
    }
    let sql = "select v.id, c.category_id from variants v
        join product_categories c on c.product_id = v.product_id where v.id in";
    let direct = tx.all_in((sql, &[]), &ids, "", |row| (row.get(0), row.get(1)))?;
    if direct.is_empty() {
        return Ok(goods);
    }
    let parents: HashMap<Id<Category>, Option<Id<Category>>> = tx
        .all("select id, parent_id from categories", &[], |row| (row.get(0), row.get(1)))?
        .into_iter()
        .collect();
    for (variant, category) in direct {
        let own: &mut Goods = goods.entry(variant).or_default();
        let mut next = Some(category);
        while let Some(category) = next.filter(|category| !own.categories.contains(category)) {
            own.categories.push(category);
            next = parents.get(&category).copied().flatten();
        }
    }
    Ok(goods)
}

pub fn claim(tx: &mut Tx, variant: Id<Variant>, compare_at: Option<i64>) -> Result<(), Failure> {
    tx.run(
        "update price_history set compare_at = $2
         where variant_id = $1 and list_id = 0 and until_at is null",
        &[variant.into(), compare_at.into()],
    )?;
    Ok(())
}

pub fn end_own(tx: &mut Tx, variant: Id<Variant>, now: Moment) -> Result<(), Failure> {
    // The clock may have been turned back: nothing ends before it began.
    tx.run(
        "update price_history set until_at = case when from_at > $2 then from_at else $2 end
         where variant_id = $1 and list_id = 0 and until_at is null",
        &[variant.into(), now.into()],
    )?;
    Ok(())
}

pub fn add_own(
    tx: &mut Tx,
    variant: Id<Variant>,
    price: Money,
    compare_at: Option<i64>,
) -> Result<(), Failure> {
    let id: Id<Past> = tx.id();
    tx.run(
        "insert into price_history (id, variant_id, currency, list_id, price, compare_at, from_at)
         values ($1, $2, $3, 0, $4, $5, $6)",
        &[
            id.into(),
            variant.into(),
            price.currency.code().into(),
            price.minor.into(),
            compare_at.into(),
            tx.now.into(),
        ],
    )?;
    Ok(())
}

/// A fixed price of a list that is not over.
pub struct Planned {
    pub id: i64,
    pub variant: Id<Variant>,
    pub price: Money,
    pub from: Moment,
}

pub fn planned(tx: &mut Tx, list: Id<PriceList>, now: Moment) -> Result<Vec<Planned>, Failure> {
    let sql = "select id, variant_id, price, currency, from_at from price_history
        where list_id = $1 and (until_at is null or until_at > $2) order by id";
    tx.all(sql, &[list.into(), now.into()], |row| {
        let currency = Currency::parse(&row.get::<String>(3)).unwrap_or(Currency::Cny);
        Planned {
            id: row.get(0),
            variant: row.get(1),
            price: Money::new(row.get(2), currency),
            from: row.get(4),
        }
    })
}

/// It ends then.
pub fn until(tx: &mut Tx, row: i64, until: Option<Moment>) -> Result<(), Failure> {
    let sql = "update price_history set until_at = $2 where id = $1";
    tx.run(sql, &[row.into(), until.into()])?;
    Ok(())
}

/// What has begun ends now; what has not never was.
pub fn end(tx: &mut Tx, row: i64, from: Moment, now: Moment) -> Result<(), Failure> {
    if from < now {
        return until(tx, row, Some(now));
    }
    tx.run("delete from price_history where id = $1", &[row.into()])?;
    Ok(())
}

/// What a list takes off and is not over: from when, and what.
pub fn planned_cuts(
    tx: &mut Tx,
    list: Id<PriceList>,
    now: Moment,
) -> Result<Vec<(Moment, String)>, Failure> {
    let sql = "select from_at, cuts from price_cut_history
        where list_id = $1 and (until_at is null or until_at > $2) order by from_at";
    tx.all(sql, &[list.into(), now.into()], |row| (row.get(0), row.get(1)))
}

pub fn cuts_until(
    tx: &mut Tx,
    list: Id<PriceList>,
    from: Moment,
    until: Option<Moment>,
) -> Result<(), Failure> {
    let sql = "update price_cut_history set until_at = $3 where list_id = $1 and from_at = $2";
    tx.run(sql, &[list.into(), from.into(), until.into()])?;
    Ok(())
}

pub fn end_cuts(
    tx: &mut Tx,
    list: Id<PriceList>,
    from: Moment,
    now: Moment,
) -> Result<(), Failure> {
    if from < now {
        return cuts_until(tx, list, from, Some(now));
    }
    let sql = "delete from price_cut_history where list_id = $1 and from_at = $2";
    tx.run(sql, &[list.into(), from.into()])?;
    Ok(())
}

pub fn add_listed(
    tx: &mut Tx,
    list: Id<PriceList>,
    variant: Id<Variant>,
    price: Money,
    (from, until): (Moment, Option<Moment>),
) -> Result<(), Failure> {
    let id: Id<Past> = tx.id();
    tx.run(
        "insert into price_history (id, variant_id, currency, list_id, price, from_at, until_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        &[
            id.into(),
            variant.into(),
            price.currency.code().into(),
            list.into(),
            price.minor.into(),
            from.into(),
            until.into(),
        ],
    )?;
    Ok(())
}

pub fn add_cuts(
    tx: &mut Tx,
    list: Id<PriceList>,
    cuts: &str,
    (from, until): (Moment, Option<Moment>),
) -> Result<(), Failure> {
    tx.run(
        "insert into price_cut_history (list_id, cuts, from_at, until_at) values ($1, $2, $3, $4)",
        &[list.into(), cuts.into(), from.into(), until.into()],
    )?;
    Ok(())
}
