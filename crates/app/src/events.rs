//! The log of what happened: tell, and read on from where you were.

use domain::event::{Event, Fact};
use domain::id::Id;
use domain::moment::Moment;

use crate::db::{Insert, Tx};
use crate::failure::Failure;

/// An entry of the log.
pub struct Told {
    pub id: Id<Event>,
    pub name: String,
    pub fact: Fact,
    pub at: Moment,
}

impl Tx<'_> {
    /// Tells the rest of the shop, in this transaction: the fact and its record cannot part.
    pub fn tell(&mut self, fact: Fact) -> Result<(), Failure> {
        planted!("event_apart", {
            APART.with_borrow_mut(|apart| apart.push(fact.clone()));
            self.told.push(fact);
            return Ok(());
        });
        self.record(&fact)?;
        self.told.push(fact);
        Ok(())
    }

    fn record(&mut self, fact: &Fact) -> Result<(), Failure> {
        static EVENTS: Insert =
            Insert::new("events (id, name, about, about_id, about_seq, body, at, request_id)", 8);
        let id: Id<Event> = self.id();
        let (about, about_id, seq) = fact.about();
        self.add(
            &EVENTS,
            vec![
                id.into(),
                fact.name().into(),
                about.into(),
                about_id.into(),
                seq.into(),
                serde_json::to_string(fact)?.into(),
                self.now.into(),
                self.request_id.clone().into(),
            ],
        )?;
        Ok(())
    }
}

/// The id outside of what an entry is about: `ord_…`; empty where it is the shop itself.
pub fn about(kind: &str, number: i64) -> String {
    match kind {
        "person" => Id::<domain::person::Person>::new(number).to_string(),
        "product" => Id::<domain::catalog::Product>::new(number).to_string(),
        "variant" => Id::<domain::catalog::Variant>::new(number).to_string(),
        "order" => Id::<domain::order::Order>::new(number).to_string(),
        "payment" => Id::<domain::payment::Payment>::new(number).to_string(),
        "refund" => Id::<domain::payment::Refund>::new(number).to_string(),
        "return" => Id::<domain::after_sale::AfterSale>::new(number).to_string(),
        "group_buy" => Id::<domain::group_buy::GroupBuy>::new(number).to_string(),
        "team" => Id::<domain::group_buy::Team>::new(number).to_string(),
        "draft" => Id::<domain::order_desk::Draft>::new(number).to_string(),
        "case" => Id::<domain::payment::Case>::new(number).to_string(),
        _ => String::new(),
    }
}

#[cfg(feature = "planted")]
thread_local! {
    static APART: std::cell::RefCell<Vec<Fact>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// Records what this thread told, in a transaction of its own.
#[cfg(feature = "planted")]
pub(crate) fn tell_apart(tx: &mut Tx) -> Result<(), Failure> {
    APART.take().iter().try_for_each(|fact| tx.record(fact))
}

/// Entries after `cursor`, oldest first. On PostgreSQL transactions may commit out of the order of
/// their ids, so a reader looks back a little and skips what it has seen.
pub fn after(tx: &mut Tx, cursor: Id<Event>, limit: i64) -> Result<Vec<Told>, Failure> {
    let rows = tx.all(
        "select id, name, body, at from events where id > $1 order by id limit $2",
        &[cursor.into(), limit.into()],
        |row| (row.get(0), row.get(1), row.get::<String>(2), row.get(3)),
    )?;
    rows.into_iter()
        .map(|(id, name, body, at)| Ok(Told { id, name, fact: serde_json::from_str(&body)?, at }))
        .collect()
}
