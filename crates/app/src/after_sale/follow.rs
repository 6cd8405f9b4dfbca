//! What follows from a decision: money, goods, counters and the team, together; and what time ends.

use domain::after_sale::{AfterSale, Kind, Overdue, Refusal, Status, overdue};
use domain::id::Id;
use domain::moment::Moment;
use domain::payment::Refund;
use serde_json::json;

use super::{Found, LineFound, ReceivedLine, lock, move_to, note, store};
use crate::db::Tx;
use crate::failure::Failure;
use crate::inventory::{self, Back, Source, Why};
use crate::order::{self, By};
use crate::refund::Part;
use crate::{App, case, deal, notice, refund, team};

/// Tells the buyer something about their return.
pub(super) fn tell_buyer(
    tx: &mut Tx,
    found: &Found,
    kind: &str,
    mut args: serde_json::Value,
) -> Result<(), Failure> {
    let lines = store::lines(tx, found.id)?;
    args["product"] = json!(lines.first().map_or("", |line| line.title.as_str()));
    notice::tell(tx, found.person, kind, "return", found.id.0, args)
}

/// It is agreed: without goods to come back the money goes, else the buyer sends them.
pub(super) fn go_on(
    tx: &mut Tx,
    order: &mut order::Found,
    found: &mut Found,
    by: By,
    told: &str,
) -> Result<(), Failure> {
    move_to(tx, found, Status::Approved, by, told)?;
    if !found.kind.sends_back() {
        tell_buyer(tx, found, "return_approved", json!({}))?;
        return pay(tx, order, found, by);
    }
    if !found.sent_back {
        move_to(tx, found, Status::AwaitingReturn, By::system("send_back"), "")?;
        tell_buyer(tx, found, "return_send_back", json!({}))?;
    }
    Ok(())
}

/// Promises the money: the refund is a job, and its end makes this return refunded.
pub(super) fn pay(
    tx: &mut Tx,
    order: &mut order::Found,
    found: &mut Found,
    by: By,
) -> Result<(), Failure> {
    let lines = store::lines(tx, found.id)?;
    let amounts: Vec<_> =
        lines.iter().map(|line| (line.line, line.agreed.unwrap_or(line.asked))).collect();
    let part = Part { after_sale: found.id, lines: &amounts, shipping: found.shipping };
    let by = By { reason: "after_sale", ..by };
    let waits = refund::part(tx, order, &part, by)?;
    store::set_refunded(tx, found.id)?;
    planted!("returned_member_stays", return Ok(()));
    // Whoever has all of it back is not shown in the team any more.
    let lines = order::lines(tx, order)?;
    if lines.iter().all(|line| line.refunded == line.total.minor) {
        team::member_refunded(tx, order)?;
    }
    // Nothing was paid for it: there is nothing to wait for.
    if waits { Ok(()) } else { refunded(tx, found) }
}

fn refunded(tx: &mut Tx, found: &mut Found) -> Result<(), Failure> {
    move_to(tx, found, Status::Refunded, By::system("refund_paid"), "")
}

/// A refund was paid: the return it was for, if it was for one, is refunded with the last of its
/// refunds. There is one for each payment it is shared over.
pub(crate) fn refund_paid(tx: &mut Tx, refund: Id<Refund>) -> Result<(), Failure> {
    let Some(id) = refund::after_sale_of(tx, refund)? else { return Ok(()) };
    // The order is locked: of two that are paid at once, the later sees the earlier.
    if refund::waits_for(tx, id)? {
        return Ok(());
    }
    let lock = tx.lock();
    let mut found = store::find(tx, id, lock)?;
    refunded(tx, &mut found)
}

/// The goods are here, each fine or not; an exchange goes on, otherwise the money goes.
pub(super) fn take_in(
    tx: &mut Tx,
    order: &mut order::Found,
    found: &mut Found,
    received: &[ReceivedLine],
    by: By,
) -> Result<(), Failure> {
    let mut lines = store::lines(tx, found.id)?;
    // Stock is touched in the fixed order of variants everywhere.
    lines.sort_by_key(|line| line.variant);
    for line in &lines {
        // What nobody looked at is not sold again.
        let seen = received.iter().find(|seen| seen.line == line.line);
        let (sellable, damaged) =
            seen.map_or((0, line.quantity), |seen| (seen.sellable, seen.damaged));
        put_back(tx, order, found, line, (sellable, damaged), by)?;
    }
    move_to(tx, found, Status::Received, by, "")?;
    tell_buyer(tx, found, "return_received", json!({}))?;
    if found.kind == Kind::Exchange { Ok(()) } else { pay(tx, order, found, by) }
}

/// Units of one line are back in stock, or lost, and a group buy counts them no more.
fn put_back(
    tx: &mut Tx,
    order: &order::Found,
    found: &Found,
    line: &LineFound,
    (sellable, damaged): (i64, i64),
    by: By,
) -> Result<(), Failure> {
    let on = deal::is_on(tx, order)?;
    let why = Why { order: Some(order.id), actor: by.person, reason: found.id.to_string() };
    let back = Back { variant: line.variant, line: line.line, sellable, damaged };
    let source = inventory::take_back(tx, &back, on, &why)?;
    store::set_condition(tx, found.id, line.line, sellable, damaged)?;
    if source == Source::SetAside && on && sellable > 0 {
        deal::put_back(tx, order, line.variant, sellable)?;
    }
    // Whoever gets another one instead has still bought one.
    if found.kind == Kind::Exchange {
        return Ok(());
    }
    deal::uncount(tx, order, line.variant, sellable + damaged)
}

/// Keeps what is to be sent instead.
pub(super) fn keep(tx: &mut Tx, found: &Found) -> Result<(), Failure> {
    let why = Why { order: Some(found.order), actor: None, reason: found.id.to_string() };
    for line in in_order_of_exchange(store::lines(tx, found.id)?) {
        if let Some(variant) = line.exchange_for.filter(|_| line.kept == 0) {
            inventory::keep(tx, variant, line.quantity, &why)?;
            store::set_kept(tx, found.id, line.line, line.quantity)?;
        }
    }
    Ok(())
}

fn in_order_of_exchange(mut lines: Vec<LineFound>) -> Vec<LineFound> {
    lines.sort_by_key(|line| line.exchange_for);
    lines
}

/// Lets go of what was kept to be sent.
fn let_go(tx: &mut Tx, found: &Found) -> Result<(), Failure> {
    let why = Why { order: Some(found.order), actor: None, reason: found.id.to_string() };
    for line in in_order_of_exchange(store::lines(tx, found.id)?) {
        if let Some(variant) = line.exchange_for.filter(|_| line.kept > 0) {
            inventory::let_go(tx, variant, line.kept, &why)?;
            store::set_kept(tx, found.id, line.line, 0)?;
        }
    }
    Ok(())
}

/// Sends what was kept.
pub(super) fn send(tx: &mut Tx, found: &Found) -> Result<(), Failure> {
    let why = Why { order: Some(found.order), actor: None, reason: found.id.to_string() };
    for line in in_order_of_exchange(store::lines(tx, found.id)?) {
        if let Some(variant) = line.exchange_for.filter(|_| line.kept > 0) {
            inventory::send(tx, variant, line.kept, &why)?;
            store::set_sent(tx, found.id, line.line)?;
        }
    }
    Ok(())
}

/// An exchange becomes a return of the money: at once when the goods are here.
pub(super) fn pay_instead(
    tx: &mut Tx,
    order: &mut order::Found,
    found: &mut Found,
    by: By,
    told: &str,
) -> Result<(), Failure> {
    let_go(tx, found)?;
    found.kind = Kind::ReturnAndRefund;
    store::set_kind(tx, found.id, found.kind)?;
    note(tx, found, By { reason: "paid_instead", ..by }, told)?;
    tell_buyer(tx, found, "return_paid_instead", json!({}))?;
    if found.status != Status::Received {
        return Ok(());
    }
    // Money that is on its way has no time of ours.
    found.due_at = None;
    store::clear_due(tx, found.id)?;
    for line in store::lines(tx, found.id)? {
        deal::uncount(tx, order, line.variant, line.sellable + line.damaged)?;
    }
    pay(tx, order, found, by)
}

/// Nothing comes of it (any more): what it held is free again.
pub(super) fn end(
    tx: &mut Tx,
    found: &mut Found,
    to: Status,
    by: By,
    told: &str,
) -> Result<(), Failure> {
    let in_vain = !found.status.is_settled();
    if found.status == Status::Escalated {
        case::settle(tx, "return_escalated", ("return", found.id.0), by.person)?;
    }
    move_to(tx, found, to, by, told)?;
    if !in_vain {
        return Ok(());
    }
    let_go(tx, found)?;
    for line in store::lines(tx, found.id)? {
        order::free_units(tx, line.line, line.quantity)?;
    }
    found.holds_units = false;
    store::let_units_go(tx, found.id)
}

/// Ends what its time has ended, as if the job had been in time.
pub(super) fn catch_up(
    tx: &mut Tx,
    order: &mut order::Found,
    found: &mut Found,
) -> Result<(), Failure> {
    planted!("return_time_by_job", return Ok(()));
    while found.due_at.is_some_and(|due| due <= tx.now) {
        let Some(what) = overdue(found.status) else { return Ok(()) };
        match what {
            Overdue::Escalate => {
                move_to(tx, found, Status::Escalated, By::system("no_answer"), "")?;
                case::open_again(tx, "return_escalated", ("return", found.id.0), "")?;
            }
            Overdue::Close if found.status.is_settled() => {
                end(tx, found, Status::Closed, By::system("done"), "")?;
            }
            Overdue::Close => {
                end(tx, found, Status::Closed, By::system("time_out"), "")?;
                tell_buyer(tx, found, "return_closed", json!({}))?;
            }
            Overdue::Receive => take_in(tx, order, found, &[], By::system("arrival_window"))?,
            Overdue::PayInstead => {
                pay_instead(tx, order, found, By::system("nothing_sent"), "")?;
            }
        }
    }
    Ok(())
}

/// Job: the time of a return's state has run out. When to ask again, if it is too early.
pub fn due(app: &App, id: Id<AfterSale>) -> Result<Option<Moment>, Failure> {
    app.write(|tx| Ok(lock(tx, id)?.1.due_at))
}

/// Whether nothing of an order is on its way between buyer and shop, so that it can be ended as a
/// whole.
pub(crate) fn check_none_open(tx: &mut Tx, order: &order::Found) -> Result<(), Failure> {
    if store::is_open(tx, order.id)? { Err(Refusal::StillOpen.into()) } else { Ok(()) }
}
