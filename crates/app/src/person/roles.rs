//! Roles: those that come with the shop, those the merchant put together, and who has which.

use describe::ToSchema;
use domain::id::Id;
use domain::person::{CustomRole, Grants, Permission, Person, Refusal, Role};
use domain::role::may_give;
use domain::seller::Seller;
use domain::text::one_line;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{PersonView, store};
use crate::db::{Row, Tx};
use crate::failure::Failure;
use crate::{App, Known, Visitor, staff_act};

/// A role of the shop's own, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OwnRole {
    pub id: Id<CustomRole>,
    pub name: String,
}

/// A role somebody can be given, and what it grants.
pub(super) struct Place {
    pub role: Role,
    pub own: Option<OwnRole>,
    pub grants: Grants,
    /// Whose they are, when they are a seller's.
    pub seller: Option<Id<Seller>>,
}

impl Place {
    /// Somebody of a seller's.
    pub(super) fn of_seller(seller: Id<Seller>) -> Place {
        let grants = Role::Seller.grants();
        Place { role: Role::Seller, own: None, grants, seller: Some(seller) }
    }

    /// As it is written down.
    pub(super) fn said(&self) -> String {
        match (&self.own, self.seller) {
            (Some(own), _) => format!("own: {}", own.name),
            (None, Some(seller)) => format!("seller: {seller}"),
            (None, None) => self.role.code().to_string(),
        }
    }
}

/// A role as staff see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RoleView {
    pub role: Role,
    /// Which of the shop's own it is, if it is one.
    pub own_role: Option<OwnRole>,
    /// What it allows: a permission and a level, as `orders:change` or `goods:view`.
    pub grants: Vec<String>,
    /// How many have it.
    pub people: i64,
    /// Of one's own: sent back with a change.
    pub version: i64,
}

/// A role to put together, or how it shall be from now on.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
pub struct PutRole {
    pub name: String,
    /// What it allows: a permission and a level, as `orders:change` or `goods:view`.
    pub grants: Vec<String>,
    /// The version that is changed; 0 for a new one.
    #[serde(default)]
    pub version: i64,
}

/// The role somebody shall have.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct GiveRole {
    pub role: Role,
    /// Which one, when it is one of the shop's own.
    #[serde(default)]
    pub own_role: Option<Id<CustomRole>>,
}

/// The role that is meant, as it stands now.
pub(super) fn place(tx: &mut Tx, give: &GiveRole) -> Result<Place, Failure> {
    let own = match (give.role, give.own_role) {
        (Role::Own, Some(id)) => id,
        // Somebody of a seller's is added where the seller is.
        (Role::Own, None) | (_, Some(_)) | (Role::Shopper | Role::Seller, _) => {
            return Err(Refusal::BadRole.into());
        }
        (role, None) => return Ok(Place { role, own: None, grants: role.grants(), seller: None }),
    };
    let found = find(tx, own)?;
    let grants = Grants::parse(&found.grants).unwrap_or(Grants::NONE);
    Ok(Place { role: Role::Own, own: found.own_role, grants, seller: None })
}

/// Whether `giver` may give, change or take away what `role` and `grants` are.
pub(super) fn check_gift(giver: &Known, role: Role, grants: Grants) -> Result<(), Failure> {
    planted!("role_above", return Ok(()));
    let may = may_give((giver.role, giver.grants), (role, grants));
    if may { Ok(()) } else { Err(Refusal::RoleAboveYours.into()) }
}

/// The visitor who gives a role.
pub(super) fn giver(visitor: &Visitor) -> Result<&Known, Failure> {
    visitor.staff(Permission::Staff)?;
    visitor.person.as_ref().ok_or(Failure::SignInFirst)
}

/// Every role, with what it allows: those of the shop's own last.
pub fn list_roles(app: &App, visitor: &Visitor) -> Result<Vec<RoleView>, Failure> {
    visitor.staff_reader(Permission::Staff)?;
    app.read(|tx| {
        let counts = tx.all(
            "select coalesce(staff_role, role), count(*) from people
             where role <> 'shopper' and seller_id is null group by 1",
            &[],
            |row| (row.get::<String>(0), row.get::<i64>(1)),
        )?;
        let people = |role: Role| {
            counts.iter().find(|(code, _)| code == role.code()).map_or(0, |(_, count)| *count)
        };
        let mut all: Vec<RoleView> = Role::STAFF
            .into_iter()
            .map(|role| RoleView {
                role,
                own_role: None,
                grants: role.grants().codes(),
                people: people(role),
                version: 0,
            })
            .collect();
        all.extend(tx.all(&format!("{ROLE} order by r.name"), &[], view)?);
        Ok(all)
    })
}

const ROLE: &str = "select r.id, r.name, r.grants, r.version,
    (select count(*) from people p where p.role_id = r.id) from roles r";

fn view(row: &Row) -> RoleView {
    RoleView {
        role: Role::Own,
        own_role: Some(OwnRole { id: row.get(0), name: row.get(1) }),
        grants: row.get::<String>(2).split_whitespace().map(str::to_string).collect(),
        version: row.get(3),
        people: row.get(4),
    }
}

fn find(tx: &mut Tx, id: Id<CustomRole>) -> Result<RoleView, Failure> {
    tx.one(&format!("{ROLE} where r.id = $1"), &[id.into()], view)
}

/// The name and the grants, when they will do and are no more than the giver's own.
fn checked(giver: &Known, put: &PutRole) -> Result<(String, String), Failure> {
    let name = one_line(&put.name);
    let grants = Grants::parse(&put.grants).ok_or(Refusal::BadRole)?;
    if name.is_empty() || name.chars().count() > 60 || grants.is_empty() {
        return Err(Refusal::BadRole.into());
    }
    check_gift(giver, Role::Own, grants)?;
    Ok((name, grants.codes().join(" ")))
}

/// Puts a role together.
pub fn add_role(app: &App, visitor: &Visitor, put: PutRole) -> Result<RoleView, Failure> {
    let giver = giver(visitor)?;
    let (name, grants) = checked(giver, &put)?;
    let id = app.act(visitor, "role.add", |tx| {
        let id: Id<CustomRole> = tx.id();
        let added = tx.run(
            "insert into roles (id, name, grants, version, created_at, updated_at)
             values ($1, $2, $3, 1, $4, $4) on conflict (name) do nothing",
            &[id.into(), (&name).into(), (&grants).into(), tx.now.into()],
        )?;
        if added == 0 {
            return Err(Refusal::RoleNameTaken.into());
        }
        let detail = json!({ "before": null, "after": { "name": name, "grants": grants } });
        staff_act::record(tx, giver.id, "role.add", ("role", id.0), &detail.to_string())?;
        Ok(id)
    })?;
    app.read(|tx| find(tx, id))
}

/// Changes a role; who has it may do what it says from their next request on.
pub fn change_role(
    app: &App,
    visitor: &Visitor,
    id: Id<CustomRole>,
    put: PutRole,
) -> Result<RoleView, Failure> {
    let giver = giver(visitor)?;
    let (name, grants) = checked(giver, &put)?;
    app.write_for(visitor, |tx| {
        let before = to_change(tx, giver, id)?;
        if before.version != put.version {
            return Err(Failure::Stale);
        }
        let taken = tx.maybe(
            "select 1 from roles where name = $1 and id <> $2",
            &[(&name).into(), id.into()],
            |_| (),
        )?;
        if taken.is_some() {
            return Err(Refusal::RoleNameTaken.into());
        }
        tx.run(
            "update roles set name = $2, grants = $3, version = version + 1, updated_at = $4
             where id = $1",
            &[id.into(), (&name).into(), (&grants).into(), tx.now.into()],
        )?;
        let was = before.own_role.map(|own| own.name);
        let detail = json!({
            "before": { "name": was, "grants": before.grants.join(" ") },
            "after": { "name": name, "grants": grants },
        });
        staff_act::record(tx, giver.id, "role.change", ("role", id.0), &detail.to_string())
    })?;
    app.read(|tx| find(tx, id))
}

/// Takes a role away that nobody has.
pub fn remove_role(app: &App, visitor: &Visitor, id: Id<CustomRole>) -> Result<(), Failure> {
    let giver = giver(visitor)?;
    app.write_for(visitor, |tx| {
        let before = to_change(tx, giver, id)?;
        if before.people > 0 {
            return Err(Refusal::RoleInUse.into());
        }
        tx.run("delete from roles where id = $1", &[id.into()])?;
        let was = before.own_role.map(|own| own.name);
        let detail = json!({ "before": { "name": was, "grants": before.grants }, "after": null });
        staff_act::record(tx, giver.id, "role.remove", ("role", id.0), &detail.to_string())
    })
}

/// A role that is about to change: no more than the giver's own, and not the one they have.
fn to_change(tx: &mut Tx, giver: &Known, id: Id<CustomRole>) -> Result<RoleView, Failure> {
    let lock = format!("select id from roles where id = $1{}", tx.lock());
    tx.one(&lock, &[id.into()], |_| ())?;
    let role = find(tx, id)?;
    let grants = Grants::parse(&role.grants).unwrap_or(Grants::NONE);
    check_gift(giver, Role::Own, grants)?;
    let mine = "select role_id from people where id = $1";
    let mine = tx.maybe(mine, &[giver.id.into()], |row| row.get::<Option<Id<CustomRole>>>(0))?;
    if mine.flatten() == Some(id) {
        return Err(Refusal::RoleAboveYours.into());
    }
    Ok(role)
}

/// Gives a member of staff another role. Nobody gives themselves one, and one owner always stays.
pub fn give_role(
    app: &App,
    visitor: &Visitor,
    person: Id<Person>,
    give: &GiveRole,
) -> Result<PersonView, Failure> {
    let giver = giver(visitor)?;
    app.write_for(visitor, |tx| {
        let found = store::get(tx, person)?;
        if !found.role.is_staff() {
            return Err(Failure::NotFound);
        }
        if person == giver.id {
            return Err(Refusal::RoleAboveYours.into());
        }
        let had = Grants::parse(&found.grants).unwrap_or(Grants::NONE);
        check_gift(giver, found.role, had)?;
        let place = place(tx, give)?;
        check_gift(giver, place.role, place.grants)?;
        let after = place.said();
        if !store::replace(tx, person, place)? {
            return Err(Failure::Forbidden);
        }
        let before = match &found.own_role {
            Some(own) => format!("own: {}", own.name),
            None => found.role.code().to_string(),
        };
        let detail = json!({ "before": before, "after": after });
        staff_act::record(tx, giver.id, "staff.role", ("person", person.0), &detail.to_string())?;
        store::get(tx, person)
    })
}
