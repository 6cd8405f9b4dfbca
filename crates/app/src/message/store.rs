//! Messages in the database.

use domain::id::Id;
use domain::moment::Moment;

use super::{Message, MessageView, code_at};
use crate::db::{Row, Tx};
use crate::failure::Failure;

const VIEW: &str = "select id, channel, recipient, subject, body, state, created_at, sent_at
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
