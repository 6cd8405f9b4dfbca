//! Passkeys: making one in a browser, coming in with it, taking it away.
//!
//! What browsers are given and what they send is in the words of Web Authentication, so that a page
//! hands it on as it is.

use app::passkey::{
    self, AddPasskey, NewPasskeyOptions, Passkey, PasskeyOptions, PasskeyView, RenamePasskey,
    SignInWithPasskey,
};
use app::{cart, favourite, person};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::input::{At, Body};
use super::output::{self, Listed};
use crate::answer::AsJson;
use crate::visitor::{Anyone, Asker, Remembered, SignedIn};
use crate::{Shop, act};
#[cfg(feature = "schema")]
use {app::person::PersonView, domain::id::Id};

operations! {
    /// The routes about passkeys.
    "/api/v1/session/passkey": post sign_in;
    "/api/v1/session/passkey/options": post ask;
    "/api/v1/me/passkeys": get list, post add;
    "/api/v1/me/passkeys/options": post begin;
    "/api/v1/me/passkeys/{passkey}": patch rename, delete remove;
}

/// Ask for something a passkey can sign
///
/// For `navigator.credentials.get`. Good for five minutes and for once.
#[describe::path(post, path = "/api/v1/session/passkey/options", tag = "people",
    operation_id = "ask_passkey", responses((status = 200, body = PasskeyOptions)))]
async fn ask(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
) -> Result<Json<PasskeyOptions>, AsJson> {
    Ok(Json(act(&shop, move |app| passkey::ask(app, &visitor)).await?))
}

/// Sign in with a passkey
///
/// Sets the session's cookie, for shoppers and staff. Programs use a token instead.
#[describe::path(post, path = "/api/v1/session/passkey", tag = "people",
    operation_id = "sign_in_with_passkey", request_body = SignInWithPasskey,
    responses((status = 201, body = PersonView)))]
async fn sign_in(
    State(shop): State<Shop>,
    Remembered(visitor): Remembered,
    asker: Asker,
    Body(signed): Body<SignInWithPasskey>,
) -> Result<Response, AsJson> {
    let (came, view) = act(&shop, move |app| {
        let came = person::sign_in_with_passkey(app, &visitor, &signed)?;
        if let Some(before) = came.session_before {
            cart::adopt(app, before, came.person.id)?;
            favourite::adopt(app, before, came.person.id)?;
        }
        let view = app.read(|tx| person::find(tx, came.person.id))?;
        Ok((came, view))
    })
    .await?;
    asker.keep_person(&came);
    Ok(output::made(view, "/api/v1/me"))
}

/// Your passkeys, the newest first
#[describe::path(get, path = "/api/v1/me/passkeys", tag = "people",
    operation_id = "list_passkeys", responses((status = 200, body = Listed<PasskeyView>)))]
async fn list(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
) -> Result<Json<Listed<PasskeyView>>, AsJson> {
    Ok(output::all(act(&shop, move |app| passkey::list(app, &visitor)).await?))
}

/// Begin a passkey
///
/// For `navigator.credentials.create`. A browser asks for it; a token has no passkeys.
#[describe::path(post, path = "/api/v1/me/passkeys/options", tag = "people",
    operation_id = "begin_passkey", responses((status = 200, body = NewPasskeyOptions)))]
async fn begin(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
) -> Result<Json<NewPasskeyOptions>, AsJson> {
    Ok(Json(act(&shop, move |app| passkey::begin(app, &visitor)).await?))
}

/// Keep a passkey that your browser made
///
/// Your other sessions end. Staff need it, or a code from an app, beside their password from then
/// on.
#[describe::path(post, path = "/api/v1/me/passkeys", tag = "people",
    operation_id = "add_passkey", request_body = AddPasskey,
    responses((status = 201, body = PasskeyView)))]
async fn add(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    Body(made): Body<AddPasskey>,
) -> Result<Response, AsJson> {
    let view = act(&shop, move |app| passkey::add(app, &visitor, &made)).await?;
    let at = format!("/api/v1/me/passkeys/{}", view.id);
    Ok(output::made(view, &at))
}

/// Call a passkey something else
#[describe::path(patch, path = "/api/v1/me/passkeys/{passkey}", tag = "people",
    operation_id = "rename_passkey", params(("passkey" = Id<Passkey>, Path)),
    request_body = RenamePasskey, responses((status = 200, body = PasskeyView)))]
async fn rename(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    At(id): At<Passkey>,
    Body(name): Body<RenamePasskey>,
) -> Result<Json<PasskeyView>, AsJson> {
    Ok(Json(act(&shop, move |app| passkey::rename(app, &visitor, id, &name)).await?))
}

/// Take a passkey away
#[describe::path(delete, path = "/api/v1/me/passkeys/{passkey}", tag = "people",
    operation_id = "remove_passkey", params(("passkey" = Id<Passkey>, Path)),
    responses((status = 204)))]
async fn remove(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    At(id): At<Passkey>,
) -> Result<StatusCode, AsJson> {
    act(&shop, move |app| passkey::remove(app, &visitor, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
