//! Payments as staff see them: which providers are set up and how they are, and what is still open.

use describe::ToSchema;
use domain::id::Id;
use domain::moment::Moment;
use domain::money::Money;
use domain::order::Order;
use domain::payment::{PROVIDERS, Payment, Status};
use domain::person::Permission;
use domain::wallet::TopUp;
use serde::{Deserialize, Serialize};

use super::store;
use crate::failure::Failure;
use crate::{App, Visitor, provider, sandbox};

/// A provider as it is set up.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ProviderView {
    pub name: String,
    /// Whether buyers can pay with it.
    pub ready: bool,
    /// The settings it still needs, once one of them was made; never what is in the others.
    pub missing: Vec<String>,
    /// Where it is to tell us.
    pub notify_url: String,
    /// Whether its last call went well; none before the first.
    pub well: Option<bool>,
    pub well_at: Option<Moment>,
    pub trouble_at: Option<Moment>,
    pub trouble: Option<String>,
    pub last_notice_at: Option<Moment>,
    /// How many payments and top-ups are begun and not over.
    pub open: i64,
    /// What it holds for the shop, by the books: one amount a currency.
    pub holds: Vec<Money>,
}

/// A payment of an order, or a top-up of a wallet, that is begun and not over.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct OpenPaymentView {
    /// The payment with its order, or else the top-up.
    pub payment: Option<Id<Payment>>,
    pub order: Option<Id<Order>>,
    pub top_up: Option<Id<TopUp>>,
    /// A provider's name, or `offline` while the shop waits for a transfer or cash.
    pub provider: String,
    pub amount: Money,
    pub status: Status,
    pub began_at: Moment,
    /// When the provider was last asked about it.
    pub asked_at: Option<Moment>,
    pub pay_by: Moment,
}

/// Every provider there is, those that are set up first.
pub fn providers(app: &App, visitor: &Visitor) -> Result<Vec<ProviderView>, Failure> {
    visitor.staff_reader(Permission::Ledger)?;
    let ready = provider::names(app);
    let missing = app.config.payments.missing();
    let mut views = app.read(|tx| {
        let mut views = Vec::new();
        for (name, number) in PROVIDERS {
            let is_ready = ready.contains(name);
            let known = missing.iter().find(|(known, _)| known == name);
            let begun = *name == sandbox::NAME || app.config.payments.begun(name);
            let lacks = known.filter(|_| begun && !is_ready).map(|(_, lacks)| lacks.clone());
            let health = store::health(tx, name)?;
            let holds = store::clearing(tx, *number)?;
            if *name == sandbox::NAME && !is_ready && holds.is_empty() {
                continue;
            }
            views.push((
                (!is_ready, !begun),
                ProviderView {
                    name: name.to_string(),
                    ready: is_ready,
                    missing: lacks.unwrap_or_default().iter().map(|at| at.to_string()).collect(),
                    notify_url: provider::notify_url(app, name),
                    well: health.is_well(),
                    well_at: health.well_at,
                    trouble_at: health.trouble_at,
                    trouble: health.trouble,
                    last_notice_at: store::last_notice(tx, name)?,
                    open: store::count_open(tx, name)?,
                    holds,
                },
            ));
        }
        Ok(views)
    })?;
    views.sort_by_key(|(order, _)| *order);
    Ok(views.into_iter().map(|(_, view)| view).collect())
}

impl OpenPaymentView {
    /// Our name for it, which is the provider's too.
    pub fn name(&self) -> String {
        let payment = self.payment.map(|id| id.to_string());
        payment.or(self.top_up.map(|id| id.to_string())).unwrap_or_default()
    }

    /// Its number, which says where it stands among the others.
    pub fn number(&self) -> i64 {
        self.payment.map(|id| id.0).or(self.top_up.map(|id| id.0)).unwrap_or_default()
    }
}

/// Payments and top-ups that are begun and not over, the newest first.
pub fn open(
    app: &App,
    visitor: &Visitor,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<OpenPaymentView>, Failure> {
    visitor.staff_reader(Permission::Ledger)?;
    app.read(|tx| store::open_views(tx, before, limit))
}

/// How a provider answered last.
#[derive(Clone, Debug, Default)]
pub struct Health {
    pub well_at: Option<Moment>,
    pub trouble_at: Option<Moment>,
    pub trouble: Option<String>,
}

impl Health {
    /// It is well if it answered after its last trouble.
    fn is_well(&self) -> Option<bool> {
        match (self.well_at, self.trouble_at) {
            (None, None) => None,
            (Some(_), None) => Some(true),
            (None, Some(_)) => Some(false),
            (Some(well), Some(trouble)) => Some(well > trouble),
        }
    }
}
