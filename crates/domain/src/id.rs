//! Ids: typed inside, prefixed and sortable by time outside (`ord_01k2…`).
//!
//! An id is 63 bits: 41 of milliseconds since 2025, then 22 that the maker chose. It is written in
//! thirteen of Crockford's base-32 digits, so that the order of texts is the order of numbers.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use crate::moment::Moment;

/// A kind of thing that has ids.
pub trait Kind {
    /// What its ids start with outside: three or four letters.
    const PREFIX: &'static str;
}

/// Which one of a kind of things.
pub struct Id<T>(pub i64, PhantomData<fn() -> T>);

/// 2025-01-01T00:00:00Z in milliseconds.
const EPOCH_MILLIS: i64 = 1_735_689_600_000;
/// How many bits of an id are the maker's choice.
pub const CHOSEN_BITS: u32 = 22;
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The number of an id made at `now` with these chosen bits.
pub fn number(now: Moment, chosen: u32) -> i64 {
    let millis = (now.as_millis() - EPOCH_MILLIS).clamp(0, (1 << 41) - 1);
    (millis << CHOSEN_BITS) | i64::from(chosen & ((1 << CHOSEN_BITS) - 1))
}

impl<T> Id<T> {
    pub const fn new(number: i64) -> Self {
        Id(number, PhantomData)
    }
}

impl<T: Kind> Id<T> {
    /// Reads `ord_01k2…` back. `None` for another kind's id or anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(T::PREFIX)?.strip_prefix('_')?;
        if digits.len() != 13 {
            return None;
        }
        let mut number: i64 = 0;
        for byte in digits.bytes() {
            let digit = DIGITS.iter().position(|digit| *digit == byte)? as i64;
            number = number.checked_mul(32)?.checked_add(digit)?;
        }
        Some(Id::new(number))
    }
}

impl<T: Kind> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let mut digits = [b'0'; 13];
        let mut left = self.0;
        for digit in digits.iter_mut().rev() {
            *digit = DIGITS[(left & 31) as usize];
            left >>= 5;
        }
        let digits = std::str::from_utf8(&digits).expect("the digits are ASCII");
        write!(f, "{}_{digits}", T::PREFIX)
    }
}

impl<T: Kind> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<T: Kind> serde::Serialize for Id<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, T: Kind> serde::Deserialize<'de> for Id<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Id::parse(&text).ok_or_else(|| {
            serde::de::Error::custom(format!("not an id that starts with {}_", T::PREFIX))
        })
    }
}

/// In the API's description an id is a text of its kind's form. The description names the kind too,
/// so each kind says `id::described!(Order);`.
#[cfg(feature = "schema")]
impl<T: Kind> utoipa::__dev::ComposeSchema for Id<T> {
    fn compose(
        _: Vec<utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>>,
    ) -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some(format!("^{}_[0-9a-hjkmnp-tv-z]{{13}}$", T::PREFIX)))
            .into()
    }
}
#[cfg(feature = "schema")]
impl<T: Kind> utoipa::ToSchema for Id<T> {
    fn name() -> std::borrow::Cow<'static, str> {
        std::borrow::Cow::Borrowed("Id")
    }
}

/// Describes a kind of things by the form of its ids.
#[cfg(feature = "schema")]
#[macro_export]
macro_rules! described {
    ($kind:ty) => {
        impl utoipa::__dev::ComposeSchema for $kind {
            fn compose(
                generics: Vec<utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>>,
            ) -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                <$crate::id::Id<$kind> as utoipa::__dev::ComposeSchema>::compose(generics)
            }
        }
        impl utoipa::ToSchema for $kind {
            fn name() -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Borrowed(<$kind as $crate::id::Kind>::PREFIX)
            }
        }
    };
}
#[cfg(not(feature = "schema"))]
#[macro_export]
macro_rules! described {
    ($kind:ty) => {};
}
pub use described;

// By hand, because derived ones would ask the same of `T`.
impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    struct Order;
    impl Kind for Order {
        const PREFIX: &'static str = "ord";
    }

    #[test]
    fn another_kinds_id_is_refused() {
        assert_eq!(Id::<Order>::parse("tem_0000000000001"), None);
        assert_eq!(Id::<Order>::parse("ord_000000000000"), None);
        assert_eq!(Id::<Order>::parse("ord_000000000000u"), None);
        assert_eq!(Id::<Order>::parse("ord_zzzzzzzzzzzzz"), None);
        assert_eq!(Id::<Order>::parse("ord_0000000000010"), Some(Id::new(32)));
    }

    proptest! {
        #[test]
        fn ids_are_read_back_and_sort_like_their_numbers(a in 0..i64::MAX, b in 0..i64::MAX) {
            let (a, b) = (Id::<Order>::new(a), Id::<Order>::new(b));
            prop_assert_eq!(Id::parse(&a.to_string()), Some(a));
            prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
        }

        #[test]
        fn a_later_moment_makes_a_larger_id(
            at in 1_735_689_600_000i64..3_900_000_000_000, c: u32, d: u32
        ) {
            let (now, later) = (Moment(at * 1000), Moment((at + 1) * 1000));
            prop_assert!(number(now, c) < number(later, d));
        }
    }
}
