//! Payments: asked for outside a transaction, settled inside one, whatever order the news comes in.

use std::sync::Arc;

use describe::ToSchema;
use domain::event::Fact;
use domain::group_buy::{Late, late, may_join, may_open};
use domain::id::Id;
use domain::ledger::{AccountKind, Posting};
use domain::moment::{Moment, Span};
use domain::money::Money;
use domain::order::{Actor, Order, Status as OrderStatus};
use domain::payment::{Meaning, Payment, Refusal, Said, Status, meaning};
use serde::{Deserialize, Serialize};
use serde_json::json;
use subtle::ConstantTimeEq;

use crate::db::Tx;
use crate::failure::Failure;
use crate::inventory::{self, Reserved, Source};
use crate::lane::{Aside, Lane};
use crate::order::{self, By};
use crate::outside::{Charge, ProviderState, Trouble};
use crate::shop::{self, Shop};
use crate::{App, Visitor, case, group_buy, ledger, notice, refund, sandbox, team};

mod gathered;
mod store;

/// How far a notice's time may be from ours.
const NOTICE_AGE: Span = Span::minutes(5);

/// Where a buyer pays.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PayView {
    pub payment: Id<Payment>,
    pub order: Id<Order>,
    pub provider: String,
    pub amount: Money,
    pub pay_url: String,
}

/// Begins paying for an order, or goes on with what was begun: asking twice is one payment.
pub fn begin(app: &App, visitor: &Visitor, id: Id<Order>) -> Result<PayView, Failure> {
    let person = visitor.shopper()?;
    let provider = provider(app)?;
    let now = app.now();
    let (payment, amount, url) = app.write_for(visitor, |tx| {
        let found = order::find_to_change(tx, id)?;
        if found.person != person {
            return Err(Failure::NotFound);
        }
        if found.status != OrderStatus::PendingPayment || tx.now >= found.pay_by {
            return Err(Refusal::NotPayable(found.status).into());
        }
        store::open_attempt(tx, &found, provider)
    })?;
    let pay_url = if url.is_empty() {
        let charge = Charge {
            reference: payment.to_string(),
            amount,
            description: format!("{} {id}", app.config.shop_name),
            return_url: format!("{}/orders/{id}/paid", app.config.base_url),
        };
        let made = match &app.outside.gateway {
            Some(gateway) => gateway.create(&charge),
            None => sandbox::create(app, &charge),
        };
        let url = made.map_err(|trouble| {
            tracing::warn!(%trouble, at = now.0, "the provider does not take payments");
            Failure::from(Refusal::ProviderDown)
        })?;
        app.write_for(visitor, |tx| store::set_url(tx, payment, &url))?;
        url
    } else {
        url
    };
    Ok(PayView { payment, order: id, provider: provider.to_string(), amount, pay_url })
}

fn provider(app: &App) -> Result<&'static str, Failure> {
    match &app.outside.gateway {
        Some(gateway) => Ok(gateway.name()),
        None if app.config.sandbox => Ok(sandbox::NAME),
        None => Err(Refusal::ProviderDown.into()),
    }
}

/// A provider's notice: its signature is checked over the raw bytes, it is written down once, and
/// what it means is done in the same transaction. The same notice twice changes nothing.
pub fn notice(app: &App, provider: &str, sent: &sandbox::Notice) -> Result<(), Failure> {
    let shop = app.read(shop::get)?;
    let news = News::of(app.now(), &shop, provider, sent.clone())?;
    app.news.run(news, |all| take_all(app, all))
}

/// `notice`, but `told` gets the answer, and `aside` runs what may take its time.
pub fn notice_aside(
    app: &Arc<App>,
    shop: &Shop,
    provider: &str,
    sent: sandbox::Notice,
    aside: Aside,
    told: impl FnOnce(Result<(), Failure>) + Send + 'static,
) {
    match News::of(app.now(), shop, provider, sent) {
        Ok(news) => Lane::run_aside(app, |app| &app.news, news, take_all, aside, told),
        Err(failure) => told(Err(failure)),
    }
}

fn take_all(app: &App, all: &[News]) -> Vec<Result<(), Failure>> {
    app.news.decide(app, all, gathered::gather, |tx, one| one.take(tx))
}

/// A notice whose signature is right, as it waits in its lane.
pub struct News {
    provider: String,
    sent: sandbox::Notice,
    body: sandbox::Body,
    said: Option<Said>,
}

impl News {
    /// What can be said about it without looking at what it is about.
    fn of(
        now: Moment,
        shop: &Shop,
        provider: &str,
        sent: sandbox::Notice,
    ) -> Result<News, Failure> {
        if provider != sandbox::NAME {
            return Err(Failure::NotFound);
        }
        check_signature(now, shop, &sent)?;
        let body: sandbox::Body =
            serde_json::from_str(&sent.body).map_err(|_| Refusal::BadNotice)?;
        let in_range = body.amount.unsigned_abs() <= domain::money::LARGEST.unsigned_abs();
        if body.event_id != sent.id || !in_range {
            return Err(Refusal::BadNotice.into());
        }
        let said = match body.status.as_str() {
            "paid" => Some(Said::Paid(Money::new(body.amount, body.currency))),
            "failed" => Some(Said::Failed),
            "closed" => Some(Said::Closed),
            // A kind we do not know (yet) is kept and passed over.
            _ => None,
        };
        Ok(News { provider: provider.to_string(), sent, body, said })
    }

    fn take(&self, tx: &mut Tx) -> Result<(), Failure> {
        let reference = &self.body.reference;
        let found = match self.said {
            Some(said) => Some(said).zip(store::by_reference(tx, &self.provider, reference)?),
            None => None,
        };
        let Some((said, payment)) = found else {
            return store::add_notice(tx, self, None).map(|_| ());
        };
        // Locks come first, the notice's row last: a twin waits at the lock and then finds it.
        let (mut team, mut order) = team::lock_with_order(tx, payment.order)?;
        let payment = store::find(tx, payment.id)?;
        let meaning = meaning(payment.status, payment.amount, order.status, said);
        if !store::add_notice(tx, self, Some(meaning))? {
            return Ok(());
        }
        apply(tx, team.as_mut(), &mut order, &payment, meaning, reference)
    }
}

fn check_signature(now: Moment, shop: &Shop, sent: &sandbox::Notice) -> Result<(), Failure> {
    planted!("signature_unchecked", return Ok(()));
    let expected = sandbox::signature(shop, &sent.id, &sent.timestamp, &sent.body);
    let same: bool = expected.as_bytes().ct_eq(sent.signature.as_bytes()).into();
    let seconds: i64 = sent.timestamp.parse().map_err(|_| Refusal::BadSignature)?;
    let sent_at = Moment(seconds.saturating_mul(1_000_000));
    let age = now.since(sent_at).0.unsigned_abs();
    if same && age <= NOTICE_AGE.0.unsigned_abs() {
        Ok(())
    } else {
        Err(Refusal::BadSignature.into())
    }
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
            refund::ask(tx, order, payment.id, payment.amount, "surplus", None)
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
    if !tx.gathers() {
        // What is taken or claimed next is locked before the books are.
        let variants = order::contents(tx, order.id)?.into_iter().map(|(variant, _)| variant);
        inventory::gather(tx, &variants.collect())?;
    }
    let amount = payment.amount;
    let clearing = ledger::account(tx, AccountKind::PspClearing, 0, amount.currency)?;
    let escrow = ledger::account(tx, AccountKind::Escrow, order.id.0, amount.currency)?;
    let postings = [
        Posting { account: clearing, amount: amount.negated() },
        Posting { account: escrow, amount },
    ];
    ledger::post(tx, "capture", ("payment", payment.id.0), &postings)?;
    tx.tell(Fact::PaymentCaptured { payment: payment.id, order: order.id, amount })
}

/// Money came for an order that waits for it.
fn settle(
    tx: &mut Tx,
    team: Option<&mut team::Found>,
    order: &mut order::Found,
    payment: &store::Found,
) -> Result<(), Failure> {
    capture(tx, order, payment, "order")?;
    let Some(found) = team else { return paid(tx, None, order, "paid") };
    if team::place_stands(tx, found, order.id)? {
        return paid(tx, Some(found), order, "paid");
    }
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

/// Money came after the order had ended: confirmed if everything is still there (and the buyer did
/// not end it themselves), otherwise it goes back. The buyer is told which.
fn late_money(
    tx: &mut Tx,
    order: &mut order::Found,
    payment: &store::Found,
) -> Result<(), Failure> {
    planted!("cancelled_order_revives", order.cancelled_by = None);
    let wanted = !matches!(order.cancelled_by.as_deref(), Some("shopper" | "staff"));
    let revived = wanted
        && match order.group_buy {
            None => retake_goods(tx, order)?,
            Some(offer) => retake_team(tx, order, offer)?,
        };
    if revived {
        let (about, id) = match order.team {
            Some(team) => ("team", team.0),
            None => ("order", order.id.0),
        };
        return notice::tell(tx, order.person, "late_moved", about, id, json!({}));
    }
    order::move_to(tx, order, OrderStatus::LatePaid, By::system("late_payment"))?;
    order::set_paid(tx, order)?;
    refund::ask(tx, order, payment.id, payment.amount, "late", None)?;
    planted!("late_money_back_twice", {
        refund::ask(tx, order, payment.id, payment.amount, "late again", None)?;
    });
    Ok(())
}

/// Takes an ordinary order's units again, all of them or none.
fn retake_goods(tx: &mut Tx, order: &mut order::Found) -> Result<bool, Failure> {
    planted!("late_money_takes_nothing", {
        paid(tx, None, order, "late_payment")?;
        return Ok(true);
    });
    let goods = store::goods(tx, order.id)?;
    for (variant, quantity, counted) in goods {
        let source = if counted { Source::Available } else { Source::Made };
        let reserved = Reserved { variant, quantity, source };
        match inventory::reserve(tx, order.id, &reserved, tx.now) {
            Ok(()) => (),
            Err(Failure::Refused(_)) => {
                inventory::release(tx, order.id, false)?;
                return Ok(false);
            }
            Err(other) => return Err(other),
        }
    }
    paid(tx, None, order, "late_payment")?;
    Ok(true)
}

/// Takes a place in a team again, where the merchant's setting says, with its units.
fn retake_team(
    tx: &mut Tx,
    order: &mut order::Found,
    offer: Id<domain::group_buy::GroupBuy>,
) -> Result<bool, Failure> {
    let Some(before) = order.team else { return Ok(false) };
    let offer = group_buy::find(tx, offer)?;
    let quantity = order::contents(tx, order.id)?.iter().map(|(_, quantity)| quantity).sum();
    let applicant = team::applicant(tx, offer.id, order.person, quantity)?;
    let own = team::find_to_change(tx, before)?;
    let joins =
        |team: &team::Found| may_join(&offer.offer(), &team.team, &applicant, tx.now).is_ok();
    let same = joins(&own);
    let other = team::other_open_team(tx, offer.id, order.person)?;
    let opens = may_open(&offer.offer(), &applicant, tx.now).is_ok();
    let mut found = match late(&offer.terms, same, other, opens) {
        Late::Refund => return Ok(false),
        Late::SameTeam => own,
        Late::OtherTeam(other) => {
            let found = team::find_to_change(tx, other)?;
            if may_join(&offer.offer(), &found.team, &applicant, tx.now).is_err() {
                return Ok(false);
            }
            found
        }
        Late::NewTeam => {
            let team = team::form(tx, &offer, order.person)?;
            team::find_to_change(tx, team)?
        }
    };
    if !take_units(tx, order, &offer)? {
        return Ok(false);
    }
    team::retake_place(tx, &mut found, order)?;
    paid(tx, Some(&mut found), order, "late_payment")?;
    Ok(true)
}

fn take_units(
    tx: &mut Tx,
    order: &order::Found,
    offer: &group_buy::Found,
) -> Result<bool, Failure> {
    // A group order has one variant, so that what is taken is all or nothing.
    for (variant, quantity) in order::contents(tx, order.id)? {
        let source = match group_buy::take(tx, offer, order.person, variant, quantity) {
            Ok(source) => source,
            Err(Failure::Refused(_)) => return Ok(false),
            Err(other) => return Err(other),
        };
        let reserved = Reserved { variant, quantity, source };
        match inventory::reserve(tx, order.id, &reserved, tx.now) {
            Ok(()) => (),
            Err(Failure::Refused(_)) => {
                let on = group_buy::is_on(tx, offer.id)?;
                group_buy::give_back(tx, offer.id, order.person, &[reserved], on)?;
                return Ok(false);
            }
            Err(other) => return Err(other),
        }
    }
    Ok(true)
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
        let expires = found.pay_by.plus(Span::minutes(10));
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

/// Closes what was begun at the provider; what turns out to be paid is settled.
fn close_attempts(app: &App, id: Id<Order>, attempts: &[store::Found]) -> Result<(), Failure> {
    for payment in attempts {
        let closed = match &app.outside.gateway {
            Some(gateway) => gateway.close(&payment.reference),
            None => sandbox::close(app, &payment.reference),
        };
        let said = match closed {
            Ok(ProviderState::Paid(amount)) => Said::Paid(amount),
            Ok(_) => Said::Closed,
            Err(Trouble::Refused(why) | Trouble::Away(why)) => return Err(Failure::Broken(why)),
        };
        app.write(|tx| {
            let (mut team, mut order) = team::lock_with_order(tx, id)?;
            let payment = store::find(tx, payment.id)?;
            let meaning = meaning(payment.status, payment.amount, order.status, said);
            apply(tx, team.as_mut(), &mut order, &payment, meaning, "close")
        })?;
    }
    Ok(())
}

/// A buyer ends an order before paying it: the provider closes the payment first.
pub(crate) fn cancel(app: &App, id: Id<Order>, by: By, who: &str) -> Result<(), Failure> {
    let attempts = app.read(|tx| store::open_attempts(tx, id))?;
    close_attempts(app, id, &attempts).map_err(|failure| match failure {
        Failure::Broken(why) => {
            tracing::warn!(why, "the provider does not close a payment");
            Refusal::ProviderDown.into()
        }
        other => other,
    })?;
    app.write(|tx| {
        let (mut team, mut order) = team::lock_with_order(tx, id)?;
        if order.status != OrderStatus::PendingPayment {
            return Err(domain::order::Refusal::NotNow(order.status).into());
        }
        team::end_unpaid(tx, team.as_mut(), &mut order, who, by)
    })
}
