//! What the home, category and product pages show together: goods, group prices and open teams.

use domain::group_buy::{GroupBuy, LatePolicy, Team, Tier, WhoJoins, WhoOpens};
use domain::catalog::Variant;
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::money::Money;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::catalog::{Browse, CategoryView, ProductCard, ProductView};
use crate::failure::Failure;
use crate::{App, Visitor};

/// A product in a list, with its best group price.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct OfferCard {
    pub product: ProductCard,
    pub together: Option<Together>,
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
    /// Categories at the top of the tree.
    pub categories: Vec<CategoryView>,
    /// What has a running group buy, most bought first.
    pub together: Vec<OfferCard>,
    pub popular: Vec<OfferCard>,
    pub newest: Vec<OfferCard>,
    pub now: Moment,
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
    /// More from the same category.
    pub similar: Vec<OfferCard>,
    pub now: Moment,
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
    pub picture: Option<crate::catalog::PictureView>,
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
    let _ = (app, visitor);
    todo!()
}

/// A list of goods.
pub fn list(app: &App, visitor: &Visitor, browse: Browse) -> Result<ListView, Failure> {
    let _ = (app, visitor, browse);
    todo!()
}

/// A product page, by handle or id.
pub fn show(app: &App, visitor: &Visitor, key: &str) -> Result<ProductPage, Failure> {
    let _ = (app, visitor, key);
    todo!()
}
