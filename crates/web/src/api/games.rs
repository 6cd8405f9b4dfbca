//! Games: draws with everything it takes to do them again, red packets, guesses and quizzes.

use app::draw::{self, DrawOnce, DrawView, Proof, RecordView};
use app::guess::{self, GameView, MakeGuess};
use app::packet::{self, PacketView};
use app::quiz::{self, AnswerAll, QuizView};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use domain::campaign::Campaign;
use domain::quiz::Attempt;

use super::input::{At, Keyed, Nothing, PageQuery, Query};
use super::output::{self, Listed, Span};
use crate::answer::AsJson;
use crate::visitor::Anyone;
use crate::{Shop, act};
#[cfg(feature = "schema")]
use {
    super::input::KeyHeader, app::draw::DrawnView, app::guess::GuessView, app::packet::TakenView,
    app::quiz::AttemptView, domain::id::Id,
};

operations! {
    /// The routes of games.
    "/api/v1/draws/{campaign}": get show_draw;
    "/api/v1/draws/{campaign}/draws": post draw_once;
    "/api/v1/draws/{campaign}/proof": get proof;
    "/api/v1/draws/{campaign}/records": get records;
    "/api/v1/packets/{campaign}": get show_packet;
    "/api/v1/packets/{campaign}/parts": post take_part;
    "/api/v1/guesses/{campaign}": get show_guess;
    "/api/v1/guesses/{campaign}/guesses": post make_guess;
    "/api/v1/quizzes/{campaign}": get show_quiz;
    "/api/v1/quizzes/{campaign}/attempts": post begin_quiz;
    "/api/v1/quiz-attempts/{attempt}/answers": post answer_quiz;
}

/// A lucky draw
#[describe::path(get, path = "/api/v1/draws/{campaign}", operation_id = "show_draw",
    tag = "games", params(("campaign" = Id<Campaign>, Path)),
    responses((status = 200, body = DrawView)))]
async fn show_draw(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    At(id): At<Campaign>,
) -> Result<Json<DrawView>, AsJson> {
    Ok(Json(act(&shop, move |app| draw::get(app, &visitor, id)).await?))
}

/// Draw once
///
/// It uses one chance. `salt` is your own part in the ticket.
#[describe::path(post, path = "/api/v1/draws/{campaign}/draws", operation_id = "draw_once",
    tag = "games", params(("campaign" = Id<Campaign>, Path), KeyHeader),
    request_body = DrawOnce, responses((status = 201, body = DrawnView)))]
async fn draw_once(
    State(shop): State<Shop>,
    At(id): At<Campaign>,
    Keyed { visitor, body, again }: Keyed<DrawOnce>,
) -> Result<Response, AsJson> {
    let drawn = act(&shop, move |app| draw::draw(app, &visitor, id, &body)).await?.value;
    let at = format!("/api/v1/draws/{id}");
    Ok(output::maybe_again(output::made(drawn, &at), &again))
}

/// What a draw is proved by
///
/// With the records it is everything it takes to do all draws again. The seed is there when the
/// draw is over.
#[describe::path(get, path = "/api/v1/draws/{campaign}/proof", operation_id = "draw_proof",
    tag = "games", params(("campaign" = Id<Campaign>, Path)),
    responses((status = 200, body = Proof)))]
async fn proof(State(shop): State<Shop>, At(id): At<Campaign>) -> Result<Json<Proof>, AsJson> {
    Ok(Json(act(&shop, move |app| draw::proof(app, id)).await?))
}

/// Every draw with what it was made of, in their order
#[describe::path(get, path = "/api/v1/draws/{campaign}/records", operation_id = "draw_records",
    tag = "games", params(("campaign" = Id<Campaign>, Path), PageQuery),
    responses((status = 200, body = Listed<RecordView>)))]
async fn records(
    State(shop): State<Shop>,
    At(id): At<Campaign>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Listed<RecordView>>, AsJson> {
    let span = Span::of(&shop, &format!("draw records {id}"), &query)?;
    let (after, ask) = (span.number().unwrap_or(0), span.ask);
    let found = act(&shop, move |app| draw::records(app, id, after, ask)).await?;
    Ok(span.page(&shop, found, |record| record.number.to_string()))
}

/// A red packet
#[describe::path(get, path = "/api/v1/packets/{campaign}", operation_id = "show_packet",
    tag = "games", params(("campaign" = Id<Campaign>, Path)),
    responses((status = 200, body = PacketView)))]
async fn show_packet(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    At(id): At<Campaign>,
) -> Result<Json<PacketView>, AsJson> {
    Ok(Json(act(&shop, move |app| packet::get(app, &visitor, id)).await?))
}

/// Take the next part of a red packet
#[describe::path(post, path = "/api/v1/packets/{campaign}/parts", operation_id = "take_part",
    tag = "games", params(("campaign" = Id<Campaign>, Path), KeyHeader),
    request_body = Nothing, responses((status = 201, body = TakenView)))]
async fn take_part(
    State(shop): State<Shop>,
    At(id): At<Campaign>,
    Keyed { visitor, again, .. }: Keyed<Nothing>,
) -> Result<Response, AsJson> {
    let taken = act(&shop, move |app| packet::take(app, &visitor, id)).await?.value;
    let at = format!("/api/v1/packets/{id}");
    Ok(output::maybe_again(output::made(taken, &at), &again))
}

/// A price to be guessed
#[describe::path(get, path = "/api/v1/guesses/{campaign}", operation_id = "show_guess",
    tag = "games", params(("campaign" = Id<Campaign>, Path)),
    responses((status = 200, body = GameView)))]
async fn show_guess(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    At(id): At<Campaign>,
) -> Result<Json<GameView>, AsJson> {
    Ok(Json(act(&shop, move |app| guess::get(app, &visitor, id)).await?))
}

/// Guess a price
#[describe::path(post, path = "/api/v1/guesses/{campaign}/guesses", operation_id = "make_guess",
    tag = "games", params(("campaign" = Id<Campaign>, Path), KeyHeader),
    request_body = MakeGuess, responses((status = 201, body = GuessView)))]
async fn make_guess(
    State(shop): State<Shop>,
    At(id): At<Campaign>,
    Keyed { visitor, body, again }: Keyed<MakeGuess>,
) -> Result<Response, AsJson> {
    let made = act(&shop, move |app| guess::guess(app, &visitor, id, body)).await?.value;
    let at = format!("/api/v1/guesses/{id}");
    Ok(output::maybe_again(output::made(made, &at), &again))
}

/// A quiz
#[describe::path(get, path = "/api/v1/quizzes/{campaign}", operation_id = "show_quiz",
    tag = "games", params(("campaign" = Id<Campaign>, Path)),
    responses((status = 200, body = QuizView)))]
async fn show_quiz(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    At(id): At<Campaign>,
) -> Result<Json<QuizView>, AsJson> {
    Ok(Json(act(&shop, move |app| quiz::get(app, &visitor, id)).await?))
}

/// Begin an attempt at a quiz
///
/// From now on its time runs.
#[describe::path(post, path = "/api/v1/quizzes/{campaign}/attempts", operation_id = "begin_quiz",
    tag = "games", params(("campaign" = Id<Campaign>, Path), KeyHeader),
    request_body = Nothing, responses((status = 201, body = AttemptView)))]
async fn begin_quiz(
    State(shop): State<Shop>,
    At(id): At<Campaign>,
    Keyed { visitor, again, .. }: Keyed<Nothing>,
) -> Result<Response, AsJson> {
    let begun = act(&shop, move |app| quiz::begin(app, &visitor, id)).await?.value;
    let at = format!("/api/v1/quizzes/{id}");
    Ok(output::maybe_again(output::made(begun, &at), &again))
}

/// Answer an attempt at a quiz
#[describe::path(post, path = "/api/v1/quiz-attempts/{attempt}/answers",
    operation_id = "answer_quiz", tag = "games",
    params(("attempt" = Id<Attempt>, Path), KeyHeader), request_body = AnswerAll,
    responses((status = 201, body = AttemptView)))]
async fn answer_quiz(
    State(shop): State<Shop>,
    At(id): At<Attempt>,
    Keyed { visitor, body, again }: Keyed<AnswerAll>,
) -> Result<Response, AsJson> {
    let done = act(&shop, move |app| quiz::answer(app, &visitor, id, &body)).await?.value;
    let at = format!("/api/v1/quizzes/{}", done.campaign);
    Ok(output::maybe_again(output::made(done, &at), &again))
}
