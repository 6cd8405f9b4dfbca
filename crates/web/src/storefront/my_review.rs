//! My reviews: what I can write about, what I said, and what became of it.

use app::failure::Failure;
use app::review::{self, FollowUp, MyReview, Reviewable, Write};
use app::{App, Visitor};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::Id;
use domain::order::{Line, Order};
use domain::review::Review;
use serde::Deserialize;

use crate::answer::Fault;
use crate::form::{Errors, Form, Upload};
use crate::page::{Page, render, render_with};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::goods;
use crate::storefront::review_tile::{self, ReviewTile};
use crate::storefront::view::Picture;
use crate::visitor::SignedIn;
use crate::{Shop, act, link};

/// Reviews on one page.
const MOST: i64 = 20;
const HERE: &str = "/account/reviews";

#[derive(Template)]
#[template(path = "storefront/review/mine.html")]
struct Mine {
    p: Frame,
    to_write: Vec<Waiting>,
    reviews: Vec<Shown>,
    next: String,
}

/// Something that can be reviewed.
struct Waiting {
    href: String,
    name: String,
    chosen: String,
    picture: Picture,
}

/// A review of mine in a list.
struct Shown {
    href: String,
    name: String,
    hidden: bool,
    x: ReviewTile,
}

#[derive(Template)]
#[template(path = "storefront/review/new.html")]
struct New {
    p: Frame,
    href: String,
    order_href: String,
    key: String,
    problem: String,
    what: Waiting,
    stars: Vec<Choice>,
    text: String,
}

struct Choice {
    value: i64,
    said: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "storefront/review/show.html")]
struct Show {
    p: Frame,
    problem: String,
    name: String,
    product_href: String,
    order_href: String,
    x: ReviewTile,
    hidden: Option<Hidden>,
    follow_up: String,
    key: String,
    typed: String,
}

/// Why nobody else reads it.
struct Hidden {
    ground: String,
    law: String,
    reason: String,
}

/// Where the list begins.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct From {
    before: String,
}

/// `GET /account/reviews`
pub async fn list(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Query(from): Query<From>,
) -> Result<Response, Fault> {
    let before = Id::parse(&from.before);
    let (some, to_write) = act(&shop, move |app| {
        let to_write = match before {
            None => review::to_write(app, &visitor, MOST)?,
            Some(_) => Vec::new(),
        };
        Ok((review::mine(app, &visitor, before, MOST)?, to_write))
    })
    .await?;
    let last = some.last().filter(|_| some.len() as i64 == MOST);
    let next = last.map_or(String::new(), |last| {
        link::with_query(HERE, "before", &last.review.id.to_string())
    });
    let shown = |mine: &MyReview| Shown {
        href: format!("{HERE}/{}", mine.review.id),
        name: mine.review.title.clone(),
        hidden: mine.hidden.is_some(),
        x: review_tile::tile(&mine.review, false, &page),
    };
    Ok(render(&Mine {
        to_write: to_write.iter().map(waiting).collect(),
        reviews: some.iter().map(shown).collect(),
        next,
        p: {
            let title = page.t("store-my-reviews");
            Frame::new(page, Here::Me, &["account", "review"]).titled(title)
        },
    }))
}

/// Where the review of a line is written.
pub fn write_href(order: Id<Order>, line: Id<Line>) -> String {
    format!("{}/review/{line}", link::order(order))
}

/// The page of a review of one's own.
pub fn href(id: Id<Review>) -> String {
    format!("{HERE}/{id}")
}

fn waiting(line: &Reviewable) -> Waiting {
    Waiting {
        href: write_href(line.order, line.line),
        name: line.title.clone(),
        chosen: line.variant_title.clone(),
        picture: goods::small(&line.picture),
    }
}

fn ids(order: &str, line: &str) -> Result<(Id<Order>, Id<Line>), Failure> {
    Id::parse(order).zip(Id::parse(line)).ok_or(Failure::NotFound)
}

fn line_of(
    app: &App,
    visitor: &Visitor,
    order: Id<Order>,
    line: Id<Line>,
) -> Result<Reviewable, Failure> {
    let lines = review::of_order(app, visitor, order)?;
    lines.into_iter().find(|one| one.line == line).ok_or(Failure::NotFound)
}

/// `GET /orders/{id}/review/{line}`
pub async fn new(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path((order, line)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let (order, line) = ids(&order, &line)?;
    let found = act(&shop, move |app| line_of(app, &visitor, order, line)).await?;
    if let Some(written) = found.review {
        return Ok(Redirect::to(&href(written)).into_response());
    }
    let problem = match found.may_write {
        true => String::new(),
        false => page.t("store-review-not-now"),
    };
    Ok(render(&blank(page, &found, &Form::default(), problem)))
}

/// `POST /orders/{id}/review/{line}`
pub async fn write(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path((order, line)): Path<(String, String)>,
    upload: Upload,
) -> Result<Response, Fault> {
    let (order, line) = ids(&order, &line)?;
    let Upload { form, files } = upload;
    let asker = visitor.clone();
    let found = act(&shop, move |app| line_of(app, &asker, order, line)).await?;
    let keyed = form.keyed(visitor)?;
    let text = form.raw("text").to_string();
    let wish = Write { line, stars: form.parse("stars").unwrap_or(0), text };
    let chosen = files.into_iter().filter(|file| !file.bytes.is_empty());
    let pictures: Vec<Vec<u8>> = chosen.map(|file| file.bytes.to_vec()).collect();
    match act(&shop, move |app| review::write(app, &keyed, wish, &pictures)).await {
        Ok(made) => {
            Ok(Redirect::to(&format!("{}?done=reviewed", href(made.review.id))).into_response())
        }
        Err(failure) => {
            let problem = Errors::of(failure, page.locale)?.all().join(" ");
            let again = blank(page, &found, &form, problem);
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &again))
        }
    }
}

fn blank(page: Page, line: &Reviewable, form: &Form, problem: String) -> New {
    let chosen: i64 = form.parse("stars").unwrap_or(0);
    let choice = |value| Choice {
        value,
        said: page.t(&format!("store-review-word-{value}")),
        chosen: value == chosen,
    };
    New {
        href: write_href(line.order, line.line),
        order_href: link::order(line.order),
        key: page.new_key.clone(),
        problem,
        what: waiting(line),
        stars: (1..=5).map(choice).collect(),
        text: form.raw("text").to_string(),
        p: {
            let title = page.t("store-review-write");
            Frame::new(page, Here::Me, &["checkout", "review"]).titled(title)
        },
    }
}

/// `GET /account/reviews/{id}`
pub async fn show(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let id: Id<Review> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let mine = act(&shop, move |app| review::my(app, &visitor, id)).await?;
    Ok(render(&draw(page, &mine, String::new(), String::new())))
}

/// `POST /account/reviews/{id}/follow-up`
pub async fn follow_up(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Fault> {
    let id: Id<Review> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let keyed = form.keyed(visitor.clone())?;
    let typed = form.raw("text").to_string();
    let said = FollowUp { text: typed.clone() };
    match act(&shop, move |app| review::follow_up(app, &keyed, id, &said)).await {
        Ok(_) => Ok(Redirect::to(&format!("{}?done=reviewed", href(id))).into_response()),
        Err(failure) => {
            let problem = Errors::of(failure, page.locale)?.all().join(" ");
            let mine = act(&shop, move |app| review::my(app, &visitor, id)).await?;
            let again = draw(page, &mine, problem, typed);
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &again))
        }
    }
}

fn draw(page: Page, mine: &MyReview, problem: String, typed: String) -> Show {
    let hidden = mine.hidden.as_ref().map(|hidden| Hidden {
        ground: page.t(&format!("store-review-ground-{}", hidden.ground.code())),
        law: hidden.law.clone(),
        reason: hidden.reason.clone(),
    });
    let follow_up = format!("{}/follow-up", href(mine.review.id));
    Show {
        problem,
        name: mine.review.title.clone(),
        product_href: link::product(&mine.review.handle),
        order_href: link::order(mine.order),
        x: review_tile::tile(&mine.review, false, &page),
        hidden,
        follow_up: if mine.may_follow_up { follow_up } else { String::new() },
        key: page.new_key.clone(),
        typed,
        p: {
            let title = page.t("store-review-mine");
            Frame::new(page, Here::Me, &["checkout", "review"]).titled(title)
        },
    }
}
