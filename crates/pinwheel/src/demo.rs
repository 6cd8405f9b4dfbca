//! `pinwheel demo`: a shop of our own making with a month of life in it, made once and then served.
//!
//! A shop that is there already is served again as it is. One whose making was interrupted is made
//! anew: a file beside it says so.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::clock::{Clock, Wall};
use app::db::Place;
use app::failure::Failure;
use app::person::add_staff_from_terminal;
use app::{App, dice};
use domain::moment::Span;
use domain::person::Role;
use indicatif::{ProgressBar, ProgressStyle};

use crate::arguments::{Demo, Site};
use crate::ended::Ended;
use crate::opening::{Shape, open_for, place, settings, terminal};
use crate::serve::{listen, serve};

pub fn run(site: &Site, flags: &Demo) -> Result<Ended, Failure> {
    let listener = listen(flags.listen)?;
    let address = listener.local_addr().map_err(Failure::broken)?.to_string();
    if flags.empty {
        let app = open_for(site, Shape::Migrate, &address)?;
        begin(&app)?;
        return if flags.fill_only { Ok(Ended::Done) } else { serve(app, listener) };
    }
    let place = place(site)?;
    let marker = Unfinished::of(&place);
    if marker.was_left() || !app::demo::stands(&place)? {
        marker.put()?;
        fill(site, flags, &place, &address)?;
        marker.lift()?;
    }
    if flags.fill_only {
        return Ok(Ended::Done);
    }
    let mut app = open_for(site, Shape::Migrate, &address)?;
    if let Some(app) = Arc::get_mut(&mut app) {
        // Nobody pays real money in a shop of invented people, wherever it is reached.
        app.config.sandbox = true;
    }
    welcome(&app);
    serve(app, listener)
}

/// Lives the month that ends a minute ago.
fn fill(site: &Site, flags: &Demo, place: &Place, address: &str) -> Result<(), Failure> {
    let bar = ProgressBar::new(1_000);
    // The template is a constant that indicatif can read.
    let style = ProgressStyle::with_template("{msg} {bar:36} {percent:>3} % {elapsed}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_message("living a month of shop life");
    let config = settings(site, address)?;
    let now = Wall.now();
    let end = now.minus(Span::minutes(1));
    let made = app::demo::build(place, config, flags.seed, end, &mut |done| bar.set_position(done));
    bar.finish_and_clear();
    made?;
    let took = Wall.now().since(now).0 / 100_000;
    eprintln!("a month of shop life is ready, in {}.{} s", took / 10, took % 10);
    Ok(())
}

/// A file beside the data that is there while the demo is made.
struct Unfinished(Option<PathBuf>);

impl Unfinished {
    fn of(place: &Place) -> Unfinished {
        Unfinished(match place {
            Place::Folder(folder) => Some(folder.join("demo-unfinished")),
            Place::Postgres(_) => None,
        })
    }

    /// Whether a making was interrupted; what it left is cleared away.
    fn was_left(&self) -> bool {
        let Some(marker) = self.0.as_deref().filter(|marker| marker.exists()) else {
            return false;
        };
        let folder = marker.parent().unwrap_or(Path::new("."));
        for name in ["pinwheel.db", "pinwheel.db-wal", "pinwheel.db-shm"] {
            let _ = std::fs::remove_file(folder.join(name));
        }
        true
    }

    fn put(&self) -> Result<(), Failure> {
        let Some(marker) = &self.0 else { return Ok(()) };
        let folder = marker.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)
            .and_then(|()| std::fs::write(marker, "The demo is being made.\n"))
            .map_err(|error| Failure::broken(format!("{}: {error}", marker.display())))
    }

    fn lift(&self) -> Result<(), Failure> {
        let Some(marker) = &self.0 else { return Ok(()) };
        std::fs::remove_file(marker)
            .map_err(|error| Failure::broken(format!("{}: {error}", marker.display())))
    }
}

/// A real start: an empty shop whose owner is told their password, once.
fn begin(app: &App) -> Result<(), Failure> {
    let staff = app::person::list_staff(app, &terminal())?;
    if staff.iter().all(|person| person.role != Role::Owner) {
        let password = dice::secret(&dice::System, 20);
        let contact = "owner@example.com";
        add_staff_from_terminal(app, "owner", contact, Role::Owner, &password)?;
        println!("Your shop's owner: {contact}, password {password} (it is not shown again)");
    }
    let base = &app.config.base_url;
    println!("An empty shop is open at {base}/ and its console at {base}/console");
    Ok(())
}

fn welcome(app: &App) {
    let base = &app.config.base_url;
    let password = app::demo::PASSWORD;
    println!(
        "\n  {name} · Pinwheel Market is open\n\n  \
         shop      {base}/\n  \
         console   {base}/console\n  \
         API       {base}/api\n\n  \
         One click at {base}/sign-in lets you in as ann, bob, eve or lin,\n  \
         at {base}/console/sign-in as zoe (owner) or mo (manager).\n  \
         By hand: zoe@example.com, password {password}\n",
        name = app::demo::NAME,
    );
}
