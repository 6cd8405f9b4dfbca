//! Staff: who runs the shop, in which role, and the roles of the shop's own.

pub mod role;

use app::person::{self, AddStaff, GiveRole, PersonView, RemoveStaff, RoleView};
use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::routing::{get, post};
use domain::id::Id;
use domain::person::{Grants, Level, Permission, Person, Role};

use super::{Answer, Desk, Frame, mark};
use crate::Shop;
use crate::answer::Fault;
use crate::form::Form;

const HERE: &str = "/console/staff";

/// The routes of staff and roles.
pub fn routes() -> Router<Shop> {
    Router::new()
        .route("/console/staff", get(index).post(create))
        .route("/console/staff/{id}/role", post(give))
        .route("/console/staff/{id}/remove", post(remove))
        .route("/console/staff/roles", post(role::create))
        .route("/console/staff/roles/new", get(role::new))
        .route("/console/staff/roles/{id}", get(role::show).post(role::update))
        .route("/console/staff/roles/{id}/removal", post(role::remove))
}

#[derive(Template)]
#[template(path = "console/staff/list.html")]
struct List {
    p: Frame,
    staff: Vec<StaffRow>,
    roles: Vec<RoleRow>,
    /// Whether there is something to give, and to whom.
    may_change: bool,
    choices: Vec<Choice>,
    new_contact: String,
    new_name: String,
}

struct StaffRow {
    mark: String,
    name: String,
    detail: String,
    role: String,
    /// Where another role is given; nothing for oneself and for whom one may not change.
    give: String,
    choices: Vec<Choice>,
    remove: String,
    ask: String,
}

struct RoleRow {
    name: String,
    people: String,
    /// What it may change, and what it may look at besides.
    changes: String,
    views: String,
    /// Where it is changed, when it is one of the shop's own.
    href: String,
}

/// A role to choose.
#[derive(Clone)]
struct Choice {
    value: String,
    label: String,
    on: bool,
}

/// The page.
pub async fn index(desk: Desk) -> Answer {
    desk.show(page(&desk, &Form::default(), String::new()).await?)
}

async fn page(desk: &Desk, form: &Form, problem: String) -> Result<List, Fault> {
    let (people, roles) = desk
        .act(|app, visitor| {
            Ok((person::list_staff(app, visitor)?, person::list_roles(app, visitor)?))
        })
        .await?;
    let p = desk.frame_with(HERE, problem);
    let giver = desk.visitor().person.as_ref();
    let may_give = |role: Role, codes: &[String]| {
        let grants = Grants::parse(codes).unwrap_or(Grants::NONE);
        giver
            .is_some_and(|giver| domain::role::may_give((giver.role, giver.grants), (role, grants)))
    };
    let choices: Vec<Choice> = roles
        .iter()
        .filter(|role| may_give(role.role, &role.grants))
        .map(|role| Choice { value: value(role), label: name(&p, role), on: false })
        .collect();
    let me = desk.me();
    let staff = people.iter().map(|person| {
        let free = me != Some(person.id) && may_give(person.role, &person.grants);
        staff_row(&p, person, me, if free { &choices } else { &[] })
    });
    let staff = staff.collect();
    let wanted = form.maybe("role").unwrap_or(Role::Support.code());
    Ok(List {
        staff,
        roles: roles.iter().map(|role| role_row(&p, role)).collect(),
        may_change: desk.visitor().may(Permission::Staff, Level::Change),
        choices: chosen(&choices, wanted),
        new_contact: form.get("contact").to_string(),
        new_name: form.get("name").to_string(),
        p,
    })
}

/// What a choice of this role sends: its code, or the id of one of the shop's own.
fn value(role: &RoleView) -> String {
    role.own_role.as_ref().map_or(role.role.code().to_string(), |own| own.id.to_string())
}

fn name(p: &Frame, role: &RoleView) -> String {
    match &role.own_role {
        Some(own) => own.name.clone(),
        None => p.t(&format!("console-role-{}", role.role.code())),
    }
}

fn chosen(choices: &[Choice], wanted: &str) -> Vec<Choice> {
    let mark = |choice: &Choice| Choice { on: choice.value == wanted, ..choice.clone() };
    choices.iter().map(mark).collect()
}

/// The role a choice means.
fn given(value: &str) -> GiveRole {
    match Id::parse(value) {
        Some(own) => GiveRole { role: Role::Own, own_role: Some(own) },
        // An unknown one is refused as no role of staff's.
        None => GiveRole { role: Role::parse(value).unwrap_or(Role::Shopper), own_role: None },
    }
}

fn staff_row(
    p: &Frame,
    person: &PersonView,
    me: Option<Id<Person>>,
    choices: &[Choice],
) -> StaffRow {
    let since = p.t1("console-staff-since", "when", p.locale.date(person.created_at));
    let mut detail = vec![person.contact().to_string(), since];
    if me == Some(person.id) {
        detail.insert(0, p.t("console-staff-you"));
    }
    detail.retain(|part| !part.is_empty());
    let (role, value) = match &person.own_role {
        Some(own) => (own.name.clone(), own.id.to_string()),
        None => {
            let code = person.role.code();
            (p.t(&format!("console-role-{code}")), code.to_string())
        }
    };
    StaffRow {
        mark: mark(&person.name),
        name: person.name.clone(),
        detail: detail.join(" · "),
        role,
        give: if choices.is_empty() { String::new() } else { format!("{HERE}/{}/role", person.id) },
        choices: chosen(choices, &value),
        remove: format!("{HERE}/{}/remove", person.id),
        ask: p.t1("console-staff-remove-ask", "name", &person.name),
    }
}

fn role_row(p: &Frame, role: &RoleView) -> RoleRow {
    let held = Grants::parse(&role.grants).unwrap_or(Grants::NONE).list();
    let words = |wanted: Level| {
        let these = held.iter().filter(|(_, level)| *level == wanted);
        let words: Vec<String> =
            these.map(|(one, _)| p.t(&format!("console-may-{}", one.code()))).collect();
        words.join(&p.t("console-may-comma"))
    };
    RoleRow {
        name: name(p, role),
        people: p.n("console-role-people", role.people),
        changes: words(Level::Change),
        views: words(Level::View),
        href: role
            .own_role
            .as_ref()
            .map_or(String::new(), |own| format!("{HERE}/roles/{}", own.id)),
    }
}

/// Adds somebody to the staff.
pub async fn create(desk: Desk, form: Form) -> Answer {
    let GiveRole { role, own_role } = given(form.get("role"));
    let add = AddStaff {
        contact: form.get("contact").to_string(),
        name: form.maybe("name").map(str::to_string),
        role,
        own_role,
        seller: None,
        password: form.raw("password").to_string(),
    };
    match desk.act(move |app, visitor| person::add_staff(app, visitor, add)).await {
        Ok(_) => desk.on(HERE, "staff-added"),
        Err(failure) => again(&desk, &form, desk.complaint(failure)?).await,
    }
}

/// Gives somebody another role.
pub async fn give(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id: Id<Person> = Id::parse(&id).ok_or(app::failure::Failure::NotFound)?;
    let give = given(form.get("role"));
    match desk.act(move |app, visitor| person::give_role(app, visitor, id, &give)).await {
        Ok(_) => desk.on(HERE, "saved"),
        Err(failure) => again(&desk, &Form::default(), desk.complaint(failure)?).await,
    }
}

/// Takes somebody out of the staff.
pub async fn remove(desk: Desk, Path(id): Path<String>) -> Answer {
    let person: Id<Person> = Id::parse(&id).ok_or(app::failure::Failure::NotFound)?;
    let removed = desk
        .act(move |app, visitor| person::remove_staff(app, visitor, RemoveStaff { person }))
        .await;
    match removed {
        Ok(()) => desk.on(HERE, "staff-removed"),
        Err(failure) => again(&desk, &Form::default(), desk.complaint(failure)?).await,
    }
}

async fn again(desk: &Desk, form: &Form, problem: String) -> Answer {
    desk.show_again(page(desk, form, problem).await?)
}
