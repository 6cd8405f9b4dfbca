//! The table `check_ins`.

use domain::campaign::Campaign;
use domain::check_in::{Checked, Streak};
use domain::id::Id;
use domain::person::Person;

use crate::db::Tx;
use crate::failure::Failure;

/// Somebody's streak as their last day left it.
pub fn streak(tx: &mut Tx, id: Id<Campaign>, person: Id<Person>) -> Result<Streak, Failure> {
    let last = tx.maybe(
        "select day, streak from check_ins where campaign_id = $1 and person_id = $2
         order by day desc limit 1",
        &[id.into(), person.into()],
        |row| Streak { last: Some(row.get(0)), length: row.get(1) },
    )?;
    Ok(last.unwrap_or_default())
}

/// Whether nobody was there before with the same day.
pub fn add(
    tx: &mut Tx,
    id: Id<Campaign>,
    person: Id<Person>,
    day: i64,
    checked: &Checked,
) -> Result<bool, Failure> {
    let added = tx.run(
        "insert into check_ins (campaign_id, person_id, day, streak, points, bonus, at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (campaign_id, person_id, day) do nothing",
        &[
            id.into(),
            person.into(),
            day.into(),
            checked.streak.length.into(),
            checked.points.into(),
            checked.bonus.into(),
            tx.now.into(),
        ],
    )?;
    Ok(added == 1)
}
