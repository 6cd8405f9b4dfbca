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
mod opening_day;
mod life;
mod door;
mod buying;
mod together;
mod desk;

use std::sync::Arc;

use domain::moment::{Moment, Span};

use crate::clock::Held;
use crate::config::Config;
use crate::db::{Database, Place, Seams};
use crate::dice::{self, Ids, Seeded};
use crate::failure::Failure;
use crate::outside::Outside;
use crate::{App, Bell, shop};

pub use opening_day::PASSWORD;

/// The seed of the month everybody sees.
pub const SEED: u64 = 20_261_121;
/// What the demo shop is called.
pub const NAME: &str = "风车集";

/// How much of the demo is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Much {
    /// Staff, categories and goods.
    Goods,
    /// The same and a month of life.
    Month,
}

/// Makes the demo shop in an empty place. It ends at `now`; `progress` hears how many of a
/// thousand parts are done.
pub fn build(
    place: &Place,
    config: Config,
    (seed, much): (u64, Much),
    now: Moment,
    progress: &mut dyn FnMut(u64),
) -> Result<(), Failure> {
    let month = Span::days(life::DAYS);
    let start = match much {
        Much::Month => rhythm::midnight(now.minus(month)).plus(Span::hours(8)),
        Much::Goods => now,
    };
    let config = Config { shop_name: NAME.into(), sandbox: true, ..config };
    let clock = Arc::new(Held::at(start));
    found(place, &config, clock.clone())?;
    let dice = Arc::new(Seeded::new(seed));
    let ids = Ids::new(dice.as_ref());
    let seams = Seams { clock: clock.clone(), dice, ids };
    let db = Database::open(place, true, &seams)?;
    let app = App { db, seams, config, outside: Outside::remembered(), bell: Bell::default() };
    app.db.hurry(true)?;
    let staff = opening_day::hire(&app)?;
    let wares = opening_day::furnish(&app, &staff.zoe)?;
    if much == Much::Month {
        life::Life::new(&app, clock, seed, (staff, wares), (start, now)).live(progress)?;
    }
    app.db.hurry(false)
}

/// The shop's row, with a secret that no seed gives away.
fn found(place: &Place, config: &Config, clock: Arc<Held>) -> Result<(), Failure> {
    let dice = Arc::new(dice::System);
    let ids = Ids::new(dice.as_ref());
    let seams = Seams { clock, dice, ids };
    let db = Database::open(place, true, &seams)?;
    db.write(&seams, |tx| {
        shop::ensure(tx, config)?;
        shop::become_demo(tx)
    })
}

#[cfg(test)]
mod tests;
