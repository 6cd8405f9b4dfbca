//! The tables `assists`, `assist_helpers` and `assist_keys`.

use domain::assist::{Assist, Helper};
use domain::campaign::Campaign;
use domain::id::Id;
use domain::moment::Moment;
use domain::person::Person;
use domain::text::masked;

use super::HelperView;
use crate::db::Tx;
use crate::failure::Failure;

pub fn add(
    tx: &mut Tx,
    id: Id<Assist>,
    campaign: Id<Campaign>,
    person: Id<Person>,
    deadline: Moment,
) -> Result<(), Failure> {
    tx.run(
        "insert into assists (id, campaign_id, person_id, deadline, created_at)
         values ($1, $2, $3, $4, $5)",
        &[id.into(), campaign.into(), person.into(), deadline.into(), tx.now.into()],
    )?;
    Ok(())
}

fn read(tx: &mut Tx, id: Id<Assist>, lock: &str) -> Result<(Assist, Id<Campaign>), Failure> {
    let sql = format!(
        "select campaign_id, person_id, deadline, unlocked from assists where id = $1{lock}"
    );
    let (campaign, person, deadline, unlocked): (_, _, _, i64) =
        tx.one(&sql, &[id.into()], |row| (row.get(0), row.get(1), row.get(2), row.get(3)))?;
    let helpers = tx.all(
        "select person_id, counts from assist_helpers where assist_id = $1 order by number",
        &[id.into()],
        |row| Helper { person: row.get(0), counts: row.get::<i64>(1) == 1 },
    )?;
    let unlocked = usize::try_from(unlocked).unwrap_or(0);
    Ok((Assist { id, person, deadline, helpers, unlocked }, campaign))
}

pub fn find(tx: &mut Tx, id: Id<Assist>) -> Result<(Assist, Id<Campaign>), Failure> {
    read(tx, id, "")
}

pub fn find_to_change(tx: &mut Tx, id: Id<Assist>) -> Result<(Assist, Id<Campaign>), Failure> {
    let lock = tx.lock();
    read(tx, id, lock)
}

/// The one that somebody asks for help with now.
pub fn open(
    tx: &mut Tx,
    campaign: Id<Campaign>,
    person: Id<Person>,
) -> Result<Option<Id<Assist>>, Failure> {
    tx.maybe(
        "select id from assists where campaign_id = $1 and person_id = $2 and deadline > $3
         order by id desc limit 1",
        &[campaign.into(), person.into(), tx.now.into()],
        |row| row.get(0),
    )
}

pub fn latest(
    tx: &mut Tx,
    campaign: Id<Campaign>,
    person: Id<Person>,
) -> Result<Option<Id<Assist>>, Failure> {
    tx.maybe(
        "select id from assists where campaign_id = $1 and person_id = $2 order by id desc limit 1",
        &[campaign.into(), person.into()],
        |row| row.get(0),
    )
}

pub fn add_helper(
    tx: &mut Tx,
    id: Id<Assist>,
    person: Id<Person>,
    number: i64,
    counts: bool,
) -> Result<(), Failure> {
    tx.run(
        "insert into assist_helpers (assist_id, person_id, number, counts, at)
         values ($1, $2, $3, $4, $5)",
        &[id.into(), person.into(), number.into(), i64::from(counts).into(), tx.now.into()],
    )?;
    Ok(())
}

pub fn set_counts(tx: &mut Tx, id: Id<Assist>, person: Id<Person>) -> Result<(), Failure> {
    tx.run(
        "update assist_helpers set counts = 1 where assist_id = $1 and person_id = $2",
        &[id.into(), person.into()],
    )?;
    Ok(())
}

pub fn set_unlocked(tx: &mut Tx, id: Id<Assist>, unlocked: usize) -> Result<(), Failure> {
    tx.run(
        "update assists set unlocked = $2 where id = $1 and unlocked < $2",
        &[id.into(), (unlocked as i64).into()],
    )?;
    Ok(())
}

/// A planted fault: somebody who comes again unlocks a step.
#[cfg(feature = "planted")]
pub fn unlock_anyway(tx: &mut Tx, id: Id<Assist>) -> Result<(), Failure> {
    tx.run("update assists set unlocked = unlocked + 1 where id = $1", &[id.into()])?;
    Ok(())
}

pub fn add_keys(tx: &mut Tx, id: Id<Assist>, keys: &[String]) -> Result<(), Failure> {
    for key in keys {
        tx.run(
            "insert into assist_keys (assist_id, key) values ($1, $2)
             on conflict (assist_id, key) do nothing",
            &[id.into(), key.into()],
        )?;
    }
    Ok(())
}

/// Whether any of these keys is known of whoever takes part.
pub fn knows(tx: &mut Tx, id: Id<Assist>, keys: &[String]) -> Result<bool, Failure> {
    for key in keys {
        let found = tx.maybe(
            "select 1 from assist_keys where assist_id = $1 and key = $2",
            &[id.into(), key.into()],
            |row| row.get::<i64>(0),
        )?;
        if found.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The assists in which somebody helped and does not count yet.
pub fn waiting(tx: &mut Tx, person: Id<Person>) -> Result<Vec<Id<Assist>>, Failure> {
    tx.all(
        "select assist_id from assist_helpers where person_id = $1 and counts = 0
         order by assist_id",
        &[person.into()],
        |row| row.get(0),
    )
}

/// Whether anybody's help waits for an order of theirs.
pub fn any_waiting(tx: &mut Tx) -> Result<bool, Failure> {
    let sql = "select 1 from assist_helpers where counts = 0 limit 1";
    Ok(tx.maybe(sql, &[], |row| row.get::<i64>(0))?.is_some())
}

pub fn helpers(tx: &mut Tx, id: Id<Assist>) -> Result<Vec<HelperView>, Failure> {
    tx.all(
        "select p.name, h.counts, h.at from assist_helpers h join people p on p.id = h.person_id
         where h.assist_id = $1 order by h.number desc",
        &[id.into()],
        |row| HelperView {
            name: masked(&row.get::<String>(0)),
            counts: row.get::<i64>(1) == 1,
            at: row.get(2),
        },
    )
}

pub fn name(tx: &mut Tx, person: Id<Person>) -> Result<String, Failure> {
    let name = tx.one("select name from people where id = $1", &[person.into()], |row| row.get(0));
    name.map(|name: String| masked(&name))
}
