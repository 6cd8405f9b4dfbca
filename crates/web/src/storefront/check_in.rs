//! Checking in: a week of a streak as coins, and one button.

use app::check_in::{self, CheckInView};
use app::failure::Failure;
use app::{App, Visitor};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::campaign::Mechanic;
use domain::share::Object;

use crate::answer::Fault;
use crate::form::{Errors, Form};
use crate::page::{Page, render, render_with};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::sharing::{self, Seen, Sharing};
use crate::visitor::{Anyone, SignedIn};
use crate::{Shop, act};

#[derive(Template)]
#[template(path = "storefront/check_in/show.html")]
struct Show {
    p: Frame,
    problem: String,
    title: String,
    said: String,
    key: String,
    coins: Vec<Coin>,
    checked: bool,
    /// A guest signs in first.
    guest: bool,
    next: String,
    share: Sharing,
}

struct Coin {
    day: String,
    points: String,
    /// What a whole streak brings besides.
    bonus: String,
    done: bool,
    today: bool,
}

/// `GET /check-in`
pub async fn show(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
) -> Result<Response, Fault> {
    let guest = visitor.person.is_none();
    let seen = act(&shop, move |app| see(app, &visitor)).await?;
    Ok(render(&draw(page, &seen, guest, String::new())))
}

/// `POST /check-in`
pub async fn check(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    form: Form,
) -> Result<Response, Fault> {
    let keyed = form.keyed(visitor.clone())?;
    let failure: Failure = match act(&shop, move |app| check_in::check_in(app, &keyed)).await {
        Ok(_) => return Ok(Redirect::to("/check-in").into_response()),
        Err(failure) => failure,
    };
    let problem = Errors::of(failure, page.locale)?.all().join(" ");
    let seen = act(&shop, move |app| see(app, &visitor)).await?;
    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &draw(page, &seen, false, problem)))
}

fn see(app: &App, visitor: &Visitor) -> Result<Seen<CheckInView>, Failure> {
    let view = check_in::show(app, visitor)?;
    let link = sharing::link_to(app, visitor, Object::Campaign, view.campaign.0)?;
    Ok((view, link))
}

fn draw(page: Page, (view, link): &Seen<CheckInView>, guest: bool, problem: String) -> Show {
    let coin = |day: &check_in::Day| Coin {
        day: page.n("check-in-day", day.number),
        points: format!("+{}", page.locale.number(day.points)),
        bonus: match day.bonus {
            0 => String::new(),
            bonus => format!("+{}", page.locale.number(bonus)),
        },
        done: day.done,
        today: day.today,
    };
    let said = match (view.streak, view.checked_today) {
        (0, _) => page.t("check-in-begin"),
        (streak, true) => page.n("check-in-kept", streak),
        (streak, false) => page.n("check-in-keep", streak),
    };
    let next = view.bonuses.iter().filter(|one| one.streak > view.streak);
    let next = next.min_by_key(|one| one.streak).map_or(String::new(), |one| {
        let (days, points) = (one.streak - view.streak, page.locale.number(one.points));
        page.t2("check-in-next", ("n", &days), ("points", &points))
    });
    Show {
        problem,
        title: view.title.clone(),
        said,
        key: page.new_key.clone(),
        coins: view.days.iter().map(coin).collect(),
        checked: view.checked_today,
        guest,
        next,
        share: {
            let words = page.t1("check-in-share", "title", &view.title);
            Sharing::page(&page, link.as_ref(), "/check-in", words).of(
                &page,
                Mechanic::CheckIn,
                &view.title,
            )
        },
        p: {
            let title = view.title.clone();
            Frame::new(page, Here::Me, &["account", "checkout", "point", "share"]).titled(title)
        },
    }
}
