//! Who runs the shop.

use app::person::{self, AddStaff, PersonView, RemoveStaff};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::person::Person;

use crate::answer::AsJson;
use crate::api::input::{At, Body};
use crate::api::output::{self, Listed};
use crate::visitor::Staff;
use crate::{Shop, act};
#[cfg(feature = "schema")]
use domain::id::Id;

operations! {
    /// The routes of staff's own list.
    "/api/v1/staff/people": get list, post add;
    "/api/v1/staff/people/{person}": delete remove;
}

/// Everybody on the staff
#[describe::path(get, path = "/api/v1/staff/people", tag = "staff: people",
    operation_id = "staff_list_people", responses((status = 200, body = Listed<PersonView>)))]
async fn list(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<Listed<PersonView>>, AsJson> {
    Ok(output::all(act(&shop, move |app| person::list_staff(app, &visitor)).await?))
}

/// Add somebody to the staff
#[describe::path(post, path = "/api/v1/staff/people", tag = "staff: people",
    operation_id = "staff_add_person", request_body = AddStaff,
    responses((status = 201, body = PersonView)))]
async fn add(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Body(add): Body<AddStaff>,
) -> Result<Response, AsJson> {
    let added = act(&shop, move |app| person::add_staff(app, &visitor, add)).await?;
    let at = format!("/api/v1/staff/people/{}", added.id);
    Ok(output::made(added, &at))
}

/// Take somebody off the staff
///
/// They stay a shopper; their sessions and tokens end.
#[describe::path(delete, path = "/api/v1/staff/people/{person}", tag = "staff: people",
    operation_id = "staff_remove_person", params(("person" = Id<Person>, Path)),
    responses((status = 204)))]
async fn remove(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(person): At<Person>,
) -> Result<StatusCode, AsJson> {
    let remove = RemoveStaff { person };
    act(&shop, move |app| person::remove_staff(app, &visitor, remove)).await?;
    Ok(StatusCode::NO_CONTENT)
}
