//! Messages in the database.

use domain::customer::Consent;
use domain::id::Id;
use domain::letter::{Channel, Letter};
use domain::moment::Moment;
use domain::person::Person;

use super::{Message, MessageView, State, Wanted, Written, code_at};
use crate::db::{Row, Tx};
use crate::failure::Failure;

const VIEW: &str = "select id, channel, recipient, subject, body, state, created_at, sent_at, kind,
                           withheld, letter, about, about_id, gave_up, why
                    from messages";

fn view(row: &Row) -> MessageView {
    let (body, state): (String, String) = (row.get(4), row.get(5));
    let letter: Option<String> = row.get(10);
    let opens = state == "waiting" && letter.is_none();
    let code = code_at(&body).filter(|_| opens).map(|at| body[at].to_string());
    let about: String = row.get::<Option<String>>(11).unwrap_or_default();
    let number: Option<i64> = row.get(12);
    let dead = state == "waiting" && row.get::<i64>(13) == 1;
    MessageView {
        id: row.get(0),
        channel: row.get(1),
        recipient: row.get(2),
        subject: row.get(3),
        body,
        code,
        state: if dead { "dead".into() } else { state },
        letter,
        about_id: number.map_or(String::new(), |number| shown(&about, number)),
        about,
        why: row.get(14),
        created_at: row.get(6),
        sent_at: row.get(7),
        marketing: row.get::<String>(8) == "marketing",
        withheld: row.get(9),
    }
}

/// An id as addresses show it; a bare number where it has none.
fn shown(about: &str, number: i64) -> String {
    let shown = crate::events::about(about, number);
    if shown.is_empty() { number.to_string() } else { shown }
}

/// Adds a letter, unless it is there.
pub fn write(tx: &mut Tx, id: Id<Message>, new: &Written) -> Result<bool, Failure> {
    let letter = new.letter;
    let locked = letter.is_locked(new.channel);
    let fact = new.fact.to_string();
    planted!("letter_written_again", {
        let fact = format!("{fact} {id}");
        return add_letter(tx, id, new, locked, &fact);
    });
    add_letter(tx, id, new, locked, &fact)
}

fn add_letter(
    tx: &mut Tx,
    id: Id<Message>,
    new: &Written,
    locked: bool,
    fact: &str,
) -> Result<bool, Failure> {
    let state = if new.caught { "caught" } else { "waiting" };
    let added = tx.run(
        "insert into messages (id, channel, recipient, subject, body, state, created_at, sent_at,
                               person_id, letter, letter_group, optional, about, about_id, fact)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
         on conflict (fact, person_id, letter, channel) where fact is not null do nothing",
        &[
            id.into(),
            new.channel.code().into(),
            new.recipient.into(),
            new.subject.into(),
            new.body.into(),
            state.into(),
            tx.now.into(),
            new.caught.then_some(tx.now).into(),
            new.person.into(),
            new.letter.code.into(),
            new.letter.group.code().into(),
            (!locked).into(),
            new.about.0.into(),
            new.about.1.into(),
            fact.into(),
        ],
    )?;
    Ok(added == 1)
}

/// Keeps a message here to be read.
pub fn catch(tx: &mut Tx, id: Id<Message>) -> Result<(), Failure> {
    let sql = "update messages set state = 'caught', sent_at = $2 where id = $1";
    tx.run(sql, &[id.into(), tx.now.into()])?;
    Ok(())
}

/// By which channel a message goes.
pub fn channel_of(tx: &mut Tx, id: Id<Message>) -> Result<String, Failure> {
    tx.one("select channel from messages where id = $1", &[id.into()], |row| row.get(0))
}

/// A letter that is about to leave.
#[derive(Clone)]
pub struct Leaving {
    pub channel: Channel,
    pub recipient: String,
    pub subject: String,
    pub body: String,
    pub person: Id<Person>,
    pub letter: &'static Letter,
    pub about: String,
    pub about_id: i64,
}

/// A letter that waits; none where it does not, or is no letter.
pub fn leaving(tx: &mut Tx, id: Id<Message>) -> Result<Option<Leaving>, Failure> {
    let found = tx.maybe(
        "select channel, recipient, subject, body, person_id, letter, about, about_id
         from messages where id = $1 and state = 'waiting' and letter is not null",
        &[id.into()],
        |row| {
            Some(Leaving {
                channel: Channel::parse(&row.get::<String>(0))?,
                recipient: row.get(1),
                subject: row.get(2),
                body: row.get(3),
                person: row.get(4),
                letter: Letter::find(&row.get::<String>(5))?,
                about: row.get(6),
                about_id: row.get(7),
            })
        },
    )?;
    Ok(found.flatten())
}

pub fn say_why(tx: &mut Tx, id: Id<Message>, why: &str) -> Result<(), Failure> {
    let why: String = why.chars().take(300).collect();
    tx.run("update messages set why = $2 where id = $1", &[id.into(), why.into()])?;
    Ok(())
}

pub fn give_up(tx: &mut Tx, id: Id<Message>, why: &str) -> Result<(), Failure> {
    tx.run("update messages set gave_up = 1 where id = $1 and state = 'waiting'", &[id.into()])?;
    say_why(tx, id, why)
}

/// Makes a letter wait again that was refused or given up. Whether there was one.
pub fn again(tx: &mut Tx, id: Id<Message>) -> Result<bool, Failure> {
    let changed = tx.run(
        "update messages set state = 'waiting', gave_up = 0, why = null, sent_at = null
         where id = $1 and letter is not null and withheld = 0
           and (state = 'failed' or (state = 'waiting' and gave_up = 1))",
        &[id.into()],
    )?;
    Ok(changed == 1)
}

pub fn add(
    tx: &mut Tx,
    id: Id<Message>,
    channel: &str,
    recipient: &str,
    subject: &str,
    body: &str,
) -> Result<(), Failure> {
    tx.run(
        "insert into messages (id, channel, recipient, subject, body, state, created_at)
         values ($1, $2, $3, $4, $5, 'waiting', $6)",
        &[id.into(), channel.into(), recipient.into(), subject.into(), body.into(), tx.now.into()],
    )?;
    Ok(())
}

pub fn get(tx: &mut Tx, id: Id<Message>) -> Result<MessageView, Failure> {
    tx.one(&format!("{VIEW} where id = $1"), &[id.into()], view)
}

/// Ends a message that waited. Whether it still did.
pub fn end(
    tx: &mut Tx,
    id: Id<Message>,
    state: &str,
    subject: &str,
    body: &str,
) -> Result<bool, Failure> {
    let changed = tx.run(
        "update messages set state = $2, subject = $3, body = $4, sent_at = $5, gave_up = 0,
                             why = null
         where id = $1 and state = 'waiting'",
        &[id.into(), state.into(), subject.into(), body.into(), tx.now.into()],
    )?;
    Ok(changed == 1)
}

/// Where a person is written to over a channel, and in which language; nobody who is gone is.
pub fn contact(
    tx: &mut Tx,
    person: Id<Person>,
    channel: &str,
) -> Result<Option<(String, String)>, Failure> {
    let column = if channel == "sms" { "phone" } else { "email" };
    let sql = format!(
        "select {column}, locale from people
         where id = $1 and {column} is not null and merged_into is null and erased_at is null"
    );
    tx.maybe(&sql, &[person.into()], |row| (row.get(0), row.get(1)))
}

pub fn mark_marketing(
    tx: &mut Tx,
    id: Id<Message>,
    person: Id<Person>,
    consent: Option<Id<Consent>>,
) -> Result<(), Failure> {
    tx.run(
        "update messages set kind = 'marketing', person_id = $2, consent_id = $3 where id = $1",
        &[id.into(), person.into(), consent.into()],
    )?;
    Ok(())
}

/// Who a letter that sells is for, and over which channel.
pub fn reader(tx: &mut Tx, id: Id<Message>) -> Result<(Id<Person>, String), Failure> {
    let sql = "select person_id, channel from messages where id = $1 and person_id is not null";
    tx.one(sql, &[id.into()], |row| (row.get(0), row.get(1)))
}

/// Ends a letter that must not leave, without its words.
pub fn withhold(tx: &mut Tx, id: Id<Message>) -> Result<(), Failure> {
    tx.run(
        "update messages set state = 'failed', withheld = 1, gave_up = 0, subject = '', body = ''
         where id = $1 and state = 'waiting'",
        &[id.into()],
    )?;
    Ok(())
}

pub fn sent_to(tx: &mut Tx, contact: &str, limit: i64) -> Result<Vec<MessageView>, Failure> {
    let sql = format!("{VIEW} where recipient = $1 order by id desc limit $2");
    tx.all(&sql, &[contact.into(), limit.into()], view)
}

pub fn forget_of(tx: &mut Tx, contact: &str) -> Result<(), Failure> {
    tx.run(
        "delete from cases where kind = 'job_dead' and about = 'job' and about_id in
           (select j.id from jobs j join messages m on m.id = j.about_id
            where j.kind in ('message.send', 'letter.send') and m.recipient = $1)",
        &[contact.into()],
    )?;
    tx.run(
        "update jobs set last_error = null
         where kind in ('message.send', 'letter.send') and about_id in
           (select id from messages where recipient = $1)",
        &[contact.into()],
    )?;
    tx.run("delete from messages where recipient = $1", &[contact.into()])?;
    Ok(())
}

pub fn list(
    tx: &mut Tx,
    wanted: &Wanted,
    before: Option<Id<Message>>,
    limit: i64,
) -> Result<Vec<MessageView>, Failure> {
    let before = before.map_or(i64::MAX, |id| id.0);
    let state = match wanted.state {
        None => "1 = 1",
        Some(State::Waiting) => "state = 'waiting' and gave_up = 0",
        Some(State::Dead) => "state = 'waiting' and gave_up = 1",
        Some(State::Sent) => "state = 'sent'",
        Some(State::Failed) => "state = 'failed'",
        Some(State::Caught) => "state = 'caught'",
    };
    let sql = format!(
        "{VIEW} where id < $1 and ($2 = '' or channel = $2) and ($3 = '' or letter = $3)
           and {state} order by id desc limit $4"
    );
    let channel = wanted.channel.map_or("", Channel::code);
    let letter = wanted.letter.as_deref().unwrap_or("");
    tx.all(&sql, &[before.into(), channel.into(), letter.into(), limit.into()], view)
}

pub fn forget(tx: &mut Tx, before: Moment) -> Result<u64, Failure> {
    tx.run("delete from messages where created_at < $1", &[before.into()])
}

pub fn oldest_waiting(tx: &mut Tx) -> Result<Option<Moment>, Failure> {
    let sql = "select min(created_at) from messages where state = 'waiting' and gave_up = 0";
    tx.one(sql, &[], |row| row.get(0))
}
