//! Orders as rows: reading one, moving one, and what a buyer sees of theirs.

use describe::ToSchema;
use domain::event::Fact;
use domain::group_buy::{GroupBuy, Team};
use domain::id::Id;
use domain::moment::Moment;
use domain::money::{Currency, Money};
use domain::order::{self, Actor, Order, Status};
use domain::person::Person;
use domain::place::Address;
use domain::price::list::Why;
use domain::rate::Rate;
use domain::seller::Seller;
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor, seller};

mod gathered;
mod store;

pub(crate) use gathered::{gather, gather_buyers, teams_of};
pub(crate) use store::{NewLine, NewOrder, NewStep, add, status_of};

/// An order as its row says.
#[derive(Clone, Debug)]
pub struct Found {
    pub id: Id<Order>,
    pub person: Id<Person>,
    pub status: Status,
    pub currency: Currency,
    pub total: Money,
    pub refunded: i64,
    /// How much of it the buyer's wallet promised to pay, in minor units.
    pub promised: i64,
    pub group_buy: Option<Id<GroupBuy>>,
    pub team: Option<Id<Team>>,
    pub pay_by: Moment,
    pub created_at: Moment,
    pub paid_at: Option<Moment>,
    /// Who ended it unpaid: `shopper`, `timeout`, `team`, `staff`.
    pub cancelled_by: Option<String>,
    pub seq: i64,
    /// Whose it is, and the commission it was placed at; the shop's own without.
    pub seller: Option<(Id<Seller>, Rate)>,
    /// Whether it was bought as a gift.
    pub gift: bool,
}

impl Found {
    /// Whose it is.
    pub fn seller_id(&self) -> Option<Id<Seller>> {
        self.seller.map(|(seller, _)| seller)
    }

    /// What providers are still to bring while it waits to be paid.
    pub fn due(&self) -> Money {
        Money::new(self.total.minor - self.promised, self.currency)
    }
}

/// Who moves an order, and why.
#[derive(Clone, Copy, Debug)]
pub struct By<'a> {
    pub actor: Actor,
    pub person: Option<Id<Person>>,
    pub reason: &'a str,
}

impl<'a> By<'a> {
    pub fn system(reason: &'a str) -> By<'a> {
        By { actor: Actor::System, person: None, reason }
    }
}

/// The order.
pub fn find(tx: &mut Tx, order: Id<Order>) -> Result<Found, Failure> {
    if tx.gathers() {
        return gathered::find(tx, order);
    }
    store::find(tx, order, "")
}

/// The order, which is about to change. A team is locked before its orders.
pub fn find_to_change(tx: &mut Tx, order: Id<Order>) -> Result<Found, Failure> {
    if tx.gathers() {
        return gathered::find(tx, order);
    }
    let lock = tx.lock();
    store::find(tx, order, lock)
}

/// Moves an order: the state, its history and the fact, together.
pub fn move_to(tx: &mut Tx, order: &mut Found, to: Status, by: By) -> Result<(), Failure> {
    order::may_move(order.status, to)?;
    if !tx.gathers() && !store::set_status(tx, order, to)? {
        return Err(order::Refusal::NotNow(order.status).into());
    }
    let from = order.status;
    order.status = to;
    order.seq += 1;
    if tx.gathers() {
        gathered::moved(tx, order, from, by)?;
    } else {
        store::add_move(tx, order.id, order.seq, Some(from), to, by)?;
    }
    tx.tell(Fact::OrderMoved {
        order: order.id,
        person: order.person,
        seq: order.seq,
        from: Some(from),
        to,
    })
}

/// Records when an order's money came.
pub(crate) fn set_paid(tx: &mut Tx, order: &mut Found) -> Result<(), Failure> {
    order.paid_at = Some(tx.now);
    if tx.gathers() {
        return gathered::set_paid(tx, order);
    }
    store::set_paid(tx, order.id)
}

/// Records how much of an order the buyer's wallet promised to pay.
pub(crate) fn set_promised(tx: &mut Tx, order: &mut Found, minor: i64) -> Result<(), Failure> {
    order.promised = minor;
    store::set_promised(tx, order.id, minor)
}

/// Gives the buyer more time to pay.
pub(crate) fn set_pay_by(tx: &mut Tx, order: &mut Found, until: Moment) -> Result<(), Failure> {
    order.pay_by = until;
    store::set_pay_by(tx, order.id, until)
}

/// Records who ended an order unpaid.
pub(crate) fn set_cancelled_by(tx: &mut Tx, order: Id<Order>, who: &str) -> Result<(), Failure> {
    store::set_cancelled_by(tx, order, who)
}

/// Moves an order to another team (late money).
pub(crate) fn set_team(tx: &mut Tx, order: &mut Found, team: Id<Team>) -> Result<(), Failure> {
    order.team = Some(team);
    store::set_team(tx, order.id, team)
}

/// Adds to what was paid back.
pub(crate) fn add_refunded(tx: &mut Tx, order: &mut Found, amount: i64) -> Result<(), Failure> {
    order.refunded += amount;
    store::add_refunded(tx, order.id, amount)
}

/// The variants and quantities of an order, in the fixed order of variants.
pub(crate) fn contents(
    tx: &mut Tx,
    order: Id<Order>,
) -> Result<Vec<(Id<domain::catalog::Variant>, i64)>, Failure> {
    if tx.gathers() {
        let contents = gathered::contents(tx, order)?;
        return Ok(contents
            .into_iter()
            .map(|(variant, quantity, _)| (variant, quantity))
            .collect());
    }
    store::contents(tx, order)
}

/// Whether nothing in it has to be carried.
pub(crate) fn is_virtual(tx: &mut Tx, order: Id<Order>) -> Result<bool, Failure> {
    if tx.gathers() {
        return Ok(gathered::contents(tx, order)?.iter().all(|(.., ships)| !ships));
    }
    store::is_virtual(tx, order)
}

/// Whether it is the first order that somebody ever paid.
pub(crate) fn is_first(tx: &mut Tx, person: Id<Person>, order: Id<Order>) -> Result<bool, Failure> {
    Ok(store::first_paid(tx, person)? == Some(order))
}

/// Whether the person has a paid order that was not refunded.
pub(crate) fn has_bought(tx: &mut Tx, person: Id<Person>) -> Result<bool, Failure> {
    if tx.gathers() {
        return gathered::has_bought(tx, person);
    }
    store::has_bought(tx, person)
}

/// A line as its row says, with what of it goes back.
#[derive(Clone, Debug)]
pub struct LineFound {
    pub id: Id<order::Line>,
    pub variant: Id<domain::catalog::Variant>,
    pub product: Id<domain::catalog::Product>,
    pub title: String,
    pub quantity: i64,
    /// How many units are asked for in returns.
    pub in_returns: i64,
    /// What was paid for it, with the tax that was added.
    pub total: Money,
    /// How much of that is promised to go back, or went.
    pub refunded: i64,
    /// What one costs.
    pub unit: i64,
    /// How many units are in parcels, and how many staff took out.
    pub shipped: i64,
    pub removed: i64,
}

/// The lines of an order.
pub(crate) fn lines(tx: &mut Tx, order: &Found) -> Result<Vec<LineFound>, Failure> {
    store::lines::all(tx, order.id, order.currency)
}

/// Promises some of what a tier makes cheaper: of the goods first, then of what they travelled for.
/// How much of it is tax.
pub(crate) fn give_back_some(tx: &mut Tx, order: &Found, amount: Money) -> Result<i64, Failure> {
    let (mut left, mut tax) = (amount.minor, 0);
    for line in lines(tx, order)? {
        let part = left.min(line.total.minor - line.refunded);
        if part > 0
            && let Some(of_it) = store::lines::give_back(tx, line.id, part)?
        {
            (left, tax) = (left - part, tax + of_it);
        }
    }
    if left > 0 {
        let of_it = store::lines::give_back_shipping(tx, order.id, left)?;
        tax += of_it.ok_or(domain::ledger::Refusal::BelowFloor)?;
    }
    Ok(tax)
}

pub(crate) use store::lines::{
    delivered_at, free_units, give_back, give_back_rest, give_back_shipping, shipping_left,
    take_out, take_units, tax_left, with_tax,
};

/// One variant in an order.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct LineView {
    pub id: Id<order::Line>,
    pub variant: Id<domain::catalog::Variant>,
    pub handle: String,
    pub title: String,
    pub variant_title: String,
    pub sku: String,
    pub picture: String,
    pub quantity: i64,
    pub unit_price: Money,
    pub discount: Money,
    pub total: Money,
    /// Whether it is carried, and how many units are in parcels already.
    pub ships: bool,
    pub shipped: i64,
    /// What of it is promised to go back, or went.
    pub refunded: Money,
    /// How many units are in returns, or were taken out by staff.
    pub in_returns: i64,
    /// The tax on it, and its rate in basis points: inside its total when prices include tax, on
    /// top of it otherwise.
    pub tax: Money,
    pub tax_rate: i64,
    /// Why a unit cost this, and what it cost then without a list or a campaign.
    pub because: Why,
    pub ordinary_price: Option<Money>,
    /// How many units staff took out before they were sent.
    #[serde(default)]
    pub removed: i64,
    /// It came along for nothing.
    #[serde(default)]
    pub gift: bool,
}

/// One move of an order.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = OrderMove)]
pub struct MoveView {
    pub from: Option<Status>,
    pub to: Status,
    pub actor: Actor,
    /// The name of the member of staff; nobody else's.
    pub staff: Option<String>,
    /// A stable code: placed, paid, pay_timeout, team_succeeded, team_failed, left_team …
    pub reason: String,
    pub at: Moment,
}

/// Money on its way back, or there.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RefundView {
    pub id: Id<domain::payment::Refund>,
    /// group_failed, left_team, tier, late, surplus, cancelled, staff, after_sale.
    pub reason: String,
    pub amount: Money,
    /// pending, succeeded, failed.
    pub status: String,
    /// How it was paid, and so where it goes: a provider, `store_credit`, `prepaid`, `offline`.
    pub provider: String,
    pub at: Moment,
}

/// A parcel.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ShipmentView {
    pub id: Id<domain::order::Shipment>,
    pub carrier: String,
    pub tracking: String,
    pub shipped_at: Moment,
    pub delivered_at: Option<Moment>,
    /// What is in it.
    pub lines: Vec<ParcelLine>,
}

/// Units of one line in a parcel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ParcelLine {
    pub line: Id<domain::order::Line>,
    pub quantity: i64,
}

/// Where an order is fetched.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Pickup)]
pub struct PickupView {
    pub point: Id<domain::shipping::PickupPoint>,
    pub name: String,
    pub address: String,
    pub phone: String,
    pub hours: String,
    /// What its buyer shows; none until it is paid, and none for staff, who are shown it.
    pub code: Option<String>,
    pub collected_at: Option<Moment>,
}

/// An order from its buyer's side.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct OrderView {
    pub id: Id<Order>,
    pub status: Status,
    pub lines: Vec<LineView>,
    pub subtotal: Money,
    pub discount: Money,
    pub shipping: Money,
    /// The tax that was added, and the tax that is inside the prices; the other is nothing.
    pub tax: Money,
    pub tax_inside: Money,
    pub total: Money,
    pub refunded: Money,
    pub address: Address,
    /// The name of the way to ship, in the shop's language and in English.
    pub shipping_method: String,
    pub shipping_method_en: String,
    pub note: String,
    /// What a gift's card says; none for what is no gift.
    pub gift_message: Option<String>,
    /// The gift it was bought as: then whoever takes it says where it goes.
    pub gift: Option<Id<domain::gift::Gift>>,
    pub group_buy: Option<Id<GroupBuy>>,
    pub team: Option<Id<Team>>,
    /// Who sells it; none for the shop itself.
    pub seller: Option<seller::Card>,
    pub created_at: Moment,
    pub pay_by: Moment,
    pub paid_at: Option<Moment>,
    pub moves: Vec<MoveView>,
    pub refunds: Vec<RefundView>,
    /// Its parcels, in the order they were sent.
    pub shipments: Vec<ShipmentView>,
    /// Where it is fetched; none for what is delivered.
    pub pickup: Option<PickupView>,
    /// What the buyer can do now.
    pub may_pay: bool,
    pub may_cancel: bool,
    pub may_leave_team: bool,
    pub may_refund: bool,
    pub may_confirm: bool,
    pub may_return: bool,
    /// Grows with each change.
    pub version: i64,
    pub server_time: Moment,
}

/// The buyer's order; somebody else's is not found.
pub fn get(app: &App, visitor: &Visitor, id: Id<Order>) -> Result<OrderView, Failure> {
    let person = visitor.reader()?;
    app.read(|tx| view_of(tx, id, Some(person)))
}

/// The order for whoever may see it: its buyer, or staff with `None`.
pub(crate) fn view_of(
    tx: &mut Tx,
    id: Id<Order>,
    person: Option<Id<Person>>,
) -> Result<OrderView, Failure> {
    let found = find(tx, id)?;
    planted!("others_orders_readable", return store::view(tx, &found));
    if person.is_some_and(|person| person != found.person) {
        return Err(Failure::NotFound);
    }
    let mut view = store::view(tx, &found)?;
    let shows_code = person.is_some() && found.status == Status::ToShip;
    if let Some(pickup) = view.pickup.as_mut().filter(|_| !shows_code) {
        pickup.code = None;
    }
    let ending = order::ending(found.status);
    let unpaid = found.status == Status::PendingPayment;
    view.may_pay = unpaid && tx.now < found.pay_by && !found.total.is_zero();
    view.may_cancel = ending == Ok(order::Ending::Cancel);
    view.may_leave_team = ending == Ok(order::Ending::LeaveTeam);
    // A gift is its taker's, who alone knows where it goes.
    let given = found.gift && found.status == Status::ToShip;
    view.may_refund = ending == Ok(order::Ending::Refund) && !given;
    if found.gift && person.is_some() {
        planted!("gift_tells_where", return Ok(view));
        view.address = Address::default();
    }
    view.may_confirm = matches!(found.status, Status::Shipped);
    view.may_return =
        found.status.may_return() && view.lines.iter().any(|line| line.in_returns < line.quantity);
    Ok(view)
}

/// An order in a list.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct OrderCard {
    pub id: Id<Order>,
    pub status: Status,
    pub total: Money,
    pub refunded: Money,
    /// How many units it has, and its first line.
    pub units: i64,
    pub title: String,
    pub variant_title: String,
    pub picture: String,
    pub team: Option<Id<Team>>,
    pub created_at: Moment,
    pub pay_by: Moment,
}

/// Which of the buyer's orders: all, to_pay, in_team, to_receive, ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Shelf {
    #[default]
    All,
    ToPay,
    InTeam,
    ToReceive,
    Ended,
}

/// The buyer's orders, the newest first, before `before`.
pub fn mine(
    app: &App,
    visitor: &Visitor,
    shelf: Shelf,
    before: Option<Id<Order>>,
    limit: i64,
) -> Result<Vec<OrderCard>, Failure> {
    let person = visitor.reader()?;
    app.read(|tx| store::mine(tx, person, shelf, before, limit))
}
