//! Endpoints and their secrets in the database.

mod delivery;

use domain::event::Event;
use domain::id::Id;
use domain::moment::Moment;
use domain::webhook::{Off, Webhook};

use super::letter::hint;
use super::{SecretView, WebhookView};
use crate::db::{Row, Tx};
use crate::failure::Failure;

pub use delivery::{
    Due, Made, Wanted, again, again_since, attempts, count_since, due, event_of, find, forget,
    gather, list as deliveries, next_due, note, pause,
};

/// An endpoint, locked.
pub struct Found {
    pub url: String,
    pub on: bool,
    pub version: i64,
    pub failing_since: Option<Moment>,
}

/// A secret that signs.
pub struct Secret {
    pub secret: Vec<u8>,
    pub created_at: Moment,
    pub ends_at: Option<Moment>,
}

/// Names as they are kept: each between spaces, so that one is found as a whole.
fn kept(names: &[String]) -> String {
    if names.is_empty() { String::new() } else { format!(" {} ", names.join(" ")) }
}

pub fn count(tx: &mut Tx) -> Result<i64, Failure> {
    tx.one("select count(*) from webhooks", &[], |row| row.get(0))
}

/// Adds an endpoint that is told what comes after `here`; false when its address is taken.
pub fn add(
    tx: &mut Tx,
    id: Id<Webhook>,
    url: &str,
    description: &str,
    names: &[String],
    here: Id<Event>,
) -> Result<bool, Failure> {
    let added = tx.run(
        "insert into webhooks (id, url, description, names, state, since, cursor, settled_at,
                               version, created_at)
         values ($1, $2, $3, $4, 'on', $5, $5, $6, 1, $6) on conflict (url) do nothing",
        &[
            id.into(),
            url.into(),
            description.into(),
            kept(names).into(),
            here.into(),
            tx.now.into(),
        ],
    )?;
    Ok(added == 1)
}

const VIEW: &str = "select w.id, w.url, w.description, w.names, w.state, w.why_off,
    (select count(*) from webhook_deliveries d
     where d.webhook_id = w.id and d.state = 'waiting'),
    (select count(*) from webhook_deliveries d where d.webhook_id = w.id and d.state = 'dead'),
    w.failing_since, w.last_sent_at, w.version, w.created_at from webhooks w";

fn view(row: &Row) -> WebhookView {
    WebhookView {
        id: row.get(0),
        url: row.get(1),
        description: row.get(2),
        events: row.get::<String>(3).split_whitespace().map(str::to_string).collect(),
        on: row.get::<String>(4) == "on",
        why_off: row.get(5),
        secrets: Vec::new(),
        waiting: row.get(6),
        dead: row.get(7),
        failing_since: row.get(8),
        last_sent_at: row.get(9),
        version: row.get(10),
        created_at: row.get(11),
    }
}

fn with_secrets(tx: &mut Tx, mut view: WebhookView) -> Result<WebhookView, Failure> {
    let secret = |secret: Secret| SecretView {
        hint: hint(&secret.secret),
        created_at: secret.created_at,
        ends_at: secret.ends_at,
    };
    view.secrets = secrets(tx, view.id)?.into_iter().map(secret).collect();
    Ok(view)
}

pub fn list(tx: &mut Tx) -> Result<Vec<WebhookView>, Failure> {
    let found = tx.all(&format!("{VIEW} order by w.id desc"), &[], view)?;
    found.into_iter().map(|found| with_secrets(tx, found)).collect()
}

pub fn get(tx: &mut Tx, id: Id<Webhook>) -> Result<WebhookView, Failure> {
    let found = tx.one(&format!("{VIEW} where w.id = $1"), &[id.into()], view)?;
    with_secrets(tx, found)
}

/// The endpoint, to change it or what belongs to it.
pub fn lock(tx: &mut Tx, id: Id<Webhook>) -> Result<Found, Failure> {
    let sql = format!(
        "select url, state, version, failing_since from webhooks where id = $1{}",
        tx.lock()
    );
    tx.one(&sql, &[id.into()], |row| Found {
        url: row.get(0),
        on: row.get::<String>(1) == "on",
        version: row.get(2),
        failing_since: row.get(3),
    })
}

/// The same, when there is one and it is on.
pub fn lock_on(tx: &mut Tx, id: Id<Webhook>) -> Result<Option<Found>, Failure> {
    match lock(tx, id) {
        Ok(found) => Ok(Some(found).filter(|found| found.on)),
        Err(Failure::NotFound) => Ok(None),
        Err(other) => Err(other),
    }
}

/// The address, and whether it is on.
pub fn address(tx: &mut Tx, id: Id<Webhook>) -> Result<Option<(String, bool)>, Failure> {
    tx.maybe("select url, state from webhooks where id = $1", &[id.into()], |row| {
        (row.get(0), row.get::<String>(1) == "on")
    })
}

pub fn is_on(tx: &mut Tx, id: Id<Webhook>) -> Result<bool, Failure> {
    Ok(address(tx, id)?.is_some_and(|(_, on)| on))
}

/// Gives it another address; false when another has it.
pub fn set_url(tx: &mut Tx, id: Id<Webhook>, url: &str) -> Result<bool, Failure> {
    let changed = tx.run(
        "update webhooks set url = $2 where id = $1
           and not exists (select 1 from webhooks o where o.url = $2 and o.id <> $1)",
        &[id.into(), url.into()],
    )?;
    Ok(changed == 1)
}

pub fn set_description(tx: &mut Tx, id: Id<Webhook>, text: &str) -> Result<(), Failure> {
    tx.run("update webhooks set description = $2 where id = $1", &[id.into(), text.into()])?;
    Ok(())
}

/// It wants these names from now on.
pub fn set_names(tx: &mut Tx, id: Id<Webhook>, names: &[String]) -> Result<(), Failure> {
    tx.run(
        "update webhooks set names = $2, settled_at = $3 where id = $1",
        &[id.into(), kept(names).into(), tx.now.into()],
    )?;
    Ok(())
}

/// Marks that something about it changed.
pub fn turn(tx: &mut Tx, id: Id<Webhook>) -> Result<(), Failure> {
    tx.run("update webhooks set version = version + 1 where id = $1", &[id.into()])?;
    Ok(())
}

/// It is told again, of what comes after `here`.
pub fn switch_on(tx: &mut Tx, id: Id<Webhook>, here: Id<Event>) -> Result<(), Failure> {
    tx.run(
        "update webhooks set state = 'on', why_off = null, since = $2, cursor = $2,
                             settled_at = $3, failing_since = null
         where id = $1",
        &[id.into(), here.into(), tx.now.into()],
    )?;
    Ok(())
}

/// It is told nothing more, and what waited for it is given up: how many.
pub fn switch_off(tx: &mut Tx, id: Id<Webhook>, why: Off) -> Result<i64, Failure> {
    tx.run(
        "update webhooks set state = 'off', why_off = $2 where id = $1",
        &[id.into(), why.code().into()],
    )?;
    let died = tx.run(
        "update webhook_deliveries set state = 'dead', next_at = null, ended_at = $2
         where webhook_id = $1 and state = 'waiting'",
        &[id.into(), tx.now.into()],
    )?;
    Ok(i64::try_from(died).unwrap_or(i64::MAX))
}

/// It took something.
pub fn took(tx: &mut Tx, id: Id<Webhook>) -> Result<(), Failure> {
    tx.run(
        "update webhooks set last_sent_at = $2, failing_since = null where id = $1",
        &[id.into(), tx.now.into()],
    )?;
    Ok(())
}

/// It did not take something.
pub fn failed(tx: &mut Tx, id: Id<Webhook>) -> Result<(), Failure> {
    tx.run(
        "update webhooks set failing_since = $2 where id = $1 and failing_since is null",
        &[id.into(), tx.now.into()],
    )?;
    Ok(())
}

/// Removes an endpoint with everything that belongs to it.
pub fn remove(tx: &mut Tx, id: Id<Webhook>) -> Result<(), Failure> {
    for table in ["webhook_attempts", "webhook_deliveries", "webhook_secrets"] {
        tx.run(&format!("delete from {table} where webhook_id = $1"), &[id.into()])?;
    }
    tx.run("delete from webhooks where id = $1", &[id.into()])?;
    Ok(())
}

pub fn add_secret(tx: &mut Tx, id: Id<Webhook>, secret: &[u8]) -> Result<(), Failure> {
    let number: Id<Secret> = tx.id();
    tx.run(
        "insert into webhook_secrets (id, webhook_id, secret, created_at)
         values ($1, $2, $3, $4)",
        &[number.into(), id.into(), secret.into(), tx.now.into()],
    )?;
    Ok(())
}

/// The newest secret signs until `end`, and those before it no more.
pub fn end_secrets(tx: &mut Tx, id: Id<Webhook>, end: Moment) -> Result<(), Failure> {
    tx.run(
        "delete from webhook_secrets where webhook_id = $1 and ends_at is not null",
        &[id.into()],
    )?;
    tx.run(
        "update webhook_secrets set ends_at = $2 where webhook_id = $1",
        &[id.into(), end.into()],
    )?;
    Ok(())
}

/// What signs now, the newest first.
pub fn secrets(tx: &mut Tx, id: Id<Webhook>) -> Result<Vec<Secret>, Failure> {
    tx.all(
        "select secret, created_at, ends_at from webhook_secrets
         where webhook_id = $1 and (ends_at is null or ends_at > $2) order by id desc",
        &[id.into(), tx.now.into()],
        |row| Secret { secret: row.get(0), created_at: row.get(1), ends_at: row.get(2) },
    )
}

/// Endpoints that have something to read or to send now, and whose job is not at it.
pub fn asleep(tx: &mut Tx) -> Result<Vec<Id<Webhook>>, Failure> {
    let sql = format!(
        "select w.id from webhooks w where w.state = 'on'
           and (exists (select 1 from events e where e.id > w.cursor)
             or exists (select 1 from webhook_deliveries d
                        where d.webhook_id = w.id and d.state = 'waiting' and d.next_at <= $1
                          and {}))
           and not exists (select 1 from jobs j where j.unique_key = 'webhook.send:' || w.id
                           and j.state in ('ready', 'running')
                           and (j.state = 'running' or j.run_at <= $1))",
        delivery::FIRST
    );
    tx.all(&sql, &[tx.now.into()], |row| row.get(0))
}

pub fn dead(tx: &mut Tx) -> Result<i64, Failure> {
    tx.one("select count(*) from webhook_deliveries where state = 'dead'", &[], |row| row.get(0))
}
