//! When people come: quiet nights, a lunch break, long evenings, fuller weekends.

use domain::moment::{Moment, Span};

use super::luck::Luck;

/// The demo lives in China's time zone, which has no summer time.
pub const ZONE: Span = Span::hours(8);

/// How busy each hour of the day is, in the shop's own time.
const HOURS: [i64; 24] =
    [7, 3, 2, 1, 1, 2, 6, 13, 19, 22, 24, 26, 31, 25, 20, 19, 21, 25, 33, 44, 57, 63, 49, 23];
/// How busy each day of the week is, Monday first, in per cent.
const WEEK: [i64; 7] = [88, 90, 94, 96, 112, 134, 130];

/// Midnight of the day `moment` is in.
pub fn midnight(moment: Moment) -> Moment {
    let day = Span::days(1).0;
    Moment((moment.0 + ZONE.0).div_euclid(day) * day - ZONE.0)
}

/// Monday is 0.
pub fn weekday(moment: Moment) -> usize {
    let days = (moment.0 + ZONE.0).div_euclid(Span::days(1).0);
    // 1970-01-01 was a Thursday.
    (days + 3).rem_euclid(7) as usize
}

/// The hour of the day in the shop's own time.
pub fn hour(moment: Moment) -> i64 {
    (moment.0 + ZONE.0).rem_euclid(Span::days(1).0) / Span::hours(1).0
}

/// The moments at which `usual` visits, more or less, happen on the day that begins at `midnight`.
pub fn visits(luck: &Luck, midnight: Moment, usual: i64) -> Vec<Moment> {
    let about = usual * WEEK[weekday(midnight)] / 100;
    let count = luck.between(about * 85 / 100, about * 115 / 100);
    let mut moments: Vec<Moment> = (0..count)
        .map(|_| {
            let hour = luck.weighted(&HOURS) as i64;
            let within = Span::millis(luck.between(0, 3_599_999));
            midnight.plus(Span::hours(hour)).plus(within)
        })
        .collect();
    moments.sort();
    moments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_begin_at_midnight_in_the_shops_own_time() {
        let moment = Moment::parse("2026-11-21T17:30:00Z").unwrap_or_default();
        assert_eq!(midnight(moment).rfc3339(), "2026-11-21T16:00:00.000Z");
        assert_eq!(hour(moment), 1);
        // 2026-11-22 in China is a Sunday.
        assert_eq!(weekday(moment), 6);
    }

    #[test]
    fn evenings_are_busier_than_nights() {
        let luck = Luck::new(1);
        let day = midnight(Moment(1_800_000_000_000_000));
        let moments = visits(&luck, day, 2_000);
        let within = |from: i64, to: i64| {
            moments.iter().filter(|at| (from..to).contains(&hour(**at))).count()
        };
        assert!(within(19, 23) > 5 * within(1, 5));
        assert!(moments.iter().all(|at| midnight(*at) == day));
    }
}
