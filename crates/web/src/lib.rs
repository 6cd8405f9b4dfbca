//! What people see: storefront, console, JSON API.
//!
//! Modules are listed in reading order, and each uses only those above it.

// What the OpenAPI document is made of, where it is made.
#[cfg(not(feature = "schema"))]
extern crate undescribed as describe;
#[cfg(feature = "schema")]
extern crate utoipa as describe;

// The words pages are said in, and where they are.
pub mod locale;
pub mod link;

// How connections come in.
pub mod door;

// What every answer shares, and how many are made at once.
pub mod answer;
pub mod turns;
pub mod body;
pub mod download;
pub mod mine;
pub mod visitor;
pub mod form;
pub mod asset;
pub mod page;
pub mod offer_words;
pub mod invoice_sheet;
pub mod live;
pub mod health;

// The edges.
pub mod storefront;
pub mod console;
pub mod api;
pub mod hooks;
pub mod sandbox;

mod around;

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use app::App;
use app::failure::Failure;
use app::lane::Aside;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate};

use answer::Fault;

/// Everything the edges share; cheap to clone.
#[derive(Clone)]
pub struct Shop(Arc<Inner>);

/// What a `Shop` leads to.
pub struct Inner {
    pub app: Arc<App>,
    pub about: app::shop::Shop,
    pub live: live::Hub,
    pub health: health::Health,
    pub limits: api::limit::Limits,
    /// Requests that are being answered.
    pub front: turns::Turns,
    /// Actions that are under way.
    pub turns: turns::Turns,
    /// Places in the lanes of the app.
    pub places: turns::Turns,
}

impl std::ops::Deref for Shop {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Shop {
    /// The edges of an app whose database is open and whose shop has been made.
    pub fn new(app: Arc<App>) -> Result<Shop, Failure> {
        // On a thread of its own: PostgreSQL's driver may not wait on one that drives requests.
        let about = std::thread::scope(|scope| scope.spawn(|| app.read(app::shop::get)).join());
        let about = about.unwrap_or_else(|_| Err(Failure::broken("the shop was not read")))?;
        let live = live::Hub::start(&app);
        let (health, limits, front, turns) = Default::default();
        let places = turns::Turns::in_lanes();
        Ok(Shop(Arc::new(Inner { app, about, live, health, limits, front, turns, places })))
    }
}

/// Runs an action on a thread where it may wait for the database, when it is its turn.
pub fn act<T: Send + 'static>(
    shop: &Shop,
    action: impl FnOnce(&App) -> Result<T, Failure> + Send + 'static,
) -> Acting<T> {
    Acting::of(action, |work| Box::pin(in_turn(shop.clone(), work)))
}

/// The same however many others act: a shop that is busy is not ill.
pub fn act_at_once<T: Send + 'static>(
    shop: &Shop,
    action: impl FnOnce(&App) -> Result<T, Failure> + Send + 'static,
) -> Acting<T> {
    Acting::of(action, |work| Box::pin(aside(Arc::clone(&shop.app), work)))
}

/// An action, begun when it is first waited for and its turn has come. From then on it is done to
/// its end, also when nobody waits any more.
///
/// There are hundreds of actions: what is the same for all of them is not a part of each.
pub struct Acting<T> {
    under_way: Pin<Box<dyn Future<Output = Result<(), Failure>> + Send>>,
    answer: Arc<Mutex<Option<Result<T, Failure>>>>,
}

type Work = Box<dyn FnOnce(&App) + Send>;

impl<T: Send + 'static> Acting<T> {
    fn of(
        action: impl FnOnce(&App) -> Result<T, Failure> + Send + 'static,
        begin: impl FnOnce(Work) -> Pin<Box<dyn Future<Output = Result<(), Failure>> + Send>>,
    ) -> Acting<T> {
        let answer = Arc::new(Mutex::new(None));
        let given = Arc::clone(&answer);
        let work: Work = Box::new(move |app| {
            let done = action(app);
            *given.lock().unwrap_or_else(|gone| gone.into_inner()) = Some(done);
        });
        Acting { under_way: begin(work), answer }
    }
}

impl<T> Future for Acting<T> {
    type Output = Result<T, Failure>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context) -> Poll<Result<T, Failure>> {
        match self.under_way.as_mut().poll(context) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Err(failure)) => Poll::Ready(Err(failure)),
            Poll::Ready(Ok(())) => {
                let answer = self.answer.lock().unwrap_or_else(|gone| gone.into_inner()).take();
                Poll::Ready(answer.unwrap_or_else(|| Err(Failure::broken("there is no answer"))))
            }
        }
    }
}

async fn in_turn(shop: Shop, work: Work) -> Result<(), Failure> {
    let turn = shop.turns.take().await?;
    let acted = move |app: &App| {
        // It is over when the action is, also when nobody waits for its answer any more.
        let _turn = turn;
        work(app);
    };
    aside(Arc::clone(&shop.app), Box::new(acted)).await
}

async fn aside(app: Arc<App>, work: Work) -> Result<(), Failure> {
    tokio::task::spawn_blocking(move || work(&app)).await.map_err(Failure::broken)
}

/// Lets a lane of the app decide: no thread waits meanwhile.
pub async fn wait<T: Send + 'static>(
    shop: &Shop,
    begin: impl FnOnce(Aside, oneshot::Sender<Result<T, Failure>>),
) -> Result<T, Failure> {
    let _place = shop.places.take().await?;
    let (give, done) = oneshot::channel();
    begin(|work| drop(tokio::task::spawn_blocking(work)), give);
    done.await.unwrap_or_else(|gone| Err(Failure::broken(gone)))
}

/// Every route of the shop.
pub fn routes(shop: Shop) -> Router {
    let seen = Router::new()
        .merge(storefront::routes())
        .merge(console::routes())
        .merge(api::routes())
        .merge(hooks::routes())
        .merge(sandbox::routes())
        .fallback(missing)
        .method_not_allowed_fallback(not_so)
        .layer(axum::middleware::from_fn_with_state(shop.clone(), around::visitor));
    Router::new()
        .merge(asset::routes())
        .merge(health::routes())
        .merge(seen)
        .layer(DefaultBodyLimit::max(form::MOST_UPLOADED))
        .layer(axum::middleware::from_fn_with_state(shop.clone(), around::everything))
        .layer(CompressionLayer::new().gzip(true).compress_when(DefaultPredicate::new().and(worth)))
        .layer(axum::middleware::from_fn_with_state(shop.clone(), turns::gate))
        .with_state(shop)
}

/// Pictures are small already, and a stream must not wait for a full block.
fn worth(
    status: StatusCode,
    _: axum::http::Version,
    headers: &axum::http::HeaderMap,
    _: &axum::http::Extensions,
) -> bool {
    let kind = headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or("");
    status != StatusCode::NOT_MODIFIED && !kind.starts_with("text/event-stream")
}

async fn missing() -> Fault {
    Failure::NotFound.into()
}

async fn not_so() -> Fault {
    Fault::Method
}

/// Serves until `shutdown` ends, then lets the requests in hand finish, at most 25 seconds.
pub async fn serve(
    shop: Shop,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let limits = door::Limits::of(&shop.app.config);
    serve_within(shop, listener, limits, shutdown).await
}

/// The same within limits of one's own.
pub async fn serve_within(
    shop: Shop,
    listener: TcpListener,
    limits: door::Limits,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let (stopped, stop) = tokio::sync::watch::channel(false);
    let beside = match shop.app.config.metrics_listen.as_str() {
        "" => None,
        address => Some(TcpListener::bind(address).await?),
    };
    if let Some(listener) = beside {
        let routes = health::metrics_routes(shop.clone());
        let limits = limits.clone();
        tokio::spawn(door::serve(listener, routes, limits, std::future::pending()));
    }
    let asked = {
        let shop = shop.clone();
        async move {
            shutdown.await;
            shop.health.stop();
            shop.live.close();
            // The listener is gone with the server, whether or not somebody still listens to this.
            stopped.send(true).ok();
        }
    };
    let late = {
        let mut stop = stop;
        async move {
            if stop.wait_for(|stopped| *stopped).await.is_err() {
                std::future::pending::<()>().await;
            }
            tokio::time::sleep(Duration::from_secs(25)).await;
        }
    };
    tokio::select! {
        served = door::serve(listener, routes(shop.clone()), limits, asked) => served,
        () = late => {
            tracing::warn!("some requests did not finish in time");
            Ok(())
        }
    }
}

/// A fault as an answer in the visitor's language.
fn draw(shop: &Shop, asker: &visitor::Asker, fault: &Fault) -> Response {
    if let Fault::Failed(Failure::Broken(why)) = fault {
        tracing::error!(request_id = %asker.request_id, %why, "broken");
    }
    if asker.wants_json() {
        return fault.as_problem(asker.locale, &asker.request_id);
    }
    let page = page::Page::of(shop, asker);
    let drawn = if asker.path.starts_with("/console") {
        console::failed(page, fault)
    } else {
        storefront::failed(page, fault)
    };
    (fault.status(), drawn).into_response()
}
