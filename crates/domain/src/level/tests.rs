//! Levels rise at once and fall only at the end of a period.

use proptest::prelude::*;

use super::*;

fn ladder() -> Vec<Level> {
    let level = |(n, (from, boost)): (usize, (i64, i64))| Level {
        id: Id::new(n as i64),
        from,
        benefits: Benefits { group: None, boost, monthly: vec![Id::new(4)] },
    };
    [(0, 100), (1_000, 120), (5_000, 200)].into_iter().enumerate().map(level).collect()
}

fn days(n: i64) -> Moment {
    Moment(0).plus(Span::days(n))
}

#[test]
fn a_level_is_reached_at_its_growth() {
    for (growth, rank) in [(-5, 0), (0, 0), (999, 0), (1_000, 1), (4_999, 1), (5_000, 2)] {
        assert_eq!(reached(&ladder(), growth), rank, "{growth}");
    }
}

#[test]
fn one_rises_at_once_and_falls_at_the_end_of_a_period() {
    let new = begin(days(0));
    let (at, moved) = grow(&ladder(), new, 1_200, days(10));
    assert_eq!((at.rank, at.growth, at.until, moved), (1, 1_200, days(375), Moved::Up));
    assert_eq!(missing(&ladder(), &at), Some(3_800));
    // A refund takes growth and no level.
    let (at, moved) = grow(&ladder(), at, -500, days(20));
    assert_eq!((at.rank, at.growth, moved), (1, 700, Moved::Stays));
    assert_eq!(judge(&ladder(), at, days(374)), (at, Moved::Stays));
    let (fell, moved) = judge(&ladder(), at, days(375));
    assert_eq!((fell.rank, fell.growth, fell.until, moved), (0, 0, days(740), Moved::Down));
    let kept = Standing { growth: 1_000, ..at };
    assert_eq!(judge(&ladder(), kept, days(375)).0.rank, 1);
    // Two periods later nothing was earned in the second.
    let (fell, _) = judge(&ladder(), kept, days(741));
    assert_eq!((fell.rank, fell.until), (0, days(1_105)));
    let (at, moved) = grow(&ladder(), kept, 6_000, days(376));
    assert_eq!((at.rank, at.growth, moved), (2, 6_000, Moved::Up));
    assert_eq!(missing(&ladder(), &at), None);
}

#[test]
fn coupons_of_a_month_are_given_once() {
    let level = &ladder()[1];
    let now = Moment::parse("2026-11-23T00:00:00Z").unwrap();
    let month = now.month_in(Span(0));
    let due = |given| super::due(level, given, now, Span(0)).len();
    assert_eq!((due(None), due(Some(month - 1)), due(Some(month))), (1, 1, 0));
    assert_eq!((due(Some(month - 9)), due(Some(month + 1))), (1, 0));
}

#[test]
fn ladders_that_cannot_be_are_named() {
    let check = |edit: fn(&mut Vec<Level>), want| {
        let mut ladder = ladder();
        edit(&mut ladder);
        assert_eq!(super::check(&ladder), want);
    };
    check(|_| (), Ok(()));
    check(|ladder| ladder.clear(), Err(BadLadder::Count));
    check(|ladder| ladder[0].from = 1, Err(BadLadder::From));
    check(|ladder| ladder[2].from = 1_000, Err(BadLadder::From));
    check(|ladder| ladder[0].benefits.boost = 99, Err(BadLadder::Boost));
    check(|ladder| ladder[2].benefits.boost = 1_001, Err(BadLadder::Boost));
    check(|ladder| ladder[1].benefits.boost = 300, Err(BadLadder::Boost));
}

proptest! {
    #[test]
    fn nobody_falls_before_a_period_ends(
        steps in proptest::collection::vec((-2_000i64..3_000, 0i64..120), 1..40),
    ) {
        let ladder = ladder();
        let mut at = begin(days(0));
        let mut day = 0;
        for (by, later) in steps {
            day += later;
            let before = at;
            (at, _) = grow(&ladder, at, by, days(day));
            prop_assert!(at.until > days(day) && at.growth >= 0);
            if days(day) < before.until {
                prop_assert!(at.rank >= before.rank);
            }
            prop_assert!(at.rank >= reached(&ladder, at.growth));
        }
    }
}
