//! The tables `promotions` and `promotion_groups`.

use domain::id::Id;
use domain::money::Currency;
use domain::price::list::CustomerGroup;
use domain::promotion::{Effect, Promotion, Rule, Scope};

use super::Written;
use super::desk::PromotionView;
use crate::db::{Row, Tx};
use crate::failure::Failure;

fn currency(row: &Row, column: usize) -> Currency {
    Currency::parse(&row.get::<String>(column)).expect("the table holds known currencies")
}

const PROMOTION: &str = "select id, name, name_en, currency, starts_at, ends_at, stack, priority,
    active, scope, effect, version, created_at from promotions";

fn view(row: &Row) -> (PromotionView, String, String) {
    let view = PromotionView {
        id: row.get(0),
        name: row.get(1),
        name_en: row.get(2),
        currency: currency(row, 3),
        starts_at: row.get(4),
        ends_at: row.get(5),
        groups: Vec::new(),
        stack: row.get(6),
        priority: row.get(7),
        active: row.get(8),
        scope: Scope::default(),
        // It is read right after; every row has one.
        effect: Effect::SpendAndSave { steps: Vec::new(), for_every: false },
        version: row.get(11),
        used: 0,
        saved: domain::money::Money::zero(currency(row, 3)),
    };
    (view, row.get(9), row.get(10))
}

fn whole(
    tx: &mut Tx,
    rows: Vec<(PromotionView, String, String)>,
) -> Result<Vec<PromotionView>, Failure> {
    let sql = "select promotion_id, group_id from promotion_groups order by promotion_id, group_id";
    let groups: Vec<(Id<Promotion>, Id<CustomerGroup>)> = match rows.is_empty() {
        true => Vec::new(),
        false => tx.all(sql, &[], |row| (row.get(0), row.get(1)))?,
    };
    let mut views = Vec::with_capacity(rows.len());
    for (mut view, scope, effect) in rows {
        view.scope = serde_json::from_str(&scope)?;
        view.effect = serde_json::from_str(&effect)?;
        let own = groups.iter().filter(|(promotion, _)| *promotion == view.id);
        view.groups = own.map(|(_, group)| *group).collect();
        views.push(view);
    }
    Ok(views)
}

/// Those that are switched on.
pub fn active(tx: &mut Tx) -> Result<Vec<Written>, Failure> {
    let rows = tx.all(&format!("{PROMOTION} where active = 1 order by id"), &[], view)?;
    let views = whole(tx, rows)?;
    Ok(views.into_iter().map(written).collect())
}

fn written(view: PromotionView) -> Written {
    let rule = Rule {
        id: view.id,
        scope: view.scope,
        starts_at: view.starts_at,
        ends_at: view.ends_at,
        groups: view.groups,
        stack: view.stack,
        priority: view.priority,
        effect: view.effect,
    };
    Written { rule, currency: view.currency, name: view.name, name_en: view.name_en }
}

pub fn all(tx: &mut Tx) -> Result<Vec<PromotionView>, Failure> {
    let rows = tx.all(&format!("{PROMOTION} order by id desc"), &[], view)?;
    whole(tx, rows)
}

pub fn one(tx: &mut Tx, id: Id<Promotion>) -> Result<PromotionView, Failure> {
    let row = tx.one(&format!("{PROMOTION} where id = $1"), &[id.into()], view)?;
    whole(tx, vec![row])?.pop().ok_or(Failure::NotFound)
}

/// How many orders that stand it took something off, and how much.
pub fn figures(tx: &mut Tx, id: Id<Promotion>) -> Result<(i64, i64), Failure> {
    tx.one(
        "select count(distinct s.order_id), coalesce(cast(sum(s.off) as bigint), 0)
         from order_steps s join orders o on o.id = s.order_id
         where s.about_id = $1 and s.cause in ('bundle', 'spend_and_save')
           and o.status in
             ('paid', 'awaiting_team', 'awaiting_taker', 'to_ship', 'shipped', 'delivered',
              'completed')",
        &[id.into()],
        |row| (row.get(0), row.get(1)),
    )
}

/// Holds a promotion until the transaction ends, so that nobody else changes it meanwhile.
pub fn lock(tx: &mut Tx, id: Id<Promotion>) -> Result<(), Failure> {
    let sql = format!("select id from promotions where id = $1{}", tx.lock());
    tx.one(&sql, &[id.into()], |row| row.get::<i64>(0))?;
    Ok(())
}

/// Whether its name was free.
pub fn add(tx: &mut Tx, view: &PromotionView) -> Result<bool, Failure> {
    let added = tx.run(
        "insert into promotions (id, name, name_en, currency, starts_at, ends_at, stack, priority,
             active, scope, effect, created_at, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1)
         on conflict (name) do nothing",
        &[
            view.id.into(),
            (&view.name).into(),
            (&view.name_en).into(),
            view.currency.code().into(),
            view.starts_at.into(),
            view.ends_at.into(),
            (&view.stack).into(),
            view.priority.into(),
            i64::from(view.active).into(),
            serde_json::to_string(&view.scope)?.into(),
            serde_json::to_string(&view.effect)?.into(),
            tx.now.into(),
        ],
    )?;
    Ok(added == 1)
}

pub fn change(tx: &mut Tx, view: &PromotionView) -> Result<bool, Failure> {
    let changed = tx.run(
        "update promotions set name = $3, name_en = $4, currency = $5, starts_at = $6,
             ends_at = $7, stack = $8, priority = $9, active = $10, scope = $11, effect = $12,
             version = version + 1
         where id = $1 and version = $2",
        &[
            view.id.into(),
            view.version.into(),
            (&view.name).into(),
            (&view.name_en).into(),
            view.currency.code().into(),
            view.starts_at.into(),
            view.ends_at.into(),
            (&view.stack).into(),
            view.priority.into(),
            i64::from(view.active).into(),
            serde_json::to_string(&view.scope)?.into(),
            serde_json::to_string(&view.effect)?.into(),
        ],
    )?;
    Ok(changed == 1)
}

pub fn put_groups(
    tx: &mut Tx,
    id: Id<Promotion>,
    groups: &[Id<CustomerGroup>],
) -> Result<(), Failure> {
    tx.run("delete from promotion_groups where promotion_id = $1", &[id.into()])?;
    for group in groups {
        tx.run(
            "insert into promotion_groups (promotion_id, group_id) values ($1, $2)
             on conflict (promotion_id, group_id) do nothing",
            &[id.into(), (*group).into()],
        )?;
    }
    Ok(())
}

pub fn is_group(tx: &mut Tx, group: Id<CustomerGroup>) -> Result<bool, Failure> {
    let sql = "select id from customer_groups where id = $1";
    Ok(tx.maybe(sql, &[group.into()], |row| row.get::<i64>(0))?.is_some())
}

/// Whether it is for goods of the shop's own that are there.
pub fn is_variant(tx: &mut Tx, variant: i64) -> Result<bool, Failure> {
    let sql = "select v.id from variants v join products p on p.id = v.product_id
        where v.id = $1 and v.archived = 0 and p.seller_id is null";
    Ok(tx.maybe(sql, &[variant.into()], |row| row.get::<i64>(0))?.is_some())
}
