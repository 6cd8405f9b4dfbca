//! The words of letters: every kind, and one by one channel in one language.

use app::failure::Failure;
use app::letter::{self, LOCALES, LetterView, Said, SetWords, WordsView};
use askama::Template;
use axum::extract::Path;
use domain::letter::{Channel, Group};

use super::{LETTERS_HERE as HERE, channel_name, kind_name, tabs};
use crate::answer::Fault;
use crate::console::part::ViewLink;
use crate::console::{Answer, Desk, Frame};
use crate::form::Form;

#[derive(Template)]
#[template(path = "console/outbox/letters.html")]
struct List {
    p: Frame,
    tabs: Vec<ViewLink>,
    groups: Vec<Kinds>,
}

struct Kinds {
    name: String,
    rows: Vec<Row>,
}

struct Row {
    href: String,
    name: String,
    channels: Vec<Way>,
}

/// How a letter goes by a channel.
struct Way {
    href: String,
    label: String,
    tone: &'static str,
    note: String,
}

#[derive(Template)]
#[template(path = "console/outbox/words.html")]
struct Show {
    p: Frame,
    href: String,
    name: String,
    ways: Vec<ViewLink>,
    languages: Vec<ViewLink>,
    /// Whether it has a subject.
    mail: bool,
    subject: String,
    body: String,
    version: i64,
    own: bool,
    on: bool,
    locked: bool,
    fields: Vec<(String, String)>,
    sample: Said,
    longest: usize,
    /// Where a try went; empty before.
    sent_to: String,
}

/// Every kind.
pub async fn index(desk: Desk) -> Answer {
    let found = desk.act(letter::list).await?;
    let p = desk.frame(super::HERE);
    let locale = locale_of(&p);
    let row = |one: &LetterView| Row {
        href: at(&one.letter, one.channels.first().map_or(Channel::Email, |c| c.channel), locale),
        name: kind_name(&p, &one.letter),
        channels: one
            .channels
            .iter()
            .map(|way| Way {
                href: at(&one.letter, way.channel, locale),
                label: channel_name(&p, way.channel),
                tone: if !way.on { "" } else { "good" },
                note: match (way.on, way.own.is_empty()) {
                    (false, _) => p.t("console-letter-off"),
                    (true, false) => p.t("console-letter-own"),
                    (true, true) => String::new(),
                },
            })
            .collect(),
    };
    let kinds = |group: Group| Kinds {
        name: p.t(&format!("letter-group-{}", group.code().replace('_', "-"))),
        rows: found.iter().filter(|one| one.group == group).map(row).collect(),
    };
    let groups = Group::ALL.into_iter().map(kinds).collect();
    let tabs = tabs(&p, HERE);
    desk.show(List { p, tabs, groups })
}

fn locale_of(p: &Frame) -> &'static str {
    if p.is_chinese() { "zh-CN" } else { "en" }
}

fn at(letter: &str, channel: Channel, locale: &str) -> String {
    format!("{HERE}/{letter}/{}/{locale}", channel.code())
}

type Place = (String, Channel, String);

fn place((letter, channel, locale): (String, String, String)) -> Result<Place, Failure> {
    let channel = Channel::parse(&channel).ok_or(Failure::NotFound)?;
    Ok((letter, channel, locale))
}

/// One by one channel in one language.
pub async fn show(desk: Desk, Path(path): Path<(String, String, String)>) -> Answer {
    let place = place(path)?;
    let page = draw(&desk, &place, String::new(), None).await?;
    desk.show(page)
}

/// What the page shows beside what is in force.
struct Typed {
    set: SetWords,
    sample: Option<Said>,
    sent_to: String,
}

async fn draw(
    desk: &Desk,
    place: &Place,
    problem: String,
    typed: Option<Typed>,
) -> Result<Show, Fault> {
    let (letter, channel, locale) = place.clone();
    let (found, all) = desk
        .act(move |app, visitor| {
            let found = letter::words(app, visitor, &letter, channel, &locale)?;
            Ok((found, letter::list(app, visitor)?))
        })
        .await?;
    let p = desk.frame_with(super::HERE, problem);
    let WordsView { letter, channel, locale, subject, body, own, version, fields, sample } = found;
    let kind = all.iter().find(|one| one.letter == letter).ok_or(Failure::NotFound)?;
    let way = kind.channels.iter().find(|way| way.channel == channel).ok_or(Failure::NotFound)?;
    let link = |label: String, channel: Channel, to: &str, current: bool| ViewLink {
        href: at(&letter, channel, to),
        label,
        current,
        ..ViewLink::default()
    };
    let ways = kind.channels.iter().map(|one| {
        link(channel_name(&p, one.channel), one.channel, &locale, one.channel == channel)
    });
    let languages = LOCALES.into_iter().map(|known| {
        let label = if known == "en" { "English" } else { "中文" };
        link(label.to_string(), channel, known, known == locale)
    });
    let field = |field: &letter::FieldView| {
        (format!("{{{}}}", field.name), p.t(&format!("letter-field-{}", field.name)))
    };
    let (set, other, sent_to) = match typed {
        Some(typed) => (typed.set, typed.sample, typed.sent_to),
        None => (SetWords { subject, body, version: Some(version) }, None, String::new()),
    };
    Ok(Show {
        href: at(&letter, channel, &locale),
        name: kind_name(&p, &letter),
        ways: ways.collect(),
        languages: languages.collect(),
        mail: channel == Channel::Email,
        subject: set.subject,
        body: set.body,
        version: set.version.unwrap_or(version),
        own,
        on: way.on,
        locked: way.locked,
        fields: fields.iter().map(field).collect(),
        sample: other.unwrap_or(sample),
        longest: channel.longest(),
        sent_to,
        p,
    })
}

/// Keeps, shows, tries or takes back words; or switches the letter on or off.
pub async fn update(desk: Desk, Path(path): Path<(String, String, String)>, form: Form) -> Answer {
    let place = place(path)?;
    let (letter, channel, locale) = place.clone();
    let set = SetWords {
        subject: form.get("subject").to_string(),
        body: form.raw("body").to_string(),
        version: form.parse("version"),
    };
    let wanted = set.clone();
    let here = at(&letter, channel, &locale);
    let done = match form.get("do") {
        "reset" => desk
            .act(move |app, visitor| letter::reset(app, visitor, &letter, channel, &locale))
            .await
            .map(|_| Some("letter-reset-done")),
        how @ ("on" | "off") => {
            let on = how == "on";
            desk.act(move |app, visitor| letter::switch(app, visitor, &letter, channel, on))
                .await
                .map(|()| Some("saved"))
        }
        how @ ("preview" | "test") => {
            let trying = how == "test";
            let tried = desk
                .act(move |app, visitor| {
                    let said = letter::preview(app, visitor, &letter, channel, &locale, &wanted)?;
                    let sent = trying
                        .then(|| letter::test(app, visitor, &letter, channel, &locale, &wanted));
                    Ok((said, sent.transpose()?.map_or(String::new(), |sent| sent.to)))
                })
                .await;
            match tried {
                Ok((said, sent_to)) => {
                    let typed = Typed { set, sample: Some(said), sent_to };
                    let page = draw(&desk, &place, String::new(), Some(typed)).await?;
                    return desk.show(page);
                }
                Err(failure) => Err(failure),
            }
        }
        _ => desk
            .act(move |app, visitor| {
                letter::set_words(app, visitor, &letter, channel, &locale, &wanted)
            })
            .await
            .map(|_| Some("saved")),
    };
    match done {
        Ok(said) => desk.on(&here, said.unwrap_or("saved")),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let typed = Typed { set, sample: None, sent_to: String::new() };
            let page = draw(&desk, &place, problem, Some(typed)).await?;
            desk.show_again(page)
        }
    }
}
