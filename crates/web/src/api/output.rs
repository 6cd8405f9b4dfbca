//! What programs are answered: one thing with its tag, a list with its cursor, something made.

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use describe::ToSchema;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::cursor;
use super::input::{Again, PageQuery};
use crate::answer::Fault;
use crate::{Shop, asset};

/// A page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Listed<T> {
    pub data: Vec<T>,
    /// Ask for it with `cursor`; none on the last page.
    pub next_cursor: Option<String>,
}

/// Where a list begins, in the form its action wants, and how many more than wanted to ask for: one
/// more tells whether there is another page.
pub struct Span {
    pub after: Option<String>,
    /// What to ask the action for.
    pub ask: i64,
    list: String,
    limit: usize,
}

impl Span {
    /// Reads the query of the list `list`, which names the address and its filters.
    pub fn of(shop: &Shop, list: &str, query: &PageQuery) -> Result<Span, Fault> {
        let limit = query.limit()?;
        let after = match &query.cursor {
            Some(cursor) => Some(cursor::open(&shop.about, list, cursor)?),
            None => None,
        };
        let limit_here = usize::try_from(limit).unwrap_or(20);
        Ok(Span { after, ask: limit + 1, list: list.to_string(), limit: limit_here })
    }

    /// The id the list goes on after.
    pub fn id<T: domain::id::Kind>(&self) -> Option<domain::id::Id<T>> {
        self.after.as_deref().and_then(domain::id::Id::parse)
    }

    /// The number the list goes on after.
    pub fn number(&self) -> Option<i64> {
        self.after.as_deref().and_then(|text| text.parse().ok())
    }

    /// Cuts what was found to the page's length. `place` says where something stands in the list.
    pub fn page<T: Serialize>(
        self,
        shop: &Shop,
        mut found: Vec<T>,
        place: impl Fn(&T) -> String,
    ) -> Json<Listed<T>> {
        let more = found.len() > self.limit;
        found.truncate(self.limit);
        let last = found.last().filter(|_| more).map(place);
        let next_cursor = last.map(|place| cursor::seal(&shop.about, &self.list, &place));
        Json(Listed { data: found, next_cursor })
    }

    /// The cursor of a place in the list.
    pub fn seal(&self, shop: &Shop, place: Option<String>) -> Option<String> {
        place.map(|place| cursor::seal(&shop.about, &self.list, &place))
    }

    /// A page whose action cut it itself, and said where the next begins.
    pub fn already<T: Serialize>(
        self,
        shop: &Shop,
        found: Vec<T>,
        next: Option<String>,
    ) -> Json<Listed<T>> {
        Json(Listed { data: found, next_cursor: self.seal(shop, next) })
    }
}

/// Everything there is, in a list that has one page.
pub fn all<T: Serialize>(found: Vec<T>) -> Json<Listed<T>> {
    Json(Listed { data: found, next_cursor: None })
}

/// One thing with its version as its tag.
pub fn versioned(value: impl Serialize, version: i64) -> Response {
    let mut response = Json(value).into_response();
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{version}\"")) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// Something that was made, and where it is.
pub fn made(value: impl Serialize, at: &str) -> Response {
    let mut response = (StatusCode::CREATED, Json(value)).into_response();
    if let Ok(at) = HeaderValue::from_str(at) {
        response.headers_mut().insert(header::LOCATION, at);
    }
    response
}

/// The same answer, marked when it had been given before.
pub fn maybe_again(mut response: Response, again: &Again) -> Response {
    if again.yes() {
        let name = HeaderName::from_static("idempotency-replayed");
        response.headers_mut().insert(name, HeaderValue::from_static("true"));
    }
    response
}

/// Around the API: every GET has a tag, and who has the thing already is told only that.
pub async fn tag(request: Request, next: Next) -> Response {
    let get = matches!(*request.method(), Method::GET | Method::HEAD);
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    let kind = response.headers().get(header::CONTENT_TYPE);
    let json = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    if !get || !json || response.status() != StatusCode::OK {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    if !parts.headers.contains_key(header::ETAG) {
        let hash = Sha256::digest(&bytes);
        let hash: String = hash.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        if let Ok(tag) = HeaderValue::from_str(&format!("\"{hash}\"")) {
            parts.headers.insert(header::ETAG, tag);
        }
    }
    let tag = parts.headers.get(header::ETAG).and_then(|tag| tag.to_str().ok()).unwrap_or("");
    let known = known.as_ref().and_then(|known| known.to_str().ok());
    if known.is_some_and(|known| asset::matches(known, tag)) {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_TYPE);
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}
