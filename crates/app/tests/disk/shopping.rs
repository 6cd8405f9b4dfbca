//! Several people who shop at once, and a note of everything they were told is done.

use std::path::PathBuf;
use std::sync::Mutex;

use app::checkout::What;
use app::dice::{Seeded, below};
use app::failure::Failure;
use app::{Visitor, order_desk, payment, sandbox};
use domain::group_buy::{GroupBuy, Team};
use domain::id::Id;
use domain::order::{Order, Status};

use crate::disk;
use crate::support::TestShop;
use crate::trade::Goods;

/// What somebody was told, about the order of this number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acknowledged {
    Placed(i64),
    Paid(i64),
    Cancelled(i64),
}

/// A shop with something to sell, alone and together.
pub struct Market<'s> {
    pub shop: &'s TestShop,
    pub goods: Goods,
    pub group_buy: Id<GroupBuy>,
    pub buyers: Vec<Visitor>,
    /// What went wrong that nobody should be told: neither the rules nor a disk that is full.
    pub wrong: Mutex<Vec<String>>,
}

impl Market<'_> {
    pub fn open(shop: &TestShop, buyers: usize) -> Market<'_> {
        let goods = shop.goods("tea", 8_800, 1_000_000);
        let change = |settings: &mut app::group_buy::Settings| settings.per_person = 9_999;
        let group_buy = shop.group_buy(goods, 6_800, None, change);
        let buyers = (0..buyers).map(|n| shop.shopper(&format!("buyer-{n}"))).collect();
        Market { shop, goods, group_buy, buyers, wrong: Mutex::default() }
    }

    /// Everybody does `steps` things at once; every so often the log goes into the data.
    pub fn trade(&self, seed: u64, steps: u64) {
        let file = folder(self.shop).join("pinwheel.db");
        std::thread::scope(|scope| {
            for number in 0..self.buyers.len() {
                let file = &file;
                scope.spawn(move || {
                    let dice = Seeded::new(seed ^ ((number as u64) << 32));
                    let mut orders = Vec::new();
                    for step in 0..steps {
                        self.step(&self.buyers[number], &dice, &mut orders);
                        if number == 0 && step % 20 == 19 {
                            let _ = app::work::drain(&self.shop.app);
                            checkpoint(file, step % 40 == 39);
                        }
                    }
                });
            }
        });
    }

    fn step(&self, who: &Visitor, dice: &Seeded, orders: &mut Vec<(Id<Order>, Option<Id<Team>>)>) {
        let (variant, group_buy) = (self.goods.variant, self.group_buy);
        let some = (!orders.is_empty()).then(|| {
            let at = below(dice, orders.len() as u64) as usize;
            orders[at]
        });
        match (below(dice, 10), some) {
            (0..=2, _) | (_, None) => {
                let what = What::Now { variant, quantity: 1 + below(dice, 3) as i64 };
                orders.extend(self.place(who, what));
            }
            (3, _) => {
                let what = What::OpenTeam { group_buy, variant, quantity: 1 };
                orders.extend(self.place(who, what));
            }
            (4, _) => {
                let open = app::team::open_teams(&self.shop.app, who, Some("tea"), 5);
                if let Some(team) = open.ok().and_then(|teams| teams.into_iter().next()) {
                    let what = What::JoinTeam { team: team.id, variant, quantity: 1 };
                    orders.extend(self.place(who, what));
                }
            }
            (5..=7, Some((order, _))) => {
                self.told(self.pay(who, order));
            }
            (_, Some((order, _))) => {
                if self.told(order_desk::cancel(&self.shop.app, who, order)).is_some() {
                    disk::mark(Acknowledged::Cancelled(order.0));
                }
            }
        }
    }

    /// What somebody is answered: the thing, a refusal, or "later, please".
    fn told<T>(&self, answer: Result<T, Failure>) -> Option<T> {
        match answer {
            Ok(value) => return Some(value),
            Err(Failure::Refused(_) | Failure::Unavailable) => (),
            Err(other) => self.wrong.lock().unwrap().push(format!("{other:?}")),
        }
        None
    }

    pub fn place(&self, who: &Visitor, what: What) -> Option<(Id<Order>, Option<Id<Team>>)> {
        let placed = self.told(self.shop.order(who, what))?;
        disk::mark(Acknowledged::Placed(placed.order.0));
        Some((placed.order, placed.team))
    }

    pub fn pay(&self, who: &Visitor, order: Id<Order>) -> Result<(), Failure> {
        let app = &self.shop.app;
        let pay = payment::begin(app, who, order)?;
        sandbox::act(app, &pay.payment.to_string(), sandbox::Act::Pay)?;
        for notice in sandbox::take_due(app)? {
            payment::notice(app, sandbox::NAME, &notice)?;
        }
        // Somebody else may be carrying the notice: what is seen is what is so.
        let seen = app::order::get(app, who, order)?.status;
        if !matches!(seen, Status::PendingPayment | Status::Cancelled) {
            disk::mark(Acknowledged::Paid(order.0));
        }
        Ok(())
    }
}

/// Where the shop's file is.
pub fn folder(shop: &TestShop) -> PathBuf {
    crate::support::file(shop).parent().unwrap().to_path_buf()
}

/// Moves the log into the data, as SQLite does by itself when the log is long.
fn checkpoint(file: &std::path::Path, whole: bool) {
    let conn = rusqlite::Connection::open(file).unwrap();
    let mode = if whole { "truncate" } else { "passive" };
    let _ = conn.query_row(&format!("pragma wal_checkpoint({mode})"), [], |_| Ok(()));
}
