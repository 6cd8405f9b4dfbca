//! Webhooks: endpoints that are told what happens in the shop, signed, until they have heard it.
//!
//! An endpoint reads the log of events by a cursor of its own. What it wants becomes a delivery, a
//! row that is tried on the domain's schedule and ends as sent or dead. One job for each endpoint
//! does both, so that what it is told about one object comes in the order in which it happened.

mod delivery;
pub(crate) mod letter;
mod send;
mod store;

use describe::ToSchema;
use domain::event::Event;
use domain::id::Id;
use domain::moment::Moment;
use domain::person::Permission;
use domain::webhook::{self as rules, Off, Reach, Refusal, Webhook};
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::failure::Failure;
use crate::outside::fetch;
use crate::{App, Visitor, staff_act};

pub use delivery::{
    AttemptView, DeliveryShown, DeliveryState, DeliveryView, ReplaySince, Replayed, TriedOut,
    TryOut, deliveries, delivery, replay, replay_since, try_out,
};
pub use letter::{body, data};
pub use send::{SEND, forget, send, wake};

/// An endpoint to be made.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct NewWebhook {
    /// An `https` address. In a demo or sandbox, `http` on this very machine too.
    pub url: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// The names of the events it wants; none for all of them.
    #[serde(default)]
    pub events: Vec<String>,
}

/// What is to be changed of an endpoint; what is left out stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct ChangeWebhook {
    pub url: Option<String>,
    pub description: Option<String>,
    pub events: Option<Vec<String>>,
    /// Switches it on or off. What happens while it is off is not kept for it; a replay brings it.
    pub on: Option<bool>,
    /// The version that was seen: should it be another by now, nothing is changed.
    pub version: Option<i64>,
}

/// A secret that signs, without itself.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SecretView {
    /// Its end, to tell it from others.
    pub hint: String,
    pub created_at: Moment,
    /// Until when it signs; none for the newest.
    pub ends_at: Option<Moment>,
}

/// An endpoint.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct WebhookView {
    pub id: Id<Webhook>,
    pub url: String,
    pub description: String,
    /// What it wants; none for everything.
    pub events: Vec<String>,
    pub on: bool,
    /// Why it is off: `staff`, `gone` (it said 410) or `failing` (it took nothing for three days).
    pub why_off: Option<String>,
    /// What signs, the newest first.
    pub secrets: Vec<SecretView>,
    /// How many deliveries wait, and how many were given up.
    pub waiting: i64,
    pub dead: i64,
    /// Since when it has taken nothing; none while it takes what it is sent.
    pub failing_since: Option<Moment>,
    pub last_sent_at: Option<Moment>,
    pub version: i64,
    pub created_at: Moment,
}

/// An endpoint with its newest secret: the only sight of it there is.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct FreshWebhook {
    /// `whsec_…`: what the endpoint checks signatures with.
    pub secret: String,
    pub webhook: WebhookView,
}

/// Makes an endpoint. It is told of everything that happens from now on.
pub fn create(app: &App, visitor: &Visitor, new: NewWebhook) -> Result<FreshWebhook, Failure> {
    let actor = visitor.staff(Permission::Webhooks)?;
    let url = checked_url(app, &new.url)?;
    let description = rules::check_description(&new.description)?;
    let events = rules::check_events(&new.events)?;
    app.write_for(visitor, |tx| {
        if store::count(tx)? >= rules::MOST_WEBHOOKS {
            return Err(Refusal::TooMany(rules::MOST_WEBHOOKS).into());
        }
        // Made now, so everything in the log so far has a lower number.
        let here: Id<Event> = tx.id();
        let id: Id<Webhook> = tx.id();
        if !store::add(tx, id, &url, description, &events, here)? {
            return Err(Refusal::UrlTaken.into());
        }
        let secret = letter::new_secret(tx);
        store::add_secret(tx, id, &secret)?;
        staff_act::record(tx, actor, "webhook.create", ("webhook", id.0), &url)?;
        let webhook = store::get(tx, id)?;
        Ok(FreshWebhook { secret: letter::shown(&secret), webhook })
    })
}

/// Every endpoint, the latest first.
pub fn list(app: &App, visitor: &Visitor) -> Result<Vec<WebhookView>, Failure> {
    visitor.staff_reader(Permission::Webhooks)?;
    app.read(store::list)
}

/// One endpoint.
pub fn get(app: &App, visitor: &Visitor, id: Id<Webhook>) -> Result<WebhookView, Failure> {
    visitor.staff_reader(Permission::Webhooks)?;
    app.read(|tx| store::get(tx, id))
}

/// Changes an endpoint.
pub fn change(
    app: &App,
    visitor: &Visitor,
    id: Id<Webhook>,
    change: ChangeWebhook,
) -> Result<WebhookView, Failure> {
    let actor = visitor.staff(Permission::Webhooks)?;
    let url = change.url.as_deref().map(|url| checked_url(app, url)).transpose()?;
    let description = change.description.as_deref().map(rules::check_description).transpose()?;
    let events = change.events.as_deref().map(rules::check_events).transpose()?;
    let (view, died) = app.write_for(visitor, |tx| {
        let found = store::lock(tx, id)?;
        if change.version.is_some_and(|version| version != found.version) {
            return Err(Failure::Stale);
        }
        if let Some(url) = &url
            && !store::set_url(tx, id, url)?
        {
            return Err(Refusal::UrlTaken.into());
        }
        if let Some(description) = description {
            store::set_description(tx, id, description)?;
        }
        if let Some(events) = &events {
            store::set_names(tx, id, events)?;
        }
        let mut died = 0;
        match change.on {
            Some(true) if !found.on => {
                let here: Id<Event> = tx.id();
                store::switch_on(tx, id, here)?;
            }
            Some(false) if found.on => died = store::switch_off(tx, id, Off::Staff)?,
            _ => (),
        }
        store::turn(tx, id)?;
        let detail = serde_json::to_string(&change)?;
        staff_act::record(tx, actor, "webhook.change", ("webhook", id.0), &detail)?;
        Ok((store::get(tx, id)?, died))
    })?;
    send::count_dead(died);
    Ok(view)
}

/// Removes an endpoint with the log of its deliveries.
pub fn remove(app: &App, visitor: &Visitor, id: Id<Webhook>) -> Result<(), Failure> {
    let actor = visitor.staff(Permission::Webhooks)?;
    app.write_for(visitor, |tx| {
        let found = store::lock(tx, id)?;
        store::remove(tx, id)?;
        staff_act::record(tx, actor, "webhook.remove", ("webhook", id.0), &found.url)
    })
}

/// Gives an endpoint a new secret. The one before it signs too for another day.
pub fn rotate(app: &App, visitor: &Visitor, id: Id<Webhook>) -> Result<FreshWebhook, Failure> {
    let actor = visitor.staff(Permission::Webhooks)?;
    app.write_for(visitor, |tx| {
        store::lock(tx, id)?;
        store::end_secrets(tx, id, tx.now.plus(rules::OVERLAP))?;
        let secret = letter::new_secret(tx);
        store::add_secret(tx, id, &secret)?;
        store::turn(tx, id)?;
        staff_act::record(tx, actor, "webhook.rotate", ("webhook", id.0), "")?;
        Ok(FreshWebhook { secret: letter::shown(&secret), webhook: store::get(tx, id)? })
    })
}

/// How many deliveries were given up and not asked for again, for the metrics and the overview.
pub fn dead(tx: &mut Tx) -> Result<i64, Failure> {
    store::dead(tx)
}

/// Whether an endpoint may be at this address, as far as that can be said without asking for it.
fn checked_url(app: &App, url: &str) -> Result<String, Failure> {
    let url = url.trim();
    if rules::check_url(url, app.config.sandbox)? == Reach::Public {
        fetch::checked(url).map_err(|_| Refusal::BadUrl)?;
    }
    Ok(url.to_string())
}
