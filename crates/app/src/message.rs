//! What is sent out by e-mail or phone: rows that a job hands over, safe to run twice.
//!
//! A channel nobody carries is not an error: the message waits in the outbox, where staff read it.
//! Once a message left the house its codes are blanked here, so that the outbox opens no door.
//!
//! A letter that sells goes to a person who allowed it, names that consent and carries the way to
//! take it back. The consent is asked for twice: when the letter is written and when it leaves.

mod store;

use describe::ToSchema;
use domain::customer::{Purpose, Refusal};
use domain::id::{Id, Kind};
use domain::moment::Moment;
use domain::person::{Permission, Person};
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::failure::Failure;
use crate::outside::Trouble;
use crate::{App, Visitor, consent, shop};

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
    /// Whether it sells something.
    pub marketing: bool,
    /// Whether it was held back because its reader takes no such letters any more.
    pub withheld: bool,
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

/// Puts a letter that sells something into the outbox of a person who allowed it; refused where
/// they did not. The way to take the consent back is added to its end.
pub fn put_marketing(
    tx: &mut Tx,
    base_url: &str,
    person: Id<Person>,
    channel: &str,
    (subject, body): (&str, &str),
) -> Result<Id<Message>, Failure> {
    let purpose = Purpose::of_channel(channel).ok_or(Refusal::NoConsent)?;
    let given = consent::given(tx, person, purpose)?;
    planted!("marketing_without_consent", {
        let given = given.unwrap_or_default();
        return put_to(tx, base_url, person, (channel, purpose), given, (subject, body));
    });
    let given = given.ok_or(Refusal::NoConsent)?;
    put_to(tx, base_url, person, (channel, purpose), given, (subject, body))
}

fn put_to(
    tx: &mut Tx,
    base_url: &str,
    person: Id<Person>,
    (channel, purpose): (&str, Purpose),
    given: consent::Given,
    (subject, body): (&str, &str),
) -> Result<Id<Message>, Failure> {
    let (contact, locale) = store::contact(tx, person, channel)?.ok_or(Refusal::NoConsent)?;
    let link = consent::unsubscribe_link(&shop::get(tx)?, base_url, person, purpose);
    let end = if locale == "en" { "Stop these letters: " } else { "退订：" };
    let id = put(tx, channel, &contact, subject, &format!("{body}\n\n{end}{link}"))?;
    store::mark_marketing(tx, id, person, given.consent)?;
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
    let headers = match message.marketing {
        false => Vec::new(),
        true => match app.read(|tx| leave_with(tx, &app.config.base_url, id))? {
            Some(headers) => headers,
            // They took their consent back while the letter waited.
            None => {
                return app.write(|tx| {
                    store::withhold(tx, id)?;
                    Ok(())
                });
            }
        },
    };
    match app.outside.post.send_with(channel, recipient, (subject, body), &headers) {
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

/// What a letter that sells leaves with, if its reader still takes such letters: one click in their
/// mail program is enough to have no more of them (RFC 8058).
fn leave_with(
    tx: &mut Tx,
    base_url: &str,
    id: Id<Message>,
) -> Result<Option<Vec<(&'static str, String)>>, Failure> {
    let (person, channel) = store::reader(tx, id)?;
    let Some(purpose) = Purpose::of_channel(&channel) else { return Ok(None) };
    if consent::given(tx, person, purpose)?.is_none() {
        return Ok(None);
    }
    let link = consent::unsubscribe_link(&shop::get(tx)?, base_url, person, purpose);
    Ok(Some(vec![
        ("List-Unsubscribe", format!("<{link}>")),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".into()),
    ]))
}

/// What was sent to these contacts, the latest first.
pub(crate) fn sent_to(
    tx: &mut Tx,
    contacts: &[String],
    limit: i64,
) -> Result<Vec<MessageView>, Failure> {
    let mut all = Vec::new();
    for contact in contacts {
        all.extend(store::sent_to(tx, contact, limit)?);
    }
    all.sort_by_key(|message| std::cmp::Reverse(message.id.0));
    all.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(all)
}

/// Forgets everything that was sent to a contact, and what was said when it could not be.
pub(crate) fn forget_of(tx: &mut Tx, contact: &str) -> Result<(), Failure> {
    store::forget_of(tx, contact)
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
