//! The figures of a run, for people and for programs.

use std::fmt::Write;
use std::time::Duration;

use serde_json::{Value, json};

use super::crowd::Told;
use super::flow;
use crate::arguments::{Bench, Flow};

/// What was measured.
pub struct Figures {
    what: String,
    answers: usize,
    bought: usize,
    sold_out: usize,
    other: usize,
    /// Orders in the database at the end.
    orders: i64,
    took: Duration,
    waits: Vec<Duration>,
    /// Processor time of the serving processes.
    spent: Duration,
    memory: u64,
    /// Rules that do not hold.
    broken: usize,
    /// How long each step took, for flows of several.
    steps: Vec<(&'static str, Vec<Duration>)>,
}

impl Figures {
    pub fn of(
        flags: &Bench,
        told: Told,
        spent: Duration,
        memory: u64,
        orders: i64,
        broken: usize,
    ) -> Figures {
        let mut waits = told.waits;
        waits.sort_unstable();
        let mut steps: Vec<_> = told.steps.into_iter().collect();
        steps.iter_mut().for_each(|(_, waits)| waits.sort_unstable());
        let what = format!(
            "{:?}: {} buyers over {} connections to {} node(s)",
            flags.flow, flags.buyers, flags.connections, flags.nodes
        );
        Figures {
            what,
            answers: waits.len(),
            bought: told.bought,
            sold_out: told.sold_out,
            other: told.other,
            orders,
            took: told.took,
            waits,
            spent,
            memory,
            broken,
            steps,
        }
    }

    fn wait(&self, of_thousand: usize) -> u128 {
        wait(&self.waits, of_thousand)
    }

    /// How many requests were answered.
    fn requests(&self) -> usize {
        let steps: usize = self.steps.iter().map(|(_, waits)| waits.len()).sum();
        if steps == 0 { self.answers } else { steps }
    }

    fn rate(&self) -> u128 {
        per_second(self.answers, self.took)
    }

    fn each(&self) -> u128 {
        self.spent.as_micros() / self.answers.max(1) as u128
    }

    /// Whether anything is not as it must be.
    pub fn is_wrong(&self, flags: &Bench, units: u64, full: i64) -> bool {
        let teams = flow::teams(flags);
        let due = match flags.flow {
            Flow::Checkout => flags.buyers as u64,
            Flow::Join => (teams * flags.team) as u64,
            Flow::Crowd => units.min(flags.buyers as u64),
            Flow::Orders => flags.buyers as u64,
            _ => 0,
        };
        let sold = i64::try_from(due).is_ok_and(|due| due == self.orders);
        let told = flags.flow == Flow::Browse || self.bought as u64 == due;
        let teams = flags.flow != Flow::Join || usize::try_from(full) == Ok(teams);
        self.other > 0 || self.broken > 0 || !sold || !told || !teams
    }

    pub fn table(&self) -> String {
        let mut table = format!("{}\n\n| what | measured |\n| --- | ---: |\n", self.what);
        let milli = |micros: u128| format!("{}.{:02} ms", micros / 1_000, micros % 1_000 / 10);
        let rows = [
            ("answered", self.answers.to_string()),
            ("bought (or shown)", self.bought.to_string()),
            ("told that it is sold out, or full", self.sold_out.to_string()),
            ("any other answer, or none", self.other.to_string()),
            ("orders in the database", self.orders.to_string()),
            ("answers a second", self.rate().to_string()),
            ("requests a second", per_second(self.requests(), self.took).to_string()),
            ("time in all", milli(self.took.as_micros())),
            ("wait: half of them", milli(self.wait(500))),
            ("wait: 99 of 100", milli(self.wait(990))),
            ("wait: 999 of 1000", milli(self.wait(999))),
            ("wait: the longest", milli(self.wait(1_000))),
            ("processor time of the shop, each", format!("{} µs", self.each())),
            ("memory of a node at most", format!("{} MB", self.memory)),
            ("rules that do not hold", self.broken.to_string()),
        ];
        for (what, measured) in rows {
            let _ = writeln!(table, "| {what} | {measured} |");
        }
        for (step, waits) in &self.steps {
            let (half, most) = (milli(wait(waits, 500)), milli(wait(waits, 990)));
            let _ = writeln!(table, "| step `{step}`: half of them, 99 of 100 | {half}, {most} |");
        }
        table
    }

    pub fn json(&self) -> Value {
        json!({
            "what": self.what,
            "answers": self.answers,
            "bought": self.bought,
            "sold_out": self.sold_out,
            "other": self.other,
            "orders": self.orders,
            "took_us": self.took.as_micros() as u64,
            "per_second": self.rate() as u64,
            "requests_per_second": per_second(self.requests(), self.took) as u64,
            "steps": self.steps.iter().map(|(step, waits)| json!({
                "step": step,
                "p50_us": wait(waits, 500) as u64,
                "p99_us": wait(waits, 990) as u64,
            })).collect::<Vec<_>>(),
            "p50_us": self.wait(500) as u64,
            "p99_us": self.wait(990) as u64,
            "p999_us": self.wait(999) as u64,
            "cpu_us_each": self.each() as u64,
            "memory_mb": self.memory,
            "broken": self.broken,
        })
    }
}

/// The wait that so many of a thousand did not exceed, in microseconds; the waits are in order.
fn wait(waits: &[Duration], of_thousand: usize) -> u128 {
    let rank = (waits.len() * of_thousand).div_ceil(1_000);
    waits.get(rank.max(1) - 1).map_or(0, Duration::as_micros)
}

fn per_second(count: usize, took: Duration) -> u128 {
    count as u128 * 1_000_000 / took.as_micros().max(1)
}
