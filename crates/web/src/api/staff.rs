//! What staff do with the shop, under `/api/v1/staff`. Each action checks the role and, for tokens,
//! the scope `manage` (`read` to look).

mod books;
mod customers;
mod delivery;
mod group_buys;
mod orders;
mod order_desk;
mod drafts;
mod prices;
mod offers;
mod payments;
mod products;
mod search;
mod returns;
mod reviews;
mod stock;
mod team;
mod points;
mod wallets;
mod sellers;
mod campaigns;
mod saved_lists;
mod content;
mod invoices;
mod webhooks;
mod letters;
mod games;

use axum::Router;

use crate::Shop;

/// The routes of staff.
pub fn routes() -> Router<Shop> {
    Router::new()
        .merge(products::routes())
        .merge(search::routes())
        .merge(stock::routes())
        .merge(orders::routes())
        .merge(order_desk::routes())
        .merge(drafts::routes())
        .merge(delivery::routes())
        .merge(prices::routes())
        .merge(offers::routes())
        .merge(returns::routes())
        .merge(reviews::routes())
        .merge(group_buys::routes())
        .merge(books::routes())
        .merge(payments::routes())
        .merge(team::routes())
        .merge(wallets::routes())
        .merge(points::routes())
        .merge(sellers::routes())
        .merge(campaigns::routes())
        .merge(saved_lists::routes())
        .merge(content::routes())
        .merge(invoices::routes())
        .merge(customers::routes())
        .merge(webhooks::routes())
        .merge(letters::routes())
        .merge(games::routes())
}

/// What the handlers of staff say of themselves.
#[cfg(feature = "schema")]
pub fn described() -> Vec<utoipa::openapi::OpenApi> {
    vec![
        products::described(),
        search::described(),
        stock::described(),
        orders::described(),
        order_desk::described(),
        drafts::described(),
        delivery::described(),
        prices::described(),
        offers::described(),
        returns::described(),
        reviews::described(),
        group_buys::described(),
        books::described(),
        payments::described(),
        team::described(),
        wallets::described(),
        points::described(),
        sellers::described(),
        campaigns::described(),
        saved_lists::described(),
        content::described(),
        invoices::described(),
        customers::described(),
        webhooks::described(),
        letters::described(),
        games::described(),
    ]
}
