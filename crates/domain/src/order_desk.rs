//! What staff may change of an order: its price before it is paid, its lines before they are sent;
//! and orders staff make for somebody.

use crate::id::Kind;
use crate::moment::Span;
use crate::money::{LARGEST, Money};

/// What a member of staff wrote down about an order.
pub struct Note;
impl Kind for Note {
    const PREFIX: &'static str = "not";
}
crate::id::described!(Note);

/// A way to look at the list of orders that somebody keeps.
pub struct View;
impl Kind for View {
    const PREFIX: &'static str = "vew";
}
crate::id::described!(View);

/// One change staff made to an order.
pub struct Change;
impl Kind for Change {
    const PREFIX: &'static str = "chg";
}
crate::id::described!(Change);

/// One act on many orders.
pub struct Bulk;
impl Kind for Bulk {
    const PREFIX: &'static str = "blk";
}
crate::id::described!(Bulk);

/// An order staff make for somebody, before it is one.
pub struct Draft;
impl Kind for Draft {
    const PREFIX: &'static str = "drf";
}
crate::id::described!(Draft);

/// Why staff cannot change it so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A price is one minor unit or more, and no line costs less than nothing.
    BadPrice,
    /// What several buy together has the price and the goods of its group buy.
    InTeam,
    /// Every unit would be out: ending the order is what is meant.
    AllOut,
    /// No such line, or more units than are there and in no parcel.
    BadLine,
    /// What is sent instead costs the same, is of the same product and can be bought now.
    BadSwap,
    /// It costs more there. Nobody is charged for that: another order asks for the difference.
    Dearer,
    /// Somebody pays just now: once it is known how that ended, it can be changed.
    BeingPaid,
    NoReason,
    /// A note has 1 to 2,000 characters.
    BadNote,
    /// A tag is a word of at most 40 characters; an order has at most 20.
    BadTag,
    /// A view has a name of at most 60 characters.
    BadView,
    /// One act is on at most so many orders.
    TooMany(i64),
    /// The file is not one of orders with carriers and numbers.
    BadFile,
    /// It was sent or dropped already.
    DraftDone,
    /// A draft has 1 to 100 lines of 1 to 9,999 units.
    BadDraft,
    /// What a line is cheaper by needs a reason, and is no more than it costs.
    BadDiscount,
    /// Somebody buys it: their e-mail address or phone is needed.
    NoCustomer,
    /// It can be paid for from an hour to thirty days.
    BadTime,
    /// Staff keep this customer from ordering.
    KeptFromOrdering,
}

/// The longest text of a note.
pub const LONGEST_NOTE: usize = 2_000;
pub const LONGEST_TAG: usize = 40;
pub const MOST_TAGS: usize = 20;
/// How many orders one act is on.
pub const MOST_AT_ONCE: i64 = 5_000;
pub const MOST_DRAFT_LINES: usize = 100;
/// The tag of what is to be packed next.
pub const PACKING: &str = "packing";

/// A line as it is, and what one of it costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    pub quantity: i64,
    pub unit: i64,
    pub total: i64,
}

/// What a line costs then: `total = quantity × unit − discount`, nothing negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Priced {
    pub unit: i64,
    pub discount: i64,
    pub total: i64,
}

/// The line at another total. Made cheaper it keeps what one costs and says what is off; made
/// dearer one costs more.
pub fn at(line: Line, total: i64) -> Result<Priced, Refusal> {
    if !(0..=LARGEST / 2).contains(&total) || line.quantity < 1 {
        return Err(Refusal::BadPrice);
    }
    let full = line.unit.checked_mul(line.quantity).ok_or(Refusal::BadPrice)?;
    let unit = if total <= full {
        line.unit
    } else {
        // Rounded up, so that what is off is never negative.
        (total + line.quantity - 1) / line.quantity
    };
    Ok(Priced { unit, discount: unit * line.quantity - total, total })
}

/// The lines when all goods together cost `goods`: by largest remainder, in proportion to what
/// they cost before.
pub fn spread(lines: &[Line], goods: Money) -> Result<Vec<Priced>, Refusal> {
    if goods.minor < 0 || lines.is_empty() {
        return Err(Refusal::BadPrice);
    }
    let weights: Vec<i64> = lines.iter().map(|line| line.total).collect();
    let parts = goods.split(&weights);
    lines.iter().zip(parts).map(|(line, part)| at(*line, part.minor)).collect()
}

/// A tag as it is kept: one word of small letters, with spaces made hyphens.
pub fn tag(text: &str) -> Result<String, Refusal> {
    let text = crate::text::one_line(text).to_lowercase().replace(' ', "-");
    let fits = (1..=LONGEST_TAG).contains(&text.chars().count());
    if fits && !text.contains(',') { Ok(text) } else { Err(Refusal::BadTag) }
}

/// How long something can be paid for by its link.
pub fn check_time(time: Span) -> Result<Span, Refusal> {
    let (least, most) = (Span::hours(1), Span::days(30));
    if (least.0..=most.0).contains(&time.0) { Ok(time) } else { Err(Refusal::BadTime) }
}

#[cfg(test)]
mod tests;
