//! Where the order desk meets money on both engines: prices and edits of what wallets promised or
//! paid, drafts and links that are paid by wallet, by hand and by a provider.

use app::checkout::What;
use app::draft::{self, DraftView, Put, PutLine, Send};
use app::failure::Failure;
use app::order::ParcelLine;
use app::order_desk::{self, DeskView};
use app::order_edit::{
    ChangeAddress, ChangePrice, TakeOut, change_address, change_price, take_out,
};
use app::payment::offline::{self, Seen, Terms};
use app::payment::{self, Pay, PayView};
use app::top_up::{self, NewTopUp};
use app::wallet::{self, GiveCredit};
use app::{Visitor, cart, pay_link, sandbox};
use domain::id::Id;
use domain::moment::Span;
use domain::money::{Currency, Money};
use domain::order::{Order, Status};

use crate::races::{both, rounds};
use crate::support::{TestShop, both_engines};
use crate::trade::{Goods, address};

fn cny(minor: i64) -> Money {
    Money::new(minor, Currency::Cny)
}

fn now(goods: Goods, quantity: i64) -> What {
    What::Now { variant: goods.variant, quantity }
}

fn give(shop: &TestShop, who: &Visitor, minor: i64) {
    let to = who.person.as_ref().unwrap().id;
    let give = GiveCredit { amount: cny(minor), reason: "a gift".into() };
    wallet::give(&shop.app, &shop.keyed(&shop.zoe), to, give).unwrap();
}

fn top_up(shop: &TestShop, who: &Visitor, minor: i64) {
    let begun =
        top_up::begin(&shop.app, &shop.keyed(who), NewTopUp { amount: cny(minor), method: None });
    pay_there(shop, &begun.unwrap().value.id.to_string());
}

fn pay_there(shop: &TestShop, reference: &str) {
    sandbox::act(&shop.app, reference, sandbox::Act::Pay).unwrap();
    shop.deliver();
}

fn with_wallet(shop: &TestShop, who: &Visitor, order: Id<Order>) -> Result<PayView, Failure> {
    let pay = Pay { use_wallet: Some(true), ..Pay::default() };
    payment::begin_with(&shop.app, who, order, pay)
}

/// Credit, prepaid and held.
fn holds(shop: &TestShop, who: &Visitor) -> (i64, i64, i64) {
    let wallet = wallet::mine(&shop.app, who).unwrap();
    (wallet.store_credit.minor, wallet.prepaid.minor, wallet.held.minor)
}

fn reprice(shop: &TestShop, id: Id<Order>, total: i64) -> Result<DeskView, Failure> {
    let change =
        ChangePrice { total: Some(total), reason: "a friend".into(), ..Default::default() };
    change_price(&shop.app, &shop.mo, id, &change)
}

fn status(shop: &TestShop, who: &Visitor, id: Id<Order>) -> Status {
    shop.see(who, id).status
}

fn link(shop: &TestShop, id: Id<Order>) -> String {
    let url = pay_link::make(&shop.app, &shop.mo, id).unwrap().url;
    url.split("/pay/").nth(1).unwrap().to_string()
}

fn by_link(shop: &TestShop, token: &str, pay: &Pay) -> Result<PayView, Failure> {
    pay_link::begin(&shop.app, &Visitor::default(), token, pay)
}

fn at_the_counter(shop: &TestShop) {
    let terms =
        Terms { active: true, how: "At the counter".into(), how_en: String::new(), days: 3 };
    offline::set(&shop.app, &shop.zoe, terms).unwrap();
}

fn by_hand() -> Pay {
    Pay { method: Some("offline".into()), ..Pay::default() }
}

fn received(shop: &TestShop, id: Id<Order>, minor: i64) -> Result<(), Failure> {
    let seen = Seen { amount: cny(minor), proof: "R-1".into() };
    offline::received(&shop.app, &shop.keyed(&shop.zoe), id, seen).map(|_| ())
}

#[test]
fn a_price_change_meets_what_a_wallet_promised() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 10_000, 50);
        give(shop, &shop.ann, 2_000);
        top_up(shop, &shop.ann, 5_000);
        let order = shop.order(&shop.ann, now(goods, 1)).unwrap();
        let id = order.order;
        let begun = with_wallet(shop, &shop.ann, id).unwrap();
        assert_eq!(begun.amount.minor, order.total.minor - 7_000);
        // Cheaper, but more than was promised: the promise stays, what was begun does not.
        reprice(shop, id, 9_000).unwrap();
        let closed = sandbox::find(&shop.app, &begun.payment.to_string()).unwrap();
        assert_eq!((closed.status.as_str(), holds(shop, &shop.ann)), ("closed", (0, 0, 7_000)));
        assert_eq!(payment::begin(&shop.app, &shop.ann, id).unwrap().amount.minor, 2_000);
        // Less than was promised: what is too much is free, and nothing is paid by itself.
        let token = link(shop, id);
        let view = reprice(shop, id, 5_000).unwrap();
        assert_eq!((view.due.minor, view.order.status), (0, Status::PendingPayment));
        assert_eq!(holds(shop, &shop.ann), (0, 2_000, 5_000));
        // That is its owner's to say: not of who has the link, nor of staff.
        let seen = pay_link::look(&shop.app, &token).unwrap();
        assert_eq!((seen.promised.minor, seen.due.minor, seen.may_pay), (5_000, 0, false));
        let refused = by_link(shop, &token, &Pay::default()).unwrap_err();
        assert_eq!(refused.code(), "payment.not_payable");
        assert_eq!(received(shop, id, 0).unwrap_err().code(), "payment.not_due");
        shop.audit();
        // Dearer again: a friend pays the rest by the link, and takes nothing of the wallet else.
        reprice(shop, id, 6_000).unwrap();
        let wallet = Pay { use_wallet: Some(true), ..Pay::default() };
        let friend = by_link(shop, &token, &wallet).unwrap();
        assert_eq!((friend.amount.minor, friend.provider.as_str()), (1_000, "sandbox"));
        let none = Pay { use_wallet: Some(false), ..Pay::default() };
        assert_eq!(by_link(shop, &token, &none).unwrap().payment, friend.payment);
        pay_there(shop, &friend.payment.to_string());
        assert_eq!(status(shop, &shop.ann, id), Status::ToShip);
        assert_eq!(holds(shop, &shop.ann), (0, 2_000, 0));
        // All of it goes back to where it came from.
        order_desk::refund(&shop.app, &shop.keyed(&shop.mo), id, "none left").unwrap();
        shop.work();
        assert_eq!(holds(shop, &shop.ann), (2_000, 5_000, 0));
    });
}

#[test]
fn a_wallet_that_covers_a_lowered_price_pays_with_one_press() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 10_000, 50);
        give(shop, &shop.ann, 4_000);
        let id = shop.order(&shop.ann, now(goods, 1)).unwrap().order;
        let before = with_wallet(shop, &shop.ann, id).unwrap();
        reprice(shop, id, 3_000).unwrap();
        // What was seen is what is paid.
        let old = Pay { total: Some(10_000), ..Pay::default() };
        let refused = payment::begin_with(&shop.app, &shop.ann, id, old).unwrap_err();
        assert_eq!(refused.code(), "order.price_changed");
        let seen = Pay { total: Some(3_000), ..Pay::default() };
        let paid = payment::begin_with(&shop.app, &shop.ann, id, seen).unwrap();
        assert_eq!((paid.provider.as_str(), paid.amount.minor), (payment::WALLET, 3_000));
        assert_eq!((status(shop, &shop.ann, id), holds(shop, &shop.ann)), {
            (Status::ToShip, (1_000, 0, 0))
        });
        // A bank that paid the old rest all the same gives it back, to itself.
        shop.app
            .write(|tx| {
                let sql = "update sandbox_payments set status = 'open' where reference = $1";
                tx.run(sql, &[before.payment.to_string().into()])
            })
            .unwrap();
        pay_there(shop, &before.payment.to_string());
        shop.work();
        let back = shop.see(&shop.ann, id).refunds;
        assert_eq!((back.len(), back[0].provider.as_str()), (1, "sandbox"));
        assert_eq!(back[0].amount, before.amount);
        assert_eq!(holds(shop, &shop.ann), (1_000, 0, 0));
    });
}

#[test]
fn another_address_of_what_a_wallet_promised() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 3_000, 50);
        let order = shop.order(&shop.ann, now(goods, 1)).unwrap();
        give(shop, &shop.ann, order.total.minor - 1);
        with_wallet(shop, &shop.ann, order.order).unwrap();
        reprice(shop, order.order, order.total.minor - 1).unwrap();
        assert_eq!(holds(shop, &shop.ann), (0, 0, order.total.minor - 1));
        let to = domain::place::Address { line2: "upstairs".into(), ..address() };
        let change = ChangeAddress { address: to, apply_fee: true, reason: "she moved".into() };
        let view = change_address(&shop.app, &shop.mo, order.order, &change).unwrap();
        assert!(view.order.total.minor >= view.due.minor);
        shop.audit();
        payment::begin(&shop.app, &shop.ann, order.order).unwrap();
    });
}

#[test]
fn what_is_taken_out_goes_back_to_every_purse_that_paid() {
    both_engines(|shop| {
        let (tea, cup) = (shop.goods("tea", 3_000, 50), shop.goods("cup", 1_900, 50));
        for (goods, quantity) in [(tea, 3), (cup, 1)] {
            let line = cart::SetLine { variant: goods.variant, quantity, add: false };
            cart::set(&shop.app, &shop.ann, line).unwrap();
        }
        give(shop, &shop.ann, 2_000);
        top_up(shop, &shop.ann, 1_000);
        let id = shop.order(&shop.ann, What::Cart).unwrap().order;
        let begun = with_wallet(shop, &shop.ann, id).unwrap();
        pay_there(shop, &begun.payment.to_string());
        let line = shop.see(&shop.ann, id).lines[0].id;
        let mut back = 0;
        for round in 1..=2 {
            let lines = vec![ParcelLine { line, quantity: 1 }];
            let out = TakeOut { lines, reason: "none left".into() };
            take_out(&shop.app, &shop.mo, id, &out).unwrap();
            shop.work();
            let seen = shop.see(&shop.ann, id);
            assert_eq!(seen.refunded, seen.lines[0].refunded, "on {}", shop.engine);
            back = seen.refunded.minor;
            let (credit, prepaid, held) = holds(shop, &shop.ann);
            let share = |part: i64| part * back / seen.total.minor;
            assert!((credit - share(2_000)).abs() <= round, "{credit} of {back}");
            assert!((prepaid - share(1_000)).abs() <= round, "{prepaid} of {back}");
            assert_eq!((held, seen.refunds.len() as i64), (0, 3 * round));
        }
        assert_eq!(back, 6_000);
        shop.audit();
        // The rest goes the same ways, to the last cent.
        order_desk::refund(&shop.app, &shop.keyed(&shop.mo), id, "the rest too").unwrap();
        shop.work();
        assert_eq!(holds(shop, &shop.ann), (2_000, 1_000, 0));
        assert_eq!(status(shop, &shop.ann, id), Status::Refunded);
    });
}

/// A buyer says two things at once about their wallet: one of them holds, and what can be paid is
/// what is due.
#[test]
fn two_ways_to_pay_are_begun_at_once() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 3_000, 500);
        give(shop, &shop.ann, 1_000);
        for _ in 0..rounds().min(6) {
            let id = shop.order(&shop.ann, now(goods, 1)).unwrap().order;
            let none = Pay { use_wallet: Some(false), ..Pay::default() };
            let (one, two) = both(
                || with_wallet(shop, &shop.ann, id),
                || payment::begin_with(&shop.app, &shop.ann, id, none.clone()),
            );
            for begun in [one, two] {
                let code = begun.err().map(|failure| failure.code());
                let said = ["order.being_paid", "order.price_changed"];
                assert!(code.is_none_or(|code| said.contains(&code)), "{code:?}");
            }
            shop.audit();
            let due = order_desk::get(&shop.app, &shop.mo, id).unwrap().due;
            let begun = payment::begin(&shop.app, &shop.ann, id).unwrap();
            assert_eq!(begun.amount, due);
            order_desk::cancel(&shop.app, &shop.ann, id).unwrap();
            assert_eq!(holds(shop, &shop.ann), (1_000, 0, 0));
        }
    });
}

/// The wallet pays just as the price changes: it pays what it costs then, or not at all.
#[test]
fn a_price_change_meets_a_wallet() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 3_900, 1_000);
        for round in 0..rounds().min(6) {
            let placed = shop.order(&shop.ann, now(goods, 1)).unwrap();
            give(shop, &shop.ann, 10_000);
            let had = holds(shop, &shop.ann).0;
            let id = placed.order;
            let total = if round % 2 == 0 { 2_500 } else { 8_000 };
            let seen =
                Pay { use_wallet: Some(true), total: Some(placed.total.minor), ..Pay::default() };
            let (paid, changed) = both(
                || payment::begin_with(&shop.app, &shop.ann, id, seen.clone()),
                || reprice(shop, id, total),
            );
            let (status, left) = (status(shop, &shop.ann, id), holds(shop, &shop.ann).0);
            match (status, paid, changed) {
                (Status::ToShip, Ok(_), Err(_)) => assert_eq!(left, had - placed.total.minor),
                (Status::PendingPayment, Err(failure), Ok(_)) => {
                    assert_eq!((failure.code(), left), ("order.price_changed", had));
                }
                other => panic!("{other:?}"),
            }
            shop.audit();
        }
    });
}

fn sent(shop: &TestShop, goods: Goods) -> DraftView {
    let line = PutLine {
        variant: goods.variant,
        quantity: 2,
        discount: 500,
        reason: "an old friend".into(),
    };
    let put = Put {
        contact: "ann@example.com".into(),
        address: address(),
        lines: vec![line],
        ..Put::default()
    };
    let made = draft::create(&shop.app, &shop.keyed(&shop.mo), &put).unwrap();
    let send = Send { hours: 2, version: made.version };
    draft::send(&shop.app, &shop.mo, made.id, &send).unwrap()
}

#[test]
fn a_draft_is_paid_by_wallet_by_hand_or_by_both() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 3_000, 50);
        // By its buyer's wallet.
        let one = sent(shop, goods);
        let id = one.order.unwrap();
        assert_eq!(one.due, Some(one.total));
        give(shop, &shop.ann, one.total.minor);
        with_wallet(shop, &shop.ann, id).unwrap();
        let seen = draft::get(&shop.app, &shop.mo, one.id).unwrap();
        assert_eq!((seen.order_status, seen.due), (Some(Status::ToShip), None));
        // By hand: staff say that the money is there, whatever was chosen.
        let two = sent(shop, goods);
        let id = two.order.unwrap();
        assert_eq!(received(shop, id, two.total.minor - 1).unwrap_err().code(), "payment.not_due");
        received(shop, id, two.total.minor).unwrap();
        assert_eq!(status(shop, &shop.ann, id), Status::ToShip);
        // By a link to the counter: its time and the link's are longer then.
        let three = sent(shop, goods);
        let id = three.order.unwrap();
        let token = link(shop, id);
        let refused = by_link(shop, &token, &by_hand()).unwrap_err();
        assert_eq!(refused.code(), "payment.no_such_method");
        at_the_counter(shop);
        let chosen = by_link(shop, &token, &by_hand()).unwrap();
        assert_eq!(chosen.pay_url, format!("/pay/{token}"));
        let choice = pay_link::choice(&shop.app, &token).unwrap();
        assert_eq!((choice.chosen.as_deref(), choice.wallet.minor), (Some("offline"), 0));
        shop.later(Span::hours(20));
        let seen = pay_link::look(&shop.app, &token).unwrap();
        assert_eq!((seen.status, seen.may_pay), (Status::PendingPayment, true));
        // The buyer pays a part from their wallet, and carries the rest there.
        give(shop, &shop.ann, 1_000);
        let both = Pay { use_wallet: Some(true), ..by_hand() };
        let begun = payment::begin_with(&shop.app, &shop.ann, id, both).unwrap();
        let rest = three.total.minor - 1_000;
        assert_eq!((begun.amount.minor, holds(shop, &shop.ann)), (rest, (0, 0, 1_000)));
        assert_eq!(received(shop, id, three.total.minor).unwrap_err().code(), "payment.not_due");
        received(shop, id, rest).unwrap();
        assert_eq!(status(shop, &shop.ann, id), Status::ToShip);
        assert_eq!(pay_link::look(&shop.app, &token).unwrap().status, Status::ToShip);
        // A price of what was to be carried there is changed: it is asked for anew.
        let four = sent(shop, goods);
        let id = four.order.unwrap();
        by_link(shop, &link(shop, id), &by_hand()).unwrap();
        reprice(shop, id, 4_000).unwrap();
        assert_eq!(received(shop, id, four.total.minor).unwrap_err().code(), "payment.not_due");
        received(shop, id, 4_000).unwrap();
    });
}

#[test]
fn a_link_ends_with_the_time_to_pay_however_long_that_became() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 3_000, 50);
        at_the_counter(shop);
        let id = sent(shop, goods).order.unwrap();
        let token = link(shop, id);
        by_link(shop, &token, &by_hand()).unwrap();
        assert_eq!(link(shop, id), token, "it is the same link");
        shop.later(Span::days(3));
        assert!(pay_link::look(&shop.app, &token).is_err());
        assert_eq!(status(shop, &shop.ann, id), Status::Cancelled);
        assert_eq!(shop.stock(goods).available, 50);
    });
}
