//! Looking through the goods: a category, a search, or everything.

use app::catalog::{Browse, Sort};
use app::product_page::{self, ListView};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use crate::answer::Fault;
use crate::page::{Page, render};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::goods;
use crate::storefront::view::{Card, Kind, Tab};
use crate::visitor::Anyone;
use crate::{Shop, act, link};

#[derive(Template)]
#[template(path = "storefront/catalog/list.html")]
struct List {
    p: Frame,
    query: String,
    kinds: Vec<Kind>,
    everything: bool,
    heading: String,
    sorts: Vec<Tab>,
    count: i64,
    goods: Vec<Card>,
    next: String,
}

/// What an address says about a list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wish {
    q: String,
    tag: String,
    sort: Sort,
    cursor: Option<String>,
}

impl Wish {
    fn browse(&self, category: &str) -> Browse {
        Browse {
            q: self.q.trim().chars().take(100).collect(),
            category: category.to_string(),
            tag: self.tag.clone(),
            sort: self.sort,
            cursor: self.cursor.clone(),
            ..Browse::default()
        }
    }
}

/// `GET /discover`: everything, or what was searched for.
pub async fn discover(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
    Query(wish): Query<Wish>,
) -> Result<Response, Fault> {
    let browse = wish.browse("");
    let view = act(&shop, move |app| product_page::list(app, &visitor, browse)).await?;
    let looked = !wish.q.trim().is_empty() || !wish.tag.is_empty();
    let words = if wish.q.trim().is_empty() { wish.tag.trim() } else { wish.q.trim() };
    let heading =
        if looked { page.t1("store-found", "words", words) } else { page.t("store-all-goods") };
    let description = page.t("store-home-how");
    let mut p = Frame::new(page, Here::Discover, &[]).titled(heading.clone());
    p.query = wish.q.trim().to_string();
    // A search is a page of its own for its reader only.
    if !looked {
        p = p.public(&description, &first_picture(&view));
    }
    Ok(render(&list(p, &view, &wish, !looked, heading)))
}

/// `GET /c/{slug}`
pub async fn category(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
    Path(slug): Path<String>,
    Query(wish): Query<Wish>,
) -> Result<Response, Fault> {
    let browse = wish.browse(&slug);
    let view = act(&shop, move |app| product_page::list(app, &visitor, browse)).await?;
    let category = view.category.as_ref().ok_or(app::failure::Failure::NotFound)?;
    let heading = category.name.clone();
    let blurb = match category.blurb.as_str() {
        "" => page.t("store-home-how"),
        blurb => blurb.to_string(),
    };
    let crumb = |(i, one): (usize, &app::catalog::CategoryView)| {
        json!({
            "@type": "ListItem",
            "position": i + 1,
            "name": one.name,
            "item": page.absolute(link::category(&one.slug)),
        })
    };
    let crumbs: Vec<_> = view.above.iter().chain([category]).enumerate().map(crumb).collect();
    let about = json!({ "@type": "BreadcrumbList", "itemListElement": crumbs });
    let p = Frame::new(page, Here::Discover, &[])
        .titled(heading.clone())
        .public(&blurb, &first_picture(&view))
        .about(about);
    Ok(render(&list(p, &view, &wish, false, heading)))
}

fn first_picture(view: &ListView) -> String {
    let first = view.goods.items.iter().find_map(|offer| offer.product.picture.as_ref());
    first.map_or(String::new(), |picture| picture.src.clone())
}

fn list(p: Frame, view: &ListView, wish: &Wish, everything: bool, heading: String) -> List {
    let here = view.category.as_ref().map(|category| category.id);
    let kind = |one| goods::kind(one, Some(one.id) == here);
    let mut kinds: Vec<Kind> = view.above.iter().map(kind).collect();
    if let Some(category) = &view.category
        && !view.categories.iter().any(|one| one.id == category.id)
    {
        kinds.push(goods::kind(category, true));
    }
    kinds.extend(view.categories.iter().map(kind));
    let next = view.goods.next.as_deref();
    List {
        next: next.map_or(String::new(), |cursor| link::with_query(&p.path, "cursor", cursor)),
        query: wish.q.trim().to_string(),
        sorts: sorts(&p, wish.sort),
        kinds,
        everything,
        heading,
        count: view.goods.count,
        goods: goods::cards(&view.goods.items),
        p,
    }
}

/// The orders a list can be in. Another order begins at the first page again.
fn sorts(p: &Frame, now: Sort) -> Vec<Tab> {
    let orders = [
        (Sort::Popular, "popular", "store-sort-popular"),
        (Sort::New, "new", "store-sort-new"),
        (Sort::Price, "price", "store-sort-price"),
        (Sort::PriceDown, "price_down", "store-sort-price-down"),
    ];
    let (path, query) = p.path.split_once('?').unwrap_or((&p.path, ""));
    let mut kept: Vec<(String, String)> =
        form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    kept.retain(|(name, _)| name == "q" || name == "tag");
    let tab = |(sort, code, id): (Sort, &str, &str)| {
        let mut pairs: Vec<(&str, &str)> =
            kept.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        if sort != Sort::default() {
            pairs.push(("sort", code));
        }
        let query = link::query(&pairs);
        let href = if query.is_empty() { path.to_string() } else { format!("{path}?{query}") };
        Tab { label: p.t(id), href, here: sort == now }
    };
    orders.into_iter().map(tab).collect()
}
