//! Draws behind the counter: who won what, chances given by hand, and things handed over.

use describe::ToSchema;
use domain::campaign::Campaign;
use domain::draw::{Draw, MOST_CHANCES, Refusal};
use domain::id::Id;
use domain::person::{Permission, Person};
use domain::text::one_line;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::view::{self, DrawnView, PrizeView};
use super::{give, store, terms};
use crate::failure::Failure;
use crate::idempotency::Answer;
use crate::{App, Visitor, campaign, person, reward, shop, staff_act};

/// Chances that are given by hand.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct GiveChances {
    pub person: Id<Person>,
    /// 1 to 100.
    pub chances: i64,
    /// Kept with them.
    pub reason: String,
}

/// What somebody can draw now.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ChancesView {
    pub person: Id<Person>,
    pub earned: i64,
    pub used: i64,
}

/// A draw as staff see it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DeskDraw {
    pub drawn: DrawnView,
    pub person: Id<Person>,
    pub name: String,
    /// It waits to be handed over.
    pub waits: bool,
}

/// The prizes of a draw with what is left of them, and how often it was drawn.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DrawDesk {
    pub campaign: Id<Campaign>,
    pub title: String,
    pub drawn: i64,
    pub prizes: Vec<PrizeView>,
    pub hash: String,
    pub revealed: bool,
}

/// A draw's prizes and how they go.
pub fn get(app: &App, visitor: &Visitor, id: Id<Campaign>) -> Result<DrawDesk, Failure> {
    visitor.staff_reader(Permission::Campaigns)?;
    app.read(|tx| {
        let found = campaign::find(tx, id)?;
        terms(&found)?;
        let committed = store::find(tx, id)?;
        let currency = shop::get(tx)?.currency;
        Ok(DrawDesk {
            campaign: id,
            title: found.campaign.frame.title.clone(),
            drawn: committed.drawn,
            prizes: view::prizes(&store::prizes(tx, id)?, currency),
            hash: committed.hash,
            revealed: committed.revealed_at.is_some(),
        })
    })
}

/// Who drew what, the latest first; only those that won something when `won`.
pub fn list(
    app: &App,
    visitor: &Visitor,
    id: Id<Campaign>,
    (won, before): (bool, Option<i64>),
    limit: i64,
) -> Result<Vec<DeskDraw>, Failure> {
    visitor.staff_reader(Permission::Campaigns)?;
    app.read(|tx| {
        let currency = shop::get(tx)?.currency;
        let found = store::latest(tx, id, (won, before.unwrap_or(i64::MAX)), limit)?;
        Ok(found.into_iter().map(|drew| desk(drew, currency)).collect())
    })
}

fn desk(drew: store::Drew, currency: domain::money::Currency) -> DeskDraw {
    let (person, name) = (drew.person, drew.name.clone());
    let waits = drew.gives == domain::draw::Gives::Thing && drew.handed_at.is_none();
    DeskDraw { drawn: view::one(drew, currency), person, name, waits }
}

/// Gives somebody chances by hand: for a complaint, at an event.
pub fn give_chances(
    app: &App,
    visitor: &Visitor,
    id: Id<Campaign>,
    input: &GiveChances,
) -> Result<Answer<ChancesView>, Failure> {
    let actor = visitor.staff(Permission::Campaigns)?;
    let reason = one_line(&input.reason);
    if reason.is_empty() || reason.chars().count() > 200 {
        return Err(Refusal::NoReason.into());
    }
    if !(1..=MOST_CHANCES).contains(&input.chances) {
        return Err(Refusal::BadChances.into());
    }
    app.once(visitor, "draw_chances", |tx| {
        let found = campaign::find(tx, id)?;
        let by_hand = terms(&found)?.sources.contains(&domain::draw::Source::Staff);
        if !by_hand || !found.is_running(tx.now) {
            return Err(Refusal::NotByHand.into());
        }
        person::find(tx, input.person)?;
        let act: Id<Draw> = tx.id();
        let cause = ("staff", act.to_string());
        let by = Some((actor, reason.as_str()));
        give(tx, id, input.person, (cause.0, &cause.1), input.chances, by)?;
        let detail = json!({ "person": input.person, "chances": input.chances, "reason": reason });
        let about = ("campaign", id.0);
        staff_act::record(tx, actor, "draw.give_chances", about, &detail.to_string())?;
        let has = store::chances(tx, id, input.person)?;
        let view = ChancesView { person: input.person, earned: has.earned, used: has.used };
        Ok((view, act.0))
    })
}

/// A thing that was won is with its winner.
pub fn hand_over(app: &App, visitor: &Visitor, id: Id<Draw>) -> Result<Answer<DeskDraw>, Failure> {
    let actor = visitor.staff(Permission::Campaigns)?;
    app.once(visitor, "draw_hand_over", |tx| {
        let drew = store::drawn_to_change(tx, id)?;
        let thing = drew.gives == domain::draw::Gives::Thing;
        let reward = drew.reward.filter(|_| thing).ok_or(Refusal::NothingToHandOver)?;
        if !store::hand_over(tx, id)? {
            return Err(Refusal::NothingToHandOver.into());
        }
        reward::qualify(tx, reward)?;
        let detail = json!({ "draw": id, "prize": drew.view.prize }).to_string();
        staff_act::record(tx, actor, "draw.hand_over", ("campaign", drew.campaign.0), &detail)?;
        let currency = shop::get(tx)?.currency;
        Ok((desk(store::drawn(tx, id)?, currency), id.0))
    })
}
