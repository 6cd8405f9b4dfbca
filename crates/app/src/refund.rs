//! Money going back: asked for in the order's transaction, sent by a job of its own, exactly once.

use domain::after_sale::AfterSale;
use domain::event::Fact;
use domain::id::Id;
use domain::ledger::{Account, AccountKind, Posting};
use domain::moment::Moment;
use domain::money::Money;
use domain::order::{Line, Status};
use domain::payment::{OFFLINE, Payment, Refund};
use domain::wallet::{self, Purse};
use serde_json::json;

use crate::db::Tx;
use crate::failure::Failure;
use crate::order::{self, By, Found};
use crate::outside::Trouble;
use crate::outside::gateway::{Back, Backed, Known};
use crate::{App, case, deal, inventory, ledger, notice, provider, settlement};

mod store;

/// Why money goes back: the reason, and which return it is for.
#[derive(Clone, Copy, Debug)]
struct Why<'a> {
    reason: &'a str,
    after_sale: Option<Id<AfterSale>>,
}

/// Asks for `amount` of a payment to go back, `tax` of it tax on the order. The same reason for the
/// same payment is one refund: asking again changes nothing. The money is held in the order's
/// escrow until it is gone.
pub fn ask(
    tx: &mut Tx,
    order: &Found,
    payment: Id<Payment>,
    amount: Money,
    tax: i64,
    reason: &str,
    asked_by: Option<Id<domain::person::Person>>,
) -> Result<(), Failure> {
    let why = Why { reason, after_sale: None };
    ask_for(tx, order, payment, (amount, tax), why, asked_by)
}

fn ask_for(
    tx: &mut Tx,
    order: &Found,
    payment: Id<Payment>,
    (amount, tax): (Money, i64),
    why: Why,
    asked_by: Option<Id<domain::person::Person>>,
) -> Result<(), Failure> {
    let id: Id<Refund> = tx.id();
    if !store::add(tx, id, order.id, payment, (amount, tax), why, asked_by)? {
        return Ok(());
    }
    let escrow = ledger::account(tx, AccountKind::Escrow, order.id.0, order.currency)?;
    // What came beside the order's own money was never anybody's to earn.
    let earned_before = why.reason != "surplus"
        && (order.status == Status::Completed || was_completed(tx, order.id)?);
    if earned_before {
        // The shop, or the seller, has the money already: it comes back to escrow before it is
        // promised.
        let mut postings = vec![Posting { account: escrow, amount }];
        if order.seller.is_some() {
            postings.extend(settlement::taken_back(tx, order, id, amount)?);
        } else {
            let tax = Money::new(tax, order.currency);
            for posting in earned(tx, amount, tax)? {
                postings.push(Posting { amount: posting.amount.negated(), ..posting });
            }
        }
        ledger::post(tx, "unsettle", ("refund", id.0), &postings)?;
    }
    planted!("late_money_back_twice", return tx.ask("refund.send", id.0, tx.now));
    ledger::hold(tx, escrow, amount, ("refund", id.0))?;
    tx.tell(Fact::RefundAsked { refund: id, order: order.id, amount })?;
    tx.ask("refund.send", id.0, tx.now)
}

/// How what the shop earned is parted: the tax is not its own.
pub(crate) fn earned(tx: &mut Tx, amount: Money, tax: Money) -> Result<Vec<Posting>, Failure> {
    let parts = [(AccountKind::Sales, amount.minus(tax)), (AccountKind::TaxPayable, tax)];
    let mut postings = Vec::new();
    for (kind, amount) in parts.into_iter().filter(|(_, amount)| !amount.is_zero()) {
        let account = ledger::account(tx, kind, 0, amount.currency)?;
        postings.push(Posting { account, amount });
    }
    Ok(postings)
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
        let on = deal::is_on(tx, order)?;
        let back = inventory::restock(tx, order.id, on)?;
        deal::give_back(tx, order, &back, on)?;
    }
    let asked = store::pending(tx, order.id)?;
    let left = Money::new(order.total.minor - order.refunded - asked, order.currency);
    let tax = order::tax_left(tx, order.id)?;
    order::give_back_rest(tx, order.id)?;
    if left.minor > 0 {
        let why = Why { reason, after_sale: None };
        return ask_all(tx, order, (left, tax), why, by.person);
    }
    // Nothing was paid, or all of it is on its way already.
    if asked == 0 { finish(tx, order) } else { Ok(()) }
}

/// Asks for some of a paid order to go back that no return is about.
pub fn some(
    tx: &mut Tx,
    order: &Found,
    (amount, tax): (Money, i64),
    reason: &str,
) -> Result<(), Failure> {
    ask_all(tx, order, (amount, tax), Why { reason, after_sale: None }, None)
}

/// Shares what goes back over the payments that paid: each part goes to where it came from, and
/// takes its share of the tax with it.
fn ask_all(
    tx: &mut Tx,
    order: &Found,
    (amount, tax): (Money, i64),
    why: Why,
    asked_by: Option<Id<domain::person::Person>>,
) -> Result<(), Failure> {
    let payments = store::paid_by(tx, order.id)?;
    let left: Vec<i64> = payments.iter().map(|(_, left)| *left).collect();
    planted!("refund_to_one_purse", {
        let (payment, _) = payments[0];
        return ask_for(tx, order, payment, (amount, tax), why, asked_by);
    });
    let parts = wallet::share(amount, &left);
    let weights: Vec<i64> = parts.iter().map(|part| part.minor).collect();
    let taxes = Money::new(tax, order.currency).split(&weights);
    for ((payment, _), (part, tax)) in payments.iter().zip(parts.into_iter().zip(taxes)) {
        if !part.is_zero() {
            ask_for(tx, order, *payment, (part, tax.minor), why, asked_by)?;
        }
    }
    Ok(())
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
    let why = Why { reason: "after_sale", after_sale: Some(part.after_sale) };
    parts(tx, order, (part.lines, part.shipping), why, by)
}

/// Refunds what staff took out of a paid order before it was sent, or what its way costs less. The
/// `number` tells one change of the order from another.
pub(crate) fn edited(
    tx: &mut Tx,
    order: &mut Found,
    (lines, shipping): (&[(Id<Line>, i64)], i64),
    number: i64,
    by: By,
) -> Result<bool, Failure> {
    let reason = format!("edited_{number}");
    parts(tx, order, (lines, shipping), Why { reason: &reason, after_sale: None }, by)
}

/// Refunds so much of each line and of shipping, with the tax in it. Whether that is anything.
fn parts(
    tx: &mut Tx,
    order: &mut Found,
    (lines, shipping): (&[(Id<Line>, i64)], i64),
    why: Why,
    by: By,
) -> Result<bool, Failure> {
    let none = || Failure::from(domain::after_sale::Refusal::BadAmount(0));
    let mut tax = 0;
    for (line, minor) in lines.iter().filter(|(_, minor)| *minor > 0) {
        tax += order::give_back(tx, *line, *minor)?.ok_or_else(none)?;
    }
    if shipping > 0 {
        tax += order::give_back_shipping(tx, order.id, shipping)?.ok_or_else(none)?;
    }
    let amount = lines.iter().map(|(_, minor)| minor).sum::<i64>() + shipping;
    let amount = Money::new(amount, order.currency);
    if amount.is_zero() {
        return Ok(false);
    }
    let asked = store::pending(tx, order.id)?;
    if order.refunded + asked + amount.minor == order.total.minor {
        order::move_to(tx, order, Status::Refunding, by)?;
    }
    ask_all(tx, order, (amount, tax), why, by.person)?;
    Ok(true)
}

pub(crate) use store::{after_sale_of, waits_for};

/// Job: sends a refund to the provider and records its end. The provider knows it by our id, so a
/// second try after a crash pays nothing twice. When to look again at one that takes its time.
pub fn send(app: &App, id: Id<Refund>) -> Result<Option<Moment>, Failure> {
    let Some(sending) = app.read(|tx| store::sending(tx, id))? else { return Ok(None) };
    if Purse::parse(&sending.provider).is_some() {
        return app.write(|tx| succeeded(tx, id, "")).map(|()| None);
    }
    if sending.provider == OFFLINE {
        // Somebody must carry it back; `sent_by_hand` ends it.
        app.write(|tx| case::open(tx, "refund_by_hand", ("refund", id.0), ""))?;
        return Ok(None);
    }
    fault_point!("before_refund");
    let back = Back {
        of: Known {
            reference: sending.reference.clone(),
            theirs: sending.theirs.clone(),
            amount: sending.paid,
        },
        key: id.to_string(),
        theirs: sending.underway.clone(),
        amount: sending.amount,
        notify_url: provider::notify_url(app, &sending.provider),
    };
    let sent = provider::refund(app, &sending.provider, &back);
    fault_point!("after_refund");
    match sent {
        Ok(Backed::Done(theirs)) => app.write(|tx| succeeded(tx, id, &theirs))?,
        Ok(Backed::Underway(theirs)) => {
            return app.write(|tx| {
                store::set_underway(tx, id, &theirs)?;
                let age = tx.now.since(sending.asked_at);
                if age > provider::SLOW {
                    case::open(tx, "refund_slow", ("refund", id.0), &theirs)?;
                }
                Ok(Some(tx.now.plus(provider::look_again(age))))
            });
        }
        Err(Trouble::Refused(why)) => app.write(|tx| refused(tx, id, &why))?,
        Err(Trouble::Away(why)) => return Err(Failure::Broken(why)),
    }
    Ok(None)
}

/// The provider says that a refund has moved: it is asked. One that came back after it was paid is
/// for a person.
pub(crate) fn moved(tx: &mut Tx, key: &str, failed: bool) -> Result<(), Failure> {
    let Some(id) = Id::parse(key) else { return Ok(()) };
    match store::status(tx, id)?.as_deref() {
        Some("pending") => tx.ask("refund.send", id.0, tx.now),
        Some("succeeded") if failed => refused(tx, id, "it came back after it was paid"),
        _ => Ok(()),
    }
}

/// Staff sent a refund back by hand. The order it is for.
pub(crate) fn sent_by_hand(
    tx: &mut Tx,
    id: Id<Refund>,
    proof: &str,
    actor: Id<domain::person::Person>,
) -> Result<Id<domain::order::Order>, Failure> {
    let sending = store::sending(tx, id)?.filter(|sending| sending.provider == OFFLINE);
    let sending = sending.ok_or(Failure::NotFound)?;
    succeeded(tx, id, proof)?;
    case::settle(tx, "refund_by_hand", ("refund", id.0), Some(actor))?;
    Ok(sending.order)
}

/// The account that a refund goes to: where its money came from.
fn source(tx: &mut Tx, provider: &str, order: &Found) -> Result<Id<Account>, Failure> {
    match Purse::parse(provider) {
        Some(purse) => ledger::account(tx, purse.account(), order.person.0, order.currency),
        None => ledger::clearing(tx, provider, order.currency),
    }
}

fn succeeded(tx: &mut Tx, id: Id<Refund>, provider_reference: &str) -> Result<(), Failure> {
    let sending = store::find(tx, id)?;
    let mut order = order::find_to_change(tx, sending.order)?;
    if !store::finish(tx, id, "succeeded", Some(provider_reference))? {
        return Ok(());
    }
    let source = source(tx, &sending.provider, &order)?;
    ledger::settle(tx, "refund", ("refund", id.0), source)?;
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
    let known = case::is_known(tx, "refund_failed", ("refund", id.0))?;
    case::open(tx, "refund_failed", ("refund", id.0), why)?;
    if known {
        return Ok(());
    }
    let sending = store::find(tx, id)?;
    let order = order::find(tx, sending.order)?;
    let args = json!({ "amount": sending.amount });
    notice::tell(tx, order.person, "refund_failed", "order", order.id.0, args)
}
