//! Promotions and coupons behind the counter.

use axum::Router;

use crate::Shop;

mod scope_fields;
mod promotion;
mod coupon_form;
mod coupon;

/// The routes of promotions and coupons.
pub fn routes() -> Router<Shop> {
    promotion::routes().merge(coupon::routes())
}
