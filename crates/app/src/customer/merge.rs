//! Two customers made one: everything of the one is the other's from then on, in one transaction,
//! and whoever signs in with the one's contact is the other. It can be undone.

use describe::ToSchema;
use domain::customer::{self as rules, Merge, Pair, Refusal};
use domain::event::Fact;
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::person::{Permission, Person};
use serde::{Deserialize, Serialize};

use super::moving::{self, Moved};
use super::{Profile, profile, store, sums};
use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor, session, staff_act};

/// The job that looks once more: an order that was just being placed may have come after.
pub const SETTLE: &str = "customer.settle";
const LATER: Span = Span::minutes(2);

/// Who stays, and who goes.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct MergeCustomers {
    pub survivor: Id<Person>,
    pub other: Id<Person>,
}

/// Two that were made one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CustomerMerge)]
pub struct MergeView {
    pub id: Id<Merge>,
    pub other: Id<Person>,
    pub other_name: String,
    pub orders: i64,
    pub reviews: i64,
    pub addresses: i64,
    pub by: String,
    pub at: Moment,
    pub undone_at: Option<Moment>,
}

/// Makes two customers one.
pub fn merge(app: &App, visitor: &Visitor, two: &MergeCustomers) -> Result<Profile, Failure> {
    let actor = visitor.staff(Permission::Customers)?;
    let MergeCustomers { survivor, other } = *two;
    app.act(visitor, "customer.merge", |tx| {
        lock(tx, survivor, other)?;
        rules::may_merge(&pair(tx, survivor, other)?)?;
        let mut moved = Moved::default();
        moving::over(tx, other, survivor, &mut moved)?;
        moved.block = move_block(tx, other, survivor)?;
        moved.signposts = store::signposts(tx, other)?.iter().map(|id| id.0).collect();
        tx.run(
            "update people set merged_into = $2 where id = $1 or merged_into = $1",
            &[other.into(), survivor.into()],
        )?;
        session::end_all(tx, other)?;
        store::revoke_tokens(tx, other)?;
        let id: Id<Merge> = tx.id();
        tx.run(
            "insert into customer_merges (id, survivor_id, other_id, moved, actor_id, at)
             values ($1, $2, $3, $4, $5, $6)",
            &[
                id.into(),
                survivor.into(),
                other.into(),
                serde_json::to_string(&moved)?.into(),
                actor.into(),
                tx.now.into(),
            ],
        )?;
        sums::count(tx, survivor)?;
        sums::count(tx, other)?;
        let detail = format!("{other} into {survivor}, {id}");
        staff_act::record(tx, actor, "customer.merge", ("person", survivor.0), &detail)?;
        tx.tell(Fact::PersonMerged { person: other, into: survivor })?;
        // Names of leaders and reviewers are on public pages.
        tx.shows();
        tx.ask(SETTLE, id.0, tx.now.plus(LATER))
    })?;
    profile(app, visitor, survivor)
}

/// Two who change the same people go one after the other, and nobody of them orders meanwhile.
fn lock(tx: &mut Tx, one: Id<Person>, other: Id<Person>) -> Result<(), Failure> {
    let sql = format!(
        "select id from people where id in ($1, $2) or merged_into in ($1, $2) order by id{}",
        tx.lock()
    );
    tx.all(&sql, &[one.into(), other.into()], |_| ())?;
    let sql = format!(
        "select id from teams where leader_id in ($1, $2) or id in
           (select team_id from places where person_id in ($1, $2)) order by id{}",
        tx.lock()
    );
    tx.all(&sql, &[one.into(), other.into()], |_| ())?;
    let sql = format!("select id from orders where person_id in ($1, $2) order by id{}", tx.lock());
    tx.all(&sql, &[one.into(), other.into()], |_| ())?;
    Ok(())
}

/// What the rules want to know of two.
fn pair(tx: &mut Tx, survivor: Id<Person>, other: Id<Person>) -> Result<Pair, Failure> {
    let state = |tx: &mut Tx, id: Id<Person>| {
        tx.one(
            "select role, merged_into, erased_at,
                    (select count(*) from erasures e
                     where e.person_id = people.id and e.state <> 'cancelled')
             from people where id = $1",
            &[id.into()],
            |row| {
                let gone = row.get::<Option<i64>>(1).is_some()
                    || row.get::<Option<i64>>(2).is_some()
                    || row.get::<i64>(3) > 0;
                (row.get::<String>(0) != "shopper", gone)
            },
        )
    };
    let (one, two) = (state(tx, survivor)?, state(tx, other)?);
    let teams = tx.one(
        "select count(*) from places a join places b on b.team_id = a.team_id
         where a.person_id = $1 and b.person_id = $2
           and a.status in ('held', 'confirmed') and b.status in ('held', 'confirmed')",
        &[survivor.into(), other.into()],
        |row| row.get(0),
    )?;
    let over = tx.one(
        "select count(*) from campaign_people a
         join campaign_people b on b.campaign_id = a.campaign_id
         where a.person_id = $1 and b.person_id = $2
           and (a.quantity + b.quantity > a.most or a.quantity + b.quantity > b.most)",
        &[survivor.into(), other.into()],
        |row| row.get(0),
    )?;
    Ok(Pair {
        same: survivor == other,
        staff: one.0 || two.0,
        gone: one.1 || two.1,
        teams,
        over,
        campaigns: campaigns(tx, other)?,
        balance: has_wallet(tx, other)?,
    })
}

/// How many campaigns that are not closed somebody takes part in, other than group buys: what they
/// asked for, hold or wait for there is known by who they are.
fn campaigns(tx: &mut Tx, person: Id<Person>) -> Result<i64, Failure> {
    tx.one(
        "select count(*) from campaigns c where c.closed = 0 and c.mechanic <> 'group_buy' and (
           exists (select 1 from campaign_people p
             where p.campaign_id = c.id and p.person_id = $1 and p.quantity > 0)
           or exists (select 1 from bargains b where b.campaign_id = c.id and b.person_id = $1)
           or exists (select 1 from assists a where a.campaign_id = c.id and a.person_id = $1)
           or exists (select 1 from fissions f where f.campaign_id = c.id and f.person_id = $1)
           or exists (select 1 from guesses g where g.campaign_id = c.id and g.person_id = $1)
           or exists (select 1 from draw_chances d where d.campaign_id = c.id and d.person_id = $1)
           or exists (select 1 from rewards w
             where w.campaign_id = c.id and w.person_id = $1 and w.state = 'waiting'))",
        &[person.into()],
        |row| row.get(0),
    )
}

/// Whether somebody ever had anything in a wallet: what it paid and got back stays with its owner.
fn has_wallet(tx: &mut Tx, person: Id<Person>) -> Result<bool, Failure> {
    let sql = "select count(*) from accounts
               where owner_id = $1 and kind in ('store_credit', 'prepaid', 'points_held')";
    Ok(tx.one(sql, &[person.into()], |row| row.get::<i64>(0))? > 0)
}

/// Whether an account of somebody's own holds money.
pub(crate) fn has_balance(tx: &mut Tx, person: Id<Person>) -> Result<bool, Failure> {
    // Points are no money: they go with whoever is forgotten.
    let sql = "select count(*) from accounts where owner_id = $1 and kind <> 'points_held'
                 and (balance <> 0 or held <> 0)";
    Ok(tx.one(sql, &[person.into()], |row| row.get::<i64>(0))? > 0)
}

fn move_block(tx: &mut Tx, from: Id<Person>, to: Id<Person>) -> Result<bool, Failure> {
    let moved = tx.run(
        "update customer_blocks set person_id = $2 where person_id = $1 and not exists
           (select 1 from customer_blocks b where b.person_id = $2)",
        &[from.into(), to.into()],
    )?;
    Ok(moved == 1)
}

struct Kept {
    survivor: Id<Person>,
    other: Id<Person>,
    moved: Moved,
    undone: bool,
}

fn find(tx: &mut Tx, id: Id<Merge>) -> Result<Kept, Failure> {
    let sql = format!(
        "select survivor_id, other_id, moved, undone_at from customer_merges where id = $1{}",
        tx.lock()
    );
    let (survivor, other, moved, undone) = tx.one(&sql, &[id.into()], |row| {
        (row.get(0), row.get(1), row.get::<String>(2), row.get::<Option<i64>>(3).is_some())
    })?;
    Ok(Kept { survivor, other, moved: serde_json::from_str(&moved)?, undone })
}

/// Looks once more, some time after two were made one.
pub fn settle(app: &App, id: Id<Merge>) -> Result<(), Failure> {
    app.write(|tx| {
        let Kept { survivor, other, mut moved, undone } = find(tx, id)?;
        if undone {
            return Ok(());
        }
        lock(tx, survivor, other)?;
        moving::over(tx, other, survivor, &mut moved)?;
        let text = serde_json::to_string(&moved)?;
        tx.run("update customer_merges set moved = $2 where id = $1", &[id.into(), text.into()])?;
        sums::count(tx, survivor)?;
        sums::count(tx, other)
    })
}

/// Makes them two again: what went over and is still there goes back.
pub fn undo(app: &App, visitor: &Visitor, id: Id<Merge>) -> Result<Profile, Failure> {
    let actor = visitor.staff(Permission::Customers)?;
    let survivor = app.act(visitor, "customer.unmerge", |tx| {
        let Kept { survivor, other, moved, undone } = find(tx, id)?;
        if undone || store::is_erased(tx, survivor)? {
            return Err(Refusal::NotAsItWas.into());
        }
        lock(tx, survivor, other)?;
        // Whoever the survivor was made one with since has everything now.
        let sql = "select 1 from people where id = $1 and merged_into = $2";
        if tx.maybe(sql, &[other.into(), survivor.into()], |_| ())?.is_none()
            || !moving::back(tx, other, survivor, &moved)?
        {
            return Err(Refusal::NotAsItWas.into());
        }
        if moved.block {
            let sql = "update customer_blocks set person_id = $2 where person_id = $1";
            tx.run(sql, &[survivor.into(), other.into()])?;
        }
        tx.run("update people set merged_into = null where id = $1", &[other.into()])?;
        for signpost in &moved.signposts {
            let sql = "update people set merged_into = $2 where id = $1 and merged_into = $3";
            tx.run(sql, &[(*signpost).into(), other.into(), survivor.into()])?;
        }
        tx.run(
            "update customer_merges set undone_at = $2, undone_by = $3 where id = $1",
            &[id.into(), tx.now.into(), actor.into()],
        )?;
        sums::count(tx, survivor)?;
        sums::count(tx, other)?;
        let detail = format!("{other} out of {survivor}, {id}");
        staff_act::record(tx, actor, "customer.unmerge", ("person", survivor.0), &detail)?;
        tx.shows();
        Ok(survivor)
    })?;
    profile(app, visitor, survivor)
}

/// The merges somebody survived, the latest first.
pub(super) fn of(tx: &mut Tx, id: Id<Person>) -> Result<Vec<MergeView>, Failure> {
    let rows = tx.all(
        "select m.id, m.other_id, o.name, m.moved, coalesce(a.name, ''), m.at, m.undone_at
         from customer_merges m join people o on o.id = m.other_id
         left join people a on a.id = m.actor_id
         where m.survivor_id = $1 order by m.id desc limit 50",
        &[id.into()],
        |row| {
            let moved: Moved = serde_json::from_str(&row.get::<String>(3)).unwrap_or_default();
            MergeView {
                id: row.get(0),
                other: row.get(1),
                other_name: row.get(2),
                orders: moved.count("orders"),
                reviews: moved.count("reviews"),
                addresses: moved.count("addresses"),
                by: row.get(4),
                at: row.get(5),
                undone_at: row.get(6),
            }
        },
    )?;
    Ok(rows)
}
