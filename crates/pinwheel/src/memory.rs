//! How much memory the process keeps for later.

/// The system's allocator gives each thread a pool of its own, up to sixteen on two cores, and
/// hardly ever gives one back. A shop has many threads that do the same, each for a moment: their
/// pools fill up slowly, for hours. Two stay nearly as they are (`pinwheel bench soak`,
/// docs/explanation/how-fast.md).
pub fn keep_little() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: it sets a number, and is called before there is a second thread.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, 2);
    }
}
