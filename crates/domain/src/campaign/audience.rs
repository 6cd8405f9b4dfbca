//! Whom a campaign is for. Segments will come later, as one more kind behind the same question.

use serde::{Deserialize, Serialize};

use crate::id::{Id, Kind};
use crate::price::list::CustomerGroup;

/// A list of people that staff saved.
pub struct SavedList;
impl Kind for SavedList {
    const PREFIX: &'static str = "svl";
}
crate::id::described!(SavedList);

/// Who may take part. Everything it asks is published with the campaign (RULES CN-PRO-11).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = CampaignAudience))]
pub enum Audience {
    Everyone,
    /// People who have never bought.
    NewCustomers,
    /// People who have bought.
    Buyers,
    /// From this rank of the levels up.
    Level {
        from: usize,
    },
    /// Members of any of these groups.
    Groups {
        groups: Vec<Id<CustomerGroup>>,
    },
    /// Those on a list that was saved.
    List {
        list: Id<SavedList>,
    },
}

/// What an audience asks about somebody.
#[derive(Clone, Debug)]
pub struct Who<'a> {
    /// Has a paid order that was not refunded.
    pub has_bought: bool,
    pub rank: usize,
    pub groups: &'a [Id<CustomerGroup>],
    pub lists: &'a [Id<SavedList>],
}

impl Audience {
    pub fn includes(&self, who: &Who) -> bool {
        match self {
            Audience::Everyone => true,
            Audience::NewCustomers => !who.has_bought,
            Audience::Buyers => who.has_bought,
            Audience::Level { from } => who.rank >= *from,
            Audience::Groups { groups } => groups.iter().any(|group| who.groups.contains(group)),
            Audience::List { list } => who.lists.contains(list),
        }
    }

    pub fn is_sensible(&self) -> bool {
        match self {
            Audience::Groups { groups } => !groups.is_empty(),
            _ => true,
        }
    }
}
