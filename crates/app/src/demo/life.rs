//! A month of life: what happens next, and to whom. Every happening is a real action.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::group_buy::{Team, TeamStatus};
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::order::Order;
use domain::review::Review;
use domain::shipping::PickupPoint;

use super::agenda::Agenda;
use super::crowd::{self, Shopper};
use super::luck::Luck;
use super::offers::{self, Offer};
use super::opening_day::{Staff, Ware};
use super::{buying, content, delivery, desk, door, rhythm, saying, together};
use crate::clock::Held;
use crate::failure::Failure;
use crate::group_buy::OfferedVariant;
use crate::jobs::{self, Queue};
use crate::{App, Visitor, payment, sandbox, work};

/// How many days the shop has lived when the demo opens.
pub const DAYS: i64 = 30;

/// Somebody, by their place in the crowd.
pub type Who = usize;

/// What happens next.
pub enum Next {
    /// Somebody comes for the first time.
    Arrive(Who),
    /// Somebody comes to look around, and perhaps to buy.
    Visit,
    /// The merchant begins an offer, by its number.
    Launch(usize),
    /// The merchant takes the offer's step.
    Step(usize),
    Pay {
        who: Who,
        order: Id<Order>,
        tries: i64,
    },
    /// A leader shows their team around.
    Share {
        team: usize,
    },
    /// A friend opens the link.
    Follow {
        who: Who,
        team: usize,
        code: String,
        keen: i64,
    },
    /// A buyer changes their mind.
    Regret {
        who: Who,
        order: Id<Order>,
    },
    /// A buyer comes to the counter.
    Fetch {
        who: Who,
        order: Id<Order>,
    },
    /// Mo packs what is paid; on the last day not all of it.
    Pack {
        leave: i64,
    },
    /// The buyer says that it came.
    Confirm {
        who: Who,
        order: Id<Order>,
    },
    /// Zoe pays back for what arrived broken.
    Complaint {
        order: Id<Order>,
    },
    /// A buyer says what they think of it.
    Write {
        who: Who,
        order: Id<Order>,
    },
    /// And adds something after a while.
    FollowUp {
        who: Who,
        review: Id<Review>,
    },
    /// Mo reads a review.
    Answer {
        review: Id<Review>,
        stars: i64,
        too_much: bool,
    },
    Restock,
    /// One of the cast opens a team that is still open at the end, with so many friends.
    Stage {
        who: Who,
        handle: &'static str,
        friends: usize,
    },
    /// Somebody is at the checkout as the demo opens.
    Linger,
}

/// An offer that was launched.
pub struct Running {
    pub id: Id<domain::group_buy::GroupBuy>,
    pub offer: Offer,
    pub variants: Vec<OfferedVariant>,
}

/// A team as those who might join know it.
pub struct Known {
    pub id: Id<Team>,
    /// Its offer's place in `Life::running`.
    pub running: usize,
    pub leader: Who,
    pub deadline: Option<Moment>,
    pub shared: bool,
    /// Kept open for whoever tries the demo: nobody joins it by chance.
    pub kept: Option<usize>,
}

/// What was said so far; by chances of its own, so that the rest of the month stays as it is.
pub struct Saying {
    pub luck: Luck,
    pub hidden: usize,
    pub pictured: usize,
}

/// The demo shop while it lives.
pub struct Life<'a> {
    pub app: &'a App,
    clock: Arc<Held>,
    pub luck: Luck,
    pub crowd: Vec<Shopper>,
    /// Who has an account, in the order of the crowd.
    pub visitors: Vec<Option<Visitor>>,
    pub staff: Staff,
    pub wares: Vec<Ware>,
    /// Where goods can be fetched.
    pub counter: Id<PickupPoint>,
    /// How much each product is liked, in the order of the wares.
    pub liked: Vec<i64>,
    pub offers: Vec<Option<Offer>>,
    pub running: Vec<Running>,
    /// Where an offer, by its number, is in `running`.
    pub launched: BTreeMap<usize, usize>,
    pub teams: Vec<Known>,
    /// Which known team an order is in.
    pub team_of: BTreeMap<i64, usize>,
    /// Who a person is.
    pub who_is: BTreeMap<i64, Who>,
    /// The browsers of those who have no account yet.
    pub guests: BTreeMap<Who, Visitor>,
    pub said: Saying,
    pub agenda: Agenda<Next>,
    pub start: Moment,
    pub end: Moment,
    keys: u64,
    worked_at: Moment,
}

impl<'a> Life<'a> {
    pub fn new(
        app: &'a App,
        clock: Arc<Held>,
        seed: u64,
        (staff, wares, counter): (Staff, Vec<Ware>, Id<PickupPoint>),
        (start, end): (Moment, Moment),
    ) -> Life<'a> {
        let luck = Luck::new(seed);
        let crowd = crowd::gather(content::people(), 4, &luck);
        let liked = wares.iter().map(|_| [2, 5, 12, 30][luck.weighted(&[3, 4, 3, 1])]).collect();
        Life {
            visitors: crowd.iter().map(|_| None).collect(),
            offers: offers::offers().into_iter().map(Some).collect(),
            app,
            counter,
            clock,
            luck,
            crowd,
            staff,
            wares,
            liked,
            running: Vec::new(),
            launched: BTreeMap::new(),
            teams: Vec::new(),
            team_of: BTreeMap::new(),
            who_is: BTreeMap::new(),
            guests: BTreeMap::new(),
            said: Saying { luck: Luck::new(seed + 1), hidden: 0, pictured: 0 },
            agenda: Agenda::new(),
            start,
            end,
            keys: 0,
            worked_at: start,
        }
    }

    /// Lives until the end; `progress` hears how many of a thousand parts are done.
    pub fn live(&mut self, progress: &mut dyn FnMut(u64)) -> Result<(), Failure> {
        self.plan();
        let whole = self.end.since(self.start).0;
        while let Some((at, next)) = self.agenda.next_before(self.end) {
            self.pass_until(at)?;
            match self.happen(next) {
                Ok(()) => (),
                // Somebody was too late, or the rules said no: that is life.
                Err(Failure::Refused(refused)) => tracing::debug!(refused.code, "in the demo"),
                Err(Failure::NotFound | Failure::Stale) => (),
                Err(other) => return Err(other),
            }
            let done = at.since(self.start).0 / (whole / 1_000).max(1);
            progress(u64::try_from(done).unwrap_or(0));
        }
        self.pass_until(self.end)?;
        desk::close_the_day(self)
    }

    fn plan(&mut self) {
        let mut newcomers: Vec<Who> = (4..self.crowd.len()).collect();
        self.luck.shuffle(&mut newcomers);
        for who in 0..4 {
            let at = self.start.plus(Span::minutes(20 + who as i64 * 7));
            self.agenda.add(at, Next::Arrive(who));
        }
        // More come each week, as word gets around.
        let days = DAYS * 24 * 60 - 180;
        for (nth, who) in newcomers.iter().enumerate() {
            let part = (nth as i64 + 1) * days / newcomers.len() as i64;
            let at = self.start.plus(Span::minutes(part + self.luck.between(0, 150)));
            self.agenda.add(awake(&self.luck, at), Next::Arrive(*who));
        }
        let first = rhythm::midnight(self.start);
        for day in 0..=DAYS {
            let midnight = first.plus(Span::days(day));
            self.plan_day(day, midnight);
        }
        for (nth, offer) in self.offers.iter().flatten().enumerate() {
            let day = |day: i64| first.plus(Span::days(day)).plus(Span::minutes(9 * 60 + 17));
            // What starts after the demo opens was prepared yesterday.
            let prepared = offer.days.0.min(DAYS - 1);
            let at = day(prepared).max(self.start.plus(Span::minutes(12 + nth as i64)));
            self.agenda.add(at, Next::Launch(nth));
            if let Some((on, _)) = offer.step {
                self.agenda.add(day(on).plus(Span::hours(5)), Next::Step(nth));
            }
        }
        let before = |minutes: i64| self.end.minus(Span::minutes(minutes));
        let staged = [
            (before(150), crowd::ANN, "velvet-lipstick", 1),
            (before(19 * 60), crowd::LIN, "tea-sampler-box", 2),
            (before(290), crowd::EVE, "tea-pet-animals", 0),
            (before(200), crowd::BOB, "cotton-onesie", 0),
            (before(75), crowd::LIN, "daily-nuts", 2),
        ];
        for (at, who, handle, friends) in staged {
            self.agenda.add(at, Next::Stage { who, handle, friends });
        }
        for minutes in [11, 8, 6, 4, 2] {
            self.agenda.add(before(minutes), Next::Linger);
        }
    }

    fn plan_day(&mut self, day: i64, midnight: Moment) {
        // From 34 visits a day to about 90, with a full-moon sale in between.
        let usual = 34 + day * 56 / DAYS + if (13..=15).contains(&day) { 26 } else { 0 };
        for at in rhythm::visits(&self.luck, midnight, usual) {
            if at > self.start.plus(Span::minutes(30)) {
                self.agenda.add(at, Next::Visit);
            }
        }
        for minutes in [10 * 60 + 20, 16 * 60 + 40] {
            let at = midnight.plus(Span::minutes(minutes));
            let last_day = self.end.since(at) < Span::hours(20);
            let just_before = self.end.since(at) < Span::hours(3);
            if !just_before {
                let leave = if last_day { 330 } else { 40 };
                self.agenda.add(at, Next::Pack { leave });
            }
        }
        if day % 4 == 3 {
            self.agenda.add(midnight.plus(Span::minutes(8 * 60 + 40)), Next::Restock);
        }
    }

    /// Lets time pass: jobs and notices happen when they are due, not when somebody looks.
    fn pass_until(&mut self, at: Moment) -> Result<(), Failure> {
        loop {
            let due = self.app.read(|tx| jobs::next_due(tx, Queue::Ours))?;
            match due {
                Some(due) if due <= at && due > self.worked_at => {
                    self.clock.set(due);
                    self.work()?;
                }
                _ => break,
            }
        }
        self.clock.set(at);
        self.work()
    }

    /// The provider's notices arrive, and what is due is done.
    fn work(&mut self) -> Result<(), Failure> {
        self.worked_at = self.app.now();
        for notice in sandbox::take_due(self.app)? {
            payment::notice(self.app, sandbox::NAME, &notice)?;
        }
        work::drain(self.app).map(|_| ())
    }

    fn happen(&mut self, next: Next) -> Result<(), Failure> {
        match next {
            Next::Arrive(who) => door::arrive(self, who),
            Next::Visit => door::visit(self),
            Next::Launch(nth) => together::launch(self, nth),
            Next::Step(nth) => together::step(self, nth),
            Next::Pay { who, order, tries } => buying::pay(self, who, order, tries),
            Next::Share { team } => together::share(self, team),
            Next::Follow { who, team, code, keen } => {
                together::follow(self, who, team, &code, keen)
            }
            Next::Regret { who, order } => buying::regret(self, who, order),
            Next::Pack { leave } => desk::pack(self, leave),
            Next::Fetch { who, order } => delivery::fetch(self, who, order),
            Next::Confirm { who, order } => buying::confirm(self, who, order),
            Next::Write { who, order } => saying::write(self, who, order),
            Next::FollowUp { who, review } => saying::follow_up(self, who, review),
            Next::Answer { review, stars, too_much } => {
                saying::answer(self, review, stars, too_much)
            }
            Next::Complaint { order } => desk::complaint(self, order),
            Next::Restock => desk::restock(self),
            Next::Stage { who, handle, friends } => together::stage(self, who, handle, friends),
            Next::Linger => buying::linger(self),
        }
    }

    pub fn now(&self) -> Moment {
        self.app.now()
    }

    pub fn later(&mut self, span: Span, next: Next) {
        self.agenda.add(self.now().plus(span), next);
    }

    /// A visitor with a key of their own for one effect.
    pub fn keyed(&mut self, visitor: &Visitor) -> Result<Visitor, Failure> {
        self.keys += 1;
        visitor.clone().with_key(&format!("demo-request-{:012}", self.keys), "demo")
    }

    /// Whether a team still takes people, as far as is known without looking.
    pub fn may_be_open(&self, team: &Known) -> bool {
        team.deadline.is_some_and(|deadline| self.now() < deadline)
    }

    /// How a team stands, for whoever may see it.
    pub fn team_status(&self, id: Id<Team>) -> Result<(TeamStatus, i64), Failure> {
        let view = crate::team::get(self.app, &self.staff.zoe, id)?;
        Ok((view.status, view.free))
    }
}

/// The moment, or the next morning for most of those it would find asleep.
pub fn awake(luck: &Luck, at: Moment) -> Moment {
    if rhythm::hour(at) < 7 && luck.chance(850) {
        let morning = rhythm::midnight(at).plus(Span::minutes(7 * 60 + 20));
        return morning.plus(Span::minutes(luck.between(0, 170)));
    }
    at
}
