//! What an invoice is sealed over, and following the seals of each year.

use domain::id::Id;
use domain::invoice::{Invoice, Line, Sums, Title};
use domain::ledger::seal_text;
use domain::moment::Moment;
use domain::order::Order;

use super::settings::Seller;
use super::store;
use crate::db::Tx;
use crate::failure::Failure;

/// An invoice as it is written, and never changed after.
#[derive(Clone, Debug)]
pub struct Sealed {
    pub id: Id<Invoice>,
    pub order: Id<Order>,
    pub reverses: Option<Id<Invoice>>,
    pub number: String,
    pub title: Title,
    pub seller: Seller,
    pub lines: Vec<Line>,
    pub sums: Sums,
    pub reason: String,
    pub issued_at: Moment,
}

impl Sealed {
    /// The seal over all of it and the one before it in its year.
    pub fn hash_after(&self, before: &str) -> Result<String, Failure> {
        let (id, reverses) = (self.id.0, self.reverses.map(|id| id.0));
        let head = (id, self.order.0, reverses, &self.number, self.issued_at.0, &self.reason);
        let text = serde_json::to_string(&(head, &self.title, &self.seller, &self.lines))?;
        Ok(seal_text(before, &text))
    }
}

/// The first invoice that is not as it was sealed, or does not follow the one before; the year when
/// the last of it is missing.
pub fn first_broken(tx: &mut Tx) -> Result<Option<String>, Failure> {
    for (year, last, end) in store::series(tx)? {
        let (mut before, mut seq) = (String::new(), 0);
        for (place, row, hash) in store::of_year(tx, year)? {
            seq += 1;
            if place != seq || row.hash_after(&before)? != hash {
                return Ok(Some(row.number));
            }
            before = hash;
        }
        if (seq, &before) != (last, &end) {
            return Ok(Some(year.to_string()));
        }
    }
    Ok(None)
}
