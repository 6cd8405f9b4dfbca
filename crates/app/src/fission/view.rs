//! Fission coupons as they are looked at: by friends, by starters, and behind the counter.

use describe::ToSchema;
use domain::campaign::{Campaign, Status};
use domain::fission::{self as rules, Fission, Starts, Takers};
use domain::id::Id;
use domain::moment::Moment;
use domain::money::{Currency, Money};
use domain::person::{Permission, Person};
use domain::red_packet::Split;
use serde::{Deserialize, Serialize};

use super::{Kept, is_over, store, terms};
use crate::campaign::{self, Found};
use crate::coupon::CouponView;
use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor, coupon, reward, shop};

/// A part somebody took, as everybody sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FissionPart {
    pub number: i64,
    /// Masked.
    pub who: String,
    pub amount: Money,
    pub at: Moment,
    /// It is the largest, and all are taken.
    pub luckiest: bool,
    /// It is the visitor's.
    pub mine: bool,
}

/// One that somebody shares, as anybody with its link sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Fission)]
pub struct FissionView {
    pub id: Id<Fission>,
    pub campaign: Id<Campaign>,
    pub title: String,
    pub copy: String,
    /// Who shares it, masked.
    pub starter: String,
    /// Whether the visitor does.
    pub own: bool,
    pub deadline: Moment,
    /// Nothing can be taken any more: its time is over or its campaign was ended.
    pub closed: bool,
    pub split: Split,
    pub total: Money,
    pub count: i64,
    pub taken: i64,
    /// The sum of the parts that were taken.
    pub taken_worth: Money,
    /// Whether its starter may take a part as well.
    pub own_part: bool,
    pub takers: Takers,
    /// From what amount of goods a part can be used; nothing where from any.
    pub threshold: Money,
    /// SHA-256 of the seed the parts were divided by.
    pub hash: String,
    /// The seed, when nothing can be taken any more.
    pub seed: Option<String>,
    /// What the visitor took.
    pub mine: Option<CouponView>,
    /// Who took what, the latest first.
    pub parts: Vec<FissionPart>,
}

/// A part that was taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FissionTaken {
    pub fission: Id<Fission>,
    /// Which part it is, from one up.
    pub number: i64,
    pub amount: Money,
    pub coupon: CouponView,
}

/// One that the visitor shares.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct OwnFission {
    pub id: Id<Fission>,
    pub started_at: Moment,
    pub deadline: Moment,
    pub count: i64,
    pub taken: i64,
    /// Whether parts can still be taken.
    pub open: bool,
}

/// What a campaign gives to share.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FissionHall {
    pub campaign: Id<Campaign>,
    pub title: String,
    pub copy: String,
    pub status: Status,
    pub starts_at: Moment,
    pub ends_at: Moment,
    /// What each starter shares.
    pub total: Money,
    pub count: i64,
    pub split: Split,
    pub starts: Starts,
    pub own_part: bool,
    pub takers: Takers,
    pub threshold: Money,
    /// How many more can be started, as far as the budget goes.
    pub left: i64,
    /// The visitor's, the latest first.
    pub own: Vec<OwnFission>,
}

/// One as staff see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FissionRow {
    pub id: Id<Fission>,
    pub person: Id<Person>,
    pub name: String,
    pub started_at: Moment,
    pub deadline: Moment,
    pub closed_at: Option<Moment>,
    pub count: i64,
    pub taken: i64,
    pub taken_worth: Money,
}

/// What became of a campaign's coupons.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FissionDesk {
    pub started: i64,
    pub taken: i64,
    pub taken_worth: Money,
    /// Used in orders that were kept, and what that cost.
    pub used: i64,
    pub used_worth: Money,
}

fn threshold(tx: &mut Tx, terms: &rules::Terms, own: Currency) -> Result<Money, Failure> {
    let from = match terms.coupon {
        Some(kind) => coupon::share_from(tx, kind)?.unwrap_or(0),
        None => 0,
    };
    Ok(Money::new(from, own))
}

fn is_open(kept: &Kept, found: &Found, now: Moment) -> bool {
    kept.closed_at.is_none() && now < kept.deadline && !is_over(found)
}

/// One, for whoever looks at it.
pub(super) fn seen(
    tx: &mut Tx,
    id: Id<Fission>,
    reader: Option<Id<Person>>,
) -> Result<FissionView, Failure> {
    let kept = store::find(tx, id)?;
    let found = campaign::find(tx, kept.campaign)?;
    let terms = terms(&found)?;
    if !campaign::sees(&found, reader) {
        return Err(Failure::NotFound);
    }
    let currency = shop::get(tx)?.currency;
    let money = |minor| Money::new(minor, currency);
    let open = is_open(&kept, &found, tx.now);
    let best = match kept.taken == kept.count {
        true => rules::luckiest(&store::amounts(tx, id)?, kept.taken),
        false => None,
    };
    let parts = store::parts(tx, id)?;
    let mine = match reader {
        Some(person) => store::mine(tx, id, person)?,
        None => None,
    };
    let mine = match mine {
        Some((_, coupon)) => coupon::view_of(tx, coupon)?,
        None => None,
    };
    let taken_worth = parts.iter().map(|part| part.amount).sum();
    let view = |part: store::Part| FissionPart {
        number: part.number,
        who: part.who,
        amount: money(part.amount),
        at: part.at,
        luckiest: best == Some(part.number),
        mine: reader == Some(part.person),
    };
    let revealed = !open || kept.taken == kept.count;
    Ok(FissionView {
        id,
        campaign: kept.campaign,
        title: found.campaign.frame.title.clone(),
        copy: found.creative.copy.clone(),
        starter: store::name(tx, kept.starter)?,
        own: reader == Some(kept.starter),
        deadline: kept.deadline,
        closed: !open,
        split: terms.split,
        total: money(kept.total),
        count: kept.count,
        taken: kept.taken,
        taken_worth: money(taken_worth),
        own_part: terms.own_part,
        takers: terms.takers,
        threshold: threshold(tx, terms, currency)?,
        hash: kept.hash,
        seed: revealed.then(|| kept.seed.hex()),
        mine,
        parts: parts.into_iter().map(view).collect(),
    })
}

/// One, for anybody with its link.
pub fn get(app: &App, visitor: &Visitor, id: Id<Fission>) -> Result<FissionView, Failure> {
    let reader = visitor.reader().ok();
    app.read(|tx| seen(tx, id, reader))
}

/// What a campaign gives to share, and what the visitor shares of it.
pub fn hall(app: &App, visitor: &Visitor, id: Id<Campaign>) -> Result<FissionHall, Failure> {
    let reader = visitor.reader().ok();
    app.read(|tx| {
        let found = campaign::find(tx, id)?;
        let terms = terms(&found)?;
        if !campaign::sees(&found, reader) {
            return Err(Failure::NotFound);
        }
        let currency = shop::get(tx)?.currency;
        let [_, available, ..] = reward::standing(tx, id, currency)?;
        let own = match reader {
            Some(person) => store::of(tx, id, person)?,
            None => Vec::new(),
        };
        let now = tx.now;
        let view = |kept: Kept| OwnFission {
            id: kept.id,
            started_at: kept.started_at,
            deadline: kept.deadline,
            count: kept.count,
            taken: kept.taken,
            open: is_open(&kept, &found, now) && kept.taken < kept.count,
        };
        Ok(FissionHall {
            campaign: id,
            title: found.campaign.frame.title.clone(),
            copy: found.creative.copy.clone(),
            status: found.campaign.status_at(now),
            starts_at: found.campaign.starts_at,
            ends_at: found.campaign.ends_at,
            total: Money::new(terms.total, currency),
            count: terms.count,
            split: terms.split,
            starts: terms.starts,
            own_part: terms.own_part,
            takers: terms.takers,
            threshold: threshold(tx, terms, currency)?,
            left: available.minor / terms.total,
            own: own.into_iter().map(view).collect(),
        })
    })
}

/// What became of a campaign's, for staff.
pub fn desk(app: &App, visitor: &Visitor, id: Id<Campaign>) -> Result<FissionDesk, Failure> {
    visitor.staff_reader(Permission::Campaigns)?;
    app.read(|tx| {
        let found = campaign::find(tx, id)?;
        terms(&found)?;
        let currency = shop::get(tx)?.currency;
        let money = |minor| Money::new(minor, currency);
        let [started, taken, taken_worth, used, used_worth] = store::figures(tx, id)?;
        Ok(FissionDesk {
            started,
            taken,
            taken_worth: money(taken_worth),
            used,
            used_worth: money(used_worth),
        })
    })
}

/// Those of a campaign that were started, the latest first.
pub fn list(
    app: &App,
    visitor: &Visitor,
    id: Id<Campaign>,
    before: Option<Id<Fission>>,
    limit: i64,
) -> Result<Vec<FissionRow>, Failure> {
    visitor.staff_reader(Permission::Campaigns)?;
    let before = before.map_or(i64::MAX, |id| id.0);
    app.read(|tx| {
        let found = campaign::find(tx, id)?;
        terms(&found)?;
        let currency = shop::get(tx)?.currency;
        let money = |minor| Money::new(minor, currency);
        let row = |one: store::Listed| FissionRow {
            id: one.kept.id,
            person: one.kept.starter,
            name: one.name,
            started_at: one.kept.started_at,
            deadline: one.kept.deadline,
            closed_at: one.kept.closed_at,
            count: one.kept.count,
            taken: one.kept.taken,
            taken_worth: money(one.worth),
        };
        Ok(store::listed(tx, id, before, limit)?.into_iter().map(row).collect())
    })
}
