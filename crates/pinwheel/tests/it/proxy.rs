//! The smallest proxy that does: one request a connection, handed to the nodes in turn. A node that
//! cannot be reached, ends without a word or answers 503 is passed over: what was asked has a key,
//! so that asking the next one is safe. That is how our how-to page sets nginx.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How long a request is tried.
const LONGEST: Duration = Duration::from_secs(16);

/// A proxy in front of some nodes; it ends with this.
pub struct Proxy {
    pub address: String,
    /// How often a node was passed over.
    pub passed: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
}

impl Proxy {
    pub fn before(nodes: Vec<String>) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let stop = Arc::new(AtomicBool::new(false));
        let (nodes, turn) = (Arc::new(nodes), Arc::new(AtomicUsize::new(0)));
        let (ended, passed) = (Arc::clone(&stop), Arc::<AtomicUsize>::default());
        let counted = Arc::clone(&passed);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if ended.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                let (nodes, first) = (Arc::clone(&nodes), turn.fetch_add(1, Ordering::SeqCst));
                let counted = Arc::clone(&counted);
                std::thread::spawn(move || hand_on(stream, &nodes, first, &counted));
            }
        });
        Proxy { address, passed, stop }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // The thread waits for somebody.
        TcpStream::connect(&self.address).ok();
    }
}

fn hand_on(mut caller: TcpStream, nodes: &[String], first: usize, passed: &AtomicUsize) {
    let Some(request) = whole(&mut caller) else { return };
    let began = Instant::now();
    for tried in 0.. {
        let node = &nodes[(first + tried) % nodes.len()];
        let answer = ask(node, &request);
        // Nothing was done: a node that stands still may hold what this needs, for ten seconds.
        let later = answer.as_ref().is_none_or(|answer| answer.starts_with(b"HTTP/1.1 503"));
        if later && began.elapsed() < LONGEST {
            passed.fetch_add(1, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(100));
            continue;
        }
        if let Some(answer) = answer {
            caller.write_all(&answer).ok();
        }
        return;
    }
}

/// A request with its body, as it is handed on: the node is to end with its answer, also for a
/// caller that would ask more on the same connection.
fn whole(caller: &mut TcpStream) -> Option<Vec<u8>> {
    let (mut all, mut some) = (Vec::new(), [0; 4096]);
    loop {
        let end = all.windows(4).position(|window| window == b"\r\n\r\n");
        if let Some(end) = end {
            let head = String::from_utf8_lossy(&all[..end]).to_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.and_then(|length| length.trim().parse().ok()).unwrap_or(0);
            if all.len() >= end + 4 + length {
                let headers = all.windows(2).position(|window| window == b"\r\n")? + 2;
                all.splice(headers..headers, *b"connection: close\r\n");
                return Some(all);
            }
        }
        match caller.read(&mut some) {
            Ok(0) | Err(_) => return None,
            Ok(count) => all.extend_from_slice(&some[..count]),
        }
    }
}

/// The node's answer; `None` when it is gone, or away for longer than anybody waits.
fn ask(node: &str, request: &[u8]) -> Option<Vec<u8>> {
    let mut stream = TcpStream::connect(node).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(4))).ok()?;
    stream.write_all(request).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    (!answer.is_empty()).then_some(answer)
}
