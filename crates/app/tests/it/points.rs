//! Points and levels: earned, spent, gone, taken back and owed; and where that puts people.

use app::checkout::{self, Place, Placed, What};
use app::failure::Failure;
use app::level::{self, PutLadder, PutLevel};
use app::point::{self, GivePoints, PutSettings};
use app::price_list::PutList;
use app::{Visitor, order_desk};
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::order::{Order, Status};
use domain::point::{Earning, Spending};
use domain::rate::Rate;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use crate::prices::list;
use crate::races::{at_once, both, expect};
use crate::support::{TestShop, both_engines};
use crate::trade::{Goods, place};

/// A point for every yuan, good for thirty days; a hundred are worth a yuan.
pub fn terms() -> PutSettings {
    let most = Rate::from_basis_points(5_000).unwrap();
    PutSettings {
        earning: Some(Earning { points: 1, per: 100, life: Some(Span::days(30)) }),
        spending: Some(Spending { points: 100, minor: 100, most, least: 1 }),
        growth_per: 100,
        version: None,
    }
}

pub fn opens(shop: &TestShop) {
    point::put_settings(&shop.app, &shop.zoe, terms()).unwrap();
}

pub fn give(shop: &TestShop, who: &Visitor, points: i64) -> Result<(), Failure> {
    let to = who.person.as_ref().unwrap().id;
    let give = GivePoints { points, reason: "sorry for the wait".into() };
    point::give(&shop.app, &shop.keyed(&shop.zoe), to, give).map(|_| ())
}

/// What can be spent, and what is owed.
pub fn has(shop: &TestShop, who: &Visitor) -> (i64, i64) {
    let view = point::mine(&shop.app, who).unwrap();
    (view.available, view.owed)
}

/// An order of so many, received and past its window.
fn completed(shop: &TestShop, who: &Visitor, goods: Goods, n: i64) -> Id<Order> {
    let order = shop.arrived(who, &[(goods, n)]);
    shop.later(Span::days(8));
    assert_eq!(shop.see(who, order).status, Status::Completed);
    order
}

fn told(shop: &TestShop, who: &Visitor) -> Vec<(String, i64, i64)> {
    let statement = point::statement(&shop.app, who, None, 50).unwrap();
    statement.into_iter().map(|one| (one.kind, one.points, one.owed)).collect()
}

#[test]
fn a_completed_order_earns_and_its_refund_takes_back() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 3_050, 50);
        // Nothing is earned where the merchant says nothing.
        completed(shop, &shop.ann, goods, 1);
        assert_eq!(has(shop, &shop.ann), (0, 0));
        opens(shop);
        let order = completed(shop, &shop.ann, goods, 2);
        assert_eq!(has(shop, &shop.ann), (61, 0));
        assert_eq!(told(shop, &shop.ann), [("earned".to_string(), 61, 0)]);
        let out = point::liability(&shop.app, &shop.zoe).unwrap();
        assert_eq!((out.points, out.people, out.worth.unwrap().minor), (61, 1, 61));
        // Spent meanwhile: what cannot be taken back is owed.
        give(shop, &shop.ann, -50).unwrap();
        order_desk::refund(&shop.app, &shop.zoe, order, "brought back").unwrap();
        shop.work();
        assert_eq!(has(shop, &shop.ann), (0, 50));
        assert_eq!(told(shop, &shop.ann)[0], ("taken_back".to_string(), -61, 50));
        // Points that come repay it first.
        give(shop, &shop.ann, 20).unwrap();
        assert_eq!(has(shop, &shop.ann), (0, 30));
        completed(shop, &shop.ann, goods, 2);
        assert_eq!(has(shop, &shop.ann), (31, 0));
        assert_eq!(told(shop, &shop.ann)[0], ("earned".to_string(), 61, -30));
    });
}

#[test]
fn a_job_that_runs_twice_earns_once() {
    both_engines(|shop| {
        opens(shop);
        let goods = shop.goods("tea", 3_000, 50);
        let order = completed(shop, &shop.ann, goods, 1);
        let again = |cause: i64| {
            let (a, b) = both(
                || app::order_points::order_moved(&shop.app, Id::new(cause)),
                || app::order_points::order_moved(&shop.app, Id::new(cause)),
            );
            a.unwrap();
            b.unwrap();
        };
        again(order.0);
        assert_eq!(has(shop, &shop.ann), (30, 0));
        order_desk::refund(&shop.app, &shop.zoe, order, "brought back").unwrap();
        let refund = shop.number("select id from refunds");
        let back = || app::order_points::refunded(&shop.app, Id::new(refund));
        let (a, b) = both(back, back);
        a.unwrap();
        b.unwrap();
        shop.work();
        assert_eq!(has(shop, &shop.ann), (0, 0));
        assert_eq!(told(shop, &shop.ann).len(), 2);
    });
}

#[test]
fn what_has_expired_is_worth_nothing_before_a_job_says_so() {
    both_engines(|shop| {
        opens(shop);
        give(shop, &shop.ann, 100).unwrap();
        shop.clock.advance(Span::days(20));
        give(shop, &shop.ann, 40).unwrap();
        let view = point::mine(&shop.app, &shop.ann).unwrap();
        assert_eq!((view.available, view.expiring, view.worth.unwrap().minor), (140, 100, 140));
        // The first hundred go first, and ten of them are left when their time is over.
        give(shop, &shop.ann, -90).unwrap();
        shop.clock.advance(Span::days(10));
        assert_eq!(has(shop, &shop.ann), (40, 0));
        assert_eq!(give(shop, &shop.ann, -41).unwrap_err().code(), "point.not_enough");
        point::expire(&shop.app).unwrap();
        point::expire(&shop.app).unwrap();
        assert_eq!(told(shop, &shop.ann)[0], ("expired".to_string(), -10, 0));
        give(shop, &shop.ann, -40).unwrap();
        assert_eq!(has(shop, &shop.ann), (0, 0));
    });
}

#[test]
fn sixty_four_want_the_last_hundred_points() {
    both_engines(|shop| {
        opens(shop);
        for _ in 0..7 {
            give(shop, &shop.ann, 15).unwrap();
        }
        // Six times sixteen are ninety-six of a hundred and five.
        let results = at_once(64, |_| give(shop, &shop.ann, -16));
        expect(shop, &results, &[("ok", 6), ("point.not_enough", 58)]);
        assert_eq!(has(shop, &shop.ann), (9, 0));
    });
}

#[test]
fn earning_meets_taking_and_expiring() {
    both_engines(|shop| {
        opens(shop);
        give(shop, &shop.ann, 30).unwrap();
        shop.clock.advance(Span::days(30));
        let results = at_once(32, |n| match n % 4 {
            0 => give(shop, &shop.ann, 10),
            1 => give(shop, &shop.ann, -10),
            2 => point::expire(&shop.app),
            _ => give(shop, &shop.bob, 5),
        });
        let refused = |one: &&Result<(), Failure>| one.is_err();
        let refused = results.iter().filter(refused).count() as i64;
        assert_eq!(has(shop, &shop.ann), (refused * 10, 0));
        assert_eq!(has(shop, &shop.bob), (40, 0));
    });
}

#[test]
fn only_staff_give_and_each_key_gives_once() {
    both_engines(|shop| {
        opens(shop);
        let ann = shop.ann.person.as_ref().unwrap().id;
        let gift = || GivePoints { points: 7, reason: "welcome".into() };
        let refused = point::give(&shop.app, &shop.keyed(&shop.ann), ann, gift());
        assert!(matches!(refused, Err(Failure::Forbidden)));
        let keyed = shop.keyed(&shop.zoe);
        for _ in 0..2 {
            point::give(&shop.app, &keyed, ann, gift()).unwrap();
        }
        assert_eq!(has(shop, &shop.ann), (7, 0));
        assert!(matches!(point::of(&shop.app, &shop.bob, ann), Err(Failure::Forbidden)));
        let silent = GivePoints { reason: " ".into(), ..gift() };
        let refused = point::give(&shop.app, &shop.keyed(&shop.zoe), ann, silent).unwrap_err();
        assert_eq!(refused.code(), "point.no_reason");
        let wrong = PutSettings { growth_per: 0, ..terms() };
        let refused = point::put_settings(&shop.app, &shop.zoe, wrong).unwrap_err();
        assert_eq!(refused.code(), "point.bad_terms");
        let old = PutSettings { version: Some(0), ..terms() };
        let stale = point::put_settings(&shop.app, &shop.zoe, old);
        assert!(matches!(stale, Err(Failure::Stale)));
    });
}

fn step(name: &str, from: i64, boost: i64) -> PutLevel {
    PutLevel { name: name.into(), name_en: String::new(), from, group: None, boost }
}

#[test]
fn levels_rise_with_orders_and_are_judged_after_a_year() {
    both_engines(|shop| {
        opens(shop);
        let goods = shop.goods("tea", 10_000, 50);
        let ladder = vec![step("leaf", 0, 100), step("bud", 150, 150), step("tip", 1_000, 200)];
        level::put(&shop.app, &shop.zoe, PutLadder { levels: ladder }).unwrap();
        completed(shop, &shop.ann, goods, 1);
        let stands = level::mine(&shop.app, &shop.ann).unwrap();
        assert_eq!((stands.rank, stands.growth, stands.missing), (0, 100, Some(50)));
        let second = completed(shop, &shop.ann, goods, 1);
        let stands = level::mine(&shop.app, &shop.ann).unwrap();
        assert_eq!((stands.rank, stands.growth, stands.missing), (1, 200, Some(800)));
        // From now on points come one and a half times.
        completed(shop, &shop.ann, goods, 1);
        assert_eq!(has(shop, &shop.ann).0, 100 + 100 + 150);
        // A refund takes growth; the level is kept for its time.
        order_desk::refund(&shop.app, &shop.zoe, second, "brought back").unwrap();
        shop.work();
        let stands = level::mine(&shop.app, &shop.ann).unwrap();
        assert_eq!((stands.rank, stands.growth), (1, 200));
        let people = level::get(&shop.app, &shop.zoe).unwrap().people;
        assert_eq!(people, [0, 1, 0]);
        // A year later nothing new was bought: that year is judged by the clock.
        shop.clock.advance(Span::days(365));
        let stands = level::mine(&shop.app, &shop.ann).unwrap();
        assert_eq!((stands.rank, stands.growth), (1, 0), "200 were enough for this year");
        shop.clock.advance(Span::days(365));
        assert_eq!(level::mine(&shop.app, &shop.ann).unwrap().rank, 0);
        level::judge(&shop.app).unwrap();
        point::expire(&shop.app).unwrap();
        assert_eq!(level::get(&shop.app, &shop.zoe).unwrap().people, [1, 0, 0]);
        let bad = vec![step("leaf", 5, 100)];
        let refused = level::put(&shop.app, &shop.zoe, PutLadder { levels: bad }).unwrap_err();
        assert_eq!(refused.code(), "level.bad_from");
    });
}

#[test]
fn a_level_has_the_prices_of_its_group() {
    both_engines(|shop| {
        opens(shop);
        let goods = shop.goods("tea", 10_000, 50);
        let group = shop.group("tips", &[]).id;
        let put = PutList { groups: vec![group], ..list("tips") };
        shop.list(put, &[(goods, 1, 8_000)]);
        let mut top = step("tip", 100, 100);
        top.group = Some(group);
        let ladder = vec![step("leaf", 0, 100), top];
        level::put(&shop.app, &shop.zoe, PutLadder { levels: ladder }).unwrap();
        let price = |who: &Visitor| {
            let what = What::Now { variant: goods.variant, quantity: 1 };
            let placed = shop.order(who, what).unwrap();
            shop.see(who, placed.order).lines[0].unit_price.minor
        };
        assert_eq!(price(&shop.ann), 10_000);
        completed(shop, &shop.ann, goods, 1);
        assert_eq!(price(&shop.ann), 8_000);
        assert_eq!(price(&shop.bob), 10_000);
    });
}

/// An order of so many of these, paid for in part with points.
fn with_points(
    shop: &TestShop,
    who: &Visitor,
    goods: Goods,
    points: i64,
) -> Result<Placed, Failure> {
    let what = What::Now { variant: goods.variant, quantity: 1 };
    let order = Place { points, ..place(what) };
    checkout::place(&shop.app, &shop.keyed(who), order).map(|placed| placed.value)
}

#[test]
fn points_take_off_an_order_and_come_back_with_it() {
    both_engines(|shop| {
        opens(shop);
        let goods = shop.goods("tea", 30_000, 50);
        give(shop, &shop.ann, 3_000).unwrap();
        let full = shop.order(&shop.ann, What::Now { variant: goods.variant, quantity: 1 });
        let full = full.unwrap().total.minor;
        // Unpaid and ended: they are back.
        let placed = with_points(shop, &shop.ann, goods, 3_000).unwrap();
        assert_eq!((full - placed.total.minor, has(shop, &shop.ann)), (3_000, (0, 0)));
        order_desk::cancel(&shop.app, &shop.ann, placed.order).unwrap();
        shop.work();
        assert_eq!(has(shop, &shop.ann), (3_000, 0));
        // No more than half of the goods is paid with points, and no more of them are spent.
        give(shop, &shop.ann, 17_000).unwrap();
        let placed = with_points(shop, &shop.ann, goods, 20_000).unwrap();
        assert_eq!((full - placed.total.minor, has(shop, &shop.ann)), (15_000, (5_000, 0)));
        shop.pay(&shop.ann, placed.order).unwrap();
        // What was paid with money earns.
        shop.ship_it(placed.order);
        order_desk::confirm_receipt(&shop.app, &shop.ann, placed.order).unwrap();
        shop.later(Span::days(8));
        assert_eq!(has(shop, &shop.ann), (5_150, 0));
        order_desk::refund(&shop.app, &shop.zoe, placed.order, "brought back").unwrap();
        shop.work();
        assert_eq!(has(shop, &shop.ann), (20_000, 0));
        let refused = with_points(shop, &shop.ann, goods, 21_000).unwrap_err();
        assert_eq!(refused.code(), "point.not_enough");
    });
}

#[test]
fn two_orders_want_the_same_points() {
    both_engines(|shop| {
        opens(shop);
        let goods = shop.goods("tea", 10_000, 50);
        give(shop, &shop.ann, 1_000).unwrap();
        let results = at_once(8, |_| with_points(shop, &shop.ann, goods, 600));
        expect(shop, &results, &[("ok", 1), ("point.not_enough", 7)]);
        assert_eq!(has(shop, &shop.ann), (400, 0));
        // Its time to pay runs out.
        shop.later(Span::hours(2));
        assert_eq!(has(shop, &shop.ann), (1_000, 0));
    });
}

/// Lots on paper: how many are left, and until when, the one that ends first in front.
#[derive(Default)]
struct Paper(Vec<(Moment, i64)>);

impl Paper {
    fn available(&self, now: Moment) -> i64 {
        self.0.iter().filter(|(end, _)| now < *end).map(|(_, left)| left).sum()
    }

    /// Whether there were so many to take.
    fn take(&mut self, points: i64, now: Moment) -> bool {
        if points > self.available(now) {
            return false;
        }
        let mut wanted = points;
        for (_, left) in self.0.iter_mut().filter(|(end, _)| now < *end) {
            let part = wanted.min(*left);
            (*left, wanted) = (*left - part, wanted - part);
        }
        true
    }
}

#[test]
fn points_follow_the_paper() {
    both_engines(|shop| {
        opens(shop);
        let mut runner = TestRunner::deterministic();
        let steps = proptest::collection::vec((0u8..5, 1i64..60), 120);
        let steps = steps.new_tree(&mut runner).unwrap().current();
        let mut paper = Paper::default();
        for (verb, n) in steps {
            match verb {
                0 | 1 => {
                    give(shop, &shop.ann, n).unwrap();
                    paper.0.push((shop.app.now().plus(Span::days(30)), n));
                }
                2 | 3 => {
                    let taken = give(shop, &shop.ann, -n).is_ok();
                    assert_eq!(taken, paper.take(n, shop.app.now()), "on {}", shop.engine);
                }
                _ => shop.clock.advance(Span::days(n / 6)),
            }
            if n % 7 == 0 {
                point::expire(&shop.app).unwrap();
            }
            assert_eq!(has(shop, &shop.ann), (paper.available(shop.app.now()), 0));
        }
        point::expire(&shop.app).unwrap();
    });
}
