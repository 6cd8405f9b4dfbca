//! Bargains: cut part by part by whoever comes in whatever order, bought once at the price they
//! came to, good again when an order closes unpaid.

use app::Visitor;
use app::bargain::{self, BargainView, BeginBargain};
use app::campaign::{Offered, Terms};
use app::checkout::What;
use app::failure::Failure;
use domain::bargain::Status;
use domain::campaign::{Campaign, Mechanic};
use domain::id::Id;
use domain::moment::Span;
use domain::order::Order;
use proptest::prelude::*;

use crate::campaigns::{at_once, draft, launched, licensed};
use crate::orders::late_notice_as;
use crate::support::{TestShop, both_engines, on_sqlite};
use crate::trade::Goods;

/// A bargain from 100.00 down to 60.00, as `change` has it, with so many set aside.
fn hall(
    shop: &TestShop,
    goods: Goods,
    quota: Option<i64>,
    change: impl FnOnce(&mut domain::bargain::Terms),
) -> Id<Campaign> {
    licensed(shop);
    // A price is struck through once it was charged for a week.
    shop.clock.advance(Span::days(8));
    let mut put = draft(shop, Mechanic::Bargain, 0);
    put.offered = vec![Offered { variant: goods.variant, price: 6_000, quota }];
    let Terms::Bargain(terms) = &mut put.terms else { unreachable!() };
    terms.per_helper = 9;
    terms.per_helper_day = 9;
    change(terms);
    put.frame.limits.per_day = None;
    launched(shop, put)
}

fn begin(shop: &TestShop, who: &Visitor, id: Id<Campaign>, goods: Goods) -> BargainView {
    let asked = BeginBargain { variant: goods.variant };
    bargain::begin(&shop.app, &shop.keyed(who), id, &asked).unwrap()
}

fn help(shop: &TestShop, who: &Visitor, of: &BargainView) -> Result<BargainView, Failure> {
    bargain::help(&shop.app, &shop.keyed(who), of.id)
}

fn seen(shop: &TestShop, who: &Visitor, of: &BargainView) -> BargainView {
    bargain::get(&shop.app, who, of.id).unwrap()
}

fn buy(shop: &TestShop, who: &Visitor, of: &BargainView) -> Result<Id<Order>, Failure> {
    Ok(shop.order(who, What::Bargain { bargain: of.id })?.order)
}

fn crowd(shop: &TestShop, n: usize) -> Vec<Visitor> {
    (0..n).map(|n| shop.shopper(&format!("f{n}"))).collect()
}

#[test]
fn friends_cut_a_price_down_and_it_is_bought_once() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 10_000, 9);
        let id = hall(shop, goods, Some(3), |terms| terms.cuts = 4);
        let mine = begin(shop, &shop.ann, id, goods);
        assert_eq!((mine.cuts, mine.taken, mine.missing, mine.own), (4, 1, 3, true));
        assert_eq!(
            mine.price.minor + mine.left.minor,
            10_000 - mine.own_cut.unwrap().minor + mine.left.minor
        );
        assert_eq!(mine.price.minor - mine.left.minor, 6_000);
        assert_eq!(begin(shop, &shop.ann, id, goods).id, mine.id, "goes on with that");
        let own = help(shop, &shop.ann, &mine).unwrap_err();
        assert_eq!(own.code(), "bargain.own");
        let helped = help(shop, &shop.bob, &mine).unwrap();
        let off = helped.helped.unwrap().minor;
        assert_eq!(helped.price.minor, mine.price.minor - off);
        assert_eq!(help(shop, &shop.bob, &mine).unwrap_err().code(), "bargain.already_helped");
        // At the floor only.
        let early = buy(shop, &shop.ann, &mine).unwrap_err();
        assert_eq!(early.code(), "bargain.not_reached");
        for friend in [&shop.eve, &shop.lin] {
            help(shop, friend, &mine).unwrap();
        }
        let there = seen(shop, &shop.ann, &mine);
        assert_eq!((there.status, there.price.minor, there.missing), (Status::Reached, 6_000, 0));
        assert_eq!(help(shop, &shop.mo, &mine).unwrap_err().code(), "bargain.reached");
        let bell = app::notice::list(&shop.app, &shop.ann, None, 9).unwrap();
        assert!(bell.iter().any(|one| one.kind == "bargain_reached"), "{bell:?}");
        // Nobody but her, and once.
        assert!(matches!(buy(shop, &shop.bob, &mine), Err(Failure::NotFound)));
        let order = buy(shop, &shop.ann, &mine).unwrap();
        assert_eq!(shop.see(&shop.ann, order).subtotal.minor, 6_000);
        assert_eq!(buy(shop, &shop.ann, &mine).unwrap_err().code(), "bargain.in_use");
        shop.pay(&shop.ann, order).unwrap();
        shop.work();
        assert_eq!(seen(shop, &shop.ann, &mine).status, Status::Bought);
        assert_eq!(buy(shop, &shop.ann, &mine).unwrap_err().code(), "bargain.bought");
        assert_eq!(shop.number("select left_over from campaign_stock"), 2);
        let desk = bargain::desk(&shop.app, &shop.zoe, id).unwrap();
        assert_eq!((desk.launches, desk.reached, desk.bought), (1, 1, 1));
        assert_eq!((desk.helpers, desk.helps), (3, 3));
        // Another one may be begun then.
        assert_ne!(begin(shop, &shop.ann, id, goods).id, mine.id);
    });
}

#[test]
fn an_order_that_closes_unpaid_frees_its_bargain() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 10_000, 9);
        let id = hall(shop, goods, Some(3), |terms| {
            terms.cuts = 2;
            terms.pay_window = Span::hours(2);
        });
        let mine = begin(shop, &shop.ann, id, goods);
        help(shop, &shop.bob, &mine).unwrap();
        let first = buy(shop, &shop.ann, &mine).unwrap();
        shop.later(Span::minutes(40));
        assert_eq!(shop.see(&shop.ann, first).status, domain::order::Status::Cancelled);
        let freed = seen(shop, &shop.ann, &mine);
        assert_eq!((freed.status, freed.may_buy, freed.order), (Status::Reached, true, None));
        assert_eq!(shop.number("select left_over from campaign_stock"), 3);
        // One its buyer ends frees it at once; the next is paid.
        let second = buy(shop, &shop.ann, &mine).unwrap();
        app::order_desk::cancel(&shop.app, &shop.keyed(&shop.ann), second).unwrap();
        let third = buy(shop, &shop.ann, &mine).unwrap();
        shop.pay(&shop.ann, third).unwrap();
        shop.work();
        assert_eq!(seen(shop, &shop.ann, &mine).status, Status::Bought);
        // What comes back is not bargained for again.
        assert_eq!(shop.number("select count(*) from order_campaigns"), 3);
    });
}

#[test]
fn its_time_is_over_by_the_clock_and_then_by_its_job() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 10_000, 9);
        let id = hall(shop, goods, None, |terms| {
            terms.cuts = 3;
            terms.life = Span::hours(2);
            terms.pay_window = Span::hours(1);
        });
        let mine = begin(shop, &shop.ann, id, goods);
        let other = begin(shop, &shop.bob, id, goods);
        for friend in [&shop.eve, &shop.lin] {
            help(shop, friend, &other).unwrap();
        }
        let order = buy(shop, &shop.bob, &other).unwrap();
        shop.clock.advance(Span::hours(2));
        // No job ran: the clock judges.
        assert_eq!(seen(shop, &shop.ann, &mine).status, Status::Expired);
        assert_eq!(help(shop, &shop.eve, &mine).unwrap_err().code(), "bargain.expired");
        let again = begin(shop, &shop.ann, id, goods);
        assert_ne!(again.id, mine.id);
        shop.work();
        shop.work();
        assert_eq!(shop.see(&shop.bob, order).status, domain::order::Status::Cancelled);
        assert_eq!(shop.number("select count(*) from bargains where status = 'expired'"), 2);
        assert_eq!(buy(shop, &shop.bob, &other).unwrap_err().code(), "bargain.expired");
    });
}

#[test]
fn nobody_helps_twice_by_another_account_nor_too_often() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 10_000, 99);
        let id = hall(shop, goods, None, |terms| {
            terms.per_helper = 2;
            terms.per_helper_day = 1;
        });
        let mine = begin(shop, &shop.ann, id, goods);
        // Ann's other account, in the same browser (RULES §8.3, 25 and 26).
        let ann = shop.ann.person.as_ref().unwrap().id.to_string();
        let mark =
            shop.app.read(|tx| Ok(app::shop::get(tx)?.sign_hex("known browser", &ann))).unwrap();
        let in_her_browser = Visitor { browser: mark[..32].into(), ..shop.bob.clone() };
        let refused = help(shop, &in_her_browser, &mine).unwrap_err();
        assert_eq!(refused.code(), "bargain.same_cluster");
        // Neighbours at one address count once.
        for who in [&shop.eve, &shop.lin] {
            shop.order(who, What::Now { variant: goods.variant, quantity: 1 }).unwrap();
        }
        help(shop, &shop.eve, &mine).unwrap();
        let refused = help(shop, &shop.lin, &mine).unwrap_err();
        assert_eq!(refused.code(), "bargain.same_cluster");
        // Once a day, twice in all.
        let others: Vec<BargainView> =
            crowd(shop, 3).iter().map(|one| begin(shop, one, id, goods)).collect();
        let often = help(shop, &shop.eve, &others[0]).unwrap_err();
        assert_eq!(often.code(), "bargain.enough_today");
        shop.later(Span::hours(23));
        help(shop, &shop.eve, &others[1]).unwrap();
        let often = help(shop, &shop.eve, &others[2]).unwrap_err();
        assert_eq!(often.code(), "bargain.enough_help");
    });
}

#[test]
fn at_any_price_its_order_keeps_the_price_it_was_placed_at() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 10_000, 9);
        let id = hall(shop, goods, None, |terms| {
            terms.any_price = true;
            terms.quantity = 2;
        });
        let mine = begin(shop, &shop.ann, id, goods);
        let order = buy(shop, &shop.ann, &mine).unwrap();
        assert_eq!(shop.see(&shop.ann, order).subtotal.minor, 2 * mine.price.minor);
        // What is about to be paid keeps its price.
        assert_eq!(help(shop, &shop.bob, &mine).unwrap_err().code(), "bargain.in_use");
        shop.pay(&shop.ann, order).unwrap();
        shop.work();
        assert_eq!(seen(shop, &shop.ann, &mine).status, Status::Bought);
        assert_eq!(shop.number("select sold from stock"), 2);
    });
}

/// Money that comes after its order closed: the bargain is still good, or it was cut further, or
/// another order uses it, or it was bought, or its time is over.
#[test]
fn late_money_buys_the_bargain_that_is_still_good_or_goes_back_once() {
    use domain::order::Status as Order;
    both_engines(|shop| {
        let goods = shop.goods("tea", 10_000, 20);
        let id = hall(shop, goods, None, |terms| {
            terms.any_price = true;
            terms.life = Span::hours(3);
        });
        let buyers = crowd(shop, 5);
        for (case, (who, want)) in buyers
            .iter()
            .zip([
                Order::ToShip,
                Order::LatePaid,
                Order::LatePaid,
                Order::LatePaid,
                Order::LatePaid,
            ])
            .enumerate()
        {
            let mine = begin(shop, who, id, goods);
            let first = buy(shop, who, &mine).unwrap();
            let total = shop.see(who, first).total.minor;
            let paying = app::payment::begin(&shop.app, who, first).unwrap().payment.to_string();
            shop.later(Span::minutes(31));
            assert_eq!(shop.see(who, first).status, Order::Cancelled);
            match case {
                1 => {
                    help(shop, &shop.bob, &mine).unwrap();
                }
                2 => {
                    buy(shop, who, &mine).unwrap();
                }
                3 => {
                    let second = buy(shop, who, &mine).unwrap();
                    shop.pay(who, second).unwrap();
                    shop.work();
                }
                4 => shop.later(Span::hours(3)),
                _ => (),
            }
            let before = seen(shop, who, &mine);
            // Heard of twice.
            for _ in 0..2 {
                late_notice_as(shop, &format!("evt_{case}"), &paying, total);
                shop.work();
            }
            assert_eq!(shop.see(who, first).status, want, "{case} on {}", shop.engine);
            let after = seen(shop, who, &mine);
            if want == Order::ToShip {
                assert_eq!((after.status, after.order), (Status::Bought, Some(first)));
                assert_eq!(buy(shop, who, &mine).unwrap_err().code(), "bargain.bought");
            } else {
                let back = shop.see(who, first).refunds;
                assert_eq!((back.len(), back[0].amount.minor), (1, total));
                let same = (before.status, before.price, before.order);
                assert_eq!((after.status, after.price, after.order), same, "{case}");
            }
        }
        assert_eq!(shop.number("select count(*) from sandbox_refunds"), 4);
        assert_eq!(shop.stock(goods).sold, 2);
    });
}

#[test]
fn an_order_that_closed_leaves_a_bargain_that_is_cut_further() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 10_000, 9);
        let id = hall(shop, goods, None, |terms| terms.any_price = true);
        let mine = begin(shop, &shop.ann, id, goods);
        buy(shop, &shop.ann, &mine).unwrap();
        shop.later(Span::minutes(40));
        let freed = seen(shop, &shop.ann, &mine);
        assert_eq!((freed.status, freed.order), (Status::Running, None));
        // Cut further, and bought by another order.
        help(shop, &shop.bob, &mine).unwrap();
        let cheaper = buy(shop, &shop.ann, &mine).unwrap();
        assert!(shop.see(&shop.ann, cheaper).subtotal.minor < mine.price.minor);
        shop.pay(&shop.ann, cheaper).unwrap();
    });
}

/// Cases 27 and 28: no more is cut than there is, and nothing is put on.
#[test]
fn two_hundred_help_at_once_and_every_part_is_taken_once() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 10_000, 9);
        let id = hall(shop, goods, None, |terms| terms.cuts = 33);
        let mine = begin(shop, &shop.ann, id, goods);
        let friends = crowd(shop, 128);
        let done = at_once(128, |n| help(shop, &friends[n], &mine).map(|view| view.price));
        assert_eq!(done.iter().filter(|one| one.is_ok()).count(), 32);
        let refused = done.iter().filter_map(|one| one.as_ref().err());
        assert!(refused.into_iter().all(|one| one.code() == "bargain.reached"));
        let after = seen(shop, &shop.ann, &mine);
        assert_eq!((after.price.minor, after.taken), (6_000, 33));
        let sum: i64 = after.helpers.iter().map(|helper| helper.cut.minor).sum();
        assert_eq!(sum + after.own_cut.unwrap().minor, 4_000);
        // And the last part, wanted by 64.
        let other = begin(shop, &shop.bob, id, goods);
        let more = crowd_named(shop, "g", 31);
        more.iter().for_each(|one| {
            help(shop, one, &other).unwrap();
        });
        let last = at_once(64, |n| help(shop, &friends[n], &other));
        assert_eq!(last.iter().filter(|one| one.is_ok()).count(), 1);
        // Her order, placed by 16 at once: one of them.
        let placed = at_once(16, |_| buy(shop, &shop.ann, &mine));
        assert_eq!(placed.iter().filter(|one| one.is_ok()).count(), 1);
    });
}

fn crowd_named(shop: &TestShop, name: &str, n: usize) -> Vec<Visitor> {
    (0..n).map(|n| shop.shopper(&format!("{name}{n}"))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    /// Whoever helps, new or not, in whatever order: after each step the price is the start less
    /// what was taken, and the last step ends at the floor to the cent.
    #[test]
    fn through_the_store_every_order_of_helpers_is_exact(
        cuts in 2i64..20, own_first: bool, new_takes in 1i64..4,
        order in Just((0..24usize).collect::<Vec<_>>()).prop_shuffle(),
        buyers in proptest::collection::vec(any::<bool>(), 24),
    ) {
        let shop = on_sqlite();
        let goods = shop.goods("tea", 10_000, 99);
        let cheap = shop.goods("cup", 100, 99);
        let id = hall(&shop, goods, None, |terms| {
            terms.cuts = cuts;
            terms.own_first = own_first;
            terms.new_takes = new_takes.min(cuts - 1).max(1);
        });
        let friends = crowd(&shop, 24);
        for (friend, buys) in friends.iter().zip(&buyers) {
            if *buys {
                let what = What::Now { variant: cheap.variant, quantity: 1 };
                let place = app::checkout::Place {
                    address: domain::place::Address {
                        line1: format!("{} Road", friend.person.as_ref().unwrap().id),
                        ..crate::trade::address()
                    },
                    ..app::checkout::Place::of(what)
                };
                let placed = app::checkout::place(&shop.app, &shop.keyed(friend), place).unwrap();
                shop.pay(friend, placed.value.order).unwrap();
            }
        }
        let mine = begin(&shop, &shop.ann, id, goods);
        let mut price = mine.price.minor;
        for at in order {
            match help(&shop, &friends[at], &mine) {
                Ok(view) => {
                    prop_assert!(view.price.minor < price);
                    price = view.price.minor;
                    prop_assert_eq!(view.price.minor - view.left.minor, 6_000);
                }
                Err(failure) => prop_assert_eq!(failure.code(), "bargain.reached"),
            }
        }
        prop_assert_eq!(price, 6_000);
        shop.finish();
    }
}
