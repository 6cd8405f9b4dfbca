//! Doing all draws of a campaign again, from what was published.

use crate::seed::Seed;

use super::{Inputs, Prize, draw};

/// What was kept of one draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub inputs: Inputs,
    pub ticket: u64,
    pub wins: usize,
}

/// What does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Differs {
    /// The seed is not the one whose hash was published.
    Seed,
    /// Draws are numbered from one without a gap: this one is not there.
    Missing(i64),
    /// This draw's ticket or prize is another.
    Draw(i64),
}

/// Recomputes every draw, in order, with the stocks that were published. `Ok` carries how many of
/// each prize were won.
pub fn replay(
    prizes: &[Prize],
    published: &str,
    seed: &Seed,
    records: &[Record],
) -> Result<Vec<i64>, Differs> {
    if seed.hash() != published {
        return Err(Differs::Seed);
    }
    let mut left: Vec<Option<i64>> = prizes.iter().map(|prize| prize.stock).collect();
    let mut won = vec![0; prizes.len()];
    for (number, record) in (1..).zip(records) {
        if record.inputs.number != number {
            return Err(Differs::Missing(number));
        }
        let again = draw(prizes, &left, seed, &record.inputs);
        if (again.ticket, again.wins) != (record.ticket, record.wins) {
            return Err(Differs::Draw(number));
        }
        left[again.wins] = left[again.wins].map(|left| left - 1);
        won[again.wins] += 1;
    }
    Ok(won)
}
