//! Orders staff make for somebody on both engines: written, sent once, paid by a link.

use app::draft::{self, DraftView, Put, PutLine, Send};
use app::failure::Failure;
use app::{order, order_desk, pay_link, sandbox};
use domain::id::Id;
use domain::moment::Span;
use domain::order::Status;

use crate::races::at_once;
use crate::support::{TestShop, both_engines};
use crate::trade::{Goods, address};

fn put(goods: Goods) -> Put {
    Put {
        contact: "13900139000".into(),
        name: "Lao Wang".into(),
        address: address(),
        lines: vec![PutLine {
            variant: goods.variant,
            quantity: 2,
            discount: 1_000,
            reason: "an old friend".into(),
        }],
        note: "with care".into(),
        staff_note: "pays late".into(),
        ..Put::default()
    }
}

fn create(shop: &TestShop, put: &Put) -> Result<DraftView, Failure> {
    draft::create(&shop.app, &shop.keyed(&shop.mo), put)
}

fn send(shop: &TestShop, draft: &DraftView, hours: i64) -> Result<DraftView, Failure> {
    let send = Send { hours, version: draft.version };
    draft::send(&shop.app, &shop.mo, draft.id, &send)
}

fn token(view: &DraftView) -> String {
    let url = &view.link.as_ref().unwrap().url;
    url.split("/pay/").nth(1).unwrap().to_string()
}

#[test]
fn a_draft_is_sent_and_paid_by_its_link() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 10);
        let made = create(shop, &put(tea)).unwrap();
        assert_eq!((made.subtotal.minor, made.discount.minor), (6_800, 1_000));
        assert_eq!(shop.stock(tea).available, 10, "a draft promises nothing");
        let sent = send(shop, &made, 48).unwrap();
        assert_eq!((sent.status.as_str(), shop.stock(tea).reserved), ("sent", 2));
        let id = sent.order.unwrap();
        let at_desk = order_desk::get(&shop.app, &shop.mo, id).unwrap();
        assert_eq!(at_desk.order.total, made.total);
        assert_eq!(
            (at_desk.buyer_name.as_str(), at_desk.notes[0].text.as_str()),
            ("Lao Wang", "pays late")
        );
        let letter = "select count(*) from messages where recipient = '+8613900139000'
                      and body like '%/pay/%'";
        assert_eq!(shop.number(letter), 1);
        // Whoever has the link sees what and how much, and nothing of who and where.
        let token = token(&sent);
        let seen = pay_link::look(&shop.app, &token).unwrap();
        assert_eq!((seen.total, seen.lines[0].quantity, seen.may_pay), (made.total, 2, true));
        let text = serde_json::to_string(&seen).unwrap();
        for hidden in ["Wang", "139001", "138001", "龙井", "with care", "pays late"] {
            assert!(!text.contains(hidden), "{hidden}: {text}");
        }
        let paying =
            pay_link::begin(&shop.app, &Default::default(), &token, &Default::default()).unwrap();
        sandbox::act(&shop.app, &paying.payment.to_string(), sandbox::Act::Pay).unwrap();
        shop.deliver();
        let seen = pay_link::look(&shop.app, &token).unwrap();
        assert_eq!((seen.status, seen.may_pay), (Status::ToShip, false));
        let again = pay_link::begin(&shop.app, &Default::default(), &token, &Default::default())
            .unwrap_err();
        assert_eq!(again.code(), "payment.not_payable");
        assert!(order::get(&shop.app, &shop.ann, id).is_err(), "it is Lao Wang's");
        shop.ship_it(id);
    });
}

#[test]
fn a_link_is_of_one_order_until_its_time() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 10);
        let sent = send(shop, &create(shop, &put(tea)).unwrap(), 1).unwrap();
        let (id, good) = (sent.order.unwrap(), token(&sent));
        let other = send(shop, &create(shop, &put(tea)).unwrap(), 1).unwrap();
        let swapped = format!("{}-{}", other.order.unwrap(), good.rsplit_once('-').unwrap().1);
        let altered = format!("{}0", &good[..good.len() - 1]);
        let altered =
            if altered == good { format!("{}1", &good[..good.len() - 1]) } else { altered };
        for wrong in [&swapped, &altered, &id.to_string(), "", "-"] {
            let refused = pay_link::look(&shop.app, wrong).unwrap_err();
            assert_eq!(refused.code(), "not_found", "{wrong}");
            let (nobody, pay) = Default::default();
            assert!(pay_link::begin(&shop.app, &nobody, wrong, &pay).is_err());
        }
        assert_eq!(pay_link::make(&shop.app, &shop.mo, id).unwrap().url, sent.link.unwrap().url);
        let new = pay_link::replace(&shop.app, &shop.mo, id).unwrap();
        assert!(pay_link::look(&shop.app, &good).is_err(), "another link was made");
        let new = new.url.split("/pay/").nth(1).unwrap().to_string();
        pay_link::look(&shop.app, &new).unwrap();
        shop.later(Span::hours(1));
        assert!(pay_link::look(&shop.app, &new).is_err(), "its time ran out");
        assert_eq!(
            order_desk::get(&shop.app, &shop.mo, id).unwrap().order.status,
            Status::Cancelled
        );
        assert_eq!(shop.stock(tea).available, 10);
        assert_eq!(pay_link::make(&shop.app, &shop.ann, id).unwrap_err().code(), "forbidden");
        // An order of a buyer's own can be paid by a link, too.
        let what = app::checkout::What::Now { variant: tea.variant, quantity: 1 };
        let placed = shop.order(&shop.ann, what).unwrap();
        let link = pay_link::make(&shop.app, &shop.mo, placed.order).unwrap();
        assert_eq!(link.expires_at, placed.pay_by);
    });
}

#[test]
fn a_draft_that_cannot_be_is_refused() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 1);
        let with = |change: fn(&mut Put)| {
            let mut put = put(tea);
            change(&mut put);
            create(shop, &put)
        };
        let refused = |change: fn(&mut Put)| with(change).unwrap_err().code();
        assert_eq!(refused(|put| put.lines[0].reason.clear()), "draft.bad_discount");
        assert_eq!(refused(|put| put.lines[0].discount = 7_801), "draft.bad_discount");
        assert_eq!(refused(|put| put.lines[0].quantity = 0), "draft.bad_lines");
        assert_eq!(refused(|put| put.lines[0].variant = Id::new(7)), "catalog.not_for_sale");
        assert_eq!(refused(|put| put.contact = "nobody".into()), "person.bad_contact");
        assert_eq!(refused(|put| put.shipping = Some(-1)), "order.bad_price");
        let unsent = |change: fn(&mut Put), hours| {
            send(shop, &with(change).unwrap(), hours).unwrap_err().code()
        };
        assert_eq!(unsent(|put| put.contact.clear(), 1), "draft.no_customer");
        assert_eq!(unsent(|put| put.lines.clear(), 1), "draft.bad_lines");
        assert_eq!(unsent(|put| put.address.line1.clear(), 1), "order.bad_address");
        assert_eq!(unsent(|_| (), 0), "draft.bad_time");
        assert_eq!(unsent(|_| (), 721), "draft.bad_time");
        assert_eq!(unsent(|_| (), 1), "inventory.only_left");
        let made = with(|put| put.lines[0].quantity = 1).unwrap();
        let old = Put { version: Some(7), ..put(tea) };
        let refused = draft::change(&shop.app, &shop.mo, made.id, &old).unwrap_err();
        assert_eq!(refused.code(), "stale");
        draft::drop_it(&shop.app, &shop.mo, made.id).unwrap();
        assert_eq!(send(shop, &made, 1).unwrap_err().code(), "draft.done");
        assert_eq!(draft::get(&shop.app, &shop.ann, made.id).unwrap_err().code(), "forbidden");
        assert_eq!(draft::list(&shop.app, &shop.mo, "dropped", None, 9).unwrap().len(), 1);
    });
}

#[test]
fn a_draft_that_many_send_is_one_order() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 100);
        for _ in 0..4 {
            let made = create(shop, &put(tea)).unwrap();
            let sent = at_once(4, |_| send(shop, &made, 2));
            assert_eq!(sent.iter().filter(|sent| sent.is_ok()).count(), 1, "on {}", shop.engine);
        }
        assert_eq!(shop.number("select count(*) from orders"), 4);
        assert_eq!(shop.stock(tea).reserved, 8);
    });
}

#[test]
fn what_is_added_to_an_order_is_another_one() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 10);
        let first = send(shop, &create(shop, &put(tea)).unwrap(), 2).unwrap();
        let more = Put { for_order: first.order, shipping: Some(0), ..put(tea) };
        let second = create(shop, &more).unwrap();
        assert_eq!((second.for_order, second.shipping.minor), (first.order, 0));
        let changed = Put {
            version: Some(second.version),
            lines: vec![PutLine { discount: 0, reason: String::new(), ..more.lines[0].clone() }],
            ..more
        };
        let changed = draft::change(&shop.app, &shop.mo, second.id, &changed).unwrap();
        assert_eq!((changed.total.minor, changed.version), (7_800, 2));
        let sent = send(shop, &changed, 2).unwrap();
        assert_eq!(sent.total.minor, 7_800);
        assert_ne!(sent.order, first.order);
    });
}
