//! What is sent out by e-mail or phone: rows that a job hands over, safe to run twice.
//!
//! A channel nobody carries is not an error: the message waits in the outbox, where staff read it.
//! Once a message left the house its codes are blanked here, so that the outbox opens no door.
//!
//! A letter that sells goes to a person who allowed it, names that consent and carries the way to
//! take it back. The consent is asked for twice: when the letter is written and when it leaves.
//! Letters about what happened are written and sent by `letter`; they lie here with the others.

mod store;

pub(crate) use store::{Leaving, catch, channel_of, end, leaving, say_why, withhold};

use describe::ToSchema;
use domain::customer::{Purpose, Refusal};
use domain::id::{Id, Kind};
use domain::letter::{self, Channel, Letter};
use domain::moment::Moment;
use domain::person::{Permission, Person};
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::failure::Failure;
use crate::outside::{Post, Trouble};
use crate::{App, Visitor, consent, shop, staff_act};

/// One e-mail or text message.
pub struct Message;
impl Kind for Message {
    const PREFIX: &'static str = "msg";
}
domain::id::described!(Message);

/// The job that hands a message over.
pub const SEND: &str = "message.send";
/// The same for a letter: nobody waits for it at the door.
pub const SEND_LETTER: &str = "letter.send";

/// A message as the outbox shows it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct MessageView {
    pub id: Id<Message>,
    /// `email`, `sms` or `chat`.
    pub channel: String,
    /// An address, a number, or for a chat app the reader's id.
    pub recipient: String,
    /// Empty for text messages.
    pub subject: String,
    pub body: String,
    /// The sign-in code in it, while it has not left the house.
    pub code: Option<String>,
    /// `waiting`, `sent`, `failed`, `dead` (its tries are used up) or `caught` (a demo keeps its
    /// letters to be read).
    pub state: String,
    /// Which letter it is, as `order_shipped`; none for codes and what staff sent.
    pub letter: Option<String>,
    /// What it is about: the kind of thing and its id.
    pub about: String,
    pub about_id: String,
    /// What was said when it could not be sent.
    pub why: Option<String>,
    /// Whether it sells something.
    pub marketing: bool,
    /// Whether it was held back because its reader takes no such letters any more.
    pub withheld: bool,
    pub created_at: Moment,
    pub sent_at: Option<Moment>,
}

/// Which messages are looked at.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// As `MessageView` says it.
    pub state: Option<State>,
    pub channel: Option<Channel>,
    /// One kind of letter.
    pub letter: Option<String>,
}

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = MessageState)]
pub enum State {
    Waiting,
    Sent,
    Failed,
    Dead,
    Caught,
}

impl State {
    pub const ALL: [State; 5] =
        [State::Waiting, State::Sent, State::Failed, State::Dead, State::Caught];

    pub fn code(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::Sent => "sent",
            State::Failed => "failed",
            State::Dead => "dead",
            State::Caught => "caught",
        }
    }
}

/// A letter to one reader, as it is written.
#[derive(Clone, Debug)]
pub(crate) struct Written<'a> {
    pub channel: Channel,
    pub recipient: &'a str,
    pub subject: &'a str,
    pub body: &'a str,
    pub person: Id<Person>,
    pub letter: &'static Letter,
    pub about: (&'a str, i64),
    /// What it is written for: with reader, letter and channel it is there once.
    pub fact: &'a str,
    /// It stays here to be read, as everything of a demo does.
    pub caught: bool,
}

/// Puts a letter into the outbox, unless it is there. It leaves by the job that is asked for.
pub(crate) fn write(tx: &mut Tx, written: &Written) -> Result<bool, Failure> {
    let id: Id<Message> = tx.id();
    if !store::write(tx, id, written)? {
        return Ok(false);
    }
    if !written.caught {
        tx.ask(SEND_LETTER, id.0, tx.now)?;
    }
    Ok(true)
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
    send_by(app, id, app.outside.post.as_ref())
}

/// The same by a post of the caller's.
pub(crate) fn send_by(app: &App, id: Id<Message>, post: &dyn Post) -> Result<(), Failure> {
    let message = app.read(|tx| store::get(tx, id))?;
    let waits = matches!(message.state.as_str(), "waiting" | "dead");
    if !waits || !post.carries(&message.channel) {
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
    match post.send_with(channel, recipient, (subject, body), &headers) {
        Ok(()) => app.write(|tx| {
            store::end(tx, id, "sent", &blanked(subject), &blanked(body))?;
            Ok(())
        }),
        Err(Trouble::Refused(why)) => {
            tracing::warn!(message = %id, %why, "a message was refused");
            app.write(|tx| {
                store::end(tx, id, "failed", &blanked(subject), &blanked(body))?;
                store::say_why(tx, id, &why)
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
    search(app, visitor, &Wanted::default(), before, limit)
}

/// The same of those that are wanted.
pub fn search(
    app: &App,
    visitor: &Visitor,
    wanted: &Wanted,
    before: Option<Id<Message>>,
    limit: i64,
) -> Result<Vec<MessageView>, Failure> {
    visitor.staff_reader(Permission::Jobs)?;
    app.read(|tx| store::list(tx, wanted, before, limit))
}

/// Sends a letter again that could not be sent.
pub fn again(app: &App, visitor: &Visitor, id: Id<Message>) -> Result<MessageView, Failure> {
    let actor = visitor.staff(Permission::Jobs)?;
    app.write_for(visitor, |tx| {
        store::get(tx, id)?;
        if !store::again(tx, id)? {
            return Err(letter::Refusal::NotAgain.into());
        }
        tx.ask(SEND_LETTER, id.0, tx.now)?;
        staff_act::record(tx, actor, "message.again", ("message", id.0), "")?;
        store::get(tx, id)
    })
}

/// The tries of a message are used up: it stays where staff see it.
pub(crate) fn give_up(tx: &mut Tx, id: Id<Message>, why: &str) -> Result<(), Failure> {
    store::give_up(tx, id, why)
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
