//! What may change once a campaign has started: nothing but in shoppers' favour (反不正当竞争法 2025
//! Art. 11; RULES CN-PRO-03).

use serde::{Deserialize, Serialize};

use super::{Campaign, Channel, Refusal};
use crate::moment::Moment;

/// Something a campaign promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = CampaignField))]
pub enum Field {
    Starts,
    Ends,
    Budget,
    PerPerson,
    PerCluster,
    PerDay,
    Total,
    Audience,
    Holdout,
    Combines,
    /// What something costs in it.
    Price,
    /// What has to be bought, or how many have to help, before something is won.
    Threshold,
    /// What is won.
    Reward,
    /// How many of a prize there are.
    PrizeStock,
    /// A prize's weight against the others.
    PrizeWeight,
    /// How long somebody has to win, pay or redeem.
    Window,
    /// How it is decided who wins.
    Method,
    Rules,
    Title,
    Picture,
    /// Whether what is shared in one channel is rewarded.
    Channels,
}
codes!(Field {
    Starts = "starts",
    Ends = "ends",
    Budget = "budget",
    PerPerson = "per_person",
    PerCluster = "per_cluster",
    PerDay = "per_day",
    Total = "total",
    Audience = "audience",
    Holdout = "holdout",
    Combines = "combines",
    Price = "price",
    Threshold = "threshold",
    Reward = "reward",
    PrizeStock = "prize_stock",
    PrizeWeight = "prize_weight",
    Window = "window",
    Method = "method",
    Rules = "rules",
    Title = "title",
    Picture = "picture",
    Channels = "channels",
});

/// Which way a field may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Up,
    Down,
    Nowhere,
    /// It promises nothing; a changed text is checked again.
    Anywhere,
}

impl Field {
    pub fn way(self) -> Way {
        match self {
            Field::Ends
            | Field::Budget
            | Field::PerPerson
            | Field::PerCluster
            | Field::PerDay
            | Field::Total
            | Field::Reward
            | Field::PrizeStock
            | Field::Window => Way::Up,
            // What an app forbids ends at once; what it allows somebody answers for beforehand.
            Field::Price | Field::Threshold | Field::Channels => Way::Down,
            // One prize's weight up is another's down; and whom a campaign is measured against may
            // not change under way.
            Field::Starts
            | Field::Audience
            | Field::Holdout
            | Field::Combines
            | Field::PrizeWeight
            | Field::Method
            | Field::Rules => Way::Nowhere,
            Field::Title | Field::Picture => Way::Anywhere,
        }
    }
}

/// One changed field. What is no number is compared by any number that tells it from others; an
/// absent limit is the largest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    pub field: Field,
    pub from: i64,
    pub to: i64,
}

/// The changes between two versions of a campaign's frame.
pub fn changes(old: &Campaign, new: &Campaign) -> Vec<Change> {
    let number = |field, from: i64, to: i64| Change { field, from, to };
    // Two things that differ, whatever they are.
    let other = |field, same: bool| Change { field, from: 0, to: i64::from(!same) };
    let (was, is) = (&old.frame, &new.frame);
    let endless = |limit: Option<i64>| limit.unwrap_or(i64::MAX);
    let minor = |money: Option<crate::money::Money>| money.map_or(0, |money| money.minor);
    let all = [
        number(Field::Starts, old.starts_at.0, new.starts_at.0),
        number(Field::Ends, old.ends_at.0, new.ends_at.0),
        number(Field::Budget, minor(was.budget), minor(is.budget)),
        number(Field::PerPerson, was.limits.per_person, is.limits.per_person),
        number(Field::PerCluster, was.limits.per_cluster, is.limits.per_cluster),
        number(Field::PerDay, endless(was.limits.per_day), endless(is.limits.per_day)),
        number(Field::Total, endless(was.limits.total), endless(is.limits.total)),
        number(Field::Holdout, was.holdout.basis_points(), is.holdout.basis_points()),
        other(Field::Audience, was.audience == is.audience),
        other(Field::Combines, was.combines == is.combines),
        other(Field::Method, old.mechanic == new.mechanic),
        other(Field::Title, was.title == is.title),
    ];
    let switched = Channel::ALL.iter().map(|channel| {
        let rewards = |campaign: &Campaign| i64::from(campaign.rewards_share_by(*channel));
        number(Field::Channels, rewards(old), rewards(new))
    });
    all.into_iter().chain(switched).filter(|change| change.from != change.to).collect()
}

/// Whether a published campaign may be changed like this; the first field that may not is named.
/// Before the start everything may, and makes it a draft again.
pub fn may_change(campaign: &Campaign, changes: &[Change], now: Moment) -> Result<(), Refusal> {
    use super::Status::*;
    match campaign.status_at(now) {
        Draft | Checked | Scheduled => return Ok(()),
        Running | Paused => (),
        over @ (Ended | Evaluated) => return Err(Refusal::NotNow(over)),
    }
    let against = |change: &&Change| match change.field.way() {
        Way::Up => change.to < change.from,
        Way::Down => change.to > change.from,
        Way::Nowhere => change.to != change.from,
        Way::Anywhere => false,
    };
    match changes.iter().find(against) {
        Some(change) => Err(Refusal::Frozen(change.field)),
        None => Ok(()),
    }
}
