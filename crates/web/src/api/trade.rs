//! Buying: quotes, orders and paying for them; group buys, teams and a place in one.

use app::Visitor;
use app::checkout::{self, Ask, Place, Placed, QuoteView, What};
use app::failure::Failure;
use app::group_buy::{self, GroupBuyView};
use app::order::{self, OrderCard, Shelf};
use app::order_desk;
use app::payment::{self, Pay, PayView};
use app::team::{self, TeamCard, TeamView};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use describe::{IntoParams, ToSchema};
use domain::catalog::Variant;
use domain::group_buy::{GroupBuy, Team};
use domain::id::Id;
use domain::order::Order;
use domain::place::Address;
use domain::shipping::PickupPoint;
use serde::Deserialize;

use super::input::{At, Body, Keyed, Nothing, PageQuery, Query, once_after};
use super::output::{self, Listed, Span};
use crate::answer::AsJson;
use crate::visitor::{Anyone, SignedIn};
use crate::{Shop, act, wait};
#[cfg(feature = "schema")]
use {super::input::KeyHeader, app::order::OrderView};

operations! {
    /// The routes about buying.
    "/api/v1/quotes": post quote;
    "/api/v1/orders": get orders, post place;
    "/api/v1/orders/{order}": get show_order;
    "/api/v1/orders/{order}/cancellation": post cancel;
    "/api/v1/orders/{order}/receipt": post confirm;
    "/api/v1/orders/{order}/payment": post pay;
    "/api/v1/group-buys": get group_buys;
    "/api/v1/group-buys/{group_buy}": get show_group_buy;
    "/api/v1/teams": get teams;
    "/api/v1/me/teams": get my_teams;
    "/api/v1/teams/{team}": get show_team;
    "/api/v1/teams/{team}/members": post join, delete leave;
}

/// What something would cost
///
/// Part by part, with the ways to ship. Nothing is kept, and no account is needed.
#[describe::path(post, path = "/api/v1/quotes", tag = "orders", request_body = Ask,
    responses((status = 200, body = QuoteView)))]
async fn quote(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    Body(ask): Body<Ask>,
) -> Result<Json<QuoteView>, AsJson> {
    Ok(Json(act(&shop, move |app| checkout::ask(app, &visitor, ask)).await?))
}

/// Which of your orders.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OrderQuery {
    #[serde(default)]
    #[param(inline)]
    shelf: Shelf,
    /// How many, 1 to 100; 20 when it is not said.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Your orders, the latest first
#[describe::path(get, path = "/api/v1/orders", tag = "orders", params(OrderQuery),
    responses((status = 200, body = Listed<OrderCard>)))]
async fn orders(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    Query(query): Query<OrderQuery>,
) -> Result<Json<Listed<OrderCard>>, AsJson> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let span = Span::of(&shop, &format!("orders\n{:?}", query.shelf), &page)?;
    let (before, ask, shelf) = (span.id(), span.ask, query.shelf);
    let found = act(&shop, move |app| order::mine(app, &visitor, shelf, before, ask)).await?;
    Ok(span.page(&shop, found, |order| order.id.to_string()))
}

/// Place an order
///
/// Takes the units and, in a team, the place, both until `pay_by`. With `expected_total` a total
/// that has changed is refused as `order.price_changed`.
#[describe::path(post, path = "/api/v1/orders", tag = "orders", params(KeyHeader),
    request_body = Place, responses((status = 201, body = Placed)))]
async fn place(
    State(shop): State<Shop>,
    Keyed { visitor, body, again }: Keyed<Place>,
) -> Result<Response, AsJson> {
    let placed = place_one(&shop, &visitor, body).await?;
    let at = format!("/api/v1/orders/{}", placed.order);
    Ok(output::maybe_again(output::made(placed, &at), &again))
}

async fn place_one(shop: &Shop, visitor: &Visitor, order: Place) -> Result<Placed, Failure> {
    let placed = wait(shop, |aside, told| {
        checkout::place_aside(&shop.app, visitor, order, aside, |placed| drop(told.send(placed)));
    });
    Ok(placed.await?.value)
}

/// An order of yours
#[describe::path(get, path = "/api/v1/orders/{order}", tag = "orders",
    params(("order" = Id<Order>, Path)), responses((status = 200, body = OrderView)))]
async fn show_order(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    At(id): At<Order>,
) -> Result<Response, AsJson> {
    let found = act(&shop, move |app| order::get(app, &visitor, id)).await?;
    let version = found.version;
    Ok(output::versioned(found, version))
}

/// End an order of yours
///
/// Unpaid it is cancelled; in an open team it leaves the team; paid and not yet shipped it is
/// refunded in full. An order that has ended already is refused as `order.not_now`.
#[describe::path(post, path = "/api/v1/orders/{order}/cancellation", tag = "orders",
    params(("order" = Id<Order>, Path), KeyHeader), request_body = Nothing,
    responses((status = 200, body = OrderView)))]
async fn cancel(
    State(shop): State<Shop>,
    At(id): At<Order>,
    Keyed { visitor, again, .. }: Keyed<Nothing>,
) -> Result<Response, AsJson> {
    let found = act(&shop, move |app| {
        once_after(app, &visitor, "order.cancel", || order_desk::cancel(app, &visitor, id))
    })
    .await?;
    let version = found.version;
    Ok(output::maybe_again(output::versioned(found, version), &again))
}

/// Confirm that an order has arrived
#[describe::path(post, path = "/api/v1/orders/{order}/receipt", tag = "orders",
    params(("order" = Id<Order>, Path), KeyHeader), request_body = Nothing,
    responses((status = 200, body = OrderView)))]
async fn confirm(
    State(shop): State<Shop>,
    At(id): At<Order>,
    Keyed { visitor, again, .. }: Keyed<Nothing>,
) -> Result<Response, AsJson> {
    let found = act(&shop, move |app| {
        once_after(app, &visitor, "order.receive", || {
            order_desk::confirm_receipt(app, &visitor, id)
        })
    })
    .await?;
    let version = found.version;
    Ok(output::maybe_again(output::versioned(found, version), &again))
}

/// Begin to pay for an order
///
/// Answers with the address where the buyer pays. Asking again goes on with the same payment. What
/// the wallet pays is promised at once and taken when the rest has come; when it pays for
/// everything the order is paid, and the provider is `wallet`.
#[describe::path(post, path = "/api/v1/orders/{order}/payment", tag = "orders",
    params(("order" = Id<Order>, Path), KeyHeader), request_body = Pay,
    responses((status = 200, body = PayView)))]
async fn pay(
    State(shop): State<Shop>,
    At(id): At<Order>,
    Keyed { visitor, body, .. }: Keyed<Pay>,
) -> Result<Json<PayView>, AsJson> {
    Ok(Json(act(&shop, move |app| payment::begin_with(app, &visitor, id, body)).await?))
}

/// Group buys in which a team can be opened now
#[describe::path(get, path = "/api/v1/group-buys", tag = "group buys", params(PageQuery),
    responses((status = 200, body = Listed<GroupBuyView>)))]
async fn group_buys(
    State(shop): State<Shop>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Listed<GroupBuyView>>, AsJson> {
    let span = Span::of(&shop, "group-buys", &query)?;
    let (before, ask) = (span.id(), span.ask);
    let found = act(&shop, move |app| group_buy::running(app, before, ask)).await?;
    Ok(span.page(&shop, found, |one| one.id.to_string()))
}

/// A group buy: its terms, rules and prices
#[describe::path(get, path = "/api/v1/group-buys/{group_buy}", tag = "group buys",
    params(("group_buy" = Id<GroupBuy>, Path)), responses((status = 200, body = GroupBuyView)))]
async fn show_group_buy(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    At(id): At<GroupBuy>,
) -> Result<Json<GroupBuyView>, AsJson> {
    Ok(Json(act(&shop, move |app| group_buy::get(app, &visitor, id)).await?))
}

/// Which open teams.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TeamQuery {
    /// The handle of a product.
    product: Option<String>,
    /// How many, 1 to 100; 20 when it is not said.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

/// Open teams anybody may join
///
/// Those with least missing and least time first. This list changes from moment to moment and is
/// therefore one page.
#[describe::path(get, path = "/api/v1/teams", tag = "group buys", params(TeamQuery),
    responses((status = 200, body = Listed<TeamCard>)))]
async fn teams(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    Query(query): Query<TeamQuery>,
) -> Result<Json<Listed<TeamCard>>, AsJson> {
    let limit = PageQuery { limit: query.limit, cursor: None }.limit()?;
    let product = query.product;
    let found =
        act(&shop, move |app| team::open_teams(app, &visitor, product.as_deref(), limit)).await?;
    Ok(output::all(found))
}

/// Your teams, the latest first
#[describe::path(get, path = "/api/v1/me/teams", tag = "group buys", params(PageQuery),
    responses((status = 200, body = Listed<TeamCard>)))]
async fn my_teams(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    Query(query): Query<PageQuery>,
) -> Result<Json<Listed<TeamCard>>, AsJson> {
    let span = Span::of(&shop, "my teams", &query)?;
    let (before, ask) = (span.id(), span.ask);
    let found = act(&shop, move |app| team::mine(app, &visitor, before, ask)).await?;
    Ok(span.page(&shop, found, |team| team.id.to_string()))
}

/// A team
///
/// `server_time` is what a countdown to `deadline` starts from.
#[describe::path(get, path = "/api/v1/teams/{team}", tag = "group buys",
    params(("team" = Id<Team>, Path)), responses((status = 200, body = TeamView)))]
async fn show_team(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    At(id): At<Team>,
) -> Result<Response, AsJson> {
    let found = act(&shop, move |app| team::get(app, &visitor, id)).await?;
    let version = found.version;
    Ok(output::versioned(found, version))
}

/// An order that takes a place in a team.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct Join {
    variant: Id<Variant>,
    #[serde(default = "one")]
    #[schema(default = 1)]
    quantity: i64,
    #[serde(default)]
    shipping_method: String,
    address: Address,
    #[serde(default)]
    pickup_point: Option<Id<PickupPoint>>,
    #[serde(default)]
    note: String,
    #[serde(default)]
    gift_message: Option<String>,
    #[serde(default)]
    expected_total: Option<i64>,
}

fn one() -> i64 {
    1
}

/// Join a team
///
/// Places an order whose place is held until `pay_by` and is yours once it is paid.
#[describe::path(post, path = "/api/v1/teams/{team}/members", tag = "group buys",
    params(("team" = Id<Team>, Path), KeyHeader), request_body = Join,
    responses((status = 201, body = Placed)))]
async fn join(
    State(shop): State<Shop>,
    At(team): At<Team>,
    Keyed { visitor, body, again }: Keyed<Join>,
) -> Result<Response, AsJson> {
    let order = Place {
        what: What::JoinTeam { team, variant: body.variant, quantity: body.quantity },
        shipping_method: body.shipping_method,
        address: body.address,
        pickup_point: body.pickup_point,
        note: body.note,
        gift_message: body.gift_message,
        gift: None,
        coupons: None,
        points: 0,
        expected_total: body.expected_total,
    };
    let placed = place_one(&shop, &visitor, order).await?;
    let at = format!("/api/v1/orders/{}", placed.order);
    Ok(output::maybe_again(output::made(placed, &at), &again))
}

/// Leave a team
///
/// While it is open: your place is free again and your money goes back.
#[describe::path(delete, path = "/api/v1/teams/{team}/members", tag = "group buys",
    params(("team" = Id<Team>, Path)), responses((status = 200, body = TeamView)))]
async fn leave(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    At(team): At<Team>,
) -> Result<Json<TeamView>, AsJson> {
    Ok(Json(act(&shop, move |app| team::leave(app, &visitor, team)).await?))
}
