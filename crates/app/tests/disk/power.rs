//! The power fails while people shop: whatever they were told is done is there afterwards, and what
//! is there is whole.
//!
//! `PINWHEEL_IMAGES=25000 cargo test -p app --test disk -- --nocapture power::` makes so many images
//! of failures; `PINWHEEL_SEED` repeats a run's chances.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex};

use app::clock::Held;
use app::config::Config;
use app::db::{Place, Seams};
use app::dice::{Ids, Seeded};
use app::outside::Outside;
use app::{App, audit};
use domain::moment::{Moment, Span};

use crate::disk::{self, Told};
use crate::images::{Disk, Files, Image, make};
use crate::shopping::{Acknowledged, Market, folder};
use crate::support::on_sqlite;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|number| number.parse().ok()).unwrap_or(otherwise)
}

/// How a shop came out of a power failure.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Found {
    Whole,
    /// Something acknowledged is not there.
    Lost(String),
    /// It cannot be opened, or its books do not hold.
    Broken(String),
}

#[derive(Debug, Default)]
struct Count {
    images: u64,
    acknowledged: u64,
    lost: Vec<String>,
    broken: Vec<String>,
}

/// One run of a shop: what its files were, what the disk was told, and when it ended.
struct Run {
    before: Files,
    told: Vec<Told>,
    until: Moment,
}

fn shopping(seed: u64, steps: u64) -> Run {
    disk::install();
    let shop = on_sqlite();
    let market = Market::open(&shop, 4);
    let here = folder(&shop);
    let read = |name: &str| std::fs::read(here.join(name)).unwrap_or_default();
    disk::watch(&here);
    let before = Files { data: read("pinwheel.db"), log: read("pinwheel.db-wal") };
    market.trade(seed, steps);
    let told = disk::unwatch();
    let until = shop.app.now();
    // What is being traded at the end is not to be judged; the images are.
    app::work::drain(&shop.app).unwrap();
    Run { before, told, until }
}

/// Opens what a disk holds with the real program, and looks.
fn look(image: &Image, place: &Path, until: Moment) -> Found {
    let _ = std::fs::remove_dir_all(place);
    std::fs::create_dir_all(place).unwrap();
    std::fs::write(place.join("pinwheel.db"), &image.files.data).unwrap();
    std::fs::write(place.join("pinwheel.db-wal"), &image.files.log).unwrap();
    let app = match open(place, until) {
        Ok(app) => app,
        Err(failure) => return Found::Broken(failure.to_string()),
    };
    judge(&app, image).unwrap_or_else(|failure| Found::Broken(failure.to_string()))
}

/// The shop in a folder, at a moment.
pub fn open(place: &Path, at: Moment) -> Result<App, app::failure::Failure> {
    let dice = Arc::new(Seeded::new(7));
    let ids = Ids::new(dice.as_ref());
    let seams = Seams { clock: Arc::new(Held::at(at)), dice, ids };
    let config = Config::plain("http://127.0.0.1:3000");
    App::open(&Place::Folder(place.to_path_buf()), false, config, seams, Outside::remembered())
}

fn judge(app: &App, image: &Image) -> Result<Found, app::failure::Failure> {
    let sound: Vec<String> =
        app.read(|tx| tx.all("select quick_check from pragma_quick_check", &[], |row| row.get(0)))?;
    if sound != ["ok"] {
        return Ok(Found::Broken(sound.join("; ")));
    }
    if let Some(why) = broken(app)? {
        return Ok(Found::Broken(why));
    }
    let orders: std::collections::BTreeMap<i64, String> = app
        .read(|tx| tx.all("select id, status from orders", &[], |row| (row.get(0), row.get(1))))?
        .into_iter()
        .collect();
    let keys: i64 = app.read(|tx| {
        let sql = "select count(*) from idempotency_keys where effect = 'order'";
        tx.one(sql, &[], |row| row.get(0))
    })?;
    if keys != orders.len() as i64 {
        return Ok(Found::Broken(format!("{} orders under {keys} keys", orders.len())));
    }
    for acknowledged in &image.acknowledged {
        let (id, not) = match acknowledged {
            Acknowledged::Placed(id) => (id, &[][..]),
            Acknowledged::Paid(id) => (id, &["pending_payment", "cancelled"][..]),
            Acknowledged::Cancelled(id) => {
                let not: &[&str] = &["pending_payment", "awaiting_team", "to_ship", "shipped"];
                (id, not)
            }
        };
        match orders.get(id) {
            Some(status) if !not.contains(&status.as_str()) => (),
            found => return Ok(Found::Lost(format!("{acknowledged:?} is {found:?}"))),
        }
    }
    // Now and then it also goes on: what was to be done is done, and the books hold.
    if image.number.is_multiple_of(16) {
        app::work::drain(app)?;
        if let Some(why) = broken(app)? {
            return Ok(Found::Broken(format!("going on: {why}")));
        }
    }
    Ok(Found::Whole)
}

/// The rules that do not hold; time stood still, so that something late is something lost.
pub fn broken(app: &App) -> Result<Option<String>, app::failure::Failure> {
    let report = audit::run(app, Span::hours(1))?;
    let broken: Vec<String> =
        report.broken().map(|check| format!("{} {:?}", check.id, check.violations)).collect();
    Ok((!broken.is_empty()).then(|| broken.join("; ")))
}

/// Where images are opened: in memory, where there is such a place.
pub fn rooms() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        tempfile::tempdir_in(memory).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    }
}

fn look_at_all(images: &Mutex<Receiver<Image>>, place: PathBuf, until: Moment) -> Count {
    let mut count = Count::default();
    loop {
        let Ok(image) = images.lock().unwrap().recv() else { return count };
        count.images += 1;
        count.acknowledged += image.acknowledged.len() as u64;
        let number = image.number;
        match look(&image, &place, until) {
            Found::Whole => (),
            Found::Lost(why) => count.lost.push(format!("image {number}: {why}")),
            Found::Broken(why) => count.broken.push(format!("image {number}: {why}")),
        }
    }
}

/// Shops, cuts the power so often, and counts what came of it.
fn fail_power(disk: Disk, images: u64, seed: u64, steps: u64) -> Count {
    let run = shopping(seed, steps);
    let rooms = rooms();
    let (give, take) = sync_channel(4);
    let take = Mutex::new(take);
    let mut whole = Count::default();
    std::thread::scope(|scope| {
        let lookers: Vec<_> = (0..2)
            .map(|n| {
                let (take, place) = (&take, rooms.path().join(n.to_string()));
                scope.spawn(move || look_at_all(take, place, run.until))
            })
            .collect();
        make(run.before, &run.told, (disk, images, seed), |image| give.send(image).unwrap());
        drop(give);
        for looker in lookers {
            let count = looker.join().unwrap();
            whole.images += count.images;
            whole.acknowledged += count.acknowledged;
            whole.lost.extend(count.lost);
            whole.broken.extend(count.broken);
        }
    });
    whole
}

/// One disk at a time can be watched.
pub static ONE: Mutex<()> = Mutex::new(());

#[test]
fn nothing_acknowledged_is_lost() {
    let _one = ONE.lock().unwrap_or_else(|gone| gone.into_inner());
    let (images, seed) = (number("PINWHEEL_IMAGES", 500), number("PINWHEEL_SEED", 20_261_121));
    let mut all = Count::default();
    let mut round = 0;
    while all.images < images {
        let some = (images - all.images).min(2_500);
        let steps = if images > 1_000 { 120 } else { 40 };
        let count = fail_power(Disk::Honest, some, seed + round, steps);
        all.images += count.images;
        all.acknowledged += count.acknowledged;
        all.lost.extend(count.lost);
        all.broken.extend(count.broken);
        round += 1;
    }
    println!(
        "{} power failures in {round} runs, seed {seed}: {} acknowledgements looked for, {} images \
         lost one, {} were broken",
        all.images,
        all.acknowledged,
        all.lost.len(),
        all.broken.len()
    );
    assert!(all.acknowledged > all.images, "hardly anything was acknowledged");
    let worst: Vec<_> = all.lost.iter().chain(&all.broken).take(10).collect();
    assert!(worst.is_empty(), "{worst:#?}");
}

/// What would we see if disks did not keep their word? Enough.
#[test]
fn a_disk_that_lies_is_seen_through() {
    let _one = ONE.lock().unwrap_or_else(|gone| gone.into_inner());
    let count = fail_power(Disk::Lies, 30, 7, 60);
    println!(
        "a disk that lies: {} of {} lost, {} broken",
        count.lost.len(),
        count.images,
        count.broken.len()
    );
    assert!(!count.lost.is_empty() && !count.broken.is_empty(), "{count:?}");
}

#[cfg(feature = "planted")]
#[test]
fn planted_faults_are_found_by_power_failures() {
    for fault in ["synchronous_normal", "event_apart", "key_apart", ""] {
        let mut command = std::process::Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "power::nothing_acknowledged_is_lost"]);
        command.env("PINWHEEL_PLANTED", fault).env("PINWHEEL_IMAGES", "120");
        let out = command.output().unwrap();
        let said = String::from_utf8_lossy(&out.stdout);
        assert_eq!(out.status.success(), fault.is_empty(), "{fault}: {said}");
    }
}
