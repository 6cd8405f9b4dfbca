//! Looking for goods by words, with what narrows the choice and what helps to go on.

use app::search::{self, FoundView, Look, Order, SuggestionView};
use axum::Json;
use axum::extract::State;
use describe::{IntoParams, ToSchema};
use serde::{Deserialize, Serialize};

use super::input::{PageQuery, Query};
use super::output::{self, Listed, Span};
use crate::answer::{AsJson, Fault};
use crate::visitor::Anyone;
use crate::{Shop, act};

operations! {
    /// The routes of the search.
    "/api/v1/search": get find;
    "/api/v1/search/suggestions": get suggest;
}

/// What is looked for.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SearchQuery {
    /// Words in Chinese or English, pinyin or its first letters; slips of the finger are forgiven.
    #[serde(default)]
    #[param(max_length = 200)]
    q: String,
    /// A category as the answer names it.
    #[serde(default)]
    category: String,
    #[serde(default)]
    brand: String,
    #[serde(default)]
    tag: String,
    /// In minor units of the shop's currency.
    price_from: Option<i64>,
    price_to: Option<i64>,
    /// Only what can be bought just now.
    #[serde(default)]
    in_stock: bool,
    #[serde(default)]
    #[param(inline)]
    sort: Order,
    /// How many, 1 to 100; 20 when it is not said.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// The most letters that are looked for.
const LONGEST: usize = 200;

fn short(q: &str) -> Result<(), Fault> {
    let fits = q.chars().count() <= LONGEST;
    if fits { Ok(()) } else { Err(Fault::BadRequest(format!("q has at most {LONGEST} letters"))) }
}

/// What was found, and where the next page begins.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct SearchPage {
    #[serde(flatten)]
    found: FoundView,
    next_cursor: Option<String>,
}

/// Search the goods
///
/// With facets to narrow it by, what was probably meant, and words that were left out because
/// nothing has them all.
#[describe::path(get, path = "/api/v1/search", tag = "goods", operation_id = "search",
    params(SearchQuery), responses((status = 200, body = SearchPage)))]
async fn find(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    Query(query): Query<SearchQuery>,
) -> Result<Json<SearchPage>, AsJson> {
    short(&query.q)?;
    let list = format!("search\n{query:?}", query = SearchQuery { cursor: None, ..query.clone() });
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let span = Span::of(&shop, &list, &page)?;
    let offset = usize::try_from(span.number().unwrap_or(0)).unwrap_or(0);
    let limit = usize::try_from(page.limit()?).unwrap_or(20);
    let look = Look {
        q: query.q,
        category: query.category,
        brand: query.brand,
        tag: query.tag,
        price_from: query.price_from,
        price_to: query.price_to,
        in_stock: query.in_stock,
        sort: query.sort,
        offset,
        limit: Some(limit),
    };
    let found = act(&shop, move |app| search::find(app, &visitor, &look)).await?;
    let more = offset + limit < found.total && !found.items.is_empty();
    let next = more.then(|| (offset + limit).to_string());
    Ok(Json(SearchPage { next_cursor: span.seal(&shop, next), found }))
}

/// What is typed so far.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Typed {
    #[serde(default)]
    #[param(max_length = 200)]
    q: String,
}

/// How to go on from what is typed
///
/// Eight at most, the likeliest first.
#[describe::path(get, path = "/api/v1/search/suggestions", tag = "goods",
    operation_id = "search_suggestions", params(Typed),
    responses((status = 200, body = Listed<SuggestionView>)))]
async fn suggest(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    Query(typed): Query<Typed>,
) -> Result<Json<Listed<SuggestionView>>, AsJson> {
    short(&typed.q)?;
    let found = act(&shop, move |app| search::suggest(app, &visitor, &typed.q, 8)).await?;
    Ok(output::all(found))
}
