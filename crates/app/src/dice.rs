//! Chance and ids, and the ones tests and the demo hold.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::id::{self, Id};
use domain::moment::Moment;

/// Where chance comes from.
pub trait Dice: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's.
pub struct System;

impl Dice for System {
    #[expect(clippy::disallowed_methods, reason = "this is the seam")]
    fn fill(&self, bytes: &mut [u8]) {
        // Without chance there are no safe tokens: going on would be worse than stopping.
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

/// Repeatable dice: SplitMix64 (Steele, Lea and Flood, 2014) from a seed. Never for secrets.
pub struct Seeded(AtomicU64);

impl Seeded {
    pub fn new(seed: u64) -> Seeded {
        Seeded(AtomicU64::new(seed))
    }

    fn next(&self) -> u64 {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut z = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

impl Dice for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let roll = self.next().to_le_bytes();
            chunk.copy_from_slice(&roll[..chunk.len()]);
        }
    }
}

/// A number below `bound`, each as likely to one part in 2^32.
pub fn below(dice: &dyn Dice, bound: u64) -> u64 {
    let mut bytes = [0; 8];
    dice.fill(&mut bytes);
    let wide = u128::from(u64::from_le_bytes(bytes)) * u128::from(bound);
    (wide >> 64) as u64
}

/// Text of `length` letters and digits that nobody can guess.
pub fn secret(dice: &dyn Dice, length: usize) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = vec![0; length];
    dice.fill(&mut bytes);
    bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect()
}

/// Makes ids that grow: milliseconds, then a count, then this process's own eight bits, so that two
/// nodes do not make the same one. (Should they, the primary key refuses it and the write is
/// repeated.)
pub struct Ids {
    node: u32,
    last: Mutex<(i64, u32)>,
}

const NODE_BITS: u32 = 8;

impl Ids {
    pub fn new(dice: &dyn Dice) -> Ids {
        Ids { node: below(dice, 1 << NODE_BITS) as u32, last: Mutex::new((0, 0)) }
    }

    pub fn make<T>(&self, now: Moment) -> Id<T> {
        // The state is two numbers, whole after any panic.
        let mut last = self.last.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let millis = now.as_millis();
        if millis > last.0 {
            *last = (millis, 0);
        } else if last.1 + 1 < 1 << (id::CHOSEN_BITS - NODE_BITS) {
            last.1 += 1;
        } else {
            *last = (last.0 + 1, 0);
        }
        let moment = Moment(last.0 * 1_000);
        Id::new(id::number(moment, last.1 << NODE_BITS | self.node))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_grow_even_when_the_clock_does_not() {
        let ids = Ids::new(&Seeded::new(1));
        let mut before = 0;
        for step in 0..100_000 {
            // The clock even goes back now and then.
            let now = Moment(1_800_000_000_000_000 + (step % 7) * 1_000);
            let id: Id<domain::order::Order> = ids.make(now);
            assert!(id.0 > before);
            before = id.0;
        }
    }
}
