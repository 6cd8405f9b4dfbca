//! Units in a batch of decisions: what is left and what each person has, held and read together,
//! counted in memory, written as sums.

use std::collections::BTreeSet;

use domain::campaign::Campaign;
use domain::catalog::Variant;
use domain::id::Id;
use domain::person::Person;

use super::store;
use crate::campaign;
use crate::db::{Insert, Sum, Tx};
use crate::failure::Failure;

fn holds_name(id: Id<Campaign>, person: Id<Person>) -> String {
    format!("campaign holds {} {}", id.0, person.0)
}

fn left_name(id: Id<Campaign>, variant: Id<Variant>) -> String {
    format!("campaign left {} {}", id.0, variant.0)
}

/// Reads what these people have of these campaigns and what is left: no campaign ends meanwhile,
/// and the counters are held in their fixed order.
pub(crate) fn gather(
    tx: &mut Tx,
    buyers: &BTreeSet<(Id<Campaign>, Id<Person>)>,
) -> Result<(), Failure> {
    let campaigns: BTreeSet<Id<Campaign>> = buyers.iter().map(|(id, _)| *id).collect();
    for id in &campaigns {
        campaign::is_on(tx, *id)?;
    }
    for id in campaigns {
        let people = buyers.iter().filter(|(of, _)| *of == id);
        let people: Vec<Id<Person>> = people.map(|(_, person)| *person).collect();
        // Where nobody is limited nobody's entries are asked for.
        if !campaign::find(tx, id)?.campaign.frame.is_open() {
            campaign::gather(tx, id, &people)?;
        }
        for person in &people {
            tx.keep_in_mind(holds_name(id, *person), 0_i64);
        }
        let people: Vec<i64> = people.iter().map(|person| person.0).collect();
        for (person, quantity) in store::holds_held(tx, id, &people)? {
            tx.keep_in_mind(holds_name(id, person), quantity);
        }
        for (variant, left) in store::left_overs_held(tx, id)? {
            tx.keep_in_mind(left_name(id, variant), left);
        }
    }
    Ok(())
}

pub fn holds(tx: &mut Tx, id: Id<Campaign>, person: Id<Person>) -> Result<i64, Failure> {
    tx.recall(&holds_name(id, person)).ok_or_else(|| tx.alone())
}

/// Counts `n` more for the person, if their limit allows it.
pub fn count(
    tx: &mut Tx,
    id: Id<Campaign>,
    person: Id<Person>,
    n: i64,
    most: i64,
) -> Result<bool, Failure> {
    static PEOPLE: Insert = Insert {
        end: "on conflict (campaign_id, person_id) do update
              set quantity = campaign_people.quantity + excluded.quantity, most = excluded.most
              where campaign_people.quantity + excluded.quantity <= excluded.most",
        unique: &[0, 1],
        adds: &[2],
        must_count: true,
        ..Insert::new("campaign_people (campaign_id, person_id, quantity, most)", 4)
    };
    let after = holds(tx, id, person)? + n;
    if after > most {
        return Ok(false);
    }
    tx.keep_in_mind(holds_name(id, person), after);
    tx.add(&PEOPLE, vec![id.into(), person.into(), n.into(), most.into()])?;
    Ok(true)
}

pub fn left_over(
    tx: &mut Tx,
    id: Id<Campaign>,
    variant: Id<Variant>,
) -> Result<Option<i64>, Failure> {
    tx.recall(&left_name(id, variant)).ok_or_else(|| tx.alone())
}

pub fn take_left_over(
    tx: &mut Tx,
    id: Id<Campaign>,
    variant: Id<Variant>,
    n: i64,
) -> Result<bool, Failure> {
    static LEFT_OVER: Sum = Sum {
        rank: 1,
        update: "update campaign_stock set left_over = left_over + $3
                 where campaign_id = $1 and variant_id = $2 and left_over + $3 >= 0",
    };
    let after = left_over(tx, id, variant)?.unwrap_or(0) - n;
    if after < 0 {
        return Ok(false);
    }
    tx.keep_in_mind(left_name(id, variant), Some(after));
    tx.add_up(&LEFT_OVER, &[id.0, variant.0], &[-n]);
    Ok(true)
}
