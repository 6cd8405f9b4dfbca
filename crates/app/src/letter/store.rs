//! The tables of letters: what is to be written, whose words and wishes there are, and gateways.

use std::collections::{HashMap, HashSet};

use domain::id::Id;
use domain::letter::{Channel, Group, Template};
use domain::moment::Moment;
use domain::order::Order;
use domain::person::Person;

use super::Reader;
use crate::Known;
use crate::db::{Row, Tx, Value};
use crate::failure::Failure;

/// What staff are to be written about.
pub struct News {
    pub id: i64,
    pub letter: String,
    pub about: String,
    pub about_id: i64,
    pub args: String,
}

/// Whether something is to be written that nobody is at.
pub fn waits(tx: &mut Tx) -> Result<bool, Failure> {
    let sql = "select 1 from shop where (
          exists (select 1 from notices where to_write = 1)
          or exists (select 1 from staff_news where to_write = 1))
        and not exists (select 1 from jobs where kind = 'letter.write' and about_id = 0
                        and state in ('ready', 'running'))";
    Ok(tx.maybe(sql, &[], |_| ())?.is_some())
}

/// Adds news, unless they are there. Whether they are new.
pub fn add_news(
    tx: &mut Tx,
    letter: &str,
    about: (&str, i64),
    args: &str,
) -> Result<bool, Failure> {
    let id: Id<Person> = tx.id();
    let added = tx.run(
        "insert into staff_news (id, letter, about, about_id, args, created_at, to_write)
         values ($1, $2, $3, $4, $5, $6, 1) on conflict (letter, about, about_id) do nothing",
        &[id.0.into(), letter.into(), about.0.into(), about.1.into(), args.into(), tx.now.into()],
    )?;
    Ok(added == 1)
}

pub fn news(tx: &mut Tx, limit: i64) -> Result<Vec<News>, Failure> {
    tx.all(
        "select id, letter, about, about_id, args from staff_news where to_write = 1
         order by id limit $1",
        &[limit.into()],
        |row| News {
            id: row.get(0),
            letter: row.get(1),
            about: row.get(2),
            about_id: row.get(3),
            args: row.get(4),
        },
    )
}

pub fn news_written(tx: &mut Tx, id: i64) -> Result<(), Failure> {
    tx.run("update staff_news set to_write = 0 where id = $1", &[id.into()])?;
    Ok(())
}

/// Puts news aside that nothing carries, the oldest first. How many.
pub fn put_news_aside(tx: &mut Tx, limit: i64) -> Result<u64, Failure> {
    tx.run(
        "update staff_news set to_write = 0
         where id in (select id from staff_news where to_write = 1 order by id limit $1)",
        &[limit.into()],
    )
}

const READER: &str = "select p.id, p.name,
 case when p.seller_id is null then coalesce(p.staff_role, p.role)
    else 'seller' end, coalesce(cast(p.seller_id as text), r.grants), p.email,
    p.phone, p.locale from people p left join roles r on r.id = p.role_id
    where p.merged_into is null and p.erased_at is null";

fn reader(row: &Row) -> Reader {
    Reader {
        known: Known::read(row, 0),
        email: row.get(4),
        phone: row.get(5),
        locale: row.get(6),
        choices: HashMap::new(),
    }
}

/// Whom letters may go to, of these, with what they chose.
pub fn readers(tx: &mut Tx, ids: &[Id<Person>]) -> Result<HashMap<i64, Reader>, Failure> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let listed: Vec<String> = ids.iter().map(|id| id.0.to_string()).collect();
    let sql = format!("{READER} and p.id in ({})", listed.join(", "));
    let found = tx.all(&sql, &[], reader)?;
    with_choices(tx, found)
}

/// Everybody behind the shop's counter. Those of its sellers have no part in its news.
pub fn staff(tx: &mut Tx) -> Result<HashMap<i64, Reader>, Failure> {
    let found =
        tx.all(&format!("{READER} and p.role <> 'shopper' and p.seller_id is null"), &[], reader)?;
    with_choices(tx, found)
}

fn with_choices(tx: &mut Tx, found: Vec<Reader>) -> Result<HashMap<i64, Reader>, Failure> {
    let mut readers: HashMap<i64, Reader> =
        found.into_iter().map(|reader| (reader.known.id.0, reader)).collect();
    if readers.is_empty() {
        return Ok(readers);
    }
    let listed: Vec<String> = readers.keys().map(i64::to_string).collect();
    let sql = format!(
        "select person_id, letter_group, channel, wanted from letter_choices
         where person_id in ({})",
        listed.join(", ")
    );
    let rows = tx.all(&sql, &[], |row| {
        (row.get::<i64>(0), row.get::<String>(1), row.get::<String>(2), row.get::<bool>(3))
    })?;
    for (person, group, channel, wanted) in rows {
        let what = Group::parse(&group).zip(Channel::parse(&channel));
        if let (Some(what), Some(reader)) = (what, readers.get_mut(&person)) {
            reader.choices.insert(what, wanted);
        }
    }
    Ok(readers)
}

/// Writes down what a reader chose.
pub fn choose(
    tx: &mut Tx,
    person: Id<Person>,
    (group, channel): (Group, Channel),
    wanted: bool,
    said_by: &str,
) -> Result<(), Failure> {
    tx.run(
        "insert into letter_choices (person_id, letter_group, channel, wanted, said_by, at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (person_id, letter_group, channel) do update
         set wanted = excluded.wanted, said_by = excluded.said_by, at = excluded.at",
        &[
            person.into(),
            group.code().into(),
            channel.code().into(),
            wanted.into(),
            said_by.into(),
            tx.now.into(),
        ],
    )?;
    Ok(())
}

/// What a merchant's words are kept under: letter, channel, language.
pub type Place<'a> = (&'a str, Channel, &'a str);

fn at(place: Place) -> Vec<Value> {
    vec![place.0.into(), place.1.code().into(), place.2.into()]
}

/// Every letter's words that are the merchant's own.
pub fn own_words(tx: &mut Tx) -> Result<HashMap<(String, String, String), Template>, Failure> {
    let sql = "select letter, channel, locale, subject, body from letter_templates";
    let rows = tx.all(sql, &[], |row| {
        let template = Template { subject: row.get(3), body: row.get(4) };
        ((row.get(0), row.get(1), row.get(2)), template)
    })?;
    Ok(rows.into_iter().collect())
}

pub fn own(tx: &mut Tx, place: Place) -> Result<Option<Template>, Failure> {
    tx.maybe(
        "select subject, body from letter_templates
         where letter = $1 and channel = $2 and locale = $3",
        &at(place),
        |row| Template { subject: row.get(0), body: row.get(1) },
    )
}

/// How often words were changed, held against others who change them.
pub fn version(tx: &mut Tx, place: Place) -> Result<i64, Failure> {
    let sql = "select version from letter_versions
               where letter = $1 and channel = $2 and locale = $3";
    Ok(tx.maybe(sql, &at(place), |row| row.get(0))?.unwrap_or(0))
}

/// Counts a change of words that were of this version. Whether they still were.
pub fn turn(tx: &mut Tx, place: Place, from: i64) -> Result<bool, Failure> {
    let mut params = at(place);
    if from == 0 {
        let added = tx.run(
            "insert into letter_versions (letter, channel, locale, version)
             values ($1, $2, $3, 1) on conflict (letter, channel, locale) do nothing",
            &params,
        )?;
        return Ok(added == 1);
    }
    params.push(from.into());
    let turned = tx.run(
        "update letter_versions set version = version + 1
         where letter = $1 and channel = $2 and locale = $3 and version = $4",
        &params,
    )?;
    Ok(turned == 1)
}

pub fn set_own(
    tx: &mut Tx,
    place: Place,
    words: &Template,
    actor: Id<Person>,
) -> Result<(), Failure> {
    let mut params = at(place);
    params.extend([(&words.subject).into(), (&words.body).into(), tx.now.into(), actor.into()]);
    tx.run(
        "insert into letter_templates (letter, channel, locale, subject, body, updated_at,
                                       updated_by)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (letter, channel, locale) do update
         set subject = excluded.subject, body = excluded.body, updated_at = excluded.updated_at,
             updated_by = excluded.updated_by",
        &params,
    )?;
    Ok(())
}

pub fn forget_own(tx: &mut Tx, place: Place) -> Result<(), Failure> {
    tx.run(
        "delete from letter_templates where letter = $1 and channel = $2 and locale = $3",
        &at(place),
    )?;
    Ok(())
}

/// Letters the merchant does not send, by channel.
pub fn off(tx: &mut Tx) -> Result<HashSet<(String, String)>, Failure> {
    let rows =
        tx.all("select letter, channel from letters_off", &[], |row| (row.get(0), row.get(1)))?;
    Ok(rows.into_iter().collect())
}

pub fn switch(tx: &mut Tx, letter: &str, channel: Channel, on: bool) -> Result<bool, Failure> {
    let sql = match on {
        true => "delete from letters_off where letter = $1 and channel = $2",
        false => {
            "insert into letters_off (letter, channel) values ($1, $2)
             on conflict (letter, channel) do nothing"
        }
    };
    Ok(tx.run(sql, &[letter.into(), channel.code().into()])? == 1)
}

/// A gateway as it is kept.
#[derive(Clone, Debug)]
pub struct Gateway {
    pub channel: String,
    pub url: String,
    pub secret: Vec<u8>,
    pub active: bool,
    pub version: i64,
    pub updated_at: Moment,
}

pub fn gateways(tx: &mut Tx) -> Result<Vec<Gateway>, Failure> {
    let sql = "select channel, url, secret, active, version, updated_at from letter_gateways
               order by channel desc";
    tx.all(sql, &[], |row| Gateway {
        channel: row.get(0),
        url: row.get(1),
        secret: row.get(2),
        active: row.get(3),
        version: row.get(4),
        updated_at: row.get(5),
    })
}

pub fn set_gateway(tx: &mut Tx, gateway: &Gateway) -> Result<(), Failure> {
    tx.run(
        "insert into letter_gateways (channel, url, secret, active, version, updated_at)
         values ($1, $2, $3, $4, $5, $6) on conflict (channel) do update
         set url = excluded.url, secret = excluded.secret, active = excluded.active,
             version = excluded.version, updated_at = excluded.updated_at",
        &[
            (&gateway.channel).into(),
            (&gateway.url).into(),
            gateway.secret.clone().into(),
            gateway.active.into(),
            gateway.version.into(),
            tx.now.into(),
        ],
    )?;
    Ok(())
}

/// The code an order's goods are fetched with, while they are here.
pub fn code_of(tx: &mut Tx, order: i64) -> Result<Option<String>, Failure> {
    let sql = "select code from pickups where order_id = $1 and collected_at is null";
    tx.maybe(sql, &[order.into()], |row| row.get(0))
}

/// What the first line of an order is called.
pub fn first_title(tx: &mut Tx, order: Id<Order>) -> Result<String, Failure> {
    let sql = "select title from order_lines where order_id = $1 order by position limit 1";
    Ok(tx.maybe(sql, &[order.into()], |row| row.get(0))?.unwrap_or_default())
}

/// Forgets what is about the past: reminders and news that were written.
pub fn forget(tx: &mut Tx, before: Moment) -> Result<(), Failure> {
    tx.run("delete from reminders where at < $1", &[before.into()])?;
    tx.run("delete from staff_news where to_write = 0 and created_at < $1", &[before.into()])?;
    Ok(())
}
