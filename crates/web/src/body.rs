//! Bodies of requests: read up to a limit, and looked into for the key that every form carries.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::header;

use crate::answer::{Fault, MOST};
use crate::door::TooSlow;

/// What a request says its body is.
pub fn content_type(request: &Request) -> &str {
    let value = request.headers().get(header::CONTENT_TYPE);
    value.and_then(|value| value.to_str().ok()).unwrap_or("")
}

/// A body of at most so many bytes.
pub async fn body(body: Body, most: usize) -> Result<Bytes, Fault> {
    to_bytes(body, most).await.map_err(|error| {
        let mut cause: Option<&dyn std::error::Error> = Some(&error);
        while let Some(error) = cause {
            if error.to_string().contains("length limit") {
                return Fault::TooLarge { most };
            }
            if error.is::<TooSlow>() {
                return Fault::Slow;
            }
            cause = error.source();
        }
        Fault::BadRequest(error.to_string())
    })
}

/// The key that proves a form came from a page of ours, with the request put together again.
/// A form with files may have `most` bytes.
pub async fn peek_csrf(request: Request, most: usize) -> Result<(Request, String), Fault> {
    let kind = content_type(&request).to_string();
    if kind.starts_with("application/x-www-form-urlencoded") {
        let (parts, rest) = request.into_parts();
        let bytes = body(rest, MOST).await?;
        let found = form_urlencoded::parse(&bytes).find(|(name, _)| is_csrf(name));
        let token = found.map_or(String::new(), |(_, value)| value.into_owned());
        return Ok((Request::from_parts(parts, Body::from(bytes)), token));
    }
    if kind.starts_with("multipart/form-data") {
        let (parts, rest) = request.into_parts();
        let bytes = body(rest, most).await?;
        let token = csrf_part(&kind, &bytes);
        return Ok((Request::from_parts(parts, Body::from(bytes)), token));
    }
    Ok((request, String::new()))
}

fn is_csrf(name: &str) -> bool {
    name == "csrf" || name == "_csrf"
}

/// The key's part of a form with files. It is a short text, so a plain look is enough.
fn csrf_part(kind: &str, bytes: &[u8]) -> String {
    let Some((_, boundary)) = kind.split_once("boundary=") else { return String::new() };
    let boundary = boundary.split(';').next().unwrap_or("").trim().trim_matches('"');
    let mark = format!("--{boundary}");
    let mut rest = bytes;
    while let Some(at) = find(rest, mark.as_bytes()) {
        rest = &rest[at + mark.len()..];
        let Some(end) = find(rest, b"\r\n\r\n") else { break };
        let head = String::from_utf8_lossy(&rest[..end]);
        if head.contains("name=\"csrf\"") || head.contains("name=\"_csrf\"") {
            let value = &rest[end + 4..];
            let stop = find(value, b"\r\n").unwrap_or(0);
            return String::from_utf8_lossy(&value[..stop]).into_owned();
        }
        rest = &rest[end..];
    }
    String::new()
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len().max(1)).position(|window| window == wanted)
}
