//! A quiz: begun by a button, answered before its time is over, and what was right.

use app::failure::Failure;
use app::quiz::{self, AnswerAll, AttemptView, QuizView};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::campaign::{Campaign, Mechanic, Status};
use domain::id::Id;
use domain::moment::Span;
use domain::quiz::{Attempt, Refusal};

use crate::answer::Fault;
use crate::form::{Errors, Form};
use crate::locale::Price;
use crate::page::{Page, render, render_with};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::sharing::{self, Seen, Sharing};
use crate::storefront::view::{Clock, short};
use crate::visitor::{Anyone, SignedIn};
use crate::{Shop, act, link};

#[derive(Template)]
#[template(path = "storefront/quiz/show.html")]
struct Show {
    p: Frame,
    problem: String,
    title: String,
    copy: String,
    href: String,
    share: Sharing,
    sign_in: String,
    status: Status,
    guest: bool,
    key: String,
    /// Another attempt can be begun.
    may: bool,
    left: String,
    rules: Vec<String>,
    clock: Option<Clock>,
    /// Where the open attempt is answered.
    answers: String,
    questions: Vec<Question>,
    verdict: String,
    passed: bool,
}

struct Question {
    name: String,
    text: String,
    options: Vec<(usize, String, bool)>,
    /// How it was answered, when it was.
    right: Option<bool>,
}

/// `GET /quizzes/{id}`
pub async fn show(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let id: Id<Campaign> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let seen = act(&shop, move |app| sharing::seen(app, &visitor, id, quiz::get)).await?;
    Ok(render(&page_of(page, &seen, &Form::default(), String::new())))
}

/// `POST /quizzes/{id}`: begins an attempt.
pub async fn begin(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Fault> {
    let id: Id<Campaign> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let keyed = form.keyed(visitor.clone())?;
    match act(&shop, move |app| quiz::begin(app, &keyed, id)).await {
        Ok(_) => Ok(Redirect::to(&format!("/quizzes/{id}")).into_response()),
        Err(failure) => again(&shop, visitor, page, id, (form, failure)).await,
    }
}

/// `POST /quizzes/{id}/attempts/{attempt}`: answers it.
pub async fn answer(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path((id, attempt)): Path<(String, String)>,
    form: Form,
) -> Result<Response, Fault> {
    let id: Id<Campaign> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let attempt: Id<Attempt> = Id::parse(&attempt).ok_or(Failure::NotFound)?;
    let keyed = form.keyed(visitor.clone())?;
    let count: usize = form.parse("count").filter(|count| *count <= 500).unwrap_or(0);
    let given: Option<Vec<usize>> = (0..count).map(|at| form.parse(&format!("q{at}"))).collect();
    let done = act(&shop, move |app| {
        let answers = given.ok_or(Refusal::BadAnswers)?;
        quiz::answer(app, &keyed, attempt, &AnswerAll { answers })
    });
    match done.await {
        Ok(_) => Ok(Redirect::to(&format!("/quizzes/{id}")).into_response()),
        Err(failure) => again(&shop, visitor, page, id, (form, failure)).await,
    }
}

async fn again(
    shop: &Shop,
    visitor: app::Visitor,
    page: Page,
    id: Id<Campaign>,
    (form, failure): (Form, Failure),
) -> Result<Response, Fault> {
    let problem = Errors::of(failure, page.locale)?.all().join(" ");
    let seen = act(shop, move |app| sharing::seen(app, &visitor, id, quiz::get)).await?;
    let again = page_of(page, &seen, &form, problem);
    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &again))
}

fn page_of(page: Page, seen: &Seen<QuizView>, form: &Form, problem: String) -> Show {
    let (view, link) = seen;
    let href = format!("/quizzes/{}", view.campaign);
    let open = |one: &&AttemptView| one.answered_at.is_none() && page.now < one.ends_at;
    let running = view.attempt.as_ref().filter(open);
    let answered = view.attempt.as_ref().filter(|one| one.answered_at.is_some());
    let reward = short(&Price::of(view.reward));
    let left = view.left_today.unwrap_or(0);
    let verdict = match (answered, running) {
        (_, Some(_)) | (None, None) => String::new(),
        (Some(one), None) => match one.passed {
            Some(true) => page.t1("quiz-passed", "price", &reward),
            _ => page.t("quiz-failed"),
        },
    };
    let words = page.t2("quiz-says", ("ask", &view.ask), ("price", &reward));
    let share = Sharing::page(&page, link.as_ref(), &href, words.clone())
        .of(&page, Mechanic::Quiz, &view.title)
        .worth(reward.clone());
    Show {
        problem,
        title: view.title.clone(),
        copy: view.copy.clone(),
        sign_in: link::sign_in(&href),
        status: view.status,
        guest: view.left_today.is_none(),
        key: match form.key() {
            "" => page.new_key.clone(),
            key => key.to_string(),
        },
        may: view.status == Status::Running && running.is_none() && !view.won && left > 0,
        left: page.n("quiz-left", left),
        rules: vec![
            page.t2("quiz-rule-pass", ("ask", &view.ask), ("pass", &view.pass)),
            page.t1("quiz-rule-time", "time", page.locale.limit(Span(view.time))),
            page.n("quiz-rule-day", view.per_day),
            page.t1("quiz-rule-reward", "price", &reward),
        ],
        clock: running
            .map(|one| Clock::until(one.ends_at, page.now, page.locale.exact(one.ends_at))),
        answers: running.map_or(String::new(), |one| format!("{href}/attempts/{}", one.id)),
        questions: {
            let shown = running.or(answered);
            shown.map_or_else(Vec::new, |one| questions(one, form))
        },
        passed: view.won,
        verdict,
        share,
        p: {
            let title = view.title.clone();
            let styles = &["game", "checkout", "share"];
            Frame::new(page, Here::Elsewhere, styles).titled(title).public(&words, "")
        },
        href,
    }
}

fn questions(attempt: &AttemptView, form: &Form) -> Vec<Question> {
    let question = |(at, one): (usize, &quiz::AskedView)| {
        let name = format!("q{at}");
        let given = one.answered.or_else(|| form.parse(&name));
        let options = one.options.iter().enumerate();
        let options = options.map(|(at, text)| (at, text.clone(), given == Some(at)));
        Question { text: one.text.clone(), options: options.collect(), right: one.right, name }
    };
    attempt.questions.iter().enumerate().map(question).collect()
}
