//! Three nodes on one PostgreSQL behind a proxy: each is stopped and started again while people
//! buy, one is paused past its leases and wakes. No request fails, and nothing is done twice.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use app::dice::Seeded;

use crate::kills::settle;
use crate::load::{Buyer, Log, Market};
use crate::postgres::{self, free_port};
use crate::program::Server;
use crate::proxy::Proxy;

#[test]
fn three_nodes_serve_one_shop_through_restarts_and_pauses() {
    let Some(fresh) = postgres::fresh() else { return };
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let site = ["--database", fresh.address.as_str()];
    let market = Arc::new(Market::prepare(&site, folder, 8));
    let ports: Vec<u16> = (0..3).map(|_| free_port()).collect();
    let nodes: Vec<String> = ports.iter().map(|port| format!("127.0.0.1:{port}")).collect();
    let proxy = Proxy::before(nodes);
    let base = format!("base_url=http://{}", proxy.address);
    let flags = [site[0], site[1], "--set", base.as_str(), "--set", "lease_seconds=1"];
    let start = |port: u16| Server::on(port, &flags, &folder.join(format!("log-{port}")));
    let mut running: Vec<Server> = ports.iter().map(|port| start(*port)).collect();

    let log = Arc::new(Mutex::new(Log::default()));
    let stop = Arc::new(AtomicBool::new(false));
    let buyers = Buyer::crowd(&market, &log, &stop, 20_261_122, false, |_| proxy.address.clone());

    // Waits until that many more were bought, and for a while at least.
    let buy = |more: usize, at_least: Duration| {
        let (began, wanted) = (Instant::now(), log.lock().unwrap().placed.len() + more);
        while log.lock().unwrap().placed.len() < wanted || began.elapsed() < at_least {
            assert!(began.elapsed() < Duration::from_secs(60), "nobody buys any more");
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    // A rolling restart: each says goodbye, ends, and comes back.
    for port in &ports {
        buy(5, Duration::ZERO);
        let going = running.remove(0);
        going.ask_to_stop();
        let (code, _) = going.wait();
        assert_eq!(code, Some(0));
        running.push(start(*port));
    }
    // One is paused in the middle of whatever it does, past its leases, and wakes.
    let sleeper = &running[0];
    sleeper.pause();
    buy(20, Duration::from_secs(3));
    sleeper.wake();
    stop.store(true, Ordering::SeqCst);
    for buyer in buyers {
        buyer.join().unwrap();
    }
    {
        let log = log.lock().unwrap();
        println!("{} requests, {} orders, {} lost", log.asked, log.placed.len(), log.lost);
        assert_eq!(log.lost, 0, "a request was not answered");
        assert!(log.placed.len() > 35, "hardly anything was bought");
    }
    for server in running {
        server.ask_to_stop();
        assert_eq!(server.wait().0, Some(0));
    }
    settle(&site, &log, None);
}

#[test]
fn what_happens_on_one_node_is_seen_on_another_at_once() {
    let Some(fresh) = postgres::fresh() else { return };
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let site = ["--database", fresh.address.as_str()];
    let market = Arc::new(Market::prepare(&site, folder, 2));
    let one = Server::start(&site, &folder.join("one"));
    let two = Server::start(&site, &folder.join("two"));
    let buyer = |number: usize, address: &str| Buyer {
        number,
        address: address.to_string(),
        market: Arc::clone(&market),
        log: Arc::default(),
        dice: Seeded::new(number as u64),
        patient: false,
    };
    let team = buyer(0, &one.address).opens_a_team();

    // Somebody looks at it on the second node while somebody joins on the first.
    let mut looking = TcpStream::connect(&two.address).unwrap();
    looking.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let host = &two.address;
    write!(looking, "GET /teams/{team}/live HTTP/1.1\r\nhost: {host}\r\n\r\n").unwrap();
    let mut lines = BufReader::new(looking).lines().map_while(Result::ok);
    assert!(lines.by_ref().any(|line| line == "event: changed"), "the state as it is");
    buyer(1, &one.address).joins(&team);
    // The first change was the state; this one is a change, and carries its number.
    assert!(lines.any(|line| line.starts_with("id: ")), "the other node's change");
}
