//! Stock: how much there is, every move of it, and corrections.

use std::io::Write;

use app::App;
use app::inventory::{self, Adjust, MoveView, StockView};
use app::stock_csv::{self, Report};
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use describe::IntoParams;
use domain::catalog::Variant;
use domain::id::Id;
use domain::person::Permission;
use serde::Deserialize;

use crate::answer::{AsJson, Fault};
#[cfg(feature = "schema")]
use crate::api::input::KeyHeader;
use crate::api::input::{Keyed, PageQuery, Query};
use crate::api::output::{self, Listed, Span};
use crate::form::{self, MOST_UPLOADED};
use crate::visitor::Staff;
use crate::{Shop, act, download};

operations! {
    /// The routes of stock.
    "/api/v1/staff/stock": get list;
    "/api/v1/staff/stock/moves": get moves;
    "/api/v1/staff/stock/adjustments": post adjust;
    "/api/v1/staff/exports/stock": get export;
    "/api/v1/staff/imports/stock": post import;
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

/// How the file begins.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct StockFileQuery {
    /// Begin with the mark of UTF-8.
    #[serde(default)]
    mark: bool,
}

/// The stock of every variant as a CSV file
#[describe::path(get, path = "/api/v1/staff/exports/stock", tag = "staff: stock",
    operation_id = "staff_export_stock", params(StockFileQuery),
    responses((status = 200, body = String, content_type = "text/csv")))]
async fn export(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Query(query): Query<StockFileQuery>,
) -> Result<Response, AsJson> {
    let write = move |app: &App, out: &mut dyn Write| {
        stock_csv::export(app, &visitor, query.mark, out, &mut |_| {}).map(|_| ())
    };
    download::csv(&shop, "stock.csv", write).await
}

/// How a file of stock is taken.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct StockImportQuery {
    /// Says what would happen and changes nothing.
    #[serde(default)]
    dry_run: bool,
    /// Why, for rows that do not say.
    #[serde(default)]
    reason: String,
}

/// Set what is available as a CSV file says it
///
/// Columns `variant` or `sku`, `available`, and `reason`. Good rows are taken and each bad one is
/// named with its line. The same file again changes nothing.
#[describe::path(post, path = "/api/v1/staff/imports/stock", tag = "staff: stock",
    operation_id = "staff_import_stock", params(StockImportQuery),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, body = Report)))]
async fn import(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Query(query): Query<StockImportQuery>,
    request: Request,
) -> Result<Json<Report>, AsJson> {
    visitor.staff(Permission::Stock)?;
    let kind = request.headers().get(header::CONTENT_TYPE);
    if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/csv")) {
        return Err(Fault::Media { types: "text/csv" });
    }
    let bytes = form::body(request.into_body(), MOST_UPLOADED).await?;
    let report = act(&shop, move |app| {
        let mut bytes: &[u8] = &bytes;
        let StockImportQuery { dry_run, reason } = query;
        stock_csv::import(app, &visitor, &mut bytes, &reason, dry_run, &mut |_| {})
    });
    Ok(Json(report.await?))
}
