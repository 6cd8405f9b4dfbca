//! A lane: a queue in front of one action, so that many who come at once are decided together.
//!
//! Whoever finds the lane empty leads: it takes everybody who waits, in the order they came,
//! decides for all of them in one transaction and answers each. Those who come meanwhile are the
//! next batch, led by the first of them. Nobody waits for a batch to fill, so somebody alone is a
//! batch of one, by the same code.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
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
    /// How many are here, waiting or being decided for.
    here: AtomicUsize,
    decided: Decided,
}

/// How many were decided in which way.
#[derive(Debug, Default)]
pub struct Decided {
    /// On a snapshot: everybody was refused.
    pub looked_at: AtomicU64,
    /// With everybody who waited, in one transaction.
    pub together: AtomicU64,
    /// In a transaction of their own.
    pub alone: AtomicU64,
}

struct Queue<I, O> {
    waiting: VecDeque<(I, Call<O>)>,
    /// Somebody leads.
    led: bool,
}

/// How one caller hears of their turn.
type Call<O> = Box<dyn Fn(Turn<O>) + Send>;

enum Turn<O> {
    Answered(O),
    /// Lead the next batch: you are the first in it.
    Lead,
}

/// Runs work on a thread where it may wait for the database.
pub type Aside = fn(Box<dyn FnOnce() + Send>);

/// Answers a batch in the order it came.
pub type Decide<I, T> = fn(&App, &[I]) -> Vec<Result<T, Failure>>;

/// Where a caller waits whose thread may.
struct Ticket<O> {
    turn: Mutex<Option<Turn<O>>>,
    called: Condvar,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Each change under it is one step.
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

impl<I, O> Default for Lane<I, O> {
    fn default() -> Self {
        let queue = Mutex::new(Queue { waiting: VecDeque::new(), led: false });
        Lane {
            queue,
            in_vain: AtomicBool::new(false),
            here: AtomicUsize::new(0),
            decided: Decided::default(),
        }
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
    ) -> Result<T, Failure>
    where
        T: Send + 'static,
    {
        let ticket = Arc::new(Ticket { turn: Mutex::new(None), called: Condvar::new() });
        let called = Arc::clone(&ticket);
        self.join(input, Box::new(move |turn| called.call(turn)));
        loop {
            match ticket.wait() {
                Turn::Answered(answer) => return answer,
                Turn::Lead => self.lead(&decide),
            }
        }
    }

    /// The same without a thread that waits: `told` gets the answer, on whatever thread leads.
    pub fn run_aside(
        app: &Arc<App>,
        lane: fn(&App) -> &Self,
        input: I,
        decide: Decide<I, T>,
        aside: Aside,
        told: impl FnOnce(Result<T, Failure>) + Send + 'static,
    ) where
        I: 'static,
        T: 'static,
    {
        let (told, leader) = (Mutex::new(Some(told)), Arc::clone(app));
        let call = move |turn| match turn {
            Turn::Answered(answer) => {
                if let Some(told) = locked(&told).take() {
                    told(answer);
                }
            }
            Turn::Lead => {
                let app = Arc::clone(&leader);
                aside(Box::new(move || lane(&app).lead(&|inputs| decide(&app, inputs))));
            }
        };
        lane(app).join(input, Box::new(call));
    }

    fn join(&self, input: I, call: Call<Result<T, Failure>>) {
        self.here.fetch_add(1, Ordering::Relaxed);
        let mut queue = locked(&self.queue);
        queue.waiting.push_back((input, call));
        if !std::mem::replace(&mut queue.led, true) {
            // It leads when it likes; until then others join.
            (queue.waiting[0].1)(Turn::Lead);
        }
    }

    /// Decides for everybody who waits, the leader among them, and hands the lane on.
    fn lead(&self, decide: &impl Fn(&[I]) -> Vec<Result<T, Failure>>) {
        let mut queue = locked(&self.queue);
        let count = queue.waiting.len().min(MOST);
        let (inputs, calls): (Vec<I>, Vec<_>) = queue.waiting.drain(..count).unzip();
        drop(queue);
        let answers = catch_unwind(AssertUnwindSafe(|| decide(&inputs)));
        let mut queue = locked(&self.queue);
        match queue.waiting.front() {
            Some((_, next)) => next(Turn::Lead),
            None => queue.led = false,
        }
        drop(queue);
        self.here.fetch_sub(count, Ordering::Relaxed);
        match answers {
            Ok(answers) => {
                for (call, answer) in calls.iter().zip(answers) {
                    call(Turn::Answered(answer));
                }
            }
            Err(panic) => {
                let broken = || Err(Failure::broken("a decision broke down"));
                calls.iter().for_each(|call| call(Turn::Answered(broken())));
                resume_unwind(panic);
            }
        }
    }

    /// Decides for a batch: `prepare` reads what all of them need, then `work` runs for each in
    /// turn, writing nothing at once. A refusal is one caller's answer and undoes what was done for
    /// that one. Whoever must write at once is decided after the others, in a transaction of their
    /// own. Anything else that goes wrong undoes the batch, and each is then tried alone, unless
    /// the database is away.
    ///
    /// When nobody in the batch before got anything, this one is looked at on a snapshot first: if
    /// again everybody is refused, nothing was locked and nothing written. The first who is not
    /// refused ends the look.
    pub fn decide(
        &self,
        app: &App,
        inputs: &[I],
        prepare: impl Fn(&mut Tx, &[I]) -> Result<(), Failure>,
        work: impl Fn(&mut Tx, &I) -> Result<T, Failure>,
    ) -> Vec<Result<T, Failure>> {
        self.judge(app, inputs, prepare, &work, |tx, input| one(tx, input, &work), true)
    }

    /// As `decide`, for work that writes at once: each decision is a part of the transaction that
    /// is undone by itself when it ends in a refusal, and one commit is everybody's.
    pub fn decide_in_turn<J>(
        &self,
        app: &App,
        inputs: &[J],
        prepare: impl Fn(&mut Tx, &[J]) -> Result<(), Failure>,
        work: impl Fn(&mut Tx, &J) -> Result<T, Failure>,
    ) -> Vec<Result<T, Failure>> {
        let part = |tx: &mut Tx, input: &J| tx.part(|tx| work(tx, input)).map(Some);
        self.judge(app, inputs, prepare, &work, part, false)
    }

    /// Decides for a batch: `each` for one among others, `work` for one alone.
    fn judge<J>(
        &self,
        app: &App,
        inputs: &[J],
        prepare: impl Fn(&mut Tx, &[J]) -> Result<(), Failure>,
        work: &impl Fn(&mut Tx, &J) -> Result<T, Failure>,
        each: impl Fn(&mut Tx, &J) -> Result<Answered<T>, Failure>,
        gathers: bool,
    ) -> Vec<Result<T, Failure>> {
        if self.in_vain.load(Ordering::Relaxed)
            && let Some(refusals) = look(app, inputs, &prepare, work, gathers)
        {
            self.decided.looked_at.fetch_add(inputs.len() as u64, Ordering::Relaxed);
            return refusals;
        }
        let together = || {
            app.write(|tx| {
                if gathers {
                    tx.gather();
                    prepare(tx, inputs)?;
                }
                inputs.iter().map(|input| each(tx, input)).collect::<Result<Vec<_>, _>>()
            })
        };
        let answers = match unbroken(inputs.len() == 1, together) {
            Ok(answers) => answers,
            Err(failure) if inputs.len() == 1 => vec![Some(Err(failure))],
            // The database is away. Nobody is to wait for it once more for each of the others.
            Err(Failure::Unavailable) => {
                inputs.iter().map(|_| Some(Err(Failure::Unavailable))).collect()
            }
            Err(failure) => {
                tracing::info!(%failure, count = inputs.len(), "a batch is decided one by one");
                inputs.iter().map(|_| None).collect()
            }
        };
        let with_others = answers.iter().flatten().count() as u64;
        self.decided.together.fetch_add(with_others, Ordering::Relaxed);
        let alone = |input| {
            self.decided.alone.fetch_add(1, Ordering::Relaxed);
            unbroken(inputs.len() == 1, || app.write(|tx| work(tx, input)))
        };
        let answers: Vec<_> = answers
            .into_iter()
            .zip(inputs)
            .map(|(answer, input)| answer.unwrap_or_else(|| alone(input)))
            .collect();
        self.in_vain.store(answers.iter().all(Result::is_err), Ordering::Relaxed);
        answers
    }

    /// How many are here, waiting or being decided for.
    pub fn here(&self) -> usize {
        self.here.load(Ordering::Relaxed)
    }

    /// How everybody so far was decided.
    pub fn decided(&self) -> &Decided {
        &self.decided
    }
}

/// What `work` answers; a panic in it is nobody's but its own. `ours` lets it go on.
fn unbroken<V>(ours: bool, work: impl FnOnce() -> Result<V, Failure>) -> Result<V, Failure> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(answer) => answer,
        Err(panic) if ours => resume_unwind(panic),
        Err(_) => Err(Failure::broken("a decision broke down")),
    }
}

/// What a batch is told when a snapshot shows that everybody in it is refused. Work that does not
/// know how to gather is believed as long as it has kept nothing back: what it would read then is
/// not there.
fn look<I, T>(
    app: &App,
    inputs: &[I],
    prepare: &impl Fn(&mut Tx, &[I]) -> Result<(), Failure>,
    work: &impl Fn(&mut Tx, &I) -> Result<T, Failure>,
    gathers: bool,
) -> Option<Vec<Result<T, Failure>>> {
    let seen = app.read(|tx| {
        tx.gather();
        prepare(tx, inputs)?;
        let mut refusals = Vec::with_capacity(inputs.len());
        for input in inputs {
            let before = tx.mark();
            let kept_back = std::cell::Cell::new(false);
            let seen = |tx: &mut Tx, input: &I| {
                let done = work(tx, input);
                kept_back.set(tx.mark() != before);
                done
            };
            match one(tx, input, &seen)? {
                Some(Err(refusal)) if gathers || !kept_back.get() => refusals.push(Err(refusal)),
                _ => return Ok(None),
            }
        }
        Ok(Some(refusals))
    });
    seen.ok().flatten()
}

/// How one of a batch is answered; `None` who cannot be decided among others.
type Answered<T> = Option<Result<T, Failure>>;

/// Decides for one of a batch; the outer error is the batch's.
fn one<I, T>(
    tx: &mut Tx,
    input: &I,
    work: &impl Fn(&mut Tx, &I) -> Result<T, Failure>,
) -> Result<Answered<T>, Failure> {
    let mark = tx.mark();
    let done = work(tx, input);
    if tx.take_alone() {
        tx.go_back(&mark);
        return Ok(None);
    }
    match done {
        Err(failure) if failure.is_answer() => {
            tx.go_back(&mark);
            Ok(Some(Err(failure)))
        }
        Err(failure) => Err(failure),
        value => Ok(Some(value)),
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
