//! Wallets: what shoppers can spend here, where it came from and where it went.
//!
//! The books are the only truth: a purse is an account, and a statement is its postings. What a
//! wallet pays for an order is a payment like any other, except that no provider is asked: the
//! value is held when the buyer says so and goes to the order's escrow when the order is paid.

use std::collections::BTreeSet;

use describe::ToSchema;
use domain::event::Fact;
use domain::id::Id;
use domain::ledger::{AccountKind, Posting};
use domain::moment::Moment;
use domain::money::{Currency, Money};
use domain::payment::Payment;
use domain::person::{Permission, Person};
use domain::text::one_line;
use domain::wallet::{Funds, Grant, Purse, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::csv_cell::guarded;
use crate::db::Tx;
use crate::failure::Failure;
use crate::idempotency::Answer;
use crate::order::Found;
use crate::person::Contact;
use crate::{App, Visitor, ledger, notice, order, person, shop, staff_act};

mod store;

/// What somebody's wallet holds.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct WalletView {
    pub person: Id<Person>,
    /// What can be spent now, of both purses.
    pub available: Money,
    /// Given by the shop.
    pub store_credit: Money,
    /// Topped up.
    pub prepaid: Money,
    /// Promised to orders that are not paid yet, or on its way back.
    pub held: Money,
}

/// One line of a wallet's statement.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct EntryView {
    /// Its place in the books; earlier ones are smaller.
    pub number: i64,
    pub purse: Purse,
    /// What came in, or (negative) went out.
    pub amount: Money,
    /// `grant`, `capture` (an order was paid), `refund`, `top_up`, `top_up_refund`.
    pub kind: String,
    /// The order, top-up or grant it is about.
    pub about: String,
    pub about_id: String,
    /// Why the shop gave or took it; empty for the rest.
    pub reason: String,
    pub at: Moment,
}

/// Store credit to be given, or (negative) taken back.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct GiveCredit {
    pub amount: Money,
    /// Its owner reads it.
    pub reason: String,
}

/// A wallet in the console's list.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct WalletCard {
    pub person: Id<Person>,
    pub name: String,
    pub store_credit: Money,
    pub prepaid: Money,
    pub held: Money,
}

/// The most store credit that is given at once, in minor units.
const MOST_GIVEN: i64 = 10_000_000;

/// What of a wallet can be spent now.
pub(crate) fn funds(tx: &mut Tx, person: Id<Person>, currency: Currency) -> Result<Funds, Failure> {
    if tx.gathers() {
        return tx.recall(&funds_name(person, currency)).ok_or_else(|| tx.alone());
    }
    store::funds(tx, person, currency)
}

fn funds_name(person: Id<Person>, currency: Currency) -> String {
    format!("funds {} {}", person.0, currency.code())
}

/// Reads what these people can spend, for a batch of decisions. Nothing is locked: what is taken is
/// written only where it is still there, or the batch is decided one by one.
pub(crate) fn gather(tx: &mut Tx, people: &BTreeSet<Id<Person>>) -> Result<(), Failure> {
    for person in people {
        for currency in Currency::ALL {
            tx.keep_in_mind(funds_name(*person, currency), Funds::default());
        }
    }
    let ids: Vec<i64> = people.iter().map(|person| person.0).collect();
    for (person, currency, purse, minor) in store::all_funds(tx, &ids)? {
        let name = funds_name(person, currency);
        let mut funds: Funds = tx.recall(&name).unwrap_or_default();
        match purse {
            Purse::StoreCredit => funds.credit = minor,
            Purse::Prepaid => funds.prepaid = minor,
        }
        tx.keep_in_mind(name, funds);
    }
    Ok(())
}

/// Pays a whole order from its buyer's wallet at once, without a promise before. The payments it is
/// paid by. The order is locked, and waits to be paid.
pub(crate) fn pay(tx: &mut Tx, order: &Found) -> Result<Vec<Id<Payment>>, Failure> {
    let (person, currency) = (order.person, order.currency);
    let funds = funds(tx, person, currency)?;
    planted!("wallet_unchecked", {
        let escrow = ledger::account(tx, AccountKind::Escrow, order.id.0, currency)?;
        let payment = store::add_payment(tx, order, Purse::Prepaid, order.total, true)?;
        let given = ledger::account(tx, AccountKind::CreditGiven, 0, currency)?;
        capture(tx, order, (payment, order.total), given, escrow)?;
        return Ok(vec![payment]);
    });
    if funds.total() < order.total.minor {
        return Err(Refusal::NotEnough(Money::new(funds.total(), currency)).into());
    }
    let drawn = funds.draw(order.total.minor);
    if tx.gathers() {
        tx.keep_in_mind(funds_name(person, currency), funds.less(drawn));
    }
    let escrow = ledger::account(tx, AccountKind::Escrow, order.id.0, currency)?;
    let mut payments = Vec::new();
    for purse in Purse::ALL {
        let amount = Money::new(drawn.of(purse), currency);
        if amount.is_zero() {
            continue;
        }
        let payment = store::add_payment(tx, order, purse, amount, true)?;
        let from = ledger::account(tx, purse.account(), person.0, currency)?;
        capture(tx, order, (payment, amount), from, escrow)?;
        payments.push(payment);
    }
    Ok(payments)
}

fn capture(
    tx: &mut Tx,
    order: &Found,
    (payment, amount): (Id<Payment>, Money),
    from: Id<domain::ledger::Account>,
    escrow: Id<domain::ledger::Account>,
) -> Result<(), Failure> {
    let postings =
        [Posting { account: from, amount: amount.negated() }, Posting { account: escrow, amount }];
    ledger::post(tx, "capture", ("payment", payment.0), &postings)?;
    tx.tell(Fact::PaymentCaptured { payment, order: order.id, amount })
}

/// Promises up to `most` of the buyer's wallet to an order that waits to be paid; what was promised
/// before is given back first. The order is locked.
pub(crate) fn promise(tx: &mut Tx, order: &mut Found, most: i64) -> Result<(), Failure> {
    release(tx, order)?;
    let drawn = funds(tx, order.person, order.currency)?.draw(most);
    for purse in Purse::ALL {
        let amount = Money::new(drawn.of(purse), order.currency);
        if amount.is_zero() {
            continue;
        }
        let payment = store::add_payment(tx, order, purse, amount, false)?;
        let from = ledger::account(tx, purse.account(), order.person.0, order.currency)?;
        ledger::hold(tx, from, amount, ("payment", payment.0))?;
    }
    order::set_promised(tx, order, drawn.total())
}

/// What the wallet promised an order is free again.
pub(crate) fn release(tx: &mut Tx, order: &mut Found) -> Result<(), Failure> {
    if order.promised == 0 {
        return Ok(());
    }
    if tx.gathers() {
        return Err(tx.alone());
    }
    planted!("wallet_promise_kept", return Ok(()));
    for (payment, _) in store::promised(tx, order.id)? {
        store::end_payment(tx, payment, false)?;
        ledger::release(tx, ("payment", payment.0))?;
    }
    order::set_promised(tx, order, 0)
}

/// What the wallet promised an order is its to keep: the rest has come.
pub(crate) fn take(tx: &mut Tx, order: &Found) -> Result<(), Failure> {
    if order.promised == 0 {
        return Ok(());
    }
    let escrow = ledger::account(tx, AccountKind::Escrow, order.id.0, order.currency)?;
    for (payment, amount) in store::promised(tx, order.id)? {
        store::end_payment(tx, payment, true)?;
        ledger::settle(tx, "capture", ("payment", payment.0), escrow)?;
        tx.tell(Fact::PaymentCaptured { payment, order: order.id, amount })?;
    }
    Ok(())
}

/// The visitor's own wallet.
pub fn mine(app: &App, visitor: &Visitor) -> Result<WalletView, Failure> {
    let person = visitor.reader()?;
    app.read(|tx| view(tx, person))
}

/// Anybody's wallet, for staff.
pub fn of(app: &App, visitor: &Visitor, id: Id<Person>) -> Result<WalletView, Failure> {
    visitor.staff_reader(Permission::Wallets)?;
    app.read(|tx| {
        person::find(tx, id)?;
        view(tx, id)
    })
}

pub(crate) fn view(tx: &mut Tx, person: Id<Person>) -> Result<WalletView, Failure> {
    let currency = shop::get(tx)?.currency;
    let funds = store::funds(tx, person, currency)?;
    let held = store::held(tx, person, currency)?;
    let money = |minor| Money::new(minor, currency);
    Ok(WalletView {
        person,
        available: money(funds.total()),
        store_credit: money(funds.credit),
        prepaid: money(funds.prepaid),
        held: money(held),
    })
}

/// The visitor's statement, the latest first.
pub fn statement(
    app: &App,
    visitor: &Visitor,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<EntryView>, Failure> {
    let person = visitor.reader()?;
    app.read(|tx| store::statement(tx, person, before.unwrap_or(i64::MAX), limit))
}

/// The visitor's whole statement as a CSV file, the latest first (RULES CN-PAY-06).
pub fn statement_file(app: &App, visitor: &Visitor) -> Result<Vec<u8>, Failure> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let head = ["at", "kind", "purse", "amount", "currency", "about", "about_id", "reason"];
    writer.write_record(head).map_err(Failure::broken)?;
    let mut before = None;
    loop {
        let page = statement(app, visitor, before, 1_000)?;
        for entry in &page {
            let at = jiff::Timestamp::from_microsecond(entry.at.0).map_err(Failure::broken)?;
            let (amount, reason) = (entry.amount.decimal(), guarded(&entry.reason));
            let row = [
                &at.to_string(),
                &entry.kind,
                entry.purse.code(),
                &amount,
                entry.amount.currency.code(),
                &entry.about,
                &entry.about_id,
                &reason,
            ];
            writer.write_record(row).map_err(Failure::broken)?;
        }
        // A journal moves one purse once: the next page begins after the last.
        match page.last() {
            Some(last) if page.len() == 1_000 => before = Some(last.number),
            _ => break,
        }
    }
    writer.into_inner().map_err(Failure::broken)
}

/// Anybody's statement, for staff.
pub fn statement_of(
    app: &App,
    visitor: &Visitor,
    person: Id<Person>,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<EntryView>, Failure> {
    visitor.staff_reader(Permission::Wallets)?;
    app.read(|tx| store::statement(tx, person, before.unwrap_or(i64::MAX), limit))
}

/// Wallets that hold something, the fullest first.
pub fn list(app: &App, visitor: &Visitor, limit: i64) -> Result<Vec<WalletCard>, Failure> {
    visitor.staff_reader(Permission::Wallets)?;
    app.read(|tx| {
        let currency = shop::get(tx)?.currency;
        store::list(tx, currency, limit)
    })
}

/// Whose wallet it is that staff look for, by an id or a contact.
pub fn owner(app: &App, visitor: &Visitor, text: &str) -> Result<Option<Id<Person>>, Failure> {
    visitor.staff_reader(Permission::Wallets)?;
    app.read(|tx| match (Id::parse(text), Contact::new(text)) {
        (Some(id), _) => person::find(tx, id).map(|found| Some(found.id)),
        (None, Ok(contact)) => person::by_contact(tx, &contact),
        (None, Err(_)) => Ok(None),
    })
    .or_else(|failure| match failure {
        Failure::NotFound => Ok(None),
        other => Err(other),
    })
}

/// Gives somebody store credit, or takes back what they have not spent.
pub fn give(
    app: &App,
    visitor: &Visitor,
    to: Id<Person>,
    give: GiveCredit,
) -> Result<Answer<WalletView>, Failure> {
    let actor = visitor.staff(Permission::Wallets)?;
    let reason = one_line(&give.reason);
    if reason.is_empty() || reason.chars().count() > 200 {
        return Err(Refusal::NoReason.into());
    }
    if give.amount.is_zero() || give.amount.minor.abs() > MOST_GIVEN {
        return Err(Refusal::BadAmount.into());
    }
    app.once(visitor, "credit", |tx| {
        if give.amount.currency != shop::get(tx)?.currency {
            return Err(Refusal::BadAmount.into());
        }
        person::find(tx, to)?;
        let id: Id<Grant> = tx.id();
        store::add_grant(tx, id, to, give.amount, &reason, actor)?;
        move_credit(tx, id, to, give.amount)?;
        let detail = json!({ "person": to, "amount": give.amount, "reason": reason }).to_string();
        staff_act::record(tx, actor, "wallet.give", ("person", to.0), &detail)?;
        let kind = if give.amount.minor > 0 { "credit_given" } else { "credit_taken" };
        let amount = Money::new(give.amount.minor.abs(), give.amount.currency);
        let args = json!({ "amount": amount, "reason": reason });
        notice::tell(tx, to, kind, "wallet", 0, args)?;
        Ok((view(tx, to)?, id.0))
    })
}

fn move_credit(
    tx: &mut Tx,
    grant: Id<Grant>,
    to: Id<Person>,
    amount: Money,
) -> Result<(), Failure> {
    let given = ledger::account(tx, AccountKind::CreditGiven, 0, amount.currency)?;
    let credit = ledger::account(tx, AccountKind::StoreCredit, to.0, amount.currency)?;
    let postings =
        [Posting { account: given, amount: amount.negated() }, Posting { account: credit, amount }];
    match ledger::post(tx, "grant", ("grant", grant.0), &postings) {
        Err(Failure::Refused(_)) => {
            let funds = store::funds(tx, to, amount.currency)?;
            Err(Refusal::NotEnough(Money::new(funds.credit, amount.currency)).into())
        }
        done => done.map(|_| ()),
    }
}
