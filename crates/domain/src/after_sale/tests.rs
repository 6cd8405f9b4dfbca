//! Returns: every way they go, every time that runs out, and that parts make the whole.

use super::*;
use crate::money::Currency::Cny;
use proptest::prelude::*;

/// Every pair of states, so that a way that opens or closes is seen.
#[test]
fn these_are_all_the_ways_a_return_goes() {
    let all = "
        requested > approved refused escalated closed withdrawn
        approved > awaiting_return received refunded
        refused > escalated closed
        escalated > approved refused closed withdrawn
        awaiting_return > returned closed withdrawn
        returned > received escalated
        received > refunded replaced
        refunded > closed
        replaced > closed
        closed >
        withdrawn >";
    let mut seen = 0;
    for line in all.lines().filter(|line| !line.trim().is_empty()) {
        let (from, ways) = line.split_once('>').unwrap();
        let from = Status::parse(from.trim()).unwrap();
        let ways: Vec<&str> = ways.split_whitespace().collect();
        seen += 1;
        for to in Status::ALL {
            let want = if ways.contains(&to.code()) { Ok(()) } else { Err(Refusal::NotNow(from)) };
            assert_eq!(may_move(from, to), want, "{from:?} → {to:?}");
        }
    }
    assert_eq!(seen, Status::ALL.len());
}

#[test]
fn codes_are_read_back() {
    for status in Status::ALL {
        assert_eq!(Status::parse(status.code()), Some(status));
    }
    for kind in Kind::ALL {
        assert_eq!(Kind::parse(kind.code()), Some(kind));
    }
    for reason in Reason::ALL {
        assert_eq!(Reason::parse(reason.code()), Some(reason));
    }
    assert_eq!((Status::parse("x"), Kind::parse("x"), Reason::parse("x")), (None, None, None));
    let back: Vec<&str> =
        Kind::ALL.into_iter().filter(|kind| kind.sends_back()).map(Kind::code).collect();
    assert_eq!(back, ["return_and_refund", "exchange"]);
}

#[test]
fn time_ends_what_is_left_alone() {
    let check = |status: Status, hours: Option<i64>, what: Option<Overdue>| {
        assert_eq!(time_in(status, Kind::Exchange), hours.map(Span::hours), "{status:?}");
        assert_eq!(overdue(status), what, "{status:?}");
    };
    check(Requested, Some(48), Some(Overdue::Escalate));
    check(Approved, None, None);
    check(Refused, Some(168), Some(Overdue::Close));
    check(Escalated, None, None);
    check(AwaitingReturn, Some(168), Some(Overdue::Close));
    check(Returned, Some(168), Some(Overdue::Receive));
    check(Received, Some(168), Some(Overdue::PayInstead));
    check(Refunded, Some(360), Some(Overdue::Close));
    check(Replaced, Some(360), Some(Overdue::Close));
    check(Closed, None, None);
    check(Withdrawn, None, None);
    // Money that is on its way has no time of ours.
    assert_eq!(time_in(Received, Kind::ReturnAndRefund), None);
    // Where time leads, a move leads too.
    for status in Status::ALL {
        let to = match overdue(status) {
            Some(Overdue::Escalate) => Escalated,
            Some(Overdue::Close) => Closed,
            Some(Overdue::Receive) => Received,
            Some(Overdue::PayInstead) => Refunded,
            None => continue,
        };
        assert_eq!(may_move(status, to), Ok(()), "{status:?}");
    }
}

#[test]
fn a_buyer_withdraws_before_money_or_goods_move() {
    let free: Vec<&str> = Status::ALL
        .into_iter()
        .filter(|status| may_withdraw(*status).is_ok())
        .map(Status::code)
        .collect();
    assert_eq!(free, ["requested", "escalated", "awaiting_return"]);
    let settled: Vec<&str> =
        Status::ALL.into_iter().filter(|status| status.is_settled()).map(Status::code).collect();
    assert_eq!(settled, ["refunded", "replaced", "closed", "withdrawn"]);
}

fn day(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

/// CN-RET-01: seven days are counted from the day after, and the last one is a whole one.
#[test]
fn seven_days_begin_the_day_after_and_end_with_the_day() {
    let zone = Span::hours(8);
    // The evening of the 21st in Hangzhou.
    let delivered = day("2026-11-21T13:00:00Z");
    let at = Standing { order: order::Status::Delivered, delivered_at: Some(delivered), zone };
    let ask = |now| may_ask(at, Kind::ReturnAndRefund, Reason::NotWanted, now);
    assert_eq!(ask(day("2026-11-28T15:59:59.999Z")), Ok(()));
    assert_eq!(ask(day("2026-11-28T16:00:00Z")), Err(Refusal::TooLate));
    // Delivered one second before or after midnight is a day's difference.
    let end = |text| ends_after_days(day(text), 7, zone).rfc3339();
    assert_eq!(end("2026-11-21T15:59:59Z"), "2026-11-28T16:00:00.000Z");
    assert_eq!(end("2026-11-21T16:00:00Z"), "2026-11-29T16:00:00.000Z");
    assert_eq!(
        ends_after_days(day("2026-03-01T00:00:00Z"), 0, Span(0)),
        day("2026-03-02T00:00:00Z")
    );
}

#[test]
fn what_may_be_asked_for() {
    use order::Status as O;
    let zone = Span::hours(8);
    let delivered = day("2026-11-21T13:00:00Z");
    let check = |order: O, kind: Kind, reason: Reason, days: i64, want: Result<(), Refusal>| {
        let delivered_at = (order != O::Shipped).then_some(delivered);
        let at = Standing { order, delivered_at, zone };
        let got = may_ask(at, kind, reason, delivered.plus(Span::days(days)));
        assert_eq!(got, want, "{order:?} {kind:?} {reason:?} after {days} days");
    };
    for order in O::ALL {
        let open = matches!(order, O::Shipped | O::Delivered | O::Completed);
        let want = if open { Ok(()) } else { Err(Refusal::NotReturnable(order)) };
        check(order, Kind::RefundOnly, Reason::Damaged, 1, want);
    }
    check(O::Shipped, Kind::RefundOnly, Reason::NotReceived, 90, Ok(()));
    check(O::Delivered, Kind::RefundOnly, Reason::NotReceived, 1, Err(Refusal::BadReason));
    check(O::Shipped, Kind::ReturnAndRefund, Reason::NotReceived, 1, Err(Refusal::BadReason));
    check(O::Delivered, Kind::RefundOnly, Reason::NotWanted, 1, Err(Refusal::BadReason));
    check(O::Delivered, Kind::Exchange, Reason::NotWanted, 1, Err(Refusal::BadReason));
    check(O::Completed, Kind::Exchange, Reason::Quality, 30, Ok(()));
    check(O::Completed, Kind::Exchange, Reason::Quality, 31, Err(Refusal::TooLate));
    check(O::Completed, Kind::ReturnAndRefund, Reason::NotWanted, 8, Err(Refusal::TooLate));
}

#[test]
fn amounts_texts_and_conditions() {
    for (amount, fits) in [(-1, false), (0, true), (100, true), (101, false)] {
        assert_eq!(check_amount(amount, 100).is_ok(), fits, "{amount}");
    }
    assert_eq!(check_amount(101, 100), Err(Refusal::BadAmount(100)));
    assert_eq!(check_text(" broken\nin two ", Reason::Damaged), Ok("broken\nin two".into()));
    assert_eq!(check_text("", Reason::Damaged), Ok(String::new()));
    assert_eq!(check_text(" ", Reason::Other), Err(Refusal::BadText));
    assert_eq!(check_text("a\u{0}", Reason::Other), Err(Refusal::BadText));
    assert!(check_text(&"茶".repeat(1_000), Reason::Other).is_ok());
    assert_eq!(check_text(&"茶".repeat(1_001), Reason::Other), Err(Refusal::BadText));
    for (sellable, damaged, fits) in
        [(3, 0, true), (1, 2, true), (0, 3, true), (2, 2, false), (4, -1, false), (-1, 4, false)]
    {
        let counted = check_condition(3, Condition { sellable, damaged });
        assert_eq!(counted.is_ok(), fits, "{sellable} + {damaged}");
    }
    assert_eq!(check_condition(3, Condition { sellable: 1, damaged: 1 }), Err(Refusal::BadCount));
}

#[test]
fn three_units_for_a_hundred() {
    let mut left = Money::new(100, Cny);
    let parts: Vec<i64> = (0..3)
        .map(|taken| {
            let part = share(left, 3 - taken, 1);
            left = left.minus(part);
            part.minor
        })
        .collect();
    assert_eq!(parts.iter().sum::<i64>(), 100);
    assert_eq!(share(Money::new(100, Cny), 3, 3).minor, 100);
    assert!(std::panic::catch_unwind(|| share(Money::new(1, Cny), 1, 2)).is_err());
    assert!(std::panic::catch_unwind(|| share(Money::new(1, Cny), 1, 0)).is_err());
}

proptest! {
    /// In whatever portions a line goes back, with some taken back in between, all of it is
    /// exactly what was paid, and no portion is more than a unit's rounding from its due.
    #[test]
    fn portions_make_the_whole(
        total in 0i64..10_000_000,
        units in 1i64..200,
        portions in proptest::collection::vec((1i64..20, any::<bool>()), 0..60),
    ) {
        let (mut left, mut units_left, mut sum) = (Money::new(total, Cny), units, 0);
        let last = std::iter::once((units, false));
        for (portion, withdrawn) in portions.into_iter().chain(last) {
            let portion = portion.min(units_left);
            if portion == 0 {
                break;
            }
            let part = share(left, units_left, portion);
            prop_assert!(part.minor >= 0 && part.minor <= left.minor);
            let exact = i128::from(left.minor) * i128::from(portion) / i128::from(units_left);
            prop_assert!((i128::from(part.minor) - exact).abs() <= 1);
            if withdrawn {
                continue;
            }
            left = left.minus(part);
            units_left -= portion;
            sum += part.minor;
        }
        if units_left == 0 {
            prop_assert_eq!((sum, left.minor), (total, 0));
        }
    }

    /// Any list of steps, right or wrong: a settled return has no money and goods both, and what
    /// is over stays over.
    #[test]
    fn no_way_leads_to_money_and_goods_both(steps in proptest::collection::vec(0usize..11, 0..40)) {
        let mut at = Requested;
        let mut been = vec![at];
        for step in steps {
            let to = Status::ALL[step];
            if may_move(at, to).is_ok() {
                at = to;
                been.push(at);
            }
        }
        prop_assert!(!(been.contains(&Refunded) && been.contains(&Replaced)));
        prop_assert!(been.iter().filter(|status| **status == Refunded).count() <= 1);
        let over = been.iter().position(|status| matches!(status, Closed | Withdrawn));
        prop_assert!(over.is_none_or(|over| over == been.len() - 1));
        prop_assert!(!been.contains(&Replaced) || been.contains(&Received));
        let settled = been.iter().position(|status| status.is_settled());
        prop_assert!(settled.is_none_or(|first| been[first..].iter().all(|s| s.is_settled())));
    }
}
