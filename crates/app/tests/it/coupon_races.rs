//! Coupons with everybody at once, on both engines: exactly as many as there were to be.

use app::checkout::{self, Place};
use app::{Visitor, coupon, order_desk};
use domain::id::Id;

use crate::coupons::amount;
use crate::prices::now;
use crate::races::{at_once, both, expect, rounds};
use crate::support::{TestShop, both_engines};
use crate::trade::place;

fn crowd(shop: &TestShop, n: usize) -> Vec<Visitor> {
    (0..n).map(|number| shop.shopper(&format!("claimer-{number}"))).collect()
}

/// Case 1: one coupon, sixty-four orders.
#[test]
fn sixty_four_orders_use_one_coupon_once() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 10_000, 1_000);
        let kind = shop.coupons("ten", amount(1_000), |_| ());
        let id = shop.takes(&shop.ann, &kind).id;
        let results = at_once(64, |_| shop.order_with(&shop.ann, now(tea, 1), &[id]));
        expect(shop, &results, &[("ok", 1), ("coupon.not_held", 63)]);
        assert_eq!(shop.number("select count(*) from orders where discount = 1000"), 1);
        assert_eq!(shop.number("select count(*) from orders"), 1);
    });
}

#[test]
fn two_hundred_and_fifty_six_take_the_last_ten() {
    both_engines(|shop| {
        let kind = shop.coupons("ten", amount(1_000), |put| {
            (put.total, put.per_cluster) = (Some(10), Some(1));
        });
        let crowd = crowd(shop, 256);
        let results = at_once(256, |n| coupon::claim(&shop.app, &crowd[n], kind.id));
        expect(shop, &results, &[("ok", 10), ("coupon.all_taken", 246)]);
        assert_eq!(shop.number("select taken from coupon_templates"), 10);
    });
}

#[test]
fn one_person_takes_no_more_than_theirs_in_parallel() {
    both_engines(|shop| {
        let kind = shop.coupons("ten", amount(1_000), |put| put.per_person = 3);
        let results = at_once(64, |_| coupon::claim(&shop.app, &shop.eve, kind.id));
        expect(shop, &results, &[("ok", 3), ("coupon.enough_for_person", 61)]);
    });
}

#[test]
fn people_of_one_address_take_no_more_than_a_household_may() {
    both_engines(|shop| {
        let kind = shop.coupons("ten", amount(1_000), |put| put.per_cluster = Some(2));
        let crowd = crowd(shop, 64);
        for who in &crowd {
            let entry = app::address::PutEntry { address: crate::trade::address(), usual: true };
            app::address::add(&shop.app, who, entry).unwrap();
        }
        let results = at_once(64, |n| coupon::claim(&shop.app, &crowd[n], kind.id));
        expect(shop, &results, &[("ok", 2), ("coupon.enough_for_household", 62)]);
    });
}

#[test]
fn a_code_is_redeemed_by_one_of_many() {
    both_engines(|shop| {
        let kind = shop.coupons("ten", amount(1_000), |put| put.listed = false);
        let zoe = shop.keyed(&shop.zoe);
        coupon::make_codes(&shop.app, &zoe, kind.id, 1, "one").unwrap();
        let file = coupon::export(&shop.app, &shop.zoe, kind.id).unwrap();
        let code = file.lines().nth(1).and_then(|line| line.split(',').next()).unwrap();
        let crowd = crowd(shop, 64);
        let results = at_once(64, |n| coupon::redeem(&shop.app, &crowd[n], code));
        expect(shop, &results, &[("ok", 1), ("coupon.bad_code", 63)]);
    });
}

/// An order is cancelled while another wants its coupon: never two orders with one coupon, and
/// never a coupon that nobody has.
#[test]
fn a_coupon_comes_back_to_one_of_two() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 10_000, 1_000);
        for n in 0..rounds() {
            let kind = shop.coupons(&format!("ten {n}"), amount(1_000), |_| ());
            let id = shop.takes(&shop.ann, &kind).id;
            let first = shop.order_with(&shop.ann, now(tea, 1), &[id]).unwrap();
            let (ended, second) = both(
                || order_desk::cancel(&shop.app, &shop.ann, first.order),
                || shop.order_with(&shop.ann, now(tea, 1), &[id]),
            );
            ended.unwrap();
            let want = if second.is_ok() { "used" } else { "held" };
            assert_eq!(shop.coupon_state(&shop.ann, id), want, "on {}", shop.engine);
        }
    });
}

/// Those who use coupons and those who use none are decided in one lane.
#[test]
fn with_and_without_coupons_the_last_units_are_sold_once() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 10_000, 20);
        let kind = shop.coupons("ten", amount(1_000), |_| ());
        let crowd = crowd(shop, 64);
        let with: Vec<Id<_>> = crowd[..32].iter().map(|who| shop.takes(who, &kind).id).collect();
        let results = at_once(64, |n| {
            let coupons = with.get(n).map(|id| vec![*id]);
            let place = Place { coupons, ..place(now(tea, 1)) };
            checkout::place(&shop.app, &shop.keyed(&crowd[n]), place)
        });
        expect(shop, &results, &[("ok", 20), ("inventory.only_left", 44)]);
        let used = shop.number("select count(*) from coupons where state = 'used'");
        let sold = shop.number("select count(*) from orders where discount = 1000");
        assert_eq!(used, sold);
    });
}
