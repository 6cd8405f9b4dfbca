//! `pinwheel backup`: the whole shop in one file, once or again and again, while it is used.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use app::App;
use app::backup::{self, Kept};
use app::db::Place;
use app::failure::Failure;

use crate::arguments::{Backup, Site};
use crate::ended::Ended;
use crate::opening::{Shape, open, place};
use crate::serve::stop_asked;

const ENDING: &str = "backup";

pub fn run(site: &Site, flags: &Backup) -> Result<Ended, Failure> {
    let app = open(site, Shape::AsItIs)?;
    match flags.follow {
        None => {
            let kept = backup::write(&app.db, &app.seams, &flags.to)?;
            println!("{}: {}", flags.to.display(), said(&kept));
            Ok(Ended::Done)
        }
        Some(seconds) => {
            let every = Duration::from_secs(seconds.into());
            std::fs::create_dir_all(&flags.to).map_err(Failure::broken)?;
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .map_err(Failure::broken)?;
            runtime.block_on(follow(&app, &place(site)?, &flags.to, every, flags.keep as usize))?;
            Ok(Ended::Done)
        }
    }
}

/// What a backup holds, for people.
pub fn said(kept: &Kept) -> String {
    let (tables, rows, megabytes) = (kept.tables.len(), kept.rows(), kept.bytes / 1_000_000);
    let journals = kept.header.chains.iter().find(|chain| chain.0 == "journals");
    let head = journals.map_or("", |chain| chain.1.get(..12).unwrap_or(&chain.1));
    let (at, schema) = (kept.header.taken_at.rfc3339(), kept.header.schema);
    format!(
        "{tables} tables, {rows} rows, {megabytes} MB, of {at}, version {schema}, books end in \
         {head}…"
    )
}

/// One backup after the other until it is asked to stop; the oldest go.
async fn follow(
    app: &App,
    place: &Place,
    folder: &Path,
    every: Duration,
    keep: usize,
) -> Result<(), Failure> {
    let mut stop = std::pin::pin!(stop_asked()?);
    let mut before = None;
    loop {
        let now = changed(place);
        if now.is_none() || now != before {
            // The second is no name of its own when the first one took less.
            let name = format!("pinwheel-{}.{ENDING}", app.now().0);
            let kept = backup::write(&app.db, &app.seams, &folder.join(&name));
            match kept {
                Ok(kept) => {
                    println!("{name}: {}", said(&kept));
                    before = now;
                    forget(folder, keep)?;
                }
                // A full disk is no reason to give up for ever.
                Err(failure) => eprintln!("pinwheel: no backup this time: {failure}"),
            }
        }
        tokio::select! {
            () = tokio::time::sleep(every) => (),
            _ = &mut stop => return Ok(()),
        }
    }
}

/// When the shop's files were written last. Of PostgreSQL nobody knows.
fn changed(place: &Place) -> Option<Vec<(u64, SystemTime)>> {
    let Place::Folder(folder) = place else { return None };
    let of = |name: &str| {
        let found = std::fs::metadata(folder.join(name)).ok()?;
        Some((found.len(), found.modified().ok()?))
    };
    Some(["pinwheel.db", "pinwheel.db-wal"].into_iter().filter_map(of).collect())
}

/// Keeps the latest backups of a folder, by their names.
fn forget(folder: &Path, keep: usize) -> Result<(), Failure> {
    let entries = std::fs::read_dir(folder).map_err(Failure::broken)?;
    let ours = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.starts_with("pinwheel-") && path.extension().is_some_and(|end| end == ENDING)
    };
    let mut backups: Vec<PathBuf> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(ours).collect();
    backups.sort();
    let old = backups.len().saturating_sub(keep);
    for backup in &backups[..old] {
        std::fs::remove_file(backup).map_err(Failure::broken)?;
    }
    Ok(())
}
