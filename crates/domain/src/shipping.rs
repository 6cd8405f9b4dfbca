//! Ways to ship, and what they cost.

use crate::id::Kind;
use crate::money::Money;

/// A way to ship.
pub struct Method;
impl Kind for Method {
    const PREFIX: &'static str = "shm";
}
crate::id::described!(Method);

/// What a way to ship costs: a fee, nothing from a certain goods total, nothing for what is not
/// shipped.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    pub fee: Money,
    pub free_from: Option<Money>,
}

/// The fee for goods worth `goods`, of which `ships` says whether any has to be carried.
pub fn fee(terms: &Terms, goods: Money, ships: bool) -> Money {
    let free = terms.free_from.is_some_and(|from| goods.minor >= from.minor);
    if !ships || free { Money::zero(goods.currency) } else { terms.fee }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency::Cny;

    #[test]
    fn enough_goods_travel_free() {
        let terms = Terms { fee: Money::new(800, Cny), free_from: Some(Money::new(9_900, Cny)) };
        assert_eq!(fee(&terms, Money::new(9_899, Cny), true).minor, 800);
        assert_eq!(fee(&terms, Money::new(9_900, Cny), true).minor, 0);
        assert_eq!(fee(&terms, Money::new(100, Cny), false).minor, 0);
        let never = Terms { free_from: None, ..terms };
        assert_eq!(fee(&never, Money::new(99_000, Cny), true).minor, 800);
    }
}
