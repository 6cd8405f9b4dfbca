//! A key and its one effect: whoever repeats a request gets the first answer again.
//!
//! The key's row is written first in the transaction of the effect, and the answer with it. A twin
//! that comes at the same moment waits for the first to commit and then reads its answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::db::{Insert, Tx, Value};
use crate::failure::{Failure, KeyProblem};

/// A checked key with what was asked under it.
#[derive(Clone, Debug)]
pub struct Key {
    /// Whose key it is: `per_…` or `ses_…`.
    pub principal: String,
    key: String,
    fingerprint: String,
    /// Set when the record answered: the caller's edge says so in a header.
    pub replayed: Arc<AtomicBool>,
}

/// An answer, and whether it had been given before.
#[derive(Clone, Debug)]
pub struct Answer<T> {
    pub value: T,
    pub replayed: bool,
}

impl Key {
    /// `request` is what must be the same when the key comes back: method, path and input.
    pub fn new(principal: String, key: &str, request: &str) -> Result<Key, Failure> {
        let visible = key.bytes().all(|byte| byte.is_ascii_graphic());
        if !visible || !(16..=255).contains(&key.len()) {
            return Err(Failure::Key(KeyProblem::Malformed));
        }
        let digest = Sha256::digest(request.as_bytes());
        let fingerprint = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let replayed = Arc::default();
        Ok(Key { principal, key: key.to_string(), fingerprint, replayed })
    }
}

/// What is recorded under a key: what was asked, and the answer.
type Record = (String, Option<String>);

static KEYS: Insert = Insert {
    end: "on conflict (principal, key) do nothing",
    must_count: true,
    ..Insert::new(
        "idempotency_keys (principal, key, fingerprint, created_at, answer, effect, effect_id)",
        7,
    )
};

/// The most keys in one query.
const MOST_AT_ONCE: usize = 64;

/// Reads what is recorded under the keys of a batch.
pub(crate) fn gather(tx: &mut Tx, keys: &[&Key]) -> Result<(), Failure> {
    for some in keys.chunks(MOST_AT_ONCE) {
        // Padded, so that few shapes of the statement are prepared.
        let padded = some.len().next_power_of_two();
        let all = some.iter().chain(std::iter::repeat(&some[some.len() - 1])).take(padded);
        let params: Vec<Value> =
            all.flat_map(|key| [(&key.principal).into(), (&key.key).into()]).collect();
        let pairs: Vec<String> = (0..padded)
            .map(|pair| format!("(principal = ${} and key = ${})", pair * 2 + 1, pair * 2 + 2))
            .collect();
        let sql = format!(
            "select principal, key, fingerprint, answer from idempotency_keys where {}",
            pairs.join(" or ")
        );
        for key in some {
            tx.keep_in_mind(key.name(), None::<Record>);
        }
        let found = tx.all(&sql, &params, |row| {
            let name = name(&row.get::<String>(0), &row.get::<String>(1));
            (name, (row.get::<String>(2), row.get::<Option<String>>(3)))
        })?;
        for (name, record) in found {
            tx.keep_in_mind(name, Some(record));
        }
    }
    Ok(())
}

fn name(principal: &str, key: &str) -> String {
    format!("key {principal} {key}")
}

impl Key {
    fn name(&self) -> String {
        name(&self.principal, &self.key)
    }

    /// The recorded answer, if it answers the same request.
    fn replay<T: DeserializeOwned>(&self, record: Record) -> Result<Answer<T>, Failure> {
        let (fingerprint, answer) = record;
        if fingerprint != self.fingerprint {
            return Err(Failure::Key(KeyProblem::Reused));
        }
        let answer = answer.ok_or_else(|| Failure::broken("a key was kept without its answer"))?;
        self.replayed.store(true, Ordering::Relaxed);
        Ok(Answer { value: serde_json::from_str(&answer)?, replayed: true })
    }
}

impl Tx<'_> {
    /// The answer kept for a key.
    #[cfg(feature = "planted")]
    pub(crate) fn kept<T: DeserializeOwned>(&mut self, key: &Key) -> Result<Option<T>, Failure> {
        let sql = "select answer from idempotency_keys where principal = $1 and key = $2";
        let params = [(&key.principal).into(), (&key.key).into()];
        let kept = self.maybe(sql, &params, |row| row.get::<String>(0))?;
        Ok(kept.map(|answer| serde_json::from_str(&answer)).transpose()?)
    }

    /// Does `work` once for `key`; the same request under the same key is answered from the record.
    /// `effect` names what the work made, so that two keys cannot claim the same.
    pub fn once<T: Serialize + DeserializeOwned>(
        &mut self,
        key: &Key,
        effect: &str,
        work: impl FnOnce(&mut Tx) -> Result<(T, i64), Failure>,
    ) -> Result<Answer<T>, Failure> {
        if self.gathers() {
            return self.once_in_batch(key, effect, work);
        }
        let new = self.run(
            "insert into idempotency_keys (principal, key, fingerprint, created_at)
             values ($1, $2, $3, $4) on conflict (principal, key) do nothing",
            &[
                (&key.principal).into(),
                (&key.key).into(),
                (&key.fingerprint).into(),
                self.now.into(),
            ],
        )?;
        if new == 1 {
            let (value, effect_id) = work(self)?;
            self.run(
                "update idempotency_keys set answer = $3, effect = $4, effect_id = $5
                 where principal = $1 and key = $2",
                &[
                    (&key.principal).into(),
                    (&key.key).into(),
                    serde_json::to_string(&value)?.into(),
                    effect.into(),
                    effect_id.into(),
                ],
            )?;
            return Ok(Answer { value, replayed: false });
        }
        let record = self.one(
            "select fingerprint, answer from idempotency_keys where principal = $1 and key = $2",
            &[(&key.principal).into(), (&key.key).into()],
            |row| (row.get::<String>(0), row.get::<Option<String>>(1)),
        )?;
        key.replay(record)
    }

    /// `once` among others: the record was read with theirs (`gather`) and is written with theirs.
    /// Should the key have come to another node meanwhile, the batch is decided again.
    fn once_in_batch<T: Serialize + DeserializeOwned>(
        &mut self,
        key: &Key,
        effect: &str,
        work: impl FnOnce(&mut Tx) -> Result<(T, i64), Failure>,
    ) -> Result<Answer<T>, Failure> {
        if let Some(record) = self.recall::<Option<Record>>(&key.name()).flatten() {
            planted!("key_of_another_request", {
                let same = Key { fingerprint: record.0.clone(), ..key.clone() };
                return same.replay(record);
            });
            return key.replay(record);
        }
        let (value, effect_id) = work(self)?;
        let answer = serde_json::to_string(&value)?;
        let record: Record = (key.fingerprint.clone(), Some(answer.clone()));
        self.keep_in_mind(key.name(), Some(record));
        let now = self.now;
        self.add(
            &KEYS,
            vec![
                (&key.principal).into(),
                (&key.key).into(),
                (&key.fingerprint).into(),
                now.into(),
                answer.into(),
                effect.into(),
                effect_id.into(),
            ],
        )?;
        Ok(Answer { value, replayed: false })
    }
}
