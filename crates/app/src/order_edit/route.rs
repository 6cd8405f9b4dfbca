//! Another address before it is sent: the fee is decided anew, and the difference is shown before
//! anything is done about it.

use describe::ToSchema;
use domain::id::Id;
use domain::money::Money;
use domain::order::{self as orders, Actor, Order, Status};
use domain::order_desk::Refusal;
use domain::person::Permission;
use domain::place::Address;
use domain::shipping::{How, Load, rate_at};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Changed, address_json, check_something_stays, checked_reason, keep, price, store};
use crate::db::Tx;
use crate::failure::Failure;
use crate::order::{By, Found};
use crate::order_desk::{self, DeskView};
use crate::{App, Visitor, deal, delivery, notice, order, refund, team};

/// Another address.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ChangeOrderAddress)]
pub struct ChangeAddress {
    pub address: Address,
    /// Whether the fee becomes what it is there: an unpaid order costs that much more or less, of a
    /// paid one the difference goes back. Left alone otherwise.
    #[serde(default)]
    pub apply_fee: bool,
    pub reason: String,
}

/// What an address would change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = AddressQuote)]
pub struct AddressQuote {
    /// False: the way of the order does not go there.
    pub delivers: bool,
    pub fee_before: Money,
    pub fee_after: Money,
    /// What it would cost more (or less), with the tax that is added.
    pub difference: Money,
}

/// What another address would change. Nothing is kept.
pub fn quote_address(
    app: &App,
    visitor: &Visitor,
    id: Id<Order>,
    address: &Address,
) -> Result<AddressQuote, Failure> {
    visitor.staff_reader(Permission::Orders)?;
    app.read(|tx| {
        let found = order::find(tx, id)?;
        quote(tx, &found, address)
    })
}

fn quote(tx: &mut Tx, found: &Found, address: &Address) -> Result<AddressQuote, Failure> {
    let carried = store::carried(tx, found)?;
    let money = |minor| Money::new(minor, found.currency);
    let before = money(carried.fee);
    let same = AddressQuote {
        delivers: true,
        fee_before: before,
        fee_after: before,
        difference: money(0),
    };
    let ways = delivery::offered(tx)?;
    let way = ways.iter().find(|way| Some(way.id) == carried.method);
    let Some(way) = way.filter(|way| way.kind == How::Delivery && carried.pieces > 0) else {
        return Ok(same);
    };
    let load = Load { goods: money(carried.goods), grams: carried.grams, pieces: carried.pieces };
    Ok(match rate_at(&way.rates, address) {
        Ok(rate) => {
            let after = rate.fee(&load);
            // With the tax on each, where tax is added.
            let prices = store::prices(tx, found)?;
            let there = price::Prices { shipping: after.minor, ..prices.clone() };
            let difference = money(there.total() - prices.total());
            AddressQuote { fee_after: after, difference, ..same }
        }
        Err(_) => AddressQuote { delivers: false, ..same },
    })
}

/// Sends an order to another address.
pub fn change_address(
    app: &App,
    visitor: &Visitor,
    id: Id<Order>,
    change: &ChangeAddress,
) -> Result<DeskView, Failure> {
    let actor = visitor.staff(Permission::Orders)?;
    let may_refund = visitor.staff(Permission::Refunds).is_ok();
    let reason = checked_reason(&change.reason)?;
    if change.apply_fee {
        // As with any other price: nothing is paid at the old one.
        let seen = app.read(|tx| order::find(tx, id))?;
        if seen.status == Status::PendingPayment {
            crate::payment::close_open(app, id)?;
        }
    }
    app.write_for(visitor, |tx| {
        let (_, mut found) = team::lock_with_order(tx, id)?;
        let before_sent =
            matches!(found.status, Status::PendingPayment | Status::AwaitingTeam | Status::ToShip);
        if !before_sent {
            return Err(orders::Refusal::NotNow(found.status).into());
        }
        if order_desk::has_parcels(tx, id)? {
            return Err(orders::Refusal::PartlyShipped.into());
        }
        let address = match order_desk::is_fetched(tx, id)? {
            true => change.address.clone().contact()?,
            false => change.address.clone().checked()?,
        };
        let quote = quote(tx, &found, &address)?;
        if !quote.delivers {
            return Err(orders::Refusal::NotDelivered.into());
        }
        let before = store::address(tx, id)?;
        if before == address {
            return order_desk::view(tx, id);
        }
        let difference = quote.difference.minor;
        let (mut totals, mut refund) = ((found.total.minor, found.total.minor), 0);
        if change.apply_fee && difference != 0 {
            // Whoever is in a team has all of it back, or nothing, by the team's own rules.
            if deal::is_bound(tx, &found)? {
                return Err(Refusal::InTeam.into());
            }
            if found.status == Status::PendingPayment {
                totals.1 = reprice(tx, id, quote.fee_after.minor)?;
            } else if difference > 0 {
                return Err(Refusal::Dearer.into());
            } else {
                if !may_refund {
                    return Err(Failure::Forbidden);
                }
                refund = -difference;
                let number = store::count_changes(tx, id)? + 1;
                let by = By { actor: Actor::Staff, person: Some(actor), reason: &reason };
                check_something_stays(tx, &found, refund)?;
                refund::edited(tx, &mut found, (&[], refund), number, by)?;
            }
        }
        store::set_address(tx, id, &address)?;
        let what = Changed {
            kind: "address",
            reason: &reason,
            before: address_json(&before)?,
            after: address_json(&address)?,
            totals,
            refund,
        };
        keep(tx, actor, id, &what)?;
        notice::tell(tx, found.person, "order_edited", "order", id.0, json!({}))?;
        order_desk::view(tx, id)
    })
}

/// The unpaid order with another fee: what it costs then.
fn reprice(tx: &mut Tx, id: Id<Order>, shipping: i64) -> Result<i64, Failure> {
    let mut found = price::unpaid(tx, id)?;
    if crate::payment::is_open(tx, id)? {
        return Err(Refusal::BeingPaid.into());
    }
    let before = store::prices(tx, &found)?;
    let prices = price::Prices { shipping, ..before.clone() };
    if prices.total() < 1 {
        return Err(Refusal::BadPrice.into());
    }
    price::set(tx, &mut found, &before, &prices)?;
    Ok(prices.total())
}
