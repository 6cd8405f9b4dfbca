//! Payment providers as staff see them, their statements, and what of those does not fit.

use app::payment::desk::{self, OpenPaymentView, ProviderView};
use app::reconciliation::{self, DifferenceView, Look, ReadView, StatementView};
use axum::Json;
use axum::extract::State;
use describe::{IntoParams, ToSchema};
use domain::reconciliation::Difference;
use serde::Deserialize;

use crate::answer::AsJson;
use crate::api::input::{At, Body, PageQuery, Query};
use crate::api::output::{Listed, Span};
use crate::visitor::Staff;
use crate::{Shop, act};
#[cfg(feature = "schema")]
use domain::id::Id;

operations! {
    /// The routes of payments.
    "/api/v1/staff/payments/providers": get providers;
    "/api/v1/staff/payments/open": get open;
    "/api/v1/staff/statements": get list, post fetch;
    "/api/v1/staff/differences": get differences;
    "/api/v1/staff/differences/{difference}": get show;
    "/api/v1/staff/differences/{difference}/settlement": put settle;
}

/// Payment providers, those that are set up first
///
/// What is missing of the others is named, and never what is in a setting.
#[describe::path(get, path = "/api/v1/staff/payments/providers", tag = "staff: payments",
    operation_id = "staff_list_providers", responses((status = 200, body = Listed<ProviderView>)))]
async fn providers(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<Listed<ProviderView>>, AsJson> {
    let data = act(&shop, move |app| desk::providers(app, &visitor)).await?;
    Ok(Json(Listed { data, next_cursor: None }))
}

/// Payments and top-ups that were begun and are not over, the newest first
#[describe::path(get, path = "/api/v1/staff/payments/open", tag = "staff: payments",
    operation_id = "staff_list_open_payments", params(PageQuery),
    responses((status = 200, body = Listed<OpenPaymentView>)))]
async fn open(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Query(query): Query<PageQuery>,
) -> Result<Json<Listed<OpenPaymentView>>, AsJson> {
    let span = Span::of(&shop, "open payments", &query)?;
    let (before, ask) = (span.number(), span.ask);
    let found = act(&shop, move |app| desk::open(app, &visitor, before, ask)).await?;
    Ok(span.page(&shop, found, |one| one.number().to_string()))
}

/// Statements that were held against the books, the newest day first
#[describe::path(get, path = "/api/v1/staff/statements", tag = "staff: payments",
    operation_id = "staff_list_statements", params(PageQuery),
    responses((status = 200, body = Listed<StatementView>)))]
async fn list(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Query(query): Query<PageQuery>,
) -> Result<Json<Listed<StatementView>>, AsJson> {
    let span = Span::of(&shop, "statements", &query)?;
    let (before, ask) = (span.id(), span.ask);
    let found =
        act(&shop, move |app| reconciliation::list(app, &visitor, None, before, ask)).await?;
    Ok(span.page(&shop, found, |one| one.id.to_string()))
}

/// Which statement.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct FetchStatement {
    /// The provider's name: `wechat`.
    #[schema(max_length = 40)]
    provider: String,
    /// A day of the provider's that is over: `2026-11-21`.
    #[schema(max_length = 10)]
    day: String,
}

/// Read a provider's statement of a day now
///
/// It is asked for by itself once it is ready; reading a day again changes only what it says
/// otherwise.
#[describe::path(post, path = "/api/v1/staff/statements", tag = "staff: payments",
    operation_id = "staff_fetch_statement", request_body = FetchStatement,
    responses((status = 200, body = ReadView)))]
async fn fetch(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Body(what): Body<FetchStatement>,
) -> Result<Json<ReadView>, AsJson> {
    let FetchStatement { provider, day } = what;
    let read = act(&shop, move |app| reconciliation::fetch(app, &visitor, &provider, &day));
    Ok(Json(read.await?))
}

/// Which differences.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DifferenceQuery {
    /// Only those of one statement.
    statement: Option<String>,
    /// Only those in a state: open, settled or gone.
    state: Option<String>,
    /// How many, 1 to 100; 20 when it is not said.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// What of statements does not fit, the newest first
#[describe::path(get, path = "/api/v1/staff/differences", tag = "staff: payments",
    operation_id = "staff_list_differences", params(DifferenceQuery),
    responses((status = 200, body = Listed<DifferenceView>)))]
async fn differences(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Query(query): Query<DifferenceQuery>,
) -> Result<Json<Listed<DifferenceView>>, AsJson> {
    let DifferenceQuery { statement, state, limit, cursor } = query;
    let list = format!("differences\n{statement:?}\n{state:?}");
    let span = Span::of(&shop, &list, &PageQuery { limit, cursor })?;
    // What is no statement has no differences.
    let statement =
        statement.map(|text| domain::id::Id::parse(&text).unwrap_or(domain::id::Id::new(i64::MAX)));
    let look = Look { statement, state, before: span.id(), limit: span.ask };
    let found = act(&shop, move |app| reconciliation::differences(app, &visitor, &look)).await?;
    Ok(span.page(&shop, found, |one| one.id.to_string()))
}

/// A difference
#[describe::path(get, path = "/api/v1/staff/differences/{difference}", tag = "staff: payments",
    operation_id = "staff_show_difference", params(("difference" = Id<Difference>, Path)),
    responses((status = 200, body = DifferenceView)))]
async fn show(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Difference>,
) -> Result<Json<DifferenceView>, AsJson> {
    Ok(Json(act(&shop, move |app| reconciliation::see(app, &visitor, id)).await?))
}

/// What was found out.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct SettleDifference {
    #[schema(min_length = 1, max_length = 1000)]
    note: String,
}

/// Settle a difference
///
/// With what was found out about it. The books stay as they are: what must change there is done
/// where it is done always, as a refund or a case.
#[describe::path(put, path = "/api/v1/staff/differences/{difference}/settlement",
    tag = "staff: payments", operation_id = "staff_settle_difference",
    params(("difference" = Id<Difference>, Path)), request_body = SettleDifference,
    responses((status = 200, body = DifferenceView)))]
async fn settle(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Difference>,
    Body(what): Body<SettleDifference>,
) -> Result<Json<DifferenceView>, AsJson> {
    let settled =
        act(&shop, move |app| reconciliation::settle(app, &visitor, id, &what.note)).await?;
    Ok(Json(settled))
}
