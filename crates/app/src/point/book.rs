//! Somebody's lots and their account, changed together: each move once for its cause.
//!
//! The books are locked first, then the person's row. So whoever holds the books already and comes
//! here meets nobody who holds the row and waits for the books.

use domain::id::Id;
use domain::ledger::{AccountKind, Posting};
use domain::moment::{Moment, Span};
use domain::money::Currency;
use domain::order::Order;
use domain::person::Person;
use domain::point::{self as rules, GRACE, Lot, Refusal, Taken};

use super::{Move, account, amount, store};
use crate::db::Tx;
use crate::failure::Failure;
use crate::ledger;

/// What a move is for. The same kind about the same thing is one move.
#[derive(Clone, Copy, Debug)]
pub(crate) struct What<'a> {
    pub kind: &'a str,
    pub about: (&'a str, i64),
    pub order: Option<Id<Order>>,
    pub reason: &'a str,
    pub by: Option<Id<Person>>,
    /// The points are in the account already: somebody else posted them.
    pub arrived: bool,
}

impl<'a> What<'a> {
    pub fn of(kind: &'a str, about: (&'a str, i64)) -> What<'a> {
        What { kind, about, order: None, reason: "", by: None, arrived: false }
    }
}

/// How a move changes what somebody has.
struct Change<'a> {
    points: i64,
    /// What of it went into the debt, or (negative) repaid it.
    owed: i64,
    /// What it does to each lot.
    parts: &'a [Taken],
}

/// Locks somebody's points and says what they owe.
fn lock(tx: &mut Tx, person: Id<Person>) -> Result<i64, Failure> {
    ledger::lock(tx)?;
    store::person_to_change(tx, person)
}

/// Credits points: what is owed is repaid first, the rest is a new lot. Which, if one was made.
pub(crate) fn earn(
    tx: &mut Tx,
    person: Id<Person>,
    points: i64,
    life: Option<Span>,
    what: &What,
) -> Result<Option<Id<Lot>>, Failure> {
    let debt = lock(tx, person)?;
    if store::is_moved(tx, what)? {
        return Ok(None);
    }
    planted!("points_debt_forgiven", {
        let id = store::add_lot(tx, person, points, life.map(|life| tx.now.plus(life)))?;
        let parts = [Taken { lot: id, points }];
        write(tx, person, what, Change { points, owed: 0, parts: &parts })?;
        return Ok(Some(id));
    });
    let earned = rules::earn(debt, points, tx.now, life)?;
    let lot = match earned.lot {
        0 => None,
        points => Some(store::add_lot(tx, person, points, earned.expires_at)?),
    };
    let parts: Vec<Taken> = lot.iter().map(|lot| Taken { lot: *lot, points: earned.lot }).collect();
    write(tx, person, what, Change { points, owed: -earned.repays, parts: &parts })?;
    Ok(lot)
}

/// Takes points out of the lots that expire first: all of them, or none. Whether it is new.
pub(crate) fn spend(
    tx: &mut Tx,
    person: Id<Person>,
    points: i64,
    what: &What,
) -> Result<bool, Failure> {
    lock(tx, person)?;
    if store::is_moved(tx, what)? {
        return Ok(false);
    }
    planted!("points_expired_spent", {
        let mut lots = store::lots(tx, person)?;
        lots.iter_mut().for_each(|lot| lot.expires_at = None);
        let taken = rules::spend(&lots, points, tx.now)?;
        let parts: Vec<Taken> = taken.iter().map(negated).collect();
        write(tx, person, what, Change { points: -points, owed: 0, parts: &parts })?;
        return Ok(true);
    });
    let taken = rules::spend(&store::lots(tx, person)?, points, tx.now)?;
    let parts: Vec<Taken> = taken.iter().map(negated).collect();
    write(tx, person, what, Change { points: -points, owed: 0, parts: &parts })?;
    Ok(true)
}

/// Takes back what was earned for something that was undone; what was spent meanwhile is owed.
pub(crate) fn take_back(
    tx: &mut Tx,
    person: Id<Person>,
    earned_in: Option<Id<Lot>>,
    points: i64,
    what: &What,
) -> Result<bool, Failure> {
    lock(tx, person)?;
    if points < 1 || store::is_moved(tx, what)? {
        return Ok(false);
    }
    let lots = store::lots(tx, person)?;
    let back = rules::take_back(&lots, earned_in.unwrap_or(Id::new(0)), points, tx.now);
    let parts: Vec<Taken> = back.taken.iter().map(negated).collect();
    write(tx, person, what, Change { points: -points, owed: back.debt, parts: &parts })?;
    Ok(true)
}

/// Spent points of an order come back to the lots they were taken from. Where those were not taken
/// from any, since they were owed, what is owed is repaid and the rest gets a little time.
pub(crate) fn give_back(
    tx: &mut Tx,
    person: Id<Person>,
    order: Id<Order>,
    points: i64,
    what: &What,
) -> Result<bool, Failure> {
    let debt = lock(tx, person)?;
    if points < 1 || store::is_moved(tx, what)? {
        return Ok(false);
    }
    let spent = store::spent_on(tx, order)?;
    let there: i64 = spent.iter().map(|(taken, _)| taken.points).sum();
    let mut parts = Vec::new();
    if there > 0 {
        for back in rules::give_back(&spent, points.min(there), tx.now)? {
            store::set_expiry(tx, back.lot, back.expires_at)?;
            parts.push(Taken { lot: back.lot, points: back.points });
        }
    }
    let mut owed = 0;
    if points > there {
        let earned = rules::earn(debt, points - there, tx.now, Some(GRACE))?;
        owed = -earned.repays;
        if earned.lot > 0 {
            let lot = store::add_lot(tx, person, earned.lot, earned.expires_at)?;
            parts.push(Taken { lot, points: earned.lot });
        }
    }
    write(tx, person, what, Change { points, owed, parts: &parts })?;
    Ok(true)
}

/// An order revived whose points had come back: they are taken again, or owed.
pub(crate) fn spend_again(
    tx: &mut Tx,
    person: Id<Person>,
    points: i64,
    what: &What,
) -> Result<bool, Failure> {
    take_back(tx, person, None, points, what)
}

/// What somebody else took out of the account leaves the lots too, those that expire first.
pub(super) fn gone(
    tx: &mut Tx,
    person: Id<Person>,
    points: i64,
    what: &What,
) -> Result<(), Failure> {
    lock(tx, person)?;
    let mut left = points;
    let mut lots = store::lots(tx, person)?;
    lots.sort_by_key(|lot| (lot.expires_at.unwrap_or(Moment(i64::MAX)), lot.id));
    let mut parts = Vec::new();
    for lot in lots {
        let points = lot.left.min(left);
        if points > 0 {
            parts.push(Taken { lot: lot.id, points: -points });
            left -= points;
        }
    }
    write(tx, person, what, Change { points: -points, owed: 0, parts: &parts })
}

/// What of somebody's has expired goes.
pub(super) fn expire(tx: &mut Tx, person: Id<Person>) -> Result<(), Failure> {
    lock(tx, person)?;
    let lots = store::lots(tx, person)?;
    let gone = rules::expired(&lots, tx.now);
    leave(tx, person, &gone, "expired")
}

/// Somebody is forgotten: their points go, and so does what they owed.
pub(crate) fn forget(tx: &mut Tx, person: Id<Person>) -> Result<(), Failure> {
    if !store::is_known(tx, person)? {
        return Ok(());
    }
    let debt = lock(tx, person)?;
    let lots = store::lots(tx, person)?;
    let all: Vec<Taken> = lots.iter().map(|lot| Taken { lot: lot.id, points: lot.left }).collect();
    leave(tx, person, &all, "forgotten")?;
    if debt > 0 {
        // What is owed is let go: it came, and repaid the debt.
        let id: Id<Move> = tx.id();
        let what = What::of("forgotten", ("debt", id.0));
        write(tx, person, &what, Change { points: debt, owed: -debt, parts: &[] })?;
    }
    Ok(())
}

fn leave(tx: &mut Tx, person: Id<Person>, gone: &[Taken], kind: &str) -> Result<(), Failure> {
    let points: i64 = gone.iter().map(|taken| taken.points).sum();
    if points == 0 {
        return Ok(());
    }
    let id: Id<Move> = tx.id();
    let parts: Vec<Taken> = gone.iter().map(negated).collect();
    let change = Change { points: -points, owed: 0, parts: &parts };
    write(tx, person, &What::of(kind, ("lots", id.0)), change)
}

fn negated(taken: &Taken) -> Taken {
    Taken { lot: taken.lot, points: -taken.points }
}

fn write(tx: &mut Tx, person: Id<Person>, what: &What, change: Change) -> Result<(), Failure> {
    let Change { points, owed, parts } = change;
    let id: Id<Move> = tx.id();
    store::add_move(tx, id, person, what, (points, owed))?;
    for part in parts {
        if !store::change_lot(tx, id, part)? {
            return Err(Refusal::NotEnough(0).into());
        }
    }
    if owed != 0 && !store::change_debt(tx, person, owed)? {
        return Err(Failure::broken("nobody repays more than they owe"));
    }
    // What came by itself is in the account; only what repaid a debt leaves it again.
    let held = if what.arrived { owed } else { points + owed };
    if held == 0 {
        return Ok(());
    }
    let own = account(tx, person)?;
    let issued = ledger::account(tx, AccountKind::PointsIssued, 0, Currency::Points)?;
    let postings = [
        Posting { account: own, amount: amount(held) },
        Posting { account: issued, amount: amount(-held) },
    ];
    ledger::post(tx, "points", ("points", id.0), &postings)?;
    Ok(())
}
