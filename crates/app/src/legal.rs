//! Terms, privacy policy and the like, version by version; and the licences a shop shows.
//!
//! A version is added and never changed. Every order remembers which version of the terms held when
//! it was placed.

use describe::ToSchema;
use domain::legal::{LegalKind, Licence, check_text};
use domain::moment::Moment;
use domain::person::Permission;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::catalog::body;
use crate::db::Tx;
use crate::failure::Failure;
use crate::file::{self, picture};
use crate::{App, Visitor, staff_act};

/// One version of one text.
struct Version;

mod starter;
mod store;

/// A version as everybody reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LegalView {
    pub kind: LegalKind,
    pub number: i64,
    /// In the reader's language, where it was written in it.
    pub body_html: String,
    pub published_at: Moment,
    /// The SHA-256 of both texts, apart by a line: so that anybody can see that nothing changed.
    pub hash: String,
    /// Whether it holds now.
    pub current: bool,
    /// Every version there is, the latest first.
    pub versions: Vec<LegalVersion>,
}

/// That there is a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LegalVersion {
    pub number: i64,
    pub published_at: Moment,
    pub hash: String,
}

/// A text as staff write it on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LegalDesk {
    pub kind: LegalKind,
    /// The version that holds; 0 before the first.
    pub number: i64,
    /// What holds, or a text to begin with. That one is no legal advice: a lawyer must see it.
    pub body_html: String,
    pub body_html_en: String,
    pub published_at: Option<Moment>,
    pub versions: Vec<LegalVersion>,
}

/// A new version.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct PublishLegal {
    /// HTML in the shop's language and in English; what is not safe is taken out.
    pub body_html: String,
    pub body_html_en: String,
    /// The version it follows: should it be another by now, nothing is published.
    pub after: i64,
}

/// The licences a shop shows, with the picture of one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = ShopLicence)]
pub struct LicenceView {
    pub licence: Licence,
    /// The address of a picture of the business licence; empty without one.
    pub picture: String,
    pub version: i64,
}

/// What stands at the foot of every page.
#[derive(Clone, Debug, Default)]
pub struct Foot {
    /// The texts that were published.
    pub kinds: Vec<LegalKind>,
    pub licence: LicenceView,
}

/// What stands at the foot of every page.
pub(crate) fn foot(tx: &mut Tx) -> Result<Foot, Failure> {
    Ok(Foot { kinds: store::published(tx)?, licence: store::licence(tx, "")? })
}

/// How the shop is reached, as its imprint or its licence says; empty where neither does.
pub(crate) fn contact(tx: &mut Tx) -> Result<String, Failure> {
    if store::published(tx)?.contains(&LegalKind::Imprint) {
        return Ok("/legal/imprint".into());
    }
    Ok(store::licence(tx, "")?.licence.number)
}

/// A version for everybody: the one that holds, or one that did.
pub fn get(
    app: &App,
    visitor: &Visitor,
    kind: LegalKind,
    number: Option<i64>,
) -> Result<LegalView, Failure> {
    let english = visitor.locale == "en";
    let read = |tx: &mut Tx| {
        let versions = store::versions(tx, kind)?;
        let latest = versions.first().ok_or(Failure::NotFound)?.number;
        let number = number.unwrap_or(latest);
        let found = store::text(tx, kind, number)?.ok_or(Failure::NotFound)?;
        let theirs = english && !found.body_en.is_empty();
        let html = if theirs { &found.body_en } else { &found.body };
        Ok(LegalView {
            kind,
            number,
            body_html: body::shown(html),
            published_at: found.published_at,
            hash: found.hash,
            current: number == latest,
            versions,
        })
    };
    match number {
        // What holds is read often.
        None => app.read_prepared(visitor, &format!("legal {} {english}", kind.code()), read),
        Some(_) => app.read(read),
    }
}

/// The licences, for everybody.
pub fn licence(app: &App, visitor: &Visitor) -> Result<LicenceView, Failure> {
    app.read_prepared(visitor, "licence", |tx| store::licence(tx, ""))
}

/// The licences, for staff.
pub fn licence_desk(app: &App, visitor: &Visitor) -> Result<LicenceView, Failure> {
    visitor.staff_reader(Permission::Content)?;
    app.read(|tx| store::licence(tx, ""))
}

/// Every text as staff write it on.
pub fn desk(app: &App, visitor: &Visitor) -> Result<Vec<LegalDesk>, Failure> {
    visitor.staff_reader(Permission::Content)?;
    app.read(|tx| LegalKind::ALL.into_iter().map(|kind| desk_of(tx, kind)).collect())
}

/// One text as staff write it on.
pub fn desk_one(app: &App, visitor: &Visitor, kind: LegalKind) -> Result<LegalDesk, Failure> {
    visitor.staff_reader(Permission::Content)?;
    app.read(|tx| desk_of(tx, kind))
}

fn desk_of(tx: &mut Tx, kind: LegalKind) -> Result<LegalDesk, Failure> {
    let versions = store::versions(tx, kind)?;
    let number = versions.first().map_or(0, |version| version.number);
    let found = store::text(tx, kind, number)?;
    let begin = starter::text(kind);
    Ok(LegalDesk {
        kind,
        number,
        published_at: found.as_ref().map(|found| found.published_at),
        body_html: found.as_ref().map_or(begin.0.to_string(), |found| found.body.clone()),
        body_html_en: found.as_ref().map_or(begin.1.to_string(), |found| found.body_en.clone()),
        versions,
    })
}

/// Publishes a new version. Those before stay as they were.
pub fn publish(
    app: &App,
    visitor: &Visitor,
    kind: LegalKind,
    new: PublishLegal,
) -> Result<LegalDesk, Failure> {
    let actor = visitor.staff(Permission::Content)?;
    let (html, html_en) = (body::clean(&new.body_html), body::clean(&new.body_html_en));
    check_text(&html, &html_en)?;
    let done = app.once(visitor, "legal text", |tx| {
        tx.shows();
        crate::shop::lock(tx)?;
        let number = store::versions(tx, kind)?.first().map_or(0, |version| version.number) + 1;
        if new.after != number - 1 {
            return Err(Failure::Stale);
        }
        let hash = hash_of(&html, &html_en);
        store::add(tx, (kind, number), (&html, &html_en), &hash, actor)?;
        if kind == LegalKind::Terms {
            store::set_terms(tx, number)?;
        }
        let detail = format!("{} {number} {hash}", kind.code());
        staff_act::record(tx, actor, "legal.publish", ("shop", 1), &detail)?;
        let version: domain::id::Id<Version> = tx.id();
        Ok((desk_of(tx, kind)?, version.0))
    })?;
    Ok(done.value)
}

fn hash_of(html: &str, html_en: &str) -> String {
    let digest = Sha256::digest(format!("{html}\n{html_en}").as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The first version whose texts are not those that were published.
pub(crate) fn first_broken(tx: &mut Tx) -> Result<Option<String>, Failure> {
    let all = store::all(tx)?;
    let broken = all.into_iter().find(|(_, _, text)| {
        let html = hash_of(&text.body, &text.body_en);
        html != text.hash
    });
    Ok(broken.map(|(kind, number, _)| format!("{kind} {number}")))
}

/// Says which licences the shop has.
pub fn set_licence(
    app: &App,
    visitor: &Visitor,
    new: &LicenceView,
) -> Result<LicenceView, Failure> {
    let actor = visitor.staff(Permission::Content)?;
    let checked = new.licence.checked()?;
    app.write_for(visitor, |tx| {
        tx.shows();
        let lock = tx.lock();
        let before = store::licence(tx, lock)?;
        if before.version != new.version {
            return Err(Failure::Stale);
        }
        store::set_licence(tx, &checked)?;
        let detail = serde_json::json!({ "before": before.licence, "after": checked });
        staff_act::record(tx, actor, "legal.licence", ("shop", 1), &detail.to_string())?;
        store::licence(tx, "")
    })
}

/// Shows a picture of the business licence; with no bytes there is none.
pub fn set_picture(app: &App, visitor: &Visitor, bytes: &[u8]) -> Result<LicenceView, Failure> {
    let actor = visitor.staff(Permission::Content)?;
    let prepared = match bytes.is_empty() {
        true => None,
        false => Some(picture::prepare(bytes)?),
    };
    app.write_for(visitor, |tx| {
        tx.shows();
        let hash = match &prepared {
            Some(prepared) => file::put(tx, prepared.mime, &prepared.large)?,
            None => String::new(),
        };
        store::set_picture(tx, &hash)?;
        staff_act::record(tx, actor, "legal.picture", ("shop", 1), &hash)?;
        store::licence(tx, "")
    })
}
