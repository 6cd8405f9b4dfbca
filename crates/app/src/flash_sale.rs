//! Flash sales: a price for a few hours, for so many, so many each (MECHANICS §5).
//!
//! What is sold is a deal like any other (`deal`); here is when it is, who comes first, and what
//! everybody sees of it.

use std::sync::Arc;

use domain::campaign::{Campaign, Status};
use domain::catalog::Variant;
use domain::flash_sale::{self as rules, Phase, Refusal, Terms, Wanted};
use domain::id::Id;
use domain::moment::Moment;
use domain::person::Person;

use crate::campaign::{self, Found, units};
use crate::db::Tx;
use crate::deal::{self, Deal};
use crate::failure::Failure;
use crate::{Visitor, shop};

mod mark;
mod store;
mod view;
mod wait;

pub use mark::SoldOut;
pub(crate) use mark::{known, look};
pub use view::{
    FlashGoods, FlashSaleView, FlashStage, RunningPrice, SlotView, figures, get, running_prices,
};
pub use wait::{LeaveFlash, REMIND, RemindFlash, WaitFlash, WaitView, leave, remind, wait};
pub(crate) use wait::{ended, remind_due, serve_due};

fn terms(found: &Found) -> Result<&Terms, Failure> {
    match &found.terms {
        campaign::Terms::FlashSale(terms) => Ok(terms),
        _ => Err(Failure::NotFound),
    }
}

/// The sale, for somebody who may see it.
fn seen(tx: &mut Tx, id: Id<Campaign>, person: Option<Id<Person>>) -> Result<Arc<Found>, Failure> {
    let found = campaign::find(tx, id)?;
    terms(&found)?;
    if campaign::sees(&found, person) { Ok(found) } else { Err(Failure::NotFound) }
}

/// The slots that are on and to come.
fn slots(found: &Found, now: Moment, most: usize) -> Result<Vec<(Moment, Moment)>, Failure> {
    let campaign = &found.campaign;
    let zone = shop::zone_at(now)?;
    let time = (campaign.starts_at, campaign.ends_at);
    Ok(rules::slots(terms(found)?, time, zone, now, most))
}

/// Which phase it is, and from when until when the slot goes that is on or next.
fn phase(found: &Found, now: Moment) -> Result<(Phase, (Moment, Moment)), Failure> {
    let campaign = &found.campaign;
    let whole = (campaign.starts_at, campaign.ends_at);
    // It may have been ended before its time.
    if matches!(campaign.status_at(now), Status::Ended | Status::Evaluated) {
        return Ok((Phase::Over, whole));
    }
    let slot = slots(found, now, 1)?.first().copied().unwrap_or(whole);
    planted!("flash_sold_before_its_slot", return Ok((Phase::On(whole.1), whole)));
    let zone = shop::zone_at(now)?;
    Ok((rules::phase(terms(found)?, whole.0, whole.1, zone, now), slot))
}

/// Whose turn it is before somebody.
struct Turn {
    /// How many wait whose turn it is not yet.
    waiting: i64,
    /// How many units are kept for others whose turn it is.
    kept: i64,
    /// Their own turn: the row, and for how many.
    own: Option<(i64, i64)>,
}

fn turn(
    tx: &mut Tx,
    (id, variant): (Id<Campaign>, Id<Variant>),
    person: Option<Id<Person>>,
) -> Result<Turn, Failure> {
    let key = format!("flash queue {} {}", id.0, variant.0);
    let queue = tx.read_once(key, |tx| Ok(Arc::new(store::queue(tx, id, variant)?)))?;
    let now = tx.now;
    planted!("flash_queue_jumped", {
        return Ok(Turn { waiting: 0, kept: 0, own: None });
    });
    let on = || queue.offered.iter().filter(|one| now < one.until);
    let own = on().find(|one| person == Some(one.person));
    Ok(Turn {
        waiting: if own.is_some() { 0 } else { queue.waiting },
        kept: on().filter(|one| person != Some(one.person)).map(|one| one.quantity).sum(),
        own: own.map(|one| (one.row, one.quantity)),
    })
}

/// What somebody may buy of a sale now. When it is to be ordered, what is left is held meanwhile.
pub(crate) fn offer(
    tx: &mut Tx,
    visitor: &Visitor,
    id: Id<Campaign>,
    (variant, quantity): (Id<Variant>, i64),
    placing: bool,
) -> Result<Deal, Failure> {
    let person = visitor.person.as_ref().map(|person| person.id);
    let found = seen(tx, id, person)?;
    let terms = terms(&found)?;
    let unit = deal::price(tx, id, variant)?;
    if found.campaign.status_at(tx.now) == Status::Paused {
        return Err(domain::campaign::Refusal::NotRunning.into());
    }
    let (phase, good) = phase(&found, tx.now)?;
    let left = match placing {
        true => units::hold_left_over(tx, id, variant)?,
        false => units::left_over(tx, id, variant)?,
    };
    let holds = match person {
        Some(person) => units::holds(tx, id, person)?,
        None => 0,
    };
    let turn = turn(tx, (id, variant), person)?;
    // Where nothing is set aside the ordinary stock says how many there are.
    let left = left.map_or(i64::MAX, |left| left - turn.kept);
    let left = turn.own.map_or(left, |(_, own)| left.min(own));
    let wanted = Wanted { quantity, holds, left, waiting: turn.waiting };
    let pay_by = rules::may_buy(terms, phase, &wanted, tx.now)?;
    if let Some((row, kept)) = turn.own.filter(|_| placing) {
        if tx.gathers() {
            return Err(tx.alone());
        }
        if !store::bought(tx, row)? {
            return Err(Refusal::Queued.into());
        }
        // What they leave of it is for whoever is next.
        if quantity < kept {
            tx.shows();
            tx.ask(deal::FREED, id.0, tx.now)?;
        }
    }
    let per_person = Some(terms.per_person);
    Ok(Deal {
        bargain: None,
        variant,
        quantity,
        unit,
        per_person,
        enters: true,
        good,
        pay_by,
        found,
    })
}
