//! What staff do with the shop, under `/api/v1/staff`. Each action checks the role and, for tokens,
//! the scope `manage` (`read` to look).

mod books;
mod delivery;
mod group_buys;
mod orders;
mod products;
mod search;
mod returns;
mod reviews;
mod stock;
mod team;
mod webhooks;

use axum::Router;

use crate::Shop;

/// The routes of staff.
pub fn routes() -> Router<Shop> {
    Router::new()
        .merge(products::routes())
        .merge(search::routes())
        .merge(stock::routes())
        .merge(orders::routes())
        .merge(delivery::routes())
        .merge(returns::routes())
        .merge(reviews::routes())
        .merge(group_buys::routes())
        .merge(books::routes())
        .merge(team::routes())
        .merge(webhooks::routes())
}

/// What the handlers of staff say of themselves.
#[cfg(feature = "schema")]
pub fn described() -> Vec<utoipa::openapi::OpenApi> {
    vec![
        products::described(),
        search::described(),
        stock::described(),
        orders::described(),
        delivery::described(),
        returns::described(),
        reviews::described(),
        group_buys::described(),
        books::described(),
        team::described(),
        webhooks::described(),
    ]
}
