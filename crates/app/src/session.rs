//! Browsers: who a cookie belongs to.
//!
//! A token is 48 characters of chance, kept as a hash only. Signing in gives the browser another
//! token and another form key, so that whoever knew the old ones knows nothing; a guest's session
//! keeps its id, and with it the cart and the visits that hang on it.

mod store;

use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::person::{Role, SESSION_LIFE, STAFF_SESSION_LIFE, Session};
use sha2::{Digest, Sha256};

use crate::db::Tx;
use crate::dice;
use crate::failure::Failure;
use crate::{App, Known, Visitor};

/// A token that cannot be guessed: 48 letters of 5 bits.
const TOKEN_LENGTH: usize = 48;

/// A session as it was begun: the token goes into the cookie and is never seen again.
#[derive(Clone, Debug)]
pub struct Started {
    pub session: Id<Session>,
    pub token: String,
    /// What every form of this session carries.
    pub csrf: String,
    pub expires_at: Moment,
}

/// Whose cookie it is.
#[derive(Clone, Debug)]
pub struct SessionFound {
    pub session: Id<Session>,
    pub csrf: String,
    pub person: Option<Known>,
    pub expires_at: Moment,
    /// It was made to last longer just now: the cookie should too.
    pub renewed: bool,
}

/// The session of a cookie's token, unless it ran out.
pub fn find(app: &App, token: &str) -> Result<Option<SessionFound>, Failure> {
    if token.len() != TOKEN_LENGTH {
        return Ok(None);
    }
    let hash = hashed(token);
    let Some(mut found) = app.read(|tx| store::find(tx, &hash))? else {
        return Ok(None);
    };
    // Shoppers who come back stay signed in; staff sign in anew every day.
    let staff = found.person.as_ref().is_some_and(|person| person.role.is_staff());
    let now = app.now();
    if !staff && found.expires_at.since(now).0 < SESSION_LIFE.0 / 2 {
        let until = now.plus(SESSION_LIFE);
        app.write(|tx| store::renew(tx, found.session, until))?;
        found.expires_at = until;
        found.renewed = true;
    }
    Ok(Some(found))
}

/// Begins the session of a browser nobody has signed in with.
pub fn start_guest(app: &App) -> Result<Started, Failure> {
    app.write(|tx| {
        let started = draw(tx, tx.id(), SESSION_LIFE);
        store::add(tx, &started, &hashed(&started.token), None)?;
        Ok(started)
    })
}

/// Gives the browser to `person`: the guest's session with a new token, or else a new session.
pub(crate) fn give(
    tx: &mut Tx,
    before: Option<Id<Session>>,
    person: &Known,
) -> Result<Started, Failure> {
    let life = life_of(person.role);
    if let Some(guest) = before {
        let started = draw(tx, guest, life);
        if store::take_over(tx, &started, &hashed(&started.token), person.id)? {
            return Ok(started);
        }
        // Somebody was signed in: what hangs on their session is not for the next one.
        store::end(tx, guest)?;
    }
    let started = draw(tx, tx.id(), life);
    store::add(tx, &started, &hashed(&started.token), Some(person.id))?;
    Ok(started)
}

/// Ends the visitor's session.
pub fn sign_out(app: &App, visitor: &Visitor) -> Result<(), Failure> {
    let Some(session) = visitor.session else { return Ok(()) };
    app.write_for(visitor, |tx| store::end(tx, session))
}

/// Ends every session of somebody who may no longer do what they could.
pub(crate) fn end_all(tx: &mut Tx, person: Id<domain::person::Person>) -> Result<(), Failure> {
    store::end_all(tx, person)
}

/// Ends the other sessions of somebody whose way in has changed.
pub(crate) fn end_others(
    tx: &mut Tx,
    person: Id<domain::person::Person>,
    keep: Option<Id<Session>>,
) -> Result<u64, Failure> {
    store::end_others(tx, person, keep)
}

/// A browser somebody is signed in with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionView {
    /// Whether it is the one they sit at.
    pub here: bool,
    pub began_at: Moment,
    pub expires_at: Moment,
}

/// Where the visitor is signed in, the newest first.
pub fn list(app: &App, visitor: &Visitor) -> Result<Vec<SessionView>, Failure> {
    let me = visitor.person.as_ref().ok_or(Failure::SignInFirst)?.id;
    app.read(|tx| store::list(tx, me, visitor.session))
}

/// Ends the visitor's sessions elsewhere, and says how many there were.
pub fn sign_out_elsewhere(app: &App, visitor: &Visitor) -> Result<u64, Failure> {
    let me = visitor.person.as_ref().ok_or(Failure::SignInFirst)?.id;
    app.write_for(visitor, |tx| store::end_others(tx, me, visitor.session))
}

/// Forgets sessions that ran out.
pub fn purge(tx: &mut Tx) -> Result<u64, Failure> {
    store::purge(tx)
}

fn life_of(role: Role) -> Span {
    if role.is_staff() { STAFF_SESSION_LIFE } else { SESSION_LIFE }
}

fn draw(tx: &Tx, session: Id<Session>, life: Span) -> Started {
    Started {
        session,
        token: dice::secret(tx.dice(), TOKEN_LENGTH),
        csrf: dice::secret(tx.dice(), 32),
        expires_at: tx.now.plus(life),
    }
}

/// What is kept of a token. It has 240 bits of chance, so a plain hash is enough.
pub(crate) fn hashed(token: &str) -> String {
    let digest = Sha256::digest(token.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
