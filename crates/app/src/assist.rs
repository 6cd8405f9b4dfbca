//! Assists: somebody asks friends, and enough of them unlock something (MECHANICS §4.1).
//!
//! Whoever helps is decided under the lock of the assist, so that nobody is counted twice and no
//! step is unlocked twice. Each reward has the assist and its step, or its helper, for a key.

use describe::ToSchema;
use domain::assist::{self, Assist, Comer, Event, Outcome, Refusal, Terms, WhoHelps};
use domain::campaign::Campaign;
use domain::id::Id;
use domain::moment::Moment;
use domain::money::Money;
use domain::order::Order;
use domain::person::Person;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::campaign::{self, Found};
use crate::db::Tx;
use crate::failure::Failure;
use crate::reward::{self, Promise, Purse};
use crate::{App, Visitor, notice, order};

mod store;

pub(crate) use domain::assist::Event as Counts;

/// An assist as anybody with its link sees it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AssistView {
    pub id: Id<Assist>,
    pub campaign: Id<Campaign>,
    pub title: String,
    /// Who asks, by the name they show.
    pub name: String,
    /// Whether the visitor asked.
    pub own: bool,
    /// Whether the visitor helped already.
    pub helped: bool,
    pub deadline: Moment,
    /// Whether anybody can still help.
    pub open: bool,
    pub who: WhoHelps,
    pub steps: Vec<AssistStepView>,
    /// How many helpers count, and how many more the next step needs.
    pub counting: i64,
    pub missing: i64,
    /// Who helped, the latest first, with names as they show them.
    pub helpers: Vec<HelperView>,
}

/// A step and whether it is unlocked.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AssistStepView {
    pub need: i64,
    pub reward: Money,
    pub unlocked: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = AssistHelper)]
pub struct HelperView {
    pub name: String,
    /// Whether what they did counts already.
    pub counts: bool,
    pub at: Moment,
}

/// The terms of an assist's campaign; other campaigns have none.
fn terms(found: &Found) -> Result<&Terms, Failure> {
    match &found.terms {
        campaign::Terms::Assist(terms) => Ok(terms),
        _ => Err(Failure::NotFound),
    }
}

/// What a reward of a campaign is given as.
fn reward_of(found: &Found, minor: i64) -> Result<(Money, Purse), Failure> {
    let unit = found.campaign.frame.budget.ok_or(Failure::NotFound)?.currency;
    let purse = if unit.is_money() { Purse::StoreCredit } else { Purse::Points };
    Ok((Money::new(minor, unit), purse))
}

/// Asks for help; whoever asks already goes on with that.
pub fn begin(app: &App, visitor: &Visitor, campaign: Id<Campaign>) -> Result<AssistView, Failure> {
    let person = visitor.shopper()?;
    app.act(visitor, "assist.begin", |tx| {
        let found = campaign::find(tx, campaign)?;
        let terms = terms(&found)?;
        if let Some(open) = store::open(tx, campaign, person)? {
            return view(tx, open, Some(person));
        }
        campaign::enter(tx, &found, visitor, person)?;
        let id: Id<Assist> = tx.id();
        let deadline = found.campaign.ends_at.min(tx.now.plus(terms.life));
        store::add(tx, id, campaign, person, deadline)?;
        let keys = keys(tx, visitor, person)?;
        store::add_keys(tx, id, &keys)?;
        view(tx, id, Some(person))
    })
}

/// What somebody is known by, whichever account they use.
fn keys(tx: &mut Tx, visitor: &Visitor, person: Id<Person>) -> Result<Vec<String>, Failure> {
    let keys = campaign::keys(tx, visitor, person)?;
    Ok(keys.into_iter().map(|(kind, key)| format!("{} {key}", kind.code())).collect())
}

/// Helps.
pub fn help(app: &App, visitor: &Visitor, id: Id<Assist>) -> Result<AssistView, Failure> {
    let person = visitor.shopper()?;
    app.act(visitor, "assist.help", |tx| {
        let (assist, campaign) = store::find_to_change(tx, id)?;
        let found = campaign::find(tx, campaign)?;
        let terms = terms(&found)?;
        // What is paused begins nothing new, and what has begun goes on.
        if !campaign::sees(&found, Some(person)) {
            return Err(Failure::NotFound);
        }
        campaign::may_reward(tx, &found, visitor)?;
        let keys = keys(tx, visitor, person)?;
        let own = person.0.to_string();
        let comer = Comer {
            person,
            has_bought: order::has_bought(tx, person)?,
            helped: campaign::counted(tx, campaign, ("helper", &own))?,
            same_cluster: store::knows(tx, id, &keys)?,
        };
        planted!("helper_twice", {
            let again = assist.helpers.iter().any(|helper| helper.person == person);
            if again {
                store::unlock_anyway(tx, id)?;
                return view(tx, id, Some(person));
            }
        });
        let outcome = assist::help(terms, &assist, &comer, tx.now)?;
        if !campaign::count_up(tx, campaign, ("helper", &own), terms.per_helper)? {
            return Err(Refusal::EnoughHelp(terms.per_helper).into());
        }
        let counts = outcome.helpers.last().is_some_and(|helper| helper.counts);
        store::add_helper(tx, id, person, assist.helpers.len() as i64 + 1, counts)?;
        store::add_keys(tx, id, &keys)?;
        settle(tx, &found, &assist, &outcome, person)?;
        view(tx, id, Some(person))
    })
}

/// Gives what an event brought about.
fn settle(
    tx: &mut Tx,
    found: &Found,
    assist: &Assist,
    outcome: &Outcome,
    helper: Id<Person>,
) -> Result<(), Failure> {
    let about = ("assist", assist.id.0);
    for step in outcome.unlocked.clone() {
        let minor = terms(found)?.steps[step].reward;
        let (amount, purse) = reward_of(found, minor)?;
        let key = format!("assist {} step {step}", assist.id.0);
        let person = assist.person;
        let promise =
            Promise { campaign: found.id(), key: &key, person, amount, purse, waits: false, about };
        reward::promise(tx, &promise)?;
        let args = json!({ "amount": amount, "reason": found.campaign.frame.title });
        notice::tell(tx, person, "reward_won", "campaign", found.id().0, args)?;
    }
    if !outcome.unlocked.is_empty() {
        store::set_unlocked(tx, assist.id, outcome.unlocked.end)?;
    }
    if outcome.helper_reward > 0 {
        let (amount, purse) = reward_of(found, outcome.helper_reward)?;
        let key = format!("assist {} helper {}", assist.id.0, helper.0);
        let promise = Promise {
            campaign: found.id(),
            key: &key,
            person: helper,
            amount,
            purse,
            waits: false,
            about,
        };
        // A helper whose reward the budget no longer has still helped.
        match reward::promise(tx, &promise) {
            Err(Failure::Refused(refused)) if refused.code == "reward.only_left" => (),
            other => {
                other?;
            }
        }
    }
    Ok(())
}

/// Whether anybody's help waits for an order of theirs.
pub(crate) fn wait(tx: &mut Tx) -> Result<bool, Failure> {
    tx.read_once("assists wait".into(), store::any_waiting)
}

/// An order of a helper's was paid, or can no longer be sent back: it may be what makes them count.
pub(crate) fn order_moved(
    tx: &mut Tx,
    person: Id<Person>,
    order: Id<Order>,
    event: Event,
) -> Result<(), Failure> {
    let waiting = store::waiting(tx, person)?;
    if waiting.is_empty() || !order::is_first(tx, person, order)? {
        return Ok(());
    }
    for id in waiting {
        let (assist, campaign) = store::find_to_change(tx, id)?;
        let found = campaign::find(tx, campaign)?;
        let terms = terms(&found)?;
        let Some(outcome) = assist::happened(terms, &assist, person, event) else { continue };
        store::set_counts(tx, id, person)?;
        settle(tx, &found, &assist, &outcome, person)?;
    }
    Ok(())
}

fn view(tx: &mut Tx, id: Id<Assist>, reader: Option<Id<Person>>) -> Result<AssistView, Failure> {
    let (assist, campaign) = store::find(tx, id)?;
    let found = campaign::find(tx, campaign)?;
    let terms = terms(&found)?;
    let mut steps = Vec::new();
    for (at, step) in terms.steps.iter().enumerate() {
        let (reward, _) = reward_of(&found, step.reward)?;
        let unlocked = at < assist.unlocked;
        steps.push(AssistStepView { need: step.need, reward, unlocked });
    }
    let done = assist.unlocked >= terms.steps.len();
    Ok(AssistView {
        id,
        campaign,
        title: found.campaign.frame.title.clone(),
        name: store::name(tx, assist.person)?,
        own: reader == Some(assist.person),
        helped: assist.helpers.iter().any(|helper| Some(helper.person) == reader),
        deadline: assist.deadline,
        open: !done && tx.now < assist.deadline,
        who: terms.who,
        steps,
        counting: assist.counting(),
        missing: assist.missing(terms),
        helpers: store::helpers(tx, id)?,
    })
}

/// An assist, for anybody with its link.
pub fn get(app: &App, visitor: &Visitor, id: Id<Assist>) -> Result<AssistView, Failure> {
    let person = visitor.person.as_ref().map(|person| person.id);
    app.read(|tx| view(tx, id, person))
}

/// The visitor's latest assist in a campaign, if they ever asked for help in it.
pub fn own(
    app: &App,
    visitor: &Visitor,
    campaign: Id<Campaign>,
) -> Result<Option<AssistView>, Failure> {
    let Some(person) = visitor.person.as_ref().map(|person| person.id) else { return Ok(None) };
    app.read(|tx| match store::latest(tx, campaign, person)? {
        Some(id) => view(tx, id, Some(person)).map(Some),
        None => Ok(None),
    })
}
