//! The edges on a real server with a real database: routes, problems, forms, the API.
#![allow(clippy::disallowed_methods, reason = "tests wait and measure")]

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

#[path = "../../../app/tests/it/doubles.rs"]
#[allow(dead_code, reason = "shared with the tests of the providers, which use more of it")]
mod doubles;

mod served;
mod chromium;

mod every_route;
mod roles;
mod problems;
mod door;
mod measures;
mod forms;
mod second_step;
mod conventions;
mod live;
mod api;
mod reviews;
mod prices;
mod places;
mod desk;
mod hooks;
mod till;
mod customers;
mod letters;
mod access;
mod browser;
mod browser_campaigns;
mod browser_bargain;
mod browser_delivery;
mod browser_places;
mod browser_desk;
mod browser_paying;
mod browser_sellers;
mod browser_steps;
mod browser_wallet;
mod browser_points;
mod browser_points_shop;
mod browser_offers;
mod browser_fission;
mod browser_flash;
mod browser_drops;
mod browser_games;
mod browser_gifts;
mod browser_invite;
mod browser_invoices;
mod browser_returns;
mod browser_own_data;
mod browser_passkey;
mod browser_letters;
