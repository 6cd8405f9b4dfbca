//! Everything that reads what strangers write, given what nobody would write: one function a
//! target, each with a property. The corpus is replayed, then changed at random, by seed.
//!
//! `PINWHEEL_FUZZ=1000` does a thousand times as many; `PINWHEEL_SEED` repeats or varies them.
#![allow(clippy::disallowed_methods, reason = "tests measure")]

// The shop and its database are the same as in the tests of the actions.
#[path = "../../../app/tests/it/postgres.rs"]
#[allow(dead_code, reason = "shared with the tests of the actions, which use more of it")]
mod postgres;
#[path = "../../../app/tests/it/support.rs"]
#[allow(dead_code, reason = "shared with the tests of the actions, which use more of it")]
mod support;
#[path = "../../../app/tests/it/trade.rs"]
#[allow(dead_code, reason = "shared with the tests of the actions, which use more of it")]
mod trade;
#[path = "../it/served.rs"]
#[allow(dead_code, reason = "shared with the other tests, which use more of it")]
mod served;

mod driver;

mod words;
mod texts;
mod files;
mod notices;
mod payments;
mod requests;
