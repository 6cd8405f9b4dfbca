//! Who does not see a campaign, so that what it really changed can be measured.
//!
//! Everybody has one of ten thousand places for each campaign, by a hash of both, and those with
//! the first places are held out. So the same person is always on the same side, in one campaign
//! independently of every other, and a larger share keeps those who were out already.

use sha2::{Digest, Sha256};

use crate::id::Id;
use crate::person::Person;
use crate::rate::Rate;

use super::Campaign;

/// Somebody's number for a campaign.
pub fn hash(campaign: Id<Campaign>, person: Id<Person>) -> u64 {
    let text = format!("holdout\n{}\n{}\n", campaign.0, person.0);
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// The place of a number, 0 to 9,999, each as likely as any other to within 10^-15.
pub fn bucket(hash: u64) -> i64 {
    ((u128::from(hash) * 10_000) >> 64) as i64
}

/// Whether whoever has this place is held out.
pub fn is_out(bucket: i64, share: Rate) -> bool {
    bucket < share.basis_points()
}
