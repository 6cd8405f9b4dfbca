//! Money: whole minor units with their currency, and the one way to split it.

use serde::{Deserialize, Serialize};

/// The largest amount in minor units: what a JSON number keeps exactly (2^53 − 1).
pub const LARGEST: i64 = 9_007_199_254_740_991;

/// What value is counted in: an ISO 4217 currency the shop can sell in, or points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Currency {
    Cny,
    Usd,
    Eur,
    Gbp,
    Hkd,
    Sgd,
    Jpy,
    /// Points are no money: they are in no price and no wallet, and lie in the books beside it.
    #[serde(rename = "PTS")]
    Points,
}

impl Currency {
    /// Those that goods can be sold in.
    pub const ALL: [Currency; 7] = [
        Currency::Cny,
        Currency::Usd,
        Currency::Eur,
        Currency::Gbp,
        Currency::Hkd,
        Currency::Sgd,
        Currency::Jpy,
    ];

    /// The ISO 4217 letters.
    pub fn code(self) -> &'static str {
        match self {
            Currency::Cny => "CNY",
            Currency::Usd => "USD",
            Currency::Eur => "EUR",
            Currency::Gbp => "GBP",
            Currency::Hkd => "HKD",
            Currency::Sgd => "SGD",
            Currency::Jpy => "JPY",
            Currency::Points => "PTS",
        }
    }

    /// The sign put before an amount.
    pub fn symbol(self) -> &'static str {
        match self {
            Currency::Cny | Currency::Jpy => "¥",
            Currency::Usd => "$",
            Currency::Eur => "€",
            Currency::Gbp => "£",
            Currency::Hkd => "HK$",
            Currency::Sgd => "S$",
            Currency::Points => "",
        }
    }

    /// How many decimals the minor unit has (ISO 4217 exponent).
    pub fn decimals(self) -> u32 {
        match self {
            Currency::Jpy | Currency::Points => 0,
            _ => 2,
        }
    }

    /// Whether goods can be sold in it.
    pub fn is_money(self) -> bool {
        self != Currency::Points
    }

    /// Everything the books count in.
    pub fn units() -> impl Iterator<Item = Currency> {
        Currency::ALL.into_iter().chain([Currency::Points])
    }

    /// A unit by its code, as the books have it.
    pub fn of_books(code: &str) -> Option<Currency> {
        Currency::units().find(|unit| unit.code() == code)
    }

    /// A currency that goods can be sold in, by its letters.
    pub fn parse(code: &str) -> Option<Currency> {
        Currency::ALL.into_iter().find(|currency| currency.code().eq_ignore_ascii_case(code))
    }
}

/// An amount in minor units of one currency. May be negative (a debit).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Money {
    pub minor: i64,
    pub currency: Currency,
}

/// Why a text is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotMoney {
    Empty,
    NotANumber,
    TooManyDecimals,
    TooLarge,
}

impl Money {
    pub fn new(minor: i64, currency: Currency) -> Money {
        assert!((-LARGEST..=LARGEST).contains(&minor), "an amount is beyond what JSON keeps");
        Money { minor, currency }
    }

    pub fn zero(currency: Currency) -> Money {
        Money { minor: 0, currency }
    }

    pub fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// The sum. Adding different currencies is a programmer's error.
    #[must_use]
    pub fn plus(self, other: Money) -> Money {
        assert_eq!(self.currency, other.currency, "amounts of two currencies do not add");
        Money::new(self.minor + other.minor, self.currency)
    }

    /// The difference, which may be negative.
    #[must_use]
    pub fn minus(self, other: Money) -> Money {
        self.plus(other.negated())
    }

    #[must_use]
    pub fn negated(self) -> Money {
        Money { minor: -self.minor, currency: self.currency }
    }

    /// `count` times the amount.
    #[must_use]
    pub fn times(self, count: i64) -> Money {
        let minor = self.minor.checked_mul(count).expect("a price times a quantity fits");
        Money::new(minor, self.currency)
    }

    #[must_use]
    pub fn least(self, other: Money) -> Money {
        assert_eq!(self.currency, other.currency, "amounts of two currencies do not compare");
        if other.minor < self.minor { other } else { self }
    }

    /// Shares the amount in proportion to `weights` by largest remainder: the parts always sum to
    /// the whole, each is within one minor unit of its exact share, and ties go to the earlier
    /// part. With weights that are all zero the first part takes everything.
    pub fn split(self, weights: &[i64]) -> Vec<Money> {
        assert!(weights.iter().all(|weight| *weight >= 0), "weights are not negative");
        if weights.is_empty() {
            assert!(self.is_zero(), "money cannot be shared among nobody");
            return Vec::new();
        }
        let total: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
        if total == 0 {
            let mut parts = vec![Money::zero(self.currency); weights.len()];
            parts[0] = self;
            return parts;
        }
        let amount = i128::from(self.minor.abs());
        let mut parts: Vec<i128> =
            weights.iter().map(|weight| amount * i128::from(*weight) / total).collect();
        let mut left = amount - parts.iter().sum::<i128>();
        let mut order: Vec<usize> = (0..weights.len()).collect();
        order.sort_by_key(|i| std::cmp::Reverse(amount * i128::from(weights[*i]) % total));
        for i in order {
            if left == 0 {
                break;
            }
            parts[i] += 1;
            left -= 1;
        }
        let sign = self.minor.signum();
        // Each part is at most the amount, which fits.
        parts.into_iter().map(|part| Money::new(part as i64 * sign, self.currency)).collect()
    }

    /// Reads a plain decimal such as `39`, `39.9` or `1,299.00`.
    pub fn parse(text: &str, currency: Currency) -> Result<Money, NotMoney> {
        let text = text.trim();
        if text.is_empty() {
            return Err(NotMoney::Empty);
        }
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let whole = without_separators(whole).ok_or(NotMoney::NotANumber)?;
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !all_digits(&whole) || !all_digits(part) {
            return Err(NotMoney::NotANumber);
        }
        let decimals = currency.decimals() as usize;
        let part = part.trim_end_matches('0');
        if part.len() > decimals {
            return Err(NotMoney::TooManyDecimals);
        }
        let minor: i64 =
            format!("{whole}{part:0<decimals$}").parse().map_err(|_| NotMoney::TooLarge)?;
        if minor > LARGEST {
            return Err(NotMoney::TooLarge);
        }
        Ok(Money::new(if negative { -minor } else { minor }, currency))
    }

    /// A plain decimal without a sign of the currency: `1299.00`. What `parse` reads back.
    pub fn decimal(self) -> String {
        let decimals = self.currency.decimals() as usize;
        let sign = if self.minor < 0 { "-" } else { "" };
        let digits = format!("{:0>width$}", self.minor.unsigned_abs(), width = decimals + 1);
        let (whole, part) = digits.split_at(digits.len() - decimals);
        if decimals == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
    }
}

/// `1,299` without its commas, if they stand where thousands end.
fn without_separators(whole: &str) -> Option<String> {
    if !whole.contains(',') {
        return Some(whole.to_string());
    }
    let mut groups = whole.split(',');
    let first = groups.next().filter(|group| (1..=3).contains(&group.len()))?;
    let mut joined = first.to_string();
    for group in groups {
        if group.len() != 3 {
            return None;
        }
        joined.push_str(group);
    }
    Some(joined)
}

#[cfg(test)]
mod tests;
