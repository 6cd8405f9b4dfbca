//! Sellers: merchants who sell beside the shop itself, on its pages and under its rules.
//!
//! A shop has none by default, and nothing changes for it. An order is always one seller's (or the
//! shop's). The buyer's money waits in the order's escrow; when it is completed, what is left goes
//! to the seller less a commission, and never through what the shop itself earns.

use serde::{Deserialize, Serialize};

use crate::id::{Id, Kind};
use crate::moment::{self, Moment, Span};
use crate::money::Money;
use crate::rate::Rate;

/// A merchant who sells here beside the shop itself.
pub struct Seller;
impl Kind for Seller {
    const PREFIX: &'static str = "sel";
}
crate::id::described!(Seller);

/// A seller's part of an order's money, on its way from the provider to them.
pub struct Split;
impl Kind for Split {
    const PREFIX: &'static str = "spl";
}
crate::id::described!(Split);

/// A month of a seller's that was settled.
pub struct Settlement;
impl Kind for Settlement {
    const PREFIX: &'static str = "stl";
}
crate::id::described!(Settlement);

/// Whether a seller sells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = SellerStatus))]
pub enum Status {
    Active,
    /// Nothing of theirs can be ordered; what was ordered goes on.
    Paused,
}

impl Status {
    pub fn code(self) -> &'static str {
        match self {
            Status::Active => "active",
            Status::Paused => "paused",
        }
    }

    pub fn parse(code: &str) -> Option<Status> {
        [Status::Active, Status::Paused].into_iter().find(|status| status.code() == code)
    }
}

/// Why something of a seller's is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    BadName,
    /// It may have small letters, digits and hyphens.
    BadHandle,
    HandleTaken,
    /// Not 0 to 10,000 basis points.
    BadCommission,
    /// Buyers must be able to read who sells: who that is, and by what licence.
    NoLicence,
    /// No such provider, or a name that is too long.
    BadReceiver,
    /// What is ordered together is of several sellers.
    SeveralSellers,
    /// A product that was ordered stays its seller's.
    Ordered,
    /// A campaign of the shop's offers it.
    InCampaign,
    /// This month is not over.
    MonthNotOver,
    /// An earlier month was not settled yet.
    EarlierMonth,
}

/// What a basket holds, in groups that can be ordered together, in the order in which they came.
pub fn by_seller<T>(
    lines: impl IntoIterator<Item = T>,
    seller: impl Fn(&T) -> Option<Id<Seller>>,
) -> Vec<(Option<Id<Seller>>, Vec<T>)> {
    let mut groups: Vec<(Option<Id<Seller>>, Vec<T>)> = Vec::new();
    for line in lines {
        let of = seller(&line);
        match groups.iter_mut().find(|(known, _)| *known == of) {
            Some((_, group)) => group.push(line),
            None => groups.push((of, vec![line])),
        }
    }
    groups
}

/// Whose an order of these is, if it is one seller's.
pub fn seller_of(
    sellers: impl IntoIterator<Item = Option<Id<Seller>>>,
) -> Result<Option<Id<Seller>>, Refusal> {
    let mut sellers = sellers.into_iter();
    let first = sellers.next().flatten();
    match sellers.all(|seller| seller == first) {
        true => Ok(first),
        false => Err(Refusal::SeveralSellers),
    }
}

/// How what an order leaves is parted. `goods + other - commission = net`, always.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// What the buyer paid for goods and did not get back, without tax that was added on top.
    pub goods: Money,
    /// The rest: what they travelled for, and tax that was added. The seller's, without commission.
    pub other: Money,
    pub commission: Money,
    /// What is the seller's.
    pub net: Money,
}

/// Parts `amount` that a completed order leaves, `goods` of it for goods. The commission is taken
/// on goods alone, rounded half up.
pub fn part(amount: Money, goods: Money, rate: Rate) -> Part {
    let goods = goods.least(amount);
    let commission = rate.of(goods);
    Part { goods, other: amount.minus(goods), commission, net: amount.minus(commission) }
}

/// What comes back when `amount` of a completed order is refunded and `goods_left` is what is left
/// for goods, where `kept` is what was parted so far. The commission on what is left is reckoned
/// anew, and what is too much of it goes back: so whatever is refunded in however many parts, the
/// commission that stays is that of what stays, to the cent. Every part is negative or nothing.
pub fn back(kept: &Part, amount: Money, goods_left: Money, rate: Rate) -> Part {
    let goods = goods_left.least(kept.goods).minus(kept.goods);
    let commission = rate.of(kept.goods.plus(goods)).minus(kept.commission);
    Part {
        goods,
        other: amount.negated().minus(goods),
        commission,
        net: amount.negated().minus(commission),
    }
}

/// How much of an order's `net` goes to the seller now, where `free` is what the books owe them
/// with it: what they owe from before is kept back.
pub fn to_split(net: i64, free: i64) -> i64 {
    net.min(free).max(0)
}

/// A month of the shop's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i64);

impl Month {
    /// The month of a moment where clocks are `zone` ahead of UTC.
    pub fn of(at: Moment, zone: Span) -> Month {
        let (year, month, _) = moment::civil(at.plus(zone).0.div_euclid(Span::days(1).0));
        Month(year * 12 + month - 1)
    }

    /// Its first moment there.
    pub fn start(self, zone: Span) -> Moment {
        let day = moment::days(self.0.div_euclid(12), self.0.rem_euclid(12) + 1, 1);
        Moment(day * Span::days(1).0).minus(zone)
    }

    #[must_use]
    pub fn plus(self, months: i64) -> Month {
        Month(self.0 + months)
    }

    /// Its number: 202611 for November of 2026.
    pub fn number(self) -> i64 {
        self.0.div_euclid(12) * 100 + self.0.rem_euclid(12) + 1
    }

    pub fn from_number(number: i64) -> Option<Month> {
        let (year, month) = (number.div_euclid(100), number.rem_euclid(100));
        let known = (1970..=9999).contains(&year) && (1..=12).contains(&month);
        known.then_some(Month(year * 12 + month - 1))
    }

    /// Reads `2026-11`.
    pub fn parse(text: &str) -> Option<Month> {
        let (year, month) = text.split_once('-')?;
        let digits = |text: &str, count| {
            let fits = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
            if fits { text.parse::<i64>().ok() } else { None }
        };
        Month::from_number(digits(year, 4)? * 100 + digits(month, 2)?)
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.0.div_euclid(12), self.0.rem_euclid(12) + 1)
    }
}

#[cfg(test)]
mod tests;
