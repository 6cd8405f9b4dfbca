//! Guess the price (猜价): whoever comes nearest wins.
//!
//! The answer is sealed before the first guess: its hash with a salt is published, and both are
//! revealed at the end. So nobody can move the answer, and no chance is in it: of two who are as
//! near, the earlier guess wins.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::id::{Id, Kind};
use crate::moment::Moment;
use crate::money::LARGEST;
use crate::person::Person;

/// One guess, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guess {
    pub id: Id<Guess>,
    pub person: Id<Person>,
    pub amount: i64,
    /// In the order they came, from one up.
    pub number: i64,
}
impl Kind for Guess {
    const PREFIX: &'static str = "gss";
}
crate::id::described!(Guess);

/// What a merchant settles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = GuessTerms))]
pub struct Terms {
    pub per_person: i64,
    pub winners: i64,
    /// How far from the answer a guess may be, in minor units; anyhow without.
    #[serde(default)]
    pub within: Option<i64>,
}

impl Terms {
    /// What a merchant begins with: three guesses, and the ten nearest win.
    pub fn usual() -> Terms {
        Terms { per_person: 3, winners: 10, within: None }
    }

    pub fn is_sensible(&self) -> bool {
        (1..=100).contains(&self.per_person)
            && (1..=10_000).contains(&self.winners)
            && self.within.is_none_or(|within| within >= 0)
    }
}

/// A game: what is guessed, its answer, and what each winner gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = GuessGame))]
pub struct Game {
    pub rule: Terms,
    /// What the price is of, in a line.
    pub what: String,
    /// In minor units. Nobody is shown it before the end: it is nought then.
    pub answer: i64,
    /// Store credit for each winner, in minor units.
    pub reward: i64,
}

impl Game {
    pub fn usual() -> Game {
        Game { rule: Terms::usual(), what: "?".to_string(), answer: 9_900, reward: 500 }
    }

    pub fn is_sensible(&self) -> bool {
        self.rule.is_sensible()
            && (1..=120).contains(&self.what.chars().count())
            && (1..=LARGEST).contains(&self.answer)
            && self.worth().is_some()
    }

    /// What all winners get together.
    pub fn worth(&self) -> Option<i64> {
        let worth = self.reward.checked_mul(self.rule.winners);
        worth.filter(|worth| self.reward >= 1 && *worth <= LARGEST)
    }

    /// As everybody may see it before its end.
    #[must_use]
    pub fn shown(&self) -> Game {
        Game { answer: 0, ..self.clone() }
    }
}

/// What is published before: SHA-256 of the answer and a salt, each followed by a line break.
pub fn seal(answer: i64, salt: &str) -> String {
    let digest = Sha256::digest(format!("{answer}\n{salt}\n").as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Why a guess is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Guessing is over, or the answer is out.
    Closed,
    /// One person may guess so often.
    EnoughGuesses(i64),
    /// Nothing, or less.
    BadAmount,
    /// Settings that cannot be.
    BadTerms,
    /// All winners together get that much, and the budget is less.
    OverBudget(i64),
    /// Whoever works here may know the answer.
    Insider,
}

/// Whether somebody who guessed so often may guess this.
pub fn may_guess(
    terms: &Terms,
    guessed: i64,
    amount: i64,
    closes_at: Moment,
    now: Moment,
) -> Result<(), Refusal> {
    if now >= closes_at {
        return Err(Refusal::Closed);
    }
    if !(1..=LARGEST).contains(&amount) {
        return Err(Refusal::BadAmount);
    }
    if guessed >= terms.per_person {
        return Err(Refusal::EnoughGuesses(terms.per_person));
    }
    Ok(())
}

/// Who wins, the nearest first: each person by their nearest guess, once.
pub fn winners(terms: &Terms, answer: i64, guesses: &[Guess]) -> Vec<Guess> {
    let far = |guess: &Guess| guess.amount.abs_diff(answer);
    let near =
        |guess: &&Guess| terms.within.is_none_or(|within| far(guess) <= within.unsigned_abs());
    let mut nearest: Vec<Guess> = guesses.iter().filter(near).copied().collect();
    nearest.sort_by_key(|guess| (far(guess), guess.number));
    let mut winners: Vec<Guess> = Vec::new();
    for guess in nearest {
        if winners.len() as i64 == terms.winners {
            break;
        }
        if !winners.iter().any(|winner| winner.person == guess.person) {
            winners.push(guess);
        }
    }
    winners
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn guesses(amounts: &[(i64, i64)]) -> Vec<Guess> {
        let guess = |(n, (person, amount)): (usize, &(i64, i64))| Guess {
            id: Id::new(n as i64),
            person: Id::new(*person),
            amount: *amount,
            number: n as i64 + 1,
        };
        amounts.iter().enumerate().map(guess).collect()
    }

    fn terms(winners: i64, within: Option<i64>) -> Terms {
        Terms { per_person: 2, winners, within }
    }

    #[test]
    fn the_nearest_wins_and_of_two_alike_the_earlier() {
        let all = guesses(&[(1, 90), (2, 110), (3, 100), (3, 101), (4, 250)]);
        let check = |count, within, want: &[i64]| {
            let won = winners(&terms(count, within), 100, &all);
            assert_eq!(won.iter().map(|one| one.person.0).collect::<Vec<_>>(), want);
        };
        check(1, None, &[3]);
        check(3, None, &[3, 1, 2]);
        check(9, None, &[3, 1, 2, 4]);
        check(9, Some(10), &[3, 1, 2]);
        check(9, Some(9), &[3]);
        check(9, Some(0), &[3]);
    }

    #[test]
    fn guessing_ends() {
        let check = |guessed, amount, now, want| {
            let came = may_guess(&terms(1, None), guessed, amount, Moment(10), Moment(now));
            assert_eq!(came, want);
        };
        check(1, 50, 9, Ok(()));
        check(0, 50, 10, Err(Refusal::Closed));
        check(2, 50, 9, Err(Refusal::EnoughGuesses(2)));
        check(0, 0, 9, Err(Refusal::BadAmount));
        check(0, -3, 9, Err(Refusal::BadAmount));
        check(0, LARGEST + 1, 9, Err(Refusal::BadAmount));
        assert!(terms(1, Some(0)).is_sensible() && !terms(0, None).is_sensible());
        assert!(!terms(1, Some(-1)).is_sensible());
    }

    #[test]
    fn a_game_says_what_it_takes_and_keeps_its_answer() {
        let game = Game { what: "A cup".into(), answer: 3_900, ..Game::usual() };
        assert!(game.is_sensible());
        assert_eq!((game.worth(), game.shown().answer), (Some(5_000), 0));
        let check = |edit: fn(&mut Game)| {
            let mut game = game.clone();
            edit(&mut game);
            assert!(!game.is_sensible());
        };
        check(|g| g.what.clear());
        check(|g| g.answer = 0);
        check(|g| g.answer = LARGEST + 1);
        check(|g| g.reward = 0);
        check(|g| g.reward = LARGEST);
        check(|g| g.rule.winners = 0);
    }

    #[test]
    fn a_sealed_answer_cannot_be_moved() {
        let sealed = seal(9_900, "pepper");
        // SHA-256 of "9900\npepper\n".
        let digest = Sha256::digest(b"9900\npepper\n");
        let plain: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(sealed, plain);
        assert_ne!(sealed, seal(9_901, "pepper"));
        assert_ne!(sealed, seal(9_900, "salt"));
        // The break between them counts: 99 and 00 is not 9900.
        assert_ne!(seal(99, "00"), seal(9_900, ""));
    }

    proptest! {
        #[test]
        fn nobody_wins_twice_and_nobody_nearer_is_left_out(
            amounts in proptest::collection::vec((0i64..9, 1i64..300), 0..40),
            count in 1i64..9, answer in 1i64..300,
        ) {
            let all = guesses(&amounts);
            let won = winners(&terms(count, None), answer, &all);
            let mut people: Vec<i64> = won.iter().map(|one| one.person.0).collect();
            people.sort_unstable();
            people.dedup();
            prop_assert_eq!(people.len(), won.len());
            prop_assert!(won.len() as i64 <= count);
            let far = |guess: &Guess| guess.amount.abs_diff(answer);
            if let Some(last) = won.last() {
                let missed = all.iter().filter(|one| !people.contains(&one.person.0));
                for guess in missed {
                    prop_assert!(won.len() as i64 == count && far(guess) >= far(last));
                }
            }
        }
    }
}
