//! What the order desk holds of somebody who is forgotten: notes, tags, changes, drafts, hints and
//! kept views.

use domain::customer::{KEPT_BY_LAW, black_out};
use domain::id::Id;
use domain::moment::Moment;
use domain::person::Person;
use domain::place::Address;
use serde_json::json;

use super::erase::keep;
use crate::db::{Tx, Value};
use crate::failure::Failure;
use crate::staff_act;

/// Where else somebody was to be sent something: further writings of who they are.
pub fn places(tx: &mut Tx, person: Id<Person>) -> Result<Vec<Address>, Failure> {
    let mut texts: Vec<String> = Vec::new();
    for sql in [
        "select address from drafts where person_id = $1",
        "select c.before from order_changes c join orders o on o.id = c.order_id
         where c.kind = 'address' and o.person_id = $1",
        "select c.after from order_changes c join orders o on o.id = c.order_id
         where c.kind = 'address' and o.person_id = $1",
    ] {
        texts.extend(tx.all(sql, &[person.into()], |row| row.get::<String>(0))?);
    }
    Ok(texts.iter().filter_map(|text| serde_json::from_str(text).ok()).collect())
}

/// Sets apart where an order was to go before its address was changed, as its address itself.
pub fn set_apart(
    tx: &mut Tx,
    person: Id<Person>,
    keep_until: &mut Option<Moment>,
) -> Result<(), Failure> {
    let changes = tx.all(
        "select c.id, c.order_id, c.before, c.after,
                (select max(m.at) from order_moves m where m.order_id = c.order_id)
         from order_changes c join orders o on o.id = c.order_id
         where o.person_id = $1 and c.kind = 'address' order by c.id",
        &[person.into()],
        |row| {
            let body = json!({ "before": row.get::<String>(2), "after": row.get::<String>(3) });
            let ended: Option<Moment> = row.get(4);
            (row.get::<i64>(0), row.get::<i64>(1), body.to_string(), ended)
        },
    )?;
    for (id, order, body, ended) in changes {
        // An order's own row is its number 0; its changes go by theirs.
        let until = ended.unwrap_or(tx.now).plus(KEPT_BY_LAW);
        keep(tx, ("order", order, id), person, &body, until, keep_until)?;
        let nothing = "update order_changes set before = '{}', after = '{}' where id = $1";
        tx.run(nothing, &[id.into()])?;
    }
    Ok(())
}

/// Takes somebody out of what staff wrote, and away what was only ever about them.
pub fn forget(tx: &mut Tx, person: Id<Person>, words: &[String]) -> Result<(), Failure> {
    let of_order = "order_id in (select id from orders where person_id = $1)";
    let of_draft = "draft_id in (select id from drafts where person_id = $1)";
    for (table, keys, column, whose) in [
        ("order_notes", "id, 0", "text", of_order),
        ("order_changes", "id, 0", "reason", of_order),
        ("draft_lines", "draft_id, position", "reason", of_draft),
    ] {
        let sql = format!("select {keys}, {column} from {table} where {whose}");
        let texts = tx.all(&sql, &[person.into()], |row| {
            (row.get::<i64>(0), row.get::<i64>(1), row.get::<String>(2))
        })?;
        for (one, two, text) in texts {
            let blacked = black_out(&text, words);
            if blacked == text {
                continue;
            }
            let (key, more) = keys.split_once(", ").unwrap_or((keys, "0"));
            let sql = format!("update {table} set {column} = $3 where {key} = $1 and {more} = $2");
            tx.run(&sql, &[one.into(), two.into(), blacked.into()])?;
        }
    }
    // A tag that nobody else's order has says who it was.
    let sql = format!(
        "select order_id, tag, exists (select 1 from order_tags t join orders o on o.id = t.order_id
             where t.tag = order_tags.tag and o.person_id <> $1)
         from order_tags where {of_order}"
    );
    let tags = tx.all(&sql, &[person.into()], |row| {
        (row.get::<i64>(0), row.get::<String>(1), row.get::<bool>(2))
    })?;
    let telling = |shared: bool, tag: &str| !shared || black_out(tag, words) != tag;
    for (order, tag, _) in tags.into_iter().filter(|(_, tag, shared)| telling(*shared, tag)) {
        let sql = "delete from order_tags where order_id = $1 and tag = $2";
        tx.run(sql, &[order.into(), tag.into()])?;
    }
    let drafts = tx.all("select id from drafts where person_id = $1", &[person.into()], |row| {
        row.get::<i64>(0)
    })?;
    staff_act::forget_words(tx, "draft", &drafts)?;
    // What was not sent is for nobody now; what was says where it went in its order.
    tx.run(
        "update drafts set address = $2, note = '', staff_note = '', updated_at = $3,
                status = case when status = 'open' then 'dropped' else status end
         where person_id = $1",
        &[person.into(), serde_json::to_string(&Address::default())?.into(), tx.now.into()],
    )?;
    // The rows stay, so that no order is looked at once more.
    let sql = "update order_facts set phone = '', place = '' where person_id = $1";
    tx.run(sql, &[person.into()])?;
    let own = "delete from order_views where owner_id = $1 and shared = 0";
    tx.run(own, &[person.into()])?;
    Ok(())
}

/// Views that look for somebody who was forgotten find nothing any more, and go; a file that named
/// them did not name an order.
pub fn forget_anywhere(tx: &mut Tx, words: &[String]) -> Result<(), Failure> {
    for word in words.iter().filter(|word| word.chars().count() > 1) {
        let like: Value = format!("%{}%", word.replace(['%', '_', '\\'], "_")).into();
        let views = "delete from order_views where name like $1 or filter like $1";
        tx.run(views, std::slice::from_ref(&like))?;
        let named = "update order_bulk_items set named = '***' where named like $1";
        tx.run(named, std::slice::from_ref(&like))?;
        let said = "select id, act from order_bulks where act like $1";
        let acts = tx.all(said, &[like], |row| (row.get::<i64>(0), row.get::<String>(1)))?;
        for (id, act) in acts {
            let act = black_out(&act, std::slice::from_ref(word));
            let sql = "update order_bulks set act = $2 where id = $1";
            tx.run(sql, &[id.into(), act.into()])?;
        }
    }
    Ok(())
}
