//! Settings: API tokens and staff.

use app::after_sale;
use app::failure::Failure;
use app::person::{self, AddStaff, PersonView, RemoveStaff};
use app::token::{self, NewToken, TokenView};
use app::{second_factor, session};
use askama::Template;
use axum::extract::Path;
use domain::id::Id;
use domain::person::{Permission, Person, Role, Scope, Token};

use super::{Answer, Desk, Frame, mark};
use crate::answer::Fault;
use crate::form::Form;

#[derive(Template)]
#[template(path = "console/settings/show.html")]
struct Show {
    p: Frame,
    /// Shown once, right after it was made.
    fresh_token: String,
    tokens: Vec<TokenRow>,
    scopes: Vec<ScopeChoice>,
    token_name: String,
    /// How it stands with the reader's own second step, and where they are signed in.
    second: String,
    sessions: Vec<SessionRow>,
    staff: Vec<StaffRow>,
    new_contact: String,
    new_name: String,
    return_address: String,
}

struct TokenRow {
    name: String,
    detail: String,
    revoke: String,
}

struct ScopeChoice {
    value: &'static str,
    label: String,
    on: bool,
}

struct StaffRow {
    mark: String,
    name: String,
    detail: String,
    role: String,
    can_remove: bool,
    remove: String,
    ask: String,
}

struct SessionRow {
    said: String,
    here: bool,
}

const HERE: &str = "/console/settings";

/// The page.
pub async fn show(desk: Desk) -> Answer {
    desk.show(page(&desk, &Form::default(), String::new(), String::new()).await?)
}

async fn page(
    desk: &Desk,
    form: &Form,
    fresh_token: String,
    problem: String,
) -> Result<Show, Fault> {
    let (tokens, staff, second, sessions, return_to) = desk
        .act(|app, visitor| {
            let tokens = token::list(app, visitor)?;
            let staff = match visitor.staff_reader(Permission::Staff) {
                Ok(_) => person::list_staff(app, visitor)?,
                // Managers see themselves.
                Err(_) => vec![person::get(app, visitor)?],
            };
            let second = second_factor::standing(app, visitor)?;
            let return_to = after_sale::return_address(app, visitor)?;
            Ok((tokens, staff, second, session::list(app, visitor)?, return_to))
        })
        .await?;
    let p = match problem.is_empty() {
        true => desk.frame(HERE),
        false => desk.frame_with(HERE, problem),
    };
    let chosen = form.all("scope");
    let me = desk.visitor().person.as_ref().map(|person| person.id);
    Ok(Show {
        fresh_token,
        tokens: tokens.iter().map(|token| token_row(&p, token)).collect(),
        scopes: Scope::ALL
            .into_iter()
            .map(|scope| ScopeChoice {
                value: scope.code(),
                label: p.t(&format!("console-scope-{}", scope.code())),
                on: chosen.contains(&scope.code()),
            })
            .collect(),
        token_name: form.get("token_name").to_string(),
        second: match second.since {
            Some(since) => p.t1("console-second-since", "when", p.locale.date(since)),
            None => p.t("console-second-none"),
        },
        sessions: sessions
            .iter()
            .map(|session| SessionRow {
                said: p.t1("console-session-began", "when", p.locale.ago(session.began_at, p.now)),
                here: session.here,
            })
            .collect(),
        staff: staff.iter().map(|person| staff_row(&p, person, me)).collect(),
        new_contact: form.get("contact").to_string(),
        new_name: form.get("name").to_string(),
        return_address: form.maybe("address").map_or(return_to, str::to_string),
        p,
    })
}

fn token_row(p: &Frame, token: &TokenView) -> TokenRow {
    let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.code()).collect();
    let made = p.tell(
        "console-token-detail",
        &[("scopes", &scopes.join(", ")), ("when", &p.locale.ago(token.created_at, p.now))],
    );
    let used = match token.last_used_at {
        Some(at) => p.t1("console-token-used", "when", p.locale.ago(at, p.now)),
        None => p.t("console-token-unused"),
    };
    TokenRow {
        name: token.name.clone(),
        detail: format!("{} · {made} · {used}", token.hint),
        revoke: format!("{HERE}/tokens/{}/revoke", token.id),
    }
}

fn staff_row(p: &Frame, person: &PersonView, me: Option<Id<Person>>) -> StaffRow {
    let mine = me == Some(person.id);
    let since = p.t1("console-staff-since", "when", p.locale.date(person.created_at));
    let mut detail = vec![person.contact().to_string(), since];
    if mine {
        detail.insert(0, p.t("console-staff-you"));
    }
    detail.retain(|part| !part.is_empty());
    StaffRow {
        mark: mark(&person.name),
        name: person.name.clone(),
        detail: detail.join(" · "),
        role: p.t(&format!("console-role-{}", person.role.code())),
        can_remove: p.is_owner && !mine,
        remove: format!("{HERE}/staff/{}/remove", person.id),
        ask: p.t1("console-staff-remove-ask", "name", &person.name),
    }
}

/// Says where goods are sent back to.
pub async fn set_return_address(desk: Desk, form: Form) -> Answer {
    let address = form.get("address").to_string();
    let kept = desk.act(move |app, visitor| {
        after_sale::set_return_address(app, visitor, &address).map(|_| ())
    });
    match kept.await {
        Ok(()) => desk.on(&format!("{HERE}#returns"), "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            desk.show_again(page(&desk, &form, String::new(), problem).await?)
        }
    }
}

/// Makes a token, which is shown this once.
pub async fn make_token(desk: Desk, form: Form) -> Answer {
    let new = NewToken {
        name: form.get("token_name").to_string(),
        scopes: form.all("scope").into_iter().filter_map(Scope::parse).collect(),
    };
    match desk.act(move |app, visitor| token::make(app, visitor, new)).await {
        // No redirect here: an address is no place for a secret.
        Ok(made) => {
            let page = page(&desk, &Form::default(), made.token, String::new()).await?;
            desk.show(page)
        }
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            desk.show_again(page(&desk, &form, String::new(), problem).await?)
        }
    }
}

/// Makes a token useless.
pub async fn revoke_token(desk: Desk, Path(id): Path<String>) -> Answer {
    let id: Id<Token> = Id::parse(&id).ok_or(Failure::NotFound)?;
    desk.act(move |app, visitor| token::revoke(app, visitor, id)).await?;
    desk.on(HERE, "token-revoked")
}

/// Adds somebody to the staff.
pub async fn add_staff(desk: Desk, form: Form) -> Answer {
    let add = AddStaff {
        contact: form.get("contact").to_string(),
        name: form.maybe("name").map(str::to_string),
        role: Role::parse(form.get("role")).filter(|r| r.is_staff()).unwrap_or(Role::Manager),
        password: form.raw("password").to_string(),
    };
    match desk.act(move |app, visitor| person::add_staff(app, visitor, add)).await {
        Ok(_) => desk.on(&format!("{HERE}#staff"), "staff-added"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            desk.show_again(page(&desk, &form, String::new(), problem).await?)
        }
    }
}

/// Takes somebody out of the staff.
pub async fn remove_staff(desk: Desk, Path(id): Path<String>) -> Answer {
    let person: Id<Person> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let removed = desk
        .act(move |app, visitor| person::remove_staff(app, visitor, RemoveStaff { person }))
        .await;
    match removed {
        Ok(()) => desk.on(&format!("{HERE}#staff"), "staff-removed"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            desk.show_again(page(&desk, &Form::default(), String::new(), problem).await?)
        }
    }
}
