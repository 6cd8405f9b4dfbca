//! What happens around every request: its id, its limits, its visitor, its line in the log, and the
//! headers that keep a browser from doing what we never meant.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::content;
use app::dice;
use app::failure::Failure;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use futures_util::FutureExt;

use crate::answer::{self, Fault, MOST_UPLOADED, REQUEST_ID, Undrawn};
use crate::visitor::{self, Asker};
use crate::{Shop, act, api, draw, health};

const LONGEST_ADDRESS: usize = 8 << 10;
const MOST_HEADERS: usize = 32 << 10;
const MOST_LINES: usize = 100;
/// W3C Trace Context.
const TRACE: HeaderName = HeaderName::from_static("traceparent");
/// How long a handler may take; uploads are read within it.
const DEADLINE: Duration = Duration::from_secs(30);

const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      img-src 'self' data:; object-src 'none'; frame-src 'none'; base-uri 'none'; \
                      frame-ancestors 'none'; form-action 'self'";
/// Browsers that were here over HTTPS come over HTTPS for a year.
const ONLY_HTTPS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Around every route: id, log line, measurements, panics, headers.
pub async fn everything(State(shop): State<Shop>, mut request: Request, next: Next) -> Response {
    #[expect(clippy::disallowed_methods, reason = "how long it took, not when it was")]
    let began = Instant::now();
    let id = request_id(&shop, request.headers());
    if let Ok(value) = HeaderValue::from_str(&id) {
        request.headers_mut().insert(REQUEST_ID, value);
    }
    let trace_id = trace(&shop, request.headers_mut());
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
    let took = health::note(&method, &route, status, began);
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    let status_code = status.as_u16();
    tracing::info!(
        request_id = %id, %trace_id, %method, %route, status = status_code, micros, "request"
    );
    if shop.app.config.base_url.starts_with("https://") {
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, ONLY_HTTPS);
    }
    if matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
        // Whoever is sent away is told when to come again, whichever part of us sent them.
        let again = response.headers_mut().entry(header::RETRY_AFTER);
        again.or_insert(HeaderValue::from_static("1"));
    }
    guard(response.headers_mut(), &id);
    response
}

/// Around every route that somebody asks: who it is, and faults drawn for them.
pub async fn visitor(State(shop): State<Shop>, request: Request, next: Next) -> Response {
    let wanted = request.headers().get(api::version::NAME).cloned();
    let (asker, request) = visitor::look(&shop, request).await;
    let asker = Arc::new(asker);
    let left = api::limit::count(&shop, &asker);
    let within = left.map_or(Ok(()), api::limit::Left::check);
    let within = within.and(api::version::check(&asker.path, wanted.as_ref()));
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
        response = match onward(&shop, &asker, &fault).await {
            Some(response) => response,
            None => draw(&shop, &asker, &fault),
        };
        keep(&mut response, &kept);
    }
    asker.note_write(&mut response, shop.app.now());
    asker.settle(&mut response);
    if let Some(left) = left {
        left.say(response.headers_mut());
    }
    api::version::say(&asker.path, response.headers_mut());
    let headers = response.headers_mut();
    if !headers.contains_key(header::CACHE_CONTROL) {
        // Pages of a session say who it is; others may be kept but must ask again.
        let value = if asker.is_personal() { "no-store" } else { "private, no-cache" };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(value));
    }
    headers.append(header::VARY, HeaderValue::from_static("Cookie, Accept-Language"));
    response
}

/// Where somebody who finds nothing is led on to, if the merchant says so.
async fn onward(shop: &Shop, asker: &Asker, fault: &Fault) -> Option<Response> {
    let nothing = matches!(fault, Fault::Failed(Failure::NotFound));
    if !nothing || asker.method != Method::GET || asker.wants_json() {
        return None;
    }
    let (path, query) = asker.path.split_once('?').unwrap_or((&asker.path, ""));
    let known = percent_encoding::percent_decode_str(path).decode_utf8().ok()?.into_owned();
    let to = act(shop, move |app| content::onward(app, &known)).await.ok().flatten()?;
    let to = if query.is_empty() || to.contains('?') { to } else { format!("{to}?{query}") };
    Some(Redirect::permanent(&to).into_response())
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

/// The trace this request is part of: the caller's (W3C Trace Context) or a new one. Handlers find
/// a `traceparent` whose parent is this request.
fn trace(shop: &Shop, headers: &mut HeaderMap) -> String {
    let dice = shop.app.seams.dice.as_ref();
    let mut drawn = [0; 24];
    dice.fill(&mut drawn);
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let given = headers.get(TRACE).and_then(|value| value.to_str().ok()).and_then(traced);
    let (trace, flags) = given.unwrap_or_else(|| (hex(&drawn[..16]), "00".into()));
    let parent = format!("00-{trace}-{}-{flags}", hex(&drawn[16..]));
    if let Ok(parent) = HeaderValue::from_str(&parent) {
        headers.insert(TRACE, parent);
    }
    trace
}

/// The trace and the flags of a `traceparent`, if it is one.
fn traced(text: &str) -> Option<(String, String)> {
    let mut parts = text.split('-');
    let (version, trace, parent, flags) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let hex = |part: &str, length: usize| {
        part.len() == length
            && part.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    };
    // Later versions may say more behind these; `ff` is none.
    let known = hex(version, 2) && version != "ff" && (version != "00" || parts.next().is_none());
    let whole = hex(trace, 32) && hex(parent, 16) && hex(flags, 2);
    let some = trace.bytes().any(|b| b != b'0') && parent.bytes().any(|b| b != b'0');
    (known && whole && some).then(|| (trace.to_string(), flags.to_string()))
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
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    );
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traces_are_carried_on_when_they_are_ones() {
        let (trace, parent) = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
        let good = format!("00-{trace}-{parent}-01");
        assert_eq!(traced(&good), Some((trace.into(), "01".into())));
        let later = format!("cc-{trace}-{parent}-01-what-comes");
        assert_eq!(traced(&later), Some((trace.into(), "01".into())));
        for wrong in [
            String::new(),
            format!("ff-{trace}-{parent}-01"),
            format!("00-{trace}-{parent}-01-more"),
            format!("00-{}-{parent}-01", "0".repeat(32)),
            format!("00-{trace}-{}-01", "0".repeat(16)),
            format!("00-{}-{parent}-01", trace.to_uppercase()),
            format!("00-{trace}-{parent}"),
        ] {
            assert_eq!(traced(&wrong), None, "{wrong}");
        }
    }
}
