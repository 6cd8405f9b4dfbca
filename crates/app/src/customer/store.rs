//! Customers in the database: the list with its filters, notes, tags and blocks.

use domain::customer::Note;
use domain::id::Id;
use domain::money::Money;
use domain::person::Person;

use super::{Block, BlockView, Counts, CustomerRow, CustomerRows, Look, NoteView, Sort, shown};
use crate::db::{Tx, Value};
use crate::failure::Failure;
use crate::shop;

/// The conditions of a list, with their values.
struct Where {
    text: String,
    values: Vec<Value>,
}

impl Where {
    /// One more condition; `?` stands for its value.
    fn and(&mut self, condition: &str, value: impl Into<Value>) {
        self.values.push(value.into());
        let hole = format!("${}", self.values.len());
        self.text.push_str(" and ");
        self.text.push_str(&condition.replace('?', &hole));
    }
}

/// What a list is sorted by: two expressions that an index has, and where the rows come from.
fn sorted(sort: Sort) -> (&'static str, &'static str, &'static str) {
    // Said so, SQLite reads the index of what it is sorted by, and not everybody.
    let sums = "customer_sums s cross join people p";
    match sort {
        Sort::Joined => {
            ("p.id", "p.id", "people p left join customer_sums s on s.person_id = p.id")
        }
        Sort::Spent => ("s.net", "s.person_id", sums),
        Sort::Ordered => ("s.last_order_at", "s.person_id", sums),
    }
}

fn conditions(look: &Look) -> Where {
    let text = "p.role = 'shopper' and p.merged_into is null and p.erased_at is null".to_string();
    let mut all = Where { text, values: Vec::new() };
    let query = look.query.trim().to_lowercase();
    if let Some(id) = Id::<Person>::parse(&query) {
        all.and("p.id = ?", id);
    } else if !query.is_empty() {
        let plain: String = query.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        let number = plain.strip_prefix('+').unwrap_or(&plain);
        let like = if number.bytes().all(|byte| byte.is_ascii_digit()) { &plain } else { &query };
        let like: String = like.chars().filter(|c| !matches!(c, '%' | '_' | '\\')).collect();
        all.and(
            "(lower(p.name) like ? or coalesce(p.email, '') like ?
              or coalesce(p.phone, '') like ?)",
            format!("%{like}%"),
        );
    }
    if !look.tag.is_empty() {
        let tagged =
            "exists (select 1 from customer_tags t where t.person_id = p.id and t.tag = ?)";
        all.and(tagged, look.tag.as_str());
    }
    match look.has_ordered {
        Some(true) => all.and("coalesce(s.orders, 0) >= ?", 1_i64),
        Some(false) => all.and("coalesce(s.orders, 0) < ?", 1_i64),
        None => {}
    }
    if let Some(from) = look.spent_from {
        all.and("coalesce(s.net, 0) >= ?", from);
    }
    if let Some(to) = look.spent_to {
        all.and("coalesce(s.net, 0) <= ?", to);
    }
    if let Some(after) = look.last_order_after {
        all.and("s.last_order_at >= ?", after);
    }
    if let Some(before) = look.last_order_before {
        all.and("s.last_order_at < ?", before);
    }
    if let Some(after) = look.joined_after {
        all.and("p.created_at >= ?", after);
    }
    if let Some(before) = look.joined_before {
        all.and("p.created_at < ?", before);
    }
    if let Some(purpose) = look.allows {
        let allows = "exists (select 1 from consent_states c where c.person_id = p.id
                      and c.given = 1 and c.purpose = ?)";
        all.and(allows, purpose.code());
    }
    if look.blocked {
        let blocked = "exists (select 1 from customer_blocks b where b.person_id = p.id and
                       b.at >= ?)";
        all.and(blocked, 0_i64);
    }
    all
}

pub fn list(tx: &mut Tx, look: &Look) -> Result<CustomerRows, Failure> {
    let currency = shop::get(tx)?.currency;
    let mut all = conditions(look);
    let (by, then, from) = sorted(look.sort);
    let place = look.after.as_deref().and_then(|after| after.split_once('.'));
    let place = place.and_then(|(by, id)| Some((by.parse::<i64>().ok()?, id.parse().ok()?)));
    if let Some((value, id)) = place {
        all.values.extend([Value::Int(value), Value::Int(id)]);
        let n = all.values.len();
        all.text.push_str(&format!(" and ({by}, {then}) < (${}, ${n})", n - 1));
    }
    if look.sort != Sort::Joined {
        all.text.push_str(" and p.id = s.person_id");
    }
    if look.sort == Sort::Ordered {
        all.text.push_str(" and s.last_order_at is not null");
    }
    all.values.push((look.limit + 1).into());
    let sql = format!(
        "select p.id, p.name, coalesce(p.email, p.phone), coalesce(s.orders, 0),
                coalesce(s.net, 0), s.last_order_at, p.created_at,
                exists (select 1 from customer_blocks b where b.person_id = p.id), {by}
         from {from} where {} order by {by} desc, {then} desc limit ${}",
        all.text,
        all.values.len()
    );
    let mut rows = tx.all(&sql, &all.values, |row| {
        let shown = CustomerRow {
            id: row.get(0),
            name: row.get(1),
            contact: shown(row.get(2)),
            tags: Vec::new(),
            orders: row.get(3),
            net: Money::new(row.get(4), currency),
            last_order_at: row.get(5),
            joined_at: row.get(6),
            blocked: row.get(7),
        };
        (shown, row.get::<i64>(8))
    })?;
    let limit = usize::try_from(look.limit).unwrap_or(0);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|(row, by)| format!("{by}.{}", row.id.0));
    let mut items: Vec<CustomerRow> = rows.into_iter().map(|(row, _)| row).collect();
    let ids: Vec<i64> = items.iter().map(|row| row.id.0).collect();
    let tags = "select person_id, tag from customer_tags where person_id in";
    for (person, tag) in
        tx.all_in((tags, &[]), &ids, "order by tag", |row| (row.get(0), row.get::<String>(1)))?
    {
        if let Some(row) = items.iter_mut().find(|row| row.id == person) {
            row.tags.push(tag);
        }
    }
    Ok(CustomerRows { items, next })
}

pub fn counts(tx: &mut Tx) -> Result<Counts, Failure> {
    tx.one(
        "select (select count(*) from people where role = 'shopper' and merged_into is null
                 and erased_at is null),
                (select count(*) from customer_blocks),
                (select count(*) from erasures where state = 'asked')",
        &[],
        |row| Counts { all: row.get(0), blocked: row.get(1), leaving: row.get(2) },
    )
}

pub fn all_tags(tx: &mut Tx) -> Result<Vec<(String, i64)>, Failure> {
    tx.all(
        "select tag, count(*) from customer_tags group by tag order by tag limit 500",
        &[],
        |row| (row.get(0), row.get(1)),
    )
}

pub fn tags(tx: &mut Tx, id: Id<Person>) -> Result<Vec<String>, Failure> {
    let sql = "select tag from customer_tags where person_id = $1 order by tag";
    tx.all(sql, &[id.into()], |row| row.get(0))
}

/// Whether that changed anything.
pub fn set_tag(tx: &mut Tx, id: Id<Person>, tag: &str, on: bool) -> Result<bool, Failure> {
    let sql = match on {
        true => "insert into customer_tags (person_id, tag) values ($1, $2) on conflict do nothing",
        false => "delete from customer_tags where person_id = $1 and tag = $2",
    };
    Ok(tx.run(sql, &[id.into(), tag.into()])? == 1)
}

pub fn notes(tx: &mut Tx, id: Id<Person>) -> Result<Vec<NoteView>, Failure> {
    tx.all(
        "select n.id, n.text, coalesce(a.name, ''), n.at
         from customer_notes n left join people a on a.id = n.actor_id
         where n.person_id = $1 order by n.id desc limit 200",
        &[id.into()],
        |row| NoteView { id: row.get(0), text: row.get(1), by: row.get(2), at: row.get(3) },
    )
}

pub fn add_note(tx: &mut Tx, id: Id<Person>, actor: Id<Person>, text: &str) -> Result<(), Failure> {
    let note: Id<Note> = tx.id();
    tx.run(
        "insert into customer_notes (id, person_id, text, actor_id, at)
         values ($1, $2, $3, $4, $5)",
        &[note.into(), id.into(), text.into(), actor.into(), tx.now.into()],
    )?;
    Ok(())
}

/// The text of the note that was there.
pub fn remove_note(tx: &mut Tx, id: Id<Person>, note: Id<Note>) -> Result<Option<String>, Failure> {
    let sql = "select text from customer_notes where id = $1 and person_id = $2";
    let text = tx.maybe(sql, &[note.into(), id.into()], |row| row.get(0))?;
    tx.run(
        "delete from customer_notes where id = $1 and person_id = $2",
        &[note.into(), id.into()],
    )?;
    Ok(text)
}

pub fn block_of(tx: &mut Tx, id: Id<Person>) -> Result<Option<BlockView>, Failure> {
    tx.maybe(
        "select b.sign_in, b.ordering, b.reason, coalesce(a.name, ''), b.at
         from customer_blocks b left join people a on a.id = b.actor_id where b.person_id = $1",
        &[id.into()],
        |row| BlockView {
            sign_in: row.get(0),
            ordering: row.get(1),
            reason: row.get(2),
            by: row.get(3),
            at: row.get(4),
        },
    )
}

pub fn set_block(
    tx: &mut Tx,
    id: Id<Person>,
    block: &Block,
    reason: &str,
    actor: Id<Person>,
) -> Result<(), Failure> {
    if !block.sign_in && !block.ordering {
        tx.run("delete from customer_blocks where person_id = $1", &[id.into()])?;
        return Ok(());
    }
    tx.run(
        "insert into customer_blocks (person_id, sign_in, ordering, reason, actor_id, at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (person_id) do update
         set sign_in = excluded.sign_in, ordering = excluded.ordering, reason = excluded.reason,
             actor_id = excluded.actor_id, at = excluded.at",
        &[
            id.into(),
            block.sign_in.into(),
            block.ordering.into(),
            reason.into(),
            actor.into(),
            tx.now.into(),
        ],
    )?;
    Ok(())
}

pub fn revoke_tokens(tx: &mut Tx, id: Id<Person>) -> Result<(), Failure> {
    tx.run(
        "update tokens set revoked_at = $2 where person_id = $1 and revoked_at is null",
        &[id.into(), tx.now.into()],
    )?;
    Ok(())
}

pub fn is_erased(tx: &mut Tx, id: Id<Person>) -> Result<bool, Failure> {
    let sql = "select 1 from people where id = $1 and erased_at is not null";
    Ok(tx.maybe(sql, &[id.into()], |_| ())?.is_some())
}

pub fn contacts(tx: &mut Tx, id: Id<Person>) -> Result<Vec<String>, Failure> {
    let both = tx.all(
        "select email, phone from people where id = $1 or merged_into = $1 order by id",
        &[id.into()],
        |row| [row.get::<Option<String>>(0), row.get(1)],
    )?;
    Ok(both.into_iter().flatten().flatten().collect())
}

pub fn signposts(tx: &mut Tx, id: Id<Person>) -> Result<Vec<Id<Person>>, Failure> {
    let sql = "select id from people where merged_into = $1 order by id";
    tx.all(sql, &[id.into()], |row| row.get(0))
}
