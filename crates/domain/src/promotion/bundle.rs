//! Goods that cost less together.

use crate::catalog::Variant;
use crate::id::Id;
use crate::money::Money;

use super::Part;

/// What bundles were found among lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sets {
    /// How many whole bundles.
    pub count: i64,
    /// How many units of each line are in them.
    pub units: Vec<i64>,
    /// What they cost less than one by one, and each line's share of that.
    pub off: Money,
    pub shares: Vec<Money>,
}

/// Finds whole bundles among the `free` units of lines, up to `most`. Each line is its variant, how
/// many of its units are free, and what all of its *free* units cost now. Nothing is found where
/// buying together would not be cheaper.
pub fn sets(
    parts: &[Part],
    price: Money,
    most: i64,
    lines: &[(Id<Variant>, i64, Money)],
) -> Option<Sets> {
    let free = |part: &Part| {
        let same = lines.iter().filter(|(variant, ..)| *variant == part.variant);
        same.map(|(_, free, _)| *free).sum::<i64>()
    };
    let whole = parts.iter().map(|part| free(part) / part.quantity.count()).min()?;
    let count = whole.min(most);
    if count < 1 {
        return None;
    }
    let mut units = vec![0; lines.len()];
    for part in parts {
        let mut wanted = part.quantity.count() * count;
        for (at, (variant, free, _)) in lines.iter().enumerate() {
            if *variant == part.variant {
                units[at] = wanted.min(*free);
                wanted -= units[at];
            }
        }
    }
    let costs = |(at, (_, free, cost)): (usize, &(Id<Variant>, i64, Money))| {
        // What some of a line's units cost is their share of it: parts of a whole sum to it.
        if units[at] == 0 { 0 } else { cost.split(&[units[at], free - units[at]])[0].minor }
    };
    let weights: Vec<i64> = lines.iter().enumerate().map(costs).collect();
    let apart = Money::new(weights.iter().sum(), price.currency);
    let off = apart.minus(price.times(count));
    if off.minor <= 0 {
        return None;
    }
    let shares = off.split(&weights);
    Some(Sets { count, units, off, shares })
}
