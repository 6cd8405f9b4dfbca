//! The payment providers, as doubles, and whole journeys over all three.

mod journeys;
mod news;
mod splits;
mod statements;
mod wallets;

use std::sync::Arc;

use app::checkout::What;
use app::clock::Held;
use app::config::Config;
use app::outside::Outside;
use app::payment::{self, PayView};
use domain::id::Id;
use domain::moment::Span;
use domain::money::Money;
use domain::order::{Order, Status};

use crate::doubles::{Double, Paid, Row, Twist, alipay, stripe, wechat};
use crate::support::{MORNING, TestShop, postgres_in, sqlite_in};
use crate::trade::Goods;

/// A shop with one provider.
pub struct Scene {
    pub shop: TestShop,
    pub clock: Arc<Held>,
    pub double: Box<dyn Double>,
    pub tea: Goods,
}

type Opens = fn(Arc<Held>) -> Box<dyn Double>;

const ALL: [Opens; 3] = [
    |clock| Box::new(stripe::StripeDouble::open(clock)),
    |clock| Box::new(wechat::WeChatDouble::open(clock)),
    |clock| Box::new(alipay::AlipayDouble::open(clock)),
];

fn scene(opens: Opens, postgres: bool, settings: &dyn Fn(&mut Config)) -> Option<Scene> {
    let clock = Arc::new(Held::at(MORNING));
    let double = opens(Arc::clone(&clock));
    let mut config = Config::plain("http://127.0.0.1:3000");
    config.sandbox = false;
    settings(&mut config);
    let outside = Outside { gateways: vec![double.gateway()], ..Outside::remembered() };
    let shop = if postgres { postgres_in(config, outside)? } else { sqlite_in(config, outside) };
    let tea = shop.goods("tea", 12_000, 10_000);
    Some(Scene { shop, clock, double, tea })
}

/// Runs a test with each provider, on SQLite.
pub fn each(test: impl Fn(&Scene)) {
    each_with(&|_| (), test);
}

/// The same with settings of one's own.
pub fn each_with(settings: &dyn Fn(&mut Config), test: impl Fn(&Scene)) {
    for opens in ALL {
        test(&scene(opens, false, settings).unwrap());
    }
}

/// Runs a test with each provider, on SQLite and, where there is one, on PostgreSQL.
pub fn each_on_both(test: impl Fn(&Scene)) {
    for opens in ALL {
        for postgres in [false, true] {
            if let Some(scene) = scene(opens, postgres, &|_| ()) {
                test(&scene);
            }
        }
    }
}

impl Scene {
    /// ann orders so much tea.
    pub fn order(&self, quantity: i64) -> Id<Order> {
        let what = What::Now { variant: self.tea.variant, quantity };
        self.shop.order(&self.shop.ann, what).unwrap().order
    }

    pub fn begin(&self, order: Id<Order>) -> PayView {
        payment::begin(&self.shop.app, &self.shop.ann, order).unwrap()
    }

    /// ann orders, and pays at the provider, of which we do not hear yet.
    pub fn paid_unheard(&self, quantity: i64) -> PayView {
        let paying = self.begin(self.order(quantity));
        let url = paying.code.clone().unwrap_or_else(|| paying.pay_url.clone());
        assert_eq!(self.double.pay(&paying.payment.to_string(), &url), Paid::Now);
        paying
    }

    /// ann orders and pays, and we hear of it.
    pub fn paid(&self, quantity: i64) -> PayView {
        let paying = self.paid_unheard(quantity);
        self.tell(&paying, Twist::Right).unwrap();
        assert_eq!(self.status(paying.order), Status::ToShip);
        paying
    }

    /// Delivers a notice about a payment.
    pub fn tell(&self, paying: &PayView, twist: Twist) -> Result<(), app::failure::Failure> {
        let notice = self.double.notice(&paying.payment.to_string(), twist);
        payment::notice(&self.shop.app, self.double.name(), notice)
    }

    pub fn status(&self, order: Id<Order>) -> Status {
        self.shop.see(&self.shop.ann, order).status
    }

    /// Time passes for everybody, and jobs are done.
    pub fn later(&self, span: Span) {
        self.clock.advance(span);
        self.shop.later(span);
    }

    /// The clock alone goes on.
    pub fn wait(&self, span: Span) {
        self.clock.advance(span);
        self.shop.clock.advance(span);
    }

    pub fn number(&self, sql: &str) -> i64 {
        self.shop.number(sql)
    }

    /// What the provider holds for us, by our books.
    pub fn holds(&self) -> i64 {
        let found = payment::desk::providers(&self.shop.app, &self.shop.zoe).unwrap();
        let one = found.iter().find(|one| one.name == self.double.name()).unwrap();
        one.holds.iter().map(|money: &Money| money.minor).sum()
    }
}
