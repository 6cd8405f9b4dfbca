//! Campaigns as they are looked at.

use describe::ToSchema;
use domain::campaign::audience::Audience;
use domain::campaign::limit::Limits;
use domain::campaign::{Campaign, ChannelUse, Frame, Mechanic, Status};
use domain::catalog::Variant;
use domain::id::Id;
use domain::moment::Moment;
use domain::money::{Currency, Money};
use domain::person::{Permission, Person};
use domain::rules_page::{self, Clause};
use domain::task::Deed;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Creative, Found, Offered, Step, Terms, sees, store};
use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor, coupon, reward, shop};

/// A campaign in a list anybody sees.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CampaignCard {
    pub id: Id<Campaign>,
    pub mechanic: Mechanic,
    pub title: String,
    /// By the clock.
    pub status: Status,
    pub starts_at: Moment,
    pub ends_at: Moment,
    pub creative: Creative,
}

/// A campaign as shoppers see it, with everything that holds in it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CampaignView {
    pub card: CampaignCard,
    pub audience: Audience,
    pub limits: Limits,
    pub channels: Vec<ChannelUse>,
    pub terms: Terms,
    pub offered: Vec<Offered>,
}

/// A campaign's budget, in minor units of its currency or in points.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = CampaignBudget)]
pub struct BudgetView {
    /// What was put in.
    pub funded: Money,
    /// What can still be promised.
    pub available: Money,
    /// What is promised and waits: the campaign's liability.
    pub escrow: Money,
    /// What those who won it have.
    pub given: Money,
    /// What went back to where it came from.
    pub returned: Money,
    /// What was undone, already spent, and is owed.
    pub owed: Money,
}

/// A change of a campaign's state.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = CampaignMove)]
pub struct MoveView {
    pub from: Option<Status>,
    pub to: Status,
    /// Empty: the clock.
    pub actor: Option<Id<Person>>,
    /// `created`, `copied`, `changed`, `checked`, `launched`, `started`, `by_staff`,
    /// `by_the_clock`.
    pub reason: String,
    pub at: Moment,
}

/// A campaign as staff see it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CampaignDesk {
    pub id: Id<Campaign>,
    pub mechanic: Mechanic,
    pub status: Status,
    pub starts_at: Moment,
    pub ends_at: Moment,
    pub frame: Frame,
    pub terms: Terms,
    pub offered: Vec<Offered>,
    pub creative: Creative,
    pub budget: Option<BudgetView>,
    /// How many rewards wait for what they depend on.
    pub waiting: i64,
    /// How many people took part, and how often.
    pub people: i64,
    pub entries: i64,
    /// The steps it can take now.
    pub steps: Vec<Step>,
    pub moves: Vec<MoveView>,
    pub version: i64,
}

pub(crate) fn card(found: &Found, now: Moment) -> CampaignCard {
    let campaign = &found.campaign;
    CampaignCard {
        id: campaign.id,
        mechanic: campaign.mechanic,
        title: campaign.frame.title.clone(),
        status: campaign.status_at(now),
        starts_at: campaign.starts_at,
        ends_at: campaign.ends_at,
        creative: found.creative.clone(),
    }
}

pub(super) fn status_of(tx: &mut Tx, id: Id<Campaign>) -> Result<Status, Failure> {
    Ok(store::find(tx, id, "")?.campaign.status)
}

pub(super) fn desk_of(tx: &mut Tx, id: Id<Campaign>) -> Result<CampaignDesk, Failure> {
    let found = store::find(tx, id, "")?;
    let budget = match found.campaign.frame.budget {
        Some(budget) => Some(reward::standing(tx, id, budget.currency)?),
        None => None,
    };
    let status = found.campaign.status_at(tx.now);
    let (people, entries) = store::entries(tx, &found.campaign)?;
    Ok(CampaignDesk {
        id,
        mechanic: found.campaign.mechanic,
        status,
        starts_at: found.campaign.starts_at,
        ends_at: found.campaign.ends_at,
        frame: found.campaign.frame.clone(),
        terms: found.terms,
        offered: store::offered(tx, id)?,
        creative: found.creative,
        budget: budget.map(|standing| {
            let [funded, available, escrow, given, returned, owed] = standing;
            BudgetView { funded, available, escrow, given, returned, owed }
        }),
        waiting: found.waiting,
        people,
        entries,
        steps: Step::ALL.into_iter().filter(|step| step.fits(status)).collect(),
        moves: store::moves(tx, id)?,
        version: found.version,
    })
}

/// A campaign, for staff.
pub fn desk(app: &App, visitor: &Visitor, id: Id<Campaign>) -> Result<CampaignDesk, Failure> {
    visitor.staff_reader(Permission::Campaigns)?;
    app.read(|tx| desk_of(tx, id))
}

/// Campaigns for staff, the newest first; those of a time in the order of their beginning.
pub fn list(
    app: &App,
    visitor: &Visitor,
    of: (Option<Mechanic>, Option<Status>),
    time: Option<(Moment, Moment)>,
    (before, limit): (Option<Id<Campaign>>, i64),
) -> Result<Vec<CampaignCard>, Failure> {
    visitor.staff_reader(Permission::Campaigns)?;
    app.read(|tx| {
        let found = match time {
            Some((from, until)) => store::between(tx, from, until)?,
            None => store::list(tx, of, before.map_or(i64::MAX, |id| id.0), limit)?,
        };
        Ok(found.iter().map(|one| card(one, tx.now)).collect())
    })
}

/// The clauses of a campaign's rules page, and what its amounts and the shop's are counted in.
pub fn clauses(
    app: &App,
    visitor: &Visitor,
    id: Id<Campaign>,
) -> Result<(Vec<Clause>, (Currency, Currency)), Failure> {
    visitor.staff_reader(Permission::Campaigns)?;
    app.read(|tx| {
        let found = store::find(tx, id, "")?;
        let clauses = all_clauses(tx, &found)?;
        Ok((clauses, units_in(tx, &found)?))
    })
}

/// What a rules page says: of every campaign, of its mechanic, and of the coupon it gives.
pub(super) fn all_clauses(tx: &mut Tx, found: &Found) -> Result<Vec<Clause>, Failure> {
    let mut clauses = rules_page::frame(&found.campaign);
    if let Terms::Tasks(terms) = &found.terms
        && !terms.list.iter().any(|task| task.deed == Deed::ShareVisited)
    {
        clauses.retain(|clause| !matches!(clause, Clause::NotRewardedIn(_)));
    }
    clauses.extend(found.terms.clauses());
    if let Terms::CouponDrop(terms) = &found.terms
        && let Some(template) = terms.template
    {
        let kind = coupon::kind(tx, template)?;
        clauses.extend(rules_page::coupon_drop(terms.count, &kind.template));
    }
    Ok(clauses)
}

pub(super) fn units_in(tx: &mut Tx, found: &Found) -> Result<(Currency, Currency), Failure> {
    let own = shop::get(tx)?.currency;
    let unit = found.campaign.frame.budget.map_or(found.terms.unit(own), |budget| budget.currency);
    Ok((unit, own))
}

/// What a campaign's amounts and the shop's are counted in.
pub fn units(app: &App, id: Id<Campaign>) -> Result<(Currency, Currency), Failure> {
    app.read(|tx| {
        let found = store::find(tx, id, "")?;
        units_in(tx, &found)
    })
}

/// What the shop's own prices are in.
pub fn currency(app: &App) -> Result<Currency, Failure> {
    app.read(|tx| Ok(shop::get(tx)?.currency))
}

/// The variant staff mean by its SKU or its id.
pub fn variant_named(app: &App, visitor: &Visitor, name: &str) -> Result<Id<Variant>, Failure> {
    visitor.staff_reader(Permission::Campaigns)?;
    let found = match Id::parse(name) {
        Some(id) => Some(id),
        None => app.read(|tx| store::by_sku(tx, name))?,
    };
    found.ok_or_else(|| Failure::with("campaign.unknown_goods", json!({ "name": name })))
}

/// How staff call what a campaign offers: by SKU, or by id where there is none.
pub fn names_of(app: &App, visitor: &Visitor, offered: &[Offered]) -> Result<Vec<String>, Failure> {
    visitor.staff_reader(Permission::Campaigns)?;
    app.read(|tx| {
        let name = |one: &Offered| {
            let sku = store::sku(tx, one.variant)?;
            Ok(if sku.is_empty() { one.variant.to_string() } else { sku })
        };
        offered.iter().map(name).collect()
    })
}

/// Campaigns anybody may see now: those that run, and those that begin soon.
pub fn running(app: &App, visitor: &Visitor) -> Result<Vec<CampaignCard>, Failure> {
    let person = visitor.person.as_ref().map(|person| person.id);
    app.read(|tx| {
        let mut found = store::published(tx, None)?;
        found.retain(|one| sees(one, person) && one.campaign.ends_at > tx.now);
        Ok(found.iter().map(|one| card(one, tx.now)).collect())
    })
}

/// A campaign for anybody who may see it, with the clauses of its rules page.
pub fn get(
    app: &App,
    visitor: &Visitor,
    id: Id<Campaign>,
) -> Result<(CampaignView, Vec<Clause>), Failure> {
    let person = visitor.person.as_ref().map(|person| person.id);
    app.read(|tx| {
        let found = store::find(tx, id, "")?;
        if !sees(&found, person) {
            return Err(Failure::NotFound);
        }
        let clauses = all_clauses(tx, &found)?;
        let frame = found.campaign.frame.clone();
        let view = CampaignView {
            card: card(&found, tx.now),
            audience: frame.audience,
            limits: frame.limits,
            channels: frame.channels,
            offered: store::offered(tx, id)?,
            terms: found.terms.shown(),
        };
        Ok((view, clauses))
    })
}
