//! The crowd: everybody sends one request, as soon as a connection is free.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use app::failure::Failure;
use app::rehearsal::Rehearsal;
use serde_json::json;

use super::client::Client;
use super::flow::Steps;
use super::node::Node;
use crate::arguments::{Bench, Flow};

/// What the crowd was told.
#[derive(Default)]
pub struct Told {
    /// How long each waited for an answer.
    pub waits: Vec<Duration>,
    pub bought: usize,
    pub sold_out: usize,
    /// Any other answer, and requests without one.
    pub other: usize,
    pub took: Duration,
    /// The same for each step of a flow that has several.
    pub steps: Steps,
}

impl Told {
    /// Takes in what others were told.
    pub fn add(&mut self, told: Told) {
        self.waits.extend(told.waits);
        self.bought += told.bought;
        self.sold_out += told.sold_out;
        self.other += told.other;
        for (step, waits) in told.steps {
            self.steps.entry(step).or_default().extend(waits);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is what measures")]
pub fn now() -> Instant {
    Instant::now()
}

/// Sends everybody, over so many connections, to the nodes in turn.
pub async fn send(flags: &Bench, nodes: &[Node], made: &Rehearsal) -> Result<Told, Failure> {
    let addresses: Vec<SocketAddr> = nodes.iter().map(|node| node.address).collect();
    let requests = Arc::new(requests(flags, addresses[0], made));
    let next = Arc::new(AtomicUsize::new(0));
    let mut clients = Vec::new();
    for number in 0..flags.connections {
        let address = addresses[number % addresses.len()];
        clients.push(Client::connect(address).await.map_err(Failure::broken)?);
    }
    let began = now();
    let buyers: Vec<_> = clients
        .into_iter()
        .map(|client| tokio::spawn(buy(client, Arc::clone(&requests), Arc::clone(&next))))
        .collect();
    let mut all = Told::default();
    for buyer in buyers {
        all.add(buyer.await.map_err(Failure::broken)?);
    }
    all.took = began.elapsed();
    all.other += requests.len() - all.waits.len();
    Ok(all)
}

async fn buy(mut client: Client, requests: Arc<Vec<Vec<u8>>>, next: Arc<AtomicUsize>) -> Told {
    let mut told = Told::default();
    while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
        let asked = now();
        let Ok(answer) = client.ask(request).await else { break };
        told.waits.push(asked.elapsed());
        match answer.status {
            200 | 201 => told.bought += 1,
            409 if contains(&answer.body, b"inventory.only_left") => told.sold_out += 1,
            _ => {
                if told.other == 0 {
                    eprintln!("{}: {}", answer.status, String::from_utf8_lossy(&answer.body));
                }
                told.other += 1;
            }
        }
    }
    told
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

/// Everybody's request, ready to be sent.
fn requests(flags: &Bench, address: SocketAddr, made: &Rehearsal) -> Vec<Vec<u8>> {
    let page = |path: &str| {
        // Packed answers come in chunks, which this client does not read.
        format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n")
    };
    let body = json!({
        "what": { "kind": "now", "variant": made.variant.to_string(), "quantity": 1 },
        "address": { "name": "Ann", "phone": "+8613800138000", "country": "CN",
                     "region": "浙江省", "city": "杭州市", "line1": "龙井路 1 号" },
    })
    .to_string();
    let order = |(number, token): (usize, &String)| {
        format!(
            "POST /api/v1/orders HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\nIdempotency-Key: bench-of-orders-{number}\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    let texts: Vec<String> = match flags.flow {
        Flow::Crowd | Flow::Orders => made.tokens.iter().enumerate().map(order).collect(),
        // These have a way of their own.
        Flow::Checkout | Flow::Join => Vec::new(),
        _ => {
            let product = format!("/products/{}", made.handle);
            (0..flags.buyers)
                .map(|number| page(if number % 2 == 0 { "/" } else { &product }))
                .collect()
        }
    };
    texts.into_iter().map(String::into_bytes).collect()
}
