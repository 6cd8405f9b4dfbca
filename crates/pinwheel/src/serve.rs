//! `pinwheel serve`: pages, API and jobs, until it is asked to stop.
//!
//! Asked once (SIGTERM, SIGINT), it says at `/readyz` that nothing more should be sent here, lets
//! the requests and jobs in hand finish, and ends within 30 seconds. Asked twice, it ends at once:
//! that is safe, because nobody was told of anything that is not on the disk.

use std::net::SocketAddr;
use std::sync::Arc;

use app::App;
use app::config::is_on_loopback;
use app::failure::Failure;
use app::nodes::Nodes;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::arguments::{Serve, Site};
use crate::ended::Ended;
use crate::opening::{Shape, open_for};
use crate::work::Workers;

pub fn run(site: &Site, flags: &Serve) -> Result<Ended, Failure> {
    let listener = listen(flags.listen)?;
    let address = listener.local_addr().map_err(Failure::broken)?;
    let app = open_for(site, Shape::Migrate, &address.to_string())?;
    refuse_demo(&app)?;
    serve(app, listener)
}

/// Everybody knows the passwords of a demo and its money is play money: only `pinwheel demo`, which
/// says so on every page, shows one to others.
fn refuse_demo(app: &App) -> Result<(), Failure> {
    let demo = app.read(|tx| Ok(app::shop::get(tx)?.demo))?;
    if demo && !is_on_loopback(&app.config.base_url) {
        return Err(Failure::Broken(format!(
            "this is the demo's shop, whose passwords everybody knows, and base_url is {}: begin a \
             shop of your own in another folder, or show this one with `pinwheel demo`",
            app.config.base_url
        )));
    }
    Ok(())
}

/// Takes the address before anything else: a second shop on it should not touch the data.
pub fn listen(address: SocketAddr) -> Result<std::net::TcpListener, Failure> {
    let wrong = |error| Failure::broken(format!("cannot listen on {address}: {error}"));
    let listener = std::net::TcpListener::bind(address).map_err(wrong)?;
    listener.set_nonblocking(true).map_err(wrong)?;
    Ok(listener)
}

/// Serves an open shop until it is asked to stop.
pub fn serve(app: Arc<App>, listener: std::net::TcpListener) -> Result<Ended, Failure> {
    app::settlement::check_providers(&app)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::broken)?;
    let nodes = Nodes::join(&app)?;
    let workers = Workers::start(&app)?;
    let searched = Arc::clone(&app);
    // Until it is there, searches look through the database.
    std::thread::spawn(move || {
        if let Err(failure) = searched.search.prepare(&searched) {
            tracing::error!(%failure, "the search could not be prepared");
        }
    });
    let served = runtime.block_on(async {
        let listener = TcpListener::from_std(listener).map_err(Failure::broken)?;
        let shop = web::Shop::new(Arc::clone(&app))?;
        let asked = stop_asked()?;
        tracing::info!(address = %app.config.base_url, "serving");
        web::serve(shop, listener, asked).await.map_err(Failure::broken)
    });
    workers.stop();
    drop(nodes);
    served?;
    tracing::info!("stopped");
    Ok(Ended::Done)
}

/// Ends when somebody asks the program to stop; whoever asks again is obeyed at once.
pub fn stop_asked() -> Result<impl Future<Output = ()> + Send + 'static, Failure> {
    let mut terminate = signal(SignalKind::terminate()).map_err(Failure::broken)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Failure::broken)?;
    Ok(async move {
        next(&mut terminate, &mut interrupt).await;
        tracing::info!("asked to stop: finishing what is in hand");
        tokio::spawn(async move {
            next(&mut terminate, &mut interrupt).await;
            #[expect(clippy::disallowed_methods, reason = "asked twice: at once is meant")]
            std::process::exit(130);
        });
    })
}

async fn next(
    terminate: &mut tokio::signal::unix::Signal,
    interrupt: &mut tokio::signal::unix::Signal,
) {
    tokio::select! {
        _ = terminate.recv() => (),
        _ = interrupt.recv() => (),
    }
}
