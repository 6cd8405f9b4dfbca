//! How often something may be won: by one person, by everybody who shares something with them, in a
//! day, in all.
//!
//! A *cluster* is what one person looks like who pretends to be several: the same device, the same
//! account that money goes to, the same address. Each of these is a key with a counter of its own;
//! what is won counts at the person's and at every key's. Counters are rows changed in the same
//! transaction as what they limit (MECHANICS §0): here they are only compared.

use serde::{Deserialize, Serialize};

/// What several accounts may have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = ClusterKey))]
pub enum Key {
    Device,
    Payee,
    Address,
}
codes!(Key { Device = "device", Payee = "payee", Address = "address" });

/// The most there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = CampaignLimits))]
pub struct Limits {
    pub per_person: i64,
    /// For all who share a key; no less than for one person.
    pub per_cluster: i64,
    #[serde(default)]
    pub per_day: Option<i64>,
    #[serde(default)]
    pub total: Option<i64>,
}

/// How often something was won already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub person: i64,
    /// By this person today, where the shop is.
    pub today: i64,
    /// By all who share each key that is known of them.
    pub keys: Vec<(Key, i64)>,
    pub total: i64,
}

/// Which limit is reached, and what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reached {
    Person(i64),
    Today(i64),
    Cluster(Key, i64),
    Total(i64),
}

impl Limits {
    /// As good as none: what is bought of it is limited elsewhere.
    pub const OPEN: Limits =
        Limits { per_person: 9_999, per_cluster: 9_999, per_day: None, total: None };

    pub fn is_sensible(&self) -> bool {
        1 <= self.per_person
            && self.per_person <= self.per_cluster
            && self.per_day.is_none_or(|day| (1..=self.per_person).contains(&day))
            && self.total.is_none_or(|total| total >= self.per_person)
    }

    /// Whether one more may be won.
    pub fn allow(&self, counts: &Counts) -> Result<(), Reached> {
        if counts.person >= self.per_person {
            return Err(Reached::Person(self.per_person));
        }
        if let Some(day) = self.per_day.filter(|day| counts.today >= *day) {
            return Err(Reached::Today(day));
        }
        if let Some((key, _)) = counts.keys.iter().find(|(_, count)| *count >= self.per_cluster) {
            return Err(Reached::Cluster(*key, self.per_cluster));
        }
        if let Some(total) = self.total.filter(|total| counts.total >= *total) {
            return Err(Reached::Total(total));
        }
        Ok(())
    }
}
