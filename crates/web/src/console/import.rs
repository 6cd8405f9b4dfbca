//! Importing products: choose a file, see what would happen, let it happen.
//!
//! Between the rehearsal and the import the file is held in memory, for the one who sent it: an
//! hour at most, and a few files at most. A shop of several nodes may lose it between two requests;
//! the page then asks for the file again, and nothing has happened.

use std::collections::HashMap;
use std::io::Cursor;
use std::sync::{Mutex, OnceLock};

use app::csv_cell::guarded;
use app::failure::Failure;
use app::product_csv::{self, Change, ImportView, Report, RowFault};
use askama::Template;
use axum::body::Bytes;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect};
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::person::Person;

use super::part::{Tally, When};
use super::product::csv_file;
use super::{Answer, Desk, Frame};
use crate::form::{MOST_UPLOADED, Upload};

#[derive(Template)]
#[template(path = "console/import/new.html")]
struct New {
    p: Frame,
    most: String,
    latest: Vec<Past>,
}

struct Past {
    name: String,
    said: String,
    at: When,
}

#[derive(Template)]
#[template(path = "console/import/show.html")]
struct Show {
    p: Frame,
    done: bool,
    verdict: String,
    source: String,
    tally: Vec<Tally>,
    can_confirm: bool,
    action: String,
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

const HERE: &str = "/console/import";
const KEPT: usize = 8;
const KEPT_FOR: Span = Span::hours(1);
/// As many rows as a page shows; the file has all.
const SHOWN: usize = 200;

/// A file between its rehearsal and its import, and its report afterwards.
#[derive(Clone)]
struct Held {
    by: Option<Id<Person>>,
    at: Moment,
    name: String,
    bytes: Bytes,
    report: Report,
}

fn held() -> &'static Mutex<HashMap<String, Held>> {
    static HELD: OnceLock<Mutex<HashMap<String, Held>>> = OnceLock::new();
    HELD.get_or_init(Mutex::default)
}

fn keep(token: &str, file: Held) {
    let now = file.at;
    let mut held = held().lock().unwrap_or_else(|gone| gone.into_inner());
    held.retain(|_, file| now.since(file.at).0 < KEPT_FOR.0);
    while held.len() >= KEPT {
        let oldest = held.iter().min_by_key(|(_, file)| file.at).map(|(token, _)| token.clone());
        oldest.map(|token| held.remove(&token));
    }
    held.insert(token.to_string(), file);
}

fn find(desk: &Desk, token: &str) -> Option<Held> {
    let held = held().lock().unwrap_or_else(|gone| gone.into_inner());
    held.get(token).filter(|file| file.by == desk.me()).cloned()
}

/// The form to choose a file with.
pub async fn new(desk: Desk) -> Answer {
    desk.show(choose(&desk, String::new()).await?)
}

async fn choose(desk: &Desk, problem: String) -> Result<New, crate::answer::Fault> {
    let latest = desk.act(|app, visitor| product_csv::imports(app, visitor, 8)).await?;
    let p = match problem.is_empty() {
        true => desk.frame(HERE),
        false => desk.frame_with(HERE, problem),
    };
    let past = |import: &ImportView| Past {
        name: import.file_name.clone(),
        said: tell(&p, "console-import-verdict", &import.report),
        at: p.when(import.at),
    };
    let latest = latest.iter().map(past).collect();
    Ok(New { most: (MOST_UPLOADED >> 20).to_string(), latest, p })
}

fn tell(p: &Frame, id: &str, report: &Report) -> String {
    let counts = [report.new, report.updated, report.unchanged].map(|n| p.num(n as i64));
    p.tell(id, &[("created", &counts[0]), ("updated", &counts[1]), ("unchanged", &counts[2])])
}

/// Rehearses: reads the file and changes nothing.
pub async fn check(desk: Desk, upload: Upload) -> Answer {
    let Some(file) = upload.file("file").cloned() else {
        let said = desk.tell("console-import-no-file", &[]);
        return desk.show_again(choose(&desk, said).await?);
    };
    let (name, bytes) = (file.name.clone(), file.bytes.clone());
    let rehearsed = desk
        .act(move |app, visitor| {
            let reader = Cursor::new(bytes);
            product_csv::import(app, visitor, &name, reader, true, &mut |_| {})
        })
        .await;
    let report = match rehearsed {
        Ok(report) => report,
        Err(failure) => {
            let said = desk.complaint(failure)?;
            return desk.show_again(choose(&desk, said).await?);
        }
    };
    let token = desk.secret();
    let (by, at) = (desk.me(), desk.now());
    keep(&token, Held { by, at, name: file.name, bytes: file.bytes, report });
    Ok(Redirect::to(&format!("{HERE}/{token}")).into_response())
}

/// What would happen, or what did.
pub async fn show(desk: Desk, Path(token): Path<String>) -> Answer {
    let Some(file) = find(&desk, &token) else {
        let said = desk.tell("console-import-gone", &[]);
        return desk.show(choose(&desk, said).await?);
    };
    let p = desk.frame(HERE);
    let report = &file.report;
    let done = !report.dry_run;
    let touched = report.new + report.updated;
    let verdict = match (done, touched, report.unchanged) {
        (true, ..) => tell(&p, "console-import-done", report),
        (false, 0, 0) => p.t("console-import-verdict-bad"),
        (false, 0, _) => p.t("console-import-verdict-none"),
        (false, ..) => tell(&p, "console-import-verdict", report),
    };
    let took = format!("{}.{} s", report.millis / 1_000, report.millis % 1_000 / 100);
    let source = p.tell(
        "console-import-source",
        &[("name", &file.name), ("rows", &p.num(report.rows as i64)), ("took", &took)],
    );
    let tally = |tone, name: &str, n: u64| {
        Tally::new(tone, p.t(&format!("console-import-{name}")), p.num(n as i64))
    };
    let faulty = if report.rejected_rows > 0 { "waiting" } else { "" };
    let faults = if done { "console-import-faults" } else { "console-import-faults-would" };
    let more = (touched as usize).saturating_sub(report.changes.len().min(SHOWN));
    let page = Show {
        done,
        verdict,
        source,
        tally: vec![
            tally("good", "new", report.new),
            tally("", "updated", report.updated),
            tally("", "unchanged", report.unchanged),
            tally(faulty, "faulty", report.rejected_rows),
            tally("", "pictures", report.pictures),
        ],
        can_confirm: !done && touched > 0,
        action: format!("{HERE}/{token}"),
        confirm_label: p.t1("console-import-do", "count", touched),
        faults_title: p.t1(faults, "count", report.rejected_rows),
        faults_href: format!("{HERE}/{token}/faults.csv"),
        faults: report.rejected.iter().take(SHOWN).map(|fault| fault_row(&p, fault)).collect(),
        changes: report.changes.iter().take(SHOWN).map(|change| change_row(&p, change)).collect(),
        more_changes: match more {
            0 => String::new(),
            more => p.t1("console-import-more-changes", "count", more),
        },
        p,
    };
    desk.show(page)
}

/// Does what was rehearsed. The same file twice changes nothing, so a second press is harmless.
pub async fn run(desk: Desk, Path(token): Path<String>) -> Answer {
    let Some(file) = find(&desk, &token) else {
        let said = desk.tell("console-import-gone", &[]);
        return desk.show_again(choose(&desk, said).await?);
    };
    let (name, bytes) = (file.name.clone(), file.bytes.clone());
    let report = desk
        .act(move |app, visitor| {
            let reader = Cursor::new(bytes);
            product_csv::import(app, visitor, &name, reader, false, &mut |_| {})
        })
        .await?;
    keep(&token, Held { report, at: desk.now(), ..file });
    Ok(Redirect::to(&format!("{HERE}/{token}")).into_response())
}

/// The rows that were left out, as a file.
pub async fn faults(desk: Desk, Path(token): Path<String>) -> Answer {
    let file = find(&desk, &token).ok_or(Failure::NotFound)?;
    let p = desk.frame(HERE);
    let mut text = String::from("line,handle,column,reason,found\r\n");
    for fault in &file.report.rejected {
        let row = fault_row(&p, fault);
        // The bare number is for spreadsheets.
        let line = fault.line.to_string();
        let cells = [line, row.handle, row.column, row.reason, row.found];
        let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    Ok(csv_file("faults.csv", text.into_bytes()))
}

fn quoted(cell: &str) -> String {
    format!("\"{}\"", guarded(cell).replace('"', "\"\""))
}

fn fault_row(p: &Frame, fault: &RowFault) -> FaultRow {
    let id = format!("console-fault-{}", fault.reason);
    let args: Vec<(&str, &dyn crate::locale::Arg)> =
        fault.args.iter().map(|(name, value)| (name.as_str(), value as _)).collect();
    FaultRow {
        line: p.num(fault.line as i64),
        handle: fault.handle.clone(),
        column: fault.column.clone(),
        reason: if p.locale.has(&id) { p.tell(&id, &args) } else { fault.reason.clone() },
        found: fault.found.clone(),
    }
}

fn change_row(p: &Frame, change: &Change) -> ChangeRow {
    ChangeRow {
        line: p.num(change.line as i64),
        title: change.title.clone(),
        tone: if change.new { "good" } else { "info" },
        outcome: p.t(if change.new { "console-import-new" } else { "console-import-updated" }),
        detail: p.tell(
            "console-import-change",
            &[("variants", &change.variants), ("pictures", &change.pictures)],
        ),
    }
}
