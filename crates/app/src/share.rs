//! Share links: who showed what to whom, and what came of it.
//!
//! A code is seven letters of chance and three that sign them, so that made-up codes are refused
//! before any link is looked up. Previews and crawlers are recorded but never counted, and neither
//! are one's own visits and reloads.

mod store;

use std::collections::BTreeSet;
use std::rc::Rc;

use describe::ToSchema;
use domain::catalog::Product;
use domain::event::Fact;
use domain::group_buy::{GroupBuy, Team};
use domain::id::{Id, Kind};
use domain::moment::{Moment, Span};
use domain::person::{Person, Session};
use domain::share::{self as rules, Object as Shared, Refusal, Visit};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use crate::db::Tx;
use crate::failure::Failure;
use crate::shop::Shop;
use crate::{App, Visitor, dice, shop};

/// One person's link to one thing.
pub struct ShareLink;
impl Kind for ShareLink {
    const PREFIX: &'static str = "lnk";
}
domain::id::described!(ShareLink);

const CHANCE: usize = 7;
const SIGNED: usize = 3;
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// Opening a link again this soon is a reload.
const RELOAD: Span = Span::minutes(30);

/// A share link as its owner sees it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct LinkView {
    pub id: Id<ShareLink>,
    pub code: String,
    /// The whole address: `https://shop.example/s/abcdefg2k9`.
    pub url: String,
    pub object: Shared,
    /// The id of what it leads to; empty for the home page.
    pub object_id: String,
    /// How often it was opened by somebody else.
    pub visits: i64,
    /// How many paid orders it brought.
    pub orders: i64,
    pub created_at: Moment,
}

/// Where a link leads, and who shared it.
#[derive(Clone, Debug)]
pub struct Landing {
    pub object: Shared,
    pub object_id: i64,
    pub sharer: Id<Person>,
    pub sharer_name: String,
    /// Whether the visitor opened their own link.
    pub own: bool,
}

/// Who invites the visitor: "Ann invites you".
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SharerView {
    pub name: String,
}

/// The visitor's link to something, made the first time they ask.
pub fn link(
    app: &App,
    visitor: &Visitor,
    object: Shared,
    object_id: i64,
) -> Result<LinkView, Failure> {
    let person = visitor.shopper()?;
    if let Some(link) = made(app, visitor, object, object_id)? {
        return Ok(link);
    }
    let link = app.write_for(visitor, |tx| link_of(tx, person, object, object_id))?;
    Ok(view(app, link))
}

/// The visitor's link to something, if they have one already.
pub fn made(
    app: &App,
    visitor: &Visitor,
    object: Shared,
    object_id: i64,
) -> Result<Option<LinkView>, Failure> {
    let Some(person) = visitor.person.as_ref().map(|person| person.id) else { return Ok(None) };
    let made = app.read(|tx| store::of_object(tx, person, object, object_id))?;
    Ok(made.map(|link| view(app, link)))
}

fn link_of(
    tx: &mut Tx,
    person: Id<Person>,
    object: Shared,
    object_id: i64,
) -> Result<store::Link, Failure> {
    let shop = shop::get(tx)?;
    // Two links may draw the same letters; three times in a row means broken dice.
    for _ in 0..3 {
        if let Some(link) = store::of_object(tx, person, object, object_id)? {
            return Ok(link);
        }
        let code = signed(&shop, &dice::secret(tx.dice(), CHANCE));
        let id: Id<ShareLink> = tx.id();
        store::add(tx, id, &code, person, object, object_id)?;
    }
    store::of_object(tx, person, object, object_id)?.ok_or(Failure::Stale)
}

/// Records a visit through a link and says where it leads. A browser should have its session before
/// it comes here, so that what it buys later can be credited.
pub fn visit(
    app: &App,
    visitor: &Visitor,
    code: &str,
    user_agent: &str,
) -> Result<Landing, Failure> {
    let code = code.to_ascii_lowercase();
    let well_formed = code.len() == CHANCE + SIGNED && code.bytes().all(|b| LETTERS.contains(&b));
    if !well_formed {
        return Err(Refusal::BadCode.into());
    }
    let visiting = visitor.person.as_ref().map(|person| person.id);
    app.write_for(visitor, |tx| {
        let genuine = signed(&shop::get(tx)?, &code[..CHANCE]);
        if !bool::from(genuine.as_bytes().ct_eq(code.as_bytes())) {
            return Err(Refusal::BadCode.into());
        }
        let (link, landing) = store::landing(tx, &code, visiting)?.ok_or(Refusal::BadCode)?;
        if landing.own {
            return Ok(landing);
        }
        let bot = rules::is_bot(user_agent);
        let since = tx.now.minus(RELOAD);
        let again = match visitor.session {
            Some(session) => store::came_since(tx, link, session, since)?,
            None => false,
        };
        let visit: Id<Visit> = tx.id();
        store::add_visit(tx, visit, link, visitor.session, visiting, bot)?;
        if !bot && !again {
            store::count_visit(tx, link)?;
            tx.tell(Fact::LinkVisited {
                sharer: landing.sharer,
                object: landing.object,
                object_id: landing.object_id,
                within: visitor.within,
            })?;
        }
        Ok(landing)
    })
}

/// The visit an order is credited to: the last one within the window, by this browser or by the
/// same person on another, through somebody else's link.
pub fn last_visit(
    tx: &mut Tx,
    session: Option<Id<Session>>,
    person: Option<Id<Person>>,
) -> Result<Option<Id<Visit>>, Failure> {
    if let Some(came) = tx.recall::<Rc<Vec<store::Came>>>(CAME) {
        let theirs = came.iter().filter(|came| came.is_by(session, person));
        return Ok(theirs.max_by_key(|came| (came.at, came.visit)).map(|came| came.visit));
    }
    let since = tx.now.minus(rules::WINDOW);
    store::last_visit(tx, session, person, since)
}

/// Reads the visits that the orders of a batch of buyers may be credited to.
pub(crate) fn gather(
    tx: &mut Tx,
    buyers: impl Iterator<Item = (Option<Id<Session>>, Id<Person>)>,
) -> Result<(), Failure> {
    let (sessions, people): (BTreeSet<_>, BTreeSet<_>) = buyers.unzip();
    let since = tx.now.minus(rules::WINDOW);
    let sessions: Vec<Id<Session>> = sessions.into_iter().flatten().collect();
    let people: Vec<Id<Person>> = people.into_iter().collect();
    let mut came = store::came(tx, "session_id", &sessions, since)?;
    came.extend(store::came(tx, "person_id", &people, since)?);
    tx.keep_in_mind(CAME.into(), Rc::new(came));
    Ok(())
}

/// What `gather` keeps in mind.
const CAME: &str = "visits";

/// Who led the visitor to this thing lately.
pub fn who_shared(
    app: &App,
    visitor: &Visitor,
    object: Shared,
    object_id: i64,
) -> Result<Option<SharerView>, Failure> {
    let person = visitor.person.as_ref().map(|person| person.id);
    if person.is_none() && visitor.session.is_none() {
        return Ok(None);
    }
    app.read(|tx| {
        let since = tx.now.minus(rules::WINDOW);
        let name = store::who_shared(tx, visitor.session, person, (object, object_id), since)?;
        Ok(name.map(|name| SharerView { name }))
    })
}

/// The visitor's links with what they brought, the latest first.
pub fn list(
    app: &App,
    visitor: &Visitor,
    before: Option<Id<ShareLink>>,
    limit: i64,
) -> Result<Vec<LinkView>, Failure> {
    let person = visitor.reader()?;
    let links = app.read(|tx| store::list(tx, person, before, limit))?;
    Ok(links.into_iter().map(|link| view(app, link)).collect())
}

fn view(app: &App, link: store::Link) -> LinkView {
    LinkView {
        id: link.id,
        url: format!("{}/s/{}", app.config.base_url, link.code),
        code: link.code,
        object: link.object,
        object_id: match link.object {
            Shared::Home => String::new(),
            Shared::Product => Id::<Product>::new(link.object_id).to_string(),
            Shared::GroupBuy => Id::<GroupBuy>::new(link.object_id).to_string(),
            Shared::Team => Id::<Team>::new(link.object_id).to_string(),
            Shared::Campaign => Id::<domain::campaign::Campaign>::new(link.object_id).to_string(),
            Shared::Assist => Id::<domain::assist::Assist>::new(link.object_id).to_string(),
            Shared::Bargain => Id::<domain::bargain::Launch>::new(link.object_id).to_string(),
            Shared::Fission => Id::<domain::fission::Fission>::new(link.object_id).to_string(),
        },
        visits: link.visits,
        orders: link.orders,
        created_at: link.created_at,
    }
}

/// `chance` with the letters that sign it.
fn signed(shop: &Shop, chance: &str) -> String {
    let mac = shop.sign("share code", chance);
    let letters = mac.iter().take(SIGNED).map(|byte| char::from(LETTERS[usize::from(byte & 31)]));
    chance.chars().chain(letters).collect()
}
