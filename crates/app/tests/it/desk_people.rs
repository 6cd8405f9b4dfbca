//! Where the order desk meets customers on both engines: what it holds of somebody goes with them,
//! when two are made one and when one is forgotten.

use app::customer::{self, Block, MergeCustomers};
use app::draft::{self, Put, PutLine, Send};
use app::order_desk::bulk::{self, Act, Row};
use app::order_desk::label::{self, AddNote, Tag};
use app::order_desk::{self, Filter, Start, hints, looks};
use app::order_edit::{ChangeAddress, change_address};
use domain::id::Id;
use domain::moment::Span;
use domain::order::Order;

use crate::support::{TestShop, both_engines};
use crate::trade::address;

/// Everything staff can write down of an order and its buyer.
pub fn at_the_desk(shop: &TestShop, order: Id<Order>, email: &str, name: &str, street: &str) {
    let (app, mo) = (&shop.app, &shop.mo);
    let note = AddNote { text: format!("{name} calls at noon") };
    label::note(app, &shop.keyed(mo), order, &note).unwrap();
    label::tag(app, mo, order, &Tag { add: vec!["Quandt".into()], remove: vec![] }).unwrap();
    let seen = order_desk::get(app, mo, order).unwrap().order;
    let there = domain::place::Address { line2: "2".into(), ..seen.address.clone() };
    let reason = format!("{name} moves");
    let change = ChangeAddress { address: there, apply_fee: false, reason };
    change_address(app, mo, order, &change).unwrap();
    let discount = PutLine {
        variant: seen.lines[0].variant,
        quantity: 1,
        discount: 1,
        reason: format!("for {name}"),
    };
    let put = Put {
        contact: email.into(),
        address: seen.address,
        lines: vec![discount],
        note: format!("dear {name}"),
        staff_note: format!("{name} of {street} is shy"),
        ..Put::default()
    };
    draft::create(app, &shop.keyed(mo), &put).unwrap();
    let filter = Filter { query: name.into(), ..Filter::default() };
    let keep = looks::Keep { name: "hers".into(), shared: false, filter };
    looks::keep(app, mo, &keep).unwrap();
    let row = Row { order: name.into(), carrier: String::new(), tracking: String::new() };
    let packs = Start { what: Act::Pack, rows: vec![row], filter: None };
    bulk::start(app, mo, &packs).unwrap();
    // It is paid: this ends nothing, and yet what was said is written down.
    let row = Row { order: order.to_string(), carrier: String::new(), tracking: String::new() };
    let what = Act::Cancel { reason: format!("{name} waits") };
    bulk::start(app, mo, &Start { what, rows: vec![row], filter: None }).unwrap();
    hints::judge_new(app).unwrap();
}

#[test]
fn what_the_desk_holds_goes_over_and_back() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 20);
        let order = shop.arrived(&shop.bob, &[(tea, 1)]);
        hints::judge_new(&shop.app).unwrap();
        let line =
            PutLine { variant: tea.variant, quantity: 1, discount: 0, reason: String::new() };
        let put = Put {
            contact: "bob@example.com".into(),
            address: address(),
            lines: vec![line],
            ..Put::default()
        };
        let make = || draft::create(&shop.app, &shop.keyed(&shop.mo), &put).unwrap();
        let send = |one: draft::DraftView| {
            let send = Send { hours: 2, version: one.version };
            draft::send(&shop.app, &shop.mo, one.id, &send)
        };
        let (open, sent) = (make(), send(make()).unwrap());
        let [ann, bob] = [&shop.ann, &shop.bob].map(|who| who.person.as_ref().unwrap().id);
        let two = MergeCustomers { survivor: ann, other: bob };
        let merged = customer::merge(&shop.app, &shop.keyed(&shop.mo), &two).unwrap();
        let of = |id| draft::get(&shop.app, &shop.mo, id).unwrap().customer;
        assert_eq!((of(open.id), of(sent.id)), (Some(ann), Some(ann)));
        assert_eq!(shop.see(&shop.ann, sent.order.unwrap()).total, sent.total);
        let facts = |who: Id<domain::person::Person>| {
            shop.number(&format!("select count(*) from order_facts where person_id = {}", who.0))
        };
        assert_eq!((facts(ann), facts(bob)), (1, 0));
        // Whoever writes a draft for the one's contact now writes it for the other.
        assert_eq!(make().customer, Some(ann));
        shop.audit();
        let merge = merged.merges[0].id;
        customer::undo(&shop.app, &shop.keyed(&shop.mo), merge).unwrap();
        assert_eq!((of(open.id), of(sent.id)), (Some(bob), Some(bob)));
        assert_eq!((facts(ann), facts(bob)), (0, 1));
        assert_eq!(shop.see(&shop.bob, order).id, order);
        // Whom staff keep from ordering nobody orders for either.
        let block = Block { sign_in: false, ordering: true, reason: "never pays".into() };
        customer::block(&shop.app, &shop.mo, bob, &block).unwrap();
        let refused = send(open.clone()).unwrap_err();
        assert_eq!(refused.code(), "draft.kept_from_ordering");
        let none = Block { sign_in: false, ordering: false, reason: "he paid".into() };
        customer::block(&shop.app, &shop.mo, bob, &none).unwrap();
        send(open).unwrap();
        shop.later(Span::hours(3));
    });
}
