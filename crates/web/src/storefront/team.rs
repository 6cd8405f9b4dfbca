//! The team page, which is shared and so the first page many people ever see; and the open teams.

use app::failure::Failure;
use app::product_page::GroupPrice;
use app::team::TeamView;
use app::{App, Visitor, catalog, order, share, team};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::campaign::Mechanic;
use domain::group_buy::{Team, TeamStatus};
use domain::id::Id;
use domain::share::Object;
use serde_json::json;

use crate::answer::Fault;
use crate::form::Form;
use crate::locale::Price;
use crate::page::{Page, render};
use crate::storefront::chooser::{self, Chooser, Purpose};
use crate::storefront::frame::{Frame, Here, plain};
use crate::storefront::goods;
use crate::storefront::rules;
use crate::storefront::sharing::Sharing;
use crate::storefront::team_card::{self, TeamCard};
use crate::storefront::view::{TeamTile, short};
use crate::visitor::{Anyone, Remembered};
use crate::{Shop, act, live};

/// How many open teams the list shows.
const LISTED: i64 = 60;

#[derive(Template)]
#[template(path = "storefront/team/show.html")]
struct Show {
    p: Frame,
    problem: String,
    team: TeamCard,
    chooser: Option<Chooser>,
    share: Sharing,
    how: Vec<String>,
    rules: Vec<String>,
    others: Vec<TeamTile>,
    summary: String,
}

#[derive(Template)]
#[template(path = "storefront/team/part.html")]
struct Part {
    p: Frame,
    team: TeamCard,
}

#[derive(Template)]
#[template(path = "storefront/team/list.html")]
struct List {
    p: Frame,
    mine: Vec<TeamTile>,
    teams: Vec<TeamTile>,
    next: String,
}

/// A team with what its page shows beside it.
struct Seen {
    team: TeamView,
    /// None when its goods are not shown any more: the team's page stays.
    product: Option<catalog::ProductView>,
    sharer: Option<String>,
    link: Option<share::LinkView>,
    refunded: Option<domain::money::Money>,
    others: Vec<team::TeamCard>,
}

fn see(app: &App, visitor: &Visitor, id: Id<Team>) -> Result<Seen, Failure> {
    let view = team::get(app, visitor, id)?;
    let product = match catalog::find_product(app, visitor, &view.handle) {
        Ok(product) => Some(product),
        Err(Failure::NotFound) => None,
        Err(failure) => return Err(failure),
    };
    let open = view.status == TeamStatus::Open;
    let sharer = share::who_shared(app, visitor, Object::Team, id.0)?;
    let link = match visitor.person.is_some() && open {
        true => Some(share::link(app, visitor, Object::Team, id.0)?),
        false => None,
    };
    let mut others = team::open_teams(app, visitor, Some(&view.handle), 5)?;
    others.retain(|other| other.id != id);
    others.truncate(4);
    let sharer = sharer.map(|sharer| sharer.name);
    Ok(Seen { refunded: refunded(app, visitor, &view)?, team: view, product, sharer, link, others })
}

/// What came back to the visitor from a team that failed.
fn refunded(
    app: &App,
    visitor: &Visitor,
    view: &TeamView,
) -> Result<Option<domain::money::Money>, Failure> {
    match (view.status, view.my_order) {
        (TeamStatus::Failed, Some(id)) => {
            let mine = order::get(app, visitor, id)?;
            Ok(mine.status.is_paid().then_some(mine.total))
        }
        _ => Ok(None),
    }
}

/// `GET /teams/{id}`
pub async fn show(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let id = Id::parse(&id).ok_or(Failure::NotFound)?;
    let seen = act(&shop, move |app| see(app, &visitor, id)).await?;
    Ok(render(&draw(page, seen)))
}

fn draw(page: Page, seen: Seen) -> Show {
    let (view, product, locale) = (&seen.team, seen.product.as_ref(), page.locale);
    let prices = prices(view);
    let choose = view.may_join && prices.len() > 1;
    let chooser = product.filter(|_| choose).map(|product| {
        let action = format!("/teams/{}", view.id);
        chooser::chooser(product, &prices, view.need, Purpose::Join, action, locale)
    });
    let card = team_card::draw(&page, view, product, seen.sharer.as_deref(), seen.refunded);
    let problem = why(&page);
    let price = short(&Price::of(view.price));
    let name = team_card::title(view, product);
    let words = page.locale.tell(
        "store-share-words",
        &[("n", &view.missing.max(1)), ("name", &name), ("price", &price)],
    );
    let picture = product.and_then(|product| product.pictures.first());
    let picture = picture.map_or(view.picture.clone(), |picture| picture.src.clone());
    let life = locale.span(domain::moment::Span::minutes(view.settings.life_minutes));
    let how = vec![
        page.n("store-how-1", view.need),
        page.t1("store-how-2", "time", &life),
        page.t("store-how-3"),
    ];
    let open = view.status == TeamStatus::Open;
    let title = if open { words.clone() } else { card.heading.clone() };
    let (low, currency) = goods::plain(view.price);
    let about = json!({
        "@type": "Product",
        "name": name,
        "image": page.absolute(&picture),
        "offers": {
            "@type": "Offer",
            "price": low,
            "priceCurrency": currency,
            "url": page.absolute(format!("/teams/{}", view.id)),
            "priceValidUntil": view.deadline.map(|end| end.rfc3339()),
        },
    });
    let mine = view.my_place_paid && open;
    let link = seen.link.as_ref().filter(|_| mine);
    let share = link.map_or_else(Sharing::default, |link| {
        Sharing::own(&page, link, words)
            .of(&page, Mechanic::GroupBuy, name)
            .pictured(goods::small(&view.picture))
            .worth(price)
    });
    let description = format!("{} {}", page.t("store-home-how"), how[1]);
    let mut p = Frame::new(page, Here::Teams, &["team", "product", "share"]).titled(title);
    if !matches!(view.status, TeamStatus::Forming | TeamStatus::Abandoned) {
        p = p.public(&description, &picture).about(about);
    }
    Show {
        problem,
        chooser,
        share,
        how,
        rules: rules::sentences(&view.rules, view.price.currency, locale),
        others: seen.others.iter().map(|one| goods::team_card(one, p.now, locale)).collect(),
        summary: product.map_or(String::new(), |product| plain(&product.body_html, 120)),
        team: card,
        p,
    }
}

/// Why somebody who wanted to join came back here instead.
fn why(page: &Page) -> String {
    let query = page.path.split_once('?').map_or("", |(_, query)| query);
    let why = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "why");
    match why.as_ref().map(|(_, value)| value.as_ref()) {
        Some("full" | "not_open" | "too_late") => page.t("store-team-left-full"),
        _ => String::new(),
    }
}

/// The team's prices, as the chooser takes them.
fn prices(view: &TeamView) -> Vec<GroupPrice> {
    let price = |variant: &app::group_buy::VariantView| GroupPrice {
        variant: variant.variant,
        alone: variant.ordinary_price,
        together: variant.price,
        left: variant.left,
        sold_out: variant.left.is_some_and(|left| left <= 0),
    };
    view.variants.iter().map(price).collect()
}

/// `POST /teams/{id}`: join with what was chosen.
pub async fn join(
    State(shop): State<Shop>,
    Remembered(visitor): Remembered,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Fault> {
    let id: Id<Team> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let seen = act(&shop, move |app| see(app, &visitor, id)).await?;
    let product = seen.product.as_ref();
    let chosen = product.and_then(|product| chooser::chosen(product, &form));
    let chosen = chosen.map(|variant| variant.id);
    let variant = chosen.or(seen.team.variants.first().map(|variant| variant.variant));
    let variant = variant.ok_or(Failure::NotFound)?;
    let quantity: i64 = form.parse("quantity").unwrap_or(1).clamp(1, 9_999);
    Ok(Redirect::to(&goods::checkout(id, variant, quantity)).into_response())
}

/// `GET /teams/{id}/card`: the card alone, as it is now for this visitor.
pub async fn card(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let id = Id::parse(&id).ok_or(Failure::NotFound)?;
    let seen = act(&shop, move |app| see(app, &visitor, id)).await?;
    let sharer = seen.sharer.as_deref();
    let team = team_card::draw(&page, &seen.team, seen.product.as_ref(), sharer, seen.refunded);
    Ok(render(&Part { p: Frame::new(page, Here::Teams, &[]), team }))
}

/// `GET /teams/{id}/live`: says when the team changed.
pub async fn changes(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let id = Id::parse(&id).ok_or(Failure::NotFound)?;
    // Only those who may see the team hear of it.
    act(&shop, move |app| team::get(app, &visitor, id)).await?;
    Ok(live::team_events(&shop.live, id))
}

/// `GET /teams`: teams anybody may join, and the visitor's own.
pub async fn list(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
) -> Result<Response, Fault> {
    let (teams, mine) = act(&shop, move |app| {
        let mine = match visitor.person {
            Some(_) => team::mine(app, &visitor, None, 12)?,
            None => Vec::new(),
        };
        Ok((team::open_teams(app, &visitor, None, LISTED)?, mine))
    })
    .await?;
    let (now, locale) = (page.now, page.locale);
    let tile = |one: &team::TeamCard| goods::team_card(one, now, locale);
    let open = mine.iter().filter(|one| one.status == TeamStatus::Open);
    let (title, description) = (page.t("store-teams-title"), page.t("store-teams-lead"));
    let picture = teams.first().map_or(String::new(), |one| one.picture.clone());
    Ok(render(&List {
        mine: open.map(tile).collect(),
        teams: teams
            .iter()
            .filter(|one| !mine.iter().any(|my| my.id == one.id))
            .map(tile)
            .collect(),
        next: String::new(),
        p: Frame::new(page, Here::Teams, &["team"]).titled(title).public(&description, &picture),
    }))
}
