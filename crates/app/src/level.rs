//! Levels: the merchant's ladder, where everybody stands on it, and what a level brings.
//!
//! Growth comes from completed orders and goes with their refunds. A level is judged by the clock:
//! whoever asks after a period's end is told what the end of that period made of it, whether the
//! job that writes it down has come by or not.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use describe::ToSchema;
use domain::id::{Id, Kind};
use domain::level::{self as rules, BadLadder, Benefits, Level, Standing};
use domain::moment::Moment;
use domain::person::{Permission, Person};
use domain::price::list::CustomerGroup;
use domain::text::one_line;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor, person, staff_act};

mod store;

/// One change of where somebody stands.
pub struct Move;
impl Kind for Move {
    const PREFIX: &'static str = "lvm";
}
domain::id::described!(Move);

/// One step of the ladder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LevelView {
    pub id: Id<Level>,
    /// In the shop's language and in English.
    pub name: String,
    pub name_en: String,
    /// From so much growth on.
    pub from: i64,
    /// The group of customers whose price lists and promotions hold for it.
    pub group: Option<Id<CustomerGroup>>,
    /// What points are multiplied by, in percent.
    pub boost: i64,
}

/// One step as staff want it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PutLevel {
    pub name: String,
    #[serde(default)]
    pub name_en: String,
    pub from: i64,
    #[serde(default)]
    pub group: Option<Id<CustomerGroup>>,
    pub boost: i64,
}

/// The whole ladder, lowest first; none to have no levels.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PutLadder {
    pub levels: Vec<PutLevel>,
}

/// Where somebody stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StandingView {
    pub person: Id<Person>,
    /// Their place in the ladder, from nothing up.
    pub rank: i64,
    /// Growth since their period began.
    pub growth: i64,
    /// When their level is judged again; nothing where there are no levels.
    pub until: Option<Moment>,
    /// How much growth is missing to the next level; nothing on the last.
    pub missing: Option<i64>,
    pub ladder: Vec<LevelView>,
}

/// How many have each level, in the order of the ladder.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct LadderView {
    pub levels: Vec<LevelView>,
    pub people: Vec<i64>,
}

/// So many are judged in one transaction.
const AT_ONCE: i64 = 200;

pub(crate) fn steps(tx: &mut Tx) -> Result<Arc<Vec<LevelView>>, Failure> {
    tx.read_once("levels".into(), |tx| store::all(tx).map(Arc::new))
}

fn ladder(steps: &[LevelView]) -> Vec<Level> {
    let level = |step: &LevelView| {
        let benefits = Benefits { group: step.group, boost: step.boost, monthly: Vec::new() };
        Level { id: step.id, from: step.from, benefits }
    };
    steps.iter().map(level).collect()
}

/// The ladder, for everybody.
pub fn all(app: &App) -> Result<Vec<LevelView>, Failure> {
    app.read(|tx| steps(tx).map(|steps| steps.to_vec()))
}

/// The ladder and how many stand where.
pub fn get(app: &App, visitor: &Visitor) -> Result<LadderView, Failure> {
    visitor.staff_reader(Permission::Campaigns)?;
    app.read(counted)
}

fn counted(tx: &mut Tx) -> Result<LadderView, Failure> {
    let levels = store::all(tx)?;
    let counts = store::counts(tx)?;
    let last = levels.len().saturating_sub(1) as i64;
    let mut people = vec![0; levels.len()];
    for (rank, count) in counts {
        if let Some(of) = people.get_mut(rank.min(last) as usize) {
            *of += count;
        }
    }
    Ok(LadderView { levels, people })
}

/// Puts the ladder as it shall be. Whoever stands on it keeps their place to the end of their
/// period.
pub fn put(app: &App, visitor: &Visitor, put: PutLadder) -> Result<LadderView, Failure> {
    let actor = visitor.staff(Permission::Campaigns)?;
    let levels = put.levels.into_iter().map(named).collect::<Result<Vec<_>, _>>()?;
    let benefits =
        |one: &PutLevel| Benefits { group: one.group, boost: one.boost, monthly: Vec::new() };
    let wanted: Vec<Level> = levels
        .iter()
        .map(|one| Level { id: Id::new(0), from: one.from, benefits: benefits(one) })
        .collect();
    if !wanted.is_empty() {
        rules::check(&wanted)?;
    }
    app.write_for(visitor, |tx| {
        let before = store::all_locked(tx)?;
        for (position, one) in levels.iter().enumerate() {
            if one.group.is_some_and(|group| store::has_group(tx, group).is_ok_and(|has| !has)) {
                return Err(Failure::field("level.no_such_group", "group"));
            }
            let known = before.get(position).map(|level| level.id);
            store::put(tx, known, position as i64, one)?;
        }
        store::cut(tx, levels.len() as i64)?;
        tx.shows();
        let after = store::all(tx)?;
        let detail = json!({ "before": before, "after": after }).to_string();
        staff_act::record(tx, actor, "level.ladder", ("shop", 1), &detail)?;
        counted(tx)
    })
}

fn named(mut put: PutLevel) -> Result<PutLevel, Failure> {
    (put.name, put.name_en) = (one_line(&put.name), one_line(&put.name_en));
    if put.name_en.is_empty() {
        put.name_en.clone_from(&put.name);
    }
    let long = |name: &str| name.chars().count() > 40;
    if put.name.is_empty() || long(&put.name) || long(&put.name_en) {
        return Err(Failure::field("level.bad_name", "name"));
    }
    Ok(put)
}

/// Where the visitor stands.
pub fn mine(app: &App, visitor: &Visitor) -> Result<StandingView, Failure> {
    let person = visitor.reader()?;
    app.read(|tx| view(tx, person))
}

/// Where somebody stands, for staff.
pub fn of(app: &App, visitor: &Visitor, id: Id<Person>) -> Result<StandingView, Failure> {
    visitor.staff_reader(Permission::Wallets)?;
    app.read(|tx| {
        person::find(tx, id)?;
        view(tx, id)
    })
}

pub(crate) fn view(tx: &mut Tx, person: Id<Person>) -> Result<StandingView, Failure> {
    let steps = steps(tx)?;
    let ladder = ladder(&steps);
    let known = store::standing(tx, person, "")?;
    let stands = now(&ladder, known.unwrap_or(rules::begin(tx.now)), tx.now);
    Ok(StandingView {
        person,
        rank: stands.rank as i64,
        growth: stands.growth,
        until: (!ladder.is_empty() && known.is_some()).then_some(stands.until),
        missing: rules::missing(&ladder, &stands).filter(|_| !ladder.is_empty()),
        ladder: steps.to_vec(),
    })
}

/// Where somebody stands by the clock, on the ladder as it is.
fn now(ladder: &[Level], stands: Standing, now: Moment) -> Standing {
    planted!("level_kept_for_ever", return stands);
    let (stands, _) = rules::judge(ladder, stands, now);
    Standing { rank: stands.rank.min(ladder.len().saturating_sub(1)), ..stands }
}

/// Somebody's place in the ladder; the lowest for whoever has none, and where there is no ladder.
pub(crate) fn rank_of(tx: &mut Tx, person: Id<Person>) -> Result<usize, Failure> {
    let steps = steps(tx)?;
    if steps.len() < 2 {
        return Ok(0);
    }
    let known = store::standing(tx, person, "")?;
    Ok(known.map_or(0, |known| now(&ladder(&steps), known, tx.now).rank))
}

/// What somebody's points are multiplied by, in percent.
pub(crate) fn boost_of(tx: &mut Tx, person: Id<Person>) -> Result<i64, Failure> {
    let rank = rank_of(tx, person)?;
    Ok(steps(tx)?.get(rank).map_or(100, |step| step.boost))
}

/// The group of customers that somebody's level is in.
pub(crate) fn group_of(
    tx: &mut Tx,
    person: Id<Person>,
) -> Result<Option<Id<CustomerGroup>>, Failure> {
    if !steps(tx)?.iter().any(|step| step.group.is_some()) {
        return Ok(None);
    }
    let rank = rank_of(tx, person)?;
    Ok(steps(tx)?.get(rank).and_then(|step| step.group))
}

/// The same for many at once.
pub(crate) fn groups_of(
    tx: &mut Tx,
    people: &BTreeSet<Id<Person>>,
) -> Result<BTreeMap<Id<Person>, Id<CustomerGroup>>, Failure> {
    let steps = steps(tx)?;
    if !steps.iter().any(|step| step.group.is_some()) {
        return Ok(BTreeMap::new());
    }
    let ladder = ladder(&steps);
    let ids: Vec<i64> = people.iter().map(|person| person.0).collect();
    let known: BTreeMap<Id<Person>, Standing> = store::standings(tx, &ids)?.into_iter().collect();
    let at = tx.now;
    let group = |person: &Id<Person>| {
        let rank = known.get(person).map_or(0, |known| now(&ladder, *known, at).rank);
        steps.get(rank).and_then(|step| step.group).map(|group| (*person, group))
    };
    Ok(people.iter().filter_map(group).collect())
}

/// Adds growth to somebody, or takes it back; once for each cause. Nothing where there are no
/// levels.
pub(crate) fn grow(
    tx: &mut Tx,
    person: Id<Person>,
    by: i64,
    cause: (&str, i64),
) -> Result<(), Failure> {
    let ladder = ladder(&steps(tx)?);
    if by == 0 || ladder.is_empty() || store::is_moved(tx, cause)? {
        return Ok(());
    }
    let before = store::standing_to_change(tx, person, rules::begin(tx.now))?;
    let (after, _) = rules::grow(&ladder, before, by, tx.now);
    store::change(tx, person, cause, by, (before, after))
}

/// Recurring: periods that have ended are judged.
pub fn judge(app: &App) -> Result<(), Failure> {
    loop {
        let due = app.read(|tx| store::due(tx, AT_ONCE))?;
        for person in &due {
            app.write(|tx| {
                let ladder = ladder(&steps(tx)?);
                let before = store::standing_to_change(tx, *person, rules::begin(tx.now))?;
                let (after, _) = rules::judge(&ladder, before, tx.now);
                if after == before {
                    return Ok(());
                }
                let id: Id<Move> = tx.id();
                store::change(tx, *person, ("period", id.0), 0, (before, after))
            })?;
        }
        if (due.len() as i64) < AT_ONCE {
            return Ok(());
        }
    }
}

impl From<BadLadder> for Failure {
    fn from(bad: BadLadder) -> Self {
        match bad {
            BadLadder::Count => Failure::field("level.bad_count", "levels"),
            BadLadder::From => Failure::field("level.bad_from", "from"),
            BadLadder::Boost => Failure::field("level.bad_boost", "boost"),
        }
    }
}
