//! People: how they come in, what they are called, and who runs the shop.
//!
//! Shoppers come in by a code sent to their e-mail address or phone; whoever asks hears the same
//! whether the contact is known or not. Staff come in by password only: a mailbox that was taken
//! over must not open the till. A code is kept as a hash under the shop's secret, and every try of
//! it is counted in the transaction that judges it.

mod browser;
mod letter;
mod password;
mod roles;
mod staff;
mod store;

use describe::ToSchema;
use domain::customer;
use domain::event::Fact;
use domain::id::{Id, Kind};
use domain::moment::Moment;
use domain::person::{self as rules, Person, Refusal, Role, Session};
use domain::seller::Seller;
use domain::text::{Email, Name, Phone};
use serde::{Deserialize, Serialize};
use serde_json::json;
use subtle::ConstantTimeEq;

use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Known, Visitor, dice, message, notice, session, shop, tries};

pub use roles::{GiveRole, OwnRole, PutRole, RoleView};
pub use roles::{add_role, change_role, give_role, list_roles, remove_role};
pub use staff::{AddStaff, Entered, Owed, SecondStep, SignInWithPassword, add_staff};
pub use staff::{RemoveStaff, add_staff_from_terminal, find_staff_from_terminal, list_staff};
pub use staff::{remove_staff, set_password_from_terminal, sign_in_second};
pub use staff::{sign_in_with_passkey, sign_in_with_password};

/// A code as it was sent.
pub struct Code;
impl Kind for Code {
    const PREFIX: &'static str = "cod";
}
domain::id::described!(Code);

/// The longest name a person may be called by: it must fit beside others.
const LONGEST_NAME: usize = 40;

/// A checked address that a code can be sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Contact {
    Email(Email),
    Phone(Phone),
}

impl Contact {
    /// An e-mail address, or else a phone number.
    pub fn new(text: &str) -> Result<Contact, Failure> {
        let contact = if text.contains('@') {
            Email::new(text).map(Contact::Email)
        } else {
            Phone::new(text).map(Contact::Phone)
        };
        contact.map_err(|_| Refusal::BadContact.into())
    }

    pub fn as_str(&self) -> &str {
        match self {
            Contact::Email(email) => email.as_str(),
            Contact::Phone(phone) => phone.as_str(),
        }
    }

    /// What carries messages there: `email` or `sms`.
    pub fn channel(&self) -> &'static str {
        match self {
            Contact::Email(_) => "email",
            Contact::Phone(_) => "sms",
        }
    }
}

/// A request for a code.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct AskCode {
    /// An e-mail address or a phone number.
    pub contact: String,
}

/// A code is on its way.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CodeAsked {
    /// The contact as it was understood: `+8613800000000`.
    pub contact: String,
    /// `email` or `sms`.
    pub channel: String,
    pub expires_at: Moment,
    /// The code itself, in a demo shop only.
    pub demo_code: Option<String>,
}

/// A code that came.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct SignIn {
    pub contact: String,
    pub code: String,
}

/// Somebody came in. The session's token is for the cookie; a program asks for an API token.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub person: Known,
    /// Whether this was their first time.
    pub new: bool,
    pub started: session::Started,
    /// The guest's session before, for their cart and visits: `cart::adopt` takes them over.
    pub session_before: Option<Id<Session>>,
    /// What their browser is known by from now on.
    pub browser: String,
}

/// A person as they see themselves, or as the owner sees staff.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PersonView {
    pub id: Id<Person>,
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub locale: String,
    pub role: Role,
    /// What the role allows behind the counter, as `orders:change` or `goods:view`.
    pub grants: Vec<String>,
    /// Which of the shop's own roles they have, if they have one.
    pub own_role: Option<OwnRole>,
    /// Whose they are, when they are a seller's.
    pub seller: Option<Id<Seller>>,
    pub created_at: Moment,
}

impl PersonView {
    /// The address or number they come in with.
    pub fn contact(&self) -> &str {
        self.email.as_deref().or(self.phone.as_deref()).unwrap_or("")
    }
}

/// Another name for oneself.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Rename {
    pub name: String,
}

/// Sends a code to a contact.
pub fn ask_code(app: &App, visitor: &Visitor, ask: AskCode) -> Result<CodeAsked, Failure> {
    let contact = Contact::new(&ask.contact)?;
    // Counted apart, so that what is refused counts too.
    app.write(|tx| {
        tries::count(
            tx,
            &format!("code-from:{}", visitor.place),
            rules::CODE_WINDOW,
            rules::CODES_PER_PLACE,
        )
    })?;
    app.write(|tx| {
        let bucket = format!("code-to:{}", contact.as_str());
        tries::count(tx, &bucket, rules::CODE_WINDOW, rules::CODES_PER_CONTACT)
    })
    .map_err(too_many_codes)?;
    app.write_for(visitor, |tx| {
        let shop = shop::get(tx)?;
        let code = format!("{:06}", dice::below(tx.dice(), 1_000_000));
        let expires_at = tx.now.plus(rules::CODE_LIFE);
        let id: Id<Code> = tx.id();
        store::add_code(tx, id, &contact, &code_hash(&shop, id, &contact, &code), expires_at)?;
        let staff =
            store::find_by_contact(tx, &contact)?.is_some_and(|found| found.role.is_staff());
        let letter = if staff {
            letter::staff(&visitor.locale, &shop.name, &app.config.base_url)
        } else {
            letter::code(&visitor.locale, &shop.name, &code)
        };
        message::put(tx, contact.channel(), contact.as_str(), &letter.subject, &letter.body)?;
        Ok(CodeAsked {
            contact: contact.as_str().to_string(),
            channel: contact.channel().to_string(),
            expires_at,
            demo_code: (shop.demo && !staff).then_some(code),
        })
    })
}

fn too_many_codes(failure: Failure) -> Failure {
    match failure {
        Failure::TooMany { retry_after } => {
            let minutes = (retry_after + 59) / 60;
            Failure::with("person.too_many_codes", json!({ "minutes": minutes }))
        }
        other => other,
    }
}

/// Lets the holder of a code in; the first time, they become somebody.
pub fn sign_in(app: &App, visitor: &Visitor, sign_in: SignIn) -> Result<SignedIn, Failure> {
    let contact = Contact::new(&sign_in.contact)?;
    let typed: String = sign_in.code.chars().filter(|c| !c.is_whitespace()).collect();
    // One contact's code has its own count; this one is for many contacts tried from one place.
    app.write(|tx| {
        tries::count(
            tx,
            &format!("sign-in-from:{}", visitor.place),
            rules::CODE_WINDOW,
            rules::CODES_PER_PLACE * rules::CODE_TRIES,
        )
    })?;
    app.write_for(visitor, |tx| {
        if let Err(refusal) = use_code(tx, &contact, &typed)? {
            // The try was counted: this is an answer, not a failure that undoes it.
            return Ok(Err(Failure::from(refusal)));
        }
        let (person, new) = find_or_create(tx, &contact, None, &visitor.locale)?;
        if person.role.is_staff() {
            // They became staff after the code was sent.
            return Ok(Err(Refusal::CodeExpired.into()));
        }
        if store::may_not_come_in(tx, person.id)? {
            return Ok(Err(customer::Refusal::SignInBlocked.into()));
        }
        if !new {
            signed_in(tx, visitor, person.id)?;
        }
        come_in(tx, visitor, person, new).map(Ok)
    })?
}

/// Proves again who somebody is who is signed in already, before something that cannot be undone:
/// by a code that was sent to their own contact.
pub(crate) fn prove(app: &App, visitor: &Visitor, code: &str) -> Result<(), Failure> {
    let me = visitor.person.as_ref().ok_or(Failure::SignInFirst)?.id;
    let typed: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let judged = app.write_for(visitor, |tx| {
        let contact = Contact::new(store::get(tx, me)?.contact())?;
        use_code(tx, &contact, &typed)
    })?;
    Ok(judged?)
}

/// Sends the visitor a code to their own contact.
pub fn ask_own_code(app: &App, visitor: &Visitor) -> Result<CodeAsked, Failure> {
    let me = visitor.shopper()?;
    let contact = app.read(|tx| Ok(store::get(tx, me)?.contact().to_string()))?;
    ask_code(app, visitor, AskCode { contact })
}

/// Judges a code and spends it, or counts the try.
fn use_code(tx: &mut Tx, contact: &Contact, typed: &str) -> Result<Result<(), Refusal>, Failure> {
    let Some(kept) = store::last_code(tx, contact)? else {
        return Ok(Err(Refusal::CodeExpired));
    };
    let shop = shop::get(tx)?;
    let hash = code_hash(&shop, kept.id, contact, typed);
    let right: bool = hash.as_bytes().ct_eq(kept.hash.as_bytes()).into();
    let expired = kept.expires_at <= tx.now;
    let code = rules::CodeTry { right, used: kept.used, tries: kept.tries, expired };
    match rules::try_code(&code) {
        // The row count decides between two who come with the same code at once.
        Ok(()) if store::spend_code(tx, kept.id)? => Ok(Ok(())),
        Ok(()) => Ok(Err(Refusal::CodeExpired)),
        Err(refusal) => {
            if matches!(refusal, Refusal::WrongCode(_)) {
                store::count_try(tx, kept.id)?;
            }
            Ok(Err(refusal))
        }
    }
}

fn code_hash(shop: &shop::Shop, id: Id<Code>, contact: &Contact, code: &str) -> String {
    shop.sign_hex("sign-in code", &format!("{id}\n{}\n{code}", contact.as_str()))
}

/// Tells somebody that they came in with a browser that never brought them, in case it was somebody
/// else.
fn signed_in(tx: &mut Tx, visitor: &Visitor, person: Id<Person>) -> Result<(), Failure> {
    if browser::knows(&shop::get(tx)?, &visitor.browser, person) {
        return Ok(());
    }
    notice::tell(tx, person, "signed_in", "account", 0, json!({}))
}

/// The mark somebody leaves in browsers.
pub(crate) fn mark_of(tx: &mut Tx, person: Id<Person>) -> Result<String, Failure> {
    Ok(browser::mark(&shop::get(tx)?, person))
}

/// What everybody who shares the visitor's device is counted together by.
pub(crate) fn marks(
    tx: &mut Tx,
    visitor: &Visitor,
    person: Id<Person>,
) -> Result<Vec<String>, Failure> {
    Ok(browser::together(&shop::get(tx)?, &visitor.browser, person))
}

/// Gives the visitor's browser to `person`.
fn come_in(tx: &mut Tx, visitor: &Visitor, person: Known, new: bool) -> Result<SignedIn, Failure> {
    let started = session::give(tx, visitor.session, &person)?;
    tx.tell(Fact::SignedIn { person: person.id })?;
    // A session that was somebody else's is gone, and nothing of it is handed on.
    let session_before = visitor.session.filter(|before| *before == started.session);
    let browser = browser::remembered(&shop::get(tx)?, &visitor.browser, person.id);
    Ok(SignedIn { person, new, started, session_before, browser })
}

/// Lets anybody in as one of the cast of a demo shop: `ann` is `ann@example.com`.
pub fn demo_sign_in(app: &App, visitor: &Visitor, name: &str) -> Result<SignedIn, Failure> {
    app.write_for(visitor, |tx| {
        if !shop::get(tx)?.demo {
            return Err(Failure::NotFound);
        }
        let contact = Contact::new(&format!("{name}@example.com"))?;
        let person = store::find_by_contact(tx, &contact)?.ok_or(Failure::NotFound)?;
        if store::may_not_come_in(tx, person.id)? {
            return Err(customer::Refusal::SignInBlocked.into());
        }
        come_in(tx, visitor, person, false)
    })
}

/// The person with this contact, made when there is none. Whether they are new.
pub fn find_or_create(
    tx: &mut Tx,
    contact: &Contact,
    name: Option<&str>,
    locale: &str,
) -> Result<(Known, bool), Failure> {
    if let Some(known) = store::find_by_contact(tx, contact)? {
        return Ok((known, false));
    }
    let name = match name {
        Some(name) => checked_name(name)?,
        None => letter::first_name(contact, locale),
    };
    let id: Id<Person> = tx.id();
    if store::add(tx, id, contact, &name, locale)? {
        tx.tell(Fact::PersonJoined { person: id })?;
        return Ok((Known::new(id, name, Role::Shopper), true));
    }
    // Another browser was first.
    Ok((store::find_by_contact(tx, contact)?.ok_or(Failure::Stale)?, false))
}

/// Who comes in with this contact, if anybody does.
pub(crate) fn find_contact(tx: &mut Tx, contact: &Contact) -> Result<Option<Known>, Failure> {
    store::find_by_contact(tx, contact)
}

/// Gives somebody a second contact, where they have none of its kind and nobody else has it.
/// Whether that changed anything.
pub(crate) fn add_contact(
    tx: &mut Tx,
    person: Id<Person>,
    contact: &Contact,
) -> Result<bool, Failure> {
    store::add_contact(tx, person, contact)
}

/// Gives somebody the name a file has, unless they came in since and call themselves something.
pub(crate) fn rename_imported(
    tx: &mut Tx,
    person: Id<Person>,
    name: &str,
) -> Result<bool, Failure> {
    store::rename_imported(tx, person, name)
}

/// The visitor's own person.
pub fn get(app: &App, visitor: &Visitor) -> Result<PersonView, Failure> {
    let person = visitor.reader()?;
    app.read(|tx| store::get(tx, person))
}

/// Somebody by id, for other actions.
pub fn find(tx: &mut Tx, person: Id<Person>) -> Result<PersonView, Failure> {
    store::get(tx, person)
}

/// Whoever has this contact.
pub fn by_contact(tx: &mut Tx, contact: &Contact) -> Result<Option<Id<Person>>, Failure> {
    Ok(store::find_by_contact(tx, contact)?.map(|known| known.id))
}

/// Changes what the visitor is called.
pub fn rename(app: &App, visitor: &Visitor, rename: Rename) -> Result<PersonView, Failure> {
    let person = visitor.shopper()?;
    let name = checked_name(&rename.name)?;
    app.write_for(visitor, |tx| {
        store::rename(tx, person, &name)?;
        store::get(tx, person)
    })
}

/// Forgets codes that ran out a while ago.
pub fn forget_codes(tx: &mut Tx, before: Moment) -> Result<u64, Failure> {
    store::forget_codes(tx, before)
}

/// One line that cannot pass for a contact or stretch the page.
pub(crate) fn checked_name(name: &str) -> Result<String, Failure> {
    let name = Name::new(name).map_err(|_| Refusal::BadName)?;
    let visible = name.as_str().chars().any(char::is_alphanumeric);
    if !visible || name.as_str().chars().count() > LONGEST_NAME {
        return Err(Refusal::BadName.into());
    }
    Ok(name.to_string())
}
