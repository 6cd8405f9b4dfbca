//! Saved lists: which there are, and who is on them.

use app::failure::Failure;
use app::saved_list::{self, ListView, MemberView, PutList, Wanted};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query};
use axum::routing::{get, post};
use domain::campaign::audience::SavedList;
use domain::id::Id;
use domain::person::Person;
use serde::Deserialize;

use crate::Shop;
use crate::answer::Fault;
use crate::console::part::{Empty, Pager};
use crate::console::{Answer, Desk, Frame};
use crate::form::Form;
use crate::link;

/// Its entry in the rail.
const HERE: &str = "/console/saved-lists";
const ROWS: i64 = 50;

/// The routes of saved lists.
pub fn routes() -> Router<Shop> {
    Router::new()
        .route("/console/saved-lists", get(index).post(create))
        .route("/console/saved-lists/{id}", get(show).post(update))
        .route("/console/saved-lists/{id}/removal", post(remove))
        .route("/console/saved-lists/{id}/people", post(put_in))
        .route("/console/saved-lists/{id}/people/{person}/removal", post(take_out))
}

#[derive(Template)]
#[template(path = "console/saved_list/list.html")]
struct List {
    p: Frame,
    rows: Vec<Row>,
    empty: Option<Empty>,
    key: String,
    name: String,
    /// Somebody who is to be put on one of them.
    person: String,
}

struct Row {
    href: String,
    name: String,
    people: String,
}

#[derive(Template)]
#[template(path = "console/saved_list/show.html")]
struct Show {
    p: Frame,
    title: String,
    count: String,
    href: String,
    name: String,
    typed: String,
    /// Whom nobody here knows, of those that were typed.
    unknown: Vec<String>,
    members: Vec<Member>,
    pager: Pager,
}

struct Member {
    name: String,
    href: String,
    contact: String,
    remove: String,
}

fn id(text: &str) -> Result<Id<SavedList>, Fault> {
    Id::parse(text).ok_or_else(|| Failure::NotFound.into())
}

/// The lists, with a form for a new one.
pub async fn index(desk: Desk, Query(of): Query<Of>) -> Answer {
    let page = list(&desk, &Form::default(), String::new()).await?;
    let person = Id::<Person>::parse(&of.person).map_or(String::new(), |id| id.to_string());
    desk.show(List { person, ..page })
}

/// Whom the lists are looked at for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Of {
    person: String,
}

async fn list(desk: &Desk, form: &Form, problem: String) -> Result<List, Fault> {
    let lists = desk.act(saved_list::list).await?;
    let p = desk.frame_with(HERE, problem);
    let row = |one: &ListView| Row {
        href: format!("{HERE}/{}", one.id),
        name: one.name.clone(),
        people: p.t1("console-lists-count", "count", one.people),
    };
    let empty = lists.is_empty().then(|| Empty {
        title: p.t("console-lists-none"),
        text: p.t("console-lists-none-text"),
        ..Empty::default()
    });
    Ok(List {
        rows: lists.iter().map(row).collect(),
        empty,
        key: match form.key() {
            "" => p.new_key.clone(),
            key => key.to_string(),
        },
        name: form.get("name").to_string(),
        person: String::new(),
        p,
    })
}

fn read(form: &Form) -> PutList {
    PutList { name: form.get("name").to_string() }
}

/// Makes one.
pub async fn create(desk: Desk, form: Form) -> Answer {
    let put = read(&form);
    let done = desk.act_once(&form, move |app, visitor| saved_list::add(app, visitor, &put)).await;
    match done {
        Ok(made) => desk.on(&format!("{HERE}/{}", made.id), "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let page = list(&desk, &form, problem).await?;
            desk.show_again(page)
        }
    }
}

/// Where on in the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    cursor: String,
}

/// One list with who is on it.
pub async fn show(desk: Desk, Path(path): Path<String>, Query(asked): Query<Asked>) -> Answer {
    let skip = asked.cursor.parse().unwrap_or(0);
    let page = page(&desk, id(&path)?, skip, String::new()).await?;
    desk.show(page)
}

async fn page(desk: &Desk, id: Id<SavedList>, skip: i64, problem: String) -> Result<Show, Fault> {
    let (lists, members) = desk
        .act(move |app, visitor| {
            let lists = saved_list::list(app, visitor)?;
            Ok((lists, saved_list::people(app, visitor, id, skip, ROWS)?))
        })
        .await?;
    let found = lists.into_iter().find(|one| one.id == id).ok_or(Failure::NotFound)?;
    let p = desk.frame_with(HERE, problem);
    let href = format!("{HERE}/{id}");
    let next = (members.len() as i64 == ROWS).then(|| (skip + ROWS).to_string());
    let member = |one: &MemberView| Member {
        name: one.name.clone(),
        href: link::console("customers", one.person),
        contact: one.contact.clone(),
        remove: format!("{href}/people/{}/removal", one.person),
    };
    Ok(Show {
        count: p.t1("console-lists-count", "count", found.people),
        title: found.name.clone(),
        name: found.name,
        typed: String::new(),
        unknown: Vec::new(),
        members: members.iter().map(member).collect(),
        pager: p.pager(&href, &[], members.len(), skip > 0, next),
        href,
        p,
    })
}

async fn again(desk: &Desk, id: Id<SavedList>, form: &Form, failure: Failure) -> Answer {
    let problem = desk.complaint(failure)?;
    let page = page(desk, id, 0, problem).await?;
    desk.show_again(Show { typed: form.raw("people").to_string(), ..page })
}

/// Calls one something else.
pub async fn update(desk: Desk, Path(path): Path<String>, form: Form) -> Answer {
    let id = id(&path)?;
    let put = read(&form);
    match desk.act(move |app, visitor| saved_list::rename(app, visitor, id, &put)).await {
        Ok(_) => desk.on(&format!("{HERE}/{id}"), "saved"),
        Err(failure) => again(&desk, id, &form, failure).await,
    }
}

/// Takes one away.
pub async fn remove(desk: Desk, Path(path): Path<String>, form: Form) -> Answer {
    let id = id(&path)?;
    match desk.act(move |app, visitor| saved_list::remove(app, visitor, id)).await {
        Ok(()) => desk.on(HERE, "saved"),
        Err(failure) => again(&desk, id, &form, failure).await,
    }
}

/// Puts people on it. Those nobody knows are shown again, to be mended.
pub async fn put_in(desk: Desk, Path(path): Path<String>, form: Form) -> Answer {
    let id = id(&path)?;
    let wanted = Wanted { people: form.raw("people").to_string() };
    match desk.act(move |app, visitor| saved_list::put_in(app, visitor, id, &wanted)).await {
        Ok(done) if done.unknown.is_empty() => desk.on(&format!("{HERE}/{id}"), "saved"),
        Ok(done) => {
            let page = page(&desk, id, 0, String::new()).await?;
            desk.show(Show { typed: done.unknown.join("\n"), unknown: done.unknown, ..page })
        }
        Err(failure) => again(&desk, id, &form, failure).await,
    }
}

/// Takes somebody off.
pub async fn take_out(desk: Desk, Path((path, person)): Path<(String, String)>) -> Answer {
    let id = id(&path)?;
    let person: Id<Person> = Id::parse(&person).ok_or(Failure::NotFound)?;
    desk.act(move |app, visitor| saved_list::take_out(app, visitor, id, person)).await?;
    desk.on(&format!("{HERE}/{id}"), "saved")
}
