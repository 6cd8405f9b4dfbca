//! What is true: the things a shop is made of and the rules they keep.
//!
//! Everything here is a function of values: no clock, no dice, no database. Modules are listed
//! in reading order, and each uses only those above it.
#![deny(clippy::float_arithmetic)]

/// Variants that are written as codes: all of them, each one's code, and the way back.
macro_rules! codes {
    ($name:ident { $($variant:ident = $code:literal),* $(,)? }) => {
        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),*];
            pub fn code(self) -> &'static str {
                match self { $($name::$variant => $code),* }
            }
            pub fn parse(code: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|one| one.code() == code)
            }
        }
    };
}

// The words everything else is said in.
pub mod money;
pub mod rate;
pub mod moment;
pub mod id;
pub mod quantity;
pub mod text;
pub mod place;
pub mod region;
pub mod division;

// Value and trust.
pub mod ledger;
pub mod wallet;
pub mod role;
pub mod person;
pub mod customer;
pub mod seller;

// Goods.
pub mod catalog;
pub mod inventory;

// What it costs.
pub mod tax;
pub mod price;
pub mod promotion;
pub mod point;

// The trade.
pub mod order;
pub mod coupon;
pub mod quote;
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
pub mod level;

// Winning together.
pub mod campaign;
pub mod group_buy;
pub mod compliance;
pub mod seed;
pub mod red_packet;
pub mod fission;
pub mod bargain;
pub mod assist;
pub mod draw;
pub mod flash_sale;
pub mod invite;
pub mod check_in;
pub mod task;
pub mod guess;
pub mod quiz;
pub mod coupon_drop;
pub mod gift;
pub mod points_shop;
pub mod rules_page;

// Knowing.
pub mod event;
pub mod webhook;
pub mod letter;
