//! What the shop holds about somebody, in their own hands: a copy of all of it, and its end.
//!
//! Both are asked for by whoever is signed in and proves once more who they are. A copy is made by
//! a job and lies ready for a week. To be forgotten takes a week in which it can be taken back;
//! then everything that says who somebody is goes. What the law wants kept of trade is set apart
//! until its time is over, read by nobody; the books never knew more than numbers.

use describe::ToSchema;
use domain::customer::{
    self as rules, DataExport, EXPORT_EVERY, EXPORT_LIFE, Erasure, Refusal, Standing, WAITING,
};
use domain::id::Id;
use domain::moment::Moment;
use domain::person::{Permission, Person};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::customer::signposts;
use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor, customer, message, notice, person, shop, staff_act};

mod copy;
mod desk;
mod erase;
mod letter;
mod store;

pub use copy::SECTIONS;
pub use erase::{due, erase_again, erased, finish};

/// The job that puts somebody's copy together, and those that forget them.
pub const EXPORT: &str = "data_export.make";
pub const ERASE: &str = "erasure.due";
pub const FINISH: &str = "erasure.finish";

/// A copy of somebody's data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = DataExport)]
pub struct ExportView {
    pub id: Id<DataExport>,
    /// `asked`, `ready` or `gone`.
    pub state: String,
    pub asked_at: Moment,
    pub ready_at: Option<Moment>,
    /// Until when it can be fetched.
    pub expires_at: Option<Moment>,
    pub bytes: i64,
}

/// A wish to be forgotten.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Erasure)]
pub struct ErasureView {
    pub id: Id<Erasure>,
    /// `asked`, `cancelled`, `done` (what the law wants kept is set apart) or `finished`.
    pub state: String,
    pub asked_at: Moment,
    pub due_at: Moment,
    /// Until when what the law wants kept is set apart.
    pub keep_until: Option<Moment>,
}

/// What somebody can see of this.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct OwnData {
    pub exports: Vec<ExportView>,
    pub erasure: Option<ErasureView>,
    /// What must be ended before they can be forgotten; empty when nothing stands in the way.
    pub open_orders: i64,
    pub open_returns: i64,
    pub has_balance: bool,
}

/// Proof of who it is: a code that was sent to their own contact just now.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct WithCode {
    pub code: String,
}

/// What the visitor asked for of this, and may.
pub fn see(app: &App, visitor: &Visitor) -> Result<OwnData, Failure> {
    let person = visitor.reader()?;
    app.read(|tx| {
        let standing = standing(tx, person)?;
        Ok(OwnData {
            exports: store::exports(tx, person)?,
            erasure: store::erasure(tx, person)?,
            open_orders: standing.orders,
            open_returns: standing.returns,
            has_balance: standing.balance,
        })
    })
}

/// Asks for a copy of everything. Once a day.
pub fn ask_export(app: &App, visitor: &Visitor) -> Result<ExportView, Failure> {
    let person = visitor.shopper()?;
    app.write_for(visitor, |tx| make_later(tx, person))
}

/// The same for a customer who asked staff for it.
pub fn ask_export_for(
    app: &App,
    visitor: &Visitor,
    person: Id<Person>,
) -> Result<ExportView, Failure> {
    let actor = visitor.staff(Permission::Customers)?;
    app.write_for(visitor, |tx| {
        let asked = make_later(tx, person)?;
        staff_act::record(tx, actor, "customer.export", ("person", person.0), "")?;
        Ok(asked)
    })
}

fn make_later(tx: &mut Tx, person: Id<Person>) -> Result<ExportView, Failure> {
    store::lock(tx, person)?;
    let since = tx.now.minus(EXPORT_EVERY);
    if store::exports(tx, person)?.iter().any(|one| one.asked_at > since) {
        return Err(Refusal::TooSoon.into());
    }
    let id: Id<DataExport> = tx.id();
    store::add_export(tx, id, person)?;
    tx.ask(EXPORT, id.0, tx.now)?;
    store::export(tx, person, id)
}

/// Puts a copy together that was asked for, and says so.
pub fn make_export(app: &App, id: Id<DataExport>) -> Result<(), Failure> {
    let Some(person) = app.read(|tx| store::asked_by(tx, id))? else { return Ok(()) };
    let bytes = app.read(|tx| copy::of(tx, person))?;
    let base_url = app.config.base_url.clone();
    app.write(|tx| {
        let until = tx.now.plus(EXPORT_LIFE);
        if !store::ready(tx, id, &bytes, until)? {
            return Ok(());
        }
        let about = person::find(tx, person)?;
        let letter = letter::ready(&about.locale, &shop::get(tx)?.name, &base_url);
        write_to(tx, &about, &letter)?;
        notice::tell(tx, person, "data_ready", "data", id.0, json!({}))
    })
}

/// The copy itself, for its owner who has just proved again who they are.
pub fn fetch(
    app: &App,
    visitor: &Visitor,
    id: Id<DataExport>,
    with: &WithCode,
) -> Result<Vec<u8>, Failure> {
    let me = visitor.shopper()?;
    // What is another's is not found, whatever code comes with it.
    app.read(|tx| store::export(tx, me, id))?;
    person::prove(app, visitor, &with.code)?;
    app.read(|tx| store::bytes(tx, me, id))?.ok_or(Failure::NotFound)
}

/// Asks to be forgotten.
pub fn ask_erasure(app: &App, visitor: &Visitor, with: &WithCode) -> Result<ErasureView, Failure> {
    let me = visitor.shopper()?;
    // Nobody spends a code on what cannot be done.
    app.read(|tx| {
        let standing = standing(tx, me)?;
        Ok(rules::may_erase(&standing)?)
    })?;
    person::prove(app, visitor, &with.code)?;
    app.write_for(visitor, |tx| wish(app, tx, me, None))
}

/// The same for a customer who asked staff for it, who made sure who it is.
pub fn ask_erasure_for(
    app: &App,
    visitor: &Visitor,
    person: Id<Person>,
) -> Result<ErasureView, Failure> {
    let actor = visitor.staff(Permission::Customers)?;
    app.write_for(visitor, |tx| {
        let view = wish(app, tx, person, Some(actor))?;
        let detail = view.id.to_string();
        staff_act::record(tx, actor, "customer.erasure", ("person", person.0), &detail)?;
        Ok(view)
    })
}

fn wish(
    app: &App,
    tx: &mut Tx,
    person: Id<Person>,
    actor: Option<Id<Person>>,
) -> Result<ErasureView, Failure> {
    store::lock(tx, person)?;
    if store::erasure(tx, person)?.is_some() {
        return Err(Refusal::AlreadyAsked.into());
    }
    rules::may_erase(&standing(tx, person)?)?;
    let id: Id<Erasure> = tx.id();
    let due_at = tx.now.plus(WAITING);
    store::add_erasure(tx, id, person, actor, due_at)?;
    tx.ask(ERASE, id.0, due_at)?;
    let about = person::find(tx, person)?;
    let name = shop::get(tx)?.name;
    let letter = letter::leaving(&about.locale, &name, &app.config.base_url, due_at)?;
    write_to(tx, &about, &letter)?;
    store::erasure(tx, person)?.ok_or(Failure::Stale)
}

/// Takes the wish to be forgotten back.
pub fn cancel_erasure(app: &App, visitor: &Visitor) -> Result<(), Failure> {
    let me = visitor.shopper()?;
    app.write_for(visitor, |tx| cancel(tx, me))
}

/// The same by staff, for a customer who asked them to.
pub fn cancel_erasure_for(app: &App, visitor: &Visitor, person: Id<Person>) -> Result<(), Failure> {
    let actor = visitor.staff(Permission::Customers)?;
    app.write_for(visitor, |tx| {
        cancel(tx, person)?;
        staff_act::record(tx, actor, "customer.erasure_cancelled", ("person", person.0), "")
    })
}

fn cancel(tx: &mut Tx, person: Id<Person>) -> Result<(), Failure> {
    if store::cancel(tx, person)? { Ok(()) } else { Err(Refusal::NothingAsked.into()) }
}

/// What stands in the way of forgetting somebody. Somebody who is gone is not found.
fn standing(tx: &mut Tx, person: Id<Person>) -> Result<Standing, Failure> {
    let found = person::find(tx, person)?;
    let (orders, returns) = store::open(tx, person)?;
    Ok(Standing {
        staff: found.role.is_staff(),
        orders,
        returns,
        balance: customer::has_balance(tx, person)?,
    })
}

/// Somebody with all who lead to them since they were made one.
fn all_of(tx: &mut Tx, person: Id<Person>) -> Result<Vec<Id<Person>>, Failure> {
    let mut all = vec![person];
    all.extend(signposts(tx, person)?);
    Ok(all)
}

fn write_to(
    tx: &mut Tx,
    to: &person::PersonView,
    (subject, body): &(String, String),
) -> Result<(), Failure> {
    let channel = if to.email.is_some() { "email" } else { "sms" };
    message::put(tx, channel, to.contact(), subject, body)?;
    Ok(())
}

/// Takes away copies that lay ready long enough.
pub fn purge(tx: &mut Tx) -> Result<u64, Failure> {
    store::purge(tx)
}
