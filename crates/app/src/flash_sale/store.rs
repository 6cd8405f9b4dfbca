//! The tables `flash_waiting` and `flash_reminders`.

use domain::campaign::Campaign;
use domain::catalog::Variant;
use domain::id::Id;
use domain::moment::Moment;
use domain::person::Person;

use crate::db::Tx;
use crate::failure::Failure;

/// Somebody whose turn it is.
pub struct Offered {
    pub row: i64,
    pub person: Id<Person>,
    pub quantity: i64,
    pub until: Moment,
}

/// Who waits for a variant of a sale.
pub struct Queue {
    /// How many wait whose turn it is not yet.
    pub waiting: i64,
    pub offered: Vec<Offered>,
}

pub fn queue(tx: &mut Tx, id: Id<Campaign>, variant: Id<Variant>) -> Result<Queue, Failure> {
    let waiting = tx.one(
        "select count(*) from flash_waiting
         where campaign_id = $1 and variant_id = $2 and status = 'waiting'",
        &[id.into(), variant.into()],
        |row| row.get(0),
    )?;
    let offered = tx.all(
        "select id, person_id, quantity, offered_until from flash_waiting
         where campaign_id = $1 and variant_id = $2 and status = 'offered'",
        &[id.into(), variant.into()],
        |row| Offered {
            row: row.get(0),
            person: row.get(1),
            quantity: row.get(2),
            until: row.get(3),
        },
    )?;
    Ok(Queue { waiting, offered })
}

/// Somebody bought what was kept for them. Whether it still was.
pub fn bought(tx: &mut Tx, row: i64) -> Result<bool, Failure> {
    let sql = "update flash_waiting set status = 'bought', updated_at = $2
               where id = $1 and status = 'offered'";
    Ok(tx.run(sql, &[row.into(), tx.now.into()])? == 1)
}
