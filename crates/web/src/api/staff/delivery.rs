//! Delivery as staff set it up: ways to ship, what each costs where, places to fetch goods, and
//! giving goods out there.

use app::delivery::{self, MethodView, PointView, PutMethod, PutPoint};
use app::order_desk::{self, DeskView};
use app::pickup::{self, Collect};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use domain::shipping::{Method, PickupPoint};

use crate::answer::AsJson;
use crate::api::input::{At, Body, Keyed};
use crate::api::output::{self, Listed};
use crate::visitor::Staff;
use crate::{Shop, act};
#[cfg(feature = "schema")]
use {crate::api::input::KeyHeader, domain::id::Id};

operations! {
    /// The routes of delivery.
    "/api/v1/staff/shipping-methods": get methods, post add_method;
    "/api/v1/staff/shipping-methods/{method}": put change_method;
    "/api/v1/staff/pickup-points": get points, post add_point;
    "/api/v1/staff/pickup-points/{point}": put change_point;
    "/api/v1/staff/pickups": post collect;
}

/// Every way to ship, in the order checkout shows them
#[describe::path(get, path = "/api/v1/staff/shipping-methods", tag = "staff: delivery",
    operation_id = "staff_list_shipping_methods",
    responses((status = 200, body = Listed<MethodView>)))]
async fn methods(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<Listed<MethodView>>, AsJson> {
    Ok(output::all(act(&shop, move |app| delivery::methods(app, &visitor)).await?))
}

/// Add a way to ship
///
/// Of its rates the one that names an address most exactly holds. Where none does, or the one that
/// does says `delivers: false`, nothing is delivered in this way.
#[describe::path(post, path = "/api/v1/staff/shipping-methods", tag = "staff: delivery",
    operation_id = "staff_add_shipping_method", params(KeyHeader), request_body = PutMethod,
    responses((status = 201, body = MethodView)))]
async fn add_method(
    State(shop): State<Shop>,
    Keyed { visitor, body, again }: Keyed<PutMethod>,
) -> Result<Response, AsJson> {
    let made = act(&shop, move |app| delivery::add_method(app, &visitor, body)).await?;
    let at = format!("/api/v1/staff/shipping-methods/{}", made.id);
    Ok(output::maybe_again(output::made(made, &at), &again))
}

/// Make a way to ship what the body says
///
/// Its kind stays. One that is not `active` is offered no more; orders on their way keep it.
#[describe::path(put, path = "/api/v1/staff/shipping-methods/{method}", tag = "staff: delivery",
    operation_id = "staff_change_shipping_method", params(("method" = Id<Method>, Path)),
    request_body = PutMethod, responses((status = 200, body = MethodView)))]
async fn change_method(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Method>,
    Body(put): Body<PutMethod>,
) -> Result<Json<MethodView>, AsJson> {
    Ok(Json(act(&shop, move |app| delivery::change_method(app, &visitor, id, put)).await?))
}

/// Every place where goods can be fetched
#[describe::path(get, path = "/api/v1/staff/pickup-points", tag = "staff: delivery",
    operation_id = "staff_list_pickup_points",
    responses((status = 200, body = Listed<PointView>)))]
async fn points(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<Listed<PointView>>, AsJson> {
    Ok(output::all(act(&shop, move |app| delivery::points(app, &visitor)).await?))
}

/// Add a place where goods can be fetched
///
/// It is offered together with a way to ship of the kind `pickup`.
#[describe::path(post, path = "/api/v1/staff/pickup-points", tag = "staff: delivery",
    operation_id = "staff_add_pickup_point", params(KeyHeader), request_body = PutPoint,
    responses((status = 201, body = PointView)))]
async fn add_point(
    State(shop): State<Shop>,
    Keyed { visitor, body, again }: Keyed<PutPoint>,
) -> Result<Response, AsJson> {
    let made = act(&shop, move |app| delivery::add_point(app, &visitor, body)).await?;
    let at = format!("/api/v1/staff/pickup-points/{}", made.id);
    Ok(output::maybe_again(output::made(made, &at), &again))
}

/// Make a place what the body says
#[describe::path(put, path = "/api/v1/staff/pickup-points/{point}", tag = "staff: delivery",
    operation_id = "staff_change_pickup_point", params(("point" = Id<PickupPoint>, Path)),
    request_body = PutPoint, responses((status = 200, body = PointView)))]
async fn change_point(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<PickupPoint>,
    Body(put): Body<PutPoint>,
) -> Result<Json<PointView>, AsJson> {
    Ok(Json(act(&shop, move |app| delivery::change_point(app, &visitor, id, put)).await?))
}

/// Give out the goods of the order whose code is shown
///
/// A code is good once.
#[describe::path(post, path = "/api/v1/staff/pickups", tag = "staff: delivery",
    operation_id = "staff_collect_pickup", request_body = Collect,
    responses((status = 200, body = DeskView)))]
async fn collect(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Body(shown): Body<Collect>,
) -> Result<Json<DeskView>, AsJson> {
    let found = act(&shop, move |app| {
        let order = pickup::collect(app, &visitor, &shown)?;
        order_desk::get(app, &visitor, order)
    });
    Ok(Json(found.await?))
}
