//! Customer groups: who has prices of their own. Staff make them and put people in and out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use describe::ToSchema;
use domain::id::Id;
use domain::moment::Moment;
use domain::person::{Permission, Person};
use domain::price::list::CustomerGroup;
use domain::text::one_line;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::db::Tx;
use crate::failure::Failure;
use crate::person::Contact;
use crate::{App, Visitor, level, person, staff_act};

mod store;

/// A group with how many are in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CustomerGroup)]
pub struct GroupView {
    pub id: Id<CustomerGroup>,
    /// In the shop's language and in English.
    pub name: String,
    pub name_en: String,
    /// The higher, the better the customer. Only the order of the list: prices are in price lists.
    pub level: i64,
    pub members: i64,
    pub version: i64,
}

/// A group as staff want it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PutCustomerGroup)]
pub struct PutGroup {
    pub name: String,
    #[serde(default)]
    pub name_en: String,
    /// 0 to 1000.
    #[serde(default)]
    pub level: i64,
    /// The version that was seen: should it be another by now, nothing is changed.
    #[serde(default)]
    pub version: Option<i64>,
}

/// Somebody in a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CustomerGroupMember)]
pub struct MemberView {
    pub person: Id<Person>,
    pub name: String,
    /// Their e-mail address or phone number, masked.
    pub contact: String,
    pub added_at: Moment,
}

/// Who is meant.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = CustomerGroupPerson)]
pub struct Who {
    /// An e-mail address, a phone number or a person's id.
    pub person: String,
}

/// How many groups a shop may have.
const MOST: usize = 100;

impl PutGroup {
    fn checked(mut self) -> Result<PutGroup, Failure> {
        let bad = |field| Failure::field("price.bad_group", field);
        (self.name, self.name_en) = (one_line(&self.name), one_line(&self.name_en));
        if self.name_en.is_empty() {
            self.name_en.clone_from(&self.name);
        }
        let long = |name: &str| name.chars().count() > 60;
        if self.name.is_empty() || long(&self.name) {
            return Err(bad("name"));
        }
        if long(&self.name_en) {
            return Err(bad("name_en"));
        }
        if !(0..=1_000).contains(&self.level) {
            return Err(bad("level"));
        }
        Ok(self)
    }
}

/// The groups somebody is in, in the order of their ids: where staff put them, and their level's.
pub(crate) fn of(tx: &mut Tx, person: Id<Person>) -> Result<Arc<Vec<Id<CustomerGroup>>>, Failure> {
    tx.read_once(format!("groups of {}", person.0), |tx| {
        let mut groups = store::of(tx, person)?;
        groups.extend(level::group_of(tx, person)?);
        groups.sort_unstable();
        groups.dedup();
        Ok(Arc::new(groups))
    })
}

/// The same for many people at once, to be remembered.
pub(crate) fn gather(tx: &mut Tx, people: &BTreeSet<Id<Person>>) -> Result<(), Failure> {
    let mut groups: BTreeMap<Id<Person>, Vec<Id<CustomerGroup>>> = BTreeMap::new();
    for (person, group) in store::of_all(tx, people)? {
        groups.entry(person).or_default().push(group);
    }
    for (person, group) in level::groups_of(tx, people)? {
        let own = groups.entry(person).or_default();
        own.push(group);
        own.sort_unstable();
        own.dedup();
    }
    for person in people {
        let own = Arc::new(groups.remove(person).unwrap_or_default());
        tx.keep_in_mind(format!("groups of {}", person.0), own);
    }
    Ok(())
}

/// The groups somebody is in, for staff to see.
pub fn groups_of(tx: &mut Tx, person: Id<Person>) -> Result<Vec<GroupView>, Failure> {
    let own = store::of(tx, person)?;
    Ok(store::all(tx)?.into_iter().filter(|group| own.contains(&group.id)).collect())
}

/// Every group, the highest level first.
pub fn list(app: &App, visitor: &Visitor) -> Result<Vec<GroupView>, Failure> {
    visitor.staff_reader(Permission::Prices)?;
    app.read(store::all)
}

/// The same, for whoever gives levels a group.
pub fn named(app: &App, visitor: &Visitor) -> Result<Vec<GroupView>, Failure> {
    visitor.staff_reader(Permission::Campaigns)?;
    app.read(store::all)
}

/// Makes a group.
pub fn add(app: &App, visitor: &Visitor, put: PutGroup) -> Result<GroupView, Failure> {
    let actor = visitor.staff(Permission::Prices)?;
    let put = put.checked()?;
    let answer = app.once(visitor, "customer_group.add", |tx| {
        if store::all(tx)?.len() >= MOST {
            return Err(Failure::refused("price.too_many"));
        }
        let id: Id<CustomerGroup> = tx.id();
        if !store::add(tx, id, &put)? {
            return Err(Failure::field("price.name_taken", "name"));
        }
        let after = store::one(tx, id)?;
        record(tx, actor, "customer_group.add", &json!(null), &after)?;
        Ok((after, id.0))
    })?;
    Ok(answer.value)
}

/// Changes a group.
pub fn change(
    app: &App,
    visitor: &Visitor,
    id: Id<CustomerGroup>,
    put: PutGroup,
) -> Result<GroupView, Failure> {
    let actor = visitor.staff(Permission::Prices)?;
    let put = put.checked()?;
    app.write_for(visitor, |tx| {
        let before = store::one(tx, id)?;
        let known = store::all(tx)?;
        if known.iter().any(|other| other.name == put.name && other.id != id) {
            return Err(Failure::field("price.name_taken", "name"));
        }
        if !store::change(tx, id, put.version.unwrap_or(before.version), &put)? {
            return Err(Failure::Stale);
        }
        let after = store::one(tx, id)?;
        record(tx, actor, "customer_group.change", &serde_json::to_value(before)?, &after)?;
        Ok(after)
    })
}

/// Takes a group away, with who is in it; not while a price list names it.
pub fn remove(app: &App, visitor: &Visitor, id: Id<CustomerGroup>) -> Result<(), Failure> {
    let actor = visitor.staff(Permission::Prices)?;
    app.write_for(visitor, |tx| {
        let before = store::one(tx, id)?;
        if store::is_named(tx, id)? {
            return Err(Failure::refused("price.group_in_use"));
        }
        store::remove(tx, id)?;
        let detail = json!({ "before": before, "after": null }).to_string();
        staff_act::record(tx, actor, "customer_group.remove", ("customer_group", id.0), &detail)
    })
}

fn record(
    tx: &mut Tx,
    actor: Id<Person>,
    action: &str,
    before: &serde_json::Value,
    after: &GroupView,
) -> Result<(), Failure> {
    let detail = json!({ "before": before, "after": after }).to_string();
    staff_act::record(tx, actor, action, ("customer_group", after.id.0), &detail)
}

/// Who is in a group, the newest first, after those `skip` before them.
pub fn members(
    app: &App,
    visitor: &Visitor,
    id: Id<CustomerGroup>,
    skip: i64,
    limit: i64,
) -> Result<Vec<MemberView>, Failure> {
    visitor.staff_reader(Permission::Prices)?;
    app.read(|tx| {
        store::one(tx, id)?;
        store::members(tx, id, skip.max(0), limit.clamp(1, 200))
    })
}

/// Puts somebody into a group. Who is in it already stays in it.
pub fn put_in(
    app: &App,
    visitor: &Visitor,
    id: Id<CustomerGroup>,
    who: &Who,
) -> Result<MemberView, Failure> {
    let actor = visitor.staff(Permission::Prices)?;
    app.write_for(visitor, |tx| {
        store::one(tx, id)?;
        let person = find(tx, who)?;
        if store::put_in(tx, id, person, actor)? {
            let detail = json!({ "before": null, "after": person.to_string() }).to_string();
            let about = ("customer_group", id.0);
            staff_act::record(tx, actor, "customer_group.put_in", about, &detail)?;
            // What they are shown from now on is another page.
            tx.shows();
        }
        store::member(tx, id, person)
    })
}

/// Takes somebody out of a group, with whom was made one with them.
pub fn take_out(
    app: &App,
    visitor: &Visitor,
    id: Id<CustomerGroup>,
    person: Id<Person>,
) -> Result<(), Failure> {
    let actor = visitor.staff(Permission::Prices)?;
    app.write_for(visitor, |tx| {
        store::one(tx, id)?;
        if !store::take_out(tx, id, person)? {
            return Err(Failure::NotFound);
        }
        tx.shows();
        let detail = json!({ "before": person.to_string(), "after": null }).to_string();
        let about = ("customer_group", id.0);
        staff_act::record(tx, actor, "customer_group.take_out", about, &detail)
    })
}

/// The person that is meant by an id, an e-mail address or a phone number.
pub(crate) fn find(tx: &mut Tx, who: &Who) -> Result<Id<Person>, Failure> {
    let said = who.person.trim();
    let unknown = || Failure::field("price.no_such_person", "person");
    let id = match Id::<Person>::parse(said) {
        Some(id) => id,
        None => {
            let contact = Contact::new(said).map_err(|_| unknown())?;
            person::by_contact(tx, &contact)?.ok_or_else(unknown)?
        }
    };
    store::who_stands_for(tx, id)?.ok_or_else(unknown)
}
