//! Friends who help, and friends who are invited: who counts, what is unlocked once, and what comes
//! back when an order does.

use app::assist::{self, AssistView};
use app::campaign::Terms;
use app::checkout::What;
use app::failure::Failure;
use app::{Visitor, invite, session, share};
use domain::campaign::{Campaign, Mechanic};
use domain::id::Id;
use domain::moment::Span;
use domain::order::Order;
use domain::share::Object;

use crate::campaigns::{at_once, draft, launched, licensed, pots};
use crate::support::{TestShop, both_engines};
use crate::trade::Goods;
use crate::wallets::holds;

const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/605";

fn begin(shop: &TestShop, who: &Visitor, id: Id<Campaign>) -> AssistView {
    assist::begin(&shop.app, &shop.keyed(who), id).unwrap()
}

fn help(shop: &TestShop, who: &Visitor, of: &AssistView) -> Result<AssistView, Failure> {
    assist::help(&shop.app, &shop.keyed(who), of.id)
}

#[test]
fn friends_help_and_unlock_a_reward_once() {
    both_engines(|shop| {
        licensed(shop);
        let id = launched(shop, draft(shop, Mechanic::Assist, 5_000));
        let asked = begin(shop, &shop.ann, id);
        assert_eq!(begin(shop, &shop.ann, id).id, asked.id, "whoever asks goes on with that");
        assert_eq!(help(shop, &shop.ann, &asked).unwrap_err().code(), "assist.own");
        let helped = help(shop, &shop.bob, &asked).unwrap();
        assert_eq!((helped.counting, helped.missing, helped.helped), (1, 4, true));
        assert_eq!(help(shop, &shop.bob, &asked).unwrap_err().code(), "assist.already_helped");
        // 64 friends at once for the last four places.
        let friends: Vec<Visitor> = (0..64).map(|n| shop.shopper(&format!("f{n}"))).collect();
        let done = at_once(64, |n| help(shop, &friends[n], &asked));
        assert_eq!(done.iter().filter(|one| one.is_ok()).count(), 4);
        let after = assist::get(&shop.app, &shop.ann, asked.id).unwrap();
        assert_eq!((after.counting, after.open, after.own), (5, false, true));
        assert_eq!(holds(shop, &shop.ann), (1_000, 0, 0));
        assert_eq!(pots(shop, id), (4_000, 0, 1_000, 0));
        let bell = app::notice::list(&shop.app, &shop.ann, None, 9).unwrap();
        assert!(bell.iter().any(|one| one.kind == "reward_won"), "{bell:?}");
    });
}

#[test]
fn one_device_and_one_address_help_once() {
    both_engines(|shop| {
        licensed(shop);
        let id = launched(shop, draft(shop, Mechanic::Assist, 5_000));
        let asked = begin(shop, &shop.ann, id);
        // Bob's account in Ann's browser: the browser keeps a mark of each.
        let ann = shop.ann.person.as_ref().unwrap().id.to_string();
        let mark =
            shop.app.read(|tx| Ok(app::shop::get(tx)?.sign_hex("known browser", &ann))).unwrap();
        let in_her_browser = Visitor { browser: mark[..32].into(), ..shop.bob.clone() };
        let refused = help(shop, &in_her_browser, &asked).unwrap_err();
        assert_eq!(refused.code(), "assist.same_cluster");
        // Two at one address: the first helps, the second is a neighbour too many.
        let goods = shop.goods("tea", 3_000, 9);
        for who in [&shop.eve, &shop.lin] {
            shop.order(who, What::Now { variant: goods.variant, quantity: 1 }).unwrap();
        }
        help(shop, &shop.eve, &asked).unwrap();
        let refused = help(shop, &shop.lin, &asked).unwrap_err();
        assert_eq!(refused.code(), "assist.same_cluster");
    });
}

#[test]
fn a_helper_counts_with_a_first_order_where_that_is_asked() {
    both_engines(|shop| {
        licensed(shop);
        let mut put = draft(shop, Mechanic::Assist, 5_000);
        let Terms::Assist(terms) = &mut put.terms else { unreachable!() };
        terms.steps[0].need = 1;
        terms.counts_on = domain::assist::Event::FirstPaid;
        let id = launched(shop, put);
        let asked = begin(shop, &shop.ann, id);
        let helped = help(shop, &shop.bob, &asked).unwrap();
        assert_eq!((helped.counting, holds(shop, &shop.ann).0), (0, 0));
        buy(shop, &shop.bob);
        let after = assist::get(&shop.app, &shop.ann, asked.id).unwrap();
        assert_eq!((after.counting, holds(shop, &shop.ann).0), (1, 1_000));
    });
}

/// An order that was paid.
fn buy(shop: &TestShop, who: &Visitor) -> Id<Order> {
    let goods: Goods = shop.goods(&format!("goods-{}", crate::trade::key()), 3_000, 9);
    let placed = shop.order(who, What::Now { variant: goods.variant, quantity: 1 }).unwrap();
    shop.pay(who, placed.order).unwrap();
    shop.work();
    placed.order
}

/// It arrives, and nobody sends it back.
fn keep(shop: &TestShop, who: &Visitor, order: Id<Order>) {
    shop.ship_it(order);
    app::order_desk::confirm_receipt(&shop.app, who, order).unwrap();
    shop.later(Span::days(8));
}

/// A friend who came by Ann's link and took her invitation.
fn invited(shop: &TestShop, id: Id<Campaign>) -> Visitor {
    let link = share::link(&shop.app, &shop.ann, Object::Campaign, id.0).unwrap();
    let guest = session::start_guest(&shop.app).unwrap();
    let guest = Visitor { session: Some(guest.session), ..Visitor::default() };
    share::visit(&shop.app, &guest, &link.code, PHONE).unwrap();
    shop.clock.advance(Span::minutes(1));
    let friend = shop.shopper("friend");
    let friend = Visitor { session: guest.session, ..friend };
    let desk = invite::desk(&shop.app, &friend).unwrap();
    assert_eq!(desk.invited_by.as_deref(), Some("a**"));
    let desk = invite::accept(&shop.app, &shop.keyed(&friend)).unwrap();
    assert!(desk.taken && desk.invited_by.is_none());
    friend
}

#[test]
fn an_invitation_pays_both_when_the_first_order_is_kept() {
    both_engines(|shop| {
        licensed(shop);
        let mut put = draft(shop, Mechanic::InviteReward, 5_000);
        put.ends_at = put.starts_at.plus(Span::days(60));
        let id = launched(shop, put);
        let friend = invited(shop, id);
        let again = invite::accept(&shop.app, &shop.keyed(&friend)).unwrap_err();
        assert_eq!(again.code(), "invite.already_invited");
        let order = buy(shop, &friend);
        assert_eq!(pots(shop, id), (3_000, 2_000, 0, 0));
        assert_eq!((holds(shop, &shop.ann).0, holds(shop, &friend).0), (0, 0));
        keep(shop, &friend, order);
        assert_eq!(pots(shop, id), (3_000, 0, 2_000, 0));
        assert_eq!((holds(shop, &shop.ann).0, holds(shop, &friend).0), (1_000, 1_000));
        let desk = invite::desk(&shop.app, &shop.ann).unwrap();
        assert_eq!(desk.friends[0].state, "rewarded");
        // A second order brings nothing more.
        let order = buy(shop, &friend);
        keep(shop, &friend, order);
        assert_eq!(pots(shop, id), (3_000, 0, 2_000, 0));
    });
}

#[test]
fn an_invitation_is_for_somebody_new() {
    both_engines(|shop| {
        licensed(shop);
        let id = launched(shop, draft(shop, Mechanic::InviteReward, 5_000));
        let link = share::link(&shop.app, &shop.ann, Object::Campaign, id.0).unwrap();
        let bob = Visitor {
            session: Some(session::start_guest(&shop.app).unwrap().session),
            ..shop.bob.clone()
        };
        shop.clock.advance(Span::minutes(1));
        share::visit(&shop.app, &bob, &link.code, PHONE).unwrap();
        let refused = invite::accept(&shop.app, &shop.keyed(&bob)).unwrap_err();
        assert_eq!(refused.code(), "invite.not_new");
        let own = invite::accept(&shop.app, &shop.keyed(&shop.ann)).unwrap_err();
        assert_eq!(own.code(), "invite.not_new");
        // Nobody who did not come by a link takes an invitation.
        let stranger = invite::accept(&shop.app, &shop.keyed(&shop.shopper("late"))).unwrap_err();
        assert_eq!(stranger.code(), "invite.not_new");
    });
}
