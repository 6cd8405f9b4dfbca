//! Who issues the shop's invoices, and how they are numbered.

use describe::ToSchema;
use domain::invoice::{Refusal, check_prefix, tax_number};
use domain::person::Permission;
use domain::text::one_line;
use serde::{Deserialize, Serialize};

use super::store;
use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor, staff_act};

/// Who issues an invoice, as it stands on it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = InvoiceSeller)]
pub struct Seller {
    /// Nobody may ask for an invoice as long as it is empty.
    pub name: String,
    /// A unified social credit code or VAT number; empty for a seller without one.
    pub tax_number: String,
    /// The address and telephone number.
    pub address: String,
    /// The bank and account number.
    pub bank: String,
}

/// How the shop issues invoices.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = InvoiceSettings)]
pub struct SettingsView {
    pub seller: Seller,
    /// What numbers begin with: `FP` makes `FP2026-000001`.
    pub prefix: String,
    /// What is asked for is issued by itself once the goods have arrived.
    pub automatic: bool,
    /// The version that was seen: should it be another by now, nothing is changed.
    pub version: i64,
}

impl SettingsView {
    pub fn offered(&self) -> bool {
        !self.seller.name.is_empty()
    }

    fn checked(&self) -> Result<SettingsView, Refusal> {
        let seller = &self.seller;
        let tax_number = match seller.tax_number.trim() {
            "" => String::new(),
            number => tax_number::checked(number).ok_or(Refusal::BadTaxNumber)?,
        };
        let checked = Seller {
            name: one_line(&seller.name),
            tax_number,
            address: one_line(&seller.address),
            bank: one_line(&seller.bank),
        };
        let lines = [(&checked.name, 100), (&checked.address, 200), (&checked.bank, 200)];
        if lines.iter().any(|(line, most)| line.chars().count() > *most) {
            return Err(Refusal::BadSeller);
        }
        let prefix = self.prefix.trim().to_ascii_uppercase();
        check_prefix(&prefix)?;
        Ok(SettingsView { seller: checked, prefix, ..self.clone() })
    }
}

pub(crate) fn read(tx: &mut Tx) -> Result<SettingsView, Failure> {
    store::settings(tx, "")
}

/// How invoices are issued, for staff.
pub fn get(app: &App, visitor: &Visitor) -> Result<SettingsView, Failure> {
    visitor.staff_reader(Permission::Invoices)?;
    app.read(read)
}

/// Says how invoices are issued. What was issued keeps who issued it.
pub fn put(app: &App, visitor: &Visitor, new: &SettingsView) -> Result<SettingsView, Failure> {
    let actor = visitor.staff(Permission::Invoices)?;
    let checked = new.checked()?;
    app.write_for(visitor, |tx| {
        let lock = tx.lock();
        let before = store::settings(tx, lock)?;
        if before.version != checked.version {
            return Err(Failure::Stale);
        }
        store::set_settings(tx, &checked)?;
        let detail = serde_json::json!({ "before": before, "after": checked }).to_string();
        staff_act::record(tx, actor, "invoice.settings", ("shop", 1), &detail)?;
        read(tx)
    })
}
