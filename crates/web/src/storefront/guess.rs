//! Guess the price: one's guesses, when it closes, and in the end the answer and who came nearest.

use app::failure::Failure;
use app::guess::{self, GameView, MakeGuess};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::campaign::{Campaign, Mechanic, Status};
use domain::guess::Refusal;
use domain::id::Id;
use domain::money::Money;

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
#[template(path = "storefront/guess/show.html")]
struct Show {
    p: Frame,
    problem: String,
    title: String,
    copy: String,
    what: String,
    href: String,
    share: Sharing,
    sign_in: String,
    clock: Option<Clock>,
    status: Status,
    open: bool,
    guest: bool,
    key: String,
    amount: String,
    /// The sign of the money that is guessed in.
    sign: &'static str,
    left: String,
    may: bool,
    answer: Option<Price>,
    salt: String,
    seal: String,
    mine: Vec<(String, String)>,
    winners: Vec<(i64, String, String)>,
    rules: Vec<String>,
    guessed: String,
}

/// `GET /guesses/{id}`
pub async fn show(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let id: Id<Campaign> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let seen = act(&shop, move |app| sharing::seen(app, &visitor, id, guess::get)).await?;
    Ok(render(&page_of(page, &seen, &Form::default(), String::new())))
}

/// `POST /guesses/{id}`: guesses once.
pub async fn make(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Fault> {
    let id: Id<Campaign> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let keyed = form.keyed(visitor.clone())?;
    let typed = form.get("amount").to_string();
    let done = act(&shop, move |app| {
        let currency = guess::get(app, &keyed, id)?.reward.currency;
        let amount = Money::parse(&typed, currency).map_err(|_| Refusal::BadAmount)?.minor;
        guess::guess(app, &keyed, id, MakeGuess { amount })
    });
    match done.await {
        Ok(_) => {
            let to = link::with_query(&format!("/guesses/{id}"), "done", "saved");
            Ok(Redirect::to(&to).into_response())
        }
        Err(failure) => {
            let problem = Errors::of(failure, page.locale)?.all().join(" ");
            let seen = act(&shop, move |app| sharing::seen(app, &visitor, id, guess::get)).await?;
            let again = page_of(page, &seen, &form, problem);
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &again))
        }
    }
}

fn page_of(page: Page, seen: &Seen<GameView>, form: &Form, problem: String) -> Show {
    let (view, link) = seen;
    let href = format!("/guesses/{}", view.campaign);
    let open = view.status == Status::Running && view.answer.is_none() && page.now < view.closes_at;
    let left = view.left.unwrap_or(0);
    let said = |money| Price::of(money).to_string();
    let locale = page.locale;
    let end = if view.status == Status::Scheduled { view.starts_at } else { view.closes_at };
    let ticking = open || view.status == Status::Scheduled;
    let reward = short(&Price::of(view.reward));
    let mut rules = vec![
        page.t2("guess-rule-win", ("n", &view.winners_most), ("price", &reward)),
        page.n("guess-rule-person", view.per_person),
        page.t("guess-rule-earlier"),
        page.t1("guess-rule-closes", "when", locale.exact(view.closes_at)),
        page.t("guess-rule-sealed"),
    ];
    if let Some(within) = view.within {
        let price = said(Money::new(within, view.reward.currency));
        rules.insert(1, page.t1("guess-rule-within", "price", price));
    }
    let rank = |rank: Option<i64>| rank.map_or(String::new(), |rank| page.n("guess-rank", rank));
    let words = page.t1("guess-says", "what", &view.what);
    let share = Sharing::page(&page, link.as_ref(), &href, words.clone())
        .of(&page, Mechanic::Guess, &view.title)
        .worth(reward);
    Show {
        problem,
        title: view.title.clone(),
        copy: view.copy.clone(),
        what: view.what.clone(),
        sign_in: link::sign_in(&href),
        clock: ticking.then(|| Clock::until(end, page.now, locale.exact(end))),
        status: view.status,
        open,
        guest: view.left.is_none(),
        key: match form.key() {
            "" => page.new_key.clone(),
            key => key.to_string(),
        },
        amount: form.get("amount").to_string(),
        sign: view.reward.currency.symbol(),
        left: page.n("guess-left", left),
        may: left > 0,
        answer: view.answer.map(Price::of),
        salt: view.salt.clone().unwrap_or_default(),
        seal: view.seal.clone(),
        mine: view.mine.iter().map(|one| (said(one.amount), rank(one.rank))).collect(),
        winners: {
            let winners = view.winners.iter();
            winners.map(|one| (one.rank, one.who.clone(), said(one.amount))).collect()
        },
        rules,
        guessed: page.n("guess-guessed", view.guessed),
        share,
        p: {
            let title = view.title.clone();
            Frame::new(page, Here::Elsewhere, &["game", "share"]).titled(title).public(&words, "")
        },
        href,
    }
}
