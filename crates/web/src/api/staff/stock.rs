//! Stock: how much there is, every move of it, and corrections.

use app::inventory::{self, Adjust, MoveView, StockView};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use describe::IntoParams;
use domain::catalog::Variant;
use domain::id::Id;
use serde::Deserialize;

use crate::answer::AsJson;
#[cfg(feature = "schema")]
use crate::api::input::KeyHeader;
use crate::api::input::{Keyed, PageQuery, Query};
use crate::api::output::{self, Listed, Span};
use crate::visitor::Staff;
use crate::{Shop, act};

operations! {
    /// The routes of stock.
    "/api/v1/staff/stock": get list;
    "/api/v1/staff/stock/moves": get moves;
    "/api/v1/staff/stock/adjustments": post adjust;
}

/// Which stock.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct StockQuery {
    /// Part of a title, SKU or handle.
    #[serde(default)]
    q: String,
    /// How many, 1 to 100; 20 when it is not said.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Stock of every variant
#[describe::path(get, path = "/api/v1/staff/stock", tag = "staff: stock", params(StockQuery),
    operation_id = "staff_list_stock", responses((status = 200, body = Listed<StockView>)))]
async fn list(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Query(query): Query<StockQuery>,
) -> Result<Json<Listed<StockView>>, AsJson> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let span = Span::of(&shop, &format!("stock\n{}", query.q), &page)?;
    let (after, ask, q) = (span.id(), span.ask, query.q);
    let found = act(&shop, move |app| inventory::list(app, &visitor, &q, after, ask)).await?;
    Ok(span.page(&shop, found, |stock| stock.variant.to_string()))
}

/// Which moves.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MoveQuery {
    /// Only of this variant.
    variant: Option<Id<Variant>>,
    /// How many, 1 to 100; 20 when it is not said.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Moves of stock, the latest first
#[describe::path(get, path = "/api/v1/staff/stock/moves", tag = "staff: stock", params(MoveQuery),
    responses((status = 200, body = Listed<MoveView>)))]
async fn moves(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Query(query): Query<MoveQuery>,
) -> Result<Json<Listed<MoveView>>, AsJson> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let span = Span::of(&shop, &format!("moves\n{:?}", query.variant), &page)?;
    let (before, ask, variant) = (span.number(), span.ask, query.variant);
    let found =
        act(&shop, move |app| inventory::moves(app, &visitor, variant, before, ask)).await?;
    Ok(span.page(&shop, found, |entry| entry.id.clone()))
}

/// Correct the stock of a variant
///
/// How many came or are gone, with the reason; it is kept with your name.
#[describe::path(post, path = "/api/v1/staff/stock/adjustments", tag = "staff: stock",
    params(KeyHeader), request_body = Adjust, responses((status = 201, body = StockView)))]
async fn adjust(
    State(shop): State<Shop>,
    Keyed { visitor, body, again }: Keyed<Adjust>,
) -> Result<Response, AsJson> {
    let stock = act(&shop, move |app| inventory::adjust(app, &visitor, body)).await?;
    let response = (StatusCode::CREATED, Json(stock)).into_response();
    Ok(output::maybe_again(response, &again))
}
