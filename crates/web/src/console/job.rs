//! Jobs: what waits, runs, is tried again, was given up; and trying again.

use app::case::{self, CaseView};
use app::failure::Failure;
use app::jobs::{self, Job, JobView};
use app::work;
use askama::Template;
use axum::extract::{Path, Query};
use domain::id::Id;
use domain::payment::Case;
use domain::person::Permission;
use serde::Deserialize;

use super::part::{Pager, Tally, ViewLink, When};
use super::{Answer, Desk, Frame, address, where_allowed};
use crate::form::Form;

#[derive(Template)]
#[template(path = "console/job/list.html")]
struct List {
    p: Frame,
    tally: Vec<Tally>,
    cases: Vec<CaseRow>,
    views: Vec<ViewLink>,
    rows: Vec<Row>,
    pager: Pager,
}

/// What the rules leave to a person.
struct CaseRow {
    title: String,
    detail: String,
    about: String,
    href: String,
    close: String,
    at: When,
}

struct Row {
    name: String,
    about: String,
    tone: &'static str,
    status: String,
    attempts: String,
    at: When,
    error: String,
    can_retry: bool,
    retry: String,
}

const HERE: &str = "/console/jobs";
const ROWS: i64 = 50;
const STATES: [&str; 4] = ["ready", "running", "dead", "done"];

/// Which jobs are shown.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    state: String,
    cursor: String,
}

/// The list.
pub async fn index(desk: Desk, Query(asked): Query<Asked>) -> Answer {
    let (state, before) = (asked.state.clone(), Id::parse(&asked.cursor));
    let (found, counts, cases) = desk
        .act(move |app, visitor| {
            visitor.staff_reader(Permission::Jobs)?;
            let state = STATES.into_iter().find(|known| *known == state);
            let cases = where_allowed(case::list(app, visitor, ROWS))?.unwrap_or_default();
            app.read(|tx| Ok((jobs::list(tx, state, before, ROWS)?, jobs::counts(tx)?, cases)))
        })
        .await?;
    let p = desk.frame(HERE);
    let count = |state: &str| counts.iter().find(|(s, _)| s == state).map_or(0, |(_, n)| *n);
    let tally = |state: &&str| Tally {
        href: address(HERE, &[("state", state)]),
        ..Tally::new(tone(state, count(state)), p.t(&label(state)), p.num(count(state)))
    };
    let view = |state: &str| ViewLink {
        href: address(HERE, &[("state", state)]),
        label: if state.is_empty() { p.t("console-orders-all") } else { p.t(&label(state)) },
        count: String::new(),
        current: asked.state == state,
    };
    let next = found.last().filter(|_| found.len() as i64 == ROWS).map(|last| last.id.to_string());
    let later = !asked.cursor.is_empty();
    desk.show(List {
        cases: cases.iter().filter(|case| case.open).map(|case| case_row(&p, case)).collect(),
        tally: STATES.iter().map(tally).collect(),
        views: std::iter::once(view("")).chain(STATES.map(view)).collect(),
        rows: found.iter().map(|job| row(&p, job)).collect(),
        pager: p.pager(HERE, &[("state", &asked.state)], found.len(), later, next),
        p,
    })
}

fn label(state: &str) -> String {
    format!("console-jobs-{state}")
}

fn tone(state: &str, count: i64) -> &'static str {
    if state == "dead" && count > 0 { "bad" } else { "" }
}

fn row(p: &Frame, job: &JobView) -> Row {
    let failed = job.state == "ready" && job.attempts > 0;
    let state = if failed { "failed" } else { job.state.as_str() };
    let name = format!("console-job-{}", job.kind.replace('.', "-"));
    Row {
        name: if p.locale.has(&name) { p.t(&name) } else { job.kind.clone() },
        about: format!("{} {}", job.kind, job.about_id),
        tone: match state {
            "dead" => "bad",
            "failed" => "waiting",
            "running" => "info",
            "done" => "good",
            _ => "",
        },
        status: p.t(&label(state)),
        attempts: format!("{}/{}", job.attempts, job.max_attempts),
        at: p.when(if job.state == "ready" { job.run_at } else { job.updated_at }),
        error: job.last_error.clone().unwrap_or_default(),
        can_retry: job.state == "dead" || failed,
        retry: format!("{HERE}/{}/retry", job.id),
    }
}

fn case_row(p: &Frame, case: &CaseView) -> CaseRow {
    let title = format!("console-case-{}", case.kind);
    CaseRow {
        title: if p.locale.has(&title) { p.t(&title) } else { case.kind.clone() },
        detail: case.detail.clone(),
        about: format!("{} {}", case.about, case.about_id),
        href: match case.about.as_str() {
            "order" => format!("/console/orders/{}", case.about_id),
            "return" => format!("/console/returns/{}", case.about_id),
            "webhook" => format!("/console/webhooks/{}", case.about_id),
            _ => String::new(),
        },
        close: format!("/console/cases/{}/close", case.id),
        at: p.when(case.opened_at),
    }
}

/// Closes a case with what was done about it.
pub async fn close_case(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id: Id<Case> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let what = form.get("what").to_string();
    desk.act(move |app, visitor| case::close(app, visitor, id, &what)).await?;
    desk.on(HERE, "case-closed")
}

/// Makes a job ready now.
pub async fn retry(desk: Desk, Path(id): Path<String>) -> Answer {
    let id: Id<Job> = Id::parse(&id).ok_or(Failure::NotFound)?;
    desk.act(move |app, visitor| work::retry(app, visitor, id)).await?;
    desk.on(HERE, "job-retry-done")
}
