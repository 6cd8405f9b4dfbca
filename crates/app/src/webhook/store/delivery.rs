//! Deliveries and their tries in the database.

use domain::event::{Event, Fact};
use domain::id::{CHOSEN_BITS, Id};
use domain::moment::{Moment, Span};
use domain::webhook::{Fate, Meaning, Webhook};

use super::super::{AttemptView, DeliveryState, DeliveryView};
use super::lock_on;
use crate::db::{Row, Tx};
use crate::failure::Failure;

/// Nothing about the same object waits before delivery `d`.
pub const FIRST: &str = "not exists (select 1 from webhook_deliveries b
    where b.webhook_id = d.webhook_id and b.about = d.about and b.about_id = d.about_id
      and b.state = 'waiting'
      and (b.place < d.place or (b.place = d.place and b.event_id < d.event_id)))";

/// Event `e` is one that endpoint `w` wants.
const WANTED: &str = "(w.names = '' or w.names like '% ' || e.name || ' %')";

/// How many entries of the log are read in one transaction.
const PAGE: i64 = 2_000;
/// On PostgreSQL transactions may commit out of the order of their ids: each reading looks back as
/// far as a transaction can last there, thrice over. A delivery is made once all the same.
const LOOK_BACK: Span = Span::seconds(30);

/// A delivery that is due.
pub struct Due {
    pub event: Id<Event>,
    pub name: String,
    pub tries: i64,
    pub attempts: i64,
    pub fact: Fact,
    pub at: Moment,
    pub request_id: Option<String>,
}

/// A try that was made.
pub struct Made<'a> {
    pub at: Moment,
    pub took: Span,
    pub status: Option<i64>,
    pub meaning: Meaning,
    pub said: &'a str,
}

/// What is asked for again.
#[derive(Clone, Copy)]
pub struct Wanted {
    pub webhook: Id<Webhook>,
    pub since: Moment,
}

/// Reads the log on for an endpoint and makes deliveries of what it wants. Whether there may be
/// more to read; nothing when it is off or gone.
pub fn gather(tx: &mut Tx, id: Id<Webhook>) -> Result<Option<bool>, Failure> {
    if lock_on(tx, id)?.is_none() {
        return Ok(None);
    }
    let page = tx.all(
        "select e.id from events e where e.id > (select cursor from webhooks where id = $1)
         order by e.id limit $2",
        &[id.into(), PAGE.into()],
        |row| row.get::<i64>(0),
    )?;
    let (since, cursor) =
        tx.one("select since, cursor from webhooks where id = $1", &[id.into()], |row| {
            (row.get::<i64>(0), row.get::<i64>(1))
        })?;
    let upto = page.last().copied().unwrap_or(cursor);
    let back = (LOOK_BACK.0 / 1_000) << CHOSEN_BITS;
    let sql = format!(
        "insert into webhook_deliveries
           (webhook_id, event_id, name, about, about_id, place, state, next_at, created_at)
         select w.id, e.id, e.name, e.about, e.about_id, coalesce(e.about_seq, e.id), 'waiting',
                cast($4 as bigint), cast($4 as bigint)
         from webhooks w join events e on e.id > $2 and e.id <= $3
         where w.id = $1 and {WANTED} and not exists
           (select 1 from webhook_deliveries d where d.webhook_id = w.id and d.event_id = e.id)
         on conflict (webhook_id, event_id) do nothing"
    );
    let floor = since.max(cursor - back);
    tx.run(&sql, &[id.into(), floor.into(), upto.into(), tx.now.into()])?;
    if upto > cursor {
        tx.run("update webhooks set cursor = $2 where id = $1", &[id.into(), upto.into()])?;
    }
    Ok(Some(page.len() as i64 == PAGE))
}

/// What is due at an endpoint and may go: the first of each object, the longest due first.
pub fn due(tx: &mut Tx, id: Id<Webhook>, limit: i64) -> Result<Vec<Due>, Failure> {
    let sql = format!(
        "select d.event_id, d.name, d.tries, d.attempts, e.body, e.at, e.request_id
         from webhook_deliveries d join events e on e.id = d.event_id
         where d.webhook_id = $1 and d.state = 'waiting' and d.next_at <= $2 and {FIRST}
         order by d.next_at, d.event_id limit $3"
    );
    let rows = tx.all(&sql, &[id.into(), tx.now.into(), limit.into()], |row| {
        let body: String = row.get(4);
        Ok(Due {
            event: row.get(0),
            name: row.get(1),
            tries: row.get(2),
            attempts: row.get(3),
            fact: serde_json::from_str(&body)?,
            at: row.get(5),
            request_id: row.get(6),
        })
    })?;
    rows.into_iter().collect()
}

/// When the next delivery that may go is due.
pub fn next_due(tx: &mut Tx, id: Id<Webhook>) -> Result<Option<Moment>, Failure> {
    let sql = format!(
        "select min(d.next_at) from webhook_deliveries d
         where d.webhook_id = $1 and d.state = 'waiting' and {FIRST}"
    );
    tx.one(&sql, &[id.into()], |row| row.get(0))
}

/// Writes a try down with what became of the delivery; false when somebody else tried meanwhile.
pub fn note(
    tx: &mut Tx,
    id: Id<Webhook>,
    due: &Due,
    fate: Fate,
    made: &Made,
) -> Result<bool, Failure> {
    let (state, next_at, ended_at) = match fate {
        Fate::Sent => ("sent", None, Some(tx.now)),
        Fate::Dead => ("dead", None, Some(tx.now)),
        Fate::Again(at) => ("waiting", Some(at), None),
    };
    let noted = tx.run(
        "update webhook_deliveries set state = $4, next_at = $5, ended_at = $6, tries = tries + 1,
                                       attempts = attempts + 1
         where webhook_id = $1 and event_id = $2 and state = 'waiting' and attempts = $3",
        &[
            id.into(),
            due.event.into(),
            due.attempts.into(),
            state.into(),
            next_at.into(),
            ended_at.into(),
        ],
    )?;
    if noted == 0 {
        return Ok(false);
    }
    tx.run(
        "insert into webhook_attempts
           (webhook_id, event_id, number, at, took_us, status, means, said)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            id.into(),
            due.event.into(),
            (due.attempts + 1).into(),
            made.at.into(),
            made.took.0.into(),
            made.status.into(),
            made.meaning.code().into(),
            made.said.into(),
        ],
    )?;
    Ok(true)
}

/// Nothing is sent to an endpoint before `until`.
pub fn pause(tx: &mut Tx, id: Id<Webhook>, until: Moment) -> Result<(), Failure> {
    tx.run(
        "update webhook_deliveries set next_at = $2
         where webhook_id = $1 and state = 'waiting' and next_at < $2",
        &[id.into(), until.into()],
    )?;
    Ok(())
}

const VIEW: &str = "select d.event_id, d.name, d.about, d.about_id, d.state, d.tries, d.attempts,
    d.next_at, d.created_at, d.ended_at, a.status, a.said, e.at
    from webhook_deliveries d join events e on e.id = d.event_id
    left join webhook_attempts a on a.webhook_id = d.webhook_id and a.event_id = d.event_id
      and a.number = d.attempts";

fn view(row: &Row) -> DeliveryView {
    DeliveryView {
        event: row.get(0),
        name: row.get(1),
        about: crate::events::about(&row.get::<String>(2), row.get(3)),
        // The table allows no other state.
        state: DeliveryState::parse(&row.get::<String>(4)).unwrap_or(DeliveryState::Waiting),
        tries: row.get(5),
        attempts: row.get(6),
        next_at: row.get(7),
        created_at: row.get(8),
        ended_at: row.get(9),
        last_status: row.get(10),
        last_said: row.get(11),
        happened_at: row.get(12),
    }
}

/// Deliveries of an endpoint in one state (or any), the latest event first.
pub fn list(
    tx: &mut Tx,
    id: Id<Webhook>,
    state: Option<DeliveryState>,
    before: Option<Id<Event>>,
    limit: i64,
) -> Result<Vec<DeliveryView>, Failure> {
    let sql = format!(
        "{VIEW} where d.webhook_id = $1 and ($2 = '' or d.state = $2) and d.event_id < $3
         order by d.event_id desc limit $4"
    );
    let before = before.map_or(i64::MAX, |id| id.0);
    let state = state.map_or("", DeliveryState::code);
    tx.all(&sql, &[id.into(), state.into(), before.into(), limit.into()], view)
}

pub fn find(tx: &mut Tx, id: Id<Webhook>, event: Id<Event>) -> Result<DeliveryView, Failure> {
    let sql = format!("{VIEW} where d.webhook_id = $1 and d.event_id = $2");
    tx.one(&sql, &[id.into(), event.into()], view)
}

/// What an event says, and when it happened.
pub fn event_of(tx: &mut Tx, event: Id<Event>) -> Result<(String, Fact, Moment), Failure> {
    let (name, body, at) =
        tx.one("select name, body, at from events where id = $1", &[event.into()], |row| {
            (row.get(0), row.get::<String>(1), row.get(2))
        })?;
    Ok((name, serde_json::from_str(&body)?, at))
}

/// The tries of a delivery, the latest first.
pub fn attempts(
    tx: &mut Tx,
    id: Id<Webhook>,
    event: Id<Event>,
) -> Result<Vec<AttemptView>, Failure> {
    tx.all(
        "select number, at, took_us, status, means, said from webhook_attempts
         where webhook_id = $1 and event_id = $2 order by number desc limit 100",
        &[id.into(), event.into()],
        |row| AttemptView {
            number: row.get(0),
            at: row.get(1),
            took_ms: row.get::<i64>(2) / 1_000,
            status: row.get(3),
            meaning: row.get(4),
            said: row.get(5),
        },
    )
}

/// A delivery waits again, as if it had never been tried.
pub fn again(tx: &mut Tx, id: Id<Webhook>, event: Id<Event>) -> Result<(), Failure> {
    tx.run(
        "update webhook_deliveries
         set state = 'waiting', tries = 0, next_at = $3, ended_at = null
         where webhook_id = $1 and event_id = $2",
        &[id.into(), event.into(), tx.now.into()],
    )?;
    Ok(())
}

/// How many events there are that the endpoint wants since a moment, as far as it has read.
pub fn count_since(tx: &mut Tx, wanted: Wanted) -> Result<i64, Failure> {
    let sql = format!(
        "select count(*) from webhooks w join events e on e.at >= $2 and e.id <= w.cursor
         where w.id = $1 and {WANTED}"
    );
    tx.one(&sql, &[wanted.webhook.into(), wanted.since.into()], |row| row.get(0))
}

/// Everything since a moment that the endpoint wants waits again.
pub fn again_since(tx: &mut Tx, wanted: Wanted) -> Result<(), Failure> {
    let params = [wanted.webhook.into(), wanted.since.into(), tx.now.into()];
    let sql = format!(
        "insert into webhook_deliveries
           (webhook_id, event_id, name, about, about_id, place, state, next_at, created_at)
         select w.id, e.id, e.name, e.about, e.about_id, coalesce(e.about_seq, e.id), 'waiting',
                cast($3 as bigint), cast($3 as bigint)
         from webhooks w join events e on e.at >= $2 and e.id <= w.cursor
         where w.id = $1 and {WANTED}
         on conflict (webhook_id, event_id) do update
         set state = 'waiting', tries = 0, next_at = excluded.next_at, ended_at = null"
    );
    tx.run(&sql, &params)?;
    Ok(())
}

/// Forgets deliveries that ended before `before`, with their tries.
pub fn forget(tx: &mut Tx, before: Moment) -> Result<(), Failure> {
    tx.run(
        "delete from webhook_attempts where exists
           (select 1 from webhook_deliveries d where d.webhook_id = webhook_attempts.webhook_id
              and d.event_id = webhook_attempts.event_id and d.ended_at < $1)",
        &[before.into()],
    )?;
    tx.run("delete from webhook_deliveries where ended_at < $1", &[before.into()])?;
    Ok(())
}
