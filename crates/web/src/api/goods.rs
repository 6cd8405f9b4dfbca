//! What is for sale: products and categories as shoppers see them, and the cart.

use app::cart::{self, CartView, SetLine};
use app::catalog::categories;
use app::catalog::{Browse, CategoryView, Sort};
use app::product_page::{self, OfferCard, ProductPage};
use axum::Json;
use axum::extract::State;
use describe::{IntoParams, ToSchema};
use domain::catalog::Variant;
use serde::Deserialize;

use super::input::{At, Body, Named, PageQuery, Query};
use super::output::{self, Listed, Span};
use crate::answer::AsJson;
use crate::visitor::{Anyone, Remembered};
use crate::{Shop, act};
#[cfg(feature = "schema")]
use domain::id::Id;

operations! {
    /// The routes about goods.
    "/api/v1/products": get products;
    "/api/v1/products/{product}": get product;
    "/api/v1/categories": get categories_;
    "/api/v1/categories/{category}": get category;
    "/api/v1/cart": get show_cart;
    "/api/v1/cart/lines": post add_line;
    "/api/v1/cart/lines/{variant}": put set_line, delete drop_line;
}

/// What to look for.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ProductQuery {
    /// Words in the title, the brand or a tag, in any language.
    #[serde(default)]
    q: String,
    /// The slug of a category; what is below it counts too.
    #[serde(default)]
    category: String,
    #[serde(default)]
    tag: String,
    #[serde(default)]
    #[param(inline)]
    sort: Sort,
    /// How many, 1 to 100; 20 when it is not said.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Products for sale
///
/// Each with its best group price, when it has one just now.
#[describe::path(get, path = "/api/v1/products", tag = "goods", params(ProductQuery),
    responses((status = 200, body = Listed<OfferCard>)))]
async fn products(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    Query(query): Query<ProductQuery>,
) -> Result<Json<Listed<OfferCard>>, AsJson> {
    let list =
        format!("products\n{}\n{}\n{}\n{:?}", query.q, query.category, query.tag, query.sort);
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let span = Span::of(&shop, &list, &page)?;
    let browse = Browse {
        q: query.q,
        category: query.category,
        tag: query.tag,
        sort: query.sort,
        cursor: span.after.clone(),
        limit: Some(page.limit()?),
    };
    let found = act(&shop, move |app| product_page::list(app, &visitor, browse)).await?;
    Ok(span.already(&shop, found.goods.items, found.goods.next))
}

/// A product
///
/// By its id or its handle, with its running group buys and their open teams.
#[describe::path(get, path = "/api/v1/products/{product}", tag = "goods",
    params(("product" = String, Path, description = "The product's id or handle.")),
    responses((status = 200, body = ProductPage)))]
async fn product(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    Named(key): Named,
) -> Result<Json<ProductPage>, AsJson> {
    Ok(Json(act(&shop, move |app| product_page::show(app, &visitor, &key)).await?))
}

/// Categories
///
/// The whole tree, each before what is below it.
#[describe::path(get, path = "/api/v1/categories", tag = "goods",
    operation_id = "list_categories", responses((status = 200, body = Listed<CategoryView>)))]
async fn categories_(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
) -> Result<Json<Listed<CategoryView>>, AsJson> {
    Ok(output::all(act(&shop, move |app| categories::list(app, &visitor)).await?))
}

/// A category
#[describe::path(get, path = "/api/v1/categories/{category}", tag = "goods",
    params(("category" = String, Path, description = "The category's slug.")),
    responses((status = 200, body = CategoryView)))]
async fn category(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    Named(slug): Named,
) -> Result<Json<CategoryView>, AsJson> {
    Ok(Json(act(&shop, move |app| categories::find(app, &visitor, &slug)).await?))
}

/// Your cart
#[describe::path(get, path = "/api/v1/cart", tag = "cart",
    responses((status = 200, body = CartView)))]
async fn show_cart(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
) -> Result<Json<CartView>, AsJson> {
    Ok(Json(act(&shop, move |app| cart::view(app, &visitor)).await?))
}

/// Put something into the cart, or change how many
///
/// With `add` the quantity is added to what is there. A guest is given a session for their cart.
#[describe::path(post, path = "/api/v1/cart/lines", tag = "cart", request_body = SetLine,
    responses((status = 200, body = CartView)))]
async fn add_line(
    State(shop): State<Shop>,
    Remembered(visitor): Remembered,
    Body(set): Body<SetLine>,
) -> Result<Json<CartView>, AsJson> {
    Ok(Json(act(&shop, move |app| cart::set(app, &visitor, set)).await?))
}

/// How many.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct Quantity {
    quantity: i64,
}

/// Set how many of a variant are in the cart
#[describe::path(put, path = "/api/v1/cart/lines/{variant}", tag = "cart",
    params(("variant" = Id<Variant>, Path)), request_body = Quantity,
    responses((status = 200, body = CartView)))]
async fn set_line(
    State(shop): State<Shop>,
    Remembered(visitor): Remembered,
    At(variant): At<Variant>,
    Body(Quantity { quantity }): Body<Quantity>,
) -> Result<Json<CartView>, AsJson> {
    let set = SetLine { variant, quantity, add: false };
    Ok(Json(act(&shop, move |app| cart::set(app, &visitor, set)).await?))
}

/// Take a variant out of the cart
#[describe::path(delete, path = "/api/v1/cart/lines/{variant}", tag = "cart",
    params(("variant" = Id<Variant>, Path)), responses((status = 200, body = CartView)))]
async fn drop_line(
    State(shop): State<Shop>,
    Remembered(visitor): Remembered,
    At(variant): At<Variant>,
) -> Result<Json<CartView>, AsJson> {
    let set = SetLine { variant, quantity: 0, add: false };
    Ok(Json(act(&shop, move |app| cart::set(app, &visitor, set)).await?))
}
