//! What shoppers see.
//!
//! Each page decodes what was asked, calls one action, and draws what it said. `p` in a template is
//! the `Frame` around it. Modules are listed in reading order, and each uses only those above it.

// What pages are made of.
pub mod view;
pub mod frame;
pub mod rules;
pub mod goods;
pub mod sharing;
pub mod bought;
pub mod offers;
pub mod review_tile;
pub mod chooser;
pub mod address;
pub mod failed;
mod fission;
mod flash;

// What I like and looked at: other pages have a row of it.
pub mod liked;
pub mod seen;

// Finding and choosing.
pub mod home;
pub mod catalog;
pub mod product;
pub mod content;
pub mod legal;
pub mod review;

// Together. The card's buttons lead to where a place is paid for, and the page holds the card.
pub mod team_card;
pub mod team;
pub mod clause;
pub mod campaign;
pub mod assist;
pub mod bargain;
pub mod invite;

// Games to win something in.
pub mod draw;
pub mod draw_proof;
pub mod packet;
pub mod points_shop;
pub mod guess;
pub mod quiz;

// Buying.
pub mod onward;
pub mod cart;
pub mod giving;
pub mod checkout;
pub mod return_form;
pub mod returns;
pub mod my_review;
pub mod invoice;
pub mod price;
pub mod order_page;
pub mod order;
pub mod gift;
pub mod pay;
mod paying;

// What is mine, and how I come in.
pub mod session;
pub mod account;
pub mod passkey;
pub mod address_book;
pub mod point;
pub mod check_in;
pub mod task;
pub mod wallet;
pub mod coupon;
pub mod coupon_drop;
pub mod privacy;
pub mod letters;
pub mod inbox;
pub mod share;

#[cfg(test)]
mod tests;

use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};

use crate::Shop;
use crate::answer::Fault;
use crate::page::Page;

/// The routes of the storefront.
pub fn routes() -> Router<Shop> {
    Router::new()
        .route("/", get(home::show))
        .route("/discover", get(catalog::discover))
        .route("/discover/suggestions", get(catalog::suggestions))
        .route("/c/{slug}", get(catalog::category))
        .route("/products/{handle}", get(product::show).post(product::choose))
        .route("/products/{handle}/reviews", get(review::list))
        .route("/reviews/{id}/vote", post(review::vote))
        .route("/pages/{slug}", get(content::show))
        .route("/legal/licence", get(legal::licence))
        .route("/legal/{kind}", get(legal::show))
        .route("/legal/{kind}/{number}", get(legal::show_version))
        .route("/teams", get(team::list))
        .route("/teams/{id}", get(team::show).post(team::join))
        .route("/teams/{id}/card", get(team::card))
        .route("/teams/{id}/live", get(team::changes))
        .route("/campaigns", get(campaign::list))
        .route("/campaigns/{id}", get(campaign::show))
        .route("/campaigns/{id}/rules", get(campaign::show_rules))
        .route("/assists/{id}", get(assist::landing).post(assist::begin))
        .route("/help/{id}", get(assist::show).post(assist::help))
        .route("/bargains/{id}", get(bargain::show).post(bargain::act_on))
        .route("/bargains/{id}/card", get(bargain::card))
        .route("/bargains/{id}/live", get(bargain::changes))
        .route("/invite", get(invite::show).post(invite::accept))
        .route("/draws/{id}", get(draw::show).post(draw::once))
        .route("/draws/{id}/proof", get(draw_proof::show))
        .route("/draws/{id}/records.json", get(draw_proof::records))
        .route("/drops/{id}", get(coupon_drop::show).post(coupon_drop::claim))
        .route("/fissions/{id}", get(fission::hall).post(fission::begin))
        .route("/split/{id}", get(fission::show).post(fission::take))
        .route("/split/{id}/live", get(fission::changes))
        .route("/packets/{id}", get(packet::show).post(packet::open))
        .route("/flash/{id}", get(flash::show).post(flash::step))
        .route("/flash/{id}/live", get(flash::changes))
        .route("/guesses/{id}", get(guess::show).post(guess::make))
        .route("/quizzes/{id}", get(quiz::show).post(quiz::begin))
        .route("/quizzes/{id}/attempts/{attempt}", post(quiz::answer))
        .route("/cart", get(cart::show))
        .route("/cart/lines/{variant}", post(cart::change))
        .route("/checkout", get(checkout::show).post(checkout::place))
        .route("/pay/{token}", get(pay::show).post(pay::begin))
        .route("/pay/{token}/onward", get(onward::show_by_link))
        .route("/pay/{token}/code.svg", get(onward::code_by_link))
        .route("/gifts", get(gift::list))
        .route("/gifts/{id}", get(gift::show).post(gift::take))
        .route("/gifts/{id}/take-back", post(gift::take_back))
        .route("/orders", get(order::list))
        .route("/orders/{id}", get(order::show))
        .route("/orders/{id}/paid", get(order::paid))
        .route("/orders/{id}/pay", get(onward::show).post(order::pay))
        .route("/orders/{id}/code.svg", get(onward::code))
        .route("/orders/{id}/cancel", post(order::cancel))
        .route("/orders/{id}/confirm", post(order::confirm))
        .route("/orders/{id}/invoice", get(invoice::show).post(invoice::ask))
        .route("/orders/{id}/invoice/{request}/withdrawal", post(invoice::withdraw))
        .route("/orders/{id}/invoice/titles/{title}/removal", post(invoice::forget_title))
        .route("/account/invoices/{id}", get(invoice::read_one))
        .route("/account/invoices/{id}/file", get(invoice::file))
        .route("/orders/{id}/return", get(return_form::new).post(return_form::create))
        .route("/returns", get(returns::list))
        .route("/returns/{id}", get(returns::show))
        .route("/returns/{id}/parcel", post(returns::send_back))
        .route("/returns/{id}/withdraw", post(returns::withdraw))
        .route("/returns/{id}/escalate", post(returns::escalate))
        .route("/returns/{id}/pictures", post(returns::add_pictures))
        .route("/orders/{id}/review/{line}", get(my_review::new).post(my_review::write))
        .route("/inbox", get(inbox::list))
        .route("/inbox/read", post(inbox::read))
        .route("/account", get(account::show).post(account::rename))
        .route("/account/reviews", get(my_review::list))
        .route("/account/reviews/{id}", get(my_review::show))
        .route("/account/reviews/{id}/follow-up", post(my_review::follow_up))
        .route("/account/wallet", get(wallet::show).post(wallet::top_up))
        .route("/account/wallet/statement.csv", get(wallet::download))
        .route("/account/wallet/top-ups/{id}/return", post(wallet::give_back))
        .route("/account/wallet/top-ups/{id}/pay", get(onward::show_top_up).post(wallet::go_on))
        .route("/account/wallet/top-ups/{id}/code.svg", get(onward::code_of_top_up))
        .route("/account/points", get(point::show))
        .route("/points-shop", get(points_shop::list))
        .route("/points-shop/{campaign}/{item}", get(points_shop::show).post(points_shop::exchange))
        .route("/account/exchanges", get(points_shop::mine))
        .route("/check-in", get(check_in::show).post(check_in::check))
        .route("/tasks", get(task::show))
        .route("/tasks/{campaign}/{task}", post(task::claim))
        .route("/account/passkeys", get(passkey::list))
        .route("/account/passkeys/{id}/removal", post(passkey::remove))
        .route("/account/addresses", get(address_book::list).post(address_book::add))
        .route("/account/addresses/new", get(address_book::new))
        .route("/account/addresses/{id}", get(address_book::show).post(address_book::change))
        .route("/account/addresses/{id}/removal", post(address_book::remove))
        .route("/coupons", get(coupon::centre).post(coupon::claim))
        .route("/coupons/{link}", get(coupon::by_link).post(coupon::claim_by_link))
        .route("/account/coupons", get(coupon::mine).post(coupon::redeem))
        .route("/orders/{id}/price", get(price::show))
        .route("/favourites", get(liked::list).post(liked::set))
        .route("/account/history", get(seen::show).post(seen::change))
        .route("/account/privacy", get(privacy::show).post(privacy::set))
        .route("/account/letters", get(letters::show).post(letters::set))
        .route("/account/data", get(privacy::data))
        .route("/account/data/code", post(privacy::send_code))
        .route("/account/data/exports", post(privacy::ask_export))
        .route("/account/data/exports/{id}", post(privacy::download))
        .route("/account/data/erasure", post(privacy::erase))
        .route("/account/data/erasure/cancel", post(privacy::keep))
        .route("/unsubscribe/{token}", get(privacy::leave_page).post(privacy::leave))
        .route("/letters/stop/{token}", get(letters::stop_page).post(letters::stop))
        .route("/sign-in", get(session::new).post(session::send))
        .route("/sign-in/code", post(session::check))
        .route("/sign-in/as/{name}", post(session::play))
        .route("/sign-out", post(session::leave))
        .route("/s/{code}", get(share::open))
        .route("/qr/{file}", get(share::qr))
}

/// What is shown when something did not work; the caller sets the status.
pub fn failed(page: Page, fault: &Fault) -> Response {
    failed::page(page, fault)
}
