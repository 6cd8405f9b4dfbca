//! Personal tokens: what a program signs in with, for as much as its owner allows it.
//!
//! A token is shown once and kept as a hash. It never does more than its owner may now, and cannot
//! make other tokens: that takes a browser and a person.

mod store;

use std::sync::Arc;

use describe::ToSchema;
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::person::{Refusal, Scope, Token};
use domain::text::Name;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::failure::Failure;
use crate::lane::{Aside, Lane};
use crate::session::hashed;
use crate::{App, Known, Visitor, dice, notice};

pub(crate) const PREFIX: &str = "pw_";
pub(crate) const LENGTH: usize = 48;
/// How many tokens one person may have at a time.
const MOST: i64 = 50;
/// How exactly we remember when a token was used: a write for every request would be too much.
const LAST_USED: Span = Span::minutes(1);

/// A token to be made.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    pub scopes: Vec<Scope>,
}

/// A token as its owner sees it: never the token itself.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TokenView {
    pub id: Id<Token>,
    pub name: String,
    /// Its end, to tell it from others: `…x7k2`.
    pub hint: String,
    pub scopes: Vec<Scope>,
    pub created_at: Moment,
    pub last_used_at: Option<Moment>,
    pub revoked_at: Option<Moment>,
}

/// A token just made, with the only sight of it there is.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct FreshToken {
    pub token: String,
    pub view: TokenView,
}

/// Makes a token for the visitor.
pub fn make(app: &App, visitor: &Visitor, new: NewToken) -> Result<FreshToken, Failure> {
    let person = visitor.shopper()?;
    // A token would outlive the second step that is still owed.
    if visitor.scopes.is_some() || visitor.owes_second_factor {
        return Err(Failure::Forbidden);
    }
    let name = Name::new(&new.name).map_err(|_| Refusal::BadName)?;
    let scopes: Vec<Scope> =
        Scope::ALL.into_iter().filter(|scope| new.scopes.contains(scope)).collect();
    if scopes.is_empty() {
        return Err(Refusal::BadScope.into());
    }
    app.write_for(visitor, |tx| {
        if store::count(tx, person)? >= MOST {
            return Err(Failure::TooMany { retry_after: 3600 });
        }
        let token = format!("{PREFIX}{}", dice::secret(tx.dice(), LENGTH));
        let view = TokenView {
            id: tx.id(),
            name: name.to_string(),
            hint: format!("…{}", &token[token.len() - 4..]),
            scopes: scopes.clone(),
            created_at: tx.now,
            last_used_at: None,
            revoked_at: None,
        };
        store::add(tx, person, &view, &hashed(&token))?;
        notice::tell(tx, person, "token_made", "account", 0, json!({}))?;
        Ok(FreshToken { token, view })
    })
}

/// The visitor's tokens that still work, the latest first.
pub fn list(app: &App, visitor: &Visitor) -> Result<Vec<TokenView>, Failure> {
    let person = visitor.reader()?;
    app.read(|tx| store::list(tx, person))
}

/// Makes one of the visitor's tokens useless for ever. A program may give up a token too.
pub fn revoke(app: &App, visitor: &Visitor, token: Id<Token>) -> Result<(), Failure> {
    let person = visitor.person.as_ref().ok_or(Failure::SignInFirst)?.id;
    app.write_for(visitor, |tx| store::revoke(tx, person, token))
}

/// Who comes with a token, and what it allows; nobody for one that does not work.
pub type Found = Option<(Known, Vec<Scope>)>;

/// Finds who comes with this token. Those who come at once are looked for together.
pub fn find(app: &App, token: &str) -> Result<Found, Failure> {
    if !is_one(token) {
        return Ok(None);
    }
    app.callers.run(hashed(token), |hashes| find_all(app, hashes))
}

/// The same for a caller whose thread must not wait: `told` gets the answer.
pub fn find_aside(
    app: &Arc<App>,
    token: &str,
    aside: Aside,
    told: impl FnOnce(Result<Found, Failure>) + Send + 'static,
) {
    if !is_one(token) {
        return told(Ok(None));
    }
    Lane::run_aside(app, |app| &app.callers, hashed(token), find_all, aside, told);
}

fn is_one(text: &str) -> bool {
    text.starts_with(PREFIX) && text.len() == PREFIX.len() + LENGTH
}

fn find_all(app: &App, hashes: &[String]) -> Vec<Result<Found, Failure>> {
    match find_together(app, hashes) {
        Ok(found) => found.into_iter().map(Ok).collect(),
        // The database is away. Nobody is to wait for it once more for each of the others.
        Err(Failure::Unavailable) => hashes.iter().map(|_| Err(Failure::Unavailable)).collect(),
        // Each tries alone, so that each is told what went wrong.
        Err(_) => hashes
            .iter()
            .map(|hash| Ok(find_together(app, std::slice::from_ref(hash))?.pop().flatten()))
            .collect(),
    }
}

fn find_together(app: &App, hashes: &[String]) -> Result<Vec<Found>, Failure> {
    let found = app.read(|tx| store::find(tx, hashes))?;
    let now = app.now();
    let seen = |last: Moment| now.since(last).0 < LAST_USED.0;
    let used: Vec<Id<Token>> = found
        .values()
        .filter(|found| !found.last_used_at.is_some_and(seen))
        .map(|found| found.token)
        .collect();
    if !used.is_empty() {
        let before = now.minus(LAST_USED);
        app.write(|tx| used.iter().try_for_each(|token| store::used(tx, *token, before)))?;
    }
    let whose = |hash: &String| found.get(hash).map(|one| (one.person.clone(), one.scopes.clone()));
    Ok(hashes.iter().map(whose).collect())
}
