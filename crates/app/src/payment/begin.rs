//! Beginning to pay: the ways there are, the one the buyer chooses, and what their wallet adds.

use describe::ToSchema;
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::money::{Currency, Money};
use domain::order::{Order, Status};
use domain::payment::{Payment, Refusal};
use domain::person::Person;
use domain::seller::Seller;
use serde::{Deserialize, Serialize};

use super::spending::Spending;
use super::{close_attempts, not_now, offline, store};
use crate::db::Tx;
use crate::failure::Failure;
use crate::outside::Charge;
use crate::outside::gateway::Known;
use crate::{App, Visitor, order, price_list, provider, settlement, shop, wallet};

/// Where a buyer pays.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PayView {
    pub payment: Id<Payment>,
    pub order: Id<Order>,
    pub provider: String,
    pub amount: Money,
    pub pay_url: String,
    /// What a code is made of that the buyer's phone reads, where the provider has no page;
    /// `pay_url` is then a page that shows it.
    pub code: Option<String>,
}

/// A payment that was begun.
#[derive(Clone, Debug)]
pub struct Begun {
    pub provider: String,
    pub amount: Money,
    /// The provider's page, or what a code is made of that a phone reads; empty where the shop says
    /// how to pay.
    pub url: String,
    pub pay_by: Moment,
}

/// For how long a provider keeps one payment open, whatever the order's own time: none of them
/// does for days. What was never made known there has less, since it cannot be made as it began.
const PAGE_LIVES: Span = Span::hours(23);
const UNMADE_LIVES: Span = Span::hours(1);

/// How somebody wants to pay.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Pay {
    /// The code of a way to pay; when it is left out, the one that was begun, or else the first.
    #[serde(default)]
    pub method: Option<String>,
    /// Whether the wallet pays as much as it can; when it is left out, what was said before stands.
    #[serde(default)]
    pub use_wallet: Option<bool>,
    /// The total that was seen, in minor units; should it be another by now, nothing is paid.
    #[serde(default)]
    pub total: Option<i64>,
}

/// A way to pay for an order.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PayMethod)]
pub struct MethodView {
    /// What `method` names it by.
    pub code: String,
    /// For `offline`: what the buyer is to do, in the shop's language and in English.
    pub how: String,
    pub how_en: String,
}

/// The ways to pay in this currency that everybody is offered. What waits for a team is not paid by
/// hand: its time is too short.
pub fn methods(app: &App, currency: Currency, in_team: bool) -> Result<Vec<MethodView>, Failure> {
    methods_for(app, currency, in_team, None)
}

/// The same for what is a seller's: only providers that split what they take pay for it.
fn methods_for(
    app: &App,
    currency: Currency,
    in_team: bool,
    seller: Option<Id<Seller>>,
) -> Result<Vec<MethodView>, Failure> {
    let names = taking(app, currency, seller)?;
    let providers = names.into_iter().map(|name| MethodView {
        code: name.to_string(),
        how: String::new(),
        how_en: String::new(),
    });
    let mut methods: Vec<MethodView> = providers.collect();
    let by_hand = app.read(offline::terms)?;
    if by_hand.active && !in_team && seller.is_none() {
        methods.push(MethodView {
            code: offline::NAME.to_string(),
            how: by_hand.how,
            how_en: by_hand.how_en,
        });
    }
    Ok(methods)
}

/// The providers that take a currency, and can split it where it is a seller's.
fn taking(
    app: &App,
    currency: Currency,
    seller: Option<Id<Seller>>,
) -> Result<Vec<&'static str>, Failure> {
    let names = provider::taking(app, currency);
    match seller {
        Some(seller) => app.read(|tx| settlement::ways(app, tx, seller, names)),
        None => Ok(names),
    }
}

/// Begins paying for an order, or goes on with what was begun: asking twice is one payment.
pub fn begin(app: &App, visitor: &Visitor, id: Id<Order>) -> Result<PayView, Failure> {
    begin_with(app, visitor, id, Pay::default())
}

/// The same, in the way the buyer chose. What their wallet pays is promised at once and taken when
/// the rest has come; when it pays for everything, the order is paid.
pub fn begin_with(
    app: &App,
    visitor: &Visitor,
    id: Id<Order>,
    pay: Pay,
) -> Result<PayView, Failure> {
    let page = format!("/orders/{id}");
    let (back, till) = (format!("{page}/paid"), format!("{page}/pay"));
    let payer = Payer { person: Some(visitor.shopper()?), back, till, page };
    begin_as(app, visitor, id, &payer, &pay)
}

/// Who pays, and where they are sent.
pub(crate) struct Payer {
    /// The order's buyer; nobody known when somebody has its link. They spend nobody's wallet, and
    /// leave alone what the buyer's promised.
    pub person: Option<Id<Person>>,
    /// Where the provider sends them back to.
    pub back: String,
    /// Where the code is shown that a phone reads off a screen.
    pub till: String,
    /// Where they read how to pay without one.
    pub page: String,
}

/// How often what was begun otherwise meanwhile is closed before the payer is told to try again.
const TRIES: usize = 3;

pub(crate) fn begin_as(
    app: &App,
    visitor: &Visitor,
    id: Id<Order>,
    payer: &Payer,
    pay: &Pay,
) -> Result<PayView, Failure> {
    for _ in 0..TRIES {
        if let Some(begun) = try_to_begin(app, visitor, id, payer, pay)? {
            return Ok(begun);
        }
    }
    Err(domain::order_desk::Refusal::BeingPaid.into())
}

/// Nothing when the order became another meanwhile: its price, or what was begun for it.
fn try_to_begin(
    app: &App,
    visitor: &Visitor,
    id: Id<Order>,
    payer: &Payer,
    pay: &Pay,
) -> Result<Option<PayView>, Failure> {
    let (order, open, funds) = app.read(|tx| {
        let order = to_pay(tx, payer.person, id, false)?;
        let funds = match payer.person {
            Some(person) => wallet::funds(tx, person, order.currency)?.total(),
            None => 0,
        };
        // What a wallet holds is the shop's to keep, and cannot be split to a seller.
        if order.seller.is_some() && pay.use_wallet == Some(true) {
            return Err(Refusal::NoSuchMethod.into());
        }
        let funds = if order.seller.is_some() { 0 } else { funds };
        let asked = pay.use_wallet == Some(true) && funds + order.promised == 0;
        if asked && order.currency != shop::get(tx)?.currency {
            // Wallets are kept in the shop's own currency, and what they hold is never exchanged.
            return Err(domain::wallet::Refusal::OtherCurrency(order.currency).into());
        }
        Ok((order, store::open_attempts(tx, id)?, funds))
    })?;
    let total = order.total;
    if pay.total.is_some_and(|seen| seen != total.minor) {
        return Err(domain::order::Refusal::PriceChanged.into());
    }
    let said_before = order.promised > 0;
    let uses_wallet = payer.person.map_or(said_before, |_| pay.use_wallet.unwrap_or(said_before));
    let could = if uses_wallet { funds + order.promised } else { 0 };
    let covered = uses_wallet && could >= total.minor;
    if covered && payer.person.is_none() {
        // Nothing is left to pay, and only the buyer says that their wallet shall.
        return Err(Refusal::NotPayable(order.status).into());
    }
    let before = open.last().map(|one| one.provider.as_str());
    let method = match (pay.method.as_deref(), before) {
        _ if covered => None,
        // Who does not say goes on with what was begun, while it is offered.
        (None, Some(before)) => {
            let same = chosen(app, &order, Some(before));
            Some(same.or_else(|_| chosen(app, &order, None))?)
        }
        (asked, _) => Some(chosen(app, &order, asked)?),
    };
    let due = due(app, &order, could, method);
    // What was begun in another way is closed at its provider, so that it is not paid as well.
    let other = |one: &store::Found| {
        let same = Some(one.provider.as_str()) == method && one.amount.minor == due;
        !same || is_over(app, one)
    };
    let others: Vec<store::Found> = open.into_iter().filter(other).collect();
    close_attempts(app, id, &others).map_err(not_now)?;
    let Some(method) = method else {
        let (person, request) = (order.person, visitor.request_id.clone());
        let spending = Spending { order: id, person, total, request };
        return app.wallets.run(spending, |all| Spending::all(app, all)).map(Some);
    };
    let days = app.read(offline::terms)?.days;
    let begun = app.write_for(visitor, |tx| {
        let mut order = to_pay(tx, payer.person, id, true)?;
        // The order's lock is held: nothing else is begun or changed once this was asked.
        if order.total != total || store::open_attempts(tx, id)?.iter().any(other) {
            return Ok(None);
        }
        let most = if uses_wallet { total.minor - due } else { 0 };
        if order.promised != most {
            wallet::promise(tx, &mut order, most)?;
        }
        if order.due().minor != due {
            // It was spent elsewhere meanwhile.
            let left = Money::new(order.promised, order.currency);
            return Err(domain::wallet::Refusal::NotEnough(left).into());
        }
        if method == offline::NAME {
            let until = order.created_at.plus(Span::days(days)).max(order.pay_by);
            order::set_pay_by(tx, &mut order, until)?;
        }
        Ok(Some((store::open_attempt(tx, &order, method)?, order.pay_by)))
    })?;
    let Some((attempt, pay_by)) = begun else { return Ok(None) };
    let (pay_url, code) = match method {
        offline::NAME => (payer.page.clone(), None),
        _ => {
            let url = where_to_pay(app, visitor, (id, payer), &attempt, pay_by)?;
            provider::shown(app, &payer.till, url)
        }
    };
    let (payment, amount, provider) = (attempt.id, attempt.amount, method.to_string());
    Ok(Some(PayView { payment, order: id, provider, amount, pay_url, code }))
}

/// What a provider is to bring beside a wallet that could pay so much: nothing so small that it
/// would not take it.
fn due(app: &App, order: &order::Found, could: i64, method: Option<&str>) -> i64 {
    let rest = order.total.minor - could.min(order.total.minor);
    match method {
        Some(name) if rest > 0 && name != offline::NAME => {
            let least = provider::least(app, name, order.currency).minor;
            rest.max(least.min(order.total.minor))
        }
        _ => rest,
    }
}

/// Whether a payment has been open for longer than its provider keeps it so.
fn is_over(app: &App, one: &store::Found) -> bool {
    let lives = if one.url.is_empty() { UNMADE_LIVES } else { PAGE_LIVES };
    one.provider != offline::NAME && app.now().since(one.began_at) >= lives
}

/// Where the buyer pays; the provider is asked for it, and again when the address is too old.
fn where_to_pay(
    app: &App,
    visitor: &Visitor,
    (id, payer): (Id<Order>, &Payer),
    attempt: &store::Attempt,
    pay_by: Moment,
) -> Result<String, Failure> {
    let name = attempt.provider.as_str();
    if !attempt.is_stale(app.now(), provider::url_lives(app, name)) {
        return Ok(attempt.url.clone());
    }
    let charge = Charge {
        reference: attempt.id.to_string(),
        amount: attempt.amount,
        splits: app.read(|tx| order::find(tx, id))?.seller.is_some(),
        description: format!("{} {id}", app.config.shop_name),
        return_url: format!("{}{}", app.config.base_url, payer.back),
        notify_url: provider::notify_url(app, name),
        began_at: attempt.began_at,
        pay_by: pay_by.min(attempt.began_at.plus(PAGE_LIVES)),
        device: provider::device(visitor),
        place: visitor.place.clone(),
    };
    let made = provider::create(app, name, &charge);
    provider::note(app, name, made.as_ref().err())?;
    let made = made.map_err(|trouble| {
        tracing::warn!(%trouble, provider = name, "a provider does not take payments");
        Failure::from(Refusal::ProviderDown)
    })?;
    if !app.write_for(visitor, |tx| store::set_made(tx, attempt.id, &made))? {
        // It was closed while the provider heard of it: nobody is sent there.
        let known =
            Known { reference: charge.reference, theirs: made.theirs, amount: charge.amount };
        provider::close(app, name, &known).ok();
        return Err(domain::order::Refusal::PriceChanged.into());
    }
    Ok(made.url)
}

/// The payment of an order that was begun and waits to be made, with where that is.
pub fn begun(app: &App, visitor: &Visitor, id: Id<Order>) -> Result<Begun, Failure> {
    let person = visitor.reader()?;
    begun_of(app, Some(person), id)
}

/// The same for whoever has the link of an order.
pub(crate) fn begun_by_link(app: &App, id: Id<Order>) -> Result<Begun, Failure> {
    begun_of(app, None, id)
}

fn begun_of(app: &App, person: Option<Id<Person>>, id: Id<Order>) -> Result<Begun, Failure> {
    app.read(|tx| {
        let order = to_pay(tx, person, id, false).map_err(|_| Failure::NotFound)?;
        let open = store::open_attempts(tx, id)?;
        let ready = |one: &store::Found| !one.url.is_empty() || one.provider == offline::NAME;
        let one = open.into_iter().rev().find(ready).ok_or(Failure::NotFound)?;
        let store::Found { provider, amount, url, .. } = one;
        Ok(Begun { provider, amount, url, pay_by: order.pay_by })
    })
}

/// The order, which waits to be paid: the person's own, or anybody's for who has its link;
/// `to_change` locks it.
fn to_pay(
    tx: &mut Tx,
    person: Option<Id<Person>>,
    id: Id<Order>,
    to_change: bool,
) -> Result<order::Found, Failure> {
    let found = if to_change { order::find_to_change(tx, id)? } else { order::find(tx, id)? };
    if person.is_some_and(|person| found.person != person) {
        return Err(Failure::NotFound);
    }
    if found.status != Status::PendingPayment || tx.now >= found.pay_by {
        return Err(Refusal::NotPayable(found.status).into());
    }
    Ok(found)
}

/// The way to pay by its code, among those offered.
fn chosen(app: &App, order: &order::Found, code: Option<&str>) -> Result<&'static str, Failure> {
    if let Some(seller) = order.seller_id() {
        let taking = taking(app, order.currency, Some(seller))?;
        let mut fitting = taking.into_iter().filter(|name| code.is_none_or(|code| code == *name));
        return fitting.next().ok_or_else(|| Refusal::NoSuchMethod.into());
    }
    if code == Some(offline::NAME) && order.team.is_none() {
        let offered = app.read(offline::terms)?.active;
        return if offered { Ok(offline::NAME) } else { Err(Refusal::NoSuchMethod.into()) };
    }
    provider::chosen(app, order.currency, code)
}

/// What a buyer can choose from when they pay.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PayChoice)]
pub struct Choice {
    pub methods: Vec<MethodView>,
    /// The way that was chosen before, when one was.
    pub chosen: Option<String>,
    /// What their wallet could pay of it.
    pub wallet: Money,
    /// Whether they said that it shall.
    pub uses_wallet: bool,
    /// What is to be paid, before the wallet.
    pub total: Option<Money>,
    /// Until when.
    pub pay_by: Option<Moment>,
}

/// What the visitor can choose from for what is still to be ordered, of whom.
pub fn choice(
    app: &App,
    visitor: &Visitor,
    in_team: bool,
    seller: Option<Id<Seller>>,
) -> Result<Choice, Failure> {
    let wallet = app.read(|tx| {
        // A group buy is paid in the shop's own currency, everything else in the visitor's.
        let shopper = match in_team {
            true => price_list::anybody(tx)?,
            false => price_list::shopper_in(tx, visitor)?,
        };
        let currency = shopper.currency();
        let funds = match &visitor.person {
            Some(person) if seller.is_none() => wallet::funds(tx, person.id, currency)?.total(),
            _ => 0,
        };
        Ok(Money::new(funds, currency))
    })?;
    let methods = methods_for(app, wallet.currency, in_team, seller)?;
    Ok(Choice { methods, chosen: None, wallet, uses_wallet: false, total: None, pay_by: None })
}

/// The same for an order of theirs that waits to be paid.
pub fn choice_for(app: &App, visitor: &Visitor, id: Id<Order>) -> Result<Choice, Failure> {
    let person = visitor.reader()?;
    let (order, funds, open) = app.read(|tx| {
        let order = to_pay(tx, Some(person), id, false)?;
        let funds = wallet::funds(tx, person, order.currency)?;
        Ok((order, funds, store::open_attempts(tx, id)?))
    })?;
    let funds = if order.seller.is_some() { 0 } else { funds.total() + order.promised };
    Ok(Choice {
        methods: methods_for(app, order.currency, order.team.is_some(), order.seller_id())?,
        chosen: open.last().map(|open| open.provider.clone()),
        wallet: Money::new(funds, order.currency),
        uses_wallet: order.promised > 0,
        total: Some(order.total),
        pay_by: Some(order.pay_by),
    })
}

/// The same for whoever has the link of an order. Nobody's wallet is shown to them.
pub(crate) fn choice_by_link(app: &App, id: Id<Order>) -> Result<Choice, Failure> {
    let (order, open) = app.read(|tx| {
        let order = to_pay(tx, None, id, false)?;
        Ok((order, store::open_attempts(tx, id)?))
    })?;
    Ok(Choice {
        methods: methods_for(app, order.currency, order.team.is_some(), order.seller_id())?,
        chosen: open.last().map(|open| open.provider.clone()),
        wallet: Money::zero(order.currency),
        uses_wallet: false,
        total: Some(order.total),
        pay_by: Some(order.pay_by),
    })
}
