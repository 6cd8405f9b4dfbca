//! Lists of tasks, in campaigns: something small to do, so often, for points.
//!
//! What was done comes from facts, each with a key of its own (the order, the review, the visitor
//! who came), so that nothing counts twice. One row decides that a reward is given once.

use describe::ToSchema;
use domain::campaign::{Campaign, Channel, Mechanic};
use domain::event::Fact;
use domain::id::Id;
use domain::order::{Order, Status};
use domain::person::Person;
use domain::task::{self as rules, Deed, Every, Refusal, Reward, Task};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::campaign::{self, Found, Terms};
use crate::db::Tx;
use crate::failure::Failure;
use crate::idempotency::Answer;
use crate::reward::{self, Promise, Purse};
use crate::{App, Visitor, order, point, shop};

mod store;

/// Job: an order was paid, or completed.
pub const PAID: &str = "task.paid";
pub const COMPLETED: &str = "task.completed";

/// How far somebody is with a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TaskView {
    pub campaign: Id<Campaign>,
    /// Its place in the list.
    pub number: i64,
    pub deed: Deed,
    pub count: i64,
    pub done: i64,
    pub every: Every,
    pub points: i64,
    /// Everything was done, and its reward waits to be taken.
    pub ready: bool,
    pub claimed: bool,
}

/// A campaign's tasks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TaskListView {
    pub campaign: Id<Campaign>,
    pub title: String,
    pub tasks: Vec<TaskView>,
}

/// Which task's reward is taken.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct TakeTask {
    /// Its place in the list.
    pub task: i64,
}

fn tasks(found: &Found) -> Vec<Task> {
    match &found.terms {
        Terms::Tasks(terms) => terms.tasks(),
        _ => Vec::new(),
    }
}

fn points(task: &Task) -> i64 {
    match task.reward {
        Reward::Points { points } => points,
        Reward::Chances { .. } => 0,
    }
}

/// The lists that are on, and how far the visitor is; a guest sees what there is.
pub fn show(app: &App, visitor: &Visitor) -> Result<Vec<TaskListView>, Failure> {
    let person = visitor.person.as_ref().map(|person| person.id);
    app.read(|tx| {
        let open = campaign::open(tx, Mechanic::Tasks)?;
        let seen = open.iter().filter(|found| campaign::sees(found, person));
        seen.map(|found| view(tx, found, person)).collect()
    })
}

fn view(tx: &mut Tx, found: &Found, person: Option<Id<Person>>) -> Result<TaskListView, Failure> {
    let zone = shop::zone_at(tx.now)?;
    let mut views = Vec::new();
    for task in tasks(found) {
        let period = task.period(tx.now, zone);
        let progress = match person {
            Some(person) => store::progress(tx, found.id(), &task, person, period)?,
            None => rules::Progress::default(),
        };
        let complete = progress.is_complete(&task);
        views.push(TaskView {
            campaign: found.id(),
            number: task.id.0,
            deed: task.deed,
            count: task.count,
            done: progress.done.len() as i64,
            every: task.every,
            points: points(&task),
            ready: complete && !progress.claimed,
            claimed: progress.claimed,
        });
    }
    let title = found.campaign.frame.title.clone();
    Ok(TaskListView { campaign: found.id(), title, tasks: views })
}

/// Takes the reward of a task that was done.
pub fn claim(
    app: &App,
    visitor: &Visitor,
    id: Id<Campaign>,
    number: i64,
) -> Result<Answer<TaskListView>, Failure> {
    let person = visitor.shopper()?;
    let comer = visitor.clone();
    app.win(visitor, ("task", id.0), move |tx| {
        let found = campaign::find(tx, id)?;
        let task = tasks(&found).into_iter().find(|task| task.id.0 == number);
        let task = task.ok_or(Failure::NotFound)?;
        if !campaign::sees(&found, Some(person)) {
            return Err(Failure::NotFound);
        }
        let zone = shop::zone_at(tx.now)?;
        let period = task.period(tx.now, zone);
        let progress = store::progress(tx, id, &task, person, period)?;
        let given = rules::claim(&task, &progress, tx.now, zone)?;
        campaign::enter(tx, &found, &comer, person)?;
        if !store::claim(tx, id, &task, person, period)? {
            return Err(Refusal::Claimed.into());
        }
        if let Reward::Points { points } = given {
            let key = format!("task {number} {period} {}", person.0);
            let promise = Promise {
                campaign: id,
                key: &key,
                person,
                amount: point::amount(points),
                purse: Purse::Points,
                waits: false,
                about: ("task", number),
            };
            reward::promise(tx, &promise)?;
        }
        let effect: Id<Campaign> = tx.id();
        Ok((view(tx, &found, Some(person))?, effect.0))
    })
}

/// Somebody did something: it counts wherever it is asked for.
pub(crate) fn did(tx: &mut Tx, person: Id<Person>, deed: Deed, key: &str) -> Result<(), Failure> {
    did_within(tx, person, (deed, key), None)
}

/// The same, within an app: what others did there counts where that may be rewarded.
fn did_within(
    tx: &mut Tx,
    person: Id<Person>,
    (deed, key): (Deed, &str),
    within: Option<Channel>,
) -> Result<(), Failure> {
    let zone = shop::zone_at(tx.now)?;
    for found in campaign::open(tx, Mechanic::Tasks)? {
        let rewards = found.campaign.may_reward_in(within).is_ok();
        if !campaign::sees(&found, Some(person)) || !rewards {
            continue;
        }
        for task in tasks(&found).iter().filter(|task| task.deed == deed) {
            let period = task.period(tx.now, zone);
            let progress = store::progress(tx, found.id(), task, person, period)?;
            if rules::done(task, &progress, deed, key, tx.now, zone).is_some() {
                campaign::helps_within(tx, &found, person, within)?;
                store::add_deed(tx, found.id(), task, person, period, key)?;
            }
        }
    }
    Ok(())
}

/// What a fact means for lists of tasks. Orders are decided many at a time, so a job looks at them.
pub(crate) fn follow(tx: &mut Tx, fact: &Fact) -> Result<(), Failure> {
    match fact {
        Fact::OrderMoved { order, to: Status::Paid, .. } if wanted(tx)? => {
            tx.ask(PAID, order.0, tx.now)
        }
        Fact::OrderMoved { order, to: Status::Completed, .. } if wanted(tx)? => {
            tx.ask(COMPLETED, order.0, tx.now)
        }
        Fact::ReviewWritten { review, .. } if wanted(tx)? => {
            let person = store::author(tx, review.0)?;
            did(tx, person, Deed::Review, &review.to_string())
        }
        Fact::LinkVisited { sharer, within, .. } if wanted(tx)? => {
            let key = store::last_visitor(tx, *sharer)?;
            did_within(tx, *sharer, (Deed::ShareVisited, &key), *within)
        }
        _ => Ok(()),
    }
}

fn wanted(tx: &mut Tx) -> Result<bool, Failure> {
    tx.read_once("tasks are on".into(), |tx| Ok(!campaign::open(tx, Mechanic::Tasks)?.is_empty()))
}

/// Job: an order was paid or completed.
pub fn ordered(app: &App, id: Id<Order>, deed: Deed) -> Result<(), Failure> {
    app.write(|tx| {
        let found = order::find(tx, id)?;
        did(tx, found.person, deed, &id.to_string())
    })
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotDone(left) => Failure::with("task.not_done", json!({ "left": left })),
            Refusal::Claimed => Failure::refused("task.claimed"),
            Refusal::TooLate => Failure::refused("task.too_late"),
        }
    }
}
