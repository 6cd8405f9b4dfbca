//! Assists (助力, 集赞): enough friends unlock something (MECHANICS §4.1).
//!
//! Somebody begins and asks friends; each friend helps once. A helper counts when what they did
//! *qualifies*: at once, with the first paid order, or when that can no longer be sent back. The
//! rewards of whoever began and of the helpers are apart, and each waits for its own event. What is
//! undone before the reward was unlocked no longer counts; what is undone after is clawed back like
//! any reward. People are never invented.

use serde::{Deserialize, Serialize};

use crate::id::{Id, Kind};
use crate::moment::{Moment, Span};
use crate::person::Person;

/// Somebody's asking for help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assist {
    pub id: Id<Assist>,
    pub person: Id<Person>,
    pub deadline: Moment,
    pub helpers: Vec<Helper>,
    /// How many steps were unlocked: what was unlocked stays so.
    pub unlocked: usize,
}
impl Kind for Assist {
    const PREFIX: &'static str = "ass";
}
crate::id::described!(Assist);

/// Somebody who helped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Helper {
    pub person: Id<Person>,
    pub counts: bool,
}

/// Who may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = WhoAssists))]
pub enum WhoHelps {
    Anyone,
    /// People who have never bought here.
    NewCustomers,
    /// People who have.
    Buyers,
}
codes!(WhoHelps { Anyone = "anyone", NewCustomers = "new_customers", Buyers = "buyers" });

/// What makes somebody or something count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = QualifyingEvent))]
pub enum Event {
    /// Helping itself, by somebody who is signed in.
    Helped,
    /// Their first order was paid.
    FirstPaid,
    /// That order can no longer be sent back.
    WindowClosed,
}
codes!(Event {
    Helped = "helped",
    FirstPaid = "first_paid",
    WindowClosed = "window_closed",
});

/// From so many helpers on, so much: an amount of the campaign's reward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = AssistStep))]
pub struct Step {
    pub need: i64,
    pub reward: i64,
}

/// What a merchant settles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = AssistTerms))]
pub struct Terms {
    /// Rising steps: each adds its reward.
    pub steps: Vec<Step>,
    pub who: WhoHelps,
    /// What makes a helper count.
    pub counts_on: Event,
    /// What a helper gets, and on which event of theirs; nothing when zero.
    pub helper_reward: i64,
    pub helper_on: Event,
    /// How often one person may help in this campaign.
    pub per_helper: i64,
    #[cfg_attr(feature = "schema", schema(value_type = i64))]
    pub life: Span,
}

/// Which setting cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadTerms {
    /// One to five steps of 1 to 200 helpers, each with more of them and a reward.
    Steps,
    /// Not negative.
    Reward,
    /// One or more.
    Helper,
    /// Ten minutes to thirty days.
    Life,
}

impl Terms {
    /// What a merchant begins with: five friends in a day bring `reward`.
    pub fn usual(reward: i64) -> Terms {
        Terms {
            steps: vec![Step { need: 5, reward }],
            who: WhoHelps::Anyone,
            counts_on: Event::Helped,
            helper_reward: 0,
            helper_on: Event::Helped,
            per_helper: 1,
            life: Span::hours(24),
        }
    }

    pub fn check(&self) -> Result<(), BadTerms> {
        let rises = self.steps.windows(2).all(|pair| pair[0].need < pair[1].need);
        let right = |step: &Step| (1..=200).contains(&step.need) && step.reward >= 1;
        if !(1..=5).contains(&self.steps.len()) || !rises || !self.steps.iter().all(right) {
            return Err(BadTerms::Steps);
        }
        if self.helper_reward < 0 {
            return Err(BadTerms::Reward);
        }
        if self.per_helper < 1 {
            return Err(BadTerms::Helper);
        }
        if !(Span::minutes(10)..=Span::days(30)).contains(&self.life) {
            return Err(BadTerms::Life);
        }
        Ok(())
    }

    /// The most helpers that bring something.
    pub fn most(&self) -> i64 {
        self.steps.last().map_or(0, |step| step.need)
    }
}

/// Why somebody does not help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    OwnAssist,
    AlreadyHelped,
    /// Its time is over.
    Expired,
    /// Everything is unlocked.
    Done,
    NewCustomersOnly,
    BuyersOnly,
    /// One person may help so often.
    EnoughHelp(i64),
    /// They share a device, an account or an address with whoever began, or with a helper.
    SameCluster,
}

/// Somebody who wants to help.
#[derive(Clone, Copy, Debug)]
pub struct Comer {
    pub person: Id<Person>,
    pub has_bought: bool,
    /// How often they helped in this campaign.
    pub helped: i64,
    /// Whether they share a key with whoever began or somebody who helped.
    pub same_cluster: bool,
}

/// What an event brings about: rewards to be promised or released, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The assist after it.
    pub helpers: Vec<Helper>,
    /// Steps that were unlocked by it, from this one on up to but without that one.
    pub unlocked: std::ops::Range<usize>,
    /// What whoever began gets for these.
    pub reward: i64,
    /// What the helper whose event it was gets.
    pub helper_reward: i64,
}

impl Assist {
    pub fn counting(&self) -> i64 {
        self.helpers.iter().filter(|helper| helper.counts).count() as i64
    }

    /// How many more have to count for the next step; nothing when all are unlocked.
    pub fn missing(&self, terms: &Terms) -> i64 {
        let next = terms.steps.get(self.unlocked);
        next.map_or(0, |step| (step.need - self.counting()).max(0))
    }
}

/// Helps.
pub fn help(
    terms: &Terms,
    assist: &Assist,
    comer: &Comer,
    now: Moment,
) -> Result<Outcome, Refusal> {
    if comer.person == assist.person {
        return Err(Refusal::OwnAssist);
    }
    if assist.helpers.iter().any(|helper| helper.person == comer.person) {
        return Err(Refusal::AlreadyHelped);
    }
    if now >= assist.deadline {
        return Err(Refusal::Expired);
    }
    if assist.unlocked >= terms.steps.len() {
        return Err(Refusal::Done);
    }
    match terms.who {
        WhoHelps::NewCustomers if comer.has_bought => return Err(Refusal::NewCustomersOnly),
        WhoHelps::Buyers if !comer.has_bought => return Err(Refusal::BuyersOnly),
        _ => (),
    }
    if comer.same_cluster {
        return Err(Refusal::SameCluster);
    }
    if comer.helped >= terms.per_helper {
        return Err(Refusal::EnoughHelp(terms.per_helper));
    }
    let counts = terms.counts_on == Event::Helped;
    let helper = Helper { person: comer.person, counts };
    let helpers = assist.helpers.iter().copied().chain([helper]).collect();
    Ok(outcome(terms, assist, helpers, Event::Helped))
}

/// What of one helper's came about after they had helped. `None` when it changes nothing: no
/// helper, or already counted. An order in time counts when it is judged, also when that is after
/// the end.
pub fn happened(
    terms: &Terms,
    assist: &Assist,
    person: Id<Person>,
    event: Event,
) -> Option<Outcome> {
    let at = assist.helpers.iter().position(|helper| helper.person == person)?;
    let mut helpers = assist.helpers.clone();
    helpers[at].counts |= terms.counts_on == event;
    let outcome = outcome(terms, assist, helpers, event);
    let nothing = outcome.helpers == assist.helpers && outcome.helper_reward == 0;
    (!nothing).then_some(outcome)
}

/// What a helper did was undone: they count no longer. What was unlocked stays unlocked; whether
/// its reward comes back is the budget's business. `None` where nobody counted.
pub fn undone(assist: &Assist, person: Id<Person>) -> Option<Vec<Helper>> {
    let at = assist.helpers.iter().position(|one| one.person == person && one.counts)?;
    let mut helpers = assist.helpers.clone();
    helpers[at].counts = false;
    Some(helpers)
}

fn outcome(terms: &Terms, assist: &Assist, helpers: Vec<Helper>, event: Event) -> Outcome {
    let counting = helpers.iter().filter(|helper| helper.counts).count() as i64;
    let reached = terms.steps.iter().filter(|step| step.need <= counting).count();
    let unlocked = assist.unlocked..reached.max(assist.unlocked);
    let reward = terms.steps[unlocked.clone()].iter().map(|step| step.reward).sum();
    let helper_reward = if terms.helper_on == event { terms.helper_reward } else { 0 };
    Outcome { helpers, unlocked, reward, helper_reward }
}

#[cfg(test)]
mod tests;
