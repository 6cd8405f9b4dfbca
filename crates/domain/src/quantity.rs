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
