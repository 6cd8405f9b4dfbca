//! Group buys in a batch of decisions: what is set aside and what each person holds, locked and
//! read together, counted in memory, written as sums.

use std::collections::BTreeSet;

use domain::catalog::Variant;
use domain::group_buy::GroupBuy;
use domain::id::Id;
use domain::person::Person;

use super::store;
use crate::db::{Insert, Sum, Tx};
use crate::failure::Failure;

fn holds_name(id: Id<GroupBuy>, person: Id<Person>) -> String {
    format!("holds {} {}", id.0, person.0)
}

fn left_name(id: Id<GroupBuy>, variant: Id<Variant>) -> String {
    format!("left {} {}", id.0, variant.0)
}

/// Reads what these people hold of these group buys, and what is left over of what was set aside:
/// the counters are locked in their fixed order, and no offer ends meanwhile.
pub(crate) fn gather(
    tx: &mut Tx,
    applicants: &BTreeSet<(Id<GroupBuy>, Id<Person>)>,
) -> Result<(), Failure> {
    let offers: BTreeSet<Id<GroupBuy>> = applicants.iter().map(|(offer, _)| *offer).collect();
    for (offer, person) in applicants {
        tx.keep_in_mind(holds_name(*offer, *person), 0_i64);
    }
    for offer in &offers {
        let people = applicants.iter().filter(|(of, _)| of == offer);
        let people: Vec<i64> = people.map(|(_, person)| person.0).collect();
        for (person, quantity) in store::holds_locked(tx, *offer, &people)? {
            tx.keep_in_mind(holds_name(*offer, person), quantity);
        }
    }
    for offer in offers {
        // The share of its row is kept to the commit.
        super::is_on(tx, offer)?;
        for (variant, left) in store::left_overs_locked(tx, offer)? {
            tx.keep_in_mind(left_name(offer, variant), left);
        }
    }
    Ok(())
}

pub(super) fn holds(tx: &mut Tx, id: Id<GroupBuy>, person: Id<Person>) -> Result<i64, Failure> {
    tx.recall(&holds_name(id, person)).ok_or_else(|| tx.alone())
}

/// Counts `n` more for the person, if their limit allows it.
pub(super) fn count(
    tx: &mut Tx,
    id: Id<GroupBuy>,
    person: Id<Person>,
    n: i64,
    most: i64,
) -> Result<bool, Failure> {
    static PEOPLE: Insert = Insert {
        end: "on conflict (group_buy_id, person_id) do update
              set quantity = group_buy_people.quantity + excluded.quantity
              where group_buy_people.quantity + excluded.quantity <= group_buy_people.most",
        unique: &[0, 1],
        adds: &[2],
        must_count: true,
        ..Insert::new("group_buy_people (group_buy_id, person_id, quantity, most)", 4)
    };
    let after = holds(tx, id, person)? + n;
    if after > most {
        return Ok(false);
    }
    tx.keep_in_mind(holds_name(id, person), after);
    tx.add(&PEOPLE, vec![id.into(), person.into(), n.into(), most.into()])?;
    Ok(true)
}

pub(super) fn left_over(
    tx: &mut Tx,
    id: Id<GroupBuy>,
    variant: Id<Variant>,
) -> Result<i64, Failure> {
    tx.recall(&left_name(id, variant)).ok_or_else(|| tx.alone())
}

pub(super) fn take_set_aside(
    tx: &mut Tx,
    id: Id<GroupBuy>,
    variant: Id<Variant>,
    n: i64,
) -> Result<bool, Failure> {
    static LEFT_OVER: Sum = Sum {
        rank: 1,
        update: "update group_buy_variants set left_over = left_over + $3
                 where group_buy_id = $1 and variant_id = $2 and left_over + $3 >= 0",
    };
    let after = left_over(tx, id, variant)? - n;
    if after < 0 {
        return Ok(false);
    }
    tx.keep_in_mind(left_name(id, variant), after);
    tx.add_up(&LEFT_OVER, &[id.0, variant.0], &[-n]);
    Ok(true)
}
