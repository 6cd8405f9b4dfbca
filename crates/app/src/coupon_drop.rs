//! Coupon drops: a campaign of so many coupons of one kind, for whoever takes one first.
//!
//! A claim is one of the lane of what is won: limits are counted, one of the drop's own is taken by
//! a guarded statement, the coupon is written, and its worth is promised and waits. What becomes of
//! it follows what becomes of the coupon: a job looks at both and brings them in line, so that it
//! may come twice or late.

use describe::ToSchema;
use domain::campaign::{Campaign, Mechanic, Status};
use domain::coupon::{Gives, Template};
use domain::coupon_drop::{self as rules, BadTerms, Refusal, Terms, Worth};
use domain::id::Id;
use domain::moment::Moment;
use domain::money::{Currency, Money};
use domain::person::{Permission, Person};
use domain::promotion::Scope;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::campaign::{self, Found};
use crate::coupon::{self, CouponView};
use crate::db::Tx;
use crate::failure::Failure;
use crate::idempotency::Answer;
use crate::reward::{self, Promise, Purse};
use crate::{App, Visitor, shop};

mod store;

/// A drop as everybody sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CouponDrop)]
pub struct DropView {
    pub campaign: Id<Campaign>,
    pub title: String,
    pub copy: String,
    pub picture: String,
    pub status: Status,
    pub starts_at: Moment,
    pub ends_at: Moment,
    pub template: Id<Template>,
    /// What the coupon is called, in the shop's language and in English.
    pub name: String,
    pub name_en: String,
    pub currency: Currency,
    pub gives: Gives,
    /// What its goods have to cost, in minor units.
    pub threshold: i64,
    pub scope: Scope,
    /// Until when one that is taken now can be used.
    pub usable_until: Moment,
    pub total: i64,
    pub left: i64,
    /// How many one may take, and all who share a device or an address.
    pub per_person: i64,
    pub per_cluster: i64,
    /// How many the visitor has taken.
    pub has: i64,
    /// Whether the visitor, or a guest who comes in, could take one now.
    pub can: bool,
}

/// A coupon that was taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CouponDropTaken)]
pub struct TakenView {
    pub campaign: Id<Campaign>,
    pub coupon: CouponView,
}

/// How a drop goes, for staff.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CouponDropDesk)]
pub struct DropDesk {
    pub template: Id<Template>,
    pub name: String,
    pub total: i64,
    pub taken: i64,
    /// What one takes off at the very most.
    pub worth: Money,
    /// Of those taken: in their holders' hands,
    pub held: i64,
    /// used by an order, paid or not yet,
    pub used: i64,
    /// and expired or taken back.
    pub gone: i64,
    /// Whose order was kept: what they are worth was given.
    pub given: i64,
}

/// A kind of coupon that can be dropped.
#[derive(Clone, Debug, PartialEq)]
pub struct KindView {
    pub template: Id<Template>,
    pub name: String,
    pub name_en: String,
    pub worth: Money,
}

/// A drop as its row says.
pub(crate) struct Kept {
    template: Id<Template>,
    total: i64,
    taken: i64,
    worth: i64,
}

fn terms(found: &Found) -> Result<&Terms, Failure> {
    match &found.terms {
        campaign::Terms::CouponDrop(terms) => Ok(terms),
        _ => Err(Failure::NotFound),
    }
}

/// A drop is launched: what each coupon is worth is settled, and all of them are in its budget.
pub(crate) fn launched(tx: &mut Tx, id: Id<Campaign>) -> Result<(), Failure> {
    let found = campaign::find(tx, id)?;
    let Ok(terms) = terms(&found) else { return Ok(()) };
    let bad = || Failure::from(Refusal::BadTerms(BadTerms::Coupon));
    let kind = match coupon::kind(tx, terms.template.ok_or_else(bad)?) {
        Err(Failure::NotFound) => return Err(bad()),
        found => found?,
    };
    let own = shop::get(tx)?.currency;
    let budget = found.campaign.frame.budget.filter(|budget| budget.currency == own);
    // Whoever takes one can use it.
    let from = found.campaign.starts_at.max(tx.now);
    let usable = coupon::ends_at(&kind.template.life, from) > from;
    if !kind.active || !usable || kind.template.currency != own {
        return Err(bad());
    }
    let funded = budget.map_or(0, |budget| budget.minor);
    planted!("drop_unfunded", {
        let worth = rules::launch(terms, &kind.template, kind.taken, i64::MAX)?;
        let kept = Kept { template: kind.template.id, total: terms.count, taken: 0, worth };
        return store::put(tx, id, &kept);
    });
    let worth = rules::launch(terms, &kind.template, kind.taken, funded)?;
    let kept = Kept { template: kind.template.id, total: terms.count, taken: 0, worth };
    store::put(tx, id, &kept)
}

/// Takes one.
pub fn claim(app: &App, visitor: &Visitor, id: Id<Campaign>) -> Result<Answer<TakenView>, Failure> {
    let person = visitor.shopper()?;
    let comer = visitor.clone();
    app.win(visitor, ("coupon_drop", id.0), move |tx| {
        let found = campaign::find(tx, id)?;
        terms(&found)?;
        if !campaign::sees(&found, Some(person)) {
            return Err(Failure::NotFound);
        }
        let kept = store::find(tx, id)?;
        if kept.taken >= kept.total {
            return Err(Refusal::AllTaken.into());
        }
        campaign::enter(tx, &found, &comer, person)?;
        // Whoever came at the same moment for the last one hears that it is gone.
        if !store::take(tx, id)? {
            return Err(Refusal::AllTaken.into());
        }
        let coupon = give(tx, id, &kept, person)?;
        tx.shows();
        let effect = coupon.id.0;
        Ok((TakenView { campaign: id, coupon }, effect))
    })
}

/// The coupon is its taker's, and its worth waits for what becomes of it.
fn give(
    tx: &mut Tx,
    campaign: Id<Campaign>,
    kept: &Kept,
    person: Id<Person>,
) -> Result<CouponView, Failure> {
    let coupon = coupon::drop_one(tx, kept.template, person)?;
    // Before the first is taken a kind may still be changed: then it is not what was reserved for.
    if rules::worth(&coupon.gives) != Some(kept.worth) {
        return Err(Refusal::BadTerms(BadTerms::Coupon).into());
    }
    let promise = Promise {
        campaign,
        key: &format!("coupon {}", coupon.id.0),
        person,
        amount: Money::new(kept.worth, coupon.currency),
        purse: Purse::Spent,
        waits: true,
        about: ("coupon", coupon.id.0),
    };
    planted!("drop_given_at_once", {
        let promise = Promise { waits: false, ..promise };
        let (reward, _) = reward::promise(tx, &promise)?;
        store::add_claim(tx, coupon.id, campaign, reward)?;
        return Ok(coupon);
    });
    let (reward, _) = reward::promise(tx, &promise)?;
    store::add_claim(tx, coupon.id, campaign, reward)?;
    Ok(coupon)
}

/// Job: brings what a coupon is worth in line with what became of it.
pub(crate) fn settle_due(app: &App, id: Id<domain::coupon::Coupon>) -> Result<(), Failure> {
    app.write(|tx| {
        let Some(claim) = store::claim(tx, id)? else { return Ok(()) };
        planted!("drop_expiry_kept", {
            if claim.state == domain::coupon::State::Expired {
                return Ok(());
            }
        });
        match rules::settle(claim.state, claim.order) {
            Worth::Stays => Ok(()),
            Worth::Given if claim.is_settled => Ok(()),
            Worth::Given => reward::qualify(tx, claim.reward),
            // What still waits is simply not given.
            Worth::GoesBack => reward::claw_back(tx, claim.reward),
        }
    })
}

/// A drop, for whoever may see it.
pub fn get(app: &App, visitor: &Visitor, id: Id<Campaign>) -> Result<DropView, Failure> {
    let person = visitor.person.as_ref().map(|person| person.id);
    app.read(|tx| {
        let found = campaign::find(tx, id)?;
        terms(&found)?;
        if !campaign::sees(&found, person) {
            return Err(Failure::NotFound);
        }
        view(tx, &found, person)
    })
}

/// The drops that are on, the one that ends first in front: beside the kinds everybody can take.
pub fn list(app: &App, visitor: &Visitor) -> Result<Vec<DropView>, Failure> {
    if !app.has_campaigns(visitor, Mechanic::CouponDrop)? {
        return Ok(Vec::new());
    }
    let person = visitor.person.as_ref().map(|person| person.id);
    app.read(|tx| {
        let mut drops = Vec::new();
        for found in campaign::open(tx, Mechanic::CouponDrop)? {
            if campaign::sees(&found, person) {
                drops.push(view(tx, &found, person)?);
            }
        }
        Ok(drops)
    })
}

fn view(tx: &mut Tx, found: &Found, person: Option<Id<Person>>) -> Result<DropView, Failure> {
    let (id, campaign) = (found.id(), &found.campaign);
    let kept = store::find(tx, id)?;
    let kind = coupon::kind(tx, kept.template)?;
    let has = match person {
        Some(person) => store::has(tx, id, person)?,
        None => 0,
    };
    let (left, limits) = (kept.total - kept.taken, &campaign.frame.limits);
    let usable_until = coupon::ends_at(&kind.template.life, tx.now);
    let open = campaign.is_running(tx.now) && kind.active && usable_until > tx.now;
    Ok(DropView {
        campaign: id,
        title: campaign.frame.title.clone(),
        copy: found.creative.copy.clone(),
        picture: found.creative.picture.clone(),
        status: campaign.status_at(tx.now),
        starts_at: campaign.starts_at,
        ends_at: campaign.ends_at,
        template: kept.template,
        name: kind.name,
        name_en: kind.name_en,
        currency: kind.template.currency,
        gives: kind.template.gives,
        threshold: kind.template.threshold,
        scope: kind.template.scope,
        usable_until,
        total: kept.total,
        left,
        per_person: limits.per_person,
        per_cluster: limits.per_cluster,
        has,
        can: open && left > 0 && has < limits.per_person,
    })
}

/// How a drop goes, for staff; nothing before its first launch.
pub fn desk(app: &App, visitor: &Visitor, id: Id<Campaign>) -> Result<Option<DropDesk>, Failure> {
    visitor.staff_reader(Permission::Campaigns)?;
    app.read(|tx| {
        let found = campaign::find(tx, id)?;
        terms(&found)?;
        let Some(kept) = store::maybe(tx, id)? else { return Ok(None) };
        let kind = coupon::kind(tx, kept.template)?;
        let [held, used, gone, given] = store::figures(tx, id)?;
        Ok(Some(DropDesk {
            template: kept.template,
            name: kind.name,
            total: kept.total,
            taken: kept.taken,
            worth: Money::new(kept.worth, kind.template.currency),
            held,
            used,
            gone,
            given,
        }))
    })
}

/// The kinds of coupons a drop can be of: what they take off has a most.
pub fn kinds(app: &App, visitor: &Visitor) -> Result<Vec<KindView>, Failure> {
    visitor.staff_reader(Permission::Campaigns)?;
    app.read(|tx| {
        let (own, now) = (shop::get(tx)?.currency, tx.now);
        let view = |kind: coupon::Kind| {
            let template = &kind.template;
            let fits = template.currency == own && coupon::ends_at(&template.life, now) > now;
            let worth = rules::worth(&template.gives).filter(|_| fits)?;
            Some(KindView {
                template: template.id,
                name: kind.name,
                name_en: kind.name_en,
                worth: Money::new(worth, own),
            })
        };
        Ok(coupon::kinds(tx)?.into_iter().filter_map(view).collect())
    })
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::AllTaken => Failure::refused("coupon_drop.all_taken"),
            Refusal::OverBudget(worth) => {
                Failure::with("coupon_drop.over_budget", json!({ "worth": worth }))
            }
            Refusal::BadTerms(which) => {
                Failure::with("coupon_drop.bad_terms", json!({ "which": which }))
            }
        }
    }
}
