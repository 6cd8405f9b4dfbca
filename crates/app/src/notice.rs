//! The inbox: what a person is told inside the shop.
//!
//! A notice keeps its kind and what its words need; the words themselves live with the pages, in
//! every language.

mod store;

use describe::ToSchema;
use domain::after_sale::AfterSale;
use domain::catalog::Product;
use domain::group_buy::{GroupBuy, Team};
use domain::id::{Id, Kind};
use domain::moment::Moment;
use domain::order::Order;
use domain::payment::{Payment, Refund};
use domain::person::Person;
use domain::review::Review;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor};

/// Something a person was told.
pub struct Notice;
impl Kind for Notice {
    const PREFIX: &'static str = "ntc";
}
domain::id::described!(Notice);

/// Every kind of notice with what its words need. `product` is a title as it was bought, `amount`
/// is money (`{"minor": 1900, "currency": "CNY"}`, written by the pages in the reader's way), the
/// rest are numbers or short texts. What the teller leaves out is looked up for the reader.
pub const KINDS: &[(&str, &[&str])] = &[
    ("order_paid", &["product", "amount"]),
    ("credit_given", &["amount", "reason"]),
    ("credit_taken", &["amount", "reason"]),
    ("topped_up", &["amount"]),
    ("top_up_returned", &["amount"]),
    ("order_shipped", &["product", "carrier", "tracking"]),
    ("order_cancelled", &["product"]),
    ("order_completed", &["product"]),
    ("order_price_changed", &["product", "amount"]),
    ("order_edited", &["product"]),
    ("order_to_pay", &["product", "amount"]),
    ("team_opened", &["product", "missing"]),
    ("team_joined", &["product", "missing"]),
    ("team_succeeded", &["product", "people"]),
    ("team_failed", &["product"]),
    ("team_lowered", &["product", "people"]),
    ("leader_now", &["product"]),
    ("invoice_issued", &["number", "amount"]),
    ("invoice_declined", &["reason"]),
    ("invoice_red", &["number"]),
    ("refunded", &["product", "amount"]),
    ("late_refunded", &["product", "amount"]),
    ("late_moved", &["product"]),
    ("return_approved", &["product"]),
    ("return_send_back", &["product"]),
    ("return_refused", &["product", "why"]),
    ("return_rejected", &["product", "why"]),
    ("return_received", &["product"]),
    ("return_replaced", &["product", "carrier", "tracking"]),
    ("return_paid_instead", &["product"]),
    ("return_closed", &["product"]),
    ("review_answered", &["product"]),
    ("review_hidden", &["product", "reason"]),
    ("review_shown", &["product"]),
    ("data_ready", &[]),
];

/// A notice as its reader sees it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct NoticeView {
    pub id: Id<Notice>,
    /// One of `KINDS`.
    pub kind: String,
    /// Where it leads: the kind of thing (`order`, `team`) and its id as addresses show it.
    pub about: String,
    pub about_id: String,
    /// What its words need; every name its kind has is there.
    #[schema(value_type = Object)]
    pub args: Value,
    pub created_at: Moment,
    pub read: bool,
}

/// Notices to be marked as read: one, or all there are.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
pub struct MarkRead {
    #[serde(default)]
    pub notice: Option<Id<Notice>>,
}

/// Tells a person something, in the transaction that made it so.
pub fn tell(
    tx: &mut Tx,
    person: Id<Person>,
    kind: &str,
    about: &str,
    about_id: i64,
    args: Value,
) -> Result<(), Failure> {
    if KINDS.iter().all(|(known, _)| *known != kind) {
        // Its words are missing, but what it came with (a payment) must not fail for that.
        tracing::error!(kind, "a notice of an unknown kind");
    }
    let id: Id<Notice> = tx.id();
    store::add(tx, id, person, kind, (about, about_id), &args.to_string())
}

/// What was told, with what was left out from what is known of the thing it is about.
fn whole(kind: &str, told: &str, known: Map<String, Value>) -> Value {
    // We wrote it as JSON; a notice whose words are lost is still a notice.
    let mut args = serde_json::from_str(told).unwrap_or_else(|_| Map::new());
    let names = KINDS.iter().find(|(name, _)| *name == kind).map_or(&[][..], |(_, names)| names);
    for name in names {
        if args.get(*name).is_none_or(Value::is_null) {
            let value = known.get(*name).cloned().unwrap_or_else(|| Value::String(String::new()));
            args.insert((*name).to_string(), value);
        }
    }
    Value::Object(args)
}

/// The visitor's latest notices before `before`.
pub fn list(
    app: &App,
    visitor: &Visitor,
    before: Option<Id<Notice>>,
    limit: i64,
) -> Result<Vec<NoticeView>, Failure> {
    let person = visitor.reader()?;
    app.read(|tx| store::list(tx, person, before, limit))
}

/// Marks one notice or all of the visitor's as read. How many are left unread.
pub fn mark_read(app: &App, visitor: &Visitor, mark: MarkRead) -> Result<i64, Failure> {
    let person = visitor.shopper()?;
    app.write_for(visitor, |tx| {
        match mark.notice {
            Some(notice) => store::mark_one(tx, person, notice)?,
            None => store::mark_all(tx, person)?,
        }
        store::unread(tx, person)
    })
}

/// How many notices the visitor has not read; none for a guest.
pub fn unread_count(app: &App, visitor: &Visitor) -> Result<i64, Failure> {
    match &visitor.person {
        Some(person) => app.read(|tx| store::unread(tx, person.id)),
        None => Ok(0),
    }
}

/// An id as addresses show it.
fn shown(about: &str, number: i64) -> String {
    fn of<T: Kind>(number: i64) -> String {
        Id::<T>::new(number).to_string()
    }
    match about {
        "order" => of::<Order>(number),
        "team" => of::<Team>(number),
        "group_buy" => of::<GroupBuy>(number),
        "product" => of::<Product>(number),
        "payment" => of::<Payment>(number),
        "refund" => of::<Refund>(number),
        "return" => of::<AfterSale>(number),
        "review" => of::<Review>(number),
        _ => number.to_string(),
    }
}
