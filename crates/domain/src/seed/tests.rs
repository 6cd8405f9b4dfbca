//! Numbers of a seed are the same for ever, and parts always sum to their whole.

use proptest::prelude::*;

use super::*;

fn seed(byte: u8) -> Seed {
    Seed::new([byte; 32])
}

#[test]
fn a_seed_is_read_back_and_committed_to() {
    let one = seed(0xa7);
    assert_eq!(Seed::parse(&one.hex()), Some(one));
    assert_eq!(one.hash().len(), 64);
    assert_ne!(one.hash(), one.hex());
    assert!(!format!("{one:?}").contains(&one.hex()), "a log does not reveal it");
    for wrong in ["", "00", &one.hex().to_uppercase(), &format!("{}0", one.hex())] {
        assert_eq!(Seed::parse(wrong), None, "{wrong}");
    }
}

/// What a browser computes must be what every version computes: SHA-256 of
/// `"00…00\ntry\n0\n"`, its first eight bytes.
#[test]
fn numbers_are_those_of_every_version() {
    let mut numbers = seed(0).numbers("try");
    let text = format!("{}\ntry\n0\n", "0".repeat(64));
    let digest = Sha256::digest(text.as_bytes());
    let first = u64::from_be_bytes(digest[..8].try_into().unwrap());
    assert_eq!(numbers.number(), first);
    assert_ne!(numbers.number(), first);
    assert_ne!(seed(0).numbers("other").number(), first);
    assert_ne!(seed(1).numbers("try").number(), first);
}

#[test]
fn every_place_is_as_likely_as_any_other() {
    let mut counts = [[0_i64; 4]; 4];
    for round in 0..2_000 {
        let mut things = [0, 1, 2, 3];
        seed(3).numbers(&format!("round {round}")).shuffle(&mut things);
        for (at, thing) in things.into_iter().enumerate() {
            counts[at][thing] += 1;
        }
    }
    // 500 expected, with a deviation of 19: five of these.
    assert!(counts.iter().flatten().all(|count| (405..=595).contains(count)), "{counts:?}");
}

#[test]
fn cuts_fall_on_average() {
    let mut sums = [0_i64; 10];
    for round in 0..500 {
        let mut numbers = seed(9).numbers(&format!("round {round}"));
        for (sum, part) in sums.iter_mut().zip(parts::falling(10_000, 10, &mut numbers)) {
            *sum += part;
        }
    }
    assert!(sums.windows(2).all(|pair| pair[0] > pair[1]), "{sums:?}");
    assert!(sums[0] > 2 * sums[9] && sums[0] < 4 * sums[9], "{sums:?}");
}

#[test]
fn no_place_of_a_random_share_is_better() {
    let mut sums = [0_i64; 5];
    for round in 0..2_000 {
        let mut numbers = seed(4).numbers(&format!("round {round}"));
        for (sum, part) in sums.iter_mut().zip(parts::random(1_000, 5, 1, &mut numbers)) {
            *sum += part;
        }
    }
    assert!(sums.iter().all(|sum| (380_000..=420_000).contains(sum)), "{sums:?}");
}

#[test]
#[should_panic(expected = "every part gets its least")]
fn parts_of_too_little_there_are_not() {
    parts::random(9, 10, 1, &mut seed(0).numbers(""));
}

proptest! {
    #[test]
    fn parts_sum_to_the_whole(
        byte: u8, count in 1i64..60, least in 1i64..50, more in 0i64..5_000_000,
    ) {
        let total = count * least + more;
        let mut numbers = seed(byte).numbers("parts");
        for parts in [
            parts::equal(total, count),
            parts::random(total, count, least, &mut numbers),
            parts::falling(total, count, &mut numbers),
        ] {
            prop_assert_eq!(parts.len() as i64, count);
            prop_assert_eq!(parts.iter().sum::<i64>(), total);
            prop_assert!(parts.iter().all(|part| *part >= 1));
        }
        let random = parts::random(total, count, least, &mut numbers);
        prop_assert!(random.iter().all(|part| *part >= least));
        let equal = parts::equal(total, count);
        prop_assert!(equal[0] - equal[count as usize - 1] <= 1);
    }

    #[test]
    fn a_number_is_below_its_most(byte: u8, most in 1u64..u64::MAX) {
        prop_assert!(seed(byte).numbers("most").below(most) < most);
    }
}
