//! The check before launch: what a campaign says and does, held against rules of law that are data.
//!
//! A *pack* of rules is a text file (`rules/CN.txt`); each rule has an id, the article it stands
//! on, the days between which it is in force, and whether it blocks or warns. A *draft* is
//! everything the check is told. A *finding* names its rule and quotes what it is about. A named
//! person may *answer* a finding with evidence on a ground its rule allows (广告绝对化用语执法指南
//! 5–7); the answer holds for that sentence and no other. What neither was mended nor answered
//! keeps a campaign from starting. It is a help, and no lawyer.

use serde::{Deserialize, Serialize};

use crate::campaign::favour::Change;
use crate::campaign::{ChannelUse, Mechanic};
use crate::catalog::Variant;
use crate::id::Id;
use crate::moment::Moment;
use crate::person::Person;
use crate::price::history::Charged;

mod answer;
mod check;
mod pack;
mod words;

pub use answer::{Answer, BadAnswer, Verdict, answer, judge};
pub use check::check;
pub use pack::{BadPack, Check, Pack, Rule, Severity, WordList};
pub use words::Folded;

/// The rules that come with the program, for mainland China.
pub const CHINA: &str = include_str!("../rules/CN.txt");

/// One text shoppers will see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Which one: `title`, `copy`, `rules`, `poster`, `product:…`.
    pub field: String,
    pub text: String,
}

/// A price that is shown as reduced, with what was charged before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reduction {
    pub variant: Id<Variant>,
    /// What it is to cost, and what it is said to have cost, in minor units.
    pub price: i64,
    pub claimed: i64,
    pub begins: Moment,
    pub past: Vec<Charged>,
}

/// A figure or countdown on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counter {
    /// As the page calls it: `left`, `bought`, `joining`, `countdown`.
    pub shows: String,
    /// The query that it comes from. Without one it is made up.
    pub query: Option<String>,
}

/// Something that is counted and has a most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// What the dearest prize is worth at its market price, in fen.
    TopPrize,
    /// What all cuts of a bargain come to, and what they have to come to.
    CutSum,
    PriceGap,
    /// How many levels up an invitation is rewarded, and how often a month at most.
    InviteLevels,
    InvitesAMonth,
}
codes!(Figure {
    TopPrize = "top_prize",
    CutSum = "cut_sum",
    PriceGap = "price_gap",
    InviteLevels = "invite_levels",
    InvitesAMonth = "invites_a_month",
});

/// Everything the check is told about a campaign.
#[derive(Clone, Debug)]
pub struct Draft<'a> {
    pub mechanic: Mechanic,
    /// What else it is, by the codes rules name: `random`, `after_purchase`, `gift_with_purchase`,
    /// `special_goods`, `paid_on_registration` …
    pub traits: &'a [String],
    pub texts: &'a [Text],
    /// What is published with it, by the codes rules name, with the words: `organiser`, `odds` …
    pub published: &'a [(String, String)],
    pub figures: &'a [(Figure, i64)],
    pub reductions: &'a [Reduction],
    pub counters: &'a [Counter],
    pub channels: &'a [ChannelUse],
    /// What differs from what runs already; empty before the start.
    pub changes: &'a [Change],
    /// Names that are registered, such as brands: what they say is no claim.
    pub names: &'a [String],
}

/// What a rule found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub rule: String,
    pub source: String,
    pub severity: Severity,
    /// Where: a text's field, or what the rule looks at.
    pub field: String,
    /// The words, figure or missing thing it is about,
    pub about: String,
    /// and for words the sentence they are in.
    pub sentence: String,
    /// On which grounds it may be answered; not at all when empty.
    pub answers: Vec<Ground>,
}

/// Why something that looks forbidden is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = AnswerGround))]
pub enum Ground {
    /// It says what the shop strives for, not what goods are.
    Aim,
    /// It compares goods of one's own with one another.
    SelfComparison,
    /// It says how goods are best used.
    Tip,
    /// A state or trade standard grades goods like this.
    Graded,
    /// It is part of a registered name, trade mark or patent.
    RegisteredName,
    /// It was officially awarded.
    Award,
    /// A true figure with its date, place and source.
    DatedData,
    /// Somebody whose business it is has allowed it: an authority, a channel.
    Approved,
}
codes!(Ground {
    Aim = "aim",
    SelfComparison = "self_comparison",
    Tip = "tip",
    Graded = "graded",
    RegisteredName = "registered_name",
    Award = "award",
    DatedData = "dated_data",
    Approved = "approved",
});

/// Who answered, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed {
    pub by: Id<Person>,
    pub at: Moment,
}

#[cfg(test)]
mod tests;
