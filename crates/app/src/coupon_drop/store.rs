//! The tables `coupon_drops` and `coupon_drop_claims`.

use domain::campaign::Campaign;
use domain::coupon::{Coupon, State};
use domain::coupon_drop::Order as Fate;
use domain::id::Id;
use domain::order::{Order, Status};
use domain::person::Person;

use super::Kept;
use crate::db::Tx;
use crate::failure::Failure;
use crate::reward::Reward;

/// Writes a drop; one of which nobody took anything is written anew when it comes again.
pub fn put(tx: &mut Tx, id: Id<Campaign>, kept: &Kept) -> Result<(), Failure> {
    tx.run(
        "insert into coupon_drops (campaign_id, template_id, total, worth) values ($1, $2, $3, $4)
         on conflict (campaign_id) do update set template_id = $2, total = $3, worth = $4
         where coupon_drops.taken = 0",
        &[id.into(), kept.template.into(), kept.total.into(), kept.worth.into()],
    )?;
    Ok(())
}

pub fn maybe(tx: &mut Tx, id: Id<Campaign>) -> Result<Option<Kept>, Failure> {
    tx.maybe(
        "select template_id, total, taken, worth from coupon_drops where campaign_id = $1",
        &[id.into()],
        |row| Kept {
            template: row.get(0),
            total: row.get(1),
            taken: row.get(2),
            worth: row.get(3),
        },
    )
}

pub fn find(tx: &mut Tx, id: Id<Campaign>) -> Result<Kept, Failure> {
    maybe(tx, id)?.ok_or(Failure::NotFound)
}

/// Takes one of what is left, if there is one; the statement decides.
pub fn take(tx: &mut Tx, id: Id<Campaign>) -> Result<bool, Failure> {
    planted!("drop_unguarded", {
        let seen = find(tx, id)?;
        let sql = "update coupon_drops set taken = $2 where campaign_id = $1";
        return Ok(tx.run(sql, &[id.into(), (seen.taken + 1).into()])? == 1);
    });
    let sql = "update coupon_drops set taken = taken + 1 where campaign_id = $1 and taken < total";
    Ok(tx.run(sql, &[id.into()])? == 1)
}

pub fn add_claim(
    tx: &mut Tx,
    coupon: Id<Coupon>,
    campaign: Id<Campaign>,
    reward: Id<Reward>,
) -> Result<(), Failure> {
    tx.run(
        "insert into coupon_drop_claims (coupon_id, campaign_id, reward_id, at)
         values ($1, $2, $3, $4)",
        &[coupon.into(), campaign.into(), reward.into(), tx.now.into()],
    )?;
    Ok(())
}

/// How many somebody has taken.
pub fn has(tx: &mut Tx, id: Id<Campaign>, person: Id<Person>) -> Result<i64, Failure> {
    tx.one(
        "select count(*) from coupons c join coupon_drop_claims d on d.coupon_id = c.id
         where c.owner_id = $2 and d.campaign_id = $1",
        &[id.into(), person.into()],
        |row| row.get(0),
    )
}

/// A coupon that was taken, with what became of it.
pub struct Claim {
    pub reward: Id<Reward>,
    pub state: State,
    pub order: Fate,
    /// Whether what it is worth waits no longer.
    pub is_settled: bool,
}

/// The same of one, which nobody else changes meanwhile; nothing for a coupon of no drop.
pub fn claim(tx: &mut Tx, id: Id<Coupon>) -> Result<Option<Claim>, Failure> {
    let sql = format!("select state, order_id from coupons where id = $1{}", tx.lock());
    let found = tx
        .maybe(&sql, &[id.into()], |row| (row.get::<String>(0), row.get::<Option<Id<Order>>>(1)))?;
    let Some((state, order)) = found else { return Ok(None) };
    let state = match (state.as_str(), order) {
        ("used", Some(order)) => State::Used(order),
        ("held", _) => State::Held,
        ("taken_back", _) => State::TakenBack,
        _ => State::Expired,
    };
    let order = match order {
        Some(order) => {
            let sql = "select status from orders where id = $1";
            let status = tx.one(sql, &[order.into()], |row| row.get::<String>(0))?;
            match Status::parse(&status) {
                Some(Status::Completed) => Fate::Kept,
                Some(Status::Refunded | Status::Cancelled | Status::LatePaid) => Fate::Undone,
                _ => Fate::Open,
            }
        }
        None => Fate::Open,
    };
    tx.maybe(
        "select r.id, r.state from coupon_drop_claims d join rewards r on r.id = d.reward_id
         where d.coupon_id = $1",
        &[id.into()],
        |row| Claim {
            reward: row.get(0),
            state,
            order,
            is_settled: row.get::<String>(1) != "waiting",
        },
    )
}

/// How many are held, used, gone, and given.
pub fn figures(tx: &mut Tx, id: Id<Campaign>) -> Result<[i64; 4], Failure> {
    tx.one(
        "select count(case when c.state = 'held' then 1 end),
                count(case when c.state = 'used' then 1 end),
                count(case when c.state in ('expired', 'taken_back') then 1 end),
                count(case when r.state = 'given' then 1 end)
         from coupon_drop_claims d join coupons c on c.id = d.coupon_id
         join rewards r on r.id = d.reward_id where d.campaign_id = $1",
        &[id.into()],
        |row| [row.get(0), row.get(1), row.get(2), row.get(3)],
    )
}
