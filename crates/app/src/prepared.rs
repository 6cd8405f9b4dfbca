//! Prepared values: what many visitors look at is read once, and kept until it may have changed.
//!
//! A commit of this process makes everything kept before it old at once; what other processes
//! commit is seen after `LONGEST` at the latest. Whoever has just written asks for a fresh value,
//! on whatever node, so nobody misses an effect of their own.

use std::any::Any;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use crate::failure::Failure;

/// How long a value is kept when nothing is heard to have changed.
const LONGEST: Duration = Duration::from_secs(2);
/// How many values are kept; beyond it the old ones go.
const MOST: usize = 1_024;

/// The values, by what they are of.
#[derive(Default)]
pub struct Prepared {
    slots: Mutex<HashMap<String, Arc<Slot>>>,
    commits: AtomicU64,
    /// How long others may be shown a value that a commit made old: while orders pour in, a page
    /// is read a few times a second and not for each of them.
    patience: Duration,
}

/// One value. Whoever finds it old reads it anew while the others wait for that.
#[derive(Default)]
struct Slot(Mutex<Option<Kept>>);

struct Kept {
    value: Arc<dyn Any + Send + Sync>,
    /// How many commits there had been before it was read.
    commits: u64,
    read: Instant,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A value is put in whole or not at all.
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

fn instant() -> Instant {
    #[expect(
        clippy::disallowed_methods,
        reason = "measures an age, decides nothing about the shop"
    )]
    Instant::now()
}

impl Prepared {
    pub fn new(patience: Duration) -> Prepared {
        Prepared { patience, ..Prepared::default() }
    }

    /// Something was committed: what was read before is old.
    pub fn turn(&self) {
        self.commits.fetch_add(1, Ordering::SeqCst);
    }

    /// How often something was committed: what was read before a turn may be old after it.
    pub(crate) fn turns(&self) -> u64 {
        self.commits.load(Ordering::SeqCst)
    }

    /// The value kept under `key`, or what `read` makes of the database now. Nothing kept will do
    /// for somebody who asks for a `fresh` one.
    pub fn get<V: Clone + Send + Sync + 'static>(
        &self,
        key: &str,
        fresh: bool,
        read: impl FnOnce() -> Result<V, Failure>,
    ) -> Result<V, Failure> {
        let slot = self.slot(key);
        let mut kept = locked(&slot.0);
        if let Some(value) = kept.as_ref().filter(|kept| !fresh && self.will_do(kept))
            && let Some(value) = value.value.downcast_ref::<V>()
        {
            return Ok(value.clone());
        }
        // Counted before the snapshot is taken: a commit in between makes the value old, not lost.
        let (commits, began) = (self.commits.load(Ordering::SeqCst), instant());
        let value = read()?;
        *kept = Some(Kept { value: Arc::new(value.clone()), commits, read: began });
        Ok(value)
    }

    /// The value kept under `key` while it will do, without waiting for anybody who reads it anew.
    pub fn peek<V: Clone + Send + Sync + 'static>(&self, key: &str) -> Option<V> {
        let slot = self.slot(key);
        let kept = slot.0.try_lock().ok()?;
        let kept = kept.as_ref().filter(|kept| self.will_do(kept))?;
        kept.value.downcast_ref::<V>().cloned()
    }

    /// The value kept under `key`, however old: for what is no worse for being a little behind.
    pub fn last<V: Clone + Send + Sync + 'static>(&self, key: &str) -> Option<V> {
        let slot = self.slot(key);
        let kept = slot.0.try_lock().ok()?;
        let kept = kept.as_ref()?;
        kept.value.downcast_ref::<V>().cloned()
    }

    fn will_do(&self, kept: &Kept) -> bool {
        let age = kept.read.elapsed();
        let current = kept.commits == self.commits.load(Ordering::SeqCst);
        age < if current { LONGEST } else { self.patience }
    }

    fn slot(&self, key: &str) -> Arc<Slot> {
        let mut slots = locked(&self.slots);
        if let Some(slot) = slots.get(key) {
            return Arc::clone(slot);
        }
        if slots.len() >= MOST {
            // Who is at one keeps it; the rest is soon read again.
            slots.clear();
        }
        Arc::clone(slots.entry(key.to_string()).or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_kept_until_a_commit() {
        let prepared = Prepared::default();
        assert_eq!(prepared.get("home", false, || Ok(1)).unwrap(), 1);
        assert_eq!(prepared.get("home", false, || Ok(2)).unwrap(), 1);
        assert_eq!(prepared.get("other", false, || Ok(3)).unwrap(), 3);
        prepared.turn();
        assert_eq!(prepared.get("home", false, || Ok(4)).unwrap(), 4);
    }

    #[test]
    fn a_peek_sees_what_is_kept_and_reads_nothing() {
        let prepared = Prepared::default();
        assert_eq!(prepared.peek::<i32>("home"), None);
        prepared.get("home", false, || Ok(1)).unwrap();
        assert_eq!(prepared.peek::<i32>("home"), Some(1));
        prepared.turn();
        assert_eq!(prepared.peek::<i32>("home"), None);
        assert_eq!(prepared.last::<i32>("home"), Some(1), "old, and still there");
    }

    #[test]
    fn whoever_has_written_gets_a_fresh_one() {
        let prepared = Prepared::new(Duration::from_secs(3_600));
        assert_eq!(prepared.get("home", false, || Ok(1)).unwrap(), 1);
        prepared.turn();
        assert_eq!(prepared.get("home", false, || Ok(2)).unwrap(), 1, "others are patient");
        assert_eq!(prepared.get("home", true, || Ok(3)).unwrap(), 3);
        assert_eq!(
            prepared.get("home", false, || Ok(4)).unwrap(),
            3,
            "and see what was read for it"
        );
    }

    #[test]
    fn a_failed_read_keeps_nothing() {
        let prepared = Prepared::default();
        let failed = prepared.get::<i64>("home", false, || Err(Failure::NotFound));
        assert!(matches!(failed, Err(Failure::NotFound)));
        assert_eq!(prepared.get("home", false, || Ok(1)).unwrap(), 1);
    }

    #[test]
    fn a_commit_while_it_is_read_makes_it_old() {
        let prepared = Prepared::default();
        let read = || {
            prepared.turn();
            Ok(1)
        };
        assert_eq!(prepared.get("home", false, read).unwrap(), 1);
        assert_eq!(prepared.get("home", false, || Ok(2)).unwrap(), 2);
    }
}
