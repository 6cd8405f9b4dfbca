//! The rules of group buying as tables and properties.

use proptest::prelude::*;

use super::*;
use crate::money::Currency;

fn terms() -> Terms {
    Terms {
        need: 3,
        tiers: vec![],
        life: Span(100),
        pay_window: Span::minutes(15),
        per_order: 2,
        per_person: 3,
        open_by: WhoOpens::Anyone,
        join_by: WhoJoins::Anyone,
        leader_off: 0,
        listed: true,
        lowered_to: None,
        late: LatePolicy::OtherTeam,
    }
}

const CAST: [&str; 6] = ["ann", "bob", "eve", "lin", "mo", "zoe"];

fn person(name: &str) -> Id<Person> {
    Id::new(CAST.iter().position(|one| *one == name).expect("one of the cast") as i64)
}

/// `ann bob+ eve`: ann holds a place, bob's and eve's … a plus is a paid one. `won`, `lost` and
/// `forming` set the state; the deadline is at 100.
fn team(text: &str) -> Team {
    let mut team = Team {
        id: Id::new(7),
        status: TeamStatus::Open,
        need: 3,
        most: 3,
        deadline: Some(Moment(100)),
        leader: person("ann"),
        places: vec![],
    };
    for word in text.split_whitespace() {
        match word {
            "won" => team.status = TeamStatus::Succeeded,
            "lost" => team.status = TeamStatus::Failed,
            "forming" => (team.status, team.deadline) = (TeamStatus::Forming, None),
            name => team.places.push(Place {
                person: person(name.trim_end_matches('+')),
                number: team.places.len() as i64 + 1,
                confirmed: name.ends_with('+'),
            }),
        }
    }
    team
}

/// A case a line: the team | who wants to join, when | the answer.
fn check_join(case: &str) {
    let parts: Vec<&str> = case.split('|').map(str::trim).collect();
    let words: Vec<&str> = parts[1].split_whitespace().collect();
    let number = |key: &str| {
        let at = words.iter().position(|word| *word == key);
        at.map(|at| words[at + 1].parse::<i64>().expect("a number"))
    };
    let mut terms = terms();
    if words.contains(&"new-only") {
        terms.join_by = WhoJoins::NewCustomers;
    }
    // The offer itself ended at 50: a team's own deadline decides.
    let offer =
        Offer { status: Status::Ended, starts_at: Moment(0), ends_at: Moment(50), terms: &terms };
    let applicant = Applicant {
        person: person(words[0]),
        has_bought: words.contains(&"bought"),
        holds: number("holds").unwrap_or(0),
        quantity: number("wants").unwrap_or(1),
    };
    let now = Moment(number("at").expect("when"));
    let answer = match may_join(&offer, &team(parts[0]), &applicant, now) {
        Ok(()) => "in".to_string(),
        Err(refusal) => format!("{refusal:?}"),
    };
    assert_eq!(answer, parts[2], "{case}");
}

#[test]
fn joining_a_team_of_three_that_closes_at_100() {
    check_join("ann+          | bob at 10                  | in");
    check_join("ann+          | bob at 99                  | in");
    check_join("ann+          | bob at 100                 | TooLate");
    check_join("ann+ bob      | bob at 10                  | AlreadyIn");
    check_join("ann+ bob      | ann at 10                  | AlreadyIn");
    // A held place counts as much as a paid one.
    check_join("ann+ bob eve  | lin at 10                  | Full");
    check_join("ann+ won      | bob at 10                  | NotOpen");
    check_join("ann+ lost     | bob at 10                  | NotOpen");
    check_join("ann forming   | bob at 10                  | NotOpen");
    check_join("ann+          | bob at 10 wants 3          | TooManyPerOrder(2)");
    check_join("ann+          | bob at 10 wants 2          | in");
    check_join("ann+          | bob at 10 wants 2 holds 1  | in");
    check_join("ann+          | bob at 10 wants 1 holds 3  | TooManyPerPerson(3)");
    check_join("ann+          | bob at 10 bought           | in");
    check_join("ann+          | bob at 10 wants 0          | TooManyPerOrder(2)");
    check_join("ann+          | bob at 10 wants 2 holds 2  | TooManyPerPerson(3)");
    check_join("ann+          | bob at 10 bought new-only  | NewCustomersOnly");
    check_join("ann+          | bob at 10 new-only         | in");
    // Someone who is already in hears that, whatever else is true.
    check_join("ann+ won      | ann at 200                 | AlreadyIn");
}

#[test]
fn opening_needs_a_running_offer() {
    let mut terms = terms();
    let open = |terms: &Terms, status, now, has_bought| {
        let offer = Offer { status, starts_at: Moment(10), ends_at: Moment(50), terms };
        let applicant = Applicant { person: person("ann"), has_bought, holds: 0, quantity: 1 };
        may_open(&offer, &applicant, Moment(now))
    };
    assert_eq!(open(&terms, Status::Running, 10, false), Ok(()));
    // The clock starts it even when the job that should have is late, and ends it.
    assert_eq!(open(&terms, Status::Scheduled, 10, false), Ok(()));
    assert_eq!(open(&terms, Status::Running, 50, false), Err(Refusal::NotRunning));
    assert_eq!(open(&terms, Status::Running, 9, false), Err(Refusal::NotRunning));
    assert_eq!(open(&terms, Status::Paused, 20, false), Err(Refusal::NotRunning));
    assert_eq!(open(&terms, Status::Draft, 20, false), Err(Refusal::NotRunning));
    terms.open_by = WhoOpens::Buyers;
    assert_eq!(open(&terms, Status::Running, 20, false), Err(Refusal::BuyersOnly));
    assert_eq!(open(&terms, Status::Running, 20, true), Ok(()));
}

#[test]
fn the_opener_s_payment_starts_the_clock_and_the_last_one_completes() {
    let terms = terms();
    let confirm = |text, name, now| confirm(&terms, &team(text), person(name), Moment(now));
    assert_eq!(confirm("ann forming", "ann", 7), Confirmed::Opens(Moment(107)));
    assert_eq!(confirm("ann+ bob", "bob", 7), Confirmed::Waits);
    assert_eq!(confirm("ann+ bob+ eve", "eve", 7), Confirmed::Completes);
    // A held place beside it does not complete a team.
    assert_eq!(confirm("ann+ bob eve", "eve", 7), Confirmed::Waits);
}

#[test]
fn the_deadline_decides() {
    let mut terms = terms();
    let decide = |terms: &Terms, text, now| at_deadline(terms, &team(text), Moment(now));
    assert_eq!(decide(&terms, "ann+ bob+", 99), None);
    assert_eq!(decide(&terms, "ann+ bob+", 100), Some(Outcome::Failed));
    // Whoever has not paid by then does not count.
    assert_eq!(decide(&terms, "ann+ bob+ eve", 100), Some(Outcome::Failed));
    assert_eq!(decide(&terms, "ann+ won", 100), None);
    terms.lowered_to = Some(2);
    assert_eq!(
        decide(&terms, "ann+ bob+", 100),
        Some(Outcome::Succeeded { people: 2, lowered: true })
    );
    assert_eq!(decide(&terms, "ann+ bob", 100), Some(Outcome::Failed));
}

#[test]
fn a_tiered_team_that_has_enough_succeeds_at_its_deadline_with_the_tier_it_reached() {
    let mut terms = terms();
    let rate = |points| Rate::from_basis_points(points).unwrap();
    terms.need = 2;
    terms.tiers = vec![Tier { size: 3, off: rate(1_000) }, Tier { size: 5, off: rate(2_000) }];
    assert_eq!(terms.check(), Err(BadTerms::Life));
    let mut team = team("ann+ bob+ eve+");
    (team.need, team.most) = (2, 5);
    let outcome = at_deadline(&terms, &team, Moment(100));
    assert_eq!(outcome, Some(Outcome::Succeeded { people: 3, lowered: false }));
    let price = |people| price_at(&terms, Money::new(1_000, Currency::Cny), people).minor;
    assert_eq!((price(2), price(3), price(4), price(5)), (1_000, 900, 900, 800));
}

#[test]
fn when_the_opener_leaves_the_earliest_who_paid_leads() {
    let left = |text, name| leave(&team(text), person(name));
    assert_eq!(left("ann+ bob+", "bob"), Ok(Left::GoesOn { leader: person("ann") }));
    assert_eq!(left("ann+ eve bob+", "ann"), Ok(Left::GoesOn { leader: person("bob") }));
    // Whoever leads goes on leading, also when somebody else paid earlier.
    assert_eq!(left("eve+ ann+ bob+", "bob"), Ok(Left::GoesOn { leader: person("ann") }));
    assert_eq!(left("ann+ eve", "ann"), Ok(Left::Over));
    assert_eq!(left("ann+ bob", "bob"), Err(Refusal::NotIn));
    assert_eq!(left("ann+ won", "ann"), Err(Refusal::NotOpen));
}

#[test]
fn late_money_goes_where_the_merchant_said() {
    let mut terms = terms();
    let other = Some(Id::new(9));
    assert_eq!(late(&terms, true, other, true), Late::SameTeam);
    assert_eq!(late(&terms, false, other, true), Late::OtherTeam(Id::new(9)));
    assert_eq!(late(&terms, false, None, true), Late::NewTeam);
    assert_eq!(late(&terms, false, None, false), Late::Refund);
    terms.late = LatePolicy::NewTeam;
    assert_eq!(late(&terms, false, other, true), Late::NewTeam);
    terms.late = LatePolicy::Refund;
    assert_eq!(late(&terms, false, other, true), Late::Refund);
}

#[test]
fn settings_that_cannot_be_are_named() {
    let check = |edit: fn(&mut Terms), want| {
        let mut terms = Terms { life: Span::hours(24), ..terms() };
        edit(&mut terms);
        assert_eq!(terms.check(), want);
    };
    check(|_| (), Ok(()));
    check(|terms| terms.need = 1, Err(BadTerms::Need));
    check(|terms| terms.life = Span::days(8), Err(BadTerms::Life));
    check(|terms| terms.pay_window = Span(0), Err(BadTerms::PayWindow));
    check(|terms| terms.per_person = 1, Err(BadTerms::Limits));
    check(|terms| terms.lowered_to = Some(3), Err(BadTerms::LoweredTo));
    check(|terms| terms.leader_off = -1, Err(BadTerms::LeaderOff));
    check(|terms| terms.tiers = vec![Tier { size: 3, off: Rate::NONE }], Err(BadTerms::Tiers));
}

/// Each limit at its last right value and at the first wrong one.
#[test]
fn settings_are_right_up_to_their_limits() {
    fn tier(size: i64, points: i64) -> Tier {
        Tier { size, off: Rate::from_basis_points(points).unwrap() }
    }
    let check = |edit: &dyn Fn(&mut Terms)| {
        let mut terms = Terms { life: Span::hours(24), ..terms() };
        edit(&mut terms);
        terms.check()
    };
    for (need, right) in [(2, true), (100, true), (101, false), (0, false)] {
        let came = check(&|terms| terms.need = need);
        assert_eq!(came, if right { Ok(()) } else { Err(BadTerms::Need) }, "{need}");
    }
    assert_eq!(check(&|terms| terms.tiers = vec![tier(100, 1)]), Ok(()));
    assert_eq!(check(&|terms| terms.tiers = vec![tier(101, 1)]), Err(BadTerms::Need));
    for (tiers, right) in [
        (vec![tier(4, 1), tier(5, 2)], true),
        (vec![tier(4, 9_999)], true),
        (vec![tier(4, 10_000)], false),
        (vec![tier(3, 1)], false),
        (vec![tier(4, 0)], false),
        (vec![tier(4, 5), tier(4, 6)], false),
        (vec![tier(4, 5), tier(5, 5)], false),
        (vec![tier(5, 5), tier(4, 6)], false),
    ] {
        let came = check(&|terms| terms.tiers = tiers.clone());
        assert_eq!(came, if right { Ok(()) } else { Err(BadTerms::Tiers) }, "{tiers:?}");
    }
    let (life, pay) = (BadTerms::Life, BadTerms::PayWindow);
    for (seconds, right) in [(299, false), (300, true), (604_800, true), (604_801, false)] {
        let came = check(&|terms| terms.life = Span::seconds(seconds));
        assert_eq!(came, if right { Ok(()) } else { Err(life) }, "a life of {seconds}");
    }
    for (seconds, right) in [(59, false), (60, true), (3_600, true), (3_601, false)] {
        let came = check(&|terms| terms.pay_window = Span::seconds(seconds));
        assert_eq!(came, if right { Ok(()) } else { Err(pay) }, "a window of {seconds}");
    }
    for (order, person, right) in [
        (1, 1, true),
        (9_999, 9_999, true),
        (0, 1, false),
        (2, 1, false),
        (1, 0, false),
        (1, 10_000, false),
        (10_000, 10_000, false),
    ] {
        let came = check(&|terms| (terms.per_order, terms.per_person) = (order, person));
        assert_eq!(came, if right { Ok(()) } else { Err(BadTerms::Limits) }, "{order} {person}");
    }
    for (lowered, right) in [(0, false), (1, true), (2, true), (3, false)] {
        let came = check(&|terms| terms.lowered_to = Some(lowered));
        assert_eq!(came, if right { Ok(()) } else { Err(BadTerms::LoweredTo) }, "{lowered}");
    }
    assert_eq!(check(&|terms| terms.leader_off = 0), Ok(()));
    assert_eq!(terms().most(), 3);
    assert_eq!(Terms { tiers: vec![tier(4, 1), tier(9, 2)], ..terms() }.most(), 9);
}

#[test]
fn shoppers_read_every_rule_that_is_enforced_and_no_other() {
    let rate = Rate::from_basis_points(500).unwrap();
    let least = Terms { listed: false, ..terms() };
    let limits = Clause::Limits { per_order: 2, per_person: 3 };
    let team = Clause::Team { need: 3, life: Span(100) };
    let window = Clause::PayWindow(Span::minutes(15));
    assert_eq!(
        rules(&least),
        [
            team,
            window,
            limits,
            Clause::Refund,
            Clause::Leaving,
            Clause::LateOtherTeam,
            Clause::NoCoupons,
        ]
    );
    let most = Terms {
        tiers: vec![Tier { size: 5, off: rate }],
        open_by: WhoOpens::Buyers,
        join_by: WhoJoins::NewCustomers,
        leader_off: 100,
        listed: true,
        lowered_to: Some(2),
        late: LatePolicy::Refund,
        ..terms()
    };
    assert_eq!(
        rules(&most),
        [
            team,
            Clause::Tier { size: 5, off: rate },
            window,
            Clause::BuyersOpen,
            Clause::NewCustomersJoin,
            limits,
            Clause::LeaderOff(100),
            Clause::LoweredTo(2),
            Clause::Refund,
            Clause::Leaving,
            Clause::LateRefund,
            Clause::NoCoupons,
            Clause::Listed,
        ]
    );
    let new = Terms { late: LatePolicy::NewTeam, ..terms() };
    assert!(rules(&new).contains(&Clause::LateNewTeam));
}

#[test]
fn who_is_missing_and_how_long_is_left() {
    let counted = |text| (team(text).confirmed(), team(text).missing());
    assert_eq!(counted("ann+ bob eve+"), (2, 1));
    assert_eq!(counted("ann forming"), (0, 3));
    assert_eq!(counted("ann+ bob+ eve+ lin+"), (4, 0));
    let left = |text, now| team(text).left(Moment(now)).0;
    assert_eq!((left("ann+", 30), left("ann+", 100), left("ann+", 130)), (70, 0, 0));
    assert_eq!((left("ann+ won", 30), left("ann forming", 30)), (0, 0));
}

#[test]
fn states_of_group_buys_and_teams_are_read_back_by_their_codes() {
    for code in ["draft", "scheduled", "running", "paused", "ended"] {
        assert_eq!(Status::parse(code).map(Status::code), Some(code));
    }
    for code in ["forming", "open", "succeeded", "failed", "abandoned"] {
        assert_eq!(TeamStatus::parse(code).map(TeamStatus::code), Some(code));
    }
    assert_eq!((Status::parse("open"), TeamStatus::parse("draft")), (None, None));
}

/// A merchant who lowers the number promises to deliver to fewer, never to more.
#[test]
fn a_lowered_number_above_the_need_changes_nothing() {
    let terms = Terms { lowered_to: Some(9), ..terms() };
    let decide = |text| at_deadline(&terms, &team(text), Moment(100));
    let whole = Some(Outcome::Succeeded { people: 3, lowered: false });
    assert_eq!(decide("ann+ bob+ eve+"), whole);
    assert_eq!(decide("ann+ bob+"), Some(Outcome::Failed));
}

#[test]
#[should_panic(expected = "only a held place")]
fn a_place_that_nobody_holds_is_not_confirmed() {
    confirm(&terms(), &team("ann+ bob"), person("eve"), Moment(1));
}

#[test]
#[should_panic(expected = "only a held place")]
fn a_place_that_is_paid_is_not_confirmed_again() {
    confirm(&terms(), &team("ann+ bob"), person("ann"), Moment(1));
}

#[test]
fn the_rules_say_what_is_set() {
    let mut terms = terms();
    assert!(!rules(&terms).contains(&Clause::NewCustomersJoin));
    terms.join_by = WhoJoins::NewCustomers;
    terms.lowered_to = Some(2);
    let clauses = rules(&terms);
    assert!(clauses.contains(&Clause::NewCustomersJoin));
    assert!(clauses.contains(&Clause::LoweredTo(2)));
    assert!(clauses.contains(&Clause::Refund));
}

proptest! {
    /// However people come, pay and go, a team never has more places than it takes, nobody is in
    /// it twice, and it completes exactly when its last place is paid.
    #[test]
    fn a_team_never_overfills(steps in proptest::collection::vec((0u8..4, 0usize..6), 1..60)) {
        let terms = terms();
        let mut team = team("ann forming");
        let offer = Offer {
            status: Status::Running, starts_at: Moment(0), ends_at: Moment(50), terms: &terms,
        };
        for (verb, who) in steps {
            let who = Id::new(who as i64);
            match verb {
                0 => {
                    let (has_bought, holds, quantity) = (false, 0, 1);
                    let applicant = Applicant { person: who, has_bought, holds, quantity };
                    if may_join(&offer, &team, &applicant, Moment(10)).is_ok() {
                        let number = team.places.len() as i64 + 1;
                        team.places.push(Place { person: who, number, confirmed: false });
                    }
                }
                1 => {
                    let held = team.places.iter().position(|p| p.person == who && !p.confirmed);
                    let alive = matches!(team.status, TeamStatus::Open | TeamStatus::Forming);
                    if let (Some(held), true) = (held, alive) {
                        match confirm(&terms, &team, who, Moment(10)) {
                            Confirmed::Opens(until) => {
                                (team.status, team.deadline) = (TeamStatus::Open, Some(until));
                            }
                            Confirmed::Completes => team.status = TeamStatus::Succeeded,
                            Confirmed::Waits => (),
                        }
                        team.places[held].confirmed = true;
                    }
                }
                2 => match leave(&team, who) {
                    Ok(Left::GoesOn { leader }) => {
                        team.places.retain(|place| place.person != who);
                        team.leader = leader;
                    }
                    Ok(Left::Over) => team.status = TeamStatus::Failed,
                    Err(_) => (),
                },
                _ => team.places.retain(|p| p.person != who || p.confirmed
                    || team.status == TeamStatus::Forming),
            }
            prop_assert!(team.places.len() as i64 <= team.most);
            let mut people: Vec<_> = team.places.iter().map(|place| place.person).collect();
            people.sort();
            people.dedup();
            prop_assert_eq!(people.len(), team.places.len());
            let full = team.confirmed() == team.most;
            prop_assert_eq!(team.status == TeamStatus::Succeeded, full);
            if team.status == TeamStatus::Open {
                let leads = team.places.iter().any(|p| p.person == team.leader && p.confirmed);
                prop_assert!(leads, "an open team is led by somebody who paid");
            }
        }
    }
}
