//! Sellers: their goods and orders, the commission to the cent, what reaches them and when, their
//! statements, and that nobody of one sees anything of another's.

use std::collections::BTreeMap;
use std::sync::Barrier;

use app::checkout::{self, Ask, What};
use app::order_desk;
use app::payment::offline::{self, Seen};
use app::payment::{self, Pay};
use app::seller::{self, PutSeller, SellerView};
use app::settlement::{self, MonthView};
use app::{Visitor, cart, ledger};
use domain::id::Id;
use domain::ledger::AccountKind;
use domain::moment::Span;
use domain::money::Currency;
use domain::order::{Order, Status};
use domain::person::{Person, Role};
use domain::seller::{Month, Seller};

use crate::after_sale::{KEEPS, code};
use crate::support::{TestShop, both_engines};
use crate::trade::Goods;
use crate::wallets::give;

/// Everybody does it at the same moment.
fn at_once<T: Send>(n: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let barrier = Barrier::new(n);
    std::thread::scope(|scope| {
        let each = |n| {
            barrier.wait();
            work(n)
        };
        let threads: Vec<_> = (0..n).map(|n| scope.spawn(move || each(n))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

/// A seller at this commission, whom the sandbox knows.
pub fn seller(shop: &TestShop, name: &str, commission: i64) -> SellerView {
    let receivers = BTreeMap::from([("sandbox".to_string(), format!("acct_{name}"))]);
    let put = PutSeller {
        name: name.into(),
        handle: String::new(),
        status: domain::seller::Status::Active,
        commission,
        licence: format!("{name} Ltd., licence 1"),
        contact: "0571-1".into(),
        return_address: format!("{name}\nLane 1"),
        receivers,
        version: 0,
    };
    seller::add(&shop.app, &shop.keyed(&shop.zoe), put).unwrap()
}

/// Goods of a seller's.
pub fn goods_of(shop: &TestShop, of: &SellerView, handle: &str, price: i64, stock: i64) -> Goods {
    let goods = shop.goods(handle, price, stock);
    shop.app
        .write(|tx| {
            let sql = "update products set seller_id = $2 where id = $1";
            tx.run(sql, &[goods.product.into(), of.id.into()])
        })
        .unwrap();
    goods
}

/// Somebody behind the counter for a seller.
pub fn clerk(shop: &TestShop, of: &SellerView, name: &str) -> Visitor {
    let add = app::person::AddStaff {
        contact: format!("{name}@example.com"),
        name: Some(name.into()),
        role: Role::Seller,
        own_role: None,
        seller: Some(of.id),
        password: "a long enough one".into(),
    };
    let added = app::person::add_staff(&shop.app, &shop.zoe, add).unwrap();
    assert_eq!((added.role, added.seller), (Role::Seller, Some(of.id)));
    visitor(added.id, name, Some(of.id))
}

pub fn visitor(id: Id<Person>, name: &str, of: Option<Id<Seller>>) -> Visitor {
    let mut visitor = Visitor::of(id, name, Role::Seller);
    visitor.person.as_mut().unwrap().seller = of;
    visitor
}

pub fn now(goods: Goods, quantity: i64) -> What {
    What::Now { variant: goods.variant, quantity }
}

/// What the books say a seller is owed, and what is promised of it.
pub fn owed(shop: &TestShop, of: &SellerView) -> (i64, i64) {
    let all = ledger::accounts(&shop.app, &shop.zoe, None, 1_000).unwrap();
    let found = all.into_iter().find(|account| {
        account.kind == AccountKind::SellerPayable && account.owner == Some(of.id.to_string())
    });
    found.map_or((0, 0), |account| (account.balance.minor, account.held.minor))
}

pub fn balance(shop: &TestShop, kind: AccountKind) -> i64 {
    let all = ledger::trial_balance(&shop.app, &shop.zoe).unwrap();
    all.lines.iter().filter(|line| line.kind == kind).map(|line| line.balance).sum()
}

/// An order that is paid, sent, received and over its window.
fn completed(shop: &TestShop, who: &Visitor, what: What) -> Id<Order> {
    let order = arrived(shop, who, what);
    shop.later(Span::days(8));
    assert_eq!(shop.see(who, order).status, Status::Completed);
    order
}

pub fn arrived(shop: &TestShop, who: &Visitor, what: What) -> Id<Order> {
    let order = shop.order(who, what).unwrap().order;
    shop.pay(who, order).unwrap();
    shop.ship_it(order);
    order_desk::confirm_receipt(&shop.app, who, order).unwrap();
    order
}

pub fn split_to(shop: &TestShop) -> i64 {
    shop.number("select coalesce(sum(amount), 0) from sandbox_splits")
}

#[test]
fn a_completed_order_is_parted_and_split_once() {
    both_engines(|shop| {
        let tea = seller(shop, "teahouse", 800);
        let goods = goods_of(shop, &tea, "tea", 3_333, 50);
        let order = arrived(shop, &shop.ann, now(goods, 1));
        let total = shop.see(&shop.ann, order).total.minor;
        let shipping = total - 3_333;
        // Until the window is over it is the buyer's: nobody has earned anything.
        assert_eq!((owed(shop, &tea), split_to(shop)), ((0, 0), 0));
        assert_eq!(balance(shop, AccountKind::Escrow), total);
        shop.later(Span::days(8));
        // 8 % of 33.33 is 2.6664.
        assert_eq!(balance(shop, AccountKind::Commission), 267);
        assert_eq!(balance(shop, AccountKind::Sales), 0);
        assert_eq!(balance(shop, AccountKind::Escrow), 0);
        assert_eq!(split_to(shop), 3_333 - 267 + shipping);
        assert_eq!(owed(shop, &tea), (0, 0));
        assert_eq!(shop.number("select count(*) from sandbox_splits"), 1);
        let splits = settlement::splits(&shop.app, &shop.zoe, tea.id, None, 9).unwrap();
        assert_eq!((splits[0].order, splits[0].status.as_str()), (order, "succeeded"));
        assert_eq!(splits[0].receiver, "acct_teahouse");
        // Again changes nothing.
        settlement::send(&shop.app, splits[0].id).unwrap();
        order_desk::complete(&shop.app, order).unwrap();
        shop.later(Span::minutes(5));
        assert_eq!(shop.number("select count(*) from sandbox_splits"), 1);
        // What the shop sells itself is as ever.
        let own = shop.goods("own", 1_000, 9);
        completed(shop, &shop.ann, now(own, 1));
        assert!(balance(shop, AccountKind::Sales) >= 1_000);
        assert_eq!(owed(shop, &tea), (0, 0));
    });
}

/// One unit of an order's first line goes back, goods kept.
fn one_back(shop: &TestShop, who: &Visitor, order: Id<Order>) {
    let asked = shop.ask(who, order, KEEPS, &[(0, 1)]).unwrap();
    shop.agree(asked.id).unwrap();
    shop.work();
}

#[test]
fn what_is_refunded_later_takes_the_commission_back_and_is_owed() {
    both_engines(|shop| {
        let tea = seller(shop, "teahouse", 1_250);
        let goods = goods_of(shop, &tea, "tea", 999, 50);
        let order = completed(shop, &shop.ann, now(goods, 3));
        let shipping = shop.see(&shop.ann, order).total.minor - 2_997;
        // 12.5 % of 29.97 is 3.746.
        assert_eq!(balance(shop, AccountKind::Commission), 375);
        assert_eq!(split_to(shop), 2_997 - 375 + shipping);
        // Units go back one by one, until none is left: 250 of 1998, 125 of 999, none of none.
        for (units, stays) in [(1, 250), (2, 125), (3, 0)] {
            one_back(shop, &shop.ann, order);
            assert_eq!(balance(shop, AccountKind::Commission), stays);
            assert_eq!(owed(shop, &tea).0, -(999 * units - (375 - stays)));
        }
        // The next orders pay the debt first, and only then reach the seller.
        let (paid, debt) = (split_to(shop), 2_997 - 375);
        let next = completed(shop, &shop.bob, now(goods, 5));
        let net = shop.see(&shop.bob, next).total.minor - 624;
        assert_eq!(net, shop.number("select max(amount) from seller_entries where kind = 'sale'"));
        assert_eq!(split_to(shop), paid + (net - debt).max(0));
        assert_eq!(owed(shop, &tea).0, (net - debt).min(0));
    });
}

#[test]
fn what_is_refunded_before_it_is_completed_is_never_parted() {
    both_engines(|shop| {
        let tea = seller(shop, "teahouse", 1_000);
        let goods = goods_of(shop, &tea, "tea", 1_000, 50);
        let order = arrived(shop, &shop.ann, now(goods, 2));
        one_back(shop, &shop.ann, order);
        shop.later(Span::days(8));
        assert_eq!(shop.see(&shop.ann, order).status, Status::Completed);
        let shipping = shop.see(&shop.ann, order).shipping.minor;
        assert_eq!(balance(shop, AccountKind::Commission), 100);
        assert_eq!(split_to(shop), 900 + shipping);
        // Nothing of an order that went back as a whole is anybody's.
        let gone = shop.order(&shop.bob, now(goods, 1)).unwrap().order;
        shop.pay(&shop.bob, gone).unwrap();
        order_desk::cancel(&shop.app, &shop.bob, gone).unwrap();
        shop.work();
        assert_eq!(shop.see(&shop.bob, gone).status, Status::Refunded);
        assert_eq!(balance(shop, AccountKind::Commission), 100);
    });
}

#[test]
fn an_order_is_of_one_seller() {
    both_engines(|shop| {
        let (tea, cup) = (seller(shop, "teahouse", 500), seller(shop, "cups", 900));
        let mixed = [
            goods_of(shop, &tea, "tea", 1_000, 9),
            goods_of(shop, &cup, "cup", 2_000, 9),
            shop.goods("own", 3_000, 9),
        ];
        for goods in mixed {
            let line = cart::SetLine { variant: goods.variant, quantity: 1, add: false };
            cart::set(&shop.app, &shop.ann, line).unwrap();
        }
        let seen = cart::view(&shop.app, &shop.ann).unwrap();
        let names: Vec<&str> = seen.sellers.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["teahouse", "cups"]);
        let ask = |what| {
            let ask = Ask::of(what);
            checkout::ask(&shop.app, &shop.ann, ask)
        };
        assert_eq!(code(ask(What::Cart)), "seller.several_sellers");
        assert_eq!(code(shop.order(&shop.ann, What::Cart)), "seller.several_sellers");
        // Each group by itself; what was ordered leaves the basket, the rest stays.
        let groups = [Some(tea.id), None, Some(cup.id)];
        for (done, of) in groups.into_iter().enumerate() {
            let quote = ask(What::CartOf { seller: of }).unwrap();
            assert_eq!(quote.seller.map(|one| one.id), of);
            let order = shop.order(&shop.ann, What::CartOf { seller: of }).unwrap();
            assert_eq!(order.total, quote.total);
            let seen = shop.see(&shop.ann, order.order);
            assert_eq!(seen.seller.map(|one| one.id), of);
            assert_eq!(seen.lines.len(), 1);
            assert_eq!(cart::view(&shop.app, &shop.ann).unwrap().lines.len(), 2 - done);
        }
        // A paused seller's goods cannot be ordered.
        let put = PutSeller {
            name: tea.name.clone(),
            handle: String::new(),
            status: domain::seller::Status::Paused,
            commission: 500,
            licence: tea.licence.clone(),
            contact: String::new(),
            return_address: String::new(),
            receivers: tea.receivers.clone(),
            version: tea.version,
        };
        seller::change(&shop.app, &shop.zoe, tea.id, put.clone()).unwrap();
        assert_eq!(code(shop.order(&shop.ann, now(mixed[0], 1))), "catalog.not_for_sale");
        assert_eq!(code(seller::change(&shop.app, &shop.zoe, tea.id, put)), "stale");
    });
}

#[test]
fn the_commission_is_that_of_when_it_was_ordered() {
    both_engines(|shop| {
        let tea = seller(shop, "teahouse", 1_000);
        let goods = goods_of(shop, &tea, "tea", 1_000, 9);
        let order = arrived(shop, &shop.ann, now(goods, 1));
        let put = PutSeller {
            name: "Another name".into(),
            handle: "other".into(),
            status: domain::seller::Status::Active,
            commission: 9_000,
            licence: "another".into(),
            contact: String::new(),
            return_address: String::new(),
            receivers: tea.receivers.clone(),
            version: tea.version,
        };
        let changed = seller::change(&shop.app, &shop.zoe, tea.id, put.clone()).unwrap();
        assert_eq!((changed.commission, changed.handle.as_str()), (9_000, "teahouse"));
        shop.later(Span::days(8));
        assert_eq!(balance(shop, AccountKind::Commission), 100);
        assert_eq!(shop.see(&shop.ann, order).seller.unwrap().name, "Another name");
        let twin = PutSeller { handle: "teahouse".into(), ..put.clone() };
        let twin = seller::add(&shop.app, &shop.keyed(&shop.zoe), twin);
        assert_eq!(code(twin), "seller.handle_taken");
        for (put, why) in [
            (PutSeller { commission: 10_001, ..put.clone() }, "seller.bad_commission"),
            (PutSeller { name: " ".into(), ..put.clone() }, "seller.bad_name"),
            (PutSeller { handle: "No no".into(), ..put.clone() }, "seller.bad_handle"),
            (PutSeller { licence: "".into(), ..put.clone() }, "seller.no_licence"),
            (
                PutSeller { receivers: [("bank".into(), "1".into())].into(), ..put.clone() },
                "seller.bad_receiver",
            ),
        ] {
            assert_eq!(code(seller::add(&shop.app, &shop.keyed(&shop.zoe), put)), why);
        }
    });
}

#[test]
fn what_cannot_be_split_does_not_pay_for_a_seller() {
    both_engines(|shop| {
        let tea = seller(shop, "teahouse", 500);
        let goods = goods_of(shop, &tea, "tea", 1_000, 9);
        give(shop, &shop.ann, 5_000).unwrap();
        let terms = offline::Terms { active: true, how: "ICBC 1".into(), ..terms(shop) };
        offline::set(&shop.app, &shop.zoe, terms).unwrap();
        let order = shop.order(&shop.ann, now(goods, 1)).unwrap();
        let choice = payment::choice_for(&shop.app, &shop.ann, order.order).unwrap();
        let ways: Vec<&str> = choice.methods.iter().map(|way| way.code.as_str()).collect();
        assert_eq!((ways, choice.wallet.minor), (vec!["sandbox"], 0));
        let wallet = Pay { use_wallet: Some(true), ..Pay::default() };
        let by_hand = Pay { method: Some("offline".into()), ..Pay::default() };
        for pay in [wallet, by_hand] {
            let begun = payment::begin_with(&shop.app, &shop.ann, order.order, pay);
            assert_eq!(code(begun), "payment.no_such_method");
        }
        let seen = Seen { amount: order.total, proof: "slip 1".into() };
        let seen = offline::received(&shop.app, &shop.keyed(&shop.zoe), order.order, seen);
        assert_eq!(code(seen), "payment.no_such_method");
        shop.pay(&shop.ann, order.order).unwrap();
        // A seller whom no provider knows cannot be paid for at all.
        let cup = seller(shop, "cups", 500);
        shop.app
            .write(|tx| {
                tx.run("delete from seller_receivers where seller_id = $1", &[cup.id.into()])
            })
            .unwrap();
        let cups = goods_of(shop, &cup, "cup", 1_000, 9);
        let order = shop.order(&shop.bob, now(cups, 1)).unwrap().order;
        assert_eq!(code(payment::begin(&shop.app, &shop.bob, order)), "payment.no_such_method");
    });
}

fn terms(shop: &TestShop) -> offline::Terms {
    offline::get(&shop.app, &shop.zoe).unwrap()
}

#[test]
fn a_split_waits_for_its_receiver_and_is_asked_for_again() {
    both_engines(|shop| {
        let tea = seller(shop, "teahouse", 500);
        let goods = goods_of(shop, &tea, "tea", 1_000, 9);
        let order = arrived(shop, &shop.ann, now(goods, 1));
        let forget = "delete from seller_receivers where seller_id = $1";
        shop.app.write(|tx| tx.run(forget, &[tea.id.into()])).unwrap();
        shop.later(Span::days(8));
        let (balance, held) = owed(shop, &tea);
        assert!(balance > 0 && balance == held && split_to(shop) == 0);
        let cases = "select count(*) from cases where kind = 'split_failed' and state = 'open'";
        assert_eq!(shop.number(cases), 1);
        let again = "insert into seller_receivers (seller_id, provider, receiver)
                     values ($1, 'sandbox', 'acct_2')";
        shop.app.write(|tx| tx.run(again, &[tea.id.into()])).unwrap();
        shop.clock.advance(Span::minutes(1));
        let sweep = app::schedule::RECURRING.iter().find(|one| one.name == "sweep").unwrap();
        (sweep.run)(&shop.app).unwrap();
        shop.work();
        assert_eq!((owed(shop, &tea), split_to(shop), shop.number(cases)), ((0, 0), balance, 0));
        assert_eq!(shop.see(&shop.ann, order).status, Status::Completed);
    });
}

#[test]
fn a_month_is_settled_once_and_stands() {
    both_engines(|shop| {
        let tea = seller(shop, "teahouse", 1_000);
        let goods = goods_of(shop, &tea, "tea", 1_000, 99);
        let zoe = || shop.keyed(&shop.zoe);
        let month = |text: &str| Month::parse(text).unwrap();
        let settle =
            |of: &str| settlement::settle(&shop.app, &zoe(), tea.id, month(of), Currency::Cny);
        // Tests begin on the 21st of November, so that this is completed on the 29th.
        let first = completed(shop, &shop.ann, now(goods, 3));
        assert_eq!(code(settle("2026-11")), "seller.month_not_over");
        shop.later(Span::days(3));
        assert_eq!(settle("2026-10").unwrap().closing.minor, 0);
        completed(shop, &shop.bob, now(goods, 1));
        one_back(shop, &shop.ann, first);
        shop.later(Span::days(31));
        assert_eq!(code(settle("2026-12")), "seller.earlier_month");
        let november = settle("2026-11").unwrap();
        let fee = november.other.minor;
        assert_eq!(november.number.as_deref(), Some("TEAHOUSE-2026-11-CNY"));
        assert_eq!((november.orders, november.goods.minor), (1, 3_000));
        assert_eq!((november.commission.minor, november.refunds.minor), (300, 0));
        assert_eq!((november.splits.minor, november.closing.minor), (-(2_700 + fee), 0));
        // Again, by two at once, is the same.
        let twice = at_once(2, |_| settle("2026-11").unwrap());
        assert!(twice.iter().all(|one| *one == november), "{twice:?}");
        let december = settle("2026-12").unwrap();
        assert_eq!((december.opening.minor, december.orders), (0, 1));
        assert_eq!((december.refunds.minor, december.commission.minor), (-1_000, 0));
        assert_eq!(december.closing.minor, owed(shop, &tea).0);
        // What comes later leaves it as it was.
        completed(shop, &shop.lin, now(goods, 1));
        let months: Vec<MonthView> =
            settlement::months(&shop.app, &shop.zoe, tea.id, Currency::Cny).unwrap();
        let told: Vec<&str> = months.iter().map(|one| one.month.as_str()).collect();
        assert_eq!(told, ["2027-01", "2026-12", "2026-11"]);
        assert_eq!((&months[1], &months[2]), (&december, &november));
        let file =
            settlement::csv(&shop.app, &shop.zoe, tea.id, month("2026-12"), Currency::Cny).unwrap();
        assert_eq!(
            file.lines().count() as i64,
            1 + shop.number(
                "select count(*) from seller_entries e, settlements s
             where s.month = 202612 and e.at >= s.from_at and e.at < s.to_at",
            )
        );
    });
}

#[test]
fn two_nodes_split_once_and_a_refund_that_meets_a_split_is_owed() {
    both_engines(|shop| {
        let tea = seller(shop, "teahouse", 1_000);
        let goods = goods_of(shop, &tea, "tea", 1_000, 99);
        let another = shop.another_node();
        for round in 0..6 {
            let order = arrived(shop, &shop.ann, now(goods, 2));
            shop.clock.advance(Span::days(8));
            order_desk::complete(&shop.app, order).unwrap();
            let split = settlement::splits(&shop.app, &shop.zoe, tea.id, None, 1).unwrap();
            let split = split.into_iter().find(|one| one.order == order);
            let asked = shop.ask(&shop.ann, order, KEEPS, &[(0, 1)]).unwrap();
            at_once(4, |n| {
                let app =
                    if n % 2 == 0 { &shop.app } else { another.as_ref().unwrap_or(&shop.app) };
                match (n, &split) {
                    (3, _) => drop(shop.agree(asked.id).unwrap()),
                    (_, Some(split)) => drop(settlement::send(app, split.id).unwrap()),
                    _ => (),
                }
            });
            shop.work();
            let of = format!(
                "select count(*) from sandbox_splits where reference = (select
                reference from payments where order_id = {})",
                order.0
            );
            assert_eq!(shop.number(&of), i64::from(split.is_some()), "round {round}");
            assert_eq!(shop.number("select count(*) from holds where status = 'active'"), 0);
            assert!(owed(shop, &tea).0 <= 0);
            shop.audit();
        }
    });
}
