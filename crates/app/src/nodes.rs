//! Other nodes on the same PostgreSQL, and how they learn of each other's commits at once.
//!
//! A commit only rings a bell of its own process, which costs it nothing. A thread that waits for
//! that bell then tells the others, once for all commits since it last did: a `NOTIFY` inside an
//! order's transaction would make every order wait for one lock. What is told is only "there is
//! something"; what it was, each node reads in the event log. Nothing depends on it but haste:
//! whoever misses it reads the log a moment later.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::db::line::{Line, Open};
use crate::dice;
use crate::failure::Failure;
use crate::{App, Bell};

/// The least time between two tellings: more commits in it are one telling.
const PACE: Duration = Duration::from_millis(20);
/// How often the threads look whether they shall end, and try a line that broke again.
const LOOK: Duration = Duration::from_millis(500);

/// What this process has committed and the others may not know yet.
#[derive(Default)]
pub struct Said {
    bell: Bell,
    shows: AtomicBool,
}

impl Said {
    /// Something was committed; `shows` when public pages show it.
    pub(crate) fn say(&self, shows: bool) {
        if shows {
            self.shows.store(true, Ordering::SeqCst);
        }
        self.bell.ring();
    }
}

/// The threads that tell and hear, until this goes.
pub struct Nodes {
    app: Arc<App>,
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Nodes {
    /// Joins the other nodes. On SQLite there are none, and nothing is started.
    pub fn join(app: &Arc<App>) -> Result<Nodes, Failure> {
        let stop = Arc::new(AtomicBool::new(false));
        let mut threads = Vec::new();
        if let Some(line) = app.db.line() {
            let me = dice::secret(app.seams.dice.as_ref(), 12);
            for (name, live) in [("nodes tell", tell as Life), ("nodes hear", hear as Life)] {
                let (app, line) = (Arc::clone(app), line.clone());
                let (me, stop) = (me.clone(), Arc::clone(&stop));
                let thread = std::thread::Builder::new().name(name.into());
                let life = move || live(&app, &line, &me, &stop);
                threads.push(thread.spawn(life).map_err(Failure::broken)?);
            }
        }
        Ok(Nodes { app: Arc::clone(app), stop, threads })
    }
}

impl Drop for Nodes {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        self.app.said.bell.ring();
        for thread in self.threads.drain(..) {
            // One that panicked has said so.
            thread.join().ok();
        }
    }
}

type Life = fn(&App, &Line, &str, &AtomicBool);

fn tell(app: &App, line: &Line, me: &str, stop: &AtomicBool) {
    let mut open: Option<Open> = None;
    let mut heard = app.said.bell.heard();
    let pause = Bell::default();
    while !stop.load(Ordering::SeqCst) {
        let now = app.said.bell.wait(heard, LOOK);
        if now == heard {
            continue;
        }
        let shows = app.said.shows.swap(false, Ordering::SeqCst);
        let what = format!("{me}{}", if shows { "!" } else { "" });
        match with(&mut open, || line.to_tell(), |open| open.tell(&what)) {
            Ok(()) => heard = now,
            Err(failure) => {
                app.said.shows.fetch_or(shows, Ordering::SeqCst);
                tracing::warn!(%failure, "the other nodes could not be told");
                pause.wait(0, LOOK);
            }
        }
        pause.wait(0, PACE);
    }
}

fn hear(app: &App, line: &Line, me: &str, stop: &AtomicBool) {
    let mut open: Option<Open> = None;
    let pause = Bell::default();
    while !stop.load(Ordering::SeqCst) {
        match with(&mut open, || line.to_hear(), |open| open.hear(LOOK)) {
            Ok(Some(said)) if !said.starts_with(me) => {
                if said.ends_with('!') {
                    app.prepared.turn();
                }
                app.bell.ring();
            }
            Ok(_) => {}
            Err(failure) => {
                tracing::warn!(%failure, "the other nodes are not heard");
                pause.wait(0, LOOK);
            }
        }
    }
}

/// Does `work` on the line, opened when it is not, and lets go of one that broke.
fn with<T>(
    open: &mut Option<Open>,
    make: impl FnOnce() -> Result<Open, Failure>,
    work: impl FnOnce(&mut Open) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let mut line = match open.take() {
        Some(line) => line,
        None => make()?,
    };
    let done = work(&mut line)?;
    *open = Some(line);
    Ok(done)
}
