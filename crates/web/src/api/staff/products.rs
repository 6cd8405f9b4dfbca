//! Products as staff change them, whole; their categories, translations, pictures and files.

use std::io::Cursor;

use app::catalog::categories::{self, CategoryInput};
use app::catalog::{
    self, CategoryView, ProductInput, ProductTextInput, StaffBrowse, StaffProduct, pictures,
};
use app::failure::Failure;
use app::product_csv::{self, Generation, ImportView, Report};
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use describe::IntoParams;
use domain::catalog::{Category, Picture, Product};
use domain::id::Id;
use domain::person::Permission;
use domain::seller::Seller;
use serde::Deserialize;

use crate::answer::{AsJson, Fault};
use crate::api::input::{At, Body, IfMatch, PageQuery, Query};
use crate::api::output::{self, Listed, Span};
use crate::form::{self, MOST_UPLOADED};
use crate::visitor::Staff;
use crate::{Shop, act};
#[cfg(feature = "schema")]
use {
    crate::api::input::MatchHeader,
    app::catalog::{PictureView, ProductDetail},
};

operations! {
    /// The routes of products.
    "/api/v1/staff/products": get list, post create;
    "/api/v1/staff/products/{product}": get show, put edit, delete archive;
    "/api/v1/staff/products/{product}/texts": put translate;
    "/api/v1/staff/products/{product}/pictures": post add_picture;
    "/api/v1/staff/pictures/{picture}": delete remove_picture;
    "/api/v1/staff/pictures/{picture}/fetches": post fetch_again;
    "/api/v1/staff/categories": post create_category;
    "/api/v1/staff/categories/{category}": put edit_category, delete remove_category;
    "/api/v1/staff/imports": get imports, post import;
    "/api/v1/staff/exports/products": get export;
}

/// What staff look for.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ProductQuery {
    #[serde(default)]
    q: String,
    /// `active`, `draft`, `archived`, or nothing for all.
    #[serde(default)]
    status: String,
    /// The slug of a category.
    #[serde(default)]
    category: String,
    /// Only those of which a counted variant is nearly gone.
    #[serde(default)]
    low: bool,
    /// Only this seller's.
    seller: Option<Id<Seller>>,
    /// How many, 1 to 100; 20 when it is not said.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Products in every status, the last changed first
#[describe::path(get, path = "/api/v1/staff/products", tag = "staff: goods", params(ProductQuery),
    operation_id = "staff_list_products",
    responses((status = 200, body = Listed<StaffProduct>)))]
async fn list(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Query(query): Query<ProductQuery>,
) -> Result<Json<Listed<StaffProduct>>, AsJson> {
    let filters = format!(
        "staff products\n{}\n{}\n{}\n{}\n{:?}",
        query.q, query.status, query.category, query.low, query.seller
    );
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let span = Span::of(&shop, &filters, &page)?;
    let browse = StaffBrowse {
        q: query.q,
        status: query.status,
        category: query.category,
        low: query.low,
        seller: query.seller,
        cursor: span.after.clone(),
        limit: Some(page.limit()?),
    };
    let found = act(&shop, move |app| catalog::staff_list(app, &visitor, browse)).await?;
    Ok(span.already(&shop, found.items, found.next))
}

/// Make a product
#[describe::path(post, path = "/api/v1/staff/products", tag = "staff: goods",
    operation_id = "staff_create_product", request_body = ProductInput,
    responses((status = 201, body = ProductDetail)))]
async fn create(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Body(input): Body<ProductInput>,
) -> Result<Response, AsJson> {
    let made = act(&shop, move |app| catalog::create(app, &visitor, input)).await?;
    let at = format!("/api/v1/staff/products/{}", made.id);
    Ok(output::made(made, &at))
}

/// A product with all that staff may change
#[describe::path(get, path = "/api/v1/staff/products/{product}", tag = "staff: goods",
    operation_id = "staff_show_product", params(("product" = Id<Product>, Path)),
    responses((status = 200, body = ProductDetail)))]
async fn show(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Product>,
) -> Result<Response, AsJson> {
    let found = act(&shop, move |app| catalog::detail(app, &visitor, id)).await?;
    let version = found.version;
    Ok(output::versioned(found, version))
}

/// Change a product
///
/// The body is the whole product: what it does not say is as if it were empty.
#[describe::path(put, path = "/api/v1/staff/products/{product}", tag = "staff: goods",
    operation_id = "staff_edit_product", params(("product" = Id<Product>, Path), MatchHeader),
    request_body = ProductInput, responses((status = 200, body = ProductDetail)))]
async fn edit(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Product>,
    IfMatch(version): IfMatch,
    Body(input): Body<ProductInput>,
) -> Result<Response, AsJson> {
    let input = ProductInput { version: Some(version), ..input };
    let found = act(&shop, move |app| catalog::edit(app, &visitor, id, input)).await?;
    let version = found.version;
    Ok(output::versioned(found, version))
}

/// Archive a product
///
/// Products are never erased: orders speak of them.
#[describe::path(delete, path = "/api/v1/staff/products/{product}", tag = "staff: goods",
    operation_id = "staff_archive_product", params(("product" = Id<Product>, Path), MatchHeader),
    responses((status = 200, body = ProductDetail)))]
async fn archive(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Product>,
    IfMatch(version): IfMatch,
) -> Result<Response, AsJson> {
    let found = act(&shop, move |app| catalog::archive(app, &visitor, id, version)).await?;
    let version = found.version;
    Ok(output::versioned(found, version))
}

/// Give a product its texts in another language
#[describe::path(put, path = "/api/v1/staff/products/{product}/texts", tag = "staff: goods",
    params(("product" = Id<Product>, Path)), request_body = ProductTextInput,
    responses((status = 204)))]
async fn translate(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Product>,
    Body(input): Body<ProductTextInput>,
) -> Result<StatusCode, AsJson> {
    act(&shop, move |app| catalog::translate(app, &visitor, id, input)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a picture shows.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PictureQuery {
    /// What it shows, for those who cannot see it.
    #[serde(default)]
    alt: String,
}

/// The file of a picture, as it is.
#[cfg(feature = "schema")]
#[derive(describe::ToSchema)]
#[schema(value_type = String, format = Binary)]
struct PictureFile(#[expect(dead_code, reason = "only described; it is read as it comes")] Vec<u8>);

/// Add a picture to a product
///
/// JPEG, PNG or WebP, at most 20 MB.
#[describe::path(post, path = "/api/v1/staff/products/{product}/pictures", tag = "staff: goods",
    params(("product" = Id<Product>, Path), PictureQuery),
    request_body(content = PictureFile, content_type = "application/octet-stream"),
    responses((status = 201, body = PictureView)))]
async fn add_picture(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Product>,
    Query(PictureQuery { alt }): Query<PictureQuery>,
    request: Request,
) -> Result<Response, AsJson> {
    visitor.staff(Permission::Goods)?;
    let bytes = form::body(request.into_body(), MOST_UPLOADED).await?;
    let made = act(&shop, move |app| pictures::upload(app, &visitor, id, &bytes, &alt)).await?;
    Ok((StatusCode::CREATED, Json(made)).into_response())
}

/// Remove a picture
#[describe::path(delete, path = "/api/v1/staff/pictures/{picture}", tag = "staff: goods",
    params(("picture" = Id<Picture>, Path)), responses((status = 204)))]
async fn remove_picture(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Picture>,
) -> Result<StatusCode, AsJson> {
    act(&shop, move |app| pictures::remove(app, &visitor, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Fetch a remote picture again
#[describe::path(post, path = "/api/v1/staff/pictures/{picture}/fetches", tag = "staff: goods",
    params(("picture" = Id<Picture>, Path)), responses((status = 202)))]
async fn fetch_again(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Picture>,
) -> Result<StatusCode, AsJson> {
    act(&shop, move |app| pictures::retry(app, &visitor, id)).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Make a category
#[describe::path(post, path = "/api/v1/staff/categories", tag = "staff: goods",
    request_body = CategoryInput, responses((status = 201, body = CategoryView)))]
async fn create_category(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Body(input): Body<CategoryInput>,
) -> Result<Response, AsJson> {
    let made = act(&shop, move |app| categories::create(app, &visitor, input)).await?;
    let at = format!("/api/v1/categories/{}", made.slug);
    Ok(output::made(made, &at))
}

/// Change a category
#[describe::path(put, path = "/api/v1/staff/categories/{category}", tag = "staff: goods",
    params(("category" = Id<Category>, Path)), request_body = CategoryInput,
    responses((status = 200, body = CategoryView)))]
async fn edit_category(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Category>,
    Body(input): Body<CategoryInput>,
) -> Result<Json<CategoryView>, AsJson> {
    Ok(Json(act(&shop, move |app| categories::edit(app, &visitor, id, input)).await?))
}

/// Remove a category
///
/// Its products stay.
#[describe::path(delete, path = "/api/v1/staff/categories/{category}", tag = "staff: goods",
    params(("category" = Id<Category>, Path)), responses((status = 204)))]
async fn remove_category(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Category>,
) -> Result<StatusCode, AsJson> {
    act(&shop, move |app| categories::remove(app, &visitor, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The latest imports
#[describe::path(get, path = "/api/v1/staff/imports", tag = "staff: goods",
    responses((status = 200, body = Listed<ImportView>)))]
async fn imports(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<Listed<ImportView>>, AsJson> {
    Ok(output::all(act(&shop, move |app| product_csv::imports(app, &visitor, 100)).await?))
}

/// How a file is read.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ImportQuery {
    /// Says what would happen and changes nothing.
    #[serde(default)]
    dry_run: bool,
    /// What the file is called in the list of imports.
    #[serde(default)]
    name: String,
}

/// Import a product file
///
/// Shopify's product CSV in either generation of its header, at most 20 MB. Good rows are taken
/// and each bad one is named with its line and reason. The same file again changes nothing.
#[describe::path(post, path = "/api/v1/staff/imports", tag = "staff: goods", params(ImportQuery),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, body = Report)))]
async fn import(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Query(query): Query<ImportQuery>,
    request: Request,
) -> Result<Json<Report>, AsJson> {
    visitor.staff(Permission::Goods)?;
    let kind = request.headers().get(header::CONTENT_TYPE);
    if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/csv")) {
        return Err(Fault::Media { types: "text/csv" });
    }
    let bytes = form::body(request.into_body(), MOST_UPLOADED).await?;
    let name = if query.name.is_empty() { "api.csv".to_string() } else { query.name };
    let report = act(&shop, move |app| {
        let reader = Cursor::new(bytes);
        product_csv::import(app, &visitor, &name, reader, query.dry_run, &mut |_| {})
    });
    Ok(Json(report.await?))
}

/// Which generation of the header a file shall have.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ExportQuery {
    /// `legacy` (what most tools read) or `current`.
    #[serde(default)]
    generation: String,
}

/// Export all products
#[describe::path(get, path = "/api/v1/staff/exports/products", tag = "staff: goods",
    params(ExportQuery), responses((status = 200, body = String, content_type = "text/csv")))]
async fn export(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Query(query): Query<ExportQuery>,
) -> Result<Response, AsJson> {
    let generation = match query.generation.as_str() {
        "" | "legacy" => Generation::Legacy,
        "current" => Generation::Current,
        _ => return Err(Fault::BadRequest("generation is legacy or current".into())),
    };
    let file = act(&shop, move |app| {
        let mut file = Vec::new();
        product_csv::export(app, &visitor, generation, &mut file)?;
        Ok::<_, Failure>(file)
    })
    .await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"products.csv\""),
    ];
    Ok((headers, file).into_response())
}
