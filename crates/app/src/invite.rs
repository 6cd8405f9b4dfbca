//! Rewards for inviting a friend: one level, for a first order that was received and kept (RULES
//! CN-MLM-07).
//!
//! Who invited whom is said by the friend, who came by the other's link and takes the invitation.
//! What follows an order of theirs is told by facts: paid, kept, undone.

use describe::ToSchema;
use domain::campaign::budget::Command;
use domain::campaign::{Campaign, Mechanic};
use domain::id::Id;
use domain::invite::{self, Comer, Event, Invite, Refusal, Side, State, Terms};
use domain::moment::Moment;
use domain::money::Money;
use domain::order::Order;
use domain::person::Person;
use domain::share::Object;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::campaign::{self, Found};
use crate::db::Tx;
use crate::failure::Failure;
use crate::reward::{self, Promise, Purse};
use crate::share::{self, LinkView};
use crate::{App, Visitor, assist, notice, order};

mod store;

/// The invitation that is on, for whoever looks at it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct InviteDesk {
    pub campaign: Id<Campaign>,
    pub title: String,
    pub ends_at: Moment,
    pub reward: Money,
    pub friend_reward: Money,
    pub per_month: i64,
    /// Whose link the visitor came by, if they can still take the invitation.
    pub invited_by: Option<String>,
    /// Whether the visitor has taken one.
    pub taken: bool,
    /// Those the visitor invited, the latest first.
    pub friends: Vec<FriendView>,
}

/// Somebody who was invited.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = InvitedFriend)]
pub struct FriendView {
    pub name: String,
    /// `joined`, `ordered` (the reward waits), `rewarded` or `lapsed`.
    pub state: String,
    pub at: Moment,
}

fn terms(found: &Found) -> Result<&Terms, Failure> {
    match &found.terms {
        campaign::Terms::InviteReward(terms) => Ok(terms),
        _ => Err(Failure::NotFound),
    }
}

fn reward_of(found: &Found, minor: i64) -> Result<(Money, Purse), Failure> {
    let unit = found.campaign.frame.budget.ok_or(Failure::NotFound)?.currency;
    let purse = if unit.is_money() { Purse::StoreCredit } else { Purse::Points };
    Ok((Money::new(minor, unit), purse))
}

/// The campaign that is on: the one that ends first.
fn running(tx: &mut Tx) -> Result<Found, Failure> {
    campaign::open(tx, Mechanic::InviteReward)?.into_iter().next().ok_or(Failure::NotFound)
}

/// The invitation that is on now.
pub fn desk(app: &App, visitor: &Visitor) -> Result<InviteDesk, Failure> {
    let person = visitor.person.as_ref().map(|person| person.id);
    app.read(|tx| {
        let found = running(tx)?;
        if !campaign::sees(&found, person) {
            return Err(Failure::NotFound);
        }
        let terms = *terms(&found)?;
        let came = store::came(tx, found.id(), (visitor.session, person), tx.now)?;
        let taken = match person {
            Some(person) => store::of_friend(tx, person)?.is_some(),
            None => false,
        };
        let bought = match person {
            Some(person) => order::has_bought(tx, person)?,
            None => false,
        };
        let invited_by = came.filter(|came| Some(came.inviter) != person && !taken && !bought);
        Ok(InviteDesk {
            campaign: found.id(),
            title: found.campaign.frame.title.clone(),
            ends_at: found.campaign.ends_at,
            reward: reward_of(&found, terms.reward)?.0,
            friend_reward: reward_of(&found, terms.friend_reward)?.0,
            per_month: terms.per_month,
            invited_by: invited_by.map(|came| came.name),
            taken,
            friends: match person {
                Some(person) => store::friends(tx, person)?,
                None => Vec::new(),
            },
        })
    })
}

/// The visitor's link to invite friends by.
pub fn link(app: &App, visitor: &Visitor, id: Id<Campaign>) -> Result<LinkView, Failure> {
    share::link(app, visitor, Object::Campaign, id.0)
}

/// Takes the invitation of whoever's link the visitor came by.
pub fn accept(app: &App, visitor: &Visitor) -> Result<InviteDesk, Failure> {
    let person = visitor.shopper()?;
    app.act(visitor, "invite.accept", |tx| {
        let found = running(tx)?;
        terms(&found)?;
        campaign::may_reward(tx, &found, visitor)?;
        let id = found.id();
        let came = store::came(tx, id, (visitor.session, Some(person)), tx.now)?;
        let came = came.ok_or(Refusal::NotNew)?;
        let theirs = campaign::keys(tx, visitor, person)?;
        let comer = Comer {
            person,
            joined_at: store::joined_at(tx, person)?,
            opened_at: came.first,
            has_bought: order::has_bought(tx, person)?,
            is_invited: store::of_friend(tx, person)?.is_some(),
            same_cluster: store::shares(tx, came.inviter, &theirs)?,
            above_inviter: &store::above(tx, came.inviter)?,
        };
        invite::join(came.inviter, &comer)?;
        let new: Id<Invite> = tx.id();
        if !store::add(tx, new, id, (came.inviter, person))? {
            return Err(Refusal::AlreadyInvited.into());
        }
        Ok(())
    })?;
    desk(app, visitor)
}

/// What an order of somebody's came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    Paid,
    Kept,
    Undone,
}

impl Came {
    /// The job that follows.
    pub const fn job(self) -> &'static str {
        match self {
            Came::Paid => "friend.paid",
            Came::Kept => "friend.kept",
            Came::Undone => "friend.undone",
        }
    }
}

/// An order was paid, kept or undone: where anybody was invited or helps, a job looks what that
/// brings about.
pub(crate) fn order_came(tx: &mut Tx, order: Id<Order>, came: Came) -> Result<(), Failure> {
    // Asked once for all who are decided together.
    let invites = tx.read_once("invites wait".into(), store::any)?;
    if invites || assist::wait(tx)? { tx.ask(came.job(), order.0, tx.now) } else { Ok(()) }
}

/// Job: what an order brings about for whoever helped or was invited. Twice changes nothing.
pub fn order_due(app: &App, order: Id<Order>, came: Came) -> Result<(), Failure> {
    app.write(|tx| {
        let person = order::find(tx, order)?.person;
        match came {
            Came::Paid => assist::order_moved(tx, person, order, assist::Counts::FirstPaid)?,
            Came::Kept => assist::order_moved(tx, person, order, assist::Counts::WindowClosed)?,
            Came::Undone => (),
        }
        order_moved(tx, person, order, came)
    })
}

/// It may be what they were invited for.
fn order_moved(
    tx: &mut Tx,
    person: Id<Person>,
    order: Id<Order>,
    came: Came,
) -> Result<(), Failure> {
    let Some((found_invite, campaign)) = store::of_friend_to_change(tx, person)? else {
        return Ok(());
    };
    let found = campaign::find(tx, campaign)?;
    let terms = *terms(&found)?;
    let month = month(tx)?;
    let inviter = found_invite.inviter.0.to_string();
    let scope = format!("{inviter} {month}");
    let event = match came {
        Came::Paid => Event::Paid {
            order,
            is_first: order::is_first(tx, person, order)?,
            paid: store::paid_for_goods(tx, order)?,
            rewarded_this_month: campaign::counted(tx, campaign, ("month", &scope))?,
        },
        Came::Kept => Event::Kept { order },
        // What each of the two still has is asked where it is taken back.
        Came::Undone => Event::Undone { order, inviter_has: 0, friend_has: 0 },
    };
    let Some(outcome) = invite::happened(&terms, &found_invite, event, tx.now) else {
        return Ok(());
    };
    let mut state = outcome.state;
    for (side, command) in outcome.commands {
        let (who, minor) = match side {
            Side::Inviter => (found_invite.inviter, terms.reward),
            Side::Friend => (person, terms.friend_reward),
        };
        let key = format!("invite {} {}", found_invite.id.0, side.code());
        match command {
            Command::Grant { .. } => {
                let counted = side != Side::Inviter
                    || campaign::count_up(tx, campaign, ("month", &scope), terms.per_month)?;
                let promised = counted && promise(tx, &found, (&key, who, minor), found_invite.id)?;
                if side == Side::Inviter && !promised {
                    // Enough for this month, or the budget is used up: the friend's is apart.
                    if let State::Ordered { order, .. } = state {
                        state = State::Ordered { order, rewards: false };
                    }
                }
            }
            _ => settle(tx, &found, &key, who, command)?,
        }
    }
    store::set_state(tx, found_invite.id, state)
}

/// Promises a reward; whether the budget had it.
fn promise(
    tx: &mut Tx,
    found: &Found,
    (key, person, minor): (&str, Id<Person>, i64),
    invite: Id<Invite>,
) -> Result<bool, Failure> {
    let (amount, purse) = reward_of(found, minor)?;
    let about = ("invite", invite.0);
    let campaign = found.id();
    let wanted = Promise { campaign, key, person, amount, purse, waits: true, about };
    match reward::promise(tx, &wanted) {
        Ok(_) => Ok(true),
        Err(Failure::Refused(refused))
            if ["reward.only_left", "reward.closed"].contains(&refused.code) =>
        {
            Ok(false)
        }
        Err(failure) => Err(failure),
    }
}

fn settle(
    tx: &mut Tx,
    found: &Found,
    key: &str,
    person: Id<Person>,
    command: Command,
) -> Result<(), Failure> {
    // What was never promised is not settled.
    let Some((id, amount)) = reward::of_key(tx, found.id(), key)? else { return Ok(()) };
    match command {
        Command::Qualify => {
            reward::qualify(tx, id)?;
            let args = json!({ "amount": amount, "reason": found.campaign.frame.title });
            notice::tell(tx, person, "reward_won", "campaign", found.id().0, args)
        }
        Command::Release => reward::release(tx, id),
        _ => reward::claw_back(tx, id),
    }
}

/// The month it is where the shop is: `2026-11`.
fn month(tx: &mut Tx) -> Result<String, Failure> {
    let at = jiff::Timestamp::from_microsecond(tx.now.0).map_err(Failure::broken)?;
    let there = at.in_tz(crate::shop::ZONE).map_err(Failure::broken)?;
    Ok(format!("{:04}-{:02}", there.year(), there.month()))
}
