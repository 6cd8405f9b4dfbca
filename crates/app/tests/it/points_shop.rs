//! The points shop on both engines: coupons and goods for points, what comes back, what is refused,
//! and the last one with everybody at once.

use app::campaign::{self, PutCampaign, Step, Terms};
use app::checkout::{self, What};
use app::failure::Failure;
use app::level::{self, PutLadder, PutLevel};
use app::points_shop::{self, Ask, ExchangeView};
use app::{Visitor, coupon, order_desk};
use domain::campaign::Campaign;
use domain::coupon::Template;
use domain::id::Id;
use domain::moment::Span;
use domain::order::Status;
use domain::points_shop::{Gives, Offered, Terms as PointsShop};

use crate::coupons::amount;
use crate::games::launch;
use crate::points::{give, has, opens};
use crate::races::{at_once, both, expect};
use crate::support::{TestShop, both_engines};
use crate::trade::{Goods, address, place};

pub fn coupon_of(template: Id<Template>, points: i64, stock: Option<i64>) -> Offered {
    Offered {
        gives: Gives::Coupon { template },
        points,
        money: None,
        stock,
        per_person: 1,
        from_rank: 0,
    }
}

pub fn goods_of(goods: Goods, points: i64, money: Option<i64>, stock: i64) -> Offered {
    Offered {
        gives: Gives::Goods { variant: goods.variant },
        points,
        money,
        stock: Some(stock),
        per_person: 2,
        from_rank: 0,
    }
}

fn plain(put: &mut PutCampaign) {
    put.frame.budget = None;
}

pub fn open(shop: &TestShop, items: Vec<Offered>) -> Result<Id<Campaign>, Failure> {
    launch(shop, Terms::PointsShop(PointsShop { items }), 0, plain)
}

pub fn exchanges(
    shop: &TestShop,
    who: &Visitor,
    (id, item): (Id<Campaign>, i64),
    quantity: i64,
) -> Result<ExchangeView, Failure> {
    let address = Some(address());
    let ask = Ask { campaign: id, item, quantity, address, expected_points: None };
    points_shop::exchange(&shop.app, &shop.keyed(who), ask).map(|answer| answer.value)
}

fn refused<T: std::fmt::Debug>(result: Result<T, Failure>, code: &str) {
    match result {
        Err(Failure::Refused(refused)) => assert_eq!(refused.code, code),
        other => panic!("{code}: {other:?}"),
    }
}

fn left(shop: &TestShop, item: i64) -> Option<i64> {
    let items = points_shop::show(&shop.app, &shop.ann).unwrap().items;
    items.iter().find(|one| one.item == item).unwrap().left
}

#[test]
fn points_become_a_coupon_that_is_used() {
    both_engines(|shop| {
        opens(shop);
        let tea = shop.goods("tea", 5_000, 10);
        let kind = shop.coupons("ten off", amount(1_000), |put| put.listed = false);
        let id = open(shop, vec![coupon_of(kind.id, 300, Some(2))]).unwrap();
        refused(exchanges(shop, &shop.ann, (id, 0), 1), "points_shop.points_missing");
        give(shop, &shop.ann, 700).unwrap();
        refused(exchanges(shop, &shop.ann, (id, 0), 2), "points_shop.bad_quantity");
        refused(exchanges(shop, &shop.ann, (id, 0), 0), "points_shop.bad_quantity");
        assert!(matches!(exchanges(shop, &shop.ann, (id, 1), 1), Err(Failure::NotFound)));
        let had = exchanges(shop, &shop.ann, (id, 0), 1).unwrap();
        assert_eq!((had.points, had.name.as_str()), (300, "ten off"));
        assert_eq!((has(shop, &shop.ann), left(shop, 0)), ((400, 0), Some(1)));
        refused(exchanges(shop, &shop.ann, (id, 0), 1), "points_shop.enough");
        let own = coupon::mine(&shop.app, &shop.ann).unwrap();
        assert_eq!(Some(own[0].id), had.coupon);
        let placed = checkout::place(
            &shop.app,
            &shop.keyed(&shop.ann),
            place(What::Now { variant: tea.variant, quantity: 1 }),
        );
        // With ¥8 for the way.
        assert_eq!(placed.unwrap().value.total.minor, 4_800);
        let mine = points_shop::mine(&shop.app, &shop.ann, None, 10).unwrap();
        assert_eq!(mine, vec![had]);
        let desk = points_shop::desk(&shop.app, &shop.zoe, id).unwrap();
        assert_eq!((desk[0].exchanged, desk[0].people, desk[0].spent), (1, 1, 300));
    });
}

#[test]
fn goods_for_points_are_an_order_and_its_refund_gives_the_points_back() {
    both_engines(|shop| {
        opens(shop);
        let pot = shop.goods("pot", 9_900, 10);
        let id = open(shop, vec![goods_of(pot, 500, None, 3)]).unwrap();
        let stock = shop.stock(pot);
        assert_eq!((stock.available, stock.set_aside), (7, 3));
        give(shop, &shop.ann, 1_200).unwrap();
        let had = exchanges(shop, &shop.ann, (id, 0), 2).unwrap();
        let order = had.order.unwrap();
        let seen = shop.see(&shop.ann, order);
        assert_eq!((seen.status, seen.total.minor), (Status::ToShip, 0));
        assert_eq!(seen.discount.minor, 19_800);
        assert_eq!((has(shop, &shop.ann), left(shop, 0)), ((200, 0), Some(1)));
        refused(exchanges(shop, &shop.ann, (id, 0), 1), "points_shop.enough");
        order_desk::refund(&shop.app, &shop.zoe, order, "broken").unwrap();
        shop.work();
        assert_eq!(shop.see(&shop.ann, order).status, Status::Refunded);
        assert_eq!(has(shop, &shop.ann), (1_200, 0));
        // What is over goes back to the shop.
        shop.later(Span::days(2));
        let stock = shop.stock(pot);
        assert_eq!((stock.available, stock.set_aside), (10, 0));
        refused(exchanges(shop, &shop.ann, (id, 0), 1), "campaign.not_running");
    });
}

#[test]
fn money_besides_that_is_not_paid_gives_everything_back() {
    both_engines(|shop| {
        opens(shop);
        let pot = shop.goods("pot", 9_900, 10);
        let id = open(shop, vec![goods_of(pot, 500, Some(990), 3)]).unwrap();
        give(shop, &shop.ann, 1_500).unwrap();
        let had = exchanges(shop, &shop.ann, (id, 0), 2).unwrap();
        assert!(had.to_pay);
        let order = had.order.unwrap();
        assert_eq!(shop.see(&shop.ann, order).total.minor, 1_980);
        assert_eq!((has(shop, &shop.ann).0, left(shop, 0)), (500, Some(1)));
        shop.later(Span::minutes(31));
        assert_eq!(shop.see(&shop.ann, order).status, Status::Cancelled);
        assert_eq!((has(shop, &shop.ann).0, left(shop, 0)), (1_500, Some(3)));
        assert!(points_shop::mine(&shop.app, &shop.ann, None, 1).unwrap()[0].undone);
        // It did not count, and the next one is paid.
        let had = exchanges(shop, &shop.ann, (id, 0), 2).unwrap();
        shop.pay(&shop.ann, had.order.unwrap()).unwrap();
        assert_eq!(shop.see(&shop.ann, had.order.unwrap()).status, Status::ToShip);
        assert_eq!((has(shop, &shop.ann).0, left(shop, 0)), (500, Some(1)));
    });
}

#[test]
fn what_nobody_paid_is_not_set_aside_again_when_it_is_over() {
    both_engines(|shop| {
        opens(shop);
        let pot = shop.goods("pot", 9_900, 10);
        let id = open(shop, vec![goods_of(pot, 500, Some(990), 3)]).unwrap();
        give(shop, &shop.ann, 500).unwrap();
        let had = exchanges(shop, &shop.ann, (id, 0), 1).unwrap();
        campaign::step(&shop.app, &shop.zoe, id, Step::End).unwrap();
        shop.later(Span::minutes(31));
        assert_eq!(shop.see(&shop.ann, had.order.unwrap()).status, Status::Cancelled);
        let stock = shop.stock(pot);
        assert_eq!((stock.available, stock.set_aside), (10, 0));
        assert_eq!(has(shop, &shop.ann), (500, 0));
    });
}

#[test]
fn what_cannot_be_offered_is_said_before_it_starts() {
    both_engines(|shop| {
        let pot = shop.goods("pot", 900, 10);
        let kind = shop.coupons("ten off", amount(1_000), |_| ());
        let bad = |items| refused(open(shop, items), "campaign.bad_terms");
        bad(Vec::new());
        bad(vec![coupon_of(Id::new(7), 300, None)]);
        bad(vec![coupon_of(kind.id, 0, None)]);
        // For as much money as it costs alone, points would be for nothing.
        bad(vec![goods_of(pot, 500, Some(900), 1)]);
        bad(vec![goods_of(pot, 500, None, 1), goods_of(pot, 400, None, 1)]);
        refused(open(shop, vec![goods_of(pot, 500, None, 11)]), "campaign.not_stocked");
        assert!(open(shop, vec![goods_of(pot, 500, Some(899), 10)]).is_ok());
    });
}

#[test]
fn higher_levels_have_things_of_their_own_and_a_recalled_shop_opens_again() {
    both_engines(|shop| {
        opens(shop);
        let step = |name: &str, from| PutLevel {
            name: name.into(),
            name_en: name.into(),
            from,
            group: None,
            boost: 100,
        };
        let levels = vec![step("leaf", 0), step("bud", 100)];
        level::put(&shop.app, &shop.zoe, PutLadder { levels }).unwrap();
        let kind = shop.coupons("ten off", amount(1_000), |_| ());
        let pot = shop.goods("pot", 9_900, 10);
        let high = Offered { from_rank: 1, ..coupon_of(kind.id, 10, Some(5)) };
        let terms = Terms::PointsShop(PointsShop { items: vec![high, goods_of(pot, 10, None, 4)] });
        let id = launch(shop, terms, 0, |put| {
            plain(put);
            put.starts_at = put.starts_at.plus(Span::hours(1));
        })
        .unwrap();
        for _ in 0..2 {
            let step = |step| campaign::step(&shop.app, &shop.keyed(&shop.zoe), id, step).unwrap();
            step(Step::Recall);
            assert_eq!(shop.stock(pot).set_aside, 0);
            step(Step::Launch);
            assert_eq!(shop.stock(pot).set_aside, 4);
        }
        shop.later(Span::hours(2));
        give(shop, &shop.ann, 100).unwrap();
        refused(exchanges(shop, &shop.ann, (id, 0), 1), "points_shop.level_too_low");
        exchanges(shop, &shop.ann, (id, 1), 1).unwrap();
        let copy = campaign::copy(&shop.app, &shop.keyed(&shop.zoe), id, shop.app.now()).unwrap();
        assert_eq!(copy.offered.len(), 1);
    });
}

fn crowd(shop: &TestShop, n: usize, points: i64) -> Vec<Visitor> {
    let crowd: Vec<Visitor> = (0..n).map(|at| shop.shopper(&format!("saver-{at}"))).collect();
    crowd.iter().for_each(|who| give(shop, who, points).unwrap());
    crowd
}

#[test]
fn sixty_four_exchange_for_the_last_coupons() {
    both_engines(|shop| {
        opens(shop);
        let kind = shop.coupons("ten off", amount(1_000), |_| ());
        let id = open(shop, vec![coupon_of(kind.id, 100, Some(10))]).unwrap();
        let crowd = crowd(shop, 64, 100);
        let results = at_once(64, |n| exchanges(shop, &crowd[n], (id, 0), 1));
        expect(shop, &results, &[("ok", 10), ("points_shop.sold_out", 54)]);
    });
}

#[test]
fn sixty_four_exchange_for_the_last_pots() {
    both_engines(|shop| {
        opens(shop);
        let pot = shop.goods("pot", 9_900, 20);
        let id = open(shop, vec![goods_of(pot, 100, None, 10)]).unwrap();
        let crowd = crowd(shop, 64, 100);
        let results = at_once(64, |n| exchanges(shop, &crowd[n], (id, 0), 1));
        expect(shop, &results, &[("ok", 10), ("points_shop.sold_out", 54)]);
        let stock = shop.stock(pot);
        assert_eq!((stock.available, stock.set_aside, stock.sold), (10, 0, 10));
    });
}

#[test]
fn nobody_has_more_than_they_may_however_often_they_ask_at_once() {
    both_engines(|shop| {
        opens(shop);
        let kind = shop.coupons("ten off", amount(1_000), |_| ());
        let pot = shop.goods("pot", 9_900, 200);
        let id = open(shop, vec![coupon_of(kind.id, 1, Some(100)), goods_of(pot, 1, None, 100)])
            .unwrap();
        give(shop, &shop.ann, 1_000).unwrap();
        let results = at_once(64, |n| exchanges(shop, &shop.ann, (id, n as i64 % 2), 1));
        expect(shop, &results, &[("ok", 3), ("points_shop.enough", 61)]);
        assert_eq!(has(shop, &shop.ann).0, 997);
    });
}

#[test]
fn points_are_spent_once_at_the_shop_or_at_the_till() {
    both_engines(|shop| {
        opens(shop);
        let kind = shop.coupons("ten off", amount(1_000), |put| put.listed = false);
        let tea = shop.goods("tea", 50_000, 10);
        let id = open(shop, vec![coupon_of(kind.id, 500, Some(9))]).unwrap();
        give(shop, &shop.ann, 500).unwrap();
        let (one, other) = both(
            || exchanges(shop, &shop.ann, (id, 0), 1).map(|_| ()),
            || {
                let mut wish = place(What::Now { variant: tea.variant, quantity: 1 });
                (wish.points, wish.coupons) = (500, Some(Vec::new()));
                checkout::place(&shop.app, &shop.keyed(&shop.ann), wish).map(|_| ())
            },
        );
        // The till takes what is left: an order of all of them, or of none.
        assert!(one.is_ok() || other.is_ok());
        assert!(has(shop, &shop.ann).0 >= 0);
    });
}
