//! The table `invites`, and the links friends came by.

use domain::campaign::Campaign;
use domain::campaign::limit::Key;
use domain::id::Id;
use domain::invite::{Invite, LONGEST_WINDOW, State};
use domain::moment::Moment;
use domain::order::Order;
use domain::person::{Person, Session};
use domain::text::masked;

use super::FriendView;
use crate::db::{Row, Tx};
use crate::failure::Failure;

/// Whose link somebody came by, and when first.
pub struct CameBy {
    pub inviter: Id<Person>,
    pub name: String,
    pub first: Moment,
}

pub fn came(
    tx: &mut Tx,
    campaign: Id<Campaign>,
    (session, person): (Option<Id<Session>>, Option<Id<Person>>),
    now: Moment,
) -> Result<Option<CameBy>, Failure> {
    if session.is_none() && person.is_none() {
        return Ok(None);
    }
    tx.maybe(
        "select l.person_id, p.name, min(v.at) from visits v
         join share_links l on l.id = v.link_id join people p on p.id = l.person_id
         where (v.session_id = $1 or v.person_id = $2) and v.at > $3 and v.bot = 0
           and l.object = 'campaign' and l.object_id = $4
         group by l.person_id, p.name order by max(v.at) desc limit 1",
        &[
            session.map_or(-1, |id| id.0).into(),
            person.map_or(-1, |id| id.0).into(),
            now.minus(LONGEST_WINDOW).into(),
            campaign.into(),
        ],
        |row| CameBy {
            inviter: row.get(0),
            name: masked(&row.get::<String>(1)),
            first: row.get(2),
        },
    )
}

/// Whether it was added: nobody is invited twice.
pub fn add(
    tx: &mut Tx,
    id: Id<Invite>,
    campaign: Id<Campaign>,
    (inviter, friend): (Id<Person>, Id<Person>),
) -> Result<bool, Failure> {
    let added = tx.run(
        "insert into invites (id, campaign_id, inviter_id, friend_id, state, created_at)
         values ($1, $2, $3, $4, 'joined', $5) on conflict (friend_id) do nothing",
        &[id.into(), campaign.into(), inviter.into(), friend.into(), tx.now.into()],
    )?;
    Ok(added == 1)
}

/// Whether anybody was ever invited.
pub fn any(tx: &mut Tx) -> Result<bool, Failure> {
    let found = tx.maybe("select 1 from invites limit 1", &[], |row| row.get::<i64>(0))?;
    Ok(found.is_some())
}

fn invite(row: &Row) -> (Invite, Id<Campaign>) {
    let order: Option<Id<Order>> = row.get(5);
    let rewards = row.get::<i64>(6) == 1;
    let state = match (row.get::<String>(4).as_str(), order) {
        ("ordered", Some(order)) => State::Ordered { order, rewards },
        ("rewarded", Some(order)) => State::Rewarded { order, rewards },
        ("joined", _) => State::Joined,
        _ => State::Lapsed,
    };
    let invite =
        Invite { id: row.get(0), inviter: row.get(2), friend: row.get(3), at: row.get(7), state };
    (invite, row.get(1))
}

const COLUMNS: &str =
    "id, campaign_id, inviter_id, friend_id, state, order_id, rewards, created_at";

pub fn of_friend(
    tx: &mut Tx,
    friend: Id<Person>,
) -> Result<Option<(Invite, Id<Campaign>)>, Failure> {
    let sql = format!("select {COLUMNS} from invites where friend_id = $1");
    tx.maybe(&sql, &[friend.into()], invite)
}

pub fn of_friend_to_change(
    tx: &mut Tx,
    friend: Id<Person>,
) -> Result<Option<(Invite, Id<Campaign>)>, Failure> {
    let sql = format!("select {COLUMNS} from invites where friend_id = $1{}", tx.lock());
    tx.maybe(&sql, &[friend.into()], invite)
}

pub fn set_state(tx: &mut Tx, id: Id<Invite>, state: State) -> Result<(), Failure> {
    let (order, rewards) = match state {
        State::Ordered { order, rewards } | State::Rewarded { order, rewards } => {
            (Some(order), rewards)
        }
        State::Joined | State::Lapsed => (None, false),
    };
    tx.run(
        "update invites set state = $2, rewards = $4,
                order_id = coalesce($3, order_id) where id = $1",
        &[id.into(), state.code().into(), order.into(), i64::from(rewards).into()],
    )?;
    Ok(())
}

pub fn friends(tx: &mut Tx, inviter: Id<Person>) -> Result<Vec<FriendView>, Failure> {
    tx.all(
        "select p.name, i.state, i.created_at from invites i join people p on p.id = i.friend_id
         where i.inviter_id = $1 order by i.id desc limit 50",
        &[inviter.into()],
        |row| FriendView { name: masked(&row.get::<String>(0)), state: row.get(1), at: row.get(2) },
    )
}

/// Whoever invited somebody, and whoever invited them, up to the first: the longest chain that is
/// looked at is a hundred, and a longer one is no circle of friends.
pub fn above(tx: &mut Tx, person: Id<Person>) -> Result<Vec<Id<Person>>, Failure> {
    let mut above = Vec::new();
    let mut at = person;
    while above.len() < 100 {
        let sql = "select inviter_id from invites where friend_id = $1";
        let Some(next) = tx.maybe(sql, &[at.into()], |row| row.get(0))? else { break };
        above.push(next);
        at = next;
    }
    Ok(above)
}

pub fn joined_at(tx: &mut Tx, person: Id<Person>) -> Result<Moment, Failure> {
    tx.one("select created_at from people where id = $1", &[person.into()], |row| row.get(0))
}

/// Whether somebody who shares a key with this visitor is the inviter: a mark of theirs, or an
/// address of theirs.
pub fn shares(tx: &mut Tx, inviter: Id<Person>, keys: &[(Key, String)]) -> Result<bool, Failure> {
    let marks = crate::person::mark_of(tx, inviter)?;
    let address = match crate::address::first(tx, inviter)? {
        Some(address) => Some(crate::address::likeness(tx, &address)?),
        None => None,
    };
    Ok(keys.iter().any(|(_, key)| *key == marks || Some(key) == address.as_ref()))
}

/// What was paid for the goods of an order, without freight and tax that was added.
pub fn paid_for_goods(tx: &mut Tx, order: Id<Order>) -> Result<i64, Failure> {
    tx.one(
        "select coalesce(cast(sum(total) as bigint), 0) from order_lines where order_id = $1",
        &[order.into()],
        |row| row.get(0),
    )
}
