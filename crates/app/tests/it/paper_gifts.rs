//! Gifts and the points shop on paper: whose points are where, what is left of each item, who has
//! which coupon, and how far each order is. See `gifts_model`.

use domain::coupon::Coupon;
use domain::gift::Gift;
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::order::{Order, Status};

pub const PEOPLE: usize = 4;
/// How long a gift can be taken.
pub const LIFE: Span = Span::hours(2);

/// What can be had for points: a coupon, goods for some money besides, goods for points alone.
pub const COUPON: usize = 0;
pub const BESIDES: usize = 1;
pub const POINTS: [i64; 3] = [300, 500, 700];
pub const MONEY: [i64; 3] = [0, 990, 0];
pub const STOCK: [i64; 3] = [2, 3, 2];
pub const EACH: [i64; 3] = [1, 2, 2];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// With the coupon that was used for it.
    Gift {
        id: Id<Gift>,
        coupon: Option<usize>,
    },
    Exchange {
        item: usize,
    },
}

#[derive(Clone, Debug)]
pub struct PaperOrder {
    pub id: Id<Order>,
    pub who: usize,
    pub what: What,
    pub quantity: i64,
    pub total: i64,
    pub status: Status,
    pub pay_by: Moment,
    /// Until when a paid gift can be taken, what its link ends in, and who took it.
    pub deadline: Option<Moment>,
    pub secret: String,
    pub taker: Option<usize>,
    pub by_buyer: bool,
    pub payment: Option<String>,
}

#[derive(Clone, Copy, Debug)]
pub struct PaperCoupon {
    pub id: Id<Coupon>,
    pub who: usize,
    pub used: bool,
}

pub struct Paper {
    /// Of the goods that are given and of those for money and points; of those for points alone.
    pub units: [i64; 2],
    pub over: bool,
    pub ends_at: Moment,
    pub left: [i64; 3],
    pub had: [[i64; 3]; PEOPLE],
    /// What everybody can spend; below nothing they owe it.
    pub points: [i64; PEOPLE],
    pub coupons: Vec<PaperCoupon>,
    pub orders: Vec<PaperOrder>,
    pub back: i64,
}

impl PaperOrder {
    fn goods(&self) -> usize {
        usize::from(matches!(self.what, What::Exchange { item } if item > BESIDES))
    }
}

impl Paper {
    fn of(&self, goods: usize, status: &[Status]) -> i64 {
        let there = self.orders.iter().filter(|one| one.goods() == goods);
        there.filter(|one| status.contains(&one.status)).map(|one| one.quantity).sum()
    }

    pub fn reserved(&self, goods: usize) -> i64 {
        self.of(goods, &[Status::PendingPayment])
    }

    pub fn sold(&self, goods: usize) -> i64 {
        self.of(goods, &[Status::AwaitingTaker, Status::ToShip, Status::Shipped])
    }

    pub fn available(&self, goods: usize) -> i64 {
        let gone = self.reserved(goods) + self.sold(goods);
        self.units[goods] - self.left[goods + 1] - gone
    }

    pub fn may_exchange(&self, who: usize, item: usize, quantity: i64) -> bool {
        !self.over
            && (item != COUPON || quantity == 1)
            && self.had[who][item] + quantity <= EACH[item]
            && self.left[item] >= quantity
            && self.points[who] >= quantity * POINTS[item]
    }

    /// A coupon somebody can use.
    pub fn coupon(&self, who: usize) -> Option<usize> {
        self.coupons.iter().position(|one| one.who == who && !one.used)
    }

    pub fn paid(&mut self, order: usize, now: Moment) {
        let order = &mut self.orders[order];
        order.status = match order.what {
            What::Gift { .. } => Status::AwaitingTaker,
            What::Exchange { .. } => Status::ToShip,
        };
        if order.status == Status::AwaitingTaker {
            order.deadline = Some(now.plus(LIFE));
        }
    }

    /// It was not paid for: its points are there again, it counts for nobody, and its units are the
    /// points shop's again while that is open.
    pub fn unpaid(&mut self, order: usize) {
        let PaperOrder { who, what, quantity, .. } = self.orders[order];
        self.orders[order].status = Status::Cancelled;
        match what {
            What::Gift { coupon: Some(coupon), .. } => self.coupons[coupon].used = false,
            What::Gift { .. } => (),
            What::Exchange { item } => {
                self.points[who] += quantity * POINTS[item];
                self.had[who][item] -= quantity;
                self.left[item] += if self.over { 0 } else { quantity };
            }
        }
    }

    /// Its money goes back, and its points; a coupon that paid for it does not, and what somebody
    /// had of the points shop they have had.
    pub fn refunded(&mut self, order: usize) {
        let PaperOrder { who, what, quantity, total, .. } = self.orders[order];
        self.orders[order].status = Status::Refunded;
        self.back += total;
        if let What::Exchange { item } = what {
            self.points[who] += quantity * POINTS[item];
        }
    }

    /// Money that comes when the order is closed: it takes everything again, or goes back.
    pub fn late(&mut self, order: usize, now: Moment) {
        let PaperOrder { who, what, quantity, by_buyer, total, .. } = self.orders[order];
        let goods = self.orders[order].goods();
        let coupon = match what {
            What::Gift { coupon, .. } => coupon,
            What::Exchange { .. } => None,
        };
        let held = coupon.is_none_or(|coupon| !self.coupons[coupon].used);
        if by_buyer || !held || self.available(goods) < quantity {
            self.orders[order].status = Status::LatePaid;
            self.back += total;
            return;
        }
        if let Some(coupon) = coupon {
            self.coupons[coupon].used = true;
        }
        if let What::Exchange { item } = what {
            self.points[who] -= quantity * POINTS[item];
            self.had[who][item] += quantity;
        }
        self.paid(order, now);
    }

    pub fn end(&mut self) {
        (self.over, self.left[1], self.left[2]) = (true, 0, 0);
    }

    pub fn wait_until(&mut self, now: Moment) {
        for at in 0..self.orders.len() {
            let PaperOrder { status, pay_by, deadline, .. } = self.orders[at];
            match status {
                Status::PendingPayment if pay_by <= now => self.unpaid(at),
                Status::AwaitingTaker if deadline.is_some_and(|at| at <= now) => self.refunded(at),
                _ => (),
            }
        }
        if self.ends_at <= now && !self.over {
            self.end();
        }
    }
}
