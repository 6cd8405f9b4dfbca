//! The books, the audit, what staff did, jobs, what was sent out, and today's figures.

use app::audit::{self, Report};
use app::jobs::{self, Job, JobView};
use app::ledger::{self, AccountView, JournalView, TrialBalance};
use app::message::{self, Message, MessageView, Wanted};
use app::reports::{self, Overview};
use app::staff_act::{self, StaffActView};
use app::work;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use describe::IntoParams;
use domain::letter::Channel;
use domain::person::Permission;
use serde::Deserialize;

use crate::answer::AsJson;
use crate::api::input::{At, PageQuery, Query};
use crate::api::output::{Listed, Span};
use crate::visitor::Staff;
use crate::{Shop, act};
use app::failure::Failure;
#[cfg(feature = "schema")]
use domain::id::Id;

operations! {
    /// The routes of the books.
    "/api/v1/staff/overview": get overview;
    "/api/v1/staff/ledger/trial-balance": get trial_balance;
    "/api/v1/staff/ledger/accounts": get accounts;
    "/api/v1/staff/ledger/journals": get journals;
    "/api/v1/staff/audit": get last_audit, post run_audit;
    "/api/v1/staff/acts": get acts;
    "/api/v1/staff/jobs": get list_jobs;
    "/api/v1/staff/jobs/{job}/retries": post retry_job;
    "/api/v1/staff/messages": get messages;
    "/api/v1/staff/messages/{message}/retries": post send_again;
}

/// Today's figures
#[describe::path(get, path = "/api/v1/staff/overview", tag = "staff: books",
    responses((status = 200, body = Overview)))]
async fn overview(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<Overview>, AsJson> {
    Ok(Json(act(&shop, move |app| reports::overview(app, &visitor)).await?))
}

/// The trial balance
#[describe::path(get, path = "/api/v1/staff/ledger/trial-balance", tag = "staff: books",
    responses((status = 200, body = TrialBalance)))]
async fn trial_balance(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<TrialBalance>, AsJson> {
    Ok(Json(act(&shop, move |app| ledger::trial_balance(app, &visitor)).await?))
}

/// Accounts, the latest first
#[describe::path(get, path = "/api/v1/staff/ledger/accounts", tag = "staff: books",
    params(PageQuery), responses((status = 200, body = Listed<AccountView>)))]
async fn accounts(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Query(query): Query<PageQuery>,
) -> Result<Json<Listed<AccountView>>, AsJson> {
    let span = Span::of(&shop, "accounts", &query)?;
    let (before, ask) = (span.id(), span.ask);
    let found = act(&shop, move |app| ledger::accounts(app, &visitor, before, ask)).await?;
    Ok(span.page(&shop, found, |account| account.id.to_string()))
}

/// Journals with their postings, the latest first
#[describe::path(get, path = "/api/v1/staff/ledger/journals", tag = "staff: books",
    params(PageQuery), responses((status = 200, body = Listed<JournalView>)))]
async fn journals(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Query(query): Query<PageQuery>,
) -> Result<Json<Listed<JournalView>>, AsJson> {
    let span = Span::of(&shop, "journals", &query)?;
    let (before, ask) = (span.number(), span.ask);
    let found = act(&shop, move |app| ledger::journals(app, &visitor, before, ask)).await?;
    Ok(span.page(&shop, found, |journal| journal.length.to_string()))
}

/// The last audit
#[describe::path(get, path = "/api/v1/staff/audit", tag = "staff: books",
    responses((status = 200, body = Report)))]
async fn last_audit(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<Report>, AsJson> {
    let last = act(&shop, move |app| audit::last(app, &visitor)).await?;
    Ok(Json(last.ok_or(Failure::NotFound)?))
}

/// Audit the shop now
///
/// Every invariant is checked on one snapshot.
#[describe::path(post, path = "/api/v1/staff/audit", tag = "staff: books",
    responses((status = 200, body = Report)))]
async fn run_audit(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<Report>, AsJson> {
    Ok(Json(act(&shop, move |app| audit::run_now(app, &visitor)).await?))
}

/// What staff did, the latest first
#[describe::path(get, path = "/api/v1/staff/acts", tag = "staff: books", params(PageQuery),
    responses((status = 200, body = Listed<StaffActView>)))]
async fn acts(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Query(query): Query<PageQuery>,
) -> Result<Json<Listed<StaffActView>>, AsJson> {
    let span = Span::of(&shop, "acts", &query)?;
    let (before, ask) = (span.id(), span.ask);
    let found = act(&shop, move |app| staff_act::list(app, &visitor, before, ask)).await?;
    Ok(span.page(&shop, found, |one| one.id.to_string()))
}

/// Which jobs.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct JobQuery {
    /// `ready`, `running`, `done`, `dead`, or nothing for all.
    state: Option<String>,
    /// How many, 1 to 100; 20 when it is not said.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Jobs, the latest first
#[describe::path(get, path = "/api/v1/staff/jobs", tag = "staff: books", params(JobQuery),
    responses((status = 200, body = Listed<JobView>)))]
async fn list_jobs(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Query(query): Query<JobQuery>,
) -> Result<Json<Listed<JobView>>, AsJson> {
    visitor.staff_reader(Permission::Jobs)?;
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let span = Span::of(&shop, &format!("jobs\n{:?}", query.state), &page)?;
    let (before, ask, state) = (span.id(), span.ask, query.state);
    let found = act(&shop, move |app| app.read(|tx| jobs::list(tx, state.as_deref(), before, ask)));
    Ok(span.page(&shop, found.await?, |job| job.id.to_string()))
}

/// Try a job again now
#[describe::path(post, path = "/api/v1/staff/jobs/{job}/retries", tag = "staff: books",
    params(("job" = Id<Job>, Path)), responses((status = 202)))]
async fn retry_job(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Job>,
) -> Result<StatusCode, AsJson> {
    act(&shop, move |app| work::retry(app, &visitor, id)).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Which messages.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MessageQuery {
    /// Those that stand so.
    #[param(inline)]
    state: Option<message::State>,
    /// Those by one channel.
    #[param(inline)]
    channel: Option<Channel>,
    /// Those of one kind of letter, as `order_shipped`.
    letter: Option<String>,
    /// How many, 1 to 100; 20 when it is not said.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// What was sent out, the latest first
#[describe::path(get, path = "/api/v1/staff/messages", tag = "staff: books", params(MessageQuery),
    responses((status = 200, body = Listed<MessageView>)))]
async fn messages(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Query(query): Query<MessageQuery>,
) -> Result<Json<Listed<MessageView>>, AsJson> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let wanted = Wanted { state: query.state, channel: query.channel, letter: query.letter };
    let span = Span::of(&shop, &format!("messages\n{wanted:?}"), &page)?;
    let (before, ask) = (span.id(), span.ask);
    let found = act(&shop, move |app| message::search(app, &visitor, &wanted, before, ask)).await?;
    Ok(span.page(&shop, found, |message| message.id.to_string()))
}

/// Send a letter again
///
/// One that was refused, or whose tries are used up.
#[describe::path(post, path = "/api/v1/staff/messages/{message}/retries", tag = "staff: books",
    operation_id = "staff_send_letter_again", params(("message" = Id<Message>, Path)),
    responses((status = 202, body = MessageView)))]
async fn send_again(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Message>,
) -> Result<Response, AsJson> {
    let sent = act(&shop, move |app| message::again(app, &visitor, id)).await?;
    Ok((StatusCode::ACCEPTED, Json(sent)).into_response())
}
