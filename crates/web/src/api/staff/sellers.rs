//! Sellers, their statements and the way of their money, for the shop and for each seller.

use app::failure::Failure;
use app::seller::{self, PutSeller, SellerPerson, SellerView};
use app::settlement::{self, MonthView, SplitView, StatementView};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use describe::{IntoParams, ToSchema};
use domain::person::Permission;
use domain::seller::{Month, Seller};
use serde::Deserialize;

use crate::answer::AsJson;
use crate::api::input::{At, Body, Keyed, PageQuery, Query};
use crate::api::output::{self, Listed, Span};
use crate::visitor::Staff;
use crate::{Shop, act};
#[cfg(feature = "schema")]
use {crate::api::input::KeyHeader, domain::id::Id};

operations! {
    /// The routes of sellers.
    "/api/v1/staff/sellers": get list, post add;
    "/api/v1/staff/sellers/{seller}": get show, put change;
    "/api/v1/staff/sellers/{seller}/people": get people;
    "/api/v1/staff/sellers/{seller}/splits": get splits;
    "/api/v1/staff/sellers/{seller}/months": get months;
    "/api/v1/staff/sellers/{seller}/statement": get statement;
    "/api/v1/staff/sellers/{seller}/statement.csv": get csv;
    "/api/v1/staff/sellers/{seller}/settlements": post settle;
}

/// Which account of a seller's.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct InCurrency {
    /// `CNY`; the shop's own when left out.
    currency: Option<String>,
}

/// Which month of which account of a seller's.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OfMonth {
    /// `2026-11`
    month: Option<String>,
    /// `CNY`; the shop's own when left out.
    currency: Option<String>,
}

/// The month that is meant.
fn month(text: &str) -> Result<Month, Failure> {
    Month::parse(text).ok_or(Failure::NotFound)
}

/// Sellers: all of them, or one's own
#[describe::path(get, path = "/api/v1/staff/sellers", operation_id = "staff_list_sellers",
    tag = "staff: sellers", responses((status = 200, body = Listed<SellerView>)))]
async fn list(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<Listed<SellerView>>, AsJson> {
    Ok(output::all(act(&shop, move |app| seller::list(app, &visitor)).await?))
}

/// Add a seller
///
/// From then on the shop is a marketplace: every provider that is set up must be able to split.
#[describe::path(post, path = "/api/v1/staff/sellers", operation_id = "staff_add_seller",
    tag = "staff: sellers", params(KeyHeader), request_body = PutSeller,
    responses((status = 201, body = SellerView)))]
async fn add(
    State(shop): State<Shop>,
    Keyed { visitor, body, again }: Keyed<PutSeller>,
) -> Result<Response, AsJson> {
    let made = act(&shop, move |app| seller::add(app, &visitor, body)).await?;
    let at = format!("/api/v1/staff/sellers/{}", made.id);
    Ok(output::maybe_again(output::made(made, &at), &again))
}

/// A seller
#[describe::path(get, path = "/api/v1/staff/sellers/{seller}", operation_id = "staff_show_seller",
    tag = "staff: sellers", params(("seller" = Id<Seller>, Path)),
    responses((status = 200, body = SellerView)))]
async fn show(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Seller>,
) -> Result<Json<SellerView>, AsJson> {
    Ok(Json(act(&shop, move |app| seller::get(app, &visitor, id)).await?))
}

/// Change a seller
///
/// Orders that were placed keep the commission they were placed at. The handle stays as it is.
#[describe::path(put, path = "/api/v1/staff/sellers/{seller}",
    operation_id = "staff_change_seller", tag = "staff: sellers",
    params(("seller" = Id<Seller>, Path)), request_body = PutSeller,
    responses((status = 200, body = SellerView)))]
async fn change(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Seller>,
    Body(put): Body<PutSeller>,
) -> Result<Json<SellerView>, AsJson> {
    Ok(Json(act(&shop, move |app| seller::change(app, &visitor, id, put)).await?))
}

/// Who is behind the counter for a seller
///
/// They are added as staff, in the role `seller`.
#[describe::path(get, path = "/api/v1/staff/sellers/{seller}/people",
    operation_id = "staff_list_seller_people", tag = "staff: sellers",
    params(("seller" = Id<Seller>, Path)),
    responses((status = 200, body = Listed<SellerPerson>)))]
async fn people(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Seller>,
) -> Result<Json<Listed<SellerPerson>>, AsJson> {
    Ok(output::all(act(&shop, move |app| seller::people(app, &visitor, id)).await?))
}

/// What providers were asked to split off to a seller, the latest first
#[describe::path(get, path = "/api/v1/staff/sellers/{seller}/splits",
    operation_id = "staff_list_splits", tag = "staff: sellers",
    params(("seller" = Id<Seller>, Path), PageQuery),
    responses((status = 200, body = Listed<SplitView>)))]
async fn splits(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Seller>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Listed<SplitView>>, AsJson> {
    let span = Span::of(&shop, &format!("splits of {id}"), &query)?;
    let (before, ask) = (span.id(), span.ask);
    let found = act(&shop, move |app| settlement::splits(app, &visitor, id, before, ask)).await?;
    Ok(span.page(&shop, found, |split| split.id.to_string()))
}

/// The months of a seller's, the latest first
#[describe::path(get, path = "/api/v1/staff/sellers/{seller}/months",
    operation_id = "staff_list_seller_months", tag = "staff: sellers",
    params(("seller" = Id<Seller>, Path), InCurrency),
    responses((status = 200, body = Listed<MonthView>)))]
async fn months(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Seller>,
    Query(query): Query<InCurrency>,
) -> Result<Json<Listed<MonthView>>, AsJson> {
    let found = act(&shop, move |app| {
        let currency = settlement::with_currency(app, query.currency.as_deref())?;
        settlement::months(app, &visitor, id, currency)
    });
    Ok(output::all(found.await?))
}

/// A seller's statement of a month
#[describe::path(get, path = "/api/v1/staff/sellers/{seller}/statement",
    operation_id = "staff_show_statement", tag = "staff: sellers",
    params(("seller" = Id<Seller>, Path), OfMonth),
    responses((status = 200, body = StatementView)))]
async fn statement(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Seller>,
    Query(of): Query<OfMonth>,
) -> Result<Json<StatementView>, AsJson> {
    let found = act(&shop, move |app| {
        visitor.counter_reader(Permission::Sellers)?;
        let currency = settlement::with_currency(app, of.currency.as_deref())?;
        settlement::statement(
            app,
            &visitor,
            id,
            month(of.month.as_deref().unwrap_or_default())?,
            currency,
        )
    });
    Ok(Json(found.await?))
}

/// The same as a file
#[describe::path(get, path = "/api/v1/staff/sellers/{seller}/statement.csv",
    operation_id = "staff_export_statement", tag = "staff: sellers",
    params(("seller" = Id<Seller>, Path), OfMonth),
    responses((status = 200, body = String, content_type = "text/csv")))]
async fn csv(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Seller>,
    Query(of): Query<OfMonth>,
) -> Result<Response, AsJson> {
    let file = act(&shop, move |app| {
        visitor.counter_reader(Permission::Sellers)?;
        let currency = settlement::with_currency(app, of.currency.as_deref())?;
        settlement::csv(
            app,
            &visitor,
            id,
            month(of.month.as_deref().unwrap_or_default())?,
            currency,
        )
    });
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], file.await?).into_response())
}

/// Which month is settled, of which account of a seller's.
#[derive(Clone, Debug, Default, Deserialize, serde::Serialize, ToSchema)]
pub struct SettleMonth {
    /// `2026-11`
    pub month: String,
    /// `CNY`; the shop's own when left out.
    #[serde(default)]
    pub currency: Option<String>,
}

/// Settle a month that is over
///
/// It gets a number, and nothing of it changes from then on. The same month again is the same.
#[describe::path(post, path = "/api/v1/staff/sellers/{seller}/settlements",
    operation_id = "staff_settle_month", tag = "staff: sellers",
    params(("seller" = Id<Seller>, Path), KeyHeader),
    request_body = SettleMonth, responses((status = 201, body = MonthView)))]
async fn settle(
    State(shop): State<Shop>,
    At(id): At<Seller>,
    Keyed { visitor, body, again }: Keyed<SettleMonth>,
) -> Result<Response, AsJson> {
    let at = format!("/api/v1/staff/sellers/{id}/months");
    let done = act(&shop, move |app| {
        visitor.staff(Permission::Sellers)?;
        let currency = settlement::with_currency(app, body.currency.as_deref())?;
        settlement::settle(app, &visitor, id, month(&body.month)?, currency)
    });
    Ok(output::maybe_again(output::made(done.await?, &at), &again))
}
