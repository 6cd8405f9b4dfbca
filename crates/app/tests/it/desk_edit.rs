//! What staff change of orders on both engines: prices before payment, goods and addresses before
//! sending, and what happens when others act at the same moment.

use app::checkout::What;
use app::failure::Failure;
use app::order::ParcelLine;
use app::order_desk::{self, DeskView, Ship};
use app::order_edit::{
    self, ChangeAddress, ChangePrice, LinePrice, Swap, TakeOut, change_address, change_price,
    quote_address, take_out,
};
use app::{Visitor, cart, delivery, payment, sandbox};
use domain::id::Id;
use domain::moment::Span;
use domain::order::{Order, Status};
use domain::place::Address;
use domain::region::Area;
use domain::shipping::Rate;

use crate::races::{both, rounds};
use crate::support::{TestShop, both_engines};
use crate::trade::{Goods, address};

fn now(goods: Goods, quantity: i64) -> What {
    What::Now { variant: goods.variant, quantity }
}

fn reprice(shop: &TestShop, id: Id<Order>, total: i64) -> Result<DeskView, Failure> {
    let change =
        ChangePrice { total: Some(total), reason: "a friend".into(), ..Default::default() };
    change_price(&shop.app, &shop.mo, id, &change)
}

/// An order of teas and cups of somebody's.
fn two_lines(shop: &TestShop, who: &Visitor, tea: Goods, cup: Goods) -> Id<Order> {
    for (goods, quantity) in [(tea, 3), (cup, 1)] {
        let line = cart::SetLine { variant: goods.variant, quantity, add: false };
        cart::set(&shop.app, who, line).unwrap();
    }
    shop.order(who, What::Cart).unwrap().order
}

#[test]
fn a_price_is_lowered_and_raised_before_it_is_paid() {
    both_engines(|shop| {
        let (tea, cup) = (shop.goods("tea", 3_900, 100), shop.goods("cup", 1_900, 100));
        let id = two_lines(shop, &shop.ann, tea, cup);
        let before = shop.see(&shop.ann, id);
        let ship = before.shipping.minor;
        let view = reprice(shop, id, 10_000 + ship).unwrap();
        let totals: Vec<i64> = view.order.lines.iter().map(|line| line.total.minor).collect();
        assert_eq!(totals.iter().sum::<i64>(), 10_000);
        assert_eq!(view.order.total.minor, 10_000 + ship);
        let change = &order_edit::changes(&shop.app, &shop.ann, id).unwrap()[0];
        assert_eq!((change.kind.as_str(), change.reason.as_str()), ("price", "a friend"));
        assert_eq!((change.total_before, change.total_after.minor), (before.total, 10_000 + ship));
        assert!(order_edit::changes(&shop.app, &shop.bob, id).is_err());
        // By line, and dearer.
        let line = view.order.lines[0].id;
        let change = ChangePrice {
            lines: vec![LinePrice { line, total: 20_000 }],
            shipping: Some(0),
            reason: "hand made".into(),
            ..Default::default()
        };
        let view = change_price(&shop.app, &shop.mo, id, &change).unwrap();
        assert_eq!(view.order.lines[0].total.minor, 20_000);
        assert_eq!(view.order.shipping.minor, 0);
        shop.pay(&shop.ann, id).unwrap();
        let paid = "select captured from payments where status = 'captured'";
        assert_eq!(shop.number(paid), view.order.total.minor);
        assert_eq!(reprice(shop, id, 1).unwrap_err().code(), "order.not_now");
    });
}

#[test]
fn a_price_that_cannot_be_is_refused() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 3_900, 100);
        let id = shop.order(&shop.ann, now(goods, 1)).unwrap().order;
        let begun = payment::begin(&shop.app, &shop.ann, id).unwrap();
        for total in [-1, 0, i64::MAX, 1] {
            assert_eq!(reprice(shop, id, total).unwrap_err().code(), "order.bad_price", "{total}");
        }
        // What was begun to be paid goes on.
        let status = sandbox::find(&shop.app, &begun.payment.to_string()).unwrap().status;
        assert_eq!(status, "open");
        let say = |change: ChangePrice| change_price(&shop.app, &shop.mo, id, &change);
        let unsaid = ChangePrice { total: Some(2_000), ..Default::default() };
        assert_eq!(say(unsaid.clone()).unwrap_err().code(), "order.no_reason");
        let old = ChangePrice { expected_total: Some(1), reason: "x".into(), ..unsaid.clone() };
        assert_eq!(say(old).unwrap_err().code(), "order.price_changed");
        let lines = vec![LinePrice { line: Id::new(7), total: 5 }];
        let wrong = ChangePrice { lines, reason: "x".into(), ..Default::default() };
        assert_eq!(say(wrong).unwrap_err().code(), "order.bad_line");
        let group_buy = shop.group_buy(goods, 3_000, None, |_| ());
        let what = What::OpenTeam { group_buy, variant: goods.variant, quantity: 1 };
        let team = shop.order(&shop.bob, what).unwrap().order;
        assert_eq!(reprice(shop, team, 2_000).unwrap_err().code(), "order.in_team");
        let said = ChangePrice { reason: "x".into(), ..unsaid };
        let refused = change_price(&shop.app, &shop.ann, id, &said).unwrap_err();
        assert_eq!(refused.code(), "forbidden");
    });
}

/// The provider says that the old amount was paid, though it had closed that payment for us: the
/// money goes back by itself, nobody has a case to look at, and the order waits for its new price.
#[test]
fn late_money_of_an_old_price_goes_back() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 3_900, 100);
        for (end, total) in [(false, 2_000), (false, 9_000), (true, 2_000)] {
            let id = shop.order(&shop.ann, now(goods, 1)).unwrap().order;
            let begun = payment::begin(&shop.app, &shop.ann, id).unwrap();
            let reference = begun.payment.to_string();
            reprice(shop, id, total).unwrap();
            assert_eq!(sandbox::find(&shop.app, &reference).unwrap().status, "closed");
            if end {
                order_desk::refund(&shop.app, &shop.mo, id, "no more").unwrap();
            }
            // A bank that was slower than its own word.
            shop.app
                .write(|tx| {
                    let sql = "update sandbox_payments set status = 'paid' where reference = $1";
                    tx.run(sql, &[(&reference).into()])
                })
                .unwrap();
            let amount = begun.amount.minor;
            let body = format!(
                "{{\"event_id\":\"evt-{reference}\",\"reference\":\"{reference}\",\
                 \"status\":\"paid\",\"amount\":{amount},\"currency\":\"CNY\"}}"
            );
            let id_of = format!("evt-{reference}");
            let notice =
                shop.app.read(|tx| sandbox::signed(tx, id_of.clone(), body.clone())).unwrap();
            payment::notice(&shop.app, sandbox::NAME, &notice).unwrap();
            payment::notice(&shop.app, sandbox::NAME, &notice).unwrap();
            shop.work();
            let seen = shop.see(&shop.ann, id);
            let (want, why) = match end {
                true => (Status::LatePaid, "late"),
                false => (Status::PendingPayment, "surplus"),
            };
            assert_eq!(seen.status, want, "on {}", shop.engine);
            let back: Vec<(&str, i64, &str)> = seen
                .refunds
                .iter()
                .map(|refund| (refund.reason.as_str(), refund.amount.minor, refund.status.as_str()))
                .collect();
            assert_eq!(back, [(why, amount, "succeeded")]);
            assert_eq!(shop.number("select count(*) from cases"), 0);
            if !end {
                shop.pay(&shop.ann, id).unwrap();
                assert_eq!(shop.see(&shop.ann, id).status, Status::ToShip);
            }
            shop.audit();
        }
    });
}

/// The buyer pays just as the price changes: they have it at the price they paid, or their money
/// back and the order at the new price. Never a case for a person.
#[test]
fn a_price_change_meets_a_payment() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 3_900, 1_000);
        for round in 0..rounds().min(4) {
            let placed = shop.order(&shop.ann, now(goods, 1)).unwrap();
            let id = placed.order;
            let total = if round % 2 == 0 { 2_500 } else { 8_000 };
            let (_, changed) = both(
                || {
                    if let Ok(begun) = payment::begin(&shop.app, &shop.ann, id) {
                        let reference = begun.payment.to_string();
                        sandbox::act(&shop.app, &reference, sandbox::Act::Pay).unwrap();
                        shop.deliver();
                    }
                },
                || reprice(shop, id, total),
            );
            shop.later(Span::seconds(1));
            let seen = shop.see(&shop.ann, id);
            match (seen.status, changed) {
                (Status::ToShip, Ok(_)) => assert_eq!(seen.total.minor, total),
                (Status::ToShip, Err(_)) => assert_eq!(seen.total, placed.total),
                (Status::PendingPayment, Ok(_)) => assert_eq!(seen.total.minor, total),
                other => panic!("{other:?}"),
            }
            assert_eq!(shop.number("select count(*) from cases"), 0);
            shop.audit();
        }
    });
}

fn out(shop: &TestShop, id: Id<Order>, lines: &[(usize, i64)]) -> Result<DeskView, Failure> {
    let known = order_desk::get(&shop.app, &shop.mo, id).unwrap().order.lines;
    let lines =
        lines.iter().map(|(n, quantity)| ParcelLine { line: known[*n].id, quantity: *quantity });
    let lines = lines.collect();
    take_out(&shop.app, &shop.mo, id, &TakeOut { lines, reason: "none left".into() })
}

#[test]
fn what_is_taken_out_before_sending_is_paid_back() {
    both_engines(|shop| {
        let (tea, cup) = (shop.goods("tea", 3_333, 100), shop.goods("cup", 1_900, 100));
        let id = two_lines(shop, &shop.ann, tea, cup);
        reprice(shop, id, 10_000).unwrap();
        shop.pay(&shop.ann, id).unwrap();
        for wrong in [vec![], vec![(0, 4)], vec![(0, -1)], vec![(1, 2)]] {
            assert_eq!(out(shop, id, &wrong).unwrap_err().code(), "order.bad_line", "{wrong:?}");
        }
        assert_eq!(out(shop, id, &[(0, 3), (1, 1)]).unwrap_err().code(), "order.all_out");
        let line = shop.see(&shop.ann, id).lines[0].total.minor;
        let view = out(shop, id, &[(0, 1)]).unwrap();
        assert_eq!(view.order.lines[0].removed, 1);
        let first = view.order.lines[0].refunded.minor;
        assert!((first * 3 - line).abs() <= 2, "a third of {line}: {first}");
        assert_eq!(shop.stock(tea).available, 98);
        // The rest of the line and no more.
        let view = out(shop, id, &[(0, 2)]).unwrap();
        assert_eq!(view.order.lines[0].refunded.minor, line);
        shop.work();
        let seen = shop.see(&shop.ann, id);
        assert_eq!((seen.refunded.minor, seen.status), (line, Status::ToShip));
        assert_eq!((shop.stock(tea).available, shop.stock(cup).sold), (100, 1));
        // Only what is left is sent, and only that can come back.
        shop.ship_it(id);
        let seen = shop.see(&shop.ann, id);
        assert_eq!((seen.status, seen.shipments[0].lines.len()), (Status::Shipped, 1));
        assert_eq!(out(shop, id, &[(1, 1)]).unwrap_err().code(), "order.not_now");
        let refused =
            take_out(&shop.app, &shop.ann, id, &TakeOut { lines: vec![], reason: "x".into() });
        assert_eq!(refused.unwrap_err().code(), "forbidden");
    });
}

#[test]
fn with_the_last_unit_that_waited_taken_out_the_order_is_sent() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_000, 100);
        let id = shop.order(&shop.ann, now(tea, 3)).unwrap().order;
        shop.pay(&shop.ann, id).unwrap();
        let line = shop.see(&shop.ann, id).lines[0].id;
        let lines = Some(vec![ParcelLine { line, quantity: 2 }]);
        let parcel = Ship { lines, ..Ship::all("SF", "SF0001") };
        order_desk::ship(&shop.app, &shop.mo, id, parcel).unwrap();
        assert_eq!(out(shop, id, &[(0, 2)]).unwrap_err().code(), "order.bad_line");
        out(shop, id, &[(0, 1)]).unwrap();
        assert_eq!(shop.see(&shop.ann, id).status, Status::Shipped);
        shop.work();
        order_desk::confirm_receipt(&shop.app, &shop.ann, id).unwrap();
        // Of the two that came one comes back, for what it cost.
        let offer = app::after_sale::offer(&shop.app, &shop.ann, id).unwrap();
        let portions: Vec<i64> = offer.lines[0].portions.iter().map(|part| part.minor).collect();
        assert_eq!(portions, [3_000, 6_000]);
    });
}

/// Staff take a unit out as another sends everything: it is in the parcel or it was paid back.
#[test]
fn an_edit_meets_sending() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_000, 1_000);
        for _ in 0..rounds().min(4) {
            let id = shop.order(&shop.ann, now(tea, 2)).unwrap().order;
            shop.pay(&shop.ann, id).unwrap();
            let (edited, sent) = both(
                || out(shop, id, &[(0, 1)]),
                || order_desk::ship(&shop.app, &shop.zoe, id, Ship::all("SF", "SF0001")),
            );
            sent.unwrap();
            shop.work();
            let seen = shop.see(&shop.ann, id);
            let in_parcel: i64 = seen.shipments[0].lines.iter().map(|line| line.quantity).sum();
            let want = if edited.is_ok() { (1, 3_000) } else { (2, 0) };
            assert_eq!((in_parcel, seen.refunded.minor), want, "on {}", shop.engine);
            shop.audit();
        }
    });
}

#[test]
fn a_variant_is_swapped_for_one_that_costs_the_same() {
    both_engines(|shop| {
        let (red, dear) = (shop.goods("red", 3_000, 10), shop.goods("dear", 4_000, 10));
        let blue = shop.goods("blue", 3_000, 10);
        let same = "update variants set product_id = $1, option1 = sku,
                        position = position + id % 1000 + 2 where id = $2";
        for other in [blue, dear] {
            let params = [red.product.into(), other.variant.into()];
            shop.app.write(|tx| tx.run(same, &params)).unwrap();
        }
        let other = shop.goods("other", 3_000, 10);
        let id = shop.order(&shop.ann, now(red, 2)).unwrap().order;
        let line = shop.see(&shop.ann, id).lines[0].id;
        let swap = |variant| {
            let swap = Swap { line, variant, reason: "she likes blue".into() };
            order_edit::swap(&shop.app, &shop.mo, id, &swap)
        };
        assert_eq!(swap(blue.variant).unwrap_err().code(), "order.not_now");
        shop.pay(&shop.ann, id).unwrap();
        for wrong in [dear.variant, other.variant, red.variant] {
            assert_eq!(swap(wrong).unwrap_err().code(), "order.bad_swap");
        }
        let choices = order_edit::swap_choices(&shop.app, &shop.mo, id).unwrap();
        assert_eq!(choices.iter().map(|one| one.variant).collect::<Vec<_>>(), [blue.variant]);
        let view = swap(blue.variant).unwrap();
        assert_eq!(view.order.lines[0].sku, "blue");
        assert_eq!((shop.stock(red).available, shop.stock(red).sold), (10, 0));
        assert_eq!((shop.stock(blue).available, shop.stock(blue).sold), (8, 2));
        // Ended, the other one's units come back.
        order_desk::refund(&shop.app, &shop.mo, id, "no more").unwrap();
        shop.work();
        assert_eq!((shop.stock(red).available, shop.stock(blue).available), (10, 10));
    });
}

fn rated(shop: &TestShop) {
    let standard = delivery::methods(&shop.app, &shop.zoe).unwrap().remove(0);
    let rate =
        |area: &str, fee| Rate { areas: vec![Area::parse(area).unwrap()], ..Rate::flat(fee, None) };
    let nowhere = Rate { delivers: false, ..rate("CN/西藏", 0) };
    let put = delivery::PutMethod {
        code: standard.code,
        kind: standard.kind,
        name: standard.name,
        name_en: standard.name_en,
        active: true,
        rates: vec![rate("CN", 800), rate("CN/新疆", 2_000), rate("CN/浙江", 500), nowhere],
        gift_fee: None,
        version: Some(standard.version),
    };
    delivery::change_method(&shop.app, &shop.zoe, standard.id, put).unwrap();
}

#[test]
fn another_address_shows_what_it_costs_and_charges_nobody() {
    both_engines(|shop| {
        rated(shop);
        let tea = shop.goods("tea", 3_000, 100);
        let to = |region: &str| Address { region: region.into(), ..address() };
        let send = |id, region: &str, apply_fee| {
            let change = ChangeAddress { address: to(region), apply_fee, reason: "moved".into() };
            change_address(&shop.app, &shop.mo, id, &change)
        };
        let id = shop.order(&shop.ann, now(tea, 1)).unwrap().order;
        let begun = payment::begin(&shop.app, &shop.ann, id).unwrap();
        let quote = quote_address(&shop.app, &shop.mo, id, &to("新疆")).unwrap();
        assert_eq!((quote.fee_before.minor, quote.difference.minor), (500, 1_500));
        assert!(!quote_address(&shop.app, &shop.mo, id, &to("西藏")).unwrap().delivers);
        assert_eq!(send(id, "西藏", false).unwrap_err().code(), "order.not_delivered");
        // Left alone the fee stays, and so does what was begun to be paid.
        assert_eq!(send(id, "新疆", false).unwrap().order.total.minor, 3_500);
        assert_eq!(sandbox::find(&shop.app, &begun.payment.to_string()).unwrap().status, "open");
        assert_eq!(send(id, "江苏", true).unwrap().order.total.minor, 3_800);
        shop.pay(&shop.ann, id).unwrap();
        // Of a paid one nothing more is asked, and what it costs less goes back when staff say so.
        assert_eq!(send(id, "新疆", true).unwrap_err().code(), "order.dearer");
        let view = send(id, "浙江", true).unwrap();
        assert_eq!(view.order.address.region, "浙江");
        shop.work();
        assert_eq!(shop.see(&shop.ann, id).refunded.minor, 300);
        send(id, "新疆", false).unwrap();
        shop.ship_it(id);
        assert_eq!(send(id, "江苏", false).unwrap_err().code(), "order.not_now");
        let told = "select count(*) from notices where kind = 'order_edited'";
        assert!(shop.number(told) >= 3);
    });
}
