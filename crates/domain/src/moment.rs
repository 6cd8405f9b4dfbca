//! When: microseconds of UTC, and how long: a span of them.

use serde::{Deserialize, Serialize};

/// A moment: microseconds since 1970-01-01T00:00:00Z. Outside it is RFC 3339 with milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Moment(pub i64);

/// A length of time in microseconds.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default,
)]
pub struct Span(pub i64);

impl Span {
    pub const fn millis(count: i64) -> Span {
        Span(count * 1_000)
    }
    pub const fn seconds(count: i64) -> Span {
        Span(count * 1_000_000)
    }
    pub const fn minutes(count: i64) -> Span {
        Span::seconds(count * 60)
    }
    pub const fn hours(count: i64) -> Span {
        Span::minutes(count * 60)
    }
    pub const fn days(count: i64) -> Span {
        Span::hours(count * 24)
    }
    pub fn as_seconds(self) -> i64 {
        self.0 / 1_000_000
    }
}

impl Moment {
    #[must_use]
    pub fn plus(self, span: Span) -> Moment {
        Moment(self.0.saturating_add(span.0))
    }

    #[must_use]
    pub fn minus(self, span: Span) -> Moment {
        Moment(self.0.saturating_sub(span.0))
    }

    /// How long after `earlier` this is (negative when before it).
    pub fn since(self, earlier: Moment) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }

    /// The day it is where clocks are ahead of UTC by `zone`, counted from 1970-01-01.
    pub fn day_in(self, zone: Span) -> i64 {
        self.plus(zone).0.div_euclid(Span::days(1).0)
    }

    /// The month it is there, counted from the year 0: two moments of one month have the same.
    pub fn month_in(self, zone: Span) -> i64 {
        let (year, month, _) = civil(self.day_in(zone));
        year * 12 + month - 1
    }

    pub fn as_millis(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// `2026-11-21T08:30:00.000Z`.
    pub fn rfc3339(self) -> String {
        let millis = self.as_millis();
        let (days, rest) = (millis.div_euclid(86_400_000), millis.rem_euclid(86_400_000));
        let (year, month, day) = civil(days);
        let (hour, minute) = (rest / 3_600_000, rest / 60_000 % 60);
        let (second, milli) = (rest / 1_000 % 60, rest % 1_000);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
    }

    /// Reads RFC 3339 in UTC (`Z`), with or without a fraction of up to six digits.
    pub fn parse(text: &str) -> Option<Moment> {
        let text = text.strip_suffix('Z')?;
        let (date, time) = text.split_once('T')?;
        let (clock, fraction) = time.split_once('.').unwrap_or((time, ""));
        let number = |text: &str, length: usize| -> Option<i64> {
            let right = text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
            if right { text.parse().ok() } else { None }
        };
        let mut date = date.splitn(3, '-');
        let year = number(date.next()?, 4)?;
        let month = number(date.next()?, 2).filter(|month| (1..=12).contains(month))?;
        let day = number(date.next()?, 2).filter(|day| (1..=31).contains(day))?;
        let mut clock = clock.splitn(3, ':');
        let hour = number(clock.next()?, 2).filter(|hour| *hour < 24)?;
        let minute = number(clock.next()?, 2).filter(|minute| *minute < 60)?;
        let second = number(clock.next()?, 2).filter(|second| *second < 60)?;
        let micros = match fraction.len() {
            0 => 0,
            1..=6 => number(&format!("{fraction:0<6}"), 6)?,
            _ => return None,
        };
        let seconds = days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
        Some(Moment(seconds * 1_000_000 + micros))
    }
}

/// Year, month and day of a day counted from 1970-01-01, in the proleptic Gregorian calendar:
/// years are counted from March, so that the leap day ends its year.
pub(crate) fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// The inverse of `civil`.
pub(crate) fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let from_march = (month + 9) % 12;
    let day_of_year = (153 * from_march + 2) / 5 + day - 1;
    let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + of_era - 719_468
}

impl Serialize for Moment {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.rfc3339())
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Moment::parse(&text).ok_or_else(|| serde::de::Error::custom("not an RFC 3339 time in UTC"))
    }
}

#[cfg(feature = "schema")]
impl utoipa::PartialSchema for Moment {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .into()
    }
}
#[cfg(feature = "schema")]
impl utoipa::ToSchema for Moment {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn moments_are_written_and_read() {
        for text in
            ["1970-01-01T00:00:00.000Z", "2024-02-29T23:59:59.999Z", "2026-11-21T08:30:00.000Z"]
        {
            assert_eq!(Moment::parse(text).unwrap().rfc3339(), text);
        }
        assert_eq!(Moment::parse("2026-11-21T08:30:00Z"), Some(Moment(1_795_249_800_000_000)));
        for bad in ["2026-13-01T00:00:00Z", "2026-11-21", "2026-11-21T08:30:00+08:00", "x"] {
            assert_eq!(Moment::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn days_and_months_are_those_of_a_place() {
        let china = Span::hours(8);
        let at = |text: &str| Moment::parse(text).unwrap();
        let (before, after) = (at("2026-02-28T15:59:59Z"), at("2026-02-28T16:00:00Z"));
        assert_eq!(before.day_in(china) + 1, after.day_in(china));
        assert_eq!(before.month_in(china) + 1, after.month_in(china));
        assert_eq!(before.month_in(Span(0)), after.month_in(Span(0)));
        assert_eq!(at("2026-12-31T00:00:00Z").month_in(china), 2026 * 12 + 11);
        assert_eq!(at("2027-01-01T00:00:00Z").month_in(china), 2027 * 12);
        assert_eq!(Moment(-1).day_in(Span(0)), -1);
    }

    proptest! {
        #[test]
        fn any_millisecond_survives(millis in 0i64..4_000_000_000_000) {
            let moment = Moment(millis * 1000);
            prop_assert_eq!(Moment::parse(&moment.rfc3339()), Some(moment));
        }
    }
}
