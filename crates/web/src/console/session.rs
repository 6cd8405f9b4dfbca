//! The console's door: signing in and out.

use app::person::{self, Entered, SecondStep, SignInWithPassword, SignedIn};
use app::{cart, passkey, session};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;

use super::{Answer, Frame, mark};
use crate::answer::Fault;
use crate::form::{Errors, Form};
use crate::page::{Page, render, render_with};
use crate::visitor::{Anyone, Asker, Remembered};
use crate::{Shop, act, link};

#[derive(Template)]
#[template(path = "console/session/new.html")]
struct New {
    p: Frame,
    next: String,
    name: String,
    demo: Vec<DemoPerson>,
    /// Where browsers keep passkeys for this shop; empty where they cannot.
    passkey_origin: String,
}

/// The second step: the password was right.
#[derive(Template)]
#[template(path = "console/session/second.html")]
struct Second {
    p: Frame,
    next: String,
    /// For a code; empty for who has no app.
    ticket: String,
    /// Whether a passkey will do.
    passkey: bool,
    passkey_origin: String,
}

struct DemoPerson {
    name: &'static str,
    mark: String,
    role: String,
}

/// Where to go on afterwards.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    next: String,
}

/// A place in the console to go on to: never another site, never the door again.
fn onward(next: &str) -> String {
    let next = link::inside(next);
    let console = next == "/console" || next.starts_with("/console/");
    if console && !next.starts_with("/console/sign-") { next } else { "/console".into() }
}

fn door(shop: &Shop, page: Page, next: String, name: String, problem: Option<String>) -> New {
    let demo = if page.demo { ["zoe", "mo"].as_slice() } else { &[] };
    let person = |name: &&'static str| DemoPerson {
        name,
        mark: mark(name),
        role: page.t(&format!("console-sign-in-{name}")),
    };
    let demo = demo.iter().map(person).collect();
    let mut p = Frame::of(page, "");
    p.problem = problem;
    New { p, next, name, demo, passkey_origin: passkey_origin(shop) }
}

fn passkey_origin(shop: &Shop) -> String {
    passkey::origin(&shop.app.config).unwrap_or_default()
}

/// The door. Whoever is inside already goes straight on.
pub async fn new(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
    Query(asked): Query<Asked>,
) -> Answer {
    let next = onward(&asked.next);
    if visitor.person.is_some_and(|person| person.role.is_staff()) {
        return Ok(Redirect::to(&next).into_response());
    }
    Ok(render(&door(&shop, page, next, String::new(), None)))
}

/// Signs in with a password, or asks for the second step.
pub async fn create(
    State(shop): State<Shop>,
    Remembered(visitor): Remembered,
    asker: Asker,
    page: Page,
    form: Form,
) -> Answer {
    let sign_in = SignInWithPassword {
        name: form.get("name").to_string(),
        password: form.raw("password").to_string(),
    };
    let next = onward(form.get("next"));
    let done = act(&shop, move |app| {
        let done = person::sign_in_with_password(app, &visitor, sign_in)?;
        if let Entered::In(done) = &done {
            adopt(app, done)?;
        }
        Ok(done)
    });
    match done.await {
        Ok(Entered::In(done)) => {
            asker.keep_person(&done);
            Ok(Redirect::to(&next).into_response())
        }
        // No redirect: an address is no place for a ticket.
        Ok(Entered::Second(owed)) => Ok(render(&Second {
            p: Frame::of(page, ""),
            next,
            ticket: owed.ticket.unwrap_or_default(),
            passkey: owed.passkey,
            passkey_origin: passkey_origin(&shop),
        })),
        Err(failure) => {
            let problem = Errors::of(failure, page.locale)?.all().join(" ");
            let name = form.get("name").to_string();
            let status = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
            Ok(render_with(status, &door(&shop, page, next, name, Some(problem))))
        }
    }
}

/// Signs in with the code that was owed.
pub async fn second(
    State(shop): State<Shop>,
    Remembered(visitor): Remembered,
    asker: Asker,
    page: Page,
    form: Form,
) -> Answer {
    let ticket = form.get("ticket").to_string();
    let step = SecondStep { ticket: ticket.clone(), code: form.get("code").to_string() };
    let next = onward(form.get("next"));
    let done = act(&shop, move |app| {
        let done = person::sign_in_second(app, &visitor, step)?;
        adopt(app, &done)?;
        Ok(done)
    });
    match done.await {
        Ok(done) => {
            asker.keep_person(&done);
            Ok(Redirect::to(&next).into_response())
        }
        Err(failure) => {
            let mut p = Frame::of(page.clone(), "");
            p.problem = Some(Errors::of(failure, page.locale)?.all().join(" "));
            let status = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
            let passkey_origin = passkey_origin(&shop);
            // Whoever has a passkey too was shown it before the code was wrong.
            let again = Second {
                p,
                next,
                ticket,
                passkey: form.maybe("passkey").is_some(),
                passkey_origin,
            };
            Ok(render_with(status, &again))
        }
    }
}

/// What lay in the guest's cart comes along.
fn adopt(app: &app::App, done: &SignedIn) -> Result<(), app::failure::Failure> {
    match done.session_before {
        Some(before) => cart::adopt(app, before, done.person.id),
        None => Ok(()),
    }
}

/// Comes in as one of the cast of a demo shop.
pub async fn create_demo(
    State(shop): State<Shop>,
    Remembered(visitor): Remembered,
    asker: Asker,
    form: Form,
) -> Result<Redirect, Fault> {
    let (name, next) = (form.get("name").to_string(), onward(form.get("next")));
    let done = act(&shop, move |app| {
        let done = person::demo_sign_in(app, &visitor, &name)?;
        adopt(app, &done)?;
        Ok(done)
    })
    .await?;
    asker.keep_person(&done);
    Ok(Redirect::to(&next))
}

/// Signs out.
pub async fn end(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    asker: Asker,
) -> Result<Redirect, Fault> {
    act(&shop, move |app| session::sign_out(app, &visitor)).await?;
    asker.forget_session();
    Ok(Redirect::to("/console/sign-in"))
}
