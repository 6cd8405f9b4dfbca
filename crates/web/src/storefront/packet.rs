//! A red packet: opened by one button, and the list of who got what.

use app::failure::Failure;
use app::packet::{self, PacketView, PartView};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::campaign::{Campaign, Mechanic, Status};
use domain::id::Id;
use domain::red_packet::Split;
use serde::Deserialize;

use crate::answer::Fault;
use crate::form::{Errors, Form};
use crate::locale::Price;
use crate::page::{Page, render, render_with};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::goods;
use crate::storefront::sharing::{self, Seen, Sharing};
use crate::storefront::view::{Clock, Face, When, short};
use crate::visitor::{Anyone, SignedIn};
use crate::{Shop, act, link};

#[derive(Template)]
#[template(path = "storefront/packet/show.html")]
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
    /// It can be opened now, by whoever is signed in.
    open: bool,
    guest: bool,
    /// It was opened just now.
    fresh: bool,
    key: String,
    mine: Option<Price>,
    state: String,
    taken: String,
    rules: Vec<String>,
    parts: Vec<Part>,
    hash: String,
    seed: String,
    share: Sharing,
}

struct Part {
    face: Face,
    amount: String,
    luckiest: bool,
    mine: bool,
    when: When,
}

/// Where somebody comes from.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    opened: String,
}

/// `GET /packets/{id}`
pub async fn show(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let id: Id<Campaign> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let seen = act(&shop, move |app| sharing::seen(app, &visitor, id, packet::get)).await?;
    let fresh = !asked.opened.is_empty();
    Ok(render(&page_of(page, &seen, fresh, &Form::default(), String::new())))
}

/// `POST /packets/{id}`: takes the next part.
pub async fn open(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Fault> {
    let id: Id<Campaign> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let keyed = form.keyed(visitor.clone())?;
    match act(&shop, move |app| packet::take(app, &keyed, id)).await {
        Ok(_) => {
            let to = link::with_query(&format!("/packets/{id}"), "opened", "1");
            Ok(Redirect::to(&to).into_response())
        }
        Err(failure) => {
            let problem = Errors::of(failure, page.locale)?.all().join(" ");
            let seen = act(&shop, move |app| sharing::seen(app, &visitor, id, packet::get)).await?;
            let again = page_of(page, &seen, false, &form, problem);
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &again))
        }
    }
}

fn page_of(page: Page, seen: &Seen<PacketView>, fresh: bool, form: &Form, problem: String) -> Show {
    let (view, link) = seen;
    let href = format!("/packets/{}", view.campaign);
    let left = view.count - view.taken;
    let running = view.status == Status::Running && !view.closed;
    let state = match (view.status, view.closed, left) {
        (Status::Scheduled, _, _) => page.t("packet-soon"),
        (_, _, 0) => page.t("packet-all-taken"),
        (_, true, _) => page.t("packet-over"),
        (Status::Paused, _, _) => page.t("packet-paused"),
        _ => String::new(),
    };
    let end = if view.status == Status::Scheduled { view.starts_at } else { view.expires_at };
    let ticking = running && left > 0 || view.status == Status::Scheduled;
    let price = |money| Price::of(money).to_string();
    let (total, worth) = (price(view.total), price(view.taken_worth));
    let locale = page.locale;
    let taken = locale.tell(
        "packet-taken",
        &[("taken", &view.taken), ("count", &view.count), ("worth", &worth), ("total", &total)],
    );
    let split = match view.split {
        Split::Equal => "packet-rule-equal",
        Split::Random => "packet-rule-random",
    };
    let rules = vec![
        page.t2("packet-rule-total", ("total", &total), ("count", &view.count)),
        page.t(split),
        page.n("packet-rule-person", view.per_person),
        page.n("packet-rule-cluster", view.per_cluster),
        page.t1("packet-rule-until", "when", locale.exact(view.expires_at)),
        page.t("packet-rule-rest"),
        page.t("packet-rule-credit"),
    ];
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
        open: running && left > 0 && view.mine.is_none(),
        guest: !page.signed_in,
        fresh: fresh && view.mine.is_some(),
        key: match form.key() {
            "" => page.new_key.clone(),
            key => key.to_string(),
        },
        mine: view.mine.map(Price::of),
        state,
        taken,
        rules,
        parts: view.parts.iter().map(|one| part(&page, one)).collect(),
        hash: view.hash.clone(),
        seed: view.seed.clone().unwrap_or_default(),
        share: Sharing::page(
            &page,
            link.as_ref(),
            &href,
            page.t1("packet-share", "title", &view.title),
        )
        .of(&page, Mechanic::RedPacket, &view.title)
        .worth(short(&Price::of(view.total))),
        p: {
            let description = page.t2("packet-says", ("total", &total), ("count", &view.count));
            let title = view.title.clone();
            let frame = Frame::new(page, Here::Elsewhere, &["game", "team", "share"]);
            frame.titled(title).public(&description, "")
        },
        href,
    }
}

fn part(page: &Page, one: &PartView) -> Part {
    Part {
        face: Face::of(&one.who),
        amount: Price::of(one.amount).to_string(),
        luckiest: one.luckiest,
        mine: one.mine,
        when: goods::when(one.at, page.now, page.locale),
    }
}
