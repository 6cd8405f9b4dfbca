//! What sellers are owed, how it reaches them, and their statements.
//!
//! When an order of a seller's is completed, what its escrow still holds is parted: the commission
//! is the shop's, the rest is the seller's and waits in their account. It never goes through what
//! the shop itself earns. The provider that took the money is then asked to split the seller's part
//! off to them, by a job of its own, exactly once. What is refunded later comes out of the same
//! account, which may then say that the seller owes: that is kept back from their next orders.

use describe::ToSchema;
use domain::id::Id;
use domain::ledger::{AccountKind, Posting};
use domain::moment::Moment;
use domain::money::Money;
use domain::order::Order;
use domain::payment::Refund;
use domain::seller::{self as rules, Part, Seller, Split};
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::failure::Failure;
use crate::order::Found;
use crate::outside::Trouble;
use crate::outside::gateway::{Backed, Known, Share};
use crate::{App, Visitor, case, ledger, provider, seller};

mod statement;
mod store;

pub use statement::{
    EntryView, MonthView, StatementView, csv, months, settle, statement, with_currency,
};

/// Why an order of a seller's cannot go on.
fn no_seller() -> Failure {
    Failure::broken("an order of nobody's is parted")
}

/// How what a seller's completed order leaves is parted, written down in the seller's account.
pub(crate) fn sold(tx: &mut Tx, order: &Found, amount: Money) -> Result<Vec<Posting>, Failure> {
    let (seller, rate) = order.seller.ok_or_else(no_seller)?;
    let goods = store::goods_left(tx, order)?;
    let part = rules::part(amount, goods, rate);
    planted!("commission_on_shipping", {
        let part = rules::part(amount, amount, rate);
        store::add_entry(tx, ("sale", order.id.0), seller, order.id, &part)?;
        return postings(tx, seller, &part);
    });
    store::add_entry(tx, ("sale", order.id.0), seller, order.id, &part)?;
    postings(tx, seller, &part)
}

/// What a refund of a seller's completed order takes back: from the seller, and of the commission.
pub(crate) fn taken_back(
    tx: &mut Tx,
    order: &Found,
    refund: Id<Refund>,
    amount: Money,
) -> Result<Vec<Posting>, Failure> {
    let (seller, rate) = order.seller.ok_or_else(no_seller)?;
    let kept = store::kept(tx, order)?;
    let goods = store::goods_left(tx, order)?;
    let part = rules::back(&kept, amount, goods, rate);
    planted!("commission_kept_on_refund", {
        let none = Money::zero(amount.currency);
        let part = Part { commission: none, net: amount.negated(), ..part };
        store::add_entry(tx, ("refund", refund.0), seller, order.id, &part)?;
        return postings(tx, seller, &part);
    });
    store::add_entry(tx, ("refund", refund.0), seller, order.id, &part)?;
    postings(tx, seller, &part)
}

fn postings(tx: &mut Tx, seller: Id<Seller>, part: &Part) -> Result<Vec<Posting>, Failure> {
    let parts = [
        (AccountKind::SellerPayable, seller.0, part.net),
        (AccountKind::Commission, 0, part.commission),
    ];
    let mut postings = Vec::new();
    for (kind, owner, amount) in parts.into_iter().filter(|(.., amount)| !amount.is_zero()) {
        planted!("seller_money_is_sales", {
            let account = ledger::account(tx, AccountKind::Sales, 0, amount.currency)?;
            postings.push(Posting { account, amount });
            continue;
        });
        let account = ledger::account(tx, kind, owner, amount.currency)?;
        postings.push(Posting { account, amount });
    }
    Ok(postings)
}

/// Has a seller's part of a completed order split off to them: what they owe from before is kept
/// back. It is promised in their account until it is gone.
pub(crate) fn split_later(tx: &mut Tx, order: &Found) -> Result<(), Failure> {
    let (seller, _) = order.seller.ok_or_else(no_seller)?;
    let account = ledger::account(tx, AccountKind::SellerPayable, seller.0, order.currency)?;
    ledger::balance_to_change(tx, account)?;
    let (net, free) = (store::kept(tx, order)?.net, store::free(tx, account)?);
    let amount = Money::new(rules::to_split(net.minor, free), order.currency);
    let Some(payment) = store::paid_by(tx, order.id)?.filter(|_| !amount.is_zero()) else {
        return Ok(());
    };
    let id: Id<Split> = tx.id();
    if !store::add_split(tx, id, order, seller, payment, amount)? {
        return Ok(());
    }
    ledger::hold(tx, account, amount, ("split", id.0))?;
    tx.ask("order.split", id.0, tx.now)
}

/// Job: asks the provider that took an order's money to split the seller's part off. It knows the
/// split by our id, so a second try pays nothing twice. When to look again at a slow one.
pub fn send(app: &App, id: Id<Split>) -> Result<Option<Moment>, Failure> {
    let Some(sending) = app.read(|tx| store::sending(tx, id))? else { return Ok(None) };
    let (seller, name) = (sending.seller, sending.provider.clone());
    let receiver = app.read(|tx| seller::receiver(tx, seller, &name))?;
    let Some(receiver) = receiver else {
        // Staff say who the seller is there; the sweep asks again.
        let why = format!("{} does not know {}", name, sending.seller_name);
        app.write(|tx| case::open(tx, "split_failed", ("split", id.0), &why))?;
        return Ok(None);
    };
    let share = Share {
        of: Known {
            reference: sending.reference.clone(),
            theirs: sending.theirs.clone(),
            amount: sending.paid,
        },
        key: id.to_string(),
        theirs: sending.underway.clone(),
        receiver: receiver.clone(),
        name: sending.seller_name.clone(),
        amount: sending.amount,
    };
    planted!("split_asked_anew", {
        let again = Share { key: format!("{id}_again"), ..share.clone() };
        provider::split(app, &name, &again).ok();
    });
    let sent = provider::split(app, &name, &share);
    match sent {
        Ok(Backed::Done(theirs)) => app.write(|tx| succeeded(tx, id, &receiver, &theirs))?,
        Ok(Backed::Underway(theirs)) => {
            return app.write(|tx| {
                store::set_underway(tx, id, &theirs)?;
                let age = tx.now.since(sending.asked_at);
                if age > provider::SLOW {
                    case::open(tx, "split_slow", ("split", id.0), &theirs)?;
                }
                Ok(Some(tx.now.plus(provider::look_again(age))))
            });
        }
        Err(Trouble::Refused(why)) => {
            app.write(|tx| case::open(tx, "split_failed", ("split", id.0), &why))?;
        }
        Err(Trouble::Away(why)) => return Err(Failure::Broken(why)),
    }
    Ok(None)
}

fn succeeded(tx: &mut Tx, id: Id<Split>, receiver: &str, theirs: &str) -> Result<(), Failure> {
    let Some(sending) = store::sending_to_change(tx, id)? else { return Ok(()) };
    if !store::finish(tx, id, receiver, theirs)? {
        return Ok(());
    }
    let none = Money::zero(sending.amount.currency);
    let part = Part { goods: none, other: none, commission: none, net: sending.amount.negated() };
    store::add_entry(tx, ("split", id.0), sending.seller, sending.order, &part)?;
    let clearing = ledger::clearing(tx, &sending.provider, sending.amount.currency)?;
    ledger::settle(tx, "split", ("split", id.0), clearing)?;
    for kind in ["split_failed", "split_slow"] {
        case::settle(tx, kind, ("split", id.0), None)?;
    }
    Ok(())
}

/// The ways of these by which an order of a seller's can be paid: providers that can split, and
/// know the seller. What comes otherwise would be the shop's to keep for somebody else, which the
/// rules of payment do not let it (RULES CN-PAY-01).
pub(crate) fn ways(
    app: &App,
    tx: &mut Tx,
    seller: Id<Seller>,
    names: Vec<&'static str>,
) -> Result<Vec<&'static str>, Failure> {
    planted!("seller_paid_by_hand", return Ok(names));
    let known = seller::receivers(tx, seller)?;
    let fits = |name: &&str| known.contains_key(*name) && provider::splits(app, name);
    Ok(names.into_iter().filter(fits).collect())
}

/// Whether a shop with sellers may open: every provider that is set up can split. One that cannot
/// would have the platform's own account take a seller's money.
pub fn check_providers(app: &App) -> Result<(), Failure> {
    if !app.read(seller::any_active)? {
        return Ok(());
    }
    match provider::names(app).into_iter().find(|name| !provider::splits(app, name)) {
        None => Ok(()),
        Some(name) => Err(Failure::Broken(format!(
            "there are sellers, and {name} cannot split what it takes between them and the shop"
        ))),
    }
}

/// A seller's part of an order, as the shop and the seller see it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SplitView {
    pub id: Id<Split>,
    pub order: Id<Order>,
    pub provider: String,
    pub amount: Money,
    /// pending, succeeded.
    pub status: String,
    /// What the provider calls the seller; empty while it is on its way.
    pub receiver: String,
    pub at: Moment,
}

/// A seller's splits, the newest first.
pub fn splits(
    app: &App,
    visitor: &Visitor,
    seller: Id<Seller>,
    before: Option<Id<Split>>,
    limit: i64,
) -> Result<Vec<SplitView>, Failure> {
    let counter = visitor.counter_reader(domain::person::Permission::Sellers)?;
    counter.sees(Some(seller))?;
    app.read(|tx| {
        seller::find(tx, seller)?;
        store::splits(tx, seller, before, limit)
    })
}
