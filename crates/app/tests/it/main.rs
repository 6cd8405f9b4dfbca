//! Actions on a real database: what they do, refuse and leave behind.
#![allow(clippy::disallowed_methods, reason = "tests wait and measure")]

mod postgres;
mod support;
mod trade;

mod engines;
mod orders;
mod delivery;
mod search;
mod after_sale;
mod reviews;
mod teams;
mod races;
mod after_sale_races;
mod after_sale_teams;
mod lanes;
mod leases;
mod notices;
mod model;

mod people;
mod second_factor;
mod share;
mod told;
mod nodes;
mod receiver;
mod hooks;
mod hooks_hard;
mod goods;
mod product_csv;
mod backups;

#[cfg(feature = "planted")]
mod boundaries;
#[cfg(feature = "planted")]
mod planted;
