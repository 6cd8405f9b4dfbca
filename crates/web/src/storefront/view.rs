//! What storefront templates are made of: prices, faces, clocks, cards. Values only.

use domain::catalog::Product;
use domain::id::Id;
use domain::moment::Moment;

use crate::locale::Price;

/// A price as short as it can be said, for buttons and sentences: `¥39`.
pub fn short(price: &Price) -> String {
    let whole = price.to_string();
    match whole.strip_suffix(&price.dec) {
        Some(round) if price.dec.bytes().all(|byte| matches!(byte, b'.' | b'0')) => round.into(),
        _ => whole,
    }
}

/// Somebody's face: the first letter of their name on a hue that stays theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Face {
    pub name: String,
    pub letter: String,
    pub hue: u32,
}

impl Face {
    /// A person whose hue (0 to 359) is known.
    pub fn with_hue(name: &str, hue: i64) -> Face {
        Face { hue: u32::try_from(hue.rem_euclid(6)).unwrap_or(0) + 1, ..Face::of(name) }
    }

    pub fn of(name: &str) -> Face {
        let first = name.trim().chars().next().unwrap_or('·');
        let sum: u32 = name.chars().map(|letter| letter as u32).fold(7, u32::wrapping_add);
        Face { name: name.to_string(), letter: first.to_uppercase().collect(), hue: sum % 6 + 1 }
    }
}

/// An end that is counted down to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Milliseconds of UTC, for the script.
    pub ms: i64,
    pub iso: String,
    /// The end in words, shown on hover.
    pub exact: String,
    /// What is left now, for those without script: `23:59:12`.
    pub left: String,
}

impl Clock {
    pub fn until(end: Moment, now: Moment, exact: String) -> Clock {
        let left = end.since(now).as_seconds().max(0);
        let (hours, minutes, seconds) = (left / 3_600, left / 60 % 60, left % 60);
        Clock {
            ms: end.as_millis(),
            iso: end.rfc3339(),
            exact,
            left: format!("{hours:02}:{minutes:02}:{seconds:02}"),
        }
    }
}

/// When something happened: said relatively, exact on hover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    pub iso: String,
    pub exact: String,
    pub said: String,
}

/// A picture in the sizes it comes in. Without `src` the shop's mark stands in its place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    pub src: String,
    pub thumb: String,
    pub srcset: String,
    pub sizes: &'static str,
    pub alt: String,
}

/// A product in a list.
#[derive(Clone, Debug)]
pub struct Card {
    pub id: Id<Product>,
    pub href: String,
    pub name: String,
    pub picture: Picture,
    pub alone: Price,
    pub together: Option<Price>,
    pub size: i64,
    pub sold_out: bool,
    /// `★ 4.7 · 12`; empty while nobody reviewed it.
    pub score: String,
}

/// A category.
#[derive(Clone, Debug)]
pub struct Kind {
    pub href: String,
    pub name: String,
    pub picture: Picture,
    pub here: bool,
}

/// An open team in a list.
#[derive(Clone, Debug)]
pub struct TeamTile {
    pub href: String,
    pub name: String,
    pub picture: Picture,
    pub price: Price,
    pub alone: Price,
    pub leader: Face,
    pub faces: Vec<Face>,
    /// People in it beyond the faces shown.
    pub more: i64,
    /// Empty rings drawn beside the faces: never more than two.
    pub dashes: i64,
    pub missing: i64,
    pub clock: Option<Clock>,
}

/// One line of a cart, a checkout or an order.
#[derive(Clone, Debug)]
pub struct LineView {
    pub variant: String,
    pub href: String,
    pub name: String,
    pub chosen: String,
    pub picture: Picture,
    pub quantity: i64,
    pub most: i64,
    pub sum: Price,
    pub gone: bool,
    pub warning: String,
}

/// One line of a sum.
#[derive(Clone, Debug)]
pub struct Sum {
    pub label: String,
    pub amount: String,
    /// Something taken off.
    pub off: bool,
    /// Why, on tap. May be empty.
    pub why: String,
}

/// Something to do next.
#[derive(Clone, Debug, Default)]
pub struct Act {
    pub label: String,
    pub href: String,
    pub icon: &'static str,
    pub look: &'static str,
    /// Which of the chooser's buttons it asks for.
    pub want: &'static str,
    pub post: bool,
}

/// A link among alternatives.
#[derive(Clone, Debug)]
pub struct Tab {
    pub label: String,
    pub href: String,
    pub here: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::money::{Currency, Money};

    #[test]
    fn prices_are_short_in_words() {
        let said = |minor, currency| short(&Price::of(Money::new(minor, currency)));
        assert_eq!(said(3_900, Currency::Cny), "¥39");
        assert_eq!(said(3_950, Currency::Cny), "¥39.50");
        assert_eq!(said(123_456_789, Currency::Usd), "$1,234,567.89");
        assert_eq!(said(1_200, Currency::Jpy), "¥1,200");
    }

    #[test]
    fn a_face_has_one_letter_and_keeps_its_hue() {
        assert_eq!(Face::of("ann").letter, "A");
        assert_eq!(Face::of("林").letter, "林");
        assert_eq!(Face::of("").letter, "·");
        assert_eq!(Face::of("bob").hue, Face::of("bob").hue);
    }

    #[test]
    fn what_is_left_is_never_negative() {
        let now = Moment(10_000_000);
        assert_eq!(Clock::until(Moment(0), now, String::new()).left, "00:00:00");
        let later = now.plus(domain::moment::Span::hours(26));
        assert_eq!(Clock::until(later, now, String::new()).left, "26:00:00");
    }
}
