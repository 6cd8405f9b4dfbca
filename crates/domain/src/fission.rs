//! Fission coupons (裂变券): whoever starts one gets a whole to share, and friends who come take a
//! part each, as a coupon (MECHANICS §4.2).
//!
//! The whole is reserved in the campaign's budget and divided when it is started: the k-th who
//! comes takes part k. A part is reserved until its coupon is used in an order that is kept, and
//! goes back when the coupon ends unused. What nobody took goes back at the deadline. Who shares a
//! device or an address with somebody who has a part, or with the starter, takes none.

use serde::{Deserialize, Serialize};

use crate::coupon::Template;
use crate::id::{Id, Kind};
use crate::moment::{Moment, Span};
use crate::money::LARGEST;
use crate::red_packet::Split;
use crate::seed::{Seed, parts};

/// A whole that somebody shares.
pub struct Fission;
impl Kind for Fission {
    const PREFIX: &'static str = "fsn";
}
crate::id::described!(Fission);

/// Who starts one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = FissionStarts))]
pub enum Starts {
    /// Whoever opens the campaign's page.
    Anyone,
    /// Whoever paid for an order while the campaign ran: one for each order.
    AfterOrder,
}
codes!(Starts { Anyone = "anyone", AfterOrder = "after_order" });

/// Who takes a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = FissionTakers))]
pub enum Takers {
    Anyone,
    /// People who have never bought here. The starter's own part is the starter's all the same.
    NewCustomers,
}
codes!(Takers { Anyone = "anyone", NewCustomers = "new_customers" });

/// What a merchant settles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = FissionTerms))]
pub struct Terms {
    /// The kind of coupon a part is: from what amount, for what and how long it can be used. The
    /// part says how much it takes off.
    #[serde(default)]
    pub coupon: Option<Id<Template>>,
    /// What each starter shares, in minor units.
    pub total: i64,
    pub count: i64,
    pub split: Split,
    /// The least a part is.
    pub least: i64,
    pub starts: Starts,
    /// Whether the starter may take a part as well.
    pub own_part: bool,
    pub takers: Takers,
    /// How many friends' parts one person may take in this campaign.
    pub per_taker: i64,
    /// How long parts can be taken.
    #[cfg_attr(feature = "schema", schema(value_type = i64))]
    pub life: Span,
}

/// Which setting cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadTerms {
    /// 2 to 50 parts.
    Count,
    /// Every part gets its least, which is one or more.
    Total,
    /// One or more.
    Taker,
    /// Ten minutes to thirty days.
    Life,
    /// There is no such kind of coupon, or no more of it can be had.
    Coupon,
    /// The coupon can be used from less than what the largest part takes off.
    Threshold,
    /// The budget does not hold one whole.
    Budget,
}

impl Terms {
    /// What a merchant begins with: `total` shared by chance among five, for a day.
    pub fn usual(total: i64) -> Terms {
        Terms {
            coupon: None,
            total,
            count: 5,
            split: Split::Random,
            least: total / 20,
            starts: Starts::Anyone,
            own_part: true,
            takers: Takers::Anyone,
            per_taker: 1,
            life: Span::hours(24),
        }
    }

    pub fn check(&self) -> Result<(), BadTerms> {
        if !(2..=50).contains(&self.count) {
            return Err(BadTerms::Count);
        }
        let needs = self.count.checked_mul(self.least);
        let enough = needs.is_some_and(|needs| self.least >= 1 && needs <= self.total);
        if !enough || self.total > LARGEST {
            return Err(BadTerms::Total);
        }
        if self.per_taker < 1 {
            return Err(BadTerms::Taker);
        }
        if !(Span::minutes(10)..=Span::days(30)).contains(&self.life) {
            return Err(BadTerms::Life);
        }
        Ok(())
    }

    /// The most that one part can be.
    pub fn largest(&self) -> i64 {
        match self.split {
            Split::Equal => (self.total + self.count - 1) / self.count,
            Split::Random => self.total - (self.count - 1) * self.least,
        }
    }

    /// Whether its parts can be coupons that are used from `threshold`: each takes off all it says.
    pub fn check_threshold(&self, threshold: i64) -> Result<(), BadTerms> {
        let covers = threshold == 0 || threshold > self.largest();
        if covers { Ok(()) } else { Err(BadTerms::Threshold) }
    }

    /// The parts in the order they are taken. They sum to the total.
    pub fn divide(&self, seed: &Seed) -> Vec<i64> {
        match self.split {
            Split::Equal => parts::equal(self.total, self.count),
            Split::Random => {
                let mut numbers = seed.numbers("fission");
                parts::random(self.total, self.count, self.least, &mut numbers)
            }
        }
    }

    /// Until when the parts of one that is started now can be taken.
    pub fn deadline(&self, now: Moment, campaign_ends: Moment) -> Moment {
        now.plus(self.life).min(campaign_ends)
    }
}

/// What decides whether somebody takes the next part; the parts themselves are not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// What this person took of it already.
    pub mine: Option<i64>,
    /// Whether this person started it.
    pub starter: bool,
    /// How many parts are left.
    pub left: i64,
    pub deadline: Moment,
    /// What was left went back.
    pub closed: bool,
    pub has_bought: bool,
    /// How many friends' parts this person took in this campaign.
    pub taken: i64,
    /// Whether somebody who shares a device or an address has a part, or started it.
    pub same_cluster: bool,
}

/// Why nobody takes or starts anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Its time is over.
    Expired,
    /// Every part is taken.
    AllTaken,
    /// This person took a part already: that much.
    AlreadyTaken(i64),
    /// The starter takes none.
    ForFriends,
    NewCustomersOnly,
    /// One person takes so many friends' parts.
    Enough(i64),
    /// Somebody of the same household has a part.
    SameCluster,
    /// The budget holds no whole any more.
    NoneLeft,
    /// There is no paid order that has not been shared for.
    NoOrder,
    /// Settings that cannot be.
    BadTerms(BadTerms),
}

/// Whether somebody takes the next part now.
pub fn may_take(terms: &Terms, seen: &Seen, now: Moment) -> Result<(), Refusal> {
    // Whoever has one hears how much, also when all are gone.
    if let Some(amount) = seen.mine {
        return Err(Refusal::AlreadyTaken(amount));
    }
    if seen.closed || now >= seen.deadline {
        return Err(Refusal::Expired);
    }
    if seen.left < 1 {
        return Err(Refusal::AllTaken);
    }
    if seen.starter {
        return if terms.own_part { Ok(()) } else { Err(Refusal::ForFriends) };
    }
    if terms.takers == Takers::NewCustomers && seen.has_bought {
        return Err(Refusal::NewCustomersOnly);
    }
    if seen.taken >= terms.per_taker {
        return Err(Refusal::Enough(terms.per_taker));
    }
    if seen.same_cluster { Err(Refusal::SameCluster) } else { Ok(()) }
}

/// The number of the largest part, when all are taken: the earlier of two alike.
pub fn luckiest(parts: &[i64], taken: i64) -> Option<i64> {
    if (taken as usize) < parts.len() {
        return None;
    }
    let best = (1_i64..).zip(parts).max_by_key(|(number, part)| (**part, -number));
    best.map(|(number, _)| number)
}

#[cfg(test)]
mod tests;
