//! Customers: what they may allow, what makes two of them one, and when one can be forgotten.
//!
//! Consent is asked for in words that are kept here with their version, because a record of
//! consent is worth nothing without the words that were agreed to.

use serde::{Deserialize, Serialize};

use crate::id::Kind;
use crate::moment::{Moment, Span};
use crate::text::one_line;

/// One time somebody allowed something, or took it back.
pub struct Consent;
impl Kind for Consent {
    const PREFIX: &'static str = "cns";
}
crate::id::described!(Consent);

/// What staff wrote down about a customer.
pub struct Note;
impl Kind for Note {
    const PREFIX: &'static str = "cno";
}
crate::id::described!(Note);

/// Two customers that were made one.
pub struct Merge;
impl Kind for Merge {
    const PREFIX: &'static str = "mrg";
}
crate::id::described!(Merge);

/// Everything held about somebody, put together for them.
pub struct DataExport;
impl Kind for DataExport {
    const PREFIX: &'static str = "dex";
}
crate::id::described!(DataExport);

/// Somebody's wish to be forgotten.
pub struct Erasure;
impl Kind for Erasure {
    const PREFIX: &'static str = "ers";
}
crate::id::described!(Erasure);

/// Between the wish to be forgotten and its fulfilment: time to think again.
pub const WAITING: Span = Span::days(7);
/// How long records of trade are kept after they ended, as the law wants it (E-Commerce Law 31).
pub const KEPT_BY_LAW: Span = Span::days(1_096);
/// How long somebody's own data lies ready for them.
pub const EXPORT_LIFE: Span = Span::days(7);
/// One may be asked for this often.
pub const EXPORT_EVERY: Span = Span::days(1);
/// After a refusal nobody is asked again for this long.
pub const NO_ASKING: Span = Span::days(30);
/// The most tags of a customer and characters of each; the most characters of a note.
pub const MOST_TAGS: usize = 50;
pub const LONGEST_TAG: usize = 40;
pub const LONGEST_NOTE: usize = 2_000;

/// What somebody may allow. Nothing is allowed unless they said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = ConsentPurpose))]
pub enum Purpose {
    /// Letters that sell, by e-mail.
    MarketingEmail,
    /// The same as text messages.
    MarketingSms,
    /// Keeping what they looked at, to show it to them again.
    BrowsingHistory,
}

impl Purpose {
    pub const ALL: [Purpose; 3] =
        [Purpose::MarketingEmail, Purpose::MarketingSms, Purpose::BrowsingHistory];

    pub fn code(self) -> &'static str {
        match self {
            Purpose::MarketingEmail => "marketing_email",
            Purpose::MarketingSms => "marketing_sms",
            Purpose::BrowsingHistory => "browsing_history",
        }
    }

    pub fn parse(code: &str) -> Option<Purpose> {
        Purpose::ALL.into_iter().find(|purpose| purpose.code() == code)
    }

    /// The purpose of letters that sell over a channel.
    pub fn of_channel(channel: &str) -> Option<Purpose> {
        match channel {
            "email" => Some(Purpose::MarketingEmail),
            "sms" => Some(Purpose::MarketingSms),
            _ => None,
        }
    }

    /// The version of the words below. Words that change get the next number.
    pub fn version(self) -> i64 {
        1
    }

    /// The words somebody agrees to.
    pub fn wording(self, locale: &str) -> &'static str {
        match (self, locale) {
            (Purpose::MarketingEmail, "en") => {
                "The shop may send me offers and news by e-mail. I can stop this at any time, here \
                 or with one click in every letter."
            }
            (Purpose::MarketingEmail, _) => {
                "允许本店通过电子邮件向我发送优惠和新品信息。我可以随时在这里，或在每封邮件里一键退订。"
            }
            (Purpose::MarketingSms, "en") => {
                "The shop may send me offers and news as text messages. I can stop this at any \
                 time, here or with the link in every message."
            }
            (Purpose::MarketingSms, _) => {
                "允许本店通过短信向我发送优惠和新品信息。我可以随时在这里，或通过短信里的链接退订。"
            }
            (Purpose::BrowsingHistory, "en") => {
                "The shop may keep which products I looked at, to show them to me again. Nobody \
                 else sees it; when I stop this, what was kept is deleted at once."
            }
            (Purpose::BrowsingHistory, _) => {
                "允许本店保存我看过的商品，以便再次展示给我。其他人看不到；我关闭后，已保存的记录立即删除。"
            }
        }
    }
}

/// Why something is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A tag of 1 to 40 characters without a comma is needed, and there are too many at 50.
    BadTag,
    /// A note of 1 to 2,000 characters is needed.
    BadNote,
    /// Blocking somebody takes a reason.
    NoReason,
    /// It is about staff, who are no customers.
    IsStaff,
    /// Somebody who is blocked may not come in.
    SignInBlocked,
    /// Somebody who is blocked may not order.
    OrderingBlocked,
    /// They did not allow it.
    NoConsent,
    /// An imported consent without where and when it was given.
    ConsentUnproved,
    /// An unsubscribe link that is not one of ours.
    BadLink,
    /// One cannot be made one with oneself, or with somebody who is gone.
    NotTwo,
    /// Both have a place in the same team: one has to leave it first.
    BothInTeam,
    /// Together they hold more of a group buy than one may.
    OverLimit,
    /// The one who goes takes part in campaigns that are not over.
    InCampaigns(i64),
    /// An account of theirs is not empty.
    HasBalance,
    /// Something of theirs is still under way: orders, returns.
    OpenOrders(i64),
    OpenReturns(i64),
    /// They asked to be forgotten already.
    AlreadyAsked,
    /// It is too late to change their mind, or there is nothing to change.
    NothingAsked,
    /// Today's copy of their data was made already.
    TooSoon,
    /// It was changed since: what was moved is no longer where it went.
    NotAsItWas,
    /// A file that is no list of customers.
    NotACustomerFile,
}

/// What stands in the way of forgetting somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    pub staff: bool,
    /// Orders that are not at their end, and returns.
    pub orders: i64,
    pub returns: i64,
    /// Whether an account of theirs holds money.
    pub balance: bool,
}

/// Whether somebody can be forgotten now.
pub fn may_erase(standing: &Standing) -> Result<(), Refusal> {
    match standing {
        Standing { staff: true, .. } => Err(Refusal::IsStaff),
        Standing { orders: n @ 1.., .. } => Err(Refusal::OpenOrders(*n)),
        Standing { returns: n @ 1.., .. } => Err(Refusal::OpenReturns(*n)),
        Standing { balance: true, .. } => Err(Refusal::HasBalance),
        _ => Ok(()),
    }
}

/// What is known of two who shall be one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pair {
    pub same: bool,
    /// One of them is on the staff, was erased, or leads to somebody else.
    pub staff: bool,
    pub gone: bool,
    /// Teams in which both hold a place.
    pub teams: i64,
    /// Group buys of which they hold more together than one may.
    pub over: i64,
    /// Campaigns that are not over in which the one who goes takes part; group buys go over.
    pub campaigns: i64,
    /// Whether the one who goes has money with the shop.
    pub balance: bool,
}

/// Whether two can be made one.
pub fn may_merge(pair: &Pair) -> Result<(), Refusal> {
    match pair {
        Pair { same: true, .. } | Pair { gone: true, .. } => Err(Refusal::NotTwo),
        Pair { staff: true, .. } => Err(Refusal::IsStaff),
        Pair { teams: 1.., .. } => Err(Refusal::BothInTeam),
        Pair { over: 1.., .. } => Err(Refusal::OverLimit),
        Pair { campaigns: count @ 1.., .. } => Err(Refusal::InCampaigns(*count)),
        Pair { balance: true, .. } => Err(Refusal::HasBalance),
        _ => Ok(()),
    }
}

/// Whether somebody who said no may be asked again.
pub fn may_ask_again(refused_at: Option<Moment>, now: Moment) -> bool {
    refused_at.is_none_or(|at| now >= at.plus(NO_ASKING))
}

/// A tag as it is kept: one line, without a comma.
pub fn tag(text: &str) -> Result<String, Refusal> {
    let text = one_line(text);
    let fits = (1..=LONGEST_TAG).contains(&text.chars().count());
    if fits && !text.contains([',', '，']) { Ok(text) } else { Err(Refusal::BadTag) }
}

/// A note as it is kept.
pub fn note(text: &str) -> Result<String, Refusal> {
    let text = text.replace("\r\n", "\n");
    let text: String = text.chars().filter(|c| !c.is_control() || *c == '\n').collect();
    let text = text.trim().to_string();
    let fits = (1..=LONGEST_NOTE).contains(&text.chars().count());
    if fits { Ok(text) } else { Err(Refusal::BadNote) }
}

/// What two writings of one contact have in common: an e-mail address without what mail providers
/// pass over (`ann.lee+tea@gmail.com`), the last eleven digits of a phone number.
pub fn alike(contact: &str) -> String {
    let Some((mailbox, host)) = contact.rsplit_once('@') else {
        let digits: String = contact.chars().filter(char::is_ascii_digit).collect();
        return digits[digits.len().saturating_sub(11)..].to_string();
    };
    let mailbox = mailbox.split('+').next().unwrap_or(mailbox).to_lowercase();
    let host = host.to_lowercase();
    let google = matches!(host.as_str(), "gmail.com" | "googlemail.com");
    if google {
        return format!("{}@gmail.com", mailbox.replace('.', ""));
    }
    format!("{mailbox}@{host}")
}

/// A text in which none of these words is left. Words of one letter would black out too much.
pub fn black_out(text: &str, words: &[String]) -> String {
    let mut text = text.to_string();
    for word in words.iter().filter(|word| word.chars().count() > 1) {
        text = text.replace(word.as_str(), "***");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_can_be_forgotten() {
        let standing = |staff, orders, returns, balance| {
            may_erase(&Standing { staff, orders, returns, balance })
        };
        assert_eq!(standing(false, 0, 0, false), Ok(()));
        assert_eq!(standing(true, 0, 0, false), Err(Refusal::IsStaff));
        assert_eq!(standing(false, 2, 1, true), Err(Refusal::OpenOrders(2)));
        assert_eq!(standing(false, 0, 1, true), Err(Refusal::OpenReturns(1)));
        assert_eq!(standing(false, 0, 0, true), Err(Refusal::HasBalance));
    }

    #[test]
    fn who_can_be_made_one() {
        let pair = |edit: fn(&mut Pair)| {
            let mut pair = Pair::default();
            edit(&mut pair);
            may_merge(&pair)
        };
        assert_eq!(pair(|_| ()), Ok(()));
        assert_eq!(pair(|p| p.same = true), Err(Refusal::NotTwo));
        assert_eq!(pair(|p| p.gone = true), Err(Refusal::NotTwo));
        assert_eq!(pair(|p| p.staff = true), Err(Refusal::IsStaff));
        assert_eq!(pair(|p| p.teams = 1), Err(Refusal::BothInTeam));
        assert_eq!(pair(|p| p.over = 1), Err(Refusal::OverLimit));
        assert_eq!(pair(|p| p.campaigns = 2), Err(Refusal::InCampaigns(2)));
        assert_eq!(pair(|p| p.balance = true), Err(Refusal::HasBalance));
    }

    #[test]
    fn contacts_in_other_writing_are_alike() {
        for (one, other) in [
            ("ann.lee+tea@gmail.com", "AnnLee@googlemail.com"),
            ("ann+x@example.com", "ann@example.com"),
            ("+8613800000001", "138 0000 0001"),
        ] {
            assert_eq!(alike(one), alike(other), "{one} {other}");
        }
        assert_ne!(alike("ann.lee@example.com"), alike("annlee@example.com"));
        assert_ne!(alike("+8613800000001"), alike("+8613800000002"));
    }

    #[test]
    fn tags_and_notes() {
        assert_eq!(tag("  VIP \n tea "), Ok("VIP tea".into()));
        for bad in ["", "a,b", "甲，乙", &"x".repeat(41)] {
            assert_eq!(tag(bad), Err(Refusal::BadTag), "{bad}");
        }
        assert_eq!(note(" a\r\nb\u{7} "), Ok("a\nb".into()));
        assert_eq!(note(" \n "), Err(Refusal::BadNote));
        assert_eq!(note(&"x".repeat(2_001)), Err(Refusal::BadNote));
    }

    #[test]
    fn nobody_is_asked_again_for_a_month() {
        let now = Moment(NO_ASKING.0 * 3);
        assert!(may_ask_again(None, now));
        assert!(may_ask_again(Some(now.minus(NO_ASKING)), now));
        assert!(!may_ask_again(Some(now.minus(Span::days(29))), now));
    }

    #[test]
    fn names_are_blacked_out() {
        let words = ["Ann Lee".to_string(), "13800000001".into(), "a".into(), String::new()];
        assert_eq!(black_out("Ann Lee, 13800000001, a", &words), "***, ***, a");
    }

    #[test]
    fn purposes_are_read_back() {
        for purpose in Purpose::ALL {
            assert_eq!(Purpose::parse(purpose.code()), Some(purpose));
            assert_ne!(purpose.wording("en"), purpose.wording("zh-CN"));
        }
    }
}
