//! Importing products: choose a file, see what would happen, let it happen.

use askama::Template;

use super::Frame;
use super::part::Tally;

#[derive(Template)]
#[template(path = "console/import/show.html")]
struct Show {
    p: Frame,
    /// 1 choose, 2 rehearsed, 3 done.
    step: usize,
    verdict: String,
    source: String,
    tally: Vec<Tally>,
    can_confirm: bool,
    confirm_action: String,
    confirm_label: String,
    faults_title: String,
    faults_href: String,
    faults: Vec<FaultRow>,
    changes: Vec<ChangeRow>,
    more_changes: String,
}

struct FaultRow {
    line: String,
    handle: String,
    column: String,
    reason: String,
    found: String,
}

struct ChangeRow {
    line: String,
    title: String,
    tone: &'static str,
    outcome: String,
    detail: String,
}
