//! The tables `packets` and `packet_parts`.

use domain::campaign::Campaign;
use domain::id::Id;
use domain::moment::Moment;
use domain::person::Person;
use domain::red_packet::Terms;
use domain::seed::Seed;
use domain::text::masked;

use super::Kept;
use crate::db::{Row, Tx};
use crate::failure::Failure;
use crate::reward::Reward;

/// Whether it is new.
pub fn add(
    tx: &mut Tx,
    id: Id<Campaign>,
    terms: &Terms,
    seed: &Seed,
    until: Moment,
) -> Result<bool, Failure> {
    let added = tx.run(
        "insert into packets (campaign_id, seed, hash, split, total, count, made_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (campaign_id) do nothing",
        &[
            id.into(),
            seed.hex().into(),
            seed.hash().into(),
            terms.split.code().into(),
            terms.total.into(),
            terms.count.into(),
            tx.now.into(),
            until.into(),
        ],
    )?;
    Ok(added == 1)
}

/// A packet nobody took from goes, so that it can be divided anew.
pub fn forget(tx: &mut Tx, id: Id<Campaign>) -> Result<(), Failure> {
    let untaken = "campaign_id in (select campaign_id from packets
        where campaign_id = $1 and taken = 0)";
    tx.run(&format!("delete from packet_parts where {untaken}"), &[id.into()])?;
    tx.run("delete from packets where campaign_id = $1 and taken = 0", &[id.into()])?;
    Ok(())
}

pub fn add_parts(tx: &mut Tx, id: Id<Campaign>, parts: &[i64]) -> Result<(), Failure> {
    for (number, amount) in (1_i64..).zip(parts) {
        tx.run(
            "insert into packet_parts (campaign_id, number, amount) values ($1, $2, $3)",
            &[id.into(), number.into(), (*amount).into()],
        )?;
    }
    Ok(())
}

fn kept(row: &Row) -> Kept {
    Kept {
        seed: Seed::parse(&row.get::<String>(0)).expect("the table holds whole seeds"),
        hash: row.get(1),
        total: row.get(2),
        count: row.get(3),
        taken: row.get(4),
        expires_at: row.get(5),
        closed_at: row.get(6),
    }
}

pub fn maybe(tx: &mut Tx, id: Id<Campaign>) -> Result<Option<Kept>, Failure> {
    tx.maybe(
        "select seed, hash, total, count, taken, expires_at, closed_at from packets
         where campaign_id = $1",
        &[id.into()],
        kept,
    )
}

pub fn find(tx: &mut Tx, id: Id<Campaign>) -> Result<Kept, Failure> {
    maybe(tx, id)?.ok_or(Failure::NotFound)
}

/// The number of the next part, if there is one and it can still be taken. The packet is held from
/// here on.
pub fn next(tx: &mut Tx, id: Id<Campaign>) -> Result<Option<i64>, Failure> {
    planted!("packet_part_unguarded", {
        let seen = find(tx, id)?;
        let sql = "update packets set taken = $2 where campaign_id = $1";
        tx.run(sql, &[id.into(), (seen.taken + 1).into()])?;
        return Ok(Some(seen.taken + 1));
    });
    let taken = tx.run(
        "update packets set taken = taken + 1 where campaign_id = $1 and taken < count
           and closed_at is null and expires_at > $2",
        &[id.into(), tx.now.into()],
    )?;
    if taken != 1 {
        return Ok(None);
    }
    let sql = "select taken from packets where campaign_id = $1";
    Ok(Some(tx.one(sql, &[id.into()], |row| row.get(0))?))
}

pub fn amount(tx: &mut Tx, id: Id<Campaign>, number: i64) -> Result<i64, Failure> {
    let sql = "select amount from packet_parts where campaign_id = $1 and number = $2";
    tx.one(sql, &[id.into(), number.into()], |row| row.get(0))
}

pub fn give(
    tx: &mut Tx,
    (id, number): (Id<Campaign>, i64),
    person: Id<Person>,
    reward: Id<Reward>,
) -> Result<bool, Failure> {
    let given = tx.run(
        "update packet_parts set person_id = $3, reward_id = $4, taken_at = $5
         where campaign_id = $1 and number = $2 and person_id is null",
        &[id.into(), number.into(), person.into(), reward.into(), tx.now.into()],
    )?;
    Ok(given == 1)
}

/// Nothing is taken any more; what is left is written down.
pub fn close(tx: &mut Tx, id: Id<Campaign>) -> Result<(), Failure> {
    // Held first: whoever takes a part meanwhile is waited for, and their part is not left.
    let sql = format!("select 1 from packets where campaign_id = $1{}", tx.lock());
    tx.maybe(&sql, &[id.into()], |row| row.get::<i64>(0))?;
    tx.run(
        "update packets set closed_at = $2, returned = total - coalesce(
           (select sum(q.amount) from packet_parts q where q.campaign_id = packets.campaign_id
              and q.person_id is not null), 0)
         where campaign_id = $1 and closed_at is null",
        &[id.into(), tx.now.into()],
    )?;
    Ok(())
}

/// What somebody took.
pub fn mine(tx: &mut Tx, id: Id<Campaign>, person: Id<Person>) -> Result<Option<i64>, Failure> {
    let sql = "select amount from packet_parts where campaign_id = $1 and person_id = $2";
    tx.maybe(sql, &[id.into(), person.into()], |row| row.get(0))
}

pub fn taken_worth(tx: &mut Tx, id: Id<Campaign>) -> Result<i64, Failure> {
    tx.one(
        "select cast(coalesce(sum(amount), 0) as bigint) from packet_parts
         where campaign_id = $1 and person_id is not null",
        &[id.into()],
        |row| row.get(0),
    )
}

/// The number of the largest part: the earlier of two alike.
pub fn luckiest(tx: &mut Tx, id: Id<Campaign>) -> Result<Option<i64>, Failure> {
    let sql = "select number from packet_parts where campaign_id = $1
         order by amount desc, number limit 1";
    tx.maybe(sql, &[id.into()], |row| row.get(0))
}

/// A part that was taken.
pub struct Part {
    pub number: i64,
    pub amount: i64,
    pub person: Id<Person>,
    /// Masked.
    pub who: String,
    pub at: Moment,
}

/// The parts that were taken, the latest first.
pub fn parts(tx: &mut Tx, id: Id<Campaign>, limit: i64) -> Result<Vec<Part>, Failure> {
    tx.all(
        "select q.number, q.amount, q.person_id, p.name, q.taken_at from packet_parts q
         join people p on p.id = q.person_id where q.campaign_id = $1
         order by q.number desc limit $2",
        &[id.into(), limit.into()],
        |row| Part {
            number: row.get(0),
            amount: row.get(1),
            person: row.get(2),
            who: masked(&row.get::<String>(3)),
            at: row.get(4),
        },
    )
}
