//! The cookies of an answer.

use std::sync::{Arc, Mutex};

use super::GUARDED;

/// The cookies that the answer will set.
#[derive(Clone, Debug, Default)]
pub(super) struct Jar {
    pub(super) secure: bool,
    pub(super) set: Arc<Mutex<Vec<String>>>,
}

impl Jar {
    pub(super) fn set(&self, name: &str, value: &str, seconds: i64, hidden: bool) {
        // The prefix keeps other hosts of the domain from planting a cookie of theirs.
        let guarded = if self.secure && hidden { format!("{GUARDED}{name}") } else { name.into() };
        let mut cookie = format!("{guarded}={value}; Path=/; Max-Age={seconds}; SameSite=Lax");
        if hidden {
            cookie.push_str("; HttpOnly");
        }
        if self.secure {
            cookie.push_str("; Secure");
        }
        let mut set = self.set.lock().unwrap_or_else(|gone| gone.into_inner());
        // Whoever comes later knows more: the guest's session of this very request, for one.
        set.retain(|before| before.split('=').next() != Some(guarded.as_str()));
        set.push(cookie);
    }
}
