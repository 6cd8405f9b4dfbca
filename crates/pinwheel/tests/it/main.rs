//! The real executable: what it answers, with which code, and what survives when it is killed.
#![allow(clippy::disallowed_methods, reason = "tests wait and measure")]

#[path = "../../../app/tests/it/postgres.rs"]
mod postgres;

mod cluster;
mod http;
mod program;
mod load;
mod proxy;
mod ear;

mod commands;
mod backups;
mod serving;
mod kills;
mod outages;
mod nodes;
