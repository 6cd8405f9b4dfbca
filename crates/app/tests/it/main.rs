//! Actions on a real database: what they do, refuse and leave behind.
#![allow(clippy::disallowed_methods, reason = "tests wait and measure")]

mod postgres;
mod support;
mod trade;

mod engines;
mod orders;
mod delivery;
mod search;
mod search_paper;
mod after_sale;
mod reviews;
mod prices;
mod offers;
mod coupons;
mod coupon_drops;
mod coupon_races;
mod taxes;
mod doubles;
mod gateways;
mod teams;
mod team_campaigns;
mod races;
mod after_sale_races;
mod after_sale_teams;
mod desk;
mod desk_edit;
mod desk_drafts;
mod desk_money;
mod desk_people;
pub mod lanes;
mod leases;
mod notices;
mod paper;
mod paper_delivery;
mod paper_prices;
mod paper_invoices;
mod paper_steps;
mod model;

mod people;
mod roles;
mod customers;
mod own_data;
mod device;
mod passkeys;
mod second_factor;
mod share;
mod told;
mod nodes;
mod wallets;
mod wins;
mod points;
mod daily;
mod bargains;
mod flash;
mod fissions;
mod fission_races;
mod games;
mod gifts;
mod games_races;
mod points_shop;
mod games_paper;
mod abuse;
mod paper_deals;
mod deals_model;
mod paper_gifts;
mod gifts_model;
mod sellers;
mod sellers_apart;
mod paper_sellers;
mod invoices;
mod campaigns;
mod channels;
mod friends;
mod content;
mod prices_elsewhere;
mod receiver;
mod hooks;
mod hooks_hard;
mod letters;
mod letters_ways;
mod goods;
mod product_csv;
mod backups;

#[cfg(feature = "planted")]
mod boundaries;
#[cfg(feature = "planted")]
mod boundaries_of_campaigns;
#[cfg(feature = "planted")]
mod planted;
