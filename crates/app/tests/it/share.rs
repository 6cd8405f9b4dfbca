//! Share links: one each, never forged, and credited to whoever brought the visitor.

use app::failure::Failure;
use app::{Visitor, session, share};
use domain::id::Id;
use domain::moment::Span;
use domain::share::Object;

use crate::support::{TestShop, both_engines};

const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) MicroMessenger/8";

fn guest(shop: &TestShop) -> Visitor {
    let started = session::start_guest(&shop.app).unwrap();
    Visitor { session: Some(started.session), ..Visitor::default() }
}

fn last_visit(shop: &TestShop, visitor: &Visitor) -> Option<i64> {
    let person = visitor.person.as_ref().map(|person| person.id);
    let last = shop.app.read(|tx| share::last_visit(tx, visitor.session, person)).unwrap();
    last.map(|visit| visit.0)
}

#[test]
fn a_person_has_one_link_to_a_thing() {
    both_engines(|shop| {
        let codes: Vec<String> = std::thread::scope(|scope| {
            let tries: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| share::link(&shop.app, &shop.ann, Object::Team, 7).unwrap().code)
                })
                .collect();
            tries.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert!(codes.iter().all(|code| *code == codes[0]), "{codes:?} on {}", shop.engine);
        let other = share::link(&shop.app, &shop.bob, Object::Team, 7).unwrap();
        assert_ne!(other.code, codes[0]);
        assert_eq!(other.url, format!("http://127.0.0.1:3000/s/{}", other.code));
        assert_eq!(other.object_id, "tem_0000000000007");
        let home = share::link(&shop.app, &shop.ann, Object::Home, 0).unwrap();
        assert_eq!(home.object_id, "");
        let guest = share::link(&shop.app, &Visitor::default(), Object::Home, 0);
        assert!(matches!(guest, Err(Failure::SignInFirst)));
        let listed = share::list(&shop.app, &shop.ann, None, 10).unwrap();
        assert_eq!((listed.len(), &listed[0].code), (2, &home.code));
    });
}

#[test]
fn made_up_codes_lead_nowhere() {
    both_engines(|shop| {
        let code = share::link(&shop.app, &shop.ann, Object::Product, 7).unwrap().code;
        let open = |code: &str| share::visit(&shop.app, &shop.bob, code, PHONE);
        let landing = open(&code.to_uppercase()).unwrap();
        assert_eq!((landing.object, landing.object_id), (Object::Product, 7));
        assert_eq!((landing.sharer_name.as_str(), landing.own), ("ann", false));
        let other = if code.ends_with('a') { "b" } else { "a" };
        let signed_wrong = format!("{}{other}", &code[..9]);
        for bad in ["", "x", "0000000000", "abcdefgabc0", "…………", &signed_wrong] {
            assert_eq!(open(bad).unwrap_err().code(), "share.bad_code", "{bad}");
        }
    });
}

#[test]
fn only_somebody_else_who_looks_is_counted() {
    both_engines(|shop| {
        let link = share::link(&shop.app, &shop.ann, Object::Team, 7).unwrap();
        let count = || share::link(&shop.app, &shop.ann, Object::Team, 7).unwrap().visits;
        let open = |visitor: &Visitor, agent: &str| {
            share::visit(&shop.app, visitor, &link.code, agent).unwrap()
        };
        let visitor = guest(shop);
        open(&visitor, PHONE);
        assert_eq!(count(), 1);
        open(&visitor, PHONE);
        assert_eq!(count(), 1, "a reload is no other visit");
        open(&guest(shop), "facebookexternalhit/1.1");
        assert_eq!(count(), 1, "a preview is nobody");
        assert!(open(&shop.ann, PHONE).own);
        assert_eq!(count(), 1, "one's own visit is none");
        shop.later(Span::minutes(31));
        open(&visitor, PHONE);
        open(&guest(shop), PHONE);
        assert_eq!(count(), 3);
    });
}

#[test]
fn an_order_is_credited_to_the_last_who_brought_the_buyer() {
    both_engines(|shop| {
        let of = |visitor: &Visitor| share::link(&shop.app, visitor, Object::Team, 7).unwrap().code;
        let (anns, lins) = (of(&shop.ann), of(&shop.lin));
        let open = |visitor: &Visitor, code: &str| {
            share::visit(&shop.app, visitor, code, PHONE).unwrap();
        };
        let sharer = |visitor: &Visitor| {
            let shared = share::who_shared(&shop.app, visitor, Object::Team, 7).unwrap();
            shared.map(|shared| shared.name)
        };
        let browser = guest(shop);
        assert_eq!(last_visit(shop, &browser), None);
        open(&browser, &lins);
        let first = last_visit(shop, &browser).unwrap();
        shop.later(Span::minutes(1));
        open(&browser, &anns);
        let second = last_visit(shop, &browser).unwrap();
        assert!(second > first);
        assert_eq!(sharer(&browser).as_deref(), Some("ann"));
        assert_eq!(
            share::who_shared(&shop.app, &browser, Object::Team, 8).unwrap().map(|_| ()),
            None
        );

        // Bob signs in there: what the browser saw is his. On his other phone it is nobody's.
        let bob = Visitor { session: browser.session, ..shop.bob.clone() };
        assert_eq!(last_visit(shop, &bob), Some(second));
        assert_eq!(last_visit(shop, &shop.bob), None);
        // Should ann herself sign in there, her own link brings her nothing; lin's still counts.
        let ann = Visitor { session: browser.session, ..shop.ann.clone() };
        assert_eq!(last_visit(shop, &ann), Some(first));
        assert_eq!(sharer(&ann).as_deref(), Some("lin"));

        shop.later(Span::days(7));
        assert_eq!(last_visit(shop, &bob), None);
        assert_eq!(sharer(&bob), None);

        // Signed in, a visit is remembered with the person and counts on every device.
        open(&bob, &lins);
        assert!(last_visit(shop, &shop.bob).is_some());
        assert_eq!(
            last_visit(shop, &Visitor { session: Some(Id::new(1)), ..shop.eve.clone() }),
            None
        );
    });
}
