//! Share links and visits in the database; of orders, only which visit brought them.

use domain::id::Id;
use domain::moment::Moment;
use domain::person::{Person, Session};
use domain::share::{Object, Visit};

use super::{Landing, ShareLink};
use crate::db::{Row, Tx};
use crate::failure::Failure;

/// A link as it is kept.
pub struct Link {
    pub id: Id<ShareLink>,
    pub code: String,
    pub object: Object,
    pub object_id: i64,
    pub visits: i64,
    pub orders: i64,
    pub created_at: Moment,
}

const LINK: &str = "select l.id, l.code, l.object, l.object_id, l.visits, l.created_at,
    (select count(*) from visits v join orders o on o.visit_id = v.id
     where v.link_id = l.id and o.paid_at is not null) as orders
    from share_links l";

fn link(row: &Row) -> Link {
    Link {
        id: row.get(0),
        code: row.get(1),
        object: object(row, 2),
        object_id: row.get(3),
        visits: row.get(4),
        created_at: row.get(5),
        orders: row.get(6),
    }
}

/// We wrote the code ourselves; one that a later release knew leads home.
fn object(row: &Row, column: usize) -> Object {
    Object::parse(&row.get::<String>(column)).unwrap_or(Object::Home)
}

pub fn of_object(
    tx: &mut Tx,
    person: Id<Person>,
    object: Object,
    object_id: i64,
) -> Result<Option<Link>, Failure> {
    let sql = format!("{LINK} where l.person_id = $1 and l.object = $2 and l.object_id = $3");
    tx.maybe(&sql, &[person.into(), object.code().into(), object_id.into()], link)
}

/// Adds a link, unless there is one already or somebody's has the same code.
pub fn add(
    tx: &mut Tx,
    id: Id<ShareLink>,
    code: &str,
    person: Id<Person>,
    object: Object,
    object_id: i64,
) -> Result<(), Failure> {
    tx.run(
        "insert into share_links (id, code, person_id, object, object_id, created_at)
         values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
        &[
            id.into(),
            code.into(),
            person.into(),
            object.code().into(),
            object_id.into(),
            tx.now.into(),
        ],
    )?;
    Ok(())
}

/// Where a code leads `visiting`.
pub fn landing(
    tx: &mut Tx,
    code: &str,
    visiting: Option<Id<Person>>,
) -> Result<Option<(Id<ShareLink>, Landing)>, Failure> {
    tx.maybe(
        "select l.id, l.object, l.object_id, p.id, p.name
         from share_links l join people p on p.id = l.person_id where l.code = $1",
        &[code.into()],
        |row| {
            let sharer: Id<Person> = row.get(3);
            let landing = Landing {
                object: object(row, 1),
                object_id: row.get(2),
                sharer,
                sharer_name: row.get(4),
                own: visiting == Some(sharer),
            };
            (row.get(0), landing)
        },
    )
}

/// Whether a browser came through this link since then.
pub fn came_since(
    tx: &mut Tx,
    link: Id<ShareLink>,
    session: Id<Session>,
    since: Moment,
) -> Result<bool, Failure> {
    let came = tx.maybe(
        "select 1 from visits
         where session_id = $1 and at > $2 and link_id = $3 and bot = 0 limit 1",
        &[session.into(), since.into(), link.into()],
        |_| (),
    )?;
    Ok(came.is_some())
}

pub fn add_visit(
    tx: &mut Tx,
    visit: Id<Visit>,
    link: Id<ShareLink>,
    session: Option<Id<Session>>,
    person: Option<Id<Person>>,
    bot: bool,
) -> Result<(), Failure> {
    tx.run(
        "insert into visits (id, link_id, session_id, person_id, bot, at)
         values ($1, $2, $3, $4, $5, $6)",
        &[visit.into(), link.into(), session.into(), person.into(), bot.into(), tx.now.into()],
    )?;
    Ok(())
}

pub fn count_visit(tx: &mut Tx, link: Id<ShareLink>) -> Result<(), Failure> {
    tx.run("update share_links set visits = visits + 1 where id = $1", &[link.into()])?;
    Ok(())
}

/// A visit that an order may be credited to.
pub struct Came {
    pub visit: Id<Visit>,
    pub at: Moment,
    session: Option<Id<Session>>,
    person: Option<Id<Person>>,
    sharer: Id<Person>,
}

impl Came {
    /// Whether this browser or this person came, through somebody else's link.
    pub fn is_by(&self, session: Option<Id<Session>>, person: Option<Id<Person>>) -> bool {
        let theirs = (session.is_some() && self.session == session)
            || (person.is_some() && self.person == person);
        theirs && Some(self.sharer) != person
    }
}

/// The visits since then by those whose ids are in `column`.
pub fn came<T>(
    tx: &mut Tx,
    column: &str,
    ids: &[Id<T>],
    since: Moment,
) -> Result<Vec<Came>, Failure> {
    let sql = format!(
        "select v.id, v.at, v.session_id, v.person_id, l.person_id
         from visits v join share_links l on l.id = v.link_id
         where v.bot = 0 and v.at > $1 and v.{column} in"
    );
    tx.all_in((&sql, &[since.into()]), ids, "", |row| Came {
        visit: row.get(0),
        at: row.get(1),
        session: row.get(2),
        person: row.get(3),
        sharer: row.get(4),
    })
}

pub fn last_visit(
    tx: &mut Tx,
    session: Option<Id<Session>>,
    person: Option<Id<Person>>,
    since: Moment,
) -> Result<Option<Id<Visit>>, Failure> {
    // Two halves, so that each goes by its own index.
    tx.maybe(
        "select id from (
             select v.id as id, v.at as at, l.person_id as sharer
             from visits v join share_links l on l.id = v.link_id
             where v.session_id = $1 and v.bot = 0 and v.at > $3
             union all
             select v.id, v.at, l.person_id
             from visits v join share_links l on l.id = v.link_id
             where v.person_id = $2 and v.bot = 0 and v.at > $3
         ) as came where sharer <> coalesce(cast($2 as bigint), 0)
         order by at desc, id desc limit 1",
        &[session.into(), person.into(), since.into()],
        |row| row.get(0),
    )
}

pub fn who_shared(
    tx: &mut Tx,
    session: Option<Id<Session>>,
    person: Option<Id<Person>>,
    about: (Object, i64),
    since: Moment,
) -> Result<Option<String>, Failure> {
    tx.maybe(
        "select name from (
             select p.name as name, p.id as sharer, v.at as at, v.id as id
             from visits v join share_links l on l.id = v.link_id
                           join people p on p.id = l.person_id
             where v.session_id = $1 and v.at > $3 and l.object = $4 and l.object_id = $5
             union all
             select p.name, p.id, v.at, v.id
             from visits v join share_links l on l.id = v.link_id
                           join people p on p.id = l.person_id
             where v.person_id = $2 and v.at > $3 and l.object = $4 and l.object_id = $5
         ) as came where sharer <> coalesce(cast($2 as bigint), 0)
         order by at desc, id desc limit 1",
        &[session.into(), person.into(), since.into(), about.0.code().into(), about.1.into()],
        |row| row.get(0),
    )
}

pub fn list(
    tx: &mut Tx,
    person: Id<Person>,
    before: Option<Id<ShareLink>>,
    limit: i64,
) -> Result<Vec<Link>, Failure> {
    let before = before.map_or(i64::MAX, |id| id.0);
    let sql = format!("{LINK} where l.person_id = $1 and l.id < $2 order by l.id desc limit $3");
    tx.all(&sql, &[person.into(), before.into(), limit.into()], link)
}
