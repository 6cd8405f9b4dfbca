//! Bargains: what one pays for.

use domain::bargain::Launch;
use domain::id::Id;

use crate::Visitor;
use crate::db::Tx;
use crate::deal::{Bought, Deal};
use crate::failure::Failure;

/// What a bargain pays for now, for whoever began it.
pub(crate) fn offer(_: &mut Tx, _: &Visitor, _: Id<Launch>) -> Result<Deal, Failure> {
    Err(Failure::NotFound)
}

/// Whether late money may still buy with the bargain its order was for.
pub(crate) fn may_take_again(_: &mut Tx, _: &Bought) -> Result<bool, Failure> {
    Ok(false)
}
