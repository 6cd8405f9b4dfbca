//! What the home, category and product pages show together: goods, group prices and open teams.

use describe::ToSchema;
use domain::catalog::{Product, Variant};
use domain::group_buy::{GroupBuy, LatePolicy, Team, Tier, WhoJoins, WhoOpens};
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::money::Money;
use domain::text::masked;
use serde::{Deserialize, Serialize};

use crate::catalog::{
    self, Browse, CategoryView, PictureView, ProductCard, ProductView, Sort, categories,
};
use crate::content::{self, SectionView};
use crate::db::Tx;
use crate::failure::Failure;
use crate::price_list::{self, Shopper};
use crate::promotion::{self, OfferView};
use crate::review::{self, Look, ReviewView, Summary};
use crate::{App, Visitor};

mod store;

use store::Offer;

/// A product in a list, with its best group price.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct OfferCard {
    pub product: ProductCard,
    pub together: Option<Together>,
    /// What its reviews come to; none while there are none.
    pub score: Option<Score>,
}

/// The score of a product in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Score {
    /// The mean of the stars in tenths: 47 is 4.7.
    pub tenths: i64,
    pub count: i64,
}

/// The lowest price people get together just now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Together {
    pub group_buy: Id<GroupBuy>,
    pub price: Money,
    /// What the same variant costs alone.
    pub alone: Money,
    /// How many people it takes.
    pub need: i64,
    pub ends_at: Moment,
}

/// A page of products.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct OfferCards {
    pub items: Vec<OfferCard>,
    pub count: i64,
    pub next: Option<String>,
}

/// The home page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HomeView {
    /// The offer at the top: of those running, the one most was bought of.
    pub hero: Option<OfferCard>,
    /// Listed open teams, nearest to success first.
    pub teams: Vec<OpenTeam>,
    /// How many listed teams are open.
    pub open_teams: i64,
    /// The first categories at the top of the tree.
    pub categories: Vec<CategoryView>,
    /// What has a running group buy, most bought first.
    pub together: Vec<OfferCard>,
    pub popular: Vec<OfferCard>,
    pub newest: Vec<OfferCard>,
    /// The parts of the page in the merchant's order.
    pub sections: Vec<HomeSection>,
    pub now: Moment,
}

/// A part of the home page, with the goods it shows where it is a category.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = HomePart)]
pub struct HomeSection {
    pub section: SectionView,
    pub category: Option<CategoryView>,
    pub goods: Vec<OfferCard>,
}

/// A list of goods: a category, a tag, what was searched for, or everything.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ListView {
    /// The category it is about, if it is about one.
    pub category: Option<CategoryView>,
    /// That category's ancestors, outermost first.
    pub above: Vec<CategoryView>,
    /// What can be chosen next: what is below the category, or beside it, or the top of the tree.
    pub categories: Vec<CategoryView>,
    pub goods: OfferCards,
}

/// A product with all that can be done with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ProductPage {
    pub product: ProductView,
    /// Its group buys that run now, the lowest price first.
    pub group_buys: Vec<RunningGroupBuy>,
    /// Listed teams of theirs that are open, nearest to success first.
    pub teams: Vec<OpenTeam>,
    /// How many there are.
    pub open_teams: i64,
    /// What its reviews come to, and the newest of them.
    pub summary: Summary,
    pub reviews: Vec<ReviewView>,
    /// More from the same category.
    pub similar: Vec<OfferCard>,
    /// The promotions that hold for it now.
    #[serde(default)]
    pub offers: Vec<OfferView>,
    pub now: Moment,
}

/// The reviews of a product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ProductReviews {
    pub product: Id<Product>,
    pub handle: String,
    pub title: String,
    pub summary: Summary,
    pub items: Vec<ReviewView>,
}

/// A group buy that runs now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RunningGroupBuy {
    pub id: Id<GroupBuy>,
    pub title: String,
    pub need: i64,
    #[schema(value_type = Vec<Object>)]
    pub tiers: Vec<Tier>,
    #[schema(value_type = i64)]
    pub life: Span,
    #[schema(value_type = i64)]
    pub pay_window: Span,
    pub per_order: i64,
    pub per_person: i64,
    pub open_by: WhoOpens,
    pub join_by: WhoJoins,
    pub leader_off: Money,
    pub lowered_to: Option<i64>,
    pub late: LatePolicy,
    /// Whether its open teams are in the public list.
    pub listed: bool,
    pub starts_at: Moment,
    pub ends_at: Moment,
    pub prices: Vec<GroupPrice>,
}

/// What a variant costs alone and together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct GroupPrice {
    pub variant: Id<Variant>,
    pub alone: Money,
    pub together: Money,
    /// Units set aside that are free; none when it is sold from the ordinary stock.
    pub left: Option<i64>,
    pub sold_out: bool,
}

/// A team anybody may join, in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct OpenTeam {
    pub id: Id<Team>,
    pub group_buy: Id<GroupBuy>,
    pub handle: String,
    pub title: String,
    pub picture: Option<PictureView>,
    /// The lowest group price and what that variant costs alone.
    pub price: Money,
    pub alone: Money,
    /// Masked, as others see it.
    pub leader: String,
    /// Masked names of everybody in it, the leader first.
    pub members: Vec<String>,
    pub need: i64,
    pub confirmed: i64,
    /// How many more it needs.
    pub missing: i64,
    pub deadline: Moment,
}

/// The home page.
pub fn home(app: &App, visitor: &Visitor) -> Result<HomeView, Failure> {
    let locale = visitor.locale.as_str();
    let shopper = &price_list::shopper_of(app, visitor)?;
    let name = format!("home {locale} {}", shopper.key());
    let mut view = app.read_prepared(visitor, &name, |tx| {
        let offers = store::offers(tx, None)?;
        let mut offered: Vec<Id<Product>> = Vec::new();
        for offer in &offers {
            if !offered.contains(&offer.product) && offered.len() < 24 {
                offered.push(offer.product);
            }
        }
        let cards = catalog::cards(tx, &offered, locale, shopper)?;
        let together: Vec<OfferCard> = with_offers(tx, &offers, cards)?
            .into_iter()
            .filter(|card| card.together.is_some())
            .take(12)
            .collect();
        let hero = together.iter().find(|card| card.product.picture.is_some()).cloned();
        let mut lists = [Sort::Popular, Sort::New].into_iter().map(|sort| {
            let browse = Browse { sort, limit: Some(12), ..Browse::default() };
            let cards = catalog::page(tx, &browse, locale, shopper)?.items;
            with_offers(tx, &offers, cards)
        });
        let popular = lists.next().transpose()?.unwrap_or_default();
        let newest = lists.next().transpose()?.unwrap_or_default();
        let (teams, open_teams) = teams(tx, None, 6, (locale, shopper))?;
        let categories = categories::top(tx, 12, locale)?;
        let sections = sections(tx, &offers, (locale, shopper))?;
        Ok(HomeView {
            sections,
            hero: hero.or_else(|| together.first().cloned()),
            teams,
            open_teams,
            categories,
            together,
            popular,
            newest,
            now: tx.now,
        })
    })?;
    view.now = app.now();
    Ok(view)
}

fn sections(
    tx: &mut Tx,
    offers: &[Offer],
    (locale, shopper): (&str, &Shopper),
) -> Result<Vec<HomeSection>, Failure> {
    let tree = categories::names(tx, locale)?;
    let mut sections = Vec::new();
    for section in content::sections(tx)? {
        let category = section.category.and_then(|id| tree.iter().find(|one| one.id == id));
        let goods = match category {
            Some(category) => {
                let slug = category.slug.clone();
                let browse = Browse { category: slug, limit: Some(8), ..Browse::default() };
                let cards = catalog::page(tx, &browse, locale, shopper)?.items;
                with_offers(tx, offers, cards)?
            }
            None => Vec::new(),
        };
        sections.push(HomeSection { category: category.cloned(), section, goods });
    }
    Ok(sections)
}

/// A list of goods.
pub fn list(app: &App, visitor: &Visitor, browse: Browse) -> Result<ListView, Failure> {
    let locale = visitor.locale.as_str();
    let shopper = &price_list::shopper_of(app, visitor)?;
    let key = format!("list {locale} {} {browse:?}", shopper.key());
    app.read_prepared(visitor, &key, |tx| {
        let tree = categories::names(tx, locale)?;
        let category = match browse.category.as_str() {
            "" => None,
            slug => {
                let found = tree.iter().find(|category| category.slug == slug);
                Some(found.cloned().ok_or(Failure::NotFound)?)
            }
        };
        let mut above: Vec<CategoryView> = Vec::new();
        let mut next = category.as_ref().and_then(|category| category.parent);
        while let Some(parent) = tree.iter().find(|category| Some(category.id) == next) {
            next = parent.parent;
            above.insert(0, parent.clone());
        }
        let beside = category.as_ref().and_then(|category| category.parent);
        let here = category.as_ref().map(|category| category.id);
        let has_children = tree.iter().any(|other| here.is_some() && other.parent == here);
        let wanted = if has_children { here } else { beside };
        let goods = catalog::page(tx, &browse, locale, shopper)?;
        let ids: Vec<Id<Product>> = goods.items.iter().map(|card| card.id).collect();
        let offers = store::offers(tx, Some(&ids))?;
        let items = with_offers(tx, &offers, goods.items)?;
        Ok(ListView {
            category,
            above,
            categories: tree.into_iter().filter(|other| other.parent == wanted).collect(),
            goods: OfferCards { items, count: goods.count, next: goods.next },
        })
    })
}

/// A product page, by handle or id.
pub fn show(app: &App, visitor: &Visitor, key: &str) -> Result<ProductPage, Failure> {
    let locale = visitor.locale.as_str();
    let shopper = &price_list::shopper_of(app, visitor)?;
    let name = format!("product {locale} {} {key}", shopper.key());
    let mut view = app.read_prepared(visitor, &name, |tx| {
        let product = catalog::product(tx, key, locale, shopper)?;
        let offers = store::offers(tx, Some(&[product.id]))?;
        let group_buys = group_buys(&offers);
        let (teams, open_teams) = teams(tx, Some(product.id), 10, (locale, shopper))?;
        let mut similar = Vec::new();
        // From the nearest category outwards, then from anywhere.
        let slugs = product.categories.iter().rev().map(|category| category.slug.clone());
        for category in slugs.chain([String::new()]) {
            let browse = Browse { category, limit: Some(8), ..Browse::default() };
            for card in catalog::page(tx, &browse, locale, shopper)?.items {
                let known = similar.iter().any(|other: &ProductCard| other.id == card.id);
                if card.id != product.id && !known && similar.len() < 6 {
                    similar.push(card);
                }
            }
            if similar.len() >= 6 {
                break;
            }
        }
        let ids: Vec<Id<Product>> = similar.iter().map(|card| card.id).collect();
        let others = store::offers(tx, Some(&ids))?;
        let similar = with_offers(tx, &others, similar)?;
        let newest = Look { limit: NEWEST, ..Look::default() };
        let variants: Vec<Id<Variant>> = product.variants.iter().map(|one| one.id).collect();
        let whose = (shopper.groups.as_slice(), shopper.currency());
        let own = product.seller.is_none();
        let variants = if own { variants } else { Vec::new() };
        Ok(ProductPage {
            offers: promotion::on_product(tx, product.id, &variants, whose)?,
            summary: review::summary(tx, product.id)?,
            reviews: review::shown(tx, product.id, &newest)?,
            product,
            group_buys,
            teams,
            open_teams,
            similar,
            now: tx.now,
        })
    })?;
    view.now = app.now();
    Ok(view)
}

/// The cards of these products in this order, each with its best group price.
pub(crate) fn offer_cards(
    tx: &mut Tx,
    ids: &[Id<Product>],
    locale: &str,
    shopper: &Shopper,
) -> Result<Vec<OfferCard>, Failure> {
    let offers = store::offers(tx, Some(ids))?;
    let cards = catalog::cards(tx, ids, locale, shopper)?;
    with_offers(tx, &offers, cards)
}

/// How many reviews a product page shows.
const NEWEST: i64 = 3;

/// The reviews of a product, by its handle or id, as `look` has them.
pub fn reviews(
    app: &App,
    visitor: &Visitor,
    key: &str,
    look: &Look,
) -> Result<ProductReviews, Failure> {
    let locale = visitor.locale.as_str();
    let name = format!("reviews {locale} {key} {look:?}");
    app.read_prepared(visitor, &name, |tx| {
        let anybody = price_list::anybody(tx)?;
        let product = catalog::product(tx, key, locale, &anybody)?;
        Ok(ProductReviews {
            summary: review::summary(tx, product.id)?,
            items: review::shown(tx, product.id, look)?,
            product: product.id,
            handle: product.handle,
            title: product.title,
        })
    })
}

/// The cards with the lowest group price of each product that can still be had, and its score.
fn with_offers(
    tx: &mut Tx,
    offers: &[Offer],
    cards: Vec<ProductCard>,
) -> Result<Vec<OfferCard>, Failure> {
    let ids: Vec<Id<Product>> = cards.iter().map(|card| card.id).collect();
    let summaries = review::summaries(tx, &ids)?;
    let score = |id: Id<Product>| {
        let (_, summary) = summaries.iter().find(|(product, _)| *product == id)?;
        Some(Score { tenths: summary.tenths?, count: summary.count })
    };
    let together = |card: &ProductCard| {
        let open = offers.iter().filter(|offer| offer.product == card.id && !offer.sold_out());
        let offer = open.min_by_key(|offer| offer.price.minor)?;
        Some(Together {
            group_buy: offer.group_buy,
            price: offer.price,
            alone: offer.alone,
            need: offer.terms.need,
            ends_at: offer.ends_at,
        })
    };
    let card = |card: ProductCard| OfferCard {
        together: together(&card),
        score: score(card.id),
        product: card,
    };
    Ok(cards.into_iter().map(card).collect())
}

fn group_buys(offers: &[Offer]) -> Vec<RunningGroupBuy> {
    let mut running: Vec<RunningGroupBuy> = Vec::new();
    for offer in offers {
        let price = GroupPrice {
            variant: offer.variant,
            alone: offer.alone,
            together: offer.price,
            left: offer.left,
            sold_out: offer.sold_out(),
        };
        if let Some(known) = running.iter_mut().find(|known| known.id == offer.group_buy) {
            known.prices.push(price);
            continue;
        }
        let terms = &offer.terms;
        running.push(RunningGroupBuy {
            id: offer.group_buy,
            title: offer.title.clone(),
            need: terms.need,
            tiers: terms.tiers.clone(),
            life: terms.life,
            pay_window: terms.pay_window,
            per_order: terms.per_order,
            per_person: terms.per_person,
            open_by: terms.open_by,
            join_by: terms.join_by,
            leader_off: Money { minor: terms.leader_off, currency: offer.price.currency },
            lowered_to: terms.lowered_to,
            late: terms.late,
            listed: terms.listed,
            starts_at: offer.starts_at,
            ends_at: offer.ends_at,
            prices: vec![price],
        });
    }
    running.sort_by_key(|group| group.prices.iter().map(|price| price.together.minor).min());
    running
}

/// Listed teams that are open, nearest to success first, and how many there are.
fn teams(
    tx: &mut Tx,
    product: Option<Id<Product>>,
    most: usize,
    (locale, shopper): (&str, &Shopper),
) -> Result<(Vec<OpenTeam>, i64), Failure> {
    let count = store::count_teams(tx, product)?;
    let found = store::teams(tx, product, most as i64)?;
    let ids: Vec<Id<Team>> = found.iter().map(|team| team.id).collect();
    let mut members = store::members(tx, &ids)?;
    let mut products: Vec<Id<Product>> = found.iter().map(|team| team.product).collect();
    products.dedup();
    let cards = catalog::cards(tx, &products, locale, shopper)?;
    let open = |team: store::Team| {
        let card = cards.iter().find(|card| card.id == team.product)?;
        let mut names = members.remove(&team.id).unwrap_or_default();
        // The leader first; the others in the order they came.
        names.sort_by_key(|(person, _)| *person != team.leader);
        Some(OpenTeam {
            id: team.id,
            group_buy: team.group_buy,
            handle: card.handle.clone(),
            title: card.title.clone(),
            picture: card.picture.clone(),
            price: team.price,
            alone: team.alone,
            leader: masked(&team.leader_name),
            members: names.iter().map(|(_, name)| masked(name)).collect(),
            need: team.need,
            confirmed: team.confirmed,
            missing: (team.need - team.confirmed).max(0),
            deadline: team.deadline,
        })
    };
    Ok((found.into_iter().filter_map(open).collect(), count))
}
