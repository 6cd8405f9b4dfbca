//! What staff read of reviews, and the table `review_rulings`.

use domain::id::Id;
use domain::person::Person;
use domain::review::{Ground, Review, Ruling};

use super::{Head, KEPT, whole};
use crate::db::{Tx, Value};
use crate::failure::Failure;
use crate::review::Kept;
use crate::review::desk::{Counts, DeskLook, RulingView};

pub fn for_desk(tx: &mut Tx, look: &DeskLook) -> Result<Vec<Kept>, Failure> {
    let before = look.before.map_or(i64::MAX, |id| id.0);
    let mut params: Vec<Value> = vec![before.into(), look.limit.into()];
    let mut sql = format!("{KEPT} where r.id < $1");
    if look.unanswered {
        sql += " and r.answer is null and r.hidden_by is null";
    }
    if look.hidden {
        sql += " and r.hidden_by is not null";
    }
    if let Some(stars) = look.stars {
        params.push(stars.into());
        sql += " and r.stars = $3";
    }
    whole(tx, &format!("{sql} order by r.id desc limit $2"), &params)
}

pub fn counts(tx: &mut Tx) -> Result<Counts, Failure> {
    let sql = "select count(*),
            coalesce(cast(sum(case when answer is null and hidden_by is null then 1 else 0 end)
                as bigint), 0),
            coalesce(cast(sum(case when hidden_by is null then 0 else 1 end) as bigint), 0)
        from reviews";
    tx.one(sql, &[], |row| Counts { all: row.get(0), unanswered: row.get(1), hidden: row.get(2) })
}

/// Writes down that a review is hidden, for this ground, or is shown again.
pub fn rule(
    tx: &mut Tx,
    head: &Head,
    ground: Option<Ground>,
    reason: &str,
    actor: Id<Person>,
) -> Result<Id<Ruling>, Failure> {
    let id: Id<Ruling> = tx.id();
    tx.run(
        "insert into review_rulings (id, review_id, hides, ground, law, reason, actor_id, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            id.into(),
            head.id.into(),
            ground.is_some().into(),
            ground.map_or("", Ground::code).into(),
            ground.map_or("", Ground::law).into(),
            reason.into(),
            actor.into(),
            tx.now.into(),
        ],
    )?;
    Ok(id)
}

pub fn set_hidden(tx: &mut Tx, id: Id<Review>, ruling: Option<Id<Ruling>>) -> Result<(), Failure> {
    tx.run(
        "update reviews set hidden_by = $2, version = version + 1 where id = $1",
        &[id.into(), ruling.into()],
    )?;
    Ok(())
}

pub fn rulings(tx: &mut Tx, id: Id<Review>) -> Result<Vec<RulingView>, Failure> {
    tx.all(
        "select u.id, u.hides, u.ground, u.law, u.reason, p.name, u.at
         from review_rulings u join people p on p.id = u.actor_id
         where u.review_id = $1 order by u.id desc",
        &[id.into()],
        |row| RulingView {
            id: row.get(0),
            hides: row.get(1),
            ground: Ground::parse(&row.get::<String>(2)),
            law: row.get(3),
            reason: row.get(4),
            actor: row.get(5),
            at: row.get(6),
        },
    )
}
