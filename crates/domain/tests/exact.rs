//! Whatever is divided sums to the cent, and whatever was drawn can be drawn again; with figures.
//!
//! `cargo test -p domain --test exact -- --nocapture` says how many were tried, and
//! `PINWHEEL_CASES` tries another number of each.

use domain::bargain::{self, Helper, Launch};
use domain::draw::{Differs, Inputs, Prize, Record, draw, replay};
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::money::{Currency, Money};
use domain::person::Person;
use domain::quantity::Quantity;
use domain::red_packet::{Split, State, Terms as Packet, expire, take};
use domain::seed::{Numbers, Seed};

fn cases(usual: u64) -> u64 {
    std::env::var("PINWHEEL_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

/// A seed of its own for each case.
fn seed(case: u64) -> Seed {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&case.to_be_bytes());
    Seed::new(bytes)
}

fn between(numbers: &mut Numbers, least: i64, most: i64) -> i64 {
    least + i64::try_from(numbers.below((most - least + 1).unsigned_abs())).unwrap()
}

const END: Moment = Moment(100);

fn state<'a>(parts: &'a [i64], taken: &'a [Id<Person>]) -> State<'a> {
    State { parts, taken, expires_at: END, returned: false, per_cluster: 1 }
}

/// Whoever comes in whatever order, some of them twice: what was taken and what goes back is the
/// whole, and no part is below the least that was promised.
#[test]
fn packets_are_taken_and_returned_to_the_cent() {
    let (mut parted, mut whole) = (0, 0);
    for case in 0..cases(2_000) {
        let mut chance = seed(case).numbers("case");
        let (count, least) = (between(&mut chance, 1, 30), between(&mut chance, 1, 50));
        let total = count * least + between(&mut chance, 0, 100_000);
        let split = if case % 4 == 0 { Split::Equal } else { Split::Random };
        let terms = Packet { total, count, least, split, ..Packet::usual(total) };
        assert_eq!(terms.check(), Ok(()));
        let parts = terms.divide(&seed(case));
        assert_eq!(parts, terms.divide(&Seed::parse(&seed(case).hex()).unwrap()));
        assert!(parts.iter().all(|part| *part >= least));
        let comers = between(&mut chance, 0, 40);
        let (mut taken, mut given) = (Vec::new(), 0);
        for _ in 0..comers {
            let who = Id::new(between(&mut chance, 0, 35));
            if let Ok(part) = take(&state(&parts, &taken), who, 0, Moment(50)) {
                given += part.amount;
                taken.push(who);
            }
        }
        let back = expire(&state(&parts, &taken), END).unwrap();
        assert_eq!(given + back, total, "packet {case}");
        (parted, whole) = (parted + count, whole + total);
    }
    eprintln!("{} packets, {parted} parts, {whole} cents: exact", cases(2_000));
}

/// Whoever helps, new here or not, in whatever order: every price on the way down is the start less
/// what was taken, and the last one is the floor.
#[test]
fn bargains_come_to_their_floor_to_the_cent() {
    let (mut helps, mut cut) = (0, 0);
    for case in 0..cases(2_000) {
        let mut chance = seed(case).numbers("case");
        let cuts = between(&mut chance, 2, 60);
        let floor = between(&mut chance, 0, 50_000);
        let gap = between(&mut chance, cuts, 200_000);
        let yuan = |minor| Money::new(minor, Currency::Cny);
        let terms = bargain::Terms {
            cuts,
            own_first: case % 2 == 0,
            new_takes: between(&mut chance, 1, (cuts - 1).min(5)),
            ..bargain::Terms::usual()
        };
        assert_eq!(terms.check(yuan(floor + gap), yuan(floor)), Ok(()));
        let (parts, taken) = bargain::begin(&terms, yuan(gap), &seed(case));
        assert_eq!(parts.iter().sum::<i64>(), gap);
        let mut launch = Launch {
            id: Id::new(1),
            person: Id::new(1),
            variant: Id::new(1),
            quantity: Quantity::ONE,
            start: yuan(floor + gap),
            cuts: parts,
            taken,
            helpers: Vec::new(),
            deadline: Moment(0).plus(Span::days(1)),
            reached_at: None,
            order: None,
            bought: false,
        };
        let mut friends: Vec<i64> = (2..70).collect();
        chance.shuffle(&mut friends);
        for friend in friends {
            let helper = Helper {
                person: Id::new(friend),
                is_new: chance.below(3) == 0,
                helped: 0,
                helped_today: 0,
                same_cluster: false,
            };
            let before = launch.price();
            let Ok(helped) = bargain::help(&terms, &launch, &helper, Moment(1)) else { break };
            launch.taken += helped.cuts;
            launch.helpers.push(helper.person);
            launch.reached_at = helped.reached.map(|_| Moment(1));
            assert!(helped.off.minor > 0);
            assert_eq!((launch.price(), helped.price), (before.minus(helped.off), launch.price()));
            assert_eq!(launch.price().minus(launch.left()), yuan(floor), "bargain {case}");
            helps += 1;
        }
        assert_eq!((launch.price(), launch.left()), (yuan(floor), yuan(0)), "bargain {case}");
        cut += gap;
    }
    eprintln!("{} bargains, {helps} helps, {cut} cents: exact", cases(2_000));
}

/// The seed that is revealed gives every draw again, in its order and with prizes that run out; any
/// other seed, order, ticket or prize is seen.
#[test]
fn draws_are_made_again_from_the_seed_that_is_revealed() {
    let prize = |weight, stock| Prize { name: "a prize".into(), weight, stock, value: 100 };
    let prizes =
        [prize(3, Some(40)), prize(17, Some(900)), prize(80, Some(2_500)), prize(900, None)];
    let (secret, draws) = (seed(2_026), i64::try_from(cases(50_000).max(1_000)).unwrap());
    let published = secret.hash();
    let mut left: Vec<Option<i64>> = prizes.iter().map(|prize| prize.stock).collect();
    let record = |number: i64| {
        let salt = format!("s{}", number % 97);
        let inputs = Inputs { number, draw: Id::new(number * 31), salt };
        let drawn = draw(&prizes, &left, &secret, &inputs);
        left[drawn.wins] = left[drawn.wins].map(|left| left - 1);
        Record { inputs, ticket: drawn.ticket, wins: drawn.wins }
    };
    let records: Vec<Record> = (1..=draws).map(record).collect();
    let revealed = Seed::parse(&secret.hex()).unwrap();
    let won = replay(&prizes, &published, &revealed, &records).unwrap();
    assert_eq!(won.iter().sum::<i64>(), draws);
    for (prize, won) in prizes.iter().zip(&won) {
        assert!(prize.stock.is_none_or(|stock| *won <= stock));
    }
    eprintln!("{draws} draws made again from their seed: {won:?} won, none otherwise");
    assert_eq!(replay(&prizes, &published, &seed(1), &records), Err(Differs::Seed));
    let mut bent = records[..1_000].to_vec();
    bent[500].wins = if bent[500].wins == 0 { 1 } else { 0 };
    assert_eq!(replay(&prizes, &published, &revealed, &bent), Err(Differs::Draw(501)));
    bent.remove(200);
    assert_eq!(replay(&prizes, &published, &revealed, &bent), Err(Differs::Missing(201)));
}
