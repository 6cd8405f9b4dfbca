//! Coupons: what one gives, who may take one and how often, when it can be used, and when it comes
//! back (MECHANICS §1.6).
//!
//! A *template* says all of that; a *coupon* is one that somebody holds. It goes
//! held → used → held again, or expired, or taken back. Every answer here is the good answer; the
//! safe one is the guarded statement that counts what was taken and writes who used it, in the
//! order's own transaction.

use serde::{Deserialize, Serialize};

use crate::id::{Id, Kind};
use crate::moment::{Moment, Span};
use crate::money::{Currency, LARGEST, Money};
use crate::order::Order;
use crate::person::Person;
use crate::promotion::{Off, Part, Scope};

mod code;

pub use code::{CODE_BITS, Code};

/// What a coupon is made after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    pub id: Id<Template>,
    pub issuer: Issuer,
    pub currency: Currency,
    pub gives: Gives,
    /// What the matched goods have to cost after promotions and before any coupon, in minor units.
    #[serde(default)]
    pub threshold: i64,
    #[serde(default)]
    pub scope: Scope,
    pub stacks: Stacks,
    pub life: Life,
    /// When it can be taken.
    pub claim_from: Moment,
    pub claim_until: Moment,
    /// How many there are in all; without end otherwise.
    #[serde(default)]
    pub total: Option<i64>,
    /// How many one person may take,
    pub per_person: i64,
    /// and how many everybody together who shares a device, an account or an address.
    pub per_cluster: i64,
    /// Whether it comes back when the last line it paid for has been refunded.
    #[serde(default)]
    pub back_on_refund: bool,
}
impl Kind for Template {
    const PREFIX: &'static str = "cpt";
}
crate::id::described!(Template);

/// Who bears what a coupon takes off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = CouponIssuer))]
pub enum Issuer {
    /// The platform; its coupons come before merchants'.
    Platform,
    Merchant,
}
codes!(Issuer { Platform = "platform", Merchant = "merchant" });

/// What a coupon gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = CouponGives))]
pub enum Gives {
    /// Takes an amount or a part off the matched goods.
    Goods { off: Off },
    /// Takes freight off: all of it, or up to so many minor units.
    Shipping {
        #[serde(default)]
        most: Option<i64>,
    },
    /// These come along for nothing.
    Gift { part: Part },
}

/// What other coupons it goes with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = CouponStacks))]
pub enum Stacks {
    /// With none.
    Alone,
    /// With any that are not in this group and not alone.
    InGroup { group: String },
}

/// When a coupon can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = CouponLife))]
pub enum Life {
    /// From a moment until just before another.
    Dates { from: Moment, until: Moment },
    /// For so long after it was received.
    After {
        #[cfg_attr(feature = "schema", schema(value_type = i64))]
        span: Span,
    },
}

/// One coupon, in somebody's hands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coupon {
    pub id: Id<Coupon>,
    pub owner: Id<Person>,
    pub state: State,
    pub usable_from: Moment,
    pub usable_until: Moment,
}
impl Kind for Coupon {
    const PREFIX: &'static str = "cpn";
}
crate::id::described!(Coupon);

/// Where a coupon stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Held,
    /// By an order, paid or not yet.
    Used(Id<Order>),
    Expired,
    /// The shop took it back: what it was given for was undone.
    TakenBack,
}

impl State {
    pub fn code(self) -> &'static str {
        match self {
            State::Held => "held",
            State::Used(_) => "used",
            State::Expired => "expired",
            State::TakenBack => "taken_back",
        }
    }
}

/// Why a coupon is not taken or not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It cannot be taken yet, or no longer.
    NotNow,
    /// None are left.
    AllTaken,
    /// A person may have so many.
    EnoughForPerson(i64),
    /// People of one household or device may have so many together.
    EnoughForCluster(i64),
    /// It is for others.
    NotForYou,
    /// Not this person's coupon. The visitor hears that there is none.
    NotYours,
    /// Used, or taken back.
    NotHeld,
    /// Its time has not come: then it has.
    TooEarly(Moment),
    /// Its time is over.
    Expired,
    /// It is for orders in this currency.
    OtherCurrency(Currency),
    /// Nothing in the cart is what it is for, or what it is for goes with no coupon.
    NoMatch,
    /// So much more of what it is for has to be in the cart.
    BelowThreshold(Money),
    /// It goes with no coupon that is used already.
    NotTogether,
    /// What it would take off is gone already.
    NothingLeft,
    /// The code is not one of ours.
    BadCode,
    /// Settings that cannot be.
    BadTemplate(BadTemplate),
}

/// Which setting of a template cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadTemplate {
    /// An amount above nothing, a part below all, and a most above nothing.
    Gives,
    /// Not negative, and above what is taken off.
    Threshold,
    /// A scope of at most five hundred entries.
    Scope,
    /// A group's name is 1 to 40 characters.
    Group,
    /// Ends come after beginnings; a life is an hour to three years.
    Life,
    /// One or more in all, for a person, for a household, and none of these less than the last.
    Limits,
}

/// A life is at most this long.
pub const LONGEST_LIFE: Span = Span::days(1_096);
/// Holders are reminded this long before a coupon expires.
pub const REMIND_BEFORE: Span = Span::days(2);

impl Template {
    /// Whether these settings make a coupon.
    pub fn check(&self) -> Result<(), BadTemplate> {
        let gives = match self.gives {
            Gives::Goods { off } => off.is_sensible(),
            Gives::Shipping { most } => most.is_none_or(|most| (1..=LARGEST).contains(&most)),
            Gives::Gift { .. } => true,
        };
        if !gives {
            return Err(BadTemplate::Gives);
        }
        let taken = match self.gives {
            Gives::Goods { off: Off::Amount { minor } } => minor,
            _ => 0,
        };
        // Without a threshold it takes off whatever goods there are.
        let covers = self.threshold == 0 || self.threshold > taken;
        if !(0..=LARGEST).contains(&self.threshold) || !covers {
            return Err(BadTemplate::Threshold);
        }
        if !self.scope.is_small_enough() {
            return Err(BadTemplate::Scope);
        }
        if let Stacks::InGroup { group } = &self.stacks
            && !(1..=40).contains(&group.chars().count())
        {
            return Err(BadTemplate::Group);
        }
        let lives = match self.life {
            Life::Dates { from, until } => from < until && self.claim_from < until,
            Life::After { span } => (Span::hours(1)..=LONGEST_LIFE).contains(&span),
        };
        if !lives || self.claim_from >= self.claim_until {
            return Err(BadTemplate::Life);
        }
        let most = self.total.unwrap_or(i64::MAX);
        let limits = 1 <= self.per_person && self.per_person <= self.per_cluster;
        if !limits || self.per_cluster > most {
            return Err(BadTemplate::Limits);
        }
        Ok(())
    }

    /// The same coupon that takes `minor` off: a part of one that is shared out, or a prize.
    #[must_use]
    pub fn of_amount(&self, minor: i64) -> Template {
        Template { gives: Gives::Goods { off: Off::Amount { minor } }, ..self.clone() }
    }

    /// From when until when one taken now can be used.
    fn usable(&self, now: Moment) -> (Moment, Moment) {
        match self.life {
            Life::Dates { from, until } => (from, until),
            Life::After { span } => (now, now.plus(span)),
        }
    }
}

/// What is known about somebody who wants a coupon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claimant {
    /// Whether it is for them: its campaign's audience, which is judged there.
    pub may: bool,
    /// How many of this template they have ever taken, used and expired ones too,
    pub has: i64,
    /// and how many everybody of their cluster.
    pub cluster_has: i64,
    /// How many have been taken in all.
    pub taken: i64,
}

/// A coupon that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claimed {
    pub usable_from: Moment,
    pub usable_until: Moment,
}

/// Takes one coupon.
pub fn claim(template: &Template, claimant: &Claimant, now: Moment) -> Result<Claimed, Refusal> {
    let (usable_from, usable_until) = template.usable(now);
    // What nobody could use any more is not given out.
    if now < template.claim_from || now >= template.claim_until || now >= usable_until {
        return Err(Refusal::NotNow);
    }
    if !claimant.may {
        return Err(Refusal::NotForYou);
    }
    if claimant.has >= template.per_person {
        return Err(Refusal::EnoughForPerson(template.per_person));
    }
    if claimant.cluster_has >= template.per_cluster {
        return Err(Refusal::EnoughForCluster(template.per_cluster));
    }
    if template.total.is_some_and(|total| claimant.taken >= total) {
        return Err(Refusal::AllTaken);
    }
    Ok(Claimed { usable_from, usable_until })
}

/// Whether `person` may use the coupon now. What it takes off is the quote's business.
pub fn may_use(coupon: &Coupon, person: Id<Person>, now: Moment) -> Result<(), Refusal> {
    if coupon.owner != person {
        return Err(Refusal::NotYours);
    }
    match coupon.state {
        State::Held => (),
        State::Expired => return Err(Refusal::Expired),
        State::Used(_) | State::TakenBack => return Err(Refusal::NotHeld),
    }
    if now < coupon.usable_from {
        return Err(Refusal::TooEarly(coupon.usable_from));
    }
    // The clock judges, also where the job that expires it is late.
    if now >= coupon.usable_until {
        return Err(Refusal::Expired);
    }
    Ok(())
}

/// Uses it for an order.
pub fn redeem(
    coupon: &Coupon,
    person: Id<Person>,
    order: Id<Order>,
    now: Moment,
) -> Result<State, Refusal> {
    may_use(coupon, person, now)?;
    Ok(State::Used(order))
}

/// What became of the order that used a coupon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undone {
    /// It closed unpaid.
    Unpaid,
    /// Lines it paid for were refunded; whether none is left.
    Refunded { last: bool },
}

/// The state a coupon gets when its order is undone. It comes back to whoever held it for as long
/// as it still had: an expired one comes back expired. `None`: it stays as it is, such as when
/// another order used it or it was taken back.
pub fn give_back(
    coupon: &Coupon,
    template: &Template,
    order: Id<Order>,
    undone: Undone,
    now: Moment,
) -> Option<State> {
    if coupon.state != State::Used(order) {
        return None;
    }
    let comes = match undone {
        Undone::Unpaid => true,
        Undone::Refunded { last } => last && template.back_on_refund,
    };
    let state = if now >= coupon.usable_until { State::Expired } else { State::Held };
    comes.then_some(state)
}

/// What time makes of a coupon that nobody used.
pub fn overdue(coupon: &Coupon, now: Moment) -> Option<State> {
    let over = coupon.state == State::Held && now >= coupon.usable_until;
    over.then_some(State::Expired)
}

/// Takes back what was given for something that has been undone. A used one has gone: what it took
/// off is then claimed like any reward (`campaign::budget`).
pub fn take_back(coupon: &Coupon) -> Result<State, Refusal> {
    match coupon.state {
        State::Held => Ok(State::TakenBack),
        State::Used(_) | State::Expired | State::TakenBack => Err(Refusal::NotHeld),
    }
}

/// When its holder is reminded: once, and not of what they have only just got.
pub fn remind_at(coupon: &Coupon, received: Moment) -> Option<Moment> {
    let at = coupon.usable_until.minus(REMIND_BEFORE);
    let open = coupon.state == State::Held && at > received.plus(Span::hours(12));
    open.then_some(at.max(coupon.usable_from))
}

/// Whether a coupon that stacks like this goes with those used already.
pub fn goes_with(stacks: &Stacks, used: &[&Stacks]) -> Result<(), Refusal> {
    let together = match stacks {
        Stacks::Alone => used.is_empty(),
        Stacks::InGroup { group } => used.iter().all(|other| match other {
            Stacks::Alone => false,
            Stacks::InGroup { group: other } => other != group,
        }),
    };
    if together { Ok(()) } else { Err(Refusal::NotTogether) }
}

#[cfg(test)]
mod tests;
