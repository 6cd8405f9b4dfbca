//! What is known to be sold out: a crowd hears it without the database being asked.
//!
//! A mark is only ever an optimisation. It holds until anything on show changed (units that come
//! back are on show) and for two seconds at most, whoever changed it; and it never stands between
//! somebody and an order they have, so that a request sent twice is answered twice alike.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};

use domain::campaign::Campaign;
use domain::catalog::Variant;
use domain::flash_sale::Refusal;
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::person::Person;

use super::store;
use crate::failure::Failure;
use crate::{App, Visitor, campaign};

/// How long a mark is believed when nothing is heard.
const LONGEST: Span = Span::seconds(2);
/// With more buyers than these none is set.
const MOST: usize = 10_000;

/// What is known to be sold out.
#[derive(Default)]
pub struct SoldOut {
    marks: Mutex<HashMap<(i64, i64), Mark>>,
    answered: AtomicU64,
}

struct Mark {
    /// How often something on show had changed before it was looked at.
    turns: u64,
    at: Moment,
    /// Those who have an order of it, or whose turn it is: they are asked for.
    buyers: HashSet<i64>,
}

impl SoldOut {
    /// How many were answered without the database.
    pub fn answered(&self) -> u64 {
        self.answered.load(Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(i64, i64), Mark>> {
        // A mark is put in whole or not at all.
        self.marks.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn holds(&self, app: &App, (id, variant): (Id<Campaign>, Id<Variant>), person: i64) -> bool {
        let marks = self.lock();
        let Some(mark) = marks.get(&(id.0, variant.0)) else { return false };
        planted!("flash_mark_stays", return !mark.buyers.contains(&person));
        mark.turns == app.prepared.turns()
            && app.now().since(mark.at) < LONGEST
            && !mark.buyers.contains(&person)
    }
}

/// Refuses whoever wants what is known to be sold out.
pub(crate) fn known(
    app: &App,
    visitor: &Visitor,
    what: (Id<Campaign>, Id<Variant>),
) -> Result<(), Failure> {
    let person: Option<Id<Person>> = visitor.person.as_ref().map(|person| person.id);
    match person {
        Some(person) if app.sold_out.holds(app, what, person.0) => {
            app.sold_out.answered.fetch_add(1, Ordering::Relaxed);
            Err(Refusal::SoldOut.into())
        }
        _ => Ok(()),
    }
}

/// Somebody heard that nothing is left: it is looked at once for those who come after them.
pub(crate) fn look(app: &App, (id, variant): (Id<Campaign>, Id<Variant>)) {
    let turns = app.prepared.turns();
    let at = app.now();
    let there = app
        .sold_out
        .lock()
        .get(&(id.0, variant.0))
        .is_some_and(|mark| mark.turns == turns && at.since(mark.at) < LONGEST);
    if there {
        return;
    }
    let seen = app.read(|tx| {
        let left = campaign::units::left_over(tx, id, variant)?;
        let now = tx.now;
        let queue = store::queue(tx, id, variant)?;
        let kept = queue.offered.iter().filter(|one| now < one.until);
        let kept: i64 = kept.map(|one| one.quantity).sum();
        if left.is_none_or(|left| left - kept > 0) {
            return Ok(None);
        }
        let mut buyers = store::buyers(tx, id, MOST as i64 + 1)?;
        buyers.extend(queue.offered.iter().map(|one| one.person.0));
        Ok(Some(buyers))
    });
    // Without a mark everybody is asked for, and that is all.
    let Ok(Some(buyers)) = seen else { return };
    if buyers.len() <= MOST {
        let mut marks = app.sold_out.lock();
        marks.retain(|_, mark| at.since(mark.at) < LONGEST);
        marks.insert((id.0, variant.0), Mark { turns, at, buyers });
    }
}
