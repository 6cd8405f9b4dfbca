//! What staff did, chained: every act carries the hash of the one before, so that none can be
//! changed or taken out unseen.
//!
//! An act's words may name a customer, who may have to be forgotten. So the chain holds a salted
//! seal of the words and not the words: these can be taken away with their salt, and the chain
//! still proves that the act was done, when and by whom. (Acts from before there were seals have
//! their words in the chain.)

mod store;

use std::collections::HashMap;

use describe::ToSchema;
use domain::id::{Id, Kind};
use domain::ledger::seal_text;
use domain::moment::Moment;
use domain::person::{Permission, Person};
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor, dice};

/// One act.
pub struct StaffAct;
impl Kind for StaffAct {
    const PREFIX: &'static str = "act";
}
domain::id::described!(StaffAct);

/// The actor when it was somebody at the machine's terminal.
pub const TERMINAL: Id<Person> = Id::new(0);

/// An act as it is kept.
#[derive(Clone, Debug)]
struct Act {
    id: Id<StaffAct>,
    actor: Id<Person>,
    action: String,
    about: String,
    about_id: i64,
    detail: String,
    /// What the words are sealed with; none once they were taken away.
    salt: Option<String>,
    /// The seal; none for acts from before there were seals.
    seal: Option<String>,
    at: Moment,
}

impl Act {
    /// What its hash is taken over: JSON, so that no two acts read the same.
    fn canonical(&self) -> Result<String, Failure> {
        let Act { id, actor, action, about, about_id, detail, at, .. } = self;
        let said = self.seal.as_ref().unwrap_or(detail);
        Ok(serde_json::to_string(&(id.0, actor.0, action, about, about_id, said, at.0))?)
    }

    /// Whether its words are those that were sealed, or were taken away.
    fn is_as_sealed(&self) -> bool {
        match (&self.seal, &self.salt) {
            (None, _) => true,
            (Some(seal), Some(salt)) => seal_text(salt, &self.detail) == *seal,
            (Some(_), None) => self.detail.is_empty(),
        }
    }
}

/// An act as the console shows it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct StaffActView {
    pub id: Id<StaffAct>,
    pub actor: Id<Person>,
    /// Empty when it was done from the terminal.
    pub actor_name: String,
    /// What was done: `order.ship`, `staff.add`.
    pub action: String,
    /// What it was done to: the kind of thing and its number.
    pub about: String,
    pub about_id: String,
    pub detail: String,
    pub at: Moment,
    pub hash: String,
}

/// Records an act in the transaction that does it.
pub fn record(
    tx: &mut Tx,
    actor: Id<Person>,
    action: &str,
    about: (&str, i64),
    detail: &str,
) -> Result<(), Failure> {
    let head = store::lock_head(tx)?;
    let salt = dice::secret(tx.dice(), 26);
    let act = Act {
        id: tx.id(),
        actor,
        action: action.to_string(),
        about: about.0.to_string(),
        about_id: about.1,
        seal: Some(seal_text(&salt, detail)),
        salt: Some(salt),
        detail: detail.to_string(),
        at: tx.now,
    };
    let hash = seal_text(&head, &act.canonical()?);
    store::add(tx, &act, &head, &hash)?;
    // The row count decides: the chain has one end.
    if store::move_head(tx, &head, &hash)? { Ok(()) } else { Err(Failure::Stale) }
}

/// Takes away the words of the acts about these things: they may name somebody who is forgotten.
pub(crate) fn forget_words(tx: &mut Tx, about: &str, ids: &[i64]) -> Result<(), Failure> {
    ids.iter().try_for_each(|id| store::forget_words(tx, about, *id))
}

/// The latest acts before `before`.
pub fn list(
    app: &App,
    visitor: &Visitor,
    before: Option<Id<StaffAct>>,
    limit: i64,
) -> Result<Vec<StaffActView>, Failure> {
    visitor.staff_reader(Permission::Audit)?;
    app.read(|tx| store::list(tx, before, limit))
}

/// Follows the chain from its beginning. The first act that does not fit, if one does not; the
/// number 0 stands for acts that are missing at the end.
pub fn verify(tx: &mut Tx) -> Result<Option<Id<StaffAct>>, Failure> {
    let (end, length) = store::head(tx)?;
    let acts = store::all(tx)?;
    let count = acts.len();
    let lowest = acts.iter().map(|(act, _, _)| act.id).min();
    let mut after: HashMap<String, (Act, String)> =
        acts.into_iter().map(|(act, prev, hash)| (prev, (act, hash))).collect();
    let mut previous = String::new();
    let mut followed = 0;
    while let Some((act, hash)) = after.remove(&previous) {
        if !act.is_as_sealed() || seal_text(&previous, &act.canonical()?) != hash {
            return Ok(Some(act.id));
        }
        previous = hash;
        followed += 1;
    }
    if followed < count {
        // What cannot be reached hangs on an act that is gone or was changed.
        let loose = after.values().map(|(act, _)| act.id).min();
        return Ok(loose.or(lowest));
    }
    let whole = previous == end && length == followed as i64;
    Ok(if whole { None } else { Some(Id::new(0)) })
}
