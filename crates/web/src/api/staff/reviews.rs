//! Reviews as staff have them: answered, hidden for a ground, shown again. None is deleted.

use app::review::desk::{self, Answer, DeskLook, DeskReview, DeskReviewDetail, Hide, Show};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use describe::IntoParams;
use domain::review::Review;
use serde::Deserialize;

use crate::answer::AsJson;
use crate::api::input::{At, Body, Keyed, PageQuery, Query};
use crate::api::output::{self, Listed, Span};
use crate::visitor::Staff;
use crate::{Shop, act};
#[cfg(feature = "schema")]
use {crate::api::input::KeyHeader, domain::id::Id};

operations! {
    /// The routes of moderation.
    "/api/v1/staff/reviews": get list;
    "/api/v1/staff/reviews/{review}": get show;
    "/api/v1/staff/reviews/{review}/answer": put answer;
    "/api/v1/staff/reviews/{review}/hiding": post hide;
    "/api/v1/staff/reviews/{review}/showing": post unhide;
}

/// Which reviews.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ReviewQuery {
    /// Only those nobody answered.
    #[serde(default)]
    unanswered: bool,
    /// Only those that are hidden.
    #[serde(default)]
    hidden: bool,
    /// Only those with so many stars, 1 to 5.
    stars: Option<i64>,
    /// How many, 1 to 100; 20 when it is not said.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Reviews of every product, the newest first
#[describe::path(get, path = "/api/v1/staff/reviews", tag = "staff: reviews",
    operation_id = "staff_list_reviews", params(ReviewQuery),
    responses((status = 200, body = Listed<DeskReview>)))]
async fn list(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Query(query): Query<ReviewQuery>,
) -> Result<Json<Listed<DeskReview>>, AsJson> {
    let ReviewQuery { unanswered, hidden, stars, limit, cursor } = query;
    let list = format!("staff reviews\n{unanswered}\n{hidden}\n{stars:?}");
    let span = Span::of(&shop, &list, &PageQuery { limit, cursor })?;
    let look = DeskLook { unanswered, hidden, stars, before: span.id(), limit: span.ask };
    let found = act(&shop, move |app| desk::list(app, &visitor, &look)).await?;
    Ok(span.page(&shop, found, |one| one.review.id.to_string()))
}

/// A review with everything that was ruled about it
#[describe::path(get, path = "/api/v1/staff/reviews/{review}", tag = "staff: reviews",
    operation_id = "staff_show_review", params(("review" = Id<Review>, Path)),
    responses((status = 200, body = DeskReviewDetail)))]
async fn show(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Review>,
) -> Result<Json<DeskReviewDetail>, AsJson> {
    Ok(Json(act(&shop, move |app| desk::get(app, &visitor, id)).await?))
}

/// Answer a review, or put the answer differently
///
/// An answer that offers something for praise is refused.
#[describe::path(put, path = "/api/v1/staff/reviews/{review}/answer", tag = "staff: reviews",
    operation_id = "staff_answer_review", params(("review" = Id<Review>, Path)),
    request_body = Answer, responses((status = 200, body = DeskReviewDetail)))]
async fn answer(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Review>,
    Body(said): Body<Answer>,
) -> Result<Json<DeskReviewDetail>, AsJson> {
    Ok(Json(act(&shop, move |app| desk::answer(app, &visitor, id, &said)).await?))
}

/// Hide a review
///
/// For one of a few grounds, each with the law it rests on, and a reason its author is told. It is
/// kept, and counted as hidden where it was shown. A low score is no ground.
#[describe::path(post, path = "/api/v1/staff/reviews/{review}/hiding", tag = "staff: reviews",
    operation_id = "staff_hide_review", params(("review" = Id<Review>, Path), KeyHeader),
    request_body = Hide, responses((status = 200, body = DeskReviewDetail)))]
async fn hide(
    State(shop): State<Shop>,
    At(id): At<Review>,
    Keyed { visitor, body, again }: Keyed<Hide>,
) -> Result<Response, AsJson> {
    let found = act(&shop, move |app| desk::hide(app, &visitor, id, &body)).await?;
    Ok(output::maybe_again(Json(found).into_response(), &again))
}

/// Show a hidden review again
#[describe::path(post, path = "/api/v1/staff/reviews/{review}/showing", tag = "staff: reviews",
    operation_id = "staff_unhide_review", params(("review" = Id<Review>, Path), KeyHeader),
    request_body = Show, responses((status = 200, body = DeskReviewDetail)))]
async fn unhide(
    State(shop): State<Shop>,
    At(id): At<Review>,
    Keyed { visitor, body, again }: Keyed<Show>,
) -> Result<Response, AsJson> {
    let found = act(&shop, move |app| desk::show(app, &visitor, id, &body)).await?;
    Ok(output::maybe_again(Json(found).into_response(), &again))
}
