//! What is sent out by e-mail or phone: rows that a job hands over, safe to run twice.
//!
//! A channel nobody carries is not an error: the message waits in the outbox, where staff read it.
//! Once a message left the house its codes are blanked here, so that the outbox opens no door.

mod store;

use describe::ToSchema;
use domain::id::{Id, Kind};
use domain::moment::Moment;
use domain::person::Permission;
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::failure::Failure;
use crate::outside::Trouble;
use crate::{App, Visitor};

/// One e-mail or text message.
pub struct Message;
impl Kind for Message {
    const PREFIX: &'static str = "msg";
}
domain::id::described!(Message);

/// The job that hands a message over.
pub const SEND: &str = "message.send";

/// A message as the outbox shows it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct MessageView {
    pub id: Id<Message>,
    /// `email` or `sms`.
    pub channel: String,
    pub recipient: String,
    /// Empty for text messages.
    pub subject: String,
    pub body: String,
    /// The sign-in code in it, while it has not left the house.
    pub code: Option<String>,
    /// `waiting`, `sent` or `failed`.
    pub state: String,
    pub created_at: Moment,
    pub sent_at: Option<Moment>,
}

/// Puts a message into the outbox and asks for it to be handed over.
pub fn put(
    tx: &mut Tx,
    channel: &str,
    recipient: &str,
    subject: &str,
    body: &str,
) -> Result<Id<Message>, Failure> {
    let id: Id<Message> = tx.id();
    let subject = if channel == "sms" { "" } else { subject };
    store::add(tx, id, channel, recipient, subject, body)?;
    tx.ask(SEND, id.0, tx.now)?;
    Ok(id)
}

/// Hands a message over. A message is sent at least once: a crash between the post and our note of
/// it sends it again.
pub fn send(app: &App, id: Id<Message>) -> Result<(), Failure> {
    let message = app.read(|tx| store::get(tx, id))?;
    if message.state != "waiting" || !app.outside.post.carries(&message.channel) {
        return Ok(());
    }
    let MessageView { channel, recipient, subject, body, .. } = &message;
    match app.outside.post.send(channel, recipient, subject, body) {
        Ok(()) => app.write(|tx| {
            store::end(tx, id, "sent", &blanked(subject), &blanked(body))?;
            Ok(())
        }),
        Err(Trouble::Refused(why)) => {
            tracing::warn!(message = %id, %why, "a message was refused");
            app.write(|tx| {
                store::end(tx, id, "failed", &blanked(subject), &blanked(body))?;
                Ok(())
            })
        }
        Err(Trouble::Away(why)) => Err(Failure::broken(why)),
    }
}

/// The latest messages before `before`, for staff.
pub fn list(
    app: &App,
    visitor: &Visitor,
    before: Option<Id<Message>>,
    limit: i64,
) -> Result<Vec<MessageView>, Failure> {
    visitor.staff_reader(Permission::Jobs)?;
    app.read(|tx| store::list(tx, before, limit))
}

/// When the oldest message was written that has not left the house.
pub fn oldest_waiting(tx: &mut Tx) -> Result<Option<Moment>, Failure> {
    store::oldest_waiting(tx)
}

/// Forgets messages from before `before`.
pub fn forget(tx: &mut Tx, before: Moment) -> Result<u64, Failure> {
    store::forget(tx, before)
}

/// Where a run of exactly six digits is.
fn code_at(text: &str) -> Option<std::ops::Range<usize>> {
    let mut start = 0;
    for run in text.split(|c: char| !c.is_ascii_digit()) {
        if run.len() == 6 {
            return Some(start..start + 6);
        }
        // Past the run and the character that ended it.
        start += run.len();
        start += text[start..].chars().next().map_or(0, char::len_utf8);
    }
    None
}

fn blanked(text: &str) -> String {
    let mut text = text.to_string();
    while let Some(at) = code_at(&text) {
        text.replace_range(at, "••••••");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_and_blanked() {
        let check = |text: &str, code: Option<&str>, after: &str| {
            assert_eq!(code_at(text).map(|at| &text[at]), code, "{text}");
            assert_eq!(blanked(text), after);
        };
        check("012345 is it", Some("012345"), "•••••• is it");
        check("验证码：012345，10 分钟", Some("012345"), "验证码：••••••，10 分钟");
        check("call 13800000000 or 12345", None, "call 13800000000 or 12345");
        check("", None, "");
    }
}
