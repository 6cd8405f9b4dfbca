//! Pages, the front page, the look and redirects, for staff.

use app::content::{self, DeskPage, DetourView, Look, NewDetour, PutPage, SectionView};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::content::{ContentPage, Detour};

use crate::answer::AsJson;
use crate::api::input::{At, Body, Items, Keyed};
use crate::api::output::{self, Listed};
use crate::visitor::Staff;
use crate::{Shop, act};
#[cfg(feature = "schema")]
use {crate::api::input::KeyHeader, domain::id::Id};

operations! {
    /// The routes of what the merchant says.
    "/api/v1/staff/pages": get pages, post add_page;
    "/api/v1/staff/pages/{page}": get show_page, put change_page, delete remove_page;
    "/api/v1/staff/front-page": get front, put arrange;
    "/api/v1/staff/look": get look, put set_look;
    "/api/v1/staff/redirects": get redirects, post redirect;
    "/api/v1/staff/redirects/{redirect}": delete remove_redirect;
}

/// Every page of the merchant's
#[describe::path(get, path = "/api/v1/staff/pages",
    operation_id = "staff_list_pages", tag = "staff: content",
    responses((status = 200, body = Listed<DeskPage>)))]
async fn pages(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<Listed<DeskPage>>, AsJson> {
    Ok(output::all(act(&shop, move |app| content::pages(app, &visitor)).await?))
}

/// Write a page
#[describe::path(post, path = "/api/v1/staff/pages",
    operation_id = "staff_add_page", tag = "staff: content", params(KeyHeader),
    request_body = PutPage, responses((status = 201, body = DeskPage)))]
async fn add_page(
    State(shop): State<Shop>,
    Keyed { visitor, body, again }: Keyed<PutPage>,
) -> Result<Response, AsJson> {
    let made = act(&shop, move |app| content::add_page(app, &visitor, body)).await?;
    let at = format!("/api/v1/staff/pages/{}", made.id);
    Ok(output::maybe_again(output::made(made, &at), &again))
}

/// A page of the merchant's
#[describe::path(get, path = "/api/v1/staff/pages/{page}", tag = "staff: content",
    operation_id = "staff_show_page", params(("page" = Id<ContentPage>, Path)),
    responses((status = 200, body = DeskPage)))]
async fn show_page(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<ContentPage>,
) -> Result<Json<DeskPage>, AsJson> {
    Ok(Json(act(&shop, move |app| content::desk_page(app, &visitor, id)).await?))
}

/// Change a page
///
/// A published page that moves is still found where it was.
#[describe::path(put, path = "/api/v1/staff/pages/{page}", tag = "staff: content",
    operation_id = "staff_change_page", params(("page" = Id<ContentPage>, Path)),
    request_body = PutPage, responses((status = 200, body = DeskPage)))]
async fn change_page(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<ContentPage>,
    Body(put): Body<PutPage>,
) -> Result<Json<DeskPage>, AsJson> {
    Ok(Json(act(&shop, move |app| content::change_page(app, &visitor, id, put)).await?))
}

/// Take a page away
#[describe::path(delete, path = "/api/v1/staff/pages/{page}", tag = "staff: content",
    operation_id = "staff_remove_page", params(("page" = Id<ContentPage>, Path)),
    responses((status = 204)))]
async fn remove_page(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<ContentPage>,
) -> Result<StatusCode, AsJson> {
    act(&shop, move |app| content::remove_page(app, &visitor, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The parts of the front page
#[describe::path(get, path = "/api/v1/staff/front-page",
    operation_id = "staff_show_front_page", tag = "staff: content",
    responses((status = 200, body = Listed<SectionView>)))]
async fn front(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<Listed<SectionView>>, AsJson> {
    Ok(output::all(act(&shop, move |app| content::front(app, &visitor)).await?))
}

/// Arrange the front page
///
/// Without any part it is as it was at first.
#[describe::path(put, path = "/api/v1/staff/front-page",
    operation_id = "staff_arrange_front_page", tag = "staff: content",
    request_body = Vec<SectionView>, responses((status = 200, body = Listed<SectionView>)))]
async fn arrange(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Items(parts): Items<SectionView>,
) -> Result<Json<Listed<SectionView>>, AsJson> {
    Ok(output::all(act(&shop, move |app| content::arrange(app, &visitor, parts)).await?))
}

/// The shop's look
#[describe::path(get, path = "/api/v1/staff/look",
    operation_id = "staff_show_look", tag = "staff: content",
    responses((status = 200, body = Look)))]
async fn look(State(shop): State<Shop>, Staff(visitor): Staff) -> Result<Json<Look>, AsJson> {
    Ok(Json(act(&shop, move |app| content::look(app, &visitor)).await?))
}

/// Change the shop's look
///
/// Its logo is put there in the console.
#[describe::path(put, path = "/api/v1/staff/look",
    operation_id = "staff_set_look", tag = "staff: content", request_body = Look,
    responses((status = 200, body = Look)))]
async fn set_look(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Body(new): Body<Look>,
) -> Result<Json<Look>, AsJson> {
    Ok(Json(act(&shop, move |app| content::set_look(app, &visitor, new)).await?))
}

/// Old addresses that lead on
#[describe::path(get, path = "/api/v1/staff/redirects",
    operation_id = "staff_list_redirects", tag = "staff: content",
    responses((status = 200, body = Listed<DetourView>)))]
async fn redirects(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<Listed<DetourView>>, AsJson> {
    Ok(output::all(act(&shop, move |app| content::detours(app, &visitor)).await?))
}

/// Lead an old address on
#[describe::path(post, path = "/api/v1/staff/redirects",
    operation_id = "staff_add_redirect", tag = "staff: content",
    request_body = NewDetour, responses((status = 200, body = DetourView)))]
async fn redirect(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Body(new): Body<NewDetour>,
) -> Result<Json<DetourView>, AsJson> {
    Ok(Json(act(&shop, move |app| content::add_detour(app, &visitor, new)).await?))
}

/// Lead it on no more
#[describe::path(delete, path = "/api/v1/staff/redirects/{redirect}", tag = "staff: content",
    operation_id = "staff_remove_redirect", params(("redirect" = Id<Detour>, Path)),
    responses((status = 204)))]
async fn remove_redirect(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Detour>,
) -> Result<StatusCode, AsJson> {
    act(&shop, move |app| content::remove_detour(app, &visitor, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
