//! What the merchant writes: pages, the front page, the look, redirects.

use axum::Router;
use axum::routing::{get, post};

use crate::Shop;

mod front;
mod legal;
mod look;
mod page;

/// Its entry in the rail.
const HERE: &str = "/console/content";

/// The routes of what the merchant writes.
pub fn routes() -> Router<Shop> {
    Router::new()
        .route("/console/content", get(page::index))
        .route("/console/content/pages", post(page::create))
        .route("/console/content/pages/new", get(page::new))
        .route("/console/content/pages/{id}", get(page::show).post(page::update))
        .route("/console/content/pages/{id}/removal", post(page::remove))
        .route("/console/content/redirects", post(page::redirect))
        .route("/console/content/redirects/{id}/removal", post(page::remove_redirect))
        .route("/console/content/front", get(front::show).post(front::update))
        .route("/console/content/look", get(look::show).post(look::update))
        .route("/console/content/logo", post(look::set_logo))
        .route("/console/content/legal", get(legal::index))
        .route("/console/content/legal/{kind}", get(legal::edit).post(legal::publish))
        .route("/console/content/licence", post(legal::set_licence))
        .route("/console/content/licence/picture", post(legal::set_picture))
}
