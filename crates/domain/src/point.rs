//! Points: earned by buying and by tasks, spent at checkout, gone when their time is over, and
//! taken back with the money (MECHANICS §1.7).
//!
//! Points lie in *lots*, one for each time somebody earned some. The lot that expires first is
//! spent first. There is never less than nothing: what is taken back but already spent is a *debt*
//! that later points repay before anything else. Points are whole numbers and no money: they are
//! not paid out, and bear no interest.

use serde::{Deserialize, Serialize};

use crate::id::{Id, Kind};
use crate::moment::{Moment, Span};
use crate::money::{LARGEST, Money};
use crate::rate::Rate;

/// Points that were earned together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lot {
    pub id: Id<Lot>,
    /// What is left of it.
    pub left: i64,
    /// From this moment on it is worth nothing; never without one.
    pub expires_at: Option<Moment>,
}
impl Kind for Lot {
    const PREFIX: &'static str = "ptl";
}
crate::id::described!(Lot);

/// How buying earns points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = PointsEarning))]
pub struct Earning {
    /// So many points for every `per` minor units that were really paid for goods.
    pub points: i64,
    pub per: i64,
    /// How long they live; for ever without.
    #[cfg_attr(feature = "schema", schema(value_type = Option<i64>))]
    pub life: Option<Span>,
}

/// What points are worth at checkout, and how many one order takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = PointsSpending))]
pub struct Spending {
    /// So many points are worth `minor` minor units of the shop's currency.
    pub points: i64,
    pub minor: i64,
    /// They pay for at most this part of the goods, in basis points.
    #[cfg_attr(feature = "schema", schema(value_type = i64))]
    pub most: Rate,
    /// Fewer than this are not spent at once.
    pub least: i64,
}

/// Why points do not move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Only so many can be spent now.
    NotEnough(i64),
    /// Nothing, or less than nothing.
    BadAmount,
    /// Fewer than this are not spent at once.
    TooFew(i64),
    /// They are not spent here: on no line of this order, or not in its currency.
    NotHere,
    /// Settings that cannot be: everything is one or more.
    BadTerms,
}

/// Points of one lot that move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    pub lot: Id<Lot>,
    pub points: i64,
}

impl Earning {
    pub fn check(&self) -> Result<(), Refusal> {
        let lives = self.life.is_none_or(|life| life > Span(0));
        let right = (1..=1_000_000).contains(&self.points) && self.per >= 1 && lives;
        if right { Ok(()) } else { Err(Refusal::BadTerms) }
    }

    /// What lines that cost this earn together, and each line's share, which sum to it. `boost` is
    /// what a level multiplies it by, in percent: 100 is once.
    pub fn of(&self, paid: &[Money], boost: i64) -> Vec<i64> {
        let Some(first) = paid.first() else { return Vec::new() };
        let weights: Vec<i64> = paid.iter().map(|money| money.minor.max(0)).collect();
        let sum: i128 = weights.iter().map(|minor| i128::from(*minor)).sum();
        let exact = sum * i128::from(self.points) * i128::from(boost.max(0));
        let earned = exact / (i128::from(self.per.max(1)) * 100);
        let earned = earned.min(i128::from(LARGEST)) as i64;
        // Shared like money is: the shares sum to the whole.
        let whole = Money::new(earned, first.currency);
        whole.split(&weights).into_iter().map(|part| part.minor).collect()
    }
}

impl Spending {
    pub fn check(&self) -> Result<(), Refusal> {
        let right = (1..=1_000_000).contains(&self.points)
            && (1..=1_000_000_000).contains(&self.minor)
            && self.most > Rate::NONE
            && self.least >= 1;
        if right { Ok(()) } else { Err(Refusal::BadTerms) }
    }

    /// What so many points are worth, rounded down.
    pub fn worth(&self, points: i64, like: Money) -> Money {
        let minor = i128::from(points) * i128::from(self.minor) / i128::from(self.points);
        Money::new(minor.min(i128::from(LARGEST)) as i64, like.currency)
    }

    /// The fewest points that are worth at least this.
    pub fn for_worth(&self, minor: i64) -> i64 {
        let exact = i128::from(minor) * i128::from(self.points);
        let points = (exact + i128::from(self.minor) - 1) / i128::from(self.minor);
        points.min(i128::from(i64::MAX)) as i64
    }

    /// How many of `wanted` points, of which there are `there`, are spent on goods that cost
    /// `goods`, and what they take off. No more are spent than what they take off needs.
    pub fn spend(&self, wanted: i64, there: i64, goods: Money) -> Result<(i64, Money), Refusal> {
        if wanted < 1 {
            return Err(Refusal::BadAmount);
        }
        if wanted > there {
            return Err(Refusal::NotEnough(there));
        }
        if goods.minor < 1 {
            return Err(Refusal::NotHere);
        }
        // Rounded down: points never pay for more than their part.
        let cap = i128::from(goods.minor) * i128::from(self.most.basis_points()) / 10_000;
        let cap = Money::new(cap as i64, goods.currency);
        let off = self.worth(wanted, goods).least(cap);
        let points = self.for_worth(off.minor);
        if off.is_zero() || wanted < self.least {
            return Err(Refusal::TooFew(self.least.max(self.for_worth(1))));
        }
        Ok((points, off))
    }
}

/// Lots that are worth something now, the one that expires first in front.
fn alive(lots: &[Lot], now: Moment) -> Vec<Lot> {
    let mut lots: Vec<Lot> = lots
        .iter()
        .filter(|lot| lot.left > 0 && lot.expires_at.is_none_or(|end| now < end))
        .copied()
        .collect();
    lots.sort_by_key(|lot| (lot.expires_at.unwrap_or(Moment(i64::MAX)), lot.id));
    lots
}

/// How many points can be spent now. A late job never lets expired ones count.
pub fn balance(lots: &[Lot], now: Moment) -> i64 {
    alive(lots, now).iter().map(|lot| lot.left).sum()
}

fn draw(lots: &[Lot], points: i64) -> Vec<Taken> {
    let mut wanted = points;
    let mut taken = Vec::new();
    for lot in lots {
        let points = lot.left.min(wanted);
        if points > 0 {
            taken.push(Taken { lot: lot.id, points });
            wanted -= points;
        }
    }
    taken
}

/// Which lots `points` come out of when they are spent: all of them, or none are spent.
pub fn spend(lots: &[Lot], points: i64, now: Moment) -> Result<Vec<Taken>, Refusal> {
    if points < 1 {
        return Err(Refusal::BadAmount);
    }
    let alive = alive(lots, now);
    let there: i64 = alive.iter().map(|lot| lot.left).sum();
    if points > there {
        return Err(Refusal::NotEnough(there));
    }
    Ok(draw(&alive, points))
}

/// What is gone by now.
pub fn expired(lots: &[Lot], now: Moment) -> Vec<Taken> {
    let over = |lot: &&Lot| lot.left > 0 && lot.expires_at.is_some_and(|end| end <= now);
    lots.iter().filter(over).map(|lot| Taken { lot: lot.id, points: lot.left }).collect()
}

/// What newly earned points do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Earned {
    /// So many repay the debt,
    pub repays: i64,
    /// the rest are a new lot, if any are left,
    pub lot: i64,
    /// until then.
    pub expires_at: Option<Moment>,
}

/// Credits `points` to somebody who owes `debt`.
pub fn earn(debt: i64, points: i64, now: Moment, life: Option<Span>) -> Result<Earned, Refusal> {
    if points < 1 {
        return Err(Refusal::BadAmount);
    }
    let repays = points.min(debt.max(0));
    Ok(Earned { repays, lot: points - repays, expires_at: life.map(|life| now.plus(life)) })
}

/// What taking back does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenBack {
    pub taken: Vec<Taken>,
    /// What could not be taken because it was spent: it is owed.
    pub debt: i64,
}

/// Takes back points that were earned for what has now been undone: from the lot they were earned
/// in, then from the one that expires first. Points that expired in that lot count as given back.
pub fn take_back(lots: &[Lot], earned_in: Id<Lot>, points: i64, now: Moment) -> TakenBack {
    let mut order: Vec<Lot> = lots.iter().filter(|lot| lot.id == earned_in).copied().collect();
    order.extend(alive(lots, now).into_iter().filter(|lot| lot.id != earned_in));
    let taken = draw(&order, points.max(0));
    let debt = points.max(0) - taken.iter().map(|taken| taken.points).sum::<i64>();
    TakenBack { taken, debt }
}

/// How many of the `earned` points of a line have to be taken back when `back` of the `paid` for it
/// has gone back: rounded down, all of them with the last cent.
pub fn due_back(earned: i64, paid: Money, back: Money) -> i64 {
    assert!((0..=paid.minor).contains(&back.minor), "no more goes back than was paid");
    if paid.is_zero() {
        return earned;
    }
    (i128::from(earned) * i128::from(back.minor) / i128::from(paid.minor)) as i64
}

/// Spent points that come back: where to, and until when they are good there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Returned {
    pub lot: Id<Lot>,
    pub points: i64,
    pub expires_at: Option<Moment>,
}

/// Spent points that come back live at least this long, however late the refund is.
pub const GRACE: Span = Span::days(30);

/// Gives `points` of those spent from these lots back to them, those first that live longest. What
/// has expired meanwhile, or is about to, gets a little time.
pub fn give_back(
    spent: &[(Taken, Option<Moment>)],
    points: i64,
    now: Moment,
) -> Result<Vec<Returned>, Refusal> {
    let all: i64 = spent.iter().map(|(taken, _)| taken.points).sum();
    if points < 1 || points > all {
        return Err(Refusal::BadAmount);
    }
    let mut order: Vec<&(Taken, Option<Moment>)> = spent.iter().collect();
    order.sort_by_key(|(taken, end)| {
        (std::cmp::Reverse(end.unwrap_or(Moment(i64::MAX))), taken.lot)
    });
    let mut left = points;
    let mut back = Vec::new();
    for (taken, end) in order {
        let points = taken.points.min(left);
        if points > 0 {
            let expires_at = end.map(|end| end.max(now.plus(GRACE)));
            back.push(Returned { lot: taken.lot, points, expires_at });
            left -= points;
        }
    }
    Ok(back)
}

#[cfg(test)]
mod tests;
