//! What the disk can do to a shop on SQLite: lose power, fill up, fail. A disk of our own lies under
//! the real database here, so these tests have an executable to themselves.
#![allow(clippy::disallowed_methods, reason = "tests wait and measure")]

#[allow(dead_code, reason = "shared with the other tests")]
#[path = "../it/postgres.rs"]
mod postgres;
#[allow(dead_code, reason = "shared with the other tests")]
#[path = "../it/support.rs"]
mod support;
#[allow(dead_code, reason = "shared with the other tests")]
#[path = "../it/trade.rs"]
mod trade;

mod disk;
mod images;
mod shopping;

mod power;
mod failing;
