//! What those of a seller's see and do behind the counter: what is that seller's, and nothing else.

use app::campaign::{self, Offered, Step};
use app::catalog;
use app::failure::Failure;
use app::inventory::{self, Adjust};
use app::order_desk::{self, Filter};
use app::seller::{self, PutSeller, SellerView};
use app::settlement;
use app::{after_sale, ledger};
use domain::campaign::Mechanic;
use domain::moment::Span;
use domain::money::{Currency, Money};
use domain::person::Role;
use domain::seller::Month;

use crate::after_sale::{KEEPS, code};
use crate::campaigns::{draft, launched, licensed};
use crate::sellers::{arrived, clerk, goods_of, now, seller, visitor};
use crate::support::both_engines;
use crate::trade::Goods;

fn cny(minor: i64) -> Money {
    Money::new(minor, Currency::Cny)
}

#[test]
fn nobody_of_a_seller_s_sees_what_is_another_s() {
    both_engines(|shop| {
        let (tea, cup) = (seller(shop, "teahouse", 500), seller(shop, "cups", 500));
        let mine = goods_of(shop, &tea, "tea", 1_000, 9);
        let theirs = goods_of(shop, &cup, "cup", 2_000, 9);
        let own = shop.goods("own", 3_000, 9);
        let clerk = clerk(shop, &tea, "tess");
        let [my_order, their_order, own_order] =
            [mine, theirs, own].map(|goods| arrived(shop, &shop.ann, now(goods, 1)));
        let returns = [my_order, their_order, own_order]
            .map(|order| shop.ask(&shop.ann, order, KEEPS, &[(0, 1)]).unwrap().id);
        let app = &shop.app;
        let adjust =
            |goods: Goods| Adjust { variant: goods.variant, change: 1, reason: "more came".into() };
        // Every operation that is narrowed, with what is theirs and what is not.
        type Tried<'a> = (&'a str, Box<dyn Fn(usize) -> Result<(), Failure> + 'a>);
        let goods = [mine, theirs, own];
        let orders = [my_order, their_order, own_order];
        let sellers = [tea.id, cup.id, cup.id];
        let november = Month::parse("2026-11").unwrap();
        fn done<T>(result: Result<T, Failure>) -> Result<(), Failure> {
            result.map(|_| ())
        }
        let input = |n: usize| {
            let seen = catalog::detail(app, &shop.zoe, goods[n].product).unwrap();
            let variant = &seen.variants[0];
            serde_json::from_value(serde_json::json!({
                "title": format!("{} x", seen.title), "handle": seen.handle,
                "status": "active", "version": seen.version,
                "variants": [{ "id": variant.id, "price": variant.price }],
            }))
            .unwrap()
        };
        let none: app::catalog::ProductTextInput = serde_json::from_value(serde_json::json!({
            "locale": "en", "title": "", "body_html": "", "words": {},
        }))
        .unwrap();
        let tried: Vec<Tried> = vec![
            ("product", Box::new(|n| done(catalog::detail(app, &clerk, goods[n].product)))),
            ("edit", Box::new(|n| done(catalog::edit(app, &clerk, goods[n].product, input(n))))),
            (
                "status",
                Box::new(|n| {
                    let active = domain::catalog::Status::Active;
                    done(catalog::set_status(app, &clerk, &[goods[n].product], active))
                }),
            ),
            ("text", Box::new(|n| catalog::translate(app, &clerk, goods[n].product, none.clone()))),
            ("stock", Box::new(|n| done(inventory::get(app, &clerk, goods[n].variant)))),
            (
                "adjust",
                Box::new(|n| done(inventory::adjust(app, &shop.keyed(&clerk), adjust(goods[n])))),
            ),
            (
                "moves",
                Box::new(|n| done(inventory::moves(app, &clerk, Some(goods[n].variant), None, 9))),
            ),
            ("order", Box::new(|n| done(order_desk::get(app, &clerk, orders[n])))),
            ("timeline", Box::new(|n| done(order_desk::timeline::get(app, &clerk, orders[n])))),
            ("returns", Box::new(|n| done(after_sale::of_order_at_desk(app, &clerk, orders[n])))),
            ("return", Box::new(|n| done(after_sale::show(app, &clerk, returns[n])))),
            (
                "refuse",
                Box::new(|n| done(after_sale::refuse(app, &clerk, returns[n], "not broken"))),
            ),
            ("seller", Box::new(|n| done(seller::get(app, &clerk, sellers[n])))),
            ("people", Box::new(|n| done(seller::people(app, &clerk, sellers[n])))),
            ("splits", Box::new(|n| done(settlement::splits(app, &clerk, sellers[n], None, 9)))),
            (
                "months",
                Box::new(|n| done(settlement::months(app, &clerk, sellers[n], Currency::Cny))),
            ),
            (
                "statement",
                Box::new(|n| {
                    let (of, cny) = (sellers[n], Currency::Cny);
                    done(settlement::statement(app, &clerk, of, november, cny))
                }),
            ),
        ];
        for (what, run) in &tried {
            for n in [1, 2] {
                assert_eq!(code(run(n)), "not_found", "{what} of another's");
            }
            assert_eq!(code(run(0)), "ok", "{what} of their own");
        }
        // Lists show what is theirs and nothing else.
        let found = order_desk::list(app, &clerk, &Filter::default(), None, 50).unwrap();
        assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), [my_order]);
        let wide = Filter { seller: Some(cup.id), ..Filter::default() };
        let found = order_desk::list(app, &clerk, &wide, None, 50).unwrap();
        assert_eq!(found.len(), 1, "a filter widens nothing");
        let counts = order_desk::counts(app, &clerk).unwrap();
        assert_eq!(counts.iter().map(|(_, n)| n).sum::<i64>(), 1);
        let list = catalog::staff_list(app, &clerk, Default::default()).unwrap();
        assert_eq!((list.items.len(), list.counts.active), (1, 1));
        assert_eq!(inventory::list(app, &clerk, "", None, 50).unwrap().len(), 1);
        assert!(
            inventory::moves(app, &clerk, None, None, 50)
                .unwrap()
                .iter()
                .all(|one| one.variant == mine.variant)
        );
        let queue = after_sale::Queue::default();
        let all = after_sale::list(app, &shop.zoe, queue, None, 50).unwrap().len();
        assert!(after_sale::list(app, &clerk, queue, None, 50).unwrap().len() < all.max(1) + 1);
        assert_eq!(seller::list(app, &clerk).unwrap().len(), 1);
        // What they see of a buyer is what a parcel says.
        let seen = order_desk::get(app, &clerk, my_order).unwrap();
        assert!(seen.buyer_contact.is_empty() && seen.notes.is_empty() && !seen.may_refund);
    });
}

#[test]
fn what_is_not_narrowed_is_refused_to_those_of_a_seller() {
    both_engines(|shop| {
        let tea = seller(shop, "teahouse", 500);
        let goods = goods_of(shop, &tea, "tea", 1_000, 9);
        let clerk = clerk(shop, &tea, "tess");
        let order = arrived(shop, &shop.ann, now(goods, 1));
        let app = &shop.app;
        let refused = [
            code(order_desk::refund(app, &clerk, order, "why not")),
            code(ledger::trial_balance(app, &clerk)),
            code(app::case::list(app, &clerk, 9)),
            code(app::customer::profile(app, &clerk, shop.ann.person.as_ref().unwrap().id)),
            code(order_desk::label::all_tags(app, &clerk)),
            code(app::person::list_staff(app, &clerk)),
            code(after_sale::set_return_address(app, &clerk, "here")),
            code(settlement::settle(
                app,
                &shop.keyed(&clerk),
                tea.id,
                Month::parse("2026-10").unwrap(),
                Currency::Cny,
            )),
            code(seller::change(app, &clerk, tea.id, put_of(&tea))),
            code(seller::add(app, &shop.keyed(&clerk), put_of(&tea))),
        ];
        assert_eq!(refused, ["forbidden"; 10]);
        // Somebody in the role whose seller nobody knows sees nothing at all.
        let lost = visitor(clerk.person.as_ref().unwrap().id, "tess", None);
        assert_eq!(code(order_desk::get(app, &lost, order)), "forbidden");
        assert_eq!(code(catalog::staff_list(app, &lost, Default::default())), "forbidden");
        // The role is nobody's without a seller, and a seller's person is no longer one when given
        // another role.
        let give = |role| app::person::GiveRole { role, own_role: None };
        let id = clerk.person.as_ref().unwrap().id;
        let again = app::person::give_role(app, &shop.zoe, id, &give(Role::Seller));
        assert_eq!(code(again), "person.bad_role");
        let other = app::person::give_role(app, &shop.zoe, id, &give(Role::Warehouse)).unwrap();
        assert_eq!((other.role, other.seller), (Role::Warehouse, None));
    });
}

fn put_of(of: &SellerView) -> PutSeller {
    PutSeller {
        name: of.name.clone(),
        handle: String::new(),
        status: of.status,
        commission: 0,
        licence: of.licence.clone(),
        contact: String::new(),
        return_address: String::new(),
        receivers: of.receivers.clone(),
        version: of.version,
    }
}

#[test]
fn what_a_seller_makes_is_theirs_and_what_was_ordered_stays() {
    both_engines(|shop| {
        let (tea, cup) = (seller(shop, "teahouse", 500), seller(shop, "cups", 500));
        let clerk = clerk(shop, &tea, "tess");
        let input = |title: &str| -> app::catalog::ProductInput {
            serde_json::from_value(serde_json::json!({
                "title": title, "status": "active",
                "variants": [{ "price": cny(1_500) }],
            }))
            .unwrap()
        };
        let made = catalog::create(&shop.app, &clerk, input("Green tea")).unwrap();
        assert_eq!(made.seller, Some(tea.id));
        // Nobody gives what is theirs to another, and the shop only what nobody ordered.
        let of = |title: &str, version| app::catalog::ProductInput {
            seller: Some(cup.id),
            version: Some(version),
            variants: serde_json::from_value(serde_json::json!([
                { "id": made.variants[0].id, "price": cny(1_500) }
            ]))
            .unwrap(),
            ..input(title)
        };
        let given = catalog::edit(&shop.app, &clerk, made.id, of("Green tea", made.version));
        assert_eq!(code(given), "not_found");
        let given = catalog::edit(&shop.app, &shop.zoe, made.id, of("Green tea 2", made.version));
        assert_eq!(given.unwrap().seller, Some(cup.id));
        let goods = goods_of(shop, &tea, "tea", 1_000, 9);
        shop.order(&shop.ann, now(goods, 1)).unwrap();
        let seen = catalog::detail(&shop.app, &shop.zoe, goods.product).unwrap();
        let mut other = of("Tea", seen.version);
        other.variants[0].id = Some(goods.variant);
        assert_eq!(
            code(catalog::edit(&shop.app, &shop.zoe, goods.product, other)),
            "seller.ordered"
        );
    });
}

#[test]
fn what_a_seller_earns_is_in_no_campaign_of_the_shops() {
    both_engines(|shop| {
        licensed(shop);
        let tea = seller(shop, "teahouse", 500);
        let (theirs, own) = (goods_of(shop, &tea, "tea", 10_000, 9), shop.goods("own", 10_000, 9));
        let offers = |mechanic, goods: Goods| {
            let mut put = draft(shop, mechanic, 0);
            put.offered = vec![Offered { variant: goods.variant, price: 6_000, quota: Some(2) }];
            put
        };
        let create = |put| campaign::create(&shop.app, &shop.keyed(&shop.zoe), put);
        for mechanic in [Mechanic::FlashSale, Mechanic::Bargain, Mechanic::GroupBuy] {
            let refused = create(offers(mechanic, theirs)).unwrap_err();
            assert_eq!(refused.code(), "campaign.bad_terms");
        }
        // It is the shop's when it is chosen, and no longer when it is launched.
        let give = |goods: Goods| {
            let seen = catalog::detail(&shop.app, &shop.zoe, goods.product).unwrap();
            let put = serde_json::from_value(serde_json::json!({
                "title": seen.title, "handle": seen.handle, "status": "active",
                "version": seen.version, "seller": tea.id,
                "variants": [{ "id": goods.variant, "price": seen.variants[0].price }],
            }));
            catalog::edit(&shop.app, &shop.zoe, goods.product, put.unwrap())
        };
        let later = shop.goods("later", 10_000, 9);
        // They have had their price for a while: nothing else is in the way.
        shop.later(Span::days(8));
        let made = create(offers(Mechanic::FlashSale, later)).unwrap();
        give(later).unwrap();
        let refused = campaign::step(&shop.app, &shop.zoe, made.id, Step::Launch).unwrap_err();
        assert_eq!(refused.code(), "campaign.bad_terms");
        // While a campaign is on its goods change hands with nobody.
        let on = launched(shop, offers(Mechanic::FlashSale, own));
        assert_eq!(give(own).unwrap_err().code(), "seller.in_campaign");
        campaign::step(&shop.app, &shop.zoe, on, Step::End).unwrap();
        give(own).unwrap();
    });
}
