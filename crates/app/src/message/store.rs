//! Messages in the database.

use domain::customer::Consent;
use domain::id::Id;
use domain::moment::Moment;
use domain::person::Person;

use super::{Message, MessageView, code_at};
use crate::db::{Row, Tx};
use crate::failure::Failure;

const VIEW: &str = "select id, channel, recipient, subject, body, state, created_at, sent_at, kind,
                           withheld
                    from messages";

fn view(row: &Row) -> MessageView {
    let (body, state): (String, String) = (row.get(4), row.get(5));
    let code = code_at(&body).filter(|_| state == "waiting").map(|at| body[at].to_string());
    MessageView {
        id: row.get(0),
        channel: row.get(1),
        recipient: row.get(2),
        subject: row.get(3),
        body,
        code,
        state,
        created_at: row.get(6),
        sent_at: row.get(7),
        marketing: row.get::<String>(8) == "marketing",
        withheld: row.get(9),
    }
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
        "update messages set state = $2, subject = $3, body = $4, sent_at = $5
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
        "update messages set state = 'failed', withheld = 1, subject = '', body = ''
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
            where j.kind = 'message.send' and m.recipient = $1)",
        &[contact.into()],
    )?;
    tx.run(
        "update jobs set last_error = null where kind = 'message.send' and about_id in
           (select id from messages where recipient = $1)",
        &[contact.into()],
    )?;
    tx.run("delete from messages where recipient = $1", &[contact.into()])?;
    Ok(())
}

pub fn list(
    tx: &mut Tx,
    before: Option<Id<Message>>,
    limit: i64,
) -> Result<Vec<MessageView>, Failure> {
    let before = before.map_or(i64::MAX, |id| id.0);
    let sql = format!("{VIEW} where id < $1 order by id desc limit $2");
    tx.all(&sql, &[before.into(), limit.into()], view)
}

pub fn forget(tx: &mut Tx, before: Moment) -> Result<u64, Failure> {
    tx.run("delete from messages where created_at < $1", &[before.into()])
}

pub fn oldest_waiting(tx: &mut Tx) -> Result<Option<Moment>, Failure> {
    tx.one("select min(created_at) from messages where state = 'waiting'", &[], |row| row.get(0))
}
