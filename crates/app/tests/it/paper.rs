//! The shop on paper: orders, teams and purses as a shopkeeper would keep them. See `model`.

use domain::group_buy::{Team, TeamStatus};
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::order::{Order, Status};

use crate::paper_delivery::To;

/// People in a complete team.
pub const NEED: usize = 3;
pub const LIFE: Span = Span::minutes(60);

/// An order on paper.
#[derive(Clone, Debug)]
pub struct PaperOrder {
    pub id: Id<Order>,
    pub who: usize,
    pub team: Option<usize>,
    pub status: Status,
    pub pay_by: Moment,
    /// What its unit cost with tax, and what it cost in all.
    pub goods: i64,
    pub total: i64,
    /// What the buyer's wallet promised to it, or paid.
    pub wallet: i64,
    /// Whether an invoice was issued for it.
    pub invoiced: bool,
    pub to: To,
    /// Whether what arrived went back.
    pub returned: bool,
}

/// A team on paper. Who is in it is read off the orders.
#[derive(Clone, Debug)]
pub struct PaperTeam {
    pub id: Id<Team>,
    pub status: TeamStatus,
    pub deadline: Option<Moment>,
}

pub struct Paper {
    pub available: i64,
    /// What everybody can spend from their wallet.
    pub purses: [i64; 5],
    pub orders: Vec<PaperOrder>,
    pub teams: Vec<PaperTeam>,
}

impl Paper {
    /// Orders that have a place in the team, paid or not yet.
    pub fn places(&self, team: usize) -> impl Iterator<Item = &PaperOrder> {
        let waits = |order: &&PaperOrder| {
            matches!(order.status, Status::PendingPayment | Status::AwaitingTeam)
        };
        self.orders.iter().filter(move |order| order.team == Some(team)).filter(waits)
    }

    pub fn confirmed(&self, team: usize) -> usize {
        self.places(team).filter(|order| order.status == Status::AwaitingTeam).count()
    }

    pub fn may_join(&self, who: usize, team: usize, now: Moment) -> bool {
        let found = &self.teams[team];
        found.status == TeamStatus::Open
            && found.deadline.is_some_and(|deadline| now < deadline)
            && self.places(team).all(|order| order.who != who)
            && self.places(team).count() < NEED
            && self.available > 0
    }

    pub fn pay(&mut self, order: usize, now: Moment) {
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
    pub fn over(&mut self, order: usize, status: Status) {
        self.orders[order].status = status;
        self.available += 1;
        self.give_back(order);
    }

    pub fn give_back(&mut self, order: usize) {
        let PaperOrder { who, wallet, .. } = &mut self.orders[order];
        self.purses[*who] += std::mem::take(wallet);
    }

    /// The wallet promises what it can. Whether that is everything.
    pub fn promise(&mut self, order: usize) -> bool {
        self.give_back(order);
        let PaperOrder { who, total, wallet, .. } = &mut self.orders[order];
        *wallet = self.purses[*who].min(*total);
        self.purses[*who] -= *wallet;
        wallet == total
    }

    pub fn end(&mut self, order: usize) {
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
    pub fn abandon(&mut self, team: Option<usize>) {
        if let Some(team) = team.filter(|team| self.teams[*team].status == TeamStatus::Forming) {
            self.teams[team].status = TeamStatus::Abandoned;
        }
    }

    pub fn fail(&mut self, team: usize) {
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

    pub fn change(&mut self, team: usize, from: Status, to: Status) -> i64 {
        let theirs = self.orders.iter_mut().filter(|order| order.team == Some(team));
        let changed = theirs.filter(|order| order.status == from);
        changed.map(|order| order.status = to).count() as i64
    }

    pub fn wait_until(&mut self, now: Moment) {
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
