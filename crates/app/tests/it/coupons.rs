//! Coupons on both engines: taking, using, coming back; and the abuse cases 1 to 12 of coupons,
//! each against the real checkout.

use app::checkout::{self, CouponChoice, Place, Placed, What};
use app::coupon::{self, CouponView, Give, PutTemplate, TemplateView};
use app::failure::Failure;
use app::{Visitor, currency, order_desk, payment};
use domain::coupon::{Coupon, Gives, Life, Stacks};
use domain::id::Id;
use domain::moment::Span;
use domain::money::Currency;
use domain::order::Status;
use domain::promotion::{Off, Scope};

use crate::after_sale::{SENDS, code};
use crate::offers::only;
use crate::orders::late_notice_as;
use crate::prices::{in_currency, now};
use crate::support::{TestShop, both_engines};
use crate::trade::{Goods, place};

pub fn amount(minor: i64) -> Gives {
    Gives::Goods { off: Off::Amount { minor } }
}

impl TestShop {
    /// A kind of coupon that everybody may take one of for a week, as `change` has it.
    pub fn coupons(
        &self,
        name: &str,
        gives: Gives,
        change: impl FnOnce(&mut PutTemplate),
    ) -> TemplateView {
        let mut put = PutTemplate {
            name: name.into(),
            name_en: String::new(),
            issuer: domain::coupon::Issuer::Merchant,
            currency: None,
            gives,
            threshold: 0,
            scope: Scope::default(),
            stacks: None,
            life: Life::After { span: Span::days(7) },
            claim_from: None,
            claim_until: None,
            total: None,
            per_person: 1,
            per_cluster: Some(1_000),
            back_on_refund: false,
            active: true,
            listed: true,
            link: None,
            version: None,
        };
        change(&mut put);
        coupon::add(&self.app, &self.keyed(&self.zoe), &put).unwrap()
    }

    pub fn takes(&self, who: &Visitor, kind: &TemplateView) -> CouponView {
        coupon::claim(&self.app, &self.keyed(who), kind.id).unwrap()
    }

    pub fn order_with(
        &self,
        who: &Visitor,
        what: What,
        coupons: &[Id<Coupon>],
    ) -> Result<Placed, Failure> {
        let place = Place { coupons: Some(coupons.to_vec()), ..place(what) };
        Ok(checkout::place(&self.app, &self.keyed(who), place)?.value)
    }

    pub fn coupon_state(&self, who: &Visitor, id: Id<Coupon>) -> String {
        let mine = coupon::mine(&self.app, who).unwrap();
        mine.into_iter().find(|one| one.id == id).unwrap().state
    }

    fn choices(&self, who: &Visitor, what: What) -> Vec<CouponChoice> {
        self.quote(who, what).unwrap().coupons
    }
}

fn tea(shop: &TestShop) -> Goods {
    shop.goods("tea", 10_000, 1_000)
}

#[test]
fn the_best_is_offered_and_another_can_be_chosen() {
    both_engines(|shop| {
        let tea = tea(shop);
        let ten = shop.coupons("ten", amount(1_000), |_| ());
        let big = shop.coupons("big", amount(5_000), |put| put.threshold = 20_000);
        let free = shop.coupons("free", Gives::Shipping { most: None }, |put| {
            put.stacks = Some(Stacks::InGroup { group: "way".into() });
        });
        let ten = shop.takes(&shop.ann, &ten).id;
        let big = shop.takes(&shop.ann, &big).id;
        let free = shop.takes(&shop.ann, &free).id;
        let used = |n: i64| -> Vec<Id<Coupon>> {
            let choices = shop.choices(&shop.ann, now(tea, n)).into_iter();
            let mut used: Vec<_> =
                choices.filter(|one| one.used).map(|one| one.coupon.id).collect();
            used.sort_unstable();
            used
        };
        let sorted = |mut ids: Vec<Id<Coupon>>| {
            ids.sort_unstable();
            ids
        };
        // Freight is paid for one tea, so both save something.
        let quote = shop.quote(&shop.ann, now(tea, 1)).unwrap();
        assert_eq!(quote.steps[0].off.minor, 1_000);
        if quote.shipping_full.minor > 0 {
            assert_eq!(used(1), sorted(vec![ten, free]));
            assert_eq!(quote.shipping.minor, 0);
        }
        let choices = shop.choices(&shop.ann, now(tea, 1));
        let why = choices.iter().find(|one| one.coupon.id == big).unwrap();
        assert_eq!(why.missing.map(|money| money.minor), Some(10_000));
        assert!(used(3).contains(&big) && !used(3).contains(&ten));
        let placed = shop.order_with(&shop.ann, now(tea, 3), &[ten]).unwrap();
        let seen = shop.see(&shop.ann, placed.order);
        assert_eq!(seen.discount.minor, 1_000);
        assert_eq!(shop.coupon_state(&shop.ann, ten), "used");
        assert_eq!(shop.coupon_state(&shop.ann, big), "held");
        let none = shop.order_with(&shop.ann, now(tea, 3), &[]).unwrap();
        assert_eq!(shop.see(&shop.ann, none.order).discount.minor, 0);
    });
}

#[test]
fn it_comes_back_from_an_order_that_closes_and_expires_where_it_lies() {
    both_engines(|shop| {
        let tea = tea(shop);
        let ten = shop.coupons("ten", amount(1_000), |_| ());
        let id = shop.takes(&shop.ann, &ten).id;
        let placed = shop.order_with(&shop.ann, now(tea, 1), &[id]).unwrap();
        assert_eq!(shop.coupon_state(&shop.ann, id), "used");
        // Twice in one hand is once.
        assert_eq!(code(shop.order_with(&shop.ann, now(tea, 1), &[id])), "coupon.not_held");
        shop.later(Span::hours(2));
        assert_eq!(shop.see(&shop.ann, placed.order).status.code(), "cancelled");
        assert_eq!(shop.coupon_state(&shop.ann, id), "held");
        // An order that is closed after its coupon's time brings it back expired.
        shop.later(Span::hours(6 * 24 - 3));
        let placed = shop.order_with(&shop.ann, now(tea, 1), &[id]).unwrap();
        order_desk::cancel(&shop.app, &shop.ann, placed.order).unwrap();
        assert_eq!(shop.coupon_state(&shop.ann, id), "held");
        let before = "select count(*) from notices where kind = 'coupon_ending'";
        coupon::tidy(&shop.app).unwrap();
        coupon::tidy(&shop.app).unwrap();
        assert_eq!(shop.number(before), 1);
        shop.clock.advance(Span::minutes(23 * 60 + 50));
        let placed = shop.order_with(&shop.ann, now(tea, 1), &[id]).unwrap();
        shop.later(Span::hours(2));
        assert_eq!(shop.see(&shop.ann, placed.order).status.code(), "cancelled");
        assert_eq!(shop.coupon_state(&shop.ann, id), "expired");
        // Case 6: the shop's clock judges.
        assert_eq!(code(shop.order_with(&shop.ann, now(tea, 1), &[id])), "coupon.expired");
        // One that nobody uses expires where it lies, whether or not a job was there.
        let other = shop.takes(&shop.bob, &ten).id;
        shop.clock.advance(Span::days(7));
        assert_eq!(shop.coupon_state(&shop.bob, other), "expired");
        assert_eq!(code(shop.order_with(&shop.bob, now(tea, 1), &[other])), "coupon.expired");
        coupon::tidy(&shop.app).unwrap();
        assert_eq!(shop.number("select count(*) from coupons where state = 'expired'"), 2);
    });
}

#[test]
fn it_comes_back_with_the_last_refund_where_its_kind_says_so() {
    both_engines(|shop| {
        let (tea, cup) = (tea(shop), shop.goods("cup", 5_000, 100));
        let back = shop.coupons("back", amount(1_000), |put| {
            (put.back_on_refund, put.scope) = (true, only(tea));
        });
        let gone = shop.coupons("gone", amount(1_000), |_| ());
        for (kind, want) in [(&back, "held"), (&gone, "used")] {
            let id = shop.takes(&shop.ann, kind).id;
            let what = shop.fill(&shop.ann, &[(tea, 1), (cup, 1)]);
            let placed = shop.order_with(&shop.ann, what, &[id]).unwrap();
            shop.pay(&shop.ann, placed.order).unwrap();
            order_desk::refund(&shop.app, &shop.zoe, placed.order, "sold out").unwrap();
            shop.work();
            let seen = shop.see(&shop.ann, placed.order);
            assert_eq!((seen.status.code(), seen.refunded), ("refunded", seen.total));
            assert_eq!(shop.coupon_state(&shop.ann, id), want);
            // Case 2: what does not come back is not used again.
            if want == "used" {
                assert_eq!(code(shop.order_with(&shop.ann, now(tea, 1), &[id])), "coupon.not_held");
            }
        }
        // Of an order in parts it comes back with the last goods it paid for, not with others.
        let more = shop.coupons("more", amount(1_000), |put| {
            (put.back_on_refund, put.scope) = (true, only(tea));
        });
        let id = shop.takes(&shop.bob, &more).id;
        let what = shop.fill(&shop.bob, &[(tea, 2), (cup, 1)]);
        let placed = shop.order_with(&shop.bob, what, &[id]).unwrap();
        shop.pay(&shop.bob, placed.order).unwrap();
        shop.ship_it(placed.order);
        order_desk::confirm_receipt(&shop.app, &shop.bob, placed.order).unwrap();
        let lines = shop.see(&shop.bob, placed.order).lines;
        let at = |goods: Goods| lines.iter().position(|line| line.variant == goods.variant);
        let (teas, cups) = (at(tea).unwrap(), at(cup).unwrap());
        for (line, count, want) in [(cups, 1, "used"), (teas, 1, "used"), (teas, 1, "held")] {
            let asked = shop.ask(&shop.bob, placed.order, SENDS, &[(line, count)]).unwrap();
            shop.agree(asked.id).unwrap();
            shop.comes_back(&shop.bob, asked.id, &[count]);
            assert_eq!(shop.coupon_state(&shop.bob, id), want);
        }
        let seen = shop.see(&shop.bob, placed.order);
        let goods: i64 = seen.lines.iter().map(|line| line.refunded.minor).sum();
        assert_eq!(goods, seen.subtotal.minor);
    });
}

#[test]
fn money_that_comes_late_takes_its_coupon_again_or_goes_back() {
    both_engines(|shop| {
        let tea = tea(shop);
        let ten = shop.coupons("ten", amount(1_000), |_| ());
        for (who, elsewhere, want) in
            [(&shop.ann, false, Status::ToShip), (&shop.bob, true, Status::LatePaid)]
        {
            let id = shop.takes(who, &ten).id;
            let placed = shop.order_with(who, now(tea, 1), &[id]).unwrap();
            let pay = payment::begin(&shop.app, who, placed.order).unwrap();
            shop.later(Span::minutes(31));
            assert_eq!(shop.coupon_state(who, id), "held");
            if elsewhere {
                shop.order_with(who, now(tea, 1), &[id]).unwrap();
            }
            let event = format!("evt_{elsewhere}");
            late_notice_as(shop, &event, &pay.payment.to_string(), placed.total.minor);
            assert_eq!(shop.see(who, placed.order).status, want, "on {}", shop.engine);
            assert_eq!(shop.coupon_state(who, id), "used");
            shop.work();
        }
    });
}

/// Cases 3, 4, 5, 7, 8 and 12 of the abuse of coupons; 2 and 6 are above, 9 to 11 below.
#[test]
fn what_is_not_to_be_had_with_a_coupon_is_not() {
    both_engines(|shop| {
        let tea = tea(shop);
        let ten = shop.coupons("ten", amount(1_000), |put| put.per_person = 2);
        let solo = shop.coupons("solo", amount(2_000), |put| put.stacks = Some(Stacks::Alone));
        let (first, second) = (shop.takes(&shop.ann, &ten).id, shop.takes(&shop.ann, &ten).id);
        let solo = shop.takes(&shop.ann, &solo).id;
        let with = |what, coupons: &[Id<Coupon>]| code(shop.order_with(&shop.ann, what, coupons));
        assert_eq!(with(now(tea, 1), &[first, second]), "coupon.not_together");
        assert_eq!(with(now(tea, 1), &[first, solo]), "coupon.not_together");
        assert_eq!(with(now(tea, 1), &[first, first, first]), "ok");
        assert_eq!(with(now(tea, 0), &[second]), "inventory.bad_quantity");
        assert_eq!(with(now(tea, -1), &[second]), "inventory.bad_quantity");
        // A price that the client made up.
        let place =
            Place { coupons: Some(vec![second]), expected_total: Some(1), ..place(now(tea, 1)) };
        let placed = checkout::place(&shop.app, &shop.keyed(&shop.ann), place);
        assert_eq!(code(placed), "order.price_changed");
        // Another's coupon is as if there were none.
        assert_eq!(code(shop.order_with(&shop.eve, now(tea, 1), &[second])), "not_found");
        assert_eq!(code(shop.order_with(&shop.eve, now(tea, 1), &[Id::new(7)])), "not_found");
        assert_eq!(shop.coupon_state(&shop.ann, second), "held");
        // In another currency it is worth nothing.
        let others =
            vec![currency::Other { currency: Currency::Eur, rate: Some("0.128".into()), step: 1 }];
        let put = currency::Put { others, version: None };
        currency::put(&shop.app, &shop.zoe, put).unwrap();
        let ann = in_currency(&shop.ann, Currency::Eur);
        let refused = shop.order_with(&ann, now(tea, 1), &[second]);
        assert_eq!(code(refused), "coupon.other_currency");
        assert!(shop.choices(&ann, now(tea, 1)).iter().all(|choice| !choice.used));
        // A group's price takes none.
        let group_buy = shop.group_buy(tea, 8_000, None, |_| ());
        let what = What::OpenTeam { group_buy, variant: tea.variant, quantity: 1 };
        assert_eq!(with(what, &[second]), "coupon.no_match");
        // Codes cannot be guessed.
        let guess = |n: u64| domain::coupon::Code::of(n).to_string();
        let try_it = |n: u64| code(coupon::redeem(&shop.app, &shop.keyed(&shop.eve), &guess(n)));
        assert_eq!(code(coupon::redeem(&shop.app, &shop.eve, "hello")), "coupon.bad_code");
        for n in 0..19 {
            assert_eq!(try_it(n), "coupon.bad_code");
        }
        assert_eq!(try_it(20), "too_many");
    });
}

/// Cases 9, 10 and 11: a part goes back at its price, the threshold passed or not, to the cent.
#[test]
fn partial_refunds_undo_their_share_of_it_and_no_more() {
    both_engines(|shop| {
        let (tea, cup) = (shop.goods("tea", 3_333, 100), shop.goods("cup", 1_667, 100));
        let odd = shop.coupons("odd", amount(1_000), |put| put.threshold = 10_000);
        let id = shop.takes(&shop.ann, &odd).id;
        // Just enough for it; then all but a little goes back.
        let what = shop.fill(&shop.ann, &[(tea, 3), (cup, 1)]);
        let placed = shop.order_with(&shop.ann, what, &[id]).unwrap();
        shop.pay(&shop.ann, placed.order).unwrap();
        shop.ship_it(placed.order);
        order_desk::confirm_receipt(&shop.app, &shop.ann, placed.order).unwrap();
        let lines = shop.see(&shop.ann, placed.order).lines;
        let kept: i64 = shop.kept(placed.order).iter().map(|(.., amount)| amount).sum();
        assert_eq!(kept, 1_000);
        let teas = lines.iter().position(|line| line.quantity == 3).unwrap();
        let cost = lines[teas].total.minor;
        assert_eq!(lines.iter().map(|line| line.total.minor).sum::<i64>(), 11_666 - 1_000);
        let mut back = 0;
        for n in 1..=3 {
            let asked = shop.ask(&shop.ann, placed.order, SENDS, &[(teas, 1)]).unwrap();
            shop.agree(asked.id).unwrap();
            shop.comes_back(&shop.ann, asked.id, &[1]);
            back += asked.amount.minor;
            // Never the whole price of what was made cheaper.
            assert!(asked.amount.minor < 3_333, "{n}");
        }
        assert_eq!(back, cost);
        assert_eq!(shop.coupon_state(&shop.ann, id), "used");
    });
}

#[test]
fn staff_give_them_and_take_them_back_and_codes_come_as_files() {
    both_engines(|shop| {
        let tea = tea(shop);
        let kind = shop.coupons("ten", amount(1_000), |put| {
            (put.listed, put.link) = (false, Some("hello-ten".into()));
            (put.total, put.per_cluster) = (Some(6), Some(6));
        });
        assert_eq!(code(coupon::claim(&shop.app, &shop.ann, kind.id)), "not_found");
        assert!(coupon::centre(&shop.app, &shop.ann).unwrap().is_empty());
        let seen = coupon::offered(&shop.app, &shop.ann, "hello-ten").unwrap();
        assert!(seen.can && seen.left == Some(6));
        coupon::claim_by_link(&shop.app, &shop.ann, "hello-ten").unwrap();
        let again = coupon::claim_by_link(&shop.app, &shop.ann, "hello-ten");
        assert_eq!(code(again), "coupon.enough_for_person");
        let who = Give { person: "ann@example.com".into() };
        assert_eq!(
            code(coupon::give(&shop.app, &shop.keyed(&shop.ann), kind.id, &who)),
            "forbidden"
        );
        let given = coupon::give(&shop.app, &shop.keyed(&shop.zoe), kind.id, &who).unwrap();
        let back = |id| coupon::take_back(&shop.app, &shop.zoe, id, "by mistake");
        assert_eq!(back(given.id).unwrap().state, "taken_back");
        assert_eq!(code(back(given.id)), "coupon.not_held");
        assert_eq!(code(shop.order_with(&shop.ann, now(tea, 1), &[given.id])), "coupon.not_held");
        // Codes go out as a file and come in as one.
        let zoe = shop.keyed(&shop.zoe);
        let made = coupon::make_codes(&shop.app, &zoe, kind.id, 3, "fair").unwrap();
        assert_eq!((made.made, made.codes, made.redeemed), (3, 3, 0));
        let file = coupon::export(&shop.app, &shop.zoe, kind.id).unwrap();
        let codes: Vec<&str> = file.lines().skip(1).filter_map(|l| l.split(',').next()).collect();
        assert_eq!(codes.len(), 3);
        let got = coupon::redeem(&shop.app, &shop.keyed(&shop.bob), codes[0]).unwrap();
        let twice = coupon::redeem(&shop.app, &shop.keyed(&shop.eve), codes[0]);
        assert_eq!(code(twice), "coupon.bad_code");
        let more = coupon::redeem(&shop.app, &shop.keyed(&shop.bob), codes[1]);
        assert_eq!(code(more), "coupon.enough_for_person");
        let report = coupon::import(&shop.app, &shop.zoe, kind.id, &file).unwrap();
        assert_eq!((report.put, report.known), (0, 3));
        let report = coupon::import(&shop.app, &shop.zoe, kind.id, "code\nABC\n").unwrap();
        assert_eq!((report.put, report.bad_lines), (0, vec![2]));
        // What people hold is not changed under them.
        let put = PutTemplate {
            name: "ten".into(),
            name_en: String::new(),
            issuer: kind.issuer,
            currency: None,
            gives: amount(500),
            threshold: 0,
            scope: Scope::default(),
            stacks: None,
            life: kind.life,
            claim_from: None,
            claim_until: None,
            total: Some(100),
            per_person: 1,
            per_cluster: Some(100),
            back_on_refund: false,
            active: true,
            listed: true,
            link: None,
            version: None,
        };
        let change = |put: &PutTemplate| coupon::change(&shop.app, &shop.zoe, kind.id, put);
        assert_eq!(code(change(&put)), "coupon.in_use");
        let put = PutTemplate { gives: amount(1_000), ..put };
        let changed = change(&put).unwrap();
        assert_eq!((changed.taken, changed.total, changed.listed), (3, Some(100), true));
        let placed = shop.order_with(&shop.bob, now(tea, 1), &[got.id]).unwrap();
        shop.pay(&shop.bob, placed.order).unwrap();
        let seen = coupon::get(&shop.app, &shop.zoe, kind.id).unwrap();
        assert_eq!((seen.used, seen.saved.minor), (1, 1_000));
        assert_eq!(coupon::holders(&shop.app, &shop.zoe, kind.id, None, 50).unwrap().len(), 3);
    });
}

#[test]
fn a_gift_coupon_waits_until_its_gift_is_there() {
    both_engines(|shop| {
        let (tea, cup) = (tea(shop), shop.goods("cup", 5_000, 1));
        let part = crate::offers::parts(&[(cup, 1)]).remove(0);
        let kind = shop.coupons("a cup", Gives::Gift { part }, |_| ());
        let (ann, bob) = (shop.takes(&shop.ann, &kind).id, shop.takes(&shop.bob, &kind).id);
        let placed = shop.order(&shop.ann, now(tea, 1)).unwrap();
        assert_eq!(shop.see(&shop.ann, placed.order).lines.len(), 2);
        assert_eq!(shop.coupon_state(&shop.ann, ann), "used");
        // None is left: the order goes on without it, and the coupon stays.
        let other = shop.order_with(&shop.bob, now(tea, 1), &[bob]).unwrap();
        assert_eq!(shop.see(&shop.bob, other.order).lines.len(), 1);
        assert_eq!(shop.coupon_state(&shop.bob, bob), "held");
    });
}
