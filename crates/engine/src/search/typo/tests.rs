//! Distances against the plain definition, and what is likelier than what.

use proptest::prelude::*;

use super::*;

fn letters(word: &str) -> Vec<char> {
    word.chars().collect()
}

/// The definition, written as a recursion.
fn naive(a: &[char], b: &[char]) -> usize {
    let (Some((x, rest)), Some((y, other))) = (a.split_last(), b.split_last()) else {
        return a.len().max(b.len());
    };
    let wrong = usize::from(x != y);
    let mut least = (naive(rest, b) + 1).min(naive(a, other) + 1).min(naive(rest, other) + wrong);
    if rest.last() == Some(y) && other.last() == Some(x) {
        least = least.min(naive(&rest[..rest.len() - 1], &other[..other.len() - 1]) + 1);
    }
    least
}

proptest! {
    #[test]
    fn distance_is_the_definition(a in "[abcé]{0,6}", b in "[abcé]{0,6}", most in 0usize..4) {
        let (x, y) = (letters(&a), letters(&b));
        let want = naive(&x, &y);
        prop_assert_eq!(distance(&x, &y, most), (want <= most).then_some(want));
        let least = (0..=y.len()).map(|end| naive(&x, &y[..end])).min().unwrap();
        prop_assert_eq!(distance_to_beginning(&x, &y, most), (least <= most).then_some(least));
    }

    /// What the marks pass over is never near.
    #[test]
    fn marks_hide_nothing(a in "[a-eé]{0,8}", b in "[a-eé]{0,8}", most in 0usize..4) {
        let (x, y) = (letters(&a), letters(&b));
        let (mark, other) = (Mark::of(&a), Mark::of(&b));
        if distance(&x, &y, most).is_some() {
            prop_assert!(mark.is_near(other, most as u32));
        }
        if distance_to_beginning(&x, &y, most).is_some() {
            prop_assert!(mark.is_near_beginning(other, most as u32));
        }
    }

    #[test]
    fn every_pair_has_a_likelihood(a in "[a-c]{0,6}", b in "[a-c]{0,6}") {
        let (x, y) = (letters(&a), letters(&b));
        if let Some(edits) = distance(&x, &y, 3).filter(|edits| *edits > 0) {
            prop_assert!((1..=100).contains(&likelihood(&x, &y, edits)));
        }
    }
}

#[test]
fn distances() {
    let check = |line: &str| {
        let parts: Vec<&str> = line.split(" | ").collect();
        let edits = distance(&letters(parts[0]), &letters(parts[1]), 9).unwrap();
        assert_eq!(edits.to_string(), parts[2], "{line}");
    };
    check("mug | mug | 0");
    check("mug | mgu | 1");
    check("teapwot | teapot | 1");
    check("ca | abc | 3");
    check("candel | candle | 1");
    check("porcelan | porcelain | 1");
}

#[test]
fn some_edits_are_likelier() {
    let of = |typed: &str, meant: &str| likelihood(&letters(typed), &letters(meant), 1);
    assert!(of("hrose", "horse") > of("hozse", "horse"), "a swap");
    assert!(of("hors", "horse") > of("horsex", "horse"), "a missing letter");
    assert!(of("horrse", "horse") > of("hokrse", "horse"), "a doubled letter");
    assert!(of("hirse", "horse") > of("hxrse", "horse"), "the key beside it");
    assert!(of("hxrse", "horse") > of("xorse", "horse"), "a first letter");
    assert!(neighbours((&'a', &'q')) && neighbours((&'s', &'w')) && neighbours((&'s', &'e')));
    assert!(!neighbours((&'a', &'p')) && !neighbours((&'a', &'a')) && !neighbours((&'q', &'s')));
}
