//! Where wallets and payment by hand meet the providers: top-ups through each of them, orders that
//! a wallet pays in part, and what goes back of both; on no statement what never came through it.

use app::checkout::What;
use app::payment::offline::{self, Seen, Terms};
use app::payment::{self, Pay, PayView, ask};
use app::reconciliation::{self, DifferenceView, Look};
use app::top_up::{self, NewTopUp, TopUpView};
use app::wallet::{self, GiveCredit};
use app::{after_sale, order_desk};
use domain::after_sale::Status as Returned;
use domain::id::Id;
use domain::moment::Span;
use domain::money::{Currency, Money};
use domain::order::{Order, PAY_WINDOW, Status};
use domain::reconciliation::{Day, What as Differs};

use super::{Paid, Scene, Twist, each, each_on_both};
use crate::after_sale::KEEPS;

const WINDOW: Span = Span::minutes(31);

fn cny(minor: i64) -> Money {
    Money::new(minor, Currency::Cny)
}

impl Scene {
    fn top_up(&self, minor: i64) -> TopUpView {
        let method = Some(self.double.name().to_string());
        let new = NewTopUp { amount: cny(minor), method };
        top_up::begin(&self.shop.app, &self.shop.keyed(&self.shop.ann), new).unwrap().value
    }

    fn pays_top_up(&self, view: &TopUpView) {
        let url = view.code.clone().unwrap_or_else(|| view.pay_url.clone());
        assert_eq!(self.double.pay(&view.id.to_string(), &url), Paid::Now);
    }

    fn tell_of(&self, reference: &str, twist: Twist) {
        let notice = self.double.notice(reference, twist);
        payment::notice(&self.shop.app, self.double.name(), notice).unwrap();
    }

    /// ann tops up, and we hear of it.
    fn topped_up(&self, minor: i64) -> TopUpView {
        let view = self.top_up(minor);
        self.pays_top_up(&view);
        self.tell_of(&view.id.to_string(), Twist::Right);
        view
    }

    fn give(&self, minor: i64) {
        let to = self.shop.ann.person.as_ref().unwrap().id;
        let give = GiveCredit { amount: cny(minor), reason: "sorry".into() };
        wallet::give(&self.shop.app, &self.shop.keyed(&self.shop.zoe), to, give).unwrap();
    }

    /// Credit, prepaid and held of ann's.
    fn purses(&self) -> (i64, i64, i64) {
        let wallet = wallet::mine(&self.shop.app, &self.shop.ann).unwrap();
        (wallet.store_credit.minor, wallet.prepaid.minor, wallet.held.minor)
    }

    fn with_wallet(&self, order: Id<Order>) -> PayView {
        let pay = Pay { use_wallet: Some(true), ..Pay::default() };
        payment::begin_with(&self.shop.app, &self.shop.ann, order, pay).unwrap()
    }

    /// ann pays at the provider what it is to bring, and we hear of it.
    fn brings(&self, paying: &PayView) {
        let url = paying.code.clone().unwrap_or_else(|| paying.pay_url.clone());
        assert_eq!(self.double.pay(&paying.payment.to_string(), &url), Paid::Now);
        self.tell(paying, Twist::Right).unwrap();
    }

    fn takes_transfers(&self) {
        let terms = Terms {
            active: true,
            how: "银行 6222 0000".into(),
            how_en: "Bank 6222 0000".into(),
            days: 3,
        };
        offline::set(&self.shop.app, &self.shop.zoe, terms).unwrap();
    }

    fn chooses(&self, order: Id<Order>, method: &str) -> PayView {
        let pay = Pay { method: Some(method.into()), use_wallet: None, total: None };
        payment::begin_with(&self.shop.app, &self.shop.ann, order, pay).unwrap()
    }

    fn differences(&self) -> Vec<DifferenceView> {
        let look = Look { state: Some("open".into()), limit: 1_000, ..Look::default() };
        reconciliation::differences(&self.shop.app, &self.shop.mo, &look).unwrap()
    }
}

#[test]
fn a_top_up_comes_through_any_provider_and_goes_back_there() {
    each_on_both(|scene| {
        let (app, double) = (&scene.shop.app, &scene.double);
        let begun = scene.top_up(12_000);
        assert_eq!((begun.provider.as_str(), begun.status.as_str()), (double.name(), "pending"));
        // A code has a page of ours; nobody else sees it.
        assert_eq!(begun.code.is_some(), double.name() == "wechat");
        if begun.code.is_some() {
            assert!(begun.pay_url.ends_with(&format!("/account/wallet/top-ups/{}/pay", begun.id)));
        }
        let strange = top_up::go_on(app, &scene.shop.bob, begun.id);
        assert_eq!(strange.unwrap_err().code(), "not_found");
        // Later the address is made anew, for the same.
        scene.wait(Span::minutes(6));
        let begun = top_up::go_on(app, &scene.shop.ann, begun.id).unwrap();
        scene.pays_top_up(&begun);
        let reference = begun.id.to_string();
        scene.tell_of(&reference, Twist::Failed);
        assert_eq!(scene.purses(), (0, 0, 0), "what failed once may go well yet");
        for twist in [Twist::Right, Twist::Again, Twist::Right] {
            scene.tell_of(&reference, twist);
            assert_eq!((scene.purses(), scene.holds()), ((0, 12_000, 0), 12_000));
        }
        scene.tell_of(&reference, Twist::Closed);
        scene.tell_of(&reference, Twist::WrongAmount);
        let cases =
            "select count(*) from cases where kind = 'amount_mismatch' and about = 'top_up'";
        assert_eq!((scene.number(cases), scene.purses().1), (1, 12_000));

        // Back again, while the provider is away, and then takes its time.
        double.slow_refunds(true);
        double.set_away(true);
        top_up::give_back(app, &scene.shop.keyed(&scene.shop.ann), begun.id).unwrap();
        scene.later(Span::seconds(1));
        assert_eq!((scene.purses(), scene.holds()), ((0, 0, 12_000), 12_000));
        double.set_away(false);
        scene.later(Span::minutes(10));
        assert_eq!((scene.purses(), scene.holds()), ((0, 0, 12_000), 12_000));
        let number = scene.number("select id from top_up_refunds");
        let key = Id::<domain::wallet::TopUpRefund>::new(number).to_string();
        let notice = double.end_refund(&key, true);
        payment::notice(app, double.name(), notice).unwrap();
        scene.later(Span::hours(2));
        assert_eq!((scene.purses(), scene.holds()), ((0, 0, 0), 0));
        assert_eq!(double.refunded(&reference), 12_000);
        scene.later(Span::hours(2));
        assert_eq!(double.refunded(&reference), 12_000, "once");
    });
}

#[test]
fn a_top_up_is_found_without_its_notice_and_after_its_time() {
    each(|scene| {
        let app = &scene.shop.app;
        // Asked about while it is open.
        let lost = scene.top_up(1_000);
        scene.pays_top_up(&lost);
        let open = payment::desk::open(app, &scene.shop.zoe, None, 10).unwrap();
        assert_eq!(open.iter().map(|one| one.top_up).collect::<Vec<_>>(), [Some(lost.id)]);
        scene.wait(Span::minutes(3));
        assert_eq!(ask::round(app).unwrap(), 1);
        assert_eq!(scene.purses().1, 1_000);
        assert_eq!(ask::round(app).unwrap(), 0);
        // Asked about at its end.
        let late = scene.top_up(2_000);
        scene.pays_top_up(&late);
        scene.later(WINDOW);
        assert_eq!(scene.purses().1, 3_000);
        // Closed there too, and paid behind its back.
        let closed = scene.top_up(4_000);
        scene.later(WINDOW);
        let view = top_up::see(app, &scene.shop.ann, closed.id).unwrap();
        assert_eq!((view.status.as_str(), view.pay_url.as_str()), ("closed", ""));
        scene.double.pay_behind(&closed.id.to_string(), 4_000);
        scene.tell_of(&closed.id.to_string(), Twist::Right);
        assert_eq!((scene.purses().1, scene.holds()), (7_000, 7_000));
    });
}

#[test]
fn what_both_paid_goes_back_to_both() {
    each_on_both(|scene| {
        let (shop, double) = (&scene.shop, &scene.double);
        scene.give(2_000);
        scene.topped_up(3_000);
        let paying = scene.with_wallet(scene.order(3));
        assert_eq!((paying.provider.as_str(), paying.amount.minor), (double.name(), 31_000));
        assert_eq!(scene.purses(), (0, 0, 5_000));
        scene.brings(&paying);
        assert_eq!((scene.status(paying.order), scene.purses()), (Status::ToShip, (0, 0, 0)));
        assert_eq!(scene.holds(), 34_000);

        // One of three goes back: to each its share.
        shop.ship_it(paying.order);
        order_desk::confirm_receipt(&shop.app, &shop.ann, paying.order).unwrap();
        let back = shop.ask(&shop.ann, paying.order, KEEPS, &[(0, 1)]).unwrap();
        double.set_away(true);
        after_sale::approve(&shop.app, &shop.mo, back.id, &Default::default()).unwrap();
        scene.later(Span::seconds(1));
        let reference = paying.payment.to_string();
        let (credit, prepaid, _) = scene.purses();
        assert!(credit > 0 && prepaid == 1_000, "a wallet does not wait for the provider");
        assert_eq!((double.refunded(&reference), shop.state(back.id)), (0, Returned::Approved));
        double.set_away(false);
        scene.later(Span::minutes(10));
        assert_eq!(shop.state(back.id), Returned::Refunded, "with the last part");
        assert_eq!(double.refunded(&reference) + credit + prepaid, 12_000);
        assert!((10_333..=10_334).contains(&double.refunded(&reference)), "{credit} {prepaid}");
        // The rest, while the provider is away: the wallet does not wait for it.
        double.set_away(true);
        order_desk::refund(&shop.app, &shop.keyed(&shop.mo), paying.order, "broken").unwrap();
        scene.later(Span::seconds(1));
        assert_eq!(scene.purses(), (2_000, 3_000, 0));
        assert_eq!(scene.status(paying.order), Status::Refunding);
        double.set_away(false);
        scene.later(Span::minutes(10));
        assert_eq!((double.refunded(&reference), scene.holds()), (31_000, 3_000));
        assert_eq!(scene.status(paying.order), Status::Refunded);
    });
}

#[test]
fn a_part_that_is_late_or_no_longer_due_goes_back_where_it_came_from() {
    each(|scene| {
        let double = &scene.double;
        scene.give(5_000);
        // Its time runs out; the wallet's part is free again, and the rest buys nothing alone.
        let late = scene.with_wallet(scene.order(1));
        assert_eq!(late.amount.minor, 7_000);
        scene.later(Span(PAY_WINDOW.0 + Span::seconds(1).0));
        assert_eq!((scene.status(late.order), scene.purses()), (Status::Cancelled, (5_000, 0, 0)));
        double.pay_behind(&late.payment.to_string(), 7_000);
        scene.tell(&late, Twist::Right).unwrap();
        assert_eq!(scene.status(late.order), Status::LatePaid);
        scene.later(Span::seconds(1));
        assert_eq!((double.refunded(&late.payment.to_string()), scene.holds()), (7_000, 0));
        assert_eq!(scene.purses(), (5_000, 0, 0));

        // Begun for all of it, then for a part; and the first is paid all the same.
        let order = scene.order(1);
        let whole = scene.begin(order);
        let part = scene.with_wallet(order);
        assert_eq!((whole.amount.minor, part.amount.minor), (12_000, 7_000));
        assert_ne!(whole.payment, part.payment);
        double.pay_behind(&whole.payment.to_string(), 12_000);
        scene.tell(&whole, Twist::Right).unwrap();
        assert_eq!(scene.status(order), Status::PendingPayment);
        scene.brings(&part);
        scene.later(Span::seconds(1));
        assert_eq!((scene.status(order), scene.purses()), (Status::ToShip, (0, 0, 0)));
        assert_eq!(double.refunded(&whole.payment.to_string()), 12_000);
        assert_eq!((double.refunded(&part.payment.to_string()), scene.holds()), (0, 7_000));
    });
}

#[test]
fn nothing_so_small_is_left_to_a_provider_that_it_refuses_it() {
    each(|scene| {
        scene.give(11_900);
        let paying = scene.with_wallet(scene.order(1));
        let least = if scene.double.name() == "stripe" { 400 } else { 100 };
        assert_eq!((paying.amount.minor, scene.purses().2), (least, 12_000 - least));
        scene.brings(&paying);
        assert_eq!(scene.status(paying.order), Status::ToShip);
        let new = NewTopUp { amount: cny(399), method: None };
        let small = top_up::begin(&scene.shop.app, &scene.shop.keyed(&scene.shop.ann), new);
        assert_eq!(small.is_err(), scene.double.name() == "stripe");
    });
}

#[test]
fn by_hand_stands_beside_the_providers_and_nobody_is_asked_about_it() {
    each(|scene| {
        let (app, name) = (&scene.shop.app, scene.double.name());
        scene.takes_transfers();
        let order = scene.order(1);
        let choice = payment::choice_for(app, &scene.shop.ann, order).unwrap();
        let codes: Vec<&str> = choice.methods.iter().map(|one| one.code.as_str()).collect();
        assert_eq!(codes, [name, "offline"]);
        let first = scene.chooses(order, name);
        // By hand: what was begun is closed there, and there is nothing to ask anybody about.
        assert_eq!(scene.chooses(order, "offline").provider, "offline");
        assert_eq!(scene.begin(order).provider, "offline", "who does not say goes on");
        scene.wait(Span::minutes(5));
        assert_eq!(ask::round(app).unwrap(), 0);
        let begun = payment::begun(app, &scene.shop.ann, order).unwrap();
        assert_eq!((begun.provider.as_str(), begun.url.as_str()), ("offline", ""));
        let open = payment::desk::open(app, &scene.shop.zoe, None, 10).unwrap();
        assert_eq!(open.iter().map(|one| one.order).collect::<Vec<_>>(), [Some(order)]);
        // The day after they think better of it. The goods are kept for days; no page lives so
        // long.
        scene.later(Span::hours(20));
        let second = scene.chooses(order, name);
        assert_ne!(first.payment, second.payment);
        scene.later(Span::hours(24));
        let third = scene.chooses(order, name);
        assert_ne!(second.payment, third.payment);
        scene.brings(&third);
        assert_eq!((scene.status(order), scene.holds()), (Status::ToShip, 12_000));
        let open = payment::desk::open(app, &scene.shop.zoe, None, 10).unwrap();
        assert!(open.is_empty(), "{open:?}");
    });
}

#[test]
fn statements_know_top_ups_and_miss_nothing_that_came_otherwise() {
    each(|scene| {
        let (shop, app) = (&scene.shop, &scene.shop.app);
        let day = Day::of(app.now(), scene.double.zone());
        scene.takes_transfers();
        let first = scene.topped_up(30_000);
        let second = scene.topped_up(5_000);
        // From the wallet alone, from both, and by hand.
        scene.with_wallet(scene.order(1));
        scene.give(2_000);
        let pay = Pay { use_wallet: Some(true), ..Pay::default() };
        let order = scene.order(3);
        let both = payment::begin_with(app, &shop.ann, order, pay).unwrap();
        assert_eq!(both.amount.minor, 36_000 - 25_000);
        scene.brings(&both);
        let by_hand = scene.order(1);
        scene.chooses(by_hand, "offline");
        let seen = Seen { amount: cny(12_000), proof: "transfer 1".into() };
        offline::received(app, &shop.keyed(&shop.zoe), by_hand, seen).unwrap();
        // What goes back: of an order that both paid, and of a top-up.
        order_desk::refund(app, &shop.keyed(&shop.mo), order, "sorry").unwrap();
        scene.later(Span::seconds(1));
        top_up::give_back(app, &shop.keyed(&shop.ann), second.id).unwrap();
        scene.later(Span::seconds(1));
        assert_eq!(scene.number("select count(*) from refunds where status = 'pending'"), 0);

        scene.later(Span::hours(40));
        scene.later(Span::hours(12));
        let read = |day: Day| {
            let day = day.to_string();
            reconciliation::fetch(app, &shop.zoe, scene.double.name(), &day).unwrap()
        };
        for day in [day.plus(-1), day.plus(1)] {
            read(day);
        }
        let fits = read(day);
        assert_eq!((fits.lines, fits.open), (5, 0), "{:#?}", scene.differences());

        // What is missing there, and what they have otherwise, is found of top-ups too.
        let (lost, dear) = (first.id.to_string(), second.id.to_string());
        scene.double.damage(&mut |rows| {
            rows.retain(|row| row.reference != lost);
            for row in rows.iter_mut().filter(|row| row.reference == dear) {
                row.minor += 1;
            }
            for row in rows.iter_mut().filter(|row| row.reference.starts_with("tpr_")) {
                row.minor += 1;
            }
        });
        assert_eq!(read(day).open, 3);
        let mut found: Vec<(Differs, String)> =
            scene.differences().into_iter().map(|one| (one.what, one.name)).collect();
        found.sort();
        assert_eq!(found[0], (Differs::MissingThere, lost));
        assert_eq!(found[1], (Differs::Amount, dear));
        assert!(found[2].0 == Differs::Amount && found[2].1.starts_with("tpr_"));
        assert!(scene.differences().iter().all(|one| one.order.is_none()));
    });
}

#[test]
fn a_top_up_is_paid_where_its_owner_chose() {
    each(|scene| {
        let new = |method: &str| NewTopUp { amount: cny(1_000), method: Some(method.into()) };
        let begin = |method: &str| {
            let who = scene.shop.keyed(&scene.shop.ann);
            top_up::begin(&scene.shop.app, &who, new(method))
        };
        for name in ["nobody", "offline", "prepaid", "sandbox"] {
            assert_eq!(begin(name).unwrap_err().code(), "payment.no_such_method");
        }
        assert_eq!(top_up::methods(&scene.shop.app).unwrap(), [scene.double.name()]);
        // One that is away leaves it to be gone on with.
        scene.double.set_away(true);
        if scene.double.name() != "alipay" {
            let away = begin(scene.double.name());
            assert_eq!(away.unwrap_err().code(), "payment.provider_down");
        }
        scene.double.set_away(false);
        let goods = What::Now { variant: scene.tea.variant, quantity: 1 };
        assert!(scene.shop.order(&scene.shop.ann, goods).is_ok());
        let begun = begin(scene.double.name()).unwrap().value;
        assert_eq!((begun.provider.as_str(), begun.returnable.minor), (scene.double.name(), 0));
    });
}
