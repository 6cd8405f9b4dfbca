//! Group buys: a campaign that sells to teams, at a price and within limits of its own.
//!
//! Its life, its stock and its counters are the campaign's (`campaign`), under the same number:
//! here is what teams ask of it.

use std::sync::Arc;

use describe::ToSchema;
use domain::campaign::{Campaign, Frame, Mechanic, Status};
use domain::catalog::{Product, Variant};
use domain::event::Fact;
use domain::group_buy::{BadTerms, GroupBuy, Refusal, Terms};
use domain::id::Id;
use domain::moment::Moment;
use domain::money::Money;
use domain::person::{Permission, Person};
use domain::text::Name;
use serde::{Deserialize, Serialize};

use crate::campaign::{self, Creative, Offered, PutCampaign, units};
use crate::db::Tx;
use crate::failure::Failure;
use crate::inventory::Source;
use crate::{App, Visitor};

mod settings;
mod store;

pub use settings::{RuleView, Settings, Template, TierSettings, rule_of, rules_of, templates};

/// A variant as it is offered.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct OfferedVariant {
    pub variant: Id<Variant>,
    /// The group price in minor units of the shop's currency.
    pub price: i64,
    /// How many units are set aside; empty to sell from the ordinary stock.
    #[serde(default)]
    pub quota: Option<i64>,
}

/// A new group buy.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct NewGroupBuy {
    pub title: String,
    pub product: Id<Product>,
    pub starts_at: Moment,
    pub ends_at: Moment,
    pub settings: Settings,
    pub variants: Vec<OfferedVariant>,
    /// Whether it is launched at once (or at its start); otherwise it stays a draft.
    pub launch: bool,
}

/// A variant in a group buy.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = OfferedVariantView)]
pub struct VariantView {
    pub variant: Id<Variant>,
    pub variant_title: String,
    pub price: Money,
    pub ordinary_price: Money,
    pub quota: Option<i64>,
    /// How many units can be bought now; empty when its stock is not counted.
    pub left: Option<i64>,
}

/// What came of a group buy so far.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Results {
    pub open: i64,
    pub succeeded: i64,
    pub failed: i64,
    /// People with a paid place.
    pub people: i64,
    /// Paid and not refunded, in minor units.
    pub revenue: i64,
    pub refunded: i64,
}

/// A group buy.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct GroupBuyView {
    pub id: Id<GroupBuy>,
    /// The campaign it is: the same number.
    pub campaign: Id<Campaign>,
    pub title: String,
    pub status: Status,
    pub product: Id<Product>,
    pub handle: String,
    pub product_title: String,
    pub picture: String,
    pub starts_at: Moment,
    pub ends_at: Moment,
    pub settings: Settings,
    pub rules: Vec<RuleView>,
    pub variants: Vec<VariantView>,
    pub results: Results,
    pub may_launch: bool,
    pub may_pause: bool,
    pub may_resume: bool,
    pub may_end: bool,
    pub version: i64,
}

/// A group buy and the campaign it is.
#[derive(Clone, Debug)]
pub struct Found {
    pub id: Id<GroupBuy>,
    pub product: Id<Product>,
    pub terms: Terms,
    pub campaign: Arc<campaign::Found>,
}

impl Found {
    pub fn offer(&self) -> domain::group_buy::Offer<'_> {
        let campaign = &self.campaign.campaign;
        domain::group_buy::Offer {
            status: campaign.status,
            starts_at: campaign.starts_at,
            ends_at: campaign.ends_at,
            terms: &self.terms,
        }
    }
}

/// The campaign a group buy is.
pub(crate) fn campaign_of(id: Id<GroupBuy>) -> Id<Campaign> {
    Id::new(id.0)
}

/// Makes a group buy, as a draft or launched at once when nothing stands in the way.
pub fn create(app: &App, visitor: &Visitor, new: NewGroupBuy) -> Result<GroupBuyView, Failure> {
    let actor = visitor.staff(Permission::GroupBuys)?;
    let bad = |which| Failure::from(Refusal::BadTerms(which));
    let title = Name::new(&new.title).map_err(|_| bad(BadTerms::Title))?;
    let terms = new.settings.terms()?;
    let answer = app.once(visitor, "group_buy.create", |tx| {
        if new.starts_at >= new.ends_at || new.ends_at <= tx.now {
            return Err(bad(BadTerms::Dates));
        }
        let put = PutCampaign {
            starts_at: new.starts_at,
            ends_at: new.ends_at,
            frame: Frame::usual(Mechanic::GroupBuy, title.as_str(), None),
            offered: offered(tx, &new, &terms)?,
            terms: campaign::Terms::GroupBuy(terms.clone()),
            creative: Creative::default(),
            version: None,
        };
        let id = campaign::begin(tx, &put, actor)?;
        if new.launch {
            campaign::take_step(tx, id, campaign::Step::Launch, actor)?;
        }
        Ok((view_of(tx, Id::new(id.0))?, id.0))
    })?;
    Ok(answer.value)
}

fn offered(tx: &mut Tx, new: &NewGroupBuy, terms: &Terms) -> Result<Vec<Offered>, Failure> {
    let bad = |which| Failure::from(Refusal::BadTerms(which));
    let mut offered: Vec<Offered> = Vec::new();
    for one in &new.variants {
        let twice = offered.iter().any(|other| other.variant == one.variant);
        let ordinary = store::ordinary_price(tx, new.product, one.variant)?;
        let (Some(ordinary), false) = (ordinary, twice) else {
            return Err(bad(BadTerms::NoVariants));
        };
        terms.check_price(Money::new(one.price, ordinary.currency), ordinary).map_err(bad)?;
        if one.quota.is_some_and(|quota| quota < 1) {
            return Err(bad(BadTerms::Stock));
        }
        offered.push(Offered { variant: one.variant, price: one.price, quota: one.quota });
    }
    if offered.is_empty() { Err(bad(BadTerms::NoVariants)) } else { Ok(offered) }
}

/// A step in a group buy's life that staff take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Launch,
    /// No new teams; those that are open go on.
    Pause,
    Resume,
    /// No new teams; open ones run until their deadline.
    End,
    /// The same, and open teams fail now: everyone in them is refunded.
    EndAndFail,
}

/// Takes a step in a group buy's life.
pub fn step(
    app: &App,
    visitor: &Visitor,
    id: Id<GroupBuy>,
    step: Step,
) -> Result<GroupBuyView, Failure> {
    let actor = visitor.staff(Permission::GroupBuys)?;
    app.write_for(visitor, |tx| {
        let taken = match step {
            Step::Launch => campaign::Step::Launch,
            Step::Pause => campaign::Step::Pause,
            Step::Resume => campaign::Step::Resume,
            Step::End | Step::EndAndFail => campaign::Step::End,
        };
        store::product(tx, id)?;
        campaign::take_step(tx, campaign_of(id), taken, actor)?;
        if step == Step::EndAndFail {
            for team in store::open_teams(tx, id)? {
                tx.ask("team.end", team.0, tx.now)?;
            }
        }
        view_of(tx, id)
    })
}

/// A campaign came into a state: those who look for group buys hear of it as one.
pub(crate) fn moved(tx: &mut Tx, id: Id<Campaign>, to: Status) -> Result<(), Failure> {
    if campaign::find(tx, id)?.campaign.mechanic == Mechanic::GroupBuy {
        tx.tell(Fact::GroupBuyMoved { group_buy: Id::new(id.0), to })?;
    }
    Ok(())
}

fn whole(tx: &mut Tx, id: Id<GroupBuy>, found: Arc<campaign::Found>) -> Result<Found, Failure> {
    let campaign::Terms::GroupBuy(terms) = &found.terms else { return Err(Failure::NotFound) };
    let (product, terms) = (store::product(tx, id)?, terms.clone());
    Ok(Found { id, product, terms, campaign: found })
}

/// The group buy.
pub fn find(tx: &mut Tx, id: Id<GroupBuy>) -> Result<Found, Failure> {
    tx.read_once(format!("group buy {}", id.0), |tx| {
        let found = campaign::find(tx, campaign_of(id))?;
        whole(tx, id, found)
    })
}

/// The group buy as staff see it.
pub(crate) fn view_of(tx: &mut Tx, id: Id<GroupBuy>) -> Result<GroupBuyView, Failure> {
    // As it is now, whatever was read before a step was taken.
    let found = Arc::new(campaign::look(tx, campaign_of(id))?);
    let found = whole(tx, id, found)?;
    store::view(tx, &found)
}

/// How much the person holds or has bought of it.
pub(crate) fn holds(tx: &mut Tx, id: Id<GroupBuy>, person: Id<Person>) -> Result<i64, Failure> {
    units::holds(tx, campaign_of(id), person)
}

/// What a variant costs in it.
pub(crate) fn price(tx: &mut Tx, id: Id<GroupBuy>, variant: Id<Variant>) -> Result<Money, Failure> {
    units::price(tx, campaign_of(id), variant)?.ok_or_else(|| Refusal::NotOffered.into())
}

/// Takes `n` units of a variant for a person: their counter and, where units were set aside, those.
/// Says where the units come from.
pub(crate) fn take(
    tx: &mut Tx,
    found: &Found,
    person: Id<Person>,
    variant: Id<Variant>,
    n: i64,
) -> Result<Source, Failure> {
    let (id, most) = (campaign_of(found.id), found.terms.per_person);
    if !units::count(tx, id, person, n, most)? {
        return Err(Refusal::TooManyPerPerson(most).into());
    }
    // One that has ended set nothing aside any more: its open teams sell ordinary stock.
    let on = campaign::is_on(tx, id)?;
    units::take(tx, id, variant, n, on)?.map_err(|left| Refusal::SoldOut(left).into())
}

/// The group buy for its rules and prices, to anybody; drafts are for staff.
pub fn get(app: &App, visitor: &Visitor, id: Id<GroupBuy>) -> Result<GroupBuyView, Failure> {
    let staff = visitor.staff_reader(Permission::GroupBuys).is_ok();
    app.read(|tx| {
        let mut view = view_of(tx, id)?;
        if !staff {
            if !view.status.is_published() {
                return Err(Failure::NotFound);
            }
            (view.may_launch, view.may_pause, view.may_resume, view.may_end) =
                (false, false, false, false);
            view.results = Results::default();
        }
        Ok(view)
    })
}

/// Group buys for staff, the newest first, of one status or all.
pub fn list(
    app: &App,
    visitor: &Visitor,
    status: Option<Status>,
    before: Option<Id<GroupBuy>>,
    limit: i64,
) -> Result<Vec<GroupBuyView>, Failure> {
    visitor.staff_reader(Permission::GroupBuys)?;
    app.read(|tx| {
        let ids = store::ids(tx, status, before, limit)?;
        ids.into_iter().map(|id| view_of(tx, id)).collect()
    })
}

/// Group buys anybody can open a team in now, the newest first.
pub fn running(
    app: &App,
    before: Option<Id<GroupBuy>>,
    limit: i64,
) -> Result<Vec<GroupBuyView>, Failure> {
    app.read(|tx| {
        let ids = store::running_ids(tx, before, limit)?;
        ids.into_iter()
            .map(|id| Ok(GroupBuyView { results: Results::default(), ..view_of(tx, id)? }))
            .collect()
    })
}
