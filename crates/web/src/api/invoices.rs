//! One's own invoices, and what the shop must say of itself.

use app::invoice::{self, AskInvoice, InvoiceView, KnownTitle, OrderInvoices, RequestView};
use app::legal::{self, LegalView, LicenceView};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::invoice::{Invoice, InvoiceRequest, InvoiceTitle};
use domain::legal::LegalKind;
use domain::order::Order;
use serde::Deserialize;

use super::input::{At, Keyed, Named, Query};
use super::output::{self, Listed};
use crate::answer::AsJson;
use crate::visitor::{Anyone, SignedIn};
use crate::{Shop, act, download};
#[cfg(feature = "schema")]
use {super::input::KeyHeader, domain::id::Id};

operations! {
    /// The routes of invoices and of legal texts.
    "/api/v1/orders/{order}/invoices": get of_order, post ask;
    "/api/v1/invoice-requests/{request}": delete withdraw;
    "/api/v1/invoices/{invoice}": get show;
    "/api/v1/invoices/{invoice}/file": get file;
    "/api/v1/invoice-titles": get titles;
    "/api/v1/invoice-titles/{title}": delete forget_title;
    "/api/v1/legal/{kind}": get text;
    "/api/v1/licence": get licence;
}

/// What there is about the invoice of an order of yours
#[describe::path(get, path = "/api/v1/orders/{order}/invoices",
    operation_id = "order_invoices", tag = "invoices",
    params(("order" = Id<Order>, Path)), responses((status = 200, body = OrderInvoices)))]
async fn of_order(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    At(id): At<Order>,
) -> Result<Json<OrderInvoices>, AsJson> {
    Ok(Json(act(&shop, move |app| invoice::of_order(app, &visitor, id)).await?))
}

/// Ask for an invoice
///
/// For a company its tax number is needed: a unified social credit code, or a VAT number with its
/// country.
#[describe::path(post, path = "/api/v1/orders/{order}/invoices",
    operation_id = "ask_invoice", tag = "invoices",
    params(("order" = Id<Order>, Path), KeyHeader), request_body = AskInvoice,
    responses((status = 201, body = RequestView)))]
async fn ask(
    State(shop): State<Shop>,
    At(id): At<Order>,
    Keyed { visitor, body, again }: Keyed<AskInvoice>,
) -> Result<Response, AsJson> {
    let asked = act(&shop, move |app| invoice::ask(app, &visitor, id, body)).await?.value;
    let at = format!("/api/v1/orders/{id}/invoices");
    Ok(output::maybe_again(output::made(asked, &at), &again))
}

/// Take back what you asked for and was not answered yet
#[describe::path(delete, path = "/api/v1/invoice-requests/{request}",
    operation_id = "withdraw_invoice_request", tag = "invoices",
    params(("request" = Id<InvoiceRequest>, Path)),
    responses((status = 200, body = RequestView)))]
async fn withdraw(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    At(id): At<InvoiceRequest>,
) -> Result<Json<RequestView>, AsJson> {
    Ok(Json(act(&shop, move |app| invoice::withdraw(app, &visitor, id)).await?))
}

/// An invoice of yours
#[describe::path(get, path = "/api/v1/invoices/{invoice}",
    operation_id = "show_invoice", tag = "invoices",
    params(("invoice" = Id<Invoice>, Path)), responses((status = 200, body = InvoiceView)))]
async fn show(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    At(id): At<Invoice>,
) -> Result<Json<InvoiceView>, AsJson> {
    Ok(Json(act(&shop, move |app| invoice::get(app, &visitor, id)).await?))
}

/// An invoice of yours as a PDF
#[describe::path(get, path = "/api/v1/invoices/{invoice}/file",
    operation_id = "invoice_file", tag = "invoices",
    params(("invoice" = Id<Invoice>, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/pdf")))]
async fn file(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    At(id): At<Invoice>,
) -> Result<Response, AsJson> {
    let (number, bytes) = act(&shop, move |app| {
        let found = invoice::get(app, &visitor, id)?;
        Ok((found.number.clone(), invoice::pdf::file(&found)?))
    })
    .await?;
    Ok(download::pdf(&number, bytes))
}

/// Whom your invoices named, the last first
#[describe::path(get, path = "/api/v1/invoice-titles",
    operation_id = "list_invoice_titles", tag = "invoices",
    responses((status = 200, body = Listed<KnownTitle>)))]
async fn titles(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
) -> Result<Json<Listed<KnownTitle>>, AsJson> {
    Ok(output::all(act(&shop, move |app| invoice::titles(app, &visitor)).await?))
}

/// Forget a title
#[describe::path(delete, path = "/api/v1/invoice-titles/{title}",
    operation_id = "forget_invoice_title", tag = "invoices",
    params(("title" = Id<InvoiceTitle>, Path)), responses((status = 204)))]
async fn forget_title(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    At(id): At<InvoiceTitle>,
) -> Result<StatusCode, AsJson> {
    act(&shop, move |app| invoice::forget_title(app, &visitor, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which version of a text.
#[derive(Clone, Debug, Default, Deserialize, describe::IntoParams)]
#[into_params(parameter_in = Query)]
struct Version {
    /// The one that holds, when it is left out.
    number: Option<i64>,
}

/// Terms, privacy policy and the like
///
/// `kind` is `terms`, `privacy`, `refunds`, `shipping` or `imprint`. Every version stays readable.
#[describe::path(get, path = "/api/v1/legal/{kind}",
    operation_id = "show_legal_text", tag = "invoices",
    params(("kind" = String, Path), Version), responses((status = 200, body = LegalView)))]
async fn text(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    Named(kind): Named,
    Query(version): Query<Version>,
) -> Result<Json<LegalView>, AsJson> {
    let kind = LegalKind::parse(&kind).ok_or(app::failure::Failure::NotFound)?;
    let number = version.number;
    Ok(Json(act(&shop, move |app| legal::get(app, &visitor, kind, number)).await?))
}

/// The licences of the shop
#[describe::path(get, path = "/api/v1/licence",
    operation_id = "show_licence", tag = "invoices",
    responses((status = 200, body = LicenceView)))]
async fn licence(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
) -> Result<Json<LicenceView>, AsJson> {
    Ok(Json(act(&shop, move |app| legal::licence(app, &visitor)).await?))
}
