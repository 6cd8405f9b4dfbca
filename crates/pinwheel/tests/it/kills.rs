//! `kill -9` at any moment, again and again, while people order, pay, join and cancel over HTTP.
//! Whatever was acknowledged is there afterwards, nothing is there that nobody asked for, what was
//! asked again under its key happened once, and the audit is clean.
//!
//! `PINWHEEL_KILLS=100` makes it 100 on each engine; `PINWHEEL_SEED` repeats a run's chances.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::dice::{Seeded, below};
use app::{App, payment, sandbox, work};
use domain::moment::Span;

use crate::ear::{Ear, OnlyEars};
use crate::load::{Buyer, Log, Market, open};
use crate::postgres;
use crate::program::{Server, ends};

fn number(name: &str) -> Option<u64> {
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

fn killed(engine: &str, site: &[&str], folder: &std::path::Path, kills: u64) {
    let seed = number("PINWHEEL_SEED").unwrap_or(20_261_121);
    let dice = Seeded::new(seed);
    println!("{kills} kills on {engine}, seed {seed}");
    let market = Arc::new(Market::prepare(site, folder, 6));
    let log = Arc::new(Mutex::new(Log::default()));
    let ear = Ear::of(site);
    let port = postgres::free_port();
    let mut starts: Vec<Duration> = Vec::new();
    for round in 0..=kills {
        let server = Server::on(port, site, &folder.join("log"));
        starts.push(server.took);
        check_acknowledged(&log, &market, &server.address);
        let stop = Arc::new(AtomicBool::new(false));
        let buyers: Vec<_> = (0..market.tokens.len())
            .map(|number| {
                let buyer = Buyer {
                    number,
                    address: server.address.clone(),
                    market: Arc::clone(&market),
                    log: Arc::clone(&log),
                    dice: Seeded::new(seed ^ (round << 8) ^ number as u64),
                };
                let stop = Arc::clone(&stop);
                std::thread::spawn(move || buyer.shop_until(&stop))
            })
            .collect();
        std::thread::sleep(Duration::from_millis(100 + below(&dice, 500)));
        if round < kills {
            // In the middle of whatever it does, and before its clients know.
            server.kill();
            stop.store(true, Ordering::SeqCst);
        } else {
            stop.store(true, Ordering::SeqCst);
        }
        for buyer in buyers {
            buyer.join().unwrap();
        }
    }
    starts.sort();
    settle(site, &log, Some(&ear));
    let log = log.lock().unwrap();
    println!(
        "{engine}: {kills} kills, {} requests, {} orders acknowledged, {} payments, {} \
         cancellations; {} answers lost, {} of these found again; ready after {:?}, at worst {:?}",
        log.asked,
        log.placed.len(),
        log.paid.len(),
        log.cancelled.len(),
        log.lost,
        log.again,
        starts[starts.len() / 2],
        starts[starts.len() - 1],
    );
    assert!(log.placed.len() as u64 > kills, "hardly anything was acknowledged");
}

/// After each start: what was acknowledged is answered for.
fn check_acknowledged(log: &Mutex<Log>, market: &Market, address: &str) {
    let log = log.lock().unwrap();
    // The latest of each buyer: those are the ones a kill could take with it.
    for (buyer, token) in market.tokens.iter().enumerate() {
        let mine = log.placed.values().filter(|placed| placed.buyer == buyer);
        let mut latest: Vec<_> = mine.collect();
        latest.sort_by_key(|placed| std::cmp::Reverse(placed.at));
        for placed in latest.iter().take(5) {
            let bearer = format!("Bearer {token}");
            let path = format!("/api/v1/orders/{}", placed.order);
            let headers = [("authorization", bearer.as_str())];
            let answer = crate::http::ask(address, "GET", &path, &headers, "").unwrap();
            assert_eq!(answer.status, 200, "{} was acknowledged: {}", placed.order, answer.body);
            let status = answer.json()["status"].as_str().unwrap_or_default().to_string();
            if log.cancelled.contains(&placed.order) {
                let over = ["cancelled", "refunding", "refunded", "late_paid"];
                assert!(over.contains(&status.as_str()), "{} is {status}", placed.order);
            }
        }
    }
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
    let mut audit = vec!["audit", "--grace", "86400"];
    audit.extend(site);
    ends(0, &audit);
}

fn count(app: &App, sql: &str) -> i64 {
    app.read(|tx| tx.one(sql, &[], |row| row.get(0))).unwrap()
}
