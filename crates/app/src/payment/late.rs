//! Money that came after its order had ended.

use domain::catalog::Variant;
use domain::group_buy::{Late, late, may_join, may_open};
use domain::id::Id;
use domain::order::Status;
use serde_json::json;

use super::{paid, store};
use crate::db::Tx;
use crate::deal::Bought;
use crate::failure::Failure;
use crate::inventory::{self, Reserved, Source};
use crate::order::{self, By};
use crate::{bargain, coupon, deal, group_buy, notice, refund, team};

/// Money came after the order had ended: confirmed if everything is still there (and the buyer did
/// not end it themselves), otherwise it goes back. The buyer is told which.
pub(super) fn late_money(
    tx: &mut Tx,
    order: &mut order::Found,
    payment: &store::Found,
) -> Result<(), Failure> {
    planted!("cancelled_order_revives", order.cancelled_by = None);
    // What the wallet was to pay beside it was given back: a part alone buys nothing.
    let whole = payment.amount == order.total;
    let wanted = whole && !matches!(order.cancelled_by.as_deref(), Some("shopper" | "staff"));
    let revived = wanted
        && match order.group_buy {
            None => match deal::of(tx, order.id)? {
                Some(bought) => retake_deal(tx, order, &bought)?,
                None => retake_goods(tx, order)?,
            },
            Some(offer) => retake_team(tx, order, offer)?,
        };
    if revived {
        let (about, id) = match order.team {
            Some(team) => ("team", team.0),
            None => ("order", order.id.0),
        };
        return notice::tell(tx, order.person, "late_moved", about, id, json!({}));
    }
    order::move_to(tx, order, Status::LatePaid, By::system("late_payment"))?;
    order::set_paid(tx, order)?;
    refund::ask(tx, order, payment.id, payment.amount, 0, "late", None)?;
    planted!("late_money_back_twice", {
        refund::ask(tx, order, payment.id, payment.amount, 0, "late again", None)?;
    });
    Ok(())
}

/// Takes an ordinary order's units again, all of them or none.
fn retake_goods(tx: &mut Tx, order: &mut order::Found) -> Result<bool, Failure> {
    planted!("late_money_takes_nothing", {
        paid(tx, None, order, "late_payment")?;
        return Ok(true);
    });
    // What its price was reckoned with has come back, and may be another order's by now.
    if !coupon::take_again(tx, order.person, order.id)? {
        return Ok(false);
    }
    if !retake_units(tx, order, None)? {
        return Ok(false);
    }
    paid(tx, None, order, "late_payment")?;
    Ok(true)
}

/// Buys once more in the campaign it was bought in, if that still sells and is not sold out.
fn retake_deal(tx: &mut Tx, order: &mut order::Found, bought: &Bought) -> Result<bool, Failure> {
    if bought.bargain.is_some() && !bargain::may_take_again(tx, bought)? {
        return Ok(false);
    }
    if !coupon::take_again(tx, order.person, order.id)? {
        return Ok(false);
    }
    let Some(source) = deal::take_again(tx, order, bought)? else {
        coupon::order_closed(tx, order.id)?;
        return Ok(false);
    };
    if !retake_units(tx, order, Some((bought.variant, source)))? {
        // Nothing of the campaign was reserved yet.
        let units = Reserved { variant: bought.variant, quantity: bought.quantity, source };
        deal::give_back(tx, order, &[units], true)?;
        return Ok(false);
    }
    paid(tx, None, order, "late_payment")?;
    Ok(true)
}

/// Reserves an order's units again, all of them or none; of one variant from where it is said.
fn retake_units(
    tx: &mut Tx,
    order: &mut order::Found,
    of: Option<(Id<Variant>, Source)>,
) -> Result<bool, Failure> {
    let goods = store::goods(tx, order.id)?;
    for (variant, quantity, counted) in goods {
        let source = match of {
            Some((special, source)) if special == variant => source,
            _ if counted => Source::Available,
            _ => Source::Made,
        };
        let reserved = Reserved { variant, quantity, source };
        match inventory::reserve(tx, order.id, &reserved, tx.now) {
            Ok(()) => (),
            Err(Failure::Refused(_)) => {
                inventory::release(tx, order.id, of.is_some())?;
                coupon::order_closed(tx, order.id)?;
                return Ok(false);
            }
            Err(other) => return Err(other),
        }
    }
    Ok(true)
}

/// Takes a place in a team again, where the merchant's setting says, with its units.
fn retake_team(
    tx: &mut Tx,
    order: &mut order::Found,
    offer: Id<domain::group_buy::GroupBuy>,
) -> Result<bool, Failure> {
    let Some(before) = order.team else { return Ok(false) };
    let offer = group_buy::find(tx, offer)?;
    let quantity = order::contents(tx, order.id)?.iter().map(|(_, quantity)| quantity).sum();
    let applicant = team::applicant(tx, offer.id, order.person, quantity)?;
    let own = team::find_to_change(tx, before)?;
    let joins =
        |team: &team::Found| may_join(&offer.offer(), &team.team, &applicant, tx.now).is_ok();
    let same = joins(&own);
    let other = team::other_open_team(tx, offer.id, order.person)?;
    let opens = may_open(&offer.offer(), &applicant, tx.now).is_ok();
    let mut found = match late(&offer.terms, same, other, opens) {
        Late::Refund => return Ok(false),
        Late::SameTeam => own,
        Late::OtherTeam(other) => {
            let found = team::find_to_change(tx, other)?;
            if may_join(&offer.offer(), &found.team, &applicant, tx.now).is_err() {
                return Ok(false);
            }
            found
        }
        Late::NewTeam => {
            let team = team::form(tx, &offer, order.person)?;
            team::find_to_change(tx, team)?
        }
    };
    if !take_units(tx, order, &offer)? {
        return Ok(false);
    }
    team::retake_place(tx, &mut found, order)?;
    paid(tx, Some(&mut found), order, "late_payment")?;
    Ok(true)
}

fn take_units(
    tx: &mut Tx,
    order: &order::Found,
    offer: &group_buy::Found,
) -> Result<bool, Failure> {
    if !deal::join_again(tx, order)? {
        return Ok(false);
    }
    // A group order has one variant, so that what is taken is all or nothing.
    for (variant, quantity) in order::contents(tx, order.id)? {
        let source = match group_buy::take(tx, offer, order.person, variant, quantity) {
            Ok(source) => source,
            Err(Failure::Refused(_)) => {
                deal::leave_again(tx, order)?;
                return Ok(false);
            }
            Err(other) => return Err(other),
        };
        let reserved = Reserved { variant, quantity, source };
        match inventory::reserve(tx, order.id, &reserved, tx.now) {
            Ok(()) => (),
            Err(Failure::Refused(_)) => {
                let on = deal::is_on(tx, order)?;
                deal::give_back(tx, order, &[reserved], on)?;
                return Ok(false);
            }
            Err(other) => return Err(other),
        }
    }
    Ok(true)
}
