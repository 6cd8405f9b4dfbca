//! A shop for a test: its own database, a held clock, repeatable dice, and the cast.
//!
//! `shop()` is on SQLite, or on PostgreSQL when `DATABASE_URL` is set; `both_engines` runs a test
//! on SQLite and, where there is one, on PostgreSQL. When a shop goes out of scope it is audited:
//! a test that leaves the books wrong fails, whatever else it found.

use std::ops::Deref;
use std::sync::Arc;

use app::clock::Held;
use app::config::Config;
use app::db::{Database, Place, Seams};
use app::dice::{Ids, Seeded};
use app::outside::Outside;
use app::{App, Visitor, staff_act};
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::person::{Person, Role};

use crate::postgres::{self, Fresh};

/// 2026-11-21T08:00:00Z: when every test begins.
pub const MORNING: Moment = Moment(1_795_248_000_000_000);

/// A shop of a test's own.
pub struct TestShop {
    pub app: Arc<App>,
    pub clock: Arc<Held>,
    pub cast: Cast,
    /// `sqlite` or `postgres`, for messages.
    pub engine: &'static str,
    audited: bool,
    place: Place,
    _fresh: Option<Fresh>,
    _folder: tempfile::TempDir,
}

/// ann shops, bob always joins, eve games the rules, lin leads a community; mo packs, zoe runs it.
pub struct Cast {
    pub ann: Visitor,
    pub bob: Visitor,
    pub eve: Visitor,
    pub lin: Visitor,
    pub mo: Visitor,
    pub zoe: Visitor,
}

/// A shop on the default engine.
pub fn shop() -> TestShop {
    if std::env::var("DATABASE_URL").is_ok_and(|url| !url.is_empty()) {
        on_postgres().expect("DATABASE_URL names a server")
    } else {
        on_sqlite()
    }
}

/// Runs a test on SQLite and, where there is one, on PostgreSQL.
pub fn both_engines(test: impl Fn(&TestShop)) {
    test(&on_sqlite());
    if let Some(shop) = on_postgres() {
        test(&shop);
    }
}

pub fn on_sqlite() -> TestShop {
    sqlite_in(Config::plain("http://127.0.0.1:3000"), Outside::remembered())
}

/// `None` where there is no PostgreSQL.
pub fn on_postgres() -> Option<TestShop> {
    postgres_in(Config::plain("http://127.0.0.1:3000"), Outside::remembered())
}

/// The same with settings and a world of one's own.
pub fn sqlite_in(config: Config, outside: Outside) -> TestShop {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::Folder(folder.path().to_path_buf());
    open((place, config, outside), "sqlite", None, folder)
}

pub fn postgres_in(config: Config, outside: Outside) -> Option<TestShop> {
    let fresh = postgres::fresh()?;
    let place = Place::Postgres(fresh.address.clone());
    Some(open((place, config, outside), "postgres", Some(fresh), tempfile::tempdir().unwrap()))
}

fn open(
    what: (Place, Config, Outside),
    engine: &'static str,
    fresh: Option<Fresh>,
    folder: tempfile::TempDir,
) -> TestShop {
    begin(what, engine, fresh, folder, 20_261_121)
}

/// A shop that may have been there before, with the people it had, and with dice of one's own.
pub fn begin(
    (place, config, outside): (Place, Config, Outside),
    engine: &'static str,
    fresh: Option<Fresh>,
    folder: tempfile::TempDir,
    luck: u64,
) -> TestShop {
    let clock = Arc::new(Held::at(MORNING));
    let dice = Arc::new(Seeded::new(luck));
    let ids = Ids::new(dice.as_ref());
    let seams = Seams { clock: clock.clone(), dice, ids };
    let db = Database::open(&place, true, &seams).unwrap();
    let app = Arc::new(App::of(db, seams, config, outside));
    app.write(|tx| app::delivery::found(tx, &app.config)).unwrap();
    let cast = Cast {
        ann: person(&app, "ann", Role::Shopper),
        bob: person(&app, "bob", Role::Shopper),
        eve: person(&app, "eve", Role::Shopper),
        lin: person(&app, "lin", Role::Shopper),
        mo: person(&app, "mo", Role::Manager),
        zoe: person(&app, "zoe", Role::Owner),
    };
    let audited = false;
    TestShop { app, clock, cast, engine, audited, place, _fresh: fresh, _folder: folder }
}

/// Somebody of this name, `name@example.com`; the same one in a shop that was there before.
fn person(app: &App, name: &str, role: Role) -> Visitor {
    let id = app
        .write(|tx| {
            let there = "select id from people where name = $1";
            if let Some(id) = tx.maybe(there, &[name.into()], |row| row.get(0))? {
                return Ok(id);
            }
            let id: Id<Person> = tx.id();
            tx.run(
                "insert into people (id, name, email, locale, role, created_at)
                 values ($1, $2, $3, 'zh-CN', $4, $5)",
                &[
                    id.into(),
                    name.into(),
                    format!("{name}@example.com").into(),
                    role.code().into(),
                    tx.now.into(),
                ],
            )?;
            if role.is_staff() {
                let about = ("person", id.0);
                staff_act::record(tx, staff_act::TERMINAL, "staff.add", about, role.code())?;
            }
            Ok(id)
        })
        .unwrap();
    Visitor::of(id, name, role)
}

impl TestShop {
    /// Another shopper, beside the cast.
    pub fn shopper(&self, name: &str) -> Visitor {
        person(&self.app, name, Role::Shopper)
    }

    /// Another process of the same shop, as far as it can be told from one: on PostgreSQL alone.
    pub fn another_node(&self) -> Option<Arc<App>> {
        let Place::Postgres(_) = self.place else { return None };
        let dice = Arc::new(Seeded::new(20_261_122));
        let ids = Ids::new(dice.as_ref());
        let seams = Seams { clock: self.clock.clone(), dice, ids };
        let db = Database::open(&self.place, false, &seams).unwrap();
        let config = Config::plain("http://127.0.0.1:3000");
        Some(Arc::new(App::of(db, seams, config, Outside::remembered())))
    }

    /// Panics when an invariant does not hold, naming each and the rows that break it.
    pub fn audit(&self) {
        let report = app::audit::run(&self.app, Span::seconds(60)).unwrap();
        let broken: Vec<String> = report
            .checks
            .iter()
            .filter(|check| !check.violations.is_empty())
            .map(|check| format!("{} {}: {:?}", check.id, check.statement, check.violations))
            .collect();
        assert!(broken.is_empty(), "audit on {}:\n{}", self.engine, broken.join("\n"));
    }

    /// Audits now rather than at the end of the scope.
    pub fn finish(mut self) {
        self.audited = true;
        self.audit();
    }
}

/// Where a shop on SQLite has its file.
pub fn file(shop: &TestShop) -> std::path::PathBuf {
    let sql = "select file from pragma_database_list";
    let file: String = shop.app.read(|tx| tx.one(sql, &[], |row| row.get(0))).unwrap();
    file.into()
}

impl Deref for TestShop {
    type Target = Cast;
    fn deref(&self) -> &Cast {
        &self.cast
    }
}

impl Drop for TestShop {
    fn drop(&mut self) {
        if !self.audited && !std::thread::panicking() {
            self.audit();
        }
    }
}
