//! Flash sales (秒杀): a price for a few hours, for so many, so many each (MECHANICS §5).
//!
//! Slots are hours of each day between two dates, where the shop is. Before one begins it is shown
//! with a countdown from the shop's own clock. Stock is set aside, promised for a short time to
//! pay, and what is not paid is sold again: to those who wait, in the order they came.

use serde::{Deserialize, Serialize};

use crate::id::{Id, Kind};
use crate::moment::{Moment, Span};
use crate::money::Money;
use crate::person::Person;
use crate::quantity::Quantity;

/// A sale.
pub struct FlashSale;
impl Kind for FlashSale {
    const PREFIX: &'static str = "fls";
}
crate::id::described!(FlashSale);

/// Hours of a day, from midnight: from when until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = FlashSlot))]
pub struct Slot {
    #[cfg_attr(feature = "schema", schema(value_type = i64))]
    pub from: Span,
    #[cfg_attr(feature = "schema", schema(value_type = i64))]
    pub until: Span,
}

/// What a merchant settles, beside each variant's price and stock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = FlashTerms))]
pub struct Terms {
    /// In the order of the day, none over another; all day long when empty.
    pub slots: Vec<Slot>,
    pub per_order: i64,
    pub per_person: i64,
    /// How long an order is held for its payment.
    #[cfg_attr(feature = "schema", schema(value_type = i64))]
    pub pay_window: Span,
    /// For how long before a slot it is announced.
    #[cfg_attr(feature = "schema", schema(value_type = i64))]
    pub preheat: Span,
    /// Whether those who come too late may wait.
    pub queue: bool,
}

/// Which setting cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadTerms {
    /// At most 24 slots within a day, each after the one before.
    Slots,
    /// 1 to 9,999, and no more per order than per person.
    Limits,
    /// 1 to 60 minutes.
    PayWindow,
    /// At most seven days.
    Preheat,
    /// Above nothing and below the ordinary price.
    Price,
}

const DAY: Span = Span::days(1);

impl Terms {
    /// What a merchant begins with: two hours in the morning and two at night.
    pub fn usual() -> Terms {
        let slot = |from, until| Slot { from: Span::hours(from), until: Span::hours(until) };
        Terms {
            slots: vec![slot(10, 12), slot(20, 22)],
            per_order: 1,
            per_person: 2,
            pay_window: Span::minutes(10),
            preheat: Span::hours(24),
            queue: true,
        }
    }

    pub fn check(&self) -> Result<(), BadTerms> {
        let within =
            |slot: &Slot| Span(0) <= slot.from && slot.from < slot.until && slot.until <= DAY;
        let apart = self.slots.windows(2).all(|pair| pair[0].until <= pair[1].from);
        if self.slots.len() > 24 || !self.slots.iter().all(within) || !apart {
            return Err(BadTerms::Slots);
        }
        let limits = 1..=Quantity::MOST;
        if !limits.contains(&self.per_order)
            || !limits.contains(&self.per_person)
            || self.per_order > self.per_person
        {
            return Err(BadTerms::Limits);
        }
        if !(Span::minutes(1)..=Span::minutes(60)).contains(&self.pay_window) {
            return Err(BadTerms::PayWindow);
        }
        if !(Span(0)..=Span::days(7)).contains(&self.preheat) {
            return Err(BadTerms::Preheat);
        }
        Ok(())
    }
}

/// Whether a price makes a sale.
pub fn check_price(price: Money, ordinary: Money) -> Result<(), BadTerms> {
    let right = price.currency == ordinary.currency && (1..ordinary.minor).contains(&price.minor);
    if right { Ok(()) } else { Err(BadTerms::Price) }
}

/// Where a sale stands at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nothing is shown yet; the next slot begins then.
    Before(Moment),
    /// It is announced: it begins then.
    Preheat(Moment),
    /// It is on until then.
    On(Moment),
    Over,
}

/// The slot that is on and those that come, at most so many, each from when until when: of a sale
/// from `starts` until `ends`, where clocks are ahead of UTC by `zone`. A sale without slots is one
/// from its start to its end.
pub fn slots(
    terms: &Terms,
    (starts, ends): (Moment, Moment),
    zone: Span,
    now: Moment,
    most: usize,
) -> Vec<(Moment, Moment)> {
    if terms.slots.is_empty() {
        return [(starts, ends)].into_iter().filter(|_| now < ends).take(most).collect();
    }
    let local = now.max(starts).plus(zone).0;
    let mut midnight = Moment(local - local.rem_euclid(DAY.0)).minus(zone);
    let mut found = Vec::new();
    while midnight < ends && found.len() < most {
        for slot in &terms.slots {
            let from = midnight.plus(slot.from).max(starts);
            let until = midnight.plus(slot.until).min(ends);
            if until > now && from < until {
                found.push((from, until));
            }
        }
        midnight = midnight.plus(DAY);
    }
    found.truncate(most);
    found
}

/// Which phase it is: a sale from `starts` until `ends`, where clocks are ahead of UTC by `zone`.
pub fn phase(terms: &Terms, starts: Moment, ends: Moment, zone: Span, now: Moment) -> Phase {
    match slots(terms, (starts, ends), zone, now, 1).first() {
        None => Phase::Over,
        Some((from, until)) if *from <= now => Phase::On(*until),
        Some((from, _)) if now >= from.minus(terms.preheat) => Phase::Preheat(*from),
        Some((from, _)) => Phase::Before(*from),
    }
}

/// Why nothing is sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It begins then.
    NotYet(Moment),
    Over,
    TooManyPerOrder(i64),
    /// A person may buy so many; this one can still have that many.
    TooManyPerPerson(i64),
    /// Nothing is left, now.
    SoldOut,
    /// Only this many are left.
    OnlyLeft(i64),
    /// Those who came first are served first.
    Queued,
}

/// What somebody wants of it.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    pub quantity: i64,
    /// How many units they hold or bought in this sale.
    pub holds: i64,
    /// How many are left.
    pub left: i64,
    /// How many wait, when this person is not the one whose turn it is.
    pub waiting: i64,
}

/// Whether somebody may buy now, and until when it has to be paid.
pub fn may_buy(
    terms: &Terms,
    phase: Phase,
    wanted: &Wanted,
    now: Moment,
) -> Result<Moment, Refusal> {
    match phase {
        Phase::On(_) => (),
        Phase::Before(at) | Phase::Preheat(at) => return Err(Refusal::NotYet(at)),
        Phase::Over => return Err(Refusal::Over),
    }
    if !(1..=terms.per_order).contains(&wanted.quantity) {
        return Err(Refusal::TooManyPerOrder(terms.per_order));
    }
    let may_have = terms.per_person - wanted.holds;
    if wanted.quantity > may_have {
        return Err(Refusal::TooManyPerPerson(may_have.max(0)));
    }
    if wanted.left < 1 {
        return Err(Refusal::SoldOut);
    }
    if terms.queue && wanted.waiting > 0 {
        return Err(Refusal::Queued);
    }
    if wanted.quantity > wanted.left {
        return Err(Refusal::OnlyLeft(wanted.left));
    }
    Ok(now.plus(terms.pay_window))
}

/// Somebody who waits, in the order they came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub person: Id<Person>,
    pub quantity: i64,
}

/// Who is served when units were freed: from the front, for as long as there is enough for
/// whoever is next. Nobody is passed over, so that a larger wish is not starved by smaller ones.
pub fn serve(waiting: &[Waiting], left: i64) -> usize {
    let mut left = left;
    let fits = |one: &&Waiting| {
        left -= one.quantity;
        left >= 0
    };
    waiting.iter().take_while(fits).count()
}

#[cfg(test)]
mod tests;
