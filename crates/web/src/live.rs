//! Server-Sent Events: whoever looks at a team, a bargain or a fission coupon hears when it
//! changed.
//!
//! One thread reads the event log when the bell rings (other nodes ring it too)
//! and wakes the subscribers of each. A wake says only "changed": the visitor then gets it as it
//! is, so nothing can come in the wrong order and nothing has to be replayed.

use std::collections::{HashMap, HashSet};
use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use app::{App, events, flash_sale};
use axum::response::IntoResponse;
use axum::response::Response;
use axum::response::sse::{Event, KeepAlive, Sse};
use domain::bargain::Launch;
use domain::campaign::Campaign;
use domain::event::Fact;
use domain::fission::Fission;
use domain::group_buy::Team;
use domain::id::{self, Id};
use domain::moment::Span;
use futures_util::Stream;
use futures_util::stream;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use crate::{Shop, act};

/// How often the log is read when no bell rang here: other nodes ring it (`app::nodes`), and this
/// is for what they could not tell.
const PACE: Duration = Duration::from_millis(300);
/// How far back the log is read: transactions may commit out of the order of their ids.
const BACK: Span = Span::seconds(5);
/// How often a quiet stream says that it is alive.
const HEARTBEAT: Duration = Duration::from_secs(25);
/// How many changes may wait for a slow reader; more are one change.
const QUEUE: usize = 16;

/// Who looks at which team or bargain; their numbers come from one counter.
#[derive(Clone, Default)]
pub struct Hub(Arc<Inner>);

#[derive(Default)]
struct Inner {
    teams: Mutex<HashMap<i64, broadcast::Sender<i64>>>,
    closed: AtomicBool,
}

impl Hub {
    /// A hub with its reading thread, which ends with the hub.
    pub fn start(app: &Arc<App>) -> Hub {
        let hub = Hub::default();
        let (inner, app) = (Arc::downgrade(&hub.0), Arc::clone(app));
        let thread = std::thread::Builder::new().name("live".into());
        if let Err(error) = thread.spawn(move || relay(&app, &inner)) {
            tracing::error!(%error, "pages will not fill by themselves");
        }
        hub
    }

    /// Ends every stream: the server stops.
    pub fn close(&self) {
        self.0.closed.store(true, Ordering::SeqCst);
        self.lock().clear();
    }

    /// How many teams are being looked at.
    pub fn watched(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<i64, broadcast::Sender<i64>>> {
        self.0.teams.lock().unwrap_or_else(|gone| gone.into_inner())
    }

    fn subscribe(&self, number: i64) -> Option<broadcast::Receiver<i64>> {
        if self.0.closed.load(Ordering::SeqCst) {
            return None;
        }
        let mut teams = self.lock();
        let sender = teams.entry(number).or_insert_with(|| broadcast::channel(QUEUE).0);
        Some(sender.subscribe())
    }
}

/// Reads the log and wakes, until the hub is gone.
fn relay(app: &App, hub: &Weak<Inner>) {
    let mut heard = app.bell.heard();
    // Ids that were told already, within `BACK`.
    let mut seen: HashSet<i64> = HashSet::new();
    loop {
        heard = app.bell.wait(heard, PACE);
        let Some(hub) = hub.upgrade() else { return };
        if hub.closed.load(Ordering::SeqCst) {
            return;
        }
        let mut teams = hub.teams.lock().unwrap_or_else(|gone| gone.into_inner());
        teams.retain(|_, sender| sender.receiver_count() > 0);
        if teams.is_empty() {
            // Whoever subscribes sees the team as it is and then what was told in the last seconds.
            continue;
        }
        drop(teams);
        for (team, seq) in news(app, &mut seen) {
            let teams = hub.teams.lock().unwrap_or_else(|gone| gone.into_inner());
            if let Some(sender) = teams.get(&team) {
                // Nobody may be there any more; that is no trouble.
                sender.send(seq).ok();
            }
        }
    }
}

/// The teams and bargains that changed and were not told yet.
fn news(app: &App, seen: &mut HashSet<i64>) -> Vec<(i64, i64)> {
    let from = id::number(app.now().minus(BACK), 0);
    seen.retain(|told| *told > from);
    let told = app.read(|tx| {
        let (mut cursor, mut all) = (Id::new(from), Vec::new());
        loop {
            let some = events::after(tx, cursor, 1_000)?;
            let Some(last) = some.last() else { return Ok(all) };
            cursor = last.id;
            all.extend(some);
        }
    });
    let told = match told {
        Ok(told) => told,
        Err(failure) => {
            tracing::warn!(%failure, "the event log could not be read");
            return Vec::new();
        }
    };
    let new = told.into_iter().filter(|entry| seen.insert(entry.id.0));
    new.filter_map(|entry| match entry.fact {
        Fact::TeamChanged { team, seq, .. } => Some((team.0, seq)),
        Fact::BargainChanged { bargain, seq, .. } => Some((bargain.0, seq)),
        Fact::FissionChanged { fission, seq } => Some((fission.0, seq)),
        _ => None,
    })
    .collect()
}

/// A change of what one looks at: its number, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changed {
    pub seq: i64,
}

/// Yields at once (the state as it is now) and then after every change, until the server stops.
pub fn team_stream(hub: &Hub, team: Id<Team>) -> impl Stream<Item = Changed> + Send + 'static {
    changes_of(hub, team.0)
}

fn changes_of(hub: &Hub, number: i64) -> impl Stream<Item = Changed> + Send + 'static {
    let receiver = hub.subscribe(number);
    stream::unfold((receiver, true), |(receiver, first)| async move {
        let mut receiver = receiver?;
        if first {
            return Some((Changed { seq: 0 }, (Some(receiver), false)));
        }
        match receiver.recv().await {
            Ok(seq) => Some((Changed { seq }, (Some(receiver), false))),
            // Too slow for every step: the last one is all that matters.
            Err(RecvError::Lagged(_)) => {
                receiver = receiver.resubscribe();
                Some((Changed { seq: 0 }, (Some(receiver), false)))
            }
            Err(RecvError::Closed) => None,
        }
    })
}

/// How often the figures of a flash sale are looked at, for all who look at them together.
const FIGURES: Duration = Duration::from_secs(1);

/// A stream of `changed` events for a flash sale's page: at once, and whenever its figures changed.
pub fn flash_events(shop: &Shop, id: Id<Campaign>) -> Response {
    let changes = stream::unfold((shop.clone(), None), move |(shop, last)| async move {
        let mut last: Option<Vec<i64>> = last;
        loop {
            if last.is_some() {
                tokio::time::sleep(FIGURES).await;
            }
            if shop.live.0.closed.load(Ordering::SeqCst) {
                return None;
            }
            let figures = act(&shop, move |app| flash_sale::figures(app, id)).await.ok()?;
            if last.as_ref() != Some(&figures) {
                last = Some(figures);
                let event = Event::default().event("changed").data("0");
                let event = Ok::<_, Infallible>(event.retry(Duration::from_secs(2)));
                return Some((event, (shop, last)));
            }
        }
    });
    let alive = KeepAlive::new().interval(HEARTBEAT).text("alive");
    (([("x-accel-buffering", "no")]), Sse::new(changes).keep_alive(alive)).into_response()
}

/// A stream of `changed` events for a team's page. Each carries the change's number, so that a
/// browser that comes back says where it was; it is then shown the state first in any case.
pub fn team_events(hub: &Hub, team: Id<Team>) -> Response {
    events_of(hub, team.0)
}

/// The same for a bargain's page.
pub fn bargain_events(hub: &Hub, bargain: Id<Launch>) -> Response {
    events_of(hub, bargain.0)
}

/// The same for a fission coupon's page.
pub fn fission_events(hub: &Hub, fission: Id<Fission>) -> Response {
    events_of(hub, fission.0)
}

fn events_of(hub: &Hub, number: i64) -> Response {
    use futures_util::StreamExt;
    let changes = changes_of(hub, number).map(|changed| {
        let event = Event::default().event("changed").data(changed.seq.to_string());
        let event = match changed.seq {
            0 => event.retry(Duration::from_secs(2)),
            seq => event.id(seq.to_string()),
        };
        Ok::<_, Infallible>(event)
    });
    let alive = KeepAlive::new().interval(HEARTBEAT).text("alive");
    // A proxy in between would otherwise wait for a full block.
    let at_once = [("x-accel-buffering", "no")];
    (at_once, Sse::new(changes).keep_alive(alive)).into_response()
}
