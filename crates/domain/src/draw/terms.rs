//! What a merchant settles of a draw: how it looks, what there is to win, and what gives a chance.

use serde::{Deserialize, Serialize};

use super::{BadPrizes, Prize, check};
use crate::money::LARGEST;

/// How a draw looks; each is drawn in the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = DrawFace))]
pub enum Face {
    Wheel,
    Scratch,
    Grid,
}
codes!(Face { Wheel = "wheel", Scratch = "scratch", Grid = "grid" });

/// What a prize is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = PrizeGives))]
pub enum Gives {
    /// A kind word: what the consolation is.
    Nothing,
    /// Store credit of the prize's value, at once.
    Credit,
    /// A thing that staff hand over.
    Thing,
}
codes!(Gives { Nothing = "nothing", Credit = "credit", Thing = "thing" });

/// A prize with what it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = OfferedPrize))]
pub struct Offered {
    pub prize: Prize,
    pub gives: Gives,
}

/// What gives somebody chances.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = ChanceSource))]
pub enum Source {
    /// Coming, once a day.
    Daily { chances: i64 },
    /// An order that was kept: its time to be sent back is over.
    Order { chances: i64 },
    /// Somebody of the staff, by hand and with a reason.
    Staff,
}

impl Source {
    pub fn code(&self) -> &'static str {
        match self {
            Source::Daily { .. } => "daily",
            Source::Order { .. } => "order",
            Source::Staff => "staff",
        }
    }
}

/// What a merchant settles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = DrawTerms))]
pub struct Terms {
    pub face: Face,
    /// In the order they are published; the last is the consolation.
    pub prizes: Vec<Offered>,
    pub sources: Vec<Source>,
}

/// Which setting cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadTerms {
    Prizes(BadPrizes),
    /// The consolation gives nothing, since there is no end of it; every other prize is worth
    /// something.
    Gives,
    /// One source or more, none twice, with one to a hundred chances.
    Sources,
    /// All prizes together are worth more than can be said.
    Worth,
}

/// The most chances one cause gives.
pub const MOST_CHANCES: i64 = 100;

impl Terms {
    /// What a merchant begins with: a wheel, one chance a day, a hundredth wins `value`.
    pub fn usual(name: &str, value: i64, nothing: &str) -> Terms {
        let prize = |name: &str, weight, stock, value| Prize {
            name: name.to_string(),
            weight,
            stock,
            value,
        };
        let won = Offered { prize: prize(name, 1, Some(10), value), gives: Gives::Credit };
        let lost = Offered { prize: prize(nothing, 99, None, 0), gives: Gives::Nothing };
        let sources = vec![Source::Daily { chances: 1 }, Source::Staff];
        Terms { face: Face::Wheel, prizes: vec![won, lost], sources }
    }

    /// The prizes as they are published and drawn from.
    pub fn prizes(&self) -> Vec<Prize> {
        self.prizes.iter().map(|offered| offered.prize.clone()).collect()
    }

    pub fn check(&self) -> Result<(), BadTerms> {
        check(&self.prizes()).map_err(BadTerms::Prizes)?;
        let right = |(at, one): (usize, &Offered)| {
            let last = at + 1 == self.prizes.len();
            let nothing = one.gives == Gives::Nothing;
            // What gives nothing is worth nothing, whatever its name says.
            nothing == last && nothing == (one.prize.value == 0)
        };
        if !self.prizes.iter().enumerate().all(right) {
            return Err(BadTerms::Gives);
        }
        let sensible = |at: usize| {
            let (before, one) = (&self.sources[..at], &self.sources[at]);
            let chances = match one {
                Source::Daily { chances } | Source::Order { chances } => *chances,
                Source::Staff => 1,
            };
            (1..=MOST_CHANCES).contains(&chances) && before.iter().all(|b| b.code() != one.code())
        };
        if self.sources.is_empty() || !(0..self.sources.len()).all(sensible) {
            return Err(BadTerms::Sources);
        }
        self.worth().map(|_| ()).ok_or(BadTerms::Worth)
    }

    /// What all prizes together are worth: the budget it takes.
    pub fn worth(&self) -> Option<i64> {
        let one =
            |offered: &Offered| offered.prize.value.checked_mul(offered.prize.stock.unwrap_or(0));
        let sum = |sum: i64, offered| one(offered).and_then(|worth| sum.checked_add(worth));
        self.prizes.iter().try_fold(0, sum).filter(|sum| *sum <= LARGEST)
    }

    /// How many chances coming gives each day.
    pub fn daily(&self) -> i64 {
        let daily = |source: &Source| match source {
            Source::Daily { chances } => Some(*chances),
            _ => None,
        };
        self.sources.iter().find_map(daily).unwrap_or(0)
    }

    /// How many an order gives that was kept.
    pub fn by_order(&self) -> i64 {
        let order = |source: &Source| match source {
            Source::Order { chances } => Some(*chances),
            _ => None,
        };
        self.sources.iter().find_map(order).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms() -> Terms {
        Terms::usual("Ten off", 1_000, "Thank you")
    }

    #[test]
    fn settings_that_cannot_be_are_named() {
        let check = |edit: fn(&mut Terms), want| {
            let mut terms = terms();
            edit(&mut terms);
            assert_eq!(terms.check(), want);
        };
        check(|_| (), Ok(()));
        check(|t| drop(t.prizes.pop()), Err(BadTerms::Prizes(BadPrizes::Count)));
        check(|t| t.prizes[1].gives = Gives::Credit, Err(BadTerms::Gives));
        check(|t| t.prizes[0].gives = Gives::Nothing, Err(BadTerms::Gives));
        check(|t| t.prizes[0].gives = Gives::Thing, Ok(()));
        check(|t| t.prizes[0].prize.value = 0, Err(BadTerms::Gives));
        check(|t| t.prizes[1].prize.value = 1, Err(BadTerms::Gives));
        check(|t| t.sources.clear(), Err(BadTerms::Sources));
        check(|t| t.sources.push(Source::Daily { chances: 2 }), Err(BadTerms::Sources));
        check(|t| t.sources.push(Source::Order { chances: 100 }), Ok(()));
        check(|t| t.sources.push(Source::Order { chances: 101 }), Err(BadTerms::Sources));
        check(|t| t.sources[0] = Source::Daily { chances: 0 }, Err(BadTerms::Sources));
        check(|t| t.prizes[0].prize.value = LARGEST, Err(BadTerms::Worth));
        check(|t| t.prizes[0].prize.value = i64::MAX, Err(BadTerms::Worth));
    }

    #[test]
    fn what_it_takes_and_what_it_gives() {
        let mut terms = terms();
        assert_eq!((terms.worth(), terms.daily(), terms.by_order()), (Some(10_000), 1, 0));
        terms.sources = vec![Source::Order { chances: 3 }];
        assert_eq!((terms.daily(), terms.by_order()), (0, 3));
    }
}
