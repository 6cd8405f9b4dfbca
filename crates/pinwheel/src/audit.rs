//! `pinwheel audit`: every rule that must hold, checked against the data.

use app::failure::Failure;
use domain::moment::Span;

use crate::arguments::{Audit, Site};
use crate::ended::Ended;
use crate::opening::{Shape, open};

/// So many broken rows of one rule are named.
const NAMED: usize = 10;

pub fn run(site: &Site, flags: &Audit) -> Result<Ended, Failure> {
    let app = open(site, Shape::AsItIs)?;
    let report = app::audit::run(&app, Span::seconds(flags.grace))?;
    let violations: usize = report.checks.iter().map(|check| check.violations.len()).sum();
    if flags.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
        return Ok(Ended::found(violations > 0));
    }
    for check in &report.checks {
        let mark = if check.violations.is_empty() { "holds " } else { "BROKEN" };
        println!("{mark}  {:<5} {} ({} µs)", check.id, check.statement, check.took_us);
        for violation in check.violations.iter().take(NAMED) {
            println!("              {violation}");
        }
        if let Some(more) = check.violations.len().checked_sub(NAMED).filter(|more| *more > 0) {
            println!("              and {more} more");
        }
    }
    println!("{} rules, {violations} violations", report.checks.len());
    Ok(Ended::found(violations > 0))
}
