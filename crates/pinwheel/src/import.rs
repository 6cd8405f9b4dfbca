//! `pinwheel import`: files into the shop, with a report row by row.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use app::failure::Failure;
use app::product_csv::{self, Report};
use app::{customer_csv, own_data, stock_csv};
use domain::id::Id;
use domain::person::Person;
use indicatif::{ProgressBar, ProgressStyle};

use crate::arguments::{Import, Site};
use crate::ended::Ended;
use crate::opening::{Shape, open, terminal};

pub fn run(site: &Site, what: &Import) -> Result<Ended, Failure> {
    match what {
        Import::Products { files, dry_run, json } => products(site, files, *dry_run, *json),
        Import::Stock { file, reason, dry_run, json } => stock(site, file, reason, *dry_run, *json),
        Import::Customers { files, dry_run, json } => customers(site, files, *dry_run, *json),
        Import::Erasures { file } => erasures(site, file),
    }
}

fn customers(site: &Site, files: &[PathBuf], dry_run: bool, json: bool) -> Result<Ended, Failure> {
    let app = open(site, Shape::Migrate)?;
    let mut rejected = false;
    let mut reports = Vec::new();
    for path in files {
        let wrong = |error| Failure::broken(format!("{}: {error}", path.display()));
        let file = File::open(path).map_err(wrong)?;
        let bar = bar(path, file.metadata().map_err(wrong)?.len());
        let mut progress = |bytes| bar.set_position(bytes);
        let reader = BufReader::new(file);
        let report = customer_csv::import(&app, &terminal(), reader, dry_run, &mut progress)?;
        bar.finish_and_clear();
        rejected |= report.rejected_rows > 0;
        if json {
            let file = path.display().to_string();
            reports.push(serde_json::json!({ "file": file, "report": report }));
            continue;
        }
        println!(
            "{}: {} rows; customers: {} new, {} updated, {} unchanged; {} consents; \
             {} rows rejected{}",
            path.display(),
            report.rows,
            report.new,
            report.updated,
            report.unchanged,
            report.consents,
            report.rejected_rows,
            if dry_run { " (dry run: nothing was changed)" } else { "" },
        );
        for fault in &report.faults {
            let column = if fault.column.is_empty() { "the row" } else { &fault.column };
            println!("  line {}: {} · {column}: {:?}", fault.line, fault.reason, fault.found);
        }
    }
    if json {
        println!("{}", serde_json::to_string_pretty(&reports)?);
    }
    Ok(Ended::found(rejected))
}

/// Forgets again whom a restored backup still knows.
fn erasures(site: &Site, path: &Path) -> Result<Ended, Failure> {
    let wrong = |error| Failure::broken(format!("{}: {error}", path.display()));
    let text = std::fs::read_to_string(path).map_err(wrong)?;
    let people: Vec<Id<Person>> = text.lines().filter_map(|line| Id::parse(line.trim())).collect();
    let app = open(site, Shape::Migrate)?;
    let done = own_data::erase_again(&app, &people)?;
    println!("{} in the list; {done} were still there and are forgotten now", people.len());
    Ok(Ended::Done)
}

fn products(site: &Site, files: &[PathBuf], dry_run: bool, json: bool) -> Result<Ended, Failure> {
    let app = open(site, Shape::Migrate)?;
    let mut reports = Vec::new();
    for path in files {
        let wrong = |error| Failure::broken(format!("{}: {error}", path.display()));
        let file = File::open(path).map_err(wrong)?;
        let bar = bar(path, file.metadata().map_err(wrong)?.len());
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let reader = BufReader::new(file);
        let mut progress = |bytes| bar.set_position(bytes);
        let report = product_csv::import(&app, &terminal(), &name, reader, dry_run, &mut progress)?;
        bar.finish_and_clear();
        if !json {
            tell(path, &report);
        }
        reports.push((path.display().to_string(), report));
    }
    let rejected = reports.iter().any(|(_, report)| report.rejected_rows > 0);
    if json {
        let files: Vec<_> = reports
            .iter()
            .map(|(file, report)| serde_json::json!({ "file": file, "report": report }))
            .collect();
        println!("{}", serde_json::to_string_pretty(&files)?);
    }
    Ok(Ended::found(rejected))
}

fn stock(
    site: &Site,
    path: &Path,
    reason: &str,
    dry_run: bool,
    json: bool,
) -> Result<Ended, Failure> {
    let app = open(site, Shape::AsItIs)?;
    let wrong = |error| Failure::broken(format!("{}: {error}", path.display()));
    let file = File::open(path).map_err(wrong)?;
    let bar = bar(path, file.metadata().map_err(wrong)?.len());
    let mut reader = BufReader::new(file);
    let mut progress = |bytes| bar.set_position(bytes);
    let report = stock_csv::import(&app, &terminal(), &mut reader, reason, dry_run, &mut progress)?;
    bar.finish_and_clear();
    if json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        println!(
            "{}: {} rows; {} changed, {} unchanged, {} rejected{}",
            path.display(),
            report.rows,
            report.changed,
            report.unchanged,
            report.rejected_rows,
            if dry_run { "; nothing was changed" } else { "" }
        );
        for row in &report.rejected {
            println!("  line {}: {} {}", row.line, row.named, row.code);
        }
    }
    Ok(Ended::found(report.rejected_rows > 0))
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
