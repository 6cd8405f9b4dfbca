//! Points are earned, spent, gone and taken back, and never appear or vanish on the way.

use proptest::prelude::*;

use super::*;
use crate::money::Currency;

fn yuan(minor: i64) -> Money {
    Money::new(minor, Currency::Cny)
}

/// `1:50@30 2:20` are lots 1 with 50 points until 30 and 2 with 20 for ever.
fn lots(text: &str) -> Vec<Lot> {
    let lot = |word: &str| {
        let (id, rest) = word.split_once(':').unwrap();
        let (left, end) = rest.split_once('@').unwrap_or((rest, ""));
        Lot {
            id: Id::new(id.parse().unwrap()),
            left: left.parse().unwrap(),
            expires_at: end.parse().ok().map(Moment),
        }
    };
    text.split_whitespace().map(lot).collect()
}

fn told(taken: &[Taken]) -> String {
    let words: Vec<String> = taken.iter().map(|t| format!("{}:{}", t.lot.0, t.points)).collect();
    words.join(" ")
}

#[test]
fn what_expires_first_is_spent_first() {
    let check = |text, points, now, want: Result<&str, Refusal>| {
        let came = spend(&lots(text), points, Moment(now)).map(|taken| told(&taken));
        assert_eq!(came, want.map(String::from), "{text} {points} {now}");
    };
    check("1:50@30 2:20 3:40@20", 10, 0, Ok("3:10"));
    check("1:50@30 2:20 3:40@20", 95, 0, Ok("3:40 1:50 2:5"));
    check("1:50@30 2:20 3:40@20", 110, 0, Ok("3:40 1:50 2:20"));
    check("1:50@30 2:20 3:40@20", 111, 0, Err(Refusal::NotEnough(110)));
    // The clock judges: at 20 the third is gone, whether a job has looked or not.
    check("1:50@30 2:20 3:40@20", 71, 20, Err(Refusal::NotEnough(70)));
    check("1:50@30 2:20 3:40@20", 70, 19, Ok("3:40 1:30"));
    check("", 1, 0, Err(Refusal::NotEnough(0)));
    check("1:50", 0, 0, Err(Refusal::BadAmount));
    check("1:50", -5, 0, Err(Refusal::BadAmount));
    assert_eq!(told(&expired(&lots("1:50@30 2:20 3:40@20 4:0@1"), Moment(20))), "3:40");
    assert_eq!(balance(&lots("1:50@30 2:20"), Moment(30)), 20);
}

#[test]
fn what_is_earned_repays_first() {
    let check = |debt, points, repays, lot| {
        let earned = earn(debt, points, Moment(5), Some(Span(10))).unwrap();
        assert_eq!((earned.repays, earned.lot), (repays, lot), "{debt} {points}");
        assert_eq!(earned.expires_at, Some(Moment(15)));
    };
    check(0, 100, 0, 100);
    check(30, 100, 30, 70);
    check(100, 100, 100, 0);
    check(150, 100, 100, 0);
    assert_eq!(earn(0, 0, Moment(0), None), Err(Refusal::BadAmount));
    assert_eq!(earn(0, 1, Moment(0), None).unwrap().expires_at, None);
}

#[test]
fn what_is_taken_back_and_spent_already_is_owed() {
    let check = |text, from, points, want: &str, debt| {
        let back = take_back(&lots(text), Id::new(from), points, Moment(20));
        assert_eq!((told(&back.taken).as_str(), back.debt), (want, debt), "{text} {points}");
    };
    check("1:50@30 2:20", 2, 20, "2:20", 0);
    check("1:50@30 2:20", 2, 30, "2:20 1:10", 0);
    check("1:50@30 2:20", 2, 100, "2:20 1:50", 30);
    check("", 1, 7, "", 7);
    // What expired in its own lot has gone back too; in another it is nobody's.
    check("1:50@10 2:20", 1, 60, "1:50 2:10", 0);
    check("1:50@10 2:20", 2, 60, "2:20", 40);
    check("1:50", 1, 0, "", 0);
}

#[test]
fn lines_share_what_they_earn() {
    let earning = Earning { points: 1, per: 100, life: None };
    let check = |paid: &[i64], boost, want: &[i64]| {
        let paid: Vec<Money> = paid.iter().copied().map(yuan).collect();
        assert_eq!(earning.of(&paid, boost), want, "{paid:?}");
    };
    check(&[9_999], 100, &[99]);
    check(&[9_999], 150, &[149]);
    check(&[50, 50], 100, &[1, 0]);
    check(&[0, 1_000], 100, &[0, 10]);
    check(&[], 100, &[]);
    check(&[0], 100, &[0]);
    assert_eq!(due_back(99, yuan(9_999), yuan(5_000)), 49);
    assert_eq!(due_back(99, yuan(9_999), yuan(9_999)), 99);
    assert_eq!(due_back(7, yuan(0), yuan(0)), 7);
}

#[test]
fn an_order_takes_points_up_to_its_part() {
    let most = Rate::from_basis_points(5_000).unwrap();
    let terms = Spending { points: 100, minor: 100, most, least: 10 };
    let tens = Spending { points: 10, minor: 1, most, least: 10 };
    let check = |terms: &Spending, wanted, there, goods, want| {
        let came = terms.spend(wanted, there, yuan(goods));
        assert_eq!(came.map(|(points, off)| (points, off.minor)), want, "{wanted} {goods}");
    };
    check(&terms, 300, 500, 10_000, Ok((300, 300)));
    check(&terms, 501, 500, 10_000, Err(Refusal::NotEnough(500)));
    check(&terms, 9_000, 9_000, 10_000, Ok((5_000, 5_000)));
    check(&terms, 9, 500, 10_000, Err(Refusal::TooFew(10)));
    check(&terms, 0, 500, 10_000, Err(Refusal::BadAmount));
    check(&terms, -1, 500, 10_000, Err(Refusal::BadAmount));
    check(&terms, 10, 500, 0, Err(Refusal::NotHere));
    check(&terms, 10, 500, 1, Err(Refusal::TooFew(10)));
    // Nobody spends points that take nothing off: 39 are worth 3, for which 30 are enough.
    check(&tens, 39, 500, 10_000, Ok((30, 3)));
    check(&tens, 39, 500, 4, Ok((20, 2)));
}

#[test]
fn spent_points_come_back_with_time_to_use_them() {
    let spent = [
        (Taken { lot: Id::new(1), points: 40 }, Some(Moment(20))),
        (Taken { lot: Id::new(2), points: 30 }, Some(Moment(99).plus(GRACE))),
        (Taken { lot: Id::new(3), points: 10 }, None),
    ];
    let back = |points| {
        let back = give_back(&spent, points, Moment(50)).unwrap();
        let tell = |one: &Returned| (one.lot.0, one.points, one.expires_at);
        back.iter().map(tell).collect::<Vec<_>>()
    };
    let long = Some(Moment(99).plus(GRACE));
    assert_eq!(back(10), [(3, 10, None)]);
    assert_eq!(back(25), [(3, 10, None), (2, 15, long)]);
    let graced = Some(Moment(50).plus(GRACE));
    assert_eq!(back(80), [(3, 10, None), (2, 30, long), (1, 40, graced)]);
    assert_eq!(give_back(&spent, 81, Moment(50)), Err(Refusal::BadAmount));
    assert_eq!(give_back(&spent, 0, Moment(50)), Err(Refusal::BadAmount));
}

#[test]
fn settings_that_cannot_be_are_refused() {
    let most = Rate::from_basis_points(1).unwrap();
    let right = Spending { points: 1, minor: 1, most, least: 1 };
    assert_eq!(right.check(), Ok(()));
    for wrong in [
        Spending { points: 0, ..right },
        Spending { minor: 0, ..right },
        Spending { most: Rate::NONE, ..right },
        Spending { least: 0, ..right },
    ] {
        assert_eq!(wrong.check(), Err(Refusal::BadTerms));
    }
    let right = Earning { points: 1, per: 1, life: None };
    assert_eq!(right.check(), Ok(()));
    assert_eq!(Earning { per: 0, ..right }.check(), Err(Refusal::BadTerms));
    assert_eq!(Earning { points: 0, ..right }.check(), Err(Refusal::BadTerms));
    assert_eq!(Earning { life: Some(Span(0)), ..right }.check(), Err(Refusal::BadTerms));
}

/// Somebody's points, kept as a store would.
#[derive(Default)]
struct Book {
    lots: Vec<Lot>,
    debt: i64,
    spent: Vec<Vec<(Taken, Option<Moment>)>>,
}

impl Book {
    fn take(&mut self, taken: &[Taken]) {
        for one in taken {
            let lot = self.lots.iter_mut().find(|lot| lot.id == one.lot).unwrap();
            lot.left -= one.points;
        }
    }
    fn left(&self) -> i64 {
        self.lots.iter().map(|lot| lot.left).sum()
    }
}

proptest! {
    /// Whatever is done in whatever order: earned = left + spent + gone + taken back − owed.
    #[test]
    fn points_are_conserved(steps in proptest::collection::vec((0u8..5, 1i64..200), 1..60)) {
        let mut book = Book::default();
        let (mut earned, mut spent, mut gone, mut taken_back) = (0, 0, 0, 0);
        for (now, (verb, points)) in steps.into_iter().enumerate() {
            let now = Moment(now as i64);
            match verb {
                0 => {
                    let came = earn(book.debt, points, now, Some(Span(points % 40 + 1))).unwrap();
                    book.debt -= came.repays;
                    if came.lot > 0 {
                        let id = Id::new(book.lots.len() as i64);
                        let (left, expires_at) = (came.lot, came.expires_at);
                        book.lots.push(Lot { id, left, expires_at });
                    }
                    earned += points;
                }
                1 => if let Ok(taken) = spend(&book.lots, points, now) {
                    let sum: i64 = taken.iter().map(|one| one.points).sum();
                    prop_assert_eq!(sum, points);
                    let end = |one: &Taken| {
                        book.lots.iter().find(|lot| lot.id == one.lot).unwrap().expires_at
                    };
                    let kept = taken.iter().map(|one| (*one, end(one))).collect();
                    book.take(&taken);
                    book.spent.push(kept);
                    spent += points;
                },
                2 => {
                    let over = expired(&book.lots, now);
                    book.take(&over);
                    gone += over.iter().map(|one| one.points).sum::<i64>();
                }
                3 => {
                    let back = take_back(&book.lots, Id::new(points % 7), points, now);
                    let sum: i64 = back.taken.iter().map(|one| one.points).sum();
                    prop_assert_eq!(sum + back.debt, points);
                    book.take(&back.taken);
                    book.debt += back.debt;
                    taken_back += points;
                }
                _ => if let Some(kept) = book.spent.pop() {
                    let all: i64 = kept.iter().map(|(one, _)| one.points).sum();
                    for one in give_back(&kept, all, now).unwrap() {
                        let lot = book.lots.iter_mut().find(|lot| lot.id == one.lot).unwrap();
                        lot.left += one.points;
                        lot.expires_at = one.expires_at;
                    }
                    spent -= all;
                },
            }
            prop_assert!(book.lots.iter().all(|lot| lot.left >= 0) && book.debt >= 0);
            prop_assert!(balance(&book.lots, now) <= book.left());
            prop_assert_eq!(earned, book.left() + spent + gone + taken_back - book.debt);
        }
    }

    #[test]
    fn points_pay_no_more_than_their_part(
        points in 1i64..1_000, minor in 1i64..1_000, most in 1i64..=10_000,
        wanted in 1i64..1_000_000, goods in 1i64..10_000_000,
    ) {
        let most = Rate::from_basis_points(most).unwrap();
        let terms = Spending { points, minor, most, least: 1 };
        if let Ok((spent, off)) = terms.spend(wanted, wanted, yuan(goods)) {
            prop_assert!(spent <= wanted && off.minor > 0);
            prop_assert!(i128::from(off.minor) * 10_000
                <= i128::from(goods) * i128::from(most.basis_points()));
            // Worth what they take off, and one fewer would not be.
            prop_assert!(terms.worth(spent, off).minor >= off.minor);
            prop_assert!(terms.worth(spent - 1, off).minor < off.minor);
        }
    }

    #[test]
    fn earned_points_go_back_in_parts_and_end_in_all(
        earned in 0i64..100_000, paid in 1i64..1_000_000, cuts in 1i64..9,
    ) {
        let steps: Vec<i64> = (0..=cuts)
            .map(|n| due_back(earned, yuan(paid), yuan(paid * n / cuts)))
            .collect();
        prop_assert!(steps.windows(2).all(|pair| pair[0] <= pair[1]));
        prop_assert_eq!((steps[0], steps[cuts as usize]), (0, earned));
    }
}
