//! What staff do: agree, refuse, take goods in, send others, and the owner's last word.

use domain::after_sale::{
    AfterSale, Condition, Kind, Refusal, Status, check_amount, check_condition,
};
use domain::id::Id;
use domain::order::Actor;
use domain::person::{Permission, Person};
use domain::text::one_line;
use serde_json::json;

use super::{
    AgreedLine, ApproveReturn, DecideReturn, DeskReturn, Found, ParcelView, ReceiveReturn,
    ReceivedLine, ask, follow, lock, move_to, store, view,
};
use crate::db::Tx;
use crate::failure::Failure;
use crate::order::{self, By};
use crate::{App, Visitor, case, seller, shop, staff_act};

fn by(actor: Id<Person>, reason: &str) -> By<'_> {
    By { actor: Actor::Staff, person: Some(actor), reason }
}

/// Why, as the buyer reads it.
fn why(reason: &str) -> Result<String, Failure> {
    let reason = one_line(reason);
    let fits = !reason.is_empty() && reason.chars().count() <= 500;
    if fits { Ok(reason) } else { Err(Refusal::NoReason.into()) }
}

fn record(
    tx: &mut Tx,
    actor: Id<Person>,
    what: &str,
    id: Id<AfterSale>,
    detail: &str,
) -> Result<(), Failure> {
    staff_act::record(tx, actor, what, ("return", id.0), detail)
}

/// Agrees. Less than was asked needs a reason.
pub fn approve(
    app: &App,
    visitor: &Visitor,
    id: Id<AfterSale>,
    what: &ApproveReturn,
) -> Result<DeskReturn, Failure> {
    let counter = visitor.counter(Permission::Refunds)?;
    let actor = counter.person;
    app.write_for(visitor, |tx| {
        let (mut order, mut found) = lock(tx, id)?;
        counter.sees(order.seller_id())?;
        if found.status != Status::Requested {
            return Err(Refusal::NotNow(found.status).into());
        }
        let agreed = Agreed {
            lines: &what.lines,
            shipping: what.shipping,
            as_refund: what.as_refund,
            reason: one_line(&what.reason),
        };
        agree(tx, &mut order, &mut found, &agreed, by(actor, "approved"))?;
        record(tx, actor, "return.approve", id, &agreed.reason)
    })?;
    view::show(app, visitor, id)
}

struct Agreed<'a> {
    lines: &'a [AgreedLine],
    shipping: i64,
    as_refund: bool,
    reason: String,
}

/// Writes down what is agreed, and goes on from there.
fn agree(
    tx: &mut Tx,
    order: &mut order::Found,
    found: &mut Found,
    agreed: &Agreed,
    by: By,
) -> Result<(), Failure> {
    if found.kind == Kind::Exchange && agreed.as_refund {
        // Nothing is kept yet, and no goods are here: only what it is changes.
        follow::pay_instead(tx, order, found, by, &agreed.reason)?;
    }
    let lines = store::lines(tx, found.id)?;
    if agreed.lines.iter().any(|one| lines.iter().all(|line| line.line != one.line)) {
        return Err(Refusal::NoLines.into());
    }
    let (mut sum, mut less) = (0, false);
    for line in &lines {
        let said = agreed.lines.iter().find(|one| one.line == line.line);
        let amount = said.map_or(line.asked, |one| one.amount);
        check_amount(amount, line.asked)?;
        less |= amount < line.asked;
        sum += amount;
        store::set_agreed(tx, found.id, line.line, amount)?;
    }
    if less && agreed.reason.is_empty() {
        return Err(Refusal::NoReason.into());
    }
    let asked: i64 = lines.iter().map(|line| line.asked).sum();
    if sum + agreed.shipping == 0 && asked > 0 {
        return Err(Refusal::BadAmount(asked).into());
    }
    let most = order::shipping_left(tx, order.id)?;
    check_amount(agreed.shipping, if found.kind == Kind::Exchange { 0 } else { most })?;
    let back_to = match (found.kind.sends_back(), order.seller_id()) {
        (false, _) => String::new(),
        (true, None) => shop::return_address(tx)?,
        (true, Some(seller)) => seller::return_address(tx, seller)?,
    };
    if found.kind.sends_back() && back_to.is_empty() {
        return Err(Refusal::NoAddress.into());
    }
    found.shipping = agreed.shipping;
    store::set_terms(tx, found.id, found.shipping, &back_to)?;
    if found.kind == Kind::Exchange {
        follow::keep(tx, found)?;
    }
    follow::go_on(tx, order, found, by, &agreed.reason)
}

/// Says no, with a reason the buyer reads.
pub fn refuse(
    app: &App,
    visitor: &Visitor,
    id: Id<AfterSale>,
    reason: &str,
) -> Result<DeskReturn, Failure> {
    let counter = visitor.counter(Permission::Refunds)?;
    let actor = counter.person;
    let reason = why(reason)?;
    app.write_for(visitor, |tx| {
        let (order, mut found) = lock(tx, id)?;
        counter.sees(order.seller_id())?;
        if found.status != Status::Requested {
            return Err(Refusal::NotNow(found.status).into());
        }
        move_to(tx, &mut found, Status::Refused, by(actor, "refused"), &reason)?;
        follow::tell_buyer(tx, &found, "return_refused", json!({ "why": reason }))?;
        record(tx, actor, "return.refuse", id, &reason)
    })?;
    view::show(app, visitor, id)
}

/// The goods are here.
pub fn receive(
    app: &App,
    visitor: &Visitor,
    id: Id<AfterSale>,
    what: &ReceiveReturn,
) -> Result<DeskReturn, Failure> {
    let counter = visitor.counter(Permission::Shipping)?;
    let actor = counter.person;
    app.write_for(visitor, |tx| {
        let (mut order, mut found) = lock(tx, id)?;
        counter.sees(order.seller_id())?;
        if found.status != Status::Returned {
            return Err(Refusal::NotNow(found.status).into());
        }
        check_received(tx, id, &what.lines, true)?;
        follow::take_in(tx, &mut order, &mut found, &what.lines, by(actor, "received"))?;
        let fine: i64 = what.lines.iter().map(|line| line.sellable).sum();
        let not: i64 = what.lines.iter().map(|line| line.damaged).sum();
        record(tx, actor, "return.receive", id, &format!("{fine} sellable, {not} damaged"))
    })?;
    view::show(app, visitor, id)
}

/// Every unit of every line is fine or not.
fn check_received(
    tx: &mut Tx,
    id: Id<AfterSale>,
    received: &[ReceivedLine],
    all: bool,
) -> Result<(), Failure> {
    let lines = store::lines(tx, id)?;
    for line in &lines {
        let mut seen = received.iter().filter(|seen| seen.line == line.line);
        match (seen.next(), seen.next()) {
            (Some(one), None) => {
                let condition = Condition { sellable: one.sellable, damaged: one.damaged };
                check_condition(line.quantity, condition)?;
            }
            (None, None) if !all => (),
            _ => return Err(Refusal::BadCount.into()),
        }
    }
    let known = received.iter().all(|seen| lines.iter().any(|line| line.line == seen.line));
    if known { Ok(()) } else { Err(Refusal::BadCount.into()) }
}

/// What came is not what was to come: the owner decides.
pub fn dispute(
    app: &App,
    visitor: &Visitor,
    id: Id<AfterSale>,
    reason: &str,
) -> Result<DeskReturn, Failure> {
    let counter = visitor.counter(Permission::Refunds)?;
    let actor = counter.person;
    let reason = why(reason)?;
    app.write_for(visitor, |tx| {
        let (order, mut found) = lock(tx, id)?;
        counter.sees(order.seller_id())?;
        if found.status != Status::Returned {
            return Err(Refusal::NotNow(found.status).into());
        }
        move_to(tx, &mut found, Status::Escalated, by(actor, "disputed"), &reason)?;
        case::open_again(tx, "return_escalated", ("return", id.0), "")?;
        record(tx, actor, "return.dispute", id, &reason)
    })?;
    view::show(app, visitor, id)
}

/// Sends what the goods are exchanged for.
pub fn replace(
    app: &App,
    visitor: &Visitor,
    id: Id<AfterSale>,
    parcel: ParcelView,
) -> Result<DeskReturn, Failure> {
    let counter = visitor.counter(Permission::Shipping)?;
    let actor = counter.person;
    let parcel = ask::check_parcel(parcel)?;
    app.write_for(visitor, |tx| {
        let (order, mut found) = lock(tx, id)?;
        counter.sees(order.seller_id())?;
        if found.status != Status::Received || found.kind != Kind::Exchange {
            return Err(Refusal::NotNow(found.status).into());
        }
        follow::send(tx, &found)?;
        store::set_sent_parcel(tx, id, &parcel)?;
        let told = format!("{} {}", parcel.carrier, parcel.tracking);
        move_to(tx, &mut found, Status::Replaced, by(actor, "replaced"), &told)?;
        let args = json!({ "carrier": parcel.carrier, "tracking": parcel.tracking });
        follow::tell_buyer(tx, &found, "return_replaced", args)?;
        record(tx, actor, "return.replace", id, &told)
    })?;
    view::show(app, visitor, id)
}

/// What was to be sent instead cannot be: the money goes back.
pub fn cannot_supply(
    app: &App,
    visitor: &Visitor,
    id: Id<AfterSale>,
    reason: &str,
) -> Result<DeskReturn, Failure> {
    let counter = visitor.counter(Permission::Refunds)?;
    let actor = counter.person;
    let reason = why(reason)?;
    app.write_for(visitor, |tx| {
        let (mut order, mut found) = lock(tx, id)?;
        counter.sees(order.seller_id())?;
        if found.kind != Kind::Exchange || !view::may_pay_instead(found.status) {
            return Err(Refusal::NotNow(found.status).into());
        }
        let by = by(actor, "cannot_supply");
        follow::pay_instead(tx, &mut order, &mut found, by, &reason)?;
        record(tx, actor, "return.pay_instead", id, &reason)
    })?;
    view::show(app, visitor, id)
}

/// The owner's last word about what buyer and staff do not agree on.
pub fn decide(
    app: &App,
    visitor: &Visitor,
    id: Id<AfterSale>,
    what: &DecideReturn,
) -> Result<DeskReturn, Failure> {
    let actor = visitor.staff(Permission::Decisions)?;
    let reason = why(&what.reason)?;
    app.write_for(visitor, |tx| {
        let (mut order, mut found) = lock(tx, id)?;
        if found.status != Status::Escalated {
            return Err(Refusal::NotNow(found.status).into());
        }
        case::settle(tx, "return_escalated", ("return", id.0), Some(actor))?;
        if what.grant {
            let (lines, shipping) = (&what.lines, what.shipping);
            let as_refund = what.as_refund;
            let agreed = Agreed { lines, shipping, as_refund, reason: reason.clone() };
            agree(tx, &mut order, &mut found, &agreed, by(actor, "granted"))?;
            if found.sent_back {
                check_received(tx, id, &what.received, false)?;
                let by = by(actor, "received");
                follow::take_in(tx, &mut order, &mut found, &what.received, by)?;
            }
        } else {
            move_to(tx, &mut found, Status::Refused, by(actor, "rejected"), &reason)?;
            follow::end(tx, &mut found, Status::Closed, By::system("final"), "")?;
            follow::tell_buyer(tx, &found, "return_rejected", json!({ "why": reason }))?;
        }
        let detail = if what.grant { "granted" } else { "rejected" };
        record(tx, actor, "return.decide", id, &format!("{detail}: {reason}"))
    })?;
    view::show(app, visitor, id)
}

/// Where goods are sent back to; empty when the shop has not said.
pub fn return_address(app: &App, visitor: &Visitor) -> Result<String, Failure> {
    visitor.staff_reader(Permission::Orders)?;
    app.read(shop::return_address)
}

/// Says where goods are sent back to, as it stands on a parcel.
pub fn set_return_address(app: &App, visitor: &Visitor, address: &str) -> Result<String, Failure> {
    let actor = visitor.staff(Permission::Refunds)?;
    let lines = address.lines().map(one_line).filter(|line| !line.is_empty());
    let address = lines.collect::<Vec<_>>().join("\n");
    if address.chars().count() > 300 {
        return Err(Refusal::BadText.into());
    }
    app.write_for(visitor, |tx| {
        shop::set_return_address(tx, &address)?;
        staff_act::record(tx, actor, "shop.return_address", ("shop", 1), &address)
    })?;
    Ok(address)
}
