//! One's own points and level, and what the merchant says about both.

use app::check_in::{self, CheckInView};
use app::level::{self, LevelView, StandingView};
use app::point::{self, PointEntry, PointsView, SettingsView};
use app::task::{self, TakeTask, TaskListView};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use domain::campaign::Campaign;

use super::input::{At, Keyed, Nothing, PageQuery, Query};
use super::output::{self, Listed, Span};
use crate::answer::AsJson;
use crate::visitor::{Anyone, SignedIn};
use crate::{Shop, act};
#[cfg(feature = "schema")]
use {super::input::KeyHeader, domain::id::Id};

operations! {
    /// The routes of points and levels.
    "/api/v1/points": get show;
    "/api/v1/points/entries": get entries;
    "/api/v1/points/terms": get terms;
    "/api/v1/level": get standing;
    "/api/v1/levels": get ladder;
    "/api/v1/check-in": get check_in_days, post check_in_today;
    "/api/v1/tasks": get tasks;
    "/api/v1/tasks/{campaign}": post take;
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

/// The check-in that is on, and your streak
#[describe::path(get, path = "/api/v1/check-in",
    operation_id = "show_check_in", tag = "points",
    responses((status = 200, body = CheckInView)))]
async fn check_in_days(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
) -> Result<Json<CheckInView>, AsJson> {
    Ok(Json(act(&shop, move |app| check_in::show(app, &visitor)).await?))
}

/// Check in for today
#[describe::path(post, path = "/api/v1/check-in",
    operation_id = "check_in", tag = "points", params(KeyHeader), request_body = Nothing,
    responses((status = 201, body = CheckInView)))]
async fn check_in_today(
    State(shop): State<Shop>,
    Keyed { visitor, body: Nothing {}, again }: Keyed<Nothing>,
) -> Result<Response, AsJson> {
    let done = act(&shop, move |app| check_in::check_in(app, &visitor)).await?.value;
    Ok(output::maybe_again(output::made(done, "/api/v1/check-in"), &again))
}

/// The tasks that are on, and how far you are
#[describe::path(get, path = "/api/v1/tasks",
    operation_id = "list_tasks", tag = "points",
    responses((status = 200, body = Listed<TaskListView>)))]
async fn tasks(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
) -> Result<Json<Listed<TaskListView>>, AsJson> {
    Ok(output::all(act(&shop, move |app| task::show(app, &visitor)).await?))
}

/// Take what a task brings
#[describe::path(post, path = "/api/v1/tasks/{campaign}",
    operation_id = "take_task", tag = "points",
    params(("campaign" = Id<Campaign>, Path), KeyHeader),
    request_body = TakeTask, responses((status = 201, body = TaskListView)))]
async fn take(
    State(shop): State<Shop>,
    At(id): At<Campaign>,
    Keyed { visitor, body, again }: Keyed<TakeTask>,
) -> Result<Response, AsJson> {
    let done = act(&shop, move |app| task::claim(app, &visitor, id, body.task)).await?.value;
    Ok(output::maybe_again(output::made(done, "/api/v1/tasks"), &again))
}
