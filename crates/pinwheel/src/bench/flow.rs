//! Flows of several requests: from the cart to a paid order, and a team until it is full. The bench
//! is the bank as well: it tells the shop of each payment by a signed notice, as a provider does.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use app::failure::Failure;
use app::rehearsal::{Rehearsal, Together};
use app::sandbox;
use app::shop::Shop;
use domain::money::Money;
use serde_json::{Value, json};

use super::client::{Answer, Client};
use super::crowd::{Told, now};
use super::node::Node;
use crate::arguments::{Bench, Flow};

/// What everybody in a flow knows.
struct Ground {
    flow: Flow,
    host: SocketAddr,
    tokens: Vec<String>,
    variant: String,
    shop: Shop,
    together: Option<Together>,
    /// How many come for each team, the one who opens it among them.
    per_team: usize,
    /// The teams, each once it is open.
    teams: Vec<OnceLock<String>>,
}

/// How one flow ended.
enum End {
    Paid,
    TooLate,
    Other,
}

/// One buyer on a connection.
struct Buyer<'g> {
    ground: &'g Ground,
    client: &'g mut Client,
    number: usize,
    steps: &'g mut Steps,
}

/// How long each step took, by its name.
pub type Steps = BTreeMap<&'static str, Vec<Duration>>;

/// How many teams a crowd of so many fills, when as many again come too late for each.
pub fn teams(flags: &Bench) -> usize {
    (flags.buyers / (2 * flags.team)).max(1)
}

/// Sends everybody through their flow, over so many connections, to the nodes in turn.
pub async fn send(
    flags: &Bench,
    nodes: &[Node],
    made: &Rehearsal,
    shop: Shop,
    together: Option<Together>,
) -> Result<Told, Failure> {
    let addresses: Vec<SocketAddr> = nodes.iter().map(|node| node.address).collect();
    let teams = if together.is_some() { teams(flags) } else { 0 };
    let ground = Arc::new(Ground {
        flow: flags.flow,
        host: addresses[0],
        tokens: made.tokens.clone(),
        variant: made.variant.to_string(),
        shop,
        together,
        per_team: flags.buyers.checked_div(teams).unwrap_or(1),
        teams: (0..teams).map(|_| OnceLock::new()).collect(),
    });
    let mut clients = Vec::new();
    for number in 0..flags.connections {
        let address = addresses[number % addresses.len()];
        clients.push(Client::connect(address).await.map_err(Failure::broken)?);
    }
    let began = now();
    let mut all = Told::default();
    // Those who open teams come first, and everybody else when these are open.
    for (from, to) in [(0, teams), (teams, flags.buyers)] {
        let next = Arc::new(AtomicUsize::new(from));
        let buyers: Vec<_> = clients
            .drain(..)
            .map(|client| tokio::spawn(buy(client, Arc::clone(&ground), Arc::clone(&next), to)))
            .collect();
        for buyer in buyers {
            let (client, told) = buyer.await.map_err(Failure::broken)?;
            clients.extend(client);
            all.add(told);
        }
    }
    all.took = began.elapsed();
    all.other += flags.buyers - all.waits.len();
    Ok(all)
}

async fn buy(
    mut client: Client,
    ground: Arc<Ground>,
    next: Arc<AtomicUsize>,
    to: usize,
) -> (Option<Client>, Told) {
    let mut told = Told::default();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= to {
            return (Some(client), told);
        }
        let asked = now();
        let steps = &mut told.steps;
        let mut buyer = Buyer { ground: &ground, client: &mut client, number, steps };
        let Ok(end) = buyer.goes().await else { return (None, told) };
        told.waits.push(asked.elapsed());
        match end {
            End::Paid => told.bought += 1,
            End::TooLate => told.sold_out += 1,
            End::Other => told.other += 1,
        }
    }
}

impl Buyer<'_> {
    async fn goes(&mut self) -> io::Result<End> {
        let variant = &self.ground.variant;
        let what = match (self.ground.flow, &self.ground.together) {
            (Flow::Join, Some(together)) => {
                match self.number.checked_sub(self.ground.teams.len()) {
                    None => {
                        json!({ "kind": "open_team", "group_buy": together.group_buy.to_string(),
                                "variant": variant, "quantity": 1 })
                    }
                    Some(number) => {
                        // One team after the other, so that many want the places of the same one.
                        let team = number / (self.ground.per_team - 1);
                        let team = team.min(self.ground.teams.len() - 1);
                        let Some(team) = self.ground.teams[team].get() else {
                            return Ok(End::Other);
                        };
                        json!({ "kind": "join_team", "team": team, "variant": variant,
                                "quantity": 1 })
                    }
                }
            }
            _ => {
                let line = json!({ "variant": variant, "quantity": 1 });
                let answer = self.api("cart", "POST", "/api/v1/cart/lines", Some(&line)).await?;
                if answer.status != 200 {
                    return Ok(self.other("cart", &answer));
                }
                json!({ "kind": "cart" })
            }
        };
        let place = json!({ "what": what, "address": {
            "name": "Ann", "phone": "+8613800138000", "country": "CN", "region": "浙江省",
            "city": "杭州市", "line1": "龙井路 1 号" } });
        let answer = self.api("order", "POST", "/api/v1/orders", Some(&place)).await?;
        if answer.status == 409 && said(&answer, "group_buy.full") {
            return Ok(End::TooLate);
        }
        // A team is complete when the last place is paid for: whoever comes then is too late.
        if answer.status == 409 && said(&answer, "group_buy.not_open") {
            return Ok(End::TooLate);
        }
        if answer.status != 201 {
            return Ok(self.other("order", &answer));
        }
        let placed: app::checkout::Placed = serde_json::from_slice(&answer.body)?;
        let path = format!("/api/v1/orders/{}/payment", placed.order);
        let answer = self.api("payment", "POST", &path, Some(&json!({}))).await?;
        if answer.status != 200 {
            return Ok(self.other("payment", &answer));
        }
        let begun: app::payment::PayView = serde_json::from_slice(&answer.body)?;
        let answer = self.bank_says(&begun.payment.to_string(), begun.amount).await?;
        if answer.status != 200 {
            return Ok(self.other("notice", &answer));
        }
        let path = format!("/api/v1/orders/{}", placed.order);
        let answer = self.api("look", "GET", &path, None).await?;
        let seen: app::order::OrderView = serde_json::from_slice(&answer.body)?;
        if seen.paid_at.is_none() {
            return Ok(self.other("look", &answer));
        }
        if let (Some(team), Some(open)) = (placed.team, self.ground.teams.get(self.number)) {
            let _ = open.set(team.to_string());
        }
        Ok(End::Paid)
    }

    /// The bank's notice that this was paid.
    async fn bank_says(&mut self, reference: &str, amount: Money) -> io::Result<Answer> {
        let body = sandbox::Body {
            event_id: format!("bench-{reference}"),
            reference: reference.to_string(),
            status: "paid".into(),
            amount: amount.minor,
            currency: amount.currency,
        };
        let text = serde_json::to_string(&body)?;
        #[expect(clippy::disallowed_methods, reason = "the bank has a clock of its own")]
        let seconds = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_err(io::Error::other)?
            .as_secs()
            .to_string();
        let signature = sandbox::signature(&self.ground.shop, &body.event_id, &seconds, &text);
        let request = format!(
            "POST /hooks/payments/{} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
             Webhook-Id: {}\r\nWebhook-Timestamp: {seconds}\r\nWebhook-Signature: {signature}\r\n\
             Content-Length: {}\r\n\r\n{text}",
            sandbox::NAME,
            self.ground.host,
            body.event_id,
            text.len()
        );
        self.ask("notice", request).await
    }

    async fn api(
        &mut self,
        step: &'static str,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> io::Result<Answer> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\
             Content-Type: application/json\r\nIdempotency-Key: bench-{step}-of-buyer-{}\r\n\
             Content-Length: {}\r\n\r\n{body}",
            self.ground.host,
            self.ground.tokens[self.number],
            self.number,
            body.len()
        );
        self.ask(step, request).await
    }

    async fn ask(&mut self, step: &'static str, request: String) -> io::Result<Answer> {
        let asked = now();
        let answer = self.client.ask(request.as_bytes()).await?;
        self.steps.entry(step).or_default().push(asked.elapsed());
        Ok(answer)
    }

    fn other(&self, step: &str, answer: &Answer) -> End {
        eprintln!("{step}: {}: {}", answer.status, String::from_utf8_lossy(&answer.body));
        End::Other
    }
}

fn said(answer: &Answer, code: &str) -> bool {
    String::from_utf8_lossy(&answer.body).contains(code)
}
