//! `pinwheel import products`: Shopify's product file into the shop, with a report row by row.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use app::failure::Failure;
use app::product_csv::{self, Report};
use indicatif::{ProgressBar, ProgressStyle};

use crate::arguments::{Import, Site};
use crate::ended::Ended;
use crate::opening::{Shape, open, terminal};

pub fn run(site: &Site, what: &Import) -> Result<Ended, Failure> {
    let Import::Products { files, dry_run, json } = what;
    let app = open(site, Shape::Migrate)?;
    let mut reports = Vec::new();
    for path in files {
        let wrong = |error| Failure::broken(format!("{}: {error}", path.display()));
        let file = File::open(path).map_err(wrong)?;
        let bar = bar(path, file.metadata().map_err(wrong)?.len());
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let reader = BufReader::new(file);
        let mut progress = |bytes| bar.set_position(bytes);
        let report =
            product_csv::import(&app, &terminal(), &name, reader, *dry_run, &mut progress)?;
        bar.finish_and_clear();
        if !json {
            tell(path, &report);
        }
        reports.push((path.display().to_string(), report));
    }
    let rejected = reports.iter().any(|(_, report)| report.rejected_rows > 0);
    if *json {
        let files: Vec<_> = reports
            .iter()
            .map(|(file, report)| serde_json::json!({ "file": file, "report": report }))
            .collect();
        println!("{}", serde_json::to_string_pretty(&files)?);
    }
    Ok(Ended::found(rejected))
}

/// A bar over the bytes of a file; silent where nobody watches.
fn bar(path: &Path, bytes: u64) -> ProgressBar {
    let bar = ProgressBar::new(bytes);
    let looks = "{msg} {bar:32} {bytes}/{total_bytes} {elapsed}";
    // The template is a constant that indicatif can read.
    let style =
        ProgressStyle::with_template(looks).unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.set_style(style);
    bar.set_message(path.display().to_string());
    bar
}

fn tell(path: &Path, report: &Report) {
    println!(
        "{}: {} rows; products: {} new, {} updated, {} unchanged; {} rows rejected; \
         {} pictures to fetch; {} ms{}",
        path.display(),
        report.rows,
        report.new,
        report.updated,
        report.unchanged,
        report.rejected_rows,
        report.pictures,
        report.millis,
        if report.dry_run { " (dry run: nothing was changed)" } else { "" },
    );
    for fault in &report.rejected {
        let column = if fault.column.is_empty() { "the row" } else { &fault.column };
        let args: Vec<String> =
            fault.args.iter().map(|(name, value)| format!("{name} {value}")).collect();
        println!(
            "  line {}: {} · {column}: {:?} · {} {}",
            fault.line,
            fault.reason,
            fault.found,
            fault.handle,
            args.join(", "),
        );
    }
}
