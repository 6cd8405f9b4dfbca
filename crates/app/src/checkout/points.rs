//! Points at checkout: how many can be spent, and spending them with the order.

use domain::id::Id;
use domain::order::Order;
use domain::person::Person;
use domain::point::{Refusal, Spending};

use crate::db::Tx;
use crate::failure::Failure;

/// How many points somebody can spend now, and on what terms; none where the shop takes none.
pub fn spendable(_: &mut Tx, _: Id<Person>) -> Result<Option<(i64, Spending)>, Failure> {
    Ok(None)
}

/// Spends points for an order, in its transaction.
pub fn spend(_: &mut Tx, _: Id<Person>, _: Id<Order>, _: i64) -> Result<(), Failure> {
    Err(no_points(Refusal::NotHere))
}

/// What is said to somebody who wants to spend points that cannot be spent.
pub fn no_points(_: Refusal) -> Failure {
    Failure::field("order.no_points", "points")
}
