//! What people allowed: every time somebody said yes or no, in which words, when and where.
//!
//! The record is append-only; what holds now is the last of each. A yes is worth nothing without
//! the words it was said to, so their version and hash are kept with it.

use describe::ToSchema;
use domain::customer::{Consent, Purpose, Refusal, may_ask_again};
use domain::event::Fact;
use domain::id::Id;
use domain::moment::Moment;
use domain::person::Person;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::db::Tx;
use crate::failure::Failure;
use crate::shop::{self, Shop};
use crate::{App, Visitor};

mod store;

pub(crate) use store::history;

/// One time somebody allowed something or took it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConsentView {
    pub id: Id<Consent>,
    pub purpose: Purpose,
    pub given: bool,
    /// Which version of the words, in which language, and their SHA-256.
    pub version: i64,
    pub locale: String,
    pub wording_hash: String,
    /// `account`, `api`, `unsubscribe`, `import`, `staff`, `erasure` or `merge`.
    pub channel: String,
    /// Where an imported one comes from.
    pub source: String,
    /// When it was said.
    pub said_at: Moment,
    /// When it was written down.
    pub at: Moment,
}

/// One purpose as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PurposeView {
    pub purpose: Purpose,
    /// The words that are agreed to, in the visitor's language.
    pub wording: String,
    pub version: i64,
    pub given: bool,
    /// When it was last said, if ever.
    pub since: Option<Moment>,
    /// Whether they may be asked: not within a month of saying no.
    pub may_be_asked: bool,
}

/// Something to be allowed, or taken back.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SetConsent {
    pub purpose: Purpose,
    pub given: bool,
    /// The version of the words that were shown. A yes to words of before is refused.
    #[serde(default)]
    pub version: Option<i64>,
}

/// A consent that holds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Given {
    pub consent: Option<Id<Consent>>,
}

/// Where a consent was said.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Said<'a> {
    pub locale: &'a str,
    pub channel: &'a str,
    pub source: &'a str,
    pub at: Moment,
    pub actor: Option<Id<Person>>,
}

/// What the visitor allowed and may allow.
pub fn list(app: &App, visitor: &Visitor) -> Result<Vec<PurposeView>, Failure> {
    let person = visitor.reader()?;
    app.read(|tx| purposes(tx, person, &visitor.locale))
}

/// Every purpose as somebody has it.
pub(crate) fn purposes(
    tx: &mut Tx,
    person: Id<Person>,
    locale: &str,
) -> Result<Vec<PurposeView>, Failure> {
    let now = tx.now;
    let states = store::states(tx, person)?;
    let view = |purpose: Purpose| {
        let last = states.iter().find(|state| state.purpose == purpose);
        let given = last.is_some_and(|last| last.given);
        let refused_at = last.filter(|last| !last.given).map(|last| last.said_at);
        PurposeView {
            purpose,
            wording: purpose.wording(locale).to_string(),
            version: purpose.version(),
            given,
            since: last.map(|last| last.said_at),
            may_be_asked: !given && may_ask_again(refused_at, now),
        }
    };
    Ok(Purpose::ALL.into_iter().map(view).collect())
}

/// Every time the visitor allowed something or took it back, the latest first.
pub fn mine(app: &App, visitor: &Visitor) -> Result<Vec<ConsentView>, Failure> {
    let person = visitor.reader()?;
    app.read(|tx| history(tx, person))
}

/// Allows something, or takes it back. `channel` says where: `account` or `api`.
pub fn set(
    app: &App,
    visitor: &Visitor,
    channel: &str,
    set: &SetConsent,
) -> Result<Vec<PurposeView>, Failure> {
    let person = visitor.shopper()?;
    if set.given && set.version.is_some_and(|version| version != set.purpose.version()) {
        return Err(Failure::Stale);
    }
    app.write_for(visitor, |tx| {
        let locale = visitor.locale.as_str();
        let said = Said { locale, channel, source: "", at: tx.now, actor: None };
        record(tx, person, set.purpose, set.given, &said)?;
        purposes(tx, person, locale)
    })
}

/// The consent somebody's purpose rests on, if they gave it and did not take it back.
pub(crate) fn given(
    tx: &mut Tx,
    person: Id<Person>,
    purpose: Purpose,
) -> Result<Option<Given>, Failure> {
    let states = store::states(tx, person)?;
    let state = states.into_iter().find(|state| state.purpose == purpose && state.given);
    Ok(state.map(|state| Given { consent: Some(state.id) }))
}

/// Writes down that somebody allowed something or took it back. Saying the same again is written
/// down only when its words are others. Whether anything was.
pub(crate) fn record(
    tx: &mut Tx,
    person: Id<Person>,
    purpose: Purpose,
    given: bool,
    said: &Said,
) -> Result<bool, Failure> {
    store::lock(tx, person)?;
    let states = store::states(tx, person)?;
    let last = states.iter().find(|state| state.purpose == purpose);
    let same = |last: &&ConsentView| last.given == given && last.version == purpose.version();
    // Whoever never allowed it has nothing to take back, but has said no.
    if last.filter(same).is_some() {
        return Ok(false);
    }
    // An older yes from elsewhere does not undo a later no.
    if said.channel == "import" && last.is_some_and(|last| last.said_at >= said.at) {
        return Ok(false);
    }
    let view = ConsentView {
        id: tx.id(),
        purpose,
        given,
        version: purpose.version(),
        locale: if said.locale == "en" { "en" } else { "zh-CN" }.to_string(),
        wording_hash: hash_of(purpose.wording(said.locale)),
        channel: said.channel.to_string(),
        source: said.source.to_string(),
        said_at: said.at,
        at: tx.now,
    };
    store::add(tx, person, &view, said.actor)?;
    if purpose == Purpose::BrowsingHistory && !given {
        // Off stops at once, and leaves nothing.
        tx.run("delete from browsed where person_id = $1", &[person.into()])?;
        tx.run("delete from browsing_pauses where person_id = $1", &[person.into()])?;
    }
    tx.tell(Fact::ConsentChanged { person, purpose, given })?;
    Ok(true)
}

/// Takes back everything somebody allowed.
pub(crate) fn withdraw_all(
    tx: &mut Tx,
    person: Id<Person>,
    channel: &str,
    actor: Option<Id<Person>>,
) -> Result<(), Failure> {
    for state in store::states(tx, person)?.into_iter().filter(|state| state.given) {
        let said = Said { locale: &state.locale, channel, source: "", at: tx.now, actor };
        record(tx, person, state.purpose, false, &said)?;
    }
    Ok(())
}

fn hash_of(words: &str) -> String {
    Sha256::digest(words.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// How many characters of the signature an unsubscribe link carries: 160 bits.
const SIGNED: usize = 40;

fn signature(shop: &Shop, person: Id<Person>, purpose: Purpose) -> String {
    let text = format!("{person}\n{}", purpose.code());
    shop.sign_hex("unsubscribe", &text).chars().take(SIGNED).collect()
}

/// Where somebody takes back what a letter rests on, without signing in.
pub(crate) fn unsubscribe_link(
    shop: &Shop,
    base_url: &str,
    person: Id<Person>,
    purpose: Purpose,
) -> String {
    let signature = signature(shop, person, purpose);
    format!("{base_url}/unsubscribe/{person}.{}.{signature}", purpose.code())
}

/// Whose link it is and for what; refused when it is not one of ours.
fn read_link(shop: &Shop, token: &str) -> Result<(Id<Person>, Purpose), Refusal> {
    let mut parts = token.split('.');
    let (person, purpose, signed) = (parts.next(), parts.next(), parts.next());
    let person = person.and_then(Id::parse).ok_or(Refusal::BadLink)?;
    let purpose = purpose.and_then(Purpose::parse).ok_or(Refusal::BadLink)?;
    let right = signature(shop, person, purpose);
    let same = right.as_bytes().ct_eq(signed.unwrap_or_default().as_bytes());
    if bool::from(same) && parts.next().is_none() {
        Ok((person, purpose))
    } else {
        Err(Refusal::BadLink)
    }
}

/// What an unsubscribe link is about, and whether it is still allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LinkView {
    pub purpose: Purpose,
    pub given: bool,
}

/// What an unsubscribe link is about. Needs no account: whoever has the letter has the link.
pub fn of_link(app: &App, token: &str) -> Result<LinkView, Failure> {
    app.read(|tx| {
        let (person, purpose) = read_link(&shop::get(tx)?, token)?;
        let given = given(tx, person, purpose)?.is_some();
        Ok(LinkView { purpose, given })
    })
}

/// Takes back what a letter rested on. As often as one likes.
pub fn unsubscribe(app: &App, visitor: &Visitor, token: &str) -> Result<LinkView, Failure> {
    app.write_for(visitor, |tx| {
        let (person, purpose) = read_link(&shop::get(tx)?, token)?;
        let locale = visitor.locale.as_str();
        let said = Said { locale, channel: "unsubscribe", source: "", at: tx.now, actor: None };
        record(tx, person, purpose, false, &said)?;
        Ok(LinkView { purpose, given: false })
    })
}
