//! Customers as staff look after them.

use std::io::Cursor;

use app::customer::{
    self, AddCustomer, AddNote, Block, Contacts, CustomerRow, Look, MergeCustomers, Profile, Sort,
    Suggestion, Tag,
};
use app::customer_csv::{self, Report};
use app::own_data::{self, ErasureView, ExportView};
use axum::Json;
use axum::extract::{RawPathParams, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use describe::{IntoParams, ToSchema};
use domain::customer::{Merge, Note, Purpose};
use domain::id::Id;
use domain::moment::Moment;
use domain::person::{Permission, Person};
use serde::{Deserialize, Serialize};

use crate::answer::{AsJson, Fault};
#[cfg(feature = "schema")]
use crate::api::input::KeyHeader;
use crate::api::input::{At, Body, Keyed, PageQuery, Query};
use crate::api::output::{self, Listed, Span};
use crate::form::{self, MOST_UPLOADED};
use crate::visitor::Staff;
use crate::{Shop, act};
use app::failure::Failure;

operations! {
    /// The routes about customers.
    "/api/v1/staff/customers": get list, post add;
    "/api/v1/staff/customers/tags": get tags, post tag;
    "/api/v1/staff/customers/duplicates": get duplicates;
    "/api/v1/staff/customers/merges": post merge;
    "/api/v1/staff/customers/merges/{merge}": delete undo;
    "/api/v1/staff/customers/imports": post import;
    "/api/v1/staff/exports/customers": get export;
    "/api/v1/staff/customers/{person}": get show;
    "/api/v1/staff/customers/{person}/contacts": post reveal;
    "/api/v1/staff/customers/{person}/notes": post add_note;
    "/api/v1/staff/customers/{person}/notes/{note}": delete remove_note;
    "/api/v1/staff/customers/{person}/block": put block;
    "/api/v1/staff/customers/{person}/data-exports": post ask_export;
    "/api/v1/staff/customers/{person}/erasure": post ask_erasure, delete cancel_erasure;
}

/// Which customers.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CustomerQuery {
    /// Part of a name, an e-mail address or a phone number, or an id.
    #[serde(default)]
    q: String,
    #[serde(default)]
    tag: String,
    /// Only those who ordered, or who never did.
    has_ordered: Option<bool>,
    /// What was paid and not given back, in minor units.
    spent_from: Option<i64>,
    spent_to: Option<i64>,
    /// Moments in microseconds.
    last_order_after: Option<i64>,
    last_order_before: Option<i64>,
    joined_after: Option<i64>,
    joined_before: Option<i64>,
    /// Only those who allow this.
    #[param(inline)]
    allows: Option<Purpose>,
    /// Only those who are blocked.
    #[serde(default)]
    blocked: bool,
    #[serde(default)]
    #[param(inline)]
    sort: Sort,
    /// How many, 1 to 100; 20 when it is not said.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Customers
///
/// Their contacts are masked. What orders come to is counted when this is asked for.
#[describe::path(get, path = "/api/v1/staff/customers", tag = "staff: customers",
    operation_id = "staff_list_customers", params(CustomerQuery),
    responses((status = 200, body = Listed<CustomerRow>)))]
async fn list(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Query(query): Query<CustomerQuery>,
) -> Result<Json<Listed<CustomerRow>>, AsJson> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor.clone() };
    let named = CustomerQuery { limit: None, cursor: None, ..query.clone() };
    let span = Span::of(&shop, &format!("customers\n{named:?}"), &page)?;
    let look = Look {
        query: query.q,
        tag: query.tag,
        has_ordered: query.has_ordered,
        spent_from: query.spent_from,
        spent_to: query.spent_to,
        last_order_after: query.last_order_after.map(Moment),
        last_order_before: query.last_order_before.map(Moment),
        joined_after: query.joined_after.map(Moment),
        joined_before: query.joined_before.map(Moment),
        allows: query.allows,
        blocked: query.blocked,
        sort: query.sort,
        after: span.after.clone(),
        limit: span.ask - 1,
    };
    let found = act(&shop, move |app| customer::list(app, &visitor, &look)).await?;
    Ok(span.already(&shop, found.items, found.next))
}

/// Add a customer
///
/// Whoever has the contact already is answered as they are.
#[describe::path(post, path = "/api/v1/staff/customers", tag = "staff: customers",
    operation_id = "staff_add_customer", params(KeyHeader), request_body = AddCustomer,
    responses((status = 201, body = Profile)))]
async fn add(
    State(shop): State<Shop>,
    Keyed { visitor, body, again }: Keyed<AddCustomer>,
) -> Result<Response, AsJson> {
    let made = act(&shop, move |app| customer::add(app, &visitor, &body)).await?;
    let at = format!("/api/v1/staff/customers/{}", made.id);
    Ok(output::maybe_again(output::made(made, &at), &again))
}

/// A customer with all that belongs to them
#[describe::path(get, path = "/api/v1/staff/customers/{person}", tag = "staff: customers",
    operation_id = "staff_show_customer", params(("person" = Id<Person>, Path)),
    responses((status = 200, body = Profile)))]
async fn show(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Person>,
) -> Result<Json<Profile>, AsJson> {
    Ok(Json(act(&shop, move |app| customer::profile(app, &visitor, id)).await?))
}

/// See a customer's contacts in full
///
/// That they were looked at is written into the log of what staff did.
#[describe::path(post, path = "/api/v1/staff/customers/{person}/contacts",
    tag = "staff: customers", operation_id = "staff_reveal_customer",
    params(("person" = Id<Person>, Path)), responses((status = 200, body = Contacts)))]
async fn reveal(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Person>,
) -> Result<Json<Contacts>, AsJson> {
    Ok(Json(act(&shop, move |app| customer::reveal(app, &visitor, id)).await?))
}

/// Write down a note about a customer
#[describe::path(post, path = "/api/v1/staff/customers/{person}/notes", tag = "staff: customers",
    operation_id = "staff_add_customer_note", params(("person" = Id<Person>, Path), KeyHeader),
    request_body = AddNote, responses((status = 200, body = Profile)))]
async fn add_note(
    State(shop): State<Shop>,
    At(id): At<Person>,
    Keyed { visitor, body, again }: Keyed<AddNote>,
) -> Result<Response, AsJson> {
    let found = act(&shop, move |app| customer::add_note(app, &visitor, id, &body)).await?;
    Ok(output::maybe_again(Json(found).into_response(), &again))
}

/// Take a note away
#[describe::path(delete, path = "/api/v1/staff/customers/{person}/notes/{note}",
    tag = "staff: customers", operation_id = "staff_remove_customer_note",
    params(("person" = Id<Person>, Path), ("note" = Id<Note>, Path)),
    responses((status = 204)))]
async fn remove_note(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    params: RawPathParams,
    At(note): At<Note>,
) -> Result<StatusCode, AsJson> {
    let person = params.iter().next().and_then(|(_, value)| Id::parse(value));
    let person: Id<Person> = person.ok_or(Failure::NotFound)?;
    act(&shop, move |app| customer::remove_note(app, &visitor, person, note)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Keep a customer from coming in or from ordering, or let them again
///
/// Whoever may not come in is signed out everywhere.
#[describe::path(put, path = "/api/v1/staff/customers/{person}/block", tag = "staff: customers",
    operation_id = "staff_block_customer", params(("person" = Id<Person>, Path)),
    request_body = Block, responses((status = 200, body = Profile)))]
async fn block(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Person>,
    Body(block): Body<Block>,
) -> Result<Json<Profile>, AsJson> {
    Ok(Json(act(&shop, move |app| customer::block(app, &visitor, id, &block)).await?))
}

/// A tag with how many have it.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct CustomerTag {
    tag: String,
    customers: i64,
}

/// Every tag of customers
#[describe::path(get, path = "/api/v1/staff/customers/tags", tag = "staff: customers",
    operation_id = "staff_customer_tags", responses((status = 200, body = Listed<CustomerTag>)))]
async fn tags(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<Listed<CustomerTag>>, AsJson> {
    let all = act(&shop, move |app| customer::tags(app, &visitor)).await?;
    let all = all.into_iter().map(|(tag, customers)| CustomerTag { tag, customers });
    Ok(output::all(all.collect()))
}

/// How many customers a tag was put on, or taken off.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
struct CustomersTagged {
    changed: i64,
}

/// Tag customers, or take a tag off them
#[describe::path(post, path = "/api/v1/staff/customers/tags", tag = "staff: customers",
    operation_id = "staff_tag_customers", params(KeyHeader), request_body = Tag,
    responses((status = 200, body = CustomersTagged)))]
async fn tag(
    State(shop): State<Shop>,
    Keyed { visitor, body, again }: Keyed<Tag>,
) -> Result<Response, AsJson> {
    let changed = act(&shop, move |app| customer::tag(app, &visitor, &body)).await?;
    Ok(output::maybe_again(Json(CustomersTagged { changed }).into_response(), &again))
}

/// Customers who may be the same person twice
#[describe::path(get, path = "/api/v1/staff/customers/duplicates", tag = "staff: customers",
    operation_id = "staff_customer_duplicates",
    responses((status = 200, body = Listed<Suggestion>)))]
async fn duplicates(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<Listed<Suggestion>>, AsJson> {
    Ok(output::all(act(&shop, move |app| customer::suggestions(app, &visitor)).await?))
}

/// Make two customers one
///
/// Everything of `other` is the survivor's, and whoever signs in with its contact is the survivor.
/// Refused while both hold a place in one team. The books are not touched.
#[describe::path(post, path = "/api/v1/staff/customers/merges", tag = "staff: customers",
    operation_id = "staff_merge_customers", params(KeyHeader), request_body = MergeCustomers,
    responses((status = 200, body = Profile)))]
async fn merge(
    State(shop): State<Shop>,
    Keyed { visitor, body, again }: Keyed<MergeCustomers>,
) -> Result<Response, AsJson> {
    let found = act(&shop, move |app| customer::merge(app, &visitor, &body)).await?;
    Ok(output::maybe_again(Json(found).into_response(), &again))
}

/// Make them two again
///
/// What went over and is still there goes back.
#[describe::path(delete, path = "/api/v1/staff/customers/merges/{merge}",
    tag = "staff: customers", operation_id = "staff_unmerge_customers",
    params(("merge" = Id<Merge>, Path)), responses((status = 200, body = Profile)))]
async fn undo(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(merge): At<Merge>,
) -> Result<Json<Profile>, AsJson> {
    Ok(Json(act(&shop, move |app| customer::undo(app, &visitor, merge)).await?))
}

/// How a file is read.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CustomerImportQuery {
    /// Says what would happen and changes nothing.
    #[serde(default)]
    dry_run: bool,
}

/// Import a customer file
///
/// Shopify's customer CSV, with columns of ours where it has some, at most 20 MB. It adds and never
/// takes away; the same file again changes nothing. A consent needs where and when it was given.
#[describe::path(post, path = "/api/v1/staff/customers/imports", tag = "staff: customers",
    operation_id = "staff_import_customers", params(CustomerImportQuery),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, body = Report)))]
async fn import(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Query(query): Query<CustomerImportQuery>,
    request: Request,
) -> Result<Json<Report>, AsJson> {
    visitor.staff(Permission::Customers)?;
    let kind = request.headers().get(header::CONTENT_TYPE);
    if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/csv")) {
        return Err(Fault::Media { types: "text/csv" });
    }
    let bytes = form::body(request.into_body(), MOST_UPLOADED).await?;
    let report = act(&shop, move |app| {
        customer_csv::import(app, &visitor, Cursor::new(bytes), query.dry_run, &mut |_| {})
    });
    Ok(Json(report.await?))
}

/// Export all customers
///
/// With contacts in full; that it was done is written into the log of what staff did.
#[describe::path(get, path = "/api/v1/staff/exports/customers", tag = "staff: customers",
    operation_id = "staff_export_customers",
    responses((status = 200, body = String, content_type = "text/csv")))]
async fn export(State(shop): State<Shop>, Staff(visitor): Staff) -> Result<Response, AsJson> {
    let file = act(&shop, move |app| {
        let mut file = Vec::new();
        customer_csv::export(app, &visitor, &mut file)?;
        Ok(file)
    });
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], file.await?).into_response())
}

/// Put a copy of a customer's data together, which they asked for
///
/// They are told when it is ready, and fetch it themselves.
#[describe::path(post, path = "/api/v1/staff/customers/{person}/data-exports",
    tag = "staff: customers", operation_id = "staff_export_customer",
    params(("person" = Id<Person>, Path)), responses((status = 202, body = ExportView)))]
async fn ask_export(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Person>,
) -> Result<Response, AsJson> {
    let asked: ExportView =
        act(&shop, move |app| own_data::ask_export_for(app, &visitor, id)).await?;
    Ok((StatusCode::ACCEPTED, Json(asked)).into_response())
}

/// Forget a customer, who asked for it
///
/// After 7 days, until which it can be taken back. Make sure who it is.
#[describe::path(post, path = "/api/v1/staff/customers/{person}/erasure",
    tag = "staff: customers", operation_id = "staff_erase_customer",
    params(("person" = Id<Person>, Path)), responses((status = 202, body = ErasureView)))]
async fn ask_erasure(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Person>,
) -> Result<Response, AsJson> {
    let asked: ErasureView =
        act(&shop, move |app| own_data::ask_erasure_for(app, &visitor, id)).await?;
    Ok((StatusCode::ACCEPTED, Json(asked)).into_response())
}

/// Take a customer's wish to be forgotten back, as they asked
#[describe::path(delete, path = "/api/v1/staff/customers/{person}/erasure",
    tag = "staff: customers", operation_id = "staff_keep_customer",
    params(("person" = Id<Person>, Path)), responses((status = 204)))]
async fn cancel_erasure(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Person>,
) -> Result<StatusCode, AsJson> {
    act(&shop, move |app| own_data::cancel_erasure_for(app, &visitor, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
