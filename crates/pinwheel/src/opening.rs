//! Opening the shop a command is about.

use std::io::IsTerminal;
use std::sync::Arc;

use app::config::Config;
use app::db::{Place, Seams};
use app::dice::Ids;
use app::failure::Failure;
use app::outside::Outside;
use app::{App, Visitor, clock, dice, staff_act};
use domain::person::Role;

use crate::arguments::Site;

/// Whether a command may make or change the data's shape.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// It brings the data up to date, or begins a new shop.
    Migrate,
    /// It works with a shop that is there and up to date, or not at all.
    AsItIs,
}

/// The address in messages when a command does not listen.
const NOWHERE: &str = "127.0.0.1:3000";

/// Opens the shop for a command that does not listen.
pub fn open(site: &Site, shape: Shape) -> Result<Arc<App>, Failure> {
    open_for(site, shape, NOWHERE)
}

/// Opens the shop that listens on `listen`, and begins to log as its settings say.
pub fn open_for(site: &Site, shape: Shape, listen: &str) -> Result<Arc<App>, Failure> {
    let config = settings(site, listen)?;
    log(&config);
    let place = place(site)?;
    if let (Place::Folder(folder), Shape::AsItIs) = (&place, shape)
        && !folder.join("pinwheel.db").exists()
    {
        let why = format!("there is no shop in {} (try `pinwheel serve`)", folder.display());
        return Err(Failure::Broken(why));
    }
    let dice = Arc::new(dice::System);
    let ids = Ids::new(dice.as_ref());
    let seams = Seams { clock: Arc::new(clock::Wall), dice, ids };
    let outside = Outside::real(&config)?;
    let migrate = shape == Shape::Migrate;
    Ok(Arc::new(App::open(&place, migrate, config, seams, outside)?))
}

/// Where the shop's data is.
pub fn place(site: &Site) -> Result<Place, Failure> {
    let from_file = app::config::file_of("PINWHEEL_DATABASE")?;
    Ok(match site.database.clone().or(from_file) {
        Some(address) => Place::Postgres(address),
        None => Place::Folder(site.data.clone()),
    })
}

/// The settings in force.
pub fn settings(site: &Site, listen: &str) -> Result<Config, Failure> {
    let flags = site.set.iter().cloned().collect();
    Config::gather(&flags, site.config.as_deref(), listen)
}

/// Whoever has the machine's terminal may do what an owner may.
pub fn terminal() -> Visitor {
    Visitor::of(staff_act::TERMINAL, "terminal", Role::Owner)
}

/// Structured lines on the standard error: text for people, JSON for programs. A second call, as
/// tests make, changes nothing.
fn log(config: &Config) {
    use tracing_subscriber::filter::{LevelFilter, Targets};
    use tracing_subscriber::layer::SubscriberExt;
    use tracing_subscriber::util::SubscriberInitExt;
    use tracing_subscriber::{Layer, fmt, registry};
    let everything = || Targets::new().with_default(LevelFilter::INFO);
    let filter: Targets = config.log.parse().unwrap_or_else(|_| everything());
    let lines =
        fmt::layer().with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    let _ = if config.log_format == "json" {
        registry().with(lines.json().flatten_event(true).with_filter(filter)).try_init()
    } else {
        registry().with(lines.with_target(false).with_filter(filter)).try_init()
    };
}
