//! One review: read, answered, hidden for a ground its author is told, shown again.

use app::failure::Failure;
use app::review::ReviewPicture;
use app::review::desk::{self, Answer as Said, DeskReviewDetail, Hide, RulingView, Show as Again};
use askama::Template;
use axum::extract::Path;
use domain::id::Id;
use domain::review::{Ground, Review};

use super::{HERE, stars, state};
use crate::console::part::{Choice, Fact, When};
use crate::console::{Answer, Desk, Frame};
use crate::form::Form;
use crate::link;
use crate::locale::Arg;

#[derive(Template)]
#[template(path = "console/review/show.html")]
struct Show {
    p: Frame,
    href: String,
    title: String,
    stars: String,
    stars_said: String,
    tone: &'static str,
    state: String,
    text: String,
    follow_up: String,
    pictures: Vec<ReviewPicture>,
    facts: Vec<Fact>,
    at: When,
    hidden: bool,
    answer: String,
    answered: bool,
    grounds: Vec<Choice>,
    reason: String,
    rulings: Vec<Ruling>,
    /// One for each form of the page.
    answer_key: String,
    rule_key: String,
}

struct Ruling {
    text: String,
    detail: String,
    who: String,
    at: When,
}

fn id_of(text: &str) -> Result<Id<Review>, Failure> {
    Id::parse(text).ok_or(Failure::NotFound)
}

/// The page.
pub async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    let id = id_of(&id)?;
    let found = desk.act(move |app, visitor| desk::get(app, visitor, id)).await?;
    let p = desk.frame(HERE);
    desk.show(draw(p, &found, &Form::default()))
}

/// An answer, or another one.
pub async fn answer(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id = id_of(&id)?;
    let said = Said { text: form.raw("text").to_string() };
    let done = desk.act_once(&form, move |app, visitor| desk::answer(app, visitor, id, &said));
    finish(&desk, id, &form, done.await, "review-answer-done").await
}

/// Out of sight, for a ground and a reason.
pub async fn hide(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id = id_of(&id)?;
    let done = match Ground::parse(form.get("ground")) {
        None => Err(domain::review::Refusal::NoReason.into()),
        Some(ground) => {
            let hide = Hide { ground, reason: form.get("reason").to_string() };
            desk.act_once(&form, move |app, visitor| desk::hide(app, visitor, id, &hide)).await
        }
    };
    finish(&desk, id, &form, done, "review-hide-done").await
}

/// Back into sight.
pub async fn unhide(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id = id_of(&id)?;
    let again = Again { reason: form.get("reason").to_string() };
    let done = desk.act_once(&form, move |app, visitor| desk::show(app, visitor, id, &again));
    finish(&desk, id, &form, done.await, "review-show-done").await
}

async fn finish(
    desk: &Desk,
    id: Id<Review>,
    form: &Form,
    done: Result<DeskReviewDetail, Failure>,
    said: &str,
) -> Answer {
    match done {
        Ok(_) => desk.on(&format!("{HERE}/{id}"), said),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let found = desk.act(move |app, visitor| desk::get(app, visitor, id)).await?;
            let p = desk.frame_with(HERE, problem);
            desk.show_again(draw(p, &found, form))
        }
    }
}

fn draw(p: Frame, found: &DeskReviewDetail, typed: &Form) -> Show {
    let (one, review) = (&found.review, &found.review.review);
    let (tone, state) = state(&p, one);
    let answer = review.answer.as_ref().map_or("", |said| said.text.as_str());
    let grounds = Ground::ALL.map(|ground| {
        let name = p.t(&format!("store-review-ground-{}", ground.code()));
        (ground.code().to_string(), format!("{name} · {}", ground.law()))
    });
    let mut facts = vec![
        Fact::link(p.t("console-review-product"), &*review.title, link::product(&review.handle)),
        Fact::link(
            p.t("console-review-order"),
            one.order.to_string(),
            link::console_order(one.order),
        ),
        Fact::link(
            p.t("console-review-by"),
            format!("{} ({})", one.name, review.author),
            link::console("customers", one.person),
        ),
        Fact::new(p.t("console-review-votes"), p.num(review.helpful)),
    ];
    if !review.variant_title.is_empty() {
        facts.insert(1, Fact::new(p.t("console-review-variant"), &*review.variant_title));
    }
    if review.refunded {
        facts.push(Fact::new(p.t("console-review-money"), p.t("store-review-refunded")));
    }
    Show {
        href: format!("{HERE}/{}", review.id),
        title: review.title.clone(),
        stars: stars(review.stars),
        stars_said: p.tell("store-review-stars", &[("n", &review.stars as &dyn Arg)]),
        tone,
        state,
        text: match review.text.as_str() {
            "" => p.t("console-review-no-text"),
            text => text.to_string(),
        },
        follow_up: review.follow_up.as_ref().map_or(String::new(), |said| said.text.clone()),
        pictures: review.pictures.clone(),
        facts,
        at: p.when(review.written_at),
        hidden: one.hidden.is_some(),
        answered: review.answer.is_some(),
        answer: typed.maybe("text").unwrap_or(answer).to_string(),
        grounds: Choice::among(typed.get("ground"), grounds),
        reason: typed.get("reason").to_string(),
        rulings: found.rulings.iter().map(|one| ruling(&p, one)).collect(),
        answer_key: p.new_key.clone(),
        rule_key: format!("{}-rule", p.new_key),
        p,
    }
}

fn ruling(p: &Frame, one: &RulingView) -> Ruling {
    let ground = one.ground.map(|ground| p.t(&format!("store-review-ground-{}", ground.code())));
    let parts = [ground.unwrap_or_default(), one.law.clone(), one.reason.clone()];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    Ruling {
        text: p.t(if one.hides { "console-review-did-hide" } else { "console-review-did-show" }),
        detail: parts.join(" · "),
        who: one.actor.clone(),
        at: p.when(one.at),
    }
}
