//! Fission coupons on both engines: started, shared, used at the checkout, and what becomes of the
//! money of every part.

use app::address::{self, PutEntry};
use app::campaign::Terms;
use app::coupon::{self, TemplateView};
use app::failure::Failure;
use app::fission::{self, FissionTaken, FissionView};
use app::{Visitor, order_desk};
use domain::campaign::Campaign;
use domain::fission::{Fission, Starts, Takers, Terms as Split};
use domain::id::Id;
use domain::moment::Span;
use domain::place::Address;
use domain::seed::Seed;

use crate::after_sale::code;
use crate::campaigns::pots;
use crate::coupons::amount;
use crate::games::{cny, end, launch};
use crate::prices::now;
use crate::support::{TestShop, both_engines};
use crate::trade::address;

/// A kind of coupon that is used from ¥30, which nobody finds in the claim centre.
pub fn kind(shop: &TestShop) -> TemplateView {
    shop.coupons("friends", amount(100), |put| {
        (put.threshold, put.listed) = (3_000, false);
    })
}

/// ¥20 in five parts of ¥1 at least.
pub fn terms(kind: &TemplateView) -> Split {
    Split { coupon: Some(kind.id), ..Split::usual(2_000) }
}

pub fn starts(shop: &TestShop, terms: Split, budget: i64) -> Id<Campaign> {
    launch(shop, Terms::FissionCoupon(terms), budget, |_| ()).unwrap()
}

pub fn begin(
    shop: &TestShop,
    who: &Visitor,
    campaign: Id<Campaign>,
) -> Result<FissionView, Failure> {
    Ok(fission::begin(&shop.app, &shop.keyed(who), campaign)?.value)
}

pub fn take(shop: &TestShop, who: &Visitor, id: Id<Fission>) -> Result<FissionTaken, Failure> {
    Ok(fission::take(&shop.app, &shop.keyed(who), id)?.value)
}

fn see(shop: &TestShop, who: &Visitor, id: Id<Fission>) -> FissionView {
    fission::get(&shop.app, who, id).unwrap()
}

#[test]
fn friends_take_parts_and_use_them() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 10_000, 100);
        let campaign = starts(shop, terms(&kind(shop)), 5_000);
        let begun = begin(shop, &shop.ann, campaign).unwrap();
        let id = begun.id;
        // All of it is reserved before anybody comes, and whoever has one goes on with that.
        assert_eq!(pots(shop, campaign), (3_000, 2_000, 0, 0));
        assert_eq!(begin(shop, &shop.ann, campaign).unwrap().id, id);
        assert_eq!((begun.own, begun.count, begun.seed), (true, 5, None));
        let own = take(shop, &shop.ann, id).unwrap();
        let bobs = take(shop, &shop.bob, id).unwrap();
        assert_eq!((own.number, bobs.number), (1, 2));
        assert_eq!(code(take(shop, &shop.bob, id)), "fission.already_taken");
        let seen = see(shop, &shop.eve, id);
        assert_eq!((seen.taken, seen.mine, seen.own), (2, None, false));
        assert!(seen.parts.iter().all(|part| !part.luckiest && part.who.ends_with("**")));
        let mut sum = own.amount.minor + bobs.amount.minor;
        for who in [&shop.eve, &shop.lin, &shop.shopper("fay")] {
            sum += take(shop, who, id).unwrap().amount.minor;
        }
        assert_eq!(sum, 2_000);
        assert_eq!(code(take(shop, &shop.shopper("gus"), id)), "fission.all_taken");
        // All taken: the luckiest is known, and everybody can divide it again.
        let seen = see(shop, &shop.bob, id);
        let best = seen.parts.iter().map(|part| part.amount.minor).max().unwrap();
        let lucky: Vec<i64> =
            seen.parts.iter().filter(|part| part.luckiest).map(|part| part.amount.minor).collect();
        assert_eq!(lucky, [best]);
        let seed = Seed::parse(&seen.seed.unwrap()).unwrap();
        assert_eq!(seed.hash(), begun.hash);
        let parts: Vec<i64> = seen.parts.iter().rev().map(|part| part.amount.minor).collect();
        assert_eq!(terms(&kind_again(shop)).divide(&seed), parts);

        // It is a coupon like every other: from ¥30 on, once, and what it cost waits until the
        // order is kept.
        let coupon = bobs.coupon.id;
        assert_eq!(seen.mine.unwrap().id, coupon);
        let placed = shop.order_with(&shop.bob, now(tea, 1), &[coupon]).unwrap();
        assert_eq!(shop.see(&shop.bob, placed.order).discount, bobs.amount);
        assert_eq!(code(shop.order_with(&shop.bob, now(tea, 1), &[coupon])), "coupon.not_held");
        shop.pay(&shop.bob, placed.order).unwrap();
        shop.ship_it(placed.order);
        order_desk::confirm_receipt(&shop.app, &shop.bob, placed.order).unwrap();
        assert_eq!(pots(shop, campaign), (3_000, 2_000, 0, 0));
        let desk = fission::desk(&shop.app, &shop.zoe, campaign).unwrap();
        assert_eq!((desk.started, desk.taken, desk.used), (1, 5, 0));
        shop.later(Span::days(40));
        assert_eq!(shop.see(&shop.bob, placed.order).status.code(), "completed");
        coupon::tidy(&shop.app).unwrap();
        // The others' coupons have expired: what they would have cost went back.
        let used = bobs.amount.minor;
        assert_eq!(pots(shop, campaign), (0, 0, used, 5_000 - used));
        let desk = fission::desk(&shop.app, &shop.zoe, campaign).unwrap();
        assert_eq!((desk.taken_worth, desk.used, desk.used_worth), (cny(2_000), 1, bobs.amount));
        let list = fission::list(&shop.app, &shop.zoe, campaign, None, 9).unwrap();
        assert_eq!((list.len(), list[0].id, list[0].taken), (1, id, 5));
    });
}

/// The kind that is there already.
fn kind_again(shop: &TestShop) -> TemplateView {
    coupon::list(&shop.app, &shop.zoe).unwrap().remove(0)
}

#[test]
fn what_nobody_took_or_used_goes_back() {
    both_engines(|shop| {
        let campaign = starts(shop, Split { life: Span::hours(2), ..terms(&kind(shop)) }, 4_000);
        let id = begin(shop, &shop.ann, campaign).unwrap().id;
        let bobs = take(shop, &shop.bob, id).unwrap();
        shop.later(Span::hours(2));
        assert_eq!(code(take(shop, &shop.eve, id)), "fission.expired");
        let seen = see(shop, &shop.eve, id);
        assert!(seen.closed && seen.seed.is_some());
        // What is taken waits for its coupon to be used.
        let waits = bobs.amount.minor;
        assert_eq!(pots(shop, campaign), (4_000 - waits, waits, 0, 0));
        // Another one, ended by staff before its time.
        let other = begin(shop, &shop.ann, campaign).unwrap();
        assert_ne!(other.id, id);
        end(shop, campaign);
        assert_eq!(code(take(shop, &shop.eve, other.id)), "fission.expired");
        shop.work();
        assert_eq!(pots(shop, campaign), (0, waits, 0, 4_000 - waits));
        // The coupon ends unused: nothing is promised any more.
        shop.later(Span::days(8));
        coupon::tidy(&shop.app).unwrap();
        assert_eq!(shop.coupon_state(&shop.bob, bobs.coupon.id), "expired");
        assert_eq!(pots(shop, campaign), (0, 0, 0, 4_000));
    });
}

#[test]
fn an_order_that_goes_back_costs_nothing() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 10_000, 100);
        let gone = kind(shop);
        let back = shop.coupons("back", amount(100), |put| {
            (put.threshold, put.back_on_refund) = (3_000, true);
        });
        for (kind, want) in [(&gone, "used"), (&back, "held")] {
            let campaign = starts(shop, terms(kind), 2_000);
            let id = begin(shop, &shop.ann, campaign).unwrap().id;
            let part = take(shop, &shop.bob, id).unwrap();
            let coupon = part.coupon.id;
            // Closed unpaid it is held again, and its cost still waits.
            let placed = shop.order_with(&shop.bob, now(tea, 1), &[coupon]).unwrap();
            order_desk::cancel(&shop.app, &shop.bob, placed.order).unwrap();
            assert_eq!(shop.coupon_state(&shop.bob, coupon), "held");
            assert_eq!(pots(shop, campaign), (0, 2_000, 0, 0));
            let placed = shop.order_with(&shop.bob, now(tea, 1), &[coupon]).unwrap();
            shop.pay(&shop.bob, placed.order).unwrap();
            order_desk::refund(&shop.app, &shop.zoe, placed.order, "sold out").unwrap();
            shop.work();
            assert_eq!(shop.coupon_state(&shop.bob, coupon), want);
            // Used up for nothing it costs nothing; held again it can still be used.
            let free = if want == "used" { part.amount.minor } else { 0 };
            assert_eq!(pots(shop, campaign), (free, 2_000 - free, 0, 0));
            if want == "held" {
                coupon::take_back(&shop.app, &shop.zoe, coupon, "by mistake").unwrap();
                assert_eq!(pots(shop, campaign).0, part.amount.minor);
            }
        }
    });
}

#[test]
fn who_takes_none() {
    both_engines(|shop| {
        let lives_at = |who: &Visitor, name: &str| {
            let put = PutEntry { address: Address { name: name.into(), ..address() }, usual: true };
            address::add(&shop.app, who, put).unwrap();
        };
        lives_at(&shop.bob, "安");
        lives_at(&shop.eve, "安然");
        let kind = kind(shop);
        let campaign = starts(shop, Split { own_part: false, ..terms(&kind) }, 9_000);
        let id = begin(shop, &shop.ann, campaign).unwrap().id;
        assert_eq!(code(take(shop, &shop.ann, id)), "fission.for_friends");
        take(shop, &shop.bob, id).unwrap();
        // One household is one taker; one person takes one friend's part.
        assert_eq!(code(take(shop, &shop.eve, id)), "fission.same_cluster");
        let other = begin(shop, &shop.lin, campaign).unwrap().id;
        assert_eq!(code(take(shop, &shop.bob, other)), "fission.enough");
        take(shop, &shop.ann, other).unwrap();
        // Whoever bought is not new. Ann's own address is not Bob's.
        let tea = shop.goods("tea", 10_000, 100);
        let placed = shop.order(&shop.lin, now(tea, 1)).unwrap();
        shop.pay(&shop.lin, placed.order).unwrap();
        let new = Split { takers: Takers::NewCustomers, ..terms(&kind) };
        let campaign = starts(shop, new, 9_000);
        let id = begin(shop, &shop.ann, campaign).unwrap().id;
        assert_eq!(code(take(shop, &shop.lin, id)), "fission.new_customers_only");
        take(shop, &shop.bob, id).unwrap();
    });
}

#[test]
fn an_order_starts_one() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 10_000, 100);
        let placed = shop.order(&shop.ann, now(tea, 1)).unwrap();
        let after = Split { starts: Starts::AfterOrder, ..terms(&kind(shop)) };
        let campaign = starts(shop, after, 4_000);
        assert_eq!(code(begin(shop, &shop.ann, campaign)), "fission.no_order");
        shop.pay(&shop.ann, placed.order).unwrap();
        let first = begin(shop, &shop.ann, campaign).unwrap().id;
        // One order is one; the next order is the next.
        assert_eq!(begin(shop, &shop.ann, campaign).unwrap().id, first);
        for left in [1, 0] {
            let hall = fission::hall(&shop.app, &shop.ann, campaign).unwrap();
            assert_eq!(hall.left, left);
            let placed = shop.order(&shop.ann, now(tea, 1)).unwrap();
            shop.pay(&shop.ann, placed.order).unwrap();
            match left {
                1 => assert_ne!(begin(shop, &shop.ann, campaign).unwrap().id, first),
                _ => assert_eq!(code(begin(shop, &shop.ann, campaign)), "fission.none_left"),
            }
        }
        assert_eq!(pots(shop, campaign), (0, 4_000, 0, 0));
    });
}

#[test]
fn it_is_launched_with_a_coupon_that_fits() {
    both_engines(|shop| {
        let kind = kind(shop);
        let low = shop.coupons("low", amount(100), |put| put.threshold = 1_000);
        let refused = |terms: Split, budget: i64| {
            let failure = launch(shop, Terms::FissionCoupon(terms), budget, |_| ()).unwrap_err();
            assert_eq!(failure.code(), "fission.bad_terms");
        };
        refused(Split { coupon: None, ..terms(&kind) }, 2_000);
        refused(Split { coupon: Some(low.id), ..terms(&kind) }, 2_000);
        refused(terms(&kind), 1_999);
        refused(Split { count: 1, ..terms(&kind) }, 2_000);
        launch(shop, Terms::FissionCoupon(terms(&kind)), 2_000, |_| ()).unwrap();
    });
}
