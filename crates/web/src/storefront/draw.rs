//! A lucky draw: the wheel, the scratch card or the grid, what there is to win and with what
//! chance, and what one drew. Everything works by one plain button; the script only plays it.

use app::draw::{self, DrawOnce, DrawView, DrawnView, PrizeView};
use app::failure::Failure;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::campaign::{Campaign, Mechanic, Status};
use domain::draw::{Face, Gives, Source};
use domain::id::Id;
use serde::Deserialize;

use crate::answer::Fault;
use crate::form::{Errors, Form};
use crate::locale::Price;
use crate::page::{Page, render, render_with};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::goods;
use crate::storefront::sharing::{self, Seen, Sharing};
use crate::storefront::view::{Clock, When, short};
use crate::visitor::{Anyone, SignedIn};
use crate::{Shop, act, link};

/// A wheel has at least so many fields: fewer prizes come round more than once.
const FIELDS: usize = 6;
/// How often a wheel turns before it stops.
const TURNS: usize = 5;

#[derive(Template)]
#[template(path = "storefront/draw/show.html")]
struct Show {
    p: Frame,
    problem: String,
    title: String,
    copy: String,
    href: String,
    share: Sharing,
    proof: String,
    rules: String,
    face: &'static str,
    status: Status,
    clock: Option<Clock>,
    /// Whether the button draws, or leads to where one comes in.
    may: bool,
    guest: bool,
    sign_in: String,
    key: String,
    button: String,
    chances: String,
    ways: Vec<String>,
    fields: Vec<Field>,
    /// Which field of the wheel or the grid the last draw stopped at, and how far the wheel turns.
    stops: usize,
    turn: usize,
    won: Option<Won>,
    prizes: Vec<Prize>,
    mine: Vec<Won>,
    winners: Vec<Winner>,
    hash: String,
    drawn: String,
}

/// A field of the wheel.
struct Field {
    name: String,
    tone: usize,
    /// Where its words stand, in degrees.
    angle: usize,
    /// How much of the wheel it is, and where it begins.
    dash: String,
    from: String,
}

struct Prize {
    name: String,
    worth: String,
    odds: String,
    left: String,
}

/// Something one drew.
struct Won {
    said: String,
    more: String,
    prize: String,
    luck: bool,
    when: When,
}

struct Winner {
    who: String,
    prize: String,
    when: When,
}

/// The draw somebody comes from.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    drew: String,
}

/// `GET /draws/{id}`
pub async fn show(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let id: Id<Campaign> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let seen = act(&shop, move |app| sharing::seen(app, &visitor, id, draw::get)).await?;
    Ok(render(&page_of(page, &seen, &asked.drew, &Form::default(), String::new())))
}

/// `POST /draws/{id}`: draws once.
pub async fn once(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Fault> {
    let id: Id<Campaign> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let keyed = form.keyed(visitor.clone())?;
    let input = DrawOnce { salt: form.get("salt").to_string() };
    match act(&shop, move |app| draw::draw(app, &keyed, id, &input)).await {
        Ok(drawn) => {
            let drew = drawn.value.draw.to_string();
            let to = link::with_query(&format!("/draws/{id}"), "drew", &drew);
            Ok(Redirect::to(&to).into_response())
        }
        Err(failure) => {
            let problem = Errors::of(failure, page.locale)?.all().join(" ");
            let seen = act(&shop, move |app| sharing::seen(app, &visitor, id, draw::get)).await?;
            let again = page_of(page, &seen, "", &form, problem);
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &again))
        }
    }
}

fn page_of(page: Page, seen: &Seen<DrawView>, drew: &str, form: &Form, problem: String) -> Show {
    let (view, link) = seen;
    let href = format!("/draws/{}", view.campaign);
    let last = view.mine.iter().find(|one| one.draw.to_string() == drew);
    let fields = fields(view);
    let stops = last.and_then(|one| usize::try_from(one.wins).ok()).unwrap_or(0);
    let turn = match last {
        // The field comes to stand under the mark at the top.
        Some(_) => 360 * TURNS - (2 * stops + 1) * 180 / fields.len().max(1),
        None => 0,
    };
    let running = view.status == Status::Running;
    let chances = view.chances.unwrap_or(0);
    let clock = match view.status {
        Status::Scheduled => Some(view.starts_at),
        Status::Running => Some(view.ends_at),
        _ => None,
    };
    let clock = clock.map(|end| Clock::until(end, page.now, page.locale.exact(end)));
    let words = page.t1("draw-says", "title", &view.title);
    let share = Sharing::page(&page, link.as_ref(), &href, words.clone()).of(
        &page,
        Mechanic::Draw,
        &view.title,
    );
    Show {
        problem,
        title: view.title.clone(),
        copy: view.copy.clone(),
        proof: format!("{href}/proof"),
        rules: format!("/campaigns/{}/rules", view.campaign),
        sign_in: link::sign_in(&href),
        face: view.face.code(),
        status: view.status,
        clock,
        may: running && chances > 0,
        guest: view.chances.is_none(),
        key: match form.key() {
            "" => page.new_key.clone(),
            key => key.to_string(),
        },
        button: page.t(match view.face {
            Face::Wheel => "draw-do-wheel",
            Face::Scratch => "draw-do-scratch",
            Face::Grid => "draw-do-grid",
        }),
        chances: page.n("draw-chances-n", chances),
        ways: view.sources.iter().map(|source| way(&page, source)).collect(),
        stops,
        turn,
        won: last.map(|one| won(&page, one)),
        prizes: view.prizes.iter().map(|one| prize(&page, one)).collect(),
        mine: view.mine.iter().map(|one| won(&page, one)).collect(),
        winners: {
            let winner = |one: &draw::Winner| Winner {
                who: one.who.clone(),
                prize: one.prize.clone(),
                when: goods::when(one.at, page.now, page.locale),
            };
            view.winners.iter().map(winner).collect()
        },
        hash: view.hash.clone(),
        drawn: page.n("draw-drawn-n", view.drawn),
        fields,
        share,
        p: {
            let title = view.title.clone();
            Frame::new(page, Here::Elsewhere, &["game", "share"]).titled(title).public(&words, "")
        },
        href,
    }
}

/// The fields of the wheel in their order, each as large as the others: the chances stand beside.
fn fields(view: &DrawView) -> Vec<Field> {
    let count = view.prizes.len().max(1);
    let all = count * FIELDS.div_ceil(count);
    let field = |at: usize| {
        let prize = view.prizes.get(at % count);
        Field {
            name: prize.map_or(String::new(), |prize| prize.name.chars().take(8).collect()),
            // Three tones in turn, and none beside its like at the seam.
            tone: if at + 1 == all && all % 3 == 1 { 2 } else { at % 3 + 1 },
            angle: (2 * at + 1) * 180 / all,
            dash: format!("1 {}", all - 1),
            from: format!("-{at}"),
        }
    };
    (0..all).map(field).collect()
}

fn way(page: &Page, source: &Source) -> String {
    match source {
        Source::Daily { chances } => page.n("draw-way-daily", *chances),
        Source::Order { chances } => page.n("draw-way-order", *chances),
        Source::Staff => page.t("draw-way-staff"),
    }
}

fn prize(page: &Page, one: &PrizeView) -> Prize {
    let worth = match one.gives {
        Gives::Nothing => "–".to_string(),
        Gives::Credit => page.t1("draw-gives-credit", "price", short(&Price::of(one.value))),
        Gives::Thing => page.t1("draw-gives-thing", "price", short(&Price::of(one.value))),
    };
    let left = match (one.left, one.stock) {
        (Some(left), Some(stock)) => page.t2("draw-left", ("left", &left), ("stock", &stock)),
        _ => page.t("draw-no-end"),
    };
    Prize { name: one.name.clone(), worth, odds: percent(one.odds), left }
}

/// Millionths as a percentage with as many digits as it takes: `0.0125 %`.
pub fn percent(millionths: i64) -> String {
    let (whole, rest) = (millionths / 10_000, millionths % 10_000);
    let rest = format!("{rest:04}");
    match rest.trim_end_matches('0') {
        "" => format!("{whole}%"),
        rest => format!("{whole}.{rest}%"),
    }
}

fn won(page: &Page, one: &DrawnView) -> Won {
    let worth = short(&Price::of(one.value));
    let (said, more, luck) = match one.gives {
        Gives::Nothing => (page.t("draw-won-nothing"), page.t("draw-won-nothing-more"), false),
        Gives::Credit => (page.t("draw-won"), page.t1("draw-won-credit", "price", worth), true),
        Gives::Thing => {
            let more = match one.handed_at {
                Some(_) => page.t("draw-won-handed"),
                None => page.t("draw-won-thing"),
            };
            (page.t("draw-won"), more, true)
        }
    };
    let when = goods::when(one.at, page.now, page.locale);
    Won { said, more, prize: one.prize.clone(), luck, when }
}

#[cfg(test)]
mod tests {
    #[test]
    fn chances_are_said_to_the_millionth() {
        let check = |millionths, said: &str| assert_eq!(super::percent(millionths), said);
        check(1_000_000, "100%");
        check(10_000, "1%");
        check(12_500, "1.25%");
        check(1, "0.0001%");
        check(142_857, "14.2857%");
        check(0, "0%");
    }
}
