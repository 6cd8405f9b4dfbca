//! What becomes of coupons without their holder: they come back from orders, expire, and their
//! holders are reminded.

use domain::coupon::{REMIND_BEFORE, State, Undone, give_back, may_use, remind_at};
use domain::id::Id;
use domain::order::Order;
use domain::person::Person;
use serde_json::json;

use super::{cost, store};
use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, notice, shop};

/// How many are looked at in one round.
const AT_ONCE: i64 = 200;

pub(super) fn there_are_none(tx: &mut Tx) -> Result<bool, Failure> {
    Ok(shop::get(tx)?.pricing.coupons == 0)
}

/// An order closed unpaid: what it used is in its holder's hands again.
pub(crate) fn order_closed(tx: &mut Tx, order: Id<Order>) -> Result<(), Failure> {
    if there_are_none(tx)? {
        return Ok(());
    }
    planted!("coupon_kept_at_expiry", return Ok(()));
    come_back(tx, order, |_, _| Ok(Undone::Unpaid), "unpaid")
}

/// Some of an order was refunded: coupons come back whose last goods went, where their kind says
/// so.
pub(crate) fn refunded(tx: &mut Tx, order: Id<Order>) -> Result<(), Failure> {
    if there_are_none(tx)? {
        return Ok(());
    }
    let undone = |tx: &mut Tx, id| {
        let last = !store::still_there(tx, order, id)?;
        Ok(Undone::Refunded { last })
    };
    come_back(tx, order, undone, "refunded")
}

fn come_back(
    tx: &mut Tx,
    order: Id<Order>,
    mut undone: impl FnMut(&mut Tx, Id<domain::coupon::Coupon>) -> Result<Undone, Failure>,
    reason: &str,
) -> Result<(), Failure> {
    let used = store::used_by(tx, order)?;
    if !used.is_empty() && tx.gathers() {
        return Err(tx.alone());
    }
    for held in used {
        let coupon = &held.coupon;
        let undone = undone(tx, coupon.id)?;
        let Some(state) = give_back(coupon, &held.template, order, undone, tx.now) else {
            if undone == (Undone::Refunded { last: true }) {
                cost::ended(tx, coupon.id)?;
            }
            continue;
        };
        if store::give_back(tx, coupon.id, order, state)? {
            let why = (reason, Some(order), None);
            store::add_move(tx, coupon.id, Some("used"), state.code(), why)?;
            if state == State::Expired {
                cost::ended(tx, coupon.id)?;
            }
            if state == State::Held {
                let args = json!({ "coupon": held.name });
                notice::tell(tx, coupon.owner, "coupon_back", "coupon", coupon.id.0, args)?;
            }
        }
    }
    Ok(())
}

/// Money for an order came after it had closed: it takes the coupons again that it was reckoned
/// with, all of them or none. Whether it has them.
pub(crate) fn take_again(
    tx: &mut Tx,
    person: Id<Person>,
    order: Id<Order>,
) -> Result<bool, Failure> {
    if there_are_none(tx)? {
        return Ok(true);
    }
    let wanted = store::reckoned_with(tx, order)?;
    if !wanted.is_empty() && tx.gathers() {
        return Err(tx.alone());
    }
    for id in &wanted {
        let usable =
            store::find(tx, *id)?.is_some_and(|held| may_use(&held.coupon, person, tx.now).is_ok());
        if !usable || !store::use_it(tx, *id, person, order)? {
            order_closed(tx, order)?;
            return Ok(false);
        }
        store::add_move(tx, *id, Some("held"), "used", ("late", Some(order), None))?;
    }
    Ok(true)
}

/// What time makes of coupons: those whose time is over expire, and holders of those that end soon
/// are told.
pub fn tidy(app: &App) -> Result<(), Failure> {
    if app.read(there_are_none)? {
        return Ok(());
    }
    app.write(|tx| {
        for id in store::overdue(tx, AT_ONCE)? {
            if store::end(tx, id, State::Expired)? {
                store::add_move(tx, id, Some("held"), "expired", ("expired", None, None))?;
                cost::ended(tx, id)?;
            }
        }
        let soon = tx.now.plus(REMIND_BEFORE);
        for (held, received) in store::ending(tx, soon, AT_ONCE)? {
            let due = remind_at(&held.coupon, received);
            let told = store::reminded(tx, held.coupon.id)?;
            if told && due.is_some_and(|at| at <= tx.now) {
                let hours = held.coupon.usable_until.since(tx.now).as_seconds() / 3_600;
                let args = json!({ "coupon": held.name, "hours": hours.max(1) });
                let (owner, id) = (held.coupon.owner, held.coupon.id.0);
                notice::tell(tx, owner, "coupon_ending", "coupon", id, args)?;
            }
        }
        Ok(())
    })
}
