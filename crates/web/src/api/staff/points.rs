//! Points and levels as staff see them: what holds, who has what, giving and taking.

use app::level::{self, LadderView, PutLadder, StandingView};
use app::point::{
    self, GivePoints, Liability, PointEntry, PointsCard, PointsView, PutSettings, SettingsView,
};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use domain::person::Person;

use crate::answer::AsJson;
use crate::api::input::{At, Body, Keyed, PageQuery, Query};
use crate::api::output::{self, Listed, Span};
use crate::visitor::Staff;
use crate::{Shop, act};
#[cfg(feature = "schema")]
use {crate::api::input::KeyHeader, domain::id::Id};

operations! {
    /// The routes of points and levels.
    "/api/v1/staff/points": get list;
    "/api/v1/staff/points/settings": get settings, put set;
    "/api/v1/staff/points/liability": get liability;
    "/api/v1/staff/points/{person}": get show, post give;
    "/api/v1/staff/points/{person}/entries": get entries;
    "/api/v1/staff/points/{person}/level": get standing;
    "/api/v1/staff/levels": get ladder, put set_ladder;
}

/// Who has the most points
#[describe::path(get, path = "/api/v1/staff/points",
    operation_id = "staff_list_points", tag = "staff: points",
    responses((status = 200, body = Listed<PointsCard>)))]
async fn list(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<Listed<PointsCard>>, AsJson> {
    Ok(output::all(act(&shop, move |app| point::list(app, &visitor, 100)).await?))
}

/// How points are earned and what they are worth
#[describe::path(get, path = "/api/v1/staff/points/settings",
    operation_id = "staff_show_point_settings", tag = "staff: points",
    responses((status = 200, body = SettingsView)))]
async fn settings(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<SettingsView>, AsJson> {
    Ok(Json(act(&shop, move |app| point::get_settings(app, &visitor)).await?))
}

/// Say how points are earned and what they are worth
///
/// What was earned before stays as it was earned.
#[describe::path(put, path = "/api/v1/staff/points/settings",
    operation_id = "staff_set_point_settings", tag = "staff: points",
    request_body = PutSettings, responses((status = 200, body = SettingsView)))]
async fn set(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Body(put): Body<PutSettings>,
) -> Result<Json<SettingsView>, AsJson> {
    Ok(Json(act(&shop, move |app| point::put_settings(app, &visitor, put)).await?))
}

/// What the shop owes in points
#[describe::path(get, path = "/api/v1/staff/points/liability",
    operation_id = "staff_point_liability", tag = "staff: points",
    responses((status = 200, body = Liability)))]
async fn liability(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<Liability>, AsJson> {
    Ok(Json(act(&shop, move |app| point::liability(app, &visitor)).await?))
}

/// Somebody's points
#[describe::path(get, path = "/api/v1/staff/points/{person}", tag = "staff: points",
    operation_id = "staff_show_points", params(("person" = Id<Person>, Path)),
    responses((status = 200, body = PointsView)))]
async fn show(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Person>,
) -> Result<Json<PointsView>, AsJson> {
    Ok(Json(act(&shop, move |app| point::of(app, &visitor, id)).await?))
}

/// Give points, or take them
///
/// A negative number takes what was not spent. The shopper reads the reason.
#[describe::path(post, path = "/api/v1/staff/points/{person}", tag = "staff: points",
    operation_id = "staff_give_points", params(("person" = Id<Person>, Path), KeyHeader),
    request_body = GivePoints, responses((status = 201, body = PointsView)))]
async fn give(
    State(shop): State<Shop>,
    At(id): At<Person>,
    Keyed { visitor, body, again }: Keyed<GivePoints>,
) -> Result<Response, AsJson> {
    let done = act(&shop, move |app| point::give(app, &visitor, id, body)).await?.value;
    let at = format!("/api/v1/staff/points/{id}");
    Ok(output::maybe_again(output::made(done, &at), &again))
}

/// What came and went of somebody's points, the latest first
#[describe::path(get, path = "/api/v1/staff/points/{person}/entries", tag = "staff: points",
    operation_id = "staff_point_entries", params(("person" = Id<Person>, Path), PageQuery),
    responses((status = 200, body = Listed<PointEntry>)))]
async fn entries(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Person>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Listed<PointEntry>>, AsJson> {
    let span = Span::of(&shop, &format!("point entries of {id}"), &query)?;
    let (before, ask) = (span.number(), span.ask);
    let found = act(&shop, move |app| point::statement_of(app, &visitor, id, before, ask)).await?;
    Ok(span.page(&shop, found, |entry| entry.id.0.to_string()))
}

/// Somebody's level
#[describe::path(get, path = "/api/v1/staff/points/{person}/level", tag = "staff: points",
    operation_id = "staff_show_level", params(("person" = Id<Person>, Path)),
    responses((status = 200, body = StandingView)))]
async fn standing(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Person>,
) -> Result<Json<StandingView>, AsJson> {
    Ok(Json(act(&shop, move |app| level::of(app, &visitor, id)).await?))
}

/// The levels, and how many people have each
#[describe::path(get, path = "/api/v1/staff/levels",
    operation_id = "staff_show_levels", tag = "staff: points",
    responses((status = 200, body = LadderView)))]
async fn ladder(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<LadderView>, AsJson> {
    Ok(Json(act(&shop, move |app| level::get(app, &visitor)).await?))
}

/// Put the levels as they shall be
///
/// Whoever has one keeps it to the end of their period.
#[describe::path(put, path = "/api/v1/staff/levels",
    operation_id = "staff_set_levels", tag = "staff: points",
    request_body = PutLadder, responses((status = 200, body = LadderView)))]
async fn set_ladder(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Body(put): Body<PutLadder>,
) -> Result<Json<LadderView>, AsJson> {
    Ok(Json(act(&shop, move |app| level::put(app, &visitor, put)).await?))
}
