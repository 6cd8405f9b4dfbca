//! Lucky draws: chances are earned and used once, each draw takes its number, its prize and its
//! reward in one step, and everything it takes to do all of them again is published.
//!
//! The seed is drawn and its hash published when the campaign is scheduled; it is revealed when the
//! campaign is over, in a step after which nobody draws. Prizes are those of the day of the hash.

use describe::ToSchema;
use domain::campaign::{Campaign, Mechanic};
use domain::draw::{self as rules, Chances, Draw, Gives, Inputs, Prize, Refusal, Source, Terms};
use domain::id::Id;
use domain::moment::Moment;
use domain::money::Money;
use domain::order::Order;
use domain::person::{Person, Role};
use domain::seed::Seed;
use serde::{Deserialize, Serialize};

use crate::campaign::{self, Found};
use crate::db::Tx;
use crate::failure::Failure;
use crate::idempotency::Answer;
use crate::reward::{self, Promise, Purse};
use crate::{App, Visitor, order, shop};

pub mod desk;
mod store;
mod view;

pub use view::{
    DrawView, DrawnView, PrizeView, Proof, ProvenPrize, RecordView, Winner, get, proof, records,
};

/// A draw that is asked for.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = DrawOnce)]
pub struct DrawOnce {
    /// Up to 64 letters and digits of the drawer's choice, so that whoever knows the seed cannot
    /// know what comes.
    #[serde(default)]
    pub salt: String,
}

/// What was published of a draw, with its seed.
pub(crate) struct Committed {
    seed: Seed,
    hash: String,
    drawn: i64,
    committed_at: Moment,
    revealed_at: Option<Moment>,
}

/// A prize as it was published, and how many there are now.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    prize: Prize,
    gives: Gives,
    left: Option<i64>,
}

/// The settings of a campaign that is a draw; any other is not found.
fn terms(found: &Found) -> Result<&Terms, Failure> {
    match &found.terms {
        campaign::Terms::Draw(terms) => Ok(terms),
        _ => Err(Failure::NotFound),
    }
}

/// A draw is launched: its seed is drawn and committed to, and its prizes stand. Launched once
/// more, it keeps its seed, so that nobody tries seeds until one suits them.
pub(crate) fn launched(tx: &mut Tx, id: Id<Campaign>) -> Result<(), Failure> {
    let found = campaign::find(tx, id)?;
    let Ok(terms) = terms(&found) else { return Ok(()) };
    terms.check().map_err(Refusal::BadTerms)?;
    let worth = terms.worth().unwrap_or(i64::MAX);
    let own = shop::get(tx)?.currency;
    let budget = found.campaign.frame.budget.filter(|budget| budget.currency == own);
    let budget = budget.map_or(0, |budget| budget.minor);
    // Every prize is paid for before the first is drawn.
    if worth > budget {
        return Err(Refusal::OverBudget(worth).into());
    }
    let mut bytes = [0; 32];
    tx.dice().fill(&mut bytes);
    store::commit(tx, id, &Seed::new(bytes))?;
    store::put_prizes(tx, id, &terms.prizes)
}

/// A draw is over: its seed is revealed. Whoever draws meanwhile is before it or is refused.
pub(crate) fn ended(tx: &mut Tx, id: Id<Campaign>) -> Result<(), Failure> {
    let found = campaign::find(tx, id)?;
    if terms(&found).is_err() {
        return Ok(());
    }
    tx.shows();
    store::reveal(tx, id)
}

/// Whoever works here wins nothing (RULES CN-PRO-04).
fn outsider(visitor: &Visitor) -> Result<(), Failure> {
    planted!("insiders_win", return Ok(()));
    match &visitor.person {
        Some(person) if person.role != Role::Shopper => Err(Refusal::Insider.into()),
        _ => Ok(()),
    }
}

/// Gives somebody chances for a cause, once for each.
fn give(
    tx: &mut Tx,
    id: Id<Campaign>,
    person: Id<Person>,
    (source, cause): (&str, &str),
    chances: i64,
    by: Option<(Id<Person>, &str)>,
) -> Result<bool, Failure> {
    let new = store::add_grant(tx, id, person, (source, cause), chances, by)?;
    if new {
        store::earn(tx, id, person, chances)?;
    }
    Ok(new)
}

/// Today's chances are somebody's when they come.
fn come(tx: &mut Tx, id: Id<Campaign>, terms: &Terms, person: Id<Person>) -> Result<(), Failure> {
    if terms.daily() > 0 {
        let day = shop::day(tx.now)?.to_string();
        give(tx, id, person, ("daily", &day), terms.daily(), None)?;
    }
    Ok(())
}

/// An order was kept: it gives its buyer chances in every draw that says so and is on.
pub(crate) fn order_kept(tx: &mut Tx, id: Id<Order>) -> Result<(), Failure> {
    let running = campaign::open(tx, Mechanic::Draw)?;
    let giving = |found: &Found| match &found.terms {
        campaign::Terms::Draw(terms) => terms.by_order(),
        _ => 0,
    };
    for found in running.iter().filter(|found| giving(found) > 0) {
        let person = order::find(tx, id)?.person;
        if campaign::sees(found, Some(person)) {
            let cause = id.to_string();
            give(tx, found.id(), person, ("order", &cause), giving(found), None)?;
        }
    }
    Ok(())
}

/// Draws once.
pub fn draw(
    app: &App,
    visitor: &Visitor,
    id: Id<Campaign>,
    input: &DrawOnce,
) -> Result<Answer<DrawnView>, Failure> {
    let person = visitor.shopper()?;
    if !Inputs::is_salt(&input.salt) {
        return Err(Refusal::BadSalt.into());
    }
    let (comer, salt) = (visitor.clone(), input.salt.clone());
    app.win(visitor, ("draw", id.0), move |tx| {
        let found = campaign::find(tx, id)?;
        let terms = terms(&found)?;
        outsider(&comer)?;
        if !campaign::sees(&found, Some(person)) {
            return Err(Failure::NotFound);
        }
        campaign::enter(tx, &found, &comer, person)?;
        come(tx, id, terms, person)?;
        let chances = store::chances(tx, id, person)?;
        let committed = store::find(tx, id)?;
        rules::may_draw(chances, &salt, committed.revealed_at.is_some())?;
        if !store::use_chance(tx, id, person)? {
            return Err(Refusal::NoChance.into());
        }
        let drawn = one(tx, id, person, &salt)?;
        tx.shows();
        Ok((view::drawn(tx, drawn)?, drawn.0))
    })
}

/// One draw: its number, its prize and what that is worth, or nothing of it.
fn one(
    tx: &mut Tx,
    campaign: Id<Campaign>,
    person: Id<Person>,
    salt: &str,
) -> Result<Id<Draw>, Failure> {
    let (number, seed) = store::next(tx, campaign)?.ok_or(Refusal::Revealed)?;
    let kept = store::prizes(tx, campaign)?;
    let prizes: Vec<Prize> = kept.iter().map(|kept| kept.prize.clone()).collect();
    let left: Vec<Option<i64>> = kept.iter().map(|kept| kept.left).collect();
    let draw: Id<Draw> = tx.id();
    let inputs = Inputs { number, draw, salt: salt.to_string() };
    let drawn = rules::draw(&prizes, &left, &seed, &inputs);
    planted!("consolation_forgotten", {
        // The weight of what is gone falls to the next prize instead of the last.
        if drawn.fell_on != drawn.wins {
            let next = (0..left.len()).find(|at| left[*at] != Some(0)).unwrap_or(drawn.wins);
            let drawn = rules::Drawn { wins: next, ..drawn };
            store::take_prize(tx, campaign, next)?;
            store::add(tx, (campaign, person), &inputs, &drawn, None)?;
            return Ok(draw);
        }
    });
    let won = &kept[drawn.wins];
    if won.left.is_some() && !store::take_prize(tx, campaign, drawn.wins)? {
        // The row of the draw is held, so nobody can have taken it meanwhile.
        return Err(Failure::broken("a prize was gone that was there"));
    }
    let reward = match won.gives {
        Gives::Nothing => None,
        Gives::Credit | Gives::Thing => {
            let thing = won.gives == Gives::Thing;
            let currency = shop::get(tx)?.currency;
            let promise = Promise {
                campaign,
                key: &format!("draw {draw}"),
                person,
                amount: Money::new(won.prize.value, currency),
                // A thing is no money of its winner's: its worth leaves the budget when it is
                // handed over.
                purse: if thing { Purse::Spent } else { Purse::StoreCredit },
                waits: thing,
                about: ("draw", draw.0),
            };
            Some(reward::promise(tx, &promise)?.0)
        }
    };
    store::add(tx, (campaign, person), &inputs, &drawn, reward)?;
    Ok(draw)
}

/// How often somebody can draw now, with what coming today gives.
fn can_draw(
    tx: &mut Tx,
    id: Id<Campaign>,
    terms: &Terms,
    person: Id<Person>,
) -> Result<i64, Failure> {
    let Chances { earned, used } = store::chances(tx, id, person)?;
    let day = shop::day(tx.now)?.to_string();
    let came = terms.daily() == 0 || store::has_grant(tx, id, person, ("daily", &day))?;
    Ok(earned - used + if came { 0 } else { terms.daily() })
}

/// What gives chances in a draw, as its page says it.
fn sources(terms: &Terms) -> Vec<Source> {
    terms.sources.clone()
}
