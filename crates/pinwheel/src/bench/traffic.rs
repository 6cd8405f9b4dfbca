//! Mixed traffic, as it comes: at a pace that does not wait for answers.
//!
//! Of a hundred errands seventy look at pages, twenty at teams, eight fill a cart, and two buy and
//! pay. Each is due at its moment, and what it waits is counted from there: a shop that falls
//! behind cannot slow down those who come.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use app::failure::Failure;
use app::group_buy::{self, NewGroupBuy, OfferedVariant};
use app::rehearsal::{self, Rehearsal};
use app::{App, Visitor, person};
use domain::moment::Span;
use domain::person::Role;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::client::{Answer, Client};
use super::node::Node;
use crate::arguments::Site;

/// Nobody waits longer for an answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Who is not even asked for so long has gone.
const GONE: Duration = Duration::from_secs(1);
/// The price in a team, below the 39.50 of the product alone.
const TOGETHER: i64 = 2_950;

/// Where people go, and who they are.
pub struct Street {
    address: SocketAddr,
    product: String,
    variant: String,
    group_buy: String,
    tokens: Vec<String>,
    /// Errands begun so far: each has a number of its own, and keys made of it.
    begun: AtomicU64,
}

/// So many errands a second for so long, over so many connections; without a pace as many as are
/// answered.
#[derive(Clone, Copy)]
pub struct Offer {
    pub pace: Option<u64>,
    pub lasts: Duration,
    pub lines: usize,
}

/// How an errand ended.
#[derive(Clone, PartialEq, Eq)]
enum End {
    Good,
    /// It was told to come again, and when.
    Refused,
    /// Anything else, or nothing.
    Wrong(String),
    /// Nobody was free to begin it.
    Gone,
}

/// What was heard in one second.
#[derive(Clone, Default)]
pub struct Second {
    pub good: usize,
    pub refused: usize,
    pub wrong: usize,
    pub gone: usize,
    /// How long the good ones waited, in microseconds.
    pub waits: Vec<u64>,
    /// How long the refused ones did.
    pub refusals: Vec<u64>,
}

/// What was heard of an offer, second by second as errands were due.
#[derive(Default)]
pub struct Heard {
    pub seconds: Vec<Second>,
    /// What was wrong, and how often.
    pub wrong: BTreeMap<String, usize>,
}

impl Heard {
    pub fn sum(&self, of: impl Fn(&Second) -> usize) -> usize {
        self.seconds.iter().map(of).sum()
    }

    /// The wait in microseconds that so many of a hundred did not exceed.
    pub fn rank(&self, of_hundred: usize, of: impl Fn(&Second) -> &[u64]) -> u64 {
        let mut all: Vec<u64> =
            self.seconds.iter().flat_map(|second| of(second).to_vec()).collect();
        rank(&mut all, of_hundred)
    }
}

/// The value that so many of a hundred do not exceed.
pub fn rank(all: &mut [u64], of_hundred: usize) -> u64 {
    all.sort_unstable();
    all.get((all.len() * of_hundred).div_ceil(100).max(1) - 1).copied().unwrap_or(0)
}

#[expect(clippy::disallowed_methods, reason = "this is what measures")]
pub fn now() -> Instant {
    Instant::now()
}

impl Street {
    /// A node that serves the rehearsal's shop, its street, and a thread that drives the people.
    pub fn open(
        app: &App,
        site: &Site,
        made: &Rehearsal,
    ) -> Result<(Node, Arc<Street>, Runtime), Failure> {
        let node = Node::start(site)?;
        let street = Street::of(app, node.address, made)?;
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(1).enable_all().build().map_err(Failure::broken)?;
        Ok((node, street, runtime))
    }

    /// The rehearsal's shop with a group buy on, so that there is something to share.
    pub fn of(app: &App, address: SocketAddr, made: &Rehearsal) -> Result<Arc<Street>, Failure> {
        let variant = made.variant;
        let sql = "select product_id from variants where id = $1";
        let product = app.read(|tx| tx.one(sql, &[variant.into()], |row| row.get(0)))?;
        let mut settings = group_buy::templates().remove(0).settings;
        settings.per_person = 9_999;
        let new = NewGroupBuy {
            title: "Cups together".into(),
            product,
            starts_at: app.now(),
            ends_at: app.now().plus(Span::days(14)),
            settings,
            variants: vec![OfferedVariant { variant, price: TOGETHER, quota: None }],
            launch: true,
        };
        // A group buy says who made it: that is somebody, and not the terminal.
        let (contact, password) = ("zoe@example.com", "turning in the wind");
        let zoe = person::add_staff_from_terminal(app, "zoe", contact, Role::Owner, password)?;
        let zoe = Visitor::of(zoe.id, "zoe", Role::Owner);
        rehearsal::licensed(app, &zoe)?;
        let owner = zoe.with_key("the-group-buy-of-the-bench", "bench")?;
        let group_buy = group_buy::create(app, &owner, new)?.id;
        Ok(Arc::new(Street {
            address,
            product: format!("/products/{}", made.handle),
            variant: variant.to_string(),
            group_buy: group_buy.to_string(),
            tokens: made.tokens.clone(),
            begun: AtomicU64::new(0),
        }))
    }

    /// Sends what is offered and listens to the end.
    pub async fn send(self: &Arc<Street>, offer: Offer) -> Result<Heard, Failure> {
        let next = Arc::new(AtomicU64::new(0));
        let began = now();
        let lines: Vec<_> = (0..offer.lines)
            .map(|_| tokio::spawn(Arc::clone(self).walk(offer, began, Arc::clone(&next))))
            .collect();
        let seconds = vec![Second::default(); offer.lasts.as_secs() as usize];
        let mut heard = Heard { seconds, wrong: BTreeMap::new() };
        for line in lines {
            for (due, took, end) in line.await.map_err(Failure::broken)? {
                let last = heard.seconds.len() - 1;
                let second = &mut heard.seconds[(due.as_secs() as usize).min(last)];
                let took = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
                match end {
                    End::Good => {
                        second.good += 1;
                        second.waits.push(took);
                    }
                    End::Refused => {
                        second.refused += 1;
                        second.refusals.push(took);
                    }
                    End::Gone => second.gone += 1,
                    End::Wrong(why) => {
                        second.wrong += 1;
                        *heard.wrong.entry(why).or_default() += 1;
                    }
                }
            }
        }
        Ok(heard)
    }

    /// One connection and its errands, one after the other.
    async fn walk(
        self: Arc<Street>,
        offer: Offer,
        began: Instant,
        next: Arc<AtomicU64>,
    ) -> Vec<(Duration, Duration, End)> {
        let mut line = Line { street: &self, client: None };
        let mut ends = Vec::new();
        loop {
            let due = match offer.pace {
                None => began.elapsed(),
                Some(pace) => {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    Duration::from_micros(number.saturating_mul(1_000_000) / pace.max(1))
                }
            };
            if due >= offer.lasts {
                return ends;
            }
            tokio::time::sleep_until((began + due).into()).await;
            if began.elapsed() > due + GONE {
                ends.push((due, GONE, End::Gone));
                continue;
            }
            let number = self.begun.fetch_add(1, Ordering::Relaxed);
            let sent = now();
            let end = line.errand(number).await.err().unwrap_or(End::Good);
            if matches!(end, End::Wrong(_)) {
                line.client = None;
            }
            // A no is the shop's own: how long it took to say so begins when it was asked.
            let took = match end {
                End::Refused => sent.elapsed(),
                _ => began.elapsed().saturating_sub(due),
            };
            ends.push((due, took, end));
        }
    }
}

/// A connection, made anew when it broke.
struct Line<'s> {
    street: &'s Street,
    client: Option<Client>,
}

impl Line<'_> {
    async fn errand(&mut self, number: u64) -> Result<(), End> {
        let street = self.street;
        let turn = number / 50;
        let token = &street.tokens[turn as usize % street.tokens.len()];
        match number % 50 {
            0 => self.buy(number, token).await,
            1..=4 => {
                let quantity = 1 + turn % 3;
                let what = json!({ "variant": street.variant, "quantity": quantity });
                self.ask("POST", "/api/v1/cart/lines", token, "", &what.to_string()).await?;
                Ok(())
            }
            5..=9 => self.look("/teams").await,
            // As somebody known: of strangers behind one address the shop takes only so many.
            10..=14 => self.ask("GET", "/api/v1/teams?limit=20", token, "", "").await.map(|_| ()),
            15..=29 => self.look("/").await,
            30..=39 => self.look("/discover").await,
            _ => self.look(&street.product).await,
        }
    }

    async fn look(&mut self, path: &str) -> Result<(), End> {
        self.ask("GET", path, "", "", "").await.map(|_| ())
    }

    /// Orders alone, with others or in a team that is open, and pays.
    async fn buy(&mut self, number: u64, token: &str) -> Result<(), End> {
        let (variant, group_buy) = (&self.street.variant, &self.street.group_buy);
        let alone = json!({ "kind": "now", "variant": variant, "quantity": 1 });
        let what = match number / 50 % 3 {
            0 => alone,
            1 => json!({ "kind": "open_team", "group_buy": group_buy, "variant": variant,
                         "quantity": 1 }),
            _ => {
                let open = self.ask("GET", "/api/v1/teams?limit=20", token, "", "").await?;
                let teams = json_of(&open);
                let teams = teams["data"].as_array().map_or(&[][..], Vec::as_slice);
                match teams.get(number as usize % teams.len().max(1)) {
                    Some(team) => json!({ "kind": "join_team", "team": team["id"],
                                          "variant": variant, "quantity": 1 }),
                    None => alone,
                }
            }
        };
        let body = json!({
            "what": what,
            "address": { "name": "Ann", "phone": "+8613800138000", "country": "CN",
                         "region": "浙江省", "city": "杭州市", "line1": "龙井路 1 号" },
        });
        let key = format!("bench-of-traffic-{number}");
        let placed = self.ask("POST", "/api/v1/orders", token, &key, &body.to_string()).await?;
        let placed = json_of(&placed);
        // Somebody was quicker, or it is a team of one's own.
        let Some(order) = placed["order"].as_str() else { return Ok(()) };
        let path = format!("/api/v1/orders/{order}/payment");
        let key = format!("bench-of-payments-{number}");
        let begun = json_of(&self.ask("POST", &path, token, &key, "{}").await?);
        let url = begun["pay_url"].as_str().unwrap_or_default();
        let Some(path) = url.find("/sandbox/").map(|at| url[at..].to_string()) else {
            return Ok(());
        };
        let page = self.ask("GET", &path, "", "", "").await?;
        let cookie = page.header("set-cookie").and_then(|line| line.split(';').next());
        let cookie = cookie.unwrap_or_default().to_string();
        let text = String::from_utf8_lossy(&page.body);
        let csrf = text.split("name=\"csrf\" value=\"").nth(1);
        let csrf = csrf.and_then(|rest| rest.split('"').next()).unwrap_or_default();
        let form = format!("csrf={csrf}&act=pay");
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            self.street.address,
            form.len()
        );
        self.exchange(&head).await.map(|_| ())
    }

    async fn ask(
        &mut self,
        method: &str,
        path: &str,
        token: &str,
        key: &str,
        body: &str,
    ) -> Result<Answer, End> {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n", self.street.address);
        if !token.is_empty() {
            head.push_str(&format!("Authorization: Bearer {token}\r\n"));
        }
        if !key.is_empty() {
            head.push_str(&format!("Idempotency-Key: {key}\r\n"));
        }
        if !body.is_empty() {
            let length = body.len();
            let kind = "application/json";
            head.push_str(&format!("Content-Type: {kind}\r\nContent-Length: {length}\r\n"));
        }
        head.push_str("\r\n");
        head.push_str(body);
        self.exchange(&head).await
    }

    async fn exchange(&mut self, request: &str) -> Result<Answer, End> {
        let wrong = |why: &str| End::Wrong(why.to_string());
        let client = match &mut self.client {
            Some(client) => client,
            None => {
                let made = Client::connect(self.street.address).await;
                self.client.insert(made.map_err(|error| End::Wrong(error.to_string()))?)
            }
        };
        let answer = tokio::time::timeout(PATIENCE, client.ask(request.as_bytes())).await;
        let answer = answer.map_err(|_| wrong("no answer in ten seconds"))?;
        let answer = answer.map_err(|error| End::Wrong(error.to_string()))?;
        let closes = answer.header("connection").is_some_and(|said| said == "close");
        if closes {
            self.client = None;
        }
        match answer.status {
            200..=399 | 409 => Ok(answer),
            429 | 503 if answer.header("retry-after").is_some() => Err(End::Refused),
            status => {
                let path = request.split(' ').nth(1).unwrap_or_default();
                let path = path.split(['?', '_']).next().unwrap_or_default();
                Err(End::Wrong(format!("{status} at {path}")))
            }
        }
    }
}

fn json_of(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rank_is_a_value_that_was_there() {
        let check = |all: &[u64], of_hundred, want| {
            assert_eq!(rank(&mut all.to_vec(), of_hundred), want);
        };
        check(&[], 99, 0);
        check(&[7], 50, 7);
        check(&[3, 1, 2], 50, 2);
        check(&(1..=100).collect::<Vec<_>>(), 99, 99);
    }
}
