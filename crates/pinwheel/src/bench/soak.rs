//! Half of what the shop can do, for long: what grows, whether it slows down, whether it stays
//! right.

use std::sync::Arc;
use std::time::Duration;

use app::failure::Failure;
use app::rehearsal::Rehearsal;
use app::{App, audit};
use domain::moment::Span;

use super::gauge::{self, Look};
use super::node::Node;
use super::overload::{LINES, capacity};
use super::traffic::{Offer, Street, now, rank};
use crate::arguments::{Bench, Site};
use crate::ended::Ended;

/// What was not there from the beginning comes in the first minutes: growth is measured after them.
const FIRST: u64 = 15;
/// The rules are asked so often, in minutes.
const AUDIT_EVERY: u64 = 10;
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Growth of memory that is none, in thousandths of a kilobyte an hour.
const FLAT: i128 = 1_024 * 1_000;
/// The same of files and of threads, in thousandths.
const STEADY: i128 = 4_000;
/// The most the log may take, in kilobytes.
const MOST_LOG: u64 = 64 << 10;
/// Waits may grow by a tenth, or by so many microseconds that nobody notices.
const UNNOTICED: u64 = 2_000;

/// One minute.
struct Minute {
    good: usize,
    wrong: usize,
    half: u64,
    most: u64,
}

pub fn run(app: &Arc<App>, site: &Site, flags: &Bench, made: &Rehearsal) -> Result<Ended, Failure> {
    let (node, street, runtime) = Street::open(app, site, made)?;
    let (minutes, looks, mut broken) = runtime.block_on(live(app, site, flags, &node, &street))?;
    drop(node);
    broken += audit::run(app, Span::seconds(60))?.broken().count();
    Ok(Ended::found(!judge(flags.minutes, &minutes, &looks, broken)))
}

async fn live(
    app: &Arc<App>,
    site: &Site,
    flags: &Bench,
    node: &Node,
    street: &Arc<Street>,
) -> Result<(Vec<Minute>, Vec<Look>, usize), Failure> {
    let pace = (capacity(street).await? / 2).max(1);
    println!("{pace} errands a second, half of what it can do, for {} minutes\n", flags.minutes);
    println!(
        "| minute | good | refused or wrong | p50 ms | p99 ms | MB | files | threads | log MB |"
    );
    println!("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    let offer = Offer { pace: Some(pace), lasts: Duration::from_secs(60), lines: LINES };
    let began = now();
    let (mut minutes, mut looks, mut audits) = (Vec::new(), Vec::new(), Vec::new());
    for minute in 1..=flags.minutes {
        if minute % AUDIT_EVERY == 0 {
            let app = Arc::clone(app);
            audits.push(tokio::task::spawn_blocking(move || audit::run(&app, Span::seconds(60))));
        }
        let mut sent = std::pin::pin!(street.send(offer));
        let heard = loop {
            tokio::select! {
                heard = &mut sent => break heard?,
                () = tokio::time::sleep(LOOK_EVERY) => {
                    looks.push(gauge::look(node.id(), &site.data, began.elapsed().as_secs()));
                }
            }
        };
        let wrong = heard.sum(|second| second.wrong + second.refused + second.gone);
        let (half, most) =
            (heard.rank(50, |second| &second.waits), heard.rank(99, |second| &second.waits));
        let look = looks.last().copied().unwrap_or_default();
        let good = heard.sum(|second| second.good);
        println!(
            "| {minute} | {good} | {wrong} | {} | {} | {} | {} | {} | {} |",
            milli(half),
            milli(most),
            look.memory / 1_024,
            look.files,
            look.threads,
            look.log / 1_024
        );
        heard.wrong.iter().for_each(|(why, count)| println!("{count} times: {why}"));
        minutes.push(Minute { good, wrong, half, most });
    }
    let mut broken = 0;
    for report in audits {
        broken += report.await.map_err(Failure::broken)??.broken().count();
    }
    Ok((minutes, looks, broken))
}

fn milli(micros: u64) -> String {
    format!("{}.{:02}", micros / 1_000, micros % 1_000 / 10)
}

/// Says what came of it, and whether that is well.
fn judge(asked: u64, minutes: &[Minute], looks: &[Look], broken: usize) -> bool {
    let first = FIRST.min(asked / 2) as usize;
    let later: Vec<Look> =
        looks.iter().filter(|look| look.at >= first as u64 * 60).copied().collect();
    let memory = gauge::slope(&later, |look| look.memory);
    let files = gauge::slope(&later, |look| look.files);
    let threads = gauge::slope(&later, |look| look.threads);
    let log = looks.iter().map(|look| look.log).max().unwrap_or(0);
    let wrong: usize = minutes.iter().map(|minute| minute.wrong).sum();
    let good: usize = minutes.iter().map(|minute| minute.good).sum();
    let rest = &minutes[first.min(minutes.len())..];
    let third = (rest.len() / 3).max(1).min(rest.len());
    let middle = |part: &[Minute], of: fn(&Minute) -> u64| {
        rank(&mut part.iter().map(of).collect::<Vec<_>>(), 50)
    };
    let (early, late) = (&rest[..third], &rest[rest.len() - third..]);
    let (from, to) = (middle(early, |minute| minute.most), middle(late, |minute| minute.most));
    let (half_from, half_to) =
        (middle(early, |minute| minute.half), middle(late, |minute| minute.half));
    println!("\n| over {asked} minutes, growth after the first {first} | measured | goal |");
    println!("| --- | ---: | ---: |");
    println!("| errands | {good} | |");
    println!("| refused, wrong or not sent | {wrong} | 0 |");
    println!(
        "| memory, MB an hour | {}.{:02} | < 1 |",
        memory / 1_024_000,
        (memory % 1_024_000).abs() * 100 / 1_024_000
    );
    println!("| files, an hour | {} | 0 |", files / 1_000);
    println!("| threads, an hour | {} | 0 |", threads / 1_000);
    println!("| log at most, MB | {} | ≤ 64 |", log / 1_024);
    println!(
        "| half of them waited, ms: early and late | {} {} | |",
        milli(half_from),
        milli(half_to)
    );
    println!("| 99 of 100 waited, ms: early and late | {} {} | +10 % |", milli(from), milli(to));
    println!("| rules that do not hold | {broken} | 0 |");
    let well = memory < FLAT
        && files.abs() < STEADY
        && threads.abs() < STEADY
        && log <= MOST_LOG
        && to <= (from + from / 10).max(from + UNNOTICED)
        && wrong == 0
        && broken == 0;
    println!("\n{}", if well { "well" } else { "NOT WELL" });
    well
}
