//! The audit: every invariant by its statement, whether it holds, and how long that took to see.

use askama::Template;

use super::Frame;

#[derive(Template)]
#[template(path = "console/audit/show.html")]
struct Show {
    p: Frame,
    tone: &'static str,
    icon: &'static str,
    verdict: String,
    verdict_detail: String,
    groups: Vec<Group>,
}

struct Group {
    title: String,
    note: String,
    checks: Vec<CheckRow>,
}

struct CheckRow {
    id: String,
    statement: String,
    tone: &'static str,
    icon: &'static str,
    result: String,
    took: String,
    rows: Vec<String>,
}
