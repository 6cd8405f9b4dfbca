//! What an order means for its buyer's points and level: earned when it is completed, taken back
//! as its money goes back; and what was spent on it comes back with its lines.
//!
//! Each job brings an order's points in line with the order as it is, whatever made it so: it
//! compares what should have moved by now with what has, and moves the difference. Twice is once.

use domain::event::Fact;
use domain::id::Id;
use domain::money::Money;
use domain::order::{Order, Status};
use domain::payment::Refund;
use domain::point::due_back;

use crate::db::Tx;
use crate::failure::Failure;
use crate::point::{self, What};
use crate::{App, level, order, shop};

mod store;

/// The jobs: an order was completed or ended, money of it goes back, it revived.
pub const ORDER: &str = "points.order";
pub const REFUND: &str = "points.refund";
pub const REVIVED: &str = "points.revived";

/// Asks for what follows from a fact, where points or levels have anything to do with it. Each has
/// a job of its own, so that none is lost while another runs.
pub(crate) fn follow(tx: &mut Tx, fact: &Fact) -> Result<(), Failure> {
    match fact {
        Fact::OrderMoved { order, to: Status::Completed, .. } => {
            let earns = point::settings(tx)?.earning.is_some() || !level::steps(tx)?.is_empty();
            if earns { tx.ask(ORDER, order.0, tx.now) } else { Ok(()) }
        }
        // Refunded without any money: nothing was asked for.
        Fact::OrderMoved { order, to: Status::Cancelled | Status::Refunded, .. } => {
            if store::is_known(tx, *order)? {
                tx.ask(ORDER, order.0, tx.now)
            } else {
                Ok(())
            }
        }
        Fact::OrderMoved { order, from: Some(Status::Cancelled), .. } => {
            if store::is_known(tx, *order)? { tx.ask(REVIVED, order.0, tx.now) } else { Ok(()) }
        }
        Fact::RefundAsked { refund, order, .. } => {
            if store::is_known(tx, *order)? {
                tx.ask(REFUND, refund.0, tx.now)
            } else {
                Ok(())
            }
        }
        _ => Ok(()),
    }
}

/// Job: an order was completed, ended unpaid, or revived.
pub fn order_moved(app: &App, id: Id<Order>) -> Result<(), Failure> {
    app.write(|tx| bring_in_line(tx, id, ("order", id.0)))
}

/// Job: money of an order goes back.
pub fn refunded(app: &App, id: Id<Refund>) -> Result<(), Failure> {
    app.write(|tx| {
        let order = store::order_of(tx, id)?;
        bring_in_line(tx, order, ("refund", id.0))
    })
}

fn bring_in_line(tx: &mut Tx, id: Id<Order>, cause: (&str, i64)) -> Result<(), Failure> {
    let found = order::find_to_change(tx, id)?;
    if found.status == Status::Completed {
        earn(tx, &found)?;
    }
    let Some(kept) = store::kept(tx, id)? else { return Ok(()) };
    let lines = store::lines(tx, id)?;
    take_back(tx, &kept, &lines, cause)?;
    give_back(tx, &found, &kept, &lines, cause)
}

/// What an order has to do with points so far.
struct Kept {
    order: Id<Order>,
    person: Id<domain::person::Person>,
    taken_back: i64,
    lot: Option<Id<domain::point::Lot>>,
    growth: i64,
    growth_back: i64,
    spent: i64,
    returned: i64,
}

/// The same of a line, with what it costs and what of that goes back.
struct Line {
    id: i64,
    total: i64,
    refunded: i64,
    quantity: i64,
    in_returns: i64,
    earned: i64,
    paid: i64,
    was_back: i64,
    spent: i64,
}

impl Line {
    /// What of what it had cost at its completion went back since.
    fn back(&self) -> i64 {
        (self.refunded - self.was_back).clamp(0, self.paid)
    }
}

/// An order earns once: for what its lines cost in the end.
fn earn(tx: &mut Tx, found: &order::Found) -> Result<(), Failure> {
    if store::has_earned(tx, found.id)? {
        return Ok(());
    }
    let own = shop::get(tx)?.currency == found.currency;
    let settings = point::settings(tx)?;
    let mut lines = store::lines(tx, found.id)?;
    for line in &mut lines {
        (line.paid, line.was_back) = (line.total - line.refunded, line.refunded);
    }
    let paid: Vec<Money> = lines.iter().map(|line| Money::new(line.paid, found.currency)).collect();
    let boost = level::boost_of(tx, found.person)?;
    // What is earned is said in the shop's own currency, and so is growth.
    let earning = settings.earning.filter(|_| own);
    let shares = earning.map_or(vec![0; lines.len()], |earning| earning.of(&paid, boost));
    for (line, share) in lines.iter_mut().zip(shares) {
        line.earned = share;
        store::keep_line(tx, found.id, line)?;
    }
    let earned: i64 = lines.iter().map(|line| line.earned).sum();
    let sum: i64 = lines.iter().map(|line| line.paid).sum();
    let has_levels = own && !level::steps(tx)?.is_empty();
    let growth = if has_levels { sum / settings.growth_per } else { 0 };
    let mut lot = None;
    if earned > 0 {
        let life = earning.and_then(|earning| earning.life);
        let what = What { order: Some(found.id), ..What::of("earned", ("order", found.id.0)) };
        lot = point::earn(tx, found.person, earned, life, &what)?;
    }
    store::keep_earned(tx, found, (earned, growth), lot)?;
    level::grow(tx, found.person, growth, ("order", found.id.0))
}

/// What was earned with what went back is taken back: rounded down, all of it with the last cent.
fn take_back(tx: &mut Tx, kept: &Kept, lines: &[Line], cause: (&str, i64)) -> Result<(), Failure> {
    planted!("points_kept_after_refund", return Ok(()));
    let money = |minor| point::amount(minor);
    let due = |line: &Line| due_back(line.earned, money(line.paid), money(line.back()));
    let due: i64 = lines.iter().filter(|line| line.earned > 0).map(due).sum();
    if due > kept.taken_back {
        let what = What { order: Some(kept.order), ..What::of("taken_back", cause) };
        let more = due - kept.taken_back;
        point::take_back(tx, kept.person, kept.lot, more, &what)?;
        store::add_taken_back(tx, kept.order, more)?;
    }
    let paid: i64 = lines.iter().map(|line| line.paid).sum();
    let back: i64 = lines.iter().map(Line::back).sum();
    if kept.growth == 0 || back == 0 {
        return Ok(());
    }
    let more = due_back(kept.growth, money(paid), money(back)) - kept.growth_back;
    if more > 0 {
        store::add_growth_back(tx, kept.order, more)?;
        level::grow(tx, kept.person, -more, cause)?;
    }
    Ok(())
}

/// What was spent on an order comes back with what goes back of it, and all of it when nothing was
/// sold. Of a line that cost no money it comes back by the piece.
fn give_back(
    tx: &mut Tx,
    found: &order::Found,
    kept: &Kept,
    lines: &[Line],
    cause: (&str, i64),
) -> Result<(), Failure> {
    use Status::{Cancelled, LatePaid, Refunded, Refunding};
    let undone = matches!(found.status, Cancelled | LatePaid | Refunding | Refunded);
    let due = |line: &Line| match line.total {
        0 => due_back(line.spent, point::amount(line.quantity), point::amount(line.in_returns)),
        total => due_back(line.spent, point::amount(total), point::amount(line.refunded)),
    };
    let due: i64 = if undone { kept.spent } else { lines.iter().map(due).sum() };
    let order = Some(kept.order);
    if due > kept.returned {
        let what = What { order, ..What::of("returned", cause) };
        point::give_back(tx, kept.person, kept.order, due - kept.returned, &what)?;
    } else if due < kept.returned {
        let what = What { order, ..What::of("spent_again", cause) };
        point::spend_again(tx, kept.person, kept.returned - due, &what)?;
    }
    store::set_returned(tx, kept.order, due)
}
