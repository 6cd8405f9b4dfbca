//! A group buy: enough people together get the group price.
//!
//! A merchant offers it for a while (the *group buy*); somebody opens a *team* by paying, others
//! take the remaining *places* by paying. A team that fills in time has succeeded and its orders go
//! ahead; one whose time runs out has failed and everyone is paid back. People are never invented.

use serde::{Deserialize, Serialize};

use crate::campaign::Status;
use crate::id::{Id, Kind};
use crate::moment::{Moment, Span};
use crate::money::Money;
use crate::person::Person;
use crate::rate::Rate;

mod rules;
mod terms;

pub use rules::{Clause, rules};
pub use terms::{BadTerms, LatePolicy, Terms, Tier, WhoJoins, WhoOpens};

/// A merchant's offer.
pub struct GroupBuy;
impl Kind for GroupBuy {
    const PREFIX: &'static str = "gby";
}
crate::id::described!(GroupBuy);

/// One group of shoppers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    pub id: Id<Team>,
    pub status: TeamStatus,
    /// How many people make it succeed.
    pub need: i64,
    /// How many it takes at the very most: the last tier's size.
    pub most: i64,
    /// When it is decided. Counted from the opener's payment; `None` before it.
    pub deadline: Option<Moment>,
    pub leader: Id<Person>,
    /// Places held or confirmed, in the order they were taken. Freed ones are not here.
    pub places: Vec<Place>,
}
impl Kind for Team {
    const PREFIX: &'static str = "tem";
}
crate::id::described!(Team);

/// Somebody's place in a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub person: Id<Person>,
    pub number: i64,
    /// Paid. Otherwise it is held for the pay window only.
    pub confirmed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum TeamStatus {
    /// Its opener has not paid yet: nobody else sees it.
    Forming,
    Open,
    Succeeded,
    Failed,
    /// Its opener never paid.
    Abandoned,
}

codes!(TeamStatus {
    Forming = "forming",
    Open = "open",
    Succeeded = "succeeded",
    Failed = "failed",
    Abandoned = "abandoned"
});

/// Why a group buy or a team says no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The offer has not started, is paused or is over.
    NotRunning,
    /// Only people who bought something before may open a team.
    BuyersOnly,
    /// Only people who never bought may join.
    NewCustomersOnly,
    /// An order may hold this many at most.
    TooManyPerOrder(i64),
    /// A person may buy this many at most in this group buy.
    TooManyPerPerson(i64),
    /// The visitor has a place in this team already.
    AlreadyIn,
    /// Every place is taken.
    Full,
    /// The team is decided, or was never opened.
    NotOpen,
    /// The team's time has run out.
    TooLate,
    /// The visitor has no place in this team.
    NotIn,
    /// This variant is not part of the group buy.
    NotOffered,
    /// Fewer units are set aside than that.
    SoldOut(i64),
    /// The settings do not make a group buy.
    BadTerms(BadTerms),
}

/// What the rules ask about somebody who wants a place.
pub struct Applicant {
    pub person: Id<Person>,
    /// Has a paid order that was not refunded.
    pub has_bought: bool,
    /// How many units of this group buy this person holds or has bought.
    pub holds: i64,
    /// How many they want now.
    pub quantity: i64,
}

/// A group buy as it stands: a campaign (`campaign`) and what it asks beside it.
pub struct Offer<'a> {
    pub status: Status,
    pub starts_at: Moment,
    pub ends_at: Moment,
    pub terms: &'a Terms,
}

impl Offer<'_> {
    fn is_running(&self, now: Moment) -> bool {
        // Time is judged here as well as by the job that starts it: a late job changes nothing.
        let on = matches!(self.status, Status::Running | Status::Scheduled);
        on && self.starts_at <= now && now < self.ends_at
    }
}

fn within_limits(offer: &Offer, applicant: &Applicant) -> Result<(), Refusal> {
    let terms = offer.terms;
    if applicant.quantity < 1 || applicant.quantity > terms.per_order {
        return Err(Refusal::TooManyPerOrder(terms.per_order));
    }
    if applicant.holds + applicant.quantity > terms.per_person {
        return Err(Refusal::TooManyPerPerson(terms.per_person));
    }
    Ok(())
}

/// Whether `applicant` may open a team.
pub fn may_open(offer: &Offer, applicant: &Applicant, now: Moment) -> Result<(), Refusal> {
    if !offer.is_running(now) {
        return Err(Refusal::NotRunning);
    }
    if offer.terms.open_by == WhoOpens::Buyers && !applicant.has_bought {
        return Err(Refusal::BuyersOnly);
    }
    within_limits(offer, applicant)
}

/// Whether `applicant` may take a place in `team`. The team's own deadline decides, also after the
/// offer has ended.
pub fn may_join(
    offer: &Offer,
    team: &Team,
    applicant: &Applicant,
    now: Moment,
) -> Result<(), Refusal> {
    if team.places.iter().any(|place| place.person == applicant.person) {
        return Err(Refusal::AlreadyIn);
    }
    if team.status != TeamStatus::Open {
        return Err(Refusal::NotOpen);
    }
    if team.deadline.is_none_or(|deadline| now >= deadline) {
        return Err(Refusal::TooLate);
    }
    if team.places.len() as i64 >= team.most {
        return Err(Refusal::Full);
    }
    if offer.terms.join_by == WhoJoins::NewCustomers && applicant.has_bought {
        return Err(Refusal::NewCustomersOnly);
    }
    within_limits(offer, applicant)
}

/// What a place's payment brings about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmed {
    /// The opener paid: the team is open until this moment.
    Opens(Moment),
    /// Others are still missing.
    Waits,
    /// The team is full: it has succeeded.
    Completes,
}

/// Confirms the place of `person`. The team must hold it.
pub fn confirm(terms: &Terms, team: &Team, person: Id<Person>, now: Moment) -> Confirmed {
    let held = team.places.iter().any(|place| place.person == person && !place.confirmed);
    assert!(held, "only a held place is confirmed");
    let confirmed = team.confirmed() + 1;
    if confirmed >= team.most {
        return Confirmed::Completes;
    }
    if team.status == TeamStatus::Forming {
        return Confirmed::Opens(now.plus(terms.life));
    }
    Confirmed::Waits
}

/// How a team ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// With this many people; `lowered` when the merchant agreed to deliver to fewer.
    Succeeded {
        people: i64,
        lowered: bool,
    },
    Failed,
}

/// What the deadline decides: success with the people who paid, or failure. `None` while the team
/// still has time or is decided already.
pub fn at_deadline(terms: &Terms, team: &Team, now: Moment) -> Option<Outcome> {
    if team.status != TeamStatus::Open || team.deadline.is_none_or(|deadline| now < deadline) {
        return None;
    }
    let people = team.confirmed();
    let enough = terms.lowered_to.map_or(team.need, |lowered| lowered.min(team.need));
    Some(if people >= team.need {
        Outcome::Succeeded { people, lowered: false }
    } else if people >= enough {
        Outcome::Succeeded { people, lowered: true }
    } else {
        Outcome::Failed
    })
}

/// What somebody's leaving brings about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// The team goes on with this leader and its deadline.
    GoesOn { leader: Id<Person> },
    /// Nobody who paid is left.
    Over,
}

/// Takes `person` out of an open team. When the leader goes, the earliest who paid leads.
pub fn leave(team: &Team, person: Id<Person>) -> Result<Left, Refusal> {
    if team.status != TeamStatus::Open {
        return Err(Refusal::NotOpen);
    }
    if !team.places.iter().any(|place| place.person == person && place.confirmed) {
        return Err(Refusal::NotIn);
    }
    let mut others = team.places.iter().filter(|place| place.confirmed && place.person != person);
    Ok(match others.next() {
        None => Left::Over,
        Some(_) if team.leader != person => Left::GoesOn { leader: team.leader },
        Some(earliest) => Left::GoesOn { leader: earliest.person },
    })
}

/// Where a payment that came after its place was freed leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Late {
    /// Its own team still has a place.
    SameTeam,
    OtherTeam(Id<Team>),
    NewTeam,
    Refund,
}

/// Decides it: the own team if it can still be joined, then what the merchant chose.
pub fn late(terms: &Terms, same_team: bool, other: Option<Id<Team>>, may_open: bool) -> Late {
    match terms.late {
        _ if same_team => Late::SameTeam,
        LatePolicy::OtherTeam if other.is_some() => other.map_or(Late::Refund, Late::OtherTeam),
        LatePolicy::OtherTeam | LatePolicy::NewTeam if may_open => Late::NewTeam,
        _ => Late::Refund,
    }
}

/// What one unit costs in a team of `people`: the group price, less the highest tier reached.
pub fn price_at(terms: &Terms, group_price: Money, people: i64) -> Money {
    let off = terms
        .tiers
        .iter()
        .filter(|tier| tier.size <= people)
        .map(|tier| tier.off)
        .max()
        .unwrap_or(Rate::NONE);
    group_price.minus(off.of(group_price))
}

impl Team {
    pub fn confirmed(&self) -> i64 {
        self.places.iter().filter(|place| place.confirmed).count() as i64
    }

    /// How many people are still missing for success.
    pub fn missing(&self) -> i64 {
        (self.need - self.confirmed()).max(0)
    }

    /// How long is left, nothing when decided.
    pub fn left(&self, now: Moment) -> Span {
        match (self.status, self.deadline) {
            (TeamStatus::Open, Some(deadline)) => Span(deadline.since(now).0.max(0)),
            _ => Span(0),
        }
    }
}

#[cfg(test)]
mod tests;
