//! Repeatable chance for the demo: the same seed lives the same month.

use domain::moment::Span;

use crate::dice::{Seeded, below};

/// A source of choices that are the same for the same seed.
pub struct Luck(Seeded);

impl Luck {
    pub fn new(seed: u64) -> Luck {
        Luck(Seeded::new(seed))
    }

    /// A number from 0 up to, but not including, `bound`.
    pub fn below(&self, bound: usize) -> usize {
        below(&self.0, bound.max(1) as u64) as usize
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&self, low: i64, high: i64) -> i64 {
        low + below(&self.0, (high - low).max(0) as u64 + 1) as i64
    }

    /// True this many times in a thousand.
    pub fn chance(&self, per_mille: i64) -> bool {
        self.between(0, 999) < per_mille
    }

    /// One of these; the slice is not empty.
    pub fn pick<'a, T>(&self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// An index, each as likely as its weight.
    pub fn weighted(&self, weights: &[i64]) -> usize {
        let total: i64 = weights.iter().sum();
        let mut left = self.between(0, total.max(1) - 1);
        for (index, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0 {
                return index;
            }
        }
        0
    }

    /// A while between these two, short ones more often than long ones.
    pub fn wait(&self, low: Span, high: Span) -> Span {
        let roll = self.between(0, 1_000);
        let bent = roll * roll / 1_000;
        Span(low.0 + (high.0 - low.0) / 1_000 * bent)
    }

    /// These in another order.
    pub fn shuffle<T>(&self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}
