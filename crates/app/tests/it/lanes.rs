//! Orders that wait in one lane: decided together, each as if it were alone.

use app::cart::{self, SetLine};
use app::checkout::{self, What};
use app::failure::{Failure, KeyProblem};
use app::order_desk;
use app::{App, Visitor};

use crate::support::{TestShop, both_engines};
use crate::trade::{Goods, place};

fn now(goods: Goods, quantity: i64) -> What {
    What::Now { variant: goods.variant, quantity }
}

fn crowd(shop: &TestShop, n: usize) -> Vec<Visitor> {
    (0..n).map(|number| shop.shopper(&format!("shopper-{number}"))).collect()
}

/// Everybody's order at once, under the key they are given.
fn all(
    app: &App,
    orders: &[(&Visitor, &str, What)],
) -> Vec<Result<app::idempotency::Answer<checkout::Placed>, Failure>> {
    std::thread::scope(|scope| {
        let threads: Vec<_> = orders
            .iter()
            .map(|(who, key, what)| {
                let keyed = (*who).clone().with_key(key, &format!("{what:?}")).unwrap();
                scope.spawn(move || checkout::place(app, &keyed, place(what.clone())))
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

#[test]
fn one_refusal_leaves_the_others_alone() {
    both_engines(|shop| {
        let (cup, bowl) = (shop.goods("cup", 3_950, 40), shop.goods("bowl", 9_900, 0));
        let crowd = crowd(shop, 60);
        let keys: Vec<String> = (0..60).map(|n| format!("everybody-at-once-{n}")).collect();
        let orders: Vec<_> = (0..60)
            .map(|n| {
                let what = match n % 3 {
                    0 => now(bowl, 1),
                    1 => now(cup, 2),
                    // More than any order may have.
                    _ => now(cup, 100_000),
                };
                (&crowd[n], keys[n].as_str(), what)
            })
            .collect();
        let answers = all(&shop.app, &orders);
        for (n, answer) in answers.iter().enumerate() {
            assert_eq!(answer.is_ok(), n % 3 == 1, "{n}: {answer:?}");
        }
        let (cup, bowl) = (shop.stock(cup), shop.stock(bowl));
        assert_eq!((cup.available, cup.reserved), (0, 40));
        assert_eq!((bowl.available, bowl.reserved), (0, 0));
        for (table, rows) in [("orders", 20), ("order_lines", 20), ("reservations", 20)] {
            assert_eq!(shop.number(&format!("select count(*) from {table}")), rows, "{table}");
        }
        // Nothing is kept of those who were refused, so they may ask again.
        let kept = "select count(*) from idempotency_keys where key like 'everybody%'";
        assert_eq!(shop.number(kept), 20);
    });
}

#[test]
fn a_key_counts_once_however_often_it_comes_at_once() {
    both_engines(|shop| {
        let goods = shop.goods("cup", 3_950, 100);
        let key = "the-same-key-for-all";
        let orders: Vec<_> = (0..24).map(|_| (&shop.ann, key, now(goods, 1))).collect();
        let answers = all(&shop.app, &orders);
        let first = answers[0].as_ref().unwrap().value.order;
        assert!(answers.iter().all(|answer| answer.as_ref().unwrap().value.order == first));
        let new = answers.iter().filter(|answer| !answer.as_ref().unwrap().replayed).count();
        assert_eq!((new, shop.stock(goods).reserved), (1, 1));
        // The same key for something else is nobody's order.
        let other = all(&shop.app, &[(&shop.ann, key, now(goods, 2))]);
        assert!(matches!(other[0], Err(Failure::Key(KeyProblem::Reused))));
        // Another buyer's key of the same name is another key.
        assert!(all(&shop.app, &[(&shop.bob, key, now(goods, 1))])[0].is_ok());
    });
}

#[test]
fn sold_out_is_right_the_moment_stock_returns() {
    both_engines(|shop| {
        let goods = shop.goods("cup", 3_950, 2);
        let first = shop.order(&shop.ann, now(goods, 1)).unwrap();
        let key = "a-key-that-was-answered";
        let second = all(&shop.app, &[(&shop.bob, key, now(goods, 1))]).remove(0).unwrap();
        let crowd = crowd(shop, 20);
        for buyer in &crowd {
            let refused = shop.order(buyer, now(goods, 1)).unwrap_err();
            assert_eq!(refused.code(), "inventory.only_left");
        }
        // Who was answered before is answered again, sold out or not.
        let again = all(&shop.app, &[(&shop.bob, key, now(goods, 1))]).remove(0).unwrap();
        assert_eq!((again.value.order, again.replayed), (second.value.order, true));
        order_desk::cancel(&shop.app, &shop.ann, first.order).unwrap();
        assert!(shop.order(&crowd[0], now(goods, 1)).is_ok(), "one unit came back");
        assert!(shop.order(&crowd[1], now(goods, 1)).is_err(), "and it was one");
    });
}

#[test]
fn carts_go_the_same_way() {
    both_engines(|shop| {
        let (cup, bowl) = (shop.goods("cup", 3_950, 10), shop.goods("bowl", 9_900, 10));
        let shoppers = [&shop.ann, &shop.bob];
        for who in shoppers {
            for (goods, quantity) in [(cup, 2), (bowl, 1)] {
                let line = SetLine { variant: goods.variant, quantity, add: false };
                cart::set(&shop.app, who, line).unwrap();
            }
        }
        let keys = ["the-cart-of-ann-here", "the-cart-of-bob-here", "a-cup-for-eve-please"];
        let orders = [
            (&shop.ann, keys[0], What::Cart),
            (&shop.bob, keys[1], What::Cart),
            (&shop.eve, keys[2], now(cup, 1)),
        ];
        assert!(all(&shop.app, &orders).iter().all(Result::is_ok));
        let (cups, bowls) = (shop.stock(cup), shop.stock(bowl));
        assert_eq!((cups.reserved, bowls.reserved), (5, 2));
        for who in shoppers {
            assert_eq!(cart::count(&shop.app, who).unwrap(), 0);
        }
    });
}

#[test]
fn what_costs_nothing_is_paid_in_its_batch() {
    both_engines(|shop| {
        let (gift, cup) = (shop.goods("gift", 0, 10), shop.goods("cup", 3_950, 10));
        let download = "update variants set ships = 0 where id = $1";
        shop.app.write(|tx| tx.run(download, &[gift.variant.into()])).unwrap();
        let crowd = crowd(shop, 16);
        let keys: Vec<String> = (0..16).map(|n| format!("some-for-nothing-{n}")).collect();
        let what = |n: usize| now(if n.is_multiple_of(2) { gift } else { cup }, 1);
        let orders: Vec<_> = (0..16).map(|n| (&crowd[n], keys[n].as_str(), what(n))).collect();
        let answers = all(&shop.app, &orders);
        for (n, answer) in answers.iter().enumerate() {
            let placed = &answer.as_ref().unwrap().value;
            let status = shop.see(&crowd[n], placed.order).status.code();
            let want = if n % 2 == 0 { "delivered" } else { "pending_payment" };
            assert_eq!((status, placed.to_pay), (want, n % 2 == 1), "{n}");
        }
        let (gift, cup) = (shop.stock(gift), shop.stock(cup));
        assert_eq!((gift.sold, gift.reserved), (8, 0));
        assert_eq!((cup.sold, cup.reserved), (0, 8));
    });
}
