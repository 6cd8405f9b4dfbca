//! What a cart costs, and how that came about.
//!
//! The order of the parts is fixed (MECHANICS §1.5): goods, discounts on lines, freight, tax. The
//! payable amount is never below zero, and discounts and tax are kept per line, so that a partial
//! refund knows its share.

pub mod history;
pub mod list;

use serde::{Deserialize, Serialize};

use crate::catalog::Variant;
use crate::id::Id;
use crate::money::{Currency, Money};
use crate::quantity::Quantity;
use crate::rate::Rate;
use crate::tax;

/// One variant to be priced.
pub struct Asked {
    pub variant: Id<Variant>,
    pub quantity: Quantity,
    /// What one costs: the campaign price or the ordinary one, never both.
    pub unit: Money,
    /// What a benefit (such as the leader's) takes off the whole line.
    pub off: Money,
    /// What it is taxed with.
    pub tax: Rate,
}

/// How the shop taxes an order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taxing {
    /// Whether prices include tax; otherwise it is added to them.
    pub inclusive: bool,
    /// What shipping is taxed with.
    pub shipping: Rate,
}

/// An amount with the tax on it: added to it, or inside it, never both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taxed {
    pub rate: Rate,
    pub added: Money,
    pub inside: Money,
}

impl Taxed {
    fn of(tax: Money, rate: Rate, inclusive: bool) -> Taxed {
        let none = Money::zero(tax.currency);
        let (added, inside) = if inclusive { (none, tax) } else { (tax, none) };
        Taxed { rate, added, inside }
    }

    /// The tax, wherever it is.
    pub fn whole(&self) -> Money {
        self.added.plus(self.inside)
    }
}

/// One variant with its price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Priced {
    pub variant: Id<Variant>,
    pub quantity: Quantity,
    pub unit: Money,
    pub discount: Money,
    /// What its buyer pays, but for tax that is added.
    pub total: Money,
    pub tax: Taxed,
}

/// What a cart costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Whether prices include tax.
    pub inclusive: bool,
    pub lines: Vec<Priced>,
    pub subtotal: Money,
    pub discount: Money,
    pub shipping: Money,
    pub shipping_tax: Taxed,
    /// The tax that is added, of goods and shipping.
    pub tax: Money,
    /// The tax that is inside the prices.
    pub tax_inside: Money,
    pub total: Money,
}

impl Quote {
    /// What all of it would cost with another fee for shipping.
    pub fn with_fee(&self, fee: Money) -> Money {
        let rate = self.shipping_tax.rate;
        let tax = Taxed::of(tax::on(fee, rate, self.inclusive), rate, self.inclusive);
        let goods = self.total.minus(self.shipping).minus(self.shipping_tax.added);
        goods.plus(fee).plus(tax.added)
    }
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

/// The tax on what an order costs, part by part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taxes {
    /// On each line, in their order.
    pub lines: Vec<Taxed>,
    pub shipping: Taxed,
    /// What is added to goods and shipping.
    pub added: Money,
    /// What is inside them.
    pub inside: Money,
}

/// The tax on lines that cost this after discounts, and on a fee.
pub fn taxes(lines: &[(Money, Rate)], fee: Money, taxing: Taxing) -> Taxes {
    let inclusive = taxing.inclusive;
    let none = Money::zero(fee.currency);
    let on_lines = match lines.iter().any(|(_, rate)| *rate != Rate::NONE) {
        true => tax::on_lines(lines, inclusive),
        false => vec![none; lines.len()],
    };
    let with_rate = on_lines.into_iter().zip(lines);
    let lines: Vec<Taxed> =
        with_rate.map(|(tax, (_, rate))| Taxed::of(tax, *rate, inclusive)).collect();
    let rate = taxing.shipping;
    let shipping = Taxed::of(tax::on(fee, rate, inclusive), rate, inclusive);
    let sum = |of: fn(&Taxed) -> Money| lines.iter().map(of).fold(of(&shipping), Money::plus);
    let (added, inside) = (sum(|tax| tax.added), sum(|tax| tax.inside));
    Taxes { lines, shipping, added, inside }
}

/// Prices what was asked for. `freight` is asked for the goods' total after discounts.
pub fn quote(
    currency: Currency,
    asked: &[Asked],
    taxing: Taxing,
    freight: impl Fn(Money) -> Money,
) -> Quote {
    let mut lines: Vec<Priced> = asked.iter().map(price).collect();
    let sum = |lines: &[Priced], of: fn(&Priced) -> Money| {
        lines.iter().map(of).fold(Money::zero(currency), Money::plus)
    };
    // Line totals already carry their discounts, so `subtotal` is what the goods cost.
    let subtotal = sum(&lines, |line| line.total);
    let discount = sum(&lines, |line| line.discount);
    let shipping = freight(subtotal);
    let amounts: Vec<(Money, Rate)> =
        lines.iter().map(|line| (line.total, line.tax.rate)).collect();
    let taxes = taxes(&amounts, shipping, taxing);
    for (line, tax) in lines.iter_mut().zip(taxes.lines) {
        line.tax = tax;
    }
    Quote {
        inclusive: taxing.inclusive,
        lines,
        subtotal,
        discount,
        shipping,
        shipping_tax: taxes.shipping,
        tax: taxes.added,
        tax_inside: taxes.inside,
        total: subtotal.plus(shipping).plus(taxes.added),
    }
}

fn price(asked: &Asked) -> Priced {
    let full = asked.unit.times(asked.quantity.count());
    let discount = asked.off.least(full);
    let none = Money::zero(full.currency);
    Priced {
        variant: asked.variant,
        quantity: asked.quantity,
        unit: asked.unit,
        discount,
        total: full.minus(discount),
        tax: Taxed::of(none, asked.tax, false),
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
            tax: Rate::NONE,
        }
    }

    fn quote(asked: &[Asked], freight: impl Fn(Money) -> Money) -> Quote {
        super::quote(Currency::Cny, asked, Taxing::default(), freight)
    }

    fn points(points: i64) -> Rate {
        Rate::from_basis_points(points).unwrap()
    }

    #[test]
    fn tax_is_added_to_lines_and_shipping_or_inside_them() {
        let asked = || {
            vec![
                Asked { tax: points(1_300), ..asked(2, 5_000, 0) },
                Asked { tax: points(600), ..asked(1, 1_200, 200) },
            ]
        };
        let fee = |_| Money::new(800, Currency::Cny);
        let of = |inclusive, shipping| {
            let taxing = Taxing { inclusive, shipping: points(shipping) };
            let quote = super::quote(Currency::Cny, &asked(), taxing, fee);
            let lines = quote.lines.iter().map(|line| line.tax.whole().minor).collect::<Vec<_>>();
            let ship = quote.shipping_tax.whole().minor;
            (lines, ship, quote.tax.minor, quote.tax_inside.minor, quote.total.minor)
        };
        assert_eq!(of(false, 0), (vec![1_300, 60], 0, 1_360, 0, 13_160));
        assert_eq!(of(false, 1_300), (vec![1_300, 60], 104, 1_464, 0, 13_264));
        assert_eq!(of(true, 1_300), (vec![1_150, 57], 92, 0, 1_299, 11_800));
    }

    #[test]
    fn a_quote_is_the_sum_of_its_parts() {
        let fee = |_| Money::new(800, Currency::Cny);
        let quote = quote(&[asked(2, 3_900, 0), asked(1, 500, 100)], fee);
        assert_eq!(quote.subtotal.minor, 8_200);
        assert_eq!(quote.discount.minor, 100);
        assert_eq!(quote.total.minor, 9_000);
    }

    #[test]
    fn freight_is_asked_for_what_the_goods_cost_after_discounts() {
        let fee = |goods: Money| Money::new(goods.minor / 10, Currency::Cny);
        let quote = quote(&[asked(2, 3_900, 800), asked(1, 500, 900)], fee);
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
            let quote = quote(&asked, |_| Money::new(fee, Currency::Cny));
            prop_assert!(quote.total.minor >= 0);
            for line in &quote.lines {
                prop_assert!(line.total.minor >= 0);
                let full = line.unit.times(line.quantity.count());
                prop_assert_eq!(line.total, full.minus(line.discount));
            }
            let sum: i64 = quote.lines.iter().map(|line| line.total.minor).sum();
            prop_assert_eq!(quote.total.minor, sum + fee);
        }

        #[test]
        fn the_total_is_lines_and_shipping_and_the_tax_that_is_added(
            lines in proptest::collection::vec(
                (1i64..100, 0i64..1_000_000, 0i64..5_000_000, 0i64..=10_000), 1..12),
            fee in 0i64..10_000, shipping in 0i64..=10_000, inclusive: bool,
        ) {
            let asked: Vec<Asked> = lines
                .iter()
                .map(|(n, u, o, tax)| Asked { tax: points(*tax), ..asked(*n, *u, *o) })
                .collect();
            let taxing = Taxing { inclusive, shipping: points(shipping) };
            let fee = Money::new(fee, Currency::Cny);
            let quote = super::quote(Currency::Cny, &asked, taxing, |_| fee);
            let goods: i64 = quote.lines.iter().map(|line| line.total.minor).sum();
            let tax = |of: fn(&Taxed) -> Money| -> i64 {
                let parts = quote.lines.iter().map(|line| &line.tax);
                parts.chain([&quote.shipping_tax]).map(|tax| of(tax).minor).sum()
            };
            prop_assert_eq!(quote.tax.minor, tax(|tax| tax.added));
            prop_assert_eq!(quote.tax_inside.minor, tax(|tax| tax.inside));
            prop_assert_eq!(quote.total.minor, goods + fee.minor + quote.tax.minor);
            let none = if inclusive { quote.tax } else { quote.tax_inside };
            prop_assert!(none.is_zero());
        }
    }
}
