//! Jobs: what waits, runs, is tried again, was given up; and trying again.

use askama::Template;

use super::Frame;
use super::part::{Filter, Pager, Tally, When};

#[derive(Template)]
#[template(path = "console/job/list.html")]
struct List {
    p: Frame,
    tally: Vec<Tally>,
    filter: Filter,
    rows: Vec<Row>,
    pager: Pager,
}

struct Row {
    name: String,
    about: String,
    tone: &'static str,
    status: String,
    attempts: String,
    at: When,
    error: String,
    can_retry: bool,
    retry: String,
}
