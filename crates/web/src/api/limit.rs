//! How often one caller may ask the API: a fixed window in memory, told in every answer.

use std::collections::HashMap;
use std::sync::Mutex;

use app::failure::Failure;
use axum::http::{HeaderMap, HeaderName, HeaderValue};

use crate::Shop;
use crate::answer::Fault;
use crate::visitor::{Asker, Via};

const WINDOW_SECONDS: i64 = 60;
/// Requests a window: of somebody known, and of an address on the network behind which many may be.
const KNOWN: i64 = 1_200;
const UNKNOWN: i64 = 600;
/// How many callers are remembered; past that the window begins anew for all.
const MOST_CALLERS: usize = 100_000;

/// What callers have used of the running window.
#[derive(Default)]
pub struct Limits(Mutex<Window>);

#[derive(Default)]
struct Window {
    start: i64,
    used: HashMap<String, i64>,
}

/// What is left to a caller.
#[derive(Clone, Copy, Debug)]
pub struct Left {
    quota: i64,
    left: i64,
    seconds: i64,
}

impl Left {
    /// Refuses what is one too many.
    pub fn check(self) -> Result<(), Fault> {
        match self.left {
            0.. => Ok(()),
            _ => Err(Failure::TooMany { retry_after: self.seconds }.into()),
        }
    }

    /// Says it in the fields of draft-ietf-httpapi-ratelimit-headers.
    pub fn say(self, headers: &mut HeaderMap) {
        let fields = [
            ("ratelimit-policy", format!("\"default\";q={};w={WINDOW_SECONDS}", self.quota)),
            ("ratelimit", format!("\"default\";r={};t={}", self.left.max(0), self.seconds)),
        ];
        for (name, value) in fields {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }
}

/// Counts a request to the API; other requests are not counted here. What is left is negative when
/// it was one too many.
pub fn count(shop: &Shop, asker: &Asker) -> Option<Left> {
    if !asker.path.starts_with("/api/v1/") {
        return None;
    }
    let quota = if asker.via == Via::Nothing { UNKNOWN } else { KNOWN };
    let now = shop.app.now().0 / 1_000_000;
    let mut window = shop.limits.0.lock().unwrap_or_else(|gone| gone.into_inner());
    let start = now.div_euclid(WINDOW_SECONDS) * WINDOW_SECONDS;
    if window.start != start || window.used.len() > MOST_CALLERS {
        *window = Window { start, used: HashMap::new() };
    }
    let used = window.used.entry(asker.visitor.principal()).or_insert(0);
    *used += 1;
    let seconds = start + WINDOW_SECONDS - now;
    Some(Left { quota, left: quota - *used, seconds })
}
