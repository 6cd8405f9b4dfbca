//! Customers as staff look after them: found, noted about, tagged, kept from coming in or ordering.
//!
//! Staff see a contact masked. Whoever needs it in full asks for it, and that they did is written
//! down like every other act.

use describe::ToSchema;
use domain::customer::{self as rules, Note, Purpose, Refusal};
use domain::id::Id;
use domain::moment::Moment;
use domain::money::Money;
use domain::person::{Permission, Person};
use domain::text::{masked, one_line};
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::failure::Failure;
use crate::person::Contact;
use crate::{App, Visitor, person, session, staff_act};

mod alike;
mod merge;
mod moving;
mod profile;
mod store;
mod sums;

pub use alike::{Alike, Likeness, Suggestion, suggestions};
pub(crate) use merge::has_balance;
pub use merge::{MergeCustomers, MergeView, SETTLE, merge, settle, undo};
pub use profile::{
    Happened, OrderLine, Profile, ReturnLine, ReviewLine, SentLine, TeamLine, profile,
};
pub use sums::catch_up;

/// A customer in the list of staff.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CustomerRow {
    pub id: Id<Person>,
    pub name: String,
    /// Masked.
    pub contact: String,
    pub tags: Vec<String>,
    pub orders: i64,
    /// What was paid and not given back.
    pub net: Money,
    pub last_order_at: Option<Moment>,
    pub joined_at: Moment,
    pub blocked: bool,
}

/// Customers, and where the next page begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CustomerRows {
    pub items: Vec<CustomerRow>,
    pub next: Option<String>,
}

/// In which order customers are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CustomerSort)]
pub enum Sort {
    /// The latest to come first.
    #[default]
    Joined,
    /// Whoever spent most.
    Spent,
    /// Whoever ordered last.
    Ordered,
}

impl Sort {
    pub const ALL: [Sort; 3] = [Sort::Joined, Sort::Spent, Sort::Ordered];

    pub fn code(self) -> &'static str {
        match self {
            Sort::Joined => "joined",
            Sort::Spent => "spent",
            Sort::Ordered => "ordered",
        }
    }

    pub fn parse(code: &str) -> Option<Sort> {
        Sort::ALL.into_iter().find(|sort| sort.code() == code)
    }
}

/// Which customers staff look for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Part of a name, an e-mail address or a phone number, or an id.
    pub query: String,
    pub tag: String,
    pub has_ordered: Option<bool>,
    /// What was paid and not given back, in minor units.
    pub spent_from: Option<i64>,
    pub spent_to: Option<i64>,
    pub last_order_after: Option<Moment>,
    pub last_order_before: Option<Moment>,
    pub joined_after: Option<Moment>,
    pub joined_before: Option<Moment>,
    pub allows: Option<Purpose>,
    pub blocked: bool,
    pub sort: Sort,
    /// Those that follow this place.
    pub after: Option<String>,
    pub limit: i64,
}

/// A note of staff's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CustomerNote)]
pub struct NoteView {
    pub id: Id<Note>,
    pub text: String,
    /// Who wrote it.
    pub by: String,
    pub at: Moment,
}

/// Why somebody may not come in, or not order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CustomerBlock)]
pub struct BlockView {
    pub sign_in: bool,
    pub ordering: bool,
    pub reason: String,
    pub by: String,
    pub at: Moment,
}

/// A note to be written down.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = AddCustomerNote)]
pub struct AddNote {
    pub text: String,
}

/// A tag for some customers, or no longer.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = TagCustomers)]
pub struct Tag {
    pub people: Vec<Id<Person>>,
    pub tag: String,
    /// Whether they get it; otherwise it is taken off them.
    pub on: bool,
}

/// What somebody may no longer do, or may again.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = BlockCustomer)]
pub struct Block {
    pub sign_in: bool,
    pub ordering: bool,
    /// Wanted for a block; may be left out to lift it.
    #[serde(default)]
    pub reason: String,
}

/// Somebody's contacts in full.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CustomerContacts)]
pub struct Contacts {
    /// Every one they can sign in with.
    pub contacts: Vec<String>,
}

/// A customer added by staff.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AddCustomer {
    /// An e-mail address or a phone number.
    pub contact: String,
    #[serde(default)]
    pub name: Option<String>,
}

/// How many of some kind there are, for the views of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CustomerCounts)]
pub struct Counts {
    pub all: i64,
    pub blocked: i64,
    /// Who asked to be forgotten and waits.
    pub leaving: i64,
}

/// Customers, as `look` has them.
pub fn list(app: &App, visitor: &Visitor, look: &Look) -> Result<CustomerRows, Failure> {
    visitor.staff_reader(Permission::Customers)?;
    sums::catch_up(app)?;
    app.read(|tx| store::list(tx, look))
}

/// How many there are.
pub fn counts(app: &App, visitor: &Visitor) -> Result<Counts, Failure> {
    visitor.staff_reader(Permission::Customers)?;
    app.read(store::counts)
}

/// Every tag there is, with how many have it.
pub fn tags(app: &App, visitor: &Visitor) -> Result<Vec<(String, i64)>, Failure> {
    visitor.staff_reader(Permission::Customers)?;
    app.read(store::all_tags)
}

/// Adds a customer; the one who has the contact already stays as they are.
pub fn add(app: &App, visitor: &Visitor, add: &AddCustomer) -> Result<Profile, Failure> {
    let actor = visitor.staff(Permission::Customers)?;
    let contact = Contact::new(&add.contact)?;
    let name = add.name.as_deref().filter(|name| !name.trim().is_empty());
    let id = app.act(visitor, "customer.add", |tx| {
        let (known, new) = person::find_or_create(tx, &contact, name, &visitor.locale)?;
        if known.role.is_staff() {
            return Err(Refusal::IsStaff.into());
        }
        if new {
            staff_act::record(tx, actor, "customer.add", ("person", known.id.0), "")?;
        }
        Ok(known.id)
    })?;
    profile(app, visitor, id)
}

/// Writes down a note.
pub fn add_note(
    app: &App,
    visitor: &Visitor,
    id: Id<Person>,
    note: &AddNote,
) -> Result<Profile, Failure> {
    let actor = visitor.staff(Permission::Customers)?;
    let text = rules::note(&note.text)?;
    app.act(visitor, "customer.note", |tx| {
        find(tx, id)?;
        store::add_note(tx, id, actor, &text)?;
        staff_act::record(tx, actor, "customer.note", ("person", id.0), &text)?;
        Ok(id)
    })?;
    profile(app, visitor, id)
}

/// Takes a note away.
pub fn remove_note(
    app: &App,
    visitor: &Visitor,
    id: Id<Person>,
    note: Id<Note>,
) -> Result<(), Failure> {
    let actor = visitor.staff(Permission::Customers)?;
    app.write_for(visitor, |tx| {
        find(tx, id)?;
        let text = store::remove_note(tx, id, note)?.ok_or(Failure::NotFound)?;
        staff_act::record(tx, actor, "customer.note_removed", ("person", id.0), &text)
    })
}

/// Tags customers, or takes a tag off them. How many that changed.
pub fn tag(app: &App, visitor: &Visitor, tag: &Tag) -> Result<i64, Failure> {
    let actor = visitor.staff(Permission::Customers)?;
    let name = rules::tag(&tag.tag)?;
    app.act(visitor, "customer.tag", |tx| {
        let mut changed = 0;
        for id in &tag.people {
            find(tx, *id)?;
            let before = store::tags(tx, *id)?;
            if tag.on && before.len() >= rules::MOST_TAGS && !before.contains(&name) {
                return Err(Refusal::BadTag.into());
            }
            if store::set_tag(tx, *id, &name, tag.on)? {
                let what = if tag.on { "customer.tag" } else { "customer.untag" };
                staff_act::record(tx, actor, what, ("person", id.0), &name)?;
                changed += 1;
            }
        }
        Ok(changed)
    })
}

/// Keeps somebody from coming in or from ordering, or lets them again. Whoever may not come in is
/// signed out everywhere, and their programs with them.
pub fn block(
    app: &App,
    visitor: &Visitor,
    id: Id<Person>,
    block: &Block,
) -> Result<Profile, Failure> {
    let actor = visitor.staff(Permission::Customers)?;
    let reason = one_line(&block.reason);
    let blocks = block.sign_in || block.ordering;
    if reason.chars().count() > 500 || (blocks && reason.is_empty()) {
        return Err(Refusal::NoReason.into());
    }
    app.act(visitor, "customer.block", |tx| {
        find(tx, id)?;
        let before = store::block_of(tx, id)?;
        let before = before.map_or((false, false), |block| (block.sign_in, block.ordering));
        store::set_block(tx, id, block, &reason, actor)?;
        if block.sign_in {
            session::end_all(tx, id)?;
            store::revoke_tokens(tx, id)?;
        }
        let now = (block.sign_in, block.ordering);
        let detail = serde_json::json!({ "before": before, "after": now, "reason": reason });
        staff_act::record(tx, actor, "customer.block", ("person", id.0), &detail.to_string())?;
        Ok(id)
    })?;
    profile(app, visitor, id)
}

/// Somebody's contacts in full. That they were looked at is written down.
pub fn reveal(app: &App, visitor: &Visitor, id: Id<Person>) -> Result<Contacts, Failure> {
    let actor = visitor.staff(Permission::Contacts)?;
    app.write_for(visitor, |tx| {
        find(tx, id)?;
        staff_act::record(tx, actor, "customer.reveal", ("person", id.0), "")?;
        Ok(Contacts { contacts: store::contacts(tx, id)? })
    })
}

/// A customer who is there; staff and those who are gone are not found.
fn find(tx: &mut Tx, id: Id<Person>) -> Result<person::PersonView, Failure> {
    let found = person::find(tx, id)?;
    if found.role.is_staff() || store::is_erased(tx, id)? {
        return Err(Failure::NotFound);
    }
    Ok(found)
}

/// Every contact somebody can sign in with: their own, and those of whom they were made one with.
pub(crate) fn contacts_of(tx: &mut Tx, id: Id<Person>) -> Result<Vec<String>, Failure> {
    store::contacts(tx, id)
}

/// Who leads to somebody since they were made one.
pub(crate) fn signposts(tx: &mut Tx, id: Id<Person>) -> Result<Vec<Id<Person>>, Failure> {
    store::signposts(tx, id)
}

/// A contact as staff see it without asking for more.
fn shown(contact: Option<String>) -> String {
    masked(&contact.unwrap_or_default())
}
