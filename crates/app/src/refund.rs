//! Money going back: asked for in the order's transaction, sent by a job of its own, exactly once.

use domain::after_sale::AfterSale;
use domain::event::Fact;
use domain::id::Id;
use domain::ledger::{AccountKind, Posting};
use domain::money::Money;
use domain::order::{Line, Status};
use domain::payment::{Payment, Refund};
use serde_json::json;

use crate::db::Tx;
use crate::failure::Failure;
use crate::order::{self, By, Found};
use crate::outside::Trouble;
use crate::{App, case, group_buy, inventory, ledger, notice, sandbox};

mod store;

/// Why money goes back: the reason, and which return it is for.
#[derive(Clone, Copy, Debug)]
struct Why<'a> {
    reason: &'a str,
    after_sale: Option<Id<AfterSale>>,
}

/// Asks for `amount` of a payment to go back. The same reason for the same payment is one refund:
/// asking again changes nothing. The money is held in the order's escrow until it is gone.
pub fn ask(
    tx: &mut Tx,
    order: &Found,
    payment: Id<Payment>,
    amount: Money,
    reason: &str,
    asked_by: Option<Id<domain::person::Person>>,
) -> Result<(), Failure> {
    let why = Why { reason, after_sale: None };
    ask_for(tx, order, payment, amount, why, asked_by)
}

fn ask_for(
    tx: &mut Tx,
    order: &Found,
    payment: Id<Payment>,
    amount: Money,
    why: Why,
    asked_by: Option<Id<domain::person::Person>>,
) -> Result<(), Failure> {
    let id: Id<Refund> = tx.id();
    if !store::add(tx, id, order.id, payment, amount, why, asked_by)? {
        return Ok(());
    }
    let escrow = ledger::account(tx, AccountKind::Escrow, order.id.0, order.currency)?;
    if order.status == Status::Completed || was_completed(tx, order.id)? {
        // The shop has the money already: it comes back to escrow before it is promised.
        let sales = ledger::account(tx, AccountKind::Sales, 0, order.currency)?;
        let postings = [
            Posting { account: sales, amount: amount.negated() },
            Posting { account: escrow, amount },
        ];
        ledger::post(tx, "unsettle", ("refund", id.0), &postings)?;
    }
    planted!("late_money_back_twice", return tx.ask("refund.send", id.0, tx.now));
    ledger::hold(tx, escrow, amount, ("refund", id.0))?;
    tx.tell(Fact::RefundAsked { refund: id, order: order.id, amount })?;
    tx.ask("refund.send", id.0, tx.now)
}

fn was_completed(tx: &mut Tx, order: Id<domain::order::Order>) -> Result<bool, Failure> {
    let found = tx.maybe(
        "select id from journals where kind = 'settle' and about = 'order' and about_id = $1",
        &[order.into()],
        |row| row.get::<i64>(0),
    )?;
    Ok(found.is_some())
}

/// Refunds all that is left of a paid order. `goods_back` when nothing was shipped: its units can
/// be sold again, and a group buy counts them no more.
pub fn whole(
    tx: &mut Tx,
    order: &mut Found,
    reason: &str,
    goods_back: bool,
    by: By,
) -> Result<(), Failure> {
    order::move_to(tx, order, Status::Refunding, by)?;
    if goods_back {
        let on = match order.group_buy {
            Some(group_buy) => group_buy::is_on(tx, group_buy)?,
            None => false,
        };
        let back = inventory::restock(tx, order.id, on)?;
        if let Some(group_buy) = order.group_buy {
            group_buy::give_back(tx, group_buy, order.person, &back, on)?;
        }
    }
    let asked = store::pending(tx, order.id)?;
    let left = Money::new(order.total.minor - order.refunded - asked, order.currency);
    order::give_back_rest(tx, order.id)?;
    match store::payment_of(tx, order.id)? {
        Some(payment) if left.minor > 0 => ask(tx, order, payment, left, reason, by.person),
        // Nothing was paid, or all of it is on its way already.
        _ if asked == 0 => finish(tx, order),
        _ => Ok(()),
    }
}

/// What of an order goes back for a return.
pub struct Part<'a> {
    pub after_sale: Id<AfterSale>,
    /// How much of which line, in minor units.
    pub lines: &'a [(Id<Line>, i64)],
    /// How much of the shipping fee.
    pub shipping: i64,
}

/// Refunds a part of a paid order, never more of a line than it really cost. With the last part
/// the order is being refunded as a whole. Whether there is money to wait for.
pub fn part(tx: &mut Tx, order: &mut Found, part: &Part, by: By) -> Result<bool, Failure> {
    for (line, minor) in part.lines.iter().filter(|(_, minor)| *minor > 0) {
        if !order::give_back(tx, *line, *minor)? {
            return Err(domain::after_sale::Refusal::BadAmount(0).into());
        }
    }
    if part.shipping > 0 && !order::give_back_shipping(tx, order.id, part.shipping)? {
        return Err(domain::after_sale::Refusal::BadAmount(0).into());
    }
    let amount = part.lines.iter().map(|(_, minor)| minor).sum::<i64>() + part.shipping;
    let amount = Money::new(amount, order.currency);
    let Some(payment) = store::payment_of(tx, order.id)?.filter(|_| !amount.is_zero()) else {
        return Ok(false);
    };
    let asked = store::pending(tx, order.id)?;
    if order.refunded + asked + amount.minor == order.total.minor {
        order::move_to(tx, order, Status::Refunding, by)?;
    }
    let why = Why { reason: "after_sale", after_sale: Some(part.after_sale) };
    ask_for(tx, order, payment, amount, why, by.person)?;
    Ok(true)
}

pub(crate) use store::after_sale_of;

/// Job: sends a refund to the provider and records its end. The provider knows it by our id, so a
/// second try after a crash pays nothing twice.
pub fn send(app: &App, id: Id<Refund>) -> Result<(), Failure> {
    let Some(sending) = app.read(|tx| store::sending(tx, id))? else { return Ok(()) };
    fault_point!("before_refund");
    let key = id.to_string();
    let sent = match &app.outside.gateway {
        Some(gateway) => gateway.refund(&sending.reference, &key, sending.amount),
        None => sandbox::refund(app, &sending.reference, &key, sending.amount),
    };
    fault_point!("after_refund");
    match sent {
        Ok(provider_reference) => app.write(|tx| succeeded(tx, id, &provider_reference)),
        Err(Trouble::Refused(why)) => app.write(|tx| refused(tx, id, &why)),
        Err(Trouble::Away(why)) => Err(Failure::Broken(why)),
    }
}

fn succeeded(tx: &mut Tx, id: Id<Refund>, provider_reference: &str) -> Result<(), Failure> {
    let sending = store::find(tx, id)?;
    let mut order = order::find_to_change(tx, sending.order)?;
    if !store::finish(tx, id, "succeeded", Some(provider_reference))? {
        return Ok(());
    }
    let clearing = ledger::account(tx, AccountKind::PspClearing, 0, order.currency)?;
    ledger::settle(tx, "refund", ("refund", id.0), clearing)?;
    tx.tell(Fact::RefundPaid { refund: id, order: order.id, amount: sending.amount })?;
    let of_order = sending.purpose == "order" && order.status != Status::LatePaid;
    if of_order {
        order::add_refunded(tx, &mut order, sending.amount.minor)?;
        if order.status == Status::Refunding && order.refunded == order.total.minor {
            finish(tx, &mut order)?;
        }
    }
    let kind = if sending.reason == "late" { "late_refunded" } else { "refunded" };
    let args = json!({ "amount": sending.amount, "reason": sending.reason });
    notice::tell(tx, order.person, kind, "order", order.id.0, args)
}

fn finish(tx: &mut Tx, order: &mut Found) -> Result<(), Failure> {
    order::move_to(tx, order, Status::Refunded, By::system("refund_paid"))
}

/// The provider will not: a person must look. The promise is kept meanwhile.
fn refused(tx: &mut Tx, id: Id<Refund>, why: &str) -> Result<(), Failure> {
    case::open(tx, "refund_failed", ("refund", id.0), why)
}
