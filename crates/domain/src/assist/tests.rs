//! Assists: who may help, who counts, and each step unlocked once.

use proptest::prelude::*;

use super::*;

fn terms(counts_on: Event) -> Terms {
    Terms {
        steps: vec![Step { need: 2, reward: 500 }, Step { need: 3, reward: 300 }],
        who: WhoHelps::Anyone,
        counts_on,
        helper_reward: 100,
        helper_on: Event::FirstPaid,
        per_helper: 2,
        life: Span::hours(24),
    }
}

fn assist(helpers: &[(i64, bool)], unlocked: usize) -> Assist {
    let helper = |(id, counts): &(i64, bool)| Helper { person: Id::new(*id), counts: *counts };
    Assist {
        id: Id::new(1),
        person: Id::new(1),
        deadline: Moment(100),
        helpers: helpers.iter().map(helper).collect(),
        unlocked,
    }
}

fn comer(person: i64) -> Comer {
    Comer { person: Id::new(person), has_bought: false, helped: 0, same_cluster: false }
}

#[test]
fn who_may_help() {
    let check = |who, edit: fn(&mut Comer), unlocked, now, want: Result<(), Refusal>| {
        let terms = Terms { who, ..terms(Event::Helped) };
        let mut comer = comer(3);
        edit(&mut comer);
        let came = help(&terms, &assist(&[(2, true)], unlocked), &comer, Moment(now));
        assert_eq!(came.map(|_| ()), want);
    };
    use WhoHelps::*;
    check(Anyone, |_| (), 0, 99, Ok(()));
    check(Anyone, |_| (), 0, 100, Err(Refusal::Expired));
    check(Anyone, |_| (), 2, 50, Err(Refusal::Done));
    check(Anyone, |c| c.person = Id::new(1), 0, 50, Err(Refusal::OwnAssist));
    check(Anyone, |c| c.person = Id::new(2), 0, 50, Err(Refusal::AlreadyHelped));
    check(Anyone, |c| c.same_cluster = true, 0, 50, Err(Refusal::SameCluster));
    check(Anyone, |c| c.helped = 2, 0, 50, Err(Refusal::EnoughHelp(2)));
    check(NewCustomers, |c| c.has_bought = true, 0, 50, Err(Refusal::NewCustomersOnly));
    check(NewCustomers, |_| (), 0, 50, Ok(()));
    check(Buyers, |_| (), 0, 50, Err(Refusal::BuyersOnly));
    check(Buyers, |c| c.has_bought = true, 0, 50, Ok(()));
}

#[test]
fn steps_are_unlocked_when_enough_count() {
    let at_once = terms(Event::Helped);
    let first = help(&at_once, &assist(&[], 0), &comer(2), Moment(0)).unwrap();
    assert_eq!((first.unlocked.clone(), first.reward, first.helper_reward), (0..0, 0, 0));
    let second = help(&at_once, &assist(&[(2, true)], 0), &comer(3), Moment(0)).unwrap();
    assert_eq!((second.unlocked.clone(), second.reward), (0..1, 500));
    assert_eq!(assist(&[(2, true)], 0).missing(&at_once), 1);
    // With orders that have to be paid first, helping alone unlocks nothing.
    let paid = terms(Event::FirstPaid);
    let waits = help(&paid, &assist(&[(2, true)], 0), &comer(3), Moment(0)).unwrap();
    assert_eq!((waits.unlocked.clone(), waits.reward), (0..0, 0));
    let with = assist(&[(2, true), (3, false)], 0);
    let came = happened(&paid, &with, Id::new(3), Event::FirstPaid).unwrap();
    assert_eq!((came.unlocked.clone(), came.reward, came.helper_reward), (0..1, 500, 100));
    assert_eq!(happened(&paid, &with, Id::new(9), Event::FirstPaid), None);
    assert_eq!(happened(&paid, &with, Id::new(3), Event::WindowClosed), None);
    // Undone, somebody else takes their place; what was unlocked is not unlocked again.
    let less = undone(&assist(&[(2, true), (3, true)], 1), Id::new(3)).unwrap();
    let less = Assist { helpers: less, ..assist(&[], 1) };
    assert_eq!((less.counting(), less.missing(&at_once)), (1, 2));
    let again = help(&at_once, &less, &comer(4), Moment(0)).unwrap();
    assert_eq!((again.unlocked, again.reward), (1..1, 0));
    assert_eq!(undone(&less, Id::new(3)), None);
}

#[test]
fn settings_that_cannot_be_are_named() {
    let check = |edit: fn(&mut Terms), want| {
        let mut terms = terms(Event::Helped);
        edit(&mut terms);
        assert_eq!(terms.check(), want);
    };
    check(|_| (), Ok(()));
    check(|t| t.steps.clear(), Err(BadTerms::Steps));
    check(|t| t.steps[1].need = 2, Err(BadTerms::Steps));
    check(|t| t.steps[0].need = 0, Err(BadTerms::Steps));
    check(|t| t.steps[1].need = 201, Err(BadTerms::Steps));
    check(|t| t.steps[0].reward = 0, Err(BadTerms::Steps));
    check(|t| t.helper_reward = -1, Err(BadTerms::Reward));
    check(|t| t.per_helper = 0, Err(BadTerms::Helper));
    check(|t| t.life = Span::days(31), Err(BadTerms::Life));
}

proptest! {
    /// Whoever comes and whatever is undone: each step's reward is promised once at most, and never
    /// with fewer who count at that moment.
    #[test]
    fn each_step_is_unlocked_once(
        steps in proptest::collection::vec((0u8..3, 2i64..9), 0..40), late: bool,
    ) {
        let terms = terms(if late { Event::FirstPaid } else { Event::Helped });
        let mut state = assist(&[], 0);
        let mut rewarded = 0;
        for (verb, who) in steps {
            let person = Id::new(who);
            let came = match verb {
                0 => help(&terms, &state, &comer(who), Moment(1)).ok(),
                1 => happened(&terms, &state, person, Event::FirstPaid),
                _ => {
                    if let Some(helpers) = undone(&state, person) {
                        state.helpers = helpers;
                    }
                    None
                }
            };
            if let Some(outcome) = came {
                state.helpers = outcome.helpers;
                rewarded += outcome.reward;
                for step in outcome.unlocked {
                    prop_assert_eq!(step, state.unlocked);
                    prop_assert!(state.counting() >= terms.steps[step].need);
                    state.unlocked += 1;
                }
            }
            let due: i64 = terms.steps[..state.unlocked].iter().map(|step| step.reward).sum();
            prop_assert_eq!(rewarded, due);
        }
    }
}
