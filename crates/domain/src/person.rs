//! Shoppers and staff, and what each may do.

use serde::{Deserialize, Serialize};

use crate::id::Kind;
use crate::moment::Span;
pub use crate::role::{CustomRole, Grants, Level, Permission, Role};

/// Somebody with an account.
pub struct Person;
impl Kind for Person {
    const PREFIX: &'static str = "per";
}
crate::id::described!(Person);

/// A browser that visits, signed in or not.
pub struct Session;
impl Kind for Session {
    const PREFIX: &'static str = "ses";
}
crate::id::described!(Session);

/// A token a program signs in with.
pub struct Token;
impl Kind for Token {
    const PREFIX: &'static str = "tok";
}
crate::id::described!(Token);

/// What a token may be used for. A token never does more than its owner may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Scope {
    /// Read what the owner may see.
    #[serde(rename = "read")]
    Read,
    /// Shop as the owner: cart, orders, teams.
    #[serde(rename = "shop")]
    Shop,
    /// Change goods, stock, orders and group buys as staff.
    #[serde(rename = "manage")]
    Manage,
}

impl Scope {
    pub const ALL: [Scope; 3] = [Scope::Read, Scope::Shop, Scope::Manage];

    pub fn code(self) -> &'static str {
        match self {
            Scope::Read => "read",
            Scope::Shop => "shop",
            Scope::Manage => "manage",
        }
    }

    pub fn parse(code: &str) -> Option<Scope> {
        Scope::ALL.into_iter().find(|scope| scope.code() == code)
    }
}

/// A sign-in code: how long it lives and how often it may be tried.
pub const CODE_LIFE: Span = Span::minutes(10);
pub const CODE_TRIES: i64 = 5;
/// How many codes one contact may ask for within `CODE_WINDOW`.
pub const CODES_PER_CONTACT: i64 = 5;
/// How many codes one address on the network may ask for within `CODE_WINDOW`.
pub const CODES_PER_PLACE: i64 = 30;
pub const CODE_WINDOW: Span = Span::hours(1);
/// Wrong passwords for one name within `CODE_WINDOW` before it must wait.
pub const PASSWORD_TRIES: i64 = 10;
pub const SESSION_LIFE: Span = Span::days(30);
/// Staff sign in anew after this long.
pub const STAFF_SESSION_LIFE: Span = Span::hours(12);

/// Why somebody may not come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Neither an e-mail address nor a phone number.
    BadContact,
    /// The code is wrong or was used; this many tries are left.
    WrongCode(i64),
    /// The code is too old, or there is none.
    CodeExpired,
    TooManyCodes,
    TooManyTries,
    WrongPassword,
    /// The second code is wrong, or was used.
    WrongSecondCode,
    /// The ticket between password and second code ran out.
    SignInAnew,
    /// What a passkey's device sent is not for us, not signed, or cannot be read.
    BadPasskey,
    /// Nobody has this passkey here any more.
    UnknownPasskey,
    /// It took too long, or was sent before.
    PasskeyTooLate,
    /// Somebody has this passkey already.
    PasskeyTaken,
    /// A passkey is called by 1 to 60 letters.
    BadPasskeyName,
    /// One person has 20 at most.
    TooManyPasskeys,
    /// Browsers keep passkeys for names under https only, not for numbers.
    NoPasskeysHere,
    /// Fewer than 10 characters, or the same as the name.
    WeakPassword,
    /// Somebody has this contact already.
    Taken,
    /// A name of 1 to 255 characters is needed.
    BadName,
    /// A token has at least one known scope.
    BadScope,
    /// Nobody gives, changes or takes away more than they may do themselves, or their own role.
    RoleAboveYours,
    /// A role has a name of 1 to 60 characters and at least one known grant.
    BadRole,
    /// Another role has this name.
    RoleNameTaken,
    /// Somebody has this role still.
    RoleInUse,
}

/// What a code that was tried says.
pub struct CodeTry {
    pub right: bool,
    pub used: bool,
    pub tries: i64,
    pub expired: bool,
}

/// Whether a code lets its holder in.
pub fn try_code(code: &CodeTry) -> Result<(), Refusal> {
    if code.used || code.expired {
        return Err(Refusal::CodeExpired);
    }
    if code.tries >= CODE_TRIES {
        return Err(Refusal::TooManyTries);
    }
    if !code.right {
        return Err(Refusal::WrongCode(CODE_TRIES - code.tries - 1));
    }
    Ok(())
}

/// Whether a staff password is long enough to be one.
pub fn check_password(name: &str, password: &str) -> Result<(), Refusal> {
    let long_enough = (10..=200).contains(&password.chars().count());
    let is_name = password.eq_ignore_ascii_case(name);
    if long_enough && !is_name { Ok(()) } else { Err(Refusal::WeakPassword) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes() {
        let code = |right, used, tries, expired| try_code(&CodeTry { right, used, tries, expired });
        assert_eq!(code(true, false, 0, false), Ok(()));
        assert_eq!(code(false, false, 0, false), Err(Refusal::WrongCode(4)));
        assert_eq!(code(false, false, 4, false), Err(Refusal::WrongCode(0)));
        // A right code after too many tries stays shut: otherwise guessing would only take time.
        assert_eq!(code(true, false, 5, false), Err(Refusal::TooManyTries));
        assert_eq!(code(true, true, 0, false), Err(Refusal::CodeExpired));
        assert_eq!(code(true, false, 0, true), Err(Refusal::CodeExpired));
    }

    #[test]
    fn passwords() {
        assert_eq!(check_password("zoe", "short"), Err(Refusal::WeakPassword));
        assert_eq!(
            check_password("zoe@example.com", "ZOE@example.com"),
            Err(Refusal::WeakPassword)
        );
        assert_eq!(check_password("zoe", "a long enough one"), Ok(()));
    }
}
