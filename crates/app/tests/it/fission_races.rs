//! Fission coupons with everybody at once, on two nodes: exactly as many as there are.

use app::{Visitor, fission};
use domain::moment::Span;
use domain::red_packet::Split;

use crate::campaigns::pots;
use crate::fissions::{begin, kind, starts, take, terms};
use crate::games::end;
use crate::races::{at_once, both, expect, rounds};
use crate::support::{TestShop, both_engines};

fn crowd(shop: &TestShop, n: usize) -> Vec<Visitor> {
    (0..n).map(|number| shop.shopper(&format!("friend-{number}"))).collect()
}

#[test]
fn sixty_four_take_the_last_parts() {
    both_engines(|shop| {
        let terms = domain::fission::Terms { count: 10, ..terms(&kind(shop)) };
        let campaign = starts(shop, terms, 2_000);
        let id = begin(shop, &shop.ann, campaign).unwrap().id;
        let crowd = crowd(shop, 64);
        // One node decides in one lane; two have to hold against each other.
        let other = shop.another_node();
        let results = at_once(64, |n| {
            let app = other.as_ref().filter(|_| n % 2 == 1).unwrap_or(&shop.app);
            fission::take(app, &shop.keyed(&crowd[n]), id).map(|taken| taken.value.amount.minor)
        });
        expect(shop, &results, &[("ok", 10), ("fission.all_taken", 54)]);
        let taken: i64 = results.iter().flatten().sum();
        assert_eq!(taken, 2_000);
        assert_eq!(shop.number("select count(*) from coupons"), 10);
    });
}

#[test]
fn nobody_takes_two_parts_at_once() {
    both_engines(|shop| {
        let campaign = starts(shop, terms(&kind(shop)), 2_000);
        let id = begin(shop, &shop.ann, campaign).unwrap().id;
        let other = shop.another_node();
        let results = at_once(64, |n| {
            let app = other.as_ref().filter(|_| n % 2 == 1).unwrap_or(&shop.app);
            fission::take(app, &shop.keyed(&shop.bob), id)
        });
        assert_eq!(results.iter().flatten().count(), 1, "on {}", shop.engine);
        assert_eq!(fission::get(&shop.app, &shop.bob, id).unwrap().taken, 1);
    });
}

#[test]
fn one_takes_one_friends_part() {
    both_engines(|shop| {
        let campaign = starts(shop, terms(&kind(shop)), 40_000);
        let shared: Vec<_> =
            crowd(shop, 16).iter().map(|who| begin(shop, who, campaign).unwrap().id).collect();
        let other = shop.another_node();
        let results = at_once(16, |n| {
            let app = other.as_ref().filter(|_| n % 2 == 1).unwrap_or(&shop.app);
            fission::take(app, &shop.keyed(&shop.bob), shared[n])
        });
        expect(shop, &results, &[("ok", 1), ("fission.enough", 15)]);
    });
}

#[test]
fn sixty_four_start_the_last_five() {
    both_engines(|shop| {
        let campaign = starts(shop, terms(&kind(shop)), 10_999);
        let crowd = crowd(shop, 64);
        let other = shop.another_node();
        let results = at_once(64, |n| {
            let app = other.as_ref().filter(|_| n % 2 == 1).unwrap_or(&shop.app);
            fission::begin(app, &shop.keyed(&crowd[n]), campaign)
        });
        expect(shop, &results, &[("ok", 5), ("fission.none_left", 59)]);
        assert_eq!(pots(shop, campaign), (999, 10_000, 0, 0));
    });
}

/// Somebody takes a part while it is closed: they have it and it waits, or it went back.
#[test]
fn a_part_is_taken_or_goes_back() {
    both_engines(|shop| {
        let kind = kind(shop);
        for round in 0..rounds() {
            let equal = domain::fission::Terms { count: 2, split: Split::Equal, ..terms(&kind) };
            let campaign = starts(shop, equal, 2_000);
            let id = begin(shop, &shop.ann, campaign).unwrap().id;
            let who = shop.shopper(&format!("late-{round}"));
            // By its own time, and by the hand of staff.
            let close = || match round % 2 {
                0 => shop.later(Span::hours(24)),
                _ => {
                    end(shop, campaign);
                    shop.work();
                }
            };
            let (took, ()) = both(|| take(shop, &who, id), close);
            let late = ["fission.expired", "fission.all_taken"];
            assert!(took.as_ref().map_or_else(|no| late.contains(&no.code()), |_| true));
            let waits = if took.is_ok() { 1_000 } else { 0 };
            let (available, escrow, given, returned) = pots(shop, campaign);
            assert_eq!((available + returned, escrow, given), (2_000 - waits, waits, 0));
        }
    });
}
