//! The table `order_campaigns`: what was bought in a campaign, and what it is counted by.

use domain::bargain::Launch;
use domain::campaign::{Campaign, Mechanic};
use domain::catalog::Variant;
use domain::id::Id;
use domain::order::Order;
use domain::person::Person;

use super::Deal;
use crate::campaign::Counted;
use crate::db::{Insert, Tx};
use crate::failure::Failure;

/// An order that was bought in a campaign.
#[derive(Clone, Debug)]
pub(crate) struct Bought {
    pub order: Id<Order>,
    pub campaign: Id<Campaign>,
    pub mechanic: Mechanic,
    pub bargain: Option<Id<Launch>>,
    /// Whom it is counted for.
    pub person: Id<Person>,
    pub variant: Id<Variant>,
    pub quantity: i64,
    /// How many units count still.
    pub counted: i64,
    pub counters: Counted,
}

pub fn add(
    tx: &mut Tx,
    deal: &Deal,
    (person, order): (Id<Person>, Id<Order>),
    counters: &Counted,
) -> Result<(), Failure> {
    static BOUGHT: Insert = Insert::new(
        "order_campaigns (order_id, campaign_id, mechanic, bargain_id, person_id, variant_id,
                          quantity, counted, counters, price, good_from, good_until, at)",
        13,
    );
    let now = tx.now;
    tx.add(
        &BOUGHT,
        vec![
            order.into(),
            deal.found.id().into(),
            deal.found.campaign.mechanic.code().into(),
            deal.bargain.into(),
            person.into(),
            deal.variant.into(),
            deal.quantity.into(),
            deal.quantity.into(),
            serde_json::to_string(counters)?.into(),
            deal.unit.minor.into(),
            deal.good.0.into(),
            deal.good.1.into(),
            now.into(),
        ],
    )
}

pub fn of(tx: &mut Tx, order: Id<Order>) -> Result<Option<Bought>, Failure> {
    let found = tx.maybe(
        "select campaign_id, mechanic, bargain_id, person_id, variant_id, quantity, counted,
                counters from order_campaigns where order_id = $1",
        &[order.into()],
        |row| {
            let bought = Bought {
                order,
                campaign: row.get(0),
                mechanic: Mechanic::parse(&row.get::<String>(1))
                    .expect("the table holds known mechanics"),
                bargain: row.get(2),
                person: row.get(3),
                variant: row.get(4),
                quantity: row.get(5),
                counted: row.get(6),
                counters: Counted::default(),
            };
            (bought, row.get::<String>(7))
        },
    )?;
    Ok(match found {
        Some((bought, counters)) => {
            Some(Bought { counters: serde_json::from_str(&counters)?, ..bought })
        }
        None => None,
    })
}

/// So many units of an order count no more.
pub fn uncount(tx: &mut Tx, bought: &Bought, n: i64) -> Result<(), Failure> {
    tx.run(
        "update order_campaigns set counted = counted - $2 where order_id = $1",
        &[bought.order.into(), n.into()],
    )?;
    Ok(())
}

/// All of its units count again.
pub fn recount(tx: &mut Tx, order: Id<Order>) -> Result<(), Failure> {
    let sql = "update order_campaigns set counted = quantity where order_id = $1";
    tx.run(sql, &[order.into()])?;
    Ok(())
}

/// How many units are waited for, or kept for somebody whose turn it is.
pub fn waiting(tx: &mut Tx, id: Id<Campaign>, variant: Id<Variant>) -> Result<i64, Failure> {
    planted!("late_money_jumps_the_line", return Ok(0));
    tx.one(
        "select coalesce(cast(sum(quantity) as bigint), 0) from flash_waiting
         where campaign_id = $1 and variant_id = $2 and status in ('waiting', 'offered')",
        &[id.into(), variant.into()],
        |row| row.get(0),
    )
}
