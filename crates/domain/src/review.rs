//! Reviews: who may say something about what they bought, how scores are made, why one is hidden.
//!
//! A review is written once and stays as it is; nobody can delete one. What may not be read by
//! everybody is hidden, for one of a few grounds that each name the law behind them.

use serde::{Deserialize, Serialize};

use crate::id::Kind;
use crate::moment::{Moment, Span};
use crate::order::Status;

/// What a buyer says about one line of an order.
pub struct Review;
impl Kind for Review {
    const PREFIX: &'static str = "rev";
}
crate::id::described!(Review);

/// An act of moderation.
pub struct Ruling;
impl Kind for Ruling {
    const PREFIX: &'static str = "rul";
}
crate::id::described!(Ruling);

/// How long after receipt a review may be written, and after the review a follow-up.
pub const WINDOW: Span = Span::days(180);
/// How long pictures may be added to a review.
pub const PICTURE_WINDOW: Span = Span::hours(1);
/// The most characters of a text, and the most pictures.
pub const LONGEST: usize = 2_000;
pub const MOST_PICTURES: usize = 6;

/// Why a review is hidden. There is no other reason: a low score is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = ReviewGround))]
pub enum Ground {
    /// What the law forbids to publish.
    Unlawful,
    /// It insults or slanders somebody.
    Insult,
    /// It shows what is private to somebody.
    Private,
    /// It advertises something else.
    Advertising,
    /// It was paid for, or written by somebody other than the buyer.
    Bought,
}

impl Ground {
    pub const ALL: [Ground; 5] =
        [Ground::Unlawful, Ground::Insult, Ground::Private, Ground::Advertising, Ground::Bought];

    pub fn code(self) -> &'static str {
        match self {
            Ground::Unlawful => "unlawful",
            Ground::Insult => "insult",
            Ground::Private => "private",
            Ground::Advertising => "advertising",
            Ground::Bought => "bought",
        }
    }

    pub fn parse(code: &str) -> Option<Ground> {
        Ground::ALL.into_iter().find(|ground| ground.code() == code)
    }

    /// The law it rests on, as its author is told.
    pub fn law(self) -> &'static str {
        match self {
            Ground::Unlawful => "网络信息内容生态治理规定 第六条",
            Ground::Insult => "民法典 第一千零二十四条",
            Ground::Private => "个人信息保护法 第十条",
            Ground::Advertising => "广告法 第十四条",
            Ground::Bought => "反不正当竞争法 第九条",
        }
    }
}

/// In which order reviews are read. The newest come first unless somebody asks for another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = ReviewSort))]
pub enum Sort {
    #[default]
    New,
    Helpful,
    StarsUp,
    StarsDown,
}

impl Sort {
    pub const ALL: [Sort; 4] = [Sort::New, Sort::Helpful, Sort::StarsUp, Sort::StarsDown];

    pub fn code(self) -> &'static str {
        match self {
            Sort::New => "new",
            Sort::Helpful => "helpful",
            Sort::StarsUp => "stars_up",
            Sort::StarsDown => "stars_down",
        }
    }
}

/// Why nothing is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The order was not received, or its money went back.
    NotReceived(Status),
    /// It was received, or written, too long ago.
    TooLate,
    /// This line has its review, or this review its follow-up.
    Written,
    /// 1 to 5 stars.
    BadStars,
    /// A text is too long, or has to say something and does not.
    BadText,
    TooManyPictures,
    /// One's own review is helpful to others, if to anybody.
    OwnReview,
    /// What is hidden is neither added to nor voted for.
    Hidden,
    /// It is hidden, or shown, already.
    Nothing,
    /// Hiding takes a reason in words.
    NoReason,
    /// An answer that offers something for praise.
    BuysPraise,
}

/// What is known of a line somebody wants to write about.
#[derive(Clone, Copy, Debug)]
pub struct Bought {
    pub status: Status,
    /// When its order was received.
    pub received_at: Option<Moment>,
    pub written: bool,
}

/// Whether a review of this line may be written now.
pub fn may_write(bought: Bought, now: Moment) -> Result<(), Refusal> {
    let received = matches!(bought.status, Status::Delivered | Status::Completed);
    let at = bought.received_at.filter(|_| received);
    let at = at.ok_or(Refusal::NotReceived(bought.status))?;
    if bought.written {
        return Err(Refusal::Written);
    }
    if now > at.plus(WINDOW) { Err(Refusal::TooLate) } else { Ok(()) }
}

/// Whether its author may add to a review now.
pub fn may_follow_up(
    written_at: Moment,
    followed_up: bool,
    hidden: bool,
    now: Moment,
) -> Result<(), Refusal> {
    if hidden {
        return Err(Refusal::Hidden);
    }
    if followed_up {
        return Err(Refusal::Written);
    }
    if now > written_at.plus(WINDOW) { Err(Refusal::TooLate) } else { Ok(()) }
}

/// Stars as they may be given.
pub fn check_stars(stars: i64) -> Result<i64, Refusal> {
    if (1..=5).contains(&stars) { Ok(stars) } else { Err(Refusal::BadStars) }
}

/// A text as it is kept: plain, with its lines, without what cannot be seen or turns the reading
/// direction, at most one empty line at a time.
pub fn clean(text: &str) -> Result<String, Refusal> {
    let unseen = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
            || matches!(c, '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    let seen: String = text.replace("\r\n", "\n").chars().filter(|c| !unseen(*c)).collect();
    let mut lines: Vec<String> = Vec::new();
    for line in seen.lines() {
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        let blank = lines.last().is_none_or(String::is_empty);
        if !(line.is_empty() && blank) {
            lines.push(line);
        }
    }
    let text = lines.join("\n").trim_end().to_string();
    if text.chars().count() > LONGEST { Err(Refusal::BadText) } else { Ok(text) }
}

/// The same, and it says something.
pub fn clean_said(text: &str) -> Result<String, Refusal> {
    let text = clean(text)?;
    if text.is_empty() { Err(Refusal::BadText) } else { Ok(text) }
}

/// Words that offer something for praise: no answer of a shop may have them.
const BUYS_PRAISE: &[&str] = &[
    "好评返",
    "五星返",
    "好评有礼",
    "好评红包",
    "好评送",
    "晒图返",
    "晒单返",
    "删差评",
    "改好评",
    "cashforreview",
    "cashback",
    "refundforreview",
    "fivestarreward",
    "5-starreward",
];

/// An answer as it may be given.
pub fn clean_answer(text: &str) -> Result<String, Refusal> {
    let text = clean_said(text)?;
    let bare: String = text.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    let buys = BUYS_PRAISE.iter().any(|words| bare.contains(words));
    if buys { Err(Refusal::BuysPraise) } else { Ok(text) }
}

/// The score of a product in tenths of a star, from how often each of 1 to 5 was given: the plain
/// mean, rounded half up. `None` where nobody said anything.
pub fn score(stars: [i64; 5]) -> Option<i64> {
    let count: i64 = stars.iter().sum();
    let sum: i64 = (1..).zip(stars).map(|(value, times)| value * times).sum();
    if count == 0 { None } else { Some((20 * sum + count) / (2 * count)) }
}

#[cfg(test)]
mod tests;
