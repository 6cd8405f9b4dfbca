//! The command palette: pages, actions, orders, products and group buys by a few letters.

use app::catalog::{self, StaffBrowse};
use app::order_desk::{self, DeskRow};
use app::{group_buy, team};
use askama::Template;
use axum::Json;
use axum::extract::Query;
use domain::id::Id;
use domain::person::Permission;
use serde::{Deserialize, Serialize};

use super::order::short;
use super::{Answer, Desk, Frame, PAGES};
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
const ACTIONS: [(&str, &str, &str); 4] = [
    ("/console/group-buys/new", "plus", "console-group-buy-new"),
    ("/console/products/new", "plus", "console-product-new"),
    ("/console/orders?status=to_ship", "truck", "console-action-ship"),
    ("/console/products/export.csv", "download", "console-action-export"),
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
    let named = |(href, icon, name): &(&str, &'static str, &str)| {
        let label = p.t(name);
        // A page is found by its name in either language, and by its address.
        let other = p.locale.other().say(name);
        let fits = [label.as_str(), &other, href].iter().any(|t| t.to_lowercase().contains(&lower));
        fits.then(|| Hit { href: href.to_string(), icon, label, detail: String::new() })
    };
    let group = |label: &str, items: Vec<Hit>| Group { label: p.t(label), items };
    let pages = group("console-palette-pages", PAGES.iter().filter_map(named).collect());
    let actions = group("console-palette-actions", ACTIONS.iter().filter_map(named).collect());
    let mut groups = Vec::new();
    if !q.is_empty() {
        let words = q.clone();
        let (orders, products, offers) = desk
            .act(move |app, visitor| {
                let filter = order_desk::Filter { query: words.clone(), ..Default::default() };
                let browse =
                    StaffBrowse { q: words.clone(), limit: Some(6), ..StaffBrowse::default() };
                let orders = match visitor.staff_reader(Permission::Orders) {
                    Ok(_) => order_desk::list(app, visitor, &filter, None, 6)?,
                    Err(_) => Vec::new(),
                };
                let products = catalog::staff_list(app, visitor, browse)?.items;
                let words = words.to_lowercase();
                let fits = |view: &group_buy::GroupBuyView| {
                    let text = format!("{} {}", view.title, view.product_title);
                    text.to_lowercase().contains(&words)
                };
                let offers = group_buy::list(app, visitor, None, None, 60)?;
                Ok((orders, products, offers.into_iter().filter(fits).take(5).collect::<Vec<_>>()))
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
            detail: p.t(&format!("console-gb-status-{}", view.status.code())),
        };
        groups.push(group("console-palette-orders", orders.iter().map(order).collect()));
        groups.push(group("console-palette-products", products.iter().map(product).collect()));
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
