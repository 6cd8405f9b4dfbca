//! Looking through the goods: a category, a search, or everything.

use app::catalog::{Browse, Sort};
use app::product_page::{self, ListView};
use app::search::{self, FacetValue, FoundView, Look, Order};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use domain::money::{Currency, Money};
use serde::Deserialize;
use serde_json::json;

use crate::answer::Fault;
use crate::page::{Page, render};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::goods;
use crate::storefront::view::{Card, Kind, Tab};
use crate::visitor::Anyone;
use crate::{Shop, act, link};

/// What was found, with what narrows it and what helps.
#[derive(Template)]
#[template(path = "storefront/catalog/found.html")]
struct FoundPage {
    p: Frame,
    query: String,
    heading: String,
    count: usize,
    /// What is said above: other words that were meant, words that were left out.
    corrected: Option<Meant>,
    dropped: String,
    nearest: Vec<Meant>,
    sorts: Vec<Tab>,
    facets: Vec<FacetGroup>,
    /// How many choices narrow it, and the address without them.
    chosen: usize,
    cleared: String,
    /// What the price form carries on.
    carried: Vec<(&'static str, String)>,
    price_from: String,
    price_to: String,
    symbol: &'static str,
    goods: Vec<Card>,
    next: String,
}

/// Other words, and where they lead.
struct Meant {
    words: String,
    href: String,
}

/// One facet with its values as links that add or take away.
struct FacetGroup {
    label: String,
    values: Vec<Choice>,
}

struct Choice {
    label: String,
    count: usize,
    href: String,
    on: bool,
}

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

/// What an address says about a search.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
    category: String,
    brand: String,
    tag: String,
    from: String,
    to: String,
    in_stock: String,
    order: String,
    page: String,
}

/// How many are on a page of what was found.
const ROWS: usize = 24;

impl Asked {
    fn look(&self, currency: Currency) -> Look {
        let minor = |typed: &str| Money::parse(typed, currency).ok().map(|money| money.minor);
        Look {
            q: self.q.trim().to_string(),
            category: self.category.clone(),
            brand: self.brand.clone(),
            tag: self.tag.clone(),
            price_from: minor(&self.from),
            price_to: minor(&self.to),
            in_stock: !self.in_stock.is_empty(),
            sort: ORDERS
                .iter()
                .find(|(_, code, _)| *code == self.order)
                .map_or(Order::default(), |(order, ..)| *order),
            offset: self.number() * ROWS,
            limit: Some(ROWS),
        }
    }

    fn number(&self) -> usize {
        self.page.parse().unwrap_or(0).min(400)
    }

    /// The address of the same search with some of it said otherwise, from its first page.
    fn with(&self, changes: &[(&str, &str)]) -> String {
        let mut pairs = vec![
            ("q", self.q.trim()),
            ("category", self.category.as_str()),
            ("brand", &self.brand),
            ("tag", &self.tag),
            ("from", &self.from),
            ("to", &self.to),
            ("in_stock", &self.in_stock),
            ("order", &self.order),
        ];
        for (name, value) in changes {
            match pairs.iter_mut().find(|(known, _)| known == name) {
                Some(pair) => pair.1 = value,
                None => pairs.push((name, value)),
            }
        }
        pairs.retain(|(_, value)| !value.is_empty());
        format!("/discover?{}", link::query(&pairs))
    }
}

/// The orders of what was found: what addresses call them, and their words.
const ORDERS: [(Order, &str, &str); 5] = [
    (Order::Relevance, "", "store-sort-relevance"),
    (Order::Sales, "sales", "store-sort-popular"),
    (Order::New, "new", "store-sort-new"),
    (Order::Price, "price", "store-sort-price"),
    (Order::PriceDown, "price_down", "store-sort-price-down"),
];

/// `GET /discover`: everything, or what was searched for.
pub async fn discover(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
    Query(asked): Query<Asked>,
    Query(wish): Query<Wish>,
) -> Result<Response, Fault> {
    let searched = [&asked.q, &asked.category, &asked.brand, &asked.tag, &asked.from, &asked.to];
    if searched.iter().any(|said| !said.trim().is_empty()) {
        let (asker, look) = (visitor.clone(), asked.clone());
        let found = act(&shop, move |app| {
            // A shop that has just started has not read its goods yet.
            if !app.search.is_ready() {
                return Ok(None);
            }
            let currency = search::currency(app)?;
            Ok(Some((search::find(app, &asker, &look.look(currency))?, currency)))
        });
        if let Some((found, currency)) = found.await? {
            return Ok(render(&found_page(page, &asked, &found, currency)));
        }
    }
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

/// What is typed so far, for the box that helps to go on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    q: String,
}

/// `GET /discover/suggestions`: a word or title a line.
pub async fn suggestions(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    Query(typed): Query<Typed>,
) -> Result<Response, Fault> {
    let found = act(&shop, move |app| search::suggest(app, &visitor, &typed.q, 8)).await?;
    let lines: Vec<String> = found.into_iter().map(|suggestion| suggestion.text).collect();
    Ok(lines.join("\n").into_response())
}

fn found_page(page: Page, asked: &Asked, found: &FoundView, currency: Currency) -> FoundPage {
    let meant = |words: &String| Meant {
        words: words.clone(),
        href: Asked { q: words.clone(), ..Asked::default() }.with(&[]),
    };
    let words = [&asked.q, &asked.tag, &asked.brand].map(|said| said.trim());
    let words = words.into_iter().find(|said| !said.is_empty());
    let words = words.unwrap_or(search::category_name(&asked.category));
    let heading = page.t1("store-found", "words", words);
    let group = |id: &str, name: &'static str, values: &[FacetValue]| {
        let choice = |one: &FacetValue| Choice {
            label: match name {
                "category" => search::category_name(&one.value).to_string(),
                _ => one.value.clone(),
            },
            count: one.count,
            href: asked.with(&[(name, if one.chosen { "" } else { &one.value })]),
            on: one.chosen,
        };
        FacetGroup { label: page.t(id), values: values.iter().map(choice).take(12).collect() }
    };
    let mut facets = vec![
        group("store-facet-category", "category", &found.categories),
        group("store-facet-brand", "brand", &found.brands),
        group("store-facet-tag", "tag", &found.tags),
    ];
    let only = !asked.in_stock.is_empty();
    facets.push(FacetGroup {
        label: page.t("store-facet-stock"),
        values: vec![Choice {
            label: page.t("store-facet-in-stock"),
            count: found.in_stock,
            href: asked.with(&[("in_stock", if only { "" } else { "1" })]),
            on: only,
        }],
    });
    facets.retain(|facet| !facet.values.is_empty());
    let sorts = ORDERS.map(|(_, code, id)| Tab {
        label: page.t(id),
        href: asked.with(&[("order", code)]),
        here: asked.order == code,
    });
    let carried = [
        ("q", asked.q.trim()),
        ("category", &asked.category),
        ("brand", &asked.brand),
        ("tag", &asked.tag),
        ("in_stock", &asked.in_stock),
        ("order", &asked.order),
    ];
    let carried = carried.into_iter().filter(|(_, value)| !value.is_empty());
    let narrowing = [&asked.category, &asked.brand, &asked.tag, &asked.from, &asked.to];
    let number = asked.number();
    let more = (number + 1) * ROWS < found.total;
    let mut p = Frame::new(page, Here::Discover, &["search"]).titled(heading.clone());
    p.query = asked.q.trim().to_string();
    FoundPage {
        query: p.query.clone(),
        heading,
        count: found.total,
        corrected: found.corrected.as_ref().map(meant),
        dropped: found.dropped.join(" "),
        nearest: found.nearest.iter().map(meant).collect(),
        sorts: sorts.into(),
        facets,
        chosen: narrowing.iter().filter(|said| !said.is_empty()).count() + usize::from(only),
        cleared: Asked { q: asked.q.clone(), ..Asked::default() }.with(&[]),
        carried: carried.map(|(name, value)| (name, value.to_string())).collect(),
        price_from: asked.from.clone(),
        price_to: asked.to.clone(),
        symbol: currency.symbol(),
        goods: goods::cards(&found.items),
        next: match more {
            true => asked.with(&[("page", &(number + 1).to_string())]),
            false => String::new(),
        },
        p,
    }
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
