//! Coupon drops on both engines: a coupon is taken, its worth waits, is given and goes back; and
//! the last one with everybody at once.

use app::campaign::{self, BudgetView, PutCampaign, Step, Terms};
use app::coupon::{self, PutTemplate, TemplateView};
use app::coupon_drop::{self, TakenView};
use app::failure::Failure;
use app::{Visitor, order_desk};
use domain::campaign::{Campaign, Mechanic, Status};
use domain::coupon::{Coupon, Gives, Life};
use domain::coupon_drop::Terms as Drop;
use domain::id::Id;
use domain::moment::Span;
use domain::promotion::Off;
use domain::rate::Rate;
use domain::rules_page::Clause;

use crate::after_sale::code;
use crate::coupons::amount;
use crate::games::{end, launch};
use crate::prices::now;
use crate::races::{at_once, both, expect, rounds};
use crate::support::{TestShop, both_engines};

/// A kind of ¥10 that nobody finds elsewhere and that lives for `life`.
fn ten(shop: &TestShop, name: &str, life: Span) -> TemplateView {
    shop.coupons(name, amount(1_000), |put| {
        (put.listed, put.life) = (false, Life::After { span: life });
    })
}

fn of(kind: &TemplateView, count: i64) -> Terms {
    Terms::CouponDrop(Drop { template: Some(kind.id), count })
}

fn one_each(put: &mut PutCampaign) {
    (put.frame.limits.per_person, put.frame.limits.per_cluster) = (1, 1);
}

fn drops(shop: &TestShop, kind: &TemplateView, count: i64, budget: i64) -> Id<Campaign> {
    launch(shop, of(kind, count), budget, one_each).unwrap()
}

fn takes(shop: &TestShop, who: &Visitor, id: Id<Campaign>) -> Result<TakenView, Failure> {
    coupon_drop::claim(&shop.app, &shop.keyed(who), id).map(|answer| answer.value)
}

fn budget(shop: &TestShop, id: Id<Campaign>) -> BudgetView {
    campaign::get_desk(&shop.app, &shop.zoe, id).unwrap().budget.unwrap()
}

/// What can be promised, waits, is given, and went back.
fn pots(shop: &TestShop, id: Id<Campaign>) -> [i64; 4] {
    let all = budget(shop, id);
    [all.available, all.escrow, all.given, all.returned].map(|money| money.minor)
}

fn tidies(shop: &TestShop) {
    coupon::tidy(&shop.app).unwrap();
    shop.work();
}

#[test]
fn its_worth_waits_until_the_order_that_used_it_was_kept() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 10_000, 100);
        let kind = ten(shop, "ten", Span::days(7));
        let id = drops(shop, &kind, 5, 6_000);
        let seen = coupon_drop::get(&shop.app, &shop.ann, id).unwrap();
        assert_eq!((seen.total, seen.left, seen.has, seen.can), (5, 5, 0, true));
        let taken = takes(shop, &shop.ann, id).unwrap().coupon;
        assert_eq!(pots(shop, id), [5_000, 1_000, 0, 0]);
        assert_eq!(code(takes(shop, &shop.ann, id)), "campaign.limit_person");
        let seen = &coupon_drop::list(&shop.app, &shop.ann).unwrap()[0];
        assert_eq!((seen.left, seen.has, seen.can), (4, 1, false));
        // Nobody finds its kind elsewhere.
        assert!(coupon::centre(&shop.app, &shop.ann).unwrap().is_empty());
        let placed = shop.order_with(&shop.ann, now(tea, 1), &[taken.id]).unwrap();
        assert_eq!(shop.see(&shop.ann, placed.order).discount.minor, 1_000);
        shop.pay(&shop.ann, placed.order).unwrap();
        shop.ship_it(placed.order);
        order_desk::confirm_receipt(&shop.app, &shop.ann, placed.order).unwrap();
        shop.work();
        assert_eq!(pots(shop, id), [5_000, 1_000, 0, 0]);
        shop.later(Span::days(30));
        assert_eq!(shop.see(&shop.ann, placed.order).status.code(), "completed");
        assert_eq!(pots(shop, id), [0, 0, 1_000, 5_000]);
        let desk = coupon_drop::desk(&shop.app, &shop.zoe, id).unwrap().unwrap();
        assert_eq!((desk.taken, desk.used, desk.given, desk.worth.minor), (1, 1, 1, 1_000));
        let step = |step| campaign::step(&shop.app, &shop.keyed(&shop.zoe), id, step);
        assert_eq!(step(Step::Evaluate).unwrap().status, Status::Evaluated);
    });
}

#[test]
fn what_comes_to_nothing_goes_back() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 10_000, 100);
        let short = ten(shop, "short", Span::hours(3));
        let id = drops(shop, &short, 5, 5_000);
        // Expired in somebody's hands.
        takes(shop, &shop.ann, id).unwrap();
        shop.later(Span::hours(4));
        tidies(shop);
        assert_eq!(pots(shop, id), [5_000, 0, 0, 0]);
        // Taken back by the shop.
        let taken = takes(shop, &shop.bob, id).unwrap().coupon.id;
        coupon::take_back(&shop.app, &shop.keyed(&shop.zoe), taken, "a slip").unwrap();
        shop.work();
        assert_eq!(pots(shop, id), [5_000, 0, 0, 0]);
        // In an order that closes after its time.
        let late = shop.shopper("late");
        let taken = takes(shop, &late, id).unwrap().coupon.id;
        shop.clock.advance(Span::minutes(170));
        shop.order_with(&late, now(tea, 1), &[taken]).unwrap();
        assert_eq!(pots(shop, id), [4_000, 1_000, 0, 0]);
        shop.later(Span::hours(2));
        assert_eq!(shop.coupon_state(&late, taken), "expired");
        assert_eq!(pots(shop, id), [5_000, 0, 0, 0]);
        // After its campaign's end it goes on to where it came from.
        let last = shop.shopper("last");
        takes(shop, &last, id).unwrap();
        end(shop, id);
        assert_eq!(pots(shop, id), [0, 1_000, 0, 4_000]);
        shop.later(Span::hours(4));
        tidies(shop);
        assert_eq!(pots(shop, id), [0, 0, 0, 5_000]);
        assert_eq!(code(takes(shop, &shop.shopper("no one"), id)), "campaign.not_running");
    });
}

#[test]
fn a_refund_gives_the_coupon_or_its_worth_back() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 10_000, 100);
        for (back, pots_after) in [(true, [4_000, 1_000, 0, 0]), (false, [5_000, 0, 0, 0])] {
            let kind = shop.coupons(&format!("back {back}"), amount(1_000), |put| {
                (put.listed, put.back_on_refund) = (false, back);
            });
            let id = drops(shop, &kind, 5, 5_000);
            let taken = takes(shop, &shop.ann, id).unwrap().coupon.id;
            // Closed unpaid: it is held again, and waits.
            shop.order_with(&shop.ann, now(tea, 1), &[taken]).unwrap();
            shop.later(Span::hours(1));
            assert_eq!(shop.coupon_state(&shop.ann, taken), "held");
            assert_eq!(pots(shop, id), [4_000, 1_000, 0, 0]);
            let placed = shop.order_with(&shop.ann, now(tea, 1), &[taken]).unwrap();
            shop.pay(&shop.ann, placed.order).unwrap();
            order_desk::refund(&shop.app, &shop.zoe, placed.order, "sold out").unwrap();
            shop.work();
            let want = if back { "held" } else { "used" };
            assert_eq!(shop.coupon_state(&shop.ann, taken), want);
            assert_eq!(pots(shop, id), pots_after);
        }
    });
}

#[test]
fn what_cannot_be_dropped_is_said_before_it_starts() {
    both_engines(|shop| {
        let kind = ten(shop, "ten", Span::days(7));
        let tries = |terms, budget| code(launch(shop, terms, budget, one_each));
        assert_eq!(tries(of(&kind, 5), 4_999), "coupon_drop.over_budget");
        assert_eq!(tries(of(&kind, 0), 5_000), "coupon_drop.bad_terms");
        let none = Terms::CouponDrop(Drop { template: None, count: 5 });
        assert_eq!(tries(none, 5_000), "coupon_drop.bad_terms");
        let nowhere = Terms::CouponDrop(Drop { template: Some(Id::new(7)), count: 5 });
        assert_eq!(tries(nowhere, 5_000), "coupon_drop.bad_terms");
        let few = shop.coupons("few", amount(1_000), |put| {
            (put.total, put.per_cluster) = (Some(4), Some(1));
        });
        assert_eq!(tries(of(&few, 5), 5_000), "coupon_drop.bad_terms");
        let rate = Rate::from_basis_points(1_000).unwrap();
        let part = |most| Gives::Goods { off: Off::Part { rate, most } };
        let open = shop.coupons("a tenth", part(None), |_| ());
        assert_eq!(tries(of(&open, 5), 5_000), "coupon_drop.bad_terms");
        let most = shop.coupons("a tenth at most", part(Some(1_000)), |_| ());
        assert_eq!(tries(of(&most, 5), 5_000), "ok");
        let kinds = coupon_drop::kinds(&shop.app, &shop.zoe).unwrap();
        assert!(kinds.iter().all(|one| one.template != open.id && one.worth.minor == 1_000));
    });
}

#[test]
fn a_drop_is_recalled_copied_and_says_its_rules() {
    both_engines(|shop| {
        let kind = ten(shop, "ten", Span::days(7));
        let id = launch(shop, of(&kind, 5), 5_000, |put| {
            one_each(put);
            put.starts_at = put.starts_at.plus(Span::hours(1));
        })
        .unwrap();
        assert_eq!(code(takes(shop, &shop.ann, id)), "campaign.not_running");
        let zoe = || shop.keyed(&shop.zoe);
        campaign::step(&shop.app, &zoe(), id, Step::Recall).unwrap();
        assert_eq!(pots(shop, id), [0, 0, 0, 5_000]);
        let found = campaign::get_desk(&shop.app, &shop.zoe, id).unwrap();
        let put = PutCampaign {
            starts_at: found.starts_at,
            ends_at: found.ends_at,
            frame: found.frame,
            terms: of(&kind, 4),
            offered: Vec::new(),
            creative: found.creative,
            version: None,
        };
        campaign::change(&shop.app, &zoe(), id, put).unwrap();
        campaign::step(&shop.app, &zoe(), id, Step::Launch).unwrap();
        shop.later(Span::hours(2));
        takes(shop, &shop.ann, id).unwrap();
        let (_, clauses) = campaign::get(&shop.app, &shop.ann, id).unwrap();
        for said in [Clause::Coupons(4), Clause::UsableFor(Span::days(7)), Clause::PerPerson(1)] {
            assert_eq!(clauses.iter().filter(|one| **one == said).count(), 1, "{said:?}");
        }
        let again = campaign::copy(&shop.app, &zoe(), id, shop.app.now()).unwrap().id;
        campaign::step(&shop.app, &zoe(), again, Step::Launch).unwrap();
        takes(shop, &shop.ann, again).unwrap();
        let all = campaign::list(
            &shop.app,
            &shop.zoe,
            (Some(Mechanic::CouponDrop), None),
            None,
            (None, 10),
        );
        assert_eq!(all.unwrap().len(), 2);
    });
}

#[test]
fn the_same_key_takes_one() {
    both_engines(|shop| {
        let kind = ten(shop, "ten", Span::days(7));
        let id = launch(shop, of(&kind, 5), 5_000, |_| ()).unwrap();
        let keyed = shop.keyed(&shop.ann);
        let first = coupon_drop::claim(&shop.app, &keyed, id).unwrap();
        let again = coupon_drop::claim(&shop.app, &keyed, id).unwrap();
        assert_eq!((first.replayed, again.replayed), (false, true));
        assert_eq!(first.value, again.value);
        assert_eq!(pots(shop, id), [4_000, 1_000, 0, 0]);
    });
}

#[test]
fn a_kind_that_was_changed_meanwhile_gives_nothing_that_is_not_reserved() {
    both_engines(|shop| {
        let kind = ten(shop, "ten", Span::days(7));
        let id = drops(shop, &kind, 5, 5_000);
        let put = PutTemplate {
            name: kind.name.clone(),
            name_en: String::new(),
            issuer: kind.issuer,
            currency: None,
            gives: amount(5_000),
            threshold: 0,
            scope: kind.scope.clone(),
            stacks: None,
            life: kind.life,
            claim_from: None,
            claim_until: None,
            total: None,
            per_person: 1,
            per_cluster: Some(1_000),
            back_on_refund: false,
            active: true,
            listed: false,
            link: None,
            version: None,
        };
        coupon::change(&shop.app, &shop.zoe, kind.id, &put).unwrap();
        assert_eq!(code(takes(shop, &shop.ann, id)), "coupon_drop.bad_terms");
        assert_eq!(pots(shop, id), [5_000, 0, 0, 0]);
    });
}

/// One node decides in one lane; two have to hold against each other.
fn crowd_takes(shop: &TestShop, id: Id<Campaign>) -> Vec<Result<Id<Coupon>, Failure>> {
    let crowd: Vec<Visitor> = (0..64).map(|n| shop.shopper(&format!("comer-{n}"))).collect();
    let other = shop.another_node();
    at_once(64, |n| {
        let app = other.as_ref().filter(|_| n % 2 == 1).unwrap_or(&shop.app);
        coupon_drop::claim(app, &shop.keyed(&crowd[n]), id).map(|taken| taken.value.coupon.id)
    })
}

#[test]
fn sixty_four_take_the_last_coupons() {
    both_engines(|shop| {
        let kind = ten(shop, "ten", Span::days(7));
        // With more in the budget than they are worth: only their number keeps them.
        let id = drops(shop, &kind, 10, 100_000);
        let results = crowd_takes(shop, id);
        expect(shop, &results, &[("ok", 10), ("coupon_drop.all_taken", 54)]);
        assert_eq!(pots(shop, id), [90_000, 10_000, 0, 0]);
        // And the very last one.
        let id = drops(shop, &kind, 1, 1_000);
        let crowd: Vec<Visitor> = (0..64).map(|n| shop.shopper(&format!("last-{n}"))).collect();
        let results = at_once(64, |n| takes(shop, &crowd[n], id));
        expect(shop, &results, &[("ok", 1), ("coupon_drop.all_taken", 63)]);
        assert_eq!(pots(shop, id), [0, 1_000, 0, 0]);
    });
}

#[test]
fn nobody_takes_two_at_once() {
    both_engines(|shop| {
        let kind = ten(shop, "ten", Span::days(7));
        let id = drops(shop, &kind, 64, 64_000);
        let results = at_once(64, |_| takes(shop, &shop.ann, id));
        assert_eq!(results.iter().flatten().count(), 1, "on {}", shop.engine);
        assert_eq!(coupon::mine(&shop.app, &shop.ann).unwrap().len(), 1);
    });
}

/// Somebody takes one while the drop is ended: they have it and its worth waits, or it went back.
#[test]
fn a_coupon_is_taken_or_its_worth_goes_back() {
    both_engines(|shop| {
        let kind = ten(shop, "ten", Span::days(7));
        for round in 0..rounds() {
            let id = drops(shop, &kind, 2, 2_000);
            let who = shop.shopper(&format!("late-{round}"));
            let (took, ()) = both(|| takes(shop, &who, id), || end(shop, id));
            let waits = if took.is_ok() { 1_000 } else { 0 };
            assert_eq!(pots(shop, id), [0, waits, 0, 2_000 - waits]);
            let late = ["campaign.not_running", "reward.closed", "reward.only_left"];
            assert!(took.as_ref().map_or_else(|no| late.contains(&no.code()), |_| true));
        }
    });
}
