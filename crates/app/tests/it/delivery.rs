//! Delivery on both engines: what it costs where, where nothing goes, what is fetched, parcels.

use app::address::{self, PutEntry};
use app::cart::SetLine;
use app::checkout::{self, Ask, Destination, Place, What};
use app::delivery::{self, MethodView, PutMethod, PutPoint};
use app::failure::Failure;
use app::order::ParcelLine;
use app::order_desk::{self, Ship};
use app::pickup::{self, Collect};
use domain::id::Id;
use domain::order::{Order, Status};
use domain::place::Address;
use domain::region::Area;
use domain::shipping::{Basis, How, PickupPoint, Rate};

use crate::races::at_once;
use crate::support::{TestShop, both_engines};
use crate::trade::{Goods, address, place};

fn now(goods: Goods, quantity: i64) -> What {
    What::Now { variant: goods.variant, quantity }
}

fn method(code: &str, kind: How, rates: Vec<Rate>) -> PutMethod {
    let name = code.to_string();
    let name_en = name.clone();
    let (gift_fee, version) = (None, None);
    PutMethod { code: name.clone(), kind, name, name_en, active: true, rates, gift_fee, version }
}

pub fn rate(areas: &[&str], fee: i64) -> Rate {
    let areas = areas.iter().map(|area| Area::parse(area).unwrap()).collect();
    Rate { areas, ..Rate::flat(fee, None) }
}

/// The standard way of the shop, with these rates.
pub fn rated(shop: &TestShop, rates: Vec<Rate>) -> MethodView {
    let standard = delivery::methods(&shop.app, &shop.zoe).unwrap().remove(0);
    let put = PutMethod {
        code: standard.code,
        kind: standard.kind,
        name: standard.name,
        name_en: standard.name_en,
        active: true,
        rates,
        gift_fee: None,
        version: Some(standard.version),
    };
    delivery::change_method(&shop.app, &shop.zoe, standard.id, put).unwrap()
}

fn to(country: &str, region: &str, city: &str) -> Option<Destination> {
    let text = str::to_string;
    let (country, region, city) = (text(country), text(region), text(city));
    Some(Destination { country, region, city, ..Destination::default() })
}

fn fee(shop: &TestShop, what: What, to: Option<Destination>) -> Option<i64> {
    let ask = Ask { shipping_method: "standard".into(), to, ..Ask::of(what) };
    let quote = checkout::ask(&shop.app, &shop.bob, ask).unwrap();
    let standard = quote.methods.iter().find(|method| method.code == "standard").unwrap();
    standard.delivers.then_some(standard.fee.minor)
}

#[test]
fn a_fee_depends_on_where_and_how_heavy() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 100);
        let by_weight = Rate {
            basis: Basis::Weight,
            first: 1_000,
            step: 500,
            step_fee: 300,
            free_pieces: Some(50),
            ..rate(&["CN"], 800)
        };
        let nowhere = Rate { delivers: false, ..rate(&["CN/西藏", "CN/新疆"], 0) };
        rated(shop, vec![by_weight, nowhere, rate(&["CN/新疆/乌鲁木齐"], 2_500)]);
        let zhejiang = || to("cn", "浙江", "杭州");
        // One weighs 100 g.
        assert_eq!(fee(shop, now(tea, 10), zhejiang()), Some(800));
        assert_eq!(fee(shop, now(tea, 11), zhejiang()), Some(1_100));
        assert_eq!(fee(shop, now(tea, 21), zhejiang()), Some(1_700));
        assert_eq!(fee(shop, now(tea, 50), zhejiang()), Some(0));
        assert_eq!(fee(shop, now(tea, 1), to("CN", "Tibet", "Lhasa")), None);
        assert_eq!(fee(shop, now(tea, 1), to("CN", "新疆", "乌鲁木齐市")), Some(2_500));
        assert_eq!(fee(shop, now(tea, 1), to("US", "CA", "San Jose")), None);
        // What is not known yet is reckoned by the first rate there is.
        assert_eq!(fee(shop, now(tea, 1), None), Some(800));
    });
}

#[test]
fn free_from_counts_what_the_goods_cost_after_discounts() {
    both_engines(|shop| {
        let (tea, pot) = (shop.goods("tea", 4_950, 100), shop.goods("pot", 6_000, 100));
        rated(shop, vec![Rate { free_from: Some(9_900), ..rate(&["*"], 800) }]);
        let group_buy = shop.group_buy(pot, 4_950, None, |settings| {
            (settings.leader_off, settings.per_order, settings.per_person) = (1, 9, 9);
        });
        // Exactly as much is enough, and neither the fee nor what was taken off counts.
        assert_eq!(fee(shop, now(tea, 1), None), Some(800));
        assert_eq!(fee(shop, now(tea, 2), None), Some(0));
        let team = |quantity| What::OpenTeam { group_buy, variant: pot.variant, quantity };
        assert_eq!(fee(shop, team(2), None), Some(800));
        assert_eq!(fee(shop, team(3), None), Some(0));
    });
}

#[test]
fn a_district_has_a_fee_of_its_own() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 10);
        let by_boat = rate(&["CN/浙江/杭州/淳安"], 3_000);
        rated(shop, vec![rate(&["CN"], 800), rate(&["CN/浙江/杭州"], 500), by_boat]);
        let at = |district: &str| {
            let to = to("CN", "浙江省", "杭州市").unwrap();
            fee(shop, now(tea, 1), Some(Destination { district: district.into(), ..to }))
        };
        assert_eq!((at("西湖区"), at("淳安县"), at("")), (Some(500), Some(3_000), Some(500)));
        let island = Address { district: "淳安县".into(), ..address() };
        let order = Place { address: island, ..place(now(tea, 1)) };
        let order = Place { shipping_method: "standard".into(), ..order };
        let placed = checkout::place(&shop.app, &shop.keyed(&shop.ann), order).unwrap().value;
        assert_eq!(placed.total.minor, 3_900 + 3_000);
    });
}

#[test]
fn nothing_is_ordered_to_where_nothing_goes() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 10);
        rated(shop, vec![rate(&["CN"], 800), Rate { delivers: false, ..rate(&["CN/浙江"], 0) }]);
        let order = |method: &str, region: &str| {
            let address = Address { region: region.into(), ..address() };
            let place = Place { address, shipping_method: method.into(), ..place(now(tea, 1)) };
            checkout::place(&shop.app, &shop.keyed(&shop.ann), place)
        };
        assert_eq!(order("standard", "浙江省").unwrap_err().code(), "order.not_delivered");
        // Nothing said: the first way that does go there.
        assert_eq!(order("", "浙江省").unwrap().value.total.minor, 3_900 + 1_800);
        assert_eq!(order("standard", "江苏省").unwrap().value.total.minor, 3_900 + 800);
        assert_eq!(order("by_balloon", "江苏省").unwrap_err().code(), "order.bad_shipping");
    });
}

#[test]
fn what_staff_say_of_delivery_is_checked() {
    both_engines(|shop| {
        let add = |put| delivery::add_method(&shop.app, &shop.keyed(&shop.zoe), put);
        let flat = || vec![rate(&["*"], 500)];
        let check = |put: PutMethod, field: &str| match add(put) {
            Err(Failure::Refused(refused)) => assert_eq!(refused.field, Some(field)),
            other => panic!("{other:?}"),
        };
        check(method("X", How::Delivery, flat()), "code");
        check(method("standard", How::Delivery, flat()), "code");
        check(PutMethod { name: " ".into(), ..method("boat", How::Delivery, flat()) }, "name");
        check(method("boat", How::Delivery, vec![]), "rates");
        check(method("boat", How::Delivery, vec![rate(&[], 1)]), "areas");
        check(method("boat", How::Delivery, vec![Rate { step: 0, ..rate(&["*"], 1) }]), "step");
        let made = add(method("boat", How::Delivery, flat())).unwrap();
        let stale = PutMethod { version: Some(0), ..method("boat", How::Delivery, flat()) };
        let refused = delivery::change_method(&shop.app, &shop.zoe, made.id, stale);
        assert_eq!(refused.unwrap_err().code(), "stale");
        let taken = method("express", How::Delivery, flat());
        let refused = delivery::change_method(&shop.app, &shop.zoe, made.id, taken);
        assert_eq!(refused.unwrap_err().code(), "delivery.code_taken");
        let fetched = method("boat", How::Pickup, flat());
        let refused = delivery::change_method(&shop.app, &shop.zoe, made.id, fetched);
        assert_eq!(refused.unwrap_err().code(), "delivery.bad_method");
        let refused = delivery::add_method(&shop.app, &shop.keyed(&shop.ann), made_again());
        assert_eq!(refused.unwrap_err().code(), "forbidden");
    });
}

fn made_again() -> PutMethod {
    method("boat-2", How::Delivery, vec![rate(&["*"], 1)])
}

/// A place to fetch goods, and the way that says so.
pub fn counter(shop: &TestShop) -> Id<PickupPoint> {
    let put = method("counter", How::Pickup, vec![rate(&["*"], 0)]);
    delivery::add_method(&shop.app, &shop.keyed(&shop.zoe), put).unwrap();
    let put = PutPoint {
        name: "Shop by the lake".into(),
        address: "1 Lake Road".into(),
        phone: String::new(),
        hours: "9–18".into(),
        active: true,
        version: None,
    };
    delivery::add_point(&shop.app, &shop.keyed(&shop.zoe), put).unwrap().id
}

pub fn fetch(goods: Goods, point: Option<Id<PickupPoint>>) -> Place {
    let who = Address { name: "Ann".into(), phone: "13800000001".into(), ..Address::default() };
    let way = "counter".to_string();
    Place { shipping_method: way, pickup_point: point, address: who, ..place(now(goods, 1)) }
}

fn code(shop: &TestShop, order: Id<Order>) -> Option<String> {
    shop.see(&shop.ann, order).pickup.unwrap().code
}

#[test]
fn what_is_fetched_is_given_out_once() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 10);
        let point = counter(shop);
        let order = |place| checkout::place(&shop.app, &shop.keyed(&shop.ann), place);
        let placed = order(fetch(tea, Some(point))).unwrap().value;
        assert_eq!(placed.total.minor, 3_900);
        assert_eq!(code(shop, placed.order), None, "nobody shows a code before they paid");
        shop.pay(&shop.ann, placed.order).unwrap();
        let shown = code(shop, placed.order).unwrap();
        let staff = order_desk::get(&shop.app, &shop.mo, placed.order).unwrap();
        assert_eq!((staff.order.pickup.unwrap().code, staff.may_ship), (None, false));
        let refused = order_desk::ship(&shop.app, &shop.mo, placed.order, Ship::all("SF", "SF12"));
        assert_eq!(refused.unwrap_err().code(), "order.bad_shipping");

        let collect =
            |code: &str| pickup::collect(&shop.app, &shop.mo, &Collect { code: code.to_string() });
        assert_eq!(collect("00000000").unwrap_err().code(), "order.no_such_pickup");
        let spaced = format!("{} {}", &shown[..4], &shown[4..]);
        assert_eq!(collect(&spaced).unwrap(), placed.order);
        assert_eq!(collect(&shown).unwrap_err().code(), "order.no_such_pickup");
        assert_eq!(shop.see(&shop.ann, placed.order).status, Status::Delivered);
        let mine = pickup::collect(&shop.app, &shop.ann, &Collect { code: shown });
        assert_eq!(mine.unwrap_err().code(), "forbidden");

        let refused = |place| order(place).unwrap_err().code();
        assert_eq!(refused(fetch(tea, None)), "order.bad_address");
        let nowhere = Some(Id::new(7));
        assert_eq!(refused(fetch(tea, nowhere)), "order.bad_shipping");
        let sent = Place { pickup_point: Some(point), ..place(now(tea, 1)) };
        assert_eq!(refused(sent), "order.bad_shipping");
        // A place that is closed is offered no more.
        let put = PutPoint {
            name: "Shop by the lake".into(),
            address: "1 Lake Road".into(),
            phone: String::new(),
            hours: String::new(),
            active: false,
            version: None,
        };
        delivery::change_point(&shop.app, &shop.zoe, point, put).unwrap();
        assert_eq!(refused(fetch(tea, Some(point))), "order.bad_shipping");
    });
}

#[test]
fn a_code_that_is_shown_twice_at_once_gives_out_once() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 10);
        let point = counter(shop);
        for _ in 0..8 {
            let order = fetch(tea, Some(point));
            let placed = checkout::place(&shop.app, &shop.keyed(&shop.ann), order).unwrap().value;
            shop.pay(&shop.ann, placed.order).unwrap();
            let shown = Collect { code: code(shop, placed.order).unwrap() };
            let given = at_once(4, |_| pickup::collect(&shop.app, &shop.mo, &shown));
            assert_eq!(given.iter().filter(|given| given.is_ok()).count(), 1);
        }
    });
}

#[test]
fn an_order_goes_in_several_parcels() {
    both_engines(|shop| {
        let (tea, cup) = (shop.goods("tea", 3_900, 10), shop.goods("cup", 1_900, 10));
        app::cart::set(&shop.app, &shop.ann, put(tea, 3)).unwrap();
        app::cart::set(&shop.app, &shop.ann, put(cup, 1)).unwrap();
        let placed = shop.order(&shop.ann, What::Cart).unwrap();
        let id = placed.order;
        shop.pay(&shop.ann, id).unwrap();
        let lines = shop.see(&shop.ann, id).lines;
        let line = |goods: Goods| lines.iter().find(|line| line.variant == goods.variant).unwrap();
        let ship = |tracking: &str, lines: Vec<(Goods, i64)>| {
            let of =
                |(goods, quantity): (Goods, i64)| ParcelLine { line: line(goods).id, quantity };
            let lines = Some(lines.into_iter().map(of).collect());
            let parcel = Ship { lines, ..Ship::all("SF", tracking) };
            order_desk::ship(&shop.app, &shop.mo, id, parcel)
        };
        for wrong in [vec![], vec![(tea, 4)], vec![(tea, -1)], vec![(tea, 1), (tea, 1)]] {
            assert_eq!(ship("SF0001", wrong).unwrap_err().code(), "order.bad_parcel");
        }
        ship("SF0001", vec![(tea, 2)]).unwrap();
        assert_eq!(shop.see(&shop.ann, id).status, Status::ToShip);
        // What is on its way does not come back by cancelling.
        let refused = order_desk::cancel(&shop.app, &shop.ann, id).unwrap_err();
        assert_eq!(refused.code(), "order.partly_shipped");
        assert_eq!(ship("SF0002", vec![(tea, 2)]).unwrap_err().code(), "order.bad_parcel");
        ship("SF0002", vec![(tea, 1), (cup, 1)]).unwrap();
        let seen = shop.see(&shop.ann, id);
        assert_eq!(seen.status, Status::Shipped);
        let held: Vec<usize> = seen.shipments.iter().map(|parcel| parcel.lines.len()).collect();
        assert_eq!(held, [1, 2]);
        assert_eq!(ship("SF0003", vec![(tea, 1)]).unwrap_err().code(), "order.not_now");
        order_desk::confirm_receipt(&shop.app, &shop.ann, id).unwrap();
        let seen = shop.see(&shop.ann, id);
        assert!(seen.shipments.iter().all(|parcel| parcel.delivered_at.is_some()));
    });
}

fn put(goods: Goods, quantity: i64) -> SetLine {
    SetLine { variant: goods.variant, quantity, add: true }
}

#[test]
fn two_packers_never_send_a_unit_twice() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 1_000);
        for _ in 0..8 {
            let id = shop.order(&shop.ann, now(tea, 3)).unwrap().order;
            shop.pay(&shop.ann, id).unwrap();
            let line = shop.see(&shop.ann, id).lines[0].id;
            let sent = at_once(4, |n| {
                let lines = Some(vec![ParcelLine { line, quantity: 1 }]);
                let parcel = Ship { lines, ..Ship::all("SF", &format!("SF000{n}")) };
                order_desk::ship(&shop.app, &shop.mo, id, parcel)
            });
            assert_eq!(sent.iter().filter(|sent| sent.is_ok()).count(), 3);
            assert_eq!(shop.see(&shop.ann, id).status, Status::Shipped);
        }
    });
}

#[test]
fn an_address_book_keeps_what_was_used() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 10);
        let list = || address::list(&shop.app, &shop.ann).unwrap();
        assert!(list().is_empty());
        for _ in 0..2 {
            shop.order(&shop.ann, now(tea, 1)).unwrap();
        }
        assert_eq!(list().len(), 1);
        let home = list()[0].id;
        let office = Address { line1: "Office 2".into(), ..address() };
        let added = PutEntry { address: office.clone(), usual: true };
        let added = address::add(&shop.app, &shop.ann, added).unwrap();
        assert_eq!(list()[0].id, added.id, "the usual one stands first");
        shop.order(&shop.ann, now(tea, 1)).unwrap();
        assert_eq!(list()[0].id, added.id);
        let ask = Ask::of(now(tea, 1));
        let quote = checkout::ask(&shop.app, &shop.ann, ask).unwrap();
        assert_eq!(quote.last_address.unwrap().line1, "Office 2");
        // Nobody else sees it, changes it or takes it out.
        let stolen = PutEntry { address: address(), usual: true };
        let codes = [
            address::get(&shop.app, &shop.bob, added.id).unwrap_err(),
            address::change(&shop.app, &shop.bob, added.id, stolen).unwrap_err(),
            address::remove(&shop.app, &shop.bob, added.id).unwrap_err(),
        ];
        assert!(codes.iter().all(|failure| matches!(failure, Failure::NotFound)));
        // Made the same, the two are one.
        let same = PutEntry { address: office, usual: false };
        address::change(&shop.app, &shop.ann, home, same).unwrap();
        assert_eq!(list().len(), 1);
        let bad = PutEntry { address: Address::default(), usual: false };
        assert_eq!(
            address::add(&shop.app, &shop.ann, bad).unwrap_err().code(),
            "order.bad_address"
        );
        address::remove(&shop.app, &shop.ann, list()[0].id).unwrap();
        assert!(list().is_empty());
    });
}

#[test]
fn a_gift_has_a_card() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 10);
        let order = |card: &str| {
            let place = Place { gift_message: Some(card.into()), ..place(now(tea, 1)) };
            checkout::place(&shop.app, &shop.keyed(&shop.ann), place)
        };
        let placed = order(" Happy birthday ").unwrap().value;
        let card = shop.see(&shop.ann, placed.order).gift_message;
        assert_eq!(card.as_deref(), Some("Happy birthday"));
        assert_eq!(order(&"x".repeat(301)).unwrap_err().code(), "order.card_too_long");
        let plain = shop.order(&shop.ann, now(tea, 1)).unwrap();
        assert_eq!(shop.see(&shop.ann, plain.order).gift_message, None);
    });
}
