//! `pinwheel bench`: how fast this shop is on this machine, over HTTP, with the proof that nothing
//! went wrong.
//!
//! It makes a shop of its own, serves it with processes of its own on loopback, sends a crowd of
//! buyers, and checks every rule at the end. Driver and shop share the machine, so the figures are
//! what is left for the shop beside a crowd of so many.

mod budget;
mod client;
mod crowd;
mod flow;
mod gauge;
mod node;
mod overload;
mod restoring;
mod soak;
mod table;
mod traffic;

use std::path::PathBuf;
use std::time::Duration;

use app::db::Place;
use app::failure::Failure;
use app::{audit, rehearsal};
use domain::moment::Span;

use crate::arguments::{Bench, Flow, Site};
use crate::ended::Ended;
use crate::opening::{self, Shape};
use node::Node;
use table::Figures;

/// Plenty: nobody is told that it is gone.
const PLENTY: u64 = 1_000_000;

pub fn run(site: &Site, flags: &Bench) -> Result<Ended, Failure> {
    if let Some(from) = flags.from {
        return budget::work(site, flags, from);
    }
    let folder = Folder::make()?;
    let mut site = site.clone();
    site.data = folder.0.clone();
    if let Place::Postgres(_) = opening::place(&site)? {
        tracing::info!("the database must be empty, and is not emptied afterwards");
    } else if flags.nodes > 1 {
        return Err(Failure::broken("several nodes need a database of their own: --database"));
    }
    if flags.flow == Flow::Join && flags.buyers < flags.team {
        return Err(Failure::broken("too few buyers to fill a team: --buyers, --team"));
    }
    let units = match flags.flow {
        Flow::Crowd => flags.units,
        _ => PLENTY,
    };
    let app = opening::open(&site, Shape::Migrate)?;
    app.db.hurry(true)?;
    let made = rehearsal::prepare(&app, flags.buyers, units)?;
    let together = match flags.flow {
        Flow::Join => Some(rehearsal::together(&app, &made, flags.team as i64)?),
        _ => None,
    };
    app.db.hurry(false)?;
    match flags.flow {
        Flow::Soak => return soak::run(&app, &site, flags, &made),
        Flow::Overload => return overload::run(&app, &site, flags, &made),
        Flow::Restore => return restoring::run(&app, &site, flags, &made),
        Flow::Budget => return budget::run(&app, &site, flags),
        _ => {}
    }
    let shop = app.read(app::shop::get)?;
    let nodes: Vec<Node> =
        (0..flags.nodes).map(|_| Node::start(&site)).collect::<Result<_, _>>()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(Failure::broken)?;
    let spent: Duration = nodes.iter().map(Node::cpu).sum();
    let told = runtime.block_on(async {
        match flags.flow {
            Flow::Checkout | Flow::Join => flow::send(flags, &nodes, &made, shop, together).await,
            _ => crowd::send(flags, &nodes, &made).await,
        }
    })?;
    let spent = nodes.iter().map(Node::cpu).sum::<Duration>().saturating_sub(spent);
    let memory = nodes.iter().map(Node::memory).max().unwrap_or(0);
    drop(nodes);
    let count = |sql: &str| app.read(|tx| tx.one(sql, &[], |row| row.get::<i64>(0)));
    let paid = "select count(*) from orders where status = 'to_ship'";
    let sold = match flags.flow {
        Flow::Checkout | Flow::Join => count(paid)?,
        _ => count("select count(*) from orders")?,
    };
    let full = count("select count(*) from teams where status = 'succeeded'")?;
    let report = audit::run(&app, Span::seconds(60))?;
    let broken = report.broken().count();
    let figures = Figures::of(flags, told, spent, memory, sold, broken);
    if flags.json {
        println!("{}", serde_json::to_string_pretty(&figures.json())?);
    } else {
        print!("{}", figures.table());
    }
    let wrong = figures.is_wrong(flags, units, full);
    Ok(Ended::found(wrong))
}

/// A folder that goes when the bench does.
struct Folder(PathBuf);

impl Folder {
    fn make() -> Result<Folder, Failure> {
        let path = std::env::temp_dir().join(format!("pinwheel-bench-{}", std::process::id()));
        std::fs::create_dir_all(&path).map_err(Failure::broken)?;
        Ok(Folder(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
