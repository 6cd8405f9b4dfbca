//! A coupon drop: one ticket, torn off by one button, and how many are left.

use app::coupon_drop::{self, DropView};
use app::failure::Failure;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::campaign::{Campaign, Mechanic, Status};
use domain::id::Id;
use serde::Deserialize;

use crate::answer::Fault;
use crate::form::{Errors, Form};
use crate::offer_words as words;
use crate::page::{Page, render, render_with};
use crate::storefront::coupon::{name, until, worth};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::sharing::{self, Seen, Sharing};
use crate::storefront::view::Clock;
use crate::visitor::{Anyone, SignedIn};
use crate::{Shop, act, link};

#[derive(Template)]
#[template(path = "storefront/coupon_drop/show.html")]
struct Show {
    p: Frame,
    problem: String,
    title: String,
    copy: String,
    href: String,
    sign_in: String,
    clock: Option<Clock>,
    /// What the clock counts to.
    runs_to: String,
    worth: String,
    name: String,
    terms: String,
    until: String,
    /// One can be taken now, by whoever is signed in.
    open: bool,
    guest: bool,
    /// It was taken just now.
    fresh: bool,
    /// The visitor has one.
    has: bool,
    key: String,
    /// Why none can be taken, where that is so.
    state: String,
    left: String,
    total: i64,
    rest: i64,
    rules: String,
    share: Sharing,
}

/// Where somebody comes from.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    taken: String,
}

/// `GET /drops/{id}`
pub async fn show(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let id: Id<Campaign> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let seen = act(&shop, move |app| sharing::seen(app, &visitor, id, coupon_drop::get)).await?;
    let fresh = !asked.taken.is_empty();
    Ok(render(&page_of(page, &seen, fresh, &Form::default(), String::new())))
}

/// `POST /drops/{id}`: takes one.
pub async fn claim(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Fault> {
    let id: Id<Campaign> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let keyed = form.keyed(visitor.clone())?;
    match act(&shop, move |app| coupon_drop::claim(app, &keyed, id)).await {
        Ok(_) => {
            let to = link::with_query(&format!("/drops/{id}"), "taken", "1");
            Ok(Redirect::to(&to).into_response())
        }
        Err(failure) => {
            let problem = Errors::of(failure, page.locale)?.all().join(" ");
            let seen =
                act(&shop, move |app| sharing::seen(app, &visitor, id, coupon_drop::get)).await?;
            let again = page_of(page, &seen, false, &form, problem);
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &again))
        }
    }
}

fn page_of(page: Page, seen: &Seen<DropView>, fresh: bool, form: &Form, problem: String) -> Show {
    let (view, link) = seen;
    let href = format!("/drops/{}", view.campaign);
    let has = view.has > 0;
    let state = match (view.status, view.left) {
        (Status::Scheduled, _) => page.t("drop-soon"),
        (Status::Ended | Status::Evaluated, _) => page.t("drop-over"),
        (Status::Paused, _) => page.t("drop-paused"),
        (_, 0) => page.t("drop-all-taken"),
        _ if has => String::new(),
        _ => page.t("drop-over"),
    };
    let end = if view.status == Status::Scheduled { view.starts_at } else { view.ends_at };
    let ticking = matches!(view.status, Status::Scheduled | Status::Running);
    let locale = page.locale;
    let worth = worth(&page, &view.gives, view.currency);
    Show {
        problem,
        title: view.title.clone(),
        copy: view.copy.clone(),
        sign_in: link::sign_in(&href),
        clock: ticking.then(|| Clock::until(end, page.now, locale.exact(end))),
        runs_to: match view.status {
            Status::Scheduled => page.t("game-starts-in"),
            _ => page.t("game-ends-in"),
        },
        name: name(&page, &view.name, &view.name_en).to_string(),
        terms: words::gives(locale, &view.gives, view.threshold, view.currency),
        until: until(&page, view.usable_until),
        open: view.can,
        guest: !page.signed_in,
        fresh: fresh && has,
        has,
        key: match form.key() {
            "" => page.new_key.clone(),
            key => key.to_string(),
        },
        state: if view.can { String::new() } else { state },
        left: page.t2("drop-left", ("left", &view.left), ("total", &view.total)),
        total: view.total,
        rest: view.left,
        rules: format!("/campaigns/{}/rules", view.campaign),
        share: match view.can || has {
            true => {
                let words = page.t2("drop-share", ("worth", &worth), ("title", &view.title));
                Sharing::page(&page, link.as_ref(), &href, words)
                    .of(&page, Mechanic::CouponDrop, &view.title)
                    .worth(worth.clone())
            }
            false => Sharing::default(),
        },
        p: {
            let description = page.t2("drop-says", ("worth", &worth), ("total", &view.total));
            let title = view.title.clone();
            let frame = Frame::new(page, Here::Elsewhere, &["coupon", "game", "team", "share"]);
            frame.titled(title).public(&description, "")
        },
        worth,
        href,
    }
}
