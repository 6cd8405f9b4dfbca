//! Bargains (砍价): friends cut a price down to a floor (MECHANICS §3).
//!
//! The whole way from the start price to the floor is divided into cuts when somebody begins; a
//! helper takes the next one. So the totals are exact whoever helps in whatever order, and what is
//! left and how many are still needed can be shown to the cent at every step (RULES CN-PRO-13). A
//! launch is for one variant in one quantity and pays for one order; should that close unpaid, the
//! launch is good again until its time is over.

use serde::{Deserialize, Serialize};

use crate::catalog::Variant;
use crate::id::{Id, Kind};
use crate::moment::{Moment, Span};
use crate::money::Money;
use crate::order::Order;
use crate::person::Person;
use crate::quantity::Quantity;
use crate::seed::{Seed, parts};

/// What a merchant settles, beside the prices of each variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = BargainTerms))]
pub struct Terms {
    /// How many cuts there are.
    pub cuts: i64,
    /// Whether whoever begins takes the first.
    pub own_first: bool,
    /// How many cuts somebody takes who is new here, when others take one.
    pub new_takes: i64,
    /// How often one person may help in this campaign, in all and in a day.
    pub per_helper: i64,
    pub per_helper_day: i64,
    /// How long a launch lives.
    #[cfg_attr(feature = "schema", schema(value_type = i64))]
    pub life: Span,
    /// How long the floor can be paid once it is reached.
    #[cfg_attr(feature = "schema", schema(value_type = i64))]
    pub pay_window: Span,
    /// Whether it can be bought at any price on the way.
    pub any_price: bool,
    /// How many units a launch is for.
    #[serde(default = "one")]
    pub quantity: i64,
}

fn one() -> i64 {
    1
}

/// Which setting cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadTerms {
    /// 2 to 200 cuts, of one minor unit at least.
    Cuts,
    /// Somebody new takes 1 to 5, and fewer than all.
    NewTakes,
    /// One or more, and no more in a day than in all.
    Helper,
    /// Ten minutes to seven days.
    Life,
    /// Five minutes to two days.
    PayWindow,
    /// The floor is not negative and below the start.
    Price,
    /// 1 to 99 units.
    Quantity,
}

impl Terms {
    /// What a merchant begins with: ten cuts, a day to gather them, a day to pay.
    pub fn usual() -> Terms {
        Terms {
            cuts: 10,
            own_first: true,
            new_takes: 1,
            per_helper: 3,
            per_helper_day: 1,
            life: Span::hours(24),
            pay_window: Span::hours(24),
            any_price: false,
            quantity: 1,
        }
    }

    /// Whether they make a bargain from `start` down to `floor` for one unit.
    pub fn check(&self, start: Money, floor: Money) -> Result<(), BadTerms> {
        if floor.minor < 0 || floor.minor >= start.minor {
            return Err(BadTerms::Price);
        }
        if start.minor - floor.minor < self.cuts {
            return Err(BadTerms::Cuts);
        }
        self.check_all()
    }

    /// Whether they can be for any goods.
    pub fn check_all(&self) -> Result<(), BadTerms> {
        if !(2..=200).contains(&self.cuts) {
            return Err(BadTerms::Cuts);
        }
        if !(1..=5).contains(&self.new_takes) || self.new_takes >= self.cuts {
            return Err(BadTerms::NewTakes);
        }
        if self.per_helper_day < 1 || self.per_helper_day > self.per_helper {
            return Err(BadTerms::Helper);
        }
        if !(Span::minutes(10)..=Span::days(7)).contains(&self.life) {
            return Err(BadTerms::Life);
        }
        if !(Span::minutes(5)..=Span::days(2)).contains(&self.pay_window) {
            return Err(BadTerms::PayWindow);
        }
        if !(1..=99).contains(&self.quantity) {
            return Err(BadTerms::Quantity);
        }
        Ok(())
    }
}

/// Somebody's bargain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Launch {
    pub id: Id<Launch>,
    pub person: Id<Person>,
    pub variant: Id<Variant>,
    pub quantity: Quantity,
    /// What one of its units costs at first; what is cut is cut from each.
    pub start: Money,
    /// All cuts in their order, and how many were taken.
    pub cuts: Vec<i64>,
    pub taken: usize,
    pub helpers: Vec<Id<Person>>,
    pub deadline: Moment,
    /// Since when nothing is left to cut.
    pub reached_at: Option<Moment>,
    /// The order it is used by, paid or not yet.
    pub order: Option<Id<Order>>,
    /// That order was paid: it is over.
    pub bought: bool,
}
impl Kind for Launch {
    const PREFIX: &'static str = "brg";
}
crate::id::described!(Launch);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = BargainStatus))]
pub enum Status {
    Running,
    /// At the floor, and to be paid in time.
    Reached,
    Expired,
    Bought,
}
codes!(Status {
    Running = "running",
    Reached = "reached",
    Expired = "expired",
    Bought = "bought",
});

/// Why nothing is cut or bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Somebody does not help themselves.
    OwnLaunch,
    /// This person helped already.
    AlreadyHelped,
    /// Somebody in the same browser or at the same address takes part already.
    SameCluster,
    /// Nothing is left to cut.
    Reached,
    /// Its time is over.
    Expired,
    /// It was bought.
    Bought,
    /// One person may help so often in all, or in a day.
    EnoughHelp(i64),
    EnoughToday(i64),
    /// Somebody else's launch: the visitor hears that there is none.
    NotYours,
    /// It is for other goods or another quantity.
    OtherGoods,
    /// It is bought at the floor only; so much is left to cut.
    NotReached(Money),
    /// An order uses it already.
    InUse,
}

/// Begins a bargain: its cuts, and how many of them are taken at once.
pub fn begin(terms: &Terms, gap: Money, seed: &Seed) -> (Vec<i64>, usize) {
    let cuts = parts::falling(gap.minor, terms.cuts, &mut seed.numbers("bargain"));
    (cuts, usize::from(terms.own_first))
}

impl Launch {
    /// What one of them costs now.
    pub fn price(&self) -> Money {
        let off: i64 = self.cuts[..self.taken].iter().sum();
        self.start.minus(Money::new(off, self.start.currency))
    }

    /// How much is left to cut, from each.
    pub fn left(&self) -> Money {
        Money::new(self.cuts[self.taken..].iter().sum(), self.start.currency)
    }

    /// How many people are needed at the very most.
    pub fn missing(&self) -> i64 {
        (self.cuts.len() - self.taken) as i64
    }

    /// Until when it can be cut or, once the floor is reached, bought.
    pub fn ends_at(&self, terms: &Terms) -> Moment {
        match self.reached_at {
            Some(at) => at.plus(terms.pay_window),
            None => self.deadline,
        }
    }

    /// Its state by the clock.
    pub fn status(&self, terms: &Terms, now: Moment) -> Status {
        if self.bought {
            Status::Bought
        } else if now >= self.ends_at(terms) {
            Status::Expired
        } else if self.reached_at.is_some() {
            Status::Reached
        } else {
            Status::Running
        }
    }
}

/// Somebody who wants to help.
#[derive(Clone, Copy, Debug)]
pub struct Helper {
    pub person: Id<Person>,
    /// Has never bought here.
    pub is_new: bool,
    /// How often they helped in this campaign, in all and today.
    pub helped: i64,
    pub helped_today: i64,
    /// Shares a device or an address with somebody who takes part in this launch.
    pub same_cluster: bool,
}

/// What a help cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Helped {
    /// How many cuts it took, and what they came to.
    pub cuts: usize,
    pub off: Money,
    pub price: Money,
    /// Nothing is left to cut: it can be paid for until then.
    pub reached: Option<Moment>,
}

/// Takes the next cut for a helper.
pub fn help(
    terms: &Terms,
    launch: &Launch,
    helper: &Helper,
    now: Moment,
) -> Result<Helped, Refusal> {
    if helper.person == launch.person {
        return Err(Refusal::OwnLaunch);
    }
    if launch.helpers.contains(&helper.person) {
        return Err(Refusal::AlreadyHelped);
    }
    if helper.same_cluster {
        return Err(Refusal::SameCluster);
    }
    match launch.status(terms, now) {
        Status::Running => (),
        Status::Reached => return Err(Refusal::Reached),
        Status::Expired => return Err(Refusal::Expired),
        Status::Bought => return Err(Refusal::Bought),
    }
    // What is about to be paid for keeps its price.
    if launch.order.is_some() {
        return Err(Refusal::InUse);
    }
    if helper.helped >= terms.per_helper {
        return Err(Refusal::EnoughHelp(terms.per_helper));
    }
    if helper.helped_today >= terms.per_helper_day {
        return Err(Refusal::EnoughToday(terms.per_helper_day));
    }
    let left = &launch.cuts[launch.taken..];
    // One to five, which is a length.
    let wants = if helper.is_new { terms.new_takes as usize } else { 1 };
    let cuts = wants.min(left.len());
    let off = Money::new(left[..cuts].iter().sum(), launch.start.currency);
    let reached = (cuts == left.len()).then(|| now.plus(terms.pay_window));
    Ok(Helped { cuts, off, price: launch.price().minus(off), reached })
}

/// What somebody wants to buy with a launch.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    pub person: Id<Person>,
    pub variant: Id<Variant>,
    pub quantity: Quantity,
}

/// What one costs in an order of exactly the goods it was begun for.
pub fn buy(terms: &Terms, launch: &Launch, wanted: &Wanted, now: Moment) -> Result<Money, Refusal> {
    if wanted.person != launch.person {
        return Err(Refusal::NotYours);
    }
    if wanted.variant != launch.variant || wanted.quantity != launch.quantity {
        return Err(Refusal::OtherGoods);
    }
    let status = launch.status(terms, now);
    match status {
        Status::Bought => return Err(Refusal::Bought),
        Status::Expired => return Err(Refusal::Expired),
        Status::Running if !terms.any_price => return Err(Refusal::NotReached(launch.left())),
        Status::Running | Status::Reached => (),
    }
    if launch.order.is_some() { Err(Refusal::InUse) } else { Ok(launch.price()) }
}

/// The launch after its order closed unpaid: good again until its time is over. Another's order
/// frees nothing.
pub fn freed(launch: &Launch, order: Id<Order>) -> Option<Launch> {
    let frees = launch.order == Some(order) && !launch.bought;
    frees.then(|| Launch { order: None, ..launch.clone() })
}

#[cfg(test)]
mod tests;
