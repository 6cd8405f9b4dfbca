//! Topping up a wallet at a provider, and prepaid money going back to where it came from.
//!
//! The same shape as paying for an order: written, asked of the provider with no transaction open,
//! and settled by whatever news comes first.

use std::cmp::min;

use describe::ToSchema;
use domain::id::Id;
use domain::ledger::{AccountKind, Posting};
use domain::moment::{Moment, Span};
use domain::money::Money;
use domain::payment::Said;
use domain::wallet::{Refusal, TopUp, TopUpRefund, may_top_up, most_prepaid};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::db::Tx;
use crate::failure::Failure;
use crate::idempotency::Answer;
use crate::outside::gateway::{Back, Backed, said};
use crate::outside::{Charge, ProviderState, Trouble};
use crate::{App, Visitor, case, ledger, notice, provider, shop, wallet};

mod store;

use store::Found;
pub(crate) use store::{find_to_change, is_known, long_open};

/// For how long a top-up can be paid.
const PAY_WINDOW: Span = Span::minutes(30);
/// How many top-ups one person may have begun and not ended.
const MOST_OPEN: i64 = 5;

/// A top-up as its owner sees it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TopUpView {
    pub id: Id<TopUp>,
    /// `pending`, `captured`, `closed`.
    pub status: String,
    pub provider: String,
    pub amount: Money,
    /// How much of it went back, or is on its way.
    pub returned: Money,
    /// How much of it could go back now.
    pub returnable: Money,
    /// Where it is paid; empty when it is not to be paid any more.
    pub pay_url: String,
    /// What a code is made of that a phone reads, where the provider has no page; `pay_url` is then
    /// a page that shows it.
    pub code: Option<String>,
    /// Until when it can be paid.
    pub pay_by: Moment,
    pub created_at: Moment,
}

/// Money to be topped up.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct NewTopUp {
    pub amount: Money,
    /// The provider it is paid at; the first one when it is left out.
    #[serde(default)]
    pub method: Option<String>,
}

/// The providers at which wallets can be topped up, the usual one first; none, and it is not
/// offered.
pub fn methods(app: &App) -> Result<Vec<&'static str>, Failure> {
    let currency = app.read(|tx| Ok(shop::get(tx)?.currency))?;
    Ok(provider::taking(app, currency))
}

/// Begins a top-up: where it is paid.
pub fn begin(app: &App, visitor: &Visitor, new: NewTopUp) -> Result<Answer<TopUpView>, Failure> {
    let person = visitor.shopper()?;
    let offered = methods(app)?;
    if offered.is_empty() {
        return Err(Refusal::NotOffered.into());
    }
    let chosen = new.method.as_deref().unwrap_or(offered[0]);
    let provider = offered.into_iter().find(|name| *name == chosen);
    let provider = provider.ok_or(domain::payment::Refusal::NoSuchMethod)?;
    let made = app.once(visitor, "top_up", |tx| {
        let currency = shop::get(tx)?.currency;
        let least = provider::least(app, provider, currency);
        if new.amount.currency != currency || new.amount.minor < least.minor {
            return Err(Refusal::BadAmount.into());
        }
        // Two that are begun at once are counted one after the other.
        let purse = ledger::account(tx, AccountKind::Prepaid, person.0, currency)?;
        let kept = ledger::balance_to_change(tx, purse)?;
        let (open, asked) = store::open_of(tx, person)?;
        if open >= MOST_OPEN {
            return Err(Refusal::BadAmount.into());
        }
        may_top_up(new.amount, kept + asked)?;
        let id: Id<TopUp> = tx.id();
        let close_at = tx.now.plus(PAY_WINDOW);
        store::add(tx, id, person, provider, new.amount, close_at)?;
        tx.ask("top_up.close", id.0, close_at)?;
        Ok((id, id.0))
    })?;
    let value = go_on(app, visitor, made.value)?;
    Ok(Answer { value, replayed: made.replayed })
}

/// Goes on with a top-up that was begun: where it is paid, made anew when that address is too old.
pub fn go_on(app: &App, visitor: &Visitor, id: Id<TopUp>) -> Result<TopUpView, Failure> {
    let person = visitor.shopper()?;
    let found = app.read(|tx| store::find(tx, id))?;
    if found.person != person {
        return Err(Failure::NotFound);
    }
    let name = found.provider.as_str();
    let open = found.status == "pending" && app.now() < found.close_at;
    if open && found.is_stale(app.now(), provider::url_lives(app, name)) {
        let charge = Charge {
            splits: false,
            reference: id.to_string(),
            amount: found.amount,
            description: format!("{} {id}", app.config.shop_name),
            return_url: format!("{}/account/wallet?paid={id}", app.config.base_url),
            notify_url: provider::notify_url(app, name),
            began_at: found.created_at,
            pay_by: found.close_at,
            device: provider::device(visitor),
            place: visitor.place.clone(),
        };
        let made = provider::create(app, name, &charge);
        provider::note(app, name, made.as_ref().err())?;
        let made = made.map_err(|trouble| {
            tracing::warn!(%trouble, provider = name, "a provider does not take a top-up");
            Failure::from(domain::payment::Refusal::ProviderDown)
        })?;
        app.write_for(visitor, |tx| store::set_made(tx, id, &made))?;
    }
    app.read(|tx| view(app, tx, id))
}

/// A top-up of the visitor's own.
pub fn see(app: &App, visitor: &Visitor, id: Id<TopUp>) -> Result<TopUpView, Failure> {
    let person = visitor.reader()?;
    app.read(|tx| {
        if store::find(tx, id)?.person != person {
            return Err(Failure::NotFound);
        }
        view(app, tx, id)
    })
}

fn view(app: &App, tx: &mut Tx, id: Id<TopUp>) -> Result<TopUpView, Failure> {
    let found = store::find(tx, id)?;
    let returnable = returnable(tx, &found)?;
    let open = found.status == "pending" && tx.now < found.close_at;
    let (pay_url, code) = match open && !found.pay_url.is_empty() {
        true => provider::shown(app, &format!("/account/wallet/top-ups/{id}/pay"), found.pay_url),
        false => (String::new(), None),
    };
    Ok(TopUpView {
        id,
        pay_url,
        code,
        pay_by: found.close_at,
        status: found.status,
        provider: found.provider,
        amount: found.amount,
        returned: Money::new(found.returned, found.amount.currency),
        returnable,
        created_at: found.created_at,
    })
}

fn returnable(tx: &mut Tx, found: &Found) -> Result<Money, Failure> {
    let currency = found.amount.currency;
    if found.status != "captured" {
        return Ok(Money::zero(currency));
    }
    let funds = wallet::funds(tx, found.person, currency)?;
    Ok(Money::new(min(found.amount.minor - found.returned, funds.prepaid).max(0), currency))
}

/// The visitor's top-ups, the latest first.
pub fn list(app: &App, visitor: &Visitor, limit: i64) -> Result<Vec<TopUpView>, Failure> {
    let person = visitor.reader()?;
    app.read(|tx| {
        let ids = store::of(tx, person, limit)?;
        ids.into_iter().map(|id| view(app, tx, id)).collect()
    })
}

/// Sends back what is left of a top-up, as far as it was not spent: to where it came from, and
/// nowhere else (RULES CN-PAY-02).
pub fn give_back(
    app: &App,
    visitor: &Visitor,
    id: Id<TopUp>,
) -> Result<Answer<TopUpView>, Failure> {
    let person = visitor.shopper()?;
    app.once(visitor, "top_up.give_back", |tx| {
        let found = store::find_to_change(tx, id)?;
        if found.person != person {
            return Err(Failure::NotFound);
        }
        let amount = returnable(tx, &found)?;
        if amount.is_zero() {
            return Err(Refusal::NothingLeft.into());
        }
        send_back(tx, &found, amount, "asked")?;
        Ok((view(app, tx, id)?, id.0))
    })
}

fn send_back(tx: &mut Tx, found: &Found, amount: Money, reason: &str) -> Result<(), Failure> {
    let refund: Id<TopUpRefund> = tx.id();
    store::add_refund(tx, refund, found.id, reason, amount)?;
    let purse = ledger::account(tx, AccountKind::Prepaid, found.person.0, amount.currency)?;
    ledger::hold(tx, purse, amount, ("top_up_refund", refund.0))?;
    tx.ask("top_up.refund", refund.0, tx.now)
}

/// What a provider says of a top-up. Late, repeated and disordered news all end in the same state.
pub(crate) fn hear(tx: &mut Tx, id: Id<TopUp>, said: Said) -> Result<(), Failure> {
    if tx.gathers() {
        return Err(tx.alone());
    }
    let found = store::find_to_change(tx, id)?;
    match said {
        Said::Paid(amount) if amount != found.amount => {
            case::open(tx, "amount_mismatch", ("top_up", id.0), &id.to_string())
        }
        Said::PaidStrangely => case::open(tx, "amount_mismatch", ("top_up", id.0), &id.to_string()),
        Said::Paid(_) if found.status == "captured" => Ok(()),
        // Also after it was closed here: the money is there, and it is its owner's.
        Said::Paid(amount) => capture(tx, &found, amount),
        Said::Closed if found.status == "pending" => store::set_status(tx, id, "closed"),
        Said::Failed | Said::Closed => Ok(()),
    }
}

fn capture(tx: &mut Tx, found: &Found, amount: Money) -> Result<(), Failure> {
    store::set_status(tx, found.id, "captured")?;
    let clearing = ledger::clearing(tx, &found.provider, amount.currency)?;
    let purse = ledger::account(tx, AccountKind::Prepaid, found.person.0, amount.currency)?;
    let kept = ledger::balance_to_change(tx, purse)?;
    let postings = [
        Posting { account: clearing, amount: amount.negated() },
        Posting { account: purse, amount },
    ];
    ledger::post(tx, "top_up", ("top_up", found.id.0), &postings)?;
    let over = kept + amount.minor - most_prepaid(amount.currency).minor;
    if over > 0 {
        // Refunds filled the purse, or a closed top-up was paid late: what is too much goes back.
        let over = Money::new(over.min(amount.minor), amount.currency);
        send_back(tx, found, over, "over_limit")?;
    }
    let args = json!({ "amount": amount });
    notice::tell(tx, found.person, "topped_up", "wallet", 0, args)
}

/// Job: a top-up's time to be paid has run out.
pub fn close_unpaid(app: &App, id: Id<TopUp>) -> Result<(), Failure> {
    let found = app.read(|tx| store::find(tx, id))?;
    if found.status != "pending" {
        return Ok(());
    }
    let said = provider::end(app, &found.provider, &found.known())?;
    app.write(|tx| hear(tx, id, said))
}

/// What a provider answered that was asked about a top-up which stays open.
pub(crate) fn asked(tx: &mut Tx, id: Id<TopUp>, state: ProviderState) -> Result<(), Failure> {
    store::set_asked(tx, id)?;
    said(state).map_or(Ok(()), |said| hear(tx, id, said))
}

/// Job: sends prepaid money back. The provider knows it by our id, so that a second try after a
/// crash pays nothing twice. When to look again at what takes its time there.
pub fn refund(app: &App, id: Id<TopUpRefund>) -> Result<Option<Moment>, Failure> {
    let Some(sending) = app.read(|tx| store::sending(tx, id))? else { return Ok(None) };
    let back = Back {
        of: sending.top_up.known(),
        key: id.to_string(),
        theirs: sending.underway,
        amount: sending.amount,
        notify_url: provider::notify_url(app, &sending.top_up.provider),
    };
    match provider::refund(app, &sending.top_up.provider, &back) {
        Ok(Backed::Done(theirs)) => app.write(|tx| sent(tx, &sending.top_up, id, &theirs))?,
        Ok(Backed::Underway(theirs)) => {
            return app.write(|tx| {
                store::set_underway(tx, id, &theirs)?;
                let age = tx.now.since(sending.asked_at);
                if age > provider::SLOW {
                    case::open(tx, "refund_slow", ("top_up_refund", id.0), &theirs)?;
                }
                Ok(Some(tx.now.plus(provider::look_again(age))))
            });
        }
        Err(Trouble::Refused(why)) => {
            app.write(|tx| case::open(tx, "refund_failed", ("top_up_refund", id.0), &why))?;
        }
        Err(Trouble::Away(why)) => return Err(Failure::Broken(why)),
    }
    Ok(None)
}

/// The provider has paid back: it holds so much less for the shop, and its owner has it.
fn sent(tx: &mut Tx, top_up: &Found, id: Id<TopUpRefund>, theirs: &str) -> Result<(), Failure> {
    store::find_to_change(tx, top_up.id)?;
    let Some(amount) = store::finish_refund(tx, id, theirs, top_up.amount.currency)? else {
        return Ok(());
    };
    let clearing = ledger::clearing(tx, &top_up.provider, amount.currency)?;
    ledger::settle(tx, "top_up_refund", ("top_up_refund", id.0), clearing)?;
    let args = json!({ "amount": amount });
    notice::tell(tx, top_up.person, "top_up_returned", "wallet", 0, args)
}

/// A provider says that money on its way back has moved: it is asked. What came back after it was
/// paid is for a person.
pub(crate) fn moved(tx: &mut Tx, key: &str, failed: bool) -> Result<(), Failure> {
    let Some(id) = Id::<TopUpRefund>::parse(key) else { return Ok(()) };
    match store::refund_status(tx, id)?.as_deref() {
        Some("pending") => tx.ask("top_up.refund", id.0, tx.now),
        Some("succeeded") if failed => {
            let why = "it came back after it was paid";
            case::open(tx, "refund_failed", ("top_up_refund", id.0), why)
        }
        _ => Ok(()),
    }
}
