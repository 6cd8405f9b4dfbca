//! Draws as they are looked at: the page of one, what somebody drew, and the proof.

use describe::ToSchema;
use domain::campaign::{Campaign, Status};
use domain::draw::{self as rules, Draw, Face, Gives, Prize, Source};
use domain::id::Id;
use domain::moment::Moment;
use domain::money::Money;
use serde::{Deserialize, Serialize};

use super::store::{self, Drew};
use super::{Kept, can_draw, sources, terms};
use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor, campaign, shop};

/// A prize as it is published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = DrawPrize)]
pub struct PrizeView {
    pub name: String,
    pub gives: Gives,
    /// What one is worth.
    pub value: Money,
    /// Against the sum of all weights.
    pub weight: i64,
    /// Its chance while it lasts, in millionths.
    pub odds: i64,
    /// How many there were, and are; none for the consolation, of which there is no end.
    pub stock: Option<i64>,
    pub left: Option<i64>,
}

/// Somebody who won something, as others see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = DrawWinner)]
pub struct Winner {
    /// Masked.
    pub who: String,
    pub prize: String,
    pub at: Moment,
}

/// A draw as everybody sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DrawView {
    pub campaign: Id<Campaign>,
    pub title: String,
    pub copy: String,
    pub picture: String,
    pub status: Status,
    pub starts_at: Moment,
    pub ends_at: Moment,
    pub face: Face,
    pub prizes: Vec<PrizeView>,
    pub sources: Vec<Source>,
    /// SHA-256 of the seed, published before the first draw.
    pub hash: String,
    /// The seed, when the draw is over.
    pub seed: Option<String>,
    /// How often it was drawn.
    pub drawn: i64,
    /// How often the visitor can draw now; none for a guest.
    pub chances: Option<i64>,
    /// What the visitor drew, the latest first.
    pub mine: Vec<DrawnView>,
    pub winners: Vec<Winner>,
}

/// What somebody drew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Drawn)]
pub struct DrawnView {
    pub draw: Id<Draw>,
    pub campaign: Id<Campaign>,
    /// Which draw of its campaign it is, from one up.
    pub number: i64,
    /// Which prize it won, from nought up in their published order.
    pub wins: i64,
    pub prize: String,
    pub gives: Gives,
    pub value: Money,
    /// When a thing was handed over.
    pub handed_at: Option<Moment>,
    pub at: Moment,
}

/// A draw with all it was made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = DrawRecord)]
pub struct RecordView {
    pub number: i64,
    pub draw: Id<Draw>,
    /// What the drawer's browser chose.
    pub salt: String,
    /// A number below the sum of the weights.
    pub ticket: i64,
    /// The prize the ticket fell on, and the one it won: the last when that was gone.
    pub fell_on: i64,
    pub wins: i64,
    pub prize: String,
    /// Masked.
    pub who: String,
    pub at: Moment,
}

/// A prize as far as it decides a draw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ProvenPrize {
    pub name: String,
    pub weight: i64,
    pub stock: Option<i64>,
}

/// Everything it takes to do all draws of a campaign again, beside their records.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = DrawProof)]
pub struct Proof {
    pub campaign: Id<Campaign>,
    pub title: String,
    pub hash: String,
    /// When the hash was published.
    pub committed_at: Moment,
    /// The seed, when the draw is over.
    pub seed: Option<String>,
    pub prizes: Vec<ProvenPrize>,
    /// The sum of the weights.
    pub sum: i64,
    pub drawn: i64,
}

/// How many of somebody's own draws, and of all who won, are shown with a draw.
const MINE: i64 = 20;
const WINNERS: i64 = 12;

pub(super) fn drawn(tx: &mut Tx, id: Id<Draw>) -> Result<DrawnView, Failure> {
    let currency = shop::get(tx)?.currency;
    Ok(one(store::drawn(tx, id)?, currency))
}

pub(super) fn one(drew: Drew, currency: domain::money::Currency) -> DrawnView {
    DrawnView {
        draw: drew.id,
        campaign: drew.campaign,
        number: drew.view.number,
        wins: drew.view.wins,
        prize: drew.view.prize,
        gives: drew.gives,
        value: Money::new(drew.value, currency),
        handed_at: drew.handed_at,
        at: drew.view.at,
    }
}

pub(super) fn prizes(kept: &[Kept], currency: domain::money::Currency) -> Vec<PrizeView> {
    let all: Vec<Prize> = kept.iter().map(|kept| kept.prize.clone()).collect();
    let odds = rules::odds(&all);
    let view = |(kept, odds): (&Kept, u64)| PrizeView {
        name: kept.prize.name.clone(),
        gives: kept.gives,
        value: Money::new(kept.prize.value, currency),
        // At most 10^12, and a million.
        weight: kept.prize.weight as i64,
        odds: odds as i64,
        stock: kept.prize.stock,
        left: kept.left,
    };
    kept.iter().zip(odds).map(view).collect()
}

/// A draw, for whoever may see it.
pub fn get(app: &App, visitor: &Visitor, id: Id<Campaign>) -> Result<DrawView, Failure> {
    let person = visitor.reader().ok();
    app.read(|tx| {
        let found = campaign::find(tx, id)?;
        let terms = terms(&found)?;
        if !campaign::sees(&found, person) {
            return Err(Failure::NotFound);
        }
        let currency = shop::get(tx)?.currency;
        let committed = store::find(tx, id)?;
        let kept = store::prizes(tx, id)?;
        let chances = person.map(|person| can_draw(tx, id, terms, person)).transpose()?;
        let mine = match person {
            Some(person) => store::of_person(tx, id, person, MINE)?,
            None => Vec::new(),
        };
        let seed = committed.revealed_at.map(|_| committed.seed.hex());
        Ok(DrawView {
            campaign: id,
            title: found.campaign.frame.title.clone(),
            copy: found.creative.copy.clone(),
            picture: found.creative.picture.clone(),
            status: found.campaign.status_at(tx.now),
            starts_at: found.campaign.starts_at,
            ends_at: found.campaign.ends_at,
            face: terms.face,
            prizes: prizes(&kept, currency),
            sources: sources(terms),
            hash: committed.hash,
            seed,
            drawn: committed.drawn,
            chances,
            mine: mine.into_iter().map(|drew| one(drew, currency)).collect(),
            winners: store::winners(tx, id, WINNERS)?,
        })
    })
}

/// Everything it takes to do all draws again. Anybody may see it, also who is held out.
pub fn proof(app: &App, id: Id<Campaign>) -> Result<Proof, Failure> {
    app.read(|tx| {
        let found = campaign::find(tx, id)?;
        terms(&found)?;
        if !found.campaign.status.is_published() {
            return Err(Failure::NotFound);
        }
        let committed = store::find(tx, id)?;
        let proven = |kept: Kept| ProvenPrize {
            name: kept.prize.name,
            weight: kept.prize.weight as i64,
            stock: kept.prize.stock,
        };
        let prizes: Vec<ProvenPrize> = store::prizes(tx, id)?.into_iter().map(proven).collect();
        Ok(Proof {
            campaign: id,
            title: found.campaign.frame.title.clone(),
            hash: committed.hash,
            committed_at: committed.committed_at,
            seed: committed.revealed_at.map(|_| committed.seed.hex()),
            sum: prizes.iter().map(|prize| prize.weight).sum(),
            prizes,
            drawn: committed.drawn,
        })
    })
}

/// The draws of a campaign in their order, from the one after `after`.
pub fn records(
    app: &App,
    id: Id<Campaign>,
    after: i64,
    limit: i64,
) -> Result<Vec<RecordView>, Failure> {
    app.read(|tx| {
        let found = campaign::find(tx, id)?;
        terms(&found)?;
        if !found.campaign.status.is_published() {
            return Err(Failure::NotFound);
        }
        store::records(tx, id, after, limit)
    })
}
