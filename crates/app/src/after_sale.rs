//! After-sale, which people call a return: a buyer asks, staff answer in time or the owner does,
//! goods and money go back, and everything that hung on them with them.
//!
//! Locks are taken as everywhere: the team, the order, then its returns.

use describe::ToSchema;
use domain::after_sale::{self as rules, AfterSale, Kind, Reason, Status};
use domain::catalog::Variant;
use domain::event::Fact;
use domain::id::Id;
use domain::moment::Moment;
use domain::money::{Currency, Money};
use domain::order::{Line, Order};
use domain::person::Person;
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::failure::Failure;
use crate::order::{self, By};
use crate::team;

mod answer;
mod ask;
mod follow;
mod store;
mod view;

pub use answer::{
    approve, cannot_supply, decide, dispute, receive, refuse, replace, return_address,
    set_return_address,
};
pub use ask::{add_picture, escalate, offer, preview, request, send_back, withdraw};
pub use follow::due;
pub(crate) use follow::{check_none_open, refund_paid};
pub use view::{counts, get, list, mine, of_order, of_order_at_desk, show};

/// What a buyer asks for.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct NewReturn {
    pub order: Id<Order>,
    pub kind: Kind,
    pub reason: Reason,
    /// What is wrong, in the buyer's words.
    #[serde(default)]
    pub text: String,
    pub lines: Vec<NewReturnLine>,
}

/// Units of one line that are asked for.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct NewReturnLine {
    pub line: Id<Line>,
    pub quantity: i64,
    /// How much is asked back, in minor units: all these units cost when it is left out.
    #[serde(default)]
    pub amount: Option<i64>,
    /// For an exchange: what is to be sent instead; the same again when it is left out.
    #[serde(default)]
    pub exchange_for: Option<Id<Variant>>,
}

/// What staff agree to.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct ApproveReturn {
    /// Lines for which less goes back than was asked; all others as asked.
    #[serde(default)]
    pub lines: Vec<AgreedLine>,
    /// How much of the shipping fee goes back with it, in minor units.
    #[serde(default)]
    pub shipping: i64,
    /// Why it is less; needed then.
    #[serde(default)]
    pub reason: String,
    /// An exchange that cannot be had: the money goes back instead.
    #[serde(default)]
    pub as_refund: bool,
}

/// How much goes back for a line.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AgreedLine {
    pub line: Id<Line>,
    /// In minor units.
    pub amount: i64,
}

/// How the goods came back.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct ReceiveReturn {
    pub lines: Vec<ReceivedLine>,
}

/// How the units of a line came back: together all of them.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ReceivedLine {
    pub line: Id<Line>,
    /// Can be sold again.
    pub sellable: i64,
    /// Cannot.
    pub damaged: i64,
}

/// The owner's last word.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct DecideReturn {
    pub grant: bool,
    /// Why; the buyer reads it.
    pub reason: String,
    #[serde(default)]
    pub lines: Vec<AgreedLine>,
    #[serde(default)]
    pub shipping: i64,
    #[serde(default)]
    pub as_refund: bool,
    /// How the goods are, if they are back already; what is not said cannot be sold again.
    #[serde(default)]
    pub received: Vec<ReceivedLine>,
}

/// A parcel, either way.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ReturnParcel)]
pub struct ParcelView {
    pub carrier: String,
    pub tracking: String,
}

/// What may be asked for about an order.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ReturnOffer {
    pub order: Id<Order>,
    pub lines: Vec<OfferedLine>,
    /// Until when goods go back without a reason; empty before they arrived.
    pub no_reason_until: Option<Moment>,
    /// Until when something can be found wrong with them.
    pub until: Option<Moment>,
    /// The order has not been confirmed as received.
    pub on_its_way: bool,
}

/// A line of which something may be asked for.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ReturnOfferLine)]
pub struct OfferedLine {
    pub line: Id<Line>,
    pub title: String,
    pub variant_title: String,
    pub picture: String,
    pub quantity: i64,
    /// How many units are not asked for yet, and what they are worth together.
    pub left: i64,
    pub worth: Money,
    /// What one of them is worth, two of them, and so on, up to a hundred.
    pub portions: Vec<Money>,
    /// What can be sent instead.
    pub exchange: Vec<ExchangeChoice>,
}

/// A variant that can be sent instead.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ExchangeChoice {
    pub variant: Id<Variant>,
    pub title: String,
}

/// What would go back.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ReturnPreview {
    pub lines: Vec<WeighedLine>,
    pub amount: Money,
}

/// What units of a line are worth.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ReturnPreviewLine)]
pub struct WeighedLine {
    pub line: Id<Line>,
    pub quantity: i64,
    pub worth: Money,
    pub amount: Money,
    /// What is to be sent instead.
    pub exchange_for: Option<Id<Variant>>,
}

/// A return from its buyer's side.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ReturnView {
    pub id: Id<AfterSale>,
    pub order: Id<Order>,
    pub kind: Kind,
    pub reason: Reason,
    pub text: String,
    pub status: Status,
    pub lines: Vec<ReturnLine>,
    pub pictures: Vec<ReturnPicture>,
    /// How much of the shipping fee goes back with it.
    pub shipping: Money,
    /// What goes back, or would: as asked, then as agreed.
    pub amount: Money,
    /// What is promised, or back.
    pub refunded: Money,
    /// Where the goods go back to, once it is agreed.
    pub return_to: String,
    /// The parcel that comes back, and the one that goes out instead.
    pub parcel: Option<ParcelView>,
    pub sent: Option<ParcelView>,
    /// Until when what comes next is to happen.
    pub due_at: Option<Moment>,
    pub moves: Vec<ReturnMove>,
    pub created_at: Moment,
    /// What the buyer can do now.
    pub may_withdraw: bool,
    pub may_escalate: bool,
    pub may_send: bool,
    pub may_add_pictures: bool,
    /// Grows with each change.
    pub version: i64,
    pub server_time: Moment,
}

/// Units of a line in a return.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ReturnLine {
    pub line: Id<Line>,
    pub title: String,
    pub variant_title: String,
    pub picture: String,
    pub quantity: i64,
    /// What these units really cost.
    pub worth: Money,
    pub asked: Money,
    pub agreed: Option<Money>,
    pub refunded: Money,
    pub sellable: i64,
    pub damaged: i64,
    pub exchange_for: Option<Id<Variant>>,
    pub exchange_title: String,
    /// Units of it that were sent.
    pub sent: i64,
}

/// A picture of what is wrong.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ReturnPicture {
    pub file: String,
    pub thumb: String,
    pub width: i64,
    pub height: i64,
    pub color: String,
}

/// One move of a return.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ReturnMove {
    pub from: Option<Status>,
    pub to: Status,
    pub actor: domain::order::Actor,
    /// The name of the member of staff; nobody else's.
    pub staff: Option<String>,
    /// A stable code: asked, approved, refused, no_answer, sent_back, time_out …
    pub reason: String,
    /// The words that came with it.
    pub text: String,
    pub at: Moment,
}

/// A return in a list.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ReturnCard {
    pub id: Id<AfterSale>,
    pub order: Id<Order>,
    pub kind: Kind,
    pub reason: Reason,
    pub status: Status,
    pub title: String,
    pub variant_title: String,
    pub picture: String,
    pub units: i64,
    pub amount: Money,
    pub buyer_name: String,
    pub due_at: Option<Moment>,
    pub created_at: Moment,
}

/// A return from staff's side.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DeskReturn {
    pub after_sale: ReturnView,
    pub buyer: Id<Person>,
    pub buyer_name: String,
    pub buyer_contact: String,
    /// How many orders this buyer has paid for, and how many returns they asked for.
    pub buyer_orders: i64,
    pub buyer_returns: i64,
    pub order_total: Money,
    pub order_refunded: Money,
    /// What of the shipping fee is not back yet.
    pub shipping_left: Money,
    /// The shop has said where goods go back to.
    pub has_address: bool,
    pub may_answer: bool,
    pub may_receive: bool,
    pub may_replace: bool,
    /// An exchange can still become a refund.
    pub may_pay_instead: bool,
    /// It is for this member of staff to decide.
    pub may_decide: bool,
}

/// Which returns staff look for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Queue {
    #[default]
    ToAnswer,
    /// Parcels on their way back, and what is to be sent instead.
    ToReceive,
    Escalated,
    /// Waiting for the buyer or the provider.
    Waiting,
    All,
}

impl Queue {
    pub const ALL: [Queue; 5] =
        [Queue::ToAnswer, Queue::ToReceive, Queue::Escalated, Queue::Waiting, Queue::All];

    pub fn code(self) -> &'static str {
        match self {
            Queue::ToAnswer => "to_answer",
            Queue::ToReceive => "to_receive",
            Queue::Escalated => "escalated",
            Queue::Waiting => "waiting",
            Queue::All => "all",
        }
    }
}

/// A return as its row says.
#[derive(Clone, Debug)]
struct Found {
    id: Id<AfterSale>,
    order: Id<Order>,
    person: Id<Person>,
    kind: Kind,
    status: Status,
    currency: Currency,
    shipping: i64,
    /// Whether a parcel has come back, or is coming.
    sent_back: bool,
    holds_units: bool,
    due_at: Option<Moment>,
    seq: i64,
}

/// Units of a line as their row says.
#[derive(Clone, Debug)]
struct LineFound {
    line: Id<Line>,
    variant: Id<Variant>,
    title: String,
    quantity: i64,
    asked: i64,
    agreed: Option<i64>,
    exchange_for: Option<Id<Variant>>,
    kept: i64,
    sellable: i64,
    damaged: i64,
}

/// A return that is about to change, with its order. What its time has ended is ended first: a
/// late job never lets somebody do what they no longer may.
fn lock(tx: &mut Tx, id: Id<AfterSale>) -> Result<(order::Found, Found), Failure> {
    let order = store::find(tx, id, "")?.order;
    let (_, mut order) = team::lock_with_order(tx, order)?;
    let lock = tx.lock();
    let mut found = store::find(tx, id, lock)?;
    follow::catch_up(tx, &mut order, &mut found)?;
    Ok((order, found))
}

/// The same for its buyer; somebody else's is not found.
fn lock_own(
    tx: &mut Tx,
    id: Id<AfterSale>,
    person: Id<Person>,
) -> Result<(order::Found, Found), Failure> {
    let own = store::find(tx, id, "")?.person == person;
    planted!("others_returns_changeable", return lock(tx, id));
    if own { lock(tx, id) } else { Err(Failure::NotFound) }
}

/// Moves a return: the state, its history, its time and the fact, together.
fn move_to(tx: &mut Tx, found: &mut Found, to: Status, by: By, told: &str) -> Result<(), Failure> {
    rules::may_move(found.status, to)?;
    let due_at = rules::time_in(to, found.kind).map(|span| tx.now.plus(span));
    if !store::set_status(tx, found, to, due_at)? {
        return Err(rules::Refusal::NotNow(found.status).into());
    }
    let from = found.status;
    (found.status, found.due_at) = (to, due_at);
    found.seq += 1;
    store::add_move(tx, found, Some(from), by, told)?;
    if let Some(at) = due_at {
        tx.ask("after_sale.due", found.id.0, at)?;
    }
    tell(tx, found, Some(from))
}

/// Writes into its history what changed without another state.
fn note(tx: &mut Tx, found: &mut Found, by: By, told: &str) -> Result<(), Failure> {
    store::count_move(tx, found.id)?;
    found.seq += 1;
    store::add_move(tx, found, Some(found.status), by, told)?;
    tell(tx, found, Some(found.status))
}

fn tell(tx: &mut Tx, found: &Found, from: Option<Status>) -> Result<(), Failure> {
    tx.tell(Fact::ReturnMoved {
        after_sale: found.id,
        order: found.order,
        person: found.person,
        seq: found.seq,
        from,
        to: found.status,
    })
}

/// Whether something of an order is still to be settled with its buyer.
pub(crate) fn is_open(tx: &mut Tx, order: Id<Order>) -> Result<bool, Failure> {
    store::is_open(tx, order)
}
