//! What something cost before, and whether that may be shown struck through.
//!
//! A former price is shown only with evidence: it is no higher than the lowest price anybody could
//! buy at in the thirty days before the reduction began (Directive 98/6/EC, article 6a; 明码标价和
//! 禁止价格欺诈规定 articles 16 and 17), and for seven of these days the goods were really offered.

use crate::moment::{Moment, Span};

/// How long before a reduction the lowest price is looked for.
pub const LOOKED_BACK: Span = Span::days(30);
/// For how long of that the goods must have been offered.
pub const OFFERED_FOR: Span = Span::days(7);

/// A price that everybody could buy at, from a moment until just before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charged {
    pub price: i64,
    pub from: Moment,
    pub until: Option<Moment>,
}

/// Why a former price is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoEvidence {
    /// The goods were not offered in the thirty days before.
    NeverCharged,
    /// They were, but for so short a time only.
    TooShort(Span),
    /// They cost no more before: the lowest price then.
    NotLower(i64),
}

/// The former price that may be shown for goods that cost `price` since `began`: the claimed one,
/// or the lowest of the thirty days before when that is less.
pub fn former(
    claimed: i64,
    price: i64,
    began: Moment,
    past: &[Charged],
) -> Result<i64, NoEvidence> {
    let opens = began.minus(LOOKED_BACK);
    let mut spans: Vec<(Moment, Moment, i64)> = past
        .iter()
        .map(|one| {
            let until = one.until.map_or(began, |until| until.min(began));
            (one.from.max(opens), until, one.price)
        })
        .filter(|(from, until, _)| from < until)
        .collect();
    spans.sort_unstable();
    let Some(lowest) = spans.iter().map(|(.., price)| *price).min() else {
        return Err(NoEvidence::NeverCharged);
    };
    let mut offered = Span(0);
    let mut seen = opens;
    for (from, until, _) in spans {
        if until > seen {
            offered = Span(offered.0 + until.since(from.max(seen)).0);
            seen = until;
        }
    }
    let shown = claimed.min(lowest);
    if shown <= price {
        Err(NoEvidence::NotLower(lowest))
    } else if offered < OFFERED_FOR {
        Err(NoEvidence::TooShort(offered))
    } else {
        Ok(shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Moment = Moment(Span::days(1).0);

    /// `50 from 0 to 20` in days; without an end it still holds.
    fn past(text: &str) -> Vec<Charged> {
        let span = |text: &str| {
            let words: Vec<&str> = text.split_whitespace().collect();
            let day =
                |n: usize| words.get(n).map(|day| Moment(day.parse::<i64>().unwrap() * DAY.0));
            Charged { price: words[0].parse().unwrap(), from: day(2).unwrap(), until: day(4) }
        };
        text.split(',').filter(|part| !part.trim().is_empty()).map(span).collect()
    }

    fn check(claimed: i64, history: &str, shown: Result<i64, NoEvidence>) {
        let began = Moment(100 * DAY.0);
        assert_eq!(former(claimed, 40, began, &past(history)), shown, "{claimed} {history}");
    }

    #[test]
    fn a_former_price_needs_evidence() {
        check(60, "", Err(NoEvidence::NeverCharged));
        check(60, "60 from 0 to 100", Ok(60));
        check(60, "60 from 0", Ok(60));
        // The claim may be less than what was charged, never more.
        check(50, "60 from 0 to 100", Ok(50));
        check(90, "60 from 0 to 100", Ok(60));
        // The lowest of thirty days, not the last; what was before them does not count.
        check(60, "50 from 0 to 80, 60 from 80 to 100", Ok(50));
        check(60, "30 from 0 to 70, 60 from 70 to 100", Ok(60));
        check(60, "60 from 0 to 100, 45 from 90 to 91", Ok(45));
        // Raised shortly before: no evidence for the raised price.
        check(60, "40 from 0 to 95, 60 from 95 to 100", Err(NoEvidence::NotLower(40)));
        check(60, "60 from 95 to 100", Err(NoEvidence::TooShort(Span::days(5))));
        check(60, "60 from 93 to 100", Ok(60));
        check(60, "60 from 80 to 84, 60 from 90 to 92", Err(NoEvidence::TooShort(Span::days(6))));
        check(60, "60 from 0 to 60", Err(NoEvidence::NeverCharged));
        check(60, "60 from 100 to 120", Err(NoEvidence::NeverCharged));
        check(40, "60 from 0 to 100", Err(NoEvidence::NotLower(60)));
        // Two at once are counted once.
        check(60, "60 from 94 to 99, 55 from 95 to 98", Err(NoEvidence::TooShort(Span::days(5))));
    }
}
