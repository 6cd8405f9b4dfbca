//! More is wanted of budgets than there is, by many at once, and the shop is killed meanwhile:
//! not a cent over, not a cent forgotten, and how many promises a second the disk has.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use app::db::Place;
use app::failure::Failure;
use app::rehearsal::budget::{self, Attempted, Budgets, EACH};
use app::{App, audit};
use domain::moment::Span;
use serde_json::json;

use super::node::program;
use super::traffic::now;
use crate::arguments::{Bench, Site};
use crate::ended::Ended;
use crate::opening::{self, Shape};

/// How many want something at the same moment.
const HANDS: usize = 256;
/// After a kill it begins so many attempts before the last it heard of: none is left out, and some
/// are made again, as callers do who heard nothing.
const BACK: u64 = 2_000;
/// Cents in each campaign's budget for each unit: what an attempt wants on average.
const CENTS: i64 = 100;

/// What the processes said.
#[derive(Default)]
struct Said {
    /// The furthest attempt.
    at: u64,
    /// What was promised to whoever heard of it, and how much.
    promised: HashMap<u64, i64>,
    /// The same attempt was answered with two promises.
    twice: u64,
    ended: bool,
}

pub fn run(app: &Arc<App>, site: &Site, flags: &Bench) -> Result<Ended, Failure> {
    if flags.buyers == 0 || flags.units == 0 {
        return Err(Failure::broken("a budget needs somebody and something: --buyers, --units"));
    }
    app.db.hurry(true)?;
    let campaigns = flags.attempts.div_ceil(EACH);
    budget::launch(app, campaigns, flags.units as i64 * CENTS)?;
    app.db.hurry(false)?;
    let mut said = Said::default();
    let (mut kills, mut took) = (0, Duration::ZERO);
    while !said.ended {
        let from = said.at.saturating_sub(BACK);
        // It is killed when it is so far, wherever it happens to be then.
        let until = (kills < flags.kills)
            .then(|| flags.attempts * (kills as u64 + 1) / (flags.kills as u64 + 1));
        let began = now();
        let mut worker = Worker::start(site, flags, from)?;
        worker.listen(&mut said, until)?;
        took += began.elapsed();
        kills += usize::from(!said.ended);
    }
    report(app, flags, &said, (kills, took))
}

fn report(
    app: &Arc<App>,
    flags: &Bench,
    said: &Said,
    (kills, took): (usize, Duration),
) -> Result<Ended, Failure> {
    let budgets = Budgets::find(app)?;
    let promises = budgets.promises(app)?;
    let wrong = promises.iter().filter(|(number, _, minor)| budgets.amount(*number) != *minor);
    let wrong = wrong.count();
    let there: HashMap<u64, i64> = promises.iter().map(|(number, id, _)| (*number, id.0)).collect();
    let heard = said.promised.iter();
    let forgotten = heard.filter(|(number, id)| there.get(number) != Some(id)).count();
    let (left, adds_up) = budgets.left(app)?;
    let broken = audit::run(app, Span::seconds(60))?.broken().count();
    let well = adds_up && wrong == 0 && forgotten == 0 && said.twice == 0 && broken == 0;
    let a_second = |count: u64| count * 1_000 / (took.as_millis() as u64).max(1);
    let promised = there.len() as u64;
    let emptied = left.iter().filter(|left| **left == 0).count();
    let cents: i64 = left.iter().sum();
    if flags.json {
        let figures = json!({
            "attempts": flags.attempts, "campaigns": left.len(), "promised": promised,
            "heard": said.promised.len(), "kills": kills, "seconds": took.as_secs(),
            "attempts_a_second": a_second(flags.attempts), "promises_a_second": a_second(promised),
            "left": cents, "emptied": emptied, "over": !adds_up, "forgotten": forgotten,
            "twice": said.twice, "wrong": wrong,
            "broken": broken, "well": well,
        });
        println!("{}", serde_json::to_string_pretty(&figures)?);
    } else {
        println!("| what | measured |\n| --- | ---: |");
        println!("| attempts, on so many budgets | {}, {} |", flags.attempts, left.len());
        println!("| promised | {promised} |");
        println!("| killed meanwhile | {kills} times |");
        println!("| attempts a second | {} |", a_second(flags.attempts));
        println!("| promises the disk has, a second | {} |", a_second(promised));
        println!("| budgets given to the last cent | {emptied} |");
        println!("| cents left in all | {cents} |");
        println!("| given + waiting + left = put in | {adds_up} |");
        let twice = said.twice;
        println!(
            "| promises forgotten, twice, of another amount | {forgotten}, {twice}, {wrong} |"
        );
        println!("| rules broken | {broken} |");
    }
    Ok(Ended::found(!well))
}

/// A process that makes attempts.
struct Worker(Child);

impl Worker {
    fn start(site: &Site, flags: &Bench, from: u64) -> Result<Worker, Failure> {
        let mut command = Command::new(program()?);
        command.args(["bench", "budget", "--from", &from.to_string()]);
        command.args(["--attempts", &flags.attempts.to_string(), "--data"]).arg(&site.data);
        command.args(["--set", "log=error"]);
        if let Place::Postgres(address) = opening::place(site)? {
            command.env("PINWHEEL_DATABASE", address);
        }
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
        Ok(Worker(child.map_err(Failure::broken)?))
    }

    /// Hears what it says until it ends, or is `until` far and killed.
    fn listen(&mut self, said: &mut Said, until: Option<u64>) -> Result<(), Failure> {
        let out = self.0.stdout.take().ok_or_else(|| Failure::broken("it says nothing"))?;
        let mut killed = false;
        // What it said before it was killed is read to the end: somebody heard it.
        for line in BufReader::new(out).lines() {
            let line = line.map_err(Failure::broken)?;
            let mut words = line.split(' ');
            match (words.next(), words.next(), words.next()) {
                (Some("at"), Some(number), _) => {
                    said.at = said.at.max(number.parse().map_err(Failure::broken)?);
                }
                (Some("promised"), Some(number), Some(id)) => {
                    let number = number.parse().map_err(Failure::broken)?;
                    let id: i64 = id.parse().map_err(Failure::broken)?;
                    let before = said.promised.insert(number, id);
                    said.twice += u64::from(before.is_some_and(|before| before != id));
                }
                (Some("end"), ..) => said.ended = true,
                (Some("failed"), ..) => return Err(Failure::Broken(line)),
                // The last line may be cut off.
                _ => (),
            }
            if !killed && until.is_some_and(|until| said.at >= until) {
                self.0.kill().map_err(Failure::broken)?;
                killed = true;
            }
        }
        let code = self.0.wait().map_err(Failure::broken)?;
        match killed || code.success() {
            true => Ok(()),
            false => Err(Failure::broken("whoever makes the attempts broke down")),
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The attempts from this one on, by many hands, in this process.
pub fn work(site: &Site, flags: &Bench, from: u64) -> Result<Ended, Failure> {
    let app = opening::open(site, Shape::AsItIs)?;
    let budgets = Budgets::find(&app)?;
    let next = AtomicU64::new(from);
    let hand = || -> Result<(), Failure> {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= flags.attempts {
                return Ok(());
            }
            if number.is_multiple_of(1_000) {
                tell(format_args!("at {number}"))?;
            }
            match budgets.attempt(&app, number) {
                Ok(Attempted::Promised(id)) => tell(format_args!("promised {number} {}", id.0))?,
                Ok(Attempted::Refused) => (),
                Err(failure) => return tell(format_args!("failed {number} {failure}")),
            }
        }
    };
    std::thread::scope(|scope| {
        let hands: Vec<_> = (0..HANDS).map(|_| scope.spawn(hand)).collect();
        hands
            .into_iter()
            .try_for_each(|hand| hand.join().map_err(|_| Failure::broken("a hand broke down"))?)
    })?;
    tell(format_args!("end"))?;
    Ok(Ended::found(false))
}

fn tell(what: std::fmt::Arguments) -> Result<(), Failure> {
    writeln!(std::io::stdout().lock(), "{what}").map_err(Failure::broken)
}
