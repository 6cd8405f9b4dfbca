//! What is true: the things a shop is made of and the rules they keep.
//!
//! Everything here is a function of values: no clock, no dice, no database. Modules are listed
//! in reading order, and each uses only those above it.
#![deny(clippy::float_arithmetic)]

// The words everything else is said in.
pub mod money;
pub mod rate;
pub mod moment;
pub mod id;
pub mod quantity;
pub mod text;
pub mod place;
pub mod region;

// Value and trust.
pub mod ledger;
pub mod wallet;
pub mod role;
pub mod person;
pub mod customer;

// Goods.
pub mod catalog;
pub mod inventory;

// What it costs.
pub mod tax;
pub mod price;
pub mod group_buy;

// The trade.
pub mod order;
pub mod shipping;
pub mod payment;
pub mod reconciliation;
pub mod after_sale;
pub mod invoice;
pub mod review;
pub mod order_desk;
pub mod risk_hint;

// What the merchant says.
pub mod content;
pub mod legal;

// Belonging.
pub mod share;

// Knowing.
pub mod event;
pub mod webhook;
pub mod letter;
