//! When X happened, do Y: the whole web of consequences, on one screen.
//!
//! Consequences are jobs, asked for in the transaction of the fact. What must be true at once with
//! the fact (a team's orders going ahead) is done by the action itself.

use domain::event::Fact;
use domain::order::Status;

use crate::db::Tx;
use crate::failure::Failure;
use crate::order_desk;

/// Asks for what follows from everything that was told in this transaction.
pub(crate) fn follow(tx: &mut Tx) -> Result<(), Failure> {
    for fact in std::mem::take(&mut tx.told) {
        // Received: the after-sale window runs, then the shop has its money.
        if let Fact::OrderMoved { order, to: Status::Delivered, .. } = &fact {
            order_desk::complete_later(tx, *order)?;
        }
        tx.heard.push(fact);
    }
    Ok(())
}
