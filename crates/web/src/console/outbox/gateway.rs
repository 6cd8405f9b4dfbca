//! The merchant's gateways for texts and chat apps.

use app::failure::Failure;
use app::letter::{self, FreshGateway, GatewayView, SetGateway, TriedGateway, TryGateway};
use askama::Template;
use axum::extract::Path;
use domain::letter::Channel;

use super::{GATEWAYS_HERE as HERE, channel_name, tabs};
use crate::answer::Fault;
use crate::console::part::ViewLink;
use crate::console::{Answer, Desk, Frame};
use crate::form::Form;

#[derive(Template)]
#[template(path = "console/outbox/gateways.html")]
struct List {
    p: Frame,
    tabs: Vec<ViewLink>,
    /// Shown once, right after it was made.
    fresh: String,
    gateways: Vec<Gateway>,
}

struct Gateway {
    href: String,
    code: &'static str,
    name: String,
    url: String,
    on: bool,
    there: bool,
    hint: String,
    version: i64,
    tried: Option<Tried>,
}

struct Tried {
    tone: &'static str,
    title: String,
    said: String,
    headers: Vec<(String, String)>,
    body: String,
}

/// What was done just now, to be shown once.
#[derive(Default)]
struct Now {
    problem: String,
    fresh: String,
    tried: Option<(Channel, bool, TriedGateway)>,
    typed: Option<(Channel, String)>,
}

/// Both.
pub async fn index(desk: Desk) -> Answer {
    let page = draw(&desk, Now::default()).await?;
    desk.show(page)
}

async fn draw(desk: &Desk, now: Now) -> Result<List, Fault> {
    let found = desk.act(letter::gateways).await?;
    let p = desk.frame_with(super::HERE, now.problem);
    let one = |view: &GatewayView| Gateway {
        href: format!("{HERE}/{}", view.channel.code()),
        code: view.channel.code(),
        name: channel_name(&p, view.channel),
        url: match &now.typed {
            Some((channel, url)) if *channel == view.channel => url.clone(),
            _ => view.url.clone(),
        },
        on: view.on,
        there: view.version > 0,
        hint: view.hint.clone(),
        version: view.version,
        tried: match &now.tried {
            Some((channel, dry, tried)) if *channel == view.channel => Some(shown(&p, *dry, tried)),
            _ => None,
        },
    };
    let gateways = found.iter().map(one).collect();
    let tabs = tabs(&p, HERE);
    Ok(List { p, tabs, fresh: now.fresh, gateways })
}

fn shown(p: &Frame, dry: bool, tried: &TriedGateway) -> Tried {
    let (tone, title) = match (dry, tried.took, tried.status) {
        (true, ..) => ("", p.t("console-gateway-dry")),
        (false, true, _) => ("good", p.t("console-gateway-took")),
        (false, false, Some(status)) => ("bad", p.t1("console-gateway-refused", "status", status)),
        (false, false, None) => ("bad", p.t("console-gateway-silent")),
    };
    Tried {
        tone,
        title,
        said: tried.said.clone(),
        headers: tried.headers.iter().map(|one| (one.name.clone(), one.value.clone())).collect(),
        body: tried.body.clone(),
    }
}

/// Sets one, gives it another secret, or tries it.
pub async fn update(desk: Desk, Path(channel): Path<String>, form: Form) -> Answer {
    let channel = Channel::parse(&channel).filter(|one| Channel::CARRIED.contains(one));
    let channel = channel.ok_or(Failure::NotFound)?;
    let now = match form.get("do") {
        how @ ("try" | "dry") => {
            let dry_run = how == "dry";
            let what = TryGateway { to: form.get("to").to_string(), dry_run };
            desk.act(move |app, visitor| letter::try_gateway(app, visitor, channel, what))
                .await
                .map(|tried| Now { tried: Some((channel, dry_run, tried)), ..Now::default() })
        }
        "rotate" => desk
            .act(move |app, visitor| letter::rotate(app, visitor, channel))
            .await
            .map(|fresh| Now { fresh: secret(fresh), ..Now::default() }),
        _ => {
            let set = SetGateway {
                url: form.get("url").to_string(),
                on: form.is_on("on"),
                version: form.parse("version"),
            };
            match desk
                .act(move |app, visitor| letter::set_gateway(app, visitor, channel, set))
                .await
                .map(secret)
            {
                Ok(fresh) if fresh.is_empty() => return desk.on(HERE, "saved"),
                // No redirect here: an address is no place for a secret.
                other => other.map(|fresh| Now { fresh, ..Now::default() }),
            }
        }
    };
    match now {
        Ok(now) => {
            let page = draw(&desk, now).await?;
            desk.show(page)
        }
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let typed = form.maybe("url").map(|url| (channel, url.to_string()));
            let page = draw(&desk, Now { problem, typed, ..Now::default() }).await?;
            desk.show_again(page)
        }
    }
}

fn secret(fresh: FreshGateway) -> String {
    fresh.secret.unwrap_or_default()
}
