//! The database: read and write, each a closure in one transaction.
//!
//! The closure cannot await, so nothing outside can be called while rows are locked. It may run
//! more than once (a deadlock on PostgreSQL is retried), so it changes nothing but the database.
//! Stores are written once, in the SQL both engines understand: `$1` parameters, integers, text,
//! bytes and nulls, `insert … on conflict`, and conditional updates whose row count decides.

mod gather;
pub mod line;
pub mod migrate;
mod postgres;
mod rows;
mod sqlite;
pub mod value;

use domain::event::Fact;
use domain::id::Id;
use domain::moment::Moment;

use crate::clock::Clock;
use crate::dice::{Dice, Ids};
use crate::failure::Failure;

pub(crate) use rows::{Change, Insert, Sum};
pub use value::{Row, Value};

/// Where the data is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A folder for an SQLite file.
    Folder(std::path::PathBuf),
    /// A PostgreSQL address: `postgres://user:secret@host/name`.
    Postgres(String),
}

/// An open database of either kind.
pub enum Database {
    Sqlite(Box<sqlite::Sqlite>),
    Postgres(Box<postgres::Postgres>),
}

/// What a transaction may ask of the world.
pub struct Seams {
    pub clock: std::sync::Arc<dyn Clock>,
    pub dice: std::sync::Arc<dyn Dice>,
    pub ids: Ids,
}

/// A transaction in progress.
pub struct Tx<'c> {
    /// The moment it began: every rule in it judges by this one.
    pub now: Moment,
    pub request_id: Option<String>,
    conn: Conn<'c>,
    seams: &'c Seams,
    /// What was told and has not been followed yet.
    pub(crate) told: Vec<Fact>,
    /// What was told and followed; others hear it after the commit.
    pub(crate) heard: Vec<Fact>,
    /// Whether a job was asked for.
    pub(crate) rang: bool,
    /// Whether something changed that everybody is shown and that no fact tells of.
    pub(crate) shows: bool,
    /// What is written before the commit, all together.
    gathered: gather::Gathered,
    /// A snapshot: nothing in it is locked.
    reading: bool,
    /// A statement failed: the transaction can only be rolled back.
    broke: Option<Trouble>,
}

pub(crate) enum Conn<'c> {
    Sqlite(&'c rusqlite::Connection),
    Postgres(&'c mut postgres::Session),
}

/// Why a statement failed, as far as it matters to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// A deadlock, a serialization failure or two ids alike: the same again may succeed.
    Retry,
    /// No room, no connection: later it may succeed.
    Unavailable,
    /// The file is damaged or cannot be written: going on could lose money.
    Fatal,
    Other,
}

impl Database {
    /// Opens it and checks that its settings are safe. Migrates when `migrate` is set, otherwise
    /// refuses a database that is behind.
    pub fn open(place: &Place, migrate: bool, seams: &Seams) -> Result<Database, Failure> {
        let db = Database::reach(place)?;
        db.refuse_closed()?;
        migrate::run(&db, seams, migrate)?;
        Ok(db)
    }

    /// The line to other nodes; none on SQLite, where there are no others.
    pub fn line(&self) -> Option<line::Line> {
        match self {
            Database::Sqlite(_) => None,
            Database::Postgres(db) => Some(db.line()),
        }
    }

    /// Opens it for a backup that is of this version of the schema: a new one is made of it, one
    /// that is there stays as it is.
    pub(crate) fn open_up_to(
        place: &Place,
        version: i64,
        seams: &Seams,
    ) -> Result<Database, Failure> {
        let db = Database::reach(place)?;
        migrate::run_up_to(&db, seams, version)?;
        Ok(db)
    }

    /// Opens it to be read, also when it is closed.
    pub(crate) fn open_to_read(place: &Place, seams: &Seams) -> Result<Database, Failure> {
        let db = Database::reach(place)?;
        db.read(seams, migrate::refuse_old)?;
        Ok(db)
    }

    fn reach(place: &Place) -> Result<Database, Failure> {
        Ok(match place {
            Place::Folder(folder) => Database::Sqlite(Box::new(sqlite::Sqlite::open(folder)?)),
            Place::Postgres(address) => {
                Database::Postgres(Box::new(postgres::Postgres::open(address)?))
            }
        })
    }

    fn refuse_closed(&self) -> Result<(), Failure> {
        match self {
            Database::Sqlite(db) => db.refuse_closed(),
            Database::Postgres(_) => Ok(()),
        }
    }

    /// From now on nobody writes to a shop on SQLite, whichever process serves it, and whoever
    /// tries is told why when it starts. What was being written is finished first.
    pub(crate) fn close(&self, why: &str) -> Result<(), Failure> {
        match self {
            Database::Sqlite(db) => db.close(why),
            Database::Postgres(_) => Err(Failure::broken("only a shop on SQLite is closed")),
        }
    }

    /// Gives the file of a shop that nobody uses another name.
    pub(crate) fn put_aside(folder: &std::path::Path, seams: &Seams) -> Result<(), Failure> {
        sqlite::put_aside(folder, seams.clock.now())
    }

    /// Runs `work` in one writing transaction: all of it happens, or none.
    pub fn write<T>(
        &self,
        seams: &Seams,
        mut work: impl FnMut(&mut Tx) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let mut answer: Option<Result<T, Failure>> = None;
        let mut run = |conn: Conn| {
            let mut tx = Tx::begin(conn, seams);
            let done = work(&mut tx);
            let trouble = tx.broke;
            let keep = done.is_ok() && trouble.is_none();
            answer = Some(match (done, trouble) {
                // A statement failed and somebody went on: what was done is not to be trusted.
                (Ok(_), Some(_)) => Err(Failure::broken("a failed statement was passed over")),
                (done, _) => done,
            });
            Verdict { keep, trouble }
        };
        let committed = match self {
            Database::Sqlite(db) => db.write(&mut run),
            Database::Postgres(db) => db.write(&mut run),
        };
        // `run` was called at least once when the commit says so.
        committed.and_then(|()| answer.unwrap_or(Err(Failure::Unavailable)))
    }

    /// Runs `work` on a snapshot that nobody else changes meanwhile.
    pub fn read<T>(
        &self,
        seams: &Seams,
        work: impl FnOnce(&mut Tx) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let mut work = Some(work);
        let mut answer = None;
        self.look(seams, &mut |tx| answer = work.take().map(|work| work(tx)))?;
        answer.unwrap_or(Err(Failure::Unavailable))
    }

    fn look(&self, seams: &Seams, work: &mut dyn FnMut(&mut Tx)) -> Result<(), Failure> {
        let mut run = |conn: Conn| {
            let mut tx = Tx::begin(conn, seams);
            tx.reading = true;
            work(&mut tx);
        };
        match self {
            Database::Sqlite(db) => db.read(&mut run),
            Database::Postgres(db) => db.read(&mut run),
        }
    }

    pub fn is_postgres(&self) -> bool {
        matches!(self, Database::Postgres(_))
    }

    /// While a shop that nobody uses yet is filled from a backup, the disk is not waited for, and
    /// what points at what is looked at in the end. PostgreSQL is filled as ever.
    pub(crate) fn fill(&self, on: bool) -> Result<(), Failure> {
        match self {
            Database::Sqlite(db) => db.fill(on),
            Database::Postgres(_) => Ok(()),
        }
    }

    /// While a shop is built that would be built anew after a crash, the disk is not waited for.
    /// Switching it off forces everything to the disk.
    pub fn hurry(&self, on: bool) -> Result<(), Failure> {
        match self {
            Database::Sqlite(db) => db.hurry(on),
            Database::Postgres(_) => Ok(()),
        }
    }
}

/// What an engine does with a transaction that ran.
pub(crate) struct Verdict {
    keep: bool,
    trouble: Option<Trouble>,
}

impl<'c> Tx<'c> {
    fn begin(conn: Conn<'c>, seams: &'c Seams) -> Tx<'c> {
        Tx {
            now: seams.clock.now(),
            request_id: None,
            conn,
            seams,
            told: Vec::new(),
            heard: Vec::new(),
            rang: false,
            shows: false,
            gathered: gather::Gathered::default(),
            reading: false,
            broke: None,
        }
    }

    /// A new id.
    pub fn id<T>(&self) -> Id<T> {
        self.seams.ids.make(self.now)
    }

    /// What everybody is shown changed, in a way that is no fact of its own: a picture came, a
    /// category got a name. What was prepared is old after the commit.
    pub fn shows(&mut self) {
        self.shows = true;
    }

    pub fn dice(&self) -> &'c dyn Dice {
        self.seams.dice.as_ref()
    }

    /// Runs a statement and says how many rows it changed.
    pub fn run(&mut self, sql: &str, params: &[Value]) -> Result<u64, Failure> {
        if self.gathers() {
            return Err(self.alone());
        }
        let done = match &mut self.conn {
            Conn::Sqlite(conn) => sqlite::run(conn, sql, params),
            Conn::Postgres(session) => session.run(sql, params),
        };
        done.map_err(|error| self.failed(sql, error))
    }

    /// The rows of a query, each made into a value.
    pub fn all<T>(
        &mut self,
        sql: &str,
        params: &[Value],
        mut make: impl FnMut(&Row) -> T,
    ) -> Result<Vec<T>, Failure> {
        let mut values = Vec::new();
        self.each(sql, params, &mut |row| values.push(make(row)))?;
        Ok(values)
    }

    /// The part of a query that is the same whatever its rows are made into: compiled once.
    pub(crate) fn each(
        &mut self,
        sql: &str,
        params: &[Value],
        each: &mut dyn FnMut(&Row),
    ) -> Result<(), Failure> {
        // What gathers has what it changed in memory: whoever writes at once is decided alone.
        if self.gathers() && !sql.trim_start().starts_with("select") {
            return Err(self.alone());
        }
        let done = match &mut self.conn {
            Conn::Sqlite(conn) => sqlite::query(conn, sql, params, each),
            Conn::Postgres(session) => session.query(sql, params, each),
        };
        done.map_err(|error| self.failed(sql, error))
    }

    /// The first row, if there is one.
    pub fn maybe<T>(
        &mut self,
        sql: &str,
        params: &[Value],
        mut make: impl FnMut(&Row) -> T,
    ) -> Result<Option<T>, Failure> {
        let mut first = None;
        self.each(sql, params, &mut |row| {
            first.get_or_insert_with(|| make(row));
        })?;
        Ok(first)
    }

    /// The one row there must be; `NotFound` when there is none.
    pub fn one<T>(
        &mut self,
        sql: &str,
        params: &[Value],
        make: impl FnMut(&Row) -> T,
    ) -> Result<T, Failure> {
        self.maybe(sql, params, make)?.ok_or(Failure::NotFound)
    }

    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self.conn, Conn::Postgres(_))
    }

    /// ` for update` on PostgreSQL, nothing on SQLite, where there is one writer. The first thing a
    /// writing action reads is the thing it will change, with this at its end.
    pub fn lock(&self) -> &'static str {
        match self.conn {
            Conn::Postgres(_) if !self.reading => " for update",
            _ => "",
        }
    }

    /// ` for share` on PostgreSQL: the row stays as it is until the commit.
    pub fn share(&self) -> &'static str {
        match self.conn {
            Conn::Postgres(_) if !self.reading => " for share",
            _ => "",
        }
    }

    /// ` for update skip locked` on PostgreSQL: what others are at is left to them.
    pub fn lock_free(&self) -> &'static str {
        match self.conn {
            Conn::Sqlite(_) => "",
            Conn::Postgres(_) => " for update skip locked",
        }
    }

    /// Runs a script of several statements, for what changes tables.
    pub(crate) fn script(&mut self, sql: &str) -> Result<(), Failure> {
        let done = match &mut self.conn {
            Conn::Sqlite(conn) => sqlite::script(conn, sql),
            Conn::Postgres(session) => session.script(sql),
        };
        done.map_err(|error| self.failed(sql, error))
    }

    fn failed(&mut self, sql: &str, error: StatementError) -> Failure {
        tracing::warn!(%sql, error = %error.text, "a statement failed");
        self.broke = Some(error.trouble);
        match error.trouble {
            Trouble::Unavailable => Failure::Unavailable,
            _ => Failure::Broken(error.text),
        }
    }
}

/// A statement's error with what it means to us.
pub(crate) struct StatementError {
    trouble: Trouble,
    text: String,
}
