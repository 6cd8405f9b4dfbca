//! Lists of tasks: what there is to do, how far one is, and taking what was won.

use app::failure::Failure;
use app::task::{self, TaskListView, TaskView};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::Id;
use domain::task::Deed;

use crate::answer::Fault;
use crate::form::{Errors, Form};
use crate::page::{Page, render, render_with};
use crate::storefront::frame::{Frame, Here};
use crate::visitor::{Anyone, SignedIn};
use crate::{Shop, act};

#[derive(Template)]
#[template(path = "storefront/task/show.html")]
struct Show {
    p: Frame,
    problem: String,
    key: String,
    lists: Vec<List>,
}

struct List {
    title: String,
    rows: Vec<Row>,
}

struct Row {
    what: String,
    often: String,
    points: String,
    said: String,
    percent: i64,
    /// Where its reward is taken, when it is ready.
    claim: String,
    claimed: bool,
    /// Where one goes to do it.
    href: &'static str,
}

/// `GET /tasks`
pub async fn show(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
) -> Result<Response, Fault> {
    let lists = act(&shop, move |app| task::show(app, &visitor)).await?;
    Ok(render(&draw(page, &lists, String::new())))
}

/// `POST /tasks/{campaign}/{task}`: takes what it brings.
pub async fn claim(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path((campaign, number)): Path<(String, i64)>,
    form: Form,
) -> Result<Response, Fault> {
    let id = Id::parse(&campaign).ok_or(Failure::NotFound)?;
    let keyed = form.keyed(visitor.clone())?;
    let failure: Failure = match act(&shop, move |app| task::claim(app, &keyed, id, number)).await {
        Ok(_) => return Ok(Redirect::to("/tasks").into_response()),
        Err(failure) => failure,
    };
    let problem = Errors::of(failure, page.locale)?.all().join(" ");
    let lists = act(&shop, move |app| task::show(app, &visitor)).await?;
    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &draw(page, &lists, problem)))
}

fn draw(page: Page, lists: &[TaskListView], problem: String) -> Show {
    let list = |list: &TaskListView| List {
        title: list.title.clone(),
        rows: list.tasks.iter().map(|task| row(&page, task)).collect(),
    };
    Show {
        problem,
        key: page.new_key.clone(),
        lists: lists.iter().map(list).collect(),
        p: {
            let title = page.t("task-mine");
            Frame::new(page, Here::Me, &["account", "checkout", "point"]).titled(title)
        },
    }
}

/// Where one goes to do it.
fn way(deed: Deed) -> &'static str {
    match deed {
        Deed::CheckIn => "/check-in",
        Deed::Review => "/account/reviews",
        Deed::Profile => "/account",
        Deed::OrderPaid | Deed::OrderCompleted | Deed::View => "/discover",
        Deed::ShareVisited | Deed::Play => "/",
    }
}

fn row(page: &Page, task: &TaskView) -> Row {
    let deed = task.deed.code().replace('_', "-");
    Row {
        what: page.n(&format!("task-deed-{deed}"), task.count),
        often: page.t(&format!("task-every-{}", task.every.code())),
        points: page.t1("task-points", "points", page.locale.number(task.points)),
        said: format!("{} / {}", task.done.min(task.count), task.count),
        percent: task.done.min(task.count) * 100 / task.count.max(1),
        claim: match task.ready {
            true => format!("/tasks/{}/{}", task.campaign, task.number),
            false => String::new(),
        },
        claimed: task.claimed,
        href: way(task.deed),
    }
}
