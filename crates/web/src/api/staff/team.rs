//! Who runs the shop, and in which role.

use app::person::{self, AddStaff, GiveRole, PersonView, PutRole, RemoveStaff, RoleView};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::person::{CustomRole, Person};

use crate::answer::AsJson;
use crate::api::input::{At, Body, Keyed};
use crate::api::output::{self, Listed};
use crate::visitor::Staff;
use crate::{Shop, act};
#[cfg(feature = "schema")]
use {crate::api::input::KeyHeader, domain::id::Id};

operations! {
    /// The routes of staff's own list.
    "/api/v1/staff/people": get list, post add;
    "/api/v1/staff/people/{person}": delete remove;
    "/api/v1/staff/people/{person}/role": put give_role;
    "/api/v1/staff/roles": get roles, post add_role;
    "/api/v1/staff/roles/{role}": put change_role, delete remove_role;
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

/// Give a member of staff another role
///
/// Nobody gives more than they have, or themselves another. One owner always stays.
#[describe::path(put, path = "/api/v1/staff/people/{person}/role",
    operation_id = "staff_give_role", tag = "staff: people",
    params(("person" = Id<Person>, Path)), request_body = GiveRole,
    responses((status = 200, body = PersonView)))]
async fn give_role(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(person): At<Person>,
    Body(give): Body<GiveRole>,
) -> Result<Json<PersonView>, AsJson> {
    let given = act(&shop, move |app| person::give_role(app, &visitor, person, &give)).await?;
    Ok(Json(given))
}

/// Every role and what it allows
#[describe::path(get, path = "/api/v1/staff/roles",
    operation_id = "staff_list_roles", tag = "staff: people",
    responses((status = 200, body = Listed<RoleView>)))]
async fn roles(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<Listed<RoleView>>, AsJson> {
    Ok(output::all(act(&shop, move |app| person::list_roles(app, &visitor)).await?))
}

/// Put a role together
#[describe::path(post, path = "/api/v1/staff/roles",
    operation_id = "staff_add_role", tag = "staff: people", params(KeyHeader),
    request_body = PutRole, responses((status = 201, body = RoleView)))]
async fn add_role(
    State(shop): State<Shop>,
    Keyed { visitor, body, again }: Keyed<PutRole>,
) -> Result<Response, AsJson> {
    let made = act(&shop, move |app| person::add_role(app, &visitor, body)).await?;
    let id = made.own_role.as_ref().map(|own| own.id.to_string()).unwrap_or_default();
    let at = format!("/api/v1/staff/roles/{id}");
    Ok(output::maybe_again(output::made(made, &at), &again))
}

/// Change a role
///
/// Who has it may do what it says from their next request on.
#[describe::path(put, path = "/api/v1/staff/roles/{role}",
    operation_id = "staff_change_role", tag = "staff: people",
    params(("role" = Id<CustomRole>, Path)), request_body = PutRole,
    responses((status = 200, body = RoleView)))]
async fn change_role(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(role): At<CustomRole>,
    Body(put): Body<PutRole>,
) -> Result<Json<RoleView>, AsJson> {
    Ok(Json(act(&shop, move |app| person::change_role(app, &visitor, role, put)).await?))
}

/// Take a role away that nobody has
#[describe::path(delete, path = "/api/v1/staff/roles/{role}", tag = "staff: people",
    operation_id = "staff_remove_role", params(("role" = Id<CustomRole>, Path)),
    responses((status = 204)))]
async fn remove_role(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(role): At<CustomRole>,
) -> Result<StatusCode, AsJson> {
    act(&shop, move |app| person::remove_role(app, &visitor, role)).await?;
    Ok(StatusCode::NO_CONTENT)
}
