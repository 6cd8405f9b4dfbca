//! Goods that are fetched: the code their buyer shows, good once.

use describe::ToSchema;
use domain::id::Id;
use domain::order::{Actor, Order, Refusal, Status};
use domain::person::{Permission, Person};
use domain::shipping::PickupPoint;
use serde::{Deserialize, Serialize};

use crate::db::{Insert, Tx};
use crate::failure::Failure;
use crate::order::{self, By};
use crate::{App, Visitor, dice, staff_act};

/// How many digits a code has: few enough to be read out, too many to be guessed at a counter.
const DIGITS: u32 = 8;

/// A code as it was shown.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Collect {
    /// Eight digits; spaces and hyphens between them do not matter.
    pub code: String,
}

/// An order will be fetched at a place: its code is made with it.
pub(crate) fn promise(
    tx: &mut Tx,
    order: Id<Order>,
    point: Id<PickupPoint>,
) -> Result<(), Failure> {
    static PICKUPS: Insert = Insert::new("pickups (order_id, point_id, code)", 3);
    let number = dice::below(tx.dice(), 10_u64.pow(DIGITS));
    let code = format!("{number:0width$}", width = DIGITS as usize);
    tx.add(&PICKUPS, vec![order.into(), point.into(), code.into()])
}

/// Gives out the goods of the order that a code is of. Says which order it is.
pub fn collect(app: &App, visitor: &Visitor, shown: &Collect) -> Result<Id<Order>, Failure> {
    let actor = visitor.staff(Permission::Shipping)?;
    let code: String = shown.code.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    app.write_for(visitor, |tx| {
        let found: Option<Id<Order>> = tx.maybe(
            "select order_id from pickups where code = $1 and collected_at is null",
            &[code.as_str().into()],
            |row| row.get(0),
        )?;
        planted!("pickup_code_twice", {
            let sql = "select order_id from pickups where code = $1 and collected_at is not null";
            let again: Option<Id<Order>> =
                tx.maybe(sql, &[code.as_str().into()], |row| row.get(0))?;
            if let Some(again) = again {
                return Ok(again);
            }
        });
        let id = found.ok_or(Refusal::NoSuchPickup)?;
        let mut found = order::find_to_change(tx, id)?;
        if found.status == Status::AwaitingTeam {
            return Err(Refusal::AwaitsTeam.into());
        }
        if !hand_over(tx, id, actor)? {
            return Err(Refusal::NoSuchPickup.into());
        }
        let by = By { actor: Actor::Staff, person: Some(actor), reason: "collected" };
        order::move_to(tx, &mut found, Status::Delivered, by)?;
        staff_act::record(tx, actor, "order.collect", ("order", id.0), "")?;
        Ok(id)
    })
}

/// Whether its goods were still here.
fn hand_over(tx: &mut Tx, order: Id<Order>, actor: Id<Person>) -> Result<bool, Failure> {
    let done = tx.run(
        "update pickups set collected_at = $2, collected_by = $3
         where order_id = $1 and collected_at is null",
        &[order.into(), tx.now.into(), actor.into()],
    )?;
    Ok(done == 1)
}
