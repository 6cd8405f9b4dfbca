//! Goods that were had for points: an order whose price the points have taken off, sent for
//! nothing.

use domain::catalog::Variant;
use domain::id::Id;
use domain::inventory::Cause;
use domain::money::Money;
use domain::order::{Actor, Order, PAY_WINDOW, Refusal};
use domain::person::Person;
use domain::place::Address;
use domain::price::list::{Chosen, Why};
use domain::price::{Asked, quote};
use domain::quantity::Quantity;
use domain::shipping::{How, rate_at};

use super::store::{self, Kept};
use crate::catalog::variants_for_sale;
use crate::db::Tx;
use crate::failure::Failure;
use crate::inventory::{self, Reserved, Source};
use crate::order::{By, NewLine, NewOrder, NewStep};
use crate::{Visitor, address, checkout, delivery, order, payment, point, shop, tax};

/// What is wanted.
pub struct Goods {
    pub variant: Id<Variant>,
    pub quantity: i64,
    /// To be paid besides for one of them.
    pub money: i64,
}

/// Places the order of what was set aside.
pub fn place(
    tx: &mut Tx,
    visitor: &Visitor,
    person: Id<Person>,
    wanted: &Goods,
    to: Option<&Address>,
) -> Result<Id<Order>, Failure> {
    if !checkout::may_order(tx, person)? {
        return Err(domain::customer::Refusal::OrderingBlocked.into());
    }
    let goods = variants_for_sale(tx, &[wanted.variant], &visitor.locale)?.into_iter().next();
    let goods = goods.filter(|goods| goods.on_sale && goods.price.minor > wanted.money);
    let goods = goods.ok_or(domain::catalog::Refusal::NotForSale)?;
    let quantity = Quantity::new(wanted.quantity).ok_or(domain::inventory::Refusal::BadQuantity)?;
    let nowhere = Address::default();
    let address = match (goods.ships, to) {
        (true, None) => return Err(Refusal::BadAddress.into()),
        (_, to) => to.unwrap_or(&nowhere),
    };
    let method = if goods.ships { Some(way(tx, address)?) } else { None };
    let own = shop::get(tx)?.currency;
    let full = goods.price.times(wanted.quantity);
    let off = full.minus(Money::new(wanted.money * wanted.quantity, own));
    let here = tax::at(tx, address, false)?;
    let asked = Asked {
        variant: wanted.variant,
        quantity,
        unit: goods.price,
        off,
        tax: here.rate(goods.tax),
    };
    let quote = quote(own, &[asked], here.taxing(), |_| Money::zero(own));
    let id: Id<Order> = tx.id();
    let pay_by = tx.now.plus(PAY_WINDOW);
    let lines = [NewLine {
        product: goods.product,
        title: goods.title.clone(),
        variant_title: goods.variant_title.clone(),
        sku: goods.sku.clone(),
        picture: goods.picture.clone(),
        ships: goods.ships,
        chosen: Chosen {
            unit: goods.price,
            ordinary: Some(goods.price),
            why: Why::Ordinary,
            list: None,
            from: 1,
        },
        gift: false,
        off: vec![(0, off.minor)],
    }];
    let steps = [NewStep {
        cause: "points",
        about: 0,
        name: (String::new(), String::new()),
        matched: full,
        off,
        remains: full.minus(off),
    }];
    order::add(
        tx,
        &NewOrder {
            id,
            person,
            quote: &quote,
            lines: &lines,
            steps: &steps,
            group_buy: None,
            team: None,
            address,
            shipping_method: method,
            note: "",
            gift_message: None,
            visit: None,
            pay_by,
            by: By { actor: Actor::Shopper, person: Some(person), reason: "exchanged" },
            seller: None,
        },
    )?;
    let source = Source::SetAside;
    let reserved = Reserved { variant: wanted.variant, quantity: wanted.quantity, source };
    inventory::reserve(tx, id, &reserved, pay_by)?;
    if goods.ships {
        address::keep(tx, person, address)?;
    }
    Ok(id)
}

/// How it is sent: the first way that goes there.
fn way(tx: &mut Tx, to: &Address) -> Result<Id<domain::shipping::Method>, Failure> {
    let offered = delivery::offered(tx)?;
    let mut delivered = offered.iter().filter(|way| way.kind == How::Delivery);
    let way = delivered.find(|way| rate_at(&way.rates, to).is_ok());
    Ok(way.ok_or(Refusal::NotDelivered)?.id)
}

/// Takes the points for an order, and settles what costs nothing more.
pub fn pay(tx: &mut Tx, person: Id<Person>, id: Id<Order>, points: i64) -> Result<(), Failure> {
    point::spend(tx, person, id, points)?;
    let mut order = order::find_to_change(tx, id)?;
    if order.total.is_zero() {
        payment::settle_free(tx, None, &mut order)
    } else {
        tx.ask("order.close", id.0, order.pay_by)
    }
}

/// Units nobody paid for are set aside again, where they are still there.
pub fn set_aside_again(tx: &mut Tx, kept: &Kept) -> Result<(), Failure> {
    let Some(variant) = kept.variant.filter(|_| kept.aside > 0) else { return Ok(()) };
    // The counter before the stock, as whoever takes from it does.
    if !store::put_back(tx, kept, variant)? {
        return Ok(());
    }
    if inventory::level(tx, variant)? < kept.aside {
        return store::take_off_again(tx, kept, variant);
    }
    let why = inventory::Why { reason: kept.of.0.to_string(), ..inventory::Why::default() };
    inventory::shift(tx, variant, Cause::SetAside, kept.aside, &why)?;
    store::not_aside(tx, kept.id)
}
