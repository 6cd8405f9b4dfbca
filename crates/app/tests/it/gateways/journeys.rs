//! Whole journeys over each provider: paid, told twice, told late, paid back in part and as a
//! whole, with the provider away in the middle.

use app::checkout::What;
use app::outside::gateway::{Device, Known, ProviderState};
use app::outside::{Charge, Trouble};
use app::payment::{self, ask};
use app::{after_sale, order_desk};
use domain::moment::Span;
use domain::money::{Currency, Money};
use domain::order::{PAY_WINDOW, Status};

use super::{Paid, Twist, each, each_on_both};
use crate::after_sale::KEEPS;

#[test]
fn what_is_paid_goes_to_be_shipped_and_comes_back_in_parts() {
    each_on_both(|scene| {
        let (shop, double) = (&scene.shop, &scene.double);
        let paying = scene.paid(3);
        assert_eq!((paying.provider.as_str(), paying.amount.minor), (double.name(), 36_000));
        assert_eq!(scene.holds(), 36_000);
        // The same again, under its name and under another: nothing more.
        scene.tell(&paying, Twist::Again).unwrap();
        scene.tell(&paying, Twist::Right).unwrap();
        assert_eq!((scene.holds(), scene.number("select count(*) from refunds")), (36_000, 0));

        // One of three goes back.
        shop.ship_it(paying.order);
        order_desk::confirm_receipt(&shop.app, &shop.ann, paying.order).unwrap();
        let back = shop.ask(&shop.ann, paying.order, KEEPS, &[(0, 1)]).unwrap();
        after_sale::approve(&shop.app, &shop.mo, back.id, &Default::default()).unwrap();
        scene.later(Span::seconds(1));
        let reference = paying.payment.to_string();
        assert_eq!(double.refunded(&reference), 12_000);
        assert_eq!((scene.holds(), scene.status(paying.order)), (24_000, Status::Delivered));

        // The provider is away while the rest should go back; then it is asked again, and once.
        double.set_away(true);
        order_desk::refund(&shop.app, &shop.keyed(&shop.mo), paying.order, "broken").unwrap();
        scene.later(Span::seconds(1));
        assert_eq!((double.refunded(&reference), scene.holds()), (12_000, 24_000));
        double.set_away(false);
        scene.later(Span::minutes(10));
        assert_eq!((double.refunded(&reference), scene.holds()), (36_000, 0));
        assert_eq!(scene.status(paying.order), Status::Refunded);
        scene.later(Span::hours(2));
        assert_eq!(double.refunded(&reference), 36_000);
    });
}

#[test]
fn a_buyer_who_begins_again_is_sent_to_the_same_payment() {
    each(|scene| {
        let order = scene.order(1);
        scene.double.set_away(true);
        // An address at Alipay is only signed; the others must answer first.
        if scene.double.name() != "alipay" {
            let away = payment::begin(&scene.shop.app, &scene.shop.ann, order);
            assert_eq!(away.unwrap_err().code(), "payment.provider_down");
        }
        scene.double.set_away(false);
        let first = scene.begin(order);
        // An hour of patience is not asked of any address: later it is made anew, for the same.
        scene.wait(Span::minutes(6));
        let second = scene.begin(order);
        assert_eq!(first.payment, second.payment);
        assert_eq!(scene.number("select count(*) from payments"), 1);
        let url = second.code.clone().unwrap_or_else(|| second.pay_url.clone());
        assert_eq!(scene.double.pay(&second.payment.to_string(), &url), Paid::Now);
        scene.tell(&second, Twist::Right).unwrap();
        assert_eq!(scene.status(order), Status::ToShip);
        // A code is for phones to read off a page of ours.
        assert_eq!(first.code.is_some(), scene.double.name() == "wechat");
        if let Some(code) = &first.code {
            let shown = payment::begun(&scene.shop.app, &scene.shop.bob, order);
            assert_eq!(shown.unwrap_err().code(), "not_found");
            assert!(code.starts_with("weixin:") && first.pay_url.ends_with("/pay"));
        }
    });
}

#[test]
fn what_is_not_paid_in_time_is_closed_there_too() {
    each(|scene| {
        let paying = scene.begin(scene.order(1));
        scene.later(PAY_WINDOW.plus_a_little());
        assert_eq!(scene.status(paying.order), Status::Cancelled);
        let url = paying.code.clone().unwrap_or_else(|| paying.pay_url.clone());
        if scene.double.name() != "alipay" {
            assert_eq!(scene.double.pay(&paying.payment.to_string(), &url), Paid::TooLate);
        }
        // Money that comes all the same: the goods are still there, so the order lives again.
        scene.double.pay_behind(&paying.payment.to_string(), 12_000);
        scene.tell(&paying, Twist::Right).unwrap();
        assert_eq!((scene.status(paying.order), scene.holds()), (Status::ToShip, 12_000));
    });
}

#[test]
fn late_money_for_goods_that_are_gone_goes_back() {
    each(|scene| {
        let shop = &scene.shop;
        let last = shop.goods("last", 12_000, 1);
        let placed =
            shop.order(&shop.ann, What::Now { variant: last.variant, quantity: 1 }).unwrap();
        let paying = scene.begin(placed.order);
        scene.later(PAY_WINDOW.plus_a_little());
        let taken = shop.order(&shop.bob, What::Now { variant: last.variant, quantity: 1 });
        taken.unwrap();
        scene.double.pay_behind(&paying.payment.to_string(), 12_000);
        scene.tell(&paying, Twist::Right).unwrap();
        assert_eq!(scene.status(placed.order), Status::LatePaid);
        scene.later(Span::seconds(1));
        let reference = paying.payment.to_string();
        assert_eq!((scene.double.refunded(&reference), scene.holds()), (12_000, 0));
        scene.later(Span::hours(1));
    });
}

#[test]
fn closing_meets_paying_and_the_money_counts() {
    each(|scene| {
        let paying = scene.paid_unheard(1);
        // No notice ever comes; the order's time runs out, and the provider says it is paid.
        scene.later(PAY_WINDOW.plus_a_little());
        assert_eq!((scene.status(paying.order), scene.holds()), (Status::ToShip, 12_000));
    });
}

#[test]
fn a_provider_that_is_away_at_the_end_is_asked_until_it_answers() {
    each(|scene| {
        let paying = scene.paid_unheard(1);
        scene.double.set_away(true);
        scene.later(PAY_WINDOW.plus_a_little());
        assert_eq!(scene.status(paying.order), Status::PendingPayment);
        scene.double.set_away(false);
        scene.later(Span::minutes(30));
        assert_eq!((scene.status(paying.order), scene.holds()), (Status::ToShip, 12_000));
    });
}

#[test]
fn a_lost_notice_is_found_before_the_order_closes() {
    each(|scene| {
        let app = &scene.shop.app;
        let paying = scene.paid_unheard(1);
        let open = scene.begin(scene.order(1));
        assert_eq!(ask::round(app).unwrap(), 0, "not yet");
        scene.wait(Span::minutes(3));
        scene.double.set_away(true);
        assert_eq!(ask::round(app).unwrap(), 1, "who is away is asked once a round");
        scene.double.set_away(false);
        assert_eq!(ask::round(app).unwrap(), 2);
        assert_eq!(scene.status(paying.order), Status::ToShip);
        assert_eq!(scene.status(open.order), Status::PendingPayment);
        assert_eq!(ask::round(app).unwrap(), 0, "the other was asked a moment ago");
        scene.wait(Span::minutes(4));
        assert_eq!(ask::round(app).unwrap(), 1);
        let found = payment::desk::providers(app, &scene.shop.zoe).unwrap();
        let one = found.iter().find(|one| one.name == scene.double.name()).unwrap();
        assert_eq!((one.ready, one.well, one.open), (true, Some(true), 1));
        assert!(one.trouble.is_some() && one.missing.is_empty());
        let listed = payment::desk::open(app, &scene.shop.zoe, None, 10).unwrap();
        assert_eq!(listed.iter().map(|one| one.payment).collect::<Vec<_>>(), [Some(open.payment)]);
        // Its notice comes after all: known.
        scene.tell(&paying, Twist::Right).unwrap();
        assert_eq!(scene.holds(), 12_000);
    });
}

#[test]
fn a_refund_may_take_its_time_and_may_fail() {
    each(|scene| {
        let (shop, double) = (&scene.shop, &scene.double);
        double.slow_refunds(true);
        let (well, badly) = (scene.paid(1), scene.paid(1));
        let key = |order: domain::id::Id<domain::order::Order>| {
            let number =
                scene.number(&format!("select id from refunds where order_id = {}", order.0));
            domain::id::Id::<domain::payment::Refund>::new(number).to_string()
        };
        for paying in [&well, &badly] {
            order_desk::refund(&shop.app, &shop.keyed(&shop.mo), paying.order, "sorry").unwrap();
        }
        scene.later(Span::seconds(1));
        assert_eq!(scene.status(well.order), Status::Refunding);
        assert_eq!(scene.holds(), 24_000, "promised, not gone");
        let notice = double.end_refund(&key(well.order), true);
        payment::notice(&shop.app, double.name(), notice).unwrap();
        scene.later(Span::hours(2));
        assert_eq!((scene.status(well.order), scene.holds()), (Status::Refunded, 12_000));
        // The other is still underway after a day: a person should know.
        scene.later(Span::hours(20));
        let slow = "select count(*) from cases where kind = 'refund_slow'";
        assert_eq!(scene.number(slow), 1);
        if double.name() == "alipay" {
            // It tells of no failure, and neither is the money gone.
            assert_eq!(scene.status(badly.order), Status::Refunding);
            return;
        }
        let notice = double.end_refund(&key(badly.order), false);
        payment::notice(&shop.app, double.name(), notice).unwrap();
        scene.later(Span::seconds(1));
        let failed = "select count(*) from cases where kind = 'refund_failed'";
        assert_eq!((scene.number(failed), scene.holds()), (1, 12_000));
    });
}

#[test]
fn adapters_take_the_currencies_of_their_provider() {
    each(|scene| {
        let gateway = scene.double.gateway();
        let all = scene.double.name() == "stripe";
        assert_eq!(gateway.takes(Currency::Usd), all);
        assert!(gateway.takes(Currency::Cny));
        let now = scene.shop.app.now();
        if all {
            // A yen has no smaller unit, there or here.
            let yen = charge(now, Money::new(390, Currency::Jpy));
            let made = gateway.create(&yen).unwrap();
            let known =
                Known { reference: yen.reference.clone(), theirs: made.theirs, amount: yen.amount };
            assert_eq!(scene.double.pay(&yen.reference, &made.url), Paid::Now);
            assert_eq!(gateway.query(&known), Ok(ProviderState::Paid(yen.amount)));
        }
        let nobody = Known {
            reference: "pay_nobody00000".into(),
            theirs: String::new(),
            amount: Money::new(1, Currency::Cny),
        };
        assert_eq!(gateway.query(&nobody), Ok(ProviderState::Unknown));
        assert_eq!(gateway.close(&nobody), Ok(ProviderState::Unknown));
        scene.double.set_away(true);
        if !all {
            assert!(matches!(gateway.query(&nobody), Err(Trouble::Away(_))));
        }
    });
}

fn charge(now: domain::moment::Moment, amount: Money) -> Charge {
    Charge {
        reference: "pay_somebody000".into(),
        amount,
        description: "tea".into(),
        return_url: "http://127.0.0.1:3000/orders/x/paid".into(),
        notify_url: "http://127.0.0.1:3000/hooks/payments/wechat".into(),
        began_at: now,
        pay_by: now.plus(PAY_WINDOW),
        device: Device::Phone,
        place: "203.0.113.9".into(),
        splits: false,
    }
}

trait ALittle {
    fn plus_a_little(self) -> Span;
}

impl ALittle for Span {
    fn plus_a_little(self) -> Span {
        Span(self.0 + Span::seconds(1).0)
    }
}

#[test]
fn phones_have_pages_of_their_own() {
    each(|scene| {
        let gateway = scene.double.gateway();
        let now = scene.shop.app.now();
        let made = gateway.create(&charge(now, Money::new(12_000, Currency::Cny))).unwrap();
        match scene.double.name() {
            "wechat" => assert!(made.url.contains("redirect_url=http%3A%2F%2F127.0.0.1")),
            "alipay" => assert!(made.url.contains("alipay.trade.wap.pay")),
            _ => assert!(made.url.contains("/pay/cs_test_")),
        }
    });
}
