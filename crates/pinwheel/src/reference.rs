//! `pinwheel reference`: the pages of docs/reference that the program knows itself, so that they
//! are never wrong. A test compares what is committed with what this writes.

mod commands;
mod events;
mod invariants;
mod refusals;
pub mod routes;
mod schema;

use std::fs;

use app::failure::Failure;

use crate::arguments::Reference;
use crate::ended::Ended;

/// Every generated page: its file name and its text.
fn pages() -> Vec<(&'static str, String)> {
    let mut pages = vec![
        ("settings.md", app::config::reference()),
        ("commands.md", commands::page()),
        ("events.md", events::page()),
        ("refusals.md", refusals::page()),
        ("routes.md", routes::page()),
        ("schema.md", schema::page()),
        ("invariants.md", invariants::page()),
    ];
    // Known to a build with the feature `web/schema` alone.
    pages.extend(web::api::document::made().map(|made| ("openapi.json", made)));
    pages
}

pub fn run(flags: &Reference) -> Result<Ended, Failure> {
    let mut differ = false;
    for (name, text) in pages() {
        let file = flags.out.join(name);
        if fs::read_to_string(&file).is_ok_and(|there| there == text) {
            continue;
        }
        if flags.check {
            differ = true;
            println!("{} is not what the program would write", file.display());
            continue;
        }
        fs::create_dir_all(&flags.out).map_err(Failure::broken)?;
        fs::write(&file, text)
            .map_err(|error| Failure::broken(format!("{}: {error}", file.display())))?;
        println!("wrote {}", file.display());
    }
    Ok(Ended::found(differ))
}

/// How every generated page opens.
fn opening(title: &str, reader: &str) -> String {
    format!("# {title}\n\n> For {reader}. Written by `pinwheel reference`; do not edit.\n\n")
}

/// A table's cell: one line, without the bars that part cells.
fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}
