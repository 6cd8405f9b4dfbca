//! The outbox: every message the shop has sent, or would; and sending one again.

use app::failure::Failure;
use app::message::{self, Message, MessageView, State, Wanted};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query};
use axum::routing::{get, post};
use domain::id::Id;
use domain::letter::{Channel, LETTERS, Letter as Kind};
use domain::person::{Level, Permission};
use serde::Deserialize;

use super::part::{Choice, Empty, FilterPart, Pager, ViewLink, When};
use super::{Answer, Desk, Frame, address};
use crate::Shop;

mod gateway;
mod letter;

#[derive(Template)]
#[template(path = "console/outbox/list.html")]
struct List {
    p: Frame,
    tabs: Vec<ViewLink>,
    /// Whether letters stay here to be read.
    caught: bool,
    views: Vec<ViewLink>,
    state: String,
    parts: Vec<FilterPart>,
    narrowed: bool,
    empty: Option<Empty>,
    letters: Vec<Letter>,
    pager: Pager,
}

struct Letter {
    icon: &'static str,
    channel: String,
    to: String,
    subject: String,
    first: String,
    code: String,
    body: String,
    tone: &'static str,
    state: String,
    /// What kind of letter it is, and where its words are; empty for others.
    kind: String,
    kind_href: String,
    why: String,
    /// Where it is sent again; empty where it need not be.
    again: String,
    at: When,
}

const HERE: &str = "/console/outbox";
const LETTERS_HERE: &str = "/console/outbox/letters";
const GATEWAYS_HERE: &str = "/console/outbox/gateways";
const ROWS: i64 = 50;

/// The routes of messages: what was sent, the words of letters, and what carries them.
pub fn routes() -> Router<Shop> {
    Router::new()
        .route("/console/outbox", get(index))
        .route("/console/outbox/{id}/again", post(again))
        .route("/console/outbox/letters", get(letter::index))
        .route(
            "/console/outbox/letters/{letter}/{channel}/{locale}",
            get(letter::show).post(letter::update),
        )
        .route("/console/outbox/gateways", get(gateway::index))
        .route("/console/outbox/gateways/{channel}", post(gateway::update))
}

/// Where in the list one is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    state: String,
    channel: String,
    letter: String,
    cursor: String,
}

/// The pages of messages that the reader may look at.
fn tabs(p: &Frame, here: &str) -> Vec<ViewLink> {
    let all = [
        (HERE, "console-outbox", Permission::Jobs),
        (LETTERS_HERE, "console-letters", Permission::Content),
        (GATEWAYS_HERE, "console-gateways", Permission::Webhooks),
    ];
    let open = all.into_iter().filter(|(_, _, needs)| p.grants.may(*needs, Level::View));
    open.map(|(href, label, _)| ViewLink {
        href: href.to_string(),
        label: p.t(label),
        current: href == here,
        ..ViewLink::default()
    })
    .collect()
}

fn kind_name(p: &Frame, code: &str) -> String {
    p.t(&format!("letter-{}", code.replace('_', "-")))
}

fn channel_name(p: &Frame, channel: Channel) -> String {
    p.t(&format!("console-channel-{}", channel.code()))
}

/// The list.
pub async fn index(desk: Desk, Query(asked): Query<Asked>) -> Answer {
    let before = Id::parse(&asked.cursor);
    let wanted = Wanted {
        state: State::ALL.into_iter().find(|state| state.code() == asked.state),
        channel: Channel::parse(&asked.channel),
        letter: Kind::find(&asked.letter).map(|kind| kind.code.to_string()),
    };
    let (found, caught) = desk
        .act(move |app, visitor| {
            let found = message::search(app, visitor, &wanted, before, ROWS)?;
            Ok((found, app.read(|tx| Ok(app::shop::get(tx)?.demo))?))
        })
        .await?;
    let p = desk.frame(HERE);
    let later = !asked.cursor.is_empty();
    let narrowed = !(asked.state.is_empty() && asked.channel.is_empty() && asked.letter.is_empty());
    let empty = (found.is_empty() && !later && !narrowed).then(|| Empty {
        title: p.t("console-outbox-empty"),
        text: p.t("console-outbox-empty-text"),
        ..Empty::default()
    });
    let next = found.last().filter(|_| found.len() as i64 == ROWS).map(|last| last.id.to_string());
    let kept = [
        ("state", asked.state.as_str()),
        ("channel", asked.channel.as_str()),
        ("letter", asked.letter.as_str()),
    ];
    let pager = p.pager(HERE, &kept, found.len(), later, next);
    let letters = found.iter().map(|message| letter(&p, message)).collect();
    let (views, parts) = (views(&p, &asked), parts(&p, &asked));
    let tabs = tabs(&p, HERE);
    let state = asked.state;
    desk.show(List { p, tabs, caught, views, state, parts, narrowed, empty, letters, pager })
}

fn views(p: &Frame, asked: &Asked) -> Vec<ViewLink> {
    let view = |state: &str, label: String| ViewLink {
        href: address(
            HERE,
            &[("state", state), ("channel", &asked.channel), ("letter", &asked.letter)],
        ),
        label,
        current: asked.state == state,
        ..ViewLink::default()
    };
    let all = view("", p.t("console-orders-all"));
    let states = State::ALL.into_iter().map(|state| {
        let label = p.t(&format!("console-message-{}", state.code()));
        view(state.code(), label)
    });
    std::iter::once(all).chain(states).collect()
}

fn parts(p: &Frame, asked: &Asked) -> Vec<FilterPart> {
    let any = || (String::new(), p.t("console-outbox-any"));
    let channels = Channel::OUT
        .into_iter()
        .map(|channel| (channel.code().to_string(), channel_name(p, channel)));
    let kinds = LETTERS.iter().filter(|letter| letter.goes_out());
    let kinds = kinds.map(|letter| (letter.code.to_string(), kind_name(p, letter.code)));
    vec![
        FilterPart {
            label: p.t("console-outbox-by"),
            name: "channel",
            set: !asked.channel.is_empty(),
            options: Choice::among(&asked.channel, std::iter::once(any()).chain(channels)),
        },
        FilterPart {
            label: p.t("console-outbox-kind"),
            name: "letter",
            set: !asked.letter.is_empty(),
            options: Choice::among(&asked.letter, std::iter::once(any()).chain(kinds)),
        },
    ]
}

fn letter(p: &Frame, message: &MessageView) -> Letter {
    let mut lines = message.body.lines().filter(|line| !line.trim().is_empty());
    // A letter begins with a greeting, which says nothing.
    let mail = message.letter.is_some() && message.channel == Channel::Email.code();
    let first = lines.nth(usize::from(mail)).unwrap_or("");
    let channel = Channel::parse(&message.channel).unwrap_or(Channel::Email);
    let kind = message.letter.clone().unwrap_or_default();
    let locale = if p.is_chinese() { "zh-CN" } else { "en" };
    let may = p.grants.may(Permission::Jobs, Level::Change);
    let stuck = matches!(message.state.as_str(), "dead" | "failed") && !message.withheld;
    let state = match message.withheld {
        true => "console-message-withheld".to_string(),
        false => format!("console-message-{}", message.state),
    };
    Letter {
        icon: match channel {
            Channel::Sms => "phone",
            Channel::Chat => "link",
            _ => "mail",
        },
        channel: channel_name(p, channel),
        to: message.recipient.clone(),
        subject: message.subject.clone(),
        first: first.to_string(),
        code: message.code.clone().unwrap_or_default(),
        body: message.body.clone(),
        tone: match message.state.as_str() {
            _ if message.withheld => "",
            "sent" | "caught" => "good",
            "failed" | "dead" => "bad",
            _ => "",
        },
        state: p.t(&state),
        kind_href: match kind.as_str() {
            "" => String::new(),
            kind => format!("{LETTERS_HERE}/{kind}/{}/{locale}", channel.code()),
        },
        again: match stuck && may && !kind.is_empty() {
            true => format!("{HERE}/{}/again", message.id),
            false => String::new(),
        },
        kind: if kind.is_empty() { kind } else { kind_name(p, &kind) },
        why: message.why.clone().unwrap_or_default(),
        at: p.when(message.created_at),
    }
}

/// Sends one again.
pub async fn again(desk: Desk, Path(id): Path<String>) -> Answer {
    let id: Id<Message> = Id::parse(&id).ok_or(Failure::NotFound)?;
    match desk.act(move |app, visitor| message::again(app, visitor, id)).await {
        Ok(_) => desk.on(HERE, "letter-again-done"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let p = desk.frame_with(HERE, problem);
            let tabs = tabs(&p, HERE);
            let (views, parts) = (views(&p, &Asked::default()), parts(&p, &Asked::default()));
            let (letters, pager) = (Vec::new(), Pager::default());
            let (caught, narrowed, empty) = (false, true, None);
            let state = String::new();
            let page =
                List { p, tabs, caught, views, state, parts, narrowed, empty, letters, pager };
            desk.show_again(page)
        }
    }
}
