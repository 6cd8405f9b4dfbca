//! Invoices: who may ask for one, what is on it, what it is called, and how one is taken back.
//!
//! An invoice is for money that came in: what the shop gave as store credit is on none, and money
//! that was topped up is invoiced once, where it is spent. What was issued is never changed; a red
//! invoice takes it back, line by line with the other sign, and another is issued for what is left
//! (RULES CN-TAX-01).

use serde::{Deserialize, Serialize};

use crate::id::Kind;
use crate::money::Money;
use crate::order::Status;
use crate::rate::Rate;
use crate::tax::back_so_far;
use crate::text::one_line;

pub mod tax_number;

/// An invoice, red ones too.
pub struct Invoice;
impl Kind for Invoice {
    const PREFIX: &'static str = "inv";
}
crate::id::described!(Invoice);

/// Somebody asked for an invoice.
pub struct InvoiceRequest;
impl Kind for InvoiceRequest {
    const PREFIX: &'static str = "irq";
}
crate::id::described!(InvoiceRequest);

/// Whom an invoice names, kept for the next time.
pub struct InvoiceTitle;
impl Kind for InvoiceTitle {
    const PREFIX: &'static str = "itl";
}
crate::id::described!(InvoiceTitle);

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = InvoiceState))]
pub enum State {
    Asked,
    Issued,
    /// What was issued was taken back, and nothing took its place.
    Red,
    Declined,
    /// Its buyer took it back before it was issued.
    Withdrawn,
}

impl State {
    pub const ALL: [State; 5] =
        [State::Asked, State::Issued, State::Red, State::Declined, State::Withdrawn];

    pub fn code(self) -> &'static str {
        match self {
            State::Asked => "asked",
            State::Issued => "issued",
            State::Red => "red",
            State::Declined => "declined",
            State::Withdrawn => "withdrawn",
        }
    }

    pub fn parse(code: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether a request may go from here to `to`.
    pub fn may_become(self, to: State) -> bool {
        use State::*;
        matches!((self, to), (Asked, Issued | Declined | Withdrawn) | (Issued, Red))
    }
}

/// Whether an invoice names a person or a company.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum TitleKind {
    #[default]
    Person,
    /// With its tax number.
    Company,
}

impl TitleKind {
    pub const ALL: [TitleKind; 2] = [TitleKind::Person, TitleKind::Company];

    pub fn code(self) -> &'static str {
        match self {
            TitleKind::Person => "person",
            TitleKind::Company => "company",
        }
    }

    pub fn parse(code: &str) -> Option<TitleKind> {
        TitleKind::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// Whom an invoice names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = InvoiceTitleText))]
pub struct Title {
    pub kind: TitleKind,
    pub name: String,
    /// A company's: China's unified social credit code, or the VAT number of a country of the EU
    /// or the United Kingdom with its two letters. Empty for a person.
    #[serde(default)]
    pub tax_number: String,
    /// Where a company is registered; may be left out.
    #[serde(default)]
    pub address: String,
}

impl Title {
    /// The title as it is kept: without spaces around, the tax number checked and written in one
    /// way, a person without one.
    pub fn checked(&self) -> Result<Title, Refusal> {
        let (name, address) = (one_line(&self.name), one_line(&self.address));
        if name.is_empty() || name.chars().count() > 100 {
            return Err(Refusal::BadTitle);
        }
        if address.chars().count() > 200 {
            return Err(Refusal::BadAddress);
        }
        let tax_number = match self.kind {
            TitleKind::Person => String::new(),
            TitleKind::Company => {
                tax_number::checked(&self.tax_number).ok_or(Refusal::BadTaxNumber)?
            }
        };
        Ok(Title { kind: self.kind, name, tax_number, address })
    }
}

/// A part of an order as it stands: a line, or the way of the goods. All with tax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub name: String,
    pub spec: String,
    pub quantity: i64,
    /// What it cost, and what of that went back or is promised to.
    pub paid: Money,
    pub back: Money,
    /// The tax in it, and what of that went back.
    pub tax: Money,
    pub tax_back: Money,
    pub rate: Rate,
}

/// A line of an invoice; of a red one with the other sign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = InvoiceLine))]
pub struct Line {
    pub name: String,
    /// Which one of its kind; may be empty.
    pub spec: String,
    pub quantity: i64,
    /// What is paid for it, with tax.
    pub amount: Money,
    pub tax: Money,
    /// In basis points.
    #[cfg_attr(feature = "schema", schema(value_type = i64))]
    pub rate: Rate,
}

impl Line {
    pub fn net(&self) -> Money {
        self.amount.minus(self.tax)
    }
}

/// What an order's invoice says: its parts less what went back, and of that less what was paid with
/// `credit`, which is shared over them. A part that nothing is left of is not on it.
pub fn lines(parts: &[Part], credit: Money) -> Vec<Line> {
    let left: Vec<Money> = parts.iter().map(|part| part.paid.minus(part.back)).collect();
    let weights: Vec<i64> = left.iter().map(|left| left.minor).collect();
    let whole = left.iter().fold(Money::zero(credit.currency), |sum, left| sum.plus(*left));
    let credit = credit.least(whole);
    let shares = if parts.is_empty() { Vec::new() } else { credit.split(&weights) };
    let line = |((part, left), share): ((&Part, &Money), Money)| {
        let amount = left.minus(share);
        let tax = back_so_far(part.tax.minus(part.tax_back), *left, amount);
        // Units that were paid back whole are not on it any more.
        let gone = match part.paid.minor {
            0 => 0,
            paid => i128::from(part.back.minor) * i128::from(part.quantity) / i128::from(paid),
        };
        let quantity = (part.quantity - gone as i64).max(1);
        let (name, spec) = (part.name.clone(), part.spec.clone());
        Line { name, spec, quantity, amount, tax, rate: part.rate }
    };
    let all = parts.iter().zip(&left).zip(shares).map(line);
    all.filter(|line| line.amount.minor > 0).collect()
}

/// The same lines with the other sign: what a red invoice says.
pub fn mirrored(lines: &[Line]) -> Vec<Line> {
    let mirror = |line: &Line| Line {
        quantity: -line.quantity,
        amount: line.amount.negated(),
        tax: line.tax.negated(),
        ..line.clone()
    };
    lines.iter().map(mirror).collect()
}

/// What invoices sum to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = InvoiceSums))]
pub struct Sums {
    pub net: Money,
    pub tax: Money,
    pub total: Money,
}

/// The sums of lines; nothing in the currency for none.
pub fn sums(lines: &[Line], nothing: Money) -> Sums {
    let start = Sums { net: nothing, tax: nothing, total: nothing };
    lines.iter().fold(start, |sums, line| Sums {
        net: sums.net.plus(line.net()),
        tax: sums.tax.plus(line.tax),
        total: sums.total.plus(line.amount),
    })
}

/// What is taxed at each rate, the highest first.
pub fn by_rate(lines: &[Line]) -> Vec<(Rate, Sums)> {
    let mut rates: Vec<Rate> = lines.iter().map(|line| line.rate).collect();
    rates.sort_by_key(|rate| std::cmp::Reverse(rate.basis_points()));
    rates.dedup();
    let of = |rate: Rate| {
        let alike: Vec<Line> = lines.iter().filter(|line| line.rate == rate).cloned().collect();
        (rate, sums(&alike, Money::zero(alike[0].amount.currency)))
    };
    rates.into_iter().map(of).collect()
}

/// What is looked at before somebody may ask.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// Whether the shop says who it is, and so issues invoices at all.
    pub offered: bool,
    pub order: Status,
    /// What could be invoiced now.
    pub left: Money,
    /// Where the request stands that is under way or was answered with an invoice.
    pub request: Option<State>,
}

/// Whether the buyer may ask for an invoice.
pub fn may_ask(standing: &Standing) -> Result<(), Refusal> {
    if !standing.offered {
        return Err(Refusal::NotOffered);
    }
    match standing.request {
        Some(State::Asked) => return Err(Refusal::AlreadyAsked),
        Some(State::Issued) => return Err(Refusal::AlreadyIssued),
        _ => {}
    }
    is_paid(standing)
}

/// Whether it may be issued now: what waits for its team may still go back as a whole.
pub fn may_issue(standing: &Standing) -> Result<(), Refusal> {
    if !standing.offered {
        return Err(Refusal::NotOffered);
    }
    if standing.order == Status::AwaitingTeam {
        return Err(Refusal::AwaitsTeam);
    }
    is_paid(standing)
}

fn is_paid(standing: &Standing) -> Result<(), Refusal> {
    let paid = standing.order.is_paid() && standing.order != Status::LatePaid;
    if !paid {
        return Err(Refusal::NotPaid(standing.order));
    }
    if standing.left.minor <= 0 { Err(Refusal::NothingLeft) } else { Ok(()) }
}

/// Whether a request is answered by itself, where the shop wants that: its goods are there.
pub fn is_received(status: Status) -> bool {
    matches!(status, Status::Delivered | Status::Completed)
}

/// What an invoice is called: `FP2026-000042`. Numbers of a year follow each other without a gap.
pub fn number(prefix: &str, year: i64, n: i64) -> String {
    format!("{prefix}{year}-{n:06}")
}

/// Whether numbers may begin with it: up to ten capital letters, digits and hyphens, or nothing.
pub fn check_prefix(prefix: &str) -> Result<(), Refusal> {
    let fine = |letter: char| matches!(letter, 'A'..='Z' | '0'..='9' | '-');
    // A digit at its end would run into the year.
    let open = prefix.ends_with(|letter: char| letter.is_ascii_digit());
    let whole = prefix.len() <= 10 && prefix.chars().all(fine) && !open;
    if whole { Ok(()) } else { Err(Refusal::BadPrefix) }
}

/// Why something about an invoice cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The shop did not say yet who issues its invoices.
    NotOffered,
    NotPaid(Status),
    AwaitsTeam,
    /// All of it went back, or was paid with what the shop gave.
    NothingLeft,
    AlreadyAsked,
    AlreadyIssued,
    /// It stands elsewhere by now.
    NotNow(State),
    BadTitle,
    BadTaxNumber,
    BadAddress,
    NoReason,
    BadSeller,
    BadPrefix,
    TooMany(i64),
}

/// A reason in one line, at most 200 characters.
pub fn reason(text: &str) -> Result<String, Refusal> {
    let text = one_line(text);
    if text.is_empty() || text.chars().count() > 200 { Err(Refusal::NoReason) } else { Ok(text) }
}

#[cfg(test)]
mod tests;
