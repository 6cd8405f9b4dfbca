//! Orders that wait in one lane: decided together, each as if it were alone.

use std::sync::Barrier;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use app::cart::{self, SetLine};
use app::checkout::{self, What};
use app::failure::{Failure, KeyProblem};
use app::lane::Lane;
use app::order_desk;
use app::{App, Visitor, payment, sandbox};
use domain::group_buy::Team;
use domain::id::Id;

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

/// Everybody waits in a lane before anybody is decided for: what `sql` locks is held so long. The
/// first who came are one batch, all others the next.
pub fn together<I: Send, O: Send, T: Send>(
    app: &App,
    lane: &Lane<I, Result<O, Failure>>,
    sql: &str,
    n: usize,
    work: impl Fn(usize) -> T + Sync,
) -> Vec<T> {
    let locked = Barrier::new(2);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let hold = app.write(|tx| {
                tx.run(sql, &[])?;
                locked.wait();
                let began = Instant::now();
                while lane.here() < n {
                    assert!(began.elapsed() < Duration::from_secs(60), "somebody did not wait");
                    std::thread::yield_now();
                }
                Ok(())
            });
            hold.unwrap();
        });
        locked.wait();
        let work = &work;
        let threads: Vec<_> = (0..n).map(|number| scope.spawn(move || work(number))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

/// How many were decided in a lane so far: looked at, together, alone.
fn decided<I, O>(lane: &Lane<I, Result<O, Failure>>) -> (u64, u64, u64) {
    let decided = lane.decided();
    let count = |count: &std::sync::atomic::AtomicU64| count.load(Ordering::Relaxed);
    (count(&decided.looked_at), count(&decided.together), count(&decided.alone))
}

fn hold_stock(goods: Goods) -> String {
    format!("update stock set lost = lost where variant_id = {}", goods.variant.0)
}

#[test]
fn who_is_not_refused_on_sight_is_decided_once() {
    both_engines(|shop| {
        let (gone, cup) = (shop.goods("gone", 3_950, 0), shop.goods("cup", 3_950, 10));
        let gift = shop.goods("gift", 0, 10);
        let put = |who: &Visitor, goods: Goods| {
            let line = SetLine { variant: goods.variant, quantity: 1, add: false };
            cart::set(&shop.app, who, line).unwrap();
        };
        put(&shop.bob, cup);
        put(&shop.eve, gone);
        // In vain: from here on everybody is looked at before anything is locked.
        let in_vain = || assert!(shop.order(&shop.ann, now(gone, 1)).is_err());
        in_vain();
        assert_eq!(decided(&shop.app.orders), (0, 1, 0));
        in_vain();
        // What is sold out is not bought from a cart either, and that can be seen.
        let refused = shop.order(&shop.eve, What::Cart).unwrap_err();
        assert_eq!(refused.code(), "order.nothing_to_order");
        assert_eq!(decided(&shop.app.orders), (2, 1, 0));
        assert!(shop.order(&shop.bob, What::Cart).is_ok());
        assert_eq!(cart::count(&shop.app, &shop.bob).unwrap(), 0);
        in_vain();
        assert!(shop.order(&shop.lin, now(gift, 1)).is_ok());
        assert_eq!(decided(&shop.app.orders), (2, 4, 0), "each once, nobody alone");
        assert_eq!(shop.number("select count(*) from orders"), 2);
    });
}

#[test]
fn one_cart_is_ordered_once_in_a_batch() {
    both_engines(|shop| {
        let cup = shop.goods("cup", 3_950, 10);
        let line = SetLine { variant: cup.variant, quantity: 2, add: false };
        cart::set(&shop.app, &shop.ann, line).unwrap();
        let orders = together(&shop.app, &shop.app.orders, &hold_stock(cup), 12, |_| {
            shop.order(&shop.ann, What::Cart)
        });
        assert_eq!(orders.iter().filter(|order| order.is_ok()).count(), 1);
        let refused = orders.iter().filter_map(|order| order.as_ref().err());
        assert!(refused.map(Failure::code).all(|code| code == "order.nothing_to_order"));
        assert_eq!(shop.stock(cup).reserved, 2);
    });
}

/// A team of `need` that ann has opened.
fn team_of(shop: &TestShop, goods: Goods, need: i64) -> Id<Team> {
    let group_buy = shop.group_buy(goods, 6_800, None, |settings| settings.need = need);
    shop.open_team(&shop.ann, group_buy, goods)
}

#[test]
fn everybody_joins_one_team_in_batches() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 8_800, 1_000);
        let team = team_of(shop, goods, 20);
        let crowd = crowd(shop, 128);
        let what = What::JoinTeam { team, variant: goods.variant, quantity: 1 };
        let before = decided(&shop.app.orders);
        let hold = format!("update teams set taken = taken where id = {}", team.0);
        let joined = together(&shop.app, &shop.app.orders, &hold, 128, |n| {
            shop.order(&crowd[n], what.clone())
        });
        let places = joined.iter().filter(|joined| joined.is_ok()).count();
        let full = joined.iter().filter_map(|joined| joined.as_ref().err());
        assert_eq!((places, full.filter(|no| no.code() == "group_buy.full").count()), (19, 109));
        let after = decided(&shop.app.orders);
        assert_eq!((after.1 - before.1, after.2 - before.2), (128, 0), "nobody alone");
        // And all of them pay at once: the team is complete with the last.
        let paying: Vec<_> = (0..128).filter(|n| joined[*n].is_ok()).collect();
        let notices = notices(shop, &paying, |n| (&crowd[n], joined[n].as_ref().unwrap().order));
        let before = decided(&shop.app.news);
        let told = together(&shop.app, &shop.app.news, &hold, notices.len(), |n| {
            payment::notice(&shop.app, sandbox::NAME, &notices[n])
        });
        assert!(told.iter().all(Result::is_ok));
        let after = decided(&shop.app.news);
        assert_eq!((after.1 - before.1, after.2 - before.2), (19, 0), "nobody alone");
        assert_eq!(shop.team(team).status.code(), "succeeded");
        let to_ship = "select count(*) from orders where status = 'to_ship'";
        assert_eq!((shop.number(to_ship), shop.stock(goods).sold), (20, 20));
    });
}

/// The bank's notices of these orders, begun to be paid and paid there.
fn notices<'v>(
    shop: &TestShop,
    numbers: &[usize],
    order: impl Fn(usize) -> (&'v Visitor, Id<domain::order::Order>),
) -> Vec<sandbox::Notice> {
    for number in numbers {
        let (who, order) = order(*number);
        let pay = payment::begin(&shop.app, who, order).unwrap();
        sandbox::act(&shop.app, &pay.payment.to_string(), sandbox::Act::Pay).unwrap();
    }
    sandbox::take_due(&shop.app).unwrap()
}

#[test]
fn teams_are_opened_in_batches_until_what_is_set_aside_is_gone() {
    both_engines(|shop| {
        let goods = shop.goods("pot", 26_800, 50);
        let group_buy = shop.group_buy(goods, 19_900, Some(10), |settings| {
            settings.per_person = 2;
            settings.need = 2;
        });
        let crowd = crowd(shop, 16);
        let what = What::OpenTeam { group_buy, variant: goods.variant, quantity: 1 };
        // Each of sixteen wants four; two is the most for one, and ten for all.
        let opened = together(&shop.app, &shop.app.orders, &hold_stock(goods), 64, |n| {
            shop.order(&crowd[n / 4], what.clone())
        });
        assert_eq!(opened.iter().filter(|opened| opened.is_ok()).count(), 10);
        for (n, four) in opened.chunks(4).enumerate() {
            assert!(four.iter().filter(|opened| opened.is_ok()).count() <= 2, "{n}");
        }
        let stock = shop.stock(goods);
        assert_eq!((stock.set_aside, stock.reserved, stock.available), (0, 10, 40));
        assert_eq!(shop.number("select count(*) from teams where taken = 1"), 10);
        assert_eq!(decided(&shop.app.orders).2, 0, "nobody alone");
    });
}

#[test]
fn a_notice_that_breaks_down_leaves_the_others_alone() {
    both_engines(|shop| {
        let goods = shop.goods("cup", 3_950, 100);
        let crowd = crowd(shop, 12);
        let orders: Vec<_> =
            crowd.iter().map(|who| shop.order(who, now(goods, 1)).unwrap().order).collect();
        let numbers: Vec<usize> = (0..12).collect();
        let notices = notices(shop, &numbers, |n| (&crowd[n], orders[n]));
        let currency = |code: &str| {
            let sql = "update payments set currency = $1 where order_id = $2";
            shop.app.write(|tx| tx.run(sql, &[code.into(), orders[5].into()])).unwrap();
        };
        // Nobody can read this one: whoever tries breaks down.
        currency("???");
        let told = together(&shop.app, &shop.app.news, &hold_stock(goods), 12, |n| {
            // Alone it would break down before it had to wait for anything.
            while n == 5 && shop.app.news.here() == 0 {
                std::thread::yield_now();
            }
            let tell = || payment::notice(&shop.app, sandbox::NAME, &notices[n]);
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(tell))
                .is_ok_and(|told| told.is_ok())
        });
        currency("CNY");
        let told = told.iter().filter(|told| **told).count();
        assert_eq!((told, shop.stock(goods).sold), (11, 11));
        // The bank tells it again.
        for notice in &notices {
            payment::notice(&shop.app, sandbox::NAME, notice).unwrap();
        }
        assert_eq!(shop.stock(goods).sold, 12);
    });
}

#[test]
fn two_nodes_decide_at_once() {
    both_engines(|shop| {
        let Some(other) = shop.another_node() else { return };
        let goods = shop.goods("tea", 8_800, 60);
        let team = team_of(shop, goods, 10);
        let crowd = crowd(shop, 96);
        let node = |n: usize| if n.is_multiple_of(2) { &*shop.app } else { &*other };
        let start = Barrier::new(96);
        let placed = at_once(96, &start, |n| {
            let what = match n % 3 {
                0 => now(goods, 1),
                _ => What::JoinTeam { team, variant: goods.variant, quantity: 1 },
            };
            checkout::place(node(n), &shop.keyed(&crowd[n]), place(what))
        });
        let bought: Vec<usize> = (0..96).filter(|n| placed[*n].is_ok()).collect();
        // Nine places beside ann's, and one each for everybody who wants it alone.
        assert_eq!(bought.len(), 9 + 32);
        let order = |n: usize| (&crowd[n], placed[n].as_ref().unwrap().value.order);
        let notices = notices(shop, &bought, order);
        let count = notices.len();
        let start = Barrier::new(2 * count);
        // The bank tells both nodes.
        let told = at_once(2 * count, &start, |n| {
            payment::notice(node(n), sandbox::NAME, &notices[n / 2])
        });
        assert!(told.iter().all(Result::is_ok), "{told:?}");
        assert_eq!(shop.team(team).status.code(), "succeeded");
        assert_eq!(shop.stock(goods).sold, 42);
        assert_eq!(shop.number("select count(*) from journals where kind = 'capture'"), 42);
    });
}

fn at_once<T: Send>(n: usize, start: &Barrier, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    std::thread::scope(|scope| {
        let work = &work;
        let go = move |number| {
            start.wait();
            work(number)
        };
        let threads: Vec<_> = (0..n).map(|number| scope.spawn(move || go(number))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}
