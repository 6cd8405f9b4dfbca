//! Chance that is drawn once and can be recomputed by anybody: a seed, and numbers made from it.
//!
//! A seed is 32 bytes of real chance. Its hash is published before the first number is used, the
//! seed itself after the last: then everybody can see that no number was chosen by hand (RULES
//! CN-PRO-04). Everything is SHA-256 of plain text, so that a browser can do it in a line.

use sha2::{Digest, Sha256};

/// Thirty-two bytes of chance.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Seed([u8; 32]);

/// Never written to a log by accident.
impl std::fmt::Debug for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "Seed({})", self.hash())
    }
}

impl Seed {
    pub fn new(bytes: [u8; 32]) -> Seed {
        Seed(bytes)
    }

    /// As it is revealed: 64 small hexadecimal digits.
    pub fn hex(&self) -> String {
        hex(&self.0)
    }

    pub fn parse(text: &str) -> Option<Seed> {
        let digits = text.as_bytes();
        let right = digits.len() == 64
            && digits.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if !right {
            return None;
        }
        let value = |byte: u8| if byte <= b'9' { byte - b'0' } else { byte - b'a' + 10 };
        let mut bytes = [0; 32];
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = value(digits[2 * at]) << 4 | value(digits[2 * at + 1]);
        }
        Some(Seed(bytes))
    }

    /// What is published before: SHA-256 of the seed as it will be revealed, in hexadecimal.
    pub fn hash(&self) -> String {
        hex(&Sha256::digest(self.hex().as_bytes()))
    }

    /// The numbers of this seed for one purpose; another purpose has others.
    pub fn numbers(&self, purpose: &str) -> Numbers {
        Numbers { start: format!("{}\n{purpose}\n", self.hex()), tried: 0 }
    }
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        for half in [byte >> 4, byte & 15] {
            text.push(b"0123456789abcdef"[usize::from(half)] as char);
        }
    }
    text
}

/// Numbers without end: the n-th is the first eight bytes, the highest first, of SHA-256 over the
/// seed, the purpose and n, each followed by a line break.
#[derive(Clone, Debug)]
pub struct Numbers {
    start: String,
    tried: u64,
}

impl Numbers {
    pub fn number(&mut self) -> u64 {
        let digest = Sha256::digest(format!("{}{}\n", self.start, self.tried).as_bytes());
        self.tried += 1;
        digest.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
    }

    /// A number below `most`, each as likely as any other: numbers of the last, incomplete round
    /// are passed over.
    pub fn below(&mut self, most: u64) -> u64 {
        assert!(most > 0, "a number below nothing there is not");
        let whole = u64::MAX - (u64::MAX % most + 1) % most;
        loop {
            let number = self.number();
            if number <= whole {
                return number % most;
            }
        }
    }

    /// Puts things into an order, each as likely as any other.
    pub fn shuffle<T>(&mut self, things: &mut [T]) {
        for at in (1..things.len()).rev() {
            // At most `at`, which is a place.
            let other = self.below(at as u64 + 1) as usize;
            things.swap(at, other);
        }
    }
}

/// Parts of a whole, drawn. Every function gives exactly `count` parts of at least `least` each
/// that sum to `total`; it asserts that there is enough for that.
pub mod parts {
    use super::Numbers;
    use crate::money::{Currency, Money};

    fn enough(total: i64, count: i64, least: i64) {
        let needs = count.checked_mul(least).filter(|needs| *needs <= total);
        assert!(count >= 1 && least >= 1 && needs.is_some(), "every part gets its least");
    }

    /// As alike as can be: they differ by one at most, and the larger come first.
    pub fn equal(total: i64, count: i64) -> Vec<i64> {
        enough(total, count, 1);
        let more = total % count;
        (0..count).map(|at| total / count + i64::from(at < more)).collect()
    }

    /// Random: each between the least and twice what the rest would be on average, in random order,
    /// so that no place is better than another.
    pub fn random(total: i64, count: i64, least: i64, numbers: &mut Numbers) -> Vec<i64> {
        enough(total, count, least);
        let mut spare = total - count * least;
        let mut parts = Vec::new();
        for left in (1..=count).rev() {
            let part = if left == 1 {
                spare
            } else {
                // At most all of it, which fits.
                let twice = (i128::from(spare) * 2 / i128::from(left)).min(i128::from(spare));
                numbers.below(twice as u64 + 1) as i64
            };
            spare -= part;
            parts.push(least + part);
        }
        numbers.shuffle(&mut parts);
        parts
    }

    /// Falling on average: the first is about three times the last.
    pub fn falling(total: i64, count: i64, numbers: &mut Numbers) -> Vec<i64> {
        enough(total, count, 1);
        let weigh = |at: i64| {
            // From 300 down to 100, and between half and one and a half of that.
            let share = 300 - 200 * at / count.max(1);
            share * (500 + numbers.below(1_001) as i64)
        };
        let weights: Vec<i64> = (0..count).map(weigh).collect();
        // Any currency shares alike: only the numbers count.
        let spare = Money::new(total - count, Currency::Cny);
        spare.split(&weights).into_iter().map(|part| part.minor + 1).collect()
    }
}

#[cfg(test)]
mod tests;
