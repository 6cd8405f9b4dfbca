//! The second step of signing in: a code from an app on the phone (RFC 6238), or one that was
//! written down for the day the phone is gone.
//!
//! The secret is asked for once a first right code has proved that the app has it. A code is good
//! for its own half minute and the ones beside it, and for once: the step of the last code taken is
//! kept, and one conditional update decides between two who come with the same code. Tries are
//! counted, since six digits are few.

mod store;

use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::person::{CODE_WINDOW, PASSWORD_TRIES, Person, Refusal};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha1::Sha1;
use subtle::ConstantTimeEq;

use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Known, Visitor, dice, notice, passkey, session, shop, staff_act, tries};

/// How long a code is on the phone's display.
const STEP: Span = Span::seconds(30);
/// How many steps a clock may be off.
const BESIDE: i64 = 1;
/// The length RFC 4226 wants for its keys.
const SECRET: usize = 20;
const RECOVERY_CODES: usize = 10;
const RECOVERY_LENGTH: usize = 10;
/// How long somebody may take to find their phone.
const TICKET_LIFE: Span = Span::minutes(5);

/// How it stands with somebody's second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Since when it is asked for.
    pub since: Option<Moment>,
    /// How many of the written-down codes are left.
    pub recovery_left: i64,
}

/// A secret for an app, shown once.
#[derive(Clone, Debug)]
pub struct Begun {
    /// In base 32, as apps take it by hand.
    pub secret: String,
    /// `otpauth://…`, for a picture to scan.
    pub uri: String,
}

/// How it stands with the visitor's second factor.
pub fn standing(app: &App, visitor: &Visitor) -> Result<Standing, Failure> {
    let me = staff(visitor)?;
    app.read(|tx| store::standing(tx, me.id))
}

/// A new secret for the visitor's app. Nothing is asked for before it is confirmed.
pub fn begin(app: &App, visitor: &Visitor) -> Result<Begun, Failure> {
    let me = staff(visitor)?.clone();
    app.write_for(visitor, |tx| {
        let mut secret = vec![0; SECRET];
        tx.dice().fill(&mut secret);
        if !store::begin(tx, me.id, &secret)? {
            return Err(Failure::Stale);
        }
        let shop = shop::get(tx)?;
        let secret = base32(&secret);
        let uri = uri(&shop.name, &me.name, &secret);
        Ok(Begun { secret, uri })
    })
}

/// The secret that was begun and not confirmed, shown again after a wrong code.
pub fn begun(app: &App, visitor: &Visitor) -> Result<Option<Begun>, Failure> {
    let me = staff(visitor)?;
    app.read(|tx| {
        let Some(kept) = store::get(tx, me.id)?.filter(|kept| !kept.confirmed) else {
            return Ok(None);
        };
        let secret = base32(&kept.secret);
        let uri = uri(&shop::get(tx)?.name, &me.name, &secret);
        Ok(Some(Begun { secret, uri }))
    })
}

/// Asks for it from now on: the first code shows that the app has the secret. Ends the visitor's
/// other sessions and answers with the codes to write down, which are not shown again.
pub fn confirm(app: &App, visitor: &Visitor, typed: &str) -> Result<Vec<String>, Failure> {
    let me = staff(visitor)?;
    count(app, me.id)?;
    app.write_for(visitor, |tx| {
        let kept = store::get(tx, me.id)?.filter(|kept| !kept.confirmed).ok_or(Failure::Stale)?;
        let step = step_of(&kept.secret, &plain(typed), tx.now).ok_or(Refusal::WrongSecondCode)?;
        if !store::confirm(tx, me.id, step)? {
            return Err(Failure::Stale);
        }
        tries::forgive(tx, &bucket(me.id), CODE_WINDOW)?;
        session::end_others(tx, me.id, visitor.session)?;
        staff_act::record(tx, me.id, "second_factor.on", ("person", me.id.0), "")?;
        notice::tell(tx, me.id, "second_step_on", "account", 0, json!({}))?;
        write_down(tx, me.id)
    })
}

/// Asks for it no more. A code is needed, so that a console left open is not enough.
pub fn end(app: &App, visitor: &Visitor, typed: &str) -> Result<(), Failure> {
    let me = staff(visitor)?;
    count(app, me.id)?;
    app.write_for(visitor, |tx| {
        judge(tx, me.id, typed)?;
        forget(tx, me.id)?;
        notice::tell(tx, me.id, "second_step_off", "account", 0, json!({}))?;
        staff_act::record(tx, me.id, "second_factor.off", ("person", me.id.0), "")
    })
}

/// The same for whoever has the machine's terminal, when phone and paper are gone. Passkeys were on
/// the phone too.
pub fn end_from_terminal(app: &App, person: Id<Person>) -> Result<(), Failure> {
    app.write(|tx| {
        if store::get(tx, person)?.is_none() && !passkey::has_any(tx, person)? {
            return Err(Failure::NotFound);
        }
        forget(tx, person)?;
        passkey::forget(tx, person)?;
        session::end_all(tx, person)?;
        let about = ("person", person.0);
        notice::tell(tx, person, "second_step_off", "account", 0, json!({}))?;
        staff_act::record(tx, staff_act::TERMINAL, "second_factor.off", about, "")
    })
}

/// Whether somebody's password alone lets them in no more: for a code or a passkey.
pub fn is_set_up(tx: &mut Tx, person: Id<Person>) -> Result<bool, Failure> {
    Ok(is_on(tx, person)? || passkey::has_any(tx, person)?)
}

/// Whether somebody's second factor is asked for.
pub fn is_on(tx: &mut Tx, person: Id<Person>) -> Result<bool, Failure> {
    Ok(store::get(tx, person)?.is_some_and(|kept| kept.confirmed))
}

/// A ticket for somebody who gave the right password: with a code it lets them in.
pub(crate) fn ticket(tx: &mut Tx, person: Id<Person>) -> Result<String, Failure> {
    let token = dice::secret(tx.dice(), 48);
    store::add_ticket(tx, &session::hashed(&token), person, tx.now.plus(TICKET_LIFE))?;
    Ok(token)
}

/// Whose ticket it is.
pub(crate) fn holder(app: &App, ticket: &str) -> Result<Id<Person>, Failure> {
    let hash = session::hashed(ticket);
    let found = app.read(|tx| store::holder(tx, &hash))?;
    found.ok_or_else(|| Refusal::SignInAnew.into())
}

/// Spends a ticket and a code, or refuses both.
pub(crate) fn spend(
    tx: &mut Tx,
    ticket: &str,
    person: Id<Person>,
    typed: &str,
) -> Result<(), Failure> {
    judge(tx, person, typed)?;
    if !store::spend_ticket(tx, &session::hashed(ticket), person)? {
        return Err(Refusal::SignInAnew.into());
    }
    tries::forgive(tx, &bucket(person), CODE_WINDOW)
}

/// Counts a try, before it is judged and whatever comes of it.
pub(crate) fn count(app: &App, person: Id<Person>) -> Result<(), Failure> {
    app.write(|tx| tries::count(tx, &bucket(person), CODE_WINDOW, PASSWORD_TRIES))
}

/// Tickets of somebody who may no longer come in with what they knew.
pub(crate) fn take_tickets(tx: &mut Tx, person: Id<Person>) -> Result<(), Failure> {
    store::take_tickets(tx, person)
}

/// All that is kept of somebody's second factor.
pub(crate) fn forget(tx: &mut Tx, person: Id<Person>) -> Result<(), Failure> {
    store::forget(tx, person)
}

/// Forgets tickets that ran out.
pub fn purge(tx: &mut Tx) -> Result<u64, Failure> {
    store::purge(tx)
}

/// Takes a code, once: one from the app, or one that was written down.
fn judge(tx: &mut Tx, person: Id<Person>, typed: &str) -> Result<(), Failure> {
    let kept = store::get(tx, person)?.filter(|kept| kept.confirmed);
    let kept = kept.ok_or(Refusal::SignInAnew)?;
    let typed = plain(typed);
    let taken = match step_of(&kept.secret, &typed, tx.now) {
        Some(step) => store::take_step(tx, person, step)?,
        None => {
            let hash = recovery_hash(&shop::get(tx)?, person, &typed);
            store::take_recovery(tx, person, &hash)?
        }
    };
    if taken { Ok(()) } else { Err(Refusal::WrongSecondCode.into()) }
}

/// Ten new codes to write down.
fn write_down(tx: &mut Tx, person: Id<Person>) -> Result<Vec<String>, Failure> {
    let shop = shop::get(tx)?;
    let mut codes = Vec::new();
    for _ in 0..RECOVERY_CODES {
        let code = dice::secret(tx.dice(), RECOVERY_LENGTH);
        store::add_recovery(tx, person, &recovery_hash(&shop, person, &code))?;
        let (one, two) = code.split_at(RECOVERY_LENGTH / 2);
        codes.push(format!("{one}-{two}"));
    }
    Ok(codes)
}

fn recovery_hash(shop: &shop::Shop, person: Id<Person>, code: &str) -> String {
    shop.sign_hex("recovery code", &format!("{person}\n{code}"))
}

/// The visitor, when they sit at the console: a token has no phone.
fn staff(visitor: &Visitor) -> Result<&Known, Failure> {
    let person = visitor.person.as_ref().ok_or(Failure::SignInFirst)?;
    let here = person.role.is_staff() && visitor.scopes.is_none();
    if here { Ok(person) } else { Err(Failure::Forbidden) }
}

fn bucket(person: Id<Person>) -> String {
    format!("second-factor:{person}")
}

/// A code as it is meant: people put spaces and dashes into long ones.
fn plain(typed: &str) -> String {
    let kept = typed.chars().filter(|c| c.is_ascii_alphanumeric()).take(64);
    kept.map(|c| c.to_ascii_lowercase()).collect()
}

/// The step whose code was typed, when it is near enough.
fn step_of(secret: &[u8], typed: &str, now: Moment) -> Option<i64> {
    let here = now.0.div_euclid(STEP.0);
    (here - BESIDE..=here + BESIDE)
        .find(|step| code_at(secret, *step).as_bytes().ct_eq(typed.as_bytes()).into())
}

/// The code of a step, as RFC 6238 and RFC 4226 make it.
fn code_at(secret: &[u8], step: i64) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[19] & 15);
    let four = [hash[at] & 0x7f, hash[at + 1], hash[at + 2], hash[at + 3]];
    format!("{:06}", u32::from_be_bytes(four) % 1_000_000)
}

/// The code an app shows for a secret in base 32: what tests and terminals without a phone need.
pub fn code_for(secret: &str, now: Moment) -> String {
    code_at(&unbase32(secret), now.0.div_euclid(STEP.0))
}

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

fn base32(bytes: &[u8]) -> String {
    let mut text = String::new();
    let (mut bits, mut count) = (0_u32, 0);
    for byte in bytes {
        (bits, count) = (bits << 8 | u32::from(*byte), count + 8);
        while count >= 5 {
            count -= 5;
            text.push(char::from(BASE32[(bits >> count & 31) as usize]));
        }
        bits &= (1 << count) - 1;
    }
    if count > 0 {
        text.push(char::from(BASE32[(bits << (5 - count) & 31) as usize]));
    }
    text
}

fn unbase32(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for letter in text.bytes() {
        let Some(value) = BASE32.iter().position(|known| *known == letter) else { continue };
        (bits, count) = (bits << 5 | value as u32, count + 5);
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 255) as u8);
        }
        bits &= (1 << count) - 1;
    }
    bytes
}

fn uri(shop: &str, name: &str, secret: &str) -> String {
    let (shop, name) = (escaped(shop), escaped(name));
    format!("otpauth://totp/{shop}:{name}?secret={secret}&issuer={shop}")
}

fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, the last six of its eight digits.
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_at(b"12345678901234567890", seconds / 30), code, "{seconds}");
        }
    }

    #[test]
    fn secrets_are_written_as_apps_read_them() {
        // RFC 4648, section 10.
        for (bytes, text) in
            [("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foobar", "MZXW6YTBOI")]
        {
            assert_eq!(base32(bytes.as_bytes()), text);
            assert_eq!(unbase32(text), bytes.as_bytes());
        }
        let uri = uri("风车 & co", "zoe", "MZXW6");
        let shop = "%E9%A3%8E%E8%BD%A6%20%26%20co";
        assert_eq!(uri, format!("otpauth://totp/{shop}:zoe?secret=MZXW6&issuer={shop}"));
    }
}
