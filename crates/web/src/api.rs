//! The JSON API: the same actions as the pages, for programs.
//!
//! Handlers decode, call one action and answer. What all operations share (problems, keys, limits,
//! tags) is said once in `input`, `output` and `document`.

pub mod cursor;
pub mod input;
pub mod output;
pub mod limit;
pub mod version;
pub mod document;
mod reference;

mod people;
mod goods;
mod trade;
mod staff;

use axum::Router;
use axum::routing::get;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::Shop;

/// The routes of the API.
pub fn routes() -> Router<Shop> {
    let (routes, _) = parts().split_for_parts();
    routes
        .layer(axum::middleware::from_fn(output::tag))
        .route("/api/openapi.json", get(document::show))
        .route("/api", get(reference::show))
}

/// What the handlers say of themselves.
fn described() -> OpenApi {
    parts().into_openapi()
}

fn parts() -> OpenApiRouter<Shop> {
    OpenApiRouter::with_openapi(document::start())
        .merge(people::routes())
        .merge(goods::routes())
        .merge(trade::routes())
        .merge(staff::routes())
}
