//! Notices in the database. The inbox shows things of other contexts, so like a report it also
//! reads what they are called.

use domain::id::Id;
use domain::person::Person;
use serde_json::{Map, Value, json};

use super::{Notice, NoticeView, ToWrite, shown, whole};
use crate::db::{Insert, Row, Tx};
use crate::failure::Failure;

pub fn add(
    tx: &mut Tx,
    id: Id<Notice>,
    person: Id<Person>,
    (kind, goes_out): (&str, bool),
    about: (&str, i64),
    args: &str,
) -> Result<(), Failure> {
    static NOTICES: Insert = Insert::new(
        "notices (id, person_id, kind, about, about_id, args, created_at, to_write)",
        8,
    );
    let now = tx.now;
    tx.add(
        &NOTICES,
        vec![
            id.into(),
            person.into(),
            kind.into(),
            about.0.into(),
            about.1.into(),
            args.into(),
            now.into(),
            goes_out.into(),
        ],
    )
}

const VIEW: &str = "select n.id, n.kind, n.about, n.about_id, n.args, n.created_at, n.read_at,
            coalesce(l.title, p.title), o.total, o.currency, s.carrier, s.tracking, t.people,
            n.person_id
     from notices n
     left join orders o on n.about = 'order' and o.id = n.about_id
     left join order_lines l on l.order_id = o.id and l.position = (
         select min(position) from order_lines other where other.order_id = o.id)
     left join shipments s on s.id = (
         select max(id) from shipments other where other.order_id = o.id)
     left join teams t on (n.about = 'team' and t.id = n.about_id) or t.id = o.team_id
     left join group_buys g on g.id = t.group_buy_id
     left join products p on p.id = g.product_id";

fn view(row: &Row) -> NoticeView {
    let (kind, about): (String, String) = (row.get(1), row.get(2));
    NoticeView {
        id: row.get(0),
        args: whole(&kind, &row.get::<String>(4), known(row)),
        kind,
        about_id: shown(&about, row.get(3)),
        about,
        created_at: row.get(5),
        read: row.get::<Option<i64>>(6).is_some(),
    }
}

pub fn list(
    tx: &mut Tx,
    person: Id<Person>,
    before: Option<Id<Notice>>,
    limit: i64,
) -> Result<Vec<NoticeView>, Failure> {
    let before = before.map_or(i64::MAX, |id| id.0);
    let sql = format!("{VIEW} where n.person_id = $1 and n.id < $2 order by n.id desc limit $3");
    tx.all(&sql, &[person.into(), before.into(), limit.into()], view)
}

/// The oldest notices that are still to be written.
pub fn to_write(tx: &mut Tx, limit: i64) -> Result<Vec<ToWrite>, Failure> {
    // Which first: the rest is looked up for these few alone.
    let sql = format!(
        "{VIEW} where n.id in (select id from notices where to_write = 1 order by id limit $1)
         order by n.id"
    );
    tx.all(&sql, &[limit.into()], |row| ToWrite {
        person: row.get(13),
        number: row.get(3),
        notice: view(row),
    })
}

/// These were written.
pub fn written(tx: &mut Tx, ids: &[Id<Notice>]) -> Result<(), Failure> {
    let ids: Vec<String> = ids.iter().map(|id| id.0.to_string()).collect();
    let sql = format!("update notices set to_write = 0 where id in ({})", ids.join(", "));
    if !ids.is_empty() {
        tx.run(&sql, &[])?;
    }
    Ok(())
}

/// Puts notices aside that nothing carries, the oldest first. How many.
pub fn put_aside(tx: &mut Tx, limit: i64) -> Result<u64, Failure> {
    tx.run(
        "update notices set to_write = 0
         where id in (select id from notices where to_write = 1 order by id limit $1)",
        &[limit.into()],
    )
}

/// What is known of the order or team a notice is about.
fn known(row: &Row) -> Map<String, Value> {
    let mut known = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            known.insert(name.to_string(), value);
        }
    };
    put("product", row.get::<Option<String>>(7).map(Value::from));
    let total = row.get::<Option<i64>>(8).zip(row.get::<Option<String>>(9));
    put("amount", total.map(|(minor, currency)| json!({ "minor": minor, "currency": currency })));
    put("carrier", row.get::<Option<String>>(10).map(Value::from));
    put("tracking", row.get::<Option<String>>(11).map(Value::from));
    put("people", row.get::<Option<i64>>(12).map(Value::from));
    known
}

pub fn mark_one(tx: &mut Tx, person: Id<Person>, notice: Id<Notice>) -> Result<(), Failure> {
    // Somebody else's notice changes no row, and neither does one that was read.
    tx.run(
        "update notices set read_at = $3
         where id = $1 and person_id = $2 and read_at is null",
        &[notice.into(), person.into(), tx.now.into()],
    )?;
    Ok(())
}

pub fn mark_all(tx: &mut Tx, person: Id<Person>) -> Result<(), Failure> {
    tx.run(
        "update notices set read_at = $2 where person_id = $1 and read_at is null",
        &[person.into(), tx.now.into()],
    )?;
    Ok(())
}

pub fn unread(tx: &mut Tx, person: Id<Person>) -> Result<i64, Failure> {
    tx.one(
        "select count(*) from notices where person_id = $1 and read_at is null",
        &[person.into()],
        |row| row.get(0),
    )
}
