//! Whether two counts differ by more than chance: today's orders against yesterday's.

use crate::gamma::ln_choose;

/// How two counts compare.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// The change in percent; `None` when there was nothing before.
    pub percent: Option<f64>,
    /// How likely so large a difference is if nothing had changed, 0 to 1.
    pub chance: f64,
}

impl Comparison {
    /// Whether the difference deserves a word: under one chance in a hundred.
    pub fn is_notable(&self) -> bool {
        self.chance < 0.01
    }
}

/// Compares `now` with `before`, counted over `exposure_now` and `exposure_before` (hours, say).
///
/// Counts of independent events are Poisson; given their sum, the first is binomial with the share
/// of its exposure. The chance is that test's, two-sided by doubling the smaller tail (Przyborowski
/// and Wilenski, 1940).
pub fn counts(now: u64, before: u64, exposure_now: f64, exposure_before: f64) -> Comparison {
    assert!(exposure_now > 0.0 && exposure_before > 0.0, "nothing is counted in no time");
    let percent = (before > 0).then(|| {
        let rate = now as f64 / exposure_now;
        (rate / (before as f64 / exposure_before) - 1.0) * 100.0
    });
    let n = now + before;
    let share = exposure_now / (exposure_now + exposure_before);
    let log_chance =
        |k: u64| ln_choose(n, k) + k as f64 * share.ln() + (n - k) as f64 * (1.0 - share).ln();
    let at_most: f64 = (0..=now).map(|k| log_chance(k).exp()).sum();
    let at_least: f64 = (now..=n).map(|k| log_chance(k).exp()).sum();
    Comparison { percent, chance: (2.0 * at_most.min(at_least)).min(1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_differences_are_noise_and_large_ones_are_not() {
        assert!(!counts(12, 8, 1.0, 1.0).is_notable());
        assert!(counts(40, 10, 1.0, 1.0).is_notable());
        assert!(!counts(0, 0, 1.0, 1.0).is_notable());
        assert!(!counts(3, 0, 1.0, 1.0).is_notable());
        // The same rate over half the time is no change.
        let half = counts(20, 40, 12.0, 24.0);
        assert!(half.percent.unwrap().abs() < 1e-9 && !half.is_notable());
    }

    #[test]
    fn the_chance_is_the_binomial_one() {
        // 9 of 10 at even odds: 2 × (10 + 1) / 1024.
        let chance = counts(9, 1, 1.0, 1.0).chance;
        assert!((chance - 22.0 / 1024.0).abs() < 1e-12, "{chance}");
    }
}
