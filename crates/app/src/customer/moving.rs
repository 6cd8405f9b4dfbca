//! What goes over when two customers are made one, and how it goes back.
//!
//! Everything that moves is named by its number in the merge's record; nothing in it says who
//! anybody is. The books name no customers, so nothing in them moves.

use domain::id::Id;
use domain::person::Person;
use serde::{Deserialize, Serialize};

use crate::db::{Tx, Value};
use crate::failure::Failure;

/// Tables whose rows simply belong to a person: the table, its number, and the person's column.
const OWNED: &[(&str, &str, &str)] = &[
    ("orders", "id", "person_id"),
    ("places", "order_id", "person_id"),
    ("teams", "id", "leader_id"),
    ("after_sales", "id", "person_id"),
    ("reviews", "id", "person_id"),
    ("gifts", "id", "giver_id"),
    ("gift_takers", "gift_id", "person_id"),
    ("notices", "id", "person_id"),
    ("visits", "id", "person_id"),
    ("customer_notes", "id", "person_id"),
    ("drafts", "id", "person_id"),
    ("coupons", "id", "owner_id"),
    ("order_facts", "order_id", "person_id"),
];

/// Tables in which a person has each thing once: what the survivor has already stays where it is.
const UNIQUE: &[(&str, &str)] = &[
    ("addresses", "address"),
    ("favourites", "product_id"),
    ("share_links", "object_id"),
    ("invoice_titles", "title"),
];

/// What went over, by number.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Moved {
    /// The rows of each table.
    pub rows: Vec<(String, Vec<i64>)>,
    /// Addresses that were the usual ones.
    pub usual: Vec<i64>,
    pub tags: Vec<String>,
    /// Customer groups that only the one who went was in.
    #[serde(default)]
    pub groups: Vec<i64>,
    /// Saved lists that only the one who went was on.
    #[serde(default)]
    pub lists: Vec<i64>,
    /// Votes by their review that went over.
    pub votes: Vec<i64>,
    /// Votes that nobody has any more: both had voted, or it was a vote for oneself now.
    pub lost_votes: Vec<(i64, i64)>,
    /// Those who led to the one who went, and lead to the survivor now.
    pub signposts: Vec<i64>,
    /// Whether a block went over.
    pub block: bool,
}

impl Moved {
    fn add(&mut self, table: &str, ids: Vec<i64>) {
        if ids.is_empty() {
            return;
        }
        match self.rows.iter_mut().find(|(name, _)| name == table) {
            Some((_, known)) => known.extend(ids),
            None => self.rows.push((table.to_string(), ids)),
        }
    }

    /// How many rows of a table went over.
    pub fn count(&self, table: &str) -> i64 {
        self.rows.iter().find(|(name, _)| name == table).map_or(0, |(_, ids)| ids.len() as i64)
    }
}

/// Moves everything of `from`'s to `to`. Whatever moved before stays as it is.
pub fn over(
    tx: &mut Tx,
    from: Id<Person>,
    to: Id<Person>,
    moved: &mut Moved,
) -> Result<(), Failure> {
    let both: [Value; 2] = [from.into(), to.into()];
    for (table, key, owner) in OWNED {
        planted!("merge_forgets_orders", {
            if *table == "orders" || *table == "places" {
                continue;
            }
        });
        let sql = format!("select {key} from {table} where {owner} = $1");
        let ids = tx.all(&sql, &both[..1], |row| row.get(0))?;
        let sql = format!("update {table} set {owner} = $2 where {owner} = $1");
        tx.run(&sql, &both)?;
        moved.add(table, ids);
    }
    let usual = "select id from addresses where person_id = $1 and usual = 1";
    moved.usual.extend(tx.all(usual, &both[..1], |row| row.get::<i64>(0))?);
    tx.run(
        "update addresses set usual = 0 where person_id = $1 and exists
           (select 1 from addresses a where a.person_id = $2 and a.usual = 1)",
        &both,
    )?;
    for (table, thing) in UNIQUE {
        let object = if *table == "share_links" { "and o.object = t.object" } else { "" };
        let free = format!(
            "not exists (select 1 from {table} o where o.person_id = $2 and o.{thing} = t.{thing}
                         {object})"
        );
        let sql = format!("select t.id from {table} t where t.person_id = $1 and {free}");
        let ids: Vec<i64> = tx.all(&sql, &both, |row| row.get(0))?;
        for id in &ids {
            let sql = format!("update {table} set person_id = $2 where id = $1");
            tx.run(&sql, &[(*id).into(), to.into()])?;
        }
        moved.add(table, ids);
    }
    tags(tx, from, to, moved)?;
    moved.groups.extend(memberships(tx, GROUPS, from, to)?);
    moved.lists.extend(memberships(tx, LISTS, from, to)?);
    votes(tx, from, to, moved)?;
    cart(tx, from, to)?;
    tx.run("delete from browsed where person_id = $1", &both[..1])?;
    recount(tx, from, to)
}

fn tags(tx: &mut Tx, from: Id<Person>, to: Id<Person>, moved: &mut Moved) -> Result<(), Failure> {
    let new: Vec<String> = tx.all(
        "select tag from customer_tags where person_id = $1 and tag not in
           (select tag from customer_tags where person_id = $2)",
        &[from.into(), to.into()],
        |row| row.get(0),
    )?;
    for tag in &new {
        let sql = "insert into customer_tags (person_id, tag) values ($1, $2)";
        tx.run(sql, &[to.into(), tag.into()])?;
    }
    moved.tags.extend(new);
    Ok(())
}

/// A table of what people are in, and its column.
type Inside = (&'static str, &'static str);
const GROUPS: Inside = ("customer_group_members", "group_id");
const LISTS: Inside = ("saved_list_people", "list_id");

/// The survivor pays the prices of either's groups, and is on either's saved lists. Where both are
/// in one, both memberships stay.
fn memberships(
    tx: &mut Tx,
    inside: Inside,
    from: Id<Person>,
    to: Id<Person>,
) -> Result<Vec<i64>, Failure> {
    let (table, column) = inside;
    let new: Vec<i64> = tx.all(
        &format!(
            "select {column} from {table} where person_id = $1 and {column} not in
               (select {column} from {table} where person_id = $2)"
        ),
        &[from.into(), to.into()],
        |row| row.get(0),
    )?;
    for one in &new {
        move_member(tx, inside, *one, (from, to))?;
    }
    Ok(new)
}

fn move_member(
    tx: &mut Tx,
    (table, column): Inside,
    id: i64,
    (from, to): (Id<Person>, Id<Person>),
) -> Result<(), Failure> {
    let sql = format!(
        "update {table} set person_id = $3 where {column} = $1 and person_id = $2
           and not exists (select 1 from {table} m where m.{column} = $1 and m.person_id = $3)"
    );
    tx.run(&sql, &[id.into(), from.into(), to.into()])?;
    Ok(())
}

/// One person votes once, and never for their own review.
fn votes(tx: &mut Tx, from: Id<Person>, to: Id<Person>, moved: &mut Moved) -> Result<(), Failure> {
    // The reviews have moved already: whose they are now decides.
    let lost = tx.all(
        "select v.review_id, v.person_id from review_votes v join reviews r on r.id = v.review_id
         where (v.person_id in ($1, $2) and r.person_id = $2)
            or (v.person_id = $1 and exists (select 1 from review_votes o
                where o.review_id = v.review_id and o.person_id = $2))",
        &[from.into(), to.into()],
        |row| (row.get::<i64>(0), row.get::<i64>(1)),
    )?;
    for (review, person) in &lost {
        take_vote(tx, *review, *person)?;
    }
    moved.lost_votes.extend(lost);
    let sql = "select review_id from review_votes where person_id = $1";
    moved.votes.extend(tx.all(sql, &[from.into()], |row| row.get::<i64>(0))?);
    let sql = "update review_votes set person_id = $2 where person_id = $1";
    tx.run(sql, &[from.into(), to.into()])?;
    Ok(())
}

fn take_vote(tx: &mut Tx, review: i64, person: i64) -> Result<(), Failure> {
    let sql = "delete from review_votes where review_id = $1 and person_id = $2";
    if tx.run(sql, &[review.into(), person.into()])? == 1 {
        tx.run("update reviews set votes = votes - 1 where id = $1", &[review.into()])?;
    }
    Ok(())
}

/// What the one had in the cart is in the other's: of one thing the larger quantity.
fn cart(tx: &mut Tx, from: Id<Person>, to: Id<Person>) -> Result<(), Failure> {
    let cart = "select id from carts where person_id = $1";
    let Some(theirs) = tx.maybe(cart, &[from.into()], |row| row.get::<i64>(0))? else {
        return Ok(());
    };
    match tx.maybe(cart, &[to.into()], |row| row.get::<i64>(0))? {
        None => {
            tx.run("update carts set person_id = $2 where id = $1", &[theirs.into(), to.into()])?;
        }
        Some(own) => {
            tx.run(
                "insert into cart_lines (cart_id, variant_id, quantity, added_at)
                 select cast($2 as bigint), variant_id, quantity, added_at from cart_lines
                 where cart_id = $1
                 on conflict (cart_id, variant_id) do update set quantity =
                   case when excluded.quantity > cart_lines.quantity then excluded.quantity
                        else cart_lines.quantity end",
                &[theirs.into(), own.into()],
            )?;
            tx.run("delete from cart_lines where cart_id = $1", &[theirs.into()])?;
            tx.run("delete from carts where id = $1", &[theirs.into()])?;
        }
    }
    Ok(())
}

/// How much of each group buy somebody holds, counted from their orders: both have new ones.
fn recount(tx: &mut Tx, one: Id<Person>, other: Id<Person>) -> Result<(), Failure> {
    for (from, to) in [(one, other), (other, one)] {
        tx.run(
            "insert into campaign_people (campaign_id, person_id, quantity, most)
             select c.campaign_id, cast($2 as bigint), 0, c.most from campaign_people c
             join group_buys b on b.id = c.campaign_id where c.person_id = $1
             on conflict (campaign_id, person_id) do nothing",
            &[from.into(), to.into()],
        )?;
    }
    for person in [one, other] {
        tx.run(
            "update campaign_people set quantity = coalesce((select cast(sum(
                 l.quantity - l.restocked - l.spoiled
                 + coalesce((select sum(a.sellable + a.damaged) from after_sale_lines a
                     join after_sales e on e.id = a.after_sale_id
                     where a.order_line_id = l.id and e.kind = 'exchange'), 0)) as bigint)
               from orders o join order_lines l on l.order_id = o.id
               where o.group_buy_id = campaign_people.campaign_id
                 and o.person_id = campaign_people.person_id
                 and o.status not in ('cancelled', 'late_paid')), 0)
             where person_id = $1 and campaign_id in (select id from group_buys)",
            &[person.into()],
        )?;
    }
    Ok(())
}

/// Gives back what went over and is still where it went. Votes that were lost come back; a cart
/// stays where it is. False when something went on to somebody else meanwhile.
pub fn back(tx: &mut Tx, from: Id<Person>, to: Id<Person>, moved: &Moved) -> Result<bool, Failure> {
    for (table, ids) in &moved.rows {
        let owned = OWNED.iter().find(|(name, ..)| name == table);
        let (key, owner) = owned.map_or(("id", "person_id"), |(_, key, owner)| (*key, *owner));
        let known = owned.is_some() || UNIQUE.iter().any(|(name, _)| name == table);
        if !known {
            return Ok(false);
        }
        for id in ids {
            let sql = format!("update {table} set {owner} = $3 where {key} = $1 and {owner} = $2");
            tx.run(&sql, &[(*id).into(), to.into(), from.into()])?;
        }
    }
    for id in &moved.usual {
        tx.run(
            "update addresses set usual = 1 where id = $1 and not exists
               (select 1 from addresses a where a.person_id = $2 and a.usual = 1)",
            &[(*id).into(), from.into()],
        )?;
    }
    for tag in &moved.tags {
        let sql = "delete from customer_tags where person_id = $1 and tag = $2";
        tx.run(sql, &[to.into(), tag.into()])?;
    }
    for group in &moved.groups {
        move_member(tx, GROUPS, *group, (to, from))?;
    }
    for list in &moved.lists {
        move_member(tx, LISTS, *list, (to, from))?;
    }
    for review in &moved.votes {
        let sql = "update review_votes set person_id = $3 where review_id = $1 and person_id = $2";
        tx.run(sql, &[(*review).into(), to.into(), from.into()])?;
    }
    for (review, person) in &moved.lost_votes {
        let added = tx.run(
            "insert into review_votes (review_id, person_id, at) values ($1, $2, $3)
             on conflict (review_id, person_id) do nothing",
            &[(*review).into(), (*person).into(), tx.now.into()],
        )?;
        if added == 1 {
            tx.run("update reviews set votes = votes + 1 where id = $1", &[(*review).into()])?;
        }
    }
    recount(tx, from, to)?;
    Ok(true)
}
