//! Saved lists: people staff put together by hand, as the audience of a campaign.

use describe::ToSchema;
use domain::campaign::audience::SavedList;
use domain::id::Id;
use domain::moment::Moment;
use domain::person::{Permission, Person};
use domain::text::one_line;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::customer_group::{self, Who};
use crate::failure::Failure;
use crate::{App, Visitor, staff_act};

mod store;

/// A list with how many are on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = SavedList)]
pub struct ListView {
    pub id: Id<SavedList>,
    pub name: String,
    pub people: i64,
    pub created_at: Moment,
}

/// A list as staff want it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PutSavedList)]
pub struct PutList {
    /// 1 to 60 characters that no other list is called.
    pub name: String,
}

/// Somebody on a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = SavedListPerson)]
pub struct MemberView {
    pub person: Id<Person>,
    pub name: String,
    /// Their e-mail address or phone number, masked.
    pub contact: String,
}

/// Who is to be put on a list.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = SavedListPeople)]
pub struct Wanted {
    /// E-mail addresses, phone numbers or ids: one a line. Of a line with commas the first field
    /// counts, so that a CSV file can be pasted. At most 2000 lines.
    pub people: String,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SavedListAdded)]
pub struct Added {
    pub added: i64,
    /// Were on it before, or stood there twice.
    pub already: i64,
    /// Nobody here is known by these.
    pub unknown: Vec<String>,
}

/// How many lists a shop may have, and how many lines are read at once.
const MOST: usize = 200;
const MOST_LINES: usize = 2_000;

fn checked(put: &PutList) -> Result<String, Failure> {
    let name = one_line(&put.name);
    if name.is_empty() || name.chars().count() > 60 {
        return Err(Failure::field("campaign.bad_list", "name"));
    }
    Ok(name)
}

/// Every list, the newest first.
pub fn list(app: &App, visitor: &Visitor) -> Result<Vec<ListView>, Failure> {
    visitor.staff_reader(Permission::Campaigns)?;
    app.read(store::all)
}

/// Makes an empty list.
pub fn add(app: &App, visitor: &Visitor, put: &PutList) -> Result<ListView, Failure> {
    let actor = visitor.staff(Permission::Campaigns)?;
    let name = checked(put)?;
    let answer = app.once(visitor, "saved_list.add", |tx| {
        if store::all(tx)?.len() >= MOST {
            return Err(Failure::refused("price.too_many"));
        }
        let id: Id<SavedList> = tx.id();
        if !store::add(tx, id, &name, actor)? {
            return Err(Failure::field("price.name_taken", "name"));
        }
        staff_act::record(tx, actor, "saved_list.add", ("saved_list", id.0), &name)?;
        Ok((store::one(tx, id)?, id.0))
    })?;
    Ok(answer.value)
}

/// Calls a list something else.
pub fn rename(
    app: &App,
    visitor: &Visitor,
    id: Id<SavedList>,
    put: &PutList,
) -> Result<ListView, Failure> {
    let actor = visitor.staff(Permission::Campaigns)?;
    let name = checked(put)?;
    app.write_for(visitor, |tx| {
        let before = store::one(tx, id)?;
        let known = store::all(tx)?;
        if known.iter().any(|other| other.name == name && other.id != id) {
            return Err(Failure::field("price.name_taken", "name"));
        }
        store::rename(tx, id, &name)?;
        let detail = json!({ "before": before.name, "after": name }).to_string();
        staff_act::record(tx, actor, "saved_list.rename", ("saved_list", id.0), &detail)?;
        store::one(tx, id)
    })
}

/// Takes a list away; not while a campaign that is not over is for it.
pub fn remove(app: &App, visitor: &Visitor, id: Id<SavedList>) -> Result<(), Failure> {
    let actor = visitor.staff(Permission::Campaigns)?;
    app.write_for(visitor, |tx| {
        let before = store::one(tx, id)?;
        if store::is_named(tx, id)? {
            return Err(Failure::refused("campaign.list_in_use"));
        }
        store::remove(tx, id)?;
        let detail = json!({ "before": before, "after": null }).to_string();
        staff_act::record(tx, actor, "saved_list.remove", ("saved_list", id.0), &detail)
    })
}

/// Who is on a list, after those `skip` before them.
pub fn people(
    app: &App,
    visitor: &Visitor,
    id: Id<SavedList>,
    skip: i64,
    limit: i64,
) -> Result<Vec<MemberView>, Failure> {
    visitor.staff_reader(Permission::Campaigns)?;
    app.read(|tx| {
        store::one(tx, id)?;
        store::people(tx, id, skip.max(0), limit.clamp(1, 200))
    })
}

/// Puts people on a list. Whoever is on it stays; whom nobody knows is said.
pub fn put_in(
    app: &App,
    visitor: &Visitor,
    id: Id<SavedList>,
    wanted: &Wanted,
) -> Result<Added, Failure> {
    let actor = visitor.staff(Permission::Campaigns)?;
    // A byte order mark and quotes are what spreadsheets put around it.
    let field = |line: &str| {
        let first = line.split([',', ';', '\t']).next().unwrap_or(line);
        first.trim_matches(|c: char| c.is_whitespace() || c == '"' || c == '\u{feff}').to_string()
    };
    let lines = wanted.people.lines().map(field);
    let lines: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
    if lines.is_empty() || lines.len() > MOST_LINES {
        return Err(Failure::field("campaign.bad_people", "people"));
    }
    app.write_for(visitor, |tx| {
        store::one(tx, id)?;
        let mut done = Added { added: 0, already: 0, unknown: Vec::new() };
        for line in &lines {
            let person = match customer_group::find(tx, &Who { person: line.clone() }) {
                Ok(person) => person,
                Err(Failure::Refused(_)) => {
                    done.unknown.push(line.chars().take(120).collect());
                    continue;
                }
                Err(failure) => return Err(failure),
            };
            if store::put_in(tx, id, person)? {
                done.added += 1;
            } else {
                done.already += 1;
            }
        }
        if done.added > 0 {
            let detail = json!({ "added": done.added }).to_string();
            staff_act::record(tx, actor, "saved_list.put_in", ("saved_list", id.0), &detail)?;
            // What they are shown from now on is another page.
            tx.shows();
        }
        Ok(done)
    })
}

/// Takes somebody off a list, with whom was made one with them.
pub fn take_out(
    app: &App,
    visitor: &Visitor,
    id: Id<SavedList>,
    person: Id<Person>,
) -> Result<(), Failure> {
    let actor = visitor.staff(Permission::Campaigns)?;
    app.write_for(visitor, |tx| {
        store::one(tx, id)?;
        if !store::take_out(tx, id, person)? {
            return Err(Failure::NotFound);
        }
        tx.shows();
        let detail = json!({ "before": person.to_string(), "after": null }).to_string();
        staff_act::record(tx, actor, "saved_list.take_out", ("saved_list", id.0), &detail)
    })
}
