//! The points shop: what can be had for points, and what one had.

use app::points_shop::{self, Ask, DeskItem, ExchangeView, ShopView};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use domain::campaign::Campaign;

use super::input::{At, Keyed, PageQuery, Query};
use super::output::{self, Listed, Span};
use crate::answer::AsJson;
use crate::visitor::{Anyone, SignedIn, Staff};
use crate::{Shop, act};
#[cfg(feature = "schema")]
use {super::input::KeyHeader, domain::id::Id};

operations! {
    /// The routes of the points shop.
    "/api/v1/points-shop": get show;
    "/api/v1/points-shop/exchanges": get mine, post exchange;
    "/api/v1/staff/points-shop/{campaign}": get desk;
}

/// What can be had for points
#[describe::path(get, path = "/api/v1/points-shop", operation_id = "show_points_shop",
    tag = "points", responses((status = 200, body = ShopView)))]
async fn show(State(shop): State<Shop>, Anyone(visitor): Anyone) -> Result<Json<ShopView>, AsJson> {
    Ok(Json(act(&shop, move |app| points_shop::show(app, &visitor)).await?))
}

/// What you had for points, the latest first
#[describe::path(get, path = "/api/v1/points-shop/exchanges", operation_id = "list_exchanges",
    tag = "points", params(PageQuery), responses((status = 200, body = Listed<ExchangeView>)))]
async fn mine(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    Query(query): Query<PageQuery>,
) -> Result<Json<Listed<ExchangeView>>, AsJson> {
    let span = Span::of(&shop, "exchanges", &query)?;
    let (before, ask) = (span.number().map(domain::id::Id::new), span.ask);
    let found = act(&shop, move |app| points_shop::mine(app, &visitor, before, ask)).await?;
    Ok(span.page(&shop, found, |one| one.id.0.to_string()))
}

/// Exchange points for something
///
/// A coupon is yours at once. Goods become an order with nothing to pay, or with the money that is
/// asked besides; its points come back as far as it is refunded, and when it closes unpaid.
#[describe::path(post, path = "/api/v1/points-shop/exchanges", operation_id = "exchange_points",
    tag = "points", params(KeyHeader), request_body = Ask,
    responses((status = 201, body = ExchangeView)))]
async fn exchange(
    State(shop): State<Shop>,
    Keyed { visitor, body, again }: Keyed<Ask>,
) -> Result<Response, AsJson> {
    let done = act(&shop, move |app| points_shop::exchange(app, &visitor, body)).await?.value;
    Ok(output::maybe_again(output::made(done, "/api/v1/points-shop/exchanges"), &again))
}

/// How the things of a campaign's points shop go
#[describe::path(get, path = "/api/v1/staff/points-shop/{campaign}",
    operation_id = "staff_show_points_shop", tag = "staff: points",
    params(("campaign" = Id<Campaign>, Path)),
    responses((status = 200, body = Listed<DeskItem>)))]
async fn desk(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Campaign>,
) -> Result<Json<Listed<DeskItem>>, AsJson> {
    Ok(output::all(act(&shop, move |app| points_shop::desk(app, &visitor, id)).await?))
}
