//! Products: the list, several changed at once, the export.

use app::catalog::{self, StaffBrowse, StaffProduct};
use app::product_csv::{self, Generation};
use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use domain::catalog::{Product, Status};
use domain::id::Id;
use serde::Deserialize;

use super::part::{Choice, Empty, Filter, FilterPart, Pager, ViewLink, When};
use super::{Answer, Desk, Frame, address};
use crate::Shop;
use crate::form::Form;

pub mod edit;

/// The routes of goods.
pub fn routes() -> Router<Shop> {
    Router::new()
        .route("/console/products", get(index).post(edit::create))
        .route("/console/products/new", get(edit::new))
        .route("/console/products/status", post(set_status))
        .route("/console/products/export.csv", get(export))
        .route("/console/products/{id}", get(edit::show).post(edit::update))
        .route("/console/products/{id}/text", post(edit::translate))
        .route("/console/products/{id}/pictures", post(edit::upload))
        .route("/console/products/{id}/pictures/{picture}/retry", post(edit::retry_picture))
}

#[derive(Template)]
#[template(path = "console/product/list.html")]
struct List {
    p: Frame,
    empty: Option<Empty>,
    filter: Filter,
    rows: Vec<Row>,
    pager: Pager,
}

struct Row {
    id: String,
    href: String,
    picture: String,
    title: String,
    detail: String,
    tone: &'static str,
    status: String,
    price: String,
    available: String,
    low: bool,
    category: String,
    at: When,
}

const HERE: &str = "/console/products";

/// What the list is narrowed to, as its address says it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
    status: String,
    category: String,
    low: String,
    cursor: Option<String>,
}

/// The list.
pub async fn index(desk: Desk, Query(asked): Query<Asked>) -> Answer {
    let browse = StaffBrowse {
        q: asked.q.clone(),
        status: asked.status.clone(),
        category: asked.category.clone(),
        low: asked.low == "1",
        seller: None,
        cursor: asked.cursor.clone(),
        limit: Some(50),
    };
    let (found, categories) = desk
        .act(move |app, visitor| {
            let categories = catalog::categories::list(app, visitor)?;
            Ok((catalog::staff_list(app, visitor, browse)?, categories))
        })
        .await?;
    let p = desk.frame(HERE);
    let counts = found.counts;
    let all = counts.active + counts.draft + counts.archived;
    let narrowed = !asked.q.is_empty() || !asked.category.is_empty() || asked.low == "1";
    let view = |status: &str, id: &str, count: i64| ViewLink {
        href: address(HERE, &[("status", status), ("q", &asked.q), ("category", &asked.category)]),
        label: p.t(id),
        count: p.num(count),
        current: asked.status == status,
    };
    let names = std::iter::once((String::new(), p.t("console-category-any")))
        .chain(categories.iter().map(|c| (c.slug.clone(), indented(&c.name, c.depth))));
    let filter = Filter {
        action: HERE.into(),
        views: vec![
            view("", "console-orders-all", all),
            view("active", "console-product-active", counts.active),
            view("draft", "console-product-draft", counts.draft),
            view("archived", "console-product-archived", counts.archived),
        ],
        parts: vec![
            FilterPart {
                label: p.t("console-category"),
                name: "category",
                set: !asked.category.is_empty(),
                options: Choice::among(&asked.category, names),
            },
            FilterPart {
                label: p.t("console-stock"),
                name: "low",
                set: asked.low == "1",
                options: Choice::among(
                    &asked.low,
                    [
                        (String::new(), p.t("console-stock-any")),
                        ("1".into(), p.t("console-stock-low")),
                    ],
                ),
            },
        ],
        hidden: vec![("status", asked.status.clone())],
        search_label: p.t("console-product-search"),
        q: asked.q.clone(),
        narrowed,
    };
    let empty = (all == 0).then(|| Empty {
        title: p.t("console-products-empty"),
        text: p.t("console-products-empty-text"),
        action: p.t("console-import-act"),
        href: "/console/import".into(),
        second: p.t("console-product-new"),
        second_href: format!("{HERE}/new"),
    });
    let here = [
        ("status", asked.status.as_str()),
        ("q", &asked.q),
        ("category", &asked.category),
        ("low", &asked.low),
    ];
    let pager = p.pager(HERE, &here, found.items.len(), asked.cursor.is_some(), found.next);
    let rows = found.items.iter().map(|product| row(&p, product)).collect();
    desk.show(List { p, empty, filter, rows, pager })
}

fn indented(name: &str, depth: i64) -> String {
    let depth = usize::try_from(depth).unwrap_or(0);
    format!("{}{name}", "\u{2003}".repeat(depth))
}

fn row(p: &Frame, product: &StaffProduct) -> Row {
    let mut detail = Vec::new();
    if !product.vendor.is_empty() {
        detail.push(product.vendor.clone());
    }
    detail.push(p.t1("console-product-variants-count", "count", product.variants));
    let price = if product.price == product.price_to {
        p.money(product.price)
    } else {
        format!("{} – {}", p.money(product.price), p.money(product.price_to))
    };
    Row {
        id: product.id.to_string(),
        href: format!("{HERE}/{}", product.id),
        picture: product.picture.as_ref().map_or(String::new(), |picture| picture.thumb.clone()),
        title: product.title.clone(),
        detail: detail.join(" · "),
        tone: tone(product.status),
        status: p.t(&format!("console-product-{}", product.status.code())),
        price,
        available: product.available.map_or("∞".into(), |units| p.num(units)),
        low: product.low,
        category: product.categories.join(" · "),
        at: p.when(product.updated_at),
    }
}

fn tone(status: Status) -> &'static str {
    match status {
        Status::Active => "good",
        Status::Draft => "waiting",
        Status::Archived => "",
    }
}

/// Gives the chosen products a status.
pub async fn set_status(desk: Desk, form: Form) -> Answer {
    let ids: Vec<Id<Product>> = form.all("id").into_iter().filter_map(Id::parse).collect();
    let Some(status) = Status::parse(form.get("status")).filter(|_| !ids.is_empty()) else {
        return desk.on(HERE, "bulk-none");
    };
    let changed =
        desk.act(move |app, visitor| catalog::set_status(app, visitor, &ids, status)).await?;
    desk.on_with(HERE, "bulk-done", i64::try_from(changed).unwrap_or(i64::MAX))
}

/// All products as a product file.
pub async fn export(desk: Desk) -> Answer {
    let file = desk
        .act(|app, visitor| {
            let mut file = Vec::new();
            product_csv::export(app, visitor, Generation::Legacy, &mut file)?;
            Ok(file)
        })
        .await?;
    Ok(csv_file("products.csv", file))
}

/// A CSV file to be saved.
pub fn csv_file(name: &str, bytes: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_string()),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    (headers, bytes).into_response()
}

/// Texts of a form separated by commas of either language.
fn listed(text: &str) -> Vec<String> {
    let parts = text.split([',', '，', '、']).map(str::trim);
    parts.filter(|part| !part.is_empty()).map(str::to_string).collect()
}
