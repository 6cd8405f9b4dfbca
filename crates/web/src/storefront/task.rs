//! Lists of tasks: what there is to do, how far one is, and taking what was won.

use app::failure::Failure;
use app::task::{self, TaskListView, TaskView};
use app::{App, Visitor};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::campaign::Mechanic;
use domain::id::Id;
use domain::share::Object;
use domain::task::{Asked, Deed, Every, Reward};

use crate::answer::Fault;
use crate::form::{Errors, Form};
use crate::page::{Page, render, render_with};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::sharing::{self, Seen, Sharing};
use crate::visitor::{Anyone, SignedIn};
use crate::{Shop, act};

#[derive(Template)]
#[template(path = "storefront/task/show.html")]
struct Show {
    p: Frame,
    problem: String,
    key: String,
    lists: Vec<List>,
    share: Sharing,
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
    let seen = act(&shop, move |app| see(app, &visitor)).await?;
    Ok(render(&draw(page, &seen, String::new())))
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
    let seen = act(&shop, move |app| see(app, &visitor)).await?;
    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &draw(page, &seen, problem)))
}

fn see(app: &App, visitor: &Visitor) -> Result<Seen<Vec<TaskListView>>, Failure> {
    let lists = task::show(app, visitor)?;
    let link = match lists.first() {
        Some(list) => sharing::link_to(app, visitor, Object::Campaign, list.campaign.0)?,
        None => None,
    };
    Ok((lists, link))
}

fn draw(page: Page, (lists, link): &Seen<Vec<TaskListView>>, problem: String) -> Show {
    let list = |list: &TaskListView| List {
        title: list.title.clone(),
        rows: list.tasks.iter().map(|task| row(&page, task)).collect(),
    };
    Show {
        problem,
        key: page.new_key.clone(),
        lists: lists.iter().map(list).collect(),
        share: lists.first().map_or_else(Sharing::default, |list| {
            let words = page.t1("task-share", "title", &list.title);
            Sharing::page(&page, link.as_ref(), "/tasks", words).of(
                &page,
                Mechanic::Tasks,
                &list.title,
            )
        }),
        p: {
            let title = page.t("task-mine");
            Frame::new(page, Here::Me, &["account", "checkout", "point", "share"]).titled(title)
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

fn what(page: &Page, deed: Deed, count: i64) -> String {
    page.n(&format!("task-deed-{}", deed.code().replace('_', "-")), count)
}

fn often(page: &Page, every: Every) -> String {
    page.t(&format!("task-every-{}", every.code()))
}

/// A task as the rules page says it.
pub fn rule(page: &Page, one: &Asked) -> String {
    let (what, often) = (what(page, one.deed, one.count), often(page, one.every));
    let brings = match one.reward {
        Reward::Points { points } => page.t1("task-points", "points", page.locale.number(points)),
        Reward::Chances { chances } => page.n("draw-chances-n", chances),
    };
    page.locale.tell("clause-task", &[("what", &what), ("often", &often), ("brings", &brings)])
}

fn row(page: &Page, task: &TaskView) -> Row {
    Row {
        what: what(page, task.deed, task.count),
        often: often(page, task.every),
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
