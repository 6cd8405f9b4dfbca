//! One customer: who, what they bought, sent back and said, what they allow, and what happened.

use app::customer::{self, AddNote, Block, Happened, Profile, Tag};
use app::failure::Failure;
use app::own_data;
use askama::Template;
use axum::extract::Path;
use domain::customer::{Merge, Note};
use domain::id::Id;
use domain::moment::Moment;
use domain::person::Person;

use super::HERE;
use crate::answer::Fault;
use crate::console::part::{Fact, Tally, When};
use crate::console::price::group_name;
use crate::console::rail;
use crate::console::{Answer, Desk, Frame};
use crate::form::Form;
use crate::link;

#[derive(Template)]
#[template(path = "console/customer/show.html")]
struct Show {
    p: Frame,
    id: String,
    href: String,
    name: String,
    sub: String,
    blocked: String,
    leaving: String,
    tally: Vec<Tally>,
    facts: Vec<Fact>,
    /// In full, after they were asked for.
    contacts: Vec<String>,
    tags: Vec<String>,
    notes: Vec<Noted>,
    bought: Vec<Line>,
    returns: Vec<Line>,
    reviews: Vec<Line>,
    teams: Vec<Line>,
    letters: Vec<Line>,
    addresses: Vec<String>,
    consents: Vec<Line>,
    merges: Vec<Merged>,
    moments: Vec<Line>,
    sign_in: bool,
    ordering: bool,
    reason: String,
    text: String,
    note_key: String,
    block_key: String,
    /// Where they are put on a saved list; empty for whoever may not.
    listed_at: String,
}

/// One line of a list: what, more of it, where it leads, when.
struct Line {
    text: String,
    detail: String,
    href: String,
    at: When,
}

struct Noted {
    id: String,
    text: String,
    by: String,
    at: When,
}

struct Merged {
    id: String,
    text: String,
    undone: bool,
    at: When,
}

fn id_of(text: &str) -> Result<Id<Person>, Failure> {
    Id::parse(text).ok_or(Failure::NotFound)
}

/// The page.
pub async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    let id = id_of(&id)?;
    let found = desk.act(move |app, visitor| customer::profile(app, visitor, id)).await?;
    let p = desk.frame(HERE);
    desk.show(draw(p, &found, Vec::new(), &Form::default()))
}

/// The page with the contacts in full.
pub async fn reveal(desk: Desk, Path(id): Path<String>) -> Answer {
    let id = id_of(&id)?;
    let (found, contacts) = desk
        .act(move |app, visitor| {
            let contacts = customer::reveal(app, visitor, id)?.contacts;
            Ok((customer::profile(app, visitor, id)?, contacts))
        })
        .await?;
    let p = desk.frame(HERE);
    desk.show(draw(p, &found, contacts, &Form::default()))
}

/// A note.
pub async fn add_note(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id = id_of(&id)?;
    let note = AddNote { text: form.raw("text").to_string() };
    let done = desk
        .act_once(&form, move |app, visitor| customer::add_note(app, visitor, id, &note).map(drop));
    finish(&desk, id, &form, done.await).await
}

/// A note less.
pub async fn remove_note(desk: Desk, Path((id, note)): Path<(String, String)>) -> Answer {
    let id = id_of(&id)?;
    let note: Id<Note> = Id::parse(&note).ok_or(Failure::NotFound)?;
    desk.act(move |app, visitor| customer::remove_note(app, visitor, id, note)).await?;
    desk.on(&format!("{HERE}/{id}"), "saved")
}

/// A tag, or one less.
pub async fn tag(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id = id_of(&id)?;
    let tag =
        Tag { people: vec![id], tag: form.get("tag").to_string(), on: form.get("do") != "off" };
    let done = desk.act(move |app, visitor| customer::tag(app, visitor, &tag).map(drop)).await;
    finish(&desk, id, &form, done).await
}

/// What they may not do, or may again.
pub async fn block(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id = id_of(&id)?;
    let block = Block {
        sign_in: form.is_on("sign_in"),
        ordering: form.is_on("ordering"),
        reason: form.get("reason").to_string(),
    };
    let done = desk
        .act_once(&form, move |app, visitor| customer::block(app, visitor, id, &block).map(drop));
    finish(&desk, id, &form, done.await).await
}

/// Two again.
pub async fn undo(desk: Desk, Path((id, merge)): Path<(String, String)>, form: Form) -> Answer {
    let id = id_of(&id)?;
    let merge: Id<Merge> = Id::parse(&merge).ok_or(Failure::NotFound)?;
    let done = desk.act(move |app, visitor| customer::undo(app, visitor, merge).map(drop)).await;
    finish(&desk, id, &form, done).await
}

/// A copy of their data for them.
pub async fn export(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id = id_of(&id)?;
    let done = desk.act(move |app, visitor| own_data::ask_export_for(app, visitor, id).map(drop));
    finish(&desk, id, &form, done.await).await
}

/// Forgotten, as they asked; or no longer.
pub async fn erase(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id = id_of(&id)?;
    let off = form.get("do") == "off";
    let done = desk.act(move |app, visitor| match off {
        true => own_data::cancel_erasure_for(app, visitor, id),
        false => own_data::ask_erasure_for(app, visitor, id).map(drop),
    });
    finish(&desk, id, &form, done.await).await
}

async fn finish(desk: &Desk, id: Id<Person>, form: &Form, done: Result<(), Failure>) -> Answer {
    match done {
        Ok(()) => desk.on(&format!("{HERE}/{id}"), "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let again = again(desk, id, problem, form).await?;
            desk.show_again(again)
        }
    }
}

async fn again(desk: &Desk, id: Id<Person>, problem: String, form: &Form) -> Result<Show, Fault> {
    let found = desk.act(move |app, visitor| customer::profile(app, visitor, id)).await?;
    Ok(draw(desk.frame_with(HERE, problem), &found, Vec::new(), form))
}

fn line(p: &Frame, text: String, detail: String, href: String, at: Moment) -> Line {
    Line { text, detail, href, at: p.when(at) }
}

fn draw(p: Frame, found: &Profile, contacts: Vec<String>, typed: &Form) -> Show {
    let lists = "/console/saved-lists";
    let listed_at = match rail::leads(&p, lists) {
        true => link::with_query(lists, "person", &found.id.to_string()),
        false => String::new(),
    };
    let status = |kind: &str, code: &str| p.t(&format!("console-{kind}-{code}"));
    let bought = found.orders.iter().map(|one| {
        let detail = format!("{} · {}", status("status", one.status.code()), p.money(one.total));
        line(&p, one.title.clone(), detail, link::console_order(one.id), one.at)
    });
    let returns = found.returns.iter().map(|one| {
        let text = p.t(&format!("return-state-{}", one.status.code().replace('_', "-")));
        let href = link::console("returns", one.id);
        line(&p, text, one.id.to_string(), href, one.at)
    });
    let reviews = found.reviews.iter().map(|one| {
        let text = format!("{} ★", one.stars);
        line(&p, text, one.text.clone(), link::console("reviews", one.id), one.at)
    });
    let teams = found.teams.iter().map(|one| {
        let id = if one.leads { "console-customer-leads" } else { "console-customer-in-team" };
        let detail = p.t(&format!("console-customer-place-{}", one.place));
        line(&p, p.t(id), detail, link::team(one.id), one.at)
    });
    let letters = found.messages.iter().map(|one| {
        let text = match one.subject.as_str() {
            "" => p.t("console-customer-letter"),
            subject => subject.to_string(),
        };
        let state = p.t(&format!("console-customer-letter-{}", one.state));
        line(&p, text, format!("{} · {state}", one.channel), String::new(), one.at)
    });
    let consents = found.consent_history.iter().map(|one| {
        let purpose = one.purpose.code().replace('_', "-");
        let given = if one.given { "console-consent-given" } else { "console-consent-taken-back" };
        let text = format!("{}: {}", p.t(&format!("console-purpose-{purpose}")), p.t(given));
        let channel = p.t(&format!("console-consent-by-{}", one.channel));
        line(&p, text, format!("{channel} {}", one.source), String::new(), one.said_at)
    });
    let blocked = found.block.as_ref().map_or(String::new(), |block| {
        let what = match (block.sign_in, block.ordering) {
            (true, true) => "console-customer-blocked-both",
            (true, false) => "console-customer-blocked-sign-in",
            _ => "console-customer-blocked-ordering",
        };
        format!("{} · {} · {}", p.t(what), block.reason, block.by)
    });
    let leaving = found
        .leaving_at
        .map_or(String::new(), |at| p.t1("console-customer-leaving", "when", p.when(at).exact));
    let fact = |id: &str, value: String| Fact::new(p.t(id), value);
    let date = |at: Option<Moment>| at.map_or("—".to_string(), |at| p.when(at).said);
    let mut facts = vec![
        fact("console-customer-email", or_dash(&found.email)),
        fact("console-customer-phone", or_dash(&found.phone)),
    ];
    if !found.others.is_empty() {
        facts.push(fact("console-customer-others", found.others.join(", ")));
    }
    facts.extend(found.groups.iter().map(|group| {
        let href = link::console("customer-groups", group.id);
        Fact::link(p.t("console-customer-group"), group_name(&p, group), href)
    }));
    facts.extend([
        fact("console-customer-language", found.locale.clone()),
        fact("console-customer-first", date(found.first_order_at)),
        fact("console-customer-last", date(found.last_order_at)),
        fact("console-customer-sessions", p.num(found.sessions)),
        fact("console-customer-likes", p.num(found.favourites)),
    ]);
    let tally = vec![
        Tally::new("", p.t("console-customers-orders"), p.num(found.paid_orders)),
        Tally::new("", p.t("console-customer-spent"), p.money(found.spent)),
        Tally::new("", p.t("console-customer-refunded"), p.money(found.refunded)),
        Tally::new("good", p.t("console-customers-net"), p.money(found.net)),
        Tally::new(
            "",
            p.t("console-customer-average"),
            found.average.map_or("—".to_string(), |average| p.money(average)),
        ),
    ];
    let merges = found.merges.iter().map(|one| Merged {
        id: one.id.to_string(),
        text: p.tell(
            "console-customer-merged",
            &[("name", &one.other_name), ("orders", &one.orders), ("by", &one.by)],
        ),
        undone: one.undone_at.is_some(),
        at: p.when(one.at),
    });
    let notes = found.notes.iter().map(|one| Noted {
        id: one.id.to_string(),
        text: one.text.clone(),
        by: one.by.clone(),
        at: p.when(one.at),
    });
    let moments = found.happened.iter().map(|one| moment(&p, one));
    Show {
        listed_at,
        id: found.id.to_string(),
        href: format!("{HERE}/{}", found.id),
        name: found.name.clone(),
        sub: p.t1("console-customer-since", "when", p.when(found.joined_at).said),
        blocked,
        leaving,
        tally,
        facts,
        contacts,
        tags: found.tags.clone(),
        addresses: found.addresses.clone(),
        sign_in: found.block.as_ref().is_some_and(|block| block.sign_in),
        ordering: found.block.as_ref().is_some_and(|block| block.ordering),
        reason: typed.get("reason").to_string(),
        text: typed.raw("text").to_string(),
        note_key: format!("{}-note", p.new_key),
        block_key: format!("{}-block", p.new_key),
        bought: bought.collect(),
        returns: returns.collect(),
        reviews: reviews.collect(),
        teams: teams.collect(),
        letters: letters.collect(),
        consents: consents.collect(),
        merges: merges.collect(),
        notes: notes.collect(),
        moments: moments.collect(),
        p,
    }
}

fn or_dash(text: &str) -> String {
    if text.is_empty() { "—".into() } else { text.to_string() }
}

/// What happened, in words where there are some.
fn moment(p: &Frame, one: &Happened) -> Line {
    let id = format!("console-happened-{}", one.what.replace(['.', '_'], "-"));
    let text = match one.what.strip_prefix("order.") {
        Some(code) if p.locale.has(&format!("console-status-{code}")) => {
            p.t1("console-happened-order", "status", p.t(&format!("console-status-{code}")))
        }
        _ if p.locale.has(&id) => p.t(&id),
        _ => one.what.clone(),
    };
    let href = match one.about.as_str() {
        "" => String::new(),
        order => format!("/console/orders/{order}"),
    };
    line(p, text, one.by.clone(), href, one.at)
}
