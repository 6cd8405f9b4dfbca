//! Saved lists: people staff put together as the audience of a campaign.

use app::failure::Failure;
use app::saved_list::{self, Added, ListView, MemberView, PutList, Wanted};
use axum::Json;
use axum::extract::{FromRequestParts, RawPathParams, State};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use describe::IntoParams;
use domain::campaign::audience::SavedList;
use domain::id::{Id, Kind};
use domain::person::Person;
use serde::Deserialize;

use crate::answer::{AsJson, Fault};
#[cfg(feature = "schema")]
use crate::api::input::KeyHeader;
use crate::api::input::{At, Body, Keyed, Query};
use crate::api::output::{self, Listed};
use crate::visitor::Staff;
use crate::{Shop, act};

operations! {
    /// The routes of saved lists.
    "/api/v1/staff/saved-lists": get list, post add;
    "/api/v1/staff/saved-lists/{saved_list}": put rename, delete remove;
    "/api/v1/staff/saved-lists/{saved_list}/people": get people, post put_in;
    "/api/v1/staff/saved-lists/{saved_list}/people/{person}": delete take_out;
}

/// Where a list of many begins.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Place {
    /// How many to pass over.
    #[serde(default)]
    skip: i64,
    /// How many to answer with: 1 to 200; 50 when it is not said.
    #[serde(default)]
    limit: Option<i64>,
}

/// Somebody on a list.
struct Member {
    list: Id<SavedList>,
    person: Id<Person>,
}

impl FromRequestParts<Shop> for Member {
    type Rejection = Fault;
    async fn from_request_parts(parts: &mut Parts, shop: &Shop) -> Result<Self, Fault> {
        let params = RawPathParams::from_request_parts(parts, shop).await;
        let params = params.map_err(|_| Failure::NotFound)?;
        fn named<T: Kind>(params: &RawPathParams, name: &str) -> Result<Id<T>, Fault> {
            let found = params.iter().find(|(known, _)| *known == name);
            Ok(found.and_then(|(_, text)| Id::parse(text)).ok_or(Failure::NotFound)?)
        }
        Ok(Member { list: named(&params, "saved_list")?, person: named(&params, "person")? })
    }
}

/// Every saved list, the newest first
#[describe::path(get, path = "/api/v1/staff/saved-lists", tag = "staff: campaigns",
    operation_id = "staff_list_saved_lists", responses((status = 200, body = Listed<ListView>)))]
async fn list(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<Listed<ListView>>, AsJson> {
    Ok(output::all(act(&shop, move |app| saved_list::list(app, &visitor)).await?))
}

/// Make an empty list of people
#[describe::path(post, path = "/api/v1/staff/saved-lists", tag = "staff: campaigns",
    operation_id = "staff_add_saved_list", params(KeyHeader), request_body = PutList,
    responses((status = 201, body = ListView)))]
async fn add(
    State(shop): State<Shop>,
    Keyed { visitor, body, again }: Keyed<PutList>,
) -> Result<Response, AsJson> {
    let made = act(&shop, move |app| saved_list::add(app, &visitor, &body)).await?;
    let at = format!("/api/v1/staff/saved-lists/{}", made.id);
    Ok(output::maybe_again(output::made(made, &at), &again))
}

/// Call a saved list something else
#[describe::path(put, path = "/api/v1/staff/saved-lists/{saved_list}", tag = "staff: campaigns",
    operation_id = "staff_rename_saved_list", params(("saved_list" = Id<SavedList>, Path)),
    request_body = PutList, responses((status = 200, body = ListView)))]
async fn rename(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<SavedList>,
    Body(put): Body<PutList>,
) -> Result<Json<ListView>, AsJson> {
    Ok(Json(act(&shop, move |app| saved_list::rename(app, &visitor, id, &put)).await?))
}

/// Take a saved list away
///
/// Not while a campaign that is not over is for it.
#[describe::path(delete, path = "/api/v1/staff/saved-lists/{saved_list}",
    tag = "staff: campaigns", operation_id = "staff_remove_saved_list",
    params(("saved_list" = Id<SavedList>, Path)), responses((status = 204)))]
async fn remove(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<SavedList>,
) -> Result<Response, AsJson> {
    act(&shop, move |app| saved_list::remove(app, &visitor, id)).await?;
    Ok(axum::http::StatusCode::NO_CONTENT.into_response())
}

/// Who is on a saved list
#[describe::path(get, path = "/api/v1/staff/saved-lists/{saved_list}/people",
    tag = "staff: campaigns", operation_id = "staff_list_saved_people",
    params(("saved_list" = Id<SavedList>, Path), Place),
    responses((status = 200, body = Listed<MemberView>)))]
async fn people(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<SavedList>,
    Query(place): Query<Place>,
) -> Result<Json<Listed<MemberView>>, AsJson> {
    let (skip, limit) = (place.skip, place.limit.unwrap_or(50));
    let found = act(&shop, move |app| saved_list::people(app, &visitor, id, skip, limit));
    Ok(output::all(found.await?))
}

/// Put people on a saved list
///
/// By e-mail addresses, phone numbers or ids, one a line; of a CSV file the first column counts.
/// Whoever is on it already stays on it, and whom nobody here knows is said.
#[describe::path(post, path = "/api/v1/staff/saved-lists/{saved_list}/people",
    tag = "staff: campaigns", operation_id = "staff_put_on_saved_list",
    params(("saved_list" = Id<SavedList>, Path)), request_body = Wanted,
    responses((status = 200, body = Added)))]
async fn put_in(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<SavedList>,
    Body(wanted): Body<Wanted>,
) -> Result<Json<Added>, AsJson> {
    Ok(Json(act(&shop, move |app| saved_list::put_in(app, &visitor, id, &wanted)).await?))
}

/// Take somebody off a saved list
#[describe::path(delete, path = "/api/v1/staff/saved-lists/{saved_list}/people/{person}",
    tag = "staff: campaigns", operation_id = "staff_take_off_saved_list",
    params(("saved_list" = Id<SavedList>, Path), ("person" = Id<Person>, Path)),
    responses((status = 204)))]
async fn take_out(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Member { list, person }: Member,
) -> Result<Response, AsJson> {
    act(&shop, move |app| saved_list::take_out(app, &visitor, list, person)).await?;
    Ok(axum::http::StatusCode::NO_CONTENT.into_response())
}
