//! The rates of ways to ship: which one holds where, and what it comes to.

use proptest::prelude::*;

use super::*;
use crate::money::Currency::Cny;

fn load(goods: i64, grams: i64, pieces: i64) -> Load {
    Load { goods: Money::new(goods, Cny), grams, pieces }
}

fn at(country: &str, region: &str, city: &str) -> Address {
    let text = str::to_string;
    Address { country: text(country), region: text(region), city: text(city), ..Address::default() }
}

fn areas(of: &[&str]) -> Vec<Area> {
    of.iter().map(|area| Area::parse(area).unwrap()).collect()
}

#[test]
fn enough_goods_travel_free() {
    let rate = Rate::flat(800, Some(9_900));
    assert_eq!(rate.fee(&load(9_899, 0, 1)).minor, 800);
    assert_eq!(rate.fee(&load(9_900, 0, 1)).minor, 0);
    assert_eq!(rate.fee(&load(100, 0, 0)).minor, 0, "nothing is carried");
    assert_eq!(Rate::flat(800, None).fee(&load(99_000, 0, 1)).minor, 800);
}

#[test]
fn a_begun_step_is_paid_for() {
    let by =
        |basis| Rate { basis, first: 1_000, step: 500, step_fee: 200, ..Rate::flat(800, None) };
    let check = |rate: &Rate, load: Load, fee| assert_eq!(rate.fee(&load).minor, fee, "{load:?}");
    let weight = by(Basis::Weight);
    check(&weight, load(1, 0, 1), 800);
    check(&weight, load(1, 1_000, 1), 800);
    check(&weight, load(1, 1_001, 1), 1_000);
    check(&weight, load(1, 1_500, 1), 1_000);
    check(&weight, load(1, 1_501, 1), 1_200);
    let piece = Rate { first: 2, step: 1, free_pieces: Some(5), ..by(Basis::Piece) };
    check(&piece, load(1, 9_999, 2), 800);
    check(&piece, load(1, 0, 4), 1_200);
    check(&piece, load(1, 0, 5), 0);
}

#[test]
fn the_rate_that_names_a_place_most_exactly_holds() {
    let rates = [
        Rate { areas: areas(&["*"]), ..Rate::flat(3_000, None) },
        Rate { areas: areas(&["CN"]), ..Rate::flat(800, None) },
        Rate { areas: areas(&["CN/西藏", "CN/新疆"]), delivers: false, ..Rate::flat(0, None) },
        Rate { areas: areas(&["CN/新疆/乌鲁木齐"]), ..Rate::flat(2_000, None) },
        Rate { areas: areas(&["CN"]), ..Rate::flat(1, None) },
    ];
    let check = |address: Address, fee: Result<i64, Refusal>| {
        let rate = rate_at(&rates, &address).map(|rate| rate.fee(&load(1, 1, 1)).minor);
        assert_eq!(rate, fee, "{address:?}");
    };
    check(at("CN", "浙江省", "杭州"), Ok(800));
    check(at("CN", "Tibet", "Lhasa"), Err(Refusal::NotDelivered));
    check(at("CN", "新疆维吾尔自治区", "喀什"), Err(Refusal::NotDelivered));
    check(at("CN", "新疆", "乌鲁木齐市"), Ok(2_000));
    check(at("US", "CA", "San Jose"), Ok(3_000));
    assert_eq!(rate_at(&rates[1..], &at("US", "", "")), Err(Refusal::NotDelivered));
    assert_eq!(rate_at(&[], &at("CN", "", "")), Err(Refusal::NotDelivered));
}

#[test]
fn a_rate_that_cannot_be_is_refused() {
    let check = |edit: fn(&mut Rate), field| {
        let mut rate = Rate::flat(800, None);
        edit(&mut rate);
        assert_eq!(rate.checked().err(), Some(Refusal::BadRate(field)));
    };
    check(|rate| rate.areas.clear(), "areas");
    check(|rate| rate.first = 0, "first");
    check(|rate| rate.first_fee = -1, "first_fee");
    check(|rate| rate.step = 0, "step");
    check(|rate| rate.step_fee = MOST + 1, "step_fee");
    check(|rate| rate.free_from = Some(0), "free_from");
    check(|rate| rate.free_pieces = Some(-1), "free_pieces");
    assert!(Rate::flat(0, Some(1)).checked().is_ok());
}

proptest! {
    #[test]
    fn more_never_costs_less_unless_it_is_free(
        (first, step, fee, step_fee) in (1i64..5_000, 1i64..2_000, 0i64..10_000, 0i64..1_000),
        (grams, more) in (0i64..50_000, 0i64..50_000),
    ) {
        let flat = Rate::flat(fee, None);
        let rate = Rate { basis: Basis::Weight, first, step, step_fee, ..flat };
        let (small, large) = (rate.fee(&load(1, grams, 1)), rate.fee(&load(1, grams + more, 1)));
        prop_assert!(small.minor <= large.minor && small.minor >= fee);
        // The steps cover the weight, and one fewer would not.
        let paid = (large.minor - fee).checked_div(step_fee).unwrap_or(0);
        if step_fee > 0 {
            prop_assert!(first + paid * step >= grams + more);
            prop_assert!(paid == 0 || first + (paid - 1) * step < grams + more);
        }
    }
}
