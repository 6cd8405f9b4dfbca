//! Flash sales: what is sold in which hours and what is left of it; waiting, and being told.

use app::flash_sale::{self, FlashSaleView, LeaveFlash, RemindFlash, WaitFlash};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::campaign::Campaign;

use super::input::{At, Keyed};
use super::output;
use crate::answer::AsJson;
use crate::visitor::Anyone;
use crate::{Shop, act};
#[cfg(feature = "schema")]
use {super::input::KeyHeader, domain::id::Id};

operations! {
    /// The routes of flash sales.
    "/api/v1/flash-sales/{campaign}": get show;
    "/api/v1/flash-sales/{campaign}/places": post wait;
    "/api/v1/flash-sales/{campaign}/leavings": post leave;
    "/api/v1/flash-sales/{campaign}/reminders": post remind;
}

/// A flash sale
///
/// Something of it is bought by an order of the kind `flash_sale`.
#[describe::path(get, path = "/api/v1/flash-sales/{campaign}", operation_id = "show_flash_sale",
    tag = "campaigns", params(("campaign" = Id<Campaign>, Path)),
    responses((status = 200, body = FlashSaleView)))]
async fn show(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    At(id): At<Campaign>,
) -> Result<Json<FlashSaleView>, AsJson> {
    Ok(Json(act(&shop, move |app| flash_sale::get(app, &visitor, id)).await?))
}

/// Wait for what is sold out
///
/// Units that come back are offered to those who wait in the order they came. Whoever waits already
/// keeps their place.
#[describe::path(post, path = "/api/v1/flash-sales/{campaign}/places",
    operation_id = "wait_for_flash_sale",
    tag = "campaigns", params(("campaign" = Id<Campaign>, Path), KeyHeader),
    request_body = WaitFlash, responses((status = 201, body = flash_sale::WaitView)))]
async fn wait(
    State(shop): State<Shop>,
    At(id): At<Campaign>,
    Keyed { visitor, body, again }: Keyed<WaitFlash>,
) -> Result<Response, AsJson> {
    let place = act(&shop, move |app| flash_sale::wait(app, &visitor, id, body)).await?;
    let at = format!("/api/v1/flash-sales/{id}");
    Ok(output::maybe_again(output::made(place, &at), &again))
}

/// Wait no more
#[describe::path(post, path = "/api/v1/flash-sales/{campaign}/leavings",
    operation_id = "leave_flash_sale",
    tag = "campaigns", params(("campaign" = Id<Campaign>, Path), KeyHeader),
    request_body = LeaveFlash, responses((status = 204)))]
async fn leave(
    State(shop): State<Shop>,
    At(id): At<Campaign>,
    Keyed { visitor, body, again }: Keyed<LeaveFlash>,
) -> Result<Response, AsJson> {
    act(&shop, move |app| flash_sale::leave(app, &visitor, id, body)).await?;
    Ok(output::maybe_again(StatusCode::NO_CONTENT.into_response(), &again))
}

/// Be told when a slot begins
#[describe::path(post, path = "/api/v1/flash-sales/{campaign}/reminders",
    operation_id = "remind_of_flash_sale",
    tag = "campaigns", params(("campaign" = Id<Campaign>, Path), KeyHeader),
    request_body = RemindFlash, responses((status = 204)))]
async fn remind(
    State(shop): State<Shop>,
    At(id): At<Campaign>,
    Keyed { visitor, body, again }: Keyed<RemindFlash>,
) -> Result<Response, AsJson> {
    act(&shop, move |app| flash_sale::remind(app, &visitor, id, body)).await?;
    Ok(output::maybe_again(StatusCode::NO_CONTENT.into_response(), &again))
}
