//! A draw behind the counter: its prizes and how they go, who drew what, things to hand over, and
//! chances given by hand.

use app::draw::desk::{self, DeskDraw, DrawDesk, GiveChances};
use app::wallet;
use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::routing::{get, post};
use domain::campaign::Campaign;
use domain::draw::{Draw, Gives};
use domain::id::Id;

use super::part::When;
use super::{Answer, Desk, Frame};
use crate::Shop;
use crate::answer::Fault;
use crate::form::Form;

/// Its entry in the rail.
const HERE: &str = "/console/campaigns";
const ROWS: i64 = 100;

/// The routes of games behind the counter.
pub fn routes() -> Router<Shop> {
    Router::new()
        .route("/console/draws/{id}", get(show))
        .route("/console/draws/{id}/chances", post(give))
        .route("/console/draws/{id}/records/{draw}/hand-over", post(hand_over))
}

#[derive(Template)]
#[template(path = "console/game/draw.html")]
struct Show {
    p: Frame,
    title: String,
    href: String,
    back: String,
    page: String,
    key: String,
    hash: String,
    revealed: bool,
    drawn: String,
    prizes: Vec<Prize>,
    rows: Vec<Row>,
    who: String,
    chances: String,
    reason: String,
}

struct Prize {
    name: String,
    worth: String,
    odds: String,
    left: String,
}

struct Row {
    number: i64,
    who: String,
    whose: String,
    prize: String,
    luck: bool,
    waits: bool,
    handed: bool,
    hand_over: String,
    at: When,
}

fn id(text: &str) -> Result<Id<Campaign>, Fault> {
    Id::parse(text).ok_or_else(|| app::failure::Failure::NotFound.into())
}

/// `GET /console/draws/{id}`
pub async fn show(desk: Desk, Path(path): Path<String>) -> Answer {
    let page = page(&desk, id(&path)?, &Form::default(), String::new()).await?;
    desk.show(page)
}

async fn page(desk: &Desk, id: Id<Campaign>, form: &Form, problem: String) -> Result<Show, Fault> {
    let (found, list) = desk
        .act(move |app, visitor| {
            let found = desk::get(app, visitor, id)?;
            Ok((found, desk::list(app, visitor, id, (false, None), ROWS)?))
        })
        .await?;
    let p = desk.frame_with(HERE, problem);
    let href = format!("/console/draws/{id}");
    Ok(Show {
        back: format!("{HERE}/{id}"),
        page: format!("/draws/{id}"),
        key: match form.key() {
            "" => p.new_key.clone(),
            key => key.to_string(),
        },
        title: found.title.clone(),
        hash: found.hash.clone(),
        revealed: found.revealed,
        drawn: p.num(found.drawn),
        prizes: prizes(&p, &found),
        rows: list.iter().map(|one| row(&p, &href, one)).collect(),
        who: form.get("who").to_string(),
        chances: form.maybe("chances").unwrap_or("1").to_string(),
        reason: form.get("reason").to_string(),
        href,
        p,
    })
}

fn prizes(p: &Frame, found: &DrawDesk) -> Vec<Prize> {
    let prize = |one: &app::draw::PrizeView| Prize {
        name: one.name.clone(),
        worth: if one.value.is_zero() { String::new() } else { p.money(one.value) },
        odds: crate::storefront::draw::percent(one.odds),
        left: match (one.left, one.stock) {
            (Some(left), Some(stock)) => format!("{left} / {stock}"),
            _ => "∞".to_string(),
        },
    };
    found.prizes.iter().map(prize).collect()
}

fn row(p: &Frame, href: &str, one: &DeskDraw) -> Row {
    let drawn = &one.drawn;
    Row {
        number: drawn.number,
        who: one.name.clone(),
        whose: format!("/console/customers/{}", one.person),
        prize: drawn.prize.clone(),
        luck: drawn.gives != Gives::Nothing,
        waits: one.waits,
        handed: drawn.handed_at.is_some(),
        hand_over: format!("{href}/records/{}/hand-over", drawn.draw),
        at: p.when(drawn.at),
    }
}

/// Gives somebody chances by hand.
pub async fn give(desk: Desk, Path(path): Path<String>, form: Form) -> Answer {
    let id = id(&path)?;
    let who = form.get("who").to_string();
    let chances: i64 = form.parse("chances").unwrap_or(0);
    let reason = form.get("reason").to_string();
    let person = desk.act(move |app, visitor| wallet::owner(app, visitor, &who)).await?;
    let Some(person) = person else {
        let problem = desk.tell("console-game-nobody", &[]);
        let page = page(&desk, id, &form, problem).await?;
        return desk.show_again(page);
    };
    let input = GiveChances { person, chances, reason };
    let done = desk
        .act_once(&form, move |app, visitor| desk::give_chances(app, visitor, id, &input))
        .await;
    match done {
        Ok(_) => desk.on(&format!("/console/draws/{id}"), "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let page = page(&desk, id, &form, problem).await?;
            desk.show_again(page)
        }
    }
}

/// A thing that was won is with its winner.
pub async fn hand_over(
    desk: Desk,
    Path((path, draw)): Path<(String, String)>,
    form: Form,
) -> Answer {
    let id = id(&path)?;
    let draw: Id<Draw> = Id::parse(&draw).ok_or(app::failure::Failure::NotFound)?;
    let done = desk.act_once(&form, move |app, visitor| desk::hand_over(app, visitor, draw)).await;
    match done {
        Ok(_) => desk.on(&format!("/console/draws/{id}"), "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let page = page(&desk, id, &Form::default(), problem).await?;
            desk.show_again(page)
        }
    }
}
