//! Those who wait: for units that come back, in the order they came, and for a slot to begin.

use describe::ToSchema;
use domain::campaign::Campaign;
use domain::catalog::Variant;
use domain::flash_sale::{self as rules, Phase, Refusal, Waiting};
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::person::Person;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{phase, seen, slots, store, terms};
use crate::campaign::{self, Found};
use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor, deal, inventory, notice};

/// The job that tells whoever asked when a slot begins.
pub const REMIND: &str = "flash.remind";

/// How soon a line is looked at again that nothing was heard of.
const AGAIN: Span = Span::seconds(30);

/// Somebody's wish to wait for what is sold out.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct WaitFlash {
    pub variant: Id<Variant>,
    pub quantity: i64,
}

/// Somebody's wish to wait no more.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct LeaveFlash {
    pub variant: Id<Variant>,
}

/// Which slot somebody wants to be told of.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RemindFlash {
    pub slot: Moment,
}

/// A place among those who wait.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = FlashPlace)]
pub struct WaitView {
    pub campaign: Id<Campaign>,
    pub variant: Id<Variant>,
    pub quantity: i64,
    /// How many came before and wait still.
    pub ahead: i64,
    /// Their turn: so long it is kept for them.
    pub yours_until: Option<Moment>,
}

/// The visitor's places of a sale.
pub(super) fn waits(
    tx: &mut Tx,
    id: Id<Campaign>,
    person: Id<Person>,
) -> Result<Vec<WaitView>, Failure> {
    store::places(tx, id, person)
}

/// Waits for what is sold out, at the end of the line. Who waits already keeps their place.
pub fn wait(
    app: &App,
    visitor: &Visitor,
    id: Id<Campaign>,
    wish: WaitFlash,
) -> Result<WaitView, Failure> {
    let person = visitor.shopper()?;
    app.act(visitor, "flash_place", |tx| {
        let found = seen(tx, id, Some(person))?;
        let terms = terms(&found)?;
        if !terms.queue {
            return Err(Refusal::SoldOut.into());
        }
        deal::price(tx, id, wish.variant)?;
        match phase(&found, tx.now)?.0 {
            Phase::On(_) => (),
            Phase::Before(at) | Phase::Preheat(at) => return Err(Refusal::NotYet(at).into()),
            Phase::Over => return Err(Refusal::Over.into()),
        }
        if !(1..=terms.per_order).contains(&wish.quantity) {
            return Err(Refusal::TooManyPerOrder(terms.per_order).into());
        }
        let may_have = terms.per_person - campaign::units::holds(tx, id, person)?;
        if wish.quantity > may_have {
            return Err(Refusal::TooManyPerPerson(may_have.max(0)).into());
        }
        // Nobody waits for what they may not have.
        let keys = campaign::keys(tx, visitor, person)?;
        campaign::may_enter_by(tx, &found, person, &keys)?;
        store::wait(tx, id, person, &wish)?;
        tx.ask(deal::FREED, id.0, tx.now)?;
        let places = store::places(tx, id, person)?;
        let place = places.into_iter().find(|place| place.variant == wish.variant);
        place.ok_or_else(|| Failure::broken("a place that was taken is there"))
    })
}

/// Waits no more.
pub fn leave(
    app: &App,
    visitor: &Visitor,
    id: Id<Campaign>,
    wish: LeaveFlash,
) -> Result<(), Failure> {
    let person = visitor.shopper()?;
    app.act(visitor, "flash_left", |tx| {
        seen(tx, id, Some(person))?;
        if store::leave(tx, (id, wish.variant), person)? {
            tx.shows();
            tx.ask(deal::FREED, id.0, tx.now)?;
        }
        Ok(())
    })
}

/// Job: units may be free. Those who wait are served in the order they came; whoever did not come
/// in their time is passed. A moment to look again while anybody waits.
pub(crate) fn serve_due(app: &App, id: Id<Campaign>) -> Result<Option<Moment>, Failure> {
    app.write(|tx| {
        let found = campaign::find(tx, id)?;
        if terms(&found).is_err() || !store::anybody_waits(tx, id)? {
            return Ok(None);
        }
        if !campaign::is_on(tx, id)? {
            store::end(tx, id)?;
            return Ok(None);
        }
        let until = match phase(&found, tx.now)?.0 {
            Phase::On(until) => until,
            Phase::Before(at) | Phase::Preheat(at) => return Ok(Some(at)),
            Phase::Over => {
                store::end(tx, id)?;
                return Ok(None);
            }
        };
        for variant in store::waited_for(tx, id)? {
            serve(tx, &found, variant, until)?;
        }
        let next = store::next_turn(tx, id)?;
        let again = tx.now.plus(AGAIN);
        Ok(store::anybody_waits(tx, id)?.then(|| next.map_or(again, |next| next.min(again))))
    })
}

fn serve(tx: &mut Tx, found: &Found, variant: Id<Variant>, until: Moment) -> Result<(), Failure> {
    let (id, terms) = (found.id(), terms(found)?);
    // Held from here on: whoever buys meanwhile is waited for.
    let left = match campaign::units::hold_left_over(tx, id, variant)? {
        Some(left) => left,
        None => inventory::level(tx, variant)?,
    };
    if store::pass(tx, id, variant)? > 0 {
        tx.shows();
    }
    let queue = store::queue(tx, id, variant)?;
    let kept: i64 = queue.offered.iter().map(|one| one.quantity).sum();
    let mut line = store::line(tx, id, variant)?;
    planted!("flash_last_come_first_served", line.reverse());
    let waiting: Vec<Waiting> = line.iter().map(|(_, waiting)| *waiting).collect();
    let count = rules::serve(&waiting, left - kept);
    let until = tx.now.plus(terms.pay_window).min(until);
    line.truncate(count);
    for (row, waiting) in line {
        store::offer(tx, row, until)?;
        let title = store::title(tx, variant)?;
        let args = json!({ "product": title });
        notice::tell(tx, waiting.person, "flash_turn", "campaign", id.0, args)?;
    }
    Ok(())
}

/// The sale is over: nobody waits any more.
pub(crate) fn ended(tx: &mut Tx, id: Id<Campaign>) -> Result<(), Failure> {
    store::end(tx, id)
}

/// Wants to be told when a slot begins.
pub fn remind(
    app: &App,
    visitor: &Visitor,
    id: Id<Campaign>,
    wish: RemindFlash,
) -> Result<(), Failure> {
    let person = visitor.shopper()?;
    app.act(visitor, "flash_reminder", |tx| {
        let found = seen(tx, id, Some(person))?;
        let slots = slots(&found, tx.now, 50)?;
        // What has begun needs no reminder.
        if !slots.iter().any(|(from, _)| *from == wish.slot && *from > tx.now) {
            return Err(Failure::NotFound);
        }
        store::remind(tx, id, person, wish.slot)?;
        tx.ask(REMIND, id.0, wish.slot)
    })
}

/// Job: a slot begins. When to look again for the next one somebody is to be told of.
pub(crate) fn remind_due(app: &App, id: Id<Campaign>) -> Result<Option<Moment>, Failure> {
    app.write(|tx| {
        let found = campaign::find(tx, id)?;
        let on = campaign::is_on(tx, id)? && matches!(phase(&found, tx.now)?.0, Phase::On(_));
        for (person, slot) in store::to_remind(tx, id)? {
            // What was ended before its time, or rests, is not told of.
            if on && found.is_running(tx.now) {
                let args = json!({ "reason": found.campaign.frame.title });
                notice::tell(tx, person, "flash_begins", "campaign", id.0, args)?;
            }
            store::reminded_now(tx, id, person, slot)?;
        }
        store::next_reminder(tx, id)
    })
}
