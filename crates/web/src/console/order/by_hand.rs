//! Money that came or went without a provider: staff say that they saw it.

use app::failure::Failure;
use app::order_desk;
use app::payment::offline::{self, Seen, Sent};
use axum::extract::Path;
use domain::id::Id;
use domain::order::Order;
use domain::payment::Refund;

use super::finish;
use crate::console::{Answer, Desk, fields};
use crate::form::Form;

/// The money of an order is there.
pub async fn received(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id: Id<Order> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let (typed, proof) = (form.get("amount").to_string(), form.get("proof").to_string());
    let done = desk
        .act_once(&form, move |app, visitor| {
            let currency = order_desk::get(app, visitor, id)?.order.total.currency;
            let amount = fields::amount(&typed, currency);
            let amount = amount.unwrap_or(domain::money::Money::zero(currency));
            offline::received(app, visitor, id, Seen { amount, proof })
        })
        .await;
    finish(&desk, id, &form, done, "order-received-done").await
}

/// A refund was carried back.
pub async fn sent(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id: Id<Refund> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let order: Id<Order> = form.id("order")?;
    let proof = form.get("proof").to_string();
    let done = desk
        .act_once(&form, move |app, visitor| offline::sent_back(app, visitor, id, Sent { proof }));
    finish(&desk, order, &form, done.await, "order-sent-done").await
}
