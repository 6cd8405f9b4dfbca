//! Ten times as many as the shop can serve, and then an ordinary day again.
//!
//! The crowd shares the machine with the shop, so that a part of what the shop loses is the crowd's
//! own weight.

use std::time::Duration;

use app::failure::Failure;
use app::rehearsal::Rehearsal;
use app::{App, audit};
use domain::moment::Span;
use serde_json::json;

use super::gauge::{self, Look};
use super::traffic::{Heard, Offer, Second, Street};
use crate::arguments::{Bench, Site};
use crate::ended::Ended;

/// Over so many connections the shop shows what it can do.
pub const LINES: usize = 64;
/// Over so many the crowd comes.
const CROWD: usize = 1_024;
const TIMES: u64 = 10;
/// Part of what was served before that must be served during it, in hundredths.
const KEPT: u64 = 80;
/// Within so many microseconds it is said that there is no room.
const AT_ONCE: u64 = 1_000_000;
/// After so many seconds everything is as before.
const AFTER: usize = 10;
/// A second is ordinary when nobody is refused and 99 of 100 wait no longer, in microseconds.
const ORDINARY: u64 = 500_000;

/// What the shop can do: errands a second, after a while to get warm.
pub async fn capacity(street: &std::sync::Arc<Street>) -> Result<u64, Failure> {
    let offer = Offer { pace: None, lasts: Duration::from_secs(5), lines: LINES };
    street.send(offer).await?;
    let heard = street.send(Offer { lasts: Duration::from_secs(10), ..offer }).await?;
    Ok(heard.sum(|second| second.good) as u64 / 10)
}

pub fn run(app: &App, site: &Site, flags: &Bench, made: &Rehearsal) -> Result<Ended, Failure> {
    let (node, street, runtime) = Street::open(app, site, made)?;
    let look = |at| gauge::look(node.id(), &site.data, at);
    let (peak, before, during, after, looks) = runtime.block_on(async {
        let peak = capacity(&street).await?;
        let half = |seconds| Offer {
            pace: Some((peak / 2).max(1)),
            lasts: Duration::from_secs(seconds),
            lines: LINES,
        };
        let before = street.send(half(5)).await?;
        let first = look(0);
        let crowd = Offer {
            pace: Some(peak * TIMES),
            lasts: Duration::from_secs(flags.seconds),
            lines: CROWD,
        };
        let during = street.send(crowd).await?;
        let second = look(1);
        let after = street.send(half(AFTER as u64 + 5)).await?;
        Ok::<_, Failure>((peak, before, during, after, [first, second, look(2)]))
    })?;
    drop(node);
    let broken = audit::run(app, Span::seconds(60))?.broken().count();
    let told = Told { peak, flags, before, during, after, looks, broken };
    if flags.json {
        println!("{}", serde_json::to_string_pretty(&told.json())?);
    } else {
        told.print();
    }
    Ok(Ended::found(!told.is_well()))
}

struct Told<'f> {
    peak: u64,
    flags: &'f Bench,
    before: Heard,
    during: Heard,
    after: Heard,
    looks: [Look; 3],
    broken: usize,
}

impl Told<'_> {
    fn served(&self) -> u64 {
        self.during.sum(|second| second.good) as u64 / self.flags.seconds
    }

    fn refusal(&self) -> u64 {
        self.during.rank(99, |second| &second.refusals)
    }

    fn wrong(&self) -> usize {
        [&self.before, &self.during, &self.after].map(|heard| heard.sum(|second| second.wrong))[..]
            .iter()
            .sum()
    }

    /// The second from which on all were ordinary.
    fn ordinary_after(&self) -> usize {
        let ordinary = |second: &Second| {
            let slow = second.waits.iter().filter(|wait| **wait > ORDINARY).count();
            second.refused + second.wrong + second.gone == 0 && slow * 100 <= second.waits.len()
        };
        self.after.seconds.iter().rposition(|second| !ordinary(second)).map_or(0, |last| last + 1)
    }

    fn is_well(&self) -> bool {
        self.served() * 100 >= self.peak * KEPT
            && self.wrong() == 0
            && self.refusal() <= AT_ONCE
            && self.ordinary_after() < AFTER
            && self.broken == 0
    }

    fn rows(&self) -> Vec<(&'static str, u64)> {
        let [before, during, after] = self.looks;
        let waits = |heard: &Heard| heard.rank(99, |second| &second.waits) / 1_000;
        vec![
            ("errands a second it can do", self.peak),
            ("offered a second", self.peak * TIMES),
            ("for so many seconds", self.flags.seconds),
            ("served a second meanwhile", self.served()),
            ("of a hundred it can do", self.served() * 100 / self.peak.max(1)),
            ("told to come again", self.during.sum(|second| second.refused) as u64),
            ("told so within (99 of 100), ms", self.refusal() / 1_000),
            ("not sent: every connection waited", self.during.sum(|second| second.gone) as u64),
            ("any other answer, or none", self.wrong() as u64),
            ("wait before (99 of 100), ms", waits(&self.before)),
            ("wait meanwhile, of those served, ms", waits(&self.during)),
            ("wait after, ms", waits(&self.after)),
            ("ordinary again after, seconds", self.ordinary_after() as u64),
            ("memory before, MB", before.memory / 1_024),
            ("memory at its end, MB", during.memory / 1_024),
            ("memory after, MB", after.memory / 1_024),
            ("files before", before.files),
            ("files after", after.files),
            ("threads before", before.threads),
            ("threads at its end", during.threads),
            ("rules that do not hold", self.broken as u64),
        ]
    }

    fn print(&self) {
        println!("| what | measured |\n| --- | ---: |");
        for (what, measured) in self.rows() {
            println!("| {what} | {measured} |");
        }
        for heard in [&self.before, &self.during, &self.after] {
            heard.wrong.iter().for_each(|(why, count)| println!("{count} times: {why}"));
        }
        println!("\n{}", if self.is_well() { "well" } else { "NOT WELL" });
    }

    fn json(&self) -> serde_json::Value {
        let rows: serde_json::Map<_, _> =
            self.rows().into_iter().map(|(what, value)| (what.to_string(), json!(value))).collect();
        json!({ "figures": rows, "well": self.is_well() })
    }
}
