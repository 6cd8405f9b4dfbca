//! What happens around every request: its id, its limits, its visitor, its line in the log, and the
//! headers that keep a browser from doing what we never meant.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::dice;
use app::failure::Failure;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;

use crate::answer::{self, Fault, MOST_UPLOADED, REQUEST_ID, Undrawn};
use crate::visitor;
use crate::{Shop, api, draw, health};

const LONGEST_ADDRESS: usize = 8 << 10;
const MOST_HEADERS: usize = 32 << 10;
const MOST_LINES: usize = 100;
/// How long a handler may take; uploads are read within it.
const DEADLINE: Duration = Duration::from_secs(30);

const POLICY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; \
                      base-uri 'self'; frame-ancestors 'none'; form-action 'self'";

/// Around every route: id, log line, measurements, panics, headers.
pub async fn everything(State(shop): State<Shop>, mut request: Request, next: Next) -> Response {
    #[expect(clippy::disallowed_methods, reason = "how long it took, not when it was")]
    let began = Instant::now();
    let id = request_id(&shop, request.headers());
    if let Ok(value) = HeaderValue::from_str(&id) {
        request.headers_mut().insert(REQUEST_ID, value);
    }
    let method = request.method().clone();
    let path = request.uri().path().to_string();
    let matched = request.extensions().get::<MatchedPath>();
    let route = matched.map_or("unmatched".to_string(), |path| path.as_str().to_string());
    let locale = crate::locale::Locale::Chinese;
    let mut response = match check(&request) {
        Err(fault) => fault.into_response(),
        Ok(()) => match AssertUnwindSafe(next.run(request)).catch_unwind().await {
            Ok(response) => response,
            Err(_) => Fault::from(Failure::broken("a handler panicked")).into_response(),
        },
    };
    // What no visitor was found for is drawn plainly here.
    if let Some(Undrawn(fault)) = response.extensions_mut().remove::<Undrawn>() {
        let kept = response.headers().clone();
        response = if visitor::wants_json(&path) {
            fault.as_problem(locale, &id)
        } else {
            (fault.status(), format!("{}\n", fault.title(locale))).into_response()
        };
        keep(&mut response, &kept);
    }
    let status = response.status();
    let took = health::note(method.as_str(), &route, status, began);
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    tracing::info!(request_id = %id, %method, %route, status = status.as_u16(), micros, "request");
    guard(response.headers_mut(), &id);
    response
}

/// Around every route that somebody asks: who it is, and faults drawn for them.
pub async fn visitor(State(shop): State<Shop>, request: Request, next: Next) -> Response {
    let (asker, request) = visitor::look(&shop, request).await;
    let asker = Arc::new(asker);
    let left = api::limit::count(&shop, &asker);
    let within = left.map_or(Ok(()), api::limit::Left::check);
    let mut response = match within.and(request) {
        Err(fault) => fault.into_response(),
        Ok(mut request) => {
            request.extensions_mut().insert(Arc::clone(&asker));
            let run = AssertUnwindSafe(next.run(request)).catch_unwind();
            match tokio::time::timeout(DEADLINE, run).await {
                Ok(Ok(response)) => response,
                Ok(Err(_)) => Fault::from(Failure::broken("a handler panicked")).into_response(),
                Err(_) => Fault::Deadline.into_response(),
            }
        }
    };
    if let Some(fault) = undrawn(&mut response) {
        let kept = response.headers().clone();
        response = draw(&shop, &asker, &fault);
        keep(&mut response, &kept);
    }
    asker.note_write(&mut response, shop.app.now());
    asker.settle(&mut response);
    if let Some(left) = left {
        left.say(response.headers_mut());
    }
    let headers = response.headers_mut();
    if !headers.contains_key(header::CACHE_CONTROL) {
        // Pages of a session say who it is; others may be kept but must ask again.
        let value = if asker.is_personal() { "no-store" } else { "private, no-cache" };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(value));
    }
    headers.append(header::VARY, HeaderValue::from_static("Cookie, Accept-Language"));
    response
}

/// The fault of an answer that is still to be drawn, also of the router's own.
fn undrawn(response: &mut Response) -> Option<Fault> {
    if let Some(Undrawn(fault)) = response.extensions_mut().remove::<Undrawn>() {
        return Some(fault);
    }
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE);
    let plain = kind.is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    let wrong = status.is_client_error() || status.is_server_error();
    (wrong && plain).then(|| answer::of_status(status))
}

/// Headers that a drawn fault keeps from the answer it replaces.
fn keep(response: &mut Response, before: &HeaderMap) {
    for name in [header::ALLOW, header::RETRY_AFTER, header::LOCATION, header::WWW_AUTHENTICATE] {
        if let Some(value) = before.get(&name) {
            response.headers_mut().insert(name, value.clone());
        }
    }
}

/// The request's id: the caller's if it is harmless, else a new one.
fn request_id(shop: &Shop, headers: &HeaderMap) -> String {
    let given = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok()).unwrap_or("");
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(&byte);
    if (1..=128).contains(&given.len()) && given.bytes().all(safe) {
        return given.to_string();
    }
    format!("req_{}", dice::secret(shop.app.seams.dice.as_ref(), 20))
}

fn check(request: &Request) -> Result<(), Fault> {
    if request.uri().to_string().len() > LONGEST_ADDRESS {
        return Err(Fault::TooLong);
    }
    let size: usize =
        request.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    if size > MOST_HEADERS || request.headers().len() > MOST_LINES {
        return Err(Fault::Headers);
    }
    // What is declared too large is refused before a byte of it is taken.
    let declared = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok());
    let declared: u64 = declared.and_then(|length| length.parse().ok()).unwrap_or(0);
    if usize::try_from(declared).is_ok_and(|declared| declared <= MOST_UPLOADED) {
        Ok(())
    } else {
        Err(Fault::TooLarge { most: MOST_UPLOADED })
    }
}

fn guard(headers: &mut HeaderMap, id: &str) {
    let mut set = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "strict-origin-when-cross-origin");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    );
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
}
