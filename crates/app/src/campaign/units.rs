//! What a campaign sells: its price, what is left of what was set aside, and how much of it
//! somebody has. Every change is a conditional statement whose row count decides; among others
//! that are decided for, what they left is in mind.

use domain::campaign::Campaign;
use domain::catalog::Variant;
use domain::id::Id;
use domain::money::Money;
use domain::person::Person;

use crate::db::Tx;
use crate::failure::Failure;
use crate::inventory::Source;

mod gathered;
mod store;

pub(crate) use gathered::gather;
pub(crate) use store::{put_back, uncount};

/// What a variant costs in a campaign; none where it is not offered at a price.
pub(crate) fn price(
    tx: &mut Tx,
    id: Id<Campaign>,
    variant: Id<Variant>,
) -> Result<Option<Money>, Failure> {
    let key = format!("campaign price {} {}", id.0, variant.0);
    tx.read_once(key, |tx| store::price(tx, id, variant))
}

/// What is left of what was set aside; none where it sells from the ordinary stock.
pub(crate) fn left_over(
    tx: &mut Tx,
    id: Id<Campaign>,
    variant: Id<Variant>,
) -> Result<Option<i64>, Failure> {
    match tx.gathers() {
        true => gathered::left_over(tx, id, variant),
        false => store::left_over(tx, id, variant),
    }
}

/// The same, and nobody else takes of it meanwhile.
pub(crate) fn hold_left_over(
    tx: &mut Tx,
    id: Id<Campaign>,
    variant: Id<Variant>,
) -> Result<Option<i64>, Failure> {
    match tx.gathers() {
        true => gathered::left_over(tx, id, variant),
        false => store::hold_left_over(tx, id, variant),
    }
}

/// How much the person holds or has bought in a campaign.
pub(crate) fn holds(tx: &mut Tx, id: Id<Campaign>, person: Id<Person>) -> Result<i64, Failure> {
    match tx.gathers() {
        true => gathered::holds(tx, id, person),
        false => store::holds(tx, id, person),
    }
}

/// Counts `n` more for the person, if their limit allows it.
pub(crate) fn count(
    tx: &mut Tx,
    id: Id<Campaign>,
    person: Id<Person>,
    n: i64,
    most: i64,
) -> Result<bool, Failure> {
    match tx.gathers() {
        true => gathered::count(tx, id, person, n, most),
        false => store::count(tx, id, person, n, most),
    }
}

/// Takes `n` units: of what was set aside where something was, and says where they come from; or
/// how many there are left when that is too few. A campaign that is not `on` has nothing set aside
/// any more: what it still sells is ordinary stock.
pub(crate) fn take(
    tx: &mut Tx,
    id: Id<Campaign>,
    variant: Id<Variant>,
    n: i64,
    on: bool,
) -> Result<Result<Source, i64>, Failure> {
    let key = format!("campaign source {} {}", id.0, variant.0);
    let (set_aside, counted) = tx.read_once(key, |tx| store::source(tx, id, variant))?;
    if !(set_aside && on) {
        return Ok(Ok(if counted { Source::Available } else { Source::Made }));
    }
    let taken = match tx.gathers() {
        true => gathered::take_left_over(tx, id, variant, n)?,
        false => store::take_left_over(tx, id, variant, n)?,
    };
    if taken {
        return Ok(Ok(Source::SetAside));
    }
    Ok(Err(left_over(tx, id, variant)?.unwrap_or(0)))
}
