//! What staff do with the shop, under `/api/v1/staff`. Each action checks the role and, for tokens,
//! the scope `manage` (`read` to look).

mod books;
mod group_buys;
mod orders;
mod products;
mod stock;
mod team;
mod webhooks;

use utoipa_axum::router::OpenApiRouter;

use crate::Shop;

/// The routes of staff.
pub fn routes() -> OpenApiRouter<Shop> {
    OpenApiRouter::new()
        .merge(products::routes())
        .merge(stock::routes())
        .merge(orders::routes())
        .merge(group_buys::routes())
        .merge(books::routes())
        .merge(team::routes())
        .merge(webhooks::routes())
}
