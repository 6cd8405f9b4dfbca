//! Forgetting somebody: what goes at once, what is set apart for as long as the law wants it kept,
//! and its end.
//!
//! Nothing here touches the books, the totals of orders, the log of events or the chain of what
//! staff did: they hold numbers. Whoever comes with the same contact afterwards is somebody new.

use domain::customer::{self as rules, Erasure, KEPT_BY_LAW, black_out};
use domain::event::Fact;
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::person::Person;
use domain::place::Address;
use serde_json::json;

use super::{FINISH, all_of, desk, standing, store};
use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, address, consent, customer, message, point, session, staff_act};

/// What somebody who was forgotten is called.
const NOBODY: &str = "—";

/// Tables of which all that is somebody's goes. The order minds who refers to whom.
const GOES: &[&str] = &[
    "delete from cart_lines where cart_id in (select id from carts where person_id = $1)",
    "delete from carts where person_id = $1",
    "delete from addresses where person_id = $1",
    "delete from invoice_titles where person_id = $1",
    "update invoice_requests set status = 'withdrawn', title = '', answered_at = asked_at
     where status = 'asked' and order_id in (select id from orders where person_id = $1)",
    "delete from favourites where person_id = $1",
    "delete from browsed where person_id = $1",
    "delete from browsing_pauses where person_id = $1",
    "delete from notices where person_id = $1",
    "delete from messages where person_id = $1",
    "delete from letter_choices where person_id = $1",
    "delete from reminders where person_id = $1",
    "delete from tokens where person_id = $1",
    "delete from passkey_challenges where person_id = $1",
    "delete from passkeys where person_id = $1",
    "delete from customer_notes where person_id = $1",
    "delete from customer_tags where person_id = $1",
    "delete from customer_group_members where person_id = $1",
    "delete from customer_blocks where person_id = $1",
    "delete from saved_list_people where person_id = $1",
    "delete from data_exports where person_id = $1",
    "update visits set person_id = null, session_id = null where person_id = $1",
];

/// Free texts that others may have put a name into, each with its number and whose it is.
const TEXTS: &[(&str, &str, &str)] = &[
    ("reviews", "text", "person_id = $1"),
    ("reviews", "follow_up", "person_id = $1"),
    ("reviews", "answer", "person_id = $1"),
    ("review_rulings", "reason", "review_id in (select id from reviews where person_id = $1)"),
    ("credit_grants", "reason", "person_id = $1"),
    ("point_moves", "reason", "person_id = $1"),
    ("draw_grants", "reason", "person_id = $1"),
    ("differences", "note", "order_id in (select id from orders where person_id = $1)"),
    (
        "cases",
        "detail",
        "about = 'order' and about_id in (select id from orders where person_id = $1)",
    ),
];

/// Forgets somebody whose waiting time is over. While something of theirs is open it waits on.
pub fn due(app: &App, id: Id<Erasure>) -> Result<Option<Moment>, Failure> {
    app.write(|tx| {
        let sql =
            format!("select person_id, state, due_at from erasures where id = $1{}", tx.lock());
        let (person, state, due_at): (Id<Person>, String, Moment) =
            tx.one(&sql, &[id.into()], |row| (row.get(0), row.get(1), row.get(2)))?;
        if state != "asked" {
            return Ok(None);
        }
        if tx.now < due_at {
            return Ok(Some(due_at));
        }
        if rules::may_erase(&standing(tx, person)?).is_err() {
            return Ok(Some(tx.now.plus(Span::days(1))));
        }
        erase(tx, id, person)?;
        Ok(None)
    })
}

/// Everybody who was forgotten, by number: for after a restore.
pub fn erased(app: &App) -> Result<Vec<Id<Person>>, Failure> {
    let sql = "select person_id from erasures where state in ('done', 'finished') order by id";
    app.read(|tx| tx.all(sql, &[], |row| row.get(0)))
}

/// Forgets again whom an older backup brought back. How many that were. What is under way comes to
/// its end first, as ever.
pub fn erase_again(app: &App, people: &[Id<Person>]) -> Result<i64, Failure> {
    let mut count = 0;
    for person in people {
        count += app.write(|tx| {
            let there = "select 1 from people where id = $1 and erased_at is null";
            if tx.maybe(there, &[(*person).into()], |_| ())?.is_none() {
                return Ok(0);
            }
            tx.run(
                "update erasures set state = 'cancelled', cancelled_at = $2
                 where person_id = $1 and state = 'asked'",
                &[(*person).into(), tx.now.into()],
            )?;
            let id: Id<Erasure> = tx.id();
            store::add_erasure(tx, id, *person, Some(staff_act::TERMINAL), tx.now)?;
            if rules::may_erase(&standing(tx, *person)?).is_ok() {
                erase(tx, id, *person)?;
            } else {
                tx.ask(super::ERASE, id.0, tx.now)?;
            }
            Ok(1)
        })?;
    }
    Ok(count)
}

fn erase(tx: &mut Tx, id: Id<Erasure>, person: Id<Person>) -> Result<(), Failure> {
    let people = all_of(tx, person)?;
    let contacts = customer::contacts_of(tx, person)?;
    let words = words_of(tx, &people, &contacts)?;
    let mut keep_until = None;
    for one in &people {
        consent::withdraw_all(tx, *one, "erasure", None)?;
        set_apart(tx, *one, &mut keep_until)?;
        desk::set_apart(tx, *one, &mut keep_until)?;
        forget_words(tx, *one, &words)?;
        desk::forget(tx, *one, &words)?;
        pictures(tx, *one)?;
        keys(tx, *one)?;
        session::end_all(tx, *one)?;
        point::forget(tx, *one)?;
        for sql in GOES {
            planted!("erasure_forgets_addresses", {
                if sql.contains("addresses") {
                    continue;
                }
            });
            tx.run(sql, &[(*one).into()])?;
        }
    }
    answers(tx, &words)?;
    desk::forget_anywhere(tx, &words)?;
    for contact in &contacts {
        message::forget_of(tx, contact)?;
        tx.run("delete from sign_in_codes where contact = $1", &[contact.into()])?;
    }
    for one in &people {
        // A contact is wanted, so it is one that nobody can have.
        tx.run(
            "update people set name = $2, email = $3, phone = null, password_hash = null,
                               erased_at = $4
             where id = $1",
            &[(*one).into(), NOBODY.into(), format!("{one}@erased.invalid").into(), tx.now.into()],
        )?;
        tx.tell(Fact::PersonErased { person: *one })?;
    }
    tx.run(
        "update erasures set state = 'done', done_at = $2, keep_until = $3 where id = $1",
        &[id.into(), tx.now.into(), keep_until.into()],
    )?;
    tx.ask(FINISH, id.0, keep_until.unwrap_or(tx.now))
}

/// Every writing of who somebody is, to be looked for in what others wrote.
fn words_of(
    tx: &mut Tx,
    people: &[Id<Person>],
    contacts: &[String],
) -> Result<Vec<String>, Failure> {
    let mut words: Vec<String> = contacts.to_vec();
    words.extend(contacts.iter().filter_map(|one| one.strip_prefix("+86").map(String::from)));
    let mut places: Vec<Address> = Vec::new();
    for one in people {
        let name = tx.one("select name from people where id = $1", &[(*one).into()], |row| {
            row.get::<String>(0)
        })?;
        words.push(name);
        places.extend(address::book(tx, *one, i64::MAX)?.into_iter().map(|entry| entry.address));
        // Where a gift went is its taker's.
        let sql = "select o.address from orders o left join gifts g on g.order_id = o.id
                   left join gift_takers t on t.gift_id = g.id
                   where (o.person_id = $1 and g.id is null) or t.person_id = $1";
        let texts = tx.all(sql, &[(*one).into()], |row| row.get::<String>(0))?;
        places.extend(texts.iter().filter_map(|text| serde_json::from_str(text).ok()));
        places.extend(desk::places(tx, *one)?);
    }
    for place in places {
        let phone = place.phone.strip_prefix("+86").map(String::from);
        words.extend([place.name, place.line1, place.line2, place.phone]);
        words.extend(phone);
    }
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.dedup();
    Ok(words)
}

/// Takes out of orders and returns what says who it was, and puts it where nobody reads it, for as
/// long as the law wants it kept.
fn set_apart(
    tx: &mut Tx,
    person: Id<Person>,
    keep_until: &mut Option<Moment>,
) -> Result<(), Failure> {
    let orders = tx.all(
        "select o.id, o.address, o.note, o.gift_message,
                (select max(m.at) from order_moves m where m.order_id = o.id)
         from orders o where o.person_id = $1",
        &[person.into()],
        |row| {
            let body = json!({
                "address": row.get::<String>(1),
                "note": row.get::<String>(2),
                "gift_message": row.get::<Option<String>>(3),
            });
            (row.get::<i64>(0), body.to_string(), row.get::<Option<Moment>>(4))
        },
    )?;
    let nowhere = serde_json::to_string(&Address::default())?;
    for (order, body, ended) in orders {
        let until = ended.unwrap_or(tx.now).plus(KEPT_BY_LAW);
        keep(tx, ("order", order, 0), person, &body, until, keep_until)?;
        tx.run(
            "update orders set address = $2, note = '', gift_message =
               case when gift_message is null then null else '' end where id = $1",
            &[order.into(), nowhere.as_str().into()],
        )?;
    }
    gifts(tx, person, nowhere.as_str(), keep_until)?;
    let returns = tx.all(
        "select a.id, a.told,
                (select max(m.at) from after_sale_moves m where m.after_sale_id = a.id)
         from after_sales a where a.person_id = $1",
        &[person.into()],
        |row| (row.get::<i64>(0), row.get::<String>(1), row.get::<Option<Moment>>(2)),
    )?;
    for (id, told, ended) in returns {
        let until = ended.unwrap_or(tx.now).plus(KEPT_BY_LAW);
        keep(tx, ("return", id, 0), person, &told, until, keep_until)?;
        tx.run("update after_sales set told = '' where id = $1", &[id.into()])?;
        let moves = tx.all(
            "select seq, told from after_sale_moves where after_sale_id = $1 and told <> ''",
            &[id.into()],
            |row| (row.get::<i64>(0), row.get::<String>(1)),
        )?;
        for (seq, told) in moves {
            keep(tx, ("return_move", id, seq), person, &told, until, keep_until)?;
        }
        tx.run("update after_sale_moves set told = '' where after_sale_id = $1", &[id.into()])?;
    }
    Ok(())
}

/// The same for gifts: the card is its giver's, and where it went is its taker's.
fn gifts(
    tx: &mut Tx,
    person: Id<Person>,
    nowhere: &str,
    keep_until: &mut Option<Moment>,
) -> Result<(), Failure> {
    tx.run("update gifts set card = '' where giver_id = $1", &[person.into()])?;
    let taken = tx.all(
        "select o.id, o.address, t.at from gift_takers t join gifts g on g.id = t.gift_id
         join orders o on o.id = g.order_id where t.person_id = $1 and o.person_id <> $1",
        &[person.into()],
        |row| (row.get::<i64>(0), row.get::<String>(1), row.get::<Moment>(2)),
    )?;
    for (order, address, taken) in taken {
        let until = taken.plus(KEPT_BY_LAW);
        let body = json!({ "address": address }).to_string();
        keep(tx, ("order", order, 1), person, &body, until, keep_until)?;
        let sql = "update orders set address = $2 where id = $1";
        tx.run(sql, &[order.into(), nowhere.into()])?;
        let sql = "update order_facts set phone = '', place = '' where order_id = $1";
        tx.run(sql, &[order.into()])?;
    }
    Ok(())
}

pub(super) fn keep(
    tx: &mut Tx,
    (about, id, seq): (&str, i64, i64),
    person: Id<Person>,
    body: &str,
    until: Moment,
    keep_until: &mut Option<Moment>,
) -> Result<(), Failure> {
    if until <= tx.now {
        return Ok(());
    }
    *keep_until = Some(keep_until.map_or(until, |known| known.max(until)));
    tx.run(
        "insert into set_apart (about, about_id, seq, person_id, body, until)
         values ($1, $2, $3, $4, $5, $6)",
        &[about.into(), id.into(), seq.into(), person.into(), body.into(), until.into()],
    )?;
    Ok(())
}

/// Blacks somebody out of what others wrote about what was theirs, and takes the words of what
/// staff did about it.
fn forget_words(tx: &mut Tx, person: Id<Person>, words: &[String]) -> Result<(), Failure> {
    for (table, column, whose) in TEXTS {
        let sql =
            format!("select id, {column} from {table} where {whose} and {column} is not null");
        let texts = tx.all(&sql, &[person.into()], |row| (row.get::<i64>(0), row.get(1)))?;
        for (id, text) in texts {
            let text: String = text;
            let blacked = black_out(&text, words);
            if blacked != text {
                let sql = format!("update {table} set {column} = $2 where id = $1");
                tx.run(&sql, &[id.into(), blacked.into()])?;
            }
        }
    }
    let reasons = tx.all(
        "select m.order_id, m.seq, m.reason from order_moves m join orders o on o.id = m.order_id
         where o.person_id = $1 and m.actor = 'staff'",
        &[person.into()],
        |row| (row.get::<i64>(0), row.get::<i64>(1), row.get::<String>(2)),
    )?;
    for (order, seq, reason) in reasons {
        let blacked = black_out(&reason, words);
        let sql = "update order_moves set reason = $3 where order_id = $1 and seq = $2";
        tx.run(sql, &[order.into(), seq.into(), blacked.into()])?;
    }
    staff_act::forget_words(tx, "person", &[person.0])?;
    for (about, table) in [("order", "orders"), ("return", "after_sales"), ("review", "reviews")] {
        let sql = format!("select id from {table} where person_id = $1");
        let ids = tx.all(&sql, &[person.into()], |row| row.get::<i64>(0))?;
        staff_act::forget_words(tx, about, &ids)?;
    }
    let sql = "select d.id from differences d join orders o on o.id = d.order_id
               where o.person_id = $1";
    let ids = tx.all(sql, &[person.into()], |row| row.get::<i64>(0))?;
    staff_act::forget_words(tx, "difference", &ids)
}

/// Takes the pictures of somebody's reviews away; the reviews and their stars stay.
fn pictures(tx: &mut Tx, person: Id<Person>) -> Result<(), Failure> {
    tx.run(
        "update review_sums set pictured = pictured - (select count(*) from reviews r
           where r.product_id = review_sums.product_id and r.person_id = $1
             and r.pictures > 0 and r.hidden_by is null)
         where product_id in (select product_id from reviews where person_id = $1)",
        &[person.into()],
    )?;
    let whose = "review_id in (select id from reviews where person_id = $1)";
    let sql = format!("select file, thumb from review_pictures where {whose}");
    let files = tx.all(&sql, &[person.into()], |row| [row.get::<String>(0), row.get(1)])?;
    tx.run(&format!("delete from review_pictures where {whose}"), &[person.into()])?;
    tx.run("update reviews set pictures = 0 where person_id = $1", &[person.into()])?;
    forget_files(tx, &files.concat())
}

/// Deletes files that nothing shows any more.
fn forget_files(tx: &mut Tx, hashes: &[String]) -> Result<(), Failure> {
    for hash in hashes {
        tx.run(
            "delete from files where hash = $1
               and not exists (select 1 from review_pictures where file = $1 or thumb = $1)
               and not exists (select 1 from after_sale_pictures where file = $1 or thumb = $1)
               and not exists (select 1 from pictures where file = $1 or thumb = $1)",
            &[hash.into()],
        )?;
    }
    Ok(())
}

/// Answers that were kept for somebody's requests: they may say where a parcel went.
fn keys(tx: &mut Tx, person: Id<Person>) -> Result<(), Failure> {
    let sql = "select id from sessions where person_id = $1";
    let sessions: Vec<Id<domain::person::Session>> =
        tx.all(sql, &[person.into()], |row| row.get(0))?;
    let mut principals = vec![person.to_string()];
    principals.extend(sessions.iter().map(ToString::to_string));
    for principal in principals {
        let sql = "delete from idempotency_keys where principal = $1";
        tx.run(sql, &[principal.into()])?;
    }
    Ok(())
}

/// Blacks somebody out of answers that are kept for what others asked: staff were told a name. The
/// keys stay, so that what was done under them is not done again.
fn answers(tx: &mut Tx, words: &[String]) -> Result<(), Failure> {
    for word in words.iter().filter(|word| word.chars().count() > 1) {
        let like = format!("%{}%", word.replace(['%', '_', '\\'], "_"));
        let found = tx.all(
            "select principal, key, answer from idempotency_keys where answer like $1",
            &[like.into()],
            |row| (row.get::<String>(0), row.get::<String>(1), row.get::<String>(2)),
        )?;
        for (principal, key, answer) in found {
            let answer = black_out(&answer, std::slice::from_ref(word));
            tx.run(
                "update idempotency_keys set answer = $3 where principal = $1 and key = $2",
                &[principal.into(), key.into(), answer.into()],
            )?;
        }
    }
    Ok(())
}

/// Forgets what the law wanted kept, when its time is over. When there is more, for when.
pub fn finish(app: &App, id: Id<Erasure>) -> Result<Option<Moment>, Failure> {
    app.write(|tx| {
        let sql = format!("select person_id, state from erasures where id = $1{}", tx.lock());
        let (person, state): (Id<Person>, String) =
            tx.one(&sql, &[id.into()], |row| (row.get(0), row.get(1)))?;
        if state != "done" {
            return Ok(None);
        }
        let people = all_of(tx, person)?;
        let mut next: Option<Moment> = None;
        for one in &people {
            let over = "delete from set_apart where person_id = $1 and until <= $2";
            tx.run(over, &[(*one).into(), tx.now.into()])?;
            let sql = "select min(until) from set_apart where person_id = $1";
            let later: Option<Moment> = tx.one(sql, &[(*one).into()], |row| row.get(0))?;
            next = [next, later].into_iter().flatten().min();
        }
        if next.is_some() {
            return Ok(next);
        }
        for one in &people {
            end(tx, *one)?;
        }
        tx.run(
            "update erasures set state = 'finished', finished_at = $2 where id = $1",
            &[id.into(), tx.now.into()],
        )?;
        Ok(None)
    })
}

/// What was evidence of trade and is none any more: pictures of returns, what providers sent.
fn end(tx: &mut Tx, person: Id<Person>) -> Result<(), Failure> {
    let whose = "after_sale_id in (select id from after_sales where person_id = $1)";
    let sql = format!("select file, thumb from after_sale_pictures where {whose}");
    let files = tx.all(&sql, &[person.into()], |row| [row.get::<String>(0), row.get(1)])?;
    tx.run(&format!("delete from after_sale_pictures where {whose}"), &[person.into()])?;
    forget_files(tx, &files.concat())?;
    tx.run(
        "update payment_notices set body = '{}' where exists
           (select 1 from payments p join orders o on o.id = p.order_id
            where p.provider = payment_notices.provider
              and p.reference = payment_notices.reference and o.person_id = $1)
           or exists (select 1 from top_ups t where t.provider = payment_notices.provider
              and t.reference = payment_notices.reference and t.person_id = $1)",
        &[person.into()],
    )?;
    Ok(())
}
