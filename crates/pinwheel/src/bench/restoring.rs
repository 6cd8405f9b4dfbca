//! A backup of a shop that sells, and how long it takes to have the shop back from it.

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use app::db::Place;
use app::failure::Failure;
use app::rehearsal::Rehearsal;
use app::{App, backup};

use super::node::program;
use super::overload::LINES;
use super::traffic::{Offer, Street, now};
use crate::arguments::{Bench, Site};
use crate::ended::Ended;
use crate::opening;

/// So many errands a second go on meanwhile.
const PACE: u64 = 100;

pub fn run(app: &Arc<App>, site: &Site, flags: &Bench, made: &Rehearsal) -> Result<Ended, Failure> {
    let (node, street, runtime) = Street::open(app, site, made)?;
    let file = site.data.join("bench.backup");
    let (kept, written, heard) = runtime.block_on(async {
        let (ours, to) = (Arc::clone(app), file.clone());
        let began = now();
        let writing = tokio::task::spawn_blocking(move || {
            (backup::write(&ours.db, &ours.seams, &to), began.elapsed())
        });
        let offer = Offer { pace: Some(PACE), lasts: Duration::from_secs(5), lines: LINES };
        let (mut good, mut other) = (0, 0);
        while good + other == 0 || !writing.is_finished() {
            let heard = street.send(offer).await?;
            good += heard.sum(|second| second.good);
            other += heard.sum(|second| second.wrong + second.refused + second.gone);
        }
        let (kept, took) = writing.await.map_err(Failure::broken)?;
        Ok::<_, Failure>((kept?, took, (good, other)))
    })?;
    drop(node);
    let (restored, memory, well) = restore(site, &file)?;
    let megabytes = kept.bytes / 1_000_000;
    let by_gigabyte = |took: Duration| took.as_millis() as u64 * 1_000 / megabytes.max(1);
    let (rows, wrong) = (kept.rows(), heard.1);
    if flags.json {
        let figures = serde_json::json!({
            "rows": rows, "megabytes": megabytes, "backup_ms": written.as_millis() as u64,
            "restore_ms": restored.as_millis() as u64, "memory_mb": memory,
            "restore_ms_by_gb": by_gigabyte(restored), "errands": heard.0, "wrong": wrong,
            "well": well && wrong == 0,
        });
        println!("{}", serde_json::to_string_pretty(&figures)?);
    } else {
        println!("| what | measured |\n| --- | ---: |");
        println!("| rows | {rows} |\n| the file | {megabytes} MB |");
        println!("| the backup took | {} ms |", written.as_millis());
        println!("| errands meanwhile: good, other | {}, {wrong} |", heard.0);
        println!("| restore and audit took | {} ms |", restored.as_millis());
        println!("| by the gigabyte | {} ms |", by_gigabyte(restored));
        println!("| memory of the restore at most | {memory} MB |");
        println!("| every rule holds | {well} |");
    }
    Ok(Ended::found(!well || wrong > 0))
}

/// Restores by the program's own command, on SQLite into a folder beside, on PostgreSQL in place.
/// How long that took, the most memory it had, and whether every rule held.
fn restore(site: &Site, file: &std::path::Path) -> Result<(Duration, u64, bool), Failure> {
    let mut command = Command::new(program()?);
    command.arg("restore").arg(file);
    match opening::place(site)? {
        Place::Folder(folder) => command.arg("--data").arg(folder.join("restored")),
        Place::Postgres(address) => command.arg("--force").env("PINWHEEL_DATABASE", address),
    };
    let began = now();
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn();
    let mut child = child.map_err(Failure::broken)?;
    let mut memory = 0;
    loop {
        let ended = child.try_wait().map_err(Failure::broken)?;
        if let Some(code) = ended {
            return Ok((began.elapsed(), memory, code.success()));
        }
        memory = memory.max(super::gauge::look(child.id(), file, 0).memory / 1_024);
        #[expect(clippy::disallowed_methods, reason = "looks again in a moment")]
        std::thread::sleep(Duration::from_millis(50));
    }
}
