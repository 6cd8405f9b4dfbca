//! Lucky draws that anybody can recompute (抽奖; MECHANICS §4.3, RULES CN-PRO-04).
//!
//! Prizes have weights and a stock; the last is the *consolation*, of which there is no end.
//! Before the first draw the prizes and the hash of a seed are published, after the last the seed.
//! The n-th draw takes a ticket below the sum of the weights from the seed, its own number and id,
//! and a salt that the drawer's browser chose, so that whoever knows the seed early cannot pick
//! the moment. The ticket falls on a prize by the published order; if that prize is gone, its
//! weight falls to the consolation, as was published. What was drawn in which order is all it
//! takes to do it again.

use serde::{Deserialize, Serialize};

use crate::id::{Id, Kind};
use crate::seed::Seed;

mod replay;
mod terms;

pub use replay::{Differs, Record, replay};
pub use terms::{BadTerms, Face, Gives, MOST_CHANCES, Offered, Source, Terms};

/// One draw.
pub struct Draw;
impl Kind for Draw {
    const PREFIX: &'static str = "drw";
}
crate::id::described!(Draw);

/// One kind of prize.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Prize {
    pub name: String,
    /// Against the sum of all weights.
    pub weight: u64,
    /// How many there are; no end for the consolation.
    pub stock: Option<i64>,
    /// What one is worth at its market price, in minor units.
    pub value: i64,
}

/// Why prizes make no draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadPrizes {
    /// 2 to 50.
    Count,
    /// Each is one or more, and all together at most 10^12.
    Weight,
    /// One or more of each but the last, and no end of the last alone.
    Stock,
    /// A name of 1 to 60 characters, without line breaks.
    Name,
    Value,
}

/// The most all weights come to: chances of one in so many can be said.
pub const MOST_WEIGHT: u64 = 1_000_000_000_000;

/// Whether these prizes make a draw.
pub fn check(prizes: &[Prize]) -> Result<(), BadPrizes> {
    let Some((last, others)) = prizes.split_last().filter(|_| (2..=50).contains(&prizes.len()))
    else {
        return Err(BadPrizes::Count);
    };
    let sum = prizes.iter().try_fold(0_u64, |sum, prize| sum.checked_add(prize.weight));
    let weighed = sum.is_some_and(|sum| sum <= MOST_WEIGHT);
    if !weighed || prizes.iter().any(|prize| prize.weight < 1) {
        return Err(BadPrizes::Weight);
    }
    let counted = others.iter().all(|prize| prize.stock.is_some_and(|stock| stock >= 1));
    if !counted || last.stock.is_some() {
        return Err(BadPrizes::Stock);
    }
    let named = |prize: &Prize| {
        (1..=60).contains(&prize.name.chars().count()) && !prize.name.contains('\n')
    };
    if !prizes.iter().all(named) {
        return Err(BadPrizes::Name);
    }
    if prizes.iter().any(|prize| prize.value < 0) {
        return Err(BadPrizes::Value);
    }
    Ok(())
}

/// Each prize's chance while it lasts, in millionths, as it is published: rounded down, and what is
/// left by that is the consolation's.
pub fn odds(prizes: &[Prize]) -> Vec<u64> {
    let sum: u128 = prizes.iter().map(|prize| u128::from(prize.weight)).sum();
    let part = |prize: &Prize| (u128::from(prize.weight) * 1_000_000 / sum.max(1)) as u64;
    let mut odds: Vec<u64> = prizes.iter().map(part).collect();
    let rest = 1_000_000_u64.saturating_sub(odds.iter().sum());
    if let Some(last) = odds.last_mut() {
        *last += rest;
    }
    odds
}

/// What a ticket is made of, beside the seed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = DrawInputs))]
pub struct Inputs {
    /// Which draw of its campaign it is, from one up: draws are made in this order.
    pub number: i64,
    pub draw: Id<Draw>,
    /// What the drawer's browser chose: up to 64 letters and digits.
    pub salt: String,
}

impl Inputs {
    pub fn is_salt(salt: &str) -> bool {
        salt.len() <= 64 && salt.bytes().all(|byte| byte.is_ascii_alphanumeric())
    }
}

/// The ticket of a draw: a number below `sum`.
pub fn ticket(seed: &Seed, sum: u64, inputs: &Inputs) -> u64 {
    let Inputs { number, draw, salt } = inputs;
    seed.numbers(&format!("draw\n{number}\n{draw}\n{salt}")).below(sum)
}

/// What a ticket wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drawn {
    pub ticket: u64,
    /// The prize it fell on, and the one it wins: another when that was gone.
    pub fell_on: usize,
    pub wins: usize,
}

/// Draws. `left` says how many there are of each prize now.
pub fn draw(prizes: &[Prize], left: &[Option<i64>], seed: &Seed, inputs: &Inputs) -> Drawn {
    assert_eq!(prizes.len(), left.len(), "each prize has its count");
    let sum = prizes.iter().map(|prize| prize.weight).sum();
    let ticket = ticket(seed, sum, inputs);
    let mut above = 0;
    let reaches = |prize: &Prize| {
        above += prize.weight;
        ticket < above
    };
    let fell_on = prizes.iter().position(reaches).expect("a ticket is below the sum");
    let gone = left[fell_on].is_some_and(|left| left < 1);
    Drawn { ticket, fell_on, wins: if gone { prizes.len() - 1 } else { fell_on } }
}

/// Somebody's chances: earned by tasks, used by draws, and neither ever taken twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Chances {
    pub earned: i64,
    pub used: i64,
}

/// Why somebody does not draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No chance is left.
    NoChance,
    /// The salt is not up to 64 letters and digits.
    BadSalt,
    /// The seed was revealed: everybody could know what comes.
    Revealed,
    /// Whoever works here wins nothing (RULES CN-PRO-04).
    Insider,
    /// Settings that cannot be.
    BadTerms(BadTerms),
    /// All prizes together are worth that much, and the budget is less.
    OverBudget(i64),
    /// One cause gives one to a hundred chances.
    BadChances,
    /// Chances that are given by hand have a reason.
    NoReason,
    /// This draw gives no chances by hand, or is not on.
    NotByHand,
    /// Nothing is to be handed over, or it was.
    NothingToHandOver,
}

/// Whether somebody may draw now.
pub fn may_draw(chances: Chances, salt: &str, revealed: bool) -> Result<(), Refusal> {
    if revealed {
        return Err(Refusal::Revealed);
    }
    if chances.used >= chances.earned {
        return Err(Refusal::NoChance);
    }
    if Inputs::is_salt(salt) { Ok(()) } else { Err(Refusal::BadSalt) }
}

#[cfg(test)]
mod tests;
