//! Tax: which rate holds where for which goods, and each line's part of it.
//!
//! Goods of one rate are taxed together, rounded half up once, and the sum is shared among their
//! lines by largest remainder: so that the lines sum to what is owed, whatever they are. A share
//! that goes back is reckoned on all that went back of its line so far: so that a line given back
//! in any number of parts gives back exactly its tax.

use serde::{Deserialize, Serialize};

use crate::id::Kind;
use crate::money::Money;
use crate::place::Address;
use crate::rate::Rate;
use crate::region::Area;

/// A rate somewhere.
pub struct TaxRate;
impl Kind for TaxRate {
    const PREFIX: &'static str = "txr";
}
crate::id::described!(TaxRate);

/// How goods are taxed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = TaxClass))]
pub enum Class {
    #[default]
    Standard,
    Reduced,
    /// Not taxed.
    Zero,
}

impl Class {
    pub const ALL: [Class; 3] = [Class::Standard, Class::Reduced, Class::Zero];

    pub fn code(self) -> &'static str {
        match self {
            Class::Standard => "standard",
            Class::Reduced => "reduced",
            Class::Zero => "zero",
        }
    }

    pub fn parse(code: &str) -> Option<Class> {
        Class::ALL.into_iter().find(|class| class.code() == code)
    }

    /// The class of goods by the two columns of the product file: *Charge tax* and *Tax code*. A
    /// code that is none of ours says nothing.
    pub fn of_goods(taxable: bool, code: &str) -> Class {
        match taxable {
            true => Class::parse(&code.trim().to_lowercase()).unwrap_or_default(),
            false => Class::Zero,
        }
    }
}

/// What goods of a class are taxed with, where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = TaxRule))]
pub struct Rule {
    /// `*`, `CN`, `US/CA` or `US/CA/San Jose`.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub area: Area,
    /// The postcode begins with it; empty for every postcode.
    #[serde(default)]
    pub postcode: String,
    #[serde(default)]
    pub class: Class,
    /// In basis points: 1300 is 13 %.
    #[cfg_attr(feature = "schema", schema(value_type = i64))]
    pub rate: Rate,
}

/// The rate that names the address most exactly: a longer postcode first, then a city, a region, a
/// country, everywhere; of two alike, the first. None where no rule names it.
pub fn rate_at(rules: &[Rule], address: &Address, class: Class) -> Rate {
    let mut best: Option<((usize, u8), Rate)> = None;
    if class == Class::Zero {
        return Rate::NONE;
    }
    let plain = |text: &str| text.replace([' ', '-'], "").to_uppercase();
    let postcode = plain(&address.postcode);
    for rule in rules.iter().filter(|rule| rule.class == class) {
        let prefix = plain(&rule.postcode);
        let Some(exactly) = rule.area.covers(address).filter(|_| postcode.starts_with(&prefix))
        else {
            continue;
        };
        let exactly = (prefix.len(), exactly);
        if best.is_none_or(|(before, _)| exactly > before) {
            best = Some((exactly, rule.rate));
        }
    }
    best.map_or(Rate::NONE, |(_, rate)| rate)
}

/// The tax on an amount: added to it, or inside it when prices include it. Rounded half up.
pub fn on(amount: Money, rate: Rate, inclusive: bool) -> Money {
    let points = i128::from(rate.basis_points());
    let whole = if inclusive { 10_000 + points } else { 10_000 };
    let tax = (i128::from(amount.minor) * points * 2 + whole).div_euclid(whole * 2);
    // At most the amount itself, which fits.
    Money::new(tax as i64, amount.currency)
}

/// The tax on each of these amounts, after discounts.
pub fn on_lines(lines: &[(Money, Rate)], inclusive: bool) -> Vec<Money> {
    let mut taxes: Vec<Money> =
        lines.iter().map(|(amount, _)| Money::zero(amount.currency)).collect();
    let mut done: Vec<Rate> = vec![Rate::NONE];
    for (_, rate) in lines {
        if done.contains(rate) {
            continue;
        }
        done.push(*rate);
        let alike: Vec<usize> = (0..lines.len()).filter(|i| lines[*i].1 == *rate).collect();
        let amounts: Vec<i64> = alike.iter().map(|i| lines[*i].0.minor).collect();
        let zero = Money::zero(lines[alike[0]].0.currency);
        let sum = alike.iter().fold(zero, |sum, i| sum.plus(lines[*i].0));
        for (i, part) in alike.into_iter().zip(on(sum, *rate, inclusive).split(&amounts)) {
            taxes[i] = part;
        }
    }
    taxes
}

/// How much of the tax of a line has gone back when `back` of all the `paid` for it has: so much
/// for any part, all of it with the last.
pub fn back_so_far(tax: Money, paid: Money, back: Money) -> Money {
    assert!((0..=paid.minor).contains(&back.minor), "no more goes back than was paid");
    if paid.is_zero() {
        return Money::zero(tax.currency);
    }
    let share = i128::from(tax.minor) * i128::from(back.minor) / i128::from(paid.minor);
    // At most the tax, which fits.
    Money::new(share as i64, tax.currency)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;
    use proptest::prelude::*;

    fn yuan(minor: i64) -> Money {
        Money::new(minor, Currency::Cny)
    }

    fn points(points: i64) -> Rate {
        Rate::from_basis_points(points).unwrap()
    }

    fn rule(text: &str) -> Rule {
        let part: Vec<&str> = text.split('|').map(str::trim).collect();
        Rule {
            area: Area::parse(part[0]).unwrap(),
            postcode: part[1].to_string(),
            class: Class::parse(part[2]).unwrap(),
            rate: points(part[3].parse().unwrap()),
        }
    }

    #[test]
    fn the_rate_that_names_a_place_most_exactly_holds() {
        let rules: Vec<Rule> = [
            "*              |       | standard |  100",
            "CN             |       | standard | 1300",
            "CN             |       | reduced  |  900",
            "US/CA          |       | standard |  725",
            "US/CA/San Jose |       | standard |  938",
            "US/CA          | 951   | standard |  950",
            "US/CA          | 95112 | standard |  955",
        ]
        .map(rule)
        .to_vec();
        let check = |country: &str, region: &str, city: &str, postcode: &str, class, rate| {
            let text = str::to_string;
            let address = Address {
                country: text(country),
                region: text(region),
                city: text(city),
                postcode: text(postcode),
                ..Address::default()
            };
            let found = rate_at(&rules, &address, class).basis_points();
            assert_eq!(found, rate, "{country} {region} {city} {postcode} {class:?}");
        };
        check("CN", "浙江省", "杭州市", "310000", Class::Standard, 1300);
        check("CN", "浙江省", "杭州市", "310000", Class::Reduced, 900);
        check("CN", "浙江省", "杭州市", "310000", Class::Zero, 0);
        check("US", "CA", "Fresno", "93650", Class::Standard, 725);
        check("US", "CA", "San Jose", "94000", Class::Standard, 938);
        check("US", "CA", "San Jose", "951-99", Class::Standard, 950);
        check("US", "CA", "San Jose", "95112-1", Class::Standard, 955);
        check("US", "CA", "San Jose", "95112", Class::Reduced, 0);
        check("FR", "", "", "", Class::Standard, 100);
        check("", "", "", "", Class::Standard, 100);
        assert_eq!(rate_at(&[], &Address::default(), Class::Standard), Rate::NONE);
    }

    #[test]
    fn goods_have_the_class_their_columns_say() {
        assert_eq!(Class::of_goods(true, ""), Class::Standard);
        assert_eq!(Class::of_goods(true, " Reduced "), Class::Reduced);
        assert_eq!(Class::of_goods(true, "zero"), Class::Zero);
        assert_eq!(Class::of_goods(true, "P0000000"), Class::Standard);
        assert_eq!(Class::of_goods(false, "reduced"), Class::Zero);
    }

    #[test]
    fn tax_is_added_or_inside() {
        let check = |minor, rate, inclusive, tax| {
            assert_eq!(on(yuan(minor), points(rate), inclusive).minor, tax, "{minor} {rate}");
        };
        check(10_000, 1_300, false, 1_300);
        check(11_300, 1_300, true, 1_300);
        check(10_000, 1_300, true, 1_150);
        check(1, 5_000, false, 1);
        check(1, 4_999, false, 0);
        check(3, 10_000, true, 2);
        check(0, 1_300, true, 0);
        check(999, 0, true, 0);
    }

    #[test]
    fn lines_of_one_rate_are_rounded_together() {
        let line = |minor, rate| (yuan(minor), points(rate));
        let taxes = |lines: &[(Money, Rate)], inclusive| -> Vec<i64> {
            on_lines(lines, inclusive).iter().map(|tax| tax.minor).collect()
        };
        // 3 × 0.05 at 10 % is 0.015, rounded to 0.02: each alone would be 0.01.
        assert_eq!(taxes(&[line(5, 1_000), line(5, 1_000), line(5, 1_000)], false), [1, 1, 0]);
        let mixed = [line(1_000, 1_300), line(1_000, 600), line(500, 0), line(1_001, 1_300)];
        assert_eq!(taxes(&mixed, false), [130, 60, 0, 130]);
        assert_eq!(taxes(&[], true), Vec::<i64>::new());
        assert_eq!(taxes(&[line(0, 1_300)], false), [0]);
    }

    #[test]
    fn a_line_given_back_in_parts_gives_back_its_tax() {
        let back = |back| back_so_far(yuan(7), yuan(30), yuan(back)).minor;
        assert_eq!((back(0), back(10), back(20), back(30)), (0, 2, 4, 7));
        assert_eq!(back_so_far(yuan(0), yuan(0), yuan(0)).minor, 0);
    }

    proptest! {
        #[test]
        fn lines_sum_to_what_is_owed_at_each_rate(
            lines in proptest::collection::vec((0i64..10_000_000, 0usize..3), 0..12),
            inclusive: bool,
        ) {
            let rates = [points(1_300), points(600), Rate::NONE];
            let lines: Vec<(Money, Rate)> =
                lines.into_iter().map(|(minor, n)| (yuan(minor), rates[n])).collect();
            let taxes = on_lines(&lines, inclusive);
            for rate in rates {
                let of = lines.iter().zip(&taxes).filter(|((_, r), _)| *r == rate);
                let (mut amount, mut tax) = (0, 0);
                for ((money, _), part) in of {
                    amount += money.minor;
                    tax += part.minor;
                    prop_assert!(part.minor >= 0 && part.minor <= money.minor);
                }
                prop_assert_eq!(tax, on(yuan(amount), rate, inclusive).minor);
            }
        }

        #[test]
        fn what_goes_back_never_shrinks_and_ends_in_all(
            tax in 0i64..1_000_000, more in 0i64..10_000_000,
            parts in proptest::collection::vec(0i64..5_000_000, 1..8),
        ) {
            let paid = yuan(tax + more);
            let mut so_far = yuan(0);
            let mut before = yuan(0);
            for part in parts {
                so_far = so_far.plus(yuan(part)).least(paid);
                let back = back_so_far(yuan(tax), paid, so_far);
                prop_assert!(back.minor >= before.minor && back.minor <= so_far.minor);
                before = back;
            }
            prop_assert_eq!(back_so_far(yuan(tax), paid, paid).minor, tax);
        }
    }
}
