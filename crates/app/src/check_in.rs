//! Checking in day by day, in a campaign: points that grow with the streak.
//!
//! One row a day decides who was there, so that two at once are one. The points come out of the
//! campaign's budget, and are asked for under the day's own key.

use app_campaign::Found;
use describe::ToSchema;
use domain::campaign::{Campaign, Mechanic};
use domain::check_in::{self as rules, Bonus, Refusal, Streak};
use domain::id::Id;
use domain::person::Person;
use domain::task::Deed;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::campaign::{self as app_campaign, Terms};
use crate::db::Tx;
use crate::failure::Failure;
use crate::idempotency::Answer;
use crate::reward::{self, Promise, Purse};
use crate::{App, Visitor, point, shop, task};

mod store;

/// One day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CheckInDay)]
pub struct Day {
    /// Which day of the streak it is.
    pub number: i64,
    pub points: i64,
    /// More for a whole streak, on the day it is reached.
    pub bonus: i64,
    pub done: bool,
    pub today: bool,
}

/// Somebody's streak, and what the next days bring.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CheckInView {
    pub campaign: Id<Campaign>,
    pub title: String,
    /// How many days in a row, today included where it was checked in.
    pub streak: i64,
    pub checked_today: bool,
    /// What this check-in brought, just now.
    pub points: i64,
    /// A week around today.
    pub days: Vec<Day>,
    pub bonuses: Vec<Bonus>,
}

/// How many days of the calendar are shown.
const SHOWN: i64 = 7;

fn terms(found: &Found) -> Result<&rules::Terms, Failure> {
    match &found.terms {
        Terms::CheckIn(terms) => Ok(terms),
        _ => Err(Failure::NotFound),
    }
}

/// The one that is on for somebody.
fn current(tx: &mut Tx, person: Option<Id<Person>>) -> Result<Found, Failure> {
    let open = app_campaign::open(tx, Mechanic::CheckIn)?;
    let seen = open.into_iter().find(|found| app_campaign::sees(found, person));
    seen.ok_or(Failure::NotFound)
}

/// The check-in that is on, and where the visitor stands; a guest sees the first days.
pub fn show(app: &App, visitor: &Visitor) -> Result<CheckInView, Failure> {
    let person = visitor.person.as_ref().map(|person| person.id);
    app.read(|tx| {
        let found = current(tx, person)?;
        view(tx, &found, person, 0)
    })
}

/// Checks in for today.
pub fn check_in(app: &App, visitor: &Visitor) -> Result<Answer<CheckInView>, Failure> {
    let person = visitor.shopper()?;
    let comer = visitor.clone();
    app.win(visitor, ("check_in", 0), move |tx| {
        let found = current(tx, Some(person))?;
        let zone = shop::zone_at(tx.now)?;
        let streak = store::streak(tx, found.id(), person)?;
        let checked = rules::check_in(terms(&found)?, streak, tx.now, zone)?;
        let day = checked.streak.last.unwrap_or_default();
        let won = checked.points + checked.bonus;
        if !store::add(tx, found.id(), person, day, &checked)? {
            return Err(Refusal::Already(streak.length).into());
        }
        // Whoever comes twice at once is told of the day, and not of a limit.
        app_campaign::enter(tx, &found, &comer, person)?;
        if won > 0 {
            let key = format!("day {day} {}", person.0);
            let promise = Promise {
                campaign: found.id(),
                key: &key,
                person,
                amount: point::amount(won),
                purse: Purse::Points,
                waits: false,
                about: ("check_in", day),
            };
            reward::promise(tx, &promise)?;
        }
        task::did(tx, person, Deed::CheckIn, &format!("day {day}"))?;
        let effect: Id<Campaign> = tx.id();
        Ok((view(tx, &found, Some(person), won)?, effect.0))
    })
}

fn view(
    tx: &mut Tx,
    found: &Found,
    person: Option<Id<Person>>,
    points: i64,
) -> Result<CheckInView, Failure> {
    let today = tx.now.day_in(shop::zone_at(tx.now)?);
    let kept = match person {
        Some(person) => store::streak(tx, found.id(), person)?,
        None => Streak::default(),
    };
    let checked_today = kept.last == Some(today);
    let goes_on = checked_today || kept.last == Some(today - 1);
    let streak = if goes_on { kept.length } else { 0 };
    let terms = terms(found)?;
    let here = if checked_today { streak } else { streak + 1 };
    // Whole weeks of the streak: a new one begins when the last is full.
    let first = (here - 1) / SHOWN * SHOWN + 1;
    let day = |number: i64| {
        let place = (number - 1).rem_euclid(terms.days.len() as i64) as usize;
        let bonus = terms.bonuses.iter().find(|bonus| bonus.streak == number);
        Day {
            number,
            points: terms.days[place],
            bonus: bonus.map_or(0, |bonus| bonus.points),
            done: number <= streak,
            today: number == here,
        }
    };
    Ok(CheckInView {
        campaign: found.id(),
        title: found.campaign.frame.title.clone(),
        streak,
        checked_today,
        points,
        days: (first..first + SHOWN).map(day).collect(),
        bonuses: terms.bonuses.clone(),
    })
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Already(streak) => {
                Failure::with("check_in.already", json!({ "streak": streak }))
            }
        }
    }
}
