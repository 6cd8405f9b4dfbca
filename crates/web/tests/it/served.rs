//! A shop behind a real server on a free port, and a client that says exactly what it sends.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use app::config::Config;
use app::outside::Outside;
use app::token::{self, NewToken};
use app::{Visitor, person, session};
use domain::person::Scope;
use serde_json::Value;

use crate::support::{self, TestShop};

/// A shop with its server; both end with it.
pub struct Served {
    pub shop: TestShop,
    pub address: SocketAddr,
    web: web::Shop,
    runtime: tokio::runtime::Runtime,
}

impl Deref for Served {
    type Target = TestShop;
    fn deref(&self) -> &TestShop {
        &self.shop
    }
}

/// Serves a shop of the default engine.
pub fn served() -> Served {
    served_within(|_| {})
}

/// The same behind a door with limits of one's own.
pub fn served_within(narrow: impl FnOnce(&mut web::door::Limits)) -> Served {
    serve(support::shop(), narrow)
}

/// A shop with settings of its own.
pub fn served_with(config: Config) -> Served {
    serve(support::sqlite_in(config, Outside::remembered()), |_| {})
}

/// Serves this shop.
pub fn serve(shop: TestShop, narrow: impl FnOnce(&mut web::door::Limits)) -> Served {
    let mut limits = web::door::Limits::of(&shop.app.config);
    narrow(&mut limits);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let (address, web) = runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let web = web::Shop::new(Arc::clone(&shop.app)).unwrap();
        let served = web::serve_within(web.clone(), listener, limits, std::future::pending());
        tokio::spawn(served);
        (address, web)
    });
    Served { shop, address, web, runtime }
}

/// An answer as it came.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value)
    }

    pub fn json(&self) -> Value {
        let text = String::from_utf8_lossy(&self.bytes);
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The problem this is, its shape checked.
    pub fn problem(&self) -> Value {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text());
        let problem = self.json();
        assert_eq!(problem["status"], self.status);
        for field in ["type", "title", "detail", "instance", "code"] {
            let said = problem[field].as_str().unwrap_or("");
            assert!(!said.is_empty(), "{field} is empty in {problem}");
            assert!(!said.contains('⟨'), "a text is missing in {problem}");
        }
        assert!(problem["retryable"].is_boolean());
        assert_eq!(problem["instance"], self.header("x-request-id"));
        problem
    }

    /// The code of the problem this is.
    pub fn code(&self) -> String {
        self.problem()["code"].as_str().unwrap().to_string()
    }

    /// The session's cookie that was set, as a request carries it.
    pub fn cookie(&self) -> String {
        let set = self.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
        let session = set.map(|(_, value)| value).find(|value| value.starts_with("pw_session="));
        session.map_or(String::new(), |value| value.split(';').next().unwrap().to_string())
    }
}

impl Served {
    /// As if so many were being answered that nobody else can be, while this is kept.
    pub fn busy(&self) -> Vec<web::turns::Turn> {
        std::iter::from_fn(|| self.runtime.block_on(self.web.front.take()).ok()).collect()
    }

    /// Sends a request as it is and reads the whole answer.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n", self.address);
        head.push_str("Connection: close\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() || method == "POST" {
            head.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        head.push_str("\r\n");
        self.send_raw(&[head.as_bytes(), body].concat())
    }

    /// Sends these bytes and reads the whole answer.
    pub fn send_raw(&self, request: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        // A server may answer and close before it has read a body it does not want.
        stream.write_all(request).ok();
        let mut all = Vec::new();
        stream.read_to_end(&mut all).ok();
        read(&all)
    }

    pub fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send("GET", path, headers, b"")
    }

    /// A JSON request of a program with this token.
    pub fn call(&self, token: &str, method: &str, path: &str, body: &Value) -> Answer {
        self.call_with(token, method, path, body, &[])
    }

    /// The same with more headers.
    pub fn call_with(
        &self,
        token: &str,
        method: &str,
        path: &str,
        body: &Value,
        more: &[(&str, &str)],
    ) -> Answer {
        let bearer = format!("Bearer {token}");
        let mut headers = more.to_vec();
        if !token.is_empty() {
            headers.push(("Authorization", &bearer));
        }
        if body.is_null() {
            return self.send(method, path, &headers, b"");
        }
        headers.push(("Content-Type", "application/json"));
        self.send(method, path, &headers, body.to_string().as_bytes())
    }

    /// A token of somebody with every scope.
    pub fn token(&self, visitor: &Visitor) -> String {
        self.token_for(visitor, &Scope::ALL)
    }

    pub fn token_for(&self, visitor: &Visitor, scopes: &[Scope]) -> String {
        let new = NewToken { name: "test".into(), scopes: scopes.to_vec() };
        token::make(&self.app, visitor, new).unwrap().token
    }

    /// A browser somebody is signed in with: its cookie and its form key.
    pub fn browser(&self, name: &str) -> (String, String) {
        self.app.write(app::shop::become_demo).unwrap();
        let came = person::demo_sign_in(&self.app, &Visitor::default(), name).unwrap();
        let found = session::find(&self.app, &came.started.token).unwrap().unwrap();
        (format!("pw_session={}", came.started.token), found.csrf)
    }
}

pub fn read(all: &[u8]) -> Answer {
    let end = all.windows(4).position(|window| window == b"\r\n\r\n");
    let end = end.unwrap_or_else(|| panic!("no answer: {}", String::from_utf8_lossy(all)));
    let head = String::from_utf8_lossy(&all[..end]).into_owned();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_string(), value.to_string()))
        .collect();
    let known: BTreeMap<String, String> =
        headers.iter().map(|(name, value)| (name.to_lowercase(), value.clone())).collect();
    let rest = &all[end + 4..];
    let chunked = known.get("transfer-encoding").is_some_and(|how| how == "chunked");
    let bytes = if chunked { unchunked(rest) } else { rest.to_vec() };
    Answer { status, headers, bytes }
}

fn unchunked(mut rest: &[u8]) -> Vec<u8> {
    let mut all = Vec::new();
    while let Some(end) = rest.windows(2).position(|window| window == b"\r\n") {
        let size = usize::from_str_radix(&String::from_utf8_lossy(&rest[..end]), 16).unwrap_or(0);
        if size == 0 || rest.len() < end + 2 + size {
            break;
        }
        all.extend_from_slice(&rest[end + 2..end + 2 + size]);
        rest = &rest[(end + 4 + size).min(rest.len())..];
    }
    all
}
