//! The shop against a model of it: the same random steps in both, compared after each.
//!
//! The model knows stock, orders and teams as a shopkeeper would on paper, without a database, a
//! ledger or jobs. proptest chooses the steps, prints the seed of a failure, and finds the shortest
//! list of steps that still fails. `PINWHEEL_CASES` says how many lists are tried.

use app::checkout::What;
use app::inventory::{self, Adjust};
use app::order_desk::{self, Ship};
use app::{Visitor, team};
use domain::group_buy::{GroupBuy, LatePolicy, Team, TeamStatus};
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::order::{Order, PAY_WINDOW, Status};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::after_sale::SENDS;
use crate::support::{TestShop, on_postgres, on_sqlite};
use crate::trade::Goods;

/// People in a complete team.
const NEED: usize = 3;
const LIFE: Span = Span::minutes(60);
const PAY: Span = Span::minutes(15);

/// One step. Numbers choose among what there is.
#[derive(Clone, Copy, Debug)]
enum Step {
    Buy {
        who: usize,
    },
    Open {
        who: usize,
    },
    Join {
        who: usize,
        team: usize,
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
    /// What arrived goes back, fine or not.
    Return {
        order: usize,
        fine: bool,
    },
    Wait {
        minutes: i64,
    },
    Receive {
        units: i64,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (who, any) = (0..5_usize, 0..1_000_usize);
    let step = prop_oneof![
        2 => who.clone().prop_map(|who| Step::Buy { who }),
        3 => who.clone().prop_map(|who| Step::Open { who }),
        5 => (who, any.clone()).prop_map(|(who, team)| Step::Join { who, team }),
        7 => any.clone().prop_map(|order| Step::Pay { order }),
        2 => any.clone().prop_map(|order| Step::End { order }),
        2 => any.clone().prop_map(|order| Step::Ship { order }),
        2 => (any, prop::bool::ANY).prop_map(|(order, fine)| Step::Return { order, fine }),
        2 => (1..40_i64).prop_map(|minutes| Step::Wait { minutes }),
        1 => (1..4_i64).prop_map(|units| Step::Receive { units }),
    ];
    prop::collection::vec(step, 1..60)
}

/// An order on paper.
#[derive(Clone, Debug)]
struct PaperOrder {
    id: Id<Order>,
    who: usize,
    team: Option<usize>,
    status: Status,
    pay_by: Moment,
}

/// A team on paper. Who is in it is read off the orders.
#[derive(Clone, Debug)]
struct PaperTeam {
    id: Id<Team>,
    status: TeamStatus,
    deadline: Option<Moment>,
}

struct Paper {
    available: i64,
    orders: Vec<PaperOrder>,
    teams: Vec<PaperTeam>,
}

impl Paper {
    /// Orders that have a place in the team, paid or not yet.
    fn places(&self, team: usize) -> impl Iterator<Item = &PaperOrder> {
        let waits = |order: &&PaperOrder| {
            matches!(order.status, Status::PendingPayment | Status::AwaitingTeam)
        };
        self.orders.iter().filter(move |order| order.team == Some(team)).filter(waits)
    }

    fn confirmed(&self, team: usize) -> usize {
        self.places(team).filter(|order| order.status == Status::AwaitingTeam).count()
    }

    fn may_join(&self, who: usize, team: usize, now: Moment) -> bool {
        let found = &self.teams[team];
        found.status == TeamStatus::Open
            && found.deadline.is_some_and(|deadline| now < deadline)
            && self.places(team).all(|order| order.who != who)
            && self.places(team).count() < NEED
            && self.available > 0
    }

    fn pay(&mut self, order: usize, now: Moment) {
        let Some(team) = self.orders[order].team else {
            self.orders[order].status = Status::ToShip;
            return;
        };
        self.orders[order].status = Status::AwaitingTeam;
        if self.teams[team].status == TeamStatus::Forming {
            self.teams[team].status = TeamStatus::Open;
            self.teams[team].deadline = Some(now.plus(LIFE));
        }
        if self.confirmed(team) == NEED {
            self.teams[team].status = TeamStatus::Succeeded;
            self.change(team, Status::AwaitingTeam, Status::ToShip);
        }
    }

    /// An order is over; its unit is free again.
    fn over(&mut self, order: usize, status: Status) {
        self.orders[order].status = status;
        self.available += 1;
    }

    fn end(&mut self, order: usize) {
        let team = self.orders[order].team;
        match self.orders[order].status {
            Status::PendingPayment => {
                self.over(order, Status::Cancelled);
                self.abandon(team);
            }
            Status::AwaitingTeam => {
                self.over(order, Status::Refunded);
                if let Some(team) = team.filter(|team| self.confirmed(*team) == 0) {
                    self.fail(team);
                }
            }
            _ => self.over(order, Status::Refunded),
        }
    }

    /// Nobody pays for a team that never opened.
    fn abandon(&mut self, team: Option<usize>) {
        if let Some(team) = team.filter(|team| self.teams[*team].status == TeamStatus::Forming) {
            self.teams[team].status = TeamStatus::Abandoned;
        }
    }

    fn fail(&mut self, team: usize) {
        self.teams[team].status = TeamStatus::Failed;
        let mut freed = self.change(team, Status::AwaitingTeam, Status::Refunded);
        freed += self.change(team, Status::PendingPayment, Status::Cancelled);
        self.available += freed;
    }

    fn change(&mut self, team: usize, from: Status, to: Status) -> i64 {
        let theirs = self.orders.iter_mut().filter(|order| order.team == Some(team));
        let changed = theirs.filter(|order| order.status == from);
        changed.map(|order| order.status = to).count() as i64
    }

    fn wait_until(&mut self, now: Moment) {
        for order in 0..self.orders.len() {
            let late = self.orders[order].pay_by <= now;
            if late && self.orders[order].status == Status::PendingPayment {
                self.over(order, Status::Cancelled);
                self.abandon(self.orders[order].team);
            }
        }
        for team in 0..self.teams.len() {
            let due = self.teams[team].deadline.is_some_and(|deadline| deadline <= now);
            if due && self.teams[team].status == TeamStatus::Open {
                self.fail(team);
            }
        }
    }
}

/// The shop and the paper side by side.
struct Pair<'s> {
    shop: &'s TestShop,
    goods: Goods,
    group_buy: Id<GroupBuy>,
    paper: Paper,
}

impl Pair<'_> {
    fn begin(shop: &TestShop, units: i64) -> Pair<'_> {
        let goods = shop.goods("tea", 8_800, units);
        let group_buy = shop.group_buy(goods, 6_800, None, |settings| {
            settings.need = NEED as i64;
            settings.life_minutes = LIFE.as_seconds() / 60;
            settings.pay_minutes = PAY.as_seconds() / 60;
            settings.per_person = 9_999;
            settings.late = LatePolicy::Refund;
        });
        let back_to = "Mo, Lane 1";
        app::after_sale::set_return_address(&shop.app, &shop.zoe, back_to).unwrap();
        let paper = Paper { available: units, orders: Vec::new(), teams: Vec::new() };
        Pair { shop, goods, group_buy, paper }
    }

    fn who(&self, number: usize) -> &Visitor {
        [&self.shop.ann, &self.shop.bob, &self.shop.eve, &self.shop.lin, &self.shop.mo][number]
    }

    fn order(&mut self, who: usize, what: What, team: Option<usize>, pays_in: Span, may: bool) {
        let placed = self.shop.order(self.who(who), what);
        assert_eq!(placed.is_ok(), may, "{placed:?}");
        let Ok(placed) = placed else { return };
        let now = self.shop.app.now();
        let mut pay_by = now.plus(pays_in);
        if let Some(deadline) = team.and_then(|team| self.paper.teams[team].deadline) {
            pay_by = pay_by.min(deadline);
        }
        assert_eq!(placed.pay_by, pay_by);
        let status = Status::PendingPayment;
        self.paper.orders.push(PaperOrder { id: placed.order, who, team, status, pay_by });
        self.paper.available -= 1;
    }

    fn take(&mut self, step: Step) {
        let now = self.shop.app.now();
        let (variant, group_buy) = (self.goods.variant, self.group_buy);
        let there = self.paper.available > 0;
        match step {
            Step::Buy { who } => {
                let what = What::Now { variant, quantity: 1 };
                self.order(who, what, None, PAY_WINDOW, there);
            }
            Step::Open { who } => {
                let team = there.then_some(self.paper.teams.len());
                if there {
                    let (status, deadline) = (TeamStatus::Forming, None);
                    self.paper.teams.push(PaperTeam { id: Id::new(0), status, deadline });
                }
                let what = What::OpenTeam { group_buy, variant, quantity: 1 };
                self.order(who, what, team, PAY, there);
                if let (Some(team), Some(order)) = (team, self.paper.orders.last()) {
                    let seen = self.shop.see(self.who(who), order.id);
                    self.paper.teams[team].id = seen.team.unwrap();
                }
            }
            Step::Join { who, team } if !self.paper.teams.is_empty() => {
                let team = team % self.paper.teams.len();
                let may = self.paper.may_join(who, team, now);
                let id = self.paper.teams[team].id;
                let what = What::JoinTeam { team: id, variant, quantity: 1 };
                self.order(who, what, Some(team), PAY, may);
            }
            Step::Wait { minutes } => {
                self.shop.clock.advance(Span::minutes(minutes));
                self.paper.wait_until(self.shop.app.now());
            }
            Step::Receive { units } => {
                let reason = "a parcel came".to_string();
                let adjust = Adjust { variant, change: units, reason };
                let zoe = self.shop.keyed(&self.shop.zoe);
                inventory::adjust(&self.shop.app, &zoe, adjust).unwrap();
                self.paper.available += units;
            }
            Step::Pay { order }
            | Step::End { order }
            | Step::Ship { order }
            | Step::Return { order, .. }
                if !self.paper.orders.is_empty() =>
            {
                self.with_order(step, order % self.paper.orders.len(), now);
            }
            _ => (),
        }
        self.shop.work();
        self.compare();
    }

    fn with_order(&mut self, step: Step, at: usize, now: Moment) {
        let PaperOrder { id, who, status, .. } = self.paper.orders[at].clone();
        let (app, visitor) = (&self.shop.app, self.who(who).clone());
        match step {
            Step::Pay { .. } => {
                let paid = self.shop.pay(&visitor, id);
                let may = status == Status::PendingPayment;
                assert_eq!(paid.is_ok(), may, "{paid:?}");
                if may {
                    self.paper.pay(at, now);
                }
            }
            Step::End { .. } => {
                let ended = order_desk::cancel(app, &visitor, id);
                let open = [Status::PendingPayment, Status::AwaitingTeam, Status::ToShip];
                assert_eq!(ended.is_ok(), open.contains(&status), "{ended:?}");
                if ended.is_ok() {
                    self.paper.end(at);
                }
            }
            Step::Return { fine, .. } => self.give_back(at, fine),
            _ => {
                let ship = Ship::all("SF", "SF1234567890");
                let shipped = order_desk::ship(app, &self.shop.zoe, id, ship);
                assert_eq!(shipped.is_ok(), status == Status::ToShip, "{shipped:?}");
                if shipped.is_ok() {
                    self.paper.orders[at].status = Status::Shipped;
                }
            }
        }
    }

    /// A unit that was shipped arrives and goes back for its money, once.
    fn give_back(&mut self, at: usize, fine: bool) {
        let PaperOrder { id, who, status, .. } = self.paper.orders[at].clone();
        let visitor = self.who(who).clone();
        if status == Status::Shipped {
            order_desk::confirm_receipt(&self.shop.app, &visitor, id).unwrap();
            self.paper.orders[at].status = Status::Delivered;
        }
        let asked = self.shop.ask(&visitor, id, SENDS, &[(0, 1)]);
        match (status, asked) {
            (Status::Shipped, Ok(asked)) => {
                self.shop.agree(asked.id).unwrap();
                self.shop.comes_back(&visitor, asked.id, &[i64::from(fine)]);
                self.paper.available += i64::from(fine);
            }
            (Status::Delivered, asked) => {
                assert_eq!(asked.unwrap_err().code(), "return.only_left");
            }
            (_, asked) => assert_eq!(asked.unwrap_err().code(), "return.not_returnable"),
        }
    }

    /// The shop is as the paper says.
    fn compare(&self) {
        assert_eq!(self.shop.stock(self.goods).available, self.paper.available, "free units");
        for order in &self.paper.orders {
            let seen = self.shop.see(self.who(order.who), order.id).status;
            assert_eq!(seen, order.status, "{order:?}");
        }
        for (number, paper) in self.paper.teams.iter().enumerate() {
            let seen = self.shop.app.read(|tx| {
                let sql = "select status, confirmed from teams where id = $1";
                tx.one(sql, &[paper.id.into()], |row| (row.get::<String>(0), row.get::<i64>(1)))
            });
            let (status, confirmed) = seen.unwrap();
            assert_eq!(status, paper.status.code(), "team {number}: {paper:?}");
            if paper.status == TeamStatus::Open {
                assert_eq!(confirmed, self.paper.confirmed(number) as i64, "team {number}");
                assert!(team::get(&self.shop.app, &self.shop.ann, paper.id).is_ok());
            }
        }
    }
}

fn follows_the_paper(cases: u32, shop: impl Fn() -> TestShop) {
    let asked = |name: &str| std::env::var(name).ok().and_then(|number| number.parse().ok());
    let config = Config {
        cases: asked("PINWHEEL_CASES").unwrap_or(cases),
        source_file: Some(file!()),
        max_shrink_iters: asked("PINWHEEL_SHRINKS").unwrap_or(200),
        ..Config::default()
    };
    let lists = (1..12_i64, steps());
    TestRunner::new(config)
        .run(&lists, |(units, steps)| {
            let shop = shop();
            let mut pair = Pair::begin(&shop, units);
            for step in steps {
                pair.take(step);
            }
            shop.finish();
            Ok(())
        })
        .unwrap();
}

#[test]
fn the_shop_follows_the_paper() {
    follows_the_paper(32, on_sqlite);
}

#[test]
fn the_shop_follows_the_paper_on_postgres() {
    if on_postgres().is_some() {
        follows_the_paper(6, || on_postgres().expect("it was there a moment ago"));
    }
}
