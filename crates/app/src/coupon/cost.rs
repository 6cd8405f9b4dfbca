//! What coupons out of a campaign's budget cost it.
//!
//! Such a coupon has a reward: promised when it was received, and waiting. An order that is kept
//! makes it given; a coupon that ends unused, or whose order was sent back, releases it. One that
//! is used again after its order came back costs once.

use domain::coupon::Coupon;
use domain::id::Id;
use domain::order::Order;

use super::{back, store};
use crate::db::Tx;
use crate::failure::Failure;
use crate::reward;

/// Nobody uses it any more, or what it was used for is undone.
pub(super) fn ended(tx: &mut Tx, id: Id<Coupon>) -> Result<(), Failure> {
    planted!("coupon_cost_kept", return Ok(()));
    match store::reward_of(tx, id)? {
        Some(reward) => reward::undo(tx, reward),
        None => Ok(()),
    }
}

/// An order can no longer be sent back: what its coupons took off is spent.
pub(crate) fn order_kept(tx: &mut Tx, order: Id<Order>) -> Result<(), Failure> {
    if back::there_are_none(tx)? {
        return Ok(());
    }
    let rewards = store::rewards_of(tx, order)?;
    if !rewards.is_empty() && tx.gathers() {
        return Err(tx.alone());
    }
    for reward in rewards {
        reward::qualify_waiting(tx, reward)?;
    }
    Ok(())
}
