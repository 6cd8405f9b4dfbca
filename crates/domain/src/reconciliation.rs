//! Reconciliation: a provider's statement of a day held against our own books, and every
//! difference.
//!
//! Both sides name a payment and a refund by our own reference, or by the provider's where it gives
//! no other. Midnight is not the same moment on both sides, so that what lies near it may be on the
//! statement of the day beside; whether it is, can only be said when that one is known too.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::id::Kind as IdKind;
use crate::moment::{self, Moment, Span};
use crate::money::Money;

/// A statement that was held against our books.
pub struct Reconciliation;
impl IdKind for Reconciliation {
    const PREFIX: &'static str = "rec";
}
crate::id::described!(Reconciliation);

/// How far a payment's moment in our books may be from the statement's day: a notice may come late.
pub const SLACK: Span = Span::hours(2);

/// A day of a provider's, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i64);

impl Day {
    /// The day of a moment where clocks are `zone` ahead of UTC.
    pub fn of(at: Moment, zone: Span) -> Day {
        Day(at.plus(zone).0.div_euclid(Span::days(1).0))
    }

    /// Its first moment there.
    pub fn start(self, zone: Span) -> Moment {
        Moment(self.0 * Span::days(1).0).minus(zone)
    }

    #[must_use]
    pub fn plus(self, days: i64) -> Day {
        Day(self.0 + days)
    }

    /// Reads `2026-11-21`.
    pub fn parse(text: &str) -> Option<Day> {
        let at = Moment::parse(&format!("{text}T00:00:00Z"))?;
        let day = Day::of(at, Span(0));
        // The thirty-first of February is no day.
        (day.to_string() == text).then_some(day)
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let (year, month, day) = moment::civil(self.0);
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// What moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = MovementKind))]
pub enum Kind {
    Payment,
    Refund,
    /// Money that moved and is neither, such as a dispute.
    Odd,
}

impl Kind {
    pub fn code(self) -> &'static str {
        match self {
            Kind::Payment => "payment",
            Kind::Refund => "refund",
            Kind::Odd => "odd",
        }
    }

    pub fn parse(code: &str) -> Option<Kind> {
        [Kind::Payment, Kind::Refund, Kind::Odd].into_iter().find(|kind| kind.code() == code)
    }
}

/// Where a movement stands, as the statement says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Done,
    /// Taken on; it may be done meanwhile.
    Underway,
    Failed,
}

/// A line of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Where it stands in the file.
    pub number: i64,
    pub kind: Kind,
    /// Our name for it; empty where the statement has none.
    pub reference: String,
    /// Theirs.
    pub theirs: String,
    /// How much moved, in minor units; never negative.
    pub minor: i64,
    /// The letters of its currency, known to us or not.
    pub currency: String,
    /// What they took for it, in minor units; negative when they gave it back.
    pub fee: Option<i64>,
    /// The rate they say they took, in millionths.
    pub rate: Option<i64>,
    pub at: Moment,
    pub state: State,
}

/// What our books say.
#[derive(Clone, Debug)]
pub struct Ours {
    pub kind: Kind,
    pub reference: String,
    pub theirs: String,
    pub amount: Money,
    /// Between when it was asked for and when it was done.
    pub from: Moment,
    pub to: Moment,
    pub done: bool,
    /// Whether it stands on the statement of another day.
    pub elsewhere: bool,
}

/// What the contract says they may take: a rate in millionths and a fixed amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agreed {
    pub rate: i64,
    pub fixed: i64,
}

impl Agreed {
    /// Reads `0.6%` and `2.9% + 0.30`.
    pub fn parse(text: &str) -> Option<Agreed> {
        let (rate, fixed) = text.split_once('+').unwrap_or((text, "0"));
        let rate = scaled(rate.trim().strip_suffix('%')?.trim(), 4)?;
        let fixed = scaled(fixed.trim(), 2)?;
        Some(Agreed { rate, fixed })
    }
}

/// A decimal number as a whole one, with so many places.
pub fn scaled(text: &str, places: usize) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let part = part.trim_end_matches('0');
    if whole.is_empty() || whole.len() > 12 || part.len() > places || !digits(whole) {
        return None;
    }
    if digits(part) { format!("{whole}{part:0<places$}").parse().ok() } else { None }
}

/// What there is to compare.
pub struct Book<'a> {
    pub day: Day,
    pub zone: Span,
    pub lines: &'a [Line],
    /// All of ours that may be on it: of these days, and whatever its lines name.
    pub ours: &'a [Ours],
    /// Whether the statements of the day before and of the day after are known.
    pub before: bool,
    pub after: bool,
    pub agreed: Option<Agreed>,
}

/// What does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = DifferenceKind))]
pub enum What {
    /// It is on the statement and not in our books.
    MissingHere,
    /// It is in our books and not on the statement.
    MissingThere,
    Amount,
    Currency,
    /// It is on a statement more than once.
    Twice,
    /// One side says it is done and the other that it is not.
    Status,
    /// They took another fee than the contract or their own rate says.
    Fee,
    /// It is on the statement of a day that is not near ours.
    Day,
    /// Money that moved and that we know nothing of, such as a dispute.
    Unexpected,
}

impl What {
    pub const ALL: [What; 9] = [
        What::MissingHere,
        What::MissingThere,
        What::Amount,
        What::Currency,
        What::Twice,
        What::Status,
        What::Fee,
        What::Day,
        What::Unexpected,
    ];

    pub fn code(self) -> &'static str {
        match self {
            What::MissingHere => "missing_here",
            What::MissingThere => "missing_there",
            What::Amount => "amount",
            What::Currency => "currency",
            What::Twice => "twice",
            What::Status => "status",
            What::Fee => "fee",
            What::Day => "day",
            What::Unexpected => "unexpected",
        }
    }

    pub fn parse(code: &str) -> Option<What> {
        What::ALL.into_iter().find(|what| what.code() == code)
    }
}

/// Why a statement or a difference is not taken as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is no day, or one that is not over.
    BadDay,
    /// Whoever settles a difference says what was found out, briefly.
    NoNote,
    /// It is settled already, or gone.
    NotOpen,
}

/// A difference: which line of theirs and which of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub what: What,
    /// The place in `lines`.
    pub line: Option<usize>,
    /// The place in `ours`.
    pub ours: Option<usize>,
    /// The fee that would be right, where it is about that.
    pub right_fee: Option<i64>,
}

impl IdKind for Difference {
    const PREFIX: &'static str = "dif";
}
crate::id::described!(Difference);

/// Every difference between a statement and our books.
pub fn reconcile(book: &Book) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut known: HashMap<(Kind, bool, &str), usize> = HashMap::new();
    for (at, ours) in book.ours.iter().enumerate() {
        known.insert((ours.kind, true, &ours.reference), at);
        if !ours.theirs.is_empty() {
            known.insert((ours.kind, false, &ours.theirs), at);
        }
    }
    let mut seen: HashSet<usize> = HashSet::new();
    let mut strangers: HashSet<(Kind, &str, &str)> = HashSet::new();
    for (at, line) in book.lines.iter().enumerate() {
        let differs = |what| Difference { what, line: Some(at), ours: None, right_fee: None };
        if line.kind == Kind::Odd {
            found.push(differs(What::Unexpected));
            continue;
        }
        let by_ours = known.get(&(line.kind, true, &line.reference));
        let ours = by_ours.or_else(|| known.get(&(line.kind, false, &line.theirs))).copied();
        let Some(ours) = ours else {
            if line.state != State::Failed {
                let new = strangers.insert((line.kind, &line.reference, &line.theirs));
                found.push(differs(if new { What::MissingHere } else { What::Twice }));
            }
            continue;
        };
        let differs = |what| Difference { ours: Some(ours), ..differs(what) };
        if let Some(what) = compare(book, line, &book.ours[ours], &mut seen, ours) {
            found.push(differs(what));
        } else if let Some(right_fee) = fee_off(line, book.agreed) {
            found.push(Difference { right_fee: Some(right_fee), ..differs(What::Fee) });
        }
    }
    let (from, to) = sure(book);
    for (at, ours) in book.ours.iter().enumerate() {
        let due = ours.done && (from..to).contains(&ours.to) && !ours.elsewhere;
        if due && !seen.contains(&at) {
            let (line, right_fee) = (None, None);
            found.push(Difference { what: What::MissingThere, line, ours: Some(at), right_fee });
        }
    }
    found
}

/// What is wrong with a line that is about `ours`, apart from its fee.
fn compare(
    book: &Book,
    line: &Line,
    ours: &Ours,
    seen: &mut HashSet<usize>,
    place: usize,
) -> Option<What> {
    match line.state {
        State::Failed => return ours.done.then_some(What::Status),
        State::Underway if line.kind == Kind::Payment => {
            return ours.done.then_some(What::Status);
        }
        State::Underway | State::Done => (),
    }
    if !seen.insert(place) || ours.elsewhere {
        return Some(What::Twice);
    }
    if line.currency != ours.amount.currency.code() {
        return Some(What::Currency);
    }
    if line.minor != ours.amount.minor {
        return Some(What::Amount);
    }
    if line.state == State::Done && !ours.done {
        return Some(What::Status);
    }
    let (start, end) = (book.day.start(book.zone), book.day.plus(1).start(book.zone));
    let near = ours.from < end.plus(SLACK) && ours.to >= start.minus(SLACK);
    (ours.done && !near).then_some(What::Day)
}

/// Between which moments ours must be on a statement that is known.
fn sure(book: &Book) -> (Moment, Moment) {
    let (start, end) = (book.day.start(book.zone), book.day.plus(1).start(book.zone));
    let from = if book.before { start.minus(SLACK) } else { start.plus(SLACK) };
    let to = if book.after { end.plus(SLACK) } else { end.minus(SLACK) };
    (from, to)
}

/// The fee that would be right, if theirs is not. Half a minor unit either way is rounding.
fn fee_off(line: &Line, agreed: Option<Agreed>) -> Option<i64> {
    let fee = line.fee?;
    if line.kind != Kind::Payment {
        return None;
    }
    let share = |rate: i64| {
        let exact = i128::from(line.minor) * i128::from(rate);
        i64::try_from((exact + 500_000).div_euclid(1_000_000)).unwrap_or(i64::MAX)
    };
    if let Some(right) = line.rate.map(share).filter(|right| fee.abs_diff(*right) > 1) {
        return Some(right);
    }
    let most = agreed.map(|agreed| share(agreed.rate).saturating_add(agreed.fixed))?;
    (fee > most.saturating_add(1)).then_some(most)
}

#[cfg(test)]
mod tests;
