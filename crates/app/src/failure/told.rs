//! Refusals of the order desk, about customers, of wallets, statements, what the merchant writes
//! in pages and letters, and webhooks, as failures.

use domain::{content, customer, letter, order_desk, point, reconciliation, wallet, webhook};
use serde_json::json;

use super::{Failure, Refused};

impl From<order_desk::Refusal> for Failure {
    fn from(refusal: order_desk::Refusal) -> Self {
        use order_desk::Refusal::*;
        match refusal {
            BadPrice => Failure::field("order.bad_price", "total"),
            InTeam => Failure::refused("order.in_team"),
            AllOut => Failure::refused("order.all_out"),
            BadLine => Failure::field("order.bad_line", "lines"),
            BadSwap => Failure::field("order.bad_swap", "variant"),
            Dearer => Failure::refused("order.dearer"),
            BeingPaid => Failure::refused("order.being_paid"),
            NoReason => Failure::field("order.no_reason", "reason"),
            BadNote => Failure::field("order.bad_note", "text"),
            BadTag => Failure::field("order.bad_tag", "tag"),
            BadView => Failure::field("order.bad_view", "name"),
            TooMany(most) => Failure::with("order.too_many", json!({ "most": most })),
            BadFile => Failure::field("order.bad_file", "file"),
            DraftDone => Failure::refused("draft.done"),
            BadDraft => Failure::field("draft.bad_lines", "lines"),
            BadDiscount => Failure::field("draft.bad_discount", "lines"),
            NoCustomer => Failure::field("draft.no_customer", "contact"),
            BadTime => Failure::field("draft.bad_time", "hours"),
            KeptFromOrdering => Failure::field("draft.kept_from_ordering", "contact"),
        }
    }
}

impl From<content::Refusal> for Failure {
    fn from(refusal: content::Refusal) -> Self {
        use content::Refusal::*;
        match refusal {
            BadSlug => Failure::field("content.bad_slug", "slug"),
            SlugTaken => Failure::field("content.slug_taken", "slug"),
            BadTitle => Failure::field("content.bad_title", "title"),
            TooLong => Failure::refused("content.too_long"),
            BadLink => Failure::field("content.bad_link", "link"),
            BadFrom => Failure::field("content.bad_from", "from"),
            Loop => Failure::field("content.loop", "to"),
            BadColour => Failure::field("content.bad_colour", "colour"),
            BadPart => Failure::refused("content.bad_part"),
        }
    }
}

impl From<point::Refusal> for Failure {
    fn from(refusal: point::Refusal) -> Self {
        use point::Refusal::*;
        match refusal {
            NotEnough(left) => Failure::with("point.not_enough", json!({ "left": left })),
            BadAmount => Failure::field("point.bad_amount", "points"),
            TooFew(least) => Failure::with("point.too_few", json!({ "least": least })),
            NotHere => Failure::refused("point.not_here"),
            BadTerms => Failure::refused("point.bad_terms"),
        }
    }
}

impl From<wallet::Refusal> for Failure {
    fn from(refusal: wallet::Refusal) -> Self {
        use wallet::Refusal::*;
        match refusal {
            OtherCurrency(currency) => {
                Failure::with("wallet.other_currency", json!({ "currency": currency }))
            }
            NotEnough(left) => Failure::with("wallet.not_enough", json!({ "left": left })),
            BadAmount => Failure::field("wallet.bad_amount", "amount"),
            OverLimit(room) => Failure::with("wallet.over_limit", json!({ "room": room })),
            NotOffered => Failure::refused("wallet.not_offered"),
            NothingLeft => Failure::refused("wallet.nothing_left"),
            NoReason => Failure::field("wallet.no_reason", "reason"),
        }
    }
}

impl From<reconciliation::Refusal> for Failure {
    fn from(refusal: reconciliation::Refusal) -> Self {
        use reconciliation::Refusal::*;
        match refusal {
            BadDay => Failure::field("reconciliation.bad_day", "day"),
            NoNote => Failure::field("reconciliation.no_note", "note"),
            NotOpen => Failure::refused("reconciliation.not_open"),
        }
    }
}

impl From<webhook::Refusal> for Failure {
    fn from(refusal: webhook::Refusal) -> Self {
        use webhook::Refusal::*;
        match refusal {
            BadUrl => Failure::field("webhook.bad_url", "url"),
            UrlTaken => Failure::field("webhook.url_taken", "url"),
            NoSuchEvent => Failure::field("webhook.no_such_event", "events"),
            BadDescription => Failure::field("webhook.bad_description", "description"),
            TooMany(most) => Failure::with("webhook.too_many", json!({ "most": most })),
            IsOff => Failure::refused("webhook.is_off"),
            TooManyAgain(most) => Failure::with("webhook.too_many_again", json!({ "most": most })),
        }
    }
}

impl From<letter::Refusal> for Failure {
    fn from(refusal: letter::Refusal) -> Self {
        use letter::Refusal::*;
        match refusal {
            NotByThis => Failure::refused("letter.not_by_this"),
            NoSuchField(name) => Failure::Refused(Refused {
                code: "letter.no_such_field",
                args: json!({ "name": name }),
                field: Some("body"),
            }),
            OpenBrace => Failure::field("letter.open_brace", "body"),
            NoSubject => Failure::field("letter.no_subject", "subject"),
            NoBody => Failure::field("letter.no_body", "body"),
            TooLong(most) => Failure::Refused(Refused {
                code: "letter.too_long",
                args: json!({ "most": most }),
                field: Some("body"),
            }),
            Locked => Failure::refused("letter.locked"),
            BadLink => Failure::refused("letter.bad_link"),
            NotCarried => Failure::refused("letter.not_carried"),
            NotAgain => Failure::refused("letter.not_again"),
        }
    }
}

impl From<customer::Refusal> for Failure {
    fn from(refusal: customer::Refusal) -> Self {
        use customer::Refusal::*;
        match refusal {
            BadTag => Failure::field("customer.bad_tag", "tag"),
            BadNote => Failure::field("customer.bad_note", "text"),
            NoReason => Failure::field("customer.no_reason", "reason"),
            IsStaff => Failure::refused("customer.is_staff"),
            SignInBlocked => Failure::refused("customer.sign_in_blocked"),
            OrderingBlocked => Failure::refused("customer.ordering_blocked"),
            NoConsent => Failure::refused("customer.no_consent"),
            ConsentUnproved => Failure::refused("customer.consent_unproved"),
            BadLink => Failure::refused("customer.bad_link"),
            NotTwo => Failure::refused("customer.not_two"),
            BothInTeam => Failure::refused("customer.both_in_team"),
            OverLimit => Failure::refused("customer.over_limit"),
            InCampaigns(count) => Failure::with("customer.in_campaigns", json!({ "count": count })),
            HasBalance => Failure::refused("customer.has_balance"),
            OpenOrders(n) => Failure::with("customer.open_orders", json!({ "n": n })),
            OpenReturns(n) => Failure::with("customer.open_returns", json!({ "n": n })),
            AlreadyAsked => Failure::refused("customer.already_asked"),
            NothingAsked => Failure::refused("customer.nothing_asked"),
            TooSoon => Failure::refused("customer.too_soon"),
            NotAsItWas => Failure::refused("customer.not_as_it_was"),
            NotACustomerFile => Failure::field("customer.not_a_customer_file", "file"),
        }
    }
}
