//! Pages of the merchant's own.

use app::content;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::json;

use crate::answer::Fault;
use crate::page::{Page, render};
use crate::storefront::frame::{Frame, Here, plain};
use crate::visitor::Anyone;
use crate::{Shop, act};

#[derive(Template)]
#[template(path = "storefront/content/show.html")]
struct Show {
    p: Frame,
    heading: String,
    story: String,
    changed: String,
}

/// `GET /pages/{slug}`
pub async fn show(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
    Path(slug): Path<String>,
) -> Result<Response, Fault> {
    let found = act(&shop, move |app| content::page(app, &visitor, &slug)).await?;
    let description = match found.description.is_empty() {
        true => plain(&found.body_html, 160),
        false => found.description.clone(),
    };
    let changed = page.t1("content-changed", "when", page.locale.date(found.updated_at));
    let about = json!({ "@type": "WebPage", "name": found.title, "url": page.canonical });
    let p = Frame::new(page, Here::Elsewhere, &["product"])
        .titled(found.title.clone())
        .public(&description, "")
        .about(about);
    Ok(render(&Show { p, heading: found.title, story: found.body_html, changed }))
}
