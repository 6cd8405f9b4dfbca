//! Other people's addresses, read without being led astray.
//!
//! A merchant's file may name any picture address, so what is fetched is not to be trusted: names
//! are resolved first, every address they have must be a public one, and the connection is made to
//! exactly the addresses that were checked, which are looked at once more as it is made. Redirects
//! are followed by hand, each checked again; those of webhooks are not followed.

use std::io::Read;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use ureq::config::Config;
use ureq::http::{StatusCode, Uri, header};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{ConnectionDetails, Connector, DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

use super::{Fetch, Letter, Reply, Trouble};

const REDIRECTS: usize = 3;
const LONGEST_URL: usize = 2_000;
const GET_TIME: Duration = Duration::from_secs(20);
const POST_TIME: Duration = Duration::from_secs(10);
const TELL_TIME: Duration = Duration::from_secs(15);
/// Within what a request of ours may take, when it waits for theirs.
const HURRY: Duration = Duration::from_secs(8);
const CONNECT_TIME: Duration = Duration::from_secs(5);
/// How much of an endpoint's answer is read, how long, and how much of that is kept.
const MOST_READ: u64 = 8 * 1024;
const READ_TIME: Duration = Duration::from_secs(3);
const MOST_KEPT: usize = 500;

/// The real thing.
pub struct Http {
    /// For addresses others chose.
    guarded: Agent,
    /// For addresses our own settings name.
    free: Agent,
    /// For webhooks: on the public network, and on this machine.
    abroad: Agent,
    home: Agent,
}

impl Default for Http {
    fn default() -> Http {
        Http::new()
    }
}

impl Http {
    pub fn new() -> Http {
        Http::with_patience(TELL_TIME)
    }

    /// The same, with so much patience for the answers of webhooks.
    pub fn with_patience(patience: Duration) -> Http {
        let behind = |guard: Guard, config: Config| {
            let connector = Gate(guard.0).chain(DefaultConnector::default());
            Agent::with_parts(config, connector, guard)
        };
        let telling = || settings(patience, Some(patience.min(READ_TIME)));
        Http {
            guarded: behind(Guard(is_public, DefaultResolver::default()), settings(GET_TIME, None)),
            free: Agent::new_with_config(settings(POST_TIME, None)),
            abroad: behind(Guard(is_public, DefaultResolver::default()), telling()),
            home: behind(Guard(is_home, DefaultResolver::default()), telling()),
        }
    }
}

fn settings(whole: Duration, body: Option<Duration>) -> Config {
    Agent::config_builder()
        .timeout_global(Some(whole))
        .timeout_connect(Some(CONNECT_TIME))
        .timeout_resolve(Some(CONNECT_TIME))
        .timeout_recv_body(body)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        // A proxy would resolve names behind the guard's back.
        .proxy(None)
        .max_response_header_size(16 * 1024)
        .max_idle_connections(4)
        .max_idle_connections_per_host(2)
        .user_agent(concat!("Pinwheel/", env!("CARGO_PKG_VERSION")))
        .build()
}

impl Fetch for Http {
    fn get(&self, url: &str, most: usize) -> Result<Vec<u8>, Trouble> {
        let mut url = checked(url)?;
        for _ in 0..=REDIRECTS {
            let mut answer = self.guarded.get(&url).call().map_err(meaning)?;
            let status = answer.status();
            if status.is_redirection() {
                let to = answer.headers().get(header::LOCATION).and_then(|to| to.to_str().ok());
                let to = to.ok_or_else(|| refused("a redirect to nowhere"))?;
                url = checked(&joined(&url, to))?;
                continue;
            }
            judge(status)?;
            // One byte more than allowed, to tell a full answer from one that was cut.
            let body = answer.body_mut().with_config().limit(most as u64 + 1);
            let body = body.read_to_vec().map_err(meaning)?;
            return if body.len() > most { Err(too_large()) } else { Ok(body) };
        }
        Err(refused("too many redirects"))
    }

    fn post(&self, url: &str, headers: &[(&str, &str)], body: &str) -> Result<u16, Trouble> {
        let mut request = self.free.post(url);
        let typed = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        if !typed {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Ok(request.send(body).map_err(meaning)?.status().as_u16())
    }

    fn tell(&self, letter: &Letter) -> Result<Reply, Trouble> {
        let agent = if letter.home {
            &self.home
        } else {
            checked(&letter.url)?;
            &self.abroad
        };
        let mut request = agent.post(&letter.url);
        if letter.hurry {
            request = request.config().timeout_global(Some(HURRY)).build();
        }
        for (name, value) in &letter.headers {
            request = request.header(name, value);
        }
        let mut answer = request.send(&letter.body).map_err(meaning)?;
        let retry_after = answer.headers().get(header::RETRY_AFTER);
        let retry_after = retry_after.and_then(|value| value.to_str().ok()).map(str::to_string);
        // The head has said it all: a body that is slow, cut or endless changes nothing.
        let mut said = Vec::new();
        answer.body_mut().as_reader().take(MOST_READ).read_to_end(&mut said).ok();
        let said = String::from_utf8_lossy(&said);
        let said = said.chars().filter(|letter| !letter.is_control()).take(MOST_KEPT).collect();
        Ok(Reply { status: answer.status().as_u16(), retry_after, said })
    }
}

/// Whether the answer is the thing itself, and if not, whether it may be later.
fn judge(status: StatusCode) -> Result<(), Trouble> {
    if status.is_success() {
        return Ok(());
    }
    let text = format!("status {}", status.as_u16());
    let later = status.is_server_error()
        || matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT);
    Err(if later { Trouble::Away(text) } else { Trouble::Refused(text) })
}

fn refused(why: &str) -> Trouble {
    Trouble::Refused(why.to_string())
}

fn too_large() -> Trouble {
    refused("larger than allowed")
}

fn meaning(error: Error) -> Trouble {
    match error {
        Error::Other(why) if why.is::<Private>() => Trouble::Refused(why.to_string()),
        Error::BodyExceedsLimit(_) => too_large(),
        Error::BadUri(why) => Trouble::Refused(why),
        Error::Http(why) => Trouble::Refused(why.to_string()),
        Error::LargeResponseHeader(..) => refused("a header larger than allowed"),
        other => Trouble::Away(other.to_string()),
    }
}

/// An address that may be asked: web only, without credentials, and with a host.
pub fn checked(url: &str) -> Result<String, Trouble> {
    if url.len() > LONGEST_URL {
        return Err(refused("an address longer than allowed"));
    }
    let uri: Uri = url.parse().map_err(|_| refused("not an address"))?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err(refused("not a web address"));
    }
    let authority = uri.authority().ok_or_else(|| refused("an address without a host"))?;
    if authority.as_str().contains('@') {
        return Err(refused("an address with credentials"));
    }
    // What is written as a number is judged now, what is a name when it is resolved.
    let host = authority.host().trim_start_matches('[').trim_end_matches(']');
    match host.parse::<IpAddr>() {
        Ok(address) if !is_public(address) => Err(Trouble::Refused(Private.to_string())),
        _ if host.is_empty() => Err(refused("an address without a host")),
        _ => Ok(uri.to_string()),
    }
}

/// Where a redirect leads from `base`.
fn joined(base: &str, to: &str) -> String {
    let to = to.split('#').next().unwrap_or_default();
    let (scheme, rest) = base.split_once("://").unwrap_or(("https", base));
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let path = path.split('?').next().unwrap_or_default();
    if to.contains("://") {
        to.to_string()
    } else if to.starts_with("//") {
        format!("{scheme}:{to}")
    } else if to.starts_with('/') {
        format!("{scheme}://{host}{to}")
    } else if to.starts_with('?') {
        format!("{scheme}://{host}{path}{to}")
    } else {
        let folder = path.rfind('/').map_or("/", |slash| &path[..=slash]);
        format!("{scheme}://{host}{folder}{to}")
    }
}

/// Resolves names and lets only those addresses through that its rule allows.
#[derive(Debug)]
struct Guard(fn(IpAddr) -> bool, DefaultResolver);

impl Resolver for Guard {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.1.resolve(uri, config, timeout)?;
        // One private address among public ones is a trap, not a choice.
        if found.iter().all(|address| self.0(address.ip())) {
            Ok(found)
        } else {
            Err(Error::Other(Box::new(Private)))
        }
    }
}

/// Looks at the addresses once more as the connection is made.
#[derive(Debug)]
struct Gate(fn(IpAddr) -> bool);

impl Connector for Gate {
    type Out = ();

    fn connect(&self, details: &ConnectionDetails, _: Option<()>) -> Result<Option<()>, Error> {
        if details.addrs.iter().all(|address| self.0(address.ip())) {
            Ok(None)
        } else {
            Err(Error::Other(Box::new(Private)))
        }
    }
}

/// The address is inside some network, not on the public one.
#[derive(Debug)]
struct Private;

impl std::fmt::Display for Private {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("a private address")
    }
}

impl std::error::Error for Private {}

/// Whether an address is one that anybody on the public network could reach.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// Whether it is this very machine.
fn is_home(address: IpAddr) -> bool {
    address.is_loopback()
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !match a {
        // This network, private, loopback; multicast, reserved and broadcast.
        0 | 10 | 127 | 224..=255 => true,
        // Carriers' own networks.
        100 => (64..=127).contains(&b),
        // Link-local, where clouds keep their credentials.
        169 => b == 254,
        172 => (16..=31).contains(&b),
        // Private, protocol assignments, examples, relays.
        192 => matches!((b, c), (168, _) | (0, 0 | 2) | (88, 99)),
        // Benchmarks and examples.
        198 => matches!((b, c), (18 | 19, _) | (51, 100)),
        203 => (b, c) == (0, 113),
        _ => false,
    }
}

/// Only global unicast (2000::/3), which leaves out loopback, mapped and translated IPv4, unique
/// and link-local addresses and multicast; and of it not what wraps other addresses or is reserved.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let reserved = match a {
        // Teredo and other protocol assignments; examples.
        0x2001 => b < 0x200 || b == 0xdb8,
        // IPv4 in disguise.
        0x2002 => true,
        0x3fff => b < 0x1000,
        _ => false,
    };
    (0x2000..0x4000).contains(&a) && !reserved
}

#[cfg(test)]
mod tests;
