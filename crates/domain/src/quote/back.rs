//! What of a line's discounts is undone, cause by cause, when some of its units go back. What its
//! buyer gets for them is `after_sale::share`.

use crate::money::Money;

use super::Cause;

/// What is kept with an order's line: how many units, what they cost before anything was taken off,
/// and what each cause took off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub units: i64,
    pub full: Money,
    pub off: Vec<(Cause, Money)>,
}

impl Kept {
    /// What its buyer pays for all of it.
    pub fn paid(&self) -> Money {
        self.off.iter().fold(self.full, |left, (_, off)| left.minus(*off))
    }
}

/// How much of `whole` has gone back with `back` of `units`: rounded down, all of it with the last.
fn so_far(whole: Money, units: i64, back: i64) -> i64 {
    // At most the whole, which fits.
    (i128::from(whole.minor) * i128::from(back) / i128::from(units)) as i64
}

/// What of each cause is undone when `more` units go back after `before` have. However a line is
/// divided, each cause's parts sum to what it took off: a coupon's, and the worth of points.
pub fn undone(kept: &Kept, before: i64, more: i64) -> Vec<(Cause, Money)> {
    let after = before + more;
    assert!(0 <= before && 0 < more && after <= kept.units, "nobody returns what is not there");
    let between = |whole: Money| {
        let (before, after) = (so_far(whole, kept.units, before), so_far(whole, kept.units, after));
        Money::new(after - before, whole.currency)
    };
    kept.off.iter().map(|(cause, off)| (*cause, between(*off))).collect()
}
