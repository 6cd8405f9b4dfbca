//! Passkeys: a device signs what it is given, and nothing that could be told, guessed or fished for
//! goes over the line (Web Authentication Level 3).
//!
//! Its owner proves to the device that they are there, by finger, face or PIN, so that a passkey is
//! both steps of signing in at once: whoever has one gets in with it alone, and no longer with the
//! password alone. A challenge is taken before it is judged, so that each is tried once.

mod ceremony;
mod store;

use describe::ToSchema;
use domain::id::{Id, Kind};
use domain::moment::{Moment, Span};
use domain::person::{CODE_TRIES, CODE_WINDOW, CODES_PER_PLACE, Person, Refusal};
use domain::text::one_line;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::config::Config;
use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Known, Visitor, dice, notice, session, shop, staff_act, tries};

use ceremony::{Asked, Party};

/// A key of somebody's.
pub struct Passkey;
impl Kind for Passkey {
    const PREFIX: &'static str = "psk";
}
domain::id::described!(Passkey);

/// How long somebody may take to find their device.
const CHALLENGE_LIFE: Span = Span::minutes(5);
/// How many letters of chance are signed; 16 bytes is the least the standard has.
const CHALLENGE_LENGTH: usize = 48;
/// How many keys one person may have.
const MOST: i64 = 20;
/// How many letters a key may be called by.
const LONGEST_NAME: usize = 60;

/// A key as its owner sees it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PasskeyView {
    pub id: Id<Passkey>,
    pub name: String,
    /// Whether it is kept with a provider and so on more than one device.
    pub synced: bool,
    pub created_at: Moment,
    pub last_used_at: Option<Moment>,
}

/// What a browser is to make a key for, in the words of `PublicKeyCredentialCreationOptionsJSON`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewPasskeyOptions {
    pub challenge: String,
    pub rp: PasskeyShop,
    pub user: PasskeyUser,
    pub pub_key_cred_params: Vec<PasskeyKind>,
    /// The keys there are, so that no device makes a second one.
    pub exclude_credentials: Vec<PasskeyName>,
    pub authenticator_selection: PasskeyWish,
    /// Always `none`: who made the device is not asked.
    pub attestation: String,
    /// In milliseconds.
    pub timeout: i64,
}

/// The shop a key is for.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PasskeyShop {
    pub id: String,
    pub name: String,
}

/// Whose key it will be.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PasskeyUser {
    /// Says nothing about anybody to whoever finds the device.
    pub id: String,
    pub name: String,
    pub display_name: String,
}

/// A kind of key, by its number in COSE.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PasskeyKind {
    /// Always `public-key`.
    #[serde(rename = "type")]
    pub kind: String,
    pub alg: i64,
}

/// A key by the name its device gave it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PasskeyName {
    /// Always `public-key`.
    #[serde(rename = "type")]
    pub kind: String,
    pub id: String,
}

/// What is wanted of the device.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PasskeyWish {
    /// Always `required`: the device knows whose key it is.
    pub resident_key: String,
    /// Always `required`: its owner proves that they are there.
    pub user_verification: String,
}

/// What a browser is to sign, in the words of `PublicKeyCredentialRequestOptionsJSON`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PasskeyOptions {
    pub challenge: String,
    pub rp_id: String,
    /// Always `required`.
    pub user_verification: String,
    /// In milliseconds.
    pub timeout: i64,
}

/// A key that a browser made, as `PublicKeyCredential.toJSON()` says it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AddPasskey {
    /// What it shall be called.
    pub name: String,
    pub response: PasskeyMade,
}

/// The answer of the device that made it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PasskeyMade {
    #[serde(rename = "clientDataJSON")]
    pub client_data: String,
    #[serde(rename = "attestationObject")]
    pub attestation: String,
}

/// What a browser signed, as `PublicKeyCredential.toJSON()` says it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SignInWithPasskey {
    /// The key's name.
    pub id: String,
    pub response: PasskeySigned,
}

/// The answer of the device that signed.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PasskeySigned {
    #[serde(rename = "clientDataJSON")]
    pub client_data: String,
    #[serde(rename = "authenticatorData")]
    pub authenticator_data: String,
    pub signature: String,
    #[serde(default, rename = "userHandle")]
    pub user_handle: Option<String>,
}

/// Another name for a key.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RenamePasskey {
    pub name: String,
}

/// The visitor's keys, the newest first.
pub fn list(app: &App, visitor: &Visitor) -> Result<Vec<PasskeyView>, Failure> {
    let me = here(visitor)?.id;
    app.read(|tx| store::list(tx, me))
}

/// The address whose pages browsers keep keys for, if they do.
pub fn origin(config: &Config) -> Option<String> {
    Party::of(&config.base_url).map(|party| party.origins.concat())
}

/// Begins a new key.
pub fn begin(app: &App, visitor: &Visitor) -> Result<NewPasskeyOptions, Failure> {
    let (me, party) = (here(visitor)?, party(app)?);
    count(app, visitor)?;
    app.write_for(visitor, |tx| {
        if store::count(tx, me.id)? >= MOST {
            return Err(Refusal::TooManyPasskeys.into());
        }
        let challenge = challenge(tx, Some(me.id))?;
        let shop = shop::get(tx)?;
        let kind = |alg: &i64| PasskeyKind { kind: KEY.into(), alg: *alg };
        let named = |id: Vec<u8>| PasskeyName { kind: KEY.into(), id: ceremony::text(&id) };
        Ok(NewPasskeyOptions {
            challenge,
            rp: PasskeyShop { id: party.id.clone(), name: shop.name.clone() },
            user: PasskeyUser {
                id: ceremony::text(&handle(&shop, me.id)),
                name: store::contact(tx, me.id)?,
                display_name: me.name.clone(),
            },
            pub_key_cred_params: ceremony::KINDS.iter().map(kind).collect(),
            exclude_credentials: store::names(tx, me.id)?.into_iter().map(named).collect(),
            authenticator_selection: PasskeyWish {
                resident_key: REQUIRED.into(),
                user_verification: REQUIRED.into(),
            },
            attestation: "none".into(),
            timeout: CHALLENGE_LIFE.0 / 1_000,
        })
    })
}

const KEY: &str = "public-key";
const REQUIRED: &str = "required";

/// Keeps a key that the visitor's browser made. Their other sessions end: from now on there is a
/// better way in, and whoever came in by a worse one shall use it.
pub fn add(app: &App, visitor: &Visitor, add: &AddPasskey) -> Result<PasskeyView, Failure> {
    let (me, party) = (here(visitor)?, party(app)?);
    let name = checked_name(&add.name)?;
    let client_data = ceremony::bytes(&add.response.client_data)?;
    let challenge = ceremony::challenge(&client_data, Asked::Create, &party)?;
    take(app, &challenge, Some(me.id))?;
    let object = ceremony::bytes(&add.response.attestation)?;
    let said = ceremony::said(&ceremony::attested(&object)?, &party)?;
    let made = said.made.as_ref().ok_or(Refusal::BadPasskey)?;
    app.write_for(visitor, |tx| {
        if store::count(tx, me.id)? >= MOST {
            return Err(Refusal::TooManyPasskeys.into());
        }
        let id = tx.id();
        if !store::add(tx, id, me.id, &name, &said, made)? {
            return Err(Refusal::PasskeyTaken.into());
        }
        session::end_others(tx, me.id, visitor.session)?;
        notice::tell(tx, me.id, "passkey_added", "account", 0, json!({}))?;
        written(tx, me, "passkey.add", &name)?;
        store::get(tx, id, me.id)
    })
}

/// Calls a key something else.
pub fn rename(
    app: &App,
    visitor: &Visitor,
    id: Id<Passkey>,
    rename: &RenamePasskey,
) -> Result<PasskeyView, Failure> {
    let me = here(visitor)?.id;
    let name = checked_name(&rename.name)?;
    app.write_for(visitor, |tx| {
        store::rename(tx, id, me, &name)?;
        store::get(tx, id, me)
    })
}

/// Takes a key away: it opens nothing from now on.
pub fn remove(app: &App, visitor: &Visitor, id: Id<Passkey>) -> Result<(), Failure> {
    let me = here(visitor)?;
    app.write_for(visitor, |tx| {
        let gone = store::get(tx, id, me.id)?;
        store::remove(tx, id)?;
        notice::tell(tx, me.id, "passkey_removed", "account", 0, json!({}))?;
        written(tx, me, "passkey.remove", &gone.name)
    })
}

/// Something to sign, for whoever wants to come in.
pub fn ask(app: &App, visitor: &Visitor) -> Result<PasskeyOptions, Failure> {
    let party = party(app)?;
    count(app, visitor)?;
    app.write_for(visitor, |tx| {
        Ok(PasskeyOptions {
            challenge: challenge(tx, None)?,
            rp_id: party.id.clone(),
            user_verification: REQUIRED.into(),
            timeout: CHALLENGE_LIFE.0 / 1_000,
        })
    })
}

/// A signature that was read and whose challenge was taken; whose it is, a transaction judges.
pub(crate) struct Read {
    credential: Vec<u8>,
    said: ceremony::Said,
    authenticator_data: Vec<u8>,
    client_data: Vec<u8>,
    signature: Vec<u8>,
    handle: Vec<u8>,
}

/// Reads what was signed and takes its challenge.
pub(crate) fn read(app: &App, sign_in: &SignInWithPasskey) -> Result<Read, Failure> {
    let party = party(app)?;
    let response = &sign_in.response;
    let client_data = ceremony::bytes(&response.client_data)?;
    let challenge = ceremony::challenge(&client_data, Asked::Get, &party)?;
    take(app, &challenge, None)?;
    let authenticator_data = ceremony::bytes(&response.authenticator_data)?;
    Ok(Read {
        credential: ceremony::bytes(&sign_in.id)?,
        said: ceremony::said(&authenticator_data, &party)?,
        authenticator_data,
        client_data,
        signature: ceremony::bytes(&response.signature)?,
        handle: ceremony::bytes(response.user_handle.as_deref().unwrap_or_default())?,
    })
}

/// Whose signature it is. Keeps the key's count, which one of two copies of it cannot follow.
pub(crate) fn spend(tx: &mut Tx, read: &Read) -> Result<Id<Person>, Failure> {
    let kept = store::find(tx, &read.credential)?.ok_or(Refusal::UnknownPasskey)?;
    let theirs = read.handle == handle(&shop::get(tx)?, kept.person);
    let (said, client_data) = (&read.authenticator_data, &read.client_data);
    let signed = ceremony::signed(&kept.public_key, said, client_data, &read.signature);
    if !theirs || !signed {
        return Err(Refusal::BadPasskey.into());
    }
    if !ceremony::follows(kept.sign_count, read.said.sign_count) {
        tracing::warn!(passkey = %kept.id, "a passkey counts backwards: there may be a copy of it");
        return Err(Refusal::BadPasskey.into());
    }
    store::used(tx, kept.id, &read.said)?;
    Ok(kept.now)
}

/// Whether somebody has a key.
pub fn has_any(tx: &mut Tx, person: Id<Person>) -> Result<bool, Failure> {
    Ok(store::count(tx, person)? > 0)
}

/// All keys of somebody who may no longer come in with them.
pub(crate) fn forget(tx: &mut Tx, person: Id<Person>) -> Result<(), Failure> {
    store::forget(tx, person)
}

/// Forgets challenges that ran out.
pub fn purge(tx: &mut Tx) -> Result<u64, Failure> {
    store::purge(tx)
}

fn party(app: &App) -> Result<Party, Failure> {
    Party::of(&app.config.base_url).ok_or_else(|| Refusal::NoPasskeysHere.into())
}

/// The visitor, when they sit at a browser: a program has no finger.
fn here(visitor: &Visitor) -> Result<&Known, Failure> {
    let person = visitor.person.as_ref().ok_or(Failure::SignInFirst)?;
    if visitor.scopes.is_none() { Ok(person) } else { Err(Failure::Forbidden) }
}

/// What a device knows somebody by: the same each time, and nothing to anybody else.
fn handle(shop: &shop::Shop, person: Id<Person>) -> Vec<u8> {
    shop.sign("passkey", &person.to_string())
}

fn checked_name(name: &str) -> Result<String, Failure> {
    let name = one_line(name);
    let fits = (1..=LONGEST_NAME).contains(&name.chars().count());
    if fits { Ok(name) } else { Err(Refusal::BadPasskeyName.into()) }
}

fn challenge(tx: &mut Tx, person: Option<Id<Person>>) -> Result<String, Failure> {
    let drawn = dice::secret(tx.dice(), CHALLENGE_LENGTH);
    let until = tx.now.plus(CHALLENGE_LIFE);
    store::add_challenge(tx, &session::hashed(&ceremony::text(drawn.as_bytes())), person, until)?;
    Ok(ceremony::text(drawn.as_bytes()))
}

/// Takes a challenge, in a transaction of its own: a refusal of the rest does not give it back.
fn take(app: &App, challenge: &str, person: Option<Id<Person>>) -> Result<(), Failure> {
    let hash = session::hashed(challenge);
    let taken = app.write(|tx| {
        planted!("passkey_twice", return store::there(tx, &hash, person));
        store::take_challenge(tx, &hash, person)
    })?;
    if taken { Ok(()) } else { Err(Refusal::PasskeyTooLate.into()) }
}

/// Nobody fills the table: what is handed out is counted by place.
fn count(app: &App, visitor: &Visitor) -> Result<(), Failure> {
    let bucket = format!("passkey-from:{}", visitor.place);
    let most = CODES_PER_PLACE * CODE_TRIES;
    app.write(|tx| tries::count(tx, &bucket, CODE_WINDOW, most))
}

/// What changes who may work here stands in the log of staff.
fn written(tx: &mut Tx, me: &Known, action: &str, name: &str) -> Result<(), Failure> {
    if !me.role.is_staff() {
        return Ok(());
    }
    staff_act::record(tx, me.id, action, ("person", me.id.0), name)
}
