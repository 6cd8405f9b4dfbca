//! Orders staff make for somebody.

use app::draft::{self, DraftCard, DraftView, Put, Send};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use describe::IntoParams;
use domain::order_desk::Draft;
use serde::Deserialize;

use crate::answer::AsJson;
use crate::api::input::{At, Body, Keyed, PageQuery, Query, once_after};
use crate::api::output::{self, Listed, Span};
use crate::visitor::Staff;
use crate::{Shop, act};
#[cfg(feature = "schema")]
use {crate::api::input::KeyHeader, domain::id::Id};

operations! {
    /// The routes of drafts.
    "/api/v1/staff/drafts": get list, post create;
    "/api/v1/staff/drafts/{draft}": get show, put change, delete remove;
    "/api/v1/staff/drafts/{draft}/sending": post send;
}

/// Which drafts.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DraftQuery {
    /// `open`, `sent`, `dropped`, or all.
    #[serde(default)]
    status: String,
    /// How many, 1 to 100; 20 when it is not said.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Drafts, the newest first
#[describe::path(get, path = "/api/v1/staff/drafts", tag = "staff: orders",
    operation_id = "staff_list_drafts", params(DraftQuery),
    responses((status = 200, body = Listed<DraftCard>)))]
async fn list(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Query(query): Query<DraftQuery>,
) -> Result<Json<Listed<DraftCard>>, AsJson> {
    let DraftQuery { status, limit, cursor } = query;
    let span = Span::of(&shop, &format!("drafts\n{status}"), &PageQuery { limit, cursor })?;
    let (before, ask) = (span.id(), span.ask);
    let found = act(&shop, move |app| draft::list(app, &visitor, &status, before, ask)).await?;
    Ok(span.page(&shop, found, |one| one.id.to_string()))
}

/// Begin an order for somebody
///
/// It promises nothing before it is sent.
#[describe::path(post, path = "/api/v1/staff/drafts", tag = "staff: orders",
    operation_id = "staff_create_draft", params(KeyHeader), request_body = Put,
    responses((status = 201, body = DraftView)))]
async fn create(
    State(shop): State<Shop>,
    Keyed { visitor, body, again }: Keyed<Put>,
) -> Result<Response, AsJson> {
    let made = act(&shop, move |app| draft::create(app, &visitor, &body)).await?;
    let at = format!("/api/v1/staff/drafts/{}", made.id);
    Ok(output::maybe_again(output::made(made, &at), &again))
}

/// A draft
#[describe::path(get, path = "/api/v1/staff/drafts/{draft}", tag = "staff: orders",
    operation_id = "staff_show_draft", params(("draft" = Id<Draft>, Path)),
    responses((status = 200, body = DraftView)))]
async fn show(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Draft>,
) -> Result<Response, AsJson> {
    let found = act(&shop, move |app| draft::get(app, &visitor, id)).await?;
    let version = found.version;
    Ok(output::versioned(found, version))
}

/// Change a draft
#[describe::path(put, path = "/api/v1/staff/drafts/{draft}", tag = "staff: orders",
    operation_id = "staff_change_draft", params(("draft" = Id<Draft>, Path)), request_body = Put,
    responses((status = 200, body = DraftView)))]
async fn change(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Draft>,
    Body(put): Body<Put>,
) -> Result<Json<DraftView>, AsJson> {
    Ok(Json(act(&shop, move |app| draft::change(app, &visitor, id, &put)).await?))
}

/// Put a draft away
#[describe::path(delete, path = "/api/v1/staff/drafts/{draft}", tag = "staff: orders",
    operation_id = "staff_drop_draft", params(("draft" = Id<Draft>, Path)),
    responses((status = 204)))]
async fn remove(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Draft>,
) -> Result<StatusCode, AsJson> {
    act(&shop, move |app| draft::drop_it(app, &visitor, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Send a draft to be paid
///
/// It becomes an order of its customer's, who is sent a link to pay it by; its units are kept while
/// it can be paid.
#[describe::path(post, path = "/api/v1/staff/drafts/{draft}/sending", tag = "staff: orders",
    operation_id = "staff_send_draft", params(("draft" = Id<Draft>, Path), KeyHeader),
    request_body = Send, responses((status = 200, body = DraftView)))]
async fn send(
    State(shop): State<Shop>,
    At(id): At<Draft>,
    Keyed { visitor, body, again }: Keyed<Send>,
) -> Result<Response, AsJson> {
    let sent = act(&shop, move |app| {
        once_after(app, &visitor, "draft.send", || draft::send(app, &visitor, id, &body))
    })
    .await?;
    Ok(output::maybe_again(Json(sent).into_response(), &again))
}
