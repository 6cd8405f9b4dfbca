//! Gifts: those one gave and took, one by its link, and taking it. No price is in any answer.

use app::gift::{self, GiftView, MyGifts, Take};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use describe::IntoParams;
use domain::gift::Gift;
use serde::Deserialize;

use super::input::{At, Keyed, Nothing, Query};
use super::output;
use crate::answer::AsJson;
use crate::visitor::{Anyone, SignedIn};
use crate::{Shop, act};
#[cfg(feature = "schema")]
use {super::input::KeyHeader, domain::id::Id};

operations! {
    /// The routes of gifts.
    "/api/v1/gifts": get my_gifts;
    "/api/v1/gifts/{gift}": get show_gift;
    "/api/v1/gifts/{gift}/taking": post take_gift;
    "/api/v1/gifts/{gift}/return": post take_gift_back;
}

/// What a gift's link ends in.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct LinkQuery {
    /// What comes after `k=` in the gift's link; not needed by its giver and who took it.
    #[serde(default)]
    secret: String,
}

/// The gifts you gave and took
#[describe::path(get, path = "/api/v1/gifts", tag = "gifts",
    responses((status = 200, body = MyGifts)))]
async fn my_gifts(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
) -> Result<Json<MyGifts>, AsJson> {
    Ok(Json(act(&shop, move |app| gift::mine(app, &visitor)).await?))
}

/// A gift
///
/// For its giver, for who took it, and for whoever has its link. It tells no price.
#[describe::path(get, path = "/api/v1/gifts/{gift}", operation_id = "show_gift",
    tag = "gifts", params(("gift" = Id<Gift>, Path), LinkQuery),
    responses((status = 200, body = GiftView)))]
async fn show_gift(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    At(id): At<Gift>,
    Query(query): Query<LinkQuery>,
) -> Result<Json<GiftView>, AsJson> {
    Ok(Json(act(&shop, move |app| gift::get(app, &visitor, id, &query.secret)).await?))
}

/// Take a gift
///
/// The first who comes with its link has it, and says where it goes.
#[describe::path(post, path = "/api/v1/gifts/{gift}/taking", operation_id = "take_gift",
    tag = "gifts", params(("gift" = Id<Gift>, Path), KeyHeader),
    request_body = Take, responses((status = 201, body = GiftView)))]
async fn take_gift(
    State(shop): State<Shop>,
    At(id): At<Gift>,
    Keyed { visitor, body, again }: Keyed<Take>,
) -> Result<Response, AsJson> {
    let taken = act(&shop, move |app| gift::take(app, &visitor, id, &body)).await?.value;
    let at = format!("/api/v1/gifts/{id}");
    Ok(output::maybe_again(output::made(taken, &at), &again))
}

/// Take a gift back
///
/// As long as nobody has taken it. The money goes back.
#[describe::path(post, path = "/api/v1/gifts/{gift}/return", operation_id = "take_gift_back",
    tag = "gifts", params(("gift" = Id<Gift>, Path), KeyHeader),
    request_body = Nothing, responses((status = 200, body = GiftView)))]
async fn take_gift_back(
    State(shop): State<Shop>,
    At(id): At<Gift>,
    Keyed { visitor, .. }: Keyed<Nothing>,
) -> Result<Json<GiftView>, AsJson> {
    Ok(Json(act(&shop, move |app| gift::take_back(app, &visitor, id)).await?))
}
