//! The queue: work that outlives a request, kept in the database with the fact that asked for it.
//!
//! A job is a verb and what it is about, safe to run twice. It is claimed with a lease; whoever
//! holds an old lease cannot end it (the fence). A job that fails is tried again later and later,
//! and given up loudly.

use domain::id::{Id, Kind};
use domain::moment::{Moment, Span};
use serde::Serialize;

use crate::db::{Insert, Row, Tx, Value};
use crate::failure::Failure;

/// A piece of work.
pub struct Job;
impl Kind for Job {
    const PREFIX: &'static str = "job";
}
domain::id::described!(Job);

/// A job as it was claimed.
#[derive(Clone, Debug)]
pub struct Claimed {
    pub id: Id<Job>,
    pub kind: String,
    pub about_id: i64,
    pub fence: i64,
    pub attempts: i64,
    pub max_attempts: i64,
    /// Until when it is the worker's who claimed it.
    pub until: Moment,
}

const MAX_ATTEMPTS: i64 = 12;

impl Tx<'_> {
    /// Asks for `kind` to be done about something at `run_at`. One such job waits at a time: asking
    /// again only brings it forward.
    pub fn ask(&mut self, kind: &str, about_id: i64, run_at: Moment) -> Result<(), Failure> {
        static JOBS: Insert = Insert {
            end: "on conflict (unique_key) where state in ('ready', 'running') do update
                  set run_at = case when jobs.run_at > excluded.run_at then excluded.run_at
                                    else jobs.run_at end",
            unique: &[3],
            ..Insert::new(
                "jobs (id, kind, about_id, unique_key, state, run_at, max_attempts, created_at,
                       updated_at)",
                9,
            )
        };
        let id: Id<Job> = self.id();
        let key = format!("{kind}:{about_id}");
        self.add(
            &JOBS,
            vec![
                id.into(),
                kind.into(),
                about_id.into(),
                key.into(),
                "ready".into(),
                run_at.into(),
                MAX_ATTEMPTS.into(),
                self.now.into(),
                self.now.into(),
            ],
        )?;
        self.rang = true;
        Ok(())
    }
}

/// Fetching a picture waits for somebody else's machine, and an import asks for thousands at once:
/// refunds and deadlines go before them, and a worker takes only a few in one go. Letters come
/// after the codes somebody waits for at the door.
const SLOW: &str = "picture.fetch";
const LAST: &str = "letter.send";
const SLOW_AT_ONCE: usize = 4;

/// Webhooks wait for other people's machines all the time, so they have workers of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    /// The shop's own work.
    Ours,
    /// Telling others.
    Others,
    /// Letters, mail and texts: mail servers are other people's machines too.
    Post,
}

impl Queue {
    fn condition(self) -> &'static str {
        match self {
            Queue::Ours => {
                "kind not in ('webhook.send', 'letter.write', 'letter.send', 'message.send')"
            }
            Queue::Others => "kind = 'webhook.send'",
            Queue::Post => "kind in ('letter.write', 'letter.send', 'message.send')",
        }
    }
}

/// Claims up to `limit` due jobs; each is this worker's until its lease ends.
pub fn claim(tx: &mut Tx, queue: Queue, limit: i64, lease: Span) -> Result<Vec<Claimed>, Failure> {
    let sql = format!(
        "select id, kind, about_id, fence, attempts, max_attempts from jobs
         where ((state = 'ready' and run_at <= $1) or (state = 'running' and lease_until < $1))
           and {}
         order by case kind when '{SLOW}' then 1 when '{LAST}' then 1 else 0 end, run_at, id
         limit $2{}",
        queue.condition(),
        tx.lock_free()
    );
    let until = tx.now.plus(lease);
    let mut due = tx.all(&sql, &[tx.now.into(), limit.into()], |row| Claimed {
        id: row.get(0),
        kind: row.get(1),
        about_id: row.get(2),
        fence: row.get(3),
        attempts: row.get(4),
        max_attempts: row.get(5),
        until,
    })?;
    let mut slow = 0;
    due.retain(|job| {
        slow += usize::from(job.kind == SLOW);
        job.kind != SLOW || slow <= SLOW_AT_ONCE
    });
    let mut claimed = Vec::new();
    for mut job in due {
        if job.attempts >= job.max_attempts {
            // Its last worker died with it.
            end(tx, &job, "dead", Some("the worker did not come back"))?;
            continue;
        }
        job.fence += 1;
        job.attempts += 1;
        tx.run(
            "update jobs set state = 'running', fence = $2, attempts = $3, lease_until = $4,
                             updated_at = $5
             where id = $1",
            &[job.id.into(), job.fence.into(), job.attempts.into(), until.into(), tx.now.into()],
        )?;
        claimed.push(job);
    }
    Ok(claimed)
}

/// Ends a job that was done.
pub fn done(tx: &mut Tx, job: &Claimed) -> Result<(), Failure> {
    end(tx, job, "done", None).map(|_| ())
}

/// Puts a job that failed back for later, or gives it up. Whether it was given up.
pub fn failed(tx: &mut Tx, job: &Claimed, why: &str) -> Result<bool, Failure> {
    if job.attempts >= job.max_attempts {
        // A worker that lost its lease gives nothing up: somebody else has the job.
        return end(tx, job, "dead", Some(why));
    }
    tx.run(
        "update jobs set state = 'ready', lease_until = null, run_at = $3, last_error = $4,
                         updated_at = $5
         where id = $1 and fence = $2 and state = 'running'",
        &[
            job.id.into(),
            job.fence.into(),
            tx.now.plus(back_off(job.attempts)).into(),
            why.into(),
            tx.now.into(),
        ],
    )?;
    Ok(false)
}

/// Puts a job back to run at `at`, without counting it as a failure: it was too early.
pub fn postpone(tx: &mut Tx, job: &Claimed, at: Moment) -> Result<(), Failure> {
    tx.run(
        "update jobs set state = 'ready', lease_until = null, run_at = $3, attempts = 0,
                         updated_at = $4
         where id = $1 and fence = $2 and state = 'running'",
        &[job.id.into(), job.fence.into(), at.into(), tx.now.into()],
    )?;
    Ok(())
}

/// Ends a job, unless its fence has moved. Whether it was still this worker's.
fn end(tx: &mut Tx, job: &Claimed, state: &str, why: Option<&str>) -> Result<bool, Failure> {
    planted!("job_unfenced", {
        let sql = "update jobs set state = $2, lease_until = null where id = $1";
        return tx.run(sql, &[job.id.into(), state.into()]).map(|_| true);
    });
    let changed = tx.run(
        "update jobs set state = $3, lease_until = null, last_error = $4, updated_at = $5
         where id = $1 and fence = $2 and state in ('ready', 'running')",
        &[job.id.into(), job.fence.into(), state.into(), why.into(), tx.now.into()],
    )?;
    Ok(changed == 1)
}

/// 1 s, 4 s, 16 s … up to an hour.
fn back_off(attempts: i64) -> Span {
    let exponent = u32::try_from(attempts - 1).unwrap_or(0).min(6);
    Span(Span::seconds(4_i64.pow(exponent)).0.min(Span::hours(1).0))
}

/// When the next job of a queue is due.
pub fn next_due(tx: &mut Tx, queue: Queue) -> Result<Option<Moment>, Failure> {
    let sql = format!(
        "select min(due) from (
             select min(run_at) as due from jobs where state = 'ready' and {0}
             union all select min(lease_until) from jobs where state = 'running' and {0}
         ) as all_due",
        queue.condition()
    );
    tx.one(&sql, &[], |row| row.get(0))
}

/// A job as staff see it.
#[derive(Clone, Debug, Serialize, serde::Deserialize, describe::ToSchema)]
pub struct JobView {
    pub id: Id<Job>,
    pub kind: String,
    /// The number of what it is about.
    pub about_id: String,
    pub state: String,
    pub run_at: Moment,
    pub attempts: i64,
    pub max_attempts: i64,
    pub last_error: Option<String>,
    pub updated_at: Moment,
}

fn view(row: &Row) -> JobView {
    JobView {
        id: row.get(0),
        kind: row.get(1),
        about_id: row.get::<i64>(2).to_string(),
        state: row.get(3),
        run_at: row.get(4),
        attempts: row.get(5),
        max_attempts: row.get(6),
        last_error: row.get(7),
        updated_at: row.get(8),
    }
}

/// Jobs in one state (or any), the latest first, before `before`.
pub fn list(
    tx: &mut Tx,
    state: Option<&str>,
    before: Option<Id<Job>>,
    limit: i64,
) -> Result<Vec<JobView>, Failure> {
    let before = before.map_or(i64::MAX, |id| id.0);
    tx.all(
        "select id, kind, about_id, state, run_at, attempts, max_attempts, last_error, updated_at
         from jobs where ($1 = '' or state = $1) and id < $2 order by id desc limit $3",
        &[state.unwrap_or("").into(), before.into(), limit.into()],
        view,
    )
}

/// How many jobs are in each state.
pub fn counts(tx: &mut Tx) -> Result<Vec<(String, i64)>, Failure> {
    tx.all("select state, count(*) from jobs group by state order by state", &[], |row| {
        (row.get(0), row.get(1))
    })
}

/// Makes a job that was given up (or waits) ready now.
pub fn retry(tx: &mut Tx, job: Id<Job>) -> Result<(), Failure> {
    let changed = tx.run(
        "update jobs set state = 'ready', attempts = 0, run_at = $2, updated_at = $2
         where id = $1 and state in ('ready', 'dead')
           and not exists (select 1 from jobs other where other.unique_key = jobs.unique_key
                           and other.id <> jobs.id and other.state in ('ready', 'running'))",
        &[job.into(), tx.now.into()],
    )?;
    tx.rang = true;
    if changed == 1 { Ok(()) } else { Err(Failure::NotFound) }
}

/// Forgets jobs that were done before `before`.
pub fn forget_done(tx: &mut Tx, before: Moment) -> Result<u64, Failure> {
    let params: [Value; 1] = [before.into()];
    tx.run("delete from jobs where state = 'done' and updated_at < $1", &params)
}
