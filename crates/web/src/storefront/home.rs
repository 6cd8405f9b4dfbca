//! The front page: one promise, then what is happening now.

use app::product_page;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;

use crate::answer::Fault;
use crate::page::{Page, render};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::goods;
use crate::storefront::view::{Card, Kind, TeamTile};
use crate::visitor::Anyone;
use crate::{Shop, act};

#[derive(Template)]
#[template(path = "storefront/home/show.html")]
struct Home {
    p: Frame,
    hero: Option<Card>,
    teams: Vec<TeamTile>,
    open_teams: i64,
    kinds: Vec<Kind>,
    together: Vec<Card>,
    newest: Vec<Card>,
}

/// `GET /`
pub async fn show(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
) -> Result<Response, Fault> {
    let view = act(&shop, move |app| product_page::home(app, &visitor)).await?;
    let description = page.t("store-home-how");
    let search = format!("{}/discover?q={{q}}", page.base_url);
    let about = json!({
        "@type": "WebSite",
        "name": page.shop,
        "url": page.base_url,
        "potentialAction": {
            "@type": "SearchAction",
            "target": search,
            "query-input": "required name=q",
        },
    });
    let (now, locale) = (page.now, page.locale);
    let hero = view.hero.as_ref().map(|offer| {
        let mut card = goods::card(offer);
        card.picture = goods::picture(offer.product.picture.as_ref(), "", goods::LARGE);
        card
    });
    let picture = hero.as_ref().map_or(String::new(), |card| card.picture.src.clone());
    let skip = hero.as_ref().map_or(String::new(), |card| card.href.clone());
    let mut together = goods::cards(&view.together);
    together.retain(|card| card.href != skip);
    together.truncate(8);
    Ok(render(&Home {
        hero,
        teams: goods::teams(&view.teams, now, locale).into_iter().take(6).collect(),
        open_teams: view.open_teams,
        kinds: view.categories.iter().map(|category| goods::kind(category, false)).collect(),
        together,
        newest: goods::cards(&view.newest).into_iter().take(8).collect(),
        p: Frame::new(page, Here::Home, &["home", "team"])
            .public(&description, &picture)
            .about(about),
    }))
}
