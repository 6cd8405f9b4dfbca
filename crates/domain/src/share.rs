//! Share links: who showed what to whom.

use serde::{Deserialize, Serialize};

use crate::id::Kind;
use crate::moment::Span;

/// One opening of a share link.
pub struct Visit;
impl Kind for Visit {
    const PREFIX: &'static str = "vis";
}
crate::id::described!(Visit);

/// What a link can lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
// "Object" by itself means any object to those who describe the API.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = Shared))]
pub enum Object {
    Home,
    Product,
    GroupBuy,
    Team,
    /// A campaign: where it is taken part in.
    Campaign,
    /// Somebody asking friends for help.
    Assist,
    /// A price that friends help to cut down.
    Bargain,
    /// Coupons that somebody shares out.
    Fission,
}

impl Object {
    pub const ALL: [Object; 8] = [
        Object::Home,
        Object::Product,
        Object::GroupBuy,
        Object::Team,
        Object::Campaign,
        Object::Assist,
        Object::Bargain,
        Object::Fission,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Object::Home => "home",
            Object::Product => "product",
            Object::GroupBuy => "group_buy",
            Object::Team => "team",
            Object::Campaign => "campaign",
            Object::Assist => "assist",
            Object::Bargain => "bargain",
            Object::Fission => "fission",
        }
    }

    pub fn parse(code: &str) -> Option<Object> {
        Object::ALL.into_iter().find(|object| object.code() == code)
    }
}

/// How long after a visit an order is credited to the sharer.
pub const WINDOW: Span = Span::days(7);

/// Whether a visitor's program says it is one that nobody looks through: previews and crawlers.
pub fn is_bot(user_agent: &str) -> bool {
    let agent = user_agent.to_ascii_lowercase();
    let signs = [
        "bot",
        "crawl",
        "spider",
        "preview",
        "facebookexternalhit",
        "slurp",
        "curl/",
        "wget/",
        "python-requests",
        "headlesschrome-preview",
        "whatsapp",
        "okhttp",
        "go-http-client",
    ];
    agent.is_empty() || signs.iter().any(|sign| agent.contains(sign))
}

/// Why nothing is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The code was not made by this shop, or is no longer known.
    BadCode,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn previews_are_not_people() {
        assert!(is_bot("facebookexternalhit/1.1"));
        assert!(is_bot(""));
        assert!(is_bot("Mozilla/5.0 (compatible; Googlebot/2.1)"));
        assert!(!is_bot("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) MicroMessenger/8"));
    }
}
