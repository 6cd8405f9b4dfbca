//! The inbox: what a person is told inside the shop.
//!
//! A notice keeps its kind and what its words need; the words themselves live with the pages, in
//! every language. What goes out by other channels too is written from here (`letter`), so that
//! whoever tells waits for no letter.

mod store;

pub(crate) use store::{put_aside, to_write, written};

use describe::ToSchema;
use domain::after_sale::AfterSale;
use domain::catalog::Product;
use domain::gift::Gift;
use domain::group_buy::{GroupBuy, Team};
use domain::id::{Id, Kind};
use domain::letter::{Letter, Sort};
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

/// A notice as its reader sees it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct NoticeView {
    pub id: Id<Notice>,
    /// One of the register of letters (`domain::letter::LETTERS`) that go to the inbox.
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
    let letter = Letter::find(kind);
    if letter.is_none() {
        // Its words are missing, but what it came with (a payment) must not fail for that.
        tracing::error!(kind, "a notice of an unknown kind");
    }
    let goes_out = letter.is_some_and(Letter::goes_out);
    let id: Id<Notice> = tx.id();
    store::add(tx, id, person, (kind, goes_out), (about, about_id), &args.to_string())
}

/// What was told, with what was left out from what is known of the thing it is about.
fn whole(kind: &str, told: &str, known: Map<String, Value>) -> Value {
    // We wrote it as JSON; a notice whose words are lost is still a notice.
    let mut args = serde_json::from_str(told).unwrap_or_else(|_| Map::new());
    let fields = Letter::find(kind).map_or(&[][..], |letter| letter.fields);
    for field in fields.iter().filter(|field| field.sort() != Sort::Secret) {
        let name = field.name();
        if args.get(name).is_none_or(Value::is_null) {
            let value = known.get(name).cloned().unwrap_or_else(|| Value::String(String::new()));
            args.insert(name.to_string(), value);
        }
    }
    Value::Object(args)
}

/// A notice that is still to be written by other channels.
#[derive(Clone, Debug)]
pub(crate) struct ToWrite {
    pub person: Id<Person>,
    /// The number of what it is about.
    pub number: i64,
    pub notice: NoticeView,
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
pub(crate) fn shown(about: &str, number: i64) -> String {
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
        "gift" => of::<Gift>(number),
        "campaign" => of::<domain::campaign::Campaign>(number),
        "bargain" => of::<domain::bargain::Launch>(number),
        _ => number.to_string(),
    }
}
