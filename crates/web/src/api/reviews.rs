//! Reviews: everybody reads them, those who received something write them.

use app::product_page;
use app::review::{self, FollowUp, Look, MyReview, ReviewView, Reviewable, Vote, Write};
use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use describe::IntoParams;
use domain::order::Order;
use domain::review::{Review, Sort};
use serde::Deserialize;

use super::input::{At, Body, Keyed, Named, PageQuery, Query};
use super::output::{self, Listed, Span};
use crate::answer::AsJson;
use crate::form::{self, MOST_UPLOADED};
use crate::visitor::{Anyone, SignedIn};
use crate::{Shop, act};
#[cfg(feature = "schema")]
use {super::input::KeyHeader, domain::id::Id};

operations! {
    /// The routes about reviews.
    "/api/v1/products/{product}/reviews": get of_product;
    "/api/v1/orders/{order}/reviews": get of_order;
    "/api/v1/me/reviews": get mine;
    "/api/v1/reviews": post write;
    "/api/v1/reviews/{review}": get show;
    "/api/v1/reviews/{review}/follow-up": post follow_up;
    "/api/v1/reviews/{review}/pictures": post add_picture;
    "/api/v1/reviews/{review}/vote": put vote;
}

/// Which reviews, and in which order.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ReviewQuery {
    #[serde(default)]
    #[param(inline)]
    sort: Sort,
    /// Only those with so many stars, 1 to 5.
    stars: Option<i64>,
    /// Only those with pictures.
    #[serde(default)]
    pictured: bool,
    /// How many, 1 to 100; 20 when it is not said.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// The reviews of a product, the newest first
///
/// What is hidden is not among them; the product's `summary` says how many that are.
#[describe::path(get, path = "/api/v1/products/{product}/reviews", tag = "reviews",
    operation_id = "product_reviews", params(
        ("product" = String, Path, description = "The product's id or handle."), ReviewQuery),
    responses((status = 200, body = Listed<ReviewView>)))]
async fn of_product(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    Named(key): Named,
    Query(query): Query<ReviewQuery>,
) -> Result<Json<Listed<ReviewView>>, AsJson> {
    let ReviewQuery { sort, stars, pictured, limit, cursor } = query;
    let list = format!("reviews\n{key}\n{sort:?}\n{stars:?}\n{pictured}");
    let span = Span::of(&shop, &list, &PageQuery { limit, cursor })?;
    let look = Look { sort, stars, pictured, after: span.id(), limit: span.ask };
    let found = act(&shop, move |app| product_page::reviews(app, &visitor, &key, &look)).await?;
    Ok(span.page(&shop, found.items, |review| review.id.to_string()))
}

/// The lines of an order, and which can be reviewed
#[describe::path(get, path = "/api/v1/orders/{order}/reviews", tag = "reviews",
    operation_id = "order_reviews", params(("order" = Id<Order>, Path)),
    responses((status = 200, body = Listed<Reviewable>)))]
async fn of_order(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    At(order): At<Order>,
) -> Result<Json<Listed<Reviewable>>, AsJson> {
    Ok(output::all(act(&shop, move |app| review::of_order(app, &visitor, order)).await?))
}

/// Your reviews, the newest first
///
/// With those that are hidden, and why.
#[describe::path(get, path = "/api/v1/me/reviews", tag = "reviews", operation_id = "my_reviews",
    params(PageQuery), responses((status = 200, body = Listed<MyReview>)))]
async fn mine(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    Query(query): Query<PageQuery>,
) -> Result<Json<Listed<MyReview>>, AsJson> {
    let span = Span::of(&shop, "my reviews", &query)?;
    let (before, ask) = (span.id(), span.ask);
    let found = act(&shop, move |app| review::mine(app, &visitor, before, ask)).await?;
    Ok(span.page(&shop, found, |mine| mine.review.id.to_string()))
}

/// Review something you received
///
/// One review for each line of an order, within 180 days of its receipt. It stays as it is written;
/// one follow-up may be added.
#[describe::path(post, path = "/api/v1/reviews", tag = "reviews", operation_id = "write_review",
    params(KeyHeader), request_body = Write, responses((status = 201, body = MyReview)))]
async fn write(
    State(shop): State<Shop>,
    Keyed { visitor, body, again }: Keyed<Write>,
) -> Result<Response, AsJson> {
    let made = act(&shop, move |app| review::write(app, &visitor, body, &[])).await?;
    let at = format!("/api/v1/reviews/{}", made.review.id);
    Ok(output::maybe_again(output::made(made, &at), &again))
}

/// A review
///
/// One that is hidden is found by its author and by staff alone.
#[describe::path(get, path = "/api/v1/reviews/{review}", tag = "reviews",
    operation_id = "show_review", params(("review" = Id<Review>, Path)),
    responses((status = 200, body = ReviewView)))]
async fn show(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    At(id): At<Review>,
) -> Result<Json<ReviewView>, AsJson> {
    Ok(Json(act(&shop, move |app| review::get(app, &visitor, id)).await?))
}

/// Add something to your review
///
/// Once, within 180 days of writing it.
#[describe::path(post, path = "/api/v1/reviews/{review}/follow-up", tag = "reviews",
    operation_id = "follow_up_review", params(("review" = Id<Review>, Path), KeyHeader),
    request_body = FollowUp, responses((status = 200, body = MyReview)))]
async fn follow_up(
    State(shop): State<Shop>,
    At(id): At<Review>,
    Keyed { visitor, body, again }: Keyed<FollowUp>,
) -> Result<Response, AsJson> {
    let found = act(&shop, move |app| review::follow_up(app, &visitor, id, &body)).await?;
    Ok(output::maybe_again(Json(found).into_response(), &again))
}

/// The file of a picture, as it is.
#[cfg(feature = "schema")]
#[derive(describe::ToSchema)]
#[schema(value_type = String, format = Binary, as = ReviewPictureFile)]
struct PictureFile(#[expect(dead_code, reason = "only described; it is read as it comes")] Vec<u8>);

/// Add a picture to your review
///
/// JPEG, PNG or WebP, within an hour of writing it, six at most. The same picture twice is one.
#[describe::path(post, path = "/api/v1/reviews/{review}/pictures", tag = "reviews",
    operation_id = "add_review_picture", params(("review" = Id<Review>, Path)),
    request_body(content = PictureFile, content_type = "application/octet-stream"),
    responses((status = 201, body = MyReview)))]
async fn add_picture(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    At(id): At<Review>,
    request: Request,
) -> Result<Response, AsJson> {
    visitor.shopper()?;
    let bytes = form::body(request.into_body(), MOST_UPLOADED).await?;
    let found = act(&shop, move |app| review::add_picture(app, &visitor, id, &bytes)).await?;
    Ok((StatusCode::CREATED, Json(found)).into_response())
}

/// Say whether somebody's review helps
///
/// One vote a person; never for one's own.
#[describe::path(put, path = "/api/v1/reviews/{review}/vote", tag = "reviews",
    operation_id = "vote_review", params(("review" = Id<Review>, Path)), request_body = Vote,
    responses((status = 200, body = ReviewView)))]
async fn vote(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    At(id): At<Review>,
    Body(vote): Body<Vote>,
) -> Result<Json<ReviewView>, AsJson> {
    Ok(Json(act(&shop, move |app| review::vote(app, &visitor, id, vote)).await?))
}
