//! Goods, group buys, orders and payments in one line each, for tests about something else.

use std::sync::atomic::{AtomicU64, Ordering};

use app::checkout::{self, Place, Placed, What};
use app::failure::Failure;
use app::group_buy::{self, NewGroupBuy, OfferedVariant, Settings};
use app::order::OrderView;
use app::order_desk::{self, Ship};
use app::team::TeamView;
use app::{Visitor, after_sale, cart, inventory, payment, sandbox, team, work};
use domain::catalog::{Product, Variant};
use domain::group_buy::{GroupBuy, Team};
use domain::id::Id;
use domain::inventory::Stock;
use domain::moment::Span;
use domain::order::Order;
use domain::place::Address;

use crate::support::TestShop;

/// A product with one variant.
#[derive(Clone, Copy, Debug)]
pub struct Goods {
    pub product: Id<Product>,
    pub variant: Id<Variant>,
}

/// A key nobody else has.
pub fn key() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("test-key-{:012}", NEXT.fetch_add(1, Ordering::SeqCst))
}

pub fn address() -> Address {
    Address {
        name: "安".into(),
        phone: "13800138000".into(),
        country: "CN".into(),
        region: "浙江省".into(),
        city: "杭州市".into(),
        district: "西湖区".into(),
        line1: "龙井路 1 号".into(),
        ..Address::default()
    }
}

/// An order of `what`, to that address.
pub fn place(what: What) -> Place {
    Place { address: address(), ..Place::of(what) }
}

impl TestShop {
    /// A product on sale at `price` fen, `stock` units of it.
    pub fn goods(&self, handle: &str, price: i64, stock: i64) -> Goods {
        self.app
            .write(|tx| {
                let goods = Goods { product: tx.id(), variant: tx.id() };
                tx.run(
                    "insert into products (id, handle, title, body_html, vendor, product_category,
                         product_type, status, published, gift_card, options, seo_title,
                         seo_description, extra, search, low_price, created_at, updated_at, version)
                     values ($1, $2, $2, '', '', '', '', 'active', 1, 0, '[]', '', '', '{}', $2,
                         $3, $4, $4, 1)",
                    &[goods.product.into(), handle.into(), price.into(), tx.now.into()],
                )?;
                tx.run(
                    "insert into variants (id, product_id, position, option1, option2, option3, sku,
                         barcode, price, currency, grams, weight_unit, tracked, oversell, ships,
                         taxable, tax_code, fulfillment, picture_src, extra, version)
                     values ($1, $2, 1, '', '', '', $3, '', $4, 'CNY', 100, 'g', 1, 0, 1, 1, '',
                         'manual', '', '{}', 1)",
                    &[goods.variant.into(), goods.product.into(), handle.into(), price.into()],
                )?;
                tx.run(
                    "insert into price_history (id, variant_id, currency, price, from_at)
                     values ($1, $1, 'CNY', $2, $3)",
                    &[goods.variant.into(), price.into(), tx.now.into()],
                )?;
                tx.run(
                    "insert into stock
                         (variant_id, received, available, set_aside, reserved, sold, lost)
                     values ($1, 0, 0, 0, 0, 0, 0)",
                    &[goods.variant.into()],
                )?;
                inventory::set_level(tx, goods.variant, stock, None, "for the test")?;
                Ok(goods)
            })
            .unwrap()
    }

    /// The goods that were made under this name.
    pub fn goods_of(&self, handle: &str) -> Goods {
        let sql = "select p.id, v.id from products p join variants v on v.product_id = p.id
                   where p.handle = $1";
        let goods = |row: &app::db::Row| Goods { product: row.get(0), variant: row.get(1) };
        self.app.read(|tx| tx.one(sql, &[handle.into()], goods)).unwrap()
    }

    /// A group buy of two people that runs now, at `price`, as `change` has it.
    pub fn group_buy(
        &self,
        goods: Goods,
        price: i64,
        quota: Option<i64>,
        change: impl FnOnce(&mut Settings),
    ) -> Id<GroupBuy> {
        app::rehearsal::licensed(&self.app, &self.zoe).unwrap();
        let template = group_buy::templates().remove(0);
        let mut settings = template.settings;
        change(&mut settings);
        let new = NewGroupBuy {
            title: "Spring tea together".into(),
            product: goods.product,
            starts_at: self.app.now(),
            ends_at: self.app.now().plus(Span::days(7)),
            settings,
            variants: vec![OfferedVariant { variant: goods.variant, price, quota }],
            launch: true,
        };
        group_buy::create(&self.app, &self.keyed(&self.zoe), new).unwrap().id
    }

    /// The visitor with a key of their own for one effect.
    pub fn keyed(&self, visitor: &Visitor) -> Visitor {
        visitor.clone().with_key(&key(), "a test").unwrap()
    }

    /// Places an order under a new key.
    pub fn order(&self, who: &Visitor, what: What) -> Result<Placed, Failure> {
        let placed = checkout::place(&self.app, &self.keyed(who), place(what))?;
        Ok(placed.value)
    }

    /// Pays an order at the sandbox and delivers its notice.
    pub fn pay(&self, who: &Visitor, order: Id<Order>) -> Result<(), Failure> {
        let pay = payment::begin(&self.app, who, order)?;
        sandbox::act(&self.app, &pay.payment.to_string(), sandbox::Act::Pay)?;
        self.deliver();
        Ok(())
    }

    /// An order of these goods that arrived, and where goods go back to.
    pub fn arrived(&self, who: &Visitor, goods: &[(Goods, i64)]) -> Id<Order> {
        let order = self.shipped(who, goods);
        order_desk::confirm_receipt(&self.app, who, order).unwrap();
        order
    }

    pub fn shipped(&self, who: &Visitor, goods: &[(Goods, i64)]) -> Id<Order> {
        for (one, quantity) in goods {
            let line = cart::SetLine { variant: one.variant, quantity: *quantity, add: false };
            cart::set(&self.app, who, line).unwrap();
        }
        let placed = self.order(who, What::Cart).unwrap();
        self.pay(who, placed.order).unwrap();
        self.ship_it(placed.order);
        placed.order
    }

    pub fn ship_it(&self, order: Id<Order>) {
        let ship = Ship::all("SF Express", "SF1234567890");
        order_desk::ship(&self.app, &self.mo, order, ship).unwrap();
        after_sale::set_return_address(&self.app, &self.mo, "Mo\nLane 1").unwrap();
    }

    /// Takes some off each line of an unpaid order, as a discount over lines does (MECHANICS §0).
    pub fn discount(&self, order: Id<Order>, off: &[i64]) {
        self.app
            .write(|tx| {
                for (position, off) in off.iter().enumerate() {
                    tx.run(
                        "update order_lines set discount = $3, total = total - $3
                         where order_id = $1 and position = $2",
                        &[order.into(), (position as i64).into(), (*off).into()],
                    )?;
                }
                let all: i64 = off.iter().sum();
                tx.run(
                    "update orders set subtotal = subtotal - $2, discount = $2, total = total - $2
                     where id = $1",
                    &[order.into(), all.into()],
                )?;
                Ok(())
            })
            .unwrap();
    }

    /// Delivers the provider's notices that are due.
    pub fn deliver(&self) {
        for notice in sandbox::take_due(&self.app).unwrap() {
            payment::notice(&self.app, sandbox::NAME, &notice).unwrap();
        }
    }

    /// Opens a team and pays for it.
    pub fn open_team(&self, who: &Visitor, group_buy: Id<GroupBuy>, goods: Goods) -> Id<Team> {
        let what = What::OpenTeam { group_buy, variant: goods.variant, quantity: 1 };
        let placed = self.order(who, what).unwrap();
        self.pay(who, placed.order).unwrap();
        placed.team.unwrap()
    }

    /// Takes a place in a team and pays for it.
    pub fn join(&self, who: &Visitor, team: Id<Team>, goods: Goods) -> Result<Id<Order>, Failure> {
        let what = What::JoinTeam { team, variant: goods.variant, quantity: 1 };
        let placed = self.order(who, what)?;
        self.pay(who, placed.order)?;
        Ok(placed.order)
    }

    /// Runs every job that is due.
    pub fn work(&self) {
        work::drain(&self.app).unwrap();
    }

    /// Lets time pass, then delivers and works.
    pub fn later(&self, span: Span) {
        self.clock.advance(span);
        self.deliver();
        self.work();
    }

    pub fn stock(&self, goods: Goods) -> Stock {
        inventory::get(&self.app, &self.zoe, goods.variant).unwrap().stock
    }

    pub fn team(&self, id: Id<Team>) -> TeamView {
        team::get(&self.app, &self.ann, id).unwrap()
    }

    pub fn see(&self, who: &Visitor, id: Id<Order>) -> OrderView {
        app::order::get(&self.app, who, id).unwrap()
    }

    /// One number from the database. (PostgreSQL's sums are wider than its numbers.)
    pub fn number(&self, sql: &str) -> i64 {
        let sql = format!("select cast(({sql}) as bigint)");
        self.app.read(|tx| tx.one(&sql, &[], |row| row.get(0))).unwrap()
    }
}
