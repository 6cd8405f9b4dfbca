//! PostgreSQL: a pool of synchronous connections, READ COMMITTED, decisions by row counts.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::Duration;

use postgres::error::SqlState;
use postgres::types::{FromSql, IsNull, ToSql, Type, private::BytesMut};
use postgres::{Client, NoTls, Statement};

use super::line::Line;
use super::{Conn, Failure, Row, StatementError, Trouble, Value, Verdict};

const OLDEST: i64 = 150_000;
const POOL: u32 = 16;
/// How long somebody waits for a connection.
const PATIENCE: Duration = Duration::from_secs(10);
/// While the server is away it is asked for again at least this often.
const KNOCK: Duration = Duration::from_millis(500);
/// A deadlock is tried again this often.
const TRIES: usize = 6;
/// Distinct texts a connection keeps prepared; beyond it starts anew.
const PREPARED: usize = 1_000;

pub struct Postgres {
    pool: r2d2::Pool<Manager>,
    config: postgres::Config,
}

/// A connection and what it has prepared.
pub struct Session {
    client: Client,
    prepared: HashMap<String, Statement>,
}

struct Manager(postgres::Config);

impl r2d2::ManageConnection for Manager {
    type Connection = Session;
    type Error = postgres::Error;

    fn connect(&self) -> Result<Session, postgres::Error> {
        let mut client = self.0.connect(NoTls)?;
        client.batch_execute(
            "set default_transaction_isolation = 'read committed';
             set statement_timeout = '5s'; set lock_timeout = '2s';
             set idle_in_transaction_session_timeout = '10s';
             set client_min_messages = 'warning'",
        )?;
        Ok(Session { client, prepared: HashMap::new() })
    }

    fn is_valid(&self, session: &mut Session) -> Result<(), postgres::Error> {
        session.client.simple_query("").map(|_| ())
    }

    fn has_broken(&self, session: &mut Session) -> bool {
        session.client.is_closed()
    }
}

fn broken(error: impl std::fmt::Display) -> Failure {
    Failure::Broken(format!("PostgreSQL: {error}"))
}

impl Postgres {
    pub(super) fn open(address: &str) -> Result<Postgres, Failure> {
        let mut config: postgres::Config = address.parse().map_err(broken)?;
        config.application_name("pinwheel").connect_timeout(Duration::from_secs(5));
        let pool = r2d2::Pool::builder()
            .max_size(POOL)
            .min_idle(Some(1))
            .test_on_check_out(false)
            // The pool's longest pause between two tries is half of this.
            .connection_timeout(KNOCK * 2)
            .build_unchecked(Manager(config.clone()));
        let mut session = pool.get_timeout(PATIENCE).map_err(broken)?;
        let mut show = |name: &str| -> Result<String, Failure> {
            let row = session.client.query_one(&format!("show {name}"), &[]).map_err(broken)?;
            Ok(row.get(0))
        };
        let version: i64 = show("server_version_num")?.parse().unwrap_or(0);
        if version < OLDEST {
            return Err(broken(format!("version {version} is older than 15; refusing to start")));
        }
        for setting in ["fsync", "full_page_writes", "synchronous_commit"] {
            if show(setting)? == "off" {
                return Err(broken(format!("{setting} is off: orders could be lost")));
            }
        }
        drop(session);
        Ok(Postgres { pool, config })
    }

    /// A line to the other nodes, on connections beside the pool.
    pub(super) fn line(&self) -> Line {
        Line::new(self.config.clone())
    }

    pub(super) fn write(&self, run: &mut dyn FnMut(Conn) -> Verdict) -> Result<(), Failure> {
        for attempt in 1..=TRIES {
            let mut session = self.session("begin")?;
            let ran = catch_unwind(AssertUnwindSafe(|| run(Conn::Postgres(&mut session))));
            let verdict = match ran {
                Ok(verdict) => verdict,
                Err(panic) => {
                    let _ = session.client.batch_execute("rollback");
                    resume_unwind(panic)
                }
            };
            if !verdict.keep {
                let _ = session.client.batch_execute("rollback");
                // What was not committed did not happen, also when the server went away with it.
                let gone = verdict.trouble.is_some() && session.client.is_closed();
                if (gone || verdict.trouble == Some(Trouble::Retry)) && attempt < TRIES {
                    continue;
                }
                return Ok(());
            }
            fault_point!("before_commit");
            match session.client.batch_execute("commit") {
                Ok(()) => {
                    fault_point!("after_commit");
                    return Ok(());
                }
                Err(error) if trouble_of(&error) == Trouble::Retry && attempt < TRIES => continue,
                // Nobody knows whether it was committed: the caller's key will tell on a retry.
                Err(error) => {
                    tracing::error!(%error, "a commit failed");
                    return Err(Failure::Unavailable);
                }
            }
        }
        Err(Failure::Unavailable)
    }

    pub(super) fn read(&self, run: &mut dyn FnMut(Conn)) -> Result<(), Failure> {
        let mut session = self.session("begin isolation level repeatable read read only")?;
        let ran = catch_unwind(AssertUnwindSafe(|| run(Conn::Postgres(&mut session))));
        let _ = session.client.batch_execute("rollback");
        ran.unwrap_or_else(|panic| resume_unwind(panic));
        Ok(())
    }
}

impl Postgres {
    /// A connection with a transaction begun on it. After a restart of the server those in the pool
    /// are of the old one, which nobody knows until one of them is used: then the next is tried.
    fn session(&self, begin: &str) -> Result<r2d2::PooledConnection<Manager>, Failure> {
        for _ in 0..=POOL {
            let session = self.pool.get_timeout(PATIENCE);
            let mut session = session.map_err(|_| Failure::Unavailable)?;
            match session.client.batch_execute(begin) {
                Ok(()) => return Ok(session),
                Err(_) if session.client.is_closed() => continue,
                Err(error) => {
                    tracing::warn!(%error, "PostgreSQL does not answer");
                    return Err(Failure::Unavailable);
                }
            }
        }
        Err(Failure::Unavailable)
    }
}

impl Session {
    fn prepare(&mut self, sql: &str) -> Result<Statement, StatementError> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        if self.prepared.len() >= PREPARED {
            self.prepared.clear();
        }
        let statement = self.client.prepare(sql)?;
        self.prepared.insert(sql.to_string(), statement.clone());
        Ok(statement)
    }

    pub fn run(&mut self, sql: &str, params: &[Value]) -> Result<u64, StatementError> {
        let statement = self.prepare(sql)?;
        let params = used(&statement, params);
        Ok(self.client.execute(&statement, &params)?)
    }

    pub fn query(
        &mut self,
        sql: &str,
        params: &[Value],
        each: &mut dyn FnMut(&Row),
    ) -> Result<(), StatementError> {
        let statement = self.prepare(sql)?;
        let params = used(&statement, params);
        for row in self.client.query(&statement, &params)? {
            let values: Result<Vec<Value>, _> =
                (0..row.len()).map(|column| row.try_get::<_, Value>(column)).collect();
            each(&Row(values?));
        }
        Ok(())
    }

    pub fn script(&mut self, sql: &str) -> Result<(), StatementError> {
        Ok(self.client.batch_execute(sql)?)
    }
}

/// The parameters a statement names: a query that leaves some out is given no more.
fn used<'v>(statement: &Statement, params: &'v [Value]) -> Vec<&'v (dyn ToSql + Sync)> {
    let count = statement.params().len().min(params.len());
    params[..count].iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

fn trouble_of(error: &postgres::Error) -> Trouble {
    let Some(state) = error.code() else {
        // A server that was killed says nothing: the line just breaks.
        let broke = std::error::Error::source(error).is_some_and(|why| why.is::<std::io::Error>());
        return if broke || error.is_closed() { Trouble::Unavailable } else { Trouble::Other };
    };
    let code = state.code();
    if *state == SqlState::T_R_SERIALIZATION_FAILURE
        || *state == SqlState::T_R_DEADLOCK_DETECTED
        || *state == SqlState::LOCK_NOT_AVAILABLE
    {
        Trouble::Retry
    } else if *state == SqlState::UNIQUE_VIOLATION {
        // Two nodes may make the same id; any other key alike is refused by rule before.
        Trouble::Retry
    } else if code.starts_with("53") || code.starts_with("57") || code.starts_with("08") {
        Trouble::Unavailable
    } else {
        Trouble::Other
    }
}

impl From<postgres::Error> for StatementError {
    fn from(error: postgres::Error) -> Self {
        let trouble = trouble_of(&error);
        let text = match error.as_db_error() {
            Some(db) => format!("{}: {}", db.code().code(), db.message()),
            None => error.to_string(),
        };
        StatementError { trouble, text }
    }
}

impl ToSql for Value {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(number) => match *ty {
                Type::INT4 => i32::try_from(*number)?.to_sql(ty, out),
                Type::INT2 => i16::try_from(*number)?.to_sql(ty, out),
                _ => number.to_sql(ty, out),
            },
            Value::Text(text) => text.to_sql(ty, out),
            Value::Bytes(bytes) => bytes.to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    postgres::types::to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(
        ty: &Type,
        raw: &'a [u8],
    ) -> Result<Value, Box<dyn std::error::Error + Sync + Send>> {
        Ok(match *ty {
            Type::INT8 => Value::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Value::Int(i32::from_sql(ty, raw)?.into()),
            Type::INT2 => Value::Int(i16::from_sql(ty, raw)?.into()),
            Type::BOOL => Value::Int(bool::from_sql(ty, raw)?.into()),
            Type::BYTEA => Value::Bytes(Vec::from_sql(ty, raw)?),
            Type::TEXT | Type::VARCHAR | Type::NAME | Type::BPCHAR | Type::UNKNOWN => {
                Value::Text(String::from_sql(ty, raw)?)
            }
            ref other => return Err(format!("a column of type {other}: cast it").into()),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Value, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Value::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
