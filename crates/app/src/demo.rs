//! The demo: a shop of our own making and a month of believable life in it.
//!
//! Nothing is written behind the actions' backs: people sign up, shop, open teams, pay at the
//! sandbox provider and change their minds by the same actions the pages call, with a held clock
//! and seeded dice. The same seed and the same moment give the same month. The cast: ann, who
//! shops; bob, who always joins; eve, who games the rules; lin, who leads a community; mo, who
//! packs; zoe, who runs it.

pub mod content;
mod agenda;
mod luck;
mod rhythm;
mod crowd;
mod offers;
mod deals;
mod opening_day;
mod loyal;
mod papers;
mod spread;
mod life;
mod delivery;
mod door;
mod buying;
mod together;
mod saying;
mod desk;
mod games;
mod gifts;

use std::sync::Arc;

use domain::moment::{Moment, Span};

use crate::clock::{self, Held};
use crate::config::Config;
use crate::db::{Database, Place, Seams};
use crate::dice::{self, Ids, Seeded};
use crate::failure::Failure;
use crate::outside::Outside;
use crate::{App, audit, reconciliation, sandbox, shop};

pub use opening_day::PASSWORD;

/// The seed of the month everybody sees.
pub const SEED: u64 = 20_261_121;
/// What the demo shop is called.
pub const NAME: &str = "风车集";

/// Whether there is a shop already.
pub fn stands(place: &Place) -> Result<bool, Failure> {
    if let Place::Folder(folder) = place
        && !folder.join("pinwheel.db").exists()
    {
        return Ok(false);
    }
    let dice = Arc::new(dice::System);
    let ids = Ids::new(dice.as_ref());
    let seams = Seams { clock: Arc::new(clock::Wall), dice, ids };
    match Database::open(place, true, &seams)?.read(&seams, shop::get) {
        Ok(_) => Ok(true),
        Err(Failure::NotFound) => Ok(false),
        Err(other) => Err(other),
    }
}

/// Makes the demo shop in an empty place. It ends at `now`; `progress` hears how many of a
/// thousand parts are done.
pub fn build(
    place: &Place,
    config: Config,
    seed: u64,
    now: Moment,
    progress: &mut dyn FnMut(u64),
) -> Result<(), Failure> {
    live_days(place, config, seed, now, life::DAYS, progress)
}

/// `build` with fewer days, for tests.
fn live_days(
    place: &Place,
    config: Config,
    seed: u64,
    now: Moment,
    days: i64,
    progress: &mut dyn FnMut(u64),
) -> Result<(), Failure> {
    let start = rhythm::midnight(now.minus(Span::days(days))).plus(Span::hours(8));
    let config = Config { shop_name: NAME.into(), sandbox: true, ..config };
    let clock = Arc::new(Held::at(start));
    found(place, &config, clock.clone())?;
    let dice = Arc::new(Seeded::new(seed));
    let ids = Ids::new(dice.as_ref());
    let seams = Seams { clock: clock.clone(), dice, ids };
    let db = Database::open(place, true, &seams)?;
    let app = App::of(db, seams, config, Outside::remembered());
    app.db.hurry(true)?;
    let staff = opening_day::hire(&app)?;
    let counter = delivery::set_up(&app, &staff.zoe)?;
    let wares = opening_day::furnish(&app, &staff.zoe)?;
    opening_day::take_transfers(&app, &staff.zoe)?;
    loyal::open(&app, &staff.zoe)?;
    papers::put_in_order(&app, &staff.zoe)?;
    let zoe = staff.zoe.clone();
    life::Life::new(&app, clock, seed, (staff, wares, counter), (start, now)).live(progress)?;
    // One thing its statements do not agree with the books about.
    sandbox::take_back(&app, now.minus(Span::days(2)))?;
    reconciliation::read_all_due(&app)?;
    deals::put_up(&app, &zoe)?;
    loyal::begin(&app, &zoe)?;
    opening_day::welcome(&app, zoe.clone())?;
    games::play(&app, &zoe)?;
    spread::begin(&app, &zoe)?;
    gifts::give(&app, &zoe)?;
    app.db.hurry(false)?;
    // The console says from the start that somebody has looked.
    audit::run_and_keep(&app).map(|_| ())
}

/// The shop's row, with a secret that no seed gives away.
fn found(place: &Place, config: &Config, clock: Arc<Held>) -> Result<(), Failure> {
    let dice = Arc::new(dice::System);
    let ids = Ids::new(dice.as_ref());
    let seams = Seams { clock, dice, ids };
    let db = Database::open(place, true, &seams)?;
    db.write(&seams, |tx| {
        crate::delivery::found(tx, config)?;
        shop::become_demo(tx)
    })
}

#[cfg(test)]
mod tests;
