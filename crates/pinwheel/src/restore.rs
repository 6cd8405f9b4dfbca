//! `pinwheel restore`: a backup becomes a shop again, checked before and after.

use std::sync::Arc;

use app::db::{Database, Seams};
use app::dice::Ids;
use app::failure::Failure;
use app::outside::Outside;
use app::{App, audit, backup, clock, dice};
use domain::moment::Span;

use crate::arguments::{Restore, Site};
use crate::ended::Ended;
use crate::opening::{place, settings};

pub fn run(site: &Site, flags: &Restore) -> Result<Ended, Failure> {
    if flags.check {
        let kept = backup::check(&flags.file)?;
        println!("{} is whole: {}", flags.file.display(), crate::backup::said(&kept));
        return Ok(Ended::Done);
    }
    let seams = seams();
    let (kept, db) = backup::restore(&flags.file, &place(site)?, &seams, flags.force)?;
    println!("restored {}", crate::backup::said(&kept));
    let age = seams.clock.now().since(kept.header.taken_at);
    audited(site, db, seams, age)
}

pub fn seams() -> Seams {
    let dice = Arc::new(dice::System);
    let ids = Ids::new(dice.as_ref());
    Seams { clock: Arc::new(clock::Wall), dice, ids }
}

/// Every rule against what has arrived. What fell due since the backup may be late.
pub fn audited(site: &Site, db: Database, seams: Seams, age: Span) -> Result<Ended, Failure> {
    let config = settings(site, "127.0.0.1:3000")?;
    let outside = Outside::real(&config)?;
    let app = App::of(db, seams, config, outside);
    let report = audit::run(&app, Span(age.0 + audit::GRACE.0))?;
    for check in report.broken() {
        println!("BROKEN  {:<5} {}", check.id, check.statement);
    }
    let violations: usize = report.checks.iter().map(|check| check.violations.len()).sum();
    println!("{} rules, {violations} violations", report.checks.len());
    Ok(Ended::found(violations > 0))
}
