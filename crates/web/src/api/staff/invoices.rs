//! Invoices, legal texts and licences, for staff.

use app::invoice::desk::{self, Because, IssueMany, RequestCard, Wanted};
use app::invoice::{InvoiceView, OrderInvoices, SettingsView, pdf, settings};
use app::legal::{self, LegalDesk, LicenceView, PublishLegal};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use domain::id::Id;
use domain::invoice::{Invoice, InvoiceRequest, State as RequestState};
use domain::legal::LegalKind;
use domain::order::Order;
use serde::Deserialize;

use crate::answer::AsJson;
use crate::api::input::{At, Body, Keyed, Named, PageQuery, Query};
use crate::api::output::{self, Listed, Span};
use crate::visitor::Staff;
use crate::{Shop, act, download};
#[cfg(feature = "schema")]
use {
    crate::api::input::KeyHeader,
    app::invoice::{RequestView, desk::Issued},
};

operations! {
    /// The routes of invoices, legal texts and licences behind the counter.
    "/api/v1/staff/invoice-requests": get list;
    "/api/v1/staff/invoice-requests/{request}/invoice": post issue;
    "/api/v1/staff/invoice-requests/{request}/decline": post decline;
    "/api/v1/staff/invoices": post issue_many;
    "/api/v1/staff/invoices/{invoice}": get show;
    "/api/v1/staff/invoices/{invoice}/file": get file;
    "/api/v1/staff/invoices/{invoice}/red": post red;
    "/api/v1/staff/orders/{order}/invoices": get of_order;
    "/api/v1/staff/invoice-settings": get show_settings, put put_settings;
    "/api/v1/staff/legal": get texts;
    "/api/v1/staff/legal/{kind}": get text, post publish;
    "/api/v1/staff/licence": get licence, put set_licence;
}

/// Which requests.
#[derive(Clone, Debug, Default, Deserialize, describe::IntoParams)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// How many, 1 to 100; 20 when it is not said.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    state: Option<RequestState>,
    #[param(value_type = Option<String>)]
    order: Option<Id<Order>>,
    /// A part of a number, a title, a tax number or the buyer's name.
    q: Option<String>,
}

/// What was asked for, the latest first
#[describe::path(get, path = "/api/v1/staff/invoice-requests",
    operation_id = "staff_list_invoice_requests", tag = "staff: invoices", params(Asked),
    responses((status = 200, body = Listed<RequestCard>)))]
async fn list(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Query(asked): Query<Asked>,
) -> Result<Json<Listed<RequestCard>>, AsJson> {
    let text = asked.q.unwrap_or_default();
    let state = asked.state.map_or("", RequestState::code);
    let order = asked.order.map_or(String::new(), |order| order.to_string());
    let name = format!("invoice requests {state} {order} {text}");
    let query = PageQuery { limit: asked.limit, cursor: asked.cursor };
    let span = Span::of(&shop, &name, &query)?;
    let wanted =
        Wanted { state: asked.state, order: asked.order, text, before: span.id(), limit: span.ask };
    let found = act(&shop, move |app| desk::list(app, &visitor, &wanted)).await?;
    Ok(span.page(&shop, found, |card| card.request.id.to_string()))
}

/// Issue what was asked for
#[describe::path(post, path = "/api/v1/staff/invoice-requests/{request}/invoice",
    operation_id = "staff_issue_invoice", tag = "staff: invoices",
    params(("request" = Id<InvoiceRequest>, Path), KeyHeader),
    responses((status = 201, body = InvoiceView)))]
async fn issue(
    State(shop): State<Shop>,
    At(id): At<InvoiceRequest>,
    Keyed { visitor, again, .. }: Keyed<crate::api::input::Nothing>,
) -> Result<Response, AsJson> {
    let done = act(&shop, move |app| desk::issue(app, &visitor, id)).await?.value;
    let at = format!("/api/v1/staff/invoices/{}", done.id);
    Ok(output::maybe_again(output::made(done, &at), &again))
}

/// Issue many at once
///
/// What is refused holds up no other: each says what became of it.
#[describe::path(post, path = "/api/v1/staff/invoices",
    operation_id = "staff_issue_invoices", tag = "staff: invoices", params(KeyHeader),
    request_body = IssueMany, responses((status = 201, body = Listed<Issued>)))]
async fn issue_many(
    State(shop): State<Shop>,
    Keyed { visitor, body, again }: Keyed<IssueMany>,
) -> Result<Response, AsJson> {
    let done = act(&shop, move |app| desk::issue_many(app, &visitor, &body)).await?.value;
    let Json(listed) = output::all(done);
    let made = output::made(listed, "/api/v1/staff/invoice-requests");
    Ok(output::maybe_again(made, &again))
}

/// Decline what was asked for
#[describe::path(post, path = "/api/v1/staff/invoice-requests/{request}/decline",
    operation_id = "staff_decline_invoice", tag = "staff: invoices",
    params(("request" = Id<InvoiceRequest>, Path), KeyHeader), request_body = Because,
    responses((status = 201, body = RequestView)))]
async fn decline(
    State(shop): State<Shop>,
    At(id): At<InvoiceRequest>,
    Keyed { visitor, body, again }: Keyed<Because>,
) -> Result<Response, AsJson> {
    let done = act(&shop, move |app| desk::decline(app, &visitor, id, &body)).await?.value;
    let made = output::made(done, "/api/v1/staff/invoice-requests");
    Ok(output::maybe_again(made, &again))
}

/// Anybody's invoice
#[describe::path(get, path = "/api/v1/staff/invoices/{invoice}",
    operation_id = "staff_show_invoice", tag = "staff: invoices",
    params(("invoice" = Id<Invoice>, Path)), responses((status = 200, body = InvoiceView)))]
async fn show(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Invoice>,
) -> Result<Json<InvoiceView>, AsJson> {
    Ok(Json(act(&shop, move |app| desk::get(app, &visitor, id)).await?))
}

/// Anybody's invoice as a PDF
#[describe::path(get, path = "/api/v1/staff/invoices/{invoice}/file",
    operation_id = "staff_invoice_file", tag = "staff: invoices",
    params(("invoice" = Id<Invoice>, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/pdf")))]
async fn file(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Invoice>,
) -> Result<Response, AsJson> {
    let (number, bytes) = act(&shop, move |app| {
        let found = desk::get(app, &visitor, id)?;
        Ok((found.number.clone(), pdf::file(&found)?))
    })
    .await?;
    Ok(download::pdf(&number, bytes))
}

/// Take an invoice back
///
/// A red invoice with all its lines and the other sign is issued. Its buyer may ask for another.
#[describe::path(post, path = "/api/v1/staff/invoices/{invoice}/red",
    operation_id = "staff_red_invoice", tag = "staff: invoices",
    params(("invoice" = Id<Invoice>, Path), KeyHeader), request_body = Because,
    responses((status = 201, body = InvoiceView)))]
async fn red(
    State(shop): State<Shop>,
    At(id): At<Invoice>,
    Keyed { visitor, body, again }: Keyed<Because>,
) -> Result<Response, AsJson> {
    let done = act(&shop, move |app| desk::red(app, &visitor, id, &body)).await?.value;
    let at = format!("/api/v1/staff/invoices/{}", done.id);
    Ok(output::maybe_again(output::made(done, &at), &again))
}

/// What there is about the invoice of anybody's order
#[describe::path(get, path = "/api/v1/staff/orders/{order}/invoices",
    operation_id = "staff_order_invoices", tag = "staff: invoices",
    params(("order" = Id<Order>, Path)), responses((status = 200, body = OrderInvoices)))]
async fn of_order(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Order>,
) -> Result<Json<OrderInvoices>, AsJson> {
    Ok(Json(act(&shop, move |app| desk::of_order(app, &visitor, id)).await?))
}

/// How invoices are issued
#[describe::path(get, path = "/api/v1/staff/invoice-settings",
    operation_id = "staff_show_invoice_settings", tag = "staff: invoices",
    responses((status = 200, body = SettingsView)))]
async fn show_settings(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<SettingsView>, AsJson> {
    Ok(Json(act(&shop, move |app| settings::get(app, &visitor)).await?))
}

/// Say how invoices are issued
#[describe::path(put, path = "/api/v1/staff/invoice-settings",
    operation_id = "staff_set_invoice_settings", tag = "staff: invoices",
    request_body = SettingsView, responses((status = 200, body = SettingsView)))]
async fn put_settings(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Body(new): Body<SettingsView>,
) -> Result<Json<SettingsView>, AsJson> {
    Ok(Json(act(&shop, move |app| settings::put(app, &visitor, &new)).await?))
}

/// Every legal text
#[describe::path(get, path = "/api/v1/staff/legal",
    operation_id = "staff_list_legal_texts", tag = "staff: content",
    responses((status = 200, body = Listed<LegalDesk>)))]
async fn texts(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<Listed<LegalDesk>>, AsJson> {
    Ok(output::all(act(&shop, move |app| legal::desk(app, &visitor)).await?))
}

/// A legal text, or one to begin with
#[describe::path(get, path = "/api/v1/staff/legal/{kind}",
    operation_id = "staff_show_legal_text", tag = "staff: content",
    params(("kind" = String, Path)), responses((status = 200, body = LegalDesk)))]
async fn text(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Named(kind): Named,
) -> Result<Json<LegalDesk>, AsJson> {
    let kind = LegalKind::parse(&kind).ok_or(app::failure::Failure::NotFound)?;
    Ok(Json(act(&shop, move |app| legal::desk_one(app, &visitor, kind)).await?))
}

/// Publish a new version of a legal text
///
/// Those before stay readable, and each order keeps the version of the terms it was placed under.
#[describe::path(post, path = "/api/v1/staff/legal/{kind}",
    operation_id = "staff_publish_legal_text", tag = "staff: content",
    params(("kind" = String, Path), KeyHeader), request_body = PublishLegal,
    responses((status = 201, body = LegalDesk)))]
async fn publish(
    State(shop): State<Shop>,
    Named(kind): Named,
    Keyed { visitor, body, again }: Keyed<PublishLegal>,
) -> Result<Response, AsJson> {
    let kind = LegalKind::parse(&kind).ok_or(app::failure::Failure::NotFound)?;
    let done = act(&shop, move |app| legal::publish(app, &visitor, kind, body)).await?;
    let at = format!("/api/v1/legal/{}", kind.code());
    Ok(output::maybe_again(output::made(done, &at), &again))
}

/// The licences of the shop
#[describe::path(get, path = "/api/v1/staff/licence",
    operation_id = "staff_show_licence", tag = "staff: content",
    responses((status = 200, body = LicenceView)))]
async fn licence(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<LicenceView>, AsJson> {
    Ok(Json(act(&shop, move |app| legal::licence_desk(app, &visitor)).await?))
}

/// Say which licences the shop has
#[describe::path(put, path = "/api/v1/staff/licence",
    operation_id = "staff_set_licence", tag = "staff: content",
    request_body = LicenceView, responses((status = 200, body = LicenceView)))]
async fn set_licence(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Body(new): Body<LicenceView>,
) -> Result<Json<LicenceView>, AsJson> {
    Ok(Json(act(&shop, move |app| legal::set_licence(app, &visitor, &new)).await?))
}
