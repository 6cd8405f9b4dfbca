//! Pages of the merchant's own, for everybody.

use app::content::{self, PageView};
use axum::Json;
use axum::extract::State;

use super::input::Named;
use crate::answer::AsJson;
use crate::visitor::Anyone;
use crate::{Shop, act};

operations! {
    /// The routes of the merchant's pages.
    "/api/v1/pages/{slug}": get page;
}

/// A page of the merchant's
#[describe::path(get, path = "/api/v1/pages/{slug}",
    operation_id = "show_page", tag = "goods",
    params(("slug" = String, Path)), responses((status = 200, body = PageView)))]
async fn page(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    Named(slug): Named,
) -> Result<Json<PageView>, AsJson> {
    Ok(Json(act(&shop, move |app| content::page(app, &visitor, &slug)).await?))
}
