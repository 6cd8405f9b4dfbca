//! Personal tokens: what a program signs in with, for as much as its owner allows it.
//!
//! A token is shown once and kept as a hash. It never does more than its owner may now, and cannot
//! make other tokens: that takes a browser and a person.

mod store;

use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::person::{Refusal, Scope, Token};
use domain::text::Name;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::failure::Failure;
use crate::session::hashed;
use crate::{App, Known, Visitor, dice};

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

/// Who comes with this token, and what it allows.
pub fn find(app: &App, token: &str) -> Result<Option<(Known, Vec<Scope>)>, Failure> {
    if !token.starts_with(PREFIX) || token.len() != PREFIX.len() + LENGTH {
        return Ok(None);
    }
    let hash = hashed(token);
    let Some(found) = app.read(|tx| store::find(tx, &hash))? else { return Ok(None) };
    let now = app.now();
    let seen = found.last_used_at.is_some_and(|last| now.since(last).0 < LAST_USED.0);
    if !seen {
        app.write(|tx| store::used(tx, found.token, now.minus(LAST_USED)))?;
    }
    Ok(Some((found.person, found.scopes)))
}
