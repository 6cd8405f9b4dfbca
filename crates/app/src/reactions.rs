//! When X happened, do Y: the whole web of consequences, on one screen.
//!
//! Consequences are jobs, asked for in the transaction of the fact. What must be true at once with
//! the fact (a team's orders going ahead) is done by the action itself.

use domain::campaign;
use domain::event::Fact;
use domain::order::Status;
use serde_json::json;

use crate::db::Tx;
use crate::failure::Failure;
use crate::invite::Came;
use crate::{
    after_sale, bargain, coupon, coupon_drop, draw, fission, flash_sale, group_buy, guess, invite,
    invoice, letter, order_desk, order_points, packet, points_shop, task,
};

/// Asks for what follows from everything that was told in this transaction.
pub(crate) fn follow(tx: &mut Tx) -> Result<(), Failure> {
    // What follows may itself be told.
    while !tx.told.is_empty() {
        for fact in std::mem::take(&mut tx.told) {
            match &fact {
                // Received: the after-sale window runs, then the shop has its money.
                Fact::OrderMoved { order, to: Status::Delivered, .. } => {
                    order_desk::complete_later(tx, *order)?;
                    invoice::received(tx, *order)?;
                }
                // The money of a return is back; no invoice stands for it any more.
                Fact::RefundPaid { refund, order, .. } => {
                    after_sale::refund_paid(tx, *refund)?;
                    invoice::refund_paid(tx, *order)?;
                    coupon::refunded(tx, *order)?;
                }
                // Nothing is open any more: the order goes on to its end.
                Fact::ReturnMoved { order, to, .. } if to.is_settled() => {
                    order_desk::complete_when_settled(tx, *order)?;
                }
                // Seeds are drawn, packets divided and answers sealed before anybody comes.
                Fact::CampaignMoved { campaign, to: campaign::Status::Scheduled } => {
                    draw::launched(tx, *campaign)?;
                    coupon_drop::launched(tx, *campaign)?;
                    packet::launched(tx, *campaign)?;
                    fission::launched(tx, *campaign)?;
                    guess::launched(tx, *campaign)?;
                    points_shop::launched(tx, *campaign)?;
                }
                // A first order may be what somebody helped or was invited for.
                Fact::OrderMoved { order, to: Status::Paid, .. } => {
                    invite::order_came(tx, *order, Came::Paid)?;
                }
                // Kept by its buyer: what its coupons cost is spent, and it gives chances where a
                // draw says so.
                Fact::OrderMoved { order, to: Status::Completed, .. } => {
                    coupon::follow_order(tx, *order)?;
                    coupon::order_kept(tx, *order)?;
                    invite::order_came(tx, *order, Came::Kept)?;
                    draw::order_kept(tx, *order)?;
                }
                Fact::OrderMoved { order, to: Status::Refunded, .. } => {
                    // Where nothing was paid no refund tells of its end.
                    coupon::refunded(tx, *order)?;
                    coupon::follow_order(tx, *order)?;
                    invite::order_came(tx, *order, Came::Undone)?;
                }
                // Whoever settles what is won in it comes before: then nothing more is promised.
                Fact::CampaignMoved { campaign, to: campaign::Status::Ended } => {
                    flash_sale::ended(tx, *campaign)?;
                    draw::ended(tx, *campaign)?;
                    packet::ended(tx, *campaign)?;
                    fission::ended(tx, *campaign)?;
                    guess::ended(tx, *campaign)?;
                    crate::campaign::close(tx, *campaign)?;
                }
                // Somebody behind the counter has something to do.
                Fact::ReturnMoved { after_sale, order, from: None, .. } => {
                    letter::return_opened(tx, *after_sale, *order)?;
                }
                Fact::CaseOpened { case } => {
                    letter::tell_staff(tx, "staff_case_opened", ("case", case.0), &json!({}))?;
                }
                _ => {}
            }
            if let Fact::CampaignMoved { campaign, to } = &fact {
                group_buy::moved(tx, *campaign, *to)?;
            }
            // What a bargain was used for, or is not any more.
            if let Fact::OrderMoved { order, from: Some(_), to, .. } = &fact {
                bargain::order_moved(tx, *order, *to)?;
            }
            order_points::follow(tx, &fact)?;
            points_shop::follow(tx, &fact)?;
            task::follow(tx, &fact)?;
            tx.heard.push(fact);
        }
    }
    Ok(())
}
