//! Campaigns: one life, one budget and one set of limits for every way to win (SPEC §3).
//!
//! What a mechanic adds is its `Terms`, tables of its own and what happens in them. Whoever takes
//! part comes in by [`enter`]; whatever is given goes out by `reward`.

use describe::ToSchema;
use domain::campaign::{self, Campaign, Channel, Mechanic, audience, holdout, limit};
use domain::catalog::Variant;
use domain::id::Id;
use domain::moment::Moment;
use domain::person::Person;
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor, address, customer_group, level, order, person};

mod channels;
mod check;
mod desk;
mod sketch;
mod store;
mod terms;
pub(crate) mod units;
mod view;
mod winning;

pub use check::{AnswerFinding, CheckView, FindingView, FormerPrice, answer, check};
pub use desk::{
    Creative, END, PutCampaign, START, Step, change, copy, create, step, template, tick_due,
};
pub(crate) use desk::{begin, close, take_step};
pub use sketch::{Sketch, sketch};
pub(crate) use store::{count_up, counted};
pub use terms::Terms;
pub(crate) use terms::bad as bad_terms;
pub(crate) use view::card;
pub use view::{
    BudgetView, CampaignCard, CampaignDesk, CampaignView, MoveView, clauses, currency,
    desk as get_desk, get, list, names_of, running, units, variant_named,
};
pub use winning::Win;

/// A variant it offers at a price of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CampaignOffered)]
pub struct Offered {
    pub variant: Id<Variant>,
    /// What one costs in it, in minor units of the shop's currency.
    pub price: i64,
    /// How many units are set aside for it; empty to sell from the ordinary stock.
    #[serde(default)]
    pub quota: Option<i64>,
}

/// A campaign as its row says.
#[derive(Clone, Debug)]
pub struct Found {
    pub campaign: Campaign,
    pub terms: Terms,
    pub creative: Creative,
    pub waiting: i64,
    pub version: i64,
}

impl Found {
    pub fn id(&self) -> Id<Campaign> {
        self.campaign.id
    }

    /// Whether something new may begin in it.
    pub fn is_running(&self, now: Moment) -> bool {
        self.campaign.is_running(now)
    }
}

/// The campaign, read once for everybody who is decided for together.
pub fn find(tx: &mut Tx, id: Id<Campaign>) -> Result<std::sync::Arc<Found>, Failure> {
    tx.read_once(format!("campaign {}", id.0), |tx| {
        Ok(std::sync::Arc::new(store::find(tx, id, "")?))
    })
}

/// The same as it is now, whatever was read of it before.
pub(crate) fn look(tx: &mut Tx, id: Id<Campaign>) -> Result<Found, Failure> {
    store::find(tx, id, "")
}

/// The same, and nobody else changes it meanwhile.
pub(crate) fn find_to_change(tx: &mut Tx, id: Id<Campaign>) -> Result<Found, Failure> {
    let lock = tx.lock();
    store::find(tx, id, lock)
}

/// Those of one mechanic in which something may begin now, the one that ends first in front.
pub(crate) fn open(tx: &mut Tx, mechanic: Mechanic) -> Result<Vec<Found>, Failure> {
    let now = tx.now;
    let mut found = store::published(tx, Some(mechanic))?;
    found.retain(|one| one.is_running(now));
    Ok(found)
}

/// Whether a campaign is there for somebody: published, and they are not held out.
pub(crate) fn sees(found: &Found, person: Option<Id<Person>>) -> bool {
    let held = person.is_some_and(|person| {
        let bucket = holdout::bucket(holdout::hash(found.id(), person));
        holdout::is_out(bucket, found.campaign.frame.holdout)
    });
    found.campaign.status.is_published() && !held
}

/// Whether what a friend does may be rewarded where they opened the link, which is remembered.
pub(crate) fn may_reward(tx: &mut Tx, found: &Found, visitor: &Visitor) -> Result<(), Failure> {
    let person = visitor.shopper()?;
    helps_within(tx, found, person, visitor.within)
}

/// The same of whatever brings somebody a reward.
pub(crate) fn helps_within(
    tx: &mut Tx,
    found: &Found,
    person: Id<Person>,
    within: Option<Channel>,
) -> Result<(), Failure> {
    let Some(channel) = within.filter(|_| found.campaign.mechanic.rewards_sharing()) else {
        return Ok(());
    };
    planted!("rewarded_in_any_channel", {
        return channels::helped(tx, found.id(), channel, person);
    });
    found.campaign.may_reward_in(within)?;
    channels::helped(tx, found.id(), channel, person)
}

/// The app whose own browser the visitor uses, where it rewards no sharing in this campaign.
pub fn silent_in(
    app: &App,
    visitor: &Visitor,
    id: Id<Campaign>,
) -> Result<Option<Channel>, Failure> {
    let Some(channel) = visitor.within else { return Ok(None) };
    let found = app.read(|tx| store::find(tx, id, ""))?;
    Ok(found.campaign.may_reward_in(Some(channel)).is_err().then_some(channel))
}

/// What somebody and everybody they look alike with is counted by.
pub(crate) fn keys(
    tx: &mut Tx,
    visitor: &Visitor,
    person: Id<Person>,
) -> Result<Vec<(limit::Key, String)>, Failure> {
    let mut keys: Vec<(limit::Key, String)> = person::marks(tx, visitor, person)?
        .into_iter()
        .map(|mark| (limit::Key::Device, mark))
        .collect();
    if let Some(address) = address::first(tx, person)? {
        keys.push((limit::Key::Address, address::likeness(tx, &address)?));
    }
    Ok(keys)
}

fn who(tx: &mut Tx, found: &Found, person: Id<Person>) -> Result<Asked, Failure> {
    use audience::Audience::*;
    let audience = &found.campaign.frame.audience;
    let has_bought = match audience {
        NewCustomers | Buyers => order::has_bought(tx, person)?,
        _ => false,
    };
    let groups = match audience {
        Groups { .. } => customer_group::of(tx, person)?.to_vec(),
        _ => Vec::new(),
    };
    let lists = match audience {
        List { .. } => store::lists_of(tx, person)?,
        _ => Vec::new(),
    };
    let rank = match audience {
        Level { .. } => level::rank_of(tx, person)?,
        _ => 0,
    };
    Ok(Asked { has_bought, rank, groups, lists })
}

/// What an audience asks about somebody, as it was read.
struct Asked {
    has_bought: bool,
    rank: usize,
    groups: Vec<Id<domain::price::list::CustomerGroup>>,
    lists: Vec<Id<audience::SavedList>>,
}

/// The counters something was counted by, as it has to be to give it back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Counted(Vec<(String, String)>);

/// Whether somebody may take part in a campaign once more who is counted by these keys, without
/// counting it.
pub(crate) fn may_enter_by(
    tx: &mut Tx,
    found: &Found,
    person: Id<Person>,
    keys: &[(limit::Key, String)],
) -> Result<(), Failure> {
    let now = tx.now;
    entrant(tx, found, person, keys, |campaign, entrant| {
        campaign::may_enter(campaign, entrant, now)
    })
}

/// The same for what somebody else began in it, and goes on though nothing new begins.
pub(crate) fn may_go_on_by(
    tx: &mut Tx,
    found: &Found,
    person: Id<Person>,
    keys: &[(limit::Key, String)],
) -> Result<(), Failure> {
    entrant(tx, found, person, keys, campaign::may_go_on)
}

/// What a campaign's rule says of somebody who would take part once more.
fn entrant(
    tx: &mut Tx,
    found: &Found,
    person: Id<Person>,
    keys: &[(limit::Key, String)],
    rule: impl FnOnce(&Campaign, &campaign::Visitor) -> Result<(), campaign::NoEntry>,
) -> Result<(), Failure> {
    let asked = who(tx, found, person)?;
    let counts = store::counts(tx, found.id(), person, keys)?;
    let entrant = campaign::Visitor {
        person,
        who: audience::Who {
            has_bought: asked.has_bought,
            rank: asked.rank,
            groups: &asked.groups,
            lists: &asked.lists,
        },
        bucket: holdout::bucket(holdout::hash(found.id(), person)),
        counts,
    };
    rule(&found.campaign, &entrant)?;
    Ok(())
}

/// Lets somebody take part once more: they are who it is for, it is on, and nobody's limit is
/// reached, theirs nor that of all they look alike with. It counts; whoever came at the same
/// moment with the last one left is refused by the counter itself.
pub fn enter(
    tx: &mut Tx,
    found: &Found,
    visitor: &Visitor,
    person: Id<Person>,
) -> Result<(), Failure> {
    let keys = keys(tx, visitor, person)?;
    enter_by(tx, found, person, &keys)?;
    Ok(())
}

/// The same, for somebody who is counted by these keys; with what has to be counted back should it
/// come to nothing. May be decided among others.
pub(crate) fn enter_by(
    tx: &mut Tx,
    found: &Found,
    person: Id<Person>,
    keys: &[(limit::Key, String)],
) -> Result<Counted, Failure> {
    may_enter_by(tx, found, person, keys)?;
    store::count(tx, found.id(), &found.campaign.frame.limits, person, keys)
}

/// The same for what somebody else began in it (`may_go_on_by`).
pub(crate) fn go_on_by(
    tx: &mut Tx,
    found: &Found,
    person: Id<Person>,
    keys: &[(limit::Key, String)],
) -> Result<Counted, Failure> {
    may_go_on_by(tx, found, person, keys)?;
    store::count(tx, found.id(), &found.campaign.frame.limits, person, keys)
}

/// What was counted came to nothing.
pub(crate) fn leave(tx: &mut Tx, id: Id<Campaign>, counted: &Counted) -> Result<(), Failure> {
    store::count_back(tx, id, counted)
}

/// What was counted back counts after all; whether its limits allow that.
pub(crate) fn count_again(tx: &mut Tx, found: &Found, counted: &Counted) -> Result<bool, Failure> {
    store::count_again(tx, found.id(), counted)
}

/// Whether what was set aside for it goes back to it. It cannot end meanwhile.
pub(crate) fn is_on(tx: &mut Tx, id: Id<Campaign>) -> Result<bool, Failure> {
    tx.read_once(format!("campaign is on {}", id.0), |tx| store::is_on(tx, id))
}

/// Reads how often these people took part, for a batch of decisions.
pub(crate) fn gather(tx: &mut Tx, id: Id<Campaign>, people: &[Id<Person>]) -> Result<(), Failure> {
    store::gather(tx, id, people)
}

/// Whether anything is on, as everybody is shown it.
pub fn any_on(app: &App, visitor: &Visitor) -> Result<bool, Failure> {
    app.read_prepared(visitor, "campaigns", |tx| Ok(!store::published(tx, None)?.is_empty()))
}

impl App {
    /// Whether any campaign of a mechanic is published: what pages ask before they ask more.
    pub fn has_campaigns(&self, visitor: &Visitor, mechanic: Mechanic) -> Result<bool, Failure> {
        let name = format!("campaigns {}", mechanic.code());
        self.read_prepared(visitor, &name, |tx| {
            Ok(!store::published(tx, Some(mechanic))?.is_empty())
        })
    }
}
