//! Deals: what a campaign sells to somebody at a price of its own, and the orders bought so.
//!
//! A mechanic says what the deal is (`flash_sale::offer`, `bargain::offer`); checkout takes it. The
//! campaign's counters, what the person has, and what was set aside are taken in the order's
//! transaction and come back when it closes unpaid or its units come back.

use std::sync::Arc;

use domain::bargain::Launch;
use domain::campaign::{Campaign, Mechanic};
use domain::catalog::Variant;
use domain::id::Id;
use domain::moment::Moment;
use domain::money::Money;
use domain::order::Order;
use domain::person::Person;
use domain::place::Address;
use domain::promotion::Combines;

use crate::campaign::{self, Counted, Found, units};
use crate::db::Tx;
use crate::failure::Failure;
use crate::inventory::{Reserved, Source};
use crate::{Visitor, address, group_buy, order, person};

mod store;

pub(crate) use store::Bought;

/// The job that follows when units of a campaign are free again.
pub const FREED: &str = "deal.freed";

/// What somebody may buy in a campaign, as its mechanic says.
#[derive(Clone)]
pub(crate) struct Deal {
    pub found: Arc<Found>,
    /// The bargain it pays for.
    pub bargain: Option<Id<Launch>>,
    pub variant: Id<Variant>,
    pub quantity: i64,
    /// What one costs.
    pub unit: Money,
    /// How many one person may have of the campaign; a mechanic may count them by itself.
    pub per_person: Option<i64>,
    /// Whether buying is taking part, so that the campaign's limits count it.
    pub enters: bool,
    /// When the price is good.
    pub good: (Moment, Moment),
    pub pay_by: Moment,
}

impl Deal {
    pub fn combines(&self) -> Combines {
        self.found.campaign.frame.combines
    }
}

/// Whether buying it could not be refused by a limit, as far as is known.
pub(crate) fn may_take(
    tx: &mut Tx,
    deal: &Deal,
    visitor: &Visitor,
    person: Id<Person>,
) -> Result<(), Failure> {
    if !deal.enters {
        return Ok(());
    }
    let keys = campaign::keys(tx, visitor, person)?;
    campaign::may_enter_by(tx, &deal.found, person, &keys)
}

/// Whether an order of a group buy could not be refused by the limits of its campaign.
pub(crate) fn may_join(
    tx: &mut Tx,
    offer: &group_buy::Found,
    visitor: &Visitor,
    person: Id<Person>,
) -> Result<(), Failure> {
    if offer.campaign.campaign.frame.is_open() {
        return Ok(());
    }
    let keys = campaign::keys(tx, visitor, person)?;
    campaign::may_go_on_by(tx, &offer.campaign, person, &keys)
}

/// Counts an order of a group buy by its campaign's limits, where it has any: a team that is open
/// goes on when nothing new begins.
pub(crate) fn join(
    tx: &mut Tx,
    offer: &group_buy::Found,
    visitor: &Visitor,
    (person, order, to): (Id<Person>, Id<Order>, &Address),
    (variant, quantity, unit): (Id<Variant>, i64, Money),
) -> Result<(), Failure> {
    let found = &offer.campaign;
    if found.campaign.frame.is_open() {
        return Ok(());
    }
    let keys = keys(tx, visitor, person, to)?;
    let counted = campaign::go_on_by(tx, found, person, &keys)?;
    let pay_by = tx.now.plus(offer.terms.pay_window);
    let deal = Deal {
        found: found.clone(),
        bargain: None,
        variant,
        quantity,
        unit,
        per_person: None,
        enters: true,
        good: (found.campaign.starts_at, found.campaign.ends_at.max(pay_by)),
        pay_by,
    };
    store::add(tx, &deal, (person, order), &counted)
}

/// Takes a deal for an order: the campaign's counters, the person's own, and so many units of what
/// was set aside. Says where they come from.
pub(crate) fn take(
    tx: &mut Tx,
    deal: &Deal,
    visitor: &Visitor,
    (person, order, to): (Id<Person>, Id<Order>, &Address),
    units: i64,
) -> Result<Source, Failure> {
    let id = deal.found.id();
    // The campaign does not end meanwhile, and gives nothing back that is being taken.
    let on = campaign::is_on(tx, id)?;
    let mut counted = Counted::default();
    if deal.enters {
        let keys = keys(tx, visitor, person, to)?;
        counted = campaign::enter_by(tx, &deal.found, person, &keys)?;
    }
    if let Some(most) = deal.per_person {
        take_units(tx, id, person, deal.quantity, most)?;
    }
    let source = take_stock(tx, id, deal.variant, units, on)?;
    store::add(tx, deal, (person, order), &counted)?;
    Ok(source)
}

/// What an order is counted by: whoever shares the device, and whoever it goes to.
fn keys(
    tx: &mut Tx,
    visitor: &Visitor,
    person: Id<Person>,
    to: &Address,
) -> Result<Vec<(domain::campaign::limit::Key, String)>, Failure> {
    use domain::campaign::limit::Key;
    let marks = person::marks(tx, visitor, person)?.into_iter();
    let mut keys: Vec<(Key, String)> = marks.map(|mark| (Key::Device, mark)).collect();
    if !to.line1.is_empty() {
        keys.push((Key::Address, address::likeness(tx, to)?));
    }
    Ok(keys)
}

fn take_units(
    tx: &mut Tx,
    id: Id<Campaign>,
    person: Id<Person>,
    n: i64,
    most: i64,
) -> Result<(), Failure> {
    if units::count(tx, id, person, n, most)? {
        return Ok(());
    }
    let left = (most - units::holds(tx, id, person)?).max(0);
    Err(domain::flash_sale::Refusal::TooManyPerPerson(left).into())
}

fn take_stock(
    tx: &mut Tx,
    id: Id<Campaign>,
    variant: Id<Variant>,
    n: i64,
    on: bool,
) -> Result<Source, Failure> {
    units::take(tx, id, variant, n, on)?.map_err(|left| match left {
        0 => domain::flash_sale::Refusal::SoldOut.into(),
        left => domain::flash_sale::Refusal::OnlyLeft(left).into(),
    })
}

/// What a variant costs in a campaign.
pub(crate) fn price(tx: &mut Tx, id: Id<Campaign>, variant: Id<Variant>) -> Result<Money, Failure> {
    units::price(tx, id, variant)?.ok_or(Failure::NotFound)
}

/// The campaign an order was bought in; most were bought in none.
pub(crate) fn of(tx: &mut Tx, order: Id<Order>) -> Result<Option<Bought>, Failure> {
    store::of(tx, order)
}

/// Whether an order's price is a campaign's or a team's: nothing of it is changed by hand.
pub(crate) fn is_bound(tx: &mut Tx, order: &order::Found) -> Result<bool, Failure> {
    Ok(order.group_buy.is_some() || of(tx, order.id)?.is_some())
}

/// Whether what was set aside for an order goes back to where it was. That cannot end meanwhile.
pub(crate) fn is_on(tx: &mut Tx, order: &order::Found) -> Result<bool, Failure> {
    match order.group_buy {
        Some(group_buy) => campaign::is_on(tx, group_buy::campaign_of(group_buy)),
        None => match of(tx, order.id)? {
            Some(bought) => campaign::is_on(tx, bought.campaign),
            None => Ok(false),
        },
    }
}

/// Units of an order came back before they were sent: its group buy or campaign counts them no
/// more, and what was set aside is there again while it is `on`.
pub(crate) fn give_back(
    tx: &mut Tx,
    order: &order::Found,
    back: &[Reserved],
    on: bool,
) -> Result<(), Failure> {
    if order.group_buy.is_some() {
        for reserved in back {
            uncount(tx, order, reserved.variant, reserved.quantity)?;
            planted!("set_aside_lost", continue);
            if on && reserved.source == Source::SetAside {
                put_back(tx, order, reserved.variant, reserved.quantity)?;
            }
        }
        return Ok(());
    }
    let Some(bought) = of(tx, order.id)? else { return Ok(()) };
    for reserved in back.iter().filter(|one| one.variant == bought.variant) {
        if on && reserved.source == Source::SetAside {
            put_back(tx, order, reserved.variant, reserved.quantity)?;
        }
        uncount(tx, order, reserved.variant, reserved.quantity)?;
    }
    // Its units are free in any case, wherever they came from.
    tx.ask(FREED, bought.campaign.0, tx.now)
}

/// Units that were set aside are there again.
pub(crate) fn put_back(
    tx: &mut Tx,
    order: &order::Found,
    variant: Id<Variant>,
    n: i64,
) -> Result<(), Failure> {
    if let Some(group_buy) = order.group_buy {
        return units::put_back(tx, group_buy::campaign_of(group_buy), variant, n);
    }
    let Some(bought) = of(tx, order.id)? else { return Ok(()) };
    planted!("flash_stock_kept", return Ok(()));
    units::put_back(tx, bought.campaign, variant, n)?;
    // Who was told that nothing is left may ask again.
    tx.shows();
    tx.ask(FREED, bought.campaign.0, tx.now)
}

/// Units of an order count no more for its buyer. When none of them does, the order is not counted
/// by the campaign's limits either.
pub(crate) fn uncount(
    tx: &mut Tx,
    order: &order::Found,
    variant: Id<Variant>,
    n: i64,
) -> Result<(), Failure> {
    if let Some(group_buy) = order.group_buy {
        units::uncount(tx, group_buy::campaign_of(group_buy), order.person, n)?;
    }
    let Some(bought) = of(tx, order.id)? else { return Ok(()) };
    let n = n.min(bought.counted);
    if n == 0 || variant != bought.variant {
        return Ok(());
    }
    store::uncount(tx, &bought, n)?;
    if bought.mechanic != Mechanic::GroupBuy {
        units::uncount(tx, bought.campaign, bought.person, n)?;
    }
    if bought.counted > n {
        return Ok(());
    }
    planted!("flash_limit_kept", return Ok(()));
    campaign::leave(tx, bought.campaign, &bought.counters)
}

/// Late money takes a place again: the order counts once more by the limits of its group buy's
/// campaign, where it has any. Whether they allow that.
pub(crate) fn join_again(tx: &mut Tx, order: &order::Found) -> Result<bool, Failure> {
    let Some(bought) = of(tx, order.id)? else { return Ok(true) };
    let found = campaign::find(tx, bought.campaign)?;
    if !campaign::count_again(tx, &found, &bought.counters)? {
        return Ok(false);
    }
    store::recount(tx, order.id)?;
    Ok(true)
}

/// The place was not to be had after all.
pub(crate) fn leave_again(tx: &mut Tx, order: &order::Found) -> Result<(), Failure> {
    let Some(bought) = of(tx, order.id)? else { return Ok(()) };
    store::uncount(tx, &bought, bought.counted)?;
    campaign::leave(tx, bought.campaign, &bought.counters)
}

/// Late money takes the deal again, at its price: while the campaign runs, for as long as there is
/// enough of what was set aside and nobody waits for it, and no limit stands against it. Where its
/// units come from; none when the money goes back.
pub(crate) fn take_again(
    tx: &mut Tx,
    order: &order::Found,
    bought: &Bought,
) -> Result<Option<Source>, Failure> {
    let id = bought.campaign;
    let found = campaign::find(tx, id)?;
    if !campaign::is_on(tx, id)? || !found.is_running(tx.now) {
        return Ok(None);
    }
    let left = units::hold_left_over(tx, id, bought.variant)?;
    let waited_for = store::waiting(tx, id, bought.variant)?;
    if left.is_some_and(|left| left - waited_for < bought.quantity) {
        return Ok(None);
    }
    let most = match (&found.terms, bought.mechanic) {
        (campaign::Terms::FlashSale(terms), Mechanic::FlashSale) => terms.per_person,
        _ => i64::MAX,
    };
    if units::holds(tx, id, bought.person)? > most - bought.quantity
        || !campaign::count_again(tx, &found, &bought.counters)?
    {
        return Ok(None);
    }
    if bought.mechanic == Mechanic::FlashSale
        && !units::count(tx, id, bought.person, bought.quantity, most)?
    {
        return Err(tx.again());
    }
    store::recount(tx, order.id)?;
    match take_stock(tx, id, bought.variant, bought.quantity, true) {
        Ok(source) => Ok(Some(source)),
        // It was held: nobody can have taken it.
        Err(Failure::Refused(_)) => Err(tx.again()),
        Err(other) => Err(other),
    }
}
