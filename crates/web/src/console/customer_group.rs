//! Customer groups: which there are, and who is in them.

use app::customer_group::{self, GroupView, MemberView, PutGroup, Who};
use app::failure::Failure;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query};
use axum::routing::{get, post};
use domain::id::Id;
use domain::person::Person;
use domain::price::list::CustomerGroup;
use serde::Deserialize;

use super::part::{Empty, Pager, When};
use super::price::group_name;
use super::{Answer, Desk, Frame, fields};
use crate::Shop;
use crate::answer::Fault;
use crate::form::Form;
use crate::link;

/// Its entry in the rail.
const HERE: &str = "/console/customer-groups";
const ROWS: i64 = 50;

/// The routes of customer groups.
pub fn routes() -> Router<Shop> {
    Router::new()
        .route("/console/customer-groups", get(index).post(create))
        .route("/console/customer-groups/{id}", get(show).post(update))
        .route("/console/customer-groups/{id}/removal", post(remove))
        .route("/console/customer-groups/{id}/members", post(put_in))
        .route("/console/customer-groups/{id}/members/{person}/removal", post(take_out))
}

#[derive(Template)]
#[template(path = "console/customer_group/list.html")]
struct List {
    p: Frame,
    rows: Vec<Row>,
    empty: Option<Empty>,
    f: Fields,
}

/// A group as it is typed.
struct Fields {
    key: String,
    version: String,
    name: String,
    name_en: String,
    level: String,
}

struct Row {
    href: String,
    name: String,
    members: String,
    level: String,
}

#[derive(Template)]
#[template(path = "console/customer_group/show.html")]
struct Show {
    p: Frame,
    title: String,
    href: String,
    f: Fields,
    person: String,
    members: Vec<Member>,
    pager: Pager,
}

struct Member {
    name: String,
    href: String,
    contact: String,
    added: When,
    remove: String,
}

fn typed(p: &Frame, form: &Form) -> Fields {
    Fields {
        key: match form.key() {
            "" => p.new_key.clone(),
            key => key.to_string(),
        },
        version: form.get("version").to_string(),
        name: form.get("name").to_string(),
        name_en: form.get("name_en").to_string(),
        level: form.get("level").to_string(),
    }
}

fn read(form: &Form) -> Result<PutGroup, Failure> {
    let level = match form.get("level") {
        "" => Some(0),
        text => fields::whole(text),
    };
    Ok(PutGroup {
        name: form.get("name").to_string(),
        name_en: form.get("name_en").to_string(),
        level: level.ok_or_else(|| Failure::field("price.bad_group", "level"))?,
        version: form.parse("version"),
    })
}

/// The groups, with a form for a new one.
pub async fn index(desk: Desk) -> Answer {
    let page = list(&desk, &Form::default(), String::new()).await?;
    desk.show(page)
}

async fn list(desk: &Desk, form: &Form, problem: String) -> Result<List, Fault> {
    let groups = desk.act(customer_group::list).await?;
    let p = desk.frame_with(HERE, problem);
    let row = |group: &GroupView| Row {
        href: format!("{HERE}/{}", group.id),
        name: group_name(&p, group).to_string(),
        members: p.t1("console-groups-members-count", "count", group.members),
        level: p.t1("console-groups-level-is", "level", group.level),
    };
    let empty = groups.is_empty().then(|| Empty {
        title: p.t("console-groups-none"),
        text: p.t("console-groups-none-text"),
        ..Empty::default()
    });
    Ok(List { rows: groups.iter().map(row).collect(), empty, f: typed(&p, form), p })
}

/// Makes one.
pub async fn create(desk: Desk, form: Form) -> Answer {
    let done = match read(&form) {
        Ok(put) => {
            desk.act_once(&form, move |app, visitor| customer_group::add(app, visitor, put)).await
        }
        Err(failure) => Err(failure),
    };
    match done {
        Ok(made) => desk.on(&format!("{HERE}/{}", made.id), "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let page = list(&desk, &form, problem).await?;
            desk.show_again(page)
        }
    }
}

/// Where on in the members.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    cursor: String,
}

/// One group with its members.
pub async fn show(desk: Desk, Path(id): Path<String>, Query(asked): Query<Asked>) -> Answer {
    let skip = asked.cursor.parse().unwrap_or(0);
    let page = page(&desk, &id, None, skip, String::new()).await?;
    desk.show(page)
}

async fn page(
    desk: &Desk,
    id: &str,
    form: Option<&Form>,
    skip: i64,
    problem: String,
) -> Result<Show, Fault> {
    let id: Id<CustomerGroup> = Id::parse(id).ok_or(Failure::NotFound)?;
    let (groups, members) = desk
        .act(move |app, visitor| {
            let groups = customer_group::list(app, visitor)?;
            Ok((groups, customer_group::members(app, visitor, id, skip, ROWS)?))
        })
        .await?;
    let group = groups.into_iter().find(|group| group.id == id).ok_or(Failure::NotFound)?;
    let p = desk.frame_with(HERE, problem);
    let href = format!("{HERE}/{id}");
    let filled = Form::of(&[
        ("name", &group.name),
        ("name_en", &group.name_en),
        ("level", &group.level.to_string()),
        ("version", &group.version.to_string()),
    ]);
    let typed_form = form.filter(|form| form.maybe("name").is_some());
    let next = (members.len() as i64 == ROWS).then(|| (skip + ROWS).to_string());
    let member = |one: &MemberView| Member {
        name: one.name.clone(),
        href: link::console("customers", one.person),
        contact: one.contact.clone(),
        added: p.when(one.added_at),
        remove: format!("{href}/members/{}/removal", one.person),
    };
    Ok(Show {
        title: group_name(&p, &group).to_string(),
        f: typed(&p, typed_form.unwrap_or(&filled)),
        person: form.map_or(String::new(), |form| form.get("person").to_string()),
        members: members.iter().map(member).collect(),
        pager: p.pager(&href, &[], members.len(), skip > 0, next),
        href,
        p,
    })
}

/// Changes one.
pub async fn update(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let group: Id<CustomerGroup> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let done = match read(&form) {
        Ok(put) => {
            desk.act(move |app, visitor| customer_group::change(app, visitor, group, put)).await
        }
        Err(failure) => Err(failure),
    };
    match done {
        Ok(_) => desk.on(HERE, "saved"),
        Err(failure) => again(&desk, &id, &form, failure).await,
    }
}

async fn again(desk: &Desk, id: &str, form: &Form, failure: Failure) -> Answer {
    let problem = desk.complaint(failure)?;
    let page = page(desk, id, Some(form), 0, problem).await?;
    desk.show_again(page)
}

/// Takes one away.
pub async fn remove(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let group: Id<CustomerGroup> = Id::parse(&id).ok_or(Failure::NotFound)?;
    match desk.act(move |app, visitor| customer_group::remove(app, visitor, group)).await {
        Ok(()) => desk.on(HERE, "saved"),
        Err(failure) => again(&desk, &id, &form, failure).await,
    }
}

/// Puts somebody in.
pub async fn put_in(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let group: Id<CustomerGroup> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let who = Who { person: form.get("person").to_string() };
    match desk.act(move |app, visitor| customer_group::put_in(app, visitor, group, &who)).await {
        Ok(_) => desk.on(&format!("{HERE}/{id}"), "saved"),
        Err(failure) => again(&desk, &id, &form, failure).await,
    }
}

/// Takes somebody out.
pub async fn take_out(desk: Desk, Path((id, person)): Path<(String, String)>) -> Answer {
    let group: Id<CustomerGroup> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let person: Id<Person> = Id::parse(&person).ok_or(Failure::NotFound)?;
    desk.act(move |app, visitor| customer_group::take_out(app, visitor, group, person)).await?;
    desk.on(&format!("{HERE}/{id}"), "saved")
}
