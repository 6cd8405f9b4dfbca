//! What is likely: computation over numbers that knows nothing of shops.
//!
//! Floats are at home here and nowhere else: what comes out is shown or ranked, never paid.
#![allow(clippy::disallowed_types, reason = "chances are fractions; no money is here")]

// The arithmetic the rest is said in.
pub mod gamma;

// Insight.
pub mod compare;

// Looking.
pub mod shade;

// Finding.
pub mod search;
