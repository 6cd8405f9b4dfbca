//! Games behind the counter: who drew what, chances by hand, things handed over.

use app::draw::desk::{self, DeskDraw, DrawDesk, GiveChances};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use domain::campaign::Campaign;
use domain::draw::Draw;

use crate::answer::AsJson;
use crate::api::input::{At, Keyed, Nothing, PageQuery, Query};
use crate::api::output::{self, Listed, Span};
use crate::visitor::SignedIn;
use crate::{Shop, act};
#[cfg(feature = "schema")]
use {crate::api::input::KeyHeader, app::draw::desk::ChancesView, domain::id::Id};

operations! {
    /// The routes of games for staff.
    "/api/v1/staff/draws/{campaign}": get show;
    "/api/v1/staff/draws/{campaign}/draws": get list;
    "/api/v1/staff/draws/{campaign}/chances": post give;
    "/api/v1/staff/draw-records/{draw}/hand-over": post hand_over;
}

/// A draw's prizes and how they go
#[describe::path(get, path = "/api/v1/staff/draws/{campaign}", operation_id = "staff_show_draw",
    tag = "staff: games", params(("campaign" = Id<Campaign>, Path)),
    responses((status = 200, body = DrawDesk)))]
async fn show(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    At(id): At<Campaign>,
) -> Result<Json<DrawDesk>, AsJson> {
    Ok(Json(act(&shop, move |app| desk::get(app, &visitor, id)).await?))
}

/// Who drew what, the latest first
#[describe::path(get, path = "/api/v1/staff/draws/{campaign}/draws",
    operation_id = "staff_list_draws", tag = "staff: games",
    params(("campaign" = Id<Campaign>, Path), PageQuery),
    responses((status = 200, body = Listed<DeskDraw>)))]
async fn list(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    At(id): At<Campaign>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Listed<DeskDraw>>, AsJson> {
    let span = Span::of(&shop, &format!("staff draws {id}"), &query)?;
    let (before, ask) = (span.number(), span.ask);
    let found = act(&shop, move |app| desk::list(app, &visitor, id, (false, before), ask)).await?;
    Ok(span.page(&shop, found, |one| one.drawn.number.to_string()))
}

/// Give somebody chances by hand
#[describe::path(post, path = "/api/v1/staff/draws/{campaign}/chances",
    operation_id = "staff_give_chances", tag = "staff: games",
    params(("campaign" = Id<Campaign>, Path), KeyHeader), request_body = GiveChances,
    responses((status = 201, body = ChancesView)))]
async fn give(
    State(shop): State<Shop>,
    At(id): At<Campaign>,
    Keyed { visitor, body, again }: Keyed<GiveChances>,
) -> Result<Response, AsJson> {
    let has = act(&shop, move |app| desk::give_chances(app, &visitor, id, &body)).await?.value;
    let at = format!("/api/v1/staff/draws/{id}");
    Ok(output::maybe_again(output::made(has, &at), &again))
}

/// Say that a thing that was won is with its winner
#[describe::path(post, path = "/api/v1/staff/draw-records/{draw}/hand-over",
    operation_id = "staff_hand_over", tag = "staff: games",
    params(("draw" = Id<Draw>, Path), KeyHeader), request_body = Nothing,
    responses((status = 201, body = DeskDraw)))]
async fn hand_over(
    State(shop): State<Shop>,
    At(id): At<Draw>,
    Keyed { visitor, again, .. }: Keyed<Nothing>,
) -> Result<Response, AsJson> {
    let done = act(&shop, move |app| desk::hand_over(app, &visitor, id)).await?.value;
    let at = format!("/api/v1/staff/draws/{}", done.drawn.campaign);
    Ok(output::maybe_again(output::made(done, &at), &again))
}
