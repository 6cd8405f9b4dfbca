//! The front page: one promise, then what is happening now.

use app::campaign;
use app::product_page::{self, HomeSection};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::content::Part;
use serde_json::json;

use crate::answer::Fault;
use crate::page::{Page, render};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::goods;
use crate::storefront::seen;
use crate::storefront::view::{Card, Kind, TeamTile};
use crate::visitor::Anyone;
use crate::{Shop, act, link};

#[derive(Template)]
#[template(path = "storefront/home/show.html")]
struct Home {
    p: Frame,
    hero: Option<Card>,
    teams: Vec<TeamTile>,
    open_teams: i64,
    /// Whether campaigns are on.
    on: bool,
    kinds: Vec<Kind>,
    together: Vec<Card>,
    popular: Vec<Card>,
    newest: Vec<Card>,
    sections: Vec<Shown>,
    /// Whether one of the parts is the page's heading.
    heads: bool,
    /// What this visitor looked at last.
    seen: Vec<Card>,
}

/// A part of the page, in the merchant's order.
struct Shown {
    part: &'static str,
    id: String,
    title: String,
    text: String,
    link: String,
    goods: Vec<Card>,
}

fn shown(n: usize, one: &HomeSection, page: &Page) -> Shown {
    let section = &one.section;
    let pick = |ours: &str, english: &str| {
        let english = (!page.is_chinese() && !english.is_empty()).then_some(english);
        english.unwrap_or(ours).to_string()
    };
    let ours = match section.part {
        Part::Teams => page.t("store-home-nearly"),
        Part::Categories => page.t("store-home-kinds"),
        Part::Together => page.t("store-home-together"),
        Part::Popular => page.t("content-popular"),
        Part::Newest => page.t("store-home-new"),
        Part::Promises => page.t("store-promises"),
        Part::Category => one.category.as_ref().map_or(String::new(), |one| one.name.clone()),
        Part::Hero | Part::Words => String::new(),
    };
    let title = pick(&section.title, &section.title_en);
    Shown {
        part: section.part.code(),
        id: format!("h-{}-{n}", section.part.code()),
        title: if title.is_empty() { ours } else { title },
        text: pick(&section.text, &section.text_en),
        link: match (&one.category, section.part) {
            (Some(category), Part::Category) => link::category(&category.slug),
            _ => section.link.clone(),
        },
        goods: goods::cards(&one.goods),
    }
}

/// `GET /`
pub async fn show(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
) -> Result<Response, Fault> {
    let seen = seen::row(&shop, &visitor, None).await?;
    let (view, on) = act(&shop, move |app| {
        Ok((product_page::home(app, &visitor)?, campaign::any_on(app, &visitor)?))
    })
    .await?;
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
        seen,
        hero,
        teams: goods::teams(&view.teams, now, locale).into_iter().take(6).collect(),
        open_teams: view.open_teams,
        on,
        kinds: view.categories.iter().map(|category| goods::kind(category, false)).collect(),
        together,
        popular: goods::cards(&view.popular).into_iter().take(8).collect(),
        newest: goods::cards(&view.newest).into_iter().take(8).collect(),
        heads: view.sections.iter().any(|one| one.section.part == Part::Hero),
        sections: view.sections.iter().enumerate().map(|(n, one)| shown(n, one, &page)).collect(),
        p: Frame::new(page, Here::Home, &["home", "team"])
            .public(&description, &picture)
            .about(about),
    }))
}
