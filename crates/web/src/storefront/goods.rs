//! Goods and teams as lists show them: from what the actions say to what templates draw.

use app::catalog::{CategoryView, PictureView, ProductCard};
use app::product_page::{OfferCard, OpenTeam};
use app::team::TeamCard;
use domain::catalog::Variant;
use domain::group_buy::Team;
use domain::id::Id;
use domain::moment::Moment;
use domain::money::Money;

use crate::link;
use crate::locale::{Locale, Price};
use crate::storefront::view::{Card, Clock, Face, Kind, Picture, TeamTile, When};

/// A picture in a grid of goods.
pub const IN_GRID: &str = "(min-width: 960px) 270px, (min-width: 720px) 31vw, 46vw";
/// A picture that fills the phone, or half a wide screen.
pub const LARGE: &str = "(min-width: 960px) 620px, 100vw";
/// A category's round picture.
pub const ROUND: &str = "96px";

/// A picture with its smaller size.
pub fn picture(view: Option<&PictureView>, name: &str, sizes: &'static str) -> Picture {
    let Some(view) = view.filter(|view| !view.src.is_empty()) else {
        return Picture { alt: name.to_string(), ..Picture::default() };
    };
    let thumb = if view.thumb.is_empty() { &view.src } else { &view.thumb };
    let two = thumb != &view.src;
    let alt = if view.alt.is_empty() { name } else { &view.alt };
    Picture {
        src: view.src.clone(),
        thumb: thumb.clone(),
        srcset: if two { format!("{thumb} 480w, {} 1200w", view.src) } else { String::new() },
        sizes,
        alt: alt.to_string(),
    }
}

/// A picture of which only the small size is known.
pub fn small(src: &str) -> Picture {
    Picture { src: src.into(), thumb: src.into(), ..Picture::default() }
}

/// A product in a grid. Its name is beside the picture, so the picture itself says nothing.
pub fn card(offer: &OfferCard) -> Card {
    let goods = &offer.product;
    let mut shown = picture(goods.picture.as_ref(), "", IN_GRID);
    shown.alt.clear();
    let alone = offer.together.as_ref().map_or(goods.price, |together| together.alone);
    Card {
        id: goods.id,
        href: link::product(&goods.handle),
        name: goods.title.clone(),
        picture: shown,
        alone: Price::of(alone),
        together: offer.together.as_ref().map(|together| Price::of(together.price)),
        size: offer.together.as_ref().map_or(0, |together| together.need),
        sold_out: goods.sold_out,
        score: offer
            .score
            .map_or(String::new(), |score| format!("★ {} · {}", tenths(score.tenths), score.count)),
    }
}

/// A product nobody says more of than what it costs.
pub fn plain_card(goods: &ProductCard) -> Card {
    card(&OfferCard { product: goods.clone(), together: None, score: None })
}

/// `4.7` for 47 tenths.
pub fn tenths(tenths: i64) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// Products in a grid.
pub fn cards(offers: &[OfferCard]) -> Vec<Card> {
    offers.iter().map(card).collect()
}

/// A category, as a place to go.
pub fn kind(category: &CategoryView, here: bool) -> Kind {
    let mut shown = picture(category.picture.as_ref(), "", ROUND);
    shown.alt.clear();
    // Round and small: the small size is plenty.
    shown.src = shown.thumb.clone();
    shown.srcset.clear();
    Kind { href: link::category(&category.slug), name: category.name.clone(), picture: shown, here }
}

/// An open team in a list.
pub fn team(team: &OpenTeam, now: Moment, locale: Locale) -> TeamTile {
    const SHOWN: usize = 3;
    TeamTile {
        href: link::team(team.id),
        name: team.title.clone(),
        picture: picture(team.picture.as_ref(), &team.title, IN_GRID),
        price: Price::of(team.price),
        alone: Price::of(team.alone),
        leader: Face::of(&team.leader),
        faces: team.members.iter().take(SHOWN).map(|name| Face::of(name)).collect(),
        more: (team.members.len().saturating_sub(SHOWN)) as i64,
        dashes: team.missing.clamp(0, 2),
        missing: team.missing,
        clock: Some(clock(team.deadline, now, locale)),
    }
}

/// A team of which only the leader is known by name.
pub fn team_card(team: &TeamCard, now: Moment, locale: Locale) -> TeamTile {
    let leader = Face::with_hue(&team.leader_name, team.leader_hue);
    TeamTile {
        href: link::team(team.id),
        name: team.product_title.clone(),
        picture: small(&team.picture),
        price: Price::of(team.price),
        alone: Price::of(team.ordinary_price),
        faces: vec![leader.clone()],
        leader,
        more: (team.confirmed - 1).max(0),
        dashes: team.missing.clamp(0, 2),
        missing: team.missing,
        clock: team.deadline.map(|end| clock(end, now, locale)),
    }
}

/// Open teams in a list.
pub fn teams(list: &[OpenTeam], now: Moment, locale: Locale) -> Vec<TeamTile> {
    list.iter().map(|one| team(one, now, locale)).collect()
}

/// An end that is counted down to.
pub fn clock(end: Moment, now: Moment, locale: Locale) -> Clock {
    Clock::until(end, now, locale.exact_near(end, now))
}

/// When something happened.
pub fn when(moment: Moment, now: Moment, locale: Locale) -> When {
    When { iso: moment.rfc3339(), exact: locale.exact(moment), said: locale.ago(moment, now) }
}

/// An amount for structured data: `39.00` and `CNY`.
pub fn plain(money: Money) -> (String, &'static str) {
    (money.decimal(), money.currency.code())
}

/// Where a place in a team is paid for.
pub fn checkout(team: Id<Team>, variant: Id<Variant>, quantity: i64) -> String {
    let (team, variant, quantity) = (team.to_string(), variant.to_string(), quantity.to_string());
    let pairs = [("team", team.as_str()), ("variant", &variant), ("quantity", &quantity)];
    format!("/checkout?{}", link::query(&pairs))
}

/// What stands for the shop itself where a seller could be named.
pub const SHOP: &str = "shop";

/// Who sells something, where that is not the shop itself.
#[derive(Clone, Debug)]
pub struct Sold {
    pub name: String,
    /// Who that is, by what licence, and how they are reached.
    pub more: String,
}

impl Sold {
    pub fn by(seller: &app::seller::Card) -> Sold {
        let parts = [seller.licence.as_str(), seller.contact.as_str()];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        Sold { name: seller.name.clone(), more: parts.join(" · ") }
    }
}
