//! Replays a corpus, and makes more of it: by chance, from a seed, towards what had not come out.

use std::collections::HashSet;
use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// No parser of ours takes this long over what it is given, on whatever machine: it hangs.
const HANGS: Duration = Duration::from_secs(20);
/// No input is longer. What is long is tested where lengths are limited.
const LONGEST: usize = 64 * 1024;
/// Values at which arithmetic goes wrong.
const NUMBERS: [&str; 12] = [
    "0",
    "-1",
    "1e308",
    "9007199254740991",
    "9007199254740992",
    "-9223372036854775808",
    "9223372036854775807",
    "18446744073709551616",
    "255",
    "65536",
    "00000001",
    "0.001",
];
/// Text at which readers of text go wrong.
const TEXTS: [&str; 14] = [
    "",
    "\0",
    "\r\n",
    "\t",
    "'",
    "\"",
    "<",
    "%",
    "\u{202e}",
    "\u{feff}",
    "\u{1f977}",
    "é",
    "../",
    "\\",
];

/// Numbers by chance, the same ones for a seed.
pub struct Chance(u64);

impl Chance {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Below `end`, which is not nought.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn one_of<'t, T: ?Sized>(&mut self, all: &[&'t T]) -> &'t T {
        all[self.below(all.len())]
    }
}

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// A number for bytes, as a name.
fn sum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(7, |all: u64, byte| all.wrapping_mul(31).wrapping_add(u64::from(*byte)))
}

fn folder(target: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(target)
}

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = folder(target);
    let files = std::fs::read_dir(&folder).unwrap_or_else(|_| panic!("{folder:?} is missing"));
    let mut paths: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    let inputs: Vec<Vec<u8>> = paths.iter().map(|path| std::fs::read(path).unwrap()).collect();
    assert!(!inputs.is_empty(), "{folder:?} is empty");
    inputs
}

/// Tries `target` with its corpus and with `runs` changes of it. `words` are what its inputs are
/// made of. What `try_one` answers says what came of an input: one with a new answer is changed
/// further. An input that panics joins the corpus, made as small as it can be.
pub fn fuzz<T: Debug>(target: &str, runs: usize, words: &[&str], try_one: impl FnMut(&[u8]) -> T) {
    fuzz_from(target, corpus(target), runs, words, try_one);
}

/// The same with a corpus that is made rather than kept.
pub fn fuzz_from<T: Debug>(
    target: &str,
    mut pool: Vec<Vec<u8>>,
    runs: usize,
    words: &[&str],
    mut try_one: impl FnMut(&[u8]) -> T,
) {
    let runs = runs * setting("PINWHEEL_FUZZ").unwrap_or(1) as usize;
    let seed = setting("PINWHEEL_SEED").unwrap_or(22);
    let mut chance = Chance(seed ^ sum(target.as_bytes()));
    let mut seen = HashSet::new();
    let mut attempt = |input: &[u8]| -> Option<String> {
        let from = Instant::now();
        let came = catch_unwind(AssertUnwindSafe(|| try_one(input)));
        let took = from.elapsed();
        came.ok().filter(|_| took < HANGS).map(|came| format!("{came:.60?}"))
    };
    let kept = pool.len();
    for run in 0..kept + runs {
        let input = if run < kept { pool[run].clone() } else { changed(&pool, words, &mut chance) };
        match attempt(&input) {
            None => {
                let small = smallest(input, &mut |input| attempt(input).is_none());
                let name = sum(&small);
                let file = folder(target).join(format!("found-{name:016x}"));
                std::fs::create_dir_all(folder(target)).unwrap();
                std::fs::write(&file, &small).unwrap();
                let text = String::from_utf8_lossy(&small);
                panic!("{target} fails (seed {seed}, run {run}) on {text:?}, now {file:?}");
            }
            Some(came) => {
                if seen.len() < 500 && seen.insert(came) && run >= kept {
                    pool.push(input);
                }
            }
        }
    }
    println!("{target}: {kept} kept, {runs} made, {} ways it ended", seen.len());
}

/// An input of the pool with a few changes.
fn changed(pool: &[Vec<u8>], words: &[&str], chance: &mut Chance) -> Vec<u8> {
    let mut input = pool[chance.below(pool.len())].clone();
    for _ in 0..1 + chance.below(5) {
        change(&mut input, pool, words, chance);
    }
    input.truncate(LONGEST);
    input
}

fn change(input: &mut Vec<u8>, pool: &[Vec<u8>], words: &[&str], chance: &mut Chance) {
    let at = chance.below(input.len() + 1);
    let end = at + chance.below(input.len() - at + 1).min(1 + chance.below(32));
    let all = |word: &str| word.as_bytes().to_vec();
    match chance.below(10) {
        0 if at < input.len() => input[at] ^= 1 << chance.below(8),
        1 if at < input.len() => input[at] = chance.next() as u8,
        2 => drop(input.drain(at..end)),
        3 => drop(input.splice(at..at, input[at..end].to_vec())),
        4 => drop(input.splice(at..end, all(chance.one_of(&NUMBERS)))),
        5 => drop(input.splice(at..at, all(chance.one_of(&TEXTS)))),
        6 | 7 if !words.is_empty() => {
            let end = if chance.below(2) == 0 { at } else { end };
            drop(input.splice(at..end, all(chance.one_of(words))));
        }
        8 => {
            let other = &pool[chance.below(pool.len())];
            let from = chance.below(other.len() + 1);
            input.truncate(at);
            input.extend_from_slice(&other[from..]);
        }
        // A number in the text becomes one at which arithmetic goes wrong.
        _ => {
            let digits = |input: &[u8], at: usize| input.get(at).is_some_and(u8::is_ascii_digit);
            let Some(from) = (at..input.len()).find(|at| digits(input, *at)) else { return };
            let length = (from..input.len()).take_while(|at| digits(input, *at)).count();
            drop(input.splice(from..from + length, all(chance.one_of(&NUMBERS))));
        }
    }
}

/// What is left of an input that fails when whatever can be left out is left out.
fn smallest(mut input: Vec<u8>, fails: &mut impl FnMut(&[u8]) -> bool) -> Vec<u8> {
    let mut piece = input.len().div_ceil(2);
    let mut tries = 0;
    while piece > 0 && tries < 400 {
        let mut from = 0;
        while from < input.len() && tries < 400 {
            let mut less = input.clone();
            less.drain(from..(from + piece).min(input.len()));
            tries += 1;
            if fails(&less) { input = less } else { from += piece }
        }
        piece /= 2;
    }
    input
}

#[test]
fn the_driver_finds_what_is_hidden_and_makes_it_small() {
    let found = catch_unwind(|| {
        let pool = vec![b"price 12".to_vec()];
        fuzz_from("hidden", pool, 20_000, &["sale"], |input| {
            let text = String::from_utf8_lossy(input);
            assert!(!(text.contains("sale") && text.contains("9007199254740992")));
        });
    });
    let said = *found.unwrap_err().downcast::<String>().unwrap();
    assert!(said.contains("sale") && said.contains("9007199254740992"), "{said}");
    std::fs::remove_dir_all(folder("hidden")).unwrap();
}

#[test]
fn a_seed_says_everything() {
    let all = |seed| {
        let mut chance = Chance(seed);
        let pool = [b"a seed says everything".to_vec()];
        (0..50).map(|_| changed(&pool, &["word"], &mut chance)).collect::<Vec<_>>()
    };
    assert_eq!(all(1), all(1));
    assert_ne!(all(1), all(2));
}
