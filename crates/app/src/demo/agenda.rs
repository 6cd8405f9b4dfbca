//! What is still to happen, soonest first.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use domain::moment::Moment;

/// A queue of things by moment; those of the same moment in the order they were added.
pub struct Agenda<T> {
    heap: BinaryHeap<Reverse<(Moment, u64)>>,
    things: std::collections::HashMap<u64, T>,
    count: u64,
}

impl<T> Agenda<T> {
    pub fn new() -> Agenda<T> {
        Agenda { heap: BinaryHeap::new(), things: std::collections::HashMap::new(), count: 0 }
    }

    pub fn add(&mut self, at: Moment, thing: T) {
        self.count += 1;
        self.heap.push(Reverse((at, self.count)));
        self.things.insert(self.count, thing);
    }

    /// The next thing, if it comes before `end`.
    pub fn next_before(&mut self, end: Moment) -> Option<(Moment, T)> {
        let Reverse((at, _)) = self.heap.peek()?;
        if *at >= end {
            return None;
        }
        let Reverse((at, number)) = self.heap.pop()?;
        self.things.remove(&number).map(|thing| (at, thing))
    }
}
