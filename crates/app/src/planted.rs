//! Faults of this field, planted on purpose, so that the tests can show that they would find them.
//!
//! `planted!("name", …)` does something wrong where the fault of that name is switched on; without
//! the feature `planted`, which no release has, it is nothing at all. One fault a process:
//! `PINWHEEL_PLANTED=name`. `tests/it/planted.rs` says which tests find which.

/// Does something wrong, when it is asked for by name.
macro_rules! planted {
    ($name:literal, $($wrong:tt)*) => {
        #[cfg(feature = "planted")]
        if crate::planted::is_on($name) {
            $($wrong)*
        }
    };
}

/// A boundary where a test can make the program end (`tests/it/boundaries.rs`), by the crate
/// `fail`; without the feature `planted` nothing at all.
macro_rules! fault_point {
    ($name:literal) => {
        #[cfg(feature = "planted")]
        fail::fail_point!($name);
    };
}

/// Whether the fault of this name is switched on.
#[cfg(feature = "planted")]
pub fn is_on(name: &str) -> bool {
    static ON: std::sync::OnceLock<Option<String>> = std::sync::OnceLock::new();
    ON.get_or_init(|| std::env::var("PINWHEEL_PLANTED").ok()).as_deref() == Some(name)
}
