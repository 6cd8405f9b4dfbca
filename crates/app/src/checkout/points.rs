//! Points at checkout: how many can be spent, and spending them with the order.

use domain::point::Refusal;

use crate::failure::Failure;

pub(crate) use crate::point::{spend, spendable};

/// What is said to somebody who wants to spend points that cannot be spent.
pub fn no_points(refusal: Refusal) -> Failure {
    match refusal {
        Refusal::NotHere => Failure::field("order.no_points", "points"),
        refusal => refusal.into(),
    }
}
