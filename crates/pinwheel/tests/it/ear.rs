//! An endpoint that hears what a killed shop tells: all of it, whatever happened in between.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use app::clock::Held;
use app::outside::fetch::Http;
use app::outside::{Fetch, Letter, Remembered, Reply, Trouble};
use app::webhook::{self, NewWebhook};
use app::{App, Visitor, work};
use domain::event::Event;
use domain::id::Id;
use domain::moment::Span;
use domain::person::Role;

use crate::load::open;

/// It keeps the `webhook-id`s it heard, in the order in which they came.
pub struct Ear {
    heard: Arc<Mutex<Vec<String>>>,
}

impl Ear {
    /// Listens on a port of its own, and is an endpoint of the shop for everything from now on.
    pub fn of(site: &[&str]) -> Ear {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hooks", listener.local_addr().unwrap());
        let heard = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&heard);
        // It ends with the process of the tests.
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let kept = Arc::clone(&kept);
                std::thread::spawn(move || listen(stream.unwrap(), &kept));
            }
        });
        let (app, _) = open(site);
        let zoe = Visitor::of(Id::new(1), "zoe", Role::Owner);
        webhook::create(&app, &zoe, NewWebhook { url, ..NewWebhook::default() }).unwrap();
        Ear { heard }
    }

    /// What is still to be told is told; then everything was heard, and nothing that is not in the
    /// log.
    pub fn check(&self, app: &App, clock: &Held) {
        for _ in 0..3 {
            clock.advance(Span::minutes(1));
            work::drain(app).unwrap();
        }
        let told: Vec<Id<Event>> = app
            .read(|tx| {
                let sql = "select e.id from events e join webhooks w on e.id > w.since";
                tx.all(sql, &[], |row| row.get(0))
            })
            .unwrap();
        let told: BTreeSet<String> = told.iter().map(Id::to_string).collect();
        let heard = self.heard.lock().unwrap();
        let ids: BTreeSet<String> = heard.iter().cloned().collect();
        assert!(ids == told, "{:?} were not heard", told.difference(&ids).collect::<Vec<_>>());
        println!("{} events told, {} of them twice", ids.len(), heard.len() - ids.len());
    }
}

/// A world in which endpoints are really told, and nobody else is spoken to.
#[derive(Default)]
pub struct OnlyEars {
    memory: Remembered,
    real: Http,
}

impl Fetch for OnlyEars {
    fn get(&self, url: &str, most: usize) -> Result<Vec<u8>, Trouble> {
        self.memory.get(url, most)
    }
    fn post(&self, url: &str, headers: &[(&str, &str)], body: &str) -> Result<u16, Trouble> {
        self.memory.post(url, headers, body)
    }
    fn tell(&self, letter: &Letter) -> Result<Reply, Trouble> {
        self.real.tell(letter)
    }
}

/// One line: request after request, as long as the other side keeps it. Only a request that came
/// whole is answered and counts.
fn listen(mut stream: TcpStream, heard: &Mutex<Vec<String>>) {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let Ok(count) = stream.read(&mut buffer) else { return };
        if count == 0 {
            return;
        }
        bytes.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let said = |name: &str| head.lines().find_map(|line| line.strip_prefix(name));
        let length: usize = said("content-length: ").unwrap().parse().unwrap();
        if body.len() < length {
            continue;
        }
        heard.lock().unwrap().push(said("webhook-id: ").unwrap().to_string());
        bytes.clear();
        if stream.write_all(b"HTTP/1.1 204 x\r\n\r\n").is_err() {
            return;
        }
    }
}
