//! Amounts: read, written, split.

use proptest::prelude::*;

use super::*;

fn cny(minor: i64) -> Money {
    Money::new(minor, Currency::Cny)
}

#[test]
fn amounts_are_read_and_written() {
    for (text, minor) in
        [("39", 3900), ("39.9", 3990), ("0.05", 5), ("1,299.00", 129_900), ("-3.10", -310)]
    {
        assert_eq!(Money::parse(text, Currency::Cny), Ok(cny(minor)), "{text}");
    }
    assert_eq!(cny(5).decimal(), "0.05");
    assert_eq!(cny(-310).decimal(), "-3.10");
    assert_eq!(Money::new(1200, Currency::Jpy).decimal(), "1200");
}

#[test]
fn what_is_no_amount_says_why() {
    for (text, why) in [
        ("", NotMoney::Empty),
        ("abc", NotMoney::NotANumber),
        ("1e3", NotMoney::NotANumber),
        ("12,34", NotMoney::NotANumber),
        (".5", NotMoney::NotANumber),
        ("1.005", NotMoney::TooManyDecimals),
        ("90071992547409.92", NotMoney::TooLarge),
        ("99999999999999999999", NotMoney::TooLarge),
    ] {
        assert_eq!(Money::parse(text, Currency::Cny), Err(why), "{text}");
    }
}

#[test]
fn a_cent_left_over_goes_to_the_largest_remainder() {
    let parts = cny(100).split(&[1, 1, 1]);
    assert_eq!(parts, [cny(34), cny(33), cny(33)]);
    assert_eq!(cny(10).split(&[0, 3, 7]), [cny(0), cny(3), cny(7)]);
    assert_eq!(cny(7).split(&[0, 0]), [cny(7), cny(0)]);
}

#[test]
#[should_panic(expected = "two currencies")]
fn two_currencies_do_not_add() {
    let _ = cny(1).plus(Money::new(1, Currency::Usd));
}

proptest! {
    #[test]
    fn parts_sum_to_the_whole(
        minor in -1_000_000_000i64..1_000_000_000,
        weights in proptest::collection::vec(0i64..1_000_000, 1..20),
    ) {
        let parts = cny(minor).split(&weights);
        prop_assert_eq!(parts.iter().map(|part| part.minor).sum::<i64>(), minor);
        let total: i128 = weights.iter().map(|w| i128::from(*w)).sum();
        for (part, weight) in parts.iter().zip(&weights) {
            if total > 0 {
                let scaled = i128::from(part.minor) * total;
                let exact = i128::from(minor) * i128::from(*weight);
                prop_assert!((scaled - exact).abs() < total);
            }
        }
    }

    #[test]
    fn writing_and_reading_is_the_same_amount(minor in -LARGEST..LARGEST, which in 0usize..7) {
        let money = Money::new(minor, Currency::ALL[which]);
        prop_assert_eq!(Money::parse(&money.decimal(), money.currency), Ok(money));
    }
}
