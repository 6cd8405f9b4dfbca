//! Webhooks: endpoints, their secrets, what they were told and telling it again.

use app::failure::Failure;
use app::webhook::{
    self, ChangeWebhook, DeliveryShown, DeliveryState, DeliveryView, NewWebhook, ReplaySince,
    TriedOut, TryOut, WebhookView,
};
use axum::Json;
use axum::extract::{FromRequestParts, RawPathParams, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use describe::IntoParams;
use domain::event::Event;
use domain::id::{Id, Kind};
use domain::webhook::Webhook;
use serde::Deserialize;

use crate::answer::{AsJson, Fault};
use crate::api::input::{At, Body, PageQuery, Query};
use crate::api::output::{self, Listed, Span};
use crate::visitor::Staff;
use crate::{Shop, act};
#[cfg(feature = "schema")]
use app::webhook::{FreshWebhook, Replayed};

operations! {
    /// The routes of webhooks.
    "/api/v1/staff/webhooks": get list, post create;
    "/api/v1/staff/webhooks/{webhook}": get show, patch change, delete remove;
    "/api/v1/staff/webhooks/{webhook}/secrets": post rotate;
    "/api/v1/staff/webhooks/{webhook}/tests": post try_out;
    "/api/v1/staff/webhooks/{webhook}/deliveries": get deliveries;
    "/api/v1/staff/webhooks/{webhook}/deliveries/{event}": get delivery;
    "/api/v1/staff/webhooks/{webhook}/deliveries/{event}/replays": post replay;
    "/api/v1/staff/webhooks/{webhook}/replays": post replay_since;
}

/// An endpoint and an event it was told of, as the path names them.
struct Told {
    webhook: Id<Webhook>,
    event: Id<Event>,
}

impl FromRequestParts<Shop> for Told {
    type Rejection = Fault;
    async fn from_request_parts(parts: &mut Parts, shop: &Shop) -> Result<Self, Fault> {
        let params = RawPathParams::from_request_parts(parts, shop).await;
        let params = params.map_err(|_| Failure::NotFound)?;
        fn named<T: Kind>(params: &RawPathParams, name: &str) -> Result<Id<T>, Fault> {
            let found = params.iter().find(|(known, _)| *known == name);
            let id = found.and_then(|(_, text)| Id::parse(text));
            id.ok_or_else(|| Failure::NotFound.into())
        }
        Ok(Told { webhook: named(&params, "webhook")?, event: named(&params, "event")? })
    }
}

/// Every endpoint
#[describe::path(get, path = "/api/v1/staff/webhooks", tag = "staff: webhooks",
    operation_id = "staff_list_webhooks", responses((status = 200, body = Listed<WebhookView>)))]
async fn list(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<Listed<WebhookView>>, AsJson> {
    Ok(output::all(act(&shop, move |app| webhook::list(app, &visitor)).await?))
}

/// Make an endpoint
///
/// It is told of everything that happens from now on. Its secret is shown this once.
#[describe::path(post, path = "/api/v1/staff/webhooks", tag = "staff: webhooks",
    operation_id = "staff_create_webhook", request_body = NewWebhook,
    responses((status = 201, body = FreshWebhook)))]
async fn create(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Body(new): Body<NewWebhook>,
) -> Result<Response, AsJson> {
    let made = act(&shop, move |app| webhook::create(app, &visitor, new)).await?;
    let at = format!("/api/v1/staff/webhooks/{}", made.webhook.id);
    Ok(output::made(made, &at))
}

/// An endpoint
#[describe::path(get, path = "/api/v1/staff/webhooks/{webhook}", tag = "staff: webhooks",
    operation_id = "staff_show_webhook", params(("webhook" = Id<Webhook>, Path)),
    responses((status = 200, body = WebhookView)))]
async fn show(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Webhook>,
) -> Result<Json<WebhookView>, AsJson> {
    Ok(Json(act(&shop, move |app| webhook::get(app, &visitor, id)).await?))
}

/// Change an endpoint
///
/// What the body leaves out stays as it is. What happens while an endpoint is off is not kept for
/// it, and what waits for it when it is switched off is given up; a replay brings both.
#[describe::path(patch, path = "/api/v1/staff/webhooks/{webhook}", tag = "staff: webhooks",
    operation_id = "staff_change_webhook", params(("webhook" = Id<Webhook>, Path)),
    request_body = ChangeWebhook, responses((status = 200, body = WebhookView)))]
async fn change(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Webhook>,
    Body(change): Body<ChangeWebhook>,
) -> Result<Json<WebhookView>, AsJson> {
    Ok(Json(act(&shop, move |app| webhook::change(app, &visitor, id, change)).await?))
}

/// Remove an endpoint
///
/// The log of its deliveries goes with it.
#[describe::path(delete, path = "/api/v1/staff/webhooks/{webhook}", tag = "staff: webhooks",
    operation_id = "staff_remove_webhook", params(("webhook" = Id<Webhook>, Path)),
    responses((status = 204)))]
async fn remove(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Webhook>,
) -> Result<StatusCode, AsJson> {
    act(&shop, move |app| webhook::remove(app, &visitor, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Give an endpoint a new secret
///
/// It is shown this once. The secret before it signs too for another day; then only the new one.
#[describe::path(post, path = "/api/v1/staff/webhooks/{webhook}/secrets", tag = "staff: webhooks",
    operation_id = "staff_rotate_webhook_secret", params(("webhook" = Id<Webhook>, Path)),
    responses((status = 201, body = FreshWebhook)))]
async fn rotate(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Webhook>,
) -> Result<Response, AsJson> {
    let fresh = act(&shop, move |app| webhook::rotate(app, &visitor, id)).await?;
    Ok((StatusCode::CREATED, Json(fresh)).into_response())
}

/// Send an endpoint a test event
///
/// Now, and once; the answer says what came back. A dry run shows body, headers and signature and
/// sends nothing. Its ids are examples.
#[describe::path(post, path = "/api/v1/staff/webhooks/{webhook}/tests", tag = "staff: webhooks",
    operation_id = "staff_test_webhook", params(("webhook" = Id<Webhook>, Path)),
    request_body = TryOut, responses((status = 200, body = TriedOut)))]
async fn try_out(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Webhook>,
    Body(what): Body<TryOut>,
) -> Result<Json<TriedOut>, AsJson> {
    Ok(Json(act(&shop, move |app| webhook::try_out(app, &visitor, id, what)).await?))
}

/// Which deliveries.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DeliveryQuery {
    /// `dead` lists what was given up.
    #[param(inline)]
    state: Option<DeliveryState>,
    /// How many, 1 to 100; 20 when it is not said.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// What an endpoint was told, the latest event first
///
/// Deliveries are kept for thirty days after they ended.
#[describe::path(get, path = "/api/v1/staff/webhooks/{webhook}/deliveries",
    tag = "staff: webhooks", operation_id = "staff_list_webhook_deliveries",
    params(("webhook" = Id<Webhook>, Path), DeliveryQuery),
    responses((status = 200, body = Listed<DeliveryView>)))]
async fn deliveries(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Webhook>,
    Query(query): Query<DeliveryQuery>,
) -> Result<Json<Listed<DeliveryView>>, AsJson> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let span = Span::of(&shop, &format!("deliveries {id}\n{:?}", query.state), &page)?;
    let (before, ask, state) = (span.id(), span.ask, query.state);
    let found =
        act(&shop, move |app| webhook::deliveries(app, &visitor, id, state, before, ask)).await?;
    Ok(span.page(&shop, found, |one| one.event.to_string()))
}

/// A delivery with its body and every try of it
#[describe::path(get, path = "/api/v1/staff/webhooks/{webhook}/deliveries/{event}",
    tag = "staff: webhooks", operation_id = "staff_show_webhook_delivery",
    params(("webhook" = Id<Webhook>, Path), ("event" = Id<Event>, Path)),
    responses((status = 200, body = DeliveryShown)))]
async fn delivery(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Told { webhook, event }: Told,
) -> Result<Json<DeliveryShown>, AsJson> {
    Ok(Json(act(&shop, move |app| webhook::delivery(app, &visitor, webhook, event)).await?))
}

/// Tell an endpoint of one event again
///
/// Under the same `webhook-id`, from the beginning of the schedule. Asking twice is asking once.
#[describe::path(post, path = "/api/v1/staff/webhooks/{webhook}/deliveries/{event}/replays",
    tag = "staff: webhooks", operation_id = "staff_replay_webhook_delivery",
    params(("webhook" = Id<Webhook>, Path), ("event" = Id<Event>, Path)),
    responses((status = 202, body = DeliveryView)))]
async fn replay(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Told { webhook, event }: Told,
) -> Result<Response, AsJson> {
    let told = act(&shop, move |app| webhook::replay(app, &visitor, webhook, event)).await?;
    Ok((StatusCode::ACCEPTED, Json(told)).into_response())
}

/// Tell an endpoint everything again since a moment
///
/// Everything it wants, whether it was told of it or not, at most 10,000 events.
#[describe::path(post, path = "/api/v1/staff/webhooks/{webhook}/replays", tag = "staff: webhooks",
    operation_id = "staff_replay_webhook_since", params(("webhook" = Id<Webhook>, Path)),
    request_body = ReplaySince, responses((status = 202, body = Replayed)))]
async fn replay_since(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Webhook>,
    Body(since): Body<ReplaySince>,
) -> Result<Response, AsJson> {
    let count = act(&shop, move |app| webhook::replay_since(app, &visitor, id, since)).await?;
    Ok((StatusCode::ACCEPTED, Json(count)).into_response())
}
