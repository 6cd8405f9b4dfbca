//! Webhooks: whom the shop tells what happened, when it tries again, and what an answer means.
//!
//! After Standard Webhooks 1.0. A delivery is tried ten times over three days; whoever says that it
//! is gone is not asked again, and whoever is busy is left alone for as long as it wishes.

use crate::event::Fact;
use crate::id::Kind;
use crate::moment::{Moment, Span};

/// An endpoint: an address that is told what happens.
pub struct Webhook;
impl Kind for Webhook {
    const PREFIX: &'static str = "whk";
}
crate::id::described!(Webhook);

/// How long after the try before it each try is made.
pub const SCHEDULE: [Span; 10] = [
    Span::seconds(0),
    Span::seconds(5),
    Span::minutes(5),
    Span::minutes(30),
    Span::hours(2),
    Span::hours(5),
    Span::hours(10),
    Span::hours(14),
    Span::hours(20),
    Span::hours(24),
];
/// Basis points in a whole.
const WHOLE: i64 = 10_000;
/// Tries come up to a tenth earlier or later, so that a thousand that failed together do not come
/// back together.
pub const JITTER: i64 = WHOLE / 10;
/// Nobody may put a delivery off for longer than this.
pub const LONGEST_WISH: Span = Span::hours(24);
/// How long an endpoint that does not answer is left alone at most before it is tried with
/// whatever waits.
pub const LONGEST_PAUSE: Span = Span::minutes(1);
/// An endpoint that took nothing for this long, to the last try of a delivery, is switched off.
pub const FAILING: Span = Span::hours(72);
/// How long the secret before the last still signs.
pub const OVERLAP: Span = Span::hours(24);
/// A body is smaller than this.
pub const MOST_BYTES: usize = 20 * 1024;
/// How many endpoints a shop may have.
pub const MOST_WEBHOOKS: i64 = 50;
/// How many deliveries one request may ask for again.
pub const MOST_REPLAYED: i64 = 10_000;

/// What came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    Status(u16),
    /// No answer in time, or no connection.
    Nothing,
}

/// What an answer means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// 2xx: it has it.
    Done,
    /// 410: it wants nothing more.
    Gone,
    /// 429, 502, 503, 504: later, please.
    Busy,
    /// Anything else, redirects among it: they are not followed.
    Failed,
}

impl Meaning {
    pub fn code(self) -> &'static str {
        match self {
            Meaning::Done => "done",
            Meaning::Gone => "gone",
            Meaning::Busy => "busy",
            Meaning::Failed => "failed",
        }
    }
}

pub fn meaning(heard: Heard) -> Meaning {
    match heard {
        Heard::Status(200..=299) => Meaning::Done,
        Heard::Status(410) => Meaning::Gone,
        Heard::Status(429 | 502 | 503 | 504) => Meaning::Busy,
        Heard::Status(_) | Heard::Nothing => Meaning::Failed,
    }
}

/// Where a delivery stands when a try ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Try {
    pub heard: Heard,
    /// How many tries were made of this delivery, with this one.
    pub tries: i64,
    /// What the answer wished with `Retry-After`.
    pub wish: Option<Span>,
    /// Since when the endpoint has taken nothing, if the try before failed too.
    pub failing_since: Option<Moment>,
    /// Basis points between -`JITTER` and `JITTER`.
    pub jitter: i64,
    pub now: Moment,
}

/// What becomes of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Sent,
    Again(Moment),
    Dead,
}

/// Why an endpoint is off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Off {
    /// A member of staff switched it off.
    Staff,
    /// It said 410.
    Gone,
    /// It took nothing for three days.
    Failing,
}

impl Off {
    pub const ALL: [Off; 3] = [Off::Staff, Off::Gone, Off::Failing];

    pub fn code(self) -> &'static str {
        match self {
            Off::Staff => "staff",
            Off::Gone => "gone",
            Off::Failing => "failing",
        }
    }
}

/// What follows from a try: for the delivery, and for its endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Follows {
    pub fate: Fate,
    /// Nothing else is sent there before.
    pub pause: Option<Moment>,
    pub off: Option<Off>,
}

/// What follows from a try.
pub fn after(tried: &Try) -> Follows {
    let nothing = Follows { fate: Fate::Sent, pause: None, off: None };
    let means = meaning(tried.heard);
    match means {
        Meaning::Done => return nothing,
        Meaning::Gone => return Follows { fate: Fate::Dead, off: Some(Off::Gone), ..nothing },
        Meaning::Busy | Meaning::Failed => {}
    }
    let wish = tried.wish.map(|wish| Span(wish.0.clamp(0, LONGEST_WISH.0)));
    let delay = delay(tried.tries, tried.jitter);
    let wait = delay.map(|delay| wish.map_or(delay, |wish| delay.max(wish)));
    let Some(wait) = wait else {
        let long = tried.failing_since.is_some_and(|since| tried.now.since(since) >= FAILING);
        return Follows { fate: Fate::Dead, pause: None, off: long.then_some(Off::Failing) };
    };
    // One that does not answer costs a worker fifteen seconds, and one that is busy asked for
    // peace: what else waits for them waits a little too.
    let quiet = means == Meaning::Busy || tried.heard == Heard::Nothing;
    let short = wait.min(LONGEST_PAUSE);
    let pause = quiet.then(|| tried.now.plus(wish.map_or(short, |wish| wish.max(short))));
    Follows { fate: Fate::Again(tried.now.plus(wait)), pause, off: None }
}

/// How long after the `tries`th try the next one is made; none after the last.
pub fn delay(tries: i64, jitter: i64) -> Option<Span> {
    let next = SCHEDULE.get(usize::try_from(tries).ok()?)?;
    let jitter = jitter.clamp(-JITTER, JITTER);
    Some(Span(next.0 + next.0 / WHOLE * jitter))
}

/// Why an endpoint cannot be as somebody wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Not an `https` address of a public place.
    BadUrl,
    /// There is an endpoint with this address.
    UrlTaken,
    /// A name of an event that does not exist.
    NoSuchEvent,
    /// More than 200 characters about what it is for.
    BadDescription,
    /// So many at most.
    TooMany(i64),
    /// It is off: switch it on first.
    IsOff,
    /// More deliveries than one request may ask for again.
    TooManyAgain(i64),
}

/// Where an endpoint is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// On the public network, by `https`.
    Public,
    /// On this very machine, by `http`: only where nothing is earnest.
    Home,
}

/// Judges an address as far as it can be judged without asking for it. `play` is whether the shop
/// is a demo or a sandbox.
pub fn check_url(url: &str, play: bool) -> Result<Reach, Refusal> {
    let plain = url.len() <= 2_000 && url.bytes().all(|byte| byte.is_ascii_graphic());
    let (scheme, rest) = url.split_once("://").ok_or(Refusal::BadUrl)?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let port_right = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
    if !plain || !port_right || host.is_empty() || url.contains(['@', '\\', '#']) {
        return Err(Refusal::BadUrl);
    }
    match scheme.to_ascii_lowercase().as_str() {
        "https" => Ok(Reach::Public),
        "http" if play && ["localhost", "127.0.0.1", "[::1]"].contains(&host) => Ok(Reach::Home),
        _ => Err(Refusal::BadUrl),
    }
}

/// The names an endpoint wants, each once and in the order of the register; empty for all.
pub fn check_events(wanted: &[String]) -> Result<Vec<String>, Refusal> {
    let known = Fact::names();
    if wanted.iter().any(|name| !known.contains(name)) {
        return Err(Refusal::NoSuchEvent);
    }
    Ok(known.into_iter().filter(|name| wanted.contains(name)).collect())
}

pub fn check_description(text: &str) -> Result<&str, Refusal> {
    let text = text.trim();
    let right = text.chars().count() <= 200 && !text.chars().any(char::is_control);
    if right { Ok(text) } else { Err(Refusal::BadDescription) }
}

#[cfg(test)]
mod tests;
