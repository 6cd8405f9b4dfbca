//! What staff keep with an order: notes, which buyers never see, and tags.

use describe::ToSchema;
use domain::id::Id;
use domain::moment::Moment;
use domain::order::Order;
use domain::order_desk::{self as rules, LONGEST_NOTE, MOST_TAGS, Note, Refusal};
use domain::person::{Permission, Person};
use serde::{Deserialize, Serialize};

use super::{DeskView, view};
use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor, order, staff_act};

/// A note of staff's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = OrderNote)]
pub struct NoteView {
    pub id: Id<Note>,
    pub author: String,
    pub text: String,
    pub at: Moment,
}

/// A note to be kept.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = AddOrderNote)]
pub struct AddNote {
    /// 1 to 2,000 characters. Staff only.
    pub text: String,
}

/// Tags to be put on and taken off.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = TagOrder)]
pub struct Tag {
    pub add: Vec<String>,
    pub remove: Vec<String>,
}

/// Writes something down about an order.
pub fn note(
    app: &App,
    visitor: &Visitor,
    id: Id<Order>,
    add: &AddNote,
) -> Result<DeskView, Failure> {
    let actor = visitor.staff(Permission::Orders)?;
    let text = add.text.trim().replace("\r\n", "\n");
    if text.is_empty() || text.chars().count() > LONGEST_NOTE {
        return Err(Refusal::BadNote.into());
    }
    app.write_for(visitor, |tx| {
        order::find(tx, id)?;
        let note: Id<Note> = tx.id();
        tx.run(
            "insert into order_notes (id, order_id, author_id, text, at)
             values ($1, $2, $3, $4, $5)",
            &[note.into(), id.into(), actor.into(), (&text).into(), tx.now.into()],
        )?;
        // What is in it stays with the order: the log says that there is one.
        let detail = note.to_string();
        staff_act::record(tx, actor, "order.note", ("order", id.0), &detail)?;
        view(tx, id)
    })
}

/// Puts tags on an order, and takes some off.
pub fn tag(app: &App, visitor: &Visitor, id: Id<Order>, tags: &Tag) -> Result<DeskView, Failure> {
    let actor = visitor.staff(Permission::Orders)?;
    app.write_for(visitor, |tx| {
        tag_in(tx, actor, id, tags)?;
        view(tx, id)
    })
}

/// The same inside a transaction. Whether that changed anything.
pub(super) fn tag_in(
    tx: &mut Tx,
    actor: Id<Person>,
    id: Id<Order>,
    tags: &Tag,
) -> Result<bool, Failure> {
    let clean =
        |all: &[String]| all.iter().map(|tag| rules::tag(tag)).collect::<Result<Vec<_>, _>>();
    let (add, remove) = (clean(&tags.add)?, clean(&tags.remove)?);
    // Held, so that two who tag at once count each other's.
    order::find_to_change(tx, id)?;
    let before = tags_of(tx, id)?;
    for tag in &remove {
        tx.run(
            "delete from order_tags where order_id = $1 and tag = $2",
            &[id.into(), tag.into()],
        )?;
    }
    for tag in &add {
        tx.run(
            "insert into order_tags (order_id, tag, added_by, added_at) values ($1, $2, $3, $4)
             on conflict (order_id, tag) do nothing",
            &[id.into(), tag.into(), actor.into(), tx.now.into()],
        )?;
    }
    let after = tags_of(tx, id)?;
    if after.len() > MOST_TAGS {
        return Err(Refusal::BadTag.into());
    }
    if before == after {
        return Ok(false);
    }
    let detail = format!("{} → {}", before.join(" "), after.join(" "));
    staff_act::record(tx, actor, "order.tag", ("order", id.0), detail.trim())?;
    Ok(true)
}

pub(super) fn tags_of(tx: &mut Tx, id: Id<Order>) -> Result<Vec<String>, Failure> {
    let sql = "select tag from order_tags where order_id = $1 order by tag";
    tx.all(sql, &[id.into()], |row| row.get(0))
}

pub(super) fn notes_of(tx: &mut Tx, id: Id<Order>) -> Result<Vec<NoteView>, Failure> {
    tx.all(
        "select n.id, coalesce(p.name, ''), n.text, n.at from order_notes n
         left join people p on p.id = n.author_id where n.order_id = $1 order by n.id desc",
        &[id.into()],
        |row| NoteView { id: row.get(0), author: row.get(1), text: row.get(2), at: row.get(3) },
    )
}

/// Every tag there is, the most used first.
pub fn all_tags(app: &App, visitor: &Visitor) -> Result<Vec<(String, i64)>, Failure> {
    visitor.staff_reader(Permission::Orders)?;
    let sql = "select tag, count(*) from order_tags group by tag
               order by count(*) desc, tag limit 100";
    app.read(|tx| tx.all(sql, &[], |row| (row.get(0), row.get(1))))
}
