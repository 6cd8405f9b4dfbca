//! Rewards as they are looked at.

use describe::ToSchema;
use domain::campaign::Campaign;
use domain::id::Id;
use domain::moment::Moment;
use domain::money::Money;
use domain::person::{Permission, Person};
use serde::{Deserialize, Serialize};

use super::{Purse, Reward, store};
use crate::failure::Failure;
use crate::{App, Visitor};

/// A reward.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RewardView {
    pub id: Id<Reward>,
    pub campaign: Id<Campaign>,
    pub person: Id<Person>,
    pub purse: Purse,
    pub amount: Money,
    /// `waiting`, `given`, `released` or `clawed_back`.
    pub state: String,
    /// What came back of it, and what its receiver still owes.
    pub back: Money,
    pub owed: Money,
    /// What it is for: `draw`, `red_packet`, `fission`, `invite` …
    pub about: String,
    pub at: Moment,
}

/// The visitor's own rewards, the latest first.
pub fn own(
    app: &App,
    visitor: &Visitor,
    before: Option<Id<Reward>>,
    limit: i64,
) -> Result<Vec<RewardView>, Failure> {
    let person = visitor.reader()?;
    let before = before.map_or(i64::MAX, |id| id.0);
    app.read(|tx| store::of_person(tx, person, before, limit))
}

/// What a campaign promised and gave, the latest first.
pub fn of_campaign(
    app: &App,
    visitor: &Visitor,
    campaign: Id<Campaign>,
    before: Option<Id<Reward>>,
    limit: i64,
) -> Result<Vec<RewardView>, Failure> {
    visitor.staff_reader(Permission::Campaigns)?;
    let before = before.map_or(i64::MAX, |id| id.0);
    app.read(|tx| store::of_campaign(tx, campaign, before, limit))
}
