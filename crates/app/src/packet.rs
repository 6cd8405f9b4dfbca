//! Red packets: a whole is divided when its campaign is scheduled, and the k-th who comes takes
//! part k in one step. What nobody took goes back with the campaign's budget.
//!
//! How many parts one person and all they look alike with may take is the campaign's limit: its
//! counters decide, and the packet only says what they are.

use describe::ToSchema;
use domain::campaign::{Campaign, Status};
use domain::id::Id;
use domain::moment::Moment;
use domain::money::Money;
use domain::person::Person;
use domain::red_packet::{self as rules, Gives, Refusal, Seen, Split, Terms};
use domain::seed::Seed;
use serde::{Deserialize, Serialize};

use crate::campaign::{self, Found};
use crate::db::Tx;
use crate::failure::Failure;
use crate::idempotency::Answer;
use crate::reward::{self, Promise, Purse, Reward};
use crate::{App, Visitor, shop};

mod store;

/// The job that closes a packet whose time is over.
pub const CLOSE: &str = "packet.close";

/// A part somebody took, as everybody sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PacketPart)]
pub struct PartView {
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

/// A packet as everybody sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Packet)]
pub struct PacketView {
    pub campaign: Id<Campaign>,
    pub title: String,
    pub copy: String,
    pub picture: String,
    pub status: Status,
    pub starts_at: Moment,
    pub expires_at: Moment,
    /// Nothing can be taken any more: its time is over or it was ended.
    pub closed: bool,
    pub split: Split,
    pub total: Money,
    pub count: i64,
    pub taken: i64,
    /// The sum of the parts that were taken.
    pub taken_worth: Money,
    /// How many parts one may take, and all who share a device or an address.
    pub per_person: i64,
    pub per_cluster: i64,
    /// SHA-256 of the seed the parts were divided by.
    pub hash: String,
    /// The seed, when nothing can be taken any more.
    pub seed: Option<String>,
    /// What the visitor took.
    pub mine: Option<Money>,
    /// Who took what, the latest first.
    pub parts: Vec<PartView>,
}

/// A part that was taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PacketTaken)]
pub struct TakenView {
    pub campaign: Id<Campaign>,
    /// Which part it is, from one up.
    pub number: i64,
    pub amount: Money,
}

/// A packet as its row says.
pub(crate) struct Kept {
    seed: Seed,
    hash: String,
    total: i64,
    count: i64,
    taken: i64,
    expires_at: Moment,
    closed_at: Option<Moment>,
}

/// How many parts are shown with a packet.
const SHOWN: i64 = 100;

fn terms(found: &Found) -> Result<&Terms, Failure> {
    match &found.terms {
        campaign::Terms::RedPacket(terms) => Ok(terms),
        _ => Err(Failure::NotFound),
    }
}

/// A packet is launched: its parts are divided, and cannot be divided otherwise any more.
pub(crate) fn launched(tx: &mut Tx, id: Id<Campaign>) -> Result<(), Failure> {
    let found = campaign::find(tx, id)?;
    let Ok(terms) = terms(&found) else { return Ok(()) };
    terms.check().map_err(Refusal::BadTerms)?;
    if terms.gives != Gives::Credit {
        return Err(Refusal::NotYet.into());
    }
    let frame = &found.campaign.frame;
    // The parts are what the campaign reserved, and its counters keep the packet's limit.
    let own = shop::get(tx)?.currency;
    let budget = frame.budget.filter(|budget| budget.currency == own);
    if budget.is_none_or(|budget| budget.minor < terms.total) {
        return Err(Refusal::OverBudget(terms.total).into());
    }
    if frame.limits.per_person != 1 || frame.limits.per_cluster != terms.per_cluster {
        return Err(Refusal::BadTerms(rules::BadTerms::Cluster).into());
    }
    let mut bytes = [0; 32];
    tx.dice().fill(&mut bytes);
    let seed = Seed::new(bytes);
    let until = found.campaign.starts_at.plus(terms.life).min(found.campaign.ends_at);
    if !store::add(tx, id, terms, &seed, until)? {
        // It was recalled and comes again: nobody took anything yet.
        store::forget(tx, id)?;
        store::add(tx, id, terms, &seed, until)?;
    }
    planted!("packet_one_cent_more", {
        let mut parts = terms.divide(&seed);
        parts[0] += 1;
        store::add_parts(tx, id, &parts)?;
        return tx.ask(CLOSE, id.0, until);
    });
    store::add_parts(tx, id, &terms.divide(&seed))?;
    tx.ask(CLOSE, id.0, until)
}

/// The campaign is over, before its time or at it: so is its packet.
pub(crate) fn ended(tx: &mut Tx, id: Id<Campaign>) -> Result<(), Failure> {
    store::close(tx, id)
}

/// Job: a packet whose time is over is closed. A moment to look again when it was too early.
pub(crate) fn close_due(app: &App, id: Id<Campaign>) -> Result<Option<Moment>, Failure> {
    app.write(|tx| {
        let Some(kept) = store::maybe(tx, id)? else { return Ok(None) };
        if kept.closed_at.is_some() {
            return Ok(None);
        }
        if tx.now < kept.expires_at {
            return Ok(Some(kept.expires_at));
        }
        store::close(tx, id)?;
        tx.shows();
        Ok(None)
    })
}

/// Takes the next part.
pub fn take(app: &App, visitor: &Visitor, id: Id<Campaign>) -> Result<Answer<TakenView>, Failure> {
    let person = visitor.shopper()?;
    let comer = visitor.clone();
    app.win(visitor, ("packet_part", id.0), move |tx| {
        let found = campaign::find(tx, id)?;
        let terms = terms(&found)?;
        if !campaign::sees(&found, Some(person)) {
            return Err(Failure::NotFound);
        }
        let kept = store::find(tx, id)?;
        let seen = Seen {
            mine: store::mine(tx, id, person)?,
            left: kept.count - kept.taken,
            expires_at: kept.expires_at,
            returned: kept.closed_at.is_some(),
            // The campaign's own counters keep this limit.
            cluster_has: 0,
            per_cluster: terms.per_cluster,
        };
        rules::may_take(&seen, tx.now)?;
        campaign::enter(tx, &found, &comer, person)?;
        // Whoever came at the same moment for the last part hears that it is gone.
        let number = store::next(tx, id)?.ok_or(Refusal::AllTaken)?;
        let (amount, reward) = part(tx, id, number, person)?;
        tx.shows();
        Ok((TakenView { campaign: id, number, amount }, reward.0))
    })
}

/// Part k is its taker's, with what it is worth.
fn part(
    tx: &mut Tx,
    campaign: Id<Campaign>,
    number: i64,
    person: Id<Person>,
) -> Result<(Money, Id<Reward>), Failure> {
    let currency = shop::get(tx)?.currency;
    let amount = Money::new(store::amount(tx, campaign, number)?, currency);
    let promise = Promise {
        campaign,
        key: &format!("packet {number}"),
        person,
        amount,
        purse: Purse::StoreCredit,
        waits: false,
        about: ("red_packet", campaign.0),
    };
    let (reward, _) = reward::promise(tx, &promise)?;
    if !store::give(tx, (campaign, number), person, reward)? {
        return Err(Failure::broken("a part was taken that was free"));
    }
    Ok((amount, reward))
}

/// A packet, for whoever may see it.
pub fn get(app: &App, visitor: &Visitor, id: Id<Campaign>) -> Result<PacketView, Failure> {
    let person = visitor.reader().ok();
    app.read(|tx| {
        let found = campaign::find(tx, id)?;
        let terms = terms(&found)?;
        if !campaign::sees(&found, person) {
            return Err(Failure::NotFound);
        }
        let kept = store::find(tx, id)?;
        let currency = shop::get(tx)?.currency;
        let money = |minor| Money::new(minor, currency);
        let closed = kept.closed_at.is_some() || tx.now >= kept.expires_at;
        let all_taken = kept.taken == kept.count;
        let best = if all_taken { store::luckiest(tx, id)? } else { None };
        let parts = store::parts(tx, id, SHOWN)?;
        let mine = match person {
            Some(person) => store::mine(tx, id, person)?,
            None => None,
        };
        let view = |part: store::Part| PartView {
            number: part.number,
            who: part.who,
            amount: money(part.amount),
            at: part.at,
            luckiest: best == Some(part.number),
            mine: person == Some(part.person),
        };
        let revealed = kept.closed_at.is_some() || all_taken;
        Ok(PacketView {
            campaign: id,
            title: found.campaign.frame.title.clone(),
            copy: found.creative.copy.clone(),
            picture: found.creative.picture.clone(),
            status: found.campaign.status_at(tx.now),
            starts_at: found.campaign.starts_at,
            expires_at: kept.expires_at,
            closed,
            split: terms.split,
            total: money(kept.total),
            count: kept.count,
            taken: kept.taken,
            taken_worth: money(store::taken_worth(tx, id)?),
            per_person: found.campaign.frame.limits.per_person,
            per_cluster: terms.per_cluster,
            hash: kept.hash,
            seed: revealed.then(|| kept.seed.hex()),
            mine: mine.map(money),
            parts: parts.into_iter().map(view).collect(),
        })
    })
}
