//! Stock as a file: out for counting, and back with what was counted.

use app::App;
use app::stock_csv::{self, Report};
use askama::Template;

use crate::console::part::Tally;
use crate::console::{Answer, Desk, Frame};
use crate::download;
use crate::form::Upload;

#[derive(Template)]
#[template(path = "console/stock/file.html")]
struct File {
    p: Frame,
    reason: String,
    /// What became of the file that was sent.
    done: bool,
    dry: bool,
    tally: Vec<Tally>,
    rejected: Vec<(String, String, String)>,
}

const HERE: &str = "/console/stock";

/// Every variant with its stock, to be saved.
pub async fn export(desk: Desk) -> Answer {
    let visitor = desk.visitor().clone();
    let write = move |app: &App, out: &mut dyn std::io::Write| {
        stock_csv::export(app, &visitor, true, out, &mut |_| {}).map(|_| ())
    };
    download::csv(&desk.shop, "stock.csv", write).await
}

/// The form to choose a file with.
pub async fn new(desk: Desk) -> Answer {
    desk.show(page(desk.frame(HERE), String::new(), None))
}

fn page(p: Frame, reason: String, report: Option<&Report>) -> File {
    let tally = |tone, name: &str, n: u64| {
        let n = i64::try_from(n).unwrap_or(i64::MAX);
        Tally::new(tone, p.t(&format!("console-stock-file-{name}")), p.num(n))
    };
    let counts = report.map(|report| {
        let odd = if report.rejected_rows > 0 { "waiting" } else { "" };
        vec![
            tally("good", "changed", report.changed),
            tally("", "unchanged", report.unchanged),
            tally(odd, "rejected", report.rejected_rows),
        ]
    });
    let rejected = report.into_iter().flat_map(|report| report.rejected.iter());
    let rejected = rejected.map(|row| {
        let why = p.t(&format!("console-stock-fault-{}", row.code.replace('_', "-")));
        (row.line.to_string(), row.named.clone(), why)
    });
    File {
        reason,
        done: report.is_some(),
        dry: report.is_some_and(|report| report.dry_run),
        tally: counts.unwrap_or_default(),
        rejected: rejected.collect(),
        p,
    }
}

/// Takes a file, or says what it would change.
pub async fn import(desk: Desk, upload: Upload) -> Answer {
    let reason = upload.form.get("reason").to_string();
    let Some(file) = upload.file("file").cloned() else {
        let said = desk.tell("console-import-no-file", &[]);
        return desk.show_again(page(desk.frame_with(HERE, said), reason, None));
    };
    let (why, dry) = (reason.clone(), upload.form.get("do") == "try");
    let done = desk
        .act(move |app, visitor| {
            let mut bytes: &[u8] = &file.bytes;
            stock_csv::import(app, visitor, &mut bytes, &why, dry, &mut |_| {})
        })
        .await;
    match done {
        Ok(report) => desk.show(page(desk.frame(HERE), reason, Some(&report))),
        Err(failure) => {
            let said = desk.complaint(failure)?;
            desk.show_again(page(desk.frame_with(HERE, said), reason, None))
        }
    }
}
