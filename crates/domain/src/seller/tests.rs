//! How an order's money is parted, and how it is given back, to the cent.

use proptest::prelude::*;

use super::*;
use crate::money::Currency::Cny;

fn cny(minor: i64) -> Money {
    Money::new(minor, Cny)
}

fn rate(points: i64) -> Rate {
    Rate::from_basis_points(points).unwrap()
}

#[test]
fn a_commission_is_on_goods_alone() {
    let check = |amount, goods, points, commission, net| {
        let part = part(cny(amount), cny(goods), rate(points));
        assert_eq!((part.commission.minor, part.net.minor), (commission, net));
        assert_eq!(part.goods.minor + part.other.minor, amount);
    };
    check(11_000, 10_000, 500, 500, 10_500);
    check(10_000, 10_000, 0, 0, 10_000);
    check(10_000, 10_000, 10_000, 10_000, 0);
    // Half a cent is a cent, less is none.
    check(1_030, 30, 500, 2, 1_028);
    check(1_029, 29, 500, 1, 1_028);
    check(0, 0, 500, 0, 0);
    // Never more goods than money.
    check(50, 100, 1_000, 5, 45);
}

#[test]
fn a_basket_is_grouped_in_the_order_it_was_filled() {
    let (tea, cup) = (Some(Id::new(7)), Some(Id::new(9)));
    let groups = by_seller([(1, tea), (2, None), (3, tea), (4, cup)], |line| line.1);
    let told: Vec<(Option<Id<Seller>>, Vec<i32>)> = groups
        .into_iter()
        .map(|(of, lines)| (of, lines.into_iter().map(|line| line.0).collect()))
        .collect();
    assert_eq!(told, [(tea, vec![1, 3]), (None, vec![2]), (cup, vec![4])]);
    assert_eq!(seller_of([tea, tea]), Ok(tea));
    assert_eq!(seller_of([None, None]), Ok(None));
    assert_eq!(seller_of([]), Ok(None));
    assert_eq!(seller_of([tea, None]), Err(Refusal::SeveralSellers));
    assert_eq!(seller_of([None, cup]), Err(Refusal::SeveralSellers));
    assert_eq!(seller_of([tea, cup]), Err(Refusal::SeveralSellers));
}

#[test]
fn debts_are_kept_back() {
    assert_eq!(to_split(900, 900), 900);
    assert_eq!(to_split(900, 5_000), 900);
    assert_eq!(to_split(900, 300), 300);
    assert_eq!(to_split(900, -300), 0);
    assert_eq!(to_split(0, 300), 0);
}

#[test]
fn months_are_the_shop_s() {
    let zone = Span::hours(8);
    let at = |text: &str| Moment::parse(text).unwrap();
    let month = |text| Month::of(at(text), zone).to_string();
    assert_eq!(month("2026-11-30T15:59:59Z"), "2026-11");
    assert_eq!(month("2026-11-30T16:00:00Z"), "2026-12");
    assert_eq!(month("2026-12-31T16:00:00Z"), "2027-01");
    let december = Month::parse("2026-12").unwrap();
    assert_eq!(december.start(zone), at("2026-11-30T16:00:00Z"));
    assert_eq!(december.plus(1).to_string(), "2027-01");
    assert_eq!(december.number(), 202_612);
    assert_eq!(Month::from_number(202_612), Some(december));
    for bad in ["2026-13", "2026-00", "26-11", "2026-1", "2026-011", "x", "2026", "+026-11"] {
        assert_eq!(Month::parse(bad), None, "{bad}");
    }
    for number in [0, 202_600, 202_613, 196_912] {
        assert_eq!(Month::from_number(number), None, "{number}");
    }
}

#[test]
fn states_are_read_back_by_their_codes() {
    for status in [Status::Active, Status::Paused] {
        assert_eq!(Status::parse(status.code()), Some(status));
    }
    assert_eq!(Status::parse("gone"), None);
}

proptest! {
    /// However a completed order is refunded, in whatever parts: what stays parted is what one
    /// would have parted at once, and when all is back nothing stays with anybody.
    #[test]
    fn refunds_take_back_the_commission_to_the_cent(
        goods in 0_i64..100_000, other in 0_i64..5_000, points in 0_i64..=10_000,
        cuts in proptest::collection::vec((0_i64..50_000, 0_i64..2_000), 0..8),
    ) {
        let points = rate(points);
        let whole = part(cny(goods + other), cny(goods), points);
        prop_assert_eq!(whole.net.minor + whole.commission.minor, goods + other);
        let (mut kept, mut left, mut rest) = (whole, goods, other);
        let ends = [(goods, other)];
        for (of_goods, of_other) in cuts.into_iter().chain(ends) {
            let (g, o) = (of_goods.min(left), of_other.min(rest));
            (left, rest) = (left - g, rest - o);
            let taken = back(&kept, cny(g + o), cny(left), points);
            let net = taken.goods.minor + taken.other.minor - taken.commission.minor;
            prop_assert_eq!(net, taken.net.minor);
            // A refund never pays anybody, and gives the buyer exactly what it should.
            prop_assert!(taken.net.minor <= 0 && taken.commission.minor <= 0);
            prop_assert_eq!(taken.net.minor + taken.commission.minor, -(g + o));
            kept = Part {
                goods: kept.goods.plus(taken.goods),
                other: kept.other.plus(taken.other),
                commission: kept.commission.plus(taken.commission),
                net: kept.net.plus(taken.net),
            };
            prop_assert_eq!(kept, part(cny(left + rest), cny(left), points));
        }
        prop_assert!(kept.net.is_zero() && kept.commission.is_zero());
    }
}
