//! The table `quiz_attempts`.

use domain::campaign::Campaign;
use domain::id::Id;
use domain::moment::Moment;
use domain::person::Person;
use domain::quiz::Attempt;

use super::Kept;
use crate::db::{Row, Tx};
use crate::failure::Failure;
use crate::reward::Reward;

/// Whether the try is new: two at once have one.
pub fn add(
    tx: &mut Tx,
    (id, campaign, person): (Id<Attempt>, Id<Campaign>, Id<Person>),
    (day, number): (i64, i64),
    questions: &[usize],
    ends_at: Moment,
) -> Result<bool, Failure> {
    let added = tx.run(
        "insert into quiz_attempts (id, campaign_id, person_id, day, try, questions, begun_at,
                                    ends_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (campaign_id, person_id, day, try) do nothing",
        &[
            id.into(),
            campaign.into(),
            person.into(),
            day.into(),
            number.into(),
            serde_json::to_string(questions)?.into(),
            tx.now.into(),
            ends_at.into(),
        ],
    )?;
    Ok(added == 1)
}

pub fn tried(tx: &mut Tx, id: Id<Campaign>, person: Id<Person>, day: i64) -> Result<i64, Failure> {
    tx.one(
        "select count(*) from quiz_attempts
         where campaign_id = $1 and person_id = $2 and day = $3",
        &[id.into(), person.into(), day.into()],
        |row| row.get(0),
    )
}

const KEPT: &str = "select id, campaign_id, person_id, questions, answers, passed, reward_id,
    begun_at, ends_at, answered_at from quiz_attempts where";

fn numbers(text: &str) -> Vec<usize> {
    serde_json::from_str(text).expect("the table holds lists of numbers")
}

fn kept(row: &Row) -> Kept {
    Kept {
        id: row.get(0),
        campaign: row.get(1),
        person: row.get(2),
        questions: numbers(&row.get::<String>(3)),
        answers: row.get::<Option<String>>(4).map(|text| numbers(&text)),
        passed: row.get::<Option<i64>>(5).map(|passed| passed == 1),
        rewarded: row.get::<Option<i64>>(6).is_some(),
        begun_at: row.get(7),
        ends_at: row.get(8),
        answered_at: row.get(9),
    }
}

pub fn find(tx: &mut Tx, id: Id<Attempt>, lock: &str) -> Result<Kept, Failure> {
    tx.one(&format!("{KEPT} id = $1{lock}"), &[id.into()], kept)
}

pub fn latest(tx: &mut Tx, id: Id<Campaign>, person: Id<Person>) -> Result<Option<Kept>, Failure> {
    let sql = format!("{KEPT} campaign_id = $1 and person_id = $2 order by id desc limit 1");
    tx.maybe(&sql, &[id.into(), person.into()], kept)
}

pub fn answer(
    tx: &mut Tx,
    id: Id<Attempt>,
    answers: &[usize],
    (right, passed): (usize, bool),
) -> Result<(), Failure> {
    tx.run(
        "update quiz_attempts set answers = $2, right_ones = $3, passed = $4, answered_at = $5
         where id = $1 and answers is null",
        &[
            id.into(),
            serde_json::to_string(answers)?.into(),
            (right as i64).into(),
            i64::from(passed).into(),
            tx.now.into(),
        ],
    )?;
    Ok(())
}

pub fn reward(tx: &mut Tx, id: Id<Attempt>, reward: Id<Reward>) -> Result<(), Failure> {
    let sql = "update quiz_attempts set reward_id = $2 where id = $1";
    tx.run(sql, &[id.into(), reward.into()])?;
    Ok(())
}

pub fn has_won(tx: &mut Tx, id: Id<Campaign>, person: Id<Person>) -> Result<bool, Failure> {
    let sql = "select 1 from quiz_attempts
         where campaign_id = $1 and person_id = $2 and passed = 1 limit 1";
    let won = tx.maybe(sql, &[id.into(), person.into()], |row| row.get::<i64>(0))?;
    Ok(won.is_some())
}

pub fn has_reward(tx: &mut Tx, id: Id<Campaign>, person: Id<Person>) -> Result<bool, Failure> {
    let sql = "select 1 from quiz_attempts
         where campaign_id = $1 and person_id = $2 and reward_id is not null limit 1";
    let won = tx.maybe(sql, &[id.into(), person.into()], |row| row.get::<i64>(0))?;
    Ok(won.is_some())
}
