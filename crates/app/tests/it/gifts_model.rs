//! Gifts and the points shop against a paper of them: the same random steps in both, compared after
//! each, as `model` does it. `PINWHEEL_CASES` says how many lists of steps are tried.

use app::checkout::{self, Place, What as Buys};
use app::gift::{self, Take};
use app::points_shop::{self, Ask};
use app::{Visitor, campaign, coupon, order_desk, payment, sandbox};
use domain::campaign::Campaign;
use domain::gift::Wish;
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::order::{PAY_WINDOW, Status};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::coupons::amount;
use crate::games::end;
use crate::gifts::sends_gifts;
use crate::orders::late_notice_as;
use crate::paper_gifts::{
    BESIDES, COUPON, EACH, LIFE, MONEY, PEOPLE, POINTS, Paper, PaperCoupon, PaperOrder, STOCK, What,
};
use crate::points::{give, has, opens};
use crate::points_shop::{coupon_of, goods_of, open};
use crate::support::{TestShop, on_postgres, on_sqlite};
use crate::trade::{Goods, address};

const PRICE: i64 = 8_800;
const GIFT_FEE: i64 = 800;
const OFF: i64 = 1_000;
const BEGINS_WITH: i64 = 1_100;

/// One step. Numbers choose among what there is.
#[derive(Clone, Copy, Debug)]
enum Step {
    Gift { who: usize, coupon: bool },
    Take { who: usize, order: usize, link: bool },
    TakeBack { who: usize, order: usize },
    Exchange { who: usize, item: usize, quantity: i64 },
    Give { who: usize, points: i64 },
    Begin { order: usize },
    Pay { order: usize },
    End { order: usize },
    Ship { order: usize },
    Late { order: usize },
    Later { minutes: i64 },
    Close,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (who, any) = (0..PEOPLE, 0..1_000_usize);
    let step = prop_oneof![
        6 => (who.clone(), prop::bool::ANY).prop_map(|(who, coupon)| Step::Gift { who, coupon }),
        6 => (who.clone(), any.clone(), 0..4_u8)
            .prop_map(|(who, order, link)| Step::Take { who, order, link: link > 0 }),
        2 => (who.clone(), any.clone()).prop_map(|(who, order)| Step::TakeBack { who, order }),
        8 => (who.clone(), prop::sample::select(vec![0, 1, 1, 1, 2]), 1..=2_i64)
            .prop_map(|(who, item, quantity)| Step::Exchange { who, item, quantity }),
        1 => (who, 1..900_i64).prop_map(|(who, points)| Step::Give { who, points }),
        4 => any.clone().prop_map(|order| Step::Begin { order }),
        9 => any.clone().prop_map(|order| Step::Pay { order }),
        3 => any.clone().prop_map(|order| Step::End { order }),
        2 => any.clone().prop_map(|order| Step::Ship { order }),
        6 => any.prop_map(|order| Step::Late { order }),
        5 => (1..50_i64).prop_map(|minutes| Step::Later { minutes }),
        1 => (60..400_i64).prop_map(|minutes| Step::Later { minutes }),
        2 => Just(Step::Close),
    ];
    prop::collection::vec(step, 1..70)
}

/// The shop and the paper side by side.
struct Pair<'s> {
    shop: &'s TestShop,
    people: [Visitor; PEOPLE],
    goods: [Goods; 2],
    campaign: Id<Campaign>,
    paper: Paper,
}

impl Pair<'_> {
    fn begin(shop: &TestShop, free: i64) -> Pair<'_> {
        opens(shop);
        sends_gifts(shop);
        let units = [free + STOCK[BESIDES], STOCK[2]];
        let goods = [0, 1].map(|n| shop.goods(["pot", "cup"][n], PRICE, units[n]));
        let kind = shop.coupons("ten off", amount(OFF), |put| put.listed = false);
        let money = Some(MONEY[BESIDES]);
        let items = vec![
            coupon_of(kind.id, POINTS[COUPON], Some(STOCK[COUPON])),
            goods_of(goods[0], POINTS[BESIDES], money, STOCK[BESIDES]),
            goods_of(goods[1], POINTS[2], None, STOCK[2]),
        ];
        assert_eq!((items[0].per_person, items[1].per_person), (EACH[0], EACH[1]));
        let campaign = open(shop, items).unwrap();
        let people = [&shop.ann, &shop.bob, &shop.eve, &shop.lin].map(Clone::clone);
        people.iter().for_each(|who| give(shop, who, BEGINS_WITH).unwrap());
        let ends_at = campaign::get_desk(&shop.app, &shop.zoe, campaign).unwrap().ends_at;
        let paper = Paper {
            units,
            over: false,
            ends_at,
            left: STOCK,
            had: [[0; 3]; PEOPLE],
            points: [BEGINS_WITH; PEOPLE],
            coupons: Vec::new(),
            orders: Vec::new(),
            back: 0,
        };
        Pair { shop, people, goods, campaign, paper }
    }

    fn now(&self) -> Moment {
        self.shop.app.now()
    }

    fn add(&mut self, id: Id<domain::order::Order>, who: usize, what: What, of: (i64, i64)) {
        let (quantity, total) = of;
        let order = PaperOrder {
            id,
            who,
            what,
            quantity,
            total,
            status: Status::PendingPayment,
            pay_by: self.now().plus(PAY_WINDOW),
            deadline: None,
            secret: String::new(),
            taker: None,
            by_buyer: false,
            payment: None,
        };
        self.paper.orders.push(order);
        if total == 0 {
            self.paper.paid(self.paper.orders.len() - 1, self.now());
        }
    }

    fn take(&mut self, step: Step) {
        let now = self.now();
        match step {
            Step::Gift { who, coupon } => self.gift(who, coupon),
            Step::Exchange { who, item, quantity } => self.exchange(who, item, quantity),
            Step::Give { who, points } => {
                give(self.shop, &self.people[who], points).unwrap();
                self.paper.points[who] += points;
            }
            Step::Later { minutes } => {
                self.shop.clock.advance(Span::minutes(minutes));
                self.paper.wait_until(self.now());
            }
            Step::Close if !self.paper.over => {
                end(self.shop, self.campaign);
                self.paper.end();
            }
            Step::Take { order, .. }
            | Step::TakeBack { order, .. }
            | Step::Begin { order }
            | Step::Pay { order }
            | Step::End { order }
            | Step::Ship { order }
            | Step::Late { order }
                if !self.paper.orders.is_empty() =>
            {
                self.with_order(step, self.chosen(step, order), now);
            }
            _ => (),
        }
        self.shop.work();
        self.compare();
    }

    fn gift(&mut self, who: usize, coupon: bool) {
        let may = self.paper.available(0) >= 1;
        let coupon = self.paper.coupon(who).filter(|_| coupon);
        let used: Vec<_> = coupon.iter().map(|at| self.paper.coupons[*at].id).collect();
        let what = Buys::Now { variant: self.goods[0].variant, quantity: 1 };
        let gift = Some(Wish { card: "生日快乐".into(), life: LIFE });
        let place = Place { gift, coupons: Some(used), ..Place::of(what) };
        let placed = checkout::place(&self.shop.app, &self.shop.keyed(&self.people[who]), place);
        assert_eq!(placed.is_ok(), may, "{placed:?}");
        let Ok(placed) = placed.map(|placed| placed.value) else { return };
        let total = PRICE + GIFT_FEE - coupon.map_or(0, |_| OFF);
        assert_eq!(placed.total.minor, total, "what it costs");
        if let Some(at) = coupon {
            self.paper.coupons[at].used = true;
        }
        let id = self.shop.see(&self.people[who], placed.order).gift.unwrap();
        self.add(placed.order, who, What::Gift { id, coupon }, (1, total));
    }

    fn exchange(&mut self, who: usize, item: usize, quantity: i64) {
        let may = self.paper.may_exchange(who, item, quantity);
        let ask = Ask {
            campaign: self.campaign,
            item: item as i64,
            quantity,
            address: Some(address()),
            expected_points: Some(quantity * POINTS[item]),
        };
        let keyed = self.shop.keyed(&self.people[who]);
        let had = points_shop::exchange(&self.shop.app, &keyed, ask);
        assert_eq!(had.is_ok(), may, "{had:?}");
        let Ok(had) = had.map(|had| had.value) else { return };
        self.paper.points[who] -= quantity * POINTS[item];
        self.paper.had[who][item] += quantity;
        self.paper.left[item] -= quantity;
        if let Some(id) = had.coupon {
            self.paper.coupons.push(PaperCoupon { id, who, used: false });
        }
        if let Some(order) = had.order {
            self.add(order, who, What::Exchange { item }, (quantity, quantity * MONEY[item]));
        }
    }

    /// Mostly an order with which something can come of it.
    fn chosen(&self, step: Step, number: usize) -> usize {
        let fits = |one: &PaperOrder| match step {
            Step::Begin { .. } | Step::Pay { .. } => one.status == Status::PendingPayment,
            Step::Late { .. } => one.status == Status::Cancelled && one.payment.is_some(),
            Step::Take { .. } | Step::TakeBack { .. } => one.status == Status::AwaitingTaker,
            Step::Ship { .. } => one.status == Status::ToShip,
            _ => [Status::PendingPayment, Status::ToShip].contains(&one.status),
        };
        let orders = self.paper.orders.iter().enumerate();
        let fit: Vec<usize> = orders.filter(|(_, one)| fits(one)).map(|(at, _)| at).collect();
        if fit.is_empty() || number.is_multiple_of(8) {
            return number % self.paper.orders.len();
        }
        fit[number % fit.len()]
    }

    fn with_order(&mut self, step: Step, at: usize, now: Moment) {
        let PaperOrder { id, who, what, status, payment, total, .. } =
            self.paper.orders[at].clone();
        let (app, visitor) = (&self.shop.app, self.people[who].clone());
        match step {
            Step::Take { who: taker, link, .. } => self.take_gift(taker, at, link),
            Step::TakeBack { who: by, .. } => {
                let What::Gift { id, .. } = what else { return };
                let back = gift::take_back(app, &self.people[by], id);
                let may = by == who && status == Status::AwaitingTaker;
                assert_eq!(back.is_ok(), may, "{back:?}");
                if may {
                    self.paper.refunded(at);
                }
            }
            Step::Begin { .. } | Step::Pay { .. } => {
                let begun = payment::begin(app, &visitor, id);
                assert_eq!(begun.is_ok(), status == Status::PendingPayment, "{begun:?}");
                let Ok(begun) = begun else { return };
                assert_eq!(begun.amount.minor, total);
                self.paper.orders[at].payment = Some(begun.payment.to_string());
                if matches!(step, Step::Pay { .. }) {
                    sandbox::act(app, &begun.payment.to_string(), sandbox::Act::Pay).unwrap();
                    self.shop.deliver();
                    self.paper.paid(at, now);
                }
            }
            Step::End { .. } => {
                let ended = order_desk::cancel(app, &visitor, id);
                let gift = matches!(what, What::Gift { .. });
                let may = match status {
                    Status::PendingPayment | Status::AwaitingTaker => true,
                    // What somebody took is theirs.
                    Status::ToShip => !gift,
                    _ => false,
                };
                assert_eq!(ended.is_ok(), may, "{ended:?}");
                match status {
                    Status::PendingPayment => self.paper.unpaid(at),
                    _ if may => self.paper.refunded(at),
                    _ => (),
                }
                self.paper.orders[at].by_buyer |= may;
            }
            Step::Ship { .. } => {
                let ship = order_desk::Ship::all("SF", "SF1234567890");
                let shipped = order_desk::ship(app, &self.shop.zoe, id, ship);
                assert_eq!(shipped.is_ok(), status == Status::ToShip, "{shipped:?}");
                if shipped.is_ok() {
                    self.paper.orders[at].status = Status::Shipped;
                }
            }
            _ => {
                let Some(payment) = payment.filter(|_| status == Status::Cancelled) else { return };
                late_notice_as(self.shop, &format!("evt_late_{at}"), &payment, total);
                self.paper.late(at, now);
            }
        }
        self.learn_link(at);
    }

    /// Whoever gives it finds its link when it is paid.
    fn learn_link(&mut self, at: usize) {
        let PaperOrder { who, what, status, .. } = self.paper.orders[at].clone();
        let What::Gift { id, .. } = what else { return };
        if status == Status::AwaitingTaker {
            let view = gift::get(&self.shop.app, &self.people[who], id, "").unwrap();
            let link = view.link.unwrap();
            self.paper.orders[at].secret = link.split_once("?k=").unwrap().1.to_string();
        }
    }

    fn take_gift(&mut self, taker: usize, at: usize, link: bool) {
        let PaperOrder { who, what, status, secret, .. } = self.paper.orders[at].clone();
        let What::Gift { id, .. } = what else { return };
        let may = link && status == Status::AwaitingTaker && taker != who;
        let secret = if link { secret } else { "guessed".into() };
        let take = Take { secret, address: address() };
        let taken = gift::take(&self.shop.app, &self.shop.keyed(&self.people[taker]), id, &take);
        assert_eq!(taken.is_ok(), may, "{taken:?}");
        if may {
            self.paper.orders[at].status = Status::ToShip;
            self.paper.orders[at].taker = Some(taker);
        }
    }

    /// The shop is as the paper says.
    fn compare(&self) {
        let (shop, paper) = (self.shop, &self.paper);
        for order in &paper.orders {
            let seen = shop.see(&self.people[order.who], order.id);
            assert_eq!(seen.status, order.status, "{order:?}");
            if order.status == Status::Refunded {
                assert_eq!(seen.refunded, seen.total, "{order:?}");
            }
            if let (Some(taker), What::Gift { id, .. }) = (order.taker, order.what) {
                let view = gift::get(&shop.app, &self.people[taker], id, "").unwrap();
                assert_eq!(
                    (view.side, view.address),
                    (gift::Side::Taker, address().checked().ok())
                );
            }
        }
        for goods in [0, 1] {
            let stock = shop.stock(self.goods[goods]);
            let seen = (stock.available, stock.set_aside, stock.reserved, stock.sold);
            let (reserved, sold) = (paper.reserved(goods), paper.sold(goods));
            let want = (paper.available(goods), paper.left[goods + 1], reserved, sold);
            assert_eq!(seen, want, "goods {goods}");
        }
        for (who, visitor) in self.people.iter().enumerate() {
            let points = paper.points[who];
            assert_eq!(has(shop, visitor), (points.max(0), (-points).max(0)), "points of {who}");
            let mut used: Vec<_> = coupon::mine(&shop.app, visitor).unwrap();
            used.sort_by_key(|one| one.id);
            let used: Vec<_> = used.iter().map(|one| (one.id, one.state == "used")).collect();
            let own = paper.coupons.iter().filter(|one| one.who == who);
            let mut own: Vec<_> = own.map(|one| (one.id, one.used)).collect();
            own.sort_unstable();
            assert_eq!(used, own, "the coupons of {who}");
            for item in points_shop::show(&shop.app, visitor).unwrap().items {
                let at = item.item as usize;
                assert_eq!((item.left, item.has), (Some(paper.left[at]), paper.had[who][at]));
            }
        }
        let back = shop.number("select coalesce(sum(amount), 0) from sandbox_refunds");
        assert_eq!(back, paper.back, "what went back");
    }
}

fn follow(cases: u32, shop: impl Fn() -> TestShop) {
    let asked = |name: &str| std::env::var(name).ok().and_then(|number| number.parse().ok());
    let config = Config {
        cases: asked("PINWHEEL_CASES").unwrap_or(cases),
        source_file: Some(file!()),
        max_shrink_iters: asked("PINWHEEL_SHRINKS").unwrap_or(200),
        ..Config::default()
    };
    let told = TestRunner::new(config).run(&(0..5_i64, steps()), |(free, steps)| {
        let shop = shop();
        let mut pair = Pair::begin(&shop, free);
        for step in steps {
            pair.take(step);
        }
        shop.finish();
        Ok(())
    });
    told.unwrap();
}

#[test]
fn gifts_and_exchanges_follow_the_paper() {
    follow(16, on_sqlite);
}

#[test]
fn gifts_and_exchanges_follow_the_paper_on_postgres() {
    if on_postgres().is_some() {
        follow(4, || on_postgres().expect("it was there a moment ago"));
    }
}
