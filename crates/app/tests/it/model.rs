//! The shop against a model of it: the same random steps in both, compared after each.
//!
//! The model knows stock, orders and teams as a shopkeeper would on paper, without a database, a
//! ledger or jobs. proptest chooses the steps, prints the seed of a failure, and finds the shortest
//! list of steps that still fails. `PINWHEEL_CASES` says how many lists are tried.

use app::checkout::{self, What};
use app::inventory::{self, Adjust};
use app::order_desk::{self, Ship};
use app::order_edit::{ChangePrice, change_price};
use app::payment::{self, Pay};
use app::wallet::{self, GiveCredit};
use app::{Visitor, sandbox, team};
use domain::group_buy::{GroupBuy, LatePolicy, TeamStatus};
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::money::{Currency, Money};
use domain::order::{PAY_WINDOW, Status};
use domain::shipping::PickupPoint;
use domain::wallet::share;
use proptest::test_runner::{Config, TestRunner};

use crate::after_sale::SENDS;
use crate::paper::{LIFE, NEED, Paper, PaperOrder, PaperTeam};
use crate::paper_delivery::{self, To};
use crate::paper_invoices;
use crate::paper_prices::{ALONE, PaperPrices, TOGETHER, half_up};
use crate::paper_steps::{Step, steps};
use crate::support::{TestShop, on_postgres, on_sqlite};
use crate::trade::Goods;

const PAY: Span = Span::minutes(15);

/// The shop and the paper side by side.
struct Pair<'s> {
    shop: &'s TestShop,
    goods: Goods,
    group_buy: Id<GroupBuy>,
    point: Id<PickupPoint>,
    paper: Paper,
    prices: PaperPrices,
}

impl Pair<'_> {
    fn begin(shop: &TestShop, units: i64) -> Pair<'_> {
        let goods = shop.goods("tea", ALONE, units);
        let prices = PaperPrices::begin(shop, goods);
        let point = paper_delivery::begin(shop);
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
        Pair { shop, goods, group_buy, point, paper, prices }
    }

    fn who(&self, number: usize) -> &Visitor {
        [&self.shop.ann, &self.shop.bob, &self.shop.eve, &self.shop.lin, &self.shop.mo][number]
    }

    fn order(&mut self, who: usize, what: What, team: Option<usize>, to: To, may: bool) {
        let pays_in = if matches!(what, What::Now { .. }) { PAY_WINDOW } else { PAY };
        let keyed = self.shop.keyed(self.who(who));
        let order = paper_delivery::order(what, to, self.point);
        let placed = checkout::place(&self.shop.app, &keyed, order);
        assert_eq!(placed.is_ok(), may && to.served(), "{placed:?}");
        let Ok(placed) = placed.map(|placed| placed.value) else { return };
        let now = self.shop.app.now();
        let mut pay_by = now.plus(pays_in);
        if let Some(deadline) = team.and_then(|team| self.paper.teams[team].deadline) {
            pay_by = pay_by.min(deadline);
        }
        assert_eq!(placed.pay_by, pay_by);
        let status = Status::PendingPayment;
        let (goods, total) = self.prices.of(who, team.is_some(), to, now);
        assert_eq!(placed.total.minor, total, "what it costs");
        let id = placed.order;
        let (wallet, invoiced, returned) = (0, false, false);
        let order = PaperOrder {
            id,
            who,
            team,
            status,
            pay_by,
            goods,
            total,
            wallet,
            invoiced,
            to,
            returned,
        };
        self.paper.orders.push(order);
        self.paper.available -= 1;
    }

    fn take(&mut self, step: Step) {
        let now = self.shop.app.now();
        let (variant, group_buy) = (self.goods.variant, self.group_buy);
        let there = self.paper.available > 0;
        match step {
            Step::Buy { who, to } => {
                let what = What::Now { variant, quantity: 1 };
                self.order(who, what, None, To::chosen(to), there);
            }
            Step::Open { who } => {
                let team = there.then_some(self.paper.teams.len());
                if there {
                    let (status, deadline) = (TeamStatus::Forming, None);
                    self.paper.teams.push(PaperTeam { id: Id::new(0), status, deadline });
                }
                let what = What::OpenTeam { group_buy, variant, quantity: 1 };
                self.order(who, what, team, To::Town, there);
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
                self.order(who, what, Some(team), To::Town, may);
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
            | Step::Collect { order }
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
            Step::Collect { .. } => {
                let given = paper_delivery::collect(self.shop, id);
                let fetched = self.paper.orders[at].to == To::Counter;
                assert_eq!(given.is_some(), fetched, "{given:?}");
                let Some(given) = given else { return };
                // Paid for, and not given out before.
                assert_eq!(given.is_ok(), status == Status::ToShip, "{given:?}");
                if given.is_ok() {
                    self.paper.orders[at].status = Status::Delivered;
                }
            }
            _ => {
                let ship = Ship::all("SF", "SF1234567890");
                let shipped = order_desk::ship(app, &self.shop.zoe, id, ship);
                let sent = self.paper.orders[at].to != To::Counter;
                assert_eq!(shipped.is_ok(), sent && status == Status::ToShip, "{shipped:?}");
                if shipped.is_ok() {
                    self.paper.orders[at].status = Status::Shipped;
                }
            }
        }
    }

    /// A unit that was shipped arrives and goes back for its money, once.
    fn give_back(&mut self, at: usize, fine: bool) {
        let PaperOrder { id, who, status, returned, .. } = self.paper.orders[at].clone();
        let visitor = self.who(who).clone();
        let arrives = status == Status::Shipped || (status == Status::Delivered && !returned);
        if status == Status::Shipped {
            order_desk::confirm_receipt(&self.shop.app, &visitor, id).unwrap();
            self.paper.orders[at].status = Status::Delivered;
        }
        let asked = self.shop.ask(&visitor, id, SENDS, &[(0, 1)]);
        match (status, asked) {
            (_, Ok(asked)) if arrives => {
                self.paper.orders[at].returned = true;
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
                // Where the way there cost nothing, nothing is left of it.
                if goods == total {
                    self.paper.orders[at].status = Status::Refunded;
                }
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
