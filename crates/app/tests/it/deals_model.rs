//! Flash sales and bargains against a paper of them: the same random steps in both, compared after
//! each, as `model` does it. `PINWHEEL_CASES` says how many lists of steps are tried.

use app::bargain::{self, BeginBargain};
use app::campaign::{self, Offered, Terms};
use app::checkout::{self, Place, What};
use app::flash_sale::{self, LeaveFlash, WaitFlash};
use app::{Visitor, order_desk, payment, sandbox};
use domain::bargain::Terms as BargainTerms;
use domain::campaign::{Campaign, Channel};
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::order::{PAY_WINDOW, Status};
use domain::place::Address;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::channels::switched;
use crate::flash::{sale, usual};
use crate::games::launch;
use crate::orders::late_notice_as;
use crate::paper_deals::{
    AT_FLOOR, CUTS, EACH, FLASH, FLOOR, HAGGLED, HELPS, HELPS_A_DAY, HOLD, HUNTED, LIFE, Life, Of,
    PEOPLE, PRICES, Paper, PaperBargain, PaperCampaign, PaperOrder, PaperPlace,
};
use crate::support::{TestShop, on_postgres, on_sqlite};
use crate::trade::{Goods, address};

/// One step. Numbers choose among what there is.
#[derive(Clone, Copy, Debug)]
enum Step {
    Buy {
        who: usize,
        goods: usize,
        quantity: i64,
    },
    Hunt {
        who: usize,
        quantity: i64,
    },
    Wait {
        who: usize,
        quantity: i64,
    },
    Leave {
        who: usize,
    },
    Bargain {
        who: usize,
    },
    Help {
        who: usize,
        bargain: usize,
        within: Option<Channel>,
    },
    /// An app forbids rewards: bargains give none there from now on.
    Silence {
        channel: Channel,
    },
    Haggled {
        who: usize,
        bargain: usize,
    },
    /// Paying begins, and nothing comes of it for now.
    Begin {
        order: usize,
    },
    Pay {
        order: usize,
    },
    End {
        order: usize,
    },
    Ship {
        order: usize,
    },
    /// What was begun is paid after all, when the order is closed.
    Late {
        order: usize,
    },
    Later {
        minutes: i64,
    },
    Pause {
        goods: usize,
    },
    Resume {
        goods: usize,
    },
    Stop {
        goods: usize,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (who, any) = (0..PEOPLE, 0..1_000_usize);
    let (goods, one_or_two) = (0..2_usize, 1..=EACH);
    let some = (who.clone(), one_or_two.clone());
    let chosen = (who.clone(), any.clone());
    let app = prop::sample::select(vec![Channel::Wechat, Channel::Douyin, Channel::Weibo]);
    let within = prop::option::weighted(0.3, app.clone());
    let step = prop_oneof![
        2 => (who.clone(), goods.clone(), one_or_two)
            .prop_map(|(who, goods, quantity)| Step::Buy { who, goods, quantity }),
        6 => some.clone().prop_map(|(who, quantity)| Step::Hunt { who, quantity }),
        4 => some.prop_map(|(who, quantity)| Step::Wait { who, quantity }),
        1 => who.clone().prop_map(|who| Step::Leave { who }),
        3 => who.prop_map(|who| Step::Bargain { who }),
        8 => (chosen.clone(), within)
            .prop_map(|((who, bargain), within)| Step::Help { who, bargain, within }),
        1 => app.prop_map(|channel| Step::Silence { channel }),
        6 => chosen.prop_map(|(who, bargain)| Step::Haggled { who, bargain }),
        4 => any.clone().prop_map(|order| Step::Begin { order }),
        6 => any.clone().prop_map(|order| Step::Pay { order }),
        3 => any.clone().prop_map(|order| Step::End { order }),
        1 => any.clone().prop_map(|order| Step::Ship { order }),
        6 => any.prop_map(|order| Step::Late { order }),
        5 => (1..35_i64).prop_map(|minutes| Step::Later { minutes }),
        1 => (60..600_i64).prop_map(|minutes| Step::Later { minutes }),
        1 => goods.clone().prop_map(|goods| Step::Pause { goods }),
        2 => goods.clone().prop_map(|goods| Step::Resume { goods }),
        1 => goods.prop_map(|goods| Step::Stop { goods }),
    ];
    prop::collection::vec(step, 1..70)
}

/// Units that anybody buys, those set aside for each campaign (none: they sell what is there),
/// whether a bargain is bought on its way down, and how many units it is for.
type Setting = ([i64; 2], [i64; 2], bool, i64);

fn setting() -> impl Strategy<Value = Setting> {
    ([0..4_i64, 0..4_i64], [0..5_i64, 0..4_i64], any::<bool>(), 1..=2_i64)
}

/// The shop and the paper side by side.
struct Pair<'s> {
    shop: &'s TestShop,
    people: [Visitor; PEOPLE],
    goods: [Goods; 2],
    campaigns: [Id<Campaign>; 2],
    quantity: i64,
    paper: Paper,
}

impl Pair<'_> {
    fn begin(shop: &TestShop, (free, asides, any_price, quantity): Setting) -> Pair<'_> {
        let quotas = asides.map(|aside| Some(aside).filter(|aside| *aside > 0));
        let units = [0, 1].map(|n| (free[n] + asides[n]).max(1));
        let goods = [0, 1].map(|n| shop.goods(["tea", "cup"][n], PRICES[n], units[n]));
        let flash = sale(shop, goods[HUNTED], quotas[HUNTED], usual(), |_| ());
        let terms = BargainTerms {
            cuts: CUTS,
            per_helper: HELPS as i64,
            per_helper_day: HELPS_A_DAY as i64,
            life: LIFE,
            pay_window: AT_FLOOR,
            any_price,
            quantity,
            ..BargainTerms::usual()
        };
        let hall = launch(shop, Terms::Bargain(terms), 0, |put| {
            let (variant, quota) = (goods[HAGGLED].variant, quotas[HAGGLED]);
            put.frame.budget = None;
            put.offered = vec![Offered { variant, price: FLOOR, quota }];
        });
        let campaigns = [flash, hall.unwrap()];
        let on = |goods: usize| PaperCampaign {
            life: Life::On,
            ends_at: campaign::get_desk(&shop.app, &shop.zoe, campaigns[goods]).unwrap().ends_at,
            quota: quotas[goods],
            left: quotas[goods].unwrap_or(0),
        };
        let paper = Paper {
            units,
            campaigns: [on(HUNTED), on(HAGGLED)],
            any_price,
            silent: vec![Channel::Wechat],
            orders: Vec::new(),
            line: Vec::new(),
            bargains: Vec::new(),
            helped: Vec::new(),
            back: 0,
        };
        let people = [&shop.ann, &shop.bob, &shop.eve, &shop.lin].map(Clone::clone);
        Pair { shop, people, goods, campaigns, quantity, paper }
    }

    fn now(&self) -> Moment {
        self.shop.app.now()
    }

    /// The shop's day, which begins eight hours before that of UTC.
    fn day(&self) -> i64 {
        self.now().plus(Span::hours(8)).0.div_euclid(Span::days(1).0)
    }

    fn order(&mut self, who: usize, of: Of, what: What, (quantity, unit): (i64, i64), may: bool) {
        // Nobody lives with anybody.
        let to = Address { line1: format!("{} Road", who + 10), ..address() };
        let place = Place { address: to, ..Place::of(what) };
        let placed = checkout::place(&self.shop.app, &self.shop.keyed(&self.people[who]), place);
        assert_eq!(placed.is_ok(), may, "{placed:?} with {:?}", self.paper.line);
        let Ok(placed) = placed.map(|placed| placed.value) else { return };
        let goods = match &of {
            Of::Flash => HUNTED,
            Of::Bargain(_) => HAGGLED,
            Of::Stock if unit == PRICES[HUNTED] => HUNTED,
            Of::Stock => HAGGLED,
        };
        let holds = if of == Of::Flash { HOLD } else { PAY_WINDOW };
        let order = PaperOrder {
            id: placed.order,
            who,
            of,
            goods,
            quantity,
            unit,
            total: placed.total.minor,
            status: Status::PendingPayment,
            pay_by: self.now().plus(holds),
            aside: false,
            by_buyer: false,
            payment: None,
        };
        assert_eq!(placed.pay_by, order.pay_by);
        let seen = self.shop.see(&self.people[who], placed.order);
        assert_eq!(seen.subtotal.minor, quantity * unit, "{order:?}");
        self.paper.orders.push(order);
        self.paper.take(self.paper.orders.len() - 1);
        if of == Of::Flash {
            self.paper.had_turn(who);
        }
    }

    fn take(&mut self, step: Step) {
        let now = self.now();
        let shop = self.shop;
        match step {
            Step::Buy { who, goods, quantity } => {
                let may = self.paper.available(goods) >= quantity;
                let what = What::Now { variant: self.goods[goods].variant, quantity };
                self.order(who, Of::Stock, what, (quantity, PRICES[goods]), may);
            }
            Step::Hunt { who, quantity } => {
                let may = self.paper.may_hunt(who, quantity);
                let (campaign, variant) = (self.campaigns[HUNTED], self.goods[HUNTED].variant);
                let what = What::FlashSale { campaign, variant, quantity };
                self.order(who, Of::Flash, what, (quantity, FLASH), may);
            }
            Step::Wait { who, quantity } => {
                let wish = WaitFlash { variant: self.goods[HUNTED].variant, quantity };
                let keyed = shop.keyed(&self.people[who]);
                let waits = flash_sale::wait(&shop.app, &keyed, self.campaigns[HUNTED], wish);
                assert_eq!(waits.is_ok(), self.paper.may_wait(who, quantity), "{waits:?}");
                let there = self.paper.line.iter().any(|one| one.who == who);
                if waits.is_ok() && !there {
                    self.paper.line.push(PaperPlace { who, quantity, until: None });
                }
            }
            Step::Leave { who } => {
                let wish = LeaveFlash { variant: self.goods[HUNTED].variant };
                let keyed = shop.keyed(&self.people[who]);
                flash_sale::leave(&shop.app, &keyed, self.campaigns[HUNTED], wish).unwrap();
                self.paper.line.retain(|one| one.who != who);
            }
            Step::Bargain { who } => self.bargain(who),
            Step::Help { who, bargain, within } if !self.paper.bargains.is_empty() => {
                let runs = |one: &PaperBargain| one.missing > 0 && one.good(now);
                let first = self.paper.bargains.iter().position(runs).unwrap_or(bargain);
                let at = if bargain % 2 == 0 { first } else { bargain };
                self.help(who, at % self.paper.bargains.len(), within);
            }
            Step::Silence { channel } => {
                let done = switched(shop, self.campaigns[HAGGLED], channel, false).is_ok();
                assert_eq!(done, self.paper.campaigns[HAGGLED].life != Life::Over);
                self.paper.silent.extend(done.then_some(channel));
            }
            Step::Haggled { who, bargain } if !self.paper.bargains.is_empty() => {
                let at = bargain % self.paper.bargains.len();
                // Mostly whoever bargained.
                let owner = self.paper.bargains[at].who;
                let who = if bargain % 5 == 0 { who } else { owner };
                let may = self.paper.may_buy(who, at, self.quantity, now);
                let PaperBargain { id, price, .. } = self.paper.bargains[at];
                let what = What::Bargain { bargain: id };
                self.order(who, Of::Bargain(at), what, (self.quantity, price), may);
            }
            Step::Later { minutes } => {
                shop.clock.advance(Span::minutes(minutes));
                self.paper.wait_until(self.now());
            }
            Step::Pause { goods } => self.step(goods, campaign::Step::Pause, Life::Paused),
            Step::Resume { goods } => self.step(goods, campaign::Step::Resume, Life::On),
            Step::Stop { goods } => self.step(goods, campaign::Step::End, Life::Over),
            Step::Begin { order }
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
        shop.work();
        self.paper.serve(self.now());
        self.compare();
    }

    fn step(&mut self, goods: usize, step: campaign::Step, to: Life) {
        let from = self.paper.campaigns[goods].life;
        let may = match to {
            Life::On => from == Life::Paused,
            Life::Paused => from == Life::On,
            Life::Over => from != Life::Over,
        };
        let (app, zoe) = (&self.shop.app, &self.shop.zoe);
        let stepped = campaign::step(app, zoe, self.campaigns[goods], step);
        assert_eq!(stepped.is_ok(), may, "{stepped:?}");
        match to {
            Life::Over if may => self.paper.end(goods),
            _ if may => self.paper.campaigns[goods].life = to,
            _ => (),
        }
    }

    fn bargain(&mut self, who: usize) {
        let now = self.now();
        let open = self.paper.open(who, now);
        let asked = BeginBargain { variant: self.goods[HAGGLED].variant };
        let keyed = self.shop.keyed(&self.people[who]);
        let begun = bargain::begin(&self.shop.app, &keyed, self.campaigns[HAGGLED], &asked);
        let may = open.is_some() || self.paper.campaigns[HAGGLED].life == Life::On;
        assert_eq!(begun.is_ok(), may, "{begun:?}");
        let Ok(begun) = begun else { return };
        if let Some(open) = open {
            return assert_eq!(begun.id, self.paper.bargains[open].id, "it goes on");
        }
        assert!((FLOOR..PRICES[HAGGLED]).contains(&begun.price.minor));
        assert_eq!((begun.missing, begun.price.minor - begun.left.minor), (CUTS - 1, FLOOR));
        self.paper.bargains.push(PaperBargain {
            id: begun.id,
            who,
            price: begun.price.minor,
            missing: CUTS - 1,
            helpers: Vec::new(),
            deadline: now.plus(LIFE).min(self.paper.campaigns[HAGGLED].ends_at),
            reached_at: None,
            order: None,
            bought: false,
        });
    }

    fn help(&mut self, who: usize, at: usize, within: Option<Channel>) {
        let (now, day) = (self.now(), self.day());
        let may = self.paper.may_help(who, at, within, (now, day));
        let keyed = Visitor { within, ..self.shop.keyed(&self.people[who]) };
        let helped = bargain::help(&self.shop.app, &keyed, self.paper.bargains[at].id);
        assert_eq!(helped.is_ok(), may, "{helped:?}");
        let Ok(helped) = helped else { return };
        self.paper.helped.push((who, day));
        let bargain = &mut self.paper.bargains[at];
        // Which part it is was drawn; that it is taken off once, and what is left, is known.
        let off = helped.helped.unwrap().minor;
        assert!(off > 0);
        (bargain.price, bargain.missing) = (bargain.price - off, bargain.missing - 1);
        assert_eq!(bargain.price - helped.left.minor, FLOOR);
        bargain.helpers.push(who);
        if bargain.missing == 0 {
            assert_eq!(bargain.price, FLOOR);
            bargain.reached_at = Some(now);
        }
    }

    /// Mostly an order with which something can come of it.
    fn chosen(&self, step: Step, number: usize) -> usize {
        let fits = |one: &PaperOrder| match step {
            Step::Begin { .. } | Step::Pay { .. } => one.status == Status::PendingPayment,
            Step::Late { .. } => one.status == Status::Cancelled && one.payment.is_some(),
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
        let PaperOrder { id, who, status, payment, total, .. } = self.paper.orders[at].clone();
        let (app, visitor) = (&self.shop.app, self.people[who].clone());
        match step {
            Step::Begin { .. } | Step::Pay { .. } => {
                let begun = payment::begin(app, &visitor, id);
                assert_eq!(begun.is_ok(), status == Status::PendingPayment, "{begun:?}");
                let Ok(begun) = begun else { return };
                assert_eq!(begun.amount.minor, total);
                self.paper.orders[at].payment = Some(begun.payment.to_string());
                if matches!(step, Step::Pay { .. }) {
                    sandbox::act(app, &begun.payment.to_string(), sandbox::Act::Pay).unwrap();
                    self.shop.deliver();
                    self.paper.paid(at);
                }
            }
            Step::End { .. } => {
                let ended = order_desk::cancel(app, &visitor, id);
                let open = [Status::PendingPayment, Status::ToShip].contains(&status);
                assert_eq!(ended.is_ok(), open, "{ended:?}");
                let paid = status == Status::ToShip;
                if open {
                    let over = if paid { Status::Refunded } else { Status::Cancelled };
                    self.paper.over(at, over);
                    self.paper.orders[at].by_buyer = true;
                }
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
    }

    /// The shop is as the paper says.
    fn compare(&self) {
        let (shop, paper, now) = (self.shop, &self.paper, self.now());
        for order in &paper.orders {
            let seen = shop.see(&self.people[order.who], order.id);
            assert_eq!(seen.status, order.status, "{order:?}");
        }
        for goods in [HUNTED, HAGGLED] {
            let stock = shop.stock(self.goods[goods]);
            let seen = (stock.available, stock.set_aside, stock.reserved, stock.sold);
            let left = paper.campaigns[goods].left;
            let (reserved, sold) = (paper.reserved(goods), paper.sold(goods));
            assert_eq!(seen, (paper.available(goods), left, reserved, sold), "goods {goods}");
        }
        for (who, visitor) in self.people.iter().enumerate() {
            let view = flash_sale::get(&shop.app, visitor, self.campaigns[HUNTED]).unwrap();
            assert_eq!(view.has, paper.has(who), "what {who} has");
            if paper.campaigns[HUNTED].quota.is_some() {
                let left = paper.campaigns[HUNTED].left - paper.kept();
                assert_eq!(view.goods[0].left, Some(left), "what is free");
            }
        }
        for bargain in &paper.bargains {
            let seen = bargain::get(&shop.app, &self.people[bargain.who], bargain.id).unwrap();
            let order = bargain.order.map(|order| paper.orders[order].id);
            let want = (bargain.stage(now), bargain.price, bargain.missing, order);
            assert_eq!((seen.status, seen.price.minor, seen.missing, seen.order), want);
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
    let told = TestRunner::new(config).run(&(setting(), steps()), |(setting, steps)| {
        let shop = shop();
        let mut pair = Pair::begin(&shop, setting);
        for step in steps {
            pair.take(step);
        }
        shop.finish();
        Ok(())
    });
    told.unwrap();
}

#[test]
fn deals_follow_the_paper() {
    follow(16, on_sqlite);
}

#[test]
fn deals_follow_the_paper_on_postgres() {
    if on_postgres().is_some() {
        follow(4, || on_postgres().expect("it was there a moment ago"));
    }
}
