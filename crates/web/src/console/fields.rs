//! Numbers and amounts as people type them.

use domain::money::{Currency, Money};

pub use crate::locale::percent;

/// A whole number: `12`, `+12`, `−1`, `1,200`, full-width digits too.
pub fn whole(text: &str) -> Option<i64> {
    plain(text).trim_start_matches('+').parse().ok()
}

/// An amount: `39`, `39.90`, `¥1,299`.
pub fn amount(text: &str, currency: Currency) -> Option<Money> {
    let text = plain(text);
    Money::parse(text.trim_start_matches(currency.symbol()), currency).ok()
}

/// A rate in basis points: `12.5` is 1250.
pub fn points(text: &str) -> Option<i64> {
    // Percent with two decimals is an amount with two decimals.
    amount(text.trim().trim_end_matches('%'), Currency::Eur).map(|percent| percent.minor)
}

fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, ',' | '，' | '¥' | '￥'))
        .map(|c| match c {
            '−' | '－' | '–' => '-',
            '＋' => '+',
            '．' | '。' => '.',
            // Full-width digits stand in a row, like the narrow ones.
            '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_type_them() {
        let check = |typed, want| assert_eq!(whole(typed), want, "{typed}");
        check("12", Some(12));
        check("+12", Some(12));
        check(" −1 ", Some(-1));
        check("１２", Some(12));
        check("1,200", Some(1_200));
        check("many", None);
        check("", None);
    }

    #[test]
    fn amounts_as_people_type_them() {
        let yuan = |minor| Some(Money::new(minor, Currency::Cny));
        assert_eq!(amount("39", Currency::Cny), yuan(3_900));
        assert_eq!(amount("¥1,299.50", Currency::Cny), yuan(129_950));
        assert_eq!(amount("３９．９", Currency::Cny), yuan(3_990));
        assert_eq!(amount("thirty", Currency::Cny), None);
    }

    #[test]
    fn rates_as_people_type_them() {
        assert_eq!(points("12.5"), Some(1_250));
        assert_eq!(points("20 %"), Some(2_000));
        assert_eq!((percent(1_250), percent(2_000)), ("12.5".into(), "20".into()));
    }
}
