//! What is likely: computation over numbers that knows nothing of shops.
//!
//! Floats are at home here and nowhere else: what comes out is shown or ranked, never paid.

// The arithmetic the rest is said in.
pub mod gamma;

// Insight.
pub mod compare;
