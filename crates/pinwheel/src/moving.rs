//! `pinwheel move`: from SQLite to PostgreSQL. The folder takes no orders from the beginning of it.

use app::backup;
use app::db::Place;
use app::failure::Failure;

use crate::arguments::{Move, Site};
use crate::ended::Ended;
use crate::opening::place;
use crate::restore::{audited, seams};

pub fn run(site: &Site, flags: &Move) -> Result<Ended, Failure> {
    let Place::Folder(folder) = place(site)? else {
        return Err(Failure::broken("only a shop on SQLite moves: name its folder with --data"));
    };
    if !folder.join("pinwheel.db").exists() {
        let why = format!("there is no shop in {}", folder.display());
        return Err(Failure::Broken(why));
    }
    let seams = seams();
    let (kept, db) = backup::move_to(&folder, &Place::Postgres(flags.to.clone()), &seams)?;
    println!("every table has arrived as it was: {}", crate::backup::said(&kept));
    let age = seams.clock.now().since(kept.header.taken_at);
    let ended = audited(site, db, seams, age)?;
    println!("serve it with PINWHEEL_DATABASE; {} stays as it is, closed", folder.display());
    Ok(ended)
}
