//! The JSON API: the same actions as the pages, for programs.
//!
//! Handlers decode, call one action and answer. What all operations share (problems, keys, limits,
//! tags) is said once in `input`, `output` and `document`.

/// Routes with their handlers; and, where the OpenAPI document is made, what these say of
/// themselves.
macro_rules! operations {
    ($(#[$about:meta])* $($path:literal: $($method:ident $handler:ident),+;)+) => {
        $(#[$about])*
        pub fn routes() -> axum::Router<crate::Shop> {
            axum::Router::new()
                $(.route($path, axum::routing::MethodRouter::new()$(.$method($handler))+))+
        }

        /// What the handlers say of themselves.
        #[cfg(feature = "schema")]
        pub fn described() -> utoipa::openapi::OpenApi {
            #[derive(utoipa::OpenApi)]
            #[openapi(paths($($($handler),+),+))]
            struct Described;
            <Described as utoipa::OpenApi>::openapi()
        }
    };
}

pub mod cursor;
pub mod input;
pub mod output;
pub mod limit;
pub mod version;
pub mod document;
mod reference;

mod people;
mod passkeys;
mod own;
mod goods;
mod search;
mod places;
mod trade;
mod offers;
mod points;
mod points_shop;
mod wallet;
mod campaigns;
mod content;
mod invoices;
mod returns;
mod reviews;
mod flash_sales;
mod games;
mod gifts;
mod staff;

use axum::Router;
use axum::routing::get;

use crate::Shop;

/// The routes of the API.
pub fn routes() -> Router<Shop> {
    Router::new()
        .merge(people::routes())
        .merge(passkeys::routes())
        .merge(own::routes())
        .merge(goods::routes())
        .merge(search::routes())
        .merge(places::routes())
        .merge(trade::routes())
        .merge(offers::routes())
        .merge(wallet::routes())
        .merge(points::routes())
        .merge(points_shop::routes())
        .merge(campaigns::routes())
        .merge(content::routes())
        .merge(invoices::routes())
        .merge(returns::routes())
        .merge(reviews::routes())
        .merge(flash_sales::routes())
        .merge(games::routes())
        .merge(gifts::routes())
        .merge(staff::routes())
        .layer(axum::middleware::from_fn(output::tag))
        .route("/api/openapi.json", get(document::show))
        .route("/api", get(reference::show))
}

/// The OpenAPI document, made of what the handlers say of themselves.
#[cfg(feature = "schema")]
fn described() -> utoipa::openapi::OpenApi {
    let mut parts =
        vec![people::described(), goods::described(), search::described(), trade::described()];
    parts.extend([passkeys::described(), places::described(), offers::described()]);
    parts.push(points::described());
    parts.push(points_shop::described());
    parts.extend([wallet::described(), content::described(), own::described()]);
    parts.push(campaigns::described());
    parts.extend([returns::described(), reviews::described(), invoices::described()]);
    parts.push(flash_sales::described());
    parts.extend([games::described(), gifts::described()]);
    parts.extend(staff::described());
    let mut whole = document::made::start();
    parts.into_iter().for_each(|part| whole.merge(part));
    whole
}
