//! Flash sales: when one is on, who may buy, and who of those who wait comes first.

use proptest::prelude::*;

use super::*;
use crate::money::Currency;

const CHINA: Span = Span::hours(8);

fn at(text: &str) -> Moment {
    Moment::parse(&format!("2026-11-{text}:00Z")).unwrap()
}

fn slot(from: i64, until: i64) -> Slot {
    Slot { from: Span::hours(from), until: Span::hours(until) }
}

fn terms(slots: &[Slot]) -> Terms {
    Terms {
        slots: slots.to_vec(),
        per_order: 2,
        per_person: 3,
        pay_window: Span::minutes(5),
        preheat: Span::hours(1),
        queue: true,
    }
}

/// From the 1st at noon to the 3rd at noon in China, at 10–12 and 20–22 there.
#[test]
fn slots_are_hours_where_the_shop_is() {
    let terms = terms(&[slot(10, 12), slot(20, 22)]);
    let (starts, ends) = (at("01T04:00"), at("03T03:30"));
    let check = |now, want| {
        assert_eq!(phase(&terms, starts, ends, CHINA, at(now)), want, "{now}");
    };
    // The 1st at 9: the slot of ten o'clock comes before the sale.
    check("01T01:00", Phase::Before(at("01T12:00")));
    check("01T10:59", Phase::Before(at("01T12:00")));
    check("01T11:00", Phase::Preheat(at("01T12:00")));
    check("01T12:00", Phase::On(at("01T14:00")));
    check("01T13:59", Phase::On(at("01T14:00")));
    check("01T14:00", Phase::Before(at("02T02:00")));
    check("02T02:00", Phase::On(at("02T04:00")));
    // The last slot ends with the sale, half an hour early.
    check("03T02:00", Phase::On(at("03T03:30")));
    check("03T03:30", Phase::Over);
    check("09T00:00", Phase::Over);
}

#[test]
fn without_slots_it_is_on_all_the_time() {
    let terms = terms(&[]);
    let (starts, ends) = (at("01T04:00"), at("05T04:00"));
    let check = |now, want| assert_eq!(phase(&terms, starts, ends, CHINA, at(now)), want, "{now}");
    check("01T02:00", Phase::Before(starts));
    check("01T03:00", Phase::Preheat(starts));
    check("01T04:00", Phase::On(ends));
    check("02T17:00", Phase::On(ends));
    check("05T04:00", Phase::Over);
}

#[test]
fn who_may_buy() {
    let terms = terms(&[]);
    let on = Phase::On(Moment(100));
    let check = |phase, quantity, holds, left, waiting, want| {
        let wanted = Wanted { quantity, holds, left, waiting };
        assert_eq!(may_buy(&terms, phase, &wanted, Moment(1)), want, "{wanted:?}");
    };
    let until = Moment(1).plus(Span::minutes(5));
    check(on, 2, 1, 2, 0, Ok(until));
    check(Phase::Preheat(Moment(9)), 1, 0, 9, 0, Err(Refusal::NotYet(Moment(9))));
    check(Phase::Over, 1, 0, 9, 0, Err(Refusal::Over));
    check(on, 3, 0, 9, 0, Err(Refusal::TooManyPerOrder(2)));
    check(on, 0, 0, 9, 0, Err(Refusal::TooManyPerOrder(2)));
    check(on, -1, 0, 9, 0, Err(Refusal::TooManyPerOrder(2)));
    check(on, 2, 2, 9, 0, Err(Refusal::TooManyPerPerson(1)));
    check(on, 1, 5, 9, 0, Err(Refusal::TooManyPerPerson(0)));
    check(on, 1, 0, 0, 5, Err(Refusal::SoldOut));
    check(on, 2, 0, 1, 0, Err(Refusal::OnlyLeft(1)));
    // A unit that came free is for whoever waits.
    check(on, 1, 0, 1, 5, Err(Refusal::Queued));
}

#[test]
fn those_who_came_first_are_served_first() {
    let line = |wants: &[i64]| -> Vec<Waiting> {
        let one = |(n, quantity): (usize, &i64)| Waiting {
            person: Id::new(n as i64),
            quantity: *quantity,
        };
        wants.iter().enumerate().map(one).collect()
    };
    let check = |wants: &[i64], left, served| assert_eq!(serve(&line(wants), left), served);
    check(&[1, 1, 1], 2, 2);
    check(&[2, 1], 1, 0);
    check(&[1, 2, 1], 2, 1);
    check(&[1, 2, 1], 4, 3);
    check(&[], 4, 0);
    check(&[1], 0, 0);
}

#[test]
fn settings_that_cannot_be_are_named() {
    let check = |edit: fn(&mut Terms), want| {
        let mut terms = terms(&[slot(10, 12), slot(12, 24)]);
        edit(&mut terms);
        assert_eq!(terms.check(), want);
    };
    check(|_| (), Ok(()));
    check(|t| t.slots[1].from = Span::hours(11), Err(BadTerms::Slots));
    check(|t| t.slots[1].until = Span::hours(25), Err(BadTerms::Slots));
    check(|t| t.slots[0].until = Span::hours(10), Err(BadTerms::Slots));
    check(|t| t.per_order = 4, Err(BadTerms::Limits));
    check(|t| t.per_order = 0, Err(BadTerms::Limits));
    check(|t| t.pay_window = Span(0), Err(BadTerms::PayWindow));
    check(|t| t.preheat = Span::days(8), Err(BadTerms::Preheat));
    let yuan = |minor| Money::new(minor, Currency::Cny);
    assert_eq!(check_price(yuan(99), yuan(100)), Ok(()));
    assert_eq!(check_price(yuan(100), yuan(100)), Err(BadTerms::Price));
    assert_eq!(check_price(yuan(0), yuan(100)), Err(BadTerms::Price));
    assert_eq!(check_price(Money::new(1, Currency::Usd), yuan(100)), Err(BadTerms::Price));
}

proptest! {
    /// Whoever asks in whatever order, with time-outs between: units promised, sold and left sum to
    /// the stock, nobody has more than their share, and whoever waits is served in order.
    #[test]
    fn nothing_is_sold_twice(
        stock in 0i64..12, steps in proptest::collection::vec((0u8..4, 0i64..6, 1i64..4), 0..80),
    ) {
        let terms = terms(&[]);
        let on = Phase::On(Moment(100));
        let (mut left, mut held, mut sold) = (stock, Vec::<Waiting>::new(), [0_i64; 6]);
        let mut line: Vec<Waiting> = Vec::new();
        for (verb, who, quantity) in steps {
            let of = |held: &[Waiting]| {
                let mine = held.iter().filter(|one| one.person == Id::new(who));
                mine.map(|one| one.quantity).sum::<i64>()
            };
            match verb {
                0 | 1 => {
                    let holds = of(&held) + of(&line) + sold[who as usize];
                    let waiting = line.len() as i64;
                    let wanted = Wanted { quantity, holds, left, waiting };
                    let one = Waiting { person: Id::new(who), quantity };
                    match may_buy(&terms, on, &wanted, Moment(0)) {
                        Ok(_) => {
                            prop_assert!(line.is_empty());
                            left -= quantity;
                            held.push(one);
                        }
                        Err(Refusal::SoldOut | Refusal::OnlyLeft(_) | Refusal::Queued) => {
                            line.push(one);
                        }
                        Err(_) => (),
                    }
                }
                2 => if let Some(one) = held.pop() { left += one.quantity },
                _ => if let Some(one) = held.pop() {
                    sold[one.person.0 as usize] += one.quantity;
                },
            }
            let served = serve(&line, left);
            for one in line.drain(..served) {
                left -= one.quantity;
                held.push(one);
            }
            let promised: i64 = held.iter().map(|one| one.quantity).sum();
            prop_assert!(left >= 0);
            prop_assert_eq!(left + promised + sold.iter().sum::<i64>(), stock);
            prop_assert!(sold.iter().all(|sold| *sold <= terms.per_person));
            prop_assert!(line.first().is_none_or(|next| next.quantity > left));
        }
    }
}
