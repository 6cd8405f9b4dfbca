//! Points: what somebody has, where they came from and went, and what the merchant says about them.
//!
//! Points lie in the books in a unit of their own, and beside them in lots that say when they
//! expire. The sum of somebody's lots is what their account holds; the audit looks.

use describe::ToSchema;
use domain::id::{Id, Kind};
use domain::ledger::AccountKind;
use domain::moment::{Moment, Span};
use domain::money::{Currency, Money};
use domain::order::Order;
use domain::person::{Permission, Person};
use domain::point::{self as rules, Earning, Refusal, Spending};
use domain::text::one_line;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::db::Tx;
use crate::failure::Failure;
use crate::idempotency::Answer;
use crate::person::Contact;
use crate::{App, Visitor, person, shop, staff_act};

mod book;
mod store;

pub(crate) use book::{What, earn, forget, give_back, spend_again, take_back};

/// One change of somebody's points.
pub struct Move;
impl Kind for Move {
    const PREFIX: &'static str = "ptm";
}
domain::id::described!(Move);

/// What the merchant says about points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PointSettings)]
pub struct SettingsView {
    /// How buying earns them; nothing is earned without.
    pub earning: Option<Earning>,
    /// What they are worth at checkout; they are not taken without.
    pub spending: Option<Spending>,
    /// One growth for every so many minor units that were paid for goods.
    pub growth_per: i64,
    /// What goods cost in here: that is what is earned and spent for.
    pub currency: Currency,
    /// Grows with each change.
    pub version: i64,
}

/// The same as staff want it: all of it, each time.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PutPointSettings)]
pub struct PutSettings {
    #[serde(default)]
    pub earning: Option<Earning>,
    #[serde(default)]
    pub spending: Option<Spending>,
    pub growth_per: i64,
    /// The version that was seen: should it be another by now, nothing is changed.
    #[serde(default)]
    pub version: Option<i64>,
}

/// What somebody has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PointsView {
    pub person: Id<Person>,
    /// What can be spent now.
    pub available: i64,
    /// What was taken back after it was spent: points that come repay it first.
    pub owed: i64,
    /// How many are gone within thirty days, and when the first of them are.
    pub expiring: i64,
    pub expires_at: Option<Moment>,
    /// What those available take off an order, at the most; nothing where points are not taken.
    pub worth: Option<Money>,
}

/// One line of somebody's statement.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PointEntry {
    pub id: Id<Move>,
    /// `earned`, `spent`, `expired`, `taken_back` (what earned them was undone), `returned` (what
    /// they were spent on was), `spent_again`, `given`, `taken`, `won`, `forgotten`.
    pub kind: String,
    /// What came in, or (negative) went out.
    pub points: i64,
    /// How much of it was owed since (positive), or repaid what was owed (negative).
    pub owed: i64,
    pub order: Option<Id<Order>>,
    /// Why the shop gave or took them; empty for the rest.
    pub reason: String,
    pub at: Moment,
}

/// Points to be given, or (negative) taken.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct GivePoints {
    pub points: i64,
    /// Their owner reads it.
    pub reason: String,
}

/// Somebody with points, in the console's list.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PointsCard {
    pub person: Id<Person>,
    pub name: String,
    pub points: i64,
    pub owed: i64,
}

/// What the shop owes in points.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Liability {
    /// All that are out, and what they are worth where points are taken.
    pub points: i64,
    pub worth: Option<Money>,
    /// How many people have some.
    pub people: i64,
    /// How many will be gone within thirty days.
    pub expiring: i64,
}

/// The most points that are given at once.
const MOST_GIVEN: i64 = 1_000_000;
/// What is gone within this time is worth a warning.
const SOON: Span = Span::days(30);
/// So many people's points are let go in one transaction.
const AT_ONCE: i64 = 200;

/// What holds, for a transaction.
pub(crate) fn settings(tx: &mut Tx) -> Result<SettingsView, Failure> {
    tx.read_once("point settings".into(), store::settings)
}

/// What the merchant says about points: everybody may know.
pub fn terms(app: &App) -> Result<SettingsView, Failure> {
    app.read(settings)
}

/// The same for staff.
pub fn get_settings(app: &App, visitor: &Visitor) -> Result<SettingsView, Failure> {
    visitor.staff_reader(Permission::Campaigns)?;
    app.read(settings)
}

/// Changes them. What was earned before stays as it was earned.
pub fn put_settings(
    app: &App,
    visitor: &Visitor,
    put: PutSettings,
) -> Result<SettingsView, Failure> {
    let actor = visitor.staff(Permission::Campaigns)?;
    if let Some(earning) = &put.earning {
        earning.check()?;
    }
    if let Some(spending) = &put.spending {
        spending.check()?;
    }
    if !(1..=1_000_000_000).contains(&put.growth_per) {
        return Err(Refusal::BadTerms.into());
    }
    app.write_for(visitor, |tx| {
        let before = store::settings(tx)?;
        if put.version.is_some_and(|seen| seen != before.version) || !store::set(tx, &put, &before)?
        {
            return Err(Failure::Stale);
        }
        let after = store::settings(tx)?;
        let detail = json!({ "before": before, "after": after }).to_string();
        staff_act::record(tx, actor, "point.settings", ("shop", 1), &detail)?;
        Ok(after)
    })
}

/// The visitor's own points.
pub fn mine(app: &App, visitor: &Visitor) -> Result<PointsView, Failure> {
    let person = visitor.reader()?;
    app.read(|tx| view(tx, person))
}

/// Anybody's points, for staff.
pub fn of(app: &App, visitor: &Visitor, id: Id<Person>) -> Result<PointsView, Failure> {
    visitor.staff_reader(Permission::Wallets)?;
    app.read(|tx| {
        person::find(tx, id)?;
        view(tx, id)
    })
}

pub(crate) fn view(tx: &mut Tx, person: Id<Person>) -> Result<PointsView, Failure> {
    let lots = store::lots(tx, person)?;
    let available = rules::balance(&lots, tx.now);
    let soon = tx.now.plus(SOON);
    let going = lots
        .iter()
        .filter(|lot| lot.left > 0 && lot.expires_at.is_some_and(|end| tx.now < end && end < soon));
    let (expiring, expires_at) = going.fold((0, None::<Moment>), |(sum, first), lot| {
        let end = lot.expires_at.map(|end| first.map_or(end, |first| first.min(end)));
        (sum + lot.left, end)
    });
    let currency = shop::get(tx)?.currency;
    let spending = settings(tx)?.spending;
    Ok(PointsView {
        person,
        available,
        owed: store::debt(tx, person)?,
        expiring,
        expires_at,
        worth: spending.map(|terms| terms.worth(available, Money::zero(currency))),
    })
}

/// The visitor's statement, the latest first.
pub fn statement(
    app: &App,
    visitor: &Visitor,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<PointEntry>, Failure> {
    let person = visitor.reader()?;
    app.read(|tx| store::statement(tx, person, before.unwrap_or(i64::MAX), limit))
}

/// Anybody's statement, for staff.
pub fn statement_of(
    app: &App,
    visitor: &Visitor,
    person: Id<Person>,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<PointEntry>, Failure> {
    visitor.staff_reader(Permission::Wallets)?;
    app.read(|tx| store::statement(tx, person, before.unwrap_or(i64::MAX), limit))
}

/// Who has the most points.
pub fn list(app: &App, visitor: &Visitor, limit: i64) -> Result<Vec<PointsCard>, Failure> {
    visitor.staff_reader(Permission::Wallets)?;
    app.read(|tx| store::list(tx, limit))
}

/// What the shop owes in points.
pub fn liability(app: &App, visitor: &Visitor) -> Result<Liability, Failure> {
    visitor.staff_reader(Permission::Wallets)?;
    app.read(|tx| {
        let (points, people, expiring) = store::out(tx, tx.now.plus(SOON))?;
        let currency = shop::get(tx)?.currency;
        let spending = settings(tx)?.spending;
        let worth = spending.map(|terms| terms.worth(points, Money::zero(currency)));
        Ok(Liability { points, worth, people, expiring })
    })
}

/// Whose points staff look for, by an id or a contact.
pub fn owner(app: &App, visitor: &Visitor, text: &str) -> Result<Option<Id<Person>>, Failure> {
    visitor.staff_reader(Permission::Wallets)?;
    app.read(|tx| match (Id::parse(text), Contact::new(text)) {
        (Some(id), _) => match person::find(tx, id) {
            Ok(found) => Ok(Some(found.id)),
            Err(Failure::NotFound) => Ok(None),
            Err(failure) => Err(failure),
        },
        (None, Ok(contact)) => person::by_contact(tx, &contact),
        (None, Err(_)) => Ok(None),
    })
}

/// Gives somebody points, or takes what they have not spent.
pub fn give(
    app: &App,
    visitor: &Visitor,
    to: Id<Person>,
    give: GivePoints,
) -> Result<Answer<PointsView>, Failure> {
    let actor = visitor.staff(Permission::Wallets)?;
    let reason = one_line(&give.reason);
    if reason.is_empty() || reason.chars().count() > 200 {
        return Err(Failure::field("point.no_reason", "reason"));
    }
    if give.points == 0 || give.points.saturating_abs() > MOST_GIVEN {
        return Err(Refusal::BadAmount.into());
    }
    app.once(visitor, "points", |tx| {
        person::find(tx, to)?;
        let id: Id<Move> = tx.id();
        let kind = if give.points > 0 { "given" } else { "taken" };
        let what = What { reason: &reason, by: Some(actor), ..What::of(kind, ("grant", id.0)) };
        if give.points > 0 {
            let life = settings(tx)?.earning.and_then(|earning| earning.life);
            earn(tx, to, give.points, life, &what)?;
        } else {
            book::spend(tx, to, -give.points, &what)?;
        }
        let detail = json!({ "person": to, "points": give.points, "reason": reason }).to_string();
        staff_act::record(tx, actor, "point.give", ("person", to.0), &detail)?;
        Ok((view(tx, to)?, id.0))
    })
}

/// How many points somebody can spend now and what they are worth, where the shop takes points.
pub(crate) fn spendable(
    tx: &mut Tx,
    person: Id<Person>,
) -> Result<Option<(i64, Spending)>, Failure> {
    let Some(terms) = settings(tx)?.spending else { return Ok(None) };
    let lots = store::lots(tx, person)?;
    Ok(Some((rules::balance(&lots, tx.now), terms)))
}

/// Spends points on an order, in its transaction and after its lines are written. They are shared
/// over its lines, so that each knows how many come back with it.
pub(crate) fn spend(
    tx: &mut Tx,
    person: Id<Person>,
    order: Id<Order>,
    points: i64,
) -> Result<(), Failure> {
    if tx.gathers() {
        return Err(tx.alone());
    }
    let what = What { order: Some(order), ..What::of("spent", ("order", order.0)) };
    if book::spend(tx, person, points, &what)? {
        store::keep_spent(tx, order, person, points)?;
    }
    Ok(())
}

/// Spends points on something of the points shop that is no order.
pub(crate) fn pay(
    tx: &mut Tx,
    person: Id<Person>,
    points: i64,
    what: &What,
) -> Result<(), Failure> {
    book::spend(tx, person, points, what).map(|_| ())
}

/// What a campaign's reward brought into somebody's account is theirs to spend: it has a lot, and
/// repays what they owe first.
pub(crate) fn won(
    tx: &mut Tx,
    person: Id<Person>,
    points: i64,
    about: (&str, i64),
) -> Result<(), Failure> {
    let life = settings(tx)?.earning.and_then(|earning| earning.life);
    let what = What { arrived: true, ..What::of("won", about) };
    earn(tx, person, points, life, &what).map(|_| ())
}

/// What a campaign took back out of somebody's account leaves their lots too.
pub(crate) fn won_back(
    tx: &mut Tx,
    person: Id<Person>,
    points: i64,
    about: (&str, i64),
) -> Result<(), Failure> {
    book::gone(tx, person, points, &What { arrived: true, ..What::of("won_back", about) })
}

/// Recurring: what has expired goes. The clock has judged before.
pub fn expire(app: &App) -> Result<(), Failure> {
    loop {
        let people = app.read(|tx| store::with_expired(tx, AT_ONCE))?;
        for person in &people {
            app.write(|tx| book::expire(tx, *person))?;
        }
        if (people.len() as i64) < AT_ONCE {
            return Ok(());
        }
    }
}

/// The unit, for those who post.
pub(crate) fn amount(points: i64) -> Money {
    Money::new(points, Currency::Points)
}

/// Somebody's account.
pub(crate) fn account(
    tx: &mut Tx,
    person: Id<Person>,
) -> Result<Id<domain::ledger::Account>, Failure> {
    crate::ledger::account(tx, AccountKind::PointsHeld, person.0, Currency::Points)
}
