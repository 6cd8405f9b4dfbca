//! One program: the shop, its jobs, and a command for everything its owner needs.
//!
//! A command decodes its flags, calls one action and says what came of it, in words or as JSON,
//! and with its exit code (see `Ended`). Nothing here decides anything about the shop.

mod arguments;
mod ended;
mod opening;
mod memory;

mod serve;
mod work;
mod demo;
mod migrate;
mod import;
mod export;
mod audit;
mod reconcile;
mod backup;
mod restore;
mod moving;
mod user;
mod jobs;
mod doctor;
mod bench;
mod routes;
mod reference;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};
use ended::Ended;

fn main() -> ExitCode {
    memory::keep_little();
    let arguments = Arguments::parse();
    let site = &arguments.site;
    let ended = match &arguments.command {
        Command::Serve(flags) => serve::run(site, flags),
        Command::Work => work::run(site),
        Command::Demo(flags) => demo::run(site, flags),
        Command::Migrate => migrate::run(site),
        Command::Import { what } => import::run(site, what),
        Command::Export { what } => export::run(site, what),
        Command::Audit(flags) => audit::run(site, flags),
        Command::Reconcile(what) => reconcile::run(site, what),
        Command::Backup(flags) => backup::run(site, flags),
        Command::Restore(flags) => restore::run(site, flags),
        Command::Move(flags) => moving::run(site, flags),
        Command::User { what } => user::run(site, what),
        Command::Jobs { what } => jobs::run(site, what),
        Command::Doctor => doctor::run(site),
        Command::Bench(flags) => bench::run(site, flags),
        Command::Routes => routes::run(),
        Command::Reference(flags) => reference::run(flags),
    };
    match ended {
        Ok(ended) => ended.code(),
        Err(failure) => {
            eprintln!("pinwheel: {failure}");
            Ended::of(&failure).code()
        }
    }
}
