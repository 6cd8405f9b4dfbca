//! Checking in day by day (签到): points that grow with the streak.
//!
//! A day is a day where the shop is. A missed day begins the streak anew; a clock that went back
//! counts nothing twice.

use serde::{Deserialize, Serialize};

use crate::moment::{Moment, Span};

/// What a merchant settles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = CheckInTerms))]
pub struct Terms {
    /// Points of the first, second … day of a streak; then it goes round again.
    pub days: Vec<i64>,
    /// More for a whole streak of so many days, each time it is reached.
    #[serde(default)]
    pub bonuses: Vec<Bonus>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = CheckInBonus))]
pub struct Bonus {
    pub streak: i64,
    pub points: i64,
}

/// Which setting cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadTerms {
    /// 1 to 31 days of 0 to 100,000 points, not all of them nothing.
    Days,
    /// At most ten, of different streaks from two days up, with 1 to 100,000 points.
    Bonuses,
}

const MOST_POINTS: i64 = 100_000;

impl Terms {
    /// What a merchant begins with: a week that grows, and something for the whole of it.
    pub fn usual() -> Terms {
        let bonuses = vec![Bonus { streak: 7, points: 20 }];
        Terms { days: vec![1, 2, 3, 4, 5, 6, 10], bonuses }
    }

    pub fn check(&self) -> Result<(), BadTerms> {
        let days = &self.days;
        let right = days.iter().all(|points| (0..=MOST_POINTS).contains(points));
        if !(1..=31).contains(&days.len()) || !right || days.iter().all(|points| *points == 0) {
            return Err(BadTerms::Days);
        }
        let right = |bonus: &Bonus| {
            (2..=366).contains(&bonus.streak) && (1..=MOST_POINTS).contains(&bonus.points)
        };
        let bonuses = &self.bonuses;
        let twice =
            |at: usize| bonuses[..at].iter().any(|other| other.streak == bonuses[at].streak);
        if bonuses.len() > 10 || !bonuses.iter().all(right) || (0..bonuses.len()).any(twice) {
            return Err(BadTerms::Bonuses);
        }
        Ok(())
    }
}

/// Somebody's streak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Streak {
    /// The last day they checked in, counted from 1970-01-01 where the shop is.
    pub last: Option<i64>,
    pub length: i64,
}

/// A day that was checked in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked {
    pub streak: Streak,
    pub points: i64,
    pub bonus: i64,
}

/// Why nothing is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Checked in already today; the streak is so long.
    Already(i64),
}

/// Checks in.
pub fn check_in(
    terms: &Terms,
    streak: Streak,
    now: Moment,
    zone: Span,
) -> Result<Checked, Refusal> {
    let today = now.day_in(zone);
    if streak.last.is_some_and(|last| last >= today) {
        return Err(Refusal::Already(streak.length));
    }
    let goes_on = streak.last == Some(today - 1);
    let length = if goes_on { streak.length + 1 } else { 1 };
    let place = (length - 1).rem_euclid(terms.days.len() as i64) as usize;
    let bonus = terms.bonuses.iter().find(|bonus| bonus.streak == length);
    Ok(Checked {
        streak: Streak { last: Some(today), length },
        points: terms.days[place],
        bonus: bonus.map_or(0, |bonus| bonus.points),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn terms() -> Terms {
        Terms {
            days: vec![1, 2, 5],
            bonuses: vec![Bonus { streak: 3, points: 10 }, Bonus { streak: 7, points: 50 }],
        }
    }

    fn noon(day: i64) -> Moment {
        Moment(0).plus(Span::days(day)).plus(Span::hours(4))
    }

    const ZONE: Span = Span::hours(8);

    #[test]
    fn a_streak_grows_day_by_day_and_begins_anew() {
        let mut streak = Streak::default();
        let mut told = Vec::new();
        for day in [10, 11, 12, 13, 15, 16] {
            let checked = check_in(&terms(), streak, noon(day), ZONE).unwrap();
            streak = checked.streak;
            told.push((streak.length, checked.points, checked.bonus));
        }
        assert_eq!(told, [(1, 1, 0), (2, 2, 0), (3, 5, 10), (4, 1, 0), (1, 1, 0), (2, 2, 0)]);
        let again = check_in(&terms(), streak, noon(16).plus(Span::hours(1)), ZONE);
        assert_eq!(again, Err(Refusal::Already(2)));
        // A clock that went back.
        assert_eq!(check_in(&terms(), streak, noon(3), ZONE), Err(Refusal::Already(2)));
    }

    #[test]
    fn a_day_begins_at_the_shop_s_midnight() {
        let midnight = Moment::parse("2026-11-22T16:00:00Z").unwrap();
        let before = Moment(midnight.0 - 1);
        assert_eq!(before.day_in(ZONE) + 1, midnight.day_in(ZONE));
    }

    #[test]
    fn settings_that_cannot_be_are_named() {
        let check = |edit: fn(&mut Terms), want| {
            let mut terms = terms();
            edit(&mut terms);
            assert_eq!(terms.check(), want);
        };
        check(|_| (), Ok(()));
        check(|t| t.days.clear(), Err(BadTerms::Days));
        check(|t| t.days = vec![0, 0], Err(BadTerms::Days));
        check(|t| t.days[0] = -1, Err(BadTerms::Days));
        check(|t| t.days = vec![1; 32], Err(BadTerms::Days));
        check(|t| t.bonuses[0].streak = 7, Err(BadTerms::Bonuses));
        check(|t| t.bonuses[0].streak = 1, Err(BadTerms::Bonuses));
        check(|t| t.bonuses[0].points = 0, Err(BadTerms::Bonuses));
    }

    proptest! {
        /// At whatever moments somebody comes: once a day counts, and a streak is as long as the
        /// days in a row.
        #[test]
        fn each_day_counts_once(mut hours in proptest::collection::vec(0i64..400, 1..60)) {
            hours.sort_unstable();
            let mut streak = Streak::default();
            let mut days: Vec<i64> = Vec::new();
            for hour in hours {
                let now = Moment(0).plus(Span::hours(hour));
                if let Ok(checked) = check_in(&terms(), streak, now, ZONE) {
                    prop_assert!(!days.contains(&now.day_in(ZONE)));
                    days.push(now.day_in(ZONE));
                    streak = checked.streak;
                }
                let last = now.day_in(ZONE);
                let run = (0..).take_while(|back| days.contains(&(last - back))).count() as i64;
                prop_assert_eq!(streak.length, run);
            }
        }
    }
}
