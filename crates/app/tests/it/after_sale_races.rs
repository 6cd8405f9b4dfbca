//! Everybody at a return at once: units are asked for once, money goes back once, and whoever
//! comes second hears it.

use app::after_sale::{self, ApproveReturn, DecideReturn};
use app::failure::Failure;
use app::order_desk;
use domain::after_sale::Status;
use domain::moment::Span;

use crate::after_sale::{KEEPS, SENDS, parcel, refunded};
use crate::races::{at_once, both, expect, rounds};
use crate::support::both_engines;

#[test]
fn one_unit_is_asked_for_once() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 9);
        let order = shop.arrived(&shop.ann, &[(tea, 3)]);
        let results = at_once(12, |_| shop.ask(&shop.ann, order, KEEPS, &[(0, 1)]));
        expect(shop, &results, &[("ok", 3), ("return.only_left", 9)]);
        // Each is agreed to at the same moment, and each twice.
        let ids: Vec<_> = results.into_iter().flatten().map(|asked| asked.id).collect();
        let agreed = at_once(6, |n| shop.agree(ids[n % 3]));
        expect(shop, &agreed, &[("ok", 3), ("return.not_now", 3)]);
        at_once(2, |_| shop.work());
        assert_eq!(refunded(&shop.see(&shop.ann, order)), [3 * 3_900]);
        let back = "select sum(refunded) from sandbox_payments";
        assert_eq!(shop.number(back), 3 * 3_900, "on {}", shop.engine);
    });
}

#[test]
fn a_return_is_agreed_to_or_taken_back() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 99);
        let order = shop.arrived(&shop.ann, &[(tea, 9)]);
        for _ in 0..rounds().min(8) {
            let asked = shop.ask(&shop.ann, order, KEEPS, &[(0, 1)]).unwrap().id;
            let withdraw = || after_sale::withdraw(&shop.app, &shop.ann, asked);
            let (agreed, taken_back) = both(|| shop.agree(asked), withdraw);
            assert_ne!(agreed.is_ok(), taken_back.is_ok(), "on {}", shop.engine);
            shop.work();
            let want = if agreed.is_ok() { Status::Refunded } else { Status::Withdrawn };
            assert_eq!(shop.state(asked), want);
        }
    });
}

#[test]
fn a_refusal_is_taken_to_the_owner_once_and_decided_once() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 9);
        let order = shop.arrived(&shop.ann, &[(tea, 1)]);
        let asked = shop.ask(&shop.ann, order, KEEPS, &[(0, 1)]).unwrap().id;
        // Staff answer both ways at once: one of them counts.
        let answers = both(
            || shop.agree(asked).map(|_| ()),
            || after_sale::refuse(&shop.app, &shop.zoe, asked, "no").map(|_| ()),
        );
        expect(shop, &[answers.0, answers.1], &[("ok", 1), ("return.not_now", 1)]);
        shop.work();
        if shop.state(asked) == Status::Refunded {
            return;
        }
        let up = at_once(4, |_| after_sale::escalate(&shop.app, &shop.ann, asked, "look"));
        expect(shop, &up, &[("ok", 1), ("return.not_now", 3)]);
        let word = |grant| DecideReturn { grant, reason: "so".into(), ..DecideReturn::default() };
        let said = at_once(4, |n| {
            after_sale::decide(&shop.app, &shop.zoe, asked, &word(n % 2 == 0)).map(|_| ())
        });
        expect(shop, &said, &[("ok", 1), ("return.not_now", 3)]);
        shop.work();
    });
}

/// At the end of its time: the job that moves it on meets the buyer who sends the goods.
#[test]
fn the_last_moment_is_somebody_s() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 9);
        let order = shop.arrived(&shop.ann, &[(tea, 2)]);
        let asked = shop.ask(&shop.ann, order, SENDS, &[(0, 1)]).unwrap().id;
        shop.agree(asked).unwrap();
        shop.clock.advance(Span(Span::days(7).0 - 1));
        let send = || after_sale::send_back(&shop.app, &shop.ann, asked, parcel());
        let (sent, ()) = both(send, || {
            shop.clock.advance(Span(1));
            shop.work();
        });
        let want = if sent.is_ok() { Status::Returned } else { Status::Closed };
        assert_eq!(shop.state(asked), want, "on {}", shop.engine);
    });
}

/// All of an order at once in three ways: as a return, as another, and as a whole by staff.
#[test]
fn money_goes_back_once_whoever_asks_for_it() {
    both_engines(|shop| {
        let (tea, cup) = (shop.goods("tea", 3_900, 9), shop.goods("cup", 6_100, 9));
        for _ in 0..rounds().min(4) {
            let order = shop.arrived(&shop.ann, &[(tea, 1), (cup, 1)]);
            let results: Vec<Result<(), Failure>> = at_once(3, |n| match n {
                0 | 1 => {
                    let asked = shop.ask(&shop.ann, order, KEEPS, &[(n, 1)])?;
                    let what = ApproveReturn::default();
                    after_sale::approve(&shop.app, &shop.mo, asked.id, &what).map(|_| ())
                }
                _ => order_desk::refund(&shop.app, &shop.zoe, order, "all of it").map(|_| ()),
            });
            assert!(results.iter().any(Result::is_ok), "{results:?} on {}", shop.engine);
            shop.work();
            let seen = shop.see(&shop.ann, order);
            let back: i64 = refunded(&seen).iter().sum();
            assert_eq!(seen.refunded.minor, back, "on {}", shop.engine);
            assert!(back <= seen.total.minor);
        }
    });
}
