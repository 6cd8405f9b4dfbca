//! The buyer's address book.

use app::address::{self as book, Entry, PutEntry};
use app::failure::Failure;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::Id;
use domain::place::Address;

use crate::answer::Fault;
use crate::form::{Errors, Form};
use crate::page::{Page, render, render_with};
use crate::storefront::address::{self, Row};
use crate::storefront::frame::{Frame, Here};
use crate::visitor::SignedIn;
use crate::{Shop, act};

const HERE: &str = "/account/addresses";

#[derive(Template)]
#[template(path = "storefront/address/list.html")]
struct List {
    p: Frame,
    known: Vec<Known>,
}

struct Known {
    who: String,
    at: String,
    href: String,
    usual: bool,
}

#[derive(Template)]
#[template(path = "storefront/address/edit.html")]
struct Edit {
    p: Frame,
    href: String,
    /// Where it is taken out; empty for a new one.
    removal: String,
    problem: String,
    address: Vec<Row>,
    usual: bool,
}

/// `GET /account/addresses`
pub async fn list(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
) -> Result<Response, Fault> {
    let entries = act(&shop, move |app| book::list(app, &visitor)).await?;
    let known = entries.iter().map(|entry| {
        let (who, at) = address::in_short(&entry.address, &page);
        Known { who, at, href: format!("{HERE}/{}", entry.id), usual: entry.usual }
    });
    let known = known.collect();
    let title = page.t("store-my-addresses");
    let p = Frame::new(page, Here::Me, &["account", "checkout"]).titled(title);
    Ok(render(&List { p, known }))
}

/// `GET /account/addresses/new`
pub async fn new(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
) -> Result<Response, Fault> {
    let entries = act(&shop, move |app| book::list(app, &visitor)).await?;
    let near = address::near(entries.first().map(|entry| &entry.address));
    Ok(render(&draw(page, None, &near, false, &Errors::none())))
}

/// `GET /account/addresses/{id}`
pub async fn show(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let id: Id<Entry> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let entry = act(&shop, move |app| book::get(app, &visitor, id)).await?;
    Ok(render(&draw(page, Some(id), &entry.address, entry.usual, &Errors::none())))
}

/// `POST /account/addresses`
pub async fn add(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    form: Form,
) -> Result<Response, Fault> {
    if let Some(errors) = address::pause(&form, &page) {
        return Ok(again(page, None, &form, &errors));
    }
    let put = typed(&form);
    let done = act(&shop, move |app| book::add(app, &visitor, put)).await;
    answer(page, None, &form, done.map(drop))
}

/// `POST /account/addresses/{id}`
pub async fn change(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Fault> {
    let id: Id<Entry> = Id::parse(&id).ok_or(Failure::NotFound)?;
    if let Some(errors) = address::pause(&form, &page) {
        return Ok(again(page, Some(id), &form, &errors));
    }
    let put = typed(&form);
    let done = act(&shop, move |app| book::change(app, &visitor, id, put)).await;
    answer(page, Some(id), &form, done.map(drop))
}

/// `POST /account/addresses/{id}/removal`
pub async fn remove(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let id: Id<Entry> = Id::parse(&id).ok_or(Failure::NotFound)?;
    act(&shop, move |app| book::remove(app, &visitor, id)).await?;
    Ok(Redirect::to(HERE).into_response())
}

fn typed(form: &Form) -> PutEntry {
    PutEntry { address: address::read(form), usual: form.is_on("usual") }
}

fn answer(
    page: Page,
    id: Option<Id<Entry>>,
    form: &Form,
    done: Result<(), Failure>,
) -> Result<Response, Fault> {
    match done {
        Ok(()) => Ok(Redirect::to(HERE).into_response()),
        Err(failure) => {
            let errors = Errors::of(failure, page.locale)?;
            Ok(again(page, id, form, &errors))
        }
    }
}

/// The form as it was typed, with what was wrong.
fn again(page: Page, id: Option<Id<Entry>>, form: &Form, errors: &Errors) -> Response {
    let put = typed(form);
    let status = match errors.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    render_with(status, &draw(page, id, &put.address, put.usual, errors))
}

fn draw(page: Page, id: Option<Id<Entry>>, typed: &Address, usual: bool, errors: &Errors) -> Edit {
    let href = id.map_or(HERE.to_string(), |id| format!("{HERE}/{id}"));
    let title = if id.is_some() { "store-address-change" } else { "store-address-new" };
    Edit {
        removal: id.map_or(String::new(), |_| format!("{href}/removal")),
        problem: errors.summary.clone(),
        address: address::rows(typed, errors, &page, true),
        usual,
        href,
        p: {
            let title = page.t(title);
            Frame::new(page, Here::Me, &["account", "checkout"]).titled(title)
        },
    }
}
