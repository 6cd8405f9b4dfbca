//! Guess the price: the answer is sealed when the campaign is scheduled, the nearest guesses win
//! when guessing closes, and then answer and salt are revealed.

use describe::ToSchema;
use domain::campaign::{Campaign, Status};
use domain::guess::{self as rules, Game, Guess, Refusal};
use domain::id::Id;
use domain::moment::Moment;
use domain::money::{Currency, Money};
use domain::person::Role;
use serde::{Deserialize, Serialize};

use crate::campaign::{self, Found};
use crate::db::Tx;
use crate::failure::Failure;
use crate::idempotency::Answer;
use crate::reward::{self, Promise, Purse, Reward};
use crate::{App, Visitor, dice, shop};

mod store;

/// A guess to be made.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct MakeGuess {
    /// In minor units of the shop's currency.
    pub amount: i64,
}

/// A guess of the visitor's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct GuessView {
    pub id: Id<Guess>,
    /// In the order they came, from one up.
    pub number: i64,
    pub amount: Money,
    /// Which winner it is, from one up, when that is known.
    pub rank: Option<i64>,
    pub at: Moment,
}

/// Somebody who won, as others see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct GuessWinner {
    pub rank: i64,
    /// Masked.
    pub who: String,
    pub amount: Money,
}

/// A game as everybody sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = GuessThePrice)]
pub struct GameView {
    pub campaign: Id<Campaign>,
    pub title: String,
    pub copy: String,
    pub picture: String,
    pub status: Status,
    pub starts_at: Moment,
    pub closes_at: Moment,
    /// What the price is of.
    pub what: String,
    pub reward: Money,
    pub winners_most: i64,
    pub within: Option<i64>,
    pub per_person: i64,
    /// SHA-256 of the answer and a salt, each followed by a line break.
    pub seal: String,
    /// The two, when winners are settled.
    pub answer: Option<Money>,
    pub salt: Option<String>,
    pub guessed: i64,
    /// How many guesses the visitor has left; none for a guest.
    pub left: Option<i64>,
    pub mine: Vec<GuessView>,
    pub winners: Vec<GuessWinner>,
}

/// A game as its row says.
pub(crate) struct Kept {
    answer: i64,
    salt: String,
    seal: String,
    guessed: i64,
    closes_at: Moment,
    revealed_at: Option<Moment>,
}

fn game(found: &Found) -> Result<&Game, Failure> {
    match &found.terms {
        campaign::Terms::Guess(game) => Ok(game),
        _ => Err(Failure::NotFound),
    }
}

/// A game is launched: its answer is sealed.
pub(crate) fn launched(tx: &mut Tx, id: Id<Campaign>) -> Result<(), Failure> {
    let found = campaign::find(tx, id)?;
    let Ok(game) = game(&found) else { return Ok(()) };
    let worth = game.worth().filter(|_| game.is_sensible()).ok_or(Refusal::BadTerms)?;
    let own = shop::get(tx)?.currency;
    let budget = found.campaign.frame.budget.filter(|budget| budget.currency == own);
    if budget.is_none_or(|budget| budget.minor < worth) {
        return Err(Refusal::OverBudget(worth).into());
    }
    let salt = dice::secret(tx.dice(), 32);
    store::seal(tx, id, game.answer, &salt, found.campaign.ends_at)
}

/// A game is over: the nearest win, and the answer is out.
pub(crate) fn ended(tx: &mut Tx, id: Id<Campaign>) -> Result<(), Failure> {
    let found = campaign::find(tx, id)?;
    let Ok(game) = game(&found) else { return Ok(()) };
    // Held: whoever guesses meanwhile is before it or is refused.
    let kept = store::find_to_change(tx, id)?;
    if kept.revealed_at.is_some() {
        return Ok(());
    }
    let currency = shop::get(tx)?.currency;
    let all = store::all(tx, id)?;
    let won = rules::winners(&game.rule, kept.answer, &all);
    planted!("guess_wins_twice", {
        // Each guess by itself, and not each person by their nearest.
        let mut near = all.clone();
        near.sort_by_key(|guess| (guess.amount.abs_diff(kept.answer), guess.number));
        near.truncate(usize::try_from(game.rule.winners).unwrap_or(1));
        for (rank, guess) in (1_i64..).zip(near) {
            let reward = pay(tx, (id, game), rank, &guess, currency)?;
            store::rank(tx, guess.id, rank, reward)?;
        }
        return store::reveal(tx, id);
    });
    for (rank, guess) in (1_i64..).zip(won) {
        let reward = pay(tx, (id, game), rank, &guess, currency)?;
        store::rank(tx, guess.id, rank, reward)?;
    }
    tx.shows();
    store::reveal(tx, id)
}

fn pay(
    tx: &mut Tx,
    (campaign, game): (Id<Campaign>, &Game),
    rank: i64,
    guess: &Guess,
    currency: Currency,
) -> Result<Id<Reward>, Failure> {
    let promise = Promise {
        campaign,
        key: &format!("guess {rank}"),
        person: guess.person,
        amount: Money::new(game.reward, currency),
        purse: Purse::StoreCredit,
        waits: false,
        about: ("guess", guess.id.0),
    };
    Ok(reward::promise(tx, &promise)?.0)
}

/// Guesses once.
pub fn guess(
    app: &App,
    visitor: &Visitor,
    id: Id<Campaign>,
    make: MakeGuess,
) -> Result<Answer<GuessView>, Failure> {
    let person = visitor.shopper()?;
    let comer = visitor.clone();
    app.win(visitor, ("guess", id.0), move |tx| {
        let found = campaign::find(tx, id)?;
        let game = game(&found)?;
        if !campaign::sees(&found, Some(person)) {
            return Err(Failure::NotFound);
        }
        // Whoever works here may know the answer.
        if comer.person.as_ref().is_some_and(|one| one.role != Role::Shopper) {
            return Err(Refusal::Insider.into());
        }
        let guessed = store::guessed(tx, id, person)?;
        let kept = store::find(tx, id)?;
        rules::may_guess(&game.rule, guessed, make.amount, kept.closes_at, tx.now)?;
        campaign::enter(tx, &found, &comer, person)?;
        if !store::count(tx, id, person, game.rule.per_person)? {
            return Err(Refusal::EnoughGuesses(game.rule.per_person).into());
        }
        let number = store::next(tx, id)?.ok_or(Refusal::Closed)?;
        let guess = Guess { id: tx.id(), person, amount: make.amount, number };
        store::add(tx, id, &guess)?;
        let currency = shop::get(tx)?.currency;
        let amount = Money::new(guess.amount, currency);
        let view = GuessView { id: guess.id, number, amount, rank: None, at: tx.now };
        Ok((view, guess.id.0))
    })
}

/// A game, for whoever may see it.
pub fn get(app: &App, visitor: &Visitor, id: Id<Campaign>) -> Result<GameView, Failure> {
    let person = visitor.reader().ok();
    app.read(|tx| {
        let found = campaign::find(tx, id)?;
        let game = game(&found)?;
        if !campaign::sees(&found, person) {
            return Err(Failure::NotFound);
        }
        let kept = store::find(tx, id)?;
        let currency = shop::get(tx)?.currency;
        let money = |minor| Money::new(minor, currency);
        let (left, mine) = match person {
            Some(person) => {
                let left = game.rule.per_person - store::guessed(tx, id, person)?;
                (Some(left.max(0)), store::of_person(tx, id, person, currency)?)
            }
            None => (None, Vec::new()),
        };
        let out = kept.revealed_at.is_some();
        Ok(GameView {
            campaign: id,
            title: found.campaign.frame.title.clone(),
            copy: found.creative.copy.clone(),
            picture: found.creative.picture.clone(),
            status: found.campaign.status_at(tx.now),
            starts_at: found.campaign.starts_at,
            closes_at: kept.closes_at,
            what: game.what.clone(),
            reward: money(game.reward),
            winners_most: game.rule.winners,
            within: game.rule.within,
            per_person: game.rule.per_person,
            seal: kept.seal,
            answer: out.then(|| money(kept.answer)),
            salt: out.then_some(kept.salt),
            guessed: kept.guessed,
            left,
            mine,
            winners: store::winners(tx, id, currency)?,
        })
    })
}
