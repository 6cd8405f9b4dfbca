//! Budgets: each command as a table, and every order of them at once.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::super::budget::{
    Budget, Command, Decided, Grant, GrantState, Move, Pot, Refusal, apply, decide,
};

fn budget(available: i64, escrow: i64, given: i64) -> Budget {
    Budget { available, escrow, given, closed: false }
}

fn grant(amount: i64, state: GrantState) -> Grant {
    Grant { amount, state }
}

fn told(decided: Decided) -> (Option<(Pot, Pot, i64)>, Option<GrantState>, bool) {
    let moved = decided.moves.map(|Move { from, to, amount }| (from, to, amount));
    (moved, decided.grant.map(|grant| grant.state), decided.again)
}

#[test]
fn a_reward_is_promised_once_and_never_beyond_what_there_is() {
    use GrantState::{ClawedBack, Released, Waiting};
    use Pot::{Available, Escrow, Given};
    let have = budget(100, 0, 0);
    let ask = |have: &Budget, before: Option<Grant>, amount, waits| {
        decide(have, before.as_ref(), Command::Grant { amount, waits }).map(told)
    };
    let moved = |to, amount, state| Ok((Some((Available, to, amount)), Some(state), false));
    assert_eq!(ask(&have, None, 100, true), moved(Escrow, 100, Waiting));
    assert_eq!(ask(&have, None, 1, false), moved(Given, 1, GrantState::Given));
    assert_eq!(ask(&have, None, 101, true), Err(Refusal::OnlyLeft(100)));
    assert_eq!(ask(&have, None, 0, true), Err(Refusal::BadAmount));
    assert_eq!(ask(&have, None, -5, true), Err(Refusal::BadAmount));
    // The same key again, whatever became of it, even with nothing left or after the end.
    let empty = Budget { closed: true, ..budget(0, 0, 0) };
    for state in [Waiting, GrantState::Given, Released, ClawedBack { back: 2, owed: 5 }] {
        let before = Some(grant(7, state));
        assert_eq!(ask(&empty, before, 7, true), Ok((None, Some(state), true)));
        assert_eq!(ask(&have, before, 8, true), Err(Refusal::OtherAmount(7)));
    }
    assert_eq!(ask(&empty, None, 7, true), Err(Refusal::Closed));
}

#[test]
fn what_waits_is_given_released_or_clawed_back() {
    use GrantState::{ClawedBack, Released, Waiting};
    use Pot::{Available, Escrow, Funder, Given};
    let open = budget(0, 50, 50);
    let closed = Budget { closed: true, ..open };
    let settle =
        |have: &Budget, state, command| decide(have, Some(&grant(10, state)), command).map(told);
    let given = GrantState::Given;
    let check = |have, state, command, want: Result<(Option<_>, GrantState, bool), Refusal>| {
        let want = want.map(|(moved, state, again)| (moved, Some(state), again));
        assert_eq!(settle(have, state, command), want, "{state:?} {command:?}");
    };
    check(&open, Waiting, Command::Qualify, Ok((Some((Escrow, Given, 10)), given, false)));
    check(&open, given, Command::Qualify, Ok((None, given, true)));
    check(&open, Released, Command::Qualify, Err(Refusal::NotNow(Released)));
    check(&open, Waiting, Command::Release, Ok((Some((Escrow, Available, 10)), Released, false)));
    check(&closed, Waiting, Command::Release, Ok((Some((Escrow, Funder, 10)), Released, false)));
    check(&open, Released, Command::Release, Ok((None, Released, true)));
    check(&open, given, Command::Release, Err(Refusal::NotNow(given)));
    let claw = |has| Command::ClawBack { has };
    let clawed = |back, owed| ClawedBack { back, owed };
    check(&open, given, claw(99), Ok((Some((Given, Available, 10)), clawed(10, 0), false)));
    check(&open, given, claw(4), Ok((Some((Given, Available, 4)), clawed(4, 6), false)));
    check(&closed, given, claw(4), Ok((Some((Given, Funder, 4)), clawed(4, 6), false)));
    check(&open, given, claw(0), Ok((None, clawed(0, 10), false)));
    check(&open, given, claw(-3), Ok((None, clawed(0, 10), false)));
    check(&open, clawed(4, 6), claw(9), Ok((None, clawed(4, 6), true)));
    check(&open, Waiting, claw(9), Ok((Some((Escrow, Available, 10)), Released, false)));
    let repay = |amount| Command::Repay { amount };
    let repaid = Ok((Some((Given, Available, 2)), clawed(6, 4), false));
    check(&open, clawed(4, 6), repay(2), repaid);
    check(&open, clawed(4, 6), repay(7), Err(Refusal::BadAmount));
    check(&open, given, repay(1), Err(Refusal::NotNow(given)));
    assert_eq!(decide(&open, None, Command::Qualify), Err(Refusal::NoGrant));
}

#[test]
fn what_is_not_promised_goes_back_at_the_end() {
    let closed = decide(&budget(30, 20, 50), None, Command::Close).unwrap();
    assert_eq!(told(closed).0, Some((Pot::Available, Pot::Funder, 30)));
    let after = apply(&budget(30, 20, 50), &closed);
    assert_eq!(after, Budget { available: 0, escrow: 20, given: 50, closed: true });
    assert_eq!((after.funded(), after.liability()), (70, 20));
    let again = decide(&after, None, Command::Close).unwrap();
    assert!(again.again && again.moves.is_none());
    let more = Command::Reserve { amount: 5 };
    assert_eq!(decide(&after, None, more), Err(Refusal::Closed));
    assert_eq!(
        decide(&budget(0, 0, 0), None, Command::Reserve { amount: 0 }),
        Err(Refusal::BadAmount)
    );
}

#[test]
fn of_a_hundred_askers_exactly_as_many_are_promised_as_there_is() {
    let mut have = budget(1_000, 0, 0);
    let ask = Command::Grant { amount: 30, waits: true };
    let mut promised = 0;
    for _ in 0..100 {
        match decide(&have, None, ask) {
            Ok(decided) => {
                have = apply(&have, &decided);
                promised += 1;
            }
            Err(refusal) => assert_eq!(refusal, Refusal::OnlyLeft(10)),
        }
    }
    assert_eq!((promised, have.available, have.escrow), (33, 10, 990));
}

proptest! {
    /// Any commands in any order, repeated at will: no cent appears, none vanishes, none is below
    /// nothing, and what is in the pots is what the grants say.
    #[test]
    fn no_cent_over(steps in proptest::collection::vec((0u8..8, 0u8..12, 1i64..400), 1..120)) {
        let mut have = Budget::default();
        let mut grants: BTreeMap<u8, Grant> = BTreeMap::new();
        let (mut funder, mut put_in) = (0, 0);
        for (verb, key, amount) in steps {
            let command = match verb {
                0 => Command::Reserve { amount },
                1 => Command::Grant { amount, waits: true },
                2 => Command::Grant { amount, waits: false },
                3 => Command::Qualify,
                4 => Command::Release,
                5 => Command::ClawBack { has: amount - 200 },
                6 => Command::Repay { amount },
                _ if amount > 390 => Command::Close,
                _ => Command::Qualify,
            };
            let Ok(decided) = decide(&have, grants.get(&key), command) else { continue };
            if decided.again {
                prop_assert!(decided.moves.is_none());
            }
            if let Some(Move { from, to, amount }) = decided.moves {
                prop_assert!(amount > 0);
                if from == Pot::Funder { put_in += amount }
                if to == Pot::Funder { funder += amount }
            }
            have = apply(&have, &decided);
            if let Some(grant) = decided.grant {
                grants.insert(key, grant);
            }
            prop_assert_eq!(have.funded() + funder, put_in);
            let sum = |of: fn(&Grant) -> i64| grants.values().map(of).sum::<i64>();
            let waiting = sum(|grant| match grant.state {
                GrantState::Waiting => grant.amount,
                _ => 0,
            });
            let given = sum(|grant| match grant.state {
                GrantState::Given => grant.amount,
                GrantState::ClawedBack { owed, .. } => owed,
                _ => 0,
            });
            prop_assert_eq!((have.escrow, have.given), (waiting, given));
            prop_assert!(have.available >= 0);
            if have.closed {
                prop_assert_eq!(have.available, 0);
            }
        }
    }
}
