//! Red packets and coupons that are shared out (红包, 裂变券): a whole is divided when it is made, and
//! the k-th who comes takes part k (MECHANICS §4.2).
//!
//! The whole is reserved in the campaign's budget before the packet is shown, paid for by the
//! merchant or the platform, and never cash between people (RULES CN-PAY-02). The seed of a random
//! one is committed to like that of a draw. What nobody took goes back to the budget at its end.

use serde::{Deserialize, Serialize};

use crate::coupon::Template;
use crate::id::{Id, Kind};
use crate::moment::{Moment, Span};
use crate::money::LARGEST;
use crate::person::Person;
use crate::seed::{Seed, parts};

/// A packet.
pub struct RedPacket;
impl Kind for RedPacket {
    const PREFIX: &'static str = "rpk";
}
crate::id::described!(RedPacket);

/// How a whole is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = PacketSplit))]
pub enum Split {
    Equal,
    Random,
}
codes!(Split { Equal = "equal", Random = "random" });

/// What the parts are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = PacketGives))]
pub enum Gives {
    /// Store credit of so many minor units.
    Credit,
    /// A coupon after this template, that takes so many minor units off.
    Coupon { template: Id<Template> },
    /// So many points.
    Points,
}

/// What a merchant settles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = PacketTerms))]
pub struct Terms {
    pub gives: Gives,
    /// In minor units or points.
    pub total: i64,
    pub count: i64,
    pub split: Split,
    /// The least a part is.
    pub least: i64,
    /// How long it can be taken from.
    #[cfg_attr(feature = "schema", schema(value_type = i64))]
    pub life: Span,
    /// How many parts all who share a device, an account or an address may take together.
    pub per_cluster: i64,
}

/// Which setting cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadTerms {
    /// 1 to 10,000 parts.
    Count,
    /// Every part gets its least, which is one or more.
    Total,
    /// A minute to thirty days.
    Life,
    /// One or more.
    Cluster,
}

impl Terms {
    /// What a merchant begins with: `total` shared by chance among ten, for a day.
    pub fn usual(total: i64) -> Terms {
        Terms {
            gives: Gives::Credit,
            total,
            count: 10,
            split: Split::Random,
            least: 1,
            life: Span::hours(24),
            per_cluster: 1,
        }
    }

    pub fn check(&self) -> Result<(), BadTerms> {
        if !(1..=10_000).contains(&self.count) {
            return Err(BadTerms::Count);
        }
        let needs = self.count.checked_mul(self.least);
        let enough = needs.is_some_and(|needs| self.least >= 1 && needs <= self.total);
        if !enough || self.total > LARGEST {
            return Err(BadTerms::Total);
        }
        if !(Span::minutes(1)..=Span::days(30)).contains(&self.life) {
            return Err(BadTerms::Life);
        }
        if self.per_cluster < 1 {
            return Err(BadTerms::Cluster);
        }
        Ok(())
    }

    /// The parts in the order they are taken. They sum to the total.
    pub fn divide(&self, seed: &Seed) -> Vec<i64> {
        match self.split {
            Split::Equal => parts::equal(self.total, self.count),
            Split::Random => {
                let mut numbers = seed.numbers("red packet");
                parts::random(self.total, self.count, self.least, &mut numbers)
            }
        }
    }
}

/// A packet as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State<'a> {
    pub parts: &'a [i64],
    /// How many were taken, and by whom: part k by the k-th.
    pub taken: &'a [Id<Person>],
    pub expires_at: Moment,
    /// What was left went back.
    pub returned: bool,
    pub per_cluster: i64,
}

/// Why nobody takes anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Its time is over.
    Expired,
    /// Every part is taken.
    AllTaken,
    /// This person took a part already: that much.
    AlreadyTaken(i64),
    /// People who share something may take so many together.
    EnoughForCluster(i64),
    /// Settings that cannot be.
    BadTerms(BadTerms),
    /// The parts come to more than the budget.
    OverBudget(i64),
    /// Coupons and points come out of packets later.
    NotYet,
}

/// A part that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// From one up.
    pub number: i64,
    pub amount: i64,
    /// It was the last.
    pub empties: bool,
}

/// What decides whether somebody takes the next part; the parts themselves are not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// What this person took already.
    pub mine: Option<i64>,
    /// How many parts are left.
    pub left: i64,
    pub expires_at: Moment,
    pub returned: bool,
    /// How many all who share something with this person have taken, and may.
    pub cluster_has: i64,
    pub per_cluster: i64,
}

/// Whether somebody takes the next part now.
pub fn may_take(seen: &Seen, now: Moment) -> Result<(), Refusal> {
    // Whoever has one hears how much, also when all are gone.
    if let Some(amount) = seen.mine {
        return Err(Refusal::AlreadyTaken(amount));
    }
    if seen.returned || now >= seen.expires_at {
        return Err(Refusal::Expired);
    }
    if seen.cluster_has >= seen.per_cluster {
        return Err(Refusal::EnoughForCluster(seen.per_cluster));
    }
    if seen.left < 1 { Err(Refusal::AllTaken) } else { Ok(()) }
}

/// Takes the next part for `person`, whose cluster has taken so many.
pub fn take(
    state: &State,
    person: Id<Person>,
    cluster_has: i64,
    now: Moment,
) -> Result<Taken, Refusal> {
    let mine = state.taken.iter().position(|taker| *taker == person).map(|at| state.parts[at]);
    let at = state.taken.len();
    let seen = Seen {
        mine,
        left: (state.parts.len() - at) as i64,
        expires_at: state.expires_at,
        returned: state.returned,
        cluster_has,
        per_cluster: state.per_cluster,
    };
    may_take(&seen, now)?;
    let amount = *state.parts.get(at).ok_or(Refusal::AllTaken)?;
    Ok(Taken { number: at as i64 + 1, amount, empties: at + 1 == state.parts.len() })
}

/// What goes back to the budget when its time is over: once, and nothing while it can be taken
/// from.
pub fn expire(state: &State, now: Moment) -> Option<i64> {
    if state.returned || now < state.expires_at {
        return None;
    }
    Some(state.parts.iter().skip(state.taken.len()).sum())
}

/// Who took the most, when all parts are taken: the earlier of two alike (手气最佳).
pub fn luckiest(state: &State) -> Option<Id<Person>> {
    if state.taken.len() < state.parts.len() {
        return None;
    }
    let best = state.parts.iter().zip(state.taken).enumerate();
    let best = best.max_by_key(|(at, (part, _))| (**part, std::cmp::Reverse(*at)));
    best.map(|(_, (_, person))| *person)
}

#[cfg(test)]
mod tests;
