//! The tables `guess_games`, `guess_people` and `guesses`.

use domain::campaign::Campaign;
use domain::guess::{Guess, seal as sealed};
use domain::id::Id;
use domain::moment::Moment;
use domain::money::{Currency, Money};
use domain::person::Person;
use domain::text::masked;

use super::{GuessView, GuessWinner, Kept};
use crate::db::{Row, Tx};
use crate::failure::Failure;
use crate::reward::Reward;

/// Seals an answer; one that nobody guessed at is sealed anew.
pub fn seal(
    tx: &mut Tx,
    id: Id<Campaign>,
    answer: i64,
    salt: &str,
    closes_at: Moment,
) -> Result<(), Failure> {
    tx.run(
        "insert into guess_games (campaign_id, answer, salt, seal, sealed_at, closes_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (campaign_id) do update
         set answer = $2, salt = $3, seal = $4, sealed_at = $5, closes_at = $6
         where guess_games.guessed = 0 and guess_games.revealed_at is null",
        &[
            id.into(),
            answer.into(),
            salt.into(),
            sealed(answer, salt).into(),
            tx.now.into(),
            closes_at.into(),
        ],
    )?;
    Ok(())
}

fn kept(row: &Row) -> Kept {
    Kept {
        answer: row.get(0),
        salt: row.get(1),
        seal: row.get(2),
        guessed: row.get(3),
        closes_at: row.get(4),
        revealed_at: row.get(5),
    }
}

const KEPT: &str = "select answer, salt, seal, guessed, closes_at, revealed_at from guess_games
    where campaign_id = $1";

pub fn find(tx: &mut Tx, id: Id<Campaign>) -> Result<Kept, Failure> {
    tx.one(KEPT, &[id.into()], kept)
}

pub fn find_to_change(tx: &mut Tx, id: Id<Campaign>) -> Result<Kept, Failure> {
    let sql = format!("{KEPT}{}", tx.lock());
    tx.one(&sql, &[id.into()], kept)
}

pub fn reveal(tx: &mut Tx, id: Id<Campaign>) -> Result<(), Failure> {
    tx.run(
        "update guess_games set revealed_at = $2 where campaign_id = $1 and revealed_at is null",
        &[id.into(), tx.now.into()],
    )?;
    Ok(())
}

/// The number of the next guess, while guesses are taken. The game is held from here on.
pub fn next(tx: &mut Tx, id: Id<Campaign>) -> Result<Option<i64>, Failure> {
    let taken = tx.run(
        "update guess_games set guessed = guessed + 1
         where campaign_id = $1 and revealed_at is null and closes_at > $2",
        &[id.into(), tx.now.into()],
    )?;
    if taken != 1 {
        return Ok(None);
    }
    let sql = "select guessed from guess_games where campaign_id = $1";
    Ok(Some(tx.one(sql, &[id.into()], |row| row.get(0))?))
}

pub fn guessed(tx: &mut Tx, id: Id<Campaign>, person: Id<Person>) -> Result<i64, Failure> {
    let sql = "select guessed from guess_people where campaign_id = $1 and person_id = $2";
    Ok(tx.maybe(sql, &[id.into(), person.into()], |row| row.get(0))?.unwrap_or(0))
}

/// Counts one more guess of somebody's, if they have one left.
pub fn count(
    tx: &mut Tx,
    id: Id<Campaign>,
    person: Id<Person>,
    most: i64,
) -> Result<bool, Failure> {
    let counted = tx.run(
        "insert into guess_people (campaign_id, person_id, guessed, most) values ($1, $2, 1, $3)
         on conflict (campaign_id, person_id) do update
         set guessed = guess_people.guessed + 1, most = $3 where guess_people.guessed < $3",
        &[id.into(), person.into(), most.into()],
    )?;
    Ok(counted == 1)
}

pub fn add(tx: &mut Tx, id: Id<Campaign>, guess: &Guess) -> Result<(), Failure> {
    tx.run(
        "insert into guesses (id, campaign_id, number, person_id, amount, at)
         values ($1, $2, $3, $4, $5, $6)",
        &[
            guess.id.into(),
            id.into(),
            guess.number.into(),
            guess.person.into(),
            guess.amount.into(),
            tx.now.into(),
        ],
    )?;
    Ok(())
}

pub fn all(tx: &mut Tx, id: Id<Campaign>) -> Result<Vec<Guess>, Failure> {
    tx.all(
        "select id, person_id, amount, number from guesses where campaign_id = $1 order by number",
        &[id.into()],
        |row| Guess { id: row.get(0), person: row.get(1), amount: row.get(2), number: row.get(3) },
    )
}

pub fn rank(tx: &mut Tx, id: Id<Guess>, rank: i64, reward: Id<Reward>) -> Result<(), Failure> {
    let sql = "update guesses set rank = $2, reward_id = $3 where id = $1";
    tx.run(sql, &[id.into(), rank.into(), reward.into()])?;
    Ok(())
}

/// Somebody's own guesses, the latest first.
pub fn of_person(
    tx: &mut Tx,
    id: Id<Campaign>,
    person: Id<Person>,
    currency: Currency,
) -> Result<Vec<GuessView>, Failure> {
    tx.all(
        "select id, number, amount, rank, at from guesses
         where campaign_id = $1 and person_id = $2 order by number desc limit 100",
        &[id.into(), person.into()],
        |row| GuessView {
            id: row.get(0),
            number: row.get(1),
            amount: Money::new(row.get(2), currency),
            rank: row.get(3),
            at: row.get(4),
        },
    )
}

pub fn winners(
    tx: &mut Tx,
    id: Id<Campaign>,
    currency: Currency,
) -> Result<Vec<GuessWinner>, Failure> {
    tx.all(
        "select g.rank, p.name, g.amount from guesses g join people p on p.id = g.person_id
         where g.campaign_id = $1 and g.rank is not null order by g.rank limit 100",
        &[id.into()],
        |row| GuessWinner {
            rank: row.get(0),
            who: masked(&row.get::<String>(1)),
            amount: Money::new(row.get(2), currency),
        },
    )
}
