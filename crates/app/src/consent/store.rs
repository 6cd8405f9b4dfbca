//! The tables `consents`, which only grows, and `consent_states`, the last of each.

use domain::customer::Purpose;
use domain::id::Id;
use domain::person::Person;

use super::ConsentView;
use crate::db::{Row, Tx};
use crate::failure::Failure;

const VIEW: &str =
    "select c.id, c.purpose, c.given, c.version, c.locale, c.wording_hash, c.channel,
                           c.source, c.said_at, c.at
                    from consents c";

fn view(row: &Row) -> ConsentView {
    ConsentView {
        id: row.get(0),
        // The table allows no other purpose.
        purpose: Purpose::parse(&row.get::<String>(1)).unwrap_or(Purpose::BrowsingHistory),
        given: row.get(2),
        version: row.get(3),
        locale: row.get(4),
        wording_hash: row.get(5),
        channel: row.get(6),
        source: row.get(7),
        said_at: row.get(8),
        at: row.get(9),
    }
}

/// Two who change one person's consents go one after the other.
pub fn lock(tx: &mut Tx, person: Id<Person>) -> Result<(), Failure> {
    let sql = format!("select 1 from people where id = $1{}", tx.lock());
    tx.one(&sql, &[person.into()], |_| ())
}

/// The last of each purpose.
pub fn states(tx: &mut Tx, person: Id<Person>) -> Result<Vec<ConsentView>, Failure> {
    let sql = format!(
        "{VIEW} join consent_states s on s.consent_id = c.id
         where s.person_id = $1 order by c.purpose"
    );
    tx.all(&sql, &[person.into()], view)
}

/// Everything somebody ever said, the latest first.
pub(crate) fn history(tx: &mut Tx, person: Id<Person>) -> Result<Vec<ConsentView>, Failure> {
    let sql = format!("{VIEW} where c.person_id = $1 order by c.id desc limit 200");
    tx.all(&sql, &[person.into()], view)
}

pub fn add(
    tx: &mut Tx,
    person: Id<Person>,
    view: &ConsentView,
    actor: Option<Id<Person>>,
) -> Result<(), Failure> {
    tx.run(
        "insert into consents (id, person_id, purpose, given, version, locale, wording_hash,
                               channel, source, said_at, at, actor_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        &[
            view.id.into(),
            person.into(),
            view.purpose.code().into(),
            view.given.into(),
            view.version.into(),
            (&view.locale).into(),
            (&view.wording_hash).into(),
            (&view.channel).into(),
            (&view.source).into(),
            view.said_at.into(),
            view.at.into(),
            actor.into(),
        ],
    )?;
    planted!("consent_not_taken_back", {
        if !view.given {
            return Ok(());
        }
    });
    tx.run(
        "insert into consent_states (person_id, purpose, given, consent_id)
         values ($1, $2, $3, $4)
         on conflict (person_id, purpose) do update
         set given = excluded.given, consent_id = excluded.consent_id",
        &[person.into(), view.purpose.code().into(), view.given.into(), view.id.into()],
    )?;
    Ok(())
}
