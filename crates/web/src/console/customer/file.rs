//! The customer file: out, and in after a rehearsal.
//!
//! The file is chosen once and rehearsed; to let it happen it is sent again, so that nothing of it
//! lies in the server's memory meanwhile: it is full of people.

use std::io::Cursor;

use app::customer_csv::{self, Fault as Left, Report};
use askama::Template;
use axum::http::{HeaderValue, header};

use super::HERE;
use crate::console::part::Tally;
use crate::console::product::csv_file;
use crate::console::{Answer, Desk, Frame};
use crate::form::{MOST_UPLOADED, Upload};

#[derive(Template)]
#[template(path = "console/customer/file.html")]
struct Page {
    p: Frame,
    most: String,
    report: Option<Said>,
}

/// What a file did, or would do.
struct Said {
    verdict: String,
    done: bool,
    tally: Vec<Tally>,
    faults: Vec<FaultRow>,
}

struct FaultRow {
    line: String,
    column: String,
    reason: String,
    found: String,
    whole: bool,
}

/// As many faults as a page shows.
const SHOWN: usize = 200;

fn page(p: Frame, report: Option<Said>) -> Page {
    Page { most: (MOST_UPLOADED >> 20).to_string(), report, p }
}

/// The page.
pub async fn new(desk: Desk) -> Answer {
    desk.show(page(desk.frame(HERE), None))
}

/// Rehearses a file, or lets it happen.
pub async fn take(desk: Desk, upload: Upload) -> Answer {
    let Some(file) = upload.file("file").cloned() else {
        let said = desk.tell("console-import-no-file", &[]);
        return desk.show_again(page(desk.frame_with(HERE, said), None));
    };
    let dry = upload.form.get("do") != "import";
    let bytes = file.bytes.clone();
    let done = desk.act(move |app, visitor| {
        customer_csv::import(app, visitor, Cursor::new(bytes), dry, &mut |_| {})
    });
    match done.await {
        Ok(report) => {
            let p = desk.frame(HERE);
            let said = said(&p, &report);
            desk.show(page(p, Some(said)))
        }
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            desk.show_again(page(desk.frame_with(HERE, problem), None))
        }
    }
}

fn said(p: &Frame, report: &Report) -> Said {
    let tally = |tone, name: &str, n: u64| {
        Tally::new(tone, p.t(&format!("console-customers-file-{name}")), p.num(n as i64))
    };
    let verdict = match (report.dry_run, report.new + report.updated) {
        (false, _) => "console-customers-file-done",
        (true, 0) => "console-customers-file-nothing",
        (true, _) => "console-customers-file-would",
    };
    Said {
        verdict: p.t(verdict),
        done: !report.dry_run,
        tally: vec![
            tally("good", "new", report.new),
            tally("", "updated", report.updated),
            tally("", "unchanged", report.unchanged),
            tally("", "consents", report.consents),
            tally(
                if report.rejected_rows > 0 { "waiting" } else { "" },
                "rejected",
                report.rejected_rows,
            ),
        ],
        faults: report.faults.iter().take(SHOWN).map(|fault| fault_row(p, fault)).collect(),
    }
}

fn fault_row(p: &Frame, fault: &Left) -> FaultRow {
    FaultRow {
        line: p.num(fault.line as i64),
        column: fault.column.clone(),
        reason: p.t(&format!("console-customers-fault-{}", fault.reason.replace('_', "-"))),
        found: fault.found.clone(),
        whole: fault.whole,
    }
}

/// Every customer as a file.
pub async fn export(desk: Desk) -> Answer {
    let file = desk.act(|app, visitor| {
        let mut file = Vec::new();
        customer_csv::export(app, visitor, &mut file)?;
        Ok(file)
    });
    let mut response = csv_file("customers.csv", file.await?);
    let never = HeaderValue::from_static("no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, never);
    Ok(response)
}
