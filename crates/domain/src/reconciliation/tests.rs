//! Statements that fit, and every way in which one may not.

use proptest::prelude::*;

use super::*;
use crate::money::Currency::Cny;

const ZONE: Span = Span::hours(8);

fn day() -> Day {
    Day::parse("2026-11-21").unwrap()
}

fn at(hour: i64, minute: i64) -> Moment {
    day().start(ZONE).plus(Span::minutes(hour * 60 + minute))
}

fn ours(kind: Kind, name: &str, minor: i64, at: Moment) -> Ours {
    Ours {
        kind,
        reference: name.into(),
        theirs: format!("t-{name}"),
        amount: Money::new(minor, Cny),
        from: at,
        to: at,
        done: true,
        elsewhere: false,
    }
}

/// The line that fits.
fn line(ours: &Ours) -> Line {
    Line {
        number: 1,
        kind: ours.kind,
        reference: ours.reference.clone(),
        theirs: ours.theirs.clone(),
        minor: ours.amount.minor,
        currency: "CNY".into(),
        fee: Some((ours.amount.minor * 6 + 500) / 1_000),
        rate: Some(6_000),
        at: ours.to,
        state: State::Done,
    }
}

fn differences(lines: &[Line], ours: &[Ours], before: bool, after: bool) -> Vec<What> {
    let agreed = Agreed::parse("0.6%");
    let book = Book { day: day(), zone: ZONE, lines, ours, before, after, agreed };
    reconcile(&book).into_iter().map(|one| one.what).collect()
}

#[test]
fn days_are_read_and_written() {
    assert_eq!(day().to_string(), "2026-11-21");
    assert_eq!(day().plus(40).to_string(), "2026-12-31");
    assert_eq!(Day::of(at(0, 0), ZONE), day());
    assert_eq!(Day::of(at(23, 59), ZONE), day());
    assert_eq!(Day::of(at(24, 0), ZONE), day().plus(1));
    assert_eq!(Day::of(at(7, 59), Span(0)), day().plus(-1));
    for wrong in ["2026-02-31", "2026-2-3", "", "2026-13-01", "26-01-01", "2026-11-21T"] {
        assert_eq!(Day::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn rates_are_read() {
    let agreed = |rate, fixed| Some(Agreed { rate, fixed });
    assert_eq!(Agreed::parse("0.6%"), agreed(6_000, 0));
    assert_eq!(Agreed::parse(" 2.9 % + 0.30 "), agreed(29_000, 30));
    assert_eq!(Agreed::parse("0.38%+0"), agreed(3_800, 0));
    for wrong in ["", "0.6", "%", "-1%", "1%+", "1%+x", "0.12345%", "1%+0.001"] {
        assert_eq!(Agreed::parse(wrong), None, "{wrong}");
    }
    assert_eq!(scaled("12.50", 2), Some(1_250));
    assert_eq!(scaled("1234567890123", 2), None);
}

#[test]
fn every_kind_of_difference_has_its_name() {
    use What::*;
    let paid = ours(Kind::Payment, "a", 3_900, at(12, 0));
    let back = ours(Kind::Refund, "r", 900, at(13, 0));
    let check = |mend: &dyn Fn(&mut Line, &mut Ours), want: &[What]| {
        for one in [&paid, &back] {
            let (mut line, mut ours) = (line(one), one.clone());
            mend(&mut line, &mut ours);
            let want: &[What] = if one.kind == Kind::Refund && want == [Fee] { &[] } else { want };
            assert_eq!(differences(&[line], &[ours], true, true), want, "{want:?}");
        }
    };
    check(&|_, _| (), &[]);
    check(&|line, _| line.minor += 1, &[Amount]);
    check(&|line, _| line.currency = "USD".into(), &[Currency]);
    check(&|line, _| line.state = State::Failed, &[Status, MissingThere]);
    check(&|_, ours| ours.done = false, &[Status]);
    check(&|line, _| line.fee = Some(99), &[Fee]);
    check(&|_, ours| ours.elsewhere = true, &[Twice]);
    check(&|line, _| line.kind = Kind::Odd, &[Unexpected, MissingThere]);
    // The day before yesterday's money.
    let long_ago = |_: &mut Line, ours: &mut Ours| {
        ours.from = ours.from.minus(Span::days(2));
        ours.to = ours.from;
    };
    check(&long_ago, &[Day]);
    // Without our name, theirs will do; without both it is nobody's.
    check(&|line, _| line.reference = String::new(), &[]);
    let stranger = |line: &mut Line, _: &mut Ours| {
        (line.reference, line.theirs) = ("x".into(), "t-x".into());
    };
    check(&stranger, &[MissingHere, MissingThere]);
    // What failed there and was never done here is nothing.
    let nothing = |line: &mut Line, ours: &mut Ours| {
        (line.state, ours.done) = (State::Failed, false);
    };
    check(&nothing, &[]);
}

#[test]
fn a_line_that_stands_twice_is_said_once() {
    let one = ours(Kind::Payment, "a", 3_900, at(12, 0));
    let same = [line(&one), line(&one)];
    assert_eq!(differences(&same, &[one], true, true), [What::Twice]);
    let stranger = ours(Kind::Refund, "x", 5, at(12, 0));
    let same = [line(&stranger), line(&stranger)];
    assert_eq!(differences(&same, &[], true, true), [What::MissingHere, What::Twice]);
}

#[test]
fn a_refund_that_is_underway_there_may_be_done_here() {
    for done in [true, false] {
        let mut back = ours(Kind::Refund, "r", 900, at(13, 0));
        back.done = done;
        let under = Line { state: State::Underway, ..line(&back) };
        assert_eq!(differences(&[under], &[back], true, true), []);
    }
    let paid = ours(Kind::Payment, "a", 900, at(13, 0));
    let under = Line { state: State::Underway, ..line(&paid) };
    let want = [What::Status, What::MissingThere];
    assert_eq!(differences(&[under], &[paid], true, true), want);
}

#[test]
fn near_midnight_the_statement_beside_must_be_known() {
    let missing = |hour, before, after| {
        let one = ours(Kind::Payment, "a", 3_900, at(hour, 0));
        differences(&[], &[one], before, after) == [What::MissingThere]
    };
    for (hour, before, after, is) in [
        (12, false, false, true),
        (1, false, false, false),
        (1, true, false, true),
        (-1, true, false, true),
        (-1, false, false, false),
        (-3, true, true, false),
        (23, true, false, false),
        (23, false, true, true),
        (25, false, true, true),
        (25, true, false, false),
        (27, true, true, false),
    ] {
        assert_eq!(missing(hour, before, after), is, "{hour} {before} {after}");
    }
    // Its notice came after midnight: it is on yesterday's statement, and that is well.
    let late = ours(Kind::Payment, "a", 3_900, at(25, 0));
    assert_eq!(differences(&[line(&late)], &[late], true, false), []);
    // A refund that took a day is on the statement of when it was asked for, or of when it was
    // done.
    let mut slow = ours(Kind::Refund, "r", 900, at(36, 0));
    slow.from = at(12, 0);
    assert_eq!(differences(&[line(&slow)], &[slow], true, false), []);
}

#[test]
fn a_fee_may_be_rounded_and_no_more() {
    let fee = |minor, fee, rate: Option<i64>| {
        let one = ours(Kind::Payment, "a", minor, at(12, 0));
        let line = Line { fee: Some(fee), rate, ..line(&one) };
        let agreed = Agreed::parse("0.6%");
        let (lines, ours) = ([line], [one]);
        let (before, after) = (true, true);
        let book =
            Book { day: day(), zone: ZONE, lines: &lines, ours: &ours, before, after, agreed };
        reconcile(&book).first().and_then(|one| one.right_fee)
    };
    assert_eq!(fee(10_000, 60, Some(6_000)), None);
    assert_eq!(fee(10_000, 61, Some(6_000)), None);
    assert_eq!(fee(10_000, 62, Some(6_000)), Some(60));
    assert_eq!(fee(10_000, 58, Some(6_000)), Some(60));
    // By their own rate it is right, by the contract it is too much.
    assert_eq!(fee(10_000, 100, Some(10_000)), Some(60));
    assert_eq!(fee(10_000, 20, None), None);
    assert_eq!(fee(10_000, 62, None), Some(60));
}

/// What may happen to a line of a day that fits; what must then be found, of that line.
fn damage(kind: u8, line: &mut Line, ours: &mut Ours) -> &'static [What] {
    match kind % 9 {
        0 => {
            line.minor += 1 + i64::from(kind);
            &[What::Amount]
        }
        1 => {
            line.currency = "USD".into();
            &[What::Currency]
        }
        2 => {
            line.state = State::Failed;
            &[What::MissingThere, What::Status]
        }
        3 => {
            ours.done = false;
            &[What::Status]
        }
        4 => {
            line.kind = Kind::Odd;
            &[What::MissingThere, What::Unexpected]
        }
        5 => {
            line.reference = format!("other-{}", line.reference);
            line.theirs = format!("other-{}", line.theirs);
            &[What::MissingHere, What::MissingThere]
        }
        6 => {
            (ours.from, ours.to) = (ours.from.minus(Span::days(3)), ours.to.minus(Span::days(3)));
            &[What::Day]
        }
        7 => {
            ours.elsewhere = true;
            &[What::Twice]
        }
        _ => {
            line.kind = Kind::Payment;
            ours.kind = Kind::Payment;
            line.fee = Some(line.minor);
            &[What::Fee]
        }
    }
}

/// Five thousand lines that fit, in an order of their own, and twenty of them hurt.
#[test]
fn twenty_of_five_thousand_are_found() {
    let mut ours: Vec<Ours> = (0..5_000)
        .map(|n| {
            let kind = if n % 7 == 0 { Kind::Refund } else { Kind::Payment };
            super::tests::ours(kind, &format!("n{n}"), 1_000 + n * 37 % 90_000, at(0, n % 1_440))
        })
        .collect();
    let mut lines: Vec<Line> = ours.iter().rev().map(line).collect();
    assert_eq!(differences(&lines, &ours, true, true), []);
    let mut want = 0;
    for n in 0..20 {
        let place = n * 241;
        let last = lines.len() - 1;
        let kind = u8::try_from(n).unwrap();
        want += damage(kind, &mut lines[last - place], &mut ours[place]).len();
    }
    assert_eq!(differences(&lines, &ours, true, true).len(), want);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A random day of trade: none is found where all fits, and of random damage all of it, at
    /// exactly the places where it was done.
    #[test]
    fn all_damage_is_found_and_nothing_else(
        trade in prop::collection::vec((0_i64..2, 1_000_i64..9_000_000, 0_i64..1_440), 1..400),
        hurt in prop::collection::btree_map(0_usize..400, any::<u8>(), 0..20),
        order in any::<u64>(),
    ) {
        let mut ours: Vec<Ours> = trade.iter().enumerate().map(|(n, (kind, minor, minute))| {
            let kind = if *kind == 0 { Kind::Payment } else { Kind::Refund };
            super::tests::ours(kind, &format!("n{n}"), *minor, at(0, *minute))
        }).collect();
        let mut lines: Vec<Line> = ours.iter().map(line).collect();
        let (before, after) = (true, true);
        let agreed = Agreed::parse("0.6%");
        let day = day();
        let clean = Book { day, zone: ZONE, lines: &lines, ours: &ours, before, after, agreed };
        prop_assert_eq!(reconcile(&clean), []);
        let mut want: Vec<(String, What)> = Vec::new();
        for (place, kind) in hurt {
            let Some(ours) = ours.get_mut(place) else { continue };
            let found = damage(kind, &mut lines[place], ours);
            want.extend(found.iter().map(|what| (ours.reference.clone(), *what)));
        }
        // In which order the statement has its lines is nothing to us.
        let turn = usize::try_from(order % 400).unwrap_or(0) % lines.len();
        lines.rotate_left(turn);
        let book = Book { day, zone: ZONE, lines: &lines, ours: &ours, before, after, agreed };
        let mut got: Vec<(String, What)> = reconcile(&book).iter().map(|one| {
            let name = one.ours.map(|at| ours[at].reference.clone());
            let name = name.or(one.line.map(|at| lines[at].reference.clone())).unwrap_or_default();
            (name.trim_start_matches("other-").to_string(), one.what)
        }).collect();
        got.sort();
        want.sort();
        prop_assert_eq!(got, want);
    }
}
