//! Which edition of the API a program speaks: a date, said in every answer.
//!
//! A program may name the edition it was written for; one that we do not speak is refused before
//! anything is done, so that nobody is answered in words they do not know. There is one so far.

use axum::http::{HeaderMap, HeaderName, HeaderValue};

use crate::answer::Fault;

/// The header, in both directions.
pub const NAME: HeaderName = HeaderName::from_static("api-version");
/// The edition spoken here.
pub const SPOKEN: &str = "2026-11-21";

fn is_api(path: &str) -> bool {
    path.starts_with("/api/")
}

/// Refuses an edition that is not spoken here.
pub fn check(path: &str, wanted: Option<&HeaderValue>) -> Result<(), Fault> {
    match wanted {
        Some(wanted) if is_api(path) && wanted != SPOKEN => Err(Fault::Version),
        _ => Ok(()),
    }
}

/// Says which edition the answer is in.
pub fn say(path: &str, headers: &mut HeaderMap) {
    if is_api(path) {
        headers.insert(NAME, HeaderValue::from_static(SPOKEN));
    }
}
