//! What checkout reads beside its contexts.

use domain::group_buy::{GroupBuy, Team};
use domain::id::Id;

use crate::db::Tx;
use crate::failure::Failure;

pub fn group_buy_of(tx: &mut Tx, team: Id<Team>) -> Result<Id<GroupBuy>, Failure> {
    tx.read_once(format!("offer of {}", team.0), |tx| {
        tx.one("select group_buy_id from teams where id = $1", &[team.into()], |row| row.get(0))
    })
}
