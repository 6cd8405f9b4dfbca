//! The merchant's gateways: an address of their choosing that text messages, or letters to a chat
//! app, are posted to. Signed like webhooks, by the same guard against addresses inside.

use describe::ToSchema;
use domain::letter::{Channel, Refusal};
use domain::moment::{Moment, Span};
use domain::person::Permission;
use domain::webhook::{self as rules, Reach};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::store;
use crate::db::Tx;
use crate::failure::Failure;
use crate::outside::{Letter, Reply, Trouble, fetch};
use crate::webhook::letter::{self as signed, Addressee};
use crate::{App, Visitor, message, staff_act, tries};

/// A gateway, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = LetterGateway)]
pub struct GatewayView {
    pub channel: Channel,
    /// Empty while there is none.
    pub url: String,
    pub on: bool,
    /// The end of its secret, to tell it from others.
    pub hint: String,
    /// Grows with each change; 0 while there is none.
    pub version: i64,
    pub updated_at: Option<Moment>,
}

/// A gateway with its secret: the only sight of it there is.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = FreshLetterGateway)]
pub struct FreshGateway {
    /// `whsec_…`: what the gateway checks signatures with. None when it stays what it was.
    pub secret: Option<String>,
    pub gateway: GatewayView,
}

/// How a gateway is to be.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = SetLetterGateway)]
pub struct SetGateway {
    /// An `https` address. In a demo or sandbox, `http` on this very machine too.
    pub url: String,
    pub on: bool,
    /// The version that was seen: should it be another by now, nothing is changed.
    #[serde(default)]
    pub version: Option<i64>,
}

/// A letter to try a gateway with.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = TryLetterGateway)]
pub struct TryGateway {
    /// Whom it is to; for texts a number.
    #[serde(default)]
    pub to: String,
    /// Only show what would be sent.
    #[serde(default)]
    pub dry_run: bool,
}

/// A header of what is posted.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = LetterHeader)]
pub struct HeaderView {
    pub name: String,
    pub value: String,
}

/// What was posted, or would be, and what came back.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = TriedLetterGateway)]
pub struct TriedGateway {
    pub url: String,
    /// All of them, the signature among them.
    pub headers: Vec<HeaderView>,
    pub body: String,
    /// The status; none in a dry run, or when nothing came.
    pub status: Option<i64>,
    /// Whether it took the letter.
    pub took: bool,
    /// The beginning of its answer, or why there is none.
    pub said: String,
}

/// So many tries in an hour.
const TRIES: i64 = 60;

fn view(channel: Channel, kept: Option<&store::Gateway>) -> GatewayView {
    GatewayView {
        channel,
        url: kept.map_or(String::new(), |kept| kept.url.clone()),
        on: kept.is_some_and(|kept| kept.active),
        hint: kept.map_or(String::new(), |kept| signed::hint(&kept.secret)),
        version: kept.map_or(0, |kept| kept.version),
        updated_at: kept.map(|kept| kept.updated_at),
    }
}

fn find(tx: &mut Tx, channel: Channel) -> Result<Option<store::Gateway>, Failure> {
    Ok(store::gateways(tx)?.into_iter().find(|one| one.channel == channel.code()))
}

/// The gateway of each channel that can have one.
pub fn gateways(app: &App, visitor: &Visitor) -> Result<Vec<GatewayView>, Failure> {
    visitor.staff_reader(Permission::Webhooks)?;
    app.read(|tx| {
        let kept = store::gateways(tx)?;
        let of = |channel: Channel| kept.iter().find(|one| one.channel == channel.code());
        Ok(Channel::CARRIED.into_iter().map(|channel| view(channel, of(channel))).collect())
    })
}

/// Says where a channel's letters are posted, and whether. The first time it gets a secret.
pub fn set_gateway(
    app: &App,
    visitor: &Visitor,
    channel: Channel,
    set: SetGateway,
) -> Result<FreshGateway, Failure> {
    let actor = visitor.staff(Permission::Webhooks)?;
    if !Channel::CARRIED.contains(&channel) {
        return Err(Failure::NotFound);
    }
    let url = set.url.trim().to_string();
    if rules::check_url(&url, app.config.sandbox)? == Reach::Public {
        fetch::checked(&url).map_err(|_| rules::Refusal::BadUrl)?;
    }
    app.write_for(visitor, |tx| {
        shop_lock(tx)?;
        let before = find(tx, channel)?;
        let version = before.as_ref().map_or(0, |before| before.version);
        if set.version.is_some_and(|seen| seen != version) {
            return Err(Failure::Stale);
        }
        let secret = match &before {
            Some(before) => before.secret.clone(),
            None => signed::new_secret(tx),
        };
        let kept = store::Gateway {
            channel: channel.code().to_string(),
            url: url.clone(),
            secret,
            active: set.on,
            version: version + 1,
            updated_at: tx.now,
        };
        store::set_gateway(tx, &kept)?;
        let detail = json!({
            "channel": channel,
            "before": before.as_ref().map(|one| json!({ "url": one.url, "on": one.active })),
            "after": { "url": url, "on": set.on },
        });
        let about = ("gateway", 0);
        staff_act::record(tx, actor, "gateway.set", about, &detail.to_string())?;
        let secret = before.is_none().then(|| signed::shown(&kept.secret));
        Ok(FreshGateway { secret, gateway: view(channel, Some(&kept)) })
    })
}

/// Two who change the same go one after the other.
fn shop_lock(tx: &mut Tx) -> Result<(), Failure> {
    crate::shop::lock(tx)
}

/// Gives a gateway another secret; the one before is worth nothing from now on.
pub fn rotate(app: &App, visitor: &Visitor, channel: Channel) -> Result<FreshGateway, Failure> {
    let actor = visitor.staff(Permission::Webhooks)?;
    app.write_for(visitor, |tx| {
        shop_lock(tx)?;
        let before = find(tx, channel)?.ok_or(Failure::NotFound)?;
        let secret = signed::new_secret(tx);
        let version = before.version + 1;
        let kept = store::Gateway { secret, version, updated_at: tx.now, ..before };
        store::set_gateway(tx, &kept)?;
        staff_act::record(tx, actor, "gateway.rotate", ("gateway", 0), channel.code())?;
        let secret = Some(signed::shown(&kept.secret));
        Ok(FreshGateway { secret, gateway: view(channel, Some(&kept)) })
    })
}

/// Where a channel's letters are posted, when its gateway is on.
pub fn addressee(app: &App, tx: &mut Tx, channel: &str) -> Result<Option<Addressee>, Failure> {
    let Some(channel) = Channel::parse(channel) else { return Ok(None) };
    let kept = find(tx, channel)?.filter(|kept| kept.active);
    Ok(kept.map(|kept| to(app, &kept)))
}

fn to(app: &App, kept: &store::Gateway) -> Addressee {
    // The settings may have become stricter since it was set.
    let home = rules::check_url(&kept.url, app.config.sandbox) == Ok(Reach::Home);
    Addressee { url: kept.url.clone(), home, secrets: vec![kept.secret.clone()] }
}

/// What a gateway is told of one letter.
pub struct Said<'a> {
    pub channel: &'a str,
    pub to: &'a str,
    pub text: &'a str,
    /// Which kind; empty for codes and tries.
    pub letter: &'a str,
}

impl Said<'_> {
    pub fn body(&self, at: Moment) -> String {
        let Said { channel, to, text, letter } = self;
        let data = json!({ "channel": channel, "to": to, "text": text, "letter": letter });
        json!({ "type": "letter", "timestamp": at, "data": data }).to_string()
    }
}

/// What an answer means: taken, not now, or never.
pub fn heard(reply: Result<Reply, Trouble>) -> Result<(), Trouble> {
    let status = reply?.status;
    let said = format!("status {status}");
    match status {
        200..=299 => Ok(()),
        408 | 425 | 429 | 500..=599 => Err(Trouble::Away(said)),
        _ => Err(Trouble::Refused(said)),
    }
}

fn header((name, value): &(String, String)) -> HeaderView {
    HeaderView { name: name.clone(), value: value.clone() }
}

/// Posts a letter to a gateway now and says what came back, or only shows it.
pub fn try_gateway(
    app: &App,
    visitor: &Visitor,
    channel: Channel,
    what: TryGateway,
) -> Result<TriedGateway, Failure> {
    visitor.staff(Permission::Webhooks)?;
    let letter = app.write_for(visitor, |tx| {
        if !what.dry_run {
            let bucket = format!("gateway test {}", channel.code());
            tries::count(tx, &bucket, Span::hours(1), TRIES)?;
        }
        let kept = find(tx, channel)?.filter(|kept| kept.active).ok_or(Refusal::NotCarried)?;
        let whom: String = what.to.trim().chars().take(254).collect();
        let shop = crate::shop::get(tx)?.name;
        let said = Said { channel: channel.code(), to: &whom, text: &shop, letter: "" };
        let id = tx.id::<message::Message>().to_string();
        let letter = signed::write(to(app, &kept), id, said.body(tx.now), None, tx.now);
        Ok(Letter { hurry: true, ..letter })
    })?;
    let mut tried = TriedGateway {
        url: letter.url.clone(),
        headers: letter.headers.iter().map(header).collect(),
        body: letter.body.clone(),
        status: None,
        took: false,
        said: String::new(),
    };
    if !what.dry_run {
        match app.outside.fetch.tell(&letter) {
            Ok(reply) => {
                tried.status = Some(i64::from(reply.status));
                tried.said = reply.said.clone();
                tried.took = heard(Ok(reply)).is_ok();
            }
            Err(Trouble::Away(why) | Trouble::Refused(why)) => tried.said = why,
        }
    }
    Ok(tried)
}
