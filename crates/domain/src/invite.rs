//! Rewards for inviting a friend (老带新): one level, for a first order that was delivered and kept,
//! so often a month, and never for bringing promoters (RULES CN-MLM-07).
//!
//! An invitation knows who invited and who came, and nothing above: a second level cannot be said.
//! The reward is promised when the friend's first order is paid, waits in the campaign's escrow,
//! and is given when that order can no longer be sent back. What the friend gets is apart, and
//! theirs even when whoever invited has had enough for the month.

use serde::{Deserialize, Serialize};

use crate::campaign::budget::Command;
use crate::id::{Id, Kind};
use crate::moment::{Moment, Span};
use crate::order::Order;
use crate::person::Person;

/// Somebody who came because somebody else invited them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invite {
    pub id: Id<Invite>,
    pub inviter: Id<Person>,
    pub friend: Id<Person>,
    pub at: Moment,
    pub state: State,
}
impl Kind for Invite {
    const PREFIX: &'static str = "ivt";
}
crate::id::described!(Invite);

/// How far an invitation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The friend is here and has not bought.
    Joined,
    /// Their first order is paid. Whether whoever invited is rewarded for it.
    Ordered { order: Id<Order>, rewards: bool },
    /// It can no longer be sent back: what was promised was given.
    Rewarded { order: Id<Order>, rewards: bool },
    /// They did not buy in time.
    Lapsed,
}

impl State {
    pub fn code(self) -> &'static str {
        match self {
            State::Joined => "joined",
            State::Ordered { .. } => "ordered",
            State::Rewarded { .. } => "rewarded",
            State::Lapsed => "lapsed",
        }
    }
}

/// What a merchant settles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = InviteTerms))]
pub struct Terms {
    /// What whoever invited gets, and the friend, in minor units or points of the campaign's
    /// budget.
    pub reward: i64,
    pub friend_reward: i64,
    /// How often a month somebody is rewarded.
    pub per_month: i64,
    /// The friend's first order is paid within so long after they came.
    #[cfg_attr(feature = "schema", schema(value_type = i64))]
    pub window: Span,
    /// What that order costs at least, in minor units.
    #[serde(default)]
    pub least: i64,
}

/// Nobody is rewarded more often a month (CN-MLM-07), and no invitation holds longer (CN-MLM-08).
pub const MOST_A_MONTH: i64 = 10;
pub const LONGEST_WINDOW: Span = Span::days(30);

impl Terms {
    /// What a merchant begins with: the same for both, for a first order within thirty days.
    pub fn usual(reward: i64) -> Terms {
        Terms {
            reward,
            friend_reward: reward,
            per_month: MOST_A_MONTH,
            window: LONGEST_WINDOW,
            least: 0,
        }
    }

    pub fn is_sensible(&self) -> bool {
        self.reward >= 1
            && self.friend_reward >= 0
            && self.least >= 0
            && (1..=MOST_A_MONTH).contains(&self.per_month)
            && (Span::hours(1)..=LONGEST_WINDOW).contains(&self.window)
    }
}

/// Somebody who came by an invitation.
#[derive(Clone, Copy, Debug)]
pub struct Comer<'a> {
    pub person: Id<Person>,
    /// Since when they have an account, and when they opened the invitation.
    pub joined_at: Moment,
    pub opened_at: Moment,
    pub has_bought: bool,
    /// Somebody invited them already.
    pub is_invited: bool,
    /// They share a device, an account or an address with whoever invited.
    pub same_cluster: bool,
    /// Whoever invited the inviter, and so on up: nobody is invited by whom they brought.
    pub above_inviter: &'a [Id<Person>],
}

/// Why an invitation does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nobody invites themselves, nor by another device of theirs.
    Oneself,
    /// They were here before the invitation.
    NotNew,
    /// Somebody else invited them first.
    AlreadyInvited,
    /// It would go round in a circle.
    Circle,
}

/// Whether somebody counts as invited.
pub fn join(inviter: Id<Person>, comer: &Comer) -> Result<State, Refusal> {
    if comer.person == inviter || comer.same_cluster {
        return Err(Refusal::Oneself);
    }
    if comer.above_inviter.contains(&comer.person) {
        return Err(Refusal::Circle);
    }
    if comer.has_bought || comer.joined_at < comer.opened_at {
        return Err(Refusal::NotNew);
    }
    if comer.is_invited { Err(Refusal::AlreadyInvited) } else { Ok(State::Joined) }
}

/// Who a reward is for: its key in the budget is the invitation and this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    Inviter,
    Friend,
}
codes!(Side { Inviter = "inviter", Friend = "friend" });

/// What came about with a friend's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// It was paid: whether it is their first, and what it cost without freight and tax.
    Paid { order: Id<Order>, is_first: bool, paid: i64, rewarded_this_month: i64 },
    /// It can no longer be sent back.
    Kept { order: Id<Order> },
    /// All of it was refunded, sooner or later. What the two still have of their rewards.
    Undone { order: Id<Order>, inviter_has: i64, friend_has: i64 },
    /// Time went by.
    Tick,
}

/// What follows: the invitation's state, and what the budget is told for each side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub state: State,
    pub commands: Vec<(Side, Command)>,
}

/// Moves an invitation; `None` where an event changes nothing.
pub fn happened(terms: &Terms, invite: &Invite, event: Event, now: Moment) -> Option<Outcome> {
    let lapses = now >= invite.at.plus(terms.window);
    match (invite.state, event) {
        (State::Joined, Event::Paid { order, is_first, paid, rewarded_this_month }) => {
            if lapses {
                return Some(Outcome { state: State::Lapsed, commands: Vec::new() });
            }
            if !is_first || paid < terms.least {
                return None;
            }
            let rewards = rewarded_this_month < terms.per_month;
            let promise = |amount| Command::Grant { amount, waits: true };
            let mut commands = Vec::new();
            if rewards {
                commands.push((Side::Inviter, promise(terms.reward)));
            }
            if terms.friend_reward > 0 {
                commands.push((Side::Friend, promise(terms.friend_reward)));
            }
            Some(Outcome { state: State::Ordered { order, rewards }, commands })
        }
        (State::Joined, Event::Tick) if lapses => {
            Some(Outcome { state: State::Lapsed, commands: Vec::new() })
        }
        (State::Ordered { order, rewards }, Event::Kept { order: kept }) if order == kept => {
            let commands = sides(terms, rewards, |_| Command::Qualify);
            Some(Outcome { state: State::Rewarded { order, rewards }, commands })
        }
        // A first order happens once: there is no second try.
        (State::Ordered { order, rewards }, Event::Undone { order: undone, .. })
            if order == undone =>
        {
            let commands = sides(terms, rewards, |_| Command::Release);
            Some(Outcome { state: State::Lapsed, commands })
        }
        (
            State::Rewarded { order, rewards },
            Event::Undone { order: undone, inviter_has, friend_has },
        ) if order == undone => {
            let has = |side| match side {
                Side::Inviter => inviter_has,
                Side::Friend => friend_has,
            };
            let commands = sides(terms, rewards, |side| Command::ClawBack { has: has(side) });
            Some(Outcome { state: State::Lapsed, commands })
        }
        _ => None,
    }
}

fn sides(terms: &Terms, inviter: bool, command: impl Fn(Side) -> Command) -> Vec<(Side, Command)> {
    let friend = terms.friend_reward > 0;
    let asked = [(Side::Inviter, inviter), (Side::Friend, friend)];
    asked.into_iter().filter(|(_, on)| *on).map(|(side, _)| (side, command(side))).collect()
}

#[cfg(test)]
mod tests;
