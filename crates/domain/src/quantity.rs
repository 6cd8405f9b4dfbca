//! How many: a whole number from one up to what one line may hold.

use serde::{Deserialize, Serialize};

/// How many of something, 1 to 9,999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Quantity(i64);

impl Quantity {
    pub const ONE: Quantity = Quantity(1);
    pub const MOST: i64 = 9_999;

    pub fn new(count: i64) -> Option<Quantity> {
        (1..=Quantity::MOST).contains(&count).then_some(Quantity(count))
    }

    pub fn count(self) -> i64 {
        self.0
    }
}

impl TryFrom<i64> for Quantity {
    type Error = &'static str;
    fn try_from(count: i64) -> Result<Self, Self::Error> {
        Quantity::new(count).ok_or("a quantity is 1 to 9999")
    }
}

impl From<Quantity> for i64 {
    fn from(quantity: Quantity) -> i64 {
        quantity.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantity_is_one_to_9999() {
        for (count, right) in [(0, false), (1, true), (9_999, true), (10_000, false), (-1, false)] {
            assert_eq!(Quantity::new(count).is_some(), right, "{count}");
            assert_eq!(Quantity::try_from(count).is_ok(), right, "{count}");
        }
        assert_eq!(i64::from(Quantity::new(7).unwrap()), 7);
        assert_eq!(Quantity::new(7).unwrap().count(), 7);
        assert_eq!(Quantity::ONE.count(), 1);
    }
}
