//! What a merchant settles before a group buy starts.

use serde::{Deserialize, Serialize};

use crate::moment::Span;
use crate::money::Money;
use crate::rate::Rate;

/// The settings of a group buy. Prices and stock are per variant, beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = GroupBuyTerms))]
pub struct Terms {
    /// How many people make a team succeed.
    pub need: i64,
    /// Larger teams at a lower price, smallest first. Empty for one size.
    #[serde(default)]
    pub tiers: Vec<Tier>,
    /// How long a team has, counted from its opener's payment.
    #[cfg_attr(feature = "schema", schema(value_type = i64))]
    pub life: Span,
    /// How long a place is held for its payment.
    #[cfg_attr(feature = "schema", schema(value_type = i64))]
    pub pay_window: Span,
    /// Units one order may hold.
    pub per_order: i64,
    /// Units one person may hold or buy in this group buy.
    pub per_person: i64,
    pub open_by: WhoOpens,
    pub join_by: WhoJoins,
    /// What the leader's order costs less, in minor units per order. A price, never cash for
    /// recruiting.
    #[serde(default)]
    pub leader_off: i64,
    /// Whether open teams are in the public list.
    pub listed: bool,
    /// With at least this many the merchant agrees to deliver at the deadline all the same.
    #[serde(default)]
    pub lowered_to: Option<i64>,
    pub late: LatePolicy,
}

/// A larger team size and what it takes off the group price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = GroupBuyTier))]
pub struct Tier {
    pub size: i64,
    #[cfg_attr(feature = "schema", schema(value_type = i64))]
    pub off: Rate,
}

/// Who may open a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum WhoOpens {
    Anyone,
    /// People who have bought before.
    Buyers,
}

/// Who may join one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum WhoJoins {
    Anyone,
    /// People who have never bought (老带新).
    NewCustomers,
}

/// What a payment gets that comes after its place was freed, when its own team is full or decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum LatePolicy {
    Refund,
    /// A place in another open team, or else a new one.
    OtherTeam,
    /// A new team, led by the late payer.
    NewTeam,
}

codes!(WhoOpens { Anyone = "anyone", Buyers = "buyers" });
codes!(WhoJoins { Anyone = "anyone", NewCustomers = "new_customers" });
codes!(LatePolicy { Refund = "refund", OtherTeam = "other_team", NewTeam = "new_team" });

/// Which setting cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadTerms {
    /// A team has 2 to 100 people.
    Need,
    /// Tiers grow in size and in what they take off, and stay below the whole price.
    Tiers,
    /// A team lives 5 minutes to 7 days.
    Life,
    /// A place is held 1 to 60 minutes.
    PayWindow,
    /// 1 to 9,999, and no more per order than per person.
    Limits,
    /// Between 1 and one fewer than the team needs.
    LoweredTo,
    /// Not negative, and less than the lowest price.
    LeaderOff,
    /// The end comes after the start.
    Dates,
    /// A name is missing or too long.
    Title,
    /// No variant is offered, or one twice.
    NoVariants,
    /// A group price is above zero and below the ordinary price.
    Price,
    /// More is set aside than is available.
    Stock,
}

impl Terms {
    /// What a merchant begins with: two people within a day.
    pub fn usual() -> Terms {
        Terms {
            need: 2,
            tiers: Vec::new(),
            life: Span::hours(24),
            pay_window: Span::minutes(15),
            per_order: 2,
            per_person: 10,
            open_by: WhoOpens::Anyone,
            join_by: WhoJoins::Anyone,
            leader_off: 0,
            listed: true,
            lowered_to: None,
            late: LatePolicy::OtherTeam,
        }
    }

    /// Whether what costs `ordinary` alone can cost `price` together: cheaper, and above nothing
    /// for whoever leads the largest team.
    pub fn check_price(&self, price: Money, ordinary: Money) -> Result<(), BadTerms> {
        if price.minor <= 0 || price.minor >= ordinary.minor {
            return Err(BadTerms::Price);
        }
        let lowest = super::price_at(self, price, self.most()).minor;
        if lowest <= 0 || self.leader_off >= lowest {
            return Err(BadTerms::LeaderOff);
        }
        Ok(())
    }

    /// How many people a team takes at the very most.
    pub fn most(&self) -> i64 {
        self.tiers.last().map_or(self.need, |tier| tier.size)
    }

    /// Whether these settings make a group buy.
    pub fn check(&self) -> Result<(), BadTerms> {
        if !(2..=100).contains(&self.need) || self.most() > 100 {
            return Err(BadTerms::Need);
        }
        let mut before = (self.need, Rate::NONE);
        for tier in &self.tiers {
            let whole = tier.off.basis_points() >= 10_000;
            if tier.size <= before.0 || tier.off <= before.1 || whole {
                return Err(BadTerms::Tiers);
            }
            before = (tier.size, tier.off);
        }
        if !(Span::minutes(5)..=Span::days(7)).contains(&self.life) {
            return Err(BadTerms::Life);
        }
        if !(Span::minutes(1)..=Span::minutes(60)).contains(&self.pay_window) {
            return Err(BadTerms::PayWindow);
        }
        let limits = 1..=9_999;
        if !limits.contains(&self.per_order)
            || !limits.contains(&self.per_person)
            || self.per_order > self.per_person
        {
            return Err(BadTerms::Limits);
        }
        if self.lowered_to.is_some_and(|lowered| lowered < 1 || lowered >= self.need) {
            return Err(BadTerms::LoweredTo);
        }
        if self.leader_off < 0 {
            return Err(BadTerms::LeaderOff);
        }
        Ok(())
    }
}
