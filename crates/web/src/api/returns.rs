//! Returns: what may be asked for about an order, asking, and everything a buyer does after that.

use app::after_sale::{self, NewReturn, ParcelView, ReturnCard, ReturnOffer, ReturnPreview};
use axum::Json;
use axum::extract::{Request, State};
use axum::response::Response;
use describe::ToSchema;
use domain::after_sale::AfterSale;
use domain::order::Order;
use serde::Deserialize;

use super::input::{At, Body, Keyed, Nothing, PageQuery, Query, once_after};
use super::output::{self, Listed, Span};
use crate::answer::AsJson;
use crate::form;
use crate::visitor::SignedIn;
use crate::{Shop, act};
#[cfg(feature = "schema")]
use {super::input::KeyHeader, app::after_sale::ReturnView, domain::id::Id};

operations! {
    /// The routes of returns.
    "/api/v1/orders/{order}/return-offer": get offer;
    "/api/v1/orders/{order}/returns": get of_order;
    "/api/v1/return-previews": post preview;
    "/api/v1/returns": get list, post request;
    "/api/v1/returns/{return}": get show;
    "/api/v1/returns/{return}/pictures": post add_picture;
    "/api/v1/returns/{return}/parcel": post send_back;
    "/api/v1/returns/{return}/withdrawal": post withdraw;
    "/api/v1/returns/{return}/escalation": post escalate;
}

/// What may be returned of an order of yours
///
/// Line by line, with what the units that are left are worth and what they can be exchanged for.
#[describe::path(get, path = "/api/v1/orders/{order}/return-offer", tag = "returns",
    params(("order" = Id<Order>, Path)), responses((status = 200, body = ReturnOffer)))]
async fn offer(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    At(id): At<Order>,
) -> Result<Json<ReturnOffer>, AsJson> {
    Ok(Json(act(&shop, move |app| after_sale::offer(app, &visitor, id)).await?))
}

/// The returns of an order of yours, the latest first
#[describe::path(get, path = "/api/v1/orders/{order}/returns", tag = "returns",
    operation_id = "order_returns", params(("order" = Id<Order>, Path)),
    responses((status = 200, body = Listed<ReturnCard>)))]
async fn of_order(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    At(id): At<Order>,
) -> Result<Json<Listed<ReturnCard>>, AsJson> {
    Ok(output::all(act(&shop, move |app| after_sale::of_order(app, &visitor, id)).await?))
}

/// What a return would give back
///
/// The same checks as when it is asked for. Nothing is kept.
#[describe::path(post, path = "/api/v1/return-previews", tag = "returns",
    request_body = NewReturn, responses((status = 200, body = ReturnPreview)))]
async fn preview(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    Body(new): Body<NewReturn>,
) -> Result<Json<ReturnPreview>, AsJson> {
    Ok(Json(act(&shop, move |app| after_sale::preview(app, &visitor, &new)).await?))
}

/// Your returns, the latest first
#[describe::path(get, path = "/api/v1/returns", tag = "returns", operation_id = "returns",
    params(PageQuery), responses((status = 200, body = Listed<ReturnCard>)))]
async fn list(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    Query(query): Query<PageQuery>,
) -> Result<Json<Listed<ReturnCard>>, AsJson> {
    let span = Span::of(&shop, "returns", &query)?;
    let (before, ask) = (span.id(), span.ask);
    let found = act(&shop, move |app| after_sale::mine(app, &visitor, before, ask)).await?;
    Ok(span.page(&shop, found, |one| one.id.to_string()))
}

/// Ask for a return
///
/// Units of lines of one order that was shipped: money back for goods you keep, money back for
/// goods you send back, or others instead. An amount above what the units really cost is refused.
#[describe::path(post, path = "/api/v1/returns", tag = "returns", operation_id = "ask_return",
    params(KeyHeader), request_body = NewReturn, responses((status = 201, body = ReturnView)))]
async fn request(
    State(shop): State<Shop>,
    Keyed { visitor, body, again }: Keyed<NewReturn>,
) -> Result<Response, AsJson> {
    let made = act(&shop, move |app| after_sale::request(app, &visitor, body, &[])).await?;
    let at = format!("/api/v1/returns/{}", made.id);
    Ok(output::maybe_again(output::made(made, &at), &again))
}

/// A return of yours
#[describe::path(get, path = "/api/v1/returns/{return}", tag = "returns",
    operation_id = "show_return", params(("return" = Id<AfterSale>, Path)),
    responses((status = 200, body = ReturnView)))]
async fn show(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    At(id): At<AfterSale>,
) -> Result<Response, AsJson> {
    let found = act(&shop, move |app| after_sale::get(app, &visitor, id)).await?;
    let version = found.version;
    Ok(output::versioned(found, version))
}

/// The file of a picture, as it is.
#[cfg(feature = "schema")]
#[derive(describe::ToSchema)]
#[schema(value_type = String, format = Binary, as = ReturnPictureFile)]
struct PictureFile(#[expect(dead_code, reason = "only described; it is read as it comes")] Vec<u8>);

/// Show what is wrong
///
/// A picture (JPEG, PNG or WebP, at most 8 MB), while somebody is to decide; six at most.
#[describe::path(post, path = "/api/v1/returns/{return}/pictures", tag = "returns",
    operation_id = "add_return_picture", params(("return" = Id<AfterSale>, Path)),
    request_body(content = PictureFile, content_type = "application/octet-stream"),
    responses((status = 201, body = ReturnView)))]
async fn add_picture(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    At(id): At<AfterSale>,
    request: Request,
) -> Result<Response, AsJson> {
    visitor.shopper()?;
    let most = app::file::picture::MOST_BYTES;
    let bytes = form::body(request.into_body(), most).await?;
    let found = act(&shop, move |app| after_sale::add_picture(app, &visitor, id, &bytes)).await?;
    Ok(output::made(found, &format!("/api/v1/returns/{id}")))
}

/// Say that the goods are on their way back
#[describe::path(post, path = "/api/v1/returns/{return}/parcel", tag = "returns",
    operation_id = "send_return_back", params(("return" = Id<AfterSale>, Path), KeyHeader),
    request_body = ParcelView, responses((status = 200, body = ReturnView)))]
async fn send_back(
    State(shop): State<Shop>,
    At(id): At<AfterSale>,
    Keyed { visitor, body, again }: Keyed<ParcelView>,
) -> Result<Response, AsJson> {
    let found = act(&shop, move |app| {
        once_after(app, &visitor, "return.parcel", || {
            after_sale::send_back(app, &visitor, id, body)
        })
    })
    .await?;
    let version = found.version;
    Ok(output::maybe_again(output::versioned(found, version), &again))
}

/// Take a return back
///
/// Before money or goods have moved. What was asked for can be asked for again.
#[describe::path(post, path = "/api/v1/returns/{return}/withdrawal", tag = "returns",
    operation_id = "withdraw_return", params(("return" = Id<AfterSale>, Path), KeyHeader),
    request_body = Nothing, responses((status = 200, body = ReturnView)))]
async fn withdraw(
    State(shop): State<Shop>,
    At(id): At<AfterSale>,
    Keyed { visitor, again, .. }: Keyed<Nothing>,
) -> Result<Response, AsJson> {
    let found = act(&shop, move |app| {
        once_after(app, &visitor, "return.withdraw", || after_sale::withdraw(app, &visitor, id))
    })
    .await?;
    let version = found.version;
    Ok(output::maybe_again(output::versioned(found, version), &again))
}

/// What is told about a return.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = ReturnText)]
struct Told {
    text: String,
}

/// Take a refusal to the owner of the shop
#[describe::path(post, path = "/api/v1/returns/{return}/escalation", tag = "returns",
    operation_id = "escalate_return", params(("return" = Id<AfterSale>, Path), KeyHeader),
    request_body = Told, responses((status = 200, body = ReturnView)))]
async fn escalate(
    State(shop): State<Shop>,
    At(id): At<AfterSale>,
    Keyed { visitor, body: Told { text }, again }: Keyed<Told>,
) -> Result<Response, AsJson> {
    let found = act(&shop, move |app| {
        once_after(app, &visitor, "return.escalate", || {
            after_sale::escalate(app, &visitor, id, &text)
        })
    })
    .await?;
    let version = found.version;
    Ok(output::maybe_again(output::versioned(found, version), &again))
}
