//! Words that mean the same, for the search.

use app::search::{self, NewSynonyms, Synonym, SynonymView};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use crate::answer::AsJson;
use crate::api::input::{At, Keyed};
use crate::api::output::{self, Listed};
use crate::visitor::Staff;
use crate::{Shop, act};
#[cfg(feature = "schema")]
use {crate::api::input::KeyHeader, domain::id::Id};

operations! {
    /// The routes of the search's words.
    "/api/v1/staff/synonyms": get list, post add;
    "/api/v1/staff/synonyms/{synonyms}": delete remove;
}

/// Every group of words, the newest first
#[describe::path(get, path = "/api/v1/staff/synonyms", tag = "staff: goods",
    operation_id = "staff_list_synonyms", responses((status = 200, body = Listed<SynonymView>)))]
async fn list(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<Listed<SynonymView>>, AsJson> {
    Ok(output::all(act(&shop, move |app| search::synonyms(app, &visitor)).await?))
}

/// Make words mean the same
///
/// Each finds what the others do, a little behind what has the word itself; `one_way` lets only the
/// first find the others.
#[describe::path(post, path = "/api/v1/staff/synonyms", tag = "staff: goods",
    operation_id = "staff_add_synonyms", params(KeyHeader), request_body = NewSynonyms,
    responses((status = 201, body = SynonymView)))]
async fn add(
    State(shop): State<Shop>,
    Keyed { visitor, body, again }: Keyed<NewSynonyms>,
) -> Result<Response, AsJson> {
    let made = act(&shop, move |app| search::add_synonyms(app, &visitor, body)).await?;
    let at = format!("/api/v1/staff/synonyms/{}", made.id);
    Ok(output::maybe_again(output::made(made, &at), &again))
}

/// Forget that words mean the same
#[describe::path(delete, path = "/api/v1/staff/synonyms/{synonyms}", tag = "staff: goods",
    operation_id = "staff_remove_synonyms", params(("synonyms" = Id<Synonym>, Path)),
    responses((status = 204)))]
async fn remove(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Synonym>,
) -> Result<StatusCode, AsJson> {
    act(&shop, move |app| search::remove_synonyms(app, &visitor, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
