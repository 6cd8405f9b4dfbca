//! Gifts on both engines: whoever takes one says where it goes, and nobody who has it sees a price.

use app::checkout::{self, Ask, Place, Placed, What};
use app::failure::Failure;
use app::gift::{self, GiftView, Side, Take};
use app::{Visitor, delivery, notice, order, order_desk};
use domain::gift::{Gift, Wish};
use domain::id::Id;
use domain::moment::Span;
use domain::order::{Order, Status};
use domain::place::Address;
use domain::region::Area;
use domain::shipping::Rate;

use crate::after_sale::code;
use crate::races::{at_once, both, expect, rounds};
use crate::support::{TestShop, both_engines};
use crate::trade::{Goods, address};

/// The standard way sends gifts for ¥8, everywhere but to 西藏.
pub fn sends_gifts(shop: &TestShop) {
    let standard = delivery::methods(&shop.app, &shop.zoe).unwrap().remove(0);
    let nowhere = Rate {
        areas: vec![Area::parse("CN/西藏自治区").unwrap()],
        delivers: false,
        ..Rate::flat(0, None)
    };
    let put = delivery::PutMethod {
        code: standard.code,
        kind: standard.kind,
        name: standard.name,
        name_en: standard.name_en,
        active: true,
        rates: vec![nowhere, Rate::flat(1_200, Some(9_900))],
        gift_fee: Some(800),
        version: Some(standard.version),
    };
    delivery::change_method(&shop.app, &shop.zoe, standard.id, put).unwrap();
}

fn wish() -> Wish {
    Wish { card: "生日快乐".into(), life: Span::days(3) }
}

fn gift_of(goods: Goods) -> Place {
    let what = What::Now { variant: goods.variant, quantity: 1 };
    Place { gift: Some(wish()), ..Place::of(what) }
}

fn gives(shop: &TestShop, who: &Visitor, place: Place) -> Result<Placed, Failure> {
    Ok(checkout::place(&shop.app, &shop.keyed(who), place)?.value)
}

/// A gift of ann's that is paid: its order, itself, and what its link ends in.
fn given(shop: &TestShop, goods: Goods) -> (Id<Order>, Id<Gift>, String) {
    let placed = gives(shop, &shop.ann, gift_of(goods)).unwrap();
    shop.pay(&shop.ann, placed.order).unwrap();
    let id = shop.see(&shop.ann, placed.order).gift.unwrap();
    let link = see(shop, &shop.ann, id, "").unwrap().link.unwrap();
    let secret = link.split_once("?k=").unwrap().1.to_string();
    (placed.order, id, secret)
}

fn see(shop: &TestShop, who: &Visitor, id: Id<Gift>, secret: &str) -> Result<GiftView, Failure> {
    gift::get(&shop.app, who, id, secret)
}

fn takes(
    shop: &TestShop,
    who: &Visitor,
    id: Id<Gift>,
    secret: &str,
    address: Address,
) -> Result<GiftView, Failure> {
    let take = Take { secret: secret.into(), address };
    Ok(gift::take(&shop.app, &shop.keyed(who), id, &take)?.value)
}

fn told(shop: &TestShop, who: &Visitor) -> Vec<String> {
    let notices = notice::list(&shop.app, who, None, 20).unwrap();
    notices.into_iter().map(|one| one.kind).collect()
}

#[test]
fn a_friend_says_where_it_goes() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 8_800, 10);
        // The shop says by which way gifts go, and then everybody is asked.
        let ask = || Ask { gift: true, ..Ask::of(gift_of(goods).what) };
        assert_eq!(code(checkout::ask(&shop.app, &shop.ann, ask())), "gift.not_offered");
        assert_eq!(code(gives(shop, &shop.ann, gift_of(goods))), "gift.not_offered");
        sends_gifts(shop);
        let quote = checkout::ask(&shop.app, &shop.ann, ask()).unwrap();
        assert!(quote.may_give);
        assert_eq!((quote.methods.len(), quote.shipping.minor, quote.total.minor), (1, 800, 9_600));
        let (order, id, secret) = given(shop, goods);
        let view = shop.see(&shop.ann, order);
        assert_eq!((view.status, view.total.minor), (Status::AwaitingTaker, 9_600));
        assert_eq!(shop.stock(goods).sold, 1);
        // Nothing is sent, and nobody without the link hears of it.
        let ship = order_desk::Ship::all("SF", "SF1234567890");
        assert_eq!(code(order_desk::ship(&shop.app, &shop.mo, order, ship)), "order.awaits_taker");
        assert_eq!(code(see(shop, &shop.bob, id, "")), "not_found");
        assert_eq!(code(takes(shop, &shop.bob, id, "guessed", address())), "not_found");
        let guest = see(shop, &shop.bob, id, &secret).unwrap();
        assert_eq!(
            (guest.side, guest.may_take, guest.card.as_str()),
            (Side::Guest, true, "生日快乐")
        );
        assert!(guest.order.is_none() && guest.link.is_none() && guest.status.is_none());
        assert_eq!(code(takes(shop, &shop.ann, id, &secret, address())), "gift.own_gift");
        // Where it cannot go another address may be given.
        let far =
            Address { region: "西藏自治区".into(), city: "拉萨市".into(), ..address() };
        assert_eq!(code(takes(shop, &shop.bob, id, &secret, far)), "order.not_delivered");
        let mine = takes(shop, &shop.bob, id, &secret, address()).unwrap();
        assert_eq!((mine.side, mine.status), (Side::Taker, Some(Status::ToShip)));
        assert_eq!(mine.address, Some(address().checked().unwrap()));
        assert_eq!(code(takes(shop, &shop.bob, id, &secret, address())), "gift.yours_already");
        assert_eq!(code(gift::take_back(&shop.app, &shop.ann, id)), "gift.taken");
        assert_eq!(code(order_desk::cancel(&shop.app, &shop.ann, order)), "gift.taken");
        // Neither sees what is the other's: where it goes, and what it cost.
        assert_eq!(shop.see(&shop.ann, order).address, Address::default());
        assert_eq!(see(shop, &shop.ann, id, "").unwrap().address, None);
        assert_eq!(code(order::get(&shop.app, &shop.bob, order)), "not_found");
        let text = serde_json::to_string(&see(shop, &shop.bob, id, "").unwrap()).unwrap();
        assert!(!text.contains("8800") && !text.contains("9600") && !text.contains("CNY"));
        let desk = order_desk::get(&shop.app, &shop.mo, order).unwrap();
        assert_eq!(desk.gift.unwrap().taker_name, "bob");
        assert_eq!(desk.order.address, address().checked().unwrap());
        shop.ship_it(order);
        assert_eq!(told(shop, &shop.bob), ["gift_shipped"]);
        assert!(told(shop, &shop.ann).contains(&"gift_taken".to_string()));
        let lists = gift::mine(&shop.app, &shop.bob).unwrap();
        assert_eq!((lists.given.len(), lists.received.len()), (0, 1));
    });
}

#[test]
fn what_nobody_took_goes_back() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 8_800, 10);
        sends_gifts(shop);
        // Its giver thinks again.
        let (order, id, secret) = given(shop, goods);
        assert_eq!(code(gift::take_back(&shop.app, &shop.bob, id)), "not_found");
        let view = gift::take_back(&shop.app, &shop.ann, id).unwrap();
        assert_eq!((view.state.as_str(), view.status), ("returned", Some(Status::Refunding)));
        assert_eq!(code(takes(shop, &shop.bob, id, &secret, address())), "gift.over");
        shop.work();
        let view = shop.see(&shop.ann, order);
        assert_eq!((view.status, view.refunded.minor), (Status::Refunded, 9_600));
        // Nobody came in time.
        let (order, id, secret) = given(shop, goods);
        shop.later(Span::days(3));
        assert_eq!(code(takes(shop, &shop.bob, id, &secret, address())), "gift.over");
        let view = shop.see(&shop.ann, order);
        assert_eq!((view.status, view.refunded.minor), (Status::Refunded, 9_600));
        // Staff end an order, or its giver does: it is the gift that goes back.
        let (order, id, _) = given(shop, goods);
        order_desk::refund(&shop.app, &shop.zoe, order, "sold out").unwrap();
        assert_eq!(see(shop, &shop.ann, id, "").unwrap().state, "returned");
        let (order, id, _) = given(shop, goods);
        order_desk::cancel(&shop.app, &shop.ann, order).unwrap();
        assert_eq!(see(shop, &shop.ann, id, "").unwrap().state, "returned");
        shop.work();
        assert_eq!((shop.stock(goods).available, shop.stock(goods).sold), (10, 0));
        let back = told(shop, &shop.ann).into_iter().filter(|kind| kind == "gift_returned");
        assert_eq!(back.count(), 4);
        // One that is not paid is nobody's.
        let placed = gives(shop, &shop.ann, gift_of(goods)).unwrap();
        let id = shop.see(&shop.ann, placed.order).gift.unwrap();
        let waiting = see(shop, &shop.ann, id, "").unwrap();
        assert_eq!((waiting.state.as_str(), waiting.link), ("waiting", None));
        assert_eq!(code(gift::take_back(&shop.app, &shop.ann, id)), "not_found");
        order_desk::cancel(&shop.app, &shop.ann, placed.order).unwrap();
    });
}

#[test]
fn what_can_be_no_gift_is_refused() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 8_800, 10);
        sends_gifts(shop);
        let group_buy = shop.group_buy(goods, 6_800, None, |_| ());
        let what = What::OpenTeam { group_buy, variant: goods.variant, quantity: 1 };
        let place = Place { gift: Some(wish()), ..Place::of(what) };
        assert_eq!(code(gives(shop, &shop.ann, place)), "gift.not_a_gift");
        let long = Wish { card: "乐".repeat(201), ..wish() };
        let place = Place { gift: Some(long), ..gift_of(goods) };
        assert_eq!(code(gives(shop, &shop.ann, place)), "gift.bad_wish");
        let place = Place { shipping_method: "express".into(), ..gift_of(goods) };
        assert_eq!(code(gives(shop, &shop.ann, place)), "order.bad_shipping");
    });
}

#[test]
fn sixty_four_strangers_take_one_gift() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 8_800, 10);
        sends_gifts(shop);
        let (order, id, secret) = given(shop, goods);
        let crowd: Vec<_> = (0..64).map(|n| shop.shopper(&format!("friend-{n}"))).collect();
        let to = |n: usize| Address { line1: format!("Lane {n}"), ..address() };
        let results = at_once(64, |n| takes(shop, &crowd[n], id, &secret, to(n)));
        expect(shop, &results, &[("ok", 1), ("gift.taken", 63)]);
        let winner = results.iter().position(Result::is_ok).unwrap();
        let desk = order_desk::get(&shop.app, &shop.mo, order).unwrap();
        assert_eq!(desk.order.address.line1, format!("Lane {winner}"));
        assert_eq!(desk.gift.unwrap().taker_name, format!("friend-{winner}"));
    });
}

/// Somebody takes it while its giver takes it back, or while its time runs out: one of them does.
#[test]
fn it_is_taken_or_goes_back() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 8_800, 1_000);
        sends_gifts(shop);
        for round in 0..rounds() {
            let (order, id, secret) = given(shop, goods);
            let back = || {
                if round % 2 == 0 {
                    return gift::take_back(&shop.app, &shop.ann, id).is_ok();
                }
                shop.later(Span::days(3));
                shop.see(&shop.ann, order).status == Status::Refunded
            };
            let (took, gone) = both(|| takes(shop, &shop.bob, id, &secret, address()), back);
            assert_ne!(took.is_ok(), gone, "on {}", shop.engine);
            shop.work();
            let view = shop.see(&shop.ann, order);
            let want = if gone { (Status::Refunded, 9_600) } else { (Status::ToShip, 0) };
            assert_eq!((view.status, view.refunded.minor), want, "on {}", shop.engine);
        }
    });
}

/// Somebody gives a gift with a card, and takes one at home: both are at their end.
pub fn in_a_life(shop: &TestShop, who: &Visitor, card: &str, home: &Address) {
    sends_gifts(shop);
    let goods = shop.goods("cups", 8_800, 10);
    let mine = Wish { card: card.into(), ..wish() };
    let placed = gives(shop, who, Place { gift: Some(mine), ..gift_of(goods) }).unwrap();
    shop.pay(who, placed.order).unwrap();
    let id = shop.see(who, placed.order).gift.unwrap();
    let link = see(shop, who, id, "").unwrap().link.unwrap();
    let secret = link.split_once("?k=").unwrap().1;
    takes(shop, &shop.bob, id, secret, address()).unwrap();
    let (order, id, secret) = given(shop, goods);
    takes(shop, who, id, &secret, home.clone()).unwrap();
    for (order, giver) in [(placed.order, who), (order, &shop.ann)] {
        shop.ship_it(order);
        order_desk::confirm_receipt(&shop.app, giver, order).unwrap();
    }
}
