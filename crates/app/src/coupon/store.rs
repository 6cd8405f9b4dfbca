//! The tables of coupons: `coupon_templates`, `coupons`, `coupon_moves`, `coupon_counts`.

use domain::coupon::{Claimed, Coupon, State, Template};
use domain::id::Id;
use domain::moment::Moment;
use domain::order::Order;
use domain::person::Person;

use super::desk::{HolderView, TemplateView};
use super::{Held, MOVED, Source};
use crate::db::{Row, Tx};
use crate::failure::Failure;
use crate::reward::Reward;

/// A kind of coupon as its row says.
#[derive(Clone, Debug)]
pub struct Found {
    pub template: Template,
    pub name: String,
    pub name_en: String,
    pub taken: i64,
    pub active: bool,
    pub listed: bool,
    pub link: Option<String>,
    pub version: i64,
}

const TEMPLATE: &str = "select rule, name, name_en, taken, active, listed, link, version
    from coupon_templates";

fn found(row: &Row) -> (String, Found) {
    let rule: String = row.get(0);
    let template = serde_json::from_str(&rule).ok();
    let found = Found {
        template: template.expect("every row was written from a template"),
        name: row.get(1),
        name_en: row.get(2),
        taken: row.get(3),
        active: row.get(4),
        listed: row.get(5),
        link: row.get(6),
        version: row.get(7),
    };
    (rule, found)
}

pub fn template(tx: &mut Tx, id: Id<Template>) -> Result<Found, Failure> {
    tx.one(&format!("{TEMPLATE} where id = $1"), &[id.into()], |row| found(row).1)
}

pub fn template_to_change(tx: &mut Tx, id: Id<Template>) -> Result<Found, Failure> {
    let sql = format!("{TEMPLATE} where id = $1{}", tx.lock());
    tx.one(&sql, &[id.into()], |row| found(row).1)
}

pub fn by_link(tx: &mut Tx, link: &str) -> Result<Option<Found>, Failure> {
    tx.maybe(&format!("{TEMPLATE} where link = $1"), &[link.into()], |row| found(row).1)
}

pub fn templates(tx: &mut Tx) -> Result<Vec<Found>, Failure> {
    tx.all(&format!("{TEMPLATE} order by id desc"), &[], |row| found(row).1)
}

/// What everybody finds in the claim centre.
pub fn listed(tx: &mut Tx) -> Result<Vec<Found>, Failure> {
    let sql = format!("{TEMPLATE} where listed = 1 and active = 1 order by id desc limit 100");
    tx.all(&sql, &[], |row| found(row).1)
}

pub fn by_name(tx: &mut Tx, name: &str) -> Result<Option<Id<Template>>, Failure> {
    let sql = "select id from coupon_templates where name = $1";
    tx.maybe(sql, &[name.into()], |row| row.get(0))
}

/// How many of each were used by orders that stand, and how much those took off.
pub fn figures(tx: &mut Tx, id: Id<Template>) -> Result<(i64, i64), Failure> {
    tx.one(
        "select count(distinct s.order_id), coalesce(cast(sum(s.off) as bigint), 0)
         from coupons c join order_steps s on s.about_id = c.id
         join orders o on o.id = s.order_id
         where c.template_id = $1 and s.cause in
             ('platform_coupon', 'merchant_coupon', 'shipping_coupon')
           and o.status in
             ('paid', 'awaiting_team', 'awaiting_taker', 'to_ship', 'shipped', 'delivered',
              'completed')",
        &[id.into()],
        |row| (row.get(0), row.get(1)),
    )
}

/// Whether name and link were free.
pub fn add_template(tx: &mut Tx, view: &TemplateView) -> Result<bool, Failure> {
    let added = tx.run(
        "insert into coupon_templates (id, name, name_en, rule, total, per_person, per_cluster,
             active, listed, link, created_at, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1) on conflict do nothing",
        &[
            view.id.into(),
            (&view.name).into(),
            (&view.name_en).into(),
            serde_json::to_string(&view.rule())?.into(),
            view.total.into(),
            view.per_person.into(),
            view.per_cluster.into(),
            i64::from(view.active).into(),
            i64::from(view.listed).into(),
            view.link.clone().into(),
            tx.now.into(),
        ],
    )?;
    Ok(added == 1)
}

pub fn change_template(tx: &mut Tx, view: &TemplateView) -> Result<bool, Failure> {
    let changed = tx.run(
        "update coupon_templates set name = $3, name_en = $4, rule = $5, total = $6,
             per_person = $7, per_cluster = $8, active = $9, listed = $10, link = $11,
             version = version + 1
         where id = $1 and version = $2 and taken <= coalesce($6, taken)",
        &[
            view.id.into(),
            view.version.into(),
            (&view.name).into(),
            (&view.name_en).into(),
            serde_json::to_string(&view.rule())?.into(),
            view.total.into(),
            view.per_person.into(),
            view.per_cluster.into(),
            i64::from(view.active).into(),
            i64::from(view.listed).into(),
            view.link.clone().into(),
        ],
    )?;
    Ok(changed == 1)
}

/// How many of a kind somebody, or a household, has ever taken.
pub fn taken_by(tx: &mut Tx, id: Id<Template>, who: &str) -> Result<i64, Failure> {
    let sql = "select taken from coupon_counts where template_id = $1 and who = $2";
    Ok(tx.maybe(sql, &[id.into(), who.into()], |row| row.get(0))?.unwrap_or(0))
}

/// The same for every kind.
pub fn all_taken_by(tx: &mut Tx, who: &str) -> Result<Vec<(Id<Template>, i64)>, Failure> {
    let sql = "select template_id, taken from coupon_counts where who = $1";
    tx.all(sql, &[who.into()], |row| (row.get(0), row.get(1)))
}

/// Counts one more for somebody, if they may have more; the statement decides.
pub fn count(tx: &mut Tx, id: Id<Template>, who: &str, most: i64) -> Result<bool, Failure> {
    let counted = tx.run(
        "insert into coupon_counts (template_id, who, taken) values ($1, $2, 1)
         on conflict (template_id, who) do update set taken = coupon_counts.taken + 1
         where coupon_counts.taken < $3",
        &[id.into(), who.into(), most.into()],
    )?;
    Ok(counted == 1)
}

/// Counts one more of a kind, if there are more.
pub fn count_all(tx: &mut Tx, id: Id<Template>) -> Result<bool, Failure> {
    let counted = tx.run(
        "update coupon_templates set taken = taken + 1
         where id = $1 and active = 1 and (total is null or taken < total)",
        &[id.into()],
    )?;
    Ok(counted == 1)
}

/// A coupon that is somebody's from now on.
pub fn add(
    tx: &mut Tx,
    (id, template, owner): (Id<Coupon>, Id<Template>, Id<Person>),
    life: Claimed,
    source: Source,
    amount: Option<i64>,
    actor: Option<Id<Person>>,
) -> Result<(), Failure> {
    tx.run(
        "insert into coupons (id, template_id, owner_id, state, usable_from, usable_until, amount,
             source, received_at)
         values ($1, $2, $3, 'held', $4, $5, $6, $7, $8)",
        &[
            id.into(),
            template.into(),
            owner.into(),
            life.usable_from.into(),
            life.usable_until.into(),
            amount.into(),
            source.code().into(),
            tx.now.into(),
        ],
    )?;
    add_move(tx, id, None, "held", ("claimed", None, actor))
}

/// What it takes off is promised out of a campaign's budget.
pub fn pay_with(tx: &mut Tx, id: Id<Coupon>, reward: Id<Reward>) -> Result<(), Failure> {
    tx.run("update coupons set reward_id = $2 where id = $1", &[id.into(), reward.into()])?;
    Ok(())
}

/// The promise that a coupon is paid with.
pub fn reward_of(tx: &mut Tx, id: Id<Coupon>) -> Result<Option<Id<Reward>>, Failure> {
    let sql = "select reward_id from coupons where id = $1";
    tx.one(sql, &[id.into()], |row| row.get(0))
}

/// The promises that the coupons of an order are paid with.
pub fn rewards_of(tx: &mut Tx, order: Id<Order>) -> Result<Vec<Id<Reward>>, Failure> {
    tx.all(
        "select reward_id from coupons where order_id = $1 and reward_id is not null
         order by reward_id",
        &[order.into()],
        |row| row.get(0),
    )
}

/// Why it moved: the reason, the order it is about, and who did it.
type Why<'a> = (&'a str, Option<Id<Order>>, Option<Id<Person>>);

pub fn add_move(
    tx: &mut Tx,
    id: Id<Coupon>,
    from: Option<&str>,
    to: &str,
    (reason, order, actor): Why,
) -> Result<(), Failure> {
    tx.run(
        "insert into coupon_moves (coupon_id, seq, from_state, to_state, reason, order_id, actor_id,
             at)
         values ($1, (select coalesce(max(seq), 0) + 1 from coupon_moves where coupon_id = $1),
             $2, $3, $4, $5, $6, $7)",
        &[
            id.into(),
            from.into(),
            to.into(),
            reason.into(),
            order.into(),
            actor.into(),
            tx.now.into(),
        ],
    )?;
    // What a drop promised for it waits no longer.
    if matches!(to, "expired" | "taken_back") && is_of_drop(tx, id)? {
        tx.ask(MOVED, id.0, tx.now)?;
    }
    Ok(())
}

fn is_of_drop(tx: &mut Tx, id: Id<Coupon>) -> Result<bool, Failure> {
    let sql = "select 1 from coupon_drop_claims where coupon_id = $1";
    Ok(tx.maybe(sql, &[id.into()], |row| row.get::<i64>(0))?.is_some())
}

/// Those of drops that an order used.
pub fn dropped_used_by(tx: &mut Tx, order: Id<Order>) -> Result<Vec<Id<Coupon>>, Failure> {
    tx.all(
        "select c.id from coupons c join coupon_drop_claims d on d.coupon_id = c.id
         where c.order_id = $1 order by c.id",
        &[order.into()],
        |row| row.get(0),
    )
}

const COUPON: &str = "select c.id, c.owner_id, c.state, c.order_id, c.usable_from, c.usable_until,
    c.amount, t.rule, t.name, t.name_en
    from coupons c join coupon_templates t on t.id = c.template_id";

fn coupon(row: &Row) -> Held {
    let order = row.get::<Option<Id<Order>>>(3);
    let state = match (row.get::<String>(2).as_str(), order) {
        ("used", Some(order)) => State::Used(order),
        ("held", _) => State::Held,
        ("taken_back", _) => State::TakenBack,
        _ => State::Expired,
    };
    let template: Option<Template> = serde_json::from_str(&row.get::<String>(7)).ok();
    let template = template.expect("every row was written from a template");
    Held {
        coupon: Coupon {
            id: row.get(0),
            owner: row.get(1),
            state,
            usable_from: row.get(4),
            usable_until: row.get(5),
        },
        template: match row.get::<Option<i64>>(6) {
            Some(amount) => template.of_amount(amount),
            None => template,
        },
        name: row.get(8),
        name_en: row.get(9),
    }
}

/// What somebody could use now, the one that ends first before the others.
pub fn held(tx: &mut Tx, person: Id<Person>, most: i64) -> Result<Vec<Held>, Failure> {
    planted!("coupon_by_client_clock", {
        let sql = format!("{COUPON} where c.owner_id = $1 and c.state = 'held' limit $2");
        return tx.all(&sql, &[person.into(), most.into()], coupon);
    });
    let sql = format!(
        "{COUPON} where c.owner_id = $1 and c.state = 'held' and c.usable_from <= $2
           and c.usable_until > $2 order by c.usable_until, c.id limit $3"
    );
    tx.all(&sql, &[person.into(), tx.now.into(), most.into()], coupon)
}

/// Everything somebody ever had, the newest first.
pub fn of(tx: &mut Tx, person: Id<Person>, most: i64) -> Result<Vec<Held>, Failure> {
    let sql = format!("{COUPON} where c.owner_id = $1 order by c.id desc limit $2");
    tx.all(&sql, &[person.into(), most.into()], coupon)
}

pub fn find(tx: &mut Tx, id: Id<Coupon>) -> Result<Option<Held>, Failure> {
    tx.maybe(&format!("{COUPON} where c.id = $1"), &[id.into()], coupon)
}

/// Those an order used.
pub fn used_by(tx: &mut Tx, order: Id<Order>) -> Result<Vec<Held>, Failure> {
    tx.all(&format!("{COUPON} where c.order_id = $1 order by c.id"), &[order.into()], coupon)
}

/// Whether it was the person's, held, and in time: it is the order's now.
pub fn use_it(
    tx: &mut Tx,
    id: Id<Coupon>,
    person: Id<Person>,
    order: Id<Order>,
) -> Result<bool, Failure> {
    planted!("coupon_by_client_clock", {
        let sql = "update coupons set state = 'used', order_id = $3
            where id = $1 and owner_id = $2 and state = 'held'";
        return Ok(tx.run(sql, &[id.into(), person.into(), order.into()])? == 1);
    });
    let used = tx.run(
        "update coupons set state = 'used', order_id = $3
         where id = $1 and owner_id = $2 and state = 'held'
           and usable_from <= $4 and usable_until > $4",
        &[id.into(), person.into(), order.into(), tx.now.into()],
    )?;
    Ok(used == 1)
}

/// Whether an order still had it: it is in its holder's hands again, or expired.
pub fn give_back(
    tx: &mut Tx,
    id: Id<Coupon>,
    order: Id<Order>,
    state: State,
) -> Result<bool, Failure> {
    let back = tx.run(
        "update coupons set state = $3, order_id = null
         where id = $1 and state = 'used' and order_id = $2",
        &[id.into(), order.into(), state.code().into()],
    )?;
    Ok(back == 1)
}

/// Whether it was held: it is not any more.
pub fn end(tx: &mut Tx, id: Id<Coupon>, state: State) -> Result<bool, Failure> {
    let sql = "update coupons set state = $2 where id = $1 and state = 'held'";
    Ok(tx.run(sql, &[id.into(), state.code().into()])? == 1)
}

/// The coupons that an order's price was reckoned with.
pub fn reckoned_with(tx: &mut Tx, order: Id<Order>) -> Result<Vec<Id<Coupon>>, Failure> {
    tx.all(
        "select distinct c.id from order_steps s join coupons c on c.id = s.about_id
         where s.order_id = $1 order by c.id",
        &[order.into()],
        |row| row.get(0),
    )
}

/// Whether anything that a coupon paid for is still with the buyer; a coupon for the way or with a
/// gift is about the whole order.
pub fn still_there(tx: &mut Tx, order: Id<Order>, id: Id<Coupon>) -> Result<bool, Failure> {
    let left = tx.maybe(
        "with own as (select d.line_id from order_line_discounts d
             join order_lines l on l.id = d.line_id
             join order_steps s on s.order_id = l.order_id and s.position = d.position
             where l.order_id = $1 and s.about_id = $2)
         select l.id from order_lines l join orders o on o.id = l.order_id
         where l.order_id = $1 and l.gift = 0 and o.status not in ('refunding', 'refunded')
           and case when l.total > 0 then l.refunded < l.total else l.in_returns < l.quantity end
           and (l.id in (select line_id from own) or not exists (select 1 from own))
         limit 1",
        &[order.into(), id.into()],
        |row| row.get::<i64>(0),
    )?;
    Ok(left.is_some())
}

/// Those whose time is over and that nobody used.
pub fn overdue(tx: &mut Tx, most: i64) -> Result<Vec<Id<Coupon>>, Failure> {
    let sql = "select id from coupons where state = 'held' and usable_until <= $1
        order by usable_until limit $2";
    tx.all(sql, &[tx.now.into(), most.into()], |row| row.get(0))
}

/// Those that end soon and whose holders have not been told.
pub fn ending(tx: &mut Tx, until: Moment, most: i64) -> Result<Vec<(Held, Moment)>, Failure> {
    let columns = COUPON.replace("t.name_en", "t.name_en, c.received_at");
    let sql = format!(
        "{columns} where c.state = 'held' and c.reminded_at is null and c.usable_from <= $1
           and c.usable_until > $1 and c.usable_until <= $2 order by c.usable_until limit $3"
    );
    tx.all(&sql, &[tx.now.into(), until.into(), most.into()], |row| (coupon(row), row.get(10)))
}

/// Whether nobody had been told of it.
pub fn reminded(tx: &mut Tx, id: Id<Coupon>) -> Result<bool, Failure> {
    let sql = "update coupons set reminded_at = $2 where id = $1 and reminded_at is null";
    Ok(tx.run(sql, &[id.into(), tx.now.into()])? == 1)
}

/// Who has coupons of a kind, the newest first.
pub fn holders(
    tx: &mut Tx,
    id: Id<Template>,
    before: Option<Id<Coupon>>,
    limit: i64,
) -> Result<Vec<HolderView>, Failure> {
    tx.all(
        "select c.id, c.owner_id, p.name, c.state, c.order_id, c.source, c.received_at,
                c.usable_until
         from coupons c join people p on p.id = c.owner_id
         where c.template_id = $1 and c.id < $2 order by c.id desc limit $3",
        &[id.into(), before.map_or(i64::MAX, |id| id.0).into(), limit.into()],
        |row| HolderView {
            coupon: row.get(0),
            person: row.get(1),
            name: row.get(2),
            state: row.get(3),
            order: row.get(4),
            source: row.get(5),
            received_at: row.get(6),
            usable_until: row.get(7),
        },
    )
}
