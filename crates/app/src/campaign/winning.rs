//! The lane of what is won: whoever takes a part, draws, claims or checks in at the same moment is
//! decided together, each in a part of one transaction that is undone by itself.
//!
//! A campaign's budget, its counters and the end of the books are rows that everybody changes. One
//! after the other in transactions of their own each would wait for the disk while holding them;
//! together they wait once. What is refused when nothing is left is seen on a snapshot, and
//! nothing is locked for it.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::db::Tx;
use crate::failure::{Failure, KeyProblem};
use crate::idempotency::{self, Answer, Key};
use crate::{App, Visitor};

/// Somebody who waits for what they win.
pub struct Win {
    key: Key,
    request_id: Option<String>,
    effect: &'static str,
    /// Whose rows it changes: those of one campaign are decided together, so that two nodes never
    /// wait for each other.
    about: i64,
    work: Work,
}

type Work = Box<dyn Fn(&mut Tx) -> Result<(Value, i64), Failure> + Send>;

impl App {
    /// `once`, decided with all who win something of `about` (a campaign's number, or 0 where only
    /// the decision finds it) at the same moment.
    pub fn win<T: Serialize + DeserializeOwned>(
        &self,
        visitor: &Visitor,
        (effect, about): (&'static str, i64),
        work: impl Fn(&mut Tx) -> Result<(T, i64), Failure> + Send + 'static,
    ) -> Result<Answer<T>, Failure> {
        planted!("key_apart", return self.once(visitor, effect, &work));
        let key = visitor.key.clone().ok_or(Failure::Key(KeyProblem::Missing))?;
        let work = move |tx: &mut Tx| {
            let (value, id) = work(tx)?;
            Ok((serde_json::to_value(value)?, id))
        };
        let request_id = visitor.request_id.clone();
        let win = Win { key, request_id, effect, about, work: Box::new(work) };
        let Answer { value, replayed } = self.wins.run(win, |wins| self.decide(wins))?;
        Ok(Answer { value: serde_json::from_value(value)?, replayed })
    }

    fn decide(&self, wins: &[Win]) -> Vec<Result<Answer<Value>, Failure>> {
        let mut answers: Vec<Option<_>> = wins.iter().map(|_| None).collect();
        while let Some(first) = answers.iter().position(Option::is_none) {
            let about = wins[first].about;
            let places: Vec<usize> =
                (0..wins.len()).filter(|at| wins[*at].about == about).collect();
            let some: Vec<&Win> = places.iter().map(|at| &wins[*at]).collect();
            let decided = self.wins.decide_in_turn(self, &some, gather, |tx, win| win.grant(tx));
            for (at, answer) in places.into_iter().zip(decided) {
                answers[at] = Some(answer);
            }
        }
        answers.into_iter().flatten().collect()
    }
}

fn gather(tx: &mut Tx, wins: &[&Win]) -> Result<(), Failure> {
    let keys: Vec<&Key> = wins.iter().map(|win| &win.key).collect();
    idempotency::gather(tx, &keys)
}

impl Win {
    fn grant(&self, tx: &mut Tx) -> Result<Answer<Value>, Failure> {
        tx.request_id.clone_from(&self.request_id);
        tx.once(&self.key, self.effect, |tx| (self.work)(tx))
    }
}
