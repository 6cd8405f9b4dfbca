//! Flash sales and bargains on paper: who holds what, who waits in which order, who helped whom.
//! See `deals_model`.

use domain::bargain::{Launch, Status as Stage};
use domain::campaign::Channel;
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::order::{Order, Status};

pub const PEOPLE: usize = 4;
/// The goods: those of the flash sale, and those that are bargained for.
pub const HUNTED: usize = 0;
pub const HAGGLED: usize = 1;
pub const PRICES: [i64; 2] = [3_000, 10_000];
pub const FLASH: i64 = 1_990;
pub const FLOOR: i64 = 6_000;
pub const CUTS: i64 = 4;
/// What one person may have of the flash sale.
pub const EACH: i64 = 2;
/// How often one person helps, in all and in a day.
pub const HELPS: usize = 3;
pub const HELPS_A_DAY: usize = 2;
pub const HOLD: Span = Span::minutes(10);
pub const LIFE: Span = Span::hours(2);
pub const AT_FLOOR: Span = Span::hours(1);

/// How an order was bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    Stock,
    Flash,
    Bargain(usize),
}

#[derive(Clone, Debug)]
pub struct PaperOrder {
    pub id: Id<Order>,
    pub who: usize,
    pub of: Of,
    pub goods: usize,
    pub quantity: i64,
    /// What one of them costs.
    pub unit: i64,
    pub total: i64,
    pub status: Status,
    pub pay_by: Moment,
    /// Whether its units were set aside.
    pub aside: bool,
    /// Its buyer ended it: no money brings it back.
    pub by_buyer: bool,
    /// What the provider calls its payment, when one was begun.
    pub payment: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    On,
    Paused,
    Over,
}

/// A campaign: what is left of what was set aside for it.
#[derive(Clone, Debug)]
pub struct PaperCampaign {
    pub life: Life,
    pub ends_at: Moment,
    pub quota: Option<i64>,
    pub left: i64,
}

/// A place in the line, and until when it is this one's turn.
#[derive(Clone, Debug)]
pub struct PaperPlace {
    pub who: usize,
    pub quantity: i64,
    pub until: Option<Moment>,
}

#[derive(Clone, Debug)]
pub struct PaperBargain {
    pub id: Id<Launch>,
    pub who: usize,
    pub price: i64,
    pub missing: i64,
    pub helpers: Vec<usize>,
    pub deadline: Moment,
    pub reached_at: Option<Moment>,
    pub order: Option<usize>,
    pub bought: bool,
}

impl PaperBargain {
    pub fn stage(&self, now: Moment) -> Stage {
        let ends = self.reached_at.map_or(self.deadline, |at| at.plus(AT_FLOOR));
        match (self.bought, now >= ends, self.reached_at) {
            (true, ..) => Stage::Bought,
            (_, true, _) => Stage::Expired,
            (_, _, Some(_)) => Stage::Reached,
            _ => Stage::Running,
        }
    }

    pub fn good(&self, now: Moment) -> bool {
        matches!(self.stage(now), Stage::Running | Stage::Reached)
    }
}

pub struct Paper {
    pub units: [i64; 2],
    pub campaigns: [PaperCampaign; 2],
    pub any_price: bool,
    /// The apps in which bargains reward no help.
    pub silent: Vec<Channel>,
    pub orders: Vec<PaperOrder>,
    pub line: Vec<PaperPlace>,
    pub bargains: Vec<PaperBargain>,
    /// Who helped on which day.
    pub helped: Vec<(usize, i64)>,
    /// All money that went back.
    pub back: i64,
}

impl Paper {
    fn of(&self, goods: usize, status: &[Status]) -> i64 {
        let there = self.orders.iter().filter(|one| one.goods == goods);
        there.filter(|one| status.contains(&one.status)).map(|one| one.quantity).sum()
    }

    pub fn reserved(&self, goods: usize) -> i64 {
        self.of(goods, &[Status::PendingPayment])
    }

    pub fn sold(&self, goods: usize) -> i64 {
        self.of(goods, &[Status::ToShip, Status::Shipped])
    }

    pub fn available(&self, goods: usize) -> i64 {
        let gone = self.reserved(goods) + self.sold(goods);
        self.units[goods] - self.campaigns[goods].left - gone
    }

    pub fn aside(&self, goods: usize) -> bool {
        let campaign = &self.campaigns[goods];
        campaign.quota.is_some() && campaign.life != Life::Over
    }

    /// Whether so many are there for whoever buys in the campaign.
    fn there(&self, goods: usize, quantity: i64) -> bool {
        match self.aside(goods) {
            true => self.campaigns[goods].left >= quantity,
            false => self.available(goods) >= quantity,
        }
    }

    pub fn has(&self, who: usize) -> i64 {
        let stands = [Status::PendingPayment, Status::ToShip, Status::Shipped];
        let flash = self.orders.iter().filter(|one| one.of == Of::Flash && one.who == who);
        flash.filter(|one| stands.contains(&one.status)).map(|one| one.quantity).sum()
    }

    /// Units that are kept for those whose turn it is.
    pub fn kept(&self) -> i64 {
        self.line.iter().filter(|one| one.until.is_some()).map(|one| one.quantity).sum()
    }

    fn turn(&self, who: usize) -> Option<i64> {
        let place = self.line.iter().find(|one| one.who == who && one.until.is_some());
        place.map(|one| one.quantity)
    }

    pub fn may_hunt(&self, who: usize, quantity: i64) -> bool {
        let (campaign, own) = (&self.campaigns[HUNTED], self.turn(who));
        if campaign.life != Life::On || self.has(who) + quantity > EACH {
            return false;
        }
        let others = self.kept() - own.unwrap_or(0);
        let left = campaign.quota.map_or(i64::MAX, |_| campaign.left - others);
        let left = own.map_or(left, |own| left.min(own));
        let waits = self.line.iter().any(|one| one.until.is_none());
        quantity <= left && (own.is_some() || !waits) && self.there(HUNTED, quantity)
    }

    pub fn may_wait(&self, who: usize, quantity: i64) -> bool {
        self.campaigns[HUNTED].life == Life::On && self.has(who) + quantity <= EACH
    }

    /// Whose bargain goes on, rather than another one beginning.
    pub fn open(&self, who: usize, now: Moment) -> Option<usize> {
        let open = |one: &PaperBargain| {
            one.who == who && !one.bought && (one.order.is_some() || one.good(now))
        };
        self.bargains.iter().position(open)
    }

    pub fn may_help(
        &self,
        who: usize,
        at: usize,
        within: Option<Channel>,
        (now, day): (Moment, i64),
    ) -> bool {
        let bargain = &self.bargains[at];
        let helped = |days: &dyn Fn(i64) -> bool| {
            self.helped.iter().filter(|one| one.0 == who && days(one.1)).count()
        };
        bargain.who != who
            && within.is_none_or(|channel| !self.silent.contains(&channel))
            && !bargain.helpers.contains(&who)
            && bargain.stage(now) == Stage::Running
            && bargain.order.is_none()
            && helped(&|_| true) < HELPS
            && helped(&|one| one == day) < HELPS_A_DAY
    }

    pub fn may_buy(&self, who: usize, at: usize, quantity: i64, now: Moment) -> bool {
        let bargain = &self.bargains[at];
        let stage = bargain.stage(now);
        let far = stage == Stage::Reached || (self.any_price && stage == Stage::Running);
        bargain.who == who && far && bargain.order.is_none() && self.there(HAGGLED, quantity)
    }

    /// Takes the units of a new order, or of one that money revived.
    pub fn take(&mut self, order: usize) {
        let PaperOrder { goods, quantity, of, .. } = self.orders[order];
        self.orders[order].aside = of != Of::Stock && self.aside(goods);
        if self.orders[order].aside {
            self.campaigns[goods].left -= quantity;
        }
        match of {
            Of::Bargain(at) => self.bargains[at].order = Some(order),
            Of::Flash | Of::Stock => (),
        }
    }

    /// Whoever bought when it was their turn has had it.
    pub fn had_turn(&mut self, who: usize) {
        self.line.retain(|one| one.who != who || one.until.is_none());
    }

    pub fn paid(&mut self, order: usize) {
        self.orders[order].status = Status::ToShip;
        if let Of::Bargain(at) = self.orders[order].of {
            self.bargains[at].bought = true;
        }
    }

    /// It is over: its units are where they came from, its bargain is good again unless it was
    /// bought, and what was paid goes back.
    pub fn over(&mut self, order: usize, status: Status) {
        let PaperOrder { goods, quantity, of, aside, total, .. } = self.orders[order];
        self.orders[order].status = status;
        if aside && self.aside(goods) {
            self.campaigns[goods].left += quantity;
        }
        match of {
            Of::Bargain(at) if status == Status::Cancelled => self.bargains[at].order = None,
            _ => (),
        }
        self.back += if status == Status::Refunded { total } else { 0 };
    }

    pub fn end(&mut self, goods: usize) {
        self.campaigns[goods].life = Life::Over;
        self.campaigns[goods].left = 0;
    }

    pub fn wait_until(&mut self, now: Moment) {
        for order in 0..self.orders.len() {
            let PaperOrder { status, pay_by, .. } = self.orders[order];
            if status == Status::PendingPayment && pay_by <= now {
                self.over(order, Status::Cancelled);
            }
        }
        for goods in [HUNTED, HAGGLED] {
            if self.campaigns[goods].ends_at <= now {
                self.end(goods);
            }
        }
    }

    /// Whose turn went by is passed; those in front are served, for as long as there is enough for
    /// whoever is next.
    pub fn serve(&mut self, now: Moment) {
        if self.campaigns[HUNTED].life == Life::Over {
            return self.line.clear();
        }
        self.line.retain(|one| one.until.is_none_or(|until| now < until));
        let there = match self.campaigns[HUNTED].quota {
            Some(_) => self.campaigns[HUNTED].left,
            None => self.available(HUNTED),
        };
        let (mut free, until) = (there - self.kept(), self.campaigns[HUNTED].ends_at);
        for place in self.line.iter_mut().filter(|one| one.until.is_none()) {
            free -= place.quantity;
            if free < 0 {
                return;
            }
            place.until = Some(now.plus(HOLD).min(until));
        }
    }

    /// Money for an order that was closed: it buys what is still to be had, or goes back.
    pub fn late(&mut self, order: usize, now: Moment) {
        let PaperOrder { who, goods, quantity, of, unit, by_buyer, total, .. } = self.orders[order];
        let on = self.campaigns[goods].life == Life::On;
        let waited: i64 = self.line.iter().map(|one| one.quantity).sum();
        let buys = match of {
            Of::Stock => self.available(goods) >= quantity,
            Of::Flash => {
                let free = match self.campaigns[goods].quota {
                    Some(_) => self.campaigns[goods].left - waited,
                    None => self.available(goods),
                };
                on && free >= quantity && self.has(who) + quantity <= EACH
            }
            Of::Bargain(at) => {
                let bargain = &self.bargains[at];
                let same = bargain.order.is_none() && bargain.price == unit;
                on && bargain.good(now) && same && self.there(goods, quantity)
            }
        };
        if buys && !by_buyer {
            self.take(order);
            self.paid(order);
        } else {
            self.orders[order].status = Status::LatePaid;
            self.back += total;
        }
    }
}
