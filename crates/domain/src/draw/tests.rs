//! Draws: fair over a million, exact to the last prize, and recomputed by anybody.

use proptest::prelude::*;

use super::*;

fn prize(weight: u64, stock: Option<i64>) -> Prize {
    Prize { name: "cup".into(), weight, stock, value: 3_900 }
}

fn seed(byte: u8) -> Seed {
    Seed::new([byte; 32])
}

fn inputs(number: i64) -> Inputs {
    Inputs { number, draw: Id::new(number * 7), salt: "a1".into() }
}

/// All draws in order, each taking what it won.
fn run(prizes: &[Prize], seed: &Seed, draws: i64) -> Vec<Record> {
    let mut left: Vec<Option<i64>> = prizes.iter().map(|prize| prize.stock).collect();
    (1..=draws)
        .map(|number| {
            let drawn = draw(prizes, &left, seed, &inputs(number));
            left[drawn.wins] = left[drawn.wins].map(|left| left - 1);
            Record { inputs: inputs(number), ticket: drawn.ticket, wins: drawn.wins }
        })
        .collect()
}

#[test]
fn the_last_prize_is_won_once_and_its_weight_falls_to_the_consolation() {
    let prizes = [prize(500, Some(3)), prize(500, None)];
    let records = run(&prizes, &seed(1), 200);
    let won = replay(&prizes, &seed(1).hash(), &seed(1), &records);
    assert_eq!(won, Ok(vec![3, 197]));
    let left = [Some(0), None];
    let fell = (1..50).map(|number| draw(&prizes, &left, &seed(1), &inputs(number)));
    assert!(fell.clone().any(|drawn| drawn.fell_on == 0));
    assert!(fell.into_iter().all(|drawn| drawn.wins == 1));
}

#[test]
fn anything_altered_is_seen() {
    let prizes = [prize(1, Some(5)), prize(9, None)];
    let records = run(&prizes, &seed(1), 50);
    let published = seed(1).hash();
    let check = |edit: &dyn Fn(&mut Vec<Record>), want| {
        let mut records = records.clone();
        edit(&mut records);
        assert_eq!(replay(&prizes, &published, &seed(1), &records).map(|_| ()), want);
    };
    check(&|_| (), Ok(()));
    check(&|r| r[9].wins = 1 - r[9].wins, Err(Differs::Draw(10)));
    check(&|r| r[9].ticket += 1, Err(Differs::Draw(10)));
    check(&|r| r[9].inputs.salt = "b".into(), Err(Differs::Draw(10)));
    check(&|r| drop(r.remove(4)), Err(Differs::Missing(5)));
    check(&|r| r.swap(3, 4), Err(Differs::Missing(4)));
    let other = replay(&prizes, &published, &seed(2), &records);
    assert_eq!(other, Err(Differs::Seed));
    let weights = [prize(2, Some(5)), prize(9, None)];
    assert!(replay(&weights, &published, &seed(1), &records).is_err());
}

#[test]
fn odds_are_said_and_sum_to_a_million() {
    let prizes = [prize(1, Some(1)), prize(2, Some(1)), prize(4, None)];
    assert_eq!(odds(&prizes), [142_857, 285_714, 571_429]);
    assert_eq!(odds(&[prize(1, Some(1)), prize(999_999, None)]), [1, 999_999]);
}

#[test]
fn prizes_that_make_no_draw_are_named() {
    let two = || vec![prize(1, Some(1)), prize(9, None)];
    let check = |edit: fn(&mut Vec<Prize>), want| {
        let mut prizes = two();
        edit(&mut prizes);
        assert_eq!(super::check(&prizes), want);
    };
    check(|_| (), Ok(()));
    check(|p| drop(p.remove(0)), Err(BadPrizes::Count));
    check(|p| p[0].weight = 0, Err(BadPrizes::Weight));
    check(|p| p[0].weight = MOST_WEIGHT, Err(BadPrizes::Weight));
    check(|p| p[0].weight = u64::MAX, Err(BadPrizes::Weight));
    check(|p| p[0].stock = None, Err(BadPrizes::Stock));
    check(|p| p[0].stock = Some(0), Err(BadPrizes::Stock));
    check(|p| p[1].stock = Some(9), Err(BadPrizes::Stock));
    check(|p| p[0].name = String::new(), Err(BadPrizes::Name));
    check(|p| p[0].value = -1, Err(BadPrizes::Value));
}

#[test]
fn a_chance_is_used_once() {
    let check = |earned, used, salt: &str, revealed, want| {
        assert_eq!(may_draw(Chances { earned, used }, salt, revealed), want);
    };
    check(1, 0, "abc", false, Ok(()));
    check(1, 1, "abc", false, Err(Refusal::NoChance));
    check(0, 0, "abc", false, Err(Refusal::NoChance));
    check(1, 0, "a b", false, Err(Refusal::BadSalt));
    check(1, 0, "", false, Ok(()));
    check(1, 0, &"a".repeat(65), false, Err(Refusal::BadSalt));
    check(1, 0, "abc", true, Err(Refusal::Revealed));
}

proptest! {
    /// Whatever the prizes: no more of one is won than there is, and all draws are recomputed.
    #[test]
    fn no_prize_beyond_its_stock(
        byte: u8, kinds in proptest::collection::vec((1u64..100, 1i64..6), 1..6), draws in 0i64..80,
    ) {
        let mut prizes: Vec<Prize> =
            kinds.iter().map(|(weight, stock)| prize(*weight, Some(*stock))).collect();
        prizes.push(prize(10, None));
        prop_assert_eq!(check(&prizes), Ok(()));
        let records = run(&prizes, &seed(byte), draws);
        let won = replay(&prizes, &seed(byte).hash(), &seed(byte), &records).unwrap();
        prop_assert_eq!(won.iter().sum::<i64>(), draws);
        for (prize, won) in prizes.iter().zip(&won) {
            prop_assert!(prize.stock.is_none_or(|stock| *won <= stock));
        }
        prop_assert_eq!(odds(&prizes).iter().sum::<u64>(), 1_000_000);
    }
}
