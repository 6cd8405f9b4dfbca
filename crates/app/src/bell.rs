//! The bell that wakes the workers.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// Wakes those who wait for something to do.
#[derive(Clone, Default)]
pub struct Bell(Arc<(Mutex<u64>, Condvar)>);

impl Bell {
    pub fn ring(&self) {
        let mut rings = self.0.0.lock().unwrap_or_else(|gone| gone.into_inner());
        *rings += 1;
        self.0.1.notify_all();
    }

    /// How often it has rung.
    pub fn heard(&self) -> u64 {
        *self.0.0.lock().unwrap_or_else(|gone| gone.into_inner())
    }

    /// Waits until it has rung more than `heard` times, or for so long.
    pub fn wait(&self, heard: u64, longest: Duration) -> u64 {
        let rings = self.0.0.lock().unwrap_or_else(|gone| gone.into_inner());
        let waited = self.0.1.wait_timeout_while(rings, longest, |rings| *rings <= heard);
        *waited.unwrap_or_else(|gone| gone.into_inner()).0
    }
}
