//! The JSON API: the same actions as the pages, for programs.

pub mod limit;

use axum::Router;

use crate::Shop;

/// The routes of the API.
pub fn routes() -> Router<Shop> {
    Router::new()
}
