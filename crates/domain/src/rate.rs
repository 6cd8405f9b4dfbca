//! Rates in whole basis points: a hundredth of a percent.

use crate::money::Money;
use serde::{Deserialize, Serialize};

/// A share of something, 0 to 10,000 basis points.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(try_from = "i64", into = "i64")]
pub struct Rate(i64);

impl From<Rate> for i64 {
    fn from(rate: Rate) -> i64 {
        rate.0
    }
}

impl TryFrom<i64> for Rate {
    type Error = String;

    fn try_from(points: i64) -> Result<Rate, String> {
        Rate::from_basis_points(points).ok_or_else(|| format!("{points} is no rate: 0 to 10000"))
    }
}

impl Rate {
    pub const NONE: Rate = Rate(0);

    /// None above the whole or below nothing.
    pub fn from_basis_points(points: i64) -> Option<Rate> {
        (0..=10_000).contains(&points).then_some(Rate(points))
    }

    pub fn basis_points(self) -> i64 {
        self.0
    }

    /// The share of `amount`, rounded half up, so that a buyer and a merchant err equally often.
    pub fn of(self, amount: Money) -> Money {
        let exact = i128::from(amount.minor) * i128::from(self.0);
        let rounded = (exact + 5_000).div_euclid(10_000);
        // At most the amount itself, which fits.
        Money::new(rounded as i64, amount.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    #[test]
    fn a_share_is_rounded_half_up() {
        let of = |points, minor| {
            let rate = Rate::from_basis_points(points).unwrap();
            rate.of(Money::new(minor, Currency::Cny)).minor
        };
        assert_eq!(of(1_000, 999), 100);
        assert_eq!(of(5_000, 1), 1);
        assert_eq!(of(4_999, 1), 0);
        assert_eq!(of(10_000, 12_345), 12_345);
        assert_eq!(Rate::from_basis_points(10_001), None);
        assert_eq!(Rate::from_basis_points(-1), None);
        assert_eq!(Rate::from_basis_points(10_000).map(Rate::basis_points), Some(10_000));
        assert_eq!((of(0, 12_345), Rate::NONE.basis_points()), (0, 0));
        // Half up means upward: a debit of half a unit is none.
        assert_eq!((of(5_000, -1), of(5_000, -3)), (0, -1));
    }
}
