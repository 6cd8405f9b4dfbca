//! The world outside: one trait each, a real one and a remembered one for tests.
//!
//! Nothing here is ever called inside a transaction.

use std::sync::{Arc, Mutex};

use crate::config::Config;
use crate::failure::Failure;

pub mod fetch;
pub mod gateway;
pub mod mail;

pub use gateway::{Charge, Gateway, ProviderState};

/// What the shop uses of the world.
#[derive(Clone)]
pub struct Outside {
    /// The payment providers, in the order in which they are offered. The built-in sandbox is not
    /// among them: it lives in our database.
    pub gateways: Vec<Arc<dyn Gateway>>,
    pub post: Arc<dyn Post>,
    pub fetch: Arc<dyn Fetch>,
}

/// Hands a message over to be carried.
pub trait Post: Send + Sync {
    /// Whether it really leaves the house; otherwise it only lies in the outbox.
    fn carries(&self, channel: &str) -> bool;
    fn send(&self, channel: &str, to: &str, subject: &str, body: &str) -> Result<(), Trouble>;
    /// The same with headers of its own, where the channel has such.
    fn send_with(
        &self,
        channel: &str,
        to: &str,
        (subject, body): (&str, &str),
        headers: &[(&'static str, String)],
    ) -> Result<(), Trouble> {
        let _ = headers;
        self.send(channel, to, subject, body)
    }
}

/// Reads and writes other people's addresses.
pub trait Fetch: Send + Sync {
    /// The bytes behind an address, at most `most` of them. Private addresses are refused.
    fn get(&self, url: &str, most: usize) -> Result<Vec<u8>, Trouble>;
    /// Posts a body to an address of our own choosing (a notice to this very shop).
    fn post(&self, url: &str, headers: &[(&str, &str)], body: &str) -> Result<u16, Trouble>;
    /// Tells an address that somebody else chose. Private addresses are refused, redirects are
    /// not followed, and little of the answer is read.
    fn tell(&self, letter: &Letter) -> Result<Reply, Trouble>;
}

/// What an endpoint is told.
#[derive(Clone, Debug)]
pub struct Letter {
    pub url: String,
    /// Whether it may be, and must be, on this very machine.
    pub home: bool,
    /// Whether somebody sits and waits for the answer: less patience then.
    pub hurry: bool,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

/// What an endpoint answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    /// `Retry-After` as it came.
    pub retry_after: Option<String>,
    /// The beginning of its body.
    pub said: String,
}

/// Why the world did not do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It does not answer: try again.
    Away(String),
    /// It said no, and will again.
    Refused(String),
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Trouble::Away(why) => write!(f, "no answer: {why}"),
            Trouble::Refused(why) => write!(f, "refused: {why}"),
        }
    }
}

/// A world that remembers what it was asked and does nothing else.
#[derive(Default)]
pub struct Remembered {
    pub asked: Mutex<Vec<String>>,
}

impl Remembered {
    fn note(&self, what: String) {
        self.asked.lock().unwrap_or_else(|gone| gone.into_inner()).push(what);
    }
}

impl Post for Remembered {
    fn carries(&self, _: &str) -> bool {
        false
    }
    fn send(&self, channel: &str, to: &str, subject: &str, _: &str) -> Result<(), Trouble> {
        self.note(format!("{channel} {to} {subject}"));
        Ok(())
    }
}

impl Fetch for Remembered {
    fn get(&self, url: &str, _: usize) -> Result<Vec<u8>, Trouble> {
        self.note(format!("get {url}"));
        Err(Trouble::Away("nothing is fetched here".into()))
    }
    fn post(&self, url: &str, _: &[(&str, &str)], _: &str) -> Result<u16, Trouble> {
        self.note(format!("post {url}"));
        Ok(200)
    }
    fn tell(&self, letter: &Letter) -> Result<Reply, Trouble> {
        self.note(format!("tell {}", letter.url));
        Ok(Reply { status: 200, retry_after: None, said: String::new() })
    }
}

impl Outside {
    /// The payment provider of this name, if it is set up.
    pub fn gateway(&self, name: &str) -> Option<&Arc<dyn Gateway>> {
        self.gateways.iter().find(|gateway| gateway.name() == name)
    }

    /// The world as the settings say: what they leave empty is not used.
    pub fn real(config: &Config) -> Result<Outside, Failure> {
        let fetch: Arc<dyn Fetch> = Arc::new(fetch::Http::new());
        let post = Arc::new(mail::Carrier::open(config, fetch.clone())?);
        let gateways = gateway::configured(config)?;
        Ok(Outside { gateways, post, fetch })
    }

    /// Nothing leaves the house.
    pub fn remembered() -> Outside {
        let world = Arc::new(Remembered::default());
        Outside { gateways: Vec::new(), post: world.clone(), fetch: world }
    }
}
