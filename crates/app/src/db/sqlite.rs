//! SQLite: one file, one writer, many readers.
//!
//! Writers commit in groups. Whoever has the writer runs its closure in a savepoint of its own; if
//! others wait for the writer by then, it leaves the transaction open for the next of them and
//! waits for the last one's commit, which answers all. Forcing the disk is by far the dearest part
//! of a small write, so 256 waiting writes cost little more than one, and nobody is answered before
//! the disk has it. A write alone commits at once.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, ToSql, ffi};

use super::{Conn, Failure, Row, StatementError, Trouble, Value, Verdict};
use crate::measures::measures;

/// Older ones can corrupt a WAL database that two connections use.
const OLDEST_SAFE: i32 = 3_051_003;
/// A group is closed after this many writes or this long.
const GROUP_SIZE: usize = 256;
const GROUP_TIME: Duration = Duration::from_millis(2);
const READERS: usize = 4;
/// Pages the writer keeps, in KB: what is written most often stays.
const WRITER_CACHE: u32 = 16_000;
/// Pages each reader keeps. The system keeps the file's pages too, once for all of them; large
/// caches of our own only fill up, for hours.
const READER_CACHE: u32 = 4_000;
/// Pages the writer keeps while a shop is filled.
const FILLING_CACHE: u32 = 131_072;

pub struct Sqlite {
    writer: Mutex<Writer>,
    /// How many threads want the writer.
    waiting: AtomicUsize,
    readers: Mutex<Vec<Connection>>,
    reader_back: Condvar,
    /// While there is such a file nobody writes: it says why.
    closed: PathBuf,
}

struct Writer {
    conn: Connection,
    group: Option<Arc<Group>>,
    size: usize,
    began: Instant,
    /// See `Sqlite::closed`.
    closed: PathBuf,
}

/// Writes that are committed together.
#[derive(Default)]
struct Group {
    outcome: Mutex<Option<Result<(), Trouble>>>,
    decided: Condvar,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is inside is whole after a panic: closures that panic are rolled back first.
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

impl Sqlite {
    pub(super) fn open(folder: &Path) -> Result<Sqlite, Failure> {
        if rusqlite::version_number() < OLDEST_SAFE {
            return Err(Failure::broken(
                "SQLite older than 3.51.3 can lose data; refusing to start",
            ));
        }
        std::fs::create_dir_all(folder)
            .map_err(|error| Failure::broken(format!("{}: {error}", folder.display())))?;
        let file = folder.join("pinwheel.db");
        let conn = connect(&file, OpenFlags::default(), WRITER_CACHE)?;
        let set = "pragma journal_mode = wal; pragma synchronous = full;
                   pragma wal_autocheckpoint = 4000; pragma journal_size_limit = 67108864;";
        conn.execute_batch(set).map_err(Failure::broken)?;
        planted!("synchronous_normal", {
            conn.execute_batch("pragma synchronous = normal").map_err(broken)?;
        });
        let pragma = |name: &str| -> Result<String, Failure> {
            let value: rusqlite::types::Value =
                conn.query_row(&format!("pragma {name}"), [], |row| row.get(0)).map_err(broken)?;
            Ok(match value {
                rusqlite::types::Value::Text(text) => text,
                rusqlite::types::Value::Integer(number) => number.to_string(),
                other => format!("{other:?}"),
            })
        };
        for (name, want) in [("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1")] {
            let got = pragma(name)?;
            planted!("synchronous_normal", continue);
            if got != want {
                let why = format!("SQLite's {name} is {got}, not {want}: orders could be lost");
                return Err(Failure::Broken(why));
            }
        }
        let reading = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut readers = Vec::new();
        for _ in 0..READERS {
            let reader = connect(&file, reading, READER_CACHE)?;
            reader.execute_batch("pragma query_only = on").map_err(broken)?;
            readers.push(reader);
        }
        #[expect(clippy::disallowed_methods, reason = "measures a wait, decides nothing")]
        let began = Instant::now();
        let closed = folder.join("pinwheel.closed");
        let writer = Writer { conn, group: None, size: 0, began, closed: closed.clone() };
        Ok(Sqlite {
            writer: Mutex::new(writer),
            waiting: AtomicUsize::new(0),
            readers: Mutex::new(readers),
            reader_back: Condvar::new(),
            closed,
        })
    }

    pub(super) fn write(&self, run: &mut dyn FnMut(Conn) -> Verdict) -> Result<(), Failure> {
        for _ in 0..5 {
            match self.write_once(run)? {
                Some(Trouble::Retry) => continue,
                _ => return Ok(()),
            }
        }
        Ok(())
    }

    /// One try. The trouble that made it roll back, if it did.
    fn write_once(&self, run: &mut dyn FnMut(Conn) -> Verdict) -> Result<Option<Trouble>, Failure> {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let mut writer = locked(&self.writer);
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        let group = writer.join_group()?;
        // A panic is ours alone: the others in the group keep what they did.
        let ran = catch_unwind(AssertUnwindSafe(|| run(Conn::Sqlite(&writer.conn))));
        let keep = ran.as_ref().is_ok_and(|verdict| verdict.keep);
        let end = if keep { "release s" } else { "rollback to s; release s" };
        if let Err(error) = writer.conn.execute_batch(end) {
            // Without its savepoint the group cannot be trusted: nobody's part of it happens.
            let trouble = trouble_of(&error);
            writer.abandon(&group, trouble);
            return Err(failure_of(trouble));
        }
        if self.is_last(&writer) {
            writer.commit(&group);
        }
        drop(writer);
        group.wait().map_err(failure_of)?;
        match ran {
            Ok(verdict) if verdict.keep => Ok(None),
            Ok(verdict) => Ok(verdict.trouble),
            Err(panic) => resume_unwind(panic),
        }
    }

    fn is_last(&self, writer: &Writer) -> bool {
        self.waiting.load(Ordering::SeqCst) == 0
            || writer.size >= GROUP_SIZE
            || writer.began.elapsed() >= GROUP_TIME
    }

    pub(super) fn read(&self, run: &mut dyn FnMut(Conn)) -> Result<(), Failure> {
        let mut readers = locked(&self.readers);
        let conn = loop {
            match readers.pop() {
                Some(conn) => break conn,
                None => {
                    readers =
                        self.reader_back.wait(readers).unwrap_or_else(|gone| gone.into_inner());
                }
            }
        };
        drop(readers);
        let lent = Lent { sqlite: self, conn: Some(conn) };
        let conn = lent.conn.as_ref().expect("it was lent a line above");
        conn.execute_batch("begin").map_err(broken)?;
        run(Conn::Sqlite(conn));
        Ok(())
    }

    /// See `Database::hurry`.
    pub(super) fn hurry(&self, on: bool) -> Result<(), Failure> {
        let writer = locked(&self.writer);
        let pragma = if on {
            "pragma synchronous = off"
        } else {
            "pragma synchronous = full; pragma wal_checkpoint(truncate)"
        };
        writer.conn.execute_batch(pragma).map_err(broken)
    }

    /// See `Database::fill`.
    pub(super) fn fill(&self, on: bool) -> Result<(), Failure> {
        let pragma = if on {
            format!("pragma foreign_keys = off; pragma cache_size = -{FILLING_CACHE}")
        } else {
            format!("pragma foreign_keys = on; pragma cache_size = -{WRITER_CACHE}")
        };
        locked(&self.writer).conn.execute_batch(&pragma).map_err(broken)?;
        self.hurry(on)
    }

    pub(super) fn refuse_closed(&self) -> Result<(), Failure> {
        match std::fs::read_to_string(&self.closed) {
            Ok(why) => Err(Failure::Broken(format!(
                "this shop is closed: {} (delete {} to open it again)",
                why.trim(),
                self.closed.display()
            ))),
            Err(_) => Ok(()),
        }
    }

    /// See `Database::close`.
    pub(super) fn close(&self, why: &str) -> Result<(), Failure> {
        std::fs::write(&self.closed, format!("{why}\n")).map_err(Failure::broken)?;
        // Whoever writes has the lock; whoever gets it after us sees that the shop is closed.
        let writer = locked(&self.writer);
        writer.conn.execute_batch("begin immediate; rollback").map_err(broken)
    }
}

/// See `Database::put_aside`. Only the last one to use a file may end its log.
pub(super) fn put_aside(folder: &Path, now: domain::moment::Moment) -> Result<(), Failure> {
    let file = folder.join("pinwheel.db");
    let conn = connect(&file, OpenFlags::default(), WRITER_CACHE)?;
    conn.busy_timeout(Duration::ZERO).map_err(broken)?;
    let ended: Result<String, _> =
        conn.query_row("pragma journal_mode = delete", [], |row| row.get(0));
    if !ended.is_ok_and(|mode| mode == "delete") {
        return Err(Failure::broken("the shop is being used: stop it first"));
    }
    drop(conn);
    let aside = folder.join(format!("pinwheel-before-{}.db", now.0 / 1_000_000));
    std::fs::rename(&file, aside).map_err(Failure::broken)
}

/// A reader that goes back to the pool, its transaction ended, whatever happens.
struct Lent<'a> {
    sqlite: &'a Sqlite,
    conn: Option<Connection>,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if let Some(conn) = self.conn.take() {
            let _ = conn.execute_batch("rollback");
            locked(&self.sqlite.readers).push(conn);
            self.sqlite.reader_back.notify_one();
        }
    }
}

impl Writer {
    /// The group that is open, with a savepoint for the next write in it; or a new one.
    fn join_group(&mut self) -> Result<Arc<Group>, Failure> {
        if let Some(group) = &self.group {
            let group = group.clone();
            if let Err(error) = self.conn.execute_batch("savepoint s") {
                self.abandon(&group, trouble_of(&error));
                return Err(failure_of(trouble_of(&error)));
            }
            self.size += 1;
            return Ok(group);
        }
        if let Err(error) = self.conn.execute_batch("begin immediate; savepoint s") {
            let _ = self.conn.execute_batch("rollback");
            return Err(failure_of(trouble_of(&error)));
        }
        if self.closed.exists() {
            let _ = self.conn.execute_batch("rollback");
            return Err(Failure::Unavailable);
        }
        let group = Arc::new(Group::default());
        self.group = Some(group.clone());
        self.size = 1;
        #[expect(clippy::disallowed_methods, reason = "bounds a wait, decides nothing")]
        let began = Instant::now();
        self.began = began;
        Ok(group)
    }

    fn commit(&mut self, group: &Group) {
        fault_point!("before_commit");
        let outcome = self.conn.execute_batch("commit").map_err(|error| {
            tracing::error!(%error, "a commit failed");
            let _ = self.conn.execute_batch("rollback");
            trouble_of(&error)
        });
        if outcome == Err(Trouble::Fatal) {
            // The disk failed under us. A forced write is never repeated: what the disk has now
            // is unknown until the file is opened anew.
            tracing::error!("the database cannot be trusted any more; stopping");
            #[expect(clippy::disallowed_methods, reason = "nothing may be written any more")]
            std::process::exit(70);
        }
        let size = u32::try_from(self.size).unwrap_or(0);
        measures().commit_batch_size.observe(size.into());
        fault_point!("after_commit");
        self.group = None;
        group.decide(outcome);
    }

    fn abandon(&mut self, group: &Group, trouble: Trouble) {
        let _ = self.conn.execute_batch("rollback");
        self.group = None;
        group.decide(Err(trouble));
    }
}

impl Group {
    fn decide(&self, outcome: Result<(), Trouble>) {
        *locked(&self.outcome) = Some(outcome);
        self.decided.notify_all();
    }

    fn wait(&self) -> Result<(), Trouble> {
        let mut outcome = locked(&self.outcome);
        loop {
            if let Some(outcome) = *outcome {
                return outcome;
            }
            outcome = self.decided.wait(outcome).unwrap_or_else(|gone| gone.into_inner());
        }
    }
}

/// A connection that keeps pages in so many KB.
fn connect(file: &Path, flags: OpenFlags, cache: u32) -> Result<Connection, Failure> {
    let conn = Connection::open_with_flags(file, flags)
        .map_err(|error| Failure::broken(format!("{}: {error}", file.display())))?;
    conn.busy_timeout(Duration::from_secs(5)).map_err(broken)?;
    let set = format!("pragma foreign_keys = on; pragma cache_size = -{cache};");
    conn.execute_batch(&set).map_err(broken)?;
    conn.set_prepared_statement_cache_capacity(512);
    // Lists are ordered alike on both engines: by code point.
    conn.create_collation("C", |a, b| a.cmp(b)).map_err(broken)?;
    Ok(conn)
}

fn broken(error: rusqlite::Error) -> Failure {
    failure_of(trouble_of(&error))
}

fn failure_of(trouble: Trouble) -> Failure {
    match trouble {
        Trouble::Unavailable | Trouble::Retry => Failure::Unavailable,
        Trouble::Fatal | Trouble::Other => Failure::broken("the database failed"),
    }
}

fn trouble_of(error: &rusqlite::Error) -> Trouble {
    let rusqlite::Error::SqliteFailure(error, _) = error else { return Trouble::Other };
    match (error.code, error.extended_code) {
        (_, ffi::SQLITE_CONSTRAINT_PRIMARYKEY) => Trouble::Retry,
        (ffi::ErrorCode::DiskFull | ffi::ErrorCode::DatabaseBusy, _) => Trouble::Unavailable,
        (ffi::ErrorCode::SystemIoFailure | ffi::ErrorCode::DatabaseCorrupt, _) => Trouble::Fatal,
        _ => Trouble::Other,
    }
}

impl From<rusqlite::Error> for StatementError {
    fn from(error: rusqlite::Error) -> Self {
        StatementError { trouble: trouble_of(&error), text: error.to_string() }
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Int(number) => ValueRef::Integer(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// A statement with its parameters. SQLite counts `$1`, `$2` … by first appearance and `?1`, `?2` …
/// by what they say, so they are written so. A statement may name fewer than there are.
fn prepare<'c>(
    conn: &'c Connection,
    sql: &str,
    params: &[Value],
) -> Result<rusqlite::CachedStatement<'c>, rusqlite::Error> {
    let mut statement = conn.prepare_cached(&sql.replace('$', "?"))?;
    let named = statement.parameter_count();
    for (index, value) in params.iter().take(named).enumerate() {
        statement.raw_bind_parameter(index + 1, value)?;
    }
    Ok(statement)
}

pub fn run(conn: &Connection, sql: &str, params: &[Value]) -> Result<u64, StatementError> {
    let mut statement = prepare(conn, sql, params)?;
    Ok(statement.raw_execute()? as u64)
}

pub fn query(
    conn: &Connection,
    sql: &str,
    params: &[Value],
    each: &mut dyn FnMut(&Row),
) -> Result<(), StatementError> {
    let mut statement = prepare(conn, sql, params)?;
    let columns = statement.column_count();
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        let mut values = Vec::with_capacity(columns);
        for column in 0..columns {
            values.push(match row.get_ref(column)? {
                ValueRef::Null => Value::Null,
                ValueRef::Integer(number) => Value::Int(number),
                ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
                ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
                ValueRef::Real(_) => {
                    let text = "a fraction in a column: money and counts are whole".to_string();
                    return Err(StatementError { trouble: Trouble::Other, text });
                }
            });
        }
        each(&Row(values));
    }
    Ok(())
}

/// Runs a script of several statements, for migrations.
pub fn script(conn: &Connection, sql: &str) -> Result<(), StatementError> {
    Ok(conn.execute_batch(sql)?)
}
