//! What spending enough saves, and how often a gift is earned.

use crate::money::Money;

use super::{Effect, Off, Threshold};

/// What a promotion takes off goods that were bought, or gives with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saving {
    pub off: Money,
    /// How many times its gift comes along.
    pub gifts: i64,
}

/// How often `bought` reaches the threshold; nothing below it.
fn times(from: Threshold, amount: Money, pieces: i64) -> i64 {
    match from {
        Threshold::Amount { minor } => amount.minor / minor.max(1),
        Threshold::Pieces { count } => pieces / count.max(1),
    }
}

/// What the effect makes of matched goods that cost `amount` and are so many pieces. Bundles are
/// not asked: they look at units.
pub fn saving(effect: &Effect, amount: Money, pieces: i64) -> Saving {
    let none = Money::zero(amount.currency);
    match effect {
        Effect::SpendAndSave { steps, for_every } => {
            let mut reached = steps.iter().filter(|step| times(step.from, amount, pieces) > 0);
            let off = reached.next_back().map_or(none, |step| match (step.off, for_every) {
                (Off::Amount { minor }, true) => {
                    let off = i128::from(minor) * i128::from(times(step.from, amount, pieces));
                    // No more than the goods cost, which fits.
                    Money::new(off.min(i128::from(amount.minor)) as i64, amount.currency)
                }
                (off, _) => off.of(amount),
            });
            Saving { off, gifts: 0 }
        }
        Effect::Gift { from, most, .. } => {
            Saving { off: none, gifts: times(*from, amount, pieces).min(*most) }
        }
        Effect::Bundle { .. } => Saving { off: none, gifts: 0 },
    }
}
