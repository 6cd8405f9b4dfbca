//! Fission coupons: where one is started, and the page a friend opens to take a part.

use app::campaign;
use app::failure::Failure;
use app::fission::{self, FissionHall, FissionPart, FissionView, OwnFission};
use app::share::LinkView;
use app::{App, Visitor};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::campaign::{Campaign, Channel, Mechanic, Status};
use domain::fission::{Fission, Starts, Takers};
use domain::id::Id;
use domain::money::Money;
use domain::red_packet::Split;
use domain::share::Object;
use serde::Deserialize;

use crate::answer::Fault;
use crate::form::{Errors, Form};
use crate::locale::Price;
use crate::offer_words as words;
use crate::page::{Page, render, render_with};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::sharing::{self, Sharing};
use crate::storefront::view::{Clock, Face, short};
use crate::visitor::{Anyone, SignedIn};
use crate::{Shop, act, link, live};

#[derive(Template)]
#[template(path = "storefront/fission/hall.html")]
struct Hall {
    p: Frame,
    problem: String,
    title: String,
    copy: String,
    href: String,
    rules: String,
    sign_in: String,
    guest: bool,
    /// It can be started now.
    open: bool,
    button: String,
    state: String,
    worth: String,
    says: String,
    conditions: String,
    key: String,
    clock: Option<Clock>,
    /// What the clock counts to.
    runs_to: String,
    own: Vec<Own>,
}

/// One that the visitor shares.
struct Own {
    href: String,
    taken: String,
    said: String,
    open: bool,
}

#[derive(Template)]
#[template(path = "storefront/fission/show.html")]
struct Show {
    p: Frame,
    problem: String,
    title: String,
    copy: String,
    href: String,
    sign_in: String,
    clock: Option<Clock>,
    /// A part can be taken now, by whoever is signed in.
    open: bool,
    guest: bool,
    /// It was taken just now.
    fresh: bool,
    key: String,
    mine: Option<Ticket>,
    heading: String,
    say: String,
    state: String,
    taken: String,
    /// What it looks like now: the page draws itself anew when that changes.
    version: String,
    /// One for each part in their order of taking; those nobody took yet are empty.
    slots: Vec<Slot>,
    rules: Vec<String>,
    more: String,
    hash: String,
    seed: String,
    /// Whether there is anything left to send it to friends for.
    share: Sharing,
}

/// The visitor's part, as the coupon it is.
struct Ticket {
    worth: String,
    name: String,
    terms: String,
    until: String,
}

struct Slot {
    part: Option<Part>,
}

struct Part {
    face: Face,
    amount: String,
    luckiest: bool,
    mine: bool,
}

/// Where somebody comes from.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    opened: String,
}

fn campaign_id(text: &str) -> Result<Id<Campaign>, Failure> {
    Id::parse(text).ok_or(Failure::NotFound)
}

fn fission_id(text: &str) -> Result<Id<Fission>, Failure> {
    Id::parse(text).ok_or(Failure::NotFound)
}

/// `GET /fissions/{campaign}`: what is given to share.
pub async fn hall(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
    Path(text): Path<String>,
) -> Result<Response, Fault> {
    let id = campaign_id(&text)?;
    let view = act(&shop, move |app| fission::hall(app, &visitor, id)).await?;
    Ok(render(&hall_of(page, &view, &Form::default(), String::new())))
}

/// `POST /fissions/{campaign}`: starts one.
pub async fn begin(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(text): Path<String>,
    form: Form,
) -> Result<Response, Fault> {
    let id = campaign_id(&text)?;
    let keyed = form.keyed(visitor.clone())?;
    match act(&shop, move |app| fission::begin(app, &keyed, id)).await {
        Ok(begun) => Ok(Redirect::to(&format!("/split/{}", begun.value.id)).into_response()),
        Err(failure) => {
            let problem = Errors::of(failure, page.locale)?.all().join(" ");
            let view = act(&shop, move |app| fission::hall(app, &visitor, id)).await?;
            let again = hall_of(page, &view, &form, problem);
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &again))
        }
    }
}

/// One, the visitor's own link to it, and the app it is opened in where that rewards no sharing.
type Seen = (FissionView, Option<LinkView>, Option<Channel>);

fn see(app: &App, visitor: &Visitor, id: Id<Fission>) -> Result<Seen, Failure> {
    let view = fission::get(app, visitor, id)?;
    let link = sharing::link_to(app, visitor, Object::Fission, id.0)?;
    let silent = campaign::silent_in(app, visitor, view.campaign)?;
    Ok((view, link, silent))
}

/// `GET /split/{id}`
pub async fn show(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
    Path(text): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let id = fission_id(&text)?;
    let seen = act(&shop, move |app| see(app, &visitor, id)).await?;
    let fresh = !asked.opened.is_empty();
    Ok(render(&page_of(page, &seen, fresh, &Form::default(), String::new())))
}

/// `POST /split/{id}`: takes the next part.
pub async fn take(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(text): Path<String>,
    form: Form,
) -> Result<Response, Fault> {
    let id = fission_id(&text)?;
    let keyed = form.keyed(visitor.clone())?;
    match act(&shop, move |app| fission::take(app, &keyed, id)).await {
        Ok(_) => {
            let to = link::with_query(&format!("/split/{id}"), "opened", "1");
            Ok(Redirect::to(&to).into_response())
        }
        Err(failure) => {
            let problem = Errors::of(failure, page.locale)?.all().join(" ");
            let seen = act(&shop, move |app| see(app, &visitor, id)).await?;
            let again = page_of(page, &seen, false, &form, problem);
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &again))
        }
    }
}

/// `GET /split/{id}/live`: says when it changed.
pub async fn changes(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    Path(text): Path<String>,
) -> Result<Response, Fault> {
    let id = fission_id(&text)?;
    act(&shop, move |app| fission::get(app, &visitor, id)).await?;
    Ok(live::fission_events(&shop.live, id))
}

fn key_of(page: &Page, form: &Form) -> String {
    match form.key() {
        "" => page.new_key.clone(),
        key => key.to_string(),
    }
}

fn brief(money: Money) -> String {
    short(&Price::of(money))
}

/// From what amount a part is used.
fn condition(page: &Page, threshold: Money) -> String {
    match threshold.minor {
        0 => page.t("fission-any-amount"),
        _ => page.t1("fission-from", "amount", brief(threshold)),
    }
}

fn hall_of(page: Page, view: &FissionHall, form: &Form, problem: String) -> Hall {
    let running = view.status == Status::Running;
    let open = running && view.left > 0;
    let state = match view.status {
        Status::Scheduled => page.t("fission-soon"),
        Status::Running if view.left > 0 => String::new(),
        Status::Running => page.t("fission-none-left"),
        Status::Paused => page.t("packet-paused"),
        _ => page.t("store-campaign-over"),
    };
    let end = if view.status == Status::Scheduled { view.starts_at } else { view.ends_at };
    let ticking = running || view.status == Status::Scheduled;
    let begin = match view.starts {
        Starts::Anyone => page.t("fission-begin"),
        Starts::AfterOrder => page.t("fission-begin-order"),
    };
    let own = |one: &OwnFission| Own {
        href: format!("/split/{}", one.id),
        taken: page
            .locale
            .tell("fission-own-taken", &[("taken", &one.taken), ("count", &one.count)]),
        said: match one.open {
            true => page.t1(
                "store-campaign-until",
                "when",
                page.locale.exact_near(one.deadline, page.now),
            ),
            false => page.t("fission-own-over"),
        },
        open: one.open,
    };
    let href = format!("/fissions/{}", view.campaign);
    let worth = brief(view.total);
    let says = page.t2("fission-says", ("total", &worth), ("count", &view.count));
    Hall {
        problem,
        copy: view.copy.clone(),
        rules: format!("/campaigns/{}/rules", view.campaign),
        sign_in: link::sign_in(&href),
        guest: !page.signed_in,
        open,
        button: begin,
        state,
        conditions: condition(&page, view.threshold),
        key: key_of(&page, form),
        clock: ticking.then(|| Clock::until(end, page.now, page.locale.exact(end))),
        runs_to: match view.status {
            Status::Scheduled => page.t("game-starts-in"),
            _ => page.t("game-ends-in"),
        },
        own: view.own.iter().map(own).collect(),
        title: view.title.clone(),
        p: Frame::new(page, Here::Elsewhere, &["game", "team"])
            .titled(view.title.clone())
            .public(&says, ""),
        worth,
        says,
        href,
    }
}

fn page_of(
    page: Page,
    (view, link, silent): &Seen,
    fresh: bool,
    form: &Form,
    problem: String,
) -> Show {
    let href = format!("/split/{}", view.id);
    let left = view.count - view.taken;
    let going = !view.closed && left > 0;
    let may = !view.own || view.own_part;
    let state = match (left, view.closed) {
        (0, _) => page.t("fission-all-taken"),
        (_, true) => page.t("fission-over"),
        _ if !may => page.t("fission-for-friends"),
        _ => String::new(),
    };
    let total = brief(view.total);
    let taken = page.locale.tell(
        "packet-taken",
        &[
            ("taken", &view.taken),
            ("count", &view.count),
            ("worth", &Price::of(view.taken_worth).to_string()),
            ("total", &Price::of(view.total).to_string()),
        ],
    );
    let who = match view.starter.as_str() {
        "" => page.t("store-somebody"),
        name => name.to_string(),
    };
    let (heading, say) = match view.own {
        true => (page.t1("fission-own-heading", "total", &total), page.n("fission-own-say", left)),
        false => (
            page.t2("fission-heading", ("name", &who), ("total", &total)),
            page.n("fission-say", left),
        ),
    };
    let taker = match view.takers {
        Takers::Anyone => "fission-rule-anyone",
        Takers::NewCustomers => "fission-rule-new",
    };
    let split = match view.split {
        Split::Equal => "packet-rule-equal",
        Split::Random => "packet-rule-random",
    };
    let rules = vec![
        page.t2("packet-rule-total", ("total", &total), ("count", &view.count)),
        page.t(split),
        page.t(taker),
        page.t("fission-rule-household"),
        condition(&page, view.threshold),
        page.t1("packet-rule-until", "when", page.locale.exact(view.deadline)),
        page.t("packet-rule-rest"),
        page.t("fission-rule-coupon"),
    ];
    let mine = view.mine.as_ref().map(|one| Ticket {
        worth: app::coupon::amount(&one.gives, one.currency).map_or(String::new(), brief),
        name: match page.is_chinese() {
            true => one.name.clone(),
            false => one.name_en.clone(),
        },
        terms: words::gives(page.locale, &one.gives, one.threshold, one.currency),
        until: page.t1("offer-until", "until", page.locale.exact_near(one.usable_until, page.now)),
    });
    // In the order they were taken, then the empty places.
    let slots = view.parts.iter().rev().map(|one| Slot { part: Some(part(one)) });
    let empty = usize::try_from(left).unwrap_or(0);
    let slots = slots.chain((0..empty).map(|_| Slot { part: None })).collect();
    let words = page.t2("fission-words", ("total", &total), ("count", &view.count));
    let clock = Clock::until(view.deadline, page.now, page.locale.exact(view.deadline));
    Show {
        problem,
        title: view.title.clone(),
        copy: view.copy.clone(),
        sign_in: link::sign_in(&href),
        clock: going.then_some(clock),
        open: going && may && view.mine.is_none() && (view.own || silent.is_none()),
        guest: !page.signed_in,
        fresh: fresh && view.mine.is_some(),
        key: key_of(&page, form),
        mine,
        heading,
        say: if going { say } else { String::new() },
        state,
        taken,
        version: format!("{}-{}", view.taken, view.closed),
        slots,
        rules,
        more: format!("/campaigns/{}/rules", view.campaign),
        hash: view.hash.clone(),
        seed: view.seed.clone().unwrap_or_default(),
        share: match going {
            true => Sharing::page(&page, link.as_ref(), &href, words.clone())
                .of(&page, Mechanic::FissionCoupon, &view.title)
                .worth(total),
            false => Sharing::default(),
        }
        .silent_in(&page, *silent),
        p: {
            let title = view.title.clone();
            let frame = Frame::new(page, Here::Elsewhere, &["game", "team", "coupon", "share"]);
            frame.titled(title).public(&words, "")
        },
        href,
    }
}

fn part(one: &FissionPart) -> Part {
    Part {
        face: Face::of(&one.who),
        amount: Price::of(one.amount).to_string(),
        luckiest: one.luckiest,
        mine: one.mine,
    }
}
