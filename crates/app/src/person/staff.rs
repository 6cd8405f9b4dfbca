//! Those who run the shop: added by an owner or from the terminal, in by password.

use describe::ToSchema;
use domain::id::Id;
use domain::person::{self as rules, CustomRole, Grants, Permission, Person, Refusal, Role};
use domain::seller::Seller;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    Contact, GiveRole, PersonView, SignedIn, checked_name, come_in, find_or_create, signed_in,
};
use super::{password, roles, store};
use crate::db::Tx;
use crate::failure::Failure;
use crate::passkey::SignInWithPasskey;
use crate::{
    App, Known, Visitor, notice, passkey, second_factor, seller, session, staff_act, tries,
};

/// How many wrong passwords all places together may send for one name, for each that one place
/// may: so that nobody far away can lock the owner out, or guess without end.
const PLACES: i64 = 10;

/// A member of staff at the door. `name` is their contact, or what they are called.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct SignInWithPassword {
    pub name: String,
    pub password: String,
}

/// What a right password leads to.
#[derive(Clone, Debug)]
pub enum Entered {
    In(Box<SignedIn>),
    /// A second step is wanted too.
    Second(Owed),
}

/// What a right password still owes.
#[derive(Clone, Debug, Default)]
pub struct Owed {
    /// Says for whom a code from their app is; none when they have no app.
    pub ticket: Option<String>,
    /// Whether a passkey of theirs will do; it needs no ticket.
    pub passkey: bool,
}

/// The second step of coming in.
#[derive(Clone, Debug)]
pub struct SecondStep {
    pub ticket: String,
    /// From the app, or one of those that were written down.
    pub code: String,
}

/// Somebody who shall run the shop.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct AddStaff {
    /// The e-mail address or phone number they sign in with.
    pub contact: String,
    /// What they are called; without one it is made of the contact.
    #[serde(default)]
    pub name: Option<String>,
    pub role: Role,
    /// Which one, when it is one of the shop's own.
    #[serde(default)]
    pub own_role: Option<Id<CustomRole>>,
    /// Whose they are, for the role `seller`.
    #[serde(default)]
    pub seller: Option<Id<Seller>>,
    pub password: String,
}

/// Somebody who shall no longer run the shop.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct RemoveStaff {
    pub person: Id<Person>,
}

/// Lets staff in, or asks for the second step.
pub fn sign_in_with_password(
    app: &App,
    visitor: &Visitor,
    sign_in: SignInWithPassword,
) -> Result<Entered, Failure> {
    let name = sign_in.name.trim();
    // A name nobody could have is not worth a row, yet answers like any other.
    let key: String = name.to_lowercase().chars().take(254).collect();
    let here = format!("password:{key}:{}", visitor.place);
    let everywhere = format!("password:{key}");
    let window = rules::CODE_WINDOW;
    app.write(|tx| tries::count(tx, &here, window, rules::PASSWORD_TRIES))?;
    app.write(|tx| tries::count(tx, &everywhere, window, rules::PASSWORD_TRIES * PLACES))?;
    let found = app.read(|tx| store::staff_by_name(tx, name))?;
    let kept = found.as_ref().map(|(_, kept)| kept.as_str());
    // Longer than any password we accept: hashing megabytes would be work for nothing.
    let short_enough = sign_in.password.len() <= 1024;
    let right = short_enough && password::matches(kept, &sign_in.password)?;
    let Some((person, kept)) = found.filter(|_| right) else {
        return Err(Refusal::WrongPassword.into());
    };
    app.write_for(visitor, |tx| {
        // Hashing took a while: the password or the role may have changed meanwhile.
        let now = store::staff_by_name(tx, name)?;
        let same = now.as_ref().is_some_and(|(now, hash)| now.id == person.id && *hash == kept);
        let Some((person, _)) = now.filter(|_| same) else {
            return Err(Refusal::WrongPassword.into());
        };
        tries::forgive(tx, &here, window)?;
        let mut owed = Owed { ticket: None, passkey: passkey::has_any(tx, person.id)? };
        planted!("passkey_beside_password", owed.passkey = false);
        if second_factor::is_on(tx, person.id)? {
            owed.ticket = Some(second_factor::ticket(tx, person.id)?);
        }
        if owed.passkey || owed.ticket.is_some() {
            return Ok(Entered::Second(owed));
        }
        signed_in(tx, visitor, person.id)?;
        Ok(Entered::In(Box::new(come_in(tx, visitor, person, false)?)))
    })
}

/// Lets staff in who gave the right password before.
pub fn sign_in_second(app: &App, visitor: &Visitor, step: SecondStep) -> Result<SignedIn, Failure> {
    let person = second_factor::holder(app, &step.ticket)?;
    second_factor::count(app, person)?;
    app.write_for(visitor, |tx| {
        second_factor::spend(tx, &step.ticket, person, &step.code)?;
        let found = store::get(tx, person)?;
        if !found.role.is_staff() {
            return Err(Refusal::SignInAnew.into());
        }
        signed_in(tx, visitor, found.id)?;
        come_in(tx, visitor, Known::new(found.id, found.name, found.role), false)
    })
}

/// Lets in whoever holds a passkey, staff or shopper: it stands for both steps.
pub fn sign_in_with_passkey(
    app: &App,
    visitor: &Visitor,
    sign_in: &SignInWithPasskey,
) -> Result<SignedIn, Failure> {
    let read = passkey::read(app, sign_in)?;
    app.write_for(visitor, |tx| {
        let id = passkey::spend(tx, &read)?;
        let found = store::get(tx, id)?;
        if store::may_not_come_in(tx, id)? {
            return Err(domain::customer::Refusal::SignInBlocked.into());
        }
        second_factor::take_tickets(tx, id)?;
        signed_in(tx, visitor, id)?;
        come_in(tx, visitor, Known::new(found.id, found.name, found.role), false)
    })
}

/// Adds somebody who runs the shop, with no more than whoever adds them may do.
pub fn add_staff(app: &App, visitor: &Visitor, add: AddStaff) -> Result<PersonView, Failure> {
    let giver = roles::giver(visitor)?;
    appoint(app, visitor, giver, add)
}

/// The same for whoever has the machine's terminal: how the first owner comes to be.
pub fn add_staff_from_terminal(
    app: &App,
    name: &str,
    contact: &str,
    role: Role,
    password: &str,
) -> Result<PersonView, Failure> {
    let visitor = Visitor { locale: app.config.locale.clone(), ..Visitor::default() };
    let terminal = Known::new(staff_act::TERMINAL, String::new(), Role::Owner);
    let (contact, password) = (contact.to_string(), password.to_string());
    let name = Some(name.to_string());
    let add = AddStaff { contact, name, role, own_role: None, seller: None, password };
    appoint(app, &visitor, &terminal, add)
}

fn appoint(
    app: &App,
    visitor: &Visitor,
    giver: &Known,
    add: AddStaff,
) -> Result<PersonView, Failure> {
    let AddStaff { contact, name, role, own_role, seller, password } = add;
    let contact = Contact::new(&contact)?;
    let name = name.filter(|name| !name.trim().is_empty());
    let name = name.as_deref().map(checked_name).transpose()?;
    rules::check_password(contact.as_str(), &password)?;
    rules::check_password(name.as_deref().unwrap_or_default(), &password)?;
    let hash = password::hash(app.seams.dice.as_ref(), &password)?;
    app.write_for(visitor, |tx| {
        let place = match (role, seller) {
            (Role::Seller, Some(seller)) if own_role.is_none() => {
                seller::find(tx, seller)?;
                roles::Place::of_seller(seller)
            }
            (_, Some(_)) => return Err(Refusal::BadRole.into()),
            (_, None) => roles::place(tx, &GiveRole { role, own_role })?,
        };
        roles::check_gift(giver, place.role, place.grants)?;
        let said = place.said();
        let (person, new) = find_or_create(tx, &contact, name.as_deref(), &visitor.locale)?;
        if !store::promote(tx, person.id, place, &hash)? {
            return Err(Refusal::Taken.into());
        }
        // A shopper's sessions and keys, which a code was enough for, do not become a manager's.
        session::end_all(tx, person.id)?;
        passkey::forget(tx, person.id)?;
        if let (Some(name), false) = (&name, new) {
            store::rename(tx, person.id, name)?;
        }
        planted!("role_unwritten", return store::get(tx, person.id));
        staff_act::record(tx, giver.id, "staff.add", ("person", person.id.0), &said)?;
        store::get(tx, person.id)
    })
}

/// Makes staff a shopper again and ends their sessions; whoever does it may do all they may. One
/// owner always stays.
pub fn remove_staff(app: &App, visitor: &Visitor, remove: RemoveStaff) -> Result<(), Failure> {
    let giver = roles::giver(visitor)?;
    app.write_for(visitor, |tx| {
        let person = store::get(tx, remove.person)?;
        if !person.role.is_staff() {
            return Err(Failure::NotFound);
        }
        let had = Grants::parse(&person.grants).unwrap_or(Grants::NONE);
        roles::check_gift(giver, person.role, had)?;
        if !store::demote(tx, person.id)? {
            return Err(Failure::Forbidden);
        }
        session::end_all(tx, person.id)?;
        second_factor::forget(tx, person.id)?;
        let about = ("person", person.id.0);
        staff_act::record(tx, giver.id, "staff.remove", about, person.role.code())
    })
}

/// Sets a password anew from the terminal and ends the sessions begun with the old one.
pub fn set_password_from_terminal(app: &App, name: &str, password: &str) -> Result<(), Failure> {
    rules::check_password(name, password)?;
    let hash = password::hash(app.seams.dice.as_ref(), password)?;
    app.write(|tx| {
        let (Known { id, .. }, _) = store::staff_by_name(tx, name)?.ok_or(Failure::NotFound)?;
        store::set_password(tx, id, &hash)?;
        session::end_all(tx, id)?;
        second_factor::take_tickets(tx, id)?;
        notice::tell(tx, id, "password_changed", "account", 0, json!({}))?;
        let about = ("person", id.0);
        staff_act::record(tx, staff_act::TERMINAL, "staff.password", about, "")
    })
}

/// Who of the staff has this contact or name, for whoever has the machine's terminal.
pub fn find_staff_from_terminal(app: &App, name: &str) -> Result<Id<Person>, Failure> {
    let found = app.read(|tx| store::staff_by_name(tx, name))?;
    found.map(|(known, _)| known.id).ok_or(Failure::NotFound)
}

/// Everybody who runs the shop.
pub fn list_staff(app: &App, visitor: &Visitor) -> Result<Vec<PersonView>, Failure> {
    visitor.staff_reader(Permission::Staff)?;
    app.read(|tx: &mut Tx| store::staff(tx))
}
