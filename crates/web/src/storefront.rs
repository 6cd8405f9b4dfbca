//! What shoppers see.

use axum::Router;
use axum::response::{IntoResponse, Response};

use crate::Shop;
use crate::answer::Fault;
use crate::page::Page;

/// The routes of the storefront.
pub fn routes() -> Router<Shop> {
    Router::new()
}

/// What is shown when something did not work; the caller sets the status.
pub fn failed(page: Page, fault: &Fault) -> Response {
    fault.detail(page.locale).into_response()
}
