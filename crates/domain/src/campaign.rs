//! Campaigns: one life, one set of limits and one budget for every mechanic (SPEC §3).
//!
//! `draft → checked → scheduled → running → paused | ended → evaluated`. A draft is changed at
//! will; the check (`compliance`) lets it pass; from then on every change makes it a draft again,
//! until it has started: then only what is in shoppers' favour may change (`favour`). The clock
//! starts and ends it, whatever the job that writes that down does. What it promises is reserved in
//! its budget before it is promised (`budget`).

use serde::{Deserialize, Serialize};

use crate::id::{Id, Kind};
use crate::moment::{Moment, Span};
use crate::money::Money;
use crate::person::Person;
use crate::promotion::Combines;
use crate::rate::Rate;

pub mod audience;
pub mod budget;
pub mod favour;
pub mod holdout;
mod kind;
pub mod limit;

pub use kind::{Channel, ChannelUse, Goal, Measure, Mechanic};

use audience::Audience;
use limit::Limits;

/// A campaign, whatever its mechanic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Campaign {
    pub id: Id<Campaign>,
    pub mechanic: Mechanic,
    pub status: Status,
    pub starts_at: Moment,
    pub ends_at: Moment,
    pub frame: Frame,
}
impl Kind for Campaign {
    const PREFIX: &'static str = "cmp";
}
crate::id::described!(Campaign);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = CampaignStatus))]
pub enum Status {
    Draft,
    /// The check let it pass, with every finding answered.
    Checked,
    /// Will start by itself.
    Scheduled,
    Running,
    /// Nothing new begins; what has begun goes on.
    Paused,
    /// Nothing can be won any more; what was promised is still settled.
    Ended,
    /// Its budget is closed and its figures are held against its goal.
    Evaluated,
}
codes!(Status {
    Draft = "draft",
    Checked = "checked",
    Scheduled = "scheduled",
    Running = "running",
    Paused = "paused",
    Ended = "ended",
    Evaluated = "evaluated",
});

impl Status {
    /// The states that may follow this one.
    pub fn next(self) -> &'static [Status] {
        use Status::*;
        match self {
            Draft => &[Checked],
            Checked => &[Draft, Scheduled],
            Scheduled => &[Draft, Running, Ended],
            Running => &[Paused, Ended],
            Paused => &[Running, Ended],
            Ended => &[Evaluated],
            Evaluated => &[],
        }
    }

    pub fn may_become(self, next: Status) -> bool {
        self.next().contains(&next)
    }

    /// Whether shoppers have been promised what it says.
    pub fn is_published(self) -> bool {
        !matches!(self, Status::Draft | Status::Checked)
    }
}

/// What every campaign settles, beside what its mechanic asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = CampaignFrame))]
pub struct Frame {
    pub title: String,
    pub goals: Vec<Goal>,
    pub audience: Audience,
    pub limits: Limits,
    /// What may be given away at the very most; none for those that give nothing.
    #[serde(default)]
    pub budget: Option<Money>,
    /// The part of the audience that does not see it, so that its true effect can be measured.
    #[cfg_attr(feature = "schema", schema(value_type = i64))]
    pub holdout: Rate,
    pub channels: Vec<ChannelUse>,
    pub combines: Combines,
}

/// Which setting of a frame cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadFrame {
    /// 1 to 120 characters.
    Title,
    /// The end comes after the start, within a year.
    Dates,
    /// One to five goals, each of something else and above nothing.
    Goals,
    Audience,
    Limits,
    /// Rewards need a budget above nothing.
    Budget,
    /// At most half of the audience; of a group buy, which everybody sees, nobody.
    Holdout,
    /// One channel or more, none twice.
    Channels,
}

/// A campaign runs at most this long.
pub const LONGEST: Span = Span::days(366);

impl Frame {
    /// What a merchant begins with, whatever the mechanic: a hundred people to take part, everyone
    /// once a day, in the shop and by link.
    pub fn usual(mechanic: Mechanic, title: &str, budget: Option<Money>) -> Frame {
        // A list of tasks has several to take on one day; a packet is one part each, a drop one
        // coupon; in games chances and tries are counted by themselves.
        let (per_person, per_day) = match mechanic {
            Mechanic::RedPacket | Mechanic::CouponDrop => (1, None),
            Mechanic::Draw | Mechanic::Guess | Mechanic::Quiz | Mechanic::PointsShop => (100, None),
            Mechanic::Tasks => (30, None),
            // How many units one may buy is the sale's own to say.
            Mechanic::FlashSale => (10, None),
            _ => (30, Some(1)),
        };
        let limits = match mechanic {
            Mechanic::GroupBuy => Limits::OPEN,
            _ => Limits { per_person, per_cluster: per_person, per_day, total: None },
        };
        Frame {
            title: title.to_string(),
            goals: vec![Goal { measure: Measure::Participants, target: 100 }],
            audience: Audience::Everyone,
            limits,
            budget: budget.filter(|_| mechanic.rewards()),
            holdout: Rate::NONE,
            channels: vec![Channel::Shop.usual(), Channel::Wechat.usual(), Channel::Link.usual()],
            combines: mechanic.combines(),
        }
    }
}

impl Frame {
    /// Whether everybody may take part, as often as they like: nobody is asked or counted.
    pub fn is_open(&self) -> bool {
        self.audience == Audience::Everyone && self.limits == Limits::OPEN
    }
}

impl Campaign {
    /// The same once more, as a draft under another id that begins at `starts_at` and lasts as
    /// long.
    #[must_use]
    pub fn copy(&self, id: Id<Campaign>, starts_at: Moment) -> Campaign {
        let ends_at = starts_at.plus(self.ends_at.since(self.starts_at));
        Campaign { id, status: Status::Draft, starts_at, ends_at, ..self.clone() }
    }

    /// Whether these settings make a campaign. Whether it is lawful is asked elsewhere.
    pub fn check(&self) -> Result<(), BadFrame> {
        let frame = &self.frame;
        if !(1..=120).contains(&frame.title.trim().chars().count()) {
            return Err(BadFrame::Title);
        }
        let lasts = self.ends_at.since(self.starts_at);
        if lasts <= Span(0) || lasts > LONGEST {
            return Err(BadFrame::Dates);
        }
        let twice = |at: usize| {
            frame.goals[..at].iter().any(|goal| goal.measure == frame.goals[at].measure)
        };
        let goals = frame.goals.len();
        if !(1..=5).contains(&goals)
            || (0..goals).any(twice)
            || frame.goals.iter().any(|goal| goal.target < 1)
        {
            return Err(BadFrame::Goals);
        }
        if !frame.audience.is_sensible() {
            return Err(BadFrame::Audience);
        }
        if !frame.limits.is_sensible() {
            return Err(BadFrame::Limits);
        }
        let funded = frame.budget.map_or(!self.mechanic.rewards(), |budget| budget.minor > 0);
        if !funded {
            return Err(BadFrame::Budget);
        }
        // Everybody sees what a group buy costs: nobody is kept from it without knowing.
        let most = if self.mechanic == Mechanic::GroupBuy { 0 } else { 5_000 };
        if frame.holdout.basis_points() > most {
            return Err(BadFrame::Holdout);
        }
        let channels = &frame.channels;
        let twice = |at: usize| channels[..at].iter().any(|c| c.channel == channels[at].channel);
        if channels.is_empty() || (0..channels.len()).any(twice) {
            return Err(BadFrame::Channels);
        }
        Ok(())
    }

    /// The state by the clock: a late job starts and ends nothing later than it should.
    pub fn status_at(&self, now: Moment) -> Status {
        match self.status {
            Status::Scheduled | Status::Running | Status::Paused if now >= self.ends_at => {
                Status::Ended
            }
            Status::Scheduled if now >= self.starts_at => Status::Running,
            status => status,
        }
    }

    /// Whether something new may begin in it now.
    pub fn is_running(&self, now: Moment) -> bool {
        self.status_at(now) == Status::Running
    }

    /// Whether a share by this channel is rewarded: as it was switched, or as is usual.
    pub fn rewards_share_by(&self, channel: Channel) -> bool {
        let switched = self.frame.channels.iter().find(|one| one.channel == channel);
        switched.copied().unwrap_or(channel.usual()).rewarded
    }

    /// Whether what a friend does is rewarded who opened the link within an app's own browser.
    pub fn may_reward_in(&self, within: Option<Channel>) -> Result<(), NoEntry> {
        match within.filter(|channel| !self.rewards_share_by(*channel)) {
            Some(channel) if self.mechanic.rewards_sharing() => Err(NoEntry::Silent(channel)),
            _ => Ok(()),
        }
    }
}

/// What staff or the clock want of a campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// The check found nothing that stands in the way, or every finding was answered.
    Pass {
        may_launch: bool,
    },
    /// Something was changed before it started.
    Edit,
    /// It will start by itself; its budget is reserved and its stock set aside.
    Schedule {
        funded: bool,
        stocked: bool,
    },
    /// The clock: starts or ends what is due.
    Tick,
    Pause,
    Resume,
    /// By the merchant, before its time.
    End,
    /// Nothing is waiting any more: figures are held against the goal.
    Evaluate {
        waiting: i64,
    },
}

/// Why a campaign stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A campaign in this state cannot do that.
    NotNow(Status),
    /// Settings that cannot be.
    BadFrame(BadFrame),
    /// A finding of the check stands in the way.
    NotLawful,
    /// Its budget is not reserved.
    NotFunded,
    /// Its stock is not set aside.
    NotStocked,
    /// Its end has passed, or comes before its start.
    TooLate,
    /// So many rewards still wait for what they depend on.
    StillWaiting(i64),
    /// After the start this changes only in shoppers' favour.
    Frozen(favour::Field),
    /// Not running.
    NotRunning,
}

/// What follows from a command: the next state, and what else has to happen with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    pub to: Status,
    /// What is not promised goes back: budget and stock.
    pub gives_back: bool,
}

/// Moves a campaign. The state by the clock counts, so that nobody pauses what is over.
pub fn decide(campaign: &Campaign, command: Command, now: Moment) -> Result<Moved, Refusal> {
    let status = campaign.status_at(now);
    let to = |to: Status| {
        let moved = Moved { to, gives_back: to == Status::Ended };
        // What the clock has done already is written down with it.
        if status.may_become(to) { Ok(moved) } else { Err(Refusal::NotNow(status)) }
    };
    match command {
        Command::Pass { may_launch } => {
            campaign.check().map_err(Refusal::BadFrame)?;
            if status == Status::Draft && !may_launch {
                return Err(Refusal::NotLawful);
            }
            to(Status::Checked)
        }
        Command::Edit => match status {
            Status::Draft => Ok(Moved { to: Status::Draft, gives_back: false }),
            // What was reserved for it goes back with the schedule.
            Status::Scheduled => Ok(Moved { to: Status::Draft, gives_back: true }),
            _ => to(Status::Draft),
        },
        Command::Schedule { funded, stocked } => {
            let moved = to(Status::Scheduled)?;
            if now >= campaign.ends_at {
                return Err(Refusal::TooLate);
            }
            if !funded && campaign.frame.budget.is_some() {
                return Err(Refusal::NotFunded);
            }
            if stocked { Ok(moved) } else { Err(Refusal::NotStocked) }
        }
        Command::Tick if status == campaign.status => Err(Refusal::NotNow(status)),
        Command::Tick => Ok(Moved { to: status, gives_back: status == Status::Ended }),
        Command::Pause => to(Status::Paused),
        Command::Resume if status == Status::Paused => to(Status::Running),
        Command::Resume => Err(Refusal::NotNow(status)),
        Command::End => to(Status::Ended),
        Command::Evaluate { waiting } => {
            let moved = to(Status::Evaluated)?;
            if waiting > 0 { Err(Refusal::StillWaiting(waiting)) } else { Ok(moved) }
        }
    }
}

/// Somebody who wants to take part: what every mechanic asks first.
#[derive(Clone, Debug)]
pub struct Visitor<'a> {
    pub person: Id<Person>,
    pub who: audience::Who<'a>,
    /// Where their number falls for the hold-out, from `holdout::bucket`.
    pub bucket: i64,
    pub counts: limit::Counts,
}

/// Why somebody does not take part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoEntry {
    NotRunning,
    /// It is for others.
    NotForYou,
    /// They are in the part that does not see it. Nobody is told: for them there is no campaign.
    HeldOut,
    /// A limit is reached.
    Limit(limit::Reached),
    /// Sharing is not rewarded where they opened the link (CN-PRO-17).
    Silent(Channel),
}

/// Whether somebody may take part now, once more.
pub fn may_enter(campaign: &Campaign, visitor: &Visitor, now: Moment) -> Result<(), NoEntry> {
    match may_go_on(campaign, visitor) {
        Err(NoEntry::HeldOut) => Err(NoEntry::HeldOut),
        _ if !campaign.is_running(now) => Err(NoEntry::NotRunning),
        allowed => allowed,
    }
}

/// Whether somebody may take part in something of it that others began, which goes on when nothing
/// new begins in it any more.
pub fn may_go_on(campaign: &Campaign, visitor: &Visitor) -> Result<(), NoEntry> {
    if holdout::is_out(visitor.bucket, campaign.frame.holdout) {
        return Err(NoEntry::HeldOut);
    }
    if !campaign.frame.audience.includes(&visitor.who) {
        return Err(NoEntry::NotForYou);
    }
    campaign.frame.limits.allow(&visitor.counts).map_err(NoEntry::Limit)
}

#[cfg(test)]
mod tests;
