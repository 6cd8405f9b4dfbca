//! Coupons for shoppers: what can be taken, taking it, what one has; and how a price came about.

use app::coupon::{self, CouponView, Offered};
use app::coupon_drop::{self, DropView};
use app::price_story::{self, Story};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use describe::ToSchema;
use domain::campaign::Campaign;
use domain::coupon::Template;
use domain::order::Order;
use serde::Deserialize;

use super::input::{At, Keyed, Named, Nothing};
use super::output::{self, Listed};
use crate::answer::AsJson;
use crate::visitor::{Anyone, SignedIn};
use crate::{Shop, act};
#[cfg(feature = "schema")]
use {super::input::KeyHeader, app::coupon_drop::TakenView, domain::id::Id};

operations! {
    /// The routes of coupons.
    "/api/v1/coupons": get centre;
    "/api/v1/coupons/{coupon_template}": post claim;
    "/api/v1/coupon-links/{link}": get offered, post claim_by_link;
    "/api/v1/coupon-drops": get drops;
    "/api/v1/coupon-drops/{campaign}": get show_drop, post claim_drop;
    "/api/v1/me/coupons": get mine, post redeem;
    "/api/v1/orders/{order}/price": get price;
}

/// The coupons everybody can take now
///
/// For whoever is signed in each says how many they have taken.
#[describe::path(get, path = "/api/v1/coupons", tag = "coupons",
    operation_id = "list_coupons", responses((status = 200, body = Listed<Offered>)))]
async fn centre(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
) -> Result<Json<Listed<Offered>>, AsJson> {
    Ok(output::all(act(&shop, move |app| coupon::centre(app, &visitor)).await?))
}

/// Take a coupon
///
/// One of those that everybody can take. It is yours at once, and is offered with your quotes.
#[describe::path(post, path = "/api/v1/coupons/{coupon_template}", tag = "coupons",
    operation_id = "claim_coupon",
    params(("coupon_template" = Id<Template>, Path), KeyHeader),
    responses((status = 201, body = CouponView)))]
async fn claim(
    State(shop): State<Shop>,
    At(template): At<Template>,
    Keyed { visitor, again, .. }: Keyed<Nothing>,
) -> Result<Response, AsJson> {
    let taken = act(&shop, move |app| coupon::claim(app, &visitor, template)).await?;
    Ok(output::maybe_again(output::made(taken, "/api/v1/me/coupons"), &again))
}

/// The coupon a link offers
#[describe::path(get, path = "/api/v1/coupon-links/{link}", tag = "coupons",
    operation_id = "show_coupon_link", params(("link" = String, Path)),
    responses((status = 200, body = Offered)))]
async fn offered(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    Named(link): Named,
) -> Result<Json<Offered>, AsJson> {
    Ok(Json(act(&shop, move |app| coupon::offered(app, &visitor, &link)).await?))
}

/// Take the coupon a link offers
#[describe::path(post, path = "/api/v1/coupon-links/{link}", tag = "coupons",
    operation_id = "claim_coupon_by_link", params(("link" = String, Path), KeyHeader),
    responses((status = 201, body = CouponView)))]
async fn claim_by_link(
    State(shop): State<Shop>,
    Named(link): Named,
    Keyed { visitor, again, .. }: Keyed<Nothing>,
) -> Result<Response, AsJson> {
    let taken = act(&shop, move |app| coupon::claim_by_link(app, &visitor, &link)).await?;
    Ok(output::maybe_again(output::made(taken, "/api/v1/me/coupons"), &again))
}

/// The coupon drops that are on, the one that ends first in front
#[describe::path(get, path = "/api/v1/coupon-drops", tag = "coupons",
    operation_id = "list_coupon_drops", responses((status = 200, body = Listed<DropView>)))]
async fn drops(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
) -> Result<Json<Listed<DropView>>, AsJson> {
    Ok(output::all(act(&shop, move |app| coupon_drop::list(app, &visitor)).await?))
}

/// A coupon drop
#[describe::path(get, path = "/api/v1/coupon-drops/{campaign}", tag = "coupons",
    operation_id = "show_coupon_drop", params(("campaign" = Id<Campaign>, Path)),
    responses((status = 200, body = DropView)))]
async fn show_drop(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    At(id): At<Campaign>,
) -> Result<Json<DropView>, AsJson> {
    Ok(Json(act(&shop, move |app| coupon_drop::get(app, &visitor, id)).await?))
}

/// Take a coupon of a drop
///
/// It is yours at once, and is offered with your quotes.
#[describe::path(post, path = "/api/v1/coupon-drops/{campaign}", tag = "coupons",
    operation_id = "claim_coupon_drop", params(("campaign" = Id<Campaign>, Path), KeyHeader),
    request_body = Nothing, responses((status = 201, body = TakenView)))]
async fn claim_drop(
    State(shop): State<Shop>,
    At(id): At<Campaign>,
    Keyed { visitor, again, .. }: Keyed<Nothing>,
) -> Result<Response, AsJson> {
    let taken = act(&shop, move |app| coupon_drop::claim(app, &visitor, id)).await?.value;
    Ok(output::maybe_again(output::made(taken, "/api/v1/me/coupons"), &again))
}

/// Your coupons, the newest first
#[describe::path(get, path = "/api/v1/me/coupons", tag = "coupons",
    operation_id = "my_coupons", responses((status = 200, body = Listed<CouponView>)))]
async fn mine(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
) -> Result<Json<Listed<CouponView>>, AsJson> {
    Ok(output::all(act(&shop, move |app| coupon::mine(app, &visitor)).await?))
}

/// A code as it was typed.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct RedeemCode {
    code: String,
}

/// Take the coupon a code makes
///
/// Small letters, spaces and hyphens are forgiven. Twenty wrong ones in an hour, and no more.
#[describe::path(post, path = "/api/v1/me/coupons", tag = "coupons",
    operation_id = "redeem_coupon_code", params(KeyHeader), request_body = RedeemCode,
    responses((status = 201, body = CouponView)))]
async fn redeem(
    State(shop): State<Shop>,
    Keyed { visitor, body, again }: Keyed<RedeemCode>,
) -> Result<Response, AsJson> {
    let taken = act(&shop, move |app| coupon::redeem(app, &visitor, &body.code)).await?;
    Ok(output::maybe_again(output::made(taken, "/api/v1/me/coupons"), &again))
}

/// How the price of your order came about
///
/// Step by step, with each line's share of each.
#[describe::path(get, path = "/api/v1/orders/{order}/price", tag = "orders",
    operation_id = "show_order_price", params(("order" = Id<Order>, Path)),
    responses((status = 200, body = Story)))]
async fn price(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    At(order): At<Order>,
) -> Result<Json<Story>, AsJson> {
    Ok(Json(act(&shop, move |app| price_story::mine(app, &visitor, order)).await?))
}
