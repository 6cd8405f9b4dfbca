//! The OpenAPI document, which programs and the page for people are given.
//!
//! It is made ahead of time, by `pinwheel reference`, and a test keeps it as the handlers are.

#[cfg(feature = "schema")]
pub mod made;

use std::sync::OnceLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

const WHOLE: &str = include_str!("../../../../docs/reference/openapi.json");

/// Operations that need nobody in particular.
pub const PUBLIC: &[(&str, &str)] = &[
    ("post", "/api/v1/session/codes"),
    ("post", "/api/v1/session"),
    ("post", "/api/v1/session/passkey"),
    ("post", "/api/v1/session/passkey/options"),
    ("get", "/api/v1/session"),
    ("delete", "/api/v1/session"),
    ("get", "/api/v1/products"),
    ("get", "/api/v1/products/{product}"),
    ("get", "/api/v1/search"),
    ("get", "/api/v1/search/suggestions"),
    ("get", "/api/v1/products/{product}/reviews"),
    ("get", "/api/v1/reviews/{review}"),
    ("get", "/api/v1/draws/{campaign}"),
    ("get", "/api/v1/draws/{campaign}/proof"),
    ("get", "/api/v1/draws/{campaign}/records"),
    ("get", "/api/v1/coupon-drops"),
    ("get", "/api/v1/coupon-drops/{campaign}"),
    ("get", "/api/v1/packets/{campaign}"),
    ("get", "/api/v1/gifts/{gift}"),
    ("get", "/api/v1/flash-sales/{campaign}"),
    ("get", "/api/v1/guesses/{campaign}"),
    ("get", "/api/v1/quizzes/{campaign}"),
    ("get", "/api/v1/categories"),
    ("get", "/api/v1/categories/{category}"),
    ("get", "/api/v1/pages/{slug}"),
    ("get", "/api/v1/legal/{kind}"),
    ("get", "/api/v1/licence"),
    ("get", "/api/v1/provinces"),
    ("get", "/api/v1/provinces/{province}"),
    ("get", "/api/v1/campaigns"),
    ("get", "/api/v1/campaigns/{campaign}"),
    ("get", "/api/v1/assists/{assist}"),
    ("get", "/api/v1/fissions/{fission}"),
    ("get", "/api/v1/campaigns/{campaign}/fissions"),
    ("get", "/api/v1/bargains/{bargain}"),
    ("get", "/api/v1/campaigns/{campaign}/bargains"),
    ("get", "/api/v1/invitation"),
    ("get", "/api/v1/cart"),
    ("post", "/api/v1/cart/lines"),
    ("put", "/api/v1/cart/lines/{variant}"),
    ("delete", "/api/v1/cart/lines/{variant}"),
    ("get", "/api/v1/favourites"),
    ("put", "/api/v1/favourites/{product}"),
    ("post", "/api/v1/quotes"),
    ("get", "/api/v1/group-buys"),
    ("get", "/api/v1/group-buys/{group_buy}"),
    ("get", "/api/v1/coupons"),
    ("get", "/api/v1/coupon-links/{link}"),
    ("get", "/api/v1/teams"),
    ("get", "/api/v1/teams/{team}"),
    ("get", "/api/v1/points/terms"),
    ("get", "/api/v1/points-shop"),
    ("get", "/api/v1/levels"),
    ("get", "/api/v1/check-in"),
    ("get", "/api/v1/tasks"),
];

/// The document, read once for the whole process.
pub fn whole() -> &'static Value {
    static READ: OnceLock<Value> = OnceLock::new();
    READ.get_or_init(|| serde_json::from_str(WHOLE).unwrap_or_default())
}

/// The document as the handlers would have it, as text; `None` in a build that does not know.
pub fn made() -> Option<String> {
    #[cfg(feature = "schema")]
    return Some(format!("{:#}\n", made::whole()));
    #[cfg(not(feature = "schema"))]
    None
}

/// Answers with the document.
pub async fn show() -> Response {
    let kind =
        [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "public, no-cache")];
    (kind, WHOLE).into_response()
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_is_what_the_handlers_say() {
        let made = super::made().unwrap();
        assert!(made == super::WHOLE, "run `cargo reference`");
    }
}
