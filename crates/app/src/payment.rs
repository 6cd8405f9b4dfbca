//! Payments: asked for outside a transaction, settled inside one, whatever order the news comes in.

use domain::event::Fact;
use domain::id::Id;
use domain::ledger::{Account, AccountKind, Posting};
use domain::moment::Moment;
use domain::order::{Actor, Order, Status as OrderStatus};
use domain::payment::{Meaning, Refusal, Said, Status, meaning};
use serde_json::json;

use crate::db::Tx;
use crate::failure::Failure;
use crate::order::{self, By};
use crate::{App, case, gift, inventory, ledger, notice, provider, refund, team, wallet};

pub mod ask;
mod begin;
pub mod desk;
mod gathered;
mod late;
mod news;
pub mod offline;
mod spending;
mod store;

pub use begin::{
    Begun, Choice, MethodView, Pay, PayView, begin, begin_with, begun, choice, choice_for, methods,
};
pub(crate) use begin::{Payer, begin_as, begun_by_link, choice_by_link};
use late::late_money;
pub use news::{News, notice, notice_aside};
pub use spending::Spending;

/// What pays when the wallet pays for everything.
pub const WALLET: &str = "wallet";

/// What a provider's word means for an order of which so much is due by now.
fn weigh(payment: &store::Found, order: &order::Found, said: Said) -> Meaning {
    let asked = payment.amount;
    planted!("old_price_settles", {
        return meaning(payment.status, asked, (order.status, asked), said);
    });
    meaning(payment.status, asked, (order.status, order.due()), said)
}

/// Does what a provider's word means. The team (if any) and the order are locked.
fn apply(
    tx: &mut Tx,
    team: Option<&mut team::Found>,
    order: &mut order::Found,
    payment: &store::Found,
    meaning: Meaning,
    what: &str,
) -> Result<(), Failure> {
    match meaning {
        Meaning::Known => Ok(()),
        Meaning::Mismatch => {
            planted!("amount_unchecked", return settle(tx, team, order, payment));
            case::open(tx, "amount_mismatch", ("payment", payment.id.0), what)
        }
        Meaning::Fail => {
            store::set_status(tx, payment, Status::Failed)?;
            tx.tell(Fact::PaymentFailed { payment: payment.id, order: order.id })
        }
        Meaning::Close => store::set_status(tx, payment, Status::Closed),
        // It may lead to another team, other units, another refund: their locks are not taken here.
        Meaning::Surplus | Meaning::Late if tx.gathers() => Err(tx.alone()),
        Meaning::Surplus => {
            capture(tx, order, payment, "surplus")?;
            refund::ask(tx, order, payment.id, payment.amount, 0, "surplus", None)
        }
        Meaning::Settle => settle(tx, team, order, payment),
        Meaning::Late => {
            capture(tx, order, payment, "order")?;
            late_money(tx, order, payment)
        }
    }
}

/// The money is ours to keep for the order: from the provider's clearing into its escrow.
fn capture(
    tx: &mut Tx,
    order: &order::Found,
    payment: &store::Found,
    purpose: &str,
) -> Result<(), Failure> {
    store::set_captured(tx, payment, purpose)?;
    lock_goods(tx, order)?;
    let amount = payment.amount;
    planted!("clearing_of_another", {
        let other = ledger::clearing(tx, "alipay", amount.currency)?;
        return captured_from(tx, order, payment, other);
    });
    let clearing = ledger::clearing(tx, &payment.provider, amount.currency)?;
    captured_from(tx, order, payment, clearing)
}

fn captured_from(
    tx: &mut Tx,
    order: &order::Found,
    payment: &store::Found,
    clearing: Id<Account>,
) -> Result<(), Failure> {
    let amount = payment.amount;
    let escrow = ledger::account(tx, AccountKind::Escrow, order.id.0, amount.currency)?;
    let postings = [
        Posting { account: clearing, amount: amount.negated() },
        Posting { account: escrow, amount },
    ];
    ledger::post(tx, "capture", ("payment", payment.id.0), &postings)?;
    tx.tell(Fact::PaymentCaptured { payment: payment.id, order: order.id, amount })
}

/// Locks an order's stock: what is taken or claimed next is locked before the books are.
fn lock_goods(tx: &mut Tx, order: &order::Found) -> Result<(), Failure> {
    if tx.gathers() {
        return Ok(());
    }
    let variants = order::contents(tx, order.id)?.into_iter().map(|(variant, _)| variant);
    inventory::gather(tx, &variants.collect())
}

/// Money came for an order that waits for it.
fn settle(
    tx: &mut Tx,
    team: Option<&mut team::Found>,
    order: &mut order::Found,
    payment: &store::Found,
) -> Result<(), Failure> {
    if order.promised > 0 && tx.gathers() {
        return Err(tx.alone());
    }
    capture(tx, order, payment, "order")?;
    let stands = match &team {
        Some(found) => team::place_stands(tx, found, order.id)?,
        None => true,
    };
    if stands {
        wallet::take(tx, order)?;
        return paid(tx, team, order, "paid");
    }
    let Some(found) = team else { return Err(Failure::NotFound) };
    // Its team was decided while the buyer paid.
    team::end_unpaid(tx, Some(found), order, "team", By::system("team_closed"))?;
    late_money(tx, order, payment)
}

/// The order is paid: its units are sold, and it waits for its team or goes to be shipped.
fn paid(
    tx: &mut Tx,
    team: Option<&mut team::Found>,
    order: &mut order::Found,
    reason: &str,
) -> Result<(), Failure> {
    let by = By { actor: Actor::Provider, person: None, reason };
    order::move_to(tx, order, OrderStatus::Paid, by)?;
    order::set_paid(tx, order)?;
    inventory::claim(tx, order.id)?;
    let args = json!({ "amount": order.total });
    notice::tell(tx, order.person, "order_paid", "order", order.id.0, args)?;
    match team {
        Some(found) => team::confirm_place(tx, found, order),
        None => to_ship(tx, order),
    }
}

fn to_ship(tx: &mut Tx, order: &mut order::Found) -> Result<(), Failure> {
    if order.gift {
        return gift::opened(tx, order);
    }
    order::move_to(tx, order, OrderStatus::ToShip, By::system("paid"))?;
    if order::is_virtual(tx, order.id)? {
        order::move_to(tx, order, OrderStatus::Delivered, By::system("virtual"))?;
    }
    Ok(())
}

/// An order that costs nothing is paid as soon as it is placed.
pub(crate) fn settle_free(
    tx: &mut Tx,
    team: Option<&mut team::Found>,
    order: &mut order::Found,
) -> Result<(), Failure> {
    assert!(order.total.is_zero(), "only what costs nothing is free");
    paid(tx, team, order, "free")
}

/// Job: an order's time to pay has run out. The provider is asked to close the payment first; one
/// that was paid meanwhile is settled instead. When to ask again, if it is too early.
pub fn close_unpaid(app: &App, id: Id<Order>) -> Result<Option<Moment>, Failure> {
    let (found, attempts, place_gone) = app.read(|tx| {
        let found = order::find(tx, id)?;
        let attempts = store::open_attempts(tx, id)?;
        Ok((found, attempts, store::place_gone(tx, id)?))
    })?;
    planted!("expiry_by_client_clock", {
        // The browser's clock is ten minutes slow.
        let expires = found.pay_by.plus(domain::moment::Span::minutes(10));
        if app.now() < expires {
            return Ok(Some(expires));
        }
    });
    let waits = found.status == OrderStatus::PendingPayment;
    if waits && !place_gone && app.now() < found.pay_by {
        return Ok(Some(found.pay_by));
    }
    close_attempts(app, id, &attempts)?;
    app.write(|tx| {
        let (mut team, mut order) = team::lock_with_order(tx, id)?;
        if order.status != OrderStatus::PendingPayment {
            return Ok(None);
        }
        let by = By::system("pay_timeout");
        team::end_unpaid(tx, team.as_mut(), &mut order, "timeout", by)?;
        notice::tell(tx, order.person, "order_cancelled", "order", order.id.0, json!({}))?;
        Ok(None)
    })
}

/// Closes what was begun at providers; what turns out to be paid is settled.
fn close_attempts(app: &App, id: Id<Order>, attempts: &[store::Found]) -> Result<(), Failure> {
    for payment in attempts {
        let said = match payment.provider.as_str() {
            offline::NAME => Said::Closed,
            name => provider::end(app, name, &payment.known())?,
        };
        app.write(|tx| {
            let (mut team, mut order) = team::lock_with_order(tx, id)?;
            let payment = store::find(tx, payment.id)?;
            let meaning = weigh(&payment, &order, said);
            apply(tx, team.as_mut(), &mut order, &payment, meaning, "close")
        })?;
    }
    Ok(())
}

/// What a buyer hears when a provider does not answer.
fn not_now(failure: Failure) -> Failure {
    match failure {
        Failure::Broken(why) => {
            tracing::warn!(why, "the provider does not close a payment");
            Refusal::ProviderDown.into()
        }
        other => other,
    }
}

/// Closes what was begun for an order; what turns out to be paid is settled.
pub(crate) fn close_open(app: &App, id: Id<Order>) -> Result<(), Failure> {
    let attempts = app.read(|tx| store::open_attempts(tx, id))?;
    close_attempts(app, id, &attempts).map_err(not_now)
}

/// Whether somebody could still take a payment of the order. Asked under the order's lock, the
/// answer stays as it is: beginning one takes the same lock.
pub(crate) fn is_open(tx: &mut Tx, id: Id<Order>) -> Result<bool, Failure> {
    Ok(!store::open_attempts(tx, id)?.is_empty())
}

/// A buyer ends an order before paying it: the provider closes the payment first.
pub(crate) fn cancel(app: &App, id: Id<Order>, by: By, who: &str) -> Result<(), Failure> {
    close_open(app, id)?;
    app.write(|tx| {
        let (mut team, mut order) = team::lock_with_order(tx, id)?;
        if order.status != OrderStatus::PendingPayment {
            return Err(domain::order::Refusal::NotNow(order.status).into());
        }
        team::end_unpaid(tx, team.as_mut(), &mut order, who, by)
    })
}
