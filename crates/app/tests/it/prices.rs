//! Prices on both engines: who pays what, when and in which currency, and what is struck through.

use app::Visitor;
use app::cart::{self, SetLine};
use app::catalog;
use app::checkout::{self, Ask, Place, QuoteView, What};
use app::currency::{self, Other};
use app::customer_group::{self, GroupView, PutGroup, Who};
use app::failure::Failure;
use app::price_list::{self, ListView, Probe, PutList, PutPrice, Verdict};
use domain::id::Id;
use domain::moment::Span;
use domain::money::Currency;
use domain::order::Order;
use domain::price::list::{Cut, Over, Why};
use domain::rate::Rate;

use crate::after_sale::code;
use crate::races::{at_once, both};
use crate::support::{TestShop, both_engines};
use crate::trade::{Goods, place};

pub fn now(goods: Goods, quantity: i64) -> What {
    What::Now { variant: goods.variant, quantity }
}

pub fn list(name: &str) -> PutList {
    PutList {
        name: name.into(),
        currency: None,
        groups: vec![],
        starts_at: None,
        ends_at: None,
        priority: 0,
        active: true,
        cuts: vec![],
        version: None,
    }
}

/// So many hundredths of a percent off everything.
pub fn off(points: i64) -> Vec<Cut> {
    let off = Rate::from_basis_points(points).unwrap();
    vec![Cut { over: Over::Everything, off, from: 1 }]
}

impl TestShop {
    pub fn group(&self, name: &str, members: &[&Visitor]) -> GroupView {
        let put = PutGroup { name: name.into(), name_en: String::new(), level: 1, version: None };
        let group = customer_group::add(&self.app, &self.keyed(&self.zoe), put).unwrap();
        for member in members {
            let who = Who { person: member.person.as_ref().unwrap().id.to_string() };
            customer_group::put_in(&self.app, &self.zoe, group.id, &who).unwrap();
        }
        group
    }

    pub fn list(&self, put: PutList, fixed: &[(Goods, i64, i64)]) -> ListView {
        let made = price_list::add(&self.app, &self.keyed(&self.zoe), put).unwrap();
        let price = |(goods, from, price): &(Goods, i64, i64)| PutPrice {
            variant: goods.variant,
            from: *from,
            price: Some(*price),
        };
        let prices: Vec<PutPrice> = fixed.iter().map(price).collect();
        price_list::put_prices(&self.app, &self.zoe, made.id, &prices).unwrap()
    }

    pub fn quote(&self, who: &Visitor, what: What) -> Result<QuoteView, Failure> {
        let ask = Ask::of(what);
        checkout::ask(&self.app, who, ask)
    }

    fn unit(&self, who: &Visitor, goods: Goods, quantity: i64) -> (i64, Why) {
        let quote = self.quote(who, now(goods, quantity)).unwrap();
        (quote.lines[0].unit_price.minor, quote.lines[0].because)
    }

    fn sees(&self, who: &Visitor, handle: &str) -> catalog::VariantView {
        let who = Visitor { fresh: true, ..who.clone() };
        catalog::find_product(&self.app, &who, handle).unwrap().variants.remove(0)
    }
}

pub fn in_currency(who: &Visitor, currency: Currency) -> Visitor {
    Visitor { currency: Some(currency), ..who.clone() }
}

#[test]
fn the_price_is_by_who_how_many_and_when() {
    both_engines(|shop| {
        let (tea, cup) = (shop.goods("tea", 5_000, 500), shop.goods("cup", 1_000, 500));
        let trade = shop.group("trade", &[&shop.bob]);
        let put = PutList { groups: vec![trade.id], ..list("wholesale") };
        shop.list(put, &[(tea, 1, 4_000), (tea, 10, 3_500)]);
        let begins = shop.app.now().plus(Span::hours(1));
        let put = PutList {
            starts_at: Some(begins),
            ends_at: Some(begins.plus(Span::hours(1))),
            cuts: off(2_500),
            ..list("one hour")
        };
        shop.list(put, &[]);
        assert_eq!(shop.unit(&shop.ann, tea, 1), (5_000, Why::Ordinary));
        assert_eq!(shop.unit(&Visitor::default(), tea, 1), (5_000, Why::Ordinary));
        assert_eq!(shop.unit(&shop.bob, tea, 9), (4_000, Why::Level));
        assert_eq!(shop.unit(&shop.bob, tea, 10), (3_500, Why::Level));
        shop.later(Span::hours(1));
        assert_eq!(shop.unit(&shop.ann, tea, 1), (3_750, Why::Limited));
        assert_eq!(shop.unit(&shop.bob, tea, 1), (3_750, Why::Limited));
        assert_eq!(shop.unit(&shop.bob, tea, 10), (3_500, Why::Level));
        assert_eq!(shop.unit(&shop.bob, cup, 1), (750, Why::Limited));
        // The cart, the order and its page say the same.
        for (goods, quantity) in [(tea, 10), (cup, 2)] {
            let line = SetLine { variant: goods.variant, quantity, add: false };
            cart::set(&shop.app, &shop.bob, line).unwrap();
        }
        let seen = cart::view(&shop.app, &shop.bob).unwrap();
        assert_eq!(seen.subtotal.minor, 35_000 + 1_500);
        let placed = shop.order(&shop.bob, What::Cart).unwrap();
        assert_eq!(placed.total.minor, 36_500);
        let order = shop.see(&shop.bob, placed.order);
        let why: Vec<Why> = order.lines.iter().map(|line| line.because).collect();
        assert_eq!(why, [Why::Level, Why::Limited]);
        assert_eq!(order.lines[0].ordinary_price.map(|was| was.minor), Some(5_000));
        shop.later(Span::hours(1));
        assert_eq!(shop.unit(&shop.ann, tea, 1), (5_000, Why::Ordinary));
        // Out of the group, out of its prices.
        let bob = shop.bob.person.as_ref().unwrap().id;
        customer_group::take_out(&shop.app, &shop.zoe, trade.id, bob).unwrap();
        assert_eq!(shop.unit(&shop.bob, tea, 10), (5_000, Why::Ordinary));
    });
}

#[test]
fn pages_show_what_is_paid() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 5_000, 500);
        let gold = shop.group("gold", &[&shop.bob]);
        let put = PutList { groups: vec![gold.id], cuts: off(1_000), ..list("gold") };
        shop.list(put, &[(tea, 5, 4_200)]);
        let seen = shop.sees(&shop.ann, "tea");
        assert_eq!((seen.price.minor, seen.because, seen.tiers.len()), (5_000, Why::Ordinary, 0));
        let seen = shop.sees(&shop.bob, "tea");
        assert_eq!((seen.price.minor, seen.because), (4_500, Why::Level));
        assert_eq!(seen.ordinary_price.map(|was| was.minor), Some(5_000));
        let tiers: Vec<(i64, i64)> =
            seen.tiers.iter().map(|tier| (tier.from, tier.unit_price.minor)).collect();
        assert_eq!(tiers, [(1, 4_500), (5, 4_200)]);
        // A group's price is no reduction: nothing is struck through.
        assert_eq!(seen.compare_at, None);
        let cards = catalog::browse(&shop.app, &shop.bob, catalog::Browse::default()).unwrap();
        assert_eq!(cards.items[0].price.minor, 4_500);
        let probe = Probe {
            goods: "tea".into(),
            quantity: 7,
            person: Some("bob@example.com".into()),
            currency: None,
            at: None,
        };
        let said = price_list::probe(&shop.app, &shop.zoe, &probe).unwrap();
        assert_eq!(said[0].unit_price.map(|price| price.minor), Some(4_200));
        assert_eq!((said[0].list_name.as_str(), said[0].from), ("gold", 5));
        let nobody = Probe { person: Some("who@example.com".into()), ..probe };
        let refused = price_list::probe(&shop.app, &shop.zoe, &nobody);
        assert_eq!(code(refused), "price.no_such_person");
    });
}

/// Her quote was cheaper; the list ended before she pressed *pay*.
#[test]
fn a_list_that_ends_between_quote_and_order_is_told() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 5_000, 10);
        let ends = shop.app.now().plus(Span::minutes(5));
        shop.list(PutList { ends_at: Some(ends), cuts: off(2_000), ..list("today") }, &[]);
        let quote = shop.quote(&shop.ann, now(tea, 1)).unwrap();
        assert_eq!(quote.subtotal.minor, 4_000);
        let order = |expected: i64| {
            let place = Place { expected_total: Some(expected), ..place(now(tea, 1)) };
            checkout::place(&shop.app, &shop.keyed(&shop.ann), place)
        };
        shop.later(Span::minutes(5));
        assert_eq!(code(order(quote.total.minor)), "order.price_changed");
        let quote = shop.quote(&shop.ann, now(tea, 1)).unwrap();
        assert_eq!(quote.subtotal.minor, 5_000);
        assert_eq!(order(quote.total.minor).unwrap().value.total.minor, 5_800);
        assert_eq!(shop.stock(tea).available, 9);
    });
}

/// A list is switched off while everybody buys: whoever sees one price pays that one.
#[test]
fn everybody_pays_the_price_they_saw_while_a_list_is_switched_off() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 5_000, 100);
        let made = shop.list(PutList { cuts: off(2_000), ..list("now") }, &[]);
        let crowd: Vec<Visitor> = (0..24).map(|n| shop.shopper(&format!("buyer{n}"))).collect();
        let buy = || {
            at_once(24, |n| {
                let placed = Place { expected_total: Some(4_800), ..place(now(tea, 1)) };
                checkout::place(&shop.app, &shop.keyed(&crowd[n]), placed)
            })
        };
        let switch = || {
            let put = PutList { active: false, cuts: off(2_000), ..list("now") };
            price_list::change(&shop.app, &shop.zoe, made.id, put).unwrap();
        };
        let (results, ()) = both(buy, switch);
        let mut bought = 0;
        for result in results {
            match result {
                Ok(placed) => {
                    assert_eq!(placed.value.total.minor, 4_800);
                    bought += 1;
                }
                Err(failure) => assert_eq!(failure.code(), "order.price_changed"),
            }
        }
        let sold =
            "select count(*) from order_lines where price_why = 'list' and unit_price = 4000";
        assert_eq!(shop.number(sold), bought);
        assert_eq!(shop.number("select count(*) from order_lines"), bought);
    });
}

#[test]
fn another_currency_has_its_own_prices_and_orders_keep_it() {
    both_engines(|shop| {
        let (tea, cup) = (shop.goods("tea", 5_000, 10), shop.goods("cup", 1_000, 10));
        let put = |others: Vec<Other>| {
            currency::put(&shop.app, &shop.zoe, currency::Put { others, version: None })
        };
        let euro = |rate: Option<&str>| Other {
            currency: Currency::Eur,
            rate: rate.map(str::to_string),
            step: 10,
        };
        assert_eq!(
            code(put(vec![Other { currency: Currency::Cny, ..euro(None) }])),
            "price.bad_currency"
        );
        assert_eq!(code(put(vec![euro(Some("many"))])), "price.bad_currency");
        let ann = in_currency(&shop.ann, Currency::Eur);
        // Not sold in yet: as if nothing had been chosen.
        assert_eq!(shop.quote(&ann, now(tea, 1)).unwrap().total.currency, Currency::Cny);
        put(vec![euro(None)]).unwrap();
        assert_eq!(code(shop.quote(&ann, now(tea, 1))), "price.not_in_currency");
        assert!(!shop.sees(&ann, "tea").for_sale);
        let list_in = PutList { currency: Some(Currency::Eur), ..list("euros") };
        shop.list(list_in, &[(tea, 1, 700)]);
        put(vec![euro(Some("0.128"))]).unwrap();
        // What is written holds; what is not is converted, delivery too.
        let quote = shop.quote(&ann, now(tea, 2)).unwrap();
        assert_eq!((quote.subtotal.minor, quote.shipping.minor), (1_400, 0), "free from 99 yuan");
        let quote = shop.quote(&ann, now(cup, 1)).unwrap();
        assert_eq!((quote.subtotal.minor, quote.shipping.minor), (130, 100));
        assert_eq!(quote.total.currency, Currency::Eur);
        assert_eq!(shop.sees(&ann, "tea").price.minor, 700);
        let placed = shop.order(&ann, now(cup, 1)).unwrap();
        assert_eq!((placed.total.minor, placed.total.currency), (230, Currency::Eur));
        shop.pay(&ann, placed.order).unwrap();
        put(vec![]).unwrap();
        let seen = shop.see(&shop.ann, placed.order);
        assert_eq!((seen.total, seen.lines[0].because), (placed.total, Why::Ordinary));
        // The shop's figures count its own currency alone.
        let seen = app::reports::overview(&shop.app, &shop.zoe).unwrap();
        assert_eq!(seen.today.gmv.minor, 0);
        // A team stays in the currency of its offer.
        put(vec![euro(Some("0.128"))]).unwrap();
        let group_buy = shop.group_buy(tea, 4_000, None, |_| {});
        let what = What::OpenTeam { group_buy, variant: tea.variant, quantity: 1 };
        let placed = shop.order(&ann, what).unwrap();
        assert_eq!(placed.total.currency, Currency::Cny);
    });
}

#[test]
fn a_former_price_is_struck_through_with_evidence_only() {
    both_engines(|shop| {
        let made = shop.goods("tea", 5_000, 10);
        let seen = || shop.sees(&shop.ann, "tea");
        let edit = |price: i64, claimed: Option<i64>| {
            let detail = catalog::detail(&shop.app, &shop.zoe, made.product).unwrap();
            let yuan = |minor| domain::money::Money::new(minor, Currency::Cny);
            let variant = catalog::VariantInput {
                id: Some(made.variant),
                options: vec![],
                sku: "tea".into(),
                barcode: String::new(),
                price: yuan(price),
                compare_at: claimed.map(yuan),
                cost: None,
                grams: 100,
                tracked: true,
                oversell: false,
                ships: true,
                tax: None,
                picture_src: String::new(),
            };
            let input = catalog::ProductInput {
                title: detail.title,
                handle: detail.handle,
                body_html: String::new(),
                vendor: String::new(),
                product_category: String::new(),
                product_type: String::new(),
                tags: vec![],
                status: detail.status,
                published: true,
                options: vec![],
                variants: vec![variant],
                pictures: None,
                categories: None,
                seller: None,
                seo_title: String::new(),
                seo_description: String::new(),
                version: Some(detail.version),
            };
            catalog::edit(&shop.app, &shop.zoe, made.product, input).unwrap();
        };
        let verdict = || {
            let evidence = price_list::evidence(&shop.app, &shop.zoe, "tea").unwrap();
            (evidence[0].verdict, evidence[0].history.len())
        };
        shop.clock.advance(Span::days(3));
        // It was never 99 yuan, and has not been on offer for a week.
        edit(4_000, Some(9_900));
        assert_eq!((seen().compare_at, verdict()), (None, (Verdict::TooShort, 2)));
        shop.clock.advance(Span::days(20));
        edit(3_500, Some(9_900));
        let shown = seen().compare_at.map(|was| was.minor);
        assert_eq!((shown, verdict()), (Some(4_000), (Verdict::Shown, 3)));
        shop.clock.advance(Span::days(1));
        // Raised for two days and cut again: the lowest of thirty days counts.
        edit(8_000, None);
        shop.clock.advance(Span::days(2));
        edit(3_600, Some(8_000));
        assert_eq!((seen().compare_at, verdict().0), (None, Verdict::NotLower));
        // A sale cuts what was charged for a month.
        shop.clock.advance(Span::days(31));
        let today = shop.app.now();
        let sale = PutList { starts_at: Some(today), cuts: off(5_000), ..list("sale") };
        let sale = shop.list(sale, &[]);
        let now_seen = seen();
        assert_eq!(now_seen.price.minor, 1_800);
        assert_eq!(now_seen.compare_at.map(|was| was.minor), Some(3_600));
        // Staff may change it meanwhile: it began when it began, whatever date they give it.
        shop.clock.advance(Span::days(1));
        let put = PutList {
            starts_at: Some(today.minus(Span::days(90))),
            cuts: off(5_000),
            ..list("sale")
        };
        price_list::change(&shop.app, &shop.zoe, sale.id, put).unwrap();
        assert_eq!(seen().compare_at.map(|was| was.minor), Some(3_600));
        let history = price_list::evidence(&shop.app, &shop.zoe, "tea").unwrap();
        assert_eq!(history[0].history.iter().filter(|row| row.list.is_some()).count(), 1);
        // A second sale right after it is compared with the first.
        let put = PutList { active: false, ..list("sale") };
        price_list::change(&shop.app, &shop.zoe, sale.id, put).unwrap();
        shop.clock.advance(Span::days(5));
        let again = PutList { starts_at: Some(shop.app.now()), cuts: off(2_000), ..list("again") };
        shop.list(again, &[]);
        assert_eq!((seen().price.minor, seen().compare_at), (2_880, None));
    });
}

#[test]
fn a_file_of_prices_goes_out_and_comes_back() {
    both_engines(|shop| {
        let (tea, cup) = (shop.goods("tea", 5_000, 10), shop.goods("cup", 1_000, 10));
        let made = shop.list(list("file"), &[(tea, 1, 4_000), (tea, 10, 3_500)]);
        let file = price_list::export(&shop.app, &shop.zoe, made.id).unwrap();
        let report = price_list::import(&shop.app, &shop.zoe, made.id, &file).unwrap();
        assert_eq!((report.put, report.removed, report.faults.len()), (2, 0, 0));
        assert_eq!(price_list::export(&shop.app, &shop.zoe, made.id).unwrap(), file);
        let file = "\u{feff}SKU,From,Price\ncup,,9.50\ntea,10,\nsaucer,1,3\ncup,0,1\ncup,2,many\n";
        let report = price_list::import(&shop.app, &shop.zoe, made.id, file).unwrap();
        assert_eq!((report.put, report.removed), (1, 1));
        let faults: Vec<(i64, &str)> =
            report.faults.iter().map(|fault| (fault.line, fault.reason.as_str())).collect();
        assert_eq!(faults, [(4, "unknown_goods"), (5, "bad_from"), (6, "bad_price")]);
        assert_eq!(shop.unit(&shop.ann, cup, 1), (950, Why::List));
        assert_eq!(shop.unit(&shop.ann, tea, 10), (4_000, Why::List));
        let refused = price_list::import(&shop.app, &shop.zoe, made.id, "a,b\n1,2\n");
        assert_eq!(code(refused), "price.bad_file");
    });
}

#[test]
fn what_staff_say_of_prices_is_checked() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 5_000, 10);
        let add = |put| price_list::add(&shop.app, &shop.keyed(&shop.zoe), put);
        let now_ = Some(shop.app.now());
        for bad in [
            PutList { name: " ".into(), ..list("x") },
            PutList { starts_at: now_, ends_at: now_, ..list("x") },
            PutList { priority: 5_000, ..list("x") },
            PutList { cuts: off(0), ..list("x") },
            PutList { groups: vec![Id::new(7)], ..list("x") },
        ] {
            assert_eq!(code(add(bad)), "price.bad_list");
        }
        let made = shop.list(list("x"), &[(tea, 1, 4_000)]);
        assert_eq!(code(add(list("x"))), "price.name_taken");
        let change = |put| price_list::change(&shop.app, &shop.zoe, made.id, put);
        assert_eq!(code(change(PutList { version: Some(0), ..list("x") })), "stale");
        let euros = PutList { currency: Some(Currency::Eur), ..list("x") };
        assert_eq!(code(change(euros)), "price.bad_list");
        let put = |price, from| {
            let price = PutPrice { variant: tea.variant, from, price };
            price_list::put_prices(&shop.app, &shop.zoe, made.id, &[price])
        };
        assert_eq!(code(put(Some(-1), 1)), "price.bad_price");
        assert_eq!(code(put(Some(1), 0)), "price.bad_price");
        // Somebody bought at it: it stays for the record.
        shop.order(&shop.ann, now(tea, 1)).unwrap();
        let removed = price_list::remove(&shop.app, &shop.zoe, made.id);
        assert_eq!(code(removed), "price.list_in_use");
        let group = shop.group("gold", &[&shop.bob]);
        let named = PutList { groups: vec![group.id], ..list("gold") };
        let named = shop.list(named, &[]);
        let removed = customer_group::remove(&shop.app, &shop.zoe, group.id);
        assert_eq!(code(removed), "price.group_in_use");
        price_list::remove(&shop.app, &shop.zoe, named.id).unwrap();
        customer_group::remove(&shop.app, &shop.zoe, group.id).unwrap();
        // It is staff's business.
        assert_eq!(code(price_list::list(&shop.app, &shop.ann)), "forbidden");
        assert_eq!(code(customer_group::list(&shop.app, &shop.ann)), "forbidden");
        assert_eq!(code(app::tax::get(&shop.app, &shop.ann)), "forbidden");
    });
}

/// Whatever is bought in a batch, each at the price of whoever buys.
#[test]
fn a_crowd_in_one_lane_pays_each_their_own_price() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 5_000, 100);
        let members: Vec<Visitor> = (0..10).map(|n| shop.shopper(&format!("m{n}"))).collect();
        let gold = shop.group("gold", &members.iter().collect::<Vec<_>>());
        shop.list(PutList { groups: vec![gold.id], ..list("gold") }, &[(tea, 1, 3_000)]);
        let others: Vec<Visitor> = (0..10).map(|n| shop.shopper(&format!("o{n}"))).collect();
        let placed: Vec<(i64, Id<Order>)> = at_once(20, |n| {
            let who = if n % 2 == 0 { &members[n / 2] } else { &others[n / 2] };
            let placed = shop.order(who, now(tea, 1)).unwrap();
            (placed.total.minor, placed.order)
        });
        let paid = placed.iter().filter(|(total, _)| *total == 3_800).count();
        assert_eq!((paid, placed.len()), (10, 20));
        assert_eq!(shop.number("select count(*) from order_lines where price_why = 'level'"), 10);
    });
}
