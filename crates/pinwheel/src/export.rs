//! `pinwheel export`: what the shop has as files, most of which `import` reads.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use app::failure::Failure;
use app::order_csv::{self, Want};
use app::order_desk::Filter;
use app::product_csv::{self, Generation};
use app::{App, customer_csv, own_data, stock_csv};
use domain::order::Status;
use indicatif::{ProgressBar, ProgressStyle};

use crate::arguments::{Export, Site};
use crate::ended::Ended;
use crate::opening::{Shape, open, terminal};

pub fn run(site: &Site, what: &Export) -> Result<Ended, Failure> {
    match what {
        Export::Products { out, current } => {
            let generation = if *current { Generation::Current } else { Generation::Legacy };
            write(site, out.as_deref(), "products", |app, writer, _| {
                product_csv::export(app, &terminal(), generation, writer)
            })
        }
        Export::Orders { out, per_line, mark, status, days, tag } => {
            let status = match status {
                Some(code) => Some(Status::parse(code).ok_or(Failure::NotFound)?),
                None => None,
            };
            let filter = Filter { status, days: *days, tag: tag.clone(), ..Filter::default() };
            let want = Want { filter, per_line: *per_line, mark: *mark };
            write(site, out.as_deref(), "rows", |app, writer, bar| {
                order_csv::export(app, &terminal(), &want, writer, &mut |done, all| {
                    bar.set_length(all);
                    bar.set_position(done);
                })
            })
        }
        Export::Stock { out, mark } => write(site, out.as_deref(), "rows", |app, writer, bar| {
            let mut progress = |done| bar.set_position(done);
            stock_csv::export(app, &terminal(), *mark, writer, &mut progress)
        }),
        Export::Customers { out } => write(site, out.as_deref(), "customers", |app, writer, _| {
            customer_csv::export(app, &terminal(), writer)
        }),
        Export::Erasures { out } => write(site, out.as_deref(), "erasures", |app, writer, _| {
            let all = own_data::erased(app)?;
            for person in &all {
                writeln!(writer, "{person}").map_err(Failure::broken)?;
            }
            Ok(all.len() as u64)
        }),
    }
}

/// Writes to a file with a bar to watch, or to the standard output without one.
fn write(
    site: &Site,
    out: Option<&Path>,
    counted: &str,
    export: impl FnOnce(&App, &mut dyn Write, &ProgressBar) -> Result<u64, Failure>,
) -> Result<Ended, Failure> {
    let app = open(site, Shape::AsItIs)?;
    let Some(path) = out else {
        let mut writer = std::io::stdout().lock();
        export(&app, &mut writer, &ProgressBar::hidden())?;
        writer.flush().map_err(Failure::broken)?;
        return Ok(Ended::Done);
    };
    let wrong = |error| Failure::broken(format!("{}: {error}", path.display()));
    let mut writer = BufWriter::new(File::create(path).map_err(wrong)?);
    let bar = ProgressBar::new(0);
    let looks = "{msg} {bar:32} {pos}/{len} {elapsed}";
    // The template is a constant that indicatif can read.
    let style =
        ProgressStyle::with_template(looks).unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.set_style(style);
    bar.set_message(path.display().to_string());
    let written = export(&app, &mut writer, &bar)?;
    bar.finish_and_clear();
    writer.into_inner().map_err(|error| wrong(error.into_error()))?.sync_all().map_err(wrong)?;
    println!("{written} {counted} in {}", path.display());
    Ok(Ended::Done)
}
