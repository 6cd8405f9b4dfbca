//! The merchant's own words: what each letter says by each channel in each language, looked at,
//! changed, tried and taken back; and which letters are not sent at all.

use describe::ToSchema;
use domain::id::Id;
use domain::letter::{Channel, Group, LETTERS, Letter, Refusal, Sort, Template};
use domain::moment::Span;
use domain::person::Permission;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::filling::{self, Filled, Filling, HIDDEN};
use super::send::{Carried, How};
use super::{store, words as built_in_words};
use crate::db::Tx;
use crate::failure::Failure;
use crate::message::{self, Message};
use crate::{App, Visitor, shop, staff_act, tries};

/// A kind of letter as the merchant sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LetterView {
    pub letter: String,
    pub group: Group,
    /// Its readers have it by mail whatever anybody chose.
    pub must: bool,
    pub fields: Vec<FieldView>,
    pub channels: Vec<ChannelView>,
}

/// What a letter's words may name, between braces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = LetterField)]
pub struct FieldView {
    pub name: String,
    pub sort: Sort,
}

/// How a kind of letter goes by a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = LetterChannelView)]
pub struct ChannelView {
    pub channel: Channel,
    pub on: bool,
    /// It cannot be switched off.
    pub locked: bool,
    /// The languages in which its words are the merchant's own.
    pub own: Vec<String>,
}

/// The words of a letter by one channel in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = LetterWords)]
pub struct WordsView {
    pub letter: String,
    pub channel: Channel,
    pub locale: String,
    /// Empty for what has none.
    pub subject: String,
    pub body: String,
    /// Whether they are the merchant's own, not those that came with the shop.
    pub own: bool,
    /// Grows with each change; 0 before the first.
    pub version: i64,
    pub fields: Vec<FieldView>,
    /// What a reader would see, about something made up.
    pub sample: Said,
}

/// A letter with its names filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = LetterSaid)]
pub struct Said {
    pub subject: String,
    pub body: String,
}

/// Other words.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = SetLetterWords)]
pub struct SetWords {
    #[serde(default)]
    pub subject: String,
    pub body: String,
    /// The version that was seen: should it be another by now, nothing is changed.
    #[serde(default)]
    pub version: Option<i64>,
}

/// A letter to oneself, to see how it arrives.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = LetterTested)]
pub struct Tested {
    pub message: Id<Message>,
    /// Where it went.
    pub to: String,
}

/// So many tries in an hour.
const TRIES: i64 = 60;

/// A letter by a channel in a language that there is.
struct At {
    letter: &'static Letter,
    channel: Channel,
    locale: &'static str,
}

impl At {
    fn find(letter: &str, channel: Channel, locale: &str) -> Result<At, Failure> {
        let letter = Letter::find(letter).ok_or(Failure::NotFound)?;
        let locale = built_in_words::LOCALES.into_iter().find(|known| *known == locale);
        let locale = locale.ok_or(Failure::NotFound)?;
        let out = channel != Channel::Inbox && letter.goes_by(channel);
        if out { Ok(At { letter, channel, locale }) } else { Err(Failure::NotFound) }
    }

    fn place(&self) -> store::Place<'static> {
        (self.letter.code, self.channel, self.locale)
    }

    fn built_in(&self) -> Template {
        built_in_words::built_in(self.letter.code, self.channel, self.locale)
    }

    fn template(&self, set: &SetWords) -> Result<Template, Refusal> {
        planted!("letter_unchecked", {
            let (subject, body) = (set.subject.clone(), set.body.clone());
            return Ok(Template { subject, body });
        });
        Template::new(self.letter, self.channel, &set.subject, &set.body)
    }

    /// What words say about something made up, to whoever looks at them.
    fn said(&self, app: &App, tx: &mut Tx, name: &str, words: &Template) -> Result<Said, Failure> {
        let args = filling::sample(self.letter, self.locale);
        let filling = Filling {
            shop: &shop::get(tx)?.name,
            base_url: &app.config.base_url,
            name,
            about: ("", ""),
            args: &args,
        };
        let Filled { subject, body } = filling.fill(self.letter, words, &self.built_in());
        Ok(Said { subject, body: body.replace(HIDDEN, "12345678") })
    }

    fn view(&self, app: &App, tx: &mut Tx, name: &str) -> Result<WordsView, Failure> {
        let own = store::own(tx, self.place())?;
        let words = own.clone().unwrap_or_else(|| self.built_in());
        Ok(WordsView {
            letter: self.letter.code.to_string(),
            channel: self.channel,
            locale: self.locale.to_string(),
            own: own.is_some(),
            version: store::version(tx, self.place())?,
            fields: fields(self.letter),
            sample: self.said(app, tx, name, &words)?,
            subject: words.subject,
            body: words.body,
        })
    }
}

fn fields(letter: &Letter) -> Vec<FieldView> {
    let view = |field: domain::letter::Field| FieldView {
        name: field.name().to_string(),
        sort: field.sort(),
    };
    letter.knows().map(view).collect()
}

fn name_of(visitor: &Visitor) -> String {
    visitor.person.as_ref().map_or(String::new(), |person| person.name.clone())
}

/// Every kind of letter that goes out.
pub fn list(app: &App, visitor: &Visitor) -> Result<Vec<LetterView>, Failure> {
    visitor.staff_reader(Permission::Content)?;
    app.read(|tx| {
        let (own, off) = (store::own_words(tx)?, store::off(tx)?);
        let view = |letter: &&'static Letter| {
            let out = Channel::OUT.into_iter().filter(|channel| letter.goes_by(*channel));
            let channels = out.map(|channel| {
                let place = (letter.code.to_string(), channel.code().to_string());
                let locked = letter.is_locked(channel);
                let has = |locale: &&str| {
                    let key = (place.0.clone(), place.1.clone(), (*locale).to_string());
                    own.contains_key(&key)
                };
                let locales = built_in_words::LOCALES.into_iter().filter(&has);
                let own = locales.map(str::to_string).collect();
                ChannelView { channel, on: locked || !off.contains(&place), locked, own }
            });
            LetterView {
                letter: letter.code.to_string(),
                group: letter.group,
                must: letter.must,
                fields: fields(letter),
                channels: channels.collect(),
            }
        };
        Ok(LETTERS.iter().filter(|letter| letter.goes_out()).map(|one| view(&one)).collect())
    })
}

/// The words in force.
pub fn words(
    app: &App,
    visitor: &Visitor,
    letter: &str,
    channel: Channel,
    locale: &str,
) -> Result<WordsView, Failure> {
    visitor.staff_reader(Permission::Content)?;
    let at = At::find(letter, channel, locale)?;
    app.read(|tx| at.view(app, tx, &name_of(visitor)))
}

/// Puts the merchant's own words in the place of those before.
pub fn set_words(
    app: &App,
    visitor: &Visitor,
    letter: &str,
    channel: Channel,
    locale: &str,
    set: &SetWords,
) -> Result<WordsView, Failure> {
    visitor.staff(Permission::Content)?;
    let at = At::find(letter, channel, locale)?;
    change(app, visitor, &at, set.version, Some(at.template(set)))
}

/// Takes the merchant's words back: those that came with the shop are in force again.
pub fn reset(
    app: &App,
    visitor: &Visitor,
    letter: &str,
    channel: Channel,
    locale: &str,
) -> Result<WordsView, Failure> {
    visitor.staff(Permission::Content)?;
    change(app, visitor, &At::find(letter, channel, locale)?, None, None)
}

fn change(
    app: &App,
    visitor: &Visitor,
    at: &At,
    seen: Option<i64>,
    words: Option<Result<Template, Refusal>>,
) -> Result<WordsView, Failure> {
    let actor = visitor.staff(Permission::Content)?;
    let words = words.transpose()?;
    app.write_for(visitor, |tx| {
        let version = store::version(tx, at.place())?;
        if seen.is_some_and(|seen| seen != version) {
            return Err(Failure::Stale);
        }
        let before = store::own(tx, at.place())?;
        if before == words {
            return at.view(app, tx, &name_of(visitor));
        }
        // The row count decides between two who change the same words at once.
        if !store::turn(tx, at.place(), version)? {
            return Err(Failure::Stale);
        }
        match &words {
            Some(words) => store::set_own(tx, at.place(), words, actor)?,
            None => store::forget_own(tx, at.place())?,
        }
        let said = |words: &Option<Template>| {
            words.as_ref().map(|words| json!({ "subject": words.subject, "body": words.body }))
        };
        let detail = json!({
            "letter": at.letter.code, "channel": at.channel, "locale": at.locale,
            "version": version + 1, "before": said(&before), "after": said(&words),
        });
        staff_act::record(tx, actor, "letter.words", ("letter", 0), &detail.to_string())?;
        at.view(app, tx, &name_of(visitor))
    })
}

/// What other words would say, without changing anything.
pub fn preview(
    app: &App,
    visitor: &Visitor,
    letter: &str,
    channel: Channel,
    locale: &str,
    set: &SetWords,
) -> Result<Said, Failure> {
    visitor.staff_reader(Permission::Content)?;
    let at = At::find(letter, channel, locale)?;
    let words = at.template(set)?;
    app.read(|tx| at.said(app, tx, &name_of(visitor), &words))
}

/// Sends words to whoever asks, at their own address, about something made up.
pub fn test(
    app: &App,
    visitor: &Visitor,
    letter: &str,
    channel: Channel,
    locale: &str,
    set: &SetWords,
) -> Result<Tested, Failure> {
    let actor = visitor.staff(Permission::Content)?;
    let at = At::find(letter, channel, locale)?;
    let words = at.template(set)?;
    app.write_for(visitor, |tx| {
        tries::count(tx, &format!("letter test {actor}"), Span::hours(1), TRIES)?;
        let how = Carried::now(app, tx)?.how(channel).ok_or(Refusal::NotCarried)?;
        let reader = store::readers(tx, &[actor])?.remove(&actor.0).ok_or(Failure::NotFound)?;
        let to = reader.contact(channel).ok_or(Refusal::NotCarried)?;
        let said = at.said(app, tx, &reader.known.name, &words)?;
        let message = message::put(tx, channel.code(), &to, &said.subject, &said.body)?;
        if how == How::Caught {
            message::catch(tx, message)?;
        }
        Ok(Tested { message, to })
    })
}

/// Sends a kind of letter by a channel, or no more.
pub fn switch(
    app: &App,
    visitor: &Visitor,
    letter: &str,
    channel: Channel,
    on: bool,
) -> Result<(), Failure> {
    let actor = visitor.staff(Permission::Content)?;
    let at = At::find(letter, channel, built_in_words::LOCALES[0])?;
    if at.letter.is_locked(channel) {
        return Err(Refusal::Locked.into());
    }
    app.write_for(visitor, |tx| {
        if store::switch(tx, at.letter.code, channel, on)? {
            let detail = json!({ "letter": at.letter.code, "channel": channel, "on": on });
            staff_act::record(tx, actor, "letter.switch", ("letter", 0), &detail.to_string())?;
        }
        Ok(())
    })
}
