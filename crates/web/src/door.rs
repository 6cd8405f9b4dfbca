//! The door: connections are let in up to a limit, hurried when they are slow, and seen out when
//! the shop closes.
//!
//! HTTP/1.1 and HTTP/2 (also without TLS, as proxies speak it) on one address. Whoever holds a
//! connection without using it loses it; whoever comes when all are taken hears so at once, with
//! `Retry-After`.

mod hurry;
mod patient;
mod places;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use app::config::Config;
use app::measures::measures;
use axum::Router;
use axum::extract::ConnectInfo;
use axum::extract::Request;
use axum::http::Version;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tower::ServiceExt;

use patient::{Patient, Seen};
use places::{Place, Places};

pub use hurry::TooSlow;

/// What a connection may take: room and time.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Open connections in all; one address that is no proxy may have half of them.
    pub connections: usize,
    /// Addresses of proxies, which speak for many.
    pub proxies: app::config::Proxies,
    /// From the first moment to the last line of a request's headers.
    pub head: Duration,
    /// From there to the last byte of its body, or to its next megabyte.
    pub body: Duration,
    /// How long somebody may take for the next few kilobytes of an answer.
    pub stalled: Duration,
    /// How long a connection may be silent in both directions.
    pub idle: Duration,
    /// After so long an HTTP/2 connection is asked to begin anew: one that never reads ends too.
    pub life: Duration,
}

impl Limits {
    /// As the settings say.
    pub fn of(config: &Config) -> Limits {
        Limits {
            connections: config.connections.min(files()),
            proxies: config.proxies.clone(),
            head: Duration::from_secs(5),
            body: Duration::from_secs(30),
            stalled: Duration::from_secs(30),
            idle: Duration::from_secs(60),
            life: Duration::from_secs(600),
        }
    }
}

/// How many connections the system lets this process have, with some files left for itself.
fn files() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    let soft = line.and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok());
    soft.map_or(usize::MAX, |soft| soft.saturating_sub(200).max(soft / 2))
}

/// A head beyond this is refused without a word of ours; up to it `around` explains.
const MOST_HEAD: usize = 128 << 10;
/// The same for the number of lines.
const MOST_LINES: usize = 256;
/// Requests at once on one HTTP/2 connection.
const STREAMS: u32 = 64;
/// Requests that were begun and taken back before they were looked at ("rapid reset").
const RESETS: usize = 20;
/// How much of an answer waits for one HTTP/2 stream.
const STREAM_BUFFER: usize = 64 << 10;
/// How often an HTTP/2 connection with work on it must show that somebody is there.
const PING: Duration = Duration::from_secs(15);
/// Who knocked but has not spoken when the shop closes may still say what they want.
const LAST_WORD: Duration = Duration::from_secs(1);
/// How long the network may keep bytes that nobody confirms.
const UNCONFIRMED: Duration = Duration::from_secs(60);
/// How many may be told at once that the shop is full.
const TURNED_AWAY: usize = 64;

/// What those hear who come when all connections are taken.
const FULL: &str = "{\"type\":\"/api#problem-unavailable\",\"title\":\"Busy\",\"status\":503,\
                    \"detail\":\"Too many connections are open.\",\"instance\":\"\",\
                    \"code\":\"unavailable\",\"retryable\":true}";

/// Lets people in until `shutdown` ends, and then ends when the last has left.
pub async fn serve(
    listener: TcpListener,
    routes: Router,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) -> std::io::Result<()> {
    let (closing, closed) = watch::channel(false);
    let door = Arc::new(Door {
        places: Places::new(limits.connections, limits.proxies.clone()),
        turned_away: tokio::sync::Semaphore::new(TURNED_AWAY),
        builder: builder(&limits),
        routes,
        limits,
    });
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, from)) => door.open(stream, from, &closed),
                Err(error) => wait_after(&error).await,
            },
        }
    }
    // Who stood before the door when it was shut was not told so: they are let in.
    let rest = listener.into_std()?;
    while let Ok((stream, from)) = rest.accept() {
        stream.set_nonblocking(true)?;
        door.open(TcpStream::from_std(stream)?, from, &closed);
    }
    drop((rest, closed));
    closing.send(true).ok();
    closing.closed().await;
    Ok(())
}

/// One broken handshake is nothing; no more files is a reason to wait.
async fn wait_after(error: &std::io::Error) {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        return;
    }
    tracing::warn!(%error, "a connection could not be taken");
    tokio::time::sleep(Duration::from_millis(100)).await;
}

fn builder(limits: &Limits) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_headers(MOST_LINES)
        .max_buf_size(MOST_HEAD);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(u32::try_from(MOST_HEAD).unwrap_or(u32::MAX))
        .max_concurrent_streams(STREAMS)
        .max_pending_accept_reset_streams(RESETS)
        .max_send_buf_size(STREAM_BUFFER)
        .keep_alive_interval(PING)
        .keep_alive_timeout(limits.stalled);
    builder
}

struct Door {
    places: Arc<Places>,
    turned_away: tokio::sync::Semaphore,
    builder: Builder<TokioExecutor>,
    routes: Router,
    limits: Limits,
}

impl Door {
    /// Serves a connection on its own, or says that there is no room.
    fn open(self: &Arc<Door>, stream: TcpStream, from: SocketAddr, closed: &watch::Receiver<bool>) {
        let (door, closed) = (Arc::clone(self), closed.clone());
        match self.places.take(from.ip()) {
            Some(place) => drop(tokio::spawn(door.keep(stream, from, place, closed))),
            None => drop(tokio::spawn(async move { door.turn_away(stream).await })),
        }
    }

    async fn keep(
        self: Arc<Door>,
        stream: TcpStream,
        from: SocketAddr,
        place: Place,
        mut closed: watch::Receiver<bool>,
    ) {
        if let Err(error) = settle(&stream) {
            tracing::debug!(%error, "a connection was gone at once");
            return;
        }
        let seen = Arc::new(Seen::default());
        let stream = Patient::new(stream, &self.limits, Arc::clone(&seen));
        let (routes, most) = (self.routes.clone(), self.limits.body);
        let service = tower::service_fn(move |request: Request<Incoming>| {
            let routes = routes.clone();
            async move {
                let mut request = request.map(|body| hurry::within(body, most));
                if request.version() == Version::HTTP_2 {
                    name_host(&mut request);
                }
                request.extensions_mut().insert(ConnectInfo(from));
                routes.oneshot(request).await
            }
        });
        let service = TowerToHyperService::new(service);
        let served = self.builder.serve_connection(TokioIo::new(stream), service);
        let mut served = std::pin::pin!(served);
        let mut old = std::pin::pin!(tokio::time::sleep(self.limits.life));
        let ended: Result<(), _> = tokio::select! {
            ended = &mut served => ended,
            () = shut(&mut closed) => {
                if !seen.spoken() {
                    // They connected before the door was shut; their request is on its way.
                    tokio::select! {
                        _ = tokio::time::timeout(LAST_WORD, seen.word()) => {}
                        _ = &mut served => return,
                    }
                }
                served.as_mut().graceful_shutdown();
                served.await
            }
            () = aged(&mut old, &seen) => {
                served.as_mut().graceful_shutdown();
                tokio::select! {
                    ended = &mut served => ended,
                    () = tokio::time::sleep(self.limits.idle) => Ok(()),
                }
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection ended badly");
        }
        drop(place);
    }

    /// Says that there is no room, to as many as can be told without becoming a burden itself.
    async fn turn_away(&self, mut stream: TcpStream) {
        measures().connections_turned_away_total.inc();
        let Ok(_turn) = self.turned_away.try_acquire() else { return };
        let answer = format!(
            "HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\n\
             content-type: application/problem+json\r\ncontent-length: {}\r\n\r\n{FULL}",
            FULL.len()
        );
        let told = async {
            stream.write_all(answer.as_bytes()).await?;
            stream.shutdown().await?;
            // Closing on bytes that were never read would take the answer back.
            let mut rest = [0; 1024];
            while stream.read(&mut rest).await? > 0 {}
            Ok::<(), std::io::Error>(())
        };
        tokio::time::timeout(LAST_WORD, told).await.ok();
    }
}

/// An HTTP/2 request names its host in the address; everything here looks at the header.
fn name_host<B>(request: &mut Request<B>) {
    use axum::http::{HeaderValue, header};
    let host = request.uri().authority().map(|authority| authority.as_str().to_string());
    if let Some(Ok(host)) = host.map(|host| HeaderValue::from_str(&host)) {
        request.headers_mut().insert(header::HOST, host);
    }
}

/// Ends when the door is shut.
async fn shut(closed: &mut watch::Receiver<bool>) {
    // No sender is left when the server itself is gone, and that is the same.
    closed.wait_for(|closed| *closed).await.ok();
}

/// Ends when an HTTP/2 connection is old; other connections do not age.
async fn aged(old: &mut std::pin::Pin<&mut tokio::time::Sleep>, seen: &Seen) {
    old.as_mut().await;
    if !seen.is_http2() {
        std::future::pending::<()>().await;
    }
}

/// Small answers go at once, and whoever is no longer there is noticed.
fn settle(stream: &TcpStream) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    socket2::SockRef::from(stream).set_tcp_user_timeout(Some(UNCONFIRMED))
}
