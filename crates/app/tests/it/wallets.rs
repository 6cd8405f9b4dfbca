//! Wallets: given, topped up, spent, promised, and paid back to where it came from.

use std::sync::Barrier;

use app::payment::offline::{self, Seen, Sent, Terms};
use app::payment::{self, Pay, PayView};
use app::top_up::{self, NewTopUp};
use app::wallet::{self, GiveCredit};
use app::{Visitor, order_desk, sandbox, work};
use domain::id::Id;
use domain::moment::Span;
use domain::money::{Currency, Money};
use domain::order::{Order, Status};
use domain::payment::Refund;

use crate::lanes::together;
use crate::support::{TestShop, both_engines};
use crate::trade::{Goods, key};
use app::checkout::What;
use app::failure::Failure;

fn cny(minor: i64) -> Money {
    Money::new(minor, Currency::Cny)
}

fn now(goods: Goods, quantity: i64) -> What {
    What::Now { variant: goods.variant, quantity }
}

pub fn give(shop: &TestShop, who: &Visitor, minor: i64) -> Result<(), Failure> {
    let to = who.person.as_ref().unwrap().id;
    let give = GiveCredit { amount: cny(minor), reason: "sorry for the wait".into() };
    wallet::give(&shop.app, &shop.keyed(&shop.zoe), to, give).map(|_| ())
}

pub fn top_up(shop: &TestShop, who: &Visitor, minor: i64) -> Id<domain::wallet::TopUp> {
    let begun =
        top_up::begin(&shop.app, &shop.keyed(who), NewTopUp { amount: cny(minor), method: None });
    let begun = begun.unwrap().value;
    sandbox::act(&shop.app, &begun.id.to_string(), sandbox::Act::Pay).unwrap();
    shop.deliver();
    begun.id
}

pub fn with_wallet(shop: &TestShop, who: &Visitor, order: Id<Order>) -> Result<PayView, Failure> {
    let pay = Pay { use_wallet: Some(true), ..Pay::default() };
    payment::begin_with(&shop.app, who, order, pay)
}

/// Credit, prepaid and held.
pub fn holds(shop: &TestShop, who: &Visitor) -> (i64, i64, i64) {
    let wallet = wallet::mine(&shop.app, who).unwrap();
    (wallet.store_credit.minor, wallet.prepaid.minor, wallet.held.minor)
}

#[test]
fn a_wallet_pays_alone_or_beside_a_provider() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 3_000, 50);
        give(shop, &shop.ann, 2_000).unwrap();
        top_up(shop, &shop.ann, 5_000);
        assert_eq!(holds(shop, &shop.ann), (2_000, 5_000, 0));
        // Alone: the credit goes first.
        let order = shop.order(&shop.ann, now(goods, 1)).unwrap();
        let paid = with_wallet(shop, &shop.ann, order.order).unwrap();
        assert_eq!((paid.provider.as_str(), paid.amount), ("wallet", order.total));
        assert_eq!(shop.see(&shop.ann, order.order).status, Status::ToShip);
        let left = 7_000 - order.total.minor;
        assert_eq!(holds(shop, &shop.ann), (0, left, 0));
        // Beside: what it cannot pay is the provider's to bring.
        let order = shop.order(&shop.ann, now(goods, 3)).unwrap();
        let rest = order.total.minor - left;
        let begun = with_wallet(shop, &shop.ann, order.order).unwrap();
        assert_eq!((begun.provider.as_str(), begun.amount.minor), ("sandbox", rest));
        assert_eq!(holds(shop, &shop.ann), (0, 0, left));
        assert_eq!(with_wallet(shop, &shop.ann, order.order).unwrap().payment, begun.payment);
        sandbox::act(&shop.app, &begun.payment.to_string(), sandbox::Act::Pay).unwrap();
        shop.deliver();
        assert_eq!(shop.see(&shop.ann, order.order).status, Status::ToShip);
        assert_eq!(holds(shop, &shop.ann), (0, 0, 0));
        // Its owner reads where everything came from and went.
        let statement = wallet::statement(&shop.app, &shop.ann, None, 20).unwrap();
        let told: Vec<(&str, i64)> =
            statement.iter().map(|entry| (entry.kind.as_str(), entry.amount.minor)).collect();
        assert_eq!(told[told.len() - 2..], [("top_up", 5_000), ("grant", 2_000)]);
        assert_eq!(told.iter().map(|(_, minor)| minor).sum::<i64>(), 0);
        assert!(statement[0].about_id == order.order.to_string());
        assert!(matches!(wallet::of(&shop.app, &shop.bob, Id::new(1)), Err(Failure::Forbidden)));
    });
}

#[test]
fn what_was_promised_is_free_again_when_the_order_ends() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 3_000, 50);
        give(shop, &shop.ann, 1_000).unwrap();
        let one = shop.order(&shop.ann, now(goods, 1)).unwrap().order;
        let two = shop.order(&shop.ann, now(goods, 1)).unwrap().order;
        let first = with_wallet(shop, &shop.ann, one).unwrap();
        assert_eq!(holds(shop, &shop.ann), (0, 0, 1_000));
        // The other order finds nothing left.
        let second = with_wallet(shop, &shop.ann, two).unwrap();
        assert_eq!(second.amount, shop.see(&shop.ann, two).total);
        order_desk::cancel(&shop.app, &shop.ann, one).unwrap();
        assert_eq!(holds(shop, &shop.ann), (1_000, 0, 0));
        // Paid at the provider all the same: a part alone buys nothing and goes back.
        sandbox::act(&shop.app, &first.payment.to_string(), sandbox::Act::Pay).unwrap();
        shop.deliver();
        shop.work();
        assert_eq!(shop.number("select count(*) from refunds where status = 'pending'"), 0);
        // Now the other takes it, and its time runs out.
        assert_eq!(with_wallet(shop, &shop.ann, two).unwrap().amount.minor, {
            shop.see(&shop.ann, two).total.minor - 1_000
        });
        shop.later(Span::hours(2));
        assert_eq!(shop.see(&shop.ann, two).status, Status::Cancelled);
        assert_eq!(holds(shop, &shop.ann), (1_000, 0, 0));
    });
}

#[test]
fn money_for_what_is_no_longer_due_goes_back() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 3_000, 50);
        give(shop, &shop.ann, 1_000).unwrap();
        let order = shop.order(&shop.ann, now(goods, 1)).unwrap();
        let whole = payment::begin(&shop.app, &shop.ann, order.order).unwrap();
        // The buyer pays there, and before the news is here chooses to pay a part otherwise.
        let body = {
            sandbox::act(&shop.app, &whole.payment.to_string(), sandbox::Act::Pay).unwrap();
            sandbox::take_due(&shop.app).unwrap()
        };
        // Closing it finds that it is paid: the order is, and there is nothing more to pay.
        assert!(with_wallet(shop, &shop.ann, order.order).is_err());
        assert_eq!(shop.see(&shop.ann, order.order).status, Status::ToShip);
        assert_eq!(holds(shop, &shop.ann), (1_000, 0, 0));
        for notice in &body {
            payment::notice(&shop.app, sandbox::NAME, notice).unwrap();
        }
        assert_eq!(shop.number("select count(*) from refunds"), 0);
    });
}

#[test]
fn nobody_spends_more_than_there_is() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 3_000, 500);
        let total = shop.order(&shop.bob, now(goods, 1)).unwrap().total.minor;
        give(shop, &shop.ann, total * 3 + 1).unwrap();
        let orders: Vec<_> =
            (0..24).map(|_| shop.order(&shop.ann, now(goods, 1)).unwrap().order).collect();
        let pay = Pay { use_wallet: Some(true), method: Some("none".into()), ..Pay::default() };
        let hold = format!("update stock set lost = lost where variant_id = {}", goods.variant.0);
        let paid = together(&shop.app, &shop.app.wallets, &hold, 24, |n| {
            payment::begin_with(&shop.app, &shop.ann, orders[n], pay.clone())
        });
        let codes: Vec<&str> =
            paid.iter().filter_map(|paid| paid.as_ref().err()).map(Failure::code).collect();
        assert_eq!(codes, ["wallet.not_enough"; 21]);
        assert_eq!(holds(shop, &shop.ann), (1, 0, 0));
        assert_eq!(shop.number("select count(*) from orders where status = 'to_ship'"), 3);
        // What is taken back is what is there.
        let refused = give(shop, &shop.ann, -2).unwrap_err();
        assert_eq!(refused.code(), "wallet.not_enough");
        give(shop, &shop.ann, -1).unwrap();
    });
}

#[test]
fn many_wallets_pay_in_one_batch() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 3_000, 500);
        let crowd: Vec<Visitor> = (0..64).map(|n| shop.shopper(&format!("shopper-{n}"))).collect();
        let mut orders = Vec::new();
        for (n, who) in crowd.iter().enumerate() {
            let order = shop.order(who, now(goods, 1)).unwrap();
            // Every fourth has too little.
            give(shop, who, order.total.minor - i64::from(n % 4 == 0)).unwrap();
            orders.push(order.order);
        }
        let pay = Pay { use_wallet: Some(true), method: Some("none".into()), ..Pay::default() };
        let poor = |n: usize| n.is_multiple_of(4);
        let rich: Vec<usize> = (0..64).filter(|n| !poor(*n)).collect();
        let hold = format!("update stock set lost = lost where variant_id = {}", goods.variant.0);
        let paid = together(&shop.app, &shop.app.wallets, &hold, rich.len(), |n| {
            payment::begin_with(&shop.app, &crowd[rich[n]], orders[rich[n]], pay.clone())
        });
        assert!(paid.iter().all(Result::is_ok), "{paid:?}");
        let alone = &shop.app.wallets.decided().alone;
        assert_eq!(alone.load(std::sync::atomic::Ordering::Relaxed), 0, "nobody alone");
        assert_eq!(shop.stock(goods).sold, 48);
        for n in (0..64).filter(|n| poor(*n)) {
            let refused = payment::begin_with(&shop.app, &crowd[n], orders[n], pay.clone());
            assert_eq!(refused.unwrap_err().code(), "payment.no_such_method");
        }
    });
}

#[test]
fn two_nodes_and_two_orders_meet_one_wallet() {
    both_engines(|shop| {
        let Some(other) = shop.another_node() else { return };
        let goods = shop.goods("tea", 3_000, 500);
        for round in 0..20 {
            let who = shop.shopper(&format!("round-{round}"));
            let orders: Vec<_> = (0..4).map(|_| shop.order(&who, now(goods, 1)).unwrap()).collect();
            give(shop, &who, orders[0].total.minor * 2).unwrap();
            let start = Barrier::new(4);
            let paid: Vec<_> = std::thread::scope(|scope| {
                let threads: Vec<_> = (0..4)
                    .map(|n| {
                        let app = if n % 2 == 0 { &shop.app } else { &other };
                        let (who, start, order) = (&who, &start, orders[n].order);
                        scope.spawn(move || {
                            let pay = Pay {
                                use_wallet: Some(true),
                                method: Some("none".into()),
                                ..Pay::default()
                            };
                            start.wait();
                            payment::begin_with(app, who, order, pay)
                        })
                    })
                    .collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).collect()
            });
            assert_eq!(paid.iter().filter(|paid| paid.is_ok()).count(), 2, "{paid:?}");
            assert_eq!(holds(shop, &who), (0, 0, 0));
        }
    });
}

#[test]
fn what_goes_back_goes_to_where_it_came_from() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 3_000, 50);
        give(shop, &shop.ann, 1_000).unwrap();
        top_up(shop, &shop.ann, 500);
        let order = shop.order(&shop.ann, now(goods, 1)).unwrap();
        let begun = with_wallet(shop, &shop.ann, order.order).unwrap();
        assert_eq!(begun.amount.minor, order.total.minor - 1_500);
        sandbox::act(&shop.app, &begun.payment.to_string(), sandbox::Act::Pay).unwrap();
        shop.deliver();
        order_desk::refund(&shop.app, &shop.zoe, order.order, "out of tea").unwrap();
        shop.work();
        assert_eq!(shop.see(&shop.ann, order.order).status, Status::Refunded);
        assert_eq!(holds(shop, &shop.ann), (1_000, 500, 0));
        let sql = "select cast(sum(refunded) as bigint) from sandbox_payments";
        assert_eq!(shop.number(sql), order.total.minor - 1_500);
    });
}

#[test]
fn a_top_up_comes_in_once_and_goes_back_to_where_it_came_from() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 3_000, 50);
        let new = |minor| NewTopUp { amount: cny(minor), method: None };
        let begin = |who: &Visitor, minor| top_up::begin(&shop.app, &shop.keyed(who), new(minor));
        assert_eq!(begin(&shop.ann, 0).unwrap_err().code(), "wallet.bad_amount");
        assert_eq!(begin(&shop.ann, 500_001).unwrap_err().code(), "wallet.over_limit");
        let begun = begin(&shop.ann, 10_000).unwrap().value;
        // Told twice and out of order, it is one top-up.
        sandbox::act(&shop.app, &begun.id.to_string(), sandbox::Act::PayTwice).unwrap();
        shop.later(Span::seconds(5));
        shop.deliver();
        assert_eq!(holds(shop, &shop.ann), (0, 10_000, 0));
        // What is on its way counts too.
        assert_eq!(begin(&shop.ann, 490_001).unwrap_err().code(), "wallet.over_limit");
        let second = begin(&shop.ann, 490_000).unwrap().value;
        assert_eq!(begin(&shop.ann, 100).unwrap_err().code(), "wallet.over_limit");
        shop.later(Span::hours(1));
        assert!(begin(&shop.ann, 100).is_ok());
        let mine = top_up::list(&shop.app, &shop.ann, 10).unwrap();
        let state = |id| mine.iter().find(|one| one.id == id).unwrap().status.clone();
        assert_eq!((state(begun.id).as_str(), state(second.id).as_str()), ("captured", "closed"));
        // A part is spent; the rest goes back, once.
        let order = shop.order(&shop.ann, now(goods, 1)).unwrap();
        with_wallet(shop, &shop.ann, order.order).unwrap();
        let keyed = shop.ann.clone().with_key(&key(), "back").unwrap();
        let back = top_up::give_back(&shop.app, &keyed, begun.id).unwrap().value;
        assert_eq!(back.returned.minor, 10_000 - order.total.minor);
        assert!(top_up::give_back(&shop.app, &keyed, begun.id).unwrap().replayed);
        let again = top_up::give_back(&shop.app, &shop.keyed(&shop.ann), begun.id);
        assert_eq!(again.unwrap_err().code(), "wallet.nothing_left");
        let other = top_up::give_back(&shop.app, &shop.keyed(&shop.bob), begun.id);
        assert!(matches!(other, Err(Failure::NotFound)));
        shop.work();
        assert_eq!(holds(shop, &shop.ann), (0, 0, 0));
    });
}

#[test]
fn a_purse_that_is_full_sends_the_rest_back() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 300_000, 50);
        top_up(shop, &shop.ann, 400_000);
        let order = shop.order(&shop.ann, now(goods, 1)).unwrap();
        with_wallet(shop, &shop.ann, order.order).unwrap();
        top_up(shop, &shop.ann, 400_000);
        // The order's money comes back and fills the purse beyond what a top-up may.
        order_desk::refund(&shop.app, &shop.zoe, order.order, "broken").unwrap();
        shop.work();
        assert_eq!(holds(shop, &shop.ann).1, 800_000);
        let begun = top_up::begin(
            &shop.app,
            &shop.keyed(&shop.ann),
            NewTopUp { amount: cny(100), method: None },
        );
        assert_eq!(begun.unwrap_err().code(), "wallet.over_limit");
    });
}

#[test]
fn money_comes_and_goes_without_a_provider() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 3_000, 50);
        let order = shop.order(&shop.ann, now(goods, 1)).unwrap();
        let pay = Pay { method: Some("offline".into()), ..Pay::default() };
        let begin = || payment::begin_with(&shop.app, &shop.ann, order.order, pay.clone());
        assert_eq!(begin().unwrap_err().code(), "payment.no_such_method");
        let terms = Terms {
            active: true,
            how: "农业银行 6228 0000".into(),
            how_en: "Bank 6228 0000".into(),
            days: 3,
        };
        assert!(offline::set(&shop.app, &shop.ann, terms.clone()).is_err());
        offline::set(&shop.app, &shop.zoe, terms).unwrap();
        assert_eq!(begin().unwrap().provider, "offline");
        // The goods are kept for as long as was said.
        shop.later(Span::hours(70));
        assert_eq!(shop.see(&shop.ann, order.order).status, Status::PendingPayment);
        let saw = |minor: i64, proof: &str| {
            let seen = Seen { amount: cny(minor), proof: proof.into() };
            offline::received(&shop.app, &shop.keyed(&shop.zoe), order.order, seen)
        };
        assert_eq!(saw(order.total.minor, " ").unwrap_err().code(), "payment.no_proof");
        assert_eq!(saw(order.total.minor - 1, "tr 1").unwrap_err().code(), "payment.not_due");
        saw(order.total.minor, "transfer 20261121-7").unwrap();
        assert_eq!(shop.see(&shop.ann, order.order).status, Status::ToShip);
        assert_eq!(saw(order.total.minor, "again").unwrap_err().code(), "payment.not_payable");
        // What goes back is carried back, and said so.
        order_desk::refund(&shop.app, &shop.zoe, order.order, "out of tea").unwrap();
        shop.work();
        let sql = "select id from refunds where status = 'pending'";
        let refund: Id<Refund> = Id::new(shop.number(sql));
        let cases = "select count(*) from cases where kind = 'refund_by_hand' and state = 'open'";
        assert_eq!(shop.number(cases), 1);
        let sent = || Sent { proof: "transfer 20261122-1".into() };
        offline::sent_back(&shop.app, &shop.keyed(&shop.zoe), refund, sent()).unwrap();
        let twice = offline::sent_back(&shop.app, &shop.keyed(&shop.zoe), refund, sent());
        assert!(matches!(twice, Err(Failure::NotFound)));
        assert_eq!(shop.see(&shop.ann, order.order).status, Status::Refunded);
        assert_eq!(shop.number(cases), 0);
        work::drain(&shop.app).unwrap();
        // Who waits too long loses the goods.
        let late = shop.order(&shop.bob, now(goods, 1)).unwrap();
        payment::begin_with(&shop.app, &shop.bob, late.order, pay.clone()).unwrap();
        shop.later(Span::hours(73));
        assert_eq!(shop.see(&shop.bob, late.order).status, Status::Cancelled);
    });
}
