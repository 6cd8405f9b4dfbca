//! A lane: a queue in front of one action, so that many who come at once are decided together.
//!
//! Whoever finds the lane empty leads: it takes everybody who waits, in the order they came,
//! decides for all of them in one transaction and answers each. Those who come meanwhile are the
//! next batch, led by the first of them. Nobody waits for a batch to fill, so somebody alone is a
//! batch of one, by the same code.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};

use crate::App;
use crate::db::Tx;
use crate::failure::Failure;

/// The most that are decided together.
const MOST: usize = 256;

/// Who waits for a decision about an `I`, to be answered with an `O`.
pub struct Lane<I, O> {
    queue: Mutex<Queue<I, O>>,
    /// Nobody in the last batch got anything: the next one looks before it locks.
    in_vain: AtomicBool,
}

struct Queue<I, O> {
    waiting: VecDeque<(I, Arc<Ticket<O>>)>,
    /// Somebody leads.
    led: bool,
}

/// Where one caller waits.
struct Ticket<O> {
    turn: Mutex<Option<Turn<O>>>,
    called: Condvar,
}

enum Turn<O> {
    Answered(O),
    /// Lead the next batch: you are the first in it.
    Lead,
    /// The leader's thread broke down; nothing happened.
    Broken,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Each change under it is one step.
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

impl<I, O> Default for Lane<I, O> {
    fn default() -> Self {
        let queue = Mutex::new(Queue { waiting: VecDeque::new(), led: false });
        Lane { queue, in_vain: AtomicBool::new(false) }
    }
}

impl<O> Ticket<O> {
    fn call(&self, turn: Turn<O>) {
        *locked(&self.turn) = Some(turn);
        self.called.notify_one();
    }

    fn wait(&self) -> Turn<O> {
        let mut turn = locked(&self.turn);
        loop {
            if let Some(turn) = turn.take() {
                return turn;
            }
            turn = self.called.wait(turn).unwrap_or_else(|poisoned| poisoned.into_inner());
        }
    }
}

impl<I, T> Lane<I, Result<T, Failure>> {
    /// Waits for its turn and is answered by `decide`, which answers a batch in the order it came.
    pub fn run(
        &self,
        input: I,
        decide: impl Fn(&[I]) -> Vec<Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let ticket = Arc::new(Ticket { turn: Mutex::new(None), called: Condvar::new() });
        let mut queue = locked(&self.queue);
        queue.waiting.push_back((input, Arc::clone(&ticket)));
        let leads = !std::mem::replace(&mut queue.led, true);
        drop(queue);
        if leads {
            ticket.call(Turn::Lead);
        }
        loop {
            match ticket.wait() {
                Turn::Answered(answer) => return answer,
                Turn::Lead => self.lead(&decide),
                Turn::Broken => return Err(Failure::broken("a decision broke down")),
            }
        }
    }

    /// Decides for everybody who waits, the leader among them, and hands the lane on.
    fn lead(&self, decide: &impl Fn(&[I]) -> Vec<Result<T, Failure>>) {
        let mut queue = locked(&self.queue);
        let count = queue.waiting.len().min(MOST);
        let (inputs, tickets): (Vec<I>, Vec<_>) = queue.waiting.drain(..count).unzip();
        drop(queue);
        let answers = catch_unwind(AssertUnwindSafe(|| decide(&inputs)));
        let mut queue = locked(&self.queue);
        match queue.waiting.front() {
            Some((_, next)) => next.call(Turn::Lead),
            None => queue.led = false,
        }
        drop(queue);
        match answers {
            Ok(answers) => {
                for (ticket, answer) in tickets.iter().zip(answers) {
                    ticket.call(Turn::Answered(answer));
                }
            }
            Err(panic) => {
                // The leader panics on; the others are told.
                tickets.iter().skip(1).for_each(|ticket| ticket.call(Turn::Broken));
                resume_unwind(panic);
            }
        }
    }

    /// Decides for a batch: `prepare` reads what all of them need, then `work` runs for each in
    /// turn. A refusal is one caller's answer and undoes what was done for that one; anything else
    /// that goes wrong undoes the batch, and each is then tried alone, unless the database is away.
    ///
    /// When nobody in the batch before got anything, the decisions are made on a snapshot first:
    /// if again everybody is refused, nothing was locked and nothing written.
    pub fn decide(
        &self,
        app: &App,
        inputs: &[I],
        prepare: impl Fn(&mut Tx, &[I]) -> Result<(), Failure>,
        work: impl Fn(&mut Tx, &I) -> Result<T, Failure>,
    ) -> Vec<Result<T, Failure>> {
        let all = |tx: &mut Tx, inputs: &[I]| -> Result<Vec<Result<T, Failure>>, Failure> {
            tx.gather();
            prepare(tx, inputs)?;
            inputs.iter().map(|input| one(tx, input, &work)).collect()
        };
        if self.in_vain.load(Ordering::Relaxed) {
            let seen = app.read(|tx| all(tx, inputs));
            if let Ok(seen) = seen
                && seen.iter().all(Result::is_err)
            {
                return seen;
            }
        }
        let answers = match app.write(|tx| all(tx, inputs)) {
            Ok(answers) => answers,
            Err(failure) if inputs.len() == 1 => vec![Err(failure)],
            // The database is away. Nobody is to wait for it once more for each of the others.
            Err(Failure::Unavailable) => inputs.iter().map(|_| Err(Failure::Unavailable)).collect(),
            Err(failure) => {
                tracing::info!(%failure, count = inputs.len(), "a batch is decided one by one");
                let alone = |input| {
                    let one = std::slice::from_ref(input);
                    app.write(|tx| all(tx, one)?.pop().unwrap_or(Err(Failure::Unavailable)))
                };
                inputs.iter().map(alone).collect()
            }
        };
        self.in_vain.store(answers.iter().all(Result::is_err), Ordering::Relaxed);
        answers
    }
}

/// Decides for one of a batch; the outer error is the batch's.
fn one<I, T>(
    tx: &mut Tx,
    input: &I,
    work: &impl Fn(&mut Tx, &I) -> Result<T, Failure>,
) -> Result<Result<T, Failure>, Failure> {
    let mark = tx.mark();
    match work(tx, input) {
        Ok(value) => Ok(Ok(value)),
        Err(failure) if failure.is_answer() && tx.go_back(&mark) => Ok(Err(failure)),
        Err(failure) => Err(failure),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Barrier;

    #[test]
    fn everybody_is_answered_with_their_own() {
        let lane: Lane<usize, Result<usize, Failure>> = Lane::default();
        let start = Barrier::new(32);
        std::thread::scope(|scope| {
            for number in 0..32 {
                let (lane, start) = (&lane, &start);
                scope.spawn(move || {
                    start.wait();
                    for round in 0..100 {
                        let input = number * 1_000 + round;
                        let answer = lane.run(input, |inputs| {
                            assert!(inputs.len() <= MOST);
                            inputs.iter().map(|input| Ok(input * 2)).collect()
                        });
                        assert_eq!(answer.unwrap(), input * 2);
                    }
                });
            }
        });
    }

    #[test]
    fn those_who_wait_are_decided_together_in_the_order_they_came() {
        let lane: Lane<usize, Result<usize, Failure>> = Lane::default();
        let (inside, go) = (Barrier::new(2), Barrier::new(2));
        let order = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            scope.spawn(|| {
                lane.run(0, |inputs| {
                    if inputs == [0] {
                        inside.wait();
                        go.wait();
                    }
                    locked(&order).push(inputs.to_vec());
                    inputs.iter().map(|input| Ok(*input)).collect()
                })
            });
            inside.wait();
            for number in 1..=5 {
                let (lane, order) = (&lane, &order);
                scope.spawn(move || {
                    lane.run(number, |inputs| {
                        locked(order).push(inputs.to_vec());
                        inputs.iter().map(|input| Ok(*input)).collect()
                    })
                });
                while locked(&lane.queue).waiting.len() < number {
                    std::thread::yield_now();
                }
            }
            go.wait();
        });
        assert_eq!(*locked(&order), [vec![0], vec![1, 2, 3, 4, 5]]);
    }

    #[test]
    fn a_panic_is_the_leaders_and_the_lane_goes_on() {
        let lane: Lane<usize, Result<usize, Failure>> = Lane::default();
        let died = catch_unwind(AssertUnwindSafe(|| lane.run(1, |_| panic!("planted"))));
        assert!(died.is_err());
        assert_eq!(lane.run(2, |inputs| vec![Ok(inputs[0])]).unwrap(), 2);
    }
}
