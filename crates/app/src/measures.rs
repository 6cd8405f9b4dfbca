//! What this process counts and times, for `/metrics`.
//!
//! Counters are there from the start, so that an alarm can stand on their first step. A label has
//! few values, and never what somebody sent.

use std::sync::LazyLock;

use prometheus::core::Collector;
use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntGauge, IntGaugeVec, Opts, Registry,
    TextEncoder,
};

use crate::failure::Failure;

type Result<T, E = prometheus::Error> = std::result::Result<T, E>;

/// Everything that is measured, each under the name Prometheus knows it by.
pub struct Measures {
    all: Registry,
    pub commit_batch_size: Histogram,
    pub connections_turned_away_total: IntCounter,
    /// By method, route and status.
    pub http_server_request_duration_seconds: HistogramVec,
    /// By the invariant's id.
    pub invariant_violations: IntGaugeVec,
    pub job_overdue_seconds: IntGauge,
    /// By state.
    pub jobs: IntGaugeVec,
    pub live_teams_watched: IntGauge,
    pub outbox_oldest_seconds: IntGauge,
    pub turns_refused_total: IntCounter,
    pub webhook_dead_total: IntCounter,
}

/// The measures of this process: there is one set, however many servers run in it.
pub fn measures() -> &'static Measures {
    static MEASURES: LazyLock<Measures> =
        LazyLock::new(|| Measures::new().expect("the names below are allowed, and each is one"));
    &MEASURES
}

impl Measures {
    fn new() -> Result<Measures> {
        let all = Registry::new();
        let counter = |name: &str, help: &str| kept(&all, IntCounter::new(name, help)?);
        let gauge = |name: &str, help: &str| kept(&all, IntGauge::new(name, help)?);
        let gauges = |name: &str, help: &str, labels: &[&str]| {
            kept(&all, IntGaugeVec::new(Opts::new(name, help), labels)?)
        };
        let sizes = vec![1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];
        let batches = HistogramOpts::new("commit_batch_size", "Writes that shared a commit");
        // OpenTelemetry's buckets for requests.
        let seconds =
            vec![0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];
        let requests =
            HistogramOpts::new("http_server_request_duration_seconds", "How long requests took");
        let by = ["http_request_method", "http_route", "http_response_status_code"];
        Ok(Measures {
            commit_batch_size: kept(&all, Histogram::with_opts(batches.buckets(sizes))?)?,
            connections_turned_away_total: counter(
                "connections_turned_away_total",
                "Connections that found no room",
            )?,
            http_server_request_duration_seconds: kept(
                &all,
                HistogramVec::new(requests.buckets(seconds), &by)?,
            )?,
            invariant_violations: gauges(
                "invariant_violations",
                "What the last audit found broken",
                &["id"],
            )?,
            job_overdue_seconds: gauge(
                "job_overdue_seconds",
                "How late the job is that should have run first",
            )?,
            jobs: gauges("jobs", "Jobs in each state", &["state"])?,
            live_teams_watched: gauge("live_teams_watched", "Teams that somebody looks at")?,
            outbox_oldest_seconds: gauge(
                "outbox_oldest_seconds",
                "How long the oldest unsent message has waited",
            )?,
            turns_refused_total: counter(
                "turns_refused_total",
                "Requests that waited for their turn in vain",
            )?,
            webhook_dead_total: counter(
                "webhook_dead_total",
                "Webhook deliveries that were given up",
            )?,
            all,
        })
    }

    /// Everything as Prometheus reads it.
    pub fn page(&self) -> Result<String, Failure> {
        let page = TextEncoder::new().encode_to_string(&self.all.gather());
        page.map_err(Failure::broken)
    }
}

/// A measure that is on the page.
fn kept<M: Collector + Clone + 'static>(all: &Registry, measure: M) -> Result<M> {
    all.register(Box::new(measure.clone()))?;
    Ok(measure)
}
