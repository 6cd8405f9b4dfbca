//! Prices as staff set them: lists, customer groups, tax, currencies, and the evidence for what is
//! struck through.

use app::currency::{self, CurrenciesView};
use app::customer_group::{self, GroupView, MemberView, PutGroup, Who};
use app::failure::Failure;
use app::price_list::{
    self, CsvReport, EvidenceView, ListDetail, ListView, Probe, ProbeLine, PutList, PutPrice,
};
use app::tax::{self, PutTax, TaxView};
use axum::Json;
use axum::extract::{FromRequestParts, RawPathParams, Request, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use describe::{IntoParams, ToSchema};
use domain::id::{Id, Kind};
use domain::person::{Permission, Person};
use domain::price::list::{CustomerGroup, PriceList};
use serde::Deserialize;

use crate::answer::{AsJson, Fault, MOST_UPLOADED};
#[cfg(feature = "schema")]
use crate::api::input::KeyHeader;
use crate::api::input::{At, Body, Keyed, Named, Query};
use crate::api::output::{self, Listed};
use crate::visitor::Staff;
use crate::{Shop, act, form};

operations! {
    /// The routes of prices.
    "/api/v1/staff/price-lists": get lists, post add_list;
    "/api/v1/staff/price-lists/{list}": get show_list, put change_list, delete remove_list;
    "/api/v1/staff/price-lists/{list}/prices": put put_prices;
    "/api/v1/staff/price-lists/{list}/file": get export, post import;
    "/api/v1/staff/price-probes": post probe;
    "/api/v1/staff/price-evidence/{goods}": get evidence;
    "/api/v1/staff/customer-groups": get groups, post add_group;
    "/api/v1/staff/customer-groups/{group}": put change_group, delete remove_group;
    "/api/v1/staff/customer-groups/{group}/members": get members, post put_in;
    "/api/v1/staff/customer-groups/{group}/members/{person}": delete take_out;
    "/api/v1/staff/tax": get show_tax, put put_tax;
    "/api/v1/staff/currencies": get show_currencies, put put_currencies;
}

/// Where a list of many begins.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Place {
    /// How many to pass over.
    #[serde(default)]
    skip: i64,
    /// How many to answer with: 1 to 200; 50 when it is not said.
    #[serde(default)]
    limit: Option<i64>,
}

impl Place {
    fn limit(&self) -> i64 {
        self.limit.unwrap_or(50).clamp(1, 200)
    }
}

/// Somebody in a group, as the address names both.
struct Member {
    group: Id<CustomerGroup>,
    person: Id<Person>,
}

impl FromRequestParts<Shop> for Member {
    type Rejection = Fault;
    async fn from_request_parts(parts: &mut Parts, shop: &Shop) -> Result<Self, Fault> {
        let params = RawPathParams::from_request_parts(parts, shop).await;
        let params = params.map_err(|_| Failure::NotFound)?;
        fn named<T: Kind>(params: &RawPathParams, name: &str) -> Result<Id<T>, Fault> {
            let found = params.iter().find(|(known, _)| *known == name);
            Ok(found.and_then(|(_, text)| Id::parse(text)).ok_or(Failure::NotFound)?)
        }
        Ok(Member { group: named(&params, "group")?, person: named(&params, "person")? })
    }
}

/// Every price list, the newest first
#[describe::path(get, path = "/api/v1/staff/price-lists", tag = "staff: prices",
    operation_id = "staff_list_price_lists", responses((status = 200, body = Listed<ListView>)))]
async fn lists(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<Listed<ListView>>, AsJson> {
    Ok(output::all(act(&shop, move |app| price_list::list(app, &visitor)).await?))
}

/// Make a price list
///
/// It is for everybody or for some groups of customers, always or between two moments. What it
/// takes off is here; its fixed prices are put into it afterwards.
#[describe::path(post, path = "/api/v1/staff/price-lists", tag = "staff: prices",
    operation_id = "staff_add_price_list", params(KeyHeader), request_body = PutList,
    responses((status = 201, body = ListView)))]
async fn add_list(
    State(shop): State<Shop>,
    Keyed { visitor, body, again }: Keyed<PutList>,
) -> Result<Response, AsJson> {
    let made = act(&shop, move |app| price_list::add(app, &visitor, body)).await?;
    let at = format!("/api/v1/staff/price-lists/{}", made.id);
    Ok(output::maybe_again(output::made(made, &at), &again))
}

/// A price list with its fixed prices
#[describe::path(get, path = "/api/v1/staff/price-lists/{list}", tag = "staff: prices",
    operation_id = "staff_show_price_list", params(("list" = Id<PriceList>, Path), Place),
    responses((status = 200, body = ListDetail)))]
async fn show_list(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<PriceList>,
    Query(place): Query<Place>,
) -> Result<Json<ListDetail>, AsJson> {
    let (skip, limit) = (place.skip, place.limit());
    Ok(Json(act(&shop, move |app| price_list::detail(app, &visitor, id, skip, limit)).await?))
}

/// Make a price list what the body says
///
/// Its fixed prices stay. What everybody could buy at until now is kept as evidence.
#[describe::path(put, path = "/api/v1/staff/price-lists/{list}", tag = "staff: prices",
    operation_id = "staff_change_price_list", params(("list" = Id<PriceList>, Path)),
    request_body = PutList, responses((status = 200, body = ListView)))]
async fn change_list(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<PriceList>,
    Body(put): Body<PutList>,
) -> Result<Json<ListView>, AsJson> {
    Ok(Json(act(&shop, move |app| price_list::change(app, &visitor, id, put)).await?))
}

/// Take away a price list that nothing remembers
///
/// One that orders or the price history name is switched off instead: `active: false`.
#[describe::path(delete, path = "/api/v1/staff/price-lists/{list}", tag = "staff: prices",
    operation_id = "staff_remove_price_list", params(("list" = Id<PriceList>, Path)),
    responses((status = 204)))]
async fn remove_list(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<PriceList>,
) -> Result<Response, AsJson> {
    act(&shop, move |app| price_list::remove(app, &visitor, id)).await?;
    Ok(axum::http::StatusCode::NO_CONTENT.into_response())
}

/// Fixed prices to put into a list.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct PutPrices {
    prices: Vec<PutPrice>,
}

/// Put fixed prices into a list, and take others out of it
///
/// Those that are not named stay.
#[describe::path(put, path = "/api/v1/staff/price-lists/{list}/prices", tag = "staff: prices",
    operation_id = "staff_put_prices", params(("list" = Id<PriceList>, Path)),
    request_body = PutPrices, responses((status = 200, body = ListView)))]
async fn put_prices(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<PriceList>,
    Body(put): Body<PutPrices>,
) -> Result<Json<ListView>, AsJson> {
    let done = act(&shop, move |app| price_list::put_prices(app, &visitor, id, &put.prices));
    Ok(Json(done.await?))
}

/// The fixed prices of a list as a file
#[describe::path(get, path = "/api/v1/staff/price-lists/{list}/file", tag = "staff: prices",
    operation_id = "staff_export_prices", params(("list" = Id<PriceList>, Path)),
    responses((status = 200, body = String, content_type = "text/csv")))]
async fn export(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<PriceList>,
) -> Result<Response, AsJson> {
    let file = act(&shop, move |app| price_list::export(app, &visitor, id)).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"prices.csv\""),
    ];
    Ok((headers, file).into_response())
}

/// Read fixed prices into a list from a file
///
/// Columns `sku` or `variant`, `from`, `price`. An empty price takes it away. Good rows are in,
/// each bad one is named with its line and reason.
#[describe::path(post, path = "/api/v1/staff/price-lists/{list}/file", tag = "staff: prices",
    operation_id = "staff_import_prices", params(("list" = Id<PriceList>, Path)),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, body = CsvReport)))]
async fn import(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<PriceList>,
    request: Request,
) -> Result<Json<CsvReport>, AsJson> {
    visitor.staff(Permission::Prices)?;
    let kind = request.headers().get(header::CONTENT_TYPE);
    if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/csv")) {
        return Err(Fault::Media { types: "text/csv" });
    }
    let bytes = form::body(request.into_body(), MOST_UPLOADED).await?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Ok(Json(act(&shop, move |app| price_list::import(app, &visitor, id, &text)).await?))
}

/// What somebody would pay, and why
///
/// The same rule that quotes and orders go by, for anybody, any quantity and any moment.
#[describe::path(post, path = "/api/v1/staff/price-probes", tag = "staff: prices",
    operation_id = "staff_probe_price", request_body = Probe,
    responses((status = 200, body = Listed<ProbeLine>)))]
async fn probe(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Body(probe): Body<Probe>,
) -> Result<Json<Listed<ProbeLine>>, AsJson> {
    Ok(output::all(act(&shop, move |app| price_list::probe(app, &visitor, &probe)).await?))
}

/// What a variant cost, and what may be struck through
///
/// By a variant's id or stock number, or a product's handle.
#[describe::path(get, path = "/api/v1/staff/price-evidence/{goods}", tag = "staff: prices",
    operation_id = "staff_price_evidence", params(("goods" = String, Path)),
    responses((status = 200, body = Listed<EvidenceView>)))]
async fn evidence(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Named(goods): Named,
) -> Result<Json<Listed<EvidenceView>>, AsJson> {
    Ok(output::all(act(&shop, move |app| price_list::evidence(app, &visitor, &goods)).await?))
}

/// Every customer group, the highest level first
#[describe::path(get, path = "/api/v1/staff/customer-groups", tag = "staff: prices",
    operation_id = "staff_list_customer_groups",
    responses((status = 200, body = Listed<GroupView>)))]
async fn groups(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<Listed<GroupView>>, AsJson> {
    Ok(output::all(act(&shop, move |app| customer_group::list(app, &visitor)).await?))
}

/// Make a customer group
#[describe::path(post, path = "/api/v1/staff/customer-groups", tag = "staff: prices",
    operation_id = "staff_add_customer_group", params(KeyHeader), request_body = PutGroup,
    responses((status = 201, body = GroupView)))]
async fn add_group(
    State(shop): State<Shop>,
    Keyed { visitor, body, again }: Keyed<PutGroup>,
) -> Result<Response, AsJson> {
    let made = act(&shop, move |app| customer_group::add(app, &visitor, body)).await?;
    let at = format!("/api/v1/staff/customer-groups/{}", made.id);
    Ok(output::maybe_again(output::made(made, &at), &again))
}

/// Make a customer group what the body says
#[describe::path(put, path = "/api/v1/staff/customer-groups/{group}", tag = "staff: prices",
    operation_id = "staff_change_customer_group", params(("group" = Id<CustomerGroup>, Path)),
    request_body = PutGroup, responses((status = 200, body = GroupView)))]
async fn change_group(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<CustomerGroup>,
    Body(put): Body<PutGroup>,
) -> Result<Json<GroupView>, AsJson> {
    Ok(Json(act(&shop, move |app| customer_group::change(app, &visitor, id, put)).await?))
}

/// Take a customer group away, with who is in it
///
/// Not while a price list is for it.
#[describe::path(delete, path = "/api/v1/staff/customer-groups/{group}", tag = "staff: prices",
    operation_id = "staff_remove_customer_group", params(("group" = Id<CustomerGroup>, Path)),
    responses((status = 204)))]
async fn remove_group(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<CustomerGroup>,
) -> Result<Response, AsJson> {
    act(&shop, move |app| customer_group::remove(app, &visitor, id)).await?;
    Ok(axum::http::StatusCode::NO_CONTENT.into_response())
}

/// Who is in a customer group, the newest first
#[describe::path(get, path = "/api/v1/staff/customer-groups/{group}/members",
    tag = "staff: prices", operation_id = "staff_list_group_members",
    params(("group" = Id<CustomerGroup>, Path), Place),
    responses((status = 200, body = Listed<MemberView>)))]
async fn members(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<CustomerGroup>,
    Query(place): Query<Place>,
) -> Result<Json<Listed<MemberView>>, AsJson> {
    let (skip, limit) = (place.skip, place.limit());
    let found = act(&shop, move |app| customer_group::members(app, &visitor, id, skip, limit));
    Ok(output::all(found.await?))
}

/// Put somebody into a customer group
///
/// By e-mail address, phone number or id. Who is in it already stays in it.
#[describe::path(post, path = "/api/v1/staff/customer-groups/{group}/members",
    tag = "staff: prices", operation_id = "staff_put_in_group",
    params(("group" = Id<CustomerGroup>, Path)), request_body = Who,
    responses((status = 200, body = MemberView)))]
async fn put_in(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<CustomerGroup>,
    Body(who): Body<Who>,
) -> Result<Json<MemberView>, AsJson> {
    Ok(Json(act(&shop, move |app| customer_group::put_in(app, &visitor, id, &who)).await?))
}

/// Take somebody out of a customer group
#[describe::path(delete, path = "/api/v1/staff/customer-groups/{group}/members/{person}",
    tag = "staff: prices", operation_id = "staff_take_out_of_group",
    params(("group" = Id<CustomerGroup>, Path), ("person" = Id<Person>, Path)),
    responses((status = 204)))]
async fn take_out(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Member { group, person }: Member,
) -> Result<Response, AsJson> {
    act(&shop, move |app| customer_group::take_out(app, &visitor, group, person)).await?;
    Ok(axum::http::StatusCode::NO_CONTENT.into_response())
}

/// What the shop says about tax
#[describe::path(get, path = "/api/v1/staff/tax", tag = "staff: prices",
    operation_id = "staff_show_tax", responses((status = 200, body = TaxView)))]
async fn show_tax(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<TaxView>, AsJson> {
    Ok(Json(act(&shop, move |app| tax::get(app, &visitor)).await?))
}

/// Say how the shop is taxed
///
/// All of it each time. Orders keep what held when they were placed.
#[describe::path(put, path = "/api/v1/staff/tax", tag = "staff: prices",
    operation_id = "staff_put_tax", request_body = PutTax,
    responses((status = 200, body = TaxView)))]
async fn put_tax(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Body(put): Body<PutTax>,
) -> Result<Json<TaxView>, AsJson> {
    Ok(Json(act(&shop, move |app| tax::put(app, &visitor, &put)).await?))
}

/// The currencies the shop sells in
#[describe::path(get, path = "/api/v1/staff/currencies", tag = "staff: prices",
    operation_id = "staff_show_currencies", responses((status = 200, body = CurrenciesView)))]
async fn show_currencies(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<CurrenciesView>, AsJson> {
    Ok(Json(act(&shop, move |app| currency::get(app, &visitor)).await?))
}

/// Say which currencies the shop sells in beside its own
///
/// All of them each time. Programs choose one with the header `X-Currency`.
#[describe::path(put, path = "/api/v1/staff/currencies", tag = "staff: prices",
    operation_id = "staff_put_currencies", request_body = currency::Put,
    responses((status = 200, body = CurrenciesView)))]
async fn put_currencies(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Body(put): Body<currency::Put>,
) -> Result<Json<CurrenciesView>, AsJson> {
    Ok(Json(act(&shop, move |app| currency::put(app, &visitor, put)).await?))
}
