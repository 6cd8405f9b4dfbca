//! The JSON API: the same actions as the pages, for programs.
//!
//! Handlers decode, call one action and answer. What all operations share (problems, keys, limits,
//! tags) is said once in `input`, `output` and `document`.

pub mod cursor;
pub mod input;
pub mod output;
pub mod limit;
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
    let (routes, _) = parts();
    routes
        .layer(axum::middleware::from_fn(output::tag))
        .route("/api/openapi.json", get(document::show))
        .route("/api", get(reference::show))
}

/// The handlers and the document they describe themselves in.
fn parts() -> (Router<Shop>, OpenApi) {
    let described = OpenApiRouter::with_openapi(document::start())
        .merge(people::routes())
        .merge(goods::routes())
        .merge(trade::routes())
        .merge(staff::routes());
    let (routes, mut document) = described.split_for_parts();
    document::complete(&mut document);
    (routes, document)
}

/// The whole document, also for tests and the reference.
pub fn document() -> OpenApi {
    parts().1
}
