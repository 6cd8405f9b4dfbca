//! Other people's addresses, read without being led astray.
//!
//! A merchant's file may name any picture address, so what is fetched is not to be trusted: names
//! are resolved first, every address they have must be a public one, and the connection is made to
//! exactly the addresses that were checked. Redirects are followed by hand, each checked again.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use ureq::config::Config;
use ureq::http::{StatusCode, Uri, header};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

use super::{Fetch, Trouble};

const REDIRECTS: usize = 3;
const LONGEST_URL: usize = 2_000;
const GET_TIME: Duration = Duration::from_secs(20);
const POST_TIME: Duration = Duration::from_secs(10);
const CONNECT_TIME: Duration = Duration::from_secs(5);

/// The real thing.
pub struct Http {
    /// For addresses others chose.
    guarded: Agent,
    /// For addresses our own settings name.
    free: Agent,
}

impl Default for Http {
    fn default() -> Http {
        Http::new()
    }
}

impl Http {
    pub fn new() -> Http {
        let guarded = Agent::with_parts(
            settings(GET_TIME),
            DefaultConnector::default(),
            Guard(DefaultResolver::default()),
        );
        Http { guarded, free: Agent::new_with_config(settings(POST_TIME)) }
    }
}

fn settings(whole: Duration) -> Config {
    Agent::config_builder()
        .timeout_global(Some(whole))
        .timeout_connect(Some(CONNECT_TIME))
        .timeout_resolve(Some(CONNECT_TIME))
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
fn checked(url: &str) -> Result<String, Trouble> {
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

/// Resolves names and lets only public addresses through.
#[derive(Debug)]
struct Guard(DefaultResolver);

impl Resolver for Guard {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.0.resolve(uri, config, timeout)?;
        // One private address among public ones is a trap, not a choice.
        if found.iter().all(|address| is_public(address.ip())) {
            Ok(found)
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
