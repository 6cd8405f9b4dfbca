//! What staff change and keep of orders: prices, lines, addresses, notes, tags, views, bulks.

use app::failure::Failure;
use app::order_desk::bulk;
use app::order_desk::label::{self, AddNote, Tag};
use app::order_desk::looks::{self, Keep, Look};
use app::order_desk::timeline::{self, Happened};
use app::order_desk::{BulkView, DeskView, Start};
use app::order_edit::{self, AddressQuote, ChangeAddress, ChangePrice, Swap, SwapChoice, TakeOut};
use app::pay_link::{self, LinkView};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use describe::ToSchema;
use domain::order::Order;
use domain::order_desk::{Bulk, View};
use domain::place::Address;
use serde::Serialize;

use crate::answer::AsJson;
use crate::api::input::{At, Body, Keyed, Nothing, once_after};
use crate::api::output::{self, Listed};
use crate::visitor::Staff;
use crate::{Shop, act};
#[cfg(feature = "schema")]
use {crate::api::input::KeyHeader, domain::id::Id};

operations! {
    /// The routes of the order desk.
    "/api/v1/staff/orders/{order}/price": post change_price;
    "/api/v1/staff/orders/{order}/removals": post take_out;
    "/api/v1/staff/orders/{order}/swaps": get swap_choices, post swap;
    "/api/v1/staff/orders/{order}/address": put change_address;
    "/api/v1/staff/orders/{order}/address-quote": post quote_address;
    "/api/v1/staff/orders/{order}/notes": post note;
    "/api/v1/staff/orders/{order}/tags": post tag;
    "/api/v1/staff/orders/{order}/timeline": get timeline;
    "/api/v1/staff/orders/{order}/pay-link": post pay_link, put replace_pay_link;
    "/api/v1/staff/order-tags": get tags;
    "/api/v1/staff/order-views": get views, post keep_view;
    "/api/v1/staff/order-views/{view}": delete remove_view;
    "/api/v1/staff/order-bulks": post start_bulk;
    "/api/v1/staff/order-bulks/{bulk}": get show_bulk;
}

/// Change what an unpaid order costs
///
/// What was begun to be paid at the old price is closed at the provider first; when it turns out to
/// be paid, the price stays. Its buyer is told, with the reason.
#[describe::path(post, path = "/api/v1/staff/orders/{order}/price", tag = "staff: orders",
    operation_id = "staff_change_order_price", params(("order" = Id<Order>, Path), KeyHeader),
    request_body = ChangePrice, responses((status = 200, body = DeskView)))]
async fn change_price(
    State(shop): State<Shop>,
    At(id): At<Order>,
    Keyed { visitor, body, again }: Keyed<ChangePrice>,
) -> Result<Response, AsJson> {
    let found = act(&shop, move |app| {
        let change = || order_edit::change_price(app, &visitor, id, &body);
        once_after(app, &visitor, "order.price", change)
    })
    .await?;
    Ok(output::maybe_again(Json(found).into_response(), &again))
}

/// Take units out of a paid order that were not sent
///
/// Their share of what the line cost goes back, and they can be sold again.
#[describe::path(post, path = "/api/v1/staff/orders/{order}/removals", tag = "staff: orders",
    operation_id = "staff_take_out_of_order", params(("order" = Id<Order>, Path), KeyHeader),
    request_body = TakeOut, responses((status = 200, body = DeskView)))]
async fn take_out(
    State(shop): State<Shop>,
    At(id): At<Order>,
    Keyed { visitor, body, again }: Keyed<TakeOut>,
) -> Result<Response, AsJson> {
    let found = act(&shop, move |app| {
        let out = || order_edit::take_out(app, &visitor, id, &body);
        once_after(app, &visitor, "order.out", out)
    })
    .await?;
    Ok(output::maybe_again(Json(found).into_response(), &again))
}

/// What the lines of an order can be swapped for
#[describe::path(get, path = "/api/v1/staff/orders/{order}/swaps", tag = "staff: orders",
    operation_id = "staff_list_order_swaps", params(("order" = Id<Order>, Path)),
    responses((status = 200, body = Listed<SwapChoice>)))]
async fn swap_choices(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Order>,
) -> Result<Json<Listed<SwapChoice>>, AsJson> {
    let found = act(&shop, move |app| order_edit::swap_choices(app, &visitor, id)).await?;
    Ok(output::all(found))
}

/// Send another variant of the same product and price instead
#[describe::path(post, path = "/api/v1/staff/orders/{order}/swaps", tag = "staff: orders",
    operation_id = "staff_swap_order_variant", params(("order" = Id<Order>, Path), KeyHeader),
    request_body = Swap, responses((status = 200, body = DeskView)))]
async fn swap(
    State(shop): State<Shop>,
    At(id): At<Order>,
    Keyed { visitor, body, again }: Keyed<Swap>,
) -> Result<Response, AsJson> {
    let found = act(&shop, move |app| {
        once_after(app, &visitor, "order.swap", || order_edit::swap(app, &visitor, id, &body))
    })
    .await?;
    Ok(output::maybe_again(Json(found).into_response(), &again))
}

/// Send an order to another address
///
/// The fee stays, unless `apply_fee` says otherwise. Nobody is charged more for what is paid.
#[describe::path(put, path = "/api/v1/staff/orders/{order}/address", tag = "staff: orders",
    operation_id = "staff_change_order_address", params(("order" = Id<Order>, Path)),
    request_body = ChangeAddress, responses((status = 200, body = DeskView)))]
async fn change_address(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Order>,
    Body(change): Body<ChangeAddress>,
) -> Result<Json<DeskView>, AsJson> {
    let change = move |app: &app::App| order_edit::change_address(app, &visitor, id, &change);
    Ok(Json(act(&shop, change).await?))
}

/// What another address would change of the fee
#[describe::path(post, path = "/api/v1/staff/orders/{order}/address-quote", tag = "staff: orders",
    operation_id = "staff_quote_order_address", params(("order" = Id<Order>, Path)),
    request_body = Address, responses((status = 200, body = AddressQuote)))]
async fn quote_address(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Order>,
    Body(address): Body<Address>,
) -> Result<Json<AddressQuote>, AsJson> {
    let quote = move |app: &app::App| order_edit::quote_address(app, &visitor, id, &address);
    Ok(Json(act(&shop, quote).await?))
}

/// Write something down about an order
///
/// Buyers never see it.
#[describe::path(post, path = "/api/v1/staff/orders/{order}/notes", tag = "staff: orders",
    operation_id = "staff_note_order", params(("order" = Id<Order>, Path), KeyHeader),
    request_body = AddNote, responses((status = 201, body = DeskView)))]
async fn note(
    State(shop): State<Shop>,
    At(id): At<Order>,
    Keyed { visitor, body, again }: Keyed<AddNote>,
) -> Result<Response, AsJson> {
    let found = act(&shop, move |app| {
        once_after(app, &visitor, "order.note", || label::note(app, &visitor, id, &body))
    })
    .await?;
    let at = format!("/api/v1/staff/orders/{id}");
    Ok(output::maybe_again(output::made(found, &at), &again))
}

/// Put tags on an order, and take some off
#[describe::path(post, path = "/api/v1/staff/orders/{order}/tags", tag = "staff: orders",
    operation_id = "staff_tag_order", params(("order" = Id<Order>, Path)), request_body = Tag,
    responses((status = 200, body = DeskView)))]
async fn tag(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Order>,
    Body(tags): Body<Tag>,
) -> Result<Json<DeskView>, AsJson> {
    Ok(Json(act(&shop, move |app| label::tag(app, &visitor, id, &tags)).await?))
}

/// Everything that happened to an order, the last first
#[describe::path(get, path = "/api/v1/staff/orders/{order}/timeline", tag = "staff: orders",
    operation_id = "staff_order_timeline", params(("order" = Id<Order>, Path)),
    responses((status = 200, body = Listed<Happened>)))]
async fn timeline(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Order>,
) -> Result<Json<Listed<Happened>>, AsJson> {
    Ok(output::all(act(&shop, move |app| timeline::get(app, &visitor, id)).await?))
}

/// The link an unpaid order is paid by
#[describe::path(post, path = "/api/v1/staff/orders/{order}/pay-link", tag = "staff: orders",
    operation_id = "staff_pay_link", params(("order" = Id<Order>, Path)),
    responses((status = 200, body = LinkView)))]
async fn pay_link(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Order>,
    Body(Nothing {}): Body<Nothing>,
) -> Result<Json<LinkView>, AsJson> {
    Ok(Json(act(&shop, move |app| pay_link::make(app, &visitor, id)).await?))
}

/// Make another link; the one before leads nowhere
#[describe::path(put, path = "/api/v1/staff/orders/{order}/pay-link", tag = "staff: orders",
    operation_id = "staff_replace_pay_link", params(("order" = Id<Order>, Path)),
    responses((status = 200, body = LinkView)))]
async fn replace_pay_link(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Order>,
    Body(Nothing {}): Body<Nothing>,
) -> Result<Json<LinkView>, AsJson> {
    Ok(Json(act(&shop, move |app| pay_link::replace(app, &visitor, id)).await?))
}

/// A tag with how many orders have it.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct OrderTag {
    tag: String,
    orders: i64,
}

/// Every tag of orders, the most used first
#[describe::path(get, path = "/api/v1/staff/order-tags", tag = "staff: orders",
    operation_id = "staff_list_order_tags", responses((status = 200, body = Listed<OrderTag>)))]
async fn tags(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<Listed<OrderTag>>, AsJson> {
    let found = act(&shop, move |app| label::all_tags(app, &visitor)).await?;
    Ok(output::all(found.into_iter().map(|(tag, orders)| OrderTag { tag, orders }).collect()))
}

/// Kept ways to look at orders: one's own, and those of everybody
#[describe::path(get, path = "/api/v1/staff/order-views", tag = "staff: orders",
    operation_id = "staff_list_order_views", responses((status = 200, body = Listed<Look>)))]
async fn views(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<Listed<Look>>, AsJson> {
    Ok(output::all(act(&shop, move |app| looks::list(app, &visitor)).await?))
}

/// Keep a way to look at orders
///
/// The same name again replaces it. Only owners keep ways for everybody.
#[describe::path(post, path = "/api/v1/staff/order-views", tag = "staff: orders",
    operation_id = "staff_keep_order_view", request_body = Keep,
    responses((status = 200, body = Listed<Look>)))]
async fn keep_view(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Body(keep): Body<Keep>,
) -> Result<Json<Listed<Look>>, AsJson> {
    Ok(output::all(act(&shop, move |app| looks::keep(app, &visitor, &keep)).await?))
}

/// Take a way to look away
#[describe::path(delete, path = "/api/v1/staff/order-views/{view}", tag = "staff: orders",
    operation_id = "staff_remove_order_view", params(("view" = Id<View>, Path)),
    responses((status = 204)))]
async fn remove_view(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<View>,
) -> Result<StatusCode, AsJson> {
    act(&shop, move |app| looks::remove(app, &visitor, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Act on many orders
///
/// Each is done for itself: ask for it again to see what became of each. At most 5,000.
#[describe::path(post, path = "/api/v1/staff/order-bulks", tag = "staff: orders",
    operation_id = "staff_start_order_bulk", params(KeyHeader), request_body = Start,
    responses((status = 202, body = BulkView)))]
async fn start_bulk(
    State(shop): State<Shop>,
    Keyed { visitor, body, again }: Keyed<Start>,
) -> Result<Response, AsJson> {
    let found = act(&shop, move |app| {
        once_after(app, &visitor, "order.bulk", || {
            let id = bulk::start(app, &visitor, &body)?;
            bulk::get(app, &visitor, id)
        })
    })
    .await?;
    let answer = (StatusCode::ACCEPTED, Json(found)).into_response();
    Ok(output::maybe_again(answer, &again))
}

/// What became of each of many orders
#[describe::path(get, path = "/api/v1/staff/order-bulks/{bulk}", tag = "staff: orders",
    operation_id = "staff_show_order_bulk", params(("bulk" = Id<Bulk>, Path)),
    responses((status = 200, body = BulkView)))]
async fn show_bulk(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Bulk>,
) -> Result<Json<BulkView>, AsJson> {
    let found: Result<BulkView, Failure> =
        act(&shop, move |app| bulk::get(app, &visitor, id)).await;
    Ok(Json(found?))
}
