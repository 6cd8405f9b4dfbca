//! Packets: exact totals, each part once, and the abuse cases 29–31 of RULES §8.3.

use proptest::prelude::*;

use super::*;

const ANN: Id<Person> = Id::new(1);
const BOB: Id<Person> = Id::new(2);
const EVE: Id<Person> = Id::new(3);

fn terms(split: Split) -> Terms {
    Terms {
        gives: Gives::Credit,
        total: 1_000,
        count: 3,
        split,
        least: 1,
        life: Span::hours(24),
        per_cluster: 1,
    }
}

fn state<'a>(parts: &'a [i64], taken: &'a [Id<Person>]) -> State<'a> {
    State { parts, taken, expires_at: Moment(100), returned: false, per_cluster: 1 }
}

#[test]
fn each_takes_the_next_part_once() {
    let parts = [500, 300, 200];
    let check = |taken: &[Id<Person>], who, cluster, now, want| {
        let came = take(&state(&parts, taken), who, cluster, Moment(now));
        assert_eq!(came.map(|t| (t.number, t.amount, t.empties)), want, "{taken:?} {who} {now}");
    };
    check(&[], ANN, 0, 0, Ok((1, 500, false)));
    check(&[ANN], BOB, 0, 99, Ok((2, 300, false)));
    check(&[ANN, BOB], EVE, 0, 50, Ok((3, 200, true)));
    check(&[ANN, BOB, EVE], Id::new(4), 0, 50, Err(Refusal::AllTaken));
    // Twice (29); after its end (31); from one household.
    check(&[ANN], ANN, 0, 50, Err(Refusal::AlreadyTaken(500)));
    check(&[ANN, BOB], BOB, 9, 500, Err(Refusal::AlreadyTaken(300)));
    check(&[ANN], BOB, 0, 100, Err(Refusal::Expired));
    check(&[ANN], EVE, 1, 50, Err(Refusal::EnoughForCluster(1)));
}

#[test]
fn what_nobody_took_goes_back_once() {
    let parts = [500, 300, 200];
    let one = [ANN];
    assert_eq!(expire(&state(&parts, &one), Moment(99)), None);
    assert_eq!(expire(&state(&parts, &one), Moment(100)), Some(500));
    let back = State { returned: true, ..state(&parts, &one) };
    assert_eq!(expire(&back, Moment(200)), None);
    // Nothing is taken from what went back, whatever a clock says.
    assert_eq!(take(&back, BOB, 0, Moment(50)), Err(Refusal::Expired));
    assert_eq!(expire(&state(&parts, &[ANN, BOB, EVE]), Moment(100)), Some(0));
}

#[test]
fn the_luckiest_is_known_when_all_is_taken() {
    let parts = [300, 400, 400];
    assert_eq!(luckiest(&state(&parts, &[ANN, BOB])), None);
    assert_eq!(luckiest(&state(&parts, &[ANN, BOB, EVE])), Some(BOB));
}

#[test]
fn settings_that_cannot_be_are_named() {
    let check = |edit: fn(&mut Terms), want| {
        let mut terms = terms(Split::Random);
        edit(&mut terms);
        assert_eq!(terms.check(), want);
    };
    check(|_| (), Ok(()));
    check(|t| t.count = 0, Err(BadTerms::Count));
    check(|t| t.count = 10_001, Err(BadTerms::Count));
    check(|t| t.least = 0, Err(BadTerms::Total));
    check(|t| t.least = 333, Ok(()));
    check(|t| t.least = 334, Err(BadTerms::Total));
    check(|t| t.least = i64::MAX, Err(BadTerms::Total));
    check(|t| t.life = Span::seconds(59), Err(BadTerms::Life));
    check(|t| t.per_cluster = 0, Err(BadTerms::Cluster));
}

proptest! {
    /// Whoever comes in whatever order, what is taken and what goes back is the whole (30).
    #[test]
    fn taken_and_returned_are_the_whole(
        byte: u8, count in 1i64..30, least in 1i64..9, more in 0i64..10_000, random: bool,
        comers in proptest::collection::vec((0i64..20, 0i64..6), 0..60),
    ) {
        let split = if random { Split::Random } else { Split::Equal };
        let total = count * least + more;
        let terms = Terms { total, count, least, ..terms(split) };
        prop_assert_eq!(terms.check(), Ok(()));
        let parts = terms.divide(&Seed::new([byte; 32]));
        prop_assert_eq!(&parts, &terms.divide(&Seed::new([byte; 32])), "the same for ever");
        prop_assert_eq!(parts.iter().sum::<i64>(), total);
        let (mut taken, mut given, mut now) = (Vec::new(), 0, 0);
        for (who, later) in comers {
            now += later;
            let person = Id::new(who);
            let came = take(&state(&parts, &taken), person, 0, Moment(now));
            if let Ok(part) = came {
                prop_assert!(now < 100 && !taken.contains(&person));
                given += part.amount;
                taken.push(person);
            }
        }
        let left = expire(&state(&parts, &taken), Moment(100)).unwrap();
        prop_assert_eq!(given + left, total);
    }
}
