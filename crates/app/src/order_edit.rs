//! What staff change of an order: its price before it is paid; where it goes, and what is in it,
//! before it is sent. Each change keeps what was before and after, and its buyer is told.
//!
//! Nobody is charged more in silence: what becomes dearer is asked for by another order.

use describe::ToSchema;
use domain::after_sale::share;
use domain::catalog::Variant;
use domain::id::Id;
use domain::money::Money;
use domain::order::{self as orders, Actor, Line, Order, RECEIPT_WINDOW, Status};
use domain::order_desk::Refusal;
use domain::person::{Permission, Person};
use domain::place::Address;
use domain::text::one_line;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::catalog::variants_for_sale;
use crate::db::Tx;
use crate::failure::Failure;
use crate::order::{By, Found, ParcelLine};
use crate::order_desk::{self, DeskView};
use crate::{App, Visitor, deal, inventory, notice, order, refund, staff_act, team};

mod price;
mod route;
mod store;

pub use price::{ChangePrice, LinePrice, change_price};
pub use route::{AddressQuote, ChangeAddress, change_address, quote_address};

/// Units to be taken out of an order.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = TakeOutOfOrder)]
pub struct TakeOut {
    pub lines: Vec<ParcelLine>,
    pub reason: String,
}

/// Another variant in the place of one.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = SwapVariant)]
pub struct Swap {
    pub line: Id<Line>,
    /// Of the same product, at the same price.
    pub variant: Id<Variant>,
    pub reason: String,
}

/// What was changed, as it is kept.
struct Changed<'a> {
    kind: &'a str,
    reason: &'a str,
    before: Value,
    after: Value,
    totals: (i64, i64),
    refund: i64,
}

fn checked_reason(reason: &str) -> Result<String, Failure> {
    let reason = one_line(reason);
    let fits = (1..=200).contains(&reason.chars().count());
    if fits { Ok(reason) } else { Err(Refusal::NoReason.into()) }
}

/// Keeps a change, in the log of staff too.
fn keep(tx: &mut Tx, actor: Id<Person>, id: Id<Order>, what: &Changed) -> Result<(), Failure> {
    store::add_change(tx, actor, id, what)?;
    let detail = json!({ "reason": what.reason, "before": what.before, "after": what.after });
    let action = format!("order.{}", what.kind);
    staff_act::record(tx, actor, &action, ("order", id.0), &detail.to_string())
}

/// The order that is to be sent, which no campaign prices and nobody else changes meanwhile.
fn to_be_sent(tx: &mut Tx, id: Id<Order>) -> Result<Found, Failure> {
    let (_, found) = team::lock_with_order(tx, id)?;
    if deal::is_bound(tx, &found)? {
        return Err(Refusal::InTeam.into());
    }
    if found.status != Status::ToShip {
        return Err(orders::Refusal::NotNow(found.status).into());
    }
    Ok(found)
}

/// Takes units out of a paid order that were not sent: their share of what the line cost goes back,
/// and they can be sold again.
pub fn take_out(
    app: &App,
    visitor: &Visitor,
    id: Id<Order>,
    out: &TakeOut,
) -> Result<DeskView, Failure> {
    let actor = visitor.staff(Permission::Orders)?;
    // Money goes back.
    visitor.staff(Permission::Refunds)?;
    let reason = checked_reason(&out.reason)?;
    app.write_for(visitor, |tx| {
        let mut found = to_be_sent(tx, id)?;
        let lines = order::lines(tx, &found)?;
        let wanted: Vec<&ParcelLine> = out.lines.iter().filter(|one| one.quantity != 0).collect();
        let units = |of: &order::LineFound| of.quantity - of.removed;
        let all: i64 = lines.iter().map(units).sum();
        let out: i64 = wanted.iter().map(|one| one.quantity).sum();
        if wanted.is_empty() {
            return Err(Refusal::BadLine.into());
        }
        let (mut back, mut before, mut after) = (Vec::new(), Vec::new(), Vec::new());
        for one in wanted {
            let line = lines.iter().find(|line| line.id == one.line);
            let line = line.ok_or(Refusal::BadLine)?;
            let there = line.quantity - line.in_returns;
            if one.quantity < 1
                || one.quantity > there
                || !order::take_out(tx, line.id, one.quantity)?
            {
                return Err(Refusal::BadLine.into());
            }
            let left = Money::new(line.total.minor - line.refunded, found.currency);
            back.push((line.id, share(left, there, one.quantity).minor));
            let of = |n: i64| json!({ "line": line.id, "title": line.title, "quantity": n });
            before.push(of(units(line)));
            after.push(of(units(line) - one.quantity));
            let why =
                inventory::Why { order: Some(id), actor: Some(actor), reason: reason.clone() };
            let (variant, line) = (line.variant, line.id);
            let sellable = one.quantity;
            let units = inventory::Back { variant, line, sellable, damaged: 0 };
            planted!("taken_out_is_kept", continue);
            inventory::take_back(tx, &units, false, &why)?;
        }
        if out >= all {
            return Err(Refusal::AllOut.into());
        }
        let refund: i64 = back.iter().map(|(_, minor)| minor).sum();
        let number = store::count_changes(tx, id)? + 1;
        let by = By { actor: Actor::Staff, person: Some(actor), reason: &reason };
        check_something_stays(tx, &found, refund)?;
        refund::edited(tx, &mut found, (&back, 0), number, by)?;
        let total = found.total.minor;
        let what = Changed {
            kind: "out",
            reason: &reason,
            before: before.into(),
            after: after.into(),
            totals: (total, total),
            refund,
        };
        keep(tx, actor, id, &what)?;
        go_on(tx, &mut found)?;
        notice::tell(tx, found.person, "order_edited", "order", id.0, json!({}))?;
        order_desk::view(tx, id)
    })
}

/// With its last money an order would be over, though something of it is still to be sent.
fn check_something_stays(tx: &mut Tx, found: &Found, refund: i64) -> Result<(), Failure> {
    let given = store::given_back(tx, found.id)?;
    if refund > 0 && given + refund >= found.total.minor {
        return Err(Refusal::AllOut.into());
    }
    Ok(())
}

/// When what was taken out was all that was still to be sent, the order goes on.
fn go_on(tx: &mut Tx, found: &mut Found) -> Result<(), Failure> {
    if order_desk::has_unsent(tx, found.id)? {
        return Ok(());
    }
    if order_desk::has_parcels(tx, found.id)? {
        order::move_to(tx, found, Status::Shipped, By::system("shipped"))?;
        return tx.ask("order.receive", found.id.0, tx.now.plus(RECEIPT_WINDOW));
    }
    // What is left is nothing to carry.
    order::move_to(tx, found, Status::Delivered, By::system("virtual"))
}

/// Puts another variant of the same product and price in the place of one that was not sent.
pub fn swap(app: &App, visitor: &Visitor, id: Id<Order>, swap: &Swap) -> Result<DeskView, Failure> {
    let actor = visitor.staff(Permission::Orders)?;
    let reason = checked_reason(&swap.reason)?;
    app.write_for(visitor, |tx| {
        let found = to_be_sent(tx, id)?;
        let lines = order::lines(tx, &found)?;
        let line = lines.iter().find(|line| line.id == swap.line).ok_or(Refusal::BadLine)?;
        let units = line.quantity - line.removed;
        if line.shipped > 0 || units < 1 || line.in_returns != line.removed {
            return Err(Refusal::BadLine.into());
        }
        let both = variants_for_sale(tx, &[swap.variant, line.variant], &visitor.locale)?;
        let of = |variant| both.iter().find(|goods| goods.variant == variant);
        let goods = of(swap.variant).filter(|goods| goods.on_sale).ok_or(Refusal::BadSwap)?;
        let own = of(line.variant).ok_or(Refusal::BadSwap)?;
        // Whoever pays less by a list, or an agreement, does so for the other one too.
        let same = goods.product == line.product
            && (goods.price, goods.tax) == (own.price, own.tax)
            && goods.variant != line.variant;
        let ships = store::line_ships(tx, line.id)? == goods.ships;
        if !same || !ships {
            return Err(Refusal::BadSwap.into());
        }
        inventory::swap(tx, id, (line.variant, swap.variant), units, actor)?;
        let before = store::line_says(tx, line.id)?;
        store::set_variant(tx, line.id, goods)?;
        let after = store::line_says(tx, line.id)?;
        let total = found.total.minor;
        let (kind, totals) = ("swap", (total, total));
        let what = Changed { kind, reason: &reason, before, after, totals, refund: 0 };
        keep(tx, actor, id, &what)?;
        notice::tell(tx, found.person, "order_edited", "order", id.0, json!({}))?;
        order_desk::view(tx, id)
    })
}

/// A change of an order's price as its buyer sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = OrderChange)]
pub struct ChangeView {
    /// price, address, out, swap.
    pub kind: String,
    pub reason: String,
    pub total_before: Money,
    pub total_after: Money,
    /// What goes back with it.
    pub refund: Money,
    pub at: domain::moment::Moment,
}

/// What staff changed of the visitor's order, the last first.
pub fn changes(app: &App, visitor: &Visitor, id: Id<Order>) -> Result<Vec<ChangeView>, Failure> {
    let person = visitor.reader()?;
    app.read(|tx| {
        let found = order::find(tx, id)?;
        if found.person == person { store::changes(tx, &found) } else { Err(Failure::NotFound) }
    })
}

/// What its variants can be swapped for, line by line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SwapChoice {
    pub line: Id<Line>,
    pub variant: Id<Variant>,
    pub title: String,
    pub available: i64,
}

/// What lines of an order can be swapped for.
pub fn swap_choices(
    app: &App,
    visitor: &Visitor,
    id: Id<Order>,
) -> Result<Vec<SwapChoice>, Failure> {
    visitor.staff_reader(Permission::Orders)?;
    app.read(|tx| {
        let found = order::find(tx, id)?;
        if found.status != Status::ToShip || deal::is_bound(tx, &found)? {
            return Ok(Vec::new());
        }
        store::swap_choices(tx, id)
    })
}

fn address_json(address: &Address) -> Result<Value, Failure> {
    Ok(serde_json::to_value(address)?)
}
