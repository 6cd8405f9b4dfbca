//! Whether the shop lives, whether it is ready, and what it measures.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, Instant};

use app::App;
use app::failure::Failure;
use app::jobs::{self, Queue};
use app::measures::measures;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use domain::moment::Moment;
use serde_json::json;

use crate::answer::Fault;
use crate::{Shop, act_at_once};

/// How old the last proof that the database takes writes may be, in microseconds.
const PROOF_LASTS: i64 = 5_000_000;

/// Whether this server takes requests.
#[derive(Clone, Default)]
pub struct Health(Arc<State_>);

#[derive(Default)]
struct State_ {
    stopping: AtomicBool,
    /// When a write last succeeded.
    proved: AtomicI64,
}

impl Health {
    /// From now on nothing new should be sent here.
    pub fn stop(&self) {
        self.0.stopping.store(true, Ordering::SeqCst);
    }

    pub fn stopping(&self) -> bool {
        self.0.stopping.load(Ordering::SeqCst)
    }
}

/// Routes that need no visitor.
pub fn routes() -> Router<Shop> {
    Router::new()
        .route("/healthz", get(alive))
        .route("/livez", get(alive))
        .route("/readyz", get(ready))
        .route("/metrics", get(beside))
}

/// The loop turns; nothing else is touched.
async fn alive() -> &'static str {
    "alive\n"
}

async fn ready(State(shop): State<Shop>) -> Response {
    if shop.health.stopping() {
        return not_ready("stopping");
    }
    let now = shop.app.now().0;
    if now - shop.health.0.proved.load(Ordering::SeqCst) > PROOF_LASTS {
        match act_at_once(&shop, prove).await {
            Ok(()) => shop.health.0.proved.store(now, Ordering::SeqCst),
            Err(_) => return not_ready("the database does not take writes"),
        }
    }
    Json(json!({ "ready": true })).into_response()
}

fn not_ready(why: &str) -> Response {
    let body = Json(json!({ "ready": false, "why": why }));
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")], body).into_response()
}

/// A write that changes nothing but has to reach the disk.
fn prove(app: &App) -> Result<(), Failure> {
    app.write(|tx| app::tries::forgive(tx, "readyz", domain::moment::Span::hours(1)))
}

/// The metrics, beside the shop: only for this very machine.
async fn beside(State(shop): State<Shop>, request: Request) -> Result<Response, Fault> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let headers = request.headers();
    let local = peer.is_some_and(|peer| peer.0.ip().to_canonical().is_loopback());
    // A proxy on this machine speaks for somebody else.
    let proxied = headers.contains_key("x-forwarded-for") || headers.contains_key("forwarded");
    if !local || proxied || !shop.app.config.metrics_listen.is_empty() {
        return Ok(StatusCode::NOT_FOUND.into_response());
    }
    measured(&shop).await
}

/// The metrics on an address of their own.
pub fn metrics_routes(shop: Shop) -> Router {
    async fn measure(State(shop): State<Shop>) -> Result<Response, Fault> {
        measured(&shop).await
    }
    Router::new().route("/metrics", get(measure)).with_state(shop)
}

async fn measured(shop: &Shop) -> Result<Response, Fault> {
    if let Err(failure) = act_at_once(shop, gauges).await {
        tracing::warn!(%failure, "some gauges could not be read");
    }
    let watched = i64::try_from(shop.live.watched()).unwrap_or(i64::MAX);
    measures().live_teams_watched.set(watched);
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    Ok((kind, measures().page()?).into_response())
}

/// What is counted in the database when it is asked for.
fn gauges(app: &App) -> Result<(), Failure> {
    let counts = app.read(jobs::counts)?;
    for state in ["ready", "running", "done", "dead"] {
        let count = counts.iter().find(|(name, _)| name == state).map_or(0, |(_, count)| *count);
        measures().jobs.with_label_values(&[state]).set(count);
    }
    let (due, waiting) =
        app.read(|tx| Ok((jobs::next_due(tx, Queue::Ours)?, app::message::oldest_waiting(tx)?)))?;
    let late =
        |since: Option<Moment>| since.map_or(0, |since| app.now().since(since).as_seconds().max(0));
    measures().job_overdue_seconds.set(late(due));
    measures().outbox_oldest_seconds.set(late(waiting));
    Ok(())
}

/// Notes one request. `route` is the template, never the address: numbers there would be endless.
pub fn note(method: &Method, route: &str, status: StatusCode, began: Instant) -> Duration {
    let took = began.elapsed();
    measures()
        .http_server_request_duration_seconds
        .with_label_values(&[known(method), route, status.as_str()])
        .observe(took.as_secs_f64());
    took
}

/// A method by its name, or OpenTelemetry's word for what somebody made up: those too are endless.
fn known(method: &Method) -> &str {
    match *method {
        Method::GET
        | Method::HEAD
        | Method::POST
        | Method::PUT
        | Method::PATCH
        | Method::DELETE
        | Method::OPTIONS
        | Method::CONNECT
        | Method::TRACE => method.as_str(),
        _ => "_OTHER",
    }
}
