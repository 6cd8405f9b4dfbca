//! A flash sale: its slots as tabs, a clock that runs, and what is left of each thing as it goes.

use app::failure::Failure;
use app::flash_sale::{
    self, FlashGoods, FlashSaleView, FlashStage, LeaveFlash, RemindFlash, WaitFlash,
};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::campaign::{Campaign, Mechanic};
use domain::id::Id;
use domain::moment::{Moment, Span};
use serde::Deserialize;

use crate::answer::Fault;
use crate::form::{Errors, Form};
use crate::locale::Price;
use crate::page::{Page, render, render_with};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::goods;
use crate::storefront::sharing::{self, Seen, Sharing};
use crate::storefront::view::{Clock, Picture, short};
use crate::visitor::{Anyone, SignedIn};
use crate::{Shop, act, link, live};

#[derive(Template)]
#[template(path = "storefront/flash/show.html")]
struct Show {
    p: Frame,
    problem: String,
    title: String,
    copy: String,
    href: String,
    /// Changes with every figure on the page.
    version: String,
    state: String,
    slots: Vec<Slot>,
    clock: Option<Clock>,
    /// What the clock runs to.
    runs_to: String,
    /// The slot somebody may be reminded of, and whether they are.
    remind: Option<(i64, bool)>,
    guest: bool,
    sign_in: String,
    key: String,
    goods: Vec<Good>,
    rules: Vec<String>,
    full_rules: String,
    share: Sharing,
}

struct Slot {
    href: String,
    hours: String,
    day: String,
    said: String,
    here: bool,
    on: bool,
}

struct Good {
    variant: String,
    href: String,
    name: String,
    chosen: String,
    picture: Picture,
    price: Price,
    ordinary: Price,
    buy: String,
    /// In percent, and in words; none where nothing is set aside.
    gone: Option<(i64, String)>,
    sold_out: bool,
    may_wait: bool,
    /// Where the visitor stands among those who wait.
    place: String,
    yours: bool,
}

/// Which slot is looked at, and why somebody was sent here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    slot: usize,
    why: String,
}

/// `GET /flash/{id}`
pub async fn show(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let id: Id<Campaign> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let seen = act(&shop, move |app| sharing::seen(app, &visitor, id, flash_sale::get)).await?;
    let problem = match asked.why.as_str() {
        "sold_out" => page.t("flash-why-sold-out"),
        "queued" => page.t("flash-why-queued"),
        "" => String::new(),
        _ => page.t("flash-why-not-now"),
    };
    Ok(render(&page_of(page, &seen, asked.slot, &Form::default(), problem)))
}

/// `GET /flash/{id}/live`: says when its figures changed.
pub async fn changes(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let id: Id<Campaign> = Id::parse(&id).ok_or(Failure::NotFound)?;
    // Only those who may see the sale hear of it.
    act(&shop, move |app| flash_sale::get(app, &visitor, id)).await?;
    Ok(live::flash_events(&shop, id))
}

/// `POST /flash/{id}`: waits for what is sold out, waits no more, or is told when it begins.
pub async fn step(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Fault> {
    let id: Id<Campaign> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let keyed = form.keyed(visitor.clone())?;
    let done = match form.get("what") {
        "wait" => {
            let quantity = form.parse("quantity").unwrap_or(1);
            let wish = WaitFlash { variant: form.id("variant")?, quantity };
            act(&shop, move |app| flash_sale::wait(app, &keyed, id, wish)).await.map(|_| ())
        }
        "leave" => {
            let wish = LeaveFlash { variant: form.id("variant")? };
            act(&shop, move |app| flash_sale::leave(app, &keyed, id, wish)).await
        }
        _ => {
            let slot = Moment(form.parse("slot_at").ok_or(Failure::NotFound)?);
            act(&shop, move |app| flash_sale::remind(app, &keyed, id, RemindFlash { slot })).await
        }
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/flash/{id}")).into_response()),
        Err(failure) => {
            let problem = Errors::of(failure, page.locale)?.all().join(" ");
            let seen =
                act(&shop, move |app| sharing::seen(app, &visitor, id, flash_sale::get)).await?;
            let again = page_of(page, &seen, 0, &form, problem);
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &again))
        }
    }
}

fn page_of(
    page: Page,
    seen: &Seen<FlashSaleView>,
    chosen: usize,
    form: &Form,
    problem: String,
) -> Show {
    let (view, link) = seen;
    let href = format!("/flash/{}", view.campaign);
    let locale = page.locale;
    let chosen = chosen.min(view.slots.len().saturating_sub(1));
    let here = view.slots.get(chosen);
    let on = view.stage == FlashStage::On && here.is_some_and(|slot| slot.on);
    let state = match view.stage {
        FlashStage::Over => page.t("flash-over"),
        FlashStage::Paused => page.t("flash-paused"),
        _ => String::new(),
    };
    let ticks = here.filter(|_| state.is_empty());
    let slots = view.slots.iter().enumerate().map(|(at, slot)| {
        let said = match (slot.on, view.stage) {
            (true, _) => page.t("flash-slot-on"),
            (_, FlashStage::Before) => page.t("flash-slot-later"),
            _ => page.t("flash-slot-soon"),
        };
        let clock = |moment| locale.clock(moment);
        let last = slot.until.minus(Span::seconds(1));
        let short = slot.until.since(slot.from) <= Span::days(1);
        let until = if locale.clock(last).starts_with("23:59") {
            "24:00".into()
        } else {
            clock(slot.until)
        };
        Slot {
            href: link::with_query(&href, "slot", &at.to_string()),
            hours: match short {
                true => format!("{}–{until}", clock(slot.from)),
                false => page.t("flash-throughout"),
            },
            day: match short {
                true => locale.date(slot.from),
                false => format!("{} – {}", locale.date(slot.from), locale.date(last)),
            },
            said,
            here: at == chosen,
            on: slot.on,
        }
    });
    let figures = view.goods.iter().map(|one| one.left.unwrap_or(-1).to_string());
    let places = view.goods.iter().flat_map(|one| &one.waiting);
    let places = places.map(|place| format!("{}.{}", place.ahead, place.yours_until.is_some()));
    let version = figures.chain(places).collect::<Vec<_>>().join("-");
    let minutes = view.pay_window.as_seconds() / 60;
    let mut rules = vec![
        page.t2("flash-rule-each", ("order", &view.per_order), ("person", &view.per_person)),
        page.n("flash-rule-pay", minutes),
        page.t("flash-rule-again"),
    ];
    if view.queue {
        rules.push(page.t("flash-rule-queue"));
    }
    Show {
        problem,
        title: view.title.clone(),
        copy: view.copy.clone(),
        version: format!("{:?}-{chosen}-{version}", view.stage),
        state,
        clock: ticks.map(|slot| {
            let end = if slot.on { slot.until } else { slot.from };
            Clock::until(end, page.now, locale.exact(end))
        }),
        runs_to: page.t(if on { "flash-ends-in" } else { "flash-begins-in" }),
        remind: ticks.filter(|slot| !slot.on).map(|slot| (slot.from.0, slot.reminded)),
        guest: !page.signed_in,
        sign_in: link::sign_in(&href),
        key: match form.key() {
            "" => page.new_key.clone(),
            key => key.to_string(),
        },
        goods: view.goods.iter().map(|one| good(&page, view, one, on)).collect(),
        slots: slots.collect(),
        rules,
        full_rules: format!("/campaigns/{}/rules", view.campaign),
        share: {
            let words = page.t1("flash-share", "title", &view.title);
            let share = Sharing::page(&page, link.as_ref(), &href, words);
            let share = share.of(&page, Mechanic::FlashSale, &view.title);
            match view.goods.first() {
                Some(one) => {
                    share.pictured(goods::small(&one.picture)).worth(short(&Price::of(one.price)))
                }
                None => share,
            }
        },
        p: {
            let title = view.title.clone();
            let description = page.t("mechanic-flash_sale-say");
            let frame = Frame::new(page, Here::Elsewhere, &["campaign", "team", "game", "share"]);
            frame.titled(title).public(&description, "")
        },
        href,
    }
}

fn good(page: &Page, view: &FlashSaleView, one: &FlashGoods, on: bool) -> Good {
    let sold_out = one.left == Some(0);
    let yours = one.waiting.as_ref().is_some_and(|place| place.yours_until.is_some());
    let place = match &one.waiting {
        Some(place) => match place.yours_until {
            Some(until) => page.t1("flash-yours", "when", page.locale.exact_near(until, page.now)),
            None => page.n("flash-ahead", place.ahead),
        },
        None => String::new(),
    };
    let buy = format!("/checkout?flash={}&variant={}&quantity=1", view.campaign, one.variant);
    let gone = one.quota.zip(one.left).map(|(quota, left)| {
        let taken = (quota - left).max(0);
        let said = page.t2("flash-gone", ("taken", &taken), ("quota", &quota));
        (taken * 100 / quota.max(1), said)
    });
    Good {
        variant: one.variant.to_string(),
        href: link::product(&one.handle),
        name: one.title.clone(),
        chosen: one.variant_title.clone(),
        picture: goods::small(&one.picture),
        price: Price::of(one.price),
        ordinary: Price::of(one.ordinary_price),
        buy: if on && (!sold_out || yours) { buy } else { String::new() },
        gone,
        sold_out: sold_out && !yours,
        may_wait: on && sold_out && view.queue && one.waiting.is_none(),
        place,
        yours,
    }
}
