//! Coming in and going out: a code by e-mail or phone, or one click in a demo.

use app::failure::Failure;
use app::person::{self, AskCode, SignIn, SignedIn};
use app::{cart, favourite, passkey, session};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::answer::Fault;
use crate::form::{Errors, Form};
use crate::page::{Page, render, render_with};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::view::Face;
use crate::visitor::{Anyone, Asker, Remembered};
use crate::{Shop, act, link};

/// Who can be played in a demo.
const CAST: [&str; 4] = ["ann", "bob", "eve", "lin"];

#[derive(Template)]
#[template(path = "storefront/session/new.html")]
struct New {
    p: Frame,
    next: String,
    to: String,
    problem: String,
    cast: Vec<Player>,
    /// Where browsers keep passkeys for this shop; empty where they cannot.
    passkey_origin: String,
    /// Where a passkey leads.
    onward: String,
}

/// One of the cast.
struct Player {
    key: &'static str,
    face: Face,
    says: String,
}

#[derive(Template)]
#[template(path = "storefront/session/code.html")]
struct Code {
    p: Frame,
    next: String,
    to: String,
    problem: String,
    /// In a demo nothing is sent; the code is shown instead.
    demo_code: String,
}

/// Where somebody wants to go on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Way {
    next: String,
}

/// `GET /sign-in`
pub async fn new(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
    Query(way): Query<Way>,
) -> Result<Response, Fault> {
    if visitor.person.is_some() {
        return Ok(Redirect::to(&link::inside(&way.next)).into_response());
    }
    Ok(render(&ask(&shop, page, way.next, String::new(), String::new())))
}

fn ask(shop: &Shop, page: Page, next: String, to: String, problem: String) -> New {
    let cast = if page.demo { CAST.as_slice() } else { &[] };
    let cast = cast.iter().map(|key| {
        let mut name = key.to_string();
        name[..1].make_ascii_uppercase();
        Player { key, face: Face::of(&name), says: page.t(&format!("store-cast-{key}")) }
    });
    let title = page.t("store-sign-in");
    New {
        cast: cast.collect(),
        passkey_origin: passkey::origin(&shop.app.config).unwrap_or_default(),
        onward: link::inside(&next),
        next,
        to,
        problem,
        p: Frame::new(page, Here::Me, &["account"]).titled(title),
    }
}

/// `POST /sign-in`: a code is sent.
pub async fn send(
    State(shop): State<Shop>,
    Remembered(visitor): Remembered,
    page: Page,
    form: Form,
) -> Result<Response, Fault> {
    let (next, to) = (form.get("next").to_string(), form.get("to").to_string());
    let asked = AskCode { contact: to.clone() };
    match act(&shop, move |app| person::ask_code(app, &visitor, asked)).await {
        Ok(asked) => {
            let demo_code = asked.demo_code.unwrap_or_default();
            Ok(render(&enter(page, next, asked.contact, String::new(), demo_code)))
        }
        Err(failure) => {
            let errors = Errors::of(failure, page.locale)?;
            let problem = errors.all().join(" ");
            let again = ask(&shop, page, next, to, problem);
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &again))
        }
    }
}

fn enter(page: Page, next: String, to: String, problem: String, demo_code: String) -> Code {
    let title = page.t("store-enter-code");
    let p = Frame::new(page, Here::Me, &["account"]).titled(title);
    Code { p, next, to, problem, demo_code }
}

/// `POST /sign-in/code`: the code came.
pub async fn check(
    State(shop): State<Shop>,
    Remembered(visitor): Remembered,
    asker: Asker,
    page: Page,
    form: Form,
) -> Result<Response, Fault> {
    let (next, to) = (form.get("next").to_string(), form.get("to").to_string());
    let typed = SignIn { contact: to.clone(), code: form.get("code").to_string() };
    let came = act(&shop, move |app| {
        let came = person::sign_in(app, &visitor, typed)?;
        bring_cart(app, &came)?;
        Ok(came)
    });
    match came.await {
        Ok(came) => Ok(welcome(&asker, &came, &next)),
        Err(failure) => {
            let problem = Errors::of(failure, page.locale)?.all().join(" ");
            let again = enter(page, next, to, problem, String::new());
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &again))
        }
    }
}

/// `POST /sign-in/as/{name}`: one of the cast, in a demo.
pub async fn play(
    State(shop): State<Shop>,
    Remembered(visitor): Remembered,
    asker: Asker,
    Path(name): Path<String>,
    form: Form,
) -> Result<Response, Fault> {
    if !CAST.contains(&name.as_str()) {
        return Err(Failure::NotFound.into());
    }
    let came = act(&shop, move |app| {
        let came = person::demo_sign_in(app, &visitor, &name)?;
        bring_cart(app, &came)?;
        Ok(came)
    })
    .await?;
    Ok(welcome(&asker, &came, form.get("next")))
}

/// What a guest had put into their cart, and what they liked, is theirs now.
fn bring_cart(app: &app::App, came: &SignedIn) -> Result<(), Failure> {
    let Some(guest) = came.session_before else { return Ok(()) };
    cart::adopt(app, guest, came.person.id)?;
    favourite::adopt(app, guest, came.person.id)
}

fn welcome(asker: &Asker, came: &SignedIn, next: &str) -> Response {
    asker.keep_person(came);
    let next = link::inside(next);
    let next = if next == "/" { link::with_query("/", "done", "welcome") } else { next };
    Redirect::to(&next).into_response()
}

/// `POST /sign-out`
pub async fn leave(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    asker: Asker,
) -> Result<Response, Fault> {
    act(&shop, move |app| session::sign_out(app, &visitor)).await?;
    asker.forget_session();
    Ok(Redirect::to("/?done=bye").into_response())
}
