//! What checkout reads beside its contexts.

use domain::group_buy::{GroupBuy, Team};
use domain::id::Id;
use domain::person::Person;

use crate::db::Tx;
use crate::failure::Failure;

pub fn group_buy_of(tx: &mut Tx, team: Id<Team>) -> Result<Id<GroupBuy>, Failure> {
    tx.read_once(format!("offer of {}", team.0), |tx| {
        tx.one("select group_buy_id from teams where id = $1", &[team.into()], |row| row.get(0))
    })
}

/// Whom staff keep from ordering.
pub fn kept_from_ordering(tx: &mut Tx) -> Result<Vec<Id<Person>>, Failure> {
    let sql = "select person_id from customer_blocks where ordering = 1";
    tx.all(sql, &[], |row| row.get(0))
}
