//! `pinwheel backup`: a copy of a shop on SQLite, taken while it is used.

use app::failure::Failure;

use crate::arguments::{Backup, Site};
use crate::ended::Ended;
use crate::opening::{Shape, open};

pub fn run(site: &Site, flags: &Backup) -> Result<Ended, Failure> {
    let app = open(site, Shape::AsItIs)?;
    let file = flags.to.join("pinwheel.db");
    if file.exists() {
        let why = format!("{} is there already: a backup replaces nothing", file.display());
        return Err(Failure::Broken(why));
    }
    std::fs::create_dir_all(&flags.to).map_err(Failure::broken)?;
    app.db.copy_to(&file)?;
    println!("copied to {}; serve it with --data {0}", flags.to.display());
    Ok(Ended::Done)
}
