//! What is one's own: what one allowed, likes and looked at, a copy of all data, and its end.

use app::browsing::{self, History, PauseHistory};
use app::consent::{self, ConsentView, PurposeView, SetConsent};
use app::favourite::{self, FavouriteView, Liked, SetFavourite};
use app::letter::{self, ChoicesView, Choose};
use app::own_data::{self, ErasureView, OwnData, WithCode};
use app::person;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::customer::DataExport;

use super::input::{At, Body, Named};
use super::output::{self, Listed};
use crate::answer::AsJson;
use crate::visitor::{Anyone, Remembered, SignedIn};
use crate::{Shop, act};
#[cfg(feature = "schema")]
use {app::own_data::ExportView, app::person::CodeAsked, domain::id::Id};

operations! {
    /// The routes about what is one's own.
    "/api/v1/favourites": get favourites;
    "/api/v1/favourites/{product}": put like;
    "/api/v1/me/browsing": get seen, patch pause, delete forget;
    "/api/v1/me/consents": get consents, put set_consent;
    "/api/v1/me/consents/history": get consent_history;
    "/api/v1/me/letters": get letters, put choose;
    "/api/v1/me/data": get data;
    "/api/v1/me/data/code": post ask_code;
    "/api/v1/me/data/exports": post ask_export;
    "/api/v1/me/data/exports/{export}/download": post download;
    "/api/v1/me/data/erasure": post ask_erasure, delete cancel_erasure;
}

/// What you like, the latest first
///
/// A guest's list is kept with their session, and is theirs when they sign in.
#[describe::path(get, path = "/api/v1/favourites", tag = "own",
    operation_id = "favourites",
    responses((status = 200, body = Listed<FavouriteView>)))]
async fn favourites(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
) -> Result<Json<Listed<FavouriteView>>, AsJson> {
    Ok(output::all(act(&shop, move |app| favourite::list(app, &visitor)).await?))
}

/// Like a product, or no more
#[describe::path(put, path = "/api/v1/favourites/{product}", tag = "own",
    operation_id = "like",
    params(("product" = String, Path, description = "The product's id or handle.")),
    request_body = SetFavourite, responses((status = 200, body = Liked)))]
async fn like(
    State(shop): State<Shop>,
    Remembered(visitor): Remembered,
    Named(key): Named,
    Body(set): Body<SetFavourite>,
) -> Result<Json<Liked>, AsJson> {
    Ok(Json(act(&shop, move |app| favourite::set(app, &visitor, &key, &set)).await?))
}

/// What you looked at
///
/// Kept only for those who allow `browsing_history`.
#[describe::path(get, path = "/api/v1/me/browsing", tag = "own",
    operation_id = "browsing_history",
    responses((status = 200, body = History)))]
async fn seen(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
) -> Result<Json<History>, AsJson> {
    Ok(Json(act(&shop, move |app| browsing::history(app, &visitor)).await?))
}

/// Let the history rest, or go on
#[describe::path(patch, path = "/api/v1/me/browsing", tag = "own",
    operation_id = "pause_browsing", request_body = PauseHistory,
    responses((status = 200, body = History)))]
async fn pause(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    Body(pause): Body<PauseHistory>,
) -> Result<Json<History>, AsJson> {
    Ok(Json(act(&shop, move |app| browsing::pause(app, &visitor, pause)).await?))
}

/// Forget what you looked at
#[describe::path(delete, path = "/api/v1/me/browsing", tag = "own",
    operation_id = "forget_browsing",
    responses((status = 204)))]
async fn forget(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
) -> Result<StatusCode, AsJson> {
    act(&shop, move |app| browsing::forget(app, &visitor, None)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What you allow, and may allow
#[describe::path(get, path = "/api/v1/me/consents", tag = "own",
    operation_id = "my_consents",
    responses((status = 200, body = Listed<PurposeView>)))]
async fn consents(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
) -> Result<Json<Listed<PurposeView>>, AsJson> {
    Ok(output::all(act(&shop, move |app| consent::list(app, &visitor)).await?))
}

/// Allow something, or take it back
///
/// Both are as easy. Each is written down with the words that were agreed to.
#[describe::path(put, path = "/api/v1/me/consents", tag = "own",
    operation_id = "set_consent", request_body = SetConsent,
    responses((status = 200, body = Listed<PurposeView>)))]
async fn set_consent(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    Body(set): Body<SetConsent>,
) -> Result<Json<Listed<PurposeView>>, AsJson> {
    let all = act(&shop, move |app| consent::set(app, &visitor, "api", &set)).await?;
    Ok(output::all(all))
}

/// What you are written about, and by which channels
#[describe::path(get, path = "/api/v1/me/letters", tag = "own",
    operation_id = "my_letters",
    responses((status = 200, body = Listed<ChoicesView>)))]
async fn letters(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
) -> Result<Json<Listed<ChoicesView>>, AsJson> {
    Ok(output::all(act(&shop, move |app| letter::choices(app, &visitor)).await?))
}

/// Have a group of letters by a channel, or no more
///
/// Receipts, refunds and what happens to your account come by mail in any case.
#[describe::path(put, path = "/api/v1/me/letters", tag = "own",
    operation_id = "choose_letters", request_body = Choose,
    responses((status = 200, body = Listed<ChoicesView>)))]
async fn choose(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    Body(chosen): Body<Choose>,
) -> Result<Json<Listed<ChoicesView>>, AsJson> {
    let all = act(&shop, move |app| letter::choose(app, &visitor, "api", chosen)).await?;
    Ok(output::all(all))
}

/// Every time you allowed something or took it back
#[describe::path(get, path = "/api/v1/me/consents/history", tag = "own",
    operation_id = "consent_history",
    responses((status = 200, body = Listed<ConsentView>)))]
async fn consent_history(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
) -> Result<Json<Listed<ConsentView>>, AsJson> {
    Ok(output::all(act(&shop, move |app| consent::mine(app, &visitor)).await?))
}

/// Copies of your data, and your wish to be forgotten
#[describe::path(get, path = "/api/v1/me/data", tag = "own",
    operation_id = "my_data",
    responses((status = 200, body = OwnData)))]
async fn data(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
) -> Result<Json<OwnData>, AsJson> {
    Ok(Json(act(&shop, move |app| own_data::see(app, &visitor)).await?))
}

/// Ask for a code to your own contact
///
/// It proves once more who you are, for a download or to be forgotten.
#[describe::path(post, path = "/api/v1/me/data/code", tag = "own",
    operation_id = "ask_own_code",
    responses((status = 202, body = CodeAsked)))]
async fn ask_code(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
) -> Result<Response, AsJson> {
    let asked = act(&shop, move |app| person::ask_own_code(app, &visitor)).await?;
    Ok((StatusCode::ACCEPTED, Json(asked)).into_response())
}

/// Ask for a copy of everything the shop holds about you
///
/// Once a day. It is put together by a job, and lies ready for 7 days.
#[describe::path(post, path = "/api/v1/me/data/exports", tag = "own",
    operation_id = "ask_data_export",
    responses((status = 202, body = ExportView)))]
async fn ask_export(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
) -> Result<Response, AsJson> {
    let asked = act(&shop, move |app| own_data::ask_export(app, &visitor)).await?;
    Ok((StatusCode::ACCEPTED, Json(asked)).into_response())
}

/// Download a copy
#[describe::path(post, path = "/api/v1/me/data/exports/{export}/download", tag = "own",
    operation_id = "download_data_export",
    params(("export" = Id<DataExport>, Path)), request_body = WithCode,
    responses((status = 200, body = serde_json::Value, content_type = "application/json")))]
async fn download(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    At(id): At<DataExport>,
    Body(with): Body<WithCode>,
) -> Result<Response, AsJson> {
    let bytes = act(&shop, move |app| own_data::fetch(app, &visitor, id, &with)).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], bytes).into_response())
}

/// Ask to be forgotten
///
/// It is done after 7 days, until which it can be taken back. Open orders and returns have to be
/// ended first.
#[describe::path(post, path = "/api/v1/me/data/erasure", tag = "own",
    operation_id = "ask_erasure", request_body = WithCode,
    responses((status = 202, body = ErasureView)))]
async fn ask_erasure(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    Body(with): Body<WithCode>,
) -> Result<Response, AsJson> {
    let asked: ErasureView =
        act(&shop, move |app| own_data::ask_erasure(app, &visitor, &with)).await?;
    Ok((StatusCode::ACCEPTED, Json(asked)).into_response())
}

/// Take the wish to be forgotten back
#[describe::path(delete, path = "/api/v1/me/data/erasure", tag = "own",
    operation_id = "cancel_erasure",
    responses((status = 204)))]
async fn cancel_erasure(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
) -> Result<StatusCode, AsJson> {
    act(&shop, move |app| own_data::cancel_erasure(app, &visitor)).await?;
    Ok(StatusCode::NO_CONTENT)
}
