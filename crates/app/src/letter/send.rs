//! How letters leave: what carries each channel, and the job that hands one over.
//!
//! A letter is asked about twice: when it is written and when it leaves, since its reader may have
//! chosen otherwise while it waited. A code is put in as it leaves; the outbox keeps none.

use domain::id::Id;
use domain::letter::{Channel, Letter};

use super::filling::HIDDEN;
use super::{gateway, stop_link, store};
use crate::db::Tx;
use crate::failure::Failure;
use crate::message::{self, Leaving, Message};
use crate::outside::{Post, Trouble};
use crate::webhook::letter::{self as signed, Addressee};
use crate::{App, shop};

/// What becomes of a letter by a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// It leaves the house.
    Leaves,
    /// It stays to be read: this is a demo.
    Caught,
}

/// What carries the channels now.
#[derive(Clone, Debug)]
pub struct Carried(Vec<(Channel, How)>);

impl Carried {
    pub fn now(app: &App, tx: &mut Tx) -> Result<Carried, Failure> {
        let gateways = store::gateways(tx)?;
        let demo = shop::get(tx)?.demo;
        let how = |channel: Channel| {
            let by_gateway =
                gateways.iter().any(|gateway| gateway.active && gateway.channel == channel.code());
            match by_gateway || app.outside.post.carries(channel.code()) {
                true => Some(How::Leaves),
                false => demo.then_some(How::Caught),
            }
        };
        let carried = Channel::OUT.into_iter().filter_map(|channel| Some((channel, how(channel)?)));
        Ok(Carried(carried.collect()))
    }

    pub fn how(&self, channel: Channel) -> Option<How> {
        self.0.iter().find(|(known, _)| *known == channel).map(|(_, how)| *how)
    }

    pub fn nothing(&self) -> bool {
        self.0.is_empty()
    }
}

/// Carries one message: by the merchant's gateway where there is one, as the host's settings say
/// where there is none.
struct Carrier<'a> {
    app: &'a App,
    id: Id<Message>,
    gateway: Option<(String, Addressee)>,
    letter: &'static str,
}

impl<'a> Carrier<'a> {
    fn of(app: &'a App, id: Id<Message>, letter: &'static str) -> Result<Carrier<'a>, Failure> {
        let channel = app.read(|tx| message::channel_of(tx, id))?;
        let gateway = app.read(|tx| gateway::addressee(app, tx, &channel))?;
        Ok(Carrier { app, id, gateway: gateway.map(|to| (channel, to)), letter })
    }
}

impl Post for Carrier<'_> {
    fn carries(&self, channel: &str) -> bool {
        self.gateway.as_ref().is_some_and(|(known, _)| known == channel)
            || self.app.outside.post.carries(channel)
    }

    fn send(&self, channel: &str, to: &str, subject: &str, body: &str) -> Result<(), Trouble> {
        self.send_with(channel, to, (subject, body), &[])
    }

    fn send_with(
        &self,
        channel: &str,
        to: &str,
        (subject, body): (&str, &str),
        headers: &[(&'static str, String)],
    ) -> Result<(), Trouble> {
        match &self.gateway {
            Some((known, address)) if known == channel => {
                let said = gateway::Said { channel, to, text: body, letter: self.letter };
                let at = self.app.now();
                let body = said.body(at);
                let id = self.id.to_string();
                let letter = signed::write(address.clone(), id, body, None, at);
                gateway::heard(self.app.outside.fetch.tell(&letter))
            }
            _ => self.app.outside.post.send_with(channel, to, (subject, body), headers),
        }
    }
}

/// Job: hands a message over. It is sent at least once: a crash between the post and our note of it
/// sends it again, under the same id.
pub fn send(app: &App, id: Id<Message>) -> Result<(), Failure> {
    let Some(leaving) = app.read(|tx| message::leaving(tx, id))? else {
        // A code, or what staff sent.
        return message::send_by(app, id, &Carrier::of(app, id, "")?);
    };
    let Some(leaving) = app.write(|tx| asked_again(tx, id, &leaving))? else { return Ok(()) };
    let Leaving { channel, recipient, subject, body, letter, .. } = &leaving;
    let carrier = Carrier::of(app, id, letter.code)?;
    if !carrier.carries(channel.code()) {
        return app.write(|tx| ended(tx, id, &leaving, Err("nothing carries it any more")));
    }
    let body = match app.read(|tx| with_code(tx, &leaving))? {
        Some(body) => body,
        None => body.clone(),
    };
    let headers = app.read(|tx| headers(app, tx, id, &leaving))?;
    fault_point!("before_letter");
    let sent = carrier.send_with(channel.code(), recipient, (subject, &body), &headers);
    fault_point!("after_letter");
    planted!("letter_code_kept", {
        let kept = Leaving { body, ..leaving };
        return app.write(|tx| ended(tx, id, &kept, Ok(())));
    });
    match sent {
        Ok(()) => app.write(|tx| ended(tx, id, &leaving, Ok(()))),
        Err(Trouble::Refused(why)) => {
            tracing::warn!(message = %id, %why, "a letter was refused");
            app.write(|tx| ended(tx, id, &leaving, Err(&why)))
        }
        Err(Trouble::Away(why)) => Err(Failure::broken(why)),
    }
}

/// The letter, if its reader still wants it; otherwise it is held back.
fn asked_again(
    tx: &mut Tx,
    id: Id<Message>,
    leaving: &Leaving,
) -> Result<Option<Leaving>, Failure> {
    planted!("letter_asked_once", return Ok(Some(leaving.clone())));
    let reader = store::readers(tx, &[leaving.person])?.remove(&leaving.person.0);
    let (letter, channel) = (leaving.letter, leaving.channel);
    let place = (letter.code.to_string(), channel.code().to_string());
    let off = store::off(tx)?.contains(&place);
    let goes =
        reader.is_some_and(|reader| letter.goes(channel, off, reader.choice(letter, channel)));
    if goes {
        return Ok(Some(leaving.clone()));
    }
    message::withhold(tx, id)?;
    Ok(None)
}

fn ended(
    tx: &mut Tx,
    id: Id<Message>,
    leaving: &Leaving,
    how: Result<(), &str>,
) -> Result<(), Failure> {
    let state = if how.is_ok() { "sent" } else { "failed" };
    if message::end(tx, id, state, &leaving.subject, &leaving.body)?
        && let Err(why) = how
    {
        message::say_why(tx, id, why)?;
    }
    Ok(())
}

/// The words with their code, where they have one.
fn with_code(tx: &mut Tx, leaving: &Leaving) -> Result<Option<String>, Failure> {
    if leaving.about != "order" || !leaving.body.contains(HIDDEN) {
        return Ok(None);
    }
    let code = store::code_of(tx, leaving.about_id)?;
    Ok(code.map(|code| leaving.body.replace(HIDDEN, &code)))
}

/// What a mail leaves with: an id by which a second copy is known as one, and for what can be
/// stopped the one click that stops it (RFC 8058).
fn headers(
    app: &App,
    tx: &mut Tx,
    id: Id<Message>,
    leaving: &Leaving,
) -> Result<Vec<(&'static str, String)>, Failure> {
    if leaving.channel != Channel::Email {
        return Ok(Vec::new());
    }
    let base = &app.config.base_url;
    let host = base.split("://").nth(1).unwrap_or(base).split([':', '/']).next().unwrap_or("shop");
    let mut headers = vec![("Message-ID", format!("<{id}@{host}>"))];
    if stops(leaving.letter) {
        let link = stop_link(&shop::get(tx)?, base, leaving.person, leaving.letter.group);
        headers.push(("List-Unsubscribe", format!("<{link}>")));
        headers.push(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".into()));
    }
    Ok(headers)
}

/// Whether a letter's mail can be stopped.
pub fn stops(letter: &Letter) -> bool {
    let channel = Channel::Email;
    letter.group.may_choose(channel).is_ok() && !letter.is_locked(channel)
}
