//! The job of an endpoint: it reads the log on, makes deliveries of what is wanted, and sends what
//! is due, one after the other.
//!
//! Nothing is lost with a worker that dies: before the post the delivery still waits, after it the
//! endpoint hears the same `webhook-id` once more.

use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::webhook::{self as rules, Fate, Follows, Heard, JITTER, Meaning, Reach, Try, Webhook};

use super::letter::{self, Addressee};
use super::store;
use crate::db::Tx;
use crate::dice::below;
use crate::failure::Failure;
use crate::measures::measures;
use crate::outside::{Reply, Trouble};
use crate::{App, case};

/// The job that tells an endpoint what happened.
pub const SEND: &str = "webhook.send";

/// A turn ends after so many tries, or when it took so long: well within the job's lease, and
/// others wait for the worker.
const MOST_TRIES: usize = 100;
const LONGEST_TURN: Span = Span::seconds(45);
const BATCH: i64 = 20;
/// When there is nothing to do, the job sleeps; `wake` brings it forward. It does not sleep long:
/// what was committed late, behind its cursor, wakes nobody.
const NOTHING: Span = Span::seconds(20);
/// How long the log of deliveries is kept.
const KEPT: Span = Span::days(30);

/// Asks for the jobs of endpoints that have something to do and are not at it.
pub fn wake(app: &App) -> Result<(), Failure> {
    let asleep = app.read(store::asleep)?;
    if asleep.is_empty() {
        return Ok(());
    }
    app.write(|tx| asleep.iter().try_for_each(|id| tx.ask(SEND, id.0, tx.now)))
}

/// Job: a turn of one endpoint. When the next is due; nothing when the endpoint is off or gone.
pub fn send(app: &App, id: Id<Webhook>) -> Result<Option<Moment>, Failure> {
    let began = app.now();
    let mut tries = 0;
    // To the end first: what happened to one object is sent in order only when all of it is here.
    loop {
        match app.write(|tx| store::gather(tx, id))? {
            None => return Ok(None),
            Some(true) => continue,
            Some(false) => break,
        }
    }
    loop {
        let due = app.read(|tx| store::due(tx, id, BATCH))?;
        if due.is_empty() {
            break;
        }
        for delivery in due {
            if tries >= MOST_TRIES || app.now().since(began) >= LONGEST_TURN {
                return Ok(Some(app.now()));
            }
            tries += 1;
            if !attempt(app, id, &delivery)? {
                break;
            }
        }
    }
    app.read(|tx| {
        let next = store::next_due(tx, id)?.unwrap_or(tx.now.plus(NOTHING));
        Ok(store::is_on(tx, id)?.then_some(next))
    })
}

/// Tries a delivery once and writes down what came of it. Whether the endpoint may be asked on.
fn attempt(app: &App, id: Id<Webhook>, due: &store::Due) -> Result<bool, Failure> {
    let Some(to) = app.read(|tx| addressee(app, tx, id))? else { return Ok(false) };
    let at = app.now();
    let body = letter::body(&due.name, due.at, &letter::data(&due.fact)?)?;
    let letter = letter::write(to, due.event.to_string(), body, due.request_id.clone(), at);
    fault_point!("before_delivery");
    let reply = app.outside.fetch.tell(&letter);
    fault_point!("after_delivery");
    let took = app.now().since(at);
    let (heard, wish, said) = read(&reply, app.now());
    let jitter = below(app.seams.dice.as_ref(), 2 * JITTER.unsigned_abs() + 1) as i64 - JITTER;
    let (follows, died) = app.write(|tx| {
        let Some(found) = store::lock_on(tx, id)? else { return Ok((None, 0)) };
        let tried = Try {
            heard,
            tries: due.tries + 1,
            wish,
            failing_since: found.failing_since,
            jitter,
            now: tx.now,
        };
        let follows = rules::after(&tried);
        let status = match heard {
            Heard::Status(status) => Some(i64::from(status)),
            Heard::Nothing => None,
        };
        let meaning = rules::meaning(heard);
        let try_made = store::Made { at, took, status, meaning, said: &said };
        // Whoever was slower than its lease finds that somebody else has tried since.
        if !store::note(tx, id, due, follows.fate, &try_made)? {
            return Ok((None, 0));
        }
        let died = follow(tx, id, &found, &follows, meaning)?;
        Ok((Some(follows), died + i64::from(follows.fate == Fate::Dead)))
    })?;
    count_dead(died);
    Ok(follows.is_some_and(|follows| follows.pause.is_none() && follows.off.is_none()))
}

/// What a try means for its endpoint. How many other deliveries died of it.
fn follow(
    tx: &mut Tx,
    id: Id<Webhook>,
    found: &store::Found,
    follows: &Follows,
    meaning: Meaning,
) -> Result<i64, Failure> {
    if meaning == Meaning::Done {
        store::took(tx, id)?;
        return Ok(0);
    }
    store::failed(tx, id)?;
    if let Some(until) = follows.pause {
        store::pause(tx, id, until)?;
    }
    let Some(off) = follows.off else { return Ok(0) };
    let died = store::switch_off(tx, id, off)?;
    store::turn(tx, id)?;
    let detail = format!("{}: {}", off.code(), found.url);
    case::open_again(tx, "webhook_off", ("webhook", id.0), &detail)?;
    Ok(died)
}

/// Where and with what to write to an endpoint now; nothing when it is off.
pub fn addressee(app: &App, tx: &mut Tx, id: Id<Webhook>) -> Result<Option<Addressee>, Failure> {
    let Some((url, on)) = store::address(tx, id)? else { return Ok(None) };
    // The settings may have become stricter since it was made.
    let reach = rules::check_url(&url, app.config.sandbox);
    let home = reach == Ok(Reach::Home);
    let secrets = store::secrets(tx, id)?.into_iter().map(|secret| secret.secret).collect();
    Ok(on.then_some(Addressee { url, home, secrets }))
}

/// What came back: the answer, what it wishes and what to write down of it.
pub fn read(reply: &Result<Reply, Trouble>, now: Moment) -> (Heard, Option<Span>, String) {
    match reply {
        Ok(reply) => {
            let wish = reply.retry_after.as_deref().and_then(|text| wished(text, now));
            (Heard::Status(reply.status), wish, reply.said.clone())
        }
        Err(Trouble::Away(why) | Trouble::Refused(why)) => (Heard::Nothing, None, why.clone()),
    }
}

/// `Retry-After`: seconds, or a date.
fn wished(text: &str, now: Moment) -> Option<Span> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<i64>() {
        return Some(Span::seconds(seconds.clamp(0, rules::LONGEST_WISH.as_seconds())));
    }
    let at = jiff::fmt::rfc2822::parse(text).ok()?.timestamp().as_microsecond();
    Some(Moment(at).since(now)).filter(|wish| wish.0 > 0)
}

/// Counts deliveries that were given up.
pub fn count_dead(died: i64) {
    measures().webhook_dead_total.inc_by(died.unsigned_abs());
}

/// Forgets deliveries that ended long ago, with their tries.
pub fn forget(tx: &mut Tx) -> Result<(), Failure> {
    store::forget(tx, tx.now.minus(KEPT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn when_to_come_back() {
        // 2026-11-21T08:00:00Z, a Saturday.
        let now = Moment(1_795_248_000_000_000);
        let check = |text: &str, wish| assert_eq!(wished(text, now), wish, "{text}");
        check("120", Some(Span::minutes(2)));
        check(" 0 ", Some(Span(0)));
        check("99999999999", Some(rules::LONGEST_WISH));
        check("-5", Some(Span(0)));
        check("Sat, 21 Nov 2026 08:00:30 GMT", Some(Span::seconds(30)));
        check("Sat, 21 Nov 2026 07:00:00 GMT", None);
        check("soon", None);
        check("", None);
    }
}
