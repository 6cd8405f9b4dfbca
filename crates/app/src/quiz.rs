//! Quizzes: an attempt has its own questions and its own end, is answered once, and whoever passes
//! gets the reward once.

use describe::ToSchema;
use domain::campaign::{Campaign, Status};
use domain::id::Id;
use domain::moment::Moment;
use domain::money::Money;
use domain::quiz::{self as rules, Attempt, Game, Refusal};
use domain::seed::Seed;
use serde::{Deserialize, Serialize};

use crate::campaign::{self, Found};
use crate::db::Tx;
use crate::failure::Failure;
use crate::idempotency::Answer;
use crate::reward::{self, Promise, Purse};
use crate::{App, Visitor, shop};

mod store;

/// A question as it is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = QuizAsked)]
pub struct AskedView {
    pub text: String,
    pub options: Vec<String>,
    /// What was answered and whether that is right, when it was.
    pub answered: Option<usize>,
    pub right: Option<bool>,
}

/// An attempt of the visitor's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = QuizAttempt)]
pub struct AttemptView {
    pub id: Id<Attempt>,
    pub campaign: Id<Campaign>,
    pub questions: Vec<AskedView>,
    pub begun_at: Moment,
    pub ends_at: Moment,
    pub answered_at: Option<Moment>,
    pub passed: Option<bool>,
    /// What it won.
    pub reward: Option<Money>,
}

/// Answers to an attempt: for each question, which option, from nought up.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = AnswerQuiz)]
pub struct AnswerAll {
    pub answers: Vec<usize>,
}

/// A quiz as everybody sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct QuizView {
    pub campaign: Id<Campaign>,
    pub title: String,
    pub copy: String,
    pub picture: String,
    pub status: Status,
    pub starts_at: Moment,
    pub ends_at: Moment,
    /// How many questions an attempt has, how many right answers pass, in how many microseconds.
    pub ask: i64,
    pub pass: i64,
    pub time: i64,
    pub per_day: i64,
    pub reward: Money,
    /// How often the visitor may still try today; none for a guest.
    pub left_today: Option<i64>,
    /// The visitor passed.
    pub won: bool,
    /// The visitor's latest attempt.
    pub attempt: Option<AttemptView>,
}

/// An attempt as its row says.
pub(crate) struct Kept {
    id: Id<Attempt>,
    campaign: Id<Campaign>,
    person: Id<domain::person::Person>,
    questions: Vec<usize>,
    answers: Option<Vec<usize>>,
    passed: Option<bool>,
    rewarded: bool,
    begun_at: Moment,
    ends_at: Moment,
    answered_at: Option<Moment>,
}

fn game(found: &Found) -> Result<&Game, Failure> {
    match &found.terms {
        campaign::Terms::Quiz(game) => Ok(game),
        _ => Err(Failure::NotFound),
    }
}

/// Begins an attempt: from now on its time runs.
pub fn begin(
    app: &App,
    visitor: &Visitor,
    id: Id<Campaign>,
) -> Result<Answer<AttemptView>, Failure> {
    let person = visitor.shopper()?;
    app.once(visitor, "quiz_attempt", |tx| {
        let found = campaign::find(tx, id)?;
        let game = game(&found)?;
        if !campaign::sees(&found, Some(person)) {
            return Err(Failure::NotFound);
        }
        if store::has_won(tx, id, person)? {
            return Err(Refusal::AlreadyWon.into());
        }
        let day = shop::day(tx.now)?;
        let tried = store::tried(tx, id, person, day)?;
        let mut bytes = [0; 32];
        tx.dice().fill(&mut bytes);
        let seed = Seed::new(bytes);
        let (questions, ends_at) =
            rules::begin(&game.rule, game.questions.len(), tried, &seed, tx.now)?;
        campaign::enter(tx, &found, visitor, person)?;
        let attempt: Id<Attempt> = tx.id();
        // The key of the try is what two at once meet at.
        if !store::add(tx, (attempt, id, person), (day, tried + 1), &questions, ends_at)? {
            return Err(Refusal::EnoughToday(game.rule.per_day).into());
        }
        let kept = store::find(tx, attempt, "")?;
        Ok((view(tx, game, kept)?, attempt.0))
    })
}

/// Answers an attempt, once and in time. Whoever passes gets the reward.
pub fn answer(
    app: &App,
    visitor: &Visitor,
    id: Id<Attempt>,
    given: &AnswerAll,
) -> Result<Answer<AttemptView>, Failure> {
    let person = visitor.shopper()?;
    let given = given.clone();
    app.win(visitor, ("quiz_answer", 0), move |tx| {
        let lock = tx.lock();
        let kept = store::find(tx, id, lock)?;
        if kept.person != person {
            return Err(Failure::NotFound);
        }
        let found = campaign::find(tx, kept.campaign)?;
        let game = game(&found)?;
        let attempt = Attempt {
            id,
            questions: kept.questions.clone(),
            ends_at: kept.ends_at,
            answered: kept.answers.is_some(),
        };
        let score = rules::answer(&game.rule, &game.shapes(), &attempt, &given.answers, tx.now)?;
        let right = score.right.iter().filter(|right| **right).count();
        store::answer(tx, id, &given.answers, (right, score.passed))?;
        if score.passed && !store::has_reward(tx, kept.campaign, person)? {
            let currency = shop::get(tx)?.currency;
            let promise = Promise {
                campaign: kept.campaign,
                // One for each person, however many attempts pass.
                key: &format!("quiz {person}"),
                person,
                amount: Money::new(game.reward, currency),
                purse: Purse::StoreCredit,
                waits: false,
                about: ("quiz", id.0),
            };
            let (reward, new) = reward::promise(tx, &promise)?;
            if new {
                store::reward(tx, id, reward)?;
            }
        }
        let kept = store::find(tx, id, "")?;
        Ok((view(tx, game, kept)?, id.0))
    })
}

fn view(tx: &mut Tx, game: &Game, kept: Kept) -> Result<AttemptView, Failure> {
    let currency = shop::get(tx)?.currency;
    let answers = kept.answers.clone().unwrap_or_default();
    let asked = |(at, question): (usize, &usize)| {
        let one = game.questions.get(*question)?;
        let answered = answers.get(at).copied();
        Some(AskedView {
            text: one.text.clone(),
            options: one.options.clone(),
            answered,
            right: answered.map(|given| given == one.right),
        })
    };
    Ok(AttemptView {
        id: kept.id,
        campaign: kept.campaign,
        questions: kept.questions.iter().enumerate().filter_map(asked).collect(),
        begun_at: kept.begun_at,
        ends_at: kept.ends_at,
        answered_at: kept.answered_at,
        passed: kept.passed,
        reward: kept.rewarded.then(|| Money::new(game.reward, currency)),
    })
}

/// A quiz, for whoever may see it.
pub fn get(app: &App, visitor: &Visitor, id: Id<Campaign>) -> Result<QuizView, Failure> {
    let person = visitor.reader().ok();
    app.read(|tx| {
        let found = campaign::find(tx, id)?;
        let game = game(&found)?;
        if !campaign::sees(&found, person) {
            return Err(Failure::NotFound);
        }
        let currency = shop::get(tx)?.currency;
        let (left_today, won, attempt) = match person {
            Some(person) => {
                let tried = store::tried(tx, id, person, shop::day(tx.now)?)?;
                let latest = store::latest(tx, id, person)?;
                let attempt = latest.map(|kept| view(tx, game, kept)).transpose()?;
                let left = (game.rule.per_day - tried).max(0);
                (Some(left), store::has_won(tx, id, person)?, attempt)
            }
            None => (None, false, None),
        };
        Ok(QuizView {
            campaign: id,
            title: found.campaign.frame.title.clone(),
            copy: found.creative.copy.clone(),
            picture: found.creative.picture.clone(),
            status: found.campaign.status_at(tx.now),
            starts_at: found.campaign.starts_at,
            ends_at: found.campaign.ends_at,
            ask: game.rule.ask as i64,
            pass: game.rule.pass as i64,
            time: game.rule.time.0,
            per_day: game.rule.per_day,
            reward: Money::new(game.reward, currency),
            left_today,
            won,
            attempt,
        })
    })
}
