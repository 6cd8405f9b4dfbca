//! The outbox: every message the shop has sent, or would.

use app::message::{self, MessageView};
use askama::Template;
use axum::extract::Query;
use domain::id::Id;
use serde::Deserialize;

use super::part::{Empty, Pager, When};
use super::{Answer, Desk, Frame};

#[derive(Template)]
#[template(path = "console/outbox/list.html")]
struct List {
    p: Frame,
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
    at: When,
}

const HERE: &str = "/console/outbox";
const ROWS: i64 = 50;

/// Where in the list one is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    cursor: String,
}

/// The list.
pub async fn index(desk: Desk, Query(asked): Query<Asked>) -> Answer {
    let before = Id::parse(&asked.cursor);
    let found = desk.act(move |app, visitor| message::list(app, visitor, before, ROWS)).await?;
    let p = desk.frame(HERE);
    let later = !asked.cursor.is_empty();
    let empty = (found.is_empty() && !later).then(|| Empty {
        title: p.t("console-outbox-empty"),
        text: p.t("console-outbox-empty-text"),
        ..Empty::default()
    });
    let next = found.last().filter(|_| found.len() as i64 == ROWS).map(|last| last.id.to_string());
    let pager = p.pager(HERE, &[], found.len(), later, next);
    let letters = found.iter().map(|message| letter(&p, message)).collect();
    desk.show(List { p, empty, letters, pager })
}

fn letter(p: &Frame, message: &MessageView) -> Letter {
    let sms = message.channel == "sms";
    let first = message.body.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
    Letter {
        icon: if sms { "phone" } else { "mail" },
        channel: p.t(if sms { "console-channel-sms" } else { "console-channel-email" }),
        to: message.recipient.clone(),
        subject: message.subject.clone(),
        first: first.to_string(),
        code: message.code.clone().unwrap_or_default(),
        body: message.body.clone(),
        tone: match message.state.as_str() {
            "sent" => "good",
            "failed" => "bad",
            _ => "",
        },
        state: p.t(&format!("console-message-{}", message.state)),
        at: p.when(message.created_at),
    }
}
