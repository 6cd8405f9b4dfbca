//! An order from every side: what its buyer and what staff can do with it.

use describe::ToSchema;
use domain::id::Id;
use domain::moment::Moment;
use domain::money::Money;
use domain::order::{
    AFTER_SALE_WINDOW, Actor, Ending, Order, RECEIPT_WINDOW, Refusal, Status, check_tracking,
    ending, may_move,
};
use domain::person::{Permission, Person};
use domain::text::one_line;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::db::Tx;
use crate::failure::Failure;
use crate::ledger::{account, post};
use crate::order::{By, Found, OrderView, ParcelLine, view_of};
use crate::{
    App, Visitor, after_sale, deal, gift, notice, order, payment, refund, settlement, staff_act,
    team,
};
use domain::ledger::{AccountKind, Posting};

mod store;

pub mod bulk;
pub mod find;
pub mod hints;
pub mod label;
pub mod looks;
pub mod timeline;

pub use bulk::{BulkView, Item, Start};
pub use find::{DeskRow, Filter, Sort, counts, list};

/// Ends the visitor's order in the way its state allows: unpaid it is cancelled, in an open team it
/// leaves the team, before shipping it is refunded.
pub fn cancel(app: &App, visitor: &Visitor, id: Id<Order>) -> Result<OrderView, Failure> {
    let person = visitor.shopper()?;
    let found = app.read(|tx| order::find(tx, id))?;
    if found.person != person {
        return Err(Failure::NotFound);
    }
    if found.gift && found.status == Status::ToShip {
        return Err(domain::gift::Refusal::Taken { by_you: false }.into());
    }
    let reason = match ending(found.status)? {
        Ending::Cancel => "cancelled_by_buyer",
        Ending::LeaveTeam => "left_team",
        Ending::Refund => "refund_by_buyer",
    };
    let by = By { actor: Actor::Shopper, person: Some(person), reason };
    end(app, id, found.status, by, "shopper")?;
    order::get(app, visitor, id)
}

/// Staff end an order, with a reason: money that was paid goes back in full.
pub fn refund(
    app: &App,
    visitor: &Visitor,
    id: Id<Order>,
    reason: &str,
) -> Result<DeskView, Failure> {
    let actor = visitor.staff(Permission::Refunds)?;
    let reason = one_line(reason);
    if reason.is_empty() {
        return Err(domain::inventory::Refusal::NoReason.into());
    }
    let by = By { actor: Actor::Staff, person: Some(actor), reason: &reason };
    let seen = app.read(|tx| order::find(tx, id))?.status;
    end(app, id, seen, by, "staff")?;
    app.write_for(visitor, |tx| {
        staff_act::record(tx, actor, "order.end", ("order", id.0), &reason)
    })?;
    get(app, visitor, id)
}

/// Ends an order that was `seen` in a state, and is refused when it is in another by now: shipped
/// meanwhile, say, what was asked for would mean something else.
fn end(app: &App, id: Id<Order>, seen: Status, by: By, who: &str) -> Result<(), Failure> {
    match seen {
        Status::PendingPayment => payment::cancel(app, id, by, who),
        Status::AwaitingTeam => app.write(|tx| team::leave_in(tx, id, by)),
        Status::AwaitingTaker => {
            let key = if who == "staff" { "staff" } else { "gift_returned" };
            app.write(|tx| gift::end_order(tx, id, key, by))
        }
        _ => app.write(|tx| {
            let (_, mut order) = team::lock_with_order(tx, id)?;
            if order.status != seen {
                return Err(Refusal::NotNow(order.status).into());
            }
            // What buyer and shop are at is finished first.
            after_sale::check_none_open(tx, &order)?;
            // What was shipped comes back by parcel, and is counted when it is here.
            let goods_back = order.status == Status::ToShip;
            if goods_back && store::has_parcels(tx, id)? {
                return Err(Refusal::PartlyShipped.into());
            }
            let key = if who == "staff" { "staff" } else { "cancelled" };
            refund::whole(tx, &mut order, key, goods_back, by)?;
            team::member_refunded(tx, &order)
        }),
    }
}

/// A parcel to be sent.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Ship {
    pub carrier: String,
    pub tracking: String,
    /// What is in it; everything that is not in a parcel yet when it is left out.
    #[serde(default)]
    pub lines: Option<Vec<ParcelLine>>,
}

impl Ship {
    /// One parcel with everything that is not in one yet.
    pub fn all(carrier: &str, tracking: &str) -> Ship {
        Ship { carrier: carrier.to_string(), tracking: tracking.to_string(), lines: None }
    }
}

/// Sends a parcel of an order that is paid and whose team, if any, has succeeded. With the last
/// unit in a parcel the order is shipped.
pub fn ship(app: &App, visitor: &Visitor, id: Id<Order>, ship: Ship) -> Result<DeskView, Failure> {
    let counter = visitor.counter(Permission::Shipping)?;
    let actor = counter.person;
    let (carrier, tracking) = (one_line(&ship.carrier), ship.tracking.trim().to_string());
    check_tracking(&tracking)?;
    if carrier.is_empty() || carrier.chars().count() > 60 {
        return Err(Refusal::BadTracking.into());
    }
    app.write_for(visitor, |tx| {
        let mut found = order::find_to_change(tx, id)?;
        counter.sees(found.seller_id())?;
        if found.status == Status::AwaitingTeam {
            return Err(Refusal::AwaitsTeam.into());
        }
        if found.status == Status::AwaitingTaker {
            return Err(Refusal::AwaitsTaker.into());
        }
        may_move(found.status, Status::Shipped)?;
        if store::is_fetched(tx, id)? {
            return Err(Refusal::BadShipping.into());
        }
        if let Some(sent) = store::parcel(tx, id, &tracking)? {
            // Asked for twice it is one parcel; with other things in it, it is a slip.
            let mut said = ship.lines.clone().unwrap_or_else(|| sent.clone());
            said.sort_by_key(|line| line.line);
            let same = said == sent;
            return if same { Ok(()) } else { Err(Refusal::BadTracking.into()) };
        }
        let left = store::unshipped(tx, id)?;
        let parcel = match &ship.lines {
            Some(lines) => fill(&left, lines)?,
            None => left.clone(),
        };
        if parcel.is_empty() {
            return Err(Refusal::BadParcel.into());
        }
        store::add_shipment(tx, id, &carrier, &tracking, &parcel)?;
        let units = |lines: &[ParcelLine]| lines.iter().map(|line| line.quantity).sum::<i64>();
        if units(&parcel) == units(&left) {
            let by = By { actor: Actor::Staff, person: Some(actor), reason: "shipped" };
            order::move_to(tx, &mut found, Status::Shipped, by)?;
            tx.ask("order.receive", id.0, tx.now.plus(RECEIPT_WINDOW))?;
        }
        let detail = format!("{carrier} {tracking}");
        staff_act::record(tx, actor, "order.ship", ("order", id.0), &detail)?;
        let args = json!({ "carrier": carrier, "tracking": tracking });
        notice::tell(tx, found.person, "order_shipped", "order", id.0, args)?;
        gift::shipped(tx, &found, &carrier, &tracking)
    })?;
    get(app, visitor, id)
}

/// What is put into a parcel, if that much is left.
fn fill(left: &[ParcelLine], wanted: &[ParcelLine]) -> Result<Vec<ParcelLine>, Refusal> {
    let mut parcel: Vec<ParcelLine> = Vec::new();
    for line in wanted.iter().filter(|line| line.quantity != 0) {
        let there = left.iter().find(|there| there.line == line.line);
        let there = there.filter(|there| (1..=there.quantity).contains(&line.quantity));
        let twice = parcel.iter().any(|known| known.line == line.line);
        if there.is_none() || twice {
            return Err(Refusal::BadParcel);
        }
        parcel.push(*line);
    }
    Ok(parcel)
}

/// The buyer says the goods are there.
pub fn confirm_receipt(app: &App, visitor: &Visitor, id: Id<Order>) -> Result<OrderView, Failure> {
    let person = visitor.shopper()?;
    app.write_for(visitor, |tx| {
        let mut found = order::find_to_change(tx, id)?;
        if found.person != person {
            return Err(Failure::NotFound);
        }
        let by = By { actor: Actor::Shopper, person: Some(person), reason: "received" };
        receive(tx, &mut found, by)
    })?;
    order::get(app, visitor, id)
}

/// Goods are there: the after-sale window begins. `delivered` is asked for by reactions too.
fn receive(tx: &mut Tx, found: &mut Found, by: By) -> Result<(), Failure> {
    order::move_to(tx, found, Status::Delivered, by)?;
    store::set_delivered(tx, found.id)
}

/// Job: nobody said anything for so long after shipping that the goods count as received.
pub fn receive_due(app: &App, id: Id<Order>) -> Result<(), Failure> {
    app.write(|tx| {
        let mut found = order::find_to_change(tx, id)?;
        if found.status == Status::Shipped {
            receive(tx, &mut found, By::system("receipt_window"))?;
        }
        Ok(())
    })
}

/// Asks for the order's completion when its after-sale window closes.
pub(crate) fn complete_later(tx: &mut Tx, id: Id<Order>) -> Result<(), Failure> {
    tx.ask("order.complete", id.0, tx.now.plus(AFTER_SALE_WINDOW))
}

/// Asks for it again when a return of the order is settled: it waited meanwhile.
pub(crate) fn complete_when_settled(tx: &mut Tx, id: Id<Order>) -> Result<(), Failure> {
    if let Some(delivered) = order::delivered_at(tx, id)? {
        tx.ask("order.complete", id.0, delivered.plus(AFTER_SALE_WINDOW).max(tx.now))?;
    }
    Ok(())
}

/// Job: the after-sale window has closed, so whoever sold has earned what is left in escrow.
pub fn complete(app: &App, id: Id<Order>) -> Result<(), Failure> {
    app.write(|tx| {
        let mut found = order::find_to_change(tx, id)?;
        // What the shop has not earned for good waits: its return asks again when it is settled.
        if found.status != Status::Delivered || after_sale::is_open(tx, id)? {
            return Ok(());
        }
        order::move_to(tx, &mut found, Status::Completed, By::system("window_closed"))?;
        let escrow = account(tx, AccountKind::Escrow, id.0, found.currency)?;
        let left = store::free_escrow(tx, escrow)?;
        if left > 0 {
            let amount = Money::new(left, found.currency);
            let mut postings = vec![Posting { account: escrow, amount: amount.negated() }];
            if found.seller.is_some() {
                // The tax on it is the seller's to declare, and goes to them with the rest.
                postings.extend(settlement::sold(tx, &found, amount)?);
            } else {
                let tax = Money::new(order::tax_left(tx, id)?, found.currency);
                postings.extend(refund::earned(tx, amount, tax)?);
            }
            post(tx, "settle", ("order", id.0), &postings)?;
            if found.seller.is_some() {
                settlement::split_later(tx, &found)?;
            }
        }
        notice::tell(tx, found.person, "order_completed", "order", id.0, json!({}))
    })
}

/// An order from staff's side.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DeskView {
    pub order: OrderView,
    pub buyer: Id<Person>,
    /// What providers, or staff, are still to bring while it waits to be paid.
    pub due: Money,
    pub buyer_name: String,
    pub buyer_contact: String,
    /// How many orders this buyer has paid for.
    pub buyer_orders: i64,
    pub payments: Vec<PaymentView>,
    /// Who shared the link that brought the buyer.
    pub sharer: Option<String>,
    pub may_ship: bool,
    pub may_refund: bool,
    /// The state of its team: ann's team waits for 1.
    pub team_status: Option<domain::group_buy::TeamStatus>,
    /// The gift it was bought as.
    pub gift: Option<gift::DeskView>,
    pub tags: Vec<String>,
    /// What staff wrote down, the last first. Buyers never see it.
    pub notes: Vec<label::NoteView>,
    /// What is odd about it, as of now.
    pub hints: Vec<domain::risk_hint::Hint>,
    /// What can be changed now.
    pub may_reprice: bool,
    pub may_edit: bool,
    pub may_readdress: bool,
}

/// A payment as staff see it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PaymentView {
    pub id: Id<domain::payment::Payment>,
    pub provider: String,
    pub status: domain::payment::Status,
    pub purpose: String,
    pub amount: Money,
    pub captured: bool,
    pub updated_at: Moment,
}

/// An order for staff.
pub fn get(app: &App, visitor: &Visitor, id: Id<Order>) -> Result<DeskView, Failure> {
    let counter = visitor.counter_reader(Permission::Orders)?;
    app.read(|tx| {
        counter.sees(order::find(tx, id)?.seller_id())?;
        let mut view = view(tx, id)?;
        if counter.seller.is_some() {
            // What is between the shop and its customers is not the seller's.
            view.buyer_contact = String::new();
            view.buyer_orders = 0;
            view.sharer = None;
            view.notes = Vec::new();
            view.tags = Vec::new();
            view.hints = Vec::new();
            view.may_refund = false;
            view.may_reprice = false;
            view.may_edit = false;
            view.may_readdress = false;
        }
        Ok(view)
    })
}

/// The same inside a transaction.
pub(crate) fn view(tx: &mut Tx, id: Id<Order>) -> Result<DeskView, Failure> {
    let order = view_of(tx, id, None)?;
    let mut view = store::desk(tx, order)?;
    view.tags = label::tags_of(tx, id)?;
    view.notes = label::notes_of(tx, id)?;
    view.hints = hints::of(tx, id)?;
    view.gift = gift::desk(tx, id)?;
    let order = &view.order;
    let alone = order.group_buy.is_none() && deal::of(tx, id)?.is_none();
    let whole = order.shipments.is_empty();
    view.may_reprice = alone && order.status == Status::PendingPayment;
    view.may_edit = alone && order.status == Status::ToShip;
    view.may_readdress = whole
        && matches!(order.status, Status::PendingPayment | Status::AwaitingTeam | Status::ToShip);
    Ok(view)
}

/// Whether something of an order is still to be sent.
pub(crate) fn has_unsent(tx: &mut Tx, id: Id<Order>) -> Result<bool, Failure> {
    Ok(!store::unshipped(tx, id)?.is_empty())
}

pub(crate) use store::{has_parcels, is_fetched};
