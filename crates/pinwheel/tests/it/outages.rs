//! What is under the shop or beside it goes away and comes back: PostgreSQL is restarted and killed
//! under two nodes, nodes are killed and paused behind a proxy. Patient buyers, who ask once more
//! when they are told to, hardly notice, and nothing that was acknowledged is lost.
//!
//! `PINWHEEL_RESTARTS=200`, `PINWHEEL_KILLS=3000` and `PINWHEEL_NODE_KILLS=500` make it many; then
//! the times and the rates have to be good as well. A few would say nothing about those.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use app::dice::{Seeded, below};

use crate::cluster::Cluster;
use crate::ear::Ear;
use crate::kills::{AUDIT_EVERY, audited, check_acknowledged, life, number, said, settle, spread};
use crate::load::{Buyer, Log, Market};
use crate::postgres::{self, free_port};
use crate::program::Server;
use crate::proxy::Proxy;

/// Buyers who shop until this goes.
struct Crowd {
    log: Arc<Mutex<Log>>,
    stop: Arc<AtomicBool>,
    threads: Vec<std::thread::JoinHandle<()>>,
}

impl Crowd {
    fn of(market: &Arc<Market>, luck: u64, address: impl Fn(usize) -> String) -> Crowd {
        let (log, stop) = (Arc::default(), Arc::default());
        let threads = Buyer::crowd(market, &log, &stop, luck, true, address);
        Crowd { log, stop, threads }
    }

    /// They finish what they are at.
    fn go_home(self) -> Arc<Mutex<Log>> {
        self.stop.store(true, Ordering::SeqCst);
        for thread in self.threads {
            thread.join().unwrap();
        }
        self.log
    }
}

/// What patient buyers met with. Where there were many outages, at least so many of a million
/// requests must have succeeded, at the first or the second try.
fn judged(log: &Mutex<Log>, least: Option<u64>) {
    println!("{}", said(log));
    let mut log = log.lock().unwrap();
    println!("{} told to come again, {} of them in vain", log.refused, log.failed);
    println!("{}", spread("answered within", &mut log.waits));
    assert_eq!(log.unclean, 0, "somebody was not told when to come again");
    let good = 1_000_000 - log.failed * 1_000_000 / log.asked.max(1);
    println!("{}.{:04} % succeeded", good / 10_000, good % 10_000);
    if let Some(least) = least {
        assert!(good >= least, "too few succeeded");
    }
}

#[test]
fn postgresql_restarts_under_two_nodes() {
    let Some(cluster) = Cluster::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let restarts = number("PINWHEEL_RESTARTS");
    let site = ["--database", cluster.address.as_str()];
    let market = Arc::new(Market::prepare(&site, folder, 16));
    let nodes =
        [Server::start(&site, &folder.join("one")), Server::start(&site, &folder.join("two"))];
    let crowd = Crowd::of(&market, 8, |number| nodes[number % 2].address.clone());
    let dice = Seeded::new(number("PINWHEEL_SEED").unwrap_or(8));
    let (mut away, mut normal) = (Vec::new(), Vec::new());
    for round in 0..restarts.unwrap_or(2) {
        std::thread::sleep(Duration::from_millis(500 + below(&dice, 1_000)));
        away.push(cluster.restart(["fast", "immediate"][(round % 2) as usize]));
        let ready = Instant::now();
        for node in &nodes {
            until_it_sells(node, &market, &crowd.log, round);
        }
        normal.push(ready.elapsed());
    }
    let log = crowd.go_home();
    println!("{} restarts; {}", away.len(), spread("PostgreSQL was away for", &mut away));
    println!("{}", spread("both nodes sold again after", &mut normal));
    assert_eq!(log.lock().unwrap().lost, 0, "a request was not answered");
    judged(&log, restarts.map(|_| 999_000));
    if restarts.is_some() {
        assert!(normal.iter().all(|took| *took < Duration::from_secs(2)), "it took too long");
    }
    stopped(nodes);
    settle(&site, &log, None);
}

/// Asks one node, and no other, until it takes an order.
fn until_it_sells(node: &Server, market: &Arc<Market>, log: &Arc<Mutex<Log>>, round: u64) {
    let buyer = Buyer {
        number: 0,
        address: node.address.clone(),
        market: Arc::clone(market),
        log: Arc::clone(log),
        dice: Seeded::new(round << 32 | u64::from(node.id())),
        patient: false,
    };
    let began = Instant::now();
    while !buyer.orders_one() {
        assert!(began.elapsed() < Duration::from_secs(60), "it does not sell again");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn stopped(nodes: impl IntoIterator<Item = Server>) {
    for node in nodes {
        node.ask_to_stop();
        assert_eq!(node.wait().0, Some(0));
    }
}

#[test]
fn all_of_postgresql_is_killed_and_the_shop_with_it() {
    let Some(cluster) = Cluster::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let kills = number("PINWHEEL_KILLS").unwrap_or(4);
    let seed = number("PINWHEEL_SEED").unwrap_or(20_261_123);
    println!("{kills} kills of all of PostgreSQL, seed {seed}");
    let dice = Seeded::new(seed);
    let site = ["--database", cluster.address.as_str()];
    let market = Arc::new(Market::prepare(&site, folder, 8));
    let log = Arc::new(Mutex::new(Log::default()));
    let ear = Ear::of(&site);
    let port = free_port();
    let (mut back, mut normal) = (Vec::new(), Vec::new());
    let began = Instant::now();
    let start = || Server::on(port, &site, &folder.join("log"));
    let mut running = Some(start());
    for round in 0..kills {
        let server = running.take().unwrap_or_else(start);
        let stop = Arc::new(AtomicBool::new(false));
        let luck = seed ^ (round << 8);
        let buyers = Buyer::crowd(&market, &log, &stop, luck, false, |_| server.address.clone());
        std::thread::sleep(life(&dice, kills, server.took));
        // Every second time the shop goes with it, and comes back first.
        cluster.kill();
        if round % 2 == 1 {
            server.kill();
        } else {
            running = Some(server);
        }
        stop.store(true, Ordering::SeqCst);
        back.push(cluster.begin());
        let ready = Instant::now();
        for buyer in buyers {
            buyer.join().unwrap();
        }
        let server = running.take().unwrap_or_else(start);
        until_it_sells(&server, &market, &log, round);
        normal.push(ready.elapsed());
        check_acknowledged(&log, &market, &server.address);
        running = Some(server);
        if round % AUDIT_EVERY == AUDIT_EVERY - 1 {
            audited(&site);
            println!("{} kills in {:?}: {}", round + 1, began.elapsed(), said(&log));
        }
    }
    stopped(running);
    println!("PostgreSQL: {kills} kills in {:?}: {}", began.elapsed(), said(&log));
    println!("{}", spread("PostgreSQL came back after", &mut back));
    println!("{}", spread("the shop sold again, after that,", &mut normal));
    if kills >= 100 {
        assert!(normal.iter().all(|took| *took < Duration::from_secs(3)), "it took too long");
    }
    settle(&site, &log, Some(&ear));
}

#[test]
fn nodes_are_killed_and_paused_behind_a_proxy() {
    let Some(fresh) = postgres::fresh() else { return };
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let site = ["--database", fresh.address.as_str()];
    let many = number("PINWHEEL_NODE_KILLS");
    let market = Arc::new(Market::prepare(&site, folder, if many.is_some() { 24 } else { 8 }));
    let ports: Vec<u16> = (0..3).map(|_| free_port()).collect();
    let proxy = Proxy::before(ports.iter().map(|port| format!("127.0.0.1:{port}")).collect());
    let base = format!("base_url=http://{}", proxy.address);
    let flags = [site[0], site[1], "--set", base.as_str(), "--set", "lease_seconds=2"];
    let start = |port: u16| Server::on(port, &flags, &folder.join(format!("log-{port}")));
    let mut running: Vec<Server> = ports.iter().map(|port| start(*port)).collect();
    let crowd = Crowd::of(&market, 9, |_| proxy.address.clone());
    let dice = Seeded::new(number("PINWHEEL_SEED").unwrap_or(9));
    let mut pauses = 0;
    for round in 0..many.unwrap_or(3) {
        let which = below(&dice, 3) as usize;
        // Of ten, nine are killed and one stands still for longer than its leases and its locks.
        if round % 10 == 1 {
            running[which].pause();
            std::thread::sleep(Duration::from_secs(if many.is_some() { 10 } else { 3 }));
            running[which].wake();
            pauses += 1;
        } else {
            running.remove(which).kill();
            let port = ports[which];
            running.insert(which, start(port));
        }
        let wait = if many.is_some() { 1_000 + below(&dice, 2_000) } else { 300 };
        std::thread::sleep(Duration::from_millis(wait));
    }
    let log = crowd.go_home();
    let passed = proxy.passed.load(Ordering::SeqCst);
    println!("{} rounds, {pauses} of them pauses; passed over {passed} times", many.unwrap_or(3));
    judged(&log, many.map(|_| 999_500));
    stopped(running);
    settle(&site, &log, None);
}
