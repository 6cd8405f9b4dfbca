//! What a cart costs, and how that came about.
//!
//! The order of the parts is fixed (MECHANICS §1.5): goods, discounts on lines, freight, tax. The
//! payable amount is never below zero, and discounts are kept per line, so that a partial refund
//! knows its share.

use serde::{Deserialize, Serialize};

use crate::catalog::Variant;
use crate::id::Id;
use crate::money::{Currency, Money};
use crate::quantity::Quantity;

/// One variant to be priced.
pub struct Asked {
    pub variant: Id<Variant>,
    pub quantity: Quantity,
    /// What one costs: the campaign price or the ordinary one, never both.
    pub unit: Money,
    /// What a benefit (such as the leader's) takes off the whole line.
    pub off: Money,
}

/// One variant with its price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Priced {
    pub variant: Id<Variant>,
    pub quantity: Quantity,
    pub unit: Money,
    pub discount: Money,
    pub total: Money,
}

/// What a cart costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    pub lines: Vec<Priced>,
    pub subtotal: Money,
    pub discount: Money,
    pub shipping: Money,
    pub tax: Money,
    pub total: Money,
}

/// Why something costs what it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Because {
    Goods,
    LeaderBenefit,
    Shipping,
    Tax,
}

/// Prices what was asked for. `freight` is asked for the goods' total after discounts.
pub fn quote(currency: Currency, asked: &[Asked], freight: impl Fn(Money) -> Money) -> Quote {
    let lines: Vec<Priced> = asked.iter().map(price).collect();
    let sum =
        |of: fn(&Priced) -> Money| lines.iter().map(of).fold(Money::zero(currency), Money::plus);
    // Line totals already carry their discounts, so `subtotal` is what the goods cost.
    let subtotal = sum(|line| line.total);
    let discount = sum(|line| line.discount);
    let shipping = freight(subtotal);
    let tax = Money::zero(currency);
    let total = subtotal.plus(shipping).plus(tax);
    Quote { lines, subtotal, discount, shipping, tax, total }
}

fn price(asked: &Asked) -> Priced {
    let full = asked.unit.times(asked.quantity.count());
    let discount = asked.off.least(full);
    Priced {
        variant: asked.variant,
        quantity: asked.quantity,
        unit: asked.unit,
        discount,
        total: full.minus(discount),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn asked(count: i64, unit: i64, off: i64) -> Asked {
        Asked {
            variant: Id::new(1),
            quantity: Quantity::new(count).unwrap(),
            unit: Money::new(unit, Currency::Cny),
            off: Money::new(off, Currency::Cny),
        }
    }

    #[test]
    fn a_quote_is_the_sum_of_its_parts() {
        let fee = |_| Money::new(800, Currency::Cny);
        let quote = quote(Currency::Cny, &[asked(2, 3_900, 0), asked(1, 500, 100)], fee);
        assert_eq!(quote.subtotal.minor, 8_200);
        assert_eq!(quote.discount.minor, 100);
        assert_eq!(quote.total.minor, 9_000);
    }

    #[test]
    fn freight_is_asked_for_what_the_goods_cost_after_discounts() {
        let fee = |goods: Money| Money::new(goods.minor / 10, Currency::Cny);
        let quote = quote(Currency::Cny, &[asked(2, 3_900, 800), asked(1, 500, 900)], fee);
        // A discount takes no more than the line costs.
        let discounts: Vec<i64> = quote.lines.iter().map(|line| line.discount.minor).collect();
        assert_eq!(discounts, [800, 500]);
        assert_eq!((quote.subtotal.minor, quote.shipping.minor), (7_000, 700));
        assert_eq!((quote.total.minor, quote.tax.minor), (7_700, 0));
        assert_eq!(quote.lines[0].unit.minor, 3_900);
    }

    proptest! {
        #[test]
        fn nothing_is_negative_and_lines_sum(
            lines in
                proptest::collection::vec((1i64..100, 0i64..1_000_000, 0i64..5_000_000), 0..20),
            fee in 0i64..10_000,
        ) {
            let asked: Vec<Asked> = lines.iter().map(|(n, u, o)| asked(*n, *u, *o)).collect();
            let quote = quote(Currency::Cny, &asked, |_| Money::new(fee, Currency::Cny));
            prop_assert!(quote.total.minor >= 0);
            for line in &quote.lines {
                prop_assert!(line.total.minor >= 0);
                let full = line.unit.times(line.quantity.count());
                prop_assert_eq!(line.total, full.minus(line.discount));
            }
            let sum: i64 = quote.lines.iter().map(|line| line.total.minor).sum();
            prop_assert_eq!(quote.total.minor, sum + fee);
        }
    }
}
