//! Somebody else's endpoint: it keeps what it hears and answers as it was told to, badly too. And
//! signatures computed without the code that makes them.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use app::config::Config;
use app::outside::fetch::Http;
use app::outside::{Fetch, Outside};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::support::{TestShop, postgres_in, sqlite_in};

/// What it does with one request.
#[derive(Clone, Debug)]
pub enum Says {
    Status(u16),
    /// A status with one more header.
    With(u16, &'static str, String),
    /// It hangs up instead of answering.
    Nothing,
    /// It hangs up before it has read anything.
    Reset,
    /// It keeps the line and says nothing.
    Silence,
    /// Its head comes at once and its body never.
    SlowBody(u16),
}

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Heard {
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Heard {
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    pub fn id(&self) -> &str {
        self.header("webhook-id")
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub fn kind(&self) -> String {
        self.json()["type"].as_str().unwrap().to_string()
    }

    /// Whether one of its signatures is right under this secret.
    pub fn is_signed_by(&self, secret: &str) -> bool {
        let key = from_base64(secret.strip_prefix("whsec_").expect("a secret says what it is"));
        let said = format!("{}.{}.{}", self.id(), self.header("webhook-timestamp"), self.body);
        let right = hmac(&key, said.as_bytes());
        let given = self.header("webhook-signature").split(' ');
        given.filter_map(|given| given.strip_prefix("v1,")).any(|given| from_base64(given) == right)
    }
}

#[derive(Default)]
struct State {
    heard: Vec<Heard>,
    script: VecDeque<Says>,
    otherwise: Option<Says>,
    /// Lines that are kept open.
    open: Vec<TcpStream>,
}

/// The endpoint.
pub struct Receiver {
    state: Arc<Mutex<State>>,
    pub port: u16,
}

impl Receiver {
    pub fn open() -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State::default()));
        let kept = Arc::clone(&state);
        // It ends with the process of the tests.
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let kept = Arc::clone(&kept);
                std::thread::spawn(move || serve(stream.unwrap(), &kept));
            }
        });
        Receiver { state, port }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hooks", self.port)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// What it will do with the next requests; after them it does as `otherwise` says, else 204.
    pub fn will(&self, script: impl IntoIterator<Item = Says>) {
        self.state().script.extend(script);
    }

    pub fn otherwise(&self, says: Says) {
        self.state().otherwise = Some(says);
    }

    /// Everything it has heard.
    pub fn heard(&self) -> Vec<Heard> {
        self.state().heard.clone()
    }

    pub fn count(&self) -> usize {
        self.state().heard.len()
    }

    pub fn forget(&self) {
        self.state().heard.clear();
    }
}

/// One line: request after request, as long as the other side keeps it.
fn serve(mut stream: TcpStream, state: &Mutex<State>) {
    stream.set_nodelay(true).unwrap();
    loop {
        let first = state.lock().unwrap().script.front().cloned();
        if matches!(first, Some(Says::Reset)) {
            let mut one = [0];
            // A byte that nobody reads makes the closing a reset.
            if stream.read(&mut one).unwrap_or(0) == 0 {
                return;
            }
            let mut state = state.lock().unwrap();
            state.script.pop_front();
            state.heard.push(Heard { headers: Vec::new(), body: "{}".into() });
            return;
        }
        let Some(heard) = read(&mut stream) else { return };
        let says = {
            let mut state = state.lock().unwrap();
            state.heard.push(heard);
            let otherwise = state.otherwise.clone().unwrap_or(Says::Status(204));
            state.script.pop_front().unwrap_or(otherwise)
        };
        let answer = match says {
            Says::Status(status) => format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\n\r\n"),
            Says::With(status, name, ref value) => {
                format!("HTTP/1.1 {status} x\r\n{name}: {value}\r\ncontent-length: 0\r\n\r\n")
            }
            Says::SlowBody(status) => {
                format!("HTTP/1.1 {status} x\r\ncontent-length: 1000000\r\n\r\nslow")
            }
            Says::Nothing | Says::Reset => return,
            Says::Silence => String::new(),
        };
        if stream.write_all(answer.as_bytes()).is_err() {
            return;
        }
        if matches!(says, Says::Silence | Says::SlowBody(_)) {
            state.lock().unwrap().open.push(stream);
            return;
        }
    }
}

fn read(stream: &mut TcpStream) -> Option<Heard> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        match stream.read(&mut buffer) {
            Ok(count) if count > 0 => bytes.extend_from_slice(&buffer[..count]),
            _ => return None,
        }
    };
    let text = String::from_utf8(bytes[..head].to_vec()).unwrap();
    assert!(text.starts_with("POST /hooks HTTP/1.1\r\n"), "{text}");
    let headers: Vec<(String, String)> = text
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_string()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length: usize = length.map_or(0, |(_, length)| length.parse().unwrap());
    while bytes.len() < head + length {
        match stream.read(&mut buffer) {
            Ok(count) if count > 0 => bytes.extend_from_slice(&buffer[..count]),
            _ => return None,
        }
    }
    let body = String::from_utf8(bytes[head..].to_vec()).unwrap();
    Some(Heard { headers, body })
}

/// The world with a network.
pub fn network() -> Outside {
    with_patience(Duration::from_secs(15))
}

/// The same with so much patience for answers.
pub fn with_patience(patience: Duration) -> Outside {
    let fetch: Arc<dyn Fetch> = Arc::new(Http::with_patience(patience));
    Outside { fetch, ..Outside::remembered() }
}

/// Runs a test with a network on SQLite and, where there is one, on PostgreSQL.
pub fn both_networked(test: impl Fn(&TestShop)) {
    both_with(network, test);
}

/// The same with a world of one's own.
pub fn both_with(world: impl Fn() -> Outside, test: impl Fn(&TestShop)) {
    let config = || Config::plain("http://127.0.0.1:3000");
    test(&sqlite_in(config(), world()));
    if let Some(shop) = postgres_in(config(), world()) {
        test(&shop);
    }
}

/// HMAC-SHA256 as RFC 2104 writes it.
fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    assert!(key.len() <= 64, "longer keys are hashed first");
    let padded = |with: u8| -> Vec<u8> {
        (0..64).map(|at| key.get(at).copied().unwrap_or(0) ^ with).collect()
    };
    let inner = Sha256::digest([padded(0x36), text.to_vec()].concat());
    Sha256::digest([padded(0x5c), inner.to_vec()].concat()).to_vec()
}

/// Base 64 as RFC 4648 writes it.
fn from_base64(text: &str) -> Vec<u8> {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for letter in text.bytes().filter(|letter| *letter != b'=') {
        let digit = DIGITS.iter().position(|known| *known == letter).expect("a digit of base 64");
        bits = bits << 6 | u32::try_from(digit).unwrap();
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xff) as u8);
        }
    }
    bytes
}

#[test]
fn the_computation_of_signatures_is_the_rfcs() {
    // RFC 4231, test case 2.
    let mac = hmac(b"Jefe", b"what do ya want for nothing?");
    assert_eq!(mac[..4], [0x5b, 0xdc, 0xc1, 0x46]);
    assert_eq!(from_base64("Zm9vYmE="), b"fooba");
}
