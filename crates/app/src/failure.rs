//! The ways an action can fail, told once for pages, JSON and jobs alike.
//!
//! `Refusal` is the rules' no and lives in the domain, one enum a context; here it becomes a stable
//! `code` (a contract: `group_buy.full`) with what the visitor needs to know.

use domain::{catalog, inventory, ledger, payment, person, place, review, share};
use serde_json::{Value, json};

mod codes;
mod games;
mod told;
mod trade;
mod won;

pub use codes::CODES;

/// The only error an action returns.
#[derive(Clone, Debug)]
pub enum Failure {
    /// There is no such thing, or not for this visitor.
    NotFound,
    /// Only somebody who is signed in can do that.
    SignInFirst,
    /// The visitor's role or token does not allow it.
    Forbidden,
    /// The rules say no.
    Refused(Refused),
    /// Somebody else changed it since the visitor saw it.
    Stale,
    /// An idempotency key is needed, or came back with another request.
    Key(KeyProblem),
    /// Too often; try again after so many seconds.
    TooMany { retry_after: i64 },
    /// The disk is full or the database is away; nothing was done.
    Unavailable,
    /// Our side broke; the visitor is told only that.
    Broken(String),
}

impl Failure {
    /// Whether it is an answer to what was asked, and not a failure of ours to answer.
    pub fn is_answer(&self) -> bool {
        !matches!(self, Failure::Unavailable | Failure::Broken(_))
    }
}

/// A refusal with its stable code.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    pub code: &'static str,
    /// What the message needs, by name: `{"left": 3}`.
    pub args: Value,
    /// The field of the input it is about, when it is about one.
    pub field: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyProblem {
    Missing,
    /// Not 16 to 255 visible characters.
    Malformed,
    Reused,
}

impl Failure {
    pub fn refused(code: &'static str) -> Failure {
        Failure::Refused(Refused { code, args: json!({}), field: None })
    }

    pub fn with(code: &'static str, args: Value) -> Failure {
        Failure::Refused(Refused { code, args, field: None })
    }

    pub fn field(code: &'static str, field: &'static str) -> Failure {
        Failure::Refused(Refused { code, args: json!({}), field: Some(field) })
    }

    pub fn broken(why: impl std::fmt::Display) -> Failure {
        Failure::Broken(why.to_string())
    }

    /// The stable code, also where it is not a refusal.
    pub fn code(&self) -> &'static str {
        match self {
            Failure::NotFound => "not_found",
            Failure::SignInFirst => "sign_in_first",
            Failure::Forbidden => "forbidden",
            Failure::Refused(refused) => refused.code,
            Failure::Stale => "stale",
            Failure::Key(KeyProblem::Missing) => "idempotency.missing",
            Failure::Key(KeyProblem::Malformed) => "idempotency.malformed",
            Failure::Key(KeyProblem::Reused) => "idempotency.reused",
            Failure::TooMany { .. } => "too_many",
            Failure::Unavailable => "unavailable",
            Failure::Broken(_) => "broken",
        }
    }
}

impl From<person::Refusal> for Failure {
    fn from(refusal: person::Refusal) -> Self {
        use person::Refusal::*;
        match refusal {
            BadContact => Failure::field("person.bad_contact", "contact"),
            WrongCode(left) => Failure::Refused(Refused {
                code: "person.wrong_code",
                args: json!({ "left": left }),
                field: Some("code"),
            }),
            CodeExpired => Failure::field("person.code_expired", "code"),
            TooManyCodes => Failure::refused("person.too_many_codes"),
            TooManyTries => Failure::refused("person.too_many_tries"),
            WrongPassword => Failure::field("person.wrong_password", "password"),
            WrongSecondCode => Failure::field("person.wrong_second_code", "code"),
            SignInAnew => Failure::field("person.sign_in_anew", "code"),
            BadPasskey => Failure::refused("person.bad_passkey"),
            UnknownPasskey => Failure::refused("person.unknown_passkey"),
            PasskeyTooLate => Failure::refused("person.passkey_too_late"),
            PasskeyTaken => Failure::refused("person.passkey_taken"),
            BadPasskeyName => Failure::field("person.bad_passkey_name", "name"),
            TooManyPasskeys => Failure::refused("person.too_many_passkeys"),
            NoPasskeysHere => Failure::refused("person.no_passkeys_here"),
            WeakPassword => Failure::field("person.weak_password", "password"),
            Taken => Failure::field("person.taken", "contact"),
            BadName => Failure::field("person.bad_name", "name"),
            BadScope => Failure::field("person.bad_scope", "scopes"),
            RoleAboveYours => Failure::refused("person.role_above_yours"),
            BadRole => Failure::field("person.bad_role", "role"),
            RoleNameTaken => Failure::field("person.role_name_taken", "name"),
            RoleInUse => Failure::refused("person.role_in_use"),
        }
    }
}

impl From<catalog::Refusal> for Failure {
    fn from(refusal: catalog::Refusal) -> Self {
        use catalog::Refusal::*;
        match refusal {
            BadTitle => Failure::field("catalog.bad_title", "title"),
            BadHandle => Failure::field("catalog.bad_handle", "handle"),
            HandleTaken => Failure::field("catalog.handle_taken", "handle"),
            BadPrice => Failure::field("catalog.bad_price", "price"),
            BadOptions => Failure::field("catalog.bad_options", "options"),
            BadPicture => Failure::field("catalog.bad_picture", "picture"),
            NotForSale => Failure::refused("catalog.not_for_sale"),
            Stale => Failure::Stale,
            NoSuchCategory => Failure::field("catalog.no_such_category", "category"),
            NotAProductFile => Failure::field("catalog.not_a_product_file", "file"),
        }
    }
}

impl From<inventory::Refusal> for Failure {
    fn from(refusal: inventory::Refusal) -> Self {
        use inventory::Refusal::*;
        match refusal {
            OnlyLeft(left) => Failure::with("inventory.only_left", json!({ "left": left })),
            BadQuantity => Failure::field("inventory.bad_quantity", "quantity"),
            NoReason => Failure::field("inventory.no_reason", "reason"),
        }
    }
}

impl From<place::BadAddress> for Failure {
    fn from(bad: place::BadAddress) -> Self {
        use place::BadAddress::*;
        Failure::field(
            "order.bad_address",
            match bad {
                Name => "name",
                Phone => "phone",
                Country => "country",
                Region => "region",
                City => "city",
                Line1 => "line1",
                TooLong => "address",
            },
        )
    }
}

impl From<payment::Refusal> for Failure {
    fn from(refusal: payment::Refusal) -> Self {
        use payment::Refusal::*;
        match refusal {
            NotPayable(status) => Failure::with("payment.not_payable", json!({ "status": status })),
            BadSignature => Failure::refused("payment.bad_signature"),
            BadNotice => Failure::refused("payment.bad_notice"),
            ProviderDown => Failure::refused("payment.provider_down"),
            NoSuchMethod => Failure::field("payment.no_such_method", "method"),
            NoProof => Failure::field("payment.no_proof", "proof"),
        }
    }
}

impl From<review::Refusal> for Failure {
    fn from(refusal: review::Refusal) -> Self {
        use review::Refusal::*;
        match refusal {
            NotReceived(status) => {
                Failure::with("review.not_received", json!({ "status": status }))
            }
            TooLate => Failure::refused("review.too_late"),
            Written => Failure::refused("review.written"),
            BadStars => Failure::field("review.bad_stars", "stars"),
            BadText => Failure::field("review.bad_text", "text"),
            TooManyPictures => Failure::field("review.too_many_pictures", "pictures"),
            OwnReview => Failure::refused("review.own"),
            Hidden => Failure::refused("review.hidden"),
            Nothing => Failure::refused("review.not_now"),
            NoReason => Failure::field("review.no_reason", "reason"),
            BuysPraise => Failure::field("review.buys_praise", "text"),
        }
    }
}

impl From<share::Refusal> for Failure {
    fn from(_: share::Refusal) -> Self {
        Failure::refused("share.bad_code")
    }
}

impl From<ledger::Refusal> for Failure {
    fn from(refusal: ledger::Refusal) -> Self {
        Failure::refused(match refusal {
            ledger::Refusal::Unbalanced => "ledger.unbalanced",
            ledger::Refusal::BelowFloor => "ledger.below_floor",
            ledger::Refusal::HoldSpent => "ledger.hold_spent",
        })
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Failure::broken(error)
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Failure::Refused(refused) => write!(f, "{} {}", refused.code, refused.args),
            Failure::Broken(why) => write!(f, "broken: {why}"),
            other => f.write_str(other.code()),
        }
    }
}

impl std::error::Error for Failure {}
