//! Limits that hold on several nodes: how often something was tried in a window of time.
//!
//! The count must survive when the action then refuses, so callers count in a write of their own,
//! or answer the refusal as a value.
//!
//! What is counted is often about a contact or a place on the network. Neither is kept: a bucket is
//! known by its seal under the shop's secret.

use domain::moment::{Moment, Span};

use crate::db::Tx;
use crate::failure::Failure;
use crate::shop;

/// The name a bucket is kept under.
fn sealed(tx: &mut Tx, bucket: &str) -> Result<String, Failure> {
    let kind = bucket.split(':').next().unwrap_or_default();
    let seal = shop::get(tx)?.sign_hex("tries", bucket);
    Ok(format!("{kind}:{}", &seal[..32]))
}

/// Counts one more try of `bucket` in the running window; past `most` it says when to come back.
pub fn count(tx: &mut Tx, bucket: &str, window: Span, most: i64) -> Result<(), Failure> {
    let start = tx.now.0.div_euclid(window.0) * window.0;
    let bucket = sealed(tx, bucket)?;
    let counted = tx.run(
        "insert into tries (bucket, window_start, count) values ($1, $2, 1)
         on conflict (bucket, window_start) do update set count = tries.count + 1
         where tries.count < $3",
        &[bucket.into(), start.into(), most.into()],
    )?;
    if counted == 1 {
        return Ok(());
    }
    let left = Moment(start).plus(window).since(tx.now);
    Err(Failure::TooMany { retry_after: (left.0 + 999_999) / 1_000_000 })
}

/// Takes back the tries of the running window: what they led to was right.
pub fn forgive(tx: &mut Tx, bucket: &str, window: Span) -> Result<(), Failure> {
    let start = tx.now.0.div_euclid(window.0) * window.0;
    let bucket = sealed(tx, bucket)?;
    tx.run(
        "delete from tries where bucket = $1 and window_start = $2",
        &[bucket.into(), start.into()],
    )?;
    Ok(())
}

/// Forgets windows that began before `before`.
pub fn forget(tx: &mut Tx, before: Moment) -> Result<u64, Failure> {
    tx.run("delete from tries where window_start < $1", &[before.into()])
}
