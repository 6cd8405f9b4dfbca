//! Everybody at once: exactly the limit is sold, never more and never fewer, and nobody is told
//! anything that is not so. Each race starts at a barrier, on both engines.

use std::collections::BTreeMap;
use std::sync::Barrier;

use app::checkout::{self, What};
use app::db::Tx;
use app::failure::Failure;
use app::group_buy::{self, Step};
use app::order_desk::{self, Ship};
use app::{Visitor, payment, sandbox, team, work};
use domain::moment::Span;
use domain::order::Status;

use crate::support::{TestShop, both_engines, on_postgres};
use crate::trade::place;

/// Does `work` `n` times at the same moment, each on a thread of its own.
pub fn at_once<T: Send>(n: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let barrier = Barrier::new(n);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..n)
            .map(|number| {
                let (barrier, work) = (&barrier, &work);
                scope.spawn(move || {
                    barrier.wait();
                    work(number)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

/// Two different things at the same moment.
pub fn both<A: Send, B: Send>(
    a: impl FnOnce() -> A + Send,
    b: impl FnOnce() -> B + Send,
) -> (A, B) {
    let barrier = Barrier::new(2);
    std::thread::scope(|scope| {
        let first = scope.spawn(|| {
            barrier.wait();
            a()
        });
        barrier.wait();
        let second = b();
        (first.join().unwrap(), second)
    })
}

/// How many ended how: `ok`, or the code of their failure.
fn outcomes<T>(results: &[Result<T, Failure>]) -> BTreeMap<&'static str, usize> {
    let mut counted = BTreeMap::new();
    for result in results {
        let code = result.as_ref().map_or_else(Failure::code, |_| "ok");
        *counted.entry(code).or_default() += 1;
    }
    counted
}

pub fn expect<T>(shop: &TestShop, results: &[Result<T, Failure>], want: &[(&'static str, usize)]) {
    let want: BTreeMap<_, _> = want.iter().copied().collect();
    assert_eq!(outcomes(results), want, "on {}", shop.engine);
}

fn crowd(shop: &TestShop, n: usize) -> Vec<Visitor> {
    (0..n).map(|number| shop.shopper(&format!("shopper-{number}"))).collect()
}

/// How often the races whose outcome is open are run.
pub fn rounds() -> usize {
    std::env::var("PINWHEEL_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(8)
}

/// Case 22: a full team, joined by everybody at once.
#[test]
fn sixty_four_join_for_the_last_place() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 8_800, 1_000);
        let group_buy = shop.group_buy(goods, 6_800, None, |_| ());
        let team = shop.open_team(&shop.ann, group_buy, goods);
        let crowd = crowd(shop, 64);
        let what = What::JoinTeam { team, variant: goods.variant, quantity: 1 };
        let results = at_once(64, |n| shop.order(&crowd[n], what.clone()));
        expect(shop, &results, &[("ok", 1), ("group_buy.full", 63)]);
        let winner = results.iter().position(Result::is_ok).unwrap();
        let order = results[winner].as_ref().unwrap().order;
        shop.pay(&crowd[winner], order).unwrap();
        assert_eq!(shop.team(team).status.code(), "succeeded");
        assert_eq!(shop.see(&crowd[winner], order).status, Status::ToShip);
        assert_eq!(shop.stock(goods).available, 998);
    });
}

#[test]
fn two_hundred_and_fifty_six_join_one_group_buy() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 8_800, 1_000);
        let group_buy = shop.group_buy(goods, 6_800, None, |settings| settings.need = 10);
        let teams = [&shop.ann, &shop.lin].map(|who| shop.open_team(who, group_buy, goods));
        let crowd = crowd(shop, 256);
        let variant = goods.variant;
        let what = |n: usize| What::JoinTeam { team: teams[n % 2], variant, quantity: 1 };
        let results = at_once(256, |n| shop.order(&crowd[n], what(n)));
        expect(shop, &results, &[("ok", 18), ("group_buy.full", 238)]);
        let paid = at_once(256, |n| match &results[n] {
            Ok(placed) => shop.pay(&crowd[n], placed.order),
            Err(_) => Ok(()),
        });
        assert!(paid.iter().all(Result::is_ok));
        shop.deliver();
        for team in teams {
            assert_eq!(shop.team(team).status.code(), "succeeded", "on {}", shop.engine);
        }
        assert_eq!(shop.stock(goods).sold, 20);
    });
}

#[test]
fn a_place_that_was_given_up_goes_to_exactly_one_other() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 8_800, 1_000);
        let group_buy = shop.group_buy(goods, 6_800, None, |_| ());
        let team = shop.open_team(&shop.ann, group_buy, goods);
        let what = What::JoinTeam { team, variant: goods.variant, quantity: 1 };
        let held = shop.order(&shop.eve, what.clone()).unwrap();
        order_desk::cancel(&shop.app, &shop.eve, held.order).unwrap();
        let crowd = crowd(shop, 32);
        let results = at_once(32, |n| shop.order(&crowd[n], what.clone()));
        expect(shop, &results, &[("ok", 1), ("group_buy.full", 31)]);
    });
}

#[test]
fn two_hundred_and_fifty_six_buy_ten_units() {
    both_engines(|shop| {
        let goods = shop.goods("cup", 3_950, 10);
        let crowd = crowd(shop, 256);
        let what = What::Now { variant: goods.variant, quantity: 1 };
        let results = at_once(256, |n| shop.order(&crowd[n], what.clone()));
        expect(shop, &results, &[("ok", 10), ("inventory.only_left", 246)]);
        let stock = shop.stock(goods);
        assert_eq!((stock.available, stock.reserved), (0, 10));
        let paid = at_once(256, |n| match &results[n] {
            Ok(placed) => shop.pay(&crowd[n], placed.order).map(|()| true),
            Err(_) => Ok(false),
        });
        assert_eq!(paid.iter().filter(|paid| matches!(paid, Ok(true))).count(), 10);
        assert_eq!(shop.stock(goods).sold, 10, "on {}", shop.engine);
    });
}

#[test]
fn thirty_two_open_teams_for_the_last_unit_set_aside() {
    both_engines(|shop| {
        let goods = shop.goods("pot", 26_800, 50);
        let group_buy = shop.group_buy(goods, 19_900, Some(1), |_| ());
        let crowd = crowd(shop, 32);
        let what = What::OpenTeam { group_buy, variant: goods.variant, quantity: 1 };
        let results = at_once(32, |n| shop.order(&crowd[n], what.clone()));
        expect(shop, &results, &[("ok", 1), ("group_buy.sold_out", 31)]);
        let stock = shop.stock(goods);
        assert_eq!((stock.set_aside, stock.reserved, stock.available), (0, 1, 49));
    });
}

#[test]
fn nobody_passes_their_limit_in_parallel() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 8_800, 100);
        let group_buy = shop.group_buy(goods, 6_800, None, |settings| settings.per_person = 3);
        let what = What::OpenTeam { group_buy, variant: goods.variant, quantity: 1 };
        let results = at_once(16, |_| shop.order(&shop.eve, what.clone()));
        expect(shop, &results, &[("ok", 3), ("group_buy.too_many_per_person", 13)]);
    });
}

#[test]
fn one_key_places_one_order() {
    both_engines(|shop| {
        let goods = shop.goods("cup", 3_950, 40);
        let visitor = shop.keyed(&shop.ann);
        let wanted = place(What::Now { variant: goods.variant, quantity: 1 });
        let results = at_once(32, |_| checkout::place(&shop.app, &visitor, wanted.clone()));
        expect(shop, &results, &[("ok", 32)]);
        let answers: Vec<_> = results.into_iter().map(Result::unwrap).collect();
        assert_eq!(answers.iter().filter(|answer| !answer.replayed).count(), 1);
        assert!(answers.iter().all(|answer| answer.value.order == answers[0].value.order));
        assert_eq!(shop.number("select count(*) from orders"), 1);
        assert_eq!(shop.stock(goods).reserved, 1);
    });
}

#[test]
fn one_order_is_paid_once_however_often_it_is_paid_for() {
    both_engines(|shop| {
        let goods = shop.goods("cup", 3_950, 40);
        let placed =
            shop.order(&shop.ann, What::Now { variant: goods.variant, quantity: 1 }).unwrap();
        let begun = at_once(16, |_| payment::begin(&shop.app, &shop.ann, placed.order));
        expect(shop, &begun, &[("ok", 16)]);
        assert_eq!(shop.number("select count(*) from payments"), 1);
        let reference = begun[0].as_ref().unwrap().payment.to_string();
        let acted = at_once(16, |_| sandbox::act(&shop.app, &reference, sandbox::Act::PayTwice));
        expect(shop, &acted, &[("ok", 16)]);
        shop.clock.advance(Span::seconds(2));
        let notices = sandbox::take_due(&shop.app).unwrap();
        let told =
            at_once(16, |n| payment::notice(&shop.app, sandbox::NAME, &notices[n % notices.len()]));
        expect(shop, &told, &[("ok", 16)]);
        assert_eq!(shop.see(&shop.ann, placed.order).status, Status::ToShip);
        assert_eq!(shop.number("select count(*) from journals where kind = 'capture'"), 1);
        assert_eq!(shop.stock(goods).sold, 1);
    });
}

/// The payment and the time-out meet: the order is paid or it is over, and money that came for
/// nothing goes back.
#[test]
fn paying_meets_expiring() {
    both_engines(|shop| {
        let goods = shop.goods("cup", 3_950, 400);
        for _ in 0..rounds() {
            let what = What::Now { variant: goods.variant, quantity: 1 };
            let placed = shop.order(&shop.ann, what).unwrap();
            let pay = payment::begin(&shop.app, &shop.ann, placed.order).unwrap();
            let reference = pay.payment.to_string();
            shop.clock.set(placed.pay_by);
            both(
                || {
                    sandbox::act(&shop.app, &reference, sandbox::Act::Pay).unwrap();
                    shop.deliver();
                },
                || work::drain(&shop.app).unwrap(),
            );
            shop.later(Span::minutes(1));
            let order = shop.see(&shop.ann, placed.order);
            let paid = sandbox::find(&shop.app, &reference).unwrap().status == "paid";
            let kept = order.status == Status::ToShip;
            let over = matches!(order.status, Status::Cancelled | Status::LatePaid);
            assert!(if paid { kept } else { over }, "{:?}, paid: {paid}", order.status);
            shop.audit();
        }
    });
}

/// The last payment and the merchant's end meet: everybody has the goods, or their money.
#[test]
fn completing_meets_ending() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 8_800, 400);
        for _ in 0..rounds() {
            let group_buy = shop.group_buy(goods, 6_800, None, |_| ());
            let team = shop.open_team(&shop.ann, group_buy, goods);
            let what = What::JoinTeam { team, variant: goods.variant, quantity: 1 };
            let placed = shop.order(&shop.bob, what).unwrap();
            let pay = payment::begin(&shop.app, &shop.bob, placed.order).unwrap();
            let reference = pay.payment.to_string();
            both(
                || {
                    sandbox::act(&shop.app, &reference, sandbox::Act::Pay).unwrap();
                    shop.deliver();
                },
                || {
                    let end = Step::EndAndFail;
                    group_buy::step(&shop.app, &shop.zoe, group_buy, end).unwrap();
                    work::drain(&shop.app).unwrap();
                },
            );
            shop.later(Span::minutes(1));
            let bobs = shop.see(&shop.bob, placed.order);
            match shop.team(team).status.code() {
                "succeeded" => assert_eq!(bobs.status, Status::ToShip),
                "failed" => {
                    let nothing = bobs.status == Status::Cancelled && bobs.refunds.is_empty();
                    let back = matches!(bobs.status, Status::Refunded | Status::LatePaid)
                        && bobs.refunds.len() == 1;
                    assert!(nothing || back, "{bobs:?}");
                }
                other => panic!("the team is {other}"),
            }
            shop.audit();
        }
    });
}

/// Case 23: a place is paid for just as the team's time runs out.
#[test]
fn joining_meets_closing() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 8_800, 400);
        for round in 0..rounds() {
            let group_buy = shop.group_buy(goods, 6_800, None, |_| ());
            let team = shop.open_team(&shop.ann, group_buy, goods);
            let deadline = shop.team(team).deadline.unwrap();
            shop.clock.set(deadline.minus(Span::seconds(1)));
            let what = What::JoinTeam { team, variant: goods.variant, quantity: 1 };
            let placed = shop.order(&shop.bob, what).unwrap();
            let pay = payment::begin(&shop.app, &shop.bob, placed.order).unwrap();
            let reference = pay.payment.to_string();
            both(
                || {
                    sandbox::act(&shop.app, &reference, sandbox::Act::Pay).unwrap();
                    shop.deliver();
                },
                || {
                    // In every second round the time runs out in the middle of it.
                    if round % 2 == 1 {
                        shop.clock.set(deadline);
                    }
                    work::drain(&shop.app).unwrap();
                },
            );
            shop.clock.set(deadline);
            shop.later(Span::minutes(20));
            let (team, bobs) = (shop.team(team), shop.see(&shop.bob, placed.order));
            match team.status.code() {
                "succeeded" => assert_eq!(bobs.status, Status::ToShip),
                // Late money goes where the merchant said: here to another team, or a new one.
                "failed" => assert_ne!(bobs.status, Status::ToShip),
                other => panic!("the team is {other} after its deadline"),
            }
            shop.audit();
            shop.later(Span::days(2));
        }
    });
}

/// Two hear at the same moment that an order was paid whose team is over: whoever comes second
/// finds it in another team, and begins again with that one.
#[test]
fn late_money_is_heard_of_twice_at_once() {
    let Some(shop) = on_postgres() else { return };
    let goods = shop.goods("tea", 8_800, 10);
    let group_buy = shop.group_buy(goods, 6_800, None, |settings| settings.need = 3);
    let team = shop.open_team(&shop.ann, group_buy, goods);
    shop.clock.advance(Span::minutes(24 * 60 - 5));
    let what = What::JoinTeam { team, variant: goods.variant, quantity: 1 };
    let order = shop.order(&shop.bob, what).unwrap().order;
    let pay = payment::begin(&shop.app, &shop.bob, order).unwrap();
    sandbox::act(&shop.app, &pay.payment.to_string(), sandbox::Act::Pay).unwrap();
    shop.clock.advance(Span::minutes(5));
    let held = Barrier::new(3);
    std::thread::scope(|scope| {
        let heard = [0, 1].map(|_| {
            let (shop, held) = (&shop, &held);
            scope.spawn(move || {
                held.wait();
                payment::close_unpaid(&shop.app, order)
            })
        });
        let all_wait = |tx: &mut Tx| {
            tx.one(
                "select count(*) from pg_stat_activity
                 where datname = current_database() and wait_event_type = 'Lock'",
                &[],
                |row| row.get::<i64>(0) == 2,
            )
        };
        let hold = |tx: &mut Tx| {
            tx.all("select id from teams where id = $1 for update", &[team.into()], |_| ())?;
            held.wait();
            while !shop.app.read(all_wait)? {}
            Ok(())
        };
        shop.app.write(hold).unwrap();
        for heard in heard {
            heard.join().unwrap().unwrap();
        }
    });
    let bobs = shop.see(&shop.bob, order);
    assert_eq!(bobs.status, Status::AwaitingTeam);
    assert_ne!(bobs.team, Some(team));
}

/// The leader leaves as the last place is paid for: either the team is complete with her, or it
/// goes on without her.
#[test]
fn leaving_meets_completing() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 8_800, 400);
        let group_buy = shop.group_buy(goods, 6_800, None, |settings| {
            settings.per_person = 1_000;
        });
        for _ in 0..rounds() {
            let team = shop.open_team(&shop.ann, group_buy, goods);
            let what = What::JoinTeam { team, variant: goods.variant, quantity: 1 };
            let placed = shop.order(&shop.bob, what).unwrap();
            let pay = payment::begin(&shop.app, &shop.bob, placed.order).unwrap();
            let reference = pay.payment.to_string();
            let (_, left) = both(
                || {
                    sandbox::act(&shop.app, &reference, sandbox::Act::Pay).unwrap();
                    shop.deliver();
                },
                || team::leave(&shop.app, &shop.ann, team),
            );
            shop.later(Span::minutes(1));
            let bobs = shop.see(&shop.bob, placed.order).status;
            match (left, shop.team(team).status.code()) {
                (Err(refused), "succeeded") => {
                    assert_eq!(refused.code(), "group_buy.not_open");
                    assert_eq!(bobs, Status::ToShip);
                }
                // Bob came first: the team is his. Ann came first: it was over, and his money
                // opened another one.
                (Ok(_), "open" | "failed") => {
                    assert!(matches!(bobs, Status::AwaitingTeam | Status::LatePaid), "{bobs:?}");
                }
                (left, team) => panic!("{:?}, the team is {team}", left.map(|_| ())),
            }
            shop.audit();
        }
    });
}

#[test]
fn two_refunds_are_one() {
    both_engines(|shop| {
        let goods = shop.goods("cup", 3_950, 40);
        let placed =
            shop.order(&shop.ann, What::Now { variant: goods.variant, quantity: 1 }).unwrap();
        shop.pay(&shop.ann, placed.order).unwrap();
        let results = at_once(16, |n| {
            if n % 2 == 0 {
                order_desk::refund(&shop.app, &shop.zoe, placed.order, "broken").map(|_| ())
            } else {
                order_desk::cancel(&shop.app, &shop.ann, placed.order).map(|_| ())
            }
        });
        expect(shop, &results, &[("ok", 1), ("order.not_now", 15)]);
        at_once(4, |_| work::drain(&shop.app).unwrap());
        let order = shop.see(&shop.ann, placed.order);
        assert_eq!((order.status, order.refunds.len()), (Status::Refunded, 1));
        assert_eq!(order.refunded, order.total);
        let back = shop.number("select sum(refunded) from sandbox_payments");
        assert_eq!(back, order.total.minor);
    });
}

#[test]
fn refunding_meets_shipping() {
    both_engines(|shop| {
        let goods = shop.goods("cup", 3_950, 400);
        for _ in 0..rounds() {
            let what = What::Now { variant: goods.variant, quantity: 1 };
            let placed = shop.order(&shop.ann, what).unwrap();
            shop.pay(&shop.ann, placed.order).unwrap();
            let ship = Ship::all("SF", "SF1234567890");
            let (shipped, cancelled) = both(
                || order_desk::ship(&shop.app, &shop.mo, placed.order, ship),
                || order_desk::cancel(&shop.app, &shop.ann, placed.order),
            );
            shop.work();
            let order = shop.see(&shop.ann, placed.order);
            match (shipped.is_ok(), cancelled.is_ok()) {
                (true, false) => assert_eq!(order.status, Status::Shipped),
                (false, true) => assert_eq!(order.status, Status::Refunded),
                other => panic!("shipped and cancelled: {other:?}"),
            }
            shop.audit();
        }
    });
}

#[test]
fn every_job_may_run_twice() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 8_800, 100);
        let group_buy = shop.group_buy(goods, 6_800, None, |settings| settings.need = 3);
        let team = shop.open_team(&shop.ann, group_buy, goods);
        shop.join(&shop.bob, team, goods).unwrap();
        shop.clock.set(shop.team(team).deadline.unwrap());
        // The same jobs by several workers, and again by hand.
        at_once(8, |_| work::drain(&shop.app).unwrap());
        let again = shop.app.write(|tx| {
            tx.run(
                "update jobs set state = 'ready', run_at = 0 where id in
                   (select max(id) from jobs where state = 'done' group by unique_key)
                 and not exists (select 1 from jobs j where j.unique_key = jobs.unique_key
                                 and j.state in ('ready', 'running'))",
                &[],
            )
        });
        assert!(again.unwrap() > 0);
        shop.work();
        assert_eq!(shop.team(team).status.code(), "failed");
        assert_eq!(shop.number("select count(*) from refunds where status = 'succeeded'"), 2);
        let paid = shop.number("select sum(amount) from sandbox_payments");
        let back = shop.number("select sum(refunded) from sandbox_payments");
        assert_eq!((paid, back), (2 * 7_600, 2 * 7_600));
    });
}
