//! Ways to look at the list of orders that are kept: everybody's own, and the owner's for all.

use describe::ToSchema;
use domain::id::Id;
use domain::order_desk::{Refusal, View};
use domain::person::{Permission, Role};
use domain::text::one_line;
use serde::{Deserialize, Serialize};

use super::find::{Filter, count_in};
use crate::failure::Failure;
use crate::{App, Visitor, staff_act};

/// How many ways one person may keep.
const MOST: i64 = 30;
/// Further nobody counts: the tab says `999+`.
pub const COUNTED: i64 = 1_000;

/// A way to look at the list.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = OrderLook)]
pub struct Look {
    pub id: Id<View>,
    pub name: String,
    /// Everybody's; otherwise only the visitor's own.
    pub shared: bool,
    /// Whether the visitor may take it away.
    pub mine: bool,
    pub filter: Filter,
    /// How many orders it finds, at most 1,000.
    pub count: i64,
}

/// A way to be kept.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = KeepOrderLook)]
pub struct Keep {
    /// At most 60 characters. The same name again replaces what was kept.
    pub name: String,
    /// For everybody; owners only.
    #[serde(default)]
    pub shared: bool,
    #[serde(default)]
    pub filter: Filter,
}

/// The visitor's ways and those of everybody, with how many orders each finds.
pub fn list(app: &App, visitor: &Visitor) -> Result<Vec<Look>, Failure> {
    let person = visitor.staff_reader(Permission::Orders)?;
    let owns = visitor.person.as_ref().is_some_and(|known| known.role == Role::Owner);
    app.read(|tx| {
        let kept = tx.all(
            "select id, name, shared, owner_id, filter from order_views
             where owner_id = $1 or shared = 1 order by shared desc, id",
            &[person.into()],
            |row| {
                let own = row.get::<i64>(3) == person.0;
                let shared: bool = row.get(2);
                let filter = serde_json::from_str(&row.get::<String>(4)).unwrap_or_default();
                let mine = own || (shared && owns);
                Look { id: row.get(0), name: row.get(1), shared, mine, filter, count: 0 }
            },
        )?;
        let counted = kept.into_iter().map(|mut look| {
            look.count = count_in(tx, &look.filter, COUNTED)?;
            Ok(look)
        });
        counted.collect()
    })
}

/// Keeps a way to look. Shared ones are for the owner to make.
pub fn keep(app: &App, visitor: &Visitor, keep: &Keep) -> Result<Vec<Look>, Failure> {
    let person = visitor.staff(Permission::Orders)?;
    let owns = visitor.person.as_ref().is_some_and(|known| known.role == Role::Owner);
    if keep.shared && !owns {
        return Err(Failure::Forbidden);
    }
    let name = one_line(&keep.name);
    if name.is_empty() || name.chars().count() > 60 {
        return Err(Refusal::BadView.into());
    }
    let filter = serde_json::to_string(&keep.filter)?;
    app.write_for(visitor, |tx| {
        let id: Id<View> = tx.id();
        tx.run(
            "insert into order_views (id, owner_id, shared, name, filter, created_at)
             values ($1, $2, $3, $4, $5, $6)
             on conflict (owner_id, name) do update
                set filter = excluded.filter, shared = excluded.shared",
            &[
                id.into(),
                person.into(),
                keep.shared.into(),
                (&name).into(),
                (&filter).into(),
                tx.now.into(),
            ],
        )?;
        let sql = "select count(*) from order_views where owner_id = $1";
        let kept: i64 = tx.one(sql, &[person.into()], |row| row.get(0))?;
        if kept > MOST {
            return Err(Refusal::TooMany(MOST).into());
        }
        // What it looks for may name a customer: the log says that there is one, and whose it is.
        let detail = if keep.shared { "shared" } else { "" };
        staff_act::record(tx, person, "order.view", ("person", person.0), detail)
    })?;
    list(app, visitor)
}

/// Takes a way away: one's own, or for the owner a shared one.
pub fn remove(app: &App, visitor: &Visitor, id: Id<View>) -> Result<(), Failure> {
    let person = visitor.staff(Permission::Orders)?;
    let owns = visitor.person.as_ref().is_some_and(|known| known.role == Role::Owner);
    app.write_for(visitor, |tx| {
        let gone = tx.run(
            "delete from order_views where id = $1 and (owner_id = $2 or (shared = 1 and $3 = 1))",
            &[id.into(), person.into(), owns.into()],
        )?;
        if gone == 0 {
            return Err(Failure::NotFound);
        }
        let detail = id.to_string();
        staff_act::record(tx, person, "order.view.remove", ("person", person.0), &detail)
    })
}
