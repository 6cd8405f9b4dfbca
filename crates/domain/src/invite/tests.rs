//! Invitations: who counts, what is promised, given and taken back, and the abuse cases 13, 15 and
//! 21 of RULES §8.3.

use proptest::prelude::*;

use super::*;
use crate::campaign::budget::{self, Budget, Grant};

const ANN: Id<Person> = Id::new(1);
const BOB: Id<Person> = Id::new(2);
const ORDER: Id<Order> = Id::new(7);

fn terms() -> Terms {
    Terms { reward: 1_000, friend_reward: 500, per_month: 10, window: Span::days(30), least: 2_000 }
}

fn comer(above: &[Id<Person>]) -> Comer<'_> {
    Comer {
        person: BOB,
        joined_at: Moment(10),
        opened_at: Moment(9),
        has_bought: false,
        is_invited: false,
        same_cluster: false,
        above_inviter: above,
    }
}

fn invite(state: State) -> Invite {
    Invite { id: Id::new(1), inviter: ANN, friend: BOB, at: Moment(0), state }
}

#[test]
fn who_counts_as_invited() {
    let check = |comer: Comer, want| assert_eq!(join(ANN, &comer), want);
    check(comer(&[]), Ok(State::Joined));
    check(Comer { person: ANN, ..comer(&[]) }, Err(Refusal::Oneself));
    // A second device of the same person (13).
    check(Comer { same_cluster: true, ..comer(&[]) }, Err(Refusal::Oneself));
    // Bob brought somebody who brought ann (15).
    check(comer(&[Id::new(9), BOB]), Err(Refusal::Circle));
    check(Comer { has_bought: true, ..comer(&[]) }, Err(Refusal::NotNew));
    check(Comer { joined_at: Moment(8), ..comer(&[]) }, Err(Refusal::NotNew));
    check(Comer { is_invited: true, ..comer(&[]) }, Err(Refusal::AlreadyInvited));
}

#[test]
fn only_a_first_order_that_is_kept_rewards() {
    let paid = |is_first, paid, rewarded_this_month| Event::Paid {
        order: ORDER,
        is_first,
        paid,
        rewarded_this_month,
    };
    let check = |state, event, days, want: Option<(State, &[(Side, Command)])>| {
        let now = Moment(0).plus(Span::days(days));
        let came = happened(&terms(), &invite(state), event, now);
        let want = want.map(|(state, commands)| Outcome { state, commands: commands.to_vec() });
        assert_eq!(came, want, "{state:?} {event:?}");
    };
    let promise = |amount| Command::Grant { amount, waits: true };
    let ordered = |rewards| State::Ordered { order: ORDER, rewards };
    let both = [(Side::Inviter, promise(1_000)), (Side::Friend, promise(500))];
    check(State::Joined, paid(true, 2_000, 9), 29, Some((ordered(true), &both)));
    check(State::Joined, paid(true, 2_000, 10), 29, Some((ordered(false), &both[1..])));
    check(State::Joined, paid(true, 1_999, 0), 1, None);
    check(State::Joined, paid(false, 9_000, 0), 1, None);
    check(State::Joined, paid(true, 9_000, 0), 30, Some((State::Lapsed, &[])));
    check(State::Joined, Event::Tick, 29, None);
    check(State::Joined, Event::Tick, 30, Some((State::Lapsed, &[])));
    // Joining alone pays nothing, however often it is said (21).
    check(State::Joined, Event::Kept { order: ORDER }, 1, None);
    let kept = Event::Kept { order: ORDER };
    let rewarded = |rewards| State::Rewarded { order: ORDER, rewards };
    let given = [(Side::Inviter, Command::Qualify), (Side::Friend, Command::Qualify)];
    check(ordered(true), kept, 50, Some((rewarded(true), &given)));
    check(ordered(false), kept, 50, Some((rewarded(false), &given[1..])));
    check(ordered(true), Event::Kept { order: Id::new(8) }, 50, None);
    check(rewarded(true), kept, 50, None);
    let undone = Event::Undone { order: ORDER, inviter_has: 400, friend_has: 500 };
    let released = [(Side::Inviter, Command::Release), (Side::Friend, Command::Release)];
    check(ordered(true), undone, 5, Some((State::Lapsed, &released)));
    let clawed = [
        (Side::Inviter, Command::ClawBack { has: 400 }),
        (Side::Friend, Command::ClawBack { has: 500 }),
    ];
    check(rewarded(true), undone, 60, Some((State::Lapsed, &clawed)));
    check(rewarded(false), undone, 60, Some((State::Lapsed, &clawed[1..])));
    check(State::Lapsed, undone, 60, None);
}

#[test]
fn settings_the_law_does_not_allow_cannot_be() {
    let check = |edit: fn(&mut Terms), right| {
        let mut terms = terms();
        edit(&mut terms);
        assert_eq!(terms.is_sensible(), right);
    };
    check(|_| (), true);
    check(|t| t.per_month = 11, false);
    check(|t| t.per_month = 0, false);
    check(|t| t.window = Span::days(31), false);
    check(|t| t.reward = 0, false);
    check(|t| t.friend_reward = -1, false);
    check(|t| t.friend_reward = 0, true);
}

proptest! {
    /// Whatever comes in whatever order, and twice: the budget takes every command the rules give,
    /// and ends with what was given to those whose order was kept.
    #[test]
    fn the_budget_agrees(events in proptest::collection::vec((0u8..5, 7i64..9, 0i64..12), 0..30)) {
        let mut invite = invite(State::Joined);
        let mut have = Budget { available: 5_000, ..Budget::default() };
        let mut grants: Vec<(Side, Grant)> = Vec::new();
        for (day, (verb, order, month)) in events.into_iter().enumerate() {
            let order = Id::new(order);
            let event = match verb {
                0 | 1 => Event::Paid {
                    order, is_first: true, paid: 2_000, rewarded_this_month: month,
                },
                2 => Event::Kept { order },
                3 => Event::Undone { order, inviter_has: 100 * month, friend_has: 500 },
                _ => Event::Tick,
            };
            let now = Moment(0).plus(Span::days(day as i64));
            let Some(outcome) = happened(&terms(), &invite, event, now) else { continue };
            invite.state = outcome.state;
            for (side, command) in outcome.commands {
                let before = grants.iter().find(|(one, _)| *one == side).map(|(_, grant)| *grant);
                let decided = budget::decide(&have, before.as_ref(), command);
                prop_assert!(decided.is_ok(), "{side:?} {command:?} {decided:?}");
                let decided = decided.unwrap();
                have = budget::apply(&have, &decided);
                grants.retain(|(one, _)| *one != side);
                grants.extend(decided.grant.map(|grant| (side, grant)));
            }
            let waits = matches!(invite.state, State::Ordered { .. });
            prop_assert_eq!(have.escrow > 0, waits);
            prop_assert_eq!(have.funded(), 5_000);
        }
    }
}
