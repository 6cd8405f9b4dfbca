//! One role of the shop's own: what it is called and what it allows.

use app::failure::Failure;
use app::person::{self, PutRole, RoleView};
use askama::Template;
use axum::extract::Path;
use domain::id::Id;
use domain::person::{CustomRole, Grants, Level, Permission};

use super::HERE;
use crate::answer::Fault;
use crate::console::{Answer, Desk, Frame};
use crate::form::Form;

#[derive(Template)]
#[template(path = "console/staff/role.html")]
struct Edit {
    p: Frame,
    title: String,
    /// Where the form goes.
    action: String,
    name: String,
    version: i64,
    rows: Vec<GrantRow>,
    /// Where it is taken away; nothing for a new one, or while somebody has it.
    remove: String,
    people: String,
}

/// One permission, and how far it goes.
struct GrantRow {
    field: &'static str,
    name: String,
    say: String,
    level: &'static str,
    /// How far the reader may let it go.
    most: &'static str,
}

/// A role that is being put together.
pub async fn new(desk: Desk) -> Answer {
    desk.act(|_, visitor| visitor.staff(Permission::Staff).map(|_| ())).await?;
    desk.show(page(&desk, None, &PutRole::default(), String::new()))
}

/// A role as it stands.
pub async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    let role = find(&desk, parse(&id)?).await?;
    let name = role.own_role.as_ref().map_or(String::new(), |own| own.name.clone());
    let put = PutRole { name, grants: role.grants.clone(), version: role.version };
    desk.show(page(&desk, Some(&role), &put, String::new()))
}

async fn find(desk: &Desk, id: Id<CustomRole>) -> Result<RoleView, Fault> {
    let roles = desk.act(person::list_roles).await?;
    let mine = |role: &RoleView| role.own_role.as_ref().is_some_and(|own| own.id == id);
    Ok(roles.into_iter().find(mine).ok_or(Failure::NotFound)?)
}

fn parse(id: &str) -> Result<Id<CustomRole>, Failure> {
    Id::parse(id).ok_or(Failure::NotFound)
}

fn page(desk: &Desk, role: Option<&RoleView>, put: &PutRole, problem: String) -> Edit {
    let p = desk.frame_with(HERE, problem);
    let held = Grants::parse(&put.grants).unwrap_or(Grants::NONE);
    let mine = desk.visitor().person.as_ref().map_or(Grants::NONE, |me| me.grants);
    let level = |grants: Grants, one| match (
        grants.may(one, Level::Change),
        grants.may(one, Level::View),
    ) {
        (true, _) => "change",
        (false, true) => "view",
        (false, false) => "",
    };
    let row = |one: Permission| GrantRow {
        field: one.code(),
        name: p.t(&format!("console-may-{}", one.code())),
        say: p.t(&format!("console-may-{}-say", one.code())),
        level: level(held, one),
        most: level(mine, one),
    };
    let own = role.and_then(|role| role.own_role.as_ref());
    let at = own.map(|own| format!("{HERE}/roles/{}", own.id));
    Edit {
        title: own.map_or_else(|| p.t("console-role-new"), |own| own.name.clone()),
        name: put.name.clone(),
        version: put.version,
        rows: Permission::ALL.into_iter().map(row).collect(),
        remove: match (&at, role) {
            (Some(at), Some(role)) if role.people == 0 => format!("{at}/removal"),
            _ => String::new(),
        },
        people: role.map_or(String::new(), |role| p.n("console-role-people", role.people)),
        action: at.unwrap_or_else(|| format!("{HERE}/roles")),
        p,
    }
}

/// What the form says.
fn read(form: &Form) -> PutRole {
    let grant = |one: Permission| match form.get(one.code()) {
        "" => None,
        level => Some(format!("{}:{level}", one.code())),
    };
    PutRole {
        name: form.get("name").to_string(),
        grants: Permission::ALL.into_iter().filter_map(grant).collect(),
        version: form.parse("version").unwrap_or(0),
    }
}

/// Puts a role together.
pub async fn create(desk: Desk, form: Form) -> Answer {
    let put = read(&form);
    let wanted = put.clone();
    match desk.act_once(&form, move |app, visitor| person::add_role(app, visitor, wanted)).await {
        Ok(_) => desk.on(&format!("{HERE}#roles"), "saved"),
        Err(failure) => desk.show_again(page(&desk, None, &put, desk.complaint(failure)?)),
    }
}

/// Changes a role.
pub async fn update(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let (id, put) = (parse(&id)?, read(&form));
    let wanted = put.clone();
    match desk.act(move |app, visitor| person::change_role(app, visitor, id, wanted)).await {
        Ok(_) => desk.on(&format!("{HERE}#roles"), "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let role = find(&desk, id).await?;
            desk.show_again(page(&desk, Some(&role), &put, problem))
        }
    }
}

/// Takes a role away that nobody has.
pub async fn remove(desk: Desk, Path(id): Path<String>) -> Answer {
    let id = parse(&id)?;
    match desk.act(move |app, visitor| person::remove_role(app, visitor, id)).await {
        Ok(()) => desk.on(&format!("{HERE}#roles"), "role-removed"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let role = find(&desk, id).await?;
            let name = role.own_role.as_ref().map_or(String::new(), |own| own.name.clone());
            let put = PutRole { name, grants: role.grants.clone(), version: role.version };
            desk.show_again(page(&desk, Some(&role), &put, problem))
        }
    }
}
