//! Levels: what somebody's growth brings them (SPEC §8).
//!
//! Growth is earned by buying and by taking part, and counted over a period. A level is reached the
//! moment its growth is; it is kept to the end of the period and then judged by the growth of that
//! period. What a level gives is published, and the same for all who have it.

use serde::{Deserialize, Serialize};

use crate::coupon::Template;
use crate::id::{Id, Kind};
use crate::moment::{Moment, Span};
use crate::price::list::CustomerGroup;

/// One step of the ladder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    pub id: Id<Level>,
    /// From so much growth on.
    pub from: i64,
    pub benefits: Benefits,
}
impl Kind for Level {
    const PREFIX: &'static str = "lvl";
}
crate::id::described!(Level);

/// What a level gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Benefits {
    /// The group of customers whose price lists, promotions and coupons hold for it.
    pub group: Option<Id<CustomerGroup>>,
    /// What points are multiplied by, in percent: 100 is once.
    pub boost: i64,
    /// One of each of these coupons every month.
    #[serde(default)]
    pub monthly: Vec<Id<Template>>,
}

/// Growth counts for so long, and a level is kept as long.
pub const PERIOD: Span = Span::days(365);
/// The most levels of a ladder, and the most points are multiplied by.
pub const MOST_LEVELS: usize = 20;
pub const MOST_BOOST: i64 = 1_000;

/// Which setting of a ladder cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadLadder {
    /// One to twenty levels.
    Count,
    /// The first begins at nothing, and each later one above the one before.
    From,
    /// 100 to 1,000 percent, and no less than the level below.
    Boost,
}

/// Whether these levels, lowest first, make a ladder.
pub fn check(ladder: &[Level]) -> Result<(), BadLadder> {
    if !(1..=MOST_LEVELS).contains(&ladder.len()) {
        return Err(BadLadder::Count);
    }
    if ladder[0].from != 0 || ladder.windows(2).any(|pair| pair[0].from >= pair[1].from) {
        return Err(BadLadder::From);
    }
    let boosts = ladder.iter().map(|level| level.benefits.boost);
    let rises = ladder.windows(2).all(|pair| pair[0].benefits.boost <= pair[1].benefits.boost);
    if !rises || boosts.into_iter().any(|boost| !(100..=MOST_BOOST).contains(&boost)) {
        return Err(BadLadder::Boost);
    }
    Ok(())
}

/// The rank that so much growth reaches: its place in the ladder, from nothing up.
pub fn reached(ladder: &[Level], growth: i64) -> usize {
    ladder.iter().rposition(|level| level.from <= growth).unwrap_or(0)
}

/// Where somebody stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub rank: usize,
    /// Growth since the period began.
    pub growth: i64,
    /// When the rank is judged again.
    pub until: Moment,
}

/// Somebody who has only just come.
pub fn begin(now: Moment) -> Standing {
    Standing { rank: 0, growth: 0, until: now.plus(PERIOD) }
}

/// What became of a standing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    Stays,
    Up,
    Down,
}

/// Judges periods that have ended by now: each keeps what its own growth reaches.
pub fn judge(ladder: &[Level], at: Standing, now: Moment) -> (Standing, Moved) {
    if now < at.until {
        return (at, Moved::Stays);
    }
    let first = reached(ladder, at.growth);
    let later = now.since(at.until).0 / PERIOD.0;
    // In every further period nothing was earned.
    let rank = if later > 0 { 0 } else { first };
    let until = at.until.plus(Span(PERIOD.0 * (later + 1)));
    let moved = if rank < at.rank { Moved::Down } else { Moved::Stays };
    (Standing { rank, growth: 0, until }, moved)
}

/// Adds growth, or takes it back with a refund. A level once reached is kept for its period, and a
/// rise begins a new one; a refund takes growth, which shows when the period is judged.
pub fn grow(ladder: &[Level], at: Standing, by: i64, now: Moment) -> (Standing, Moved) {
    let (at, judged) = judge(ladder, at, now);
    let growth = (at.growth + by).max(0);
    let rank = reached(ladder, growth);
    if rank > at.rank {
        return (Standing { rank, growth, until: now.plus(PERIOD) }, Moved::Up);
    }
    (Standing { growth, ..at }, judged)
}

/// The coupons of the month that are due to somebody of this level, who was last given some in
/// `given`: one month once, and none for months that went by.
pub fn due(level: &Level, given: Option<i64>, now: Moment, zone: Span) -> &[Id<Template>] {
    let month = now.month_in(zone);
    if given.is_some_and(|given| given >= month) { &[] } else { &level.benefits.monthly }
}

/// How much growth is missing to the next level; none above the last.
pub fn missing(ladder: &[Level], at: &Standing) -> Option<i64> {
    ladder.get(at.rank + 1).map(|next| (next.from - at.growth).max(0))
}

#[cfg(test)]
mod tests;
