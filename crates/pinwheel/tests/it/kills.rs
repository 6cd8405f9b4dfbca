//! `kill -9` at any moment, again and again, while people order, pay, join and cancel over HTTP.
//! Whatever was acknowledged is there afterwards, nothing is there that nobody asked for, what was
//! asked again under its key happened once, and the audit is clean.
//!
//! `PINWHEEL_KILLS=10000` makes it so many; `PINWHEEL_SEED` repeats a run's chances;
//! `PINWHEEL_BINARY` names another build of the program, such as a release.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use app::dice::{Seeded, below};
use app::{App, payment, sandbox, work};
use domain::moment::Span;

use crate::ear::{Ear, OnlyEars};
use crate::load::{Buyer, Log, Market, open};
use crate::postgres;
use crate::program::{Server, ends};

/// The rules are asked after so many kills, and at the end.
pub const AUDIT_EVERY: u64 = 500;

pub fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn killed_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("shop").display().to_string();
    killed("SQLite", &["--data", &data], folder.path(), number("PINWHEEL_KILLS").unwrap_or(8));
}

#[test]
fn killed_on_postgres() {
    let Some(fresh) = postgres::fresh() else { return };
    let folder = tempfile::tempdir().unwrap();
    let site = ["--database", fresh.address.as_str()];
    killed("PostgreSQL", &site, folder.path(), number("PINWHEEL_KILLS").unwrap_or(4));
}

fn killed(engine: &str, site: &[&str], folder: &Path, kills: u64) {
    let seed = number("PINWHEEL_SEED").unwrap_or(20_261_121);
    let dice = Seeded::new(seed);
    println!("{kills} kills on {engine}, seed {seed}");
    let market = Arc::new(Market::prepare(site, folder, 6));
    let log = Arc::new(Mutex::new(Log::default()));
    let ear = Ear::of(site);
    let port = postgres::free_port();
    let mut starts: Vec<Duration> = Vec::new();
    let began = Instant::now();
    for round in 0..=kills {
        let server = Server::on(port, site, &folder.join("log"));
        starts.push(server.took);
        check_acknowledged(&log, &market, &server.address);
        let stop = Arc::new(AtomicBool::new(false));
        let luck = seed ^ (round << 8);
        let buyers = Buyer::crowd(&market, &log, &stop, luck, false, |_| server.address.clone());
        std::thread::sleep(life(&dice, kills, server.took));
        if round < kills {
            // In the middle of whatever it does, and before its clients know.
            server.kill();
        }
        stop.store(true, Ordering::SeqCst);
        for buyer in buyers {
            buyer.join().unwrap();
        }
        if round % AUDIT_EVERY == AUDIT_EVERY - 1 {
            audited(site);
            println!("{} kills in {:?}: {}", round + 1, began.elapsed(), said(&log));
        }
    }
    settle(site, &log, Some(&ear));
    println!("{engine}: {kills} kills in {:?}: {}", began.elapsed(), said(&log));
    println!("{}", spread("ready after", &mut starts));
    let log = log.lock().unwrap();
    assert!(log.placed.len() as u64 > kills.min(20), "hardly anything was acknowledged");
}

/// How long a shop lives. Where there are few kills each is to find whole purchases under way;
/// many find their moments in short lives as well. A machine on which the shop is slow to start is
/// slow to sell, too: there it lives up to as long as its start took.
pub fn life(dice: &Seeded, kills: u64, start: Duration) -> Duration {
    let longest = match (kills, below(dice, 8)) {
        (..100, _) => 600,
        (_, 0) => 200,
        _ => 60,
    };
    let longest = longest.max(u64::try_from(start.as_millis()).unwrap_or(longest));
    Duration::from_millis(3 + below(dice, longest - 2))
}

/// What was asked and answered, in a line.
pub fn said(log: &Mutex<Log>) -> String {
    let log = log.lock().unwrap();
    format!(
        "{} requests, {} orders acknowledged, {} payments, {} cancellations; {} answers lost, {} \
         of these found again; {} asked again and answered alike",
        log.asked,
        log.placed.len(),
        log.paid.len(),
        log.cancelled.len(),
        log.lost,
        log.again,
        log.alike,
    )
}

/// The middle, the 99th of 100 and the worst of some times.
pub fn spread(what: &str, times: &mut [Duration]) -> String {
    times.sort();
    let rank = |of_hundred: usize| times[(times.len() * of_hundred).div_ceil(100).max(1) - 1];
    format!("{what} {:?}, 99 of 100 {:?}, at worst {:?}", rank(50), rank(99), rank(100))
}

/// After each start: what was acknowledged since the last one is answered for, and whoever asks for
/// it once more under its key hears the same.
pub fn check_acknowledged(log: &Mutex<Log>, market: &Market, address: &str) {
    let mut log = log.lock().unwrap();
    for fresh in std::mem::take(&mut log.fresh) {
        let bearer = format!("Bearer {}", market.tokens[fresh.buyer]);
        let path = format!("/api/v1/orders/{}", fresh.order);
        let headers = [("authorization", bearer.as_str())];
        let answer = crate::http::ask(address, "GET", &path, &headers, "").unwrap();
        assert_eq!(answer.status, 200, "{} was acknowledged: {}", fresh.order, answer.body);
        let status = answer.json()["status"].as_str().unwrap_or_default().to_string();
        if log.cancelled.contains(&fresh.order) {
            let over = ["cancelled", "refunding", "refunded", "late_paid"];
            assert!(over.contains(&status.as_str()), "{} is {status}", fresh.order);
        }
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
            ("idempotency-key", fresh.key.as_str()),
        ];
        let path = "/api/v1/orders";
        let again = crate::http::ask(address, "POST", path, &headers, &fresh.body).unwrap();
        assert_eq!(again.json()["order"].as_str(), Some(fresh.order.as_str()), "{}", again.body);
        assert!(again.headers.contains("idempotency-replayed: true"), "{}", again.headers);
        log.alike += 1;
    }
}

/// Every rule, by the program's own command. What falls due while nothing runs may be late.
pub fn audited(site: &[&str]) {
    let mut audit = vec!["audit", "--grace", "86400"];
    audit.extend(site);
    ends(0, &audit);
}

/// Three minutes later, when every lease has run out and every job was done: what is in the books.
pub fn settle(site: &[&str], log: &Mutex<Log>, ear: Option<&Ear>) {
    let (mut app, clock) = open(site);
    app.outside.fetch = Arc::new(OnlyEars::default());
    clock.advance(Span::minutes(3));
    for _ in 0..3 {
        for notice in sandbox::take_due(&app).unwrap() {
            payment::notice(&app, sandbox::NAME, &notice).unwrap();
        }
        work::drain(&app).unwrap();
        clock.advance(Span::minutes(3));
    }
    if let Some(ear) = ear {
        ear.check(&app, &clock);
    }
    let log = log.lock().unwrap();
    let words = |sql: &str| -> BTreeSet<String> {
        app.read(|tx| tx.all(sql, &[], |row| row.get::<String>(0))).unwrap().into_iter().collect()
    };
    let keys = words("select key from idempotency_keys where effect = 'order'");
    let asked: BTreeSet<String> = log.attempted.iter().cloned().collect();
    let unasked: Vec<_> = keys.difference(&asked).collect();
    assert!(unasked.is_empty(), "nobody asked for {unasked:?}");
    let lost: Vec<_> = log.placed.keys().filter(|key| !keys.contains(*key)).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    assert_eq!(count(&app, "select count(*) from orders"), keys.len() as i64, "a key, an order");
    let captured = words("select reference from payments where captured > 0");
    let unpaid: Vec<_> = log.paid.iter().filter(|paid| !captured.contains(*paid)).collect();
    assert!(unpaid.is_empty(), "paid at the bank and not here: {unpaid:?}");
    let orders: BTreeMap<String, String> = app
        .read(|tx| {
            tx.all("select id, status from orders", &[], |row| {
                let id: domain::id::Id<domain::order::Order> = row.get(0);
                (id.to_string(), row.get(1))
            })
        })
        .unwrap()
        .into_iter()
        .collect();
    for order in &log.cancelled {
        let over = ["cancelled", "refunded", "late_paid"].contains(&orders[order].as_str());
        assert!(over, "{order} was cancelled and is {}", orders[order]);
    }
    let report = app::audit::run(&app, app::audit::GRACE).unwrap();
    let broken: Vec<_> = report.broken().map(|check| format!("{check:?}")).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    drop(app);
    audited(site);
}

fn count(app: &App, sql: &str) -> i64 {
    app.read(|tx| tx.one(sql, &[], |row| row.get(0))).unwrap()
}
