//! What a change by staff comes to.

use proptest::prelude::*;

use super::*;
use crate::money::Currency;

fn line(quantity: i64, unit: i64) -> Line {
    Line { quantity, unit, total: quantity * unit }
}

#[test]
fn a_line_says_what_is_off_or_costs_more() {
    let check = |quantity, unit, total, want: (i64, i64)| {
        let priced = at(line(quantity, unit), total).unwrap();
        assert_eq!((priced.unit, priced.discount), want, "{quantity} × {unit} for {total}");
    };
    check(2, 3_900, 7_800, (3_900, 0));
    check(2, 3_900, 7_000, (3_900, 800));
    check(2, 3_900, 0, (3_900, 7_800));
    check(2, 3_900, 8_000, (4_000, 0));
    // Seven do not divide a hundred: one costs a little more, and that is off.
    check(7, 10, 100, (15, 5));
    assert_eq!(at(line(1, 1), -1), Err(Refusal::BadPrice));
    assert_eq!(at(line(1, 1), i64::MAX), Err(Refusal::BadPrice));
}

#[test]
fn a_total_is_shared_by_what_lines_cost() {
    let lines = [line(1, 100), line(1, 100), line(1, 100)];
    let parts = spread(&lines, Money::new(200, Currency::Cny)).unwrap();
    let totals: Vec<i64> = parts.iter().map(|part| part.total).collect();
    assert_eq!(totals, [67, 67, 66]);
    assert_eq!(spread(&[], Money::new(1, Currency::Cny)), Err(Refusal::BadPrice));
    assert_eq!(spread(&lines, Money::new(-1, Currency::Cny)), Err(Refusal::BadPrice));
}

proptest! {
    #[test]
    fn lines_sum_to_what_was_asked_for(
        lines in proptest::collection::vec((1i64..50, 0i64..100_000), 1..12),
        goods in 0i64..50_000_000,
    ) {
        let lines: Vec<Line> = lines.into_iter().map(|(n, unit)| line(n, unit)).collect();
        let parts = spread(&lines, Money::new(goods, Currency::Cny)).unwrap();
        prop_assert_eq!(parts.iter().map(|part| part.total).sum::<i64>(), goods);
        for (line, part) in lines.iter().zip(&parts) {
            prop_assert!(part.discount >= 0 && part.unit >= 0);
            prop_assert_eq!(part.unit * line.quantity - part.discount, part.total);
        }
    }
}

#[test]
fn tags_are_one_word() {
    assert_eq!(tag(" Gift  wrap "), Ok("gift-wrap".to_string()));
    assert_eq!(tag("急单"), Ok("急单".to_string()));
    let long = "x".repeat(41);
    for bad in ["", "  ", "a,b", &long] {
        assert_eq!(tag(bad), Err(Refusal::BadTag), "{bad}");
    }
}

#[test]
fn a_link_is_good_for_an_hour_to_thirty_days() {
    assert!(check_time(Span::hours(1)).is_ok() && check_time(Span::days(30)).is_ok());
    assert_eq!(check_time(Span::minutes(59)), Err(Refusal::BadTime));
    assert_eq!(check_time(Span::days(31)), Err(Refusal::BadTime));
}
