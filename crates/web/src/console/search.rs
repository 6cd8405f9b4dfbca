//! The command palette: pages, actions, orders, products and group buys by a few letters.

use app::catalog::{self, StaffBrowse};
use app::order_desk::{self, DeskRow};
use app::{customer, group_buy, team};
use askama::Template;
use axum::Json;
use axum::extract::Query;
use domain::id::Id;
use domain::person::{Level, Permission};
use serde::{Deserialize, Serialize};

use super::order::short;
use super::{Answer, Desk, Frame, rail, where_allowed};
use crate::answer::Fault;

#[derive(Template)]
#[template(path = "console/search.html")]
struct Show {
    p: Frame,
    q: String,
    groups: Vec<Group>,
}

/// Hits under one word.
#[derive(Serialize)]
pub struct Group {
    label: String,
    items: Vec<Hit>,
}

/// Somewhere to go.
#[derive(Serialize)]
pub struct Hit {
    href: String,
    icon: &'static str,
    label: String,
    detail: String,
}

/// What the palette asks for.
#[derive(Serialize)]
pub struct Found {
    groups: Vec<Group>,
}

/// A few letters.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
}

/// Things to do, wherever one is.
const ACTIONS: [(&str, &str, &str, (Permission, Level)); 4] = [
    (
        "/console/group-buys/new",
        "plus",
        "console-group-buy-new",
        (Permission::GroupBuys, Level::Change),
    ),
    ("/console/products/new", "plus", "console-product-new", (Permission::Goods, Level::Change)),
    (
        "/console/orders?status=to_ship",
        "truck",
        "console-action-ship",
        (Permission::Orders, Level::View),
    ),
    (
        "/console/products/export.csv",
        "download",
        "console-action-export",
        (Permission::Goods, Level::View),
    ),
];

/// The palette, as data for its script.
pub async fn palette(desk: Desk, Query(asked): Query<Asked>) -> Result<Json<Found>, Fault> {
    Ok(Json(Found { groups: find(&desk, &asked.q).await? }))
}

/// The same as a page, for those without script.
pub async fn show(desk: Desk, Query(asked): Query<Asked>) -> Answer {
    let groups = find(&desk, &asked.q).await?;
    desk.show(Show { p: desk.frame(""), q: asked.q, groups })
}

async fn find(desk: &Desk, asked: &str) -> Result<Vec<Group>, Fault> {
    let p = desk.frame("");
    let q: String = asked.trim().trim_start_matches('#').chars().take(100).collect();
    let lower = q.to_lowercase();
    let named = |href: &str, icon: &'static str, name: &str| {
        let label = p.t(name);
        // A page is found by its name in either language, and by its address.
        let other = p.locale.other().say(name);
        let fits = [label.as_str(), &other, href].iter().any(|t| t.to_lowercase().contains(&lower));
        fits.then(|| Hit { href: href.to_string(), icon, label, detail: String::new() })
    };
    let group = |label: &str, items: Vec<Hit>| Group { label: p.t(label), items };
    let pages = rail::open_to(&p).filter_map(|(href, icon, name, _)| named(href, icon, name));
    let pages = group("console-palette-pages", pages.collect());
    let actions = ACTIONS.iter().filter(|(.., (what, level))| p.grants.may(*what, *level));
    let actions = actions.filter_map(|(href, icon, name, _)| named(href, icon, name));
    let actions = group("console-palette-actions", actions.collect());
    let mut groups = Vec::new();
    if !q.is_empty() {
        let words = q.clone();
        let (orders, products, offers, customers) = desk
            .act(move |app, visitor| {
                let filter = order_desk::Filter { query: words.clone(), ..Default::default() };
                let browse =
                    StaffBrowse { q: words.clone(), limit: Some(6), ..StaffBrowse::default() };
                let orders = where_allowed(order_desk::list(app, visitor, &filter, None, 6))?;
                let products = where_allowed(catalog::staff_list(app, visitor, browse))?;
                let words = words.to_lowercase();
                let fits = |view: &group_buy::GroupBuyView| {
                    let text = format!("{} {}", view.title, view.product_title);
                    text.to_lowercase().contains(&words)
                };
                let offers = where_allowed(group_buy::list(app, visitor, None, None, 60))?;
                let offers = offers.unwrap_or_default();
                let offers: Vec<_> = offers.into_iter().filter(fits).take(5).collect();
                let look = customer::Look { query: words, limit: 5, ..Default::default() };
                let customers = where_allowed(customer::list(app, visitor, &look))?;
                Ok((
                    orders.unwrap_or_default(),
                    products.map_or_else(Vec::new, |found| found.items),
                    offers,
                    customers.map_or_else(Vec::new, |found| found.items),
                ))
            })
            .await?;
        let order = |order: &DeskRow| Hit {
            href: format!("/console/orders/{}", order.id),
            icon: "receipt",
            label: format!("{} · {} · {}", short(order.id), order.buyer_name, order.title),
            detail: p.t(&format!("console-status-{}", order.status.code())),
        };
        let product = |product: &catalog::StaffProduct| Hit {
            href: format!("/console/products/{}", product.id),
            icon: "box",
            label: product.title.clone(),
            detail: p.money(product.price),
        };
        let offer = |view: &group_buy::GroupBuyView| Hit {
            href: format!("/console/group-buys/{}", view.id),
            icon: "teams",
            label: view.title.clone(),
            detail: p.t(&format!("console-campaign-status-{}", view.status.code())),
        };
        let customer = |one: &customer::CustomerRow| Hit {
            href: format!("/console/customers/{}", one.id),
            icon: "me",
            label: one.name.clone(),
            detail: one.contact.clone(),
        };
        groups.push(group("console-palette-orders", orders.iter().map(order).collect()));
        groups.push(group("console-palette-products", products.iter().map(product).collect()));
        groups.push(group("console-customers", customers.iter().map(customer).collect()));
        groups.push(group("console-palette-group-buys", offers.iter().map(offer).collect()));
        if let Some(team) = Id::<domain::group_buy::Team>::parse(&q) {
            let found = desk.act(move |app, visitor| team::get(app, visitor, team)).await;
            if let Ok(view) = found {
                let href = format!("/console/group-buys/{}#teams", view.group_buy);
                let label = p.t1("console-team-title", "name", &view.leader_name);
                let hit = Hit { href, icon: "teams", label, detail: view.product_title };
                groups.push(group("console-teams", vec![hit]));
            }
        }
    }
    groups.insert(0, actions);
    groups.insert(0, pages);
    groups.retain(|group| !group.items.is_empty());
    Ok(groups)
}
