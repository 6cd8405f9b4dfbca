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
    assert_eq!(cny(0).decimal(), "0.00");
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
fn currencies_are_written_as_the_world_writes_them() {
    for (currency, code, sign, decimals) in [
        (Currency::Cny, "CNY", "¥", 2),
        (Currency::Usd, "USD", "$", 2),
        (Currency::Eur, "EUR", "€", 2),
        (Currency::Gbp, "GBP", "£", 2),
        (Currency::Hkd, "HKD", "HK$", 2),
        (Currency::Sgd, "SGD", "S$", 2),
        (Currency::Jpy, "JPY", "¥", 0),
    ] {
        assert_eq!((currency.code(), currency.symbol()), (code, sign));
        assert_eq!(currency.decimals(), decimals);
        assert_eq!(Currency::parse(&code.to_lowercase()), Some(currency));
    }
    assert_eq!(Currency::parse("XXX"), None);
}

#[test]
fn thousands_stand_where_thousands_end() {
    let read = |text| Money::parse(text, Currency::Cny).map(|money| money.minor);
    assert_eq!(read("1,299,000"), Ok(129_900_000));
    assert_eq!(read("12,000.5"), Ok(1_200_050));
    for bad in ["1234,567", ",299", "1,2990", "1,29", "1,,299", "1,299,", "--1", "-", "1.2.3"] {
        assert_eq!(read(bad), Err(NotMoney::NotANumber), "{bad}");
    }
    // Noughts at the end say nothing, not even where there are no decimals.
    assert_eq!(read("1.500"), Ok(150));
    let yen = |text| Money::parse(text, Currency::Jpy).map(|money| money.minor);
    assert_eq!(yen("12.00"), Ok(12));
    assert_eq!(yen("12.5"), Err(NotMoney::TooManyDecimals));
}

#[test]
fn the_largest_amount_is_the_largest_json_keeps() {
    assert_eq!(LARGEST, 9_007_199_254_740_991);
    assert_eq!(Money::parse("90071992547409.91", Currency::Cny), Ok(cny(LARGEST)));
    assert_eq!(cny(-LARGEST).negated(), cny(LARGEST));
    assert!(std::panic::catch_unwind(|| cny(LARGEST).plus(cny(1))).is_err());
    assert!(std::panic::catch_unwind(|| cny(-LARGEST).minus(cny(1))).is_err());
    assert!(std::panic::catch_unwind(|| cny(LARGEST).times(i64::MAX)).is_err());
}

#[test]
fn amounts_add_and_compare() {
    assert_eq!(cny(7).plus(cny(-9)), cny(-2));
    assert_eq!(cny(7).minus(cny(9)), cny(-2));
    assert_eq!(cny(7).times(3), cny(21));
    assert_eq!(cny(7).least(cny(9)), cny(7));
    assert_eq!(cny(9).least(cny(7)), cny(7));
    assert!(Money::zero(Currency::Cny).is_zero() && !cny(-1).is_zero());
    assert!(std::panic::catch_unwind(|| cny(1).least(Money::zero(Currency::Usd))).is_err());
}

#[test]
fn money_among_nobody_and_weights_below_nothing_are_mistakes() {
    assert_eq!(cny(0).split(&[]), []);
    assert_eq!(cny(0).split(&[1, 2]), [cny(0), cny(0)]);
    assert!(std::panic::catch_unwind(|| cny(1).split(&[])).is_err());
    assert!(std::panic::catch_unwind(|| cny(1).split(&[1, -1])).is_err());
    assert_eq!(cny(-100).split(&[1, 1, 1]), [cny(-34), cny(-33), cny(-33)]);
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
        // What is left over goes to the largest remainders, and of equal ones to the earlier.
        if total > 0 {
            let share = |at: usize| {
                let exact = i128::from(minor.abs()) * i128::from(weights[at]);
                let extra = i128::from(parts[at].minor.abs()) - exact / total;
                (extra, exact % total)
            };
            for at in 1..weights.len() {
                let ((before, first), (extra, rest)) = (share(at - 1), share(at));
                prop_assert!(extra <= before || rest > first);
                prop_assert!(before <= extra || first >= rest);
            }
        }
    }

    #[test]
    fn writing_and_reading_is_the_same_amount(minor in -LARGEST..LARGEST, which in 0usize..7) {
        let money = Money::new(minor, Currency::ALL[which]);
        prop_assert_eq!(Money::parse(&money.decimal(), money.currency), Ok(money));
    }
}
