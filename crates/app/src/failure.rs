//! The ways an action can fail, told once for pages, JSON and jobs alike.
//!
//! `Refusal` is the rules' no and lives in the domain, one enum a context; here it becomes a stable
//! `code` (a contract: `group_buy.full`) with what the visitor needs to know.

use domain::{catalog, inventory, ledger, payment, person, place, review, share};
use serde_json::{Value, json};

mod told;
mod trade;

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

/// Every code a refusal can have: the pages of both languages and the reference must know each.
pub const CODES: &[&str] = &[
    "person.bad_contact",
    "person.wrong_code",
    "person.code_expired",
    "person.too_many_codes",
    "person.too_many_tries",
    "person.wrong_password",
    "person.wrong_second_code",
    "person.sign_in_anew",
    "person.bad_passkey",
    "person.unknown_passkey",
    "person.passkey_too_late",
    "person.passkey_taken",
    "person.bad_passkey_name",
    "person.too_many_passkeys",
    "person.no_passkeys_here",
    "person.weak_password",
    "person.taken",
    "person.bad_name",
    "person.bad_scope",
    "person.role_above_yours",
    "person.bad_role",
    "person.role_name_taken",
    "person.role_in_use",
    "customer.bad_tag",
    "customer.bad_note",
    "customer.no_reason",
    "customer.is_staff",
    "customer.sign_in_blocked",
    "customer.ordering_blocked",
    "customer.no_consent",
    "customer.consent_unproved",
    "customer.bad_link",
    "customer.not_two",
    "customer.both_in_team",
    "customer.over_limit",
    "customer.has_balance",
    "customer.open_orders",
    "customer.open_returns",
    "customer.already_asked",
    "customer.nothing_asked",
    "customer.too_soon",
    "customer.not_as_it_was",
    "customer.not_a_customer_file",
    "catalog.bad_title",
    "catalog.bad_handle",
    "catalog.handle_taken",
    "catalog.bad_price",
    "catalog.bad_options",
    "catalog.bad_picture",
    "catalog.not_for_sale",
    "catalog.no_such_category",
    "catalog.not_a_product_file",
    "inventory.only_left",
    "inventory.bad_quantity",
    "inventory.no_reason",
    "inventory.bad_file",
    "promotion.bad_settings",
    "coupon.not_now",
    "coupon.all_taken",
    "coupon.enough_for_person",
    "coupon.enough_for_household",
    "coupon.not_for_you",
    "coupon.not_held",
    "coupon.too_early",
    "coupon.expired",
    "coupon.other_currency",
    "coupon.no_match",
    "coupon.below_threshold",
    "coupon.not_together",
    "coupon.nothing_left",
    "coupon.bad_code",
    "coupon.bad_template",
    "coupon.bad_file",
    "coupon.in_use",
    "coupon.link_taken",
    "order.no_points",
    "group_buy.not_running",
    "group_buy.buyers_only",
    "group_buy.new_customers_only",
    "group_buy.too_many_per_order",
    "group_buy.too_many_per_person",
    "group_buy.already_in",
    "group_buy.full",
    "group_buy.not_open",
    "group_buy.too_late",
    "group_buy.not_in",
    "group_buy.not_offered",
    "group_buy.sold_out",
    "group_buy.bad_terms",
    "group_buy.not_now",
    "order.not_now",
    "order.nothing_to_order",
    "order.price_changed",
    "order.bad_address",
    "order.bad_shipping",
    "order.not_delivered",
    "order.card_too_long",
    "order.partly_shipped",
    "order.bad_parcel",
    "order.no_such_pickup",
    "order.bad_tracking",
    "order.awaits_team",
    "order.note_too_long",
    "order.bad_price",
    "order.in_team",
    "order.all_out",
    "order.bad_line",
    "order.bad_swap",
    "order.dearer",
    "order.being_paid",
    "order.no_reason",
    "order.bad_note",
    "order.bad_tag",
    "order.bad_view",
    "order.too_many",
    "order.bad_file",
    "draft.done",
    "draft.bad_lines",
    "draft.bad_discount",
    "draft.no_customer",
    "draft.bad_time",
    "delivery.bad_method",
    "delivery.bad_rate",
    "delivery.code_taken",
    "delivery.bad_point",
    "delivery.too_many",
    "price.bad_list",
    "price.bad_price",
    "price.bad_group",
    "price.bad_tax",
    "price.bad_currency",
    "price.bad_file",
    "price.name_taken",
    "price.too_many",
    "price.group_in_use",
    "price.list_in_use",
    "price.no_such_person",
    "price.no_such_goods",
    "price.not_in_currency",
    "address.too_many",
    "search.bad_synonyms",
    "search.too_many",
    "return.not_now",
    "return.not_returnable",
    "return.too_late",
    "return.no_lines",
    "return.only_left",
    "return.bad_amount",
    "return.bad_reason",
    "return.bad_text",
    "return.bad_pictures",
    "return.bad_exchange",
    "return.no_reason",
    "return.no_address",
    "return.bad_count",
    "return.still_open",
    "payment.not_payable",
    "payment.bad_signature",
    "payment.bad_notice",
    "payment.provider_down",
    "reconciliation.bad_day",
    "reconciliation.not_a_statement",
    "reconciliation.no_note",
    "reconciliation.not_open",
    "payment.no_such_method",
    "payment.no_proof",
    "payment.no_how",
    "payment.bad_days",
    "payment.not_due",
    "content.bad_slug",
    "content.slug_taken",
    "content.bad_title",
    "content.too_long",
    "content.bad_link",
    "content.bad_from",
    "content.loop",
    "content.bad_colour",
    "content.bad_part",
    "invoice.not_offered",
    "invoice.not_paid",
    "invoice.awaits_team",
    "invoice.nothing_left",
    "invoice.already_asked",
    "invoice.already_issued",
    "invoice.not_now",
    "invoice.bad_title",
    "invoice.bad_tax_number",
    "invoice.bad_address",
    "invoice.no_reason",
    "invoice.bad_seller",
    "invoice.bad_prefix",
    "invoice.too_many",
    "legal.empty",
    "legal.too_long",
    "legal.bad_licence",
    "seller.bad_name",
    "seller.bad_handle",
    "seller.handle_taken",
    "seller.bad_commission",
    "seller.no_licence",
    "seller.bad_receiver",
    "seller.several_sellers",
    "seller.ordered",
    "seller.month_not_over",
    "seller.earlier_month",
    "wallet.other_currency",
    "wallet.not_enough",
    "wallet.bad_amount",
    "wallet.over_limit",
    "wallet.not_offered",
    "wallet.nothing_left",
    "wallet.no_reason",
    "review.not_received",
    "review.too_late",
    "review.written",
    "review.bad_stars",
    "review.bad_text",
    "review.too_many_pictures",
    "review.own",
    "review.hidden",
    "review.not_now",
    "review.no_reason",
    "review.buys_praise",
    "share.bad_code",
    "webhook.bad_url",
    "webhook.url_taken",
    "webhook.no_such_event",
    "webhook.bad_description",
    "webhook.too_many",
    "webhook.is_off",
    "webhook.too_many_again",
    "letter.not_by_this",
    "letter.no_such_field",
    "letter.open_brace",
    "letter.no_subject",
    "letter.no_body",
    "letter.too_long",
    "letter.locked",
    "letter.bad_link",
    "letter.not_carried",
    "letter.not_again",
    "ledger.unbalanced",
    "ledger.below_floor",
    "ledger.hold_spent",
];

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
