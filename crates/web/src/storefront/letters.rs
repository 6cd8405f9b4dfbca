//! What one is written about, and by which channels; and the link in letters that stops them.

use app::letter::{self, ChoicesView, Choose, StopView};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::letter::{Channel, Group};

use crate::answer::Fault;
use crate::form::Form;
use crate::page::{Page, render};
use crate::storefront::frame::{Frame, Here};
use crate::visitor::{Anyone, SignedIn};
use crate::{Shop, act};
use app::failure::Failure;

const HERE: &str = "/account/letters";

#[derive(Template)]
#[template(path = "storefront/own/letters.html")]
struct Show {
    p: Frame,
    groups: Vec<Shown>,
}

struct Shown {
    code: &'static str,
    name: String,
    about: String,
    ways: Vec<Way>,
}

struct Way {
    code: &'static str,
    name: String,
    on: bool,
    locked: bool,
    /// The shop cannot send by it, or does not know where to.
    idle: bool,
}

fn group_name(page: &Page, group: Group) -> String {
    page.t(&format!("letter-group-{}", group.code().replace('_', "-")))
}

/// `GET /account/letters`
pub async fn show(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
) -> Result<Response, Fault> {
    let found = act(&shop, move |app| letter::choices(app, &visitor)).await?;
    let one = |view: &ChoicesView| Shown {
        code: view.group.code(),
        name: group_name(&page, view.group),
        about: page.t(&format!("letter-group-{}-more", view.group.code().replace('_', "-"))),
        ways: view
            .channels
            .iter()
            .map(|way| Way {
                code: way.channel.code(),
                name: page.t(&format!("letter-by-{}", way.channel.code())),
                on: way.on,
                locked: way.locked,
                idle: !way.reaches,
            })
            .collect(),
    };
    let groups = found.iter().map(one).collect();
    let title = page.t("store-letters");
    let p = Frame::new(page, Here::Me, &["account", "checkout"]).titled(title);
    Ok(render(&Show { p, groups }))
}

/// `POST /account/letters`: one group by one channel.
pub async fn set(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    form: Form,
) -> Result<Response, Fault> {
    let group = Group::parse(form.get("group")).ok_or(Failure::NotFound)?;
    let channel = Channel::parse(form.get("channel")).ok_or(Failure::NotFound)?;
    let chosen = Choose { group, channel, on: form.is_on("on") };
    act(&shop, move |app| letter::choose(app, &visitor, "account", chosen)).await?;
    Ok(Redirect::to(&format!("{HERE}?done=saved#{}", group.code())).into_response())
}

#[derive(Template)]
#[template(path = "storefront/own/unsubscribe.html")]
struct Stop {
    p: Frame,
    action: String,
    what: String,
    given: bool,
    more: String,
}

/// `GET /letters/stop/{token}`: changes nothing, since mail programs look at links.
pub async fn stop_page(
    State(shop): State<Shop>,
    page: Page,
    Path(token): Path<String>,
) -> Result<Response, Fault> {
    let action = format!("/letters/stop/{}", crate::link::part(&token));
    let link = act(&shop, move |app| letter::of_link(app, &token)).await?;
    Ok(render(&drawn(page, action, link)))
}

/// `POST /letters/stop/{token}`: by the page's button, or by a mail program (RFC 8058).
pub async fn stop(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
    Path(token): Path<String>,
) -> Result<Response, Fault> {
    let action = format!("/letters/stop/{}", crate::link::part(&token));
    let link = act(&shop, move |app| letter::stop(app, &visitor, &token)).await?;
    Ok(render(&drawn(page, action, link)))
}

fn drawn(page: Page, action: String, link: StopView) -> Stop {
    let (what, title) = (group_name(&page, link.group), page.t("store-unsubscribe"));
    let more = page.t("store-letters-stopped");
    let p = Frame::new(page, Here::Elsewhere, &["account"]).titled(title);
    Stop { p, action, what, given: link.on, more }
}
