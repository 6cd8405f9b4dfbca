//! `pinwheel jobs`: what is done in the background, from the machine's terminal.

use app::failure::Failure;
use app::jobs::{self, Job, JobView};
use app::{App, work};
use domain::id::Id;
use indicatif::{ProgressBar, ProgressStyle};

use crate::arguments::{Jobs, Site};
use crate::ended::Ended;
use crate::opening::{Shape, open, terminal};

/// How many jobs are read at once.
const BATCH: i64 = 500;

pub fn run(site: &Site, what: &Jobs) -> Result<Ended, Failure> {
    let app = open(site, Shape::AsItIs)?;
    match what {
        Jobs::List { state, limit, json } => list(&app, state.as_deref(), *limit, *json),
        Jobs::Retry { jobs, dead: false } => retry(&app, &named(jobs)?),
        Jobs::Retry { dead: true, .. } => retry(&app, &all_dead(&app)?),
    }
}

/// Given-up jobs are something found: a script can tell from the exit code.
fn list(app: &App, state: Option<&str>, limit: i64, json: bool) -> Result<Ended, Failure> {
    let (found, counts) =
        app.read(|tx| Ok((jobs::list(tx, state, None, limit)?, jobs::counts(tx)?)))?;
    let dead = counts.iter().any(|(state, many)| state == "dead" && *many > 0);
    if json {
        println!("{}", serde_json::to_string_pretty(&found)?);
        return Ok(Ended::found(dead));
    }
    for JobView { id, kind, about_id, state, run_at, attempts, last_error, .. } in &found {
        let at = run_at.rfc3339();
        println!("{id}  {state:<8} {kind:<18} {about_id:>20}  {at}  tried {attempts}");
        if let Some(why) = last_error.as_deref().filter(|why| !why.is_empty()) {
            println!("    {why}");
        }
    }
    let counts: Vec<String> =
        counts.iter().map(|(state, many)| format!("{many} {state}")).collect();
    println!("{}", if counts.is_empty() { "no jobs".to_string() } else { counts.join(", ") });
    Ok(Ended::found(dead))
}

fn named(jobs: &[String]) -> Result<Vec<Id<Job>>, Failure> {
    let one = |text: &String| Id::parse(text).ok_or(Failure::NotFound);
    jobs.iter().map(one).collect()
}

fn all_dead(app: &App) -> Result<Vec<Id<Job>>, Failure> {
    let mut all: Vec<Id<Job>> = Vec::new();
    loop {
        let before = all.last().copied();
        let found = app.read(|tx| jobs::list(tx, Some("dead"), before, BATCH))?;
        all.extend(found.iter().map(|job| job.id));
        if found.len() < BATCH as usize {
            return Ok(all);
        }
    }
}

fn retry(app: &App, jobs: &[Id<Job>]) -> Result<Ended, Failure> {
    let bar = ProgressBar::new(jobs.len() as u64);
    // The template is a constant that indicatif can read.
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {eta}");
    bar.set_style(style.expect("a readable template"));
    let visitor = terminal();
    let mut gone = 0;
    for job in jobs {
        match work::retry(app, &visitor, *job) {
            Ok(()) => (),
            // Done meanwhile, or another of its kind waits already.
            Err(Failure::NotFound) => gone += 1,
            Err(failure) => return Err(failure),
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    println!("{} will run at once, {gone} had nothing to do", jobs.len() - gone);
    Ok(Ended::found(gone > 0))
}
