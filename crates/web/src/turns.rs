//! Turns: so many actions are under way at once, and whoever gets none soon is told to come again.
//!
//! A shop that takes on more than it can do is slow for everybody, and at last nobody waits for
//! what it does. So those it takes on are served as ever; the others hear so while they still
//! listen, and cannot come back faster than they are told.

use std::sync::Arc;
use std::time::Duration;

use app::dice;
use app::failure::Failure;
use app::measures::measures;
use axum::body::HttpBody;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::Shop;
use crate::answer::{Fault, REQUEST_ID};
use crate::locale::Locale;

/// As many as are decided together at most: fewer would make smaller groups of writes.
const AT_ONCE: usize = 256;
/// A request takes two or three turns: refused at the last one, it has not waited for a second.
const SOON: Duration = Duration::from_millis(300);

/// The turns there are.
pub struct Turns {
    free: Arc<Semaphore>,
    soon: Duration,
}

/// A turn, until it goes.
pub type Turn = OwnedSemaphorePermit;

impl Default for Turns {
    fn default() -> Turns {
        Turns::of(AT_ONCE, SOON)
    }
}

impl Turns {
    /// For those who wait in a lane, where waiting takes no thread: a few batches.
    pub fn in_lanes() -> Turns {
        Turns::of(4 * AT_ONCE, SOON)
    }

    /// So many at once; whoever gets none in so long is told.
    pub fn of(at_once: usize, soon: Duration) -> Turns {
        Turns { free: Arc::new(Semaphore::new(at_once)), soon }
    }

    /// A turn, in the order in which people came.
    pub async fn take(&self) -> Result<Turn, Failure> {
        let turn = Arc::clone(&self.free).acquire_owned();
        match tokio::time::timeout(self.soon, turn).await {
            Ok(Ok(turn)) => Ok(turn),
            _ => {
                measures().turns_refused_total.inc();
                Err(Failure::Unavailable)
            }
        }
    }
}

/// In front of everything else, so that to be refused costs the shop next to nothing. Who sends
/// something takes their turn when all of it is here: nobody holds one by being slow. Whoever asks
/// how the shop is gets an answer whatever happens.
pub async fn gate(State(shop): State<Shop>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let asks_how_it_is = matches!(path, "/healthz" | "/livez" | "/readyz" | "/metrics");
    if asks_how_it_is || !request.body().is_end_stream() {
        return next.run(request).await;
    }
    match shop.front.take().await {
        Ok(_turn) => next.run(request).await,
        Err(failure) => {
            let id = format!("req_{}", dice::secret(shop.app.seams.dice.as_ref(), 20));
            busy(&Fault::from(failure), path, request.headers(), &id)
        }
    }
}

/// The answer without a page around it.
fn busy(fault: &Fault, path: &str, headers: &HeaderMap, id: &str) -> Response {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let locale = accepted.and_then(Locale::accepted).unwrap_or(Locale::Chinese);
    let mut response = if path.starts_with("/api/") || path.starts_with("/hooks/") {
        fault.as_problem(locale, id)
    } else {
        let (title, detail) = (fault.title(locale), fault.detail(locale));
        let page = format!(
            "<!doctype html><html lang=\"{}\"><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\">\
             <title>{title}</title><h1>{title}</h1><p>{detail}</p></html>",
            locale.code()
        );
        (StatusCode::SERVICE_UNAVAILABLE, Html(page)).into_response()
    };
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let nothing = HeaderValue::from_static("default-src 'none'");
    headers.insert(header::CONTENT_SECURITY_POLICY, nothing);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_gets_no_turn_is_told_so_and_the_next_one_gets_it() {
        let turns = Turns::of(2, Duration::from_millis(1));
        let (ann, bob) = (turns.take().await.unwrap(), turns.take().await.unwrap());
        assert!(matches!(turns.take().await, Err(Failure::Unavailable)));
        drop(ann);
        let eve = turns.take().await.unwrap();
        assert!(matches!(turns.take().await, Err(Failure::Unavailable)));
        drop((bob, eve));
    }
}
