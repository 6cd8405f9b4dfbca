//! Backups by the real program: of a shop that is being served and sold from, again and again, and
//! a move to PostgreSQL that is killed until it is let.

use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::load::{Buyer, Log, Market};
use crate::postgres;
use crate::program::{Server, begin, ends};

/// Serves a shop and sells from it while `work` runs.
fn while_it_sells(site: &[&str], folder: &std::path::Path, work: impl FnOnce(&Mutex<Log>)) {
    let market = Arc::new(Market::prepare(site, folder, 3));
    let server = Server::start(site, &folder.join("log"));
    let log = Arc::new(Mutex::new(Log::default()));
    let stop = Arc::new(AtomicBool::new(false));
    let buyers = Buyer::crowd(&market, &log, &stop, 20_261_120, false, |_| server.address.clone());
    wait_for(|| log.lock().unwrap().placed.len() >= 10);
    work(&log);
    stop.store(true, Ordering::SeqCst);
    for buyer in buyers {
        buyer.join().unwrap();
    }
}

#[track_caller]
fn wait_for(mut so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !so() {
        assert!(began.elapsed() < Duration::from_secs(60), "it never came");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn sold_and_kept(site: &[&str], folder: &std::path::Path) {
    let file = folder.join("a.backup").display().to_string();
    let restored = folder.join("restored").display().to_string();
    while_it_sells(site, folder, |log| {
        let before = log.lock().unwrap().placed.len();
        let mut backup = vec!["backup", &file];
        backup.extend(site);
        assert!(ends(0, &backup).contains("books end in"));
        // A backup replaces nothing.
        ends(4, &backup);
        ends(0, &["restore", &file, "--check"]);
        let said = ends(0, &["restore", &file, "--data", &restored]);
        assert!(said.contains(" 0 violations"), "{said}");
        ends(4, &["restore", &file, "--data", &restored]);
        let (shop, _) = crate::load::open(&["--data", &restored]);
        let orders: i64 =
            shop.read(|tx| tx.one("select count(*) from orders", &[], |row| row.get(0))).unwrap();
        assert!(orders >= before as i64, "{before} were acknowledged before, {orders} restored");
    });
    ends(0, &["restore", &file, "--data", &restored, "--force"]);
    let server = Server::start(&["--data", &restored], &folder.join("log"));
    assert_eq!(crate::http::get(&server.address, "/products/cup").status, 200);
}

#[test]
fn a_shop_on_sqlite_is_backed_up_while_it_sells() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("shop").display().to_string();
    sold_and_kept(&["--data", &data], folder.path());
}

#[test]
fn a_shop_on_postgresql_is_backed_up_while_it_sells() {
    let Some(fresh) = postgres::fresh() else { return };
    let folder = tempfile::tempdir().unwrap();
    sold_and_kept(&["--database", &fresh.address], folder.path());
}

fn quietly(arguments: &[&str]) -> Child {
    let mut command = begin(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

#[test]
fn backups_follow_a_shop_and_the_oldest_go() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("shop").display().to_string();
    let second = folder.path().join("second");
    let to = second.display().to_string();
    let backups = || {
        let names = std::fs::read_dir(&second).into_iter().flatten();
        let mut paths: Vec<_> = names.map(|name| name.unwrap().path()).collect();
        paths.retain(|path| path.extension().is_some_and(|end| end == "backup"));
        paths.sort();
        paths
    };
    while_it_sells(&["--data", &data], folder.path(), |_| {
        let mut child = quietly(&["backup", &to, "--data", &data, "--follow", "1", "--keep", "2"]);
        let mut seen = std::collections::BTreeSet::new();
        wait_for(|| {
            seen.extend(backups());
            seen.len() >= 3
        });
        let id = child.id().to_string();
        std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0));
    });
    let kept = backups();
    assert_eq!(kept.len(), 2, "{kept:?}");
    let (last, place) = (kept[1].display().to_string(), folder.path().join("restored"));
    ends(0, &["restore", &last, "--data", &place.display().to_string()]);
}

#[test]
fn a_move_that_is_killed_is_made_again() {
    let Some(fresh) = postgres::fresh() else { return };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("shop").display().to_string();
    while_it_sells(&["--data", &data], folder.path(), |_| ());
    let before = folder.path().join("before").display().to_string();
    ends(0, &["backup", &before, "--data", &data]);
    let moving = ["move", "--to", &fresh.address, "--data", &data];
    for wait in [1, 20, 60, 120, 200] {
        let mut child = quietly(&moving);
        std::thread::sleep(Duration::from_millis(wait));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let said = ends(0, &moving);
    assert!(said.contains(" 0 violations"), "{said}");
    ends(4, &["serve", "--data", &data]);
    ends(0, &["audit", "--database", &fresh.address]);
    std::fs::remove_file(folder.path().join("shop/pinwheel.closed")).unwrap();
    let (old, new) = (folder.path().join("old"), folder.path().join("new"));
    ends(0, &["backup", &old.display().to_string(), "--data", &data]);
    ends(0, &["backup", &new.display().to_string(), "--database", &fresh.address]);
    let tables = |file| app::backup::check(file).unwrap().tables;
    assert_eq!(tables(&old), tables(&new), "every table has arrived as it was");
    assert_eq!(tables(&old), tables(std::path::Path::new(&before)), "and is there as it was");
}
