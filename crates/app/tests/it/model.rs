//! The shop against a model of it: the same random steps in both, compared after each.
//!
//! The model knows stock, orders and teams as a shopkeeper would on paper, without a database, a
//! ledger or jobs. proptest chooses the steps, prints the seed of a failure, and finds the shortest
//! list of steps that still fails. `PINWHEEL_CASES` says how many lists are tried.

use app::checkout::What;
use app::inventory::{self, Adjust};
use app::order_desk::{self, Ship};
use app::order_edit::{ChangePrice, change_price};
use app::payment::{self, Pay};
use app::wallet::{self, GiveCredit};
use app::{Visitor, sandbox, team};
use domain::group_buy::{GroupBuy, LatePolicy, Team, TeamStatus};
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::money::{Currency, Money};
use domain::order::{Order, PAY_WINDOW, Status};
use domain::wallet::share;
use proptest::test_runner::{Config, TestRunner};

use crate::after_sale::SENDS;
use crate::paper_invoices;
use crate::paper_prices::{ALONE, PaperPrices, TOGETHER, half_up};
use crate::paper_steps::{Step, steps};
use crate::support::{TestShop, on_postgres, on_sqlite};
use crate::trade::Goods;

/// People in a complete team.
const NEED: usize = 3;
const LIFE: Span = Span::minutes(60);
const PAY: Span = Span::minutes(15);

/// An order on paper.
#[derive(Clone, Debug)]
struct PaperOrder {
    id: Id<Order>,
    who: usize,
    team: Option<usize>,
    status: Status,
    pay_by: Moment,
    /// What its unit cost with tax, and what it cost in all.
    goods: i64,
    total: i64,
    /// What the buyer's wallet promised to it, or paid.
    wallet: i64,
    /// Whether an invoice was issued for it.
    invoiced: bool,
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
    /// What everybody can spend from their wallet.
    purses: [i64; 5],
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

    /// An order is over; its unit is free again, and what the wallet gave is there again.
    fn over(&mut self, order: usize, status: Status) {
        self.orders[order].status = status;
        self.available += 1;
        self.give_back(order);
    }

    fn give_back(&mut self, order: usize) {
        let PaperOrder { who, wallet, .. } = &mut self.orders[order];
        self.purses[*who] += std::mem::take(wallet);
    }

    /// The wallet promises what it can. Whether that is everything.
    fn promise(&mut self, order: usize) -> bool {
        self.give_back(order);
        let PaperOrder { who, total, wallet, .. } = &mut self.orders[order];
        *wallet = self.purses[*who].min(*total);
        self.purses[*who] -= *wallet;
        wallet == total
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
        for order in 0..self.orders.len() {
            let PaperOrder { team: of, status, .. } = self.orders[order];
            let ends = matches!(status, Status::AwaitingTeam | Status::PendingPayment);
            if of == Some(team) && ends {
                self.give_back(order);
            }
        }
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
    prices: PaperPrices,
}

impl Pair<'_> {
    fn begin(shop: &TestShop, units: i64) -> Pair<'_> {
        let goods = shop.goods("tea", ALONE, units);
        let prices = PaperPrices::begin(shop, goods);
        let group_buy = shop.group_buy(goods, TOGETHER, None, |settings| {
            settings.need = NEED as i64;
            settings.life_minutes = LIFE.as_seconds() / 60;
            settings.pay_minutes = PAY.as_seconds() / 60;
            settings.per_person = 9_999;
            settings.late = LatePolicy::Refund;
        });
        shop.invoices(false);
        let back_to = "Mo, Lane 1";
        app::after_sale::set_return_address(&shop.app, &shop.zoe, back_to).unwrap();
        let paper =
            Paper { available: units, purses: [0; 5], orders: Vec::new(), teams: Vec::new() };
        Pair { shop, goods, group_buy, paper, prices }
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
        let (goods, total) = self.prices.of(who, team.is_some(), now);
        assert_eq!(placed.total.minor, total, "what it costs");
        let id = placed.order;
        let (wallet, invoiced) = (0, false);
        let order = PaperOrder { id, who, team, status, pay_by, goods, total, wallet, invoiced };
        self.paper.orders.push(order);
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
            Step::Sale { off, minutes } => self.prices.sell(self.shop, off, minutes),
            Step::Tax { points } => self.prices.tax(self.shop, points),
            Step::Give { who, units } => {
                let to = self.who(who).person.as_ref().unwrap().id;
                let amount = Money::new(units * 100, Currency::Cny);
                let give = GiveCredit { amount, reason: "a gift".to_string() };
                let zoe = self.shop.keyed(&self.shop.zoe);
                wallet::give(&self.shop.app, &zoe, to, give).unwrap();
                self.paper.purses[who] += units * 100;
            }
            Step::Pay { order }
            | Step::Promise { order }
            | Step::End { order }
            | Step::Ship { order }
            | Step::Invoice { order }
            | Step::Back { order, .. }
            | Step::Reprice { order, .. }
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
                let may = status == Status::PendingPayment;
                let begun = payment::begin(app, &visitor, id);
                assert_eq!(begun.is_ok(), may, "{begun:?}");
                let Ok(begun) = begun else { return };
                // Whoever promised a part lets the wallet pay what it can by now.
                let wallet = self.paper.orders[at].wallet > 0 && self.paper.promise(at);
                assert_eq!(begun.provider == payment::WALLET, wallet);
                if !wallet {
                    let PaperOrder { total, wallet, .. } = self.paper.orders[at];
                    assert_eq!(begun.amount.minor, total - wallet);
                    let act = sandbox::Act::Pay;
                    sandbox::act(app, &begun.payment.to_string(), act).unwrap();
                    self.shop.deliver();
                }
                self.paper.pay(at, now);
            }
            Step::Promise { .. } => {
                let pay = Pay { use_wallet: Some(true), ..Pay::default() };
                let begun = payment::begin_with(app, &visitor, id, pay);
                assert_eq!(begun.is_ok(), status == Status::PendingPayment, "{begun:?}");
                if begun.is_ok() && self.paper.promise(at) {
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
            Step::Back { fine, .. } => self.give_back(at, fine),
            Step::Invoice { .. } => {
                let left = self.invoiceable(at);
                let may = paper_invoices::may_issue(status) && left > 0;
                let first = !self.paper.orders[at].invoiced;
                let done = paper_invoices::issue(self.shop, &visitor, id);
                assert_eq!(done, may && first, "{left} left");
                self.paper.orders[at].invoiced |= done;
            }
            Step::Reprice { total, .. } => {
                let mut status = status;
                let begins = total % 2 == 0 && payment::begin(app, &visitor, id).is_ok();
                if begins && self.paper.orders[at].wallet > 0 && self.paper.promise(at) {
                    self.paper.pay(at, now);
                    status = self.paper.orders[at].status;
                }
                let reason = "haggled".to_string();
                let change = ChangePrice { total: Some(total), reason, ..ChangePrice::default() };
                let changed = change_price(app, &self.shop.zoe, id, &change);
                let alone = self.paper.orders[at].team.is_none();
                let may = alone && status == Status::PendingPayment;
                assert_eq!(changed.is_ok(), may, "{changed:?}");
                if may {
                    let seen = self.shop.see(&visitor, id);
                    let order = &mut self.paper.orders[at];
                    let shipping = order.total - order.goods;
                    // The most that can be made of it: one more would be more than was agreed.
                    let of = |net: i64| net + half_up(net, seen.lines[0].tax_rate) + shipping;
                    assert_eq!(seen.total.minor, of(seen.subtotal.minor));
                    assert!(seen.total.minor <= total && of(seen.subtotal.minor + 1) > total);
                    // The wallet promised no more than it costs.
                    let total = seen.total.minor;
                    let free = (order.wallet - total).max(0);
                    (order.total, order.wallet) = (total, order.wallet - free);
                    order.goods = total - shipping;
                    self.paper.purses[who] += free;
                }
            }
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
                // The line goes back, each part to where it came from; the way there does not.
                let PaperOrder { goods, total, wallet, .. } = self.paper.orders[at];
                let seen = self.shop.see(&visitor, id);
                assert_eq!(seen.refunded.minor, goods, "what goes back");
                let back = share(seen.refunded, &[wallet, total - wallet])[0].minor;
                self.paper.purses[who] += back;
                self.paper.orders[at].wallet -= back;
            }
            (Status::Delivered, asked) => {
                assert_eq!(asked.unwrap_err().code(), "return.only_left");
            }
            (_, asked) => assert_eq!(asked.unwrap_err().code(), "return.not_returnable"),
        }
    }

    /// What was paid for an order with money, and stayed.
    fn invoiceable(&self, at: usize) -> i64 {
        let PaperOrder { id, who, wallet, total, .. } = self.paper.orders[at].clone();
        total - self.shop.see(self.who(who), id).refunded.minor - wallet
    }

    /// The shop is as the paper says.
    fn compare(&self) {
        assert_eq!(self.shop.stock(self.goods).available, self.paper.available, "free units");
        for order in &self.paper.orders {
            let seen = self.shop.see(self.who(order.who), order.id);
            assert_eq!((seen.status, seen.total.minor), (order.status, order.total), "{order:?}");
            if seen.status == Status::Refunded {
                assert_eq!(seen.refunded, seen.total);
            }
        }
        for (at, order) in self.paper.orders.iter().enumerate().filter(|(_, one)| one.invoiced) {
            let standing = paper_invoices::standing(self.shop, order.id);
            assert_eq!(standing, self.invoiceable(at), "the invoice of {order:?}");
        }
        for (number, purse) in self.paper.purses.iter().enumerate() {
            let wallet = wallet::mine(&self.shop.app, self.who(number)).unwrap();
            assert_eq!(wallet.available.minor, *purse, "what {number} can spend");
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
