//! The tables `points_items`, `points_item_people` and `points_exchanges`.

use domain::campaign::Campaign;
use domain::catalog::Variant;
use domain::coupon::Coupon;
use domain::id::Id;
use domain::money::Money;
use domain::order::{Order, Status};
use domain::person::Person;
use domain::points_shop::{Exchange, Gives};

use super::ExchangeView;
use crate::db::{Row, Tx};
use crate::failure::Failure;
use crate::shop;

/// A campaign and the place of an item in its list.
pub type Of = (Id<Campaign>, i64);

/// An exchange to be written.
pub struct New {
    pub id: Id<Exchange>,
    pub of: Of,
    pub person: Id<Person>,
    pub quantity: i64,
    pub points: i64,
    pub money: i64,
    pub coupon: Option<Id<Coupon>>,
    pub order: Option<(Id<Order>, Id<Variant>)>,
}

/// An exchange as its row says.
pub struct Kept {
    pub id: Id<Exchange>,
    pub of: Of,
    pub person: Id<Person>,
    pub quantity: i64,
    pub variant: Option<Id<Variant>>,
    pub stands: bool,
    pub aside: i64,
}

/// Counters of a campaign that comes again after it was recalled.
pub fn forget(tx: &mut Tx, id: Id<Campaign>) -> Result<(), Failure> {
    tx.run("delete from points_items where campaign_id = $1", &[id.into()])?;
    Ok(())
}

pub fn add_item(tx: &mut Tx, (id, item): Of, stock: i64) -> Result<(), Failure> {
    tx.run(
        "insert into points_items (campaign_id, item, stock, left_over) values ($1, $2, $3, $3)",
        &[id.into(), item.into(), stock.into()],
    )?;
    Ok(())
}

/// How many are left; none where there is no end.
pub fn left(tx: &mut Tx, (id, item): Of, gives: &Gives) -> Result<Option<i64>, Failure> {
    match gives {
        Gives::Goods { variant } => {
            let sql = "select left_over from campaign_stock
                where campaign_id = $1 and variant_id = $2";
            let found = tx.maybe(sql, &[id.into(), (*variant).into()], |row| row.get(0))?;
            Ok(Some(found.flatten().unwrap_or(0)))
        }
        Gives::Coupon { .. } => {
            let sql = "select left_over from points_items where campaign_id = $1 and item = $2";
            tx.maybe(sql, &[id.into(), item.into()], |row| row.get(0))
        }
    }
}

/// Takes so many of what is left, if there are; the statement decides.
pub fn take(tx: &mut Tx, (id, item): Of, gives: &Gives, n: i64) -> Result<bool, Failure> {
    planted!("points_shop_unguarded", {
        let seen = left(tx, (id, item), gives)?.unwrap_or(0);
        let sql = "update points_items set left_over = $3 where campaign_id = $1 and item = $2";
        let left = (seen - n).max(0);
        return Ok(tx.run(sql, &[id.into(), item.into(), left.into()])? == 1);
    });
    let taken = match gives {
        Gives::Goods { variant } => tx.run(
            "update campaign_stock set left_over = left_over - $3
             where campaign_id = $1 and variant_id = $2 and left_over >= $3",
            &[id.into(), (*variant).into(), n.into()],
        )?,
        Gives::Coupon { .. } => tx.run(
            "update points_items set left_over = left_over - $3
             where campaign_id = $1 and item = $2 and left_over >= $3",
            &[id.into(), item.into(), n.into()],
        )?,
    };
    Ok(taken == 1)
}

/// How many somebody has had.
pub fn has(tx: &mut Tx, (id, item): Of, person: Id<Person>) -> Result<i64, Failure> {
    let sql = "select quantity from points_item_people
        where campaign_id = $1 and item = $2 and person_id = $3";
    let found = tx.maybe(sql, &[id.into(), item.into(), person.into()], |row| row.get(0))?;
    Ok(found.unwrap_or(0))
}

/// Counts so many more for somebody, if they may have them; the statement decides.
pub fn count_up(
    tx: &mut Tx,
    (id, item): Of,
    person: Id<Person>,
    (n, most): (i64, i64),
) -> Result<bool, Failure> {
    if n > most {
        return Ok(false);
    }
    planted!("points_shop_limit_looked_at", {
        return add_up(tx, (id, item), person, n).map(|()| true);
    });
    let counted = tx.run(
        "insert into points_item_people (campaign_id, item, person_id, quantity)
         values ($1, $2, $3, $4)
         on conflict (campaign_id, item, person_id) do update
         set quantity = points_item_people.quantity + $4
         where points_item_people.quantity + $4 <= $5",
        &[id.into(), item.into(), person.into(), n.into(), most.into()],
    )?;
    Ok(counted == 1)
}

fn add_up(tx: &mut Tx, (id, item): Of, person: Id<Person>, n: i64) -> Result<(), Failure> {
    tx.run(
        "insert into points_item_people (campaign_id, item, person_id, quantity)
         values ($1, $2, $3, $4)
         on conflict (campaign_id, item, person_id) do update
         set quantity = points_item_people.quantity + $4",
        &[id.into(), item.into(), person.into(), n.into()],
    )?;
    Ok(())
}

/// An exchange that does not stand counts for nobody.
pub fn count_down(tx: &mut Tx, kept: &Kept) -> Result<(), Failure> {
    tx.run(
        "update points_item_people set quantity = quantity - $4
         where campaign_id = $1 and item = $2 and person_id = $3",
        &[kept.of.0.into(), kept.of.1.into(), kept.person.into(), kept.quantity.into()],
    )?;
    Ok(())
}

/// It stands again, whatever somebody has had meanwhile: it was paid for.
pub fn count_again(tx: &mut Tx, kept: &Kept) -> Result<(), Failure> {
    add_up(tx, kept.of, kept.person, kept.quantity)
}

pub fn add(tx: &mut Tx, new: &New) -> Result<(), Failure> {
    let aside = if new.order.is_some() { new.quantity } else { 0 };
    tx.run(
        "insert into points_exchanges (id, campaign_id, item, person_id, quantity, points, money,
             coupon_id, order_id, variant_id, state, aside, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'stands', $11, $12)",
        &[
            new.id.into(),
            new.of.0.into(),
            new.of.1.into(),
            new.person.into(),
            new.quantity.into(),
            new.points.into(),
            new.money.into(),
            new.coupon.into(),
            new.order.map(|(order, _)| order).into(),
            new.order.map(|(_, variant)| variant).into(),
            aside.into(),
            tx.now.into(),
        ],
    )?;
    Ok(())
}

pub fn of_order(tx: &mut Tx, order: Id<Order>) -> Result<Option<Kept>, Failure> {
    tx.maybe(
        "select id, campaign_id, item, person_id, quantity, variant_id, state, aside
         from points_exchanges where order_id = $1",
        &[order.into()],
        |row| Kept {
            id: row.get(0),
            of: (row.get(1), row.get(2)),
            person: row.get(3),
            quantity: row.get(4),
            variant: row.get(5),
            stands: row.get::<String>(6) == "stands",
            aside: row.get(7),
        },
    )
}

/// Whether it was otherwise before.
pub fn set_state(tx: &mut Tx, id: Id<Exchange>, stands: bool) -> Result<bool, Failure> {
    let state = if stands { "stands" } else { "undone" };
    let sql = "update points_exchanges set state = $2 where id = $1 and state <> $2";
    Ok(tx.run(sql, &[id.into(), state.into()])? == 1)
}

/// Whether the campaign still counts its units: they are the campaign's again.
pub fn put_back(tx: &mut Tx, kept: &Kept, variant: Id<Variant>) -> Result<bool, Failure> {
    let put = tx.run(
        "update campaign_stock set left_over = left_over + $3
         where campaign_id = $1 and variant_id = $2 and left_over + $3 <= quota",
        &[kept.of.0.into(), variant.into(), kept.aside.into()],
    )?;
    Ok(put == 1)
}

/// They are not there after all.
pub fn take_off_again(tx: &mut Tx, kept: &Kept, variant: Id<Variant>) -> Result<(), Failure> {
    tx.run(
        "update campaign_stock set left_over = left_over - $3
         where campaign_id = $1 and variant_id = $2",
        &[kept.of.0.into(), variant.into(), kept.aside.into()],
    )?;
    Ok(())
}

pub fn not_aside(tx: &mut Tx, id: Id<Exchange>) -> Result<(), Failure> {
    tx.run("update points_exchanges set aside = 0 where id = $1", &[id.into()])?;
    Ok(())
}

/// How many of an item were exchanged, by how many people, for how many points.
pub fn figures(tx: &mut Tx, (id, item): Of) -> Result<(i64, i64, i64), Failure> {
    tx.one(
        "select cast(coalesce(sum(quantity), 0) as bigint), count(distinct person_id),
                cast(coalesce(sum(points), 0) as bigint)
         from points_exchanges where campaign_id = $1 and item = $2 and state = 'stands'",
        &[id.into(), item.into()],
        |row| (row.get(0), row.get(1), row.get(2)),
    )
}

const EXCHANGE: &str = "select e.id, e.campaign_id, e.item, e.quantity, e.points, e.money,
    e.coupon_id, e.order_id, o.status, e.state, e.at, coalesce(l.title, t.name),
    coalesce(l.title, t.name_en), coalesce(l.variant_title, '')
    from points_exchanges e left join orders o on o.id = e.order_id
    left join order_lines l on l.order_id = e.order_id
    left join coupons c on c.id = e.coupon_id
    left join coupon_templates t on t.id = c.template_id";

fn view(row: &Row, own: domain::money::Currency) -> ExchangeView {
    let status = row.get::<Option<String>>(8);
    let status = status.map(|code| Status::parse(&code).expect("the table holds known states"));
    let more: String = row.get(13);
    let named = |column| format!("{} {more}", row.get::<String>(column)).trim().to_string();
    ExchangeView {
        id: row.get(0),
        campaign: row.get(1),
        item: row.get(2),
        quantity: row.get(3),
        points: row.get(4),
        money: Money::new(row.get(5), own),
        coupon: row.get(6),
        order: row.get(7),
        order_status: status,
        undone: row.get::<String>(9) == "undone",
        to_pay: status == Some(Status::PendingPayment),
        at: row.get(10),
        name: named(11),
        name_en: named(12),
    }
}

pub fn one(tx: &mut Tx, id: Id<Exchange>) -> Result<ExchangeView, Failure> {
    let own = shop::get(tx)?.currency;
    tx.one(&format!("{EXCHANGE} where e.id = $1"), &[id.into()], |row| view(row, own))
}

pub fn of_person(
    tx: &mut Tx,
    person: Id<Person>,
    (before, limit): (i64, i64),
) -> Result<Vec<ExchangeView>, Failure> {
    let own = shop::get(tx)?.currency;
    let sql =
        format!("{EXCHANGE} where e.person_id = $1 and e.id < $2 order by e.id desc limit $3");
    tx.all(&sql, &[person.into(), before.into(), limit.into()], |row| view(row, own))
}
