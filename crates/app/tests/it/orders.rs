//! Orders and payments (MECHANICS §1), on both engines.

use app::checkout::What;
use app::order_desk::{self, Ship};
use app::{cart, payment, sandbox};
use domain::moment::Span;
use domain::order::Status;
use domain::payment::Status as PaymentStatus;

use crate::support::{TestShop, both_engines};
use crate::trade::Goods;

fn now(goods: Goods, quantity: i64) -> What {
    What::Now { variant: goods.variant, quantity }
}

fn parcel() -> Ship {
    Ship::all("SF Express", "SF1234567890")
}

#[test]
fn an_order_is_paid_shipped_received_and_completed() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 10);
        let placed = shop.order(&shop.ann, now(tea, 2)).unwrap();
        assert_eq!(placed.total.minor, 7_800 + 800);
        assert_eq!(shop.stock(tea).reserved, 2);
        shop.pay(&shop.ann, placed.order).unwrap();
        assert_eq!(shop.see(&shop.ann, placed.order).status, Status::ToShip);
        assert_eq!((shop.stock(tea).reserved, shop.stock(tea).sold), (0, 2));
        order_desk::ship(&shop.app, &shop.mo, placed.order, parcel()).unwrap();
        let again = order_desk::ship(&shop.app, &shop.mo, placed.order, parcel());
        assert_eq!(again.unwrap_err().code(), "order.not_now");
        order_desk::confirm_receipt(&shop.app, &shop.ann, placed.order).unwrap();
        assert_eq!(shop.number("select count(*) from accounts where kind = 'sales'"), 0);
        shop.later(Span::days(7));
        let order = shop.see(&shop.ann, placed.order);
        assert_eq!(order.status, Status::Completed);
        let sales = "select balance from accounts where kind = 'sales'";
        assert_eq!(shop.number(sales), 8_600);
        let reasons: Vec<&str> = order.moves.iter().map(|step| step.reason.as_str()).collect();
        assert_eq!(reasons, ["placed", "paid", "paid", "shipped", "received", "window_closed"]);
    });
}

#[test]
fn receipt_is_taken_as_confirmed_when_nobody_says_so() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 10);
        let placed = shop.order(&shop.ann, now(tea, 1)).unwrap();
        shop.pay(&shop.ann, placed.order).unwrap();
        order_desk::ship(&shop.app, &shop.mo, placed.order, parcel()).unwrap();
        shop.later(Span::days(15));
        assert_eq!(shop.see(&shop.ann, placed.order).status, Status::Delivered);
        shop.later(Span::days(7));
        assert_eq!(shop.see(&shop.ann, placed.order).status, Status::Completed);
    });
}

#[test]
fn an_unpaid_order_ends_and_frees_its_units() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 1);
        let placed = shop.order(&shop.ann, now(tea, 1)).unwrap();
        let refused = shop.order(&shop.bob, now(tea, 1)).unwrap_err();
        assert_eq!(refused.code(), "inventory.only_left");
        shop.later(Span::minutes(29));
        assert_eq!(shop.see(&shop.ann, placed.order).status, Status::PendingPayment);
        shop.later(Span::minutes(1));
        assert_eq!(shop.see(&shop.ann, placed.order).status, Status::Cancelled);
        let refused = payment::begin(&shop.app, &shop.ann, placed.order).unwrap_err();
        assert_eq!(refused.code(), "payment.not_payable");
        shop.order(&shop.bob, now(tea, 1)).unwrap();
    });
}

#[test]
fn closing_asks_the_provider_first() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 1);
        let placed = shop.order(&shop.ann, now(tea, 1)).unwrap();
        let pay = payment::begin(&shop.app, &shop.ann, placed.order).unwrap();
        let reference = pay.payment.to_string();
        // She pays in the last second; the shop will hear of it only later.
        shop.clock.advance(Span::minutes(29));
        sandbox::act(&shop.app, &reference, sandbox::Act::PayLate).unwrap();
        shop.clock.advance(Span::minutes(1));
        shop.work();
        assert_eq!(shop.see(&shop.ann, placed.order).status, Status::ToShip);
        shop.later(Span::seconds(10));
        assert_eq!(shop.see(&shop.ann, placed.order).status, Status::ToShip);
    });
}

/// The provider says "paid" after the order was closed at our side without it knowing: a notice
/// made by hand, since closing an order closes the payment at the sandbox.
fn late_notice(shop: &TestShop, reference: &str, amount: i64) {
    late_notice_as(shop, "evt_late", reference, amount);
}

pub fn late_notice_as(shop: &TestShop, event: &str, reference: &str, amount: i64) {
    let body = serde_json::to_string(&sandbox::Body {
        event_id: event.into(),
        reference: reference.to_string(),
        status: "paid".into(),
        amount,
        currency: domain::money::Currency::Cny,
    });
    let change = "update sandbox_payments set status = 'paid' where reference = $1";
    let notice = shop.app.write(|tx| {
        tx.run(change, &[reference.into()])?;
        sandbox::signed(tx, event.into(), body.as_ref().unwrap().clone())
    });
    payment::notice(&shop.app, "sandbox", &notice.unwrap()).unwrap();
}

#[test]
fn late_money_confirms_the_order_when_its_units_are_still_there() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 1);
        let placed = shop.order(&shop.ann, now(tea, 1)).unwrap();
        let pay = payment::begin(&shop.app, &shop.ann, placed.order).unwrap();
        shop.later(Span::minutes(31));
        assert_eq!(shop.see(&shop.ann, placed.order).status, Status::Cancelled);
        late_notice(shop, &pay.payment.to_string(), placed.total.minor);
        let order = shop.see(&shop.ann, placed.order);
        assert_eq!(order.status, Status::ToShip);
        assert_eq!(shop.stock(tea).sold, 1);
        assert!(order.moves.iter().any(|step| step.reason == "late_payment"));
        let told = "select count(*) from notices where kind = 'late_moved'";
        assert_eq!(shop.number(told), 1);
    });
}

#[test]
fn late_money_goes_back_when_the_units_are_gone() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 1);
        let placed = shop.order(&shop.ann, now(tea, 1)).unwrap();
        let pay = payment::begin(&shop.app, &shop.ann, placed.order).unwrap();
        shop.later(Span::minutes(31));
        let other = shop.order(&shop.bob, now(tea, 1)).unwrap();
        shop.pay(&shop.bob, other.order).unwrap();
        late_notice(shop, &pay.payment.to_string(), placed.total.minor);
        shop.work();
        let order = shop.see(&shop.ann, placed.order);
        assert_eq!(order.status, Status::LatePaid);
        assert_eq!(order.refunds.len(), 1);
        assert_eq!(order.refunds[0].status, "succeeded");
        assert_eq!(order.refunds[0].amount, placed.total);
        let told = "select count(*) from notices where kind = 'late_refunded'";
        assert_eq!(shop.number(told), 1);
    });
}

#[test]
fn money_for_an_order_its_buyer_ended_goes_back() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 5);
        let placed = shop.order(&shop.ann, now(tea, 1)).unwrap();
        let pay = payment::begin(&shop.app, &shop.ann, placed.order).unwrap();
        order_desk::cancel(&shop.app, &shop.ann, placed.order).unwrap();
        late_notice(shop, &pay.payment.to_string(), placed.total.minor);
        shop.work();
        let order = shop.see(&shop.ann, placed.order);
        assert_eq!(order.status, Status::LatePaid);
        assert_eq!(shop.stock(tea).available, 5);
    });
}

#[test]
fn an_amount_that_differs_is_a_case_for_a_person() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 5);
        let placed = shop.order(&shop.ann, now(tea, 1)).unwrap();
        let pay = payment::begin(&shop.app, &shop.ann, placed.order).unwrap();
        late_notice(shop, &pay.payment.to_string(), placed.total.minor - 1);
        assert_eq!(shop.see(&shop.ann, placed.order).status, Status::PendingPayment);
        let cases = app::case::list(&shop.app, &shop.zoe, 10).unwrap();
        assert_eq!(cases.len(), 1);
        assert_eq!(cases[0].kind, "amount_mismatch");
    });
}

#[test]
fn a_second_begin_is_the_same_payment_and_a_failed_try_can_be_repeated() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 5);
        let placed = shop.order(&shop.ann, now(tea, 1)).unwrap();
        let pay = payment::begin(&shop.app, &shop.ann, placed.order).unwrap();
        let reference = pay.payment.to_string();
        sandbox::act(&shop.app, &reference, sandbox::Act::Fail).unwrap();
        shop.deliver();
        let again = payment::begin(&shop.app, &shop.ann, placed.order).unwrap();
        assert_eq!(again.payment, pay.payment);
        let desk = order_desk::get(&shop.app, &shop.zoe, placed.order).unwrap();
        assert_eq!(desk.payments[0].status, PaymentStatus::Failed);
        sandbox::act(&shop.app, &reference, sandbox::Act::PayTwice).unwrap();
        shop.later(Span::seconds(2));
        assert_eq!(shop.see(&shop.ann, placed.order).status, Status::ToShip);
        assert_eq!(shop.number("select count(*) from journals where kind = 'capture'"), 1);
    });
}

#[test]
fn refunds_before_shipping_free_the_units_and_end_in_refunded_once() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 5);
        let placed = shop.order(&shop.ann, now(tea, 2)).unwrap();
        shop.pay(&shop.ann, placed.order).unwrap();
        order_desk::cancel(&shop.app, &shop.ann, placed.order).unwrap();
        assert_eq!(shop.see(&shop.ann, placed.order).status, Status::Refunding);
        let twice = order_desk::refund(&shop.app, &shop.zoe, placed.order, "twice").unwrap_err();
        assert_eq!(twice.code(), "order.not_now");
        shop.work();
        shop.work();
        let order = shop.see(&shop.ann, placed.order);
        assert_eq!((order.status, order.refunded), (Status::Refunded, placed.total));
        assert_eq!(shop.stock(tea).available, 5);
        let paid_back = "select cast(sum(refunded) as bigint) from sandbox_payments";
        assert_eq!(shop.number(paid_back), placed.total.minor);
    });
}

#[test]
fn a_completed_order_can_still_be_refunded_by_staff() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 5);
        let placed = shop.order(&shop.ann, now(tea, 1)).unwrap();
        shop.pay(&shop.ann, placed.order).unwrap();
        order_desk::ship(&shop.app, &shop.mo, placed.order, parcel()).unwrap();
        order_desk::confirm_receipt(&shop.app, &shop.ann, placed.order).unwrap();
        shop.later(Span::days(7));
        order_desk::refund(&shop.app, &shop.zoe, placed.order, "broken cup").unwrap();
        shop.work();
        assert_eq!(shop.see(&shop.ann, placed.order).status, Status::Refunded);
        assert_eq!(shop.number("select balance from accounts where kind = 'sales'"), 0);
        // The goods are not back yet: they are not sold again.
        assert_eq!(shop.stock(tea).available, 4);
    });
}

#[test]
fn the_same_key_is_the_same_order_and_another_request_under_it_is_refused() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 5);
        let ann = shop.keyed(&shop.ann);
        let place = crate::trade::place(now(tea, 1));
        let first = app::checkout::place(&shop.app, &ann, place.clone()).unwrap();
        let again = app::checkout::place(&shop.app, &ann, place.clone()).unwrap();
        assert!(again.replayed && !first.replayed);
        assert_eq!(again.value.order, first.value.order);
        assert_eq!(shop.stock(tea).reserved, 1);
        let bare = shop.ann.clone();
        let failure = app::checkout::place(&shop.app, &bare, place).unwrap_err();
        assert_eq!(failure.code(), "idempotency.missing");
    });
}

#[test]
fn a_price_that_changed_is_shown_before_it_is_paid() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 5);
        let mut place = crate::trade::place(now(tea, 1));
        place.expected_total = Some(4_600);
        let refused = app::checkout::place(&shop.app, &shop.keyed(&shop.ann), place).unwrap_err();
        assert_eq!(refused.code(), "order.price_changed");
    });
}

#[test]
fn another_buyer_s_order_is_not_found() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 5);
        let placed = shop.order(&shop.ann, now(tea, 1)).unwrap();
        let code = |failure: app::failure::Failure| failure.code();
        let eve = &shop.eve;
        assert_eq!(
            app::order::get(&shop.app, eve, placed.order).map(|_| ()).map_err(code),
            Err("not_found")
        );
        assert_eq!(
            payment::begin(&shop.app, eve, placed.order).map(|_| ()).map_err(code),
            Err("not_found")
        );
        assert_eq!(
            order_desk::cancel(&shop.app, eve, placed.order).map(|_| ()).map_err(code),
            Err("not_found")
        );
        assert_eq!(
            order_desk::get(&shop.app, eve, placed.order).map(|_| ()).map_err(code),
            Err("forbidden")
        );
        assert_eq!(
            order_desk::ship(&shop.app, eve, placed.order, parcel()).map(|_| ()).map_err(code),
            Err("forbidden")
        );
    });
}

#[test]
fn a_cart_is_ordered_as_a_whole_and_emptied() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 5);
        let cup = shop.goods("cup", 7_200, 1);
        let set = |goods: Goods, quantity| {
            let line = cart::SetLine { variant: goods.variant, quantity, add: true };
            cart::set(&shop.app, &shop.ann, line)
        };
        set(tea, 1).unwrap();
        set(tea, 1).unwrap();
        let view = set(cup, 1).unwrap();
        assert_eq!((view.count, view.subtotal.minor), (3, 15_000));
        let placed = shop.order(&shop.ann, What::Cart).unwrap();
        // Above ¥99 it travels free.
        assert_eq!(placed.total.minor, 15_000);
        assert_eq!(cart::view(&shop.app, &shop.ann).unwrap().count, 0);
        let empty = shop.order(&shop.ann, What::Cart).unwrap_err();
        assert_eq!(empty.code(), "order.nothing_to_order");
        // What is sold out stays in the cart; a buyer who saw it is asked again first.
        let set = |goods: Goods, quantity| {
            let line = cart::SetLine { variant: goods.variant, quantity, add: false };
            cart::set(&shop.app, &shop.bob, line)
        };
        set(tea, 1).unwrap();
        set(cup, 1).unwrap();
        let mut seen = crate::trade::place(What::Cart);
        seen.expected_total = Some(11_100);
        let refused = app::checkout::place(&shop.app, &shop.keyed(&shop.bob), seen).unwrap_err();
        assert_eq!(refused.code(), "order.price_changed");
        assert_eq!(shop.stock(tea).reserved, 2);
        let placed = shop.order(&shop.bob, What::Cart).unwrap();
        assert_eq!(placed.total.minor, 3_900 + 800);
        assert_eq!(cart::view(&shop.app, &shop.bob).unwrap().count, 1);
    });
}
