//! One's own points and level, and what the merchant says about both.

use app::level::{self, LevelView, StandingView};
use app::point::{self, PointEntry, PointsView, SettingsView};
use axum::Json;
use axum::extract::State;

use super::input::{PageQuery, Query};
use super::output::{self, Listed, Span};
use crate::answer::AsJson;
use crate::visitor::SignedIn;
use crate::{Shop, act};

operations! {
    /// The routes of points and levels.
    "/api/v1/points": get show;
    "/api/v1/points/entries": get entries;
    "/api/v1/points/terms": get terms;
    "/api/v1/level": get standing;
    "/api/v1/levels": get ladder;
}

/// Your points
#[describe::path(get, path = "/api/v1/points",
    operation_id = "show_points", tag = "points",
    responses((status = 200, body = PointsView)))]
async fn show(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
) -> Result<Json<PointsView>, AsJson> {
    Ok(Json(act(&shop, move |app| point::mine(app, &visitor)).await?))
}

/// What came and went of your points, the latest first
#[describe::path(get, path = "/api/v1/points/entries",
    operation_id = "point_entries", tag = "points", params(PageQuery),
    responses((status = 200, body = Listed<PointEntry>)))]
async fn entries(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    Query(query): Query<PageQuery>,
) -> Result<Json<Listed<PointEntry>>, AsJson> {
    let span = Span::of(&shop, "point entries", &query)?;
    let (before, ask) = (span.number(), span.ask);
    let found = act(&shop, move |app| point::statement(app, &visitor, before, ask)).await?;
    Ok(span.page(&shop, found, |entry| entry.id.0.to_string()))
}

/// How points are earned and what they are worth
#[describe::path(get, path = "/api/v1/points/terms",
    operation_id = "point_terms", tag = "points",
    responses((status = 200, body = SettingsView)))]
async fn terms(State(shop): State<Shop>) -> Result<Json<SettingsView>, AsJson> {
    Ok(Json(act(&shop, point::terms).await?))
}

/// Your level, and how far it is to the next
#[describe::path(get, path = "/api/v1/level",
    operation_id = "show_level", tag = "points",
    responses((status = 200, body = StandingView)))]
async fn standing(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
) -> Result<Json<StandingView>, AsJson> {
    Ok(Json(act(&shop, move |app| level::mine(app, &visitor)).await?))
}

/// The levels there are, lowest first
#[describe::path(get, path = "/api/v1/levels",
    operation_id = "list_levels", tag = "points",
    responses((status = 200, body = Listed<LevelView>)))]
async fn ladder(State(shop): State<Shop>) -> Result<Json<Listed<LevelView>>, AsJson> {
    Ok(output::all(act(&shop, level::all).await?))
}
