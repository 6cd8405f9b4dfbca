//! `pinwheel work`: the jobs alone, beside processes that serve; and the threads that do them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use app::App;
use app::failure::Failure;
use app::nodes::Nodes;

use crate::arguments::Site;
use crate::ended::Ended;
use crate::opening::{Shape, open};
use crate::serve::stop_asked;

/// Threads that do the jobs. One of them also does what recurs.
pub struct Workers {
    app: Arc<App>,
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Workers {
    /// As many as the settings say, as many that tell others what happened, and as many that write
    /// letters.
    pub fn start(app: &Arc<App>) -> Result<Workers, Failure> {
        let stop = Arc::new(AtomicBool::new(false));
        let mut threads = Vec::new();
        let start = |name: String, life: Box<dyn FnOnce() + Send>| {
            std::thread::Builder::new().name(name).spawn(life).map_err(Failure::broken)
        };
        for number in 0..app.config.workers {
            let (ours, stopped) = (Arc::clone(app), Arc::clone(&stop));
            let life = move || app::work::live(&ours, &stopped, number == 0);
            threads.push(start(format!("worker {number}"), Box::new(life))?);
            let (ours, stopped) = (Arc::clone(app), Arc::clone(&stop));
            let life = move || app::work::live_for_others(&ours, &stopped);
            threads.push(start(format!("teller {number}"), Box::new(life))?);
            let (ours, stopped) = (Arc::clone(app), Arc::clone(&stop));
            let life = move || app::work::live_for_post(&ours, &stopped);
            threads.push(start(format!("writer {number}"), Box::new(life))?);
        }
        Ok(Workers { app: Arc::clone(app), stop, threads })
    }

    /// Waits until the jobs in hand are done; no more are begun.
    pub fn stop(self) {
        self.stop.store(true, Ordering::Relaxed);
        self.app.bell.ring();
        for thread in self.threads {
            // A worker that panicked has said so; the others are waited for all the same.
            thread.join().ok();
        }
    }
}

pub fn run(site: &Site) -> Result<Ended, Failure> {
    let app = open(site, Shape::AsItIs)?;
    if app.config.workers == 0 {
        return Err(Failure::broken("the setting workers is 0: there is nothing to do"));
    }
    let nodes = Nodes::join(&app)?;
    let workers = Workers::start(&app)?;
    tracing::info!(workers = app.config.workers, "working");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::broken)?;
    let waited = runtime.block_on(async {
        stop_asked()?.await;
        Ok::<(), Failure>(())
    });
    workers.stop();
    drop(nodes);
    waited?;
    Ok(Ended::Done)
}
