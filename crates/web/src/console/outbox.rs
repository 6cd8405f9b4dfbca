//! The outbox: every message the shop has sent.

use askama::Template;

use super::Frame;
use super::part::{Empty, Pager, When};

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
    at: When,
}
